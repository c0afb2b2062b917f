package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/agents"
	"entrepot/output/tables"
	"entrepot/scenarios"
)

// docsCommand writes the documents that are made from the program. It is for those who work on the program.
func (a *app) docsCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:    "docs",
		Short:  "Write the generated documents: formats.md and parameters.md",
		Hidden: true,
		Args:   wants(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			if err := os.MkdirAll(out, 0o777); err != nil {
				return fmt.Errorf("writing documents: %w", err)
			}
			docs := generatedDocs()
			for _, name := range slices.Sorted(maps.Keys(docs)) {
				if err := writeFile(filepath.Join(out, name), []byte(docs[name])); err != nil {
					return err
				}
				a.say("%s", filepath.Join(out, name))
			}
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "docs", "folder of the documents")
	return cmd
}

// generatedDocs returns the documents by file name.
func generatedDocs() map[string]string {
	return map[string]string{
		"formats.md":    generatedMark + formatsIntro + scenarios.FormatsMarkdown() + "\n" + resultsMarkdown(),
		"parameters.md": generatedMark + parametersIntro + scenarios.ParametersMarkdown(),
	}
}

const generatedMark = "<!-- Made by `make docs` from the program's own tables; do not edit. -->\n\n"

// resultsMarkdown describes a run's folder and its tables.
func resultsMarkdown() string {
	var b strings.Builder
	b.WriteString(resultsIntro)
	table := ""
	for _, c := range tables.Columns() {
		if c.Table != table {
			table = c.Table
			fmt.Fprintf(&b, "\n### %s.csv\n\n| column | type | unit | meaning |\n|---|---|---|---|\n", table)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", c.Name, c.Type, cell(c.Unit), cell(c.Meaning))
	}
	b.WriteString("\n### Measures of actors.csv\n\n| measure | unit | meaning |\n|---|---|---|\n")
	for _, m := range agents.Measures() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", m.Name, cell(m.Unit), cell(m.Meaning))
	}
	return b.String()
}

// cell keeps a text from ending its cell.
func cell(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

const formatsIntro = `# Files

What a scenario file, a world's tables and a run's folder hold. The loader is strict: unknown, missing, mistyped and
dangling names are all reported at once as ` + "`file:line:column: path: must be ..., got ...`" + `, and nothing is run.

`

const parametersIntro = `# Parameters

Every number, switch and choice of the model. Set one in a scenario file under ` + "`parameters`" + ` or with
` + "`--set`" + `. Grades: A documented, B derived from documented, C expert prior, D stylised.

`

const resultsIntro = `## Results

A run writes a folder, by default ` + "`runs/<scenario>-seed<N>`" + `:

| file | holds |
|---|---|
| ` + "`manifest.json`" + ` | program, Go and module versions, architecture, scenario hash, seed, generator, size and SHA-256 of each data file; times stand only here |
| ` + "`scenario.yaml`" + ` | the scenario as it was run: layers merged, every parameter written out; it can be run again |
| ` + "`columns.csv`" + ` | the tables below, for programs |
| ` + "`summary.json`" + ` | prices before and after per town, what moved them, flows |
| ` + "`report.html`" + ` | one self-contained file |
| ` + "`plots/`" + ` | every figure as SVG and PNG |
| ` + "`*.csv`" + ` | the tables below; ` + "`books.csv`" + ` only where an order book was kept |

The folder appears whole or not at all. Data files carry no clock and no host: equal runs are equal bytes.
`

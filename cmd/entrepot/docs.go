package main

import (
	"cmp"
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
	"entrepot/web/lessons"
)

// docsCommand writes the documents that are made from the program. It is for those who work on the program.
func (a *app) docsCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:    "docs",
		Short:  "Write the generated documents: formats, parameters, commands, model cards and those of the lessons",
		Hidden: true,
		Args:   wants(0, 0, ""),
		RunE: func(*cobra.Command, []string) error {
			if err := os.MkdirAll(filepath.Join(out, "lessons"), 0o777); err != nil {
				return fmt.Errorf("writing documents: %w", err)
			}
			docs, err := generatedDocs()
			if err != nil {
				return err
			}
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
func generatedDocs() (map[string]string, error) {
	docs := map[string]string{
		"formats.md":    generatedMark + formatsIntro + scenarios.FormatsMarkdown() + "\n" + resultsMarkdown() + studiesIntro,
		"commands.md":   generatedMark + commandsMarkdown(),
		"parameters.md": generatedMark + parametersIntro + scenarios.ParametersMarkdown(),
	}
	cards, err := cardsMarkdown()
	if err != nil {
		return nil, err
	}
	docs["cards.md"] = generatedMark + cards
	papers, err := lessons.Documents()
	for name, text := range papers {
		docs["lessons/"+name] = generatedMark + text
	}
	return docs, err
}

const generatedMark = "<!-- Made by `make docs` from the program's own tables; do not edit. -->\n\n"

// onPaper takes out of the commands what hangs on the machine that writes them down.
func onPaper(cmd *cobra.Command) {
	if f := cmd.Flags().Lookup("workers"); f != nil {
		f.DefValue = "number of processors"
	}
	for _, sub := range cmd.Commands() {
		onPaper(sub)
	}
}

// commandsMarkdown describes every command with its flags.
func commandsMarkdown() string {
	var b strings.Builder
	root := new(app).root()
	root.InitDefaultCompletionCmd()
	onPaper(root)
	fmt.Fprintf(&b, "# Commands\n\n%s\n\nAll commands take\n\n```text\n%s```\n\nand settings from `ENTREPOT_*` variables and `entrepot.yaml`: a flag `--no-plots` is `ENTREPOT_NO_PLOTS` and `no-plots`.\n",
		strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(root.Long), "Begin with\n\n  entrepot run offensive")), root.PersistentFlags().FlagUsages())
	var walk func(cmd *cobra.Command)
	walk = func(cmd *cobra.Command) {
		for _, sub := range cmd.Commands() {
			if sub.Hidden || sub.Name() == "help" || cmd.Name() == "completion" {
				continue
			}
			fmt.Fprintf(&b, "\n## %s\n\n%s\n\n```text\n%s\n```\n", sub.CommandPath(), escaped(cmp.Or(sub.Long, sub.Short+".")), sub.UseLine())
			if sub.Example != "" {
				fmt.Fprintf(&b, "\n```text\n%s\n```\n", strings.TrimRight(sub.Example, "\n"))
			}
			if flags := sub.LocalFlags(); flags.HasAvailableFlags() {
				fmt.Fprintf(&b, "\n```text\n%s```\n", flags.FlagUsages())
			}
			walk(sub)
		}
	}
	walk(root)
	return b.String()
}

// escaped keeps what stands in angle brackets from being HTML.
func escaped(s string) string { return strings.ReplaceAll(s, "<", `\<`) }

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
| ` + "`summary.json`" + ` | prices before and after per town, what moved them, flows; its texts are English in every language |
| ` + "`report.html`" + ` | one self-contained file, in the language of ` + "`--lang`" + ` |
| ` + "`plots/`" + ` | every figure as SVG and PNG |
| ` + "`*.csv`, `*.parquet`" + ` | the tables below, as CSV or with ` + "`--format csv,parquet`" + ` as Parquet too; ` + "`books`" + ` only where an order book was kept |

The folder appears whole or not at all. Data files carry no clock and no host: equal runs are equal bytes. In Parquet files
` + "`tick`" + ` is a whole number of 32 bits, ` + "`date`" + ` a date, what is empty in CSV is null, and texts are never null.
`

const studiesIntro = `
## Studies

A study (` + "`ensemble`, `compare`, `sweep`, `attribute`" + ` and others) writes a folder, by default ` + "`runs/<command>-<scenario>`" + `:

| file | holds |
|---|---|
| ` + "`manifest.json`" + ` | program, Go and module versions, architecture; the study: command, settings, scenarios, seed, generator, runs, shard, tables, and a hash of what decides results; size and SHA-256 of each data file; times stand only here |
| ` + "`runs.parquet`" + ` | one row a run: its point, replicate and seed, why it failed, and its figures |
| ` + "`series.parquet`" + ` | one row a run, series and month, where the study keeps series |
| ` + "`parameters.parquet`" + ` | one row a design point: its scenario, what is laid over it, and the value of each factor |
| ` + "`columns.csv`" + ` | all columns with type, unit and meaning |
| ` + "`scenarios/`" + ` | the scenarios as they were run |
| ` + "`shard-3-of-8/`" + ` | the third of eight parts, a folder like this one |
| ` + "`report.html`, `plots/`" + ` | the report, and every chart as SVG and PNG, in the language of ` + "`--lang`" + `, as the findings of ` + "`--json`" + ` are |
| ` + "`sheets/`" + ` | the report's tables as CSV; their words are English in every language |
| ` + "`journal`" + ` | what is done of a study that is not finished |

A calibration (` + "`calibrate`" + `) is several studies, one after the other, each in a folder like this within its own (` + "`wave-1`, `wave-2`, `abc-1`" + ` and so
on, ` + "`check-9`" + ` after the ninth generation), and beside them

| file | holds |
|---|---|
| ` + "`posterior.csv`" + ` | one row a particle: its parameters, by path, its weight, and its distance from the documented figures in what the search looks at |
| ` + "`posterior.json`" + ` | provenance: version of the program, scenario and its hash, figures fitted to and set aside, priors, assumed errors, seed, sizes, runs of every stage, verdict on every parameter |
| ` + "`manifest.json`" + ` | program, scenario, settings and sizes, from which the calibration can be made again; size and SHA-256 of the posterior's files; times. While stages are to be done, ` + "`calibration.json`" + ` in its place |
| ` + "`scenarios/`" + ` | the scenario as it was run |

` + "`ensemble --posterior`" + ` reads the two, and ` + "`--priors`" + ` a CSV file with the columns ` + "`path,low,high,scale,source,grade,note`" + ` (` + "`scale`" + ` is linear or log; ` + "`a|b`" + ` as a path
gives two paths the same value). Built-in tables of priors are in ` + "`scenarios/priors`" + `, by the name of a scenario or a world.

While a study is at work every run that is done goes to the journal at once: whatever ends the program loses no run that was
kept, and a power cut at most those of the last second. The same command goes on where it was. When all runs are done, the
tables are written in the order of runs, and the journal goes. Their bytes depend on the rows alone: not on workers, breaks or shards.

The hash is of the program's version, the command, its settings, the scenarios, the seed and the tables, not of the number of
runs: more runs of the same study are added to those that are there. Where the version does not name the program's source (a
build from a changed working tree), the bytes of the program count too. A folder of another study is refused, with what
differs; ` + "`--force`" + ` replaces it. Shard i of n has the runs whose number leaves i-1 when divided by n; ` + "`merge`" + ` checks them and
writes the bytes of a study that was never cut.

A figure, a price or a factor that does not exist is null; a text that does not is empty. Numbers are 64 bits wide. Metadata of a
file name the study (` + "`study`" + `), and unit and meaning of each column (` + "`unit:price`, `meaning:price`" + `). Row groups hold up to two
million values (524288 rows of four columns), pages some 64 kB, or 512 rows of a table of more than 32 columns; zstd at its fastest level,
dictionaries for texts, differences for whole numbers, bytes of decimals split by place.

DuckDB, pandas, Polars and R read them as they are. With DuckDB, in the folders of an ensemble and of a sweep: how many runs failed, how a series is spread over runs, and figures beside the factors that they follow from:

` + "```sql" + `
select count(*) as runs, count(*) filter (where failed <> '') as failed from 'ensemble/runs.parquet';

select series, month, quantile_cont(value, [0.1, 0.5, 0.9]) as spread from 'ensemble/series.parquet' group by series, month order by series, month;

select p.*, r.* exclude (run, point, replicate, seed, stage, failed) from 'sweep/runs.parquet' r join 'sweep/parameters.parquet' p using (point) where r.failed = '';

select decode(key) as key, decode(value) as value from parquet_kv_metadata('sweep/runs.parquet');
` + "```" + `

The mean of a figure over the runs of each value of a factor, with pandas, with Polars and with R:

` + "```python" + `
import pandas as pd

runs, points = pd.read_parquet("sweep/runs.parquet"), pd.read_parquet("sweep/parameters.parquet") # by pyarrow or fastparquet
print(runs[runs.failed == ""].merge(points, on="point").groupby("trafficker.margin").price_ak_end_after.mean())
` + "```" + `

` + "```python" + `
import polars as pl

runs, points = pl.scan_parquet("sweep/runs.parquet"), pl.scan_parquet("sweep/parameters.parquet")
print(runs.filter(pl.col("failed") == "").join(points, on="point").group_by("trafficker.margin").agg(pl.col("price_ak_end_after").mean()).collect())
` + "```" + `

` + "```r" + `
library(nanoparquet) # the function is called the same in library(arrow)

runs <- read_parquet("sweep/runs.parquet")
points <- read_parquet("sweep/parameters.parquet")
print(aggregate(price_ak_end_after ~ trafficker.margin, merge(runs[runs$failed == "", ], points, by = "point"), mean))
` + "```" + `

What has read our files so far:

| reader | version | what was done |
|---|---|---|
| DuckDB | ` + "`@duckdb/node-api`" + ` 1.5.6 | the queries above, by a test in every run of the tests |
| R | 4.2.2 with nanoparquet 0.5.1.9000 | the code above; every value of every table of a run, against its CSV files |
| Polars | core 0.54.4, by its binding to Node, nodejs-polars 0.25.2 | the code above in JavaScript; every value against CSV; not the Python package |
| Arrow | Rust (parquet-wasm 0.8.0), Go (arrow-go 18.8.0) | every value against CSV; all tables opened |
| hyparquet | 1.33.0 | every value against CSV |
| pandas | 1.5.3 with fastparquet 2026.5.0, built from its source, unpacking by zstandard 0.20 instead of cramjam | the code above; every value of every table of a run, against its CSV files; an ensemble opened; not yet with pyarrow, which was not to be had where this was tried |

` + "`make readers`" + ` runs the code in Python and R with whatever of it is installed, checks the means, and names what is missing.
`

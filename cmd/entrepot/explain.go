package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/agents"
	"entrepot/output/tables"
	"entrepot/scenarios"
)

func (a *app) explainCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "explain [PATH]",
		Short: "Say what a parameter, a field of a file or a result column means",
		Long: `Say what something means, with its unit, range, default and source: a parameter (trafficker.tau), a section
(trafficker), a world table or its column (hubs.csv, hubs.csv:violence), a field of a scenario (period, events.hub), a
kind of event (hub_control), a result table or its column (prices, prices.price_cfa), or a measure of actors.csv
(actors.fighters). Without PATH: list all paths.`,
		Args: wants(0, 1, "PATH"),
		RunE: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return a.printPaths()
			}
			text, err := explain(args[0])
			if err != nil {
				return usageError{err}
			}
			if a.json {
				return a.printJSON(map[string]string{"path": args[0], "text": strings.TrimSpace(text)})
			}
			fmt.Fprintln(a.stdout, strings.TrimRight(text, "\n"))
			return nil
		},
	}
}

func (a *app) printPaths() error {
	paths := scenarios.Paths()
	for _, c := range tables.Columns() {
		paths = append(paths, c.Table+"."+c.Name)
	}
	for _, m := range agents.Measures() {
		paths = append(paths, "actors."+m.Name)
	}
	if a.json {
		return a.printJSON(paths)
	}
	for _, p := range paths {
		fmt.Fprintln(a.stdout, p)
	}
	return nil
}

// explain looks a path up among the columns of results and the paths of scenarios. "prices.csv:price_cfa" is the same
// as "prices.price_cfa"; where a name is both, both are explained.
func explain(path string) (string, error) {
	result := explainColumns(strings.Replace(strings.Replace(path, ".csv:", ".", 1), ".csv", "", 1))
	text, err := scenarios.Explain(path)
	switch {
	case err != nil && result != "":
		return result, nil
	case err != nil:
		return "", err
	case result != "":
		return text + "\n" + result, nil
	}
	return text, nil
}

// explainColumns describes a result table, or one of its columns.
func explainColumns(path string) string {
	var b strings.Builder
	for _, c := range tables.Columns() {
		if path == c.Table || path == c.Table+"."+c.Name {
			fmt.Fprintf(&b, "%s.%s: %s\n  type: %s\n  unit: %s\n", c.Table, c.Name, c.Meaning, c.Type, c.Unit)
		}
	}
	for _, m := range agents.Measures() {
		if path == "actors."+m.Name {
			fmt.Fprintf(&b, "actors.%s: %s\n  unit: %s\n", m.Name, m.Meaning, m.Unit)
		}
	}
	return b.String()
}

func (a *app) metricsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "metrics [TABLE]",
		Short: "List the tables and columns of a result, with units and meanings",
		Args:  wants(0, 1, "TABLE"),
		RunE: func(_ *cobra.Command, args []string) error {
			columns := tables.Columns()
			if len(args) == 1 {
				all := tableNames(columns)
				columns = slices.DeleteFunc(columns, func(c tables.Column) bool { return c.Table != strings.TrimSuffix(args[0], ".csv") })
				if len(columns) == 0 {
					return hinted(fmt.Sprintf("TABLE must be one of %s, got %q", strings.Join(all, ", "), args[0]), args[0], all)
				}
			}
			if a.json {
				return a.printJSON(map[string]any{"columns": jsonColumns(columns), "measures": jsonMeasures()})
			}
			a.printColumns(columns)
			return nil
		},
	}
}

func (a *app) printColumns(columns []tables.Column) {
	table := ""
	for _, c := range columns {
		if c.Table != table {
			table = c.Table
			fmt.Fprintf(a.stdout, "%s.csv\n", table)
		}
		fmt.Fprintf(a.stdout, "  %-15s %s [%s]\n", c.Name, c.Meaning, c.Unit)
		if c.Table == "actors" && c.Name == "measure" {
			for _, m := range agents.Measures() {
				fmt.Fprintf(a.stdout, "    %-19s %s [%s]\n", m.Name, m.Meaning, m.Unit)
			}
		}
	}
}

type jsonMeasure struct {
	Name    string `json:"name"`
	Unit    string `json:"unit"`
	Meaning string `json:"meaning"`
}

// jsonMeasures lists the measures of actors.csv.
func jsonMeasures() []jsonMeasure {
	out := []jsonMeasure{}
	for _, m := range agents.Measures() {
		out = append(out, jsonMeasure{m.Name, m.Unit, m.Meaning})
	}
	return out
}

func tableNames(columns []tables.Column) []string {
	var names []string
	for _, c := range columns {
		if !slices.Contains(names, c.Table) {
			names = append(names, c.Table)
		}
	}
	return names
}

type jsonColumn struct {
	Table   string `json:"table"`
	Column  string `json:"column"`
	Type    string `json:"type"`
	Unit    string `json:"unit"`
	Meaning string `json:"meaning"`
}

func jsonColumns(columns []tables.Column) []jsonColumn {
	out := []jsonColumn{}
	for _, c := range columns {
		out = append(out, jsonColumn{c.Table, c.Name, c.Type, c.Unit, c.Meaning})
	}
	return out
}

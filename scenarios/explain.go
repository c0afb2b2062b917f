package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"entrepot/agents"
)

// Explain says what a path means: a parameter (trafficker.tau), a section of them (trafficker), a table (hubs.csv), one
// of its columns (hubs.csv:violence), a kind of event (hub_control), a field of events (events.hub), of a scenario
// (period) or of a claim (expect.sign). An unknown path is an error with the nearest known one.
func Explain(path string) (string, error) {
	path = strings.TrimPrefix(path, "parameters.")
	var found []string
	for _, explain := range []func(string) string{explainParameter, explainSection, explainTable, explainKind, explainField} {
		if s := explain(path); s != "" {
			found = append(found, s)
		}
	}
	if len(found) > 0 {
		return strings.Join(found, "\n"), nil
	}
	msg := "must be a parameter, a table, a table's column (hubs.csv:violence), a kind of event or a field of a scenario, got " + quote(path)
	if hint := DidYouMean(path, Paths()); hint != "" {
		msg += "; " + hint
	}
	return "", errors.New(msg)
}

// Paths lists everything that Explain knows, in the order of the documents.
func Paths() []string {
	table := newParameterTable()
	paths := slices.Concat(table.sections(), table.ids)
	for _, t := range Tables() {
		paths = append(paths, t.File)
		for _, c := range t.Columns {
			paths = append(paths, t.File+":"+c.Name)
		}
	}
	paths = append(paths, eventKindNames()...)
	for _, c := range fileFields() {
		paths = append(paths, c.Name)
	}
	return paths
}

// fileFields lists every field of a scenario file by its dotted path.
func fileFields() []Column {
	under := func(prefix string, columns []Column) []Column {
		for i := range columns {
			columns[i].Name = prefix + columns[i].Name
		}
		return columns
	}
	return slices.Concat(columnsOf(headFields()), bodyFields(), under("events.", columnsOf(eventFields())), under("expect.", columnsOf(expectFields())))
}

func explainParameter(path string) string {
	p, known := newParameterTable().byID[path]
	if !known {
		return ""
	}
	return fmt.Sprintf("%s (parameter)\n  meaning  %s\n  must be  %s\n  unit     %s\n  default  %v\n  source   %s (grade %s)\n",
		p.ID, p.Meaning, parameterRule(p).want(""), p.Unit, Default(p), p.Source, p.Grade)
}

// Default writes the default of a parameter as a scenario file would.
func Default(p agents.Parameter) string {
	if x, isFloat := p.Default.(float64); isFloat {
		return plain(x)
	}
	return fmt.Sprint(p.Default)
}

// Value writes the value of a parameter as a scenario file would.
func Value(p agents.Parameter, of *agents.Params) string { return parameterNode(p.Field(of)).Value }

func explainSection(path string) string {
	if !newParameterTable().section(path) {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s (parameters)\n", path)
	for _, p := range agents.Parameters() {
		if strings.HasPrefix(p.ID, path+".") {
			fmt.Fprintf(&b, "  %-30s %s (%s, default %s)\n", p.ID, p.Meaning, p.Unit, Default(p))
		}
	}
	return b.String()
}

func explainTable(path string) string {
	file, column, one := strings.Cut(path, ":")
	for _, t := range Tables() {
		if t.File != file {
			continue
		}
		if !one {
			return describe(t.File+" (table): "+t.Meaning, t.Columns)
		}
		for _, c := range t.Columns {
			if c.Name == column {
				return explainColumn(t.File+":"+c.Name+" (column)", c)
			}
		}
	}
	return ""
}

func describe(title string, columns []Column) string {
	var b strings.Builder
	b.WriteString(title + "\n")
	for _, c := range columns {
		fmt.Fprintf(&b, "  %-24s %s; must be %s\n", c.Name, c.Meaning, c.Rule.want(c.Unit))
	}
	return b.String()
}

func explainColumn(title string, c Column) string {
	left := "must be given"
	if c.Rule.Optional {
		left = c.Rule.Default
		if left == "" {
			left = "may be left empty"
		}
	}
	unit := c.Unit
	if unit == "" {
		unit = "none"
	}
	return fmt.Sprintf("%s\n  meaning  %s\n  must be  %s\n  unit     %s\n  default  %s\n", title, c.Meaning, c.Rule.want(""), unit, left)
}

func explainKind(path string) string {
	k, known := kinds()[strings.TrimPrefix(path, "events.")]
	if !known {
		return ""
	}
	var columns []Column
	for _, s := range eventFields() {
		if slices.Contains(k.takes(), s.Name) {
			columns = append(columns, k.rule(s.Column))
		}
	}
	return describe(k.Name+" (kind of event): "+k.Meaning, columns)
}

func explainField(path string) string {
	for _, c := range fileFields() {
		if c.Name == path {
			return explainColumn(path+" (field of a scenario file)", c)
		}
	}
	return ""
}

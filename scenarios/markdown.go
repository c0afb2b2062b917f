package scenarios

import (
	"fmt"
	"slices"
	"strings"

	"entrepot/agents"
)

// FormatsMarkdown describes the files of a scenario and of a world, for docs/formats.md. It is made from the tables by
// which the loader checks them.
func FormatsMarkdown() string {
	var b strings.Builder
	b.WriteString("## Scenario files\n\n")
	writeColumns(&b, slices.Concat(columnsOf(headFields()), bodyFields()))
	b.WriteString("\n### Events\n\n")
	writeColumns(&b, columnsOf(eventFields()))
	b.WriteString("\n| kind | what happens | fields |\n|---|---|---|\n")
	for _, k := range EventKinds() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", k.Name, cellText(k.Meaning), cellText(kindFields(k)))
	}
	b.WriteString("\n### Claims (`expect`)\n\n")
	writeColumns(&b, columnsOf(expectFields()))
	b.WriteString("\n## World tables\n")
	for _, t := range Tables() {
		fmt.Fprintf(&b, "\n### %s\n\n%s.%s\n\n", t.File, capital(t.Meaning), keyText(t))
		writeColumns(&b, t.Columns)
	}
	return b.String()
}

// ParametersMarkdown lists every parameter, for docs/parameters.md.
func ParametersMarkdown() string {
	var b strings.Builder
	section := ""
	for _, p := range agents.Parameters() {
		if name, _, _ := strings.Cut(p.ID, "."); name != section {
			section = name
			fmt.Fprintf(&b, "\n## %s\n\n| parameter | meaning | unit | must be | default | source | grade |\n|---|---|---|---|---|---|---|\n", name)
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s | %s | %s | %s | %s |\n", p.ID, cellText(p.Meaning), cellText(p.Unit),
			cellText(parameterRule(p).want("").String()), Default(p), cellText(p.Source), p.Grade)
	}
	return strings.TrimPrefix(b.String(), "\n")
}

func writeColumns(b *strings.Builder, columns []Column) {
	b.WriteString("| name | meaning | unit | must be | left out |\n|---|---|---|---|---|\n")
	for _, c := range columns {
		left := "not allowed"
		if c.Rule.Optional {
			left = c.Rule.Default
		}
		fmt.Fprintf(b, "| `%s` | %s | %s | %s | %s |\n", c.Name, cellText(c.Meaning), cellText(c.Unit), cellText(c.Rule.want("").String()), left)
	}
}

func kindFields(k EventKind) string {
	fields := strings.Join(k.Fields, ", ")
	if len(k.Actions) > 0 {
		fields = "action (" + strings.Join(k.Actions, ", ") + "), " + fields
	}
	return fields
}

func keyText(t Table) string {
	if len(t.Key) == 0 {
		return ""
	}
	return " One row per " + strings.Join(t.Key, ", ") + "."
}

// cellText keeps a bar from ending a cell of a Markdown table.
func cellText(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

package live

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"entrepot/experiment"
	"entrepot/scenarios"
)

// over writes what a state lays over its scenario as a scenario file: with the scenario's own words and period, which layers shall not
// change, and with the periods to compare that the last layer names. Base is nil where the scenario is wrong: then the file is
// read for its own mistakes only.
func (s *state) over(base *scenarios.Scenario) string {
	var b strings.Builder
	b.WriteString("version: 1\n")
	under := slices.Clone(s.layers)
	if s.scenario != "" {
		under = slices.Insert(under, 0, s.scenario)
	} else {
		under = slices.Insert(under, 0, "./"+ownFile)
	}
	if base != nil {
		s.head(&b, base)
		fmt.Fprintf(&b, "period: {start: %s, end: %s}\n", base.Setup.Start, base.Setup.End)
	}
	b.WriteString("extends: " + flow(under) + "\n")
	s.writeParameters(&b)
	s.writeEvents(&b)
	return b.String()
}

// head writes what the scenario says of itself.
func (s *state) head(b *strings.Builder, base *scenarios.Scenario) {
	assumptions, compare := base.Assumptions, base.Compare
	for _, name := range s.layers {
		layer, err := scenarios.Load(name, nil)
		if err != nil {
			continue
		}
		for _, text := range layer.Assumptions {
			if !slices.Contains(assumptions, text) {
				assumptions = append(slices.Clip(assumptions), text)
			}
		}
		if layer.Compare != (scenarios.Compare{}) {
			compare = layer.Compare
		}
	}
	if compare == (scenarios.Compare{}) { // else an event that is added would move them
		before, after := experiment.Windows(base)
		compare = scenarios.Compare{Before: span(before), After: span(after)}
	}
	field := func(name, text string) {
		if text != "" {
			b.WriteString(name + ": " + quoted(text) + "\n")
		}
	}
	field("name", edited(base.Name))
	field("title", base.Title)
	field("question", base.Question)
	if len(assumptions) > 0 {
		b.WriteString("assumptions: " + flow(assumptions) + "\n")
	}
	if len(base.LookAt) > 0 {
		b.WriteString("look_at: " + flow(base.LookAt) + "\n")
	}
	field("surprise", base.Surprise)
	var spans []string
	for i, of := range [2]scenarios.Span{compare.Before, compare.After} {
		if of != (scenarios.Span{}) {
			spans = append(spans, [2]string{"before", "after"}[i]+": "+flow([]string{of.From, of.To}))
		}
	}
	if len(spans) > 0 {
		b.WriteString("compare: {" + strings.Join(spans, ", ") + "}\n")
	}
}

func span(s experiment.Span) scenarios.Span {
	return scenarios.Span{From: s.First.String(), To: s.Last.String()}
}

// edited names a scenario that was changed, once.
func edited(name string) string {
	const mark = "-edited"
	if strings.HasSuffix(name, mark) || len(name)+len(mark) > longest {
		return name
	}
	return name + mark
}

func (s *state) writeParameters(b *strings.Builder) {
	if len(s.parameters) > 0 {
		b.WriteString("parameters:\n")
	}
	for _, id := range slices.Sorted(maps.Keys(s.parameters)) {
		fmt.Fprintf(b, "  %s: %s\n", quoted(id), plain(s.parameters[id]))
	}
}

func (s *state) writeEvents(b *strings.Builder) {
	if len(s.events) > 0 {
		b.WriteString("events:\n")
	}
	bare := map[string]bool{}
	for _, c := range scenarios.EventFields() {
		bare[c.Name] = c.Rule.Kind == scenarios.Number || c.Rule.Kind == scenarios.Whole
	}
	for _, e := range s.events {
		var fields []string
		for _, name := range fieldOrder(e) {
			v := e[name]
			text, isText := v.(string)
			items, isList := v.([]any)
			switch {
			case isList:
				var ids []string
				for _, item := range items {
					ids = append(ids, item.(string)) // checked when it was read
				}
				v = flow(ids)
			case isText && !bare[name]:
				v = quoted(text)
			default:
				v = plain(v)
			}
			fields = append(fields, name+": "+v.(string))
		}
		b.WriteString("  - {" + strings.Join(fields, ", ") + "}\n")
	}
}

// fieldOrder lists the fields of an event as the loader's table has them.
func fieldOrder(e map[string]any) (names []string) {
	for _, c := range scenarios.EventFields() {
		if _, has := e[c.Name]; has {
			names = append(names, c.Name)
		}
	}
	if _, has := e["remove"]; has {
		names = append(names, "remove")
	}
	return names
}

// flow writes a list of texts.
func flow(texts []string) string {
	var all []string
	for _, text := range texts {
		all = append(all, quoted(text))
	}
	return "[" + strings.Join(all, ", ") + "]"
}

// plain writes a value that may be meant as a number or a switch: those are written bare, everything else in quotes, so that no value can
// be more than a value.
func plain(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(v)
	case numeral:
		return string(v)
	case string:
		if numeric(v) || v == "true" || v == "false" {
			return v
		}
		return quoted(v)
	}
	return "[]" // refused when it was read
}

// numeric says whether a text is one that both YAML and the loader take for a number.
func numeric(text string) bool {
	v, broken := parse(text)
	n, is := v.(numeral)
	return broken == nil && is && string(n) == text
}

// quoted writes a text in double quotes, as YAML and the loader read it: a character that cannot be seen is spelled out.
func quoted(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == ' ' || unicode.IsPrint(r) && r != '\ufeff':
			b.WriteRune(r)
		case r > 0xffff:
			fmt.Fprintf(&b, "\\U%08x", r)
		default:
			fmt.Fprintf(&b, "\\u%04x", r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// source answers with the state as a scenario file.
func (a *answer) source(s *asked) error {
	return a.out.object(struct {
		Kind string `json:"kind"`
		Name string `json:"name"`
		Text string `json:"text"`
	}{"source", s.Name, s.source})
}

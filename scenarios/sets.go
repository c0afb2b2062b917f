package scenarios

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// setLayer reads the n-th `--set path=value` (from 1) as a layer, so that it passes the same checks as a file. The path
// is a parameter's id with or without `parameters.`, events.ID, events.ID.FIELD, period.start, or a field of the
// scenario. The value is YAML on one line. Positions count characters of the whole text.
func setLayer(n int, text string, under located, c *checker) *layer {
	at := position{fmt.Sprintf("--set %d", n), 1, 1}
	if odd, bad := firstNonText(at, []byte(text)); bad.Format != "" {
		c.add(odd, "", Say("must be UTF-8 text, got %s", bad))
		return nil
	}
	path, given, found := strings.Cut(text, "=")
	path = strings.TrimSpace(path)
	if !found || path == "" || strings.TrimSpace(given) == "" {
		c.add(at, "", Say("must be path=value, got %s", quote(text)))
		return nil
	}
	v := setValue(at, text, c)
	if v == nil {
		return nil
	}
	parts := c.setPath(at, path)
	if parts == nil {
		return nil
	}
	return &layer{located: under, root: nest(at, parts, v), isSet: true, own: true}
}

// setValue parses what stands right of the =. Blanks in place of the path keep the columns right.
func setValue(at position, text string, c *checker) *value {
	path, _, _ := strings.Cut(text, "=")
	padded := strings.Repeat(" ", utf8.RuneCountInString(path)+1) + text[len(path)+1:]
	data, err := plainText(at, []byte(padded))
	var v *value
	if err == nil {
		v, err = parseYAML(at.File, data)
	}
	if problems, bad := err.(Problems); bad {
		c.found = append(c.found, problems...)
		return nil
	}
	return v
}

// setPath splits a path at its dots, adding `parameters` where it was left out. It returns nil for an unknown path.
func (c *checker) setPath(at position, path string) []string {
	first, rest, dotted := strings.Cut(path, ".")
	table := newParameterTable()
	switch {
	case table.section(first):
		return []string{"parameters", path}
	case first == "parameters" && dotted:
		return []string{"parameters", rest}
	case first == "extends" || first == "version":
		c.add(at, path, Say("must be a path that a --set can change, got %s", quote(first)), Say("write a file for that"))
		return nil
	case slices.Contains(scenarioFieldNames(), first):
		return strings.Split(path, ".")
	}
	known := slices.Concat(table.ids, scenarioFieldNames(), []string{"period.start", "period.end"})
	c.add(at, path, Say("must be a parameter, events.ID.FIELD or a field of a scenario, got %s", quote(path)), Meant(path, known))
	return nil
}

// nest wraps a value in maps: a.b.c=v is {a: {b: {c: v}}}.
func nest(at position, parts []string, v *value) *value {
	for _, name := range slices.Backward(parts) {
		v = &value{position: at, shape: mapping, fields: []field{{name, at, *v}}}
	}
	return v
}

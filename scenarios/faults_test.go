package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// What the readers of YAML and CSV say of common mistakes is in the catalogue, and nothing in it that they do not say any more.
func TestWhatReadersOfYAMLAndCSVSayIsKnown(t *testing.T) {
	left := map[string]bool{}
	for _, p := range parserFaults() {
		left[p.Format] = true
	}
	heard := func(err error) {
		var all Problems
		if !errors.As(err, &all) {
			return
		}
		for _, p := range all {
			msg, _ := p.Said()
			for _, arg := range msg.Args {
				if f, is := arg.(Phrase); is {
					delete(left, f.Format)
				}
			}
		}
	}
	for _, text := range []string{"a: b: c", "a:\n\tb: 1", "a: [1, 2", "a: {b: 1", "a: 'open", "- a\nb: 1", "a: - b", "a: {]", "a: >-x", "%TAG ! x\nb", "? a\n? b: ? c", "a: !<x", "a: \"\\q\"", "a: \"\\xZZ\"", "a: \"\\uD800\"", "a: !x!y z", "a: !<x>y z",
		"a: @b", "%FOO\na: 1", "%YAML 1.1 x\n---\na: 1", "a: 'x\n--- y'", "a: b\n  c: d\n e: f", "a: &", "a: |x\n  b", "a\nb: c", "a: [}", "a: b\n c", "a: \x01",
		"a: |\n \tb\n\tc", "a:\n  - b\n c: d", "- a\n b", "[a\n---\n", "a:\n- b\n-c", "a:\n  b: 1\n\tc: 2", "{a: b, ? c : ? d}", "a: ? b", "a: 1\n---\n? b: c\n]", "--- a\nb: c\n--- ]"} {
		_, err := parseYAML("x.yaml", []byte(text))
		heard(err)
	}
	for _, text := range []string{"a,b\n1,x\"y\n", "a,b\n1,\"x\"y\n"} {
		var c collector
		readCSV("x.csv", []byte(text), &c)
		heard(c.found)
	}
	for msg := range left {
		t.Errorf("nothing here made a reader say %q", msg)
	}
}

// Of a mistake in the middle of a long list or map the line is told, not where the list begins.
func TestMistakesOfSyntaxAreToldWhereTheyStand(t *testing.T) {
	var good strings.Builder
	good.WriteString("version: 1\nname: x\nlist:\n")
	for i := range 40 {
		fmt.Fprintf(&good, "  - {id: a%d, list: [1,\n      2], note: \"a text\n      of two lines\"}\n", i)
	}
	good.WriteString("map:\n")
	for i := range 40 {
		fmt.Fprintf(&good, "  key%d:\n    value: %d\n", i, i)
	}
	lines := strings.SplitAfter(good.String(), "\n")
	if _, err := parseYAML("x.yaml", []byte(good.String())); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name       string
		line       int
		broken     string
		told, from int // line; first that may be told, if another
	}{
		{"a list's entry further in", 61, "   - {id: a, list: [1,\n", 61, 61},
		{"a key further in", 165, "   key20:\n", 165, 165},
		{"a value less far in", 171, "key: 1\n  value: 2\n", 172, 171},
		{"a tab", 165, "\tvalue: 3\n", 165, 165},
		{"a brace that is missing", 63, "      of two lines\"\n", 64, 61},
		{"a quote that is missing", 63, "      of two lines}\n", 65, 61},
		{"two colons", 169, "    value: a: b\n", 169, 169},
		{"a key without a value", 169, "    value\n", 170, 169},
	} {
		broken := slices.Clone(lines)
		broken[c.line-1] = c.broken
		_, err := parseYAML("x.yaml", []byte(strings.Join(broken, "")))
		var all Problems
		if !errors.As(err, &all) || len(all) != 1 || all[0].Line < c.from || all[0].Line > c.told {
			t.Errorf("%s in line %d: %v", c.name, c.line, err)
		}
	}
}

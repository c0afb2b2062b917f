package live

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"entrepot/scenarios"
)

// reader reads the parts of a question and collects what is wrong with them.
type reader struct{ found Problems }

// most bounds how many problems are told: a megabyte of nonsense shall not become a gigabyte of messages.
const most = 200

// add tells a problem, with a hint or without.
func (r *reader) add(path string, msg scenarios.Phrase, hint ...scenarios.Phrase) {
	if len(r.found) < most {
		r.found = append(r.found, told(path, msg, append(hint, scenarios.Phrase{})[0]))
	}
}

func (r *reader) err() error {
	if len(r.found) == 0 {
		return nil
	}
	return r.found
}

// question reads the text of a question into its fields.
func (r *reader) question(data []byte, limit int) map[string]any {
	if len(data) > limit {
		r.add("", scenarios.Say("must be a question of at most %s bytes, got %s", limit, len(data)))
		return nil
	}
	if !utf8.Valid(data) {
		r.add("", scenarios.Say("must be UTF-8 text, got other bytes"))
		return nil
	}
	v, broken := parse(string(data))
	if broken != nil {
		r.found = append(r.found, broken.problem(string(data)))
		return nil
	}
	fields, ok := v.(map[string]any)
	if !ok {
		r.add("", scenarios.Say("must be a JSON object, got %s", shown(v)))
	}
	return fields
}

// problem tells where JSON is broken, in characters.
func (e *syntaxError) problem(data string) Problem {
	before := data[:e.at]
	p := told("", scenarios.Say("must be JSON: %s", e.msg), scenarios.Phrase{})
	p.Line, p.Column = 1+strings.Count(before, "\n"), 1+utf8.RuneCountInString(before[1+strings.LastIndexByte(before, '\n'):])
	return p
}

// known reports fields that nobody would read.
func (r *reader) known(path string, fields map[string]any, names ...string) {
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if slices.Contains(names, name) {
			continue
		}
		takes := scenarios.Say("no fields")
		if len(names) > 0 {
			takes = scenarios.Say("one of %s", strings.Join(names, ", "))
		}
		r.add(join(path, shorten(name)), scenarios.Say("must be %s, got %s", takes, quote(name)), scenarios.Meant(name, names))
	}
}

// text reads a text; one that is not there is empty.
func (r *reader) text(path string, v any) string {
	s, ok := v.(string)
	if !ok && v != nil {
		r.add(path, scenarios.Say("must be text, got %s", shown(v)))
	}
	return s
}

// yes reads a switch.
func (r *reader) yes(path string, v any) bool {
	is, ok := v.(bool)
	if !ok && v != nil {
		r.add(path, scenarios.Say("must be true or false, got %s", shown(v)))
	}
	return is
}

// whole reads a whole number within bounds, or returns what stands for one that is left out.
func (r *reader) whole(path string, v any, low, high, otherwise int) int {
	if v == nil {
		return otherwise
	}
	number, _ := v.(numeral)
	n, err := strconv.Atoi(string(number))
	if err != nil || n < low || n > high {
		r.add(path, scenarios.Say("must be a whole number from %s to %s, got %s", low, high, shown(v)))
		return otherwise
	}
	return n
}

// list reads a list.
func (r *reader) list(path string, v any) []any {
	items, ok := v.([]any)
	if !ok && v != nil {
		r.add(path, scenarios.Say("must be a list, got %s", shown(v)))
	}
	return items
}

// object reads an object.
func (r *reader) object(path string, v any) map[string]any {
	fields, ok := v.(map[string]any)
	if !ok && v != nil {
		r.add(path, scenarios.Say("must be an object, got %s", shown(v)))
	}
	return fields
}

// shown describes a value of JSON in a message.
func shown(v any) scenarios.Phrase {
	switch v := v.(type) {
	case nil:
		return scenarios.Say("nothing")
	case string:
		return scenarios.Say("%s", quote(v))
	case numeral:
		return scenarios.Say("%s", shorten(string(v)))
	case []any:
		return scenarios.Say("a list of %s", len(v))
	case map[string]any:
		return scenarios.Say("an object of %s fields", len(v))
	}
	return scenarios.Say("%s", v)
}

// longest bounds what a message repeats of a question, in bytes.
const longest = 60

func quote(s string) string { return fmt.Sprintf("%q", shorten(s)) }

func shorten(s string) string {
	if len(s) <= longest {
		return s
	}
	at := longest
	for at > 0 && !utf8.RuneStart(s[at]) {
		at--
	}
	return s[:at] + "..."
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

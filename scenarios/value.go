package scenarios

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// shape is what a YAML value is, before anyone asks what it means.
type shape int

const (
	null shape = iota
	text
	integer
	decimal
	boolean
	day // an unquoted date
	list
	mapping
)

// value is a YAML value with aliases expanded, that remembers where it was written. It is never changed after it was
// read: layers share values.
type value struct {
	position
	shape  shape
	text   string // of scalars, as written
	items  []*value
	fields []field
}

// field is one entry of a mapping.
type field struct {
	name string
	at   position // of the name
	value
}

// get returns the field of that name, or nil.
func (v *value) get(name string) *value {
	if v == nil {
		return nil
	}
	for i := range v.fields {
		if v.fields[i].name == name {
			return &v.fields[i].value
		}
	}
	return nil
}

// names lists the fields of a mapping.
func (v *value) names() []string {
	var names []string
	for _, f := range v.fields {
		names = append(names, f.name)
	}
	return names
}

func (v *value) scalar() bool { return v.shape != list && v.shape != mapping && v.shape != null }

// got describes the value in a message.
func (v *value) got() Phrase {
	switch v.shape {
	case null:
		return Say("nothing")
	case list:
		return count(len(v.items), "a list of %s value", "a list of %s values")
	case mapping:
		return count(len(v.fields), "a map of %s field", "a map of %s fields")
	case text:
		return Say("%s", quote(v.text))
	default:
		return Say("%s", shorten(v.text))
	}
}

// maxWord bounds what a message repeats of a file, in bytes.
const maxWord = 60

// quote shows a text of the user's in a message, on one line and cut to a readable length.
func quote(s string) string { return fmt.Sprintf("%q", shorten(s)) }

func shorten(s string) string { return cut(s, maxWord) }

// cut keeps at most some bytes of a text, whole characters of them.
func cut(s string, most int) string {
	if len(s) <= most {
		return s
	}
	for most > 0 && !utf8.RuneStart(s[most]) {
		most--
	}
	return s[:most] + "..."
}

// join makes a dotted path.
func join(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, ".")
}

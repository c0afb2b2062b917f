package scenarios

import (
	"fmt"
	"strings"
)

// Phrase is a text that can be said in any language: a format of the catalogue, with %s for each argument, and the arguments, each a text
// of a user's or an id (string), or a Phrase. The zero value says nothing.
type Phrase struct {
	Format string
	Args   []any
}

// Say makes a phrase. Numbers and dates among the arguments are written as in a file; what is long is cut.
func Say(format string, args ...any) Phrase {
	p := Phrase{Format: format}
	for _, arg := range args {
		if _, is := arg.(Phrase); !is {
			arg = cut(fmt.Sprint(arg), maxMsg)
		}
		p.Args = append(p.Args, arg)
	}
	return p
}

// String says the phrase in English.
func (p Phrase) String() string { return p.In(fmt.Sprintf) }

// In says the phrase as a language has its format: speak is F of package words.
func (p Phrase) In(speak func(format string, args ...any) string) string {
	if p.Format == "" {
		return ""
	}
	args := make([]any, len(p.Args))
	for i, arg := range p.Args {
		args[i] = arg
		if inner, is := arg.(Phrase); is {
			args[i] = inner.In(speak)
		}
	}
	return speak(p.Format, args...)
}

// word is a text of the program's own, such as a unit or the name of a kind of thing.
func word(text string) Phrase { return Phrase{Format: strings.ReplaceAll(text, "%", "%%")} }

// verbatim are ids and names of fields, which are the same in every language.
func verbatim(ids []string) []Phrase {
	var out []Phrase
	for _, id := range ids {
		out = append(out, Say("%s", id))
	}
	return out
}

// anyOf says a, b or c.
func anyOf(items []Phrase) Phrase {
	out := items[0]
	for _, item := range items[1:] {
		out = Say("%s or %s", out, item)
	}
	return out
}

// count says "1 hub" or "3 hubs".
func count(n int, one, more string) Phrase {
	if n == 1 {
		return Say(one, n)
	}
	return Say(more, n)
}

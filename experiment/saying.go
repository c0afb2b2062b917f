package experiment

import (
	"strings"

	"entrepot/output/prose"
	"entrepot/words"
)

// Saying is a text that is written before it is known in which language it will be read: the name of a figure, what a target measures. Tables
// have it in English.
type Saying func(w *words.Words) string

// In says it in a language.
func (s Saying) In(w *words.Words) string {
	if s == nil {
		return ""
	}
	return s(w)
}

// String says it in English.
func (s Saying) String() string { return s.In(nil) }

// said is a text of this program: a format of the catalogue if there are arguments. Of these, sayings and spans are said, and numbers written, in
// the language too; other texts, such as ids, stay as they are.
func said(format string, args ...any) Saying {
	if len(args) == 0 {
		return func(w *words.Words) string { return w.T(format) }
	}
	return func(w *words.Words) string {
		all := make([]any, len(args))
		for i, a := range args {
			switch x := a.(type) {
			case Saying:
				all[i] = x.In(w)
			case Span:
				all[i] = x.In(w)
			case float64:
				all[i] = voice{w}.number(x)
			default:
				all[i] = x
			}
		}
		return w.F(format, all...)
	}
}

// Verbatim is a text that is the same in every language.
func Verbatim(text string) Saying { return func(*words.Words) string { return text } }

// called is a name of a world, which the catalogue may know.
func called(name string) Saying { return func(w *words.Words) string { return w.T(name) } }

// form is a name as it stands in a sentence where languages bend names: "in" of a place, "of the" of a good. English has the name alone. A name whose form
// the catalogue does not know is put into that which it has for names.
func form(name, how string) Saying {
	return func(w *words.Words) string {
		switch own := name + "|" + how; {
		case w.Lang() == "en":
			return name
		case w.Has(own):
			return w.T(own)
		}
		return w.F("%s|"+how, w.T(name))
	}
}

// listOf is a, b and c.
func listOf(items []Saying) Saying {
	return func(w *words.Words) string { return prose.List(inOrder(items, w), w.T("and")) }
}

// joinedBy puts a sign between sayings.
func joinedBy(sign string, items []Saying) Saying {
	return func(w *words.Words) string { return strings.Join(inOrder(items, w), sign) }
}

func inOrder(items []Saying, w *words.Words) (texts []string) {
	for _, s := range items {
		texts = append(texts, s.In(w))
	}
	return texts
}

// upTo is a saying up to the first of some signs.
func upTo(s Saying, signs ...string) Saying {
	return func(w *words.Words) string {
		text := s.In(w)
		for _, sign := range signs {
			text, _, _ = strings.Cut(text, sign)
		}
		return strings.TrimRight(text, "\u00a0")
	}
}

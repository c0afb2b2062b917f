// Package words is the catalogue of languages. The English text is its own key, as in gettext: code and pages read as they speak, and
// words/fr holds the French of each, one file a room. What only users write has no translation and stays as it is.
package words

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strconv"
	"strings"

	"entrepot/output/prose"
)

//go:embed fr/*.json fr/same.txt
var files embed.FS

// Words are the texts of one language. The zero value and nil speak English.
type Words struct {
	lang  string
	texts map[string]string // English to this language
	heard func(text string) // told every text asked for, or nil
}

// Languages lists what there is, English first.
func Languages() []string { return []string{"en", "fr"} }

// In returns the words of a language.
func In(lang string) (*Words, error) {
	switch {
	case lang == "en":
		return nil, nil
	case !slices.Contains(Languages(), lang):
		return nil, fmt.Errorf("language must be %s, got %q", strings.Join(Languages(), " or "), lang)
	}
	w := &Words{lang: lang, texts: map[string]string{}}
	names, err := fs.Glob(files, lang+"/*.json")
	for _, name := range names {
		var room map[string]string
		data, readErr := files.ReadFile(name)
		if readErr == nil {
			readErr = json.Unmarshal(data, &room)
		}
		if readErr != nil {
			return nil, fmt.Errorf("reading %s: %w", name, readErr)
		}
		maps.Copy(w.texts, room)
	}
	same, readErr := files.ReadFile(lang + "/same.txt") // names and words that both languages have, one a line
	for text := range strings.Lines(string(same)) {
		text = strings.TrimSuffix(text, "\n")
		w.texts[text] = English(text)
	}
	return w, errors.Join(err, readErr)
}

// Lang is the language, en or fr.
func (w *Words) Lang() string {
	if w == nil || w.lang == "" {
		return "en"
	}
	return w.lang
}

// T returns a text in the language. A text of one word that means two things has a note behind a bar, "open|of a market", which English leaves out.
func (w *Words) T(text string) string {
	if w != nil {
		if w.heard != nil {
			w.heard(text)
		}
		if own, known := w.texts[text]; known {
			return own
		}
	}
	return English(text)
}

// Told returns words that tell every text they are asked for: whoever looks for texts without a translation runs what speaks them.
func (w *Words) Told(heard func(text string)) *Words {
	own := Words{heard: heard}
	if w != nil {
		own.lang, own.texts = w.lang, w.texts
	}
	return &own
}

// Has reports whether a text has a translation, or needs none.
func (w *Words) Has(text string) bool {
	if w.Lang() == "en" {
		return true
	}
	_, known := w.texts[text]
	return known
}

// F formats in the language: the translation of a format may take its arguments in another order (%[2]s). Numbers are to be formatted before.
func (w *Words) F(format string, args ...any) string { return fmt.Sprintf(w.T(format), args...) }

// N chooses between the text for one and that for more, and formats it with the number as its first argument (%s), the others behind it.
// French says "0 jour", English "0 days".
func (w *Words) N(n int, one, more string, args ...any) string {
	format := more
	if n == 1 || n == 0 && w.Lang() == "fr" {
		format = one
	}
	return w.F(format, append([]any{w.Number(prose.Count(n))}, args...)...)
}

// Number puts a number that package prose wrote into the language: the decimal sign. Sentences hold full stops: numbers come first.
func (w *Words) Number(text string) string {
	if w.Lang() == "en" {
		return text
	}
	return strings.ReplaceAll(text, ".", ",")
}

// Day writes the day of a month, which begins in French with the first.
func (w *Words) Day(n int) string {
	if n == 1 && w.Lang() == "fr" {
		return "1er"
	}
	return strconv.Itoa(n)
}

// List writes a, b and c.
func (w *Words) List(items []string) string { return prose.List(items, w.T("and")) }

// Items joins what holds commas itself.
func (w *Words) Items(items []string) string { return strings.Join(items, w.T("; ")) }

// Range writes the ends of an interval; one of no width is a number.
func (w *Words) Range(low, high string) string {
	if low == high {
		return low
	}
	return w.F("%s to %s", low, high)
}

// Colon writes what is said of a thing behind it.
func (w *Words) Colon(thing, said string) string { return w.F("%s: %s", thing, said) }

// Lead writes a thing of which something is said behind it.
func (w *Words) Lead(thing string) string { return w.F("%s:", thing) }

// Texts lists the English texts that have a translation.
func (w *Words) Texts() []string {
	if w == nil {
		return nil
	}
	return slices.Sorted(maps.Keys(w.texts))
}

// English leaves out the note of a text.
func English(text string) string {
	plain, _, _ := strings.Cut(text, "|")
	return plain
}

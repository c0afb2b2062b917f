package words

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var typesetting = flag.Bool("typeset", false, "write words/fr again with the spaces and apostrophes of French; what is the same in both languages goes to same.txt")

// entry is a text with its French.
type entry struct{ room, text, own string }

// entries reads the French in the order in which it stands.
func entries(t *testing.T) (all []entry) {
	t.Helper()
	rooms, err := filepath.Glob("fr/*.json")
	if err != nil || len(rooms) == 0 {
		t.Fatal("no French", err)
	}
	for _, room := range rooms {
		data, err := os.ReadFile(room)
		if err != nil {
			t.Fatal(err)
		}
		d := json.NewDecoder(bytes.NewReader(data))
		var words []string
		for {
			token, err := d.Token()
			if err == io.EOF {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", room, err)
			}
			if text, ok := token.(string); ok {
				words = append(words, text)
			}
		}
		for i := 0; i+1 < len(words); i += 2 {
			all = append(all, entry{room, words[i], words[i+1]})
		}
	}
	return all
}

// write writes a room.
func write(t *testing.T, room string, all []entry) {
	t.Helper()
	quoted := func(text string) string {
		var b strings.Builder
		e := json.NewEncoder(&b)
		e.SetEscapeHTML(false)
		if err := e.Encode(text); err != nil {
			t.Fatal(err)
		}
		return strings.TrimSpace(b.String())
	}
	var lines []string
	for _, x := range all {
		lines = append(lines, "  "+quoted(x.text)+": "+quoted(x.own))
	}
	text := "{}\n"
	if len(lines) > 0 {
		text = "{\n" + strings.Join(lines, ",\n") + "\n}\n"
	}
	if err := os.WriteFile(room, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// rule is a rule of setting French: what it changes is not set as it should be.
type rule struct {
	name string
	at   *regexp.Regexp
	want string
}

func rules() []rule {
	return []rule{
		{"a no-break space before : and ;", regexp.MustCompile(` ([:;])`), "\u00a0$1"},
		{"a narrow no-break space before ? and !", regexp.MustCompile(`[ \x{a0}]([?!])`), "\u202f$1"},
		{"a no-break space before %", regexp.MustCompile(`(\d)[ \x{202f}]%([^\d\[a-zA-Z+#.]|$)`), "$1\u00a0%$2"},
		{"no-break spaces within « and »", regexp.MustCompile(`« | »`), ""},
		{"a no-break space between thousands", regexp.MustCompile(`(\d)[ ](\d{3})([^\d]|$)`), "$1\u00a0$2$3"},
		{"a curved apostrophe", regexp.MustCompile(`([A-Za-zàéèê])'([\pL«\d%])`), "$1’$2"},
		{"a no-break space before FCFA", regexp.MustCompile(`(\d|%s) FCFA`), "$1\u00a0FCFA"},
	}
}

// typeset sets a text as French is set.
func typeset(text string) string {
	for _, r := range rules() {
		if r.want == "" {
			text = strings.NewReplacer("« ", "«\u00a0", " »", "\u00a0»").Replace(text)
		} else {
			text = r.at.ReplaceAllString(text, r.want)
		}
	}
	return text
}

// code finds keys of files with their values, and what is quoted.
var code = regexp.MustCompile(`remove: true|«\x{a0}[^»]*\x{a0}»`)

// crowded finds signs that lack the space before them.
var crowded = regexp.MustCompile(`[\pL\d)»][;?!]|[\pL\d)»]:( |$)|«[^\x{a0}]|[^\x{a0}]»`)

func TestFrenchIsSetAsFrench(t *testing.T) {
	all := entries(t)
	if *typesetting {
		rewrite(t, all)
		all = entries(t)
	}
	for _, x := range all {
		if set := typeset(x.own); set != x.own {
			t.Errorf("%s: %q must be %q: `make words` writes it so", x.room, x.own, set)
		}
		if bad := crowded.FindString(code.ReplaceAllString(x.own, "")); bad != "" {
			t.Errorf("%s: %q lacks a space before %q", x.room, x.own, bad)
		}
		if strings.Contains(x.own, "  ") || strings.ContainsAny(x.own, "“”") {
			t.Errorf("%s: %q must have single spaces and the quotation marks « and »", x.room, x.own)
		}
	}
}

// rewrite writes all rooms as they should be.
func rewrite(t *testing.T, all []entry) {
	t.Helper()
	same := sameTexts(t)
	kept := map[string][]entry{}
	for _, x := range all {
		x.own = typeset(x.own)
		if kept[x.room] = append(kept[x.room], x); x.own == x.text || slices.Contains(same, x.text) {
			kept[x.room] = kept[x.room][:len(kept[x.room])-1]
			same = append(same, x.text)
		}
	}
	for room, of := range kept {
		write(t, room, of)
	}
	slices.Sort(same)
	text := strings.Join(slices.Compact(same), "\n") + "\n"
	if err := os.WriteFile("fr/same.txt", []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// sameTexts lists what is the same in both languages.
func sameTexts(t *testing.T) []string {
	t.Helper()
	data, err := os.ReadFile("fr/same.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(data), "\n"), "\n")
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+#0]*\d*(?:\.\d+)?([a-zA-Z%])`)

// verbs says which argument of a format is written by which verb.
func verbs(format string) map[int]string {
	of, next := map[int]string{}, 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		of[next] = m[2]
		next++
	}
	return of
}

func TestFrenchTakesTheSameArguments(t *testing.T) {
	for _, x := range entries(t) {
		if en, fr := verbs(x.text), verbs(x.own); !maps.Equal(en, fr) {
			t.Errorf("%s: %q takes %v, %q %v", x.room, x.text, en, x.own, fr)
		}
	}
}

func TestFrenchSaysAThingOnce(t *testing.T) {
	same := sameTexts(t)
	if !slices.IsSorted(same) || len(slices.Compact(slices.Clone(same))) != len(same) {
		t.Error("fr/same.txt must be sorted, each line once")
	}
	seen := map[string]entry{}
	for _, x := range entries(t) {
		switch old, twice := seen[x.text]; {
		case twice && (old.room == x.room || old.own != x.own):
			t.Errorf("%q: %q in %s, %q in %s", x.text, old.own, old.room, x.own, x.room)
		case x.own == "":
			t.Errorf("%s: %q has an empty translation", x.room, x.text)
		case x.own == x.text:
			t.Errorf("%s: %q is the same in French: it belongs into fr/same.txt, where `make words` puts it", x.room, x.text)
		case slices.Contains(same, x.text):
			t.Errorf("%s: %q is in fr/same.txt too", x.room, x.text)
		}
		seen[x.text] = x
	}
}

func TestTheRulesOfFrenchBite(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Prix : un", "Prix\u00a0: un"}, {"Quoi ?", "Quoi\u202f?"}, {"95 % des cas", "95\u00a0% des cas"}, {"« oui »", "«\u00a0oui\u00a0»"}, {"1 500 nairas", "1\u00a0500 nairas"},
		{"l'armée", "l’armée"}, {"à N'Tahaka", "à N’Tahaka"}, {"de %s FCFA", "de %s\u00a0FCFA"}, {"%s %s puis %d", "%s %s puis %d"}, {"jusqu'à", "jusqu’à"},
	} {
		if got := typeset(c.text); got != c.want {
			t.Errorf("%q: got %q, want %q", c.text, got, c.want)
		}
	}
	for _, text := range []string{"Prix: un", "Quoi?", "un; deux", "fin:"} {
		if !crowded.MatchString(text) {
			t.Errorf("%q passes", text)
		}
	}
	for _, c := range []struct{ a, b string }{{"%s of %d", "%d de %s"}, {"%s", "x"}, {"%s", "%s %s"}, {"%[2]s %[1]s", "%[1]s"}} {
		if maps.Equal(verbs(c.a), verbs(c.b)) {
			t.Errorf("%q passes for %q", c.b, c.a)
		}
	}
	if got := fmt.Sprint(verbs("%s %[5]ss, %[3]s, 95 % of, %%, %3.1f")); got != "map[1:s 3:s 4:f 5:s]" {
		t.Error(got)
	}
}

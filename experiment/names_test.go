package experiment

import (
	"regexp"
	"strings"
	"testing"

	"entrepot/scenarios"
)

// lower finds initialisms and names that ids have in small letters, or with a capital letter alone.
var lower = regexp.MustCompile(`\b([dD]dr|[fF]la|[cC]sp|[jJ]nim|fama|Fama|[aA]k|[pP]km|[iI]swap|[gG]atia|[mM]sa|[mM]inusma|barkhane|[uU]nodc|[uU]n|[rR]pg|is Sahel|is sahel|mali|niger|nigeria|libya|sudan|gao|kidal|menaka|timbuktu|tillia)\b`)

func TestWordsOfTheLibraryAreWrittenAsNames(t *testing.T) {
	for _, name := range scenarios.Names() {
		s, err := scenarios.Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		var texts []string
		for _, c := range Causes(s) {
			texts = append(texts, c.Name)
		}
		for _, f := range Figures(s) {
			texts = append(texts, f.Name.String(), f.Meaning.String())
		}
		for _, x := range MonthlySeries(s) {
			texts = append(texts, x.Meaning.String())
		}
		for _, m := range (voice{}).marks(s) {
			texts = append(texts, m.Label)
		}
		l := newLexicon(s)
		for _, x := range Targets(s, s.Facts) {
			ids := regexp.MustCompile("`[^`]*`|\"[^\"]*\"").ReplaceAllString(x.What.String()+" "+x.Why.String(), "") // what is quoted is the file's own word
			texts = append(texts, ids, strings.TrimPrefix(l.labelled(voice{}, &x), x.Figure.ID))
		}
		for _, meanings := range l.words {
			for _, m := range meanings {
				texts = append(texts, m.text.String())
			}
		}
		for _, text := range texts {
			if lower.MatchString(text) || strings.Contains(text, "_") {
				t.Errorf("%s: %q", name, text)
			}
		}
	}
}

func TestAnImaginaryWorldHasNoRealOrigins(t *testing.T) {
	if got := from(textbook(t), "libya"); got.String() != "from Source" {
		t.Errorf("got %q", got)
	}
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	for origin, want := range map[string]string{"libya": "from Libya", "state_diverted": "sold by soldiers", "captured": "captured from the army"} {
		if got := from(s, origin); got.String() != want {
			t.Errorf("%s: got %q, want %q", origin, got, want)
		}
	}
}

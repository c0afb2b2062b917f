package experiment

import (
	"math"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entrepot/scenarios"
	"entrepot/words"
)

func TestAmountsAreWrittenAsReadersTakeThem(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"one of a kind", voice{}.nRuns(1), "1 run"},
		{"many", voice{}.nRuns(1200), "1\u00a0200 runs"},
		{"none in a sentence", voice{}.interval(math.NaN(), math.NaN()), "no interval from so few runs"},
		{"an interval in a sentence", voice{}.interval(-1, 2000), "95 % interval −1 to 2\u00a0000"},
		{"hardly ever by chance", voice{}.probability(0.0002), "< 0.001"},
		{"seldom by chance", voice{}.probability(0.0234), "0.023"},
		{"often by chance", voice{}.probability(0.234), "0.23"},
		{"no probability", voice{}.probability(math.NaN()), "–"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestFindingsAreWrittenForReaders(t *testing.T) {
	all := severalFindings(t, nil)
	t.Run("numbers in one way", func(t *testing.T) { numbersInOneWay(t, all) })
	t.Run("answers that need no program", func(t *testing.T) { plainAnswers(t, all) })
	t.Run("in French alone", func(t *testing.T) { inFrench(t, all, severalFindings(t, french(t))) })
}

// No answer, table or chart of a study may write a number in a way of its own: a comma among thousands or a hyphen for a minus.
func numbersInOneWay(t *testing.T, all map[string]*Findings) {
	thousands, hyphen := regexp.MustCompile(`\d,\d{3}(\D|$)|(^|[^.\d])\d{5}`), regexp.MustCompile(`(^|[ (])-\d|\d-\d+ %`)
	for name, f := range all {
		texts := slices.Concat(f.Answer, f.Caveats, []string{f.Title, f.Question})
		for i := range f.Sheets {
			texts = slices.Concat(texts, f.Sheets[i].Columns, []string{f.Sheets[i].Title, f.Sheets[i].Note}, slices.Concat(f.Sheets[i].Rows...))
		}
		for _, c := range f.Charts {
			h := c.Head()
			texts = append(texts, h.Title, h.Alt, h.XLabel, h.YLabel, h.Note)
			if forest, ok := c.(*ForestChart); ok {
				for _, x := range forest.Items {
					texts = append(texts, x.Note)
				}
			}
		}
		for _, text := range texts {
			if thousands.MatchString(text) || hyphen.MatchString(text) {
				t.Errorf("%s: %q", name, text)
			}
		}
	}
}

// severalFindings are those of small studies of the textbook.
func severalFindings(t *testing.T, say *words.Words) map[string]*Findings {
	t.Helper()
	of, out := textbook(t), map[string]*Findings{}
	keep := func(name string, find func(Results) (*Findings, error), s *Study) {
		s.Words = say
		f, err := find(executed(t, s))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = f
	}
	ensemble := NewEnsemble(of, 3, 1)
	keep("ensemble", func(r Results) (*Findings, error) { return EnsembleFindings(ensemble, r) }, ensemble)
	compare, err := NewCompare([]*scenarios.Scenario{of, textbook(t, "name=dear-roads", "trafficker.cost_per_km=900")}, 12, 1)
	if err != nil {
		t.Fatal(err)
	}
	keep("compare", func(r Results) (*Findings, error) { return CompareFindings(compare, r) }, compare)
	attribution, err := NewAttribution(of, "end", "ak", "2021", "2023", nil, 8, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	keep("attribute", attribution.Findings, attribution.Study)
	factors := factorsFrom(t, of, "trafficker.margin=0.05:0.3:3", "trafficker.cost_per_km=100:900:6")
	d, err := NewDesign("grid", factors, 0, of, 1)
	if err != nil {
		t.Fatal(err)
	}
	sweep := NewSweep(of, "grid", d, 3, 1)
	keep("sweep", sweep.Findings, sweep.Study)
	keep("discover", func(r Results) (*Findings, error) {
		sample, err := sweep.Sample(r)
		if err != nil {
			return nil, err
		}
		return sweep.Discover(sample, Outcome{"price_ak_end_after", true, 240_000})
	}, sweep.Study)
	morris, err := NewMorris(of, factors, 4, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	keep("morris", morris.Findings, morris.Study)
	sobol, err := NewSobol(of, factors, 8, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	keep("sobol", sobol.Findings, sobol.Study)
	robust, err := NewRobustness([]*scenarios.Scenario{of, textbook(t, "name=dear-roads", "trafficker.cost_per_km=900"), textbook(t, "name=greed", "trafficker.margin=0.4")}, Structures(of)[:2], "", false, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	keep("structures", robust.Findings, robust.Study)
	targets := Targets(of, []scenarios.Fact{{ID: "T1", Kind: "price", Good: "ak", Place: "end", Start: "2022-01", End: "2022-06", Low: 1200, High: 250_000, Unit: "CFA"},
		{ID: "T2", Kind: "sign", Good: "ak", Place: "end", Start: "2022-08", End: "2022-12", Low: -1, High: -1, Unit: "sign of price change"},
		{ID: "T3", Kind: "price_change", Good: "ak", Place: "end", Start: "2021-01", End: "2022-12", Low: -0.5, High: -0.3, Unit: "relative change"}})
	valid := NewValidate(of, targets, 3, 1)
	keep("validate", func(r Results) (*Findings, error) { return ValidateFindings(valid, targets, r) }, valid)
	return out
}

func TestNamesOfFilesTellNamesApart(t *testing.T) {
	for name, want := range map[string]string{"calm": "calm", "stockpile-security": "stockpile-security", "stockpile_security": "stockpile_security",
		"price_ak_gao_after": "price_ak_gao_after", "trafficker.margin": "trafficker.margin", "Calm": "calm-331dcf36", "calm (2)": "calm-2-cfcaf697", "été": "t-ffb58817"} {
		if got := fileName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	alike := []string{"a-b", "a_b", "a.b", "a--b", "A-b", "a-B", "a b", "a|b", "-a-b", "a-b-", ".a-b", "", "-", "ä", "é", strings.Repeat("a", 200), strings.Repeat("a", 201)}
	seen := map[string]string{}
	for _, name := range alike {
		file := fileName(name)
		if other, taken := seen[file]; taken {
			t.Errorf("%q and %q are both %q", name, other, file)
		}
		if seen[file] = name; file == "" || strings.ContainsAny(file[:1]+file[len(file)-1:], ".") || strings.ToLower(file) != file || len(file) > 120 {
			t.Errorf("%q: no name for a file: %q", name, file)
		}
	}
}

func plainAnswers(t *testing.T, all map[string]*Findings) {
	said := func(study, text string) {
		t.Helper()
		if f := all[study]; !strings.Contains(strings.Join(f.Answer, "\n"), text) {
			t.Errorf("%s: must say %q, got %q", study, text, f.Answer)
		}
	}
	said("ensemble", "; before is 2021-07 to 2022-06, after 2023-01 to 2023-12).")
	if n := strings.Count(strings.Join(all["ensemble"].Answer, "\n"), "before is"); n != 1 {
		t.Errorf("the periods are said once, got %d times", n)
	}
	said("compare", "\ndear-roads raises the price") // a name stays as it is
	said("discover", "The price of the AK-pattern rifle in End is above 240\u00a0000 CFA in ")
	sweep := all["sweep"]
	if n := len(sweep.Sheets[0].Rows); n != 3 || sweep.Sheets[0].Name != "rank-correlations" || len(sweep.Sheets[2].Rows) < 20 {
		t.Errorf("the first table is of the figures shown, got %d rows", n)
	}
	if x := sweep.Charts[1].Head().XLabel; x != "trafficker.cost_per_km, CFA per km" {
		t.Errorf("an axis must have its unit, got %q", x)
	}
	shares := all["attribute"].Sheets[0]
	if len(shares.Columns) != 5 {
		t.Errorf("an exact division has no error of sampling, got %q", shares.Columns)
	}
	for _, c := range []string{"morris", "sobol"} {
		if text := all[c].Text(80, ""); strings.Contains(text, "What was varied") {
			t.Errorf("%s: what was varied is for the report, got\n%s", c, text)
		}
	}
}

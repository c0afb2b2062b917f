package experiment

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"entrepot/experiment/inference"
	"entrepot/output/prose"
	"entrepot/scenarios"
)

func TestVerdictsOnTheValuesOfRuns(t *testing.T) {
	none := math.NaN()
	figure := Figure{Parts: []Reading{{}}}
	ranged := Target{Low: 10, High: 20, Figure: figure}
	up := Target{Low: 1, High: 1, Sign: true, Figure: figure}
	same := Target{Sign: true, Figure: figure}
	given := ranged
	given.Input = true
	for _, c := range []struct {
		name    string
		target  Target
		values  []float64
		verdict Verdict
		words   string
		inside  float64
	}{
		{"a mean in the range", ranged, []float64{12, 14, 25}, Met, "met", 2.0 / 3},
		{"a mean far below it", ranged, []float64{4.9, 5, 5.1}, NotMet, "not met (−50\u00a0%)", 0},
		{"a mean just above it", ranged, []float64{15, 25, 23}, NotDistinguishable, "not distinguishable from its upper end (+5.0\u00a0%)", 1.0 / 3},
		{"one run above, which has no interval", ranged, []float64{30}, NotDistinguishable, "not distinguishable from its upper end (+50\u00a0%)", 0},
		{"a run without a value is left out", ranged, []float64{none, 15}, Met, "met", 1},
		{"no value at all", ranged, []float64{none}, NotMet, "not met: no run has a value", none},
		{"an input in its range", given, []float64{15}, AnInput, "an input: in its range", 1},
		{"an input out of it", given, []float64{30}, AnInput, "an input: out of its range (+50\u00a0%)", 0},
		{"beyond zero", Target{Low: -0.5, High: -0.3, Figure: figure}, []float64{0.3, 0.3, 0.3}, NotMet, "not met (by +0.6)", 0},
		{"a range that ends at zero", Target{Low: -1, High: 0, Figure: figure}, []float64{0.5, 0.5, 0.5}, NotMet, "not met (by +0.5)", 0},
		{"a sign that all runs have", up, []float64{1, 1.1, 0.9}, Met, "met (3 of 3 runs)", 1},
		{"a sign that they have on average", up, []float64{1, -0.9, 0.5}, NotDistinguishable, "not distinguishable from no change (2 of 3 runs)", 2.0 / 3},
		{"the other sign", up, []float64{-1, -1.1, -0.9}, NotMet, "not met (0 of 3 runs)", 0},
		{"nothing changes", same, []float64{0.01, -0.01, 0.02}, Met, "met (3 of 3 runs)", 1},
		{"something changes", same, []float64{0.2, 0.21, 0.22}, NotMet, "not met (0 of 3 runs)", 0},
		{"not measurable", Target{Why: Verbatim("not measurable: no wage")}, nil, NotMeasurable, "not measurable: no wage", none},
		{"an input that is not measurable", Target{Why: Verbatim("not measurable: no wage"), Input: true}, nil, AnInput, "an input (not measurable: no wage)", none},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := ScoreOf(&c.target, c.values)
			if s.Verdict != c.verdict || s.Words.String() != c.words {
				t.Errorf("got %v, %q; want %v, %q", s.Verdict, s.Words, c.verdict, c.words)
			}
			if s.Inside != c.inside && !(math.IsNaN(s.Inside) && math.IsNaN(c.inside)) {
				t.Errorf("%v of the runs are inside, want %v", s.Inside, c.inside)
			}
		})
	}
}

func TestTheIntervalOfAMeanIsStudents(t *testing.T) {
	target := Target{Low: 0, High: 1, Figure: Figure{Parts: []Reading{{}}}}
	s := ScoreOf(&target, []float64{1, 2, 3, 4, 5})
	half := 2.776445 * math.Sqrt(2.5/5) // t of 0.975 with 4 degrees of freedom
	if s.Mean != 3 || math.Abs(s.MeanLow-(3-half)) > 1e-5 || math.Abs(s.MeanTop-(3+half)) > 1e-5 || math.Abs(s.Low5-1.2) > 1e-12 || math.Abs(s.High95-4.8) > 1e-12 {
		t.Errorf("got %+v", s)
	}
}

// Documented of rifles: Middle at 100 and End at 300 in early 2021, both together at 200 and then at 800, Source at 50 and then at 100.
const quotesOfOld = `id,kind,good,place,start,end,low,high,unit
f,price,ak,middle|end,2021-01,2021-03,200,200,CFA
g,price,ak,middle|end,2023-01,2023-06,800,800,CFA
a,price,ak,middle,2021-01,2021-03,90,110,CFA
b,price,ak,end,2021-01,2021-03,300,300,CFA
c,price,ak,source,2021-01,2021-06,40,60,CFA
d,price,ak,source,2023-01,2023-06,100,100,CFA
e,price,ammo,middle,2021-01,2021-03,1,1,CFA
`

func TestRivalsSayWhatDocumentedPricesSay(t *testing.T) {
	s := textbook(t)
	known, err := ReadTargets(s, "t.csv", []byte(quotesOfOld))
	if err != nil {
		t.Fatal(err)
	}
	naive := NewNaive(known)
	const silent = prose.None
	for _, c := range []struct{ name, row, persistence, multiplicative, additive string }{
		{"a later price", "price,ak,middle,2023-01,2023-06,1,2,CFA", "100", "200", "150"},
		{"of two towns together", "price,ak,middle|end,2023-01,2023-06,1,2,CFA", "200", "400", "250"},
		{"of a place never seen", "price,ak,source|end,2023-01,2023-06,1,2,CFA", silent, silent, silent},
		{"of the place that they were told of before", "price,ak,source,2023-01,2023-06,1,2,CFA", "50", "200", "650"},
		{"of an early time", "price,ak,middle,2021-01,2021-03,1,2,CFA", silent, silent, silent},
		{"of a good whose later price nobody knows", "price,ammo,middle,2023-01,2023-06,1,2,CFA", "1", silent, silent},
		{"of a time for which no other place is documented", "price,ak,middle,2022-01,2022-06,1,2,CFA", "100", silent, silent},
		{"a ratio of places", "price_ratio,ak,end/middle,2023-01,2023-06,1,2,", "3", "3", "2.33"},
		{"a ratio to the place that they are told", "price_ratio,ak,end/source,2023-01,2023-06,1,2,", "6", "6", "3.50"},
		{"a change as a ratio", "price_change,ak,middle,2021-01,2023-06,1,2,ratio", "1", "2", "1.50"},
		{"a sign", "sign,ak,middle,2023-01,2023-06,1,1,", "0", "1", "1"},
		{"a ratio of two years", "price_ratio,ak,middle,2021-07,2023-06,1,2,2023/2022", "1", "2", "1.50"},
		{"a price in another currency", "price,ak,middle,2023-01,2023-06,1,2,EUR", silent, silent, silent},
		{"a share", "origin_share,libya,middle,2023-01,2023-06,0,1,", silent, silent, silent},
	} {
		t.Run(c.name, func(t *testing.T) {
			targets, err := ReadTargets(s, "t.csv", []byte("id,kind,good,place,start,end,low,high,unit\nx,"+c.row+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			for i, want := range []string{c.persistence, c.multiplicative, c.additive} {
				f := naive.Say(inference.Rivals()[i], &targets[0])
				if got := prose.Number(f.Value); got != want || (f.Silent == "") != (want != silent) {
					t.Errorf("%s says %s (%s), want %s", inference.Rivals()[i], got, f.Silent, want)
				}
			}
		})
	}
}

// validated is a small scoreboard of the textbook world.
func validated(t *testing.T, workers int) *Findings {
	t.Helper()
	s := textbook(t)
	targets, err := ReadTargets(s, "t.csv", []byte(quotesOfOld+`x,price,ak,middle,2023-01,2023-06,150000,900000,CFA
y,sign,ak,middle,2022-08,2022-12,1,1,
z,price,ak,abidjan,2023-01,2023-06,1,2,CFA
`))
	if err != nil {
		t.Fatal(err)
	}
	study, store := NewValidate(s, targets, 6, 1), NewMemory()
	if err := study.Execute(context.Background(), store, Options{Workers: workers}); err != nil {
		t.Fatal(err)
	}
	f, err := ValidateFindings(study, targets, store)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAScoreboardCountsWhatIsMetAndByWhom(t *testing.T) {
	f := validated(t, 2)
	if want := "2 of 9 met; passing few points is consistency, not proof."; f.Answer[0] != want {
		t.Errorf("got %q, want %q", f.Answer[0], want)
	}
	if want := `The naive rival "persistence" meets 0 of the 4 that it can speak about; the model meets 2 of these.`; f.Answer[1] != want {
		t.Errorf("got %q, want %q", f.Answer[1], want)
	}
	rows := f.Sheets[0].Rows
	if len(rows) != 10 || rows[9][8] != "not measurable: the world has no hub in Abidjan" || !strings.Contains(rows[7][8], "met") || rows[7][10] != "200" || rows[8][9] != "0" {
		t.Errorf("got %q", rows)
	}
	for _, row := range rows {
		if len(row) != len(f.Sheets[0].Columns) {
			t.Errorf("%d cells in %q, want %d", len(row), row, len(f.Sheets[0].Columns))
		}
	}
	if !slices.Contains(f.Answer, "Z (price, AK): not measurable: the world has no hub in Abidjan.") {
		t.Errorf("the answer must name what cannot be measured, got %q", f.Answer)
	}
	if again := validated(t, 1); fmt.Sprint(again.Sheets, again.Answer) != fmt.Sprint(f.Sheets, f.Answer) {
		t.Error("one worker finds something else than two")
	}
}

func TestAnUnmeasurableTargetShiftsNoOther(t *testing.T) {
	s := textbook(t)
	targets := Targets(s, []scenarios.Fact{{ID: "no", Kind: "count", Good: "kidnappings"}, {ID: "yes", Kind: "count", Good: "fighters", Place: "rebels", Low: 1, High: 2}})
	study := NewValidate(s, targets, 2, 1)
	study.Do = func(context.Context, *Study, *Point, uint64) (*Taken, error) {
		return &Taken{Figures: []float64{1.5}}, nil
	}
	store := NewMemory()
	if err := study.Execute(context.Background(), store, Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	b, err := Scoreboard(study, targets, store)
	if err != nil || len(b.Scores) != 2 || b.Scores[1].Mean != 1.5 || b.Scores[0].N != 0 || b.Met != 1 || b.Asked != 1 {
		t.Errorf("got %+v, %v", b, err)
	}
}

package experiment

import (
	"context"
	"strings"
	"testing"

	"entrepot/scenarios"
)

// known makes a figure of the factors and of luck.
func known(value func(x []float64, luck float64) float64) Runner {
	return func(_ context.Context, s *Study, p *Point, seed uint64) (*Taken, error) {
		out := make([]float64, len(s.Figures))
		for i := range out {
			out[i] = value(p.Values, float64(seed%1000)/1000)
		}
		return &Taken{Figures: out}, nil
	}
}

func executed(t *testing.T, s *Study) *Memory {
	t.Helper()
	store := NewMemory()
	if err := s.Execute(context.Background(), store, Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	return store
}

func TestBothMethodsNameWhatDrivesAFigureAndWhatDoesNot(t *testing.T) {
	s := textbook(t)
	factors := factorsFrom(t, s, "trafficker.cost_per_km=0:1000", "trafficker.margin=0:1", "trafficker.interest=0:0.05")
	model := known(func(x []float64, luck float64) float64 { return 100000 + 50*x[0] + 10000*x[1] + 20000*luck })
	morris, err := NewMorris(s, factors, 10, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	sobol, err := NewSobol(s, factors, 128, 1, 1)
	if err != nil {
		t.Fatal(err)
	}
	if morris.Runs() != 40 || sobol.Runs() != 128*5 {
		t.Errorf("%d and %d runs", morris.Runs(), sobol.Runs())
	}
	for _, x := range []*Sensitivity{morris, sobol} {
		x.Do = model
		f, err := x.Findings(executed(t, x.Study))
		if err != nil {
			t.Fatal(err)
		}
		t.Log(f.Answer)
		rows := f.Sheets[0].Rows
		if rows[0][1] != "trafficker.cost_per_km" || rows[1][1] != "trafficker.margin" || rows[2][len(rows[2])-1] != "no effect shown" {
			t.Errorf("the ranking is %q", rows)
		}
		if !strings.Contains(strings.Join(f.Answer, " "), "trafficker.cost_per_km") {
			t.Errorf("the answer is %q", f.Answer)
		}
	}
}

func TestAFlipOfTheRankingOfPoliciesIsSeen(t *testing.T) {
	var of []*scenarios.Scenario
	for _, name := range []string{"calm", "stockpile-security", "salvador-interdiction"} {
		s, err := scenarios.Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		of = append(of, s)
	}
	structures := Structures(of[0])
	if len(structures) < 8 {
		t.Errorf("%d structures", len(structures))
	}
	r, err := NewRobustness(of, structures, "", false, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	r.Do = known(func(x []float64, luck float64) float64 { // the second policy is better, but under the third structure
		effect := []float64{0, 1000, 2000}[int(x[1])]
		if x[0] == 2 && x[1] == 2 {
			effect = 500
		}
		return 200000 + 10000*luck + effect*(1+luck/10)
	})
	f, err := r.Findings(executed(t, r.Study))
	if err != nil {
		t.Fatal(err)
	}
	t.Log(f.Answer)
	if !strings.Contains(f.Answer[0], "flips") {
		t.Errorf("the answer is %q", f.Answer)
	}
	if got := f.Sheets[0].Rows[2][1:]; !strings.HasSuffix(got[0], "(1)") || !strings.HasSuffix(got[1], "(2)") {
		t.Errorf("under the third structure: %q", got)
	}
}

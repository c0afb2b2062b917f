package experiment

import (
	"context"
	"math"
	"strings"
	"testing"

	"entrepot/experiment/stats"
	"entrepot/scenarios"
)

// compared runs a comparison of textbook variants.
func compared(t *testing.T, pairs int, of ...*scenarios.Scenario) (*Study, *Memory) {
	t.Helper()
	s, store := NewCompare(of, pairs, 1), NewMemory()
	if err := s.Execute(context.Background(), store, Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	return s, store
}

func TestTwoIdenticalScenariosDifferByExactlyZero(t *testing.T) {
	s, store := compared(t, 6, textbook(t), textbook(t))
	sample, err := s.Sample(store)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range sample.Effects(1) {
		if e.Pairs > 0 && (e.Difference.Value != 0 || e.Verdict != stats.Identical) {
			t.Errorf("%s: difference %v, %v", e.Figure.ID, e.Difference, e.Verdict)
		}
	}
	f, err := CompareFindings(s, store)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Answer) != 1 || !strings.Contains(f.Answer[0], "identical") {
		t.Errorf("the answer is %q", f.Answer)
	}
	for _, c := range f.Charts {
		fan, ok := c.(*FanChart)
		if !ok || !fan.Zero {
			continue
		}
		for k, x := range fan.Fans[0].Q95 {
			if x != 0 && !math.IsNaN(x) {
				t.Errorf("%s: the difference in %s is %v", fan.Name, fan.Months[k], x)
			}
		}
	}
}

func TestDearerRoadsMakeTheTownDearerAndTheAnswerSaysSo(t *testing.T) {
	s, store := compared(t, 10, textbook(t), textbook(t, "trafficker.cost_per_km=2000"))
	if s.Points[0].Name == s.Points[1].Name {
		t.Errorf("both points are called %s", s.Points[0].Name)
	}
	f, err := CompareFindings(s, store)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.Answer[len(f.Answer)-1], "variance") || !strings.Contains(strings.Join(f.Answer, "\n"), "raises the price") {
		t.Errorf("the answer is %q", f.Answer)
	}
	for _, c := range f.Charts {
		if strings.Contains(c.Head().Alt, "%!") || c.Head().Name == "" || c.Head().Note == "" {
			t.Errorf("chart %+v", *c.Head())
		}
	}
}

func TestAnEnsembleSaysHowFarRunsLieApartAndHowManyAreEnough(t *testing.T) {
	s, store := NewEnsemble(textbook(t), 12, 1), NewMemory()
	if err := s.Execute(context.Background(), store, Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	f, err := EnsembleFindings(s, store)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range f.Answer {
		t.Log(line)
	}
	if len(f.Answer) < 2 || len(f.Sheets) != 2 || len(f.Sheets[1].Rows) < 10 || len(f.Charts) < 3 {
		t.Errorf("%d answers, %d sheets, %d charts", len(f.Answer), len(f.Sheets), len(f.Charts))
	}
	fan := f.Charts[0].(*FanChart)
	for k := range fan.Months {
		q := fan.Fans[0]
		if !(q.Q05[k] <= q.Q25[k] && q.Q25[k] <= q.Q50[k] && q.Q50[k] <= q.Q75[k] && q.Q75[k] <= q.Q95[k]) && !math.IsNaN(q.Q50[k]) {
			t.Errorf("%s: quantiles %v %v %v %v %v", fan.Months[k], q.Q05[k], q.Q25[k], q.Q50[k], q.Q75[k], q.Q95[k])
		}
	}
}

func TestAComparisonWithAScenarioThatAlwaysFailsSaysSo(t *testing.T) {
	s := NewCompare([]*scenarios.Scenario{textbook(t), textbook(t)}, 3, 1)
	s.Do = func(ctx context.Context, s *Study, p *Point, seed uint64) (*Taken, error) {
		if p == &s.Points[1] {
			panic("index out of range")
		}
		return Simulate(ctx, s, p, seed)
	}
	store := executed(t, s)
	f, err := CompareFindings(s, store)
	if err != nil {
		t.Fatal(err)
	}
	if len(f.Failed) != 3 || !strings.Contains(f.Answer[0], "There is no price") || !strings.Contains(strings.Join(f.Design, " "), "3 runs failed") {
		t.Errorf("failed %q, answer %q, design %q", f.Failed, f.Answer, f.Design)
	}
	if first, err := s.AllFailed(store); first != nil || err != nil {
		t.Errorf("all failed: %v, %v", first, err)
	}
}

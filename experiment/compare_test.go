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
	s, err := NewCompare(of, pairs, 1)
	if err != nil {
		t.Fatal(err)
	}
	store := NewMemory()
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

func TestScenariosWhosePunctuationAloneDiffersHaveFilesOfTheirOwn(t *testing.T) {
	s, store := compared(t, 2, textbook(t), textbook(t, "name=dear-roads", "trafficker.cost_per_km=2000"), textbook(t, "name=dear_roads", "trafficker.cost_per_km=3000"),
		textbook(t, "name=Dear-roads", "trafficker.cost_per_km=4000"))
	f, err := CompareFindings(s, store)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	once := func(kind, name string) {
		if file := kind + strings.ToLower(name); seen[file] { // as some disks take it
			t.Errorf("%s %s is written twice", kind, name)
		} else {
			seen[file] = true
		}
	}
	for i := range f.Sheets {
		once("sheet", f.Sheets[i].Name)
	}
	for _, c := range f.Charts {
		once("chart", c.Head().Name)
	}
	if !seen["sheeteffects-dear-roads"] || !seen["sheeteffects-dear_roads"] || len(seen) < 12 {
		t.Errorf("names that a file may have must stay as they are, got %v", seen)
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
	s, err := NewCompare([]*scenarios.Scenario{textbook(t), textbook(t)}, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
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
	if len(f.Failed) != 3 || !strings.Contains(f.Answer[0], "There is no price") || !strings.Contains(strings.Join(f.Design, " "), "Failed: 3 runs") {
		t.Errorf("failed %q, answer %q, design %q", f.Failed, f.Answer, f.Design)
	}
	if first, err := s.AllFailed(store); first != nil || err != nil {
		t.Errorf("all failed: %v, %v", first, err)
	}
}

// failing is a runner under which every run of some points fails.
func failing(points ...int) Runner {
	return func(ctx context.Context, s *Study, p *Point, seed uint64) (*Taken, error) {
		for _, i := range points {
			if p == &s.Points[i] {
				return nil, &Failure{"time", "too long"}
			}
		}
		return Simulate(ctx, s, p, seed)
	}
}

func TestStudiesOfWhichEveryRunFailedSaySoAndNothingElse(t *testing.T) {
	compare, err := NewCompare([]*scenarios.Scenario{textbook(t), textbook(t)}, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	compare.Do = failing(0, 1)
	ensemble := NewEnsemble(textbook(t), 2, 1)
	ensemble.Do = failing(0)
	for _, c := range []struct {
		name   string
		study  *Study
		find   func(*Study, Results) (*Findings, error)
		failed int
	}{
		{"an ensemble", ensemble, EnsembleFindings, 2},
		{"a comparison", compare, CompareFindings, 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			store := NewMemory()
			if err := c.study.Execute(context.Background(), store, Options{Workers: 1}); err != nil {
				t.Fatal(err)
			}
			f, err := c.find(c.study, store)
			if err != nil {
				t.Fatal(err)
			}
			if len(f.Answer) != 1 || !strings.HasPrefix(f.Answer[0], "Nothing can be said") || len(f.Failed) != c.failed || len(f.Charts) > 0 {
				t.Errorf("%d failed, %d charts, the answer is %q", len(f.Failed), len(f.Charts), f.Answer)
			}
		})
	}
}

// over is textbook over another period.
func over(t *testing.T, period string) *scenarios.Scenario { return textbook(t, "period="+period) }

func TestScenariosOfOtherPeriodsAreComparedInWhatTheyShare(t *testing.T) {
	for _, c := range []struct {
		name string
		of   []*scenarios.Scenario
		err  string // "" where there is something to compare
	}{
		{"one ends earlier", []*scenarios.Scenario{textbook(t), over(t, "{start: 2021-01-04, end: 2022-12-26}")}, ""},
		{"the first ends earlier", []*scenarios.Scenario{over(t, "{start: 2021-01-04, end: 2022-12-26}"), textbook(t)}, ""},
		{"one begins earlier", []*scenarios.Scenario{textbook(t), over(t, "{start: 2020-01-06, end: 2023-12-25}")}, ""},
		{"one is over before the other begins", []*scenarios.Scenario{textbook(t), over(t, "{start: 2010-01-04, end: 2012-12-31}")},
			"must run over the period that is compared"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.err != "" {
				if _, err := NewCompare(c.of, 2, 1); err == nil || !strings.Contains(err.Error(), c.err) {
					t.Errorf("got %v", err)
				}
				return
			}
			s, store := compared(t, 2, c.of...)
			f, err := CompareFindings(s, store)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(f.Answer[0], "There is no") {
				t.Errorf("the answer is %q", f.Answer)
			}
			spreads, err := s.Spreads(store)
			if err != nil {
				t.Fatal(err)
			}
			shared := 0
			for _, x := range spreads.less[1][0].quantiles {
				if !math.IsNaN(x.Quantile(0.5)) {
					shared++
				}
			}
			if shared < 20 || len(spreads.months) != len(spreads.of[1][0].quantiles) {
				t.Errorf("%d months are shared", shared)
			}
		})
	}
}

func TestScenariosOfWorldsWithoutACommonTownAreNotCompared(t *testing.T) {
	mali, err := scenarios.Load("calm", nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := NewCompare([]*scenarios.Scenario{mali, textbook(t)}, 2, 1); err == nil || !strings.Contains(err.Error(), "must have towns in common; calm has none") {
		t.Errorf("got %v", err)
	}
}

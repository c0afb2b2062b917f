package experiment

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"entrepot/experiment/design"
	"entrepot/scenarios"
)

// factorsFrom reads what shall be varied.
func factorsFrom(t *testing.T, of *scenarios.Scenario, texts ...string) []design.Factor {
	t.Helper()
	factors, err := ReadFactors("--vary", texts, of)
	if err != nil {
		t.Fatal(err)
	}
	return factors
}

func TestFactorsAreReadAsTheyAreTyped(t *testing.T) {
	s := textbook(t)
	for _, c := range []struct{ text, want string }{
		{"trafficker.cost_per_km=100:900", "{trafficker.cost_per_km 100 900 false false [] 0}"},
		{"trafficker.cost_per_km=100:900:3", "{trafficker.cost_per_km 100 900 false false [] 3}"},
		{"trafficker.cost_per_km=100:900:log", "{trafficker.cost_per_km 100 900 true false [] 0}"},
		{"trafficker.cost_per_km", "{trafficker.cost_per_km 125 500 false false [] 0}"},
		{"trafficker.loss_owner", "{trafficker.loss_owner 1.5e+06 6e+06 false true [] 0}"},
		{"road.passthrough", "{road.passthrough 0 0 false false [additive proportional both] 0}"},
		{"road.passthrough=additive,both", "{road.passthrough 0 0 false false [additive both] 0}"},
	} {
		if got := fmt.Sprint(factorsFrom(t, s, c.text)[0]); got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
	if n := len(UsualFactors(s)); n < 30 {
		t.Errorf("%d usual factors", n)
	}
}

func TestAllThatIsWrongWithFactorsIsToldAtOnceWithHints(t *testing.T) {
	s := textbook(t)
	for _, c := range []struct {
		name  string
		texts []string
		want  []string // the beginnings of the problems, and their hints
	}{
		{"a slip in a path", []string{"trafficker.cost_per_kn=1:2"}, []string{"--vary 1:1:1: parameters.trafficker.cost_per_kn: must be a parameter of the model", "did you mean trafficker.cost_per_km?"}},
		{"a slip in a section", []string{"trafficer.margin=0.1:0.2"}, []string{"--vary 1:1:1: trafficer.margin: must be a parameter", "did you mean trafficker.margin?"}},
		{"a slip without values", []string{"trafficker.margn"}, []string{"--vary 1:1:1: trafficker.margn: must be a parameter of the model or have values", "did you mean trafficker.margin?"}},
		{"a high end that is too high", []string{"trafficker.cost_per_km=100:9000"}, []string{"--vary 1:1:28: parameters.trafficker.cost_per_km: must be a number from 0 to 5000", ""}},
		{"both ends", []string{"trafficker.margin=-1:2"}, []string{"--vary 1:1:19: parameters.trafficker.margin: must be a number from 0 to 1", "", "--vary 1:1:22: parameters.trafficker.margin: must be a number from 0 to 1", ""}},
		{"a slip in a level", []string{"road.passthrough=additive,bot"}, []string{"--vary 1:1:27: parameters.road.passthrough: must be one of additive, proportional, both", "did you mean both?"}},
		{"a range upside down of nothing", []string{"trafficker.costs=9:1"}, []string{"--vary 1:1:18: trafficker.costs: low must be below high", "", "--vary 1:1:1: parameters.trafficker.costs: must be a parameter of the model", "did you mean trafficker.tau?"}},
		{"too many parts", []string{"trafficker.margin=1:2:3:4"}, []string{"--vary 1:1:19: trafficker.margin: must be LOW:HIGH", ""}},
		{"words for numbers", []string{"trafficker.margin=a:b"}, []string{"--vary 1:1:19: trafficker.margin: must be numbers", ""}},
		{"an event that is none", []string{"events.x.value=1:2"}, []string{"--vary 1:1:1: events: must be the id of an event", ""}},
		{"no range of an event", []string{"events.x.value"}, []string{"--vary 1:1:1: events.x.value: must be a parameter of the model or have values", "only of a parameter of the model a range is known"}},
		{"nothing", []string{""}, []string{"--vary 1:1:1: must be PATH=LOW:HIGH", ""}},
		{"the second of two paths", []string{"trafficker.margin|trafficker.taw=0.1:0.2"}, []string{"--vary 1:1:19: parameters.trafficker.taw: must be a parameter of the model", "did you mean trafficker.tau?"}},
		{"a path that is missing", []string{"trafficker.tau|=1:2", "|road.mu", " | =1:2"}, []string{"--vary 1:1:1: trafficker.tau|: must have a path before and behind each bar, got none", "",
			"--vary 2:1:1: |road.mu: must have a path", "", "--vary 3:1:2: |: must have a path", ""}},
		{"several texts", []string{"trafficker.margin=0:0.5", "name=a,b", "trafficker.margn=1:2", "parameters.trafficker.margin=0:0.5"},
			[]string{"--vary 3:1:1: parameters.trafficker.margn: must be a parameter", "did you mean trafficker.margin?", "--vary 2:1:1: name: must be something that changes results", "",
				"--vary 4:1:1: parameters.trafficker.margin: must be varied once", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ReadFactors("--vary", c.texts, s)
			found := problemsOf(err)
			if len(found) != len(c.want)/2 {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			for i, p := range found {
				if !strings.HasPrefix(p.String(), c.want[2*i]) || p.Hint != c.want[2*i+1] {
					t.Errorf("got %s, want %q", p, c.want[2*i:2*i+2])
				}
			}
		})
	}
}

func TestAllThatIsWrongWithADesignFileIsToldWhereItStands(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"a value out of bounds", "trafficker.cost_per_km,road.passthrough\n100,additive\n9000,both\n", "d.csv:3:1: parameters.trafficker.cost_per_km: must be a number from 0 to 5000 (CFA per km), got 9000"},
		{"a slip in a header and one in a level", "trafficker.margn,road.passthrough\n0.1,additive\n0.2,bot\n",
			"d.csv:1:1: parameters.trafficker.margn: must be a parameter of the model, got \"trafficker.margn\"; did you mean trafficker.margin?\nd.csv:3:5: parameters.road.passthrough: must be one of additive, proportional, both, got \"bot\"; did you mean both?"},
		{"what changes nothing", "title,trafficker.margin\na,0.1\nb,0.2\n", "d.csv:1:1: title: must be something that changes results"},
		{"a row too short", "trafficker.margin,trafficker.tau\n0.1\n", "d.csv:2:1: must be a row of 2 fields"},
	} {
		if _, err := ListDesign("d.csv", []byte(c.text), textbook(t)); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

func TestFiguresThatAStudyLacksAreToldAtOnceWithHints(t *testing.T) {
	s := NewEnsemble(textbook(t), 1, 1)
	err := CheckFigures(s.Figures, []string{"price_ak_end_aftr", "violence_after", "violence_after", "zz"})
	if err == nil {
		t.Fatal("must be refused")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 3 || !strings.Contains(lines[0], "did you mean price_ak_end_after?") || !strings.Contains(lines[1], "must be named once") || !strings.Contains(lines[2], "(price_ak_source_before, ") {
		t.Errorf("got %s", err)
	}
}

func TestDesignsAreLaidOutOnTheScenario(t *testing.T) {
	s := textbook(t)
	factors := factorsFrom(t, s, "trafficker.cost_per_km=100:900:3", "road.passthrough")
	for how, want := range map[string]int{"grid": 9, "oat": 1 + 3 + 2, "lhs": 8, "sobol": 8} {
		d, err := NewDesign(how, factors, 8, s, 1)
		if err != nil || len(d.Points) != want {
			t.Errorf("%s: %v, %d points, want %d", how, err, len(d.Points), want)
		}
	}
	if _, err := NewDesign("sobol", factors, 9, s, 1); err == nil {
		t.Error("nine points of a Sobol' design must be refused")
	}
	if _, err := NewDesign("cube", factors, 9, s, 1); err == nil {
		t.Error("an unknown design must be refused")
	}
}

// swept runs a sweep whose figures are made by a function of the factors.
func swept(t *testing.T, how string, n, replicates int, value func(x []float64, luck float64) float64, factors ...string) (*Sweep, *Sample, *Memory) {
	t.Helper()
	s := textbook(t)
	d, err := NewDesign(how, factorsFrom(t, s, factors...), n, s, 1)
	if err != nil {
		t.Fatal(err)
	}
	w := NewSweep(s, how, d, replicates, 1)
	w.Do = func(_ context.Context, study *Study, p *Point, seed uint64) (*Taken, error) {
		out := make([]float64, len(study.Figures))
		for i := range out {
			out[i] = value(p.Values, float64(seed%1000)/1000)
		}
		return &Taken{Figures: out}, nil
	}
	store := NewMemory()
	if err := w.Execute(context.Background(), store, Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	sample, err := w.Sample(store)
	if err != nil {
		t.Fatal(err)
	}
	return w, sample, store
}

func TestASweepSaysWhereAFigureIsHighAndWhatItFollows(t *testing.T) {
	w, _, store := swept(t, "grid", 0, 3, func(x []float64, luck float64) float64 { return 1000 + x[0] - 100*x[1] + luck }, "trafficker.cost_per_km=100:900:5", "trafficker.margin=0.1:0.5:3")
	f, err := w.Findings(store)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.Answer[0], "to 1\u00a08") || !strings.Contains(f.Answer[0], "at trafficker.cost_per_km=900, trafficker.margin=0.1") {
		t.Errorf("the answer is %q", f.Answer)
	}
	for _, c := range f.Charts {
		if l, ok := c.(*LineChart); ok && strings.HasSuffix(l.Name, "km") {
			if n := len(l.Lines[0].X); n != 5 || l.Lines[0].Y[4]-l.Lines[0].Y[0] != 800 {
				t.Errorf("%s: %d steps, %v", l.Name, n, l.Lines[0].Y)
			}
		}
		if m, ok := c.(*MatrixChart); ok && (len(m.Values) != 5 || len(m.Values[0]) != 3 || m.Values[4][0]-m.Values[0][0] != 800) {
			t.Errorf("%s: %v", m.Name, m.Values)
		}
	}
	if row := f.Sheets[0].Rows[0]; !strings.HasPrefix(row[1], "+0.9") && !strings.HasPrefix(row[1], "+1") {
		t.Errorf("rank correlations %v", row)
	}
}

func TestADiscoveryFindsTheBoxAndNothingInNoise(t *testing.T) {
	factors := []string{"trafficker.cost_per_km=0:1", "trafficker.margin=0:1", "trafficker.interest=0:0.05", "road.passthrough"}
	w, sample, _ := swept(t, "lhs", 400, 1, func(x []float64, luck float64) float64 {
		if x[0] > 0.6 && x[1] < 0.5 {
			return 100 + luck
		}
		return luck
	}, factors...)
	o, err := ParseOutcome("price_ak_end_after>50", sample)
	if err != nil {
		t.Fatal(err)
	}
	f, err := w.Discover(sample, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(f.Answer)
	if !strings.Contains(f.Answer[0], "trafficker.cost_per_km") || !strings.Contains(f.Answer[0], "trafficker.margin") || strings.Contains(f.Answer[0], "interest") || strings.Contains(f.Answer[0], "road") {
		t.Errorf("the answer is %q", f.Answer)
	}
	w, sample, _ = swept(t, "lhs", 400, 1, func(x []float64, luck float64) float64 { return math.Mod(1e6*x[0]+x[1]*3e5, 1) }, factors...)
	o, _ = ParseOutcome("price_ak_end_after > 80%", sample)
	if o.Bound < 0.7 || o.Bound > 0.9 {
		t.Errorf("the bound that 80 %% of runs lie below is %v", o.Bound)
	}
	if f, err = w.Discover(sample, o); err != nil || !strings.Contains(f.Answer[0], "Nothing tells") {
		t.Errorf("in noise: %v, %q", err, f.Answer)
	}
	for _, bad := range []string{"price", "nothing>3", "price_ak_end_after>x", "price_ak_end_after>100%"} {
		if _, err := ParseOutcome(bad, sample); err == nil {
			t.Errorf("%q must be refused", bad)
		}
	}
}

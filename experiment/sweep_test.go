package experiment

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"entrepot/experiment/design"
)

func TestFactorsAreReadAsTheyAreTyped(t *testing.T) {
	s := textbook(t)
	for _, c := range []struct {
		text string
		want string // of the factor, or of the error
	}{
		{"trafficker.cost_per_km=100:900", "{trafficker.cost_per_km 100 900 false false [] 0}"},
		{"trafficker.cost_per_km=100:900:3", "{trafficker.cost_per_km 100 900 false false [] 3}"},
		{"trafficker.cost_per_km=100:900:log", "{trafficker.cost_per_km 100 900 true false [] 0}"},
		{"trafficker.cost_per_km", "{trafficker.cost_per_km 125 500 false false [] 0}"},
		{"trafficker.loss_owner", "{trafficker.loss_owner 1.5e+06 6e+06 false true [] 0}"},
		{"road.passthrough", "{road.passthrough 0 0 false false [additive proportional both] 0}"},
		{"road.passthrough=additive,both", "{road.passthrough 0 0 false false [additive both] 0}"},
		{"trafficker.cost_per_km=100:9000", "must be a number from 0 to 5000"},
		{"trafficker.cost_per_km=9:1", "low must be below high"},
		{"trafficker.cost_per_km=1:2:3:4", "must be LOW:HIGH"},
		{"trafficker.cost_per_km=a:b", "must be numbers"},
		{"trafficker.cost_per_kn=1:2", "must be a parameter"},
		{"road.passthrough=additive,bot", "must be one of"},
		{"events.x.value", "only of a parameter of the model"},
		{"", "must be PATH=LOW:HIGH"},
	} {
		f, err := ParseFactor(c.text, s)
		got := fmt.Sprint(f)
		if err != nil {
			got = err.Error()
		}
		if !strings.Contains(got, c.want) {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
	if n := len(UsualFactors(s)); n < 30 {
		t.Errorf("%d usual factors", n)
	}
}

func TestDesignsAreLaidOutOnTheScenario(t *testing.T) {
	s := textbook(t)
	a, _ := ParseFactor("trafficker.cost_per_km=100:900:3", s)
	b, _ := ParseFactor("road.passthrough", s)
	for how, want := range map[string]int{"grid": 9, "oat": 1 + 3 + 2, "lhs": 8, "sobol": 8} {
		d, err := NewDesign(how, []design.Factor{a, b}, 8, s, 1)
		if err != nil || len(d.Points) != want {
			t.Errorf("%s: %v, %d points, want %d", how, err, len(d.Points), want)
		}
	}
	if _, err := NewDesign("sobol", []design.Factor{a, b}, 9, s, 1); err == nil {
		t.Error("nine points of a Sobol' design must be refused")
	}
	if _, err := NewDesign("cube", []design.Factor{a, b}, 9, s, 1); err == nil {
		t.Error("an unknown design must be refused")
	}
	if _, err := ListDesign("d.csv", []byte("trafficker.cost_per_km,road.passthrough\n100,additive\n9000,both\n"), s); err == nil || !strings.Contains(err.Error(), "from 0 to 5000") {
		t.Errorf("a list with an impossible value: %v", err)
	}
}

// swept runs a sweep whose figures are made by a function of the factors.
func swept(t *testing.T, how string, n, replicates int, value func(x []float64, luck float64) float64, factors ...string) (*Sweep, *Sample, *Memory) {
	t.Helper()
	s := textbook(t)
	var fs []design.Factor
	for _, text := range factors {
		f, err := ParseFactor(text, s)
		if err != nil {
			t.Fatal(err)
		}
		fs = append(fs, f)
	}
	d, err := NewDesign(how, fs, n, s, 1)
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

package prim

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"entrepot/sim"
)

// five inputs, uniform on [0, 1) but the last, which is one of four places; hits with a chance that the case decides.
func five(t *testing.T, n int, seed uint64, chance func(x []float64) float64) *Data {
	t.Helper()
	key := sim.NewKey(seed)
	inputs := []Input{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}, {Name: "place", Levels: []string{"north", "south", "east", "west"}}}
	for c := range inputs {
		inputs[c].Values = make([]float64, n)
		for i := range n {
			k := key.At(uint64(c)).Nth(uint64(i))
			if inputs[c].Values[i] = k.Float(); inputs[c].Levels != nil {
				inputs[c].Values[i] = float64(k.Intn(4))
			}
		}
	}
	outcome := make([]bool, n)
	for i := range outcome {
		x := make([]float64, len(inputs))
		for c := range x {
			x[c] = inputs[c].Values[i]
		}
		outcome[i] = key.Label("outcome").Nth(uint64(i)).Float() < chance(x)
	}
	d, err := New(inputs, outcome)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// inBox is the truth of most tests: a at least 0.6, b from 0.2 to 0.7, place not west.
func inBox(x []float64) bool { return x[0] >= 0.6 && x[1] >= 0.2 && x[1] <= 0.7 && x[4] != 3 }

func noisyBox(x []float64) float64 {
	if inBox(x) {
		return 0.9
	}
	return 0.05
}

func TestKnownBoxIsRecovered(t *testing.T) {
	d := five(t, 1500, 1, noisyBox)
	o := Usual()
	found := d.Cover(o, 3, 99, sim.NewKey(2))
	if len(found) == 0 {
		t.Fatal("no box")
	}
	f := found[0]
	t.Logf("%d boxes; %s; quasi-p %.2g", len(found), d.Words(nil, "hit", f.Step), f.QuasiP)
	for _, c := range []struct {
		what           string
		got, low, high float64
	}{
		{"low a", f.Box[0].Low, 0.57, 0.63}, {"low b", f.Box[1].Low, 0.16, 0.24}, {"high b", f.Box[1].High, 0.66, 0.74},
		{"density", f.Density, 0.78, 0.95}, {"coverage", f.Coverage, 0.65, 0.85}, {"significance", f.Significance, 0.01, 0.01},
	} {
		if !(c.got >= c.low && c.got <= c.high) {
			t.Errorf("%s must be in [%g, %g], got %g", c.what, c.low, c.high, c.got)
		}
	}
	if got := f.Box.Restricted(); !slices.Equal(got, []int{0, 1, 4}) {
		t.Errorf("restricted inputs must be 0, 1, 4, got %v", got)
	}
	if !math.IsInf(f.Box[0].High, 1) || !slices.Equal(f.Box[4].Without, []bool{false, false, false, true}) {
		t.Errorf("limits: %+v", f.Box)
	}
	for c, p := range f.QuasiP {
		if c == 2 || c == 3 {
			if !math.IsNaN(p) {
				t.Errorf("input %d is not restricted and has no p, got %g", c, p)
			}
		} else if p > 1e-6 {
			t.Errorf("quasi-p of input %d must be tiny, got %g", c, p)
		}
	}
	r := d.Reproduce(o, 20, sim.NewKey(3))
	t.Logf("halves: restricted %.2f, coverage %.2f, density %.2f, base %.2f", r.Restricted, r.Coverage, r.Density, r.Base)
	for c, want := range []bool{true, true, false, false, true} {
		if want != (r.Restricted[c] >= 0.9 && r.Restricted[c] < 1.000001) || !want && r.Restricted[c] > 0.3 {
			t.Errorf("input %d is restricted in %g of halves", c, r.Restricted[c])
		}
	}
	if r.Density < 0.8 || r.Coverage < 0.55 {
		t.Errorf("in the other halves: density %g, coverage %g", r.Density, r.Coverage)
	}
}

// Limits on inputs without meaning have large quasi-p values and go.
func TestNoiseIsDropped(t *testing.T) {
	d := five(t, 1500, 4, noisyBox)
	b := d.Everything().with(0, Limit{Low: 0.6, High: math.Inf(1)}).with(1, Limit{Low: 0.2, High: 0.7}).with(2, Limit{Low: 0.1, High: math.Inf(1)}).with(3, Limit{Low: math.Inf(-1), High: 0.8})
	p := d.QuasiP(b)
	if p[0] > 1e-9 || p[1] > 1e-9 || p[2] < 0.05 || p[3] < 0.05 {
		t.Errorf("quasi-p: %v", p)
	}
	if got := d.Simplify(d.Measure(b), 0.05).Box.Restricted(); !slices.Equal(got, []int{0, 1}) {
		t.Errorf("what is left: %v", got)
	}
}

// In pure noise a search is significant as often as the level says, and Cover says that there is nothing.
func TestNoBoxInNoise(t *testing.T) {
	const repetitions = 60
	boxes := 0
	density, base, ps := 0.0, 0.0, 0.0
	o := Usual()
	o.MinDensity = 0.6 // twice the base: a search that is bent on finding something
	for r := range uint64(repetitions) {
		d := five(t, 200, 100+r, func([]float64) float64 { return 0.3 })
		boxes += min(1, len(d.Cover(o, 1, 39, sim.NewKey(r))))
		ps += d.Significance(o, 9, sim.NewKey(r).Label("p")) / repetitions
		if r < 15 {
			all := o
			all.Level = 1 // keep all limits
			rep := d.Reproduce(all, 4, sim.NewKey(r))
			density, base = density+rep.Density/15, base+rep.Base/15
		}
	}
	t.Logf("boxes in %d of %d noises; density in the other half %.3f, base %.3f", boxes, repetitions, density, base)
	if math.Abs(ps-0.55) > 0.12 { // uniform on 0.1, 0.2 ... 1
		t.Errorf("p values of noise must have mean 0.55, got %g", ps)
	}
	if boxes > 9 { // binomial(60, 0.05): above 9 with chance 0.001
		t.Errorf("boxes in %d of %d noises", boxes, repetitions)
	}
	if math.Abs(density-base) > 0.05 {
		t.Errorf("boxes of noise must hold no more than the base %g in the other half, got %g", base, density)
	}
}

func TestTwoBoxesAreCovered(t *testing.T) {
	d := five(t, 1500, 5, func(x []float64) float64 {
		if x[0] > 0.7 && x[1] > 0.6 || x[2] < 0.25 && x[3] < 0.5 {
			return 0.95
		}
		return 0.03
	})
	found := d.Cover(Usual(), 5, 99, sim.NewKey(1))
	total := 0.0
	var inputs []string
	for _, f := range found {
		total += f.Coverage
		inputs = append(inputs, d.Where(nil, f.Box))
	}
	t.Logf("%s: coverage %.2f", strings.Join(inputs, " | "), total)
	if len(found) < 2 || total < 0.65 || total > 1 {
		t.Fatalf("must be two boxes or more with most hits, got %d with %g", len(found), total)
	}
	first, second := found[0].Box.Restricted(), found[1].Box.Restricted()
	if !slices.Equal(first, []int{2, 3}) && !slices.Equal(first, []int{0, 1}) || slices.Equal(first, second) {
		t.Errorf("restricted: %v, %v", first, second)
	}
}

func TestTrajectory(t *testing.T) {
	d := five(t, 800, 6, noisyBox)
	path := d.Peel(Usual())
	first, last := path[0], path[len(path)-1]
	if first.Cases != 800 || first.Coverage != 1 || first.Mass != 1 || len(first.Box.Restricted()) != 0 {
		t.Errorf("the first step is everything, got %+v", first)
	}
	if last.Mass < 0.05 || len(path) < 20 {
		t.Errorf("the last of %d steps has mass %g", len(path), last.Mass)
	}
	for i, s := range path {
		if again := d.Measure(s.Box); again.Cases != s.Cases || again.Hits != s.Hits {
			t.Fatalf("step %d: counted %d and %d, the box holds %d and %d", i, s.Cases, s.Hits, again.Cases, again.Hits)
		}
		if i > 0 && slices.Equal(s.Box[4].Without, path[i-1].Box[4].Without) {
			if gone := path[i-1].Cases - s.Cases; gone != max(1, path[i-1].Cases/20) {
				t.Errorf("step %d: must take a twentieth of %d cases, took %d", i, path[i-1].Cases, gone)
			}
		}
		if i > 0 && (s.Cases >= path[i-1].Cases || float64(path[i-1].Cases-s.Cases) > 0.5*float64(path[i-1].Cases)) {
			t.Errorf("step %d: %d cases after %d", i, s.Cases, path[i-1].Cases)
		}
	}
}

func TestChoose(t *testing.T) {
	path := []Step{{Coverage: 1, Density: 0.2, Hits: 1}, {Coverage: 0.9, Density: 0.5, Hits: 1}, {Coverage: 0.7, Density: 0.45, Hits: 1}, {Coverage: 0.5, Density: 0.8, Hits: 1}, {Coverage: 0.2, Density: 0.9, Hits: 1}}
	for _, c := range []struct{ density, want float64 }{{0, 0.9}, {0.4, 0.9}, {0.6, 0.5}, {0.85, 0.2}, {0.99, 0.2}, {0.1, 1}} {
		if got := Choose(path, Options{MinDensity: c.density}); got.Coverage != c.want {
			t.Errorf("density %g: must have coverage %g, got %g", c.density, c.want, got.Coverage)
		}
	}
}

// A box that was cut too small grows back to within a paste of its edges, and no further.
func TestPaste(t *testing.T) {
	d := five(t, 2000, 7, func(x []float64) float64 {
		if inBox(x) {
			return 1
		}
		return 0
	})
	small := d.Everything().with(0, Limit{Low: 0.8, High: 0.9}).with(1, Limit{Low: 0.4, High: 0.5}).with(4, Limit{math.Inf(-1), math.Inf(1), []bool{true, false, true, true}})
	small = small.with(2, Limit{Low: 0.3, High: 0.6}) // without meaning: its bounds go
	s := d.Paste(d.Measure(small), Usual())
	if got := s.Box.Restricted(); slices.Contains(got, 2) {
		t.Errorf("restricted: %v, %+v", got, s.Box[2])
	}
	if s.Density != 1 || s.Coverage < 0.95 || s.Box[0].Low < 0.6 || s.Box[1].Low < 0.2 || s.Box[1].High > 0.7 || !slices.Equal(s.Box[4].Without, []bool{false, false, false, true}) {
		t.Errorf("got %+v", s)
	}
}

func TestCut(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []float64
		k      int
		want   int
	}{
		{"all different", []float64{1, 2, 3, 4, 5}, 2, 2},
		{"equal values at the cut stay", []float64{1, 2, 2, 2, 3}, 2, 1},
		{"unless nothing would go", []float64{1, 1, 1, 2, 3}, 2, 3},
		{"all equal", []float64{1, 1, 1}, 1, 0},
	} {
		if got := cut(len(c.values), c.k, func(i int) float64 { return c.values[i] }); got != c.want {
			t.Errorf("%s: must be %d, got %d", c.name, c.want, got)
		}
	}
}

// A paste adds the cases next to an edge, as many as asked for, at either end or fewer where there are no more.
func TestPastes(t *testing.T) {
	values, hit := make([]float64, 20), make([]bool, 20)
	for i := range values {
		values[i], hit[i] = float64(i), i >= 4 && i < 12
	}
	d, err := New([]Input{{Name: "x", Values: values}}, hit)
	if err != nil {
		t.Fatal(err)
	}
	s := d.Measure(Box{{Low: 8, High: 9}})
	for _, c := range []struct {
		k    int
		want []candidate
	}{
		{3, []candidate{{0, Limit{Low: 5, High: 9}, 3, 3}, {0, Limit{Low: 8, High: 12}, 3, 2}}},
		{50, []candidate{{0, Limit{Low: 0, High: 9}, 8, 4}, {0, Limit{Low: 8, High: 19}, 10, 2}}},
	} {
		if got := d.pastes(0, s, c.k); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%d cases: must be %v, got %v", c.k, c.want, got)
		}
	}
}

// Inputs with few values lose a value at a time, however many cases have it.
func TestTies(t *testing.T) {
	n := 90
	x, y, hit := make([]float64, n), make([]float64, n), make([]bool, n)
	for i := range x {
		x[i], y[i] = float64(i%3), 7
		hit[i] = i%3 == 1
	}
	d, err := New([]Input{{Name: "x", Values: x}, {Name: "constant", Values: y}}, hit)
	if err != nil {
		t.Fatal(err)
	}
	s := d.Find(Usual())
	if s.Box[0].Low != 1 || s.Box[0].High != 1 || s.Density != 1 || s.Coverage != 1 || len(s.Box.Restricted()) != 1 {
		t.Errorf("got %+v", s)
	}
	if got, want := d.Words(nil, "hit", s), "hit in 100\u00a0% of the 30 runs where x is 1; these are 100\u00a0% of all runs in which it is so"; got != want {
		t.Errorf("must be %q, got %q", want, got)
	}
}

// A monotone change of an input's scale changes no choice.
func TestScaleDoesNotMatter(t *testing.T) {
	d := five(t, 600, 8, noisyBox)
	scaled := slices.Clone(d.inputs)
	scaled[0].Values = make([]float64, 600)
	for i, v := range d.inputs[0].Values {
		scaled[0].Values[i] = math.Exp(9 * v)
	}
	e, err := New(scaled, d.outcome)
	if err != nil {
		t.Fatal(err)
	}
	a, b := d.Find(Usual()), e.Find(Usual())
	if a.Cases != b.Cases || a.Hits != b.Hits || math.Abs(math.Log(b.Box[0].Low)/9-a.Box[0].Low) > 1e-12 {
		t.Errorf("got %+v and %+v", a, b)
	}
}

func TestTail(t *testing.T) {
	for _, c := range []struct {
		k, n int
		p    float64
		want float64
	}{
		{0, 10, 0.3, 1}, {10, 10, 0.5, 1.0 / 1024}, {9, 10, 0.5, 11.0 / 1024}, {1, 10, 0.1, 1 - math.Pow(0.9, 10)},
		{100, 100, 0.1, 1e-100}, {5, 10, 1, 1}, {5, 10, 0, 0},
	} {
		if got := tail(c.k, c.n, c.p); math.Abs(got-c.want) > 1e-9*c.want {
			t.Errorf("%d of %d at %g: must be %g, got %g", c.k, c.n, c.p, c.want, got)
		}
	}
}

func TestWords(t *testing.T) {
	d, err := New([]Input{
		{Name: "price", Unit: "CFA", Values: []float64{0}}, {Name: "margin", Values: []float64{0}},
		{Name: "place", Levels: []string{"north", "south", "east"}, Values: []float64{0}},
	}, []bool{true})
	if err != nil {
		t.Fatal(err)
	}
	low, high := math.Inf(-1), math.Inf(1)
	for _, c := range []struct {
		name string
		box  Box
		want string
	}{
		{"both bounds, one category", Box{{Low: 1234567, High: 2e6}, {Low: low, High: high}, {low, high, []bool{true, false, true}}}, "price is from 1\u00a0234\u00a0567 to 2\u00a0000\u00a0000 CFA and place is south"},
		{"one bound, one category out", Box{{Low: 412345.678, High: high}, {Low: low, High: -0.31234}, {low, high, []bool{true, false, false}}}, "price is at least 412\u00a0346 CFA and margin is at most −0.312 and place is not north"},
		{"small numbers", Box{{Low: low, High: high}, {Low: 0.0000123456, High: high}, {low, high, []bool{false, false, false}}}, "margin is at least 0.0000123"},
	} {
		if got := d.Where(nil, c.box); got != c.want {
			t.Errorf("%s: must be %q, got %q", c.name, c.want, got)
		}
	}
	want := "price above 400,000 in 83\u00a0% of all 12 runs; no circumstances tell them from the rest"
	if got := d.Words(nil, "price above 400,000", Step{Box: d.Everything(), Density: 0.834, Cases: 12}); got != want {
		t.Errorf("must be %q, got %q", want, got)
	}
}

func TestBadColumns(t *testing.T) {
	for _, c := range []struct {
		name    string
		inputs  []Input
		outcome []bool
		want    string
	}{
		{"nothing", nil, []bool{true}, "must be one or more inputs and cases, got 0 and 1"},
		{"short column", []Input{{Name: "x", Values: []float64{1}}}, []bool{true, false}, "reading input x: must have a value for each of 2 cases, got 1"},
		{"missing value", []Input{{Name: "x", Values: []float64{1, math.NaN()}}}, []bool{true, false}, "reading input x: case 1 must be a finite number, got NaN"},
		{"unknown category", []Input{{Name: "x", Levels: []string{"a"}, Values: []float64{0, 1}}}, []bool{true, false}, "case 1 must be one of 1 categories counted from 0, got 1"},
	} {
		if _, err := New(c.inputs, c.outcome); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: must be %q, got %v", c.name, c.want, err)
		}
	}
}

// No hit at all, or nothing but hits: there is nothing to find, and nothing breaks.
func TestAllAlike(t *testing.T) {
	for _, p := range []float64{0, 1} {
		d := five(t, 100, 9, func([]float64) float64 { return p })
		if found := d.Cover(Usual(), 2, 9, sim.NewKey(1)); len(found) != 0 {
			t.Errorf("chance %g: found %v", p, found)
		}
		if s := d.Find(Usual()); s.Cases != 100 && p == 1 {
			t.Errorf("chance %g: got %+v", p, s)
		}
	}
}

// Holds reports whether a case, one value per input, is in the box.
func (b Box) Holds(values []float64) bool {
	for c, l := range b {
		if !l.holds(values[c]) {
			return false
		}
	}
	return true
}

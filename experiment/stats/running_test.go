package stats

import (
	"math"
	"reflect"
	"slices"
	"testing"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"
)

func shuffled(x []float64, key sim.Key) []float64 {
	x = slices.Clone(x)
	for i := len(x) - 1; i > 0; i-- {
		j := key.Nth(uint64(i)).Intn(i + 1)
		x[i], x[j] = x[j], x[i]
	}
	return x
}

// exactQuantile is type 7 of Hyndman & Fan, by sorting.
func exactQuantile(x []float64, p float64) float64 {
	x = slices.Sorted(slices.Values(x))
	at := p * float64(len(x)-1)
	i := min(int(at), len(x)-2)
	if len(x) == 1 {
		return x[0]
	}
	return x[i] + (at-float64(i))*(x[i+1]-x[i])
}

func samples() map[string][]float64 {
	key := sim.NewKey(21)
	mixed := sample(5000, key, normal)
	for i := range mixed {
		switch {
		case i%5 == 0:
			mixed[i] = 0
		case i%3 == 0:
			mixed[i] = -1e6 * mixed[i] * mixed[i]
		}
	}
	prices := sample(3000, key, func(k sim.Key) float64 { return 400000 * math.Exp(0.3*normal(k)) })
	return map[string][]float64{
		"prices": prices, "mixed signs and zeros": mixed, "lognormal": sample(10000, key, lognormal),
		"twelve runs": prices[:12], "two": prices[:2], "one": prices[:1], "equal": {3, 3, 3, 3},
		"eight decades": sample(4000, key, func(k sim.Key) float64 { return math.Pow(10, 8*k.Float()-4) }),
	}
}

func TestQuantilesOfTheSketch(t *testing.T) {
	for name, x := range samples() {
		var s Sketch
		for _, v := range x {
			s.Add(v)
		}
		worst := 0.0
		for p := 0.0; p <= 1; p += 1.0 / 64 {
			got, want := s.Quantile(p), exactQuantile(x, p)
			if want == 0 && got != 0 {
				t.Errorf("%s, p = %g: must be 0, got %g", name, p, got)
			} else if want != 0 {
				worst = max(worst, math.Abs(got/want-1))
			}
		}
		t.Logf("%-22s worst relative error %.5f, %d + %d buckets", name, worst, len(s.below.counts), len(s.above.counts))
		if worst > SketchError*(1+1e-9) {
			t.Errorf("%s: relative error must be at most %g, got %g", name, SketchError, worst)
		}
	}
}

func TestSketchDoesNotShowOrderOrMerging(t *testing.T) {
	for name, x := range samples() {
		x = append(slices.Clone(x), math.NaN(), math.Inf(-1))
		var whole Sketch
		for _, v := range x {
			whole.Add(v)
		}
		parts := make([]Sketch, 3)
		for i, v := range shuffled(x, sim.NewKey(5)) {
			parts[i%3].Add(v)
		}
		var merged Sketch
		for _, i := range []int{2, 0, 1} {
			merged.Merge(&parts[i])
		}
		if !reflect.DeepEqual(whole, merged) {
			t.Errorf("%s: merged parts must be the whole", name)
		}
		if whole.Missing() != 2 || whole.N() != len(x)-2 {
			t.Errorf("%s: got %d and %d missing", name, whole.N(), whole.Missing())
		}
	}
}

// Between two numbers whose distance no number can hold lie numbers all the same.
func TestQuantilesOfTheFarthestNumbers(t *testing.T) {
	var s Sketch
	s.Add(-math.MaxFloat64)
	s.Add(math.MaxFloat64 / 2)
	if got := s.Quantile(0.5); math.Abs(got/math.MaxFloat64+0.25) > 1e-9 {
		t.Errorf("must be a quarter of the largest number below zero, got %g", got)
	}
}

// Any numbers at all, be they hundreds of decades apart: memory is bounded, the state does not show the order, ranks are kept.
func TestSketchOfAnything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.SliceOfN(rapid.Float64(), 1, 60).Draw(t, "x")
		order := rapid.Permutation(x).Draw(t, "order")
		var a, b Sketch
		for i := range x {
			a.Add(x[i])
			b.Add(order[i])
		}
		if !reflect.DeepEqual(a, b) {
			t.Fatalf("order shows: %+v %+v", a, b)
		}
		for _, w := range []window{a.above, a.below, b.above, b.below} {
			if len(w.counts) > mostBuckets || cap(w.counts) > mostBuckets*9/8 {
				t.Fatalf("%d buckets in room for %d", len(w.counts), cap(w.counts))
			}
		}
		last := math.Inf(-1)
		for p := 0.0; a.N() > 0 && p <= 1; p += 0.05 {
			q := a.Quantile(p)
			if q < last-1e-9*math.Abs(last) || math.IsNaN(q) || q < a.min || q > a.max {
				t.Fatalf("quantile %g is %g after %g", p, q, last)
			}
			last = q
		}
	})
}

func TestSketchCollapsesTheSmallest(t *testing.T) {
	var s Sketch
	for _, v := range []float64{1e-30, 1e-20, 1, 1e3, 1e30} {
		s.Add(v)
	}
	if got := len(s.above.counts); got != 1 && got > mostBuckets {
		t.Errorf("%d buckets", got)
	}
	if s.N() != 5 || s.Quantile(0) != 1e-30 || s.Quantile(1) != 1e30 {
		t.Errorf("ranks and extremes must stay, got %d, %g, %g", s.N(), s.Quantile(0), s.Quantile(1))
	}
	if got := s.Quantile(0.5); got > 1e30/7e8 {
		t.Errorf("the middle must be at most the lowest bucket, got %g", got)
	}
	if !math.IsNaN(new(Sketch).Quantile(0.5)) {
		t.Error("nothing has no quantile")
	}
}

func TestMoments(t *testing.T) {
	for name, x := range samples() {
		var whole, a, b, empty Moments
		for i, v := range x {
			whole.Add(v)
			if i < len(x)/3 {
				a.Add(v)
			} else {
				b.Add(v)
			}
		}
		b.Add(math.NaN())
		a.Merge(empty)
		a.Merge(b)
		empty.Merge(a)
		mean, variance := stat.MeanVariance(x, nil)
		for _, m := range []Moments{whole, a, empty} {
			if math.Abs(m.Mean()-mean) > 1e-12*math.Abs(mean)+1e-12 || len(x) > 1 && math.Abs(m.Variance()-variance) > 1e-10*variance {
				t.Errorf("%s: must be %g and %g, got %g and %g", name, mean, variance, m.Mean(), m.Variance())
			}
			if m.Min() != slices.Min(x) || m.Max() != slices.Max(x) || m.N() != len(x) {
				t.Errorf("%s: extremes %g %g of %d", name, m.Min(), m.Max(), m.N())
			}
		}
		if a.Missing() != 1 || empty.Missing() != 1 || whole.Missing() != 0 {
			t.Errorf("%s: missing %d %d", name, a.Missing(), empty.Missing())
		}
	}
	var far Moments // where the sum of squares would lose everything
	for _, v := range []float64{1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16} {
		far.Add(v)
	}
	if far.Variance() != 30 {
		t.Errorf("variance far from zero must be 30, got %g", far.Variance())
	}
	var none Moments
	if !math.IsNaN(none.Mean()) || !math.IsNaN(none.Variance()) || !math.IsNaN(none.Max()) {
		t.Error("nothing has no moments")
	}
}

func TestPrecision(t *testing.T) {
	var m Moments
	for _, v := range []float64{90, 100, 110, 95, 105} {
		m.Add(v)
	}
	p := m.Precision(0.05, 0.95)
	// s = 7.90569, t(4) = 2.77645: half-width 9.8162 of 100.
	if math.Abs(p.HalfWidth-0.098162) > 1e-5 || math.Abs(p.CV-0.0790569) > 1e-6 || math.Abs(p.StdErr-3.53553) > 1e-5 {
		t.Errorf("got %+v", p)
	}
	if p.Needed < 25 || p.Needed > 30 { // spread at most 7.906 sqrt(4/1.6488) = 12.31: 23.3 by z, 26 by t
		t.Errorf("needed must be about 26, got %d", p.Needed)
	}
	for _, c := range []struct {
		name   string
		x      []float64
		needed int
		known  bool // within what was wanted
	}{
		{"one run", []float64{1}, 0, false},
		{"mean zero", []float64{-1, 1}, 0, false},
		{"no spread", []float64{4, 4, 4}, 2, true},
		{"a pilot", []float64{90, 100, 110, 95, 105}, 26, false},
	} {
		if p := precision(c.x); p.N != len(c.x) || p.Needed != c.needed || (p.HalfWidth <= 0.05) != c.known {
			t.Errorf("%s: must need %d, got %+v", c.name, c.needed, p)
		}
	}
	if n := runsFor(0.1, -0.05, 0.95); n != 0 {
		t.Errorf("a width below zero cannot be had, got %d", n)
	}
}

// precision is that of a mean whose relative half-width shall be 5 %.
func precision(x []float64) Precision {
	var m Moments
	for _, v := range x {
		m.Add(v)
	}
	return m.Precision(0.05, 0.95)
}

// Four recommendations in five reach what was wanted.
func TestRecommendedRunsSuffice(t *testing.T) {
	const repetitions = 400
	reached := 0
	for r := range repetitions {
		key := sim.NewKey(31).At(uint64(r))
		draw := func(k sim.Key) float64 { return 100 + 20*normal(k) }
		pilot := precision(sample(10, key.Label("pilot"), draw))
		if precision(sample(pilot.Needed, key.Label("full"), draw)).HalfWidth <= 0.05 {
			reached++
		}
	}
	t.Logf("wanted precision reached in %.0f %%", 100.0*float64(reached)/repetitions)
	if reached < repetitions*74/100 || reached > repetitions*90/100 {
		t.Errorf("must be reached in about 80 %%, got %d of %d", reached, repetitions)
	}
}

func TestRanks(t *testing.T) {
	if got := Ranks([]float64{10, 20, 10, 30, 20, 20}); !slices.Equal(got, []float64{1.5, 4, 1.5, 6, 4, 4}) {
		t.Errorf("ranks with ties: got %v", got)
	}
	x := []float64{106, 86, 100, 101, 99, 103, 97, 113, 112, 110}
	y := []float64{7, 0, 27, 50, 28, 29, 20, 12, 6, 17}
	if got := RankCorrelation(x, y); math.Abs(got+29.0/165) > 1e-12 { // the usual textbook example
		t.Errorf("rho must be -29/165, got %g", got)
	}
}

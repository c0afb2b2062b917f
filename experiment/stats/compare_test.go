package stats

import (
	"math"
	"math/bits"
	"testing"

	"entrepot/sim"
)

// The null experiment: two identical scenarios under independent seeds are called different as often as the error rate
// says, whatever the distribution; under common random numbers never.
func TestNullExperiment(t *testing.T) {
	for _, c := range []struct {
		name        string
		n, repeated int
		draw        func(sim.Key) float64
	}{
		{"12 normal pairs, exact", 12, 2500, normal},
		{"12 lognormal pairs, exact", 12, 2500, lognormal},
		{"30 exponential pairs, drawn", 30, 1500, exponential},
	} {
		different := 0
		for r := range c.repeated {
			key := sim.NewKey(7).Label(c.name).At(uint64(r))
			a, b := sample(c.n, key.Label("a"), c.draw), sample(c.n, key.Label("b"), c.draw)
			v := Compare(a, b, Bootstrap{0.95, 19, key}).Verdict
			if v == Raises || v == Lowers {
				different++
			}
			if r < 50 {
				if v := Compare(a, a, Bootstrap{0.95, 19, key}).Verdict; v != Identical {
					t.Fatalf("a sample against itself: %v", v)
				}
			}
		}
		share := float64(different) / float64(c.repeated)
		t.Logf("%s: called different in %.2f %% of %d", c.name, 100*share, c.repeated)
		if share < 0.035 || share > 0.065 {
			t.Errorf("%s: must be called different in 3.5 to 6.5 %%, got %.2f %%", c.name, 100*share)
		}
	}
}

func TestCompareKnownAnswers(t *testing.T) {
	a := []float64{10, 12, 9, 11, math.NaN(), 13, 10, 14}
	b := []float64{12, 15, 10, 14, 20, 17, math.Inf(1), 15}
	c := Compare(a, b, NewBootstrap(sim.NewKey(1)))
	// Six pairs with differences 2 3 1 3 4 1, all above zero: p = 2/2^6.
	for _, x := range []struct {
		what      string
		got, want float64
	}{
		{"pairs", float64(c.Pairs), 6},
		{"dropped", float64(c.Dropped), 2},
		{"mean of a", c.MeanA, 11.5},
		{"mean of b", c.MeanB, 83.0 / 6},
		{"difference", c.Difference.Value, 14.0 / 6},
		{"relative", c.Relative.Value, 14.0 / 69},
		{"standardised", c.Standardised, 14.0 / 6 / math.Sqrt((3.5+37.0/6)/2)},
		{"p", c.P, 2.0 / 64},
		{"variance reduction", c.VarianceReduction, 1 - 1.4666666666666667/(3.5+37.0/6)},
		{"correlation", c.Correlation, 4.1 / math.Sqrt(3.5*37.0/6)},
	} {
		if math.Abs(x.got-x.want) > 1e-12 {
			t.Errorf("%s: must be %g, got %g", x.what, x.want, x.got)
		}
	}
	if c.Verdict != Raises || !c.Exact || c.Differing != 6 {
		t.Errorf("got %+v", c)
	}
	if !(c.Difference.Low > 1 && c.Difference.Low < c.Difference.Value && c.Difference.High < 4 && c.Relative.Low > 0 && c.Relative.High < 0.4) {
		t.Errorf("intervals: %v %v", c.Difference, c.Relative)
	}
	if v := Compare(b, a, NewBootstrap(sim.NewKey(1))).Verdict; v != Lowers {
		t.Errorf("turned round it must lower, got %v", v)
	}
}

func TestVerdicts(t *testing.T) {
	for _, c := range []struct {
		name string
		a, b []float64
		want Verdict
	}{
		{"no pair at all", nil, nil, TooFew},
		{"no pair is whole", []float64{1, math.NaN()}, []float64{math.NaN(), 1}, TooFew},
		{"one pair that agrees", []float64{1}, []float64{1}, Identical},
		{"five pairs can never tell: the smallest p is 1/16", []float64{1, 2, 3, 4, 5}, []float64{11, 12, 13, 14, 15}, TooFew},
		{"six can: the smallest p is 1/32", []float64{1, 2, 3, 4, 5, 6}, []float64{11, 12, 13, 14, 15, 16}, Raises},
		{"differences both ways", []float64{1, 2, 3, 4, 5, 6}, []float64{2, 1, 4, 3, 6, 5}, Indistinguishable},
		{"a constant shift downwards", []float64{3, 3, 3, 3, 3, 3, 3}, []float64{1, 1, 1, 1, 1, 1, 1}, Lowers},
		{"one pair of many differs", make([]float64, 9), []float64{0, 0, 0, 1, 0, 0, 0, 0, 0}, Indistinguishable},
	} {
		if got := Compare(c.a, c.b, NewBootstrap(sim.NewKey(1))).Verdict; got != c.want {
			t.Errorf("%s: must be %q, got %q", c.name, c.want, got)
		}
	}
}

func TestSignFlip(t *testing.T) {
	d := []float64{0.3, -1.2, 0, 2.5, 0.7, -0.4, 1.9, 0.1, 0.1, -0.2}
	brute := func(d []float64) float64 {
		sum := func(signs int) (s float64) {
			for i, v := range d {
				if signs>>i&1 == 1 {
					v = -v
				}
				s += v
			}
			return math.Abs(s)
		}
		extreme := 0
		for signs := range 1 << len(d) {
			if sum(signs) >= sum(0)-1e-9 {
				extreme++
			}
		}
		return float64(extreme) / float64(int(1)<<len(d))
	}
	p, exact := signFlip(d, sim.NewKey(1))
	if !exact || math.Abs(p-brute(d)) > 1e-15 {
		t.Errorf("exact: must be %g, got %g", brute(d), p)
	}
	long := append(append([]float64{}, d...), sample(10, sim.NewKey(9), normal)...)
	p, exact = signFlip(long, sim.NewKey(1))
	if want := brute(long); exact || math.Abs(p-want) > 4*math.Sqrt(want*(1-want)/flips)+1.0/flips {
		t.Errorf("drawn: must be about %g, got %g", want, p)
	}
	shift := make([]float64, 30)
	for i := range shift {
		shift[i] = 1
	}
	if p, _ := signFlip(shift, sim.NewKey(1)); p != 1.0/(flips+1) {
		t.Errorf("the observed flip is counted: p must be 1/%d, got %g", flips+1, p)
	}
}

// More than 64 pairs need more than one word of signs.
func TestDrawnSignsAreFair(t *testing.T) {
	d := make([]float64, 130)
	for i := range d {
		d[i] = 1
	}
	var m Moments
	for r := range 4000 {
		m.Add(flipped(d, sim.NewKey(2).At(uint64(r))))
	}
	if math.Abs(m.Mean()) > 4*math.Sqrt(130.0/4000) || math.Abs(m.Variance()-130) > 4*130*math.Sqrt(2.0/4000) {
		t.Errorf("mean must be 0 and variance 130, got %g and %g", m.Mean(), m.Variance())
	}
	ones := 0
	for r := range 4000 {
		ones += bits.OnesCount64(sim.NewKey(2).At(uint64(r)).Nth(64).Bits() & 1)
	}
	if ones < 1850 || ones > 2150 {
		t.Errorf("signs of pair 65: %d of 4000", ones)
	}
}

func TestPairingIsReported(t *testing.T) {
	luck := sample(4000, sim.NewKey(11), normal)
	own := sample(4000, sim.NewKey(12), normal)
	b := make([]float64, len(luck))
	for i := range b {
		b[i] = 0.1 + luck[i] + 0.5*own[i]
	}
	c := Compare(luck, b, Bootstrap{0.95, 99, sim.NewKey(1)})
	// var(b-a) = 0.25, var a + var b = 2.25; correlation 1/sqrt(1.25).
	if math.Abs(c.VarianceReduction-(1-0.25/2.25)) > 0.01 || math.Abs(c.Correlation-1/math.Sqrt(1.25)) > 0.01 || c.Verdict != Raises {
		t.Errorf("got %+v", c)
	}
}

func TestHolm(t *testing.T) {
	nan := math.NaN()
	for _, c := range []struct {
		name    string
		p, want []float64
	}{
		{"the textbook's four", []float64{0.01, 0.04, 0.03, 0.005}, []float64{0.03, 0.06, 0.06, 0.02}},
		{"one is left alone", []float64{0.2}, []float64{0.2}},
		{"never above one", []float64{0.5, 0.9}, []float64{1, 1}},
		{"NaN is not counted", []float64{nan, 0.02, 0.04}, []float64{nan, 0.04, 0.04}},
		{"none", nil, nil},
	} {
		got := Holm(c.p)
		for i := range c.want {
			if math.Abs(got[i]-c.want[i]) > 1e-15 || math.IsNaN(got[i]) != math.IsNaN(c.want[i]) {
				t.Errorf("%s: must be %v, got %v", c.name, c.want, got)
				break
			}
		}
	}
}

// Twenty null comparisons: without the correction two in three families have a false verdict, with it one in twenty.
func TestHolmHoldsTheFamily(t *testing.T) {
	const families = 1000
	plain, corrected := 0, 0
	for f := range families {
		p := make([]float64, 20)
		for i := range p {
			p[i] = sim.NewKey(3).At(uint64(f)).Nth(uint64(i)).Float()
		}
		count := func(p []float64) int {
			for _, v := range p {
				if v <= 0.05 {
					return 1
				}
			}
			return 0
		}
		plain += count(p)
		corrected += count(Holm(p))
	}
	t.Logf("families with a false verdict: %d plain, %d corrected, of %d", plain, corrected, families)
	if plain < 580 || corrected < 25 || corrected > 75 {
		t.Errorf("must be about 642 and 49, got %d and %d", plain, corrected)
	}
}

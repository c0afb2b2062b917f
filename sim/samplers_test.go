package sim

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"gonum.org/v1/gonum/stat/distuv"
)

// law is what the tests need of a distribution.
type law interface {
	CDF(float64) float64
	Mean() float64
	Variance() float64
	ExKurtosis() float64
}

// checkLaw draws n numbers and compares their mean, variance and histogram with the law. discrete laws are cut between
// integers.
func checkLaw(t *testing.T, n int, want law, discrete bool, draw func(Key) float64) {
	t.Helper()
	root := NewKey(1).Label(t.Name())
	sd := math.Sqrt(want.Variance())
	var sum, square float64
	const bins = 60
	var cuts [bins]float64 // upper ends of the bins, which cover four standard deviations either side
	for i := range cuts {
		cuts[i] = want.Mean() + sd*8*(float64(i+1)/bins-0.5)
		if discrete {
			cuts[i] = math.Floor(cuts[i]) + 0.5
		}
	}
	var counts [bins + 1]float64
	for i := 0; i < n; i++ {
		x := draw(root.At(uint64(i)))
		d := (x - want.Mean()) / sd
		sum += d
		square += d * d
		at, _ := slices.BinarySearch(cuts[:], x)
		counts[at]++
	}
	check := func(what string, z float64) {
		if !(math.Abs(z) < 4) {
			t.Errorf("%s must be within 4 standard errors, got z = %.2f", what, z)
		}
	}
	check("mean", sum/math.Sqrt(float64(n)))
	check("variance", (square/float64(n)-1)/math.Sqrt((want.ExKurtosis()+2)/float64(n)))

	chi, free, expected, observed, below := 0.0, -1.0, 0.0, 0.0, 0.0
	for i := 0; i <= bins; i++ {
		next := 1.0
		if i < bins {
			next = want.CDF(cuts[i])
		}
		expected += float64(n) * (next - below)
		observed += counts[i]
		below = next
		if expected >= 20 && float64(n)*(1-below) >= 20 || i == bins {
			chi += (observed - expected) * (observed - expected) / expected
			free++
			expected, observed = 0, 0
		}
	}
	if free > 0 {
		check("histogram", (chi-free)/math.Sqrt(2*free))
	}
}

func TestContinuousSamplersFollowTheirLaws(t *testing.T) {
	for _, c := range []struct {
		name string
		law  law
		draw func(Key) float64
	}{
		{"standard normal", distuv.UnitNormal, Key.Normal},
		{"uniform between two bounds", distuv.Uniform{Min: -3, Max: 5}, func(k Key) float64 { return k.Uniform(-3, 5) }},
		{"exponential of mean 12", distuv.Exponential{Rate: 1. / 12}, func(k Key) float64 { return k.Exponential(12) }},
		{"lognormal of small spread", distuv.LogNormal{Mu: math.Log(250), Sigma: 0.1}, func(k Key) float64 { return k.LogNormal(250, 0.1) }},
		{"lognormal of moderate spread", distuv.LogNormal{Mu: math.Log(4), Sigma: 0.5}, func(k Key) float64 { return k.LogNormal(4, 0.5) }},
	} {
		t.Run(c.name, func(t *testing.T) { checkLaw(t, 200_000, c.law, false, c.draw) })
	}
}

func TestPoissonFollowsItsLaw(t *testing.T) {
	for _, c := range []struct {
		name   string
		lambda float64
	}{
		{"rare", 0.01}, {"a few", 0.7}, {"several", 3}, {"last of inversion", 9.999}, {"first of rejection", 10},
		{"tens", 31.5}, {"hundreds", 400}, {"a hundred thousand", 1e5},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkLaw(t, 200_000, distuv.Poisson{Lambda: c.lambda}, true, func(k Key) float64 { return float64(k.Poisson(c.lambda)) })
		})
	}
}

func TestBinomialFollowsItsLaw(t *testing.T) {
	for _, c := range []struct {
		name string
		n, p float64
	}{
		{"one trial", 1, 0.3}, {"a few trials", 7, 0.45}, {"likely successes", 9, 0.9}, {"last of inversion", 99, 0.1},
		{"first of rejection", 100, 0.1}, {"fair", 20, 0.5}, {"many rare", 1e5, 1e-3}, {"many likely", 5000, 0.97}, {"many fair", 1e6, 0.5},
	} {
		t.Run(c.name, func(t *testing.T) {
			checkLaw(t, 200_000, binomial{distuv.Binomial{N: c.n, P: c.p}}, true,
				func(k Key) float64 { return float64(k.Binomial(int64(c.n), c.p)) })
		})
	}
}

// binomial gives distuv's law a distribution function that may be asked outside of [0, n].
type binomial struct{ distuv.Binomial }

func (b binomial) CDF(x float64) float64 {
	switch {
	case x < 0:
		return 0
	case x >= b.N:
		return 1
	}
	return b.Binomial.CDF(x)
}

func TestCountsOfHugeMeansKeepTheirMoments(t *testing.T) {
	const n = 50_000
	for _, c := range []struct {
		name     string
		mean, sd float64
		draw     func(Key) int64
	}{
		{"Poisson of 10^9", 1e9, math.Sqrt(1e9), func(k Key) int64 { return k.Poisson(1e9) }},
		{"Poisson of 2^50", 1 << 50, 1 << 25, func(k Key) int64 { return k.Poisson(1 << 50) }},
		{"Binomial of 10^15 halves", 5e14, math.Sqrt(2.5e14), func(k Key) int64 { return k.Binomial(1e15, 0.5) }},
	} {
		var sum, square float64
		for i := uint64(0); i < n; i++ {
			d := (float64(c.draw(NewKey(3).At(i))) - c.mean) / c.sd
			sum, square = sum+d, square+d*d
		}
		if z, v := sum/math.Sqrt(n), (square/n-1)/math.Sqrt(2./n); math.Abs(z) > 4 || math.Abs(v) > 4 {
			t.Errorf("%s: mean and variance must be within 4 standard errors, got z = %.2f and %.2f", c.name, z, v)
		}
	}
}

func TestSamplersAtTheEdgesOfTheirParameters(t *testing.T) {
	for i := uint64(0); i < 1000; i++ {
		k := NewKey(2).At(i)
		switch {
		case k.Poisson(0) != 0, k.Poisson(5e-324) != 0:
			t.Fatal("a Poisson draw of no mean must be 0")
		case k.Binomial(0, 0.5) != 0, k.Binomial(100, 0) != 0, k.Binomial(100, 1) != 100, k.Binomial(1<<50, 1e-300) != 0:
			t.Fatal("a binomial draw without trials or chance must be 0, with chance 1 all trials")
		case k.LogNormal(3, 0) != 3, k.LogNormal(0, 1) != 0:
			t.Fatal("a lognormal draw without spread must be the median")
		case k.Exponential(0) != 0:
			t.Fatal("an exponential draw of mean 0 must be 0")
		case k.Uniform(4, 4) != 4, k.Uniform(1, 1+0x1p-52) != 1:
			t.Fatal("a uniform draw must be at least its lower and below its upper bound")
		}
	}
	for name, f := range map[string]func(k Key){
		"Poisson of a negative mean":     func(k Key) { k.Poisson(-1) },
		"Poisson of NaN":                 func(k Key) { k.Poisson(math.NaN()) },
		"Poisson of an infinite mean":    func(k Key) { k.Poisson(math.Inf(1)) },
		"Binomial of negative trials":    func(k Key) { k.Binomial(-1, 0.5) },
		"Binomial of a chance above 1":   func(k Key) { k.Binomial(1, 1.1) },
		"Binomial of NaN":                func(k Key) { k.Binomial(1, math.NaN()) },
		"Exponential of a negative mean": func(k Key) { k.Exponential(-1) },
		"LogNormal of negative spread":   func(k Key) { k.LogNormal(1, -1) },
	} {
		mustPanic(t, name, func() { f(NewKey(1)) })
	}
}

func TestSmallMeansAreMonotoneInTheirParameter(t *testing.T) {
	for i := uint64(0); i < 2000; i++ {
		k := NewKey(4).At(i)
		before := [2]int64{}
		for _, mean := range []float64{0.1, 0.5, 1, 2.5, 5, 9.9} {
			now := [2]int64{k.Poisson(mean), k.Binomial(50, mean/50)}
			if now[0] < before[0] || now[1] < before[1] {
				t.Fatalf("key %d: a larger mean (%g) must not draw less, got %v after %v", i, mean, now, before)
			}
			before = now
		}
	}
}

func TestNormalQuantileInvertsTheNormalLaw(t *testing.T) {
	for _, p := range []float64{0x1p-53, 1e-15, 1e-12, 1e-8, 1e-4, 0.01, 0.0749, 0.0751, 0.2, 0.4999, 0.5, 0.6, 0.93, 0.999} {
		z := normalQuantile(p)
		back := 0.5 * math.Erfc(-z/math.Sqrt2)
		if math.Abs(back/p-1) > 1e-13*(1+z*z) {
			t.Errorf("quantile of %g must map back to it, got %g (z = %g)", p, back, z)
		}
		if p > 0x1p-53 && p <= 0.5 {
			if mirror := normalQuantile(1 - p); math.Abs(mirror+z) > 1e-15/p {
				t.Errorf("quantiles of %g and its complement must mirror, got %g and %g", p, z, mirror)
			}
		}
	}
}

func TestLogProbabilitiesAgreeWithTheirDefinitions(t *testing.T) {
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 1e-11*(1+math.Abs(want)) {
			t.Errorf("%s must be %g, got %g", name, want, got)
		}
	}
	for _, n := range []float64{0, 1, 2, 9, 15, 16, 17, 40, 200, 900} {
		for _, lambda := range []float64{10, 12.5, 39, 41, 300} {
			gamma, _ := math.Lgamma(n + 1)
			near("Poisson", logPoisson(n, lambda), n*math.Log(lambda)-lambda-gamma)
		}
		for _, p := range []float64{0.1, 0.37, 0.5} {
			all, _ := math.Lgamma(901)
			in, _ := math.Lgamma(n + 1)
			out, _ := math.Lgamma(901 - n)
			near("binomial", logBinomial(n, 900, p), all-in-out+n*math.Log(p)+(900-n)*math.Log1p(-p))
		}
	}
}

func TestSamplersDoNotAllocate(t *testing.T) {
	k, sum := NewKey(1), 0.0
	if n := testing.AllocsPerRun(100, func() {
		k = k.At(1)
		sum += k.Normal() + k.LogNormal(1, 1) + k.Exponential(1) + k.Uniform(0, 1) + float64(k.Poisson(3)+k.Poisson(300)+k.Binomial(100, 0.3))
	}); n != 0 {
		t.Errorf("samplers must not allocate, got %g allocations (%g)", n, sum)
	}
}

func BenchmarkSamplers(b *testing.B) {
	for _, c := range []struct {
		name string
		draw func(Key) float64
	}{
		{"Normal", Key.Normal},
		{"LogNormal", func(k Key) float64 { return k.LogNormal(1, 0.5) }},
		{"Poisson3", func(k Key) float64 { return float64(k.Poisson(3)) }},
		{"Poisson300", func(k Key) float64 { return float64(k.Poisson(300)) }},
		{"Binomial300", func(k Key) float64 { return float64(k.Binomial(1000, 0.3)) }},
	} {
		b.Run(c.name, func(b *testing.B) {
			k, sum, i := NewKey(1), 0.0, uint64(0)
			for b.Loop() {
				i++
				sum += c.draw(k.At(i))
			}
			sink(b, sum)
		})
	}
}

// The digest of many draws, recorded on amd64: any machine must give it. A changed one is a change of results.
func TestSamplersGiveTheSameBitsOnEveryMachine(t *testing.T) {
	digest := NewKey(0)
	add := func(x float64) { digest = digest.At(math.Float64bits(x)) }
	for i := uint64(0); i < 5000; i++ {
		k := NewKey(9).At(i)
		add(k.At(0).Normal())
		add(k.At(1).LogNormal(12, 0.7))
		add(k.At(2).Exponential(3))
		add(k.At(3).Uniform(-2, 9))
		for _, mean := range []float64{0.3, 4, 17, 2000, 1e12} {
			add(float64(k.At(4).Poisson(mean)))
			add(float64(k.At(5).Binomial(int64(4*mean+1), 0.23)))
		}
	}
	const want = "d9d68a8b574b648d"
	if got := fmt.Sprintf("%016x", digest.Bits()); got != want {
		t.Errorf("digest must be %s, got %s", want, got)
	}
}

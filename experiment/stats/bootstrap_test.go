package stats

import (
	"math"
	"testing"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

func normal(k sim.Key) float64      { return distuv.UnitNormal.Quantile((k.Float() + 0x1p-54)) }
func exponential(k sim.Key) float64 { return -math.Log1p(-k.Float()) }
func lognormal(k sim.Key) float64   { return math.Exp(normal(k)) }

func sample(n int, key sim.Key, draw func(sim.Key) float64) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = draw(key.Nth(uint64(i)))
	}
	return x
}

// The figures are those of the literature: BCa covers a mean well where the sample is large for its skewness. They stand in
// the docstring of Rows, so that nobody trusts a small sample too much.
func TestCoverage(t *testing.T) {
	type row struct {
		name      string
		draw      func(sim.Key) float64
		mean      float64
		n         int
		low, high float64
	}
	const repetitions = 500 // standard error 1 point at 95 %
	for _, c := range []row{
		{"normal", normal, 0, 20, 0.90, 0.96},
		{"normal", normal, 0, 50, 0.915, 0.97},
		{"normal", normal, 0, 200, 0.925, 0.975},
		{"exponential", exponential, 1, 20, 0.88, 0.95},
		{"exponential", exponential, 1, 50, 0.91, 0.965},
		{"exponential", exponential, 1, 200, 0.925, 0.975},
		{"lognormal", lognormal, math.Exp(0.5), 20, 0.81, 0.90},
		{"lognormal", lognormal, math.Exp(0.5), 50, 0.86, 0.93},
		{"lognormal", lognormal, math.Exp(0.5), 200, 0.89, 0.96},
	} {
		inside, under := 0, 0
		for r := range repetitions {
			key := sim.NewKey(1).Label(c.name).At(uint64(c.n)).At(uint64(r))
			e := Bootstrap{0.95, 499, key.Label("bootstrap")}.Mean(sample(c.n, key, c.draw))
			if e.Low <= c.mean && c.mean <= e.High {
				inside++
			} else if e.High < c.mean {
				under++
			}
		}
		share := float64(inside) / repetitions
		t.Logf("%-11s n=%3d: %.1f %% of 95 %% intervals hold the mean; %.1f %% lie below it", c.name, c.n, 100*share, 100*float64(under)/repetitions)
		if share < c.low || share > c.high {
			t.Errorf("%s, n = %d: coverage must be in [%g, %g], got %g", c.name, c.n, c.low, c.high, share)
		}
	}
}

// The law school sample of Efron & Tibshirani (1993, table 3.1). The bounds are those of a second, independent program with
// other random numbers and 20,000 resamples; they move by about 0.01 with the luck of the resamples.
func TestBCaOfTheLawSchools(t *testing.T) {
	lsat := []float64{576, 635, 558, 578, 666, 580, 555, 661, 651, 605, 653, 575, 545, 572, 594}
	gpa := []float64{3.39, 3.30, 2.81, 3.03, 3.44, 3.07, 3.00, 3.43, 3.36, 3.13, 3.12, 2.74, 2.76, 2.88, 2.96}
	correlation := func(rows []int) float64 {
		var x, y []float64
		for _, r := range rows {
			x, y = append(x, lsat[r]), append(y, gpa[r])
		}
		return stat.Correlation(x, y, nil)
	}
	e := Bootstrap{0.95, 9999, sim.NewKey(1)}.Rows(len(lsat), correlation)
	t.Logf("%.3f in [%.3f, %.3f]", e.Value, e.Low, e.High)
	if math.Abs(e.Value-0.776) > 0.001 || math.Abs(e.Low-0.341) > 0.02 || math.Abs(e.High-0.942) > 0.005 {
		t.Errorf("must be about 0.776 in [0.341, 0.942], got %v", e)
	}
}

func TestAccelerationOfAMeanIsASixthOfItsSkewness(t *testing.T) {
	x := sample(500, sim.NewKey(4), exponential)
	mean, cubes, squares := stat.Mean(x, nil), 0.0, 0.0
	for _, v := range x {
		squares += math.Pow(v-mean, 2)
		cubes += math.Pow(v-mean, 3)
	}
	want := cubes / (6 * math.Pow(squares, 1.5))
	got := jackknife(len(x), func(rows []int) float64 { return meanOf(x, rows) })
	if math.Abs(got-want) > 1e-9 || want <= 0 {
		t.Errorf("must be %g, got %g", want, got)
	}
}

func TestBootstrapDegenerate(t *testing.T) {
	b := NewBootstrap(sim.NewKey(1))
	if e := b.Mean([]float64{0.1, 0.1, 0.1}); e != (Estimate{e.Value, e.Value, e.Value}) || math.Abs(e.Value-0.1) > 1e-15 {
		t.Errorf("equal numbers: the interval must be the point, got %v", e)
	}
	if e := b.Mean([]float64{7}); e.Value != 7 || !math.IsNaN(e.Low) || !math.IsNaN(e.High) {
		t.Errorf("one number has no interval, got %v", e)
	}
	if e := b.Mean(nil); !math.IsNaN(e.Value) || !math.IsNaN(e.Low) {
		t.Errorf("nothing has no mean, got %v", e)
	}
	if e := b.Mean([]float64{0, 0, 0, 0, 1}); !(e.Low >= 0 && e.Low < 0.2 && e.High > 0.2 && e.High <= 1) {
		t.Errorf("a sample with ties: got %v", e)
	}
	if e := b.Ratio([]float64{1, 2, 3}, []float64{-1, 0, 1.1}); !math.IsNaN(e.Value) {
		t.Errorf("a ratio over a mean near zero must be NaN, got %v", e)
	}
}

// Sums of the same numbers in another order are ties, though they differ in the last bits.
func TestTiesBelow(t *testing.T) {
	for _, c := range []struct {
		name  string
		draws []float64
		v     float64
		want  float64
	}{
		{"half of the ties", []float64{0, 1 - 1e-15, 1, 1 + 1e-15, 2}, 1, 0.5},
		{"rounding is no difference", []float64{0, 1 - 1e-15, 1 - 1e-15, 2}, 1, 0.5},
		{"never quite none", []float64{1, 2}, 0, 0.25},
		{"never quite all", []float64{1, 2}, 3, 0.75},
	} {
		if got := below(c.draws, c.v); got != c.want {
			t.Errorf("%s: must be %g, got %g", c.name, c.want, got)
		}
	}
}

func TestBootstrapOfAMedian(t *testing.T) {
	x := sample(101, sim.NewKey(2), normal)
	before := append([]float64(nil), x...)
	b := NewBootstrap(sim.NewKey(3))
	e := b.Of(x, func(x []float64) float64 {
		var s Sketch
		for _, v := range x {
			s.Add(v)
		}
		x[0] = math.NaN() // the slice is the statistic's to spoil
		return s.Quantile(0.5)
	})
	// Binomial interval of the median: the 41st and the 61st of 101.
	if !(e.Low < e.Value && e.Value < e.High && e.High-e.Low > 0.25 && e.High-e.Low < 0.75) {
		t.Errorf("got %v", e)
	}
	for i := range x {
		if x[i] != before[i] {
			t.Fatal("the sample was changed")
		}
	}
}

// Means and intervals move with the sample: shifted, scaled and mirrored.
func TestBCaIsEquivariant(t *testing.T) {
	x := sample(40, sim.NewKey(5), lognormal)
	y := make([]float64, len(x))
	for i, v := range x {
		y[i] = 7 - 3*v
	}
	b := NewBootstrap(sim.NewKey(6))
	ex, ey := b.Mean(x), b.Mean(y)
	for _, p := range [][2]float64{{ey.Value, 7 - 3*ex.Value}, {ey.Low, 7 - 3*ex.High}, {ey.High, 7 - 3*ex.Low}} {
		if math.Abs(p[0]-p[1]) > 1e-9 {
			t.Errorf("must be %g, got %g", p[1], p[0])
		}
	}
}

// Of returns any statistic of a sample with its interval. The statistic may change the slice it is given.
func (b Bootstrap) Of(x []float64, statistic func(x []float64) float64) Estimate {
	buffer := make([]float64, len(x))
	return b.Rows(len(x), func(rows []int) float64 {
		for i, r := range rows {
			buffer[i] = x[r]
		}
		return statistic(buffer[:len(rows)])
	})
}

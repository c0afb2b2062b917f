// Package stats holds the statistics of studies: intervals, paired comparisons, running moments and quantiles, and how many
// runs are enough. It knows no model. Samples are one number per replicate, in the order of replicates; luck comes from keys,
// so the same sample and key give the same figures whatever the machine's number of workers.
package stats

import (
	"math"
	"slices"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Estimate is a figure with its confidence interval, all in the unit of the figure. NaN is what cannot be known.
type Estimate struct{ Value, Low, High float64 }

// Bootstrap says how intervals are made.
type Bootstrap struct {
	Level     float64 // of confidence, in (0, 1)
	Resamples int
	Key       sim.Key
}

// NewBootstrap returns the usual one: 95 %, 1999 resamples.
func NewBootstrap(key sim.Key) Bootstrap { return Bootstrap{Level: 0.95, Resamples: 1999, Key: key} }

// mostGroups bounds the jackknife: its cost would grow with the square of the sample, and a thousand parts tell the skewness.
const mostGroups = 1000

// Mean returns the mean of x with its interval.
func (b Bootstrap) Mean(x []float64) Estimate {
	return b.Rows(len(x), func(rows []int) float64 { return meanOf(x, rows) })
}

// Ratio returns mean(y)/mean(x) with its interval; x and y are resampled together, entry by entry. It is NaN where the mean
// of x cannot be told from zero: the ratio has no bounded interval then (Fieller 1954).
func (b Bootstrap) Ratio(y, x []float64) Estimate {
	if len(x) != len(y) {
		panic("stats: Ratio: samples must have the same length")
	}
	mean, sd := stat.MeanStdDev(x, nil)
	if z := distuv.UnitNormal.Quantile((1 + b.Level) / 2); !(math.Abs(mean) > z*sd/math.Sqrt(float64(len(x)))) {
		return Estimate{math.NaN(), math.NaN(), math.NaN()}
	}
	return b.Rows(len(x), func(rows []int) float64 { return meanOf(y, rows) / meanOf(x, rows) })
}

func meanOf(x []float64, rows []int) float64 {
	sum := 0.0
	for _, r := range rows {
		sum += x[r]
	}
	return sum / float64(len(rows))
}

// Rows returns a statistic of n cases, given by their row numbers, with its BCa interval: bias-corrected and accelerated
// (Efron 1987; DiCiccio & Efron 1996), the acceleration from the jackknife. Where all resamples agree, the interval is the
// point. With fewer than two cases the bounds are NaN. Resamples whose statistic is NaN are left out.
//
// The interval is honest for large samples and too narrow for small ones: nominal 95 % intervals of a mean cover 91 % with 20
// normal cases and 87 % with 20 lognormal ones (TestCoverage prints the figures).
func (b Bootstrap) Rows(n int, statistic func(rows []int) float64) Estimate {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = i
	}
	e := Estimate{statistic(rows), math.NaN(), math.NaN()}
	if n < 2 || math.IsNaN(e.Value) {
		return e
	}
	acceleration := jackknife(n, statistic)
	draws := b.draw(rows, statistic)
	if len(draws) == 0 {
		return e
	}
	bias := distuv.UnitNormal.Quantile(below(draws, e.Value))
	at := func(p float64) float64 {
		z := bias + distuv.UnitNormal.Quantile(p)
		return quantile(draws, distuv.UnitNormal.CDF(bias+z/max(1-acceleration*z, 1e-9)))
	}
	e.Low, e.High = at((1-b.Level)/2), at((1+b.Level)/2)
	return e
}

// draw returns the sorted statistics of the resamples.
func (b Bootstrap) draw(rows []int, statistic func(rows []int) float64) []float64 {
	n := len(rows)
	draws := make([]float64, 0, b.Resamples)
	for r := range b.Resamples {
		key := b.Key.At(uint64(r))
		for i := range rows {
			rows[i] = key.Nth(uint64(i)).Intn(n)
		}
		if v := statistic(rows); !math.IsNaN(v) {
			draws = append(draws, v)
		}
	}
	slices.Sort(draws)
	return draws
}

// jackknife returns the acceleration, a sixth of the skewness of the statistic's influence values. It leaves out one case at
// a time, or every 1000th where there are more.
func jackknife(n int, statistic func(rows []int) float64) float64 {
	groups := min(n, mostGroups)
	left := make([]float64, groups)
	rows := make([]int, 0, n)
	for g := range left {
		rows = rows[:0]
		for i := range n {
			if i%groups != g {
				rows = append(rows, i)
			}
		}
		left[g] = statistic(rows)
	}
	mean, squares, cubes := stat.Mean(left, nil), 0.0, 0.0
	for _, v := range left {
		d := mean - v
		squares += d * d
		cubes += d * d * d
	}
	if a := cubes / (6 * math.Pow(squares, 1.5)); !math.IsNaN(a) && !math.IsInf(a, 0) {
		return a
	}
	return 0 // all alike
}

// below returns the share of sorted draws under v, draws equal to it counting half, never quite 0 or 1. Sums of the same
// numbers in another order differ by rounding, which must not break ties.
func below(draws []float64, v float64) float64 {
	slack := 1e-12 * (draws[len(draws)-1] - draws[0])
	under, _ := slices.BinarySearch(draws, v-slack)
	upto, _ := slices.BinarySearchFunc(draws, v+slack, func(d, v float64) int {
		if d <= v {
			return -1
		}
		return 1
	})
	half := 0.5 / float64(len(draws))
	return min(max(float64(under+upto)/float64(2*len(draws)), half), 1-half)
}

// quantile interpolates between sorted draws, of which number i (from 1) stands for p = i/(n+1).
func quantile(sorted []float64, p float64) float64 {
	at := p*float64(len(sorted)+1) - 1
	i := int(math.Floor(at))
	switch {
	case i < 0:
		return sorted[0]
	case i >= len(sorted)-1:
		return sorted[len(sorted)-1]
	}
	return between(sorted[i], sorted[i+1], at-float64(i))
}

// between returns a for f = 0 and b for f = 1; equal ends are returned as they are, be they infinite.
func between(a, b, f float64) float64 {
	if a == b {
		return a
	}
	if d := b - a; !math.IsInf(d, 0) {
		return a + f*d
	}
	return (1-f)*a + f*b // their distance is more than a number can hold
}

package inference

import (
	"math"
	"slices"
)

// Proposal is a run that is asked for.
type Proposal struct {
	Index  int       // from 0; it names the run and its luck
	Unit   []float64 // point of the unit cube; not to be changed
	Values []float64 // the same as parameter values; not to be changed
}

// Result is what a run gave: one statistic per documented figure, in their order. A run that failed has none, and one
// with a statistic that is missing (NaN) or infinite counts as failed: its distance is infinite.
type Result struct {
	Index      int
	Statistics []float64
}

// Observed is a documented figure as ABC takes it. A range is met anywhere within: this is exact inference if the
// documented figure errs uniformly by as much (Wilkinson 2013).
type Observed struct {
	ID        string
	Low, High float64 // equal for a point; an end may be infinite; both NaN where nothing is documented
	// Noise is the standard deviation of a normal error of the documented figure. Every simulated statistic gets a draw
	// of it, so that the posterior knows of the error.
	Noise float64
}

// At is a documented point.
func At(id string, x float64) Observed { return Observed{ID: id, Low: x, High: x} }

// Within is a documented range.
func Within(id string, low, high float64) Observed { return Observed{ID: id, Low: low, High: high} }

// SignOf is a documented sign of a statistic; the distance of one that has the other sign is its size.
func SignOf(id string, positive bool) Observed {
	if positive {
		return Observed{ID: id, High: math.Inf(1)}
	}
	return Observed{ID: id, Low: math.Inf(-1)}
}

// known tells whether anything is documented.
func (o Observed) known() bool { return !math.IsNaN(o.Low) && !math.IsNaN(o.High) }

// miss is how far outside the range x is.
func (o Observed) miss(x float64) float64 { return max(o.Low-x, x-o.High, 0) }

// finite tells whether a run gave all of its statistics.
func finite(x []float64) bool {
	return len(x) > 0 && !slices.ContainsFunc(x, func(v float64) bool { return math.IsNaN(v) || math.IsInf(v, 0) })
}

// scales returns the median absolute deviation of each statistic over the runs that gave all, [statistic]; where that is
// zero, as with many equal counts, the mean absolute deviation from the median; +Inf for a statistic that never varies,
// which then tells nothing.
func scales(runs [][]float64, statistics int) []float64 {
	out := make([]float64, statistics)
	for s := range out {
		var x []float64
		for _, r := range runs {
			if finite(r) {
				x = append(x, r[s])
			}
		}
		out[s] = spreadOf(x)
	}
	return out
}

func spreadOf(x []float64) float64 {
	if len(x) == 0 {
		return math.Inf(1)
	}
	centre, sum := median(x), 0.0
	away := make([]float64, len(x))
	for i, v := range x {
		away[i] = math.Abs(v - centre)
		sum += away[i]
	}
	if mad := median(away); mad > 0 {
		return mad
	}
	if sum > 0 {
		return sum / float64(len(x))
	}
	return math.Inf(1)
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	n := len(x)
	return (x[(n-1)/2] + x[n/2]) / 2
}

// distance is the Euclidean distance of statistics to the documented figures, each in units of its scale; +Inf for a run
// that failed. noise holds a standard normal number per statistic.
func distance(observed []Observed, scale, statistics, noise []float64) float64 {
	if !finite(statistics) {
		return math.Inf(1)
	}
	sum := 0.0
	for s, o := range observed {
		if !o.known() {
			continue
		}
		d := o.miss(statistics[s]+float64(o.Noise*noise[s])) / scale[s]
		sum += float64(d * d)
	}
	return math.Sqrt(sum)
}

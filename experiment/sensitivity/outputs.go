// Package sensitivity tells what drives a model's output, how surely, and whether a ranking survives other rules: screening (Morris
// 1991), variance shares (Sobol' 1993), rankings across structures. It reads outputs at the points of a design and knows no model.
//
// A noisy model needs care. If every run has luck of its own, the luck's variance looks like an effect of every factor: the total
// index of a factor without effect tends to (s²/r)/(V + s²/r), where V is the variance of the expected output, s² that of luck and
// r the number of replicates. With replicates s² is known and is subtracted. If all points share the replicates' luck (common
// random numbers), the output is a function of the factors alone and nothing is subtracted. Results say which.
package sensitivity

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
)

// Estimate is a figure with its 95 % bootstrap interval (percentiles). NaN is what cannot be known.
type Estimate struct{ Value, Low, High float64 }

// Options say how the runs were made and how intervals are.
type Options struct {
	Apart     bool // every run had luck of its own; else replicate k had the same luck at all points
	Resamples int  // of the bootstrap; 0: 1000
	Key       sim.Key
}

// Luck says what was done about the luck in the outputs.
type Luck int

// What can be done about luck.
const (
	Common     Luck = iota // all points had the same: nothing is subtracted
	Subtracted             // every run had its own: its variance is subtracted
	Left                   // every run had its own, but one replicate does not tell how much: it is in all figures
)

// Sample says what figures rest on.
type Sample struct {
	Rows       int // used: rows of a Saltelli design, or trajectories
	Dropped    int // rows with a failed run
	Replicates int
	Luck       Luck
	Noise      float64 // variance of luck, of one run, in squares of the output's unit; NaN where it is not subtracted
}

// rows are a design's outputs by row, means over replicates, less the mean of all: sums of squares lose no digits.
type rows struct {
	Sample
	kept  []int       // which rows of the design they are
	mean  [][]float64 // [row][point of the row]
	noise []float64   // by row: variance of luck in a mean; 0 where nothing is subtracted
}

// pool takes the whole rows of the outputs y, [point][replicate]. A value that is not finite is a failed run.
func pool(y [][]float64, n, width int, o Options) (*rows, error) {
	if len(y) != n*width {
		return nil, fmt.Errorf("outputs must be of all %d points of the design, got %d", n*width, len(y))
	}
	if o.Resamples < 0 || o.Resamples > maxResamples {
		return nil, fmt.Errorf("resamples must be from 0 to %d, got %d", maxResamples, o.Resamples)
	}
	if n == 0 || len(y[0]) == 0 {
		return nil, errors.New("outputs must have at least one row and one replicate, got none")
	}
	r := &rows{Sample: Sample{Replicates: len(y[0]), Noise: math.NaN()}}
	switch {
	case o.Apart && r.Replicates > 1:
		r.Luck = Subtracted
	case o.Apart:
		r.Luck = Left
	}
	for row := range n {
		if err := r.take(row, y[row*width:(row+1)*width]); err != nil {
			return nil, err
		}
	}
	if r.Rows = len(r.mean); r.Rows < fewestRows {
		return nil, fmt.Errorf("the rows (trajectories) in which every run has the figure must be at least %d, got %d of %d", fewestRows, r.Rows, r.Rows+r.Dropped)
	}
	if r.Luck == Subtracted {
		r.Noise = stat.Mean(r.noise, nil) * float64(r.Replicates)
	}
	r.centre()
	return r, nil
}

// Bounds on what can be resampled. Fewer than four rows have too few resamples to speak of.
const (
	fewestRows   = 4
	maxResamples = 100_000
)

// take adds a row, or counts it as dropped.
func (r *rows) take(number int, row [][]float64) error {
	means, noise := make([]float64, len(row)), 0.0
	for p, runs := range row {
		if len(runs) != r.Replicates {
			return fmt.Errorf("point %d: replicates must be %d as at the first point, got %d", number*len(row)+p, r.Replicates, len(runs))
		}
		means[p] = stat.Mean(runs, nil)
		if r.Luck == Subtracted {
			noise += stat.Variance(runs, nil) / float64(r.Replicates) / float64(len(row))
		}
	}
	if slices.ContainsFunc(means, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }) {
		r.Dropped++
		return nil
	}
	r.kept, r.mean, r.noise = append(r.kept, number), append(r.mean, means), append(r.noise, noise)
	return nil
}

func (r *rows) centre() {
	middle := 0.0
	for _, row := range r.mean {
		middle += stat.Mean(row, nil) / float64(len(r.mean))
	}
	for _, row := range r.mean {
		for p := range row {
			row[p] -= middle
		}
	}
}

// resample calls use with the rows of each resample.
func (o Options) resample(n int, use func(drawn []int)) {
	resamples := o.Resamples
	if resamples == 0 {
		resamples = 1000
	}
	drawn := make([]int, n)
	for b := range resamples {
		luck := o.Key.Label("resample").At(uint64(b))
		for i := range drawn {
			drawn[i] = luck.Nth(uint64(i)).Intn(n)
		}
		use(drawn)
	}
}

// between gives a value the interval of its resampled values, which it sorts.
func between(value float64, resampled []float64) Estimate {
	if len(resampled) == 0 || slices.ContainsFunc(resampled, math.IsNaN) {
		return Estimate{value, math.NaN(), math.NaN()}
	}
	slices.Sort(resampled)
	return Estimate{value, stat.Quantile(0.025, stat.LinInterp, resampled, nil), stat.Quantile(0.975, stat.LinInterp, resampled, nil)}
}

// intervals does so for a list of values; resampled is [resample][value].
func intervals(values []float64, resampled [][]float64) []Estimate {
	out := make([]Estimate, len(values))
	for k, value := range values {
		out[k] = between(value, column(resampled, k))
	}
	return out
}

func column(table [][]float64, k int) []float64 {
	values := make([]float64, len(table))
	for b, row := range table {
		values[b] = row[k]
	}
	return values
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

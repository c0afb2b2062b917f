package sensitivity

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// sure is the share of resamples from which on an order is told as a fact: a two-sided error of 5 %.
const sure = 0.975

// Ranking orders factors by a measure. Neighbours are told apart by the resampled difference of their measures: intervals of the
// two may overlap although their order is sure, since both move together.
type Ranking struct {
	Order []int     // factors, the largest measure first
	Surer []float64 // of place i before place i+1: share of resamples with that order, ties by half
	Times []float64 // how many times the runs would make it sure, roughly; +Inf where nothing tells
}

// rank orders values; resampled is [resample][value].
func rank(values []float64, resampled [][]float64) Ranking {
	r := Ranking{Order: upTo(len(values))}
	slices.SortStableFunc(r.Order, func(a, b int) int { return cmp.Compare(values[b], values[a]) })
	for i := 1; i < len(r.Order); i++ {
		a, b := r.Order[i-1], r.Order[i]
		differences := column(resampled, a)
		for s := range differences {
			differences[s] -= resampled[s][b]
		}
		r.Surer = append(r.Surer, above(differences))
		times := math.Inf(1)
		if z := (values[a] - values[b]) / stat.StdDev(differences, nil); z > 0 {
			times = max(1, 1.96*1.96/(z*z))
		}
		r.Times = append(r.Times, times)
	}
	return r
}

// above is the share of positive numbers, zeros by half.
func above(x []float64) float64 {
	count := 0.0
	for _, d := range x {
		switch {
		case d > 0:
			count++
		case d == 0:
			count += 0.5
		}
	}
	return count / float64(len(x))
}

// Told reports whether place i is surely before place i+1.
func (r *Ranking) Told(i int) bool { return r.Surer[i] >= sure }

// Leaders are the factors that share the first place, as far as can be told: one if it drives most.
func (r *Ranking) Leaders() []int {
	for i := range r.Surer {
		if r.Told(i) {
			return r.Order[:i+1]
		}
	}
	return r.Order
}

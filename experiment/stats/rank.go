package stats

import (
	"cmp"
	"slices"

	"gonum.org/v1/gonum/stat"
)

// Ranks returns the rank of each number from 1, equal numbers sharing the mean of theirs.
func Ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(x[i], x[j]) })
	ranks := make([]float64, len(x))
	for from := 0; from < len(order); {
		to := from + 1
		for to < len(order) && x[order[to]] == x[order[from]] {
			to++
		}
		for _, i := range order[from:to] {
			ranks[i] = float64(from+1+to) / 2
		}
		from = to
	}
	return ranks
}

// RankCorrelation returns Spearman's rho of pairs, NaN where one side does not vary. (Kendall's tau is gonum's stat.Kendall.)
func RankCorrelation(x, y []float64) float64 { return stat.Correlation(Ranks(x), Ranks(y), nil) }

package sensitivity

import (
	"math"

	"entrepot/experiment/design"
)

// Indices are shares of the variance that an output has over a design. Index k is the design's factor k.
type Indices struct {
	Sample
	Ranking // by total index; empty if the output is drowned

	Names    []string
	Variance Estimate     // V of the expected output (under common random numbers: of the mean over the replicates)
	First    []Estimate   // what a factor explains alone
	Total    []Estimate   // what it explains alone and in interactions
	Second   [][]Estimate // [k][j], j > k: what the two explain only together; nil if the design has no BA
	Additive Estimate     // sum of First: what factors explain one by one
	Drowned  bool         // the variance cannot be told from luck: no index is known
}

// The means of these statistics over rows give all indices, so a resample of rows needs only their means. After them come
// three for each factor, then one for each pair of factors.
const (
	middle = iota // (a+b)/2
	square        // (a²+b²)/2
	noise         // variance of luck in a mean
	firstFactor
)

// Sobol estimates first order indices by Saltelli et al. (2010, table 2 b) and total ones by Jansen (1999); second order by Saltelli
// (2002). y holds the outputs, [point of the design][replicate]; a value that is not finite is a failed run, and its row is
// dropped whole. Luck that is known is subtracted, in the numerators of total indices and in the variance; estimates
// may then be a little below 0.
//
// It costs N (d+2) runs a replicate, N (2d+2) for second order; N of 500 to some thousands is usual, and errors fall with its root.
// Intervals resample rows as if they were drawn independently. Rows of a Sobol' sequence are spread better than that, so the intervals
// cover more than 95 %. The choice of the replicates' luck is not in them.
func Sobol(s *design.Saltelli, y [][]float64, o Options) (*Indices, error) {
	r, err := pool(y, s.Rows, s.Width(), o)
	if err != nil {
		return nil, err
	}
	x := &Indices{Sample: r.Sample}
	for k := range s.Factors {
		x.Names = append(x.Names, s.Factors[k].Name)
	}
	x.estimate(statistics(s, r), o)
	return x, nil
}

// statistics of each row.
func statistics(s *design.Saltelli, r *rows) [][]float64 {
	all := make([][]float64, len(r.mean))
	for i, y := range r.mean {
		a, b := y[s.A(0)], y[s.B(0)]
		row := []float64{(a + b) / 2, (a*a + b*b) / 2, r.noise[i]}
		for k := range s.Factors {
			ab := y[s.AB(0, k)]
			row = append(row, b*(ab-a), ab-a, (a-ab)*(a-ab)/2)
		}
		for k := range s.Factors {
			for j := k + 1; s.SecondOrder && j < len(s.Factors); j++ {
				row = append(row, y[s.BA(0, k)]*y[s.AB(0, j)]-a*b)
			}
		}
		all[i] = row
	}
	return all
}

// indices from the means of the statistics, in one list: variance, first, sum of first, total, second. d is the number of
// factors.
func indices(m []float64, d int) []float64 {
	v := m[square] - m[middle]*m[middle] - m[noise]
	out := make([]float64, 2+2*d, 2+2*d+len(m)-firstFactor-3*d)
	out[0] = v
	for k := range d {
		f := m[firstFactor+3*k:]
		out[1+k] = (f[0] - m[middle]*f[1]) / v
		out[1+d] += out[1+k]
		out[2+d+k] = (f[2] - m[noise]) / v
	}
	pairs := m[firstFactor+3*d:]
	for k := range d {
		for j := k + 1; j < d && len(pairs) > 0; j++ {
			out = append(out, pairs[0]/v-out[1+k]-out[1+j])
			pairs = pairs[1:]
		}
	}
	return out
}

func (x *Indices) estimate(rows [][]float64, o Options) {
	d := len(x.Names)
	values := indices(means(rows, upTo(len(rows))), d)
	var resampled [][]float64
	o.resample(len(rows), func(drawn []int) { resampled = append(resampled, indices(means(rows, drawn), d)) })
	x.Variance = between(values[0], column(resampled, 0))
	if x.Drowned = !(x.Variance.Low > 0); x.Drowned {
		x.unknown()
		return
	}
	resampled = positive(resampled)
	e := intervals(values, resampled)
	x.First, x.Additive, x.Total = e[1:1+d], e[1+d], e[2+d:2+2*d]
	x.Second = triangle(e[2+2*d:], d)
	totals := make([][]float64, len(resampled))
	for b := range totals {
		totals[b] = resampled[b][2+d : 2+2*d]
	}
	x.Ranking = rank(values[2+d:2+2*d], totals)
}

// unknown says of every index that it is not known.
func (x *Indices) unknown() {
	nan := Estimate{math.NaN(), math.NaN(), math.NaN()}
	x.Additive = nan
	for range x.Names {
		x.First, x.Total = append(x.First, nan), append(x.Total, nan)
	}
}

// positive leaves out the few resamples whose variance is not above zero.
func positive(resampled [][]float64) (kept [][]float64) {
	for _, values := range resampled {
		if values[0] > 0 {
			kept = append(kept, values)
		}
	}
	return kept
}

// triangle puts the list of pairs into a table.
func triangle(pairs []Estimate, d int) [][]Estimate {
	if len(pairs) == 0 {
		return nil
	}
	nan := math.NaN()
	table := make([][]Estimate, d)
	for k := range table {
		table[k] = make([]Estimate, d)
		for j := range d {
			table[k][j] = Estimate{nan, nan, nan}
			if j > k {
				table[k][j], pairs = pairs[0], pairs[1:]
			}
		}
	}
	return table
}

// means of the statistics over the rows drawn.
func means(rows [][]float64, drawn []int) []float64 {
	sum := make([]float64, len(rows[0]))
	for _, i := range drawn {
		for c, v := range rows[i] {
			sum[c] += v
		}
	}
	for c := range sum {
		sum[c] /= float64(len(drawn))
	}
	return sum
}

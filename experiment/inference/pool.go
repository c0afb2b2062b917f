package inference

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"entrepot/sim"

	"gonum.org/v1/gonum/mat"
)

// Regress is ABC from a table of runs by rejection and local linear regression (Beaumont, Zhang & Balding 2002, Genetics
// 162:2025), which takes out of the kept parameters what their statistics differ from the documented ones.
//
// Every run's statistics are first made as bad as the documented figures: the range's uniform error and the normal one are
// added to them, and they are compared with the middle of the range; where only one end is documented, what counts is
// whether the run is within. Of the many statistics one is then made for each parameter, its linear prediction from all of them
// (semi-automatic ABC: Fearnhead & Prangle 2012, JRSS B 74:419), so that those that say nothing do not blur the distance.
// Weights are Epanechnikov's. Parameters are adjusted on the scale of their prior's distribution function, and held at the edges of the
// prior (on the logit, which stays within by itself, intervals came out too narrow: 45 % of truths in those of 50 %); choices are not
// adjusted. What the regression leaves is widened by the degrees of freedom that it took.
//
// without are true values whose runs, replicates among them, are left out; nil leaves out none.
func (t Table) Regress(prior Prior, observed []Observed, share float64, without []float64, key sim.Key) (*Posterior, error) {
	if err := checkObserved(observed); err != nil {
		return nil, err
	}
	p := t.pool(prior, observed, without, key)
	n := int(share * float64(len(p.runs)))
	if least := 2*len(prior) + 2; n < least {
		return nil, fmt.Errorf("regressing: must keep at least %d runs, got %v of %d", least, share, len(p.runs))
	}
	p.summarise()
	return p.adjust(t, prior, n), nil
}

// pool is a table as it is compared with documented figures: rows of runs that gave all statistics. The documented figures are the
// origin of all columns.
type pool struct {
	runs       []int       // of the table
	parameters [][]float64 // [row][parameter], distribution functions
	columns    [][]float64 // [row][column], less the documented figure
}

// pool makes statistics as bad as the documented figures. A figure that no run meets otherwise than all others tells nothing.
func (t Table) pool(prior Prior, observed []Observed, without []float64, key sim.Key) *pool {
	p := new(pool)
	for i, s := range t.Statistics {
		if !finite(s) || without != nil && slices.Equal(t.Values[i], without) {
			continue
		}
		var row []float64
		for k, o := range observed {
			if o.known() {
				row = append(row, o.worsened(s[k], key.At(uint64(i)).Nth(uint64(k))))
			}
		}
		units := make([]float64, len(prior))
		for j, q := range prior {
			units[j] = q.Position(t.Values[i][j])
		}
		p.runs, p.columns, p.parameters = append(p.runs, i), append(p.columns, row), append(p.parameters, units)
	}
	p.columns = standardised(p.columns)
	return p
}

// worsened is a run's statistic with the errors of a documented figure, less that figure.
func (o Observed) worsened(x float64, key sim.Key) float64 {
	if o.Noise > 0 {
		x += o.Noise * key.At(0).Normal()
	}
	if math.IsInf(o.Low, 0) || math.IsInf(o.High, 0) {
		if o.miss(x) > 0 {
			return -1
		}
		return 0
	}
	return x + (o.High-o.Low)/2*key.At(1).Uniform(-1, 1) - (o.Low+o.High)/2
}

// Position is the prior's distribution function at a value; of a discrete one, the middle of its interval.
func (q Parameter) Position(x float64) float64 {
	n := float64(q.cells())
	switch q.Kind {
	case Integer:
		return (x - q.Low + 0.5) / n
	case Choice:
		return (x + 0.5) / n
	}
	low, high := q.scale(q.Low), q.scale(q.High)
	return (q.scale(x) - low) / (high - low)
}

// standardised divides every column by its scale and drops those that do not vary.
func standardised(rows [][]float64) [][]float64 {
	if len(rows) == 0 {
		return rows
	}
	out := make([][]float64, len(rows))
	for c, scale := range scales(rows, len(rows[0])) {
		if math.IsInf(scale, 1) {
			continue
		}
		for i := range rows {
			out[i] = append(out[i], rows[i][c]/scale)
		}
	}
	return out
}

// perColumn is how many runs there must be for each statistic before predictions of parameters are trusted as statistics.
const perColumn = 5

// summarise puts one statistic for each parameter in place of all. Where there are too few runs to learn them the statistics stay.
func (p *pool) summarise() {
	if len(p.runs) == 0 || len(p.columns[0]) <= len(p.parameters[0]) || len(p.runs) < perColumn*len(p.columns[0]) {
		return
	}
	slopes := regression(p.columns, p.parameters, slices.Repeat([]float64{1}, len(p.runs)))
	out := make([][]float64, len(p.runs))
	for i, row := range p.columns {
		out[i] = make([]float64, len(p.parameters[0]))
		for j := range out[i] {
			for c, x := range row {
				out[i][j] += x * slopes.At(c+1, j)
			}
		}
	}
	p.columns = standardised(out)
}

// regression returns the coefficients of weighted least squares of each y on an intercept and x, [1 + columns of x][columns of y].
// A breath of ridge keeps columns apart that say the same.
func regression(x, y [][]float64, w []float64) *mat.Dense {
	n := len(x[0]) + 1
	normal, right := mat.NewSymDense(n, nil), mat.NewDense(n, len(y[0]), nil)
	row := make([]float64, n)
	total := 0.0
	for i := range x {
		row[0] = 1
		copy(row[1:], x[i])
		normal.SymRankOne(normal, w[i], mat.NewVecDense(n, row))
		for a := range row {
			for j := range y[i] {
				right.Set(a, j, right.At(a, j)+w[i]*row[a]*y[i][j])
			}
		}
		total += w[i]
	}
	const ridge = 1e-6
	for a := range n {
		normal.SetSym(a, a, normal.At(a, a)+ridge*total)
	}
	var chol mat.Cholesky
	out := mat.NewDense(n, len(y[0]), nil)
	if chol.Factorize(normal) { // positive definite by its ridge
		_ = chol.SolveTo(out, right)
	}
	return out
}

// adjust keeps the n nearest rows and moves their parameters along the regression to where the documented figures are.
func (p *pool) adjust(t Table, prior Prior, n int) *Posterior {
	order, away := make([]int, len(p.runs)), make([]float64, len(p.runs))
	for i, row := range p.columns {
		order[i] = i
		for _, x := range row {
			away[i] = math.Hypot(away[i], x)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(away[a], away[b]) })
	reach := away[order[n-1]] * (1 + 1e-9)
	if n < len(order) {
		reach = max(reach, away[order[n]])
	}
	var x, y [][]float64
	var w []float64
	for _, i := range order[:n] {
		weight := 1.0
		if reach > 0 {
			weight = 1 - away[i]*away[i]/(reach*reach)
		}
		x, y, w = append(x, p.columns[i]), append(y, p.parameters[i]), append(w, max(weight, 1e-12))
	}
	slopes := regression(x, y, w)
	out, total, square := &Posterior{Prior: prior}, 0.0, 0.0
	for _, v := range w {
		total, square = total+v, square+v*v
	}
	size, _ := slopes.Dims()
	free := total * total / square
	widen := math.Sqrt(free / max(free-float64(size), 1))
	for k, i := range order[:n] {
		values := slices.Clone(t.Values[p.runs[i]])
		for j, q := range prior {
			if q.Kind == Choice {
				continue
			}
			rest := y[k][j] - slopes.At(0, j)
			for c, v := range x[k] {
				rest -= v * slopes.At(c+1, j)
			}
			values[j] = q.At(clamp(slopes.At(0, j)+widen*rest, 0, 1))
		}
		out.Values, out.Weights, out.Distances = append(out.Values, values), append(out.Weights, w[k]/total), append(out.Distances, away[i])
	}
	return out
}

// RecoverByRegression is the recovery test of Regress by leaving one out (Csillery et al. 2012): each of some runs, drawn under the
// key, is degraded in turn and looked for among those of all other parameters.
func RecoverByRegression(prior Prior, t Table, figures []Figure, share float64, trials int, key sim.Key) (*Report, error) {
	return recoverFrom(prior, t, figures, trials, key, func(o []Observed, truth int, k sim.Key) (*Posterior, error) {
		return t.Regress(prior, o, share, t.Values[truth], k)
	})
}

// recoverFrom makes runs of a table trials of an inference.
func recoverFrom(prior Prior, t Table, figures []Figure, trials int, key sim.Key, infer func(o []Observed, truth int, k sim.Key) (*Posterior, error)) (*Report, error) {
	if len(t.Values) != len(t.Statistics) || trials > len(t.Values) {
		return nil, fmt.Errorf("recovering from a table: must have as many runs of values as of statistics and at least %d, got %d and %d", trials, len(t.Values), len(t.Statistics))
	}
	order := make([]int, len(t.Values)) // a sample without replacement: Fisher and Yates
	for i := range order {
		order[i] = i
	}
	var done []Trial
	var dropped []string
	for i := range trials {
		k := key.Label("trial").At(uint64(i))
		to := i + k.Label("pick").Intn(len(order)-i)
		order[i], order[to] = order[to], order[i]
		truth := order[i]
		if !finite(t.Statistics[truth]) {
			dropped = append(dropped, fmt.Sprintf("trial %d: run %d failed", i, truth))
			continue
		}
		p, err := infer(Degrade(figures, t.Statistics[truth], k.Label("data")), truth, k.Label("noise"))
		if err != nil {
			dropped = append(dropped, fmt.Sprintf("trial %d: %v", i, err))
			continue
		}
		done = append(done, Trial{t.Values[truth], p})
	}
	report, err := Score(prior, done, key.Label("score"))
	if report != nil {
		report.Dropped = dropped
	}
	return report, err
}

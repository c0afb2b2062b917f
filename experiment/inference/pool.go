package inference

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"entrepot/sim"
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
	project := p.learn(observed)
	for i, row := range p.columns {
		p.columns[i] = project.of(row)
	}
	return p.nearest(t, prior, n), nil
}

// pool is a table as it is compared with documented figures: rows of runs that gave all statistics. The documented figures are the
// origin of all columns.
type pool struct {
	runs    []int       // of the table
	units   [][]float64 // [row][parameter], distribution functions
	columns [][]float64 // [row][column], less the documented figure
}

// pool makes statistics as bad as the documented figures.
func (t Table) pool(prior Prior, observed []Observed, without []float64, key sim.Key) *pool {
	p := new(pool)
	for i, s := range t.Statistics {
		if finite(s) && (without == nil || !slices.Equal(t.Values[i], without)) {
			p.runs = append(p.runs, i)
			p.columns, p.units = append(p.columns, worsened(observed, s, key.At(uint64(i)))), append(p.units, prior.positions(t.Values[i]))
		}
	}
	return p
}

// positions are the distribution functions at values.
func (p Prior) positions(values []float64) []float64 {
	out := make([]float64, len(p))
	for j, q := range p {
		out[j] = q.Position(values[j])
	}
	return out
}

// worsened are a run's statistics of documented figures as these err, each less its figure.
func worsened(observed []Observed, statistics []float64, key sim.Key) (out []float64) {
	for k, o := range observed {
		if o.known() {
			out = append(out, o.worsened(statistics[k], key.Nth(uint64(k))))
		}
	}
	return out
}

// worsened is a run's statistic with the errors of a documented figure, less that figure.
func (o Observed) worsened(x float64, key sim.Key) float64 {
	if o.Noise > 0 {
		x += float64(o.Noise * key.At(0).Normal())
	}
	if math.IsInf(o.Low, 0) || math.IsInf(o.High, 0) {
		if o.miss(x) > 0 {
			return -1
		}
		return 0
	}
	return x + float64((o.High-o.Low)/2*key.At(1).Uniform(-1, 1)) - (o.Low+o.High)/2
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
	low, high := q.Low, q.High
	if q.Kind == LogUniform { // sim's logarithm: this decides runs
		low, high, x = sim.Log(low), sim.Log(high), sim.Log(x)
	}
	return (x - low) / (high - low)
}

// Projection makes a few statistics of many: of each parameter its linear prediction, counted from what it is for the documented
// figures and in median absolute deviations (semi-automatic ABC: Fearnhead & Prangle 2012).
type Projection struct {
	observed []Observed
	scale    []float64   // of the worsened statistics; +Inf for one that tells nothing
	slopes   [][]float64 // [1 + statistics that tell][parameter]; nil: the statistics stay as they are
	spread   []float64   // of the predictions
}

// Project learns a projection from a table. Where there are fewer than five runs for each statistic, all statistics stay.
func (t Table) Project(prior Prior, observed []Observed, key sim.Key) (*Projection, error) {
	if err := checkObserved(observed); err != nil {
		return nil, err
	}
	return t.pool(prior, observed, nil, key).learn(observed), nil
}

// Of makes a run's statistics as bad as the documented figures, with luck of its own, and projects them; nil for a run that failed.
func (p *Projection) Of(statistics []float64, key sim.Key) []float64 {
	if !finite(statistics) {
		return nil
	}
	return p.of(worsened(p.observed, statistics, key))
}

// perColumn is how many runs there must be for each statistic before predictions of parameters are trusted as statistics.
const perColumn = 5

func (p *pool) learn(observed []Observed) *Projection {
	out := &Projection{observed: observed}
	if len(p.runs) == 0 {
		return out
	}
	out.scale = scales(p.columns, len(p.columns[0]))
	var x, y [][]float64
	for _, row := range p.columns {
		x = append(x, out.of(row))
	}
	if n := len(x[0]); n <= len(p.units[0]) || len(p.runs) < perColumn*n {
		return out
	}
	out.slopes = regression(x, p.units, slices.Repeat([]float64{1}, len(x)))
	out.spread = slices.Repeat([]float64{1}, len(p.units[0]))
	for _, row := range p.columns {
		y = append(y, out.of(row))
	}
	out.spread = scales(y, len(out.spread))
	return out
}

// of projects worsened statistics.
func (p *Projection) of(row []float64) (out []float64) {
	for c, x := range row {
		if !math.IsInf(p.scale[c], 1) {
			out = append(out, x/p.scale[c])
		}
	}
	if p.slopes == nil {
		return out
	}
	predicted := make([]float64, len(p.spread))
	for j := range predicted {
		for c, x := range out {
			predicted[j] += float64(x*p.slopes[c+1][j]) / p.spread[j]
		}
	}
	return predicted
}

// regression returns the coefficients of weighted least squares of each y on an intercept and x, [1 + columns of x][columns of y].
// A breath of ridge keeps columns apart that say the same. It decides runs, so its bits are the same everywhere: gonum's are not.
func regression(x, y [][]float64, w []float64) [][]float64 {
	const ridge = 1e-6
	n, m := len(x[0])+1, len(y[0])
	normal, right, total := square(n), make([][]float64, n), 0.0
	for a := range right {
		right[a] = make([]float64, m)
	}
	for i := range x {
		row := append([]float64{1}, x[i]...)
		for a, v := range row {
			wv := float64(w[i] * v)
			for b := range a + 1 {
				normal[a][b] += float64(wv * row[b])
			}
			for j := range m {
				right[a][j] += float64(wv * y[i][j])
			}
		}
		total += w[i]
	}
	for a := range n {
		normal[a][a] += float64(ridge * total)
		for b := range a {
			normal[b][a] = normal[a][b]
		}
	}
	return solve(cholesky(normal), right)
}

// solve returns the solution of l l' x = right, by column of right.
func solve(l, right [][]float64) [][]float64 {
	for a := range l {
		for j := range right[a] {
			for b := range a {
				right[a][j] -= float64(l[a][b] * right[b][j])
			}
			right[a][j] /= l[a][a]
		}
	}
	for a := len(l) - 1; a >= 0; a-- {
		for j := range right[a] {
			for b := a + 1; b < len(l); b++ {
				right[a][j] -= float64(l[b][a] * right[b][j])
			}
			right[a][j] /= l[a][a]
		}
	}
	return right
}

// nearest keeps the n nearest rows and adjusts their parameters.
func (p *pool) nearest(t Table, prior Prior, n int) *Posterior {
	order, away := make([]int, len(p.runs)), make([]float64, len(p.runs))
	for i, row := range p.columns {
		order[i] = i
		for _, x := range row {
			away[i] = math.Hypot(away[i], x)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(away[a], away[b]) })
	reach := away[order[n-1]]
	if n < len(order) {
		reach = away[order[n]]
	}
	out := &Posterior{Prior: prior}
	var statistics [][]float64
	for _, i := range order[:n] {
		statistics = append(statistics, p.columns[i])
		out.Values, out.Weights, out.Distances = append(out.Values, t.Values[p.runs[i]]), append(out.Weights, 1/float64(n)), append(out.Distances, away[i])
	}
	return out.adjusted(statistics, reach)
}

// Adjusted takes out of the parameters of a sample what their statistics, [particle][statistic], each counted from the documented one,
// differ from the documented ones, by local linear regression (Beaumont et al. 2002). Particles count less the further away they are.
// A sample that is too small for that stays as it is.
func (p *Posterior) Adjusted(statistics [][]float64) *Posterior {
	return p.adjusted(statistics, slices.Max(p.Distances))
}

// adjusted knows from which distance on a particle counts for nothing.
func (p *Posterior) adjusted(statistics [][]float64, reach float64) *Posterior {
	out, total, squares := &Posterior{Prior: p.Prior, Distances: p.Distances}, 0.0, 0.0
	var units [][]float64
	for i, v := range p.Values {
		w := p.Weights[i]
		if reach > 0 { // Epanechnikov
			w *= max(1-p.Distances[i]*p.Distances[i]/(reach*reach), 1e-9)
		}
		out.Weights, units = append(out.Weights, w), append(units, p.Prior.positions(v))
		total, squares = total+w, squares+w*w
	}
	for i := range out.Weights {
		out.Weights[i] /= total
	}
	free := total*total/squares - float64(len(statistics[0])+1)
	if free < 1 {
		return p
	}
	slopes := regression(statistics, units, out.Weights)
	widen := math.Sqrt((total * total / squares) / free)
	for i, v := range p.Values {
		v = slices.Clone(v)
		for j, q := range p.Prior {
			if q.Kind == Choice {
				continue
			}
			rest := units[i][j] - slopes[0][j]
			for c, x := range statistics[i] {
				rest -= x * slopes[c+1][j]
			}
			v[j] = q.At(clamp(slopes[0][j]+widen*rest, 0, 1))
		}
		out.Values = append(out.Values, v)
	}
	return out
}

// RecoverByRegression is the recovery test of Regress (METHODS: calibration, 1) by leaving one out (Csillery et al. 2012): each of some
// runs, drawn under the key, is degraded as the figures are in turn and looked for among those of all other parameters.
func RecoverByRegression(prior Prior, t Table, figures []Figure, share float64, trials int, key sim.Key) (*Report, error) {
	if err := checkTable(t, figures, trials); err != nil {
		return nil, fmt.Errorf("recovering from a table: %w", err)
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
		p, err := t.Regress(prior, Degrade(figures, t.Statistics[truth], k.Label("data")), share, t.Values[truth], k.Label("noise"))
		if err != nil {
			dropped = append(dropped, fmt.Sprintf("trial %d: %v", i, err))
			continue
		}
		done = append(done, Trial{t.Values[truth], p})
	}
	report, err := Score(prior, done, key.Label("score"))
	if err != nil {
		if len(dropped) > 0 {
			err = fmt.Errorf("%w; %s", err, dropped[0])
		}
		return nil, err
	}
	report.Dropped = dropped
	return report, nil
}

func checkTable(t Table, figures []Figure, trials int) error {
	var errs []error
	if len(t.Values) != len(t.Statistics) || trials > len(t.Values) {
		errs = append(errs, fmt.Errorf("must have as many runs of values as of statistics and at least %d, got %d and %d", trials, len(t.Values), len(t.Statistics)))
	}
	for _, f := range figures {
		errs = append(errs, f.check())
	}
	return errors.Join(errs...)
}

package inference

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
)

// Posterior is a sample of weighted particles.
type Posterior struct {
	Prior     Prior
	Values    [][]float64 // [particle][parameter]
	Weights   []float64   // sum 1
	Distances []float64   // of each particle's statistics to the documented figures; 0 is a perfect hit
}

// Interval is a range with the confidence its maker says.
type Interval struct{ Low, High float64 }

// Holds tells whether x lies in the interval, ends included.
func (i Interval) Holds(x float64) bool { return x >= i.Low && x <= i.High }

// Verdict says in words how far data narrowed a parameter.
type Verdict string

// The verdicts, by the lower end of the interval of the contraction.
const (
	Identified    Verdict = "identified"        // at least a half
	Weak          Verdict = "weakly identified" // at least a tenth
	NotIdentified Verdict = "not identified"
)

const (
	identifiedFrom = 0.5
	weakFrom       = 0.1
)

func verdict(contraction float64) Verdict {
	switch {
	case contraction >= identifiedFrom:
		return Identified
	case contraction >= weakFrom:
		return Weak
	}
	return NotIdentified
}

// Marginal is what is known of one parameter.
type Marginal struct {
	Name                    string
	Mean, SD                float64 // in the parameter's unit; of a choice, of the level's index
	Q05, Q25, Q50, Q75, Q95 float64
	Chances                 []float64 // of a choice: the posterior chance of each level
	Contraction             float64   // 1 - posterior sd / prior sd
	ContractionInterval     Interval  // 95 %, bootstrap over particles: the error of the sample, not of the model
	Verdict                 Verdict
}

// EffectiveSize is Kish's 1/sum(w^2): how many unweighted particles would know as much.
func (p *Posterior) EffectiveSize() float64 {
	sum := 0.0
	for _, w := range p.Weights {
		sum += float64(w * w)
	}
	if sum == 0 {
		return 0
	}
	return 1 / sum
}

func (p *Posterior) column(j int) []float64 {
	out := make([]float64, len(p.Values))
	for i, v := range p.Values {
		out[i] = v[j]
	}
	return out
}

// scaled is parameter j on the scale on which spread is measured, in prior standard deviations from the prior mean.
func (p *Posterior) scaled(j int) []float64 {
	mean, sd := p.Prior[j].spread()
	out := p.column(j)
	for i, x := range out {
		out[i] = (p.Prior[j].scale(x) - mean) / sd
	}
	return out
}

// Mean is the posterior mean of parameter j.
func (p *Posterior) Mean(j int) float64 { return stat.Mean(p.column(j), p.Weights) }

// SD is the posterior standard deviation of parameter j.
func (p *Posterior) SD(j int) float64 { return deviation(p.column(j), p.Weights) }

// deviation is the weighted standard deviation of a population; weights need not sum to 1.
func deviation(x, w []float64) float64 {
	mean := stat.Mean(x, w)
	return math.Sqrt(stat.MomentAbout(2, x, mean, w))
}

// Quantile is the lowest value of parameter j that at least the share q of the weight does not exceed.
func (p *Posterior) Quantile(j int, q float64) float64 {
	x, w := p.column(j), slices.Clone(p.Weights)
	stat.SortWeighted(x, w)
	return stat.Quantile(q, stat.Empirical, x, w)
}

// Chances is the posterior chance of each level of a choice, nil for other parameters.
func (p *Posterior) Chances(j int) []float64 {
	if p.Prior[j].Kind != Choice {
		return nil
	}
	return chances(p.column(j), p.Weights, len(p.Prior[j].Levels))
}

func chances(x, w []float64, levels int) []float64 {
	out := make([]float64, levels)
	for i, v := range x {
		out[int(v)] += w[i]
	}
	return out
}

// Correlation returns the matrix of weighted correlations, [parameter][parameter], on the scale of the logarithm for
// log-uniform laws; 0 where a parameter does not vary. That of a choice with more than two levels has no meaning.
func (p *Posterior) Correlation() [][]float64 {
	d := len(p.Prior)
	columns, out := make([][]float64, d), square(d)
	for j := range d {
		columns[j] = p.scaled(j)
	}
	for a := range d {
		for b := range d {
			if r := stat.Correlation(columns[a], columns[b], p.Weights); !math.IsNaN(r) {
				out[a][b] = r
			}
		}
		out[a][a] = 1
	}
	return out
}

// Contraction is 1 - posterior sd / prior sd of parameter j, on the scale of the logarithm for log-uniform laws: 0 where
// nothing was learnt, 1 where it is known exactly, below 0 where the posterior is wider than the prior. For a choice the
// squared sd is replaced by Gini's impurity 1 - sum(p^2), to which the variance of two levels is proportional.
func (p *Posterior) Contraction(j int) float64 {
	return p.contraction(j, p.scaled(j), p.column(j), p.Weights)
}

func (p *Posterior) contraction(j int, scaled, raw, w []float64) float64 {
	if p.Prior[j].Kind != Choice {
		return 1 - deviation(scaled, w)
	}
	levels := len(p.Prior[j].Levels)
	impurity, total := 1.0, stat.Mean(w, nil)*float64(len(w))
	for _, c := range chances(raw, w, levels) {
		impurity -= c * c / (total * total)
	}
	return 1 - math.Sqrt(max(impurity, 0)/(1-1/float64(levels)))
}

// ContractionInterval is the central 95 % of the contraction over bootstrap samples of the particles.
func (p *Posterior) ContractionInterval(j, resamples int, key sim.Key) Interval {
	n := len(p.Values)
	scaled, raw := p.scaled(j), p.column(j)
	var all []float64
	a, b, w := make([]float64, n), make([]float64, n), make([]float64, n)
	for r := range resamples {
		row := key.At(uint64(r))
		for i := range n {
			from := row.Nth(uint64(i)).Intn(n)
			a[i], b[i], w[i] = scaled[from], raw[from], p.Weights[from]
		}
		if c := p.contraction(j, a, b, w); !math.IsNaN(c) { // a sample may hold no weight at all
			all = append(all, c)
		}
	}
	if len(all) == 0 {
		return Interval{math.NaN(), math.NaN()}
	}
	slices.Sort(all)
	return Interval{stat.Quantile(0.025, stat.Empirical, all, nil), stat.Quantile(0.975, stat.Empirical, all, nil)}
}

// Marginals describes every parameter; resamples of the bootstrap are drawn under the key (a few hundred will do).
func (p *Posterior) Marginals(resamples int, key sim.Key) []Marginal {
	out := make([]Marginal, len(p.Prior))
	for j, q := range p.Prior {
		m := Marginal{Name: q.Name, Mean: p.Mean(j), SD: p.SD(j), Chances: p.Chances(j), Contraction: p.Contraction(j),
			Q05: p.Quantile(j, 0.05), Q25: p.Quantile(j, 0.25), Q50: p.Quantile(j, 0.5), Q75: p.Quantile(j, 0.75), Q95: p.Quantile(j, 0.95)}
		m.ContractionInterval = p.ContractionInterval(j, resamples, key.Label(q.Name))
		m.Verdict = verdict(m.ContractionInterval.Low)
		out[j] = m
	}
	return out
}

func covary(x, y, w []float64) float64 {
	mx, my, sum, total := stat.Mean(x, w), stat.Mean(y, w), 0.0, 0.0
	for i := range x {
		sum += w[i] * (x[i] - mx) * (y[i] - my)
		total += w[i]
	}
	return sum / total
}

// Tie is two parameters of which the data know a combination and neither alone.
type Tie struct {
	A, B        int     // parameters
	Correlation float64 // posterior
	Contraction float64 // of the combination
	Combination string  // "a + 0.5 b", in the parameters' units, with log(a) for log-uniform laws
}

// tieGain is how much more contracted the combination must be than either parameter.
const tieGain = 0.25

// Ties lists the pairs of parameters that are tied: neither is identified, and the minor axis of their joint posterior is.
func (p *Posterior) Ties() []Tie {
	var out []Tie
	for a := range p.Prior {
		for b := a + 1; b < len(p.Prior); b++ {
			if p.Prior[a].Kind == Choice || p.Prior[b].Kind == Choice {
				continue
			}
			if t, ok := p.tie(a, b); ok {
				out = append(out, t)
			}
		}
	}
	return out
}

func (p *Posterior) tie(a, b int) (Tie, bool) {
	x, y := p.scaled(a), p.scaled(b)
	xx, yy, xy := covary(x, x, p.Weights), covary(y, y, p.Weights), covary(x, y, p.Weights)
	minor := (xx+yy)/2 - math.Hypot((xx-yy)/2, xy) // smaller eigenvalue
	known := 1 - math.Sqrt(max(minor, 0))
	best := max(p.Contraction(a), p.Contraction(b))
	if xy == 0 || known < identifiedFrom || best >= identifiedFrom || known-best < tieGain {
		return Tie{}, false
	}
	_, sa := p.Prior[a].spread()
	_, sb := p.Prior[b].spread()
	factor := (minor - xx) / xy * sa / sb // the axis is (xy, minor - xx)
	return Tie{a, b, xy / math.Sqrt(xx*yy), known, combination(p.Prior[a], p.Prior[b], factor)}, true
}

func combination(a, b Parameter, factor float64) string {
	name := func(q Parameter) string {
		if q.Kind == LogUniform {
			return "log(" + q.Name + ")"
		}
		return q.Name
	}
	sign := "+"
	if factor < 0 {
		sign = "−"
	}
	times := fmt.Sprintf("%.2g ", math.Abs(factor))
	if times == "1 " {
		times = ""
	}
	return fmt.Sprintf("%s %s %s%s", name(a), sign, times, name(b))
}

// Draw returns n particles, [draw][parameter], by systematic resampling: a particle of weight w comes floor(n w) or
// ceil(n w) times. The draws are a sample for further runs; their order is that of the particles.
func (p *Posterior) Draw(n int, key sim.Key) ([][]float64, error) {
	if n < 1 || len(p.Values) == 0 {
		return nil, fmt.Errorf("drawing from a posterior: must have particles and at least 1 draw, got %d particles and %d draws", len(p.Values), n)
	}
	offset, sum, i := key.Float(), p.Weights[0], 0
	out := make([][]float64, n)
	for d := range out {
		at := (float64(d) + offset) / float64(n)
		for at >= sum && i < len(p.Weights)-1 {
			i++
			sum += p.Weights[i]
		}
		out[d] = slices.Clone(p.Values[i])
	}
	return out, nil
}

// Check reports whether the sample is one: equal lengths, values of the prior, weights that sum to 1.
func (p *Posterior) Check() error {
	n, sum := len(p.Values), 0.0
	if n == 0 {
		return errors.New("posterior: must have particles, got none")
	}
	if len(p.Weights) != n || len(p.Distances) != n {
		return fmt.Errorf("posterior: must have as many weights and distances as particles (%d), got %d and %d", n, len(p.Weights), len(p.Distances))
	}
	for i, v := range p.Values {
		if len(v) != len(p.Prior) {
			return fmt.Errorf("posterior: particle %d must have %d values, got %d", i, len(p.Prior), len(v))
		}
		if !p.Prior.holds(v) {
			return fmt.Errorf("posterior: particle %d must lie in the prior, got %v", i, v)
		}
		if w := p.Weights[i]; !(w >= 0 && w <= 1) {
			return fmt.Errorf("posterior: weights must be in [0, 1], got %v", w)
		}
		sum += p.Weights[i]
	}
	if math.Abs(sum-1) > 1e-6 {
		return fmt.Errorf("posterior: weights must sum to 1, got %v", sum)
	}
	return nil
}

package inference

import (
	"fmt"
	"math"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Figure says how one documented figure errs, so that pseudo-data can be made as bad as the real ones.
type Figure struct {
	ID     string
	Source string  // figures of one source share its bias
	Noise  float64 // standard deviation of the figure's own error
	Bias   float64 // standard deviation of a shift that all figures of the source share (times each one's Bias)
	Half   float64 // half the width of the documented range; the truth is anywhere within, with the same chance
	Gap    float64 // chance that nothing is documented
	// Relative takes Noise, Bias and Half as shares of the figure's size, else they are in its unit.
	Relative bool
	Sign     bool // only the sign is documented
}

func (f Figure) check() error {
	for _, x := range []float64{f.Noise, f.Bias, f.Half} {
		if !(x >= 0) || math.IsInf(x, 0) {
			return fmt.Errorf("figure %s: noise, bias and half width must be at least 0, got %v", f.ID, x)
		}
	}
	if !(f.Gap >= 0 && f.Gap <= 1) {
		return fmt.Errorf("figure %s: chance of a gap must be in [0, 1], got %v", f.ID, f.Gap)
	}
	return nil
}

// Degrade turns a run's statistics into documented figures, one each: x + noise + the source's bias + a place in the range.
// What is made knows the size of noise and bias (as Observed.Noise) but not that a source's figures err together. Zero
// keeps the chance of either sign.
func Degrade(figures []Figure, statistics []float64, key sim.Key) []Observed {
	out := make([]Observed, len(figures))
	for s, f := range figures {
		k, unit := key.Label("figure").At(uint64(s)), 1.0
		if f.Relative {
			unit = math.Abs(statistics[s])
		}
		spread := float64(f.Noise*unit*k.At(0).Normal()) + float64(f.Bias*unit*key.Label("source").Label(f.Source).Normal())
		x := statistics[s] + spread + float64(f.Half*unit*k.At(1).Uniform(-1, 1))
		o := Observed{ID: f.ID, Low: x - float64(f.Half*unit), High: x + float64(f.Half*unit),
			Noise: float64(unit * math.Sqrt(float64(f.Noise*f.Noise)+float64(f.Bias*f.Bias)))}
		switch {
		case k.At(2).Float() < f.Gap:
			o.Low, o.High, o.Noise = math.NaN(), math.NaN(), 0
		case f.Sign:
			sign := SignOf(f.ID, x > 0 || x == 0 && k.At(3).Float() < 0.5)
			o.Low, o.High = sign.Low, sign.High
		}
		out[s] = o
	}
	return out
}

// Trial is a known truth and what an inference made of its data.
type Trial struct {
	Truth     []float64 // parameter values
	Posterior *Posterior
}

// Report is the outcome of a recovery test.
type Report struct {
	Rows    []RecoveryRow // per parameter
	Trials  int           // that count
	Dropped []string      // those that do not, with the reason
}

// The notes on intervals.
const (
	TooNarrow = "intervals too narrow"
	TooWide   = "intervals too wide"
)

// Comeback says in words whether a parameter comes back.
type Comeback string

// The words, by the correlation of the posterior mean with the truth.
const (
	ComesBack       Comeback = "comes back"        // at least 0.8
	PartlyBack      Comeback = "comes back partly" // at least 0.4
	DoesNotComeBack Comeback = "does not come back"
	TooFewTrials    Comeback = "too few trials"
)

// leastTrials is how many trials a verdict asks for: the correlation of two pairs is 1 or -1 whatever they are, of twenty it errs by 0.2.
const leastTrials = 20

// TooFew reports whether there are too few trials for verdicts.
func (r *Report) TooFew() bool { return r.Trials < leastTrials }

// RecoveryRow is one parameter's row.
type RecoveryRow struct {
	Name string
	// Correlation is that of the posterior mean with the truth over trials, on the scale of the logarithm for log-uniform
	// laws; of a choice, that of the posterior chances of levels with the level that was true. NaN where nothing varies.
	Correlation float64
	// Coverage is the share of truths in the central 50 and 90 % of their posteriors, read off the ranks, so that integers
	// and levels cover what they should; with 95 % intervals.
	Coverage50, Coverage90 float64
	Interval50, Interval90 Interval
	Contraction            float64   // mean over trials
	Ranks                  []float64 // of the truth in its posterior, by trial: uniform on [0, 1] if intervals are honest
	Uniformity             float64   // p-value of that by chi-squared; small is dishonest
	Comeback               Comeback
	Note                   string // TooNarrow, TooWide at 90 %, or empty
}

// Score makes the table from trials of any inference; ties are broken under the key.
func Score(prior Prior, trials []Trial, key sim.Key) (*Report, error) {
	if len(trials) < 2 {
		return nil, fmt.Errorf("scoring a recovery test: must have at least two trials that count, got %d", len(trials))
	}
	for i, t := range trials {
		if err := t.Posterior.Check(); err != nil {
			return nil, fmt.Errorf("scoring trial %d: %w", i, err)
		}
		if len(t.Truth) != len(prior) {
			return nil, fmt.Errorf("scoring trial %d: must have %d true values, got %d", i, len(prior), len(t.Truth))
		}
	}
	report := &Report{Trials: len(trials)}
	for j := range prior {
		report.Rows = append(report.Rows, row(prior, trials, j, key.At(uint64(j))))
	}
	return report, nil
}

func row(prior Prior, trials []Trial, j int, key sim.Key) RecoveryRow {
	r := RecoveryRow{Name: prior[j].Name, Correlation: agreement(prior[j], trials, j)}
	in50, in90 := 0, 0
	for i, t := range trials {
		rank := t.Posterior.rank(j, t.Truth[j], key.At(uint64(i)).Float())
		r.Ranks = append(r.Ranks, rank)
		r.Contraction += t.Posterior.Contraction(j) / float64(len(trials))
		if math.Abs(rank-0.5) <= 0.25 {
			in50++
		}
		if math.Abs(rank-0.5) <= 0.45 {
			in90++
		}
	}
	n := float64(len(trials))
	r.Coverage50, r.Coverage90 = float64(in50)/n, float64(in90)/n
	r.Interval50, r.Interval90 = wilson(in50, len(trials)), wilson(in90, len(trials))
	r.Uniformity = uniformity(r.Ranks)
	switch {
	case r.Interval90.High < 0.9:
		r.Note = TooNarrow
	case r.Interval90.Low > 0.9:
		r.Note = TooWide
	}
	switch {
	case len(trials) < leastTrials:
		r.Comeback = TooFewTrials
	case r.Correlation >= 0.8:
		r.Comeback = ComesBack
	case r.Correlation >= 0.4:
		r.Comeback = PartlyBack
	default:
		r.Comeback = DoesNotComeBack
	}
	return r
}

// rank is the place of x among the particles of parameter j, in [0, 1]. x counts as one particle more; u in [0, 1) breaks
// ties, so that the rank of a draw from the posterior is uniform whatever the law.
func (p *Posterior) rank(j int, x, u float64) float64 {
	below, same := 0.0, 1/p.EffectiveSize()
	for i, v := range p.Values {
		switch {
		case v[j] < x:
			below += p.Weights[i]
		case v[j] == x:
			same += p.Weights[i]
		}
	}
	return (below + u*same) / (1 + 1/p.EffectiveSize())
}

func agreement(q Parameter, trials []Trial, j int) float64 {
	var guess, truth []float64
	for _, t := range trials {
		if q.Kind == Choice {
			for l, c := range t.Posterior.Chances(j) {
				guess, truth = append(guess, c), append(truth, indicator(1-2*math.Abs(t.Truth[j]-float64(l))))
			}
			continue
		}
		mean, sd := q.spread()
		guess = append(guess, stat.Mean(t.Posterior.scaled(j), t.Posterior.Weights))
		truth = append(truth, (q.scale(t.Truth[j])-mean)/sd)
	}
	return stat.Correlation(guess, truth, nil)
}

// uniformity is the p-value of chi-squared of ranks in equal bins, of at least five expected each and 20 at most.
func uniformity(ranks []float64) float64 {
	bins := min(20, len(ranks)/5)
	if bins < 2 {
		return math.NaN()
	}
	counts := make([]float64, bins)
	for _, r := range ranks {
		counts[min(int(r*float64(bins)), bins-1)]++
	}
	chi, want := 0.0, float64(len(ranks))/float64(bins)
	for _, c := range counts {
		chi += (c - want) * (c - want) / want
	}
	return distuv.ChiSquared{K: float64(bins - 1)}.Survival(chi)
}

// Table is a sample of the prior with what its runs gave, as a first wave leaves it: enough for a recovery test without a
// single run more.
type Table struct {
	Values     [][]float64 // [run][parameter]
	Statistics [][]float64 // [run][statistic], nil for a run that failed
}

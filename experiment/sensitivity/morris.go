package sensitivity

import (
	"math"

	"entrepot/experiment/design"

	"gonum.org/v1/gonum/stat"
)

// Screening tells which factors matter from a few runs. An elementary effect is the change of the output by a step of one factor,
// divided by the step as a share of the factor's range: its unit is the output's, for the whole range. Index k is the
// design's factor k.
type Screening struct {
	Sample
	Ranking // by mu*

	Names  []string
	Mu     []Estimate // mean effect
	MuStar []Estimate // mean of absolute effects: importance (Campolongo, Cariboni and Saltelli 2007)
	Sigma  []Estimate // standard deviation of effects: interaction or curvature; luck that is known is subtracted
	Floor  float64    // mu* that luck alone gives to a factor without effect; NaN where that is not known
}

// Morris estimates mu, mu* and sigma of each factor, with intervals over resampled trajectories. y holds the outputs, [point of the
// design][replicate]; a value that is not finite is a failed run, and its trajectory is dropped whole. Luck cannot be
// subtracted from mean absolute values: Floor says what a factor without effect would have, sqrt(4 s²/(pi r))/delta if luck
// is normal.
//
// It costs r (d+1) runs a replicate for r trajectories. With ten or twenty trajectories intervals are too narrow; it is a screening.
func Morris(t *design.Trajectories, y [][]float64, o Options) (*Screening, error) {
	d := len(t.Factors)
	r, err := pool(y, len(t.Steps), d+1, o)
	if err != nil {
		return nil, err
	}
	x := &Screening{Sample: r.Sample}
	for k := range t.Factors {
		x.Names = append(x.Names, t.Factors[k].Name)
	}
	effects := elementary(t, r)
	luck := 2 / (t.Delta * t.Delta) // variance of luck in an effect, over that in a point's mean
	values := moments(effects, r.noise, luck, upTo(len(effects)))
	var resampled [][]float64
	o.resample(len(effects), func(drawn []int) { resampled = append(resampled, moments(effects, r.noise, luck, drawn)) })
	e := intervals(values, resampled)
	x.Mu, x.MuStar, x.Sigma = e[:d], e[d:2*d], e[2*d:]
	stars := make([][]float64, len(resampled))
	for b := range stars {
		stars[b] = resampled[b][d : 2*d]
	}
	x.Ranking = rank(values[d:2*d], stars)
	if x.Floor = math.NaN(); x.Luck != Left {
		x.Floor = math.Sqrt(2 / math.Pi * luck * stat.Mean(r.noise, nil))
	}
	return x, nil
}

// elementary returns the effects of whole trajectories, [trajectory][factor].
func elementary(t *design.Trajectories, r *rows) [][]float64 {
	effects := make([][]float64, len(r.mean))
	for i, y := range r.mean {
		effects[i] = make([]float64, len(t.Factors))
		for s, step := range t.Steps[r.kept[i]] {
			effects[i][step.Factor] = (y[s+1] - y[s]) / step.Change
		}
	}
	return effects
}

// moments of the effects of the trajectories drawn, in one list: mu, mu*, sigma.
func moments(effects [][]float64, noise []float64, luck float64, drawn []int) []float64 {
	d, n := len(effects[0]), float64(len(drawn))
	out := make([]float64, 3*d)
	mean := 0.0
	for _, i := range drawn {
		mean += luck * noise[i] / n
		for k, e := range effects[i] {
			out[k] += e / n
			out[d+k] += math.Abs(e) / n
		}
	}
	for _, i := range drawn {
		for k, e := range effects[i] {
			out[2*d+k] += (e - out[k]) * (e - out[k]) / (n - 1)
		}
	}
	for k := range d {
		out[2*d+k] = math.Sqrt(max(0, out[2*d+k]-mean))
	}
	return out
}

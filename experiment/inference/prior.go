// Package inference learns parameters of a noisy simulator from documented figures: priors, history matching, approximate
// Bayesian computation, recovery tests and the naive rivals of a scoreboard. It knows no model: whoever calls it runs what
// it asks for and tells it what came out, so a study can stop anywhere and go on with the same bytes.
//
// What decides which runs are asked for uses portable arithmetic (sim.Exp, sim.Log, explicit float64 conversions of
// products), so a study begun on one machine goes on on another.
package inference

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"entrepot/sim"
)

// Kind is the family of a prior law.
type Kind uint8

// The families.
const (
	Uniform    Kind = iota // on [Low, High]
	LogUniform             // the logarithm is uniform; 0 < Low < High
	Integer                // every integer of Low..High, both included, has the same chance
	Choice                 // every level has the same chance; the value is the level's index
)

// Parameter is an unknown and its prior law.
type Parameter struct {
	Name      string
	Kind      Kind
	Low, High float64  // in the parameter's unit; unused by Choice
	Levels    []string // of Choice
}

// Prior is a product of independent laws, one per parameter. A point of the unit cube is a point of the prior: coordinate j
// is the distribution function of parameter j. An integer or a level owns an interval of its coordinate, of width 1/n.
type Prior []Parameter

// Check reports everything that is wrong with a prior.
func (p Prior) Check() error {
	var errs []error
	if len(p) == 0 {
		errs = append(errs, errors.New("prior: must have at least one parameter, got none"))
	}
	seen := map[string]bool{}
	for _, q := range p {
		if q.Name == "" || seen[q.Name] {
			errs = append(errs, fmt.Errorf("prior: names must be given and differ, got %q", q.Name))
		}
		seen[q.Name] = true
		if err := q.check(); err != nil {
			errs = append(errs, fmt.Errorf("prior of %s: %w", q.Name, err))
		}
	}
	return errors.Join(errs...)
}

// mostIntegers bounds an integer range, so that every integer owns many points of [0, 1).
const mostIntegers = 1 << 40

func (q Parameter) check() error {
	finite := !math.IsInf(q.Low, 0) && !math.IsInf(q.High, 0)
	switch {
	case q.Kind == Choice && (len(q.Levels) < 2 || len(uniqueStrings(q.Levels)) < len(q.Levels)):
		return fmt.Errorf("must have at least two different levels, got %q", q.Levels)
	case q.Kind > Choice:
		return fmt.Errorf("must be of a known kind, got %d", q.Kind)
	case q.Kind == Choice:
		return nil
	case !(finite && q.Low < q.High):
		return fmt.Errorf("must have low < high, got %v to %v", q.Low, q.High)
	case q.Kind == LogUniform && q.Low <= 0:
		return fmt.Errorf("low of a log-uniform law must be above 0, got %v", q.Low)
	case q.Kind == Integer && (q.Low != math.Floor(q.Low) || q.High != math.Floor(q.High) || q.High-q.Low >= mostIntegers):
		return fmt.Errorf("ends of an integer range must be whole and less than 2^40 apart, got %v to %v", q.Low, q.High)
	}
	return nil
}

func uniqueStrings(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return slices.Compact(s)
}

// cells is how many values a discrete law has, 0 for continuous ones.
func (q Parameter) cells() int {
	switch q.Kind {
	case Integer:
		return int(q.High-q.Low) + 1
	case Choice:
		return len(q.Levels)
	}
	return 0
}

// At is the quantile function: the value at u, 0 <= u < 1 (u = 1 counts as the highest value). Always within bounds.
func (q Parameter) At(u float64) float64 {
	switch n := q.cells(); {
	case q.Kind == LogUniform:
		lo, hi := sim.Log(q.Low), sim.Log(q.High)
		return clamp(sim.Exp(lo+float64((hi-lo)*u)), q.Low, q.High)
	case n > 0:
		cell := clamp(math.Floor(float64(float64(n)*u)), 0, float64(n-1))
		if q.Kind == Integer {
			return q.Low + cell
		}
		return cell
	}
	return clamp(q.Low+float64((q.High-q.Low)*u), q.Low, q.High)
}

func clamp(x, lo, hi float64) float64 { return min(max(x, lo), hi) }

// Density is the prior density at a value: per unit of the parameter for continuous laws, a probability for discrete ones,
// 0 outside.
func (q Parameter) Density(x float64) float64 {
	n := q.cells()
	switch {
	case n > 0:
		first := 0.0
		if q.Kind == Integer {
			first = q.Low
		}
		if x != math.Floor(x) || x < first || x >= first+float64(n) {
			return 0
		}
		return 1 / float64(n)
	case !(x >= q.Low && x <= q.High):
		return 0
	case q.Kind == LogUniform:
		return 1 / (x * math.Log(q.High/q.Low))
	}
	return 1 / (q.High - q.Low)
}

// Text writes a value as a scenario file would have it: a level's name, an integer, or the shortest decimal that reads back
// to the same bits.
func (q Parameter) Text(x float64) string {
	if q.Kind == Choice {
		return q.Levels[int(x)]
	}
	if q.Kind == Integer {
		return strconv.FormatFloat(x, 'f', -1, 64) // 1131589 and not 1.131589e+06, which no whole number is written as
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// Parse reads what Text wrote.
func (q Parameter) Parse(text string) (float64, error) {
	if q.Kind == Choice {
		if i := slices.Index(q.Levels, text); i >= 0 {
			return float64(i), nil
		}
		return 0, fmt.Errorf("reading %s: must be one of %q, got %q", q.Name, q.Levels, text)
	}
	x, err := strconv.ParseFloat(text, 64)
	if err != nil || q.Density(x) == 0 {
		return 0, fmt.Errorf("reading %s: must be a value of its prior, %v to %v, got %q", q.Name, q.Low, q.High, text)
	}
	return x, nil
}

// scale maps a value onto the scale on which spread is measured: the logarithm for log-uniform laws.
func (q Parameter) scale(x float64) float64 {
	if q.Kind == LogUniform {
		return math.Log(x)
	}
	return x
}

// spread is mean and standard deviation of the prior on its scale.
func (q Parameter) spread() (mean, sd float64) {
	if n := float64(q.cells()); n > 0 {
		return q.At(0) + (n-1)/2, math.Sqrt((n*n - 1) / 12)
	}
	lo, hi := q.scale(q.Low), q.scale(q.High)
	return (lo + hi) / 2, (hi - lo) / math.Sqrt(12)
}

// Values maps a point of the unit cube to parameter values.
func (p Prior) Values(unit []float64) []float64 {
	out := make([]float64, len(p))
	for j, q := range p {
		out[j] = q.At(unit[j])
	}
	return out
}

// Sample maps unit points, [point][parameter] from any design (Sobol', Latin hypercube), to values of the same shape.
func (p Prior) Sample(unit [][]float64) ([][]float64, error) {
	out := make([][]float64, len(unit))
	for i, u := range unit {
		if err := p.inCube(u); err != nil {
			return nil, fmt.Errorf("sampling the prior at point %d: %w", i, err)
		}
		out[i] = p.Values(u)
	}
	return out, nil
}

func (p Prior) inCube(u []float64) error {
	if len(u) != len(p) {
		return fmt.Errorf("must have %d coordinates, got %d", len(p), len(u))
	}
	for _, x := range u {
		if !(x >= 0 && x <= 1) {
			return fmt.Errorf("coordinates must be in [0, 1], got %v", x)
		}
	}
	return nil
}

// holds tells whether values can come from the prior.
func (p Prior) holds(values []float64) bool {
	for j, q := range p {
		if q.Density(values[j]) == 0 {
			return false
		}
	}
	return true
}

// Names lists the parameters.
func (p Prior) Names() []string {
	out := make([]string, len(p))
	for j, q := range p {
		out[j] = q.Name
	}
	return out
}

// draw returns a point of the unit cube under a key.
func (p Prior) draw(k sim.Key) []float64 {
	out := make([]float64, len(p))
	for j := range out {
		out[j] = k.At(uint64(j)).Float()
	}
	return out
}

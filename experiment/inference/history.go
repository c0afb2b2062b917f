package inference

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"entrepot/sim"
)

// Target is a documented figure as history matching takes it.
type Target struct {
	ID    string
	Value float64 // z; of a sign 1 or -1
	Sign  bool    // only the sign of the model's figure counts
	// Observation and Discrepancy are the variances of the documented figure's error and of the model's own inadequacy, in
	// the figure's unit squared; of a sign, in that of a chance.
	Observation, Discrepancy float64
}

// RangeTarget reads a documented range as a uniform error: z is its middle, V_obs = (high-low)²/12 + floor², where floor is
// the standard deviation that even a point has.
func RangeTarget(id string, low, high, floor, discrepancy float64) Target {
	return Target{ID: id, Value: (low + high) / 2, Observation: float64((high-low)*(high-low))/12 + float64(floor*floor), Discrepancy: discrepancy}
}

// SignTarget reads a documented sign; doubt is the chance that it is documented wrongly (0.05 where nothing is known).
//
// What is matched is the indicator "the run has the documented sign": z = 1, E f is the chance p of that sign over
// replicates, V_ens = p(1-p)(1 + 1/r) with p smoothed to (k + 1/2)/(r + 1), V_obs = doubt(1-doubt). With a doubt of
// 0.05 none of 10 replicates with the sign gives 3.2, none of 5 gives 2.7: a few runs cannot rule a point out. With many replicates the cut of 3
// is where p falls below 0.055, without doubt 0.1. A zero counts as half.
func SignTarget(id string, positive bool, doubt, discrepancy float64) Target {
	value := -1.0
	if positive {
		value = 1
	}
	return Target{ID: id, Value: value, Sign: true, Observation: doubt * (1 - doubt), Discrepancy: discrepancy}
}

func (t Target) check() error {
	ok := func(v float64) bool { return v >= 0 && !math.IsInf(v, 0) }
	switch {
	case math.IsNaN(t.Value) || math.IsInf(t.Value, 0):
		return fmt.Errorf("target %s: must be a finite figure, got %v", t.ID, t.Value)
	case !ok(t.Observation) || !ok(t.Discrepancy):
		return fmt.Errorf("target %s: variances must be at least 0, got %v and %v", t.ID, t.Observation, t.Discrepancy)
	}
	return nil
}

// Outcome is what replicates at one point gave.
type Outcome struct {
	Unit []float64 // point of the unit cube
	// Runs is [replicate][target]; NaN where a run has no figure, nil for a run that failed.
	Runs [][]float64
}

// summary is mean and variance over the replicates that have a figure.
type summary struct {
	n              int
	mean, variance float64 // of a single run; of a sign, of the indicator
}

func (o Outcome) summary(t Target, at int) summary {
	var x []float64
	for _, r := range o.Runs {
		if at < len(r) && !math.IsNaN(r[at]) && !math.IsInf(r[at], 0) {
			x = append(x, r[at])
		}
	}
	s := summary{n: len(x)}
	switch {
	case s.n == 0:
	case t.Sign:
		hits := 0.0
		for _, v := range x {
			hits += indicator(v * t.Value)
		}
		smooth := (hits + 0.5) / (float64(s.n) + 1)
		s.mean, s.variance = hits/float64(s.n), smooth*(1-smooth)
	default:
		for _, v := range x {
			s.mean += v / float64(s.n)
		}
		for _, v := range x { // NaN for a single one
			s.variance += float64((v-s.mean)*(v-s.mean)) / float64(s.n-1)
		}
	}
	return s
}

// indicator is 1 for a figure of the documented sign, 1/2 for zero.
func indicator(x float64) float64 {
	switch {
	case x > 0:
		return 1
	case x == 0:
		return 0.5
	}
	return 0
}

// typicalFreedom is how many degrees of freedom the typical variance counts beside a point's own: with two or three
// replicates a point's own variance is often near zero by chance, and would rule the point out.
const typicalFreedom = 10

// moderate draws each point's variance up towards the typical one, never down: what is ruled out in error is lost. Typical
// is the median over points, so that a corner of wild runs does not blur the rest, over that of a chi-squared law per degree
// of freedom (Wilson & Hilferty 1931).
func moderate(all []summary) error {
	var variances []float64
	free := 0.0
	for _, s := range all {
		if s.n > 1 {
			variances = append(variances, s.variance)
			free += float64(s.n - 1)
		}
	}
	if free == 0 {
		return errors.New("must have a point with at least two replicates, got none: the noise of single runs is not known")
	}
	low := 1 - 2/(9*free/float64(len(variances)))
	typical := median(variances) / (low * low * low)
	for i, s := range all {
		if own := float64(s.n - 1); own > 0 {
			all[i].variance = max(s.variance, (float64(own*s.variance)+float64(typicalFreedom*typical))/(own+typicalFreedom))
		} else {
			all[i].variance = typical
		}
	}
	return nil
}

// implausibility is |z - E f| / sqrt(V_obs + V_ens + V_disc), NaN where nothing is known. The world is one run of its own
// and E f is the mean of n, so V_ens = s²(1 + 1/n).
func implausibility(t Target, s summary) float64 {
	if s.n == 0 {
		return math.NaN()
	}
	z := t.Value
	if t.Sign {
		z = 1
	}
	gap := math.Abs(z - s.mean)
	if gap == 0 {
		return 0
	}
	return gap / math.Sqrt(t.Observation+t.Discrepancy+float64(s.variance*(1+1/float64(s.n))))
}

// Rule says when a point is ruled out: when its Order-th largest implausibility exceeds Cut. Order 1 is the maximum, order
// 2 the second maximum, which forgives one target that the model may not be able to meet at all, or misses by chance: with
// 20 targets and normal errors the maximum exceeds 3 at the true parameters one time in twenty.
type Rule struct {
	Cut   float64 // 3 by Pukelsheim's (1994) rule: 95 % of any unimodal law lies within three standard deviations
	Order int
}

// Exceeded tells whether a point is ruled out; unknown implausibilities (NaN) never rule out.
func (r Rule) Exceeded(implausibilities []float64) bool {
	known := slices.DeleteFunc(slices.Clone(implausibilities), math.IsNaN)
	slices.SortFunc(known, func(a, b float64) int { return cmp.Compare(b, a) })
	return len(known) >= r.Order && known[r.Order-1] > r.Cut
}

// Space is the part of the unit cube that waves have left: a box.
type Space struct{ Low, High []float64 }

// Everything is the whole cube of d parameters.
func Everything(d int) Space {
	return Space{Low: make([]float64, d), High: slices.Repeat([]float64{1}, d)}
}

// Volume is that of the box.
func (s Space) Volume() float64 {
	v := 1.0
	for j := range s.Low {
		v *= s.High[j] - s.Low[j]
	}
	return v
}

// Holds tells whether a point is in the space.
func (s Space) Holds(unit []float64) bool {
	for j, u := range unit {
		if u < s.Low[j] || u > s.High[j] {
			return false
		}
	}
	return true
}

// Wave is what a round of runs ruled out.
type Wave struct {
	Space          Space       // in which its points lay
	Targets        []Target    //
	Rule           Rule        //
	Points         [][]float64 // unit points
	Implausibility [][]float64 // [point][target], NaN where no replicate has a figure
	Left           []bool      // by point: not ruled out
	Unknown        int         // points without any figure: neither ruled out nor counted as left
	// Share is the part of the whole prior that is left, with its 95 % interval (Wilson 1927, points taken as independent:
	// too wide for a Sobol' design). What lies outside the box counts as ruled out.
	Share         float64
	ShareInterval Interval
}

// Match rules out points of a wave. candidates is how many unit points were looked at to get the outcomes' points, those that
// lay outside the space included.
func Match(space Space, targets []Target, rule Rule, outcomes []Outcome, candidates int) (*Wave, error) {
	if err := checkMatch(space, targets, rule, outcomes, candidates); err != nil {
		return nil, fmt.Errorf("matching: %w", err)
	}
	w := &Wave{Space: space, Targets: targets, Rule: rule}
	for _, o := range outcomes {
		w.Points = append(w.Points, o.Unit)
		w.Implausibility = append(w.Implausibility, make([]float64, len(targets)))
	}
	for k, t := range targets {
		var all []summary
		for _, o := range outcomes {
			all = append(all, o.summary(t, k))
		}
		if !t.Sign { // a chance knows its variance
			if err := moderate(all); err != nil {
				return nil, fmt.Errorf("matching target %s: %w", t.ID, err)
			}
		}
		for i, s := range all {
			w.Implausibility[i][k] = implausibility(t, s)
		}
	}
	w.count(candidates)
	return w, nil
}

func checkMatch(space Space, targets []Target, rule Rule, outcomes []Outcome, candidates int) error {
	var errs []error
	for _, t := range targets {
		errs = append(errs, t.check())
	}
	if len(targets) == 0 || len(outcomes) == 0 {
		errs = append(errs, fmt.Errorf("must have targets and outcomes, got %d and %d", len(targets), len(outcomes)))
	}
	if !(rule.Cut > 0) || rule.Order < 1 {
		errs = append(errs, fmt.Errorf("cut must be above 0 and order at least 1, got %v and %d", rule.Cut, rule.Order))
	}
	if candidates < len(outcomes) {
		errs = append(errs, fmt.Errorf("candidates must be at least the %d outcomes, got %d", len(outcomes), candidates))
	}
	for i, o := range outcomes {
		if len(o.Unit) != len(space.Low) || !space.Holds(o.Unit) {
			errs = append(errs, fmt.Errorf("point %d must lie in the wave's space, got %v", i, o.Unit))
		}
		for _, r := range o.Runs {
			if len(r) > 0 && len(r) != len(targets) {
				errs = append(errs, fmt.Errorf("point %d: a run must have %d figures, got %d", i, len(targets), len(r)))
			}
		}
	}
	return errors.Join(errs...)
}

func (w *Wave) count(candidates int) {
	left := 0
	for _, row := range w.Implausibility {
		unknown := !slices.ContainsFunc(row, func(x float64) bool { return !math.IsNaN(x) })
		keep := !unknown && !w.Rule.Exceeded(row)
		w.Left = append(w.Left, keep)
		if unknown {
			w.Unknown++
		} else if keep {
			left++
		}
	}
	n, volume := candidates-w.Unknown, w.Space.Volume()
	w.Share = volume * float64(left) / float64(max(n, 1))
	i := wilson(left, n)
	w.ShareInterval = Interval{volume * i.Low, volume * i.High}
}

// wilson is the 95 % interval of a proportion (Wilson 1927).
func wilson(k, n int) Interval {
	if n == 0 {
		return Interval{0, 1}
	}
	const z = 1.959963984540054
	p, m := float64(k)/float64(n), float64(n)
	centre := (p + z*z/(2*m)) / (1 + z*z/m)
	half := z / (1 + z*z/m) * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return Interval{max(centre-half, 0), min(centre+half, 1)}
}

// LeftPoints are the points that are not ruled out.
func (w *Wave) LeftPoints() (out [][]float64) {
	for i, p := range w.Points {
		if w.Left[i] {
			out = append(out, p)
		}
	}
	return out
}

// Next is the space of the next wave: the smallest box around the n points left, widened on each side by the gap there is
// between n points in d dimensions, its range times n^(-1/d), and never beyond this wave's box. Few points in many
// dimensions thus narrow little: they do not know where the edge is.
func (w *Wave) Next() (Space, error) {
	left := w.LeftPoints()
	if len(left) < 2 {
		return Space{}, fmt.Errorf("narrowing the space: must have at least two points left, got %d of %d: more points, or the model cannot meet the targets", len(left), len(w.Points))
	}
	s := Space{Low: slices.Clone(left[0]), High: slices.Clone(left[0])}
	gap := sim.Pow(float64(len(left)), -1/float64(len(s.Low)))
	for j := range s.Low {
		for _, p := range left {
			s.Low[j], s.High[j] = min(s.Low[j], p[j]), max(s.High[j], p[j])
		}
		margin := float64(gap * (s.High[j] - s.Low[j]))
		s.Low[j], s.High[j] = max(s.Low[j]-margin, w.Space.Low[j]), min(s.High[j]+margin, w.Space.High[j])
	}
	return s, nil
}

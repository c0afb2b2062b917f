package inference

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"slices"

	"entrepot/sim"
)

// APMCSpec says what to infer and how long to look.
type APMCSpec struct {
	Prior    Prior
	Observed []Observed
	// Particles is N of the paper: runs of the first generation. Later ones have N - alpha N.
	Particles int
	Alpha     float64 // share kept, 0 < alpha < 1; 0.5 in the paper
	MinAccept float64 // p_acc below which it stops; 0.05 in the paper
	// MaxRuns bounds the runs; no generation is begun that would exceed it. 0 is no bound.
	MaxRuns int
	// Low and High bound what history matching left, in the unit cube; nil is all of it.
	Low, High []float64
	// Start gives the first generation as unit points [Particles][parameter], spread over the box; nil draws them.
	Start [][]float64
	Key   sim.Key
}

// Generation is the record of one step.
type Generation struct {
	Number        int // from 1
	Runs          int // up to its end
	Failed        int // of its runs
	Kept          int
	Tolerance     float64 // largest distance kept
	Accepted      float64 // share of its runs nearer than the tolerance before; 1 for the first
	EffectiveSize float64 // of the kept
}

// APMC is the adaptive population Monte Carlo ABC of Lenormand, Jabot & Deffuant (2013), Computational Statistics 28:2777.
// A generation keeps the share alpha of nearest particles, old and new; the next is drawn around these from a Gaussian of
// twice their weighted covariance. It stops when a generation brings less than MinAccept, or all that was kept is within
// every documented range.
//
// Differences from the paper. A particle's weight is its prior over the mixture of all proposals so far, each counted with
// its runs (Veach & Guibas 1995; Cornuet et al. 2012), not over that of its own generation alone: what is kept are all runs
// ever made that are near enough, whichever generation they came from, and a lucky survivor of the first one no longer
// outweighs hundreds of later ones (in the linear model of the tests the posterior mean errs a quarter as much). Particles
// live in the unit cube of the prior, so log-uniform laws move on the logarithm, and integers and levels have the place
// within their interval as a free coordinate; the Gaussian is cut at the bounds; ties at the tolerance are all kept.
// Statistics are scaled by their median absolute deviation in the first generation.
//
// It is driven from outside: Next lists the runs that are still to be told, always the same until they are; Tell takes any part of
// them in any order. What it asks depends on its key and on what it was told alone: to resume, make it again and tell it what is stored.
type APMC struct {
	spec      APMCSpec
	volume    float64 // of the box
	pending   []Proposal
	told      map[int][]float64 // of pending, by index; nil statistics for a run that failed
	kept      []particle
	kernels   []*kernel // proposals of generations 2, 3, ...
	scale     []float64
	asked     int
	tolerance float64
	trace     []Generation
	done      bool
}

type particle struct {
	Proposal
	distance float64
	chance   float64 // density of all that was ever proposed, at the particle
}

// NewAPMC checks a spec and asks for its first generation.
func NewAPMC(spec APMCSpec) (*APMC, error) {
	if err := spec.check(); err != nil {
		return nil, err
	}
	a := &APMC{spec: spec, volume: 1, tolerance: math.Inf(1)}
	if spec.Low == nil {
		a.spec.Low, a.spec.High = make([]float64, len(spec.Prior)), slices.Repeat([]float64{1}, len(spec.Prior))
	}
	for j := range spec.Prior {
		a.volume *= a.spec.High[j] - a.spec.Low[j]
	}
	a.ask(spec.Particles, func(i int, k sim.Key) []float64 {
		u := spec.Prior.draw(k)
		if spec.Start != nil {
			u = spec.Start[i]
		}
		return place(u, a.spec.Low, a.spec.High)
	})
	return a, nil
}

// place maps a point of the unit cube into a box.
func place(u, low, high []float64) []float64 {
	out := make([]float64, len(u))
	for j := range out {
		out[j] = clamp(low[j]+float64((high[j]-low[j])*u[j]), low[j], high[j])
	}
	return out
}

func (s *APMCSpec) check() error {
	errs := []error{s.Prior.Check(), checkObserved(s.Observed)}
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf("abc: "+format, args...)) }
	keep := s.keep()
	if least := len(s.Prior) + 2; !(s.Alpha > 0 && s.Alpha < 1 && keep >= least && keep < s.Particles) {
		bad("alpha must be in (0, 1) and keep at least %d particles, got %v of %d", least, s.Alpha, s.Particles)
	}
	if !(s.MinAccept > 0 && s.MinAccept < 1) {
		bad("least acceptance must be in (0, 1), got %v", s.MinAccept)
	}
	if s.MaxRuns != 0 && s.MaxRuns < s.Particles {
		bad("most runs must be at least the %d particles, got %d", s.Particles, s.MaxRuns)
	}
	if s.Low != nil || s.High != nil {
		errs = append(errs, s.Prior.checkBox(s.Low, s.High))
	}
	if s.Start != nil && len(s.Start) != s.Particles {
		bad("start must have %d points, got %d", s.Particles, len(s.Start))
	}
	for i, u := range s.Start {
		if err := s.Prior.inCube(u); err != nil {
			bad("start point %d: %w", i, err)
		}
	}
	return errors.Join(errs...)
}

// keep is how many particles a generation keeps.
func (s *APMCSpec) keep() int { return int(s.Alpha * float64(s.Particles)) }

func checkObserved(observed []Observed) error {
	var errs []error
	known := 0
	for _, o := range observed {
		if !o.known() {
			continue
		}
		known++
		if !(o.Low <= o.High) || math.IsInf(o.Low, 1) || math.IsInf(o.High, -1) || !(o.Noise >= 0) || math.IsInf(o.Noise, 0) {
			errs = append(errs, fmt.Errorf("figure %s: must have low <= high and noise >= 0, got %v to %v and %v", o.ID, o.Low, o.High, o.Noise))
		}
	}
	if known == 0 {
		errs = append(errs, errors.New("figures: must have at least one that is documented, got none"))
	}
	return errors.Join(errs...)
}

func (p Prior) checkBox(low, high []float64) error {
	if err := errors.Join(p.inCube(low), p.inCube(high)); err != nil {
		return fmt.Errorf("box: %w", err)
	}
	for j := range low {
		if low[j] >= high[j] {
			return fmt.Errorf("box: %s must have low < high, got %v to %v", p[j].Name, low[j], high[j])
		}
	}
	return nil
}

// ask makes the next n proposals pending. The luck of each is keyed by its index.
func (a *APMC) ask(n int, unit func(i int, k sim.Key) []float64) {
	a.pending, a.told = nil, map[int][]float64{}
	for i := range n {
		u := unit(i, a.spec.Key.Label("proposal").At(uint64(a.asked)))
		a.pending = append(a.pending, Proposal{Index: a.asked, Unit: u, Values: a.spec.Prior.Values(u)})
		a.asked++
	}
}

// Next lists the runs of this generation that were not told yet; empty when done.
func (a *APMC) Next() []Proposal {
	var out []Proposal
	for _, p := range a.pending {
		if _, ok := a.told[p.Index]; !ok {
			out = append(out, p)
		}
	}
	return out
}

// Done tells whether it has stopped.
func (a *APMC) Done() bool { return a.done }

// Trace is the record of the generations so far.
func (a *APMC) Trace() []Generation { return slices.Clone(a.trace) }

// Tell takes results of runs that Next listed. When the last of a generation is told, the next one is asked for. An error
// about a result leaves everything as it was.
func (a *APMC) Tell(results []Result) error {
	fresh := map[int]bool{}
	for _, r := range results {
		_, before := a.told[r.Index]
		switch {
		case r.Index < a.asked-len(a.pending) || r.Index >= a.asked:
			return fmt.Errorf("telling abc: run %d was not asked for", r.Index)
		case before || fresh[r.Index]:
			return fmt.Errorf("telling abc: run %d was told before", r.Index)
		case len(r.Statistics) > 0 && len(r.Statistics) != len(a.spec.Observed):
			return fmt.Errorf("telling abc: run %d must have %d statistics, got %d", r.Index, len(a.spec.Observed), len(r.Statistics))
		}
		fresh[r.Index] = true
	}
	for _, r := range results {
		a.told[r.Index] = slices.Clone(r.Statistics)
	}
	if a.done || len(a.told) < len(a.pending) {
		return nil
	}
	return a.advance()
}

// advance ends a generation.
func (a *APMC) advance() error {
	fresh, failed := a.measure()
	accepted, kept := 0, append(slices.Clone(a.kept), fresh...)
	for _, p := range fresh {
		if p.distance < a.tolerance {
			accepted++
		}
	}
	a.keep(kept)
	if len(a.kept) < len(a.spec.Prior)+2 {
		a.done, a.pending = true, nil
		return fmt.Errorf("abc: must have at least %d runs that give all statistics, got %d of %d", len(a.spec.Prior)+2, len(a.kept), len(fresh))
	}
	g := Generation{Number: len(a.trace) + 1, Runs: a.asked, Failed: failed, Kept: len(a.kept), Tolerance: a.tolerance,
		Accepted: float64(accepted) / float64(len(fresh)), EffectiveSize: a.posterior().EffectiveSize()}
	if g.Number == 1 {
		g.Accepted = 1 // nothing was there to be nearer than
	}
	a.trace = append(a.trace, g)
	fewer := a.spec.Particles - a.spec.keep()
	if g.Accepted < a.spec.MinAccept || a.tolerance == 0 || a.spec.MaxRuns > 0 && a.asked+fewer > a.spec.MaxRuns {
		a.done, a.pending = true, nil
		return nil
	}
	next := newKernel(a.units(), a.posterior().Weights, a.spec.Low, a.spec.High)
	a.kernels = append(a.kernels, next)
	for i := range a.kept {
		a.kept[i].chance += float64(float64(fewer) * next.density(a.kept[i].Unit))
	}
	a.ask(fewer, func(_ int, k sim.Key) []float64 { return next.draw(k) })
	return nil
}

// measure makes particles of the told runs; the chance of those that are kept is reckoned later.
func (a *APMC) measure() (out []particle, failed int) {
	if a.scale == nil {
		var runs [][]float64
		for _, p := range a.pending {
			runs = append(runs, a.told[p.Index])
		}
		a.scale = scales(runs, len(a.spec.Observed))
	}
	for _, p := range a.pending {
		d := distance(a.spec.Observed, a.scale, a.told[p.Index], a.noise(p.Index))
		if math.IsInf(d, 1) {
			failed++
		}
		out = append(out, particle{p, d, 0})
	}
	return out, failed
}

// Kept lists the particles of the last finished generation, in the order of the posterior.
func (a *APMC) Kept() (all []Proposal) {
	for _, p := range a.kept {
		all = append(all, p.Proposal)
	}
	return all
}

// chance is the density of all that was proposed so far: the first generation's is flat.
func (a *APMC) chance(unit []float64) float64 {
	sum := float64(a.spec.Particles) / a.volume
	for _, k := range a.kernels {
		sum += float64(float64(a.spec.Particles-a.spec.keep()) * k.density(unit))
	}
	return sum
}

func (a *APMC) noise(index int) []float64 {
	return noise(a.spec.Observed, a.spec.Key.Label("noise").At(uint64(index)))
}

// noise draws a standard normal number for every figure with an error.
func noise(observed []Observed, k sim.Key) []float64 {
	out := make([]float64, len(observed))
	for s, o := range observed {
		if o.Noise > 0 {
			out[s] = k.At(uint64(s)).Normal()
		}
	}
	return out
}

// keep takes the nearest alpha N particles, those as near as the last of them, and none that failed.
func (a *APMC) keep(all []particle) {
	all = slices.DeleteFunc(all, func(p particle) bool { return math.IsInf(p.distance, 1) })
	slices.SortStableFunc(all, func(p, q particle) int { return cmp.Compare(p.distance, q.distance) })
	n := min(a.spec.keep(), len(all))
	for n > 0 && n < len(all) && all[n].distance == all[n-1].distance {
		n++
	}
	a.kept = all[:n]
	for i := range a.kept {
		if a.kept[i].chance == 0 {
			a.kept[i].chance = a.chance(a.kept[i].Unit)
		}
	}
	if n > 0 {
		a.tolerance = all[n-1].distance
	}
}

func (a *APMC) units() [][]float64 {
	var out [][]float64
	for _, p := range a.kept {
		out = append(out, p.Unit)
	}
	return out
}

// Posterior is the sample of the last finished generation.
func (a *APMC) Posterior() (*Posterior, error) {
	if len(a.trace) == 0 {
		return nil, errors.New("abc: must have a finished generation before a posterior, got none")
	}
	return a.posterior(), nil
}

func (a *APMC) posterior() *Posterior {
	p, sum := &Posterior{Prior: a.spec.Prior}, 0.0
	for _, q := range a.kept {
		sum += 1 / q.chance
	}
	for _, q := range a.kept {
		p.Values = append(p.Values, q.Values)
		p.Weights = append(p.Weights, 1/q.chance/sum)
		p.Distances = append(p.Distances, q.distance)
	}
	return p
}

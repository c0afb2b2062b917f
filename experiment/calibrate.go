package experiment

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/experiment/design"
	"entrepot/experiment/inference"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/sim"
	"entrepot/words"
)

// Errors say how documented figures err, each as a share of a figure's size and a standard deviation, but for Gap.
type Errors struct {
	Noise       float64 `json:"noise"`       // of a figure's own
	Bias        float64 `json:"bias"`        // that figures of one source share
	Gap         float64 `json:"gap"`         // chance that a pseudo-figure of the recovery test is missing
	Discrepancy float64 `json:"discrepancy"` // of the model, even with the best parameters
}

// CalibrationSpec says what to fit to what, and how long to look. As JSON it is what the calibration can be made again from, beside its
// scenario, factors and targets.
type CalibrationSpec struct {
	Scenario *scenarios.Scenario `json:"-"`
	Factors  []design.Factor     `json:"-"` // what is unknown, and its range
	Targets  []Target            `json:"-"`
	Only     []string            `json:"only,omitempty"`    // ids of the targets to fit to; none: all
	Without  []string            `json:"without,omitempty"` // ids of targets that are not fitted to
	Errors
	Points     int     `json:"points"`     // of a wave, a power of two
	Replicates int     `json:"replicates"` // of every point of a wave
	MaxRuns    int     `json:"max_runs"`   // in all
	Trials     int     `json:"trials"`     // of the recovery test
	Cut        float64 `json:"cut"`        // of implausibility
	Seed       uint64  `json:"seed"`
	Do         Runner  `json:"-"` // what a run is; nil: Simulate
}

// Calibration learns parameters in stages, each of them a study: a wave over all of the prior, whose runs also serve a recovery
// test; a second one in what history matching leaves, which is the first generation of an adaptive population Monte Carlo; its further
// generations; and runs of the posterior under luck of their own.
type Calibration struct {
	voice // Words: the language in which findings are told; nil: English
	CalibrationSpec
	Prior   inference.Prior
	figures []Target // measurable, whether fitted to or not
	used    []int    // of figures: fitted to
	aside   []Aside
	stages  []StageRuns
	failed  []string
}

// Aside is a target that is not fitted to, with the reason.
type Aside struct {
	ID  string `json:"id"`
	Why string `json:"why"` // in English

	said Saying // the same
}

func aside(id string, why Saying) Aside { return Aside{id, why.String(), why} }

// in says why in a language; of a reason that was read from a file only the English is known.
func (a *Aside) in(v voice) string {
	if a.said == nil {
		return a.Why
	}
	return a.said.In(v.Words)
}

// StageRuns counts the runs of a stage.
type StageRuns struct {
	Stage  string `json:"stage"`
	Runs   int    `json:"runs"`
	Failed int    `json:"failed"`
}

// Stage is a part of a calibration whose runs are asked for together. Each run has luck of its own.
type Stage struct {
	Name string
	*Study
	prior  inference.Prior
	Values [][]float64 // by point and parameter
}

// Keeper does the missing runs of a stage and has its results read.
type Keeper func(s *Stage, read func(Results) error) error

// Calibrated is what a calibration found.
type Calibrated struct {
	*Calibration
	Recovery   *inference.Report
	Waves      []*inference.Wave
	Fitted     []Target // that parameters were fitted to
	Trace      []inference.Generation
	Posterior  *inference.Posterior
	Marginals  []inference.Marginal
	Scores     []Score // of all measurable targets, on fresh runs of the posterior
	Checked    int     // such runs
	Aside      []Aside
	Stages     []StageRuns
	FailedRuns []string
}

// fewestLeft is how many points of a wave must be left for a space to be drawn around them.
const fewestLeft = 3

// NewCalibration checks a spec, all mistakes at once.
func NewCalibration(spec CalibrationSpec) (*Calibration, error) {
	c := &Calibration{CalibrationSpec: spec}
	var errs []error
	must := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	prior, err := PriorOf(spec.Factors)
	errs = append(errs, err)
	c.Prior = prior
	must(spec.Points >= 8 && spec.Points&(spec.Points-1) == 0 && spec.Points <= design.MaxPoints, "points must be a power of two from 8 on, got %d", spec.Points)
	must(spec.Points/2 >= len(prior)+2, "points must be at least %d, twice the parameters and four more, got %d", 2*len(prior)+4, spec.Points)
	must(spec.Replicates >= 2, "replicates must be at least 2, or luck cannot be told from parameters, got %d", spec.Replicates)
	least := 2*spec.Points*spec.Replicates + spec.checks()
	must(spec.MaxRuns >= least, "most runs must be at least the %d of two waves and of the check, got %d", least, spec.MaxRuns)
	must(spec.Trials >= 2, "trials of the recovery test must be at least 2, got %d", spec.Trials)
	must(spec.Cut > 0, "cut must be above 0, got %v", spec.Cut)
	for _, share := range []struct {
		name string
		x    float64
	}{{"noise", spec.Noise}, {"bias", spec.Bias}, {"gap", spec.Gap}, {"discrepancy", spec.Discrepancy}} {
		must(share.x >= 0 && share.x < 1, "%s must be a share from 0 to below 1, got %v", share.name, share.x)
	}
	if err := errors.Join(append(errs, c.choose())...); err != nil {
		return nil, err
	}
	return c, nil
}

// PriorOf makes a prior of factors: ranges as they are, whole numbers and levels with the same chance each.
func PriorOf(factors []design.Factor) (prior inference.Prior, err error) {
	for _, f := range factors {
		p := inference.Parameter{Name: f.Name, Low: f.Low, High: f.High, Levels: f.Levels}
		switch {
		case f.Levels != nil:
			p.Kind = inference.Choice
		case f.Integer && f.Log:
			return nil, fmt.Errorf("%s: a range of whole numbers must be even, not in the logarithm", f.Name)
		case f.Integer:
			p.Kind = inference.Integer
		case f.Log:
			p.Kind = inference.LogUniform
		}
		prior = append(prior, p)
	}
	return prior, prior.Check()
}

// choose parts the targets into those that are fitted to, those that are only looked at, and those that cannot be measured.
func (c *Calibration) choose() error {
	var errs []error
	for _, id := range slices.Concat(c.Only, c.Without) {
		if !slices.ContainsFunc(c.Targets, func(t Target) bool { return t.Figure.ID == id }) {
			errs = append(errs, fmt.Errorf("targets must have the id %q that is named, do not", id))
		}
	}
	for i := range c.Targets {
		t := &c.Targets[i]
		id := t.Figure.ID
		switch {
		case t.Input:
			c.aside = append(c.aside, aside(id, said("an input")))
			continue
		case !t.Measurable():
			c.aside = append(c.aside, aside(id, t.Why))
			continue
		case len(c.Only) > 0 && !slices.Contains(c.Only, id), slices.Contains(c.Without, id):
			c.aside = append(c.aside, aside(id, said("left out on request: it tests what was fitted to the others")))
		default:
			c.used = append(c.used, len(c.figures))
		}
		c.figures = append(c.figures, *t)
	}
	if len(c.used) == 0 {
		errs = append(errs, fmt.Errorf("targets must have at least one that can be measured and is no input, got none of %d", len(c.Targets)))
	}
	return errors.Join(errs...)
}

// checks is how many runs of the posterior are made to see what it fits.
func (s *CalibrationSpec) checks() int { return min(100, s.Points/2) }

// LeastRuns is how many runs the smallest of the stages has. It can be cut into no more parts.
func (c *Calibration) LeastRuns() int {
	return min(c.checks(), c.Points-int(keptShare*float64(c.Points)))
}

func (c *Calibration) key() sim.Key { return sim.NewKey(c.Seed).Label("calibration") }

// Stage makes the study of a stage at given points. Luck is keyed by the stage's name.
func (c *Calibration) Stage(name string, values [][]float64, replicates int) *Stage {
	s := StageStudy(c.Scenario, c.Prior, c.figures, values, replicates, c.key().Label(name).Bits()>>11)
	s.Do = c.Do
	return &Stage{name, s, c.Prior, values}
}

// StageStudy is the study of a stage: the measurable targets at points of a prior, each run with luck of its own.
func StageStudy(of *scenarios.Scenario, prior inference.Prior, targets []Target, values [][]float64, replicates int, seed uint64) *Study {
	s := &Study{Replicates: replicates, Seed: seed, Apart: true, Factors: prior.Names()}
	for i := range targets {
		if targets[i].Measurable() && !targets[i].Input {
			s.Figures = append(s.Figures, targets[i].Figure)
		}
	}
	for i, v := range values {
		s.Points = append(s.Points, pointAt(of, prior, fmt.Sprint(i), v))
	}
	return s
}

// List writes the points as CSV, from which the stage can be made again.
func (s *Stage) List() (string, error) {
	var text strings.Builder
	w := csv.NewWriter(&text)
	rows := [][]string{s.prior.Names()}
	for _, v := range s.Values {
		var row []string
		for j, q := range s.prior {
			row = append(row, q.Text(v[j]))
		}
		rows = append(rows, row)
	}
	err := w.WriteAll(rows)
	return text.String(), err
}

// pointAt is a scenario with values of a prior laid over it.
func pointAt(of *scenarios.Scenario, prior inference.Prior, name string, values []float64) Point {
	p := Point{Name: name, Scenario: of, Values: values, Levels: make([]string, len(prior))}
	for j, q := range prior {
		text := q.Text(values[j])
		p.Sets = append(p.Sets, setsOf(q.Name, text)...)
		if q.Kind == inference.Choice {
			p.Levels[j] = text
		}
	}
	return p
}

// run has a stage done and returns its figures by point and replicate, [point][replicate][figure].
func (c *Calibration) run(s *Stage, keep Keeper) (out [][][]float64, err error) {
	err = keep(s, func(results Results) error {
		sample, err := s.Sample(results)
		if err != nil {
			return err
		}
		out = make([][][]float64, len(s.Points))
		for p := range out {
			out[p] = make([][]float64, s.Replicates)
			for r := range out[p] {
				for f := range s.Figures {
					out[p][r] = append(out[p][r], sample.Values[f][p][r])
				}
			}
		}
		c.stages = append(c.stages, StageRuns{s.Name, s.Runs(), len(sample.Failed)})
		for _, line := range sample.failures() {
			c.failed = append(c.failed, s.Name+": "+line)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.Name, err)
	}
	return out, nil
}

// Conduct does all stages, one after the other. What a stage asks for depends on the spec and on what the stages before gave alone, so
// a calibration that was broken off goes on where it was. tell is told news in words; it may be nil.
func (c *Calibration) Conduct(keep Keeper, tell func(string)) (*Calibrated, error) {
	if tell == nil {
		tell = func(string) {}
	}
	fresh := *c // a second call begins anew
	fresh.used, fresh.aside = slices.Clone(c.used), slices.Clone(c.aside)
	w := &calibrating{Calibration: &fresh, keep: keep, tell: tell, found: &Calibrated{Calibration: c}, statistics: map[int][]float64{}}
	for _, step := range []func() error{w.first, w.recover, w.match, w.second, w.abc, w.check} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	f := w.found
	f.Aside, f.Stages, f.FailedRuns = w.aside, w.stages, w.failed
	for _, k := range w.used {
		f.Fitted = append(f.Fitted, w.figures[k])
	}
	return f, nil
}

// calibrating is a calibration at work.
type calibrating struct {
	*Calibration
	keep  Keeper
	tell  func(string)
	found *Calibrated

	units [][]float64   // of the first wave
	pool  [][][]float64 // [point][replicate][figure]
	rule  inference.Rule
	space inference.Space
	apmc  *inference.APMC

	project    *inference.Projection
	statistics map[int][]float64 // projected, by index of the proposal
}

// sobol returns points of the unit cube.
func (c *Calibration) sobol(key sim.Key) ([][]float64, error) {
	var factors []design.Factor
	for _, q := range c.Prior {
		factors = append(factors, design.Factor{Name: q.Name, High: 1})
	}
	d, err := design.Sobol(factors, c.Points, key)
	if err != nil {
		return nil, err
	}
	return d.Points, nil
}

// first runs the wave over all of the prior.
func (w *calibrating) first() (err error) {
	if w.units, err = w.sobol(w.key().Label("wave-1")); err != nil {
		return err
	}
	values, err := w.Prior.Sample(w.units)
	if err != nil {
		return err
	}
	if w.pool, err = w.run(w.Stage("wave-1", values, w.Replicates), w.keep); err != nil {
		return err
	}
	w.dropMissing()
	if len(w.used) == 0 {
		return w.valueless()
	}
	return nil
}

// valueless says why no target is left to fit to.
func (w *calibrating) valueless() error {
	err := errors.New("no target has a value in enough runs of the first wave")
	if n := len(w.failed); n > 0 {
		return fmt.Errorf("%w; %s failed, the first: %s", err, voice{}.nRuns(n), w.failed[0])
	}
	if n := len(w.aside); n > 0 {
		return fmt.Errorf("%w; %s: %s", err, w.aside[n-1].ID, w.aside[n-1].Why)
	}
	return err
}

// mostMissing is the share of runs that may lack a figure: a run without one is infinitely far from all that is documented.
const mostMissing = 0.2

// dropMissing sets targets aside that too many runs have no value of.
func (w *calibrating) dropMissing() {
	w.setAside(func(k int) Saying {
		missing, n := 0, 0
		for _, replicates := range w.pool {
			for _, run := range replicates {
				if slices.ContainsFunc(run, func(x float64) bool { return !math.IsNaN(x) }) { // it did not fail
					n++
					if math.IsNaN(run[k]) {
						missing++
					}
				}
			}
		}
		if n == 0 || float64(missing) > mostMissing*float64(n) {
			return said("%d of %d runs of the first wave have no value", missing, n)
		}
		return nil
	})
}

// setAside takes targets out for which there is a reason.
func (w *calibrating) setAside(why func(figure int) Saying) {
	w.used = slices.DeleteFunc(w.used, func(k int) bool {
		reason := why(k)
		if reason != nil {
			w.aside = append(w.aside, aside(w.figures[k].Figure.ID, reason))
		}
		return reason != nil
	})
}

// fitted takes the figures that are fitted to out of all.
func (w *calibrating) fitted(all []float64) []float64 {
	out := make([]float64, len(w.used))
	for i, k := range w.used {
		out[i] = all[k]
	}
	return out
}

// poolShare is how much of the first wave's runs the recovery test keeps for each pseudo-truth.
const poolShare = 0.3

// recover is the recovery test, on the runs of the first wave.
func (w *calibrating) recover() error {
	var table inference.Table
	whole := 0 // runs that have all figures: no other is kept
	for p, replicates := range w.pool {
		for _, run := range replicates {
			statistics := w.fitted(run)
			table.Values = append(table.Values, w.Prior.Values(w.units[p]))
			table.Statistics = append(table.Statistics, statistics)
			if !slices.ContainsFunc(statistics, math.IsNaN) {
				whole++
			}
		}
	}
	var figures []inference.Figure
	for _, k := range w.used {
		figures = append(figures, w.Errors.figure(&w.figures[k]))
	}
	share := max(poolShare, float64(2*len(w.Prior)+6)/float64(max(1, whole-w.Replicates))) // the truth's own replicates are left out
	report, err := inference.RecoverByRegression(w.Prior, table, figures, min(share, 1), min(w.Trials, len(table.Values)), w.key().Label("recovery"))
	if err != nil {
		return fmt.Errorf("recovery test: %w", err)
	}
	w.found.Recovery = report
	if report.TooFew() {
		w.tell(fmt.Sprintf("Recovery test: only %s count, too few to say what comes back.", voice{}.nTrials(report.Trials)))
		return nil
	}
	news := "Recovery test:"
	for _, row := range report.Rows {
		news += fmt.Sprintf(" %s %s (correlation %.2f);", row.Name, row.Comeback, row.Correlation)
	}
	w.tell(news[:len(news)-1] + ".")
	return nil
}

// figure says how bad a pseudo-figure must be to be as bad as a documented one.
func (e Errors) figure(t *Target) inference.Figure {
	f := inference.Figure{ID: t.Figure.ID, Source: t.Fact.Source, Gap: e.Gap, Sign: t.Sign}
	if t.Sign {
		return f
	}
	f.Noise, f.Bias, f.Half, f.Relative = norm(e.Noise, e.Discrepancy), e.Bias, (t.High-t.Low)/2, true
	if mid := t.size(); mid > 0 {
		f.Half /= mid
	} else {
		f.Relative = false
	}
	return f
}

// size is that of the documented figure.
func (t *Target) size() float64 { return math.Abs(t.Low+t.High) / 2 }

// observed is a target as ABC takes it.
func (e Errors) observed(t *Target) inference.Observed {
	if !t.Sign {
		o := inference.Within(t.Figure.ID, t.Low, t.High)
		o.Noise = t.size() * norm(e.Noise, e.Bias, e.Discrepancy)
		return o
	}
	end := func(sign float64) float64 { // where the range of signs ends
		if sign == 0 {
			return sameSign
		}
		return math.Inf(1)
	}
	o := inference.Observed{ID: t.Figure.ID, Low: -end(t.Low), High: end(t.High)}
	if t.Low > 0 {
		o.Low = 0
	}
	if t.High < 0 {
		o.High = 0
	}
	return o
}

// norm is the standard deviation of a sum of independent errors. It decides runs, so products are not fused.
func norm(sds ...float64) float64 {
	sum := 0.0
	for _, x := range sds {
		sum += float64(x * x)
	}
	return math.Sqrt(sum)
}

// doubt is the chance that a sign is documented wrongly.
const doubt = 0.05

// target is a target as history matching takes it; ok is false of a sign that may be either of two.
func (e Errors) target(t *Target) (target inference.Target, ok bool) {
	size := t.size()
	discrepancy := float64(e.Discrepancy * size * e.Discrepancy * size)
	switch {
	case !t.Sign:
		return inference.RangeTarget(t.Figure.ID, t.Low, t.High, size*norm(e.Noise, e.Bias), discrepancy), true
	case t.Low == 0 && t.High == 0:
		return inference.RangeTarget(t.Figure.ID, -sameSign, sameSign, 0, 0), true
	case t.Low == t.High:
		return inference.SignTarget(t.Figure.ID, t.High > 0, doubt, 0), true
	}
	return target, false
}

// match rules out what the first wave shows to be implausible. Targets that no point comes near are set aside: they tell of the model, not
// of its parameters.
func (w *calibrating) match() error {
	everything := inference.Everything(len(w.Prior))
	all, err := w.wave(everything, w.units, w.pool, inference.Rule{Cut: w.Cut, Order: 1})
	if err != nil {
		return err
	}
	w.dropUnreachable(all)
	if len(w.used) == 0 {
		return errors.New("no target is met anywhere in the prior: the model is wrong, or the ranges are")
	}
	for w.rule = (inference.Rule{Cut: w.Cut, Order: 1}); ; w.rule.Order++ {
		wave, err := w.wave(everything, w.units, w.pool, w.rule)
		if err != nil {
			return err
		}
		if len(wave.LeftPoints()) < fewestLeft && w.rule.Order < len(w.used) {
			continue // no point meets all of them: one more may be missed
		}
		w.found.Waves = append(w.found.Waves, wave)
		w.told(wave)
		if w.space, err = wave.Next(); err != nil {
			return fmt.Errorf("history matching: %w", err)
		}
		return nil
	}
}

// told tells what a wave left.
func (w *calibrating) told(wave *inference.Wave) {
	w.tell(fmt.Sprintf("Wave %d: %s of the prior is not ruled out (%s to %s).", len(w.found.Waves), prose.Percent(wave.Share), prose.Percent(wave.ShareInterval.Low), prose.Percent(wave.ShareInterval.High)))
}

func (w *calibrating) dropUnreachable(all *inference.Wave) {
	column := map[string]int{}
	for k, t := range all.Targets {
		column[t.ID] = k
	}
	w.setAside(func(figure int) Saying {
		k, asked := column[w.figures[figure].Figure.ID]
		if !asked {
			return nil
		}
		best := math.Inf(1)
		for _, row := range all.Implausibility {
			if !math.IsNaN(row[k]) {
				best = min(best, row[k])
			}
		}
		if best <= w.Cut {
			return nil
		}
		return func(x *words.Words) string {
			return x.F("met nowhere in the prior (least implausibility %s): a misfit of the model, or too narrow ranges", voice{x}.fixed(best, 1))
		}
	})
}

// wave matches outcomes with the targets that are fitted to.
func (w *calibrating) wave(space inference.Space, units [][]float64, runs [][][]float64, rule inference.Rule) (*inference.Wave, error) {
	var targets []inference.Target
	var columns []int
	for _, k := range w.used {
		if t, ok := w.Errors.target(&w.figures[k]); ok {
			targets, columns = append(targets, t), append(columns, k)
		}
	}
	var outcomes []inference.Outcome
	for p := range units {
		o := inference.Outcome{Unit: units[p]}
		for _, run := range runs[p] {
			var row []float64
			for _, k := range columns {
				row = append(row, run[k])
			}
			o.Runs = append(o.Runs, row)
		}
		outcomes = append(outcomes, o)
	}
	wave, err := inference.Match(space, targets, rule, outcomes, len(outcomes))
	if err != nil {
		return nil, fmt.Errorf("history matching: %w", err)
	}
	return wave, nil
}

// The adaptive population Monte Carlo: half of the particles are kept, and it stops when one in twenty of a generation is nearer.
const (
	keptShare = 0.5
	minAccept = 0.05
)

// second runs the wave in what is left, whose first replicate is the first generation of the adaptive population Monte Carlo.
func (w *calibrating) second() error {
	start, err := w.sobol(w.key().Label("wave-2"))
	if err != nil {
		return err
	}
	spec := inference.APMCSpec{Prior: w.Prior, Particles: w.Points, Alpha: keptShare, MinAccept: minAccept, Low: w.space.Low, High: w.space.High, Start: start,
		MaxRuns: w.MaxRuns - 2*w.Points*w.Replicates - w.checks() + w.Points, Key: w.key().Label("abc"), Observed: []inference.Observed{inference.At("any", 0)}}
	first, err := inference.NewAPMC(spec) // its first generation does not depend on the figures
	if err != nil {
		return err
	}
	proposals := first.Next()
	stage := w.proposed("wave-2", proposals, w.Replicates)
	runs, err := w.run(stage, w.keep)
	if err != nil {
		return err
	}
	var units [][]float64
	for _, p := range proposals {
		units = append(units, p.Unit)
	}
	wave, err := w.wave(w.space, units, runs, w.rule)
	if err != nil {
		return err
	}
	w.found.Waves = append(w.found.Waves, wave)
	w.told(wave)
	n, err := w.learn(units, runs)
	if err != nil {
		return err
	}
	spec.Observed = nil
	for k := range n {
		spec.Observed = append(spec.Observed, inference.At(fmt.Sprint("statistic ", k+1), 0))
	}
	if w.apmc, err = inference.NewAPMC(spec); err != nil {
		return err
	}
	return w.answer(proposals, runs)
}

// learn learns which few statistics the Monte Carlo shall look at, from all runs in the space that is left, and returns their number.
func (w *calibrating) learn(units [][]float64, runs [][][]float64) (n int, err error) {
	var table inference.Table
	add := func(unit []float64, replicates [][]float64) {
		for _, run := range replicates {
			table.Values, table.Statistics = append(table.Values, w.Prior.Values(unit)), append(table.Statistics, w.fitted(run))
		}
	}
	for p, unit := range w.units {
		if w.space.Holds(unit) {
			add(unit, w.pool[p])
		}
	}
	for p, unit := range units {
		add(unit, runs[p])
	}
	var observed []inference.Observed
	for _, k := range w.used {
		observed = append(observed, w.Errors.observed(&w.figures[k]))
	}
	if w.project, err = table.Project(w.Prior, observed, w.key().Label("learn")); err != nil {
		return 0, err
	}
	for _, s := range table.Statistics {
		n = max(n, len(w.project.Of(s, w.key())))
	}
	if n == 0 {
		err = errors.New("no figure varies with the parameters, or no run has all of them")
	}
	return n, err
}

func (w *calibrating) proposed(name string, proposals []inference.Proposal, replicates int) *Stage {
	var values [][]float64
	for _, p := range proposals {
		values = append(values, p.Values)
	}
	return w.Stage(name, values, replicates)
}

// answer tells the Monte Carlo what its runs gave.
func (w *calibrating) answer(proposals []inference.Proposal, runs [][][]float64) error {
	var results []inference.Result
	for i, p := range proposals {
		few := w.project.Of(w.fitted(runs[i][0]), w.key().Label("errors").At(uint64(p.Index)))
		w.statistics[p.Index] = few
		results = append(results, inference.Result{Index: p.Index, Statistics: few})
	}
	if err := w.apmc.Tell(results); err != nil {
		return err
	}
	trace := w.apmc.Trace()
	g := trace[len(trace)-1]
	w.tell(fmt.Sprintf("Generation %d: tolerance %s, %s of its runs were nearer, effective size %.0f.", g.Number, prose.Number(g.Tolerance), prose.Percent(g.Accepted), g.EffectiveSize))
	return nil
}

// abc runs generations until the Monte Carlo stops.
func (w *calibrating) abc() error {
	for n := 1; !w.apmc.Done(); n++ {
		proposals := w.apmc.Next()
		runs, err := w.run(w.proposed(fmt.Sprintf("abc-%d", n), proposals, 1), w.keep)
		if err != nil {
			return err
		}
		if err := w.answer(proposals, runs); err != nil {
			return err
		}
	}
	f := w.found
	posterior, err := w.apmc.Posterior()
	if err != nil {
		return err
	}
	var statistics [][]float64
	for _, p := range w.apmc.Kept() {
		statistics = append(statistics, w.statistics[p.Index])
	}
	f.Posterior = posterior.Adjusted(statistics)
	f.Trace, f.Marginals = w.apmc.Trace(), f.Posterior.Marginals(resamples, w.key().Label("marginals"))
	return nil
}

// check runs draws of the posterior under fresh luck: the particles' own runs were chosen for being near.
func (w *calibrating) check() error {
	values, err := w.found.Posterior.Draw(w.checks(), w.key().Label("check"))
	if err != nil {
		return err
	}
	stage := w.Stage(fmt.Sprintf("check-%d", len(w.found.Trace)), values, 1) // of this generation: later ones have other draws
	runs, err := w.run(stage, w.keep)
	if err != nil {
		return err
	}
	w.found.Checked = len(runs)
	for k := range w.figures {
		var x []float64
		for _, replicates := range runs {
			x = append(x, replicates[0][k])
		}
		w.found.Scores = append(w.found.Scores, ScoreOf(&w.figures[k], x))
	}
	return nil
}

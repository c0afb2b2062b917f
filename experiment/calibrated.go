package experiment

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/experiment/inference"
	"entrepot/output/prose"
)

// Findings says which parameters the data identify, what was ruled out, and what is met.
func (c *Calibrated) Findings() *Findings {
	f := &Findings{voice: c.voice, Command: "calibrate", Failed: c.FailedRuns, Title: c.F("What the documented figures say of %s", c.titleOf(c.Scenario)),
		Question: c.F("Which values of %d parameters of %s agree with %d documented figures, and which parameters do the figures identify?", len(c.Prior), c.quoted(c.Scenario), len(c.Fitted)),
		Caveats: []string{c.T("Meeting the figures that were fitted to is consistency, not proof; the figures are few, and other parameters and other rules may meet them too."),
			c.T("A posterior stands on its priors: what is outside of a range was never tried, and what was not varied stands as it is."),
			c.F("How badly figures err is assumed: noise %s, bias of a source %s, discrepancy of the model %s of a figure's size.", c.percent(c.Noise), c.percent(c.Bias), c.percent(c.Discrepancy)),
			c.T("Rival sources that contradict each other are fitted apart, never averaged.")}}
	f.Answer = c.answer()
	f.Design = c.design()
	f.Sheets = []Sheet{c.marginalSheet(), c.recoverySheet(), c.spaceSheet(), c.fitSheet(), c.asideSheet(), c.generationSheet()}
	f.Charts = []Chart{c.marginalChart(), c.correlationChart(), c.recoveryChart()}
	if chart := c.fitChart(); chart != nil {
		f.Charts = append(f.Charts, chart)
	}
	return f
}

// with lists the parameters for which something holds.
func (c *Calibrated) with(holds func(j int) bool) (names []string) {
	for j, q := range c.Prior {
		if holds(j) {
			names = append(names, q.Name)
		}
	}
	return names
}

func or(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	return strings.Join(names, ", ")
}

// answer is the result in sentences.
func (c *Calibrated) answer() (lines []string) {
	verdict := func(v inference.Verdict) string {
		return or(c.with(func(j int) bool { return c.Marginals[j].Verdict == v }), c.T("none|parameters"))
	}
	lines = append(lines, c.F("The figures identify: %s. Weakly: %s. Not: %s.", verdict(inference.Identified), verdict(inference.Weak), verdict(inference.NotIdentified)))
	back := func(k inference.Comeback) string {
		return or(c.with(func(j int) bool { return c.Recovery.Rows[j].Comeback == k }), c.T("none|parameters"))
	}
	if c.Recovery.TooFew() {
		lines = append(lines, c.F("Only %s of the recovery test count, too few to say which parameters come back from pseudo-data: take more --trials, or more points.", c.nTrials(c.Recovery.Trials)))
	} else {
		lines = append(lines, c.F("In pseudo-data of known parameters, made as bad as the figures, come back: %s. Partly: %s. Not: %s.", back(inference.ComesBack), back(inference.PartlyBack), back(inference.DoesNotComeBack)))
	}
	if doubtful := c.with(func(j int) bool {
		return c.Marginals[j].Verdict != inference.NotIdentified && c.Recovery.Rows[j].Comeback == inference.DoesNotComeBack
	}); len(doubtful) > 0 {
		lines = append(lines, c.F("Do not lean on %s: narrowed here, but pseudo-data do not bring it back.", strings.Join(doubtful, ", ")))
	}
	for _, t := range c.Posterior.Ties() {
		lines = append(lines, c.F("The figures know %s and neither of the two alone (correlation %s).", t.Combination, c.fixed(t.Correlation, 2)))
	}
	met, asked, held, heldMet := c.tally()
	lines = append(lines, c.F("Met by the mean over %s drawn from the posterior under fresh luck: %d of the %s fitted to.", c.nRuns(c.Checked), met, c.nFigures(asked)))
	if held > 0 {
		lines = append(lines, c.F("Met of the %s not fitted to: %d.", c.nFigures(held), heldMet))
	}
	lines = append(lines, c.ruledOut())
	for i := range c.Aside {
		if a := &c.Aside[i]; strings.HasPrefix(a.Why, "met nowhere") {
			lines = append(lines, c.F("%s is %s.", a.ID, a.in(c.voice)))
		}
	}
	if g := c.Trace[len(c.Trace)-1]; g.Accepted >= minAccept && g.Tolerance > 0 {
		lines = append(lines, c.F("The runs ended before the search did: %s of the last generation were nearer than those before. More runs narrow the posterior.", c.percent(g.Accepted)))
	}
	return lines
}

// ruledOut says what history matching left of the prior.
func (c *Calibrated) ruledOut() string {
	w := c.Waves[0]
	share, low, high := c.percent(w.Share), c.percent(w.ShareInterval.Low), c.percent(w.ShareInterval.High)
	switch n := w.Rule.Order - 1; {
	case w.Share == 1 && n > 0:
		return c.F("History matching rules out nothing of the prior, although a point may miss %d figures: hardly any meets all.", n)
	case w.Share == 1:
		return c.T("History matching rules out nothing of the prior.")
	case n > 0:
		return c.F("History matching rules out all but %s of the prior (%s to %s), although a point may miss %d figures: hardly any meets all.", share, low, high, n)
	}
	return c.F("History matching rules out all but %s of the prior (%s to %s).", share, low, high)
}

// tally counts what is met of what was fitted to and of what was not.
func (c *Calibrated) tally() (met, asked, held, heldMet int) {
	for i := range c.Scores {
		s := &c.Scores[i]
		hit := 0
		if s.Verdict == Met {
			hit = 1
		}
		if c.isFitted(s.Target.Figure.ID) {
			asked, met = asked+1, met+hit
		} else {
			held, heldMet = held+1, heldMet+hit
		}
	}
	return met, asked, held, heldMet
}

func (c *Calibrated) isFitted(id string) bool {
	return slices.ContainsFunc(c.Fitted, func(t Target) bool { return t.Figure.ID == id })
}

func (c *Calibrated) design() []string {
	total := 0
	var stages []string
	for _, s := range c.Stages {
		total += s.Runs
		stages = append(stages, s.Stage+" "+c.count(s.Runs))
	}
	last := c.Trace[len(c.Trace)-1]
	lines := []string{
		c.F("%s: %s. Each has luck of its own, keyed from the seed %d, the stage and its place.", c.nRuns(total), strings.Join(stages, ", "), c.Seed),
		c.F("Wave 1: %s of a scrambled Sobol' sequence over the prior, %s each.", c.nPoints(c.Points), c.nReplicates(c.Replicates)),
		c.F("Recovery test on these runs: %s of them in turn taken for the truth, degraded (noise, bias of sources, ranges, a gap in %s of the figures) and inferred from the others by ABC with regression (Beaumont et al. 2002).", c.count(c.Recovery.Trials), c.percent(c.Gap)),
		c.F("History matching: a point is ruled out where the distance to a figure exceeds %s standard deviations of observation, luck and discrepancy.", c.Number(fmt.Sprint(c.Cut))),
		c.F("Then adaptive population Monte Carlo ABC (Lenormand et al. 2013) in what is left, from wave 2 on, on one statistic for each parameter: its linear prediction from all figures with their errors (Fearnhead & Prangle 2012): %d generations, tolerance %s, %s of an effective size of %s, adjusted by regression.", last.Number, c.number(last.Tolerance), c.nParticles(len(c.Posterior.Values)), c.Number(prose.Int(c.Posterior.EffectiveSize()))),
	}
	if n := len(c.FailedRuns); n > 0 {
		lines = append(lines, c.F("%s failed; they count as infinitely far from the figures.", c.nRuns(n)))
	}
	if n := len(c.Recovery.Dropped); n > 0 {
		lines = append(lines, c.F("%d trials of the recovery test gave nothing and are left out.", n))
	}
	return lines
}

// text writes a value of a parameter for readers.
func (c *Calibrated) text(j int, x float64) string {
	if c.Prior[j].Kind == inference.Choice {
		return c.Prior[j].Text(x)
	}
	return c.number(x)
}

// span is a range in a table.
func (v voice) span(low, high string) string { return v.F("%s to %s", low, high) }

func (c *Calibrated) marginalSheet() Sheet {
	s := Sheet{Name: "parameters", Title: c.T("What is known of each parameter"), Columns: []string{c.T("parameter|column"), c.T("prior|column"), c.T("median"), c.T("5–95 %"), c.T("contraction|column"), c.T("95 % interval"), c.T("verdict|column"), c.T("recovery test")},
		Note: c.T("Contraction: 1 − standard deviation of the posterior over that of the prior. Identified: at least a half, weakly: at least a tenth, both at the lower end of the interval.")}
	for j, q := range c.Prior {
		m := &c.Marginals[j]
		row := []string{q.Name, c.span(c.text(j, q.At(0)), c.text(j, q.At(1))), c.text(j, m.Q50), c.span(c.text(j, m.Q05), c.text(j, m.Q95))}
		if q.Kind == inference.Choice {
			row[1] = strings.Join(q.Levels, ", ")
			var chances []string
			for l, x := range m.Chances {
				chances = append(chances, q.Levels[l]+" "+c.percent(x))
			}
			row[3] = strings.Join(chances, ", ")
		}
		s.Rows = append(s.Rows, append(row, c.fixed(m.Contraction, 2), c.span(c.fixed(m.ContractionInterval.Low, 2), c.fixed(m.ContractionInterval.High, 2)), c.identified(m.Verdict), c.comeback(c.Recovery.Rows[j].Comeback)))
	}
	return s
}

// identified is a verdict on a parameter.
func (v voice) identified(x inference.Verdict) string {
	switch x {
	case inference.Identified:
		return v.T("identified")
	case inference.Weak:
		return v.T("weakly identified")
	case inference.NotIdentified:
		return v.T("not identified")
	}
	return string(x)
}

// comeback is a verdict of the recovery test.
func (v voice) comeback(x inference.Comeback) string {
	switch x {
	case inference.ComesBack:
		return v.T("comes back")
	case inference.PartlyBack:
		return v.T("comes back partly")
	case inference.DoesNotComeBack:
		return v.T("does not come back")
	case inference.TooFewTrials:
		return v.T("too few trials")
	}
	return string(x)
}

// recoveryNote says what is wrong with a recovery test's intervals.
func (v voice) recoveryNote(note string) string {
	switch note {
	case inference.TooNarrow:
		return v.T("intervals too narrow")
	case inference.TooWide:
		return v.T("intervals too wide")
	}
	return note
}

func (c *Calibrated) recoverySheet() Sheet {
	s := Sheet{Name: "recovery", Title: c.T("Which parameters come back from pseudo-data of known parameters"), Columns: []string{c.T("parameter|column"), c.T("correlation with the truth"), c.T("truths in 50 % intervals"), c.T("truths in 90 % intervals"), c.T("contraction|column"), c.T("verdict|column"), c.T("note|column")},
		Note: c.F("%d trials. Correlation: posterior mean and truth; from 0.8 it comes back, from 0.4 partly.", c.Recovery.Trials)}
	for _, r := range c.Recovery.Rows {
		s.Rows = append(s.Rows, []string{r.Name, c.fixed(r.Correlation, 2), c.percent(r.Coverage50), c.percent(r.Coverage90), c.fixed(r.Contraction, 2), c.comeback(r.Comeback), c.recoveryNote(r.Note)})
	}
	return s
}

// spaceSheet lists what history matching left of each range, and which figures ruled out most.
func (c *Calibrated) spaceSheet() Sheet {
	s := Sheet{Name: "ruled-out", Title: c.T("Figures by what they rule out"), Columns: []string{c.T("figure|column"), c.T("points of wave 1 that it rules out"), c.T("least implausibility in wave 1"), c.T("points of wave 2"), c.T("least in wave 2")},
		Note: c.F("Left of the prior after wave 1: %s (%s to %s), after wave 2: %s (%s to %s); 95 %% intervals.", c.percent(c.Waves[0].Share), c.percent(c.Waves[0].ShareInterval.Low), c.percent(c.Waves[0].ShareInterval.High),
			c.percent(c.Waves[1].Share), c.percent(c.Waves[1].ShareInterval.Low), c.percent(c.Waves[1].ShareInterval.High))}
	type line struct {
		row []string
		out int
	}
	var lines []line
	for k, t := range c.Waves[0].Targets {
		l := line{row: []string{t.ID}}
		for i, w := range c.Waves {
			out, best := 0, math.Inf(1)
			for _, row := range w.Implausibility {
				if row[k] > c.Cut {
					out++
				}
				if !math.IsNaN(row[k]) {
					best = min(best, row[k])
				}
			}
			if i == 0 {
				l.out = out
			}
			l.row = append(l.row, c.F("%d of %d", out, len(w.Points)), c.fixed(best, 1))
		}
		lines = append(lines, l)
	}
	slices.SortStableFunc(lines, func(a, b line) int { return b.out - a.out })
	for _, l := range lines {
		s.Rows = append(s.Rows, l.row)
	}
	return s
}

func (c *Calibrated) fitSheet() Sheet {
	s := Sheet{Name: "fit", Title: c.T("Documented figures under the posterior"), Columns: []string{c.T("figure|column"), c.T("what is measured"), c.T("unit|column"), c.T("documented|column"), c.T("mean"), c.T("5–95 % of runs"), c.T("runs inside"), c.T("verdict|column"), c.T("fitted to")},
		Note: c.F("%s, each of one draw from the posterior under fresh luck: the spread holds parameters and luck.", c.nRuns(c.Checked))}
	for i := range c.Scores {
		x := &c.Scores[i]
		fitted := c.T("no|fitted")
		if c.isFitted(x.Target.Figure.ID) {
			fitted = c.T("yes|fitted")
		}
		s.Rows = append(s.Rows, []string{x.Target.Figure.ID, x.Target.What.In(c.Words), c.T(x.Target.Unit), c.documentedOf(x.Target), c.number(x.Mean), c.span(c.number(x.Low5), c.number(x.High95)), c.percent(x.Inside), x.Words.In(c.Words), fitted})
	}
	return s
}

func (c *Calibrated) asideSheet() Sheet {
	s := Sheet{Name: "aside", Title: c.T("Figures that were not fitted to"), Columns: []string{c.T("figure|column"), c.T("why|column")}}
	for i := range c.Aside {
		s.Rows = append(s.Rows, []string{c.Aside[i].ID, c.Aside[i].in(c.voice)})
	}
	return s
}

func (c *Calibrated) generationSheet() Sheet {
	s := Sheet{Name: "generations", Title: c.T("How the search went"), Columns: []string{c.T("generation|column"), c.T("runs so far"), c.T("failed|column"), c.T("kept|column"), c.T("tolerance|column"), c.T("nearer than before"), c.T("effective size")},
		Note: c.F("Tolerance: the largest distance kept, in median absolute deviations. The search stops when less than %s of a generation are nearer.", c.percent(minAccept))}
	for _, g := range c.Trace {
		s.Rows = append(s.Rows, []string{fmt.Sprint(g.Number), c.count(g.Runs), c.count(g.Failed), c.count(g.Kept), c.number(g.Tolerance), c.percent(g.Accepted), c.Number(prose.Int(g.EffectiveSize))})
	}
	return s
}

func (c *Calibrated) note() string {
	return c.F("n = %s of an effective size of %s; %s", c.nParticles(len(c.Posterior.Values)), prose.Int(c.Posterior.EffectiveSize()), c.Scenario.Name)
}

// marginalChart shows where in its prior each parameter lies.
func (c *Calibrated) marginalChart() Chart {
	chart := &ForestChart{ChartHead: ChartHead{Name: "parameters", Title: c.T("From prior to posterior"), Alt: c.T("For each parameter, median and 5–95 % interval of the posterior within the range of its prior, as a band"),
		XLabel: c.T("position in the prior (on its own scale, of logarithms where the prior is in these)"), Note: c.F("%s; bars: 5–95 %%", c.note())}, Ref: math.NaN(), Own: true, Band: c.T("prior|column")}
	for j, q := range c.Prior {
		if q.Kind == inference.Choice {
			continue
		}
		m := &c.Marginals[j]
		at := q.Position
		chart.Items = append(chart.Items, Item{Name: q.Name, Group: c.identified(m.Verdict), Value: at(m.Q50), Low: at(m.Q05), High: at(m.Q95), Range: &[2]float64{0, 1}, Note: c.F("%s (%s to %s)", c.number(m.Q50), c.number(m.Q05), c.number(m.Q95))})
	}
	return chart
}

func (c *Calibrated) correlationChart() Chart {
	names := c.Prior.Names()
	return &MatrixChart{ChartHead: ChartHead{Name: "correlations", Title: c.T("What the posterior ties together"), Alt: c.T("Correlations of parameters in the posterior"), Note: c.note()},
		Rows: names, Columns: names, Values: c.Posterior.Correlation(), Signed: true}
}

func (c *Calibrated) recoveryChart() Chart {
	chart := &ForestChart{ChartHead: ChartHead{Name: "recovery", Title: c.T("Do known parameters come back?"), Alt: c.T("Correlation of posterior mean and truth over pseudo-data of known parameters"),
		XLabel: c.T("correlation of posterior mean and truth"), Note: c.F("n = %s; 1: comes back fully, 0: not at all", c.nTrials(c.Recovery.Trials))}, Ref: 0}
	for _, r := range c.Recovery.Rows {
		if !math.IsNaN(r.Correlation) {
			low, high := fisher(r.Correlation, c.Recovery.Trials)
			chart.Items = append(chart.Items, Item{Name: r.Name, Group: c.comeback(r.Comeback), Value: r.Correlation, Low: low, High: high, Note: c.F("90 %% intervals hold %s", c.percent(r.Coverage90))})
		}
	}
	return chart
}

// fisher is the 95 % interval of a correlation of n pairs.
func fisher(r float64, n int) (low, high float64) {
	z, half := math.Atanh(max(min(r, 1-1e-12), -1+1e-12)), 1.96/math.Sqrt(float64(max(n-3, 1)))
	return math.Tanh(z - half), math.Tanh(z + half)
}

func (c *Calibrated) fitChart() Chart {
	chart := &ForestChart{ChartHead: ChartHead{Name: "fit", Title: c.T("The posterior against documented ranges"), Alt: c.T("For each documented range, as a band from 0 to 1, the mean over runs of the posterior with the interval of nine runs in ten"),
		XLabel: c.T("position in the documented range, from its low to its high end"), Note: c.F("n = %s of draws from the posterior of %s; bars: 5–95 %% of runs", c.nRuns(c.Checked), c.Scenario.Name)}, Ref: math.NaN(), Own: true}
	for i := range c.Scores {
		s := &c.Scores[i]
		if t := s.Target; s.N > 0 && !t.Sign && t.High > t.Low {
			name := t.Figure.ID
			if !c.isFitted(name) {
				name = c.F("%s (not fitted)", name)
			}
			chart.Items = append(chart.Items, Item{Name: name, Group: c.met(s.Verdict), Value: s.Mean, Low: s.Low5, High: s.High95, Range: &[2]float64{t.Low, t.High}, Note: s.Words.In(c.Words)})
		}
	}
	if len(chart.Items) == 0 {
		return nil
	}
	return chart
}

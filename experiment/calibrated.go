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
	f := &Findings{Command: "calibrate", Failed: c.FailedRuns, Title: "What the documented figures say of " + titleOf(c.Scenario),
		Question: fmt.Sprintf("Which values of %d parameters of %s agree with %d documented figures, and which parameters do the figures identify?", len(c.Prior), quoted(c.Scenario), len(c.Fitted)),
		Caveats: []string{"Meeting the figures that were fitted to is consistency, not proof; the figures are few, and other parameters and other rules may meet them too.",
			"A posterior stands on its priors: what is outside of a range was never tried, and what was not varied stands as it is.",
			fmt.Sprintf("How badly figures err is assumed: noise %s, bias of a source %s, discrepancy of the model %s of a figure's size.", percent(c.Noise), percent(c.Bias), percent(c.Discrepancy)),
			"Rival sources that contradict each other are fitted apart, never averaged."}}
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
		return or(c.with(func(j int) bool { return c.Marginals[j].Verdict == v }), "none")
	}
	lines = append(lines, fmt.Sprintf("The figures identify: %s. Weakly: %s. Not: %s.", verdict(inference.Identified), verdict(inference.Weak), verdict(inference.NotIdentified)))
	back := func(k inference.Comeback) string {
		return or(c.with(func(j int) bool { return c.Recovery.Rows[j].Comeback == k }), "none")
	}
	if c.Recovery.TooFew() {
		lines = append(lines, fmt.Sprintf("Only %s of the recovery test count, too few to say which parameters come back from pseudo-data: take more --trials, or more points.", counted(c.Recovery.Trials, "trial")))
	} else {
		lines = append(lines, fmt.Sprintf("In pseudo-data of known parameters, made as bad as the figures, come back: %s. Partly: %s. Not: %s.", back(inference.ComesBack), back(inference.PartlyBack), back(inference.DoesNotComeBack)))
	}
	if doubtful := c.with(func(j int) bool {
		return c.Marginals[j].Verdict != inference.NotIdentified && c.Recovery.Rows[j].Comeback == inference.DoesNotComeBack
	}); len(doubtful) > 0 {
		lines = append(lines, fmt.Sprintf("Do not lean on %s: narrowed here, but pseudo-data do not bring it back.", strings.Join(doubtful, ", ")))
	}
	for _, t := range c.Posterior.Ties() {
		lines = append(lines, fmt.Sprintf("The figures know %s and neither of the two alone (correlation %s).", t.Combination, prose.Fixed(t.Correlation, 2)))
	}
	met, asked, held, heldMet := c.tally()
	lines = append(lines, fmt.Sprintf("Met by the mean over %s drawn from the posterior under fresh luck: %d of the %s fitted to.", counted(c.Checked, "run"), met, counted(asked, "figure")))
	if held > 0 {
		lines = append(lines, fmt.Sprintf("Met of the %s not fitted to: %d.", counted(held, "figure"), heldMet))
	}
	w := c.Waves[0]
	line := fmt.Sprintf("History matching rules out all but %s of the prior (%s to %s)", percent(w.Share), percent(w.ShareInterval.Low), percent(w.ShareInterval.High))
	if w.Share == 1 {
		line = "History matching rules out nothing of the prior"
	}
	if n := w.Rule.Order - 1; n > 0 {
		line += fmt.Sprintf(", although a point may miss %d figures: hardly any meets all", n)
	}
	lines = append(lines, line+".")
	for _, a := range c.Aside {
		if strings.HasPrefix(a.Why, "met nowhere") {
			lines = append(lines, fmt.Sprintf("%s is %s.", a.ID, a.Why))
		}
	}
	if g := c.Trace[len(c.Trace)-1]; g.Accepted >= minAccept && g.Tolerance > 0 {
		lines = append(lines, fmt.Sprintf("The runs ended before the search did: %s of the last generation were nearer than those before. More runs narrow the posterior.", percent(g.Accepted)))
	}
	return lines
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
		stages = append(stages, s.Stage+" "+prose.Count(s.Runs))
	}
	last := c.Trace[len(c.Trace)-1]
	lines := []string{
		fmt.Sprintf("%s: %s. Each has luck of its own, keyed from the seed %d, the stage and its place.", counted(total, "run"), strings.Join(stages, ", "), c.Seed),
		fmt.Sprintf("Wave 1: %s of a scrambled Sobol' sequence over the prior, %s each.", counted(c.Points, "point"), counted(c.Replicates, "replicate")),
		fmt.Sprintf("Recovery test on these runs: %s of them in turn taken for the truth, degraded (noise, bias of sources, ranges, a gap in %s of the figures) and inferred from the others by ABC with regression (Beaumont et al. 2002).", prose.Count(c.Recovery.Trials), percent(c.Gap)),
		fmt.Sprintf("History matching: a point is ruled out where the distance to a figure exceeds %v standard deviations of observation, luck and discrepancy.", c.Cut),
		fmt.Sprintf("Then adaptive population Monte Carlo ABC (Lenormand et al. 2013) in what is left, from wave 2 on, on one statistic for each parameter: its linear prediction from all figures with their errors (Fearnhead & Prangle 2012): %d generations, tolerance %s, %s of an effective size of %s, adjusted by regression.", last.Number, number(last.Tolerance), counted(len(c.Posterior.Values), "particle"), prose.Int(c.Posterior.EffectiveSize())),
	}
	if n := len(c.FailedRuns); n > 0 {
		lines = append(lines, fmt.Sprintf("%s failed; they count as infinitely far from the figures.", counted(n, "run")))
	}
	if n := len(c.Recovery.Dropped); n > 0 {
		lines = append(lines, fmt.Sprintf("%d trials of the recovery test gave nothing and are left out.", n))
	}
	return lines
}

// text writes a value of a parameter for readers.
func (c *Calibrated) text(j int, x float64) string {
	if c.Prior[j].Kind == inference.Choice {
		return c.Prior[j].Text(x)
	}
	return number(x)
}

func (c *Calibrated) marginalSheet() Sheet {
	s := Sheet{Name: "parameters", Title: "What is known of each parameter", Columns: []string{"parameter", "prior", "median", "5–95 %", "contraction", "95 % interval", "verdict", "recovery test"},
		Note: "Contraction: 1 − standard deviation of the posterior over that of the prior. Identified: at least a half, weakly: at least a tenth, both at the lower end of the interval."}
	for j, q := range c.Prior {
		m := &c.Marginals[j]
		row := []string{q.Name, c.text(j, q.At(0)) + " to " + c.text(j, q.At(1)), c.text(j, m.Q50), c.text(j, m.Q05) + " to " + c.text(j, m.Q95)}
		if q.Kind == inference.Choice {
			row[1] = strings.Join(q.Levels, ", ")
			var chances []string
			for l, x := range m.Chances {
				chances = append(chances, q.Levels[l]+" "+percent(x))
			}
			row[3] = strings.Join(chances, ", ")
		}
		s.Rows = append(s.Rows, append(row, prose.Fixed(m.Contraction, 2), prose.Fixed(m.ContractionInterval.Low, 2)+" to "+prose.Fixed(m.ContractionInterval.High, 2), string(m.Verdict), string(c.Recovery.Rows[j].Comeback)))
	}
	return s
}

func (c *Calibrated) recoverySheet() Sheet {
	s := Sheet{Name: "recovery", Title: "Which parameters come back from pseudo-data of known parameters", Columns: []string{"parameter", "correlation with the truth", "truths in 50 % intervals", "truths in 90 % intervals", "contraction", "verdict", "note"},
		Note: fmt.Sprintf("%d trials. Correlation: posterior mean and truth; from 0.8 it comes back, from 0.4 partly.", c.Recovery.Trials)}
	for _, r := range c.Recovery.Rows {
		s.Rows = append(s.Rows, []string{r.Name, prose.Fixed(r.Correlation, 2), percent(r.Coverage50), percent(r.Coverage90), prose.Fixed(r.Contraction, 2), string(r.Comeback), r.Note})
	}
	return s
}

// spaceSheet lists what history matching left of each range, and which figures ruled out most.
func (c *Calibrated) spaceSheet() Sheet {
	s := Sheet{Name: "ruled-out", Title: "Figures by what they rule out", Columns: []string{"figure", "points of wave 1 that it rules out", "least implausibility in wave 1", "points of wave 2", "least in wave 2"},
		Note: fmt.Sprintf("Left of the prior after wave 1: %s (%s to %s), after wave 2: %s (%s to %s); 95 %% intervals.", percent(c.Waves[0].Share), percent(c.Waves[0].ShareInterval.Low), percent(c.Waves[0].ShareInterval.High),
			percent(c.Waves[1].Share), percent(c.Waves[1].ShareInterval.Low), percent(c.Waves[1].ShareInterval.High))}
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
			l.row = append(l.row, fmt.Sprintf("%d of %d", out, len(w.Points)), prose.Fixed(best, 1))
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
	s := Sheet{Name: "fit", Title: "Documented figures under the posterior", Columns: []string{"figure", "what is measured", "unit", "documented", "mean", "5–95 % of runs", "runs inside", "verdict", "fitted to"},
		Note: counted(c.Checked, "run") + ", each of one draw from the posterior under fresh luck: the spread holds parameters and luck."}
	for i := range c.Scores {
		x := &c.Scores[i]
		fitted := "no"
		if c.isFitted(x.Target.Figure.ID) {
			fitted = "yes"
		}
		s.Rows = append(s.Rows, []string{x.Target.Figure.ID, x.Target.What, x.Target.Unit, x.Target.Documented(), number(x.Mean), number(x.Low5) + " to " + number(x.High95), percent(x.Inside), x.Words, fitted})
	}
	return s
}

func (c *Calibrated) asideSheet() Sheet {
	s := Sheet{Name: "aside", Title: "Figures that were not fitted to", Columns: []string{"figure", "why"}}
	for _, a := range c.Aside {
		s.Rows = append(s.Rows, []string{a.ID, a.Why})
	}
	return s
}

func (c *Calibrated) generationSheet() Sheet {
	s := Sheet{Name: "generations", Title: "How the search went", Columns: []string{"generation", "runs so far", "failed", "kept", "tolerance", "nearer than before", "effective size"},
		Note: fmt.Sprintf("Tolerance: the largest distance kept, in median absolute deviations. The search stops when less than %s of a generation are nearer.", percent(minAccept))}
	for _, g := range c.Trace {
		s.Rows = append(s.Rows, []string{fmt.Sprint(g.Number), prose.Count(g.Runs), prose.Count(g.Failed), prose.Count(g.Kept), number(g.Tolerance), percent(g.Accepted), prose.Int(g.EffectiveSize)})
	}
	return s
}

func (c *Calibrated) note() string {
	return fmt.Sprintf("n = %s of an effective size of %s; %s", counted(len(c.Posterior.Values), "particle"), prose.Int(c.Posterior.EffectiveSize()), c.Scenario.Name)
}

// marginalChart shows where in its prior each parameter lies.
func (c *Calibrated) marginalChart() Chart {
	chart := &ForestChart{ChartHead: ChartHead{Name: "parameters", Title: "From prior to posterior", Alt: "For each parameter, median and 5–95 % interval of the posterior within the range of its prior, as a band",
		XLabel: "position in the prior (on its own scale, of logarithms where the prior is in these)", Note: c.note() + "; bars: 5–95 %"}, Ref: math.NaN(), Own: true, Band: "prior"}
	for j, q := range c.Prior {
		if q.Kind == inference.Choice {
			continue
		}
		m := &c.Marginals[j]
		at := q.Position
		chart.Items = append(chart.Items, Item{Name: q.Name, Group: string(m.Verdict), Value: at(m.Q50), Low: at(m.Q05), High: at(m.Q95), Range: &[2]float64{0, 1}, Note: fmt.Sprintf("%s (%s to %s)", number(m.Q50), number(m.Q05), number(m.Q95))})
	}
	return chart
}

func (c *Calibrated) correlationChart() Chart {
	names := c.Prior.Names()
	return &MatrixChart{ChartHead: ChartHead{Name: "correlations", Title: "What the posterior ties together", Alt: "Correlations of parameters in the posterior", Note: c.note()},
		Rows: names, Columns: names, Values: c.Posterior.Correlation(), Signed: true}
}

func (c *Calibrated) recoveryChart() Chart {
	chart := &ForestChart{ChartHead: ChartHead{Name: "recovery", Title: "Do known parameters come back?", Alt: "Correlation of posterior mean and truth over pseudo-data of known parameters",
		XLabel: "correlation of posterior mean and truth", Note: fmt.Sprintf("n = %s; 1: comes back fully, 0: not at all", counted(c.Recovery.Trials, "trial"))}, Ref: 0}
	for _, r := range c.Recovery.Rows {
		if !math.IsNaN(r.Correlation) {
			low, high := fisher(r.Correlation, c.Recovery.Trials)
			chart.Items = append(chart.Items, Item{Name: r.Name, Group: string(r.Comeback), Value: r.Correlation, Low: low, High: high, Note: fmt.Sprintf("90 %% intervals hold %s", percent(r.Coverage90))})
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
	chart := &ForestChart{ChartHead: ChartHead{Name: "fit", Title: "The posterior against documented ranges", Alt: "For each documented range, as a band from 0 to 1, the mean over runs of the posterior with the interval of nine runs in ten",
		XLabel: "position in the documented range, from its low to its high end", Note: fmt.Sprintf("n = %s of draws from the posterior of %s; bars: 5–95 %% of runs", counted(c.Checked, "run"), c.Scenario.Name)}, Ref: math.NaN(), Own: true}
	for i := range c.Scores {
		s := &c.Scores[i]
		if t := s.Target; s.N > 0 && !t.Sign && t.High > t.Low {
			name := t.Figure.ID
			if !c.isFitted(name) {
				name += " (not fitted)"
			}
			chart.Items = append(chart.Items, Item{Name: name, Group: s.Verdict.String(), Value: s.Mean, Low: s.Low5, High: s.High95, Range: &[2]float64{t.Low, t.High}, Note: s.Words})
		}
	}
	if len(chart.Items) == 0 {
		return nil
	}
	return chart
}

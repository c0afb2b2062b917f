package experiment

import (
	"math"
	"slices"
	"strings"

	"entrepot/experiment/stats"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/sim"

	"gonum.org/v1/gonum/stat/distuv"
)

// NewEnsemble returns the study that runs one scenario many times.
func NewEnsemble(of *scenarios.Scenario, replicates int, seed uint64) *Study {
	return &Study{Points: []Point{{Name: of.Name, Scenario: of}}, Replicates: replicates, Seed: seed, Figures: Figures(of), Series: MonthlySeries(of)}
}

// wanted is the relative half-width of a mean's 95 % interval that an ensemble is advised to reach.
const wanted = 0.05

// EnsembleFindings says how a scenario's results are spread over luck, and whether there are runs enough.
func EnsembleFindings(study *Study, results Results) (*Findings, error) {
	e := &ensemble{voice: study.voice, study: study, spreads: study.newSpreads(), s: study.Points[0].Scenario}
	if err := e.gather(results); err != nil {
		return nil, err
	}
	s := e.s
	f := &Findings{voice: e.voice, Command: "ensemble", Failed: e.failed, Title: e.F("%s: %s|title", e.titleOf(s), e.nRuns(study.Runs())),
		Question: e.F("How far do results depend on luck? %s", e.T(s.Question)),
		Caveats: []string{e.T("The bands hold luck only, with parameters as they stand; what they leave open is for `sensitivity` and `calibrate`."),
			e.T("Sizes are stylised: read directions, proportions and times rather than levels.")},
		Design: []string{e.F("%s of %s, %s to %s; the seed of run r is hashed from %d and r.", e.nRuns(study.Runs()), s.Name, s.Setup.Start, s.Setup.End+6, study.Seed)},
	}
	if study.Pooled {
		f.Question = e.F("How far do results depend on luck and on parameters that evidence leaves open? %s", e.T(s.Question))
		f.Caveats[0] = e.T("The bands hold luck and the parameters of the posterior together; what was not varied in its calibration stands as it is.")
		f.Design = append(f.Design, e.F("Every run has the parameters of one draw from the posterior (%s) and luck of its own.", strings.Join(study.Factors, ", ")))
	}
	if n := len(e.failed); n > 0 {
		f.Design = append(f.Design, e.F("Failed and left out: %s.", e.nRuns(n)))
	}
	e.Findings = f
	e.answer()
	e.sheet()
	e.charts()
	return f, nil
}

func (v voice) titleOf(s *scenarios.Scenario) string {
	if s.Title != "" {
		return v.T(s.Title)
	}
	return s.Name
}

// ensemble is what is kept of the runs of one scenario. Its memory does not grow with their number.
type ensemble struct {
	voice
	*Findings
	study   *Study
	s       *scenarios.Scenario
	spreads *Spreads
	tallies []tally // by figure
	done    int     // runs that did not fail
	failed  []string
}

// gather reads all runs once.
func (e *ensemble) gather(results Results) error {
	e.tallies = make([]tally, len(e.study.Figures))
	return results.Each(func(run int, rows []Rows) error {
		switch {
		case run >= e.study.Runs():
			return nil // of a longer study that this one is the beginning of
		case rows[0].Text[failedColumn][0] != "":
			f := e.study.failed(run, &rows[0])
			e.failed = append(e.failed, e.failure(&f))
			return nil
		}
		e.done++
		for f := range e.tallies {
			e.tallies[f].add(rows[0].Float[figureColumns+f][0])
		}
		e.spreads.take(run, &rows[1])
		return nil
	})
}

// tally is what is kept of a figure over runs.
type tally struct {
	moments stats.Moments
	sketch  stats.Sketch
	first   []float64 // all values, while there are few
	trace   []width   // how well the mean is known after some numbers of runs
}

// width is the half-width of the 95 % interval of a mean after n runs, as a share of the mean.
type width struct {
	n    int
	half float64
}

// fewValues is the number of runs up to which all values of a figure are kept: intervals are bootstrapped and quantiles exact. Above,
// the mean of so many runs is normal for all purposes, and quantiles are those of a sketch, right to a quarter of a per cent.
const fewValues = 1000

func (t *tally) add(x float64) {
	if math.IsNaN(x) {
		return
	}
	t.moments.Add(x)
	t.sketch.Add(x)
	if t.n() > fewValues {
		t.first = nil
	} else {
		t.first = append(t.first, x)
	}
	if n := t.moments.N(); n >= 4 && (len(t.trace) == 0 || 4*n >= 5*t.trace[len(t.trace)-1].n) {
		t.trace = append(t.trace, t.width())
	}
}

func (t *tally) width() width {
	p := t.moments.Precision(wanted, confidence)
	return width{p.N, p.HalfWidth}
}

// confidence is the level of intervals.
const confidence = 0.95

// n is the number of runs that have the figure.
func (t *tally) n() int { return t.moments.N() }

// quantile returns the value that a share of the runs lies below.
func (t *tally) quantile(p float64) float64 {
	if t.n() > fewValues {
		return t.sketch.Quantile(p)
	}
	sorted := slices.Sorted(slices.Values(t.first))
	return quantile(sorted, p)
}

// mean returns the mean with its interval.
func (t *tally) mean(key sim.Key) stats.Estimate {
	if t.n() > fewValues {
		half := distuv.UnitNormal.Quantile((1+confidence)/2) * t.moments.StdErr()
		return stats.Estimate{Value: t.moments.Mean(), Low: t.moments.Mean() - half, High: t.moments.Mean() + half}
	}
	return stats.NewBootstrap(key).Mean(t.first)
}

// ninety is the interval in which nine runs in ten lie; of one run there is none.
func (t *tally) ninety(v voice) string {
	if t.n() < 2 {
		return prose.None
	}
	return v.between(t.quantile(0.05), t.quantile(0.95))
}

// manyValues is the number of runs from which it can be said where nine in ten of them lie.
const manyValues = 20

// apart says how many runs there are and how far they lie apart after.
func (t *tally) apart(v voice) string {
	switch n := t.n(); {
	case n == 1:
		return v.T("one run")
	case n < manyValues:
		return v.F("means over %d runs, which after lie between %s and %s", n, v.number(t.quantile(0)), v.number(t.quantile(1)))
	default:
		return v.F("means over %s, of which nine in ten after lie between %s and %s", v.nRuns(n), v.number(t.quantile(0.05)), v.number(t.quantile(0.95)))
	}
}

// of returns the tally of a figure by its id.
func (e *ensemble) of(id string) *tally {
	if i := e.study.Figure(id); i >= 0 {
		return &e.tallies[i]
	}
	return &tally{}
}

// key is the luck of a figure's intervals.
func (e *ensemble) key(id string) sim.Key {
	return sim.NewKey(e.study.Seed).Label("bootstrap").Label(id)
}

// answer says for each town what its price was before and after, and how far runs lie apart; then whether there are runs enough.
func (e *ensemble) answer() {
	if e.done == 0 {
		e.Answer = []string{e.T("Nothing can be said: every run failed.")}
		return
	}
	main := PricedGoods(e.s.Setup)[0]
	l := lister{s: e.s}
	var least []string
	priced, need := 0, 0
	for _, hub := range Towns(e.s) {
		b, a := e.of("price_"+main+"_"+hub+"_before"), e.of("price_"+main+"_"+hub+"_after")
		if b.n() == 0 || a.n() == 0 {
			e.Answer = append(e.Answer, e.F("%s: no %s was traded in one of the two periods.", l.hub(hub).In(e.Words), l.good(main).In(e.Words)))
			continue
		}
		periods := ""
		if priced++; priced == 1 { // said once
			before, after := Windows(e.s)
			periods = e.F("; before is %s, after %s", before.In(e.Words), after.In(e.Words))
		}
		e.Answer = append(e.Answer, e.F("%s: the price of the %s goes from %s to %s CFA (%s%s).", l.hub(hub).In(e.Words), l.of(main).In(e.Words),
			e.number(b.moments.Mean()), e.number(a.moments.Mean()), a.apart(e.voice), periods))
		p := a.moments.Precision(wanted, confidence)
		need = max(need, p.Needed)
		if p.Needed > a.n() || p.Needed == 0 {
			least = append(least, l.in(hub).In(e.Words))
		}
	}
	switch {
	case priced == 0:
	case len(least) > 0 && need == 0:
		e.Answer = append(e.Answer, e.F("One run does not tell how well the mean price in %s is known: take more.", e.list(least)))
	case len(least) > 0 && e.study.Pooled:
		e.Answer = append(e.Answer, e.F("Not enough runs to know the mean price in %s within %s: %s would do.", e.list(least), e.percent(wanted), e.count(need)))
	case len(least) > 0:
		e.Answer = append(e.Answer, e.F("Not enough runs to know the mean price in %s within %s: %s would do (`--runs %d` adds the missing ones).", e.list(least), e.percent(wanted), e.count(need), need))
	default:
		e.Answer = append(e.Answer, e.F("The runs are enough: every mean price is known within %s or better.", e.percent(wanted)))
	}
}

func mean(v []float64) (sum float64) {
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

// quantile of sorted values, between the two nearest.
func quantile(v []float64, p float64) float64 {
	if len(v) == 0 {
		return math.NaN()
	}
	at := p * float64(len(v)-1)
	i := int(at)
	if i+1 >= len(v) {
		return v[len(v)-1]
	}
	return v[i] + (at-float64(i))*(v[i+1]-v[i])
}

func (e *ensemble) sheet() {
	s := Sheet{Name: "figures", Title: e.T("What the runs gave"), Columns: []string{e.T("figure|column"), e.T("unit|column"), e.T("mean"), e.T("95 % interval of the mean"), e.T("5–95 % of runs"),
		e.T("standard error"), e.T("variation between runs"), e.T("runs|column"), e.T("runs for 5 %")},
		Note: e.T("Interval: BCa bootstrap, above a thousand runs normal. Variation: standard deviation over mean. Runs for 5 %: how many give the mean within 5 % (95 % interval), with a chance of four in five.")}
	for i := range e.study.Figures {
		f, t := &e.study.Figures[i], &e.tallies[i]
		if t.n() == 0 {
			continue
		}
		mean, p := t.mean(e.key(f.ID)), t.moments.Precision(wanted, confidence)
		needed := prose.None
		if p.Needed > 0 {
			needed = e.count(p.Needed)
		}
		s.Rows = append(s.Rows, []string{f.Meaning.In(e.Words), e.T(f.Unit), e.number(mean.Value), e.between(mean.Low, mean.High), t.ninety(e.voice),
			e.number(p.StdErr), e.percent(p.CV), e.count(t.n()), needed})
	}
	e.Sheets = append(e.Sheets, e.prices(), s)
}

// prices lists the prices of both goods in every town.
func (e *ensemble) prices() Sheet {
	l := lister{s: e.s}
	s := Sheet{Name: "prices", Title: e.T("Mean prices, CFA"), Columns: []string{e.T("good|column"), e.T("town|column"), e.T("before|column"), e.T("after|column"), e.T("95 % interval"), e.T("5–95 % of runs")},
		Note: e.T("Interval: of the mean after; runs: after.")}
	for _, good := range PricedGoods(e.s.Setup) {
		for _, hub := range Towns(e.s) {
			id := "price_" + good + "_" + hub
			before, after := e.of(id+"_before"), e.of(id+"_after")
			if before.n()+after.n() == 0 {
				continue
			}
			known := after.mean(e.key(id + "_after"))
			s.Rows = append(s.Rows, []string{l.good(good).In(e.Words), l.hub(hub).In(e.Words), e.number(before.moments.Mean()), e.number(known.Value), e.between(known.Low, known.High), after.ninety(e.voice)})
		}
	}
	return s
}

// charts draws a fan for every series, prices first, and how the standard error falls with the runs.
func (e *ensemble) charts() {
	if e.done == 0 {
		return
	}
	note := e.F("n = %s of %s; line: median; bands: 25–75 and 5–95 %% of runs", e.nRuns(e.done), e.s.Name)
	for i := range e.study.Series {
		series := &e.study.Series[i]
		c := &FanChart{ChartHead: ChartHead{Name: "fan-" + fileName(series.ID), Title: capital(series.Meaning.In(e.Words)), Alt: e.F("%s, month by month: median and bands over runs", capital(series.Meaning.In(e.Words))), YLabel: e.T(series.Unit), Note: note},
			Months: e.spreads.months, Marks: e.marks(e.s), Fans: []Fan{e.spreads.fan(0, i, e.s.Name)}}
		for _, good := range PricedGoods(e.s.Setup) {
			if hub, ok := strings.CutPrefix(series.ID, "price_"+good+"_"); ok {
				c.Facts = e.documented(e.s, good, hub)
			}
		}
		if anything(c.Fans[0].Q95) {
			e.Charts = append(e.Charts, c)
		}
	}
	e.errors()
}

func anything(v []float64) bool {
	return slices.ContainsFunc(v, func(x float64) bool { return !math.IsNaN(x) && x != 0 })
}

// errors shows the relative standard error of the towns' prices against the number of runs.
func (e *ensemble) errors() {
	main := PricedGoods(e.s.Setup)[0]
	l := lister{s: e.s}
	c := &LineChart{ChartHead: ChartHead{Name: "runs-enough", Title: e.T("How well the mean price is known after n runs"), Alt: e.T("Half-width of the 95 % interval of mean prices against the number of runs, town by town"),
		XLabel: e.T("runs|column"), YLabel: e.T("half-width of the 95 % interval, per cent of the mean"), Note: e.F("mean price of the %s after, %s", l.of(main).In(e.Words), e.s.Name)}, LogX: true, LogY: true}
	for _, hub := range Towns(e.s) {
		t := e.of("price_" + main + "_" + hub + "_after")
		line := Line{Name: l.hub(hub).In(e.Words)}
		for _, p := range append(t.trace, t.width()) {
			if p.n > 1 && p.half > 0 && (len(line.X) == 0 || float64(p.n) > line.X[len(line.X)-1]) {
				line.X, line.Y = append(line.X, float64(p.n)), append(line.Y, 100*p.half)
			}
		}
		if len(line.X) > 1 {
			c.Lines = append(c.Lines, line)
		}
	}
	if len(c.Lines) > 0 {
		c.Lines = append(c.Lines, Line{Name: e.T("5 %"), X: []float64{4, float64(e.study.Runs())}, Y: []float64{100 * wanted, 100 * wanted}, Dashed: true})
		e.Charts = append(e.Charts, c)
	}
}

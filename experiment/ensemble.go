package experiment

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/experiment/stats"
	"entrepot/scenarios"
	"entrepot/sim"
)

// NewEnsemble returns the study that runs one scenario many times.
func NewEnsemble(of *scenarios.Scenario, replicates int, seed uint64) *Study {
	return &Study{Points: []Point{{Name: of.Name, Scenario: of}}, Replicates: replicates, Seed: seed, Figures: Figures(of), Series: MonthlySeries(of)}
}

// wanted is the relative half-width of a mean's 95 % interval that an ensemble is advised to reach.
const wanted = 0.05

// EnsembleFindings says how a scenario's results are spread over luck, and whether there are runs enough.
func EnsembleFindings(study *Study, results Results) (*Findings, error) {
	sample, err := study.Sample(results)
	if err != nil {
		return nil, err
	}
	spreads, err := study.Spreads(results)
	if err != nil {
		return nil, err
	}
	s := study.Points[0].Scenario
	f := &Findings{Command: "ensemble", Failed: sample.failures(), Title: fmt.Sprintf("%s: %d runs", titleOf(s), study.Runs()),
		Question: "How far do results depend on luck? " + s.Question,
		Caveats: []string{"The bands hold luck only, with parameters as they stand; what they leave open is for `sensitivity` and `calibrate`.",
			"Sizes are stylised: read directions, proportions and times rather than levels."},
		Design: []string{fmt.Sprintf("%d runs of %s, %s to %s; the seed of run r is hashed from %d and r.", study.Runs(), s.Name, s.Setup.Start, s.Setup.End+6, study.Seed)},
	}
	if study.Pooled {
		f.Question = "How far do results depend on luck and on parameters that evidence leaves open? " + s.Question
		f.Caveats[0] = "The bands hold luck and the parameters of the posterior together; what was not varied in its calibration stands as it is."
		f.Design = append(f.Design, fmt.Sprintf("Every run has the parameters of one draw from the posterior (%s) and luck of its own.", strings.Join(study.Factors, ", ")))
	}
	if n := len(sample.Failed); n > 0 {
		f.Design = append(f.Design, fmt.Sprintf("%d runs failed and are left out.", n))
	}
	e := ensemble{f, study, sample, spreads, s}
	e.answer()
	e.sheet()
	e.charts()
	return f, nil
}

func titleOf(s *scenarios.Scenario) string {
	if s.Title != "" {
		return s.Title
	}
	return s.Name
}

type ensemble struct {
	*Findings
	study   *Study
	sample  *Sample
	spreads *Spreads
	s       *scenarios.Scenario
}

// values returns the runs' values of a figure, without those that have none, sorted.
func (e *ensemble) values(figure int) []float64 {
	v := slices.DeleteFunc(e.all(figure), math.IsNaN)
	slices.Sort(v)
	return v
}

// all returns the values of a figure in the order of runs.
func (e *ensemble) all(figure int) []float64 { return slices.Concat(e.sample.Values[figure]...) }

// answer says for each town what its price was before and after, and how far runs lie apart; then whether there are runs enough.
func (e *ensemble) answer() {
	main := PricedGoods(e.s.Setup)[0]
	l := lister{s: e.s}
	var least []string
	need := 0
	for _, hub := range Towns(e.s) {
		before, after := e.study.Figure("price_"+main+"_"+hub+"_before"), e.study.Figure("price_"+main+"_"+hub+"_after")
		b, a := e.values(before), e.values(after)
		if len(b) == 0 || len(a) == 0 {
			e.Answer = append(e.Answer, fmt.Sprintf("%s: no %s was traded in one of the two periods.", l.hub(hub), l.good(main)))
			continue
		}
		e.Answer = append(e.Answer, fmt.Sprintf("%s: the price of the %s goes from %s to %s CFA (means over %d runs); nine runs in ten lie between %s and %s after.", l.hub(hub), l.good(main),
			number(mean(b)), number(mean(a)), len(a), number(quantile(a, 0.05)), number(quantile(a, 0.95))))
		var m stats.Moments
		for _, x := range a {
			m.Add(x)
		}
		p := m.Precision(wanted, 0.95)
		need = max(need, p.Needed)
		if p.Needed > len(a) || p.Needed == 0 {
			least = append(least, l.hub(hub))
		}
	}
	switch {
	case len(least) > 0 && need > 0 && e.study.Pooled:
		e.Answer = append(e.Answer, fmt.Sprintf("Not enough runs to know the mean price in %s within %.0f %%: %d would do.", strings.Join(least, ", "), 100*wanted, need))
	case len(least) > 0 && need > 0:
		e.Answer = append(e.Answer, fmt.Sprintf("Not enough runs to know the mean price in %s within %.0f %%: %d would do (`--runs %d` adds the missing ones).", strings.Join(least, ", "), 100*wanted, need, need))
	case len(least) == 0:
		e.Answer = append(e.Answer, fmt.Sprintf("The runs are enough: every mean price is known within %.0f %% or better.", 100*wanted))
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
	s := Sheet{Name: "figures", Title: "What the runs gave", Columns: []string{"figure", "unit", "mean", "95 % interval of the mean", "5-95 % of runs", "standard error", "variation between runs", "runs", "runs for 5 %"},
		Note: "Interval: BCa bootstrap. Variation: standard deviation over mean. Runs for 5 %: how many give the mean within 5 % (95 % interval), with a chance of four in five."}
	key := sim.NewKey(e.study.Seed).Label("bootstrap")
	for i := range e.study.Figures {
		f := &e.study.Figures[i]
		v := e.values(i)
		if len(v) == 0 {
			continue
		}
		var m stats.Moments
		for _, x := range v {
			m.Add(x)
		}
		mean, p := stats.NewBootstrap(key.Label(f.ID)).Mean(v), m.Precision(wanted, 0.95)
		needed := "-"
		if p.Needed > 0 {
			needed = number(float64(p.Needed))
		}
		s.Rows = append(s.Rows, []string{f.Meaning, f.Unit, number(mean.Value), number(mean.Low) + " to " + number(mean.High), number(quantile(v, 0.05)) + " to " + number(quantile(v, 0.95)),
			number(p.StdErr), percent(p.CV), fmt.Sprint(len(v)), needed})
	}
	e.Sheets = append(e.Sheets, e.prices(), s)
}

// prices lists the prices of both goods in every town.
func (e *ensemble) prices() Sheet {
	l := lister{s: e.s}
	s := Sheet{Name: "prices", Title: "Mean prices, CFA", Columns: []string{"good", "town", "before", "after", "95 % interval", "5-95 % of runs"}, Note: "Interval: of the mean after; runs: after."}
	for _, good := range PricedGoods(e.s.Setup) {
		for _, hub := range Towns(e.s) {
			id := "price_" + good + "_" + hub
			before, after := e.values(e.study.Figure(id+"_before")), e.values(e.study.Figure(id+"_after"))
			if len(before)+len(after) == 0 {
				continue
			}
			known := stats.NewBootstrap(sim.NewKey(e.study.Seed).Label("bootstrap").Label(id + "_after")).Mean(after)
			s.Rows = append(s.Rows, []string{l.good(good), l.hub(hub), number(mean(before)), number(known.Value), number(known.Low) + " to " + number(known.High), number(quantile(after, 0.05)) + " to " + number(quantile(after, 0.95))})
		}
	}
	return s
}

// charts draws a fan for every series, prices first, and how the standard error falls with the runs.
func (e *ensemble) charts() {
	note := fmt.Sprintf("n = %d runs of %s; line: median; bands: 25-75 and 5-95 %% of runs", e.sample.Done-len(e.sample.Failed), e.s.Name)
	for i := range e.study.Series {
		series := &e.study.Series[i]
		c := &FanChart{ChartHead: ChartHead{Name: "fan-" + fileName(series.ID), Title: capital(series.Meaning), Alt: capital(series.Meaning) + ", month by month: median and bands over runs", YLabel: series.Unit, Note: note},
			Months: e.spreads.months, Marks: marks(e.s), Fans: []Fan{e.spreads.of[0][i].fan(e.s.Name, false)}}
		for _, good := range PricedGoods(e.s.Setup) {
			if hub, ok := strings.CutPrefix(series.ID, "price_"+good+"_"); ok {
				c.Facts = documented(e.s, good, hub)
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
	c := &LineChart{ChartHead: ChartHead{Name: "runs-enough", Title: "How well the mean price is known after n runs", Alt: "Half-width of the 95 % interval of mean prices against the number of runs, town by town",
		XLabel: "runs", YLabel: "half-width of the 95 % interval, per cent of the mean", Note: "mean price of the " + l.good(main) + " after, " + e.s.Name}, LogX: true, LogY: true}
	var at []int
	for n := 4; n < e.study.Runs(); n = n*5/4 + 1 {
		at = append(at, n)
	}
	at = append(at, e.study.Runs())
	for _, hub := range Towns(e.s) {
		i := e.study.Figure("price_" + main + "_" + hub + "_after")
		line := Line{Name: l.hub(hub)}
		for _, p := range stats.Trace(e.all(i), at, wanted, 0.95) {
			if p.N > 1 && p.HalfWidth > 0 {
				line.X, line.Y = append(line.X, float64(p.N)), append(line.Y, 100*p.HalfWidth)
			}
		}
		if len(line.X) > 1 {
			c.Lines = append(c.Lines, line)
		}
	}
	if len(c.Lines) > 0 {
		c.Lines = append(c.Lines, Line{Name: "5 %", X: []float64{4, float64(e.study.Runs())}, Y: []float64{100 * wanted, 100 * wanted}, Dashed: true})
		e.Charts = append(e.Charts, c)
	}
}

package experiment

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/experiment/shapley"
	"entrepot/experiment/stats"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Attribution is a study that divides a price change among causes: every set of causes that its plan asks for is a point, in which
// the causes that are not in the set are switched off. What is not among the causes stays on: it is the rest.
type Attribution struct {
	*Study
	Scenario   *scenarios.Scenario
	Causes     []Cause
	Plan       shapley.Plan
	Hub, Good  string
	From, To   Span
	FromText   string
	ToText     string
	everything []Cause // of the scenario
}

// NewAttribution returns the study of a price change from one period to another. Causes are picked by id; none picked are all.
// Orders is how many orders are sampled where there are too many causes for all sets. The error joins all that is wrong, each as `hub: must be
// ..., got ...`.
func NewAttribution(of *scenarios.Scenario, hub, good, from, to string, picked []string, orders, replicates int, seed uint64) (*Attribution, error) {
	a := &Attribution{Scenario: of, Hub: hub, Good: good, FromText: from, ToText: to, everything: Causes(of)}
	errs := []error{checkGood(of, good), checkHub(of, hub)}
	var err error
	a.From, err = periodOf(of, from)
	errs = append(errs, named("from", err))
	a.To, err = periodOf(of, to)
	errs = append(errs, named("to", err))
	if len(picked) == 0 && len(a.everything) > shapley.MostExact {
		picked = mainCauses(of, a.everything)
	}
	a.Causes, err = pick(a.everything, picked)
	if err := errors.Join(append(errs, named("causes", err))...); err != nil {
		return nil, err
	}
	key := sim.NewKey(seed).Label("orders")
	if a.Plan, err = shapley.New(len(a.Causes), orders, key); err != nil {
		return nil, err
	}
	before, after := Price(good, hub, a.From), Price(good, hub, a.To)
	before.ID, before.Meaning = "price_from", said("mean price over the units sold in %s|period", from)
	after.ID, after.Meaning = "price_to", said("mean price over the units sold in %s|period", to)
	a.Study = &Study{Replicates: replicates, Seed: seed, Figures: []Figure{before, after}, Factors: factorsOf(a.Causes)}
	for _, set := range a.Plan.Sets {
		p := Point{Name: a.name(set), Scenario: of, Sets: Without(a.Causes, func(i int) bool { return !set.Has(i) })}
		for i := range a.Causes {
			on := 0.0
			if set.Has(i) {
				on = 1
			}
			p.Values = append(p.Values, on)
		}
		a.Points = append(a.Points, p)
	}
	return a, nil
}

// periodOf is a period that a run lies in, if only in part.
func periodOf(of *scenarios.Scenario, text string) (Span, error) {
	s, err := SpanOf(text, text)
	if start, end := of.Setup.Start, of.Setup.End+6; err == nil && (s.Last < start || s.First > end) {
		err = fmt.Errorf("must lie within the run (%s to %s), got %s", start, end, text)
	}
	return s, err
}

func checkGood(of *scenarios.Scenario, good string) error {
	var goods []string
	for _, g := range of.Setup.Goods {
		goods = append(goods, g.ID)
	}
	return named("good", eachOf("a good of the world", []string{good}, goods))
}

// checkHub says which of the hubs and zones in a list are no market and have none.
func checkHub(of *scenarios.Scenario, list string) error {
	var markets []string
	for _, h := range of.Setup.Hubs {
		if h.Market {
			markets = append(markets, h.ID)
		}
	}
	known := slices.Clone(markets)
	for _, z := range of.Setup.Zones {
		if slices.ContainsFunc(z.Hubs, func(h string) bool { return slices.Contains(markets, h) }) {
			known = append(known, z.ID)
		}
	}
	return named("hub", eachOf("a market of the world, or a zone with one", strings.Split(list, "|"), known))
}

// named puts the name of a setting before what is wrong with it.
func named(setting string, err error) error {
	if err == nil {
		return nil
	}
	var errs []error
	for _, line := range strings.Split(err.Error(), "\n") {
		errs = append(errs, fmt.Errorf("%s: %s", setting, line))
	}
	return errors.Join(errs...)
}

func factorsOf(causes []Cause) (ids []string) {
	for _, c := range causes {
		ids = append(ids, c.ID)
	}
	return ids
}

// name of a set: the causes that are on.
func (a *Attribution) name(set shapley.Set) string {
	var on []string
	for i, c := range a.Causes {
		if set.Has(i) {
			on = append(on, c.ID)
		}
	}
	if len(on) == 0 {
		return "none"
	}
	return strings.Join(on, "+")
}

// mainCauses returns those of a scenario's main causes that it has.
func mainCauses(of *scenarios.Scenario, all []Cause) (ids []string) {
	for _, id := range of.MainCauses() {
		if _, err := pick(all, []string{id}); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// pick finds causes by id, or by the part of it after the point.
func pick(all []Cause, picked []string) (causes []Cause, err error) {
	if len(picked) == 0 {
		return all, nil
	}
	var errs []error
	for _, id := range picked {
		i := slices.IndexFunc(all, func(c Cause) bool { return c.ID == id || strings.HasSuffix(c.ID, "."+id) })
		whole := slices.IndexFunc(all, func(c Cause) bool { return strings.HasPrefix(c.ID, id+".") })
		switch {
		case i >= 0 && slices.ContainsFunc(causes, func(c Cause) bool { return c.ID == all[i].ID }):
			errs = append(errs, fmt.Errorf("must be named once, got %s again", id))
		case i >= 0:
			causes = append(causes, all[i])
		case whole >= 0: // the whole of a cause that acts in several ways
			c := Cause{ID: id, Name: prose.Words(id, nil)}
			for _, part := range all {
				if strings.HasPrefix(part.ID, id+".") {
					c.Off = append(c.Off, part.Off...)
				}
			}
			causes = append(causes, c)
		default:
			errs = append(errs, oneOf("a cause of the scenario", id, factorsOf(all)))
		}
	}
	return causes, errors.Join(errs...)
}

// rest lists the causes of the scenario that are always on.
func (a *Attribution) rest() (names []string) {
	for _, c := range a.everything {
		if !slices.ContainsFunc(a.Causes, func(x Cause) bool { return x.ID == c.ID || strings.HasPrefix(c.ID, x.ID+".") }) {
			names = append(names, a.nameOf(&c))
		}
	}
	return names
}

// Attributed is what became of an attribution.
type Attributed struct {
	shapley.Attribution
	From, To stats.Estimate // prices with everything on
	Rest     stats.Estimate // the change with every cause off
	Whole    stats.Estimate // the change with everything on: rest and shares
}

// known says whether the whole change is told from nothing: else it has no parts in per cent.
func (d *Attributed) known() bool { return d.Whole.Low > 0 || d.Whole.High < 0 }

// Divide divides the change.
func (a *Attribution) Divide(sample *Sample) (*Attributed, error) {
	boot := stats.NewBootstrap(sim.NewKey(a.Seed).Label("bootstrap"))
	change := make([][]float64, len(a.Points))
	for p := range a.Points {
		change[p] = less(sample.Values[1][p], sample.Values[0][p])
	}
	divided, err := a.Plan.Attribute(change, boot)
	if err != nil {
		return nil, err
	}
	none, whole := 0, len(a.Points)-1 // sets ascend
	out := &Attributed{Attribution: divided, From: boot.Mean(present(sample.Values[0][whole])), To: boot.Mean(present(sample.Values[1][whole])),
		Rest: boot.Mean(present(change[none])), Whole: boot.Mean(present(change[whole]))}
	return out, nil
}

// present leaves out what is missing.
func present(v []float64) []float64 { return slices.DeleteFunc(slices.Clone(v), math.IsNaN) }

// Findings says how much of the change comes from which cause.
func (a *Attribution) Findings(results Results) (*Findings, error) {
	sample, err := a.Sample(results)
	if err != nil {
		return nil, err
	}
	l := lister{s: a.Scenario}
	what := a.F("the price of the %s in %s", l.of(a.Good).In(a.Words), l.in(a.Hub).In(a.Words))
	f := &Findings{voice: a.voice, Command: "attribute", Failed: sample.failures(), Title: a.F("What moved %s from %s to %s", what, a.FromText, a.ToText),
		Question: a.F("How much of the change of %s between %s and %s in %s comes from which cause?", what, a.FromText, a.ToText, a.quoted(a.Scenario))}
	d, err := a.Divide(sample)
	if err != nil {
		return nil, err
	}
	f.Answer = a.answer(d, what)
	f.Sheets = []Sheet{a.sheet(d)}
	f.Charts = []Chart{a.waterfall(d, what)}
	if m := a.interactions(d); m != nil {
		f.Charts = append(f.Charts, m)
	}
	f.Design = a.design(d)
	f.Caveats = []string{a.T("A share is what the model gives to a cause with the sizes that the scenario assumes for it; where a size is stylised, so is the share."),
		a.T("Causes act together: half of what two do together goes to either. Another order of thought (one cause at a time, the last one in) would divide otherwise."),
		a.T("Intervals hold luck only.")}
	return f, nil
}

// answer gives the whole change and the causes by size.
func (a *Attribution) answer(d *Attributed, what string) (lines []string) {
	lines = append(lines, a.F("%s goes from %s CFA (%s) to %s CFA (%s): %s CFA (%s, %s).", capital(what),
		a.number(d.From.Value), a.FromText, a.number(d.To.Value), a.ToText, a.signed(d.Whole.Value), a.interval(d.Whole.Low, d.Whole.High), a.nReplicates(d.Kept)))
	for _, i := range a.bySize(d) {
		s := d.Shares[i]
		name, value, bounds := capital(a.nameOf(&a.Causes[i])), a.signed(s.Value), a.interval(s.Low, s.High)
		switch part := s.Value / d.Whole.Value; {
		case s.Low <= 0 && s.High >= 0:
			lines = append(lines, a.F("%s: %s CFA (%s), not distinguishable from nothing.", name, value, bounds))
		case d.known():
			lines = append(lines, a.F("%s: %s CFA (%s), %s of the change.", name, value, bounds, a.percent(part)))
		default:
			lines = append(lines, a.F("%s: %s CFA (%s).", name, value, bounds))
		}
	}
	value, bounds := a.signed(d.Rest.Value), a.interval(d.Rest.Low, d.Rest.High)
	if names := a.rest(); len(names) > 0 {
		return append(lines, a.F("What remains with all of these switched off (%s, and drift): %s CFA (%s).", strings.Join(names, ", "), value, bounds))
	}
	return append(lines, a.F("What remains with all of these switched off: %s CFA (%s).", value, bounds))
}

// nameOf is a cause by its name.
func (v voice) nameOf(c *Cause) string {
	switch c.Way {
	case "hub_losses":
		return v.F("hub losses (%s)", v.T(c.Name))
	case "road_risk":
		return v.F("road risk (%s)", v.T(c.Name))
	case "other":
		return v.F("the rest (%s)", v.T(c.Name))
	}
	return v.T(c.Name)
}

// bySize lists the causes from the largest share, up or down, to the smallest.
func (a *Attribution) bySize(d *Attributed) []int {
	order := make([]int, len(a.Causes))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		x, y := math.Abs(d.Shares[i].Value), math.Abs(d.Shares[j].Value)
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return order
}

func (a *Attribution) sheet(d *Attributed) Sheet {
	s := Sheet{Name: "shares", Title: a.T("Shares of the change"), Columns: []string{a.T("cause|column"), a.T("CFA"), a.T("95 % interval"), a.T("part of the change"), a.T("events|column")},
		Note: a.T("Shapley values over the causes switched on and off under common random numbers; with the rest they sum to the change. Interval: BCa bootstrap over replicates.")}
	part := func(e stats.Estimate) string { return a.percent(e.Value / d.Whole.Value) }
	if !d.known() {
		part = func(stats.Estimate) string { return prose.None }
		s.Note += " " + a.T("The whole change is not distinguishable from nothing, so that it has no parts in per cent.")
	}
	row := func(name string, e stats.Estimate, events string) []string {
		return []string{name, a.signed(e.Value), a.between(e.Low, e.High), part(e), events}
	}
	for _, i := range a.bySize(d) {
		s.Rows = append(s.Rows, row(a.nameOf(&a.Causes[i]), d.Shares[i].Estimate, a.count(len(a.Causes[i].Off))))
	}
	s.Rows = append(s.Rows, row(a.T("the rest (all of these off)"), d.Rest, prose.None), row(a.T("the whole change"), d.Whole, prose.None))
	if a.Plan.Orders == nil {
		return s
	}
	s.Columns = append(s.Columns, a.T("error of sampling"))
	for k, i := range a.bySize(d) {
		s.Rows[k] = append(s.Rows[k], a.number(d.Shares[i].SamplingError))
	}
	return s
}

func (a *Attribution) waterfall(d *Attributed, what string) Chart {
	w := &WaterfallChart{ChartHead: ChartHead{Name: "shares", Title: a.F("What moved %s, %s to %s", what, a.FromText, a.ToText), YLabel: a.T("CFA"),
		Alt:  a.F("From the price in %s over what each cause adds or takes away to the price in %s", a.FromText, a.ToText),
		Note: a.F("Shapley shares, n = %s of %s; whiskers: 95 %% interval", a.nReplicates(d.Kept), a.Scenario.Name)},
		From: estimate(a.FromText, d.From), To: estimate(a.ToText, d.To), Steps: []Item{estimate(a.T("the rest"), d.Rest)}}
	for _, i := range a.bySize(d) {
		w.Steps = append(w.Steps, estimate(a.nameOf(&a.Causes[i]), d.Shares[i].Estimate))
	}
	return w
}

func estimate(name string, e stats.Estimate) Item {
	return Item{Name: name, Value: e.Value, Low: e.Low, High: e.High}
}

// interactions shows what pairs of causes do together, where all sets were run.
func (a *Attribution) interactions(d *Attributed) Chart {
	n := len(a.Causes)
	if d.Interactions == nil || n < 2 {
		return nil
	}
	m := &MatrixChart{ChartHead: ChartHead{Name: "together", Title: a.T("What pairs of causes do beyond what each does"), Alt: a.T("Shapley interaction of each pair of causes, CFA: above zero where the two reinforce each other"),
		Note: a.F("CFA; n = %s of %s; * where the 95 %% interval leaves out zero", a.nReplicates(d.Kept), a.Scenario.Name)}, Signed: true}
	for i := range n {
		m.Rows, m.Columns = append(m.Rows, a.nameOf(&a.Causes[i])), append(m.Columns, a.nameOf(&a.Causes[i]))
		values, texts := make([]float64, n), make([]string, n)
		for j := range n {
			values[j] = math.NaN()
			if i != j {
				e := d.Interactions[min(i, j)][max(i, j)]
				values[j], texts[j] = e.Value, a.signed(math.Round(e.Value/100)*100)
				if e.Low > 0 || e.High < 0 {
					texts[j] += "*"
				}
			}
		}
		m.Values, m.Texts = append(m.Values, values), append(m.Texts, texts)
	}
	return m
}

func (a *Attribution) design(d *Attributed) []string {
	how := a.F("every set of the %d causes", len(a.Causes))
	if a.Plan.Orders != nil {
		how = a.F("the sets that %d sampled orders of the %d causes pass through, each order followed by its reverse", len(a.Plan.Orders), len(a.Causes))
	}
	lines := []string{a.F("%s: %s; %s each, %s; replicate r has one seed for all points, hashed from %d and r.", a.nPoints(len(a.Points)), how, a.nReplicates(a.Replicates), a.nRuns(a.Runs()), a.Seed),
		a.F("Shares and rest sum to the change in every replicate (largest difference %s of the values).", a.number(d.Residual))}
	if d.Dropped > 0 {
		lines = append(lines, a.F("Left out: %s in which a run failed, or nothing was sold in one of the periods.", a.nReplicates(d.Dropped)))
	}
	return lines
}

package experiment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/experiment/stats"
	"entrepot/scenarios"
	"entrepot/sim"
)

// NewCompare returns the study that compares scenarios with the first of them, pair by pair under the same luck. Figures and
// series are those of the scenario that names the periods to compare. Its error says which scenarios have nothing in common.
func NewCompare(of []*scenarios.Scenario, replicates int, seed uint64) (*Study, error) {
	teller, err := Teller(of)
	if err != nil {
		return nil, err
	}
	s := &Study{Replicates: replicates, Seed: seed, Figures: Figures(teller), Series: MonthlySeries(teller)}
	for _, x := range of {
		s.Points = append(s.Points, Point{Name: x.Name, Scenario: x})
	}
	distinct(s.Points)
	return s, nil
}

// Teller is the scenario whose periods and towns are compared: the last that names periods, else the last, of those whose period
// after lies in the run of every scenario and some of whose towns are in every world.
func Teller(of []*scenarios.Scenario) (*scenarios.Scenario, error) {
	order := slices.Clone(of)
	slices.Reverse(order)
	slices.SortStableFunc(order, func(a, b *scenarios.Scenario) int { return cmp.Compare(silent(a), silent(b)) })
	var first error
	for _, x := range order {
		err := sharedBy(x, of)
		if err == nil {
			return x, nil
		}
		first = cmp.Or(first, err)
	}
	return nil, first
}

// silent is 1 of a scenario that names no periods.
func silent(s *scenarios.Scenario) int {
	if s.Compare.After == (scenarios.Span{}) {
		return 1
	}
	return 0
}

// sharedBy says which scenario lacks what would be compared of another.
func sharedBy(teller *scenarios.Scenario, of []*scenarios.Scenario) error {
	_, after := Windows(teller)
	towns := Towns(teller)
	for _, x := range of {
		if x.Setup.Start.Monday() > after.First || x.Setup.End.Monday()+6 < after.Last {
			return fmt.Errorf("scenarios must run over the period that is compared, %s of %s; %s runs from %s to %s", after, teller.Name, x.Name, x.Setup.Start, x.Setup.End+6)
		}
		if !slices.ContainsFunc(x.Setup.Hubs, func(h agents.Hub) bool { return h.Market && slices.Contains(towns, h.ID) }) {
			return fmt.Errorf("scenarios must have towns in common; %s has none of those of %s (%s)", x.Name, teller.Name, strings.Join(towns, ", "))
		}
	}
	return nil
}

// distinct gives points of one name different ones.
func distinct(points []Point) {
	seen := map[string]int{}
	for i := range points {
		name := points[i].Name
		if seen[name]++; seen[name] > 1 {
			points[i].Name = fmt.Sprintf("%s (%d)", name, seen[name])
		}
	}
}

// Effect is what a point does to a figure, against the first point of the study.
type Effect struct {
	Figure *Figure
	stats.Comparison
	Holm float64 // p value corrected for all figures of its family
}

// family is what a figure is judged with: figures of one kind and period, prices apart from sales.
func family(f *Figure) string {
	kind, _, _ := strings.Cut(f.ID, "_")
	return kind + f.ID[strings.LastIndexByte(f.ID, '_')+1:]
}

// errorRate is the chance at which effects are called distinguishable.
const errorRate = 0.05

// resolves reports whether so many pairs could ever be told apart among so many figures: the smallest p of a sign-flip test is
// 2^(1-n).
func resolves(pairs, figures int) bool { return math.Ldexp(float64(figures), 1-pairs) <= errorRate }

// Effects compares a point with the first, figure by figure.
func (s *Sample) Effects(point int) (all []Effect) {
	study := s.Study
	families := map[string][]int{}
	for f := range study.Figures {
		boot := stats.NewBootstrap(sim.NewKey(study.Seed).Label("bootstrap").At(uint64(point)).Label(study.Figures[f].ID))
		all = append(all, Effect{Figure: &study.Figures[f], Comparison: stats.Compare(s.Values[f][0], s.Values[f][point], boot)})
		if name := family(all[f].Figure); all[f].Pairs > 0 {
			families[name] = append(families[name], f)
		}
	}
	for _, members := range families {
		var p []float64
		for _, f := range members {
			p = append(p, all[f].P)
		}
		for k, x := range stats.Holm(p) {
			e := &all[members[k]]
			e.Holm, e.Verdict = x, e.Judge(x, errorRate)
			if e.Verdict == stats.Indistinguishable && e.P <= errorRate && !resolves(e.Pairs, len(members)) {
				e.Verdict = stats.TooFew
			}
		}
	}
	return all
}

// CompareFindings says what scenarios do against the first of a study made by NewCompare.
func CompareFindings(study *Study, results Results) (*Findings, error) {
	sample, err := study.Sample(results)
	if err != nil {
		return nil, err
	}
	spreads, err := study.Spreads(results)
	if err != nil {
		return nil, err
	}
	base := study.Points[0]
	f := &Findings{voice: study.voice, Command: "compare", Failed: sample.failures(),
		Title:    study.F("Compared with %s: %s", base.Name, strings.Join(pointNames(study.Points[1:]), ", ")),
		Question: study.F("What changes if instead of %s there is %s, all else and all luck being equal?", study.quoted(base.Scenario), study.quotedAll(study.Points[1:])),
	}
	for p := 1; p < len(study.Points); p++ {
		c := comparison{study.voice, f, study, sample, spreads, p, sample.Effects(p)}
		c.answer()
		c.sheet()
		c.charts()
	}
	f.Design = append(f.Design, compareDesign(study, sample)...)
	f.Caveats = append(f.Caveats, study.T("An effect is that of the model, whose sizes are stylised; it is no forecast. Intervals hold luck only: what other assumptions would say is for `sensitivity`, what the evidence allows for `calibrate`."),
		study.T("\"Not distinguishable\" does not mean equal: an effect smaller than the interval may be there."))
	return f, nil
}

func pointNames(points []Point) (names []string) {
	for i := range points {
		names = append(names, points[i].Name)
	}
	return names
}

func (v voice) quoted(s *scenarios.Scenario) string {
	if s.Title == "" {
		return v.F("\"%s\"|a name", s.Name)
	}
	return v.F("\"%s\" (%s)", v.T(s.Title), s.Name)
}

func (v voice) quotedAll(points []Point) string {
	var all []string
	for i := range points {
		all = append(all, v.quoted(points[i].Scenario))
	}
	return strings.Join(all, v.T(" or |between scenarios"))
}

// comparison is one point against the first.
type comparison struct {
	voice
	*Findings
	study   *Study
	sample  *Sample
	spreads *Spreads
	point   int
	effects []Effect
}

// effect returns what happened to a figure, or nil.
func (c *comparison) effect(id string) *Effect {
	i := slices.IndexFunc(c.effects, func(e Effect) bool { return e.Figure.ID == id })
	if i < 0 {
		return nil
	}
	return &c.effects[i]
}

// answer says what the point does to the main good's price in every town, in a line what it does to ammunition's, and what the
// common luck saved.
func (c *comparison) answer() {
	name := c.study.Points[c.point].Name
	s := c.teller()
	base := &c.study.Points[0]
	switch {
	case !c.spreads.known(0) && !c.spreads.known(c.point):
		c.Answer = append(c.Answer, c.F("Nothing can be said of what %s does against %s: every run of both failed.", name, base.Name))
		return
	case c.identical() && s.Hash == base.Scenario.Hash:
		c.Answer = append(c.Answer, c.F("%s and %s are identical: every figure of every pair of runs is the same.", name, base.Name))
		return
	case c.identical():
		c.Answer = append(c.Answer, c.F("Nothing differs between %s and %s: every figure of every pair of runs is the same.", name, base.Name))
		return
	}
	for i, good := range PricedGoods(s.Setup) {
		prices := c.prices(good)
		if i > 0 {
			if line := c.inOneLine(name, good, prices); line != "" {
				c.Answer = append(c.Answer, line)
			}
			continue
		}
		for k, e := range prices {
			line := c.sentence(name, e)
			if k == 0 {
				in := e.Figure.Parts[0]
				line = c.F("%s (means of %s, here and below).", strings.TrimSuffix(line, "."), Span{in.First, in.Last}.In(c.Words))
			}
			c.Answer = append(c.Answer, line)
		}
	}
	if e := c.effect("price_" + PricedGoods(s.Setup)[0] + "_" + Towns(s)[0] + "_after"); e != nil && !math.IsNaN(e.VarianceReduction) {
		c.Answer = append(c.Answer, c.saved(e.VarianceReduction))
	}
}

// prices lists the effects on the price of a good after, town by town.
func (c *comparison) prices(good string) (all []*Effect) {
	for _, hub := range Towns(c.teller()) {
		if e := c.effect("price_" + good + "_" + hub + "_after"); e != nil {
			all = append(all, e)
		}
	}
	return all
}

// inOneLine says in how many towns a price rises and falls, and how far.
func (c *comparison) inOneLine(name, good string, prices []*Effect) string {
	l := lister{s: c.teller()}
	falls, rises := c.inHowMany(prices, stats.Lowers), c.inHowMany(prices, stats.Raises)
	of := l.of(good).In(c.Words)
	switch {
	case falls != "" && rises != "":
		return c.F("Under %s the price of the %s falls in %s and rises in %s.", name, of, falls, rises)
	case falls != "":
		return c.F("Under %s the price of the %s falls in %s.", name, of, falls)
	case rises != "":
		return c.F("Under %s the price of the %s rises in %s.", name, of, rises)
	}
	return ""
}

// inHowMany says in how many towns prices have a verdict, and how far they move there; nothing where it is none.
func (c *comparison) inHowMany(prices []*Effect, verdict stats.Verdict) string {
	low, high, n := math.Inf(1), math.Inf(-1), 0
	for _, e := range prices {
		if e.Verdict == verdict {
			low, high, n = min(low, e.Relative.Value), max(high, e.Relative.Value), n+1
		}
	}
	if n == 0 {
		return ""
	}
	return c.N(n, "%s of %d towns (%s to %s)|one", "%s of %d towns (%s to %s)", len(prices), c.change(low), c.change(high))
}

// saved says what the pairing did to a variance.
func (c *comparison) saved(reduction float64) string {
	if reduction <= 0 {
		return c.T("Giving both the same luck did not lessen the variance of the first of these differences.")
	}
	return c.F("Giving both the same luck took away %s of the variance of the first of these differences.", c.percent(reduction))
}

// identical says whether no figure differs in any pair, of which there is one at least.
func (c *comparison) identical() bool {
	pairs := 0
	for i := range c.effects {
		e := &c.effects[i]
		if e.Pairs > 0 && e.Verdict != stats.Identical {
			return false
		}
		pairs = max(pairs, e.Pairs)
	}
	return pairs > 0
}

// teller is the scenario whose towns and goods are spoken of.
func (c *comparison) teller() *scenarios.Scenario { return c.study.Points[c.point].Scenario }

// sentence says what a point does to a figure.
func (c *comparison) sentence(name string, e *Effect) string {
	what, unit := e.Figure.The.In(c.Words), c.T(e.Figure.Unit)
	bounds, pairs := c.interval(e.Difference.Low, e.Difference.High), c.nPairs(e.Pairs)
	moved := c.signed(e.Difference.Value)
	switch e.Verdict {
	case stats.Raises:
		return c.F("%s raises %s by %s %s (%s), %s, %s.", name, what, c.number(e.Difference.Value), unit, c.change(e.Relative.Value), bounds, pairs)
	case stats.Lowers:
		bounds = c.interval(-e.Difference.High, -e.Difference.Low)
		return c.F("%s lowers %s by %s %s (%s), %s, %s.", name, what, c.number(-e.Difference.Value), unit, c.change(e.Relative.Value), bounds, pairs)
	case stats.Identical:
		return c.F("%s leaves %s as it is in all of %s.", name, what, pairs)
	case stats.TooFew:
		if e.Pairs == 0 {
			return c.absence(name, e)
		}
		return c.F("Too few pairs to be sure what %s does to %s: %s %s, %s, %s.", name, what, moved, unit, bounds, pairs)
	}
	if e.Difference.Low > 0 || e.Difference.High < 0 {
		return c.F("What %s does to %s is not distinguishable from nothing: %s %s, %s, %s; among so many figures one such interval without zero may be chance.", name, what, moved, unit, bounds, pairs)
	}
	return c.F("What %s does to %s is not distinguishable from nothing: %s %s, %s, %s.", name, what, moved, unit, bounds, pairs)
}

// absence says in how many runs of either there is a figure at all.
func (c *comparison) absence(name string, e *Effect) string {
	values := c.sample.Values[c.study.Figure(e.Figure.ID)]
	base, here := len(present(values[0])), len(present(values[c.point]))
	return c.F("There is no %s under %s (in %s of %s; under %s in %s).", e.Figure.Name.In(c.Words), name, c.count(here), c.nRuns(c.study.Replicates), c.study.Points[0].Name, c.count(base))
}

// sheet lists the effects on prices after, and then all effects, those on what comes after first.
func (c *comparison) sheet() {
	name, base := c.study.Points[c.point].Name, c.study.Points[0].Name
	l := lister{s: c.teller()}
	prices := Sheet{Name: "prices-" + fileName(name), Title: c.F("Mean prices after, CFA: %s against %s", name, base),
		Columns: []string{c.T("good|column"), c.T("town|column"), base, name, c.T("difference"), c.T("95 % interval"), c.T("relative|column"), c.T("verdict|column")}}
	for _, good := range PricedGoods(c.teller().Setup) {
		for _, e := range c.prices(good) {
			if e.Pairs > 0 {
				prices.Rows = append(prices.Rows, []string{l.good(good).In(c.Words), l.hub(e.Figure.Parts[0].Hub).In(c.Words), c.number(e.MeanA), c.number(e.MeanB), c.signed(e.Difference.Value),
					c.between(e.Difference.Low, e.Difference.High), c.change(e.Relative.Value), c.verdict(e.Verdict)})
			}
		}
	}
	s := Sheet{Name: "effects-" + fileName(name), Title: c.F("All figures: %s against %s", name, base),
		Columns: []string{c.T("figure|column"), c.T("unit|column"), base, name, c.T("difference"), c.T("95 % interval"), c.T("relative|column"), c.T("p (Holm)"), c.T("pairs|column"), c.T("luck taken away"), c.T("verdict|column")},
		Note:    c.T("Paired by replicate under common random numbers. Interval: BCa bootstrap of the mean difference. p: sign-flip test, corrected for the figures of one kind and period (Holm). Luck taken away: share of the variance of the difference that the common luck took away; below zero, it added some.")}
	for _, after := range []bool{true, false} {
		for i := range c.effects {
			e := &c.effects[i]
			if e.Pairs == 0 || strings.HasSuffix(e.Figure.ID, "_after") != after {
				continue
			}
			s.Rows = append(s.Rows, []string{e.Figure.Meaning.In(c.Words), c.T(e.Figure.Unit), c.number(e.MeanA), c.number(e.MeanB), c.signed(e.Difference.Value),
				c.between(e.Difference.Low, e.Difference.High), c.change(e.Relative.Value), c.probability(e.Holm), c.count(e.Pairs), c.percent(e.VarianceReduction), c.verdict(e.Verdict)})
		}
	}
	c.Sheets = append(c.Sheets, prices, s)
}

// charts draws the effects on prices, and the fans of both scenarios and of their difference for each town.
func (c *comparison) charts() {
	s := c.teller()
	name, base := c.study.Points[c.point].Name, c.study.Points[0].Name
	note := c.note()
	main := PricedGoods(s.Setup)[0]
	forest := &ForestChart{ChartHead: ChartHead{Name: "effects-" + fileName(name), Title: c.F("What %s does to prices, against %s", name, base),
		Alt: c.T("Relative change of mean prices with 95 % intervals, town by town"), XLabel: c.T("relative change of the mean price, per cent"), Note: note}}
	for _, good := range PricedGoods(s.Setup) {
		for _, hub := range Towns(s) {
			if e := c.effect("price_" + good + "_" + hub + "_after"); e != nil && e.Pairs > 0 && !math.IsNaN(e.Relative.Value) {
				l := lister{s: s}
				forest.Items = append(forest.Items, Item{Name: l.hub(hub).In(c.Words), Group: l.good(good).In(c.Words), Value: 100 * e.Relative.Value, Low: 100 * e.Relative.Low, High: 100 * e.Relative.High,
					Note: c.F("%s CFA|short", c.signed(e.Difference.Value))})
			}
		}
	}
	if len(forest.Items) > 0 {
		c.Charts = append(c.Charts, forest)
	}
	if !c.spreads.known(0) || !c.spreads.known(c.point) {
		return
	}
	for i := range c.study.Series {
		series := &c.study.Series[i]
		if !strings.HasPrefix(series.ID, "price_"+main+"_") {
			continue
		}
		hub := strings.TrimPrefix(series.ID, "price_"+main+"_")
		meaning := series.Meaning.In(c.Words)
		head := ChartHead{Name: fmt.Sprintf("fan-%s-%s", fileName(name), fileName(series.ID)), Title: capital(meaning), Alt: c.F("%s under %s and %s, month by month: median and bands over runs", meaning, base, name),
			YLabel: c.T(series.Unit), Note: c.F("%s; bands: 25–75 and 5–95 %% of runs", note)}
		c.Charts = append(c.Charts, &FanChart{ChartHead: head, Months: c.spreads.months, Marks: c.marks(s), Facts: c.documented(s, main, hub),
			Fans: []Fan{c.spreads.fan(0, i, base), c.spreads.fan(c.point, i, name)}})
		head.Name, head.Title = "difference-"+fileName(name)+"-"+fileName(series.ID), c.F("%s: %s minus %s, pair by pair", capital(meaning), name, base)
		head.Alt, head.Note = c.F("%s, month by month", head.Title), c.F("%s; bands: 25–75 and 5–95 %% of pairs; inner lines: 95 %% interval of the mean", note)
		c.Charts = append(c.Charts, &FanChart{ChartHead: head, Months: c.spreads.months, Marks: c.marks(s), Zero: true, Fans: []Fan{c.spreads.lessFan(c.point, i, c.F("%s minus %s", name, base))}})
	}
}

// note says what every chart of the comparison rests on.
func (c *comparison) note() string {
	return c.F("n = %s of runs; %s against %s", c.nPairs(c.study.Replicates), c.study.Points[c.point].Name, c.study.Points[0].Name)
}

func compareDesign(study *Study, sample *Sample) []string {
	lines := []string{study.F("%s, %s each, %s; replicate r of every scenario has the same seed, hashed from %d and r.", study.nScenarios(len(study.Points)), study.nReplicates(study.Replicates), study.nRuns(study.Runs()), study.Seed)}
	for i := range study.Points {
		p := &study.Points[i]
		lines = append(lines, study.F("%s: %s, %s to %s.", p.Name, study.T(p.Scenario.Title), p.Scenario.Setup.Start, p.Scenario.Setup.End+6))
	}
	if n := len(sample.Failed); n > 0 {
		lines = append(lines, study.F("Failed: %s, whose pairs are left out.", study.nRuns(n)))
	}
	return lines
}

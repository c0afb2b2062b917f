package experiment

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/experiment/stats"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/sim"
)

// NewCompare returns the study that compares scenarios with the first of them, pair by pair under the same luck. Figures and
// series are those of the scenario that names the periods to compare. Its error says which scenarios have nothing in common.
func NewCompare(of []*scenarios.Scenario, replicates int, seed uint64) (*Study, error) {
	teller, err := tellerOf(of)
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

// tellerOf is the scenario whose periods and towns are compared: the last that names periods, else the last, of those whose period
// after lies in the run of every scenario and some of whose towns are in every world.
func tellerOf(of []*scenarios.Scenario) (*scenarios.Scenario, error) {
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
	f := &Findings{Command: "compare", Failed: sample.failures(),
		Title:    "Compared with " + base.Name + ": " + strings.Join(pointNames(study.Points[1:]), ", "),
		Question: "What changes if instead of " + quoted(base.Scenario) + " there is " + quotedAll(study.Points[1:]) + ", all else and all luck being equal?",
	}
	for p := 1; p < len(study.Points); p++ {
		c := comparison{f, study, sample, spreads, p, sample.Effects(p)}
		c.answer()
		c.sheet()
		c.charts()
	}
	f.Design = append(f.Design, compareDesign(study, sample)...)
	f.Caveats = append(f.Caveats, "An effect is that of the model, whose sizes are stylised; it is no forecast. "+ //
		"Intervals hold luck only: what other assumptions would say is for `sensitivity`, what the evidence allows for `calibrate`.",
		"\"Not distinguishable\" does not mean equal: an effect smaller than the interval may be there.")
	return f, nil
}

func pointNames(points []Point) (names []string) {
	for i := range points {
		names = append(names, points[i].Name)
	}
	return names
}

func quoted(s *scenarios.Scenario) string {
	if s.Title == "" {
		return "\"" + s.Name + "\""
	}
	return fmt.Sprintf("%q (%s)", s.Title, s.Name)
}

func quotedAll(points []Point) string {
	var all []string
	for i := range points {
		all = append(all, quoted(points[i].Scenario))
	}
	return strings.Join(all, " or ")
}

// comparison is one point against the first.
type comparison struct {
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
		c.Answer = append(c.Answer, fmt.Sprintf("Nothing can be said of what %s does against %s: every run of both failed.", name, base.Name))
		return
	case c.identical() && s.Hash == base.Scenario.Hash:
		c.Answer = append(c.Answer, fmt.Sprintf("%s and %s are identical: every figure of every pair of runs is the same.", name, base.Name))
		return
	case c.identical():
		c.Answer = append(c.Answer, fmt.Sprintf("Nothing differs between %s and %s: every figure of every pair of runs is the same.", name, base.Name))
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
				line = strings.TrimSuffix(line, ".") + fmt.Sprintf(" (means of %s, here and below).", Span{in.First, in.Last})
			}
			c.Answer = append(c.Answer, line)
		}
	}
	if e := c.effect("price_" + PricedGoods(s.Setup)[0] + "_" + Towns(s)[0] + "_after"); e != nil && !math.IsNaN(e.VarianceReduction) {
		c.Answer = append(c.Answer, "Giving both the same luck "+saved(e.VarianceReduction)+" the variance of the first of these differences.")
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
	var parts []string
	for verdict, verb := range map[stats.Verdict]string{stats.Raises: "rises", stats.Lowers: "falls"} {
		low, high, n := math.Inf(1), math.Inf(-1), 0
		for _, e := range prices {
			if e.Verdict == verdict {
				low, high, n = min(low, e.Relative.Value), max(high, e.Relative.Value), n+1
			}
		}
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%s in %d of %d towns (%s to %s)", verb, n, len(prices), percentChange(low), percentChange(high)))
		}
	}
	slices.Sort(parts)
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("Under %s the price of the %s %s.", name, l.good(good), strings.Join(parts, " and "))
}

// saved says what the pairing did to a variance.
func saved(reduction float64) string {
	if reduction <= 0 {
		return "did not lessen"
	}
	return "took away " + percent(reduction) + " of"
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
	what := e.Figure.Name
	unit := e.Figure.Unit
	bounds := interval(e.Difference.Low, e.Difference.High)
	pairs := counted(e.Pairs, "pair")
	switch e.Verdict {
	case stats.Raises, stats.Lowers:
		verb, size := "raises", e.Difference.Value
		if e.Verdict == stats.Lowers {
			verb, size, bounds = "lowers", -size, interval(-e.Difference.High, -e.Difference.Low)
		}
		return fmt.Sprintf("%s %s the %s by %s %s (%s), %s, %s.", name, verb, what, number(size), unit, percentChange(e.Relative.Value), bounds, pairs)
	case stats.Identical:
		return fmt.Sprintf("%s leaves the %s as it is in all of %s.", name, what, pairs)
	case stats.TooFew:
		if e.Pairs == 0 {
			return c.absence(name, e)
		}
		return fmt.Sprintf("Too few pairs to be sure what %s does to the %s: %s %s, %s, %s.", name, what, signed(e.Difference.Value), unit, bounds, pairs)
	}
	chance := ""
	if e.Difference.Low > 0 || e.Difference.High < 0 {
		chance = "; among so many figures one such interval without zero may be chance"
	}
	return fmt.Sprintf("What %s does to the %s is not distinguishable from nothing: %s %s, %s, %s%s.", name, what, signed(e.Difference.Value), unit, bounds, pairs, chance)
}

// absence says in how many runs of either there is a figure at all.
func (c *comparison) absence(name string, e *Effect) string {
	values := c.sample.Values[c.study.Figure(e.Figure.ID)]
	base, here := len(present(values[0])), len(present(values[c.point]))
	return fmt.Sprintf("There is no %s under %s (in %s of %s; under %s in %s).", e.Figure.Name, name, prose.Count(here), counted(c.study.Replicates, "run"), c.study.Points[0].Name, prose.Count(base))
}

// sheet lists the effects on prices after, and then all effects, those on what comes after first.
func (c *comparison) sheet() {
	name, base := c.study.Points[c.point].Name, c.study.Points[0].Name
	l := lister{s: c.teller()}
	prices := Sheet{Name: "prices-" + fileName(name), Title: "Mean prices after, CFA: " + name + " against " + base, Columns: []string{"good", "town", base, name, "difference", "95 % interval", "relative", "verdict"}}
	for _, good := range PricedGoods(c.teller().Setup) {
		for _, e := range c.prices(good) {
			if e.Pairs > 0 {
				prices.Rows = append(prices.Rows, []string{l.good(good), l.hub(e.Figure.Parts[0].Hub), number(e.MeanA), number(e.MeanB), signed(e.Difference.Value),
					between(e.Difference.Low, e.Difference.High), percentChange(e.Relative.Value), e.Verdict.String()})
			}
		}
	}
	s := Sheet{Name: "effects-" + fileName(name), Title: "All figures: " + name + " against " + base, Columns: []string{"figure", "unit", base, name, "difference", "95 % interval", "relative", "p (Holm)", "pairs", "luck taken away", "verdict"},
		Note: "Paired by replicate under common random numbers. Interval: BCa bootstrap of the mean difference. p: sign-flip test, corrected for the figures of one kind and period (Holm)." +
			" Luck taken away: share of the variance of the difference that the common luck took away; below zero, it added some."}
	for _, after := range []bool{true, false} {
		for i := range c.effects {
			e := &c.effects[i]
			if e.Pairs == 0 || strings.HasSuffix(e.Figure.ID, "_after") != after {
				continue
			}
			s.Rows = append(s.Rows, []string{e.Figure.Meaning, e.Figure.Unit, number(e.MeanA), number(e.MeanB), signed(e.Difference.Value),
				between(e.Difference.Low, e.Difference.High), percentChange(e.Relative.Value), probability(e.Holm), prose.Count(e.Pairs), percent(e.VarianceReduction), e.Verdict.String()})
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
	forest := &ForestChart{ChartHead: ChartHead{Name: "effects-" + fileName(name), Title: fmt.Sprintf("What %s does to prices, against %s", name, base),
		Alt: "Relative change of mean prices with 95 % intervals, town by town", XLabel: "relative change of the mean price, per cent", Note: note}}
	for _, good := range PricedGoods(s.Setup) {
		for _, hub := range Towns(s) {
			if e := c.effect("price_" + good + "_" + hub + "_after"); e != nil && e.Pairs > 0 && !math.IsNaN(e.Relative.Value) {
				l := lister{s: s}
				forest.Items = append(forest.Items, Item{Name: l.hub(hub), Group: l.good(good), Value: 100 * e.Relative.Value, Low: 100 * e.Relative.Low, High: 100 * e.Relative.High,
					Note: signed(e.Difference.Value) + " CFA"})
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
		head := ChartHead{Name: fmt.Sprintf("fan-%s-%s", fileName(name), fileName(series.ID)), Title: capital(series.Meaning), Alt: fmt.Sprintf("%s under %s and %s, month by month: median and bands over runs", series.Meaning, base, name),
			YLabel: series.Unit, Note: note + "; bands: 25–75 and 5–95 % of runs"}
		c.Charts = append(c.Charts, &FanChart{ChartHead: head, Months: c.spreads.months, Marks: marks(s), Facts: documented(s, main, hub),
			Fans: []Fan{c.spreads.fan(0, i, base), c.spreads.fan(c.point, i, name)}})
		head.Name, head.Title = "difference-"+fileName(name)+"-"+fileName(series.ID), fmt.Sprintf("%s: %s minus %s, pair by pair", capital(series.Meaning), name, base)
		head.Alt, head.Note = head.Title+", month by month", note+"; bands: 25–75 and 5–95 % of pairs; inner lines: 95 % interval of the mean"
		c.Charts = append(c.Charts, &FanChart{ChartHead: head, Months: c.spreads.months, Marks: marks(s), Zero: true, Fans: []Fan{c.spreads.lessFan(c.point, i, name+" minus "+base)}})
	}
}

// note says what every chart of the comparison rests on.
func (c *comparison) note() string {
	return fmt.Sprintf("n = %s of runs; %s against %s", counted(c.study.Replicates, "pair"), c.study.Points[c.point].Name, c.study.Points[0].Name)
}

func compareDesign(study *Study, sample *Sample) []string {
	lines := []string{fmt.Sprintf("%s, %s each, %s; replicate r of every scenario has the same seed, hashed from %d and r.", counted(len(study.Points), "scenario"), counted(study.Replicates, "replicate"), counted(study.Runs(), "run"), study.Seed)}
	for i := range study.Points {
		p := &study.Points[i]
		lines = append(lines, fmt.Sprintf("%s: %s, %s to %s.", p.Name, p.Scenario.Title, p.Scenario.Setup.Start, p.Scenario.Setup.End+6))
	}
	if n := len(sample.Failed); n > 0 {
		lines = append(lines, fmt.Sprintf("Failed: %s, whose pairs are left out.", counted(n, "run")))
	}
	return lines
}

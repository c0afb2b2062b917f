package experiment

import (
	"math"
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Figure is a number that a study keeps of every run: readings, and what is made of them.
type Figure struct {
	ID      string // column of the table runs
	Name    Saying // in a few words, without the period: what stands in sentences
	The     Saying // the name with the article that it has in them
	Unit    string
	Meaning Saying
	Parts   []Reading
	Of      func(x []float64) float64 // of the readings' values; nil: the first of them. NaN: the run has none
}

// value makes the figure of its readings.
func (f *Figure) value(x []float64) float64 {
	if f.Of == nil {
		return x[0]
	}
	return f.Of(x)
}

// Price is the mean price of a good at hubs over the units sold in a period, CFA per unit.
func Price(good, hubs string, in Span) Figure {
	return Figure{Unit: "CFA", Parts: []Reading{Reading{Table: "prices", Measure: "price_cfa", Good: good, Hub: hubs}.In(in)}}
}

// Ratio is one figure over another; none where the other is not above zero.
func Ratio(a, b Figure) Figure {
	return combine(a, b, "ratio", func(x, y float64) float64 {
		if !(y > 0) {
			return math.NaN()
		}
		return x / y
	})
}

// Change is the relative change from one figure to another.
func Change(before, after Figure) Figure {
	f := Ratio(after, before)
	ratio := f.Of
	f.Unit, f.Of = "relative change", func(x []float64) float64 { return ratio(x) - 1 }
	return f
}

// Balance is (a - b)/(a + b): 1 where all goes one way, -1 where all goes the other.
func Balance(a, b Figure) Figure {
	return combine(a, b, "balance, -1 to 1", func(x, y float64) float64 {
		if !(x+y > 0) {
			return math.NaN()
		}
		return (x - y) / (x + y)
	})
}

// Per is a figure divided by a number above zero.
func Per(f Figure, n float64) Figure {
	of := f
	f.Of = func(x []float64) float64 { return of.value(x) / n }
	return f
}

func combine(a, b Figure, unit string, do func(x, y float64) float64) Figure {
	n := len(a.Parts)
	return Figure{Unit: unit, Parts: slices.Concat(a.Parts, b.Parts), Of: func(x []float64) float64 {
		return do(a.value(x[:n]), b.value(x[n:]))
	}}
}

// Series is a reading month by month, for fans over time.
type Series struct {
	ID      string
	Unit    string
	Meaning Saying
	Reading Reading // its period is that of the run
}

// panel takes the figures and the series of one run.
type panel struct {
	gauges  gauges
	figures [][]*gauge // by figure and part; equal readings share a gauge
	series  []*gauge
}

// newPanel returns a panel for a run of a setup. Names are those of the recorder that will feed it.
func newPanel(s *agents.Setup, figures []Figure, series []Series, of *tables.Names) *panel {
	p := &panel{figures: make([][]*gauge, len(figures))}
	taken := map[Reading]*gauge{}
	for i := range figures {
		for _, r := range figures[i].Parts {
			if taken[r] == nil {
				taken[r] = newGauge(r, s, of, period(s, r), 1)
				p.gauges.put(taken[r])
			}
			p.figures[i] = append(p.figures[i], taken[r])
		}
	}
	months, slot := monthly(s)
	for i := range series {
		g := newGauge(series[i].Reading, s, of, slot, len(months))
		p.gauges.put(g)
		p.series = append(p.series, g)
	}
	return p
}

// period says for every tick whether it lies in a reading's period.
func period(s *agents.Setup, r Reading) []int32 {
	slot := make([]int32, s.Weeks())
	for tick := range slot {
		monday := s.Start.Monday() + sim.Date(7*tick)
		if r.First != 0 && monday < r.First || r.Last != 0 && monday > r.Last {
			slot[tick] = -1
		}
	}
	return slot
}

// monthly returns the months of a setup's period, YYYY-MM, and for every tick which of them its Monday is in.
func monthly(s *agents.Setup) (months []string, slot []int32) {
	slot = make([]int32, s.Weeks())
	for tick := range slot {
		month := (s.Start.Monday() + sim.Date(7*tick)).String()[:7]
		if len(months) == 0 || months[len(months)-1] != month {
			months = append(months, month)
		}
		slot[tick] = int32(len(months) - 1)
	}
	return months, slot
}

// tables lists the tables of a run that the panel reads, for the recorder to make no others.
func (p *panel) wants() record.Tables {
	var actors []string
	for _, g := range p.gauges.actors.all {
		actors = append(actors, g.Measure)
	}
	return record.Tables{Prices: len(p.gauges.prices.all) > 0, Costs: len(p.gauges.costs.all) > 0, Trades: len(p.gauges.trades.all) > 0,
		Flows: len(p.gauges.flows.all) > 0, Hubs: len(p.gauges.hubs.all) > 0, Throughput: len(p.gauges.throughput.all) > 0,
		Ledger: len(p.gauges.ledger.all) > 0, Actors: actors}
}

// last returns the last week that counts for a figure or a series, -1 where none does.
func (p *panel) last() int {
	last := -1
	for _, g := range slices.Concat(slices.Concat(p.figures...), p.series) {
		for k := len(g.slot) - 1; k > last; k-- {
			if g.slot[k] >= 0 {
				last = k
			}
		}
	}
	return last
}

// values returns the figures of the run.
func (p *panel) values(figures []Figure) []float64 {
	out := make([]float64, len(figures))
	for i := range figures {
		var x []float64
		for _, g := range p.figures[i] {
			x = append(x, g.values()[0])
		}
		out[i] = figures[i].value(x)
	}
	return out
}

// Figures lists what a study keeps of every run of a scenario unless it is told otherwise: in the two periods that the
// scenario compares, prices of the first good and its ammunition in the towns of focus and what they are made of, units sold,
// where they come from, what was lost, seized and captured, and what armed groups hold.
func Figures(s *scenarios.Scenario) []Figure {
	l := lister{s: s}
	before, after := Windows(s)
	for _, w := range []struct {
		name string
		span Span
	}{{"before", before}, {"after", after}} {
		l.period(w.name, w.span)
	}
	return l.all
}

// Windows returns the periods that a scenario compares: its own; where it names none, the year before its main shock and the last
// year of the run, from the shock on where that is later; where there is no shock, the first year and the last. No period is
// longer than half the run where it is chosen here.
func Windows(s *scenarios.Scenario) (before, after Span) {
	const year = 52 * 7
	start, end := s.Setup.Start.Monday(), s.Setup.End.Monday()+6
	length := min(year, (end-start+1)/14*7)
	before, after = Span{start, start + length - 1}, Span{end - length + 1, end}
	if shock := record.MainShock(s.Setup).Monday(); shock > start {
		before, after = Span{max(start, shock-year), shock - 1}, Span{max(shock, end-year+1), end}
	}
	if w, ok := within(s.Compare.Before, start, end); ok {
		before = w
	}
	if w, ok := within(s.Compare.After, start, end); ok {
		after = w
	}
	return before, after
}

// within returns the part of a period that lies in the run.
func within(p scenarios.Span, start, end sim.Date) (s Span, ok bool) {
	s, err := SpanOf(p.From, p.To)
	s.First, s.Last = max(s.First, start), min(s.Last, end)
	return s, err == nil && s.First <= s.Last
}

// lister puts the figures of a scenario together.
type lister struct {
	s   *scenarios.Scenario
	all []Figure
}

// phrase is how a figure is called: its name, with and without its article, and what is said in brackets of its meaning only.
type phrase struct {
	name, the, note Saying
	full            Saying // the name at length, where that is longer
}

// add names a figure and puts it on the list.
func (l *lister) add(id, window string, p phrase, f Figure) {
	whole := p.name
	if p.full != nil {
		whole = p.full
	}
	if p.note != nil {
		whole = said("%s (%s)", whole, p.note)
	}
	in := Span{f.Parts[0].First, f.Parts[0].Last}
	f.ID, f.Name, f.The = id+"_"+window, p.name, p.the
	if f.Meaning = said("%s, before (%s)", whole, in); window == "after" {
		f.Meaning = said("%s, after (%s)", whole, in)
	}
	l.all = append(l.all, f)
}

// sum is a reading of a table added up over a period.
func sum(r Reading, unit string, in Span) Figure {
	r.How = Sum
	return Figure{Unit: unit, Parts: []Reading{r.In(in)}}
}

// PricedGoods returns the first good and the first ammunition: those of which series and figures are kept.
func PricedGoods(s *agents.Setup) (ids []string) {
	for _, want := range []bool{false, true} {
		i := slices.IndexFunc(s.Goods, func(g agents.Good) bool { return g.Ammunition == want })
		if i >= 0 {
			ids = append(ids, s.Goods[i].ID)
		}
	}
	return ids
}

// Towns returns the hubs that figures speak of: those of the world's focus, or every market where it has none.
func Towns(s *scenarios.Scenario) []string {
	if len(s.Focus) > 0 {
		return s.Focus
	}
	var hubs []string
	for _, h := range s.Setup.Hubs {
		if h.Market {
			hubs = append(hubs, h.ID)
		}
	}
	return hubs
}

func (l *lister) period(window string, in Span) {
	goods := PricedGoods(l.s.Setup)
	for _, good := range goods {
		for _, hub := range Towns(l.s) {
			l.add("price_"+good+"_"+hub, window, phrase{said("price of the %s in %s", l.of(good), l.in(hub)), said("the price of the %s in %s", l.of(good), l.in(hub)),
				said("mean over the units sold"), nil}, Price(good, hub, in))
		}
	}
	main := goods[0]
	for _, hub := range Towns(l.s) {
		l.add("sold_"+main+"_"+hub, window, phrase{said("sales of the %s in %s", l.of(main), l.in(hub)), said("the sales of the %s in %s", l.of(main), l.in(hub)), nil, nil},
			sum(Reading{Table: "prices", Measure: "units", Good: main, Hub: hub}, "units", in))
	}
	l.add("risk_"+main, window, phrase{said("part of the price of the %s that is believed risk", l.of(main)), said("the part of the price of the %s that is believed risk", l.of(main)),
		said("mean over all units sold anywhere"), nil}, Figure{Unit: "CFA", Parts: []Reading{Reading{Table: "costs", Measure: "risk", Good: main}.In(in)}})
	for _, origin := range l.s.Setup.Origins() {
		of, all := Reading{Table: "trades", Measure: "units", Good: main, Origin: origin}, Reading{Table: "trades", Measure: "units", Good: main}
		share := Ratio(sum(of, "", in), sum(all, "", in))
		share.Unit = "share"
		l.add("share_"+origin, window, phrase{said("share of units %s in the trade of the %s", from(l.s, origin), l.of(main)), said("the share of units %s in the trade of the %s", from(l.s, origin), l.of(main)),
			said("by origin, units of all trades"), nil}, share)
	}
	for _, a := range []struct {
		account string
		phrase
	}{
		{"made", phrase{said("units of the %s made", l.of(main)), said("the units of the %s made", l.of(main)), nil, nil}},
		{"captured", phrase{said("units of the %s captured", l.of(main)), said("the units of the %s captured", l.of(main)), nil, nil}},
		{"lost", phrase{said("units of the %s lost", l.of(main)), said("the units of the %s lost", l.of(main)), nil, nil}},
		{"seized", phrase{said("units of the %s seized", l.of(main)), said("the units of the %s seized", l.of(main)), nil, nil}},
		{"collected", phrase{said("units of the %s collected", l.of(main)), said("the units of the %s collected", l.of(main)), nil, nil}},
	} {
		l.add(a.account+"_"+main, window, a.phrase, sum(Reading{Table: "ledger", Measure: a.account, Good: main}, "units", in))
	}
	for i := range l.s.Setup.Groups {
		g := &l.s.Setup.Groups[i]
		short := called(withoutBrackets(g.Name))
		l.add("held_"+main+"_"+g.ID, window, phrase{said("stock of the %s held by %s", l.of(main), short), said("the stock of the %s held by %s", l.of(main), short),
			said("mean over weeks"), said("stock of the %s held by %s", l.of(main), called(g.Name))}, Figure{Unit: "units", Parts: []Reading{Reading{Table: "actors", Measure: "held", Good: main, Actor: "group:" + g.ID}.In(in)}})
	}
	l.add("violence", window, phrase{said("violence index"), said("the violence index"), said("mean over places and weeks"), nil},
		Figure{Unit: "index", Parts: []Reading{Reading{Table: "hubs", Measure: "violence"}.In(in)}})
}

// good is a good by its name, and of a good with what is said of it.
func (l *lister) good(id string) Saying { return called(l.goodName(id)) }

func (l *lister) of(id string) Saying { return form(l.goodName(id), "of the") }

func (l *lister) goodName(id string) string {
	for i := range l.s.Setup.Goods {
		if g := &l.s.Setup.Goods[i]; g.ID == id {
			return g.Name
		}
	}
	return id
}

// hub is a hub by its name, and in what happens there.
func (l *lister) hub(id string) Saying { return called(l.hubName(id)) }

func (l *lister) in(id string) Saying { return form(l.hubName(id), "in") }

func (l *lister) hubName(id string) string {
	for i := range l.s.Setup.Hubs {
		if h := &l.s.Setup.Hubs[i]; h.ID == id {
			return withoutBrackets(h.Name)
		}
	}
	return id
}

func withoutBrackets(name string) string {
	name, _, _ = strings.Cut(name, " (")
	return name
}

// MonthlySeries lists the series that a study keeps of every run: monthly prices and units sold of the first good and its
// ammunition in the towns of focus, the origins of what is traded and what groups hold.
func MonthlySeries(s *scenarios.Scenario) (all []Series) {
	l := lister{s: s}
	goods := PricedGoods(s.Setup)
	for _, good := range goods {
		for _, hub := range Towns(s) {
			all = append(all, Series{"price_" + good + "_" + hub, "CFA", said("mean price of %s in %s over the units sold", l.of(good), l.in(hub)),
				Reading{Table: "prices", Measure: "price_cfa", Good: good, Hub: hub}})
		}
	}
	main := goods[0]
	for _, hub := range Towns(s) {
		all = append(all, Series{"sold_" + main + "_" + hub, "units", said("%s sold in %s", l.good(main), l.in(hub)),
			Reading{Table: "prices", Measure: "units", Good: main, Hub: hub, How: Sum}})
	}
	for _, origin := range s.Setup.Origins() {
		all = append(all, Series{"traded_" + main + "_" + origin, "units", said("%s traded, units %s", l.good(main), from(s, origin)),
			Reading{Table: "trades", Measure: "units", Good: main, Origin: origin, How: Sum}})
	}
	for i := range s.Setup.Groups {
		g := &s.Setup.Groups[i]
		all = append(all, Series{"held_" + main + "_" + g.ID, "units", said("%s held by %s, mean over weeks", l.good(main), called(g.Name)),
			Reading{Table: "actors", Measure: "held", Good: main, Actor: "group:" + g.ID}})
	}
	return all
}

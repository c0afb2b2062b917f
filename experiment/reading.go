package experiment

import (
	"math"
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
	"entrepot/words"
)

// Reading is a number that is asked of a run: rows of one table that pass its filters, added up over a period. Readings are
// taken while the run goes on, so that its tables need not be kept.
//
// Filters are lists of names joined by |; a name that ends in * stands for all that begin so, a list that begins with ! for
// everything that is not on it, an empty one for everything. Of hubs, zones may be named too.
type Reading struct {
	Table   string // of a run: prices, flows, trades, costs, hubs, throughput, actors, ledger
	Measure string // column of the table; of actors and ledger the measure; of costs the component
	Good    string
	Origin  string
	Hub     string // of flows, the end of the road
	From    string // of flows, its start
	Actor   string // of actors; an id stands for every kind that has it: jnim for group:jnim
	Seller  string // of trades
	Buyer   string
	How     How
	First   sim.Date // Mondays from First to Last count; both zero: the whole run
	Last    sim.Date
}

// How says what becomes of the rows of a period.
type How uint8

// Whatever a How asks for, a price is the mean over the units sold and a cost the mean over the units it belongs to; of the
// table hubs the mean over places and weeks is taken. Flows in the ledger are cumulative: their growth counts.
const (
	PerWeek How = iota // sum over rows, divided by the weeks of the period
	Sum                // sum over rows and weeks
	Most               // the largest sum over rows in one week
)

// Span is a stretch of days; both ends belong to it.
type Span struct{ First, Last sim.Date }

// SpanOf returns the span from the first day of one period to the last of another, each YYYY, YYYY-MM or YYYY-MM-DD.
func SpanOf(from, to string) (Span, error) {
	first, _, err := scenarios.MonthSpan(from)
	if err != nil {
		return Span{}, err
	}
	_, last, err := scenarios.MonthSpan(to)
	return Span{first, last}, err
}

// String writes a span in English.
func (s Span) String() string { return s.In(nil) }

// In writes a span in months where it is made of whole ones or nearly so, within a week, else in days.
func (s Span) In(w *words.Words) string {
	first, last := (s.First + 6).String(), (s.Last - 6).String()
	if first[8:] > "13" || (s.Last + 7).String()[:7] == last[:7] {
		return w.F("%s to %s|dates", s.First.String(), s.Last.String())
	}
	if first[:7] == last[:7] {
		return first[:7]
	}
	return w.F("%s to %s|dates", first[:7], last[:7])
}

// In returns the reading over another period.
func (r Reading) In(s Span) Reading {
	r.First, r.Last = s.First, s.Last
	return r
}

// names is a filter over symbols. What it says of each is found out once.
type names struct {
	all    bool
	passes func(name string) bool
	table  *tables.Names
	known  []int8 // by symbol: 0 not asked yet, 1 passes, -1 does not
}

func (n *names) has(s tables.Sym) bool {
	if int(s) < len(n.known) && n.known[s] > 0 { // short enough to be inlined
		return true
	}
	return n.all || n.ask(s)
}

// ask finds out whether a name passes, and notes it.
func (n *names) ask(s tables.Sym) bool {
	for int(s) >= len(n.known) {
		n.known = append(n.known, 0)
	}
	if n.known[s] == 0 {
		n.known[s] = -1
		if n.passes(n.table.Text(s)) {
			n.known[s] = 1
		}
	}
	return n.known[s] > 0
}

// filter makes the filter of a list.
func filter(list string, of *tables.Names) names {
	if list == "" {
		return names{all: true}
	}
	list, not := strings.CutPrefix(list, "!")
	wanted := strings.Split(list, "|")
	return names{table: of, passes: func(name string) bool {
		return not != slices.ContainsFunc(wanted, func(w string) bool { return matches(w, name) })
	}}
}

func matches(wanted, name string) bool {
	if prefix, ok := strings.CutSuffix(wanted, "*"); ok {
		return strings.HasPrefix(name, prefix)
	}
	return name == wanted
}

// actors makes the filter of a list of actors, in which an id stands for every kind that has it.
func actors(list string, of *tables.Names) names {
	n := filter(list, of)
	if n.all {
		return n
	}
	exact, wanted := n.passes, strings.Split(list, "|")
	n.passes = func(name string) bool {
		_, id, kind := strings.Cut(name, ":")
		return exact(name) || kind && slices.Contains(wanted, id)
	}
	return n
}

// withZones replaces the zones in a list of hubs by their hubs.
func withZones(s *agents.Setup, list string) string {
	if list == "" {
		return ""
	}
	body, not := strings.CutPrefix(list, "!")
	var hubs []string
	for _, id := range strings.Split(body, "|") {
		i := slices.IndexFunc(s.Zones, func(z agents.Zone) bool { return z.ID == id })
		if i >= 0 {
			hubs = append(hubs, s.Zones[i].Hubs...)
		} else {
			hubs = append(hubs, id)
		}
	}
	out := strings.Join(hubs, "|")
	if not {
		out = "!" + out
	}
	return out
}

// gauge takes a reading, over one period or, month by month, over many.
type gauge struct {
	Reading
	hub, from, good, origin, actor, seller, buyer, measure names
	slot                                                   []int32 // by tick: where its rows go, or -1
	sum, weight                                            []float64
	weeks                                                  []int32 // of each slot
	week                                                   int32   // of the sum that Most is after
	inWeek                                                 float64
	pending                                                bool
	cumulative                                             bool // an account of the ledger whose growth counts
}

// newGauge returns a gauge of a reading; slot says for every tick of the run which of n sums its rows go to.
func newGauge(r Reading, s *agents.Setup, of *tables.Names, slot []int32, n int) *gauge {
	g := &gauge{Reading: r, slot: slot, sum: make([]float64, n), weight: make([]float64, n), weeks: make([]int32, n)}
	g.hub, g.from = filter(withZones(s, r.Hub), of), filter(withZones(s, r.From), of)
	g.good, g.origin, g.actor = filter(r.Good, of), filter(r.Origin, of), actors(r.Actor, of)
	g.seller, g.buyer, g.measure = filter(r.Seller, of), filter(r.Buyer, of), filter(r.Measure, of)
	if r.Table == "hubs" { // places have no good
		g.good = names{all: true}
	}
	g.cumulative = r.Table == "ledger" && r.Measure != "held" && r.Measure != "carried"
	for _, k := range slot {
		if k >= 0 {
			g.weeks[k]++
		}
	}
	return g
}

// add adds to the sum of a tick. weight is what a mean is taken over.
func (g *gauge) add(tick int32, x, weight float64) {
	k := g.slot[tick]
	if g.How == Most {
		if g.pending && tick != g.week {
			g.close()
		}
		g.week, g.pending = tick, true
		g.inWeek += x
		return
	}
	g.sum[k] += x
	g.weight[k] += weight
}

// close ends a week of which the largest sum is wanted.
func (g *gauge) close() {
	if g.pending {
		k := g.slot[g.week]
		g.sum[k] = max(g.sum[k], g.inWeek)
		g.inWeek, g.pending = 0, false
	}
}

// in reports whether a tick counts.
func (g *gauge) in(tick int32) bool { return g.slot[tick] >= 0 }

// values returns what each slot came to, NaN where there is nothing: no week of the run, no unit sold.
func (g *gauge) values() []float64 {
	g.close()
	out := make([]float64, len(g.sum))
	for k := range out {
		switch {
		case g.weeks[k] == 0:
			out[k] = math.NaN()
		case g.mean():
			out[k] = math.NaN()
			if g.weight[k] > 0 {
				out[k] = g.sum[k] / g.weight[k]
			}
		case g.How == PerWeek:
			out[k] = g.sum[k] / float64(g.weeks[k])
		default:
			out[k] = g.sum[k]
		}
	}
	return out
}

// mean reports whether the reading is a mean over units or places whatever How says.
func (g *gauge) mean() bool {
	return g.Measure == "price_cfa" || g.Table == "costs" || g.Table == "hubs"
}

// gauges are all the gauges of a run, by table. They are a tables.Recorder that keeps nothing else.
type gauges struct {
	prices, flows, trades, costs, hubs, throughput, actors, ledger shelf

	units float64 // sold at the price whose parts follow
}

// shelf are the gauges of a table. A run has a million rows and most gauges want few of them, so that those which a row of a week
// and a good concerns are looked up once for the week.
type shelf struct {
	all  []*gauge
	tick int32
	week []*gauge // those that the week at hand counts for
	of   [][]*gauge
	made []bool // by good: whether of is of this week
}

// concerned returns the gauges that a row of a week and a good concerns.
func (s *shelf) concerned(tick int32, good tables.Sym) []*gauge {
	if len(s.all) == 0 {
		return nil
	}
	if tick != s.tick || s.week == nil {
		s.begin(tick)
	}
	for int(good) >= len(s.made) {
		s.made, s.of = append(s.made, false), append(s.of, nil)
	}
	if !s.made[good] {
		s.made[good] = true
		list := s.of[good][:0]
		for _, m := range s.week {
			if m.good.has(good) {
				list = append(list, m)
			}
		}
		s.of[good] = list
	}
	return s.of[good]
}

// begin begins a week.
func (s *shelf) begin(tick int32) {
	if s.tick = tick; s.week == nil {
		s.week = make([]*gauge, 0, len(s.all))
	}
	s.week = s.week[:0]
	for _, m := range s.all {
		if m.cumulative || m.in(tick) { // of accounts that accumulate, the week before a period counts too
			s.week = append(s.week, m)
		}
	}
	clear(s.made)
}

// put files a gauge under its table.
func (g *gauges) put(x *gauge) {
	s := map[string]*shelf{"prices": &g.prices, "flows": &g.flows, "trades": &g.trades, "costs": &g.costs, "hubs": &g.hubs,
		"throughput": &g.throughput, "actors": &g.actors, "ledger": &g.ledger}[x.Table]
	if s == nil {
		panic("experiment: no reading of the table " + x.Table)
	}
	s.all = append(s.all, x)
}

func (g *gauges) Price(r tables.Price) {
	for _, m := range g.prices.concerned(r.Tick, r.Good) {
		switch {
		case !m.hub.has(r.Hub):
		case m.Measure == "units":
			m.add(r.Tick, float64(r.Units), 0)
		default:
			m.add(r.Tick, float64(r.Price)*float64(r.Units), float64(r.Units))
		}
	}
	g.units = float64(r.Units) // the parts of this price follow
}

func (g *gauges) Cost(r tables.Cost) {
	for _, m := range g.costs.concerned(r.Tick, r.Good) {
		if m.hub.has(r.Hub) && m.measure.has(r.Component) {
			m.add(r.Tick, float64(r.PerUnit)*g.units, g.units)
		}
	}
}

func (g *gauges) Flow(r tables.Flow) {
	for _, m := range g.flows.concerned(r.Tick, r.Good) {
		switch {
		case !m.hub.has(r.To) || !m.from.has(r.From) || !m.origin.has(r.Origin):
		case m.Measure == "lost_units":
			m.add(r.Tick, float64(r.Lost), 0)
		default:
			m.add(r.Tick, float64(r.Units), 0)
		}
	}
}

func (g *gauges) Trade(r tables.Trade) {
	for _, m := range g.trades.concerned(r.Tick, r.Good) {
		switch {
		case !m.hub.has(r.Hub) || !m.origin.has(r.Origin) || !m.seller.has(r.Seller) || !m.buyer.has(r.Buyer):
		case m.Actor != "" && !m.actor.has(r.Seller) && !m.actor.has(r.Buyer):
		case m.Measure == "units":
			m.add(r.Tick, float64(r.Units), 0)
		default:
			m.add(r.Tick, float64(r.Value), float64(r.Units))
		}
	}
}

func (g *gauges) Hub(r tables.HubWeek) {
	for _, m := range g.hubs.concerned(r.Tick, 0) {
		switch {
		case !m.hub.has(r.Hub):
		case m.Measure == "violence":
			m.add(r.Tick, r.Violence, 1)
		default:
			m.add(r.Tick, r.Activity, 1)
		}
	}
}

func (g *gauges) Throughput(r tables.Throughput) {
	for _, m := range g.throughput.concerned(r.Tick, r.Good) {
		switch {
		case !m.hub.has(r.Hub):
		case m.Measure == "arrived_units":
			m.add(r.Tick, float64(r.Arrived), 0)
		case m.Measure == "sold_units":
			m.add(r.Tick, float64(r.Sold), 0)
		default:
			m.add(r.Tick, float64(r.Stored), 0)
		}
	}
}

func (g *gauges) Actor(r tables.Actor) {
	for _, m := range g.actors.concerned(r.Tick, r.Good) {
		if m.measure.has(r.Measure) && m.actor.has(r.Actor) && m.origin.has(r.Origin) {
			m.add(r.Tick, r.Value, 0)
		}
	}
}

func (g *gauges) Ledger(r tables.Ledger) {
	for _, m := range g.ledger.concerned(r.Tick, r.Good) {
		if !m.measure.has(r.Measure) || !m.origin.has(r.Origin) {
			continue
		}
		if !m.cumulative {
			m.add(r.Tick, float64(r.Units), 0)
			continue
		}
		if m.in(r.Tick) && (int(r.Tick)+1 == len(m.slot) || m.slot[r.Tick+1] != m.slot[r.Tick]) { // the last week of a slot
			m.sum[m.slot[r.Tick]] += float64(r.Units)
		}
		if int(r.Tick)+1 < len(m.slot) && m.slot[r.Tick+1] >= 0 && m.slot[r.Tick+1] != m.slot[r.Tick] { // the week before one
			m.sum[m.slot[r.Tick+1]] -= float64(r.Units)
		}
	}
}

// Event and Order are not read.
func (g *gauges) Event(tables.Event) {}

// Order is not read.
func (g *gauges) Order(tables.Order) {}

package agents

import (
	"slices"
	"sort"
	"strconv"

	"entrepot/sim"
)

// Events
//
// Rule. A dated event changes the world in the week that holds its day. Changes of state (who holds a hub, who is allied
// with whom, a post overrun) are made once. Changes of a level last: until their end, for so many weeks, or for good, and
// come back at once, linearly over the weeks of the recovery, or exponentially (5 % left after these weeks).
//
//	supply, effort of a force, values of exchange rates and violence:  level <- level + (what the event says - level) * strength(t)
//	demand, factors of exchange rates, violence, income:               level <- level * (1 + (factor-1) * strength(t))
//
// in the order of the events, from the tables' level each week. So a second supply event replaces the first one (its
// factor is on the table's cap), while changes of demand or violence in overlapping places multiply.
// Source: INTERFACE, event kinds; dates and sizes are the scenarios'. Left out: anticipation, except by DDR candidates.

// effect says which level a lasting event moves.
type effect uint8

const (
	onCap effect = iota // stockholders
	onWant
	onGroupIncome
	onGroupWant
	onEffort
	onRate
	onViolence
	onHazard
	onRoad // closed or open
)

// shape is how a level comes back.
type shape uint8

const (
	atOnce shape = iota
	linearly
	exponentially
)

// lasting is an event that may end or recover.
type lasting struct {
	effect    effect
	rows      []int32 // of the table concerned
	factor    float64 // 0 = not given
	price     float64 // of stockholders; 0 = not given
	value     float64
	has       bool // value is given
	open      bool // of roads
	from, end sim.Date
	weeks     float64
	back      shape
}

// newLasting takes the dates and the shape of an event.
func newLasting(e *Event, on effect, rows []int32) lasting {
	l := lasting{effect: on, rows: rows, factor: e.Factor, price: e.Price, value: e.Value, has: e.HasValue, from: e.Date, end: e.Until, weeks: e.Weeks}
	switch e.Recovery {
	case "linear":
		l.back = linearly
	case "exponential":
		l.back = exponentially
	default: // without a recovery the weeks are how long it lasts
		if l.end == 0 && l.weeks > 0 {
			l.end = l.from + sim.Date(7*l.weeks)
		}
	}
	return l
}

// strength returns how much of the change is in force on a day, 0 to 1.
func (l *lasting) strength(day sim.Date) float64 {
	since := l.end
	if l.back != atOnce && l.end == 0 {
		since = l.from
	}
	if since == 0 || day < since {
		return 1
	}
	gone := float64(day-since) / 7
	switch {
	case l.back == atOnce || l.weeks <= 0 || gone > 3*l.weeks:
		return 0
	case l.back == linearly:
		return max(0, 1-gone/l.weeks)
	}
	return sim.Exp(-3 * gone / l.weeks)
}

// conditions are the levels that events move, and the tables' levels beside them.
type conditions struct {
	border, bandits []float64 // by arc: hazards of the table
	currencies      []string
	rates           [][]Rate  // by currency, by date
	rate            []float64 // CFA now
	violence        []float64 // by hub: what events do to the level of the place: level <- violence*level + violenceTo
	violenceTo      []float64
	rows            [][]yearly
	zones           map[string][]int32
	near            []float64 // by hub and hub: 1 in the same place, falling to 0 at the reach of violence
	hubKey, goodKey []uint64  // hashes of ids: luck hangs on names, not on places in a table
	changed         bool      // who stands where or against whom
	moved           bool      // some level is not its table's
}

func newConditions(m *Model) *conditions {
	c := &conditions{border: slices.Clone(m.Net.Border), bandits: slices.Clone(m.Net.Bandits), zones: map[string][]int32{}, changed: true}
	for i := range m.Setup.Zones {
		z := &m.Setup.Zones[i]
		for _, id := range z.Hubs {
			c.zones[z.ID] = append(c.zones[z.ID], int32(m.Hub(id)))
		}
	}
	c.near = make([]float64, m.Net.Hubs*m.Net.Hubs)
	for i := range c.near {
		c.near[i] = max(0, 1-m.distance(i/m.Net.Hubs, i%m.Net.Hubs)/max(m.P.Violence.Reach, 1))
	}
	for h := range m.Setup.Hubs {
		c.hubKey = append(c.hubKey, sim.NewKey(3).Label(m.Setup.Hubs[h].ID).Bits())
	}
	for g := range m.GoodSpec {
		c.goodKey = append(c.goodKey, sim.NewKey(4).Label(m.GoodSpec[g].ID).Bits())
	}
	for _, r := range m.Setup.Rates {
		k := c.currency(r.Currency)
		if k < 0 {
			k = len(c.currencies)
			c.currencies, c.rates = append(c.currencies, r.Currency), append(c.rates, nil)
		}
		c.rates[k] = append(c.rates[k], r)
	}
	for k := range c.rates {
		of := c.rates[k]
		sort.SliceStable(of, func(i, j int) bool { return of[i].From < of[j].From })
	}
	c.rate = make([]float64, len(c.currencies))
	c.violence, c.violenceTo = ones(m.Net.Hubs), make([]float64, m.Net.Hubs)
	c.rows = violenceRows(m, c.zones)
	for h := range m.Places {
		m.Places[h].Violence = c.violenceAt(m, h)
	}
	for k := range c.rates {
		c.rate[k] = rateOn(c.rates[k], m.day()+6)
	}
	return c
}

// day is the Monday of the week, but not before the start: a burn-in lives in the world of the first week.
func (m *Model) day() sim.Date { return max(m.Date(), m.Start) }

// spans reports whether a period (0 = no limit) touches the current week.
func (m *Model) spans(from, to sim.Date) bool {
	return from <= m.day()+6 && (to == 0 || to >= m.day())
}

// burning reports whether the week comes before the first recorded one: what grows with the calendar stands still.
func (m *Model) burning() bool { return m.Date() < m.Start }

// currency returns the number of a currency, or -1 for CFA and unknown ones.
func (c *conditions) currency(id string) int { return slices.Index(c.currencies, id) }

// rateRatio returns the rate of a currency over the rate at the start of its table.
func (c *conditions) rateRatio(k int) float64 {
	if k < 0 || c.rate[k] <= 0 || c.rates[k][0].CFA <= 0 {
		return 1
	}
	return c.rate[k] / c.rates[k][0].CFA
}

// applyEvents applies what falls into the week and brings every level up to date.
func (m *Model) applyEvents(w *sim.World) {
	clear(m.Groups.captured)
	for ; m.next < len(m.Setup.Events); m.next++ {
		e := &m.Setup.Events[m.next]
		if e.Date >= m.Start && e.Date > w.Date()+6 {
			break
		}
		m.apply(e)
	}
	m.Groups.calendar()
	m.Forces.calendar()
	m.levels(w.Date())
	if m.now.changed {
		m.Groups.contest()
		m.now.changed = false
	}
}

// apply makes one event happen.
func (m *Model) apply(e *Event) {
	detail := e.Action
	switch e.Kind {
	case "hub_control":
		detail = m.control(e)
	case "route":
		m.road(e)
	case "force":
		m.Forces.event(e)
	case "supply":
		m.lasts(e, onCap, m.Stockholders.matching(e))
	case "demand":
		m.demand(e)
	case "alliance":
		m.Groups.ally(e)
	case "income":
		m.lasts(e, onGroupIncome, one(m.GroupOf, e.Group))
	case "exchange_rate":
		if k := m.now.currency(e.Currency); k >= 0 {
			m.lasts(e, onRate, []int32{int32(k)})
		}
	case "programme":
		m.DDR.event(e)
	case "capture":
		m.Groups.documented(e)
		return // the capture itself is the row
	case "violence":
		m.lasts(e, onViolence, m.hubsOf(e))
	}
	m.happen(e.Kind, e.place(), e.say(detail))
	m.Happened[len(m.Happened)-1].Scheduled = true
}

// place names what an event concerns.
func (e *Event) place() string {
	for _, id := range []string{e.Hub, e.Zone, e.Stockholder, e.Programme, e.Group, e.Force, e.Currency, e.Buyer} {
		if id != "" {
			return id
		}
	}
	if e.From != "" {
		return e.From + "/" + e.To
	}
	return ""
}

// say puts an event into one line.
func (e *Event) say(detail string) string {
	s := e.ID
	if detail != "" {
		s += ": " + detail
	}
	if e.Factor > 0 {
		s += ", factor " + strconv.FormatFloat(e.Factor, 'g', -1, 64)
	}
	if e.Price > 0 {
		s += ", price factor " + strconv.FormatFloat(e.Price, 'g', -1, 64)
	}
	if e.HasValue {
		s += ", value " + strconv.FormatFloat(e.Value, 'g', -1, 64)
	}
	return s
}

// one returns the row of an id, or none.
func one(of map[string]int, id string) []int32 {
	if i := maybe(of, id); i >= 0 {
		return []int32{int32(i)}
	}
	return nil
}

func (m *Model) lasts(e *Event, on effect, rows []int32) {
	if len(rows) > 0 {
		m.lasting = append(m.lasting, newLasting(e, on, rows))
	}
}

// hubsOf returns the hubs of an event: its hub, its zone, or none.
func (m *Model) hubsOf(e *Event) []int32 {
	if e.Hub != "" {
		return one(m.HubOf, e.Hub)
	}
	return m.now.zones[e.Zone]
}

// control changes who holds a hub and how arms are traded there: as is usual under the new holder, if the event does not
// say.
func (m *Model) control(e *Event) string {
	h := maybe(m.HubOf, e.Hub)
	if h < 0 {
		return "unknown hub"
	}
	pl := &m.Places[h]
	group, force, regime := pl.Group, pl.Force, pl.Regime
	if e.To != "" { // otherwise the regime alone
		group, force = maybe(m.GroupOf, e.To), maybe(m.ForceOf, e.To)
		regime = m.usualRegime(h, group, force)
	}
	if e.Regime != "" {
		regime = regimeOf(e.Regime)
	}
	m.hold(h, group, force, regime)
	return e.To + " " + regime.String()
}

// usualRegime is how arms are traded in a hub under a group, a force or nobody (-1), where nothing else is said. A force makes
// trade hide. Under a group it is what the hub's table says of it under a group, and under nobody what it says of it under
// nobody; where the table knows the hub in other hands only, nobody keeps the trade from showing itself.
func (m *Model) usualRegime(h, group, force int) Regime {
	spec := &m.Setup.Hubs[h]
	byGroup, byForce := maybe(m.GroupOf, spec.Controller) >= 0, maybe(m.ForceOf, spec.Controller) >= 0
	switch {
	case force >= 0:
		return Clandestine
	case group >= 0 && byGroup, group < 0 && !byGroup && !byForce:
		return regimeOf(spec.Regime)
	}
	return Open
}

// hold puts a hub under a group, a force or nobody (-1).
func (m *Model) hold(h, group, force int, regime Regime) {
	pl := &m.Places[h]
	pl.Group, pl.Force, pl.Regime = group, force, regime
	m.now.changed = true
}

// road opens or closes roads, or adds to the hazard of being stopped on them (by whoever blocks them; it can be paid off).
func (m *Model) road(e *Event) {
	arcs := m.arcsOf(e)
	if e.HasValue || e.Factor > 0 {
		m.lasts(e, onHazard, arcs)
	}
	if e.Action == "open" || e.Action == "close" {
		m.lasts(e, onRoad, arcs)
		if len(arcs) > 0 {
			m.lasting[len(m.lasting)-1].open = e.Action == "open"
		}
	}
}

// arcsOf returns both directions of a road, every road within a zone (a zone without roads within: those that lead into
// it), or every road into a hub.
func (m *Model) arcsOf(e *Event) []int32 {
	if from, to := maybe(m.HubOf, e.From), maybe(m.HubOf, e.To); from >= 0 && to >= 0 {
		return m.roads(func(f, t int) bool { return f == from && t == to || f == to && t == from })
	}
	inside := make([]bool, m.Net.Hubs)
	for _, h := range m.hubsOf(e) {
		inside[h] = true
	}
	if within := m.roads(func(f, t int) bool { return inside[f] && inside[t] }); len(within) > 0 {
		return within
	}
	return m.roads(func(f, t int) bool { return inside[f] || inside[t] })
}

// roads returns the arcs whose ends pass a test.
func (m *Model) roads(pass func(from, to int) bool) (arcs []int32) {
	for a := range m.Net.From {
		if pass(int(m.Net.From[a]), int(m.Net.To[a])) {
			arcs = append(arcs, int32(a))
		}
	}
	return arcs
}

// matching returns the sources an event concerns: by id or by origin, at a hub, of a good.
func (s *Stockholders) matching(e *Event) (rows []int32) {
	for i := range s.m.Setup.Stockholders {
		r := &s.m.Setup.Stockholders[i]
		if (e.Stockholder == "" || e.Stockholder == r.ID || e.Stockholder == r.Origin) && (e.Good == "" || e.Good == r.Good) && (e.Hub == "" || e.Hub == r.Hub) {
			rows = append(rows, int32(i))
		}
	}
	return rows
}

// demand changes what civilians want: a row or a kind, in a hub or zone, of a good. With a group it changes the group's.
func (m *Model) demand(e *Event) {
	if e.Group != "" {
		m.lasts(e, onGroupWant, one(m.GroupOf, e.Group))
		return
	}
	hubs := m.hubsOf(e)
	var rows []int32
	for i := range m.Setup.Buyers {
		r := &m.Setup.Buyers[i]
		here := e.Hub == "" && e.Zone == "" || slices.Contains(hubs, int32(m.Civilians.hub[i]))
		if here && (e.Buyer == "" || e.Buyer == r.ID || e.Buyer == r.Kind) && (e.Good == "" || e.Good == r.Good) {
			rows = append(rows, int32(i))
		}
	}
	m.lasts(e, onWant, rows)
}

// levels sets every level to its table's and lets the lasting events move it, in their order. Those that are over go.
func (m *Model) levels(today sim.Date) {
	c := m.now
	for k := range c.rates {
		c.rate[k] = rateOn(c.rates[k], m.day()+6)
	}
	if len(m.lasting) == 0 && !c.moved {
		return
	}
	c.moved = len(m.lasting) > 0
	m.resetLevels()
	kept := m.lasting[:0]
	for i := range m.lasting {
		l := m.lasting[i]
		s := l.strength(today)
		if s == 0 {
			continue
		}
		m.move(&l, s)
		kept = append(kept, l)
	}
	m.lasting = kept
	m.goldLevels()
}

func (m *Model) resetLevels() {
	c := m.now
	fill(m.Stockholders.cap, 1)
	fill(m.Stockholders.price, 1)
	fill(m.Civilians.want, 1)
	fill(m.Groups.earns, 1)
	clear(m.Groups.extra)
	fill(m.Groups.wants, 1)
	fill(m.Forces.effort, 1)
	fill(c.violence, 1)
	clear(c.violenceTo)
	copy(m.Net.Border, c.border)
	copy(m.Net.Bandits, c.bandits)
	for a := range m.Net.Open {
		m.Net.Open[a] = true
	}
}

// rateOn returns the last rate of a table up to a day; before the table its first.
func rateOn(table []Rate, day sim.Date) float64 {
	cfa := table[0].CFA
	for _, r := range table[1:] {
		if r.From > day {
			break
		}
		cfa = r.CFA
	}
	return cfa
}

// toward moves a level to a target by a share.
func toward(level *float64, target, share float64) { *level += float64((target - *level) * share) }

// move applies one lasting event of a strength to its level.
func (m *Model) move(l *lasting, s float64) {
	c := m.now
	times := 1.0
	if l.factor > 0 {
		times = 1 + float64((l.factor-1)*s)
	}
	for _, i := range l.rows {
		switch l.effect {
		case onCap:
			if l.factor > 0 {
				toward(&m.Stockholders.cap[i], l.factor, s)
			}
			if l.price > 0 {
				toward(&m.Stockholders.price[i], l.price, s)
			}
		case onWant:
			m.Civilians.want[i] *= times
		case onGroupIncome:
			m.Groups.earns[i] *= times
			if l.has {
				m.Groups.extra[i] += float64(l.value * s)
			}
		case onGroupWant:
			m.Groups.wants[i] *= times
		case onEffort:
			toward(&m.Forces.effort[i], l.factor, s)
		case onRate:
			if l.has {
				toward(&c.rate[i], l.value, s)
			}
			c.rate[i] *= times
		case onViolence:
			if l.has { // the level is known only later in the week, so the move towards the value is kept as a line
				toward(&c.violence[i], 0, s)
				toward(&c.violenceTo[i], l.value, s)
			}
			c.violence[i] *= times
			c.violenceTo[i] *= times
		case onHazard:
			m.Net.Border[i] = max(0, float64(m.Net.Border[i]*times)+float64(l.value*s))
		case onRoad:
			m.Net.Open[i] = l.open
		}
	}
}

// goldLevels lets mining income follow the number of miners whom events leave at a place.
func (m *Model) goldLevels() {
	for i := range m.Setup.Buyers {
		if m.Setup.Buyers[i].Kind == "miners" {
			m.Places[m.Civilians.hub[i]].Gold = m.Civilians.want[i]
		}
	}
}

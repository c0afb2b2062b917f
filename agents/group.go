package agents

import (
	"strconv"
	"strings"

	"entrepot/sim"
)

// Armed groups
//
// Rule. A group wants W = fighters * establishment * (1 + k*E) of each good, E being the fighting that it expects. A unit is
// worth
//
//	v(H) = w0 * min(cap, (H/W)^-eta)
//
// to it when it holds H. It bids for at most a share of W a week, in steps that fall along v, spread over the markets that
// its fighters reach, within an arms budget (a share of the treasury). What it holds above a multiple of W it offers: at v
// where a bid is above it (price), at scrap value (shed), or the one else the other (both). Allies sell to each other at the
// seller's v. Treasuries live on gold, extortion and support, tax the arms sold in hubs they control, pay their fighters,
// and spend part of what exceeds a reserve; fighters leave when they are not paid.
// Source: model design 4.7; Hirshleifer 1989 for the contest in conflict.go. Left out: command, ideology, recruitment by
// grievance, price bargaining, and arms caches.

// status is whether a group exists.
type status uint8

const (
	waiting status = iota
	active
	ended
)

// Groups are all armed groups, in columns.
type Groups struct {
	m      *Model
	Holder []int32 // one after the other
	Label  []uint16
	first  int32 // holder of the first group

	status   []status
	Fighters []float64
	strength []float64    // wanted fighters
	grown    []float64    // growth of the wanted strength since the start; what a group taxes grows with it
	kit      []*GroupGood // by group and good; nil where the group has no use for it
	reach    [][]presence // markets and other hubs where its fighters are
	near     []float64    // by group and hub: share of its fighters close to the hub
	rival    [][]bool     // group, group
	atWar    [][]bool     // group, force: whether it attacks the force
	allied   [][]bool
	said     [][]bool  // group, group or (after the groups) force: a table or an event spoke of how they stand
	contests []bool    // by group and hub: an enemy is near
	arms     []float64 // rifle-equivalents held, this week
	arms0    []float64 // by hub: hostile arms near it at the start; -1 = not yet counted
	violence []float64 // where its fighters are
	expected []float64

	earns, extra, wants []float64 // what events do to income (factor, CFA a week) and to the establishment
	wanted, value       []float64 // by group and good, this week
	binding             []bool    // the arms budget kept it from buying more than it did
	asked, filled       []float64 // worth of what it bid for and of what it got, this week, CFA
	crews, successes    []float64 // drones
	plan                []wish    // by good, reused
	open                []float64 // by place of reach, reused

	// Flows of the week, by group and good (and origin), for actors.csv.
	fired                     [][sim.MaxOrigins]int32
	captured, bought, offered []int32
	droneAttacks              []int32
}

// Exists reports whether a group exists now.
func (g *Groups) Exists(i int) bool { return g.status[i] == active }

// presence is a share of a group's fighters at a hub.
type presence struct {
	hub   int
	share float64
}

// wish is what a group would buy of one good in a week.
type wish struct {
	units        float64
	first, final float64 // worth of the first and the last of them, CFA
}

func newGroups(m *Model) *Groups {
	n, goods, hubs := len(m.Setup.Groups), m.Goods, m.Net.Hubs
	g := &Groups{m: m, status: make([]status, n), kit: make([]*GroupGood, n*goods), reach: make([][]presence, n), near: make([]float64, n*hubs),
		contests: make([]bool, n*hubs), grown: ones(n), arms: make([]float64, n), arms0: make([]float64, hubs), violence: make([]float64, n), expected: make([]float64, n),
		earns: ones(n), extra: make([]float64, n), wants: ones(n), wanted: make([]float64, n*goods), value: make([]float64, n*goods),
		binding: make([]bool, n), asked: make([]float64, n), filled: make([]float64, n), crews: make([]float64, n), successes: make([]float64, n), plan: make([]wish, goods),
		fired: make([][sim.MaxOrigins]int32, n*goods), captured: make([]int32, n*goods), bought: make([]int32, n*goods), offered: make([]int32, n*goods),
		droneAttacks: make([]int32, n)}
	fill(g.arms0, -1)
	g.first = int32(len(m.Accounts.ID))
	for i := range m.Setup.Groups {
		s := &m.Setup.Groups[i]
		g.Holder = append(g.Holder, m.holder("group:"+s.ID, "group:"+s.ID, sim.Final, 0))
		g.Label = append(g.Label, m.Accounts.Label[g.Holder[i]])
		g.Fighters, g.strength = append(g.Fighters, float64(s.Fighters)), append(g.strength, float64(s.Fighters))
		g.crews[i] = s.DroneCrews
	}
	g.relations()
	g.places()
	for i := range m.Setup.GroupGoods {
		r := &m.Setup.GroupGoods[i]
		g.kit[must(m.GroupOf, "group", r.Group)*goods+m.Good(r.Good)] = r
	}
	g.calendar()
	return g
}

// relations reads allies and rivals, which hold both ways.
func (g *Groups) relations() {
	m := g.m
	n, forces := len(m.Setup.Groups), len(m.Setup.Forces)
	for range m.Setup.Groups {
		g.rival, g.allied, g.atWar = append(g.rival, make([]bool, n)), append(g.allied, make([]bool, n)), append(g.atWar, make([]bool, forces))
		g.said = append(g.said, make([]bool, n+forces))
	}
	for i := range m.Setup.Groups {
		for _, id := range m.Setup.Groups[i].Allies {
			g.relate(i, id, true)
		}
		for _, id := range m.Setup.Groups[i].Rivals {
			g.relate(i, id, false)
		}
	}
}

// relate makes a group and a group or force friends or enemies.
func (g *Groups) relate(i int, other string, friends bool) {
	if j := maybe(g.m.GroupOf, other); j >= 0 && j != i {
		g.allied[i][j], g.allied[j][i] = friends, friends
		g.rival[i][j], g.rival[j][i] = !friends, !friends
		g.said[i][j], g.said[j][i] = true, true
	}
	if f := maybe(g.m.ForceOf, other); f >= 0 {
		g.atWar[i][f] = !friends
		if g.m.Forces != nil { // the peace of an event is of both sides, whatever the table of forces says
			g.m.Forces.enemy[f][i] = !friends
		}
		g.said[i][len(g.rival)+f] = true
	}
}

// ally applies an alliance event; with a force, a break is war and a join is a ceasefire.
func (g *Groups) ally(e *Event) {
	if i := maybe(g.m.GroupOf, e.Group); i >= 0 {
		g.relate(i, e.Other, e.Action != "break")
		g.relate(i, e.Force, e.Action != "break")
		g.m.now.changed = true
	}
}

// places reads where fighters are and how near that is to each hub: 1 at the hub, falling to 0 at the reach.
func (g *Groups) places() {
	m := g.m
	for _, r := range m.Setup.GroupHubs {
		i := must(m.GroupOf, "group", r.Group)
		if r.Share > 0 {
			g.reach[i] = append(g.reach[i], presence{m.Hub(r.Hub), r.Share})
		}
	}
	most := 0
	for i, places := range g.reach {
		most = max(most, len(places))
		total := 0.0
		for _, p := range places {
			total += p.share
		}
		for k := range places {
			places[k].share /= max(total, 1) // shares may leave some fighters outside the map, not add any
			for h := range m.Places {
				g.near[i*m.Net.Hubs+h] += float64(places[k].share * m.nearness(places[k].hub, h))
			}
		}
	}
	g.open = make([]float64, most)
}

// nearness falls from 1 in the same place to 0 at the reach of violence.
func (m *Model) nearness(a, b int) float64 { return m.now.near[a*m.Net.Hubs+b] }

// calendar lets groups begin and end.
func (g *Groups) calendar() {
	m := g.m
	for i := range m.Setup.Groups {
		s := &m.Setup.Groups[i]
		exists := m.spans(s.From, s.To)
		switch {
		case g.status[i] == waiting && exists:
			g.status[i] = active
			g.begin(i)
		case g.status[i] == active && !exists:
			g.status[i] = ended
			g.succeed(i, maybe(m.GroupOf, s.Successor))
		}
	}
}

// begin gives a group its treasury and its arms.
func (g *Groups) begin(i int) {
	m := g.m
	if t := m.Setup.Groups[i].Treasury; t > 0 {
		m.Accounts.Receive(g.Holder[i], t, sim.Income)
	}
	g.look(i)
	g.expected[i] = g.violence[i]
	for good := 0; good < m.Goods; good++ {
		if r := g.kit[i*m.Goods+good]; r != nil {
			g.stock(g.Holder[i], good, g.wantedUnits(i, good)*r.Start, r.Origins)
		}
	}
	m.now.changed = true
}

// stock brings opening arms of the shares of origins that a table names as "libya:0.6|local:0.4".
func (g *Groups) stock(holder int32, good int, units float64, origins string) {
	m := g.m
	left := int64(units + 0.5)
	all, share, last := left, 0.0, m.OriginOf["local"]
	for _, part := range strings.Split(origins, "|") {
		id, weight, _ := strings.Cut(part, ":")
		o := maybe(m.OriginOf, strings.TrimSpace(id))
		x, err := strconv.ParseFloat(strings.TrimSpace(weight), 64)
		if o < 0 || err != nil || !(x > 0) {
			continue
		}
		share += x
		n := min(left, int64(float64(float64(all)*x)+0.5))
		m.Accounts.Bring(sim.Made, holder, good, o, clamp32(n))
		left -= n
		last = o
	}
	m.Accounts.Bring(sim.Made, holder, good, last, clamp32(left))
}

// succeed hands fighters, arms, treasury, crews, friends, enemies and hubs to a successor; without one the group is gone and what it
// held is shed on the market.
func (g *Groups) succeed(i, heir int) {
	m := g.m
	m.now.changed = true
	for h := range m.Places {
		switch pl := &m.Places[h]; {
		case pl.Group != i:
		case heir < 0:
			m.hold(h, -1, -1, m.usualRegime(h, -1, -1))
		default:
			pl.Group = heir
		}
	}
	fighters, strength, crews := g.Fighters[i], g.strength[i], g.crews[i]
	g.Fighters[i], g.strength[i], g.crews[i] = 0, 0, 0
	if heir < 0 || heir == i {
		return
	}
	g.Fighters[heir] += fighters
	g.strength[heir] += strength
	g.crews[heir] += crews
	g.successes[heir] += g.successes[i]
	g.expected[heir] = g.expected[i]
	g.inherit(i, heir)
	for good := 0; good < m.Goods; good++ {
		m.Accounts.Move(g.Holder[i], g.Holder[heir], good, m.Accounts.Units(g.Holder[i], good))
	}
	m.Accounts.Pay(g.Holder[i], g.Holder[heir], m.Accounts.Cash[g.Holder[i]])
	m.happen("succession", m.Setup.Groups[i].Hub, m.Setup.Groups[heir].ID+" takes over from "+m.Setup.Groups[i].ID)
}

// inherit gives a successor the allies and enemies that its predecessor has now, but where its own table (or an event that
// named it) says how it stands with somebody. Forces that count the predecessor among their enemies count the successor.
func (g *Groups) inherit(i, heir int) {
	for j := range g.rival {
		if j != heir && j != i && !g.said[heir][j] {
			g.allied[heir][j], g.allied[j][heir] = g.allied[i][j], g.allied[i][j]
			g.rival[heir][j], g.rival[j][heir] = g.rival[i][j], g.rival[i][j]
		}
	}
	for f := range g.atWar[i] {
		if !g.said[heir][len(g.rival)+f] {
			g.atWar[heir][f] = g.atWar[i][f]
			g.m.Forces.enemy[f][heir] = g.m.Forces.enemy[f][heir] || g.m.Forces.enemy[f][i]
		}
	}
}

// look takes in the violence where the group's fighters are.
func (g *Groups) look(i int) {
	sum, share := 0.0, 0.0
	for _, p := range g.reach[i] {
		sum += float64(p.share * g.m.Places[p.hub].Violence)
		share += p.share
	}
	g.violence[i] = 0
	if share > 0 {
		g.violence[i] = sum / share
	}
}

// expectRate is how fast groups adapt to the fighting they see, per week.
const expectRate = 0.1

func (g *Groups) expect() {
	for i := range g.Holder {
		g.look(i)
		toward(&g.expected[i], g.violence[i], expectRate)
	}
}

// count adds up the arms of each group, in rifle-equivalents; ammunition and drones do not count.
func (g *Groups) count() {
	m := g.m
	for i, holder := range g.Holder {
		var load int64
		for good := range m.GoodSpec {
			if s := &m.GoodSpec[good]; s.Durable && !s.Drone {
				load += int64(m.Accounts.Units(holder, good)) * s.Load
			}
		}
		g.arms[i] = float64(load) / 1000
	}
}

// armament returns x/x0 - 1 for the hostile arms near a hub, 0 where there were none at the start and are none.
func (g *Groups) armament(h int) float64 {
	x := 0.0
	for i := range g.Holder {
		if at := i*g.m.Net.Hubs + h; g.contests[at] {
			x += float64(g.arms[i] * g.near[at])
		}
	}
	if g.arms0[h] < 0 {
		g.arms0[h] = max(x, fewArms)
	}
	if x < fewArms && g.arms0[h] <= fewArms {
		return 0
	}
	return min(x/g.arms0[h], feedbackCap) - 1
}

// fewArms is the least that hostile arms near a hub are compared with, rifle-equivalents.
const fewArms = 100

// contest finds out where groups have an enemy near.
func (g *Groups) contest() {
	m, hubs := g.m, g.m.Net.Hubs
	m.Forces.look()
	for i := range g.Holder {
		for h := 0; h < hubs; h++ {
			at := i*hubs + h
			g.contests[at] = g.status[i] == active && g.near[at] > 0 && (g.rivalNear(i, h) || m.Forces.enemyNear(i, h))
		}
	}
}

func (g *Groups) rivalNear(i, h int) bool {
	for j := range g.Holder {
		if g.rival[i][j] && g.status[j] == active && g.near[j*g.m.Net.Hubs+h] > 0 {
			return true
		}
	}
	return false
}

// wantedUnits is W of a group for a good.
func (g *Groups) wantedUnits(i, good int) float64 {
	r := g.kit[i*g.m.Goods+good]
	if r == nil || g.status[i] != active {
		return 0
	}
	war := 1 + float64(g.m.P.Group.WarDemand*g.expected[i])
	return g.Fighters[i] * r.PerFighter * g.m.P.Demand.GroupScale * g.wants[i] * war
}

// worth is what a unit is worth to a group that holds h and wants w: w0*min(cap, (h/w)^-eta), CFA.
func worth(w0, h, w, eta, cap float64) float64 {
	switch {
	case w <= 0:
		return 0
	case h <= 0:
		return w0 * cap
	}
	return w0 * min(cap, sim.Pow(h/w, -eta))
}

func (g *Groups) worthAt(i, good int, h float64) float64 {
	r := g.kit[i*g.m.Goods+good]
	if r == nil {
		return 0
	}
	return worth(float64(r.WTP), h, g.wanted[i*g.m.Goods+good], g.m.P.Group.Eta, g.m.P.Group.WTPCap)
}

// appraise brings up to date what each group wants and what a unit is worth to it.
func (g *Groups) appraise() {
	m := g.m
	for i, holder := range g.Holder {
		for good := 0; good < m.Goods; good++ {
			at := i*m.Goods + good
			g.wanted[at] = g.wantedUnits(i, good)
			g.value[at] = g.worthAt(i, good, float64(m.Accounts.Units(holder, good)))
		}
	}
}

// Need returns how many units of a good a group lacks.
func (g *Groups) Need(i, good int) int32 {
	return clamp32(int64(g.wanted[i*g.m.Goods+good]) - int64(g.m.Accounts.Units(g.Holder[i], good)))
}

// Value returns what one more unit is worth to a group, CFA.
func (g *Groups) Value(i, good int) int64 { return int64(g.value[i*g.m.Goods+good]) }

// BuyerBudget returns the cash that a group gives an own buyer for one trip, CFA.
func (g *Groups) BuyerBudget(i int) int64 {
	if g.status[i] != active {
		return 0
	}
	return max(0, int64(g.m.P.Group.BuyerShare*float64(g.m.Accounts.Cash[g.Holder[i]])))
}

// order lets allies trade, then every group bid for what it lacks and offer what it has too much of.
func (g *Groups) order(w *sim.World) {
	clear(g.bought)
	clear(g.offered)
	clear(g.asked)
	clear(g.filled)
	clear(g.binding)
	g.appraise()
	g.tradeWithAllies()
	luck := w.Luck("group order")
	for i, holder := range g.Holder {
		if g.status[i] == waiting {
			continue
		}
		key := luck.At(w.Accounts.ID[holder])
		total := g.openMarkets(i)
		if total > 0 {
			g.buy(i, total, key.Label("buy"))
			g.sell(i, total, key.Label("sell"))
		}
	}
}

// openMarkets weighs the places of a group by how freely it can trade there and returns the sum of the weights.
func (g *Groups) openMarkets(i int) (total float64) {
	for k, p := range g.reach[i] {
		g.open[k] = p.share * g.access(i, p.hub)
		total += g.open[k]
	}
	return total
}

// access is the part of a group's custom that it can place at a hub: none where arms are not traded or an enemy force
// holds an open town, some where it holds a clandestine one.
func (g *Groups) access(i, hub int) float64 {
	if !g.m.trades(hub) {
		return 0
	}
	pl := &g.m.Places[hub]
	if pl.Force < 0 || !g.m.Forces.hostile(i, pl.Force) {
		return 1
	}
	if pl.Regime == Clandestine {
		return g.m.P.Group.EnemyTown
	}
	return 0
}

// bidSteps is how many steps a group's demand curve has in one market.
const bidSteps = 3

// buy bids within the arms budget, the wishes for all goods cut alike where it does not reach.
func (g *Groups) buy(i int, open float64, luck sim.Key) {
	m := g.m
	var total float64
	for good := range g.plan {
		g.plan[good] = g.wish(i, good)
		total += float64(g.plan[good].units * ((g.plan[good].first + g.plan[good].final) / 2))
	}
	budget := m.P.Group.ArmsShare * float64(max(0, m.Accounts.Cash[g.Holder[i]]))
	cut := 1.0
	if total > budget {
		cut = budget / total
		g.binding[i] = true
	}
	left := int64(budget)
	for good := range g.plan {
		for k, p := range g.reach[i] {
			if g.open[k] > 0 && g.plan[good].units > 0 {
				units := whole64(g.plan[good].units*cut*(g.open[k]/open), luck.At(m.now.goodKey[good]^m.now.hubKey[p.hub]))
				left = g.bidAt(i, good, p.hub, units, left)
			}
		}
	}
}

// wish is what a group would buy of a good if money were no matter: what it lacks, up to a share of W in a week.
func (g *Groups) wish(i, good int) wish {
	m := g.m
	w := g.wanted[i*m.Goods+good]
	h := float64(m.Accounts.Units(g.Holder[i], good))
	units := min(m.P.Group.BuyRate*w, w-h)
	if units <= 0 {
		return wish{}
	}
	return wish{units, g.value[i*m.Goods+good], g.worthAt(i, good, h+units)}
}

// bidAt places the steps of one market and returns the cash left.
func (g *Groups) bidAt(i, good, hub int, units, left int64) int64 {
	steps := min(units, bidSteps)
	p := &g.plan[good]
	var below int64
	for k := int64(0); k < steps; k++ {
		upTo := units * (k + 1) / steps
		limit := int64(p.first + float64((p.final-p.first)*((float64(k)+0.5)/float64(steps))))
		n := upTo - below
		below = upTo
		if limit <= 0 || limit > maxLimit {
			continue
		}
		if n = min(n, left/limit); n > 0 {
			g.m.bid(hub, good, g.Holder[i], n, limit)
			g.asked[i] += float64(p.first * float64(n))
			left -= n * limit
		}
	}
	return left
}

// surplusRate is the share of a surplus that is offered in a week.
const surplusRate = 0.25

// sell offers a part of what is above the surplus level.
func (g *Groups) sell(i int, open float64, luck sim.Key) {
	m := g.m
	for good := 0; good < m.Goods; good++ {
		have := m.Accounts.Units(g.Holder[i], good)
		excess := float64(have) - float64(m.P.Group.Surplus*g.wanted[i*m.Goods+good])
		if excess < 1 || have == 0 {
			continue
		}
		left := int64(excess)
		for k, p := range g.reach[i] {
			n := min(left, whole64(excess*surplusRate*(g.open[k]/open), luck.At(m.now.goodKey[good]^m.now.hubKey[p.hub])))
			limit, ok := surplusAsk(m.P.Group.SellBecause, g.value[i*m.Goods+good], float64(m.lastBid(p.hub, good)))
			if n > 0 && ok {
				m.ask(p.hub, good, g.Holder[i], n, int64(limit))
				g.offered[i*m.Goods+good] += int32(n)
				left -= n
			}
		}
	}
}

// scrap is the part of its own valuation at which a group sheds what it does not need.
const scrap = 0.25

// surplusAsk is the lowest price at which a group sells a surplus unit worth v to it where the last bid was so high, and
// whether it sells at all: for the price, to be rid of it, or for the price where there is one and else to be rid of it.
func surplusAsk(because string, v, bid float64) (limit float64, sells bool) {
	switch {
	case because != "shed" && bid > v:
		return max(1, v), true
	case because == "price":
		return 0, false
	}
	return max(1, v*scrap), true
}

// tradeWithAllies lets groups that have what they want sell to allies that lack it, at the seller's own valuation. It is a
// deal between two, not a sale on the market: no price is made.
func (g *Groups) tradeWithAllies() {
	for s := range g.Holder {
		for b := range g.Holder {
			if g.allied[s][b] && g.status[s] == active && g.status[b] == active {
				g.supply(s, b)
			}
		}
	}
}

func (g *Groups) supply(s, b int) {
	m, acc := g.m, g.m.Accounts
	budget := int64(m.P.Group.ArmsShare * float64(max(0, acc.Cash[g.Holder[b]])) / 2)
	for good := 0; good < m.Goods; good++ {
		at, bt := s*m.Goods+good, b*m.Goods+good
		spare := float64(acc.Units(g.Holder[s], good)) - g.wanted[at]
		lack := g.wanted[bt] - float64(acc.Units(g.Holder[b], good))
		price := int64(g.value[at])
		if spare < 1 || lack < 1 || price < 1 || g.value[at] >= g.value[bt] {
			continue
		}
		n := min(int64(min(spare, lack, m.P.Group.BuyRate*g.wanted[bt])), budget/price)
		if n <= 0 {
			continue
		}
		acc.Move(g.Holder[s], g.Holder[b], good, clamp32(n))
		acc.Pay(g.Holder[b], g.Holder[s], n*price)
		g.bought[bt] += int32(n)
		budget -= n * price
		g.value[at] = g.worthAt(s, good, float64(acc.Units(g.Holder[s], good)))
		g.value[bt] = g.worthAt(b, good, float64(acc.Units(g.Holder[b], good)))
	}
}

// goldFactor scales a group's income from mines: the mines among its places, less where an enemy force sits on them.
func (g *Groups) goldFactor(i int) float64 {
	m := g.m
	sum, share := 0.0, 0.0
	for _, p := range g.reach[i] {
		if m.Setup.Hubs[p.hub].Kind != "mine" {
			continue
		}
		access := 1.0
		if f := m.Places[p.hub].Force; f >= 0 && m.Forces.hostile(i, f) {
			access = m.P.Group.EnemyTown
		}
		sum += float64(p.share * (m.Places[p.hub].Gold * access))
		share += p.share
	}
	if share == 0 {
		return 1
	}
	return sum / share
}

// income books a week of income and upkeep and moves the number of fighters.
func (g *Groups) income(w *sim.World) {
	p := &g.m.P.Group
	for i, holder := range g.Holder {
		if g.status[i] != active {
			continue
		}
		s := &g.m.Setup.Groups[i]
		usual := float64(float64(s.Gold)*g.goldFactor(i)) + float64(float64(s.Extortion)*g.grown[i]) + float64(s.Support)
		comes := max(0, min(float64(usual*g.earns[i])+g.extra[i], maxLimit))
		w.Accounts.Receive(holder, int64(comes), sim.Income)
		due := int64(g.Fighters[i] * float64(s.Upkeep))
		cash := max(0, w.Accounts.Cash[holder])
		paid := min(due, cash)
		if spare := float64(cash-paid) - float64(p.Reserve*comes); spare > 0 {
			paid += int64(p.Bonus * spare)
		}
		w.Accounts.Spend(holder, paid, sim.Living)
		if !g.m.burning() {
			g.strength[i] *= 1 + s.Growth/weeksPerYear
			g.grown[i] *= 1 + s.Growth/weeksPerYear
		}
		g.Fighters[i] = nextFighters(g.Fighters[i], g.strength[i], paid, due, p.Desert)
	}
}

// joinRate is how fast a group that pays fills its ranks, per week.
const joinRate = 0.05

// nextFighters moves the number of fighters towards the wanted strength where they are paid; where a part of the pay is
// missing, the same part of a weekly share leaves.
func nextFighters(fighters, strength float64, paid, due int64, desert float64) float64 {
	if paid < due {
		return fighters * (1 - float64(desert*(1-float64(paid)/float64(due))))
	}
	return fighters + float64((strength-fighters)*joinRate)
}

// nearlyAll is the filled part of a group's bids above which it was money that kept it from buying more.
const nearlyAll = 0.8

// boughtOnMarket notes a purchase of a group on the market.
func (g *Groups) boughtOnMarket(s *sim.Sale) {
	if i := int(s.Buyer - g.first); i >= 0 && i < len(g.Holder) {
		g.filled[i] += float64(g.value[i*g.m.Goods+int(s.Market)%g.m.Goods] * float64(s.Units))
	}
}

// tax follows the clearing: groups see whether money kept them from buying more, and take their share of what carriers
// and dealers sold in hubs that they control.
func (g *Groups) tax(w *sim.World) {
	m, acc := g.m, w.Accounts
	for k := range w.Auctions.Sales {
		s := &w.Auctions.Sales[k]
		g.boughtOnMarket(s)
		i := m.Places[int(s.Market)/m.Goods].Group
		if i < 0 || g.status[i] != active || acc.Label[s.Seller] == g.Label[i] {
			continue
		}
		if role := acc.Role[s.Seller]; role != sim.Carrier && role != sim.Merchant {
			continue
		}
		tax := int64(m.Setup.Groups[i].TaxRate * float64(s.Price*int64(s.Units)))
		acc.Pay(s.Seller, g.Holder[i], tax)
		week := &w.Auctions.Week[s.Market] // what the price is made of: a toll, not the seller's margin
		week.Cost[sim.CostToll] += tax
		week.Cost[sim.CostMargin] -= tax
	}
	for i := range g.binding {
		g.binding[i] = g.binding[i] && g.filled[i] >= nearlyAll*g.asked[i]
	}
}

// wear takes the arms that wore out in the week.
func (g *Groups) wear(w *sim.World) {
	m := g.m
	luck := w.Luck("group wear")
	for i, holder := range g.Holder {
		if g.status[i] == waiting {
			continue
		}
		key := luck.At(w.Accounts.ID[holder])
		for good := range m.GoodSpec {
			if s := &m.GoodSpec[good]; s.Durable {
				worn := float64(w.Accounts.Units(holder, good)) * s.Wear / weeksPerYear
				w.Accounts.Remove(sim.Lost, holder, good, clamp32(whole64(worn, key.At(m.now.goodKey[good]))))
			}
		}
	}
}

package agents

import (
	"slices"
	"strconv"

	"entrepot/sim"
)

// Military forces
//
// Rule. A force that is present spreads its patrol-weeks over the open roads of its zones: fixed (by weight, main roads
// more), random (over a weekly draw of them) or adaptive,
//
//	share = explore * weight + (1-explore) * remembered seizures,   memory <- delta*memory + seizures of the week.
//
// A patrol-week adds a hazard to both directions of its road; every road into a town that a force holds adds another; air
// surveillance adds strikes in proportion to exposure. A campaign marches from hub to hub along the shortest roads, so many
// days per 100 km, takes its objectives and the towns of enemies that it passes, and holds them. Enemies near its next town clash
// with it Poisson((f*e)/column) times a week, f attackers with e rifle-equivalents each: a clash costs days and arms, and a column that
// makes no way for a month turns back.
// Posts leak arms: L = L0*scale*(price/p0)^eps rifle-equivalents a week, eps = 0 being "poor control". They are sold near
// the going price of the nearest market, and refilled from outside the market.
// Source: model design 4.8; patrols after Reuter & Crawford's SOAR (RAND) and Gal & Casas 2014. Left out: intelligence,
// corruption beyond payments and leakage, and losses of soldiers.

// Forces are all military forces, their posts, patrols and campaigns.
type Forces struct {
	m       *Model
	labels  []string
	Present []bool
	told    []int8    // by event: 1 arrived, -1 left, 0 by the table
	effort  []float64 // factor of events on patrols and air surveillance
	enemy   [][]bool  // force, group
	near    []bool    // by force and hub
	zone    [][]int32 // roads (pairs of arcs) of its zones
	posts   []post
	marches []march

	first, back []int32   // by road: its two arcs (back = -1 where there is one direction only)
	weight      []float64 // by road
	memory      []float64 // by road: remembered seizures
	share       []float64 // by road, reused
	patrols     []float64 // by force and road: patrol-weeks of this week
	watcher     []int16   // by arc: the force most felt there, or -1

	leaked []int32                 // by post and good: units offered this week
	seized [][sim.MaxOrigins]int32 // by force (the last: nobody's) and good, this week

	dist []float64 // by hub, reused by marches
	done []bool
}

// post is a garrison.
type post struct {
	force, hub int
	from, to   sim.Date
	soldiers   float64 // full garrison
	store      float64 // full store of rounds
	refill     float64
	garrison   float64 // now
	rounds     float64
	active     bool
	stand      bool // a stand-in for a documented overrun where the table has no post
	key        uint64
	holder     int32 // of leaked arms
	market     int   // hub where they are sold, or -1
}

// march is a campaign under way.
type march struct {
	force    int
	strength float64 // of its column, attackers who clash with it once a week
	hubs     []int   // objectives, and towns of enemies on the way
	at       int     // hub where it stands, or -1
	left     float64 // days to the next of hubs
	started  bool
	stuck    int // weeks in a row without any way made
}

func newForces(m *Model) *Forces {
	n, arcs := len(m.Setup.Forces), len(m.Net.From)
	f := &Forces{m: m, Present: make([]bool, n), told: make([]int8, n), effort: ones(n), near: make([]bool, n*m.Net.Hubs), zone: make([][]int32, n),
		watcher: make([]int16, arcs), dist: make([]float64, m.Net.Hubs), done: make([]bool, m.Net.Hubs)}
	for i := range f.Present {
		f.Present[i] = true // as the table of hubs takes it; who is not there in the first week leaves his towns then
	}
	f.pairRoads()
	for i := range m.Setup.Forces {
		s := &m.Setup.Forces[i]
		enemies := make([]bool, len(m.Setup.Groups))
		for _, id := range s.Enemies {
			if g := maybe(m.GroupOf, id); g >= 0 {
				enemies[g] = true
			}
		}
		f.enemy = append(f.enemy, enemies)
		f.labels = append(f.labels, "force:"+s.ID)
		f.zone[i] = f.roadsOf(s.Roads)
	}
	f.memory, f.share = make([]float64, len(f.first)), make([]float64, len(f.first))
	f.patrols = make([]float64, n*len(f.first))
	for i := range m.Setup.Posts {
		f.addPost(&m.Setup.Posts[i])
	}
	f.standIns()
	f.leaked = make([]int32, len(f.posts)*m.Goods)
	f.seized = make([][sim.MaxOrigins]int32, (n+1)*m.Goods)
	return f
}

// pairRoads joins the two directions of each road: a patrol watches both.
func (f *Forces) pairRoads() {
	g := f.m.Net
	for a := range g.From {
		b := g.Find(int(g.To[a]), int(g.From[a]))
		if b >= 0 && b < a {
			continue
		}
		f.first, f.back = append(f.first, int32(a)), append(f.back, int32(b))
		w := 1.0
		if g.Main[a] {
			w = f.m.P.Road.Main
		}
		f.weight = append(f.weight, w)
	}
}

// roadsOf returns the roads with both ends in one of the zones.
func (f *Forces) roadsOf(zones []string) (roads []int32) {
	g := f.m.Net
	for r, a := range f.first {
		for _, z := range zones {
			hubs := f.m.now.zones[z]
			if slices.Contains(hubs, int32(g.From[a])) && slices.Contains(hubs, int32(g.To[a])) {
				roads = append(roads, int32(r))
				break
			}
		}
	}
	return roads
}

func (f *Forces) addPost(p *Post) {
	m := f.m
	force, hub := must(m.ForceOf, "force", p.Force), m.Hub(p.Hub)
	holder := m.holder("soldiers:"+p.Force+"@"+p.Hub, "soldiers:"+p.Force, sim.Tap, 0)
	m.Auctions.SetTap(holder, m.OriginOf["state_diverted"])
	market := -1
	if k := m.nearestMarket(hub, hub); k >= 0 {
		market = m.Markets[k]
	}
	f.posts = append(f.posts, post{force: force, hub: hub, from: p.From, to: p.To, soldiers: float64(p.Garrison), store: float64(p.Rounds), refill: p.Refill,
		garrison: float64(p.Garrison), rounds: float64(p.Rounds), key: postKey(p.Force, p.Hub, p.From), holder: holder, market: market})
}

// postKey names a post by force, hub and first day.
func postKey(force, hub string, from sim.Date) uint64 {
	return sim.NewKey(2).Label(force).Label(hub).At(uint64(from)).Bits()
}

// The size of a post that a documented overrun speaks of and no table describes.
const (
	standInGarrison = 100
	standInRounds   = 15000
)

// standIns adds a post for each documented overrun where the table has none of a force the group could have fought.
func (f *Forces) standIns() {
	m := f.m
	for k := range m.Setup.Events {
		e := &m.Setup.Events[k]
		hub, group := maybe(m.HubOf, e.Hub), maybe(m.GroupOf, e.Group)
		if e.Kind != "capture" || hub < 0 || group < 0 || len(f.Present) == 0 || f.postOf(hub, group, false) >= 0 {
			continue
		}
		force := max(m.Places[hub].Force, 0)
		for i := range f.Present {
			if f.hostile(group, i) {
				force = i
				break
			}
		}
		id := m.Setup.Forces[force].ID
		f.posts = append(f.posts, post{force: force, hub: hub, soldiers: standInGarrison, store: standInRounds, refill: 1,
			garrison: standInGarrison, rounds: standInRounds, stand: true, key: postKey(id, e.Hub, e.Date), holder: -1, market: -1})
	}
}

// hostile reports whether a group and a force are enemies, as either of them sees it.
func (f *Forces) hostile(group, force int) bool {
	return f.enemy[force][group] || f.m.Groups.atWar[group][force]
}

// postAt returns the post at a hub that a group overran: one that is manned before others; -1 where there is none.
func (f *Forces) postAt(hub, group int) int {
	if p := f.postOf(hub, group, true); p >= 0 {
		return p
	}
	return f.postOf(hub, group, false)
}

func (f *Forces) postOf(hub, group int, now bool) int {
	for p := range f.posts {
		q := &f.posts[p]
		if q.hub == hub && f.hostile(group, q.force) && (!now || f.m.spans(q.from, q.to)) {
			return p
		}
	}
	for p := range f.posts { // a force not yet known as an enemy
		if q := &f.posts[p]; q.hub == hub && !now {
			return p
		}
	}
	return -1
}

// look finds out where each force is near: around its manned posts and the towns that it holds.
func (f *Forces) look() {
	clear(f.near)
	for p := range f.posts {
		if q := &f.posts[p]; q.active {
			f.around(q.force, q.hub)
		}
	}
	for h := range f.m.Places {
		if force := f.m.Places[h].Force; force >= 0 {
			f.around(force, h)
		}
	}
}

func (f *Forces) around(force, hub int) {
	hubs := f.m.Net.Hubs
	for h := 0; h < hubs; h++ {
		if f.m.nearness(hub, h) > 0 {
			f.near[force*hubs+h] = true
		}
	}
}

// enemyNear reports whether an enemy force of a group is near a hub.
func (f *Forces) enemyNear(group, hub int) bool {
	for i := range f.Present {
		if f.near[i*f.m.Net.Hubs+hub] && f.hostile(group, i) {
			return true
		}
	}
	return false
}

// calendar lets forces come and go and mans their posts. A post is manned where its force is present and no hostile group
// holds the town.
func (f *Forces) calendar() {
	m := f.m
	for i := range f.Present {
		s := &m.Setup.Forces[i]
		here := m.spans(s.From, s.To) && f.told[i] == 0 || f.told[i] > 0
		if here != f.Present[i] {
			m.now.changed = true
		}
		if f.Present[i] && !here {
			f.abandon(i)
		}
		f.Present[i] = here
	}
	for p := range f.posts {
		q := &f.posts[p]
		holder := m.Places[q.hub].Group
		manned := !q.stand && f.Present[q.force] && m.spans(q.from, q.to) && !(holder >= 0 && f.hostile(holder, q.force))
		if manned != q.active {
			q.active, m.now.changed = manned, true
			q.garrison, q.rounds = q.soldiers, q.store
		}
	}
}

// abandon leaves the towns of a force that goes to nobody, and trade there need not hide from it any more.
func (f *Forces) abandon(force int) {
	for h := range f.m.Places {
		if f.m.Places[h].Force == force {
			f.m.hold(h, -1, -1, f.m.usualRegime(h, -1, -1))
		}
	}
}

// event applies an event of the kind force.
func (f *Forces) event(e *Event) {
	i := maybe(f.m.ForceOf, e.Force)
	if i < 0 {
		return
	}
	switch e.Action {
	case "arrive":
		f.told[i] = 1
	case "leave":
		f.told[i] = -1
	case "reinforce":
		if e.Factor > 0 {
			f.m.lasts(e, onEffort, []int32{int32(i)})
		}
	case "campaign":
		f.launch(i, e)
	}
}

// refill brings soldiers and rounds back to posts.
func (f *Forces) refill() {
	for p := range f.posts {
		q := &f.posts[p]
		toward(&q.garrison, q.soldiers, min(q.refill, 1))
		toward(&q.rounds, q.store, min(q.refill, 1))
	}
}

// patrol sets the hazards of the week that forces make, and lets campaigns march.
func (f *Forces) patrol(w *sim.World) {
	for k := range f.marches {
		f.advance(&f.marches[k], w.Luck("march").Label(f.m.Setup.Forces[f.marches[k].force].ID).At(f.m.now.hubKey[f.marches[k].hubs[0]]))
	}
	f.marches = slices.DeleteFunc(f.marches, func(c march) bool { return len(c.hubs) == 0 })
	m, g := f.m, f.m.Net
	clear(g.Patrol)
	clear(g.Strike)
	clear(f.patrols)
	for a := range g.To {
		g.Town[a] = 0
		f.watcher[a] = -1
		if force := m.Places[g.To[a]].Force; force >= 0 {
			g.Town[a] = m.P.Road.Town
			f.watcher[a] = int16(force)
		}
	}
	luck := w.Luck("patrol")
	for i := range f.Present {
		if f.Present[i] {
			f.spread(i, luck.Label(m.Setup.Forces[i].ID))
		}
	}
	f.watch()
}

// spread allocates a force's patrols and sets hazards on its roads.
func (f *Forces) spread(i int, luck sim.Key) {
	m, g, s := f.m, f.m.Net, &f.m.Setup.Forces[i]
	rule := s.Allocation
	if rule == "" {
		rule = m.P.Force.Allocation
	}
	f.allocate(f.zone[i], rule, luck)
	for _, r := range f.zone[i] {
		a, b := f.first[r], f.back[r]
		n := s.Patrol * f.effort[i] * f.share[r]
		f.patrols[i*len(f.first)+int(r)] = n
		hazard := float64(n * m.P.Road.PatrolHazard)
		g.Patrol[a] += hazard
		g.Strike[a] += float64(s.Air * f.effort[i] * g.Air[a])
		if b >= 0 {
			g.Patrol[b] += hazard
			g.Strike[b] += float64(s.Air * f.effort[i] * g.Air[b])
		}
	}
}

// randomPart is the part of the roads that random patrols visit in a week.
const randomPart = 0.25

// allocate sets the share of patrols on each road of a zone; the shares of open roads sum to 1, if there are any.
func (f *Forces) allocate(roads []int32, rule string, luck sim.Key) {
	total, seizures := 0.0, 0.0
	for _, r := range roads {
		x := 0.0
		if f.m.Net.Open[f.first[r]] && (rule != "random" || f.drawn(r, luck)) {
			x = f.weight[r]
			seizures += f.memory[r]
		}
		f.share[r] = x
		total += x
	}
	if total == 0 && rule == "random" { // a draw of none: all
		f.allocate(roads, "fixed", luck)
		return
	}
	explore := 1.0
	if rule == "adaptive" && seizures > 1e-6 {
		explore = f.m.P.Force.Explore
	}
	for _, r := range roads {
		if f.share[r] > 0 {
			f.share[r] = float64(f.share[r]/total*explore) + float64(f.memory[r]/max(seizures, 1e-6)*(1-explore))
		}
	}
}

// drawn reports whether a road is among the random patrols of the week. The key is of the places, not of their order.
func (f *Forces) drawn(r int32, luck sim.Key) bool {
	g, keys := f.m.Net, f.m.now.hubKey
	a := f.first[r]
	return luck.At(keys[g.From[a]]^keys[g.To[a]]).Float() < randomPart
}

// watch finds the force most felt on each arc, which gets the seizures made there.
func (f *Forces) watch() {
	for r, a := range f.first {
		best, most := int16(-1), 0.0
		for i := range f.Present {
			if n := f.patrols[i*len(f.first)+r]; n > most {
				best, most = int16(i), n
			}
		}
		if best < 0 {
			continue
		}
		for _, arc := range [2]int32{a, f.back[r]} {
			if arc >= 0 && (f.watcher[arc] < 0 || most*f.m.P.Road.PatrolHazard > f.m.Net.Town[arc]) {
				f.watcher[arc] = best
			}
		}
	}
}

// learn remembers where arms were seized and books who seized them.
func (f *Forces) learn(w *sim.World) {
	roads := w.Roads
	for r, a := range f.first {
		n := float64(roads.SeizedOn[a])
		if b := f.back[r]; b >= 0 {
			n += float64(roads.SeizedOn[b])
		}
		f.memory[r] = float64(f.memory[r]*f.m.P.Force.SeizureMemory) + n
	}
	clear(f.seized)
	for k := range roads.Incidents {
		if x := &roads.Incidents[k]; x.Kind == sim.SeizedByForce {
			f.book(x, roads)
		}
	}
}

// book credits a seizure to the force most felt on the arc. The roads record what went missing by arc, not by incident:
// where several cargoes were lost on one arc in a week, each counts an equal part.
func (f *Forces) book(x *sim.Incident, roads *sim.Roads) {
	goods := f.m.Goods
	on := int32(0)
	for k := range roads.Incidents {
		if roads.Incidents[k].Arc == x.Arc {
			on++
		}
	}
	force := int(f.watcher[x.Arc])
	if force < 0 {
		force = len(f.Present)
	}
	for good := 0; good < goods; good++ {
		for o, n := range roads.Missing[int(x.Arc)*goods+good] {
			f.seized[force*goods+good][o] += n / on
		}
	}
}

// Leaked arms: the part of their load that is rounds, and what a depot asks for a rifle where nobody bids, over p0.
const (
	leakedRounds = 0.3
	leakedAsk    = 0.5
)

// leakage is what leaks out of a post in a week, rifle-equivalents. Under "poor_control" the price does not matter.
func leakage(l0, scale, price, p0, eps float64, rule string) float64 {
	if rule == "poor_control" || price <= 0 || p0 <= 0 || eps == 0 {
		return l0 * scale
	}
	return l0 * scale * sim.Pow(min(price/p0, 20), eps)
}

// leak offers what soldiers sell out of the posts.
func (f *Forces) leak(w *sim.World) {
	m, p := f.m, &f.m.P.Force
	clear(f.leaked)
	luck := w.Luck("leakage")
	rifle := m.rifle()
	for k := range f.posts {
		q := &f.posts[k]
		l0 := m.Setup.Forces[q.force].Leak
		if !q.active || l0 <= 0 || rifle < 0 || q.market < 0 || !m.trades(q.market) {
			continue
		}
		price := m.goingPrice(q.market, rifle)
		amount := leakage(l0, p.LeakScale, price, float64(p.LeakPrice), p.LeakElasticity, p.Leakage)
		key := luck.At(q.key)
		f.leakGood(k, rifle, amount*(1-leakedRounds), leakedAsk*float64(p.LeakPrice), key)
		for good := range m.GoodSpec {
			if s := &m.GoodSpec[good]; s.Ammunition && s.Load > 0 {
				f.leakGood(k, good, amount*leakedRounds*1000/float64(s.Load), 0, key)
				break
			}
		}
	}
}

// leakGood asks for the leaked units of a good a little under the going price, or for a price of its own where there is none.
func (f *Forces) leakGood(k, good int, units, otherwise float64, luck sim.Key) {
	m, q := f.m, &f.posts[k]
	limit := undercut * m.goingPrice(q.market, good)
	if limit <= 0 {
		limit = otherwise
	}
	if n := whole64(units, luck.At(m.now.goodKey[good])); n > 0 && limit >= 1 {
		m.ask(q.market, good, q.holder, n, int64(limit))
		f.leaked[k*m.Goods+good] += clamp32(n)
	}
}

// launch starts a campaign. Before the start its objectives are simply held.
func (f *Forces) launch(i int, e *Event) {
	c := march{force: i, at: -1, strength: f.m.P.Force.Column}
	if e.Factor > 0 {
		c.strength *= e.Factor
	}
	for _, id := range e.Hubs {
		if h := maybe(f.m.HubOf, id); h >= 0 {
			c.hubs = append(c.hubs, h)
		}
	}
	if e.Date < f.m.Start {
		for _, h := range c.hubs {
			f.m.hold(h, -1, i, Clandestine)
		}
		return
	}
	if len(c.hubs) > 0 {
		f.marches = append(f.marches, c)
	}
}

// advance is a week of a campaign: seven days of marching, less those that clashes cost.
func (f *Forces) advance(c *march, luck sim.Key) {
	days := 7.0
	c.stuck++
	for step := uint64(0); len(c.hubs) > 0 && days > 0; step++ {
		if !f.Present[c.force] {
			c.hubs = nil
			return
		}
		if next := c.hubs[0]; f.m.Places[next].Force == c.force { // it is theirs already
			c.arrive(next)
			continue
		}
		if !c.started && !f.depart(c, c.hubs[0]) {
			c.hubs = c.hubs[1:] // no way there
			continue
		}
		next := c.hubs[0]
		days -= f.clash(c, next, days, luck.At(step))
		if days < 0 {
			break
		}
		walked := min(days, c.left)
		c.left -= walked
		days -= walked
		c.stuck = 0
		if c.left > 0 {
			break
		}
		f.take(c, next)
	}
	if c.stuck >= patience && len(c.hubs) > 0 {
		f.m.happen("campaign", f.m.Setup.Hubs[c.hubs[0]].ID, f.m.Setup.Forces[c.force].ID+" is held up and turns back")
		c.hubs = nil
	}
}

// patience is how many weeks without any way made a column stands before it turns back.
const patience = 4

// arrive puts a column into a town and sets it off for the next one.
func (c *march) arrive(hub int) {
	c.at, c.started, c.stuck = hub, false, 0
	c.hubs = c.hubs[1:]
}

// depart plans the way to the next objective, by way of towns of enemies, which come first. A campaign starts from the nearest
// town that its force holds or has a post in; without one it is at its objective (it was flown in).
func (f *Forces) depart(c *march, objective int) bool {
	f.shortest(objective)
	if c.at < 0 {
		c.at = f.base(c.force)
	}
	c.left, c.started = 0, true
	if c.at < 0 {
		return true
	}
	if f.dist[c.at] >= sim.Unreachable {
		c.started = false
		return false
	}
	next := f.enemyTown(c.force, c.at, objective)
	if next != objective {
		c.hubs = slices.Insert(c.hubs, 0, next)
	}
	c.left = (f.dist[c.at] - f.dist[next]) / 100 * f.m.P.Force.MarchDays
	return true
}

// base returns the town or post of a force that is nearest by dist, or -1.
func (f *Forces) base(force int) int {
	base, km := -1, sim.Unreachable
	for h := range f.m.Places {
		if f.m.Places[h].Force == force && f.dist[h] < km {
			base, km = h, f.dist[h]
		}
	}
	for p := range f.posts {
		if q := &f.posts[p]; q.active && q.force == force && f.dist[q.hub] < km {
			base, km = q.hub, f.dist[q.hub]
		}
	}
	return base
}

// enemyTown returns the first town on the way from one hub to another (by dist) that a hostile group holds, or the end.
func (f *Forces) enemyTown(force, from, to int) int {
	g := f.m.Net
	for h := from; h != to; {
		best, km := -1, sim.Unreachable
		for a := g.Off[h]; a < g.Off[h+1]; a++ {
			if x := f.dist[g.To[a]] + g.Km[a]; x < km {
				best, km = int(g.To[a]), x
			}
		}
		if best < 0 || f.dist[best] >= f.dist[h] {
			return to // roads of no length: no way to walk along
		}
		h = best
		if group := f.m.Places[h].Group; group >= 0 && f.hostile(group, force) {
			return h
		}
	}
	return to
}

// shortest fills dist with the road kilometres from each hub to one (Dijkstra without a heap: it is rare and small).
// Closed roads do not stop an army.
func (f *Forces) shortest(to int) {
	g := f.m.Net
	fill(f.dist, sim.Unreachable)
	clear(f.done)
	f.dist[to] = 0
	for {
		h := -1
		for k := range f.dist {
			if !f.done[k] && f.dist[k] < sim.Unreachable && (h < 0 || f.dist[k] < f.dist[h]) {
				h = k
			}
		}
		if h < 0 {
			return
		}
		f.done[h] = true
		for a := g.Off[h]; a < g.Off[h+1]; a++ { // roads run both ways
			f.dist[g.To[a]] = min(f.dist[g.To[a]], f.dist[h]+g.Km[a])
		}
	}
}

// clashDays is what a clash costs a column, and mostClashes bounds those with one group in a week.
const (
	clashDays   = 3.0
	mostClashes = 10
)

// clash draws the ambushes of some days on a march and returns the days they cost. Half of the arms that a column loses are
// captured; the group loses as many of its own as it takes.
func (f *Forces) clash(c *march, next int, days float64, luck sim.Key) (cost float64) {
	m := f.m
	for i := range m.Groups.Holder {
		if m.Groups.status[i] != active || !f.hostile(i, c.force) {
			continue
		}
		key := luck.Label(m.Setup.Groups[i].ID)
		usual := m.Groups.attack(i, next) / max(c.strength, 1) * (days / 7)
		n := min(key.Poisson(min(max(usual, 0), mostClashes)), mostClashes)
		if n == 0 {
			continue
		}
		cost += float64(clashDays * float64(n))
		taken := key.Label("arms").Poisson(m.P.Force.MarchLoss / 2 * float64(n))
		if rifle := m.rifle(); rifle >= 0 {
			m.Accounts.Remove(sim.Lost, m.Groups.Holder[i], rifle, clamp32(taken))
			m.Groups.capture(i, rifle, taken)
		}
		m.happen("clash", m.Setup.Hubs[next].ID, m.Setup.Groups[i].ID+" ambushes "+m.Setup.Forces[c.force].ID+": "+strconv.FormatInt(taken, 10)+" rifles taken")
	}
	return cost
}

// take ends a march at its objective: the force holds the town, and the arms trade there hides.
func (f *Forces) take(c *march, hub int) {
	f.m.hold(hub, -1, c.force, Clandestine)
	f.m.happen("hub_control", f.m.Setup.Hubs[hub].ID, "taken by "+f.m.Setup.Forces[c.force].ID+" on the march")
	c.arrive(hub)
}

package sim

import (
	"math"
	"slices"
)

// Network is the map: hubs 0..Hubs-1 and directed arcs, sorted by their start. The columns of arcs are the true state of
// this week; what carriers believe about them stands in UserClass.
type Network struct {
	Hubs     int
	Off      []int32 // arcs of hub h: Off[h] to Off[h+1]
	From, To []int16

	Km   []float64
	Days []float64 // driving days
	Toll []int64   // CFA per vehicle
	Air  []float64 // exposure to air surveillance, 0-1
	Main []bool
	Open []bool

	// Hazards of one crossing, as rates: they add. Those that can be paid off:
	Border, Bandits, Patrol, Town []float64
	// and strikes, which cannot:
	Strike []float64
}

// record is what a class has met on an arc, fading.
type record struct {
	payable, strike float64 // stops
	exposure        float64 // crossings of a cargo of visibility 1
}

// Arc is what NewNetwork needs of one directed arc.
type Arc struct {
	From, To        int
	Km, Days        float64
	Toll            int64
	Border, Bandits float64
	Air             float64
	Main            bool
}

// NewNetwork sorts the arcs by start (stable) and builds the columns.
func NewNetwork(hubs int, arcs []Arc) *Network {
	n := len(arcs)
	g := &Network{Hubs: hubs, Off: make([]int32, hubs+1),
		From: make([]int16, n), To: make([]int16, n), Km: make([]float64, n), Days: make([]float64, n), Toll: make([]int64, n),
		Air: make([]float64, n), Main: make([]bool, n), Open: make([]bool, n),
		Border: make([]float64, n), Bandits: make([]float64, n), Patrol: make([]float64, n), Town: make([]float64, n), Strike: make([]float64, n)}
	for _, a := range arcs {
		g.Off[a.From+1]++
	}
	for h := 0; h < hubs; h++ {
		g.Off[h+1] += g.Off[h]
	}
	next := append([]int32(nil), g.Off[:hubs]...)
	for _, a := range arcs {
		i := next[a.From]
		next[a.From]++
		g.From[i], g.To[i] = int16(a.From), int16(a.To)
		g.Km[i], g.Days[i], g.Toll[i], g.Air[i], g.Main[i], g.Open[i] = a.Km, a.Days, a.Toll, a.Air, a.Main, true
		g.Border[i], g.Bandits[i] = a.Border, a.Bandits
	}
	return g
}

// Find returns the arc from one hub to another, or -1.
func (g *Network) Find(from, to int) int {
	for a := g.Off[from]; a < g.Off[from+1]; a++ {
		if int(g.To[a]) == to {
			return int(a)
		}
	}
	return -1
}

// Payable returns the arc's hazard of stops that can be paid off (H_p), per crossing of a cargo of visibility 1.
func (g *Network) Payable(a int) float64 {
	return g.Border[a] + g.Bandits[a] + g.Patrol[a] + g.Town[a]
}

// PathSum is what a trip to a destination is expected to meet, over the link-logit routes.
type PathSum struct {
	Cost    float64 // CFA per vehicle for fuel, wear and tolls
	Days    float64 // on the road
	Payable float64 // H_p
	Strike  float64 // H_x
}

// UserClass is a network of carriers as the roads see it: what it pays, what it believes, and the paths that follow.
type UserClass struct {
	Net   *Network
	Dests []int16 // hubs that trips can end at

	// Per arc, what this class pays and how much of a hazard it meets (kin roads are cheaper and safer).
	Fuel   []float64 // CFA per crossing
	Days   []float64
	Hazard []float64 // factor on true hazards

	// Gamma beliefs: (weight*prior + stops) / (weight + exposure), both hazards, per crossing.
	PriorPayable, PriorStrike []float64
	Weight                    float64  // b0, crossings
	records                   []record // the first is that of all arcs on which nothing has been met
	recordOf                  []int16  // by arc: which of them

	// How often it thinks its routes over: every so many calls of Refresh (0 and 1: at each), in step with other classes or
	// not; and at the next one after Notice.
	Every, Phase int

	// Paths, by destination and hub: index dest*Hubs+hub. A destination's are solved when it is first asked for (To).
	dist   []float64 // believed generalised cost, CFA; Unreachable where there is no way
	sum    []PathSum
	solved []bool  // by destination
	mu     float64 // scale of the link logit for which paths are wanted

	knows   []bool     // by hub: whether the class has ever been there
	arcs    []int16    // those between hubs that it knows
	cost    []float64  // by arc known: believed generalised cost
	links   []link     // by arc known: what the paths stand for
	meets   []PathSum  // by arc known: what one crossing was expected to meet when the paths were chosen
	from    []ways     // by hub: its part of the three
	order   []int16    // by destination: hubs known, from near to far when its paths were last solved
	hubs    int        // how many it knows
	weights []weighted // by arc of one hub, reused
	calls   int        // of Refresh
	noticed bool
}

// link is what a class believed of an arc when it last chose its paths.
type link struct {
	cost    float64 // generalised, CFA; Unreachable where the arc is closed
	to, arc int16
}

// ways are the arcs that leave a hub.
type ways struct {
	links []link
	meets []PathSum
}

// weighted is an arc with its weight in a draw; before it is weighed, with the detour it means, CFA.
type weighted struct {
	weight float64
	arc    int32 // position among those of the hub
}

// Unreachable is the distance to a hub that cannot be reached.
const Unreachable = 1e18

// NewUserClass returns a class without beliefs beyond its priors, which the caller sets. It uses only arcs between hubs
// that it knows (by hub; nil: all): there is no way for it to or from others.
func NewUserClass(net *Network, dests []int16, knows []bool, weight float64) *UserClass {
	n := len(net.From)
	if knows == nil {
		knows = make([]bool, net.Hubs)
		for h := range knows {
			knows[h] = true
		}
	}
	col := func() []float64 { return make([]float64, n) }
	c := &UserClass{Net: net, Dests: dests, Weight: weight, Fuel: col(), Days: col(), Hazard: col(),
		PriorPayable: col(), PriorStrike: col(), records: make([]record, 1, n+1), recordOf: make([]int16, n), knows: knows,
		dist: make([]float64, len(dests)*net.Hubs), sum: make([]PathSum, len(dests)*net.Hubs), solved: make([]bool, len(dests)),
		weights: make([]weighted, n)}
	for h := range c.dist {
		c.dist[h] = Unreachable
	}
	c.chart()
	return c
}

// chart lists the hubs and arcs that a class knows.
func (c *UserClass) chart() {
	g := c.Net
	var hubs []int16
	for h := range g.Hubs {
		if c.knows[h] {
			hubs = append(hubs, int16(h))
		}
	}
	for a, from := range g.From {
		if c.knows[from] && c.knows[g.To[a]] {
			c.arcs, c.links = append(c.arcs, int16(a)), append(c.links, link{to: g.To[a], arc: int16(a)})
		}
	}
	c.cost, c.meets = make([]float64, len(c.arcs)), make([]PathSum, len(c.arcs))
	first, end := 0, 0
	for h := range g.Hubs {
		for end < len(c.arcs) && int(g.From[c.arcs[end]]) == h {
			end++
		}
		c.from = append(c.from, ways{c.links[first:end:end], c.meets[first:end:end]})
		first = end
	}
	c.hubs = len(hubs)
	for _, dest := range c.Dests { // the destination is always the first of its order
		order := append([]int16(nil), hubs...)
		if k := slices.Index(order, dest); k > 0 {
			order[0], order[k] = order[k], order[0]
		}
		c.order = append(c.order, order...)
	}
}

// Payable returns the believed hazard of stops that can be paid off on an arc.
func (c *UserClass) Payable(a int) float64 {
	r := &c.records[c.recordOf[a]]
	return (float64(c.Weight*c.PriorPayable[a]) + r.payable) / (c.Weight + r.exposure)
}

// Strike returns the believed hazard of strikes on an arc.
func (c *UserClass) Strike(a int) float64 {
	r := &c.records[c.recordOf[a]]
	return (float64(c.Weight*c.PriorStrike[a]) + r.strike) / (c.Weight + r.exposure)
}

// record returns the record of an arc, to be added to.
func (c *UserClass) record(a int) *record {
	if c.recordOf[a] == 0 {
		c.recordOf[a] = int16(len(c.records))
		c.records = append(c.records, record{})
	}
	return &c.records[c.recordOf[a]]
}

// Forget fades own records by a share, of arcs no longer used too.
func (c *UserClass) Forget(share float64) {
	keep := 1 - share
	for k := range c.records {
		r := &c.records[k]
		r.payable *= keep
		r.strike *= keep
		r.exposure *= keep
	}
}

// RouteCost is what makes a hazard comparable with money when routes are chosen.
type RouteCost struct {
	PerDay   float64 // CFA: other work forgone, capital
	Payment  float64 // CFA expected per payable stop
	PerLoss  float64 // CFA: cargo and the owner's loss
	LossPart float64 // share of payable stops that end in loss
	Mu       float64 // CFA, scale of the link logit
}

// Notice makes a class think its routes over at the next Refresh, because something happened that everybody sees: a road
// opened or closed, a town changed hands.
func (c *UserClass) Notice() { c.noticed = true }

// due counts a call of Refresh and reports whether routes are thought over in it, as they are in the first one, and whether
// that is because of something that everybody saw.
func (c *UserClass) due() (due, noticed bool) {
	call := c.calls
	c.calls++
	noticed = c.noticed || call == 0
	c.noticed = false
	return noticed || c.Every <= 1 || (call+c.Phase)%c.Every == 0, noticed
}

// Refresh recomputes the believed costs and, where they moved by more than a tolerance (relative, summed over arcs), lets all
// paths be solved anew. It reports whether it did. Between the weeks in which a class thinks its routes over (Every) it does not notice
// own stops and losses, nor talk of patrols that come and go: its paths and what it expects of trips are then up to
// Every-1 weeks old. Closed arcs are never taken, noticed or not.
func (c *UserClass) Refresh(r RouteCost, tolerance float64) bool {
	due, noticed := c.due()
	if !due {
		return false
	}
	if noticed { // a town has changed hands: a few roads matter, however little that is over all of them
		tolerance = 0
	}
	c.believe(&r)
	var moved, whole float64
	for k, cost := range c.cost {
		moved += math.Abs(cost - c.links[k].cost)
		if cost < Unreachable {
			whole += cost
		}
	}
	if moved <= float64(tolerance*whole) {
		return false
	}
	for k, arc := range c.arcs {
		a := int(arc)
		c.links[k].cost = c.cost[k]
		c.meets[k] = PathSum{Cost: c.Fuel[a] + float64(c.Net.Toll[a]), Days: c.Days[a],
			Payable: float64(c.Payable(a) * c.Hazard[a]), Strike: float64(c.Strike(a) * c.Hazard[a])}
	}
	clear(c.solved)
	c.mu = r.Mu
	return true
}

// To returns, by hub, the believed generalised cost of the way to a destination (CFA; Unreachable where there is none) and
// what a trip there is expected to meet, as of the last time when the class changed its paths.
func (c *UserClass) To(d int) (dist []float64, sum []PathSum) {
	if !c.solved[d] {
		c.solve(d)
	}
	n := c.Net.Hubs
	return c.dist[d*n : (d+1)*n], c.sum[d*n : (d+1)*n]
}

// believe works out the generalised costs of all arcs as the class now believes them, CFA.
func (c *UserClass) believe(r *RouteCost) {
	weight, perDay, perLoss := c.Weight, r.PerDay, r.PerLoss
	perPayable := r.Payment + float64(r.LossPart*r.PerLoss)
	for k, a := range c.arcs {
		if !c.Net.Open[a] {
			c.cost[k] = Unreachable
			continue
		}
		rec := &c.records[c.recordOf[a]]
		met := float64((float64(weight*c.PriorPayable[a])+rec.payable)*perPayable) + float64((float64(weight*c.PriorStrike[a])+rec.strike)*perLoss)
		cost := c.Fuel[a] + float64(c.Net.Toll[a]) + float64(c.Days[a]*perDay) + float64(met*c.Hazard[a])/(weight+rec.exposure)
		c.cost[k] = max(cost, 1) // a free road still brings one nearer
	}
}

// solve finds the distances to one destination and then sums, from near to far, what trips meet under the link logit of
// Dial (1971): at each hub only arcs that bring one nearer, with chance ~ exp(-(cost + dist there - dist here)/mu).
func (c *UserClass) solve(d int) {
	c.solved[d] = true
	if !c.knows[c.Dests[d]] {
		return
	}
	n, hubs := c.Net.Hubs, c.hubs
	dist, sum, order := c.dist[d*n:(d+1)*n], c.sum[d*n:(d+1)*n], c.order[d*hubs:(d+1)*hubs]
	for _, h := range order {
		dist[h] = Unreachable
	}
	dist[c.Dests[d]] = 0
	for from := 1; from < hubs; {
		from = c.sweep(dist, order, from)
	}
	for _, h := range order {
		c.expect(h, dist, sum, c.mu)
	}
}

// sweep lowers every distance to the best over the arcs that leave a hub, in the order given from a position on, moves
// forward in that order who turns out to be nearer, and returns the first position that was taken so (all hubs: none was).
// If none was the distances are final: an arc to a hub later in the order cannot help, for it ends farther away, and those
// to earlier hubs have been looked at with their last values. Costs change little from one refresh to the next, so that
// most of the last order still holds and one sweep or two are all. Each distance is the same sum from the destination
// outwards that Dijkstra's algorithm forms, to the bit. The destination stays at position 0.
func (c *UserClass) sweep(dist []float64, order []int16, from int) (moved int) {
	last := dist[order[from-1]]
	moved = len(order)
	for i := from; i < len(order); i++ {
		h := order[i]
		least := nearest(c.from[h].links, dist, dist[h])
		dist[h] = least
		if least >= last {
			last = least
			continue
		}
		j := i
		for ; dist[order[j-1]] > least; j-- {
			order[j] = order[j-1]
		}
		order[j] = h
		moved = min(moved, j)
	}
	return moved
}

// nearest returns the least distance over the arcs that leave a hub, or the one given.
func nearest(links []link, dist []float64, least float64) float64 {
	bits := math.Float64bits(least) // those of numbers above 0 have their order, and are compared without a branch
	for k := range links {
		l := &links[k]
		if d := math.Float64bits(l.cost + dist[l.to]); d < bits {
			bits = d
		}
	}
	return math.Float64frombits(bits)
}

// expect works out the mean of what a trip from a hub meets, given those from all hubs nearer to the destination. The best
// way has weight 1, and where it is the only one there is nothing to weigh. Long detours are left out.
func (c *UserClass) expect(h int16, dist []float64, sum []PathSum, mu float64) {
	here, from := dist[h], &c.from[h]
	links, s := from.links, &sum[h]
	ways := nearer(c.weights[:len(links)], links, dist, here)
	if len(ways) == 1 && links[ways[0].arc].cost < Unreachable {
		k := ways[0].arc
		m, n := &from.meets[k], &sum[links[k].to]
		s.Cost, s.Days, s.Payable, s.Strike = m.Cost+n.Cost, m.Days+n.Days, m.Payable+n.Payable, m.Strike+n.Strike
		return
	}
	ways = weigh(ways, mu)
	if len(ways) == 0 {
		*s = PathSum{}
		return
	}
	from.mean(s, ways, sum)
}

// nearer lists the arcs that end nearer to the destination than a hub, each with the detour that it means. It is a function of its own
// so that all that the loop needs stays in registers.
//
//go:noinline
func nearer(ways []weighted, links []link, dist []float64, here float64) []weighted {
	n := 0
	for k := range links { // without a branch, which could not be foreseen
		l := &links[k]
		there := dist[l.to]
		ways[n] = weighted{l.cost + there - here, int32(k)}
		if there < here {
			n++
		}
	}
	return ways[:n]
}

// weigh replaces detours by weights and leaves out long ones, as are those over closed arcs.
func weigh(ways []weighted, mu float64) []weighted {
	n, far := 0, float64(longDetour*mu)
	for _, w := range ways {
		switch {
		case w.weight > far:
			continue
		case w.weight == 0:
			w.weight = 1
		default:
			w.weight = Exp(-w.weight / mu)
		}
		ways[n] = w
		n++
	}
	return ways[:n]
}

// mean is the weighted mean over the ways from a hub.
func (f *ways) mean(s *PathSum, ways []weighted, sum []PathSum) {
	var total, cost, days, payable, strike float64
	for k := range ways {
		w, m, n := ways[k].weight, &f.meets[ways[k].arc], &sum[f.links[ways[k].arc].to]
		total += w
		cost += float64(w * (m.Cost + n.Cost))
		days += float64(w * (m.Days + n.Days))
		payable += float64(w * (m.Payable + n.Payable))
		strike += float64(w * (m.Strike + n.Strike))
	}
	part := 1 / total
	s.Cost, s.Days, s.Payable, s.Strike = float64(cost*part), float64(days*part), float64(payable*part), float64(strike*part)
}

// longDetour is a detour, over mu, that is not weighed: one traveller in three thousand would take it.
const longDetour = 8

// Next draws the arc that a carrier at a hub takes towards a destination, or -1 where there is no way.
func (c *UserClass) Next(d int, hub int16, mu float64, luck Key) int {
	dist, _ := c.To(d)
	from, n := &c.from[hub], 0
	ways := nearer(c.weights[:len(from.links)], from.links, dist, dist[hub])
	for _, w := range ways {
		if l := &from.links[w.arc]; l.cost < Unreachable && c.Net.Open[l.arc] {
			ways[n] = w
			n++
		}
	}
	switch ways = ways[:n]; n {
	case 0:
		return -1
	case 1:
		return int(from.links[ways[0].arc].arc)
	}
	var total float64
	for k := range ways {
		ways[k].weight = Exp(-ways[k].weight / mu)
		total += ways[k].weight
	}
	u := float64(luck.Float() * total)
	for k := range ways {
		if u -= ways[k].weight; u < 0 {
			return int(from.links[ways[k].arc].arc)
		}
	}
	return int(from.links[ways[len(ways)-1].arc].arc)
}

package sim

// Network is the map: hubs 0..Hubs-1 and directed arcs, sorted by their start. The columns of arcs are the true state of
// this week; what carriers believe about them stands in UserClass.
type Network struct {
	Hubs     int
	Off      []int32 // arcs of hub h: Off[h] to Off[h+1]
	From, To []int16
	in       []int32 // arcs by their end, and where each end's begin
	inOff    []int32

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
	g := &Network{Hubs: hubs, Off: make([]int32, hubs+1), inOff: make([]int32, hubs+1), in: make([]int32, n),
		From: make([]int16, n), To: make([]int16, n), Km: make([]float64, n), Days: make([]float64, n), Toll: make([]int64, n),
		Air: make([]float64, n), Main: make([]bool, n), Open: make([]bool, n),
		Border: make([]float64, n), Bandits: make([]float64, n), Patrol: make([]float64, n), Town: make([]float64, n), Strike: make([]float64, n)}
	for _, a := range arcs {
		g.Off[a.From+1]++
		g.inOff[a.To+1]++
	}
	for h := 0; h < hubs; h++ {
		g.Off[h+1] += g.Off[h]
		g.inOff[h+1] += g.inOff[h]
	}
	next := append([]int32(nil), g.Off[:hubs]...)
	for _, a := range arcs {
		i := next[a.From]
		next[a.From]++
		g.From[i], g.To[i] = int16(a.From), int16(a.To)
		g.Km[i], g.Days[i], g.Toll[i], g.Air[i], g.Main[i], g.Open[i] = a.Km, a.Days, a.Toll, a.Air, a.Main, true
		g.Border[i], g.Bandits[i] = a.Border, a.Bandits
	}
	copy(next, g.inOff[:hubs])
	for i := range g.To {
		g.in[next[g.To[i]]] = int32(i)
		next[g.To[i]]++
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
	Cost    float64 // CFA per vehicle for fuel and wear
	Toll    float64 // CFA per vehicle
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
	StopsPayable, StopsStrike []float64
	Exposure                  []float64
	Weight                    float64 // b0, crossings

	// Paths, by destination and hub: index dest*Hubs+hub.
	Dist []float64 // believed generalised cost, CFA; Unreachable where there is no way
	Sum  []PathSum

	cost    []float64 // believed generalised cost of an arc
	lastFor []float64 // the costs that the paths stand for
	heap    []heapItem
	order   []int16
	settled []bool
}

// Unreachable is the distance to a hub that cannot be reached.
const Unreachable = 1e18

// NewUserClass returns a class without beliefs beyond its priors, which the caller sets.
func NewUserClass(net *Network, dests []int16, weight float64) *UserClass {
	n := len(net.From)
	col := func() []float64 { return make([]float64, n) }
	c := &UserClass{Net: net, Dests: dests, Weight: weight, Fuel: col(), Days: col(), Hazard: col(),
		PriorPayable: col(), PriorStrike: col(), StopsPayable: col(), StopsStrike: col(), Exposure: col(),
		Dist: make([]float64, len(dests)*net.Hubs), Sum: make([]PathSum, len(dests)*net.Hubs),
		cost: col(), lastFor: col(), order: make([]int16, 0, net.Hubs), settled: make([]bool, net.Hubs),
		heap: make([]heapItem, 0, n+1)}
	return c
}

// Payable returns the believed hazard of stops that can be paid off on an arc.
func (c *UserClass) Payable(a int) float64 {
	return (float64(c.Weight*c.PriorPayable[a]) + c.StopsPayable[a]) / (c.Weight + c.Exposure[a])
}

// Strike returns the believed hazard of strikes on an arc.
func (c *UserClass) Strike(a int) float64 {
	return (float64(c.Weight*c.PriorStrike[a]) + c.StopsStrike[a]) / (c.Weight + c.Exposure[a])
}

// Forget fades own records by a share, on unused arcs too.
func (c *UserClass) Forget(share float64) {
	keep := 1 - share
	for a := range c.Exposure {
		c.StopsPayable[a] *= keep
		c.StopsStrike[a] *= keep
		c.Exposure[a] *= keep
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

// Refresh recomputes the believed costs and, where they moved by more than a tolerance (relative, summed over arcs), all
// paths. It reports whether it did.
func (c *UserClass) Refresh(r RouteCost, tolerance float64) bool {
	var moved, whole float64
	for a := range c.cost {
		if !c.Net.Open[a] {
			c.cost[a] = Unreachable
		} else {
			payable := float64(c.Payable(a) * c.Hazard[a])
			c.cost[a] = c.Fuel[a] + float64(c.Net.Toll[a]) + float64(c.Days[a]*r.PerDay) + float64(payable*(r.Payment+float64(r.LossPart*r.PerLoss))) + float64(c.Strike(a)*c.Hazard[a]*r.PerLoss)
			c.cost[a] = max(c.cost[a], 1) // a free road still brings one nearer
		}
		diff := c.cost[a] - c.lastFor[a]
		if diff < 0 {
			diff = -diff
		}
		moved += diff
		if c.cost[a] < Unreachable {
			whole += c.cost[a]
		}
	}
	if moved <= float64(tolerance*whole) {
		return false
	}
	copy(c.lastFor, c.cost)
	for d := range c.Dests {
		c.solve(d, r.Mu)
	}
	return true
}

// solve runs Dijkstra backwards from one destination and then sums, from near to far, what trips meet under the link
// logit of Dial (1971): at each hub only arcs that bring one nearer, with chance ~ exp(-(cost + dist there - dist here)/mu).
func (c *UserClass) solve(d int, mu float64) {
	g := c.Net
	dist := c.Dist[d*g.Hubs : (d+1)*g.Hubs]
	sum := c.Sum[d*g.Hubs : (d+1)*g.Hubs]
	for h := range dist {
		dist[h] = Unreachable
		sum[h] = PathSum{}
		c.settled[h] = false
	}
	dist[c.Dests[d]] = 0
	c.order = c.order[:0]
	c.heap = append(c.heap[:0], heapItem{0, c.Dests[d]})
	for len(c.heap) > 0 {
		top := c.pop()
		if c.settled[top.hub] {
			continue
		}
		c.settled[top.hub] = true
		c.order = append(c.order, top.hub)
		for _, a := range g.in[g.inOff[top.hub]:g.inOff[top.hub+1]] {
			if c.lastFor[a] >= Unreachable {
				continue
			}
			if via := top.dist + c.lastFor[a]; via < dist[g.From[a]] {
				dist[g.From[a]] = via
				c.push(heapItem{via, g.From[a]})
			}
		}
	}
	for _, h := range c.order[1:] {
		sum[h] = c.expect(h, dist, sum, mu)
	}
}

func (c *UserClass) expect(h int16, dist []float64, sum []PathSum, mu float64) (s PathSum) {
	g := c.Net
	var total float64
	for a := g.Off[h]; a < g.Off[h+1]; a++ {
		j := g.To[a]
		if c.lastFor[a] >= Unreachable || dist[j] >= dist[h] {
			continue
		}
		w := Exp(-(c.lastFor[a] + dist[j] - dist[h]) / mu)
		total += w
		n := &sum[j]
		s.Cost += float64(w * (c.Fuel[a] + n.Cost))
		s.Toll += float64(w * (float64(g.Toll[a]) + n.Toll))
		s.Days += float64(w * (c.Days[a] + n.Days))
		s.Payable += float64(w * (float64(c.Payable(int(a))*c.Hazard[a]) + n.Payable))
		s.Strike += float64(w * (float64(c.Strike(int(a))*c.Hazard[a]) + n.Strike))
	}
	if total == 0 {
		return PathSum{}
	}
	s.Cost, s.Toll, s.Days, s.Payable, s.Strike = s.Cost/total, s.Toll/total, s.Days/total, s.Payable/total, s.Strike/total
	return s
}

// Next draws the arc that a carrier at a hub takes towards a destination, or -1 where there is no way.
func (c *UserClass) Next(d int, hub int16, mu float64, luck Key) int {
	g := c.Net
	dist := c.Dist[d*g.Hubs : (d+1)*g.Hubs]
	u := luck.Float()
	var weights [32]float64
	var total float64
	first, last := g.Off[hub], g.Off[hub+1]
	best := -1
	for a := first; a < last && a-first < int32(len(weights)); a++ {
		j := g.To[a]
		if !g.Open[a] || c.lastFor[a] >= Unreachable || dist[j] >= dist[hub] {
			continue
		}
		w := Exp(-(c.lastFor[a] + dist[j] - dist[hub]) / mu)
		weights[a-first] = w
		total += w
		best = int(a)
	}
	u *= total
	for a := first; a < last && a-first < int32(len(weights)); a++ {
		if w := weights[a-first]; w > 0 {
			if u -= w; u < 0 {
				return int(a)
			}
		}
	}
	return best
}

type heapItem struct {
	dist float64
	hub  int16
}

func (c *UserClass) push(x heapItem) {
	c.heap = append(c.heap, x)
	h := c.heap
	i := len(h) - 1
	for i > 0 {
		up := (i - 1) / 2
		if !less(h[i], h[up]) {
			break
		}
		h[i], h[up] = h[up], h[i]
		i = up
	}
}

func (c *UserClass) pop() heapItem {
	h := c.heap
	top := h[0]
	n := len(h) - 1
	h[0] = h[n]
	h = h[:n]
	c.heap = h
	for i := 0; ; {
		k := 2*i + 1
		if k >= n {
			break
		}
		if k+1 < n && less(h[k+1], h[k]) {
			k++
		}
		if !less(h[k], h[i]) {
			break
		}
		h[i], h[k] = h[k], h[i]
		i = k
	}
	return top
}

func less(x, y heapItem) bool {
	if x.dist != y.dist {
		return x.dist < y.dist
	}
	return x.hub < y.hub
}

package agents

import (
	"slices"

	"entrepot/sim"
)

// Traffickers
//
// Rule. A carrier of a kinship network always has other work (contraband), which pays omega a week. He leaves it for the
// trip (good, destination) or the empty move whose expected gain per week, net of omega, wins a logit against staying (0):
//
//	gain = u*(A*P~[d] - q+[o]*(1+r*w)) - K - K_fix - n*B - (1-A)*F*lambda - omega*w - bias
//
// with survival A = exp(-h), h = H_x + (1-s)*H_p, and n = s*H_p*(1-A)/h payments expected on the way. The bid limit is the
// price at which the gain is zero, so scarcity downstream is felt upstream. The bias is what trips have to promise, given what earlier
// ones left: carriers enter until the last trip earns what other work pays. Networks trade within reach of their homes and kin.
// Source: model design 4.2-4.4; search under news lags after Stigler (1961); route choice after Dial (1971).
// Left out: violence among carriers, credit between networks, learning of new corridors.

// carrierState is what a carrier is doing.
type carrierState uint8

const (
	resting   carrierState = iota // other work
	loading                       // bidding for a cargo
	moving                        // on the road, with or without cargo
	offering                      // selling a cargo
	buyingFor                     // own buyer at the source
)

// Traffickers are all carriers of all networks, in columns; carrier i is holder Fleet.First+i.
type Traffickers struct {
	m     *Model
	Fleet sim.Fleet
	Nets  []*Kinship

	state    []carrierState
	good     []uint8   // main good of the trip
	target   []int16   // planned destination, index in Model.Markets
	weeks    []uint8   // weeks loading, or offering since the cargo was loaded
	fresh    []bool    // has not yet offered at this place
	ordered  []int32   // load of the cargo he set out to buy, thousandths of a rifle-equivalent
	since    []int16   // week in which the trip was planned
	baseline []int64   // cash before the trip, CFA
	leftCash []int64   // cash when the cargo left the place where it was loaded, CFA
	left     []int16   // week of that
	aim      []int16   // where it was to be sold, index in Model.Markets
	forecast []float32 // what the trip was expected to leave from then on, if not lost, CFA

	sources    []int16 // markets where goods enter
	complement []int   // good that travels with a good, or -1
	mainUnits  []int64
	restUnits  []int64 // units of the complement
	kind       []cargoKind
	kindsOf    [][]int // by good: the kinds of cargo that are of it
	cargoesOf  [][]int // by good: the main goods of cargoes that contain it

	visibilities []float64 // that differ
	visibility   []int     // by good: which of them

	flows   []flow    // by market index and good: the running totals
	waiting []float64 // by hub: carriers with other work there who would buy if it paid

	sales        []saleQuote // by market, age of news and auctions ahead, and kind
	saleVersion  []uint32    // by market and kind: counts what changes its quotes
	supplies     []supply    // by market, mode and good
	buyVersion   []uint32    // by market and good: counts what changes its supplies
	shelves      []shelf     // by market and mode
	shelfVersion []uint32    // by market: counts what changes any of its supplies
	plans        uint32      // weeks planned

	revision []uint32  // by market index: counts carriers who set out for it empty
	stalls   []stall   // by good and market index
	best     []float64 // by good and market index: the highest bid in the news, CFA
	byBid    []outlet  // by good: the markets by their best bids, the highest first
	found    []option  // reused
	shared   float64   // CFA that trips of all networks have to promise: what one hears of others
	fetches  float64   // CFA that a cargo was lately taken to fetch
	loads    []float64 // by hub: weights of what places are valued by, reused
	choice   sim.Key   // of trips, this week's luck

	turns turns
	news  roadNews
	stats CarrierStats
}

// Kinship is the state of one network.
type Kinship struct {
	Spec       *Network
	Class      *sim.UserClass
	Group      int // whose own buyers these are, or -1
	BuyAt      int // where own buyers buy (market index), or -1
	Kin        []bool
	Homes      []int
	Hostile    []bool // by force
	protectors []int  // groups
	Carrier    []int32
	Pool       int32 // holder of retained profit
	Founded    int   // carriers at the start

	omega                         float64
	trips                         []trip        // by row of the hub of origin and column of the destination
	position                      []float64     // by hub: what an empty carrier there is worth against one at the nearest source, CFA (not positive)
	priced                        uint32        // counts changes of routes
	label                         string        // as in trades.csv
	bounds                        []bound       // by column of the origin, class of visibility and column of the destination: what most plans need of trips
	legs                          []leg         // the same: the rest
	within                        []bool        // by hub: whether the network knows it
	reached                       []int16       // markets that it knows, by column
	column                        []int16       // by market: its column in tables of trips, of which all that it does not know share the last
	row                           []int16       // by hub: its row, in the same way
	idle                          []uint32      // by hub: the last week of planning in which there was nothing to do from there
	shown                         []bool        // by market: whether the network can show itself there this week
	legsPriced                    []uint32      // by column of the origin and class of visibility: count of route changes they stand for
	hurdle                        []float64     // by column: CFA that a trip there has to earn beyond its leg, at the least
	bias                          []float64     // by destination, over what is usual
	breakEven                     float64       // CFA that a trip has to promise, so that trips leave as much as other work
	own                           float64       // part of that: from own trips, beyond what all have learned
	fetches                       float64       // CFA that a cargo was lately taken to fetch
	trials                        float64       // trips that taught it, fading
	survivors                     float64       // CFA per trip by which forecasts of trips that came through were too high
	loaded                        []float64     // by market: cargoes loaded there lately
	pays                          float64       // CFA a week over other work that the trips chosen lately promised
	fill                          float64       // part of an ordered cargo that carriers usually get
	options                       []option      // of this week, from all markets
	optionsOf                     []options     // by market of the origin: which of them
	prospects                     []prospect    // by market index
	moves                         []move        // of this week, from all hubs
	movesOf                       []moves       // by hub: which of them
	hot                           []int16       // markets that promise something this week
	looked                        int           // week of that
	began                         bool          // has looked at all
	elsewhere                     []alternative // by market index and good
	cargoes, cargo                []int32       // by good: cargoes, most of it, that set out in the week from where they were bought; units in them
	ArmsProfit, Turnover, NewCash float64       // cumulative CFA
	trend, booked                 float64       // CFA a week of profit from arms lately; profit already in it
}

// CarrierStats counts what carriers did in the week.
type CarrierStats struct {
	Active, Departures, Empty, Losses int
}

func newTraffickers(m *Model) *Traffickers {
	t := &Traffickers{m: m}
	t.flows = make([]flow, len(m.Markets)*m.Goods)
	t.waiting = make([]float64, len(m.Setup.Hubs))
	t.best, t.stalls = make([]float64, m.Goods*len(m.Markets)), make([]stall, m.Goods*len(m.Markets))
	t.loads = make([]float64, len(m.Setup.Hubs))
	t.found = make([]option, 0, m.Goods*len(m.Markets))
	t.revision = make([]uint32, len(m.Markets))
	t.bundles()
	t.visibilities, t.visibility = classes(m.Goods, func(g int) float64 { return m.GoodSpec[g].Visibility })
	n := len(t.kind) * len(m.Markets)
	t.sales, t.saleVersion = make([]saleQuote, n*saleModes), make([]uint32, n)
	n = m.Goods * len(m.Markets)
	t.supplies, t.buyVersion = make([]supply, n*buyModes), make([]uint32, n)
	t.shelves, t.shelfVersion = make([]shelf, len(m.Markets)*buyModes), make([]uint32, len(m.Markets))
	for k := range t.shelves {
		t.shelves[k].goods = make([]int16, 0, m.Goods)
	}
	t.byBid = make([]outlet, m.Goods*len(m.Markets))
	for k := range t.byBid {
		t.byBid[k].dest = int16(k % len(m.Markets))
	}
	for _, s := range m.Setup.Stockholders {
		if d := m.DestOf[m.Hub(s.Hub)]; d >= 0 && !slices.Contains(t.sources, d) {
			t.sources = append(t.sources, d)
		}
	}
	for i := range m.Setup.Networks {
		t.addNetwork(&m.Setup.Networks[i])
	}
	t.Fleet.First = int32(len(m.Accounts.ID))
	t.reserve()
	for c, net := range t.Nets {
		for k := 0; k < net.Founded; k++ {
			home := net.Homes[k%len(net.Homes)]
			t.addCarrier(c, home, net.Spec.Cash)
		}
	}
	t.news.start(m, t.Nets)
	return t
}

// bundles derives the usual cargo of each good: all the space, or what is left beside the good that travels with it.
func (t *Traffickers) bundles() {
	p, goods := t.m.P.Trafficker, t.m.GoodSpec
	t.complement = make([]int, len(goods))
	t.mainUnits, t.restUnits = make([]int64, len(goods)), make([]int64, len(goods))
	for g := range goods {
		t.complement[g] = maybe(t.m.GoodOf, goods[g].Travels)
		space := p.Capacity
		if c := t.complement[g]; c >= 0 {
			rest := int64(p.Complement * float64(p.Capacity))
			space -= rest
			t.restUnits[g] = rest / goods[c].Load
		}
		t.mainUnits[g] = max(1, space/goods[g].Load)
	}
	t.kind, t.kindsOf = make([]cargoKind, 2*len(goods)), make([][]int, len(goods))
	t.cargoesOf = make([][]int, len(goods))
	for g := range goods {
		t.kind[2*g] = cargoKind{g, float64(t.mainUnits[g])}
		t.kindsOf[g], t.cargoesOf[g] = append(t.kindsOf[g], 2*g), append(t.cargoesOf[g], g)
		if c := t.complement[g]; c >= 0 {
			t.kind[2*g+1] = cargoKind{c, float64(t.restUnits[g])}
			t.kindsOf[c], t.cargoesOf[c] = append(t.kindsOf[c], 2*g+1), append(t.cargoesOf[c], g)
		}
	}
}

// classes returns the values that differ among n, and which of them each is.
func classes(n int, value func(int) float64) (values []float64, class []int) {
	for i := 0; i < n; i++ {
		v := value(i)
		k := slices.Index(values, v)
		if k < 0 {
			k, values = len(values), append(values, v)
		}
		class = append(class, k)
	}
	return values, class
}

func (t *Traffickers) addNetwork(spec *Network) {
	m := t.m
	net := &Kinship{Spec: spec, Group: maybe(m.GroupOf, spec.Group), BuyAt: -1, omega: float64(spec.OtherWork), label: "trafficker:" + spec.ID, fill: 1}
	net.Kin = make([]bool, len(m.Setup.Hubs))
	for _, id := range append(append([]string(nil), spec.Kin...), spec.Homes...) {
		net.Kin[m.Hub(id)] = true
	}
	for _, id := range spec.Homes {
		net.Homes = append(net.Homes, m.Hub(id))
	}
	net.Hostile = make([]bool, len(m.Setup.Forces))
	for _, id := range spec.Hostile {
		net.Hostile[must(m.ForceOf, "force", id)] = true
	}
	for _, id := range spec.Protectors {
		net.protectors = append(net.protectors, must(m.GroupOf, "group", id))
	}
	if net.Group >= 0 {
		if at, ok := m.HubOf[m.Setup.Groups[net.Group].BuyAt]; ok {
			net.BuyAt = int(m.DestOf[at])
		}
	}
	net.Founded = spec.Carriers * int(m.P.Trafficker.Scale)
	net.within = t.reach(net)
	net.Class = t.classOf(net)
	t.chart(net)
	net.position = make([]float64, len(m.Setup.Hubs))
	net.idle = make([]uint32, len(m.Setup.Hubs))
	net.shown = make([]bool, len(m.Markets))
	net.bias, net.loaded = make([]float64, len(m.Markets)), make([]float64, len(m.Markets))
	net.cargoes, net.cargo = make([]int32, m.Goods), make([]int32, m.Goods)
	net.optionsOf = make([]options, len(m.Markets))
	net.options = make([]option, 0, optionRoom)
	net.hot = make([]int16, 0, len(m.Markets))
	net.prospects = make([]prospect, len(m.Markets))
	net.moves = make([]move, 0, len(m.Markets)*len(m.Markets))
	net.movesOf = make([]moves, len(m.Setup.Hubs))
	net.elsewhere = make([]alternative, len(m.Markets)*m.Goods)
	net.Pool = m.holder("network:"+spec.ID, "network:"+spec.ID, sim.Merchant, 0)
	t.Nets = append(t.Nets, net)
	m.Roads.Classes = append(m.Roads.Classes, net.Class)
}

// optionRoom is room for the trips that pay a network in a week, from all markets: few weeks have more.
const optionRoom = 512

// reach returns which hubs a network knows: those within some days of its homes and kin, by the shortest usual driving time.
// Own buyers of a group go wherever it sends them.
func (t *Traffickers) reach(net *Kinship) []bool {
	m := t.m
	days := make([]float64, len(m.Setup.Hubs))
	for h, kin := range net.Kin {
		if !kin {
			days[h] = sim.Unreachable
		}
	}
	for moved := true; moved; {
		moved = false
		for a, from := range m.Net.From {
			if d := days[from] + float64(m.Net.Days[a]*m.P.Trafficker.Delay); d < days[m.Net.To[a]] {
				days[m.Net.To[a]], moved = d, true
			}
		}
	}
	within := make([]bool, len(days))
	for h := range days {
		within[h] = net.Group >= 0 || days[h] <= m.P.Trafficker.Reach
	}
	return within
}

// chart makes the tables of trips. A network knows half of the map: for what it does not know there is one row and one column.
func (t *Traffickers) chart(net *Kinship) {
	var known []int16
	for h := range net.within {
		if net.within[h] {
			known = append(known, int16(h))
			if d := t.m.DestOf[h]; d >= 0 {
				net.reached = append(net.reached, d)
			}
		}
	}
	places := func(n int, list []int16) []int16 {
		at := slices.Repeat([]int16{int16(len(list))}, n)
		for k, x := range list {
			at[x] = int16(k)
		}
		return at
	}
	net.row, net.column = places(len(net.within), known), places(len(t.m.Markets), net.reached)
	columns := len(net.reached) + 1
	net.trips = make([]trip, (len(known)+1)*columns)
	if net.Group >= 0 { // own buyers do not plan
		return
	}
	net.legsPriced = make([]uint32, columns*len(t.visibilities))
	net.legs = make([]leg, len(net.legsPriced)*columns)
	net.bounds = slices.Repeat([]bound{{fixed: sim.Unreachable}}, len(net.legs))
	net.hurdle = slices.Repeat([]float64{sim.Unreachable}, columns)
}

// classOf prepares what the network pays on each road: kin roads are cheaper, faster and safer.
func (t *Traffickers) classOf(net *Kinship) *sim.UserClass {
	m := t.m
	dests := make([]int16, len(m.Markets))
	for d, h := range m.Markets {
		dests[d] = int16(h)
	}
	c := sim.NewUserClass(m.Net, dests, net.within, m.P.Road.PriorWeight)
	for a := range c.Fuel {
		kin := net.Kin[m.Net.From[a]] && net.Kin[m.Net.To[a]]
		c.Fuel[a] = float64(m.Net.Km[a] * m.P.Trafficker.CostPerKm)
		c.Days[a] = float64(m.Net.Days[a] * m.P.Trafficker.Delay)
		c.Hazard[a] = 1
		if kin {
			c.Fuel[a] *= m.P.Road.KinCost
			c.Days[a] *= m.P.Road.KinCost
			c.Hazard[a] = m.P.Road.KinHazard
		}
	}
	return c
}

// addCarrier appends one carrier resting at a hub.
func (t *Traffickers) addCarrier(network, hub int, cash int64) int {
	net := t.Nets[network]
	label := net.label
	if net.Group >= 0 {
		label = "group:" + net.Spec.Group
	}
	a := t.m.Accounts
	id := sim.NewKey(1).Label(net.Spec.ID).At(uint64(len(net.Carrier))).Bits()
	holder := a.Open(id, a.LabelID(label), sim.Carrier, cash)
	i := t.Fleet.Add(uint8(network), int16(hub))
	if holder != t.Fleet.First+int32(i) {
		panic("agents: carriers must be opened last")
	}
	net.Carrier = append(net.Carrier, int32(i))
	t.state = append(t.state, resting)
	t.good = append(t.good, 0)
	t.target = append(t.target, -1)
	t.weeks = append(t.weeks, 0)
	t.fresh = append(t.fresh, false)
	t.ordered = append(t.ordered, 0)
	t.since = append(t.since, 0)
	t.baseline = append(t.baseline, 0)
	t.leftCash = append(t.leftCash, 0)
	t.left = append(t.left, 0)
	t.aim = append(t.aim, 0)
	t.forecast = append(t.forecast, 0)
	return i
}

// reserve makes room for the carriers that all networks start with, so that large fleets leave no slack behind.
func (t *Traffickers) reserve() {
	n := 0
	for _, net := range t.Nets {
		n += net.Founded
		net.Carrier = make([]int32, 0, net.Founded)
	}
	t.m.Accounts.Reserve(n)
	t.Fleet.Reserve(n)
	t.state, t.good, t.target = make([]carrierState, 0, n), make([]uint8, 0, n), make([]int16, 0, n)
	t.weeks, t.fresh, t.ordered = make([]uint8, 0, n), make([]bool, 0, n), make([]int32, 0, n)
	t.since, t.baseline, t.leftCash = make([]int16, 0, n), make([]int64, 0, n), make([]int64, 0, n)
	t.left, t.aim = make([]int16, 0, n), make([]int16, 0, n)
	t.forecast = make([]float32, 0, n)
}

func (t *Traffickers) holder(i int) int32 { return t.Fleet.First + int32(i) }

// net returns the network of a carrier.
func (t *Traffickers) net(i int) *Kinship { return t.Nets[t.Fleet.Class[i]] }

// welcome reports whether a network can show itself in a hub: arms are traded there, and it is held neither by a hostile
// force nor by a group that fights those who protect the network.
func (t *Traffickers) welcome(net *Kinship, hub int) bool {
	pl := &t.m.Places[hub]
	if !t.m.trades(hub) || pl.Force >= 0 && net.Hostile[pl.Force] {
		return false
	}
	for _, g := range net.protectors {
		if pl.Group >= 0 && t.m.Groups.rival[g][pl.Group] {
			return false
		}
	}
	return true
}

// load returns the load of a carrier's cargo, thousandths of a rifle-equivalent.
func (t *Traffickers) load(i int) int64 { return t.m.Accounts.Load(t.holder(i), t.m.Roads.Load) }

// flow is what carriers do about a good at one market, units.
type flow struct {
	underWay float64 // expected to arrive of those on the road towards it, being loaded for it or offered there
	onOffer  float64 // offered there
	planned  float64 // planned towards it this week
	wanted   float64 // planned to be bought there this week
	empties  float64 // what those will want who are on their way there empty
	changes  uint32  // of these since they were counted
}

func (t *Traffickers) flow(d int16, good int) *flow { return &t.flows[int(d)*t.m.Goods+good] }

// totals counts what is under way to each market and how many carriers come empty for goods.
func (t *Traffickers) totals(w *sim.World) {
	clear(t.flows)
	clear(t.waiting)
	t.stats = CarrierStats{}
	for i, s := range t.state {
		if s == resting {
			if net := t.net(i); net.Group < 0 && w.Accounts.Cash[t.holder(i)] > -net.Spec.Credit/2 { // the indebted do not compete
				t.waiting[t.Fleet.Node[i]]++
			}
			continue
		}
		t.stats.Active++
		if t.net(i).Group >= 0 {
			continue
		}
		hub, arrives := int(t.Fleet.Node[i]), 1.0
		d := t.m.DestOf[hub]
		switch {
		case t.Fleet.Dest[i] >= 0:
			d = t.Fleet.Dest[i]
			arrives = t.trip(t.net(i), int(d), hub).Alive
		case s == loading:
			d = t.target[i]
			arrives = t.trip(t.net(i), int(d), hub).Alive
		}
		holder, carrying := t.holder(i), false
		for g := w.Accounts.NextGood(holder, 0); g >= 0; g = w.Accounts.NextGood(holder, g+1) {
			u := float64(w.Accounts.Units(holder, g))
			carrying = true
			if d < 0 { // he waits where nobody trades
				continue
			}
			f := t.flow(d, g)
			f.underWay += float64(u * arrives)
			if s == offering {
				f.onOffer += u
			}
		}
		if !carrying && s == moving {
			t.flow(d, int(t.good[i])).empties += float64(t.mainUnits[t.good[i]])
		}
	}
}

// active counts the carriers of a network who are in arms now.
func (t *Traffickers) active(n *Kinship) (count float64) {
	for _, i := range n.Carrier {
		if t.state[i] != resting {
			count++
		}
	}
	return count
}

// indebted counts the carriers of a network whose cash is below zero.
func (t *Traffickers) indebted(n *Kinship) (count float64) {
	for _, i := range n.Carrier {
		if t.m.Accounts.Cash[t.holder(int(i))] < 0 {
			count++
		}
	}
	return count
}

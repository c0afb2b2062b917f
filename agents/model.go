package agents

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"entrepot/sim"
)

// Regime is how arms may be traded in a hub.
type Regime uint8

// The regimes. In an open town arms are stored and sold under an armed group's protection; in a clandestine one a force
// may confiscate; in a closed one there is no arms trade.
const (
	Open Regime = iota
	Clandestine
	Closed
)

// String returns the id used in the tables.
func (r Regime) String() string { return [...]string{"open", "clandestine", "closed"}[r] }

// Place is the state of a hub.
type Place struct {
	Group    int // controlling group, or -1
	Force    int // controlling force, or -1
	Regime   Regime
	Violence float64 // index, 1 = regional mean of 2017
	Activity float64 // 0-10
	Gold     float64 // mining income over its level at the start
}

// Model is one run: the world and everybody in it.
type Model struct {
	*sim.World
	Setup *Setup
	P     *Params

	HubOf, GoodOf, OriginOf, GroupOf, ForceOf map[string]int // positions by id; read by key only, never ranged over
	Origins                                   []string       // ids, in the order of a lot's vector
	Places                                    []Place
	Markets                                   []int   // hubs that trade
	DestOf                                    []int16 // hub -> index in Markets, or -1
	GoodSpec                                  []Good

	Stockholders *Stockholders
	Civilians    *Civilians
	Groups       *Groups
	Forces       *Forces
	DDR          *DDR
	Bandits      *Bandits
	Dealers      *Dealers
	Traffickers  *Traffickers

	Happened []Happening // this week, for events.csv
	next     int         // first event of Setup.Events not yet applied
	now      *conditions // levels that events move
	lasting  []lasting   // demand, supply and violence changes that end or recover
	week     []sim.Phase
}

// Happening is one row of events.csv.
type Happening struct {
	Kind, Place, Detail string
	Scheduled           bool // an event of the scenario says so; else an actor did it
}

// Origins are the ids of a world's origins, in the order of a lot's vector: what its stockholders sell and its groups had at the start, and the four
// that any market may have. Libya, Sudan and Nigeria are there wherever there is room, others follow in the order of the tables.
func (s *Setup) Origins() []string {
	market := []string{"state_diverted", "captured", "ddr", "local"}
	outside := []string{"libya", "sudan", "nigeria"}
	used := map[string]bool{}
	note := func(origin string) {
		if used[origin] = true; origin != "" && !slices.Contains(market, origin) && !slices.Contains(outside, origin) {
			outside = append(outside, origin)
		}
	}
	for i := range s.Stockholders {
		note(s.Stockholders[i].Origin)
	}
	for i := range s.GroupGoods {
		for part := range strings.SplitSeq(s.GroupGoods[i].Origins, "|") {
			name, _, _ := strings.Cut(part, ":")
			note(strings.TrimSpace(name))
		}
	}
	if len(outside)+len(market) > sim.MaxOrigins {
		outside = slices.DeleteFunc(outside, func(o string) bool { return !used[o] })
	}
	return append(outside, market...)
}

// New builds a run from a checked setup. Errors name what does not resolve; package scenarios reports it earlier, with
// a position.
func New(s *Setup, seed uint64) (m *Model, err error) { return build(s, seed, nil) }

// build is New with a hook for tests that bring holders of their own; carriers must be opened last.
func build(s *Setup, seed uint64, more func(*Model)) (m *Model, err error) {
	defer func() {
		if p, ok := recover().(unresolved); ok {
			err = p
		}
	}()
	p := s.Params
	m = &Model{Setup: s, P: &p, GoodSpec: s.Goods}
	m.HubOf = index(len(s.Hubs), func(i int) string { return s.Hubs[i].ID })
	m.GoodOf = index(len(s.Goods), func(i int) string { return s.Goods[i].ID })
	if m.Origins = s.Origins(); len(m.Origins) > sim.MaxOrigins {
		return nil, fmt.Errorf("a world must have at most %d origins, got %s", sim.MaxOrigins, strings.Join(m.Origins, ", "))
	}
	m.OriginOf = index(len(m.Origins), func(i int) string { return m.Origins[i] })
	m.GroupOf = index(len(s.Groups), func(i int) string { return s.Groups[i].ID })
	m.ForceOf = index(len(s.Forces), func(i int) string { return s.Forces[i].ID })
	m.buildWorld(seed)
	m.now = newConditions(m)
	m.Bandits = newBandits(m)
	m.Stockholders = newStockholders(m)
	m.Groups = newGroups(m)
	m.Forces = newForces(m)
	m.Civilians = newCivilians(m)
	m.DDR = newDDR(m)
	m.Dealers = newDealers(m)
	if more != nil {
		more(m)
	}
	m.Traffickers = newTraffickers(m)
	m.week = m.Schedule()
	return m, nil
}

// unresolved is an id that names nothing.
type unresolved struct{ what, id string }

// Error says which id.
func (u unresolved) Error() string { return fmt.Sprintf("%s %q is not in the world", u.what, u.id) }

func index(n int, id func(int) string) map[string]int {
	m := make(map[string]int, n)
	for i := 0; i < n; i++ {
		m[id(i)] = i
	}
	return m
}

// must looks an id up; an unknown one ends New with an error.
func must(of map[string]int, what, id string) int {
	i, ok := of[id]
	if !ok {
		panic(unresolved{what, id})
	}
	return i
}

// Hub returns the position of a hub.
func (m *Model) Hub(id string) int { return must(m.HubOf, "hub", id) }

// Good returns the position of a good.
func (m *Model) Good(id string) int { return must(m.GoodOf, "good", id) }

// maybe returns a position, or -1 for "" or an unknown id.
func maybe(of map[string]int, id string) int {
	if i, ok := of[id]; ok {
		return i
	}
	return -1
}

func (m *Model) buildWorld(seed uint64) {
	s := m.Setup
	goods := len(s.Goods)
	net := sim.NewNetwork(len(s.Hubs), m.arcs())
	w := &sim.World{Start: s.Start.Monday(), Root: sim.NewKey(seed), Goods: goods, Net: net, Accounts: sim.NewAccounts(goods)}
	lots := make([]int32, goods)
	for g, spec := range s.Goods {
		lots[g] = max(1, int32(m.P.Market.QuoteLot*float64(m.P.Trafficker.Capacity)/float64(spec.Load)))
	}
	w.Auctions = sim.NewAuctions(len(s.Hubs)*goods, goods, lots)
	w.Auctions.Forget, w.Auctions.Smooth = m.P.Market.QuoteForget, m.P.Market.QuoteSmooth
	for h := range s.Hubs {
		for g := range s.Goods {
			w.Auctions.Keys[h*goods+g] = sim.NewKey(2).Label(s.Hubs[h].ID).Label(s.Goods[g].ID).Bits()
		}
	}
	w.Roads = sim.NewRoads(net, goods)
	w.Roads.Payment, w.Roads.Loss, w.Roads.Mu = m.P.Road.Payment, m.P.Trafficker.LossOwner, m.P.Road.Mu
	w.Roads.PayableShare = map[string]float64{"additive": 1, "proportional": 0, "both": m.P.Road.PayableShare}[m.P.Road.PassThrough]
	for _, spec := range s.Goods {
		w.Roads.Load = append(w.Roads.Load, spec.Load)
		w.Roads.Visibility = append(w.Roads.Visibility, spec.Visibility)
	}
	m.World = w
	m.DestOf = make([]int16, len(s.Hubs))
	for h, hub := range s.Hubs {
		m.DestOf[h] = -1
		if hub.Market {
			m.DestOf[h] = int16(len(m.Markets))
			m.Markets = append(m.Markets, h)
		}
		pl := Place{Group: maybe(m.GroupOf, hub.Controller), Force: maybe(m.ForceOf, hub.Controller), Violence: hub.Violence, Gold: 1}
		pl.Regime = regimeOf(hub.Regime)
		m.Places = append(m.Places, pl)
	}
}

func regimeOf(id string) Regime {
	switch id {
	case "clandestine":
		return Clandestine
	case "closed":
		return Closed
	}
	return Open
}

func (m *Model) arcs() []sim.Arc {
	var arcs []sim.Arc
	for _, r := range m.Setup.Routes {
		a := sim.Arc{From: m.Hub(r.From), To: m.Hub(r.To), Km: r.Km, Days: r.Km / r.KmPerDay, Toll: r.Toll,
			Border: r.Border, Bandits: r.Bandits, Air: r.Air, Main: r.Main}
		back := a
		back.From, back.To = a.To, a.From
		arcs = append(arcs, a, back)
	}
	return arcs
}

// holder opens an account under a stable name and a label such as "dealer:gao".
func (m *Model) holder(name, label string, role sim.Role, cash int64) int32 {
	a := m.Accounts
	return a.Open(sim.NewKey(0).Label(name).Bits(), a.LabelID(label), role, cash)
}

// bid and ask place orders at a hub.
func (m *Model) bid(hub, good int, holder int32, units, limit int64) {
	m.Auctions.Bid(sim.Order{Limit: limit, Market: m.Market(hub, good), Holder: holder, Units: clamp32(units)})
}

func (m *Model) ask(hub, good int, holder int32, units, limit int64) {
	m.Auctions.Ask(sim.Order{Limit: limit, Market: m.Market(hub, good), Holder: holder, Units: clamp32(units)})
}

func clamp32(n int64) int32 { return int32(max(0, min(n, 1<<30))) }

// trades reports whether arms are traded at a hub now.
func (m *Model) trades(hub int) bool { return m.DestOf[hub] >= 0 && m.Places[hub].Regime != Closed }

// happen records a row of events.csv.
func (m *Model) happen(kind, place, detail string) {
	m.Happened = append(m.Happened, Happening{Kind: kind, Place: place, Detail: detail})
}

// whole rounds a positive rate to whole units with keyed luck, so that its mean is exact.
func whole64(x float64, luck sim.Key) int64 {
	if x <= 0 {
		return 0
	}
	n := int64(x)
	if luck.Float() < float64(x)-float64(n) { // the conversion keeps a product in x from being fused with the difference
		n++
	}
	return n
}

// Step runs one week.
func (m *Model) Step() error {
	m.Happened = m.Happened[:0]
	err := m.World.Step(m.week)
	if err == nil {
		return nil
	}
	var over *sim.Overfull
	if errors.As(err, &over) {
		over.ID = m.Setup.Goods[over.Good].ID
	}
	return err
}

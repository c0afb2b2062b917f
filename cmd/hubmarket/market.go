package main

import (
	"math"

	"entrepot/sim"
)

// The parameters of SPEC.md.
const (
	temperature = 8.0 // of the choice between roads, money per unit
	idleCost    = 4.0 // of standing still, money per unit
	adjustment  = 0.05
	smoothing   = 0.1 // weight of the last trip in the perceived risk
	firstRisk   = 0.05
	amplitude   = 0.4 // of the season
	period      = 52  // ticks
	hubPhase    = 0.7 // radians from hub to hub
)

// trader is one agent, sixteen bytes: the memory, not the arithmetic, would otherwise bound the speed.
type trader struct {
	risk   float64 // perceived chance of interdiction
	market uint32
	id     uint32
}

// market is the state of a run.
type market struct {
	*world
	luck    sim.Key
	traders []trader // in the order in which they acted last
	now     []float64
	bought  []int32 // this tick, by market
	sold    []int32
	idle    float64   // weight of standing still
	weights []float64 // of the roads of one trader
	moves   int64
	lost    int64

	prices []float64 // record: by tick and market
	flows  []int32
}

// newMarket places n traders round the hubs and commodities. A record of the given ticks is made room for.
func newMarket(w *world, n, ticks int, seed uint64) *market {
	markets := len(w.price)
	m := &market{world: w, luck: sim.NewKey(seed).Label("hubmarket"), idle: sim.Exp(-idleCost / temperature), traders: make([]trader, n),
		now: append([]float64(nil), w.price...), bought: make([]int32, markets), sold: make([]int32, markets),
		prices: make([]float64, 0, ticks*markets), flows: make([]int32, 0, ticks*markets)}
	for i := range m.traders {
		home := i%w.hubs*w.commodities + i/w.hubs%w.commodities
		m.traders[i] = trader{risk: firstRisk, market: uint32(home), id: uint32(i)}
	}
	widest := 0
	for at := range markets {
		first, end := w.roads.Arcs(at)
		widest = max(widest, end-first)
	}
	m.weights = make([]float64, widest)
	return m
}

// tick lets all traders act in a new random order, then the prices move.
func (m *market) tick(t int) {
	clear(m.bought)
	clear(m.sold)
	m.trade(m.luck.At(uint64(t)))
	m.adjust(t)
	m.prices = append(m.prices, m.now...)
	m.flows = append(m.flows, m.sold...)
}

// trade shuffles the traders (Fisher-Yates, from the last place down) and lets each act in its turn. A stretch of places is
// drawn at a time: fetches from memory at random places overlap where no decision stands between them, and those who act
// are at hand. A place once drawn is not drawn again, so that this is the same as acting at once.
func (m *market) trade(luck sim.Key) {
	shuffle, choice := luck.Label("shuffle"), luck.Label("choice")
	for end := len(m.traders); end > 0; {
		first := max(0, end-stretch)
		draw(m.traders[:end], first, shuffle)
		for i := end - 1; i >= first; i-- {
			m.act(&m.traders[i], choice)
		}
		end = first
	}
}

// stretch is how many places are drawn ahead.
const stretch = 128

// draw draws the traders of the last places, from first on, out of all.
func draw(traders []trader, first int, luck sim.Key) {
	for i := len(traders) - 1; i >= first; i-- {
		pick := luck.Nth(uint64(i)).Intn(i + 1)
		traders[i], traders[pick] = traders[pick], traders[i]
	}
}

// act lets a trader choose among the roads and staying. The luck of a choice hangs on the trader's id and not on its place.
func (m *market) act(one *trader, luck sim.Key) {
	here, risk, key := one.market, one.risk, luck.Nth(uint64(one.id))
	price, sum := m.now[here], m.idle
	first, end := m.roads.Off[here], m.roads.Off[here+1]
	roads, costs := m.roads.To[first:end], m.cost[first:end]
	ws := m.weights[:len(roads)]
	for e, to := range roads {
		there := m.now[to]
		margin := there - price - costs[e] - float64(risk*there)
		w := sim.Exp(margin * (1 / temperature))
		ws[e] = w
		sum += w
	}
	u := float64(key.Float()*sum) - m.idle
	if u < 0 {
		return
	}
	road := 0
	for _, w := range ws[:len(ws)-1] { // how often u stays above zero, without a branch that nobody could foretell
		u -= w
		road += int(^math.Float64bits(u) >> 63)
	}
	m.travel(one, int(first)+road, key)
}

// travel buys a unit, takes it down the arc and sells it, unless it is lost on the way.
func (m *market) travel(one *trader, arc int, key sim.Key) {
	m.bought[one.market]++
	m.moves++
	one.market = uint32(m.roads.To[arc])
	one.risk = float64((1 - smoothing) * one.risk)
	if key.At(0).Float() < m.risk[arc] {
		m.lost++
		one.risk += smoothing
	} else {
		m.sold[one.market]++
	}
}

// adjust moves each price towards the balance of its demand and supply.
func (m *market) adjust(t int) {
	scale := float64(len(m.traders)) / float64(len(m.now))
	for hub := range m.hubs {
		season := 1 + float64(amplitude*sine(float64(t%period)/period+float64(hub)*(hubPhase/(2*math.Pi))))
		for c, base := range m.base {
			at := hub*m.commodities + c
			price := m.now[at]
			demand := float64(scale*m.demand[at]*season*base/price) + float64(m.bought[at])
			supply := float64(scale*m.supply[at]*price/base) + float64(m.sold[at])
			m.now[at] = price * sim.Exp(adjustment*(demand-supply)/(demand+supply))
		}
	}
}

// sine returns the sine of an angle in turns, to 1e-15, the same bits on every machine.
func sine(turns float64) float64 {
	turns -= math.Floor(turns + 0.5) // in [-1/2, 1/2)
	switch {                         // sin(pi - x) = sin x
	case turns > 0.25:
		turns = 0.5 - turns
	case turns < -0.25:
		turns = -0.5 - turns
	}
	x := float64(turns * (2 * math.Pi))
	x2, sum := float64(x*x), 1.0
	for n := 22.0; n >= 2; n -= 2 { // the Taylor series, nested
		sum = 1 - float64(x2/(n*(n+1))*sum)
	}
	return x * sum
}

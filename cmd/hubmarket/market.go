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
	weights []float64 // of the roads of one trader
	moves   int64
	lost    int64

	prices []float64 // record: by tick and market
	flows  []int32
}

// newMarket places n traders round the hubs and commodities. A record of the given ticks is made room for.
func newMarket(w *world, n, ticks int, seed uint64) *market {
	markets := len(w.price)
	m := &market{world: w, luck: sim.NewKey(seed).Label("hubmarket"), traders: make([]trader, n),
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

// trade shuffles the traders (Fisher-Yates, from the last place down) and lets each act as soon as its place is drawn: a
// trader is fetched from memory once. The luck of a choice hangs on the trader's id and not on its place.
func (m *market) trade(luck sim.Key) {
	shuffle, choice := luck.Label("shuffle"), luck.Label("choice")
	idle := sim.Exp(-idleCost / temperature)
	traders, now, weights := m.traders, m.now, m.weights
	off, ends, cost := m.roads.Off, m.roads.To, m.cost[:len(m.roads.To)]
	for i := len(traders) - 1; i >= 0; i-- {
		pick := shuffle.Nth(uint64(i)).Intn(i + 1)
		one := traders[pick]
		traders[pick] = traders[i]

		here, key := one.market, choice.Nth(uint64(one.id))
		price, sum := now[here], idle
		first := int(off[here])
		roads, costs := ends[first:off[here+1]], cost[first:off[here+1]]
		ws := weights[:len(roads)]
		for e, to := range roads {
			there := now[to]
			margin := there - price - costs[e] - float64(one.risk*there)
			w := sim.Exp(margin * (1 / temperature))
			ws[e] = w
			sum += w
		}
		if u := float64(key.Float()*sum) - idle; u >= 0 {
			road := 0
			for road < len(ws)-1 && u >= ws[road] {
				u -= ws[road]
				road++
			}
			one = m.travel(one, first+road, key)
		}
		traders[i] = one
	}
}

// travel buys a unit, takes it down the arc and sells it, unless it is lost on the way.
func (m *market) travel(one trader, arc int, key sim.Key) trader {
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
	return one
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

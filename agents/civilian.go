package agents

import (
	"slices"

	"entrepot/sim"
)

// Civilian buyers
//
// Rule. A population at a hub wants a stock
//
//	W = people * want * (V/V_start)^violence * events,
//
// and every week a share of what is missing, Arrive*(W-H), comes to market. Willingness to pay differs among them,
// lognormal(w, sigma) with median w = WTP * gold^elasticity * rate(now)/rate(start): the comers are spread over a few
// quantiles of that law, with luck within each. Durables wear out; of consumables a share of the wanted stock is used up.
// Source: model design 2 and 4.2; heterogeneous reservation prices as in any demand curve (Mas-Colell et al. 1995, ch. 4).
// Left out: budgets over several goods, credit, and selling when there is peace: people keep what they have.

// Civilians are all civilian buyers, one row of the table each.
type Civilians struct {
	m         *Model
	Holder    []int32
	hub, good []int
	kind      []int
	kinds     []string // labels
	currency  []int
	start     []float64 // violence at the start, which the wanted stock stands for
	want      []float64 // factor of events on the wanted stock
	wanted    []float64 // W, this week
	bids      []float64 // units bid for, this week
}

// buyerSteps is how many quantiles stand for the willingness to pay of a week's comers.
const buyerSteps = 5

// quietest keeps violence from being a divisor near zero.
const quietest = 0.1

func newCivilians(m *Model) *Civilians {
	rows := m.Setup.Buyers
	c := &Civilians{m: m, want: ones(len(rows)), wanted: make([]float64, len(rows)), bids: make([]float64, len(rows))}
	for i := range rows {
		r := &rows[i]
		c.Holder = append(c.Holder, m.holder("buyer:"+r.ID, "civilian:"+r.Kind, sim.Final, 0))
		c.hub, c.good = append(c.hub, m.Hub(r.Hub)), append(c.good, m.Good(r.Good))
		c.kind = append(c.kind, c.kindOf("civilian:"+r.Kind))
		c.currency = append(c.currency, m.now.currency(r.Rate))
		c.start = append(c.start, max(quietest, m.now.violenceAt(m, c.hub[i])))
		stock := float64(r.People) * r.Want * m.P.Demand.CivilScale * r.Start
		m.Accounts.Bring(sim.Made, c.Holder[i], c.good[i], m.OriginOf["local"], clamp32(int64(stock)))
	}
	return c
}

// kindOf returns the number of a kind, adding it where new.
func (c *Civilians) kindOf(label string) int {
	if k := slices.Index(c.kinds, label); k >= 0 {
		return k
	}
	c.kinds = append(c.kinds, label)
	return len(c.kinds) - 1
}

// wantedStock is W for a population in a place as violent as v, where it was v0 at the start.
func wantedStock(r *Buyer, v, v0, scale float64) float64 {
	w := float64(r.People) * r.Want * scale
	if r.Violence != 0 && v != v0 {
		w *= sim.Pow(min(max(v, quietest)/v0, 10), r.Violence)
	}
	return w
}

// order bids for the week's comers.
func (c *Civilians) order(w *sim.World) {
	m := c.m
	luck := w.Luck("civilian")
	for i, holder := range c.Holder {
		r := &m.Setup.Buyers[i]
		h := c.hub[i]
		c.wanted[i] = wantedStock(r, m.Places[h].Violence, c.start[i], m.P.Demand.CivilScale*c.want[i])
		c.bids[i] = 0
		missing := c.wanted[i] - float64(w.Accounts.Units(holder, c.good[i]))
		if missing <= 0 || !m.trades(h) {
			continue
		}
		key := luck.At(w.Accounts.ID[holder])
		comers := whole64(r.Arrive*missing, key.Label("comers"))
		median := float64(r.WTP) * m.now.rateRatio(c.currency[i]) * goldEffect(m.Places[h].Gold, r.Gold)
		c.bids[i] = float64(comers)
		m.bidQuantiles(h, c.good[i], holder, comers, median, r.Sigma, key)
	}
}

func goldEffect(gold, elasticity float64) float64 {
	if elasticity == 0 || gold == 1 {
		return 1
	}
	return sim.Pow(max(gold, 0.01), elasticity)
}

// bidQuantiles bids for units on behalf of people whose willingness to pay is lognormal. Their money comes from outside
// the arms trade: the holder receives what the bids may need and no more.
func (m *Model) bidQuantiles(hub, good int, holder int32, units int64, median, sigma float64, luck sim.Key) {
	steps := min(units, buyerSteps)
	var need, below int64
	for k := int64(0); k < steps; k++ {
		u := (float64(k) + luck.At(uint64(k)).Float()) / float64(steps)
		limit := int64(median * sim.Exp(sigma*normalAt(u)))
		upTo := units * (k + 1) / steps
		if n := upTo - below; n > 0 && limit > 0 && limit < maxLimit {
			n = min(n, maxBid/limit)
			m.bid(hub, good, holder, n, limit)
			need += n * limit
		}
		below = upTo
	}
	if cash := m.Accounts.Cash[holder]; need > cash {
		m.Accounts.Receive(holder, need-cash, sim.Income)
	}
}

// maxLimit bounds a limit and maxBid the worth of one bid, CFA: the sum of a week's bids stays within 64 bits, whatever a
// table says.
const maxLimit, maxBid = 1 << 40, 1 << 58

// normalAt returns the z that a standard normal number falls below with chance u, from a table by linear interpolation;
// the tails are cut at 2.1.
func normalAt(u float64) float64 {
	x := float64(u * (float64(len(normalTable)) - 1))
	i := int(x)
	if i >= len(normalTable)-1 {
		return normalTable[len(normalTable)-1]
	}
	if i < 0 {
		return normalTable[0]
	}
	return normalTable[i] + float64((x-float64(i))*(normalTable[i+1]-normalTable[i]))
}

var normalTable = [...]float64{-2.1, -1.6449, -1.2816, -1.0364, -0.8416, -0.6745, -0.5244, -0.3853, -0.2533, -0.1257, 0,
	0.1257, 0.2533, 0.3853, 0.5244, 0.6745, 0.8416, 1.0364, 1.2816, 1.6449, 2.1}

// wear takes what wore out (durables) or was used up (consumables) in the week.
func (c *Civilians) wear(w *sim.World) {
	m := c.m
	luck := w.Luck("civilian wear")
	for i, holder := range c.Holder {
		have := w.Accounts.Units(holder, c.good[i])
		if have == 0 {
			continue
		}
		r, spec := &m.Setup.Buyers[i], &m.GoodSpec[c.good[i]]
		key := luck.At(w.Accounts.ID[holder])
		if spec.Durable {
			w.Accounts.Remove(sim.Lost, holder, c.good[i], clamp32(whole64(float64(have)*spec.Wear/weeksPerYear, key)))
		} else {
			w.Accounts.Remove(sim.Used, holder, c.good[i], clamp32(whole64(r.Use*c.wanted[i], key)))
		}
	}
}

// weeksPerYear is the mean length of a calendar year in weeks.
const weeksPerYear = 365.2425 / 7

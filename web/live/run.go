package live

import (
	"context"
	"slices"

	"entrepot/agents"
	"entrepot/sim"
)

// run answers with a run week by week.
func (a *answer) run(s *asked, burnIn bool) error {
	m, err := agents.New(s.Setup, s.seed)
	if err != nil {
		return err
	}
	w := describe(s, m)
	if err := a.out.object(w); err != nil {
		return err
	}
	t := newTeller(m, &w)
	weeks := 0
	err = a.live(m, s.Setup.Weeks(), func(week int) error {
		if week < 0 && !burnIn {
			t.pass()
			return nil
		}
		weeks++
		a.out.buf = t.week(a.out.buf[:0], week)
		return a.out.put(a.out.buf)
	})
	if err != nil {
		return err
	}
	return a.out.end(weeks)
}

// live lives through a run up to a week, burn-in included, and gives way to others.
func (a *answer) live(m *agents.Model, until int, each func(week int) error) error {
	m.Week = -agents.BurnIn
	return m.RunUntil(until, func(week int) error {
		if err := each(week); err != nil {
			return err
		}
		if week%Stint == 0 {
			return a.turn(a.ctx)
		}
		return nil
	})
}

// turn lets others on, and hears whether the answer is called off.
func (d *Desk) turn(ctx context.Context) error {
	if d.Turn != nil {
		if err := d.Turn(ctx); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// teller writes weeks.
type teller struct {
	m       *agents.Model
	events  map[int][]int // by week: positions of the events that come into force
	hubs    positions
	nets    []int // positions in the world's list of the networks of traders, in the model's order
	flow    [sim.NGoodsFlows][][sim.MaxOrigins]int64
	spent   []int64 // by group
	spender []int16 // by label of an account: group, or -1
	stored  []int64 // by hub, thousandths of a rifle-equivalent
	asked   []counter
}

// counter takes a measure of package agents, of which actors are named in the order of the world.
type counter struct {
	agents.Measure
	of     []string // labels of actors
	values []float64
	emit   agents.Emit
}

// The measures that a week tells, by their place in teller.asked.
const (
	activeCarriers = iota
	registered
	informed
	entryBids
)

func newTeller(m *agents.Model, w *worldLine) *teller {
	t := &teller{m: m, events: map[int][]int{}, hubs: positions(m.HubOf), spent: make([]int64, len(w.Groups)), stored: make([]int64, len(w.Hubs))}
	for i, e := range w.Events {
		week := max(e.Tick, -agents.BurnIn)
		if e.Tick < 0 { // what lies before the run is applied in its first week
			week = -agents.BurnIn
		}
		t.events[week] = append(t.events[week], i)
	}
	var networks, programmes []string
	for i, n := range w.Networks {
		if n.Of < 0 {
			t.nets = append(t.nets, i)
			networks = append(networks, "trafficker:"+n.ID)
		}
	}
	for _, p := range w.Programmes {
		programmes = append(programmes, "ddr:"+p.ID)
	}
	for _, c := range []struct {
		name string
		of   []string
	}{{"active_carriers", networks}, {"registered", programmes}, {"informed", programmes}, {"ddr_bids", programmes}} {
		t.asked = append(t.asked, newCounter(c.name, c.of))
	}
	for f := range t.flow {
		t.flow[f] = make([][sim.MaxOrigins]int64, m.Goods)
	}
	return t
}

func newCounter(name string, of []string) counter {
	all := agents.Measures()
	c := counter{Measure: all[slices.IndexFunc(all, func(m agents.Measure) bool { return m.Name == name })], of: of, values: make([]float64, len(of))}
	c.emit = func(actor string, _, _ int, value float64) {
		if i := slices.Index(of, actor); i >= 0 {
			c.values[i] = value
		}
	}
	return c
}

// none is the value of an actor who is not there.
const none = -1

func (c *counter) take(m *agents.Model) []float64 {
	for i := range c.values {
		c.values[i] = none
	}
	c.Each(m, c.emit)
	return c.values
}

// pass lives a week that is not told: what is counted since the start is taken note of.
func (t *teller) pass() {
	for f := range t.flow {
		copy(t.flow[f], t.m.Accounts.Flow[f])
	}
}

// week appends the line of the week that the model has just lived through.
func (t *teller) week(b []byte, week int) []byte {
	b = number(append(b, `{"kind":"week","t":`...), int64(week))
	b = t.prices(append(key(b, "p"), '['))
	b = t.roads(append(key(append(b, ']'), "f"), '['))
	b = t.places(append(key(append(b, ']'), "h"), '['))
	b = t.groups(append(key(append(b, ']'), "g"), '['))
	b = t.networks(append(key(append(b, ']'), "n"), '['))
	b = t.programmes(append(key(append(b, ']'), "d"), '['))
	b = t.flows(append(key(append(b, ']'), "s"), '['))
	b = append(key(append(b, ']'), "e"), '[')
	for _, e := range t.events[week] {
		b = number(b, int64(e))
	}
	b = t.happened(append(key(append(b, ']'), "x"), '['))
	return append(b, ']', '}')
}

// prices tells every market with an order.
func (t *teller) prices(b []byte) []byte {
	for i := range t.m.Auctions.Week {
		w := &t.m.Auctions.Week[i]
		if w.Wanted == 0 && w.Offered == 0 {
			continue
		}
		price, bid, ask := int64(none), int64(none), int64(none)
		if w.Units > 0 {
			price = w.Price
		}
		if w.Wanted > 0 {
			bid = w.Bid
		}
		if w.Offered > 0 {
			ask = w.Ask
		}
		b = row(b, int64(i/t.m.Goods), int64(i%t.m.Goods), price, bid, ask, int64(w.Units))
	}
	return b
}

// roads tells what entered every arc.
func (t *teller) roads(b []byte) []byte {
	r := t.m.Roads
	for i := range r.Entered {
		if r.Entered[i] == ([sim.MaxOrigins]int32{}) {
			continue
		}
		for o, units := range r.Entered[i] {
			if units != 0 {
				b = row(b, int64(i/t.m.Goods), int64(i%t.m.Goods), int64(o), int64(units), int64(r.Missing[i][o]))
			}
		}
	}
	return b
}

// nobody is who controls a hub that is left alone.
const nobody = -1000

// places tells every hub.
func (t *teller) places(b []byte) []byte {
	clear(t.stored)
	acc := t.m.Accounts
	t.m.Dealers.Stores(func(holder int32, hub int) {
		for g := range t.m.Goods {
			t.stored[hub] += int64(acc.Units(holder, g)) * t.m.GoodSpec[g].Load
		}
	})
	for h := range t.m.Places {
		p := &t.m.Places[h]
		b = row(b, controller(p), int64(p.Regime), rounded(float64(p.Violence*1000)), rounded(float64(p.Activity*100)), t.stored[h]/1000)
	}
	return b
}

// rounded is a number that is not negative as a whole one. Products are to be rounded before: a processor that fuses would else differ.
func rounded(x float64) int64 { return int64(x + 0.5) }

// groups tells every group that exists.
func (t *teller) groups(b []byte) []byte {
	acc := t.m.Accounts
	t.spend()
	for i, holder := range t.m.Groups.Holder {
		if !t.m.Groups.Exists(i) {
			continue
		}
		b = row(b, int64(i), rounded(t.m.Groups.Fighters[i]), acc.Cash[holder]/1000, t.spent[i]/1000)
		b = b[:len(b)-1]
		for g := range t.m.Goods {
			b = number(b, int64(acc.Units(holder, g)))
		}
		b = append(b, ']')
	}
	return b
}

// spend adds up what groups and their own buyers paid for arms in the week.
func (t *teller) spend() {
	acc := t.m.Accounts
	for len(t.spender) < len(acc.Labels) {
		label, group := acc.Labels[len(t.spender)], int16(none)
		for i, holder := range t.m.Groups.Holder {
			if acc.Labels[acc.Label[holder]] == label {
				group = int16(i)
			}
		}
		t.spender = append(t.spender, group)
	}
	clear(t.spent)
	for i := range t.m.Auctions.Sales {
		s := &t.m.Auctions.Sales[i]
		if g := t.spender[acc.Label[s.Buyer]]; g >= 0 {
			t.spent[g] += s.Price * int64(s.Units)
		}
	}
}

// networks tells every network of traders.
func (t *teller) networks(b []byte) []byte {
	active := t.asked[activeCarriers].take(t.m)
	k := 0
	for _, n := range t.m.Traffickers.Nets {
		if n.Group >= 0 {
			continue
		}
		b = row(b, int64(t.nets[k]), int64(len(n.Carrier)), int64(active[k]), int64(n.ArmsProfit)/1000, int64(n.Turnover)/1000)
		k++
	}
	return b
}

// programmes tells every programme that people know of.
func (t *teller) programmes(b []byte) []byte {
	people, heard, bids := t.asked[registered].take(t.m), t.asked[informed].take(t.m), t.asked[entryBids].take(t.m)
	for i := range people {
		if people[i] != none {
			b = row(b, int64(i), int64(people[i]), rounded(float64(heard[i]*1000)), int64(bids[i]))
		}
	}
	return b
}

// flows tells what left the market and what came into it, by good and origin.
func (t *teller) flows(b []byte) []byte {
	now := &t.m.Accounts.Flow
	for g := range t.m.Goods {
		for o := range sim.MaxOrigins {
			var of [4]int64
			some := false
			for k, f := range [4]sim.GoodsFlow{sim.Seized, sim.Lost, sim.Captured, sim.Made} {
				of[k] = now[f][g][o] - t.flow[f][g][o]
				some = some || of[k] != 0
			}
			if some {
				b = row(b, int64(g), int64(o), of[0], of[1], of[2], of[3])
			}
		}
	}
	t.pass()
	return b
}

// happened tells what actors did.
func (t *teller) happened(b []byte) []byte {
	for i := range t.m.Happened {
		h := &t.m.Happened[i]
		if h.Scheduled {
			continue
		}
		b = text(next(b, '['), h.Kind)
		b = text(number(b, int64(t.hubs.at(h.Place))), h.Detail)
		b = append(b, ']')
	}
	return b
}

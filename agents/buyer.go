package agents

import "entrepot/sim"

// Own buyers
//
// Rule. A group that lacks a good and has the cash sends a carrier of its own to a source. He buys at up to what the good
// is worth to the group at home, less the way, and brings it back; cash left over returns to the treasury.
// Source: bulletin (JNIM and the FLA send their own buyers to southern Libya); model design 4.7.
// Left out: own buyers do not sell on the way, and do not stop at markets between.

// buyForGroup is the week of an own buyer who is not on the road.
func (t *Traffickers) buyForGroup(w *sim.World, i int) {
	net := t.net(i)
	if net.BuyAt < 0 {
		return
	}
	base := int(t.m.DestOf[net.Homes[0]])
	at := int(t.m.DestOf[t.Fleet.Node[i]])
	switch {
	case t.state[i] == resting && at == base:
		t.sendBuyer(w, i, net)
	case at == net.BuyAt && t.state[i] != resting:
		t.buyThere(w, i, net)
	case at == base:
		t.deliver(w, i, net)
	default: // stranded or robbed on the way: home
		t.setOut(i, int16(base))
	}
}

// sendBuyer picks the good whose lack weighs most and gives the buyer cash for it.
func (t *Traffickers) sendBuyer(w *sim.World, i int, net *Kinship) {
	best, most := -1, int64(0)
	for g := range t.m.GoodSpec {
		need := int64(t.m.Groups.Need(net.Group, g))
		if v := min(need, t.mainUnits[g]) * t.m.Groups.Value(net.Group, g); v > most {
			best, most = g, v
		}
	}
	tr := t.trip(net, net.BuyAt, net.Homes[0])
	budget := min(t.m.Groups.BuyerBudget(net.Group), most+int64(3*tr.Cost))
	if best < 0 || !tr.Exists || budget < int64(4*tr.Cost) {
		return
	}
	w.Accounts.Pay(t.m.Groups.Holder[net.Group], t.holder(i), budget)
	t.begin(i, int16(best), int16(net.BuyAt))
	t.setOut(i, int16(net.BuyAt))
}

// buyThere bids at the source for a few weeks and then goes home with what there is.
func (t *Traffickers) buyThere(w *sim.World, i int, net *Kinship) {
	g, hub := int(t.good[i]), int(t.Fleet.Node[i])
	t.weeks[i]++
	missing := t.mainUnits[g] - int64(w.Accounts.Units(t.holder(i), g))
	back := t.trip(net, int(t.m.DestOf[net.Homes[0]]), hub)
	if missing <= t.mainUnits[g]/4 || t.weeks[i] > buyingWeeks || !t.m.trades(hub) {
		t.setOut(i, t.m.DestOf[net.Homes[0]])
		return
	}
	alive, _ := t.carry(net, back, t.m.GoodSpec[g].Visibility)
	worth := float64(alive*float64(t.m.Groups.Value(net.Group, g))) - back.Cost/float64(t.mainUnits[g])
	purse := w.Accounts.Cash[t.holder(i)] - int64(2*back.Cost)
	if limit := int64(worth); limit > 0 && purse > 0 {
		limit = min(limit, purse)
		t.m.bid(hub, g, t.holder(i), min(missing, purse/limit), limit)
	}
}

// buyingWeeks is how long an own buyer waits at the source.
const buyingWeeks = 6

// deliver hands goods and cash to the group.
func (t *Traffickers) deliver(w *sim.World, i int, net *Kinship) {
	group := t.m.Groups.Holder[net.Group]
	for g := range t.m.GoodSpec {
		w.Accounts.Move(t.holder(i), group, g, w.Accounts.Units(t.holder(i), g))
	}
	w.Accounts.Pay(t.holder(i), group, w.Accounts.Cash[t.holder(i)])
	t.state[i] = resting
}

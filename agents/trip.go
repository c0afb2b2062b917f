package agents

import "entrepot/sim"

// alternative is the best net value of a good elsewhere, for somebody who holds a usual cargo of it here.
type alternative struct {
	price float64 // CFA per unit on arrival, times the chance to arrive
	cost  float64 // CFA of going there
	week  int32
	dest  int16 // market index, or -1
	made  bool
}

// worth is the net value there of each of some units that go together, CFA.
func (a *alternative) worth(units float64) float64 { return a.price - a.cost/units }

// elsewhere returns the best net value of a good at another market, looked up at most every second week: good enough for
// what one asks.
func (t *Traffickers) elsewhere(net *Kinship, hub, good int) *alternative {
	a := &net.elsewhere[int(t.m.DestOf[hub])*t.m.Goods+good]
	if !a.made || t.m.Week-int(a.week) >= 2 {
		*a = t.lookElsewhere(net, hub, good, float64(t.mainUnits[good]))
	}
	return a
}

// lookElsewhere works the best net value out afresh, for some units that go together, with all that is planned by
// now: those who leave see each other.
func (t *Traffickers) lookElsewhere(net *Kinship, hub, good int, units float64) alternative {
	a := alternative{dest: -1, week: int32(t.m.Week), made: true}
	most, visibility := 0.0, t.m.GoodSpec[good].Visibility
	n := len(t.m.Markets)
	var bounds []bound
	if at := t.m.DestOf[hub]; at >= 0 {
		first := t.legsFrom(net, good, at)
		bounds = net.bounds[first : first+len(net.hurdle)]
	}
	outlets := t.byBid[good*n : (good+1)*n]
	for k := range outlets {
		out := &outlets[k]
		dest, d := out.dest, int(out.dest)
		if out.bid <= most { // nobody further down bids more than he would keep by going elsewhere
			break
		}
		if bounds != nil { // with a CFA over, which covers all rounding; nobody passes where the network cannot show itself
			c := net.column[d]
			if b := &bounds[c]; float64((float64(float64(b.alive)*out.bid)+1-most)*units) <= positive(float64(b.fixed)+net.hurdle[c]) {
				continue
			}
		}
		there := t.m.Markets[d]
		tr := t.trip(net, d, hub)
		if there == hub || !tr.Exists || !net.shown[d] {
			continue
		}
		alive, cost := tr.Alive, tr.Fixed
		if visibility != 1 {
			alive, cost = t.carry(net, tr, visibility)
		}
		toGo := func(selling float64) float64 { // going elsewhere is worth no more than what it brings
			return max(cost+(float64(net.omega*selling)+net.position[hub]-net.position[there]+net.correction(dest)), 0)
		}
		if float64(alive*out.bid)-toGo(1)/units <= most { // nor by the best bid, at once
			continue
		}
		sale := t.sale(2*good, dest, t.saleMode(net, there, tr.Calls))
		cost = toGo(float64(sale.selling))
		if v := float64(alive*sale.price) - cost/units; v > most && sale.price > 0 {
			most = v
			a.price, a.cost, a.dest = float64(alive*sale.price), cost, dest
		}
	}
	return a
}

// offer is the decision of a carrier with a cargo: ask here, or take it elsewhere after a week of offering.
func (t *Traffickers) offer(w *sim.World, i int) {
	net, hub := t.net(i), int(t.Fleet.Node[i])
	if !t.welcome(net, hub) {
		if g := t.mainCargo(i); g >= 0 {
			t.relocate(w, i, net, hub, t.lookElsewhere(net, hub, g, float64(w.Accounts.Units(t.holder(i), g))))
		}
		return
	}
	if !t.fresh[i] {
		if alt, ok := t.betterElsewhere(net, i, hub); ok && t.relocate(w, i, net, hub, alt) {
			return
		}
	}
	t.m.raid(w, t.holder(i), hub)
	holder, kept := t.holder(i), t.m.kept(hub)
	for g := w.Accounts.NextGood(holder, 0); g >= 0; g = w.Accounts.NextGood(holder, g+1) {
		lot := w.Accounts.Lot(holder, g)
		best := t.m.Auctions.News(w.Market(hub, g), 1).Sell[0]
		units := float64(lot.Units)
		limit := askPrice(float64(lot.CostSum())/units/kept, best, t.patient(net, hub, g, units), t.elsewhere(net, hub, g).worth(units)/kept, int(t.weeks[i]), &t.m.P.Trafficker)
		t.m.ask(hub, g, holder, int64(lot.Units), limit)
	}
	t.fresh[i] = false
	if t.weeks[i] < 200 {
		t.weeks[i]++
	}
}

// patient returns the price at which a cargo is best sold at a hub by the quotes of last week, CFA: with all that other carriers
// offer there at once, or over some weeks for a better price, as long as that pays for the weeks. A week costs other work and
// what another trip would earn.
func (t *Traffickers) patient(net *Kinship, hub, good int, units float64) (price float64) {
	market := t.m.Market(hub, good)
	curve, lot := t.m.Auctions.News(market, 1), t.m.Auctions.Lot(market, good)
	all := max(t.flow(t.m.DestOf[hub], good).onOffer, units)
	most := 0.0
	for _, weeks := range waitingWeeks {
		p := curve.SellAt(lot, all/weeks)
		if earns := float64(p*units*(1-float64(t.m.P.Trafficker.Interest*weeks))) - float64((net.omega+net.pays)*weeks); p > 0 && earns > most {
			price, most = p, earns
		}
	}
	return price
}

// waitingWeeks are the numbers of weeks over which a seller may spread what he has.
var waitingWeeks = [...]float64{1, 2}

// askPrice starts from the full cost stack plus a margin and falls, week by week, to the best net value elsewhere. Nobody
// starts far above the best bid he knows of: a cargo that has wandered carries costs that no buyer will repay.
func askPrice(stack, best, patient, elsewhere float64, weeks int, p *traffickerParams) int64 {
	start := stack * (1 + p.Margin)
	if best > 0 {
		start = min(start, best*hopeful)
	}
	if start = max(start, patient); start <= elsewhere {
		return max(1, int64(elsewhere))
	}
	gap := start - elsewhere
	for k := 0; k < weeks; k++ {
		gap *= 1 - p.AskDecay
	}
	return max(1, int64(elsewhere+gap))
}

// hopeful is how far above the best bid somebody starts who need not sell at once.
const hopeful = 1.25

// betterElsewhere reports where the main cargo would fetch more, net of the way, than the quotes say here.
func (t *Traffickers) betterElsewhere(net *Kinship, i, hub int) (alternative, bool) {
	g := t.mainCargo(i)
	if g < 0 {
		return alternative{}, false
	}
	f := t.flow(t.m.DestOf[hub], g)
	units := float64(t.m.Accounts.Units(t.holder(i), g))
	f.underWay -= units // his own cargo does not compete with him
	here, selling := t.revenue(hub, g, 1, units, 0)
	f.underWay += units
	here -= float64(net.omega*selling) / units
	if t.elsewhere(net, hub, g).worth(units) <= here {
		return alternative{}, false
	}
	alt := t.lookElsewhere(net, hub, g, units)
	return alt, alt.dest >= 0 && alt.worth(units) > here
}

// mainCargo returns the good that takes most of a carrier's load, or -1.
func (t *Traffickers) mainCargo(i int) int {
	best, most := -1, int64(0)
	acc, holder := t.m.Accounts, t.holder(i)
	for g := acc.NextGood(holder, 0); g >= 0; g = acc.NextGood(holder, g+1) {
		if l := int64(acc.Units(holder, g)) * t.m.GoodSpec[g].Load; l > most {
			best, most = g, l
		}
	}
	return best
}

// relocate sends a carrier with his cargo to where it is worth most. It reports false where he cannot go.
func (t *Traffickers) relocate(w *sim.World, i int, net *Kinship, hub int, alt alternative) bool {
	if alt.dest < 0 {
		return false
	}
	tr := t.trip(net, int(alt.dest), hub)
	if w.Accounts.Cash[t.holder(i)]+net.Spec.Credit < int64(tr.Cost) {
		return false
	}
	for g := range t.m.GoodSpec {
		if u, d := w.Accounts.Units(t.holder(i), g), t.m.DestOf[hub]; u > 0 && d >= 0 {
			f := t.flow(d, g)
			f.underWay -= float64(u)
			f.changes++
			t.requoteSale(d, g)
		}
	}
	t.target[i] = alt.dest
	t.leave(w, i, net, hub)
	return true
}

// leave starts a loaded trip: what it will cost and risk enters the cost stack as it is believed at loading.
func (t *Traffickers) leave(w *sim.World, i int, net *Kinship, hub int) {
	m, holder := t.m, t.holder(i)
	p := &m.P.Trafficker
	tr := t.trip(net, int(t.target[i]), hub)
	alive, _ := t.carry(net, tr, t.m.GoodSpec[max(0, t.mainCargo(i))].Visibility)
	var paid float64
	for g := range m.GoodSpec {
		lot := w.Accounts.Lot(holder, g)
		if lot == nil {
			continue
		}
		paid += float64(lot.CostSum())
		f := t.flow(t.target[i], g)
		f.underWay += float64(float64(lot.Units) * alive)
		f.changes++
		t.requoteSale(t.target[i], g)
	}
	if t.state[i] == loading { // what the whole journey is expected to leave, if it is not lost
		t.aim[i], t.left[i], t.leftCash[i] = t.target[i], int16(w.Week), w.Accounts.Cash[holder]
		got := float64(t.load(i)) / float64(max(1, t.ordered[i]))
		net.fill += float64((min(got, 1) - net.fill) * p.BiasRate / 4)
		revenue := float64(float64(t.forecast[i]) * got) // as planned, for what he got
		net.fetches += float64((revenue - net.fetches) * p.BiasRate / 8)
		t.fetches += float64((revenue - t.fetches) * p.BiasRate / 64)
		t.forecast[i] = float32(revenue - tr.Cost - float64(tr.Paying*float64(m.P.Road.Payment)) - float64(net.omega*(tr.Weeks+1)))
		net.loaded[m.DestOf[hub]]++
		net.cargoes[max(0, t.mainCargo(i))]++
		for g := range net.cargo {
			net.cargo[g] += w.Accounts.Units(holder, g)
		}
	}
	loss := float64((1 - alive) * float64(p.LossOwner) * p.RiskAversion)
	risk := loss + float64((1/max(alive, 0.05)-1)*(paid+tr.Cost+loss))
	w.Accounts.Spend(holder, p.FixedCost, sim.TransportCost)
	back := net.position[hub] - net.position[m.Markets[t.target[i]]] // the empty way back, which the cargo has to earn
	m.Roads.Charge(w.Accounts, holder,
		sim.Charge{Component: sim.CostTransport, CFA: p.FixedCost + int64(float64(net.omega*(tr.Weeks+1))+back)},
		sim.Charge{Component: sim.CostRisk, CFA: int64(risk)},
		sim.Charge{Component: sim.CostStorage, CFA: int64(paid * p.Interest * (tr.Weeks + 1))})
	t.stats.Departures++
	if t.state[i] == loading {
		t.weeks[i] = 0 // weeks of offering count from the loading, wherever the cargo is taken
	}
	t.setOut(i, t.target[i])
}

// depart follows the clearing: full cargoes leave, sold ones end their trip.
func (t *Traffickers) depart(w *sim.World) {
	for _, net := range t.Nets {
		clear(net.cargoes)
		clear(net.cargo)
	}
	for k := range w.Auctions.Sales {
		if i := w.Auctions.Sales[k].Seller - t.Fleet.First; i >= 0 {
			t.net(int(i)).Turnover += float64(w.Auctions.Sales[k].Price * int64(w.Auctions.Sales[k].Units))
		}
	}
	for i, s := range t.state {
		if s != loading && s != offering || t.net(i).Group >= 0 {
			continue
		}
		switch s {
		case loading:
			switch load := t.load(i); {
			case load == 0:
				t.state[i] = resting
			case load >= int64(fullEnough*float64(t.ordered[i])), t.weeks[i] >= loadingWeeks && t.pays(w, i):
				t.leave(w, i, t.net(i), int(t.Fleet.Node[i]))
			}
		case offering:
			if t.load(i) == 0 {
				t.sold(w, i)
			}
		}
	}
}

// correction is what a trip to a market has to promise, CFA, before it is worth more than other work: what is usual for the trips
// of the network, and what is peculiar to the place, learned from the trips that came through. A place alone sees too few trips a
// year to learn from its losses.
func (net *Kinship) correction(dest int16) float64 { return net.breakEven + net.bias[dest] }

// notLeft marks a trip whose cargo has not left the place where it is loaded.
const notLeft = -1 << 15

// fullEnough is the part of an ordered cargo with which one leaves without waiting for the rest.
const fullEnough = 0.8

// pays reports whether what a carrier has loaded is worth taking to where he meant to take it, rather than selling it back.
func (t *Traffickers) pays(w *sim.World, i int) bool {
	m, net, holder := t.m, t.net(i), t.holder(i)
	tr := t.trip(net, int(t.target[i]), int(t.Fleet.Node[i]))
	there := m.Markets[t.target[i]]
	alive, fixed := t.carry(net, tr, m.GoodSpec[max(0, t.mainCargo(i))].Visibility)
	value := 0.0
	for g := range m.GoodSpec {
		if lot := w.Accounts.Lot(holder, g); lot != nil {
			price, _ := t.revenue(there, g, t.ageOf(t.ageClass(net, there)), float64(lot.Units), float64(tr.Calls))
			value += float64(alive*price*float64(lot.Units)) - float64(lot.CostSum())
		}
	}
	return value > fixed+net.omega+net.position[t.Fleet.Node[i]]-net.position[there]
}

// sold ends a trip whose cargo is gone: what it left is compared with what it was expected to leave, all ways and all
// weeks of waiting included.
func (t *Traffickers) sold(w *sim.World, i int) {
	net := t.net(i)
	if t.left[i] == notLeft { // sold back where it was loaded
		t.close(w, i)
		return
	}
	missed := float64(t.forecast[i]) - t.settle(w, i)
	rate := t.m.P.Trafficker.BiasRate
	net.survivors += float64((missed - net.survivors) * rate / 4)
	b := &net.bias[t.aim[i]]
	*b += float64((missed - net.survivors - *b) * rate)
	t.close(w, i)
}

// settle teaches what a trip left over other work, and returns what it left since its cargo was loaded, CFA.
func (t *Traffickers) settle(w *sim.World, i int) (left float64) {
	net := t.net(i)
	left = float64(w.Accounts.Cash[t.holder(i)]-t.leftCash[i]) - float64(net.omega*float64(w.Week-int(t.since[i])))
	t.teach(net, left-float64(t.baseline[i]-t.leftCash[i]))
	return left
}

// close ends a trip and books its profit over other work.
func (t *Traffickers) close(w *sim.World, i int) {
	net := t.net(i)
	weeks := float64(w.Week - int(t.since[i]))
	if net.Group < 0 {
		profit := float64(w.Accounts.Cash[t.holder(i)]-t.baseline[i]) - float64(net.omega*weeks)
		net.ArmsProfit += profit
		if t.left[i] == notLeft { // an empty way, or a cargo sold back
			t.teach(net, profit)
		}
	}
	t.state[i] = resting
}

// travel moves everybody who is on the road and receives those who arrive.
func (t *Traffickers) travel(w *sim.World) {
	w.Roads.Begin()
	w.Roads.Advance(&t.Fleet, w.Accounts, w.Luck("roads"))
	for i, s := range t.state {
		if s != moving || t.Fleet.Dest[i] >= 0 {
			continue
		}
		switch {
		case t.Fleet.Lost[i]:
			t.stats.Losses++
			if t.left[i] != notLeft && t.net(i).Group < 0 {
				t.settle(w, i)
			}
			t.Fleet.Lost[i] = false
			t.close(w, i)
		case t.net(i).Group >= 0:
			t.state[i] = buyingFor
		case t.load(i) > 0:
			t.state[i], t.fresh[i] = offering, true
		default:
			t.close(w, i)
		}
	}
}

// learn lets beliefs about roads and forecasts fade.
func (t *Traffickers) learn(w *sim.World) {
	t.breakEven()
	for _, net := range t.Nets {
		net.Class.Forget(t.m.P.Road.Forget)
		if net.Group >= 0 {
			continue
		}
		for k := range net.bias {
			net.bias[k] *= 1 - biasFade
			net.loaded[k] *= 1 - biasFade
		}
	}
}

// biasFade lets a network or a destination that disappointed be tried again after about a year.
const biasFade = 0.01

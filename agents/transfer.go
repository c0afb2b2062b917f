package agents

import "entrepot/sim"

// Transfer returns what a price has to rise by on the way from a market to another for a trip to be worth it, CFA per unit: for a usual
// cargo bought at a price, of the network of traders that takes it cheapest by what it believes of its roads this week. It holds fuel,
// tolls and the fixed cost, payments at stops, the risk to cargo and vehicle, interest, other work forgone on the way and in a
// week of loading, and the empty way back; no margin. It is sim.Unreachable where no network would go. It only looks: a run goes on
// as if nobody had asked.
func (t *Traffickers) Transfer(good, from, to int, price float64) (least float64) {
	least = sim.Unreachable
	o, d := t.m.DestOf[from], t.m.DestOf[to]
	if o < 0 || d < 0 || !t.m.trades(from) || !t.m.trades(to) {
		return least
	}
	for _, net := range t.Nets {
		if net.Group >= 0 || !net.shown[o] || !net.shown[d] {
			continue
		}
		tr := t.trip(net, int(d), from)
		if !tr.Exists {
			continue
		}
		alive, fixed := t.carry(net, tr, t.m.GoodSpec[good].Visibility)
		fixed += net.omega + (net.position[from] - net.position[to])
		paid := float64(price * (1 + float64(t.m.P.Trafficker.Interest*(tr.Weeks+1))))
		least = min(least, (paid+fixed/float64(t.mainUnits[good]))/alive-price)
	}
	return least
}

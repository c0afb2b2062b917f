package agents

import "entrepot/sim"

// trip is what a network believes of a trip from a hub to a market, for a usual vehicle.
type trip struct {
	Weeks  float64 // on the road
	Cost   float64 // CFA: fuel, tolls, fixed cost
	Hazard float64 // h: strikes and stops that end in loss, visibility 1
	Paying float64 // s*H_p: payable stops that end in a payment, visibility 1
	Alive  float64 // exp(-h), visibility 1
	Fixed  float64 // CFA: cost, expected payments, expected loss of the owner and other work forgone, visibility 1
	Calls  uint8   // auctions held at the destination before he can sell there, 1 to mostCalls
	Exists bool
	priced uint32 // count of route changes it stands for
}

// paths lets networks recompute their routes where beliefs moved or an event came, and what their trips then cost.
func (t *Traffickers) paths(w *sim.World) {
	m := t.m
	t.news.publish(m)
	s := m.Roads.PayableShare
	for _, net := range t.Nets {
		r := sim.RouteCost{PerDay: net.omega / 7, Payment: float64(s * float64(m.P.Road.Payment)), LossPart: 1 - s, Mu: m.P.Road.Mu,
			PerLoss: float64(m.P.Road.RouteCargo) + float64(m.P.Trafficker.RiskAversion*float64(m.P.Trafficker.LossOwner))}
		if t.news.changed {
			t.hostileTowns(net)
		}
		if net.Class.Refresh(r, pathTolerance) {
			t.priceTrips(net)
		}
	}
}

// pathTolerance is the relative change of believed road costs below which a network keeps its routes.
const pathTolerance = 0.04

// hostileTowns makes roads into towns of a hostile force as dangerous as that force makes them.
func (t *Traffickers) hostileTowns(net *Kinship) {
	m, g := t.m, t.m.Net
	for a := range net.Class.Hazard {
		base := 1.0
		if net.Kin[g.From[a]] && net.Kin[g.To[a]] {
			base = m.P.Road.KinHazard
		}
		if f := m.Places[g.To[a]].Force; f >= 0 && net.Hostile[f] {
			base = hostileTown
		}
		net.Class.Hazard[a] = base
	}
}

// hostileTown multiplies the hazards of a road into a town held by a force that the network's protectors fight.
const hostileTown = 1.5

// trip returns what a network believes of a trip to a market (by index) from a hub, worked out when it is first asked for
// after the network thought its routes over.
func (t *Traffickers) trip(net *Kinship, d, hub int) *trip {
	tr := &net.trips[d*t.m.Net.Hubs+hub]
	if tr.priced != net.priced {
		t.price(net, tr, d*t.m.Net.Hubs+hub)
	}
	return tr
}

func (t *Traffickers) price(net *Kinship, tr *trip, k int) {
	*tr = trip{priced: net.priced}
	if net.Class.Dist[k] >= sim.Unreachable {
		return
	}
	sum, s := &net.Class.Sum[k], t.m.Roads.PayableShare
	tr.Exists, tr.Weeks = true, sum.Days/7
	tr.Cost = sum.Cost + sum.Toll + float64(t.m.P.Trafficker.FixedCost)
	tr.Paying = float64(s * sum.Payable)
	tr.Hazard = sum.Strike + float64((1-s)*sum.Payable)
	tr.Calls = uint8(min(int(tr.Weeks+0.5)+1, mostCalls)) // half a week for ways longer than the mean
	tr.Alive, tr.Fixed = t.carry(net, tr, 1)
}

// priceTrips follows a change of routes: the values of places, and what plans need of the trips between markets.
func (t *Traffickers) priceTrips(net *Kinship) {
	m := t.m
	net.priced++
	for h := range net.position {
		net.position[h] = t.wayBack(net, h)
	}
	for at, from := range m.Markets {
		for d, to := range m.Markets {
			net.legs[at*len(m.Markets)+d] = t.legOf(net, t.trip(net, d, from), from, to)
		}
	}
}

// leg is what plans need of a trip between two markets, for a cargo of visibility 1.
type leg struct {
	alive float64 // chance to arrive
	fixed float64 // CFA: the trip, the way back included
	shift float64 // CFA: the way back alone
	weeks float64
	mode  int32 // of quotes at the destination, or -1 where there is no way
}

func (t *Traffickers) legOf(net *Kinship, tr *trip, from, to int) leg {
	if !tr.Exists {
		return leg{mode: -1}
	}
	shift := net.position[from] - net.position[to]
	return leg{tr.Alive, tr.Fixed + shift, shift, tr.Weeks, int32(t.saleMode(net, to, tr.Calls))}
}

// carry returns the chance that a cargo of some visibility arrives, and what its trip costs beyond the cargo, CFA.
func (t *Traffickers) carry(net *Kinship, tr *trip, visibility float64) (alive, fixed float64) {
	p := &t.m.P.Trafficker
	h := float64(tr.Hazard * visibility)
	alive = sim.Exp(-h)
	payments := float64(tr.Paying * visibility)
	if h > 1e-9 {
		payments = float64(payments * ((1 - alive) / h))
	}
	fixed = tr.Cost + float64(payments*float64(t.m.P.Road.Payment)) + float64((1-alive)*float64(p.LossOwner)*p.RiskAversion) + float64(net.omega*tr.Weeks)
	return alive, fixed
}

// wayBack values a place by the empty way to where the network loads: whoever carries a cargo further out has to come back, and
// whoever finds a load on the way back has that way paid. It is the shadow price of a vehicle, CFA. Where it loads is what
// it has done lately and, before it has done much, the nearest source.
func (t *Traffickers) wayBack(net *Kinship, hub int) float64 {
	least := sim.Unreachable
	for _, d := range t.sources {
		if tr := t.trip(net, int(d), hub); tr.Exists {
			least = min(least, t.emptyCost(net, tr))
		}
	}
	if least >= sim.Unreachable {
		return 0
	}
	cost, weight := least*firstLoads, firstLoads
	for d, n := range net.loaded {
		if n < 1 {
			continue
		}
		if tr := t.trip(net, d, hub); tr.Exists {
			cost += float64(n * t.emptyCost(net, tr))
			weight += n
		}
	}
	return -cost / weight
}

// firstLoads is the number of cargoes that what is taken for granted about the way back counts for.
const firstLoads = 10.0

// emptyCost is what a trip costs a carrier without cargo, other work forgone included, CFA.
func (t *Traffickers) emptyCost(net *Kinship, tr *trip) float64 {
	return tr.Cost - float64(t.m.P.Trafficker.FixedCost) + float64(net.omega*tr.Weeks)
}

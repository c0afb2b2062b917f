package agents

import (
	"math"

	"entrepot/sim"
)

// trip is what a network believes of a trip from a hub to a market, for a usual vehicle: one line of the cache.
type trip struct {
	priced uint32  // count of route changes it stands for
	Calls  uint8   // auctions held at the destination before he can sell there, 1 to mostCalls
	Exists bool    // a way
	Cost   float64 // CFA: fuel, tolls, fixed cost
	Weeks  float64 // on the road
	Alive  float64 // exp(-h), visibility 1
	Fixed  float64 // CFA: cost, expected payments, expected loss of the owner and other work forgone, visibility 1
	Hazard float64 // h: strikes and stops that end in loss, visibility 1
	Paying float64 // s*H_p: payable stops that end in a payment, visibility 1
	_      [8]byte
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
			net.priced++
			if net.Group < 0 { // own buyers always go back to where they came from
				t.valuePlaces(net)
			}
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
	tr := &net.trips[int(net.row[hub])*(len(net.reached)+1)+int(net.column[d])]
	if tr.priced != net.priced {
		t.price(net, tr, d, hub)
	}
	return tr
}

func (t *Traffickers) price(net *Kinship, tr *trip, d, hub int) {
	*tr = trip{priced: net.priced}
	dist, sums := net.Class.To(d)
	if dist[hub] >= sim.Unreachable {
		return
	}
	sum, s := &sums[hub], t.m.Roads.PayableShare
	tr.Exists, tr.Weeks = true, sum.Days/7
	tr.Cost = sum.Cost + float64(t.m.P.Trafficker.FixedCost)
	tr.Paying = float64(s * sum.Payable)
	tr.Hazard = sum.Strike + float64((1-s)*sum.Payable)
	tr.Calls = uint8(min(int(tr.Weeks+0.5)+1, mostCalls)) // half a week for ways longer than the mean
	tr.Alive, tr.Fixed = t.carry(net, tr, 1)
}

// leg is what plans need of a trip between two markets, for a cargo of some visibility. Until one asks for it exactly, a leg holds
// what the trip is at best, which needs no exponential.
type leg struct {
	alive float64 // chance to arrive
	fixed float64 // CFA: the trip, the way back included
	weeks float64
	mode  uint8 // of quotes at the destination
	exact bool
}

// bound is the best that a leg can be. Of most trips it is enough to know that they cannot pay, and plans read the bounds of all of them
// one after the other: so they are small.
type bound struct {
	alive float32 // chance to arrive, or more
	fixed float32 // CFA: the trip, the way back included, or less; Unreachable where there is no way
}

// atBest rounds to the better side.
func (l *leg) atBest() bound {
	return bound{float32(l.alive * (1 + rounding)), float32(l.fixed - math.Abs(l.fixed*rounding))}
}

// rounding is more than what is lost of a number in 32 bits, relative to it.
const rounding = 0x1p-22

// legsFrom returns where the bounds and legs from a market to all others begin, for a cargo of a good. They are worked out like trips
// when they are first asked for.
func (t *Traffickers) legsFrom(net *Kinship, good int, at int16) (first int) {
	k := int(net.column[at])*len(t.visibilities) + t.visibility[good]
	first = k * (len(net.reached) + 1)
	if net.legsPriced[k] != net.priced {
		net.legsPriced[k] = net.priced
		t.boundLegs(net, first, t.m.GoodSpec[good].Visibility, at)
	}
	return first
}

func (t *Traffickers) boundLegs(net *Kinship, first int, visibility float64, at int16) {
	from := t.m.Markets[at]
	for k, d := range net.reached {
		b, to := &net.bounds[first+k], t.m.Markets[d]
		*b = bound{fixed: sim.Unreachable}
		tr := t.trip(net, int(d), from)
		if !tr.Exists || d == at {
			continue
		}
		alive, fixed := tr.Alive, tr.Fixed
		if visibility != 1 {
			alive, fixed = t.carryAtBest(net, tr, visibility)
		}
		l := &net.legs[first+k]
		*l = leg{alive, fixed + (net.position[from] - net.position[to]), tr.Weeks, uint8(t.saleMode(net, to, tr.Calls)), visibility == 1}
		*b = l.atBest()
	}
}

// exactly returns a leg after working it out for good.
func (t *Traffickers) exactly(net *Kinship, k, good int, at, dest int16) *leg {
	l := &net.legs[k]
	if !l.exact {
		from, to := t.m.Markets[at], t.m.Markets[dest]
		alive, fixed := t.carry(net, t.trip(net, int(dest), from), t.m.GoodSpec[good].Visibility)
		l.alive, l.fixed, l.exact = alive, fixed+(net.position[from]-net.position[to]), true
		net.bounds[k] = l.atBest()
	}
	return l
}

// carryAtBest returns what carry does at best: at least its chance, at most its cost, to within rounding. exp(-hv) is below the
// line 1 - v(1-exp(-h)) for v below 1, and below exp(-h) to the power of a smaller whole number above 1.
func (t *Traffickers) carryAtBest(net *Kinship, tr *trip, visibility float64) (alive, fixed float64) {
	p := &t.m.P.Trafficker
	alive = tr.Alive
	switch {
	case visibility < 1:
		alive = 1 - float64(visibility*(1-tr.Alive))
	case visibility >= 2:
		alive = float64(tr.Alive * tr.Alive)
	}
	return alive, tr.Cost + float64((1-alive)*float64(p.LossOwner)*p.RiskAversion) + float64(net.omega*tr.Weeks)
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

// valuePlaces follows a change of routes. It values each place by the empty way to where the network loads: whoever carries a
// cargo further out has to come back, and whoever finds a load on the way back has that way paid. It is the shadow price of a
// vehicle, CFA. Where a network loads is what it has done lately (places where it hardly ever does are left out) and, before
// it has done much, the nearest source.
func (t *Traffickers) valuePlaces(net *Kinship) {
	for h := range net.position {
		net.position[h] = sim.Unreachable
	}
	for _, d := range t.sources {
		dist, sums := net.Class.To(int(d))
		for h := range dist {
			if dist[h] < sim.Unreachable {
				net.position[h] = min(net.position[h], t.emptyWay(net, &sums[h]))
			}
		}
	}
	for h, least := range net.position {
		net.position[h], t.loads[h] = least*firstLoads, firstLoads
		if least >= sim.Unreachable {
			net.position[h] = 0
		}
	}
	all := 0.0
	for _, n := range net.loaded {
		all += n
	}
	for d, n := range net.loaded {
		if n < 1 || n < hardlyLoads*all {
			continue
		}
		dist, sums := net.Class.To(d)
		for h := range dist {
			if dist[h] < sim.Unreachable {
				net.position[h] += float64(n * t.emptyWay(net, &sums[h]))
				t.loads[h] += n
			}
		}
	}
	for h := range net.position {
		net.position[h] = -net.position[h] / t.loads[h]
	}
}

// emptyWay is what the empty way that a trip would meet costs, CFA.
func (t *Traffickers) emptyWay(net *Kinship, sum *sim.PathSum) float64 {
	return sum.Cost + float64(net.omega*(sum.Days/7))
}

// firstLoads is the number of cargoes that what is taken for granted about the way back counts for.
const firstLoads = 10.0

// hardlyLoads is the share of a network's cargoes below which a place of loading does not count for the way back.
const hardlyLoads = 0.05

// emptyCost is what a trip of some cost and weeks costs a carrier without cargo, other work forgone included, CFA.
func (t *Traffickers) emptyCost(net *Kinship, cost, weeks float64) float64 {
	return cost - float64(t.m.P.Trafficker.FixedCost) + float64(net.omega*weeks)
}

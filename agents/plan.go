package agents

import "entrepot/sim"

// option is one trip open to a network at a hub: buy a good here, sell it there.
type option struct {
	good, dest int16
	units      float64 // of the good
	rest       float64 // of what travels with it
	limit      float64 // CFA per unit at which the gain is zero
	restLimit  float64
	revenue    float64 // expected on arrival, CFA
	weeks      float64 // of travel and selling
	score      float64 // CFA per week over other work
	weight     float64 // exp(score/tau), 0 if the score is not positive
	seen       [2]uint32
}

// options are the trips of a network from one market, made afresh in the weeks in which somebody asks for them.
type options struct {
	list []option
	week int
	made bool
}

// prospect is the best trip a network knows from a market, for those who would first have to go there empty.
type prospect struct {
	gain, weeks float64 // CFA per trip over other work, and how long it takes
	good        int16
	week        int
	revision    uint32
	made        bool
}

// sellingWeeks are the numbers of weeks over which a cargo may be sold where a market is too thin for one.
var sellingWeeks = [...]float64{1, 2, 4}

// paths lets networks recompute their routes where beliefs moved or an event came, and what their trips then cost.
func (t *Traffickers) paths(w *sim.World) {
	m := t.m
	t.news.publish(m, t.Nets)
	s := m.Roads.PayableShare
	for _, net := range t.Nets {
		r := sim.RouteCost{PerDay: net.omega / 7, Payment: float64(s * float64(m.P.Road.Payment)), LossPart: 1 - s, Mu: m.P.Road.Mu,
			PerLoss: float64(m.P.Road.RouteCargo) + float64(m.P.Trafficker.RiskAversion*float64(m.P.Trafficker.LossOwner))}
		t.hostileTowns(net)
		if net.Class.Refresh(r, pathTolerance) {
			t.priceTrips(net, s)
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

func (t *Traffickers) priceTrips(net *Kinship, s float64) {
	m, c := t.m, net.Class
	for d := range m.Markets {
		for h := range m.Places {
			k := d*m.Net.Hubs + h
			tr := &net.trips[k]
			*tr = trip{}
			if c.Dist[k] >= sim.Unreachable {
				continue
			}
			sum := &c.Sum[k]
			tr.Exists = true
			tr.Weeks = sum.Days / 7
			tr.Cost = sum.Cost + sum.Toll + float64(m.P.Trafficker.FixedCost)
			tr.Paying = float64(s * sum.Payable)
			tr.Hazard = sum.Strike + float64((1-s)*sum.Payable)
		}
	}
	for h := range net.position {
		net.position[h] = t.wayBack(net, h)
	}
}

// wayBack values a place by the empty way to the nearest source: whoever carries a cargo further out has to come back, and
// whoever finds a load on the way back has that way paid. It is the shadow price of a vehicle, CFA.
func (t *Traffickers) wayBack(net *Kinship, hub int) float64 {
	least := sim.Unreachable
	for _, d := range t.sources {
		if tr := &net.trips[int(d)*t.m.Net.Hubs+hub]; tr.Exists {
			least = min(least, t.emptyCost(net, tr))
		}
	}
	if least >= sim.Unreachable {
		return 0
	}
	return -least
}

// emptyCost is what a trip costs a carrier without cargo, other work forgone included, CFA.
func (t *Traffickers) emptyCost(net *Kinship, tr *trip) float64 {
	return tr.Cost - float64(t.m.P.Trafficker.FixedCost) + float64(net.omega*tr.Weeks)
}

// survival returns A and the payments expected on a trip for a cargo of some visibility.
func (tr *trip) survival(visibility float64) (alive, payments float64) {
	h := float64(tr.Hazard * visibility)
	alive = sim.Exp(-h)
	payments = float64(tr.Paying * visibility)
	if h > 1e-9 {
		payments = float64(payments * ((1 - alive) / h))
	}
	return alive, payments
}

// age returns how old a network's news of a hub is, weeks.
func (t *Traffickers) age(net *Kinship, hub int) int {
	if net.Kin[hub] {
		return int(t.m.P.Trafficker.LagKin)
	}
	return int(t.m.P.Trafficker.LagOther)
}

// revenue returns the quote at which u more units would sell at a market after some weeks of travel, and how many weeks
// of selling that takes; 0 where nobody is known to buy.
// The quotes already contain what usually arrives and is bought in a week: only what goes beyond it is looked up deeper.
func (t *Traffickers) revenue(net *Kinship, hub, good int, u, weeks float64) (price, selling float64) {
	market := t.m.Market(hub, good)
	q := t.m.Auctions.News(market, t.age(net, hub))
	lot := t.m.Auctions.Lots[good]
	ahead := t.underWay[market] + t.planned[market]
	usual := t.m.Auctions.Usual[market]
	for _, s := range sellingWeeks {
		more := max(0, ahead+u/2-float64(usual*(max(weeks, 1)+s)))
		if p := q.SellAt(lot, more/s); p > 0 {
			return p, s
		}
	}
	return 0, 1
}

// purchase returns the price at which u more units could be had at a market this week; 0 where nothing is known to be
// offered. Where less is offered it says how much.
func (t *Traffickers) purchase(hub, good int, u float64, age int, away float64) (price, units float64) {
	market := t.m.Market(hub, good)
	q := t.m.Auctions.News(market, age)
	lot := t.m.Auctions.Lots[good]
	ahead := t.wanted[market] - t.m.Auctions.Usual[market]
	if away > 0 { // those who wait there, and those who come empty, will be served first
		ahead += t.empties[market] + float64(t.waiting[hub]*u) - float64(t.m.Auctions.Usual[market]*away)
	}
	for try := 0; try < 3; try++ {
		if p := q.BuyAt(lot, max(0, ahead+u)); p > 0 {
			return p, u
		}
		u /= 2
	}
	return 0, 0
}

// evaluate works out one trip for a network's usual cargo.
func (t *Traffickers) evaluate(net *Kinship, from int, o *option, age int, away float64) {
	m := t.m
	good, hub := int(o.good), m.Markets[o.dest]
	o.seen = t.versions(from, o)
	o.score, o.weight = 0, 0
	tr := &net.trips[int(o.dest)*m.Net.Hubs+from]
	if !tr.Exists || !t.welcome(net, hub) {
		return
	}
	cost, units := t.purchase(from, good, float64(t.mainUnits[good]), age, away)
	if cost == 0 || units < float64(m.P.Trafficker.MinFill*float64(t.mainUnits[good])) {
		return
	}
	price, selling := t.revenue(net, hub, good, units, tr.Weeks)
	if price <= cost {
		return
	}
	p := &m.P.Trafficker
	alive, payments := tr.survival(m.GoodSpec[good].Visibility)
	weeks := tr.Weeks + selling
	capital := 1 + float64(p.Interest*weeks)
	o.units, o.revenue = units, float64(units*price)
	o.rest, o.restLimit = 0, 0
	fixed := tr.Cost + float64(payments*float64(m.P.Road.Payment)) + float64((1-alive)*float64(p.LossOwner)*p.RiskAversion) + float64(net.omega*weeks)
	fixed += net.bias[good*len(m.Markets)+int(o.dest)]
	fixed += net.position[from] - net.position[hub]
	fixed -= t.extra(net, from, hub, o, tr.Weeks, alive, capital, age, away)
	o.limit = (float64(alive*price*units) - fixed) / float64(units*capital)
	o.weeks = weeks
	o.score = float64((o.limit-cost)*units*capital) / weeks
	if o.score > 0 {
		o.weight = sim.Exp(min(o.score/p.Tau, 300))
	}
}

// extra is what the good that travels with the main one adds to the gain, CFA.
func (t *Traffickers) extra(net *Kinship, from, hub int, o *option, travel, alive, capital float64, age int, away float64) float64 {
	c := t.complement[o.good]
	if c < 0 {
		return 0
	}
	cost, units := t.purchase(from, c, float64(t.restUnits[o.good]), age, away)
	if cost == 0 {
		return 0
	}
	price, _ := t.revenue(net, hub, c, units, travel)
	gain := float64(units * (float64(alive*price) - float64(cost*capital)))
	if gain <= 0 {
		return 0
	}
	o.rest = units
	o.restLimit = float64(alive*price) / capital
	o.revenue += float64(units * price)
	return gain
}

// versions are the states of the two markets that an evaluation depends on.
func (t *Traffickers) versions(from int, o *option) [2]uint32 {
	g := int(o.good)
	return [2]uint32{t.version[t.m.Market(from, g)], t.version[t.m.Market(t.m.Markets[o.dest], g)]}
}

// open lists the trips of a network from a market as they stand now.
func (t *Traffickers) open(net *Kinship, at int16) *options {
	o := &net.lists[at]
	from := t.m.Markets[at]
	if o.made && o.week == t.m.Week {
		for i := range o.list {
			if op := &o.list[i]; op.seen != t.versions(from, op) {
				t.evaluate(net, from, op, 1, 0)
			}
		}
		return o
	}
	o.week, o.made, o.list = t.m.Week, true, o.list[:0]
	if !t.welcome(net, from) {
		return o
	}
	t.each(from, at, 1, func(op option) {
		t.evaluate(net, from, &op, 1, 0)
		o.list = append(o.list, op)
	})
	return o
}

// each calls f for every good known to be offered at a market and every other market.
func (t *Traffickers) each(from int, at int16, age int, f func(option)) {
	for g := range t.m.GoodSpec {
		if t.m.Auctions.News(t.m.Market(from, g), age).Buy[0] == 0 {
			continue
		}
		for d := range t.m.Markets {
			if int16(d) != at {
				f(option{good: int16(g), dest: int16(d)})
			}
		}
	}
}

// prospectAge is how many weeks a network works with the same view of a distant market, unless carriers set out for it.
const prospectAge = 1

// prospect returns the best trip from a market that one would reach after some weeks.
func (t *Traffickers) prospect(net *Kinship, at int16, away float64) *prospect {
	p := &net.prospects[at]
	if p.made && t.m.Week-p.week < prospectAge && p.revision == t.revision[at] {
		return p
	}
	*p = prospect{week: t.m.Week, revision: t.revision[at], made: true}
	from := t.m.Markets[at]
	if !t.welcome(net, from) {
		return p
	}
	age := t.age(net, from)
	t.each(from, at, age, func(op option) {
		t.evaluate(net, from, &op, age, max(away, 0.5))
		if gain := op.score * op.weeks; gain > p.gain {
			p.gain, p.weeks, p.good = gain, op.weeks, op.good
		}
	})
	return p
}

// plan lets every carrier decide in keyed order, seeing what those before him have planned this week.
func (t *Traffickers) plan(w *sim.World) {
	for _, k := range t.ranked(w) {
		i := int(k.i)
		switch {
		case t.Fleet.Dest[i] >= 0:
		case t.net(i).Group >= 0:
			t.buyForGroup(w, i)
		case t.state[i] == resting:
			t.seek(w, i)
		case t.state[i] == loading:
			t.topUp(w, i)
		default:
			t.offer(w, i)
		}
	}
}

// seek is the decision of a carrier with other work: stay, buy here for somewhere, or go elsewhere empty.
func (t *Traffickers) seek(w *sim.World, i int) {
	m, net := t.m, t.net(i)
	node := int(t.Fleet.Node[i])
	at := m.DestOf[node]
	total := 1.0 // staying scores 0
	var here []option
	if at >= 0 {
		here = t.open(net, at).list
		for k := range here {
			total += here[k].weight
		}
	}
	t.moves = t.moves[:0]
	for d := range m.Markets {
		weight := 0.0
		if int16(d) != at {
			weight = t.moveWeight(net, node, int16(d))
		}
		t.moves = append(t.moves, weight)
		total += weight
	}
	u := w.Luck("trip choice").At(w.Accounts.ID[t.holder(i)]).Float() * total
	if u -= 1; u < 0 {
		return
	}
	for k := range here {
		if here[k].weight > 0 {
			if u -= here[k].weight; u < 0 {
				t.startBidding(i, net, node, &here[k])
				return
			}
		}
	}
	for d, weight := range t.moves {
		if weight > 0 {
			if u -= weight; u < 0 {
				t.goEmpty(w, i, net, int16(d))
				return
			}
		}
	}
}

// moveWeight is the logit weight of going empty to a market for its best trip.
func (t *Traffickers) moveWeight(net *Kinship, node int, d int16) float64 {
	tr := &net.trips[int(d)*t.m.Net.Hubs+node]
	if !tr.Exists {
		return 0
	}
	p := t.prospect(net, d, tr.Weeks)
	cost := t.emptyCost(net, tr) + net.position[node] - net.position[t.m.Markets[d]]
	if p.gain <= cost {
		return 0
	}
	score := (p.gain - cost) / (p.weeks + tr.Weeks)
	return sim.Exp(min(score/t.m.P.Trafficker.Tau, 300))
}

func (t *Traffickers) goEmpty(w *sim.World, i int, net *Kinship, d int16) {
	tr := &net.trips[int(d)*t.m.Net.Hubs+int(t.Fleet.Node[i])]
	if w.Accounts.Cash[t.holder(i)]+net.Spec.Credit < int64(2*tr.Cost) {
		return // nobody starts a trip that he cannot pay
	}
	good := net.prospects[d].good
	t.empties[w.Market(t.m.Markets[d], int(good))] += float64(t.mainUnits[good])
	t.revision[d]++
	t.begin(i, good, d)
	t.setOut(i, d)
}

// begin opens the books of a trip.
func (t *Traffickers) begin(i int, good, target int16) {
	t.good[i], t.target[i] = uint8(good), target
	t.since[i] = int16(t.m.Week)
	t.baseline[i] = t.m.Accounts.Cash[t.holder(i)]
	t.weeks[i] = 0
}

func (t *Traffickers) setOut(i int, d int16) {
	t.state[i] = moving
	t.Fleet.Send(i, d)
}

// startBidding bids for the cargo of an option, as far as cash and credit reach.
func (t *Traffickers) startBidding(i int, net *Kinship, node int, o *option) {
	if !t.bidFor(i, net, node, o, 1) {
		return
	}
	if t.state[i] == resting {
		t.begin(i, o.good, o.dest)
	}
	t.state[i] = loading
}

// bidFor places the bids for a share of an option's cargo. It reports false where the carrier cannot pay for enough.
func (t *Traffickers) bidFor(i int, net *Kinship, node int, o *option, share float64) bool {
	m, holder, g := t.m, t.holder(i), int(o.good)
	tr := &net.trips[int(o.dest)*m.Net.Hubs+node]
	purse := m.Accounts.Cash[holder] + net.Spec.Credit - int64(tr.Cost) - m.P.Road.Payment
	limit, units := int64(o.limit), int64(o.units*share)
	if limit <= 0 || purse <= 0 {
		return false
	}
	if limit*units > purse { // bid what the purse allows at the highest price he expects to pay
		limit = min(limit, max(purse/max(units, 1), int64(float64(limit)*0.6)))
		units = min(units, purse/limit)
	}
	if float64(units) < float64(m.P.Trafficker.MinFill*o.units*share) || units == 0 {
		return false
	}
	m.bid(node, g, holder, units, limit)
	t.commit(node, m.Markets[o.dest], g, float64(units))
	if c := t.complement[g]; c >= 0 && o.rest > 0 {
		restLimit := int64(o.restLimit)
		rest := min(int64(o.rest*share), (purse-limit*units)/max(restLimit, 1))
		if rest > 0 && restLimit > 0 {
			m.bid(node, c, holder, rest, restLimit)
			t.commit(node, m.Markets[o.dest], c, float64(rest))
		}
	}
	return true
}

// commit adds a plan to the running totals.
func (t *Traffickers) commit(from, to, good int, units float64) {
	a, b := t.m.Market(from, good), t.m.Market(to, good)
	t.wanted[a] += units
	t.planned[b] += units
	t.version[a]++
	t.version[b]++
}

// topUp lets a carrier who got only part of a cargo bid for the rest, for a few weeks.
func (t *Traffickers) topUp(w *sim.World, i int) {
	net, node := t.net(i), int(t.Fleet.Node[i])
	t.weeks[i]++
	if t.weeks[i] > loadingWeeks || t.m.DestOf[node] < 0 || !t.welcome(net, node) {
		t.state[i], t.weeks[i] = offering, 1
		t.offer(w, i)
		return
	}
	for k := range t.open(net, t.m.DestOf[node]).list {
		o := &net.lists[t.m.DestOf[node]].list[k]
		if o.good == int16(t.good[i]) && o.dest == t.target[i] && o.score > 0 {
			missing := 1 - float64(t.load(i))/float64(t.m.P.Trafficker.Capacity)
			t.bidFor(i, net, node, o, max(missing, 0))
			return
		}
	}
}

// loadingWeeks is how long a carrier waits for the rest of a cargo.
const loadingWeeks = 3

package agents

import (
	"math"

	"entrepot/sim"
)

// option is one trip open to a network at a hub: buy a good here, sell it there.
type option struct {
	good, dest int16
	from, to   int32   // flows of the markets where it is bought and sold
	seen       uint32  // state of the running totals when it was worked out
	weight     float64 // exp(score/tau), 0 if the score is not positive
	score      float64 // CFA per week over other work
	units      float64 // of the good
	rest       float64 // of what travels with it
	limit      float64 // CFA per unit at which the gain is zero
	fixed      float64 // CFA of the trip that its cargo has to bear, less what the other good earns
	restLimit  float64
	revenue    float64 // expected on arrival, CFA
	weeks      float64 // of travel and selling
}

// options are the trips of a network from one market that may pay, among all of the network, made afresh in the weeks in which somebody
// asks.
type options struct {
	from, to int32
	week     uint32 // of planning in which they were made
}

// prospect is the best trip a network knows from a market, for those who would first have to go there empty.
type prospect struct {
	gain, weeks float64 // CFA per trip over other work, and how long it takes
	good        int16
	revision    uint32 // of the market when it was looked up
}

// evaluate works out one trip for a network's usual cargo, if it is promising. It reports whether it pays.
func (t *Traffickers) evaluate(net *Kinship, s *supply, leg *leg, o *option) bool {
	m, kind := t.m, 2*int(o.good)
	o.score, o.weight = 0, 0
	mode := int(leg.mode)
	sale := t.sale(kind, o.dest, mode)
	cost := s.price
	if sale.price <= cost {
		return false
	}
	selling := float64(sale.selling)
	weeks := leg.weeks + selling
	capital := 1 + float64(m.P.Trafficker.Interest*weeks)
	units := s.units
	fixed := leg.fixed + (float64(net.omega*selling) + net.correction(o.dest))
	o.rest, o.restLimit = 0, 0
	o.revenue = float64(units * sale.price)
	if s.restUnits > 0 {
		also := t.sale(kind+1, o.dest, mode)
		if gain := float64(s.restUnits * net.fill * (float64(leg.alive*also.price) - float64(s.restPrice*capital))); gain > 0 {
			fixed -= gain
			o.revenue += float64(s.restUnits * also.price)
			o.rest = s.restUnits // half of what it earns is left to the main good's bid, so that the two do not give the gain away twice
			o.restLimit = (float64(leg.alive*also.price)/capital + s.restPrice) / 2
		}
	}
	gain := float64(units*net.fill*(float64(leg.alive*sale.price)-float64(cost*capital))) - fixed
	if gain <= 0 {
		return false
	}
	o.units, o.weeks, o.fixed = units, weeks, fixed/capital
	o.limit = cost + gain/float64(units*net.fill*capital)
	o.score = gain / weeks
	return true
}

// open lists the trips of a network from a market as they stand now. A trip that did not pay when the week's list was
// made is not looked at again in that week: plans of others only make it worse.
func (t *Traffickers) open(net *Kinship, at int16) []option {
	o := &net.optionsOf[at]
	if o.week == t.plans {
		list := net.options[o.from:o.to]
		for i := range list {
			if op := &list[i]; op.seen != t.changes(op) {
				t.weigh(net, at, op)
			}
		}
		return list
	}
	first := len(net.options)
	net.options = t.paying(net, at, present, false, net.options)
	list := net.options[first:]
	*o = options{int32(first), int32(len(net.options)), t.plans}
	for i := range list {
		op := &list[i]
		op.weight, op.seen = t.logit(op.score), t.changes(op)
	}
	return list
}

// paying appends the trips from a market that pay a network, for somebody who is there or comes (the mode of buying), or
// only the best of them.
func (t *Traffickers) paying(net *Kinship, at int16, mode int, onlyBest bool, list []option) []option {
	if !net.shown[at] {
		return list
	}
	supplies, goods := t.suppliesAt(at, mode)
	n := len(t.m.Markets)
	most := -1.0 // CFA that a trip has to gain, and one less, which covers all rounding
	for _, good := range goods {
		g, s := int(good), &supplies[good]
		first := t.legsFrom(net, g, at)
		bounds, outlets := net.bounds[first:first+len(net.hurdle)], t.byBid[g*n:(g+1)*n]
		for k := 0; ; k++ {
			if k = net.promising(outlets, k, bounds, s, most); k == n {
				break
			}
			dest := outlets[k].dest
			op := option{good: good, dest: dest, from: int32(int(at)*t.m.Goods + g), to: int32(int(dest)*t.m.Goods + g)}
			switch {
			case !t.evaluate(net, s, t.exactly(net, first+int(net.column[dest]), g, at, dest), &op):
			case !onlyBest:
				list = append(list, op)
			case op.gain()-1 > most:
				most, list = op.gain()-1, append(list[:0], op)
			}
		}
	}
	return list
}

// promising returns the first outlet, from k on, at which a cargo would gain more than a hurdle and than the best so far if all of it
// fetched the best bid that is known there, at once and without interest. Few trips pass: only those are worked out. None does where
// there is no way or the network cannot show itself, for that is an endless hurdle. Outlets stand in the order of their bids.
func (net *Kinship) promising(outlets []outlet, k int, bounds []bound, s *supply, most float64) int {
	column, hurdle, fill := net.column, net.hurdle[:len(bounds)], net.fill
	units, price, restUnits, restPrice, cost := s.units, s.price, s.restUnits, s.restPrice, s.cost
	for ; k < len(outlets); k++ {
		out := &outlets[k]
		if out.bid <= price {
			break // nobody further down bids more
		}
		d := column[out.dest]
		if hurdle[d] >= sim.Unreachable {
			continue
		}
		b := &bounds[d]
		worth := float64(units*out.bid) + float64(restUnits*positive(out.also-restPrice))
		if float64(fill*(float64(float64(b.alive)*worth)-cost)) > float64(b.fixed)+(most+hurdle[d]) {
			return k
		}
	}
	return len(outlets)
}

// positive is x, or 0 where x is below, without a branch that could not be foreseen.
func positive(x float64) float64 {
	bits := math.Float64bits(x)
	return math.Float64frombits(bits &^ uint64(int64(bits)>>63))
}

// gain is what a trip is expected to leave over other work, CFA.
func (o *option) gain() float64 { return float64(o.score * o.weeks) }

// weigh works an option out again after the running totals of its markets have changed.
func (t *Traffickers) weigh(net *Kinship, at int16, o *option) {
	o.seen = t.changes(o)
	if s := t.supply(int(o.good), at, present); s.price > 0 {
		k := t.legsFrom(net, int(o.good), at) + int(net.column[o.dest])
		if t.evaluate(net, s, t.exactly(net, k, int(o.good), at, o.dest), o) {
			o.weight = t.logit(o.score)
			return
		}
	}
	o.score, o.weight = 0, 0
}

// changes is the state of the two markets that an option depends on: the sum of their counts of changes.
func (t *Traffickers) changes(o *option) uint32 {
	return t.flows[o.from].changes + t.flows[o.to].changes
}

// logit is the weight of a choice that gains a score, CFA a week, against staying (weight 1).
func (t *Traffickers) logit(score float64) float64 {
	return sim.Exp(min(score/t.m.P.Trafficker.Tau, 300))
}

// comingCalls is how far ahead those look who would first have to come to a market: a trip of a week or two.
const comingCalls = 2

// prospectsOf refreshes what a network sees in each market for those who would have to go there first, and returns the
// markets that promise anything. It is looked up afresh every week: networks that look less often miss what others have
// left, and the flow stops and starts.
func (t *Traffickers) prospectsOf(net *Kinship) []int16 {
	if net.looked != t.m.Week || !net.began {
		net.looked, net.began, net.hot, net.moves = t.m.Week, true, net.hot[:0], net.moves[:0]
		for d := range t.m.Markets {
			if net.shown[d] && t.look(net, int16(d)).gain > 0 {
				net.hot = append(net.hot, int16(d))
			}
		}
	}
	return net.hot
}

// look finds the best trip from a market that one would reach after some weeks.
func (t *Traffickers) look(net *Kinship, at int16) *prospect {
	p := &net.prospects[at]
	*p = prospect{revision: t.revision[at]}
	t.found = t.paying(net, at, coming+t.ageClass(net, t.m.Markets[at]), true, t.found[:0])
	if len(t.found) > 0 {
		best := &t.found[0]
		p.gain, p.weeks, p.good = best.gain(), best.weeks, best.good
	}
	return p
}

// plan lets every carrier decide in keyed order, seeing what those before him have planned this week.
func (t *Traffickers) plan(w *sim.World) {
	t.quote()
	t.plans++
	t.choice = w.Luck("trip choice")
	for _, net := range t.Nets {
		if net.Group >= 0 { // own buyers do not trade
			continue
		}
		net.options = net.options[:0]
		for d, hub := range t.m.Markets {
			net.shown[d] = net.within[hub] && t.welcome(net, hub)
			if hurdle := &net.hurdle[net.column[d]]; net.shown[d] {
				*hurdle = net.omega + net.correction(int16(d))
			} else {
				*hurdle = sim.Unreachable
			}
		}
	}
	t.turns.each(t, w, func(x *turn) {
		i := int(x.i)
		switch {
		case t.Nets[x.class].Group >= 0:
			t.buyForGroup(w, i)
		case x.state == resting:
			t.seek(w, i)
		case x.state == loading:
			t.topUp(w, i)
		default:
			t.offer(w, i)
		}
	})
}

// seek is the decision of a carrier with other work: stay, buy here for somewhere, or go elsewhere empty.
func (t *Traffickers) seek(w *sim.World, i int) {
	m, net := t.m, t.net(i)
	node := int(t.Fleet.Node[i])
	if net.idle[node] == t.plans {
		return
	}
	at := m.DestOf[node]
	total := 1.0 // staying scores 0
	var here []option
	if at >= 0 {
		here = t.open(net, at)
		for k := range here {
			total += here[k].weight
		}
	}
	moves := t.movesFrom(net, node)
	for k := range moves {
		total += moves[k].weight
	}
	if total == 1 {
		if len(here) == 0 && len(moves) == 0 { // nor will others of the network find anything here this week
			net.idle[node] = t.plans
		}
		return
	}
	u := float64(t.choice.At(w.Accounts.ID[t.holder(i)]).Float() * total)
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
	for k := range moves {
		if moves[k].weight > 0 {
			if u -= moves[k].weight; u < 0 {
				t.goEmpty(w, i, net, moves[k].to)
				return
			}
		}
	}
}

// move is going empty to a market for its best trip.
type move struct {
	weight   float64
	revision uint32 // of the market when it was weighed
	to       int16
}

// moves are those from one hub, among all of a network, made afresh in the weeks in which somebody asks.
type moves struct {
	from, to int32
	week     uint32 // of planning in which they were made
}

// movesFrom returns the moves from a hub to all markets that promise a network something this week.
func (t *Traffickers) movesFrom(net *Kinship, node int) []move {
	m := &net.movesOf[node]
	if m.week != t.plans {
		hot := t.prospectsOf(net)
		*m = moves{int32(len(net.moves)), 0, t.plans}
		for _, d := range hot {
			net.moves = append(net.moves, move{t.moveWeight(net, node, d), t.revision[d], d})
		}
		m.to = int32(len(net.moves))
	}
	list := net.moves[m.from:m.to]
	for k := range list {
		if mv := &list[k]; mv.revision != t.revision[mv.to] { // somebody has set out for it
			mv.weight, mv.revision = t.moveWeight(net, node, mv.to), t.revision[mv.to]
		}
	}
	return list
}

// moveWeight is the logit weight of going empty to a market for its best trip.
func (t *Traffickers) moveWeight(net *Kinship, node int, d int16) float64 {
	p := &net.prospects[d]
	if p.revision != t.revision[d] {
		t.look(net, d)
	}
	if d == t.m.DestOf[node] {
		return 0
	}
	tr := t.trip(net, int(d), node)
	if !tr.Exists {
		return 0
	}
	cost := t.emptyCost(net, tr.Cost, tr.Weeks) + net.position[node] - net.position[t.m.Markets[d]]
	if p.gain <= cost {
		return 0
	}
	return t.logit((p.gain - cost) / (p.weeks + tr.Weeks))
}

func (t *Traffickers) goEmpty(w *sim.World, i int, net *Kinship, d int16) {
	tr := t.trip(net, int(d), int(t.Fleet.Node[i]))
	if w.Accounts.Cash[t.holder(i)]+net.Spec.Credit < int64(2*tr.Cost) {
		return // nobody starts a trip that he cannot pay
	}
	good := net.prospects[d].good
	t.flow(d, int(good)).empties += float64(t.mainUnits[good])
	t.requoteBuy(d, int(good))
	t.revision[d]++
	t.begin(i, good, d)
	t.setOut(i, d)
}

// begin opens the books of a trip.
func (t *Traffickers) begin(i int, good, target int16) {
	t.left[i] = notLeft
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
		t.forecast[i] = float32(o.revenue)
		net.pays += float64((o.score - net.pays) * paysRate)
		t.ordered[i] = int32(float64(t.m.GoodSpec[o.good].Load) * o.units)
		if c := t.complement[o.good]; c >= 0 {
			t.ordered[i] += int32(float64(t.m.GoodSpec[c].Load) * o.rest)
		}
	}
	t.state[i] = loading
}

// bidFor places the bids for a share of an option's cargo. It reports false where the carrier cannot pay for enough.
func (t *Traffickers) bidFor(i int, net *Kinship, node int, o *option, share float64) bool {
	m, holder, g := t.m, t.holder(i), int(o.good)
	tr := t.trip(net, int(o.dest), node)
	purse := m.Accounts.Cash[holder] + net.Spec.Credit - int64(tr.Cost) - m.P.Road.Payment
	price := t.supply(g, m.DestOf[node], present).price
	units := min(int64(o.units*share), int64(float64(purse)/(price*prudence)))
	if purse <= 0 || price <= 0 || float64(units) < float64(m.P.Trafficker.MinFill*o.units*share) || units == 0 {
		return false
	}
	// A smaller cargo bears the same trip: its bid limit is lower, and where it falls below the price he stays.
	aboard := float64(m.Accounts.Units(holder, g))
	limit := int64(o.limit - float64(o.fixed*(1/(aboard+float64(units))-1/o.units)))
	if limit = min(limit, purse/units); float64(limit) < price {
		return false
	}
	m.bid(node, g, holder, units, limit)
	at := m.DestOf[node]
	t.commit(at, o.dest, g, float64(units), tr.Alive)
	if c := t.complement[g]; c >= 0 && o.rest > 0 {
		restLimit := int64(o.restLimit)
		rest := min(int64(o.rest*share), (purse-limit*units)/max(restLimit, 1))
		if rest > 0 && restLimit > 0 {
			m.bid(node, c, holder, rest, restLimit)
			t.commit(at, o.dest, c, float64(rest), tr.Alive)
		}
	}
	return true
}

// paysRate is the weight of one trip in what a network takes its trips to promise.
const paysRate = 0.05

// prudence is how much more than the last known price a carrier makes sure he could pay.
const prudence = 1.1

// commit adds a plan to the running totals: what is taken away here, and what is expected to arrive there.
func (t *Traffickers) commit(from, to int16, good int, units, alive float64) {
	a, b := t.flow(from, good), t.flow(to, good)
	a.wanted += units
	b.planned += float64(units * alive)
	a.changes++
	b.changes++
	t.requoteBuy(from, good)
	t.requoteSale(to, good)
}

// topUp lets a carrier who got only part of a cargo bid for the rest, for a few weeks.
func (t *Traffickers) topUp(w *sim.World, i int) {
	net, node := t.net(i), int(t.Fleet.Node[i])
	t.weeks[i]++
	if t.weeks[i] > loadingWeeks || t.m.DestOf[node] < 0 || !t.welcome(net, node) {
		t.state[i], t.weeks[i], t.fresh[i] = offering, 0, false
		t.offer(w, i)
		return
	}
	list := t.open(net, t.m.DestOf[node])
	for k := range list {
		o := &list[k]
		if o.good == int16(t.good[i]) && o.dest == t.target[i] && o.score > 0 {
			missing := 1 - float64(t.load(i))/float64(max(1, t.ordered[i]))
			t.bidFor(i, net, node, o, max(missing, 0))
			return
		}
	}
}

// loadingWeeks is how long a carrier waits for the rest of a cargo.
const loadingWeeks = 3

package agents

import "entrepot/sim"

// option is one trip open to a network at a hub: buy a good here, sell it there.
type option struct {
	good, dest int16
	units      float64 // of the good
	rest       float64 // of what travels with it
	limit      float64 // CFA per unit at which the gain is zero
	fixed      float64 // CFA of the trip that its cargo has to bear, less what the other good earns
	restLimit  float64
	weeks      float64 // of travel and selling
	score      float64 // CFA per week over other work
	weight     float64 // exp(score/tau), 0 if the score is not positive
	seen       [2]uint32
}

// options are the trips of a network from one market that may pay, made afresh in the weeks in which somebody asks.
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

// evaluate works out one trip for a network's usual cargo. calls is 0 for somebody who is there.
func (t *Traffickers) evaluate(net *Kinship, at int16, o *option, calls uint8) {
	m := t.m
	good, from, hub := int(o.good), m.Markets[at], m.Markets[o.dest]
	o.seen = t.versions(from, o)
	o.score, o.weight = 0, 0
	tr := &net.trips[int(o.dest)*m.Net.Hubs+from]
	if !tr.Exists {
		return
	}
	age := t.ageClass(net, from)
	cost := t.buy(good, at, age, calls)
	sale := t.sale(good, o.dest, t.ageClass(net, hub), tr.Calls)
	if cost.price == 0 || sale.price <= cost.price || !t.welcome(net, hub) {
		return
	}
	p := &m.P.Trafficker
	if cost.units < float64(p.MinFill*float64(t.mainUnits[good])) {
		return
	}
	alive, fixed := tr.Alive, tr.Fixed
	if v := m.GoodSpec[good].Visibility; v != 1 {
		alive, fixed = t.carry(net, tr, v)
	}
	weeks := tr.Weeks + sale.selling
	capital := 1 + float64(p.Interest*weeks)
	o.units, o.rest, o.restLimit = cost.units, 0, 0
	fixed += float64(net.omega*sale.selling) + net.correction(o.dest) + net.position[from] - net.position[hub]
	fixed -= t.extra(net, at, o, tr.Calls, alive, capital, age, calls)
	o.limit = (float64(alive*sale.price*o.units) - fixed) / float64(o.units*capital)
	o.fixed = fixed / capital
	o.weeks = weeks
	o.score = float64((o.limit-cost.price)*o.units*capital) / weeks
	if o.score > 0 {
		o.weight = sim.Exp(min(o.score/p.Tau, 300))
	}
}

// extra is what the good that travels with the main one adds to the gain, CFA.
func (t *Traffickers) extra(net *Kinship, at int16, o *option, travel uint8, alive, capital float64, age int, calls uint8) float64 {
	if t.complement[o.good] < 0 {
		return 0
	}
	kind := t.m.Goods + int(o.good)
	cost := t.buy(kind, at, age, calls)
	if cost.price == 0 {
		return 0
	}
	sale := t.sale(kind, o.dest, t.ageClass(net, t.m.Markets[o.dest]), travel)
	gain := float64(cost.units * (float64(alive*sale.price) - float64(cost.price*capital)))
	if gain <= 0 {
		return 0
	}
	o.rest = cost.units
	o.restLimit = float64(alive*sale.price) / capital
	return gain
}

// versions are the states of the two markets that an evaluation depends on.
func (t *Traffickers) versions(from int, o *option) [2]uint32 {
	g := int(o.good)
	return [2]uint32{t.version[t.m.Market(from, g)], t.version[t.m.Market(t.m.Markets[o.dest], g)]}
}

// open lists the trips of a network from a market as they stand now. A trip that did not pay when the week's list was
// made is not looked at again in that week: plans of others only make it worse.
func (t *Traffickers) open(net *Kinship, at int16) []option {
	o := &net.lists[at]
	if o.made && o.week == t.m.Week {
		for i := range o.list {
			if op := &o.list[i]; op.seen != t.versions(t.m.Markets[at], op) {
				t.evaluate(net, at, op, 0)
			}
		}
		return o.list
	}
	o.week, o.made, o.list = t.m.Week, true, o.list[:0]
	from := t.m.Markets[at]
	if !t.welcome(net, from) {
		return o.list
	}
	for g := range t.m.GoodSpec {
		if t.buy(g, at, 0, 0).price == 0 {
			continue
		}
		for d := range t.m.Markets {
			op := option{good: int16(g), dest: int16(d)}
			if op.dest == at {
				continue
			}
			if t.evaluate(net, at, &op, 0); op.score > 0 {
				o.list = append(o.list, op)
			}
		}
	}
	return o.list
}

// prospectAge is how many weeks a network leaves a distant market alone that promised nothing.
const prospectAge = 1

// prospect returns the best trip from a market that one would reach after some weeks.
func (t *Traffickers) prospect(net *Kinship, at int16, calls uint8) *prospect {
	p := &net.prospects[at]
	if p.made && p.revision == t.revision[at] && (p.week == t.m.Week || p.gain == 0 && t.m.Week-p.week < prospectAge) {
		return p
	}
	*p = prospect{week: t.m.Week, revision: t.revision[at], made: true}
	from := t.m.Markets[at]
	if !t.welcome(net, from) {
		return p
	}
	age := t.ageClass(net, from)
	for g := range t.m.GoodSpec {
		if t.buy(g, at, age, calls).price == 0 {
			continue
		}
		for d := range t.m.Markets {
			op := option{good: int16(g), dest: int16(d)}
			if op.dest == at {
				continue
			}
			t.evaluate(net, at, &op, calls)
			if gain := op.score * op.weeks; gain > p.gain {
				p.gain, p.weeks, p.good = gain, op.weeks, op.good
			}
		}
	}
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
		here = t.open(net, at)
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
	p := t.prospect(net, d, tr.Calls)
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
	tr := &net.trips[int(o.dest)*m.Net.Hubs+node]
	purse := m.Accounts.Cash[holder] + net.Spec.Credit - int64(tr.Cost) - m.P.Road.Payment
	price := t.buy(g, m.DestOf[node], 0, 0).price
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

// prudence is how much more than the last known price a carrier makes sure he could pay.
const prudence = 1.1

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

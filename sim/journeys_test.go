package sim

import (
	"math"
	"testing"
)

// The roads against simple ones, which keep a struct for every traveller and take the design's formulas one by one.

// onTheWay is a traveller of the simple roads.
type onTheWay struct {
	node, dest, arc int
	left            int64 // thousandths of a day
	lost            bool
	cash            int64
	goods           [bookGoods]stock
}

// simpleRoads are roads with what happened on them in the week and what classes have met.
type simpleRoads struct {
	*Roads    // the parameters
	travel    []onTheWay
	robbers   []onTheWay
	met       map[[2]int]record // by class and arc
	entered   map[[2]int][MaxOrigins]int32
	missing   map[[2]int][MaxOrigins]int32
	crossings map[int]int32
	seized    map[int]int32
	incidents []Incident
	flow      [NGoodsFlows][bookGoods][MaxOrigins]int64
	money     [NMoneyFlows]int64
}

func (s *simpleRoads) begin() {
	s.entered, s.missing = map[[2]int][MaxOrigins]int32{}, map[[2]int][MaxOrigins]int32{}
	s.crossings, s.seized, s.incidents = map[int]int32{}, map[int]int32{}, nil
}

func (s *simpleRoads) week(i, class int, luck Key) {
	t, c := &s.travel[i], s.Classes[class]
	if t.dest < 0 {
		return
	}
	for step, budget := uint64(0), int64(7000); budget > 0 && t.dest >= 0; step++ {
		if t.arc < 0 {
			next := -1
			if t.node != int(c.Dests[t.dest]) {
				next = c.Next(t.dest, int16(t.node), s.Mu, luck.At(step).Label("next"))
			}
			if next < 0 { // there, or the way is closed
				t.dest = -1
				return
			}
			if s.enter(t, class, next, luck.At(step)) {
				t.lost, t.dest = true, -1
				return
			}
			t.arc, t.left = next, int64(c.Days[next]*1000)
		}
		part := min(budget, t.left)
		budget, t.left = budget-part, t.left-part
		if t.left == 0 {
			t.node, t.arc = int(s.Net.To[t.arc]), -1
		}
	}
	if t.arc < 0 && t.node == int(c.Dests[t.dest]) {
		t.dest = -1
	}
}

func (s *simpleRoads) spend(t *onTheWay, cfa int64, f MoneyFlow) { t.cash -= cfa; s.money[f] += cfa }

// share spreads a cost over a cargo by load; the last good bears what rounding leaves.
func (s *simpleRoads) share(t *onTheWay, k Component, cfa int64) {
	var all int64
	last := -1
	for g := range t.goods {
		if n := t.goods[g].units(); n > 0 {
			all, last = all+n*s.Load[g], g
		}
	}
	left := cfa
	for g := range t.goods {
		if part := cfa * t.goods[g].units() * s.Load[g] / all; g != last {
			t.goods[g].cost[k] += part
			left -= part
		}
	}
	t.goods[last].cost[k] += left
}

func (s *simpleRoads) enter(t *onTheWay, class, a int, luck Key) (lost bool) {
	c, n := s.Classes[class], s.Net
	if !n.Open[a] {
		panic("a road that is closed was taken")
	}
	s.spend(t, int64(c.Fuel[a]), TransportCost)
	s.spend(t, n.Toll[a], TollCost)
	var load int64
	var seen float64
	for g := range t.goods {
		l := t.goods[g].units() * s.Load[g]
		load, seen = load+l, seen+float64(l)*s.Visibility[g]
	}
	if load == 0 {
		return false
	}
	s.share(t, CostTransport, int64(c.Fuel[a]))
	s.share(t, CostToll, n.Toll[a])
	for g := range t.goods {
		e := s.entered[[2]int{a, g}]
		for o, u := range t.goods[g].origin {
			e[o] += int32(u)
		}
		s.entered[[2]int{a, g}] = e
	}
	s.crossings[a]++
	scale := seen / float64(load) * c.Hazard[a]
	payable := (n.Border[a] + n.Bandits[a] + n.Patrol[a] + n.Town[a]) * scale
	strike := n.Strike[a] * scale
	seize := (1 - s.PayableShare) * payable
	at := [2]int{class, a}
	met := s.met[at]
	defer func() { s.met[at] = met }()
	u := luck.At(1).Float()
	if u >= 1-math.Exp(-(seize+strike)) {
		met.exposure += scale
		for k := luck.At(2).Poisson(s.PayableShare * payable); k > 0; k-- {
			met.payable++
			s.share(t, CostPayment, s.Payment)
			if l := luck.At(uint64(10 + k)); s.Robbers[a] >= 0 && l.Float()*(payable/scale) < n.Bandits[a] {
				t.cash -= s.Payment
				s.robbers[s.Robbers[a]].cash += s.Payment
			} else {
				s.spend(t, s.Payment, PaymentCost)
			}
		}
		return false
	}
	met.exposure += scale * min(1, -math.Log(1-u)/(seize+strike))
	kind, flow := Struck, Lost
	if luck.At(3).Float()*(seize+strike) < seize {
		kind, flow = SeizedByForce, Seized
		if luck.At(4).Float()*(payable/scale) < n.Bandits[a] {
			kind, flow = Robbed, Lost
		}
		met.payable++
	} else {
		met.strike++
	}
	if kind == SeizedByForce {
		s.seized[a]++
	}
	s.incidents = append(s.incidents, Incident{int32(a), kind, load})
	for g := range t.goods {
		what := t.goods[g]
		t.goods[g] = stock{}
		m := s.missing[[2]int{a, g}]
		for o, u := range what.origin {
			m[o] += int32(u)
		}
		s.missing[[2]int{a, g}] = m
		if kind == Robbed && s.Robbers[a] >= 0 {
			s.robbers[s.Robbers[a]].goods[g].add(what)
			continue
		}
		for o, u := range what.origin {
			s.flow[flow][g][o] += u
		}
	}
	s.spend(t, s.Loss, LossCost)
	return true
}

// country is a random map with two classes of travellers, robbers on some roads, and the real and the simple roads side by side. Holders from 0 on are robbers.
func country(luck Key) (real *Roads, simple *simpleRoads, acc *Accounts, f *Fleet) {
	first := randomMap(5+luck.Intn(6), 8, luck)
	net := first.Net
	real = NewRoads(net, bookGoods)
	real.Classes = []*UserClass{first, NewUserClass(net, first.Dests, nil, 3)}
	real.PayableShare, real.Payment, real.Loss, real.Mu = luck.At(20).Float(), 700, 90_000, 200
	real.Load, real.Visibility = []int64{1000, 7}, []float64{1, 0.4}
	acc = NewAccounts(bookGoods)
	simple = &simpleRoads{Roads: real, met: map[[2]int]record{}}
	const robbers = 2
	for r := range uint64(robbers) {
		acc.Open(NewKey(5).At(r).Bits(), acc.LabelID("robbers"), Final, 0)
		simple.robbers = append(simple.robbers, onTheWay{})
	}
	for a := range net.From {
		l := luck.Label("arc").At(uint64(a))
		net.Toll[a], net.Border[a], net.Patrol[a] = int64(l.At(0).Intn(900)), l.At(1).Float()*0.3, l.At(2).Float()*0.2
		net.Town[a], net.Strike[a] = l.At(3).Float()*0.1, l.At(4).Float()*0.2
		if l.At(5).Float() < 0.6 {
			net.Bandits[a] = l.At(6).Float()
			real.Robbers[a] = int32(l.At(7).Intn(robbers+1)) - 1
		}
		for k, c := range real.Classes {
			c.Fuel[a], c.Days[a], c.Hazard[a] = float64(100+l.At(8).At(uint64(k)).Intn(4000)), float64(1+l.At(9).Intn(40))/4, 0.3+l.At(10).Float()
			c.PriorPayable[a], c.PriorStrike[a] = l.At(11).Float()*0.5, l.At(12).Float()*0.2
		}
	}
	f = &Fleet{First: robbers}
	f.Reserve(8)
	for i := range 30 {
		l := luck.Label("traveller").At(uint64(i))
		h := acc.Open(l.Bits(), acc.LabelID("traveller"), Carrier, 0)
		t := onTheWay{node: l.At(0).Intn(net.Hubs), dest: -1, arc: -1}
		for g := range bookGoods {
			for o := range 3 {
				if n := int32(l.At(1).At(uint64(g*3+o)).Intn(9)) - 3; n > 0 {
					acc.Bring(Made, h, g, o, n)
					t.goods[g].origin[o] += int64(n)
					simple.flow[Made][g][o] += int64(n)
				}
			}
		}
		if at := f.Add(uint8(i%2), int16(t.node)); at != i {
			panic("a traveller must have the number in which he comes")
		}
		simple.travel = append(simple.travel, t)
	}
	return real, simple, acc, f
}

func TestJourneysAgreeWithSimpleOnes(t *testing.T) {
	kinds := map[IncidentKind]int{}
	for world := range uint64(12) {
		luck := NewKey(world).Label("country")
		real, simple, acc, f := country(luck)
		for week := range uint64(8) {
			l := luck.Label("week").At(week)
			for k, c := range real.Classes {
				c.Refresh(RouteCost{PerDay: 50, Payment: 700, PerLoss: 1000, LossPart: 0.3, Mu: 200}, -1)
				if week == 5 {
					c.Forget(0.25)
					for a := range real.Net.From {
						m := simple.met[[2]int{k, a}]
						simple.met[[2]int{k, a}] = record{m.payable * 0.75, m.strike * 0.75, m.exposure * 0.75}
					}
				}
			}
			real.Net.Open[l.Intn(len(real.Net.Open))] = false
			for i := range f.Dest {
				if to := l.Label("to").At(uint64(i)); f.Dest[i] < 0 && f.Arc[i] < 0 && to.Float() < 0.8 {
					d := to.At(1).Intn(len(real.Classes[f.Class[i]].Dests))
					f.Send(i, int16(d))
					simple.travel[i].dest, simple.travel[i].lost = d, false
				}
			}
			real.Begin()
			simple.begin()
			real.Advance(f, acc, l)
			for i := range simple.travel {
				simple.week(i, int(f.Class[i]), l.At(acc.ID[f.First+int32(i)]))
			}
			compareRoads(t, real, simple, acc, f)
			for _, x := range real.Incidents {
				kinds[x.Kind]++
			}
			if t.Failed() {
				t.Fatalf("world %d, week %d", world, week)
			}
		}
	}
	if len(kinds) != 3 {
		t.Errorf("losses of all three kinds must have happened, got %v", kinds)
	}
}

func compareRoads(t *testing.T, real *Roads, simple *simpleRoads, acc *Accounts, f *Fleet) {
	t.Helper()
	whole := func(h int32, want *onTheWay) {
		if acc.Cash[h] != want.cash {
			t.Errorf("holder %d has %d CFA, must have %d", h, acc.Cash[h], want.cash)
		}
		for g := range bookGoods {
			var got stock
			if l := acc.Lot(h, g); l != nil {
				got.cost = l.Cost
				for o, u := range l.Origin {
					got.origin[o] = int64(u)
				}
			}
			if got != want.goods[g] {
				t.Errorf("holder %d has %+v of good %d, must have %+v", h, got, g, want.goods[g])
			}
		}
	}
	for i := range simple.robbers {
		whole(int32(i), &simple.robbers[i])
	}
	for i := range simple.travel {
		w := &simple.travel[i]
		whole(f.First+int32(i), w)
		if int(f.Node[i]) != w.node || int(f.Dest[i]) != w.dest || int(f.Arc[i]) != w.arc || int64(f.Left[i]) != w.left || f.Lost[i] != w.lost {
			t.Errorf("traveller %d is at %d to %d on %d for %d, lost %v; must be %+v", i, f.Node[i], f.Dest[i], f.Arc[i], f.Left[i], f.Lost[i], *w)
		}
	}
	for a := range real.Net.From {
		for g := range bookGoods {
			if at := [2]int{a, g}; real.Entered[a*bookGoods+g] != simple.entered[at] || real.Missing[a*bookGoods+g] != simple.missing[at] {
				t.Errorf("arc %d, good %d: %v entered and %v are missing, must be %v and %v", a, g, real.Entered[a*bookGoods+g], real.Missing[a*bookGoods+g], simple.entered[at], simple.missing[at])
			}
		}
		if real.Crossings[a] != simple.crossings[a] || real.SeizedOn[a] != simple.seized[a] {
			t.Errorf("arc %d: %d crossings and %d seizures, must be %d and %d", a, real.Crossings[a], real.SeizedOn[a], simple.crossings[a], simple.seized[a])
		}
		for k, c := range real.Classes {
			m := simple.met[[2]int{k, a}]
			near := func(got, prior, stops float64) bool {
				return math.Abs(got-(c.Weight*prior+stops)/(c.Weight+m.exposure)) < 1e-12
			}
			if !near(c.Payable(a), c.PriorPayable[a], m.payable) || !near(c.Strike(a), c.PriorStrike[a], m.strike) {
				t.Errorf("class %d believes %v and %v of arc %d, having met %+v", k, c.Payable(a), c.Strike(a), a, m)
			}
		}
	}
	if len(real.Incidents) != len(simple.incidents) {
		t.Fatalf("incidents %v, must be %v", real.Incidents, simple.incidents)
	}
	for i, x := range real.Incidents {
		if x != simple.incidents[i] {
			t.Errorf("incident %d is %+v, must be %+v", i, x, simple.incidents[i])
		}
	}
	for g := range bookGoods {
		for flow := range simple.flow {
			if acc.Flow[flow][g] != simple.flow[flow][g] {
				t.Errorf("flow %s of good %d: %v, must be %v", GoodsFlow(flow), g, acc.Flow[flow][g], simple.flow[flow][g])
			}
		}
	}
	if acc.Money != simple.money {
		t.Errorf("money %v, must be %v", acc.Money, simple.money)
	}
	if bad := acc.Check(); bad != nil {
		t.Errorf("the books are off: %+v", *bad)
	}
}

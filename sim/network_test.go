package sim

import (
	"math"
	"slices"
	"testing"
)

// randomMap returns a network of hubs on a ring with chords, some arcs closed, and a class that pays random costs.
func randomMap(hubs, chords int, luck Key) *UserClass {
	var arcs []Arc
	for h := 0; h < hubs; h++ {
		arcs = append(arcs, Arc{From: h, To: (h + 1) % hubs}, Arc{From: (h + 1) % hubs, To: h})
	}
	for k := 0; k < chords; k++ {
		l := luck.Label("chord").At(uint64(k))
		arcs = append(arcs, Arc{From: l.At(0).Intn(hubs), To: l.At(1).Intn(hubs)})
	}
	net := NewNetwork(hubs, arcs)
	dests := make([]int16, 0, hubs/2)
	for h := 0; h < hubs; h += 2 {
		dests = append(dests, int16(h))
	}
	return NewUserClass(net, dests, nil, 10)
}

// reprice draws new costs, a few of them equal and some arcs closed. Drift keeps most of what was before.
func reprice(c *UserClass, luck Key, drift bool) {
	for a := range c.Fuel {
		l := luck.At(uint64(a))
		switch {
		case drift && l.At(0).Float() < 0.9:
			c.Fuel[a] *= 0.98 + 0.04*l.At(1).Float()
		case l.At(2).Float() < 0.1:
			c.Fuel[a] = 100
		default:
			c.Fuel[a] = 1000 * l.At(3).Float()
		}
		c.Days[a], c.Hazard[a] = c.Fuel[a]/400, 1
		c.PriorPayable[a], c.PriorStrike[a] = 0.1*l.At(4).Float(), 0.01*l.At(5).Float()
		c.Net.Open[a] = l.At(6).Float() > 0.05
	}
}

// dijkstra is the textbook algorithm, backwards from a destination, without a heap.
func dijkstra(c *UserClass, dest int16) []float64 {
	g := c.Net
	dist, done := make([]float64, g.Hubs), make([]bool, g.Hubs)
	for h := range dist {
		dist[h] = Unreachable
	}
	dist[dest] = 0
	for {
		next := -1
		for h := range dist {
			if !done[h] && dist[h] < Unreachable && (next < 0 || dist[h] < dist[next]) {
				next = h
			}
		}
		if next < 0 {
			return dist
		}
		done[next] = true
		for a := range g.To {
			if int(g.To[a]) == next && c.cost[a] < Unreachable {
				dist[g.From[a]] = min(dist[g.From[a]], dist[next]+c.cost[a])
			}
		}
	}
}

func TestDistancesAreThoseOfDijkstraToTheBit(t *testing.T) {
	route := RouteCost{PerDay: 50, Payment: 200, PerLoss: 1000, LossPart: 0.3, Mu: 150}
	for world := uint64(0); world < 40; world++ {
		luck := NewKey(world)
		c := randomMap(3+luck.Intn(70), 2*luck.At(1).Intn(60), luck)
		for week := uint64(0); week < 12; week++ {
			reprice(c, luck.Label("costs").At(week), week%6 != 0)
			c.Refresh(route, -1)
			for d, dest := range c.Dests {
				want := dijkstra(c, dest)
				dist, _ := c.To(d)
				for h, got := range dist {
					if got != want[h] {
						t.Fatalf("world %d, refresh %d: from hub %d to hub %d it is %v, Dijkstra finds %v", world, week, h, dest, got, want[h])
					}
				}
			}
		}
	}
}

// The expectations of a class that has lived through many refreshes are those of a class that sees the last costs first.
func TestPathsDoNotDependOnThePast(t *testing.T) {
	route := RouteCost{PerDay: 50, Payment: 200, PerLoss: 1000, LossPart: 0.3, Mu: 150}
	old, young := randomMap(50, 100, NewKey(7)), randomMap(50, 100, NewKey(7))
	for week := uint64(0); week < 20; week++ {
		reprice(old, NewKey(8).At(week), week%7 != 0)
		old.Refresh(route, -1)
		for d := range old.Dests {
			old.To(d)
		}
	}
	copy(young.Fuel, old.Fuel)
	copy(young.Days, old.Days)
	copy(young.Hazard, old.Hazard)
	copy(young.PriorPayable, old.PriorPayable)
	copy(young.PriorStrike, old.PriorStrike)
	copy(young.Net.Open, old.Net.Open)
	young.Refresh(route, -1)
	for d := range old.Dests {
		wantDist, want := young.To(d)
		gotDist, got := old.To(d)
		for h := range want {
			if gotDist[h] != wantDist[h] || got[h] != want[h] {
				t.Fatalf("from hub %d to destination %d: %+v after many refreshes, %+v at once", h, d, got[h], want[h])
			}
		}
	}
}

// met is what a trip meets by Dial's rule, written down as it is defined: from each hub over the arcs that bring one nearer, by weights that fall with
// the detour, and those of more than eight times mu left out.
func met(c *UserClass, dist []float64, h, dest int, mu float64) (out PathSum) {
	if h == dest || dist[h] >= Unreachable {
		return out
	}
	var total float64
	for a := range c.Net.From {
		to := int(c.Net.To[a])
		if int(c.Net.From[a]) != h || !c.Net.Open[a] || dist[to] >= dist[h] {
			continue
		}
		payable := (c.Weight*c.PriorPayable[a] + c.records[c.recordOf[a]].payable) / (c.Weight + c.records[c.recordOf[a]].exposure)
		strike := (c.Weight*c.PriorStrike[a] + c.records[c.recordOf[a]].strike) / (c.Weight + c.records[c.recordOf[a]].exposure)
		detour := c.cost[a] + dist[to] - dist[h]
		if detour > 8*mu {
			continue
		}
		w, on := math.Exp(-detour/mu), met(c, dist, to, dest, mu)
		total += w
		out.Cost += w * (c.Fuel[a] + float64(c.Net.Toll[a]) + on.Cost)
		out.Days += w * (c.Days[a] + on.Days)
		out.Payable += w * (payable*c.Hazard[a] + on.Payable)
		out.Strike += w * (strike*c.Hazard[a] + on.Strike)
	}
	return PathSum{out.Cost / total, out.Days / total, out.Payable / total, out.Strike / total}
}

func TestTripsAreExpectedToMeetWhatDialsRuleSays(t *testing.T) {
	near := func(x, y float64) bool { return math.Abs(x-y) <= 1e-9*(1+math.Abs(y)) }
	for world := uint64(0); world < 12; world++ {
		luck := NewKey(world).Label("dial")
		c := randomMap(4+luck.Intn(8), 8, luck)
		reprice(c, luck.Label("costs"), false)
		for a := range c.Net.From {
			l := luck.Label("more").At(uint64(a))
			c.Net.Toll[a], c.Hazard[a] = int64(l.At(0).Intn(300)), 0.2+l.At(1).Float()
			if l.At(2).Float() < 0.4 {
				*c.record(a) = record{payable: 3 * l.At(3).Float(), strike: l.At(4).Float(), exposure: 9 * l.At(5).Float()}
			}
		}
		mu := 40 + 200*luck.At(2).Float()
		route := RouteCost{PerDay: 50, Payment: 200, PerLoss: 1000, LossPart: 0.3, Mu: mu}
		c.Refresh(route, -1)
		for a := range c.cost { // what an arc is believed to cost: its way, its days, its stops
			r := c.records[c.recordOf[a]]
			payable, strike := (10*c.PriorPayable[a]+r.payable)/(10+r.exposure), (10*c.PriorStrike[a]+r.strike)/(10+r.exposure)
			want := max(1, c.Fuel[a]+float64(c.Net.Toll[a])+50*c.Days[a]+c.Hazard[a]*(payable*(200+0.3*1000)+strike*1000))
			if c.Net.Open[a] && !near(c.cost[a], want) || !c.Net.Open[a] && c.cost[a] != Unreachable {
				t.Fatalf("world %d: arc %d is believed to cost %v, must be %v", world, a, c.cost[a], want)
			}
		}
		for d, dest := range c.Dests {
			dist, sum := c.To(d)
			for h := range dist {
				want := met(c, dist, h, int(dest), mu)
				if got := sum[h]; !near(got.Cost, want.Cost) || !near(got.Days, want.Days) || !near(got.Payable, want.Payable) || !near(got.Strike, want.Strike) {
					t.Fatalf("world %d: from hub %d to hub %d: %+v, must be %+v", world, h, dest, got, want)
				}
			}
		}
	}
}

// An arc that leads away from the destination, and a hub without any way, meet nothing.
func TestHubsWithoutAWayExpectNothing(t *testing.T) {
	net := NewNetwork(3, []Arc{{From: 0, To: 1, Toll: 5}, {From: 1, To: 0, Toll: 5}, {From: 1, To: 2, Toll: 5}})
	c := NewUserClass(net, []int16{0}, nil, 10)
	c.Refresh(RouteCost{Mu: 100}, -1)
	if dist, sum := c.To(0); sum[1].Cost != 5 || sum[0] != (PathSum{}) || sum[2] != (PathSum{}) || dist[2] != Unreachable {
		t.Errorf("sums %+v, distances %v", sum, dist)
	}
	if a := c.Next(0, 2, 100, NewKey(1)); a != -1 {
		t.Errorf("from a hub without a way one takes arc %d", a)
	}
}

// Who does not know a hub goes round it, and finds no way where all lead through it.
func TestRoutesKeepToTheHubsThatAClassKnows(t *testing.T) {
	net := NewNetwork(4, []Arc{{From: 0, To: 1, Toll: 1}, {From: 1, To: 3, Toll: 1}, {From: 0, To: 2, Toll: 50}, {From: 2, To: 3, Toll: 50}})
	for _, c := range []struct {
		name  string
		knows []bool
		want  float64
	}{
		{"all", nil, 2},
		{"not the short way", []bool{true, false, true, true}, 100},
		{"neither way", []bool{true, false, false, true}, Unreachable},
		{"not the end", []bool{true, true, true, false}, Unreachable},
	} {
		class := NewUserClass(net, []int16{3}, c.knows, 10)
		class.Refresh(RouteCost{Mu: 0.001}, -1)
		dist, sum := class.To(0)
		if dist[0] != c.want || c.want < Unreachable && math.Abs(sum[0].Cost-c.want) > 1e-9 {
			t.Errorf("%s: the way costs %g and is expected to cost %g, must cost %g", c.name, dist[0], sum[0].Cost, c.want)
		}
		if arc := class.Next(0, 0, 0.001, NewKey(1)); (arc < 0) != (c.want >= Unreachable) {
			t.Errorf("%s: one takes arc %d", c.name, arc)
		}
	}
}

// A class that thinks its routes over every fourth time does not see a dearer road before, unless it is told.
func TestRoutesAreThoughtOverAtTheirPace(t *testing.T) {
	c := NewUserClass(NewNetwork(2, []Arc{{From: 0, To: 1}}), []int16{1}, nil, 10)
	c.Every, c.Phase = 4, 3
	var seen []int
	for call := 0; call < 14; call++ {
		c.Fuel[0] += 100
		if call == 6 {
			c.Notice()
		}
		if c.Refresh(RouteCost{Mu: 100}, 0) {
			seen = append(seen, call)
		}
	}
	if want := []int{0, 1, 5, 6, 9, 13}; !slices.Equal(seen, want) {
		t.Errorf("routes were thought over in the calls %v, must be %v: the first, every fourth and when told", seen, want)
	}
}

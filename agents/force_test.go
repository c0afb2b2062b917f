package agents

import (
	"math"
	"testing"

	"entrepot/sim"
)

func TestPatrolsAddUpToTheCapacityUnderEveryRule(t *testing.T) {
	for _, rule := range []string{"fixed", "random", "adaptive"} {
		s := smallWorld()
		s.Params.Force.Allocation = rule
		s.Events = []Event{{ID: "shut", Date: weekOf(20), Kind: "route", Action: "close", From: "mine", To: "far"},
			{ID: "more", Date: weekOf(30), Kind: "force", Action: "reinforce", Force: "army", Factor: 2.5}}
		live(t, s, 1, 40, func(m *Model, week int) {
			want := 4.0
			if week >= 30 {
				want = 10
			}
			if got := m.Forces.patrolled(0); math.Abs(got-want) > 1e-9 {
				t.Fatalf("%s, week %d: %v patrol-weeks, must be %v", rule, week, got, want)
			}
			if a := m.Net.Find(m.Hub("mine"), m.Hub("far")); week >= 20 && m.Net.Patrol[a] != 0 {
				t.Fatalf("%s: a closed road is patrolled", rule)
			}
			for r, a := range m.Forces.first {
				if b := m.Forces.back[r]; m.Net.Patrol[a] != m.Net.Patrol[b] {
					t.Fatalf("%s: a patrol watches one direction only", rule)
				}
			}
		})
	}
}

func TestFixedPatrolsStayAndRandomOnesMove(t *testing.T) {
	changes := func(rule string) (n int) {
		s := smallWorld()
		s.Forces[0].Allocation = rule
		var last float64
		live(t, s, 1, 30, func(m *Model, week int) {
			if x := m.Net.Patrol[0]; week > 0 && x != last {
				n++
			}
			last = m.Net.Patrol[0]
		})
		return n
	}
	if n := changes("fixed"); n != 0 {
		t.Errorf("fixed patrols moved %d times", n)
	}
	if n := changes("random"); n < 5 {
		t.Errorf("random patrols moved %d times in 30 weeks", n)
	}
}

func TestMainRoadsAreWatchedMore(t *testing.T) {
	m := live(t, smallWorld(), 1, 0, nil)
	m.Forces.allocate(m.Forces.zone[0], "fixed", 0)
	var main, side float64
	for r, a := range m.Forces.first {
		if m.Net.Main[a] {
			main = m.Forces.share[r]
		} else {
			side = m.Forces.share[r]
		}
	}
	if math.Abs(main/side-m.P.Road.Main) > 1e-9 {
		t.Errorf("main over side road: %v, must be %v", main/side, m.P.Road.Main)
	}
}

func TestAdaptivePatrolsGoWhereSeizuresWereAndExplore(t *testing.T) {
	m := live(t, smallWorld(), 1, 0, nil)
	f := m.Forces
	for r := range f.memory {
		f.memory[r] = 0
	}
	f.memory[2] = 3
	f.allocate(f.zone[0], "adaptive", 0)
	explore := m.P.Force.Explore
	for r := range f.first {
		if r == 2 && f.share[r] < 1-explore {
			t.Errorf("the road of the seizures gets %v, must get at least %v", f.share[r], 1-explore)
		}
		if r != 2 && (f.share[r] <= 0 || f.share[r] > explore) {
			t.Errorf("another road gets %v, must get a part of %v", f.share[r], explore)
		}
	}
	m.Roads.SeizedOn[f.first[1]] = 2
	f.learn(m.World)
	if f.memory[1] != 2 || math.Abs(f.memory[2]-3*m.P.Force.SeizureMemory) > 1e-12 {
		t.Errorf("memories %v and %v, must be 2 and %v", f.memory[1], f.memory[2], 3*m.P.Force.SeizureMemory)
	}
}

func TestTownsAndAirMakeRoadsDangerous(t *testing.T) {
	m := live(t, smallWorld(), 1, 1, nil)
	in, out := m.Net.Find(m.Hub("north"), m.Hub("town")), m.Net.Find(m.Hub("town"), m.Hub("north"))
	if m.Net.Town[in] != m.P.Road.Town || m.Net.Town[out] != 0 {
		t.Errorf("town hazard %v in, %v out", m.Net.Town[in], m.Net.Town[out])
	}
	if want := 0.01 * 0.5; math.Abs(m.Net.Strike[in]-want) > 1e-12 {
		t.Errorf("strike hazard %v, must be %v (air times exposure)", m.Net.Strike[in], want)
	}
}

func TestForcesComeAndGo(t *testing.T) {
	s := smallWorld()
	s.Forces[0].From, s.Forces[0].To = weekOf(5), weekOf(50)
	s.Events = []Event{{ID: "early", Date: weekOf(20), Kind: "force", Action: "leave", Force: "army"}, {ID: "back", Date: weekOf(60), Kind: "force", Action: "arrive", Force: "army"}}
	live(t, s, 1, 70, func(m *Model, week int) {
		want := week >= 5 && week < 20 || week >= 60
		if m.Forces.Present[0] != want || m.Forces.posts[0].active != want || (m.Forces.patrolled(0) > 0) != want {
			t.Fatalf("week %d: present %v, post %v, patrols %v; must be %v", week, m.Forces.Present[0], m.Forces.posts[0].active, m.Forces.patrolled(0), want)
		}
		if week == 21 && m.Places[m.Hub("town")].Force >= 0 {
			t.Error("the town still belongs to a force that left")
		}
	})
}

func TestAPostIsNotMannedWhereAHostileGroupHoldsTheTown(t *testing.T) {
	s := smallWorld()
	s.Posts = append(s.Posts, Post{Force: "army", Hub: "north", Garrison: 50, Rounds: 1000})
	s.Events = []Event{{ID: "taken", Date: weekOf(3), Kind: "hub_control", Hub: "north", To: "army"}}
	live(t, s, 1, 6, func(m *Model, week int) {
		if m.Forces.posts[1].active != (week >= 3) {
			t.Errorf("week %d: manned %v", week, m.Forces.posts[1].active)
		}
	})
}

func TestLeakageUnderTwoHypotheses(t *testing.T) {
	for _, c := range []struct {
		name       string
		price, eps float64
		rule       string
		want       float64
	}{
		{"poor control ignores the price", 1_000_000, 1, "poor_control", 2},
		{"a price incentive follows it", 500_000, 1, "price_incentive", 4},
		{"more than in proportion at elasticity 2", 500_000, 2, "price_incentive", 8},
		{"nothing known of the price", 0, 1, "price_incentive", 2},
		{"no elasticity", 500_000, 0, "price_incentive", 2},
	} {
		if got := leakage(1, 2, c.price, 250_000, c.eps, c.rule); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, must be %v", c.name, got, c.want)
		}
	}
}

func TestSoldiersSellDivertedArmsAtTheNearestMarket(t *testing.T) {
	s := smallWorld()
	s.Forces[0].Leak = 5
	m := live(t, s, 1, 50, nil)
	if n := m.Accounts.Flow[sim.Made][0][m.OriginOf["state_diverted"]]; n == 0 {
		t.Error("no diverted rifle was sold in a year")
	}
	s.Params.Force.LeakScale = 0
	m = live(t, s, 1, 50, nil)
	if n := m.Accounts.Flow[sim.Made][0][m.OriginOf["state_diverted"]]; n != 0 {
		t.Errorf("%d diverted rifles without leakage", n)
	}
}

func TestACampaignMarchesTakesAndHides(t *testing.T) {
	taken := func(fighters int64) (week int) {
		s := smallWorld()
		s.Groups[0].Fighters = fighters
		s.Groups[1].Rivals, s.Forces[0].Enemies = []string{"rebels"}, []string{"rebels"}
		s.Events = []Event{{ID: "march", Date: weekOf(2), Kind: "force", Action: "campaign", Force: "army", Hubs: []string{"nowhere", "north"}}}
		week = -1
		live(t, s, 1, 40, func(m *Model, at int) {
			pl := &m.Places[m.Hub("north")]
			if week < 0 && pl.Force == 0 {
				week = at
				if pl.Group != -1 || pl.Regime != Clandestine {
					t.Errorf("taken, but group %d and regime %v", pl.Group, pl.Regime)
				}
			}
		})
		return week
	}
	free, opposed := taken(0), taken(1500)
	if free != 3 { // 250 km at 4 days per 100 km: ten days
		t.Errorf("taken in week %d against nobody, must be 3", free)
	}
	if opposed <= free {
		t.Errorf("taken in week %d against 1500 fighters, must be later than %d", opposed, free)
	}
	if never := taken(6000); never >= 0 {
		t.Errorf("taken in week %d against 6000 fighters, must never be", never)
	}
}

func TestWhatAColumnMeetsOnItsWay(t *testing.T) {
	for _, c := range []struct {
		name        string
		change      func(s *Setup)
		hubs        []string
		factor      float64
		north, pass bool // taken within forty weeks
		turned      bool
	}{
		{"a town of enemies on the way is taken first", func(*Setup) {}, []string{"pass"}, 100, true, true, false},
		{"a town of a group that is no enemy is passed by", func(s *Setup) {
			s.Forces[0].Enemies, s.Groups[0].Rivals = []string{"islamists"}, []string{"islamists"}
		}, []string{"pass"}, 100, false, true, false},
		{"a weak column turns back", func(*Setup) {}, []string{"pass"}, 0.01, false, false, true},
		{"a weak column passes unarmed enemies", func(s *Setup) {
			for i := range s.GroupGoods {
				s.GroupGoods[i].PerFighter = 0
			}
		}, []string{"north"}, 0.01, true, false, false},
		{"a town that it was given meanwhile is no objective any more", func(s *Setup) {
			s.Events = append(s.Events, Event{ID: "given", Date: weekOf(3), Kind: "hub_control", Hub: "north", To: "army", Regime: "open"})
		}, []string{"north"}, 0.01, true, false, false},
	} {
		s := smallWorld()
		s.Groups[1].Fighters = 0
		s.Events = []Event{{ID: "march", Date: weekOf(2), Kind: "force", Action: "campaign", Force: "army", Hubs: c.hubs, Factor: c.factor}}
		c.change(s)
		turned := false
		var north, pass int
		m := live(t, s, 1, 40, func(m *Model, week int) {
			for _, h := range m.Happened {
				turned = turned || h.Kind == "campaign"
			}
			if north == 0 && m.Places[m.Hub("north")].Force == 0 {
				north = week
			}
			if pass == 0 && m.Places[m.Hub("pass")].Force == 0 {
				pass = week
			}
		})
		if (north > 0) != c.north || (pass > 0) != c.pass || turned != c.turned || c.north && c.pass && north >= pass {
			t.Errorf("%s: north in week %d, pass in week %d, turned back %v", c.name, north, pass, turned)
		}
		if len(m.Forces.marches) > 0 {
			t.Errorf("%s: the march goes on after forty weeks", c.name)
		}
	}
}

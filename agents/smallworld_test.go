package agents

import (
	"testing"

	"entrepot/sim"
)

var newYear = sim.DateOf(2022, 1, 3)

// weekOf is the Monday so many weeks after the start of the small world.
func weekOf(n int) sim.Date { return newYear + sim.Date(7*n) }

// smallWorld is a source in the north, a town of the rebels, a town of the army, a mine and a far town, with everybody in
// it once or twice.
func smallWorld() *Setup {
	s := &Setup{Name: "small", Start: newYear, End: weekOf(104), Params: Defaults()}
	hub := func(id string, lat, lon float64, kind, controller, regime string) Hub {
		return Hub{ID: id, Name: id, Lat: lat, Lon: lon, Kind: kind, Market: true, Controller: controller, Regime: regime, Violence: 1}
	}
	s.Hubs = []Hub{hub("source", 25, 10, "source", "", "open"), hub("north", 19, 1, "market", "rebels", "open"),
		hub("town", 17, 0, "market", "army", "clandestine"), hub("mine", 16.5, 0, "mine", "", "open"), hub("far", 16, -6, "market", "", "open")}
	s.Hubs = append(s.Hubs, Hub{ID: "pass", Name: "pass", Lat: 23, Lon: 8, Kind: "transit", Regime: "open"})
	road := func(from, to string, km float64, main bool) Route {
		return Route{From: from, To: to, Km: km, KmPerDay: 400, Toll: 20000, Border: 0.02, Bandits: 0.02, Air: 0.5, Main: main}
	}
	s.Routes = []Route{road("source", "pass", 300, false), road("pass", "north", 900, false), road("north", "town", 250, true),
		road("town", "mine", 60, true), road("mine", "far", 700, false), road("town", "far", 750, true)}
	s.Goods = []Good{{ID: "ak", Durable: true, Wear: 0.08, Visibility: 1, Load: 1000, Travels: "ammo"},
		{ID: "ammo", Visibility: 1, Load: 3, Ammunition: true},
		{ID: "pkm", Durable: true, Wear: 0.08, Visibility: 1.2, Load: 2500}, {ID: "heavy", Durable: true, Wear: 0.1, Visibility: 2, Load: 8000},
		{ID: "drone", Durable: true, Visibility: 1, Load: 1500, Drone: true}}
	s.Zones = []Zone{{"north_zone", []string{"north", "town", "mine"}}, {"all", []string{"source", "pass", "north", "town", "mine", "far"}}}
	s.Networks = []Network{{ID: "kin", Homes: []string{"source", "north", "town"}, Kin: []string{"pass"}, Carriers: 20, Cash: 4_000_000, OtherWork: 60000, Credit: 3_000_000}}
	s.Dealers = []Dealer{{Hub: "north", Number: 2, Cash: 5_000_000, StoreMax: 60, Markup: 0.12}, {Hub: "town", Number: 1, Cash: 5_000_000, StoreMax: 40, Markup: 0.15}}
	group := func(id string, rivals ...string) Group {
		return Group{ID: id, Fighters: 1000, Gold: 500000, Extortion: 4_500_000, Upkeep: 3500, Treasury: 8_000_000, Rivals: rivals, TaxRate: 0.05, Cohesion: 0.3, Hub: "north"}
	}
	s.Groups = []Group{group("rebels", "army", "islamists"), group("islamists", "army", "rebels"), group("heirs", "army")}
	s.Groups[2].Fighters, s.Groups[2].Treasury = 0, 0
	s.GroupHubs = []GroupHub{{"rebels", "north", 0.6}, {"rebels", "mine", 0.2}, {"rebels", "town", 0.2}, {"islamists", "town", 0.5}, {"islamists", "mine", 0.5},
		{"heirs", "north", 1}}
	for _, g := range []string{"rebels", "islamists", "heirs"} {
		s.GroupGoods = append(s.GroupGoods, GroupGood{g, "ak", 1.1, 0.9, 260000, 0, "libya:0.7|local:0.3"}, GroupGood{g, "ammo", 300, 0.9, 400, 1.5, "libya:0.7|local:0.2|captured:0.1"},
			GroupGood{g, "pkm", 0.08, 0.9, 900000, 0, "libya:1"})
	}
	s.Forces = []Force{{ID: "army", Patrol: 4, Roads: []string{"all"}, Air: 0.01, Leak: 1, Enemies: []string{"rebels", "islamists", "heirs"}}}
	s.Posts = []Post{{Force: "army", Hub: "town", Garrison: 100, Rounds: 15000, Refill: 0.06}}
	s.Stockholders = []Stockholder{{"src_ak", "libya", "source", "ak", 125000, 40, 1, ""}, {"src_ammo", "libya", "source", "ammo", 140, 25000, 1, ""},
		{"far_ak", "nigeria", "far", "ak", 300000, 3, 1, "NGN"}}
	s.Buyers = []Buyer{{ID: "herders_north", Kind: "herders", Hub: "north", Good: "ak", People: 8000, Want: 0.3, Start: 0.9, Arrive: 0.02, WTP: 350000, Sigma: 0.6, Violence: 0.2},
		{ID: "urban_town", Kind: "urban", Hub: "town", Good: "ak", People: 15000, Want: 0.1, Start: 0.9, Arrive: 0.02, WTP: 420000, Sigma: 0.6, Violence: 0.1},
		{ID: "rounds_town", Kind: "urban", Hub: "town", Good: "ammo", People: 2000, Want: 90, Start: 0.86, Arrive: 0.05, WTP: 600, Sigma: 0.5, Use: 0.0065},
		{ID: "miners", Kind: "miners", Hub: "mine", Good: "ak", People: 5000, Want: 0.3, Start: 0.9, Arrive: 0.02, WTP: 420000, Sigma: 0.6, Gold: 0.3},
		{ID: "far_ak", Kind: "urban", Hub: "far", Good: "ak", People: 9000, Want: 0.1, Start: 0.9, Arrive: 0.02, WTP: 600000, Sigma: 0.6, Rate: "NGN"}}
	s.Programmes = []Programme{{ID: "ddr", Hub: "town", Places: 200, WeaponNeeded: true, Good: "ak", Benefit: 700000, Candidates: 500, Armed: 0.5, Sigma: 0.5,
		Credibility: 0.6, Leak: 0.1, Groups: []string{"rebels"}}}
	s.Rates = []Rate{{"NGN", sim.DateOf(2015, 1, 1), 1.3}, {"NGN", sim.DateOf(2022, 6, 1), 1.04}}
	return s
}

// live builds a model and runs it for some weeks, checking the books after each (Step does).
func live(t *testing.T, s *Setup, seed uint64, weeks int, each func(m *Model, week int)) *Model {
	t.Helper()
	m, err := New(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	for week := 0; week < weeks; week++ {
		if err := m.Step(); err != nil {
			t.Fatalf("week %d: %v", week, err)
		}
		if each != nil {
			each(m, week)
		}
	}
	return m
}

// eventful is the small world with an event of every kind.
func eventful() *Setup {
	s := smallWorld()
	s.Groups[0].To, s.Groups[0].Successor = weekOf(60), "heirs"
	s.Groups[2].From = weekOf(60)
	s.Groups[0].DroneCrews, s.Groups[0].DroneLearn = 5, 0.05
	s.GroupGoods = append(s.GroupGoods, GroupGood{"rebels", "drone", 0.02, 1, 1_000_000, 0, "libya:1"})
	s.Forces = append(s.Forces, Force{ID: "mission", Patrol: 3, Roads: []string{"north_zone"}, Allocation: "random"})
	s.Events = []Event{
		{ID: "e01", Date: weekOf(3), Kind: "supply", Stockholder: "libya", Factor: 0.5, Price: 1.5, Recovery: "linear", Weeks: 20},
		{ID: "e02", Date: weekOf(4), Kind: "exchange_rate", Currency: "NGN", Value: 0.6, HasValue: true},
		{ID: "e03", Date: weekOf(5), Kind: "demand", Zone: "north_zone", Factor: 1.3, Weeks: 10},
		{ID: "e04", Date: weekOf(6), Kind: "route", Action: "close", From: "north", To: "town", Until: weekOf(12)},
		{ID: "e05", Date: weekOf(6), Kind: "route", Zone: "north_zone", Value: 0.2, HasValue: true, Weeks: 8},
		{ID: "e06", Date: weekOf(8), Kind: "violence", Hub: "town", Factor: 2, Until: weekOf(40)},
		{ID: "e07", Date: weekOf(9), Kind: "income", Group: "rebels", Factor: 1.5},
		{ID: "e08", Date: weekOf(10), Kind: "programme", Action: "announce", Programme: "ddr"},
		{ID: "e09", Date: weekOf(14), Kind: "programme", Action: "open", Programme: "ddr"},
		{ID: "e10", Date: weekOf(15), Kind: "capture", Hub: "town", Group: "islamists"},
		{ID: "e11", Date: weekOf(16), Kind: "capture", Hub: "far", Group: "rebels"},
		{ID: "e12", Date: weekOf(18), Kind: "alliance", Action: "join", Group: "rebels", Other: "islamists"},
		{ID: "e13", Date: weekOf(20), Kind: "force", Action: "reinforce", Force: "army", Factor: 3},
		{ID: "e14", Date: weekOf(22), Kind: "force", Action: "leave", Force: "mission"},
		{ID: "e15", Date: weekOf(25), Kind: "force", Action: "campaign", Force: "army", Hubs: []string{"north", "mine"}},
		{ID: "e16", Date: weekOf(40), Kind: "programme", Action: "close", Programme: "ddr"},
		{ID: "e17", Date: weekOf(50), Kind: "hub_control", Hub: "mine", To: "none", Regime: "closed"},
		{ID: "e18", Date: weekOf(55), Kind: "hub_control", Hub: "north", To: "rebels"},
		{ID: "e19", Date: weekOf(70), Kind: "nonsense", Hub: "nowhere", Group: "nobody", Factor: 3},
	}
	return s
}

func TestGoodsAndMoneyAddUpInAnEventfulWorld(t *testing.T) {
	modes := map[string]func(*Setup){
		"as it is": func(*Setup) {},
		"violence table": func(s *Setup) {
			s.Params.Violence.Mode = "table"
			s.Violence = []ViolenceRow{{"all", 2021, 1}, {"all", 2023, 2}}
		},
		"price hypotheses": func(s *Setup) { s.Params.Group.SellBecause, s.Params.Force.Leakage = "price", "price_incentive" },
		"random patrols":   func(s *Setup) { s.Params.Force.Allocation, s.Params.Group.SellBecause = "random", "shed" },
	}
	for name, change := range modes {
		t.Run(name, func(t *testing.T) {
			s := eventful()
			change(s)
			for seed := uint64(0); seed < 3; seed++ {
				live(t, s, seed, 104, nil)
			}
		})
	}
}

func TestARowAddedToATableShiftsNobodysLuck(t *testing.T) {
	sold := func(s *Setup) (n int64) {
		m := live(t, s, 5, 40, nil)
		return m.Accounts.Flow[sim.Used][m.GoodOf["ammo"]][m.OriginOf["libya"]]
	}
	s := smallWorld()
	before := sold(s)
	s.Buyers = append([]Buyer{{ID: "nobody", Kind: "urban", Hub: "far", Good: "pkm", WTP: 1000, Sigma: 0.1}}, s.Buyers...)
	s.Posts = append(s.Posts, Post{Force: "army", Hub: "pass", From: weekOf(200)})
	s.Forces = append(s.Forces, Force{ID: "idle"})
	if after := sold(s); after != before {
		t.Errorf("rounds used: %d with idle rows added, must be %d as without", after, before)
	}
}

func TestASteadyWeekOfTheAgentsAllocatesNothing(t *testing.T) {
	m := live(t, smallWorld(), 1, 60, nil)
	w := m.World
	steps := map[string]func(*sim.World){"events": m.applyEvents, "patrols": m.Forces.patrol, "violence": m.updateViolence, "income": m.Groups.income,
		"programmes": m.DDR.decide, "patrols learn": m.Forces.learn, "wear": m.wearAndUse, "tax": m.Groups.tax}
	for name, do := range steps {
		if n := testing.AllocsPerRun(20, func() { do(w) }); n > 0 {
			t.Errorf("%s: %.0f allocations a week, must be 0", name, n)
		}
	}
	orders := func() {
		m.Stockholders.offer(w)
		m.Forces.leak(w)
		m.Groups.order(w)
		m.Civilians.order(w)
		m.DDR.order(w)
		m.Bandits.order(w)
		m.clear(w)
	}
	orders()
	if n := testing.AllocsPerRun(20, orders); n > 1 {
		t.Errorf("orders and clearing: %.0f allocations a week, must be 0", n)
	}
}

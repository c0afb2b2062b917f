package agents

import (
	"errors"
	"math"
	"testing"

	"entrepot/sim"
)

func TestStrengthOfALastingEvent(t *testing.T) {
	at := func(e Event, week int) float64 {
		e.Date = weekOf(0)
		l := newLasting(&e, onWant, nil)
		return l.strength(weekOf(week))
	}
	for _, c := range []struct {
		name string
		e    Event
		week int
		want float64
	}{
		{"for good", Event{}, 500, 1},
		{"before its end", Event{Until: weekOf(5)}, 4, 1},
		{"at its end", Event{Until: weekOf(5)}, 5, 0},
		{"weeks without a recovery are its length", Event{Weeks: 5}, 4, 1},
		{"and then it is over", Event{Weeks: 5}, 5, 0},
		{"recovery none is no recovery", Event{Weeks: 5, Recovery: "none"}, 4, 1},
		{"linear from the start", Event{Weeks: 10, Recovery: "linear"}, 5, 0.5},
		{"linear, over", Event{Weeks: 10, Recovery: "linear"}, 10, 0},
		{"linear after a plateau", Event{Until: weekOf(20), Weeks: 10, Recovery: "linear"}, 19, 1},
		{"linear on the way back", Event{Until: weekOf(20), Weeks: 10, Recovery: "linear"}, 22, 0.8},
		{"exponential: a twentieth after its weeks", Event{Weeks: 10, Recovery: "exponential"}, 10, math.Exp(-3)},
		{"a recovery of no weeks is at once", Event{Recovery: "linear"}, 1, 0},
	} {
		if got := at(c.e, c.week); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, must be %v", c.name, got, c.want)
		}
	}
}

func TestEventsMoveWhatTheySay(t *testing.T) {
	for _, c := range []struct {
		name   string
		events []Event
		got    func(m *Model) float64
		want   float64
	}{
		{"supply by origin", []Event{{Kind: "supply", Stockholder: "libya", Factor: 0.5}}, func(m *Model) float64 { return m.Stockholders.cap[1] }, 0.5},
		{"supply of one good", []Event{{Kind: "supply", Stockholder: "libya", Good: "ak", Factor: 0.5}}, func(m *Model) float64 { return m.Stockholders.cap[1] }, 1},
		{"supply at a hub", []Event{{Kind: "supply", Stockholder: "nigeria", Hub: "source", Factor: 0.5}}, func(m *Model) float64 { return m.Stockholders.cap[2] }, 1},
		{"a second supply event replaces the first", []Event{{Kind: "supply", Stockholder: "src_ak", Factor: 20}, {Kind: "supply", Stockholder: "src_ak", Factor: 60}},
			func(m *Model) float64 { return m.Stockholders.cap[0] }, 60},
		{"price alone leaves the cap", []Event{{Kind: "supply", Stockholder: "src_ak", Price: 2}}, func(m *Model) float64 { return 10*m.Stockholders.cap[0] + m.Stockholders.price[0] }, 12},
		{"a second reinforcement replaces the first", []Event{{Kind: "force", Action: "reinforce", Force: "army", Factor: 5}, {Kind: "force", Action: "reinforce", Force: "army", Factor: 1}},
			func(m *Model) float64 { return m.Forces.effort[0] }, 1},
		{"demand in overlapping places multiplies", []Event{{Kind: "demand", Hub: "mine", Factor: 2}, {Kind: "demand", Buyer: "miners", Factor: 0.5}},
			func(m *Model) float64 { return m.Civilians.want[3] }, 1},
		{"demand of a kind", []Event{{Kind: "demand", Buyer: "urban", Zone: "north_zone", Factor: 2}}, func(m *Model) float64 { return 10*m.Civilians.want[1] + m.Civilians.want[4] }, 21},
		{"demand of a group", []Event{{Kind: "demand", Group: "rebels", Factor: 2}}, func(m *Model) float64 { return m.Groups.wants[0] }, 2},
		{"income by factor and by value", []Event{{Kind: "income", Group: "rebels", Factor: 2, Value: 5, HasValue: true}},
			func(m *Model) float64 { return m.Groups.earns[0] + m.Groups.extra[0] }, 7},
		{"a rate by factor", []Event{{Kind: "exchange_rate", Currency: "NGN", Factor: 0.5}}, func(m *Model) float64 { return m.now.rateRatio(0) }, 0.5},
		{"a road closes both ways", []Event{{Kind: "route", Action: "close", From: "town", To: "north"}}, func(m *Model) float64 {
			return yes(m.Net.Open[m.Net.Find(m.Hub("north"), m.Hub("town"))]) + yes(m.Net.Open[m.Net.Find(m.Hub("town"), m.Hub("north"))])
		}, 0},
		{"closed and opened again", []Event{{Kind: "route", Action: "close", From: "town", To: "north"}, {Kind: "route", Action: "open", From: "north", To: "town"}},
			func(m *Model) float64 { return yes(m.Net.Open[m.Net.Find(m.Hub("north"), m.Hub("town"))]) }, 1},
		{"hazard adds", []Event{{Kind: "route", From: "town", To: "north", Value: 0.3, HasValue: true}}, func(m *Model) float64 { return m.Net.Border[m.Net.Find(m.Hub("north"), m.Hub("town"))] }, 0.32},
		{"hazard is never negative", []Event{{Kind: "route", From: "town", To: "north", Value: -5, HasValue: true}},
			func(m *Model) float64 { return m.Net.Border[m.Net.Find(m.Hub("north"), m.Hub("town"))] }, 0},
		{"control by a group opens", []Event{{Kind: "hub_control", Hub: "town", To: "rebels"}}, func(m *Model) float64 { return float64(m.Places[m.Hub("town")].Regime) }, float64(Open)},
		{"control by a force hides", []Event{{Kind: "hub_control", Hub: "north", To: "army"}}, func(m *Model) float64 { return float64(m.Places[m.Hub("north")].Regime) }, float64(Clandestine)},
		{"the regime alone", []Event{{Kind: "hub_control", Hub: "north", Regime: "closed"}}, func(m *Model) float64 {
			return float64(10*m.Places[m.Hub("north")].Group) + float64(m.Places[m.Hub("north")].Regime)
		}, float64(Closed)},
		{"nobody's town is his whose it was no more", []Event{{Kind: "hub_control", Hub: "town", To: "none"}}, func(m *Model) float64 {
			return float64(m.Places[m.Hub("town")].Force)
		}, -1},
		{"war with a force", []Event{{Kind: "alliance", Action: "join", Group: "rebels", Other: "army"}}, func(m *Model) float64 { return yes(m.Groups.atWar[0][0]) }, 0},
		{"what was announced before the start is known", []Event{{Date: newYear - 50, Kind: "programme", Action: "announce", Programme: "ddr"}},
			func(m *Model) float64 { return yes(m.DDR.list[0].known(m.day())) }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := smallWorld()
			for k, e := range c.events {
				if e.ID = string(rune('a' + k)); e.Date == 0 {
					e.Date = weekOf(1) + 3
				}
				s.Events = append(s.Events, e)
			}
			m := live(t, s, 1, 2, nil)
			if got := c.got(m); math.Abs(got-c.want) > 1e-9 {
				t.Errorf("%v, must be %v", got, c.want)
			}
			if m.Week == 2 && s.Events[0].Date >= newYear && len(m.Happened) < len(c.events) {
				t.Errorf("%d rows of events, must be one for each", len(m.Happened))
			}
		})
	}
}

func TestTheRegimeFollowsWhoHoldsATown(t *testing.T) {
	to := func(who, regime string) []Event {
		return []Event{{ID: "a", Date: weekOf(2), Kind: "hub_control", Hub: "it", To: who, Regime: regime}}
	}
	leaves := func(date int) []Event {
		return []Event{{ID: "a", Date: weekOf(date), Kind: "force", Action: "leave", Force: "army"}}
	}
	taken := Event{ID: "0", Date: weekOf(1), Kind: "hub_control", Hub: "it", To: "army", Regime: "closed"}
	for _, c := range []struct {
		name          string
		holder, table string // of the table
		events        []Event
		want          Regime
	}{
		{"to a force: trade hides", "rebels", "open", to("army", ""), Clandestine},
		{"to a force that closes it", "rebels", "open", to("army", "closed"), Closed},
		{"to a group, from a force: open", "army", "clandestine", to("rebels", ""), Open},
		{"to a group that hides its trade", "army", "clandestine", to("rebels", "clandestine"), Clandestine},
		{"to a group, after a force closed it: as the table has it", "rebels", "open", append([]Event{taken}, to("rebels", "")...), Open},
		{"to a group where trade hid under a group: it hides again", "rebels", "clandestine", append([]Event{taken}, to("islamists", "")...), Clandestine},
		{"to nobody, from a force of the table: open", "army", "clandestine", to("none", ""), Open},
		{"to nobody, hidden all the same", "army", "clandestine", to("none", "clandestine"), Clandestine},
		{"to nobody, after a force took it from a group: open", "rebels", "open", append([]Event{taken}, to("none", "")...), Open},
		{"to nobody, whose it was: as the table has it", "", "clandestine", append([]Event{taken}, to("none", "")...), Clandestine},
		{"a force leaves its town: open", "army", "clandestine", leaves(2), Open},
		{"a force leaves a town that it took and closed", "rebels", "open", append([]Event{taken}, leaves(2)...), Open},
		{"a force leaves a town that was nobody's and hid", "", "clandestine", append([]Event{taken}, leaves(2)...), Clandestine},
		{"a force left before the start", "army", "clandestine", leaves(-30), Open},
		{"a force leaves, and the town has a new holder that week", "army", "clandestine", append(leaves(2), Event{ID: "b", Date: weekOf(2), Kind: "hub_control", Hub: "it", To: "rebels", Regime: "closed"}), Closed},
	} {
		s := smallWorld()
		s.Hubs = append(s.Hubs, Hub{ID: "it", Lat: 18, Lon: 1, Kind: "market", Market: true, Controller: c.holder, Regime: c.table})
		s.Events = c.events
		m := live(t, s, 1, 4, nil)
		if pl := &m.Places[m.Hub("it")]; pl.Regime != c.want {
			t.Errorf("%s: %v, must be %v", c.name, pl.Regime, c.want)
		}
	}
	s := smallWorld()
	s.Groups[0].To = weekOf(3)
	s.Events = []Event{{ID: "a", Date: weekOf(1), Kind: "hub_control", Hub: "north", Regime: "closed"}}
	if pl := live(t, s, 1, 6, nil).Places[1]; pl.Group != -1 || pl.Regime != Open {
		t.Errorf("a group that ends without a successor: group %d and %v, must be nobody and open", pl.Group, pl.Regime)
	}
}

func TestAnEventWaitsForItsWeek(t *testing.T) {
	s := smallWorld()
	s.Events = []Event{{ID: "late", Date: weekOf(5) + 6, Kind: "supply", Stockholder: "libya", Factor: 0.5}}
	m, err := New(s, 1)
	if err != nil {
		t.Fatal(err)
	}
	for m.Week = -10; m.Week < 8; {
		if err := m.Step(); err != nil {
			t.Fatal(err)
		}
		if week, cap := m.Week-1, m.Stockholders.cap[0]; (cap == 0.5) != (week >= 5) {
			t.Errorf("week %d: cap factor %v", week, cap)
		}
	}
}

func TestLevelsComeBackWhenEverythingIsOver(t *testing.T) {
	s := eventful()
	m := live(t, s, 1, 60, nil)
	m.lasting = m.lasting[:0]
	m.levels(m.Date())
	if m.Stockholders.cap[0] != 1 || m.Civilians.want[0] != 1 || m.Groups.earns[0] != 1 || m.Forces.effort[0] != 1 || m.now.violence[0] != 1 {
		t.Error("a level is not its table's")
	}
	for a := range m.Net.Border {
		if m.Net.Border[a] != 0.02 || !m.Net.Open[a] {
			t.Errorf("arc %d: hazard %v, open %v", a, m.Net.Border[a], m.Net.Open[a])
		}
	}
}

func TestNewReportsWhatDoesNotResolve(t *testing.T) {
	for name, spoil := range map[string]func(*Setup){
		"a buyer's hub":                        func(s *Setup) { s.Buyers[0].Hub = "atlantis" },
		"a source's origin":                    func(s *Setup) { s.Stockholders[0].Origin = "" },
		"more origins than a lot has room for": func(s *Setup) { s.GroupGoods[0].Origins = "a:0.1|b:0.1|c:0.1|d:0.1|e:0.1" },
		"a post's force":                       func(s *Setup) { s.Posts[0].Force = "legion" },
		"a group's place":                      func(s *Setup) { s.GroupHubs[0].Group = "elves" },
		"a programme's hub":                    func(s *Setup) { s.Programmes[0].Hub = "" },
		"a hub of a zone":                      func(s *Setup) { s.Zones[0].Hubs[0] = "atlantis" },
		"a good of a group":                    func(s *Setup) { s.GroupGoods[0].Good = "sword" },
	} {
		s := smallWorld()
		spoil(s)
		if _, err := New(s, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestOddTablesDoNotPanic(t *testing.T) {
	for name, bend := range map[string]func(*Setup){
		"nobody at all": func(s *Setup) {
			s.Groups, s.GroupHubs, s.GroupGoods, s.Forces, s.Posts, s.Buyers, s.Programmes, s.Stockholders, s.Dealers = nil, nil, nil, nil, nil, nil, nil, nil, nil
		},
		"no goods but one": func(s *Setup) {
			s.Goods, s.GroupGoods, s.Buyers, s.Stockholders = s.Goods[:1], s.GroupGoods[:1], s.Buyers[:1], s.Stockholders[:1]
			s.Goods[0].Travels = ""
		},
		"large numbers": func(s *Setup) {
			s.Groups[0].Fighters, s.Buyers[0].WTP, s.Buyers[0].Sigma, s.Groups[0].Extortion = 1e6, 1e15, 50, 1e15
		},
		"zeros": func(s *Setup) {
			s.Groups[0].Fighters, s.Groups[0].Upkeep, s.Posts[0].Garrison, s.Programmes[0].Places, s.Programmes[0].Candidates = 0, 0, 0, 0, 0
		},
		"no posts, but captures":       func(s *Setup) { s.Posts = nil },
		"no forces, but captures":      func(s *Setup) { s.Posts, s.Forces = nil, nil },
		"rates of zero":                func(s *Setup) { s.Rates[0].CFA = 0 },
		"a group that succeeds itself": func(s *Setup) { s.Groups[0].Successor = s.Groups[0].ID },
	} {
		t.Run(name, func(t *testing.T) {
			s := eventful()
			bend(s)
			live(t, s, 1, 80, nil)
		})
	}
}

func TestAStockThatOutgrowsItsCountEndsARun(t *testing.T) {
	s := eventful()
	s.Groups[0].Fighters = 1e9
	m, err := New(s, 1)
	for week := 0; err == nil && week < 80; week++ {
		err = m.Step()
	}
	var over *sim.Overfull
	if !errors.As(err, &over) || over.ID != "ak" {
		t.Errorf("a thousand million fighters end with %v, must end with a stock of rifles that is too large", err)
	}
}

package scenarios_test

import (
	"slices"
	"testing"

	"entrepot/agents"
	"entrepot/internal/sums"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
)

// The same bytes (model design, section 6.8). World: four built-in scenarios cut to 80 weeks from a quarter of a year before their
// main shock, no burn-in, seeds 1 and 2; all tables of the contract are written to memory and hashed.
func luckScenarios() []string { return []string{"northern-mali", "offensive", "ddr-2025", "textbook"} }

const luckWeeks = 80

// digest runs a setup for some weeks and returns the digest of each table. watch may add observers to the model.
func digest(s *agents.Setup, seed uint64, watch func(*agents.Model)) (map[string]string, error) {
	cut := *s
	cut.End = min(s.End, s.Start+7*luckWeeks)
	m, err := agents.New(&cut, seed)
	if err != nil {
		return nil, err
	}
	run := tables.NewRun(cut.Start)
	observer := record.New(m, run.Recording(), run.Names, record.Options{})
	if watch != nil {
		watch(m)
	}
	for week := 0; week < cut.Weeks(); week++ {
		if err := m.Step(); err != nil {
			return nil, err
		}
		observer.Week(week)
	}
	observer.Close()
	var kept sums.Tables
	err = run.Write(&kept)
	return kept.Of(), err
}

func luckSetup(t *testing.T, name string) *agents.Setup {
	t.Helper()
	s, err := scenarios.Load(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	return aroundTheShock(s.Setup)
}

func TestTheSameScenarioAndSeedGiveTheSameBytesOnAnyNumberOfWorkers(t *testing.T) {
	var setups []*agents.Setup
	for _, name := range luckScenarios() {
		setups = append(setups, luckSetup(t, name))
	}
	var first []string
	for _, workers := range []int{1, 2, 8} {
		got := make([]string, 2*len(setups))
		var jobs []func() error
		for i := range got {
			jobs = append(jobs, func() error {
				of, err := digest(setups[i/2], uint64(1+i%2), nil) // the setups are shared among runs
				got[i] = sums.List(of)
				return err
			})
		}
		for i, err := range inParallel(jobs, workers) {
			if err != nil {
				t.Fatalf("%s: %v", setups[i/2].Name, err)
			}
		}
		if first == nil {
			first = got
		}
		for i := range got {
			if got[i] != first[i] {
				t.Errorf("%s, seed %d: %d workers give other bytes than one", setups[i/2].Name, 1+i%2, workers)
			}
			if i%2 == 1 && got[i] == got[i-1] {
				t.Errorf("%s: two seeds give the same bytes", setups[i/2].Name)
			}
		}
	}
}

// What changes nobody's luck: prices, flows and trades must stay the same to the byte. (actors.csv may have rows more.)
func TestWhatDoesNothingChangesNobodysLuck(t *testing.T) {
	if testing.Short() {
		t.Skip("runs three scenarios a dozen times")
	}
	changes := []struct {
		name  string
		do    func(s *agents.Setup)
		watch func(*agents.Model)
	}{
		{"another observer", nil, func(m *agents.Model) {
			run := tables.NewRun(m.Setup.Start)
			another := record.New(m, run.Recording(), run.Names, record.Options{})
			another.Week(-1)
		}},
		{"buyers without people, first in the table", func(s *agents.Setup) {
			s.Buyers = append([]agents.Buyer{{ID: "nobody", Kind: "idle", Hub: s.Buyers[0].Hub, Good: s.Buyers[0].Good, WTP: 100000, Sigma: 0.5, Want: 1, Arrive: 0.1}}, s.Buyers...)
		}, nil},
		{"a group without fighters, first in the table", func(s *agents.Setup) {
			idle := agents.Group{ID: "idle", Name: "Idle", Hub: s.Hubs[0].ID}
			s.Groups = append([]agents.Group{idle}, s.Groups...)
			s.GroupHubs = append([]agents.GroupHub{{Group: "idle", Hub: s.Hubs[0].ID, Share: 1}}, s.GroupHubs...)
			s.GroupGoods = append([]agents.GroupGood{{Group: "idle", Good: s.Goods[0].ID, PerFighter: 1, Start: 1, WTP: 100000, Origins: "local:1"}}, s.GroupGoods...)
		}, nil},
		{"a row of no dealers, first in the table", func(s *agents.Setup) {
			s.Dealers = append([]agents.Dealer{{Hub: s.Dealers[0].Hub, Cash: 1_000_000, StoreMax: 10}}, s.Dealers...)
		}, nil},
		{"a network without carriers, first in the table", func(s *agents.Setup) {
			idle := s.Networks[0]
			idle.ID, idle.Name, idle.Carriers = "idle", "Idle", 0
			s.Networks = append([]agents.Network{idle}, s.Networks...)
		}, nil},
		{"a force that never comes, first in the table", func(s *agents.Setup) {
			s.Forces = append([]agents.Force{{ID: "idle", Name: "Idle", From: s.End + 700, Roads: s.Forces[0].Roads, Patrol: 9}}, s.Forces...)
		}, nil},
		{"a programme that nobody announces", func(s *agents.Setup) {
			idle := s.Programmes[0]
			idle.ID, idle.Announced, idle.Open, idle.Close = "idle", 0, 0, 0
			s.Programmes = append([]agents.Programme{idle}, s.Programmes...)
		}, nil},
		{"a source that offers nothing", func(s *agents.Setup) {
			idle := s.Stockholders[0]
			idle.ID, idle.Cap = "idle", 0
			s.Stockholders = append([]agents.Stockholder{idle}, s.Stockholders...)
		}, nil},
		{"a place that no road leads to, last in the table", func(s *agents.Setup) {
			s.Hubs = append(slices.Clone(s.Hubs), agents.Hub{ID: "idle", Name: "Idle", Lat: 0, Lon: 60, Kind: "transit", Regime: "open"})
		}, nil},
		{"a good that nobody has or wants", func(s *agents.Setup) {
			s.Goods = append(slices.Clone(s.Goods), agents.Good{ID: "idle", Name: "Idle", Unit: "piece", Visibility: 1, Load: 1000})
		}, nil},
		{"a place that no road leads to, first in the table", func(s *agents.Setup) {
			s.Hubs = append([]agents.Hub{{ID: "idle", Name: "Idle", Lat: 0, Lon: 60, Kind: "transit", Regime: "open"}}, s.Hubs...)
		}, nil},
		{"other names for everything", func(s *agents.Setup) {
			s.Hubs, s.Goods, s.Networks, s.Groups, s.Forces, s.Buyers = slices.Clone(s.Hubs), slices.Clone(s.Goods), slices.Clone(s.Networks), slices.Clone(s.Groups), slices.Clone(s.Forces), slices.Clone(s.Buyers)
			for i := range s.Hubs {
				s.Hubs[i].Name += " (renamed)"
			}
			for i := range s.Goods {
				s.Goods[i].Name, s.Goods[i].Unit = "Ware", "piece"
			}
			for i := range s.Networks {
				s.Networks[i].Name = "A network"
			}
			for i := range s.Groups {
				s.Groups[i].Name = "A group"
			}
			for i := range s.Forces {
				s.Forces[i].Name = "A force"
			}
			for i := range s.Buyers {
				s.Buyers[i].Name = "Buyers"
			}
			s.Name, s.Title, s.Question = "renamed", "Renamed", "?"
		}, nil},
		{"an event that touches nothing", func(s *agents.Setup) {
			s.Events = append(slices.Clone(s.Events), agents.Event{ID: "zz-idle", Cause: "idle", Date: s.Start + 7*30, Kind: "demand", Buyer: "nobody-at-all", Factor: 3})
			slices.SortStableFunc(s.Events, func(a, b agents.Event) int { return int(a.Date - b.Date) })
		}, nil},
		{"a later end", func(s *agents.Setup) { s.Start, s.End = sim.Date(s.Start), s.End+70 }, nil},
	}
	for _, name := range []string{"northern-mali", "offensive", "textbook"} {
		base := luckSetup(t, name)
		want, err := digest(base, 3, nil)
		if err != nil {
			t.Fatal(err)
		}
		got := make([]map[string]string, len(changes))
		var jobs []func() error
		for i, c := range changes {
			s := *base
			if c.do != nil {
				c.do(&s)
			}
			jobs = append(jobs, func() (err error) { got[i], err = digest(&s, 3, c.watch); return err })
		}
		errs := inParallel(jobs, 2)
		for i, c := range changes {
			t.Run(name+"/"+c.name, func(t *testing.T) {
				if errs[i] != nil {
					t.Fatal(errs[i])
				}
				for _, table := range []string{"prices.csv", "flows.csv", "trades.csv", "costs.csv"} {
					if got[i][table] != want[table] {
						t.Errorf("%s has changed", table)
					}
				}
			})
		}
	}
}

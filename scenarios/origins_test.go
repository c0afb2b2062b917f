package scenarios_test

import (
	"slices"
	"testing"

	"entrepot/agents"
	"entrepot/scenarios"
	"entrepot/sim"
)

// A world may have origins of its own, as many as a lot has room for; those of the case stay where there is room.
func TestAWorldHasOriginsOfItsOwn(t *testing.T) {
	for _, c := range []struct {
		name  string
		own   []string // in turn for the stockholders
		start string   // of the groups' stocks
		want  []string
	}{
		{"none", []string{"libya"}, "", []string{"libya", "sudan", "nigeria", "state_diverted", "captured", "ddr", "local"}},
		{"one more", []string{"libya", "1_000"}, "", []string{"libya", "sudan", "nigeria", "1_000", "state_diverted", "captured", "ddr", "local"}},
		{"two of its own", []string{"coast", "hills"}, "", []string{"coast", "hills", "state_diverted", "captured", "ddr", "local"}},
		{"as many as there is room for", []string{"coast", "hills"}, "coast:0.2|port:0.3|sudan:0.2", []string{"sudan", "coast", "hills", "port", "state_diverted", "captured", "ddr", "local"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := scenarios.Load("textbook", nil)
			if err != nil {
				t.Fatal(err)
			}
			setup := *s.Setup
			setup.Stockholders, setup.GroupGoods = slices.Clone(setup.Stockholders), slices.Clone(setup.GroupGoods)
			for i := range setup.Stockholders {
				setup.Stockholders[i].Origin = c.own[i%len(c.own)]
			}
			for i := range setup.GroupGoods {
				setup.GroupGoods[i].Origins = c.start
			}
			m, err := agents.New(&setup, 1)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(m.Origins, c.want) {
				t.Fatalf("origins %v, must be %v", m.Origins, c.want)
			}
			for range 30 {
				if err := m.Step(); err != nil {
					t.Fatal(err)
				}
			}
			for i := range setup.Stockholders {
				o := m.OriginOf[setup.Stockholders[i].Origin]
				if made := m.Accounts.Flow[sim.Made][m.GoodOf[setup.Stockholders[i].Good]][o]; made == 0 {
					t.Errorf("nothing came from %s", setup.Stockholders[i].Origin)
				}
			}
		})
	}
}

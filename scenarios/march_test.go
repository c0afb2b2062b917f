package scenarios_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"entrepot/agents"
	"entrepot/scenarios"
	"entrepot/sim"
)

// A campaign in the real world. World: `offensive`, whose documented changes of hands of Anefis and Kidal are taken out and
// replaced by one march of the army from the bend of the Niger to Kidal from 2 October 2023 on; seeds 1 to 5, cut in March 2024.
// Documented: Anefis on 7 October, Kidal on 14 November 2023. Within eight weeks is asked for: the march has one parameter of
// speed and one of strength, and the luck of clashes makes weeks.
const (
	marchSeeds = 5
	marchSlack = 8 * 7 // days
)

// marching is the setup with a campaign for some objectives, as a layer over `offensive`; more is added to the event.
func marching(t *testing.T, objectives, more string, change func(*agents.Group)) *agents.Setup {
	t.Helper()
	layer := "version: 1\nname: march\ntitle: A march\nquestion: Does the column arrive?\nextends: [offensive]\nevents:\n" +
		"  - {id: anefis-taken, remove: true}\n  - {id: kidal-taken, remove: true}\n" +
		"  - {id: column, cause: offensive, date: 2023-10-02, kind: force, force: fama, action: campaign, hubs: [" + objectives + "]" + more + "}\n"
	s, err := scenarios.LoadFS(fstest.MapFS{"march.yaml": {Data: []byte(layer)}}, "march.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	cut := *s.Setup
	cut.End = sim.DateOf(2024, 3, 4)
	cut.Groups = slices.Clone(cut.Groups)
	for i := range cut.Groups {
		change(&cut.Groups[i])
	}
	return &cut
}

// marched is what came of a march.
type marched struct {
	anefis, kidal sim.Date // Monday of the week in which the army took it; 0 = never
	clashes       int
	taken         int64 // rifles, by the groups
	turned        bool
}

func march(t *testing.T, s *agents.Setup, seed uint64) (x marched) {
	t.Helper()
	m, err := agents.New(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	flow := func(f sim.GoodsFlow) (n int64) {
		for _, units := range m.Accounts.Flow[f][m.GoodOf["ak"]] {
			n += units
		}
		return n
	}
	var captured, lost int64 // up to the week before
	err = m.Run(func(week int) error {
		monday, before := s.Start.Monday()+sim.Date(7*week), x.taken
		for _, h := range m.Happened {
			if h.Kind == "clash" && week >= 0 {
				x.clashes++
				var n int64
				if _, err := fmt.Sscanf(h.Detail[strings.LastIndex(h.Detail, ": "):], ": %d rifles taken", &n); err != nil {
					t.Fatalf("clash %q: %v", h.Detail, err)
				}
				x.taken += n
			}
			x.turned = x.turned || h.Kind == "campaign"
		}
		if n := x.taken - before; flow(sim.Captured)-captured < n || flow(sim.Lost)-lost < n {
			t.Errorf("seed %d, week of %s: %d rifles taken in clashes, must be captured from the army and lost by groups in the books", seed, monday, n)
		}
		captured, lost = flow(sim.Captured), flow(sim.Lost)
		for _, town := range []struct {
			hub string
			day *sim.Date
		}{{"anefis", &x.anefis}, {"kidal", &x.kidal}} {
			if *town.day == 0 && m.Places[m.HubOf[town.hub]].Force == m.ForceOf["fama"] {
				*town.day = monday
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return x
}

func TestAMarchOnKidalTakesTheTownsAsDocumented(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the real world two dozen times")
	}
	asIs := func(*agents.Group) {}
	enemies := func(times int64) func(g *agents.Group) {
		return func(g *agents.Group) {
			if g.ID == "csp" {
				g.Fighters, g.Extortion, g.Gold, g.Treasury = g.Fighters*times, g.Extortion*times, g.Gold*times, g.Treasury*times
			}
		}
	}
	anefis, kidal := sim.DateOf(2023, 10, 7), sim.DateOf(2023, 11, 14)
	near := func(got, want sim.Date) bool { return got > 0 && got >= want-marchSlack && got <= want+marchSlack }
	for _, c := range []struct {
		name, objectives, more string
		change                 func(*agents.Group)
		holds                  func(x marched) bool
	}{
		{"by way of Anefis: both near their dates, in order, and clashes cost arms", "anefis, kidal", "", asIs,
			func(x marched) bool {
				return near(x.anefis, anefis) && near(x.kidal, kidal) && x.anefis <= x.kidal && x.clashes > 0 && x.taken > 0 && !x.turned
			}},
		{"to Kidal alone: Anefis lies on the way and is taken too", "kidal", "", asIs,
			func(x marched) bool { return near(x.anefis, anefis) && near(x.kidal, kidal) && x.anefis <= x.kidal }},
		{"against a group of no fighters: there in two weeks", "anefis, kidal", "", enemies(0),
			func(x marched) bool { return x.anefis > 0 && x.kidal > 0 && x.kidal <= sim.DateOf(2023, 10, 16) }},
		{"against ten times as many: it turns back before Kidal", "anefis, kidal", "", enemies(10),
			func(x marched) bool { return x.kidal == 0 && x.turned && x.taken > 0 }},
		{"a column a tenth as strong turns back before Kidal", "anefis, kidal", ", factor: 0.1", asIs,
			func(x marched) bool { return x.kidal == 0 && x.turned && x.taken > 0 }},
	} {
		s := marching(t, c.objectives, c.more, c.change)
		for seed := uint64(1); seed <= marchSeeds; seed++ {
			x := march(t, s, seed)
			said := fmt.Sprintf("%s: seed %d: Anefis %s, Kidal %s, %d clashes, %d rifles taken, turned back %v", c.name, seed, x.anefis, x.kidal, x.clashes, x.taken, x.turned)
			if t.Log(said); !c.holds(x) {
				t.Error(said)
			}
		}
	}
}

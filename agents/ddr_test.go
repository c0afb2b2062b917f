package agents

import (
	"math"
	"testing"

	"entrepot/sim"
)

func TestAcceptanceFallsWithApplicants(t *testing.T) {
	for _, c := range []struct {
		name                          string
		left, applicants, slope, want float64
	}{
		{"room for all", 100, 50, 1, 1}, {"twice too many", 100, 200, 1, 0.5}, {"steeper", 100, 200, 2, 0.25},
		{"full", 0, 10, 1, 0}, {"nobody else", 10, 0, 1, 1}, {"no slope, no fear", 100, 200, 0, 1},
	} {
		if got := acceptance(c.left, c.applicants, c.slope); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, must be %v", c.name, got, c.want)
		}
	}
}

func TestACandidateEntersWhenThePlaceIsWorthMoreThanTheWeapon(t *testing.T) {
	if !enters(300, 299) || enters(300, 300) || enters(300, 400) || !enters(1, 0) {
		t.Error("must enter exactly when worth exceeds price")
	}
}

// withProgramme is the small world with a programme announced in week 20, open from 26 to 60.
func withProgramme(change func(*Programme)) *Setup {
	s := smallWorld()
	s.Events = []Event{{ID: "a", Date: weekOf(20), Kind: "programme", Action: "announce", Programme: "ddr"},
		{ID: "b", Date: weekOf(26), Kind: "programme", Action: "open", Programme: "ddr"},
		{ID: "c", Date: weekOf(60), Kind: "programme", Action: "close", Programme: "ddr"}}
	change(&s.Programmes[0])
	return s
}

func TestBuyingToEnterRisesAfterTheAnnouncementAndEnds(t *testing.T) {
	sought := make([]int64, 90)
	m := live(t, withProgramme(func(*Programme) {}), 1, 90, func(m *Model, week int) { sought[week] = m.DDR.list[0].sought })
	sum := func(from, to int) (n int64) {
		for _, x := range sought[from:to] {
			n += x
		}
		return n
	}
	if sum(0, 20) != 0 || sum(20, 60) == 0 || sum(61, 90) != 0 {
		t.Errorf("weapons sought: %d before the announcement, %d until the end, %d after", sum(0, 20), sum(20, 60), sum(61, 90))
	}
	p := &m.DDR.list[0]
	if p.registered == 0 || p.registered > p.spec.Places {
		t.Errorf("%d registered in %d places", p.registered, p.spec.Places)
	}
	collected := int64(0)
	for _, n := range m.Accounts.Flow[sim.Collected][0] {
		collected += n
	}
	if collected != p.registered {
		t.Errorf("%d weapons collected of %d registrants, must be one each", collected, p.registered)
	}
	leaked := m.Accounts.Flow[sim.Made][0][m.OriginOf["ddr"]]
	if share := float64(leaked) / float64(collected); math.Abs(share-0.1) > 0.05 {
		t.Errorf("%.2f of the weapons leaked back, must be about 0.1", share)
	}
}

func TestNobodyBuysWhereNoWeaponIsAsked(t *testing.T) {
	m := live(t, withProgramme(func(p *Programme) { p.WeaponNeeded = false }), 1, 60, func(m *Model, week int) {
		if m.DDR.list[0].sought != 0 {
			t.Fatalf("week %d: weapons sought", week)
		}
	})
	if m.DDR.list[0].registered != 200 {
		t.Errorf("%d registered, must be all 200 places", m.DDR.list[0].registered)
	}
}

func TestNobodyIsRegisteredOutsideTheDates(t *testing.T) {
	live(t, withProgramme(func(*Programme) {}), 1, 80, func(m *Model, week int) {
		n := m.DDR.list[0].registered
		if week < 26 && n != 0 {
			t.Fatalf("week %d: %d registered before the opening", week, n)
		}
	})
	s := withProgramme(func(*Programme) {})
	s.Events = s.Events[:1]
	m := live(t, s, 1, 80, nil)
	if m.DDR.list[0].registered != 0 {
		t.Error("registered in a programme that never opened")
	}
}

func TestRegistrantsLeaveTheirGroupUnlessItSwells(t *testing.T) {
	for _, swells := range []bool{false, true} {
		s := withProgramme(func(*Programme) {})
		s.Groups[0].Swells = swells
		m := live(t, s, 1, 61, nil)
		want := float64(1000)
		if !swells {
			want -= float64(m.DDR.list[0].registered)
		}
		if got := m.Groups.strength[0]; math.Abs(got-want) > 15 {
			t.Errorf("swells %v: strength %.0f, must be about %.0f", swells, got, want)
		}
	}
}

func TestAProgrammeOpenAtTheStartBeginsWhereItsDatesPutIt(t *testing.T) {
	for _, c := range []struct {
		name            string
		announced, open int // weeks from the start; 0 = never, 1 = in its first week
		places, people  int64
		left            int64   // places before the first intake of the record
		informed        float64 // before the news of the first week
	}{
		{"neither known nor open", 0, 0, 200, 500, 200, 0},
		{"announced long ago", -60, 0, 200, 500, 200, 1},
		{"announced last week", -1, 0, 200, 500, 200, 0.1 + 0.7*0.1*0.9},
		{"opened in the first week", -60, 1, 200, 500, 200, 1},
		{"opened a fifth of its intake ago", -60, -2, 200, 500, 160, 1},
		{"opened long ago: full", -60, -50, 200, 500, 0, 1},
		{"opened long ago, more places than candidates", -60, -50, 200, 50, 150, 1},
		{"opened without an announcement", 0, -5, 200, 500, 100, 0.73},
	} {
		s := smallWorld()
		s.Params.DDR.IntakeWeeks = 10
		s.Programmes[0].Places, s.Programmes[0].Candidates = c.places, c.people
		if c.announced != 0 {
			s.Events = append(s.Events, Event{ID: "a", Date: newYear + sim.Date(7*c.announced), Kind: "programme", Action: "announce", Programme: "ddr"})
		}
		if c.open != 0 {
			s.Events = append(s.Events, Event{ID: "b", Date: newYear + sim.Date(7*min(c.open, 0)), Kind: "programme", Action: "open", Programme: "ddr"})
		}
		m, err := New(s, 1)
		if err != nil {
			t.Fatal(err)
		}
		p := &m.DDR.list[0]
		for m.Week = -BurnIn; m.Week < 0; {
			if err := m.Step(); err != nil {
				t.Fatal(err)
			}
			if p.registered != 0 || p.sought != 0 || m.Accounts.Units(p.holder, 0) != 0 {
				t.Fatalf("%s, week %d of the burn-in: %d registered, %d sought, %d bought; must be none", c.name, m.Week-1, p.registered, p.sought, m.Accounts.Units(p.holder, 0))
			}
		}
		m.DDR.begun = true
		m.DDR.begin(p)
		if p.places() != c.left || math.Abs(p.informed-c.informed) > 0.01 {
			t.Errorf("%s: %d places left and %.3f informed, must be %d and %.3f", c.name, p.places(), p.informed, c.left, c.informed)
		}
		if out := float64(c.people) - p.armed - p.unarmed; math.Abs(out-float64(c.places-c.left)) > 1e-6 {
			t.Errorf("%s: %.1f candidates are in already, must be the %d of the places taken", c.name, out, c.places-c.left)
		}
		for m.Week < 20 {
			if err := m.Step(); err != nil {
				t.Fatal(err)
			}
		}
		if took := p.registered; took > c.left || (took > 0) != (c.open != 0 && c.left > 0 && c.people > 50) {
			t.Errorf("%s: %d registered in twenty weeks with %d places", c.name, took, c.left)
		}
	}
}

func TestThoseWhoBoughtInVainSell(t *testing.T) {
	s := withProgramme(func(p *Programme) { p.Places, p.Benefit, p.Armed = 5, 3_000_000, 0 })
	s.Params.DDR.AcceptSlope = 0
	m := live(t, s, 1, 60, nil)
	before := m.Accounts.Units(m.DDR.list[0].holder, 0)
	for week := 0; week < 60; week++ {
		if err := m.Step(); err != nil {
			t.Fatal(err)
		}
	}
	if after := m.Accounts.Units(m.DDR.list[0].holder, 0); before == 0 || after >= before {
		t.Errorf("%d weapons held at the end of the programme, %d a year later", before, after)
	}
}

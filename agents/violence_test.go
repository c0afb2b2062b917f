package agents

import (
	"math"
	"testing"

	"entrepot/sim"
)

func TestNextViolence(t *testing.T) {
	for _, c := range []struct {
		name                     string
		v, level, rho, a, x, out float64
	}{
		{"stays at its level", 1, 1, 0.9, 0.05, 0, 1},
		{"is drawn to its level", 2, 1, 0.9, 0.05, 0, 1.9},
		{"rises with arms", 1, 1, 0.9, 0.05, 1, 1.05},
		{"falls where arms went", 1, 1, 0.9, 0.05, -1, 0.95},
		{"is never negative", 0, 0, 0.9, 1, -1, 0},
		{"is bounded", 10, 100, 0.9, 1, 5, mostViolent},
	} {
		if got := nextViolence(c.v, c.level, c.rho, c.a, c.x); math.Abs(got-c.out) > 1e-12 {
			t.Errorf("%s: %v, must be %v", c.name, got, c.out)
		}
	}
}

func TestTheTableInterpolatesBetweenMidyears(t *testing.T) {
	rows := []yearly{{2020.5, 1}, {2021.5, 3}}
	for at, want := range map[float64]float64{2019: 1, 2020.5: 1, 2021: 2, 2021.5: 3, 2030: 3} {
		if got := tableAt(rows, at); math.Abs(got-want) > 1e-12 {
			t.Errorf("at %v: %v, must be %v", at, got, want)
		}
	}
}

func TestTheLastZoneListedWins(t *testing.T) {
	s := smallWorld()
	s.Params.Violence.Mode = "table"
	s.Zones = []Zone{{"all", []string{"north", "town"}}, {"towns", []string{"town"}}}
	s.Violence = []ViolenceRow{{"towns", 2022, 4}, {"all", 2022, 2}}
	m := live(t, s, 1, 1, nil)
	if n, w := m.Places[m.Hub("north")].Violence, m.Places[m.Hub("town")].Violence; n != 2 || w != 4 {
		t.Errorf("north %v and town %v, must be 2 and 4", n, w)
	}
}

func TestViolenceEventsMultiplyInBothModes(t *testing.T) {
	for _, mode := range []string{"endogenous", "table"} {
		s := smallWorld()
		s.Params.Violence.Mode, s.Params.Violence.ArmsFeedback = mode, 0
		s.Violence = []ViolenceRow{{"all", 2022, 1}}
		s.Events = []Event{{ID: "a", Date: weekOf(1), Kind: "violence", Hub: "far", Factor: 2}, {ID: "b", Date: weekOf(1), Kind: "violence", Zone: "all", Factor: 1.5}}
		m := live(t, s, 1, 100, nil)
		if v := m.Places[m.Hub("far")].Violence; math.Abs(v-3) > 0.01 {
			t.Errorf("%s: %v, must reach 3", mode, v)
		}
	}
}

func TestViolenceSetByAnEventComesBack(t *testing.T) {
	set := func(e Event) Event {
		e.ID, e.Kind, e.Hub, e.Value, e.HasValue, e.Date = "set", "violence", "far", 5, true, weekOf(10)
		return e
	}
	for _, c := range []struct {
		name   string
		events []Event
		week   int
		want   float64
	}{
		{"it holds from its week on", []Event{set(Event{})}, 10, 5},
		{"without an end it holds for good", []Event{set(Event{})}, 100, 5},
		{"at its end it is gone", []Event{set(Event{Until: weekOf(20)})}, 20, 1},
		{"half of the way back at half of a linear recovery", []Event{set(Event{Recovery: "linear", Weeks: 20})}, 20, 3},
		{"and back after it", []Event{set(Event{Recovery: "linear", Weeks: 20})}, 30, 1},
		{"until its end it holds, then it recovers", []Event{set(Event{Until: weekOf(20), Recovery: "linear", Weeks: 20})}, 25, 4},
		{"exponentially, a twentieth is left", []Event{set(Event{Recovery: "exponential", Weeks: 20})}, 30, 1 + 4*math.Exp(-3)},
		{"a quiet that is set ends too", []Event{set(Event{}), {ID: "z", Kind: "violence", Zone: "all", Value: 0, HasValue: true, Date: weekOf(12), Recovery: "linear", Weeks: 4}}, 14, 2.5},
		{"a later factor multiplies what was set", []Event{set(Event{}), {ID: "z", Kind: "violence", Zone: "all", Factor: 1.5, Date: weekOf(12)}}, 12, 7.5},
		{"a later value replaces a factor", []Event{{ID: "a", Kind: "violence", Zone: "all", Factor: 1.5, Date: weekOf(8)}, set(Event{})}, 12, 5},
	} {
		s := smallWorld()
		s.Params.Violence.Mode = "table"
		s.Violence = []ViolenceRow{{"all", 2022, 1}}
		s.Events = c.events
		m := live(t, s, 1, c.week+1, nil)
		if v := m.Places[m.Hub("far")].Violence; math.Abs(v-c.want) > 1e-9 {
			t.Errorf("%s: %v, must be %v", c.name, v, c.want)
		}
	}
}

func TestArmsInHostileHandsRaiseViolence(t *testing.T) {
	s := smallWorld()
	m := live(t, s, 1, 2, nil)
	calm := live(t, s, 1, 2, nil)
	h := m.Hub("town")
	m.Accounts.Bring(sim.Made, m.Groups.Holder[1], 0, m.OriginOf["libya"], 5000)
	for week := 0; week < 10; week++ {
		m.updateViolence(m.World)
		calm.updateViolence(calm.World)
	}
	if m.Places[h].Violence <= calm.Places[h].Violence+0.1 {
		t.Errorf("%v with 5000 rifles more and %v without, must be higher", m.Places[h].Violence, calm.Places[h].Violence)
	}
}

func TestActivityIsBetween0And10AndRisesWithTradeAndOpenness(t *testing.T) {
	m := live(t, smallWorld(), 1, 30, nil)
	h := m.Hub("north")
	before := m.activity(h)
	for i := range m.Auctions.Usual {
		m.Auctions.Usual[i] += 1000
	}
	busy := m.activity(h)
	m.Places[h].Regime = Closed
	if closed := m.activity(h); !(before < busy && closed < busy && busy <= 10 && before >= 0) {
		t.Errorf("quiet %v, busy %v, closed %v", before, busy, closed)
	}
}

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

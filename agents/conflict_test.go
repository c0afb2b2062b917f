package agents

import (
	"math"
	"strings"
	"testing"
)

func TestOverrunChance(t *testing.T) {
	for _, c := range []struct {
		name       string
		a, d, m, p float64
	}{
		{"equals have even chances", 100, 100, 1.5, 0.5},
		{"twice as strong at m = 1", 200, 100, 1, 2. / 3},
		{"half as strong at m = 2", 50, 100, 2, 0.2},
		{"nobody attacks", 0, 100, 1, 0},
		{"nobody defends", 10, 0, 1, 1},
		{"overwhelming", 1e9, 1e-9, 5, 1},
	} {
		if got := overrun(c.a, c.d, c.m); math.Abs(got-c.p) > 1e-12 {
			t.Errorf("%s: %v, must be %v", c.name, got, c.p)
		}
	}
}

func TestADocumentedCaptureYieldsSharesOfThePost(t *testing.T) {
	s := smallWorld()
	s.Params.Group.AttackRate, s.Params.Group.RoundsTaken = 0, 0.4
	s.Events = []Event{{ID: "fall", Date: weekOf(2), Kind: "capture", Hub: "town", Group: "islamists"}}
	m := live(t, s, 1, 2, nil)
	post := &m.Forces.posts[0]
	m.applyEvents(m.World)
	at := 1 * m.Goods
	if n := m.Groups.captured[at+1]; n != 6000 {
		t.Errorf("%d rounds captured, must be 0.4 of 15000", n)
	}
	if n := m.Groups.captured[at]; n != 20 {
		t.Errorf("%d rifles captured, must be 0.2 a soldier", n)
	}
	if post.rounds != 9000 || post.garrison != 50 {
		t.Errorf("the post has %v rounds and %v soldiers left, must be 9000 and 50", post.rounds, post.garrison)
	}
	o := m.OriginOf["captured"]
	lot := m.Accounts.Lot(m.Groups.Holder[1], 0)
	if lot.Origin[o] != 20 {
		t.Errorf("%d rifles of origin captured, must be 20", lot.Origin[o])
	}
	if h := m.Happened; len(h) != 1 || h[0].Kind != "capture" || h[0].Place != "town" {
		t.Errorf("events %v, must be one capture at town", h)
	}
	for week := 0; week < 100; week++ {
		m.Forces.refill()
	}
	if math.Abs(post.rounds-15000) > 100 || math.Abs(post.garrison-100) > 1 {
		t.Errorf("the post has %v rounds and %v soldiers after two years, must be full", post.rounds, post.garrison)
	}
}

func TestACaptureWithoutAPostHasAStandInAndOneBeforeTheStartIsOver(t *testing.T) {
	s := smallWorld()
	s.Params.Group.AttackRate, s.Params.Group.RoundsTaken = 0, 0.4
	s.Events = []Event{{ID: "past", Date: newYear - 100, Kind: "capture", Hub: "town", Group: "rebels"}, {ID: "far", Date: weekOf(1), Kind: "capture", Hub: "far", Group: "rebels"}}
	m := live(t, s, 1, 1, nil)
	if len(m.Happened) != 0 {
		t.Errorf("events %v, must be none yet", m.Happened)
	}
	m.applyEvents(m.World)
	if n := m.Groups.captured[1]; n != standInRounds*4/10 {
		t.Errorf("%d rounds captured, must be 0.4 of %d", n, standInRounds)
	}
}

func TestAttacksComeOnlyFromGroupsAtWarAndRiseWithViolence(t *testing.T) {
	overruns := func(change func(*Setup)) (n int) {
		s := smallWorld()
		s.Params.Group.AttackRate, s.Params.Violence.Persistence = 0.5, 0
		s.Params.Violence.ArmsFeedback = 0
		change(s)
		live(t, s, 1, 100, func(m *Model, _ int) {
			for _, h := range m.Happened {
				if h.Kind == "capture" {
					n++
				}
			}
		})
		return n
	}
	base := overruns(func(*Setup) {})
	worse := overruns(func(s *Setup) {
		for h := range s.Hubs {
			s.Hubs[h].Violence = 4
		}
	})
	peace := overruns(func(s *Setup) { s.Groups[0].Rivals, s.Groups[1].Rivals, s.Groups[2].Rivals = nil, nil, nil })
	if peace != 0 || base == 0 || worse <= base {
		t.Errorf("overruns: %d in peace, %d at violence 1, %d at 4", peace, base, worse)
	}
}

func TestRoundsFiredAreProRataByOrigin(t *testing.T) {
	s := smallWorld()
	m := live(t, s, 1, 1, nil)
	fired := m.Groups.fired[1]
	total := int32(0)
	for _, n := range fired {
		total += n
	}
	if want := 1000 * 1.5; math.Abs(float64(total)-want) > 60 {
		t.Errorf("%d rounds fired, must be about %.0f (fighters * use * violence)", total, want)
	}
	if share := float64(fired[m.OriginOf["libya"]]) / float64(total); math.Abs(share-0.7) > 0.01 {
		t.Errorf("%.3f of them from Libya, must be 0.7 as in stock", share)
	}
}

func TestDronesNeedCrewsKitsAndAnEnemy(t *testing.T) {
	attacks := func(crews, kits float64, rivals []string) (n int) {
		s := smallWorld()
		s.Groups[0].DroneCrews, s.Groups[0].Rivals = crews, rivals
		s.Params.Group.DroneRate = 1
		s.GroupGoods = append(s.GroupGoods, GroupGood{"rebels", "drone", kits / 1500, 1, 1, 0, "libya:1"})
		live(t, s, 1, 1, func(m *Model, _ int) {
			n = int(m.Groups.droneAttacks[0])
			used := 0
			for _, u := range m.Groups.fired[4] {
				used += int(u)
			}
			if used != n {
				t.Errorf("%d kits used in %d attacks", used, n)
			}
			for _, h := range m.Happened {
				if n > 0 && h.Kind == "drone_attack" && !strings.Contains(h.Detail, "rebels") {
					t.Errorf("row %v", h)
				}
			}
		})
		return n
	}
	army := []string{"army"}
	for _, c := range []struct {
		name        string
		crews, kits float64
		rivals      []string
		want        int
	}{{"crews are the limit", 2, 10, army, 2}, {"kits are the limit", 9, 3, army, 3}, {"no crew", 0.5, 10, army, 0}, {"no kit", 5, 0, army, 0}, {"no enemy", 5, 5, nil, 0}} {
		if got := attacks(c.crews, c.kits, c.rivals); got != c.want {
			t.Errorf("%s: %d attacks, must be %d", c.name, got, c.want)
		}
	}
}

func TestDroneSuccessHelpsAndFades(t *testing.T) {
	m := live(t, smallWorld(), 1, 1, nil)
	g, town := m.Groups, m.Hub("town")
	plain := g.attack(0, town)
	g.successes[0] = 1
	helped := g.attack(0, town)
	if math.Abs(helped/plain-(1+m.P.Group.DroneEffect)) > 1e-9 {
		t.Errorf("a success multiplies an attack by %v, must be %v", helped/plain, 1+m.P.Group.DroneEffect)
	}
	for week := 0; week < 50; week++ {
		g.fly(0, m.Luck("test"))
	}
	if g.attack(0, town) > plain*1.01 {
		t.Error("a success is not forgotten after a year")
	}
}

func TestAGroupShortOfRoundsAttacksLess(t *testing.T) {
	m := live(t, smallWorld(), 1, 1, nil)
	g := m.Groups
	full := g.readiness(0)
	m.Accounts.Remove(3, g.Holder[0], 1, m.Accounts.Units(g.Holder[0], 1)*19/20)
	if full != 1 || g.readiness(0) > 0.25 {
		t.Errorf("readiness %v with rounds, %v almost without", full, g.readiness(0))
	}
}

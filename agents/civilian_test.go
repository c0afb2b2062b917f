package agents

import (
	"math"
	"testing"

	"entrepot/sim"
)

func TestWantedStockFollowsViolence(t *testing.T) {
	r := Buyer{People: 1000, Want: 0.5, Violence: 0.5}
	for _, c := range []struct {
		name     string
		v, scale float64
		want     float64
	}{
		{"violence of the start leaves it", 1, 1, 500},
		{"four times the violence doubles it at elasticity one half", 4, 1, 1000},
		{"a factor of events multiplies", 1, 1.2, 600},
		{"no violence does not make it vanish", 0, 1, 500 * math.Sqrt(quietest)},
	} {
		if got := wantedStock(&r, c.v, 1, c.scale); math.Abs(got-c.want) > 1e-6 {
			t.Errorf("%s: %.3f, must be %.3f", c.name, got, c.want)
		}
	}
}

func TestTheNormalTableHasTheRightMomentsAndIsMonotone(t *testing.T) {
	var sum, squares float64
	last := math.Inf(-1)
	const n = 10000
	for k := 0; k < n; k++ {
		z := normalAt((float64(k) + 0.5) / n)
		if z < last {
			t.Fatalf("falls at %d", k)
		}
		last = z
		sum += z
		squares += z * z
	}
	if mean, sd := sum/n, math.Sqrt(squares/n); math.Abs(mean) > 1e-6 || math.Abs(sd-1) > 0.05 {
		t.Errorf("mean %.4f and sd %.4f, must be about 0 and 1", mean, sd)
	}
}

func TestComersBidAroundTheirMedianAndNeverMoreThanTheirMoney(t *testing.T) {
	m := live(t, smallWorld(), 3, 5, nil)
	i := 1 // urban_town
	holder := m.Civilians.Holder[i]
	var worth, units int64
	m.Auctions.OnClear(func(at int32, bids, _ []sim.Order) {
		for _, o := range bids {
			if o.Holder == holder {
				worth += o.Limit * int64(o.Units)
				units += int64(o.Units)
			}
		}
	})
	total := int64(0)
	for week := 0; week < 40; week++ {
		worth = 0
		before := m.Accounts.Cash[holder]
		_ = before
		m.Civilians.order(m.World)
		cash := m.Accounts.Cash[holder]
		m.clear(m.World)
		if worth > cash {
			t.Fatalf("bids of %d CFA with %d in hand", worth, cash)
		}
		total += worth
		m.Week++
	}
	if units == 0 {
		t.Fatal("nobody came")
	}
	mean := float64(total) / float64(units)
	if want := 420000 * math.Exp(0.18); mean < 0.85*want || mean > 1.15*want {
		t.Errorf("mean bid %.0f, must be near %.0f (the mean of the lognormal)", mean, want)
	}
}

func TestCivilianDemandRisesWithTheFactorOfAnEvent(t *testing.T) {
	s := smallWorld()
	s.Events = []Event{{ID: "boom", Date: weekOf(10), Kind: "demand", Buyer: "miners", Factor: 2}}
	var before, after float64
	live(t, s, 1, 12, func(m *Model, week int) {
		switch week {
		case 9:
			before = m.Civilians.wanted[3]
		case 11:
			after = m.Civilians.wanted[3]
			if m.Places[m.Hub("mine")].Gold != 2 {
				t.Errorf("gold at the mine is %v, must follow the miners", m.Places[m.Hub("mine")].Gold)
			}
		}
	})
	if after != 2*before {
		t.Errorf("wanted %.0f after and %.0f before, must double", after, before)
	}
}

func TestRoundsAreUsedAndRiflesWearOut(t *testing.T) {
	m := live(t, smallWorld(), 1, 0, nil)
	rounds, rifles := m.Civilians.Holder[2], m.Civilians.Holder[1]
	r0, a0 := m.Accounts.Units(rounds, 1), m.Accounts.Units(rifles, 0)
	m.Civilians.wanted[2] = 180000
	for m.Week = 0; m.Week < 52; m.Week++ {
		m.Civilians.wear(m.World)
	}
	if used := r0 - m.Accounts.Units(rounds, 1); math.Abs(float64(used)-52*0.0065*180000) > 60 {
		t.Errorf("%d rounds used in a year, must be %d", used, int(52*0.0065*180000))
	}
	if lost := float64(a0 - m.Accounts.Units(rifles, 0)); math.Abs(lost/float64(a0)-0.077) > 0.012 {
		t.Errorf("%.3f of the rifles wore out in a year, must be 0.08", lost/float64(a0))
	}
}

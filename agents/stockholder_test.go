package agents

import (
	"math"
	"testing"

	"entrepot/sim"
)

// asks collects what a holder offers in a market in this week, by limit.
func asks(m *Model, hub, good string, place func()) map[int64]int64 {
	got := map[int64]int64{}
	market := m.Market(m.Hub(hub), m.Good(good))
	m.Auctions.OnClear(func(at int32, _, asks []sim.Order) {
		if at == market {
			for _, o := range asks {
				got[o.Limit] += int64(o.Units)
			}
		}
	})
	place()
	m.clear(m.World)
	return got
}

func TestASourceOffersItsCurveStepByStep(t *testing.T) {
	s := smallWorld()
	s.Stockholders = []Stockholder{{"src", "libya", "source", "ak", 160000, 32, 1, ""}}
	m, err := New(s, 1)
	if err != nil {
		t.Fatal(err)
	}
	m.levels(m.Date())
	got := asks(m, "source", "ak", func() { m.Stockholders.offer(m.World) })
	for k := int64(1); k <= 16; k++ {
		if n := got[k*10000]; n != 2 {
			t.Errorf("%d units at %d CFA, must be 2 of the 32", n, k*10000)
		}
	}
	if len(got) != 16 {
		t.Errorf("%d steps, must be 16", len(got))
	}
}

func TestTheCapIsMetOnAverageWhereItIsAFraction(t *testing.T) {
	s := smallWorld()
	s.Stockholders = []Stockholder{{"src", "libya", "source", "drone", 700000, 0.3, 1, ""}}
	m, err := New(s, 2)
	if err != nil {
		t.Fatal(err)
	}
	total := int64(0)
	const weeks = 4000
	for m.Week = 0; m.Week < weeks; m.Week++ {
		for _, n := range asks(m, "source", "drone", func() { m.Stockholders.offer(m.World) }) {
			total += n
		}
	}
	if mean := float64(total) / weeks; math.Abs(mean-0.3) > 0.03 {
		t.Errorf("%.3f units a week, must be 0.3", mean)
	}
}

func TestElasticityShapesTheCurve(t *testing.T) {
	for _, c := range []struct {
		name                    string
		share, elasticity, want float64
	}{
		{"unit elasticity is a line", 0.5, 1, 0.5},
		{"elastic supply is flat", 0.25, 2, 0.5},
		{"the cap costs the price", 1, 0.7, 1},
		{"no elasticity means one price", 0.1, 0, 1},
	} {
		if got := stepPrice(c.share, c.elasticity); math.Abs(got-c.want) > 1e-12 {
			t.Errorf("%s: %v, must be %v", c.name, got, c.want)
		}
	}
}

func TestASourceInAnotherCurrencyMovesWithItsRate(t *testing.T) {
	s := smallWorld()
	s.Stockholders = []Stockholder{{"src", "nigeria", "far", "ak", 160000, 16, 1, "NGN"}}
	s.Events = []Event{{ID: "float", Date: weekOf(2), Kind: "exchange_rate", Currency: "NGN", Value: 0.65, HasValue: true}}
	top := map[int]int64{0: 160000, 2: 80000} // 1.3 at the start of the table, then 0.65
	m, err := New(s, 1)
	if err != nil {
		t.Fatal(err)
	}
	for week := 0; week < 3; week++ {
		got := asks(m, "far", "ak", func() { m.applyEvents(m.World); m.Stockholders.offer(m.World) })
		if want, check := top[week]; check && got[want] == 0 {
			t.Errorf("week %d: asks %v, the highest must be %d", week, got, want)
		}
		m.Week++
	}
}

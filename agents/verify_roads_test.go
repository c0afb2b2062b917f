package agents

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// RAND's SOAR findings (model design 6.5). World: a source and a town joined by six roads of unequal length (ways), stops
// that take a payment of 200,000 in seven cases of ten and the cargo in three. Seeds 1 to 8, 60 weeks of settling, 60
// measured.
const soarSeeds, soarFrom, soarTo = 8, 60, 120

func townPrices(t *testing.T, w func() world) []float64 {
	return of(tallies(t, w, soarSeeds, soarFrom, soarTo), town)
}

// Hazard 2 stops nearly everybody. The thresholds separate few (one road of six: under a tenth of what all six do) from
// most; between them every road hit must raise the mean, and the five that can be evaded together must do less than the
// sixth, which cannot.
func TestHittingFewRoadsDoesLittleAndHittingMostDoesMuch(t *testing.T) {
	base := townPrices(t, func() world { return ways(6) })
	var effect [7]float64
	var tv float64
	for k := 1; k <= 6; k++ {
		effect[k], tv = paired(base, townPrices(t, func() world { return ways(6).hit(k, 2) }))
		t.Logf("%d of 6 roads hit: the price in the town rises by %.0f from %.0f, t = %.1f", k, effect[k], stat.Mean(base, nil), tv)
		if effect[k] < effect[k-1] {
			t.Errorf("hitting %d roads raises the price by %.0f, one fewer by %.0f: must rise with every road", k, effect[k], effect[k-1])
		}
	}
	if tv < sure || effect[1] > effect[6]/10 || effect[3] > effect[6]/3 || effect[5] > effect[6]/2 {
		t.Errorf("effects of 0 to 6 roads %.0f: must be small up to the last road that can be used instead", effect)
	}
}

// The price effect of hitting the nearest road cannot exceed what the next one costs more, however hard it is hit: here
// 2*600 km more there, as much on the empty way back, and the time, spread over a cargo, and on these costs the margins that the
// carrier and the dealer take. Allowed on top are two standard errors and 5 % of the price, the distance that prices may keep from
// spatial equilibrium in the mean (6.2). Without the backstop the same hits must raise the price much more.
func TestABackstopRoadCapsThePriceEffect(t *testing.T) {
	two := func() world { // the nearest and the one 600 km longer each half
		w := ways(7)
		w.setup.Routes = append(w.setup.Routes[:2:2], w.setup.Routes[12:]...)
		return w
	}
	one := func() world { return ways(1) }
	m := two().model(t, 1)
	if err := m.Step(); err != nil {
		t.Fatal(err)
	}
	p := &m.P.Trafficker
	km := 1200.0
	weeks := km / 400 * p.Delay / 7
	limit := 2 * (km*p.CostPerKm + weeks*60000) / float64(m.Traffickers.mainUnits[0])
	limit *= (1 + p.Margin) * (1 + m.Setup.Dealers[0].Markup)
	base, alone := townPrices(t, two), townPrices(t, one)
	for _, hazard := range []float64{0.5, 1, 2} {
		capped, tc := paired(base, townPrices(t, func() world { return two().hit(1, hazard) }))
		free, _ := paired(alone, townPrices(t, func() world { return one().hit(1, hazard) }))
		t.Logf("hazard %.1f on the nearest road: +%.0f with a backstop (t = %.1f), +%.0f without; the backstop costs %.0f a rifle more", hazard, capped, tc, free, limit)
		if capped > limit+0.05*stat.Mean(base, nil)+2*math.Abs(capped/tc) {
			t.Errorf("hazard %.1f raises the price by %.0f with a backstop that costs %.0f more", hazard, capped, limit)
		}
		if hazard >= 2 && free < 2*limit {
			t.Errorf("hazard %.1f without a backstop raises the price by %.0f only, must be far above %.0f", hazard, free, limit)
		}
	}
}

// A force with forty patrol-weeks a week: predictable, it stands on the nearest two roads; random, it draws its roads anew every
// week among all six. At equal effort the random one must raise the price more: carriers can evade the one and not the other.
func TestRandomPatrolsBeatPredictableOnesAtEqualEffort(t *testing.T) {
	patrolled := func(zone []string, rule string) []float64 {
		return townPrices(t, func() world {
			w := ways(6)
			w.setup.Zones = append(w.setup.Zones, Zone{"few", []string{"source", "town", "pass0", "pass1"}})
			w.setup.Forces = []Force{{ID: "army", Patrol: 40, Roads: zone, Allocation: rule}}
			return w
		})
	}
	base := townPrices(t, func() world { return ways(6) })
	fixed, tf := paired(base, patrolled([]string{"few"}, "fixed"))
	random, tr := paired(base, patrolled([]string{"all"}, "random"))
	fixedAll, _ := paired(base, patrolled([]string{"all"}, "fixed"))
	t.Logf("the price rises by %.0f (t = %.1f) under patrols on two roads, by %.0f (t = %.1f) under as many drawn at random, by %.0f spread over all for good", fixed, tf, random, tr, fixedAll)
	if d := random - fixed; random < 1.5*fixed || tr < sure || d <= 0 {
		t.Errorf("random patrols raise the price by %.0f, predictable ones by %.0f", random, fixed)
	}
}

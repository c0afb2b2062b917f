package agents

import (
	"math"
	"testing"

	"gonum.org/v1/gonum/stat"
)

// Disarmament (model design 6.7). World: the small world with a programme in the town, 200 places for 500 candidates of the
// rebels, half of them armed, announced in week 20, open from 26 to 60; against the same world without events under the same
// luck; seeds 1 to 48. "At first" are the weeks 20 to 45 and the demand of final buyers in the town; "later" are the weeks 110 to 200,
// when those whom the run on the market had crowded out have made up for it, and the demand everywhere.
const ddrSeeds = 48

// ddrWorld is that world; the programme may be changed, or there is none.
func ddrWorld(change func(*Setup)) world {
	s := withProgramme(func(*Programme) {})
	if change == nil {
		s.Events = nil
	} else {
		change(s)
	}
	return world{setup: s}
}

func TestAnEntryWeaponRaisesDemandAndDisarmamentLowersItAfterwards(t *testing.T) {
	none := tallies(t, func() world { return ddrWorld(nil) }, ddrSeeds, 20, 45)
	noneLater := tallies(t, func() world { return ddrWorld(nil) }, ddrSeeds, 110, 200)
	townDemand := func(o *tally) float64 { return o.demand[2] }
	townPrice := func(o *tally) float64 { return o.price[2] }
	allDemand := func(o *tally) (n float64) {
		for _, x := range o.demand {
			n += x
		}
		return n
	}
	effect := map[string][2]float64{}
	for name, change := range map[string]func(*Setup){
		"entry weapon":    func(*Setup) {},
		"swelling ranks":  func(s *Setup) { s.Groups[0].Swells = true },
		"no entry weapon": func(s *Setup) { s.Programmes[0].WeaponNeeded = false },
	} {
		w := func() world { return ddrWorld(change) }
		first, tf := paired(of(none, townDemand), of(tallies(t, w, ddrSeeds, 20, 45), townDemand))
		dear, td := paired(of(none, townPrice), of(tallies(t, w, ddrSeeds, 20, 45), townPrice))
		later, tl := paired(of(noneLater, allDemand), of(tallies(t, w, ddrSeeds, 110, 200), allDemand))
		t.Logf("%s: demand in the town %+.2f a week at first (t = %.1f; %.2f without a programme), price %+.0f (t = %.1f); everywhere later %+.2f (t = %.1f; %.2f)",
			name, first, tf, stat.Mean(of(none, townDemand), nil), dear, td, later, tl, stat.Mean(of(noneLater, allDemand), nil))
		effect[name] = [2]float64{first, later}
		switch name {
		case "entry weapon":
			if first <= 0 || tf < sure {
				t.Errorf("an entry weapon moves demand by %.2f a week (t = %.1f), must raise it", first, tf)
			}
			if dear <= 0 || td < sure {
				t.Errorf("an entry weapon moves the price by %.0f (t = %.1f), must raise it", dear, td)
			}
			if later >= 0 || tl > -sure {
				t.Errorf("disarmament moves demand afterwards by %.2f a week (t = %.1f), must lower it", later, tl)
			}
		case "no entry weapon":
			if first > 0 && tf > sure {
				t.Errorf("without an entry weapon demand rises by %.2f a week (t = %.1f) all the same", first, tf)
			}
		}
	}
	if e, s := effect["entry weapon"][1], effect["swelling ranks"][1]; s <= e {
		t.Errorf("demand falls by %.2f a week where ranks swell and by %.2f where not, must fall less", -s, -e)
	}
}

// A closed entrepot (model design 4.6 and 6.7). World: the small world, whose northern town lives under the rebels' protection and has
// two dealers; in week 52 the army takes it, and arms are then traded clandestinely or not at all. Dealers may move their stores or,
// to see lots apart from places, not. Seeds 1 to 48, weeks 60 to 120, against the same weeks without the event.
func TestAClosedEntrepotMovesStorageLotsAndPrices(t *testing.T) {
	const north, town = 1, 2
	run := func(regime string, move float64) []*tally {
		return tallies(t, func() world {
			s := smallWorld()
			s.Params.Dealer.MoveRate *= move
			if regime != "open" {
				s.Events = []Event{{ID: "taken", Date: weekOf(52), Kind: "hub_control", Hub: "north", To: "army", Regime: regime}}
			}
			return world{setup: s}
		}, 48, 60, 120)
	}
	open := run("open", 1)
	storeHere := func(o *tally) float64 { return o.stored[north] }
	storeElsewhere := func(o *tally) (n float64) {
		for h, x := range o.stored {
			if h != north {
				n += x
			}
		}
		return n
	}
	compare := func(name string, now []*tally) func(what string, f func(*tally) float64, sign float64) {
		return func(what string, f func(*tally) float64, sign float64) {
			t.Helper()
			d, tv := paired(of(open, f), of(now, f))
			t.Logf("%s: %s %.5g, %+.5g (t = %.1f)", name, what, stat.Mean(of(open, f), nil), d, tv)
			if sign == 0 && math.Abs(tv) < sure || sign != 0 && tv*sign < sure {
				t.Errorf("%s: %s moves by %.5g (t = %.1f), must move with sign %+.0f (0: either)", name, what, d, tv, sign)
			}
		}
	}
	must := compare("clandestine", run("clandestine", 1))
	must("units stored there", storeHere, -1)
	must("price there", func(o *tally) float64 { return o.price[north] }, 1)
	must = compare("clandestine, dealers stay", run("clandestine", 0))
	must("units stored there", storeHere, -1)
	must("units that a dealer restocks to there", func(o *tally) float64 { return o.lots[north] }, -1)
	must("price there", func(o *tally) float64 { return o.price[north] }, 1)
	closed := run("closed", 1)
	must = compare("closed", closed)
	must("units stored there", storeHere, -1)
	must("units stored elsewhere", storeElsewhere, 1)
	must("price in the next town", func(o *tally) float64 { return o.price[town] }, 0) // less competition for cargoes, dearer supply: either may win
	if sold := stat.Mean(of(closed, func(o *tally) float64 { return o.sold[north] }), nil); sold > 0 {
		t.Errorf("closed: %.2f units a week are sold there", sold)
	}
}

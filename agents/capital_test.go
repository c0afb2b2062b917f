package agents

import (
	"math"
	"testing"

	"entrepot/sim"
)

// twoNetworks is the small world with another network like its own.
func twoNetworks() *Setup {
	s := smallWorld()
	second := s.Networks[0]
	second.ID, second.Group = "second", ""
	s.Networks = append(s.Networks, second)
	return s
}

// A trip that left something lowers what trips have to promise, an empty way raises it: in the network that made it, and less in all.
func TestTripsTeachWhatTripsHaveToPromise(t *testing.T) {
	m := live(t, twoNetworks(), 1, 0, nil)
	tr := m.Traffickers
	mine, other := tr.Nets[0], tr.Nets[len(tr.Nets)-1]
	i := int(mine.Carrier[0])
	after := func(gain int64) (float64, float64) {
		tr.shared, mine.own, other.own, mine.trials = 0, 0, 0, 99
		mine.fetches, other.fetches, tr.fetches = 5e6, 5e6, 5e6
		tr.left[i], tr.since[i], tr.baseline[i] = notLeft, int16(m.Week), m.Accounts.Cash[tr.holder(i)]-gain
		tr.close(m.World, i)
		tr.learn(m.World)
		return mine.breakEven, other.breakEven
	}
	rate := m.P.Trafficker.BiasRate
	shared, own := 800000*rate*sharedLesson*(1-sharedFade), 800000*rate/manyLessons*(1-ownFade)
	if x, y := after(-800000); math.Abs(x-shared-own) > 1 || math.Abs(y-shared) > 1 {
		t.Errorf("an empty way of 800000 raises what trips must promise by %.0f, elsewhere by %.0f; must be %.0f and %.0f", x, y, shared+own, shared)
	}
	if x, y := after(800000); math.Abs(x+shared+own) > 1 || math.Abs(y+shared) > 1 {
		t.Errorf("a gain of 800000 lowers it by %.0f and %.0f, must be %.0f and %.0f", -x, -y, shared+own, shared)
	}
	if x, _ := after(1e9); x != -mostHope*5e6 {
		t.Errorf("after a windfall trips may promise a loss of %.0f, must be at most three tenths of a cargo, %.0f", -x, mostHope*5e6)
	}
}

// What a network has retained pays the debts of its carriers as far as it reaches, and no debts of others; no money comes or goes.
func TestKinPayTheDebtsOfKin(t *testing.T) {
	m := live(t, twoNetworks(), 1, 0, nil)
	tr, acc := m.Traffickers, m.Accounts
	net, other := tr.Nets[0], tr.Nets[len(tr.Nets)-1]
	a, b, c := tr.holder(int(net.Carrier[0])), tr.holder(int(net.Carrier[1])), tr.holder(int(other.Carrier[0]))
	rich := acc.Cash[tr.holder(int(net.Carrier[2]))]
	acc.Cash[a], acc.Cash[b], acc.Cash[c], acc.Cash[net.Pool] = -300, -500, -700, 600
	for _, n := range tr.Nets {
		tr.relieve(m.World, n)
	}
	for _, x := range []struct {
		who         string
		holder      int32
		have, wants int64
	}{{"the first in debt", a, acc.Cash[a], 0}, {"the second", b, acc.Cash[b], -200}, {"the pool", net.Pool, acc.Cash[net.Pool], 0},
		{"a debtor of another network", c, acc.Cash[c], -700}, {"kin without debts", 0, acc.Cash[tr.holder(int(net.Carrier[2]))], rich}} {
		if x.have != x.wants {
			t.Errorf("%s has %d CFA, must have %d", x.who, x.have, x.wants)
		}
	}
}

// Where three cargoes in ten are lost, a network whose kin help has fewer carriers in debt than one whose kin do not. Seeds 1-6.
func TestHelpKeepsCarriersInTheTrade(t *testing.T) {
	debtors := func(help bool) (share float64) {
		s, supply, demand := trunk()
		s.Networks = s.Networks[:1]
		s.Params.Trafficker.LossOwner, s.Params.Trafficker.WorkingCapital = 3_000_000, 1_000_000
		s.Networks[0].Cash, s.Networks[0].Credit = 2_000_000, 5_000_000
		for seed := uint64(1); seed <= 6; seed++ {
			meanPrices(t, s, seed, 200, supply, demand, func(m *Model) {
				hazards(0, 0.35, 0)(m)
				tr := m.Traffickers
				net := tr.Nets[0]
				for i := range m.week {
					if do := m.week[i].Do; m.week[i].Name == "entry and exit" {
						m.week[i].Do = func(w *sim.World) {
							if help {
								do(w)
							} else {
								for k, state := range tr.state {
									if state == resting {
										tr.live(w, tr.holder(k), net)
									}
								}
							}
							if w.Week >= 100 {
								share += tr.indebted(net) / float64(len(net.Carrier)) / 600
							}
						}
					}
				}
			})
		}
		return share
	}
	with, without := debtors(true), debtors(false)
	t.Logf("%.0f %% of carriers are in debt where kin help, %.0f %% where they do not", 100*with, 100*without)
	if with > without*0.8 {
		t.Errorf("%.2f of carriers are in debt where kin help and %.2f where not, must be a fifth fewer", with, without)
	}
}

// A network trades within reach: it sells nothing in a town that is too far from its homes and kin, whatever is paid there, and
// sells there when its reach is longer or kin live on the way.
func TestNetworksTradeWithinTheirReach(t *testing.T) {
	sold := func(days float64, kin ...string) bool {
		s, supply, demand := trunk() // source - near - far, two and a half days each
		s.Networks = s.Networks[:1]
		s.Networks[0].Homes, s.Networks[0].Kin = []string{"source"}, kin
		s.Params.Trafficker.Reach = days
		return meanPrices(t, s, 1, 80, supply, demand, nil)[2] > 0
	}
	for _, c := range []struct {
		name string
		days float64
		kin  []string
		want bool
	}{
		{"too far", 3, nil, false},
		{"a longer reach", 6, nil, true},
		{"kin on the way", 3, []string{"near"}, true},
	} {
		if got := sold(c.days, c.kin...); got != c.want {
			t.Errorf("%s: sold far away: %v, must be %v", c.name, got, c.want)
		}
	}
}

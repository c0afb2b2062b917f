package agents

import (
	"testing"

	"entrepot/sim"
)

// meanPrices runs a static world and returns the price paid at each hub, averaged over the units of the second half.
func meanPrices(t *testing.T, s *Setup, seed uint64, weeks int, supply, demand map[string][]step, change func(*Model)) []float64 {
	t.Helper()
	var all []trader
	m, err := build(s, seed, func(m *Model) { all = openTraders(m, supply, demand) })
	if err != nil {
		t.Fatal(err)
	}
	static(m, all)
	m.Traffickers.sources = []int16{0}
	if change != nil {
		change(m)
	}
	value, units := make([]float64, len(s.Hubs)), make([]float64, len(s.Hubs))
	for week := 0; week < weeks; week++ {
		if err := m.Step(); err != nil {
			t.Fatal(err)
		}
		for h := range value {
			if k := m.Auctions.Week[m.Market(h, 0)]; week >= weeks/2 {
				value[h] += float64(k.Price) * float64(k.Units)
				units[h] += float64(k.Units)
			}
		}
	}
	for h := range value {
		if units[h] > 0 {
			value[h] /= units[h]
		}
	}
	return value
}

// trunk is a source, a near market and a far one behind it, whose prices stand as 1 : 2.
func trunk() (*Setup, map[string][]step, map[string][]step) {
	s := equilibriumSetup(60)
	s.Params.Trafficker.LossOwner = 0
	hub := func(id string, lat float64) Hub {
		return Hub{ID: id, Name: id, Lat: lat, Kind: "market", Market: true, Regime: "open"}
	}
	s.Hubs = []Hub{hub("source", 24), hub("near", 20), hub("far", 16)}
	s.Routes = []Route{{From: "source", To: "near", Km: 500, KmPerDay: 400}, {From: "near", To: "far", Km: 500, KmPerDay: 400, Toll: 1_900_000}}
	s.Networks[0].Homes = []string{"source", "near", "far"}
	for k := int64(1); k < 8; k++ { // whose other work pays more and more, so that they do not all set out or stay at one price
		n := s.Networks[0]
		n.ID, n.OtherWork = n.ID+string(rune('0'+k)), 20000+10000*k
		s.Networks = append(s.Networks, n)
	}
	supply := map[string][]step{"source": nil, "near": nil}
	for k := int64(0); k < 40; k++ {
		supply["source"] = append(supply["source"], step{100000 + 50*k, 50})
	}
	wide := func() (d []step) {
		for k := int64(0); k < 40; k++ {
			d = append(d, step{900000 - 20000*k, 12})
		}
		return d
	}
	return s, supply, map[string][]step{"near": wide(), "far": wide()}
}

// Two markets on one trunk with prices 1 : 2 (model design 4.5): what stops cost adds to both prices alike, what strikes
// take multiplies both alike, within 10 % of each other. Seeds 1-24, 200 weeks each.
func TestPaymentsAddAndLossesMultiply(t *testing.T) {
	s, supply, demand := trunk()
	hazard := func(payable, strike float64, payment int64) func(*Model) {
		return func(m *Model) {
			a := m.Net.Find(0, 1)
			m.Net.Border[a], m.Net.Strike[a] = payable, strike
			m.Roads.PayableShare, m.Roads.Payment, m.P.Road.Payment = 1, payment, payment
			for i := range m.week {
				if m.week[i].Name == "patrols" {
					m.week[i].Do = func(*sim.World) {} // nobody else sets hazards here
				}
			}
		}
	}
	mean := func(change func(*Model)) []float64 {
		sum := make([]float64, 3)
		const seeds = 24
		for seed := uint64(1); seed <= seeds; seed++ {
			for h, p := range meanPrices(t, s, seed, 200, supply, demand, change) {
				sum[h] += p / seeds
			}
		}
		return sum
	}
	base := mean(hazard(0, 0, 0))
	t.Logf("prices without risk: near %.0f, far %.0f (ratio %.2f)", base[1], base[2], base[2]/base[1])
	if r := base[2] / base[1]; r < 1.7 || r > 2.3 {
		t.Fatalf("the far market's price is %.2f times the near one's, must be about 2", r)
	}
	paid := mean(hazard(1, 0, 1_000_000))
	addNear, addFar := paid[1]-base[1], paid[2]-base[2]
	t.Logf("one payment of a million per trip adds %.0f and %.0f", addNear, addFar)
	if addNear < 0.7*50000 || addNear > 1.4*50000 || addFar/addNear < 0.9 || addFar/addNear > 1.1 {
		t.Errorf("payments of 50,000 a rifle add %.0f near and %.0f far, must add the same", addNear, addFar)
	}
	lost := mean(hazard(0, 0.35, 0))
	upNear, upFar := lost[1]/base[1], lost[2]/base[2]
	t.Logf("strikes of hazard 0.35 multiply by %.3f and %.3f, exp(0.35) = %.3f", upNear, upFar, sim.Exp(0.35))
	if d := upFar / upNear; d < 0.9 || d > 1.1 || upFar-1 < 0.75*(upNear-1) { // if it added, far would rise by half of near
		t.Errorf("strikes multiply the prices by %.3f near and %.3f far, must multiply both alike", upNear, upFar)
	}
}

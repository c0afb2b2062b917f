package agents

import (
	"math"
	"testing"

	"entrepot/sim"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

// Spatial equilibrium (Takayama & Judge 1971). World: two sources with step supply curves, four towns with step demand
// curves, no risk, no noise, no margin, no forgetting of capital: nothing but fuel, tolls, the fixed cost of a trip, other
// work forgone and the way
// back to the nearest source (the shadow price of a vehicle). Carriers are about ten times as many as the flow needs. Prices paid, averaged over the
// units of a year after two years of settling, must lie within 5 % in the mean and 10 % at worst of the duals of the linear programme, and flow
// must use no road that the programme's prices make a loss.

type step struct {
	limit int64
	units int64
}

func equilibriumSetup(carriers int) *Setup {
	p := Defaults()
	p.Trafficker.Margin, p.Trafficker.Interest, p.Trafficker.RecruitMax, p.Trafficker.BiasRate = 0, 0, 0, 0
	p.Trafficker.Tau, p.Trafficker.FixedCost, p.Trafficker.Delay = 300, 100000, 2
	p.Trafficker.LagKin, p.Trafficker.LagOther = 1, 1
	p.Trafficker.WorkingCapital = 1e8
	p.Road.Mu, p.Road.Town, p.Road.KinCost = 1000, 0, 1
	hub := func(id string, lat, lon float64) Hub {
		return Hub{ID: id, Name: id, Lat: lat, Lon: lon, Kind: "market", Market: true, Regime: "open"}
	}
	road := func(a, b string, km float64) Route { return Route{From: a, To: b, Km: km, KmPerDay: 400, Toll: 10000} }
	return &Setup{Name: "equilibrium", Start: sim.DateOf(2020, 1, 6), End: sim.DateOf(2023, 12, 25), Params: p,
		Hubs:     []Hub{hub("s1", 24, 0), hub("s2", 22, 8), hub("a", 18, 0), hub("b", 17, 3), hub("c", 16, 6), hub("d", 15, 1)},
		Routes:   []Route{road("s1", "a", 700), road("s1", "b", 900), road("s2", "b", 800), road("s2", "c", 700), road("a", "b", 350), road("b", "c", 350), road("a", "d", 400), road("b", "d", 300)},
		Goods:    []Good{{ID: "ak", Name: "rifle", Unit: "rifle", Durable: true, Visibility: 1, Load: 1000}},
		Networks: []Network{{ID: "n", Name: "n", Homes: []string{"s1", "s2", "a", "b", "c", "d"}, Carriers: carriers, Cash: 50_000_000, OtherWork: 50000, Credit: 50_000_000}},
	}
}

// curves are the static curves of the test: 20 steps each of a few units.
func supplySteps(low int64) (s []step) {
	for k := int64(0); k < 20; k++ {
		s = append(s, step{low + 4000*k, 6})
	}
	return s
}

func demandSteps(high int64) (s []step) {
	for k := int64(0); k < 20; k++ {
		s = append(s, step{high - 12000*k, 3})
	}
	return s
}

// trader is a fixed curve in one market.
type trader struct {
	hub    int
	holder int32
	good   int
	steps  []step
	sells  bool
}

// openTraders gives every curve a holder: sellers are outside sources, buyers final. Curves are named by their hub, those of
// another good than the first by hub/good.
func openTraders(m *Model, supply, demand map[string][]step) (all []trader) {
	for h, spec := range m.Setup.Hubs {
		for g, good := range m.Setup.Goods {
			name := spec.ID
			if g > 0 {
				name += "/" + good.ID
			}
			if s := supply[name]; s != nil {
				holder := m.holder("curve:"+name, "stockholder:test", sim.Tap, 0)
				m.Auctions.SetTap(holder, 0)
				all = append(all, trader{h, holder, g, s, true})
			}
			if d := demand[name]; d != nil {
				all = append(all, trader{h, m.holder("buyers:"+name, "civilian:test", sim.Final, 0), g, d, false})
			}
		}
	}
	return all
}

// static lets the curves stand in for all other buyers and sellers of a model.
func static(m *Model, all []trader) {
	for i := range m.week {
		if m.week[i].Name != "stockholders offer" {
			continue
		}
		m.week[i].Do = func(w *sim.World) {
			for _, t := range all {
				for _, s := range t.steps {
					if t.sells {
						m.ask(t.hub, t.good, t.holder, s.units, s.limit)
						continue
					}
					w.Accounts.Receive(t.holder, s.units*s.limit, sim.Income)
					m.bid(t.hub, t.good, t.holder, s.units, s.limit)
				}
			}
		}
	}
}

// programme solves the dual of the linear programme: prices p >= 0 that minimise the rents of all steps, with
// p[j] - p[i] <= c[i][j].
func programme(t *testing.T, hubs int, supply, demand map[int][]step, c [][]float64) []float64 {
	// Columns: prices, a rent for every step, a slack for every row.
	type row struct {
		price map[int]float64
		rent  int
		rhs   float64
	}
	var rows []row
	var cost []float64
	for h := 0; h < hubs; h++ {
		for _, s := range supply[h] { // rent >= p - limit
			rows = append(rows, row{map[int]float64{h: 1}, len(cost), float64(s.limit)})
			cost = append(cost, float64(s.units))
		}
		for _, s := range demand[h] { // rent >= limit - p
			rows = append(rows, row{map[int]float64{h: -1}, len(cost), -float64(s.limit)})
			cost = append(cost, float64(s.units))
		}
	}
	for i := range c {
		for j := range c {
			if i != j {
				rows = append(rows, row{map[int]float64{j: 1, i: -1}, -1, c[i][j]})
			}
		}
	}
	n := hubs + len(cost) + len(rows)
	a, b := mat.NewDense(len(rows), n, nil), make([]float64, len(rows))
	objective := make([]float64, n)
	copy(objective[hubs:], cost)
	for r, x := range rows {
		for h, v := range x.price {
			a.Set(r, h, v)
		}
		if x.rent >= 0 {
			a.Set(r, hubs+x.rent, -1)
		}
		a.Set(r, hubs+len(cost)+r, 1)
		b[r] = x.rhs
	}
	_, x, err := lp.Simplex(objective, a, b, 1e-7, nil)
	if err != nil {
		t.Fatalf("the linear programme: %v", err)
	}
	return x[:hubs]
}

func TestPricesApproachSpatialEquilibrium(t *testing.T) {
	supply := map[string][]step{"s1": supplySteps(100000), "s2": supplySteps(120000)}
	demand := map[string][]step{"a": demandSteps(420000), "b": demandSteps(450000), "c": demandSteps(430000), "d": demandSteps(460000)}
	for seed := uint64(1); seed <= 3; seed++ {
		s := equilibriumSetup(200)
		var curves []trader
		m, err := build(s, seed, func(m *Model) { curves = openTraders(m, supply, demand) })
		if err != nil {
			t.Fatal(err)
		}
		static(m, curves)
		m.Traffickers.sources = []int16{0, 1}
		sum, n := make([]float64, 6), make([]float64, 6)
		for week := 0; week < 156; week++ {
			if err := m.Step(); err != nil {
				t.Fatal(err)
			}
			for h := range sum {
				if k := m.Auctions.Week[m.Market(h, 0)]; week >= 104 && k.Units > 0 {
					sum[h] += float64(k.Price) * float64(k.Units)
					n[h] += float64(k.Units)
				}
			}
		}
		c := make([][]float64, 6)
		units := float64(m.Traffickers.mainUnits[0])
		net := m.Traffickers.Nets[0]
		for i := range c {
			c[i] = make([]float64, 6)
			for j := range c[i] {
				out, place := m.Traffickers.trip(net, j, i), net.position
				omega := net.omega
				c[i][j] = (out.Cost + omega*(out.Weeks+1) + place[i] - place[j]) / units
				if told := m.Traffickers.Transfer(0, i, j, 100_000); i != j && math.Abs(told-c[i][j]) > 1e-6*c[i][j]+1e-6 {
					t.Errorf("seed %d: from %d to %d a price must rise by %.0f, Transfer says %.0f", seed, i, j, c[i][j], told)
				}
			}
		}
		want := programme(t, 6, map[int][]step{0: supply["s1"], 1: supply["s2"]},
			map[int][]step{2: demand["a"], 3: demand["b"], 4: demand["c"], 5: demand["d"]}, c)
		var mean, worst float64
		for h := range want {
			e := math.Abs(sum[h]/n[h]-want[h]) / want[h]
			mean += e / 6
			worst = max(worst, e)
			t.Logf("seed %d %s: price %.0f, the programme says %.0f (%.1f %%), %v units", seed, s.Hubs[h].ID, sum[h]/n[h], want[h], 100*e, n[h])
		}
		if mean > 0.05 || worst > 0.10 {
			t.Errorf("seed %d: off by %.1f %% in the mean and %.1f %% at worst, must be within 5 and 10", seed, 100*mean, 100*worst)
		}
	}
}

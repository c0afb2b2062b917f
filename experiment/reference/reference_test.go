package reference

import (
	"math"
	"math/rand/v2"
	"testing"

	"entrepot/sim"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"
)

const no = Forbidden

func TestPricesOfTwoPlacesDifferByTheTransfer(t *testing.T) {
	places := []Place{
		{Supply: []Step{{100, 10}, {140, 10}, {180, 10}}},
		{Demand: []Step{{400, 5}, {300, 5}, {190, 5}, {150, 5}}},
	}
	e := Spatial(places, [][]int64{{0, 60}, {60, 0}})
	// At the source the marginal unit is of the second step or none: 10 units at 100 are used up and the third demand step (190) does not
	// pay for 140+60. So the price at the end is between 190 and 200, that at the source 60 below.
	if e.Used[1] != 10 || e.Made[0] != 10 || e.Flow[0][1] != 10 {
		t.Fatalf("got %d units used, %d made", e.Used[1], e.Made[0])
	}
	if e.Low[1] != 190 || e.High[1] != 200 || e.Low[0] != 130 || e.High[0] != 140 || e.Price[1] != 195 {
		t.Errorf("got prices %v to %v", e.Low, e.High)
	}
}

func TestAPlaceWithoutAWayTradesAlone(t *testing.T) {
	places := []Place{{Supply: []Step{{100, 1}}}, {Supply: []Step{{300, 4}}, Demand: []Step{{500, 2}}}, {}}
	e := Spatial(places, [][]int64{{0, no, no}, {no, 0, no}, {no, no, 0}})
	if e.Used[1] != 2 || e.Made[0] != 0 || e.Price[1] != 300 || e.Price[2] != -1 {
		t.Errorf("got %+v", e)
	}
}

// A flow that was sent early is taken back where another use is worth more: the gain is that of the linear programme.
func TestTheGainIsThatOfTheLinearProgramme(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for k := range 60 {
		n := 2 + rng.IntN(4)
		places, cost := make([]Place, n), make([][]int64, n)
		for i := range places {
			for range rng.IntN(4) {
				places[i].Supply = append(places[i].Supply, Step{rng.Int64N(100), 1 + rng.Int64N(6)})
			}
			for range rng.IntN(4) {
				places[i].Demand = append(places[i].Demand, Step{rng.Int64N(200), 1 + rng.Int64N(6)})
			}
			cost[i] = make([]int64, n)
			for j := range cost[i] {
				if j != i {
					cost[i][j] = rng.Int64N(60)
				}
			}
		}
		e := Spatial(places, cost)
		if got, want := gain(places, cost, e), best(t, places, cost); math.Abs(float64(got)-want) > 1e-6 {
			t.Fatalf("case %d: got a gain of %d, the programme says %v", k, got, want)
		}
		check(t, places, cost, e)
	}
}

// gain adds up what users, suppliers and carriers have of an equilibrium.
func gain(places []Place, cost [][]int64, e *Equilibrium) (sum int64) {
	for i := range places {
		s := newSolver(places, cost)
		for left := e.Used[i]; left > 0; {
			limit, n, _ := s.demand[i].next()
			n = min(n, left)
			s.demand[i].use(n)
			sum, left = sum+n*limit, left-n
		}
		for left := e.Made[i]; left > 0; {
			limit, n, _ := s.supply[i].next()
			n = min(n, left)
			s.supply[i].use(n)
			sum, left = sum-n*limit, left-n
		}
		for j := range places {
			sum -= e.Flow[i][j] * cost[i][j]
		}
	}
	return sum
}

// check holds prices and flows to the conditions of an equilibrium.
func check(t *testing.T, places []Place, cost [][]int64, e *Equilibrium) {
	t.Helper()
	for i := range places {
		net := e.Made[i] - e.Used[i]
		for j := range places {
			net += e.Flow[j][i] - e.Flow[i][j]
			if e.High[i] < no && e.High[j] > e.High[i]+cost[i][j] {
				t.Errorf("the highest price of %d is more than %d above that of %d", j, cost[i][j], i)
			}
		}
		if net != 0 {
			t.Errorf("place %d: %d units too many", i, net)
		}
		if e.Low[i] > e.High[i] {
			t.Errorf("place %d: no price between %d and %d", i, e.Low[i], e.High[i])
		}
	}
}

// best solves the linear programme for the greatest gain.
func best(t *testing.T, places []Place, cost [][]int64) float64 {
	t.Helper()
	n := len(places)
	var objective, rhs []float64
	var rows [][]float64 // of equalities, before slacks
	column := func(c float64) int { objective = append(objective, c); return len(objective) - 1 }
	balance := make([]map[int]float64, n)
	for i := range balance {
		balance[i] = map[int]float64{}
	}
	type bound struct {
		column int
		units  float64
	}
	var bounds []bound
	for i, p := range places {
		for _, s := range p.Supply {
			c := column(float64(s.Limit))
			balance[i][c] = 1
			bounds = append(bounds, bound{c, float64(s.Units)})
		}
		for _, s := range p.Demand {
			c := column(-float64(s.Limit))
			balance[i][c] = -1
			bounds = append(bounds, bound{c, float64(s.Units)})
		}
		for j := range places {
			if i != j {
				c := column(float64(cost[i][j]))
				balance[i][c], balance[j][c] = -1, 1
			}
		}
	}
	if len(bounds) == 0 {
		return 0
	}
	slack := len(objective)
	total := slack + len(bounds)
	for _, b := range balance {
		row := make([]float64, total)
		for c, v := range b {
			row[c] = v
		}
		rows, rhs = append(rows, row), append(rhs, 0)
	}
	for k, b := range bounds {
		row := make([]float64, total)
		row[b.column], row[slack+k] = 1, 1
		rows, rhs = append(rows, row), append(rhs, b.units)
	}
	a := mat.NewDense(len(rows), total, nil)
	for r := range rows {
		a.SetRow(r, rows[r])
	}
	objective = append(objective, make([]float64, len(bounds))...)
	z, _, err := lp.Simplex(objective, a, rhs, 1e-9, nil)
	if err != nil {
		t.Fatalf("the linear programme: %v", err)
	}
	return -z
}

func TestTradersWithoutIntelligenceGainNearlyAll(t *testing.T) {
	// The market of Gode & Sunder: a few traders on each side with decreasing values and increasing costs; ZI-C made 90 % and more.
	var bids, asks []Step
	for k := int64(0); k < 12; k++ {
		bids, asks = append(bids, Step{200 - 10*k, 1}), append(asks, Step{30 + 10*k, 1})
	}
	s := ZeroIntelligence(bids, asks, 400, sim.NewKey(1))
	// 200-10k >= 30+10k up to k = 8: nine units, at a price between 110 and 120.
	if s.Efficiency < 0.9 || s.Efficiency > 1 {
		t.Errorf("got an efficiency of %.3f, want nearly one", s.Efficiency)
	}
	if mean := mean(s.Prices); mean < 95 || mean > 135 {
		t.Errorf("got a mean price of %.0f, want about 115", mean)
	}
	if mean := mean(s.Units); mean < 8 || mean > 11 {
		t.Errorf("got %.1f units a round, want about 9", mean)
	}
	for _, p := range s.Prices {
		if p < 30 || p > 200 {
			t.Errorf("got a price of %d, outside all limits", p)
		}
	}
}

func TestOneBuyerAndOneSellerTradeBetweenTheirLimits(t *testing.T) {
	for _, c := range []struct {
		name         string
		value, costs int64
		low, high    float64 // of the mean price
	}{
		{"both shout over the same range: the middle by symmetry", 1000, 1, 480, 520},
		{"a buyer who shouts over a wider range is often too low: the price is nearer to the seller's limit", 100, 60, 68, 79},
	} {
		s := ZeroIntelligence([]Step{{c.value, 1}}, []Step{{c.costs, 1}}, 2000, sim.NewKey(2))
		if s.Efficiency < 0.9 { // they have many turns
			t.Errorf("%s: got trades in %.0f %% of rounds", c.name, 100*s.Efficiency)
		}
		if s.Prices[0] < c.costs || s.Prices[len(s.Prices)-1] > c.value {
			t.Errorf("%s: got prices from %d to %d", c.name, s.Prices[0], s.Prices[len(s.Prices)-1])
		}
		if m := mean(s.Prices); m < c.low || m > c.high {
			t.Errorf("%s: got a mean of %.1f", c.name, m)
		}
	}
}

func TestNobodyTradesAtALoss(t *testing.T) {
	s := ZeroIntelligence([]Step{{50, 5}}, []Step{{60, 5}}, 10, sim.NewKey(3))
	if s.Traded != 0 || len(s.Prices) != 0 {
		t.Errorf("got %+v", s)
	}
}

func TestALargeBookIsTradedInLots(t *testing.T) {
	s := ZeroIntelligence([]Step{{500, 30_000}, {400, 10_000}}, []Step{{100, 50_000}}, 20, sim.NewKey(4))
	if s.Lot != 250 || s.Units[0] > 40_000 || s.Units[0] < 30_000 {
		t.Errorf("got lots of %d and units %v", s.Lot, s.Units)
	}
}

func mean(x []int64) float64 {
	sum := 0.0
	for _, v := range x {
		sum += float64(v)
	}
	return sum / float64(len(x))
}

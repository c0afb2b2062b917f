package agents

import (
	"math"
	"slices"
	"strings"
	"testing"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
	"pgregory.net/rapid"
)

// Zero demand (model design 6.4). World: the small world with everybody's wants set to nothing and no programme; seeds 1 to
// 3, 104 weeks. Not one unit may be sold or enter a road.
func TestWithoutDemandNothingMoves(t *testing.T) {
	s := smallWorld()
	s.Params.Demand.CivilScale, s.Params.Demand.GroupScale = 0, 0
	for seed := uint64(1); seed <= 3; seed++ {
		live(t, s, seed, 104, func(m *Model, week int) {
			moved := 0.0
			for _, entered := range m.Roads.Entered {
				moved += units(entered)
			}
			if len(m.Auctions.Sales) > 0 || moved > 0 {
				t.Fatalf("seed %d, week %d: %d sales and %.0f units on roads without anybody who wants them", seed, week, len(m.Auctions.Sales), moved)
			}
		})
	}
}

// Doubled money in the auction (model design 6.4): with every limit doubled the same orders fill by the same units, exactly.
// World: books of up to forty orders from holders with ample cash, drawn by rapid.
func TestDoubledLimitsFillTheSameUnitsInTheAuction(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		orders := make([]sim.Order, rapid.IntRange(2, 40).Draw(t, "orders"))
		for i := range orders {
			orders[i] = sim.Order{Limit: rapid.Int64Range(1, 60).Draw(t, "limit"), Holder: int32(i), Units: rapid.Int32Range(1, 9).Draw(t, "units")}
		}
		clearing := func(times int64) (*sim.Auctions, sim.MarketWeek) {
			acc := sim.NewAccounts(1)
			a := sim.NewAuctions(1, 1, []int32{1})
			for i, o := range orders {
				acc.Open(sim.NewKey(3).At(uint64(i)).Bits(), 0, sim.Final, 1_000_000*times)
				if o.Limit *= times; i%2 == 0 {
					acc.Bring(sim.Made, o.Holder, 0, 0, o.Units)
					a.Ask(o)
				} else {
					a.Bid(o)
				}
			}
			a.Clear(acc, 0, sim.NewKey(1))
			return a, a.Week[0]
		}
		once, w1 := clearing(1)
		twice, w2 := clearing(2)
		for i := range twice.Sales {
			twice.Sales[i].Price = once.Sales[min(i, len(once.Sales)-1)].Price
		}
		if w1.Units != w2.Units || !slices.Equal(once.Sales, twice.Sales) {
			t.Fatalf("%d units and fills %v, doubled %d and %v", w1.Units, once.Sales, w2.Units, twice.Sales)
		}
		if d := w2.Price - 2*w1.Price; d < 0 || d > 1 { // the midpoint is a whole number
			t.Fatalf("price %d, doubled %d", w1.Price, w2.Price)
		}
	})
}

// doubleMoney doubles every sum of money that a setup names: table columns in CFA, and parameters by their unit.
func doubleMoney(s *Setup) {
	for i := range s.Routes {
		s.Routes[i].Toll *= 2
	}
	for i := range s.Networks {
		n := &s.Networks[i]
		n.Cash, n.OtherWork, n.Credit = 2*n.Cash, 2*n.OtherWork, 2*n.Credit
	}
	for i := range s.Dealers {
		s.Dealers[i].Cash *= 2
	}
	for i := range s.Groups {
		g := &s.Groups[i]
		g.Gold, g.Extortion, g.Support, g.Upkeep, g.Treasury = 2*g.Gold, 2*g.Extortion, 2*g.Support, 2*g.Upkeep, 2*g.Treasury
	}
	for i := range s.GroupGoods {
		s.GroupGoods[i].WTP *= 2
	}
	for i := range s.Stockholders {
		s.Stockholders[i].Price *= 2
	}
	for i := range s.Buyers {
		s.Buyers[i].WTP *= 2
	}
	for i := range s.Programmes {
		s.Programmes[i].Benefit *= 2
	}
	for i := range s.Events {
		if s.Events[i].Kind == "income" {
			s.Events[i].Value *= 2
		}
	}
	for _, d := range Parameters() {
		if strings.HasPrefix(d.Unit, "CFA") {
			switch f := d.Field(&s.Params).(type) {
			case *int64:
				*f *= 2
			case *float64:
				*f *= 2
			}
		}
	}
}

// Doubled money in the whole model (model design 6.4). World: the small world with all its events, and the same with twice
// the money everywhere; seeds 1 to 96 (a march that arrives or does not makes single runs differ much), 104 weeks. Whole francs
// are rounded at other places, so that two runs part after some weeks like two draws of luck; what is compared is therefore the
// mean over seeds of all units sold, by good, within 3 %. Prices must double within 3 % likewise.
func TestDoubledMoneyLeavesQuantitiesInTheWholeModel(t *testing.T) {
	const seeds, weeks = 96, 104
	run := func(double bool) (sold, price [][]float64) {
		sold, price = make([][]float64, 2), make([][]float64, 2)
		for g := range sold {
			sold[g], price[g] = make([]float64, seeds), make([]float64, seeds)
		}
		each(seeds, func(seed uint64) float64 {
			s := eventful()
			if double {
				doubleMoney(s)
			}
			m, err := New(s, seed)
			if err != nil {
				t.Error(err)
				return 0
			}
			var value [2]float64
			for week := 0; week < weeks; week++ {
				if err := m.Step(); err != nil {
					t.Error(err)
					return 0
				}
				for _, x := range m.Auctions.Sales {
					if g := int(x.Market) % m.Goods; g < 2 {
						sold[g][seed-1] += float64(x.Units)
						value[g] += float64(x.Units) * float64(x.Price)
					}
				}
			}
			for g := range value {
				price[g][seed-1] = value[g] / sold[g][seed-1]
			}
			return 0
		})
		return sold, price
	}
	sold1, price1 := run(false)
	sold2, price2 := run(true)
	for g, good := range []string{"rifles", "rounds"} {
		compare := func(what string, one, two []float64, times float64) {
			for i := range two {
				two[i] /= times
			}
			d, tv := paired(one, two)
			mean := stat.Mean(one, nil)
			t.Logf("%s: %s %.5g once, %+.2f %% with twice the money (t = %.1f)", good, what, mean, 100*d/mean, tv)
			if math.Abs(d) > 0.03*mean {
				t.Errorf("%s: %s differ by %.1f %% with twice the money, must be within 3 %%", good, what, 100*d/mean)
			}
		}
		compare("units sold", sold1[g], sold2[g], 1)
		compare("prices", price1[g], price2[g], 2)
	}
}

// brisk is ways(1), one road only, with people who use up what they buy within months, so that wants put off are soon made
// good, and a little dear supply in the town itself, so that there is a price when nothing comes in.
func brisk(events ...Event) world {
	w := ways(1)
	s := w.setup
	s.Goods[0].Durable = false
	s.Buyers[0] = Buyer{ID: "people", Kind: "urban", Hub: "town", Good: "ak", People: 10000, Want: 0.2, Start: 0.8, Arrive: 0.3, WTP: 300000, Sigma: 0.7, Use: 0.05}
	s.Stockholders = append(s.Stockholders, Stockholder{ID: "town_ak", Origin: "local", Hub: "town", Good: "ak", Price: 800000, Cap: 100, Elasticity: 2})
	s.Events = events
	return w
}

// weekly returns the mean over seeds of the town's price in every week; a week without trade keeps the last price. look is
// shown every week of every run.
func weekly(t *testing.T, w func() world, seeds, weeks int, look func(m *Model, seed uint64, week int)) []float64 {
	t.Helper()
	rows := make([][]float64, seeds)
	each(seeds, func(seed uint64) float64 {
		m := w().model(t, seed)
		row := make([]float64, weeks)
		for week := range row {
			if err := m.Step(); err != nil {
				t.Error(err)
				break
			}
			if row[week] = float64(m.Auctions.Week[m.Market(1, 0)].Price); row[week] == 0 && week > 0 {
				row[week] = row[week-1]
			}
			if look != nil {
				look(m, seed, week)
			}
		}
		rows[seed-1] = row
		return 0
	})
	mean := make([]float64, weeks)
	for week := range mean {
		for _, row := range rows {
			mean[week] += row[week] / float64(seeds)
		}
	}
	return mean
}

// premium is how far one series stands above another over some weeks.
func premium(with, without []float64, from, to int) (p float64) {
	for week := from; week < to; week++ {
		p += (with[week] - without[week]) / float64(to-from)
	}
	return p
}

// halfLife returns the first week after the end in which the premium, smoothed over five weeks, is below half of its mean
// over the last half year before the end; -1 where that never comes.
func halfLife(with, without []float64, end int) int {
	full := premium(with, without, end-26, end)
	for week := end; week+2 < len(with); week++ {
		if premium(with, without, week-2, week+3) < full/2 {
			return week - end
		}
	}
	return -1
}

// Borders that close and open (model design 6.4). World: brisk; seeds 1 to 36. From week 60 to 112 the only road is closed:
// nothing crosses and the town's price must stand at least a quarter higher than without the closure in the same weeks. The
// premium must be halved within a quarter of a year after the opening, and from a year and a half on its mean over a year must
// be within 10 % of that price: for a year wants that were put off and habits (usual sales fade over a season) keep some of it up;
// then it is lower, since the network has set up carriers out of the profits of those who got through, and they stay.
func TestAClosedBorderPartsPricesAndAnOpenedOneBringsThemBack(t *testing.T) {
	const end, last = 112, 242
	shut := Event{ID: "shut", Date: weekOf(60), Kind: "route", Action: "close", From: "source", To: "pass0", Until: weekOf(end)}
	base := weekly(t, func() world { return brisk() }, 36, last, nil)
	price := weekly(t, func() world { return brisk(shut) }, 36, last, func(m *Model, seed uint64, week int) {
		if entered := units(m.Roads.Entered[m.Net.Find(0, 2)]); entered > 0 && week > 60 && week < end {
			t.Errorf("seed %d, week %d: %.0f units cross a closed border", seed, week, entered)
		}
	})
	full, after, half := premium(price, base, 70, end), premium(price, base, end+78, last), halfLife(price, base, end)
	t.Logf("closed: %+.0f on %.0f; half of it gone %d weeks after the opening; after a year %+.0f, after a year and a half %+.0f", full, base[end], half, premium(price, base, end+52, end+78), after)
	if half < 0 || half > 13 {
		t.Errorf("half of the premium is gone %d weeks after the opening, must be within 13", half)
	}
	if full < base[end]/4 {
		t.Errorf("a closed road raises the price by %.0f from %.0f, must be by a quarter", full, base[end])
	}
	if math.Abs(after) > 0.10*base[end] {
		t.Errorf("a year and a half after the opening the price is off by %.0f from %.0f, must be within 10 %%", after, base[end])
	}
}

// The premium of a danger that is gone (model design 4.5 and 6.4). World: brisk; seeds 1 to 16. From week 60 to 112 the road
// carries an added hazard of 0.5, with public news of roads (share 0.7, lag 2 weeks) and without. A prototype had a half-life of about
// six weeks. That of the belief must be within eight weeks, that of the price within a quarter of a year, and after a year at most a
// tenth of the premium may be left.
func TestAPremiumDecaysWhenTheDangerIsGone(t *testing.T) {
	const seeds, end, last = 16, 112, 192
	danger := Event{ID: "danger", Date: weekOf(60), Kind: "route", From: "source", To: "pass0", Value: 0.5, HasValue: true, Until: weekOf(end)}
	for _, c := range []struct {
		name string
		news float64
	}{{"with public news", 0.7}, {"without public news", 0}} {
		set := func(events ...Event) func() world {
			return func() world {
				w := brisk(events...)
				w.setup.Params.Road.PublicNews = c.news
				return w
			}
		}
		beliefs := make([][]float64, seeds)
		price := weekly(t, set(danger), seeds, last, func(m *Model, seed uint64, week int) {
			beliefs[seed-1] = append(beliefs[seed-1], m.Traffickers.Nets[0].Class.Payable(m.Net.Find(0, 2)))
		})
		base := weekly(t, set(), seeds, last, nil)
		belief := make([]float64, last)
		for week := range belief {
			for _, row := range beliefs {
				belief[week] += row[week] / seeds
			}
		}
		none := make([]float64, last)
		full, left := premium(price, base, end-26, end), premium(price, base, end+52, last)
		t.Logf("%s: belief %.2f of a hazard of 0.5, half of it gone after %d weeks; premium %.0f on %.0f, half of it gone after %d weeks, %.0f left after a year",
			c.name, belief[end-1], halfLife(belief, none, end), full, base[end], halfLife(price, base, end), left)
		if full < 0.05*base[end] {
			t.Errorf("%s: the danger raises the price by %.0f only", c.name, full)
		}
		if h := halfLife(belief, none, end); h < 0 || h > 8 {
			t.Errorf("%s: the half-life of the belief is %d weeks, must be within 8", c.name, h)
		}
		h := halfLife(price, base, end)
		if h < 0 || h > 13 || left > full/10 {
			t.Errorf("%s: half-life of the price %d weeks, %.0f of %.0f left after a year: must be within 13 and a tenth", c.name, h, left, full)
		}
	}
}

package agents

import (
	"math"
	"testing"

	"entrepot/sim"
)

// dealerAt is a model of the small world in which nothing has happened yet and one dealer of the north knows a price of rifles.
func dealerAt(t *testing.T, price float64, have int32) *Model {
	t.Helper()
	s := smallWorld()
	s.Dealers[0].Number, s.Dealers[1].Number = 1, 0
	m, err := New(s, 1)
	if err != nil {
		t.Fatal(err)
	}
	m.Dealers.price[0] = price
	m.Auctions.Usual[m.Market(m.Hub("north"), 0)] = 4
	if have > 0 {
		m.Accounts.Bring(sim.Made, m.Dealers.holder[0], 0, 0, have)
	}
	return m
}

func TestAStoreHoldsTheEconomicOrderQuantity(t *testing.T) {
	for _, c := range []struct {
		name                       string
		trip, v, p, r, chi, most   float64
		stock, overhead, tolerance float64
	}{
		{"in an open town", 120000, 4, 250000, 0.004, 0, 1000, math.Sqrt(2 * 120000 * 4 / 1000.0), 2 * 120000 / math.Sqrt(960), 1e-6},
		{"smaller and dearer where stores are raided", 120000, 4, 250000, 0.004, 0.02, 1000, math.Sqrt(2 * 120000 * 4 / 6000.0), 2 * 120000 / math.Sqrt(160), 1e-6},
		{"no more than there is room", 120000, 4, 250000, 0.004, 0, 10, 10, 120000/10.0 + 1000*10/8.0, 1e-6},
		{"none without sales", 120000, 0, 250000, 0.004, 0, 10, 0, 0, 0},
		{"none without room for a unit", 120000, 4, 250000, 0.004, 0, 0.5, 0, 0, 0},
	} {
		stock, overhead := store(c.trip, c.v, c.p, c.r, c.chi, c.most)
		if math.Abs(stock-c.stock) > c.tolerance || math.Abs(overhead-c.overhead) > c.tolerance {
			t.Errorf("%s: %.3f units at %.1f, must be %.3f at %.1f", c.name, stock, overhead, c.stock, c.overhead)
		}
	}
}

func TestAUnitIsWorthMoreInAnEmptyStore(t *testing.T) {
	m := dealerAt(t, 200000, 0)
	d := m.Dealers
	d.target[0] = 20
	for _, c := range []struct{ n, worth float64 }{{0, 280000}, {10, 240000}, {20, 200000}, {40, 120000}, {100, 120000}} {
		if got := d.worth(0, c.n); math.Abs(got-c.worth) > 1 {
			t.Errorf("unit %.0f of a store that aims at 20 is worth %.0f, must be %.0f", c.n, got, c.worth)
		}
	}
	d.target[0] = 0
	if got := d.worth(0, 1); math.Abs(got-120000) > 1 {
		t.Errorf("a unit of a store that aims at none is worth %.0f, must be 120000: it has to go", got)
	}
}

// book returns a dealer's own orders in the market of rifles in the north, asks and bids as placed.
func book(m *Model) (asks, bids []sim.Order) {
	m.Auctions.OnClear(func(at int32, b, a []sim.Order) {
		if at != m.Market(m.Hub("north"), 0) {
			return
		}
		for _, o := range a {
			if o.Holder == m.Dealers.holder[0] {
				asks = append(asks, o)
			}
		}
		for _, o := range b {
			if o.Holder == m.Dealers.holder[0] {
				bids = append(bids, o)
			}
		}
	})
	m.Dealers.orderGood(m.World, 0, 0, 100_000_000, m.Accounts.Load(m.Dealers.holder[0], m.Roads.Load))
	m.clear(m.World)
	return asks, bids
}

func TestADealerAsksAndBidsAlongHisCurve(t *testing.T) {
	for _, have := range []int32{0, 1, 2, 7, 30, 60} {
		m := dealerAt(t, 200000, have)
		asks, bids := book(m)
		var offered, wanted int32
		for k, o := range asks {
			offered += o.Units
			if k > 0 && o.Limit < asks[k-1].Limit {
				t.Errorf("with %d in store: asks %v, must rise", have, asks)
			}
		}
		for k, o := range bids {
			wanted += o.Units
			if k > 0 && o.Limit > bids[k-1].Limit {
				t.Errorf("with %d in store: bids %v, must fall", have, bids)
			}
		}
		if offered != have {
			t.Errorf("with %d in store %d are offered, must be all", have, offered)
		}
		upTo := int32(min(fullest*m.Dealers.target[0], m.Dealers.room(0, m.Hub("north"), 0)))
		if wanted != max(0, upTo-have) {
			t.Errorf("with %d in store of at most %d, %d are bid for", have, upTo, wanted)
		}
		if len(asks) > 0 && len(bids) > 0 && bids[0].Limit >= asks[0].Limit {
			t.Errorf("with %d in store: bids %d and asks %d, must not trade with himself", have, bids[0].Limit, asks[0].Limit)
		}
	}
}

func TestADealerBidsNoMoreThanHisCash(t *testing.T) {
	m := dealerAt(t, 200000, 0)
	d := m.Dealers
	if spent := d.orderGood(m.World, 0, 0, 450_000, m.Accounts.Load(d.holder[0], m.Roads.Load)); spent > 450_000 || spent == 0 {
		t.Errorf("bids may need %d of a cash of 450000", spent)
	}
}

func TestADealerBidsForNothingThatIsNotWorthItsOverhead(t *testing.T) {
	m := dealerAt(t, 200, 3)
	if asks, bids := book(m); len(bids) > 0 || len(asks) == 0 {
		t.Errorf("bids %v for rifles worth less than a restocking, asks %v", bids, asks)
	}
}

func TestADealersPriceFollowsWhatHisCustomersPay(t *testing.T) {
	for _, c := range []struct {
		name          string
		before, after int32 // in store
		traded        int64 // price of the market, 0: none
		want          float64
	}{
		{"sold", 10, 5, 300000, 200000 + 0.1*100000},
		{"bought: at a markup over that", 10, 15, 200000, 200000 + 0.1*(200000*1.12-200000)},
		{"others traded: half of the markup", 10, 10, 200000, 200000 + 0.1*(200000*1.06-200000)},
		{"nobody paid what he asked", 10, 10, 0, 200000 * (1 - 0.1/4)},
		{"nothing to sell and nobody bids", 0, 0, 0, 200000},
	} {
		m := dealerAt(t, 200000, c.after)
		d := m.Dealers
		d.had[0], d.target[0] = c.before, 20
		m.Auctions.Week[m.Market(m.Hub("north"), 0)] = sim.MarketWeek{Price: c.traded, Units: int32(min(c.traded, 5))}
		d.learnGood(m.World, 0, 0)
		if math.Abs(d.price[0]-c.want) > 1 {
			t.Errorf("%s: he reckons with %.0f, must be %.0f", c.name, d.price[0], c.want)
		}
	}
}

func TestADealerEarnsWhereTradeIsAndDealersAreNot(t *testing.T) {
	m := dealerAt(t, 200000, 0)
	d, north, town := m.Dealers, m.Hub("north"), m.Hub("town")
	quotes := func(hub int, price float64) { m.Auctions.News(m.Market(hub, 0), 1).Sell[0] = price }
	quotes(north, 200000)
	quotes(town, 200000)
	m.Auctions.Usual[m.Market(town, 0)] = 4
	m.Places[town].Regime = Open
	at := func(hub int) float64 { x, _ := d.earnsAt(0, hub); return x }
	home, away := at(north), at(town)
	if home <= 0 || away <= 0 || away >= home {
		t.Errorf("earns %.0f at home and %.0f in an equal town 250 km away, must be less there", home, away)
	}
	d.number[town] = 1
	if shared := at(town); shared >= away {
		t.Errorf("earns %.0f in a town with a dealer and %.0f in one without, must be less", shared, away)
	}
	d.number[town] = 0
	m.Places[town].Regime = Clandestine
	if hidden := at(town); hidden >= away {
		t.Errorf("earns %.0f where stores are raided and %.0f where not, must be less", hidden, away)
	}
	d.number[north] = 4
	if crowded := at(north); crowded >= home {
		t.Errorf("earns %.0f among four and %.0f alone, must be less", crowded, home)
	}
	m.Places[north].Regime = Closed
	if _, ok := d.earnsAt(0, north); ok {
		t.Error("could be in a closed town")
	}
	m.Places[north].Regime, m.Auctions.Usual[m.Market(north, 0)], d.number[north] = Open, 0, 0
	quotes(north, 0)
	if gone := at(north); gone > 0 {
		t.Errorf("earns %.0f where nothing is sold and nobody remembers him", gone)
	}
	d.custom[0], d.hub[0] = 3, town
	if back := at(north); back <= 0 {
		t.Errorf("earns %.0f at home, where his old customers would come back", back)
	}
}

func TestAStoreIsRaidedAtTheRateOfTheRegime(t *testing.T) {
	const weeks, units = 4000, 100
	for _, c := range []struct {
		regime Regime
		rate   float64
	}{{Open, 0}, {Clandestine, 0.01}} {
		m := dealerAt(t, 200000, 0)
		m.P.Dealer.ConfiscateClandestine = 0.01
		north := m.Hub("north")
		m.Places[north].Regime = c.regime
		h := m.Dealers.holder[0]
		var taken int32
		for m.Week = 0; m.Week < weeks; m.Week++ {
			m.Accounts.Bring(sim.Made, h, 0, 0, units-m.Accounts.Units(h, 0))
			m.raid(m.World, h, north)
			taken += units - m.Accounts.Units(h, 0)
		}
		if got := float64(taken) / weeks / units; math.Abs(got-c.rate) > 0.0025 {
			t.Errorf("%v: %.4f of a store is taken a week, must be %.4f", c.regime, got, c.rate)
		}
		if bad := m.Accounts.Check(); bad != nil {
			t.Errorf("%v: books %+v", c.regime, *bad)
		}
	}
}

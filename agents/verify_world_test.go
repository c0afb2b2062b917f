package agents

import (
	"math"
	"runtime"
	"strconv"
	"sync"
	"testing"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
)

// Helpers of the tests of what must be seen (model design, section 6). Comparisons are paired: both sides see the same
// luck under a seed, and a t-value of the differences says whether an effect stands above the noise that is left.

// tally is what some weeks of a run came to, for the first good.
type tally struct {
	price  []float64 // by hub: CFA, mean over the units sold; NaN where none was
	sold   []float64 // by hub: units a week
	stored []float64 // by hub: units in dealers' stores
	demand []float64 // by hub: units a week that final buyers bid for
	flow   []float64 // by arc: units a week that entered it
	lost   float64   // units a week lost on roads, to whomever
	lots   []float64 // by hub: units up to which a dealer fills his store; NaN without dealers
}

// observe lives through weeks of a model and tallies those from a week on.
func observe(t *testing.T, m *Model, from, to int) *tally {
	t.Helper()
	hubs, arcs := m.Net.Hubs, len(m.Net.From)
	o := &tally{price: make([]float64, hubs), sold: make([]float64, hubs), stored: make([]float64, hubs), demand: make([]float64, hubs), flow: make([]float64, arcs),
		lots: make([]float64, hubs)}
	dealers := make([]float64, hubs)
	week, weeks := 0, float64(to-from)
	m.Auctions.OnClear(func(market int32, bids, _ []sim.Order) {
		if int(market)%m.Goods != 0 || week < from {
			return
		}
		for i := range bids {
			if m.Accounts.Role[bids[i].Holder] == sim.Final {
				o.demand[int(market)/m.Goods] += float64(bids[i].Units) / weeks
			}
		}
	})
	defer m.Auctions.OnClear(nil)
	for ; week < to; week++ {
		if err := m.Step(); err != nil {
			t.Error(err)
			return o
		}
		if week < from {
			continue
		}
		for h := range o.price {
			k := &m.Auctions.Week[m.Market(h, 0)]
			o.price[h] += float64(k.Price) * float64(k.Units)
			o.sold[h] += float64(k.Units)
		}
		for a := range o.flow {
			o.flow[a] += units(m.Roads.Entered[a*m.Goods]) / weeks
			o.lost += units(m.Roads.Missing[a*m.Goods]) / weeks
		}
		m.Dealers.Stores(func(holder int32, hub int) { o.stored[hub] += float64(m.Accounts.Units(holder, 0)) / weeks })
		for i, hub := range m.Dealers.hub {
			if m.Dealers.away[i] == 0 {
				o.lots[hub] += m.Dealers.target[i*m.Goods]
				dealers[hub]++
			}
		}
	}
	for h := range o.price {
		o.price[h] /= o.sold[h]
		o.sold[h] /= weeks
		o.lots[h] /= dealers[h]
	}
	return o
}

func units(byOrigin [sim.MaxOrigins]int32) (n float64) {
	for _, u := range byOrigin {
		n += float64(u)
	}
	return n
}

// world is a setup and the curves that stand in for its buyers and sellers, if there are any.
type world struct {
	setup          *Setup
	supply, demand map[string][]step
	change         func(*Model)
}

// model builds a world's model for a seed.
func (w world) model(t *testing.T, seed uint64) *Model {
	t.Helper()
	var all []trader
	m, err := build(w.setup, seed, func(m *Model) {
		if w.supply != nil || w.demand != nil {
			all = openTraders(m, w.supply, w.demand)
		}
	})
	if err != nil {
		t.Error(err)
		return nil
	}
	if all != nil {
		static(m, all)
		for h, spec := range w.setup.Hubs {
			if w.supply[spec.ID] != nil {
				m.Traffickers.sources = append(m.Traffickers.sources, m.DestOf[h])
			}
		}
	}
	if w.change != nil {
		w.change(m)
	}
	return m
}

// each runs a function for seeds 1 to n on all processors and returns what it measured, by seed.
func each(n int, run func(seed uint64) float64) []float64 {
	out := make([]float64, n)
	var wait sync.WaitGroup
	slots := make(chan bool, runtime.NumCPU())
	for i := range out {
		wait.Add(1)
		slots <- true
		go func() {
			defer wait.Done()
			out[i] = run(uint64(i + 1))
			<-slots
		}()
	}
	wait.Wait()
	return out
}

// tallies observes a world on seeds 1 to n.
func tallies(t *testing.T, w func() world, n, from, to int) []*tally {
	t.Helper()
	out := make([]*tally, n)
	each(n, func(seed uint64) float64 {
		out[seed-1] = observe(t, w().model(t, seed), from, to)
		return 0
	})
	return out
}

// of takes one number of each tally.
func of(all []*tally, f func(*tally) float64) []float64 {
	out := make([]float64, len(all))
	for i, o := range all {
		out[i] = f(o)
	}
	return out
}

// paired returns the mean of the differences b - a and how many standard errors it is from zero.
func paired(a, b []float64) (mean, t float64) {
	d := make([]float64, len(a))
	for i := range a {
		d[i] = b[i] - a[i]
	}
	mean, sd := stat.MeanStdDev(d, nil)
	if sd == 0 {
		return mean, math.Copysign(math.Inf(1), mean)
	}
	return mean, mean / (sd / math.Sqrt(float64(len(d))))
}

// sure is how many standard errors an effect must be from zero: for the 7 to 12 pairs used here a chance of error below
// one in a hundred.
const sure = 3

// ways is a source and a town joined by n roads of unequal length through passes of their own: the model's own stockholder,
// people and dealers at the ends, carriers between, all else as usual. The roads are 2*(500+100k) km long.
func ways(n int) world {
	s := &Setup{Name: "ways", Start: newYear, End: weekOf(520), Params: Defaults()}
	s.Params.Trafficker.Reach = 30 // all roads are known, however long
	hub := func(id string, lat, lon float64, market bool) Hub {
		return Hub{ID: id, Name: id, Lat: lat, Lon: lon, Kind: "market", Market: market, Regime: "open", Violence: 1}
	}
	s.Hubs = []Hub{hub("source", 24, 0, true), hub("town", 16, 0, true)}
	zone := Zone{"all", []string{"source", "town"}}
	for k := 0; k < n; k++ {
		id := "pass" + strconv.Itoa(k)
		s.Hubs = append(s.Hubs, hub(id, 20, float64(k), false))
		zone.Hubs = append(zone.Hubs, id)
		km := 500 + 100*float64(k)
		s.Routes = append(s.Routes, Route{From: "source", To: id, Km: km, KmPerDay: 400}, Route{From: id, To: "town", Km: km, KmPerDay: 400})
	}
	s.Zones = []Zone{zone}
	s.Goods = []Good{{ID: "ak", Durable: true, Wear: 0.08, Visibility: 1, Load: 1000}}
	s.Networks = []Network{{ID: "kin", Homes: []string{"source", "town"}, Carriers: 120, Cash: 8_000_000, OtherWork: 60000, Credit: 3_000_000}}
	s.Dealers = []Dealer{{Hub: "town", Number: 4, Cash: 20_000_000, StoreMax: 80, Markup: 0.12}}
	s.Stockholders = []Stockholder{{ID: "src_ak", Origin: "libya", Hub: "source", Good: "ak", Price: 250000, Cap: 200, Elasticity: 1}}
	s.Buyers = []Buyer{{ID: "people", Kind: "urban", Hub: "town", Good: "ak", People: 200000, Want: 0.3, Start: 0.92, Arrive: 0.03, WTP: 300000, Sigma: 0.7}}
	return world{setup: s}
}

// hit makes the roads through the first k passes dangerous from the start: stops on leaving the source, of which under the
// default rule 70 % end in a payment and 30 % in a loss.
func (w world) hit(k int, hazard float64) world {
	for i := 0; i < k; i++ {
		w.setup.Routes[2*i].Border = hazard
	}
	return w
}

// town is the price at the town of a world of ways.
func town(o *tally) float64 { return o.price[1] }

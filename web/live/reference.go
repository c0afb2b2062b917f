package live

import (
	"strings"

	"entrepot/agents"
	"entrepot/experiment/reference"
	"entrepot/sim"
)

// The line of reference prices. Money is CFA, none (-1) where there is no price.
type (
	referenceLine struct {
		Kind   string     `json:"kind"`
		Hub    int        `json:"hub"`
		Good   int        `json:"good"`
		Week   int        `json:"week"`
		Price  int64      `json:"price"` // simulated, of the week
		Units  int64      `json:"units"`
		Shouts *shouts    `json:"zero_intelligence"` // null: nobody in the book could gain
		Space  space      `json:"spatial"`
		Ways   []delivery `json:"delivered"` // the cheapest first
	}
	shouts struct {
		Rounds     int     `json:"rounds"`
		Lot        int64   `json:"lot"`
		Mean       int64   `json:"mean"`
		Low        int64   `json:"low"` // 5 % and 95 % of the rounds' mean prices
		High       int64   `json:"high"`
		Units      int64   `json:"units"` // median, and 5 % and 95 %
		UnitsLow   int64   `json:"units_low"`
		UnitsHigh  int64   `json:"units_high"`
		Efficiency float64 `json:"efficiency"`
	}
	space struct {
		From    int         `json:"from"` // first of the weeks whose orders are taken together
		Weeks   int         `json:"weeks"`
		Mean    int64       `json:"mean"` // simulated, over the units of these weeks
		Sold    int64       `json:"sold"` // simulated: units sold there in these weeks, to whomever
		Price   int64       `json:"price"`
		Low     int64       `json:"low"`
		High    int64       `json:"high"`
		Used    int64       `json:"used"` // units that users there buy in these weeks
		Made    int64       `json:"made"` // units that suppliers there sell
		Sources []arrival   `json:"sources"`
		Hubs    []hubPrices `json:"hubs"` // every market of the good that is open
	}
	arrival struct {
		Hub   int   `json:"hub"`
		Units int64 `json:"units"`
		Price int64 `json:"price"` // there, in the equilibrium
		Cost  int64 `json:"cost"`  // of the transfer
	}
	hubPrices struct {
		Hub   int   `json:"hub"`
		Mean  int64 `json:"mean"`
		Price int64 `json:"price"`
	}
	delivery struct {
		Hub   int   `json:"hub"`
		Price int64 `json:"price"` // simulated there, mean over the weeks
		Cost  int64 `json:"cost"`
		Total int64 `json:"total"`
	}
)

// season is over how many weeks orders are taken together for an equilibrium: fewer would be luck, more another time.
const season = 13

// rounds is how often a book is traded without intelligence.
const rounds = 200

// reference answers with lines to hold a price against.
func (a *answer) reference(s *asked, hub, good, week int) error {
	m, err := agents.New(s.Setup, s.seed)
	if err != nil {
		return err
	}
	w := newWitness(m, hub, good, week)
	if err := a.live(m, week+1, w.week); err != nil {
		return err
	}
	return a.out.object(w.line(sim.NewKey(s.seed)))
}

// witness keeps what is needed of a run up to a week.
type witness struct {
	m               *agents.Model
	hub, good, last int
	bids, asks      []reference.Step  // of the market in the last week
	places          []reference.Place // by hub: of the season
	value, units    []int64           // by hub: of all sales of the season
}

func newWitness(m *agents.Model, hub, good, week int) *witness {
	n := len(m.Setup.Hubs)
	w := &witness{m: m, hub: hub, good: good, last: week, places: make([]reference.Place, n), value: make([]int64, n), units: make([]int64, n)}
	m.Auctions.OnClear(w.book)
	return w
}

// first is the first week of the season.
func (w *witness) first() int { return w.last - season + 1 }

// book is shown every book before it clears.
func (w *witness) book(market int32, bids, asks []sim.Order) {
	h, g := int(market)/w.m.Goods, int(market)%w.m.Goods
	if g != w.good || w.m.Week < w.first() {
		return
	}
	p := &w.places[h]
	for i := range bids {
		if w.uses(bids[i].Holder) {
			p.Demand = append(p.Demand, reference.Step{Limit: bids[i].Limit, Units: int64(bids[i].Units)})
		}
	}
	for i := range asks {
		if role := w.m.Accounts.Role[asks[i].Holder]; role == sim.Tap || role == sim.Final {
			p.Supply = append(p.Supply, reference.Step{Limit: asks[i].Limit, Units: int64(asks[i].Units)})
		}
	}
	if h == w.hub && w.m.Week == w.last {
		w.bids, w.asks = stepsOf(bids), stepsOf(asks)
	}
}

// uses says whether a buyer will not sell on: final users, and those whom an armed group sends out to buy.
func (w *witness) uses(holder int32) bool {
	acc := w.m.Accounts
	return acc.Role[holder] == sim.Final || strings.HasPrefix(acc.Labels[acc.Label[holder]], "group:")
}

func stepsOf(orders []sim.Order) (all []reference.Step) {
	for _, s := range steps(nil, orders) {
		all = append(all, reference.Step{Limit: s.limit, Units: s.units})
	}
	return all
}

// week notes the sales of a week.
func (w *witness) week(week int) error {
	if week < w.first() {
		return nil
	}
	for h := range w.value {
		k := &w.m.Auctions.Week[h*w.m.Goods+w.good]
		w.value[h] += k.Price * int64(k.Units)
		w.units[h] += int64(k.Units)
	}
	return nil
}

// mean is the mean price of a hub over the units of the season.
func (w *witness) mean(hub int) int64 {
	if w.units[hub] == 0 {
		return none
	}
	return w.value[hub] / w.units[hub]
}

// line works the references out.
func (w *witness) line(luck sim.Key) referenceLine {
	k := &w.m.Auctions.Week[w.hub*w.m.Goods+w.good]
	line := referenceLine{Kind: "reference", Hub: w.hub, Good: w.good, Week: w.last, Price: none, Units: int64(k.Units)}
	if k.Units > 0 {
		line.Price = k.Price
	}
	line.Shouts = w.shouts(luck.Label("zero intelligence").Label(w.m.Setup.Hubs[w.hub].ID).Label(w.m.Setup.Goods[w.good].ID).At(uint64(w.last)))
	cost := w.costs()
	line.Space, line.Ways = w.space(cost), w.ways(cost)
	return line
}

// shouts lets the book be traded without intelligence.
func (w *witness) shouts(luck sim.Key) *shouts {
	s := reference.ZeroIntelligence(w.bids, w.asks, rounds, luck)
	if s.Traded == 0 {
		return nil
	}
	sum := int64(0)
	for _, p := range s.Prices {
		sum += p
	}
	of := func(sorted []int64, hundredths int) int64 { return sorted[(len(sorted)-1)*hundredths/100] }
	return &shouts{s.Rounds, s.Lot, sum / int64(len(s.Prices)), of(s.Prices, 5), of(s.Prices, 95), of(s.Units, 50), of(s.Units, 5), of(s.Units, 95), *digits(s.Efficiency)}
}

// costs are what a unit's price has to rise by between hubs for a network to take it there, by what it believes in the last week. A cargo is
// valued at what it costs where it comes from: the season's mean price or, where nothing was sold, the lowest ask.
func (w *witness) costs() [][]int64 {
	n := len(w.places)
	cost := make([][]int64, n)
	for i := range cost {
		cost[i] = make([]int64, n)
		price := w.mean(i)
		for _, s := range w.places[i].Supply {
			if w.units[i] == 0 && (price < 0 || s.Limit < price) {
				price = s.Limit
			}
		}
		for j := range cost[i] {
			cost[i][j] = reference.Forbidden
			if i == j {
				continue
			}
			if c := w.m.Traffickers.Transfer(w.good, i, j, float64(max(0, price))); c < sim.Unreachable {
				cost[i][j] = max(0, int64(c))
			}
		}
	}
	return cost
}

// space works out the equilibrium in space.
func (w *witness) space(cost [][]int64) space {
	e := reference.Spatial(w.places, cost)
	h := w.hub
	s := space{From: w.first(), Weeks: season, Mean: w.mean(h), Sold: w.units[h], Price: e.Price[h], Low: e.Low[h], High: e.High[h], Used: e.Used[h], Made: e.Made[h],
		Sources: []arrival{}, Hubs: []hubPrices{}}
	if s.High == reference.Forbidden {
		s.High = none
	}
	for i := range w.places {
		if units := e.Flow[i][h]; units > 0 {
			s.Sources = append(s.Sources, arrival{i, units, e.Price[i], cost[i][h]})
		}
		if e.Price[i] >= 0 && w.m.Setup.Hubs[i].Market {
			s.Hubs = append(s.Hubs, hubPrices{i, w.mean(i), e.Price[i]})
		}
	}
	return s
}

// mostWays is how many ways of delivery are told.
const mostWays = 5

// ways lists from where the good could be had cheapest, at the simulated prices elsewhere.
func (w *witness) ways(cost [][]int64) []delivery {
	all := []delivery{}
	for i := range cost {
		if price := w.mean(i); price >= 0 && cost[i][w.hub] < reference.Forbidden {
			all = append(all, delivery{i, price, cost[i][w.hub], price + cost[i][w.hub]})
		}
	}
	inOrder(all, func(a, b delivery) bool { return a.Total < b.Total })
	return all[:min(len(all), mostWays)]
}

package sim

import "math"

// Order is a limit order in one market: Units at Limit CFA each or better.
type Order struct {
	Limit  int64
	Market int32 // hub*goods+good
	Holder int32
	Units  int32
	Prio   uint32 // keyed random priority, drawn where limits are equal
}

// QuotePoints is the number of depths at which a curve of quotes is remembered.
const QuotePoints = 8

// quoteDepths are those depths, in quote lots: dense near a lot, sparse far out.
var quoteDepths = [QuotePoints]int32{1, 2, 3, 5, 8, 13, 21, 34}

// quotePointOf is, for each depth in whole lots, the first point that is at least as deep.
var quotePointOf = [...]uint8{0, 0, 1, 2, 3, 3, 4, 4, 4, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 6, 6, 6, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7}

// Quotes are what a market would have paid and asked before the week's trades: for each depth x (quote lots) Sell is the
// highest price with D(p)-S(p) >= x and Buy the lowest with S(p)-D(p) >= x. 0 means that there is none.
type Quotes struct {
	Sell, Buy [QuotePoints]float64
}

// Sale is what one holder sold another in one market in a week, as far as their orders met one after the other.
type Sale struct {
	Market        int32
	Seller, Buyer int32
	Units         int32
	Price         int64
	Origin        [MaxOrigins]int32
}

// MarketWeek is what one market did in a week.
type MarketWeek struct {
	Price    int64 // CFA per unit; 0 if nothing traded
	Bid, Ask int64 // best quotes before clearing; 0 if none
	Units    int32
	Cost     [NComponents]int64 // cost stack of the units sold, summing to Price*Units
	Offered  int32
	Wanted   int32
}

// Auctions are the call auctions of all markets: one per hub and good and week.
type Auctions struct {
	Lots   []int32 // quote lot by good, units
	Sales  []Sale  // of this week, in order of market and priority
	Week   []MarketWeek
	Quotes [QuoteAges][]Quotes // ring by week, by market
	Usual  []float64           // units sold in a usual week, by market
	Keys   []uint64            // by market: keys the luck among equal orders; set it from stable ids

	Forget, Smooth float64

	orders  [2][]Order // bids and asks as they came
	sorted  [2][]Order // the same by market
	first   [2][]int32 // market -> first in sorted
	tap     []int8     // holder -> origin of a tap
	rank    Ranking
	seen    []bool // market ever had an order
	weekNo  int
	onClear func(market int32, bids, asks []Order)
}

// QuoteAges is how many weeks of quotes are kept: news is 1 to QuoteAges-1 weeks old.
const QuoteAges = 4

const (
	bid = 0
	ask = 1
)

// NewAuctions returns empty markets.
func NewAuctions(markets, goods int, lots []int32) *Auctions {
	a := &Auctions{Lots: lots, Week: make([]MarketWeek, markets), Usual: make([]float64, markets), Keys: make([]uint64, markets), seen: make([]bool, markets), Forget: 0.1, Smooth: 0.25, weekNo: QuoteAges * 1024}
	for m := range a.Keys {
		a.Keys[m] = uint64(m) << 32
	}
	for i := range a.Quotes {
		a.Quotes[i] = make([]Quotes, markets)
	}
	for s := range a.first {
		a.first[s] = make([]int32, markets+1)
		a.orders[s], a.sorted[s] = make([]Order, 0, busyWeek), make([]Order, 0, busyWeek)
	}
	a.Sales = make([]Sale, 0, busyWeek)
	a.rank.Keys(busyWeek)
	return a
}

// busyWeek is how many orders a side and how many sales there is room for from the start: more than a week of a country's
// trade, so that a record week rarely has to move them.
const busyWeek = 4096

// OnClear registers who is shown each book (sorted bids and asks) before it clears, or nil.
func (a *Auctions) OnClear(f func(market int32, bids, asks []Order)) { a.onClear = f }

// Bid offers to buy. Orders of no units or no price are ignored.
func (a *Auctions) Bid(o Order) {
	if o.Units > 0 && o.Limit > 0 {
		a.orders[bid] = append(a.orders[bid], o)
	}
}

// Ask offers to sell.
func (a *Auctions) Ask(o Order) {
	if o.Units > 0 && o.Limit >= 0 {
		a.orders[ask] = append(a.orders[ask], o)
	}
}

// News returns the quotes of a market that are age weeks old (1 = last week's, before this week's clearing).
func (a *Auctions) News(market int32, age int) *Quotes {
	return &a.Quotes[(a.weekNo+1-age)%QuoteAges][market]
}

// At returns the price of a curve at depth x units, interpolated between quote depths; beyond the last depth, and where
// a point is missing, there is none (0).
func quoteAt(curve *[QuotePoints]float64, lot int32, x float64) float64 {
	depth := x / float64(lot)
	if depth <= 1 {
		return curve[0]
	}
	if depth > float64(quoteDepths[QuotePoints-1]) {
		return 0
	}
	lots := int(depth)
	if float64(lots) < depth {
		lots++
	}
	i := quotePointOf[lots]
	lo, hi := curve[i-1], curve[i]
	if lo == 0 || hi == 0 {
		return 0
	}
	below, above := float64(quoteDepths[i-1]), float64(quoteDepths[i])
	return lo + float64((hi-lo)*((depth-below)/(above-below)))
}

// SellAt returns the quote at which x more units would find buyers, CFA, 0 if none.
func (q *Quotes) SellAt(lot int32, x float64) float64 { return quoteAt(&q.Sell, lot, x) }

// BuyAt returns the quote at which x units could be bought, CFA, 0 if none.
func (q *Quotes) BuyAt(lot int32, x float64) float64 { return quoteAt(&q.Buy, lot, x) }

// Lot returns the quote lot of a market, units: that of its good or, where much is sold, a share of a usual week, so that
// the remembered curve reaches some weeks of sales deep in any market.
func (a *Auctions) Lot(market int32, good int) int32 {
	return max(a.Lots[good], int32(a.Usual[market]*thickLot))
}

// thickLot is the quote lot of a thick market over its usual weekly sales.
const thickLot = 0.125

// Clear runs every market of the week: sorts the books, remembers the quotes, finds each price, settles the fills and
// empties the books.
func (a *Auctions) Clear(acc *Accounts, week int, luck Key) {
	a.weekNo = week + QuoteAges*1024 // weeks of a burn-in are negative
	a.Sales = a.Sales[:0]
	a.arrange(acc, luck)
	good := -1
	for m := range a.Week {
		if good++; good == acc.Goods {
			good = 0
		}
		bids := a.sorted[bid][a.first[bid][m]:a.first[bid][m+1]]
		asks := a.sorted[ask][a.first[ask][m]:a.first[ask][m+1]]
		if len(bids) == 0 && len(asks) == 0 && !a.seen[m] {
			continue
		}
		a.seen[m] = true
		a.Week[m] = MarketWeek{}
		a.remember(int32(m), a.Lot(int32(m), good), bids, asks)
		if len(bids) > 0 || len(asks) > 0 {
			if a.onClear != nil {
				a.onClear(int32(m), bids, asks)
			}
			a.settle(acc, int32(m), good, bids, asks)
		}
		a.Usual[m] += float64((float64(a.Week[m].Units) - a.Usual[m]) * usualRate)
	}
	a.orders[bid], a.orders[ask] = a.orders[bid][:0], a.orders[ask][:0]
}

// usualRate is the weekly weight of new sales in what is usual: a memory of about a season.
const usualRate = 0.08

// arrange buckets the orders by market and sorts each book: bids from the highest, asks from the lowest, ties by luck. It
// takes time linear in the orders, for large books are sorted by radix.
func (a *Auctions) arrange(acc *Accounts, luck Key) {
	for side := range a.orders {
		orders, first := a.orders[side], a.first[side]
		clear(first)
		for i := range orders {
			first[orders[i].Market+1]++
		}
		for m := 1; m < len(first); m++ {
			first[m] += first[m-1]
		}
		if cap(a.sorted[side]) < len(orders) {
			a.sorted[side] = make([]Order, len(orders)+len(orders)/2)
		}
		sorted := a.sorted[side][:len(orders)]
		for i := range orders {
			m := orders[i].Market
			sorted[first[m]] = orders[i]
			first[m]++
		}
		copy(first[1:], first[:len(first)-1])
		first[0] = 0
		a.sorted[side] = sorted
		for m := 1; m < len(first); m++ {
			if from, to := first[m-1], first[m]; to > from+1 {
				a.byLimit(sorted[from:to], orders[from:to], side == bid)
			}
		}
		a.breakTies(sorted, orders, acc, luck)
	}
}

// byLimit sorts a book by limit, equal limits as they came. Spare is room for as many orders.
func (a *Auctions) byLimit(book, spare []Order, descending bool) {
	if len(book) <= few {
		insertByLimit(book, descending)
		return
	}
	keys := a.rank.Keys(len(book))
	var highest int64
	for i := range book {
		keys[i] = uint64(book[i].Limit)
		highest = max(highest, book[i].Limit)
	}
	if descending {
		for i := range keys {
			keys[i] = uint64(highest) - keys[i]
		}
	}
	copy(spare, book)
	for k, i := range a.rank.Sort() {
		book[k] = spare[i]
	}
}

// insertByLimit is byLimit for small books.
func insertByLimit(book []Order, descending bool) {
	sign := int64(1)
	if descending {
		sign = -1
	}
	for i := 1; i < len(book); i++ {
		o, j := book[i], i
		for ; j > 0 && sign*book[j-1].Limit > sign*o.Limit; j-- {
			book[j] = book[j-1]
		}
		book[j] = o
	}
}

// breakTies puts the orders of one market that have the same limit into the order of their luck, and those of one holder
// as they came. Only they need luck. Spare is room for as many orders.
func (a *Auctions) breakTies(sorted, spare []Order, acc *Accounts, luck Key) {
	for i := 0; i < len(sorted); {
		j := i + 1
		for j < len(sorted) && sorted[j].Limit == sorted[i].Limit && sorted[j].Market == sorted[i].Market {
			j++
		}
		if j > i+1 {
			a.draw(sorted[i:j], spare[:j-i], acc, luck)
		}
		i = j
	}
}

// draw shuffles equal orders.
func (a *Auctions) draw(run, spare []Order, acc *Accounts, luck Key) {
	for k := range run {
		o := &run[k]
		o.Prio = uint32(luck.At(acc.ID[o.Holder] + a.Keys[o.Market]).Bits())
	}
	if len(run) <= 16 {
		for i := 1; i < len(run); i++ {
			for j := i; j > 0 && run[j].Prio < run[j-1].Prio; j-- {
				run[j], run[j-1] = run[j-1], run[j]
			}
		}
		return
	}
	keys := a.rank.Keys(len(run))
	for k := range run {
		keys[k] = uint64(run[k].Prio) << 32
	}
	copy(spare, run)
	for k, i := range a.rank.Rank() {
		run[k] = spare[i]
	}
}

// ClearingPrice returns the Walrasian price and the units it trades: among the prices that trade most, those at which no
// order left unserved would have gained by trading; if that is an interval, its midpoint. Bids must be sorted from the
// highest, asks from the lowest. No trade: 0, 0.
func ClearingPrice(bids, asks []Order) (price int64, units int64) {
	var i, j int
	var usedBid, usedAsk int32
	lo, hi := int64(0), int64(0)
	for i < len(bids) && j < len(asks) && bids[i].Limit >= asks[j].Limit {
		n := min(bids[i].Units-usedBid, asks[j].Units-usedAsk)
		units += int64(n)
		hi, lo = bids[i].Limit, asks[j].Limit
		usedBid += n
		usedAsk += n
		if usedBid == bids[i].Units {
			i, usedBid = i+1, 0
		}
		if usedAsk == asks[j].Units {
			j, usedAsk = j+1, 0
		}
	}
	if units == 0 {
		return 0, 0
	}
	if i < len(bids) { // the best bid left unserved must not be willing to pay more than the price
		lo = max(lo, bids[i].Limit)
	}
	if j < len(asks) {
		hi = min(hi, asks[j].Limit)
	}
	return lo + (hi-lo)/2, units
}

// settle clears one market: fills in price priority, keyed luck among equals.
func (a *Auctions) settle(acc *Accounts, m int32, good int, bids, asks []Order) {
	w := &a.Week[m]
	if len(bids) > 0 {
		w.Bid = bids[0].Limit
	}
	if len(asks) > 0 {
		w.Ask = asks[0].Limit
	}
	w.Wanted, w.Offered = unitsOf(bids), unitsOf(asks)
	price, units := ClearingPrice(bids, asks)
	if units == 0 {
		return
	}
	w.Price, w.Units = price, int32(min(units, math.MaxInt32))
	i, j := 0, 0
	for units > 0 {
		seller, buyer := asks[j].Holder, bids[i].Holder
		var sold int64
		for units > 0 && sold < 1<<30 && asks[j].Holder == seller && bids[i].Holder == buyer { // steps of the same two are one sale
			n := int32(min(int64(bids[i].Units), int64(asks[j].Units), units))
			sold += int64(n)
			units -= int64(n)
			if bids[i].Units -= n; bids[i].Units == 0 {
				i++
			}
			if asks[j].Units -= n; asks[j].Units == 0 {
				j++
			}
		}
		a.fill(acc, w, m, good, seller, buyer, int32(sold), price)
	}
}

// unitsOf adds orders up. Of more than a column can count, it tells the most.
func unitsOf(orders []Order) int32 {
	var n int64
	for i := range orders {
		n += int64(orders[i].Units)
	}
	return int32(min(n, math.MaxInt32))
}

func (a *Auctions) fill(acc *Accounts, w *MarketWeek, m int32, good int, seller, buyer, n int32, price int64) {
	var origin int8
	if acc.Role[seller] == Tap {
		origin = a.tap[seller]
	}
	lot := acc.sell(seller, buyer, good, origin, n, price)
	for c, cfa := range lot.Cost {
		w.Cost[c] += cfa
	}
	a.Sales = append(a.Sales, Sale{m, seller, buyer, n, price, lot.Origin})
}

// SetTap says which origin the units of an outside source have.
func (a *Auctions) SetTap(holder int32, origin int) {
	for int(holder) >= len(a.tap) {
		a.tap = append(a.tap, 0)
	}
	a.tap[holder] = int8(origin)
}

// remember computes the week's quotes from the curves before the fill and smooths them with last week's. A market
// without orders forgets slowly.
func (a *Auctions) remember(m, lot int32, bids, asks []Order) {
	now := &a.Quotes[a.weekNo%QuoteAges][m]
	old := &a.Quotes[(a.weekNo+QuoteAges-1)%QuoteAges][m]
	if len(bids) == 0 && len(asks) == 0 {
		keep := 1 - a.Forget
		for k := range now.Sell {
			now.Sell[k] = float64(old.Sell[k] * keep)
			now.Buy[k] = 0
		}
		return
	}
	fresh := curves(lot, bids, asks)
	for k := range now.Sell {
		now.Sell[k] = old.Sell[k] + float64((fresh.Sell[k]-old.Sell[k])*a.Smooth)
		now.Buy[k] = fresh.Buy[k]
		if old.Buy[k] > 0 && fresh.Buy[k] > 0 {
			now.Buy[k] = old.Buy[k] + float64((fresh.Buy[k]-old.Buy[k])*a.Smooth)
		}
	}
}

// curves sweeps a book once downwards for the sell quotes and once upwards for the buy quotes.
func curves(lot int32, bids, asks []Order) (q Quotes) {
	var excess int64 // demand over supply at the price reached
	for i := range asks {
		excess -= int64(asks[i].Units)
	}
	i, j, k := 0, len(asks)-1, 0
	for k < QuotePoints && (i < len(bids) || j >= 0) {
		var p int64
		if i < len(bids) && (j < 0 || bids[i].Limit >= asks[j].Limit-1) {
			p = bids[i].Limit
			excess += int64(bids[i].Units)
			i++
		} else {
			p = asks[j].Limit - 1 // just below the limit the ask is gone
			excess += int64(asks[j].Units)
			j--
		}
		for k < QuotePoints && excess >= int64(quoteDepths[k])*int64(lot) {
			q.Sell[k] = float64(max(p, 0))
			k++
		}
	}
	excess = 0
	for i := range bids {
		excess -= int64(bids[i].Units)
	}
	i, j, k = len(bids)-1, 0, 0
	for k < QuotePoints && (j < len(asks) || i >= 0) {
		var p int64
		if i >= 0 && (j >= len(asks) || bids[i].Limit+1 < asks[j].Limit) {
			p = bids[i].Limit + 1
			excess += int64(bids[i].Units)
			i--
		} else {
			p = asks[j].Limit
			excess += int64(asks[j].Units)
			j++
		}
		for k < QuotePoints && excess >= int64(quoteDepths[k])*int64(lot) {
			q.Buy[k] = float64(p)
			k++
		}
	}
	return q
}

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
	return &a.Quotes[uint(a.weekNo+1-age)%QuoteAges][market]
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
	i := quotePointOf[lots] % QuotePoints // it is below, and the compiler need not check it
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
	now, old := a.Quotes[uint(a.weekNo)%QuoteAges], a.Quotes[uint(a.weekNo-1)%QuoteAges]
	var firstBid, firstAsk int32
	good := -1
	for m, endBid := range a.first[bid][1:] {
		if good++; good == acc.Goods {
			good = 0
		}
		endAsk := a.first[ask][m+1]
		if firstBid == endBid && firstAsk == endAsk {
			if a.seen[m] {
				a.Week[m] = MarketWeek{}
				a.forget(&now[m], &old[m])
				a.Usual[m] += float64((0 - a.Usual[m]) * usualRate)
			}
			continue
		}
		bids, asks := a.sorted[bid][firstBid:endBid], a.sorted[ask][firstAsk:endAsk]
		firstBid, firstAsk = endBid, endAsk
		a.seen[m] = true
		at := cross(bids, asks)
		a.remember(&now[m], &old[m], a.Lot(int32(m), good), bids, asks, at)
		if a.onClear != nil {
			a.onClear(int32(m), bids, asks)
		}
		a.settle(acc, int32(m), good, bids, asks, at)
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
		a.bucket(side)
		a.sortBooks(side, acc, luck)
	}
}

// bucket copies the orders of one side, market by market, into sorted.
func (a *Auctions) bucket(side int) {
	orders, first := a.orders[side], a.first[side]
	clear(first)
	for i := range orders {
		first[orders[i].Market+1]++
	}
	var sum int32
	for m, n := range first {
		sum += n
		first[m] = sum
	}
	if cap(a.sorted[side]) < len(orders) {
		a.sorted[side] = make([]Order, len(orders)+len(orders)/2)
	}
	sorted := a.sorted[side][:len(orders)]
	for i := range orders {
		o := &orders[i]
		at := first[o.Market]
		sorted[at] = *o
		first[o.Market] = at + 1
	}
	copy(first[1:], first[:len(first)-1])
	first[0] = 0
	a.sorted[side] = sorted
}

// sortBooks sorts the books of one side; where the orders came in, there is room meanwhile.
func (a *Auctions) sortBooks(side int, acc *Accounts, luck Key) {
	sorted, spare := a.sorted[side], a.orders[side]
	var from int32
	for _, to := range a.first[side][1:] {
		if to > from+1 {
			if book := sorted[from:to]; a.byLimit(book, spare[from:to], side == bid) {
				a.breakTies(book, spare[from:to], acc, luck)
			}
		}
		from = to
	}
}

// byLimit sorts a book by limit, equal limits as they came, and tells whether there are any. Spare is room for as many
// orders.
func (a *Auctions) byLimit(book, spare []Order, descending bool) (ties bool) {
	var flip int64 // turns the order of integers round
	if descending {
		flip = -1
	}
	if len(book) <= few {
		return insertByLimit(book, flip)
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
		ties = ties || k > 0 && book[k].Limit == book[k-1].Limit
	}
	return ties
}

// insertByLimit is byLimit for small books, which mostly come nearly sorted: an order in its place is not moved.
func insertByLimit(book []Order, flip int64) (ties bool) {
	for i := 1; i < len(book); i++ {
		limit := book[i].Limit ^ flip
		if last := book[i-1].Limit ^ flip; last <= limit {
			ties = ties || last == limit
			continue
		}
		o, j := book[i], i-1
		book[i] = book[j]
		for j > 0 && book[j-1].Limit^flip > limit {
			book[j] = book[j-1]
			j--
		}
		book[j] = o
		ties = ties || j > 0 && book[j-1].Limit == o.Limit
	}
	return ties
}

// breakTies puts the orders of one market that have the same limit into the order of their luck, and those of one holder
// as they came. Only they need luck. Spare is room for as many orders.
func (a *Auctions) breakTies(book, spare []Order, acc *Accounts, luck Key) {
	for i := 0; i < len(book); {
		j := i + 1
		for j < len(book) && book[j].Limit == book[i].Limit {
			j++
		}
		if j > i+1 {
			a.draw(book[i:j], spare[:j-i], acc, luck)
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

// crossing is where the curves of a book cross: the bids and asks that trade in full, and how many units do of the next
// bid or of the next ask.
type crossing struct {
	price, units     int64
	bids, asks       int
	partBid, partAsk int32
}

// ClearingPrice returns the Walrasian price and the units it trades: among the prices that trade most, those at which no
// order left unserved would have gained by trading; if that is an interval, its midpoint. Bids must be sorted from the
// highest, asks from the lowest. No trade: 0, 0.
func ClearingPrice(bids, asks []Order) (price int64, units int64) {
	at := cross(bids, asks)
	return at.price, at.units
}

// cross is ClearingPrice with the place where it stopped.
func cross(bids, asks []Order) crossing {
	var i, j int
	var usedBid, usedAsk int32
	var units, lo, hi int64
	for i < len(bids) && j < len(asks) && bids[i].Limit >= asks[j].Limit {
		b, s := &bids[i], &asks[j]
		n := min(b.Units-usedBid, s.Units-usedAsk)
		units += int64(n)
		hi, lo = b.Limit, s.Limit
		usedBid += n
		usedAsk += n
		if usedBid == b.Units {
			i, usedBid = i+1, 0
		}
		if usedAsk == s.Units {
			j, usedAsk = j+1, 0
		}
	}
	if units == 0 {
		return crossing{}
	}
	if i < len(bids) { // the best bid left unserved must not be willing to pay more than the price
		lo = max(lo, bids[i].Limit)
	}
	if j < len(asks) {
		hi = min(hi, asks[j].Limit)
	}
	return crossing{lo + (hi-lo)/2, units, i, j, usedBid, usedAsk}
}

// settle clears one market: fills in price priority, keyed luck among equals.
func (a *Auctions) settle(acc *Accounts, m int32, good int, bids, asks []Order, at crossing) {
	w := &a.Week[m]
	*w = MarketWeek{Price: at.price, Units: int32(min(at.units, math.MaxInt32)), Wanted: unitsOf(bids), Offered: unitsOf(asks)}
	if len(bids) > 0 {
		w.Bid = bids[0].Limit
	}
	if len(asks) > 0 {
		w.Ask = asks[0].Limit
	}
	units := at.units
	i, j := 0, 0
	for units > 0 {
		b, s := &bids[i], &asks[j]
		seller, buyer := s.Holder, b.Holder
		var sold int64
		for { // steps of the same two are one sale
			n := int32(min(int64(b.Units), int64(s.Units), units))
			sold += int64(n)
			if units -= int64(n); units == 0 {
				break
			}
			if b.Units -= n; b.Units == 0 {
				i++
				b = &bids[i]
			}
			if s.Units -= n; s.Units == 0 {
				j++
				s = &asks[j]
			}
			if s.Holder != seller || b.Holder != buyer || sold >= 1<<30 {
				break
			}
		}
		a.fill(acc, w, m, good, seller, buyer, int32(sold), at.price)
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
	var lot Lot
	acc.sell(seller, buyer, good, origin, n, price, &lot)
	for c := range w.Cost {
		w.Cost[c] += lot.Cost[c]
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

// remember computes the week's quotes from the curves before the fill and smooths them with last week's.
func (a *Auctions) remember(now, old *Quotes, lot int32, bids, asks []Order, at crossing) {
	fresh := curves(lot, bids, asks, at)
	smooth := a.Smooth
	for k := range now.Sell {
		now.Sell[k] = old.Sell[k] + float64((fresh.Sell[k]-old.Sell[k])*smooth)
		now.Buy[k] = fresh.Buy[k]
		if old.Buy[k] > 0 && fresh.Buy[k] > 0 {
			now.Buy[k] = old.Buy[k] + float64((fresh.Buy[k]-old.Buy[k])*smooth)
		}
	}
}

// forget takes over last week's quotes where nobody had an order: what buyers paid is forgotten slowly.
func (a *Auctions) forget(now, old *Quotes) {
	keep := 1 - a.Forget
	for k := range now.Sell {
		now.Sell[k] = float64(old.Sell[k] * keep)
	}
	now.Buy = [QuotePoints]float64{}
}

// curves reads both curves of quotes off a book.
func curves(lot int32, bids, asks []Order, at crossing) (q Quotes) {
	at.sellCurve(&q.Sell, int64(lot), bids, asks)
	at.buyCurve(&q.Buy, int64(lot), bids, asks)
	return q
}

// sellCurve goes down from where the curves cross (above, demand exceeds supply by nothing): a bid joins the demand at its
// limit, an ask leaves the supply below its own.
func (at *crossing) sellCurve(curve *[QuotePoints]float64, lot int64, bids, asks []Order) {
	i, j, excess := at.bids, at.asks-1, -int64(at.partBid)
	if at.partAsk > 0 { // this ask is still all there
		j++
		excess = int64(at.partAsk - asks[j].Units)
	}
	k, depth := 0, lot
	for i < len(bids) || j >= 0 {
		var p int64
		if i < len(bids) && (j < 0 || bids[i].Limit >= asks[j].Limit-1) {
			p = bids[i].Limit
			excess += int64(bids[i].Units)
			i++
		} else {
			p = asks[j].Limit - 1
			excess += int64(asks[j].Units)
			j--
		}
		for excess >= depth {
			curve[k] = float64(max(p, 0))
			if k++; k == QuotePoints {
				return
			}
			depth = int64(quoteDepths[k]) * lot
		}
	}
}

// buyCurve goes up from there: an ask joins the supply at its limit, a bid leaves the demand above its own.
func (at *crossing) buyCurve(curve *[QuotePoints]float64, lot int64, bids, asks []Order) {
	i, j, excess := at.bids-1, at.asks, -int64(at.partAsk)
	if at.partBid > 0 {
		i++
		excess = int64(at.partBid - bids[i].Units)
	}
	k, depth := 0, lot
	for j < len(asks) || i >= 0 {
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
		for excess >= depth {
			curve[k] = float64(p)
			if k++; k == QuotePoints {
				return
			}
			depth = int64(quoteDepths[k]) * lot
		}
	}
}

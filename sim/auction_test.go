package sim

import (
	"cmp"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func sortedBook(limits []int64, units []int32, descending bool) []Order {
	book := make([]Order, len(limits))
	for i := range book {
		book[i] = Order{Limit: limits[i], Units: units[i], Prio: uint32(i)}
	}
	slices.SortStableFunc(book, func(x, y Order) int {
		if descending {
			x, y = y, x
		}
		return cmp.Compare(x.Limit, y.Limit)
	})
	return book
}

func drawBook(t *rapid.T, name string, descending bool) []Order {
	n := rapid.IntRange(0, 24).Draw(t, name)
	limits, units := make([]int64, n), make([]int32, n)
	for i := range limits {
		limits[i] = rapid.Int64Range(1, 30).Draw(t, "limit")
		units[i] = rapid.Int32Range(1, 5).Draw(t, "units")
	}
	return sortedBook(limits, units, descending)
}

// demand and supply are the step curves of a book.
func demand(bids []Order, p int64) (n int64) {
	for _, o := range bids {
		if o.Limit >= p {
			n += int64(o.Units)
		}
	}
	return n
}

func supply(asks []Order, p int64) (n int64) {
	for _, o := range asks {
		if o.Limit <= p {
			n += int64(o.Units)
		}
	}
	return n
}

// bruteClearing tries every price: of those that trade most, the ones at which nobody unserved would have gained.
func bruteClearing(bids, asks []Order) (price, units int64) {
	for p := int64(0); p <= 40; p++ {
		units = max(units, min(demand(bids, p), supply(asks, p)))
	}
	if units == 0 {
		return 0, 0
	}
	lo, hi := int64(-1), int64(-1)
	for p := int64(0); p <= 40; p++ {
		served := min(demand(bids, p), supply(asks, p)) == units
		if served && demand(bids, p+1) <= units && supply(asks, p-1) <= units {
			if lo < 0 {
				lo = p
			}
			hi = p
		}
	}
	return lo + (hi-lo)/2, units
}

func TestTheAuctionFindsThePriceThatTradesMost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bids, asks := drawBook(t, "bids", true), drawBook(t, "asks", false)
		price, units := ClearingPrice(bids, asks)
		wantPrice, wantUnits := bruteClearing(bids, asks)
		if units != wantUnits {
			t.Fatalf("traded %d units, a search over all prices finds %d", units, wantUnits)
		}
		if price != wantPrice {
			t.Fatalf("price %d, the midpoint of the best prices is %d", price, wantPrice)
		}
	})
}

func TestQuotesAreTheCurvesReadAtADepth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bids, asks := drawBook(t, "bids", true), drawBook(t, "asks", false)
		lot := rapid.Int32Range(1, 3).Draw(t, "lot")
		q := curves(lot, bids, asks, cross(bids, asks))
		for k, depth := range quoteDepths {
			x := int64(depth) * int64(lot)
			var sell, buy int64
			for p := int64(0); p <= 40; p++ {
				if demand(bids, p)-supply(asks, p) >= x {
					sell = p
				}
			}
			for p := int64(40); p >= 1; p-- {
				if supply(asks, p)-demand(bids, p) >= x {
					buy = p
				}
			}
			if float64(sell) != q.Sell[k] || float64(buy) != q.Buy[k] {
				t.Fatalf("depth %d: quotes %v and %v, the curves say %d and %d", x, q.Sell[k], q.Buy[k], sell, buy)
			}
		}
	})
}

// Between the depths that are kept a quote lies on the straight line.
func TestQuotesBetweenDepthsLieOnALine(t *testing.T) {
	for _, lot := range []int32{1, 4} {
		var q Quotes
		for k := range q.Sell {
			q.Sell[k], q.Buy[k] = 900-float64(quoteDepths[k]*quoteDepths[k]), 100+float64(7*quoteDepths[k])
		}
		for x := 0.0; x < 36; x += 0.25 {
			var sell, buy float64
			switch k := slices.IndexFunc(quoteDepths[:], func(d int32) bool { return float64(d) >= x }); {
			case k == 0:
				sell, buy = q.Sell[0], q.Buy[0]
			case k > 0:
				below, above := float64(quoteDepths[k-1]), float64(quoteDepths[k])
				part := (x - below) / (above - below)
				sell, buy = (1-part)*q.Sell[k-1]+part*q.Sell[k], (1-part)*q.Buy[k-1]+part*q.Buy[k]
			}
			units := x * float64(lot)
			if gotSell, gotBuy := q.SellAt(lot, units), q.BuyAt(lot, units); math.Abs(gotSell-sell) > 1e-9 || math.Abs(gotBuy-buy) > 1e-9 {
				t.Errorf("%v lots: quotes %v and %v, must be %v and %v", x, gotSell, gotBuy, sell, buy)
			}
		}
		for k := 1; k < QuotePoints; k++ { // none where one of the two ends is missing; a price of 1 is one
			for _, missing := range []int{k - 1, k} {
				one := q
				one.Sell[missing], one.Buy[missing] = 0, 1
				middle := float64(lot) * (float64(quoteDepths[k-1]) + float64(quoteDepths[k])) / 2
				if one.SellAt(lot, middle) != 0 || one.BuyAt(lot, middle) == 0 {
					t.Errorf("between depths %d and %d, point %d changed: quotes %v and %v", quoteDepths[k-1], quoteDepths[k], missing, one.SellAt(lot, middle), one.BuyAt(lot, middle))
				}
			}
		}
	}
}

// News of an age is what the markets quoted in that week: smoothed while there are orders, and fading where nobody has any.
func TestNewsIsOfItsWeek(t *testing.T) {
	acc := NewAccounts(1)
	seller := acc.Open(1, acc.LabelID("seller"), Merchant, 0)
	buyer := acc.Open(2, acc.LabelID("buyer"), Final, 1_000_000)
	acc.Bring(Made, seller, 0, 0, 1000)
	a := NewAuctions(2, 1, []int32{1})
	var sell, buy [2][]float64 // by market and week, at depth 1, before any week too
	for m := range sell {
		sell[m], buy[m] = make([]float64, QuoteAges), make([]float64, QuoteAges)
	}
	for week := range 12 {
		for m := range int32(2) {
			last := len(sell[m]) - 1
			if week%4 == int(m) { // nobody comes
				sell[m], buy[m] = append(sell[m], sell[m][last]*(1-a.Forget)), append(buy[m], 0)
				continue
			}
			bidder, asker := int64(100+10*week+int(m)), int64(200+week)
			a.Bid(Order{Limit: bidder, Market: m, Holder: buyer, Units: 2})
			a.Ask(Order{Limit: asker, Market: m, Holder: seller, Units: 2})
			sell[m] = append(sell[m], sell[m][last]+a.Smooth*(float64(bidder)-sell[m][last]))
			if buy[m][last] > 0 {
				buy[m] = append(buy[m], buy[m][last]+a.Smooth*(float64(asker)-buy[m][last]))
			} else {
				buy[m] = append(buy[m], float64(asker))
			}
		}
		for m := range int32(2) {
			for age := 1; age < QuoteAges; age++ { // before the week clears, last week's is one week old
				at := len(sell[m]) - 1 - age
				if q := a.News(m, age); math.Abs(q.Sell[0]-sell[m][at]) > 1e-9 || math.Abs(q.Buy[0]-buy[m][at]) > 1e-9 {
					t.Fatalf("week %d, market %d: quotes of age %d are %v and %v, must be %v and %v", week, m, age, q.Sell[0], q.Buy[0], sell[m][at], buy[m][at])
				}
			}
		}
		a.Clear(acc, week, NewKey(uint64(week)))
	}
}

// The reference sorts whole orders by market, limit and luck, each with luck of its own, whether it needs it or not.
func TestBooksStandByLimitThenLuckThenArrival(t *testing.T) {
	const markets, holders = 3, 30
	acc := NewAccounts(1)
	for i := uint64(0); i < holders; i++ {
		acc.Open(NewKey(7).At(i).Bits(), 0, Final, 0)
	}
	a := NewAuctions(markets, 1, []int32{1})
	for m := range a.Keys {
		a.Keys[m] = NewKey(11).At(uint64(m)).Bits()
	}
	for round := uint64(0); round < 60; round++ {
		luck := NewKey(round)
		limits := []int{1, 5, 900, 3_000_000}[round%4]
		a.orders[bid], a.orders[ask] = a.orders[bid][:0], a.orders[ask][:0]
		for i, n := uint64(0), uint64(luck.Intn(400)); i < n; i++ {
			l := luck.At(i)
			o := Order{Limit: 1 + int64(l.At(0).Intn(limits)), Market: int32(l.At(1).Intn(markets)), Holder: int32(l.At(2).Intn(holders)), Units: int32(i + 1)}
			if l.At(3).Intn(2) == 0 {
				a.Bid(o)
			} else {
				a.Ask(o)
			}
		}
		books := [2][]Order{slices.Clone(a.orders[bid]), slices.Clone(a.orders[ask])}
		a.arrange(acc, luck)
		for side, want := range books {
			slices.SortStableFunc(want, func(x, y Order) int {
				prio := func(o Order) uint32 { return uint32(luck.At(acc.ID[o.Holder] + a.Keys[o.Market]).Bits()) }
				limit := cmp.Compare(x.Limit, y.Limit)
				if side == bid {
					limit = -limit
				}
				return cmp.Or(cmp.Compare(x.Market, y.Market), limit, cmp.Compare(prio(x), prio(y)))
			})
			for i, got := range a.sorted[side] {
				if got.Prio = 0; got != want[i] {
					t.Fatalf("round %d, side %d, order %d: %+v, must be %+v", round, side, i, got, want[i])
				}
			}
		}
	}
}

// market is one market with n traders a side, each with a holder, for tests of the settlement.
func oneMarket(traders int) (*Auctions, *Accounts) {
	acc := NewAccounts(1)
	for i := 0; i < traders; i++ {
		acc.Open(NewKey(7).At(uint64(i)).Bits(), acc.LabelID("trader"), Final, 1_000_000)
	}
	return NewAuctions(1, 1, []int32{1}), acc
}

func TestFillsRespectLimitsAndConserveEverything(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, acc := oneMarket(40)
		limit := map[int32]int64{}
		for i := int32(0); i < 40; i++ {
			n := rapid.Int32Range(1, 6).Draw(t, "units")
			limit[i] = rapid.Int64Range(1, 50).Draw(t, "limit")
			if i%2 == 0 {
				acc.Bring(Made, i, 0, int(i)%3, n)
				a.Ask(Order{Limit: limit[i], Holder: i, Units: n})
			} else {
				a.Bid(Order{Limit: limit[i], Holder: i, Units: n})
			}
		}
		a.Clear(acc, 0, NewKey(1))
		for _, s := range a.Sales {
			if s.Price < limit[s.Seller] || s.Price > limit[s.Buyer] {
				t.Fatalf("sale at %d outside the limits %d and %d", s.Price, limit[s.Seller], limit[s.Buyer])
			}
		}
		if bad := acc.Check(); bad != nil {
			t.Fatalf("conservation broke: %+v", *bad)
		}
		var cost int64
		for _, c := range a.Week[0].Cost {
			cost += c
		}
		if cost != a.Week[0].Price*int64(a.Week[0].Units) {
			t.Fatalf("cost stack %d, value sold %d", cost, a.Week[0].Price*int64(a.Week[0].Units))
		}
	})
}

// Gode & Sunder (1993): traders without intelligence but with budgets find nearly all gains from trade within a session of
// redrawn orders. World: 20 a side, one unit each, values and costs uniform on 1..200; 30 rounds in which every trader who
// has not traded draws a new random order that loses him nothing; 40 sessions.
func TestZeroIntelligenceTradersWithBudgetsAreEfficient(t *testing.T) {
	const side, rounds, sessions = 20, 30, 40
	var gained, possible float64
	for s := uint64(0); s < sessions; s++ {
		luck := NewKey(s)
		values, costs := make([]int64, side), make([]int64, side)
		for i := range values {
			values[i] = 1 + int64(luck.Label("value").At(uint64(i)).Intn(200))
			costs[i] = 1 + int64(luck.Label("cost").At(uint64(i)).Intn(200))
		}
		possible += greatestSurplus(values, costs)
		gained += zeroIntelligence(values, costs, rounds, luck)
	}
	if e := gained / possible; e < 0.95 {
		t.Fatalf("efficiency %.3f, must be above 0.95", e)
	}
}

func greatestSurplus(values, costs []int64) (sum float64) {
	v, c := slices.Clone(values), slices.Clone(costs)
	slices.Sort(v)
	slices.Reverse(v)
	slices.Sort(c)
	for i := range v {
		if v[i] > c[i] {
			sum += float64(v[i] - c[i])
		}
	}
	return sum
}

func zeroIntelligence(values, costs []int64, rounds int, luck Key) (gained float64) {
	a, acc := oneMarket(2 * len(values))
	for i := range costs {
		acc.Bring(Made, int32(i), 0, 0, 1)
	}
	done := make([]bool, 2*len(values))
	for r := 0; r < rounds; r++ {
		for i := range values {
			if k := luck.At(uint64(r)).At(uint64(i)); !done[i] {
				a.Ask(Order{Limit: costs[i] + int64(k.Intn(int(201-costs[i]))), Holder: int32(i), Units: 1})
			}
			if k := luck.At(uint64(r)).At(uint64(1000 + i)); !done[len(values)+i] {
				a.Bid(Order{Limit: 1 + int64(k.Intn(int(values[i]))), Holder: int32(len(values) + i), Units: 1})
			}
		}
		a.Clear(acc, r, luck.At(uint64(r)))
		for _, s := range a.Sales {
			done[s.Seller], done[s.Buyer] = true, true
			gained += float64(values[int(s.Buyer)-len(values)] - costs[s.Seller])
		}
	}
	return gained
}

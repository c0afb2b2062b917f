package sim

import (
	"cmp"
	"slices"
	"testing"
	"time"
)

// smallMarket is one market read off bytes, three an order: who and on which side, the limit, and the units. Limits are small, so
// that all prices can be tried.
func smallMarket(data []byte) (bids, asks []Order) {
	for ; len(data) >= 3 && len(bids)+len(asks) < 60; data = data[3:] {
		o := Order{Limit: int64(data[1] % 40), Holder: int32(data[0] >> 1 % 8), Units: int32(data[2] % 12)}
		if data[0]&1 == 0 {
			bids = append(bids, o)
		} else {
			o.Holder += 8 // who sells does not buy in the same week
			asks = append(asks, o)
		}
	}
	return bids, asks
}

// cleared holds a market's clearing against a search over all prices, and every holder's goods and money against what priority gives him.
// A market may be cleared again and again: prices and fills know nothing of the weeks before.
func cleared(t *testing.T, a *Auctions, bids, asks []Order) {
	t.Helper()
	acc := sixteen()
	for _, o := range asks {
		if o.Units > 0 {
			acc.Bring(Made, o.Holder, 0, int(o.Holder)%3, o.Units)
		}
		a.Ask(o)
	}
	for _, o := range bids {
		a.Bid(o)
	}
	good := func(o Order) bool { return o.Units <= 0 }
	asks = slices.DeleteFunc(slices.Clone(asks), good)
	bids = slices.DeleteFunc(slices.Clone(bids), func(o Order) bool { return good(o) || o.Limit <= 0 })
	held, cash := unitsOfAll(acc), slices.Clone(acc.Cash)
	luck := NewKey(7)
	a.Clear(acc, 0, luck)

	price, units := bruteClearing(bids, asks)
	if w := a.Week[0]; w.Price != price || int64(w.Units) != units {
		t.Fatalf("cleared %d units at %d, a search over all prices finds %d at %d: bids %v, asks %v", w.Units, w.Price, units, price, bids, asks)
	}
	bought, sold := byPriority(a, acc, luck, bids, units, true), byPriority(a, acc, luck, asks, units, false)
	for h, before := range held {
		n := bought[int32(h)] - sold[int32(h)]
		if got := acc.Units(int32(h), 0); int64(got) != int64(before)+n {
			t.Fatalf("holder %d has %d units after %d, priority gives him %+d: bids %v, asks %v", h, got, before, n, bids, asks)
		}
		if got := acc.Cash[h]; got != cash[h]-n*price {
			t.Fatalf("holder %d has %d CFA after %d, %d units at %d: bids %v, asks %v", h, got, cash[h], n, price, bids, asks)
		}
	}
	var inSales int64
	for _, s := range a.Sales {
		if inSales += int64(s.Units); s.Price != price || s.Units <= 0 {
			t.Fatalf("a sale of %d units at %d, must be some at %d", s.Units, s.Price, price)
		}
	}
	if inSales != units {
		t.Fatalf("%d units in sales, %d traded", inSales, units)
	}
	if bad := acc.Check(); bad != nil {
		t.Fatalf("conservation broke: %+v", *bad)
	}
}

// sixteen are holders with money and no goods.
func sixteen() *Accounts {
	acc := NewAccounts(1)
	for i := range uint64(16) {
		acc.Open(NewKey(7).At(i).Bits(), acc.LabelID("trader"), Final, 1_000_000)
	}
	return acc
}

func unitsOfAll(acc *Accounts) (held []int32) {
	for h := range acc.ID {
		held = append(held, acc.Units(int32(h), 0))
	}
	return held
}

// byPriority hands units out in the order of limits, of equal limits in that of luck, and of equal luck as the orders came.
func byPriority(a *Auctions, acc *Accounts, luck Key, orders []Order, units int64, descending bool) map[int32]int64 {
	orders = slices.Clone(orders)
	slices.SortStableFunc(orders, func(x, y Order) int {
		limit := cmp.Compare(x.Limit, y.Limit)
		if descending {
			limit = -limit
		}
		prio := func(o Order) uint32 { return uint32(luck.At(acc.ID[o.Holder] + a.Keys[0]).Bits()) }
		return cmp.Or(limit, cmp.Compare(prio(x), prio(y)))
	})
	out := map[int32]int64{}
	for _, o := range orders {
		n := min(units, int64(o.Units))
		out[o.Holder] += n
		units -= n
	}
	return out
}

func FuzzAuction(f *testing.F) {
	for _, s := range []string{"", "\x00\x05\x02\x01\x03\x02", "\x00\x05\x05\x02\x05\x05\x01\x05\x03\x03\x05\x09", "\x01\x00\x01\x00\x00\x01\x02\x27\x0b", "abcdefghijklmnopqrstuvwxyz"} {
		f.Add([]byte(s))
	}
	a, _ := oneMarket(16)
	f.Fuzz(func(t *testing.T, data []byte) {
		bids, asks := smallMarket(data)
		cleared(t, a, bids, asks)
	})
}

// Every book of at most three orders a side with limits from 1 to 4 and 1 to 3 units is priced, and every one of at most two a side
// settled.
func TestEverySmallBookClearsAsASearchOverAllPricesDoes(t *testing.T) {
	bids, asks := ladders(3, true), ladders(3, false)
	a, _ := oneMarket(16)
	books := 0
	for _, b := range bids {
		for _, s := range asks {
			books++
			price, units := ClearingPrice(b, s)
			if wantPrice, wantUnits := bruteClearing(b, s); price != wantPrice || units != wantUnits {
				t.Fatalf("%d units at %d, a search finds %d at %d: bids %v, asks %v", units, price, wantUnits, wantPrice, b, s)
			}
			if len(b) <= 2 && len(s) <= 2 {
				cleared(t, a, b, s)
			}
		}
	}
	t.Logf("%d books", books)
	if books != 455*455 {
		t.Errorf("must be 455 ladders a side, got %d books", books)
	}
}

// ladders are all books of at most n orders of one side, best first.
func ladders(n int, descending bool) (all [][]Order) {
	all = append(all, nil)
	for from, size := 0, 1; size <= n; size++ {
		to := len(all)
		for _, shorter := range all[from:to] {
			for k := range 12 {
				o := Order{Limit: int64(1 + k/3), Units: int32(1 + k%3), Holder: int32(size)}
				if descending {
					o.Limit = 5 - o.Limit
				} else {
					o.Holder += 8
				}
				if last := len(shorter) - 1; last < 0 || ladderPlace(shorter[last], descending) <= ladderPlace(o, descending) {
					all = append(all, append(slices.Clone(shorter), o))
				}
			}
		}
		from = to
	}
	return all
}

// ladderPlace numbers the twelve orders from the best on, so that every ladder comes once.
func ladderPlace(o Order, descending bool) int64 {
	limit := o.Limit
	if descending {
		limit = 5 - limit
	}
	return 3*limit + int64(o.Units)
}

// Dates: what ParseDate takes it writes back, and weeks are seven days from Mondays on.
func FuzzDate(f *testing.F) {
	for _, s := range []string{"2023-08-13", "1970-01-01", "2199-12-31", "0000-01-01", "9999-12-31", "2023-02-30", "2024-02-29", "2023-1-1", "20230813", "-001-01-01", "2023-08-13T00:00"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := ParseDate(text)
		if err != nil {
			return
		}
		if d.String() != text {
			t.Fatalf("%q is read as %s", text, d)
		}
		m := d.Monday()
		if m.Time().Weekday() != time.Monday || m > d || d-m > 6 {
			t.Fatalf("%s: the Monday on or before it must be one, got %s", d, m)
		}
		if again := DateOf(d.Year(), int(d.Time().Month()), d.Time().Day()); again != d {
			t.Fatalf("%s: got %s from its parts", d, again)
		}
	})
}

package sim

import (
	"cmp"
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The books and the auctions against simple ones. The simple books keep a struct for every stock and reckon shares in numbers of any size;
// the simple auction takes orders apart into single units, tries every price and pairs the units one by one.

const (
	bookGoods   = 2
	bookMarkets = 2 // of each good
	highest     = 60
)

// stock is what one holder has of one good.
type stock struct {
	origin [MaxOrigins]int64
	cost   [NComponents]int64
}

func (s *stock) units() (n int64) {
	for _, u := range s.origin {
		n += u
	}
	return n
}

func (s *stock) add(other stock) {
	for o := range s.origin {
		s.origin[o] += other.origin[o]
	}
	for c := range s.cost {
		s.cost[c] += other.cost[c]
	}
}

// take takes n units out: origins pro rata, what is left over to those that were rounded down most, the first of equals first; costs pro rata,
// towards zero.
func (s *stock) take(n int64) (out stock) {
	all := s.units()
	if n == 0 {
		return out
	}
	if n == all {
		out, *s = *s, stock{}
		return out
	}
	left := n
	var order []int
	rest := map[int]int64{}
	for o, have := range s.origin {
		out.origin[o] = have * n / all
		rest[o] = have * n % all
		left -= out.origin[o]
		if have > 0 {
			order = append(order, o)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rest[b], rest[a]) })
	for _, o := range order[:left] {
		out.origin[o]++
	}
	for c, cfa := range s.cost {
		part := new(big.Int).Mul(big.NewInt(cfa), big.NewInt(n))
		out.cost[c] = part.Quo(part, big.NewInt(all)).Int64()
	}
	for o := range s.origin {
		s.origin[o] -= out.origin[o]
	}
	for c := range s.cost {
		s.cost[c] -= out.cost[c]
	}
	return out
}

// simpleBooks are all holders' stocks and cash, and what came and went.
type simpleBooks struct {
	role   []Role
	tapOf  []int
	stocks [][bookGoods]stock
	cash   []int64
	flow   [NGoodsFlows][bookGoods][MaxOrigins]int64
	money  [NMoneyFlows]int64
}

func (b *simpleBooks) sell(seller, buyer int32, good int, n, price int64) (what stock) {
	value := n * price
	switch b.role[seller] {
	case Tap:
		what.origin[b.tapOf[seller]] = n
		what.cost[CostOrigin] = value
		b.flow[Made][good][b.tapOf[seller]] += n
		b.money[Outside] += value
	case Final: // whoever used it is where it comes from
		what = b.stocks[seller][good].take(n)
		what.cost = [NComponents]int64{CostOrigin: value}
		b.cash[seller] += value
	default:
		what = b.stocks[seller][good].take(n)
		margin := value
		for _, cfa := range what.cost {
			margin -= cfa
		}
		what.cost[CostMargin] += margin
		b.cash[seller] += value
	}
	b.cash[buyer] -= value
	b.stocks[buyer][good].add(what)
	return what
}

// single is one unit of an order.
type single struct {
	order int
	Order
}

// simpleAuction returns who sells to whom, unit by unit, and the price. Priority among equal limits is the luck of holder and market, and among the orders
// of one holder the order in which they came.
func simpleAuction(bids, asks []Order, luck func(Order) uint32) (pairs [][2]int32, price int64) {
	apart := func(orders []Order, sign int) (units []single) {
		for i, o := range orders {
			o.Prio = luck(o)
			for range o.Units {
				units = append(units, single{i, o})
			}
		}
		slices.SortStableFunc(units, func(x, y single) int {
			return cmp.Or(sign*cmp.Compare(x.Limit, y.Limit), cmp.Compare(x.Prio, y.Prio), cmp.Compare(x.order, y.order))
		})
		return units
	}
	b, s := apart(bids, -1), apart(asks, 1)
	price, traded := bestPrice(bids, asks)
	for k := range traded {
		pairs = append(pairs, [2]int32{s[k].Holder, b[k].Holder})
	}
	return pairs, price
}

// bestPrice tries every price up to the highest limit: of those that trade most, the ones at which nobody unserved would have gained, and of these the middle.
func bestPrice(bids, asks []Order) (price, units int64) {
	for p := int64(0); p <= highest; p++ {
		units = max(units, min(demand(bids, p), supply(asks, p)))
	}
	if units == 0 {
		return 0, 0
	}
	lo, hi := int64(-1), int64(-1)
	for p := int64(0); p <= highest; p++ {
		if demand(bids, p) >= units && supply(asks, p) >= units && demand(bids, p+1) <= units && supply(asks, p-1) <= units {
			if lo < 0 {
				lo = p
			}
			hi = p
		}
	}
	return lo + (hi-lo)/2, units
}

// twoBooks are the real books and the simple ones, which live the same life.
type twoBooks struct {
	acc     *Accounts
	markets *Auctions
	simple  simpleBooks
	week    int
}

func newTwoBooks() *twoBooks {
	b := &twoBooks{acc: NewAccounts(bookGoods), markets: NewAuctions(bookMarkets*bookGoods, bookGoods, []int32{1, 3})}
	for m := range b.markets.Keys {
		b.markets.Keys[m] = NewKey(11).At(uint64(m)).Bits()
	}
	return b
}

func (b *twoBooks) open(t *rapid.T) {
	role := rapid.SampledFrom([]Role{Carrier, Merchant, Final, Tap}).Draw(t, "role")
	cash := rapid.Int64Range(-1000, 100_000).Draw(t, "cash")
	tap := rapid.IntRange(0, MaxOrigins-1).Draw(t, "origin")
	holder := b.acc.Open(NewKey(7).At(uint64(len(b.simple.cash))).Bits(), b.acc.LabelID("someone"), role, cash)
	b.markets.SetTap(holder, tap)
	s := &b.simple
	s.role, s.tapOf, s.cash, s.stocks = append(s.role, role), append(s.tapOf, tap), append(s.cash, cash), append(s.stocks, [bookGoods]stock{})
	s.money[Opening] += cash
}

func (b *twoBooks) holder(t *rapid.T, what string) int32 {
	return rapid.Int32Range(0, int32(len(b.simple.cash)-1)).Draw(t, what)
}

func goodOf(t *rapid.T) int { return rapid.IntRange(0, bookGoods-1).Draw(t, "good") }

func (b *twoBooks) bring(t *rapid.T) {
	h, g, o, n := b.holder(t, "holder"), goodOf(t), rapid.IntRange(0, MaxOrigins-1).Draw(t, "origin"), rapid.Int32Range(0, 20).Draw(t, "units")
	f := rapid.SampledFrom([]GoodsFlow{Made, Captured}).Draw(t, "flow")
	b.acc.Bring(f, h, g, o, n)
	b.simple.stocks[h][g].origin[o] += int64(n)
	b.simple.flow[f][g][o] += int64(n)
}

func (b *twoBooks) remove(t *rapid.T) {
	h, g, n := b.holder(t, "holder"), goodOf(t), rapid.Int32Range(0, 30).Draw(t, "units")
	f := rapid.SampledFrom([]GoodsFlow{Used, Lost, Seized, Collected}).Draw(t, "flow")
	b.acc.Remove(f, h, g, n)
	s := &b.simple.stocks[h][g]
	gone := s.take(min(int64(n), s.units()))
	for o, u := range gone.origin {
		b.simple.flow[f][g][o] += u
	}
}

func (b *twoBooks) move(t *rapid.T) {
	from, to, g, n := b.holder(t, "from"), b.holder(t, "to"), goodOf(t), rapid.Int32Range(0, 30).Draw(t, "units")
	b.acc.Move(from, to, g, n)
	s := &b.simple.stocks[from][g]
	b.simple.stocks[to][g].add(s.take(min(int64(n), s.units())))
}

func (b *twoBooks) addCost(t *rapid.T) {
	h, g, c, cfa := b.holder(t, "holder"), goodOf(t), rapid.IntRange(0, int(NComponents)-1).Draw(t, "component"), rapid.Int64Range(-1<<40, 1<<40).Draw(t, "cfa")
	b.acc.AddCost(h, g, Component(c), cfa)
	if s := &b.simple.stocks[h][g]; s.units() > 0 {
		s.cost[c] += cfa
	}
}

func (b *twoBooks) pay(t *rapid.T) {
	from, to, cfa := b.holder(t, "from"), b.holder(t, "to"), rapid.Int64Range(0, 1_000_000).Draw(t, "cfa")
	b.acc.Pay(from, to, cfa)
	b.simple.cash[from] -= cfa
	b.simple.cash[to] += cfa
}

func (b *twoBooks) pass(t *rapid.T) {
	h, f, cfa := b.holder(t, "holder"), MoneyFlow(rapid.IntRange(1, int(NMoneyFlows)-1).Draw(t, "flow")), rapid.Int64Range(0, 1_000_000).Draw(t, "cfa")
	if f.Inward() {
		b.acc.Receive(h, cfa, f)
		b.simple.cash[h] += cfa
	} else {
		b.acc.Spend(h, cfa, f)
		b.simple.cash[h] -= cfa
	}
	b.simple.money[f] += cfa
}

// clear lives a week of the markets: everybody may bid, and offers no more than he has.
func (b *twoBooks) clear(t *rapid.T) {
	var books [2][bookMarkets * bookGoods][]Order
	left := map[[2]int32]int64{} // by holder and good, as far as not offered yet
	for range rapid.IntRange(0, 24).Draw(t, "orders") {
		h, m := b.holder(t, "holder"), rapid.Int32Range(0, bookMarkets*bookGoods-1).Draw(t, "market")
		o := Order{Limit: rapid.Int64Range(1, highest).Draw(t, "limit"), Market: m, Holder: h, Units: rapid.Int32Range(1, 6).Draw(t, "units")}
		if b.simple.role[h] != Tap && rapid.Bool().Draw(t, "bids") {
			b.markets.Bid(o)
			books[bid][m] = append(books[bid][m], o)
			continue
		}
		at := [2]int32{h, m % bookGoods}
		if _, ok := left[at]; !ok {
			left[at] = b.simple.stocks[h][m%bookGoods].units()
		}
		if b.simple.role[h] == Tap || left[at] >= int64(o.Units) {
			left[at] -= int64(o.Units)
			b.markets.Ask(o)
			books[ask][m] = append(books[ask][m], o)
		}
	}
	b.week++
	luck := NewKey(5).At(uint64(b.week))
	b.markets.Clear(b.acc, b.week, luck)
	var sales []Sale
	for m := range int32(bookMarkets * bookGoods) {
		pairs, price := simpleAuction(books[bid][m], books[ask][m], func(o Order) uint32 {
			return uint32(luck.At(b.acc.ID[o.Holder] + b.markets.Keys[o.Market]).Bits())
		})
		for len(pairs) > 0 { // units of the same two in a row are one sale
			n := 1
			for n < len(pairs) && pairs[n] == pairs[0] {
				n++
			}
			sale := Sale{Market: m, Seller: pairs[0][0], Buyer: pairs[0][1], Units: int32(n), Price: price}
			what := b.simple.sell(sale.Seller, sale.Buyer, int(m)%bookGoods, int64(n), price)
			for o, u := range what.origin {
				sale.Origin[o] = int32(u)
			}
			sales, pairs = append(sales, sale), pairs[n:]
		}
		if w := b.markets.Week[m]; w.Price != price {
			t.Fatalf("market %d: price %d, a search over all prices finds %d", m, w.Price, price)
		}
	}
	if !slices.Equal(b.markets.Sales, sales) {
		t.Fatalf("sales\n%+v, unit by unit\n%+v", b.markets.Sales, sales)
	}
}

// compare holds the two books against each other.
func (b *twoBooks) compare(t *rapid.T) {
	for h := range b.simple.cash {
		if b.acc.Cash[h] != b.simple.cash[h] {
			t.Fatalf("holder %d has %d CFA, must have %d", h, b.acc.Cash[h], b.simple.cash[h])
		}
		for g := range bookGoods {
			var got stock
			if l := b.acc.Lot(int32(h), g); l != nil {
				got.cost = l.Cost
				for o, u := range l.Origin {
					got.origin[o] = int64(u)
				}
			}
			if want := b.simple.stocks[h][g]; got != want || int64(b.acc.Units(int32(h), g)) != want.units() {
				t.Fatalf("holder %d has %+v of good %d, must have %+v", h, got, g, want)
			}
		}
	}
	for f := range b.simple.flow {
		for g := range bookGoods {
			if b.acc.Flow[f][g] != b.simple.flow[f][g] {
				t.Fatalf("flow %s of good %d: %v, must be %v", GoodsFlow(f), g, b.acc.Flow[f][g], b.simple.flow[f][g])
			}
		}
	}
	if b.acc.Money != b.simple.money {
		t.Fatalf("money %v, must be %v", b.acc.Money, b.simple.money)
	}
	if bad := b.acc.Check(); bad != nil {
		t.Fatalf("sound books are said to be off: %+v", *bad)
	}
}

func TestBooksAndAuctionsAgreeWithSimpleOnes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := newTwoBooks()
		for range 6 {
			b.open(t)
		}
		t.Repeat(map[string]func(*rapid.T){"open": b.open, "bring": b.bring, "remove": b.remove, "move": b.move, "add cost": b.addCost, "pay": b.pay, "pass": b.pass,
			"clear": b.clear, "clear again": b.clear, "": b.compare})
	})
}

// week clears a week of orders among holders who have enough of everything, and returns all that the markets tell of it.
func week(orders []Order) (sales []Sale, weeks []MarketWeek, quotes []Quotes) {
	const holders = 12
	acc := NewAccounts(bookGoods)
	a := NewAuctions(bookMarkets*bookGoods, bookGoods, []int32{1, 3})
	for i := range uint64(holders) {
		h := acc.Open(NewKey(7).At(i).Bits(), acc.LabelID("someone"), Merchant, 1_000_000)
		for g := range bookGoods {
			acc.Bring(Made, h, g, int(i)%3, 10_000)
		}
	}
	for _, o := range orders {
		if o.Holder%2 == 0 {
			a.Ask(o)
		} else {
			a.Bid(o)
		}
	}
	a.Clear(acc, 0, NewKey(1))
	return a.Sales, a.Week, a.Quotes[uint(a.weekNo)%QuoteAges]
}

func drawWeek(t *rapid.T) []Order {
	orders := make([]Order, rapid.IntRange(2, 60).Draw(t, "orders"))
	for i := range orders {
		orders[i] = Order{Limit: rapid.Int64Range(1, 12).Draw(t, "limit"), Market: rapid.Int32Range(0, bookMarkets*bookGoods-1).Draw(t, "market"),
			Holder: rapid.Int32Range(0, 11).Draw(t, "holder"), Units: rapid.Int32Range(1, 9).Draw(t, "units")}
	}
	return orders
}

// What must not change the week of a market (model design 6.4): the same orders in parts, everybody's orders in another order of holders, and
// whatever is offered elsewhere.
func TestTheSameOrdersTradeTheSameHoweverTheyCome(t *testing.T) {
	changes := []struct {
		name string
		do   func(t *rapid.T, orders []Order) []Order
	}{
		{"in parts", func(t *rapid.T, orders []Order) (parts []Order) {
			for _, o := range orders {
				first := o
				if first.Units = rapid.Int32Range(0, o.Units).Draw(t, "first part"); first.Units > 0 { // one of no units is not an order
					parts = append(parts, first)
				}
				o.Units -= first.Units
				parts = append(parts, o)
			}
			return parts
		}},
		{"from holders in another order", func(t *rapid.T, orders []Order) []Order {
			turn := rapid.Permutation([]int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}).Draw(t, "turn")
			other := slices.Clone(orders)
			slices.SortStableFunc(other, func(x, y Order) int { return cmp.Compare(turn[x.Holder], turn[y.Holder]) })
			return other
		}},
		{"market by market", func(_ *rapid.T, orders []Order) []Order {
			other := slices.Clone(orders)
			slices.SortStableFunc(other, func(x, y Order) int { return cmp.Compare(y.Market, x.Market) })
			return other
		}},
	}
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				orders := drawWeek(t)
				sales, weeks, quotes := week(orders)
				sales2, weeks2, quotes2 := week(c.do(t, orders))
				if !slices.Equal(sales, sales2) || !slices.Equal(weeks, weeks2) || !slices.Equal(quotes, quotes2) {
					t.Fatalf("%v\n%+v\n%+v", orders, sales, sales2)
				}
			})
		})
	}
	t.Run("with others elsewhere", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) {
			at := func(o Order) int32 { return o.Market }
			here, elsewhere := inMarket(drawWeek(t), at, true), inMarket(drawWeek(t), at, false)
			alone, weeks, quotes := week(here)
			all, weeks2, quotes2 := week(append(slices.Clone(elsewhere), here...))
			beside := inMarket(all, func(s Sale) int32 { return s.Market }, true)
			for _, sales := range [][]Sale{alone, beside} { // origins are those of stocks, which are sold elsewhere too
				for i := range sales {
					sales[i].Origin = [MaxOrigins]int32{}
				}
			}
			if !slices.Equal(alone, beside) || weeks[1].Price != weeks2[1].Price || quotes[1] != quotes2[1] {
				t.Fatalf("%v\n%v\n%+v\n%+v", here, elsewhere, alone, beside)
			}
		})
	})
}

// inMarket keeps what is of one market.
func inMarket[T any](all []T, market func(T) int32, here bool) (out []T) {
	for _, x := range all {
		if (market(x) == 1) == here {
			out = append(out, x)
		}
	}
	return out
}

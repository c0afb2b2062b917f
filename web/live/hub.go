package live

import (
	"slices"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/scenarios"
	"entrepot/sim"
)

// hub reads the id of a hub of a state's world into its position.
func (r *reader) hub(path string, v any, s *asked) int {
	if s == nil {
		return none
	}
	var ids []string
	for i := range s.Setup.Hubs {
		ids = append(ids, s.Setup.Hubs[i].ID)
	}
	return r.oneOf(path, scenarios.Say("a hub of the world"), v, ids)
}

// good reads the id of a good of a state's world into its position.
func (r *reader) good(path string, v any, s *asked) int {
	if s == nil {
		return none
	}
	var ids []string
	for i := range s.Setup.Goods {
		ids = append(ids, s.Setup.Goods[i].ID)
	}
	return r.oneOf(path, scenarios.Say("a good of the world"), v, ids)
}

func (r *reader) oneOf(path string, what scenarios.Phrase, v any, ids []string) int {
	id, is := v.(string)
	i := slices.Index(ids, id)
	if !is || i < 0 {
		r.add(path, scenarios.Say("must be the id of %s, got %s", what, shown(v)), scenarios.Meant(id, ids))
	}
	return i
}

// week reads a week of a state's run; left out, it is the last.
func (r *reader) week(path string, v any, s *asked) int {
	if s == nil {
		return none
	}
	return r.whole(path, v, 0, s.Setup.Weeks()-1, s.Setup.Weeks()-1)
}

// hub answers with everything of one hub, week by week.
func (a *answer) hub(s *asked, hub, until int) error {
	m, err := agents.New(s.Setup, s.seed)
	if err != nil {
		return err
	}
	t := newHubTeller(m, hub)
	weeks := 0
	err = a.live(m, until+1, func(week int) error {
		defer t.forget()
		if week < 0 {
			return nil
		}
		weeks++
		a.out.buf = t.week(a.out.buf[:0], week)
		return a.out.put(a.out.buf)
	})
	if err != nil {
		return err
	}
	return a.out.end(weeks)
}

// hubTeller writes the weeks of one hub.
type hubTeller struct {
	m      *agents.Model
	hub    int
	books  []book // of the week, by good
	trades []trade
}

// book is the two curves of a market before it clears: what was bid and asked at each limit.
type book struct{ bids, asks []step }

type step struct{ limit, units int64 }

// trade adds up what sellers of one kind sold to buyers of another.
type trade struct {
	seller, buyer uint16
	units         [sim.MaxOrigins]int64
}

func newHubTeller(m *agents.Model, hub int) *hubTeller {
	t := &hubTeller{m: m, hub: hub, books: make([]book, m.Goods)}
	m.Auctions.OnClear(func(market int32, bids, asks []sim.Order) {
		if int(market)/m.Goods == hub {
			b := &t.books[int(market)%m.Goods]
			b.bids, b.asks = steps(b.bids[:0], bids), steps(b.asks[:0], asks)
		}
	})
	return t
}

// steps adds up the orders of each limit.
func steps(into []step, orders []sim.Order) []step {
	for i := range orders {
		if last := len(into) - 1; last >= 0 && into[last].limit == orders[i].Limit {
			into[last].units += int64(orders[i].Units)
			continue
		}
		into = append(into, step{orders[i].Limit, int64(orders[i].Units)})
	}
	return into
}

// forget empties the books, for a market without orders does not clear.
func (t *hubTeller) forget() {
	for g := range t.books {
		t.books[g].bids, t.books[g].asks = t.books[g].bids[:0], t.books[g].asks[:0]
	}
}

// week appends the line of the week that the model has just lived through.
func (t *hubTeller) week(b []byte, week int) []byte {
	b = number(append(b, `{"kind":"hub-week","t":`...), int64(week))
	p := &t.m.Places[t.hub]
	b = number(key(b, "controller"), controller(p))
	b = number(key(b, "regime"), int64(p.Regime))
	b = number(key(b, "violence"), rounded(float64(p.Violence*1000)))
	b = append(key(b, "goods"), '[')
	for g := range t.m.Goods {
		b = t.good(b, g)
	}
	return append(b, ']', '}')
}

// good appends what there is of a good, if anything.
func (t *hubTeller) good(b []byte, g int) []byte {
	market := t.hub*t.m.Goods + g
	w := &t.m.Auctions.Week[market]
	stored := int64(0)
	t.m.Dealers.Stores(func(holder int32, hub int) {
		if hub == t.hub {
			stored += int64(t.m.Accounts.Units(holder, g))
		}
	})
	if w.Wanted == 0 && w.Offered == 0 && stored == 0 {
		return b
	}
	price := int64(none)
	if w.Units > 0 {
		price = w.Price
	}
	b = number(key(next(b, '{'), "g"), int64(g))
	b = number(key(b, "price"), price)
	b = number(key(b, "units"), int64(w.Units))
	b = number(key(b, "stored"), stored)
	b = append(key(b, "cost"), '[')
	if w.Units > 0 {
		for _, cfa := range record.PerUnit(w.Cost, int64(w.Units)) {
			b = number(b, cfa)
		}
	}
	b = append(key(append(b, ']'), "trades"), '[')
	b = t.sold(b, market)
	b = append(key(append(b, ']'), "book"), `{"bid":[`...)
	for _, s := range t.books[g].bids {
		b = row(b, s.limit, s.units)
	}
	b = append(b, `],"ask":[`...)
	for _, s := range t.books[g].asks {
		b = row(b, s.limit, s.units)
	}
	return append(b, "]}}"...)
}

// sold appends who sold to whom, kinds and not individuals, by origin.
func (t *hubTeller) sold(b []byte, market int) []byte {
	t.trades = t.trades[:0]
	acc, price := t.m.Accounts, int64(0)
	for i := range t.m.Auctions.Sales {
		s := &t.m.Auctions.Sales[i]
		if int(s.Market) != market {
			continue
		}
		price = s.Price // one for all sales of a call
		k := t.trade(acc.Label[s.Seller], acc.Label[s.Buyer])
		for o, units := range s.Origin {
			k.units[o] += int64(units)
		}
	}
	inOrder(t.trades, func(x, y trade) bool { return x.seller < y.seller || x.seller == y.seller && x.buyer < y.buyer })
	for i := range t.trades {
		k := &t.trades[i]
		for o, units := range k.units {
			if units > 0 {
				b = text(text(next(b, '['), acc.Labels[k.seller]), acc.Labels[k.buyer])
				b = append(number(number(number(b, int64(o)), units), units*price), ']')
			}
		}
	}
	return b
}

// trade finds or adds a pair of kinds; a market has few.
func (t *hubTeller) trade(seller, buyer uint16) *trade {
	for i := range t.trades {
		if k := &t.trades[i]; k.seller == seller && k.buyer == buyer {
			return k
		}
	}
	t.trades = append(t.trades, trade{seller: seller, buyer: buyer})
	return &t.trades[len(t.trades)-1]
}

// controller is who holds a hub: a force, a group (-1 less its position), or nobody.
func controller(p *agents.Place) int64 {
	switch {
	case p.Group >= 0:
		return -1 - int64(p.Group)
	case p.Force >= 0:
		return int64(p.Force)
	}
	return nobody
}

package record

import (
	"slices"
	"sort"

	"entrepot/agents"
	"entrepot/output/tables"
	"entrepot/sim"
)

// books keeps the order books that were asked for, and two of the main good for the report: of each period that the report
// compares, the week whose price is nearest to the period's mean. Any single week is a draw; that one is at least no outlier.
type books struct {
	asked  []Book
	wanted map[int64]bool // week and market
	kept   []keptBook
	focus  []string
	weeks  [2][2]int // first and last week of the periods
	of     [2][][]keptBook
}

type keptBook struct {
	week, market int
	orders       []step
	price, units int64 // at which it cleared
}

// step is all orders of one side at one limit.
type step struct {
	ask          bool
	limit, units int64
}

func (b *books) start(o *Observer, opts Options) {
	m := o.m
	start := m.Setup.Start.Monday()
	b.asked, b.wanted = opts.Books, map[int64]bool{}
	for _, w := range opts.Books {
		b.wanted[bookKey(int(w.Date.Monday()-start)/7, m.Hub(w.Hub)*m.Goods+m.Good(w.Good))] = true
	}
	b.focus = opts.Focus
	for i, p := range [2]Period{opts.Before, opts.After} {
		b.weeks[i] = [2]int{0, -1}
		if p != (Period{}) {
			b.weeks[i] = [2]int{int(p.From.Monday()-start) / 7, int(p.To.Monday()-start) / 7}
		}
		b.of[i] = make([][]keptBook, len(m.Setup.Hubs))
	}
	m.Auctions.OnClear(func(market int32, bids, asks []sim.Order) { b.show(m, int(market), bids, asks) })
}

func bookKey(week, market int) int64 { return int64(week)<<32 | int64(market) }

// show is called with every book before it clears.
func (b *books) show(m *agents.Model, market int, bids, asks []sim.Order) {
	week := m.Week
	if week < 0 {
		return
	}
	if len(b.wanted) > 0 && b.wanted[bookKey(week, market)] {
		b.kept = append(b.kept, keptBook{week: week, market: market, orders: steps(nil, bids, asks)})
	}
	if market%m.Goods != 0 || len(bids) == 0 || len(asks) == 0 || bids[0].Limit < asks[0].Limit {
		return
	}
	for i, w := range b.weeks {
		if week >= w[0] && week <= w[1] {
			hub := market / m.Goods
			b.of[i][hub] = append(b.of[i][hub], keptBook{week: week, market: market, orders: steps(nil, bids, asks)})
		}
	}
}

// cleared notes at which price the week's book of a market cleared.
func (b *books) cleared(week, hub int, price, units int64) {
	for i := range b.of {
		if n := len(b.of[i][hub]); n > 0 && b.of[i][hub][n-1].week == week {
			b.of[i][hub][n-1].price, b.of[i][hub][n-1].units = price, units
		}
	}
}

// typical is the book whose price is nearest to the mean over the units sold, the first among equals; weeks in which
// hardly anything was sold do not count.
func typical(books []keptBook) keptBook {
	var value, units int64
	for _, k := range books {
		value += k.price * k.units
		units += k.units
	}
	best, least := books[0], int64(-1)
	for _, k := range books {
		off := k.price*units - value
		if off < 0 {
			off = -off
		}
		if enough := 2*k.units*int64(len(books)) >= units; enough && (least < 0 || off < least) {
			best, least = k, off
		}
	}
	return best
}

// steps adds up orders of equal limits: what is left is the two step curves.
func steps(into []step, bids, asks []sim.Order) []step {
	for side, orders := range [2][]sim.Order{bids, asks} {
		for i := range orders {
			last := len(into) - 1
			if i > 0 && into[last].limit == orders[i].Limit {
				into[last].units += int64(orders[i].Units)
				continue
			}
			into = append(into, step{side == 1, orders[i].Limit, int64(orders[i].Units)})
		}
	}
	return into
}

// close emits books.csv by week and market.
func (b *books) close(o *Observer) {
	if hub := b.choose(o.m); hub >= 0 {
		b.keep(typical(b.of[0][hub]))
		b.keep(typical(b.of[1][hub]))
	}
	sort.SliceStable(b.kept, func(i, j int) bool {
		x, y := &b.kept[i], &b.kept[j]
		return x.week < y.week || x.week == y.week && x.market < y.market
	})
	sides := [2]tables.Sym{o.names.Sym("bid"), o.names.Sym("ask")}
	for _, k := range b.kept {
		for _, s := range k.orders {
			side := sides[0]
			if s.ask {
				side = sides[1]
			}
			o.rec.Order(tables.Order{Tick: int32(k.week), Hub: o.hubs[k.market/o.m.Goods], Good: o.goods[k.market%o.m.Goods],
				Side: side, Limit: s.limit, Units: s.units})
		}
	}
}

// Missing returns the books that were asked for and never came: nobody had an order in that market and week.
func (o *Observer) Missing() []Book {
	var missing []Book
	for _, b := range o.books.asked {
		week, market := int(b.Date.Monday()-o.m.Setup.Start.Monday())/7, o.m.Hub(b.Hub)*o.m.Goods+o.m.Good(b.Good)
		if !slices.ContainsFunc(o.books.kept, func(k keptBook) bool { return k.week == week && k.market == market }) {
			missing = append(missing, b)
		}
	}
	return missing
}

// keep adds a book of the report unless it was asked for anyway.
func (b *books) keep(k keptBook) {
	if !b.wanted[bookKey(k.week, k.market)] {
		b.kept = append(b.kept, k)
	}
}

// choose returns the hub whose books the report shows: the first of the focus that traded in both periods, else the one
// that did so in most weeks, else -1.
func (b *books) choose(m *agents.Model) int {
	weeks := func(hub int) int { return min(len(b.of[0][hub]), len(b.of[1][hub])) }
	for _, id := range b.focus {
		if hub, ok := m.HubOf[id]; ok && weeks(hub) > 0 {
			return hub
		}
	}
	best := -1
	for hub := range b.of[0] {
		if weeks(hub) > 0 && (best < 0 || weeks(hub) > weeks(best)) {
			best = hub
		}
	}
	return best
}

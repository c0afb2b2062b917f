package record

import (
	"cmp"
	"slices"

	"entrepot/agents"
	"entrepot/output/tables"
	"entrepot/sim"
)

// season is how many weeks after the main shock the second book of the report is kept at the earliest: by then the
// cargoes that were under way have arrived and prices speak of the new situation.
const season = 26

// books keeps the order books that were asked for, and two of the main good for the report: the last before the main
// shock in which something traded, and the first a season after it.
type books struct {
	asked  []Book
	wanted map[int64]bool // week and market
	kept   []keptBook
	shock  int // week of the main shock, or -1 for none
	focus  []string
	before []keptBook // by hub: the last that traded before the shock
	after  []keptBook // by hub: the first that traded a season after it
	sold   []int64    // by hub: units of the main good over the run
}

type keptBook struct {
	week, market int
	orders       []step
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
	b.shock, b.focus = -1, opts.Focus
	if opts.Shock != 0 {
		b.shock = int(opts.Shock.Monday()-start) / 7
	}
	hubs := len(m.Setup.Hubs)
	b.before, b.after, b.sold = make([]keptBook, hubs), make([]keptBook, hubs), make([]int64, hubs)
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
		b.kept = append(b.kept, keptBook{week, market, steps(nil, bids, asks)})
	}
	if b.shock < 0 || market%m.Goods != 0 || len(bids) == 0 || len(asks) == 0 || bids[0].Limit < asks[0].Limit {
		return
	}
	hub := market / m.Goods
	switch {
	case week < b.shock && week >= b.shock-season:
		b.before[hub] = keptBook{week, market, steps(b.before[hub].orders[:0], bids, asks)}
	case week >= b.shock+season && b.after[hub].orders == nil:
		b.after[hub] = keptBook{week, market, steps(nil, bids, asks)}
	}
	b.sold[hub]++
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
		b.keep(b.before[hub])
		b.keep(b.after[hub])
	}
	slices.SortFunc(b.kept, func(x, y keptBook) int {
		return cmp.Or(cmp.Compare(x.week, y.week), cmp.Compare(x.market, y.market))
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

// choose returns the hub whose books the report shows: the first of the focus that has both, else the one that trades
// in most weeks, else -1.
func (b *books) choose(m *agents.Model) int {
	if b.shock < 0 {
		return -1
	}
	both := func(hub int) bool { return b.before[hub].orders != nil && b.after[hub].orders != nil }
	for _, id := range b.focus {
		if hub, ok := m.HubOf[id]; ok && both(hub) {
			return hub
		}
	}
	best := -1
	for hub := range b.sold {
		if both(hub) && (best < 0 || b.sold[hub] > b.sold[best]) {
			best = hub
		}
	}
	return best
}

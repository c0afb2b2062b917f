// Package record watches a model after every week and turns what it sees into the rows of output/tables.
//
// It only reads: a run with a recorder and one without draw the same luck and end in the same state.
package record

import (
	"entrepot/agents"
	"entrepot/output/tables"
	"entrepot/sim"
)

// Options say what is recorded beyond the weekly tables.
type Options struct {
	Books         []Book   // order books to keep
	Focus         []string // hubs of which to keep a book in each period, the first that trades in both; empty: the busiest
	Before, After Period   // that a report compares; empty: keep no book for it
	Only          *Tables  // nil: every table
}

// Tables names the tables to record: a study that keeps a few numbers of each run has no use for the others.
type Tables struct {
	Prices, Costs, Trades, Flows, Hubs, Throughput, Ledger bool
	Actors                                                 []string // measures
}

// Period is a stretch of time; both days belong to it.
type Period struct{ From, To sim.Date }

// Book names one order book: a market in the week of a day.
type Book struct {
	Hub, Good string
	Date      sim.Date
}

// Observer turns the state of a model after a week into rows. Make it with New, call Week after every week (burn-in
// included: it learns which markets exist) and Close at the end.
type Observer struct {
	m   *agents.Model
	rec tables.Recorder

	hubs, goods, origins    []tables.Sym // by position in the setup; origins by position in a lot
	groups, forces, regimes []tables.Sym
	labels                  []tables.Sym // by label of an account, filled as labels appear
	components              [sim.NComponents]tables.Sym
	flows                   [sim.NGoodsFlows]tables.Sym
	heldSym, carriedSym     tables.Sym
	names                   *tables.Names
	only                    Tables

	arcHubs       [][2]tables.Sym // start and end of an arc
	seen          []bool          // by market: ever had an order
	kinds         []kindTrade     // of one market, reused
	held, carried [][sim.MaxOrigins]int64
	existed       [][sim.MaxOrigins]bool // by good and origin: units ever entered the market
	through       throughput
	books         books
	actorRows     actorRows
}

// New returns an observer of a model that has not run yet. names must be the table that rec's symbols belong to.
func New(m *agents.Model, rec tables.Recorder, names *tables.Names, opts Options) *Observer {
	o := &Observer{m: m, rec: rec, names: names, only: everything()}
	if opts.Only != nil {
		o.only = *opts.Only
	}
	s := m.Setup
	o.hubs = symbols(names, len(s.Hubs), func(i int) string { return s.Hubs[i].ID })
	o.goods = symbols(names, len(s.Goods), func(i int) string { return s.Goods[i].ID })
	o.origins = symbols(names, len(m.Origins), func(i int) string { return m.Origins[i] })
	o.groups = symbols(names, len(s.Groups), func(i int) string { return s.Groups[i].ID })
	o.forces = symbols(names, len(s.Forces), func(i int) string { return s.Forces[i].ID })
	o.regimes = symbols(names, int(agents.Closed)+1, func(i int) string { return agents.Regime(i).String() })
	for c := range o.components {
		o.components[c] = names.Sym(sim.Component(c).String())
	}
	for f := range o.flows {
		o.flows[f] = names.Sym(sim.GoodsFlow(f).String())
	}
	o.heldSym, o.carriedSym = names.Sym("held"), names.Sym("carried")
	for a := range m.Net.From {
		o.arcHubs = append(o.arcHubs, [2]tables.Sym{o.hubs[m.Net.From[a]], o.hubs[m.Net.To[a]]})
	}
	o.seen = make([]bool, len(m.Auctions.Week))
	o.held, o.carried = make([][sim.MaxOrigins]int64, m.Goods), make([][sim.MaxOrigins]int64, m.Goods)
	o.existed = make([][sim.MaxOrigins]bool, m.Goods)
	o.through.start(len(s.Hubs)*m.Goods, s.Weeks())
	o.books.start(o, opts)
	o.actorRows.start(o)
	return o
}

func everything() Tables {
	t := Tables{Prices: true, Costs: true, Trades: true, Flows: true, Hubs: true, Throughput: true, Ledger: true}
	for _, m := range agents.Measures() {
		t.Actors = append(t.Actors, m.Name)
	}
	return t
}

func symbols(names *tables.Names, n int, id func(int) string) []tables.Sym {
	out := make([]tables.Sym, n)
	for i := range out {
		out[i] = names.Sym(id(i))
	}
	return out
}

// Week records the week that the model has just lived through. Weeks of the burn-in give no rows.
func (o *Observer) Week(week int) {
	o.markets(int32(week))
	if week < 0 {
		return
	}
	tick := int32(week)
	if o.only.Flows || o.only.Throughput {
		o.roads(tick)
	}
	if o.only.Throughput {
		o.stores(tick)
	}
	if o.only.Hubs {
		o.places(tick)
	}
	if o.only.Ledger {
		o.ledger(tick)
	}
	o.actors(tick)
	for _, h := range o.m.Happened {
		o.rec.Event(tables.Event{Tick: tick, Kind: h.Kind, Place: h.Place, Detail: h.Detail})
	}
}

// Close emits what is known only at the end: throughput, whose zeros start before a hub's first unit, and order books.
func (o *Observer) Close() {
	if o.only.Throughput {
		o.closeThroughput()
	}
	o.books.close(o)
	o.m.Auctions.OnClear(nil)
}

// places emits hubs.csv.
func (o *Observer) places(tick int32) {
	for h := range o.m.Places {
		p := &o.m.Places[h]
		var controller tables.Sym
		switch {
		case p.Group >= 0:
			controller = o.groups[p.Group]
		case p.Force >= 0:
			controller = o.forces[p.Force]
		}
		o.rec.Hub(tables.HubWeek{Tick: tick, Hub: o.hubs[h], Controller: controller, Regime: o.regimes[p.Regime],
			Violence: p.Violence, Activity: p.Activity})
	}
}

// ledger emits ledger.csv: the eight accounts of each origin of a good, from the week in which it first appears.
func (o *Observer) ledger(tick int32) {
	acc := o.m.Accounts
	acc.Stocks(o.held, o.carried)
	for g := range o.held {
		for k, origin := range o.origins {
			if !o.existed[g][k] {
				if acc.Flow[sim.Made][g][k]+acc.Flow[sim.Captured][g][k] == 0 {
					continue
				}
				o.existed[g][k] = true
			}
			row := tables.Ledger{Tick: tick, Good: o.goods[g], Origin: origin}
			row.Measure, row.Units = o.heldSym, o.held[g][k]
			o.rec.Ledger(row)
			row.Measure, row.Units = o.carriedSym, o.carried[g][k]
			o.rec.Ledger(row)
			for f := range acc.Flow {
				row.Measure, row.Units = o.flows[f], acc.Flow[f][g][k]
				o.rec.Ledger(row)
			}
		}
	}
}

// labelled looks up the symbols of kinds of holders that have appeared since.
func (o *Observer) labelled() {
	for all := o.m.Accounts.Labels; len(o.labels) < len(all); {
		o.labels = append(o.labels, o.names.Sym(all[len(o.labels)]))
	}
}

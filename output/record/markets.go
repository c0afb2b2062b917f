package record

import (
	"cmp"
	"slices"

	"entrepot/output/tables"
	"entrepot/sim"
)

// kindTrade adds up what one kind of seller sold to one kind of buyer in one market.
type kindTrade struct {
	seller, buyer tables.Sym
	units         [sim.MaxOrigins]int64
}

// markets emits prices.csv, costs.csv and trades.csv. A market has rows from its first order on.
func (o *Observer) markets(tick int32) {
	goods := o.m.Goods
	sales := o.m.Auctions.Sales
	for m := range o.m.Auctions.Week {
		w := &o.m.Auctions.Week[m]
		o.seen[m] = o.seen[m] || w.Wanted > 0 || w.Offered > 0
		if !o.seen[m] || tick < 0 {
			continue
		}
		hub, good := o.hubs[m/goods], o.goods[m%goods]
		if o.only.Prices || o.only.Costs { // who reads the parts of a price wants the units it belongs to
			o.rec.Price(tables.Price{Tick: tick, Hub: hub, Good: good, Price: w.Price, Bid: w.Bid, Ask: w.Ask, Units: int64(w.Units)})
		}
		if w.Units == 0 {
			continue
		}
		if o.only.Throughput {
			o.through.sold(tick, m, w.Units)
		}
		if m%goods == 0 {
			o.books.cleared(int(tick), m/goods, w.Price, int64(w.Units))
		}
		if o.only.Costs {
			for c, cfa := range PerUnit(w.Cost, int64(w.Units)) {
				o.rec.Cost(tables.Cost{Tick: tick, Hub: hub, Good: good, Component: o.components[c], PerUnit: cfa})
			}
		}
		n := 0 // sales come in order of markets
		for n < len(sales) && int(sales[n].Market) == m {
			n++
		}
		if o.only.Trades {
			o.trades(tick, hub, good, sales[:n])
		}
		sales = sales[n:]
	}
}

// PerUnit divides a cost stack by the units sold so that the parts are whole and sum to the whole stack per unit
// exactly (largest remainder, the first component first among equals). The stack must be a multiple of units, as
// price times units is.
func PerUnit(cost [sim.NComponents]int64, units int64) (per [sim.NComponents]int64) {
	var rest [sim.NComponents]int64
	var left int64
	for c, cfa := range cost {
		per[c], rest[c] = cfa/units, cfa%units
		if rest[c] < 0 { // round down, also below zero
			per[c]--
			rest[c] += units
		}
		left += rest[c]
	}
	for left /= units; left > 0; left-- {
		best := 0
		for c := range rest {
			if rest[c] > rest[best] {
				best = c
			}
		}
		per[best]++
		rest[best] = -1
	}
	return per
}

// trades emits the fills of one market, added up over kinds and parted by origin. All fills of a call have one price,
// so the values of the parts are exact.
func (o *Observer) trades(tick int32, hub, good tables.Sym, sales []sim.Sale) {
	o.kinds = o.kinds[:0]
	acc := o.m.Accounts
	o.labelled()
	for i := range sales {
		s := &sales[i]
		k := o.kind(o.labels[acc.Label[s.Seller]], o.labels[acc.Label[s.Buyer]])
		for origin, units := range s.Origin {
			k.units[origin] += int64(units)
		}
	}
	if len(o.kinds) > 1 {
		slices.SortFunc(o.kinds, func(a, b kindTrade) int {
			return cmp.Or(cmp.Compare(a.seller, b.seller), cmp.Compare(a.buyer, b.buyer))
		})
	}
	for i := range o.kinds {
		k := &o.kinds[i]
		for origin, units := range k.units {
			if units > 0 {
				o.rec.Trade(tables.Trade{Tick: tick, Hub: hub, Good: good, Origin: o.origins[origin], Seller: k.seller,
					Buyer: k.buyer, Units: units, Value: units * sales[0].Price})
			}
		}
	}
}

// kind finds or adds a pair of kinds; a market has few, so it looks through them.
func (o *Observer) kind(seller, buyer tables.Sym) *kindTrade {
	for i := range o.kinds {
		if k := &o.kinds[i]; k.seller == seller && k.buyer == buyer {
			return k
		}
	}
	o.kinds = append(o.kinds, kindTrade{seller: seller, buyer: buyer})
	return &o.kinds[len(o.kinds)-1]
}

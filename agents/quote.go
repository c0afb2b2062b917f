package agents

// What a usual cargo would fetch or cost somewhere, by what is known there and by all that is under way and planned. Many
// carriers ask the same in a week, so answers are kept until the running totals of that market change.

// mostCalls is the most auctions ahead that plans tell apart.
const mostCalls = 5

// A cargo kind is a usual cargo: kinds 0..goods-1 are the main goods, the others what travels with each of them.

// saleQuote is the price at which one more usual cargo would sell.
type saleQuote struct {
	price, selling float64
	week           int32
	seen           uint32
}

// buyQuote is the price at which one more usual cargo could be had, and how much of it.
type buyQuote struct {
	price, units   float64
	week           int32
	seen, revision uint32
}

// sellingWeeks are the numbers of weeks over which a cargo may be sold where a market is too thin for one.
var sellingWeeks = [...]float64{1, 2, 4}

// cargo returns the good and the units of a kind.
func (t *Traffickers) cargo(kind int) (good int, units float64) {
	if kind < t.m.Goods {
		return kind, float64(t.mainUnits[kind])
	}
	return t.complement[kind-t.m.Goods], float64(t.restUnits[kind-t.m.Goods])
}

// ageClass is 0 for kin hubs, whose news is fresher, 1 for the others.
func (t *Traffickers) ageClass(net *Kinship, hub int) int {
	if net.Kin[hub] {
		return 0
	}
	return 1
}

func (t *Traffickers) ageOf(class int) int {
	if class == 0 {
		return int(t.m.P.Trafficker.LagKin)
	}
	return int(t.m.P.Trafficker.LagOther)
}

// sale returns the quote at which one more cargo of a kind would sell at a market after some auctions, and how many weeks
// of selling that takes; price 0 where nobody is known to buy.
func (t *Traffickers) sale(kind int, dest int16, age int, calls uint8) *saleQuote {
	q := &t.sales[((kind*len(t.m.Markets)+int(dest))*2+age)*mostCalls+int(calls)-1]
	good, units := t.cargo(kind)
	if seen := t.version[t.m.Market(t.m.Markets[dest], good)]; q.week != int32(t.m.Week) || q.seen != seen {
		q.week, q.seen = int32(t.m.Week), seen
		q.price, q.selling = t.revenue(t.m.Markets[dest], good, t.ageOf(age), units, float64(calls))
	}
	return q
}

// revenue returns the quote at which u more units would sell at a market when some auctions have been held there, and how
// many weeks of selling that takes; 0 where nobody is known to buy. The quotes already contain what usually arrives and is
// bought in a week: only what goes beyond it is looked up deeper in the curve.
func (t *Traffickers) revenue(hub, good, age int, u, calls float64) (price, selling float64) {
	market := t.m.Market(hub, good)
	q := t.m.Auctions.News(market, age)
	if q.Sell[0] == 0 {
		return 0, 1
	}
	lot := t.m.Auctions.Lot(market, good)
	ahead := t.underWay[market] + t.planned[market]
	usual := t.m.Auctions.Usual[market]
	for _, s := range sellingWeeks {
		more := max(0, ahead+u/2-float64(usual*(calls+s)))
		if p := q.SellAt(lot, more/s); p > 0 {
			return p, s
		}
	}
	return 0, 1
}

// buy returns the price at which one more cargo of a kind could be had at a market by somebody who is there (calls 0) or
// who would come after some auctions; price 0 where nothing is known to be offered.
func (t *Traffickers) buy(kind int, at int16, age int, calls uint8) *buyQuote {
	mode := 0
	if calls > 0 {
		mode = 1 + (int(calls)-1)*2 + age
	}
	q := &t.buys[(kind*len(t.m.Markets)+int(at))*(1+2*mostCalls)+mode]
	good, units := t.cargo(kind)
	if seen := t.version[t.m.Market(t.m.Markets[at], good)]; q.week != int32(t.m.Week) || q.seen != seen || q.revision != t.revision[at] {
		q.week, q.seen, q.revision = int32(t.m.Week), seen, t.revision[at]
		q.price, q.units = t.purchase(t.m.Markets[at], good, units, t.ageOf(age), float64(calls))
	}
	return q
}

// purchase returns the price at which u more units could be had; where less is offered it says how much.
func (t *Traffickers) purchase(hub, good int, u float64, age int, calls float64) (price, units float64) {
	if calls == 0 {
		age = 1
	}
	market := t.m.Market(hub, good)
	q := t.m.Auctions.News(market, age)
	if q.Buy[0] == 0 {
		return 0, 0
	}
	lot := t.m.Auctions.Lot(market, good)
	ahead := t.wanted[market] - t.m.Auctions.Usual[market]
	if calls > 0 { // those who wait there, and those who come empty, will be served first
		ahead += t.empties[market] + float64(t.waiting[hub]*u) - float64(t.m.Auctions.Usual[market]*calls)
	}
	for try := 0; try < 3; try++ {
		if p := q.BuyAt(lot, max(0, ahead+u)); p > 0 {
			return p, u
		}
		u /= 2
	}
	return 0, 0
}

// neverAsked is a week in which nobody lives.
const neverAsked = -1 << 30

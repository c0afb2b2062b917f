package agents

import "entrepot/sim"

// What a usual cargo would fetch or cost somewhere, by what is known there and by all that is under way and planned. All
// carriers of a week ask the same, so an answer is worked out when it is first asked for, and again where somebody has
// meanwhile planned to buy or to sell.

// mostCalls is the most auctions ahead that plans tell apart.
const mostCalls = 5

// saleModes are the pairs of age of news (kin or not) and auctions ahead.
const saleModes = 2 * mostCalls

// The modes of buying: by somebody who is there, and by somebody who comes, with young news (kin) or old.
const (
	present = iota
	coming
	buyModes = coming + 2
)

// cargoKind is a usual cargo: kind 2g is the main good g, kind 2g+1 what travels with it.
type cargoKind struct {
	good  int
	units float64
}

// saleQuote is the price at which one more usual cargo would sell, and the weeks that takes; price 0 where nobody is
// known to buy.
type saleQuote struct {
	price   float64
	version uint32 // of the outlet for this kind when it was worked out
	selling uint8
}

// supply is the price at which one more usual cargo could be had, and how much of it; the same of what travels with it.
// Price 0 where what is known to be offered is not worth a trip, and no units of the rest where none is.
type supply struct {
	price, units, restPrice, restUnits float64
	cost                               float64 // CFA of the main good
	version                            uint32  // of the market for this good when it was worked out
}

// shelf is what a market offers for one mode of buying: a supply by good, and the goods of which there is one.
type shelf struct {
	goods   []int16
	version uint32 // of the market, over all goods, when it was looked through
}

// sellingWeeks are the numbers of weeks over which a cargo may be sold where a market is too thin for one.
var sellingWeeks = [...]float64{1, 2}

// saleMode numbers what a network knows of a market that it would reach after some auctions.
func (t *Traffickers) saleMode(net *Kinship, hub int, calls uint8) int {
	return t.ageClass(net, hub)*mostCalls + int(calls) - 1
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

// kept is the share of a cargo's worth that a carrier keeps who sells it at a hub: after the tax of the group that holds it, and
// after what a force finds in a week of offering.
func (m *Model) kept(hub int) float64 {
	return m.taxed(hub) * (1 - m.confiscation(m.Places[hub].Regime))
}

// taxed is the share of a sale that a trader keeps at a hub, after the tax of the group that holds it.
func (m *Model) taxed(hub int) float64 {
	if g := m.Places[hub].Group; g >= 0 {
		return 1 - m.Setup.Groups[g].TaxRate
	}
	return 1
}

// sale returns the quote for one more cargo of a kind. It is valid until the next plan to sell at the market.
func (t *Traffickers) sale(kind int, dest int16, mode int) *saleQuote {
	q, version := &t.sales[(int(dest)*saleModes+mode)*len(t.kind)+kind], t.saleVersion[int(dest)*len(t.kind)+kind]
	if q.version != version {
		q.version = version
		t.quoteSale(q, kind, dest, mode)
	}
	return q
}

// supply returns what somebody who is there or comes could load of a good. It is valid until the next plan to buy at the
// market.
func (t *Traffickers) supply(good int, at int16, mode int) *supply {
	s, version := &t.supplies[(int(at)*buyModes+mode)*t.m.Goods+good], t.buyVersion[int(at)*t.m.Goods+good]
	if s.version != version {
		s.version = version
		t.quoteBuy(s, good, at, mode)
	}
	return s
}

// suppliesAt returns the supplies of all goods at a market, and of which goods there are any.
func (t *Traffickers) suppliesAt(at int16, mode int) (all []supply, goods []int16) {
	k := int(at)*buyModes + mode
	all = t.supplies[k*t.m.Goods:][:t.m.Goods]
	sh := &t.shelves[k]
	if sh.version != t.shelfVersion[at] {
		sh.version, sh.goods = t.shelfVersion[at], sh.goods[:0]
		for g := range all {
			if t.supply(g, at, mode).price > 0 {
				sh.goods = append(sh.goods, int16(g))
			}
		}
	}
	return all, sh.goods
}

// stall is what all plans of a week need of a market.
type stall struct {
	market      int32
	lot         int32
	usual, kept float64
	news        [2]*sim.Quotes // by class of age
	latest      *sim.Quotes    // what those see who are there
}

// quote forgets all quotes, for news has come and the totals have been counted anew, and notes the best bids.
func (t *Traffickers) quote() {
	a := t.m.Auctions
	for d, hub := range t.m.Markets {
		kept := t.m.kept(hub)
		for g := range t.m.GoodSpec {
			s, market := &t.stalls[d*t.m.Goods+g], t.m.Market(hub, g)
			s.market, s.lot, s.usual, s.kept = market, a.Lot(market, g), a.Usual[market], kept
			s.news[0], s.news[1], s.latest = a.News(market, t.ageOf(0)), a.News(market, t.ageOf(1)), a.News(market, 1)
			t.best[g*len(t.m.Markets)+d] = s.bestBid()
		}
	}
	for g := range t.m.GoodSpec {
		t.rankBids(g)
	}
	for _, versions := range [...][]uint32{t.saleVersion, t.buyVersion, t.shelfVersion} {
		for k := range versions {
			versions[k]++
		}
	}
}

// outlet is a market with the best bids known there, CFA: for a good, and for what travels with it.
type outlet struct {
	bid, also float64
	dest      int16
}

// rankBids orders the markets by the best bid for a good, from the order of last week.
func (t *Traffickers) rankBids(g int) {
	n := len(t.m.Markets)
	best, also, order := t.best[g*n:(g+1)*n], t.best[max(0, t.complement[g])*n:][:n], t.byBid[g*n:(g+1)*n]
	for i := range order {
		out := outlet{best[order[i].dest], also[order[i].dest], order[i].dest}
		j := i
		for ; j > 0 && order[j-1].bid < out.bid; j-- {
			order[j] = order[j-1]
		}
		order[j] = out
	}
}

// bestBid is the highest price in the news of a market, old or young, after tax: no quote for a sale is above it, for nobody
// pays more for more.
func (s *stall) bestBid() float64 {
	return float64(s.kept * max(s.news[0].Sell[0], s.news[1].Sell[0]))
}

// requoteSale follows a change of what is under way or planned towards a market.
func (t *Traffickers) requoteSale(d int16, good int) {
	for _, kind := range t.kindsOf[good] {
		t.saleVersion[int(d)*len(t.kind)+kind]++
	}
}

// requoteBuy follows a change of what carriers mean to buy at a market.
func (t *Traffickers) requoteBuy(d int16, good int) {
	t.shelfVersion[d]++
	for _, g := range t.cargoesOf[good] {
		t.buyVersion[int(d)*t.m.Goods+g]++
	}
}

// quoteSale works out what one more cargo of a kind would fetch.
func (t *Traffickers) quoteSale(q *saleQuote, kind int, d int16, mode int) {
	good, units := t.kind[kind].good, t.kind[kind].units
	k := int(d)*t.m.Goods + good
	s, f := &t.stalls[k], &t.flows[k]
	more := f.underWay + f.planned + float64(units/2)
	curve, calls := s.news[mode/mostCalls], mode%mostCalls
	if ahead := more - float64(s.usual*float64(calls+2)); ahead <= float64(s.lot) {
		q.price, q.selling = float64(s.kept*curve.Sell[0]), 1
		return
	}
	price, selling := sellOver(curve, s.lot, more, s.usual, float64(calls+1))
	q.price, q.selling = float64(price*s.kept), uint8(selling)
}

// quoteBuy works out what could be loaded of a good and of what travels with it.
func (t *Traffickers) quoteBuy(s *supply, good int, at int16, mode int) {
	s.price, s.restPrice, s.restUnits = 0, 0, 0
	price, units := t.loadOfKind(2*good, at, mode)
	if price == 0 || units < float64(t.m.P.Trafficker.MinFill*float64(t.mainUnits[good])) {
		return
	}
	s.price, s.units, s.cost = price, units, float64(price*units)
	if t.complement[good] >= 0 {
		s.restPrice, s.restUnits = t.loadOfKind(2*good+1, at, mode)
	}
}

// loadOfKind is the price at which one more cargo of a kind could be had at a market, and how much of it.
func (t *Traffickers) loadOfKind(kind int, at int16, mode int) (price, u float64) {
	good, units := t.kind[kind].good, t.kind[kind].units
	k := int(at)*t.m.Goods + good
	s, f := &t.stalls[k], &t.flows[k]
	before := f.wanted - s.usual // others who want some, less what is usually sold
	if mode == present {
		return loadOf(s.latest, s.lot, before, units)
	}
	before = before + f.empties + float64(t.waiting[t.m.Markets[at]]*units) - float64(s.usual*comingCalls)
	return loadOf(s.news[mode-coming], s.lot, before, units)
}

// loadOf is the price at which u units could be had behind others who want some; where less is offered it says how much.
func loadOf(curve *sim.Quotes, lot int32, others, u float64) (price, units float64) {
	if curve.Buy[0] == 0 {
		return 0, 0
	}
	if others+u <= float64(lot) {
		return curve.Buy[0], u
	}
	for try := 0; try < 3; try++ {
		if p := curve.BuyAt(lot, max(0, others+u)); p > 0 {
			return p, u
		}
		u /= 2
	}
	return 0, 0
}

// sellOver is the price at which what is ahead sells after some auctions, over as few weeks as the market can take.
func sellOver(curve *sim.Quotes, lot int32, more, usual, calls float64) (price, selling float64) {
	for _, s := range sellingWeeks {
		if p := curve.SellAt(lot, max(0, more-float64(usual*(calls+s)))/s); p > float64(rarely*curve.Sell[0]) {
			return p, s
		}
	}
	return 0, 1
}

// rarely is the part of the quote for the first lot below which a quote is no price but the trace of a week that was better
// than most: quotes that are not met count as 0 in their mean.
const rarely = 0.5

// revenue returns the quote at which u more units would sell at a market when some auctions have been held there, and how
// many weeks of selling that takes; 0 where nobody is known to buy. The quotes already contain what usually arrives and is
// bought in a week: only what goes beyond it is looked up deeper in the curve.
func (t *Traffickers) revenue(hub, good, age int, u, calls float64) (price, selling float64) {
	market, f := t.m.Market(hub, good), t.flow(t.m.DestOf[hub], good)
	price, selling = sellOver(t.m.Auctions.News(market, age), t.m.Auctions.Lot(market, good), f.underWay+f.planned+float64(u/2), t.m.Auctions.Usual[market], calls)
	return float64(price * t.m.kept(hub)), selling
}

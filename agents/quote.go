package agents

import "entrepot/sim"

// What a usual cargo would fetch or cost somewhere, by what is known there and by all that is under way and planned. All
// carriers of a week ask the same, so the answers are worked out once, and again for a market when somebody plans to buy
// or to sell there.

// mostCalls is the most auctions ahead that plans tell apart.
const mostCalls = 5

// saleModes are the pairs of age of news (kin or not) and auctions ahead; buyModes the same, and 0 for somebody there.
const (
	saleModes = 2 * mostCalls
	buyModes  = 1 + 2*mostCalls
)

// A cargo kind is a usual cargo: kinds 0..goods-1 are the main goods, the others what travels with each of them.

// saleQuote is the price at which one more usual cargo would sell, and the weeks that takes; price 0 where nobody is
// known to buy.
type saleQuote struct{ price, selling float64 }

// buyQuote is the price at which one more usual cargo could be had, and how much of it; price 0 where nothing is known to
// be offered.
type buyQuote struct{ price, units float64 }

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

// sale returns the quote for one more cargo of a kind.
func (t *Traffickers) sale(kind int, dest int16, mode int) *saleQuote {
	return &t.sales[(kind*len(t.m.Markets)+int(dest))*saleModes+mode]
}

// buy returns the quote for one more cargo of a kind, by somebody who is there (calls 0) or comes after some auctions.
func (t *Traffickers) buy(kind int, at int16, age int, calls uint8) *buyQuote {
	mode := 0
	if calls > 0 {
		mode = 1 + age*mostCalls + int(calls) - 1
	}
	return &t.buys[(kind*len(t.m.Markets)+int(at))*buyModes+mode]
}

// quote works all quotes of the week out.
func (t *Traffickers) quote(w *sim.World) {
	for d := range t.m.Markets {
		for g := range t.m.GoodSpec {
			t.requoteSale(int16(d), g)
			t.requoteBuy(int16(d), g)
		}
	}
}

// requoteSale follows a change of what is under way or planned towards a market.
func (t *Traffickers) requoteSale(d int16, good int) {
	t.saleOf(good, d, good, float64(t.mainUnits[good]))
	for g, c := range t.complement {
		if c == good {
			t.saleOf(t.m.Goods+g, d, good, float64(t.restUnits[g]))
		}
	}
}

// requoteBuy follows a change of what carriers mean to buy at a market.
func (t *Traffickers) requoteBuy(d int16, good int) {
	t.buyOf(good, d, good, float64(t.mainUnits[good]))
	for g, c := range t.complement {
		if c == good {
			t.buyOf(t.m.Goods+g, d, good, float64(t.restUnits[g]))
		}
	}
}

func (t *Traffickers) saleOf(kind int, d int16, good int, units float64) {
	market := t.m.Market(t.m.Markets[d], good)
	lot := t.m.Auctions.Lot(market, good)
	more := t.underWay[market] + t.planned[market] + units/2
	usual := t.m.Auctions.Usual[market]
	kept := t.m.kept(t.m.Markets[d])
	quotes := t.sales[(kind*len(t.m.Markets)+int(d))*saleModes:][:saleModes]
	for age := 0; age < 2; age++ {
		curve := t.m.Auctions.News(market, t.ageOf(age))
		for calls := 0; calls < mostCalls; calls++ {
			q := &quotes[age*mostCalls+calls]
			if ahead := more - float64(usual*float64(calls+2)); ahead <= float64(lot) {
				q.price, q.selling = float64(kept*curve.Sell[0]), 1
				continue
			}
			q.price, q.selling = sellOver(curve, lot, more, usual, float64(calls+1))
			q.price *= kept
		}
	}
}

func (t *Traffickers) buyOf(kind int, d int16, good int, units float64) {
	hub := t.m.Markets[d]
	market := t.m.Market(hub, good)
	lot := t.m.Auctions.Lot(market, good)
	usual := t.m.Auctions.Usual[market]
	here := t.wanted[market] - usual
	coming := here + t.empties[market] + float64(t.waiting[hub]*units)
	quotes := t.buys[(kind*len(t.m.Markets)+int(d))*buyModes:][:buyModes]
	quotes[0] = loadOf(t.m.Auctions.News(market, 1), lot, here, units)
	for age := 0; age < 2; age++ {
		curve := t.m.Auctions.News(market, t.ageOf(age))
		for calls := 1; calls <= mostCalls; calls++ {
			quotes[age*mostCalls+calls] = loadOf(curve, lot, coming-float64(usual*float64(calls)), units)
		}
	}
}

// loadOf is the price at which u units could be had behind others who want some; where less is offered it says how much.
func loadOf(curve *sim.Quotes, lot int32, others, u float64) buyQuote {
	if curve.Buy[0] == 0 {
		return buyQuote{}
	}
	if others+u <= float64(lot) {
		return buyQuote{curve.Buy[0], u}
	}
	for try := 0; try < 3; try++ {
		if p := curve.BuyAt(lot, max(0, others+u)); p > 0 {
			return buyQuote{p, u}
		}
		u /= 2
	}
	return buyQuote{}
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
	market := t.m.Market(hub, good)
	price, selling = sellOver(t.m.Auctions.News(market, age), t.m.Auctions.Lot(market, good), t.underWay[market]+t.planned[market]+u/2, t.m.Auctions.Usual[market], calls)
	return float64(price * t.m.kept(hub)), selling
}

package agents

import (
	"math"

	"entrepot/sim"
)

// Dealers
//
// Rule. A resident dealer buys cargoes, stores them and breaks bulk. A store that sells v units a week at price p, restocked at
// a fixed cost K and confiscated at rate chi(regime) under interest r, aims at
//
//	u* = min(u_max(regime), sqrt(2*K*v / (p*(r+chi))))      at an overhead per unit of K/u* + p*(r+chi)*u*/(2*v)
//
// (the economic order quantity: Harris 1913), and the n-th unit in it is worth V(n) = p*(1 + scarcity*(1 - n/u*)): he asks V for
// what he has and bids V less tax, markup and overhead for what he would store, so that prices follow what is in store (competitive
// storage: Williams & Wright 1991). p is the price that he has learned his customers to pay. He lives where a dealer earns most:
// away from towns that confiscate, apart from other dealers, near his old customers.
// Source: model design 4.6. Left out: credit to customers, partnerships, protection money beyond the group's tax.

// Dealers are all resident dealers, in columns.
type Dealers struct {
	m      *Model
	holder []int32
	hub    []int
	home   []int
	spec   []int     // row of Setup.Dealers
	away   []int     // weeks until a moved store opens again
	price  []float64 // by dealer*goods+good: what customers are known to pay, CFA
	target []float64 // by dealer*goods+good: u*, units
	had    []int32   // units in store before clearing
	number []int     // dealers by hub
	custom []float64 // by dealer: rifles a week that he sold at home, as his customers there remember him
	good   int       // rifles, or the first good of a world without them: by it dealers judge a place
	values []float64 // weights of a move, reused
}

func newDealers(m *Model) *Dealers {
	d := &Dealers{m: m, good: max(0, m.rifle()), number: make([]int, len(m.Setup.Hubs)), values: make([]float64, len(m.Markets))}
	for row, spec := range m.Setup.Dealers {
		hub := m.Hub(spec.Hub)
		for k := 0; k < spec.Number; k++ {
			h := m.holder("dealer:"+spec.Hub+string(rune('a'+k)), "dealer:"+spec.Hub, sim.Merchant, spec.Cash)
			d.holder = append(d.holder, h)
			d.hub = append(d.hub, hub)
			d.home = append(d.home, hub)
			d.spec = append(d.spec, row)
			d.away = append(d.away, 0)
			d.number[hub]++
		}
	}
	n := len(d.holder) * m.Goods
	d.price, d.target, d.had = make([]float64, n), make([]float64, n), make([]int32, n)
	d.custom = make([]float64, len(d.holder))
	return d
}

// confiscation returns chi of a regime, per week.
func (m *Model) confiscation(r Regime) float64 {
	return [...]float64{m.P.Dealer.ConfiscateOpen, m.P.Dealer.ConfiscateClandestine, m.P.Dealer.ConfiscateClosed}[r]
}

// store returns the best stock u* (units) and the overhead per unit (CFA) of a store that sells v units a week at price p.
func store(trip, v, p, r, chi, most float64) (stock, overhead float64) {
	if v <= 0 || p <= 0 {
		return 0, 0
	}
	hold := float64(p * (r + chi))
	stock = most
	if hold > 0 {
		stock = min(most, math.Sqrt(2*float64(trip*v)/hold))
	}
	if stock < 1 {
		return 0, 0
	}
	return stock, trip/stock + float64(hold*stock)/(2*v)
}

// room returns how many units of a good a dealer may store at a hub, as if he stored nothing else.
func (d *Dealers) room(i, hub, good int) float64 {
	spec := &d.m.Setup.Dealers[d.spec[i]]
	room := float64(spec.StoreMax*1000) / float64(d.m.GoodSpec[good].Load)
	switch d.m.Places[hub].Regime {
	case Clandestine:
		return room * d.m.P.Dealer.StoreClandestine
	case Closed:
		return 0
	}
	return room
}

// order lets every dealer offer what he has and bid for cargoes where a store runs low.
func (d *Dealers) order(w *sim.World) {
	moving := w.Luck("store")
	for i := range d.holder {
		if d.away[i] > 0 {
			d.away[i]--
			continue
		}
		d.m.raid(w, d.holder[i], d.hub[i])
		d.reconsider(w, i, moving.At(w.Accounts.ID[d.holder[i]]))
		if d.away[i] > 0 || !d.m.trades(d.hub[i]) {
			continue
		}
		cash, load := w.Accounts.Cash[d.holder[i]], w.Accounts.Load(d.holder[i], w.Roads.Load)
		for g := range d.m.GoodSpec {
			cash -= d.orderGood(w, i, g, cash, load)
		}
	}
}

// orderGood places one good's asks and bids, in a store of some load, and returns the cash that the bids may need.
func (d *Dealers) orderGood(w *sim.World, i, g int, cash, load int64) int64 {
	m, hub, k := d.m, d.hub[i], i*d.m.Goods+g
	market := m.Market(hub, g)
	if d.price[k] == 0 {
		d.price[k] = m.Auctions.News(market, 1).Sell[0]
	}
	have := w.Accounts.Units(d.holder[i], g)
	d.had[k] = have
	if d.price[k] == 0 {
		return 0
	}
	v := m.Auctions.Usual[market] / float64(max(1, d.number[hub]))
	v = max(v, 0.05*float64(m.Auctions.Lots[g]))                                                  // a dealer without sales still keeps a lot to show
	most := d.room(i, hub, g) - float64((load-int64(have)*m.GoodSpec[g].Load)/m.GoodSpec[g].Load) // less what his other goods take
	stock, overhead := store(float64(m.P.Dealer.TripCost)*goodsShare, v, d.price[k], m.P.Trafficker.Interest, m.confiscation(m.Places[hub].Regime), most)
	d.target[k] = stock
	d.offer(i, g, int64(have))
	return d.restock(i, g, int64(have), int64(min(most, fullest*stock)), overhead, cash)
}

// tranches are the steps of a dealer's supply curve, and of his demand curve, in one market: the ends of parts of what is in
// store, and of what is missing, counted from the unit that is bought or sold next. He is precise about that one.
var tranches = [...]float64{0.08, 0.3, 1}

// fullest is the store, over u*, beyond which a dealer takes nothing more at any price.
const fullest = 2

// worth is what the n-th unit in store is worth to a dealer: the price his customers are known to pay, more where the store
// runs low, less where it is full.
func (d *Dealers) worth(k int, n float64) float64 {
	level := float64(fullest)
	if d.target[k] > 0 {
		level = min(n/d.target[k], fullest)
	}
	return d.price[k] * (1 + float64(d.m.P.Dealer.Scarcity*(1-level)))
}

// offer asks for what is in store, the last units dearest.
func (d *Dealers) offer(i, g int, have int64) {
	k := i*d.m.Goods + g
	left := have
	for _, end := range tranches {
		down := have - max(int64(end*float64(have)), 1)
		if down >= left || down < 0 {
			continue
		}
		d.m.ask(d.hub[i], g, d.holder[i], left-down, max(1, int64(d.worth(k, float64(left+down)/2))))
		left = down
	}
}

// restock bids for what would fill the store up to a level, each step at what it is worth there less markup, tax and
// overhead, and returns the cash that the bids may need.
func (d *Dealers) restock(i, g int, have, upTo int64, overhead float64, cash int64) (spent int64) {
	m, k := d.m, i*d.m.Goods+g
	keeps := m.taxed(d.hub[i]) / (1 + m.Setup.Dealers[d.spec[i]].Markup)
	from := have
	for _, end := range tranches {
		to := have + max(int64(end*float64(upTo-have)), 1)
		if to <= from || to > upTo {
			continue
		}
		limit := int64(float64(keeps*d.worth(k, float64(from+to)/2)) - overhead)
		if limit <= 0 || limit > maxLimit {
			break
		}
		units := min(to-from, (cash-spent)/limit)
		from = to
		if units <= 0 {
			break
		}
		m.bid(d.hub[i], g, d.holder[i], units, limit)
		spent += units * limit
	}
	return spent
}

// goodsShare is the part of the cost of a restocking that one good bears: a trip fills the store with several at once.
const goodsShare = 0.3

// raid takes what a force finds of what somebody stores or offers at a hub; its origin is kept in the ledger of what was seized.
func (m *Model) raid(w *sim.World, holder int32, hub int) {
	chi := m.confiscation(m.Places[hub].Regime)
	if chi <= 0 {
		return
	}
	weeks := min(confiscationWeeks, 1/chi)
	luck := w.Luck("confiscation").At(w.Accounts.ID[holder])
	if luck.At(0).Float() >= float64(chi*weeks) {
		return
	}
	for g := range m.GoodSpec {
		have := w.Accounts.Units(holder, g)
		w.Accounts.Remove(sim.Seized, holder, g, clamp32(whole64(float64(have)/weeks, luck.At(uint64(g+1)))))
	}
}

// confiscationWeeks lumps confiscation into raids that take a quarter of a store every few weeks, at the same mean rate.
const confiscationWeeks = 4.0

// contentRate is how much less often a dealer whom nobody troubles thinks of moving.
const contentRate = 0.25

// reconsider lets a dealer move his store, by logit on what he would earn a week in each place: away from a town where he is
// raided, to one whose dealers left, and back when it is safe.
func (d *Dealers) reconsider(w *sim.World, i int, luck sim.Key) {
	m, hub := d.m, d.hub[i]
	rate := m.P.Dealer.MoveRate
	switch m.Places[hub].Regime {
	case Closed:
		rate = 1
	case Open:
		rate *= contentRate
	}
	if luck.At(0).Float() >= rate {
		return
	}
	best := math.Inf(-1)
	for k, there := range m.Markets {
		d.values[k] = math.Inf(-1)
		if earns, ok := d.earnsAt(i, there); ok {
			if there != hub {
				earns -= d.movingCost(i)
			}
			d.values[k] = earns
			best = max(best, earns)
		}
	}
	var total float64
	for k := range d.values {
		if d.values[k] = sim.Exp(max(-60, (d.values[k]-best)/m.P.Dealer.MoveTau)); d.values[k] < 1e-20 {
			d.values[k] = 0
		}
		total += d.values[k]
	}
	u := luck.At(1).Float() * total
	for k, there := range m.Markets {
		if d.values[k] > 0 {
			if u -= d.values[k]; u < 0 {
				d.move(w, i, there)
				return
			}
		}
	}
}

// movingCost spreads the cost of a move, and what is not earned while the store is shut, over half a year: CFA a week.
func (d *Dealers) movingCost(i int) float64 {
	earns, _ := d.earnsAt(i, d.hub[i])
	return (float64(d.m.P.Dealer.TripCost) + max(0, float64(earns*movingWeeks))) / movePays
}

// movePays is the number of weeks in which a move has to pay.
const movePays = 26

// earnsAt returns what a dealer would earn a week with rifles out of a store at a hub, CFA, and whether he could be there:
// his share v of what is sold there, times what he takes of a price less the overhead of a store there. Away from home he
// has fewer customers, none beyond his reach; at home those who knew him come back, even where nobody trades now.
func (d *Dealers) earnsAt(i, there int) (float64, bool) {
	m := d.m
	km := m.distance(d.home[i], there)
	if !m.trades(there) || km > dealerReach {
		return 0, false
	}
	market := m.Market(there, d.good)
	dealers := d.number[there]
	if there != d.hub[i] {
		dealers++
	}
	v := m.Auctions.Usual[market] / float64(max(1, dealers)) * (1 - km/dealerReach)
	price := m.Auctions.News(market, 1).Sell[0]
	if there == d.home[i] && d.custom[i] > v {
		v = d.custom[i]
		price = max(price, m.Auctions.News(m.Market(d.hub[i], d.good), 1).Sell[0])
	}
	stock, overhead := store(float64(m.P.Dealer.TripCost)*goodsShare, v, price, m.P.Trafficker.Interest, m.confiscation(m.Places[there].Regime), d.room(i, there, d.good))
	if stock == 0 {
		return 0, true
	}
	takes := m.Setup.Dealers[d.spec[i]].Markup + float64(m.P.Dealer.Scarcity/4)
	return v * (float64(price*takes*m.taxed(there)) - overhead), true
}

// remember follows what a dealer sells at home; away from home it fades.
func (d *Dealers) remember(i int, sold float64) {
	rate := customFade
	if d.hub[i] == d.home[i] {
		rate = customRate
	}
	d.custom[i] += float64((sold - d.custom[i]) * rate)
}

// customRate and customFade make the custom of a dealer a memory of about half a year, and let it be forgotten in some years
// when he is away.
const customRate, customFade = 0.04, 0.005

// dealerReach is how far from home a dealer still has his customers, km.
const dealerReach = 500

// distance is the great-circle distance of two hubs, km (equirectangular; good to a per cent at these latitudes).
func (m *Model) distance(a, b int) float64 {
	p, q := &m.Setup.Hubs[a], &m.Setup.Hubs[b]
	const perDegree, cosLat = 111.2, 0.955 // cosine of 17.3 degrees north
	dy := (p.Lat - q.Lat) * perDegree
	dx := (p.Lon - q.Lon) * perDegree * cosLat
	return math.Sqrt(float64(dx*dx) + float64(dy*dy))
}

// move carries a store to another hub: the trip costs money and some weeks without trade.
func (d *Dealers) move(w *sim.World, i, there int) {
	if there == d.hub[i] {
		return
	}
	from := d.hub[i]
	w.Accounts.Spend(d.holder[i], d.m.P.Dealer.TripCost, sim.TransportCost)
	d.number[from]--
	d.number[there]++
	d.hub[i], d.away[i] = there, movingWeeks
	for g := range d.m.GoodSpec {
		d.price[i*d.m.Goods+g] = 0
	}
	d.m.happen("store_moved", d.m.Setup.Hubs[there].ID, "a dealer's store from "+d.m.Setup.Hubs[from].ID)
}

// movingWeeks is how long a moved store stays shut.
const movingWeeks = 2

// learn moves each dealer's idea of the price, pays for restocking and draws profit.
func (d *Dealers) learn(w *sim.World) {
	m := d.m
	for i := range d.holder {
		for g := range m.GoodSpec {
			d.learnGood(w, i, g)
		}
		d.remember(i, float64(max(0, d.had[i*m.Goods+d.good]-w.Accounts.Units(d.holder[i], d.good))))
		start := m.Setup.Dealers[d.spec[i]].Cash
		if excess := w.Accounts.Cash[d.holder[i]] - 2*start; excess > 0 {
			w.Accounts.Spend(d.holder[i], excess/4, sim.Living)
		}
	}
}

func (d *Dealers) learnGood(w *sim.World, i, g int) {
	m, k := d.m, i*d.m.Goods+g
	if d.price[k] == 0 || d.away[i] > 0 {
		return
	}
	have := w.Accounts.Units(d.holder[i], g)
	week := &m.Auctions.Week[m.Market(d.hub[i], g)]
	if have > d.had[k] {
		d.restocked(w, i, g, have-d.had[k])
	}
	step := m.P.Dealer.Learn
	switch {
	case week.Units > 0: // at what he bought he means to sell with his markup; what others traded is between the two
		f := 0.5
		if have > d.had[k] {
			f = 1
		} else if have < d.had[k] {
			f = 0
		}
		d.price[k] += float64((float64(float64(week.Price)*(1+float64(m.Setup.Dealers[d.spec[i]].Markup*f))) - d.price[k]) * step)
	case have > 0: // nobody pays what he asks
		d.price[k] *= 1 - float64(step/4)
	default: // nothing to sell: follow what customers bid
		if bid := m.Auctions.News(m.Market(d.hub[i], g), 1).Sell[0]; bid > 0 {
			d.price[k] += float64((bid - d.price[k]) * step)
		}
	}
	if lot := w.Accounts.Lot(d.holder[i], g); lot != nil {
		w.Accounts.AddCost(d.holder[i], g, sim.CostStorage, int64(float64(lot.CostSum())*m.P.Trafficker.Interest))
	}
}

// restocked pays the fixed cost of filling a store and adds it to the cost stack.
func (d *Dealers) restocked(w *sim.World, i, g int, units int32) {
	fee := int64(float64(d.m.P.Dealer.TripCost) * goodsShare * float64(units) / max(1, d.target[i*d.m.Goods+g]))
	if fee > w.Accounts.Cash[d.holder[i]] {
		fee = max(0, w.Accounts.Cash[d.holder[i]])
	}
	w.Accounts.Spend(d.holder[i], fee, sim.StoreCost)
	w.Accounts.AddCost(d.holder[i], g, sim.CostStorage, fee)
}

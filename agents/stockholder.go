package agents

import "entrepot/sim"

// Stockholders
//
// Rule. A source outside the market offers every week a step supply curve
//
//	p(q) = p0 * (q/Q)^(1/eps)   for q up to Q,
//
// with p0 the price at the cap Q (units a week). Events scale p0 and Q; a source that prices in another currency moves
// with its rate: p0 * rate(now)/rate(start of its table). A source is a flow, not a counted stock: units are made when
// they are sold, and the money paid leaves the market.
// Source: model design 4.11. Left out: depletion, strategic holding back, and who owns the arms there.

// Stockholders are all outside sources, one row of the table each.
type Stockholders struct {
	m         *Model
	Holder    []int32
	hub, good []int
	currency  []int
	step      []float64 // by row and step: price over the price at the cap
	steps     int
	cap       []float64 // by row: factor of events on the cap
	price     []float64 // by row: factor of events on the price
}

func newStockholders(m *Model) *Stockholders {
	rows := m.Setup.Stockholders
	s := &Stockholders{m: m, steps: max(1, int(m.P.Supply.Steps))}
	for i := range rows {
		r := &rows[i]
		h := m.holder("stockholder:"+r.ID, "stockholder:"+r.Origin, sim.Tap, 0)
		m.Auctions.SetTap(h, must(m.OriginOf, "origin", r.Origin))
		s.Holder = append(s.Holder, h)
		s.hub, s.good = append(s.hub, m.Hub(r.Hub)), append(s.good, m.Good(r.Good))
		s.currency = append(s.currency, m.now.currency(r.Rate))
		for k := 1; k <= s.steps; k++ {
			s.step = append(s.step, stepPrice(float64(k)/float64(s.steps), r.Elasticity))
		}
	}
	s.cap, s.price = ones(len(rows)), ones(len(rows))
	return s
}

// stepPrice is the price over the price at the cap at which a share of the cap is offered. A source without elasticity
// sells nothing below that price.
func stepPrice(share, elasticity float64) float64 {
	if elasticity <= 0.01 {
		return 1
	}
	return sim.Pow(share, 1/elasticity)
}

// offer places every source's asks of the week.
func (s *Stockholders) offer(w *sim.World) {
	m := s.m
	luck := w.Luck("stockholder")
	for i := range s.Holder {
		if !m.trades(s.hub[i]) {
			continue
		}
		r := &m.Setup.Stockholders[i]
		price := float64(r.Price) * m.P.Supply.PriceScale * s.price[i] * m.now.rateRatio(s.currency[i])
		cap := r.Cap * m.P.Supply.Scale * s.cap[i]
		s.ladder(i, price, cap, luck.At(w.Accounts.ID[s.Holder[i]]).Float())
	}
}

// ladder asks step by step. The one draw u decides where along the curve fractions become whole units, so that each step
// offers its share on average and the whole curve offers the cap.
func (s *Stockholders) ladder(i int, price, cap, u float64) {
	steps := s.step[i*s.steps : (i+1)*s.steps]
	var below int64
	for k, factor := range steps {
		upTo := int64(cap*float64(k+1)/float64(s.steps) + u)
		if n := upTo - below; n > 0 {
			s.m.ask(s.hub[i], s.good[i], s.Holder[i], n, max(1, int64(price*factor)))
		}
		below = upTo
	}
}

func ones(n int) []float64 {
	f := make([]float64, n)
	fill(f, 1)
	return f
}

func fill(f []float64, x float64) {
	for i := range f {
		f[i] = x
	}
}

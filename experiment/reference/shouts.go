package reference

import (
	"slices"
	"sort"

	"entrepot/sim"
)

// Shouts is what traders without intelligence made of a book in many rounds.
type Shouts struct {
	Rounds int
	Lot    int64 // units of a trader: small enough for the book to be no more than a few hundred traders
	Traded int   // rounds in which somebody traded

	Prices     []int64 // mean price of each round with a trade, CFA, sorted
	Units      []int64 // units of each round, sorted
	Efficiency float64 // mean share of the greatest possible gain from trade that was made
}

// mostTraders bounds the traders of a side, patience the shouts of a round for each trader.
const (
	mostTraders = 200
	patience    = 20
)

// ZeroIntelligence lets a book be traded by those who know nothing but their own limit: a double auction of traders with budget constraint
// (ZI-C; Gode & Sunder 1993). Every lot of the book is a trader. One drawn by luck shouts a price drawn evenly from those at which he would
// not lose: a buyer from 1 to his limit, a seller from his to the highest limit in the book. A better shout takes the place of the
// standing one; where the best bid reaches the best ask they trade at the one that stood first, leave, and both quotes are void. A round
// ends when nobody could gain any more, or everybody had many turns. There is no memory, no learning and no waiting: what order
// there is in the prices is that of the limits and the rules of the market.
func ZeroIntelligence(bids, asks []Step, rounds int, luck sim.Key) *Shouts {
	lot := max(1, (units(bids)+mostTraders-1)/mostTraders, (units(asks)+mostTraders-1)/mostTraders)
	values, costs := lots(bids, lot), lots(asks, lot)
	rising(costs)
	rising(values)
	slices.Reverse(values)
	s := &Shouts{Rounds: rounds, Lot: lot}
	best := int64(0)
	for i := range min(len(values), len(costs)) {
		best += max(0, values[i]-costs[i])
	}
	if best == 0 {
		return s
	}
	top := max(values[0], costs[len(costs)-1])
	gains := int64(0)
	for k := range rounds {
		r := &round{values: slices.Clone(values), costs: slices.Clone(costs), top: top, luck: luck.At(uint64(k))}
		r.shout()
		gains += r.gain
		s.Units = append(s.Units, r.trades*lot)
		if r.trades > 0 {
			s.Prices = append(s.Prices, r.paid/r.trades)
			s.Traded++
		}
	}
	rising(s.Prices)
	rising(s.Units)
	s.Efficiency = float64(gains) / float64(best*int64(rounds))
	return s
}

// rising sorts numbers.
func rising(x []int64) { sort.Slice(x, func(i, j int) bool { return x[i] < x[j] }) }

func units(steps []Step) (n int64) {
	for _, s := range steps {
		n += s.Units
	}
	return n
}

// lots cuts steps into traders of a lot each; what a step has beyond whole lots counts for the next one.
func lots(steps []Step, lot int64) (limits []int64) {
	left := int64(0)
	for _, s := range steps {
		for left += s.Units; left >= lot; left -= lot {
			limits = append(limits, s.Limit)
		}
	}
	return limits
}

// round is a round of shouts. Those who may still trade stand before the others.
type round struct {
	values, costs      []int64
	top                int64
	luck               sim.Key
	draws              uint64
	trades, paid, gain int64
}

// below draws a whole number from 0 to below n.
func (r *round) below(n int64) int64 {
	r.draws++
	return int64(r.luck.At(r.draws).Intn(int(n)))
}

// nobody holds a standing quote.
const nobody = -1

func (r *round) shout() {
	buyer, seller := nobody, nobody
	var bid, ask int64
	for range patience * (len(r.values) + len(r.costs)) {
		if len(r.values) == 0 || len(r.costs) == 0 {
			return
		}
		price := int64(0)
		if i := int(r.below(int64(len(r.values) + len(r.costs)))); i < len(r.values) {
			shout := 1 + r.below(r.values[i])
			if buyer == nobody || shout > bid {
				buyer, bid = i, shout
			}
			price = ask
		} else {
			i -= len(r.values)
			shout := r.costs[i] + r.below(r.top-r.costs[i]+1)
			if seller == nobody || shout < ask {
				seller, ask = i, shout
			}
			price = bid
		}
		if buyer == nobody || seller == nobody || bid < ask {
			continue
		}
		r.trades, r.paid = r.trades+1, r.paid+price
		r.gain += r.values[buyer] - r.costs[seller]
		r.values, r.costs = without(r.values, buyer), without(r.costs, seller)
		buyer, seller = nobody, nobody
		if len(r.values) > 0 && len(r.costs) > 0 && slices.Max(r.values) < slices.Min(r.costs) {
			return
		}
	}
}

// without lets the last stand in for one who leaves.
func without(limits []int64, i int) []int64 {
	last := len(limits) - 1
	limits[i] = limits[last]
	return limits[:last]
}

package agents

import "entrepot/sim"

// turns hands out the carriers of a week in keyed order. Memory at a random place is slow to
// come, but many places can be waited for at once: what most decisions begin with is read for a batch of carriers ahead of
// their turns. That changes nothing, for nobody else's decision moves a carrier or changes what he is doing.
type turns struct {
	rank  sim.Ranking
	who   []int32
	batch [256]turn
}

// turn is one carrier's.
type turn struct {
	i     int32
	class uint8
	state carrierState
	read  int64 // brings the columns that a decision needs first into the cache; its value means nothing
}

// each calls do for every carrier who is not on the road, in the week's keyed order: by key, then by number.
func (q *turns) each(t *Traffickers, w *sim.World, do func(x *turn)) {
	luck := w.Luck("planning order")
	ids, cash := w.Accounts.ID[t.Fleet.First:], w.Accounts.Cash[t.Fleet.First:]
	if cap(q.who) < len(t.state) {
		q.who = make([]int32, 0, cap(t.state))
	}
	who := q.who[:0]
	for i, dest := range t.Fleet.Dest {
		if dest < 0 {
			who = append(who, int32(i))
		}
	}
	keys := q.rank.Keys(len(who))
	for k, i := range who {
		keys[k] = luck.At(ids[i]).Bits()
	}
	for order := q.rank.Rank(); len(order) > 0; {
		n := min(len(order), len(q.batch))
		for k, at := range order[:n] {
			i := who[at]
			q.batch[k] = turn{i, t.Fleet.Class[i], t.state[i], int64(ids[i]) + cash[i] + int64(t.Fleet.Node[i])}
		}
		for k := range q.batch[:n] {
			do(&q.batch[k])
		}
		order = order[n:]
	}
}

package agents

import "entrepot/sim"

// Capital
//
// Rule. Carriers enter the arms trade until the last trip earns what other work pays: what trips leave decides what trips have to
// promise. Profit is drawn, a part of it into the pool of the network, which pays the debts of kin and, where enough is left, sets up
// newcomers.
// Source: model design 4.4; insurance among kin after Fafchamps (1992) and Greif (1993). Left out: credit between networks.

// teach lets a network learn what a trip left over other work, CFA: cargoes sold or lost, and empty ways. While trips leave
// something less has to be promised to set out, and while they lose more, so that carriers enter until the last trip earns what
// other work pays. (To compare what a trip left with what it had promised would not do. Who plans first in a week promises himself
// more than he gets, since others follow him to the same market; the mean of such errors keeps out the last of them, whose promise
// was right.) Luck is large, so the lesson is slow; and what one network learns the others hear of.
func (t *Traffickers) teach(net *Kinship, gain float64) {
	rate := t.m.P.Trafficker.BiasRate
	net.trials++
	net.own -= float64(gain*rate) / min(fewLessons+net.trials/5, manyLessons)
	t.shared -= float64(gain * rate * sharedLesson)
}

// breakEven works out what trips of each network have to promise, from what its own trips and those of all have taught.
func (t *Traffickers) breakEven() {
	t.shared = min(max(float64(t.shared*(1-sharedFade)), -float64(mostHope*t.fetches)), t.fetches)
	for _, net := range t.Nets {
		net.trials *= 1 - ownFade
		net.own = min(max(float64(net.own*(1-ownFade)), -float64(mostHope*net.fetches)-t.shared), net.fetches)
		net.breakEven = t.shared + net.own
	}
}

// What a trip teaches, as part of bias_rate: the network that made it a quarter at first, so that one with few trips learns too, and a
// twentieth once it has made eighty; the others less.
const (
	fewLessons   = 4.0
	manyLessons  = 20.0
	sharedLesson = 0.015
)

// mostHope bounds how large a loss a trip may promise because such trips have left a profit: a part of what a cargo fetches.
const mostHope = 0.4

// What own trips have taught fades within years, a week: who lost on all of them does in the end what others do. What one hears of others
// is forgotten sooner.
const (
	ownFade    = 0.005
	sharedFade = 0.01
)

// enterAndLeave pays those who have other work, lets them repay debts or draw profits, and lets a network pay the debts of its kin
// out of retained profit, and set up another carrier where enough is left. Leaving arms needs no rule: it is staying with other work,
// and can be undone.
func (t *Traffickers) enterAndLeave(w *sim.World) {
	for i, s := range t.state {
		net := t.net(i)
		if s != resting || net.Group >= 0 {
			continue
		}
		t.live(w, t.holder(i), net)
	}
	for c, net := range t.Nets {
		t.relieve(w, net)
		t.recruit(w, c, net)
	}
}

// live is a week of other work: half the wage repays debts or rebuilds working capital, above that all is consumed and
// profit is drawn, a part of it into the network's pool.
func (t *Traffickers) live(w *sim.World, holder int32, net *Kinship) {
	p, acc := &t.m.P.Trafficker, w.Accounts
	acc.Receive(holder, net.Spec.OtherWork, sim.OtherWork)
	excess := acc.Cash[holder] - p.WorkingCapital
	if excess <= 0 {
		acc.Spend(holder, net.Spec.OtherWork/2, sim.Living)
		return
	}
	draw := int64(p.Draw * float64(excess))
	retained := min(int64(retainedShare*float64(draw)), max(0, 2*p.RecruitCost-acc.Cash[net.Pool]))
	acc.Pay(holder, net.Pool, retained)
	acc.Spend(holder, draw-retained, sim.Living)
}

// relieve lets a network's pool pay the debts of its carriers: who lost a cargo is helped by kin who did not. Where trips leave no more
// than other work on average, luck would else put one carrier after another out of the trade.
func (t *Traffickers) relieve(w *sim.World, net *Kinship) {
	acc := w.Accounts
	if net.Group >= 0 {
		return
	}
	for _, i := range net.Carrier {
		left := acc.Cash[net.Pool]
		if left <= 0 {
			return
		}
		if holder := t.holder(int(i)); acc.Cash[holder] < 0 {
			acc.Pay(net.Pool, holder, min(left, -acc.Cash[holder]))
		}
	}
}

// retainedShare of drawn profit goes to the network's pool, out of which debts are paid and newcomers set up.
const retainedShare = 0.75

// trendRate makes the trend of a network's profit from arms a memory of about a year.
const trendRate = 0.02

// recruit lets a network whose arms trade has lately paid more than the capital of its carriers would cost set up another
// one out of its retained profit.
func (t *Traffickers) recruit(w *sim.World, c int, net *Kinship) {
	p := &t.m.P.Trafficker
	net.trend += float64((net.ArmsProfit - net.booked - net.trend) * trendRate)
	net.booked = net.ArmsProfit
	pays := p.Interest * float64(p.RecruitCost) * float64(len(net.Carrier)) // what the money would earn elsewhere
	if net.Group >= 0 || net.trend <= pays || w.Accounts.Cash[net.Pool] < p.RecruitCost {
		return
	}
	chance := float64(p.RecruitMax * float64(len(net.Carrier)) / 52)
	if w.Luck("recruit").Label(net.Spec.ID).Float() >= chance {
		return
	}
	i := t.addCarrier(c, net.Homes[len(net.Carrier)%len(net.Homes)], 0)
	w.Accounts.Pay(net.Pool, t.holder(i), p.RecruitCost)
	net.NewCash += float64(p.RecruitCost)
}

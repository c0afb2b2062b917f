package agents

import (
	"testing"

	"entrepot/sim"
)

func TestLootIsSoldUnderTheGoingPriceAndItsMoneySpent(t *testing.T) {
	m := live(t, smallWorld(), 1, 20, nil)
	k := int(m.DestOf[m.Hub("town")])
	holder := m.Bandits.Holder[k]
	m.Accounts.Bring(sim.Made, holder, 0, m.OriginOf["libya"], 3)
	m.Accounts.Receive(holder, 500, sim.Income)
	price := m.goingPrice(m.Hub("town"), 0)
	if price == 0 {
		t.Fatal("the test needs a town where somebody bids")
	}
	got := asks(m, "town", "ak", func() { m.Bandits.order(m.World) })
	if n := got[int64(undercut*price)]; n < 3 {
		t.Errorf("asks %v, must hold 3 units at %.0f", got, undercut*price)
	}
	if bad := m.Accounts.Check(); bad != nil {
		t.Errorf("books: %+v", *bad)
	}
}

func TestEveryRoadHasRobbersOfTheNearestMarket(t *testing.T) {
	m := live(t, smallWorld(), 1, 0, nil)
	for _, c := range []struct{ from, to, market string }{{"source", "pass", "source"}, {"town", "mine", "town"}, {"far", "mine", "mine"}} {
		a := m.Net.Find(m.Hub(c.from), m.Hub(c.to))
		label := m.Roads.Robbers[a]
		want := m.Bandits.Holder[m.DestOf[m.Hub(c.market)]]
		other := m.Bandits.Holder[m.DestOf[m.Hub(c.from)]]
		if label != want && label != other {
			t.Errorf("%s-%s: robbers %d, must be those of %s or %s", c.from, c.to, label, c.market, c.from)
		}
	}
}

func TestAWorldWithoutMarketsHasNoRobbersAndRuns(t *testing.T) {
	s := smallWorld()
	for h := range s.Hubs {
		s.Hubs[h].Market = false
	}
	s.Dealers, s.Networks = nil, nil
	live(t, s, 1, 20, nil)
}

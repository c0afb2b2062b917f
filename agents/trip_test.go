package agents

import (
	"math"
	"testing"
)

// Asks. A market where 10 units would sell at 200,000, 20 at 180,000 and 40 at 100,000 in one week; other work pays 60,000
// a week.
func TestASellerWeighsWaitingAgainstTheWeeksItCosts(t *testing.T) {
	m := live(t, smallWorld(), 1, 0, nil)
	tr := m.Traffickers
	net, hub := tr.Nets[0], m.Hub("town")
	market := m.Market(hub, 0)
	lot := float64(m.Auctions.Lot(market, 0))
	curve := m.Auctions.News(market, 1)
	for k := range curve.Sell {
		curve.Sell[k] = 0
	}
	curve.Sell[0], curve.Sell[1], curve.Sell[2] = 200000, 180000, 100000 // at one, two and three lots
	for _, c := range []struct {
		name          string
		units, others float64
		pays          float64
		want          float64
	}{
		{"all at once where one lot is all he has", lot, 0, 0, 200000},
		{"half a week's worth at a time for a better price", 2 * lot, 0, 0, 200000},
		{"at once where other trips pay more than waiting", 2 * lot, 0, 1e6, 180000},
		{"with others, who sell in the same weeks", 2 * lot, 4 * lot, 0, 180000},
		{"no price where there is more than two weeks can take", 2 * lot, 20 * lot, 0, 0},
	} {
		net.pays = c.pays
		tr.flow(m.DestOf[hub], 0).onOffer = c.others
		if got := tr.patient(net, hub, 0, c.units); math.Abs(got-c.want) > 1 {
			t.Errorf("%s: %.0f, must be %.0f", c.name, got, c.want)
		}
	}
}

func TestAnAskStartsHighAndFallsToTheValueElsewhere(t *testing.T) {
	p := Defaults().Trafficker
	p.Margin, p.AskDecay = 0.1, 0.07
	for _, c := range []struct {
		name                            string
		stack, best, patient, elsewhere float64
		weeks                           int
		want                            float64
	}{
		{"the cost stack with its margin", 100000, 0, 0, 0, 0, 110000},
		{"not far above the best bid", 300000, 100000, 0, 0, 0, 125000},
		{"what waiting brings, where that is more", 100000, 200000, 180000, 0, 0, 180000},
		{"lower after weeks", 100000, 0, 0, 0, 3, 110000 * 0.93 * 0.93 * 0.93},
		{"but not below the value elsewhere", 100000, 0, 0, 90000, 200, 90000},
		{"which it is at once where that is higher", 100000, 0, 0, 150000, 5, 150000},
		{"at least a franc", 0, 0, 0, -50, 0, 1},
	} {
		if got := askPrice(c.stack, c.best, c.patient, c.elsewhere, c.weeks, &p); math.Abs(float64(got)-c.want) > 1 {
			t.Errorf("%s: %d, must be %.0f", c.name, got, c.want)
		}
	}
}

// A cargo of one unit is not taken on a way that thirteen would pay for.
func TestAnAlternativeIsWorthLessToASmallCargo(t *testing.T) {
	a := alternative{price: 300000, cost: 1_300_000}
	if big, small := a.worth(13), a.worth(1); big != 200000 || small != -1_000_000 {
		t.Errorf("worth %.0f each to thirteen and %.0f to one, must be 200000 and -1000000", big, small)
	}
}

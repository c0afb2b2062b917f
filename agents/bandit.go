package agents

import "entrepot/sim"

// Bandits
//
// Rule. What is robbed on a road belongs to the robbers of the market town nearest to it. They sell it there at a little
// under the going price (last week's, or the best bid where nothing was sold), and live on what they get and on what carriers pay them to pass. Robbery moves
// goods and money to other hands; nothing is lost (model design 4.5).
// Left out: robbers who keep arms for themselves, take sides, or follow the trade to other roads.

// Bandits are the robbers of every market hub, one holder each.
type Bandits struct {
	m      *Model
	Holder []int32 // by index in Model.Markets
}

func newBandits(m *Model) *Bandits {
	b := &Bandits{m: m}
	for _, h := range m.Markets {
		b.Holder = append(b.Holder, m.holder("bandits:"+m.Setup.Hubs[h].ID, "civilian:bandits", sim.Merchant, 0))
	}
	for a := range m.Roads.Robbers {
		if k := m.nearestMarket(int(m.Net.From[a]), int(m.Net.To[a])); k >= 0 {
			m.Roads.Robbers[a] = b.Holder[k]
		}
	}
	return b
}

// nearestMarket returns the index in Markets of the market closest to either of two hubs, or -1 where there is none.
func (m *Model) nearestMarket(a, b int) int {
	best, km := -1, 0.0
	for k, h := range m.Markets {
		if d := min(m.distance(a, h), m.distance(b, h)); best < 0 || d < km {
			best, km = k, d
		}
	}
	return best
}

// undercut is what robbers, soldiers and people in a hurry ask over the going price.
const undercut = 0.95

// lastBid returns the best bid of the week before at a market, CFA; 0 where nobody bid.
func (m *Model) lastBid(hub, good int) int64 { return m.Auctions.Week[m.Market(hub, good)].Bid }

// goingPrice returns last week's price of a good, or the best bid where nothing traded, CFA; 0 if neither.
func (m *Model) goingPrice(hub, good int) float64 {
	week := &m.Auctions.Week[m.Market(hub, good)]
	if week.Price > 0 {
		return float64(week.Price)
	}
	return float64(week.Bid)
}

// order sells the loot and spends the money.
func (b *Bandits) order(w *sim.World) {
	m := b.m
	for k, h := range m.Markets {
		holder := b.Holder[k]
		if cash := w.Accounts.Cash[holder]; cash > 0 {
			w.Accounts.Spend(holder, cash, sim.Living)
		}
		if !m.trades(h) {
			continue
		}
		for g := range m.GoodSpec {
			if u := w.Accounts.Units(holder, g); u > 0 {
				if price := m.goingPrice(h, g); price > 0 {
					m.ask(h, g, holder, int64(u), max(1, int64(undercut*price)))
				}
			}
		}
	}
}

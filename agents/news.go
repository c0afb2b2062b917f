package agents

// newsWeeks bounds how late public news may be.
const newsWeeks = 13

// roadNews is what everybody hears about roads, with a lag: a smoothed view of the true hazards. Beliefs are drawn
// towards it (their Gamma prior), on unused roads too, so that a premium decays when the patrols go.
type roadNews struct {
	base   [2][]float64            // payable and strike hazards at the start
	smooth [2][]float64            // as people speak of them now
	past   [newsWeeks][2][]float64 // the same by week
	begun  bool
}

// newsSmooth is how fast talk follows a change: the mean over about a month.
const newsSmooth = 0.25

func (n *roadNews) start(m *Model, nets []*Kinship) {
	arcs := len(m.Net.From)
	for k := 0; k < 2; k++ {
		n.base[k], n.smooth[k] = make([]float64, arcs), make([]float64, arcs)
		for i := range n.past {
			n.past[i][k] = make([]float64, arcs)
		}
	}
}

// publish takes this week's hazards into the talk and sets the priors of all networks.
func (n *roadNews) publish(m *Model, nets []*Kinship) {
	for a := range n.smooth[0] {
		now := [2]float64{m.Net.Payable(a), m.Net.Strike[a]}
		for k := range now {
			if !n.begun {
				n.base[k][a], n.smooth[k][a] = now[k], now[k]
				for i := range n.past {
					n.past[i][k][a] = now[k]
				}
			}
			n.smooth[k][a] += float64((now[k] - n.smooth[k][a]) * newsSmooth)
		}
	}
	n.begun = true
	at := ((m.Week % newsWeeks) + newsWeeks) % newsWeeks
	heard := (at - int(m.P.Road.NewsLag) + newsWeeks) % newsWeeks
	for k := range n.smooth {
		copy(n.past[at][k], n.smooth[k])
	}
	share := m.P.Road.PublicNews
	for _, net := range nets {
		c := net.Class
		for a := range c.PriorPayable {
			c.PriorPayable[a] = n.base[0][a] + float64(share*(n.past[heard][0][a]-n.base[0][a]))
			c.PriorStrike[a] = n.base[1][a] + float64(share*(n.past[heard][1][a]-n.base[1][a]))
		}
	}
}

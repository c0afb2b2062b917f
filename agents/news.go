package agents

import "entrepot/sim"

// newsWeeks bounds how late public news may be.
const newsWeeks = 13

// roadNews is what everybody hears about roads, with a lag: a smoothed view of the true hazards. Beliefs are drawn
// towards it (their Gamma prior), on unused roads too, so that a premium decays when the patrols go.
type roadNews struct {
	base   [2][]float64            // payable and strike hazards at the start
	smooth [2][]float64            // as people speak of them now
	past   [newsWeeks][2][]float64 // the same by week
	heard  [2][]float64            // what is known by now: the prior of all networks
	begun  bool

	payable []float64 // hazards of this week, reused

	nets    []*Kinship // who hears it
	open    []bool     // roads last week
	force   []int      // who held the hubs last week, or -1
	changed bool       // some of these since last week
}

// newsSmooth is how fast talk follows a change: the mean over about a month.
const newsSmooth = 0.25

// routeWeeks is how often a network thinks its routes over when no road opened or closed and no town changed hands: about
// once a month. Which week of the four hangs on its id, so that the networks do not all change their ways at once.
const routeWeeks = 4

// start makes the columns; all networks share one prior.
func (n *roadNews) start(m *Model, nets []*Kinship) {
	n.nets = nets
	arcs := len(m.Net.From)
	for k := range n.base {
		n.base[k], n.smooth[k], n.heard[k] = make([]float64, arcs), make([]float64, arcs), make([]float64, arcs)
		for i := range n.past {
			n.past[i][k] = make([]float64, arcs)
		}
	}
	for _, net := range nets {
		net.Class.PriorPayable, net.Class.PriorStrike = n.heard[0], n.heard[1]
		net.Class.Every, net.Class.Phase = routeWeeks, sim.NewKey(5).Label(net.Spec.ID).Intn(routeWeeks)
	}
	n.payable = make([]float64, arcs)
	n.open, n.force = make([]bool, arcs), make([]int, len(m.Places))
}

// watch tells every network when a road opened or closed or a town changed hands.
func (n *roadNews) watch(m *Model) {
	n.changed = false
	for a, open := range m.Net.Open {
		n.changed = n.changed || n.open[a] != open
		n.open[a] = open
	}
	for h := range m.Places {
		force := m.Places[h].Force
		n.changed = n.changed || n.force[h] != force
		n.force[h] = force
	}
	if !n.changed {
		return
	}
	for _, net := range n.nets {
		net.Class.Notice()
	}
}

// publish takes this week's hazards into the talk and sets the prior of all networks.
func (n *roadNews) publish(m *Model) {
	if !n.begun {
		n.begin(m)
	}
	n.watch(m)
	at := ((m.Week % newsWeeks) + newsWeeks) % newsWeeks
	known := (at - int(m.P.Road.NewsLag) + newsWeeks) % newsWeeks
	share := m.P.Road.PublicNews
	for a := range n.payable {
		n.payable[a] = m.Net.Payable(a)
	}
	for k, now := range [2][]float64{n.payable, m.Net.Strike} {
		smooth, past, known, base, heard := n.smooth[k], n.past[at][k], n.past[known][k], n.base[k], n.heard[k]
		for a, hazard := range now {
			smooth[a] += float64((hazard - smooth[a]) * newsSmooth)
			past[a] = smooth[a]
			heard[a] = base[a] + float64(share*(known[a]-base[a]))
		}
	}
}

// begin takes the hazards of the first week as what has always been known.
func (n *roadNews) begin(m *Model) {
	n.begun = true
	copy(n.base[1], m.Net.Strike)
	for a := range n.base[0] {
		n.base[0][a] = m.Net.Payable(a)
	}
	for k := range n.base {
		copy(n.smooth[k], n.base[k])
		for i := range n.past {
			copy(n.past[i][k], n.base[k])
		}
	}
}

package agents

import (
	"sort"

	"entrepot/sim"
)

// Violence
//
// Rule. Violence at a hub is an index, 1 = the regional mean of 2017. In the mode "endogenous" it persists, is drawn to
// the level of the place and rises with arms in hostile hands near by:
//
//	V <- rho*V + (1-rho)*V0*events + a*(x/x0 - 1),   0 <= V <= 10,
//
// with x the rifle-equivalents of groups that have an enemy near the hub, weighted by how near they are, and x0 the same
// at the start: the level of the place stands for the arms that were there then. In the mode "table" it is the documented
// level of the hub's zone (the last zone listed that has rows), linear between the middles of years, times events. It is
// one or the other, never both. Groups expect the fighting of the last months: E <- E + 0.1*(V - E).
// Source: model design 4.10; Raleigh et al. 2010 (ACLED) for the table's counts. Left out: spread of violence from place to
// place by itself, and who is killed by whom.

// yearly is a documented level in the middle of a year.
type yearly struct{ at, index float64 }

// mostViolent bounds the index.
const mostViolent = 10

// feedbackCap bounds how much more arms than at the start count.
const feedbackCap = 5

// violenceRows returns the documented levels of each hub, by time.
func violenceRows(m *Model, zones map[string][]int32) [][]yearly {
	byZone := map[string][]yearly{}
	for _, r := range m.Setup.Violence {
		byZone[r.Zone] = append(byZone[r.Zone], yearly{float64(r.Year) + 0.5, r.Index})
	}
	rows := make([][]yearly, m.Net.Hubs)
	for i := range m.Setup.Zones { // in the order of the table: the last listed wins
		id := m.Setup.Zones[i].ID
		if levels := byZone[id]; levels != nil {
			sort.SliceStable(levels, func(i, j int) bool { return levels[i].at < levels[j].at })
			for _, h := range zones[id] {
				rows[h] = levels
			}
		}
	}
	return rows
}

// tableAt interpolates documented levels; before the first and after the last they stay.
func tableAt(rows []yearly, at float64) float64 {
	if at <= rows[0].at {
		return rows[0].index
	}
	for i := 1; i < len(rows); i++ {
		if at <= rows[i].at {
			a, b := rows[i-1], rows[i]
			if b.at <= a.at {
				return b.index
			}
			return a.index + float64((b.index-a.index)*((at-a.at)/(b.at-a.at)))
		}
	}
	return rows[len(rows)-1].index
}

// yearOf returns a day as a fraction of years.
func yearOf(d sim.Date) float64 {
	y := d.Year()
	return float64(y) + float64(d-sim.DateOf(y, 1, 1))/365.2425
}

// violenceAt returns the documented level of a hub at the start, or the hub's own under the mode "endogenous".
func (c *conditions) violenceAt(m *Model, h int) float64 {
	if m.P.Violence.Mode == "table" && len(c.rows[h]) > 0 {
		return tableAt(c.rows[h], yearOf(m.Start))
	}
	return m.Setup.Hubs[h].Violence
}

// nextViolence is the rule of the mode "endogenous" for one hub; arms is x/x0 - 1.
func nextViolence(v, level, rho, a, arms float64) float64 {
	v = float64(rho*v) + float64((1-rho)*level) + float64(a*arms)
	return min(max(v, 0), mostViolent)
}

// updateViolence moves violence everywhere and scores the places.
func (m *Model) updateViolence(w *sim.World) {
	g := m.Groups
	g.count()
	at, table := 0.0, m.P.Violence.Mode == "table"
	if table {
		at = yearOf(m.day())
	}
	for h := range m.Places {
		pl := &m.Places[h]
		base := m.Setup.Hubs[h].Violence
		if rows := m.now.rows[h]; table && len(rows) > 0 {
			base = tableAt(rows, at)
		}
		base = float64(base*m.now.violence[h]) + m.now.violenceTo[h]
		if table {
			pl.Violence = min(max(base, 0), mostViolent)
		} else {
			pl.Violence = nextViolence(pl.Violence, base, m.P.Violence.Persistence, m.P.Violence.ArmsFeedback, g.armament(h))
		}
		pl.Activity = m.activity(h)
	}
	g.expect()
}

// The weights of the activity score, and the flow (rifle-equivalents a week) and violence that count half.
const (
	flowWeight, openWeight, violenceWeight = 0.6, 0.25, 0.15
	halfFlow, halfViolence                 = 20.0, 2.0
)

// activity scores a place from 0 to 10 by the arms usually sold there, by how openly, and by violence. It is a score of
// this model; it is not the IEIM, whose scores of hubs are not published.
func (m *Model) activity(h int) float64 {
	pl := &m.Places[h]
	flow, openness := 0.0, 0.0
	if m.DestOf[h] >= 0 {
		openness = [...]float64{1, 0.4, 0}[pl.Regime]
		for g := range m.GoodSpec {
			flow += float64(m.Auctions.Usual[m.Market(h, g)]*float64(m.GoodSpec[g].Load)) / 1000
		}
	}
	return 10 * (float64(flowWeight*(flow/(flow+halfFlow))) + float64(openWeight*openness) + float64(violenceWeight*(pl.Violence/(pl.Violence+halfViolence))))
}

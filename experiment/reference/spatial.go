// Package reference computes lines to hold a simulated price against: what a competitive market in space would make of the same supply,
// demand and costs of transfer, and what traders without any intelligence would make of the same book. It knows steps of curves
// and costs, no model.
package reference

import (
	"math"
	"slices"
	"sort"
)

// Step is a part of a supply or demand curve: up to Units at Limit CFA each or better.
type Step struct{ Limit, Units int64 }

// Place is a market: what is offered there by those who need not buy it elsewhere, and what is wanted by those who will not sell it on.
type Place struct{ Supply, Demand []Step }

// Forbidden is a cost of transfer where there is no way.
const Forbidden = math.MaxInt64

// Equilibrium is a spatial price equilibrium.
type Equilibrium struct {
	Price     []int64   // by place, CFA: the middle of the interval
	Low, High []int64   // of the prices that all fit; -1 and Forbidden where nothing bounds them
	Made      []int64   // units sold there by its suppliers
	Used      []int64   // units bought there by those who use them
	Flow      [][]int64 // units from place to place, along links of the equilibrium
}

// Spatial returns the spatial price equilibrium of places between which a unit is taken at a cost (Samuelson 1952; Takayama & Judge 1971):
// the flows that leave the most to users, suppliers and carriers together, and prices at which nobody gains by another flow: none exceeds
// that of another place by more than the transfer, and where goods flow it is by just that. Costs must not be negative.
// It is found exactly, in whole units and CFA, by successive shortest paths.
func Spatial(places []Place, cost [][]int64) *Equilibrium {
	s := newSolver(places, cost)
	for s.augment() {
	}
	return s.result()
}

// curve is a supply or demand curve with what is used of it.
type curve struct {
	steps []Step
	at    int   // first step that is not used up
	used  int64 // units of it
	total int64
}

func newCurve(steps []Step, before func(a, b Step) bool) curve {
	sorted := slices.DeleteFunc(slices.Clone(steps), func(s Step) bool { return s.Units <= 0 })
	sort.SliceStable(sorted, func(i, j int) bool { return before(sorted[i], sorted[j]) })
	return curve{steps: sorted}
}

// next is the limit of the next unit and how many are left of it.
func (c *curve) next() (limit, left int64, ok bool) {
	if c.at == len(c.steps) {
		return 0, 0, false
	}
	return c.steps[c.at].Limit, c.steps[c.at].Units - c.used, true
}

// last is the limit of the last unit used.
func (c *curve) last() (limit int64, ok bool) {
	switch {
	case c.used > 0:
		return c.steps[c.at].Limit, true
	case c.at > 0:
		return c.steps[c.at-1].Limit, true
	}
	return 0, false
}

func (c *curve) use(units int64) {
	c.total += units
	if c.used += units; c.used == c.steps[c.at].Units {
		c.at, c.used = c.at+1, 0
	}
}

// solver finds the flows of most gain, path by path.
type solver struct {
	cost           [][]int64
	supply, demand []curve
	flow           [][]int64
	dist           []int64
	from           []int // place before on the shortest path; itself where the path begins
}

func newSolver(places []Place, cost [][]int64) *solver {
	n := len(places)
	s := &solver{cost: cost, dist: make([]int64, n), from: make([]int, n), flow: make([][]int64, n)}
	for i, p := range places {
		s.supply = append(s.supply, newCurve(p.Supply, func(a, b Step) bool { return a.Limit < b.Limit }))
		s.demand = append(s.demand, newCurve(p.Demand, func(a, b Step) bool { return a.Limit > b.Limit }))
		s.flow[i] = make([]int64, n)
	}
	return s
}

// augment sends units along the path of most gain, and tells whether there was one.
func (s *solver) augment() bool {
	for i := range s.dist {
		s.dist[i], s.from[i] = Forbidden, i
		if limit, _, ok := s.supply[i].next(); ok {
			s.dist[i] = limit
		}
	}
	s.shorten(s.dist, s.from)
	end, most := -1, int64(0)
	for i := range s.dist {
		if limit, _, ok := s.demand[i].next(); ok && s.dist[i] < Forbidden && limit-s.dist[i] > most {
			end, most = i, limit-s.dist[i]
		}
	}
	if end < 0 {
		return false
	}
	_, units, _ := s.demand[end].next()
	start := end
	for ; s.from[start] != start; start = s.from[start] {
		if before := s.from[start]; s.flow[start][before] > 0 {
			units = min(units, s.flow[start][before])
		}
	}
	_, left, _ := s.supply[start].next()
	units = min(units, left)
	s.supply[start].use(units)
	s.demand[end].use(units)
	for at := end; at != start; at = s.from[at] {
		if before := s.from[at]; s.flow[at][before] > 0 { // a flow the other way is taken back
			s.flow[at][before] -= units
		} else {
			s.flow[before][at] += units
		}
	}
	return true
}

// link is what a unit costs from a place to another given the flows: a flow the other way is taken back, which saves its cost.
func (s *solver) link(i, j int) int64 {
	if s.flow[j][i] > 0 {
		return -s.cost[j][i]
	}
	return s.cost[i][j]
}

// shorten lets distances fall along links until none falls any more (Bellman 1958). From is nil where the paths are of no interest.
func (s *solver) shorten(dist []int64, from []int) {
	for changed := true; changed; {
		changed = false
		for i := range dist {
			if dist[i] == Forbidden {
				continue
			}
			for j := range dist {
				c := s.link(i, j)
				if i == j || c == Forbidden || dist[i]+c >= dist[j] {
					continue
				}
				dist[j], changed = dist[i]+c, true
				if from != nil {
					from[j] = i
				}
			}
		}
	}
}

// result reads the prices off the last distances: a price is at most what one more unit would cost there, made or taken from a user
// somewhere, and at least what one unit less would be worth, to a user or unmade.
func (s *solver) result() *Equilibrium {
	n := len(s.dist)
	e := &Equilibrium{Price: make([]int64, n), Low: make([]int64, n), High: make([]int64, n), Made: make([]int64, n), Used: make([]int64, n), Flow: s.flow}
	worth := make([]int64, n) // less of it, so that distances fall
	for i := range n {
		e.Made[i], e.Used[i] = s.supply[i].total, s.demand[i].total
		e.High[i], worth[i] = Forbidden, Forbidden
		if limit, _, ok := s.supply[i].next(); ok {
			e.High[i] = limit
		}
		if limit, ok := s.demand[i].last(); ok {
			e.High[i] = min(e.High[i], limit)
		}
		if limit, _, ok := s.demand[i].next(); ok {
			worth[i] = -limit
		}
		if limit, ok := s.supply[i].last(); ok {
			worth[i] = min(worth[i], -limit)
		}
	}
	s.shorten(e.High, nil)
	back := &solver{cost: transposed(s.cost), flow: transposed(s.flow)}
	back.shorten(worth, nil)
	for i := range n {
		e.Low[i] = -1
		if worth[i] < Forbidden {
			e.Low[i] = max(-1, -worth[i])
		}
		switch low, high := max(0, e.Low[i]), e.High[i]; {
		case high == Forbidden && e.Low[i] < 0:
			e.Price[i] = -1
		case high == Forbidden:
			e.Price[i] = low
		default:
			e.Price[i] = low + (high-low)/2
		}
	}
	return e
}

func transposed(m [][]int64) [][]int64 {
	out := make([][]int64, len(m))
	for i := range out {
		out[i] = make([]int64, len(m))
		for j := range m {
			out[i][j] = m[j][i]
		}
	}
	return out
}

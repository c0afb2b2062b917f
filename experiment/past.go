package experiment

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/output/tables"
	"entrepot/sim"
)

// Runs of one seed whose setups differ in dated events alone are the same run until the first of these events. Such a past is
// lived once: the run forks where they part (docs/decisions/016).

// pasts says which points of a study have a past in common.
type pasts struct {
	families [][]int         // points, those with the longest common past beside each other
	setups   []*agents.Setup // by point; nil of one that is alone
	end      []int           // by point: the week from which on nothing is asked of its runs
}

// pasts finds the families among some points of a study. A scenario is read for that only where another point has the same sets but
// for its events.
func (s *Study) pasts(points []int) *pasts {
	p := &pasts{setups: make([]*agents.Setup, len(s.Points)), end: make([]int, len(s.Points))}
	if s.Do != nil || s.Apart {
		return p
	}
	for _, alike := range s.alike(points) {
		var found [][]int
		for _, i := range alike {
			laid, err := s.scenario(&s.Points[i])
			if err != nil { // told by its runs
				continue
			}
			k := slices.IndexFunc(found, func(f []int) bool { return p.shares(f[0], laid.Setup) })
			if k < 0 {
				p.setups[i] = laid.Setup
				p.end[i] = s.asked(newPanel(laid.Setup, s.Figures, s.Series, tables.NewNames()), laid.Setup.Weeks())
				found = append(found, []int{i})
				continue
			}
			first := found[k][0]
			shared := *p.setups[first] // one world for all
			shared.Events = laid.Setup.Events
			p.setups[i], p.end[i] = &shared, p.end[first]
			found[k] = append(found[k], i)
		}
		for _, f := range found {
			if len(f) == 1 {
				p.setups[f[0]] = nil
				continue
			}
			p.sort(f)
			p.families = append(p.families, f)
		}
	}
	return p
}

// alike groups the points that have the same sets but for their events, where there is more than one.
func (s *Study) alike(points []int) (groups [][]int) {
	of := map[string]int{}
	for _, i := range points {
		var others []string
		for _, set := range s.Points[i].Sets {
			if !strings.HasPrefix(set, "events.") {
				others = append(others, set)
			}
		}
		key := strings.Join(others, "\n")
		k, ok := of[key]
		if !ok {
			k, groups = len(groups), append(groups, nil)
			of[key] = k
		}
		groups[k] = append(groups[k], i)
	}
	return slices.DeleteFunc(groups, func(g []int) bool { return len(g) < 2 })
}

// shares reports whether a setup has a past in common with that of a point, and is asked for the same weeks.
func (p *pasts) shares(point int, s *agents.Setup) bool {
	of := p.setups[point]
	return of.Weeks() == s.Weeks() && of.ShareUntil(s) > -agents.BurnIn
}

// sort puts points whose events are the same for longest beside each other: by the first event that differs, where the end of the
// list comes last.
func (p *pasts) sort(points []int) {
	keys := map[int]string{}
	for _, i := range points {
		var key strings.Builder
		for k := range p.setups[i].Events {
			e := &p.setups[i].Events[k]
			fmt.Fprintf(&key, "%08d %016x ", e.Date, sim.NewKey(0).Label(fmt.Sprintf("%#v", *e)).Bits())
		}
		keys[i] = key.String() + "~"
	}
	slices.SortStableFunc(points, func(i, j int) int { return cmp.Compare(keys[i], keys[j]) })
}

// branch is a run and those that part from it.
type branch struct {
	from   int       // week in which it parts from the run that it comes from
	points []int     // of which it is the run: they do not differ while anything is asked of them
	parts  []*branch // by week
}

// branch makes the tree of some points of a family, in its order.
func (p *pasts) branch(points []int, from int) *branch {
	b := &branch{from: from}
	for len(points) > 1 {
		until := make([]int, len(points)) // week in which each parts from the one before it
		week := p.end[points[0]]
		for k := 1; k < len(points); k++ {
			until[k] = p.setups[points[k-1]].ShareUntil(p.setups[points[k]])
			week = min(week, until[k])
		}
		if week == p.end[points[0]] {
			break
		}
		first := 1 + slices.Index(until[1:], week)
		for at := first; at < len(points); {
			next := at + 1
			for next < len(points) && until[next] > week {
				next++
			}
			b.parts = append(b.parts, p.branch(points[at:next], week))
			at = next
		}
		points = points[:first]
	}
	b.points = points
	return b
}

// all lists the points of a branch and of those that part from it.
func (b *branch) all() []int {
	points := slices.Clone(b.points)
	for _, part := range b.parts {
		points = append(points, part.all()...)
	}
	return points
}

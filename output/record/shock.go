package record

import (
	"entrepot/agents"
	"entrepot/sim"
)

// calm is how many weeks a run must have had before an event counts as its shock: a before to compare with.
const calm = 26

// MainShock returns the day from which a scenario's "after" counts: the first event of the cause with most events among
// those that leave half a year of calm before them; 0 where there is none.
func MainShock(s *agents.Setup) sim.Date {
	var causes []string // in order of their first event, which decides between equals
	count, first := map[string]int{}, map[string]sim.Date{}
	for _, e := range s.Events {
		if e.Date < s.Start+7*calm || e.Date > s.End {
			continue
		}
		if count[e.Cause] == 0 {
			causes = append(causes, e.Cause)
			first[e.Cause] = e.Date
		}
		count[e.Cause]++
	}
	best := ""
	for _, c := range causes {
		if count[c] > count[best] {
			best = c
		}
	}
	return first[best]
}

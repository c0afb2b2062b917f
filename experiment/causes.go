package experiment

import (
	"slices"

	"entrepot/agents"
	"entrepot/scenarios"
)

// Cause is a set of events of a scenario, or one of its tables, with the sets that switch it off.
type Cause struct {
	ID   string
	Name string // of the whole cause
	Way  string // in which it acts, of a cause with several: hub_losses, road_risk, other
	Off  []string
}

// Causes lists the causes of a scenario in the order of their first event. Events with one `cause` belong together; but where a
// cause both takes places and makes roads more dangerous, these are two, since they act in different ways: hub losses and road
// risk. Violence counts as a cause where it is read from a table.
func Causes(s *scenarios.Scenario) (all []Cause) {
	split := bothWays(s.Setup.Events)
	for i := range s.Setup.Events {
		e := &s.Setup.Events[i]
		id, way := e.Cause, ""
		if slices.Contains(split, e.Cause) {
			way = wayOf(e)
			id += "." + way
		}
		k := slices.IndexFunc(all, func(c Cause) bool { return c.ID == id })
		if k < 0 {
			k, all = len(all), append(all, Cause{ID: id, Name: Spoken(s, e.Cause), Way: way})
		}
		all[k].Off = append(all[k].Off, "events."+e.ID+"=null")
	}
	if s.Setup.Params.Violence.Mode == "table" {
		all = append(all, Cause{"violence", "violence (table)", "", []string{"violence.mode=endogenous"}})
	}
	return all
}

// wayOf says how an event of a cause with several ways acts.
func wayOf(e *agents.Event) string {
	switch e.Kind {
	case "hub_control":
		return "hub_losses"
	case "force", "route":
		return "road_risk"
	}
	return "other"
}

// bothWays lists the causes that have events of several ways.
func bothWays(events []agents.Event) (causes []string) {
	ways := map[string]string{}
	for i := range events {
		way := wayOf(&events[i])
		if way == "other" {
			continue
		}
		had := ways[events[i].Cause]
		if had != "" && had != way && !slices.Contains(causes, events[i].Cause) {
			causes = append(causes, events[i].Cause)
		}
		ways[events[i].Cause] = way
	}
	return causes
}

// Without returns the sets that switch several causes off.
func Without(causes []Cause, off func(i int) bool) (sets []string) {
	for i := range causes {
		if off(i) {
			sets = append(sets, causes[i].Off...)
		}
	}
	return sets
}

package main

import (
	"fmt"
	"slices"
	"strings"

	"entrepot/experiment"
	"entrepot/scenarios"
)

// causesSection runs the scenario without each of its causes under the same seeds: what a price loses then is that cause's
// part, given all the others. Violence and exchange-rate tables count as causes where they are in use.
func causesSection(w *work) (string, error) {
	if w.without == 0 {
		return "", nil
	}
	s, err := scenarios.Load(w.scenario, w.sets)
	if err != nil {
		return "", err
	}
	ts := slices.DeleteFunc(targets(s), func(t experiment.Target) bool { return t.Fact.Kind != "price" || t.Input })
	with, err := figures(s, w.without, figuresOf(ts))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Part of each price that goes when one cause is taken away (seeds 1-%d), per cent of the price:\n\n| cause |", w.without)
	for i := range ts {
		fmt.Fprintf(&b, " %s |", ts[i].Fact.ID)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(ts)) + "\n")
	for _, c := range causes(s) {
		other, err := scenarios.Load(w.scenario, append(slices.Clone(w.sets), c.sets...))
		if err != nil {
			return "", err
		}
		gone, err := figures(other, w.without, figuresOf(ts))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| %s |", c.name)
		for i := range ts {
			fmt.Fprintf(&b, " %+.0f |", 100*(1-mean(gone[i])/mean(with[i])))
		}
		b.WriteString("\n")
	}
	return b.String(), nil
}

// cause is a named set of events, or a table, with what switches it off.
type cause struct {
	name string
	sets []string
}

func causes(s *scenarios.Scenario) (all []cause) {
	for _, e := range s.Setup.Events {
		i := slices.IndexFunc(all, func(c cause) bool { return c.name == e.Cause })
		if i < 0 {
			all = append(all, cause{name: e.Cause})
			i = len(all) - 1
		}
		all[i].sets = append(all[i].sets, "events."+e.ID+"=null")
	}
	if s.Setup.Params.Violence.Mode == "table" {
		all = append(all, cause{"violence (table)", []string{"violence.mode=endogenous"}})
	}
	return all
}

package main

import (
	"slices"

	"entrepot/agents"
	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/output/manifest"
	"entrepot/output/record"
	"entrepot/scenarios"
	"entrepot/sim"
)

// window is the --from and --to of plots; 0 is the run's own start or end.
type window struct{ from, to sim.Date }

// parseWindow reads --from and --to, each a year, a month or a day.
func parseWindow(from, to string) (w window, err error) {
	if from != "" {
		if w.from, _, err = scenarios.MonthSpan(from); err != nil {
			return w, usagef("--from must be YYYY, YYYY-MM or YYYY-MM-DD, got %q", from)
		}
	}
	if to != "" {
		if _, w.to, err = scenarios.MonthSpan(to); err != nil {
			return w, usagef("--to must be YYYY, YYYY-MM or YYYY-MM-DD, got %q", to)
		}
	}
	if from != "" && to != "" && w.to < w.from {
		return w, usagef("--to must not be before --from (%s), got %s", w.from, w.to)
	}
	return w, nil
}

// touches says whether the plots of a run show anything of it.
func (w window) touches(s *agents.Setup) error {
	switch first, last := s.Start, s.End+6; {
	case w.from > last:
		return usagef("--from must not be after the run's last day (%s), got %s", last, w.from)
	case w.to != 0 && w.to < first:
		return usagef("--to must not be before the run's first day (%s), got %s", first, w.to)
	}
	return nil
}

// digestContext gathers what figures and report need beyond the tables, in the reader's language.
func digestContext(s *scenarios.Scenario, seed uint64, show window, w *digest.Words) digest.Context {
	c := digest.Context{Scenario: s.Name, Title: w.T(s.Title), Question: w.T(s.Question), Version: manifest.Version(), Seed: seed,
		Assumptions: each(w, s.Assumptions), LookAt: each(w, s.LookAt), Surprise: w.T(s.Surprise),
		Labels: labels(s, w), Facts: priceFacts(s), Focus: s.Focus, LossOwner: s.Setup.Params.Trafficker.LossOwner, Words: w, From: show.from, To: show.to}
	if c.Title == "" {
		c.Title = s.Name
	}
	for _, h := range s.Setup.Hubs {
		c.Hubs = append(c.Hubs, digest.Hub{ID: h.ID, Name: w.T(h.Name), Country: h.Country, Lat: h.Lat, Lon: h.Lon, Market: h.Market})
	}
	for _, g := range s.Setup.Goods {
		c.Goods = append(c.Goods, digest.Good{ID: g.ID, Name: w.T(g.Name), Unit: w.T(g.Unit), Ammunition: g.Ammunition})
	}
	for i := range s.Setup.Events {
		e := &s.Setup.Events[i]
		if experiment.Repeats(s, e) {
			continue
		}
		c.Events = append(c.Events, digest.Event{ID: e.ID, Label: w.T(experiment.EventLabel(s, e)), Cause: w.T(experiment.Spoken(s, e.Cause)),
			Place: e.Hub, Kind: e.Kind, Date: e.Date})
	}
	c.Before, c.After = comparison(s)
	return c
}

// each translates several texts.
func each(w *digest.Words, texts []string) (own []string) {
	for _, x := range texts {
		own = append(own, w.T(x))
	}
	return own
}

// comparison returns the periods that the scenario compares, or none where it has neither a shock nor periods of its own: the digest
// then compares the run's ends.
func comparison(s *scenarios.Scenario) (before, after digest.Window) {
	if record.MainShock(s.Setup).Monday() <= s.Setup.Start && s.Compare == (scenarios.Compare{}) {
		return before, after
	}
	b, a := experiment.Windows(s)
	return digest.Window{From: b.First, To: b.Last}, digest.Window{From: a.First, To: a.Last}
}

// labels names groups, forces, networks, buyers and stockholders by their ids.
func labels(s *scenarios.Scenario, w *digest.Words) map[string]string {
	names := map[string]string{}
	add := func(id, name string) {
		if name != "" {
			names[id] = w.T(name)
		}
	}
	for _, x := range s.Setup.Networks {
		add(x.ID, x.Name)
	}
	for _, x := range s.Setup.Forces {
		add(x.ID, x.Name)
	}
	for _, x := range s.Setup.Groups {
		add(x.ID, x.Name)
	}
	for _, x := range s.Setup.Programmes {
		add(x.ID, experiment.Spoken(s, x.ID))
	}
	for origin, places := range experiment.Sources(s) {
		names[origin] = w.List(each(w, places))
	}
	return names
}

// priceFacts are the documented prices that lie on a plot of prices.
func priceFacts(s *scenarios.Scenario) (facts []digest.Fact) {
	for _, f := range experiment.PriceFacts(s) {
		facts = append(facts, digest.Fact(f))
	}
	return facts
}

// focus lists the hubs that the world asks for, then those that documented prices of single places speak of.
func focus(s *scenarios.Scenario) []string {
	hubs := slices.Clone(s.Focus)
	for _, f := range priceFacts(s) {
		if len(f.Places) == 1 && f.Good == s.Setup.Goods[0].ID {
			hubs = append(hubs, f.Places[0])
		}
	}
	return hubs
}

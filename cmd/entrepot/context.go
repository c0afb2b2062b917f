package main

import (
	"slices"
	"strings"

	"entrepot/agents"
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

// digestContext gathers what figures and report need beyond the tables.
func digestContext(s *scenarios.Scenario, seed uint64, show window, words *digest.Words) digest.Context {
	c := digest.Context{Scenario: s.Name, Title: s.Title, Question: s.Question, Version: manifest.Version(), Seed: seed,
		Labels: labels(s), Facts: priceFacts(s), Words: words, From: show.from, To: show.to}
	for _, h := range s.Setup.Hubs {
		c.Hubs = append(c.Hubs, digest.Hub{ID: h.ID, Name: h.Name, Country: h.Country, Lat: h.Lat, Lon: h.Lon, Market: h.Market})
	}
	for _, g := range s.Setup.Goods {
		c.Goods = append(c.Goods, digest.Good{ID: g.ID, Name: g.Name, Unit: g.Unit, Ammunition: g.Ammunition})
	}
	for _, e := range s.Setup.Events {
		c.Events = append(c.Events, digest.Event{ID: e.ID, Label: strings.ReplaceAll(e.ID, "-", " "), Cause: e.Cause, Place: e.Hub, Date: e.Date})
	}
	c.Before, c.After = comparison(s)
	return c
}

// comparison returns the year before the scenario's main shock and the run's last year (from the shock on, where that
// is later). Without a shock both are empty and the digest compares the run's ends.
func comparison(s *scenarios.Scenario) (before, after digest.Window) {
	const year = 52 * 7
	shock := record.MainShock(s.Setup)
	if shock == 0 {
		return before, after
	}
	shock = shock.Monday()
	start, end := s.Setup.Start, s.Setup.End // Mondays of the first and the last week
	return digest.Window{From: max(start, shock-year), To: shock - 1}, digest.Window{From: max(shock, end-year+7), To: end}
}

// labels names groups, forces, networks, buyers and stockholders by their ids.
func labels(s *scenarios.Scenario) map[string]string {
	names := map[string]string{}
	add := func(id, name string) {
		if name != "" {
			names[id] = name
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
		add(x.ID, strings.ReplaceAll(x.ID, "_", " "))
	}
	return names
}

// priceFacts are the documented prices that lie on a plot of prices: of one place or of several together, in CFA.
func priceFacts(s *scenarios.Scenario) []digest.Fact {
	var facts []digest.Fact
	for _, f := range s.Facts {
		if f.Kind != "price" || !strings.HasPrefix(f.Unit, "CFA") || f.Use == "driver" {
			continue
		}
		from, _, err := scenarios.MonthSpan(f.Start)
		_, to, err2 := scenarios.MonthSpan(f.End)
		if err != nil || err2 != nil {
			continue
		}
		if places := placesOf(s, f.Place); len(places) > 0 {
			facts = append(facts, digest.Fact{ID: f.ID, Good: f.Good, Places: places, Start: from, End: to, Low: f.Low, High: f.High, Source: shortSource(f.Source)})
		}
	}
	return facts
}

// shortSource leaves addresses out: a legend names who says it, the world's tables say where.
func shortSource(source string) string {
	if at := strings.Index(source, "http"); at > 0 {
		source = source[:at]
	}
	return strings.TrimRight(source, " ,;:(")
}

// placesOf resolves a fact's place: hubs and zones, parted by |. A ratio of places has none.
func placesOf(s *scenarios.Scenario, place string) []string {
	var hubs []string
	for _, id := range strings.Split(place, "|") {
		zone := slices.IndexFunc(s.Setup.Zones, func(z agents.Zone) bool { return z.ID == id })
		switch {
		case slices.ContainsFunc(s.Setup.Hubs, func(h agents.Hub) bool { return h.ID == id }):
			hubs = append(hubs, id)
		case zone >= 0:
			hubs = append(hubs, s.Setup.Zones[zone].Hubs...)
		}
	}
	return hubs
}

// focus lists the hubs that documented prices speak of, those of single places first.
func focus(s *scenarios.Scenario) []string {
	var hubs []string
	for _, f := range priceFacts(s) {
		if len(f.Places) == 1 && f.Good == s.Setup.Goods[0].ID {
			hubs = append(hubs, f.Places[0])
		}
	}
	return hubs
}

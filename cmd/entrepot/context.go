package main

import (
	"slices"
	"strings"

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

// digestContext gathers what figures and report need beyond the tables.
func digestContext(s *scenarios.Scenario, seed uint64, show window, words *digest.Words) digest.Context {
	c := digest.Context{Scenario: s.Name, Title: s.Title, Question: s.Question, Version: manifest.Version(), Seed: seed,
		Assumptions: s.Assumptions, LookAt: s.LookAt, Surprise: s.Surprise,
		Labels: labels(s), Facts: priceFacts(s), Focus: s.Focus, Words: words, From: show.from, To: show.to}
	if c.Title == "" {
		c.Title = s.Name
	}
	for _, h := range s.Setup.Hubs {
		c.Hubs = append(c.Hubs, digest.Hub{ID: h.ID, Name: h.Name, Country: h.Country, Lat: h.Lat, Lon: h.Lon, Market: h.Market})
	}
	for _, g := range s.Setup.Goods {
		c.Goods = append(c.Goods, digest.Good{ID: g.ID, Name: g.Name, Unit: g.Unit, Ammunition: g.Ammunition})
	}
	for _, e := range s.Setup.Events {
		if repeats(s, e) {
			continue
		}
		c.Events = append(c.Events, digest.Event{ID: e.ID, Label: eventLabel(s, c.Labels, e), Cause: experiment.Spoken(s, e.Cause), Place: e.Hub, Kind: e.Kind, Date: e.Date})
	}
	c.Before, c.After = comparison(s)
	return c
}

// repeats says whether an event is "the same" once more, for another good or place, on a day on which its cause has another.
func repeats(s *scenarios.Scenario, e agents.Event) bool {
	return strings.HasPrefix(e.Note, "the same") && slices.ContainsFunc(s.Setup.Events, func(x agents.Event) bool {
		return x.ID != e.ID && x.Date == e.Date && x.Cause == e.Cause && !strings.HasPrefix(x.Note, "the same")
	})
}

// longestLabel is how many characters several clauses of an event's note may have beside others in a list, longestClause
// how many a single one.
const longestLabel, longestClause = 64, 110

// eventLabel is what an event's note says of the event, and where it does not say so: whom or where it concerns. Notes
// that speak of sources, sizes or other events only are no label: the id is.
func eventLabel(s *scenarios.Scenario, names map[string]string, e agents.Event) string {
	note := clauses(e.Note)
	switch {
	case e.Kind == "programme":
		return programmeLabel(s, e)
	case note == "":
		return experiment.Spoken(s, e.ID)
	}
	about := ""
	switch e.Kind {
	case "exchange_rate":
		about = e.Currency
	case "hub_control", "capture", "demand":
		about = hubName(s, e.Hub)
	case "force":
		about = digest.Hub{Name: names[e.Force]}.Short()
	case "supply":
		about = digest.English().Origins[originOf(s, e.Stockholder)]
	}
	plain := strings.NewReplacer("é", "e", "è", "e", "ï", "i", "'", "").Replace(strings.ToLower(about))
	if about != "" && !strings.Contains(strings.NewReplacer("é", "e", "'", "").Replace(strings.ToLower(note)), plain) {
		return about + ": " + note
	}
	return note
}

// clauses keeps the clauses of a note that are about the event itself, as many as fit a label.
func clauses(note string) string {
	out := ""
	for _, c := range strings.Split(note, ";") {
		c, _, _ = strings.Cut(c, " (")
		c = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(c), "counterfactual: "))
		vague := func(word string) bool { return strings.Contains(c, word) }
		if c == "" || strings.HasPrefix(c, "the same") || strings.HasPrefix(c, "as in ") ||
			slices.ContainsFunc([]string{"stylised", "assumed", "counterfactual", "size from"}, vague) {
			continue
		}
		switch {
		case out == "":
			out = shortened(c)
		case len([]rune(out))+2+len([]rune(c)) <= longestLabel:
			out += ", " + c
		}
	}
	return out
}

// shortened cuts a clause between words.
func shortened(clause string) string {
	letters := []rune(clause)
	if len(letters) <= longestClause {
		return clause
	}
	short := string(letters[:longestClause])
	if at := strings.LastIndex(short, " "); at > 0 {
		short = short[:at]
	}
	return strings.TrimRight(short, ",: ") + " …"
}

// programmeLabel says what becomes of all programmes that one day brings the same to.
func programmeLabel(s *scenarios.Scenario, e agents.Event) string {
	var hubs []string
	for _, other := range s.Setup.Events {
		if other.Kind != e.Kind || other.Action != e.Action || other.Date != e.Date {
			continue
		}
		for _, p := range s.Setup.Programmes {
			if name := hubName(s, p.Hub); p.ID == other.Programme && !slices.Contains(hubs, name) {
				hubs = append(hubs, name)
			}
		}
	}
	words := map[string]string{"announce": "announced", "open": "begins", "close": "ends"}
	return strings.TrimSpace("disarmament " + words[e.Action] + " in " + digest.English().List(hubs, "and"))
}

func hubName(s *scenarios.Scenario, id string) string {
	for _, h := range s.Setup.Hubs {
		if h.ID == id {
			return digest.Hub{Name: h.Name}.Short()
		}
	}
	return ""
}

func originOf(s *scenarios.Scenario, stockholder string) string {
	for _, x := range s.Setup.Stockholders {
		if x.ID == stockholder {
			return x.Origin
		}
	}
	return ""
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
		add(x.ID, experiment.Spoken(s, x.ID))
	}
	for origin, places := range experiment.Sources(s) {
		add(origin, digest.English().List(places, "and"))
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

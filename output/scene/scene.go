// Package scene says of a scenario what a run's tables do not: its texts, the names of its places and actors, what its events are called,
// the prices that are documented of it, and the periods to compare. All in the reader's language.
package scene

import (
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/output/record"
	"entrepot/scenarios"
)

// Of gathers what figures and report need beyond the tables. Seed, version and the window of the axes are the caller's.
func Of(s *scenarios.Scenario, w *digest.Words) digest.Context {
	c := digest.Context{Scenario: s.Name, Title: w.T(s.Title), Question: w.T(s.Question), Assumptions: each(w, s.Assumptions), LookAt: each(w, s.LookAt),
		Surprise: w.T(s.Surprise), Labels: labels(s, w), Facts: priceFacts(s), Focus: s.Focus, Words: w}
	if c.Title == "" {
		c.Title = s.Name
	}
	for _, h := range s.Setup.Hubs {
		c.Hubs = append(c.Hubs, digest.Hub{ID: h.ID, Name: w.T(h.Name), Country: h.Country, Lat: h.Lat, Lon: h.Lon, Market: h.Market})
	}
	for _, g := range s.Setup.Goods {
		c.Goods = append(c.Goods, digest.Good{ID: g.ID, Name: w.T(g.Name), Unit: w.T(g.Unit), Ammunition: g.Ammunition})
	}
	for _, e := range s.Setup.Events {
		if repeats(s, e) {
			continue
		}
		c.Events = append(c.Events, digest.Event{ID: e.ID, Label: Label(s, w, e), Cause: w.T(experiment.Spoken(s, e.Cause)), Place: e.Hub, Kind: e.Kind, Date: e.Date})
	}
	c.Before, c.After = comparison(s)
	return c
}

func each(w *digest.Words, texts []string) []string {
	var out []string
	for _, x := range texts {
		out = append(out, w.T(x))
	}
	return out
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

// Label is what an event's note says of the event, and where it does not say so: whom or where it concerns. Notes
// that speak of sources, sizes or other events only are no label: the id is.
func Label(s *scenarios.Scenario, w *digest.Words, e agents.Event) string {
	note := clauses(e.Note)
	switch {
	case e.Kind == "programme":
		return programmeLabel(s, w, e)
	case note == "":
		return w.T(experiment.Spoken(s, e.ID))
	}
	about := about(s, e)
	if about == "" || strings.Contains(plain(note), plain(about)) {
		return w.T(note)
	}
	return w.Colon(w.T(about), w.T(note))
}

// about is whom or what an event concerns, in English.
func about(s *scenarios.Scenario, e agents.Event) string {
	switch e.Kind {
	case "exchange_rate":
		return e.Currency
	case "hub_control", "capture", "demand":
		return hubName(s, e.Hub)
	case "force":
		if i := slices.IndexFunc(s.Setup.Forces, func(f agents.Force) bool { return f.ID == e.Force }); i >= 0 {
			return digest.Hub{Name: s.Setup.Forces[i].Name}.Short()
		}
	case "supply":
		return digest.English().Origins[originOf(s, e.Stockholder)]
	}
	return ""
}

// plain is how a name is looked for in a note.
func plain(text string) string {
	return strings.NewReplacer("é", "e", "è", "e", "ï", "i", "'", "").Replace(strings.ToLower(text))
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
func programmeLabel(s *scenarios.Scenario, w *digest.Words, e agents.Event) string {
	var hubs []string
	for _, other := range s.Setup.Events {
		if other.Kind != e.Kind || other.Action != e.Action || other.Date != e.Date {
			continue
		}
		for _, p := range s.Setup.Programmes {
			if name := w.T(hubName(s, p.Hub)); p.ID == other.Programme && !slices.Contains(hubs, name) {
				hubs = append(hubs, name)
			}
		}
	}
	switch where := w.List(hubs); e.Action {
	case "announce":
		return w.F("disarmament announced in %s", where)
	case "open":
		return w.F("disarmament begins in %s", where)
	case "close":
		return w.F("disarmament ends in %s", where)
	default:
		return w.F("disarmament in %s", where)
	}
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

// Focus lists the hubs that the world asks for, then those that documented prices of single places speak of.
func Focus(s *scenarios.Scenario) []string {
	hubs := slices.Clone(s.Focus)
	for _, f := range priceFacts(s) {
		if len(f.Places) == 1 && f.Good == s.Setup.Goods[0].ID {
			hubs = append(hubs, f.Places[0])
		}
	}
	return hubs
}

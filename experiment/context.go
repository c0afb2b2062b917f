package experiment

import (
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Repeats says whether an event is "the same" once more, for another good or place, on a day on which its cause has another.
func Repeats(s *scenarios.Scenario, e *agents.Event) bool {
	return strings.HasPrefix(e.Note, "the same") && slices.ContainsFunc(s.Setup.Events, func(x agents.Event) bool {
		return x.ID != e.ID && x.Date == e.Date && x.Cause == e.Cause && !strings.HasPrefix(x.Note, "the same")
	})
}

// longestLabel is how many characters several clauses of an event's note may have beside others in a list, longestClause
// how many a single one.
const longestLabel, longestClause = 64, 110

// EventLabel is what an event's note says of the event, and where it does not say so: whom or where it concerns. Notes
// that speak of sources, sizes or other events only are no label: the id is.
func EventLabel(s *scenarios.Scenario, e *agents.Event) string {
	note := clauses(e.Note)
	switch {
	case e.Kind == "programme":
		return programmeLabel(s, e)
	case note == "":
		return Spoken(s, e.ID)
	}
	about := ""
	switch e.Kind {
	case "exchange_rate":
		about = e.Currency
	case "hub_control", "capture", "demand":
		about = hubName(s, e.Hub)
	case "force":
		about = forceName(s, e.Force)
	case "supply":
		about = prose.Name(originOf(s, e.Stockholder))
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
func programmeLabel(s *scenarios.Scenario, e *agents.Event) string {
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
	return strings.TrimSpace("disarmament " + words[e.Action] + " in " + prose.List(hubs, "and"))
}

func hubName(s *scenarios.Scenario, id string) string {
	for i := range s.Setup.Hubs {
		if h := &s.Setup.Hubs[i]; h.ID == id {
			return short(h.Name)
		}
	}
	return ""
}

func forceName(s *scenarios.Scenario, id string) string {
	for i := range s.Setup.Forces {
		if f := &s.Setup.Forces[i]; f.ID == id {
			return short(f.Name)
		}
	}
	return ""
}

// short is a name without what stands in brackets.
func short(name string) string {
	name, _, _ = strings.Cut(name, " (")
	return name
}

func originOf(s *scenarios.Scenario, stockholder string) string {
	for _, x := range s.Setup.Stockholders {
		if x.ID == stockholder {
			return x.Origin
		}
	}
	return ""
}

// PriceFact is a documented price with its range.
type PriceFact struct {
	ID, Good   string
	Places     []string // hub ids; several mean that the fact speaks of all of them together
	Start, End sim.Date // first and last day, inclusive
	Low, High  float64  // CFA per unit
	Source     string   // without addresses
}

// PriceFacts are the documented prices of a scenario's world that lie on a plot of prices: of one place or of several together, in CFA.
func PriceFacts(s *scenarios.Scenario) (facts []PriceFact) {
	for _, f := range s.Facts {
		if f.Kind != "price" || !strings.HasPrefix(f.Unit, "CFA") || f.Use == "driver" {
			continue
		}
		from, _, err := scenarios.MonthSpan(f.Start)
		_, to, err2 := scenarios.MonthSpan(f.End)
		if err != nil || err2 != nil {
			continue
		}
		if places := factPlaces(s, f.Place); len(places) > 0 {
			facts = append(facts, PriceFact{f.ID, f.Good, places, from, to, f.Low, f.High, shortSource(f.Source)})
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

// factPlaces resolves a fact's place: hubs and zones, parted by |. A ratio of places has none.
func factPlaces(s *scenarios.Scenario, place string) []string {
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

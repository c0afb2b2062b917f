package experiment

import (
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/output/prose"
	"entrepot/scenarios"
)

// Spoken writes an id of a scenario, such as that of a cause or of an event, as words: initialisms as they are written, places and
// groups of its world by their names.
func Spoken(s *scenarios.Scenario, id string) string {
	names := map[string]string{}
	add := func(id, name string) {
		name, _, _ = strings.Cut(name, " (")
		names[strings.ReplaceAll(strings.ToLower(id), "_", " ")] = name
	}
	for i := range s.Setup.Hubs {
		add(s.Setup.Hubs[i].ID, s.Setup.Hubs[i].Name)
	}
	for i := range s.Setup.Groups {
		add(s.Setup.Groups[i].ID, s.Setup.Groups[i].Name)
	}
	return prose.Words(id, names)
}

// Sources names the origins of an imaginary world by the places of their stockholders: libya is an id, and a lesson about three towns has
// nothing to do with Libya. Of a world with a hub that counts as a real country's there are none.
func Sources(s *scenarios.Scenario) map[string][]string {
	places := map[string][]string{}
	for _, x := range s.Setup.Stockholders {
		i := slices.IndexFunc(s.Setup.Hubs, func(h agents.Hub) bool { return h.ID == x.Hub })
		if slices.ContainsFunc(countryCodes(), func(c [2]string) bool { return c[1] == s.Setup.Hubs[i].Country }) {
			return nil
		}
		if name, _, _ := strings.Cut(s.Setup.Hubs[i].Name, " ("); !slices.Contains(places[x.Origin], name) {
			places[x.Origin] = append(places[x.Origin], name)
		}
	}
	return places
}

// from says in words what an origin makes of units: those from Libya, those sold by soldiers.
func from(s *scenarios.Scenario, origin string) Saying {
	if places := Sources(s)[origin]; len(places) > 0 {
		var all []Saying
		for _, p := range places {
			all = append(all, form(p, "from"))
		}
		return said("from %s", listOf(all))
	}
	switch origin {
	case "state_diverted":
		return said("sold by soldiers|of units")
	case "captured":
		return said("captured from the army|of units")
	case "ddr":
		return said("leaked from disarmament|of units")
	case "local":
		return said("of local, older stock|of units")
	}
	return said("from %s", form(prose.Name(origin), "from"))
}

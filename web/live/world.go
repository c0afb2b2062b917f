package live

import (
	"slices"
	"strconv"

	"entrepot/agents"
	"entrepot/experiment"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/sim"
)

// The line that says what does not change in a run.
type (
	worldLine struct {
		Kind        string            `json:"kind"`
		Name        string            `json:"name"`
		Title       string            `json:"title"`
		Question    string            `json:"question"`
		Assumptions []string          `json:"assumptions"`
		LookAt      []string          `json:"look_at"`
		Surprise    string            `json:"surprise"`
		World       string            `json:"world"`
		Start       string            `json:"start"`
		Weeks       int               `json:"weeks"`
		BurnIn      int               `json:"burn_in"`
		Seed        string            `json:"seed"`
		Hash        string            `json:"hash"`
		Hubs        []hub             `json:"hubs"`
		Goods       []good            `json:"goods"`
		Origins     []string          `json:"origins"`
		OriginNames []string          `json:"origin_names"` // in an imaginary world, the places that they are; else ""
		Groups      []named           `json:"groups"`
		Forces      []named           `json:"forces"`
		Networks    []network         `json:"networks"`
		Arcs        []arc             `json:"arcs"`
		Programmes  []programme       `json:"programmes"`
		Zones       []zone            `json:"zones"`
		Sources     []source          `json:"sources"`
		Buyers      []buyer           `json:"buyers"`
		Currencies  []string          `json:"currencies"`
		Regimes     []string          `json:"regimes"`
		Components  []string          `json:"components"`
		Events      []event           `json:"events"`
		Facts       []fact            `json:"facts"`
		Compare     periods           `json:"compare"`
		Parameters  map[string]string `json:"parameters"`
	}
	hub struct {
		ID      string  `json:"id"`
		Name    string  `json:"name"`
		Country string  `json:"country"`
		Lat     float64 `json:"lat"`
		Lon     float64 `json:"lon"`
		Kind    string  `json:"kind"`
		Market  bool    `json:"market"`
		Focus   bool    `json:"focus"`
	}
	good struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		Unit       string `json:"unit"`
		Ammunition bool   `json:"ammunition"`
	}
	named struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	network struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Home []int  `json:"home"`
		Kin  []int  `json:"kin"`
		Of   int    `json:"of"` // group whose own buyers these are, or -1 for traders
	}
	arc struct {
		From int     `json:"from"`
		To   int     `json:"to"`
		Days float64 `json:"days"`
	}
	programme struct {
		ID   string `json:"id"`
		Name string `json:"name"`
		Hub  int    `json:"hub"`
	}
	zone struct {
		ID   string `json:"id"`
		Hubs []int  `json:"hubs"`
	}
	source struct { // a stockholder
		ID     string `json:"id"`
		Hub    int    `json:"hub"`
		Good   int    `json:"good"`
		Origin int    `json:"origin"`
	}
	buyer struct {
		ID   string `json:"id"`
		Kind string `json:"kind"`
		Hub  int    `json:"hub"`
		Good int    `json:"good"`
	}
	event struct {
		ID     string         `json:"id"`
		Date   string         `json:"date"`
		Tick   int            `json:"tick"`
		Kind   string         `json:"kind"`
		Cause  string         `json:"cause"`
		Label  string         `json:"label"`
		Hub    int            `json:"hub"`
		Fields map[string]any `json:"fields"`
	}
	fact struct {
		Hub    int     `json:"hub"`
		Good   int     `json:"good"`
		Start  string  `json:"start"`
		End    string  `json:"end"`
		Low    float64 `json:"low"`
		High   float64 `json:"high"`
		Source string  `json:"source"`
	}
	periods struct {
		Before [2]int `json:"before"`
		After  [2]int `json:"after"`
	}
)

// world answers with the world of a state.
func (a *answer) world(s *asked) error {
	m, err := agents.New(s.Setup, s.seed)
	if err != nil {
		return err
	}
	return a.out.object(describe(s, m))
}

// positions finds things by their id.
type positions map[string]int

// at returns the position of an id, -1 where there is none.
func (p positions) at(id string) int {
	if i, known := p[id]; known {
		return i
	}
	return -1
}

// all returns the positions of ids.
func (p positions) all(ids []string) []int {
	out := []int{}
	for _, id := range ids {
		out = append(out, p.at(id))
	}
	return out
}

// describe says what does not change in a run.
func describe(s *asked, m *agents.Model) worldLine {
	setup := s.Setup
	hubs, groups := positions(m.HubOf), positions(m.GroupOf)
	w := worldLine{Kind: "world", Name: s.Name, Title: s.Title, Question: s.Question, Assumptions: list(s.Assumptions), LookAt: list(s.LookAt), Surprise: s.Surprise,
		World: s.World, Start: setup.Start.Monday().String(), Weeks: setup.Weeks(), BurnIn: agents.BurnIn, Seed: strconv.FormatUint(s.seed, 10), Hash: s.Hash,
		Groups: []named{}, Forces: []named{}, Networks: []network{}, Arcs: []arc{}, Programmes: []programme{}, Zones: []zone{}, Sources: []source{}, Buyers: []buyer{}, Currencies: []string{}, Events: []event{}, Facts: []fact{}}
	focus := map[string]bool{}
	for _, id := range s.Focus {
		focus[id] = true
	}
	for _, h := range setup.Hubs {
		w.Hubs = append(w.Hubs, hub{h.ID, h.Name, h.Country, h.Lat, h.Lon, h.Kind, h.Market, focus[h.ID]})
	}
	for _, g := range setup.Goods {
		w.Goods = append(w.Goods, good{g.ID, g.Name, g.Unit, g.Ammunition})
	}
	sources := experiment.Sources(s.Scenario)
	for _, id := range m.Origins {
		w.Origins, w.OriginNames = append(w.Origins, id), append(w.OriginNames, prose.List(sources[id], "and"))
	}
	for _, g := range setup.Groups {
		w.Groups = append(w.Groups, named{g.ID, g.Name})
	}
	for _, f := range setup.Forces {
		w.Forces = append(w.Forces, named{f.ID, f.Name})
	}
	for _, n := range setup.Networks {
		w.Networks = append(w.Networks, network{n.ID, n.Name, hubs.all(n.Homes), hubs.all(n.Kin), groups.at(n.Group)})
	}
	for i := range m.Net.From {
		w.Arcs = append(w.Arcs, arc{int(m.Net.From[i]), int(m.Net.To[i]), m.Net.Days[i]})
	}
	for _, p := range setup.Programmes {
		w.Programmes = append(w.Programmes, programme{p.ID, experiment.Spoken(s.Scenario, p.ID), hubs.at(p.Hub)})
	}
	w.outside(setup, hubs, positions(m.GoodOf))
	for r := agents.Open; r <= agents.Closed; r++ {
		w.Regimes = append(w.Regimes, r.String())
	}
	for c := range sim.NComponents {
		w.Components = append(w.Components, sim.Component(c).String())
	}
	for i := range setup.Events {
		w.Events = append(w.Events, eventOf(s.Scenario, hubs, &setup.Events[i]))
	}
	w.Facts = append(w.Facts, factsOf(s.Scenario, hubs, positions(m.GoodOf))...)
	before, after := experiment.Windows(s.Scenario)
	w.Compare = periods{ticks(setup, before), ticks(setup, after)}
	w.Parameters = values(&setup.Params)
	return w
}

// outside adds what only events speak of: zones, sources, civilians and currencies.
func (w *worldLine) outside(setup *agents.Setup, hubs, goods positions) {
	for _, z := range setup.Zones {
		w.Zones = append(w.Zones, zone{z.ID, hubs.all(z.Hubs)})
	}
	for _, s := range setup.Stockholders {
		w.Sources = append(w.Sources, source{s.ID, hubs.at(s.Hub), goods.at(s.Good), slices.Index(w.Origins, s.Origin)})
	}
	for _, b := range setup.Buyers {
		w.Buyers = append(w.Buyers, buyer{b.ID, b.Kind, hubs.at(b.Hub), goods.at(b.Good)})
	}
	for _, r := range setup.Rates { // one row for each day on which a currency moves
		if !slices.Contains(w.Currencies, r.Currency) {
			w.Currencies = append(w.Currencies, r.Currency)
		}
	}
}

// eventOf describes an event; its fields are those that a scenario file would give beside the ones of every event.
func eventOf(s *scenarios.Scenario, hubs positions, e *agents.Event) event {
	return event{e.ID, e.Date.String(), tick(s.Setup, e.Date), e.Kind, e.Cause, experiment.EventLabel(s, e), hubs.at(e.Hub), scenarios.Given(e)}
}

// factsOf lists the documented prices, once for each place that they speak of.
func factsOf(s *scenarios.Scenario, hubs, goods positions) (all []fact) {
	for _, f := range experiment.PriceFacts(s) {
		for _, id := range f.Places {
			if g := goods.at(f.Good); g >= 0 {
				all = append(all, fact{hubs.at(id), g, f.Start.String(), f.End.String(), f.Low, f.High, f.Source})
			}
		}
	}
	return all
}

// tick is the week of a day; weeks before the run's first are negative.
func tick(s *agents.Setup, day sim.Date) int { return int(day.Monday()-s.Start.Monday()) / 7 }

// ticks are the first and the last week of a period.
func ticks(s *agents.Setup, p experiment.Span) [2]int {
	return [2]int{tick(s, p.First), tick(s, p.Last)}
}

// values writes the values of all parameters as a scenario file would.
func values(params *agents.Params) map[string]string {
	all := map[string]string{}
	for _, p := range agents.Parameters() {
		all[p.ID] = scenarios.Value(p, params)
	}
	return all
}

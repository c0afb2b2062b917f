// Package scenarios turns files into a checked agents.Setup: scenario files in layers, and the CSV tables of a world.
// It reads the built-in library, any fs.FS and paths on disk; it writes nothing. Whatever a file can cause comes back
// as Problems, all at once and with positions.
package scenarios

import (
	"path"
	"slices"
	"sort"
	"strings"

	"entrepot/agents"
	"entrepot/sim"
)

// Scenario is a scenario file with everything under it, checked. Its slices are shared among the scenarios that With
// derives from it: nobody may change them.
type Scenario struct {
	Setup *agents.Setup

	Name, Title, Question string
	Assumptions, LookAt   []string
	Surprise              string
	Expect                []Expect
	Compare               Compare

	Resolved                 []byte // the merged scenario as YAML; it loads again to the same Setup and Hash
	Hash                     string // sha256 in hex over Resolved and the files of the world
	World                    string // name of the built-in world, or of the folder
	WorldOwn                 bool   // the world is a folder beside the file: Resolved looks for it as ./World
	WorldTitle, WorldSummary string
	Focus                    []string          // hubs that reports speak of first, as the world asks
	WorldFiles               map[string][]byte // every table by its file name, to be kept with a run
	Facts                    []Fact
	Timeline                 []TimelineRow

	layers []*layer
	sets   int
	world  *world
}

// Option changes where Load reads from.
type Option func(*options)

type options struct{ files files }

// Load reads a scenario by its built-in name or the path of its file, lays the sets (`path=value`) over it and checks
// everything. The error is a Problems.
func Load(ref string, sets []string, opts ...Option) (*Scenario, error) {
	o := options{files: defaultFiles()}
	for _, opt := range opts {
		opt(&o)
	}
	file := located{o.files, ref}
	if !isPath(ref) {
		if !slices.Contains(Names(), ref) {
			return nil, unknownName(position{ref, 1, 1}, Say("a built-in scenario or the path of a file"), ref, Names())
		}
		file = located{fsFiles{builtin}, builtinPath(ref)}
	}
	return load(file, sets)
}

func load(file located, sets []string) (*Scenario, error) {
	c := newChecker()
	layers := readLayers(file, &c.collector)
	if len(layers) == 0 || !layers[len(layers)-1].own {
		return nil, c.err()
	}
	return finish(&Scenario{layers: layers}, sets, c)
}

// With lays further sets over a scenario. The world's tables are not read again unless a set changes the world.
func (s *Scenario) With(sets []string) (*Scenario, error) {
	return finish(s, sets, newChecker())
}

// finish merges the layers of a scenario and the sets into a new one.
func finish(from *Scenario, sets []string, c *checker) (*Scenario, error) {
	s := &Scenario{layers: slices.Clone(from.layers), sets: from.sets + len(sets), world: from.world}
	root := from.layers[len(from.layers)-1].located
	for i, text := range sets {
		if l := setLayer(from.sets+i+1, text, root, c); l != nil {
			s.layers = append(s.layers, l)
		}
	}
	m := merge(s.layers, c)
	s.readHead(m, c)
	s.readWorld(m, c)
	s.readSetup(m, c)
	if err := c.err(); err != nil {
		return nil, err
	}
	return s, s.resolve(m)
}

// headFields describes the fields that tell a reader what a scenario is.
func headFields() []spec[Scenario] {
	return []spec[Scenario]{
		{Column{"name", "", id("scenario").optional(), "name of the scenario; left out, that of the file"}, func(s *Scenario) any { return &s.Name }},
		{Column{"title", "", words().optional(), "what it is, in one line"}, func(s *Scenario) any { return &s.Title }},
		{Column{"question", "", words().optional(), "what it asks"}, func(s *Scenario) any { return &s.Question }},
		{Column{"assumptions", "", listOfText(), "what is taken for granted; inherited from the layers unless given"}, func(s *Scenario) any { return &s.Assumptions }},
		{Column{"look_at", "", listOfText(), "results to look at"}, func(s *Scenario) any { return &s.LookAt }},
		{Column{"surprise", "", words().optional(), "what would surprise"}, func(s *Scenario) any { return &s.Surprise }},
	}
}

func listOfText() Rule { return Rule{Kind: Texts, Optional: true} }

// bodyFields describes the other fields of a scenario file.
func bodyFields() []Column {
	return []Column{
		{"version", "", whole(1, 1), "version of this format: 1"},
		{"period", "", Rule{Kind: Map}, "first and last day, {start, end}: the weeks from the Monday of the first to that of the last are run"},
		{"extends", "", listOfText(), "layers under this file: built-in names, or paths relative to the file; a later one wins"},
		{"world", "", words(), "a built-in world, or a folder beside the file"},
		{"parameters", "", Rule{Kind: Map, Optional: true}, "values of parameters by id, nested or dotted"},
		{"events", "", Rule{Kind: Maps, Optional: true}, "dated changes; layers merge them by id, null or `remove: true` takes one out"},
		{"compare", "", Rule{Kind: Map, Optional: true}, "periods that the report compares, {before: [2022-08, 2023-07], after: [2025-01, 2025-12]}; left out, or outside the run: the year before the main shock, and the last year"},
		{"expect", "", Rule{Kind: Maps, Optional: true}, "claims about the result, tested on paired seeds"},
	}
}

func scenarioFieldNames() []string {
	return append(columnNames(columnsOf(headFields())), columnNames(bodyFields())...)
}

// readHead reads the descriptive fields and the claims.
func (s *Scenario) readHead(m *merged, c *checker) {
	for _, f := range headFields() {
		if v := m.head[f.Name]; v != nil {
			c.scalar(f.Name, v, f.Column, f.field(s))
		}
	}
	if s.Name == "" && len(s.layers) > 0 {
		s.Name = s.fileName()
	}
	c.readExpect(s, m.head["expect"])
	s.Compare = c.compare(m.head["compare"])
}

// fileName derives a name from that of the scenario's file.
func (s *Scenario) fileName() string {
	var own *layer
	for _, l := range s.layers {
		if !l.isSet {
			own = l
		}
	}
	base := own.base(own.name)
	name := strings.TrimSuffix(base, path.Ext(base))
	if !goodName(name) {
		return "scenario"
	}
	return name
}

func (c *checker) readExpect(s *Scenario, v *value) {
	if v == nil {
		return
	}
	if v.shape != list {
		c.add(v.position, "expect", Say("must be a list of claims, got %s", v.got()))
		return
	}
	first := map[string]position{}
	for _, item := range v.items {
		path := "expect"
		if id := item.get("id"); id != nil {
			path = join(path, id.text)
			if at, twice := first[id.text]; twice {
				c.add(id.position, path, Say("must be an id used once, got it again; first at %s", at))
			}
			first[id.text] = id.position
		}
		s.Expect = append(s.Expect, c.expect(path, item))
	}
}

// readSetup fills the Setup from the world, the parameters and the events, and checks what needs all of them.
func (s *Scenario) readSetup(m *merged, c *checker) {
	setup := agents.Setup{}
	if s.world != nil {
		setup = s.world.setup // a copy that shares the tables
	}
	setup.Name, setup.Title, setup.Question = s.Name, s.Title, s.Question
	setup.Params = m.readParams()
	setup.Start, setup.End = c.period(m)
	setup.Events = s.readEvents(m, c)
	s.Setup = &setup
	if s.world == nil {
		return
	}
	c.ids = s.world.ids
	c.resolve()
	if !s.world.broken {
		s.checkEvents(m, c)
	}
	if len(s.world.problems) == 0 {
		s.checkSize(m, c)
	}
}

// maxYears bounds a run's period.
const maxYears = 200

// period returns the Mondays of the first and the last week.
func (c *checker) period(m *merged) (start, end sim.Date) {
	var days [2]sim.Date
	for i, name := range []string{"start", "end"} {
		v := m.period[name]
		if v == nil {
			m.want(c, "period."+name)
			continue
		}
		c.scalar("period."+name, v, Column{Rule: date()}, &days[i])
	}
	if days[0] == 0 || days[1] == 0 {
		return 0, 0
	}
	at := m.period["end"].position
	if days[1] < days[0] {
		c.add(at, "period.end", Say("must not be before the start (%s), got %s", days[0], days[1]))
	}
	if days[1].Year()-days[0].Year() > maxYears {
		c.add(at, "period.end", Say("must be within %s of the start (%s), got %s", count(maxYears, "%s year", "%s years"), days[0], days[1]))
	}
	return days[0].Monday(), days[1].Monday()
}

// maxEvents bounds the events of a scenario.
const maxEvents = 100_000

// readEvents returns the events sorted by date, then id.
func (s *Scenario) readEvents(m *merged, c *checker) []agents.Event {
	var events []agents.Event
	for i, e := range m.alive() {
		if i == maxEvents {
			c.add(e.v.position, "events", Say("must be at most %s, got more", count(maxEvents, "%s event", "%s events")))
			break
		}
		events = append(events, m.reader.event(e.id, e.v))
	}
	sort.Slice(events, func(i, j int) bool { return compareEvents(events[i], events[j]) < 0 })
	return events
}

func compareEvents(a, b agents.Event) int {
	if a.Date != b.Date {
		return int(a.Date) - int(b.Date)
	}
	return strings.Compare(a.ID, b.ID)
}

// alive lists the events that no layer removed.
func (m *merged) alive() []*eventValue {
	return slices.DeleteFunc(slices.Clone(m.events), func(e *eventValue) bool { return e.removed })
}

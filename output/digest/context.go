// Package digest turns a run's tables into the numbers that figures, report and terminal speak of, so that they all say
// the same: prices, price components, roads, origins, buyers and sellers, before and after. It draws and prints nothing.
package digest

import (
	"slices"
	"strings"

	"entrepot/output/prose"
	"entrepot/output/tables"
	"entrepot/sim"
)

// Hub is a place as a figure needs it.
type Hub struct {
	ID, Name, Country string
	Lat, Lon          float64 // degrees
	Market            bool    // has buyers, sellers or dealers
}

// Short is the name without what stands in brackets.
func (h Hub) Short() string {
	name, _, _ := strings.Cut(h.Name, " (")
	return name
}

// Good is a ware as a figure needs it.
type Good struct {
	ID, Name, Unit string // e.g. ak, "AK-pattern rifle", rifle
	Ammunition     bool
}

// Fact is a documented price with its range.
type Fact struct {
	ID, Good   string
	Places     []string // hub ids; several mean that the fact speaks of all of them together
	Start, End sim.Date // first and last day, inclusive
	Low, High  float64  // CFA per unit
	Source     string   // short, as a legend shows it
}

// Covered says whether a stretch of time holds enough of a fact to set one beside the other: all of it or four weeks.
func (f Fact) Covered(from, to sim.Date) bool {
	days := min(f.End, to) - max(f.Start, from) + 1
	return days >= min(28, f.End-f.Start+1)
}

// Event is one event of the scenario that figures may mark.
type Event struct {
	ID, Label, Cause, Place string
	Kind                    string // of event, as in scenario files
	Date                    sim.Date
}

// Window is a stretch of time; both days belong to it.
type Window struct{ From, To sim.Date }

// Weeks is how many weeks the window has or touches.
func (w Window) Weeks() int { return int(w.To.Monday()-w.From.Monday())/7 + 1 }

// Empty says whether the window was left out.
func (w Window) Empty() bool { return w.From == 0 && w.To == 0 }

// Context is what a run's tables do not say about it.
type Context struct {
	Scenario, Title, Question string
	Assumptions               []string
	LookAt                    []string
	Surprise                  string
	Version                   string // of the program
	Seed                      uint64
	Hubs                      []Hub             // in the world's order, which is the order of legends and tables
	Goods                     []Good            // the first one is the main good
	Labels                    map[string]string // names of groups, networks, forces, origins, buyers; an id without one is shown as it is
	Facts                     []Fact
	Events                    []Event  // of the scenario, by date
	Focus                     []string // hubs to speak of first; then come those of the facts, those of events, the busiest
	LossOwner                 int64    // CFA that an interdiction costs the owner beside the cargo; 0: not said
	Before, After             Window   // empty: chosen from events and length
	From, To                  sim.Date // window of the time axes; 0: the run's start and end
	Basemap                   []byte   // TopoJSON with an object "countries"; nil: the embedded one
	Words                     *Words   // nil: English
}

// withDefaults fills what was left empty.
func (c Context) withDefaults(run *tables.Run) Context {
	if c.Words == nil {
		c.Words = English()
	}
	end := run.Date(int32(max(run.Ticks()-1, 0)))
	if c.From == 0 {
		c.From = run.Start
	}
	if c.To == 0 || c.To > end+6 {
		c.To = end + 6
	}
	c.Before, c.After = c.Periods(run.Start, end+6)
	c.Goods = goodsOf(c.Goods, run, c.Words.T("unit"))
	return c
}

// Periods are the two periods that are compared in a run from its first to its last day: those given, else chosen.
func (c Context) Periods(start, end sim.Date) (before, after Window) {
	before, after = c.windows(start, end)
	if !c.Before.Empty() {
		before = c.Before
	}
	if !c.After.Empty() {
		after = c.After
	}
	return before, after
}

// windows takes the year before the first event that leaves a quarter of a year of calm, and the last year. Runs too short for
// that (or without events) are cut into their first and last thirds.
func (c Context) windows(start, end sim.Date) (before, after Window) {
	const year, quarter = 364, 91
	after = Window{max(end-year+1, start), end}
	for _, e := range c.Events {
		if e.Date >= start+quarter && e.Date < after.From {
			return Window{max(e.Date.Monday()-year, start), e.Date.Monday() - 1}, after
		}
	}
	third := max((end-start+1)/21*7, 7)
	if third > year {
		third = year
	}
	return Window{start, start + third - 1}, Window{end - third + 1, end}
}

// goodsOf keeps the goods that the run traded or moved; a good that the context forgot is named by its id, and counted in units.
func goodsOf(known []Good, run *tables.Run, unit string) []Good {
	seen := make([]bool, run.Names.Len())
	for i := range run.Prices {
		seen[run.Prices[i].Good] = true
	}
	for i := range run.Flows {
		seen[run.Flows[i].Good] = true
	}
	var out []Good
	for _, g := range known {
		if s, ok := run.Names.Find(g.ID); ok && seen[s] {
			out = append(out, g)
			seen[s] = false
		}
	}
	var rest []string
	for s, yes := range seen {
		if name := run.Names.Text(tables.Sym(s)); yes && name != "contraband" {
			rest = append(rest, name)
		}
	}
	slices.Sort(rest)
	for _, name := range rest {
		out = append(out, Good{ID: name, Name: name, Unit: unit, Ammunition: strings.HasPrefix(name, "ammo")})
	}
	return out
}

// Hub returns the hub of an id; one that the context forgot is named by its id and has no place on the map.
func (c Context) Hub(id string) Hub {
	for _, h := range c.Hubs {
		if h.ID == id {
			return h
		}
	}
	return Hub{ID: id, Name: id}
}

// Origin names where units entered the market: as the world calls it, else as the catalogue does.
func (c Context) Origin(id string) string {
	if l, ok := c.Labels[id]; ok {
		return l
	}
	if l, ok := c.Words.Origins[id]; ok {
		return l
	}
	return c.Label(id)
}

// Label names an actor, origin or kind: "group:jnim" by the label of "group:jnim", of "jnim", or by the kind's pattern.
func (c Context) Label(id string) string {
	if l, ok := c.Labels[id]; ok {
		return l
	}
	if l, ok := c.Words.Names[id]; ok {
		return l
	}
	kind, name, found := strings.Cut(id, ":")
	if !found {
		return prose.Words(id, nil)
	}
	return c.Words.kind(kind, c.nameOf(kind, name))
}

func (c Context) nameOf(kind, name string) string {
	if l, ok := c.Labels[name]; ok {
		return l
	}
	if kind == "dealer" {
		return c.Hub(name).Name
	}
	if l, ok := c.Words.Names[name]; ok {
		return l
	}
	return prose.Words(name, nil)
}

package scenarios

import (
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/sim"
)

// EventKind describes one kind of event: which fields it takes and which it needs.
type EventKind struct {
	Name, Meaning string
	Actions       []string            // values of the field action; none: the kind has no actions
	Fields        []string            // fields it takes beside those of every event
	Needs         [][]string          // of each of these, at least one must be given
	ByAction      map[string][]string // fields that one action needs
	Either        [][2]string         // pairs of fields of which only one may be given
	Rules         map[string]Rule     // where a field means something else than elsewhere
	ValueUnit     string              // of the field value, where Rules has it
}

// Nobody is what `to` of a hub_control event says when a hub is left without a controller.
const Nobody = "none"

// EventKinds lists every kind. To add a kind is to add one entry.
func EventKinds() []EventKind {
	return []EventKind{
		{Name: "hub_control", Meaning: "a hub changes hands, its regime of trade, or both; `to` a group, a force or none; without `regime` trade hides under a force, is as in hubs.csv under a group or nobody if the table has it in such hands, and else open",
			Fields: []string{"hub", "to", "regime"}, Needs: [][]string{{"hub"}, {"to", "regime"}},
			Rules: map[string]Rule{"to": {Kind: Ref, Sets: []Set{Groups, Forces}, Choices: []string{Nobody}}}},
		{Name: "route", Meaning: "a road, every road within a zone or every road into a hub opens, closes, or becomes more dangerous by `value`",
			Actions: []string{"open", "close"}, Fields: []string{"from", "to", "zone", "hub", "value", "until", "weeks", "recovery"},
			Needs:  [][]string{{"from", "zone", "hub"}, {"to", "zone", "hub"}, {"action", "value"}},
			Either: [][2]string{{"zone", "from"}, {"zone", "to"}, {"hub", "from"}, {"hub", "to"}, {"hub", "zone"}}},
		{Name: "force", Meaning: "a force arrives, leaves (its towns are then nobody's), is reinforced by `factor`, or marches on `hubs` in that order (with a column `factor` times as strong as usual)",
			Actions: []string{"arrive", "leave", "reinforce", "campaign"}, Fields: []string{"force", "factor", "hubs", "until", "weeks", "recovery"},
			Needs: [][]string{{"force"}, {"action"}}, ByAction: map[string][]string{"reinforce": {"factor"}, "campaign": {"hubs"}}},
		{Name: "supply", Meaning: "a stockholder (or every one of an origin) sells more or less (`factor` on the cap), dearer or cheaper (`price`)",
			Fields: []string{"stockholder", "origin", "hub", "good", "factor", "price", "recovery", "weeks", "until"},
			Needs:  [][]string{{"stockholder", "origin"}, {"factor", "price"}}, Either: [][2]string{{"stockholder", "origin"}}},
		{Name: "demand", Meaning: "civilians (or a group, if one is named) want more or less, by `factor`",
			Fields: []string{"buyer", "hub", "zone", "good", "group", "factor", "until", "weeks", "recovery"},
			Needs:  [][]string{{"buyer", "hub", "zone", "group"}, {"factor"}},
			Either: [][2]string{{"group", "buyer"}, {"group", "hub"}, {"group", "zone"}, {"group", "good"}, {"hub", "zone"}}},
		{Name: "alliance", Meaning: "two groups join or break an alliance: allies share quotes and sell at their own valuation",
			Actions: []string{"join", "break"}, Fields: []string{"group", "other"}, Needs: [][]string{{"group"}, {"other"}, {"action"}}},
		{Name: "income", Meaning: "a group's income changes by `factor`, or by `value` CFA a week",
			Fields: []string{"group", "factor", "value", "until", "weeks", "recovery"}, Needs: [][]string{{"group"}, {"factor", "value"}}, Either: [][2]string{{"factor", "value"}},
			Rules: map[string]Rule{"value": number(-muchMoney, muchMoney)}, ValueUnit: "CFA a week"},
		{Name: "exchange_rate", Meaning: "a currency moves to `value` CFA, or by `factor`",
			Fields: []string{"currency", "value", "factor", "until", "weeks", "recovery"}, Needs: [][]string{{"currency"}, {"value", "factor"}}, Either: [][2]string{{"factor", "value"}},
			Rules: map[string]Rule{"value": number(1e-6, muchRate)}, ValueUnit: "CFA for one unit of the currency"},
		{Name: "programme", Meaning: "a disarmament programme is announced, opens (`until` some day) or closes",
			Actions: []string{"announce", "open", "close"}, Fields: []string{"programme", "until"}, Needs: [][]string{{"programme"}, {"action"}}},
		{Name: "capture", Meaning: "a documented overrun of the post at a hub by a group",
			Fields: []string{"hub", "group"}, Needs: [][]string{{"hub"}, {"group"}}},
		{Name: "violence", Meaning: "violence at a hub or in a zone changes by `factor`, or to `value`; with a recovery either comes back to the level of the place in that shape, and events in the same place apply in the order of their dates",
			Fields: []string{"hub", "zone", "factor", "value", "until", "weeks", "recovery"}, Needs: [][]string{{"hub", "zone"}, {"factor", "value"}}, Either: [][2]string{{"hub", "zone"}, {"factor", "value"}},
			Rules: map[string]Rule{"value": number(0, 100)}, ValueUnit: "1 = regional mean of 2017"},
	}
}

// commonFields are those of every event; the first four must be given.
func commonFields() []string { return []string{"id", "cause", "date", "kind", "note", "source"} }

// eventFields describes every field that an event may have, whatever its kind.
func eventFields() []spec[agents.Event] {
	return []spec[agents.Event]{
		{Column{"id", "", id("event"), "name of the event: layers merge events by it"}, func(e *agents.Event) any { return &e.ID }},
		{Column{"cause", "", id("cause"), "what brings it about: attribution groups events by it"}, func(e *agents.Event) any { return &e.Cause }},
		{Column{"date", "", date(), "day on which it happens"}, func(e *agents.Event) any { return &e.Date }},
		{Column{"kind", "", oneOf(eventKindNames()...), "kind of event"}, func(e *agents.Event) any { return &e.Kind }},
		{Column{"action", "", words(), "what happens, of kinds that have actions"}, func(e *agents.Event) any { return &e.Action }},
		{Column{"until", "", date(), "first day on which it is over; left out: for good"}, func(e *agents.Event) any { return &e.Until }},
		{Column{"hub", "", ref(Hubs), "where"}, func(e *agents.Event) any { return &e.Hub }},
		{Column{"zone", "", ref(Zones), "where, as a zone"}, func(e *agents.Event) any { return &e.Zone }},
		{Column{"hubs", "", refs(Hubs), "objectives of a campaign, in order"}, func(e *agents.Event) any { return &e.Hubs }},
		{Column{"from", "", ref(Hubs), "one end of a road"}, func(e *agents.Event) any { return &e.From }},
		{Column{"to", "", ref(Hubs), "other end of a road; new controller of a hub"}, func(e *agents.Event) any { return &e.To }},
		{Column{"group", "", ref(Groups), "armed group"}, func(e *agents.Event) any { return &e.Group }},
		{Column{"other", "", ref(Groups, Forces), "second party of an alliance"}, func(e *agents.Event) any { return &e.Other }},
		{Column{"force", "", ref(Forces), "military force"}, func(e *agents.Event) any { return &e.Force }},
		{Column{"stockholder", "", ref(Stockholders, Origins), "source of supply: its id, or an origin for all of that origin"}, func(e *agents.Event) any { return &e.Stockholder }},
		{Column{"origin", "", ref(Origins), "every stockholder of that origin; kept in Event.Stockholder"}, func(e *agents.Event) any { return &e.Stockholder }},
		{Column{"programme", "", ref(Programmes), "disarmament programme"}, func(e *agents.Event) any { return &e.Programme }},
		{Column{"buyer", "", ref(Buyers, BuyerKinds), "civilian population: its id, or a kind for all of that kind"}, func(e *agents.Event) any { return &e.Buyer }},
		{Column{"good", "", ref(Goods), "only this good"}, func(e *agents.Event) any { return &e.Good }},
		{Column{"currency", "", ref(Currencies), "currency"}, func(e *agents.Event) any { return &e.Currency }},
		{Column{"regime", "", oneOf("open", "clandestine", "closed"), "how arms are traded from then on"}, func(e *agents.Event) any { return &e.Regime }},
		{Column{"factor", "1 = no change", number(1e-6, 1000), "multiplies"}, func(e *agents.Event) any { return &e.Factor }},
		{Column{"price", "1 = no change", number(1e-6, 1000), "multiplies the price at the cap"}, func(e *agents.Event) any { return &e.Price }},
		{Column{"value", "hazard per crossing", number(-10, 10), "sets, or adds to a hazard"}, func(e *agents.Event) any { return &e.Value }},
		{Column{"weeks", "weeks", number(0, 5200), "how long it lasts; with a recovery, how long that takes"}, func(e *agents.Event) any { return &e.Weeks }},
		{Column{"recovery", "", oneOf("none", "linear", "exponential"), "shape of the way back, from until on, or from the date"}, func(e *agents.Event) any { return &e.Recovery }},
		{Column{"note", "", words(), "what the source says"}, func(e *agents.Event) any { return &e.Note }},
		{Column{"source", "", words(), "where it is documented"}, func(e *agents.Event) any { return &e.Source }},
	}
}

// EventFields describes every field that an event may have, whatever its kind.
func EventFields() []Column { return columnsOf(eventFields()) }

// Columns describes the fields that an event of the kind takes, those of every event among them.
func (k EventKind) Columns() (all []Column) {
	takes := k.takes()
	for _, c := range EventFields() {
		if slices.Contains(takes, c.Name) {
			all = append(all, k.rule(c))
		}
	}
	return all
}

// Given returns what a scenario file gives of an event beside id, cause, date and kind, by field: texts, numbers and lists of ids.
func Given(e *agents.Event) map[string]any {
	given := map[string]any{}
	for _, f := range eventFields() {
		switch v := f.field(e).(type) {
		case *string:
			if *v != "" {
				given[f.Name] = *v
			}
		case *[]string:
			if len(*v) > 0 {
				given[f.Name] = *v
			}
		case *float64:
			if *v != 0 || f.Name == "value" && e.HasValue {
				given[f.Name] = *v
			}
		case *sim.Date:
			if *v != 0 {
				given[f.Name] = v.String()
			}
		}
	}
	for _, name := range []string{"id", "cause", "date", "kind", "origin"} { // an origin is kept as a stockholder
		delete(given, name)
	}
	return given
}

func eventKindNames() []string {
	var names []string
	for _, k := range EventKinds() {
		names = append(names, k.Name)
	}
	return names
}

// kinds maps names to kinds.
func kinds() map[string]EventKind {
	byName := map[string]EventKind{}
	for _, k := range EventKinds() {
		byName[k.Name] = k
	}
	return byName
}

// takes lists every field of the kind.
func (k EventKind) takes() []string {
	fields := slices.Concat(commonFields(), k.Fields)
	if len(k.Actions) > 0 {
		fields = append(fields, "action")
	}
	return fields
}

// rule returns the rule of a field in an event of this kind.
func (k EventKind) rule(col Column) Column {
	if r, special := k.Rules[col.Name]; special {
		col.Rule = r
		if col.Name == "value" {
			col.Unit = k.ValueUnit
		}
	}
	if col.Name == "action" && len(k.Actions) > 0 {
		col.Rule = oneOf(k.Actions...)
	}
	return col
}

// eventReader reads events, keeping the tables at hand that it needs for each of them.
type eventReader struct {
	*checker
	kinds  map[string]EventKind
	takes  map[string]map[string]bool // by kind and field
	fields map[string]spec[agents.Event]
	names  []string // of the fields
}

func newEventReader(c *checker) eventReader {
	r := eventReader{checker: c, kinds: kinds(), takes: map[string]map[string]bool{}, fields: map[string]spec[agents.Event]{}}
	for name, k := range r.kinds {
		r.takes[name] = map[string]bool{}
		for _, f := range k.takes() {
			r.takes[name][f] = true
		}
	}
	for _, s := range eventFields() {
		r.fields[s.Name] = s
		r.names = append(r.names, s.Name)
	}
	return r
}

// event reads one event of the merged scenario.
func (r eventReader) event(id string, v *value) agents.Event {
	e := agents.Event{ID: id}
	path := join("events", id)
	kind := r.kindOf(v)
	r.fill(path, v, kind, &e)
	r.missing(path, v, kind)
	r.either(path, v, kind)
	r.eventDates(path, v, &e)
	return e
}

// part checks what one layer says of an event. That may be a part of it, so nothing is asked for, and the ids in it are
// looked up only if they last into the merged scenario: a layer may be used with another world.
func (r eventReader) part(id string, v *value, kind EventKind) {
	before := len(r.used)
	r.fill(join("events", id), v, kind, &agents.Event{})
	r.used = r.used[:before]
}

func (r eventReader) fill(path string, v *value, kind EventKind, e *agents.Event) {
	for _, f := range v.fields {
		if r.full() {
			return
		}
		r.eventField(join(path, f.name), f, kind, e)
	}
}

// kindOf returns the kind of an event, or one without a name where it is not given or wrong.
func (r eventReader) kindOf(v *value) EventKind {
	if k := v.get("kind"); k != nil {
		return r.kinds[k.text]
	}
	return EventKind{}
}

func (r eventReader) eventField(path string, f field, kind EventKind, e *agents.Event) {
	s, known := r.fields[f.name]
	switch {
	case f.name == "remove" || f.shape == null && known: // how layers take something back
		return
	case !known:
		r.add(f.at, path, Say("must be a field of an event, got %s", quote(f.name)), Meant(f.name, r.names))
		return
	case kind.Name != "" && !r.takes[kind.Name][f.name]:
		r.add(f.at, path, Say("must be a field of a %s event (%s), got %s", kind.Name, strings.Join(kind.takes(), ", "), quote(f.name)), Meant(f.name, kind.takes()))
		return
	}
	if kind.Name == "" && !slices.Contains(commonFields(), f.name) {
		return // what a field may hold depends on the kind, which is wrong or missing
	}
	r.scalar(path, &f.value, kind.rule(s.Column), s.field(e))
	e.HasValue = e.HasValue || f.name == "value"
}

// either reports pairs of fields that exclude each other.
func (r eventReader) either(path string, v *value, kind EventKind) {
	pairs := kind.Either
	if v.get("recovery") == nil { // without one, both say how long the event lasts
		pairs = append(slices.Clone(pairs), [2]string{"until", "weeks"})
	}
	for _, p := range pairs {
		if a, b := v.get(p[0]), v.get(p[1]); a != nil && b != nil {
			r.add(b.position, join(path, p[1]), Say("must be left out where %s is given, got %s", p[0], b.got()))
		}
	}
}

// missing asks for the fields that an event of the kind needs.
func (r eventReader) missing(path string, v *value, kind EventKind) {
	needs := [][]string{{"cause"}, {"date"}, {"kind"}}
	needs = append(needs, kind.Needs...)
	if action := v.get("action"); action != nil {
		for _, name := range kind.ByAction[action.text] {
			needs = append(needs, []string{name})
		}
	}
	for _, names := range needs {
		if !slices.ContainsFunc(names, func(n string) bool { return v.get(n) != nil }) {
			r.add(v.position, path, Say("must have the field %s, got %s", anyOf(verbatim(names)), strings.Join(v.names(), ", ")))
		}
	}
}

// eventDates checks the end of an event, and that a recovery has a length.
func (r eventReader) eventDates(path string, v *value, e *agents.Event) {
	if e.Until != 0 && e.Until <= e.Date {
		r.add(v.get("until").position, path+".until", Say("must be after the date of the event (%s), got %s", e.Date, e.Until))
	}
	if (e.Recovery == "linear" || e.Recovery == "exponential") && e.Weeks == 0 {
		r.add(v.get("recovery").position, path+".recovery", Say("must come with weeks, its length, got %s alone", quote(e.Recovery)))
	}
}

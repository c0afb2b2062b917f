package scenarios

import (
	"slices"
	"strings"
)

// maxLayers bounds how many files one scenario may be made of.
const maxLayers = 100

// layer is one scenario file, or one --set, before merging.
type layer struct {
	located
	root  *value
	isSet bool
	own   bool // the file that was asked for, or a --set: its name, title and claims are the scenario's
}

// layerReader reads a file and the layers under it, each once, lowest first.
type layerReader struct {
	c      *collector
	layers []*layer
	open   []string // files being read, to find a file that extends itself
	done   map[string]bool
}

// readLayers returns the layers of a scenario file, the file itself last.
func readLayers(file located, c *collector) []*layer {
	r := &layerReader{c: c, done: map[string]bool{}}
	r.read(file, file.at(), "")
	if n := len(r.layers); n > 0 {
		r.layers[n-1].own = true
	}
	return r.layers
}

// read reads one file; at is where it was asked for.
func (r *layerReader) read(file located, at position, path string) {
	key := file.display(file.name)
	switch {
	case slices.Contains(r.open, key):
		r.c.add(at, path, Say("must be layers without a cycle, got %s", strings.Join(append(r.open, key), " > ")))
		return
	case r.done[key]:
		return
	case len(r.done) >= maxLayers:
		r.c.add(at, path, Say("must be at most %s, got more", count(maxLayers, "%s layer", "%s layers")))
		return
	}
	r.done[key] = true
	root := r.parse(file, at, path)
	if root == nil {
		return
	}
	r.open = append(r.open, key)
	r.extends(file, root)
	r.open = r.open[:len(r.open)-1]
	r.layers = append(r.layers, &layer{located: file, root: root})
}

func (r *layerReader) parse(file located, at position, path string) *value {
	data, err := file.read(maxFileBytes)
	if err != nil {
		r.c.add(at, path, readProblem(Say("a scenario file"), err))
		return nil
	}
	root, err := parseDocument(file.display(file.name), data)
	if problems, bad := err.(Problems); bad {
		r.c.found = append(r.c.found, problems...)
		return nil
	}
	return root
}

// extends reads the layers that a file names: built-in names, or paths relative to the file.
func (r *layerReader) extends(file located, root *value) {
	v := root.get("extends")
	if v == nil {
		return
	}
	if v.shape != list {
		r.c.add(v.position, "extends", Say("must be a list of built-in names and paths, got %s", v.got()))
		return
	}
	for _, item := range v.items {
		switch {
		case item.shape != text:
			r.c.add(item.position, "extends", Say("must be a built-in name or a path, got %s", item.got()))
		case isPath(item.text):
			r.read(file.beside(item.text), item.position, "extends")
		case slices.Contains(Names(), item.text):
			r.read(located{fsFiles{builtin}, builtinPath(item.text)}, item.position, "extends")
		default:
			r.c.add(item.position, "extends", Say("must be a built-in scenario or the path of a file, got %s", quote(item.text)), Meant(item.text, Names()))
		}
	}
}

// merged is a scenario after its layers were laid over each other.
type merged struct {
	head      map[string]*value // name, title... of the scenario's own file; assumptions of any layer
	period    map[string]*value
	world     *value
	worldFrom *layer
	params    map[string]*value // by parameter id
	events    []*eventValue     // in the order of first appearance
	byID      map[string]*eventValue
	reader    eventReader
	complete  bool     // every layer was read
	at        position // of the scenario's own file, for what is missing
}

type eventValue struct {
	id      string
	v       *value
	removed bool
}

// merge lays the layers over each other, the last one winning, and checks each of them by itself.
func merge(layers []*layer, c *checker) *merged {
	complete := len(c.found) == 0 // of a layer that cannot be read, nobody knows what it holds
	m := &merged{head: map[string]*value{}, period: map[string]*value{}, params: map[string]*value{},
		byID: map[string]*eventValue{}, reader: newEventReader(c), complete: complete}
	for _, l := range layers {
		if !l.isSet {
			m.at = position{l.display(l.name), 1, 1}
		}
		m.layer(l, c)
	}
	return m
}

func (m *merged) layer(l *layer, c *checker) {
	c.duplicates("", l.root)
	c.onlyKnown("", l.root, "a scenario", scenarioFieldNames())
	if !l.isSet {
		c.version(l.root)
	}
	m.layerHead(l, c)
	if v := l.root.get("world"); v != nil {
		m.world, m.worldFrom = v, l
	}
	m.layerPeriod(l.root.get("period"), c)
	m.layerParameters(l.root.get("parameters"), c)
	m.layerEvents(l, c)
}

// layerHead keeps what the scenario's own file says of itself. What lower layers say of themselves is checked all the
// same.
func (m *merged) layerHead(l *layer, c *checker) {
	for _, f := range headFields() {
		v := l.root.get(f.Name)
		if v == nil {
			continue
		}
		c.scalar(f.Name, v, f.Column, f.field(&Scenario{}))
		if l.own || f.Name == "assumptions" {
			m.head[f.Name] = v
		}
	}
	if v := l.root.get("expect"); v != nil && l.own {
		m.head["expect"] = v
	}
	if v := l.root.get("compare"); v != nil {
		c.compare(v)
		if below := m.head["compare"]; l.isSet && below != nil && below.shape == mapping && v.shape == mapping {
			v = overlay(below, v)
		}
		if l.own {
			m.head["compare"] = v
		}
	}
}

func (c *checker) version(root *value) {
	v := root.get("version")
	switch {
	case v == nil:
		c.add(root.position, "version", Say("must be 1, got nothing"), Say("start the file with `version: 1`"))
	case v.shape != integer || v.text != "1":
		c.add(v.position, "version", Say("must be 1, got %s", v.got()))
	}
}

func (m *merged) layerPeriod(v *value, c *checker) {
	if v == nil {
		return
	}
	if v.shape != mapping {
		c.add(v.position, "period", Say("must be a map such as {start: 2021-01-04, end: 2025-12-29}, got %s", v.got()))
		return
	}
	c.onlyKnown("period", v, "period", []string{"start", "end"})
	for _, name := range []string{"start", "end"} {
		if f := v.get(name); f != nil {
			m.period[name] = f
		}
	}
}

// want reports something that no layer gives.
func (m *merged) want(c *checker, path string, hint ...Phrase) {
	if m.complete {
		c.add(m.at, path, Say("must be given, here or in a layer, got nothing"), hint...)
	}
}

// worldName is the world as the files name it, or "".
func (m *merged) worldName() string {
	if m.world == nil {
		return ""
	}
	return m.world.text
}

// layerEvents merges the events of a layer by id. They are a list of events with ids, or a map from id to event.
func (m *merged) layerEvents(l *layer, c *checker) {
	v := l.root.get("events")
	switch {
	case v == nil:
	case v.shape == list:
		m.listedEvents(l, v, c)
	case v.shape == mapping:
		for i := range v.fields {
			f := &v.fields[i]
			m.layerEvent(l, f.name, f.at, &f.value, c)
		}
	default:
		c.add(v.position, "events", Say("must be a list of events, got %s", v.got()))
	}
}

func (m *merged) listedEvents(l *layer, v *value, c *checker) {
	first := map[string]position{}
	for _, item := range v.items {
		if item.shape != mapping {
			c.add(item.position, "events", Say("must be an event such as {id: ..., cause: ..., date: ..., kind: ...}, got %s", item.got()))
			continue
		}
		id := item.get("id")
		if id == nil || id.shape != text {
			c.add(item.position, "events", Say("must have an id that is text, got %s", strings.Join(item.names(), ", ")))
			continue
		}
		if at, twice := first[id.text]; twice {
			c.add(id.position, join("events", id.text), Say("must be an id used once, got it again; first at %s", at))
			continue
		}
		first[id.text] = id.position
		m.layerEvent(l, id.text, id.position, item, c)
	}
}

// layerEvent lays one event over the one of the same id, or removes it.
func (m *merged) layerEvent(l *layer, id string, at position, v *value, c *checker) {
	below := m.byID[id]
	alive := below != nil && !below.removed
	remove := c.removes(id, v)
	switch {
	case !remove && v.shape != mapping:
		c.add(v.position, join("events", id), Say("must be an event or null, got %s", v.got()))
	case !goodName(id):
		c.add(at, "events", Say("must be %s, got %s", Rule{Kind: ID}.want(""), quote(id)))
	case !alive && (remove || l.isSet && v.get("kind") == nil):
		c.add(at, "events", Say("must be the id of an event of a layer below, got %s", quote(id)), Meant(id, m.eventIDs()))
	case remove:
		below.removed = true
	case alive:
		below.v = overlay(below.v, v)
		m.reader.part(id, v, m.reader.kindOf(below.v))
	default:
		m.newEvent(id, v)
	}
}

// newEvent adds an event, or puts one in the place of another that a layer removed.
func (m *merged) newEvent(id string, v *value) {
	m.reader.part(id, v, m.reader.kindOf(v))
	v = overlay(&value{}, v) // a null takes back what a layer below says: with none below, the field is not given
	if gone := m.byID[id]; gone != nil {
		gone.v, gone.removed = v, false
		return
	}
	m.byID[id] = &eventValue{id: id, v: v}
	m.events = append(m.events, m.byID[id])
}

// removes says whether a layer takes an event out: by null, or by `remove: true`.
func (c *checker) removes(id string, v *value) bool {
	if v.shape == null {
		return true
	}
	r := v.get("remove")
	if r == nil {
		return false
	}
	var yes bool
	c.scalar(join("events", id, "remove"), r, Column{Rule: yesNo()}, &yes)
	return yes
}

func (m *merged) eventIDs() []string {
	var ids []string
	for _, e := range m.events {
		if !e.removed {
			ids = append(ids, e.id)
		}
	}
	return ids
}

// overlay returns a map with the fields of both; those of the upper win, and a null takes a field back.
func overlay(lower, upper *value) *value {
	out := &value{position: upper.position, shape: mapping}
	above := map[string]bool{}
	for _, f := range upper.fields {
		above[f.name] = true
	}
	for _, f := range lower.fields {
		if !above[f.name] {
			out.fields = append(out.fields, f)
		}
	}
	for _, f := range upper.fields {
		if f.shape != null {
			out.fields = append(out.fields, f)
		}
	}
	return out
}

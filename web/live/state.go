package live

import (
	"errors"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entrepot/scenarios"
)

// state is what the page shows, as its link says it.
type state struct {
	path       string // of its fields in the question: "", "a" or "b"
	scenario   string // of the library; or
	file       string // the text of a scenario file
	layers     []string
	parameters map[string]any
	events     []map[string]any
	seed       uint64
}

// asked is a state that was loaded.
type asked struct {
	*scenarios.Scenario
	seed   uint64
	source string // as a scenario file
}

// stated reads the state of a question and loads it. Without one, or with a wrong one, it returns nil.
func (r *reader) stated(a *answer, fields map[string]any, more ...string) *asked {
	if fields == nil {
		return nil
	}
	r.known("", fields, append([]string{"state"}, more...)...)
	return r.state(a, "", "state", fields["state"])
}

// state reads and loads a state. Its fields are told below the path; name is what the question calls it.
func (r *reader) state(a *answer, path, name string, v any) *asked {
	if v == nil {
		r.add(name, scenarios.Say("must be a state, got nothing"))
		return nil
	}
	fields := r.object(name, v)
	if fields == nil {
		return nil
	}
	s := &state{path: path}
	before := len(r.found)
	r.known(path, fields, "scenario", "file", "layers", "parameters", "events", "seed")
	s.seed = r.seed(join(path, "seed"), fields["seed"])
	r.base(s, fields)
	r.layers(s, a.limits.Layers, fields["layers"])
	r.parameters(s, fields["parameters"])
	r.events(s, a.limits.Events, fields["events"])
	loaded := r.load(s)
	if loaded == nil || len(r.found) > before {
		return nil
	}
	r.size(s, a.limits, loaded.Scenario)
	return loaded
}

// decimal is what a seed may look like.
var decimal = regexp.MustCompile(`^(0|[1-9][0-9]{0,19})$`)

// seed reads a seed, which is text: JavaScript has no such numbers. Without one it is 1.
func (r *reader) seed(path string, v any) uint64 {
	if v == nil {
		return 1
	}
	text, ok := v.(string)
	n, err := strconv.ParseUint(text, 10, 64)
	if !ok || err != nil || !decimal.MatchString(text) {
		r.add(path, scenarios.Say("must be a whole number from 0 to 18446744073709551615, as text, got %s", shown(v)))
	}
	return n
}

// base reads what the state changes: a scenario of the library or a file.
func (r *reader) base(s *state, fields map[string]any) {
	name, file := fields["scenario"], fields["file"]
	at := join(s.path, "scenario")
	switch {
	case name != nil && file != nil:
		r.add(join(s.path, "file"), scenarios.Say("must be left out where scenario is given, got both"))
	case file != nil:
		s.file = r.text(join(s.path, "file"), file)
		if text, is := file.(string); is && strings.TrimSpace(text) == "" {
			r.add(join(s.path, "file"), scenarios.Say("must be the text of a scenario file, got none"))
			s.file = ""
		}
	case name == nil:
		r.add(at, scenarios.Say("must be given, or file, got neither"))
	default:
		s.scenario = r.text(at, name)
		if text, is := name.(string); is && !slices.Contains(scenarios.Names(), text) {
			r.add(at, scenarios.Say("must be a scenario of the library (%s), got %s", strings.Join(scenarios.Names(), ", "), quote(text)), scenarios.Meant(text, scenarios.Names()))
			s.scenario = ""
		}
	}
}

// layers reads the scenarios that are laid over it.
func (r *reader) layers(s *state, limit int, v any) {
	path := join(s.path, "layers")
	items := r.list(path, v)
	if len(items) > limit {
		r.add(path, scenarios.Say("must be at most %s scenarios, got %s", limit, len(items)))
		return
	}
	for i, item := range items {
		at := join(path, strconv.Itoa(i))
		name, is := item.(string)
		switch {
		case !is:
			r.add(at, scenarios.Say("must be the name of a scenario, got %s", shown(item)))
		case !slices.Contains(scenarios.Names(), name):
			r.add(at, scenarios.Say("must be a scenario of the library (%s), got %s", strings.Join(scenarios.Names(), ", "), quote(name)), scenarios.Meant(name, scenarios.Names()))
		case slices.Contains(s.layers, name):
			r.add(at, scenarios.Say("must be a scenario named once, got %s again", quote(name)))
		default:
			s.layers = append(s.layers, name)
		}
	}
}

// parameterID is what the id of a parameter looks like.
var parameterID = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,60}$`)

// parameters reads values by id. Whether there is such a parameter, and whether it may have the value, is the loader's business.
func (r *reader) parameters(s *state, v any) {
	path, before := join(s.path, "parameters"), len(r.found)
	for id, value := range r.object(path, v) {
		at := join(path, shorten(id))
		switch value.(type) {
		case []any, map[string]any:
			r.add(at, scenarios.Say("must be a value such as \"15000\", got %s", shown(value)))
			continue
		}
		if !parameterID.MatchString(id) {
			r.add(at, scenarios.Say("must be a parameter of the model, got %s", quote(id)))
			continue
		}
		if s.parameters == nil {
			s.parameters = map[string]any{}
		}
		s.parameters[id] = value
	}
	inOrder(r.found[before:], byPath) // values came in the order of a map
}

// eventID is what the id of an event looks like: as the loader has it.
var eventID = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]{0,59}$`)

// events reads what is laid over the events.
func (r *reader) events(s *state, limit int, v any) {
	path := join(s.path, "events")
	items := r.list(path, v)
	if len(items) > limit {
		r.add(path, scenarios.Say("must be at most %s events, got %s", limit, len(items)))
		return
	}
	seen := map[string]bool{}
	for i, item := range items {
		at := join(path, strconv.Itoa(i))
		fields, is := item.(map[string]any)
		if !is {
			r.add(at, scenarios.Say("must be an event such as {\"id\": ..., \"date\": ...}, got %s", shown(item)))
			continue
		}
		id, _ := fields["id"].(string)
		switch {
		case !eventID.MatchString(id):
			r.add(at+".id", scenarios.Say("must be a name of letters, digits, _ and -, got %s", shown(fields["id"])))
		case seen[id]:
			r.add(join(path, id), scenarios.Say("must be an event given once, got it again"))
		case r.event(join(path, id), fields):
			s.events = append(s.events, fields)
		}
		seen[id] = true
	}
}

// event checks the fields of an event as far as they could not be written into a file, and tells whether they can.
func (r *reader) event(path string, fields map[string]any) bool {
	before := len(r.found)
	names := []string{"remove"}
	for _, c := range scenarios.EventFields() {
		names = append(names, c.Name)
	}
	for name, v := range fields {
		at := join(path, shorten(name))
		if !slices.Contains(names, name) {
			r.add(at, scenarios.Say("must be a field of an event, got %s", quote(name)), scenarios.Meant(name, names))
		}
		switch v := v.(type) {
		case map[string]any:
			r.add(at, scenarios.Say("must be a value, got %s", shown(v)))
		case []any:
			for _, item := range v {
				if _, is := item.(string); !is {
					r.add(at, scenarios.Say("must be a list of ids, got %s in it", shown(item)))
				}
			}
		}
	}
	inOrder(r.found[before:], byPath)
	return len(r.found) == before
}

// The files that the loader reads a state from: the asker's own, and what is laid over it.
const (
	ownFile  = "scenario.yaml"
	overFile = "state.yaml"
)

// load loads what could be read of a state, so that everything wrong with it is told at once.
func (r *reader) load(s *state) *asked {
	if s.scenario == "" && s.file == "" {
		return nil
	}
	files := memory{ownFile: s.file}
	base, err := s.plain(files)
	r.worlds(s, base)
	if len(s.layers)+len(s.parameters)+len(s.events) == 0 {
		if err != nil {
			r.told(s, err)
			return nil
		}
		source := s.file
		if s.scenario != "" {
			text, _ := scenarios.Source(s.scenario) // it was just loaded
			source = string(text)
		}
		return &asked{base, s.seed, source}
	}
	over := s.over(base)
	files[overFile] = over
	laid, err := scenarios.LoadFS(files, overFile, nil)
	if err != nil {
		r.told(s, err)
		return nil
	}
	if s.file != "" { // one file, without a layer beside it
		over = string(laid.Resolved)
	}
	return &asked{laid, s.seed, over}
}

// plain loads the scenario that a state changes, as it is.
func (s *state) plain(files fs.FS) (*scenarios.Scenario, error) {
	if s.file != "" {
		return scenarios.LoadFS(files, ownFile, nil)
	}
	return scenarios.Load(s.scenario, nil)
}

// worlds refuses layers of another world: their events would speak of places that are not there.
func (r *reader) worlds(s *state, base *scenarios.Scenario) {
	if base == nil {
		return
	}
	s.layers = slices.DeleteFunc(s.layers, func(name string) bool {
		layer, err := scenarios.Load(name, nil)
		if err != nil || layer.World == base.World {
			return false
		}
		r.add(join(s.path, "layers"), scenarios.Say("must be scenarios of the world %s, got %s, of %s", base.World, name, layer.World))
		return true
	})
}

// told takes the loader's problems over: those of the asker's file with their place in it, others with the field of the state.
func (r *reader) told(s *state, err error) {
	var problems scenarios.Problems
	if !errors.As(err, &problems) {
		r.add(s.path, scenarios.Say("%s", err))
		return
	}
	for _, p := range problems {
		if len(r.found) == most {
			return
		}
		msg, hint := p.Said()
		out := told(join(s.path, p.Path), msg, hint)
		out.File, out.Line, out.Column, out.Message = p.File, p.Line, p.Col, p.Msg // which may be cut
		if p.Path == "" {
			out.Path = s.path
		}
		if p.File == overFile {
			out.File, out.Line, out.Column = "", 0, 0
		}
		r.found = append(r.found, out)
	}
}

// size holds a scenario to the limits.
func (r *reader) size(s *state, l Limits, x *scenarios.Scenario) {
	carriers := 0
	for i := range x.Setup.Networks {
		carriers += x.Setup.Networks[i].Carriers
	}
	scale := int(x.Setup.Params.Trafficker.Scale)
	markets := len(x.Setup.Hubs) * len(x.Setup.Goods)
	for _, c := range []struct {
		path, must string
		n, limit   int
	}{
		{"period.end", "must leave at most %s weeks in the page, got %s", x.Setup.Weeks(), l.Weeks},
		{"parameters.trafficker.scale", "must leave at most %s carriers in the page, got %s", carriers * scale, l.Carriers},
		{"world", "must leave at most %s hubs times goods in the page, got %s", markets, l.Markets},
		{"events", "must leave at most %s events in the page, got %s", len(x.Setup.Events), l.Events},
	} {
		if c.n > c.limit {
			r.add(join(s.path, c.path), scenarios.Say(c.must, c.limit, c.n), scenarios.Say("run it with `entrepot run` instead"))
		}
	}
}

// Source returns a state as the text of a scenario file, which `entrepot run` takes and which gives the same run. Its error is a Problems.
func Source(state []byte) (string, error) {
	a := &answer{limits: Standard()}
	var r reader
	fields := r.question(state, a.limits.Body)
	if fields == nil {
		return "", r.err()
	}
	s := r.state(a, "", "state", fields)
	if err := r.err(); err != nil {
		return "", err
	}
	return s.source, nil
}

// memory is a file system of a few texts.
type memory map[string]string

// Open implements fs.FS.
func (m memory) Open(name string) (fs.File, error) {
	text, ok := m[name]
	if !ok || text == "" {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return opened{strings.NewReader(text)}, nil
}

// opened is a file of it. Nobody asks what else there is to know of it.
type opened struct{ *strings.Reader }

func (opened) Stat() (fs.FileInfo, error) { return nil, fs.ErrInvalid }
func (opened) Close() error               { return nil }

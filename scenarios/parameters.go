package scenarios

import (
	"strings"

	"entrepot/agents"
)

// parameterTable is agents.Parameters by id, with the ids in order.
type parameterTable struct {
	ids  []string
	byID map[string]agents.Parameter
}

func newParameterTable() parameterTable {
	t := parameterTable{byID: map[string]agents.Parameter{}}
	for _, p := range agents.Parameters() {
		t.ids = append(t.ids, p.ID)
		t.byID[p.ID] = p
	}
	return t
}

// section says whether ids start with this name and a dot.
func (t parameterTable) section(name string) bool {
	for _, id := range t.ids {
		if strings.HasPrefix(id, name+".") {
			return true
		}
	}
	return false
}

// parameterRule derives the rule of a parameter from its entry in the model's table.
func parameterRule(p agents.Parameter) Rule {
	switch p.Default.(type) {
	case int64:
		return whole(p.Min, p.Max)
	case float64:
		return number(p.Min, p.Max)
	case bool:
		return yesNo()
	default:
		return oneOf(p.Choices...)
	}
}

// layerParameters collects the parameters of a layer, nested or dotted, by id. A null goes back to the default.
func (m *merged) layerParameters(v *value, c *checker) {
	if v == nil {
		return
	}
	if v.shape != mapping {
		c.add(v.position, "parameters", Say("must be a map such as {trafficker: {tau: 25000}}, got %s", v.got()))
		return
	}
	w := parameterWalk{c, newParameterTable(), map[string]position{}, m.params}
	w.walk("", v)
}

type parameterWalk struct {
	*checker
	table parameterTable
	seen  map[string]position
	into  map[string]*value
}

func (w parameterWalk) walk(prefix string, v *value) {
	for i := range v.fields {
		if w.full() {
			return
		}
		f := &v.fields[i]
		id := join(prefix, f.name)
		p, known := w.table.byID[id]
		switch {
		case known:
			w.leaf(p, f)
		case w.table.section(id) && f.shape == mapping:
			w.walk(id, &f.value)
		case w.table.section(id):
			w.add(f.position, "parameters."+id, Say("must be a map of the parameters of this section, got %s", f.got()))
		default:
			w.add(f.at, "parameters."+id, Say("must be a parameter of the model, got %s", quote(id)), Meant(id, append(w.table.sections(), w.table.ids...)))
		}
	}
}

func (w parameterWalk) leaf(p agents.Parameter, f *field) {
	if at, twice := w.seen[p.ID]; twice && at != f.at {
		w.add(f.at, "parameters."+p.ID, Say("must be given once, got it again; first at %s", at))
	}
	w.seen[p.ID] = f.at
	if f.shape == null {
		delete(w.into, p.ID)
		return
	}
	var scratch agents.Params
	w.scalar("parameters."+p.ID, &f.value, Column{Name: p.ID, Unit: p.Unit, Rule: parameterRule(p)}, p.Field(&scratch))
	w.into[p.ID] = &f.value
}

// sections lists the first parts of the ids.
func (t parameterTable) sections() []string {
	var names []string
	for _, id := range t.ids {
		name, _, _ := strings.Cut(id, ".")
		if len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return names
}

// readParams returns the parameters' values: the defaults, and what the layers say. Wrong values were reported with
// their layer.
func (m *merged) readParams() agents.Params {
	params := agents.Defaults()
	silent := newChecker()
	for _, p := range agents.Parameters() {
		if v := m.params[p.ID]; v != nil {
			silent.scalar(p.ID, v, Column{Rule: parameterRule(p)}, p.Field(&params))
		}
	}
	return params
}

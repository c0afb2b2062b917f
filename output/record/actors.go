package record

import (
	"slices"

	"entrepot/agents"
	"entrepot/output/tables"
)

// actorRows turns the measures of package agents into rows. The two functions are made once, so that a week allocates
// nothing.
type actorRows struct {
	measures []agents.Measure
	symbols  [][2]tables.Sym // name and unit of each measure
	row      tables.Actor    // what all rows of the measure at hand share
	emit     agents.Emit
}

func (r *actorRows) start(o *Observer) {
	r.measures = slices.DeleteFunc(agents.Measures(), func(m agents.Measure) bool { return !slices.Contains(o.only.Actors, m.Name) })
	for _, m := range r.measures {
		r.symbols = append(r.symbols, [2]tables.Sym{o.names.Sym(m.Name), o.names.Sym(m.Unit)})
	}
	r.emit = func(actor string, good, origin int, value float64) {
		row := r.row
		row.Actor, row.Value = o.names.Sym(actor), value
		if good >= 0 {
			row.Good = o.goods[good]
		}
		if origin >= 0 {
			row.Origin = o.origins[origin]
		}
		o.rec.Actor(row)
	}
}

// actors emits actors.csv.
func (o *Observer) actors(tick int32) {
	r := &o.actorRows
	for i := range r.measures {
		r.row = tables.Actor{Tick: tick, Measure: r.symbols[i][0], Unit: r.symbols[i][1]}
		r.measures[i].Each(o.m, r.emit)
	}
}

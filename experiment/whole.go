//go:build !js

package experiment

import (
	"math"
	"slices"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/sim"
)

// fullTables returns the tables that a study keeps whole: those of a run, with the run's number before their columns.
func (s *Study) fullTables() (all []Table) {
	for _, name := range s.Full {
		t := RunTable(name, slices.DeleteFunc(tables.Columns(), func(c tables.Column) bool { return c.Table != name }))
		t.Meaning = "the table " + name + " of every run"
		t.Columns = slices.Insert(t.Columns, 0, Column{"run", Int, "", "number of the run"})
		all = append(all, t)
	}
	return all
}

// both adds the tables that are kept whole to those that figures are read from.
func (s *Study) both(only record.Tables) record.Tables {
	has := func(name string) bool { return slices.Contains(s.Full, name) }
	only.Prices, only.Flows, only.Trades = only.Prices || has("prices"), only.Flows || has("flows"), only.Trades || has("trades")
	only.Costs, only.Hubs, only.Throughput, only.Ledger = only.Costs || has("costs"), only.Hubs || has("hubs"), only.Throughput || has("throughput"), only.Ledger || has("ledger")
	if has("actors") {
		only.Actors = nil
		for _, m := range agents.Measures() {
			only.Actors = append(only.Actors, m.Name)
		}
	}
	return only
}

// tee hands rows to the gauges and to a run in memory. Whatever the gauges alone asked for is left out when the run is over.
type tee struct {
	*gauges
	whole tables.Recorder
}

func (t *tee) Price(r tables.Price) { t.gauges.Price(r); t.whole.Price(r) }

func (t *tee) Flow(r tables.Flow) { t.gauges.Flow(r); t.whole.Flow(r) }

func (t *tee) Trade(r tables.Trade) { t.gauges.Trade(r); t.whole.Trade(r) }

func (t *tee) Cost(r tables.Cost) { t.gauges.Cost(r); t.whole.Cost(r) }

func (t *tee) Hub(r tables.HubWeek) { t.gauges.Hub(r); t.whole.Hub(r) }

func (t *tee) Throughput(r tables.Throughput) { t.gauges.Throughput(r); t.whole.Throughput(r) }

func (t *tee) Actor(r tables.Actor) { t.gauges.Actor(r); t.whole.Actor(r) }

func (t *tee) Ledger(r tables.Ledger) { t.gauges.Ledger(r); t.whole.Ledger(r) }

func (t *tee) Event(r tables.Event) { t.gauges.Event(r); t.whole.Event(r) }

// recording returns what records a run for a panel and, where tables are kept whole, the run that holds them.
func (s *Study) recording(p *panel, setup *agents.Setup, names *tables.Names) (tables.Recorder, *tables.Run) {
	if len(s.Full) == 0 {
		return &p.gauges, nil
	}
	run := tables.NewRun(setup.Start)
	run.Names = names
	return &tee{&p.gauges, run.Recording()}, run
}

// whole turns the tables of a run that are kept whole into rows; none where the run failed.
func (s *Study) whole(number int, run *tables.Run) []Rows {
	ts := s.fullTables()
	rows := make([]Rows, len(ts))
	for i := range ts {
		rows[i] = NewRows(&ts[i])
	}
	if run == nil {
		return rows
	}
	_ = run.Tables(func(name string, _ []tables.Column) (tables.Cells, error) { // these cells have no errors
		i := slices.Index(s.Full, name)
		if i < 0 {
			return nowhere{}, nil
		}
		return &cells{&ts[i], &rows[i], number, 1}, nil
	})
	return rows
}

// cells appends a run's cells to rows.
type cells struct {
	table *Table
	rows  *Rows
	run   int
	at    int // column of the next cell
}

func (c *cells) Int(n int64) { c.rows.Int[c.at], c.at = append(c.rows.Int[c.at], n), c.at+1 }

func (c *cells) Float(x float64) { c.rows.Float[c.at], c.at = append(c.rows.Float[c.at], x), c.at+1 }

func (c *cells) Text(s string) { c.rows.Text[c.at], c.at = append(c.rows.Text[c.at], s), c.at+1 }

func (c *cells) Date(d sim.Date) { c.Int(int64(d)) }

func (c *cells) None() {
	if c.table.Columns[c.at].Kind == Float {
		c.Float(math.NaN())
		return
	}
	c.Int(None)
}

func (c *cells) End() {
	c.rows.Int[0], c.at = append(c.rows.Int[0], int64(c.run)), 1
}

func (c *cells) Close() error { return nil }

// nowhere takes cells of tables that are not kept.
type nowhere struct{}

func (nowhere) Int(int64)     {}
func (nowhere) Float(float64) {}
func (nowhere) Date(sim.Date) {}
func (nowhere) Text(string)   {}
func (nowhere) None()         {}
func (nowhere) End()          {}
func (nowhere) Close() error  { return nil }

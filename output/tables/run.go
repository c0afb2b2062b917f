package tables

import (
	"io"
	"math"
	"sync"

	"entrepot/sim"
)

// Run is a whole run in memory: what Read returns and what figures and the report are made from.
// Rows are without pointers (24-40 bytes), so several hundred thousand of them cost the collector nothing.
type Run struct {
	Start sim.Date // Monday of tick 0
	Names *Names

	Prices     []Price
	Flows      []Flow
	Trades     []Trade
	Costs      []Cost
	Hubs       []HubWeek
	Throughput []Throughput
	Actors     []Actor
	Ledger     []Ledger
	Events     []Event
	Books      []Order // empty unless books were kept
}

// NewRun returns an empty run that starts in the week of the given day.
func NewRun(start sim.Date) *Run { return &Run{Start: start.Monday(), Names: NewNames()} }

// Recording returns a Recorder that appends to the run.
func (r *Run) Recording() Recorder { return capture{r} }

// Date returns the Monday of a tick.
func (r *Run) Date(tick int32) sim.Date { return r.Start + sim.Date(7*tick) }

// Ticks is the number of weeks: one more than the largest tick of hubs.csv or, without hubs, of the prices and flows.
func (r *Run) Ticks() int {
	last := int32(-1)
	for i := range r.Hubs {
		last = max(last, r.Hubs[i].Tick)
	}
	if last < 0 {
		for i := range r.Prices {
			last = max(last, r.Prices[i].Tick)
		}
		for i := range r.Flows {
			last = max(last, r.Flows[i].Tick)
		}
	}
	return int(last) + 1
}

// Rows is the number of rows over all tables.
func (r *Run) Rows() int {
	return len(r.Prices) + len(r.Flows) + len(r.Trades) + len(r.Costs) + len(r.Hubs) + len(r.Throughput) +
		len(r.Actors) + len(r.Ledger) + len(r.Events) + len(r.Books)
}

// capture is the Recorder of a Run: a type of its own because a Run's fields carry the tables' names.
type capture struct{ run *Run }

func (c capture) Price(x Price)           { c.run.Prices = append(c.run.Prices, x) }
func (c capture) Flow(x Flow)             { c.run.Flows = append(c.run.Flows, x) }
func (c capture) Trade(x Trade)           { c.run.Trades = append(c.run.Trades, x) }
func (c capture) Cost(x Cost)             { c.run.Costs = append(c.run.Costs, x) }
func (c capture) Hub(x HubWeek)           { c.run.Hubs = append(c.run.Hubs, x.rounded()) }
func (c capture) Throughput(x Throughput) { c.run.Throughput = append(c.run.Throughput, x) }
func (c capture) Actor(x Actor)           { c.run.Actors = append(c.run.Actors, x) }
func (c capture) Ledger(x Ledger)         { c.run.Ledger = append(c.run.Ledger, x) }
func (c capture) Event(x Event)           { c.run.Events = append(c.run.Events, x.oneLine()) }
func (c capture) Order(x Order)           { c.run.Books = append(c.run.Books, x) }

// rounded keeps what the file keeps, so that figures drawn from memory and from files are the same bytes.
func (h HubWeek) rounded() HubWeek {
	h.Violence = math.Round(h.Violence*1000) / 1000
	h.Activity = math.Round(h.Activity*1000) / 1000
	return h
}

// Cells takes the values of a table's rows, cell by cell in the order of the columns, for formats that keep types.
type Cells interface {
	Int(n int64)
	Float(x float64)
	Date(d sim.Date)
	Text(s string)
	None() // what is empty in a CSV file, but for texts
	End()  // of a row
	Close() error
}

// Tables hands every table's values to the Cells that begin returns for it, several tables at a time; books only if a book was
// kept. They are those of the CSV files.
func (r *Run) Tables(begin func(name string, columns []Column) (Cells, error)) error {
	var jobs []func() error
	for _, s := range r.sources() {
		jobs = append(jobs, func() error {
			cells, err := begin(s.name, s.columns)
			if err != nil {
				return err
			}
			s.encode(&encoder{cells: cells, names: r.Names, start: r.Start})
			return cells.Close()
		})
	}
	return runAll(jobs)
}

// Sink makes the files of a run's folder. Create may be called from several goroutines at once.
type Sink interface {
	Create(name string) (io.WriteCloser, error)
}

// source is a table of a run with its rows.
type source struct {
	name    string
	columns []Column
	encode  func(*encoder) // all rows
}

func sourceOf[T any](t table[T], rows []T) source {
	return source{t.name, t.columns, func(e *encoder) {
		for i := range rows {
			t.encode(e, rows[i])
			e.end()
		}
	}}
}

// sources lists the tables of a run, those of many rows first; books only if a book was kept.
func (r *Run) sources() []source {
	all := []source{sourceOf(flowTable(), r.Flows), sourceOf(actorTable(), r.Actors), sourceOf(throughputTable(), r.Throughput),
		sourceOf(tradeTable(), r.Trades), sourceOf(costTable(), r.Costs), sourceOf(priceTable(), r.Prices), sourceOf(hubTable(), r.Hubs),
		sourceOf(ledgerTable(), r.Ledger), sourceOf(eventTable(), r.Events)}
	if len(r.Books) > 0 {
		all = append(all, sourceOf(bookTable(), r.Books))
	}
	return all
}

// Write writes every table as CSV and columns.csv, several tables at a time. Equal runs give equal bytes.
func (r *Run) Write(sink Sink) error {
	var jobs []func() error
	for _, s := range r.sources() {
		jobs = append(jobs, func() error { return s.write(sink, r) })
	}
	return runAll(append(jobs, func() error { return WriteColumns(sink) }))
}

// runAll runs the jobs on a few goroutines and returns the error of the first job in the list that has one.
func runAll(jobs []func() error) error {
	errs := make([]error, len(jobs))
	next := make(chan int)
	var wg sync.WaitGroup
	for range 4 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				errs[i] = jobs[i]()
			}
		}()
	}
	for i := range jobs {
		next <- i
	}
	close(next)
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

package record_test

import (
	"testing"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
)

// live runs a scenario and returns its tables and the model in its last state.
func live(t testing.TB, name string, seed uint64, opts record.Options) (*tables.Run, *agents.Model) {
	t.Helper()
	s, err := scenarios.Load(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := agents.New(s.Setup, seed)
	if err != nil {
		t.Fatal(err)
	}
	run := tables.NewRun(s.Setup.Start)
	if opts.Before == (record.Period{}) {
		shock := record.MainShock(s.Setup).Monday()
		opts.Before, opts.After = record.Period{From: shock - 182, To: shock - 1}, record.Period{From: s.Setup.End - 182, To: s.Setup.End}
	}
	watch := record.New(m, run.Recording(), run.Names, opts)
	if err := m.Run(func(week int) error { watch.Week(week); return nil }); err != nil {
		t.Fatal(err)
	}
	watch.Close()
	return run, m
}

type market struct {
	tick      int32
	hub, good tables.Sym
}

func TestRowsOfARunAgreeWithEachOther(t *testing.T) {
	for _, name := range []string{"textbook", "offensive"} {
		t.Run(name, func(t *testing.T) {
			run, _ := live(t, name, 1, record.Options{})
			t.Run("components sum to the price exactly", func(t *testing.T) { componentsSum(t, run) })
			t.Run("trades sum to the units and the price of the call", func(t *testing.T) { tradesSum(t, run) })
			t.Run("arrivals are the survivors of the roads", func(t *testing.T) { arrivals(t, run) })
			t.Run("the ledger balances in every row set", func(t *testing.T) { ledgerBalances(t, run) })
			t.Run("throughput has every week of a market once", func(t *testing.T) { throughputComplete(t, run) })
			t.Run("hubs.csv has every hub in every week", func(t *testing.T) { hubsComplete(t, run) })
		})
	}
}

func componentsSum(t *testing.T, run *tables.Run) {
	sum, parts := map[market]int64{}, map[market]int{}
	for _, c := range run.Costs {
		sum[market{c.Tick, c.Hub, c.Good}] += c.PerUnit
		parts[market{c.Tick, c.Hub, c.Good}]++
	}
	sold := 0
	for _, p := range run.Prices {
		k := market{p.Tick, p.Hub, p.Good}
		if p.Units == 0 {
			if parts[k] != 0 || p.Price != 0 {
				t.Fatalf("tick %d: nothing was sold, got price %d and %d components", p.Tick, p.Price, parts[k])
			}
			continue
		}
		sold++
		if sum[k] != p.Price || parts[k] != int(sim.NComponents) {
			t.Fatalf("tick %d %s/%s: %d components sum to %d, want %d to %d", p.Tick, run.Names.Text(p.Hub), run.Names.Text(p.Good),
				parts[k], sum[k], sim.NComponents, p.Price)
		}
	}
	if sold == 0 {
		t.Fatal("nothing was sold in the whole run")
	}
}

func tradesSum(t *testing.T, run *tables.Run) {
	units, value := map[market]int64{}, map[market]int64{}
	for _, r := range run.Trades {
		k := market{r.Tick, r.Hub, r.Good}
		units[k] += r.Units
		value[k] += r.Value
	}
	for _, p := range run.Prices {
		k := market{p.Tick, p.Hub, p.Good}
		if units[k] != p.Units || value[k] != p.Units*p.Price {
			t.Fatalf("tick %d %s/%s: trades of %d units for %d CFA, want %d for %d", p.Tick, run.Names.Text(p.Hub),
				run.Names.Text(p.Good), units[k], value[k], p.Units, p.Units*p.Price)
		}
		delete(units, k)
	}
	if len(units) > 0 {
		t.Fatalf("%d market weeks have trades without a row of prices", len(units))
	}
}

func arrivals(t *testing.T, run *tables.Run) {
	due := map[market]int64{}
	for _, f := range run.Flows {
		if f.Lost < 0 || f.Lost > f.Units {
			t.Fatalf("tick %d: %d of %d units lost", f.Tick, f.Lost, f.Units)
		}
		due[market{f.Tick, f.To, f.Good}] += f.Units - f.Lost
	}
	for _, r := range run.Throughput {
		k := market{r.Tick, r.Hub, r.Good}
		if r.Arrived != due[k] {
			t.Fatalf("tick %d %s: %d arrived, the roads say %d", r.Tick, run.Names.Text(r.Hub), r.Arrived, due[k])
		}
		delete(due, k)
	}
	if len(due) > 0 {
		t.Fatalf("%d hub weeks have arrivals without a row of throughput", len(due))
	}
}

func ledgerBalances(t *testing.T, run *tables.Run) {
	sign := map[string]int64{"made": 1, "captured": 1, "held": -1, "carried": -1, "used": -1, "lost": -1, "seized": -1, "collected": -1}
	gap := map[market]int64{}
	for _, r := range run.Ledger {
		gap[market{r.Tick, r.Origin, r.Good}] += sign[run.Names.Text(r.Measure)] * r.Units
	}
	for k, g := range gap {
		if g != 0 {
			t.Fatalf("tick %d %s of %s: %d units too many entered", k.tick, run.Names.Text(k.good), run.Names.Text(k.hub), g)
		}
	}
	if len(gap) == 0 {
		t.Fatal("the ledger is empty")
	}
}

func throughputComplete(t *testing.T, run *tables.Run) {
	weeks, stored := map[market]int{}, int64(0)
	for _, r := range run.Throughput {
		weeks[market{0, r.Hub, r.Good}]++
		stored += r.Stored
	}
	for k, n := range weeks {
		if n != run.Ticks() {
			t.Fatalf("%s/%s has %d weeks, want %d", run.Names.Text(k.hub), run.Names.Text(k.good), n, run.Ticks())
		}
	}
	if stored == 0 {
		t.Fatal("nothing was ever in store")
	}
}

func hubsComplete(t *testing.T, run *tables.Run) {
	perWeek := make([]int, run.Ticks())
	for _, h := range run.Hubs {
		perWeek[h.Tick]++
	}
	for tick, n := range perWeek {
		if n != perWeek[0] {
			t.Fatalf("week %d has %d hubs, the first has %d", tick, n, perWeek[0])
		}
	}
}

func TestARecorderChangesNothing(t *testing.T) {
	s, err := scenarios.Load("textbook", nil)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := agents.New(s.Setup, 3)
	if err != nil {
		t.Fatal(err)
	}
	if err := alone.Run(func(int) error { return nil }); err != nil {
		t.Fatal(err)
	}
	_, watched := live(t, "textbook", 3, record.Options{Books: []record.Book{{Hub: "middle", Good: "ak", Date: s.Setup.Start + 70}}})
	for i, cash := range alone.Accounts.Cash {
		if watched.Accounts.Cash[i] != cash {
			t.Fatalf("holder %d has %d CFA with a recorder, %d without", i, watched.Accounts.Cash[i], cash)
		}
	}
}

func TestBooks(t *testing.T) {
	s, err := scenarios.Load("textbook", nil)
	if err != nil {
		t.Fatal(err)
	}
	asked := record.Book{Hub: "end", Good: "ak", Date: s.Setup.Start + 7*40 + 3} // a Thursday: its week counts
	run, _ := live(t, "textbook", 1, record.Options{Books: []record.Book{asked}, Focus: []string{"middle"}})
	shock := int32(record.MainShock(s.Setup).Monday()-s.Setup.Start) / 7
	ticks := map[int32]string{}
	for _, o := range run.Books {
		ticks[o.Tick] = run.Names.Text(o.Hub)
	}
	if ticks[40] != "end" {
		t.Errorf("the book of end in week 40 was asked for, got %v", ticks)
	}
	before, after := false, false
	for tick, hub := range ticks {
		before = before || hub == "middle" && tick < shock
		after = after || hub == "middle" && tick > shock
	}
	if !before || !after {
		t.Errorf("books of middle before and after week %d are kept for the report, got %v", shock, ticks)
	}
	t.Run("the curves of a book cross at the week's price", func(t *testing.T) { bookClears(t, run) })
}

func bookClears(t *testing.T, run *tables.Run) {
	price := map[market]tables.Price{}
	for _, p := range run.Prices {
		price[market{p.Tick, p.Hub, p.Good}] = p
	}
	type curve struct{ demand, supply int64 }
	at := map[market]curve{}
	for _, o := range run.Books {
		k := market{o.Tick, o.Hub, o.Good}
		c, p := at[k], price[k].Price
		if side := run.Names.Text(o.Side); side == "bid" && o.Limit >= p {
			c.demand += o.Units
		} else if side == "ask" && o.Limit <= p {
			c.supply += o.Units
		}
		at[k] = c
	}
	for k, c := range at {
		if p := price[k]; p.Units > 0 && p.Units != min(c.demand, c.supply) {
			t.Errorf("week %d %s: %d traded, the book says %d wanted and %d offered at %d", k.tick, run.Names.Text(k.hub), p.Units, c.demand, c.supply, p.Price)
		}
	}
}

func TestMainShock(t *testing.T) {
	for name, want := range map[string]string{"offensive": "2023-08-07", "textbook": "2022-07-04"} {
		s, err := scenarios.Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := record.MainShock(s.Setup).String(); got != want {
			t.Errorf("%s: the main shock is %s, want %s", name, got, want)
		}
	}
}

// nothing takes rows and forgets them: what is left is the recorder's own cost.
type nothing struct{}

func (nothing) Price(tables.Price)           {}
func (nothing) Flow(tables.Flow)             {}
func (nothing) Trade(tables.Trade)           {}
func (nothing) Cost(tables.Cost)             {}
func (nothing) Hub(tables.HubWeek)           {}
func (nothing) Throughput(tables.Throughput) {}
func (nothing) Actor(tables.Actor)           {}
func (nothing) Ledger(tables.Ledger)         {}
func (nothing) Event(tables.Event)           {}
func (nothing) Order(tables.Order)           {}

func BenchmarkRun(b *testing.B) {
	s, err := scenarios.Load("offensive", nil)
	if err != nil {
		b.Fatal(err)
	}
	bench := func(start func(m *agents.Model) func(int) error) func(*testing.B) {
		return func(b *testing.B) {
			for b.Loop() {
				m, err := agents.New(s.Setup, 1)
				if err != nil {
					b.Fatal(err)
				}
				if err := m.Run(start(m)); err != nil {
					b.Fatal(err)
				}
			}
		}
	}
	observe := func(m *agents.Model, rec tables.Recorder, names *tables.Names) func(int) error {
		watch := record.New(m, rec, names, record.Options{Before: record.Period{From: s.Setup.Start, To: s.Setup.End}, After: record.Period{From: s.Setup.Start, To: s.Setup.End}})
		return func(week int) error { watch.Week(week); return nil }
	}
	b.Run("alone", bench(func(*agents.Model) func(int) error { return func(int) error { return nil } }))
	b.Run("recorded", bench(func(m *agents.Model) func(int) error { return observe(m, nothing{}, tables.NewNames()) }))
	b.Run("kept", bench(func(m *agents.Model) func(int) error {
		run := tables.NewRun(s.Setup.Start)
		return observe(m, run.Recording(), run.Names)
	}))
}

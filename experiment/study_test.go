package experiment

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
)

// textbook is the world of three hubs, which runs in milliseconds.
func textbook(t testing.TB, sets ...string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load("textbook", sets)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func two(t testing.TB, replicates int) *Study {
	s := textbook(t)
	return &Study{Points: []Point{{Name: "as it is", Scenario: s}, {Name: "dear roads", Scenario: s, Sets: []string{"trafficker.cost_per_km=900"}}},
		Replicates: replicates, Seed: 1, Figures: Figures(s), Series: MonthlySeries(s)}
}

// kept lists all rows of a store as text.
func kept(t testing.TB, s Store) (text []string) {
	t.Helper()
	if err := s.Each(func(run int, rows []Rows) error {
		text = append(text, fmt.Sprint(run, rows))
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAStudyGivesTheSameRowsForAnyNumberOfWorkersAndShardsAndBreaks(t *testing.T) {
	want := NewMemory()
	if err := two(t, 4).Execute(context.Background(), want, Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	if n := len(kept(t, want)); n != 8 {
		t.Fatalf("%d runs, want 8", n)
	}
	for _, workers := range []int{2, 7} {
		got := NewMemory()
		if err := two(t, 4).Execute(context.Background(), got, Options{Workers: workers}); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(kept(t, got), kept(t, want)) {
			t.Errorf("%d workers keep other rows than one", workers)
		}
	}
	sharded := NewMemory()
	for part := 1; part <= 3; part++ {
		if err := two(t, 4).Execute(context.Background(), sharded, Options{Workers: 2, Shard: Shard{part, 3}}); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(kept(t, sharded), kept(t, want)) {
		t.Error("three shards keep other rows than the whole")
	}
	broken := NewMemory()
	for i := 0; ; i++ {
		ctx, cancel := context.WithCancel(context.Background())
		err := two(t, 4).Execute(ctx, broken, Options{Workers: 2, Tell: func(done, of int) { cancel() }})
		if err == nil {
			break
		}
		if !errors.Is(err, context.Canceled) || i > 8 {
			t.Fatalf("broken off %d times: %v", i, err)
		}
	}
	if !slices.Equal(kept(t, broken), kept(t, want)) {
		t.Error("a study broken off after every run keeps other rows")
	}
}

func TestPointsOfAReplicateShareTheirLuckUnlessTheyAreKeptApart(t *testing.T) {
	s := two(t, 3)
	if s.SeedOf(s.Run(0, 2)) != s.SeedOf(s.Run(1, 2)) || s.SeedOf(s.Run(0, 1)) == s.SeedOf(s.Run(0, 2)) {
		t.Error("the seeds of a replicate must be the same for all points, and those of two replicates must differ")
	}
	s.Apart = true
	if s.SeedOf(s.Run(0, 2)) == s.SeedOf(s.Run(1, 2)) {
		t.Error("points that are kept apart must have seeds of their own")
	}
	for run := range s.Runs() {
		if point, replicate := s.Place(run); s.Run(point, replicate) != run || s.SeedOf(run) >= 1<<53 {
			t.Errorf("run %d is at point %d and replicate %d, seed %d", run, point, replicate, s.SeedOf(run))
		}
	}
}

// Whoever asks for the end gets what is at work, whole, and nothing that had not begun.
func TestRunsAtWorkEndWhenNoFurtherOneShallBegin(t *testing.T) {
	for _, workers := range []int{1, 3} {
		s, store, until := two(t, 10), NewMemory(), make(chan struct{})
		var begun atomic.Int32
		s.Do = func(ctx context.Context, s *Study, p *Point, seed uint64) (*Taken, error) {
			if int(begun.Add(1)) == workers { // all have one
				time.Sleep(5 * time.Millisecond) // and the next one waits for whoever is free first
				close(until)
			}
			<-until
			time.Sleep(10 * time.Millisecond) // others could begin meanwhile
			return &Taken{Figures: make([]float64, len(s.Figures))}, ctx.Err()
		}
		err := s.Execute(context.Background(), store, Options{Workers: workers, Until: until})
		if n := len(kept(t, store)); !errors.Is(err, context.Canceled) || n != workers || int(begun.Load()) != workers {
			t.Errorf("%d workers: %v; %d runs began and %d are kept, want as many as there are workers", workers, err, begun.Load(), n)
		}
		for range 20 { // there is nothing to wait for where the end was asked for before
			if err := s.Execute(context.Background(), store, Options{Workers: workers, Until: until}); !errors.Is(err, context.Canceled) || int(begun.Load()) != workers {
				t.Fatalf("%d workers: %v; %d runs began", workers, err, begun.Load())
			}
		}
		s.Series = nil
		if sample, err := s.Sample(store); err != nil || len(sample.Failed) > 0 {
			t.Errorf("%d workers: %v, %v", workers, sample, err)
		}
	}
}

func TestARunThatFailsHangsOrPanicsIsKeptAsFailedAndStopsNoOther(t *testing.T) {
	s := two(t, 2)
	var limits atomic.Int32 // the number of the run at work: there is one worker
	s.Do = func(ctx context.Context, s *Study, p *Point, seed uint64) (*Taken, error) {
		switch limits.Load() {
		case 1:
			return nil, errors.New("the ledger does not close")
		case 2:
			panic("index out of range")
		case 3:
			<-make(chan int) // never looks at its context
		}
		return &Taken{Figures: make([]float64, len(s.Figures))}, nil
	}
	var told []int
	store := NewMemory()
	limit := func(ctx context.Context) (context.Context, context.CancelFunc) {
		inner, cancel := context.WithCancel(ctx)
		if limits.Add(1) == 3 {
			cancel()
		}
		return inner, cancel
	}
	if err := s.Execute(context.Background(), store, Options{Workers: 1, Limit: limit, Tell: func(done, of int) { told = append(told, done, of) }}); err != nil {
		t.Fatal(err)
	}
	var failures []string
	store.Each(func(run int, rows []Rows) error {
		failures = append(failures, rows[0].Text[stageColumn][0]+": "+rows[0].Text[failedColumn][0])
		if failed := rows[0].Text[failedColumn][0] != ""; failed != math.IsNaN(rows[0].Float[figureColumns][0]) {
			t.Errorf("run %d: failed %v, figure %v", run, failed, rows[0].Float[figureColumns][0])
		}
		return nil
	})
	want := []string{"run: the ledger does not close", "run: panic: index out of range", "time: the run took longer than it may", ": "}
	if !slices.Equal(failures, want) {
		t.Errorf("got %q, want %q", failures, want)
	}
	if !slices.Equal(told, []int{1, 4, 2, 4, 3, 4, 4, 4}) {
		t.Errorf("told %v", told)
	}
}

// Whatever a gauge adds up while a run goes on must be what the run's tables say afterwards.
func TestReadingsAreWhatTheTablesSay(t *testing.T) {
	s := textbook(t)
	m, err := agents.New(s.Setup, 5)
	if err != nil {
		t.Fatal(err)
	}
	run := tables.NewRun(s.Setup.Start)
	watch := record.New(m, run.Recording(), run.Names, record.Options{})
	if err := m.Run(func(week int) error { watch.Week(week); return nil }); err != nil {
		t.Fatal(err)
	}
	watch.Close()
	span := Span{s.Setup.Start + 100, s.Setup.Start + 400}
	in := func(tick int32) bool { d := run.Date(tick); return d >= span.First && d <= span.Last }
	town := s.Setup.Hubs[len(s.Setup.Hubs)-1].ID
	main := s.Setup.Goods[0].ID
	var value, units, fromDealers, toUsers, into, held, most, made, risk float64
	byWeek := map[int32]float64{}
	sold := map[[2]int32]float64{}
	for _, r := range run.Prices {
		sold[[2]int32{r.Tick, int32(r.Hub)<<16 | int32(r.Good)}] = float64(r.Units)
		if in(r.Tick) && run.Names.Text(r.Hub) == town && run.Names.Text(r.Good) == main {
			value += float64(r.Price * r.Units)
			units += float64(r.Units)
		}
	}
	for _, r := range run.Costs {
		if in(r.Tick) && run.Names.Text(r.Hub) == town && run.Names.Text(r.Good) == main && run.Names.Text(r.Component) == "risk" {
			risk += float64(r.PerUnit) * sold[[2]int32{r.Tick, int32(r.Hub)<<16 | int32(r.Good)}]
		}
	}
	for _, r := range run.Trades {
		seller, buyer := run.Names.Text(r.Seller), run.Names.Text(r.Buyer)
		if in(r.Tick) && len(seller) > 7 && seller[:7] == "dealer:" {
			fromDealers += float64(r.Units)
		}
		if in(r.Tick) && !(len(buyer) > 7 && buyer[:7] == "dealer:") && !(len(buyer) > 11 && buyer[:11] == "trafficker:") {
			toUsers += float64(r.Units)
		}
	}
	for _, r := range run.Flows {
		if in(r.Tick) && run.Names.Text(r.To) == town && run.Names.Text(r.From) != town {
			into += float64(r.Units)
		}
	}
	for _, r := range run.Actors {
		if in(r.Tick) && run.Names.Text(r.Measure) == "active_carriers" {
			held += r.Value
			byWeek[r.Tick] += r.Value
			most = max(most, byWeek[r.Tick])
		}
	}
	var weeks float64
	before, after := map[[2]tables.Sym]int64{}, map[[2]tables.Sym]int64{}
	for _, r := range run.Ledger {
		if run.Names.Text(r.Measure) != "made" {
			continue
		}
		if run.Date(r.Tick) < span.First {
			before[[2]tables.Sym{r.Good, r.Origin}] = r.Units
		}
		if run.Date(r.Tick) <= span.Last {
			after[[2]tables.Sym{r.Good, r.Origin}] = r.Units
		}
	}
	for k, n := range after {
		made += float64(n - before[k])
	}
	for d := s.Setup.Start.Monday(); d <= s.Setup.End; d += 7 {
		if d >= span.First && d <= span.Last {
			weeks++
		}
	}
	asked := []struct {
		name string
		Reading
		want float64
	}{
		{"price", Reading{Table: "prices", Measure: "price_cfa", Good: main, Hub: town}, value / units},
		{"units a week", Reading{Table: "prices", Measure: "units", Good: main, Hub: town}, units / weeks},
		{"a part of the price", Reading{Table: "costs", Measure: "risk", Good: main, Hub: town}, risk / units},
		{"from dealers", Reading{Table: "trades", Measure: "units", Seller: "dealer:*", How: Sum}, fromDealers},
		{"to users", Reading{Table: "trades", Measure: "units", Buyer: "!dealer:*|trafficker:*", How: Sum}, toUsers},
		{"on roads into a town", Reading{Table: "flows", Measure: "units", Hub: town, From: "!" + town, How: Sum}, into},
		{"carriers", Reading{Table: "actors", Measure: "active_carriers"}, held / weeks},
		{"most carriers", Reading{Table: "actors", Measure: "active_carriers", How: Most}, most},
		{"made", Reading{Table: "ledger", Measure: "made", How: Sum}, made},
		{"nothing", Reading{Table: "prices", Measure: "price_cfa", Good: main, Hub: "nowhere"}, math.NaN()},
	}
	study := &Study{Points: []Point{{Scenario: s}}, Replicates: 1}
	for _, a := range asked {
		study.Figures = append(study.Figures, Figure{ID: a.name, Parts: []Reading{a.In(span)}})
	}
	taken, err := Simulate(context.Background(), study, &study.Points[0], 5)
	if err != nil {
		t.Fatal(err)
	}
	for i, a := range asked {
		got := taken.Figures[i]
		if math.Abs(got-a.want) > 1e-9*math.Abs(a.want) || math.IsNaN(got) != math.IsNaN(a.want) || a.want == 0 {
			t.Errorf("%s: got %v, want %v", a.name, got, a.want)
		}
	}
}

func TestSeriesAreReadingsMonthByMonth(t *testing.T) {
	s := textbook(t)
	town, main := s.Setup.Hubs[len(s.Setup.Hubs)-1].ID, s.Setup.Goods[0].ID
	study := &Study{Points: []Point{{Scenario: s}}, Replicates: 1, Series: []Series{
		{ID: "price", Reading: Reading{Table: "prices", Measure: "price_cfa", Good: main, Hub: town}},
		{ID: "made", Reading: Reading{Table: "ledger", Measure: "made", How: Sum}}}}
	months, _ := monthly(s.Setup)
	for _, month := range months {
		in, err := SpanOf(month, month)
		if err != nil {
			t.Fatal(err)
		}
		study.Figures = append(study.Figures, Figure{Parts: []Reading{study.Series[0].Reading.In(in)}}, Figure{Parts: []Reading{study.Series[1].Reading.In(in)}})
	}
	taken, err := Simulate(context.Background(), study, &study.Points[0], 5)
	if err != nil {
		t.Fatal(err)
	}
	if len(taken.Months) < 24 || !slices.Equal(taken.Months, months) {
		t.Fatalf("%d months, want %d", len(taken.Months), len(months))
	}
	var traded int
	for k := range months {
		for i := range study.Series {
			got, want := taken.Series[i][k], taken.Figures[2*k+i]
			if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Errorf("%s in %s: got %v, want %v", study.Series[i].ID, months[k], got, want)
			}
			if i == 0 && got > 0 {
				traded++
			}
		}
	}
	if traded < len(months)/2 {
		t.Errorf("a price in %d of %d months only", traded, len(months))
	}
}

func TestSpansAreWrittenInMonthsWhereTheyAreNearlySo(t *testing.T) {
	for _, c := range [][3]string{
		{"2025-01-01", "2025-12-31", "2025-01 to 2025-12"}, {"2024-12-30", "2026-01-04", "2025-01 to 2025-12"}, {"2025-02-01", "2025-02-28", "2025-02"},
		{"2025-02-10", "2025-02-28", "2025-02-10 to 2025-02-28"}, {"2025-01-01", "2025-12-15", "2025-01-01 to 2025-12-15"},
	} {
		first, _ := sim.ParseDate(c[0])
		last, _ := sim.ParseDate(c[1])
		if got := (Span{first, last}).String(); got != c[2] {
			t.Errorf("%s to %s: got %s, want %s", c[0], c[1], got, c[2])
		}
	}
}

// Tables that a study keeps whole are those of the run alone, row by row, and what figures read does not change.
func TestTablesKeptWholeAreThoseOfTheRun(t *testing.T) {
	s := two(t, 2)
	plain := NewMemory()
	if err := s.Execute(context.Background(), plain, Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	full := two(t, 2)
	full.Full = []string{"actors", "prices"}
	kept := NewMemory()
	if err := full.Execute(context.Background(), kept, Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	ts := full.Tables()
	if len(ts) != 4 || ts[2].Name != "actors" || ts[3].Name != "prices" || ts[3].Columns[0].Name != "run" || ts[3].Columns[2].Kind != Date {
		t.Fatalf("tables %+v", ts)
	}
	point, _ := s.Place(2)
	m, err := agents.New(s.Points[point].Scenario.Setup, s.SeedOf(2))
	if err != nil {
		t.Fatal(err)
	}
	run := tables.NewRun(s.Points[point].Scenario.Setup.Start)
	watch := record.New(m, run.Recording(), run.Names, record.Options{})
	if err := m.Run(func(week int) error { watch.Week(week); return nil }); err != nil {
		t.Fatal(err)
	}
	watch.Close()
	kept.Each(func(number int, rows []Rows) error {
		for i := range rows {
			if err := rows[i].Check(&ts[i]); err != nil {
				t.Error(err)
			}
		}
		if fmt.Sprint(rows[:2]) != fmt.Sprint(plain.runs[number]) {
			t.Errorf("run %d: figures or series differ where tables are kept", number)
		}
		if number != 2 {
			return nil
		}
		if len(rows[2].Float[7]) != len(run.Actors) || len(rows[3].Int[0]) != len(run.Prices) || len(run.Prices) < 100 {
			t.Fatalf("%d and %d rows, want %d and %d", len(rows[2].Float[7]), len(rows[3].Int[0]), len(run.Actors), len(run.Prices))
		}
		for k, r := range run.Prices {
			if rows[3].Int[0][k] != 2 || rows[3].Int[1][k] != int64(r.Tick) || rows[3].Text[3][k] != run.Names.Text(r.Hub) || rows[3].Int[9][k] != r.Units {
				t.Fatalf("row %d differs from %+v", k, r)
			}
		}
		return nil
	})
}

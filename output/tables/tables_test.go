package tables

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"entrepot/sim"
)

// memory is a Sink that keeps its files.
type memory struct {
	mu    sync.Mutex
	files fstest.MapFS
}

type memoryFile struct {
	bytes.Buffer
	name string
	to   *memory
}

func (f *memoryFile) Close() error {
	f.to.mu.Lock()
	defer f.to.mu.Unlock()
	f.to.files[f.name] = &fstest.MapFile{Data: f.Bytes()}
	return nil
}

func (m *memory) Create(name string) (io.WriteCloser, error) {
	return &memoryFile{name: name, to: m}, nil
}

func newMemory() *memory { return &memory{files: fstest.MapFS{}} }

// sample fills a run with rows of every table, n of each; values are chosen to hit signs, gaps and odd texts.
func sample(n int) *Run {
	r := NewRun(sim.DateOf(2015, 1, 5))
	rec := r.Recording()
	s := r.Names.Sym
	hub, good, origin := []Sym{s("gao"), s("ber"), s("kidal")}, []Sym{s("ak"), s("ammo_762x39")}, []Sym{s("libya"), s("state_diverted")}
	for i := range n {
		t, h, g, o, v := int32(i/7), hub[i%3], good[i%2], origin[i/2%2], int64(i%1000)
		rec.Price(Price{t, h, g, v * 613 * int64(i%2), v * 500, v * 700, v})
		rec.Flow(Flow{t, h, hub[(i+1)%3], g, o, v, v / 9})
		rec.Trade(Trade{t, h, g, o, s("trafficker:tuareg"), s("group:jnim"), v, v * 250000})
		rec.Cost(Cost{t, h, g, s(Components()[i%7]), 500 - v})
		rec.Hub(HubWeek{t, h, s([]string{"", "fama"}[i%2]), s("open"), float64(i) / 7, float64(v) / 13})
		rec.Throughput(Throughput{t, h, g, v, v / 2, v / 3})
		rec.Actor(Actor{t, s("group:jnim"), g, o, s("held"), float64(v) / float64(1+i%2), s("units")})
		rec.Ledger(Ledger{t, g, o, s("made"), v})
		rec.Event(Event{t, "hub_control", h2(i), "line one\nsays \"no\", twice"})
		rec.Order(Order{t, h, g, s([]string{"bid", "ask"}[i%2]), v * 1000, v})
	}
	return r
}

func h2(i int) string { return []string{"ber", "gao|kidal", ""}[i%3] }

func files(t testing.TB, r *Run) fstest.MapFS {
	t.Helper()
	m := newMemory()
	if err := r.Write(m); err != nil {
		t.Fatal(err)
	}
	return m.files
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	want := sample(500)
	fsys := files(t, want)
	got, err := Read(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if got.Rows() != want.Rows() || got.Start != want.Start || got.Ticks() != want.Ticks() {
		t.Fatalf("got %d rows from %s, want %d from %s", got.Rows(), got.Start, want.Rows(), want.Start)
	}
	if diff := cmp.Diff(want.Events, got.Events); diff != "" {
		t.Error(diff)
	}
	again := files(t, got)
	for name, f := range fsys {
		if !bytes.Equal(f.Data, again[name].Data) {
			t.Errorf("%s differs after a round trip", name)
		}
	}
}

func TestFirstLinesOfEveryTable(t *testing.T) {
	fsys := files(t, sample(9))
	for name, want := range map[string]string{
		"prices.csv":     "tick,date,hub,good,price_cfa,price_eur,bid_cfa,ask_cfa,units\n0,2015-01-05,gao,ak,,,,,0\n0,2015-01-05,ber,ammo_762x39,613,0.93,500,700,1\n",
		"flows.csv":      "tick,date,from,to,good,origin,units,lost_units\n0,2015-01-05,gao,ber,ak,libya,0,0\n",
		"trades.csv":     "tick,date,hub,good,origin,seller,buyer,units,value_cfa\n0,2015-01-05,gao,ak,libya,trafficker:tuareg,group:jnim,0,0\n",
		"costs.csv":      "tick,date,hub,good,component,cfa_per_unit\n0,2015-01-05,gao,ak,origin,500\n",
		"hubs.csv":       "tick,date,hub,controller,regime,violence,activity_score\n0,2015-01-05,gao,,open,0.000,0.000\n0,2015-01-05,ber,fama,open,0.143,0.077\n",
		"throughput.csv": "tick,date,hub,good,arrived_units,sold_units,stored_units\n",
		"actors.csv":     "tick,date,actor,good,origin,measure,value,unit\n0,2015-01-05,group:jnim,ak,libya,held,0,units\n0,2015-01-05,group:jnim,ammo_762x39,libya,held,0.5,units\n",
		"ledger.csv":     "tick,good,origin,measure,units\n0,ak,libya,made,0\n",
		"events.csv":     "tick,date,kind,place,detail\n0,2015-01-05,hub_control,ber,\"line one says \"\"no\"\", twice\"\n",
		"books.csv":      "tick,date,hub,good,side,limit_cfa,units\n0,2015-01-05,gao,ak,bid,0,0\n",
		"columns.csv":    "table,column,type,unit,meaning\nprices,tick,integer,weeks,",
	} {
		if got := string(fsys[name].Data); !strings.HasPrefix(got, want) {
			t.Errorf("%s begins\n%.300s\nwant\n%s", name, got, want)
		}
	}
}

func TestNoBookIsKeptWithoutOrders(t *testing.T) {
	r := sample(3)
	r.Books = nil
	fsys := files(t, r)
	if fsys["books.csv"] != nil {
		t.Error("books.csv was written")
	}
	if _, err := Read(fsys); err != nil {
		t.Error(err)
	}
}

func TestDictionaryNamesEveryColumnOfEveryTable(t *testing.T) {
	seen := map[string]string{}
	for _, c := range Columns() {
		if c.Type == "" || c.Unit == "" || c.Meaning == "" {
			t.Errorf("%s.%s: type, unit and meaning must be given", c.Table, c.Name)
		}
		seen[c.Table] += "," + c.Name
	}
	for name, f := range files(t, sample(1)) {
		head, _, _ := strings.Cut(string(f.Data), "\n")
		table := strings.TrimSuffix(name, ".csv")
		if table != "columns" && strings.TrimPrefix(seen[table], ",") != head {
			t.Errorf("%s: dictionary has %q, file has %q", name, seen[table], head)
		}
	}
}

func TestEuroUsesThePegAndRoundsToCents(t *testing.T) {
	for cfa, want := range map[int64]string{1: "0.00", 4: "0.01", 656: "1.00", 250000: "381.12", 600000: "914.69", 655957000: "1000000.00"} {
		if got := string(appendEuro(nil, cfa)); got != want {
			t.Errorf("%d CFA: got %s EUR, want %s", cfa, got, want)
		}
	}
}

func TestBadFilesAreAnsweredWithFileAndLine(t *testing.T) {
	const head = "tick,date,hub,good,price_cfa,price_eur,bid_cfa,ask_cfa,units\n"
	const good = "0,2015-01-05,gao,ak,,,,,0\n"
	cases := []struct{ name, file, text, want string }{
		{"empty file", "prices.csv", "", `prices.csv:1: header must be there, got an empty file`},
		{"other header", "prices.csv", "tick,hub\n", `prices.csv:1: header must be "tick,date,hub,good,price_cfa,price_eur,bid_cfa,ask_cfa,units", got "tick,hub"`},
		{"too few fields", "prices.csv", head + good + "1,2015-01-12,gao\n", `prices.csv:3: line: must have 9 fields, got 3`},
		{"a tick that is no number", "prices.csv", head + "x,2015-01-05,gao,ak,,,,,0\n", `prices.csv:2: tick: must be a week number from 0 to 1000000, got "x"`},
		{"a first date that is no Monday", "prices.csv", head + "0,2015-01-06,gao,ak,,,,,0\n", `prices.csv:2: date: must be a Monday as YYYY-MM-DD, got "2015-01-06"`},
		{"a date of another week", "prices.csv", head + good + "1,2015-01-19,gao,ak,,,,,0\n", `prices.csv:3: date: must be 2015-01-12, the Monday of tick 1, got "2015-01-19"`},
		{"a negative price", "prices.csv", head + "0,2015-01-05,gao,ak,-5,,,,0\n", `prices.csv:2: price_cfa: must be empty or a whole number above 0, got "-5"`},
		{"EUR off the peg", "prices.csv", head + "0,2015-01-05,gao,ak,600000,920.00,,,3\n", `prices.csv:2: price_eur: must be "914.69", price_cfa at 655.957 CFA per EUR, got "920.00"`},
		{"negative units", "prices.csv", head + "0,2015-01-05,gao,ak,,,,,-1\n", `prices.csv:2: units: must be zero or more, got -1`},
		{"unknown component", "costs.csv", "tick,date,hub,good,component,cfa_per_unit\n0,2015-01-05,gao,ak,bribe,3\n", `costs.csv:2: component: must be one of origin, transport, toll, payment, risk, storage, margin, got "bribe"`},
		{"unknown side", "books.csv", "tick,date,hub,good,side,limit_cfa,units\n0,2015-01-05,gao,ak,buy,3,1\n", `books.csv:2: side: must be one of bid, ask, got "buy"`},
		{"an index that is no number", "hubs.csv", "tick,date,hub,controller,regime,violence,activity_score\n0,2015-01-05,gao,,open,NaN,1\n", `hubs.csv:2: violence: must be a finite number, got "NaN"`},
		{"an open quote", "events.csv", "tick,date,kind,place,detail\n0,2015-01-05,a,b,\"c\n", `events.csv:2: line: a quoted field must end on its line`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			fsys := files(t, sample(0))
			fsys[c.file] = &fstest.MapFile{Data: []byte(c.text)}
			_, err := Read(fsys)
			if err == nil || err.Error() != c.want {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
	t.Run("a missing table", func(t *testing.T) {
		fsys := files(t, sample(0))
		delete(fsys, "flows.csv")
		if _, err := Read(fsys); err == nil || !strings.Contains(err.Error(), "flows.csv") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("many problems are cut short", func(t *testing.T) {
		fsys := files(t, sample(0))
		fsys["prices.csv"] = &fstest.MapFile{Data: []byte(head + strings.Repeat("x\n", 50))}
		_, err := Read(fsys)
		if err == nil || strings.Count(err.Error(), "\n") != maxErrors {
			t.Errorf("got %v", err)
		}
	})
}

type brokenSink struct{}

func (brokenSink) Create(name string) (io.WriteCloser, error) { return nil, fs.ErrPermission }

func TestAFolderThatCannotBeWrittenIsAnError(t *testing.T) {
	if err := sample(1).Write(brokenSink{}); err == nil || !strings.Contains(err.Error(), "writing flows.csv") {
		t.Errorf("got %v", err)
	}
}

type null struct{}

func (null) Write(p []byte) (int, error) { return len(p), nil }
func (null) Close() error                { return nil }

type nowhere struct{}

func (nowhere) Create(string) (io.WriteCloser, error) { return null{}, nil }

func BenchmarkWriteMillionRows(b *testing.B) {
	r := sample(100000)
	b.ReportAllocs()
	for b.Loop() {
		if err := r.Write(nowhere{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(r.Rows())/(b.Elapsed().Seconds()/float64(b.N)), "rows/s")
}

func BenchmarkReadMillionRows(b *testing.B) {
	r := sample(100000)
	fsys := files(b, r)
	for b.Loop() {
		if _, err := Read(fsys); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(r.Rows())/(b.Elapsed().Seconds()/float64(b.N)), "rows/s")
}

func Example() {
	run := NewRun(sim.DateOf(2023, 8, 14))
	rec := run.Recording()
	rec.Price(Price{Tick: 3, Hub: run.Names.Sym("gao"), Good: run.Names.Sym("ak"), Price: 250000, Units: 4})
	fmt.Println(run.Date(3), run.Names.Text(run.Prices[0].Hub), Euro(run.Prices[0].Price))
	// Output: 2023-09-04 gao 381.12
}

package parquet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/parquet-go/parquet-go"
	"pgregory.net/rapid"

	"entrepot/experiment"
	"entrepot/internal/duckdb"
	"entrepot/output/internal/synthetic"
	"entrepot/output/tables"
	"entrepot/sim"
)

// every is a table with a column of each kind, whose names are not in the order of the alphabet.
func every() *experiment.Table {
	return &experiment.Table{Name: "every", Meaning: "one row a thing", Columns: []experiment.Column{
		{Name: "run", Kind: experiment.Int, Meaning: "number of the run"},
		{Name: "place", Kind: experiment.Text, Meaning: "where"},
		{Name: "a.path,=odd", Kind: experiment.Float, Unit: "CFA", Meaning: "a name that is a path"},
		{Name: "tick", Kind: experiment.Int32, Unit: "weeks"},
		{Name: "day", Kind: experiment.Date, Unit: "day"},
		{Name: "count", Kind: experiment.Int},
	}}
}

func write(t testing.TB, table *experiment.Table, pieces ...*experiment.Rows) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := NewWriter(&file, table, Options{Meta: map[string]string{"study": "abc"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range pieces {
		if err := w.Append(p); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func read(t testing.TB, data []byte, step int, columns ...string) (experiment.Table, experiment.Rows) {
	t.Helper()
	r, err := NewReader(bytes.NewReader(data), int64(len(data)), columns...)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	rows := experiment.NewRows(r.Table())
	for {
		if _, err := r.Read(&rows, step); errors.Is(err, io.EOF) {
			return *r.Table(), rows
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// cut returns rows from to to.
func cut(t *experiment.Table, rows *experiment.Rows, from, to int) *experiment.Rows {
	part := experiment.NewRows(t)
	part.Append(t, rows, from, to)
	return &part
}

// many makes rows of every().
func many(n int) *experiment.Rows {
	t := every()
	rows := experiment.NewRows(t)
	for i := range n {
		x, count := math.Sin(float64(i)), int64(i)*int64(i)
		if i%7 == 0 {
			x, count = math.NaN(), experiment.None
		}
		rows.Int[0] = append(rows.Int[0], int64(i/3))
		rows.Text[1] = append(rows.Text[1], []string{"gao", "kidal", "", "In Khalil, été"}[i%4])
		rows.Float[2] = append(rows.Float[2], x)
		rows.Int[3] = append(rows.Int[3], int64(i%574))
		rows.Int[4] = append(rows.Int[4], 16440+7*int64(i%574))
		rows.Int[5] = append(rows.Int[5], count)
	}
	return &rows
}

var same = cmp.Options{cmpopts.EquateNaNs(), cmpopts.EquateEmpty()}

func TestWhatIsWrittenIsReadBackAndItsBytesDoNotShowHowItWasCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		table := every()
		rows := experiment.NewRows(table)
		n := rapid.IntRange(0, 2*batch+100).Draw(t, "rows")
		luck := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0))
		for range n {
			rows.Int[0] = append(rows.Int[0], int64(luck.Uint64()))
			rows.Text[1] = append(rows.Text[1], one(luck, "", "a", "b", "a\x00b", "\xff"))
			rows.Float[2] = append(rows.Float[2], one(luck, 0, math.Copysign(0, -1), math.NaN(), math.Inf(1), 1e-310, 3.25))
			rows.Int[3] = append(rows.Int[3], one[int64](luck, experiment.None, math.MinInt32, math.MaxInt32, 0))
			rows.Int[4] = append(rows.Int[4], one[int64](luck, experiment.None, -1, 0, 20000))
			rows.Int[5] = append(rows.Int[5], one[int64](luck, experiment.None, math.MaxInt64, 0))
		}
		var pieces []*experiment.Rows
		for from := 0; from < n; {
			to := min(n, from+rapid.IntRange(1, 2500).Draw(t, "piece"))
			pieces = append(pieces, cut(table, &rows, from, to))
			from = to
		}
		whole, parts := writeRapid(t, table, &rows), writeRapid(t, table, pieces...)
		if !bytes.Equal(whole, parts) {
			t.Fatal("rows handed over in pieces give other bytes")
		}
		gotTable, got := readRapid(t, whole, rapid.IntRange(1, 5000).Draw(t, "step"))
		if diff := cmp.Diff(*table, gotTable); diff != "" {
			t.Fatal("table: ", diff)
		}
		if diff := cmp.Diff(rows, got, same); diff != "" {
			t.Fatal("rows: ", diff)
		}
		if math.Signbit(first(got.Float[2])) != math.Signbit(first(rows.Float[2])) {
			t.Fatal("a zero below zero lost its sign")
		}
	})
}

func one[T any](luck *rand.Rand, of ...T) T { return of[luck.IntN(len(of))] }

func first(x []float64) float64 {
	if len(x) == 0 {
		return 0
	}
	return x[0]
}

// testing.TB has an unexported method, so rapid's T goes through these.
func writeRapid(t *rapid.T, table *experiment.Table, pieces ...*experiment.Rows) []byte {
	var file bytes.Buffer
	w, err := NewWriter(&file, table, Options{})
	for _, p := range pieces {
		err = errors.Join(err, w.Append(p))
	}
	if err = errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func readRapid(t *rapid.T, data []byte, step int) (experiment.Table, experiment.Rows) {
	r, err := NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	rows := experiment.NewRows(r.Table())
	for err == nil {
		_, err = r.Read(&rows, step)
	}
	if err != io.EOF {
		t.Fatal(err)
	}
	return *r.Table(), rows
}

func TestManyRowGroupsAndPagesAreReadBack(t *testing.T) {
	n := 2*groupRows(len(every().Columns)) + 12345
	rows := many(n)
	data := write(t, every(), rows)
	file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for i, g := range file.RowGroups() {
		if want := int64(groupRows(len(every().Columns))); i < 2 && g.NumRows() != want || i == 2 && g.NumRows() != 12345 {
			t.Errorf("row group %d has %d rows, want %d", i, g.NumRows(), want)
		}
	}
	_, got := read(t, data, 5000)
	if fmt.Sprint(got) != fmt.Sprint(*rows) { // go-cmp takes ten seconds for as much
		t.Error("other rows are read")
	}
	_, some := read(t, data, 1<<20, "place", "run")
	if !slices.Equal(some.Text[0], rows.Text[1]) || !slices.Equal(some.Int[1], rows.Int[0]) {
		t.Error("two columns alone are read otherwise")
	}
	if other := write(t, every(), cut(every(), rows, 0, 1), cut(every(), rows, 1, n/2+1), cut(every(), rows, n/2+1, n)); !bytes.Equal(data, other) {
		t.Error("rows handed over in pieces give other bytes")
	}
	var other bytes.Buffer
	waiting := scratch(t)
	w, err := NewWriter(&other, every(), Options{Meta: map[string]string{"study": "abc"}, Spool: waiting})
	if err == nil {
		err = errors.Join(w.Append(rows), w.Close())
	}
	if err != nil || !bytes.Equal(data, other.Bytes()) {
		t.Errorf("pages that wait in a file give other bytes, %v", err)
	}
	if info, err := waiting.Stat(); err != nil || info.Size() == 0 || info.Size() > int64(len(data))*2/3 { // a group, not all three
		t.Errorf("%d bytes wait for the row groups of a file of %d, %v", info.Size(), len(data), err)
	}
}

// scratch is an empty file.
func scratch(t testing.TB) *os.File {
	t.Helper()
	file, err := os.Create(filepath.Join(t.TempDir(), "pages"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { file.Close() })
	return file
}

// worn is a spool that loses its bytes or takes no more than some.
type worn struct {
	takes int64
	lost  bool
	bytes.Buffer
}

func (s *worn) WriteAt(p []byte, off int64) (int, error) {
	if off+int64(len(p)) > s.takes {
		return 0, errFull
	}
	return s.Write(p)
}

func (s *worn) ReadAt(p []byte, off int64) (int, error) {
	if s.lost || off+int64(len(p)) > int64(s.Len()) {
		return 0, io.ErrUnexpectedEOF
	}
	return copy(p, s.Bytes()[off:]), nil
}

func TestPagesThatCannotWaitAreAnError(t *testing.T) {
	for _, c := range []struct {
		name  string
		spool *worn
		want  error
	}{
		{"nothing is wrong", &worn{takes: 1 << 30}, nil},
		{"no room", &worn{}, errFull},
		{"room for some pages", &worn{takes: 1 << 17}, errFull},
		{"pages are lost", &worn{takes: 1 << 30, lost: true}, io.ErrUnexpectedEOF},
	} {
		w, err := NewWriter(io.Discard, every(), Options{Spool: c.spool})
		if err != nil {
			t.Fatal(err)
		}
		if err = w.Append(many(20000)); err == nil {
			err = w.Close()
		}
		if !errors.Is(err, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, err, c.want)
		}
	}
}

// row is how a program in Go would read the file without this package.
type row struct {
	Run   int64    `parquet:"run"`
	Place string   `parquet:"place"`
	Tick  *int32   `parquet:"tick,optional"`
	Day   *int32   `parquet:"day,optional,date"`
	Count *int64   `parquet:"count,optional"`
	Odd   *float64 `parquet:"-"`
}

func TestTheLibrarysOwnReaderOfStructsReadsTheFile(t *testing.T) {
	rows := many(2500)
	got, err := parquet.Read[row](bytes.NewReader(write(t, every(), rows)), int64(len(write(t, every(), rows))))
	if err != nil || len(got) != 2500 {
		t.Fatal(len(got), err)
	}
	for i, r := range got {
		if r.Run != rows.Int[0][i] || r.Place != rows.Text[1][i] || int64(*r.Day) != rows.Int[4][i] || int64(*r.Tick) != rows.Int[3][i] {
			t.Fatalf("row %d: got %+v", i, r)
		}
		if (r.Count == nil) != (rows.Int[5][i] == experiment.None) || r.Count != nil && *r.Count != rows.Int[5][i] {
			t.Fatalf("row %d: count %v, want %d", i, r.Count, rows.Int[5][i])
		}
	}
}

// DuckDB shares no code with the library that wrote the file.
func TestDuckDBReadsTheFile(t *testing.T) {
	n := groupRows(len(every().Columns)) + 5000
	rows := many(n)
	path := filepath.ToSlash(filepath.Join(t.TempDir(), "every.parquet"))
	if err := os.WriteFile(path, write(t, every(), rows), 0o666); err != nil {
		t.Fatal(err)
	}
	table := "read_parquet('" + path + "')"
	var odd float64
	var nulls, runs, ticks int64
	for i := range n {
		if math.IsNaN(rows.Float[2][i]) {
			nulls++
		} else {
			odd += rows.Float[2][i]
		}
		runs, ticks = runs+rows.Int[0][i], ticks+rows.Int[3][i]
	}
	for _, c := range []struct{ sql, want string }{
		{"select column_name, column_type from (describe from " + table + ")", `["run","BIGINT"] ["place","VARCHAR"] ["a.path,=odd","DOUBLE"] ["tick","INTEGER"] ["day","DATE"] ["count","BIGINT"]`},
		{"select count(*)::int, sum(run)::varchar, sum(tick)::varchar, count(*) filter (where count is null)::int, min(day)::varchar, max(day)::varchar from " + table,
			fmt.Sprintf(`[%d,"%d","%d",%d,"2015-01-05","2025-12-29"]`, n, runs, ticks, nulls)},
		{fmt.Sprintf(`select count(*) filter (where "a.path,=odd" is null)::int, abs(sum("a.path,=odd") - %v) < 1e-6 from %s`, odd, table), fmt.Sprintf("[%d,true]", nulls)},
		{"select place, count(*)::int from " + table + " where run < 4 group by place order by place", `["",3] ["In Khalil, été",3] ["gao",3] ["kidal",3]`},
		{"select list_sort(list(decode(key))) = ['meaning', 'meaning:a.path,=odd', 'meaning:place', 'meaning:run', 'study', 'unit:a.path,=odd', 'unit:day', 'unit:tick'] from parquet_kv_metadata('" + path + "')", "[true]"},
	} {
		if got := strings.Join(duckdb.Query(t, c.sql), " "); got != c.want {
			t.Errorf("%s\ngot  %s\nwant %s", c.sql, got, c.want)
		}
	}
}

func TestTheFileSaysWhatItsColumnsAre(t *testing.T) {
	data := write(t, every(), many(3))
	r, err := NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{"study": "abc", "meaning": "one row a thing", "unit:a.path,=odd": "CFA", "meaning:place": "where", "nothing": ""} {
		if got := r.Meta(key); got != want {
			t.Errorf("%s: got %q, want %q", key, got, want)
		}
	}
	if r.Rows() != 3 {
		t.Errorf("%d rows, want 3", r.Rows())
	}
	var kinds []string
	file, _ := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
	for _, c := range file.Root().Columns() {
		kinds = append(kinds, fmt.Sprintf("%s %s %v", c.Name(), c.Type(), c.Optional()))
	}
	want := []string{"run INT(64,true) false", "place STRING false", "a.path,=odd DOUBLE true", "tick INT(32,true) true", "day DATE true", "count INT(64,true) true"}
	if !slices.Equal(kinds, want) {
		t.Errorf("columns are %q, want %q", kinds, want)
	}
}

func TestWhatIsNotATableIsRefused(t *testing.T) {
	var nowhere bytes.Buffer
	if _, err := NewWriter(&nowhere, &experiment.Table{Name: "bare"}, Options{}); err == nil || !strings.Contains(err.Error(), "must have columns") {
		t.Errorf("no columns: %v", err)
	}
	twice := &experiment.Table{Name: "twice", Columns: []experiment.Column{{Name: "a"}, {Name: "a"}}}
	if _, err := NewWriter(&nowhere, twice, Options{}); err == nil || !strings.Contains(err.Error(), "names of their own") {
		t.Errorf("two columns of one name: %v", err)
	}
	w, err := NewWriter(&nowhere, every(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	short := many(3)
	short.Int[5] = short.Int[5][:2]
	if err := w.Append(short); err == nil || !strings.Contains(err.Error(), "column count of table every must have 3 rows, got 2") {
		t.Errorf("a short column: %v", err)
	}
	big := many(1)
	big.Int[3][0] = 1 << 40
	if err := errors.Join(w.Append(big), w.Close()); err == nil || !strings.Contains(err.Error(), "column tick of table every must hold numbers of 32 bits, got 1099511627776") {
		t.Errorf("a large tick: %v", err)
	}
	whole := write(t, every(), many(5000))
	for _, data := range [][]byte{nil, []byte("tick,date\n"), whole[:len(whole)-1], whole[1000:]} {
		if _, err := NewReader(bytes.NewReader(data), int64(len(data))); err == nil {
			t.Errorf("%d bytes that are no Parquet file were taken for one", len(data))
		}
	}
	if _, err := NewReader(bytes.NewReader(whole), int64(len(whole)), "nowhere"); err == nil || !strings.Contains(err.Error(), "column nowhere must be there") {
		t.Errorf("a missing column: %v", err)
	}
}

func TestAFlippedBitIsFound(t *testing.T) {
	whole := write(t, every(), many(5000))
	for at := 4; at < len(whole)*3/4; at += 997 {
		data := slices.Clone(whole)
		data[at] ^= 4
		r, err := NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			continue
		}
		rows := experiment.NewRows(r.Table())
		if _, err := r.Read(&rows, 5000); err == nil && !cmp.Equal(rows, *many(5000), same) {
			t.Errorf("a bit of byte %d changed the rows, and nobody said so", at)
		}
	}
}

func TestADiskThatIsFullIsAnError(t *testing.T) {
	w, err := NewWriter(&full{left: 3000}, every(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	err = w.Append(many(2000))
	if err == nil {
		err = w.Close()
	}
	if !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

// sink keeps files in memory.
type sink struct {
	mu    sync.Mutex
	files map[string]*bytes.Buffer
}

type closer struct{ io.Writer }

func (closer) Close() error { return nil }

func (s *sink) Create(name string) (io.WriteCloser, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.files[name] = &bytes.Buffer{}
	return closer{s.files[name]}, nil
}

// The values of a run's Parquet tables are those of its CSV tables, cell by cell.
func TestARunsTablesAreThoseOfItsCSVFiles(t *testing.T) {
	run := synthetic.Run(30, sim.DateOf(2015, 1, 5))
	run.Events = append(run.Events, tables.Event{Tick: 3, Kind: "capture", Place: "gao", Detail: `a post, "quoted", and its store`})
	run.Books = append(run.Books, tables.Order{Tick: 3, Hub: run.Names.Sym("gao"), Good: run.Names.Sym("ak"), Side: run.Names.Sym("bid"), Limit: 7, Units: 2})
	got, want := &sink{files: map[string]*bytes.Buffer{}}, &sink{files: map[string]*bytes.Buffer{}}
	if err := errors.Join(WriteRun(got, run), run.Write(want)); err != nil {
		t.Fatal(err)
	}
	for name, file := range want.files {
		name, isTable := strings.CutSuffix(name, ".csv")
		if name == "columns" || !isTable {
			continue
		}
		lines, err := csv.NewReader(file).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		table, rows := read(t, got.files[name+".parquet"].Bytes(), 1000)
		if rows.Len(&table) != len(lines)-1 || len(lines) < 2 {
			t.Errorf("%s: %d rows, want %d", name, rows.Len(&table), len(lines)-1)
			continue
		}
		for c := range table.Columns {
			for i, line := range lines {
				if got := shown(&table, &rows, c, i-1); !sameCell(got, line[c]) {
					t.Errorf("%s: row %d, column %s: got %q, want %q", name, i, table.Columns[c].Name, got, line[c])
					break
				}
			}
		}
	}
	if len(got.files) != len(want.files)-1 {
		t.Errorf("%d files, want %d", len(got.files), len(want.files)-1)
	}
}

// shown is a cell as text; row -1 is the header.
func shown(t *experiment.Table, rows *experiment.Rows, c, i int) string {
	switch kind := t.Columns[c].Kind; {
	case i < 0:
		return t.Columns[c].Name
	case kind == experiment.Text:
		return rows.Text[c][i]
	case kind == experiment.Float && math.IsNaN(rows.Float[c][i]), kind != experiment.Float && rows.Int[c][i] == experiment.None:
		return ""
	case kind == experiment.Float:
		return strconv.FormatFloat(rows.Float[c][i], 'f', -1, 64)
	case kind == experiment.Date:
		return sim.Date(rows.Int[c][i]).String()
	}
	return strconv.FormatInt(rows.Int[c][i], 10)
}

// sameCell compares texts, or numbers of which one has zeros at its end.
func sameCell(got, want string) bool {
	if got == want {
		return true
	}
	x, errX := strconv.ParseFloat(got, 64)
	y, errY := strconv.ParseFloat(want, 64)
	return errX == nil && errY == nil && x == y
}

var errFull = errors.New("no space")

type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

// heap is what is in use now.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // pools live for one round more
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestMemoryDoesNotGrowWithTheRows(t *testing.T) {
	piece := many(10000)
	held := func(pieces int) uint64 {
		w, err := NewWriter(io.Discard, every(), Options{Spool: scratch(t)})
		if err != nil {
			t.Fatal(err)
		}
		for range pieces {
			if err := w.Append(piece); err != nil {
				t.Fatal(err)
			}
		}
		inUse := heap()
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return inUse
	}
	held(30)
	few, lots := held(30), held(300)
	t.Logf("heap in use after 300 thousand rows %d kB, after 3 million %d kB", few/1024, lots/1024)
	if lots > few+1<<20 {
		t.Errorf("%d bytes after 300 thousand rows, %d after 3 million", few, lots)
	}
}

// A study writes all its tables at once, of which that of figures is the widest.
func TestATableOfManyFiguresTakesLittleMemory(t *testing.T) {
	table, rows := figures(20000, 60)
	before, codec := heap(), NewCodec()
	w, err := NewWriter(io.Discard, table, Options{Codec: codec, Spool: scratch(t)})
	if err != nil {
		t.Fatal(err)
	}
	one, err := NewWriter(io.Discard, every(), Options{Codec: codec, Spool: scratch(t)})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(one.Append(many(1)), w.Append(rows)); err != nil {
		t.Fatal(err)
	}
	held := heap() - before
	if err := errors.Join(w.Close(), one.Close()); err != nil {
		t.Fatal(err)
	}
	runtime.KeepAlive(rows)
	t.Logf("heap in use for 20000 rows of 62 columns: %d kB", held/1024)
	if held > 5<<19 {
		t.Errorf("%d bytes are held", held)
	}
}

func TestPagesEndWithBatches(t *testing.T) {
	wideTable, wideRows := figures(5000, 60)
	for _, c := range []struct {
		name   string
		table  *experiment.Table
		rows   *experiment.Rows
		column int
		want   int64 // rows of a page
	}{
		{"figures of a wide table, a batch", wideTable, wideRows, 10, 512},
		{"decimals of a narrow table, four batches", every(), many(20000), 2, 4096},
	} {
		data := write(t, c.table, c.rows)
		file, err := parquet.OpenFile(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		places, err := file.RowGroups()[0].ColumnChunks()[c.column].OffsetIndex()
		if err != nil || places.NumPages() < 3 {
			t.Fatalf("%s: %d pages, want more, %v", c.name, places.NumPages(), err)
		}
		for i := range places.NumPages() {
			if got := places.FirstRowIndex(i); got != int64(i)*c.want {
				t.Errorf("%s: page %d begins with row %d, want %d", c.name, i, got, int64(i)*c.want)
			}
		}
	}
}

func TestACodecSharedByWritersAtWorkTogetherGivesTheSameBytes(t *testing.T) {
	rows, codec := many(3000), NewCodec()
	want := write(t, every(), rows)
	var wait sync.WaitGroup
	for range 4 {
		wait.Go(func() {
			var file bytes.Buffer
			w, err := NewWriter(&file, every(), Options{Meta: map[string]string{"study": "abc"}, Codec: codec})
			if err == nil {
				err = errors.Join(w.Append(rows), w.Close())
			}
			if err != nil || !bytes.Equal(file.Bytes(), want) {
				t.Errorf("other bytes, %v", err)
			}
		})
	}
	wait.Wait()
}

// figures are rows as a study of runs has them: numbers of no pattern.
func figures(runs, columns int) (*experiment.Table, *experiment.Rows) {
	t := &experiment.Table{Name: "runs", Columns: []experiment.Column{{Name: "run"}, {Name: "failed", Kind: experiment.Text}}}
	for c := range columns {
		t.Columns = append(t.Columns, experiment.Column{Name: fmt.Sprint("f", c), Kind: experiment.Float})
	}
	rows := experiment.NewRows(t)
	for i := range runs {
		rows.Int[0] = append(rows.Int[0], int64(i))
		rows.Text[1] = append(rows.Text[1], "")
		for c := range columns {
			x := 250000 + 40000*math.Sin(float64(i*columns+c)*1.7)
			if c%3 == 0 {
				x = math.Round(x / 100) // counts
			}
			rows.Float[2+c] = append(rows.Float[2+c], x)
		}
	}
	return t, &rows
}

func BenchmarkWrite(b *testing.B) {
	mixed := many(100000)
	wide, wideRows := figures(20000, 60)
	for _, c := range []struct {
		name  string
		table *experiment.Table
		rows  *experiment.Rows
	}{{"mixed", every(), mixed}, {"figures", wide, wideRows}} {
		b.Run(c.name, func(b *testing.B) {
			var size int
			for b.Loop() {
				size = len(write(b, c.table, c.rows))
			}
			n := c.rows.Len(c.table)
			b.ReportMetric(float64(n)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
			b.ReportMetric(float64(n*len(c.table.Columns)*8)*float64(b.N)/b.Elapsed().Seconds()/1e6, "MB/s")
			b.ReportMetric(float64(size)/float64(n*len(c.table.Columns)), "bytes/value")
		})
	}
}

func BenchmarkRead(b *testing.B) {
	data := write(b, every(), many(100000))
	for b.Loop() {
		read(b, data, 1000)
	}
	b.ReportMetric(1e5*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

package scenarios_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"entrepot/agents"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Whatever stands in a scenario or a table, it is refused with a position, or it runs with the books closed, or it is told
// that a stock outgrew the engine. ENTREPOT_MUTANTS=N tries N of each kind.
const (
	mutantWeeks = 26
	mutantTime  = 20 * time.Second
)

func TestMutatedScenariosAndTablesAreRefusedOrRun(t *testing.T) {
	mutants := 150
	if n, err := strconv.Atoi(os.Getenv("ENTREPOT_MUTANTS")); err == nil {
		mutants = n
	}
	if testing.Short() {
		mutants = 30
	}
	for _, name := range []string{"textbook", "offensive"} {
		base := ownFiles(t, name)
		seen := map[string]int{}
		for i := range mutants {
			d := dice{sim.NewKey(20).Label(name).At(uint64(i)), 0}
			fsys, what := mutant(t, base, &d)
			how, err := outcome(fsys)
			if err != nil {
				t.Errorf("%s, mutant %d (%s): %v", name, i, what, err)
			}
			seen[how]++
		}
		t.Logf("%s: %v", name, seen)
		if !testing.Short() && (seen["refused"] == 0 || seen["ran"] == 0) {
			t.Errorf("%s: some mutants must be refused and some run, got %v", name, seen)
		}
	}
}

// ownFiles is a built-in scenario with all layers merged, and the tables of its world beside it.
func ownFiles(t *testing.T, name string) map[string][]byte {
	t.Helper()
	s, err := scenarios.Load(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := scenarios.CopyWorld(s.World, "w")
	if err != nil {
		t.Fatal(err)
	}
	files["s.yaml"] = []byte(strings.Replace(string(s.Resolved), "world: "+s.World, "world: ./w", 1))
	return files
}

// outcome loads and runs a mutant, and says what became of it.
func outcome(fsys fstest.MapFS) (how string, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	began := time.Now()
	s, err := scenarios.LoadFS(fsys, "s.yaml", nil)
	var problems scenarios.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			if p.File == "" || p.Line < 1 || p.Col < 1 || p.Msg == "" {
				return "refused", fmt.Errorf("a problem must have a position and a message, got %s", p)
			}
		}
		return "refused", nil
	}
	if err != nil {
		return "", fmt.Errorf("must be refused with problems, got %w", err)
	}
	m, err := agents.New(s.Setup, 1)
	if err != nil {
		return "", err
	}
	for range mutantWeeks {
		var over *sim.Overfull
		switch err := m.Step(); {
		case errors.As(err, &over):
			return "overfull", nil
		case err != nil:
			return "", err
		}
		if err := recount(m); err != nil {
			return "", err
		}
		if time.Since(began) > mutantTime {
			return "", fmt.Errorf("must be done within %s, got to %s", mutantTime, m.Date())
		}
	}
	return "ran", nil
}

// dice are keyed: a mutant is the same wherever and whenever it is made.
type dice struct {
	key sim.Key
	n   uint64
}

func (d *dice) below(n int) int {
	d.n++
	return int(d.key.At(d.n).Bits() % uint64(n))
}

func pick[T any](d *dice, from []T) T { return from[d.below(len(from))] }

// mutant changes one to four things.
func mutant(t *testing.T, base map[string][]byte, d *dice) (fstest.MapFS, string) {
	files := maps.Clone(base)
	var what []string
	names := slices.Sorted(maps.Keys(base))
	for range 1 + d.below(4) {
		switch name := pick(d, names); {
		case d.below(8) == 0:
			files[name] = brokenBytes(files[name], d)
			what = append(what, "bytes of "+name)
		case strings.HasSuffix(name, ".csv") && len(files[name]) > 0:
			var how string
			files[name], how = brokenTable(files[name], tableOf(t, name), d)
			what = append(what, name+" "+how)
		case strings.HasSuffix(name, ".yaml"):
			var how string
			files[name], how = brokenLine(files[name], d)
			what = append(what, name+" "+how)
		}
	}
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return fsys, strings.Join(what, "; ")
}

func tableOf(t *testing.T, name string) scenarios.Table {
	t.Helper()
	for _, table := range scenarios.Tables() {
		if strings.HasSuffix(name, "/"+table.File) {
			return table
		}
	}
	t.Fatalf("%s is no table", name)
	return scenarios.Table{}
}

// brokenBytes cuts a file off, or changes or doubles a piece of it.
func brokenBytes(data []byte, d *dice) []byte {
	if len(data) == 0 {
		return []byte{byte(d.below(256))}
	}
	at := d.below(len(data))
	switch d.below(4) {
	case 0:
		return bytes.Clone(data[:at])
	case 1:
		out := bytes.Clone(data)
		out[at] = byte(d.below(256))
		return out
	case 2:
		return append([]byte("\ufeff"), bytes.ReplaceAll(data, []byte("\n"), []byte("\r\n"))...)
	default:
		return slices.Concat(data[:at], data[at/2:])
	}
}

func oddWords() []string {
	return []string{"", "0", "-1", "1", "3.7", "1e999", "NaN", "inf", "1e30", "99999999999999999999", "2147483648", "yes", "null", "2023-02-30", "é|", "\"", "libya", "a,b", "\x00"}
}

// brokenTable changes a cell, a column, a row or the header. Of numbers, the ends of their ranges are tried most.
func brokenTable(data []byte, table scenarios.Table, d *dice) ([]byte, string) {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) < 2 {
		return data, "as it is"
	}
	row, col := 1+d.below(len(rows)-1), d.below(len(rows[0]))
	name := rows[0][col]
	how := ""
	switch d.below(10) {
	case 0:
		rows, how = slices.Delete(rows, row, row+1), fmt.Sprintf("without row %d", row)
	case 1:
		rows, how = append(rows, rows[row]), fmt.Sprintf("row %d twice", row)
	case 2:
		rows[0][col], how = pick(d, []string{"", "id", "odd", rows[0][d.below(len(rows[0]))]}), "other header for "+name
	case 3, 4:
		rows[row][col] = pick(d, oddWords())
		how = fmt.Sprintf("row %d %s=%q", row, name, rows[row][col])
	default:
		value, ok := extreme(table, name, d)
		if !ok {
			value = rows[1+d.below(len(rows)-1)][col]
		}
		first, last := row, row
		if d.below(3) == 0 {
			first, last = 1, len(rows)-1
		}
		for i := first; i <= last; i++ {
			rows[i][col] = value
		}
		how = fmt.Sprintf("rows %d to %d %s=%q", first, last, name, value)
	}
	var out bytes.Buffer
	if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
		return data, "as it is"
	}
	return out.Bytes(), how
}

// extreme is an end of a number's range, something just beyond it, or a part of the upper end.
func extreme(table scenarios.Table, column string, d *dice) (string, bool) {
	i := slices.IndexFunc(table.Columns, func(c scenarios.Column) bool { return c.Name == column })
	if i < 0 || table.Columns[i].Rule.Kind != scenarios.Number && table.Columns[i].Rule.Kind != scenarios.Whole {
		return "", false
	}
	r := table.Columns[i].Rule
	x := pick(d, []float64{r.Min, r.Max, r.Max, r.Max / 10, r.Max / 100, r.Max / 1000, r.Max*1.01 + 1})
	if r.Kind == scenarios.Whole {
		return strconv.FormatFloat(float64(int64(x)), 'f', -1, 64), true
	}
	return strconv.FormatFloat(x, 'g', -1, 64), true
}

// brokenLine changes the value or the name on a line of YAML, the depth of the line, or the number of times it stands there.
func brokenLine(data []byte, d *dice) ([]byte, string) {
	lines := strings.Split(string(data), "\n")
	at := d.below(len(lines))
	name, value, found := strings.Cut(lines[at], ": ")
	switch d.below(8) {
	case 0:
		lines = slices.Delete(lines, at, at+1)
	case 1:
		lines = slices.Insert(lines, at, lines[at])
	case 2:
		lines[at] = pick(d, []string{" ", "  ", "\t", "- "}) + lines[at]
	case 3:
		lines[at] = strings.Replace(lines[at], "a", "b", 1)
	default:
		if found {
			more := value + pick(d, []string{"0", "00000", "e9", "x"})
			lines[at] = name + ": " + pick(d, append(oddWords(), "[]", "{}", "[1, 2]", "*a", "&a b", "1000", "0.001", more, more, more))
		}
	}
	return []byte(strings.Join(lines, "\n")), fmt.Sprintf("line %d: %q", at+1, lines[min(at, len(lines)-1)])
}

// Values at the ends of their ranges, several at once, are what overflows.
func TestWorldsAtTheEndsOfTheirRangesAreRefusedOrRun(t *testing.T) {
	mutants := 80
	if n, err := strconv.Atoi(os.Getenv("ENTREPOT_MUTANTS")); err == nil {
		mutants = n
	}
	if testing.Short() {
		mutants = 20
	}
	for _, name := range []string{"textbook", "offensive"} {
		base := ownFiles(t, name)
		seen := map[string]int{}
		for i := range mutants {
			d := dice{sim.NewKey(21).Label(name).At(uint64(i)), 0}
			fsys, what := stretched(t, base, &d)
			how, err := outcome(fsys)
			if err != nil {
				t.Errorf("%s, mutant %d (%s): %v", name, i, what, err)
			}
			seen[how]++
		}
		t.Logf("%s: %v", name, seen)
	}
}

// stretched sets some columns and parameters to the ends of their ranges, or to a part of them.
func stretched(t *testing.T, base map[string][]byte, d *dice) (fstest.MapFS, string) {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, data := range base {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	var what []string
	for range 1 + d.below(5) {
		table := pick(d, scenarios.Tables())
		rows, err := csv.NewReader(bytes.NewReader(fsys["w/"+table.File].Data)).ReadAll()
		if err != nil || len(rows) < 2 {
			continue
		}
		col := d.below(len(rows[0]))
		value, ok := extreme(table, rows[0][col], d)
		if !ok {
			continue
		}
		for i := range rows[1:] {
			rows[i+1][col] = value
		}
		var out bytes.Buffer
		if err := csv.NewWriter(&out).WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		fsys["w/"+table.File] = &fstest.MapFile{Data: out.Bytes()}
		what = append(what, table.File+" "+rows[0][col]+"="+value)
	}
	text := string(fsys["s.yaml"].Data)
	over := "version: 1\nextends: [s0.yaml]\nparameters:\n"
	for range d.below(4) {
		p := pick(d, agents.Parameters())
		if p.Max > p.Min && !strings.Contains(over, p.ID+":") {
			x := pick(d, []float64{p.Min, p.Max, p.Max})
			over += "  " + p.ID + ": " + strconv.FormatFloat(x, 'f', -1, 64) + "\n"
			what = append(what, p.ID+"="+strconv.FormatFloat(x, 'f', -1, 64))
		}
	}
	over += "  demand.civil_scale: 1\n"
	if strings.Count(over, "demand.civil_scale") > 1 {
		over = strings.TrimSuffix(over, "  demand.civil_scale: 1\n")
	}
	fsys["s0.yaml"], fsys["s.yaml"] = &fstest.MapFile{Data: []byte(text)}, &fstest.MapFile{Data: []byte(over)}
	return fsys, strings.Join(what, "; ")
}

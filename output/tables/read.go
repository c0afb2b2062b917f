package tables

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"slices"
	"strconv"
	"strings"

	"entrepot/sim"
)

// Read reads a run's tables from its folder. It is strict: columns by name and order, every field of its type, dates that
// agree with their tick. All errors name file and line. books.csv may be missing.
func Read(fsys fs.FS) (*Run, error) {
	r := &Run{Names: NewNames()}
	d := &decoder{names: r.Names, noStart: true}
	var errs []error
	errs = append(errs,
		readAll(fsys, d, priceTable(), &r.Prices), readAll(fsys, d, flowTable(), &r.Flows),
		readAll(fsys, d, tradeTable(), &r.Trades), readAll(fsys, d, costTable(), &r.Costs),
		readAll(fsys, d, hubTable(), &r.Hubs), readAll(fsys, d, throughputTable(), &r.Throughput),
		readAll(fsys, d, actorTable(), &r.Actors), readAll(fsys, d, ledgerTable(), &r.Ledger),
		readAll(fsys, d, eventTable(), &r.Events))
	if err := readAll(fsys, d, bookTable(), &r.Books); !errors.Is(err, fs.ErrNotExist) {
		errs = append(errs, err)
	}
	r.Start = d.start
	return r, errors.Join(errs...)
}

// maxErrors is how many bad lines of one file are reported.
const maxErrors = 5

func readAll[T any](fsys fs.FS, d *decoder, t table[T], rows *[]T) error {
	file, err := fsys.Open(t.name + ".csv")
	if err != nil {
		return fmt.Errorf("reading %s.csv: %w", t.name, err)
	}
	defer file.Close()
	if info, err := file.Stat(); err == nil {
		*rows = make([]T, 0, info.Size()/45+1)
	}
	d.file, d.line, d.columns = t.name+".csv", 0, t.columns
	in := bufio.NewReaderSize(file, 1<<17)
	if err := d.header(in); err != nil {
		return err
	}
	var errs []error
	for {
		more, err := d.next(in)
		if err != nil {
			return errors.Join(append(errs, err)...)
		}
		if !more {
			return errors.Join(errs...)
		}
		row := t.decode(d)
		if d.err != nil {
			if errs = append(errs, d.err); len(errs) == maxErrors {
				return errors.Join(append(errs, fmt.Errorf("%s: more problems follow; only the first %d are shown", d.file, maxErrors))...)
			}
			continue
		}
		*rows = append(*rows, row)
	}
}

// decoder turns a line's fields into values. The first problem of a line is kept in err, the rest of the line is skipped.
type decoder struct {
	names   *Names
	start   sim.Date
	noStart bool // no dated row has been seen yet

	file    string
	line    int
	columns []Column
	fields  [][]byte
	at      int // field to be read next
	err     error

	date  string // of tick week0
	week0 int32
}

func (d *decoder) fail(format string, args ...any) {
	if d.err == nil {
		column := "line"
		if d.at >= 1 && d.at <= len(d.columns) {
			column = d.columns[d.at-1].Name
		}
		d.err = fmt.Errorf("%s:%d: %s: %s", d.file, d.line, column, fmt.Sprintf(format, args...))
	}
}

func (d *decoder) header(in *bufio.Reader) error {
	d.at, d.err = 0, nil
	line, err := d.readLine(in)
	if err != nil {
		return fmt.Errorf("%s:1: header must be there, got an empty file", d.file)
	}
	want := make([]string, len(d.columns))
	for i, c := range d.columns {
		want[i] = c.Name
	}
	if got := strings.TrimPrefix(string(line), "\ufeff"); got != strings.Join(want, ",") {
		return fmt.Errorf("%s:1: header must be %q, got %q", d.file, strings.Join(want, ","), clip(got))
	}
	return nil
}

func clip(s string) string {
	if len(s) > 200 {
		return s[:200] + "..."
	}
	return s
}

// readLine returns the next line without its end; io.EOF when there is none.
func (d *decoder) readLine(in *bufio.Reader) ([]byte, error) {
	d.line++
	line, err := in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		return nil, fmt.Errorf("%s:%d: a line must be shorter than %d bytes", d.file, d.line, in.Size())
	}
	if err == io.EOF && len(line) > 0 {
		err = nil
	}
	return bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r")), err
}

func (d *decoder) next(in *bufio.Reader) (bool, error) {
	d.at, d.err = 0, nil
	line, err := d.readLine(in)
	if err == io.EOF {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("reading %s: %w", d.file, err)
	}
	d.split(line)
	if d.err == nil && len(d.fields) != len(d.columns) {
		d.fail("must have %d fields, got %d", len(d.columns), len(d.fields))
	}
	return true, nil
}

func (d *decoder) split(line []byte) {
	d.fields = d.fields[:0]
	if bytes.IndexByte(line, '"') >= 0 {
		d.splitQuoted(line)
		return
	}
	for {
		i := bytes.IndexByte(line, ',')
		if i < 0 {
			d.fields = append(d.fields, line)
			return
		}
		d.fields = append(d.fields, line[:i])
		line = line[i+1:]
	}
}

// splitQuoted follows RFC 4180, except that a field stays on its line.
func (d *decoder) splitQuoted(line []byte) {
	for i := 0; ; {
		var field []byte
		quoted := i < len(line) && line[i] == '"'
		if quoted {
			i++
		}
		for ; ; i++ {
			switch {
			case i >= len(line):
				if quoted {
					d.fail("a quoted field must end on its line")
				}
			case quoted && line[i] == '"' && i+1 < len(line) && line[i+1] == '"':
				field = append(field, '"')
				i++
				continue
			case quoted && line[i] == '"':
				quoted = false
				continue
			case !quoted && line[i] == ',':
			default:
				field = append(field, line[i])
				continue
			}
			break
		}
		d.fields = append(d.fields, field)
		if i >= len(line) {
			return
		}
		i++
	}
}

func (d *decoder) field() []byte {
	if d.err != nil || d.at >= len(d.fields) {
		return nil
	}
	d.at++
	return d.fields[d.at-1]
}

func (d *decoder) tick() int32 {
	f := d.field()
	v, ok := parseInt(f)
	if d.err == nil && (!ok || v < 0 || v > 1e6) {
		d.fail("must be a week number from 0 to 1000000, got %q", clip(string(f)))
	}
	return int32(v)
}

func (d *decoder) week() int32 {
	t := d.tick()
	f := d.field()
	if d.err != nil {
		return t
	}
	if d.noStart {
		day, err := sim.ParseDate(string(f))
		if err != nil || day != day.Monday() {
			d.fail("must be a Monday as YYYY-MM-DD, got %q", clip(string(f)))
			return t
		}
		d.start, d.noStart, d.week0 = day-sim.Date(7*t), false, -1
	}
	if t != d.week0 {
		d.date, d.week0 = (d.start + sim.Date(7*t)).String(), t
	}
	if string(f) != d.date {
		d.fail("must be %s, the Monday of tick %d, got %q", d.date, t, clip(string(f)))
	}
	return t
}

func (d *decoder) sym() Sym {
	f := d.field()
	if s, ok := d.names.byText[string(f)]; ok {
		return s
	}
	if d.names.full() {
		d.fail("must be one of at most %d distinct names, got %q", MaxNames, clip(string(f)))
		return 0
	}
	return d.names.Sym(string(f))
}

func (d *decoder) symOf(allowed []string) Sym {
	f := d.field()
	if d.err == nil && !slices.Contains(allowed, string(f)) {
		d.fail("must be one of %s, got %q", strings.Join(allowed, ", "), clip(string(f)))
		return 0
	}
	return d.names.Sym(string(f))
}

func (d *decoder) text() string { return string(d.field()) }

func (d *decoder) int() int64 {
	f := d.field()
	v, ok := parseInt(f)
	if d.err == nil && !ok {
		d.fail("must be a whole number, got %q", clip(string(f)))
	}
	return v
}

func (d *decoder) amount() int64 {
	v := d.int()
	if d.err == nil && v < 0 {
		d.fail("must be zero or more, got %d", v)
	}
	return v
}

// positive reads an amount that may be absent.
func (d *decoder) positive() int64 {
	f := d.field()
	if len(f) == 0 {
		return 0
	}
	v, ok := parseInt(f)
	if d.err == nil && (!ok || v <= 0) {
		d.fail("must be empty or a whole number above 0, got %q", clip(string(f)))
	}
	return v
}

func (d *decoder) euro(cfa int64) {
	f := d.field()
	var want []byte
	if cfa > 0 {
		want = appendEuro(nil, cfa)
	}
	if d.err == nil && !bytes.Equal(f, want) {
		d.fail("must be %q, price_cfa at 655.957 CFA per EUR, got %q", want, clip(string(f)))
	}
}

func (d *decoder) float() float64 {
	f := d.field()
	if v, ok := parseInt(f); ok {
		return float64(v)
	}
	v, err := strconv.ParseFloat(string(f), 64)
	if d.err == nil && (err != nil || math.IsNaN(v) || math.IsInf(v, 0)) {
		d.fail("must be a finite number, got %q", clip(string(f)))
	}
	return v
}

// parseInt reads up to 18 digits with an optional minus sign.
func parseInt(f []byte) (int64, bool) {
	neg := len(f) > 1 && f[0] == '-'
	if neg {
		f = f[1:]
	}
	if len(f) == 0 || len(f) > 18 {
		return 0, false
	}
	var v int64
	for _, c := range f {
		if c < '0' || c > '9' {
			return 0, false
		}
		v = v*10 + int64(c-'0')
	}
	if neg {
		v = -v
	}
	return v, true
}

package tables

import (
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"entrepot/sim"
)

// flushAt is the size in bytes at which an encoder hands its lines on.
const flushAt = 1 << 16

// encoder appends one table's lines to a buffer, or hands their values to cells. Its methods chain in the order of the columns.
type encoder struct {
	out   io.Writer
	cells Cells // nil: lines are made
	buf   []byte
	names *Names
	start sim.Date
	fresh bool // at the beginning of a line
	date  [10]byte
	week0 int32 // tick whose date is in date
	err   error
}

func newEncoder(out io.Writer, names *Names, start sim.Date) *encoder {
	return &encoder{out: out, buf: make([]byte, 0, flushAt+4096), names: names, start: start, fresh: true, week0: -1}
}

func (e *encoder) sep() {
	if !e.fresh {
		e.buf = append(e.buf, ',')
	}
	e.fresh = false
}

func (e *encoder) tick(t int32) *encoder {
	if e.cells != nil {
		e.cells.Int(int64(t))
		return e
	}
	e.sep()
	e.buf = strconv.AppendInt(e.buf, int64(t), 10)
	return e
}

func (e *encoder) week(t int32) *encoder {
	e.tick(t)
	if e.cells != nil {
		e.cells.Date(e.start + sim.Date(7*t))
		return e
	}
	if t != e.week0 {
		copy(e.date[:], (e.start + sim.Date(7*t)).String())
		e.week0 = t
	}
	e.sep()
	e.buf = append(e.buf, e.date[:]...)
	return e
}

func (e *encoder) int(v int64) *encoder {
	if e.cells != nil {
		e.cells.Int(v)
		return e
	}
	e.sep()
	e.buf = strconv.AppendInt(e.buf, v, 10)
	return e
}

// positive leaves the field empty where there is nothing (0).
func (e *encoder) positive(v int64) *encoder {
	if e.cells != nil {
		if v > 0 {
			e.cells.Int(v)
		} else {
			e.cells.None()
		}
		return e
	}
	e.sep()
	if v > 0 {
		e.buf = strconv.AppendInt(e.buf, v, 10)
	}
	return e
}

// euro writes a CFA amount in EUR at the fixed peg, with two decimals, in whole-number arithmetic.
func (e *encoder) euro(cfa int64) *encoder {
	if e.cells != nil {
		if cfa > 0 {
			e.cells.Float(Euro(cfa))
		} else {
			e.cells.None()
		}
		return e
	}
	e.sep()
	if cfa > 0 {
		e.buf = appendEuro(e.buf, cfa)
	}
	return e
}

func appendEuro(buf []byte, cfa int64) []byte {
	cents := euroCents(cfa)
	buf = strconv.AppendInt(buf, cents/100, 10)
	return append(buf, '.', byte('0'+cents/10%10), byte('0'+cents%10))
}

// euroCents converts at 1 EUR = 655.957 CFA, rounding half up.
func euroCents(cfa int64) int64 { return (cfa*100000 + 655957/2) / 655957 }

// Euro converts an amount in CFA to EUR at the fixed peg, rounded to cents.
func Euro(cfa int64) float64 { return float64(euroCents(cfa)) / 100 }

func (e *encoder) fixed(v float64) *encoder {
	if e.cells != nil {
		e.cells.Float(math.Round(v*1000) / 1000)
		return e
	}
	e.sep()
	e.buf = strconv.AppendFloat(e.buf, v, 'f', 3, 64)
	return e
}

func (e *encoder) shortest(v float64) *encoder {
	if e.cells != nil {
		e.cells.Float(v)
		return e
	}
	e.sep()
	if v == float64(int64(v)) && v < 1e15 && v > -1e15 {
		e.buf = strconv.AppendInt(e.buf, int64(v), 10)
	} else {
		e.buf = strconv.AppendFloat(e.buf, v, 'f', -1, 64)
	}
	return e
}

func (e *encoder) sym(s Sym) *encoder { return e.text(e.names.text[s]) }

func (e *encoder) text(s string) *encoder {
	if e.cells != nil {
		e.cells.Text(s)
		return e
	}
	e.sep()
	if !strings.ContainsAny(s, ",\"\r\n") {
		e.buf = append(e.buf, s...)
		return e
	}
	e.buf = append(e.buf, '"')
	e.buf = append(e.buf, strings.ReplaceAll(oneLine(s), `"`, `""`)...)
	e.buf = append(e.buf, '"')
	return e
}

// oneLine keeps a text on one line, since the reader counts lines.
func oneLine(s string) string {
	return strings.NewReplacer("\r\n", " ", "\n", " ", "\r", " ").Replace(s)
}

func (r Event) oneLine() Event {
	if strings.ContainsAny(r.Kind+r.Place+r.Detail, "\r\n") {
		r.Kind, r.Place, r.Detail = oneLine(r.Kind), oneLine(r.Place), oneLine(r.Detail)
	}
	return r
}

func (e *encoder) end() {
	if e.cells != nil {
		e.cells.End()
		return
	}
	e.buf = append(e.buf, '\n')
	e.fresh = true
	if len(e.buf) >= flushAt {
		e.flush()
	}
}

func (e *encoder) flush() {
	if e.err == nil {
		_, e.err = e.out.Write(e.buf)
	}
	e.buf = e.buf[:0]
}

func (e *encoder) header(columns []Column) {
	for _, c := range columns {
		e.text(c.Name)
	}
	e.end()
}

func (s *source) write(sink Sink, run *Run) error {
	file, err := sink.Create(s.name + ".csv")
	if err != nil {
		return fmt.Errorf("writing %s.csv: %w", s.name, err)
	}
	e := newEncoder(file, run.Names, run.Start)
	e.header(s.columns)
	s.encode(e)
	return e.close(file, s.name)
}

func (e *encoder) close(file io.Closer, name string) error {
	e.flush()
	err := file.Close()
	if e.err != nil {
		err = e.err
	}
	if err != nil {
		return fmt.Errorf("writing %s.csv: %w", name, err)
	}
	return nil
}

// WriteColumns writes columns.csv, the data dictionary of all tables, whatever their format.
func WriteColumns(sink Sink) error {
	file, err := sink.Create("columns.csv")
	if err != nil {
		return fmt.Errorf("writing columns.csv: %w", err)
	}
	e := newEncoder(file, nil, 0)
	e.text("table").text("column").text("type").text("unit").text("meaning").end()
	for _, c := range Columns() {
		e.text(c.Table).text(c.Name).text(c.Type).text(c.Unit).text(c.Meaning).end()
	}
	return e.close(file, "columns")
}

package store

import (
	"encoding/binary"
	"errors"
	"math"

	"entrepot/experiment"
)

// A run's record: its number, then table by table the number of rows and the columns. Whole numbers are differences to the row
// before, in as few bytes as they need; floats are eight bytes; a column's texts stand once each, and rows have their places.

var errRecord = errors.New("a record of the journal must hold a run of this study, got something else")

// appendRun encodes a run.
func appendRun(b []byte, run int, tables []experiment.Table, rows []experiment.Rows) []byte {
	b = binary.AppendUvarint(b, uint64(run))
	for i := range tables {
		t, r := &tables[i], &rows[i]
		b = binary.AppendUvarint(b, uint64(r.Len(t)))
		for c := range t.Columns {
			switch t.Columns[c].Kind {
			case experiment.Float:
				for _, x := range r.Float[c] {
					b = binary.LittleEndian.AppendUint64(b, math.Float64bits(x))
				}
			case experiment.Text:
				b = appendTexts(b, r.Text[c])
			default:
				b = appendInts(b, r.Int[c])
			}
		}
	}
	return b
}

func appendInts(b []byte, column []int64) []byte {
	var last int64
	for _, n := range column {
		b = binary.AppendVarint(b, n-last) // goes round where it overflows, and back when read
		last = n
	}
	return b
}

func appendTexts(b []byte, column []string) []byte {
	var places []int
	var distinct []string
	seen := map[string]int{}
	for _, s := range column {
		k, ok := seen[s]
		if !ok {
			k = len(distinct)
			seen[s], distinct = k, append(distinct, s)
		}
		places = append(places, k)
	}
	b = binary.AppendUvarint(b, uint64(len(distinct)))
	for _, s := range distinct {
		b = binary.AppendUvarint(b, uint64(len(s)))
		b = append(b, s...)
	}
	if len(distinct) > 1 {
		for _, k := range places {
			b = binary.AppendUvarint(b, uint64(k))
		}
	}
	return b
}

// decoder takes a record apart. After the first thing that cannot be, all that follows is zero.
type decoder struct {
	b   []byte
	bad bool
}

// runOf returns the run of a record.
func runOf(record []byte) (int, error) {
	d := decoder{b: record}
	run := d.size(math.MaxInt)
	if d.bad {
		return 0, errRecord
	}
	return run, nil
}

// decodeRun puts the rows of a record in place of what rows hold.
func decodeRun(record []byte, tables []experiment.Table, rows []experiment.Rows) (run int, err error) {
	d := decoder{b: record}
	run = d.size(math.MaxInt)
	for i := range tables {
		rows[i].Reset()
		n := d.size(len(d.b)) // each row has at least the byte of its run
		for c := range tables[i].Columns {
			switch tables[i].Columns[c].Kind {
			case experiment.Float:
				rows[i].Float[c] = d.floats(rows[i].Float[c], n)
			case experiment.Text:
				rows[i].Text[c] = d.texts(rows[i].Text[c], n)
			default:
				rows[i].Int[c] = d.ints(rows[i].Int[c], n)
			}
		}
	}
	if d.bad || len(d.b) > 0 {
		return 0, errRecord
	}
	return run, nil
}

// size reads a number of at most most.
func (d *decoder) size(most int) int {
	n, width := binary.Uvarint(d.b)
	if width <= 0 || n > uint64(most) {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[width:]
	return int(n)
}

// take reads n bytes.
func (d *decoder) take(n int) []byte {
	if n > len(d.b) {
		d.bad, d.b = true, nil
		return nil
	}
	head := d.b[:n]
	d.b = d.b[n:]
	return head
}

func (d *decoder) floats(into []float64, n int) []float64 {
	for b := d.take(8 * n); len(b) > 0; b = b[8:] {
		into = append(into, math.Float64frombits(binary.LittleEndian.Uint64(b)))
	}
	return into
}

func (d *decoder) ints(into []int64, n int) []int64 {
	var last int64
	for range n {
		step, width := binary.Varint(d.b)
		if width <= 0 {
			d.bad, d.b = true, nil
			return into
		}
		d.b = d.b[width:]
		last += step
		into = append(into, last)
	}
	return into
}

func (d *decoder) texts(into []string, n int) []string {
	distinct := make([]string, d.size(n))
	for k := range distinct {
		distinct[k] = string(d.take(d.size(len(d.b))))
	}
	if d.bad || n > 0 && len(distinct) == 0 {
		d.bad, d.b = true, nil
		return into
	}
	for range n {
		k := 0
		if len(distinct) > 1 {
			k = d.size(len(distinct) - 1)
		}
		into = append(into, distinct[k])
	}
	return into
}

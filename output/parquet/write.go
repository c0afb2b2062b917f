package parquet

import (
	"fmt"
	"io"
	"math"

	"github.com/parquet-go/parquet-go"

	"entrepot/experiment"
)

// Writer appends rows to a Parquet file. It is not safe for concurrent use. What it holds in memory does not grow with the
// number of rows, but for what the end of the file says of each page and row group.
type Writer struct {
	table *experiment.Table
	out   *parquet.GenericWriter[any]
	into  []*parquet.ColumnWriter
	held  experiment.Rows // rows that do not fill a batch yet
	batch int             // rows of a batch
	group int             // rows of a row group
	rows  int             // of the row group at work
	cells []parquet.Value
	text  []byte // what the cells of a text column point into
}

// Options say how a file is written. Only Meta shows in its bytes.
type Options struct {
	Meta  map[string]string // units and meanings of the columns are added to it
	Codec *Codec            // that writers share; nil: one of its own
	Spool Spool             // where pages wait for their row group, for this file alone; nil: in memory
}

// NewWriter starts a file of a table.
func NewWriter(to io.Writer, t *experiment.Table, o Options) (*Writer, error) {
	if err := check(t); err != nil {
		return nil, err
	}
	if o.Codec == nil {
		o.Codec = NewCodec()
	}
	config := &parquet.WriterConfig{
		CreatedBy:        "entrepot version 1", // parquet-go names its own version and build, which are in no way about the rows
		PageBufferSize:   pageSize(len(t.Columns)),
		KeyValueMetadata: metadata(t, o.Meta),
	}
	if o.Spool != nil {
		config.ColumnPageBuffers = newSpool(o.Spool)
	}
	out := parquet.NewGenericWriter[any](to, schema(t, o.Codec), config)
	return &Writer{table: t, out: out, into: out.ColumnWriters(), held: experiment.NewRows(t), batch: batchRows(len(t.Columns)),
		group: groupRows(len(t.Columns)), cells: make([]parquet.Value, 0, batch)}, nil
}

// Append adds rows. It keeps nothing of them.
func (w *Writer) Append(rows *experiment.Rows) error {
	if err := rows.Check(w.table); err != nil {
		return err
	}
	for from, n := 0, rows.Len(w.table); from < n; {
		to := min(n, from+w.batch-w.held.Len(w.table))
		w.held.Append(w.table, rows, from, to)
		from = to
		if w.held.Len(w.table) == w.batch {
			if err := w.hand(); err != nil {
				return err
			}
		}
	}
	return nil
}

// hand passes the rows held on, and ends a row group that is full.
func (w *Writer) hand() error {
	for c := range w.into {
		if err := w.column(c); err != nil {
			return err
		}
		if _, err := w.into[c].WriteRowValues(w.cells); err != nil {
			return err
		}
	}
	w.rows += w.held.Len(w.table)
	w.held.Reset()
	if w.rows < w.group {
		return nil
	}
	w.rows = 0
	return w.out.Flush()
}

// column makes cells of the values of a column.
func (w *Writer) column(c int) error {
	w.cells, w.text = w.cells[:0], w.text[:0]
	kind := w.table.Columns[c].Kind
	switch kind {
	case experiment.Float:
		for _, x := range w.held.Float[c] {
			w.put(c, parquet.DoubleValue(x), math.IsNaN(x))
		}
	case experiment.Text:
		for _, s := range w.held.Text[c] {
			from := len(w.text)
			w.text = append(w.text, s...)
			w.put(c, parquet.ByteArrayValue(w.text[from:]), false)
		}
	case experiment.Int:
		for _, n := range w.held.Int[c] {
			w.put(c, parquet.Int64Value(n), n == experiment.None)
		}
	default:
		for _, n := range w.held.Int[c] {
			if none := n == experiment.None; !none && int64(int32(n)) != n {
				return fmt.Errorf("column %s of table %s must hold numbers of 32 bits, got %d", w.table.Columns[c].Name, w.table.Name, n)
			}
			w.put(c, parquet.Int32Value(int32(n)), n == experiment.None)
		}
	}
	return nil
}

func (w *Writer) put(c int, v parquet.Value, none bool) {
	switch {
	case !optional(w.table, c):
		v = v.Level(0, 0, c)
	case none:
		v = parquet.NullValue().Level(0, 0, c)
	default:
		v = v.Level(0, 1, c)
	}
	w.cells = append(w.cells, v)
}

// Close writes what is held and ends the file; it does not close what it writes to.
func (w *Writer) Close() error {
	if err := w.hand(); err != nil {
		return err
	}
	return w.out.Close()
}

package parquet

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"github.com/parquet-go/parquet-go"

	"entrepot/experiment"
)

// Reader reads the rows of a Parquet file in their order. It is not safe for concurrent use.
type Reader struct {
	file  *parquet.File
	table experiment.Table
	from  []*cursor // by column of the table
	left  int64     // rows not read yet
	cells [batch]parquet.Value
}

// damaged makes an error of a panic: parquet-go trusts the lengths and counts that stand in a file, and one that a disk has damaged, or
// somebody has made up, lets it reach beyond what is there.
func damaged(err *error) {
	if r := recover(); r != nil {
		*err = fmt.Errorf("must be a Parquet file as it was written, got one that is damaged (%v)", r)
	}
}

// NewReader opens a file of a number of bytes: all its columns, or those named, in their order.
func NewReader(file io.ReaderAt, size int64, columns ...string) (r *Reader, err error) {
	defer damaged(&err)
	if err := checkEnd(file, size); err != nil {
		return nil, err
	}
	f, err := parquet.OpenFile(file, size, parquet.SkipBloomFilters(true), parquet.SkipPageIndex(true))
	if err != nil {
		return nil, err
	}
	r = &Reader{file: f, left: f.NumRows(), table: experiment.Table{Name: f.Schema().Name(), Meaning: lookup(f, tableKey)}}
	all := f.Root().Columns()
	if len(all) == 0 {
		return nil, errors.New("must have a column, got none")
	}
	if len(columns) == 0 {
		for _, c := range all {
			columns = append(columns, c.Name())
		}
	}
	for _, name := range columns {
		i := slices.IndexFunc(all, func(c *parquet.Column) bool { return c.Name() == name })
		if i < 0 {
			return nil, fmt.Errorf("column %s must be there", name)
		}
		if !all[i].Leaf() || all[i].Repeated() {
			return nil, fmt.Errorf("column %s must hold one value a row", name)
		}
		kind, err := kindOf(all[i].Type())
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", name, err)
		}
		r.table.Columns = append(r.table.Columns, experiment.Column{Name: name, Kind: kind, Unit: lookup(f, unitKey+name), Meaning: lookup(f, meaningKey+name)})
		r.from = append(r.from, &cursor{file: f, groups: f.RowGroups(), column: i, known: map[string]string{}})
	}
	return r, nil
}

func lookup(f *parquet.File, key string) string {
	text, _ := f.Lookup(key)
	return text
}

// Table returns the table of the rows that are read.
func (r *Reader) Table() *experiment.Table { return &r.table }

// Rows is the number of rows of the file.
func (r *Reader) Rows() int64 { return r.file.NumRows() }

// Meta returns an entry of the file's metadata, or "".
func (r *Reader) Meta(key string) string { return lookup(r.file, key) }

// Read appends at most n rows and returns how many; after the last row the error is io.EOF.
func (r *Reader) Read(rows *experiment.Rows, n int) (read int, err error) {
	defer damaged(&err)
	if r.left == 0 {
		return 0, io.EOF
	}
	n = int(min(int64(n), r.left))
	for c := range r.table.Columns {
		if err := r.from[c].read(rows, c, r.table.Columns[c].Kind, n, r.cells[:]); err != nil {
			return 0, fmt.Errorf("column %s: %w", r.table.Columns[c].Name, err)
		}
	}
	r.left -= int64(n)
	return n, nil
}

// Close frees what the reader holds; the file is the caller's.
func (r *Reader) Close() {
	for _, c := range r.from {
		c.close()
	}
}

// cursor is a place in a column of a file.
type cursor struct {
	file   *parquet.File
	groups []parquet.RowGroup // those not begun yet
	column int
	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	known  map[string]string // texts read before, to keep each once
}

// read appends n values to column c of rows, through cells.
func (u *cursor) read(rows *experiment.Rows, c int, kind experiment.Kind, n int, cells []parquet.Value) error {
	for n > 0 {
		if u.values == nil {
			if err := u.turn(); err != nil {
				return err
			}
		}
		got, err := u.values.ReadValues(cells[:min(n, len(cells))])
		u.add(rows, c, kind, cells[:got])
		n -= got
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		if err != nil || got == 0 {
			u.drop()
		}
	}
	return nil
}

// turn goes to the next page.
func (u *cursor) turn() error {
	for {
		if u.pages == nil {
			if len(u.groups) == 0 {
				return io.ErrUnexpectedEOF
			}
			all := u.file.Metadata().RowGroups
			chunk := &all[len(all)-len(u.groups)].Columns[u.column]
			if err := checkChunk(u.file, u.file.Size(), &chunk.MetaData, u.file.Root().Columns()[u.column].Optional()); err != nil {
				return fmt.Errorf("must be a Parquet file as it was written, got one that is damaged: %w", err)
			}
			u.pages, u.groups = u.groups[0].ColumnChunks()[u.column].Pages(), u.groups[1:]
		}
		page, err := u.pages.ReadPage()
		if err == nil {
			u.page, u.values = page, page.Values()
			return nil
		}
		u.close()
		if !errors.Is(err, io.EOF) {
			return err
		}
	}
}

// drop leaves a page that was read.
func (u *cursor) drop() {
	if u.page != nil {
		parquet.Release(u.page)
	}
	u.page, u.values = nil, nil
}

func (u *cursor) close() {
	u.drop()
	if u.pages != nil {
		u.pages.Close()
		u.pages = nil
	}
}

// add turns cells into values.
func (u *cursor) add(rows *experiment.Rows, c int, kind experiment.Kind, cells []parquet.Value) {
	for _, v := range cells {
		switch {
		case kind == experiment.Text:
			rows.Text[c] = append(rows.Text[c], u.textOf(v))
		case kind == experiment.Float && v.IsNull():
			rows.Float[c] = append(rows.Float[c], math.NaN())
		case kind == experiment.Float:
			rows.Float[c] = append(rows.Float[c], v.Double())
		case v.IsNull():
			rows.Int[c] = append(rows.Int[c], experiment.None)
		case kind == experiment.Int:
			rows.Int[c] = append(rows.Int[c], v.Int64())
		default:
			rows.Int[c] = append(rows.Int[c], int64(v.Int32()))
		}
	}
}

// textOf keeps equal texts once: ids fill most text columns.
func (u *cursor) textOf(v parquet.Value) string {
	b := v.ByteArray()
	if s, ok := u.known[string(b)]; ok {
		return s
	}
	if len(u.known) == 1<<12 {
		clear(u.known)
	}
	s := string(b)
	u.known[s] = s
	return s
}

// Package parquet writes and reads tables as Parquet files, which DuckDB, pandas, polars and R read. A file's bytes depend on
// its rows alone: not on how they were cut into pieces when they were handed over, nor on a clock, a host or a version.
package parquet

import (
	"fmt"
	"maps"
	"math/bits"
	"reflect"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/format"

	"entrepot/experiment"
)

// Sizes of a file's parts. They are part of the format: other sizes give other bytes.
const (
	batch      = 1024    // rows that are handed on at a time; pages end with a batch
	pageBytes  = 1 << 16 // size at which a page ends, before compression
	allBytes   = 1 << 18 // of the pages of all columns together
	groupCells = 1 << 21 // values of a row group, 16 MB to a reader; docs/formats.md names the rows
)

// wide is the number of columns above which batches are half as large: the columns of a batch wait for each other.
const wide = 32

func batchRows(columns int) int {
	if columns > wide {
		return batch / 2
	}
	return batch
}

// pageSize is the size at which a page ends, for a number of columns. In a wide table every batch is a page, so that no column has to
// hold its rows until those of a page are together.
func pageSize(columns int) int { return min(pageBytes, allBytes/max(1, columns)) }

// groupRows is the number of rows of a row group for a number of columns, a power of two: a reader that takes row groups whole needs no
// more memory for a wide table than for a narrow one.
func groupRows(columns int) int {
	rows := groupCells / max(1, columns)
	return max(batch, 1<<(bits.Len(uint(rows))-1))
}

// group is a row's type whose columns keep their order: parquet-go's own sorts them by name.
type group struct {
	parquet.Group
	fields []parquet.Field
}

func (g *group) Fields() []parquet.Field { return g.fields }

// GoType is asked for by nobody who hands over columns; parquet-go's own makes a struct of the names, whatever is in them.
func (g *group) GoType() reflect.Type { return reflect.TypeFor[map[string]any]() }

// field is a column under its name.
type field struct {
	parquet.Node
	name string
}

func (f *field) Name() string { return f.name }

// Value serves readers and writers of Go structs, which this package does not use.
func (f *field) Value(row reflect.Value) reflect.Value { return row.MapIndex(reflect.ValueOf(f.name)) }

// schema returns a table's type in Parquet's terms. Numbers but the first column may be null; texts are empty instead.
func schema(t *experiment.Table, codec *Codec) *parquet.Schema {
	g := &group{}
	for c := range t.Columns {
		n := parquet.Compressed(node(t.Columns[c].Kind), codec)
		if optional(t, c) {
			n = parquet.Optional(n)
		}
		g.fields = append(g.fields, &field{n, t.Columns[c].Name})
	}
	return parquet.NewSchema(t.Name, g)
}

func optional(t *experiment.Table, c int) bool { return c > 0 && t.Columns[c].Kind != experiment.Text }

// node is the type of a column. Texts are ids and reasons, which repeat. Numbers stand as they are: differences and bytes laid side by side make the files of
// a run a quarter larger once they are packed, those of an ensemble a twelfth smaller, and fastparquet, with which pandas reads where it has no pyarrow,
// knows neither, or misreads them.
func node(k experiment.Kind) parquet.Node {
	switch k {
	case experiment.Float:
		return parquet.Encoded(parquet.Leaf(parquet.DoubleType), &parquet.Plain)
	case experiment.Text:
		return parquet.Encoded(parquet.String(), &parquet.RLEDictionary)
	case experiment.Int32:
		return parquet.Encoded(parquet.Int(32), &parquet.Plain)
	case experiment.Date:
		return parquet.Encoded(parquet.Date(), &parquet.Plain)
	}
	return parquet.Encoded(parquet.Int(64), &parquet.Plain)
}

// kindOf is the reverse of node.
func kindOf(t parquet.Type) (experiment.Kind, error) {
	switch t.Kind() {
	case parquet.Double:
		return experiment.Float, nil
	case parquet.ByteArray:
		return experiment.Text, nil
	case parquet.Int64:
		return experiment.Int, nil
	case parquet.Int32:
		if l := t.LogicalType(); l != nil {
			if _, date := l.Value.(*format.DateType); date {
				return experiment.Date, nil
			}
		}
		return experiment.Int32, nil
	}
	return 0, fmt.Errorf("must be a whole number, a decimal, a date or a text, got %s", t)
}

// Keys of the metadata: what the table is, and unit and meaning of each column.
const (
	tableKey   = "meaning"
	unitKey    = "unit:"
	meaningKey = "meaning:"
)

// metadata is what a file says of its table, beside what the caller wants said.
func metadata(t *experiment.Table, also map[string]string) map[string]string {
	m := map[string]string{}
	maps.Copy(m, also)
	if t.Meaning != "" {
		m[tableKey] = t.Meaning
	}
	for _, c := range t.Columns {
		if c.Unit != "" {
			m[unitKey+c.Name] = c.Unit
		}
		if c.Meaning != "" {
			m[meaningKey+c.Name] = c.Meaning
		}
	}
	return m
}

// check says what is wrong with a table: nobody but a programmer can cause that.
func check(t *experiment.Table) error {
	if len(t.Columns) == 0 {
		return fmt.Errorf("table %s must have columns", t.Name)
	}
	seen := map[string]bool{}
	for _, c := range t.Columns {
		if c.Name == "" || seen[c.Name] {
			return fmt.Errorf("columns of table %s must have names of their own, got %q", t.Name, c.Name)
		}
		seen[c.Name] = true
	}
	return nil
}

package experiment

import (
	"fmt"
	"math"
	"slices"
)

// Kind is what a column holds.
type Kind uint8

// The kinds of columns. A Float that is NaN, and an Int, Int32 or Date that is None, is a value that does not exist (a price
// where nothing was traded, a figure of a failed run): readers see null.
const (
	Int Kind = iota
	Float
	Text
	Int32 // its values stand in Rows.Int
	Date  // days since 1970-01-01, in Rows.Int
)

// None stands for a whole number or a date that does not exist.
const None = math.MinInt64

// kinds are the names of kinds in files, in their order.
func kinds() []string { return []string{"int", "float", "text", "int32", "date"} }

// MarshalText names a kind.
func (k Kind) MarshalText() ([]byte, error) { return []byte(kinds()[k]), nil }

// UnmarshalText is the reverse of MarshalText.
func (k *Kind) UnmarshalText(name []byte) error {
	i := slices.Index(kinds(), string(name))
	if i < 0 {
		return fmt.Errorf("must be one of %q, got %q", kinds(), name)
	}
	*k = Kind(i)
	return nil
}

// Column is one column of a table.
type Column struct {
	Name    string `json:"name"`
	Kind    Kind   `json:"kind"`
	Unit    string `json:"unit,omitempty"` // "" for names, numbers of runs and the like
	Meaning string `json:"meaning,omitempty"`
}

// Table is a table of a study's results. Its first column is always the number of the run, or of the design point.
type Table struct {
	Name    string   `json:"name"`
	Meaning string   `json:"meaning,omitempty"`
	Columns []Column `json:"columns"`
}

// Rows are rows of a table, column by column: entry c of the list that belongs to the kind of column c holds its values,
// the other two lists are empty there. Whole numbers and dates are in Int.
type Rows struct {
	Int   [][]int64
	Float [][]float64
	Text  [][]string
}

// NewRows returns no rows of a table, with room for all its columns.
func NewRows(t *Table) Rows {
	n := len(t.Columns)
	return Rows{make([][]int64, n), make([][]float64, n), make([][]string, n)}
}

// Len returns the number of rows of a table.
func (r *Rows) Len(t *Table) int {
	switch t.Columns[0].Kind {
	case Float:
		return len(r.Float[0])
	case Text:
		return len(r.Text[0])
	}
	return len(r.Int[0])
}

// Check says what is wrong with rows of a table: nobody but a programmer can cause that.
func (r *Rows) Check(t *Table) error {
	if n := len(t.Columns); n == 0 || len(r.Int) != n || len(r.Float) != n || len(r.Text) != n {
		return fmt.Errorf("rows of table %s must have its %d columns, got %d", t.Name, n, len(r.Int))
	}
	n := r.Len(t)
	for c := range t.Columns {
		got := len(r.Int[c])
		switch t.Columns[c].Kind {
		case Float:
			got = len(r.Float[c])
		case Text:
			got = len(r.Text[c])
		}
		if got != n {
			return fmt.Errorf("column %s of table %s must have %d rows, got %d", t.Columns[c].Name, t.Name, n, got)
		}
	}
	return nil
}

// Append adds rows from to to of others.
func (r *Rows) Append(t *Table, others *Rows, from, to int) {
	for c := range t.Columns {
		switch t.Columns[c].Kind {
		case Float:
			r.Float[c] = append(r.Float[c], others.Float[c][from:to]...)
		case Text:
			r.Text[c] = append(r.Text[c], others.Text[c][from:to]...)
		default:
			r.Int[c] = append(r.Int[c], others.Int[c][from:to]...)
		}
	}
}

// Reset empties the rows and keeps their room.
func (r *Rows) Reset() {
	for c := range r.Int {
		r.Int[c], r.Float[c], r.Text[c] = r.Int[c][:0], r.Float[c][:0], r.Text[c][:0]
	}
}

// Results are what the runs of a study gave.
type Results interface {
	// Each calls do with every kept run and its rows, in the order of runs, until do fails. The rows are valid until do returns.
	Each(do func(run int, rows []Rows) error) error
}

// Store keeps what runs gave, whatever becomes of the program. A study asks it which runs are there already, does the
// others and keeps each; at the end the store holds the rows of all runs in the order of their numbers, so that the result
// does not show how many workers there were or how often the work was broken off.
//
// Keep may be called from several goroutines. The other methods may not, nor while Keep runs.
type Store interface {
	Results
	// Kept reports whether a run is there already.
	Kept(run int) bool
	// Keep takes the rows of a finished run, one Rows for each of the study's tables. What it returned nil for survives the end
	// of the program at any moment.
	Keep(run int, rows []Rows) error
}

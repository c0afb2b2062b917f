package experiment

// Kind is what a column holds.
type Kind uint8

// The kinds of columns. A Float that is NaN is a value that does not exist (a price where nothing was traded, a figure of
// a failed run): readers see null.
const (
	Int Kind = iota
	Float
	Text
)

// Column is one column of a table.
type Column struct {
	Name    string
	Kind    Kind
	Unit    string // "" for names, numbers of runs and the like
	Meaning string
}

// Table is a table of a study's results. Its first column is always the number of the run, or of the design point.
type Table struct {
	Name    string
	Meaning string
	Columns []Column
}

// Rows are rows of a table, column by column: entry c of the list that belongs to the kind of column c holds its values,
// the other two lists are empty there.
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
	case Int:
		return len(r.Int[0])
	case Float:
		return len(r.Float[0])
	}
	return len(r.Text[0])
}

// Reset empties the rows and keeps their room.
func (r *Rows) Reset() {
	for c := range r.Int {
		r.Int[c], r.Float[c], r.Text[c] = r.Int[c][:0], r.Float[c][:0], r.Text[c][:0]
	}
}

// Store keeps what runs gave, whatever becomes of the program. A study asks it which runs are there already, does the
// others and keeps each; at the end the store holds the rows of all runs in the order of their numbers, so that the result
// does not show how many workers there were or how often the work was broken off.
//
// Keep may be called from several goroutines. The other methods may not, nor while Keep runs.
type Store interface {
	// Kept reports whether a run is there already.
	Kept(run int) bool
	// Keep takes the rows of a finished run, one Rows for each of the study's tables. What it returned nil for survives the end
	// of the program at any moment.
	Keep(run int, rows []Rows) error
	// Each calls do with every kept run and its rows, in the order of runs, until do fails. The rows are valid until do returns.
	Each(do func(run int, rows []Rows) error) error
}

package store

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"entrepot/experiment"
	"entrepot/output/parquet"
)

// source reads the Parquet files of a finished folder run by run, in the order of runs. What it holds does not grow with their
// number.
type source struct{ tables []*tableReader }

// tableReader reads one table. ahead holds rows that were read, those before at were given.
type tableReader struct {
	path  string
	file  *os.File
	in    *parquet.Reader
	table *experiment.Table
	ahead experiment.Rows
	at    int
	ended bool
}

// rowsAhead is how many rows are read at a time.
const rowsAhead = 128

// openSource opens the tables of a folder.
func openSource(dir string, tables []experiment.Table) (*source, error) {
	s := &source{}
	for i := range tables {
		r, err := openTable(dir, &tables[i])
		if err != nil {
			s.close()
			return nil, err
		}
		s.tables = append(s.tables, r)
	}
	return s, nil
}

func openTable(dir string, t *experiment.Table) (*tableReader, error) {
	path := filepath.Join(dir, tableFile(t.Name))
	file, in, err := openParquet(path)
	if err != nil {
		return nil, err
	}
	if !slices.Equal(in.Table().Columns, t.Columns) {
		file.Close()
		return nil, fmt.Errorf("%s must have the columns that its manifest lists, got others", path)
	}
	return &tableReader{path: path, file: file, in: in, table: t, ahead: experiment.NewRows(t)}, nil
}

func openParquet(path string, columns ...string) (*os.File, *parquet.Reader, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	info, err := file.Stat()
	if err == nil {
		var in *parquet.Reader
		if in, err = parquet.NewReader(file, info.Size(), columns...); err == nil {
			return file, in, nil
		}
	}
	file.Close()
	return nil, nil, fmt.Errorf("reading %s: %w", path, err)
}

// rows puts the rows of a run in place of what rows hold. Runs must be asked for in their order.
func (s *source) rows(run int, into []experiment.Rows) error {
	for i, r := range s.tables {
		into[i].Reset()
		if err := r.rows(int64(run), &into[i]); err != nil {
			return fmt.Errorf("reading %s: %w", r.path, err)
		}
	}
	return nil
}

func (r *tableReader) rows(run int64, into *experiment.Rows) error {
	for {
		from, runs := r.at, r.ahead.Int[0]
		for r.at < len(runs) && runs[r.at] == run {
			r.at++
		}
		into.Append(r.table, &r.ahead, from, r.at)
		if r.at < len(runs) && runs[r.at] < run {
			return fmt.Errorf("runs must be in order and none beside those asked for, got run %d at run %d", runs[r.at], run)
		}
		if r.at < len(runs) || r.ended {
			return nil
		}
		r.ahead.Reset()
		r.at = 0
		switch _, err := r.in.Read(&r.ahead, rowsAhead); {
		case errors.Is(err, io.EOF):
			r.ended = true
		case err != nil:
			return err
		}
	}
}

func (s *source) close() {
	for _, r := range s.tables {
		r.in.Close()
		r.file.Close()
	}
}

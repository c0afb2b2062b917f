package parquet

import (
	"fmt"
	"io"
	"math"

	"entrepot/experiment"
	"entrepot/output/tables"
	"entrepot/sim"
)

// WriteRun writes every table of a run as a file of its own, <table>.parquet, with the columns of the CSV tables: weeks are
// whole numbers of 32 bits, dates dates, what is empty in CSV null, ids and texts texts.
func WriteRun(sink tables.Sink, run *tables.Run) error {
	codec := NewCodec()
	return run.Tables(func(name string, columns []tables.Column) (tables.Cells, error) {
		file, err := sink.Create(name + ".parquet")
		if err != nil {
			return nil, fmt.Errorf("writing %s.parquet: %w", name, err)
		}
		t := experiment.RunTable(name, columns)
		w, err := NewWriter(file, &t, Options{Codec: codec})
		if err != nil {
			file.Close()
			return nil, fmt.Errorf("writing %s.parquet: %w", name, err)
		}
		return &cells{table: &t, file: file, out: w, rows: experiment.NewRows(&t)}, nil
	})
}

// cells makes rows of the cells of a run's table. An error stays until Close.
type cells struct {
	table *experiment.Table
	file  io.Closer
	out   *Writer
	rows  experiment.Rows
	at    int // column of the next cell
	err   error
}

func (c *cells) Int(n int64) { c.rows.Int[c.at], c.at = append(c.rows.Int[c.at], n), c.at+1 }

func (c *cells) Float(x float64) { c.rows.Float[c.at], c.at = append(c.rows.Float[c.at], x), c.at+1 }

func (c *cells) Text(s string) { c.rows.Text[c.at], c.at = append(c.rows.Text[c.at], s), c.at+1 }

func (c *cells) Date(d sim.Date) { c.Int(int64(d)) }

func (c *cells) None() {
	if c.table.Columns[c.at].Kind == experiment.Float {
		c.Float(math.NaN())
		return
	}
	c.Int(experiment.None)
}

func (c *cells) End() {
	if c.at = 0; c.rows.Len(c.table) == batch {
		c.flush()
	}
}

func (c *cells) flush() {
	if c.err == nil {
		c.err = c.out.Append(&c.rows)
	}
	c.rows.Reset()
}

func (c *cells) Close() error {
	c.flush()
	if c.err == nil {
		c.err = c.out.Close()
	}
	if closed := c.file.Close(); c.err == nil {
		c.err = closed
	}
	if c.err != nil {
		return fmt.Errorf("writing %s.parquet: %w", c.table.Name, c.err)
	}
	return nil
}

package scenarios

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// maxTableBytes bounds one CSV file.
const maxTableBytes = 16 << 20

// Bounds on a table's shape: a file of commas shall not become a gigabyte of cells.
const (
	maxColumns = 1000
	maxCells   = 2_000_000
)

// rawTable is a CSV file as text, with the position of every cell.
type rawTable struct {
	file   string
	header []cell
	rows   [][]cell
	cells  int
}

type cell struct {
	at   position
	text string
}

// at returns the position of a column in a row, or of the row where the file has no such column.
func (t *rawTable) at(row int, column string) position {
	if t == nil || row >= len(t.rows) {
		return position{}
	}
	if i := t.column(column); i >= 0 && i < len(t.rows[row]) {
		return t.rows[row][i].at
	}
	return t.rows[row][0].at
}

// column returns the index of a column, or -1.
func (t *rawTable) column(name string) int {
	return slices.IndexFunc(t.header, func(c cell) bool { return c.text == name })
}

// readCSV splits a table into cells. A line that starts with # is a comment. Problems go to the collector; the rows
// before a syntax error are kept, and ok is false.
func readCSV(file string, data []byte, c *collector) (t *rawTable, ok bool) {
	t = &rawTable{file: file}
	start := position{file, 1, 1}
	if len(data) > maxTableBytes {
		c.add(start, "", Say("must be a file of at most %s bytes, got more", maxTableBytes))
		return t, false
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if at, bad := firstNonText(start, data); bad.Format != "" {
		c.add(at, "", Say("must be UTF-8 text, got %s", bad))
		return t, false
	}
	reader := csv.NewReader(bytes.NewReader(data))
	reader.Comment, reader.FieldsPerRecord = '#', -1
	lines := bytes.Split(data, []byte("\n"))
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			c.add(csvPosition(file, err, lines), "", Say("must be a CSV row, got a syntax error: %s", fault(csvMessage(err))), Say("double the quotes inside a quoted cell"))
			return t, false
		}
		line, _ := reader.FieldPos(0)
		if t.cells += len(record); len(record) > maxColumns {
			c.add(position{file, line, 1}, "", Say("must be a row of at most %s, got %s", count(maxColumns, "%s cell", "%s cells"), len(record)))
			return t, false
		} else if t.cells > maxCells {
			c.add(position{file, line, 1}, "", Say("must be a table of at most %s, got more", count(maxCells, "%s cell", "%s cells")))
			return t, false
		}
		t.keep(record, reader, lines)
	}
	if t.header == nil {
		c.add(start, "", Say("must start with a row of column names, got an empty file"))
	}
	return t, t.header != nil
}

func (t *rawTable) keep(record []string, reader *csv.Reader, lines [][]byte) {
	row := make([]cell, len(record))
	for i, s := range record {
		line, col := reader.FieldPos(i)
		row[i] = cell{position{t.file, line, characters(lines[line-1], col)}, strings.TrimSpace(s)}
	}
	if t.header == nil {
		t.header = row
		return
	}
	t.rows = append(t.rows, row)
}

// characters turns a column in bytes into one in characters, both from 1.
func characters(line []byte, col int) int {
	return utf8.RuneCount(line[:min(col-1, len(line))]) + 1
}

func csvPosition(file string, err error, lines [][]byte) position {
	var parse *csv.ParseError
	if errors.As(err, &parse) && parse.Line <= len(lines) {
		return position{file, parse.Line, characters(lines[parse.Line-1], max(parse.Column, 1))}
	}
	return position{file, 1, 1}
}

func csvMessage(err error) string {
	var parse *csv.ParseError
	if errors.As(err, &parse) {
		return parse.Err.Error()
	}
	return err.Error()
}

// define joins a table's description with the slice and the struct fields that it fills.
func define[T any](t Table, rows func(*world) *[]T, specs []spec[T]) Table {
	for _, s := range specs {
		t.Columns = append(t.Columns, s.Column)
	}
	if !t.Open {
		t.Columns = append(t.Columns, columnsOf(provenance())...)
	}
	t.load = func(raw *rawTable, w *world, c *checker) {
		t.checkHeader(raw, c)
		into := rows(w)
		for i, cells := range raw.rows[:min(len(raw.rows), t.MaxRows)] {
			var v T
			before, refs := len(c.found), len(c.used)
			fill(&v, specs, raw, i, c)
			if !t.Open {
				fill(&row{}, provenance(), raw, i, c)
			}
			if len(cells) != len(raw.header) { // every cell may be another's: only the number of them is worth telling
				c.found, c.used = c.found[:before], c.used[:refs]
				t.wrongWidth(raw, cells, c)
			}
			*into = append(*into, v)
		}
		t.checkKeys(raw, c)
	}
	return t
}

func columnsOf[T any](specs []spec[T]) []Column {
	var columns []Column
	for _, s := range specs {
		columns = append(columns, s.Column)
	}
	return columns
}

// checkHeader reports unknown, repeated and missing columns, and a table that is too long.
func (t Table) checkHeader(raw *rawTable, c *checker) {
	known := columnNames(t.Columns)
	for i, h := range raw.header {
		if c.full() {
			return
		}
		if first := raw.column(h.text); first < i {
			c.add(h.at, h.text, Say("must be a column named once, got it again; first at %s", raw.header[first].at))
		} else if !t.Open && !slices.Contains(known, h.text) {
			c.add(h.at, "", Say("must be a column of %s, got %s", t.File, quote(h.text)), Meant(h.text, known))
		}
	}
	for _, column := range t.Columns {
		if !column.Rule.Optional && raw.header != nil && raw.column(column.Name) < 0 {
			c.add(raw.header[0].at, column.Name, Say("must be a column of the table, got a header without it"))
		}
	}
	if len(raw.rows) > t.MaxRows {
		c.add(raw.at(t.MaxRows, ""), "", Say("must be a table of at most %s rows, got %s", t.MaxRows, len(raw.rows)))
	}
}

// wrongWidth reports a row with a cell too many or too few: a comma in a name does that.
func (t Table) wrongWidth(raw *rawTable, cells []cell, c *checker) {
	c.add(cells[0].at, "", Say("must be %s as in the header, got %s", count(len(raw.header), "%s cell", "%s cells"), len(cells)), Say("put a cell that holds a comma in double quotes"))
}

// checkKeys reports rows that share the key, with the place of the first.
func (t Table) checkKeys(raw *rawTable, c *checker) {
	first := map[string]position{}
	for i, cells := range raw.rows {
		key := t.keyOf(raw, cells)
		at := raw.at(i, firstOf(t.Key))
		if earlier, twice := first[key]; twice && key != "" {
			c.add(at, strings.Join(t.Key, ","), Say("must be unique, got %s again; first at %s", quote(key), earlier))
			continue
		}
		first[key] = at
	}
}

func (t Table) keyOf(raw *rawTable, cells []cell) string {
	var parts []string
	for _, name := range t.Key {
		if i := raw.column(name); i >= 0 && i < len(cells) {
			parts = append(parts, cells[i].text)
		}
	}
	return strings.TrimSuffix(strings.Join(parts, ","), ",")
}

func firstOf(s []string) string {
	if len(s) == 0 {
		return ""
	}
	return s[0]
}

func columnNames(columns []Column) []string {
	var names []string
	for _, c := range columns {
		names = append(names, c.Name)
	}
	return names
}

// fill reads one row into a struct.
func fill[T any](into *T, specs []spec[T], raw *rawTable, i int, c *checker) {
	for _, s := range specs {
		at, text := raw.at(i, s.Name), ""
		k := raw.column(s.Name)
		if k >= 0 && k < len(raw.rows[i]) {
			text = raw.rows[i][k].text
		}
		c.cell(at, s.Column, text, s.field(into), k >= 0)
	}
}

// cell checks one cell and stores it. An empty cell is the default; a column that the file lacks was reported once.
func (c *checker) cell(at position, col Column, text string, into any, present bool) {
	if text == "" && !col.Rule.Optional {
		if present {
			c.add(at, col.Name, Say("must be %s, got nothing", col.Rule.wantCell(col.Unit)))
		}
		return
	}
	if text == "" && col.Rule.Default == "" {
		return
	}
	if text == "" {
		text = col.Rule.Default
	}
	c.store(at, col.Name, col, text, into)
}

// store parses a scalar into a field, notes the ids it defines and uses, and reports what breaks the rule.
func (c *checker) store(at position, path string, col Column, text string, into any) {
	used, ok := col.Rule.set(text, into)
	if !ok {
		c.add(at, path, Say("must be %s, got %s", col.Rule.wantCell(col.Unit), quote(text)), Meant(text, col.Rule.Choices))
		return
	}
	for _, u := range used {
		c.refer(at, path, u)
	}
	if col.Rule.Kind == ID {
		c.define(col.Rule.Sets[0], text, at)
	}
}

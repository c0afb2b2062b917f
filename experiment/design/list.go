package design

import (
	"cmp"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Problem is a mistake in a design file.
type Problem struct {
	File      string
	Line, Col int    // from 1, the column in characters
	Column    string // of the table; empty where it is none's
	Msg       string // "must be ..., got ..."
}

// String formats the problem as `file:line:column: column: message`.
func (p Problem) String() string {
	if p.Column != "" {
		return fmt.Sprintf("%s:%d:%d: %s: %s", p.File, p.Line, p.Col, p.Column, p.Msg)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Col, p.Msg)
}

// Problems are all mistakes of a design file, by position.
type Problems []Problem

// Error lists the problems, one a line, and then their number.
func (ps Problems) Error() string {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(p.String() + "\n")
	}
	if len(ps) == 1 {
		return b.String() + "1 problem; nothing was run"
	}
	return fmt.Sprintf("%s%d problems; nothing was run", b.String(), len(ps))
}

// maxProblems bounds the list: a megabyte of nonsense shall not become a gigabyte of messages.
const maxProblems = 1000

// List reads a design from CSV: the first row names the factors, every other is a point. Spaces around fields, empty lines and a byte
// order mark are skipped. lookup returns the factor that a column's name means, or why there is none. With lookup nil all names
// are good, and a column's factor is made from what stands in it: a range of numbers, or levels in the order they come. The
// error is Problems, with all that is wrong.
func List(file string, text []byte, lookup func(column string) (Factor, error)) (*Design, error) {
	l := list{file: file, lines: linesOf(text)}
	if at := slices.IndexFunc(l.lines, func(line string) bool { return !utf8.ValidString(line) }); at >= 0 {
		l.notText(at)
		return nil, l.found
	}
	l.read()
	l.head(lookup)
	d := &Design{Factors: l.factors}
	for _, row := range l.rows {
		d.Points = append(d.Points, l.point(row))
	}
	if len(l.rows) == 0 && len(l.found) == 0 {
		l.add(place{1, 1}, "", "must be a header and at least one point, got no point")
	}
	if len(l.found) > 0 {
		slices.SortStableFunc(l.found, func(a, b Problem) int { return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col)) })
		return nil, l.found
	}
	return d, nil
}

// Where returns the line and the column, from 1 and in characters, of a field of a design file: of a column, from 0, in the header, which
// is row 0, or in a point, the first being row 1.
func Where(text []byte, row, column int) (line, col int) {
	l := list{lines: linesOf(text)}
	l.read()
	rows := append([][]cell{l.header}, l.rows...)
	if row < len(rows) && column < len(rows[row]) {
		return rows[row][column].line, rows[row][column].col
	}
	return 1, 1
}

func linesOf(text []byte) []string {
	return strings.Split(strings.TrimPrefix(string(text), "\ufeff"), "\n")
}

type place struct{ line, col int }

// cell is a field and where it stands.
type cell struct {
	text string
	place
}

type list struct {
	file    string
	lines   []string
	header  []cell
	rows    [][]cell
	factors []Factor
	bad     []bool // columns without a factor
	found   Problems
}

func (l *list) add(at place, column, format string, args ...any) {
	if len(l.found) < maxProblems {
		l.found = append(l.found, Problem{l.file, at.line, at.col, column, fmt.Sprintf(format, args...)})
	}
}

// read splits the text into cells.
func (l *list) read() {
	r := csv.NewReader(strings.NewReader(strings.Join(l.lines, "\n")))
	r.FieldsPerRecord, r.TrimLeadingSpace = -1, true
	for {
		record, err := r.Read()
		var syntax *csv.ParseError
		switch {
		case errors.Is(err, io.EOF):
			return
		case errors.As(err, &syntax):
			l.add(l.place(syntax.Line, syntax.Column), "", "must be a comma-separated row, got %s", syntax.Err)
			return // what follows would be guesses
		}
		row := make([]cell, len(record))
		for i, field := range record {
			row[i] = cell{strings.TrimSpace(field), l.place(r.FieldPos(i))}
		}
		switch {
		case l.header == nil:
			l.header = row
		case len(l.rows) == MaxPoints:
			l.add(row[0].place, "", "must be at most %d points, got more", MaxPoints)
			return
		default:
			l.rows = append(l.rows, row)
		}
	}
}

// place turns a column in bytes into one in characters.
func (l *list) place(line, col int) place {
	text := l.lines[min(line, len(l.lines))-1]
	return place{line, 1 + utf8.RuneCountInString(text[:min(max(col-1, 0), len(text))])}
}

// notText notes the first byte of a line that is no UTF-8.
func (l *list) notText(at int) {
	line, col := l.lines[at], 1
	for i, r := range line {
		if _, size := utf8.DecodeRuneInString(line[i:]); r == utf8.RuneError && size == 1 {
			l.add(place{at + 1, col}, "", "must be UTF-8 text, got the byte %#x", line[i])
			return
		}
		col++
	}
}

// head finds the factors of the columns.
func (l *list) head(lookup func(string) (Factor, error)) {
	l.factors, l.bad = make([]Factor, len(l.header)), make([]bool, len(l.header))
	for k, c := range l.header {
		var err error
		switch first := slices.IndexFunc(l.header, func(o cell) bool { return o.text == c.text }); {
		case c.text == "":
			err = errors.New("must be the name of a factor, got nothing")
		case first < k:
			err = fmt.Errorf("must be named once, got it in column %d too", first+1)
		case lookup == nil:
			l.factors[k] = l.guess(k)
		default:
			if l.factors[k], err = lookup(c.text); err == nil {
				err = l.factors[k].checkFor(c.text)
			}
		}
		if err != nil {
			l.bad[k] = true
			l.add(c.place, c.text, "%s", err)
		}
	}
}

// checkFor checks a factor that a caller gave for a column.
func (f *Factor) checkFor(column string) error {
	if f.Name = cmp.Or(f.Name, column); f.Name != column {
		return fmt.Errorf("must be the factor's own name, got that of %s", f.Name)
	}
	return f.Check()
}

// guess makes a factor from what stands in a column. A constant column is a range of no width, which List alone allows.
func (l *list) guess(k int) Factor {
	f := Factor{Name: l.header[k].text, Low: math.Inf(1), High: math.Inf(-1), Integer: true}
	for _, row := range l.rows {
		if k >= len(row) || row[k].text == "" {
			continue
		}
		x, err := strconv.ParseFloat(row[k].text, 64)
		if err != nil || !(x-x == 0) {
			return l.named(k)
		}
		f.Low, f.High, f.Integer = min(f.Low, x), max(f.High, x), f.Integer && whole(x)
	}
	return f
}

func (l *list) named(k int) Factor {
	f := Factor{Name: l.header[k].text}
	seen := map[string]bool{}
	for _, row := range l.rows {
		if k < len(row) && row[k].text != "" && !seen[row[k].text] {
			seen[row[k].text] = true
			f.Levels = append(f.Levels, row[k].text)
		}
	}
	return f
}

// point reads the values of a row.
func (l *list) point(row []cell) []float64 {
	if len(row) != len(l.header) {
		l.add(row[0].place, "", "must be a row of %d fields as the header, got %d", len(l.header), len(row))
	}
	values := make([]float64, len(l.header))
	for k := range min(len(row), len(l.header)) {
		if l.bad[k] {
			continue
		}
		var err error
		if row[k].text == "" {
			l.add(row[k].place, l.factors[k].Name, "must be a value, got nothing")
		} else if values[k], err = l.factors[k].Parse(row[k].text); err != nil {
			l.add(row[k].place, l.factors[k].Name, "%s", err)
		}
	}
	return values
}

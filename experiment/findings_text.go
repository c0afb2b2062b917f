package experiment

import (
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"entrepot/output/prose"
)

// Widths of text on a terminal: lines are never narrower, and sentences never wider, than these.
const leastWidth, readableWidth = 40, 100

// Text is the short form of the findings for a terminal of some width: the answer, the main table, what failed, and where the
// report stands. No line is longer than the width unless a single word is.
func (f *Findings) Text(width int, report string) string {
	width = max(width, leastWidth)
	var b strings.Builder
	for _, l := range wrapped(f.Title, min(width, readableWidth)) {
		b.WriteString(l + "\n")
	}
	for _, a := range f.Answer {
		for i, l := range wrapped(a, min(width, readableWidth)-2) {
			b.WriteString([]string{"- ", "  "}[min(i, 1)] + l + "\n")
		}
	}
	if len(f.Sheets) > 0 && !f.Sheets[0].aside && len(f.Sheets[0].Rows) > 0 && f.Sheets[0].fits(width) {
		b.WriteString("\n" + f.Sheets[0].text(width, f.voice))
	}
	if n := len(f.Failed); n > 0 {
		first := wrapped(f.F("failed runs: %d; the first: %s", n, f.Failed[0]), min(width, readableWidth)-2)
		b.WriteString("\n" + strings.Join(first, "\n  ") + "\n")
	}
	if report != "" {
		b.WriteString("\n" + f.F("report: %s", report) + "\n")
	}
	return b.String()
}

// fits says whether a table is one that a terminal shows with profit: not longer than a screen.
func (s *Sheet) fits(width int) bool { return strings.Count(s.Text(width), "\n") <= screenful }

// screenful is how many lines of a table are shown at most.
const screenful = 32

// maxRows is how many rows of a table a terminal shows.
const maxRows = 20

// Text is the table for a terminal of some width: columns side by side, words broken over lines where they must be or, where
// columns have no room at all, row by row with a line for each column.
func (s *Sheet) Text(width int) string { return s.text(width, voice{}) }

func (s *Sheet) text(width int, v voice) string {
	var b strings.Builder
	for _, l := range wrapped(s.Title, width) {
		b.WriteString(l + "\n")
	}
	rows := s.Rows[:min(len(s.Rows), maxRows)]
	if widths, ok := s.widths(rows, width); ok {
		s.columns(&b, rows, widths)
	} else {
		s.records(&b, rows, width, v)
	}
	if rest := len(s.Rows) - len(rows); rest > 0 {
		b.WriteString(v.F("and %d rows more", rest) + "\n")
	}
	for _, l := range wrapped(s.Note, min(width, readableWidth)) {
		b.WriteString(l + "\n")
	}
	return b.String()
}

// leastColumn is how narrow a column of words may become; longestWord is how long a word may be to be kept whole.
const leastColumn, longestWord = 12, 24

// widths are those of the columns: as wide as what is in them, or where that is too wide with the widest columns of words made
// narrower. It is not ok where there is no room.
func (s *Sheet) widths(rows [][]string, width int) ([]int, bool) {
	out := make([]int, len(s.Columns))
	total := 2 * (len(out) - 1)
	for i, c := range s.Columns {
		out[i] = utf8.RuneCountInString(c)
		for _, r := range rows {
			out[i] = max(out[i], utf8.RuneCountInString(s.cell(r, i)))
		}
		total += out[i]
	}
	for _, word := range []int{longestWord, leastColumn / 2} { // long words are broken only where there is no room for them
		if narrow, ok := s.narrowed(rows, out, total-width, word); ok {
			return narrow, true
		}
	}
	return nil, false
}

// narrowed takes so much off the widest columns that a table fits. Words of up to so many letters stay whole.
func (s *Sheet) narrowed(rows [][]string, widths []int, excess, word int) ([]int, bool) {
	out, least := slices.Clone(widths), make([]int, len(widths))
	for i := range out {
		least[i] = s.least(rows, i, word)
	}
	for ; excess > 0; excess-- {
		widest := -1
		for i := range out {
			if out[i] > least[i] && (widest < 0 || out[i] > out[widest]) {
				widest = i
			}
		}
		if widest < 0 {
			return nil, false
		}
		out[widest]--
	}
	return out, true
}

// least is how narrow a column may become: numbers stay whole, and words that are not too long.
func (s *Sheet) least(rows [][]string, column, word int) int {
	least := longest(s.Columns[column], word)
	if !s.Numeric(column) {
		least = max(least, leastColumn)
	}
	for _, r := range rows {
		cell := s.cell(r, column)
		if s.Numeric(column) {
			least = max(least, utf8.RuneCountInString(cell))
		} else {
			least = max(least, longest(cell, word))
		}
	}
	return least
}

// longest is the length of the longest word of a text that is not too long to be kept whole.
func longest(text string, most int) (n int) {
	for _, word := range strings.Fields(text) {
		n = max(n, min(utf8.RuneCountInString(word), most))
	}
	return n
}

// cell is what stands in a column of a row.
func (s *Sheet) cell(row []string, i int) string {
	if i < len(row) {
		return row[i]
	}
	return ""
}

// columns writes a table with its columns side by side.
func (s *Sheet) columns(b *strings.Builder, rows [][]string, widths []int) {
	s.line(b, s.Columns, widths)
	var rule []string
	for _, w := range widths {
		rule = append(rule, strings.Repeat("-", w))
	}
	b.WriteString(strings.Join(rule, "  ") + "\n")
	for _, r := range rows {
		s.line(b, r, widths)
	}
}

// line writes one row, over as many lines as its cells need.
func (s *Sheet) line(b *strings.Builder, row []string, widths []int) {
	cells := make([][]string, len(widths))
	n := 1
	for i, w := range widths {
		cells[i] = wrapped(s.cell(row, i), w)
		n = max(n, len(cells[i]))
	}
	for k := range n {
		var line []string
		for i, w := range widths {
			text := ""
			if k < len(cells[i]) {
				text = cells[i][k]
			}
			gap := strings.Repeat(" ", max(0, w-utf8.RuneCountInString(text)))
			if s.Numeric(i) {
				line = append(line, gap+text)
			} else {
				line = append(line, text+gap)
			}
		}
		b.WriteString(strings.TrimRight(strings.Join(line, "  "), " ") + "\n")
	}
}

// records writes a table row by row, each column on a line of its own.
func (s *Sheet) records(b *strings.Builder, rows [][]string, width int, v voice) {
	for _, r := range rows {
		for i, c := range s.Columns {
			indent := "  "
			if i == 0 {
				indent = ""
			}
			b.WriteString(indent + strings.Join(wrapped(v.F("%s: %s", c, s.cell(r, i)), width-4), "\n    ") + "\n")
		}
	}
}

// Numeric says whether a column holds numbers: it has some, and besides them nothing but blanks and dashes.
func (s *Sheet) Numeric(column int) bool {
	some := false
	for _, r := range s.Rows {
		switch c := strings.TrimSpace(s.cell(r, column)); {
		case c == "" || c == prose.None || c == "-":
		case isNumber(c), strings.ContainsAny(c, "0123456789") && !strings.ContainsFunc(c, unicode.IsLetter):
			some = true
		default:
			return false
		}
	}
	return some
}

func isNumber(cell string) bool {
	_, err := strconv.ParseFloat(strings.Replace(prose.Plain(cell), ",", ".", 1), 64) // of French, too
	return err == nil
}

// wrapped breaks a text into lines of some width; a word that is too long is broken too. No-break spaces hold.
func wrapped(text string, width int) (lines []string) {
	line := ""
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) {
		if joined := strings.TrimLeft(line+" "+word, " "); utf8.RuneCountInString(joined) <= width {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		letters := []rune(word)
		for len(letters) > width {
			lines = append(lines, string(letters[:width]))
			letters = letters[width:]
		}
		line = string(letters)
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// WriteCSV writes the table as comma-separated values with a header. Numbers for readers, such as −1 200, become numbers for programs,
// -1200, also within words, and a dash alone becomes an empty cell.
func (s *Sheet) WriteCSV(w io.Writer) error {
	out := csv.NewWriter(w)
	for _, r := range slices.Concat([][]string{s.Columns}, s.Rows) {
		row := make([]string, len(s.Columns))
		for i := range row {
			row[i] = prose.Plain(s.cell(r, i))
		}
		if err := out.Write(row); err != nil {
			return fmt.Errorf("writing sheet %s: %w", s.Name, err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("writing sheet %s: %w", s.Name, err)
	}
	return nil
}

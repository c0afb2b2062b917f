package plots

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/sim"
)

// dated is what stands above the panel of a time axis: dates with their words where there is room for all, else with numbers,
// whose words are listed below.
type dated struct {
	height  float64
	signs   []sign
	entries []entry
}

// sign is one date: a line in the panel and a text above it, so many rows up.
type sign struct {
	at   sim.Date
	text string
	x    float64 // left end of the text
	row  int
}

const signLeading, signRows, signGap = 9.5, 3, 10.0

func signStyle() style { return style{size: 7, color: grey} }

// layMarks lays out the marks of a time axis from one day up to another.
func (b board) layMarks(a panel, marks []experiment.Mark, from, to sim.Date) dated {
	marks = slices.DeleteFunc(slices.Clone(marks), func(m experiment.Mark) bool { return m.Date < from || m.Date >= to })
	slices.SortStableFunc(marks, func(x, y experiment.Mark) int { return cmp.Compare(x.Date, y.Date) })
	marks = slices.Compact(marks)
	if len(marks) == 0 {
		return dated{height: 2}
	}
	if signs, ok := b.written(a, marks); ok {
		rows := 0
		for _, s := range signs {
			rows = max(rows, s.row+1)
		}
		return dated{height: float64(rows)*signLeading + 3, signs: signs}
	}
	return b.numbered(a, marks)
}

// written puts the words of all marks above the panel, in a few rows. It is not ok where words would meet each other or a line.
func (b board) written(a panel, marks []experiment.Mark) (signs []sign, ok bool) {
	type span struct{ x, from, to float64 }
	var taken [signRows][]span
	free := func(row int, s span) bool {
		for r := range signRows {
			for _, t := range taken[r] {
				if r == row && s.from < t.to+6 && t.from < s.to+6 ||
					r < row && s.x > t.from-2 && s.x < t.to+2 || r > row && t.x > s.from-2 && t.x < s.to+2 {
					return false
				}
			}
		}
		return true
	}
next:
	for _, m := range slices.Backward(marks) { // words stand right of their lines, so that earlier ones can go above them
		x, w := a.day(m.Date), b.fonts.width(signStyle(), m.Label)
		for row := range signRows {
			for _, left := range []float64{x + 2.5, x - 2.5 - w} {
				if s := (span{x, left, left + w}); left >= margin && left+w <= b.right() && free(row, s) {
					taken[row] = append(taken[row], s)
					signs = append(signs, sign{m.Date, m.Label, left, row})
					continue next
				}
			}
		}
		return nil, false
	}
	return signs, true
}

// numbered gives each date a number, one for dates that are too close to be told apart, and lists what they stand for.
func (b board) numbered(a panel, marks []experiment.Mark) dated {
	out := dated{height: signLeading + 3}
	for i := 0; i < len(marks); {
		j := i + 1
		for j < len(marks) && a.day(marks[j].Date)-a.day(marks[i].Date) < signGap {
			j++
		}
		n := strconv.Itoa(len(out.signs) + 1)
		x := a.day(marks[i].Date) - b.fonts.width(markStyle(), n)/2
		out.signs = append(out.signs, sign{marks[i].Date, n, x, 0})
		out.entries = append(out.entries, entry{n, b.dates(marks[i:j])})
		i = j
	}
	return out
}

// dates says when and what some marks are; a date is said once.
func (b board) dates(marks []experiment.Mark) string {
	var parts []string
	for i, m := range marks {
		text := m.Label
		if i == 0 || m.Date != marks[i-1].Date {
			text = b.d.Words.Say().Colon(b.d.Words.Date(m.Date), text)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, "; ")
}

// markLines draws the dates into the panel and their texts above it.
func (a panel) markLines(d dated) {
	s := signStyle()
	if len(d.entries) > 0 {
		s = markStyle()
	}
	for _, m := range d.signs {
		x, y := a.day(m.at), a.y-2.5-signLeading*float64(m.row)
		top := a.y
		if len(d.entries) == 0 {
			top = y - 6
		}
		a.dashed(alpha(ink, 0.45), 0.5, dots(), x, top, x, a.y+a.h)
		a.text(s, left, m.x, y, m.text)
	}
}

// fact is a documented range with the letter that stands at it.
type fact struct {
	experiment.Documented
	letter string
}

// factsWithin are the documented ranges that touch a time axis.
func factsWithin(all []experiment.Documented, from, to sim.Date) (out []fact) {
	for _, d := range all {
		if d.Last >= from && d.First < to && (finite(d.Low) || finite(d.High)) {
			d.First, d.Last = max(d.First, from), min(d.Last, to-1)
			out = append(out, fact{d, letters(len(out))})
		}
	}
	return out
}

// letters counts A, B, ..., Z, AA, AB, ...
func letters(i int) string {
	if i < 26 {
		return string(rune('A' + i))
	}
	return letters(i/26-1) + letters(i%26)
}

// told says what a documented range is, when, and how much.
func (b board) told(f fact) string {
	w := b.d.Words
	amount := w.F("%s to %s", number(w, f.Low), number(w, f.High))
	switch {
	case f.Low == f.High:
		amount = number(w, f.Low)
	case !finite(f.Low):
		amount = "≤ " + number(w, f.High)
	case !finite(f.High):
		amount = "≥ " + number(w, f.Low)
	}
	return fmt.Sprintf(b.words().DocumentedF, f.Label, w.Span(digest.Window{From: f.First, To: f.Last}), amount)
}

// factKeys explains the box of the only fact; several are listed below the panel.
func (b board) factKeys(facts []fact) []key {
	if len(facts) != 1 {
		return nil
	}
	return []key{{b.told(facts[0]), func(x, y float64) { b.factBox(orange, x, y-4, 14, 8) }}}
}

func (b board) factEntries(facts []fact) (out []entry) {
	if len(facts) < 2 {
		return nil
	}
	for _, f := range facts {
		out = append(out, entry{f.letter, b.told(f)})
	}
	return out
}

// factBoxes draws documented ranges with their letters. A range that is short and exact is a diamond.
func (a panel) factBoxes(facts []fact) {
	var taken []label
	s := style{size: 7.5, bold: true, color: ink}
	for _, f := range facts {
		x0, x1 := a.day(f.First), a.day(f.Last+1)
		y0, y1 := a.y, a.y+a.h
		if finite(f.High) {
			y0 = a.inside(a.py(f.High))
		}
		if finite(f.Low) {
			y1 = a.inside(a.py(f.Low))
		}
		if x1-x0 < 6 && y1-y0 < 6 {
			x, y := (x0+x1)/2, (y0+y1)/2
			a.diamond(orange, x, y)
			x0, y0, x1, y1 = x-6, y-6, x+6, y+6
		} else {
			x0, x1 = spread(x0, x1, 5)
			y0, y1 = spread(y0, y1, 4)
			a.openBox(f, x0, y0, x1, y1)
		}
		if len(facts) > 1 {
			taken = append(taken, a.tag(s, f.letter, x0, y0, x1, y1, taken))
		}
	}
	for _, t := range taken {
		a.rect(alpha(white, 0.8), t.x-0.8, t.y-0.3, t.w+1.6, t.h+0.6)
		a.text(s, left, t.x, t.y+0.75*s.size, t.text)
	}
}

// openBox is the box of a range; at an end that is not known it has no line.
func (a panel) openBox(f fact, x0, y0, x1, y1 float64) {
	a.rect(alpha(orange, 0.35), x0, y0, x1-x0, y1-y0)
	a.line(orange, 0.9, x0, y0, x0, y1)
	a.line(orange, 0.9, x1, y0, x1, y1)
	if finite(f.High) {
		a.line(orange, 0.9, x0, y0, x1, y0)
	}
	if finite(f.Low) {
		a.line(orange, 0.9, x0, y1, x1, y1)
	}
}

// spread widens a range to at least w around its middle.
func spread(from, to, w float64) (float64, float64) {
	if to-from >= w {
		return from, to
	}
	return (from + to - w) / 2, (from + to + w) / 2
}

// tag finds a place for a letter at a box: at one of its corners, or wherever above it no other letter stands.
func (a panel) tag(s style, text string, x0, y0, x1, y1 float64, taken []label) label {
	w, h := a.fonts.width(s, text), 0.95*s.size
	at := func(x, y float64) label {
		return label{text, min(max(x, a.x+1), a.x+a.w-w-1), min(max(y, a.y+1), a.y+a.h-h-1), w, h}
	}
	for up := 0.0; up < a.h; up += h + 1 {
		for _, l := range []label{at(x0, y0-h-1.5-up), at(x1-w, y0-h-1.5-up), at(x0, y1+1.5+up), at(x1-w, y1+1.5+up), at(x0-w-2, y0+up), at(x1+2, y0+up)} {
			if !slices.ContainsFunc(taken, l.overlaps) {
				return l
			}
		}
	}
	return at(x0, y0-h-1.5)
}

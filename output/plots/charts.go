package plots

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/sim"
	"entrepot/words"
)

// Widths of a chart in points: of a printed page or a screen, and of a phone held upright.
const (
	wide  = pageWidth
	phone = 290.0
)

// DrawCharts draws the charts of a study, with its own words in the language of theirs, each for a page and (Figure.Narrow) for a phone. Equal charts give equal bytes. A
// chart without values becomes a figure that says so; one that is malformed is an error.
func DrawCharts(charts []experiment.Chart, say *words.Words, formats Formats) ([]Figure, error) {
	f, told := newFonts(), digest.In(say)
	var specs []*spec
	for _, c := range charts {
		if err := check(c); err != nil {
			return nil, fmt.Errorf("drawing %s: %w", c.Head().Name, err)
		}
		specs = append(specs, chartSpec(f, c, told, wide), chartSpec(f, c, told, phone))
	}
	drawn, err := render(f, specs, formats)
	if err != nil {
		return nil, err
	}
	var out []Figure
	for i := 0; i < len(drawn); i += 2 {
		fig := drawn[i]
		fig.Narrow, fig.narrow = drawn[i+1].SVG, &drawn[i+1]
		out = append(out, fig)
	}
	return out, nil
}

// chartSpec lays a chart out. What is drawn decides the height, so it is drawn twice, the first time nowhere.
func chartSpec(f fonts, c experiment.Chart, words *digest.Words, width float64) *spec {
	h := c.Head()
	draw := func(p *pen) float64 {
		b := board{page{p, &digest.Digest{Context: digest.Context{Words: words}}}}
		y := b.heading(h.Title)
		y = b.body(c, y)
		return b.note(h.Note, y)
	}
	height := math.Ceil(draw(&pen{fonts: f, canvas: nowhere{}, w: width, h: width}))
	alt := h.Alt
	if alt == "" {
		alt = h.Title
	}
	return &spec{name: h.Name, title: h.Title, alt: alt, caption: caption(c, words.Chart), narrow: width < wide,
		drawing: drawing{width, height, func(p *pen) { draw(p) }}}
}

// board is the page of one chart: as wide as it is asked to be, as high as what stands on it.
type board struct{ page }

func (b board) right() float64 { return b.w - margin }
func (b board) inner() float64 { return b.w - 2*margin }
func (b board) narrow() bool   { return b.w < wide }

// words are the fixed texts of charts.
func (b board) words() digest.ChartWords { return b.d.Words.Chart }

// pick chooses between a page and a phone.
func (b board) pick(onPage, onPhone float64) float64 {
	if b.narrow() {
		return onPhone
	}
	return onPage
}

// body draws what is between title and note and returns the y below.
func (b board) body(c experiment.Chart, y float64) float64 {
	if empty(c) {
		return b.nothing(y)
	}
	switch c := c.(type) {
	case *experiment.FanChart:
		return b.fan(c, y)
	case *experiment.ForestChart:
		return b.forest(c, y)
	case *experiment.WaterfallChart:
		return b.waterfall(c, y)
	case *experiment.ScatterChart:
		return b.scatter(c, y)
	case *experiment.LineChart:
		return b.lines(c, y)
	case *experiment.MatrixChart:
		return b.matrix(c, y)
	}
	return y
}

// heading writes the title and returns the y below it.
func (b board) heading(title string) float64 {
	s := titleStyle()
	s.size = b.pick(s.size, 11.5)
	return b.block(s, left, margin, margin+s.size*0.8, b.inner(), s.size*1.2, title) + 2
}

// note writes the foot of the chart: what it is made of. It returns the height of the page.
func (b board) note(text string, y float64) float64 {
	if text == "" {
		return y + 6
	}
	s := footStyle()
	b.line(pale, 0.6, margin, y+4, b.right(), y+4)
	return b.block(s, left, margin, y+14, b.inner(), s.size*1.35, text) - 2
}

// nothing says that there is nothing to draw.
func (b board) nothing(y float64) float64 {
	const h = 70.0
	b.frame(pale, 0.6, margin, y+4, b.inner(), h)
	s := style{size: 9, italic: true, color: grey}
	lines := b.broken(s, b.words().Empty, b.inner()-20)
	for i, l := range lines {
		b.text(s, centre, b.w/2, y+4+h/2+3+12*(float64(i)-float64(len(lines)-1)/2), l)
	}
	return y + h + 12
}

// block writes a text wrapped to width w from the baseline y downwards, and returns the baseline after the last line.
func (b board) block(s style, a align, x, y, w, leading float64, text string) float64 {
	for _, l := range b.broken(s, text, w) {
		b.text(s, a, x, y, l)
		y += leading
	}
	return y
}

// broken wraps a text without ever cutting it short: a word too long for a line is broken after a mark such as a dot, or
// anywhere.
func (b board) broken(s style, text string, w float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == '\n' || r == '\t' }) { // numbers hold no-break spaces
		if joined := strings.TrimLeft(line+" "+word, " "); b.fonts.width(s, joined) <= w {
			line = joined
			continue
		}
		if line != "" {
			lines = append(lines, line)
		}
		for b.fonts.width(s, word) > w {
			n := b.breakAt(s, word, w)
			lines = append(lines, word[:n])
			word = word[n:]
		}
		line = word
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

// breakAt is how many bytes of a word that is too long stand on its first line.
func (b board) breakAt(s style, word string, w float64) int {
	fits, soft := 0, 0
	for i, r := range word {
		n := i + len(string(r))
		if i > 0 && b.fonts.width(s, word[:n]) > w {
			break
		}
		fits = n
		if strings.ContainsRune("._-/:=,", r) {
			soft = n
		}
	}
	if soft > fits/3 {
		return soft
	}
	return fits
}

// widest is the width of the widest of some texts.
func (b board) widest(s style, texts ...string) (w float64) {
	for _, t := range texts {
		w = max(w, b.fonts.width(s, t))
	}
	return w
}

// keys lays a legend out in rows and returns the y below it. A text too long for a row goes on below.
func (b board) keys(y float64, keys []key) float64 {
	s := noteStyle()
	x := margin
	for i, k := range keys {
		lines := b.broken(s, k.text, b.inner()-18)
		need := 18 + b.widest(s, lines...)
		if x > margin && x+need > b.right()+0.1 {
			x, y = margin, y+12.5
		}
		k.draw(x, y-2.8)
		for n, l := range lines {
			b.text(s, left, x+18, y+float64(n)*10, l)
		}
		x += need + 13
		if len(lines) > 1 && i < len(keys)-1 {
			x, y = margin, y+12.5
		}
		if len(lines) > 1 {
			y += float64(len(lines)-1) * 10
		}
	}
	if len(keys) == 0 {
		return y
	}
	return y + 13
}

// entry is a line of a list below a panel: a sign and what it stands for.
type entry struct{ sign, text string }

// list writes entries in as many columns as their texts allow, two at least (on a phone one), and returns the y below.
func (b board) list(y float64, heading string, entries []entry) float64 {
	if len(entries) == 0 {
		return y
	}
	s, bold := noteStyle(), style{size: 8, bold: true, color: grey}
	b.text(bold, left, margin, y+4, heading)
	const gap, leading = 16.0, 10.0
	signW, textW := 6.0, 0.0
	for _, e := range entries {
		signW, textW = max(signW, b.fonts.width(bold, e.sign)+6), max(textW, b.fonts.width(s, e.text))
	}
	columns := min(max(int((b.inner()+gap)/(signW+textW+6+gap)), int(b.pick(2, 1))), 5)
	w := (b.inner() - gap*float64(columns-1)) / float64(columns)
	var rows [][]string
	all := 0.0
	for _, e := range entries {
		rows = append(rows, b.broken(s, e.text, w-signW-4))
		all += rowHeight(rows[len(rows)-1])
	}
	column, at, deepest := 0, y+16, y+16
	for i, lines := range rows {
		if column < columns-1 && at-y-16 >= all/float64(columns)-1 {
			column, at = column+1, y+16
		}
		x := margin + float64(column)*(w+gap)
		b.text(bold, right, x+signW-2, at, entries[i].sign)
		for n, l := range lines {
			b.text(s, left, x+signW+3, at+float64(n)*leading, l)
		}
		at += rowHeight(lines)
		deepest = max(deepest, at)
	}
	return deepest + 4
}

// empty says whether a chart has nothing to draw.
func empty(c experiment.Chart) bool {
	switch c := c.(type) {
	case *experiment.FanChart:
		for _, f := range c.Fans {
			if known(f.Q50) || known(f.Q05, f.Q95) {
				return false
			}
		}
	case *experiment.ForestChart:
		return len(c.Items) == 0
	case *experiment.WaterfallChart:
		return !finite(c.From.Value) || !finite(c.To.Value)
	case *experiment.ScatterChart:
		for _, d := range c.Items {
			if finite(d.X) && finite(d.Y) {
				return false
			}
		}
	case *experiment.LineChart:
		for _, l := range c.Lines {
			if known(l.X, l.Y) {
				return false
			}
		}
	case *experiment.MatrixChart:
		return len(c.Rows) == 0 || len(c.Columns) == 0
	}
	return true
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }

// known says whether all of some lists have a value at one place.
func known(lists ...[]float64) bool { return len(runs(lists...)) > 0 }

// stretch is a run of places i <= k < j.
type stretch struct{ i, j int }

// runs returns the longest stretches in which all of some lists have values.
func runs(lists ...[]float64) (out []stretch) {
	open := -1
	for k := 0; ; k++ {
		ok := true
		for _, l := range lists {
			ok = ok && k < len(l) && finite(l[k])
		}
		if ok && open < 0 {
			open = k
		}
		if !ok && open >= 0 {
			out = append(out, stretch{open, k})
			open = -1
		}
		if k >= len(lists[0]) {
			return out
		}
	}
}

// check finds what cannot be drawn: lists of unequal length and months that are none.
func check(c experiment.Chart) error {
	same := func(what string, n, want int) error {
		if n != want && n != 0 {
			return fmt.Errorf("%s must have %d values, got %d", what, want, n)
		}
		return nil
	}
	var bad []error
	switch c := c.(type) {
	case *experiment.FanChart:
		for i, m := range c.Months {
			d, err := month(m)
			if err != nil {
				return err
			}
			if i > 0 && c.Months[i-1] >= m {
				return fmt.Errorf("months must rise, got %s after %s", d.String()[:7], c.Months[i-1])
			}
		}
		for _, f := range c.Fans {
			for _, q := range [][]float64{f.Q05, f.Q25, f.Q50, f.Q75, f.Q95, f.Low, f.High} {
				bad = append(bad, same("each list of fan "+f.Name, len(q), len(c.Months)))
			}
		}
	case *experiment.LineChart:
		bad = append(bad, checkLines(c.Lines, same))
	case *experiment.ScatterChart:
		bad = append(bad, checkLines(c.Lines, same))
	case *experiment.MatrixChart:
		bad = append(bad, same("values", len(c.Values), len(c.Rows)), same("texts", len(c.Texts), len(c.Rows)))
		for i := range c.Values {
			bad = append(bad, same("row "+c.Rows[min(i, len(c.Rows)-1)], len(c.Values[i]), len(c.Columns)))
		}
		for i := range c.Texts {
			bad = append(bad, same("texts of row "+c.Rows[min(i, len(c.Rows)-1)], len(c.Texts[i]), len(c.Columns)))
		}
	}
	for _, err := range bad {
		if err != nil {
			return err
		}
	}
	return nil
}

func checkLines(lines []experiment.Line, same func(string, int, int) error) error {
	for _, l := range lines {
		for _, v := range [][]float64{l.Y, l.Low, l.High} {
			if err := same("each list of line "+l.Name, len(v), len(l.X)); err != nil {
				return err
			}
		}
	}
	return nil
}

// month reads YYYY-MM as its first day.
func month(s string) (sim.Date, error) {
	d, err := sim.ParseDate(s + "-01")
	if err != nil {
		return 0, fmt.Errorf("a month must be YYYY-MM, got %q", s)
	}
	return d, nil
}

// caption says how to read a chart.
func caption(c experiment.Chart, w digest.ChartWords) string {
	switch c := c.(type) {
	case *experiment.FanChart:
		text := w.CapFan
		if c.Zero {
			text = w.CapDifference
		}
		if len(c.Facts) > 0 {
			text += " " + w.CapDocumented
		}
		if len(c.Marks) > 0 {
			text += " " + w.CapMarks
		}
		return text
	case *experiment.ForestChart:
		if c.Own {
			return w.CapScore
		}
		return w.CapForest
	case *experiment.WaterfallChart:
		return w.CapWaterfall
	case *experiment.ScatterChart:
		return w.CapScatter
	case *experiment.LineChart:
		if slices.ContainsFunc(c.Lines, func(l experiment.Line) bool { return known(l.Low, l.High) }) {
			return w.CapLines + " " + w.CapBands
		}
		return w.CapLines
	case *experiment.MatrixChart:
		return w.CapMatrix
	}
	return ""
}

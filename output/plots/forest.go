package plots

import (
	"image/color"
	"math"
	"slices"

	"entrepot/experiment"
)

// row is a line of a chart whose things stand one below the other: names on the left, notes on the right, on a phone above.
type row struct {
	item        experiment.Item
	heading     bool // of a group, whose colour it has
	color       rgb
	names, note []string
	y, h        float64 // of the strip in which it is drawn
	text        float64 // baseline of the first line
}

// column is where the strips of such a chart stand.
type column struct{ x, w, noteX float64 }

const rowLeading = 9.8

// rowsOf lays items out below y and returns the y below them.
func (b board) rowsOf(items []experiment.Item, y float64) ([]row, column, float64) {
	var rows []row
	groups := groupsOf(items)
	for g, name := range groups {
		if name != "" && len(groups) > 1 {
			rows = append(rows, row{item: experiment.Item{Name: name}, heading: true, color: colorOf(g)})
		}
		for _, it := range items {
			if it.Group == name {
				rows = append(rows, row{item: it, color: colorOf(g)})
			}
		}
	}
	if b.narrow() {
		return b.stacked(rows, y)
	}
	return b.abreast(rows, y)
}

// groupsOf lists the groups of items in the order in which they come.
func groupsOf(items []experiment.Item) (groups []string) {
	for _, it := range items {
		if !slices.Contains(groups, it.Group) {
			groups = append(groups, it.Group)
		}
	}
	return groups
}

// abreast puts names, strips and notes side by side.
func (b board) abreast(rows []row, y float64) ([]row, column, float64) {
	nameW, noteW := 0.0, 0.0
	for _, r := range rows {
		if !r.heading {
			nameW = max(nameW, b.fonts.width(axisStyle(), r.item.Name))
			noteW = max(noteW, b.fonts.width(noteStyle(), r.item.Note))
		}
	}
	noteW = min(noteW, b.inner()*0.27)
	nameW = min(nameW, b.inner()*0.58-noteW, b.inner()*0.42)
	c := column{x: margin + nameW + 10}
	c.w = b.right() - c.x - 8
	if noteW > 0 {
		c.w -= noteW + 4
	}
	c.noteX = c.x + c.w + 12
	for i := range rows {
		r := &rows[i]
		r.y = y
		if r.heading {
			r.names = b.broken(panelStyle(), r.item.Name, b.inner())
			r.h = float64(len(r.names))*12 + 8
			r.text = y + 14
		} else {
			r.names = b.broken(axisStyle(), r.item.Name, nameW)
			r.note = b.broken(noteStyle(), r.item.Note, noteW)
			lines := max(1, len(r.names), len(r.note))
			r.h = max(16, float64(lines)*rowLeading+5)
			r.text = y + r.h/2
		}
		y += r.h
	}
	return rows, c, y
}

// stacked puts names and notes above the strips, which have the whole width.
func (b board) stacked(rows []row, y float64) ([]row, column, float64) {
	c := column{x: margin + 6, w: b.inner() - 12}
	for i := range rows {
		r := &rows[i]
		if r.heading {
			r.names = b.broken(panelStyle(), r.item.Name, b.inner())
			r.text, r.y, r.h = y+14, y, float64(len(r.names))*12+6
			y += r.h
			continue
		}
		r.names = b.broken(axisStyle(), r.item.Name, b.inner())
		r.note = b.broken(noteStyle(), r.item.Note, b.inner())
		r.text = y + 10
		lines := len(r.names) + len(r.note)
		if len(r.names) == 1 && len(r.note) == 1 && b.fonts.width(axisStyle(), r.item.Name)+b.fonts.width(noteStyle(), r.item.Note)+10 <= b.inner() {
			lines = 1
		}
		r.y, r.h = y+float64(lines)*rowLeading+3, 14
		y = r.y + r.h + 1
	}
	return rows, c, y
}

// names writes the texts of the rows.
func (b board) rowTexts(rows []row, c column) {
	for _, r := range rows {
		if r.heading {
			s := panelStyle()
			s.color = blend(r.color, ink, 0.25)
			for n, l := range r.names {
				b.text(s, left, margin, r.text+12*float64(n), l)
			}
			continue
		}
		s, n := axisStyle(), noteStyle()
		if !b.narrow() {
			for i, l := range r.names {
				b.text(s, right, c.x-10, r.text+2.8+rowLeading*(float64(i)-float64(len(r.names)-1)/2), l)
			}
			for i, l := range r.note {
				b.text(n, left, c.noteX, r.text+2.8+rowLeading*(float64(i)-float64(len(r.note)-1)/2), l)
			}
			continue
		}
		for i, l := range r.names {
			b.text(s, left, margin, r.text+rowLeading*float64(i), l)
		}
		if r.y-r.text < rowLeading && len(r.note) == 1 {
			b.text(n, right, b.right(), r.text, r.note[0])
			continue
		}
		for i, l := range r.note {
			b.text(n, left, margin, r.text+rowLeading*float64(len(r.names)+i), l)
		}
	}
}

// strips draws the grid behind the rows, tick by tick, and the axis below them; returns the y below.
func (b board) strips(rows []row, c column, xa axis, label string, y float64) (panel, float64) {
	a := panel{page: b.page, x: c.x, y: rows[0].y, w: c.w, h: y - rows[0].y, x0: xa.lo, x1: xa.hi}
	xa.ticks = thinned(b, xa.ticks, a.px)
	for i, r := range rows {
		if r.heading {
			continue
		}
		if len(rows) > 12 && i%2 == 0 && !b.narrow() {
			a.rect(rgb(0xF5F6F7), margin, r.y, b.inner(), r.h)
		}
		for _, t := range xa.ticks {
			a.line(pale, 0.6, a.px(t.at), r.y, a.px(t.at), r.y+r.h)
		}
	}
	if len(rows) > 30 { // who reads the first rows does not see the end
		for _, t := range xa.ticks {
			a.text(axisStyle(), centre, a.px(t.at), min(a.y, rows[0].text-10)-4, t.text)
		}
	}
	for _, t := range xa.ticks {
		a.line(grey, 0.6, a.px(t.at), y, a.px(t.at), y+3)
		a.text(axisStyle(), centre, a.px(t.at), y+11.5, t.text)
	}
	a.line(grey, 0.6, a.x, y, a.x+a.w, y)
	return a, b.xTitle(a, xa.title(b.words(), label))
}

// forest draws values with intervals, one below the other, and returns the y below.
func (b board) forest(c *experiment.ForestChart, y float64) float64 {
	if c.Own {
		return b.score(c, y)
	}
	var all []float64
	for _, it := range c.Items {
		all = append(all, it.Value, it.Low, it.High)
	}
	must := []float64{}
	if finite(c.Ref) {
		must = append(must, c.Ref)
	}
	lo, hi := reach(all, must...)
	pad := (hi - lo) * 0.03
	lo, hi = lo-pad, hi+pad
	rows, col, end := b.rowsOf(c.Items, y+b.topRoom(len(c.Items)))
	xa := linear(b.d.Words, lo, hi, int(b.pick(6, 4)), false)
	a, below := b.strips(rows, col, xa, either(c.XLabel, c.YLabel), end)
	for _, r := range rows {
		if !r.heading && finite(c.Ref) {
			a.line(grey, 1, a.px(c.Ref), r.y, a.px(c.Ref), r.y+r.h)
		}
	}
	for _, r := range rows {
		if !r.heading {
			a.valueAt(r, r.item.Value, r.item.Low, r.item.High, r.color, false)
		}
	}
	b.rowTexts(rows, col)
	return below
}

// topRoom leaves room for the labels of a second axis above many rows.
func (b board) topRoom(n int) float64 {
	if n > 30 {
		return 16
	}
	return 2
}

func either(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// valueAt draws a value and its interval in a row. What lies beyond the panel is a triangle at its edge, a value with its number.
func (a panel) valueAt(r row, v, low, high float64, c rgb, hollow bool) {
	y := r.y + r.h/2
	if !finite(v) {
		a.remark(r, a.d.Words.Chart.None)
		return
	}
	from, to := a.x, a.x+a.w
	if finite(low) || finite(high) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		x0, x1 := a.px(low), a.px(high)
		if math.IsNaN(x0) {
			x0 = a.px(v)
		}
		if math.IsNaN(x1) {
			x1 = a.px(v)
		}
		l, h := min(max(x0, from), to), max(min(x1, to), from)
		a.line(c, 1.8, l, y, h, y)
		if x0 < from-0.01 {
			a.arrow(c, from, y, -1)
		} else if x0 <= to {
			a.line(c, 1.1, x0, y-3, x0, y+3)
		}
		if x1 > to+0.01 {
			a.arrow(c, to, y, 1)
		} else if x1 >= from {
			a.line(c, 1.1, x1, y-3, x1, y+3)
		}
	}
	switch x := a.px(v); {
	case x < from-0.01:
		a.beyondLabel(c, from, y, -1, number(a.d.Words, r.item.Value))
	case x > to+0.01:
		a.beyondLabel(c, to, y, 1, number(a.d.Words, r.item.Value))
	case hollow:
		a.dot(white, x, y, 3.4)
		a.ring(c, 1.5, x, y, 2.9)
	default:
		a.dot(white, x, y, 3.9)
		a.dot(c, x, y, 3.2)
	}
}

// remark says in a row why nothing is drawn in it.
func (a panel) remark(r row, text string) {
	a.text(style{size: 7.5, italic: true, color: grey}, centre, a.x+a.w/2, r.y+r.h/2+2.7, text)
}

// arrow is a triangle at the left (-1) or right (1) edge of a strip, its tip at x.
func (a panel) arrow(c color.Color, x, y, side float64) {
	a.polygon(c, x, y, x-side*6, y-3.2, x-side*6, y+3.2)
}

// beyondLabel is the sign of a value beyond the edge: an arrow with its number.
func (a panel) beyondLabel(c rgb, x, y, side float64, text string) {
	a.arrow(c, x, y, side)
	s := style{size: 7.5, bold: true, color: ink}
	w := a.fonts.width(s, text)
	at := x - 8.5 - w
	if side < 0 {
		at = x + 8.5
	}
	a.rect(alpha(white, 0.85), at-1, y-4.2, w+2, 8.4)
	a.text(s, left, at, y+2.6, text)
}

// own is the scale of one row of a score: 0 is the low end of its range, 1 the high end. A range open to one side is measured by
// its only end, an exact value by a tenth of itself.
type own struct{ low, high, origin, unit float64 }

func ownOf(r *[2]float64) (o own, ok bool) {
	if r == nil || math.IsNaN(r[0]) || math.IsNaN(r[1]) {
		return o, false
	}
	o.low, o.high = r[0], r[1]
	size := func(v float64) float64 {
		if v == 0 {
			return 1
		}
		return abs(v)
	}
	switch {
	case math.IsInf(o.low, 0) && math.IsInf(o.high, 0):
		return o, false
	case math.IsInf(o.low, 0):
		o.unit = size(o.high)
		o.origin = o.high - o.unit
	case math.IsInf(o.high, 0):
		o.origin, o.unit = o.low, size(o.low)
	case o.high > o.low:
		o.origin, o.unit = o.low, o.high-o.low
	default:
		o.unit = size(o.low) / 5
		o.origin = o.low - o.unit/2
	}
	return o, true
}

func (o own) at(v float64) float64 { return (v - o.origin) / o.unit }

// score draws a scoreboard: every row on its own scale, its range a band.
func (b board) score(c *experiment.ForestChart, y float64) float64 {
	w := b.words()
	type scaled struct {
		v, low, high, from, to float64
		ok                     bool
	}
	scale := func(it experiment.Item) (s scaled) {
		o, ok := ownOf(it.Range)
		return scaled{o.at(it.Value), o.at(it.Low), o.at(it.High), o.at(o.low), o.at(o.high), ok}
	}
	var all []float64
	beyond := false
	for _, it := range c.Items {
		if s := scale(it); s.ok {
			all = append(all, s.v, s.low, s.high)
			beyond = beyond || s.v < -1.5 || s.v > 2.5
		}
	}
	lo, hi := extent(false, all, []float64{-0.25, 1.25})
	lo, hi = max(lo, -1.5), min(hi, 2.5)
	keys := []key{
		b.fill(w.DataRange, alpha(sky, 0.35)),
		{w.Inside, func(x, y float64) { b.line(ink, 1.8, x, y, x+14, y); b.dot(ink, x+7, y, 3.2) }},
		{w.Outside, func(x, y float64) {
			b.line(ink, 1.8, x, y, x+14, y)
			b.dot(white, x+7, y, 3.4)
			b.ring(ink, 1.5, x+7, y, 2.9)
		}},
	}
	if c.Band != "" { // nobody asks whether a value lies within a prior
		keys = []key{b.fill(c.Band, alpha(sky, 0.35))}
	}
	if beyond {
		keys = append(keys, key{w.BeyondScale, func(x, y float64) { b.polygon(ink, x+14, y, x+8, y-3.2, x+8, y+3.2) }})
	}
	y = b.keys(y+4, keys)
	rows, col, end := b.rowsOf(c.Items, y+b.topRoom(len(c.Items)))
	xa := axis{lo: lo, hi: hi, ticks: []tick{{0, w.LowEnd}, {1, w.HighEnd}}}
	a, below := b.strips(rows, col, xa, either(c.XLabel, c.YLabel), end)
	for _, r := range rows {
		if r.heading {
			continue
		}
		s := scale(r.item)
		if !s.ok {
			a.remark(r, w.NoRange)
			continue
		}
		x0, x1 := max(a.px(s.from), a.x), min(a.px(s.to), a.x+a.w)
		x0, x1 = spread(x0, x1, 3)
		a.rect(alpha(sky, 0.35), x0, r.y+1.5, x1-x0, r.h-3)
		a.valueAt(r, s.v, s.low, s.high, r.color, r.item.Value < r.item.Range[0] || r.item.Value > r.item.Range[1])
	}
	b.rowTexts(rows, col)
	return below
}

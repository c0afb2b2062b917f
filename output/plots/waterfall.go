package plots

import (
	"slices"

	"entrepot/experiment"
)

// waterfall draws steps from one value to another, one below the other, and returns the y below.
func (b board) waterfall(c *experiment.WaterfallChart, y float64) float64 {
	w := b.words()
	reached := []float64{c.From.Value, c.To.Value}
	values := append(reached, c.From.Low, c.From.High, c.To.Low, c.To.High)
	at := c.From.Value
	uncertain := finite(c.From.Low) || finite(c.To.Low)
	for _, s := range c.Steps {
		values = append(values, at+s.Low, at+s.High)
		uncertain = uncertain || finite(s.Low)
		if finite(s.Value) {
			at += s.Value
			values, reached = append(values, at), append(reached, at)
		}
	}
	lo, hi := reach(values, reached...)
	onZero := lo <= 0 && hi >= 0
	if l, h := fromZero(lo, hi); l == 0 || h == 0 {
		lo, hi, onZero = l, h, true
	}
	pad := (hi - lo) * 0.03
	if lo < 0 || !onZero {
		lo -= pad
	}
	if hi > 0 || !onZero {
		hi += pad
	}
	keys := []key{b.fill(w.Up, vermilion), b.fill(w.Down, blue)}
	if uncertain {
		keys = append(keys, key{w.StepInterval, func(x, y float64) { b.whisker(x, x+14, y) }})
	}
	y = b.keys(y+4, keys)

	items := slices.Concat([]experiment.Item{c.From}, c.Steps, []experiment.Item{c.To})
	for i := range items {
		items[i].Group = "" // steps keep their order
		items[i].Note = b.stepNote(items[i], i == 0 || i == len(items)-1)
	}
	rows, col, end := b.rowsOf(items, y+2)
	xa := linear(b.d.Words, lo, hi, int(b.pick(6, 4)), false)
	a, below := b.strips(rows, col, xa, either(c.YLabel, c.XLabel), end)
	for _, r := range rows {
		if onZero {
			a.line(grey, 0.9, a.px(0), r.y, a.px(0), r.y+r.h)
		}
	}
	at = c.From.Value
	for i, r := range rows {
		if i == 0 || i == len(rows)-1 {
			a.total(r, onZero)
			at = r.item.Value
		} else {
			a.step(r, at)
			if finite(r.item.Value) {
				at += r.item.Value
			}
		}
		if i+1 < len(rows) && !b.narrow() { // to the next bar; on a phone names stand between
			y0, y1 := r.y+r.h-2.5, rows[i+1].y+2.5
			a.line(grey, 0.7, a.px(at), y0, a.px(at), y1)
		}
	}
	b.rowTexts(rows, col)
	return below
}

// stepNote says how much a step is, beside what its own note says.
func (b board) stepNote(it experiment.Item, total bool) string {
	text := signed(b.d.Words, it.Value)
	if total || !finite(it.Value) {
		text = number(b.d.Words, it.Value)
	}
	if it.Note != "" {
		text += "  " + it.Note
	}
	return text
}

// total draws the first or the last value: a bar from zero or, where zero is not on the axis, a mark.
func (a panel) total(r row, fromZero bool) {
	x, y := a.px(r.item.Value), r.y+r.h/2
	if fromZero {
		a.rect(rgb(0x8C8C8C), min(a.px(0), x), r.y+2.5, max(abs(x-a.px(0)), 1), r.h-5)
	} else {
		a.line(ink, 2.6, x, r.y+2.5, x, r.y+r.h-2.5)
	}
	if finite(r.item.Low) && finite(r.item.High) {
		a.whisker(a.within(r.item.Low), a.within(r.item.High), y)
	}
}

// step draws what one step adds to the value reached before it.
func (a panel) step(r row, before float64) {
	y := r.y + r.h/2
	if !finite(r.item.Value) {
		a.text(style{size: 7.5, italic: true, color: grey}, left, a.px(before)+4, y+2.7, a.d.Words.Chart.None)
		return
	}
	c := vermilion
	if r.item.Value < 0 {
		c = blue
	}
	x0, x1 := a.px(before), a.px(before+r.item.Value)
	x0, x1 = spread(min(x0, x1), max(x0, x1), 1)
	a.rect(c, x0, r.y+2.5, x1-x0, r.h-5)
	if finite(r.item.Low) && finite(r.item.High) {
		a.whisker(a.within(before+r.item.Low), a.within(before+r.item.High), y)
	}
}

// within is where a value stands, at most at the edges.
func (a panel) within(v float64) float64 { return min(max(a.px(v), a.x), a.x+a.w) }

// whisker is an interval, drawn so that it is seen on a bar and beside it.
func (p page) whisker(x0, x1, y float64) {
	for _, s := range []struct {
		c rgb
		w float64
	}{{white, 2.6}, {ink, 1.1}} {
		p.line(s.c, s.w, x0, y, x1, y)
		p.line(s.c, s.w, x0, y-2.6, x0, y+2.6)
		p.line(s.c, s.w, x1, y-2.6, x1, y+2.6)
	}
}

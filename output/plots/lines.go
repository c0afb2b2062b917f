package plots

import (
	"cmp"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"entrepot/experiment"
)

// lines draws lines with their bands, and returns the y below.
func (b board) lines(c *experiment.LineChart, y float64) float64 {
	h := b.pick(250, 190)
	var xs, must, all [][]float64
	banded := false
	for _, l := range c.Lines {
		xs, must = append(xs, l.X), append(must, l.Y)
		all = append(all, l.Y, l.Low, l.High)
		banded = banded || known(l.Low, l.High)
	}
	x0, x1 := extent(c.LogX, xs...)
	xa := b.scaleOf(c.LogX, x0, x1, int(b.pick(8, 5)), false)
	y0, y1 := extent(c.LogY, all...)
	if !c.LogY {
		y0, y1 = fromZero(reach(slices.Concat(all...), slices.Concat(must...)...))
	}
	ya := b.scaleOf(c.LogY, y0, y1, 5, true)
	y = b.keys(y+4, b.lineKeys(c, banded)) + 2
	a, below := b.area(y, h, xa, ya, c.XLabel, c.YLabel)
	for i, l := range c.Lines {
		x := positions(xa, l.X)
		a.band(alpha(colorOf(i), 0.2), x, positions(ya, l.Low), positions(ya, l.High), (xa.hi-xa.lo)/150)
	}
	for i, l := range c.Lines {
		x, v := positions(xa, l.X), positions(ya, l.Y)
		a.trace(colorOf(i), 1.6, lineStroke(i, l), x, v, 0)
		for _, r := range runs(x, v) {
			for k := r.i; k < r.j && (len(x) <= 15 && !l.Dashed || r.j-r.i == 1); k++ { // few points are seen, and lonely ones
				a.spotIn(colorOf(i), a.px(x[k]), a.py(v[k]), 2.2)
			}
		}
	}
	return below
}

// scaleOf makes an axis; a logarithmic one of values that end on a tick begins and ends with them.
func (b board) scaleOf(log bool, lo, hi float64, n int, whole bool) axis {
	if !log {
		return linear(b.d.Words, lo, hi, n, whole)
	}
	if whole { // a little room above and below
		room := math.Pow(hi/lo, 0.04)
		lo, hi = lo/room, hi*room
	}
	return logarithmic(b.d.Words, lo, hi, n)
}

func positions(a axis, values []float64) []float64 {
	out := make([]float64, len(values))
	for i, v := range values {
		out[i] = a.pos(v)
	}
	return out
}

// lineKeys is the legend of lines.
func (b board) lineKeys(c *experiment.LineChart, banded bool) []key {
	var keys []key
	for i, l := range c.Lines {
		if l.Name != "" {
			keys = append(keys, b.stroke1(l.Name, colorOf(i), 1.6, lineStroke(i, l)...))
		}
	}
	if banded {
		keys = append(keys, b.fill(cmp.Or(c.Band, b.words().Band), alpha(neutral, 0.4)))
	}
	return keys
}

// lineStroke is how a line of a chart is drawn: lines beyond the first of a colour, and dashed ones, have a pattern.
func lineStroke(i int, l experiment.Line) []vg.Length {
	if l.Dashed {
		return dashes()
	}
	return [][]vg.Length{nil, {1.5, 2}, {7, 2, 1.5, 2}}[i/len(series())%3]
}

// spotIn draws a dot if its middle lies in the panel.
func (a panel) spotIn(c rgb, x, y, r float64) {
	if x > a.x-0.1 && x < a.x+a.w+0.1 && y > a.y-0.1 && y < a.y+a.h+0.1 {
		a.dot(c, x, y, r)
	}
}

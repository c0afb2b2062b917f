package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"

	"gonum.org/v1/plot/vg"

	"entrepot/experiment"
)

const dotRadius = 3.2

// point is a dot of a scatter on the page.
type point struct {
	experiment.Dot
	x, y  float64
	color rgb
	shape int
}

// scatter draws things by two values with their names, and returns the y below.
func (b board) scatter(c *experiment.ScatterChart, y float64) float64 {
	var xs, ys []float64
	for _, d := range c.Items {
		if finite(d.X) && finite(d.Y) {
			xs, ys = append(xs, d.X, d.XLow, d.XHigh), append(ys, d.Y, d.YLow, d.YHigh)
		}
	}
	xa, ya := b.scatterAxis(xs, int(b.pick(8, 4))), b.scatterAxis(ys, 6)
	groups := dotGroups(c.Items)
	y = b.keys(y+4, b.scatterKeys(groups, c.Lines)) + 2
	a, below := b.area(y, b.pick(330, 270), xa, ya, c.XLabel, c.YLabel)
	for i, l := range c.Lines {
		a.trace(grey, 0.9, referenceStroke(i), l.X, l.Y, 0)
	}
	var points []point
	for _, d := range c.Items {
		if finite(d.X) && finite(d.Y) {
			g := slices.Index(groups, d.Group)
			points = append(points, point{d, a.px(d.X), a.py(d.Y), colorOf(g), g})
		}
	}
	for _, p := range points {
		a.cross(p)
	}
	for _, p := range points {
		a.shape(p.shape, p.color, p.x, p.y)
	}
	return b.list(below, b.words().Names, a.name(points, c.Lines))
}

func (b board) scatterAxis(values []float64, n int) axis {
	lo, hi := extent(false, values)
	lo, hi = fromZero(lo, hi)
	pad := (hi - lo) * 0.05
	return linear(b.d.Words, lo-pad, hi+pad, n, false)
}

func dotGroups(dots []experiment.Dot) (groups []string) {
	for _, d := range dots {
		if !slices.Contains(groups, d.Group) {
			groups = append(groups, d.Group)
		}
	}
	return groups
}

// referenceStroke tells lines of reference apart, which are all grey.
func referenceStroke(i int) []vg.Length {
	return [][]vg.Length{{4, 2.5}, {1, 2}, nil, {8, 2, 1, 2}}[i%4]
}

func (b board) scatterKeys(groups []string, lines []experiment.Line) []key {
	var keys []key
	for i, g := range groups {
		if g != "" {
			keys = append(keys, key{g, func(x, y float64) { b.shape(i, colorOf(i), x+7, y) }})
		}
	}
	for i, l := range lines {
		if l.Name != "" {
			keys = append(keys, b.stroke1(l.Name, grey, 0.9, referenceStroke(i)...))
		}
	}
	return keys
}

// shape draws the sign of a group: colour and form say the same.
func (p page) shape(i int, c rgb, x, y float64) {
	const r = dotRadius
	outline := func(r float64) []float64 {
		switch i % 4 {
		case 1:
			return []float64{x - r*0.9, y - r*0.9, x + r*0.9, y - r*0.9, x + r*0.9, y + r*0.9, x - r*0.9, y + r*0.9}
		case 2:
			return []float64{x, y - r*1.2, x + r*1.15, y + r*0.8, x - r*1.15, y + r*0.8}
		case 3:
			return []float64{x, y - r*1.25, x + r*1.25, y, x, y + r*1.25, x - r*1.25, y}
		}
		return nil
	}
	if i%4 == 0 {
		p.dot(white, x, y, r+0.8)
		p.dot(c, x, y, r)
		return
	}
	p.polygon(white, outline(r+1)...)
	p.polygon(c, outline(r)...)
}

// cross draws the intervals of a dot.
func (a panel) cross(p point) {
	c := alpha(p.color, 0.55)
	if finite(p.XLow) && finite(p.XHigh) {
		a.line(c, 1, a.px(p.XLow), p.y, a.px(p.XHigh), p.y)
	}
	if finite(p.YLow) && finite(p.YHigh) {
		a.line(c, 1, p.x, a.py(p.YLow), p.x, a.py(p.YHigh))
	}
}

// name writes the names of dots where they cover nothing, those farthest out first. Names for which there is no room are
// numbers, one for dots that lie together; these are returned.
func (a panel) name(points []point, lines []experiment.Line) []entry {
	in := surroundings{points: points}
	for _, l := range lines {
		in.references = append(in.references, a.segments(l)...)
	}
	for _, p := range points {
		in.taken = append(in.taken, label{x: p.x - dotRadius, y: p.y - dotRadius, w: 2 * dotRadius, h: 2 * dotRadius})
	}
	order := make([]int, 0, len(points))
	for i, p := range points {
		if p.Name != "" {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(points[j].x-points[j].y, points[i].x-points[i].y) })
	var left []int
	for _, i := range order {
		if !a.label(axisStyle(), points[i].Name, points[i], &in, []float64{4, 9}) {
			left = append(left, i)
		}
	}
	return a.numbers(left, &in)
}

// numbers gives dots without a name a number.
func (a panel) numbers(left []int, in *surroundings) (entries []entry) {
	done, points := map[int]bool{}, in.points
	for _, i := range left {
		if done[i] {
			continue
		}
		first, last := len(entries)+1, len(entries)
		for _, j := range left {
			if !done[j] && math.Hypot(points[i].x-points[j].x, points[i].y-points[j].y) < 11 {
				done[j] = true
				last++
				entries = append(entries, entry{strconv.Itoa(last), points[j].Name})
			}
		}
		text := strconv.Itoa(first)
		if last > first {
			text = fmt.Sprintf("%d–%d", first, last)
		}
		s := style{size: 7, bold: true, color: grey}
		a.label(s, text, points[i], in, []float64{2.5, 6, 12, 18, 26, 36, 48, 60, 80, 100, 130})
	}
	return entries
}

// surroundings are what a label must not lie on (taken) and should not (intervals of points, lines of reference).
type surroundings struct {
	points     []point
	references [][4]float64
	taken      []label
}

// label writes a text near a dot where it meets no other text and no dot, crosses as few lines as can be and is nearer to its
// dot than to others; far from the dot, a line leads there. It reports whether there was room.
func (a panel) label(s style, text string, p point, in *surroundings, distances []float64) bool {
	w, h := a.fonts.width(s, text), s.size*1.05
	best, least := label{}, math.Inf(1)
	for ring, r := range distances {
		r += dotRadius
		for i, o := range [][2]float64{{1, 0}, {0, -1}, {-1, 0}, {0, 1}, {1, -1}, {1, 1}, {-1, -1}, {-1, 1}} {
			l := label{text, p.x - w/2 + o[0]*(w/2+r), p.y - h/2 + o[1]*(h/2+r*0.8), w, h}
			if l.x < a.x+2 || l.x+w > a.x+a.w-2 || l.y < a.y+1 || l.y+h > a.y+a.h-2 || slices.ContainsFunc(in.taken, l.overlaps) {
				continue
			}
			if cost := float64(ring)*1.5 + float64(i)*0.1 + a.disturbs(l, p, in); cost < least {
				best, least = l, cost
			}
		}
	}
	if math.IsInf(least, 1) {
		return false
	}
	x, y, far := best.nearest(p)
	if far > 9 {
		a.line(grey, 0.5, p.x, p.y, x, y)
	}
	a.rect(alpha(white, 0.75), best.x-0.5, best.y, best.w+1, best.h)
	a.text(s, left, best.x, best.y+0.76*s.size+0.4, text)
	in.taken = append(in.taken, best)
	return true
}

// disturbs is the cost of a place: intervals and lines that it lies on, and dots as near as its own.
func (a panel) disturbs(l label, p point, in *surroundings) (cost float64) {
	_, _, own := l.nearest(p)
	for _, q := range in.points {
		if finite(q.XLow) && finite(q.XHigh) && l.crossed(a.px(q.XLow), q.y, a.px(q.XHigh), q.y) {
			cost++
		}
		if finite(q.YLow) && finite(q.YHigh) && l.crossed(q.x, a.py(q.YLow), q.x, a.py(q.YHigh)) {
			cost++
		}
		if _, _, d := l.nearest(q); d < own+3 && (q.x != p.x || q.y != p.y) {
			cost += 0.7
		}
	}
	for _, r := range in.references {
		if l.crossed(r[0], r[1], r[2], r[3]) {
			cost += 0.8
		}
	}
	return cost
}

// nearest is the point of a label's box that is nearest to a dot, and how far it is.
func (l label) nearest(p point) (x, y, distance float64) {
	x, y = min(max(p.x, l.x), l.x+l.w), min(max(p.y, l.y), l.y+l.h)
	return x, y, math.Hypot(x-p.x, y-p.y)
}

// segments are the parts of a line within the panel.
func (a panel) segments(l experiment.Line) (out [][4]float64) {
	for _, r := range runs(l.X, l.Y) {
		for k := r.i + 1; k < r.j; k++ {
			if x0, y0, x1, y1, ok := a.clip(a.px(l.X[k-1]), a.py(l.Y[k-1]), a.px(l.X[k]), a.py(l.Y[k])); ok {
				out = append(out, [4]float64{x0, y0, x1, y1})
			}
		}
	}
	return out
}

package plots

import (
	"cmp"
	"fmt"
	"image/color"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/vg"

	"entrepot/output/digest"
	"entrepot/output/prose"
)

// axis is a scale with its ticks. On a logarithmic one, positions are the decimal logarithms of values.
type axis struct {
	lo, hi float64 // positions of the ends
	log    bool
	ticks  []tick
	power  int // values are labelled in units of this power of ten
}

type tick struct {
	at   float64
	text string
}

// pos is the position of a value; NaN where it has none.
func (a axis) pos(v float64) float64 {
	switch {
	case !a.log:
		return v
	case v > 0:
		return math.Log10(v)
	}
	return math.NaN()
}

// extent is the range of all finite values, widened where it is none. On a logarithmic scale only values above zero count.
func extent(log bool, lists ...[]float64) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, l := range lists {
		for _, v := range l {
			if finite(v) && (!log || v > 0) {
				lo, hi = min(lo, v), max(hi, v)
			}
		}
	}
	switch {
	case lo > hi:
		return 1, 10
	case hi-lo > 1e-12*max(abs(lo), abs(hi)):
		return lo, hi
	case log:
		return lo / 2, hi * 2
	case lo == 0:
		return -1, 1
	}
	return lo - 0.1*abs(lo), hi + 0.1*abs(hi)
}

// fromZero lets an axis of values of one sign begin at zero where that does not flatten what it shows.
func fromZero(lo, hi float64) (float64, float64) {
	switch {
	case lo > 0 && lo < 0.6*hi:
		return 0, hi
	case hi < 0 && hi > 0.6*lo:
		return lo, 0
	}
	return lo, hi
}

// linear makes an axis of about n steps that ends at the values or (whole) at ticks, where these are not far beyond them.
func linear(w *digest.Words, lo, hi float64, n int, whole bool) axis {
	step, room := niceStep(hi-lo, n), 0.04*(hi-lo)
	a := axis{lo: lo, hi: hi}
	if whole {
		a.lo, a.hi = math.Floor(lo/step+1e-6)*step, math.Ceil(hi/step-1e-6)*step
		if lo-a.lo > 2.5*room {
			a.lo = lo - room
		}
		if a.hi-hi > 2.5*room {
			a.hi = hi + room
		}
	}
	switch largest := max(abs(a.lo), abs(a.hi)); {
	case largest >= 1e5 && largest < 3e6:
		a.power = 3
	case largest >= 3e6 || largest < 2e-3:
		a.power = 3 * int(math.Floor(math.Log10(largest)/3+1e-9))
	}
	unit := math.Pow(10, float64(a.power))
	decimals := decimalsOf(step / unit)
	for i := math.Ceil(a.lo/step - 1e-6); i*step <= a.hi+1e-6*step; i++ {
		a.ticks = append(a.ticks, tick{i * step, fixed(w, i*step/unit, decimals)})
	}
	return a
}

// decimalsOf is how many decimals tell the multiples of a step apart.
func decimalsOf(step float64) int {
	for d := range 12 {
		if x := step * math.Pow(10, float64(d)); abs(x-math.Round(x)) < 1e-6*x {
			return d
		}
	}
	return 12
}

// logarithmic makes an axis of decades, divided where there are few.
func logarithmic(w *digest.Words, lo, hi float64, n int) axis {
	a := axis{log: true, lo: math.Log10(lo), hi: math.Log10(hi)}
	steps := []float64{1}
	switch decades := a.hi - a.lo; {
	case decades < 1.2:
		steps = []float64{1, 1.5, 2, 3, 4, 5, 6, 8}
	case decades < 2.5:
		steps = []float64{1, 2, 5}
	case decades < 4:
		steps = []float64{1, 3}
	}
	if a.hi-a.lo < 0.35 { // hardly logarithmic: steps of equal size
		step := niceStep(hi-lo, n)
		for i := math.Ceil(lo/step - 1e-6); i*step <= hi*(1+1e-9); i++ {
			a.ticks = append(a.ticks, tick{math.Log10(i * step), number(w, i*step)})
		}
		return a
	}
	every := max(1, int(math.Ceil((a.hi-a.lo)/float64(max(n, 2)+1))))
	for e := int(math.Floor(a.lo)); float64(e) <= a.hi; e++ {
		if len(steps) == 1 && e%every != 0 {
			continue
		}
		for _, m := range steps {
			if at := float64(e) + math.Log10(m); at >= a.lo-1e-9 && at <= a.hi+1e-9 {
				a.ticks = append(a.ticks, tick{at, number(w, m*math.Pow(10, float64(e)))})
			}
		}
	}
	return a
}

// title is the label of an axis with the power of ten that its ticks leave out.
func (a axis) title(w digest.ChartWords, label string) string {
	if a.power == 0 {
		return label
	}
	word, ok := w.Scales[a.power]
	if !ok {
		word = fmt.Sprintf(w.PowerF, a.power)
	}
	if label == "" {
		return word
	}
	return fmt.Sprintf(w.ScaleF, label, word)
}

// fixed formats a number with some decimals, thousands parted.
func fixed(w *digest.Words, v float64, decimals int) string {
	if decimals == 0 {
		return w.Int(v)
	}
	return w.Fixed(v, decimals)
}

// number formats a value to three significant digits.
func number(w *digest.Words, v float64) string {
	switch size := abs(v); {
	case v == 0 || !finite(v):
		return w.Int(v)
	case size >= 99.95 && size < 9.995e6:
		return w.Int(round3(v))
	case size >= 9.995e6 || size < 9.995e-4:
		return w.Own(prose.Power(v))
	default:
		text := prose.Fixed(v, 2-int(math.Floor(math.Log10(size*1.0005))))
		return w.Own(strings.TrimRight(strings.TrimRight(text, "0"), "."))
	}
}

// signed is a number with its sign.
func signed(w *digest.Words, v float64) string { return prose.Signed(number(w, v)) }

// reach is an extent that a few values far from the others do not stretch; must lies within it in any case.
func reach(values []float64, must ...float64) (lo, hi float64) {
	sorted := slices.DeleteFunc(slices.Clone(values), func(v float64) bool { return !finite(v) })
	slices.SortFunc(sorted, cmp.Compare[float64])
	lo, hi = extent(false, sorted, must)
	n := len(sorted)
	if n < 6 {
		return lo, hi
	}
	tenth := max(1, n/10)
	low, high := sorted[tenth], sorted[n-1-tenth]
	most := high - low
	near := slices.DeleteFunc(sorted, func(v float64) bool { return v < low-2*most || v > high+2*most })
	if l, h := extent(false, near, must); most > 0 && hi-lo > 1.5*(h-l) { // else little is won
		return l, h
	}
	return lo, hi
}

// area draws both axes of a panel of height h below y, and returns the panel and the y below its axis title.
func (b board) area(y, h float64, xa, ya axis, xLabel, yLabel string) (panel, float64) {
	a := b.beside(ya, yLabel, h)
	a.y, a.x0, a.x1 = y, xa.lo, xa.hi
	if n := len(xa.ticks); n > 0 { // room for half of the last label
		a.w -= max(0, b.fonts.width(axisStyle(), xa.ticks[n-1].text)/2-margin+3)
	}
	below := b.under(a, xa, xLabel)
	a.levels(ya, yLabel)
	a.line(grey, 0.6, a.x, a.y+a.h, a.x+a.w, a.y+a.h)
	return a, below
}

// beside places a panel of height h beside its value axis; where it stands on the page is left open.
func (b board) beside(ya axis, label string, h float64) panel {
	var texts []string
	for _, t := range ya.ticks {
		texts = append(texts, t.text)
	}
	x := margin + b.widest(axisStyle(), texts...) + 6 + titleLeading*float64(len(b.sideways(ya, label, h)))
	return panel{page: b.page, x: x, w: b.right() - x, h: h, y0: ya.lo, y1: ya.hi}
}

const titleLeading = 9.0

// axisTitleStyle is the style of axis titles.
func axisTitleStyle() style { return style{size: 7.5, color: grey} }

// sideways are the lines of a value axis's title.
func (b board) sideways(ya axis, label string, h float64) []string {
	return b.broken(axisTitleStyle(), ya.title(b.words(), label), h+8)
}

// under draws the vertical grid, the labels of a horizontal axis and its title, and returns the y below.
func (b board) under(a panel, xa axis, label string) float64 {
	for _, t := range thinned(b, xa.ticks, a.px) {
		x := a.px(t.at)
		a.line(pale, 0.6, x, a.y, x, a.y+a.h)
		a.line(grey, 0.6, x, a.y+a.h, x, a.y+a.h+3)
		a.text(axisStyle(), centre, x, a.y+a.h+11.5, t.text)
	}
	return b.xTitle(a, xa.title(b.words(), label))
}

// levels draws the horizontal grid of a value axis, its labels and its title.
func (a panel) levels(ya axis, label string) {
	b := board{a.page}
	for i, l := range b.sideways(ya, label, a.h) {
		b.vertical(axisTitleStyle(), margin+5+titleLeading*float64(i), a.y+a.h/2, l)
	}
	for _, t := range ya.ticks {
		c := pale
		if t.at == 0 && !ya.log {
			c = grey
		}
		a.line(c, 0.6, a.x, a.py(t.at), a.x+a.w, a.py(t.at))
		a.text(axisStyle(), right, a.x-4, a.py(t.at)+2.8, t.text)
	}
}

// xTitle writes the title below the labels of a horizontal axis and returns the y below.
func (b board) xTitle(a panel, text string) float64 {
	y, mid := a.y+a.h+11.5, a.x+a.w/2
	if text == "" {
		return y + 11
	}
	w := 2 * min(mid-margin, b.right()-mid) // centred below the panel, on the page
	return b.block(axisTitleStyle(), centre, mid, y+11.5, w, titleLeading, text) + 2
}

// thinned leaves ticks out until their labels keep clear of each other.
func thinned(b board, ticks []tick, px func(float64) float64) []tick {
	for every := 1; every <= len(ticks); every++ {
		var kept []tick
		end, ok := math.Inf(-1), true
		for i := 0; i < len(ticks); i += every {
			half := b.fonts.width(axisStyle(), ticks[i].text) / 2
			ok = ok && px(ticks[i].at)-half > end+5
			end = px(ticks[i].at) + half
			kept = append(kept, ticks[i])
		}
		if ok {
			return kept
		}
	}
	return nil
}

// band fills between two lines wherever both have values; a value alone is half wide to either side.
func (a panel) band(c color.Color, x, low, high []float64, half float64) {
	for _, r := range runs(x, low, high) {
		if r.j-r.i == 1 {
			x0, x1 := max(a.px(x[r.i]-half), a.x), min(a.px(x[r.i]+half), a.x+a.w)
			y0, y1 := a.inside(a.py(high[r.i])), a.inside(a.py(low[r.i]))
			a.rect(c, x0, y0, x1-x0, y1-y0)
			continue
		}
		var outline []float64
		for k := r.i; k < r.j; k++ {
			outline = append(outline, a.px(x[k]), a.inside(a.py(high[k])))
		}
		for k := r.j - 1; k >= r.i; k-- {
			outline = append(outline, a.px(x[k]), a.inside(a.py(low[k])))
		}
		a.polygon(c, outline...)
	}
}

// trace joins values; a value alone is a dash, half wide to either side. What lies outside the panel is cut off at its edge.
func (a panel) trace(c color.Color, width float64, dash []vg.Length, x, y []float64, half float64) {
	for _, r := range runs(x, y) {
		if r.j-r.i == 1 && half > 0 {
			at := a.py(y[r.i])
			if at >= a.y && at <= a.y+a.h {
				a.dashed(c, width, dash, max(a.px(x[r.i]-half), a.x), at, min(a.px(x[r.i]+half), a.x+a.w), at)
			}
			continue
		}
		var part []float64
		flush := func() { a.dashed(c, width, dash, part...); part = nil }
		for k := r.i + 1; k < r.j; k++ {
			x0, y0, x1, y1, ok := a.clip(a.px(x[k-1]), a.py(y[k-1]), a.px(x[k]), a.py(y[k]))
			if !ok {
				flush()
				continue
			}
			if n := len(part); n == 0 || part[n-2] != x0 || part[n-1] != y0 {
				flush()
				part = append(part, x0, y0)
			}
			part = append(part, x1, y1)
		}
		flush()
	}
}

// clip cuts a line off at the panel's edges (Liang & Barsky 1984); it is not ok where nothing is left.
func (a panel) clip(x0, y0, x1, y1 float64) (float64, float64, float64, float64, bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := x1-x0, y1-y0
	for _, e := range [][2]float64{{-dx, x0 - a.x}, {dx, a.x + a.w - x0}, {-dy, y0 - a.y}, {dy, a.y + a.h - y0}} {
		switch p, q := e[0], e[1]; {
		case p == 0 && q < 0:
			return 0, 0, 0, 0, false
		case p < 0:
			t0 = max(t0, q/p)
		case p > 0:
			t1 = min(t1, q/p)
		}
	}
	if t0 > t1 {
		return 0, 0, 0, 0, false
	}
	cx0, cy0, cx1, cy1 := x0, y0, x1, y1
	if t0 > 0 {
		cx0, cy0 = x0+t0*dx, y0+t0*dy
	}
	if t1 < 1 {
		cx1, cy1 = x0+t1*dx, y0+t1*dy
	}
	return cx0, cy0, cx1, cy1, true
}

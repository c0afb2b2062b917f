package plots

import (
	"fmt"
	"slices"

	"gonum.org/v1/plot/vg"

	"entrepot/experiment"
	"entrepot/sim"
)

// strokes tell lines apart where colours do not: in grey print and for who sees no colours.
func strokes(i int) []vg.Length {
	return [][]vg.Length{nil, {6, 2.5}, {1.5, 2}, {7, 2, 1.5, 2}}[i%4]
}

func colorOf(i int) rgb { return series()[i%len(series())] }

// How dark the bands of a fan are: the outer, the inner, and the inner upon the outer.
const most, middle, both = 0.16, 0.34, 0.45

// fan draws spreads over months, and returns the y below.
func (b board) fan(c *experiment.FanChart, y float64) float64 {
	from, _ := month(c.Months[0])
	last, _ := month(c.Months[len(c.Months)-1])
	to := firstOfNext(last)
	lo, hi := fanExtent(c)
	ya := linear(b.d.Words, lo, hi, 5, true)
	facts := factsWithin(c.Facts, from, to)
	y = b.keys(y+4, slices.Concat(b.fanKeys(c), b.edgeKeys(c, ya), b.factKeys(facts))) + 2

	a := b.beside(ya, c.YLabel, b.pick(250, 190))
	a.x0, a.x1 = float64(from), float64(to)
	marks := b.layMarks(a, c.Marks, from, to)
	a.y = y + marks.height
	a.levels(ya, c.YLabel)
	a.markLines(marks)
	a.fans(c)
	a.factBoxes(facts)
	a.monthAxis()
	y = b.xTitle(a, c.XLabel)
	y = b.list(y, b.words().Documented, b.factEntries(facts))
	return b.list(y, b.words().Marked, marks.entries)
}

// fans draws bands first, then lines.
func (a panel) fans(c *experiment.FanChart) {
	for i, f := range c.Fans {
		days, half := daysOf(c, i)
		a.band(alpha(colorOf(i), most), days, f.Q05, f.Q95, half)
	}
	for i, f := range c.Fans {
		days, half := daysOf(c, i)
		a.band(alpha(colorOf(i), middle), days, f.Q25, f.Q75, half)
	}
	if c.Zero {
		a.line(ink, 0.9, a.x, a.py(0), a.x+a.w, a.py(0))
	}
	for i, f := range c.Fans {
		days, half := daysOf(c, i)
		for _, bound := range [][]float64{f.Low, f.High} {
			a.trace(blend(colorOf(i), ink, 0.5), 1, dots(), days, bound, half)
		}
		a.trace(colorOf(i), 1.7, strokes(i), days, f.Q50, half)
		a.edges(colorOf(i), days, f)
	}
}

// daysOf returns where the values of a fan stand, in the middle of their months, and half the width of a value alone. Fans of one
// month stand side by side.
func daysOf(c *experiment.FanChart, fan int) (days []float64, half float64) {
	for _, m := range c.Months {
		d, _ := month(m)
		days = append(days, float64(d+firstOfNext(d))/2)
	}
	if len(days) == 1 {
		half = 10 / float64(len(c.Fans)+2)
		days[0] += 2.6 * half * (float64(fan) - float64(len(c.Fans)-1)/2)
		return days, half
	}
	return days, 15
}

// firstOfNext is the first day of the month after the one that begins on d.
func firstOfNext(d sim.Date) sim.Date {
	return sim.DateOf(d.Year(), int(d.Time().Month())+1, 1)
}

// fanExtent is what the value axis shows: all medians, intervals and facts, and of the bands what a few wild months do not
// stretch. A difference holds zero.
func fanExtent(c *experiment.FanChart) (lo, hi float64) {
	var must, all []float64
	for _, f := range c.Fans {
		must = slices.Concat(must, f.Q50, f.Low, f.High)
		all = slices.Concat(all, f.Q05, f.Q25, f.Q50, f.Q75, f.Q95)
	}
	for _, f := range c.Facts {
		must = append(must, f.Low, f.High)
	}
	if c.Zero {
		must = append(must, 0)
	}
	return fromZero(reach(all, must...))
}

// fanKeys is the legend of the fans. Bands are explained once, in the colour of the only fan or in grey.
func (b board) fanKeys(c *experiment.FanChart) []key {
	w, one := b.words(), len(c.Fans) == 1
	shade, pale, dark := neutral, 0.4, 0.85
	var keys []key
	for i, f := range c.Fans {
		name := b.d.Words.Say().Colon(f.Name, w.Median)
		if one {
			name, shade, pale, dark = w.Median, blue, most, both
		}
		keys = append(keys, b.stroke1(name, colorOf(i), 1.7, strokes(i)...))
	}
	inner := func(f experiment.Fan) bool { return known(f.Q25, f.Q75) }
	outer := func(f experiment.Fan) bool { return known(f.Q05, f.Q95) }
	mean := func(f experiment.Fan) bool { return known(f.Low, f.High) }
	if slices.ContainsFunc(c.Fans, inner) {
		keys = append(keys, b.fill(w.Middle, alpha(shade, dark)))
	}
	if slices.ContainsFunc(c.Fans, outer) {
		keys = append(keys, b.fill(w.Most, alpha(shade, pale)))
	}
	if slices.ContainsFunc(c.Fans, mean) {
		keys = append(keys, b.stroke1(w.MeanBand, blend(shade, ink, 0.5), 1, dots()...))
	}
	return keys
}

// edges puts a triangle where a band leaves the panel, one for each stretch of months.
func (a panel) edges(c rgb, days []float64, f experiment.Fan) {
	sign := func(q []float64, beyond func(float64) bool, y, down float64) {
		for i := 0; i < len(q); i++ {
			if !beyond(q[i]) {
				continue
			}
			j := i
			for j+1 < len(q) && beyond(q[j+1]) {
				j++
			}
			x := a.px((days[i] + days[j]) / 2)
			a.polygon(c, x-3, y-down, x, y+down, x+3, y-down)
			i = j
		}
	}
	sign(f.Q95, func(v float64) bool { return v > a.y1 }, a.y+2, -2)
	sign(f.Q05, func(v float64) bool { return v < a.y0 }, a.y+a.h-2, 2)
}

// edgeKeys explains the triangles and says how far what they stand for goes.
func (b board) edgeKeys(c *experiment.FanChart, ya axis) []key {
	lo, hi := ya.lo, ya.hi
	for _, f := range c.Fans {
		for i := range f.Q95 {
			if finite(f.Q95[i]) {
				hi = max(hi, f.Q95[i])
			}
		}
		for i := range f.Q05 {
			if finite(f.Q05[i]) {
				lo = min(lo, f.Q05[i])
			}
		}
	}
	var keys []key
	if hi > ya.hi {
		keys = append(keys, key{fmt.Sprintf(b.words().AboveF, number(b.d.Words, hi)), func(x, y float64) {
			b.polygon(grey, x+4, y+2, x+7, y-2, x+10, y+2)
		}})
	}
	if lo < ya.lo {
		keys = append(keys, key{fmt.Sprintf(b.words().BelowF, number(b.d.Words, lo)), func(x, y float64) {
			b.polygon(grey, x+4, y-2, x+7, y+2, x+10, y-2)
		}})
	}
	return keys
}

// monthAxis draws the ticks and labels of a time axis. On the axis of a few months each is named below its middle.
func (a panel) monthAxis() {
	if a.x1-a.x0 > 100 {
		a.timeAxis()
		return
	}
	y := a.y + a.h
	a.line(grey, 0.6, a.x, y, a.x+a.w, y)
	for d := sim.Date(a.x0); float64(d) < a.x1; d = firstOfNext(d) {
		a.line(grey, 0.6, a.day(d), y, a.day(d), y+3)
		a.text(axisStyle(), centre, (a.day(d)+a.day(firstOfNext(d)))/2, y+11.5, a.d.Words.Month(d))
	}
}

package plots

import (
	"fmt"
	"image/color"
	"math"
	"strconv"

	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/vg"

	"entrepot/output/digest"
	"entrepot/sim"
)

// Page measures in points: 720 points are 10 inches, 2000 pixels.
const (
	pageWidth = 720.0
	margin    = 14.0
	inner     = pageWidth - 2*margin
)

// page is what stands around the panels of a figure: title, legend, list of events, footer.
type page struct {
	*pen
	d *digest.Digest
}

// head writes title and subtitle and returns the y below them.
func (p page) head(title, sub string) float64 {
	y := margin + 11
	for _, l := range p.wrap(titleStyle(), title, inner, 2) {
		p.text(titleStyle(), left, margin, y, l)
		y += 16
	}
	return p.paragraph(subStyle(), margin, y-1, inner, 2, sub)
}

// foot writes who made the figure and of how many runs.
func (p page) foot() {
	w := p.d.Words.Plot
	text := fmt.Sprintf(w.FooterF, p.d.Scenario, strconv.FormatUint(p.d.Seed, 10), p.d.Version)
	p.line(pale, 0.6, margin, p.h-17, pageWidth-margin, p.h-17)
	p.text(footStyle(), left, margin, p.h-7.5, p.fit(footStyle(), text, inner))
}

// key is one entry of a legend; draw paints the swatch in a box of 16 x 8 points whose left middle is (x, y).
type key struct {
	text string
	draw func(x, y float64)
}

func (p page) fill(text string, c color.Color) key {
	return key{text, func(x, y float64) {
		p.rect(c, x, y-4, 14, 8)
		p.frame(alpha(ink, 0.25), 0.4, x, y-4, 14, 8)
	}}
}

func (p page) stroke1(text string, c color.Color, width float64, dashes ...vg.Length) key {
	return key{text, func(x, y float64) { p.dashed(c, width, dashes, x, y, x+14, y) }}
}

// above returns the y below a figure's head without drawing it.
func above(f fonts, d *digest.Digest, head func(page) float64) float64 {
	return head(page{&pen{fonts: f, canvas: nowhere{}, w: pageWidth, h: pageWidth}, d})
}

// nowhere is a canvas that draws nothing, for measuring.
type nowhere struct{ vg.Canvas }

func (nowhere) SetLineWidth(vg.Length)                 {}
func (nowhere) SetLineDash([]vg.Length, vg.Length)     {}
func (nowhere) SetColor(color.Color)                   {}
func (nowhere) Stroke(vg.Path)                         {}
func (nowhere) Fill(vg.Path)                           {}
func (nowhere) Push()                                  {}
func (nowhere) Pop()                                   {}
func (nowhere) Rotate(float64)                         {}
func (nowhere) Translate(vg.Point)                     {}
func (nowhere) FillString(font.Face, vg.Point, string) {}

// legend lays keys out in rows and returns the y below them.
func (p page) legend(x, y, w float64, keys []key) float64 {
	s := noteStyle()
	at := x
	for _, k := range keys {
		need := 18 + p.fonts.width(s, k.text)
		if at > x && at+need > x+w {
			at, y = x, y+12.5
		}
		k.draw(at, y-2.8)
		p.text(s, left, at+18, y, k.text)
		at += need + 13
	}
	return y + 13
}

// panel is a rectangle of a page with its two scales.
type panel struct {
	page
	x, y, w, h float64
	x0, x1     float64 // value at the left and the right edge
	y0, y1     float64 // value at the bottom and the top edge
}

func (a panel) px(v float64) float64   { return a.x + (v-a.x0)/(a.x1-a.x0)*a.w }
func (a panel) py(v float64) float64   { return a.y + a.h - (v-a.y0)/(a.y1-a.y0)*a.h }
func (a panel) day(d sim.Date) float64 { return a.px(float64(d)) }

// grid shows n panels in some columns within a box, with room for their titles and axes.
type grid struct{ x, y, w, h, gapX, gapY, axisW, titleH, axisH float64 }

func (g grid) cell(i, cols, rows int) (x, y, w, h float64) {
	cw := (g.w - float64(cols-1)*g.gapX) / float64(cols)
	ch := (g.h - float64(rows-1)*g.gapY) / float64(rows)
	x = g.x + float64(i%cols)*(cw+g.gapX) + g.axisW
	y = g.y + float64(i/cols)*(ch+g.gapY) + g.titleH
	return x, y, cw - g.axisW, ch - g.titleH - g.axisH
}

// valueAxis draws the horizontal grid and its labels; format turns a value into text.
func (a panel) valueAxis(ticks int, format func(float64) string) {
	step := niceStep(a.y1-a.y0, ticks)
	for i := math.Ceil(a.y0/step - 1e-9); i*step <= a.y1*(1+1e-9); i++ {
		y := a.py(i * step)
		c := pale
		if i == 0 {
			c = grey
		}
		a.line(c, 0.6, a.x, y, a.x+a.w, y)
		a.text(axisStyle(), right, a.x-4, y+2.8, format(i*step))
	}
}

// valueTitle writes the unit of an axis beside the first panel of a row, reading upwards.
func (a panel) valueTitle(text string) {
	s := style{size: 7.5, color: grey}
	a.vertical(s, margin-4, a.y+a.h/2, a.fit(s, text, a.h+30))
}

// top rounds a maximum up to the next tick.
func top(v float64, ticks int) float64 {
	if v <= 0 {
		return 1
	}
	step := niceStep(v, ticks)
	return math.Ceil(v/step-1e-9) * step
}

// timeAxis draws ticks and labels of a panel whose x scale is days.
func (a panel) timeAxis() {
	y := a.y + a.h
	from, to := sim.Date(a.x0), sim.Date(a.x1)
	a.line(grey, 0.6, a.x, y, a.x+a.w, y)
	step := a.monthStep(from, to)
	s := axisStyle()
	for m := (from.Year() * 12 / step) * step; ; m += step {
		d := sim.DateOf(m/12, m%12+1, 1)
		if d > to {
			break
		}
		if d < from || d > to-25 && d > from+60 {
			continue
		}
		x := a.day(d)
		a.line(grey, 0.6, x, y, x, y+3)
		text := a.tickText(d, step)
		half := a.fonts.width(s, text) / 2
		if x-half > a.x-10 && x+half < a.x+a.w+10 {
			a.text(s, centre, x, y+11.5, text)
		}
	}
}

func (a panel) tickText(d sim.Date, step int) string {
	if step >= 12 {
		return strconv.Itoa(d.Year())
	}
	return a.d.Words.Month(d)
}

// monthStep is the smallest step in months whose labels keep clear of each other.
func (a panel) monthStep(from, to sim.Date) int {
	perMonth := a.w / (float64(to-from) / 30.44)
	for _, step := range []int{1, 3, 6, 12, 24, 60, 120} {
		sample := "2000"
		if step < 12 {
			sample = a.d.Words.Month(sim.DateOf(2000, 9, 1))
		}
		if float64(step)*perMonth > a.fonts.width(axisStyle(), sample)+7 {
			return step
		}
	}
	return 240
}

// windows shades the two periods that are compared.
func (a panel) windows() {
	for i, w := range []digest.Window{a.d.Before, a.d.After} {
		x0, x1 := math.Max(a.day(w.From), a.x), math.Min(a.day(w.To+1), a.x+a.w)
		if x1 > x0 {
			a.rect(windowColor(i), x0, a.y, x1-x0, a.h)
		}
	}
}

func windowColor(i int) rgb {
	if i == 0 {
		return 0xE6F1F9
	}
	return 0xFBEADD
}

func (p page) windowKeys() []key {
	w := p.d.Words
	return []key{
		p.fill(w.Colon(w.Plot.Before, w.Span(p.d.Before)), windowColor(0)),
		p.fill(w.Colon(w.Plot.After, w.Span(p.d.After)), windowColor(1)),
	}
}

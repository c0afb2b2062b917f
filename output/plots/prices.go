package plots

import (
	"fmt"
	"math"
	"slices"

	"gonum.org/v1/plot/vg"

	"entrepot/output/digest"
	"entrepot/output/tables"
	"entrepot/sim"
)

func dots() []vg.Length   { return []vg.Length{1, 2} }
func dashes() []vg.Length { return []vg.Length{4, 2.5} }

// track is the price of a good at a hub: weeks with trade, and means of months or quarters weighted by units.
type track struct {
	town   digest.Town
	days   []sim.Date
	prices []float64
	sold   []int64   // units, of the same weeks
	median int64     // units of the middle week
	value  []float64 // per bin: CFA
	units  []float64 // per bin
}

func tracksOf(d *digest.Digest, g digest.Good, towns []digest.Town, b bins) []track {
	good, _ := d.Run.Names.Find(g.ID)
	index := make([]int, d.Run.Names.Len())
	out := make([]track, len(towns))
	for i, t := range towns {
		out[i] = track{town: t, value: make([]float64, b.n()), units: make([]float64, b.n())}
		if s, ok := d.Run.Names.Find(t.Hub.ID); ok {
			index[s] = i + 1
		}
	}
	for _, r := range d.Run.Prices {
		i := index[r.Hub]
		bin, in := b.at(r.Tick)
		if r.Good != good || r.Price <= 0 || i == 0 || !in {
			continue
		}
		t := &out[i-1]
		t.days = append(t.days, d.Run.Date(r.Tick)+3)
		t.prices = append(t.prices, float64(r.Price))
		t.sold = append(t.sold, max(r.Units, 1))
		t.value[bin] += float64(r.Price * max(r.Units, 1))
		t.units[bin] += float64(max(r.Units, 1))
	}
	for i := range out {
		out[i].settle()
	}
	return out
}

// townsFor are the towns to show for a good: those in focus where it has a price.
func townsFor(d *digest.Digest, g digest.Good) []digest.Town {
	var out []digest.Town
	for _, id := range d.Focus {
		for _, t := range d.Prices {
			if t.Good.ID == g.ID && t.Hub.ID == id {
				out = append(out, t)
			}
		}
	}
	return out
}

func priceFigure(f fonts, d *digest.Digest, g digest.Good) *spec {
	w := d.Words.Plot
	towns := townsFor(d, g)
	if len(towns) == 0 {
		return nil
	}
	b, months := seasonal(d)
	tracks := tracksOf(d, g, towns, b)
	facts := factsFor(d, g, towns)
	cols := min(3, len(towns))
	rows := (len(towns) + cols - 1) / cols
	marks := marksOf(d)
	listH := eventHeight(f, d, marks)
	const panelH = 152.0
	unit, format := priceUnit(d, tracks, facts)
	yTop := highest(tracks, facts)
	over := slices.ContainsFunc(tracks, func(t track) bool { return slices.ContainsFunc(t.prices, func(p float64) bool { return p > yTop }) })
	head := func(p page) float64 {
		y := p.head(fmt.Sprintf(w.PriceTitleF, g.Name), fmt.Sprintf(w.PriceAxisF, unit, g.Unit, d.Words.Int(100_000), d.Words.Fixed(tables.Euro(100_000), 0)))
		return p.priceLegend(y+4, facts, months, over, panel{w: (inner-28)/float64(cols) - 28, h: panelH - 44, x0: float64(d.From), x1: float64(d.To + 1), y1: yTop})
	}
	gridY := above(f, d, head) - 2
	height := gridY + float64(rows)*panelH + float64(rows-1)*14 + listH + 34
	return &spec{
		name: "prices-" + g.ID, title: fmt.Sprintf(w.PriceTitleF, g.Name),
		alt: altPrices(d, g, towns), caption: w.CapPrice,
		drawing: drawing{pageWidth, height, func(pn *pen) {
			p := page{pn, d}
			head(p)
			gr := grid{x: margin, y: gridY, w: inner, h: float64(rows)*panelH + float64(rows-1)*14, gapX: 14, gapY: 14, axisW: 28, titleH: 28, axisH: 16}
			for i, t := range tracks {
				x, y, cw, ch := gr.cell(i, cols, rows)
				a := panel{p, x, y, cw, ch, float64(d.From), float64(d.To + 1), 0, yTop}
				a.priceTrack(t, b, facts, marks, format)
				if i%cols == 0 {
					a.valueTitle(fmt.Sprintf(w.PerUnitF, unit, g.Unit))
				}
			}
			p.eventList(gridY+gr.h+20, marks)
			p.foot()
		}},
	}
}

// priceUnit shows thousands of CFA where prices are that high.
func priceUnit(d *digest.Digest, tracks []track, facts []placed) (string, func(float64) string) {
	if highest(tracks, facts) >= 10000 {
		return d.Words.Plot.ThousandCFA, thousands(d.Words)
	}
	return d.Words.T("CFA"), plain(d.Words)
}

// highest is the top of the price panels: what holds nearly all months (or quarters), all facts and all means. A few in which
// one unit was sold at a wild price may leave the panel; a triangle says so.
func highest(tracks []track, facts []placed) float64 {
	m := 0.0
	var means []float64
	for _, t := range tracks {
		for i := range t.value {
			if t.units[i] > 0 {
				means = append(means, t.value[i]/t.units[i])
			}
		}
		m = max(m, t.town.Before.Mean*1.15, t.town.After.Mean*1.15)
	}
	for _, f := range facts {
		m = max(m, f.fact.High*1.05)
	}
	slices.Sort(means)
	if n := len(means); n > 0 {
		m = max(m, min(means[n-1]*1.05, means[n*95/100]*1.25))
	}
	return m
}

// placed is a documented price at one of its places, with the colour of its source.
type placed struct {
	fact  digest.Fact
	hub   string
	color rgb
	label string
}

func factsFor(d *digest.Digest, g digest.Good, towns []digest.Town) []placed {
	colors := []rgb{orange, purple, green, vermilion}
	var sources []string
	var out []placed
	for _, f := range d.Facts {
		if f.Good != g.ID || !f.Covered(d.From, d.To) {
			continue
		}
		for _, t := range towns {
			if !slices.Contains(f.Places, t.Hub.ID) {
				continue
			}
			if !slices.Contains(sources, f.Source) {
				sources = append(sources, f.Source)
			}
			i := slices.Index(sources, f.Source)
			out = append(out, placed{f, t.Hub.ID, colors[i%len(colors)], f.Source})
		}
	}
	return out
}

func (p page) priceLegend(y float64, facts []placed, months, above bool, like panel) float64 {
	w := p.d.Words.Plot
	line := w.QuarterLine
	if months {
		line = w.MonthLine
	}
	keys := []key{
		{w.WeekDot, func(x, y float64) {
			p.specks(sky, speck, []float64{x + 1, y + 1.5, x + 5, y - 2})
			p.specks(paleSky, speck, []float64{x + 9, y + 1.5, x + 13, y - 2})
		}},
		p.stroke1(line, blue, 1.6), p.stroke1(w.WindowMean, ink, 1.1, dashes()...),
	}
	if above {
		keys = append(keys, key{w.AbovePanel, func(x, y float64) { p.beyond(x+4, y-2); p.specks(sky, speck, []float64{x + 10, y}) }})
	}
	var seen []string
	for _, f := range facts {
		if !slices.Contains(seen, f.label) {
			seen = append(seen, f.label)
			keys = append(keys, key{fmt.Sprintf(w.FactBoxF, f.label), func(x, y float64) { p.factBox(f.color, x, y-4, 14, 8) }})
		}
	}
	if slices.ContainsFunc(facts, like.narrow) {
		keys = append(keys, key{w.FactPoint, func(x, y float64) { p.diamond(neutral, x+7, y) }})
	}
	keys = append(keys, p.windowKeys()...)
	return p.legend(margin, y, inner, keys)
}

// beyond is the sign of a price above the panel, its tip at y.
func (p page) beyond(x, y float64) { p.polygon(blue, x-2.4, y+4, x, y, x+2.4, y+4) }

func (p page) factBox(c rgb, x, y, w, h float64) {
	p.rect(alpha(c, 0.35), x, y, w, h)
	p.frame(c, 0.9, x, y, w, h)
}

func (a panel) priceTrack(t track, b bins, facts []placed, marks []mark, format func(float64) string) {
	w := a.d.Words
	a.windows()
	a.valueAxis(4, format)
	a.eventLines(marks)
	a.weekly(t)
	for _, f := range facts {
		if f.hub == t.town.Hub.ID {
			a.fact(f)
		}
	}
	a.meanLine(t, b)
	a.windowMean(a.d.Before, t.town.Before)
	a.windowMean(a.d.After, t.town.After)
	for _, f := range facts {
		if f.hub == t.town.Hub.ID && a.narrow(f) {
			a.point(f)
		}
	}
	a.timeAxis()
	said := func(p digest.Price) string {
		if p.Weeks == 0 {
			return w.Plot.NoTrade
		}
		return format(round3(p.Mean))
	}
	verdict := said(t.town.Before) + " → " + said(t.town.After)
	if t.town.Known() {
		change, _ := t.town.Pair().Ratio()
		verdict = verdict + "  (" + w.Change(change) + ")"
	}
	room := a.w + 24 - 8 - a.text(noteStyle(), right, a.x+a.w, a.y-15, verdict)
	a.text(panelStyle(), left, a.x-24, a.y-15, a.fit(panelStyle(), t.town.Hub.Short(), room))
}

// round3 keeps three digits, since more would be false precision.
func round3(v float64) float64 {
	if v == 0 {
		return 0
	}
	step := math.Pow(10, math.Floor(math.Log10(abs(v)))-2)
	return math.Round(v/step) * step
}

// narrow says whether a fact is too short and too exact for a box.
func (a panel) narrow(f placed) bool {
	return a.day(f.fact.End+1)-a.day(f.fact.Start) < 6 && a.py(f.fact.Low)-a.py(f.fact.High) < 6
}

// point draws a fact of one place and moment as a diamond, above the lines.
func (a panel) point(f placed) {
	a.diamond(f.color, (a.day(f.fact.Start)+a.day(f.fact.End+1))/2, (a.py(f.fact.Low)+a.py(f.fact.High))/2)
}

func (p page) diamond(c rgb, x, y float64) {
	p.polygon(white, x-5.6, y, x, y-5.6, x+5.6, y, x, y+5.6)
	p.polygon(ink, x-4.6, y, x, y-4.6, x+4.6, y, x, y+4.6)
	p.polygon(c, x-3.4, y, x, y-3.4, x+3.4, y, x, y+3.4)
}

func (a panel) fact(f placed) {
	if a.narrow(f) {
		return
	}
	x0, x1 := a.day(max(f.fact.Start, a.d.From)), a.day(min(f.fact.End+1, a.d.To+1))
	y0, y1 := a.py(f.fact.High), a.py(f.fact.Low)
	if x1-x0 < 5 { // a month on a long axis is too narrow to be seen
		x0, x1 = (x0+x1)/2-2.5, (x0+x1)/2+2.5
	}
	if y1-y0 < 4 {
		y0, y1 = (y0+y1)/2-2, (y0+y1)/2+2
	}
	a.factBox(f.color, max(x0, a.x), y0, min(x1, a.x+a.w)-max(x0, a.x), y1-y0)
}

// speck is the size of a week's dot.
const speck = 1.3

// weekly draws a dot for each week with trade: weeks without one stay empty. What is above the panel stands at its edge.
// Weeks in which hardly anything was sold are pale: a few rounds at a wild price are no market.
func (a panel) weekly(t track) {
	var usual, hardly []float64
	for i, day := range t.days {
		x, y := min(max(a.day(day), a.x), a.x+a.w), max(a.py(t.prices[i]), a.y+speck/2)
		if t.hardly(i) {
			hardly = append(hardly, x, y)
		} else {
			usual = append(usual, x, y)
		}
	}
	a.specks(paleSky, speck, hardly)
	a.specks(sky, speck, usual)
}

// paleSky is the colour of weeks that hardly count.
const paleSky rgb = 0xBBDDF3

// hardly says whether a week saw less than a tenth of what is sold in the middle one.
func (t track) hardly(i int) bool {
	return 10*t.sold[i] < t.median
}

// settle finds the units of the middle week.
func (t *track) settle() {
	if sorted := slices.Sorted(slices.Values(t.sold)); len(sorted) > 0 {
		t.median = sorted[len(sorted)/2]
	}
}

// meanLine joins the means of months or quarters; it stops where one passed without trade.
func (a panel) meanLine(t track, b bins) {
	var run []float64
	flush := func() {
		if len(run) == 2 {
			a.dot(blue, run[0], run[1], 1.3)
		}
		a.line(blue, 1.5, run...)
		run = nil
	}
	for i := range b.n() {
		if t.units[i] == 0 {
			flush()
			continue
		}
		x := min(max(a.day(b.middle(i)), a.x), a.x+a.w)
		y := a.py(t.value[i] / t.units[i])
		if y < a.y {
			y = a.y
			a.beyond(x, a.y-0.5)
		}
		run = append(run, x, y)
	}
	flush()
}

func (a panel) windowMean(w digest.Window, price digest.Price) {
	x0, x1, y := max(a.day(w.From), a.x), min(a.day(w.To+1), a.x+a.w), a.py(price.Mean)
	if price.Weeks > 0 && x0 < x1 { // the axis may show another time
		a.dashed(ink, 1.1, dashes(), x0, y, x1, y)
	}
}

func altPrices(d *digest.Digest, g digest.Good, towns []digest.Town) string {
	w := d.Words
	var parts []string
	for _, t := range towns {
		if t.Known() {
			change, _ := t.Pair().Ratio()
			parts = append(parts, fmt.Sprintf(w.Plot.AltTownF, t.Hub.Name, w.Round(t.Before.Mean), w.Round(t.After.Mean), w.Change(change)))
		}
	}
	return fmt.Sprintf(w.Plot.AltPriceF, g.Name, w.Span(d.Before), w.Span(d.After), w.List(parts))
}

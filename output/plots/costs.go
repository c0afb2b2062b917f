package plots

import (
	"fmt"
	"slices"

	"entrepot/output/digest"
	"entrepot/output/prose"
	"entrepot/output/tables"
)

// pile is what a good's price at one hub was made of, per bin.
type pile struct {
	town   digest.Town
	layers []layer
	few    []bool // bins in which hardly any were sold
}

// fewUnits is how many units a mean should have at least to stand beside others.
const fewUnits = 10

// pilesOf averages the components over the units sold in each bin.
func pilesOf(d *digest.Digest, g digest.Good, towns []digest.Town, b bins) []pile {
	run := d.Run
	good, _ := run.Names.Find(g.ID)
	index := make([]int, run.Names.Len())
	out := make([]pile, len(towns))
	units := make([][]float64, len(towns))
	parts := make([]*sums, len(towns))
	for i, t := range towns {
		out[i].town, units[i], parts[i] = t, make([]float64, b.n()), newSums(run, b.n())
		if s, ok := run.Names.Find(t.Hub.ID); ok {
			index[s] = i + 1
		}
	}
	sold := map[uint64]float64{}
	key := func(tick int32, i int) uint64 { return uint64(tick)<<8 | uint64(i) }
	for _, r := range run.Prices {
		if i := index[r.Hub]; i > 0 && r.Good == good && r.Price > 0 {
			if bin, ok := b.at(r.Tick); ok {
				u := float64(max(r.Units, 1))
				sold[key(r.Tick, i)] = u
				units[i-1][bin] += u
			}
		}
	}
	for _, r := range run.Costs {
		if i := index[r.Hub]; i > 0 && r.Good == good {
			if bin, ok := b.at(r.Tick); ok {
				parts[i-1].add(r.Component, bin, float64(r.PerUnit)*sold[key(r.Tick, i)])
			}
		}
	}
	for i := range out {
		for _, c := range tables.Components() {
			values := parts[i].of(c)
			for k := range values {
				if units[i][k] > 0 {
					values[k] /= units[i][k]
				}
			}
			out[i].layers = append(out[i].layers, layer{name: c, values: values, color: componentColor(c)})
		}
		for _, u := range units[i] {
			out[i].few = append(out[i].few, u < fewUnits)
		}
	}
	return out
}

// height is how far a bin's bar reaches above and below zero.
func (l pile) height(k int) (up, down float64) {
	for _, x := range l.layers {
		if v := x.values[k]; v > 0 {
			up += v
		} else {
			down += v
		}
	}
	return up, down
}

// costRange is the range of the cost panels: what holds nearly all bars. The rest is cut off at the edge.
func costRange(piles []pile) (low, high float64) {
	var ups, downs []float64
	for _, p := range piles {
		for k := range p.layers[0].values {
			up, down := p.height(k)
			if up > 0 && !p.few[k] {
				ups, downs = append(ups, up), append(downs, down)
			}
		}
		high = max(high, p.town.Before.Mean, p.town.After.Mean)
	}
	if len(ups) == 0 {
		return 0, max(high*1.1, 1)
	}
	slices.Sort(ups)
	slices.Sort(downs)
	n := len(ups)
	high = max(high*1.1, min(ups[n-1]*1.05, ups[n*95/100]*1.25))
	return max(downs[0]*1.1, -high/3), high // below zero nothing is cut off but the wildest: a bar without it would not be its price
}

func costFigure(f fonts, d *digest.Digest, g digest.Good) *spec {
	w := d.Words.Plot
	towns := townsFor(d, g)
	if len(towns) == 0 || len(d.Run.Costs) == 0 {
		return nil
	}
	b, months := binsOf(d, 3), false
	if span(d) < 2*366 {
		b, months = binsOf(d, 1), true
	}
	piles := pilesOf(d, g, towns, b)
	low, high := costRange(piles)
	cols := min(3, len(towns))
	rows := (len(towns) + cols - 1) / cols
	marks := marksOf(d)
	listH := eventHeight(f, d, marks)
	const panelH = 152.0
	gridH := float64(rows)*panelH + float64(rows-1)*14
	title := fmt.Sprintf(w.CostTitleF, g.Name)
	unit, format := d.Words.T("CFA"), plain(d.Words)
	if high >= 10000 {
		unit, format = w.ThousandCFA, thousands(d.Words)
	}
	head := func(p page) float64 {
		y := p.head(title, fmt.Sprintf(w.CostAxisF, unit, g.Unit, binWord(d, months)))
		var keys []key
		for _, c := range tables.Components() {
			keys = append(keys, p.fill(d.Words.Name(c), componentColor(c)))
		}
		keys = append(keys, key{w.CostPrice, func(x, y float64) { p.line(ink, 1.4, x, y, x+14, y) }})
		keys = append(keys, p.windowKeys()...)
		return p.legend(margin, y+4, inner, keys)
	}
	gridY := above(f, d, head) - 2
	return &spec{
		name: "costs-" + g.ID, title: title, alt: altCosts(d, g, towns), caption: w.CapCost,
		drawing: drawing{pageWidth, gridY + gridH + listH + 34, func(pn *pen) {
			p := page{pn, d}
			head(p)
			gr := grid{x: margin, y: gridY, w: inner, h: gridH, gapX: 14, gapY: 14, axisW: 28, titleH: 28, axisH: 16}
			for i, l := range piles {
				x, y, cw, ch := gr.cell(i, cols, rows)
				a := panel{p, x, y, cw, ch, float64(d.From), float64(d.To + 1), low, high}
				if low >= 0 {
					a.y0 = 0
				}
				a.costPanel(l, b, marks, format)
				if i%cols == 0 {
					a.valueTitle(fmt.Sprintf(w.PerUnitF, unit, g.Unit))
				}
			}
			p.eventList(gridY+gridH+20, marks)
			p.foot()
		}},
	}
}

func (a panel) costPanel(l pile, b bins, marks []mark, format func(float64) string) {
	a.windows()
	a.valueAxis(5, format)
	a.stack(b, l.layers, l.few)
	for i, v := range total(l.layers, b.n()) {
		if v != 0 {
			x0, x1 := a.bar(b, i, l.few[i])
			y := min(max(a.py(v), a.y), a.y+a.h)
			a.line(ink, 1.2, x0, y, x1, y)
		}
	}
	a.eventLines(marks)
	a.timeAxis()
	room := a.w + 16
	if name, change := l.town.MainPart(); name != "" && l.town.Known() {
		text := fmt.Sprintf(a.d.Words.Plot.CostMainF, a.d.Words.Name(name), prose.Signed(format(round3(change))))
		room -= a.text(noteStyle(), right, a.x+a.w, a.y-15, text)
	}
	a.text(panelStyle(), left, a.x-24, a.y-15, a.fit(panelStyle(), l.town.Hub.Short(), room))
}

// binWord says how long a bar is.
func binWord(d *digest.Digest, months bool) string {
	if months {
		return d.Words.Plot.Monthly
	}
	return d.Words.Plot.Quarterly
}

func altCosts(d *digest.Digest, g digest.Good, towns []digest.Town) string {
	w := d.Words
	var parts []string
	for _, t := range towns {
		if name, change := t.MainPart(); t.Known() && name != "" {
			parts = append(parts, fmt.Sprintf(w.Plot.AltPartF, t.Hub.Name, w.Name(name), w.Signed(change)))
		}
	}
	return fmt.Sprintf(w.Plot.AltCostF, g.Name, w.List(parts))
}

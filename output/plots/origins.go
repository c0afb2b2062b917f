package plots

import (
	"fmt"
	"slices"
	"strings"

	"entrepot/output/digest"
	"entrepot/output/tables"
)

// originsPerBin counts the units of a good sold to users, by origin.
func originsPerBin(d *digest.Digest, g digest.Good, b bins) []layer {
	good, _ := d.Run.Names.Find(g.ID)
	final := digest.FinalBuyers(d.Run)
	s := newSums(d.Run, b.n())
	for _, r := range d.Run.Trades {
		if bin, ok := b.at(r.Tick); ok && r.Good == good && final[r.Buyer] {
			s.add(r.Origin, bin, float64(r.Units))
		}
	}
	return s.layers(originRankOf, func(name string, _ int) rgb { return originColor(name) })
}

func originRankOf(name string) int { return originRank(name) }

// layers lists what was added, by rank, then by name.
func (s *sums) layers(rank func(string) int, paint func(string, int) rgb) []layer {
	var out []layer
	for sym, values := range s.rows {
		if values != nil {
			out = append(out, layer{name: s.names.Text(tables.Sym(sym)), values: values})
		}
	}
	slices.SortFunc(out, func(a, b layer) int {
		if x, y := rank(a.name), rank(b.name); x != y {
			return x - y
		}
		return strings.Compare(a.name, b.name)
	})
	for i := range out {
		out[i].color = paint(out[i].name, i)
	}
	return out
}

// shares turns layers into shares of their total, in place.
func shares(layers []layer, n int) {
	sum := total(layers, n)
	for _, l := range layers {
		for i := range l.values {
			if sum[i] > 0 {
				l.values[i] /= sum[i]
			}
		}
	}
}

func originFigure(f fonts, d *digest.Digest) *spec {
	if len(d.Run.Trades) == 0 {
		return nil
	}
	w := d.Words.Plot
	goods := d.PricedGoods()
	b, months := seasonal(d)
	var all [][]layer
	var legend []layer
	for _, g := range goods {
		l := originsPerBin(d, g, b)
		shares(l, b.n())
		all = append(all, l)
		for _, x := range l {
			if !slices.ContainsFunc(legend, func(y layer) bool { return x.name == y.name }) {
				legend = append(legend, x)
			}
		}
	}
	slices.SortStableFunc(legend, func(x, y layer) int { return originRank(x.name) - originRank(y.name) })
	marks := marksOf(d)
	listH := eventHeight(f, d, marks)
	const gridH = 200.0
	head := func(p page) float64 {
		y := p.head(w.OriginTitle, fmt.Sprintf(w.OriginAxisF, binWord(d, months)))
		var keys []key
		for _, l := range legend {
			keys = append(keys, p.fill(d.Origin(l.name), l.color))
		}
		return p.legend(margin, y+4, inner, keys)
	}
	gridY := above(f, d, head) - 2
	return &spec{
		name: "origins", title: w.OriginTitle, alt: altOrigins(d), caption: w.CapOrigin,
		drawing: drawing{pageWidth, gridY + gridH + listH + 34, func(pn *pen) {
			p := page{pn, d}
			head(p)
			gr := grid{x: margin, y: gridY, w: inner, h: gridH, gapX: 18, axisW: 34, titleH: 28, axisH: 16}
			for i, g := range goods {
				x, y, cw, ch := gr.cell(i, len(goods), 1)
				a := panel{p, x, y, cw, ch, float64(d.From), float64(d.To + 1), 0, 1}
				a.valueAxis(4, percent(d.Words))
				if i == 0 {
					a.valueTitle(w.OriginUnit)
				}
				a.stack(b, all[i], nil)
				a.eventLines(marks)
				a.timeAxis()
				a.text(panelStyle(), left, x-30, y-15, g.Name)
				t := d.Origins[i].Total
				a.text(noteStyle(), right, x+cw, y-15, fmt.Sprintf(w.OriginTotalF, d.Words.Round(t.Before), d.Words.Round(t.After), g.Unit))
			}
			p.eventList(gridY+gridH+20, marks)
			p.foot()
		}},
	}
}

func altOrigins(d *digest.Digest) string {
	w := d.Words
	var parts []string
	for _, s := range d.Origins[0].Shares[:min(4, len(d.Origins[0].Shares))] {
		parts = append(parts, fmt.Sprintf(w.Plot.AltShareF, d.Origin(s.Name), w.Percent(s.Before), w.Percent(s.After)))
	}
	return fmt.Sprintf(w.Plot.AltOriginF, d.Goods[0].Name, w.List(parts))
}

package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/output/digest"
	"entrepot/output/tables"
)

// topLayers keeps the largest layers and adds up the rest, in steady colours.
func topLayers(d *digest.Digest, s *sums, keep int) []layer {
	all := s.layers(func(string) int { return 0 }, func(string, int) rgb { return neutral })
	weight := func(l layer) float64 {
		sum := 0.0
		for _, v := range l.values {
			sum += v
		}
		return sum
	}
	slices.SortStableFunc(all, func(a, b layer) int { return cmp.Compare(weight(b), weight(a)) })
	colors := series()
	var out []layer
	rest := layer{name: d.Words.Plot.Others, values: make([]float64, s.bins), color: neutral}
	for i, l := range all {
		if i < keep {
			l.name = d.Label(l.name)
			l.color = colors[i%(len(colors)-1)]
			out = append(out, l)
			continue
		}
		for k, v := range l.values {
			rest.values[k] += v
		}
	}
	switch {
	case len(all) == keep+1: // one more needs no collective name
		rest.name = d.Label(all[keep].name)
		out = append(out, rest)
	case len(all) > keep:
		out = append(out, rest)
	}
	return out
}

// chart is one panel of the figure of groups: what to draw and what to call it.
type chart struct {
	title, unit string
	layers      []layer
	lines       bool // lines instead of stacked bars
	format      func(float64) string
	share       bool // axis from 0 to 1
}

func groupsFigure(f fonts, d *digest.Digest) *spec {
	b, months := seasonal(d)
	w := d.Words.Plot
	good := d.Goods[0]
	charts := []chart{
		{fmt.Sprintf(w.Held, good.Name), fmt.Sprintf(w.HeldUnit, good.Unit), held(d, b), true, plain(d.Words), false},
		{w.Spent, w.SpentUnit, spent(d, b), false, plain(d.Words), false},
		{w.Diverted, w.DivertedUnit, diverted(d, b), true, percent(d.Words), true},
		{w.Seized, fmt.Sprintf(w.SeizedUnit, good.Unit), taken(d, b), true, plain(d.Words), false},
		{w.DDR, fmt.Sprintf(w.DDRUnit, good.Unit), ddr(d, b), true, plain(d.Words), false},
		{w.Violence, w.ViolenceUnit, violence(d, b), true, plain(d.Words), false},
	}
	marks := marksOf(d)
	listH := eventHeight(f, d, marks)
	const gridY, gap = 44.0, 14.0
	rows := 1
	for _, c := range charts {
		rows = max(rows, c.legendRows(f))
	}
	titleH := 37 + 12.5*float64(rows)
	panelH := titleH + 134
	gridH := 3*panelH + 2*gap
	return &spec{
		name: "groups", title: w.GroupsTitle, alt: altGroups(d), caption: w.CapGroups,
		drawing: drawing{pageWidth, gridY + gridH + listH + 34, func(pn *pen) {
			p := page{pn, d}
			p.head(w.GroupsTitle, fmt.Sprintf(w.GroupsSubF, binWord(d, months)))
			gr := grid{x: margin, y: gridY, w: inner, h: gridH, gapX: columnGap, gapY: gap, axisW: axisWidth, titleH: titleH, axisH: 16}
			for i, c := range charts {
				x, y, cw, ch := gr.cell(i, 2, 3)
				a := panel{p, x, y, cw, ch, float64(d.From), float64(d.To + 1), 0, 1}
				a.chart(c, b, marks, titleH)
			}
			p.eventList(gridY+gridH+20, marks)
			p.foot()
		}},
	}
}

// axisWidth is the room for the labels of a panel's axis, columnGap what lies between two columns of panels.
const axisWidth, columnGap = 34.0, 22.0

// keys are the entries of a panel's legend.
func (p page) keys(c chart) []key {
	var keys []key
	for _, l := range c.layers {
		switch {
		case maxOf(l.values) == 0:
		case c.lines && l.dashed:
			keys = append(keys, p.stroke1(l.name, l.color, 1.8, dashes()...))
		case c.lines:
			keys = append(keys, p.stroke1(l.name, l.color, 1.8))
		default:
			keys = append(keys, p.fill(l.name, l.color))
		}
	}
	return keys
}

// legendRows measures a panel's legend.
func (c chart) legendRows(f fonts) int {
	p := page{&pen{fonts: f, canvas: nowhere{}, w: pageWidth, h: pageWidth}, nil}
	return int(math.Round(p.legend(0, 0, (inner-columnGap)/2-4, p.keys(c)) / 12.5))
}

func (a panel) chart(c chart, b bins, marks []mark, titleH float64) {
	head := a.y - titleH + 14
	a.text(panelStyle(), left, a.x-30, head, a.fit(panelStyle(), c.title, a.w+30))
	a.text(noteStyle(), left, a.x-30, head+11, a.fit(noteStyle(), c.unit, a.w+30))
	high := 0.0
	if c.lines {
		for _, l := range c.layers {
			high = max(high, maxOf(l.values))
		}
	} else {
		high = maxOf(total(c.layers, b.n()))
	}
	if high == 0 {
		a.text(noteStyle(), centre, a.x+a.w/2, a.y+a.h/2, a.d.Words.Plot.None)
		a.timeAxis()
		return
	}
	a.legend(a.x-30, head+23, a.w+30, a.keys(c))
	a.y1 = top(high, 4)
	if c.share {
		a.y1 = min(a.y1, 1)
	}
	format := c.format
	if c.share && a.y1 < 0.04 { // steps below one per cent
		format = func(v float64) string { return a.d.Words.PercentTo(v, 1) }
	}
	a.valueAxis(4, format)
	if c.lines {
		for i := len(c.layers) - 1; i >= 0; i-- {
			a.curve(b, c.layers[i])
		}
	} else {
		a.stack(b, c.layers, nil)
	}
	a.eventLines(marks)
	a.timeAxis()
}

func (a panel) curve(b bins, l layer) {
	var xy []float64
	for i, v := range l.values {
		if b.weeks[i] > 0 {
			xy = append(xy, min(max(a.day(b.middle(i)), a.x), a.x+a.w), a.py(v))
		}
	}
	if l.dashed {
		a.dashed(l.color, 1.7, dashes(), xy...)
		return
	}
	a.line(l.color, 1.5, xy...)
}

// measure averages a measure of actors over the weeks of a bin, split by a name of the row.
func measure(d *digest.Digest, b bins, name string, good string, split func(tables.Actor) tables.Sym, keep func(tables.Actor) bool) *sums {
	m, ok := d.Run.Names.Find(name)
	g, okGood := d.Run.Names.Find(good)
	s := newSums(d.Run, b.n())
	if !ok || !okGood {
		return s
	}
	for _, r := range d.Run.Actors {
		if r.Measure != m || r.Good != g || !keep(r) {
			continue
		}
		if bin, in := b.at(r.Tick); in {
			s.add(split(r), bin, r.Value/max(b.weeks[bin], 1))
		}
	}
	return s
}

func groupRows(d *digest.Digest) func(tables.Actor) bool {
	isGroup := make([]bool, d.Run.Names.Len())
	for s := range isGroup {
		name := d.Run.Names.Text(tables.Sym(s))
		_, trades := d.Run.Names.Find("group:" + name)
		isGroup[s] = trades || strings.HasPrefix(name, "group:")
	}
	return func(r tables.Actor) bool { return isGroup[r.Actor] }
}

func held(d *digest.Digest, b bins) []layer {
	s := measure(d, b, "held", d.Goods[0].ID, func(r tables.Actor) tables.Sym { return r.Actor }, groupRows(d))
	return topLayers(d, s, 7)
}

// spent is what users paid, million CFA a month.
func spent(d *digest.Digest, b bins) []layer {
	final := digest.FinalBuyers(d.Run)
	s := newSums(d.Run, b.n())
	for _, r := range d.Run.Trades {
		if bin, ok := b.at(r.Tick); ok && final[r.Buyer] {
			s.add(r.Buyer, bin, float64(r.Value)/1e6/max(b.weeks[bin], 1)*weeksPerMonth)
		}
	}
	return topLayers(d, s, 7)
}

const weeksPerMonth = 52.18 / 12

// diverted is the share of state_diverted and captured in what groups hold and fire.
func diverted(d *digest.Digest, b bins) []layer {
	w := d.Words.Plot
	goods := d.PricedGoods()
	out := []layer{{name: fmt.Sprintf(w.DivertedHeldF, goods[0].Name), values: divertedShare(d, b, "held", goods[0].ID), color: blue}}
	if len(goods) > 1 {
		out = append(out, layer{name: fmt.Sprintf(w.DivertedFiredF, goods[1].Name), values: divertedShare(d, b, "fired", goods[1].ID), color: vermilion})
	}
	return out
}

func divertedShare(d *digest.Digest, b bins, name, good string) []float64 {
	s := measure(d, b, name, good, func(r tables.Actor) tables.Sym { return r.Origin }, groupRows(d))
	all := total(s.layers(originRankOf, func(string, int) rgb { return neutral }), b.n())
	out := make([]float64, b.n())
	x, y := s.of("state_diverted"), s.of("captured")
	for i := range out {
		if all[i] > 0 {
			out[i] = (x[i] + y[i]) / all[i]
		}
	}
	return out
}

// flow turns a cumulative account of the ledger into units a month.
func flow(d *digest.Digest, b bins, name string) []float64 {
	out := make([]float64, b.n())
	m, ok := d.Run.Names.Find(name)
	g, _ := d.Run.Names.Find(d.Goods[0].ID)
	if !ok {
		return out
	}
	last := make([]int64, d.Run.Names.Len())
	for _, r := range d.Run.Ledger { // what was booked before the first week is not this run's
		if r.Tick == 0 && r.Measure == m && r.Good == g {
			last[r.Origin] = r.Units
		}
	}
	for _, r := range d.Run.Ledger {
		if r.Measure != m || r.Good != g {
			continue
		}
		if bin, in := b.at(r.Tick); in {
			out[bin] += float64(r.Units-last[r.Origin]) / max(b.weeks[bin], 1) * weeksPerMonth
		}
		last[r.Origin] = r.Units
	}
	return out
}

// taken is what changed hands by force, units a month: seized from the market, captured from the army.
func taken(d *digest.Digest, b bins) []layer {
	return []layer{
		{name: d.Words.Name("seized"), values: flow(d, b, "seized"), color: blue},
		{name: d.Words.Name("captured_flow"), values: flow(d, b, "captured"), color: purple},
	}
}

// ddr is what candidates bought and what was handed in, units a month.
func ddr(d *digest.Digest, b bins) []layer {
	bought := make([]float64, b.n())
	buyer, ok := d.Run.Names.Find("ddr")
	good, _ := d.Run.Names.Find(d.Goods[0].ID)
	for _, r := range d.Run.Trades {
		if bin, in := b.at(r.Tick); in && ok && r.Buyer == buyer && r.Good == good {
			bought[bin] += float64(r.Units) / max(b.weeks[bin], 1) * weeksPerMonth
		}
	}
	w := d.Words.Plot
	return []layer{
		{name: w.Registered, values: registered(d, b), color: ink, dashed: true},
		{name: w.Bought, values: bought, color: vermilion},
		{name: w.Collected, values: flow(d, b, "collected"), color: sky},
	}
}

// registered is how many people registered, a month. The measure counts everybody so far.
func registered(d *digest.Digest, b bins) []float64 {
	out := make([]float64, b.n())
	m, ok := d.Run.Names.Find("registered")
	last := make([]float64, d.Run.Names.Len())
	for _, r := range d.Run.Actors {
		if !ok || r.Measure != m {
			continue
		}
		if bin, in := b.at(r.Tick); in {
			out[bin] += (r.Value - last[r.Actor]) / max(b.weeks[bin], 1) * weeksPerMonth
		}
		last[r.Actor] = r.Value
	}
	return out
}

func violence(d *digest.Digest, b bins) []layer {
	s := newSums(d.Run, b.n())
	mean := make([]float64, b.n())
	n := make([]float64, b.n())
	for _, r := range d.Run.Hubs {
		if bin, ok := b.at(r.Tick); ok {
			s.add(r.Hub, bin, r.Violence/max(b.weeks[bin], 1))
			mean[bin] += r.Violence
			n[bin]++
		}
	}
	for i := range mean {
		mean[i] /= max(n[i], 1)
	}
	var out []layer
	colors := series()
	for _, id := range d.Focus {
		values := s.of(id)
		same := slices.IndexFunc(out, func(l layer) bool { return alike(l.values, values) })
		if same >= 0 { // towns of one zone share a line
			out[same].name += ", " + d.Hub(id).Short()
			continue
		}
		out = append(out, layer{name: d.Hub(id).Short(), values: values, color: colors[len(out)%6]})
	}
	return append(out, layer{name: d.Words.Plot.MeanOfHubs, values: mean, color: neutral})
}

// alike says whether two lines cannot be told apart.
func alike(a, b []float64) bool {
	for i := range a {
		if math.Abs(a[i]-b[i]) > 0.005 {
			return false
		}
	}
	return true
}

func altGroups(d *digest.Digest) string {
	w := d.Words
	var parts []string
	for _, s := range d.Buyers[0].Shares[:min(4, len(d.Buyers[0].Shares))] {
		parts = append(parts, fmt.Sprintf(w.Plot.AltShareF, d.Label(s.Name), w.Percent(s.Before), w.Percent(s.After)))
	}
	return fmt.Sprintf(w.Plot.AltGroupsF, w.List(parts))
}

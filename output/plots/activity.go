package plots

import (
	"fmt"
	"slices"

	"entrepot/output/digest"
)

// maxRows is how many places the activity figure can hold.
const maxRows = 30

// place is one row of the activity figure.
type place struct {
	hub    digest.Hub
	score  []float64 // mean per bin
	closed []float64 // share of weeks, per bin
	hidden []float64 // share of weeks of clandestine trade, per bin
}

// placesOf averages scores and regimes per bin; places that never saw activity are left out.
func placesOf(d *digest.Digest, b bins) []place {
	run := d.Run
	score, weeks, closed, hidden := newSums(run, b.n()), newSums(run, b.n()), newSums(run, b.n()), newSums(run, b.n())
	c, _ := run.Names.Find("closed")
	h, _ := run.Names.Find("clandestine")
	for _, r := range run.Hubs {
		bin, ok := b.at(r.Tick)
		if !ok {
			continue
		}
		score.add(r.Hub, bin, r.Activity)
		weeks.add(r.Hub, bin, 1)
		switch {
		case r.Regime == c && c != 0:
			closed.add(r.Hub, bin, 1)
		case r.Regime == h && h != 0:
			hidden.add(r.Hub, bin, 1)
		}
	}
	var out []place
	for _, ch := range d.Places {
		id := ch.Hub.ID
		p := place{ch.Hub, score.of(id), closed.of(id), hidden.of(id)}
		n := weeks.of(id)
		for i := range n {
			if n[i] > 0 {
				p.score[i] /= n[i]
				p.closed[i] /= n[i]
				p.hidden[i] /= n[i]
			}
		}
		if ch.Hub.Market && maxOf(p.score) > 0 {
			out = append(out, p)
		}
	}
	return busiest(out)
}

// busiest keeps the rows with the highest peaks, in their order.
func busiest(rows []place) []place {
	if len(rows) <= maxRows {
		return rows
	}
	peaks := make([]float64, len(rows))
	for i, r := range rows {
		peaks[i] = maxOf(r.score)
	}
	slices.Sort(peaks)
	least := peaks[len(peaks)-maxRows]
	return slices.DeleteFunc(rows, func(p place) bool { return maxOf(p.score) < least })
}

func activityFigure(f fonts, d *digest.Digest) *spec {
	b, _ := seasonal(d)
	rows := placesOf(d, b)
	if len(rows) == 0 {
		return nil
	}
	w := d.Words.Plot
	marks := marksOf(d)
	listH := eventHeight(f, d, marks)
	const rowH, labelW = 13.5, 116.0
	gridH := rowH * float64(len(rows))
	high := 0.0
	for _, r := range rows {
		high = max(high, maxOf(r.score))
	}
	high = top(high, 5)
	head := func(p page) float64 { return p.activityLegend(p.head(w.ActivityTitle, w.ActivityAxis)+6, high) }
	gridY := above(f, d, head) + 6
	return &spec{
		name: "activity", title: w.ActivityTitle, alt: altActivity(d), caption: w.CapActivity,
		drawing: drawing{pageWidth, gridY + gridH + 16 + listH + 34, func(pn *pen) {
			p := page{pn, d}
			head(p)
			a := panel{p, margin + labelW, gridY, inner - labelW, gridH, float64(d.From), float64(d.To + 1), 0, 1}
			for i, r := range rows {
				a.activityRow(r, b, gridY+rowH*float64(i), rowH, high)
			}
			a.eventLines(marks)
			a.timeAxis()
			p.eventList(gridY+gridH+36, marks)
			p.foot()
		}},
	}
}

func (a panel) activityRow(r place, b bins, y, h, high float64) {
	a.text(axisStyle(), right, a.x-6, y+h*0.66, a.fit(axisStyle(), r.hub.Short(), a.x-margin-6))
	for i := range b.n() {
		x0, x1 := max(a.day(b.start[i]), a.x), min(a.day(b.start[i+1]), a.x+a.w)
		if x1 <= x0 || b.weeks[i] == 0 {
			continue
		}
		a.rect(viridis(r.score[i]/high), x0, y+0.5, x1-x0+0.15, h-4)
		switch {
		case r.closed[i] > 0.5:
			a.rect(ink, x0, y+h-3, x1-x0+0.15, 2)
		case r.hidden[i] > 0.5:
			a.rect(orange, x0, y+h-3, x1-x0+0.15, 2)
		}
	}
}

func (p page) activityLegend(y, high float64) float64 {
	w := p.d.Words
	x := margin
	x += p.text(noteStyle(), left, x, y, w.Plot.ActivityScale+"  0") + 5
	const width, n = 120.0, 40
	for i := range n {
		p.rect(viridis((float64(i)+0.5)/n), x+width/n*float64(i), y-7, width/n+0.15, 8)
	}
	x += width + 5
	x += p.text(noteStyle(), left, x, y, w.Amount(high)) + 22
	return p.legend(x, y, pageWidth-margin-x, []key{
		{w.Plot.Hidden, func(x, y float64) { p.rect(orange, x, y-1, 14, 2.4) }},
		{w.Plot.Closed, func(x, y float64) { p.rect(ink, x, y-1, 14, 2.4) }},
	})
}

func altActivity(d *digest.Digest) string {
	w := d.Words
	var parts []string
	for _, h := range d.Places {
		if h.Hub.Market && abs(h.Activity.Change()) >= 1 && len(parts) < 6 {
			parts = append(parts, fmt.Sprintf(w.Plot.AltScoreF, h.Hub.Name, w.Fixed(h.Activity.Before, 1), w.Fixed(h.Activity.After, 1)))
		}
	}
	if len(parts) == 0 {
		return w.Plot.AltActivityNone
	}
	return fmt.Sprintf(w.Plot.AltActivityF, w.List(parts))
}

func abs(x float64) float64 { return max(x, -x) }

package plots

import (
	"strconv"

	"entrepot/output/digest"
	"entrepot/sim"
)

// mark is one numbered sign on a time axis. It stands for several events where these are too close to be told apart.
type mark struct {
	at     sim.Date // of the first event
	events []digest.Event
}

// maxMarks is how many numbers a reader can be asked to look up.
const maxMarks = 12

// marksOf gathers the events within the axis into marks at least gap days apart, and fewer than maxMarks of them.
func marksOf(d *digest.Digest, gap float64) []mark {
	for {
		var out []mark
		for _, e := range d.Events {
			if e.Date < d.From || e.Date > d.To {
				continue
			}
			if n := len(out); n > 0 && float64(e.Date-out[n-1].at) < gap {
				out[n-1].events = append(out[n-1].events, e)
				continue
			}
			out = append(out, mark{e.Date, []digest.Event{e}})
		}
		if len(out) <= maxMarks {
			return out
		}
		gap *= 1.25
	}
}

// eventLines draws the marks into a panel: a dotted line and its number above.
func (a panel) eventLines(marks []mark) {
	for i, m := range marks {
		x := a.day(m.at)
		a.dashed(alpha(ink, 0.45), 0.5, dots(), x, a.y, x, a.y+a.h)
		a.text(markStyle(), centre, x, a.y-2, strconv.Itoa(i+1))
	}
}

// eventText says what a mark stands for.
func eventText(d *digest.Digest, m mark) string {
	w := d.Words
	text := w.Date(m.at) + "  " + m.events[0].Label
	last := m.events[0].Label
	for _, e := range m.events[1:] {
		if e.Label == last {
			continue
		}
		last = e.Label
		text += "; "
		if e.Date != m.at {
			text += w.Date(e.Date) + " "
		}
		text += e.Label
	}
	return text
}

const eventColumns, eventLeading = 2, 10.0

// eventRows lays the list out: per mark at most three lines.
func (p page) eventRows(marks []mark) (rows [][]string, height float64) {
	colW := (inner - 16) / eventColumns
	for _, m := range marks {
		rows = append(rows, p.wrap(noteStyle(), eventText(p.d, m), colW-16, 3))
	}
	var heights [eventColumns]float64
	per := (len(rows) + eventColumns - 1) / eventColumns
	for i, r := range rows {
		heights[i/per] += float64(len(r))*eventLeading + 2
	}
	for _, h := range heights {
		height = max(height, h)
	}
	if len(rows) > 0 {
		height += 14
	}
	return rows, height
}

// eventList writes what the numbers mean, in columns from y downwards.
func (p page) eventList(y float64, marks []mark) {
	if len(marks) == 0 {
		return
	}
	rows, _ := p.eventRows(marks)
	heading := style{size: 8, bold: true, color: grey}
	p.text(heading, left, margin, y, p.d.Words.Plot.EventsMarked)
	colW := (inner - 16) / eventColumns
	per := (len(rows) + eventColumns - 1) / eventColumns
	at := y + 12
	for i, r := range rows {
		if i%per == 0 {
			at = y + 12
		}
		x := margin + float64(i/per)*(colW+16)
		p.text(heading, right, x+11, at, strconv.Itoa(i+1))
		for _, l := range r {
			p.text(noteStyle(), left, x+16, at, l)
			at += eventLeading
		}
		at += 2
	}
}

// sizer measures before a figure's height is known.
func sizer(f fonts, d *digest.Digest) page { return page{&pen{fonts: f}, d} }

func span(d *digest.Digest) float64 { return float64(d.To - d.From + 1) }

// Formats of axis labels.
func thousands(w *digest.Words) func(float64) string {
	return func(v float64) string { return w.Amount(v / 1000) }
}

func plain(w *digest.Words) func(float64) string { return w.Amount }

func percent(w *digest.Words) func(float64) string { return w.Percent }

package plots

import (
	"fmt"
	"slices"
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

// narrowest is the width of the time axis of a panel that stands beside two others, clearance how far numbers keep apart.
const narrowest, clearance = inner/3 - 36, 9.0

// marksOf gathers the events within the axis into marks, as the narrowest panel can show them: a number stands for the same
// events in all figures of a run.
func marksOf(d *digest.Digest) []mark {
	gap := span(d) / narrowest * clearance
	for {
		var out []mark
		for _, e := range d.Events {
			if e.Date < d.From || e.Date > d.To || e.Date < d.Run.Start+7 { // from the start on is no event
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

// eventLabels are what a mark stands for, weightiest first.
func eventLabels(m mark) []string {
	var labels []string
	for _, e := range digest.ByWeight(m.events) {
		if !slices.Contains(labels, e.Label) {
			labels = append(labels, e.Label)
		}
	}
	return labels
}

// eventText says when and what the first n of a mark's events were, and how many there are besides.
func eventText(d *digest.Digest, m mark, n int) string {
	text := d.Words.Date(m.at)
	if to := m.events[len(m.events)-1].Date; to != m.at {
		text += " – " + d.Words.Date(to)
	}
	labels := eventLabels(m)
	said := slices.Clone(labels[:n])
	if rest := len(labels) - n; rest > 0 {
		said = append(said, fmt.Sprintf(d.Words.Plot.MoreF, rest))
	}
	return d.Words.Colon(text, d.Words.Items(said))
}

// eventLinesOf wraps as many whole labels of a mark as its lines can hold; no label is cut short.
func (p page) eventLinesOf(m mark, w float64) []string {
	for n := len(eventLabels(m)); ; n-- {
		lines := p.wrap(noteStyle(), eventText(p.d, m, n), w, 99)
		if len(lines) <= eventLines || n <= 1 {
			return lines
		}
	}
}

const eventColumns, eventLeading, eventLines = 2, 10.0, 4

// eventRows lays the list out and says how many marks stand in the first column and how high the list is.
func (p page) eventRows(marks []mark) (rows [][]string, first int, height float64) {
	colW := (inner - 16) / eventColumns
	var all float64
	for _, m := range marks {
		lines := p.eventLinesOf(m, colW-16)
		rows = append(rows, lines)
		all += rowHeight(lines)
	}
	for first < len(rows) && height < all/2-1 {
		height += rowHeight(rows[first])
		first++
	}
	if len(rows) > 0 {
		height = max(height, all-height) + 14
	}
	return rows, first, height
}

func rowHeight(lines []string) float64 { return float64(len(lines))*eventLeading + 2 }

// eventHeight is the height of the list.
func eventHeight(f fonts, d *digest.Digest, marks []mark) float64 {
	_, _, h := page{&pen{fonts: f}, d}.eventRows(marks)
	return h
}

// eventList writes what the numbers mean, in two columns from y downwards.
func (p page) eventList(y float64, marks []mark) {
	if len(marks) == 0 {
		return
	}
	rows, first, _ := p.eventRows(marks)
	heading := style{size: 8, bold: true, color: grey}
	p.text(heading, left, margin, y, p.d.Words.Plot.EventsMarked)
	x, at := margin, y+12
	for i, r := range rows {
		if i == first {
			x, at = margin+(inner-16)/eventColumns+16, y+12
		}
		p.text(heading, right, x+11, at, strconv.Itoa(i+1))
		for k, l := range r {
			p.text(noteStyle(), left, x+16, at+float64(k)*eventLeading, l)
		}
		at += rowHeight(r)
	}
}

func span(d *digest.Digest) float64 { return float64(d.To - d.From + 1) }

// Formats of axis labels.
func thousands(w *digest.Words) func(float64) string {
	return func(v float64) string { return w.Amount(v / 1000) }
}

func plain(w *digest.Words) func(float64) string { return w.Amount }

func percent(w *digest.Words) func(float64) string { return w.Percent }

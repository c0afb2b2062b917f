package plots

import (
	"cmp"
	"fmt"
	"slices"

	"entrepot/output/digest"
	"entrepot/output/tables"
)

// book is one market's orders in one week.
type book struct {
	hub, good  tables.Sym
	tick       int32
	bids, asks []tables.Order // bids from the highest limit, asks from the lowest
	price      int64          // at which it cleared; 0 if it did not
	units      int64
}

func booksOf(d *digest.Digest) []book {
	var out []book
	bid, _ := d.Run.Names.Find("bid")
	for _, o := range d.Run.Books {
		i := slices.IndexFunc(out, func(b book) bool { return b.hub == o.Hub && b.good == o.Good && b.tick == o.Tick })
		if i < 0 {
			i = len(out)
			out = append(out, book{hub: o.Hub, good: o.Good, tick: o.Tick})
		}
		if o.Side == bid {
			out[i].bids = append(out[i].bids, o)
		} else {
			out[i].asks = append(out[i].asks, o)
		}
	}
	for i := range out {
		b := &out[i]
		slices.SortStableFunc(b.bids, func(x, y tables.Order) int { return cmp.Compare(y.Limit, x.Limit) })
		slices.SortStableFunc(b.asks, func(x, y tables.Order) int { return cmp.Compare(x.Limit, y.Limit) })
		for _, p := range d.Run.Prices {
			if p.Tick == b.tick && p.Hub == b.hub && p.Good == b.good {
				b.price, b.units = p.Price, p.Units
			}
		}
	}
	return out
}

// pairOf chooses two books of one market: of each window the one with most trade, else the first and the last kept.
func pairOf(d *digest.Digest) []book {
	byMarket := map[[2]tables.Sym][]book{}
	var order [][2]tables.Sym
	for _, b := range booksOf(d) {
		k := [2]tables.Sym{b.hub, b.good}
		if byMarket[k] == nil {
			order = append(order, k)
		}
		byMarket[k] = append(byMarket[k], b)
	}
	var best []book
	for _, k := range order {
		pair := beforeAfter(d, byMarket[k])
		if len(pair) > len(best) {
			best = pair
		}
	}
	return best
}

func beforeAfter(d *digest.Digest, books []book) []book {
	in := func(w digest.Window) *book {
		var best *book
		for i := range books {
			day := d.Run.Date(books[i].tick)
			if day >= w.From.Monday() && day <= w.To && (best == nil || books[i].units > best.units) {
				best = &books[i]
			}
		}
		return best
	}
	x, y := in(d.Before), in(d.After)
	switch {
	case x != nil && y != nil:
		return []book{*x, *y}
	case len(books) > 1:
		return []book{books[0], books[len(books)-1]}
	}
	return books
}

func bookFigure(f fonts, d *digest.Digest) *spec {
	pair := pairOf(d)
	if len(pair) == 0 {
		return nil
	}
	w := d.Words.Plot
	hub := d.Hub(d.Run.Names.Text(pair[0].hub))
	good := d.Goods[0]
	for _, g := range d.Goods {
		if g.ID == d.Run.Names.Text(pair[0].good) {
			good = g
		}
	}
	title := fmt.Sprintf(w.BookTitleF, good.Name, hub.Name)
	const gridH = 250.0
	high, wide := bookExtent(pair)
	unit, format := d.Words.T("CFA"), plain(d.Words)
	if high >= 10000 {
		unit, format = w.ThousandCFA, thousands(d.Words)
	}
	head := func(p page) float64 {
		y := p.head(title, fmt.Sprintf(w.BookAxisF, unit, good.Unit))
		return p.legend(margin, y+4, inner, []key{
			p.stroke1(w.Demand, blue, 2), p.stroke1(w.Supply, vermilion, 2),
			{w.BookClear, func(x, y float64) { p.dot(ink, x+7, y, 3) }},
		})
	}
	gridY := above(f, d, head)
	return &spec{
		name: "market", title: title, alt: altBook(d, pair, hub, good), caption: w.CapBook,
		drawing: drawing{pageWidth, gridY + gridH + 50, func(pn *pen) {
			p := page{pn, d}
			head(p)
			gr := grid{x: margin, y: gridY, w: inner, h: gridH, gapX: 24, axisW: 34, titleH: 30, axisH: 18}
			for i, b := range pair {
				x, y, cw, ch := gr.cell(i, len(pair), 1)
				a := panel{p, x, y, cw, ch, 0, wide, 0, high}
				a.book(b, format)
				if i == 0 {
					a.valueTitle(fmt.Sprintf(w.PerUnitF, unit, good.Unit))
				}
			}
			p.text(axisStyle(), centre, pageWidth/2, gridY+gridH+14, fmt.Sprintf(w.BookXF, good.Unit))
			p.foot()
		}},
	}
}

// bookExtent is the highest limit and the greatest quantity worth showing: half as much again as where curves meet.
func bookExtent(pair []book) (high, wide float64) {
	for _, b := range pair {
		q := float64(b.units)
		for _, side := range [][]tables.Order{b.bids, b.asks} {
			sum := 0.0
			for _, o := range side {
				sum += float64(o.Units)
			}
			q = max(q, min(sum, max(float64(b.units)*3, 8)))
		}
		wide = max(wide, q)
		limits := 0.0
		for i, o := range b.bids {
			if i == 0 {
				limits = float64(o.Limit)
			}
		}
		sum := 0.0
		for _, o := range b.asks {
			if sum <= wide {
				limits = max(limits, float64(o.Limit))
			}
			sum += float64(o.Units)
		}
		high = max(high, min(limits, max(float64(b.price)*2.2, 1)))
		if b.price == 0 {
			high = max(high, limits)
		}
	}
	return top(high, 5), top(wide, 6)
}

func (a panel) book(b book, format func(float64) string) {
	w := a.d.Words
	a.valueAxis(5, format)
	step := niceStep(a.x1, 5)
	for v := 0.0; v <= a.x1*(1+1e-9); v += step {
		x := a.px(v)
		a.line(grey, 0.6, x, a.y+a.h, x, a.y+a.h+3)
		a.text(axisStyle(), centre, x, a.y+a.h+11.5, w.Amount(v))
	}
	a.steps(b.asks, vermilion, a.y1)
	a.steps(b.bids, blue, 0)
	text := w.Plot.BookNoTrade
	if b.price > 0 {
		x, y := a.px(min(float64(b.units), a.x1)), a.py(min(float64(b.price), a.y1))
		a.dashed(grey, 0.7, dashes(), a.x, y, x, y)
		a.dashed(grey, 0.7, dashes(), x, y, x, a.y+a.h)
		a.dot(white, x, y, 4)
		a.dot(ink, x, y, 3)
		text = fmt.Sprintf(w.Plot.BookClearF, w.Int(float64(b.price)), w.Int(float64(b.units)))
	}
	for i, o := range b.bids { // the curve is cut off at the panel's edge
		if i == 0 && float64(o.Limit) > a.y1 {
			a.polygon(blue, a.x+1, a.y-1, a.x+4.5, a.y-6.5, a.x+8, a.y-1)
		}
	}
	a.text(panelStyle(), left, a.x-30, a.y-12, a.weekOf(b))
	a.text(noteStyle(), right, a.x+a.w, a.y-12, text)
}

// weekOf names the week of a book and its period.
func (a panel) weekOf(b book) string {
	w := a.d.Words
	day := a.d.Run.Date(b.tick)
	text := fmt.Sprintf(w.Plot.WeekOfF, w.Date(day))
	for i, x := range []digest.Window{a.d.Before, a.d.After} {
		if day >= x.From.Monday() && day <= x.To {
			text += ", " + []string{w.Plot.Before, w.Plot.After}[i]
		}
	}
	return text
}

// steps draws a cumulative curve, cut at the panel's edges. Where the orders end it runs to a limit: no price brings more.
func (a panel) steps(side []tables.Order, c rgb, end float64) {
	if len(side) == 0 {
		return
	}
	cap := func(limit int64) float64 { return a.py(min(float64(limit), a.y1)) }
	var xy []float64
	sum := 0.0
	for _, o := range side {
		if sum >= a.x1 {
			break
		}
		xy = append(xy, a.px(sum), cap(o.Limit))
		sum += float64(o.Units)
		xy = append(xy, a.px(min(sum, a.x1)), cap(o.Limit))
	}
	if sum <= a.x1 {
		xy = append(xy, a.px(sum), a.py(end))
	}
	a.line(c, 1.8, xy...)
}

func altBook(d *digest.Digest, pair []book, hub digest.Hub, good digest.Good) string {
	w := d.Words
	var parts []string
	for _, b := range pair {
		if b.price > 0 {
			parts = append(parts, fmt.Sprintf(w.Plot.AltClearF, w.Date(d.Run.Date(b.tick)), w.Int(float64(b.units)), w.Int(float64(b.price))))
		} else {
			parts = append(parts, fmt.Sprintf(w.Plot.AltNoClearF, w.Date(d.Run.Date(b.tick))))
		}
	}
	return fmt.Sprintf(w.Plot.AltBookF, good.Name, hub.Name, w.List(parts))
}

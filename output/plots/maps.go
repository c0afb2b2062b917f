package plots

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/output/digest"
)

// strand is the flow of one origin along one direction of a road, units a year in the two windows.
type strand struct {
	from, to, origin string
	units            digest.Pair
}

// road is both directions between two places.
type road struct {
	a, b    digest.Hub
	strands []strand
	lost    digest.Pair // units a year
}

func (r road) total(window int) float64 {
	sum := 0.0
	for _, s := range r.strands {
		sum += pick(s.units, window)
	}
	return sum
}

func pick(p digest.Pair, window int) float64 {
	if window == 0 {
		return p.Before
	}
	return p.After
}

// network gathers the flows of the main good by road, in order of their names.
func network(d *digest.Digest) []road {
	byPair := map[[2]string]*road{}
	get := func(from, to string) *road {
		k := [2]string{min(from, to), max(from, to)}
		if byPair[k] == nil {
			byPair[k] = &road{a: d.Hub(k[0]), b: d.Hub(k[1])}
		}
		return byPair[k]
	}
	for _, s := range d.Strands {
		r := get(s.From, s.To)
		r.strands = append(r.strands, strand{s.From, s.To, s.Origin, s.Units})
		r.lost.Before += s.LostUnits.Before
		r.lost.After += s.LostUnits.After
	}
	var out []road
	for _, r := range byPair {
		if placed := r.a.Lat != 0 || r.a.Lon != 0; placed && (r.b.Lat != 0 || r.b.Lon != 0) {
			out = append(out, *r)
		}
	}
	slices.SortFunc(out, func(x, y road) int { return strings.Compare(x.a.ID+" "+x.b.ID, y.a.ID+" "+y.b.ID) })
	return out
}

// view is the part of the map that is shown: degrees, equirectangular with the middle latitude true to scale.
type view struct{ lon0, lon1, lat0, lat1, k float64 }

// shareShown: roads with less than this share of the busiest road do not widen the map.
const shareShown = 0.01

func viewOf(roads []road) view {
	busiest := 0.0
	for _, r := range roads {
		busiest = max(busiest, r.total(0), r.total(1))
	}
	v := view{lon0: math.Inf(1), lon1: math.Inf(-1), lat0: math.Inf(1), lat1: math.Inf(-1)}
	for _, r := range roads {
		if max(r.total(0), r.total(1)) < shareShown*busiest {
			continue
		}
		for _, h := range []digest.Hub{r.a, r.b} {
			v.lon0, v.lon1 = min(v.lon0, h.Lon), max(v.lon1, h.Lon)
			v.lat0, v.lat1 = min(v.lat0, h.Lat), max(v.lat1, h.Lat)
		}
	}
	v.lon0, v.lon1, v.lat0, v.lat1 = v.lon0-1.6, v.lon1+1.6, v.lat0-1.2, v.lat1+1.2
	v.k = math.Cos((v.lat0 + v.lat1) / 2 * math.Pi / 180)
	return v
}

// aspect is width over height.
func (v view) aspect() float64 { return (v.lon1 - v.lon0) * v.k / (v.lat1 - v.lat0) }

// widen makes the view at least as tall or as wide as an aspect asks for.
func (v view) widen(low, high float64) view {
	if a := v.aspect(); a > high {
		extra := ((v.lon1-v.lon0)*v.k/high - (v.lat1 - v.lat0)) / 2
		v.lat0, v.lat1 = v.lat0-extra, v.lat1+extra
	} else if a < low {
		extra := ((v.lat1-v.lat0)*low/v.k - (v.lon1 - v.lon0)) / 2
		v.lon0, v.lon1 = v.lon0-extra, v.lon1+extra
	}
	return v
}

// mapPanel is one of the two maps.
type mapPanel struct {
	page
	v          view
	x, y, w, h float64
	window     int
	perPoint   float64 // units a year per point of width
	near       *view   // enlarged below: places within it are named there
}

func (m mapPanel) px(lon float64) float64 { return m.x + (lon-m.v.lon0)/(m.v.lon1-m.v.lon0)*m.w }
func (m mapPanel) py(lat float64) float64 { return m.y + (m.v.lat1-lat)/(m.v.lat1-m.v.lat0)*m.h }

func (m mapPanel) inside(h digest.Hub) bool {
	return h.Lon > m.v.lon0 && h.Lon < m.v.lon1 && h.Lat > m.v.lat0 && h.Lat < m.v.lat1
}

const widest = 9.0 // points, of the busiest road

func mapFigure(f fonts, d *digest.Digest, land []country) *spec {
	roads := network(d)
	if len(roads) == 0 {
		return nil
	}
	w := d.Words.Plot
	busiest := 0.0
	for _, r := range roads {
		busiest = max(busiest, r.total(0), r.total(1))
	}
	views := []view{viewOf(roads).widen(1, 2.1)}
	if near, ok := nearView(d, views[0]); ok {
		views = append(views, near)
	}
	const gap = 12.0
	mapW := (inner - gap) / 2
	title := fmt.Sprintf(w.MapTitleF, d.Goods[0].Name)
	head := func(p page) float64 {
		return p.mapLegend(p.head(title, fmt.Sprintf(w.MapUnitsF, d.Goods[0].Unit))+5, roads, busiest)
	}
	mapY := above(f, d, head) + 8
	height := mapY
	for k, v := range views {
		height += mapW/v.aspect() + 10
		if k > 0 {
			height += zoomTitle
		}
	}
	return &spec{
		name: "map-flows", title: title, alt: altMap(d), caption: w.CapMap,
		drawing: drawing{pageWidth, height + 30 + 9*float64(min(1, len(land))), func(pn *pen) {
			p := page{pn, d}
			head(p)
			for i, win := range []digest.Window{d.Before, d.After} {
				x := margin + float64(i)*(mapW+gap)
				name := []string{w.Before, w.After}[i]
				moved := fmt.Sprintf(w.MapPanelF, d.Words.Int(pick(d.Moved, i)), d.Goods[0].Unit, d.Words.PercentTo(pick(d.Lost, i), 1))
				p.text(panelStyle(), left, x, mapY-6, d.Words.Colon(name, d.Words.Span(win)))
				p.text(noteStyle(), right, x+mapW, mapY-6, moved)
				y := mapY
				for k, v := range views {
					if k > 0 {
						y += zoomTitle
						p.text(noteStyle(), left, x, y-4, w.MapZoom)
					}
					m := mapPanel{page: p, v: v, x: x, y: y, w: mapW, h: mapW / v.aspect(), window: i, perPoint: busiest / widest}
					if k == 0 && len(views) > 1 {
						m.near = &views[1]
					}
					m.draw(roads, land)
					if m.near != nil {
						m.inset(*m.near)
					}
					y += m.h + 10
				}
			}
			below := p.paragraph(footStyle(), margin, height+4, inner, 2, w.MapReading)
			if len(land) > 0 {
				p.paragraph(footStyle(), margin, below, inner, 2, w.MapSource+" "+w.MapPlaces+" "+w.MapBorders)
			}
			p.foot()
		}},
	}
}

// zoomTitle is the room for what the enlarged map is.
const zoomTitle = 11.0

// nearView is the surroundings of the towns in focus, if they are a small part of the map.
func nearView(d *digest.Digest, all view) (view, bool) {
	v := view{lon0: math.Inf(1), lon1: math.Inf(-1), lat0: math.Inf(1), lat1: math.Inf(-1)}
	n := 0
	for _, id := range d.Focus {
		if h := d.Hub(id); h.Lat != 0 || h.Lon != 0 {
			v.lon0, v.lon1, v.lat0, v.lat1 = min(v.lon0, h.Lon), max(v.lon1, h.Lon), min(v.lat0, h.Lat), max(v.lat1, h.Lat)
			n++
		}
	}
	if n < 2 {
		return v, false
	}
	v.lon0, v.lon1, v.lat0, v.lat1 = v.lon0-1, v.lon1+1, v.lat0-0.8, v.lat1+0.8
	v.k = math.Cos((v.lat0 + v.lat1) / 2 * math.Pi / 180)
	v = v.widen(1.25, 2)
	return v, v.lon1-v.lon0 < 0.6*(all.lon1-all.lon0)
}

// inset outlines on the large map what the map below enlarges.
func (m mapPanel) inset(v view) {
	x0, y0 := max(m.px(v.lon0), m.x), max(m.py(v.lat1), m.y)
	x1, y1 := min(m.px(v.lon1), m.x+m.w), min(m.py(v.lat0), m.y+m.h)
	path := m.path([]float64{x0, y0, x1, y0, x1, y1, x0, y1})
	path.Close()
	m.stroke(grey, 0.8, dashes(), path)
}

func (p page) mapLegend(y float64, roads []road, busiest float64) float64 {
	w := p.d.Words
	var origins []string
	for _, r := range roads {
		for _, s := range r.strands {
			if !slices.Contains(origins, s.origin) {
				origins = append(origins, s.origin)
			}
		}
	}
	slices.SortFunc(origins, func(a, b string) int { return cmp.Or(cmp.Compare(originRank(a), originRank(b)), strings.Compare(a, b)) })
	var keys []key
	for _, o := range origins {
		c := originColor(o)
		keys = append(keys, key{p.d.Origin(o), func(x, y float64) { p.line(c, 4, x, y, x+14, y) }})
	}
	y = p.legend(margin, y, inner, keys)
	keys = nil
	for _, share := range []float64{1, 0.3, 0.1} {
		units := niceDown(busiest * share)
		width := units / busiest * widest
		keys = append(keys, key{fmt.Sprintf(w.Plot.PerYearF, w.Amount(units)), func(x, y float64) { p.line(grey, width, x, y, x+14, y) }})
	}
	most := 0.0
	for _, r := range roads {
		most = max(most, r.lost.Before, r.lost.After)
	}
	if most > 0 {
		units := niceDown(most)
		keys = append(keys, key{fmt.Sprintf(w.Plot.MapLostF, w.Amount(units)), func(x, y float64) { p.lossMark(x+7, y, lossRadius(units, most)) }})
	}
	keys = append(keys, p.stroke1(w.Plot.MapUnused, rgb(0xC9C9C9), 0.8))
	return p.legend(margin, y, inner, keys)
}

func originRank(o string) int {
	known := []string{"libya", "sudan", "nigeria", "state_diverted", "captured", "ddr", "local"}
	if i := slices.Index(known, o); i >= 0 {
		return i
	}
	return len(known)
}

// niceDown is the largest 1, 2 or 5 times a power of ten that is no more than v.
func niceDown(v float64) float64 {
	if v <= 0 {
		return 0
	}
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{5, 2} {
		if m*p <= v {
			return m * p
		}
	}
	return p
}

func lossRadius(units, most float64) float64 { return 6.5 * math.Sqrt(units/most) }

func (p *pen) lossMark(x, y, r float64) {
	if r < 1.2 {
		return
	}
	p.dot(alpha(white, 0.8), x, y, r)
	p.ring(ink, 0.9, x, y, r)
	k := r * 0.55
	p.line(ink, 0.9, x-k, y-k, x+k, y+k)
	p.line(ink, 0.9, x-k, y+k, x+k, y-k)
}

func (m mapPanel) draw(roads []road, land []country) {
	if ground := rgb(0xEAF1F6); len(land) > 0 {
		m.rect(ground, m.x, m.y, m.w, m.h)
	}
	names := m.land(land)
	most := 0.0
	var marks []label
	for _, r := range roads {
		most = max(most, r.lost.Before, r.lost.After)
	}
	for _, r := range roads {
		if x0, y0, x1, y1, ok := m.cut(r); ok {
			m.line(rgb(0xC9C9C9), 0.5, x0, y0, x1, y1)
		}
	}
	for _, r := range roads {
		if x0, y0, x1, y1, ok := m.cut(r); ok {
			m.road(r, x0, y0, x1, y1)
		}
	}
	for _, r := range roads {
		if x0, y0, x1, y1, ok := m.cut(r); ok {
			x, y, long := (x0+x1)/2, (y0+y1)/2, math.Hypot(x1-x0, y1-y0)
			for window := range 2 { // names keep clear of the marks of both maps, so that they stand at the same places
				radius := lossRadius(pick(r.lost, window), most)
				if long > 2*radius && window == m.window {
					m.lossMark(x, y, radius)
				}
				if long > 2*radius && radius > 2 {
					marks = append(marks, label{x: x - radius, y: y - radius, w: 2 * radius, h: 2 * radius})
				}
			}
		}
	}
	m.places(roads, names, marks)
	m.frame(grey, 0.7, m.x, m.y, m.w, m.h)
}

// cut returns the part of a road that lies within the frame (Liang & Barsky 1984), in points.
func (m mapPanel) cut(r road) (x0, y0, x1, y1 float64, ok bool) {
	const inset = 3
	x0, y0, x1, y1 = m.px(r.a.Lon), m.py(r.a.Lat), m.px(r.b.Lon), m.py(r.b.Lat)
	dx, dy := x1-x0, y1-y0
	t0, t1 := 0.0, 1.0
	for _, e := range [][2]float64{{-dx, x0 - m.x - inset}, {dx, m.x + m.w - inset - x0}, {-dy, y0 - m.y - inset}, {dy, m.y + m.h - inset - y0}} {
		switch {
		case e[0] == 0 && e[1] < 0:
			return x0, y0, x1, y1, false
		case e[0] < 0:
			t0 = max(t0, e[1]/e[0])
		case e[0] > 0:
			t1 = min(t1, e[1]/e[0])
		}
	}
	return x0 + t0*dx, y0 + t0*dy, x0 + t1*dx, y0 + t1*dy, t0 < t1
}

// land fills the countries and returns where their names would stand.
func (m mapPanel) land(land []country) []label {
	var names []label
	for _, c := range land {
		var best label
		most := 0.0
		for _, r := range c.rings {
			cut := clip(r, m.v.lon0, m.v.lat0, m.v.lon1, m.v.lat1)
			if len(cut) < 6 {
				continue
			}
			xy := make(ring, len(cut))
			for i := 0; i < len(cut); i += 2 {
				xy[i], xy[i+1] = m.px(cut[i]), m.py(cut[i+1])
			}
			xy = thin(xy, 0.6)
			m.polygon(rgb(0xFAF8F3), xy...)
			path := m.path(xy)
			path.Close()
			m.stroke(rgb(0xB9B4A8), 0.6, nil, path)
			if x, y, area := centroid(xy); area > most {
				most, best = area, label{text: c.name, x: x, y: y}
			}
		}
		if most > 1200 {
			names = append(names, best)
		}
	}
	return names
}

// thinnest is the width below which a line is no longer seen, and two colours beside each other mix into a third.
const thinnest = 0.45

// bands are the strands in one direction as they can be drawn: those too thin for a colour of their own count with the
// largest.
func (r road) bands(from string, window int, perPoint float64) []strand {
	var out []strand
	largest, rest := -1, 0.0
	for _, s := range r.strands {
		if units := pick(s.units, window); s.from == from && units > 0 {
			out = append(out, s)
			if largest < 0 || units > pick(out[largest].units, window) {
				largest = len(out) - 1
			}
		}
	}
	if largest < 0 {
		return nil
	}
	main := out[largest]
	out = slices.DeleteFunc(out, func(s strand) bool {
		thin := pick(s.units, window) < thinnest*perPoint && s.origin != main.origin
		if thin {
			rest += pick(s.units, window)
		}
		return thin
	})
	for i := range out {
		if out[i].origin == main.origin {
			out[i].units = digest.Pair{Before: out[i].units.Before + rest, After: out[i].units.After + rest}
		}
	}
	return out
}

// road draws its strands side by side, each with the width of its flow, and an arrow for each direction.
func (m mapPanel) road(r road, x0, y0, x1, y1 float64) {
	length := math.Hypot(x1-x0, y1-y0)
	if length < 2 {
		return
	}
	nx, ny := -(y1-y0)/length, (x1-x0)/length
	width := r.total(m.window) / m.perPoint
	at := -width / 2
	for dir := range 2 {
		from := r.a.ID
		if dir == 1 {
			from = r.b.ID
		}
		begin := at
		for _, s := range r.bands(from, m.window, m.perPoint) {
			w := pick(s.units, m.window) / m.perPoint
			mid := at + w/2
			m.line(originColor(s.origin), max(w, thinnest), x0+nx*mid, y0+ny*mid, x1+nx*mid, y1+ny*mid)
			at += w
		}
		if flow := at - begin; flow > 0.5 {
			m.arrow(x0+nx*(begin+flow/2), y0+ny*(begin+flow/2), (x1-x0)/length, (y1-y0)/length, length, flow, dir == 1)
		}
	}
}

// arrow puts a small triangle on a flow, a third of the way before its end.
func (m mapPanel) arrow(x, y, dx, dy, length, flow float64, back bool) {
	at := length * 0.7
	if back {
		at = length * 0.3
	}
	cx, cy := x+dx*at, y+dy*at
	if back {
		dx, dy = -dx, -dy
	}
	size := min(1.6+flow*0.4, 4.2)
	if length < 3*size {
		return
	}
	m.polygon(ink, cx+dx*size, cy+dy*size, cx-dx*size*0.6-dy*size*0.8, cy-dy*size*0.6+dx*size*0.8,
		cx-dx*size*0.6+dy*size*0.8, cy-dy*size*0.6-dx*size*0.8)
}

// places draws dots and names; names keep clear of each other, of dots and, where they can, of roads.
func (m mapPanel) places(roads []road, countries, taken []label) {
	weight := map[string]float64{}
	hubs := map[string]digest.Hub{}
	for _, r := range roads {
		for _, h := range []digest.Hub{r.a, r.b} {
			if m.inside(h) {
				hubs[h.ID] = h
				weight[h.ID] += r.total(0) + r.total(1)
			}
		}
	}
	var ids []string
	for id := range hubs {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, func(a, b string) int {
		return cmp.Or(cmp.Compare(m.rank(a), m.rank(b)), cmp.Compare(weight[b], weight[a]), strings.Compare(a, b))
	})
	for _, id := range ids {
		h := hubs[id]
		x, y := m.px(h.Lon), m.py(h.Lat)
		r := 1.5
		if h.Market {
			r = 2.3
		}
		m.dot(white, x, y, r+0.7)
		m.dot(ink, x, y, r)
		taken = append(taken, label{x: x - 3, y: y - 3, w: 6, h: 6})
	}
	s := style{size: 7.5, color: ink}
	for _, id := range ids {
		h := hubs[id]
		if m.near != nil && h.Lon > m.near.lon0 && h.Lon < m.near.lon1 && h.Lat > m.near.lat0 && h.Lat < m.near.lat1 {
			continue
		}
		name := h.Short()
		x, y := m.px(h.Lon), m.py(h.Lat)
		b, ok := m.spot(s, name, x, y, []float64{4, 8}, taken, roads)
		if !ok && m.rank(id) == 0 { // farther off, with a line that leads there
			if b, ok = m.spot(s, name, x, y, []float64{14, 20, 28}, taken, roads); ok {
				m.line(grey, 0.6, x, y, min(max(x, b.x), b.x+b.w), min(max(y, b.y), b.y+b.h))
			}
		}
		if ok {
			m.rect(alpha(white, 0.72), b.x-1, b.y, b.w+2, b.h)
			m.text(s, left, b.x, b.y+0.76*s.size+0.4, name)
			taken = append(taken, b)
		}
	}
	m.countryNames(countries, taken, roads)
}

// rank puts the towns that the report speaks of first; the rest follow by their flow.
func (m mapPanel) rank(id string) int {
	if slices.Contains(m.d.Focus, id) {
		return 0
	}
	return 1
}

// spot finds the place around a dot where a name disturbs least; none if it would overlap a name or a dot.
func (m mapPanel) spot(s style, name string, x, y float64, distances []float64, taken []label, roads []road) (label, bool) {
	w, h := m.fonts.width(s, name), s.size*1.05
	best, least := label{}, math.Inf(1)
	for ringAt, r := range distances {
		for i, o := range [][2]float64{{1, 0}, {-1, 0}, {0, -1}, {0, 1}, {1, -1}, {1, 1}, {-1, -1}, {-1, 1}} {
			b := label{text: name, w: w, h: h, x: x - w/2 + o[0]*(w/2+r), y: y - h/2 + o[1]*(h/2+r*0.8)}
			if b.x < m.x+2 || b.x+w > m.x+m.w-2 || b.y < m.y+1 || b.y+h > m.y+m.h-1 || slices.ContainsFunc(taken, b.overlaps) {
				continue
			}
			cost := float64(ringAt)*2 + float64(i)*0.1
			for _, r := range roads {
				if x0, y0, x1, y1, ok := m.cut(r); ok && b.crossed(x0, y0, x1, y1) {
					cost += 1 + max(r.total(0), r.total(1))/m.perPoint
				}
			}
			if cost < least {
				best, least = b, cost
			}
		}
	}
	return best, !math.IsInf(least, 1)
}

func (l label) overlaps(o label) bool {
	return l.x < o.x+o.w && o.x < l.x+l.w && l.y < o.y+o.h && o.y < l.y+l.h
}

// crossed says whether a segment touches the label's box (sampled every point or so).
func (l label) crossed(x0, y0, x1, y1 float64) bool {
	n := int(math.Hypot(x1-x0, y1-y0)/2) + 1
	for i := range n + 1 {
		f := float64(i) / float64(n)
		x, y := x0+(x1-x0)*f, y0+(y1-y0)*f
		if x > l.x && x < l.x+l.w && y > l.y && y < l.y+l.h {
			return true
		}
	}
	return false
}

func (m mapPanel) countryNames(countries, taken []label, roads []road) {
	s := style{size: 7.5, italic: true, color: rgb(0x8A8474)}
	for _, c := range countries {
		text := strings.ToUpper(m.d.Words.T(c.text))
		w := m.fonts.width(s, text)
		best, least := label{}, math.Inf(1)
		for i, o := range [][2]float64{{0, 0}, {0, -14}, {0, 14}, {-24, 0}, {24, 0}, {0, -28}, {0, 28}, {-24, 24}, {24, -24}, {-40, -14}, {40, 14}} {
			b := label{text: text, x: c.x + o[0] - w/2, y: c.y + o[1] - 4, w: w, h: 8}
			if b.x < m.x+2 || b.x+w > m.x+m.w-2 || b.y < m.y+2 || b.y+8 > m.y+m.h-2 || slices.ContainsFunc(taken, b.overlaps) {
				continue
			}
			if cost := m.crossings(b, roads)*5 + float64(i); cost < least {
				best, least = b, cost
			}
		}
		if !math.IsInf(least, 1) {
			m.text(s, left, best.x, best.y+6, text)
			taken = append(taken, best)
		}
	}
}

// crossings counts the roads under a label.
func (m mapPanel) crossings(b label, roads []road) float64 {
	n := 0.0
	for _, r := range roads {
		if x0, y0, x1, y1, ok := m.cut(r); ok && b.crossed(x0, y0, x1, y1) {
			n++
		}
	}
	return n
}

func altMap(d *digest.Digest) string {
	w := d.Words
	var parts []string
	for _, a := range d.Arcs[:min(4, len(d.Arcs))] {
		parts = append(parts, fmt.Sprintf(w.Plot.AltArcF, d.Hub(a.From).Name, d.Hub(a.To).Name, w.Amount(a.Units.Before), w.Amount(a.Units.After)))
	}
	return fmt.Sprintf(w.Plot.AltMapF, d.Goods[0].Name, w.List(parts))
}

// routeFigure shows which roads gained and lost.
func routeFigure(f fonts, d *digest.Digest) *spec {
	arcs := slices.Clone(d.Arcs[:min(16, len(d.Arcs))])
	if len(arcs) == 0 {
		return nil
	}
	slices.SortStableFunc(arcs, func(a, b digest.Arc) int { return cmp.Compare(a.Units.Change(), b.Units.Change()) })
	w := d.Words.Plot
	title := fmt.Sprintf(w.RouteTitleF, d.Goods[0].Name)
	const rowH = 17.0
	head := func(p page) float64 {
		y := p.head(title, fmt.Sprintf(w.RouteAxisF, d.Goods[0].Unit))
		return p.legend(margin, y+4, inner, []key{
			{d.Words.Colon(w.Before, d.Words.Span(d.Before)), func(x, y float64) { p.ring(ink, 1.1, x+7, y, 3) }},
			{d.Words.Colon(w.After, d.Words.Span(d.After)) + " (" + w.Gained + ")", func(x, y float64) { p.line(blue, 2.2, x-2, y, x+7, y); p.dot(blue, x+8, y, 3.2) }},
			{w.After + " (" + w.LostWord + ")", func(x, y float64) { p.dot(vermilion, x+4, y, 3.2); p.line(vermilion, 2.2, x+5, y, x+14, y) }},
		})
	}
	topY := above(f, d, head)
	return &spec{
		name: "routes", title: title, alt: altMap(d), caption: w.CapRoute,
		drawing: drawing{pageWidth, topY + rowH*float64(len(arcs)) + 58, func(pn *pen) {
			p := page{pn, d}
			head(p)
			high := 0.0
			for _, a := range arcs {
				high = max(high, a.Units.Before, a.Units.After)
			}
			labelW := 175.0
			a := panel{p, margin + labelW, topY, inner - labelW - 92, rowH * float64(len(arcs)), 0, top(high, 6), 0, 1}
			a.unitAxis()
			p.text(axisStyle(), centre, a.x+a.w/2, a.y+a.h+25, fmt.Sprintf(w.RouteUnitF, d.Goods[0].Unit))
			for i, r := range arcs {
				a.dumbbell(topY+rowH*(float64(i)+0.5), d.Hub(r.From).Short()+" → "+d.Hub(r.To).Short(), r.Units)
			}
			p.foot()
		}},
	}
}

// unitAxis draws vertical grid lines and labels below, for values that run to the right.
func (a panel) unitAxis() {
	step := niceStep(a.x1, 6)
	for v := 0.0; v <= a.x1*(1+1e-9); v += step {
		x := a.px(v)
		a.line(pale, 0.6, x, a.y, x, a.y+a.h)
		a.text(axisStyle(), centre, x, a.y+a.h+12, a.d.Words.Amount(v))
	}
}

func (a panel) dumbbell(y float64, name string, v digest.Pair) {
	c := blue
	if v.Change() < 0 {
		c = vermilion
	}
	a.text(axisStyle(), right, a.x-8, y+2.8, a.fit(axisStyle(), name, a.x-margin-8))
	a.line(alpha(c, 0.55), 2.2, a.px(v.Before), y, a.px(v.After), y)
	a.dot(white, a.px(v.Before), y, 3)
	a.ring(ink, 1.1, a.px(v.Before), y, 3)
	a.dot(c, a.px(v.After), y, 3.2)
	a.text(noteStyle(), left, a.x+a.w+10, y+2.8, a.d.Words.Amount(v.Before)+" → "+a.d.Words.Amount(v.After))
}

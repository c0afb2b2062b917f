package plots

import (
	"math"
	"strings"

	"entrepot/experiment"
)

// matrix draws a value for each pair of row and column, and returns the y below. Columns for which there is no room side by side
// go on below.
func (b board) matrix(c *experiment.MatrixChart, y float64) float64 {
	g := b.newCells(c)
	y = b.scaleBar(y+4, g)
	for from := 0; from < len(c.Columns); from += g.columns {
		y = b.cellBlock(c, g, from, min(from+g.columns, len(c.Columns)), y) + 8
	}
	if c.XLabel != "" {
		y = b.block(axisTitleStyle(), centre, g.x+g.w*float64(g.columns)/2, y+2, max(g.w*float64(g.columns), 60), titleLeading, c.XLabel)
	}
	return y
}

// cells is the layout of a matrix.
type cells struct {
	x, w     float64 // left edge of the cells, width of one
	columns  int     // side by side
	least    float64 // value of the weakest colour, of values without a sign
	most     float64 // and of the strongest
	signed   bool
	rowTitle []string
	heads    [][]string // of columns
	headH    float64
	upright  bool // heads read upwards
	texts    [][]string
}

func cellStyle() style { return style{size: 7.2, color: ink} }

func (b board) newCells(c *experiment.MatrixChart) cells {
	g := cells{signed: c.Signed, texts: b.cellTexts(c)}
	if lo, hi := extent(false, c.Values...); c.Signed {
		g.most = max(1, abs(lo), abs(hi))
	} else { // from zero up, unless that makes all of one colour
		g.least, g.most = fromZero(lo, hi)
	}
	g.rowTitle = b.broken(axisTitleStyle(), c.YLabel, max(90, 15*float64(len(c.Rows))))
	names := min(b.widest(axisStyle(), c.Rows...), b.inner()*b.pick(0.3, 0.36))
	g.x = margin + titleLeading*float64(len(g.rowTitle)) + names + 6
	least := 15.0
	for _, row := range g.texts {
		least = max(least, b.widest(cellStyle(), row...)+5)
	}
	g.columns = max(1, min(len(c.Columns), int((b.right()-g.x)/least)))
	blocks := (len(c.Columns) + g.columns - 1) / g.columns
	g.columns = (len(c.Columns) + blocks - 1) / blocks // of equal width
	g.w = min((b.right()-g.x)/float64(g.columns), b.pick(74, 60))
	b.heads(c, &g)
	return g
}

// cellTexts are what stands in the cells.
func (b board) cellTexts(c *experiment.MatrixChart) [][]string {
	out := make([][]string, len(c.Rows))
	for i := range c.Rows {
		out[i] = make([]string, len(c.Columns))
		for j := range c.Columns {
			switch {
			case i < len(c.Texts) && j < len(c.Texts[i]):
				out[i][j] = c.Texts[i][j]
			case i < len(c.Values) && j < len(c.Values[i]) && c.Signed:
				out[i][j] = short(b, c.Values[i][j])
			case i < len(c.Values) && j < len(c.Values[i]):
				out[i][j] = number(b.d.Words, c.Values[i][j])
			default:
				out[i][j] = "–"
			}
		}
	}
	return out
}

// short formats a correlation.
func short(b board, v float64) string {
	if !finite(v) || abs(v) >= 10 {
		return number(b.d.Words, v)
	}
	return b.d.Words.Fixed(v, 2)
}

// heads lays out the names of columns: level if they fit in a few lines, else upwards.
func (b board) heads(c *experiment.MatrixChart, g *cells) {
	s := axisStyle()
	for _, name := range c.Columns {
		pieces := strings.FieldsFunc(name, func(r rune) bool { return strings.ContainsRune(" ._-/", r) })
		g.upright = g.upright || b.widest(s, pieces...) > g.w-8 || len(b.broken(s, name, g.w-4)) > 3
	}
	room := g.w - 4
	if g.upright {
		room = 130
	}
	for _, name := range c.Columns {
		lines := b.broken(s, name, room)
		g.heads = append(g.heads, lines)
		if g.upright {
			g.headH = max(g.headH, b.widest(s, lines...)+5)
		} else {
			g.headH = max(g.headH, float64(len(lines))*9+4)
		}
	}
	for _, lines := range g.heads {
		if g.upright && float64(len(lines))*9 > g.w+1 { // no room for that many lines: as long as they are
			g.headH = 0
		}
	}
	if g.headH > 0 {
		return
	}
	for j, name := range c.Columns {
		g.heads[j] = b.broken(s, name, 300)
		g.headH = max(g.headH, b.widest(s, g.heads[j]...)+5)
	}
}

// cellBlock draws some of the columns with their heads and returns the y below.
func (b board) cellBlock(c *experiment.MatrixChart, g cells, from, to int, y float64) float64 {
	s := axisStyle()
	y += g.headH
	for j := from; j < to; j++ {
		mid := g.x + g.w*(float64(j-from)+0.5)
		n := float64(len(g.heads[j]))
		for i, l := range g.heads[j] {
			if g.upright {
				b.vertical(s, mid+2.8+9*(float64(i)-(n-1)/2), y-3-b.fonts.width(s, l)/2, l)
			} else {
				b.text(s, centre, mid, y-4-9*(n-1-float64(i)), l)
			}
		}
	}
	top := y
	for i, name := range c.Rows {
		lines := b.broken(s, name, g.x-6-margin-titleLeading*float64(len(g.rowTitle))+0.1)
		h := max(15, float64(len(lines))*9+4)
		for n, l := range lines {
			b.text(s, right, g.x-5, y+h/2+2.8+9*(float64(n)-float64(len(lines)-1)/2), l)
		}
		for j := from; j < to; j++ {
			v := math.NaN()
			if i < len(c.Values) && j < len(c.Values[i]) {
				v = c.Values[i][j]
			}
			b.cell(g, v, g.texts[i][j], g.x+g.w*float64(j-from), y, h)
		}
		y += h
	}
	for i, l := range g.rowTitle {
		b.vertical(axisTitleStyle(), margin+5+titleLeading*float64(i), (top+y)/2, l)
	}
	return y
}

// cell draws one value; one that is not known is a blank with a stroke.
func (b board) cell(g cells, v float64, text string, x, y, h float64) {
	s := cellStyle()
	if finite(v) {
		c := g.color(v)
		b.rect(c, x+0.4, y+0.4, g.w-0.8, h-0.8)
		if 1.05/(luminance(c)+0.05) > (luminance(c)+0.05)/(luminance(ink)+0.05) { // the greater contrast
			s.color = white
		}
	} else {
		b.frame(pale, 0.6, x+0.8, y+0.8, g.w-1.6, h-1.6)
		s.color = grey
	}
	b.text(s, centre, x+g.w/2, y+h/2+2.6, text)
}

// color is the colour of a value: blue to white to orange for signed ones, viridis for others.
func (g cells) color(v float64) rgb {
	f := min(max((v-g.least)/(g.most-g.least), -1), 1)
	switch {
	case !g.signed:
		return viridis(f)
	case f < 0:
		return blend(0xF7F7F7, blue, -f)
	}
	return blend(0xF7F7F7, vermilion, f)
}

// luminance is how bright a colour is, 0 to 1 (relative luminance of WCAG 2).
func luminance(c rgb) float64 {
	part := func(shift int) float64 {
		x := float64(c>>shift&0xff) / 255
		if x <= 0.04045 {
			return x / 12.92
		}
		return math.Pow((x+0.055)/1.055, 2.4)
	}
	return 0.2126*part(16) + 0.7152*part(8) + 0.0722*part(0)
}

// scaleBar explains the colours and returns the y below.
func (b board) scaleBar(y float64, g cells) float64 {
	s := noteStyle()
	lo, texts := g.least, []string{number(b.d.Words, g.least), number(b.d.Words, g.most)}
	if g.signed {
		lo, texts = -g.most, []string{number(b.d.Words, -g.most), "0", number(b.d.Words, g.most)}
	}
	const w, steps = 110.0, 40
	x := margin + b.text(s, left, margin, y, texts[0]) + 5
	for i := range steps {
		v := lo + (g.most-lo)*(float64(i)+0.5)/steps
		b.rect(g.color(v), x+w*float64(i)/steps, y-7, w/steps+0.2, 8)
	}
	if g.signed {
		b.line(white, 0.8, x+w/2, y-7, x+w/2, y+1)
		b.text(s, centre, x+w/2, y-0.4, texts[1])
	}
	b.text(s, left, x+w+5, y, texts[len(texts)-1])
	return y + 12
}

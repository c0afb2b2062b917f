package plots

import (
	"bytes"
	"fmt"
	"hash/crc32"
	"image/color"
	"image/png"
	"math"
	"strings"

	xfont "golang.org/x/image/font"
	"gonum.org/v1/plot/font"
	"gonum.org/v1/plot/font/liberation"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/vgimg"
	"gonum.org/v1/plot/vg/vgsvg"
)

// dpi is the resolution of the PNG files.
const dpi = 200

// fonts measures and draws Liberation Sans, which has the widths of Arial and Helvetica: an SVG shown without it keeps its layout.
type fonts struct{ cache *font.Cache }

func newFonts() fonts { return fonts{font.NewCache(liberation.Collection())} }

func (f fonts) face(s style) font.Face {
	fnt := font.Font{Typeface: "Liberation", Variant: "Sans"}
	if s.bold {
		fnt.Weight = xfont.WeightBold
	}
	if s.italic {
		fnt.Style = xfont.StyleItalic
	}
	return f.cache.Lookup(fnt, vg.Length(s.size))
}

func (f fonts) width(s style, text string) float64 {
	face := f.face(s)
	return float64(face.Width(text))
}

// style is how a text looks. Sizes are points.
type style struct {
	size         float64
	bold, italic bool
	color        color.Color
}

// align says which part of a text stands at its point.
type align int

const (
	left align = iota
	centre
	right
)

// label is a text as drawn, for the checks: its box in points from the top left corner.
type label struct {
	text       string
	x, y, w, h float64
}

// pen draws on a page in points, the origin at the top left, y downwards.
type pen struct {
	fonts  fonts
	canvas vg.Canvas
	w, h   float64
	labels []label
	dots   []label
}

func (p *pen) at(x, y float64) vg.Point { return vg.Point{X: vg.Length(x), Y: vg.Length(p.h - y)} }

func (p *pen) path(xy []float64) vg.Path {
	path := make(vg.Path, 0, len(xy)/2+1)
	path.Move(p.at(xy[0], xy[1]))
	for i := 2; i+1 < len(xy); i += 2 {
		path.Line(p.at(xy[i], xy[i+1]))
	}
	return path
}

// line strokes a polyline x0,y0,x1,y1,...
func (p *pen) line(c color.Color, width float64, xy ...float64) { p.dashed(c, width, nil, xy...) }

func (p *pen) dashed(c color.Color, width float64, dashes []vg.Length, xy ...float64) {
	if len(xy) < 4 {
		return
	}
	p.stroke(c, width, dashes, p.path(xy))
}

func (p *pen) stroke(c color.Color, width float64, dashes []vg.Length, path vg.Path) {
	p.canvas.SetColor(c)
	p.canvas.SetLineWidth(vg.Length(width))
	p.canvas.SetLineDash(dashes, 0)
	p.canvas.Stroke(path)
}

// polygon fills a closed outline.
func (p *pen) polygon(c color.Color, xy ...float64) {
	if len(xy) < 6 {
		return
	}
	path := p.path(xy)
	path.Close()
	p.canvas.SetColor(c)
	p.canvas.Fill(path)
}

func (p *pen) rect(c color.Color, x, y, w, h float64) { p.polygon(c, x, y, x+w, y, x+w, y+h, x, y+h) }

func (p *pen) frame(c color.Color, width, x, y, w, h float64) {
	path := p.path([]float64{x, y, x + w, y, x + w, y + h, x, y + h})
	path.Close()
	p.stroke(c, width, nil, path)
}

func (p *pen) circle(x, y, r float64) vg.Path {
	var path vg.Path
	path.Move(p.at(x+r, y))
	path.Arc(p.at(x, y), vg.Length(r), 0, 2*math.Pi)
	path.Close()
	return path
}

func (p *pen) dot(c color.Color, x, y, r float64) {
	p.dots = append(p.dots, label{x: x - r, y: y - r, w: 2 * r, h: 2 * r})
	p.canvas.SetColor(c)
	p.canvas.Fill(p.circle(x, y, r))
}

func (p *pen) ring(c color.Color, width, x, y, r float64) { p.stroke(c, width, nil, p.circle(x, y, r)) }

// text writes one line; y is its baseline. It returns the width.
func (p *pen) text(s style, a align, x, y float64, text string) float64 {
	w := p.fonts.width(s, text)
	switch a {
	case centre:
		x -= w / 2
	case right:
		x -= w
	}
	p.labels = append(p.labels, label{text, x, y - 0.75*s.size, w, 0.95 * s.size})
	p.canvas.SetColor(s.color)
	p.canvas.FillString(p.fonts.face(s), p.at(x, y), text)
	return w
}

// vertical writes a line that reads upwards, its middle at y and its baseline at x.
func (p *pen) vertical(s style, x, y float64, text string) {
	w := p.fonts.width(s, text)
	p.labels = append(p.labels, label{text, x - 0.75*s.size, y - w/2, 0.95 * s.size, w})
	p.canvas.Push()
	p.canvas.Translate(p.at(x, y+w/2))
	p.canvas.Rotate(math.Pi / 2)
	p.canvas.SetColor(s.color)
	p.canvas.FillString(p.fonts.face(s), vg.Point{}, text)
	p.canvas.Pop()
}

// specks draws small squares at x0,y0,x1,y1,... as one path: hundreds of weeks stay one line of a file.
func (p *pen) specks(c color.Color, size float64, xy []float64) {
	if len(xy) < 2 {
		return
	}
	var path vg.Path
	for i := 0; i+1 < len(xy); i += 2 {
		path.Move(p.at(xy[i]-size/2, xy[i+1]))
		path.Line(p.at(xy[i]+size/2, xy[i+1]))
	}
	p.stroke(c, size, nil, path)
}

// fit shortens a text with an ellipsis until it is no wider than w.
func (p *pen) fit(s style, text string, w float64) string {
	if p.fonts.width(s, text) <= w {
		return text
	}
	runes := []rune(text)
	for len(runes) > 1 {
		runes = runes[:len(runes)-1]
		short := strings.TrimRight(string(runes), " ,;:(") + "…"
		if p.fonts.width(s, short) <= w {
			return short
		}
	}
	return "…"
}

// wrap breaks a text into at most max lines of width w, the last one shortened if need be.
func (p *pen) wrap(s style, text string, w float64, max int) []string {
	var lines []string
	words := strings.Fields(text)
	for len(words) > 0 {
		n := 1
		for n < len(words) && p.fonts.width(s, strings.Join(words[:n+1], " ")) <= w {
			n++
		}
		if len(lines) == max-1 {
			return append(lines, p.fit(s, strings.Join(words, " "), w))
		}
		lines = append(lines, p.fit(s, strings.Join(words[:n], " "), w))
		words = words[n:]
	}
	return lines
}

// paragraph writes wrapped text from y (first baseline) downwards and returns the baseline after the last line.
func (p *pen) paragraph(s style, x, y, w float64, max int, text string) float64 {
	for _, l := range p.wrap(s, text, w, max) {
		p.text(s, left, x, y, l)
		y += s.size * 1.3
	}
	return y
}

// drawing is a figure before it has a back end.
type drawing struct {
	w, h float64 // points
	draw func(*pen)
}

// svg renders the drawing; the description is read by screen readers. The pen knows what was drawn where.
func (d drawing) svg(f fonts, title, alt string) ([]byte, *pen, error) {
	c := vgsvg.New(vg.Length(d.w), vg.Length(d.h))
	p := &pen{fonts: f, canvas: c, w: d.w, h: d.h}
	p.rect(white, 0, 0, d.w, d.h)
	d.draw(p)
	var buf bytes.Buffer
	if _, err := c.WriteTo(&buf); err != nil {
		return nil, nil, err
	}
	return finishSVG(buf.Bytes(), d, title, alt), p, nil
}

// finishSVG gives the document a title, a description and a list of fonts to fall back on, all of the same widths.
func finishSVG(svg []byte, d drawing, title, alt string) []byte {
	body := svg[bytes.Index(svg, []byte("<g ")):]
	body = bytes.ReplaceAll(body, []byte("font-family:Liberation Sans;font-variant:normal;font-weight:normal;font-style:normal;"), nil)
	body = bytes.ReplaceAll(body, []byte("font-family:Liberation Sans;font-variant:normal;"), nil)
	body = bytes.ReplaceAll(body, []byte("font-weight:normal;"), nil)
	body = bytes.ReplaceAll(body, []byte("font-style:normal;"), nil)
	var out bytes.Buffer
	fmt.Fprintf(&out, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="%gpt" height="%gpt" viewBox="0 0 %g %g" role="img" font-family="'Liberation Sans',Arial,Helvetica,sans-serif">`,
		d.w, d.h, d.w, d.h)
	fmt.Fprintf(&out, "\n<title>%s</title>\n<desc>%s</desc>\n", escape(title), escape(alt))
	out.Write(body)
	return out.Bytes()
}

func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// png renders the drawing at 200 dots per inch.
func (d drawing) png(f fonts) ([]byte, error) {
	c := vgimg.NewWith(vgimg.UseWH(vg.Length(d.w), vg.Length(d.h)), vgimg.UseDPI(dpi))
	p := &pen{fonts: f, canvas: c, w: d.w, h: d.h}
	d.draw(p)
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := enc.Encode(&buf, withPalette(c.Image())); err != nil {
		return nil, err
	}
	return withResolution(buf.Bytes()), nil
}

// withResolution adds the pHYs chunk, so that a word processor shows the image at its size.
func withResolution(data []byte) []byte {
	const afterHeader = 8 + 25 // signature and IHDR
	perMetre := uint32(dpi*10000/254) + 1
	chunk := []byte{'p', 'H', 'Y', 's'}
	for range 2 {
		chunk = append(chunk, byte(perMetre>>24), byte(perMetre>>16), byte(perMetre>>8), byte(perMetre))
	}
	chunk = append(chunk, 1)
	sum := crc32.ChecksumIEEE(chunk)
	out := append([]byte{}, data[:afterHeader]...)
	out = append(out, 0, 0, 0, 9)
	out = append(out, chunk...)
	out = append(out, byte(sum>>24), byte(sum>>16), byte(sum>>8), byte(sum))
	return append(out, data[afterHeader:]...)
}

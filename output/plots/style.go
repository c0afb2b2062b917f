package plots

import (
	"image/color"
	"math"
)

// rgb is an opaque colour, 0xRRGGBB.
type rgb uint32

// RGBA makes it a color.Color.
func (c rgb) RGBA() (r, g, b, a uint32) {
	return uint32(c>>16&0xff) * 0x101, uint32(c>>8&0xff) * 0x101, uint32(c&0xff) * 0x101, 0xffff
}

// Colours: Okabe & Ito 2008, told apart by colour-blind readers; viridis (Smith & van der Walt 2015) for scales.
const (
	white     rgb = 0xFFFFFF
	ink       rgb = 0x222222
	grey      rgb = 0x696969
	pale      rgb = 0xE1E1E1
	blue      rgb = 0x0072B2
	sky       rgb = 0x56B4E9
	green     rgb = 0x009E73
	yellow    rgb = 0xF0E442
	orange    rgb = 0xE69F00
	vermilion rgb = 0xD55E00
	purple    rgb = 0xCC79A7
	neutral   rgb = 0xAAAAAA
)

// series are the colours of groups and the like, in order.
func series() []rgb {
	return []rgb{blue, vermilion, green, purple, orange, sky, ink, neutral}
}

// originColor keeps an origin's colour the same in every figure.
func originColor(origin string) rgb {
	switch origin {
	case "libya":
		return blue
	case "sudan":
		return orange
	case "nigeria":
		return green
	case "state_diverted":
		return vermilion
	case "captured":
		return purple
	case "ddr":
		return yellow
	case "local":
		return neutral
	}
	sum := 0
	for _, b := range []byte(origin) { // one of another world's own
		sum += int(b)
	}
	return []rgb{sky, ink, blue, green}[sum%4]
}

// componentColor keeps a price component's colour the same in every figure.
func componentColor(component string) rgb {
	switch component {
	case "origin":
		return blue
	case "transport":
		return sky
	case "toll":
		return green
	case "payment":
		return yellow
	case "risk":
		return vermilion
	case "storage":
		return purple
	}
	return neutral
}

// alpha makes a colour see-through; 1 is opaque.
func alpha(c rgb, a float64) color.NRGBA {
	return color.NRGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), uint8(math.Round(255 * a))}
}

// viridis maps 0-1 to the scale's colours.
func viridis(v float64) rgb {
	stops := []rgb{0x440154, 0x482878, 0x3E4A89, 0x31688E, 0x26828E, 0x1F9E89, 0x35B779, 0x6ECE58, 0xB5DE2B, 0xFDE725}
	at := math.Min(math.Max(v, 0), 1) * float64(len(stops)-1)
	i := min(int(at), len(stops)-2)
	return blend(stops[i], stops[i+1], at-float64(i))
}

// blend goes from a (f = 0) to b (f = 1).
func blend(a, b rgb, f float64) rgb {
	var out rgb
	for shift := 0; shift <= 16; shift += 8 {
		x, y := float64(a>>shift&0xff), float64(b>>shift&0xff)
		out |= rgb(math.Round(x+f*(y-x))) << shift
	}
	return out
}

// Text styles.
func titleStyle() style { return style{size: 13.5, bold: true, color: ink} }
func subStyle() style   { return style{size: 9, color: grey} }
func panelStyle() style { return style{size: 9.5, bold: true, color: ink} }
func axisStyle() style  { return style{size: 8, color: ink} }
func noteStyle() style  { return style{size: 8, color: grey} }
func footStyle() style  { return style{size: 7, color: grey} }
func markStyle() style  { return style{size: 6.5, bold: true, color: grey} }

// niceStep is the distance of about n ticks over a span: 1, 2, 2.5 or 5 times a power of ten.
func niceStep(span float64, n int) float64 {
	if span <= 0 {
		return 1
	}
	raw := span / float64(n)
	p := math.Pow(10, math.Floor(math.Log10(raw)))
	for _, m := range []float64{1, 2, 2.5, 5} {
		if m*p >= raw*0.999 {
			return m * p
		}
	}
	return 10 * p
}

package plots

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// withPalette reduces an opaque picture to its 256 most frequent colours. Figures have few: the rest are the shades of
// edges, and the nearest colour is no further off than an eye can tell. A file of one byte a pixel is a third as large.
func withPalette(img image.Image) image.Image {
	src, ok := img.(*image.RGBA)
	if !ok || len(src.Pix) == 0 {
		return img
	}
	at := func(i int) uint32 {
		return uint32(src.Pix[i])<<16 | uint32(src.Pix[i+1])<<8 | uint32(src.Pix[i+2])
	}
	count := map[uint32]int{}
	last, run := at(0), 0 // neighbours are mostly alike
	for i := 0; i < len(src.Pix); i += 4 {
		if c := at(i); c != last {
			count[last] += run
			last, run = c, 0
		}
		run++
	}
	count[last] += run
	type shade struct {
		c uint32
		n int
	}
	var shades []shade
	for c, n := range count {
		shades = append(shades, shade{c, n})
	}
	slices.SortFunc(shades, func(a, b shade) int { return cmp.Or(cmp.Compare(b.n, a.n), cmp.Compare(a.c, b.c)) })
	var palette color.Palette
	index := make(map[uint32]uint8, len(shades))
	kept := shades[:min(256, len(shades))]
	for i, s := range kept {
		palette = append(palette, color.RGBA{uint8(s.c >> 16), uint8(s.c >> 8), uint8(s.c), 255})
		index[s.c] = uint8(i)
	}
	for _, s := range shades[len(kept):] {
		best, least := 0, int32(1<<30)
		for i, k := range kept {
			if d := apart(s.c, k.c); d < least {
				best, least = i, d
			}
		}
		index[s.c] = uint8(best)
	}
	out := image.NewPaletted(src.Bounds(), palette)
	last, to := at(0), index[at(0)]
	for i, k := 0, 0; i < len(src.Pix); i, k = i+4, k+1 {
		if c := at(i); c != last {
			last, to = c, index[c]
		}
		out.Pix[k] = to
	}
	return out
}

// apart is the squared distance of two colours.
func apart(a, b uint32) int32 {
	r, g, l := int32(a>>16&255)-int32(b>>16&255), int32(a>>8&255)-int32(b>>8&255), int32(a&255)-int32(b&255)
	return r*r + g*g + l*l
}

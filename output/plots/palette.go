package plots

import (
	"cmp"
	"image"
	"image/color"
	"slices"
)

// withPalette reduces an opaque picture to 256 colours where no eye can tell. Figures have few: the rest are the shades of
// edges. A file of one byte a pixel is a third as large. A picture of many colours stays as it is.
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
	kept, index, ok := reduce(count, max(area, len(src.Pix)/4/perArea))
	if !ok {
		return img
	}
	var palette color.Palette
	for _, c := range kept {
		palette = append(palette, color.RGBA{uint8(c >> 16), uint8(c >> 8), uint8(c), 255})
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

// Colours of areas, of so many pixels or of a share of a large picture, are kept as they are. Shades of edges may lie farthest
// (squared) from one that is kept: 32 of 255 steps.
const (
	area     = 400
	perArea  = 9000
	farthest = 32 * 32
)

// reduce chooses at most 256 of the colours: those of areas, and those that are far from all others chosen. index leads
// from every colour to the nearest one. It is not ok where some colour would have none close to it.
func reduce(count map[uint32]int, area int) (kept []uint32, index map[uint32]uint8, ok bool) {
	var shades []uint32
	for c := range count {
		shades = append(shades, c)
	}
	slices.SortFunc(shades, func(a, b uint32) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
	nearest := func(c uint32) (best int, least int32) {
		least = 1 << 30
		for i, k := range kept {
			if d := apart(c, k); d < least {
				best, least = i, d
			}
		}
		return best, least
	}
	for limit := int32(0); ; limit = 2*limit + 4 {
		if limit > farthest {
			return nil, nil, false
		}
		kept = kept[:0]
		for _, c := range shades {
			if _, d := nearest(c); count[c] >= area || d > limit {
				kept = append(kept, c)
			}
			if len(kept) > 256 {
				break
			}
		}
		if len(kept) <= 256 {
			break
		}
	}
	index = make(map[uint32]uint8, len(shades))
	for _, c := range shades {
		i, _ := nearest(c)
		index[c] = uint8(i)
	}
	return kept, index, true
}

// apart is the squared distance of two colours.
func apart(a, b uint32) int32 {
	r, g, l := int32(a>>16&255)-int32(b>>16&255), int32(a>>8&255)-int32(b>>8&255), int32(a&255)-int32(b&255)
	return r*r + g*g + l*l
}

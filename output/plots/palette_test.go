package plots

import (
	"image"
	"image/color"
	"testing"
)

func TestAPaletteKeepsFewColoursAsTheyAreAndAScaleCloseToItself(t *testing.T) {
	img := image.NewRGBA(image.Rect(0, 0, 1000, 40))
	for x := range 1000 {
		for y := range 40 {
			c := color.RGBA{255, 255, 255, 255}
			switch {
			case y == 0: // a scale, and few pixels of each colour
				v := viridis(float64(x) / 999)
				c = color.RGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
			case y < 20: // many greys, which must not crowd the scale out
				c = color.RGBA{uint8(x / 4), uint8(x / 4), uint8((x + y) / 4), 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	got := withPalette(img)
	for x := range 1000 {
		for _, y := range []int{0, 10, 30} {
			a, b := img.RGBAAt(x, y), color.RGBAModel.Convert(got.At(x, y)).(color.RGBA)
			if d := apart(uint32(a.R)<<16|uint32(a.G)<<8|uint32(a.B), uint32(b.R)<<16|uint32(b.G)<<8|uint32(b.B)); d > farthest || y == 30 && d > 0 {
				t.Fatalf("at %d, %d: %v became %v", x, y, a, b)
			}
		}
	}
	flat := image.NewRGBA(image.Rect(0, 0, 2, 1))
	flat.SetRGBA(0, 0, color.RGBA{1, 2, 3, 255})
	flat.SetRGBA(1, 0, color.RGBA{1, 2, 4, 255})
	if p := withPalette(flat).(*image.Paletted); color.RGBAModel.Convert(p.At(0, 0)) != (color.RGBA{1, 2, 3, 255}) || len(p.Palette) != 2 {
		t.Errorf("two colours must stay as they are, got %v", p.Palette)
	}
}

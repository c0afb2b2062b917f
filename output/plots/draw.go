// Package plots draws a run's figures and a study's charts to SVG and PNG with gonum/plot's canvases and fonts. It is the only package that
// imports gonum/plot. Layout is the package's own, so that no label is cut off and no legend lies on data.
package plots

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"entrepot/output/digest"
)

// Figure is one finished figure.
type Figure struct {
	Name    string // file name without extension
	Title   string
	Alt     string // what a reader who cannot see it needs to know, with numbers
	Caption string // how to read it
	SVG     []byte
	PNG     []byte // 200 dots per inch; nil if it was not asked for
	Narrow  []byte // SVG for a phone; nil: there is none

	labels, dots []label // for the checks
	w, h         float64
	narrow       *Figure
}

// spec is a figure before it is drawn.
type spec struct {
	name, title, alt, caption string
	narrow                    bool // SVG alone
	drawing
}

// Formats says which files are wanted. The report needs SVG only.
type Formats struct{ PNG bool }

// Draw draws all figures for which the run has data, in a fixed order. Equal runs and contexts give equal bytes.
func Draw(d *digest.Digest, formats Formats) ([]Figure, error) {
	if len(d.Goods) == 0 || d.Weeks == 0 {
		return nil, nil
	}
	data := d.Basemap
	if data == nil {
		data = basemap
	}
	land, err := readBasemap(data)
	if err != nil {
		return nil, err
	}
	f := newFonts()
	if !slices.ContainsFunc(d.Context.Hubs, func(h digest.Hub) bool { return onMap(h.Country) }) {
		land = nil // an imaginary world
	}
	return render(f, plan(f, d, land), formats)
}

// onMap says whether a country (ISO 3166-1 alpha-3) is on the base map; the places of an imaginary world are not.
func onMap(country string) bool { return country != "" && strings.Contains(onBasemap, country+" ") }

// onBasemap are the countries of the base map (ISO 3166-1 alpha-3). A world without any of them is drawn on blank ground.
const onBasemap = "BEN BFA CAF CIV CMR DZA EGY ESH GHA GIN GMB GNB LBR LBY MAR MLI MRT NER NGA SDN SEN SLE SSD TCD TGO TUN "

// plan lists the figures in the order of the report.
func plan(f fonts, d *digest.Digest, land []country) []*spec {
	var out []*spec
	add := func(s *spec) {
		if s != nil {
			out = append(out, s)
		}
	}
	goods := d.PricedGoods()
	for _, g := range goods {
		add(priceFigure(f, d, g))
	}
	add(costFigure(f, d, goods[0]))
	add(bookFigure(f, d))
	add(mapFigure(f, d, land))
	add(routeFigure(f, d))
	add(originFigure(f, d))
	add(activityFigure(f, d))
	add(groupsFigure(f, d))
	return out
}

// render draws the figures on all processors, each into its own place.
func render(f fonts, specs []*spec, formats Formats) ([]Figure, error) {
	out := make([]Figure, len(specs))
	errs := make([]error, 2*len(specs))
	jobs := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range jobs {
				s, fig := specs[j/2], &out[j/2]
				if j%2 == 0 {
					fig.PNG, errs[j] = s.png(f)
				} else {
					var drawn *pen
					if fig.SVG, drawn, errs[j] = s.svg(f, s.title, s.alt); errs[j] == nil {
						fig.labels, fig.dots = drawn.labels, drawn.dots
					}
				}
			}
		}()
	}
	for i, s := range specs {
		out[i].Name, out[i].Title, out[i].Alt, out[i].Caption, out[i].w, out[i].h = s.name, s.title, s.alt, s.caption, s.w, s.h
		if formats.PNG && !s.narrow {
			jobs <- 2 * i
		}
		jobs <- 2*i + 1
	}
	close(jobs)
	wg.Wait()
	for i, err := range errs {
		if err != nil {
			return nil, fmt.Errorf("drawing %s: %w", specs[i/2].name, err)
		}
	}
	return out, nil
}

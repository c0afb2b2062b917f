package plots

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
)

// basemap is cut from Natural Earth 1:50m (public domain), 26 countries from Senegal to Sudan.
//
//go:embed basemap.topo.json
var basemap []byte

// ring is a closed outline in degrees: lon, lat, lon, lat, ...
type ring []float64

// country is a name and its outlines.
type country struct {
	name  string
	rings []ring
}

type topology struct {
	Transform struct{ Scale, Translate [2]float64 }
	Arcs      [][][2]float64
	Objects   map[string]struct {
		Geometries []struct {
			Type       string
			Arcs       json.RawMessage
			Properties struct{ Name string }
		}
	}
}

// readBasemap decodes TopoJSON: delta-coded, quantised arcs shared by neighbours.
func readBasemap(data []byte) ([]country, error) {
	var t topology
	if err := json.Unmarshal(data, &t); err != nil {
		return nil, fmt.Errorf("reading the base map: %w", err)
	}
	var out []country
	for _, g := range t.Objects["countries"].Geometries {
		var polygons [][][]int
		switch g.Type {
		case "Polygon":
			var one [][]int
			if err := json.Unmarshal(g.Arcs, &one); err != nil {
				return nil, fmt.Errorf("reading the base map, %s: %w", g.Properties.Name, err)
			}
			polygons = [][][]int{one}
		case "MultiPolygon":
			if err := json.Unmarshal(g.Arcs, &polygons); err != nil {
				return nil, fmt.Errorf("reading the base map, %s: %w", g.Properties.Name, err)
			}
		}
		c := country{name: g.Properties.Name}
		for _, p := range polygons {
			for _, arcs := range p[:min(1, len(p))] { // holes (lakes) are left out
				r, err := t.ring(arcs)
				if err != nil {
					return nil, fmt.Errorf("reading the base map, %s: %w", c.name, err)
				}
				c.rings = append(c.rings, r)
			}
		}
		out = append(out, c)
	}
	return out, nil
}

func (t *topology) ring(arcs []int) (ring, error) {
	var out ring
	for _, id := range arcs {
		back := id < 0
		if back {
			id = ^id
		}
		if id >= len(t.Arcs) {
			return nil, fmt.Errorf("arc must be below %d, got %d", len(t.Arcs), id)
		}
		points := t.decode(id)
		if back {
			for i, j := 0, len(points)-2; i < j; i, j = i+2, j-2 {
				points[i], points[i+1], points[j], points[j+1] = points[j], points[j+1], points[i], points[i+1]
			}
		}
		if len(out) > 0 {
			points = points[2:] // the first point is the last one of the arc before
		}
		out = append(out, points...)
	}
	return out, nil
}

func (t *topology) decode(id int) []float64 {
	var x, y float64
	out := make([]float64, 0, 2*len(t.Arcs[id]))
	for _, d := range t.Arcs[id] {
		x, y = x+d[0], y+d[1]
		out = append(out, x*t.Transform.Scale[0]+t.Transform.Translate[0], y*t.Transform.Scale[1]+t.Transform.Translate[1])
	}
	return out
}

// clip cuts an outline to a rectangle (Sutherland & Hodgman 1974).
func clip(r ring, x0, y0, x1, y1 float64) ring {
	for side := range 4 {
		inside := func(x, y float64) bool {
			switch side {
			case 0:
				return x >= x0
			case 1:
				return x <= x1
			case 2:
				return y >= y0
			}
			return y <= y1
		}
		cut := func(ax, ay, bx, by float64) (float64, float64) {
			switch side {
			case 0:
				return x0, ay + (by-ay)*(x0-ax)/(bx-ax)
			case 1:
				return x1, ay + (by-ay)*(x1-ax)/(bx-ax)
			case 2:
				return ax + (bx-ax)*(y0-ay)/(by-ay), y0
			}
			return ax + (bx-ax)*(y1-ay)/(by-ay), y1
		}
		var out ring
		for i := 0; i < len(r); i += 2 {
			j := (i + len(r) - 2) % len(r)
			in, was := inside(r[i], r[i+1]), inside(r[j], r[j+1])
			if in != was {
				x, y := cut(r[j], r[j+1], r[i], r[i+1])
				out = append(out, x, y)
			}
			if in {
				out = append(out, r[i], r[i+1])
			}
		}
		if r = out; len(r) == 0 {
			return nil
		}
	}
	return r
}

// centroid of an outline and its area (shoelace).
func centroid(r ring) (x, y, area float64) {
	for i := 0; i < len(r); i += 2 {
		j := (i + 2) % len(r)
		c := r[i]*r[j+1] - r[j]*r[i+1]
		area += c / 2
		x += (r[i] + r[j]) * c
		y += (r[i+1] + r[j+1]) * c
	}
	if area == 0 {
		return 0, 0, 0
	}
	return x / (6 * area), y / (6 * area), math.Abs(area)
}

// thin drops points that are nearer than d to the one kept before.
func thin(r ring, d float64) ring {
	if len(r) < 8 {
		return r
	}
	out := ring{r[0], r[1]}
	for i := 2; i < len(r); i += 2 {
		n := len(out)
		if math.Hypot(r[i]-out[n-2], r[i+1]-out[n-1]) >= d {
			out = append(out, r[i], r[i+1])
		}
	}
	return out
}

package plots

import (
	"entrepot/output/digest"
	"entrepot/output/tables"
	"entrepot/sim"
)

// bins cut the time axis into months or quarters. A week belongs to the bin of its Monday.
type bins struct {
	start []sim.Date // first days; the last entry ends the last bin
	of    []int32    // bin of a tick; -1 outside the axis
	weeks []float64  // weeks in each bin
}

// seasonal takes months for short axes, else quarters, and says which.
func seasonal(d *digest.Digest) (bins, bool) {
	if d.To-d.From < 4*366 {
		return binsOf(d, 1), true
	}
	return binsOf(d, 3), false
}

func binsOf(d *digest.Digest, months int) bins {
	var b bins
	first := d.From.Year()*12 + int(d.From.Time().Month()) - 1
	for m := first - first%months; ; m += months {
		day := sim.DateOf(m/12, m%12+1, 1)
		b.start = append(b.start, day)
		if day > d.To {
			break
		}
	}
	b.of = make([]int32, d.Weeks)
	b.weeks = make([]float64, b.n())
	for t := range b.of {
		b.of[t] = -1
		day := d.Run.Date(int32(t))
		if day < d.From || day > d.To {
			continue
		}
		i := (day.Year()*12+int(day.Time().Month())-1)/months - first/months
		b.of[t] = int32(i)
		b.weeks[i]++
	}
	return b
}

func (b bins) n() int { return len(b.start) - 1 }

// at returns the bin of a tick, or false outside the axis.
func (b bins) at(tick int32) (int, bool) {
	if int(tick) >= len(b.of) || b.of[tick] < 0 {
		return 0, false
	}
	return int(b.of[tick]), true
}

// middle is the day in the middle of a bin.
func (b bins) middle(i int) sim.Date { return (b.start[i] + b.start[i+1]) / 2 }

// sums adds up values by name and bin. Names come in order of their symbols: equal runs give equal sums.
type sums struct {
	names *tables.Names
	bins  int
	rows  [][]float64 // by symbol; nil where nothing was added
}

func newSums(run *tables.Run, bins int) *sums {
	return &sums{run.Names, bins, make([][]float64, run.Names.Len())}
}

func (s *sums) add(name tables.Sym, bin int, v float64) {
	if s.rows[name] == nil {
		s.rows[name] = make([]float64, s.bins)
	}
	s.rows[name][bin] += v
}

func (s *sums) of(name string) []float64 {
	if sym, ok := s.names.Find(name); ok && s.rows[sym] != nil {
		return s.rows[sym]
	}
	return make([]float64, s.bins)
}

// layer is one band of a stack or one line.
type layer struct {
	name   string
	values []float64
	color  rgb
	dashed bool // a line that may lie on another one
}

// total sums the layers per bin.
func total(layers []layer, n int) []float64 {
	out := make([]float64, n)
	for _, l := range layers {
		for i, v := range l.values {
			out[i] += v
		}
	}
	return out
}

func maxOf(values []float64) float64 {
	m := 0.0
	for _, v := range values {
		m = max(m, v)
	}
	return m
}

// inside keeps a height within the panel.
func (a panel) inside(y float64) float64 { return min(max(y, a.y), a.y+a.h) }

// bar is where the bar of a bin stands. What is made of hardly anything is drawn thin, so that it does not weigh as much.
func (a panel) bar(b bins, i int, thin bool) (x0, x1 float64) {
	x0, x1 = max(a.day(b.start[i]), a.x), min(a.day(b.start[i+1]), a.x+a.w)
	if thin {
		return x0 + (x1-x0)*0.38, x1 - (x1-x0)*0.38
	}
	return x0, x1
}

// stack draws layers as stacked bars, one a bin; negative values hang below zero. thin says which bars are thin; nil: none.
func (a panel) stack(b bins, layers []layer, thin []bool) {
	for i := range b.n() {
		x0, x1 := a.bar(b, i, thin != nil && thin[i])
		gap := min(0.7, (x1-x0)*0.12)
		up, down := 0.0, 0.0
		for _, l := range layers {
			v := l.values[i]
			from := up
			if v < 0 {
				from = down
				down += v
			} else {
				up += v
			}
			y0, y1 := a.inside(a.py(from)), a.inside(a.py(from+v))
			if v != 0 && y0 != y1 {
				a.rect(l.color, x0+gap/2, min(y0, y1), x1-x0-gap, max(y0, y1)-min(y0, y1))
			}
		}
	}
}

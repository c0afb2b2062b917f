package prim

import (
	"math"
	"slices"
)

// Options of a search. Take Usual and change what has to be.
type Options struct {
	Peel    float64 // share of a box's cases that a peel takes away
	Paste   float64 // share of a box's cases that a paste adds
	MinMass float64 // share of the cases in play that a box must hold
	// MinDensity is what the chosen box must have; of the boxes that do, the one with the highest coverage is taken. Where it is
	// 0, the box with the greatest harmonic mean of coverage and density is.
	MinDensity float64
	Level      float64 // of the quasi-p value above which a limit is dropped
}

// Usual returns the options that Friedman & Fisher (1999) and Bryant & Lempert (2010) use.
func Usual() Options { return Options{Peel: 0.05, Paste: 0.05, MinMass: 0.05, Level: 0.05} }

// candidate is a possible peel or paste: the new limit of an input and how many cases and hits come off or on.
type candidate struct {
	input       int
	limit       Limit
	cases, hits int
}

// Peel returns the trajectory of boxes from everything to the smallest allowed, each inside the one before.
func (d *Data) Peel(o Options) []Step {
	least := max(1, int(math.Ceil(o.MinMass*float64(len(d.rows)))))
	now := d.step(d.Everything(), d.rows)
	path := []Step{now}
	order := slices.Clone(d.order) // of the cases inside, by input
	for now.Hits < now.Cases {
		best, found := d.bestPeel(now, order, o.Peel, least)
		if !found {
			break
		}
		now.Box = now.Box.with(best.input, best.limit)
		for c := range order {
			order[c] = keep(order[c], d.inputs[best.input].Values, best.limit)
		}
		now = d.step(now.Box, order[0])
		path = append(path, now)
	}
	return path
}

func keep(rows []int, values []float64, l Limit) []int {
	kept := make([]int, 0, len(rows))
	for _, r := range rows {
		if l.holds(values[r]) {
			kept = append(kept, r)
		}
	}
	return kept
}

// bestPeel takes the peel with the greatest gain of density per case removed, since ties and categories come off in larger
// pieces than others (the lenient criterion; Kwakkel & Jaxa-Rozen 2016). Among equals, the first input wins.
func (d *Data) bestPeel(now Step, order [][]int, share float64, least int) (best candidate, found bool) {
	most := math.Inf(-1)
	for c := range d.inputs {
		for _, p := range d.peels(c, now.Box[c], order[c], share) {
			left := now.Cases - p.cases
			if left < least {
				continue
			}
			gain := (float64(now.Hits-p.hits)/float64(left) - now.Density) / float64(p.cases)
			if gain > most {
				best, most, found = p, gain, true
			}
		}
	}
	return best, found
}

// peels lists the ways to peel an input, rows being the cases inside by value.
func (d *Data) peels(c int, l Limit, rows []int, share float64) []candidate {
	if l.Without != nil {
		return d.categories(c, l, rows)
	}
	values, n := d.inputs[c].Values, len(rows)
	k := max(1, int(share*float64(n)))
	if k >= n {
		return nil
	}
	var out []candidate
	if low := cut(n, k, func(i int) float64 { return values[rows[i]] }); low > 0 {
		out = append(out, candidate{c, Limit{Low: values[rows[low]], High: l.High}, low, d.count(rows[:low])})
	}
	if high := cut(n, k, func(i int) float64 { return values[rows[n-1-i]] }); high > 0 {
		out = append(out, candidate{c, Limit{Low: l.Low, High: values[rows[n-1-high]]}, high, d.count(rows[n-high:])})
	}
	return out
}

// cut returns how many of n sorted values come off their beginning where k should. Equal values stay together: those at the
// cut stay, unless nothing would go. 0 where all are equal.
func cut(n, k int, at func(i int) float64) int {
	if at(k) == at(0) {
		for k < n && at(k) == at(0) {
			k++
		}
		return k % n
	}
	for at(k-1) == at(k) {
		k--
	}
	return k
}

// categories peels one category at a time.
func (d *Data) categories(c int, l Limit, rows []int) []candidate {
	var out []candidate
	for level := range l.Without {
		if l.Without[level] {
			continue
		}
		without := slices.Clone(l.Without)
		without[level] = true
		if p := d.off(c, Limit{l.Low, l.High, without}, rows); p.cases > 0 && p.cases < len(rows) {
			out = append(out, p)
		}
	}
	return out
}

// off counts what a limit takes away from rows.
func (d *Data) off(c int, l Limit, rows []int) candidate {
	p := candidate{input: c, limit: l}
	for _, r := range rows {
		if !l.holds(d.inputs[c].Values[r]) {
			p.cases++
			if d.outcome[r] {
				p.hits++
			}
		}
	}
	return p
}

// Choose picks a box from a trajectory, as Options say. If no box is as dense as asked, the densest is taken.
func Choose(path []Step, o Options) Step {
	best := path[0]
	for _, s := range path[1:] {
		switch {
		case o.MinDensity == 0 && s.harmony() > best.harmony(),
			o.MinDensity > 0 && best.Density < o.MinDensity && s.Density > best.Density:
			best = s
		}
	}
	return best
}

// Paste moves the edges of a box outwards, a little at a time, as long as density does not fall.
func (d *Data) Paste(s Step, o Options) Step {
	for {
		best, found := d.bestPaste(s, o.Paste)
		if !found {
			return d.release(s)
		}
		s = d.Measure(s.Box.with(best.input, best.limit))
	}
}

// bestPaste takes the piece that leaves the highest density, the larger one of equals.
func (d *Data) bestPaste(s Step, share float64) (best candidate, found bool) {
	most := s.Density
	for c, l := range s.Box {
		if !l.Restricts() {
			continue
		}
		for _, p := range d.pastes(c, s, max(1, int(share*float64(s.Cases)))) {
			density := float64(s.Hits+p.hits) / float64(s.Cases+p.cases)
			if density > most || density == most && p.cases > best.cases {
				best, most, found = p, density, true
			}
		}
	}
	return best, found
}

// pastes lists the ways to widen one limit by k cases or, with ties, somewhat more.
func (d *Data) pastes(c int, s Step, k int) []candidate {
	l, values := s.Box[c], d.inputs[c].Values
	rows := d.beside(s.Box, c)
	var out []candidate
	add := func(wider Limit) {
		if p := d.off(c, l, keep(rows, values, wider)); p.cases > 0 {
			p.limit = wider
			out = append(out, p)
		}
	}
	if l.Without != nil {
		for level, gone := range l.Without {
			if gone {
				wider := Limit{l.Low, l.High, slices.Clone(l.Without)}
				wider.Without[level] = false
				add(wider)
			}
		}
		return out
	}
	under, _ := slices.BinarySearchFunc(rows, l.Low, func(r int, v float64) int { return compare(values[r], v) })
	if under > 0 {
		add(Limit{Low: values[rows[max(0, under-k)]], High: l.High})
	}
	above := slices.IndexFunc(rows, func(r int) bool { return values[r] > l.High })
	if above >= 0 {
		add(Limit{Low: l.Low, High: values[rows[min(len(rows)-1, above+k-1)]]})
	}
	return out
}

func compare(a, b float64) int {
	if a < b {
		return -1
	}
	return 1
}

// beside lists the cases in play that hold all limits but perhaps that of one input, by its value.
func (d *Data) beside(b Box, c int) []int {
	others := b.with(c, d.unlimited(c))
	var rows []int
	for _, r := range d.order[c] {
		if d.violated(others, r, 1) == 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

// release takes off bounds beyond which there is no case that holds the other limits: they say nothing.
func (d *Data) release(s Step) Step {
	for c, l := range s.Box {
		rows, values := d.beside(s.Box, c), d.inputs[c].Values
		if !l.Restricts() || len(rows) == 0 {
			continue
		}
		if l.Without != nil {
			l.Without = slices.Clone(l.Without)
			for level := range l.Without {
				l.Without[level] = l.Without[level] && slices.ContainsFunc(rows, func(r int) bool { return int(values[r]) == level })
			}
		}
		if l.Low <= values[rows[0]] {
			l.Low = math.Inf(-1)
		}
		if l.High >= values[rows[len(rows)-1]] {
			l.High = math.Inf(1)
		}
		s.Box = s.Box.with(c, l)
	}
	return s
}

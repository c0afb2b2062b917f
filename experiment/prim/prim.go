// Package prim finds the circumstances under which something happens: boxes in the space of inputs in which a yes-or-no
// outcome is frequent (patient rule induction method; Friedman & Fisher 1999), as scenario discovery uses them (Bryant &
// Lempert 2010).
//
// A box is grown smaller by peels: each takes a twentieth of its cases away at the side that leaves the outcome most frequent
// among the rest. The trajectory of peels trades coverage (share of all hits inside) against density (share of hits among the
// cases inside). A box chosen from it loses limits that could be chance, and its remaining edges are pasted: moved outwards
// where density does not suffer.
package prim

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// Input is a column of the design: one value per case.
type Input struct {
	Name, Unit string
	Values     []float64 // finite; of a categorical input, indices into Levels
	Levels     []string  // names of categories; nil: the input is a number
}

// Data are cases: runs with their inputs and whether the outcome of interest occurred.
type Data struct {
	inputs  []Input
	outcome []bool
	rows    []int   // the cases in play, ascending
	order   [][]int // by input: the cases in play by value
	cases   int     // what coverage and mass are shares of: all cases and hits
	hits    int
}

// New checks the columns and returns the data. It keeps the slices.
func New(inputs []Input, outcome []bool) (*Data, error) {
	if len(outcome) == 0 || len(inputs) == 0 {
		return nil, fmt.Errorf("reading cases: must be one or more inputs and cases, got %d and %d", len(inputs), len(outcome))
	}
	for _, in := range inputs {
		if len(in.Values) != len(outcome) {
			return nil, fmt.Errorf("reading input %s: must have a value for each of %d cases, got %d", in.Name, len(outcome), len(in.Values))
		}
		for i, v := range in.Values {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return nil, fmt.Errorf("reading input %s: case %d must be a finite number, got %g", in.Name, i, v)
			}
			if in.Levels != nil && !(v >= 0 && v < float64(len(in.Levels)) && v == math.Trunc(v)) {
				return nil, fmt.Errorf("reading input %s: case %d must be one of %d categories counted from 0, got %g", in.Name, i, len(in.Levels), v)
			}
		}
	}
	d := &Data{inputs: inputs, outcome: outcome, rows: make([]int, len(outcome)), order: make([][]int, len(inputs))}
	for i := range d.rows {
		d.rows[i] = i
	}
	for c := range inputs {
		values := inputs[c].Values
		d.order[c] = slices.Clone(d.rows)
		slices.SortStableFunc(d.order[c], func(i, j int) int { return cmp.Compare(values[i], values[j]) })
	}
	d.cases, d.hits = len(d.rows), d.count(d.rows)
	return d, nil
}

// among returns the data with fewer cases in play. Totals stay.
func (d *Data) among(rows []int) *Data {
	in := make([]bool, len(d.outcome))
	for _, r := range rows {
		in[r] = true
	}
	e := *d
	e.rows, e.order = rows, make([][]int, len(d.inputs))
	for c := range d.order {
		e.order[c] = slices.DeleteFunc(slices.Clone(d.order[c]), func(r int) bool { return !in[r] })
	}
	return &e
}

func (d *Data) count(rows []int) int {
	hits := 0
	for _, r := range rows {
		if d.outcome[r] {
			hits++
		}
	}
	return hits
}

// Limit bounds one input of a box.
type Limit struct {
	Low, High float64 // inclusive; infinite where there is no bound
	Without   []bool  // by category: left out of the box; nil for numbers
}

func (l Limit) holds(v float64) bool {
	if l.Without != nil {
		return !l.Without[int(v)]
	}
	return l.Low <= v && v <= l.High
}

// Restricts reports whether the limit leaves anything out.
func (l Limit) Restricts() bool {
	return !math.IsInf(l.Low, -1) || !math.IsInf(l.High, 1) || slices.Contains(l.Without, true)
}

// Box has a limit for each input.
type Box []Limit

// Everything returns the box without bounds.
func (d *Data) Everything() Box {
	b := make(Box, len(d.inputs))
	for c := range b {
		b[c] = d.unlimited(c)
	}
	return b
}

func (d *Data) unlimited(c int) Limit {
	if n := len(d.inputs[c].Levels); n > 0 {
		return Limit{math.Inf(-1), math.Inf(1), make([]bool, n)}
	}
	return Limit{math.Inf(-1), math.Inf(1), nil}
}

// with returns a copy of the box with one limit replaced.
func (b Box) with(c int, l Limit) Box {
	b = slices.Clone(b)
	b[c] = l
	return b
}

// Restricted lists the inputs that the box limits.
func (b Box) Restricted() []int {
	var in []int
	for c, l := range b {
		if l.Restricts() {
			in = append(in, c)
		}
	}
	return in
}

// Step is a box and what it holds.
type Step struct {
	Box         Box
	Cases, Hits int
	Coverage    float64 // share of all hits that are inside
	Density     float64 // share of hits among the cases inside
	Mass        float64 // share of all cases that are inside
}

// Measure counts what a box holds of the cases in play.
func (d *Data) Measure(b Box) Step { return d.step(b, d.inside(b)) }

func (d *Data) step(b Box, rows []int) Step {
	s := Step{Box: b, Cases: len(rows), Hits: d.count(rows)}
	s.Coverage = float64(s.Hits) / float64(d.hits)
	s.Density = float64(s.Hits) / float64(s.Cases)
	s.Mass = float64(s.Cases) / float64(d.cases)
	return s
}

func (d *Data) inside(b Box) []int {
	var rows []int
	for _, r := range d.rows {
		if d.violated(b, r, 1) == 0 {
			rows = append(rows, r)
		}
	}
	return rows
}

// violated counts the limits that a case breaks, up to a number.
func (d *Data) violated(b Box, row, upTo int) int {
	n := 0
	for c, l := range b {
		if !l.holds(d.inputs[c].Values[row]) {
			if n++; n == upTo {
				break
			}
		}
	}
	return n
}

// harmony is the harmonic mean of coverage and density.
func (s Step) harmony() float64 {
	if s.Hits == 0 {
		return 0
	}
	return 2 * s.Coverage * s.Density / (s.Coverage + s.Density)
}

// Package design lays out computer experiments: which values the factors take in which runs. It knows no model.
//
// Random designs take a key, and every column or trajectory has luck of its own: more points of a Sobol' design, more trajectories,
// or a factor added at the end leave the others where they were (of a Sobol' design, of a Latin hypercube's columns). A design
// decides runs, so its values are the same bytes on every machine.
package design

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"

	"entrepot/sim"
)

// MaxPoints bounds a design.
const MaxPoints = 1 << 20

// defaultSteps is how many values a range has in a grid that does not say it.
const defaultSteps = 5

// Factor is what an experiment varies: a range, or a list of levels. Values of a factor with levels are the levels' indices.
type Factor struct {
	Name      string
	Low, High float64  // ends of the range, both part of it
	Log       bool     // the range is even in the logarithm; Low must be above 0
	Integer   bool     // whole numbers only
	Levels    []string // named levels instead of a range
	Steps     int      // values in a grid, and one at a time; 0: 5, or all there are if fewer
}

// Check returns what is wrong with a factor, all at once, or nil.
func (f *Factor) Check() error {
	var wrong []error
	must := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Errorf("%s: %s", f.Name, fmt.Sprintf(format, args...)))
		}
	}
	if f.Name == "" {
		return errors.New("a factor must have a name")
	}
	must(f.Steps == 0 || f.Steps >= 2, "steps must be at least 2, got %d", f.Steps)
	if f.Levels != nil {
		must(len(f.Levels) >= 2, "levels must be at least 2, got %d", len(f.Levels))
		must(f.Steps == 0 || f.Steps == len(f.Levels), "steps must be left out or all %d levels, got %d", len(f.Levels), f.Steps)
		for i, level := range f.Levels {
			must(level != "" && !slices.Contains(f.Levels[:i], level), "levels must be different and not empty, got %q", level)
		}
		return errors.Join(wrong...)
	}
	must(f.Low < f.High && !math.IsInf(f.High-f.Low, 0), "low must be below high and both finite, got %v and %v", f.Low, f.High)
	must(!f.Log || f.Low > 0, "low must be above 0 on a logarithmic scale, got %v", f.Low)
	if f.Integer {
		must(whole(f.Low) && whole(f.High), "ends of a range of whole numbers must be whole, got %v and %v", f.Low, f.High)
		must(!(float64(f.Steps) > f.High-f.Low+1), "steps must be at most the %v whole numbers of the range, got %d", f.High-f.Low+1, f.Steps)
	}
	return errors.Join(wrong...)
}

func whole(x float64) bool { return x == math.Trunc(x) && math.Abs(x) <= 1<<53 }

// At maps the unit interval to the factor: u in [0, 1], where equal lengths are equally likely. Whole numbers and levels are
// equally likely too (whole numbers on a logarithmic scale by its measure).
func (f *Factor) At(u float64) float64 {
	switch {
	case f.Levels != nil:
		return math.Min(math.Floor(float64(len(f.Levels))*u), float64(len(f.Levels)-1))
	case f.Integer:
		return min(max(math.Floor(f.between(u, f.High+1)), f.Low), f.High)
	}
	return min(max(f.between(u, f.High), f.Low), f.High)
}

// between is the point at share u of the way from the low end to high.
func (f *Factor) between(u, high float64) float64 {
	if f.Log {
		return f.Low * sim.Pow(high/f.Low, u)
	}
	return f.Low + float64((high-f.Low)*u)
}

// Values are those of the factor in a grid: its levels, or evenly spaced on its scale with both ends, to twelve digits. Whole
// numbers on a logarithmic scale may coincide after rounding; repeats are left out.
func (f *Factor) Values() []float64 {
	n := f.Steps
	switch {
	case f.Levels != nil:
		n = len(f.Levels)
	case n == 0 && f.Integer:
		n = int(min(defaultSteps, f.High-f.Low+1))
	case n == 0:
		n = defaultSteps
	}
	values := make([]float64, n)
	for i := range values {
		values[i] = f.step(i, n)
	}
	return slices.Compact(values)
}

func (f *Factor) step(i, n int) float64 {
	switch {
	case f.Levels != nil:
		return float64(i)
	case i == n-1: // not by rounding
		return f.High
	}
	x := f.between(float64(i)/float64(n-1), f.High)
	if f.Integer {
		return math.Round(x)
	}
	return min(max(tidy(x), f.Low), f.High)
}

// tidy takes away what rounding added: 0.3, not 0.30000000000000004, in tables and names of points.
func tidy(x float64) float64 {
	y, _ := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 12, 64), 64) // what was written can be read
	return y
}

// Text writes a value as a file or a `path=value` has it: the level's name, or the shortest number that reads back the same.
func (f *Factor) Text(value float64) string {
	if f.Levels != nil {
		return f.Levels[int(value)]
	}
	if f.Integer {
		return strconv.FormatFloat(value, 'f', -1, 64)
	}
	return strconv.FormatFloat(value, 'g', -1, 64)
}

// wants says what a value must be.
func (f *Factor) wants() string {
	switch {
	case f.Levels != nil:
		return fmt.Sprintf("must be one of %q", f.Levels)
	case f.Integer:
		return fmt.Sprintf("must be a whole number from %s to %s", f.Text(f.Low), f.Text(f.High))
	}
	return fmt.Sprintf("must be a number from %s to %s", f.Text(f.Low), f.Text(f.High))
}

// has reports whether a value is one of the factor's.
func (f *Factor) has(value float64) bool {
	if f.Levels != nil {
		return whole(value) && value >= 0 && int(value) < len(f.Levels)
	}
	return value >= f.Low && value <= f.High && (!f.Integer || whole(value))
}

// Parse reads what Text writes.
func (f *Factor) Parse(text string) (float64, error) {
	value := math.NaN()
	if f.Levels != nil {
		if i := slices.Index(f.Levels, text); i >= 0 {
			value = float64(i)
		}
	} else if x, err := strconv.ParseFloat(text, 64); err == nil {
		value = x
	}
	if !f.has(value) {
		return 0, fmt.Errorf("%s, got %q", f.wants(), text)
	}
	return value, nil
}

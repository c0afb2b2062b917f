package design

import (
	"errors"
	"fmt"
	"math/bits"

	"entrepot/sim"
)

// Design is a list of points.
type Design struct {
	Factors []Factor
	Points  [][]float64 // [point][factor], in the factor's unit; the index of a level where it has levels
}

// Text returns the values of a point as text, factor by factor.
func (d *Design) Text(point int) []string {
	texts := make([]string, len(d.Factors))
	for k := range texts {
		texts[k] = d.Factors[k].Text(d.Points[point][k])
	}
	return texts
}

// blank makes a design of n points without values, after checking the factors.
func blank(factors []Factor, n int) (*Design, error) {
	if err := check(factors); err != nil {
		return nil, err
	}
	if n > MaxPoints {
		return nil, fmt.Errorf("a design must have at most %d points, got %d", MaxPoints, n)
	}
	d := &Design{factors, make([][]float64, n)}
	values := make([]float64, n*len(factors))
	for i := range d.Points {
		d.Points[i], values = values[:len(factors):len(factors)], values[len(factors):]
	}
	return d, nil
}

// check returns all that is wrong with a list of factors.
func check(factors []Factor) error {
	var wrong []error
	if len(factors) == 0 {
		wrong = append(wrong, errors.New("a design must have a factor"))
	}
	seen := map[string]bool{}
	for i := range factors {
		f := &factors[i]
		if err := f.Check(); err != nil {
			wrong = append(wrong, err)
		} else if seen[f.Name] {
			wrong = append(wrong, fmt.Errorf("%s: a factor must be named once, got it again", f.Name))
		}
		seen[f.Name] = true
	}
	return errors.Join(wrong...)
}

// Grid is the full factorial design: every combination of the factors' Values, the last factor changing fastest. Runs: the product of
// their numbers.
func Grid(factors []Factor) (*Design, error) {
	if err := check(factors); err != nil {
		return nil, err
	}
	n := 1
	values := make([][]float64, len(factors))
	for k := range factors {
		if s := factors[k].Steps; s > MaxPoints {
			return nil, fmt.Errorf("%s: steps must be at most %d, got %d", factors[k].Name, MaxPoints, s)
		}
		values[k] = factors[k].Values()
		if n *= len(values[k]); n > MaxPoints {
			return nil, fmt.Errorf("a grid must have at most %d points, got more with %d factors; take fewer steps, or a design that samples", MaxPoints, len(factors))
		}
	}
	d, err := blank(factors, n)
	if err != nil {
		return nil, err
	}
	for i, point := range d.Points {
		for k := len(factors) - 1; k >= 0; k-- {
			point[k] = values[k][i%len(values[k])]
			i /= len(values[k])
		}
	}
	return d, nil
}

// OneAtATime is the base point and then, factor by factor, the base with that factor at each of its other Values. Runs: one and the
// sum of their numbers, at most. It shows no interaction, and only the neighbourhood of the base.
func OneAtATime(factors []Factor, base []float64) (*Design, error) {
	d, err := blank(factors, 1)
	if err != nil {
		return nil, err
	}
	if len(base) != len(factors) {
		return nil, fmt.Errorf("a base point must have a value for each of %d factors, got %d", len(factors), len(base))
	}
	var wrong []error
	for k, x := range base {
		if f := &factors[k]; !f.has(x) {
			wrong = append(wrong, fmt.Errorf("%s: its base %s, got %v", f.Name, f.wants(), x))
		}
	}
	copy(d.Points[0], base)
	for k := range factors {
		if factors[k].Steps > MaxPoints {
			wrong = append(wrong, fmt.Errorf("%s: steps must be at most %d, got %d", factors[k].Name, MaxPoints, factors[k].Steps))
			continue
		}
		for _, x := range factors[k].Values() {
			if x != base[k] {
				point := append([]float64(nil), base...)
				point[k] = x
				d.Points = append(d.Points, point)
			}
		}
	}
	if err := errors.Join(wrong...); err != nil {
		return nil, err
	}
	return d, nil
}

// Latin is a Latin hypercube of n points (McKay, Beckman and Conover 1979): each factor has one value, at random, in each of n
// strata of equal chance, and the strata of the factors are matched at random. A column's luck is that of the factor's name,
// so that a factor more leaves the other columns alone (gonum's sampler draws them from one sequence).
func Latin(factors []Factor, n int, key sim.Key) (*Design, error) {
	if n < 1 {
		return nil, fmt.Errorf("points of a Latin hypercube must be at least 1, got %d", n)
	}
	d, err := blank(factors, n)
	if err != nil {
		return nil, err
	}
	for k := range factors {
		f := &factors[k]
		luck := key.Label("latin").Label(f.Name)
		order, within := shuffled(n, luck.Label("order")), luck.Label("within")
		for i, stratum := range order {
			d.Points[i][k] = f.At((float64(stratum) + within.At(uint64(i)).Float()) / float64(n))
		}
	}
	return d, nil
}

// shuffled returns a random order of 0 to n-1 (Fisher and Yates).
func shuffled(n int, key sim.Key) []int {
	order := make([]int, n)
	for i := range order {
		j := key.At(uint64(i)).Intn(i + 1)
		order[i], order[j] = order[j], i
	}
	return order
}

// Sobol is a scrambled Sobol' design of n points, n a power of two. The first 2^m points of a larger design are the design of 2^m.
func Sobol(factors []Factor, n int, key sim.Key) (*Design, error) {
	s, err := sequence(factors, len(factors), n, key)
	if err != nil {
		return nil, err
	}
	d, err := blank(factors, n)
	if err != nil {
		return nil, err
	}
	u := make([]float64, len(factors))
	for i, point := range d.Points {
		s.Point(uint32(i), u)
		for k := range factors {
			point[k] = factors[k].At(u[k])
		}
	}
	return d, nil
}

// sequence returns a scrambled sequence for n points of some factors, after checking both.
func sequence(factors []Factor, dims, n int, key sim.Key) (*Sequence, error) {
	if err := check(factors); err != nil {
		return nil, err
	}
	if n < 1 || n&(n-1) != 0 || n > MaxPoints {
		below := 1 << (bits.Len(uint(min(max(n, 1), MaxPoints/2))) - 1)
		return nil, fmt.Errorf("points of a Sobol' sequence must be a power of two up to %d (only then they are balanced, the first one included), got %d; take %d or %d", MaxPoints, n, below, 2*below)
	}
	s, err := NewSequence(dims)
	if err != nil {
		return nil, err
	}
	return s.Scrambled(key.Label("sobol")), nil
}

package design

import (
	"fmt"

	"entrepot/sim"
)

// Saltelli is the design for Sobol' indices (Saltelli 2002; Saltelli et al. 2010). A and B are independent samples of n rows; row i
// of AB_k is that of A with factor k from B, and of BA_k that of B with factor k from A. The points of a row stand together:
// A, B, AB_1 ... AB_d, and for second order BA_1 ... BA_d. So the first rows of a larger design are the smaller design, and of
// a broken-off study the whole rows can be used. Runs: n (d+2), or n (2d+2) for second order.
type Saltelli struct {
	Design
	Rows        int
	SecondOrder bool
}

// NewSaltelli returns the design of n rows, n a power of two, from a scrambled Sobol' sequence in 2d dimensions: at most
// MaxDims/2 factors.
func NewSaltelli(factors []Factor, n int, secondOrder bool, key sim.Key) (*Saltelli, error) {
	d := len(factors)
	if d > MaxDims/2 {
		return nil, fmt.Errorf("factors of a Saltelli design must be at most %d, got %d", MaxDims/2, d)
	}
	s, err := sequence(factors, 2*d, n, key)
	if err != nil {
		return nil, err
	}
	saltelli := &Saltelli{Rows: n, SecondOrder: secondOrder, Design: Design{Factors: factors}}
	design, err := blank(factors, n*saltelli.Width())
	if err != nil {
		return nil, err
	}
	saltelli.Design = *design
	u := make([]float64, 2*d)
	for row := range n {
		s.Point(uint32(row), u)
		saltelli.fill(row, u[:d], u[d:])
	}
	return saltelli, nil
}

func (s *Saltelli) fill(row int, a, b []float64) {
	first := s.A(row)
	for p := range s.Width() {
		for k := range s.Factors {
			u := a[k]
			if p == 1 || p == 2+k || p >= 2+len(a) && p != 2+len(a)+k { // B, AB_k, and BA but BA_k
				u = b[k]
			}
			s.Points[first+p][k] = s.Factors[k].At(u)
		}
	}
}

// Width is the number of points of a row.
func (s *Saltelli) Width() int {
	if s.SecondOrder {
		return 2*len(s.Factors) + 2
	}
	return len(s.Factors) + 2
}

// A is the number of a row's point of A.
func (s *Saltelli) A(row int) int { return row * s.Width() }

// B is the number of a row's point of B.
func (s *Saltelli) B(row int) int { return s.A(row) + 1 }

// AB is the number of a row's point of AB_k.
func (s *Saltelli) AB(row, k int) int { return s.A(row) + 2 + k }

// BA is the number of a row's point of BA_k, for second order.
func (s *Saltelli) BA(row, k int) int { return s.A(row) + 2 + len(s.Factors) + k }

package design

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"entrepot/sim"
)

// directionText holds Joe and Kuo's (2008) direction numbers, criterion D6: "d s a m_1 ... m_s" a line, from dimension 2. Their
// licence is beside it.
//
//go:embed new-joe-kuo-6.256
var directionText string

// MaxDims is the number of dimensions that the direction numbers reach.
const MaxDims = 256

// digits of the sequence: 2^32 points are far more than a design may have.
const digits = 32

// Sequence is Sobol's (1967) digital sequence in base two, in the Gray code order of Antonov and Saleev (1979).
type Sequence struct {
	directions [][digits]uint32
	flips      [][digits + 1]sim.Key // by dimension and digit; nil: not scrambled
}

// NewSequence returns the plain sequence, which begins at the origin. 1 <= dims <= MaxDims.
func NewSequence(dims int) (*Sequence, error) {
	if dims < 1 || dims > MaxDims {
		return nil, fmt.Errorf("dimensions of a Sobol' sequence must be from 1 to %d, got %d", MaxDims, dims)
	}
	s := &Sequence{directions: make([][digits]uint32, dims)}
	for k := range digits {
		s.directions[0][k] = 1 << (digits - 1 - k)
	}
	lines := strings.Split(directionText, "\n")
	for j := 1; j < dims; j++ {
		s.directions[j] = directions(lines[j])
	}
	return s, nil
}

// directions unfolds a line of the table: v_k = m_k 2^-k for the first s, then the recurrence of the primitive polynomial
// x^s + a_1 x^(s-1) + ... + a_(s-1) x + 1 whose middle coefficients are the bits of a.
func directions(line string) (v [digits]uint32) {
	fields := strings.Fields(line)
	degree, middle := number(fields[1]), number(fields[2])
	for k := range digits {
		if k < degree {
			v[k] = uint32(number(fields[3+k])) << (digits - 1 - k)
			continue
		}
		v[k] = v[k-degree] ^ v[k-degree]>>degree
		for i := 1; i < degree; i++ {
			if middle>>(degree-1-i)&1 == 1 {
				v[k] ^= v[k-i]
			}
		}
	}
	return v
}

func number(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil {
		panic("design: direction numbers: " + err.Error()) // the table is part of the program
	}
	return n
}

// Scrambled returns the sequence under Owen's (1995) nested uniform scrambling: each binary digit of a coordinate is flipped or
// not by luck that hangs on the digits before it. Points stay as well spread as they were, each is uniform on the unit cube, so
// means are unbiased, and their variance falls with nearly n^-3 for smooth functions and is never much above that of random
// points. A linear matrix scramble with a digital shift has the same variance and costs less, but keeps the points on a
// lattice of few possible estimates: with nested scrambling they are asymptotically normal (Loh 2003), and with keyed luck it
// needs no tables and gives any point alone. It costs 33 hashes a coordinate, which no run of a model notices.
func (s *Sequence) Scrambled(key sim.Key) *Sequence {
	flips := make([][digits + 1]sim.Key, len(s.directions))
	for j := range flips {
		for k := range flips[j] {
			flips[j][k] = key.At(uint64(j)).At(uint64(k))
		}
	}
	return &Sequence{s.directions, flips}
}

// Point writes point i into u, a number in [0, 1) for each dimension.
func (s *Sequence) Point(i uint32, u []float64) {
	gray := i ^ i>>1
	for j := range s.directions {
		var x uint32
		for k := 0; gray>>k != 0; k++ {
			if gray>>k&1 == 1 {
				x ^= s.directions[j][k]
			}
		}
		if s.flips == nil {
			u[j] = float64(x) * 0x1p-32
		} else {
			u[j] = scrambled(x, &s.flips[j])
		}
	}
}

// scrambled flips the digits of x and draws those that follow. No two points share all 32 digits of a coordinate, so what
// follows is independent luck.
func scrambled(x uint32, flips *[digits + 1]sim.Key) float64 {
	y := x
	for k := range digits {
		before := uint64(x) >> (digits - k)
		y ^= uint32(flips[k].Nth(before).Bits()>>63) << (digits - 1 - k)
	}
	after := flips[digits].Nth(uint64(x)).Bits() >> (64 - 21) // 53 digits in all
	return float64(uint64(y)<<21|after) * 0x1p-53
}

package design

import (
	"math"
	"math/bits"
	"strings"
	"testing"

	"entrepot/sim"

	"github.com/google/go-cmp/cmp"
)

// points returns the first n points of a sequence, scrambled by a key other than 0.
func points(t *testing.T, dims, n int, key sim.Key) [][]float64 {
	t.Helper()
	s, err := NewSequence(dims)
	if must(t, s, err); key != 0 {
		s = s.Scrambled(key)
	}
	all := make([][]float64, n)
	for i := range all {
		all[i] = make([]float64, dims)
		s.Point(uint32(i), all[i])
	}
	return all
}

// The first ten points in three dimensions, as Joe and Kuo print them, and what further dimensions must begin with.
func TestTheSequenceBeginsAsPublished(t *testing.T) {
	want := [][]float64{
		{0, 0, 0}, {0.5, 0.5, 0.5}, {0.75, 0.25, 0.25}, {0.25, 0.75, 0.75}, {0.375, 0.375, 0.625},
		{0.875, 0.875, 0.125}, {0.625, 0.125, 0.875}, {0.125, 0.625, 0.375}, {0.1875, 0.3125, 0.9375}, {0.6875, 0.8125, 0.4375},
	}
	if diff := cmp.Diff(want, points(t, 3, 10, 0)); diff != "" {
		t.Error(diff)
	}
}

func TestDirectionNumbersAreProper(t *testing.T) {
	lines := strings.Split(strings.TrimSuffix(directionText, "\n"), "\n")
	if len(lines) != MaxDims {
		t.Fatalf("lines: got %d", len(lines))
	}
	seen := map[[2]int]bool{}
	for j, line := range lines[1:] {
		f := strings.Fields(line)
		degree, middle := number(f[1]), number(f[2])
		if number(f[0]) != j+2 || len(f) != 3+degree || seen[[2]int{degree, middle}] {
			t.Errorf("line %q is out of order or repeats a polynomial", line)
		}
		seen[[2]int{degree, middle}] = true
		if !primitive(1<<degree | middle<<1 | 1) {
			t.Errorf("line %q: its polynomial is not primitive", line)
		}
		for i, m := range f[3:] {
			if m := number(m); m%2 == 0 || m >= 2<<i {
				t.Errorf("line %q: m_%d must be odd and below %d", line, i+1, 2<<i)
			}
		}
	}
}

// primitive reports whether x generates all elements but zero of GF(2)[x]/p.
func primitive(p int) bool {
	degree := bits.Len(uint(p)) - 1
	x, order := 1, 0
	for {
		if x <<= 1; x>>degree == 1 {
			x ^= p
		}
		if order++; x == 1 || order > 1<<degree {
			return order == 1<<degree-1
		}
	}
}

// Property A (Sobol' 1976): of any 2^d aligned points, each of the 2^d boxes that halve every side holds one. It holds if and only
// if the matrix of the first digits of the first d directions is regular over GF(2).
func TestPropertyA(t *testing.T) {
	s, err := NewSequence(MaxDims)
	must(t, s, err)
	for d := 1; d <= 16; d++ {
		rows := make([]uint64, d)
		for j := range d {
			for k := range d {
				rows[j] |= uint64(s.directions[j][k]>>31) << k
			}
		}
		if got := rank(rows); got != d {
			t.Errorf("%d dimensions: rank of the first digits is %d", d, got)
		}
	}
}

func rank(rows []uint64) (r int) {
	for len(rows) > 0 {
		pivot := rows[0]
		rows = rows[1:]
		if pivot == 0 {
			continue
		}
		r++
		low := pivot & -pivot
		for i := range rows {
			if rows[i]&low != 0 {
				rows[i] ^= pivot
			}
		}
	}
	return r
}

func TestEveryProjectionIsStratified(t *testing.T) {
	const n = 512
	for _, key := range []sim.Key{0, sim.NewKey(1), sim.NewKey(2)} {
		all := points(t, MaxDims, n, key)
		for j := range MaxDims {
			for m := n; m >= 1; m /= 2 { // the first m points, and the second
				for _, from := range []int{0, n - m} {
					seen := make([]bool, m)
					for _, p := range all[from : from+m] {
						seen[int(p[j]*float64(m))] = true
					}
					for _, ok := range seen {
						if !ok {
							t.Fatalf("dimension %d: points %d to %d leave an interval of 1/%d empty", j, from, from+m, m)
						}
					}
				}
			}
		}
	}
}

// The first two dimensions are a (0, 2)-sequence: every box of area 1/n with dyadic sides holds exactly one of n = 2^m points. It
// stays one under scrambling.
func TestElementaryBoxesOfTheFirstTwoDimensionsHoldOnePoint(t *testing.T) {
	const m = 10
	for _, key := range []sim.Key{0, sim.NewKey(1)} {
		all := points(t, 2, 1<<m, key)
		for a := 0; a <= m; a++ {
			seen := make([]bool, 1<<m)
			for _, p := range all {
				seen[int(p[0]*float64(int(1)<<a))<<(m-a)|int(p[1]*float64(int(1)<<(m-a)))] = true
			}
			for box, ok := range seen {
				if !ok {
					t.Fatalf("key %d: box %d of 2^%d x 2^%d is empty", key, box, a, m-a)
				}
			}
		}
	}
}

// centred L2 discrepancy (Hickernell 1998), squared.
func discrepancy(all [][]float64) float64 {
	n, d := float64(len(all)), len(all[0])
	sum := math.Pow(13.0/12, float64(d))
	for _, p := range all {
		product := 1.0
		for _, x := range p {
			z := math.Abs(x - 0.5)
			product *= 1 + z/2 - z*z/2
		}
		sum -= 2 / n * product
		for _, q := range all {
			product := 1.0
			for k, x := range p {
				product *= 1 + (math.Abs(x-0.5)+math.Abs(q[k]-0.5)-math.Abs(x-q[k]))/2
			}
			sum += product / n / n
		}
	}
	return sum
}

func TestDiscrepancyIsBelowThatOfRandomPoints(t *testing.T) {
	const n, d = 256, 6
	for s := range uint64(3) {
		key := sim.NewKey(s)
		random := make([][]float64, n)
		for i := range random {
			for k := range uint64(d) {
				random[i] = append(random[i], key.Label("random").At(uint64(i)).At(k).Float())
			}
		}
		if sobol, plain := discrepancy(points(t, d, n, key)), discrepancy(random); sobol > plain/5 {
			t.Errorf("seed %d: squared discrepancy %.2g, of random points %.2g", s, sobol, plain)
		}
	}
}

// smooth has mean 1 over the unit cube.
func smooth(x []float64) float64 {
	product := 1.0
	for k, u := range x {
		product *= 1 + (math.Exp(u)-(math.E-1))/float64(k+1)
	}
	return product
}

func TestScrambledMeansAreUnbiasedAndFallFasterThanMonteCarlo(t *testing.T) {
	const d, scrambles = 4, 200
	variance := map[int]float64{}
	for _, n := range []int{16, 256} {
		sum, squares := 0.0, 0.0
		for s := range uint64(scrambles) {
			mean := 0.0
			for _, p := range points(t, d, n, sim.NewKey(s+1)) {
				mean += smooth(p) / float64(n)
			}
			sum += mean - 1
			squares += (mean - 1) * (mean - 1)
		}
		variance[n] = squares / scrambles
		if z := sum / math.Sqrt(squares); math.Abs(z) > 3.5 {
			t.Errorf("n = %d: mean over scrambles is off by z = %.1f", n, z)
		}
	}
	// Monte Carlo would give a ratio of 16, n^-3 one of 4096.
	if ratio := variance[16] / variance[256]; ratio < 400 {
		t.Errorf("variance fell %.0f times from 16 to 256 points", ratio)
	}
}

func TestScrambledCoordinatesAreUniformAndIndependent(t *testing.T) {
	const tries = 4000
	s, err := NewSequence(2)
	must(t, s, err)
	u := make([]float64, 2)
	var mean, product float64
	cells := make([]int, 16)
	for i := range uint64(tries) {
		s.Scrambled(sim.NewKey(i)).Point(5, u)
		mean += (u[0] - 0.5) / tries
		product += (u[0] - 0.5) * (u[1] - 0.5) / tries
		cells[int(u[0]*16)]++
	}
	chi := 0.0
	for _, c := range cells {
		chi += (float64(c) - tries/16) * (float64(c) - tries/16) / (tries / 16)
	}
	if math.Abs(mean)*math.Sqrt(12*tries) > 4 || math.Abs(product)*12*math.Sqrt(tries) > 4 || chi > 45 {
		t.Errorf("over scrambles: mean %v, product %v, chi-squared of 15 degrees %v", mean, product, chi)
	}
}

func TestASobolDesignMustHaveAPowerOfTwoOfPoints(t *testing.T) {
	for _, n := range []int{-4, 0, 3, 1000, 1 << 21, math.MaxInt} {
		if _, err := Sobol(unit(2), n, 1); err == nil || !strings.Contains(err.Error(), "must be a power of two") || !strings.Contains(err.Error(), "the first one included") {
			t.Errorf("%d points: got %v", n, err)
		}
	}
	_, err := Sobol(unit(2), 1000, 1)
	if want := "got 1000; take 512 or 1024"; !strings.HasSuffix(err.Error(), want) {
		t.Errorf("got %v, want %s", err, want)
	}
	if _, err := Sobol(unit(257), 4, 1); err == nil || err.Error() != "dimensions of a Sobol' sequence must be from 1 to 256, got 257" {
		t.Errorf("got %v", err)
	}
	few, many := must2(t)(Sobol(unit(3), 16, 1)), must2(t)(Sobol(unit(3), 64, 1))
	if diff := cmp.Diff(few.Points, many.Points[:16]); diff != "" {
		t.Error(diff)
	}
}

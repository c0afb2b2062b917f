package sim

import (
	"math"
	"math/bits"
	"testing"
)

// A change of any of these changes the luck of every run: it is a change of results, and belongs in the CHANGELOG.
func TestKeysAreTheOnesEveryRecordedRunWasMadeWith(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want uint64
	}{
		{"seed 0", NewKey(0).Bits(), 0x2d7237affa066ae3},
		{"seed 1", NewKey(1).Bits(), 0xc94b52c8f113368},
		{"seed 2^64-1", NewKey(math.MaxUint64).Bits(), 0x79cf70dba287dc7f},
		{"an individual", NewKey(1).At(7).Bits(), 0xf7387114a0a23a53},
		{"a place in a row", NewKey(1).Nth(7).Bits(), 0xbdde4f7eb64a884b},
		{"a purpose", NewKey(1).Label("hazard").Bits(), 0xf116d2f71c3f0e6c},
		{"a purpose without a name", NewKey(1).Label("").Bits(), 0xa72d5d63775920ee},
		{"a purpose, week and individual", NewKey(42).Label("route").At(104).At(3).Bits(), 0xa75b251a1ae16339},
		{"an integer below 10^18", uint64(NewKey(5).Intn(1e18)), 0x7a1a49117741d4a},
		{"a number in [0, 1)", math.Float64bits(NewKey(5).Float()), 0x3fe198cb2ec8e925},
		{"first draw of a stream", NewKey(5).Stream().Uint64(), 0x9932caae97a77015},
	} {
		if c.got != c.want {
			t.Errorf("%s: must be %#x, got %#x", c.name, c.want, c.got)
		}
	}
}

func TestSeedAndIndividualDoNotChangePlaces(t *testing.T) {
	for a := uint64(0); a < 50; a++ {
		for b := uint64(0); b < 50; b++ {
			x, y := NewKey(a).At(b), NewKey(b).At(a)
			if a != b && x == y || x == 0 {
				t.Fatalf("seed %d, individual %d gives %#x, the other way round %#x", a, b, x, y)
			}
			if a != b && NewKey(1).At(a).At(b) == NewKey(1).At(b).At(a) {
				t.Fatalf("indices %d and %d commute", a, b)
			}
		}
	}
}

// lcg is a poor generator on purpose, to feed the hash with inputs that are not of its own making.
func lcg(x uint64) uint64 { return x*6364136223846793005 + 1442695040888963407 }

func TestEachInputBitFlipsEachOutputBitHalfTheTime(t *testing.T) {
	const n = 4096
	for name, f := range map[string]func(uint64) uint64{
		"seed":                 func(x uint64) uint64 { return NewKey(x).Bits() },
		"individual":           func(x uint64) uint64 { return NewKey(3).At(x).Bits() },
		"place in a row":       func(x uint64) uint64 { return NewKey(3).Nth(x).Bits() },
		"key":                  func(x uint64) uint64 { return Key(x).At(3).Bits() },
		"first draw of stream": func(x uint64) uint64 { return Key(x).Stream().Uint64() },
	} {
		worst, sum := 0.0, 0.0
		for in := 0; in < 64; in++ {
			var flips [64]int
			for i, x := 0, uint64(in); i < n; i++ {
				x = lcg(x)
				base := x
				if i%2 == 0 { // small numbers are what keys are made of; none twice, so the bit to flip is left at 0
					base = uint64(i/2)>>in<<(in+1) | uint64(i/2)&(1<<in-1)
				}
				d := f(base) ^ f(base^1<<in)
				for ; d != 0; d &= d - 1 {
					flips[bits.TrailingZeros64(d)]++
				}
			}
			for _, c := range flips {
				z := (float64(c) - n/2) / math.Sqrt(n/4)
				worst, sum = max(worst, math.Abs(z)), sum+z*z
			}
		}
		if chi := (sum - 4096) / math.Sqrt(2*4096); worst > 5.5 || math.Abs(chi) > 5 {
			t.Errorf("%s: worst z must be below 5.5, got %.2f; overall z must be below 5, got %.2f", name, worst, chi)
		}
	}
}

// The trap this guards against: the generator's own Seed(i) gave z = -9.5 between neighbouring seeds.
func TestNeighbouringKeysAreNotCorrelated(t *testing.T) {
	const n = 200_000
	for name, f := range map[string]func(i uint64) float64{
		"seeds":                     func(i uint64) float64 { return NewKey(i).Float() },
		"streams of seeds":          func(i uint64) float64 { return unit(NewKey(i).Stream().Uint64()) },
		"streams of individuals":    func(i uint64) float64 { return unit(NewKey(0).At(i).Stream().Uint64()) },
		"seeds, of one individual":  func(i uint64) float64 { return NewKey(i).Label("buy").At(7).Float() },
		"individuals":               func(i uint64) float64 { return NewKey(0).Label("buy").At(i).Float() },
		"weeks, of one individual":  func(i uint64) float64 { return NewKey(0).Label("buy").At(i).At(7).Float() },
		"places in a row":           func(i uint64) float64 { return NewKey(0).Label("buy").Nth(i).Float() },
		"one place in many rows":    func(i uint64) float64 { return NewKey(0).At(i).Nth(7).Float() },
		"individuals, low bits":     func(i uint64) float64 { return unit(bits.Reverse64(NewKey(0).At(i).Bits())) },
		"individual and seed alike": func(i uint64) float64 { return NewKey(i).At(i).Float() },
		"labels that count": func(i uint64) float64 {
			return NewKey(0).Label(string(rune('0'+i%10)) + string(rune('0'+i/10))).Float()
		},
		"three draws of streams": func(i uint64) float64 {
			s := NewKey(i / 3).Stream()
			for j := uint64(0); j < i%3; j++ {
				s.Uint64()
			}
			return unit(s.Uint64())
		},
	} {
		x := make([]float64, n)
		var mean, square float64
		for i := range x {
			x[i] = (f(uint64(i)) - 0.5) * math.Sqrt(12)
			mean += x[i]
			square += x[i] * x[i]
		}
		check := func(what string, z float64) {
			if math.Abs(z) > 4.5 {
				t.Errorf("%s: %s must be within 4.5 standard errors, got z = %.2f", name, what, z)
			}
		}
		check("mean", mean/math.Sqrt(n))
		check("variance", (square/n-1)/math.Sqrt(0.8/n))
		for _, lag := range []int{1, 2, 3, 7, 10, 40, 52, 1000} {
			var sum float64
			for i := lag; i < n; i++ {
				sum += x[i] * x[i-lag]
			}
			check("correlation", sum/math.Sqrt(float64(n-lag)))
		}
		check("pairs in an 8 by 8 grid", gridZ(x))
	}
}

// unit maps 64 bits to [0, 1).
func unit(x uint64) float64 { return float64(x>>11) * 0x1p-53 }

// gridZ counts pairs of neighbours in an 8 by 8 grid and returns the chi-square statistic as a z-score. The pairs do not
// overlap.
func gridZ(x []float64) float64 {
	var cells [64]float64
	cell := func(v float64) int { return int((v/math.Sqrt(12) + 0.5) * 8) }
	for i := 0; i+1 < len(x); i += 2 {
		cells[8*cell(x[i])+cell(x[i+1])]++
	}
	expected, chi := float64(len(x)/2)/64, 0.0
	for _, c := range cells {
		chi += (c - expected) * (c - expected) / expected
	}
	return (chi - 63) / math.Sqrt(2*63)
}

func TestDifferentSeedsWeeksAndIndividualsNeverShareAKey(t *testing.T) {
	seen := make(map[Key][3]uint64)
	for seed := uint64(0); seed < 20; seed++ {
		for week := uint64(0); week < 60; week++ {
			for who := uint64(0); who < 100; who++ {
				k := NewKey(seed).At(week).At(who)
				if at, ok := seen[k]; ok {
					t.Fatalf("seed, week, individual %v and %v share a key", at, [3]uint64{seed, week, who})
				}
				seen[k] = [3]uint64{seed, week, who}
			}
		}
	}
}

func TestIntnStaysBelowItsBound(t *testing.T) {
	for _, n := range []int{1, 2, 7, 1 << 40, math.MaxInt} {
		if low, high := Key(0).Intn(n), Key(math.MaxUint64).Intn(n); low != 0 || high != n-1 {
			t.Errorf("Intn(%d) must run from 0 to %d, got %d to %d", n, n-1, low, high)
		}
	}
	for _, n := range []int{0, -1} {
		mustPanic(t, "Intn of a bound that is not above 0", func() { Key(1).Intn(n) })
	}
}

func mustPanic(t *testing.T, name string, f func()) {
	t.Helper()
	defer func() {
		if recover() == nil {
			t.Errorf("%s must panic", name)
		}
	}()
	f()
}

func TestFloatStaysBelowOne(t *testing.T) {
	if x := Key(math.MaxUint64).Float(); x >= 1 {
		t.Errorf("largest number must be below 1, got %v", x)
	}
}

func BenchmarkKeyFloat(b *testing.B) {
	k, sum, i := NewKey(1), 0.0, uint64(0)
	for b.Loop() {
		i++
		sum += k.At(i).Float()
	}
	sink(b, sum)
}

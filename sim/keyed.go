//lint:file-ignore SA1019 kept on purpose behind this one seam: its PCG is what gonum takes (docs/decisions/001)

package sim

import (
	"math/bits"

	"golang.org/x/exp/rand"
)

// Key names a stream of luck. Keys are hashed from stable parts (seed, purpose, week, individual), never drawn in
// sequence: adding an agent, an observer or an event shifts nobody else's draws, and two scenarios under one seed differ
// only through what was changed (common random numbers).
//
// A key is its own 64 random bits. Bits, Float and Intn read those same bits, so of one key use one of them, once, and
// take k.At(0), k.At(1), ... where more is needed.
type Key uint64

// golden is 2^64 divided by the golden ratio, the increment of SplitMix64.
const golden uint64 = 0x9e3779b97f4a7c15

// root separates seeds from indices. Without it NewKey(a).At(b) would equal NewKey(b).At(a), and NewKey(a).At(a) would be
// zero whatever a. (First 64 bits of the fraction of pi.)
const root uint64 = 0x243f6a8885a308d3

// mix is the finaliser of SplitMix64 (Steele, Lea & Flood 2014): a bijection that flips each bit with chance a half.
func mix(z uint64) uint64 {
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb
	return z ^ (z >> 31)
}

// NewKey returns the root key of a run. Seed 0 is a seed like any other.
func NewKey(seed uint64) Key { return Key(mix(mix(seed+golden) + root)) }

// Label returns the sub-key of a named purpose.
func (k Key) Label(s string) Key { return k.At(hashed(s)) }

// hashed is the hash of a purpose's name (FNV-1a).
func hashed(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := 0; i < len(s); i++ {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// At returns the sub-key of an individual, a week or a draw number.
func (k Key) At(i uint64) Key { return Key(mix(uint64(k) ^ mix(i+golden))) }

// Nth returns draw i of the SplitMix64 generator whose state is the key: half the price of At, for long rows of draws
// under one key. Do not take the Nth of an Nth; rows of rows are what At is for.
func (k Key) Nth(i uint64) Key { return Key(mix(uint64(k) + (i+1)*golden)) }

// Bits returns 64 uniform bits.
func (k Key) Bits() uint64 { return uint64(k) }

// Float returns a uniform number in [0, 1), a multiple of 2^-53.
func (k Key) Float() float64 { return float64(float64(uint64(k)>>11) * 0x1p-53) }

// Intn returns a uniform integer in [0, n), n > 0. No value is likelier than another by more than n/2^64 of its chance.
func (k Key) Intn(n int) int {
	if n <= 0 {
		panic("sim: Intn: bound must be above 0")
	}
	hi, _ := bits.Mul64(uint64(k), uint64(n))
	return int(hi)
}

// Stream returns a PCG generator for purposes that need a varying number of draws. It satisfies math/rand/v2.Source.
// Its own Seed does not mix, so the state is set from the hashed key.
func (k Key) Stream() *rand.PCGSource {
	var state [16]byte
	hi, lo := mix(uint64(k)+golden), mix(uint64(k)^golden)
	for i := 0; i < 8; i++ {
		state[i], state[8+i] = byte(hi>>(56-8*i)), byte(lo>>(56-8*i))
	}
	src := new(rand.PCGSource)
	if err := src.UnmarshalBinary(state[:]); err != nil {
		panic("sim: PCG state has the wrong length: " + err.Error())
	}
	return src
}

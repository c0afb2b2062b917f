package stats

import (
	"math"
	"slices"

	"entrepot/sim"
)

// SketchError is the relative error of a Sketch's quantiles: a quarter of a per cent.
const SketchError = 0.0025

const (
	// logGrowth is 2 artanh(SketchError), the logarithm of growth = (1 + SketchError)/(1 - SketchError), from one bucket's upper
	// bound to the next.
	logGrowth = 2 * (SketchError + SketchError*SketchError*SketchError/3 + SketchError*SketchError*SketchError*SketchError*SketchError/5)

	// mostBuckets bounds the memory of each sign to 16 kB. They span a factor of 7.8e8.
	mostBuckets = 4096
)

// Sketch keeps the distribution of numbers that are seen once, in memory that does not grow with their number: counts in
// buckets whose bounds grow geometrically (DDSketch; Masson, Rim & Lee 2019). A quantile is off by at most SketchError times
// its value. Of numbers more than 7.8e8 times smaller than the largest of their sign, only the rank is kept.
//
// The state is a function of what was added, not of the order or of how it was merged. Buckets use the engine's own logarithm
// and are the same on every machine. A bucket counts up to 4e9. The zero value is empty.
type Sketch struct {
	below, above   window // of the magnitudes of negative and positive numbers
	zeros, missing int
	min, max       float64
}

// window is the counts of consecutive buckets; the first and the last are not empty. Bucket i holds (growth^(i-1), growth^i].
type window struct {
	first  int
	counts []uint32
	total  int
}

// Add takes a number in; one that is not finite counts as missing.
func (s *Sketch) Add(x float64) {
	if !finite(x) {
		s.missing++
		return
	}
	if s.N() == 0 {
		s.min, s.max = x, x
	}
	s.min, s.max = min(s.min, x), max(s.max, x)
	switch {
	case x > 0:
		s.above.add(bucket(x), 1)
	case x < 0:
		s.below.add(bucket(-x), 1)
	default:
		s.zeros++
	}
}

// Merge takes in what another has seen.
func (s *Sketch) Merge(o *Sketch) {
	if o.N() > 0 {
		if s.N() == 0 {
			s.min, s.max = o.min, o.max
		}
		s.min, s.max = min(s.min, o.min), max(s.max, o.max)
	}
	s.below.merge(&o.below)
	s.above.merge(&o.above)
	s.zeros += o.zeros
	s.missing += o.missing
}

// N returns how many numbers were taken in, Missing how many were not finite.
func (s *Sketch) N() int       { return s.below.total + s.zeros + s.above.total }
func (s *Sketch) Missing() int { return s.missing }

// Quantile returns the quantile of p in [0, 1], interpolated between the two numbers around rank p (n-1), as most programs do
// (type 7; Hyndman & Fan 1996); NaN of nothing. The extremes are exact.
func (s *Sketch) Quantile(p float64) float64 {
	n := s.N()
	if n == 0 {
		return math.NaN()
	}
	at := min(max(p, 0), 1) * float64(n-1)
	rank := int(at)
	low := s.ranked(rank)
	if float64(rank) == at {
		return low
	}
	return between(low, s.ranked(rank+1), at-float64(rank))
}

// ranked returns about the number of a rank, from 0.
func (s *Sketch) ranked(rank int) float64 {
	switch {
	case rank == 0:
		return s.min
	case rank == s.N()-1:
		return s.max
	case rank < s.below.total:
		return min(max(-s.below.ranked(s.below.total-1-rank), s.min), s.max)
	case rank < s.below.total+s.zeros:
		return 0
	}
	return min(max(s.above.ranked(rank-s.below.total-s.zeros), s.min), s.max)
}

func bucket(x float64) int { return int(math.Ceil(sim.Log(x) / logGrowth)) }

// ranked returns the point whose relative distance to both bounds of its bucket is SketchError.
func (w *window) ranked(rank int) float64 {
	for i, c := range w.counts {
		if rank -= int(c); rank < 0 {
			return sim.Exp(float64(w.first+i)*logGrowth) * (1 - SketchError)
		}
	}
	panic("stats: rank beyond the sketch")
}

func (w *window) merge(o *window) {
	for i, c := range o.counts {
		if c > 0 {
			w.add(o.first+i, c)
		}
	}
}

// add counts into a bucket and widens the window to it. The lowest of mostBuckets takes in all below it.
func (w *window) add(i int, count uint32) {
	w.total += int(count)
	if len(w.counts) == 0 {
		w.first = i
	}
	last := max(w.first+len(w.counts)-1, i)
	lowest := last - mostBuckets + 1
	w.raise(lowest) // before growing, or one far number would leave a large slice behind
	if i = max(i, lowest); i < w.first {
		w.counts = slices.Concat(make([]uint32, w.first-i), w.counts)
		w.first = i
	}
	if more := last + 1 - w.first - len(w.counts); more > 0 {
		w.counts = slices.Concat(w.counts, make([]uint32, more))
	}
	w.counts[i-w.first] += count
}

// raise moves the counts under the lowest bucket into it.
func (w *window) raise(lowest int) {
	if lowest <= w.first {
		return
	}
	sum, n := uint32(0), min(lowest-w.first, len(w.counts)-1)
	for _, c := range w.counts[:n] {
		sum += c
	}
	w.counts, w.first = slices.Delete(w.counts, 0, n), lowest
	w.counts[0] += sum
}

package stats

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
)

// Verdict is what a comparison says in a word.
type Verdict uint8

const (
	// TooFew pairs: whatever the numbers were, the test could not have told them apart.
	TooFew Verdict = iota
	// Identical pairs: the difference is zero in every one.
	Identical
	// Indistinguishable: chance alone would give such a difference often enough. It does not mean equal.
	Indistinguishable
	// Raises: b is above a.
	Raises
	// Lowers: b is below a.
	Lowers
)

func (v Verdict) String() string {
	if words := []string{"too few runs", "identical", "not distinguishable", "raises", "lowers"}; int(v) < len(words) {
		return words[v]
	}
	return fmt.Sprintf("verdict %d", v)
}

// Comparison sets two samples side by side, pair by pair. Differences are b minus a.
type Comparison struct {
	Pairs, Dropped int // dropped: one of the two is missing
	Differing      int // pairs whose difference is not exactly zero
	MeanA, MeanB   float64

	Difference Estimate // mean of b - a
	Relative   Estimate // mean(b)/mean(a) - 1; NaN where mean(a) cannot be told from zero
	// Standardised is the difference in units of the spread between runs, sqrt((var a + var b)/2): Cohen's d with the average
	// variance (d_av; Lakens 2013). It does not grow with the number of runs nor with the success of the pairing.
	Standardised float64

	// P is of the two-sided paired sign-flip permutation test of the mean difference (Fisher 1935): if a and b come from one
	// distribution, each difference might as well have had the other sign. Exact up to 16 pairs that differ; above, from 9999
	// random flips, the observed one counted among them (Phipson & Smyth 2010).
	P     float64
	Exact bool

	// VarianceReduction is 1 - var(b-a)/(var a + var b): the share of the variance of the difference that common random
	// numbers took away; about 0 for independent runs, negative where pairing did harm.
	VarianceReduction float64
	Correlation       float64 // of a and b, Pearson's

	// Verdict goes by P, whose error rate is right for any number of pairs; the interval of small samples is too narrow.
	Verdict Verdict
}

// mostExact is the number of differing pairs up to which all 2^n flips are tried; flips is how many are drawn above.
const (
	mostExact = 16
	flips     = 9999
)

// Compare compares two samples replicate by replicate: entry i of both ran under the same luck. Entries that are not finite
// are missing, and so is their pair. The error of the verdict is 1 - boot.Level; with many comparisons, see Holm.
func Compare(a, b []float64, boot Bootstrap) Comparison {
	if len(a) != len(b) {
		panic(fmt.Sprintf("stats: Compare: samples must have the same length, got %d and %d", len(a), len(b)))
	}
	all := len(a)
	a, b = pairs(a, b)
	c := Comparison{Pairs: len(a), Dropped: all - len(a), MeanA: stat.Mean(a, nil), MeanB: stat.Mean(b, nil)}
	d := make([]float64, len(a))
	for i := range d {
		if d[i] = b[i] - a[i]; d[i] != 0 {
			c.Differing++
		}
	}
	c.Difference = boot.Mean(d)
	c.Relative = boot.Ratio(b, a)
	c.Relative.Value, c.Relative.Low, c.Relative.High = c.Relative.Value-1, c.Relative.Low-1, c.Relative.High-1
	varA, varB := stat.Variance(a, nil), stat.Variance(b, nil)
	c.Standardised = c.Difference.Value / math.Sqrt((varA+varB)/2)
	if varA+varB == 0 {
		c.Standardised = math.NaN() // no spread to measure by
	}
	c.VarianceReduction = 1 - stat.Variance(d, nil)/(varA+varB)
	c.Correlation = stat.Correlation(a, b, nil)
	c.P, c.Exact = signFlip(d, boot.Key.Label("sign flip"))
	c.Verdict = c.Judge(c.P, 1-boot.Level)
	return c
}

// pairs keeps the entries that both samples have.
func pairs(a, b []float64) (keptA, keptB []float64) {
	for i := range a {
		if finite(a[i]) && finite(b[i]) {
			keptA, keptB = append(keptA, a[i]), append(keptB, b[i])
		}
	}
	return keptA, keptB
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// Judge returns the verdict for a p value, such as one corrected for many comparisons, at an error rate such as 0.05.
func (c Comparison) Judge(p, errorRate float64) Verdict {
	switch {
	case c.Pairs > 0 && c.Differing == 0:
		return Identical
	case math.Pow(2, float64(1-c.Pairs)) > errorRate: // the smallest p there is, all differences having one sign
		return TooFew
	case !(p <= errorRate):
		return Indistinguishable
	case c.Difference.Value > 0:
		return Raises
	}
	return Lowers
}

// signFlip returns the two-sided p value of the mean of d and whether it is exact. Differences of zero have no sign to flip.
func signFlip(d []float64, key sim.Key) (p float64, exact bool) {
	d = slices.DeleteFunc(slices.Clone(d), func(v float64) bool { return v == 0 })
	if len(d) == 0 {
		return 1, true
	}
	sum, size := 0.0, 0.0
	for _, v := range d {
		sum += v
		size += math.Abs(v)
	}
	least := math.Abs(sum) - 1e-12*size // a sum in another order may miss its equal by rounding
	if len(d) <= mostExact {
		return allFlips(d, sum, least), true
	}
	extreme := 1
	for r := range flips {
		if math.Abs(flipped(d, key.At(uint64(r)))) >= least {
			extreme++
		}
	}
	return float64(extreme) / (flips + 1), false
}

// allFlips goes through the signs in Gray code, one flip a step. The last difference keeps its sign: flipping all of them
// changes no absolute sum.
func allFlips(d []float64, sum, least float64) float64 {
	d = slices.Clone(d)
	extreme, all := 1, 1<<(len(d)-1)
	for g := 1; g < all; g++ {
		i := bits.TrailingZeros(uint(g))
		sum -= 2 * d[i]
		d[i] = -d[i]
		if math.Abs(sum) >= least {
			extreme++
		}
	}
	return float64(extreme) / float64(all)
}

// flipped sums d with the signs that the key draws.
func flipped(d []float64, key sim.Key) float64 {
	sum, signs := 0.0, uint64(0)
	for i, v := range d {
		if i%64 == 0 {
			signs = key.Nth(uint64(i)).Bits()
		}
		sum += math.Float64frombits(math.Float64bits(v) ^ signs<<63) // a branch on luck would be guessed wrongly half the time
		signs >>= 1
	}
	return sum
}

// Holm returns p values corrected for their number: the chance of one or more false verdicts among them stays below the error
// rate they are held against, however they depend on each other (Holm 1979). NaN stays NaN and is not counted.
func Holm(p []float64) []float64 {
	order := make([]int, 0, len(p))
	for i, v := range p {
		if !math.IsNaN(v) {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(p[i], p[j]) })
	out, highest := slices.Clone(p), 0.0
	for rank, i := range order {
		highest = max(highest, min(1, float64(len(order)-rank)*p[i]))
		out[i] = highest
	}
	return out
}

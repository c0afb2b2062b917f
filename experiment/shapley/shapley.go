// Package shapley divides a change among the causes that can be switched on and off (Shapley 1953): each cause gets what it
// adds when it comes in, averaged over all orders in which the causes could come. Shares add up to the whole change whatever
// the causes do to each other, which changing one at a time does not achieve.
//
// Every set of causes is run with the same replicates (common random numbers), so that shares exist replicate by replicate
// and their intervals show luck alone. Up to eight causes are exact; above, orders are sampled.
package shapley

import (
	"fmt"
	"math"
	"math/bits"
	"slices"

	"entrepot/experiment/stats"
	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
)

// MostExact is the number of causes up to which all 2^n sets are run. MostCauses fit a set.
const (
	MostExact  = 8
	MostCauses = 64
)

// Set is a set of causes, bit i for cause i: those in it are switched on, the others off.
type Set uint64

// Has reports whether a cause is switched on.
func (s Set) Has(cause int) bool { return s>>cause&1 == 1 }

// With returns the set with a cause switched on.
func (s Set) With(cause int) Set { return s | 1<<cause }

func whole(causes int) Set { return ^Set(0) >> (MostCauses - causes) }

// Plan says which sets of causes have to be run.
type Plan struct {
	Causes int
	Sets   []Set   // ascending, each once; the empty set and the whole one are always among them
	Orders [][]int // the sampled orders, each followed by its reverse; nil where the plan is exact
}

// New returns the plan for a number of causes: exact up to MostExact, sampled with so many orders above.
func New(causes, orders int, key sim.Key) (Plan, error) {
	switch {
	case causes < 1 || causes > MostCauses:
		return Plan{}, fmt.Errorf("planning an attribution: must be 1 to %d causes, got %d; put events under fewer causes", MostCauses, causes)
	case causes <= MostExact:
		return Exact(causes), nil
	}
	return Sampled(causes, orders, key), nil
}

// Exact returns the plan with every set, which sixteen causes are the most for.
func Exact(causes int) Plan {
	if causes < 1 || causes > 16 {
		panic(fmt.Sprintf("shapley: Exact: must be 1 to 16 causes, got %d", causes))
	}
	p := Plan{Causes: causes, Sets: make([]Set, 1<<causes)}
	for i := range p.Sets {
		p.Sets[i] = Set(i)
	}
	return p
}

// Sampled returns the plan of random orders (Castro, Gomez & Tejada 2009) in antithetic pairs: after each its reverse, in
// which whoever came late comes early (Lomeli, Rowland, Gretton & Ghahramani 2019; Mitchell et al. 2022). An odd number of
// orders is rounded up, and four is the least that has a standard error.
func Sampled(causes, orders int, key sim.Key) Plan {
	if causes < 1 || causes > MostCauses {
		panic(fmt.Sprintf("shapley: Sampled: must be 1 to %d causes, got %d", MostCauses, causes))
	}
	p := Plan{Causes: causes}
	for i := range max(2, (orders+1)/2) {
		order := shuffle(causes, key.At(uint64(i)))
		reverse := slices.Clone(order)
		slices.Reverse(reverse)
		p.Orders = append(p.Orders, order, reverse)
	}
	for _, order := range p.Orders {
		s := Set(0)
		p.Sets = append(p.Sets, s)
		for _, c := range order {
			s = s.With(c)
			p.Sets = append(p.Sets, s)
		}
	}
	slices.Sort(p.Sets)
	p.Sets = slices.Compact(p.Sets)
	return p
}

func shuffle(n int, key sim.Key) []int {
	order := make([]int, n)
	for i := range order {
		j := key.Nth(uint64(i)).Intn(i + 1)
		order[i], order[j] = order[j], i
	}
	return order
}

// Share is what one cause carries.
type Share struct {
	stats.Estimate                // mean over replicates, in the unit of the values, with its BCa interval
	Part           stats.Estimate // of the total; NaN where the total cannot be told from zero
	// SamplingError is the standard error from sampling orders, beside the interval, which holds the orders fixed. 0 where exact.
	SamplingError float64
	Replicates    []float64 // the share in each replicate kept
}

// Attribution divides the change from all causes off to all causes on.
type Attribution struct {
	Kept, Dropped int // replicates; dropped: a value is missing in one of the sets
	Total         stats.Estimate
	Shares        []Share
	// Interactions are Shapley interaction indices of pairs (Owen 1972; Grabisch & Roubens 1999), entry [i][j] for i < j: above
	// zero where two causes do more together than each alone. Shares contain them already: half of each to either. Nil where
	// orders were sampled.
	Interactions [][]stats.Estimate
	// Residual is the largest distance between the sum of shares and the total in a replicate, relative to the largest value:
	// rounding alone.
	Residual float64
}

// mostResidual is far above rounding and far below anything of interest.
const mostResidual = 1e-9

// Attribute divides the change. values has the outcome of each of the plan's sets, in their order, by replicate; NaN is a
// value that does not exist.
func (p Plan) Attribute(values [][]float64, boot stats.Bootstrap) (Attribution, error) {
	if len(values) != len(p.Sets) {
		return Attribution{}, fmt.Errorf("attributing: must have values of %d sets of causes, got %d", len(p.Sets), len(values))
	}
	for i, v := range values {
		if len(v) != len(values[0]) {
			return Attribution{}, fmt.Errorf("attributing: set %d must have %d replicates as the first has, got %d", i, len(values[0]), len(v))
		}
	}
	kept := complete(values)
	if len(kept) == 0 {
		return Attribution{}, fmt.Errorf("attributing: must have a replicate with a value in every set of causes, got none of %d", len(values[0]))
	}
	game := newGame(p, values, kept)
	a := Attribution{Kept: len(kept), Dropped: len(values[0]) - len(kept), Shares: make([]Share, p.Causes)}
	total := game.total()
	a.Total = boot.Mean(total)
	for c, x := range game.shares() {
		a.Shares[c] = Share{Estimate: boot.Mean(x), Part: boot.Ratio(x, total), Replicates: x}
	}
	if p.Orders == nil {
		a.Interactions = game.interactions(boot)
	} else {
		game.samplingErrors(a.Shares)
	}
	if a.Residual = game.residual(a.Shares, total); !(a.Residual <= mostResidual) {
		return a, fmt.Errorf("attributing: shares must add up to the total, got a difference of %g of the largest value", a.Residual)
	}
	return a, nil
}

// complete lists the replicates that have a finite value in every set.
func complete(values [][]float64) []int {
	var kept []int
	for r := range values[0] {
		if !slices.ContainsFunc(values, func(v []float64) bool { return math.IsNaN(v[r]) || math.IsInf(v[r], 0) }) {
			kept = append(kept, r)
		}
	}
	return kept
}

// game is the values of sets in the replicates kept.
type game struct {
	Plan
	at     map[Set]int
	values [][]float64 // by set and kept replicate
	n      int         // replicates
}

func newGame(p Plan, values [][]float64, kept []int) *game {
	g := &game{p, make(map[Set]int, len(p.Sets)), make([][]float64, len(values)), len(kept)}
	for i, s := range p.Sets {
		g.at[s] = i
		g.values[i] = make([]float64, len(kept))
		for j, r := range kept {
			g.values[i][j] = values[i][r]
		}
	}
	return g
}

func (g *game) of(s Set) []float64 { return g.values[g.at[s]] }

// addScaled adds weight (with - without) to sum, replicate by replicate.
func addScaled(sum []float64, weight float64, with, without []float64) {
	for r := range sum {
		sum[r] += weight * (with[r] - without[r])
	}
}

func (g *game) total() []float64 {
	t := make([]float64, g.n)
	addScaled(t, 1, g.of(whole(g.Causes)), g.of(0))
	return t
}

// shares returns each cause's share in each replicate.
func (g *game) shares() [][]float64 {
	shares := make([][]float64, g.Causes)
	for c := range shares {
		shares[c] = make([]float64, g.n)
	}
	if g.Orders == nil {
		weight := weights(g.Causes)
		for _, s := range g.Sets {
			for c := range shares {
				if !s.Has(c) {
					addScaled(shares[c], weight[bits.OnesCount64(uint64(s))], g.of(s.With(c)), g.of(s))
				}
			}
		}
		return shares
	}
	for _, order := range g.Orders {
		g.follow(order, func(c int, with, without []float64) {
			addScaled(shares[c], 1/float64(len(g.Orders)), with, without)
		})
	}
	return shares
}

// weights returns, by the size k of the set that a cause joins, the share of the n! orders in which exactly its members come
// before: k! (n-1-k)!/n!.
func weights(n int) []float64 {
	w := make([]float64, n)
	choose := 1.0 // of k among n-1
	for k := range w {
		w[k] = 1 / (float64(n) * choose)
		choose = choose * float64(n-1-k) / float64(k+1)
	}
	return w
}

// follow switches causes on in an order.
func (g *game) follow(order []int, step func(cause int, with, without []float64)) {
	s := Set(0)
	for _, c := range order {
		step(c, g.of(s.With(c)), g.of(s))
		s = s.With(c)
	}
}

// samplingErrors takes antithetic pairs as the independent units that they are.
func (g *game) samplingErrors(shares []Share) {
	pairs := len(g.Orders) / 2
	by := make([][]float64, g.Causes)
	for c := range by {
		by[c] = make([]float64, pairs)
	}
	for i, order := range g.Orders {
		g.follow(order, func(c int, with, without []float64) {
			by[c][i/2] += (stat.Mean(with, nil) - stat.Mean(without, nil)) / 2
		})
	}
	for c := range shares {
		shares[c].SamplingError = stat.StdDev(by[c], nil) / math.Sqrt(float64(pairs))
	}
}

// interactions averages, over the sets without a pair, what the pair adds beyond its two members.
func (g *game) interactions(boot stats.Bootstrap) [][]stats.Estimate {
	out := make([][]stats.Estimate, g.Causes)
	for i := range out {
		out[i] = make([]stats.Estimate, g.Causes)
		for j := i + 1; j < g.Causes; j++ {
			out[i][j] = boot.Mean(g.interaction(i, j))
		}
	}
	return out
}

func (g *game) interaction(i, j int) []float64 {
	sum, weight := make([]float64, g.n), weights(g.Causes-1)
	for _, s := range g.Sets {
		if !s.Has(i) && !s.Has(j) {
			w := weight[bits.OnesCount64(uint64(s))]
			addScaled(sum, w, g.of(s.With(i).With(j)), g.of(s.With(i)))
			addScaled(sum, -w, g.of(s.With(j)), g.of(s))
		}
	}
	return sum
}

// residual looks for a replicate whose shares do not add up.
func (g *game) residual(shares []Share, total []float64) float64 {
	largest, scale := 0.0, 0.0
	for _, v := range g.values {
		for _, x := range v {
			scale = max(scale, math.Abs(x))
		}
	}
	for r := range total {
		sum := 0.0
		for _, s := range shares {
			sum += s.Replicates[r]
		}
		largest = max(largest, math.Abs(sum-total[r]))
	}
	if scale == 0 {
		return largest
	}
	return largest / scale
}

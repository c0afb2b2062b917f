package shapley

import (
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strings"
	"testing"

	"entrepot/experiment/stats"
	"entrepot/sim"

	"pgregory.net/rapid"
)

func boot() stats.Bootstrap { return stats.Bootstrap{Level: 0.95, Resamples: 199, Key: sim.NewKey(1)} }

// play runs every set of a plan in some replicates.
func play(p Plan, replicates int, value func(s Set, r int) float64) [][]float64 {
	out := make([][]float64, len(p.Sets))
	for i, s := range p.Sets {
		for r := range replicates {
			out[i] = append(out[i], value(s, r))
		}
	}
	return out
}

func plan(t *testing.T, causes, orders int) Plan {
	t.Helper()
	p, err := New(causes, orders, sim.NewKey(1))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func attribute(t testing.TB, p Plan, values [][]float64) Attribution {
	t.Helper()
	a, err := p.Attribute(values, boot())
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func worth(a Attribution) []float64 {
	var out []float64
	for _, s := range a.Shares {
		out = append(out, s.Value)
	}
	return out
}

func near(a, b []float64, by float64) bool {
	return slices.EqualFunc(a, b, func(x, y float64) bool { return math.Abs(x-y) <= by })
}

// weighted is a voting game: a set wins when its members' votes reach the quota.
func weighted(quota int, votes ...int) func(Set, int) float64 {
	return func(s Set, _ int) float64 {
		sum := 0
		for c, v := range votes {
			if s.Has(c) {
				sum += v
			}
		}
		if sum >= quota {
			return 1
		}
		return 0
	}
}

func TestKnownGames(t *testing.T) {
	for _, c := range []struct {
		name  string
		n     int
		value func(Set, int) float64
		want  []float64
	}{
		{"additive: each its own", 4, func(s Set, _ int) float64 {
			return 100 + 1*float64(s&1) + 5*float64(s>>1&1) - 2*float64(s>>2&1)
		}, []float64{1, 5, -2, 0}},
		{"one cause", 1, func(s Set, _ int) float64 { return 3 + 4*float64(s) }, []float64{4}},
		{"gloves: one left, two right", 3, func(s Set, _ int) float64 {
			return math.Min(float64(s&1), float64(bits.OnesCount64(uint64(s>>1))))
		}, []float64{4.0 / 6, 1.0 / 6, 1.0 / 6}},
		{"majority of five alike", 5, weighted(3, 1, 1, 1, 1, 1), []float64{0.2, 0.2, 0.2, 0.2, 0.2}},
		{"votes 4, 3, 2, 1 with quota 6", 4, weighted(6, 4, 3, 2, 1), []float64{5.0 / 12, 3.0 / 12, 3.0 / 12, 1.0 / 12}},
		{"a veto: 3, 1, 1 with quota 4", 3, weighted(4, 3, 1, 1), []float64{4.0 / 6, 1.0 / 6, 1.0 / 6}},
		{"a dictator: 5, 1, 1 with quota 4", 3, weighted(4, 5, 1, 1), []float64{1, 0, 0}},
		{"an airport: runways 1, 2, 3, 10", 4, func(s Set, _ int) float64 {
			cost := 0.0
			for c, x := range []float64{1, 2, 3, 10} {
				if s.Has(c) {
					cost = x
				}
			}
			return cost
		}, []float64{1.0 / 4, 1.0/4 + 1.0/3, 1.0/4 + 1.0/3 + 1.0/2, 1.0/4 + 1.0/3 + 1.0/2 + 7}},
	} {
		p := plan(t, c.n, 0)
		a := attribute(t, p, play(p, 3, c.value))
		if got := worth(a); !near(got, c.want, 1e-12) {
			t.Errorf("%s: must be %v, got %v", c.name, c.want, got)
		}
		if a.Residual > 1e-15 {
			t.Errorf("%s: residual %g", c.name, a.Residual)
		}
	}
}

// The security council: five with a veto of 15, and nine of fifteen votes. Known: a veto is worth 0.19627, another vote 0.001865.
func TestSecurityCouncil(t *testing.T) {
	p := Exact(15)
	votes := []int{7, 7, 7, 7, 7, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	got := worth(attribute(t, p, play(p, 1, weighted(39, votes...))))
	if math.Abs(got[0]-0.196270) > 1e-6 || math.Abs(got[14]-0.001865) > 1e-6 {
		t.Errorf("got %v", got)
	}
}

func TestInteractions(t *testing.T) {
	// 0 and 1 need each other for 6; 2 and 3 are in each other's way by 4; all three of 0, 1, 2 add 3.
	value := func(s Set, _ int) float64 {
		v := 2 * float64(s&1)
		if s.Has(0) && s.Has(1) {
			v += 6
		}
		if s.Has(2) && s.Has(3) {
			v -= 4
		}
		if s&7 == 7 {
			v += 3
		}
		return v
	}
	p := Exact(4)
	a := attribute(t, p, play(p, 2, value))
	if got := worth(a); !near(got, []float64{2 + 3 + 1, 3 + 1, -2 + 1, -2}, 1e-12) {
		t.Errorf("shares: %v", got)
	}
	// Of a term among three, each pair has half: the third is there in half of the orders.
	want := map[[2]int]float64{{0, 1}: 7.5, {2, 3}: -4, {0, 2}: 1.5, {1, 2}: 1.5, {0, 3}: 0, {1, 3}: 0}
	for k, w := range want {
		if got := a.Interactions[k[0]][k[1]].Value; math.Abs(got-w) > 1e-12 {
			t.Errorf("interaction of %v must be %g, got %g", k, w, got)
		}
	}
}

// random is a game of noise in which every replicate is another one.
func random(seed uint64) func(Set, int) float64 {
	return func(s Set, r int) float64 { return 10 * sim.NewKey(seed).At(uint64(s)).At(uint64(r)).Float() }
}

// every calls do with all orders of n causes.
func every(n int, do func(order []int)) {
	order := make([]int, 0, n)
	var extend func()
	extend = func() {
		if len(order) == n {
			do(order)
		}
		for c := range n {
			if !slices.Contains(order, c) {
				order = append(order, c)
				extend()
				order = order[:len(order)-1]
			}
		}
	}
	extend()
}

func TestRandomGameAgainstAllOrders(t *testing.T) {
	const n, replicates = 6, 4
	value := random(5)
	want, orders := make([]float64, n), 0.0
	every(n, func(order []int) {
		s := Set(0)
		for _, c := range order {
			for r := range replicates {
				want[c] += (value(s.With(c), r) - value(s, r)) / replicates
			}
			s = s.With(c)
		}
		orders++
	})
	for c := range want {
		want[c] /= orders
	}
	p := Exact(n)
	a := attribute(t, p, play(p, replicates, value))
	if got := worth(a); orders != 720 || !near(got, want, 1e-12) {
		t.Errorf("must be %v, got %v", want, got)
	}
	for r := range replicates {
		sum := 0.0
		for _, s := range a.Shares {
			sum += s.Replicates[r]
		}
		if total := value(whole(n), r) - value(0, r); math.Abs(sum-total) > 1e-13 {
			t.Errorf("replicate %d: shares add up to %g, the total is %g", r, sum, total)
		}
	}
}

// Sampled orders come as near to the exact shares as their standard error says.
func TestSampledConverges(t *testing.T) {
	const n, repetitions = 7, 300
	exact := Exact(n)
	value := func(s Set, r int) float64 { // smooth, with interactions and luck
		x := float64(bits.OnesCount64(uint64(s)))
		return x*x*float64(1+s&3) + 3*float64(s>>4&s>>2&1)*x + random(6)(s, r)/5
	}
	want := worth(attribute(t, exact, play(exact, 2, value)))
	inside, measured := 0, 0
	squares, stated := 0.0, 0.0
	for rep := range repetitions {
		p := Sampled(n, 40, sim.NewKey(7).At(uint64(rep)))
		a := attribute(t, p, play(p, 2, value))
		for c, s := range a.Shares {
			measured++
			if math.Abs(s.Value-want[c]) <= 2.093*s.SamplingError { // Student's t of 19 degrees, 95 %
				inside++
			}
			squares += math.Pow(s.Value-want[c], 2)
			stated += s.SamplingError * s.SamplingError
		}
		if a.Residual > 1e-14 || a.Interactions != nil {
			t.Fatalf("residual %g, interactions %v", a.Residual, a.Interactions)
		}
	}
	share, ratio := float64(inside)/float64(measured), math.Sqrt(squares/stated)
	t.Logf("95 %% intervals from sampling hold the exact share in %.1f %%; true over stated error %.3f", 100*share, ratio)
	if share < 0.93 || share > 0.97 || ratio < 0.93 || ratio > 1.07 {
		t.Errorf("coverage %g, ratio of errors %g", share, ratio)
	}
}

// Pairwise interactions cancel between an order and its reverse: such a game is exact after one pair.
func TestAntitheticOrders(t *testing.T) {
	p := Sampled(12, 4, sim.NewKey(8))
	value := func(s Set, _ int) float64 { x := float64(bits.OnesCount64(uint64(s))); return x * x }
	a := attribute(t, p, play(p, 1, value))
	for c, s := range a.Shares {
		if math.Abs(s.Value-12) > 1e-12 || s.SamplingError > 1e-12 {
			t.Errorf("share %d must be 12 without error, got %g and %g", c, s.Value, s.SamplingError)
		}
	}
}

func TestPlans(t *testing.T) {
	if p := plan(t, 8, 100); len(p.Sets) != 256 || p.Orders != nil {
		t.Errorf("eight causes are exact, got %d sets and %d orders", len(p.Sets), len(p.Orders))
	}
	p := plan(t, 9, 21)
	if len(p.Orders) != 22 || len(p.Sets) > 22*8+2 || p.Sets[0] != 0 || p.Sets[len(p.Sets)-1] != 511 {
		t.Errorf("nine causes: %d orders, %d sets", len(p.Orders), len(p.Sets))
	}
	if !slices.IsSorted(p.Sets) || len(slices.Compact(slices.Clone(p.Sets))) != len(p.Sets) {
		t.Error("sets must ascend, each once")
	}
	if q := plan(t, 9, 22); !slices.Equal(p.Sets, q.Sets) {
		t.Error("the same key must give the same plan")
	}
	if q := Sampled(64, 4, sim.NewKey(1)); q.Sets[len(q.Sets)-1] != ^Set(0) {
		t.Errorf("64 causes fill a set, got %x", q.Sets[len(q.Sets)-1])
	}
	for _, n := range []int{0, 65} {
		if _, err := New(n, 10, sim.NewKey(1)); err == nil || !strings.Contains(err.Error(), "must be 1 to 64 causes, got") {
			t.Errorf("%d causes: got %v", n, err)
		}
	}
	seen := map[string]int{} // all orders are as likely
	for i := range 6000 {
		seen[fmt.Sprint(shuffle(3, sim.NewKey(2).At(uint64(i))))]++
	}
	for order, n := range seen {
		if len(seen) != 6 || n < 880 || n > 1120 {
			t.Errorf("order %s came %d times of 6000, %d orders in all", order, n, len(seen))
		}
	}
}

func TestMissingReplicates(t *testing.T) {
	p := Exact(2)
	values := [][]float64{{0, 0, math.NaN(), 0}, {1, 3, 9, 2}, {2, 2, 9, math.Inf(1)}, {4, 6, 9, 2}}
	a := attribute(t, p, values)
	if a.Kept != 2 || a.Dropped != 2 || a.Total.Value != 5 || !near(worth(a), []float64{2.5, 2.5}, 1e-12) {
		t.Errorf("got %+v", a)
	}
	if got := a.Shares[0].Replicates; !near(got, []float64{1.5, 3.5}, 1e-12) {
		t.Errorf("replicates: %v", got)
	}
	for _, c := range []struct {
		name   string
		values [][]float64
		want   string
	}{
		{"a set is missing", values[:3], "must have values of 4 sets of causes, got 3"},
		{"a replicate is missing", [][]float64{{1}, {1}, {1, 2}, {1}}, "set 2 must have 1 replicates as the first has, got 2"},
		{"nothing is whole", [][]float64{{1}, {math.NaN()}, {1}, {1}}, "got none of 1"},
	} {
		if _, err := p.Attribute(c.values, boot()); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: must be %q, got %v", c.name, c.want, err)
		}
	}
}

// The check of the sum looks at every replicate, and measures by the largest value.
func TestResidual(t *testing.T) {
	g := &game{values: [][]float64{{0, 0}, {-200, 100}}}
	shares := []Share{{Replicates: []float64{-150, 60}}, {Replicates: []float64{-50, 44}}}
	if got := g.residual(shares, []float64{-200, 100}); got != 0.02 {
		t.Errorf("must be 4 of 200, got %g", got)
	}
}

// Intervals are over luck: a share that depends on it is covered, one that does not is a point.
func TestIntervalsOverReplicates(t *testing.T) {
	const repetitions = 400
	p := Exact(2)
	inside := 0
	for rep := range repetitions {
		luck := sim.NewKey(9).At(uint64(rep))
		a := attribute(t, p, play(p, 40, func(s Set, r int) float64 {
			return float64(s&1)*(3+luck.Nth(uint64(r)).Float()) + 2*float64(s>>1)
		}))
		if e := a.Shares[0]; e.Low <= 3.5 && 3.5 <= e.High {
			inside++
		}
		if e := a.Shares[1]; math.Abs(e.Low-2) > 1e-12 || math.Abs(e.High-2) > 1e-12 {
			t.Fatalf("a share without luck is a point, got %v", e.Estimate)
		}
		if e := a.Shares[0].Part; !(e.Low < 3.5/5.5+0.02 && e.High > 3.5/5.5-0.02 && e.High-e.Low < 0.05) {
			t.Errorf("part: %v", e)
		}
	}
	if share := float64(inside) / repetitions; share < 0.91 || share > 0.975 {
		t.Errorf("coverage must be about 0.94, got %g", share)
	}
}

// The axioms, on any game: shares add up, who adds nothing gets nothing, who adds the same gets the same, and the sum of two
// games has the sum of the shares.
func TestAxioms(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 6).Draw(t, "causes")
		p := Exact(n)
		draw := func(name string) []float64 {
			return rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), len(p.Sets), len(p.Sets)).Draw(t, name)
		}
		v, w := draw("v"), draw("w")
		// Cause 0 is a dummy, causes 1 and 2 are exchangeable.
		tame := func(x []float64) func(Set, int) float64 {
			return func(s Set, _ int) float64 {
				if s &^= 1; s.Has(2) && !s.Has(1) {
					s = s&^4 | 2
				}
				return x[s]
			}
		}
		b := stats.Bootstrap{Level: 0.95, Resamples: 1, Key: 1}
		get := func(value func(Set, int) float64) []float64 {
			a, err := p.Attribute(play(p, 1, value), b)
			if err != nil {
				t.Fatal(err)
			}
			return worth(a)
		}
		a := get(tame(v))
		if math.Abs(a[0]) > 1e-9 || math.Abs(a[1]-a[2]) > 1e-6 {
			t.Fatalf("dummy %g, equals %g and %g", a[0], a[1], a[2])
		}
		sum := 0.0
		for _, x := range a {
			sum += x
		}
		if want := tame(v)(whole(n), 0) - v[0]; math.Abs(sum-want) > 1e-6 {
			t.Fatalf("shares add up to %g, the total is %g", sum, want)
		}
		both := get(func(s Set, _ int) float64 { return v[s] + w[s] })
		one, other := get(func(s Set, _ int) float64 { return v[s] }), get(func(s Set, _ int) float64 { return w[s] })
		for c := range both {
			if math.Abs(both[c]-one[c]-other[c]) > 1e-5 {
				t.Fatalf("cause %d: %g of both, %g and %g of each", c, both[c], one[c], other[c])
			}
		}
	})
}

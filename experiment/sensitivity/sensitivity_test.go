package sensitivity

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"entrepot/experiment/design"
	"entrepot/sim"

	"gonum.org/v1/gonum/stat"
)

type function func(x []float64) float64

// ishigami and Homma (1990), a = 7, b = 0.1, of x in [0, 1)^3.
func ishigami(x []float64) float64 {
	z := func(k int) float64 { return math.Pi * (2*x[k] - 1) }
	return math.Sin(z(0)) + 7*math.Pow(math.Sin(z(1)), 2) + 0.1*math.Pow(z(2), 4)*math.Sin(z(0))
}

var gOf = []float64{0, 1, 4.5, 9, 99, 99, 99, 99}

// sobolG is the product of (|4x-2| + a)/(1 + a).
func sobolG(x []float64) float64 {
	product := 1.0
	for k, a := range gOf {
		product *= (math.Abs(4*x[k]-2) + a) / (1 + a)
	}
	return product
}

// indicesOfG in closed form.
func indicesOfG() (first, total []float64) {
	all := 1.0
	part := func(a float64) float64 { return 1 / (3 * (1 + a) * (1 + a)) }
	for _, a := range gOf {
		all *= 1 + part(a)
	}
	for _, a := range gOf {
		first = append(first, part(a)/(all-1))
		total = append(total, part(a)*all/(1+part(a))/(all-1))
	}
	return first, total
}

func linear(x []float64) float64 { return 1e9 + 4*x[0] + 2*x[1] + x[2] }

func factors(n int) []design.Factor {
	list := make([]design.Factor, n)
	for k := range list {
		list[k] = design.Factor{Name: fmt.Sprintf("x%d", k+1), High: 1}
	}
	return list
}

func ok[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// evaluate runs a function at all points. noise is the standard deviation of luck: one for each replicate, or for each run.
func evaluate(points [][]float64, f function, replicates int, noise float64, apart bool, key sim.Key) [][]float64 {
	y := make([][]float64, len(points))
	for i, x := range points {
		for r := range uint64(replicates) {
			luck := key.Label("replicate").At(r)
			if apart {
				luck = luck.At(uint64(i))
			}
			v := f(x)
			if noise > 0 {
				v += noise * luck.Normal()
			}
			y[i] = append(y[i], v)
		}
	}
	return y
}

// random is a Saltelli design of independent rows, which is what the bootstrap takes rows for.
func random(d, n int, second bool, key sim.Key) *design.Saltelli {
	s := &design.Saltelli{Design: design.Design{Factors: factors(d)}, Rows: n, SecondOrder: second}
	for row := range n {
		u := make([]float64, 2*d)
		for k := range u {
			u[k] = key.At(uint64(row)).At(uint64(k)).Float()
		}
		a, b := u[:d], u[d:]
		s.Points = append(s.Points, a, b)
		for k := range d {
			ab := slices.Clone(a)
			ab[k] = b[k]
			s.Points = append(s.Points, ab)
		}
		for k := 0; second && k < d; k++ {
			ba := slices.Clone(b)
			ba[k] = a[k]
			s.Points = append(s.Points, ba)
		}
	}
	return s
}

func values(e []Estimate) (v []float64) {
	for _, x := range e {
		v = append(v, x.Value)
	}
	return v
}

func near(t *testing.T, what string, got, want []float64, tolerance float64) {
	t.Helper()
	for k := range want {
		if !(math.Abs(got[k]-want[k]) <= tolerance) {
			t.Errorf("%s of factor %d: got %.4f, want %.4f", what, k+1, got[k], want[k])
		}
	}
}

func TestIndicesOfFunctionsWithKnownOnes(t *testing.T) {
	gFirst, gTotal := indicesOfG()
	for _, c := range []struct {
		name         string
		f            function
		first, total []float64
		n            int
	}{
		{"Ishigami", ishigami, []float64{0.3139, 0.4424, 0}, []float64{0.5576, 0.4424, 0.2437}, 4096},
		{"Sobol' G", sobolG, gFirst, gTotal, 4096},
		{"a linear function far from zero", linear, []float64{16.0 / 21, 4.0 / 21, 1.0 / 21}, []float64{16.0 / 21, 4.0 / 21, 1.0 / 21}, 1024},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := ok[*design.Saltelli](t)(design.NewSaltelli(factors(len(c.first)), c.n, false, sim.NewKey(1)))
			x := ok[*Indices](t)(Sobol(s, evaluate(s.Points, c.f, 1, 0, false, 0), Options{Resamples: 200, Key: 1}))
			near(t, "first order", values(x.First), c.first, 0.01)
			near(t, "total", values(x.Total), c.total, 0.01)
			for k := range c.first {
				if x.First[k].Low > c.first[k]+0.001 || x.First[k].High < c.first[k]-0.001 || x.Total[k].Low > c.total[k]+0.001 || x.Total[k].High < c.total[k]-0.001 {
					t.Errorf("factor %d: intervals %v, %v miss %.4f, %.4f", k+1, x.First[k], x.Total[k], c.first[k], c.total[k])
				}
			}
		})
	}
}

func TestSecondOrderOfIshigami(t *testing.T) {
	s := ok[*design.Saltelli](t)(design.NewSaltelli(factors(3), 4096, true, sim.NewKey(1)))
	x := ok[*Indices](t)(Sobol(s, evaluate(s.Points, ishigami, 1, 0, false, 0), Options{Resamples: 200}))
	near(t, "second order", []float64{x.Second[0][1].Value, x.Second[0][2].Value, x.Second[1][2].Value}, []float64{0, 0.2437, 0}, 0.02)
	if !math.IsNaN(x.Second[1][0].Value) {
		t.Error("a pair is told twice")
	}
	if got := strings.Join(x.Words(nil), "\n"); !strings.Contains(got, "x1 and x3 act together: 0.24") || strings.Contains(got, "x2 act together") {
		t.Errorf("interactions in words:\n%s", got)
	}
}

// inert adds a factor that does nothing.
func inert(x []float64) float64 { return linear(x[:3]) }

func TestAnInertFactorUnderLuck(t *testing.T) {
	const n, repetitions, sd = 128, 150, 1.0
	v := 21.0 / 12
	run := func(replicates int, apart bool) (mean, se []float64) {
		got := make([][]float64, 4)
		for r := range uint64(repetitions) {
			key := sim.NewKey(r)
			s := random(4, n, false, key)
			x := ok[*Indices](t)(Sobol(s, evaluate(s.Points, inert, replicates, sd, apart, key), Options{Apart: apart, Resamples: 20, Key: key}))
			for k := range got {
				got[k] = append(got[k], x.Total[k].Value)
			}
		}
		for k := range got {
			m, s := stat.MeanStdDev(got[k], nil)
			mean, se = append(mean, m), append(se, s/math.Sqrt(repetitions))
		}
		return mean, se
	}
	check := func(t *testing.T, mean, se, want []float64) {
		t.Helper()
		for k := range want {
			if math.Abs(mean[k]-want[k]) > 4*se[k]+0.004 { // a ratio of means has a bias of order 1/n
				t.Errorf("factor %d: mean total index %.4f ± %.4f, want %.4f", k+1, mean[k], se[k], want[k])
			}
		}
	}
	known := []float64{16.0 / 21, 4.0 / 21, 1.0 / 21, 0}
	t.Run("luck apart and one replicate: the index is that of luck", func(t *testing.T) {
		mean, se := run(1, true)
		var want []float64
		for _, s := range known {
			want = append(want, (s*v+sd*sd)/(v+sd*sd))
		}
		check(t, mean, se, want)
	})
	t.Run("luck apart and four replicates: the index is zero after subtraction", func(t *testing.T) {
		mean, se := run(4, true)
		check(t, mean, se, known)
	})
	t.Run("luck in common: the index is zero without subtraction", func(t *testing.T) {
		mean, se := run(2, false)
		check(t, mean, se, known)
		if mean[3] > 1e-25 {
			t.Errorf("a factor without effect has %v", mean[3])
		}
	})
}

func TestAResultSaysWhatBecameOfLuck(t *testing.T) {
	s := random(4, 256, false, sim.NewKey(1))
	for _, c := range []struct {
		replicates int
		apart      bool
		luck       Luck
		words      string
		idle       bool
	}{
		{3, false, Common, "all points had the same luck, so that none had to be subtracted", true},
		{3, true, Subtracted, "luck of its own, of standard deviation 0.5: its variance in the mean of 3 replicates was subtracted", true},
		{1, true, Left, "nothing was subtracted, and a factor without effect has the share of luck", false},
	} {
		x := ok[*Indices](t)(Sobol(s, evaluate(s.Points, inert, c.replicates, 0.5, c.apart, sim.NewKey(2)), Options{Apart: c.apart, Key: 1}))
		words := strings.Join(x.Words(nil), "\n")
		if x.Luck != c.luck || !strings.Contains(strings.Replace(words, fmt.Sprintf("%.3g", math.Sqrt(x.Noise)), "0.5", 1), c.words) || strings.Contains(words, "no effect shown: x4") != c.idle {
			t.Errorf("%d replicates, apart %v: luck %d, words\n%s", c.replicates, c.apart, x.Luck, words)
		}
		if c.luck == Subtracted && math.Abs(x.Noise-0.25) > 0.02 {
			t.Errorf("variance of luck: got %v", x.Noise)
		}
	}
}

// Rows drawn independently: 95 % intervals cover the truth in 90 to 98 % of repetitions.
func TestIntervalsCoverTheTruth(t *testing.T) {
	const n, repetitions = 256, 300
	first, total := []float64{0.3139, 0.4424, 0}, []float64{0.5576, 0.4424, 0.2437}
	hit := make([]float64, 6)
	for r := range uint64(repetitions) {
		key := sim.NewKey(r).Label("coverage")
		s := random(3, n, false, key)
		x := ok[*Indices](t)(Sobol(s, evaluate(s.Points, ishigami, 1, 0, false, 0), Options{Resamples: 400, Key: key}))
		for k := range 3 {
			for j, c := range []struct {
				e     Estimate
				truth float64
			}{{x.First[k], first[k]}, {x.Total[k], total[k]}} {
				if c.e.Low <= c.truth && c.truth <= c.e.High {
					hit[2*k+j] += 1.0 / repetitions
				}
			}
		}
	}
	t.Logf("coverage of first and total, by factor: %.3f", hit)
	for i, h := range hit {
		if h < 0.90 || h > 0.98 {
			t.Errorf("index %d: coverage %.3f", i, h)
		}
	}
}

func TestIntervalsAfterSubtractionCoverTheTruth(t *testing.T) {
	const n, repetitions = 256, 300
	hit := 0.0
	for r := range uint64(repetitions) {
		key := sim.NewKey(r).Label("noisy coverage")
		s := random(4, n, false, key)
		x := ok[*Indices](t)(Sobol(s, evaluate(s.Points, inert, 3, 1, true, key), Options{Apart: true, Resamples: 300, Key: key}))
		if e := x.Total[3]; e.Low <= 0 && 0 <= e.High {
			hit += 1.0 / repetitions
		}
	}
	t.Logf("coverage of the total index of an inert factor: %.3f", hit)
	if hit < 0.90 || hit > 0.98 {
		t.Errorf("coverage %.3f", hit)
	}
}

func TestFailedRunsDropTheirRows(t *testing.T) {
	s := random(3, 64, false, sim.NewKey(1))
	y := evaluate(s.Points, ishigami, 2, 0, false, 0)
	y[s.AB(5, 1)][1], y[s.A(9)][0] = math.NaN(), math.Inf(1)
	got := ok[*Indices](t)(Sobol(s, y, Options{Resamples: 50}))
	if got.Rows != 62 || got.Dropped != 2 {
		t.Fatalf("rows %d, dropped %d", got.Rows, got.Dropped)
	}
	if words := strings.Join(got.Words(nil), "\n"); !strings.Contains(words, "2 of 64 rows had runs that failed or lack the figure, and were dropped whole") {
		t.Errorf("words: %s", words)
	}
	kept := *s
	kept.Rows = 62
	w := s.Width()
	y = slices.Concat(y[:5*w], y[6*w:9*w], y[10*w:])
	want := ok[*Indices](t)(Sobol(&kept, y, Options{Resamples: 50}))
	near(t, "total", values(got.Total), values(want.Total), 0)
}

func TestOutputsThatCannotBeRead(t *testing.T) {
	s := random(2, 8, false, 1)
	good := func() [][]float64 {
		return evaluate(s.Points, func(x []float64) float64 { return x[0] }, 2, 0, false, 0)
	}
	bad := good()
	bad[5] = bad[5][:1]
	nothing := good()
	for i := range nothing {
		nothing[i][0] = math.NaN()
	}
	for _, c := range []struct {
		name string
		y    [][]float64
		o    Options
		want string
	}{
		{"too few points", good()[1:], Options{}, "outputs must be of all 32 points of the design, got 31"},
		{"a replicate missing", bad, Options{}, "point 5: replicates must be 2 as at the first point, got 1"},
		{"no run done", nothing, Options{}, "the rows (trajectories) in which every run has the figure must be at least 4, got 0 of 8"},
		{"resamples below none", good(), Options{Resamples: -1}, "resamples must be from 0 to 100000, got -1"},
		{"no replicate", make([][]float64, 32), Options{}, "outputs must have at least one row and one replicate, got none"},
	} {
		if _, err := Sobol(s, c.y, c.o); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

func TestNothingIsToldOfAnOutputWithoutVariance(t *testing.T) {
	s := random(3, 64, false, sim.NewKey(1))
	x := ok[*Indices](t)(Sobol(s, evaluate(s.Points, func([]float64) float64 { return 7 }, 1, 0, false, 0), Options{}))
	if got := x.Words(nil)[0]; got != "the output is the same at all points: no factor has an effect" {
		t.Errorf("constant: %s", got)
	}
	x = ok[*Indices](t)(Sobol(s, evaluate(s.Points, func([]float64) float64 { return 7 }, 3, 1, true, sim.NewKey(3)), Options{Apart: true}))
	if got := x.Words(nil)[0]; !strings.HasPrefix(got, "what the factors do cannot be told from luck") || !math.IsNaN(x.Total[0].Value) {
		t.Errorf("luck only: %s, %v", got, x.Total[0])
	}
}

func TestVerdictsInWords(t *testing.T) {
	s := random(4, 512, false, sim.NewKey(1))
	close := func(x []float64) float64 { return 4*x[0] + 1.02*x[1] + x[2] }
	x := ok[*Indices](t)(Sobol(s, evaluate(s.Points, close, 1, 0, false, 0), Options{Key: 1}))
	words := x.Words(nil)
	if !strings.HasPrefix(words[0], "x1 drives most (total share of the variance: 0.") {
		t.Errorf("first: %s", words[0])
	}
	if !strings.HasPrefix(words[1], "not enough runs to rank 2 and 3 (x2 and x3") && !strings.HasPrefix(words[1], "not enough runs to rank 2 and 3 (x3 and x2") {
		t.Errorf("second: %s", words[1])
	}
	if words[2] != "no effect shown: x4" {
		t.Errorf("third: %s", words[2])
	}
	t.Log(strings.Join(words, "\n"))

	// Intervals overlap here, but both factors are read on the same rows, and the difference is sure.
	order := func(x []float64) float64 { return math.Exp(4*x[0] + 3*x[1]) }
	x = ok[*Indices](t)(Sobol(s, evaluate(s.Points, order, 1, 0, false, 0), Options{Key: 1}))
	if x.Total[x.Order[1]].High < x.Total[x.Order[0]].Low {
		t.Errorf("the example is too easy: %v", x.Total)
	}
	if x.Order[0] != 0 || !x.Told(0) {
		t.Errorf("x1 before x2: sure in %v", x.Surer[0])
	}
}

// With two equal factors the order must be called sure in 5 % of repetitions at most.
func TestEqualFactorsAreRarelyRanked(t *testing.T) {
	const repetitions = 400
	told := 0.0
	for r := range uint64(repetitions) {
		key := sim.NewKey(r).Label("equal")
		s := random(2, 128, false, key)
		x := ok[*Indices](t)(Sobol(s, evaluate(s.Points, func(x []float64) float64 { return x[0] + x[1] + x[0]*x[1] }, 1, 0, false, 0), Options{Resamples: 400, Key: key}))
		if x.Told(0) {
			told += 1.0 / repetitions
		}
	}
	t.Logf("told: %.3f", told)
	if told < 0.01 || told > 0.09 {
		t.Errorf("equal factors were ranked in %.3f of repetitions", told)
	}
}

func TestScreeningOfAFunctionWithKnownEffects(t *testing.T) {
	m := ok[*design.Trajectories](t)(design.Morris(factors(5), design.MorrisOptions{Trajectories: 2000, Key: sim.NewKey(1)}))
	f := func(x []float64) float64 { return 3*x[0] - 2*x[1] + 4*x[2]*x[3] }
	x := ok[*Screening](t)(Morris(m, evaluate(m.Points, f, 1, 0, false, 0), Options{Resamples: 200, Key: 1}))
	spread := 4 * math.Sqrt(14.0/36-0.25) // of 4x over the levels 0, 1/3, 2/3, 1
	near(t, "mu", values(x.Mu), []float64{3, -2, 2, 2, 0}, 0.1)
	near(t, "mu*", values(x.MuStar), []float64{3, 2, 2, 2, 0}, 0.1)
	near(t, "sigma", values(x.Sigma), []float64{0, 0, spread, spread, 0}, 0.05)
	if got := x.Words(nil); got[0] != "x1 drives most (mean absolute effect, mu*: 3.00 (3.00 to 3.00))" || !slices.Contains(got, "no effect shown: x5") || !slices.Contains(got, "x2: the effect is nearly linear") || !slices.Contains(got, "x3: the effect is mostly in one direction") {
		t.Errorf("words:\n%s", strings.Join(got, "\n"))
	}
}

// morris20 is the test function of Morris (1991), its small random coefficients replaced by signs that alternate.
func morris20(x []float64) float64 {
	w := make([]float64, 20)
	for i := range w {
		if w[i] = 2 * (x[i] - 0.5); i == 2 || i == 4 || i == 6 {
			w[i] = 2 * (1.1*x[i]/(x[i]+0.1) - 0.5)
		}
	}
	y := 0.0
	for i := range 20 {
		if i < 10 {
			y += 20 * w[i]
		} else {
			y += math.Pow(-1, float64(i+1)) * w[i]
		}
		for j := range i {
			if i < 6 {
				y += -15 * w[i] * w[j]
			} else {
				y += math.Pow(-1, float64(i+j)) * w[i] * w[j]
			}
			for l := 0; l < j && i < 5; l++ {
				y += -10 * w[i] * w[j] * w[l]
				for s := 0; s < l && i < 4; s++ {
					y += 5 * w[i] * w[j] * w[l] * w[s]
				}
			}
		}
	}
	return y
}

func TestScreeningFindsTheTenThatMatterOfTwenty(t *testing.T) {
	m := ok[*design.Trajectories](t)(design.Morris(factors(20), design.MorrisOptions{Trajectories: 20, Candidates: 60, Key: sim.NewKey(1)}))
	x := ok[*Screening](t)(Morris(m, evaluate(m.Points, morris20, 1, 0, false, 0), Options{Key: 1}))
	first := slices.Sorted(slices.Values(x.Order[:10]))
	if want := []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}; !slices.Equal(first, want) {
		t.Errorf("the ten that matter: got %v", first)
	}
	for k := 7; k < 10; k++ { // 20 w with a slope of 2
		if math.Abs(x.Mu[k].Value-40) > 5 || x.Sigma[k].Value > 15 {
			t.Errorf("x%d: mu %v, sigma %v, want about 40 and little", k+1, x.Mu[k], x.Sigma[k])
		}
	}
	if !(x.Sigma[0].Value > 30) {
		t.Errorf("x1 acts with others: sigma %v", x.Sigma[0])
	}
}

func TestScreeningUnderLuck(t *testing.T) {
	const sd = 1.0
	f := func(x []float64) float64 { return 5 * x[0] }
	m := ok[*design.Trajectories](t)(design.Morris(factors(3), design.MorrisOptions{Trajectories: 4000, Key: sim.NewKey(1)}))
	x := ok[*Screening](t)(Morris(m, evaluate(m.Points, f, 4, sd, true, sim.NewKey(2)), Options{Apart: true, Resamples: 100, Key: 1}))
	want := math.Sqrt(4*sd*sd/math.Pi/4) / m.Delta
	near(t, "mu*", values(x.MuStar), []float64{5, want, want}, 0.03)
	near(t, "floor", []float64{x.Floor}, []float64{want}, 0.01)
	near(t, "sigma less luck", values(x.Sigma), []float64{0, 0, 0}, 0.3)

	// The inert factors of a real screening must rarely be told to matter.
	alarms := 0.0
	const repetitions = 200
	for r := range uint64(repetitions) {
		m := ok[*design.Trajectories](t)(design.Morris(factors(2), design.MorrisOptions{Trajectories: 20, Key: sim.NewKey(r)}))
		x := ok[*Screening](t)(Morris(m, evaluate(m.Points, f, 4, sd, true, sim.NewKey(r).Label("luck")), Options{Apart: true, Resamples: 200, Key: sim.Key(r)}))
		if !x.NoEffect(1) {
			alarms += 1.0 / repetitions
		}
	}
	t.Logf("alarms: %.3f", alarms)
	if alarms > 0.08 {
		t.Errorf("an inert factor was told to matter in %.3f of screenings", alarms)
	}

	left := ok[*Screening](t)(Morris(m, evaluate(m.Points, f, 1, sd, true, 2), Options{Apart: true, Resamples: 100}))
	if !math.IsNaN(left.Floor) || left.NoEffect(1) {
		t.Errorf("one replicate: floor %v", left.Floor)
	}
	common := ok[*Screening](t)(Morris(m, evaluate(m.Points, f, 4, sd, false, 2), Options{Resamples: 100}))
	if common.Floor != 0 || !common.NoEffect(1) || common.NoEffect(0) {
		t.Errorf("common luck: floor %v, mu* %v", common.Floor, common.MuStar)
	}
}

func TestAFailedRunDropsItsTrajectory(t *testing.T) {
	m := ok[*design.Trajectories](t)(design.Morris(factors(3), design.MorrisOptions{Trajectories: 10, Key: sim.NewKey(1)}))
	y := evaluate(m.Points, linear, 1, 0, false, 0)
	y[9][0] = math.NaN() // of the third trajectory
	x := ok[*Screening](t)(Morris(m, y, Options{Resamples: 20}))
	near(t, "mu", values(x.Mu), []float64{4, 2, 1}, 1e-5)
	if x.Rows != 9 || x.Dropped != 1 {
		t.Errorf("rows %d, dropped %d", x.Rows, x.Dropped)
	}
}

// String writes an estimate with its interval.
func (e Estimate) String() string { return e.in(nil) }

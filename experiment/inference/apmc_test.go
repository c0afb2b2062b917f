package inference

import (
	"hash/fnv"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"entrepot/sim"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat/distuv"
)

// luck is that of a run in tests.
func luck(seed uint64, p Proposal) sim.Key {
	return sim.NewKey(seed).Label("run").At(0).At(uint64(p.Index))
}

// drive runs a study to its end.
func drive(a *APMC, simulate func(Proposal) []float64) error {
	for !a.Done() {
		var results []Result
		for _, p := range a.Next() {
			results = append(results, Result{p.Index, simulate(p)})
		}
		if err := a.Tell(results); err != nil {
			return err
		}
	}
	return nil
}

func uniform(name string, lo, hi float64) Parameter {
	return Parameter{Name: name, Low: lo, High: hi}
}

// infer runs a study to its end.
func infer(t *testing.T, spec APMCSpec, simulate func(Proposal) []float64) *Posterior {
	t.Helper()
	a, err := NewAPMC(spec)
	if err != nil {
		t.Fatal(err)
	}
	if err := drive(a, simulate); err != nil {
		t.Fatal(err)
	}
	p, err := a.Posterior()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	last := a.Trace()[len(a.Trace())-1]
	t.Logf("%d generations, %d runs, tolerance %.3g, accepted %.3f, effective size %.0f", last.Number, last.Runs, last.Tolerance, last.Accepted, last.EffectiveSize)
	return p
}

// near fails unless got is within a tolerance of want.
func near(t *testing.T, what string, got, want, tolerance float64) {
	t.Helper()
	if !(math.Abs(got-want) <= tolerance) {
		t.Errorf("%s must be within %v of %v, got %v", what, tolerance, want, got)
	}
}

// World: the mean of 20 standard normal numbers is 1.3; uniform prior on [-10, 10]. The posterior of their mean is
// N(1.3, 1/20), whether the simulator draws the numbers or the figure is said to err by as much.
func TestNormalMeanHasItsPosterior(t *testing.T) {
	sd := 1 / math.Sqrt(20)
	for _, c := range []struct {
		name     string
		observed Observed
		simulate func(Proposal) []float64
	}{
		{"the simulator is noisy", At("mean", 1.3), func(p Proposal) []float64 { return []float64{p.Values[0] + sd*luck(1, p).Normal()} }},
		{"the figure is", Observed{ID: "mean", Low: 1.3, High: 1.3, Noise: sd}, func(p Proposal) []float64 { return []float64{p.Values[0]} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := infer(t, APMCSpec{Prior: Prior{uniform("mu", -10, 10)}, Observed: []Observed{c.observed}, Particles: 800, Alpha: 0.5,
				MinAccept: 0.05, Key: sim.NewKey(11)}, c.simulate)
			near(t, "posterior mean", p.Mean(0), 1.3, 0.04)
			near(t, "posterior sd", p.SD(0), sd, 0.03)
			near(t, "5 % quantile", p.Quantile(0, 0.05), 1.3-1.645*sd, 0.08)
			near(t, "95 % quantile", p.Quantile(0, 0.95), 1.3+1.645*sd, 0.08)
			near(t, "contraction", p.Contraction(0), 1-sd/(20/math.Sqrt(12)), 0.01)
		})
	}
}

// World: a figure documented as a range, a simulator without noise. The posterior is the prior cut to the range, and the
// search ends as soon as all kept particles are in it.
func TestRangeCutsThePrior(t *testing.T) {
	p := infer(t, APMCSpec{Prior: Prior{uniform("x", 0, 10)}, Observed: []Observed{Within("x", 3, 4)}, Particles: 1000, Alpha: 0.5,
		MinAccept: 0.01, Key: sim.NewKey(12)}, func(p Proposal) []float64 { return p.Values })
	for i, v := range p.Values {
		if v[0] < 3 || v[0] > 4 || p.Distances[i] != 0 {
			t.Fatalf("particle %v at distance %v must be in the range", v, p.Distances[i])
		}
	}
	near(t, "mean", p.Mean(0), 3.5, 0.04)
	near(t, "sd", p.SD(0), 1/math.Sqrt(12), 0.02)
}

// World: Sisson, Fan & Tanaka (2007): theta uniform on [-10, 10], x ~ 0.5 N(theta, 1) + 0.5 N(theta, 1/100), x = 0 seen.
// The posterior is the same mixture around 0.
func TestMixtureOfNormalsHasItsPosterior(t *testing.T) {
	p := infer(t, APMCSpec{Prior: Prior{uniform("theta", -10, 10)}, Observed: []Observed{At("x", 0)}, Particles: 1000, Alpha: 0.5,
		MinAccept: 0.05, Key: sim.NewKey(13)}, func(p Proposal) []float64 {
		k, sd := luck(2, p), 1.0
		if k.At(1).Float() < 0.5 {
			sd = 0.1
		}
		return []float64{p.Values[0] + sd*k.At(2).Normal()}
	})
	wide, narrow := distuv.Normal{Sigma: 1}, distuv.Normal{Sigma: 0.1}
	worst, at := 0.0, 0.0
	for x := -3.0; x <= 3; x += 0.02 {
		got, want := 0.0, (wide.CDF(x)+narrow.CDF(x))/2
		for i, v := range p.Values {
			if v[0] <= x {
				got += p.Weights[i]
			}
		}
		if d := math.Abs(got - want); d > worst {
			worst, at = d, x
		}
	}
	t.Logf("largest difference of distribution functions %.3f at %.2f", worst, at)
	if worst > 0.06 {
		t.Errorf("distribution function must be within 0.06 of the known one, got %.3f away at %.2f", worst, at)
	}
	near(t, "sd", p.SD(0), math.Sqrt(0.505), 0.08)
}

// World: y = A theta + e, e ~ N(0, 0.3² I), three parameters and three figures. The posterior is normal with mean A⁻¹y and
// covariance A⁻¹ S A⁻ᵀ, where S is 0.09 I and what the tolerance adds: a ball of radius r in three dimensions has variance
// r²/5 along each axis, in units of each figure's scale.
func TestLinearGaussianHasItsPosterior(t *testing.T) {
	a := mat.NewDense(3, 3, []float64{1, 0.6, 0, 0, 1, 0.6, 0.3, 0, 1})
	truth := []float64{1, -0.5, 0.4}
	const sd = 0.3
	times := func(v []float64) []float64 {
		var f mat.VecDense
		f.MulVec(a, mat.NewVecDense(3, v))
		return f.RawVector().Data
	}
	var observed []Observed
	for _, y := range times(truth) {
		observed = append(observed, At("y", y))
	}
	study, err := NewAPMC(APMCSpec{Prior: Prior{uniform("a", -5, 5), uniform("b", -5, 5), uniform("c", -5, 5)}, Observed: observed,
		Particles: 600, Alpha: 0.5, MinAccept: 0.06, Key: sim.NewKey(14)})
	if err != nil {
		t.Fatal(err)
	}
	if err := drive(study, func(p Proposal) []float64 {
		f := times(p.Values)
		for i := range f {
			f[i] += sd * luck(3, p).At(uint64(i)).Normal()
		}
		return f
	}); err != nil {
		t.Fatal(err)
	}
	trace := study.Trace()
	last := trace[len(trace)-1]
	noise := mat.NewDiagDense(3, nil)
	for i, s := range study.scale {
		r := last.Tolerance * s
		noise.SetDiag(i, sd*sd+r*r/5)
	}
	var inverse, half, cov mat.Dense
	if err := inverse.Inverse(a); err != nil {
		t.Fatal(err)
	}
	half.Mul(&inverse, noise)
	cov.Mul(&half, inverse.T())
	p, err := study.Posterior()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("%d runs, effective size %.0f", last.Runs, p.EffectiveSize())
	if p.EffectiveSize() < 200 {
		t.Errorf("most of 300 particles must count, got an effective size of %.0f", p.EffectiveSize())
	}
	r := p.Correlation()
	for i := range 3 {
		want := math.Sqrt(cov.At(i, i))
		near(t, "mean of "+p.Prior[i].Name, p.Mean(i), truth[i], 0.25*want)
		near(t, "sd of "+p.Prior[i].Name, p.SD(i), want, 0.15*want)
		for j := range i {
			near(t, "correlation", r[i][j], cov.At(i, j)/math.Sqrt(cov.At(i, i)*cov.At(j, j)), 0.15)
		}
	}
}

// The weights matter: with a flat prior on the logarithm and a figure that says little, the posterior is known by numbers.
func TestPosteriorOfMixedLawsIsThatOfEnumeration(t *testing.T) {
	prior := Prior{{Name: "scale", Kind: LogUniform, Low: 0.1, High: 100}, {Name: "n", Kind: Integer, Low: 1, High: 4},
		{Name: "rule", Kind: Choice, Levels: []string{"half", "same", "double"}}}
	factor := []float64{0.5, 1, 2}
	f := func(v []float64) float64 { return math.Log(v[0]) + 0.5*v[1]*factor[int(v[2])] }
	const low, high = 1.5, 2.5
	p := infer(t, APMCSpec{Prior: prior, Observed: []Observed{Within("y", low, high)}, Particles: 1200, Alpha: 0.5, MinAccept: 0.01, Key: sim.NewKey(15)},
		func(p Proposal) []float64 { return []float64{f(p.Values)} })
	var chance [3]float64
	var ints [4]float64
	total, meanLog := 0.0, 0.0
	const fine = 4000
	for i := range fine {
		for n := range 4 {
			for l := range 3 {
				v := []float64{prior[0].At((float64(i) + 0.5) / fine), float64(n + 1), float64(l)}
				if y := f(v); y >= low && y <= high {
					chance[l]++
					ints[n]++
					meanLog += math.Log(v[0])
					total++
				}
			}
		}
	}
	for l, c := range p.Chances(2) {
		near(t, "chance of "+prior[2].Levels[l], c, chance[l]/total, 0.05)
	}
	got, count := 0.0, make([]float64, 4)
	for i, v := range p.Values {
		got += p.Weights[i] * math.Log(v[0])
		count[int(v[1])-1] += p.Weights[i]
	}
	near(t, "mean of the logarithm", got, meanLog/total, 0.08)
	for n := range 4 {
		near(t, "chance of an integer", count[n], ints[n]/total, 0.05)
	}
}

// A prior's bound cuts the posterior in half: nothing falls outside, and no mass is lost or gained at the bound.
func TestPosteriorAtTheBoundIsHalfANormal(t *testing.T) {
	const repetitions = 12
	mean, middle := 0.0, 0.0
	for r := range uint64(repetitions) {
		p := infer(t, APMCSpec{Prior: Prior{uniform("x", 0, 20)}, Observed: []Observed{At("x", 0)}, Particles: 200, Alpha: 0.5, MinAccept: 0.05, Key: sim.NewKey(16).At(r)},
			func(p Proposal) []float64 { return []float64{p.Values[0] + luck(r, p).Normal()} })
		mean += p.Mean(0) / repetitions
		middle += p.Quantile(0, 0.5) / repetitions
	}
	near(t, "mean of half a normal", mean, math.Sqrt(2/math.Pi), 0.08)
	near(t, "median of half a normal", middle, 0.6745, 0.08)
}

// tied is a simulator that knows only the sum of two parameters, and a third one not at all.
func tied(p Proposal) []float64 {
	return []float64{p.Values[0] + p.Values[1] + 0.02*luck(5, p).Normal()}
}

func TestPairOfWhichOnlyTheSumIsKnownIsReportedAsSuch(t *testing.T) {
	prior := Prior{uniform("a", 0, 1), uniform("b", 0, 1), uniform("inert", 0, 1)}
	p := infer(t, APMCSpec{Prior: prior, Observed: []Observed{At("sum", 1)}, Particles: 400, Alpha: 0.5, MinAccept: 0.05, Key: sim.NewKey(17)}, tied)
	for _, m := range p.Marginals(200, sim.NewKey(1)) {
		if m.Verdict != NotIdentified {
			t.Errorf("%s must be %q, got %q (contraction %.2f, %.2f to %.2f)", m.Name, NotIdentified, m.Verdict, m.Contraction, m.ContractionInterval.Low, m.ContractionInterval.High)
		}
	}
	ties := p.Ties()
	if len(ties) != 1 || ties[0].A != 0 || ties[0].B != 1 || ties[0].Contraction < 0.9 || ties[0].Correlation > -0.95 {
		t.Fatalf("must report one tie of a and b, got %+v", ties)
	}
	if !strings.HasPrefix(ties[0].Combination, "a + ") || !strings.HasSuffix(ties[0].Combination, "b") {
		t.Errorf("the combination must be a sum, got %q", ties[0].Combination)
	}
}

// resumable has failures, ties, a start and several kinds of law.
func resumable() APMCSpec {
	var start [][]float64
	for i := range 60 {
		start = append(start, []float64{(float64(i) + 0.5) / 60, math.Mod(float64(i)*0.618, 1), math.Mod(float64(i)*0.414, 1)})
	}
	return APMCSpec{Prior: Prior{uniform("a", 0, 1), {Name: "b", Kind: LogUniform, Low: 1, High: 50}, {Name: "n", Kind: Integer, Low: 1, High: 5}},
		Observed:  []Observed{{ID: "y", Low: 1, High: 1.01, Noise: 0.01}, SignOf("s", true), {ID: "gap", Low: math.NaN(), High: math.NaN()}},
		Particles: 60, Alpha: 0.5, MinAccept: 0.15, Low: []float64{0, 0.1, 0}, High: []float64{1, 0.9, 1}, Start: start, Key: sim.NewKey(18)}
}

func flaky(p Proposal) []float64 {
	k := luck(6, p)
	if k.At(9).Float() < 0.1 {
		return nil
	}
	return []float64{p.Values[0] + float64(0.01*p.Values[1]*p.Values[2]) + float64(0.05*k.Normal()), p.Values[0] - 0.3, 7}
}

// What is asked for must not depend on the processor: the hash was taken on amd64, and GOAMD64=v3 and wasm give it too.
func TestStudyHasTheSameBytesOnEveryMachine(t *testing.T) {
	const portable = 0xe8cc873e25cb3569
	h := fnv.New64a()
	io.WriteString(h, infer(t, resumable(), flaky).CSV())
	if got := h.Sum64(); got != portable {
		t.Errorf("hash of the posterior must be %#x, got %#x", uint64(portable), got)
	}
}

func TestResumedStudyGivesTheSameBytes(t *testing.T) {
	want := infer(t, resumable(), flaky).CSV()
	var stored []Result // in the order in which runs happened to end
	for interrupt := 0; ; interrupt++ {
		a, err := NewAPMC(resumable())
		if err != nil {
			t.Fatal(err)
		}
		known := slices.Clone(stored)
		for told := true; told; { // what is stored is told, in an order of its own
			told = false
			for _, p := range slices.Backward(a.Next()) {
				if i := slices.IndexFunc(known, func(r Result) bool { return r.Index == p.Index }); i >= 0 {
					if err := a.Tell(known[i : i+1]); err != nil {
						t.Fatal(err)
					}
					told = true
				}
			}
		}
		if a.Done() {
			got, err := a.Posterior()
			if err != nil {
				t.Fatal(err)
			}
			if got.CSV() != want {
				t.Errorf("a study interrupted %d times must give the bytes of an undisturbed one", interrupt)
			}
			if interrupt < 3 {
				t.Errorf("the study must have been interrupted several times, got %d", interrupt)
			}
			return
		}
		for i, p := range a.Next() { // some more runs end before the next interruption
			if i%3 != interrupt%3 || interrupt%5 == 4 {
				stored = append(stored, Result{p.Index, flaky(p)})
			}
		}
	}
}

func TestFailedRunsAreInfinitelyFar(t *testing.T) {
	a, err := NewAPMC(resumable())
	if err != nil {
		t.Fatal(err)
	}
	if err := drive(a, flaky); err != nil {
		t.Fatal(err)
	}
	failed := 0
	for _, g := range a.Trace() {
		failed += g.Failed
		if math.IsInf(g.Tolerance, 0) {
			t.Errorf("generation %d kept a failed run", g.Number)
		}
	}
	if failed == 0 {
		t.Error("some runs must have failed")
	}
	if s := a.scale; !math.IsInf(s[2], 1) {
		t.Errorf("a statistic that never varies must have scale +Inf, got %v", s[2])
	}
	dead, err := NewAPMC(resumable())
	if err != nil {
		t.Fatal(err)
	}
	if err := drive(dead, func(Proposal) []float64 { return []float64{math.NaN(), 1, 7} }); err == nil || !dead.Done() {
		t.Errorf("a study whose runs all fail must end with an error, got %v", err)
	}
}

// World: a statistic with two values, of which the wrong one is had by three quarters of the runs.
func TestTiesAtTheToleranceAreAllKept(t *testing.T) {
	a, err := NewAPMC(APMCSpec{Prior: Prior{uniform("x", 0, 1)}, Observed: []Observed{At("y", 1)}, Particles: 100, Alpha: 0.5, MinAccept: 0.05, MaxRuns: 100, Key: sim.NewKey(19)})
	if err != nil {
		t.Fatal(err)
	}
	if err := drive(a, func(p Proposal) []float64 { return []float64{math.Floor(p.Values[0] + 0.25)} }); err != nil {
		t.Fatal(err)
	}
	if g := a.Trace(); len(g) != 1 || g[0].Kept != 100 || g[0].Runs != 100 {
		t.Errorf("one generation must keep all 100, since the wrong ones are equally far, got %+v", g)
	}
}

func TestTellRefusesWhatWasNotAsked(t *testing.T) {
	for _, c := range []struct {
		name    string
		results []Result
		want    string
	}{
		{"a run of later", []Result{{60, []float64{1, 1, 1}}}, "was not asked for"},
		{"the same run twice", []Result{{3, nil}, {3, nil}}, "was told before"},
		{"too few statistics", []Result{{3, []float64{1}}}, "must have 3 statistics, got 1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := NewAPMC(resumable())
			if err != nil {
				t.Fatal(err)
			}
			if err := a.Tell(c.results); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("must say %q, got %v", c.want, err)
			}
			if len(a.Next()) != 60 {
				t.Errorf("a refused result must leave everything as it was, got %d to run", len(a.Next()))
			}
		})
	}
}

func TestSpecsAreChecked(t *testing.T) {
	for _, c := range []struct {
		name  string
		spoil func(*APMCSpec)
		want  string
	}{
		{"no parameters", func(s *APMCSpec) { s.Prior = nil }, "at least one parameter"},
		{"alpha of one", func(s *APMCSpec) { s.Alpha = 1 }, "alpha must be in (0, 1)"},
		{"too few kept", func(s *APMCSpec) { s.Alpha = 0.05 }, "keep at least 5 particles"},
		{"acceptance of nought", func(s *APMCSpec) { s.MinAccept = 0 }, "least acceptance"},
		{"fewer runs than particles", func(s *APMCSpec) { s.MaxRuns = 10 }, "most runs"},
		{"a start of another size", func(s *APMCSpec) { s.Start = s.Start[1:] }, "start must have 60 points, got 59"},
		{"a box inside out", func(s *APMCSpec) { s.Low = []float64{0, 0.95, 0} }, "b must have low < high"},
		{"a range inside out", func(s *APMCSpec) { s.Observed[0].Low = 2 }, "figure y: must have low <= high"},
		{"nothing documented", func(s *APMCSpec) { s.Observed = s.Observed[2:] }, "at least one that is documented"},
		{"a log-uniform law from nought", func(s *APMCSpec) { s.Prior[1].Low = 0 }, "must be above 0"},
		{"half an integer", func(s *APMCSpec) { s.Prior[2].High = 4.5 }, "must be whole"},
		{"one level", func(s *APMCSpec) { s.Prior[0] = Parameter{Name: "r", Kind: Choice, Levels: []string{"a"}} }, "two different levels"},
		{"a name twice", func(s *APMCSpec) { s.Prior[0].Name = "b" }, `must be given and differ, got "b"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := resumable()
			c.spoil(&s)
			if _, err := NewAPMC(s); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("must say %q, got %v", c.want, err)
			}
		})
	}
}

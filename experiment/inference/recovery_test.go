package inference

import (
	"math"
	"strings"
	"testing"

	"entrepot/sim"
)

// line is a noisy simulator of two parameters, a choice and an inert one: level + slope and level - slope, with unit noise,
// and a rule that shifts a third figure.
func line(seed uint64) func(trial int) func(Proposal) []float64 {
	return func(trial int) func(Proposal) []float64 {
		return func(p Proposal) []float64 {
			k, v := sim.NewKey(seed).Label("run").At(uint64(trial)).At(uint64(p.Index)), p.Values
			return []float64{v[0] + v[1] + k.At(0).Normal(), v[0] - v[1] + k.At(1).Normal(), 3*v[2] + k.At(2).Normal()}
		}
	}
}

// recovery is a test of whole inferences by APMC: true parameters drawn from the prior, one run of each degraded as figures are,
// and the inference asked for the parameters back (simulation-based calibration: Talts et al. 2018, arXiv:1804.06788).
type recovery struct {
	APMC    APMCSpec // how each trial is inferred; Observed and Key are set by the test
	Figures []Figure // per statistic
	Trials  int
	Blind   bool // the inference is not told that figures have noise and bias
	Key     sim.Key
}

func lineSpec(trials int) recovery {
	return recovery{
		APMC: APMCSpec{Prior: Prior{uniform("level", -10, 10), uniform("slope", -10, 10), {Name: "rule", Kind: Choice, Levels: []string{"off", "on"}},
			uniform("inert", 0, 1)}, Particles: 60, Alpha: 0.5, MinAccept: 0.1},
		Figures: []Figure{{ID: "up", Source: "a", Noise: 0.5, Bias: 0.3}, {ID: "down", Source: "b", Half: 1, Gap: 0.1}, {ID: "rule"}},
		Trials:  trials, Key: sim.NewKey(31)}
}

func recoverAll(t *testing.T, spec recovery, simulate func(trial int) func(Proposal) []float64) *Report {
	t.Helper()
	var trials []Trial
	for i := range spec.Trials {
		key, simulate := spec.Key.Label("trial").At(uint64(i)), simulate(i)
		truth := spec.APMC.Prior.Values(spec.APMC.Prior.draw(spec.Key.Label("truth").At(uint64(i))))
		of := spec.APMC
		of.Observed, of.Key = Degrade(spec.Figures, simulate(Proposal{Values: truth}), key.Label("data")), key.Label("inference")
		for s := range of.Observed {
			if spec.Blind {
				of.Observed[s].Noise = 0
			}
		}
		study, err := NewAPMC(of)
		if err != nil {
			t.Fatal(err)
		}
		if err := drive(study, func(p Proposal) []float64 { p.Index++; return simulate(p) }); err != nil { // run 0 is the truth's
			t.Fatal(err)
		}
		trials = append(trials, Trial{truth, study.posterior()})
	}
	report, err := Score(spec.APMC.Prior, trials, spec.Key.Label("score"))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range report.Rows {
		t.Logf("%-6s correlation %.2f, coverage %.2f and %.2f, contraction %.2f, p %.3f: %s %s", row.Name, row.Correlation, row.Coverage50, row.Coverage90, row.Contraction, row.Uniformity, row.Comeback, row.Note)
	}
	return report
}

// Statistics that need not be met exactly widen the posterior, so that intervals may be too wide here, but not too narrow.
func TestRecoveryTellsWhatComesBack(t *testing.T) {
	report := recoverAll(t, lineSpec(60), line(32))
	if report.Trials != 60 || len(report.Dropped) != 0 {
		t.Errorf("all trials must count, got %d and %v", report.Trials, report.Dropped)
	}
	for j, want := range []Comeback{ComesBack, ComesBack, ComesBack, DoesNotComeBack} {
		row := report.Rows[j]
		if row.Comeback != want {
			t.Errorf("%s must be %q, got %q (correlation %.2f)", row.Name, want, row.Comeback, row.Correlation)
		}
		if row.Note == "intervals too narrow" {
			t.Errorf("%s: intervals must not be too narrow, got coverage %.2f", row.Name, row.Coverage90)
		}
	}
	if c := report.Rows[3].Contraction; math.Abs(c) > 0.1 {
		t.Errorf("the inert parameter must not contract, got %.2f", c)
	}
}

func TestInferenceThatIgnoresErrorsOfItsDataIsFoundOut(t *testing.T) {
	spec := lineSpec(80)
	spec.Figures = []Figure{{ID: "up", Noise: 4}, {ID: "down", Bias: 4}, {ID: "rule"}}
	spec.Blind = true
	report := recoverAll(t, spec, line(33))
	for _, row := range report.Rows[:2] {
		if row.Note != "intervals too narrow" || row.Uniformity > 0.05 {
			t.Errorf("%s: must be found too narrow, got %q and p = %.2g", row.Name, row.Note, row.Uniformity)
		}
	}
}

// World: figures documented as ranges that hold the truth, and a simulator without noise. ABC is then exact, and its ranks
// are uniform whatever the law: simulation-based calibration of the whole way through weights, bounds and kernel.
func TestCalibrationBySimulationFindsRangesExact(t *testing.T) {
	spec := recovery{
		APMC: APMCSpec{Prior: Prior{uniform("a", 0, 1), {Name: "b", Kind: LogUniform, Low: 1, High: 100}, {Name: "n", Kind: Integer, Low: 0, High: 6}},
			Particles: 100, Alpha: 0.5, MinAccept: 0.01},
		Figures: []Figure{{ID: "sum", Half: 0.25}, {ID: "count", Half: 1.2}},
		Trials:  200, Key: sim.NewKey(42)}
	report := recoverAll(t, spec, func(int) func(Proposal) []float64 {
		return func(p Proposal) []float64 {
			v := p.Values
			return []float64{v[0] + math.Log(v[1])/4, v[2] + v[0]}
		}
	})
	for _, row := range report.Rows {
		if row.Uniformity < 1e-3 || math.Abs(row.Coverage90-0.9) > 0.06 || math.Abs(row.Coverage50-0.5) > 0.1 {
			t.Errorf("%s: ranks must be uniform, got p = %.2g, coverage %.2f and %.2f", row.Name, row.Uniformity, row.Coverage50, row.Coverage90)
		}
	}
}

// The ranks of an exact posterior are uniform; of one half as wide they are not.
func TestRanksOfExactPosteriorsAreUniform(t *testing.T) {
	for _, c := range []struct {
		name   string
		narrow float64
		honest bool
	}{{"exact", 1, true}, {"half as wide", 0.5, false}} {
		t.Run(c.name, func(t *testing.T) {
			prior := Prior{uniform("mu", -50, 50)}
			var trials []Trial
			for i := range 2000 {
				k := sim.NewKey(34).At(uint64(i))
				truth := k.Label("truth").Uniform(-20, 20)
				centre := truth + k.Label("data").Normal()
				p := &Posterior{Prior: prior}
				for n := range 99 {
					p.Values = append(p.Values, []float64{centre + c.narrow*k.Label("posterior").At(uint64(n)).Normal()})
					p.Weights, p.Distances = append(p.Weights, 1.0/99), append(p.Distances, 0)
				}
				trials = append(trials, Trial{[]float64{truth}, p})
			}
			report, err := Score(prior, trials, sim.NewKey(35))
			if err != nil {
				t.Fatal(err)
			}
			row := report.Rows[0]
			if honest := row.Uniformity > 1e-3 && math.Abs(row.Coverage90-0.9) < 0.02 && math.Abs(row.Coverage50-0.5) < 0.035; honest != c.honest {
				t.Errorf("honest must be %v, got p = %.2g, coverage %.2f and %.2f", c.honest, row.Uniformity, row.Coverage50, row.Coverage90)
			}
		})
	}
}

func TestTrialWithoutParticlesIsRefused(t *testing.T) {
	empty := Trial{[]float64{1}, &Posterior{}}
	if _, err := Score(Prior{uniform("a", 0, 2)}, []Trial{empty, empty}, sim.NewKey(1)); err == nil || !strings.Contains(err.Error(), "must have particles") {
		t.Errorf("must be refused, got %v", err)
	}
}

func TestFiguresThatCannotErrSoAreRefused(t *testing.T) {
	prior, table := linear(50, sim.NewKey(37))
	for _, c := range []struct {
		name   string
		spoil  Figure
		trials int
		want   string
	}{
		{"noise below nought", Figure{ID: "y", Noise: -1}, 10, "figure y: noise, bias and half width must be at least 0"},
		{"a gap above one", Figure{ID: "y", Gap: 1.5}, 10, "figure y: chance of a gap must be in [0, 1]"},
		{"more trials than runs", Figure{ID: "y"}, 51, "at least 51, got 50"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := RecoverByRegression(prior, table, []Figure{c.spoil}, 0.2, c.trials, sim.NewKey(1)); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("must say %q, got %v", c.want, err)
			}
		})
	}
}

func TestDegradedFiguresErrAsTold(t *testing.T) {
	figures := []Figure{{ID: "noise", Noise: 2}, {ID: "bias one", Source: "s", Bias: 1}, {ID: "bias two", Source: "s", Bias: 3},
		{ID: "range", Half: 0.1, Relative: true}, {ID: "gap", Gap: 0.3}, {ID: "sign", Sign: true}}
	const n = 4000
	var square, gaps, outside float64
	for i := range n {
		o := Degrade(figures, []float64{10, 10, 10, 50, 1, -4}, sim.NewKey(41).At(uint64(i)))
		square += (o[0].Low - 10) * (o[0].Low - 10) / n
		if math.Abs((o[2].Low-10)-3*(o[1].Low-10)) > 1e-9 {
			t.Fatalf("figures of a source must shift together, got %v and %v", o[1].Low-10, o[2].Low-10)
		}
		if math.Abs(o[3].High-o[3].Low-10) > 1e-9 || o[0].Noise != 2 || o[3].Noise != 0 {
			t.Fatalf("a range must be a tenth of 50 either way, got %v to %v", o[3].Low, o[3].High)
		}
		if o[3].miss(50) > 0 {
			outside++
		}
		if !o[4].known() {
			gaps++
		}
		if o[5].miss(-1) != 0 || o[5].miss(1) != 1 {
			t.Fatalf("a sign must be documented as such, got %v to %v", o[5].Low, o[5].High)
		}
	}
	near(t, "variance of the noise", square, 4, 0.4)
	near(t, "share of gaps", gaps/n, 0.3, 0.03)
	near(t, "ranges that miss the truth", outside, 0, 0)
}

// The correlation of two pairs is 1 or -1 whatever they are.
func TestFewTrialsGiveNoVerdict(t *testing.T) {
	prior := Prior{{Name: "x", Kind: Uniform, Low: 0, High: 1}}
	var trials []Trial
	for i := range leastTrials {
		x := (float64(i) + 0.5) / leastTrials
		trials = append(trials, Trial{[]float64{x}, &Posterior{Prior: prior, Values: [][]float64{{x - 0.01}, {x + 0.01}}, Weights: []float64{0.5, 0.5}, Distances: []float64{0, 0}}})
	}
	for _, c := range []struct {
		n    int
		want Comeback
	}{{2, TooFewTrials}, {leastTrials - 1, TooFewTrials}, {leastTrials, ComesBack}} {
		report, err := Score(prior, trials[:c.n], 1)
		if err != nil {
			t.Fatal(err)
		}
		if got := report.Rows[0].Comeback; got != c.want || report.TooFew() != (c.want == TooFewTrials) {
			t.Errorf("%d trials: got %q, want %q", c.n, got, c.want)
		}
	}
}

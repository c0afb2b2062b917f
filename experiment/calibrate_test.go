package experiment

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"entrepot/experiment/design"
	"entrepot/experiment/inference"
	"entrepot/scenarios"
	"entrepot/sim"
)

// stub is a target of the stub model.
func stub(id string, low, high float64) Target {
	return Target{Fact: scenarios.Fact{ID: id, Source: "s", Low: low, High: high}, What: Verbatim(id), Low: low, High: high, Figure: Figure{ID: id, Name: Verbatim(id), Parts: []Reading{{Table: "prices"}}}}
}

// linearModel has a known answer: y1 = 10 + 10 a and y2 = 10 + 10 b with luck of a standard deviation of 0.5, no c; y3 is 1 in all runs, y4
// is never there, y5 has the sign of a - 0.1.
func linearModel(_ context.Context, s *Study, p *Point, seed uint64) (*Taken, error) {
	k := sim.NewKey(seed)
	all := map[string]float64{"y1": 10 + 10*p.Values[0] + 0.5*k.At(1).Normal(), "y2": 10 + 10*p.Values[1] + 0.5*k.At(2).Normal(), "y3": 1, "y4": math.NaN(), "y5": p.Values[0] - 0.1}
	t := &Taken{}
	for i := range s.Figures {
		t.Figures = append(t.Figures, all[s.Figures[i].ID])
	}
	if k.At(3).Float() < 0.01 {
		return nil, errors.New("bad luck")
	}
	return t, nil
}

// linearSpec fits the linear model to a = 0.3 and b = 0.6.
func linearSpec(t testing.TB) CalibrationSpec {
	sign := stub("y5", 1, 1)
	sign.Sign = true
	input := stub("y6", 0, 1)
	input.Input = true
	return CalibrationSpec{Scenario: textbook(t), Factors: []design.Factor{{Name: "trafficker.margin", Low: 0, High: 1}, {Name: "road.payable_share", Low: 0, High: 1}, {Name: "road.public_news", Low: 0, High: 1}},
		Targets: []Target{stub("y1", 12.8, 13.2), stub("y2", 15.8, 16.2), stub("y3", 5, 6), stub("y4", 0, 1), sign, input, {Figure: Figure{ID: "y7"}, Why: Verbatim("not measurable: no such thing")}},
		Errors:  Errors{Noise: 0.01, Bias: 0.01, Gap: 0.05, Discrepancy: 0.01}, Points: 128, Replicates: 2, MaxRuns: 1500, Trials: 80, Cut: 3, Seed: 7, Do: linearModel}
}

// stores keeps every stage of a calibration in memory. It breaks off after some runs, again and again, where that is asked.
type stores struct {
	of         map[string]*Memory
	breakAfter int // runs; 0: never
}

var errBroken = errors.New("broken off")

func (s *stores) keep(stage *Stage, read func(Results) error) error {
	if s.of[stage.Name] == nil {
		s.of[stage.Name] = NewMemory()
	}
	store := s.of[stage.Name]
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	n := 0
	err := stage.Execute(ctx, store, Options{Workers: 2, Tell: func(int, int) {
		if n++; n == s.breakAfter {
			cancel(errBroken)
		}
	}})
	if err != nil {
		return err
	}
	return read(store)
}

func calibrated(t testing.TB, spec CalibrationSpec, s *stores) *Calibrated {
	t.Helper()
	c, err := NewCalibration(spec)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; ; i++ {
		found, err := c.Conduct(s.keep, nil)
		if err == nil {
			return found
		}
		if !errors.Is(err, errBroken) || i > 100 {
			t.Fatalf("broken off %d times: %v", i, err)
		}
	}
}

func TestACalibrationFindsWhatIsIdentifiedInALinearModelAndWhatIsNot(t *testing.T) {
	c := calibrated(t, linearSpec(t), &stores{of: map[string]*Memory{}})
	for j, want := range []struct {
		low, high float64
		verdict   inference.Verdict
		back      inference.Comeback
	}{{0.2, 0.4, inference.Identified, inference.ComesBack}, {0.5, 0.7, inference.Identified, inference.ComesBack}, {0.3, 0.7, inference.NotIdentified, inference.DoesNotComeBack}} {
		if m := c.Marginals[j]; m.Mean < want.low || m.Mean > want.high || m.Verdict != want.verdict {
			t.Errorf("%s must be %s about %v to %v, got %s at %v, contraction %.2f (%v)", m.Name, want.verdict, want.low, want.high, m.Verdict, m.Mean, m.Contraction, m.ContractionInterval)
		}
		if row := c.Recovery.Rows[j]; row.Comeback != want.back || row.Note != "" {
			t.Errorf("%s must be told to %s, got %q (%.2f) %s", row.Name, want.back, row.Comeback, row.Correlation, row.Note)
		}
	}
	// Luck of 0.5, a range of 0.2 either way and three errors of 1 % make a known within 0.056 and b within 0.058.
	if a, b := c.Posterior.SD(0), c.Posterior.SD(1); math.Abs(a-0.056) > 0.015 || math.Abs(b-0.058) > 0.015 {
		t.Errorf("standard deviations must be about 0.056 and 0.058, got %.3f and %.3f", a, b)
	}
	for _, want := range []Aside{{ID: "y3", Why: "met nowhere in the prior"}, {ID: "y4", Why: "runs of the first wave have no value"}, {ID: "y6", Why: "an input"}, {ID: "y7", Why: "not measurable: no such thing"}} {
		if !slices.ContainsFunc(c.Aside, func(a Aside) bool { return a.ID == want.ID && strings.Contains(a.Why, want.Why) }) {
			t.Errorf("%s must be set aside: %q, got %v", want.ID, want.Why, c.Aside)
		}
	}
	if len(c.Aside) != 4 {
		t.Errorf("four figures must be set aside, got %v", c.Aside)
	}
	if c.Waves[0].Share > 0.6 || c.Waves[0].Share < 0.02 {
		t.Errorf("the first wave must rule out a good part of the prior, left %v", c.Waves[0].Share)
	}
	total := 0
	for _, s := range c.Stages {
		total += s.Runs
	}
	if total > 1500 || len(c.FailedRuns) == 0 {
		t.Errorf("at most 1500 runs, some of them failed, got %d and %d", total, len(c.FailedRuns))
	}
	for i, want := range []Verdict{Met, Met, NotMet, NotMet, Met} {
		if s := c.Scores[i]; s.Verdict != want && !(want == Met && s.Verdict == NotDistinguishable) {
			t.Errorf("%s must be %s under the posterior, got %s", s.Target.Figure.ID, want, s.Words)
		}
	}
	answer := strings.Join(c.Findings().Answer, "\n")
	for _, want := range []string{"identify: trafficker.margin, road.payable_share. Weakly: none. Not: road.public_news.", "come back: trafficker.margin, road.payable_share. Partly: none. Not: road.public_news.", "y3 is met nowhere"} {
		if !strings.Contains(answer, want) {
			t.Errorf("the answer must say %q, got\n%s", want, answer)
		}
	}
}

func TestACalibrationBrokenOffAgainAndAgainGivesTheSameBytes(t *testing.T) {
	text := func(breakAfter int) string {
		c := calibrated(t, linearSpec(t), &stores{map[string]*Memory{}, breakAfter})
		p, err := c.Provenance("test").JSON()
		if err != nil {
			t.Fatal(err)
		}
		return c.Posterior.CSV() + string(p)
	}
	if want := text(0); text(37) != want || want == "" {
		t.Error("a calibration broken off after every 37 runs must give the same posterior and provenance")
	}
}

func TestAPosteriorIsReadBackAndRefusedWhereItDoesNotFitItsProvenance(t *testing.T) {
	c := calibrated(t, linearSpec(t), &stores{of: map[string]*Memory{}})
	p, err := c.Provenance("test").JSON()
	if err != nil {
		t.Fatal(err)
	}
	fit, err := ReadFit([]byte(c.Posterior.CSV()), p)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.EqualFunc(fit.Values, c.Posterior.Values, slices.Equal) || !slices.Equal(fit.Weights, c.Posterior.Weights) {
		t.Error("the same particles must come back")
	}
	of := textbook(t)
	if why := fit.Stale(of); why != nil {
		t.Errorf("of the same scenario it is not stale, got %q", why)
	}
	if why := fit.Stale(textbook(t, "trafficker.cost_per_km=900")); !strings.Contains(why.String(), "stale") {
		t.Errorf("of a changed scenario it must be stale, got %q", why)
	}
	if other, _ := scenarios.Load("calm", nil); !strings.Contains(fit.Stale(other).String(), "not to calm") {
		t.Errorf("of another scenario it must say so, got %q", fit.Stale(other))
	}
	for _, bad := range []struct{ name, old, new, want string }{
		{"a range without the particles", `"high": 1`, `"high": 0.01`, "must be a value of its prior"},
		{"an unknown law", `"uniform"`, `"beta"`, "law of trafficker.margin must be one of"},
		{"another format", `"format": 1`, `"format": 2`, "format 1, got 2"},
		{"an unknown field", `"format"`, `"form"`, "unknown field"},
	} {
		if _, err := ReadFit([]byte(c.Posterior.CSV()), []byte(strings.Replace(string(p), bad.old, bad.new, 1))); err == nil || !strings.Contains(err.Error(), bad.want) {
			t.Errorf("%s: must be refused with %q, got %v", bad.name, bad.want, err)
		}
	}
	s, err := NewPosteriorEnsemble(of, fit, 40, 3)
	if err != nil {
		t.Fatal(err)
	}
	var sum float64
	for i := range s.Points {
		sum += s.Points[i].Values[0] / 40
	}
	if math.Abs(sum-fit.Mean(0)) > 0.02 || s.SeedOf(0) == s.SeedOf(1) || s.Runs() != 40 {
		t.Errorf("40 draws must have the mean %v of the posterior and luck of their own, got %v", fit.Mean(0), sum)
	}
}

func TestBandsOfAPosteriorEnsembleHoldParametersAndLuck(t *testing.T) {
	of := textbook(t)
	fit := &Fit{Posterior: &inference.Posterior{Prior: inference.Prior{{Name: "supply.price_scale", Low: 0.5, High: 4}}, Values: [][]float64{{0.5}, {4}}, Weights: []float64{0.5, 0.5}, Distances: []float64{0, 0}}}
	wide, err := NewPosteriorEnsemble(of, fit, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	spread := func(s *Study) float64 {
		store := NewMemory()
		if err := s.Execute(context.Background(), store, Options{Workers: 2}); err != nil {
			t.Fatal(err)
		}
		f, err := EnsembleFindings(s, store)
		if err != nil {
			t.Fatal(err)
		}
		for _, chart := range f.Charts {
			if fan, ok := chart.(*FanChart); ok {
				return fan.Fans[0].Q95[20] - fan.Fans[0].Q05[20]
			}
		}
		t.Fatal("no fan")
		return 0
	}
	if luck, both := spread(NewEnsemble(of, 8, 1)), spread(wide); both < 2*luck {
		t.Errorf("two price levels far apart must widen the band of luck (%v), got %v", luck, both)
	}
	rows := NewMemory()
	if err := wide.Execute(context.Background(), rows, Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	if table, parameters := wide.Parameters(); table.Columns[4].Name != "supply.price_scale" || parameters.Float[4][0] != 0.5 || parameters.Float[4][7] != 4 {
		t.Errorf("the table parameters must have the draws, got %v %v", table.Columns[4].Name, parameters.Float[4])
	}
}

func TestMistakesInACalibrationAreToldAllAtOnce(t *testing.T) {
	spec := linearSpec(t)
	spec.Points, spec.Replicates, spec.Trials, spec.Cut, spec.Noise, spec.Without = 100, 1, 0, 0, 2, []string{"z9"}
	spec.MaxRuns = 10
	_, err := NewCalibration(spec)
	if err == nil {
		t.Fatal("must be refused")
	}
	for _, want := range []string{"points must be a power of two", "replicates must be at least 2", "trials", "cut must be above 0", "noise must be a share", `"z9"`, "most runs must be at least"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("must tell %q, got %v", want, err)
		}
	}
	if _, err := PriorOf([]design.Factor{{Name: "x", Low: 1, High: 9, Integer: true, Log: true}}); err == nil {
		t.Error("whole numbers in the logarithm must be refused")
	}
}

func TestBuiltInPosteriorsLoadAndSayWhetherTheyAreStale(t *testing.T) {
	for _, name := range scenarios.Posteriors() {
		particles, provenance, err := scenarios.Posterior(name)
		if err != nil {
			t.Fatal(err)
		}
		fit, err := ReadFit(particles, provenance)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		of, err := scenarios.Load(fit.Scenario.Name, nil)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, err := NewPosteriorEnsemble(of, fit, 10, 1); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if why := fit.Stale(of); why != nil {
			t.Logf("%s: %s", name, why)
		}
	}
	if _, _, err := scenarios.Posterior("nothing"); err == nil {
		t.Error("an unknown posterior must be refused")
	}
}

func TestIntervalsOfPosteriorsHoldTheTruthAsOftenAsTheySay(t *testing.T) {
	in50, in90, n := 0, 0, 0
	for rep := range uint64(24) {
		key := sim.NewKey(70).At(rep)
		spec := linearSpec(t)
		spec.Seed, spec.Targets, spec.MaxRuns, spec.Trials = rep, nil, 1000, 2
		truth := []float64{key.Label("a").Float(), key.Label("b").Float()}
		for k, id := range []string{"y1", "y2"} { // a run of the truth, documented as badly as the spec says
			luck := key.Label(id)
			y := 10 + 10*truth[k] + 0.5*luck.At(1).Normal()
			y += math.Hypot(0.01, 0.01)*y*luck.At(2).Normal() + 0.2*luck.At(3).Uniform(-1, 1)
			spec.Targets = append(spec.Targets, stub(id, y-0.2, y+0.2))
		}
		spec.Bias = 0
		c := calibrated(t, spec, &stores{of: map[string]*Memory{}})
		for j := range truth {
			n++
			if central(c.Posterior, j, 0.5).Holds(truth[j]) {
				in50++
			}
			if central(c.Posterior, j, 0.9).Holds(truth[j]) {
				in90++
			}
		}
	}
	if x := float64(in50) / float64(n); math.Abs(x-0.5) > 0.2 {
		t.Errorf("intervals of 50 %% must hold about half of %d truths, got %.2f", n, x)
	}
	if x := float64(in90) / float64(n); x < 0.78 {
		t.Errorf("intervals of 90 %% must hold about nine in ten of %d truths, got %.2f", n, x)
	}
}

// central is the interval of parameter j that leaves (1-level)/2 of the weight on either side.
func central(p *inference.Posterior, j int, level float64) inference.Interval {
	return inference.Interval{Low: p.Quantile(j, (1-level)/2), High: p.Quantile(j, (1+level)/2)}
}

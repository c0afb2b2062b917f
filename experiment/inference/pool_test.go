package inference

import (
	"math"
	"slices"
	"testing"

	"entrepot/sim"
)

// linear is a table of a model with a known posterior: y1 = 4a + noise, y2 = 4(a + b) + noise, and five statistics of noise alone;
// c is in none of them.
func linear(n int, key sim.Key) (Prior, Table) {
	prior := Prior{{Name: "a", High: 1}, {Name: "b", High: 1}, {Name: "c", High: 1}}
	var t Table
	for i := range n {
		k := key.At(uint64(i))
		v := prior.Values(prior.draw(k.Label("values")))
		s := []float64{4*v[0] + 0.2*k.At(1).Normal(), 4*(v[0]+v[1]) + 0.2*k.At(2).Normal()}
		for m := range uint64(5) {
			s = append(s, k.At(3+m).Normal())
		}
		t.Values, t.Statistics = append(t.Values, v), append(t.Statistics, s)
	}
	return prior, t
}

func documentedAt(a, b float64) []Observed {
	out := []Observed{At("y1", 4*a), At("y2", 4*(a+b))}
	for range 5 {
		out = append(out, At("noise", 0))
	}
	return out
}

func TestRegressionFindsThePosteriorOfALinearModel(t *testing.T) {
	prior, table := linear(2000, sim.NewKey(50))
	p, err := table.Regress(prior, documentedAt(0.4, 0.5), 0.2, nil, sim.NewKey(51))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	// a has a standard error of 0.2/4, b one of sqrt(2) times that.
	near(t, "mean of a", p.Mean(0), 0.4, 0.02)
	near(t, "sd of a", p.SD(0), 0.05, 0.015)
	near(t, "mean of b", p.Mean(1), 0.5, 0.03)
	near(t, "sd of b", p.SD(1), 0.0707, 0.02)
	near(t, "correlation of a and b", p.Correlation()[0][1], -1/math.Sqrt2, 0.15)
	near(t, "mean of c", p.Mean(2), 0.5, 0.06)
	near(t, "sd of c", p.SD(2), 1/math.Sqrt(12), 0.04)
}

func TestErrorsOfDocumentedFiguresWidenTheRegression(t *testing.T) {
	prior, table := linear(2000, sim.NewKey(52))
	sd := func(change func(o *Observed)) float64 {
		o := documentedAt(0.5, 0.5)
		change(&o[0])
		o[1].Low, o[1].High = math.NaN(), math.NaN() // a gap
		p, err := table.Regress(prior, o, 0.3, nil, sim.NewKey(53))
		if err != nil {
			t.Fatal(err)
		}
		return p.SD(0)
	}
	near(t, "sd of a", sd(func(*Observed) {}), 0.05, 0.02)
	near(t, "sd of a where the figure errs by 0.4", sd(func(o *Observed) { o.Noise = 0.4 }), math.Sqrt(0.2*0.2+0.4*0.4)/4, 0.03)
	near(t, "sd of a where the figure is 1.5 to 2.5", sd(func(o *Observed) { o.Low, o.High = 1.5, 2.5 }), math.Sqrt(0.2*0.2+1.0/12)/4, 0.025)
	half := sd(func(o *Observed) { *o = Observed{ID: "y1", Low: 2, High: math.Inf(1)} })
	near(t, "sd of a where all that is known is that it exceeds 0.5", half, 0.5/math.Sqrt(12), 0.04)
}

func TestRegressionRecoversWhatCanBeKnownWithHonestIntervals(t *testing.T) {
	prior, table := linear(512, sim.NewKey(54))
	for _, i := range []int{0, 1, 2, 100} {
		table.Statistics[i] = nil // failed runs
	}
	var figures []Figure
	for range 7 {
		figures = append(figures, Figure{ID: "y", Noise: 0.1})
	}
	report, err := RecoverByRegression(prior, table, figures, 0.2, 150, sim.NewKey(55))
	if err != nil {
		t.Fatal(err)
	}
	for j, want := range []Comeback{ComesBack, ComesBack, DoesNotComeBack} {
		row := report.Rows[j]
		if row.Comeback != want || row.Note != "" || !row.Interval50.Holds(0.5) {
			t.Errorf("%s must be %q with honest intervals, got %q (correlation %.2f), coverage %.2f and %.2f %s", row.Name, want, row.Comeback, row.Correlation, row.Coverage50, row.Coverage90, row.Note)
		}
	}
	again, _ := RecoverByRegression(prior, table, figures, 0.2, 150, sim.NewKey(55))
	if !slices.Equal(again.Rows[0].Ranks, report.Rows[0].Ranks) {
		t.Error("the same key must give the same report")
	}
}

func TestReplicatesOfTheTruthAreLeftOut(t *testing.T) {
	prior, table := linear(200, sim.NewKey(56))
	table.Values[1] = table.Values[0]
	p := table.pool(prior, documentedAt(0.5, 0.5), table.Values[0], sim.NewKey(57))
	if len(p.runs) != 198 || p.runs[0] != 2 {
		t.Errorf("both runs of the true values must be left out, got %d of 200, the first of them %d", len(p.runs), p.runs[0])
	}
}

func TestAdjustedValuesStayInAnyPrior(t *testing.T) {
	prior := Prior{{Name: "log", Kind: LogUniform, Low: 1, High: 100}, {Name: "whole", Kind: Integer, Low: 3, High: 9}, {Name: "level", Kind: Choice, Levels: []string{"x", "y"}}}
	var table Table
	for i := range 400 {
		k := sim.NewKey(58).At(uint64(i))
		v := prior.Values(prior.draw(k))
		table.Values, table.Statistics = append(table.Values, v), append(table.Statistics, []float64{math.Log(v[0]) + 0.1*k.At(9).Normal(), v[1] + 0.3*k.At(10).Normal(), v[2]})
	}
	p, err := table.Regress(prior, []Observed{At("y", math.Log(99)), At("whole", 9), At("level", 1)}, 0.3, nil, sim.NewKey(59))
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Check(); err != nil {
		t.Fatal(err)
	}
	if p.Quantile(0, 0.5) < 65 || p.Quantile(1, 0.5) < 8 || p.Chances(2)[1] < 0.8 {
		t.Errorf("the posterior must lie at the upper ends, got medians %v, %v and a chance of %v", p.Quantile(0, 0.5), p.Quantile(1, 0.5), p.Chances(2)[1])
	}
}

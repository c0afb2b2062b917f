package inference

import (
	"math"
	"slices"
	"strings"
	"testing"

	"entrepot/sim"
)

// sample is a posterior of made-up particles with uneven weights.
func sample(n int) *Posterior {
	p, sum := &Posterior{Prior: laws()}, 0.0
	for i := range n {
		k := sim.NewKey(52).At(uint64(i))
		p.Values = append(p.Values, p.Prior.Values(p.Prior.draw(k)))
		w := k.Label("weight").Exponential(1)
		p.Weights, p.Distances = append(p.Weights, w), append(p.Distances, k.Label("distance").Float())
		sum += w
	}
	for i := range p.Weights {
		p.Weights[i] /= sum
	}
	return p
}

func TestPosteriorReadsBackFromItsTable(t *testing.T) {
	p := sample(40)
	text := p.CSV()
	if !strings.HasPrefix(text, "share,tau,weeks,rule,weight,distance\n") || !strings.Contains(text, `"full, at once"`) {
		t.Fatalf("must have a header and quoted levels, got %q", text[:80])
	}
	got, err := ParsePosterior(laws(), text)
	if err != nil {
		t.Fatal(err)
	}
	if got.CSV() != text || !slices.Equal(got.Weights, p.Weights) {
		t.Error("must give the same bytes and bits again")
	}
	lines := strings.Split(text, "\n")
	for _, c := range []struct{ name, text, want string }{
		{"another header", strings.Replace(text, "tau", "mu", 1), "line 1: must be the columns share,tau"},
		{"a value outside the prior", strings.Replace(text, lines[3], "9"+lines[3], 1), "line 4: reading share: must be a value of its prior"},
		{"a weight that is none", strings.Join(append(slices.Clone(lines[:2]), "0.2,1,3,slow,much,1"), "\n"), `line 3: weight must be a number, got "much"`},
		{"weights that do not sum to 1", strings.Join(lines[:5], "\n"), "weights must sum to 1"},
		{"a row too short", strings.Join(append(slices.Clone(lines[:2]), "0.2,1"), "\n"), "wrong number of fields"},
		{"no particles", lines[0], "must have particles"},
		{"nothing", "", "EOF"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := ParsePosterior(laws(), c.text); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("must say %q, got %v", c.want, err)
			}
		})
	}
}

// World: values 1, 2, 3, 4 with weights 0.1, 0.2, 0.3, 0.4.
func TestMarginalsOfFourParticles(t *testing.T) {
	p := &Posterior{Prior: Prior{{Name: "n", Kind: Integer, Low: 1, High: 4}, {Name: "l", Kind: Choice, Levels: []string{"a", "b"}}},
		Values: [][]float64{{4, 1}, {2, 0}, {1, 0}, {3, 1}}, Weights: []float64{0.4, 0.2, 0.1, 0.3}, Distances: make([]float64, 4)}
	near(t, "mean", p.Mean(0), 3, 1e-12)
	near(t, "sd", p.SD(0), 1, 1e-12)
	near(t, "median", p.Quantile(0, 0.5), 3, 0)
	near(t, "tenth", p.Quantile(0, 0.1), 1, 0)
	near(t, "effective size", p.EffectiveSize(), 1/0.3, 1e-12)
	near(t, "contraction", p.Contraction(0), 1-1/math.Sqrt(15.0/12), 1e-12)
	near(t, "contraction of the choice", p.Contraction(1), 1-math.Sqrt((1-0.49-0.09)/0.5), 1e-12)
	near(t, "chance of b", p.Chances(1)[1], 0.7, 1e-12)
	near(t, "correlation", p.Correlation()[0][1], 0.4/math.Sqrt(0.21), 1e-9) // covariance 0.7 (25/7 - 3), variances 1 and 0.21
}

func TestVerdictsFollowTheContraction(t *testing.T) {
	var p Posterior
	p.Prior = Prior{uniform("sharp", 0, 1), uniform("wide", 0, 1), uniform("flat", 0, 1), {Name: "known", Kind: Choice, Levels: []string{"a", "b", "c"}}}
	const n = 400
	for i := range n {
		k := sim.NewKey(53).At(uint64(i))
		p.Values = append(p.Values, []float64{0.5 + 0.1*(k.At(0).Float()-0.5), 0.6 * k.At(1).Float(), k.At(2).Float(), 1})
		p.Weights, p.Distances = append(p.Weights, 1.0/n), append(p.Distances, 0)
	}
	for j, want := range []Verdict{Identified, Weak, NotIdentified, Identified} {
		m := p.Marginals(200, sim.NewKey(54))[j]
		if m.Verdict != want || !m.ContractionInterval.Holds(m.Contraction) {
			t.Errorf("%s must be %q, got %q (%.2f, %.2f to %.2f)", m.Name, want, m.Verdict, m.Contraction, m.ContractionInterval.Low, m.ContractionInterval.High)
		}
	}
	again, other := p.ContractionInterval(0, 50, sim.NewKey(55)), p.ContractionInterval(0, 50, sim.NewKey(56))
	if again != p.ContractionInterval(0, 50, sim.NewKey(55)) || again == other {
		t.Error("the bootstrap must be that of its key")
	}
}

func TestDrawsFollowTheWeights(t *testing.T) {
	p := sample(30)
	const n = 900
	draws, err := p.Draw(n, sim.NewKey(57))
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range p.Values {
		count := 0.0
		for _, d := range draws {
			if slices.Equal(d, v) {
				count++
			}
		}
		if math.Abs(count-n*p.Weights[i]) >= 1 {
			t.Errorf("particle %d must be drawn %.2f times to the next integer, got %v", i, n*p.Weights[i], count)
		}
	}
	if _, err := p.Draw(0, sim.NewKey(57)); err == nil {
		t.Error("no draws must be an error")
	}
}

func TestTiesNameTheCombination(t *testing.T) {
	for _, c := range []struct {
		name string
		b    Parameter
		of   func(a, noise float64) float64 // b from a
		want string                         // empty: no tie
	}{
		{"a sum", uniform("b", 0, 1), func(a, e float64) float64 { return 1 - a + e }, "a + b"},
		{"a difference", uniform("b", 0, 1), func(a, e float64) float64 { return a + e }, "a − b"},
		{"a weighted sum", uniform("b", 0, 4), func(a, e float64) float64 { return 4 * (1 - a + e) }, "a + 0.25 b"},
		{"a sum in which one weighs more", uniform("b", 0, 1), func(a, e float64) float64 { return 0.7*(1-a) + 0.1 + e }, "a + 1.4 b"},
		{"a product", Parameter{Name: "b", Kind: LogUniform, Low: 1, High: math.E}, func(a, e float64) float64 { return math.Exp(clamp(1-a+e, 0, 1)) }, "a + log(b)"},
		{"nothing", uniform("b", 0, 1), func(a, e float64) float64 { return 50 * (e + 0.01) }, ""},
		{"each known", uniform("b", 0, 100), func(a, e float64) float64 { return 50 + a }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &Posterior{Prior: Prior{uniform("a", 0, 1), c.b}}
			const n = 1000
			for i := range n {
				k := sim.NewKey(58).At(uint64(i))
				a := k.At(0).Float()
				p.Values = append(p.Values, []float64{a, c.of(a, 0.02*(k.At(1).Float()-0.5))})
				p.Weights, p.Distances = append(p.Weights, 1.0/n), append(p.Distances, 0)
			}
			got := ""
			for _, tie := range p.Ties() {
				got += tie.Combination
			}
			if got != c.want {
				t.Errorf("must be %q, got %q", c.want, got)
			}
		})
	}
}

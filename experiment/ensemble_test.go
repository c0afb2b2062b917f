package experiment

import (
	"math"
	"testing"

	"entrepot/sim"
)

func TestATallyKeepsValuesOnlyWhileTheyAreFew(t *testing.T) {
	for _, c := range []struct {
		name   string
		n      int
		keeps  int
		within float64 // relative error of quantiles
	}{
		{"as many as are few", fewValues, fewValues, 1e-12},
		{"one more", fewValues + 1, 0, 0.0025},
		{"many more", 10 * fewValues, 0, 0.0025},
	} {
		var y tally
		for i := range c.n {
			y.add(float64(i + 1))
			y.add(math.NaN()) // a run without the figure
		}
		if y.n() != c.n || len(y.first) != c.keeps || c.keeps == 0 && y.first != nil {
			t.Errorf("%s: %d values counted, %d kept, want %d and %d", c.name, y.n(), len(y.first), c.n, c.keeps)
		}
		half := float64(c.n+1) / 2
		if got := y.quantile(0.5); math.Abs(got/half-1) > c.within {
			t.Errorf("%s: median %g, want %g", c.name, got, half)
		}
		sd := math.Sqrt(float64(c.n) * float64(c.n+1) / 12)
		want := 1.96 * sd / math.Sqrt(float64(c.n))
		if m := y.mean(sim.NewKey(1)); m.Value != half || math.Abs((m.High-m.Low)/(2*want)-1) > 0.05 {
			t.Errorf("%s: mean %+v, want %g within %g", c.name, m, half, want)
		}
	}
}

package inference

import (
	"math"
	"strings"
	"testing"

	"entrepot/sim"
)

func laws() Prior {
	return Prior{uniform("share", 0.1, 0.4), {Name: "tau", Kind: LogUniform, Low: 1e-3, High: 50}, {Name: "weeks", Kind: Integer, Low: -2, High: 7},
		{Name: "rule", Kind: Choice, Levels: []string{"none", "full, at once", "slow"}}}
}

func TestLawsMapTheUnitInterval(t *testing.T) {
	p := laws()
	for _, c := range []struct {
		name    string
		q       Parameter
		u, want float64
	}{
		{"uniform, low end", p[0], 0, 0.1}, {"uniform, high end", p[0], 1, 0.4}, {"uniform, middle", p[0], 0.5, 0.25},
		{"log-uniform, low end", p[1], 0, 1e-3}, {"log-uniform, high end", p[1], 1, 50}, {"log-uniform, middle is the geometric mean", p[1], 0.5, math.Sqrt(0.05)},
		{"integer, low end", p[2], 0, -2}, {"integer, high end", p[2], 1, 7}, {"integer, last point of its cell", p[2], 0.0999, -2}, {"integer, next cell", p[2], 0.1, -1},
		{"choice, first", p[3], 0.33, 0}, {"choice, second", p[3], 0.34, 1}, {"choice, end", p[3], 1, 2},
	} {
		t.Run(c.name, func(t *testing.T) { near(t, "value", c.q.At(c.u), c.want, 1e-12) })
	}
}

// The density is the derivative of the inverse of At, and spread is that of what At gives.
func TestDensityAndSpreadAreThoseOfTheSample(t *testing.T) {
	const n = 20000
	for _, q := range laws() {
		t.Run(q.Name, func(t *testing.T) {
			mean, square, inside := 0.0, 0.0, 0.0
			for i := range n {
				u := (float64(i) + 0.5) / n
				x := q.At(u)
				y := q.scale(x)
				mean += y / n
				square += y * y / n
				inside += q.Density(x) / n
				const h = 1e-6
				if q.cells() == 0 && u > h && u < 1-h {
					near(t, "density times slope", q.Density(x)*(q.At(u+h)-q.At(u-h))/(2*h), 1, 1e-5)
				}
			}
			m, sd := q.spread()
			near(t, "mean", m, mean, 1e-3)
			near(t, "sd", sd, math.Sqrt(square-mean*mean), 1e-3)
			if n := float64(q.cells()); n > 0 {
				near(t, "chance of each value", inside, 1/n, 1e-9)
			}
			if q.Density(q.At(0)-1) != 0 && q.Kind != Choice || q.Density(1e9) != 0 {
				t.Error("density must be 0 outside")
			}
		})
	}
}

func TestSampleTakesDesignsAndRefusesWhatIsNone(t *testing.T) {
	p := laws()
	got, err := p.Sample([][]float64{{0, 0, 0, 0}, {0.5, 0.5, 0.5, 0.5}})
	if err != nil || len(got) != 2 || got[0][2] != -2 || got[1][3] != 1 {
		t.Errorf("must be two points, got %v and %v", got, err)
	}
	for want, unit := range map[string][]float64{"must have 4 coordinates, got 1": {0.5}, "must be in [0, 1], got 1.1": {0, 1.1, 0, 0}} {
		if _, err := p.Sample([][]float64{unit}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("must say %q, got %v", want, err)
		}
	}
}

func TestValuesReadBackToTheSameBits(t *testing.T) {
	for _, q := range laws() {
		for i := range uint64(200) {
			x := q.At(sim.NewKey(51).At(i).Float())
			got, err := q.Parse(q.Text(x))
			if err != nil || math.Float64bits(got) != math.Float64bits(x) {
				t.Fatalf("%s: %v must read back from %q, got %v, %v", q.Name, x, q.Text(x), got, err)
			}
		}
	}
	for text, q := range map[string]Parameter{"0.5": laws()[0], "2.5": laws()[2], "fast": laws()[3], "": laws()[1]} {
		if _, err := q.Parse(text); err == nil {
			t.Errorf("%s must not read %q", q.Name, text)
		}
	}
}

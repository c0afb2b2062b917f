package inference

import (
	"math"
	"testing"

	"entrepot/sim"

	"gonum.org/v1/gonum/stat/distuv"
)

func TestMassOfTheNormalLawAgreesWithTheErrorFunction(t *testing.T) {
	for _, c := range [][2]float64{{-1, 1}, {-30, 0.3}, {-0.2, 50}, {2, 2.9}, {2.9, 3.1}, {5, 7}, {12, 13}, {-7, -5}, {-0.1, -0.05}, {0, 3}} {
		a, b := c[0], c[1]
		want := (math.Erfc(a/math.Sqrt2) - math.Erfc(b/math.Sqrt2)) / 2
		if a < 0 && b < 0 {
			want = (math.Erfc(-b/math.Sqrt2) - math.Erfc(-a/math.Sqrt2)) / 2
		}
		if got := math.Exp(logMass(a, b)); math.Abs(got/want-1) > 1e-11 {
			t.Errorf("mass between %v and %v must be %v, got %v", a, b, want, got)
		}
	}
	if got := logMass(100, 101); !(got < -5000 && got > -5020) {
		t.Errorf("logarithm of the mass between 100 and 101 must be near -5005.5, got %v", got)
	}
}

func TestTableOfTailsAgreesWithTheErrorFunction(t *testing.T) {
	table := newTails()
	for x := 0.0; x < 12; x += 0.0037 {
		if got, want := table.upper(x), math.Erfc(x/math.Sqrt2)/2; math.Abs(got-want) > 1e-11 {
			t.Fatalf("chance above %v must be %v, got %v", x, want, got)
		}
	}
}

func TestTruncatedQuantileInvertsTheMass(t *testing.T) {
	for _, c := range [][3]float64{{-1, 2, 0.3}, {-50, 50, 0.9}, {4, 90, 0.5}, {-90, -4, 0.01}, {60, 60.5, 0.7}, {-2, -1, 0.999}} {
		a, b, u := c[0], c[1], c[2]
		z := truncatedQuantile(a, b, u)
		got := math.Exp(logMass(a, z) - logMass(a, b))
		if !(z >= a && z <= b) || math.Abs(got-u) > 1e-9 {
			t.Errorf("the %v quantile of [%v, %v] is %v, whose share is %v", u, a, b, z, got)
		}
	}
}

func TestKernelDensityIsThatOfItsDraws(t *testing.T) {
	centres := [][]float64{{0.1, 0.9}, {0.5, 0.55}, {0.95, 0.02}, {0.3, 0.6}}
	k := newKernel(centres, []float64{0.4, 0.3, 0.2, 0.1}, []float64{0, 0}, []float64{1, 1})
	const n, cells = 30000, 6
	var counts [cells][cells]float64
	root := sim.NewKey(3)
	for i := range n {
		x := k.draw(root.At(uint64(i)))
		counts[min(int(x[0]*cells), cells-1)][min(int(x[1]*cells), cells-1)]++
	}
	// The midpoint rule on a fine grid gives the mass of each cell.
	const fine = 10
	total, chi, free := 0.0, 0.0, -1.0
	for a := range cells {
		for b := range cells {
			mass := 0.0
			for i := range fine {
				for j := range fine {
					x := []float64{(float64(a) + (float64(i)+0.5)/fine) / cells, (float64(b) + (float64(j)+0.5)/fine) / cells}
					mass += k.density(x) / (cells * cells * fine * fine)
				}
			}
			total += mass
			if mass*n > 5 {
				chi += (counts[a][b] - mass*n) * (counts[a][b] - mass*n) / (mass * n)
				free++
			}
		}
	}
	if math.Abs(total-1) > 0.005 {
		t.Errorf("the density must integrate to 1, got %v", total)
	}
	if p := (distuv.ChiSquared{K: free}).Survival(chi); p < 1e-3 {
		t.Errorf("draws and density disagree: chi-squared %.1f on %.0f, p = %.2g", chi, free, p)
	}
}

func TestKernelCovarianceIsTwiceThatOfItsCentres(t *testing.T) {
	// Far from the bounds nothing is cut: centres and kernel add up to three times the covariance.
	root := sim.NewKey(5)
	var centres [][]float64
	var weights []float64
	for i := range 100 {
		x := 0.5 + 0.01*root.At(uint64(2*i)).Normal()
		centres = append(centres, []float64{x, 1 - x + 0.005*root.At(uint64(2*i+1)).Normal()})
		weights = append(weights, 1.0/100)
	}
	k := newKernel(centres, weights, []float64{0, 0}, []float64{1, 1})
	var draws [][]float64
	var even []float64
	for i := range 8000 {
		draws = append(draws, k.draw(root.Label("draw").At(uint64(i))))
		even = append(even, 1.0/8000)
	}
	want, got := covariance(centres, weights, 3), covariance(draws, even, 1)
	for a := range 2 {
		for b := range 2 {
			if math.Abs(got[a][b]/want[a][b]-1) > 0.08 {
				t.Errorf("covariance %d,%d must be near %v, got %v", a, b, want[a][b], got[a][b])
			}
		}
	}
}

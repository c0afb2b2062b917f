package stats

import (
	"math"

	"gonum.org/v1/gonum/stat/distuv"
)

// Precision says how well n runs know a mean and how many runs know it well enough.
type Precision struct {
	N      int     // runs that gave a number
	StdErr float64 // of the mean, in its unit
	CV     float64 // coefficient of variation between runs: standard deviation over |mean|

	// HalfWidth of the t interval of the mean, as a share of |mean|: 0.05 is plus or minus 5 %.
	HalfWidth float64
	// Needed is the number of runs that gives the half-width wanted, with a chance of at least four in five: it is reckoned with
	// the 80 % upper bound of the spread, since few runs may show too little of it (Browne 1995). Zero where no number can be
	// named: fewer than two runs, a mean of zero, or more than a billion.
	Needed int
}

// assurance is the chance that the recommended number suffices.
const assurance = 0.8

// Precision reckons how many runs give a relative half-width such as 0.05, at a level such as 0.95.
func (m *Moments) Precision(wanted, level float64) Precision {
	p := Precision{N: m.n, StdErr: m.StdErr()}
	p.CV = m.StdDev() / math.Abs(m.mean)
	p.HalfWidth = math.NaN()
	if m.n < 2 {
		return p
	}
	freedom := float64(m.n - 1)
	p.HalfWidth = relativeHalfWidth(p.CV, m.n, level)
	upper := p.CV * math.Sqrt(freedom/distuv.ChiSquared{K: freedom}.Quantile(1-assurance))
	if p.Needed = runsFor(upper, wanted, level); p.HalfWidth <= wanted {
		p.Needed = min(p.Needed, m.n)
	}
	return p
}

func relativeHalfWidth(cv float64, n int, level float64) float64 {
	t := distuv.StudentsT{Sigma: 1, Nu: float64(n - 1)}.Quantile((1 + level) / 2)
	return cv * t / math.Sqrt(float64(n))
}

// runsFor starts at what the normal distribution asks for and adds runs until Student's t is content.
func runsFor(cv, wanted, level float64) int {
	z := distuv.UnitNormal.Quantile((1 + level) / 2)
	least := math.Pow(z*cv/wanted, 2)
	if !(least <= 1e9 && wanted > 0) {
		return 0
	}
	n := max(2, int(math.Ceil(least)))
	for relativeHalfWidth(cv, n, level) > wanted {
		n++
	}
	return n
}

package stats

import "math"

// Moments are the running mean and variance of numbers that are seen once (Welford 1962). The zero value is empty. Rounding
// depends on the order in the last bits: where bytes matter, add in the order of runs.
type Moments struct {
	n, missing int
	mean       float64
	squares    float64 // sum of squared distances from the mean
	min, max   float64
}

// Add takes a number in; one that is not finite counts as missing.
func (m *Moments) Add(x float64) {
	if !finite(x) {
		m.missing++
		return
	}
	if m.n == 0 {
		m.min, m.max = x, x
	}
	m.n++
	m.min, m.max = min(m.min, x), max(m.max, x)
	d := x - m.mean
	m.mean += d / float64(m.n)
	m.squares += d * (x - m.mean)
}

// Merge takes in what another has seen (Chan, Golub & LeVeque 1983).
func (m *Moments) Merge(o Moments) {
	if m.n == 0 || o.n == 0 {
		missing := m.missing + o.missing
		if m.n == 0 {
			*m = o
		}
		m.missing = missing
		return
	}
	n, d := float64(m.n+o.n), o.mean-m.mean
	m.mean += d * float64(o.n) / n
	m.squares += o.squares + d*d*float64(m.n)*float64(o.n)/n
	m.min, m.max = min(m.min, o.min), max(m.max, o.max)
	m.n += o.n
	m.missing += o.missing
}

// N returns how many numbers were taken in, Missing how many were not finite.
func (m *Moments) N() int       { return m.n }
func (m *Moments) Missing() int { return m.missing }

// Mean returns the mean, NaN of nothing.
func (m *Moments) Mean() float64 { return m.ifSeen(m.mean) }

// Min and Max return the extremes, NaN of nothing.
func (m *Moments) Min() float64 { return m.ifSeen(m.min) }
func (m *Moments) Max() float64 { return m.ifSeen(m.max) }

func (m *Moments) ifSeen(x float64) float64 {
	if m.n == 0 {
		return math.NaN()
	}
	return x
}

// Variance returns the unbiased variance, NaN of fewer than two.
func (m *Moments) Variance() float64 {
	if m.n < 2 {
		return math.NaN()
	}
	return m.squares / float64(m.n-1)
}

// StdDev returns the standard deviation, StdErr that of the mean.
func (m *Moments) StdDev() float64 { return math.Sqrt(m.Variance()) }
func (m *Moments) StdErr() float64 { return m.StdDev() / math.Sqrt(float64(m.n)) }

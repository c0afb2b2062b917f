package inference

import (
	"errors"
	"fmt"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"
)

// Emulator is a quadratic regression of a target's mean on the unit coordinates, with its check: leave-one-out errors,
// which least squares has without fitting again (e/(1-h), Allen 1974).
type Emulator struct {
	Noise    float64 // mean variance of a single run over the points it was fitted to
	Residual float64 // variance left by the fit: noise of the means and what is not quadratic
	Q2       float64 // 1 - sum of squared leave-one-out errors / total sum of squares; 1 is perfect, below 0 useless
	// Within3 is the share of points whose leave-one-out error is within three of the standard deviations it states.
	Within3   float64
	low, high []float64
	beta      *mat.VecDense
	inverse   *mat.Dense // of X'X
}

// leastQ2 and leastWithin3 are what an emulator must reach to be trusted.
const (
	leastQ2      = 0.7
	leastWithin3 = 0.95
)

// Trusted tells whether the leave-one-out check was passed: Q2 at least 0.7, and 95 % of the errors within three of their
// standard deviations. What is not trusted should rule nothing out.
func (e *Emulator) Trusted() bool { return e.Q2 >= leastQ2 && e.Within3 >= leastWithin3 }

// Emulate fits an emulator to the figures of target k in a wave. It needs at least 1.5 times as many points with a figure
// as the (d+1)(d+2)/2 terms of the regression in d parameters.
func (w *Wave) Emulate(k int) (*Emulator, error) {
	if k < 0 || k >= len(w.Targets) {
		return nil, fmt.Errorf("emulating: must be one of %d targets, got %d", len(w.Targets), k)
	}
	e := &Emulator{low: w.Space.Low, high: w.Space.High}
	var x, y, noise []float64
	for i, s := range w.summaries[k] {
		if s.n > 0 {
			x, y, noise = append(x, e.terms(w.Points[i])...), append(y, s.mean), append(noise, s.variance)
		}
	}
	d := len(e.low)
	terms := (d + 1) * (d + 2) / 2
	if 2*len(y) < 3*terms {
		return nil, fmt.Errorf("emulating %s: must have at least %d points with a figure, got %d", w.Targets[k].ID, (3*terms+1)/2, len(y))
	}
	e.Noise = stat.Mean(noise, nil)
	if err := e.fit(mat.NewDense(len(y), terms, x), y); err != nil {
		return nil, fmt.Errorf("emulating %s: %w", w.Targets[k].ID, err)
	}
	return e, nil
}

// terms is 1, x_i, x_i x_j (i <= j), with the box mapped to [-1, 1].
func (e *Emulator) terms(unit []float64) []float64 {
	x := make([]float64, len(unit))
	for j, u := range unit {
		x[j] = 2*(u-e.low[j])/(e.high[j]-e.low[j]) - 1
	}
	out := append([]float64{1}, x...)
	for i := range x {
		for j := i; j < len(x); j++ {
			out = append(out, x[i]*x[j])
		}
	}
	return out
}

func (e *Emulator) fit(x *mat.Dense, y []float64) error {
	n, terms := x.Dims()
	var qr mat.QR
	qr.Factorize(x)
	if qr.Cond() > 1e10 {
		return errors.New("the points must tell all terms apart: an integer with two values or few levels has no square")
	}
	e.beta = new(mat.VecDense)
	if err := qr.SolveVecTo(e.beta, false, mat.NewVecDense(n, y)); err != nil {
		return err
	}
	var gram mat.Dense
	gram.Mul(x.T(), x)
	e.inverse = new(mat.Dense)
	if err := e.inverse.Inverse(&gram); err != nil {
		return err
	}
	e.check(x, y, n-terms)
	return nil
}

// check fills in residual variance and leave-one-out figures.
func (e *Emulator) check(x *mat.Dense, y []float64, free int) {
	residual, leverage, sum := make([]float64, len(y)), make([]float64, len(y)), 0.0
	for i := range y {
		row := mat.NewVecDense(x.RawMatrix().Cols, x.RawRowView(i))
		residual[i], leverage[i] = y[i]-mat.Dot(row, e.beta), mat.Inner(row, e.inverse, row)
		sum += residual[i] * residual[i]
	}
	e.Residual = sum / float64(free)
	press, within := 0.0, 0.0
	for i := range y {
		left := max(1-leverage[i], 1e-9)
		out := residual[i] / left
		press += out * out
		if out*out <= 9*e.Residual/left {
			within++
		}
	}
	e.Within3 = within / float64(len(y))
	e.Q2 = 1 // a figure that never varies is no riddle
	if total := stat.Variance(y, nil) * float64(len(y)-1); total > 0 {
		e.Q2 = 1 - press/total
	}
}

// Predict returns the mean at a unit point and the variance of that prediction: s²(1 + x'(X'X)⁻¹x), which takes what is not
// quadratic for error.
func (e *Emulator) Predict(unit []float64) (mean, variance float64) {
	x := e.terms(unit)
	row := mat.NewVecDense(len(x), x)
	return mat.Dot(row, e.beta), e.Residual * (1 + mat.Inner(row, e.inverse, row))
}

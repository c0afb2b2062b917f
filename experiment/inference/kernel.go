package inference

import (
	"math"

	"entrepot/sim"
)

// kernel is a mixture of Gaussians around weighted centres, each cut at the bounds of a box. Coordinate k is drawn after
// those before it from its conditional law, truncated to [low, high] (Geweke, Hajivassiliou & Keane): nothing falls outside
// and the density is known exactly, so that no run is spent where the prior is zero and weights need no correction.
// Where the bounds are far it is the plain Gaussian kernel.
type kernel struct {
	centres   [][]float64
	weights   []float64 // sum 1
	factor    [][]float64
	inverse   []float64 // of the diagonal of factor
	peak      float64   // logarithm of the uncut density at a centre
	low, high []float64
	tails     *tails
}

// smallest is the variance that the kernel keeps in every coordinate when all centres agree.
const smallest = 1e-12

// newKernel takes twice the weighted covariance of its centres (Beaumont et al. 2009).
func newKernel(centres [][]float64, weights, low, high []float64) *kernel {
	k := &kernel{centres: centres, weights: weights, low: low, high: high, tails: newTails()}
	k.factor = cholesky(covariance(centres, weights, 2))
	for i := range k.factor {
		k.inverse = append(k.inverse, 1/k.factor[i][i])
		k.peak -= halfLog2Pi + sim.Log(k.factor[i][i])
	}
	return k
}

// covariance returns scale times the weighted covariance, [d][d]; weights sum to 1.
func covariance(x [][]float64, w []float64, scale float64) [][]float64 {
	d := len(x[0])
	mean := make([]float64, d)
	for i, row := range x {
		for j, v := range row {
			mean[j] += float64(w[i] * v)
		}
	}
	out := square(d)
	for i, row := range x {
		for a := range d {
			for b := range a + 1 {
				out[a][b] += float64(float64(scale*w[i]) * float64((row[a]-mean[a])*(row[b]-mean[b])))
			}
		}
	}
	for a := range d {
		for b := range a {
			out[b][a] = out[a][b]
		}
	}
	return out
}

func square(d int) [][]float64 {
	out := make([][]float64, d)
	for i := range out {
		out[i] = make([]float64, d)
	}
	return out
}

// cholesky returns the lower factor. gonum's gives other bits on other processors, and this one decides runs. Coordinates
// that depend on others keep a little variance of their own.
func cholesky(a [][]float64) [][]float64 {
	l := square(len(a))
	for i := range a {
		for j := range i + 1 {
			sum := a[i][j]
			for k := range j {
				sum -= float64(l[i][k] * l[j][k])
			}
			if i == j {
				l[i][i] = math.Sqrt(max(sum, 0) + smallest)
			} else {
				l[i][j] = sum / l[j][j]
			}
		}
	}
	return l
}

// draw returns a point of the box under a key.
func (k *kernel) draw(key sim.Key) []float64 {
	centre := k.centres[pick(k.weights, key.Label("centre").Float())]
	z, x := make([]float64, len(centre)), make([]float64, len(centre))
	for i := range x {
		mean, sd := k.conditional(centre, z, i), k.factor[i][i]
		z[i] = truncated((k.low[i]-mean)/sd, (k.high[i]-mean)/sd, key.At(uint64(i)))
		x[i] = clamp(mean+float64(sd*z[i]), k.low[i], k.high[i])
	}
	return x
}

func (k *kernel) conditional(centre, z []float64, i int) float64 {
	mean := centre[i]
	for m := range i {
		mean += float64(k.factor[i][m] * z[m])
	}
	return mean
}

// negligible is a logarithm below which a centre adds nothing: conditional laws ahead raise it by some tens at most, and the
// centre a point was drawn from stands far above.
const negligible = -300

// density is that of draw at x, per unit of volume of the cube.
func (k *kernel) density(x []float64) float64 {
	z, sum := make([]float64, len(x)), 0.0
	for c, centre := range k.centres {
		log, mass := 0.0, 1.0
		for i := range x {
			mean, per := k.conditional(centre, z, i), k.inverse[i]
			z[i] = float64((x[i] - mean) * per)
			log -= float64(z[i]*z[i]) / 2
			if a, b := float64((k.low[i]-mean)*per), float64((k.high[i]-mean)*per); a <= 0 && b >= 0 {
				mass *= 1 - k.tails.upper(-a) - k.tails.upper(b)
			} else {
				log -= logMass(a, b)
			}
			if log < negligible {
				break
			}
		}
		if log >= negligible {
			sum += float64(k.weights[c] * sim.Exp(log+k.peak) / mass)
		}
	}
	return sum
}

// pick returns the index whose share of the weights, which sum to 1, holds u.
func pick(weights []float64, u float64) int {
	last := 0
	for i, w := range weights {
		if w > 0 {
			last = i
			if u < w {
				return i
			}
		}
		u -= w
	}
	return last // rounding: the weights summed to a little less than 1
}

const (
	halfLog2Pi = 0.918938533204672741780329736406 // log(2 pi)/2
	farTail    = 3
	allOfIt    = 9 // less than 2^-60 lies further out
)

// logUpper is the logarithm of the chance that a standard normal number exceeds x >= 0: the series of Marsaglia (2004)
// below 3, Laplace's continued fraction above. Relative error of the chance below 1e-12.
func logUpper(x float64) float64 {
	square := float64(x * x)
	logDensity := -square/2 - halfLog2Pi
	if x < farTail {
		term, sum := x, x
		for n := 3.0; term > 1e-17*sum; n += 2 {
			term = term * square / n
			sum += term
		}
		return sim.Log(0.5 - float64(sum*sim.Exp(logDensity)))
	}
	fraction := x
	for n := 40.0; n >= 1; n-- {
		fraction = x + n/fraction
	}
	return logDensity - sim.Log(fraction)
}

// tails holds chance and density of the normal law at multiples of 1/16, for the many evaluations of a density.
type tails struct{ chance, density [16*allOfIt + 1]float64 }

func newTails() *tails {
	t := new(tails)
	for i := range t.chance {
		x := float64(i) / 16
		t.chance[i], t.density[i] = sim.Exp(logUpper(x)), sim.Exp(-float64(x*x)/2-halfLog2Pi)
	}
	return t
}

// upper is the chance that a standard normal number exceeds x >= 0: the Taylor series of fifth order around the nearest
// point of the table, error below 1e-11.
func (t *tails) upper(x float64) float64 {
	if x >= allOfIt {
		return 0
	}
	i := int(float64(x*16) + 0.5)
	a := float64(i) / 16
	h, a2 := x-a, float64(a*a)
	s := float64((3 + float64(a2*(a2-6))) * float64(h*(1.0/120))) // Hermite polynomials of a
	s = float64((s - float64(float64(a*(a2-3))*(1.0/24))) * h)
	s = float64((s + float64((a2-1)*(1.0/6))) * h)
	s = float64((s - float64(a*0.5)) * h)
	return t.chance[i] - float64(t.density[i]*float64((s+1)*h))
}

// logMass is the logarithm of the chance that a standard normal number falls between a and b, a < b. It stays finite far
// out in the tails.
func logMass(a, b float64) float64 {
	switch {
	case a < -allOfIt && b > allOfIt:
		return 0
	case b < 0:
		return logMass(-b, -a)
	case a <= 0:
		return sim.Log1p(-sim.Exp(logUpper(-a)) - sim.Exp(logUpper(b)))
	}
	upper := logUpper(a)
	return upper + sim.Log(-sim.Expm1(logUpper(b)-upper))
}

// truncated returns a draw of the standard normal law cut to [a, b]: by rejection where 0 lies within (the kernel's own
// width keeps a good part of it inside), else, and when luck is bad, by inversion.
func truncated(a, b float64, key sim.Key) float64 {
	const tries = 64
	if a <= 0 && b >= 0 {
		for n := range uint64(tries) {
			if z := key.At(n).Normal(); z >= a && z <= b {
				return z
			}
		}
	}
	return truncatedQuantile(a, b, key.At(tries).Float())
}

// truncatedQuantile returns the point of [a, b] below which a standard normal number, known to lie there, falls with
// chance u.
func truncatedQuantile(a, b, u float64) float64 {
	const reach = 40 // beyond which nothing is left in float64
	if b < 0 {
		return -truncatedQuantile(-b, -a, 1-u)
	}
	a, b = max(a, -reach), min(b, max(a, 0)+reach)
	total := logMass(a, b)
	lo, hi := a, b
	for range 60 {
		mid := lo + (hi-lo)/2
		if mid <= lo || mid >= hi {
			break
		}
		if sim.Exp(logMass(a, mid)-total) < u {
			lo = mid
		} else {
			hi = mid
		}
	}
	return lo + (hi-lo)/2
}

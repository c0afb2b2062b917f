package sim

import "math"

// Samplers. Each is a function of its key alone: it takes what luck it needs from the sub-keys k.At(0), k.At(1), ..., so
// a draw that needs more of it shifts nobody else's. The same key must not be used for two samplers, nor for a sampler
// and for Float or Bits, if the two draws are to be independent.
//
// Uniform, Normal, LogNormal and Exponential, and Poisson and Binomial with a mean below ten, read one uniform number and
// are monotone in it: under common random numbers a small change of a parameter changes the draw little.
// None allocates, and all give the same bits on every machine. A parameter outside its range is a bug of the caller, and
// panics; what a user's file holds is to be checked where it is read.

// Uniform returns a uniform number in [lo, hi).
func (k Key) Uniform(lo, hi float64) float64 {
	x := lo + float64((hi-lo)*k.At(0).Float())
	if x >= hi && lo < hi { // the sum was rounded up
		return math.Nextafter(hi, lo)
	}
	return x
}

// openFloat returns a uniform number in (0, 1), a multiple of 2^-53 that is as far from 0 as its mirror image from 1.
func (k Key) openFloat() float64 { return float64((float64(uint64(k)>>12) + 0.5) * 0x1p-52) }

// Normal returns a draw of the standard normal law (mean 0, variance 1), by inversion: Wichura (1988), algorithm AS 241,
// relative error near 1e-15. |z| is at most 8.3.
func (k Key) Normal() float64 { return normalQuantile(k.At(0).openFloat()) }

// LogNormal returns a draw with the given median whose logarithm has standard deviation sigma; its mean is
// median * exp(sigma^2/2).
func (k Key) LogNormal(median, sigma float64) float64 {
	if !(median >= 0 && sigma >= 0) {
		panic("sim: LogNormal: median and sigma must be at least 0")
	}
	return median * Exp(sigma*k.Normal())
}

// Exponential returns a draw of the exponential law with the given mean, mean >= 0, in the unit of the mean.
func (k Key) Exponential(mean float64) float64 {
	if !(mean >= 0) {
		panic("sim: Exponential: mean must be at least 0")
	}
	return -mean * Log(k.At(0).openFloat())
}

// inversionBelow is the mean under which Poisson and Binomial are drawn by adding up probabilities from zero; the
// rejection methods need at least this mean.
const inversionBelow = 10

// largestMean bounds Poisson and Binomial: counts stay exact in a float64.
const largestMean = 1 << 50

// Poisson returns a draw of the Poisson law with mean lambda, 0 <= lambda <= 2^50. Below 10 by inversion, above by
// transformed rejection (Hoermann 1993, algorithm PTRS), with the probabilities in Loader's (2000) form, which keeps its
// accuracy at any mean.
func (k Key) Poisson(lambda float64) int64 {
	switch {
	case !(lambda >= 0 && lambda <= largestMean):
		panic("sim: Poisson: mean must be between 0 and 2^50")
	case lambda == 0:
		return 0
	case lambda < inversionBelow:
		return poissonInversion(k.At(0).Float(), lambda)
	}
	b := 0.931 + float64(2.53*math.Sqrt(lambda))
	a := -0.059 + float64(0.02483*b)
	invAlpha := 1.1239 + 1.1328/(b-3.4)
	squeeze := 0.9277 - 3.6224/(b-2)
	for try := uint64(0); ; try += 2 {
		u, v := k.At(try).Float()-0.5, k.At(try+1).openFloat()
		us := 0.5 - math.Abs(u)
		n := math.Floor(float64((float64(2*a)/us+b)*u) + lambda + 0.43)
		if us >= 0.07 && v <= squeeze {
			return int64(n)
		}
		if n < 0 || us < 0.013 && v > us {
			continue
		}
		if Log(v*invAlpha/(a/float64(us*us)+b)) <= logPoisson(n, lambda) {
			return int64(n)
		}
	}
}

// poissonInversion returns the smallest n whose distribution function exceeds u.
func poissonInversion(u, lambda float64) int64 {
	if u < 1-lambda-0x1p-50 { // which is below exp(-lambda): of rare events there are mostly none
		return 0
	}
	p := Exp(-lambda)
	for n := int64(0); ; {
		u -= p
		if u < 0 || p < 0x1p-60 && float64(n) > lambda {
			return n
		}
		n++
		p = p * lambda / float64(n)
	}
}

// Binomial returns the number of successes in n independent trials of chance p each; n between 0 and 2^50, p in [0, 1].
// Below a mean of 10 by inversion, above by transformed rejection (Hoermann 1993, algorithm BTRS).
func (k Key) Binomial(n int64, p float64) int64 {
	switch {
	case !(n >= 0 && n <= largestMean):
		panic("sim: Binomial: trials must be between 0 and 2^50")
	case !(p >= 0 && p <= 1):
		panic("sim: Binomial: chance must be between 0 and 1")
	case p > 0.5:
		return n - k.binomialHalf(n, 1-p)
	}
	return k.binomialHalf(n, p)
}

// binomialHalf is Binomial for p <= 1/2.
func (k Key) binomialHalf(n int64, p float64) int64 {
	trials := float64(n)
	mean := float64(trials * p)
	if mean < inversionBelow {
		return binomialInversion(k.At(0).Float(), n, p)
	}
	deviation := math.Sqrt(mean * (1 - p))
	b := 1.15 + float64(2.53*deviation)
	a := -0.0873 + float64(0.0248*b) + float64(0.01*p)
	alpha := float64((2.83 + 5.1/b) * deviation)
	squeeze := 0.92 - 4.2/b
	mode := math.Floor(float64((trials + 1) * p))
	atMode := logBinomial(mode, trials, p)
	for try := uint64(0); ; try += 2 {
		u, v := k.At(try).Float()-0.5, k.At(try+1).openFloat()
		us := 0.5 - math.Abs(u)
		x := math.Floor(float64((float64(2*a)/us+b)*u) + mean + 0.5)
		if x < 0 || x > trials {
			continue
		}
		if us >= 0.07 && v <= squeeze {
			return int64(x)
		}
		if Log(v*alpha/(a/float64(us*us)+b)) <= logBinomial(x, trials, p)-atMode {
			return int64(x)
		}
	}
}

// binomialInversion returns the smallest count whose distribution function exceeds u; p <= 1/2 and a mean below 10.
func binomialInversion(u float64, n int64, p float64) int64 {
	if p == 0 {
		return 0
	}
	odds := p / (1 - p)
	q := Exp(float64(float64(n) * Log1p(-p)))
	for x := int64(0); x < n; {
		u -= q
		if u < 0 || q < 0x1p-60 && float64(x) > float64(n)*p {
			return x
		}
		q = q * odds * (float64(n-x) / float64(x+1))
		x++
	}
	return n
}

const logSqrt2Pi = 0.91893853320467274178 // ln(2 pi)/2

// logPoisson returns the logarithm of the Poisson probability of n (Loader 2000).
func logPoisson(n, lambda float64) float64 {
	if n == 0 {
		return -lambda
	}
	return -stirlingError(n) - deviance(n, lambda) - logSqrt2Pi - float64(0.5*Log(n))
}

// logBinomial returns the logarithm of the binomial probability of x successes in n trials, 0 < p < 1 (Loader 2000).
func logBinomial(x, n, p float64) float64 {
	switch x {
	case 0:
		return n * Log1p(-p)
	case n:
		return n * Log(p)
	}
	y := n - x
	return stirlingError(n) - stirlingError(x) - stirlingError(y) -
		deviance(x, n*p) - deviance(y, n*(1-p)) -
		logSqrt2Pi - float64(0.5*(Log(x)+Log(y/n)))
}

// stirlingError returns ln n! - [ln(2 pi n)/2 + n ln n - n] for an integer n >= 1, to 1e-15.
func stirlingError(n float64) float64 {
	if n < 16 {
		fact := 1.0
		for i := 2.0; i <= n; i++ {
			fact *= i // exact up to 18!
		}
		return Log(fact) - logSqrt2Pi - float64((n+0.5)*Log(n)) + n
	}
	n2 := float64(n * n)
	return (1./12 - (1./360-(1./1260-(1./1680-(1./1188)/n2)/n2)/n2)/n2) / n
}

// deviance returns x ln(x/m) + m - x, which is never negative, without the cancellation near x = m (Loader 2000, bd0).
func deviance(x, m float64) float64 {
	if math.Abs(x-m) >= 0.1*(x+m) {
		return float64(x*Log(x/m)) + m - x
	}
	v := (x - m) / (x + m)
	sum := float64((x - m) * v)
	term, v2 := 2*x*v, float64(v*v)
	for j := 1; ; j++ {
		term *= v2
		next := sum + term/float64(2*j+1)
		if next == sum {
			return sum
		}
		sum = next
	}
}

// normalQuantile returns the z below which a standard normal number falls with chance p, 0 < p < 1 (AS 241, PPND16).
func normalQuantile(p float64) float64 {
	q := p - 0.5
	if math.Abs(q) <= 0.425 {
		r := 0.180625 - float64(q*q)
		return q * ratio(r,
			2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
			13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608,
			5226.495278852854561, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
			5394.1960214247511077, 687.1870074920579083, 42.313330701600911252)
	}
	r := math.Sqrt(-Log(min(p, 1-p)))
	var z float64
	if r <= 5 {
		z = ratio(r-1.6,
			7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
			3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734,
			1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
			0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187)
	} else {
		z = ratio(r-5,
			2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
			0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772,
			2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
			0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769)
	}
	if q < 0 {
		return -z
	}
	return z
}

// ratio evaluates a quotient of two polynomials of degree seven in r, highest power first; the last coefficient of the
// lower one is 1.
func ratio(r, a7, a6, a5, a4, a3, a2, a1, a0, b7, b6, b5, b4, b3, b2, b1 float64) float64 {
	a := float64(a7*r) + a6
	a = float64(a*r) + a5
	a = float64(a*r) + a4
	a = float64(a*r) + a3
	a = float64(a*r) + a2
	a = float64(a*r) + a1
	a = float64(a*r) + a0
	b := float64(b7*r) + b6
	b = float64(b*r) + b5
	b = float64(b*r) + b4
	b = float64(b*r) + b3
	b = float64(b*r) + b2
	b = float64(b*r) + b1
	b = float64(b*r) + 1
	return a / b
}

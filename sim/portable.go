package sim

import "math"

// Exponentials and logarithms whose bits are the same on every machine.
//
// The math package uses assembly on some architectures and not on others, and the compiler may fuse x*y + z into one
// rounding where the processor can (arm64, GOAMD64=v3, ...). The functions here use only +, -, *, / and bit operations,
// and round every product that is then added with an explicit float64(x*y), which the language says forbids the fusion.
// Only math.Float64bits and its like are taken from math.
//
// Method: table-driven argument reduction (Tang 1989, 1990; as in the ARM optimized routines of S. Nagy) and a short
// Taylor polynomial. Largest errors seen against math/big over 50 000 arguments of each kind: Exp, Log and Pow 0.51 ulp,
// Log1p 0.66, Expm1 1.00, and 0.51 where the result is subnormal.

const (
	// roundShift added and subtracted rounds a float64 below 2^51 in size to the nearest integer, and leaves that
	// integer in the low bits of the sum.
	roundShift = 0x1.8p52

	expInvLn2 = 0x1.71547652b82fep+7   // 128/ln 2
	expLn2Hi  = 0x1.62e42fefc0000p-8   // ln 2 / 128, first 35 bits: its product with an 18-bit integer is exact
	expLn2Lo  = -0x1.c610ca86c3899p-44 // the rest of ln 2 / 128

	logLn2Hi = 0x1.62e42fefa3800p-1  // ln 2, to a multiple of 2^-42
	logLn2Lo = 0x1.ef35793c76730p-45 // the rest of ln 2

	logFirst = 0x3fe6000000000000 // bits of 0.6875, where logTable starts

	signBit  = 1 << 63
	halfMask = ^uint64(1<<27 - 1) // keeps 26 of the 53 bits of a float64: a product of two such is exact
)

// Exp returns e^x, the same bits on every machine; error below 0.52 ulp.
// Exp(+Inf) = +Inf, Exp(-Inf) = 0, Exp(NaN) = NaN; it overflows to +Inf above 709.78 and underflows to 0 below -745.13.
func Exp(x float64) float64 {
	if size := math.Float64bits(x) &^ signBit; size-exponentBits(-54) >= exponentBits(9)-exponentBits(-54) {
		if size < exponentBits(9) {
			return 1 + x // below 2^-54 in size
		}
		return expFar(x)
	}
	shifted := float64(expInvLn2*x) + roundShift
	k := shifted - roundShift
	r := x - float64(k*expLn2Hi) - float64(k*expLn2Lo)
	n := math.Float64bits(shifted)
	row := &expTable[n%128]
	scale := math.Float64frombits(row.bits + n<<45)
	return scale + float64(scale*(row.tail+expm1Near(r)))
}

// exponentBits returns the bits of 2^e.
func exponentBits(e int64) uint64 { return uint64(1023+e) << 52 }

// expm1Near returns e^r - 1 for |r| <= ln2/256, where the first term left out is below 2^-60.
func expm1Near(r float64) float64 {
	r2 := float64(r * r)
	return r + float64(r2*(0.5+float64(r*(1./6)))) + float64(float64(r2*r2)*(1./24+float64(r*(1./120))))
}

// expFar is Exp for |x| >= 512, infinities and NaN.
func expFar(x float64) float64 {
	switch {
	case x != x:
		return x
	case x > 1024:
		return math.Inf(1)
	case x < -1024:
		return 0
	}
	return expExtended(x, 0)
}

// expExtended returns e^(x+lo) for |x| <= 1024 and lo below an ulp or so of x. It is slower than Exp, and right where the
// result overflows or is subnormal.
func expExtended(x, lo float64) float64 {
	shifted := float64(expInvLn2*x) + roundShift
	k := shifted - roundShift
	r := x - float64(k*expLn2Hi) - float64(k*expLn2Lo) + lo
	n := math.Float64bits(shifted)
	row := &expTable[n%128]
	bits := row.bits + n<<45
	rest := row.tail + expm1Near(r)
	switch {
	case k > 128*1024:
		return math.Inf(1)
	case k >= 128*1023: // 2^(k/128) may overflow before the last rounding: halve twice, double twice
		scale := math.Float64frombits(bits - 2<<52)
		return 4 * (scale + float64(scale*rest))
	case k > -128*960: // below, scale*rest may be subnormal and lose bits
		scale := math.Float64frombits(bits)
		return scale + float64(scale*rest)
	}
	scale := math.Float64frombits(bits + 1022<<52)
	y := scale + float64(scale*rest)
	if y < 1 { // the result will be subnormal: round it once, at the place where its bits end
		low := scale - y + float64(scale*rest)
		high := 1 + y
		low = 1 - high + y + low
		y = high + low - 1
	}
	return y * 0x1p-1022
}

// Expm1 returns e^x - 1, accurate where x is small; error about 1 ulp at most. Expm1(-Inf) = -1, and Expm1(-0) = -0.
func Expm1(x float64) float64 {
	size := math.Float64bits(x) &^ signBit
	switch {
	case size < exponentBits(-54):
		return x
	case size < exponentBits(-4):
		return expm1Series(x)
	case size >= exponentBits(6): // |x| >= 64: the -1 is lost in the rounding, or all there is
		if x < 0 {
			return -1
		}
		return Exp(x) // and NaN
	}
	shifted := float64(expInvLn2*x) + roundShift
	k := shifted - roundShift
	r := x - float64(k*expLn2Hi) - float64(k*expLn2Lo)
	n := math.Float64bits(shifted)
	row := &expTable[n%128]
	scale := math.Float64frombits(row.bits + n<<45)
	return (scale - 1) + float64(scale*(row.tail+expm1Near(r)))
}

// expm1Series returns e^x - 1 for |x| <= 1/16 by its Taylor series, whose first term left out is below 2^-64 of it.
func expm1Series(x float64) float64 {
	p := 1./362880 + float64(x*(1./3628800))
	p = 1./40320 + float64(x*p)
	p = 1./5040 + float64(x*p)
	p = 1./720 + float64(x*p)
	p = 1./120 + float64(x*p)
	p = 1./24 + float64(x*p)
	p = 1./6 + float64(x*p)
	p = 0.5 + float64(x*p)
	return x + float64(float64(x*x)*p)
}

// Log returns the natural logarithm of x, the same bits on every machine; error below 0.52 ulp.
// Log(+Inf) = +Inf, Log(0) = -Inf, Log(x < 0) = NaN, Log(NaN) = NaN.
func Log(x float64) float64 {
	bits := math.Float64bits(x)
	if bits-1<<52 >= 0x7ff0000000000000-1<<52 { // zero, subnormal, negative, infinite or NaN
		switch {
		case x == 0:
			return math.Inf(-1)
		case x < 0 || x != x:
			return math.NaN()
		case x > math.MaxFloat64:
			return x
		}
		bits = math.Float64bits(x*0x1p52) - 52<<52
	}
	hi, lo := logExtended(bits)
	return hi + lo
}

// Log1p returns the natural logarithm of 1+x, accurate where x is small; error below 1 ulp. Log1p(-1) = -Inf,
// Log1p(x < -1) = NaN, Log1p(+Inf) = +Inf, Log1p(-0) = -0.
func Log1p(x float64) float64 {
	u := 1 + x
	switch {
	case math.Float64bits(x)&^signBit < exponentBits(-54):
		return x
	case !(u > 0) || u > math.MaxFloat64:
		return Log(u)
	}
	var lost float64 // what the sum u rounded away: u + lost = 1 + x
	if x < 1 {
		lost = x - (u - 1)
	} else {
		lost = 1 - (u - x)
	}
	hi, lo := logExtended(math.Float64bits(u))
	return hi + (lo + lost/u)
}

// logExtended returns the logarithm of the positive number with the given bits as a sum hi + lo, hi being the nearest
// float64 or its neighbour, with a relative error near 2^-66. The bits of a subnormal number must be given normalised,
// the exponent running below zero.
func logExtended(bits uint64) (hi, lo float64) {
	// x = 2^k z, z in [0.6875, 1.375)
	d := bits - logFirst
	row := &logTable[d>>45%128]
	k := float64(int64(d) >> 52)
	zBits := bits - d&(0xfff<<52)
	z := math.Float64frombits(zBits)

	// log x = k ln2 - log(inv) + log(1+r). r = z*inv - 1 is exact, and so is each half of it.
	zHi := math.Float64frombits((zBits + 1<<31) &^ (1<<32 - 1))
	rHi := float64(zHi*row.inv) - 1
	rLo := float64((z - zHi) * row.inv)
	r := rHi + rLo

	base := float64(k*logLn2Hi) + row.hi // exact
	sum1 := base + r
	low1 := base - sum1 + r
	low2 := float64(k*logLn2Lo) + row.lo

	half := float64(-0.5 * rHi * rHi) // exact
	sum2 := sum1 + half
	low3 := sum1 - sum2 + half
	low4 := float64(-0.5 * rLo * (r + rHi)) // the rest of -r^2/2

	r2 := float64(r * r)
	r4 := float64(r2 * r2)
	p := 1./3 - float64(r*(1./4)) + float64(r2*(1./5-float64(r*(1./6)))) +
		float64(r4*(1./7-float64(r*(1./8))+float64(r2*(1./9-float64(r*(1./10))))))
	low := low1 + low2 + low3 + low4 + float64(float64(r*r2)*p)
	hi = sum2 + low
	return hi, sum2 - hi + low
}

// Pow returns x^y, the same bits on every machine; error below 0.52 ulp. The special
// cases are those of math.Pow.
func Pow(x, y float64) float64 {
	if y == 0 || x == 1 {
		return 1
	}
	if x != x || y != y {
		return math.NaN()
	}
	ax := math.Abs(x)
	if ax == 0 || ax > math.MaxFloat64 || math.Abs(y) > math.MaxFloat64 {
		return powEdge(x, y)
	}
	negative := false
	if x < 0 {
		switch parity(y) {
		case fraction:
			return math.NaN()
		case odd:
			negative = true
		}
	}
	z := powPositive(ax, y)
	if negative {
		return -z
	}
	return z
}

// powPositive is Pow for finite x > 0 and finite y.
func powPositive(x, y float64) float64 {
	bits := math.Float64bits(x)
	if bits < 1<<52 {
		bits = math.Float64bits(x*0x1p52) - 52<<52
	}
	hi, lo := logExtended(bits)
	product := float64(y * hi)
	switch {
	case product > 1024:
		return math.Inf(1)
	case product < -1024:
		return 0
	case math.Abs(product) < 0x1p-64:
		return 1 + product
	}
	// Here 2^-75 < |y| < 2^64, for 2^-54 < |hi| < 2^10: no part of the product overflows or vanishes.
	yHi := math.Float64frombits(math.Float64bits(y) & halfMask)
	lHi := math.Float64frombits(math.Float64bits(hi) & halfMask)
	eHi := float64(yHi * lHi) // exact
	eLo := float64((y-yHi)*lHi) + float64(y*(hi-lHi+lo))
	sum := eHi + eLo
	return expExtended(sum, eHi-sum+eLo)
}

// powEdge is Pow where x is zero or infinite, or y is infinite.
func powEdge(x, y float64) float64 {
	ax := math.Abs(x)
	if math.Abs(y) > math.MaxFloat64 {
		switch {
		case ax == 1:
			return 1
		case ax > 1 == (y > 0):
			return math.Inf(1)
		}
		return 0
	}
	z := 0.0
	if ax > 1 == (y > 0) {
		z = math.Inf(1)
	}
	if math.Signbit(x) && parity(y) == odd {
		return -z
	}
	return z
}

const (
	fraction = iota // not an integer
	odd
	even
)

// parity tells whether a finite y is an odd integer, an even one, or none.
func parity(y float64) int {
	ay := math.Abs(y)
	switch {
	case ay >= 0x1p53:
		return even
	case ay != float64(int64(ay)):
		return fraction
	case int64(ay)%2 == 1:
		return odd
	}
	return even
}

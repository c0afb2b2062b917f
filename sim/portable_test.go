//lint:file-ignore SA1019 see keyed.go

package sim

import (
	"fmt"
	"math"
	"math/big"
	"testing"

	"golang.org/x/exp/rand"
)

const bigPrecision = 200 // bits

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(bigPrecision).SetFloat64(x) }

func bigOp(f func(z, x, y *big.Float) *big.Float, x, y *big.Float) *big.Float {
	return f(new(big.Float).SetPrec(bigPrecision), x, y)
}

func bigAdd(x, y *big.Float) *big.Float { return bigOp((*big.Float).Add, x, y) }
func bigSub(x, y *big.Float) *big.Float { return bigOp((*big.Float).Sub, x, y) }
func bigMul(x, y *big.Float) *big.Float { return bigOp((*big.Float).Mul, x, y) }
func bigQuo(x, y *big.Float) *big.Float { return bigOp((*big.Float).Quo, x, y) }

// bigExpm1 sums the Taylor series of e^r - 1 for r scaled down to at most 2^-8, then squares back.
func bigExpm1(x *big.Float) *big.Float {
	if x.Sign() == 0 {
		return bigFloat(0)
	}
	halvings := max(0, x.MantExp(nil)+8)
	r := new(big.Float).SetPrec(bigPrecision).SetMantExp(x, -halvings)
	sum, term := bigFloat(0), bigFloat(1)
	for n := 1; n < 40; n++ {
		term = bigQuo(bigMul(term, r), bigFloat(float64(n)))
		sum = bigAdd(sum, term)
	}
	for ; halvings > 0; halvings-- { // e^2r - 1 = (e^r - 1)(e^r - 1 + 2)
		sum = bigMul(sum, bigAdd(sum, bigFloat(2)))
	}
	return sum
}

func bigExp(x *big.Float) *big.Float {
	if x.Sign() < 0 { // 1 + (e^x - 1) would cancel
		return bigQuo(bigFloat(1), bigExp(new(big.Float).Neg(x)))
	}
	return bigAdd(bigExpm1(x), bigFloat(1))
}

// bigAtanhSeries returns 2 atanh(s) = log((1+s)/(1-s)) for |s| <= 1/3.
func bigAtanhSeries(s *big.Float) *big.Float {
	sum, power, s2 := bigFloat(0), s, bigMul(s, s)
	for n := 1; n < 140; n += 2 {
		sum = bigAdd(sum, bigQuo(power, bigFloat(float64(n))))
		power = bigMul(power, s2)
	}
	return bigAdd(sum, sum)
}

// bigLog returns log x for x > 0.
func bigLog(x *big.Float) *big.Float {
	mantissa := new(big.Float).SetPrec(bigPrecision)
	exponent := x.MantExp(mantissa) // mantissa in [0.5, 1)
	if mantissa.Cmp(bigFloat(0.7)) < 0 {
		mantissa.SetMantExp(mantissa, 1)
		exponent--
	}
	one := bigFloat(1)
	log := bigAtanhSeries(bigQuo(bigSub(mantissa, one), bigAdd(mantissa, one)))
	ln2 := bigAtanhSeries(bigQuo(one, bigFloat(3)))
	return bigAdd(log, bigMul(bigFloat(float64(exponent)), ln2))
}

// ulps returns the distance of got from want in units of the last place of want (2^-1074 where want is subnormal).
func ulps(got float64, want *big.Float) float64 {
	nearest, _ := want.Float64()
	if math.IsInf(nearest, 0) || math.IsInf(got, 0) {
		if got == nearest {
			return 0
		}
		return math.Inf(1)
	}
	_, exponent := math.Frexp(nearest)
	exponent = max(exponent-53, -1074)
	diff := bigSub(bigFloat(got), want)
	d, _ := diff.SetMantExp(diff, -exponent).Float64()
	return math.Abs(d)
}

func TestBigReferencesAgreeWithPublishedDigits(t *testing.T) {
	for name, c := range map[string]struct {
		got  *big.Float
		want string
	}{
		"e":     {bigExp(bigFloat(1)), "2.7182818284590452353602874713526624977572"},
		"ln 10": {bigLog(bigFloat(10)), "2.3025850929940456840179914546843642076011"},
	} {
		if got := c.got.Text('f', 40); got != c.want {
			t.Errorf("%s = %s, want %s", name, got, c.want)
		}
	}
}

func TestTablesHoldWhatTheySay(t *testing.T) {
	ln2 := bigLog(bigFloat(2))
	for i, row := range expTable {
		want := bigExp(bigQuo(bigMul(bigFloat(float64(i)), ln2), bigFloat(128)))
		head := math.Float64frombits(row.bits + uint64(i)<<45)
		got := bigAdd(bigFloat(head), bigMul(bigFloat(head), bigFloat(row.tail)))
		if d, _ := bigSub(bigQuo(got, want), bigFloat(1)).Float64(); math.Abs(d) > 0x1p-104 {
			t.Errorf("expTable[%d] is wrong by %g", i, d)
		}
	}
	for i, row := range logTable {
		want := bigLog(bigFloat(row.inv))
		got := bigAdd(bigFloat(row.hi), bigFloat(row.lo))
		if d, _ := bigAdd(got, want).Float64(); math.Abs(d) > 0x1p-94 {
			t.Errorf("logTable[%d] is wrong by %g", i, d)
		}
		if scaled := row.hi * 0x1p42; scaled != math.Trunc(scaled) {
			t.Errorf("logTable[%d].hi is no multiple of 2^-42", i)
		}
		for _, bits := range []uint64{logFirst + uint64(i)<<45, logFirst + uint64(i+1)<<45 - 1} {
			z := math.Float64frombits(bits)
			exact := bigSub(bigMul(bigFloat(z), bigFloat(row.inv)), bigFloat(1))
			if r, acc := exact.Float64(); acc != big.Exact || math.Abs(r) > 0x1p-7 {
				t.Errorf("logTable[%d]: z*inv-1 at the end of the interval must be exact and at most 2^-7, got %g (%v)", i, r, acc)
			}
		}
	}
}

// sample draws arguments spread over a range of sizes, both signs.
func sample(rng *rand.Rand, smallest, largest float64) float64 {
	x := math.Exp(math.Log(smallest) + (math.Log(largest)-math.Log(smallest))*rng.Float64())
	if rng.Uint64()&1 == 0 {
		return -x
	}
	return x
}

func TestPortableFunctionsAreWithinTheirStatedErrors(t *testing.T) {
	n := 1000 // the figures in the docstrings are from 10^5
	if testing.Short() {
		n = 250 // the mutants of `make mutate` are run against this
	}
	uniform := func(lo, hi float64) func(*rand.Rand) float64 {
		return func(rng *rand.Rand) float64 { return lo + (hi-lo)*rng.Float64() }
	}
	unary := []struct {
		name string
		f    func(float64) float64
		ref  func(*big.Float) *big.Float
		draw func(*rand.Rand) float64
		most float64 // ulp
	}{
		{"Exp near zero", Exp, bigExp, func(r *rand.Rand) float64 { return sample(r, 1e-18, 1) }, 0.52},
		{"Exp over logit utilities", Exp, bigExp, uniform(-20, 20), 0.52},
		{"Exp over its range", Exp, bigExp, uniform(-708, 709.78), 0.52},
		{"Exp with a subnormal result", Exp, bigExp, uniform(-745.2, -707), 0.52},
		{"Expm1 near zero", Expm1, bigExpm1, func(r *rand.Rand) float64 { return sample(r, 1e-18, 0.1) }, 0.7},
		{"Expm1 over its range", Expm1, bigExpm1, func(r *rand.Rand) float64 { return sample(r, 0.001, 700) }, 1.1},
		{"Log near one", Log, bigLog, func(r *rand.Rand) float64 { return 1 + sample(r, 1e-16, 0.5) }, 0.52},
		{"Log over its range", Log, bigLog, func(r *rand.Rand) float64 { return math.Abs(sample(r, 1e-307, 1e308)) }, 0.52},
		{"Log of a subnormal number", Log, bigLog, func(r *rand.Rand) float64 { return math.Float64frombits(r.Uint64()>>12>>(r.Uint64()%51) + 1) }, 0.52},
		{"Log1p near zero", Log1p, func(x *big.Float) *big.Float { return bigLog(bigAdd(x, bigFloat(1))) },
			func(r *rand.Rand) float64 { return sample(r, 1e-18, 0.99) }, 1},
		{"Log1p over its range", Log1p, func(x *big.Float) *big.Float { return bigLog(bigAdd(x, bigFloat(1))) },
			func(r *rand.Rand) float64 { return math.Abs(sample(r, 0.01, 1e300)) }, 0.6},
	}
	for _, c := range unary {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rng, worst, at := rand.New(rand.NewSource(1)), 0.0, 0.0
			for i := 0; i < n; i++ {
				x := c.draw(rng)
				if d := ulps(c.f(x), c.ref(bigFloat(x))); d > worst {
					worst, at = d, x
				}
			}
			t.Logf("worst error %.4f ulp at %v", worst, at)
			if worst > c.most {
				t.Errorf("error must be at most %g ulp, got %g at %v", c.most, worst, at)
			}
		})
	}
	binary := []struct {
		name       string
		drawX      func(*rand.Rand) float64
		worstPower float64 // size of y*log(x)
	}{
		{"Pow with a moderate exponent", uniform(0.01, 10), 20},
		{"Pow over its range", func(r *rand.Rand) float64 { return math.Abs(sample(r, 1e-300, 1e300)) }, 708},
		{"Pow of a number near one", func(r *rand.Rand) float64 { return 1 + sample(r, 1e-10, 0.01) }, 708},
		{"Pow with a subnormal result", uniform(2, 100), -745},
	}
	for _, c := range binary {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			rng, worst, at := rand.New(rand.NewSource(1)), 0.0, [2]float64{}
			for i := 0; i < n; i++ {
				x := c.drawX(rng)
				y := c.worstPower * (2*rng.Float64() - 1) / math.Log(x)
				if c.worstPower < 0 {
					y = (c.worstPower + 37*rng.Float64()) / math.Log(x)
				}
				if d := ulps(Pow(x, y), bigExp(bigMul(bigLog(bigFloat(x)), bigFloat(y)))); d > worst {
					worst, at = d, [2]float64{x, y}
				}
			}
			t.Logf("worst error %.4f ulp at %v", worst, at)
			if worst > 0.52 {
				t.Errorf("error must be at most 0.52 ulp, got %g at %v", worst, at)
			}
		})
	}
}

func TestPortableFunctionsOfSpecialValues(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"Exp(0)", Exp(0), 1}, {"Exp(-0)", Exp(zero), 1}, {"Exp(+Inf)", Exp(inf), inf}, {"Exp(-Inf)", Exp(-inf), 0},
		{"Exp(NaN)", Exp(nan), nan}, {"Exp just above overflow", Exp(709.7827128933841), inf}, {"Exp(1e300)", Exp(1e300), inf},
		{"Exp below underflow", Exp(-745.14), 0}, {"Exp(-1e300)", Exp(-1e300), 0},
		{"Expm1(0)", Expm1(0), 0}, {"Expm1(-0)", Expm1(zero), zero}, {"Expm1(+Inf)", Expm1(inf), inf},
		{"Expm1(-Inf)", Expm1(-inf), -1}, {"Expm1(NaN)", Expm1(nan), nan}, {"Expm1(-100)", Expm1(-100), -1},
		{"Expm1 of a subnormal number", Expm1(-5e-324), -5e-324},
		{"Log(0)", Log(0), -inf}, {"Log(-0)", Log(zero), -inf}, {"Log(1)", Log(1), 0}, {"Log(+Inf)", Log(inf), inf},
		{"Log(-1)", Log(-1), nan}, {"Log(-Inf)", Log(-inf), nan}, {"Log(NaN)", Log(nan), nan},
		{"Log1p(0)", Log1p(0), 0}, {"Log1p(-0)", Log1p(zero), zero}, {"Log1p(-1)", Log1p(-1), -inf},
		{"Log1p(-1.5)", Log1p(-1.5), nan}, {"Log1p(+Inf)", Log1p(inf), inf}, {"Log1p(-Inf)", Log1p(-inf), nan},
		{"Log1p(NaN)", Log1p(nan), nan}, {"Log1p of a subnormal number", Log1p(5e-324), 5e-324},
	} {
		if !sameValue(c.got, c.want) {
			t.Errorf("%s = %g, want %g", c.name, c.got, c.want)
		}
	}
}

// sameValue takes NaN for equal to NaN, and -0 for different from 0.
func sameValue(x, y float64) bool {
	return math.IsNaN(x) && math.IsNaN(y) || x == y && math.Signbit(x) == math.Signbit(y)
}

// edges are numbers at which some branch of the functions turns.
func edges() []float64 {
	list := []float64{0, 5e-324, 1e-310, 0x1p-1022, 1e-300, 0x1p-55, 1e-8, 0x1p-4, 0.3, 0.5, 0.6875, 1 - 0x1p-53, 1, 1 + 0x1p-52, 1.375,
		1.5, 2, 3, 37.25, 64, 511.9, 512, 707.7, 708.5, 709.7, 709.782712893384, 709.9, 744.4, 745.133, 745.2, 1023.5, 1025, 1e6 + 1,
		0x1p53 - 1, 0x1p53, 1e19, 1e300, math.MaxFloat64, math.Inf(1), math.NaN()}
	for _, x := range list {
		list = append(list, -x)
	}
	return list
}

func TestPortableFunctionsAtTheirEdges(t *testing.T) {
	near := func(name string, x, got float64, ref func(*big.Float) *big.Float) {
		if d := ulps(got, ref(bigFloat(x))); d > 1 {
			t.Errorf("%s(%g) = %g is wrong by %g ulp", name, x, got, d)
		}
	}
	for _, x := range edges() {
		if math.Abs(x) < 1100 {
			near("Exp", x, Exp(x), bigExp)
		}
		if math.Abs(x) < 1100 && x != 0 {
			near("Expm1", x, Expm1(x), bigExpm1)
		}
		if x > 0 && x <= math.MaxFloat64 {
			near("Log", x, Log(x), bigLog)
		}
	}
}

// Where x is finite and positive the reference decides, for math.Pow is up to 1e-8 off in the far corners.
func TestPowAtItsEdges(t *testing.T) {
	for _, x := range edges() {
		for _, y := range edges() {
			got, want := Pow(x, y), math.Pow(x, y)
			switch {
			case x > 0 && x <= math.MaxFloat64 && math.Abs(y*math.Log(x)) < 1e5:
				if d := ulps(got, bigExp(bigMul(bigLog(bigFloat(x)), bigFloat(y)))); d > 1 {
					t.Errorf("Pow(%g, %g) = %g is wrong by %g ulp", x, y, got, d)
				}
			case x < 0 && -x <= math.MaxFloat64 && math.Abs(y) <= 0x1p53 && y == math.Trunc(y):
				want = Pow(-x, y)
				if int64(y)%2 != 0 {
					want = -want
				}
				fallthrough
			default:
				if !sameValue(got, want) {
					t.Errorf("Pow(%g, %g) = %g, want %g", x, y, got, want)
				}
			}
		}
	}
}

// The digest of many results, recorded on amd64: any machine must give it.
func TestPortableFunctionsGiveTheSameBitsOnEveryMachine(t *testing.T) {
	digest := NewKey(0)
	add := func(x float64) {
		if x != x {
			x = math.NaN() // the payload of a NaN is no result
		}
		digest = digest.At(math.Float64bits(x))
	}
	for i := uint64(0); i < 20000; i++ {
		k := NewKey(7).At(i)
		x := float64(40*k.At(0).Float()) - 20
		wild := math.Float64frombits(k.At(1).Bits())
		add(Exp(x))
		add(Expm1(x))
		add(Log(x + 20))
		add(Log1p(x))
		add(Pow(x+20, x))
		add(Exp(wild))
		add(Log(wild))
		add(Pow(wild, x))
	}
	const want = "30698df7d0137f16"
	if got := fmt.Sprintf("%016x", digest.Bits()); got != want {
		t.Errorf("digest must be %s, got %s", want, got)
	}
}

func BenchmarkExp(b *testing.B) {
	x, sum := 0.0, 0.0
	for b.Loop() {
		x += 0.001
		if x > 10 {
			x = -10
		}
		sum += Exp(x)
	}
	sink(b, sum)
}

func BenchmarkMathExp(b *testing.B) {
	x, sum := 0.0, 0.0
	for b.Loop() {
		x += 0.001
		if x > 10 {
			x = -10
		}
		sum += math.Exp(x)
	}
	sink(b, sum)
}

func BenchmarkLog(b *testing.B) {
	x, sum := 0.1, 0.0
	for b.Loop() {
		x += 0.001
		if x > 10 {
			x = 0.1
		}
		sum += Log(x)
	}
	sink(b, sum)
}

func BenchmarkPow(b *testing.B) {
	x, sum := 0.1, 0.0
	for b.Loop() {
		x += 0.001
		if x > 10 {
			x = 0.1
		}
		sum += Pow(x, 1.7)
	}
	sink(b, sum)
}

func sink(b *testing.B, x float64) {
	if x == 0.123456789 {
		b.Log(x)
	}
}

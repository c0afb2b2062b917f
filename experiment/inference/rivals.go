package inference

import (
	"fmt"
	"math"
)

// Rival is a forecaster that knows no mechanism: what a model must beat to have said anything (METHODS: scoreboard). All
// three know the early price p of every place; two are also told the late price P' of one reference place with early price
// P, and carry its change over to the others.
type Rival uint8

// The rivals.
const (
	Persistence    Rival = iota // p' = p
	Multiplicative              // p' = p P'/P: one factor everywhere
	Additive                    // p' = p + (P' - P): one amount everywhere
)

// Rivals lists them.
func Rivals() []Rival { return []Rival{Persistence, Multiplicative, Additive} }

// String is the rival's name.
func (r Rival) String() string { return [...]string{"persistence", "multiplicative", "additive"}[r] }

// Forecast is what a rival says of a target. A rival that can say nothing has a reason and no value (NaN).
type Forecast struct {
	Value  float64
	Silent string // empty where it speaks
}

func says(x float64) Forecast { return Forecast{Value: x} }

func silent(format string, args ...any) Forecast {
	return Forecast{math.NaN(), fmt.Sprintf(format, args...)}
}

// Baseline is what the rivals know of one good.
type Baseline struct {
	Early     map[string]float64 // price by place, in the unit of the target; above 0
	Reference string             // place whose late price is told
	Late      float64            // that price; NaN where it is not known
}

// early returns the early price of a place.
func (b Baseline) early(place string) (float64, bool) {
	p, ok := b.Early[place]
	return p, ok && p > 0 && !math.IsInf(p, 0)
}

// Price is the late price at a place. The rivals that are told the reference's late price are silent about the reference:
// to repeat what one was told is no forecast.
func (b Baseline) Price(r Rival, place string) Forecast {
	p, ok := b.early(place)
	switch {
	case !ok:
		return silent("no early price of %s", place)
	case r == Persistence:
		return says(p)
	case place == b.Reference:
		return silent("%s is the place whose late price it is told", place)
	}
	ref, ok := b.early(b.Reference)
	if !ok || !(b.Late > 0) || math.IsInf(b.Late, 0) {
		return silent("no early and late price of the reference %q", b.Reference)
	}
	late := p + (b.Late - ref)
	if r == Multiplicative {
		late = p * b.Late / ref
	}
	if late <= 0 {
		return silent("the amount taken off %s leaves no price", place)
	}
	return says(late)
}

// Ratio is the late price at one place over that at another. The reference's own late price may be one of the two, since
// the other is a forecast.
func (b Baseline) Ratio(r Rival, over, under string) Forecast {
	if over == under {
		return silent("a ratio of %s to itself is no forecast", over)
	}
	x, y := b.told(r, over), b.told(r, under)
	switch {
	case x.Silent != "":
		return x
	case y.Silent != "":
		return y
	}
	return says(x.Value / y.Value)
}

// told is Price, or the late price of the reference for a rival that is told it.
func (b Baseline) told(r Rival, place string) Forecast {
	if f := b.Price(r, place); f.Silent == "" || r == Persistence || place != b.Reference || !(b.Late > 0) {
		return f
	}
	return says(b.Late)
}

// Change is the late price at a place over its early price, less 1.
func (b Baseline) Change(r Rival, place string) Forecast {
	f := b.Price(r, place)
	if f.Silent != "" {
		return f
	}
	return says(f.Value/b.Early[place] - 1)
}

// Sign is the sign of the change at a place: 1, -1, or 0 for persistence, which says that nothing changes.
func (b Baseline) Sign(r Rival, place string) Forecast {
	f := b.Change(r, place)
	if f.Silent != "" || f.Value == 0 {
		return f
	}
	return says(math.Copysign(1, f.Value))
}

// Other is what a rival says of a target that is no price: nothing.
func (b Baseline) Other(r Rival, kind string) Forecast {
	return silent("%s speaks of prices, not of %s", r, kind)
}

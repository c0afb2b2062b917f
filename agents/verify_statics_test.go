package agents

import (
	"testing"

	"gonum.org/v1/gonum/stat"
)

// Comparative statics (model design 6.6). World: ways(3), the model's own agents throughout. Four doses, the first none;
// seeds 1 to 48, 60 weeks of settling, 80 measured. Every dose must move the mean in the direction claimed, and the strongest
// must stand at least `sure` standard errors above the noise.
const staticsSeeds, staticsFrom, staticsTo = 48, 60, 140

// response is what must move which way with the dose.
type response struct {
	name string
	of   func(*tally) float64
	sign float64
}

func TestPricesAndFlowsAnswerToDoses(t *testing.T) {
	townSold := func(o *tally) float64 { return o.sold[1] }
	nearest := func(o *tally) float64 { return o.flow[0] }
	others := func(o *tally) float64 { return o.flow[1] + o.flow[2] }
	for _, c := range []struct {
		name  string
		doses []float64
		apply func(w world, x float64)
		must  []response
	}{
		{"supply falls", []float64{1, 0.6, 0.4, 0.25}, func(w world, x float64) { w.setup.Params.Supply.Scale = x },
			[]response{{"price", town, 1}, {"units sold", townSold, -1}}},
		// At four times the supply the price has fallen to a level where cargoes come in bursts, and its mean is 7 % above
		// that at 2.5: no dose beyond 2.5 is asked for.
		{"sources are glutted", []float64{1, 1.3, 1.6, 2.5}, func(w world, x float64) { w.setup.Params.Supply.Scale = x },
			[]response{{"price", town, -1}}},
		{"sellers at the source ask more", []float64{1, 1.3, 1.6, 2}, func(w world, x float64) { w.setup.Params.Supply.PriceScale = x },
			[]response{{"price", town, 1}}},
		{"the nearest road gets dangerous", []float64{0, 0.01, 0.03, 0.06}, func(w world, x float64) { w.hit(1, x) },
			[]response{{"price", town, 1}, {"flow on it", nearest, -1}, {"flow on other roads", others, 1}}},
		{"all roads get dangerous", []float64{0, 0.15, 0.3, 0.6}, func(w world, x float64) { w.hit(3, x) },
			[]response{{"price", town, 1}, {"units sold", townSold, -1}}},
		{"civil demand grows", []float64{1, 1.3, 1.7, 2.2}, func(w world, x float64) { w.setup.Params.Demand.CivilScale = x },
			[]response{{"price", town, 1}, {"units sold", townSold, 1}}},
		{"people can pay less", []float64{1, 0.75, 0.5, 0.35}, func(w world, x float64) { w.setup.Buyers[0].WTP = int64(x * float64(w.setup.Buyers[0].WTP)) },
			[]response{{"price", town, -1}, {"units sold", townSold, -1}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var runs [][]*tally
			for _, x := range c.doses {
				runs = append(runs, tallies(t, func() world {
					w := ways(3)
					c.apply(w, x)
					return w
				}, staticsSeeds, staticsFrom, staticsTo))
			}
			for _, r := range c.must {
				base := of(runs[0], r.of)
				last, lastT := 0.0, 0.0
				for k := 1; k < len(c.doses); k++ {
					effect, tv := paired(base, of(runs[k], r.of))
					t.Logf("%s at dose %.2f: %.4g against %.4g (t = %.1f)", r.name, c.doses[k], stat.Mean(base, nil)+effect, stat.Mean(base, nil), tv)
					if (effect-last)*r.sign <= 0 {
						t.Errorf("%s: dose %.2f moves it by %.4g, the dose before by %.4g: must be monotone with sign %+.0f", r.name, c.doses[k], effect, last, r.sign)
					}
					last, lastT = effect, tv
				}
				if lastT*r.sign < sure {
					t.Errorf("%s: the strongest dose stands %.1f standard errors from none, must be %d", r.name, lastT*r.sign, sure)
				}
			}
		})
	}
}

package synthetic

import (
	"fmt"
	"math"
	"math/rand/v2"

	"entrepot/experiment"
	"entrepot/sim"
)

// Findings are those of a study that never was: every kind of chart, as it is met and as it is feared.
func Findings() *experiment.Findings {
	return &experiment.Findings{
		Command:  "compare",
		Title:    "The offensive against the same world without it",
		Question: "Does the offensive of August 2023 make rifles dearer in Gao, Kidal and Ménaka, and by how much?",
		Answer: []string{
			"Gao: the offensive raises the price of a rifle by 345 thousand CFA (95 % interval 331 to 359), from 253 to 598; all 200 pairs of runs agree on the sign.",
			"Kidal: it raises the price by 371 thousand CFA (352 to 390).",
			"Ménaka: the two scenarios are not distinguishable in the number of units sold (difference −3, interval −19 to 14, of 200 pairs).",
		},
		Design: []string{
			"Two scenarios, offensive and offensive-without, 200 runs each, paired by replicate under common random numbers (seed 1).",
			"Pairing lowered the variance of the difference by 91 %.",
		},
		Caveats: []string{
			"The model has no price of ammunition in the towns of the south; nothing is said about them.",
			"Two scenarios that differ in more than one event do not say which of them it was: `entrepot attribute` does.",
		},
		Failed: []string{"run 17 (offensive, replicate 8): run: week 311: the books of Gao do not balance", "run 203: time: over 120 s"},
		Sheets: []experiment.Sheet{
			{Name: "difference", Title: "Differences of means, offensive less without", Note: "n = 200 pairs; 95 % BCa intervals; CFA per rifle.",
				Columns: []string{"figure", "offensive", "without", "difference", "from", "to", "p", "verdict"},
				Rows: [][]string{
					{"price, Gao, after", "598 000", "253 000", "+345 000", "331 000", "359 000", "< 0.001", "higher"},
					{"price, Kidal, after", "644 000", "273 000", "+371 000", "352 000", "390 000", "< 0.001", "higher"},
					{"units sold, Ménaka, after", "812", "815", "−3", "−19", "14", "0.74", "not distinguishable"},
				}},
			{Name: "runs-needed", Title: "How many runs would do", Columns: []string{"figure", "standard error", "runs for 5 %"},
				Rows: [][]string{{"price, Gao", "7 100", "18"}, {"units sold, Ménaka", "8.4", "–"}}},
		},
		Charts: Charts(),
	}
}

// Charts are charts of every kind: usual ones first, then those that are feared: nothing in them, much in them, names without
// end, huge and tiny numbers.
func Charts() []experiment.Chart {
	nan := math.NaN()
	return []experiment.Chart{
		fans("fan-compare", 132, 2, 0), difference(), fans("fan-one", 132, 1, 7), fans("fan-three", 36, 3, 3),
		fans("fan-marks", 132, 1, 25), fans("fan-month", 1, 2, 1), fans("fan-quarter", 3, 1, 2), gaps(), wildFan(),
		forest(), manyItems(), scoreboard(), waterfall(), flatWaterfall(), morris(), prim(), crowd(),
		convergence(), logarithms(), correlations(), rankings(), wideMatrix(), tiny(), huge(),
		&experiment.FanChart{ChartHead: head("fan-empty", "A fan of nothing")},
		&experiment.FanChart{ChartHead: head("fan-nan", "A fan of no number"), Months: months(3), Fans: []experiment.Fan{{Name: "x", Q50: []float64{nan, nan, nan}}}},
		&experiment.ForestChart{ChartHead: head("forest-empty", "A forest of nothing"), Ref: nan},
		&experiment.WaterfallChart{ChartHead: head("waterfall-empty", "A waterfall of nothing"), From: experiment.Item{Value: nan}},
		&experiment.ScatterChart{ChartHead: head("scatter-empty", "A scatter of nothing")},
		&experiment.LineChart{ChartHead: head("lines-empty", "Lines of nothing")},
		&experiment.MatrixChart{ChartHead: head("matrix-empty", "A matrix of nothing")},
		&experiment.ForestChart{ChartHead: head("forest-one", "One item without an interval"), Ref: nan, Items: []experiment.Item{{Name: "one", Value: 3, Low: nan, High: nan}}},
		&experiment.MatrixChart{ChartHead: head("matrix-one", "One cell"), Rows: []string{"a"}, Columns: []string{"b"}, Values: [][]float64{{0}}},
	}
}

func head(name, title string) experiment.ChartHead {
	return experiment.ChartHead{Name: name, Title: title, Alt: title + ", described for those who cannot see it.",
		Note: "200 runs of scenario offensive, seed 1; bands: 25–75 and 5–95 % of runs; entrepot 0.2.0. Stylised model; volumes are not estimates."}
}

func months(n int) (out []string) {
	for i := range n {
		out = append(out, sim.DateOf(2015, 1+i, 1).String()[:7])
	}
	return out
}

// spreadOf makes a fan around a level that rises in the middle.
func spreadOf(name string, n int, base, rise, noise float64, luck *rand.Rand) experiment.Fan {
	f := experiment.Fan{Name: name}
	for i := range n {
		x := float64(i) / math.Max(float64(n-1), 1)
		mid := base + rise/(1+math.Exp(-18*(x-0.72))) + noise*0.25*luck.NormFloat64()
		s := noise * (1 + 1.5*x)
		for k, q := range []*[]float64{&f.Q05, &f.Q25, &f.Q50, &f.Q75, &f.Q95} {
			*q = append(*q, mid+s*[]float64{-1.6, -0.7, 0, 0.7, 1.8}[k])
		}
	}
	return f
}

func luck() *rand.Rand { return rand.New(rand.NewPCG(1, 2)) }

func fans(name string, n, fans, marks int) *experiment.FanChart {
	c := &experiment.FanChart{ChartHead: head(name, "Price of one AK-pattern rifle in Gao"), Months: months(n)}
	c.YLabel = "thousand CFA per rifle"
	l := luck()
	for i := range fans {
		c.Fans = append(c.Fans, spreadOf([]string{"offensive", "offensive-without-the-campaign-of-august", "reopening"}[i], n, 250+20*float64(i), []float64{350, 20, 160}[i], 14, l))
	}
	long := []string{"MINUSMA leaves Kidal", "Coup in Niger", "Algiers Accord signed", "JNIM blockade of Timbuktu (August), with a long explanation of what it was", "FAMa and Wagner take Kidal"}
	for i := range marks {
		c.Marks = append(c.Marks, experiment.Mark{Date: sim.DateOf(2015, 2, 3+i*131*n/132), Label: long[(i+1)%len(long)]})
	}
	switch {
	case n >= 100:
		c.Facts = []experiment.Documented{
			{Label: "GI-TOC 2025", First: sim.DateOf(2022, 1, 1), Last: sim.DateOf(2023, 8, 31), Low: 200, High: 300},
			{Label: "UNODC 2023, Gao and Timbuktu", First: sim.DateOf(2021, 1, 1), Last: sim.DateOf(2022, 12, 31), Low: 410, High: 460},
			{Label: "GI-TOC 2025, one trader", First: sim.DateOf(2025, 2, 1), Last: sim.DateOf(2025, 2, 20), Low: 600, High: 600},
			{Label: "at least, of an open range", First: sim.DateOf(2016, 2, 1), Last: sim.DateOf(2016, 12, 31), Low: 300, High: math.Inf(1)},
		}[:min(4, 5-fans)]
	case fans == 3:
		c.Facts = []experiment.Documented{{Label: "GI-TOC 2025", First: sim.DateOf(2016, 1, 1), Last: sim.DateOf(2017, 8, 31), Low: 200, High: 300}}
	}
	return c
}

func difference() *experiment.FanChart {
	c := &experiment.FanChart{ChartHead: head("fan-difference", "What the offensive adds to the price of one rifle in Gao"), Months: months(132), Zero: true}
	c.YLabel, c.XLabel = "difference, thousand CFA per rifle", "month"
	f := spreadOf("offensive less without", 132, 0, 340, 15, luck())
	for i := range f.Q50 {
		if i < 60 {
			f.Q05[i], f.Q25[i], f.Q50[i], f.Q75[i], f.Q95[i] = 0, 0, 0, 0, 0
		}
		f.Low, f.High = append(f.Low, f.Q50[i]-4), append(f.High, f.Q50[i]+6)
	}
	c.Fans = []experiment.Fan{f}
	c.Marks = []experiment.Mark{{Date: sim.DateOf(2023, 8, 13), Label: "the offensive begins"}}
	return c
}

// gaps is a fan with months without a value, some of them alone.
func gaps() *experiment.FanChart {
	c := fans("fan-gaps", 60, 2, 2)
	for _, f := range c.Fans {
		for i := range f.Q50 {
			if i > 10 && i < 20 && i != 14 || i == 31 || i == 33 {
				for _, q := range [][]float64{f.Q05, f.Q25, f.Q50, f.Q75, f.Q95} {
					q[i] = math.NaN()
				}
			}
		}
	}
	return c
}

// wildFan has a few months far above and below all others.
func wildFan() *experiment.FanChart {
	c := fans("fan-wild", 60, 1, 0)
	f := c.Fans[0]
	for _, i := range []int{20, 21, 44} {
		f.Q95[i] *= 30
	}
	f.Q05[50] = -9e5
	c.YLabel = "a unit of measure so long that its line does not fit beside the panel, in thousand CFA per rifle sold in the towns of the north"
	return c
}

func item(group, name string, v, half float64) experiment.Item {
	return experiment.Item{Group: group, Name: name, Value: v, Low: v - half, High: v + half, Note: fmt.Sprintf("%.2f (%.2f to %.2f)", v, v-half, v+half)}
}

func forest() *experiment.ForestChart {
	c := &experiment.ForestChart{ChartHead: head("forest-effects", "What the offensive changes, by town"), Ref: 0}
	c.XLabel = "relative change of the mean price"
	for i, town := range []string{"Gao", "Kidal", "Ménaka", "Timbuktu", "Mauritanian border zone", "N'Tahaka"} {
		c.Items = append(c.Items, item("AK-pattern rifle", town, 1.4-0.3*float64(i), 0.12+0.05*float64(i)))
	}
	for i, town := range []string{"Gao", "Kidal", "Ménaka"} {
		c.Items = append(c.Items, item("7.62×39 mm round", town, 0.3-0.2*float64(i), 0.2))
	}
	c.Items = append(c.Items, experiment.Item{Group: "7.62×39 mm round", Name: "Timbuktu", Value: math.NaN(), Low: math.NaN(), High: math.NaN(), Note: "never traded"})
	return c
}

// manyItems has 60 items with the names of parameters, one of them far from the others.
func manyItems() *experiment.ForestChart {
	c := &experiment.ForestChart{ChartHead: head("forest-many", "Total-order indices of 60 parameters, with the title of a study that needs two lines on a page and five on a phone"), Ref: math.NaN()}
	c.XLabel = "total-order index S_T (share of the variance)"
	for i := range 60 {
		it := item("", fmt.Sprintf("groups.jnim.decisions.procurement.share_of_income_spent_on_arms_%d", i), 0.6*math.Exp(-float64(i)/6), 0.02+0.002*float64(i%7))
		switch i {
		case 3:
			it.Value, it.Low, it.High = 7, 6, 9
		case 4:
			it.High = 44
		case 5:
			it.Value, it.Low, it.High = -12345678, math.NaN(), math.NaN()
		case 8:
			it.Note = "a note that says much more about this one than there is room for beside it"
		}
		c.Items = append(c.Items, it)
	}
	return c
}

func scoreboard() *experiment.ForestChart {
	c := &experiment.ForestChart{ChartHead: head("forest-score", "Patterns of the targets file against the model"), Ref: math.NaN(), Own: true}
	c.XLabel = "position within the documented range"
	add := func(group, name, note string, low, high, v, half float64) {
		c.Items = append(c.Items, experiment.Item{Group: group, Name: name, Note: note, Value: v, Low: v - half, High: v + half, Range: &[2]float64{low, high}})
	}
	add("Prices", "P1: AK, Gao, 2022-08 to 2023-07", "200–300; model 253", 200, 300, 253, 30)
	add("Prices", "P2: AK, Gao, 2024-07 to 2025-06", "550–650; model 598", 550, 650, 598, 60)
	add("Prices", "P7: round, Timbuktu", "400–500; model 1 210", 400, 500, 1210, 40)
	add("Prices", "P9: AK, Mauritanian border, and a name that is longer than the column that it stands in", "600–700; model 640", 600, 700, 640, 200)
	add("Shares", "O2: state-diverted share", "0.3–0.5; model 0.28", 0.3, 0.5, 0.28, 0.04)
	add("Shares", "O5: exact", "0.25; model 0.25", 0.25, 0.25, 0.25, 0.01)
	add("Counts", "C1: at least 12", "≥ 12; model 9", 12, math.Inf(1), 9, 3)
	add("Counts", "C2: at most 40", "≤ 40; model 12", math.Inf(-1), 40, 12, 3)
	add("Counts", "C3: sign, far below", "1–1.1; model −80", 1, 1.1, -80, math.NaN())
	add("Counts", "C4: no value", "no trade", 1, 2, math.NaN(), 1)
	c.Items = append(c.Items, experiment.Item{Group: "Counts", Name: "C5: no range", Value: 3, Low: 2, High: 4})
	return c
}

func waterfall() *experiment.WaterfallChart {
	c := &experiment.WaterfallChart{ChartHead: head("waterfall", "From the price before to the price after, cause by cause: one AK-pattern rifle in Gao"),
		From: experiment.Item{Name: "mean of Aug 2022 – Jul 2023", Value: 253, Low: 240, High: 262}, To: experiment.Item{Name: "mean of Jul 2024 – Jun 2025", Value: 598, Low: 570, High: 633}}
	c.YLabel = "thousand CFA per rifle"
	at := 253.0
	for _, s := range []struct {
		name string
		v    float64
	}{{"army offensive in the north", 290}, {"Sudan's war", -60}, {"Niger's coup and the legal convoys from Agadez", -35}, {"MINUSMA leaves", 96}, {"disarmament programme", 0.4}, {"drones", 31}} {
		it := item("", s.name, s.v, 14)
		it.Note = ""
		at += s.v
		c.Steps = append(c.Steps, it)
	}
	c.Steps = append(c.Steps, item("", "what they do together", 598-at, 20))
	return c
}

// flatWaterfall goes along values far from zero, and below it.
func flatWaterfall() *experiment.WaterfallChart {
	nan := math.NaN()
	return &experiment.WaterfallChart{ChartHead: head("waterfall-flat", "Small steps far from zero"), From: experiment.Item{Name: "from", Value: -1.0e6, Low: nan, High: nan},
		To:    experiment.Item{Name: "to", Value: -1.02e6, Low: nan, High: nan},
		Steps: []experiment.Item{{Name: "down", Value: -30000, Low: -40000, High: nan}, {Name: "not known", Value: nan, Low: nan, High: nan}, {Name: "up", Value: 10000, Low: 5000, High: 15000}}}
}

func morris() *experiment.ScatterChart {
	c := &experiment.ScatterChart{ChartHead: head("scatter-morris", "Morris: what matters, and what matters together with others")}
	c.XLabel, c.YLabel = "μ*, mean absolute elementary effect, thousand CFA", "σ of the elementary effects, thousand CFA"
	l := luck()
	for i := range 32 {
		mu := 240 * math.Exp(-float64(i)/4)
		d := experiment.Dot{Name: fmt.Sprintf("%s_%d", []string{"road.hazard", "traffickers.risk_aversion", "groups.share_of_income", "dealers.capital"}[i%4], i),
			Group: []string{"roads", "traffickers", "groups", "dealers"}[i%4], X: mu, Y: mu * (0.2 + 0.8*l.Float64()), YLow: math.NaN(), YHigh: math.NaN()}
		d.XLow, d.XHigh = mu*0.8, mu*1.15
		c.Items = append(c.Items, d)
	}
	c.Lines = []experiment.Line{{Name: "σ = μ*", X: []float64{0, 1000}, Y: []float64{0, 1000}, Dashed: true}, {Name: "σ = μ*/2", X: []float64{0, 1000}, Y: []float64{0, 500}, Dashed: true}}
	return c
}

func prim() *experiment.ScatterChart {
	c := &experiment.ScatterChart{ChartHead: head("scatter-prim", "PRIM: the path of boxes")}
	c.XLabel, c.YLabel = "coverage (share of the runs of interest that the box holds)", "density (share of the box that is of interest)"
	nan := math.NaN()
	for i := range 30 {
		name := ""
		if i%10 == 9 {
			name = fmt.Sprintf("box %d", i+1)
		}
		c.Items = append(c.Items, experiment.Dot{Name: name, X: 1 - float64(i)/32, Y: 0.2 + 0.7*math.Sqrt(float64(i)/30), XLow: nan, XHigh: nan, YLow: nan, YHigh: nan})
	}
	return c
}

// crowd has 150 dots with names, many of them in one place.
func crowd() *experiment.ScatterChart {
	c := &experiment.ScatterChart{ChartHead: head("scatter-crowd", "A crowd, part of it in one place")}
	c.XLabel, c.YLabel = "x", "y"
	l, nan := luck(), math.NaN()
	for i := range 150 {
		d := experiment.Dot{Name: fmt.Sprintf("thing number %d", i), X: l.NormFloat64(), Y: l.NormFloat64(), XLow: nan, XHigh: nan, YLow: nan, YHigh: nan}
		if i%5 == 0 {
			d.X, d.Y = 0, 0
		}
		c.Items = append(c.Items, d)
	}
	c.Items[3].X, c.Items[4].Y = nan, math.Inf(1)
	return c
}

func line(name string, n int, x, y func(int) float64) experiment.Line {
	l := experiment.Line{Name: name}
	for i := range n {
		l.X, l.Y = append(l.X, x(i)), append(l.Y, y(i))
	}
	return l
}

func convergence() *experiment.LineChart {
	c := &experiment.LineChart{ChartHead: head("lines-convergence", "The mean price in Gao against the number of runs")}
	c.XLabel, c.YLabel = "number of runs", "mean price, thousand CFA per rifle"
	l := line("mean", 199, func(i int) float64 { return float64(i + 2) }, func(i int) float64 { return 598 + 30*math.Sin(float64(i)/5)/math.Sqrt(float64(i+1)) })
	for i := range l.X {
		half := 60 / math.Sqrt(l.X[i])
		l.Low, l.High = append(l.Low, l.Y[i]-half), append(l.High, l.Y[i]+half)
	}
	l.Y[50] = math.NaN()
	c.Lines = []experiment.Line{l, {Name: "all runs", X: []float64{2, 200}, Y: []float64{598, 598}, Dashed: true}}
	return c
}

func logarithms() *experiment.LineChart {
	c := &experiment.LineChart{ChartHead: head("lines-log", "Standard error against the number of runs, nine figures"), LogX: true, LogY: true}
	c.XLabel, c.YLabel = "number of runs", "relative standard error"
	for k := range 9 {
		l := line([]string{"price, Gao", "price, Kidal", "price, Ménaka", "units sold, Mauritanian border zone", "share of Libya", "lost", "seized", "captured", "held by armed groups, all of them"}[k], 9,
			func(i int) float64 { return math.Pow(2, float64(i+1)) }, func(i int) float64 { return 0.4 / float64(k+1) / math.Pow(2, float64(i)/2) })
		l.Y[0] = -1 // has no logarithm
		c.Lines = append(c.Lines, l)
	}
	return c
}

func correlations() *experiment.MatrixChart {
	c := &experiment.MatrixChart{ChartHead: head("matrix-correlations", "Rank correlations of parameters after calibration"), Signed: true}
	names := []string{"road.hazard", "traffickers.risk_aversion", "groups.jnim.share", "dealers.capital", "stockholders.libya.price", "ddr.places"}
	c.Rows, c.Columns = names, names
	for i := range names {
		var row []float64
		for j := range names {
			v := math.Sin(float64(3*i*j + i + j))
			if i == j {
				v = 1
			}
			row = append(row, v)
		}
		c.Values = append(c.Values, row)
	}
	c.Values[2][4] = math.NaN()
	return c
}

func rankings() *experiment.MatrixChart {
	c := &experiment.MatrixChart{ChartHead: head("matrix-rankings", "Rank of policies under each structure of the model"),
		Rows: []string{"close the border", "patrol the roads", "disarm", "do nothing"}, Columns: []string{"base", "no learning", "full pass-through", "small network"}}
	c.XLabel, c.YLabel = "structure", "policy (1 = lowest price rise)"
	for i := range c.Rows {
		var row []float64
		var texts []string
		for j := range c.Columns {
			row = append(row, float64((i+j*j)%4+1))
			texts = append(texts, fmt.Sprintf("%d (1–%d)", (i+j*j)%4+1, 4))
		}
		c.Values, c.Texts = append(c.Values, row), append(c.Texts, texts)
	}
	return c
}

// wideMatrix has 40 columns of long names.
func wideMatrix() *experiment.MatrixChart {
	c := &experiment.MatrixChart{ChartHead: head("matrix-wide", "Forty columns")}
	for j := range 40 {
		c.Columns = append(c.Columns, fmt.Sprintf("scenario.parameter.of_a_long_name_%d", j))
	}
	for i := range 3 {
		c.Rows = append(c.Rows, fmt.Sprintf("a row whose name is long enough to be wrapped twice in its column, number %d", i))
		var row []float64
		for j := range 40 {
			row = append(row, float64(i+1)*math.Pow(7, float64(j)/4))
		}
		c.Values = append(c.Values, row)
	}
	return c
}

func tiny() *experiment.LineChart {
	c := &experiment.LineChart{ChartHead: head("lines-tiny", "Tiny and negative numbers")}
	c.XLabel, c.YLabel = "share", "elasticity"
	c.Lines = []experiment.Line{line("", 20, func(i int) float64 { return float64(i) * 1e-7 }, func(i int) float64 { return -3e-5 + 2e-6*float64(i) })}
	return c
}

func huge() *experiment.LineChart {
	c := &experiment.LineChart{ChartHead: head("lines-huge", "Huge numbers over many decades"), LogY: true}
	c.XLabel, c.YLabel = "step", "units"
	c.Lines = []experiment.Line{line("grows", 20, func(i int) float64 { return 1e9 * float64(i) }, func(i int) float64 { return math.Pow(10, float64(i)-5) }),
		{Name: "one point", X: []float64{5e9}, Y: []float64{1e3}}}
	return c
}

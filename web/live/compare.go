package live

import (
	"context"
	"math"
	"strings"
	"sync/atomic"

	"entrepot/experiment"
	"entrepot/experiment/stats"
	"entrepot/scenarios"
)

// comparison is a question for what one state changes against another.
type comparison struct {
	a, b      *asked
	runs      int
	hub, good int // in the world of a; none: the first that the scenario speaks of

	part, of int      // which pairs are lived: those whose number leaves part when divided by of; of 0: all
	parts    []string // rows that others have lived; nil: none
}

// usualRuns is how many runs a comparison has unless it is asked for another number.
const usualRuns = 100

// compare reads a comparison.
func (r *reader) compare(a *answer, fields map[string]any) (c comparison) {
	if fields == nil {
		return c
	}
	names := []string{"a", "b", "runs", "hub", "good"}
	if a.Parts {
		names = append(names, "part", "of", "parts")
	}
	r.known("", fields, names...)
	c.a, c.b = r.state(a, "a", "a", fields["a"]), r.state(a, "b", "b", fields["b"])
	c.runs = r.whole("runs", fields["runs"], 2, a.limits.Runs, min(usualRuns, a.limits.Runs))
	c.hub, c.good = none, none
	if v := fields["hub"]; v != nil {
		c.hub = r.hub("hub", v, c.a)
	}
	if v := fields["good"]; v != nil {
		c.good = r.good("good", v, c.a)
	}
	if a.Parts {
		c.of = r.whole("of", fields["of"], 1, c.runs, 0)
		c.part = r.whole("part", fields["part"], 0, max(0, c.of-1), 0)
		for _, v := range r.list("parts", fields["parts"]) {
			c.parts = append(c.parts, r.text("parts", v))
		}
	}
	return c
}

// The line of a comparison. Money is in whole CFA, null where there is none.
type (
	comparedLine struct {
		Kind       string   `json:"kind"`
		Runs       int      `json:"runs"`
		Failed     int      `json:"failed"`
		Hub        int      `json:"hub"`
		Good       int      `json:"good"`
		Months     []string `json:"months"`
		A          fan      `json:"a"`
		B          fan      `json:"b"`
		Difference fan      `json:"difference"`
		Effects    []effect `json:"effects"`
		Before     [2]int   `json:"before"` // ticks of the periods, in the weeks of a
		After      [2]int   `json:"after"`
		Saved      *float64 `json:"saved"` // share of the variance of the difference in hub and period after that common luck took away
	}
	fan struct {
		Q05  []*int64 `json:"q05"`
		Q25  []*int64 `json:"q25"`
		Q50  []*int64 `json:"q50"`
		Q75  []*int64 `json:"q75"`
		Q95  []*int64 `json:"q95"`
		Mean []*int64 `json:"mean"`
		Low  []*int64 `json:"low,omitempty"` // of the difference: the 95 % interval of its mean
		High []*int64 `json:"high,omitempty"`
	}
	effect struct {
		Hub        int      `json:"hub"`
		Good       int      `json:"good"`
		Before     bool     `json:"before"`
		A          *int64   `json:"a"`
		B          *int64   `json:"b"`
		Difference *int64   `json:"difference"`
		Low        *int64   `json:"low"`
		High       *int64   `json:"high"`
		Relative   *float64 `json:"relative"`
		P          *float64 `json:"p"`
		Verdict    string   `json:"verdict"`
	}
	progressLine struct {
		Kind string `json:"kind"`
		Done int    `json:"done"`
		Of   int    `json:"of"`
	}
)

// compare answers with an ensemble of each of two states under the same luck.
func (a *answer) compare(c comparison) error {
	study, err := a.study(&c)
	if err != nil {
		return err
	}
	store := experiment.NewMemory()
	for _, rows := range c.parts {
		if err := unpack(rows, store); err != nil {
			return Problems{told("parts", scenarios.Say("%s", err), scenarios.Phrase{})}
		}
	}
	if c.of > 0 {
		return a.part(study, &part{store, study, c.part, c.of})
	}
	if err := a.execute(study, store); err != nil {
		return err
	}
	if failed, err := study.AllFailed(store); err != nil || failed != nil {
		if err == nil {
			err = Problems{told("a", scenarios.Say("must be states that can be run, got only runs that failed: %s", failed.Reason), scenarios.Phrase{})}
		}
		return err
	}
	line, err := compared(study, store, &c)
	if err != nil {
		return err
	}
	return a.out.object(line)
}

// part answers with the rows of some of the pairs.
func (a *answer) part(study *experiment.Study, p *part) error {
	if err := a.execute(study, p); err != nil {
		return err
	}
	rows, err := pack(p.Memory)
	if err != nil {
		return err
	}
	return a.out.object(partLine{"part", p.index, p.of, rows})
}

// study sets a comparison up, with as much taken of each run as the answer tells.
func (a *answer) study(c *comparison) (*experiment.Study, error) {
	teller, err := experiment.Teller([]*scenarios.Scenario{c.a.Scenario, c.b.Scenario})
	if err != nil {
		return nil, Problems{told("b", scenarios.Say("%s", err), scenarios.Phrase{})}
	}
	if c.hub < 0 {
		c.hub = positionOf(c.a, experiment.Towns(c.a.Scenario)[0])
	}
	if c.good < 0 {
		c.good = positionOfGood(c.a, experiment.PricedGoods(c.a.Setup)[0])
	}
	hub, good := c.a.Setup.Hubs[c.hub].ID, c.a.Setup.Goods[c.good].ID
	study := &experiment.Study{Points: []experiment.Point{{Name: "a", Scenario: c.a.Scenario}, {Name: "b", Scenario: c.b.Scenario}}, Replicates: c.runs, Seed: c.a.seed,
		Series: []experiment.Series{{ID: "price", Unit: "CFA", Reading: experiment.Reading{Table: "prices", Measure: "price_cfa", Good: good, Hub: hub}}}}
	before, after := experiment.Windows(teller)
	add := func(good, hub string) {
		study.Figures = append(study.Figures, priceIn(good, hub, "before", before), priceIn(good, hub, "after", after))
	}
	for _, g := range experiment.PricedGoods(teller.Setup) {
		for _, h := range experiment.Towns(teller) {
			add(g, h)
		}
	}
	if study.Figure(priceIn(good, hub, "after", after).ID) < 0 {
		add(good, hub)
	}
	return study, nil
}

// priceIn is the mean price in a period.
func priceIn(good, hub, name string, in experiment.Span) experiment.Figure {
	f := experiment.Price(good, hub, in)
	f.ID = "price_" + good + "_" + hub + "_" + name
	return f
}

// marks is how many lines of progress a comparison has, about.
const marks = 50

// execute runs a study and tells how far it is.
func (a *answer) execute(study *experiment.Study, store experiment.Store) error {
	ctx, cancel := context.WithCancelCause(a.ctx)
	defer cancel(nil)
	var weeks atomic.Int64
	ctx = experiment.WithTurn(ctx, func(ctx context.Context) error {
		if weeks.Add(1)%Stint != 0 {
			return nil
		}
		err := a.turn(ctx)
		if err != nil {
			cancel(err) // the study ends; its runs have not failed
		}
		return err
	})
	return study.Execute(ctx, store, experiment.Options{Workers: max(1, a.Workers), Tell: func(done, of int) {
		if done != of && done%max(1, of/marks) != 0 {
			return
		}
		if err := a.out.object(progressLine{"progress", done, of}); err != nil {
			cancel(err)
		}
	}})
}

// compared puts the line of a comparison together.
func compared(study *experiment.Study, results experiment.Results, c *comparison) (*comparedLine, error) {
	sample, err := study.Sample(results)
	if err != nil {
		return nil, err
	}
	spreads, err := study.Spreads(results)
	if err != nil {
		return nil, err
	}
	line := &comparedLine{Kind: "compared", Runs: study.Replicates, Failed: len(sample.Failed), Hub: c.hub, Good: c.good, Months: list(spreads.Months()),
		A: fanOf(spreads.Fan(0, 0)), B: fanOf(spreads.Fan(1, 0)), Difference: fanOf(spreads.Difference(1, 0)), Effects: []effect{}}
	for _, e := range sample.Effects(1) {
		in := e.Figure.Parts[0]
		before := strings.HasSuffix(e.Figure.ID, "before")
		hub, good := positionOf(c.a, in.Hub), positionOfGood(c.a, in.Good)
		if hub < 0 || good < 0 {
			continue // of b's world alone
		}
		line.Effects = append(line.Effects, effect{hub, good, before, cfa(e.MeanA), cfa(e.MeanB), cfa(e.Difference.Value), cfa(e.Difference.Low), cfa(e.Difference.High),
			digits(e.Relative.Value), digits(max(e.Holm, e.P)), verdict(e.Verdict)})
		period := [2]int{tick(c.a.Setup, in.First), tick(c.a.Setup, in.Last)}
		if before {
			line.Before = period
			continue
		}
		line.After = period
		if hub == c.hub && good == c.good {
			line.Saved = digits(e.VarianceReduction)
		}
	}
	return line, nil
}

func fanOf(f experiment.Fan, mean []float64) fan {
	out := fan{Q05: all(f.Q05), Q25: all(f.Q25), Q50: all(f.Q50), Q75: all(f.Q75), Q95: all(f.Q95), Mean: all(mean)}
	if f.Low != nil {
		out.Low, out.High = all(f.Low), all(f.High)
	}
	return out
}

func all(xs []float64) []*int64 {
	out := make([]*int64, len(xs))
	for i, x := range xs {
		out[i] = cfa(x)
	}
	return out
}

// cfa is an amount in whole CFA; none where it is not known.
func cfa(x float64) *int64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	n := int64(math.Round(x))
	return &n
}

// digits is a number to four decimals.
func digits(x float64) *float64 {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return nil
	}
	x = math.Round(x*1e4) / 1e4
	return &x
}

func verdict(v stats.Verdict) string {
	switch v {
	case stats.Identical:
		return "no difference"
	case stats.TooFew:
		return "too few"
	}
	return v.String()
}

func positionOf(s *asked, hub string) int {
	for i := range s.Setup.Hubs {
		if s.Setup.Hubs[i].ID == hub {
			return i
		}
	}
	return none
}

func positionOfGood(s *asked, good string) int {
	for i := range s.Setup.Goods {
		if s.Setup.Goods[i].ID == good {
			return i
		}
	}
	return none
}

package experiment

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"entrepot/experiment/prim"
	"entrepot/output/prose"
	"entrepot/sim"
)

// Outcome is a yes-or-no question about a run: whether a figure is above or below a bound.
type Outcome struct {
	Figure string
	Above  bool
	Bound  float64
}

// ParseOutcome reads FIGURE>BOUND or FIGURE<BOUND. A bound may be a share of runs, such as FIGURE>90%: the value that so many runs
// lie below.
func ParseOutcome(text string, sample *Sample) (Outcome, error) {
	id, bound, above := strings.Cut(text, ">")
	if !above {
		var below bool
		if id, bound, below = strings.Cut(text, "<"); !below {
			return Outcome{}, fmt.Errorf("must be FIGURE>BOUND or FIGURE<BOUND such as price_ak_gao_after>400000 or price_ak_gao_after>90%%, got %q", text)
		}
	}
	o := Outcome{Figure: strings.TrimSpace(id), Above: above}
	unknown := CheckFigures(sample.Study.Figures, []string{o.Figure})
	share, percent := strings.CutSuffix(strings.TrimSpace(bound), "%")
	x, err := strconv.ParseFloat(share, 64)
	if err != nil || math.IsNaN(x) || math.IsInf(x, 0) || percent && (x <= 0 || x >= 100) {
		return o, errors.Join(unknown, fmt.Errorf("the bound of %s must be a number, or a share of runs between 0%% and 100%%, got %q", o.Figure, bound))
	}
	if unknown != nil {
		return o, unknown
	}
	if o.Bound = x; percent {
		var all []float64
		for _, values := range sample.Values[sample.Study.Figure(o.Figure)] {
			all = append(all, present(values)...)
		}
		slices.Sort(all)
		o.Bound = quantile(all, x/100)
	}
	return o, nil
}

// holds reports whether a run's figure is one that is asked for.
func (o *Outcome) holds(x float64) bool { return o.Above && x > o.Bound || !o.Above && x < o.Bound }

// in says in a language that a figure has the outcome: the price is above a bound.
func (o *Outcome) in(v voice, f *Figure) string {
	the := f.The.In(v.Words)
	if o.Above {
		return v.F("%s is above %s %s", the, v.number(o.Bound), v.T(f.Unit))
	}
	return v.F("%s is below %s %s", the, v.number(o.Bound), v.T(f.Unit))
}

// name is the outcome in a title.
func (o *Outcome) name(v voice, f *Figure) string {
	name := f.Name.In(v.Words)
	if o.Above {
		return v.F("%s above %s %s", name, v.number(o.Bound), v.T(f.Unit))
	}
	return v.F("%s below %s %s", name, v.number(o.Bound), v.T(f.Unit))
}

// mostBoxes, shuffles and halves are how far a discovery goes.
const (
	mostBoxes = 4
	shuffles  = 99
	halves    = 50
)

// Discover finds the circumstances under which an outcome is frequent among the runs of a sweep: boxes in the space of its factors.
func (s *Sweep) Discover(sample *Sample, o Outcome) (*Findings, error) {
	f := &s.Figures[s.Figure(o.Figure)]
	inputs, outcome := s.cases(sample, o)
	data, err := prim.New(inputs, outcome)
	if err != nil {
		return nil, err
	}
	key := sim.NewKey(s.Seed).Label("discover")
	options := prim.Usual()
	found := data.Cover(options, mostBoxes, shuffles, key)
	hits := 0
	for _, hit := range outcome {
		if hit {
			hits++
		}
	}
	out := &Findings{voice: s.voice, Command: "discover", Failed: sample.failures()}
	s.asked(out, f, o, len(outcome), hits)
	is := o.in(s.voice, f)
	switch {
	case len(outcome) == 0:
		out.Answer = []string{s.F("Nothing can be said: no run has the %s.", f.Name.In(s.Words))}
	case hits == 0:
		out.Answer = []string{s.F("%s in none of the %s: there is nothing to look for.", capital(is), s.nRuns(len(outcome)))}
	case hits == len(outcome):
		out.Answer = []string{s.F("%s in all of the %s: there is nothing to tell apart.", capital(is), s.nRuns(len(outcome)))}
	case len(found) == 0:
		out.Answer = []string{s.F("Nothing tells the runs with the %s from the others: no box finds more than a search in noise would.", o.name(s.voice, f))}
	}
	for i, box := range found {
		words := data.Words(s.Words, is, box.Step)
		if i > 0 {
			words = s.F("Among the others, %s", words)
		}
		out.Answer = append(out.Answer, capital(words)+".")
		out.Sheets = append(out.Sheets, s.box(i, data, box, options, key))
	}
	if hits > 0 && hits < len(outcome) {
		out.Charts = []Chart{s.trajectory(data.Peel(options), o.name(s.voice, f))}
	}
	return out, nil
}

// asked says what was looked for, and how.
func (s *Sweep) asked(out *Findings, f *Figure, o Outcome, runs, hits int) {
	the, bound, unit := f.The.In(s.Words), s.number(o.Bound), s.T(f.Unit)
	if o.Above {
		out.Title = s.F("When is %s above %s %s?", the, bound, unit)
		out.Question = s.F("Under which circumstances is %s above %s %s, among the runs of a sweep of %s over %s?", the, bound, unit, s.quoted(s.Scenario), s.list(s.Factors))
	} else {
		out.Title = s.F("When is %s below %s %s?", the, bound, unit)
		out.Question = s.F("Under which circumstances is %s below %s %s, among the runs of a sweep of %s over %s?", the, bound, unit, s.quoted(s.Scenario), s.list(s.Factors))
	}
	out.Design = []string{s.F("%s, of which %s (%s) have the outcome. PRIM (Friedman & Fisher 1999) with peeling and pasting; up to %d boxes by covering; a search counts if it finds more than %d searches in shuffled outcomes.",
		s.nRuns(runs), s.count(hits), s.percent(float64(hits)/float64(max(1, runs))), mostBoxes, shuffles)}
	out.Caveats = []string{s.T("A box describes the runs of this design: where ranges are wide or unlikely, so is the box."), s.T("Quasi-p values look at one limit at a time, after a search: they are too small.")}
}

// cases turns runs into inputs and outcomes. Runs that failed or have no such figure are left out.
func (s *Sweep) cases(sample *Sample, o Outcome) (inputs []prim.Input, outcome []bool) {
	for k, name := range s.Factors {
		inputs = append(inputs, prim.Input{Name: name, Levels: s.Design.Factors[k].Levels})
	}
	values := sample.Values[s.Figure(o.Figure)]
	for p := range s.Points {
		for _, x := range values[p] {
			if math.IsNaN(x) {
				continue
			}
			for k := range inputs {
				inputs[k].Values = append(inputs[k].Values, s.Points[p].Values[k])
			}
			outcome = append(outcome, o.holds(x))
		}
	}
	return inputs, outcome
}

// box lists what is known of a box.
func (s *Sweep) box(i int, data *prim.Data, b prim.Found, options prim.Options, key sim.Key) Sheet {
	again := data.Reproduce(options, halves, key.Label("halves"))
	sheet := Sheet{Name: fmt.Sprintf("box-%d", i+1), Title: s.F("Box %d: %s", i+1, data.Where(s.Words, b.Box)),
		Columns: []string{s.T("factor|column"), s.T("from|column"), s.T("to|column"), s.T("quasi-p"), s.T("found in halves")},
		Note:    s.F("Coverage %s of the runs with the outcome, density %s of the runs inside, mass %s of all runs; chance of such a find in noise %s.", s.percent(b.Coverage), s.percent(b.Density), s.percent(b.Mass), s.probability(b.Significance))}
	for _, k := range b.Box.Restricted() {
		limit := b.Box[k]
		row := []string{s.Factors[k], s.bound(limit.Low), s.bound(limit.High), s.probability(b.QuasiP[k]), prose.None}
		if names := s.Design.Factors[k].Levels; names != nil {
			var kept []string
			for level, name := range names {
				if limit.Without == nil || !limit.Without[level] {
					kept = append(kept, name)
				}
			}
			row[1], row[2] = strings.Join(kept, ", "), ""
		}
		if i == 0 {
			row[4] = s.percent(again.Restricted[k])
		}
		sheet.Rows = append(sheet.Rows, row)
	}
	return sheet
}

// bound writes a limit of a box; one that lets everything through is a dash.
func (v voice) bound(x float64) string {
	if math.IsInf(x, 0) {
		return prose.None
	}
	return v.number(x)
}

// trajectory shows what the first search trades: coverage against density.
func (s *Sweep) trajectory(steps []prim.Step, what string) Chart {
	c := &ScatterChart{ChartHead: ChartHead{Name: "trajectory", Title: s.T("Boxes from wide to narrow"), Alt: s.T("Density against coverage of the boxes that peeling passes through"),
		XLabel: s.T("coverage: share of the runs with the outcome that are inside"), YLabel: s.T("density: share of the runs inside that have it"),
		Note: s.F("outcome: %s; one dot a box; number: factors that it restricts", what)}}
	restricted := -1
	for _, b := range steps {
		n := len(b.Box.Restricted())
		d := Dot{X: b.Coverage, Y: b.Density, XLow: math.NaN(), XHigh: math.NaN(), YLow: math.NaN(), YHigh: math.NaN(), Group: s.T("boxes")}
		if n != restricted {
			d.Name, restricted = fmt.Sprint(n), n
		}
		c.Items = append(c.Items, d)
	}
	return c
}

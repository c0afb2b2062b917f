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

// words says the outcome of a figure.
func (o *Outcome) words(f *Figure) string { return f.Name + " " + o.side(f) }

// side says the bound.
func (o *Outcome) side(f *Figure) string {
	side := "below"
	if o.Above {
		side = "above"
	}
	return fmt.Sprintf("%s %s %s", side, number(o.Bound), f.Unit)
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
	what := o.words(f)
	hits := 0
	for _, hit := range outcome {
		if hit {
			hits++
		}
	}
	out := &Findings{Command: "discover", Title: "When is the " + what + "?", Question: fmt.Sprintf("Under which circumstances is the %s, among the runs of a sweep of %s over %s?", what, quoted(s.Scenario), listed(s.Factors)),
		Design:  []string{fmt.Sprintf("%s, of which %s (%s) have the outcome. PRIM (Friedman & Fisher 1999) with peeling and pasting; up to %d boxes by covering; a search counts if it finds more than %d searches in shuffled outcomes.", counted(len(outcome), "run"), prose.Count(hits), percent(float64(hits)/float64(max(1, len(outcome)))), mostBoxes, shuffles)},
		Caveats: []string{"A box describes the runs of this design: where ranges are wide or unlikely, so is the box.", "Quasi-p values look at one limit at a time, after a search: they are too small."},
		Failed:  sample.failures()}
	switch {
	case len(outcome) == 0:
		out.Answer = []string{fmt.Sprintf("Nothing can be said: no run has the %s.", f.Name)}
	case hits == 0:
		out.Answer = []string{fmt.Sprintf("The %s is %s in none of the %s: there is nothing to look for.", f.Name, o.side(f), counted(len(outcome), "run"))}
	case hits == len(outcome):
		out.Answer = []string{fmt.Sprintf("The %s is %s in all of the %s: there is nothing to tell apart.", f.Name, o.side(f), counted(len(outcome), "run"))}
	case len(found) == 0:
		out.Answer = []string{fmt.Sprintf("Nothing tells the runs with the %s from the others: no box finds more than a search in noise would.", what)}
	}
	for i, box := range found {
		words := data.Words("the "+f.Name+" is "+o.side(f), box.Step)
		if i > 0 {
			words = "Among the others, " + words
		}
		out.Answer = append(out.Answer, capital(words)+".")
		out.Sheets = append(out.Sheets, s.box(i, data, box, options, key))
	}
	if hits > 0 && hits < len(outcome) {
		out.Charts = []Chart{s.trajectory(data.Peel(options), what)}
	}
	return out, nil
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
	sheet := Sheet{Name: fmt.Sprintf("box-%d", i+1), Title: fmt.Sprintf("Box %d: %s", i+1, data.Where(b.Box)), Columns: []string{"factor", "from", "to", "quasi-p", "found in halves"},
		Note: fmt.Sprintf("Coverage %s of the runs with the outcome, density %s of the runs inside, mass %s of all runs; chance of such a find in noise %s.", percent(b.Coverage), percent(b.Density), percent(b.Mass), probability(b.Significance))}
	for _, k := range b.Box.Restricted() {
		limit := b.Box[k]
		row := []string{s.Factors[k], bound(limit.Low), bound(limit.High), probability(b.QuasiP[k]), prose.None}
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
			row[4] = percent(again.Restricted[k])
		}
		sheet.Rows = append(sheet.Rows, row)
	}
	return sheet
}

// bound writes a limit of a box; one that lets everything through is a dash.
func bound(x float64) string {
	if math.IsInf(x, 0) {
		return prose.None
	}
	return number(x)
}

// trajectory shows what the first search trades: coverage against density.
func (s *Sweep) trajectory(steps []prim.Step, what string) Chart {
	c := &ScatterChart{ChartHead: ChartHead{Name: "trajectory", Title: "Boxes from wide to narrow", Alt: "Density against coverage of the boxes that peeling passes through", XLabel: "coverage: share of the runs with the outcome that are inside", YLabel: "density: share of the runs inside that have it",
		Note: fmt.Sprintf("outcome: %s; one dot a box; number: factors that it restricts", what)}}
	restricted := -1
	for _, b := range steps {
		n := len(b.Box.Restricted())
		d := Dot{X: b.Coverage, Y: b.Density, XLow: math.NaN(), XHigh: math.NaN(), YLow: math.NaN(), YHigh: math.NaN(), Group: "boxes"}
		if n != restricted {
			d.Name, restricted = fmt.Sprint(n), n
		}
		c.Items = append(c.Items, d)
	}
	return c
}

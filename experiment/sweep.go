package experiment

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/experiment/design"
	"entrepot/experiment/stats"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Sweep is a study of a scenario over the points of a design.
type Sweep struct {
	*Study
	Scenario *scenarios.Scenario
	Design   *design.Design
	How      string   // grid, list, oat, lhs, sobol
	Shown    []string // ids of the figures that the report speaks of
}

// Designs lists what a sweep's design may be.
func Designs() []string { return []string{"grid", "list", "oat", "lhs", "sobol"} }

// designName is a design in words, for who knows its name: the catalogue has it where it is not English alone.
func designName(how string) string { return how + "|design" }

// NewDesign lays out a design of a kind for factors: n points where the kind asks for a number.
func NewDesign(kind string, factors []design.Factor, n int, of *scenarios.Scenario, seed uint64) (*design.Design, error) {
	key := sim.NewKey(seed).Label("design")
	switch kind {
	case "grid":
		return design.Grid(factors)
	case "oat":
		var at []float64
		for k := range factors {
			at = append(at, base(&factors[k], of))
		}
		return design.OneAtATime(factors, at)
	case "lhs":
		return design.Latin(factors, n, key)
	case "sobol":
		return design.Sobol(factors, n, key)
	}
	return nil, oneOf("a design", kind, Designs())
}

// ListDesign reads a design from a CSV file whose columns are paths. The error is a scenarios.Problems with all that is wrong.
func ListDesign(file string, data []byte, of *scenarios.Scenario) (*design.Design, error) {
	d, err := design.List(file, data, nil)
	var wrong design.Problems
	if errors.As(err, &wrong) {
		var all scenarios.Problems
		for _, p := range wrong {
			all = append(all, scenarios.Problem{File: p.File, Line: p.Line, Col: p.Col, Path: p.Column, Msg: p.Msg})
		}
		return nil, all
	}
	if err != nil {
		return nil, err
	}
	l := listFile{file: file, data: data}
	for _, m := range misuses(d.Factors) {
		l.add(0, m.factor, scenarios.Problem{Path: m.path, Msg: m.msg})
	}
	for k := range d.Factors { // a value that the scenario refuses is found before the first run
		l.try(d, k, of)
	}
	if len(l.found) > 0 {
		return nil, l.found
	}
	return d, nil
}

// listFile is a design file, and what a scenario has against it.
type listFile struct {
	file  string
	data  []byte
	found scenarios.Problems
}

// add notes a problem at a field; row 0 is the header.
func (l *listFile) add(row, column int, p scenarios.Problem) {
	p.File = l.file
	p.Line, p.Col = design.Where(l.data, row, column)
	l.found = append(l.found, p)
}

// try lays the values of a column over the scenario, each once. Of numbers, the ends of the range speak for all.
func (l *listFile) try(d *design.Design, column int, of *scenarios.Scenario) {
	f := &d.Factors[column]
	if lacksPath(f.Name) || accepted(f, of) {
		return
	}
	tried := map[float64]bool{}
	for i, values := range d.Points {
		x := values[column]
		if tried[x] || f.Levels == nil && x != f.Low && x != f.High {
			continue
		}
		tried[x] = true
		_, err := of.With(setsOf(f.Name, f.Text(x)))
		for _, p := range problemsOf(err) {
			if p.Col == 1 { // of the path, whatever the value
				l.add(0, column, p)
				return
			}
			l.add(i+1, column, p)
		}
	}
}

// NewSweep returns the study of a scenario over a design.
func NewSweep(of *scenarios.Scenario, how string, d *design.Design, replicates int, seed uint64) *Sweep {
	points, factors := PointsOf(d, of)
	return &Sweep{Study: &Study{Points: points, Factors: factors, Replicates: replicates, Seed: seed, Figures: Figures(of)}, Scenario: of, Design: d, How: how,
		Shown: MainFigures(of)}
}

// MainFigures lists the figures that a report speaks of unless it is told: the price of the first good in each town after.
func MainFigures(of *scenarios.Scenario) (ids []string) {
	for _, hub := range Towns(of) {
		ids = append(ids, "price_"+PricedGoods(of.Setup)[0]+"_"+hub+"_after")
	}
	return ids
}

// CheckFigures says which of some ids are of none of the figures of a study, all at once.
func CheckFigures(of []Figure, ids []string) error {
	var all []string
	for i := range of {
		all = append(all, of[i].ID)
	}
	return eachOf("a figure of the study", ids, all)
}

// Findings says how figures depend on the factors.
func (s *Sweep) Findings(results Results) (*Findings, error) {
	sample, err := s.Sample(results)
	if err != nil {
		return nil, err
	}
	f := &Findings{voice: s.voice, Command: "sweep", Failed: sample.failures(), Title: s.F("%s over %s|factors", s.titleOf(s.Scenario), s.list(s.Factors)),
		Question: s.F("What becomes of %s over the ranges of %s?", s.quoted(s.Scenario), s.list(s.Factors)),
		Design: []string{s.F("%s (%s), %s each, %s; replicate r has one seed for all points, hashed from %d and r.", s.nPoints(len(s.Points)), s.T(designName(s.How)), s.nReplicates(s.Replicates),
			s.nRuns(s.Runs()), s.Seed)},
		Caveats: []string{s.T("A range is what was tried, not what is likely."), s.T("`entrepot discover` finds the circumstances under which a figure is high or low; `entrepot sensitivity` divides its variance among the factors.")}}
	for k := range s.Design.Factors {
		d := &s.Design.Factors[k]
		text := s.F("%s from %s to %s", d.Name, s.Number(d.Text(d.Low)), s.Number(d.Text(d.High)))
		if d.Levels != nil {
			text = s.F("%s: %s", d.Name, strings.Join(d.Levels, ", "))
		}
		if p, known := parameterOf(d.Name); known {
			text = s.F("%s (%s; %s)", text, s.T(p.Meaning), s.T(p.Unit))
		}
		f.Design = append(f.Design, text+".")
	}
	for _, id := range s.Shown {
		k := s.Figure(id)
		means := s.means(sample, k)
		f.Answer = append(f.Answer, s.sentence(&s.Figures[k], means))
		f.Charts = append(f.Charts, s.charts(sample, k, means)...)
	}
	f.Sheets = []Sheet{s.ranks(sample, func(id string) bool { return slices.Contains(s.Shown, id) }), s.points(sample), s.ranks(sample, func(string) bool { return true })}
	all := &f.Sheets[2]
	all.Name, all.Title = all.Name+"-all", s.F("%s: all figures", all.Title)
	return f, nil
}

// means returns the mean of a figure over replicates, point by point.
func (s *Sweep) means(sample *Sample, figure int) (means []float64) {
	for p := range s.Points {
		means = append(means, mean(present(sample.Values[figure][p]))) // NaN where there is none
	}
	return means
}

// sentence says where a figure is lowest and highest and which factor it follows most.
func (s *Sweep) sentence(f *Figure, means []float64) string {
	low, high := -1, -1
	for p, x := range means {
		if math.IsNaN(x) {
			continue
		}
		if low < 0 || x < means[low] {
			low = p
		}
		if high < 0 || x > means[high] {
			high = p
		}
	}
	if low < 0 {
		return s.F("%s: no run has one.", capital(f.Name.In(s.Words)))
	}
	return s.F("%s: from %s %s (at %s) to %s %s (at %s).", capital(f.Name.In(s.Words)), s.number(means[low]), s.T(f.Unit), strings.Join(s.Points[low].Sets, ", "), s.number(means[high]), s.T(f.Unit), strings.Join(s.Points[high].Sets, ", "))
}

// ranks lists the rank correlation of some figures with factors that are numbers.
func (s *Sweep) ranks(sample *Sample, of func(id string) bool) Sheet {
	sheet := Sheet{Name: "rank-correlations", Title: s.T("Which way each figure follows each factor"), Columns: append([]string{s.T("figure|column")}, s.Factors...),
		Note: s.T("Spearman's rank correlation over points, of means over replicates: 1 where a figure always rises with the factor, −1 where it always falls. Of factors with names there is none.")}
	for k := range s.Figures {
		if !of(s.Figures[k].ID) {
			continue
		}
		means := s.means(sample, k)
		row := []string{s.Figures[k].Meaning.In(s.Words)}
		any := false
		for j := range s.Factors {
			text := prose.None
			if s.Design.Factors[j].Levels == nil {
				if r := correlation(s.Points, j, means); !math.IsNaN(r) {
					text, any = s.Number(prose.Signed(prose.Fixed(r, 2))), true
				}
			}
			row = append(row, text)
		}
		if any {
			sheet.Rows = append(sheet.Rows, row)
		}
	}
	return sheet
}

func correlation(points []Point, factor int, means []float64) float64 {
	var x, y []float64
	for p := range points {
		if !math.IsNaN(means[p]) {
			x, y = append(x, points[p].Values[factor]), append(y, means[p])
		}
	}
	if len(x) < 3 {
		return math.NaN()
	}
	return stats.RankCorrelation(x, y)
}

// mostRows is how many points a sheet lists; all of them are in the tables.
const mostRows = 64

func (s *Sweep) points(sample *Sample) Sheet {
	sheet := Sheet{Name: "points", Title: s.T("Means by point"), Columns: append([]string{s.T("point|column")}, s.Factors...)}
	for _, id := range s.Shown {
		f := &s.Figures[s.Figure(id)]
		sheet.Columns = append(sheet.Columns, f.Name.In(s.Words)+", "+s.T(f.Unit))
	}
	for p := range s.Points {
		if p == mostRows {
			sheet.Note = s.F("The first %d of %s; all are in the tables.", mostRows, s.nPoints(len(s.Points)))
			break
		}
		row := []string{s.count(p)}
		for k, text := range s.Design.Text(p) {
			if s.Design.Factors[k].Levels == nil {
				text = s.Number(text)
			}
			row = append(row, text)
		}
		for _, id := range s.Shown {
			row = append(row, s.number(mean(present(sample.Values[s.Figure(id)][p]))))
		}
		sheet.Rows = append(sheet.Rows, row)
	}
	return sheet
}

// charts shows a figure against each factor; of two factors on a grid, as a table of colours too.
func (s *Sweep) charts(sample *Sample, figure int, means []float64) (all []Chart) {
	f := &s.Figures[figure]
	for k := range s.Factors {
		d := &s.Design.Factors[k]
		c := &LineChart{ChartHead: ChartHead{Name: fileName(f.ID) + "-" + fileName(d.Name), Title: s.F("%s against %s|factor", capital(f.Name.In(s.Words)), d.Name), Alt: s.F("Mean of the %s for each value of %s, with the middle half of points around it", f.Name.In(s.Words), d.Name),
			XLabel: s.withUnit(d.Name), YLabel: s.T(f.Unit), Note: s.F("n = %s, %s each, of %s; line: mean over points with such a value; band: 25–75 %% of these points", s.nPoints(len(s.Points)), s.nReplicates(s.Replicates), s.Scenario.Name)},
			LogX: d.Log, Band: s.T("25–75 % of the points with such a value")}
		line := s.along(k, means)
		line.Name = f.Name.In(s.Words)
		if d.Levels != nil {
			c.XLabel = s.F("%s (%s)", c.XLabel, levels(d.Levels))
		}
		if len(line.X) > 1 {
			c.Lines = []Line{line}
			all = append(all, c)
		}
	}
	if m := s.grid(figure, means); m != nil {
		all = append(all, m)
	}
	return all
}

// withUnit is what is varied with the unit that it has, for an axis.
func (v voice) withUnit(path string) string {
	if p, known := parameterOf(path); known && p.Unit != "choice" && p.Unit != "switch" {
		return path + ", " + v.T(p.Unit)
	}
	return path
}

// shownAs is a value of a factor for a reader.
func (v voice) shownAs(f *design.Factor, x float64) string {
	if f.Levels != nil {
		return f.Text(x)
	}
	return v.number(x)
}

// levels numbers names: 0 is the first.
func levels(names []string) string {
	var all []string
	for i, name := range names {
		all = append(all, fmt.Sprintf("%d: %s", i, name))
	}
	return strings.Join(all, ", ")
}

// mostSteps is how many steps a line along a factor has; points of a random design are put together in as many.
const mostSteps = 12

// along averages over points with the same value of a factor, or with close ones where there are many.
func (s *Sweep) along(factor int, means []float64) (line Line) {
	var order []int
	for p := range s.Points {
		if !math.IsNaN(means[p]) {
			order = append(order, p)
		}
	}
	x := func(p int) float64 { return s.Points[p].Values[factor] }
	slices.SortStableFunc(order, func(p, q int) int {
		switch {
		case x(p) < x(q):
			return -1
		case x(p) > x(q):
			return 1
		}
		return 0
	})
	distinct := 0
	for i, p := range order {
		if i == 0 || x(p) != x(order[i-1]) {
			distinct++
		}
	}
	for from := 0; from < len(order); {
		to := from + 1
		if distinct <= mostSteps {
			for to < len(order) && x(order[to]) == x(order[from]) {
				to++
			}
		} else {
			to = min(len(order), from+(len(order)+mostSteps-1)/mostSteps)
		}
		var at float64
		var v []float64
		for _, p := range order[from:to] {
			at += x(p) / float64(to-from)
			v = append(v, means[p])
		}
		slices.Sort(v)
		line.X, line.Y = append(line.X, at), append(line.Y, mean(v))
		line.Low, line.High = append(line.Low, quantile(v, 0.25)), append(line.High, quantile(v, 0.75))
		from = to
	}
	return line
}

// grid shows a figure over two factors whose every combination was run.
func (s *Sweep) grid(figure int, means []float64) Chart {
	if len(s.Factors) != 2 || s.How != "grid" {
		return nil
	}
	f, a, b := &s.Figures[figure], &s.Design.Factors[0], &s.Design.Factors[1]
	m := &MatrixChart{ChartHead: ChartHead{Name: fileName(f.ID) + "-grid", Title: s.F("%s over %s and %s", capital(f.Name.In(s.Words)), a.Name, b.Name), Alt: s.F("Mean %s for each combination of %s and %s", f.Name.In(s.Words), a.Name, b.Name),
		XLabel: s.withUnit(b.Name), YLabel: s.withUnit(a.Name), Note: s.F("%s; n = %s of %s", s.T(f.Unit), s.nReplicates(s.Replicates), s.Scenario.Name)}}
	for _, y := range b.Values() {
		m.Columns = append(m.Columns, s.shownAs(b, y))
	}
	p := 0
	for _, x := range a.Values() {
		m.Rows = append(m.Rows, s.shownAs(a, x))
		row, texts := []float64{}, []string{}
		for range m.Columns {
			row, texts = append(row, means[p]), append(texts, s.number(means[p]))
			p++
		}
		m.Values, m.Texts = append(m.Values, row), append(m.Texts, texts)
	}
	return m
}

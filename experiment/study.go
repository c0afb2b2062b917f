package experiment

import (
	"context"
	"slices"
	"sync"

	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Point is a design point: a scenario, and the sets laid over it. The sets are applied when a run of the point begins, so that a
// study of thousands of points does not hold as many worlds.
type Point struct {
	Name     string
	Scenario *scenarios.Scenario
	Sets     []string // path=value
	Values   []float64
	Levels   []string // of the study's factors, in their order: the text where a factor has levels
}

// Study is a list of runs: every point once for each replicate. Run numbers go through the points first, so that a study broken
// off has seen all points equally often.
type Study struct {
	voice      // Words: the language in which findings are told; nil: English
	Points     []Point
	Factors    []string // names of the points' values
	Replicates int
	Seed       uint64
	Apart      bool // every run has luck of its own, instead of that of its replicate
	Pooled     bool // points are draws of what is uncertain in one scenario: spreads are over all of them
	Figures    []Figure
	Series     []Series
	Full       []string // tables of a run that are kept whole, week by week

	Do Runner // what a run is; nil: Simulate

	laid sync.Map // point -> its scenario with the sets laid over it, where there are few points
}

// fewPoints is how many points keep their scenario between runs: laying sets over one costs as much as a few per cent of a run.
const fewPoints = 256

// Runner does one run: the study's figures and series of a point under a seed. Tests put models with known answers here.
type Runner func(ctx context.Context, s *Study, p *Point, seed uint64) (*Taken, error)

// Taken is what was taken of a run: a value for each figure, and for each series one for each month.
type Taken struct {
	Figures []float64
	Months  []string // YYYY-MM
	Series  [][]float64
	Whole   *tables.Run // holds the tables that are kept whole; nil where there are none
}

// Runs is the number of runs.
func (s *Study) Runs() int { return len(s.Points) * s.Replicates }

// Place returns which point and which replicate a run is.
func (s *Study) Place(run int) (point, replicate int) {
	return run % len(s.Points), run / len(s.Points)
}

// Run returns the number of a run.
func (s *Study) Run(point, replicate int) int { return replicate*len(s.Points) + point }

// SeedOf returns the seed of a run: hashed from the study's seed and the replicate, the same for all points unless the study keeps
// them apart. It is below 2^53, so that every reader of numbers holds it, and `entrepot run --seed` repeats the run.
func (s *Study) SeedOf(run int) uint64 {
	point, replicate := s.Place(run)
	key := sim.NewKey(s.Seed).Label("replicate").At(uint64(replicate))
	if s.Apart {
		key = key.Label("point").At(uint64(point))
	}
	return key.Bits() >> 11
}

// The tables of a study. `runs` has a row for each run, `series` one for each run, series and month, `parameters` one for each
// point.
const (
	RunsTable       = "runs"
	SeriesTable     = "series"
	ParametersTable = "parameters"
)

// The columns of runs before the figures.
const (
	runColumn = iota
	pointColumn
	replicateColumn
	seedColumn
	stageColumn
	failedColumn
	figureColumns
)

// Tables returns the tables whose rows runs give: runs and, if the study keeps series, series.
func (s *Study) Tables() []Table {
	runs := Table{RunsTable, "one row a run", []Column{
		{"run", Int, "", "number of the run"},
		{"point", Int, "", "design point, a row of parameters"},
		{"replicate", Int, "", "replicate: runs of one replicate have the same luck"},
		{"seed", Int, "", "seed of the run's luck"},
		{"stage", Text, "", "where a failed run failed: setup, run, time"},
		{"failed", Text, "", "why a failed run failed; empty: it is done"},
	}}
	for i := range s.Figures {
		f := &s.Figures[i]
		runs.Columns = append(runs.Columns, Column{f.ID, Float, f.Unit, f.Meaning.String()})
	}
	all := []Table{runs}
	if len(s.Series) > 0 {
		all = append(all, Table{SeriesTable, "one row a run, series and month", []Column{
			{"run", Int, "", "number of the run"},
			{"series", Text, "", "id of the series"},
			{"month", Text, "", "YYYY-MM; a week belongs to the month of its Monday"},
			{"value", Float, "", "in the unit of the series; nothing where there is none, such as a price where nothing was traded"},
		}})
	}
	return append(all, s.fullTables()...)
}

// Parameters returns the table of design points and its rows.
func (s *Study) Parameters() (Table, Rows) {
	t := Table{ParametersTable, "one row a design point", []Column{
		{"point", Int, "", "number of the point"},
		{"name", Text, "", "its name"},
		{"scenario", Text, "", "its scenario"},
		{"sets", Text, "", "what is laid over the scenario: path=value, parted by spaces"},
	}}
	for k, name := range s.Factors {
		kind := Float
		if s.hasLevels(k) {
			kind = Text
		}
		t.Columns = append(t.Columns, Column{name, kind, "", "value of this factor"})
	}
	rows := NewRows(&t)
	for i := range s.Points {
		p := &s.Points[i]
		rows.Int[0] = append(rows.Int[0], int64(i))
		rows.Text[1], rows.Text[2], rows.Text[3] = append(rows.Text[1], p.Name), append(rows.Text[2], p.scenario()), append(rows.Text[3], joined(p.Sets))
		for k := range s.Factors {
			if c := 4 + k; t.Columns[c].Kind == Text {
				rows.Text[c] = append(rows.Text[c], p.Levels[k])
			} else {
				rows.Float[c] = append(rows.Float[c], p.Values[k])
			}
		}
	}
	return t, rows
}

// hasLevels reports whether a factor has levels with names.
func (s *Study) hasLevels(factor int) bool {
	return slices.ContainsFunc(s.Points, func(p Point) bool { return factor < len(p.Levels) && p.Levels[factor] != "" })
}

func (p *Point) scenario() string {
	if p.Scenario == nil {
		return ""
	}
	return p.Scenario.Name
}

func joined(sets []string) (text string) {
	for i, set := range sets {
		if i > 0 {
			text += " "
		}
		text += set
	}
	return text
}

// scenario returns the scenario of a point with its sets laid over it.
func (s *Study) scenario(p *Point) (*scenarios.Scenario, error) {
	if len(p.Sets) == 0 {
		return p.Scenario, nil
	}
	if laid, ok := s.laid.Load(p); ok {
		return laid.(*scenarios.Scenario), nil
	}
	laid, err := p.Scenario.With(p.Sets)
	if err == nil && len(s.Points) <= fewPoints {
		s.laid.Store(p, laid)
	}
	return laid, err
}

// Simulate runs the model, as far as anything is asked of the run.
func Simulate(ctx context.Context, s *Study, p *Point, seed uint64) (*Taken, error) {
	scenario, err := s.scenario(p)
	if err != nil {
		return nil, &Failure{"setup", err.Error()}
	}
	l, err := s.begin(scenario.Setup, seed)
	if err != nil {
		return nil, err
	}
	return l.rest(ctx)
}

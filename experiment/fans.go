package experiment

import (
	"math"
	"slices"

	"entrepot/experiment/stats"
)

// spread is how a series is spread over runs, month by month. What it takes in memory does not grow with the runs.
type spread struct {
	quantiles []stats.Sketch
	moments   []stats.Moments
}

func newSpread(months int) *spread {
	return &spread{make([]stats.Sketch, months), make([]stats.Moments, months)}
}

// add takes one run's values; NaN is none.
func (s *spread) add(values []float64) {
	for k, x := range values {
		if !math.IsNaN(x) {
			s.quantiles[k].Add(x)
			s.moments[k].Add(x)
		}
	}
}

// fan returns the spread's quantiles and, if asked, the 95 % interval of its mean.
func (s *spread) fan(name string, interval bool) Fan {
	f := Fan{Name: name}
	for k := range s.quantiles {
		q := &s.quantiles[k]
		f.Q05, f.Q25, f.Q50 = append(f.Q05, q.Quantile(0.05)), append(f.Q25, q.Quantile(0.25)), append(f.Q50, q.Quantile(0.5))
		f.Q75, f.Q95 = append(f.Q75, q.Quantile(0.75)), append(f.Q95, q.Quantile(0.95))
		if interval {
			m := &s.moments[k]
			half := 1.96 * m.StdErr()
			f.Low, f.High = append(f.Low, m.Mean()-half), append(f.High, m.Mean()+half)
		}
	}
	return f
}

// Spreads are the spreads of all series of a study's points, and of their differences from the first point under the same luck.
type Spreads struct {
	study  *Study
	months []string
	of     [][]*spread // by point and series
	less   [][]*spread // by point and series: the point less the first, run by run

	base      [][]float64 // of the first point in the replicate at hand
	replicate int
}

// Spreads reads the series of all kept runs. Runs of one replicate follow each other, so differences need no more than the series
// of the replicate at hand. Months are those of the first run: of a scenario with another period, those that it shares.
func (s *Study) Spreads(results Results) (*Spreads, error) {
	out := s.newSpreads()
	err := results.Each(func(run int, rows []Rows) error {
		if run < s.Runs() && rows[0].Text[failedColumn][0] == "" {
			out.take(run, &rows[1])
		}
		return nil
	})
	return out, err
}

func (s *Study) newSpreads() *Spreads {
	return &Spreads{study: s, of: make([][]*spread, len(s.Points)), less: make([][]*spread, len(s.Points)), replicate: -1}
}

// take adds the series of a run, which follows those taken before.
func (s *Spreads) take(run int, rows *Rows) {
	point, replicate := s.study.Place(run)
	if s.study.Pooled {
		point = 0
	}
	values := s.values(rows)
	s.start(point)
	for i := range values {
		s.of[point][i].add(values[i])
	}
	if point == 0 {
		s.base, s.replicate = values, replicate
		return
	}
	if s.replicate == replicate {
		for i := range values {
			s.less[point][i].add(less(values[i], s.base[i]))
		}
	}
}

// values returns the series of a run, by series and month; NaN in a month that the run does not have.
func (s *Spreads) values(rows *Rows) [][]float64 {
	series := len(s.study.Series)
	n := len(rows.Float[3]) / max(1, series)
	months := rows.Text[2][:n]
	if s.months == nil {
		s.months = slices.Clone(months)
	}
	values := make([][]float64, series)
	for i := range values {
		have := rows.Float[3][i*n : (i+1)*n]
		if slices.Equal(months, s.months) {
			values[i] = slices.Clone(have)
			continue
		}
		values[i] = missing(len(s.months))
		for k, month := range months {
			if at, shared := slices.BinarySearch(s.months, month); shared {
				values[i][at] = have[k]
			}
		}
	}
	return values
}

// Months are those of the series, YYYY-MM.
func (s *Spreads) Months() []string { return s.months }

// Fan returns how a series of a point is spread over runs, and its mean, month by month.
func (s *Spreads) Fan(point, series int) (f Fan, mean []float64) {
	of := newSpread(len(s.months))
	if s.of[point] != nil {
		of = s.of[point][series]
	}
	return of.fan("", false), of.means()
}

// Difference returns how much more a series of a point is than that of the first point, run by run, with the interval of the mean.
func (s *Spreads) Difference(point, series int) (f Fan, mean []float64) {
	of := newSpread(len(s.months))
	if s.less[point] != nil {
		of = s.less[point][series]
	}
	return of.fan("", true), of.means()
}

func (s *spread) means() []float64 {
	out := make([]float64, len(s.moments))
	for k := range out {
		out[k] = s.moments[k].Mean()
	}
	return out
}

// known says whether a run of a point was kept.
func (s *Spreads) known(point int) bool { return s.of[point] != nil }

func (s *Spreads) start(point int) {
	if s.of[point] == nil {
		for range s.study.Series {
			s.of[point] = append(s.of[point], newSpread(len(s.months)))
			if point > 0 {
				s.less[point] = append(s.less[point], newSpread(len(s.months)))
			}
		}
	}
}

// fan returns the fan of a point's series: of nothing where no run of the point is there.
func (s *Spreads) fan(point, series int, name string) Fan {
	if s.of[point] == nil {
		return newSpread(len(s.months)).fan(name, false)
	}
	return s.of[point][series].fan(name, false)
}

// lessFan returns the fan of what a point's series is more than the first point's, run by run, with the interval of the mean.
func (s *Spreads) lessFan(point, series int, name string) Fan {
	if s.less[point] == nil {
		return newSpread(len(s.months)).fan(name, true)
	}
	return s.less[point][series].fan(name, true)
}

func less(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for k := range out {
		out[k] = a[k] - b[k]
	}
	return out
}

package experiment

import (
	"errors"
	"math"
	"slices"

	"entrepot/scenarios"
)

// Sample is what a study's runs gave, figure by figure.
type Sample struct {
	Study  *Study
	Values [][][]float64 // by figure, point and replicate; NaN: failed, not done, or the run has none
	Done   int           // runs kept, the failed ones among them
	Failed []FailedRun
}

// FailedRun is a run that failed.
type FailedRun struct {
	Run, Point, Replicate int
	Seed                  uint64
	Failure
}

// Sample reads the figures of all kept runs: eight bytes for each figure and run.
func (s *Study) Sample(results Results) (*Sample, error) {
	out := &Sample{Study: s, Values: make([][][]float64, len(s.Figures))}
	for f := range out.Values {
		out.Values[f] = make([][]float64, len(s.Points))
		for p := range out.Values[f] {
			out.Values[f][p] = missing(s.Replicates)
		}
	}
	err := results.Each(func(run int, rows []Rows) error {
		if run >= s.Runs() {
			return nil // of a longer study that this one is the beginning of
		}
		point, replicate := s.Place(run)
		row := &rows[0]
		out.Done++
		if row.Text[failedColumn][0] != "" {
			out.Failed = append(out.Failed, s.failed(run, row))
			return nil
		}
		for f := range s.Figures {
			out.Values[f][point][replicate] = row.Float[figureColumns+f][0]
		}
		return nil
	})
	return out, err
}

// missing returns n values that do not exist.
func missing(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = math.NaN()
	}
	return out
}

// Figure returns the position of a figure by its id, or -1.
func (s *Study) Figure(id string) int {
	for i := range s.Figures {
		if s.Figures[i].ID == id {
			return i
		}
	}
	return -1
}

// failed reads why a run failed off its row.
func (s *Study) failed(run int, row *Rows) FailedRun {
	point, replicate := s.Place(run)
	return FailedRun{run, point, replicate, uint64(row.Int[seedColumn][0]), Failure{row.Text[stageColumn][0], row.Text[failedColumn][0]}}
}

// String tells a reader which run failed and why.
func (f *FailedRun) String() string {
	return voice{}.failure(f)
}

// failure tells it in a language; the reason is that of an error, in English.
func (v voice) failure(f *FailedRun) string {
	return v.F("run %d (point %d, replicate %d, seed %d) failed: %s: %s", f.Run, f.Point, f.Replicate, f.Seed, f.Stage, f.Reason)
}

// errSome ends a look for a run that did not fail.
var errSome = errors.New("a run did not fail")

// AllFailed returns the first of the failed runs if no run did not fail, and nil otherwise.
func (s *Study) AllFailed(results Results) (first *FailedRun, err error) {
	err = results.Each(func(run int, rows []Rows) error {
		if rows[0].Text[failedColumn][0] == "" {
			return errSome
		}
		if first == nil {
			f := s.failed(run, &rows[0])
			first = &f
		}
		return nil
	})
	if errors.Is(err, errSome) {
		return nil, nil
	}
	return first, err
}

// failures lists failed runs for a reader.
func (s *Sample) failures() (lines []string) {
	for i := range s.Failed {
		lines = append(lines, s.Study.failure(&s.Failed[i]))
	}
	return lines
}

// marks lists when the causes of a scenario set in, for charts: one mark a cause, at its first event after the run's first week.
func (v voice) marks(s *scenarios.Scenario) (all []Mark) {
	var seen []string
	for _, e := range s.Setup.Events {
		if e.Date <= s.Setup.Start+7 || e.Date > s.Setup.End || slices.Contains(seen, e.Cause) {
			continue
		}
		seen = append(seen, e.Cause)
		all = append(all, Mark{e.Date, v.T(Spoken(s, e.Cause))})
	}
	return all
}

// documented lists the documented prices of a good in a hub, for charts.
func (v voice) documented(s *scenarios.Scenario, good, hub string) (all []Documented) {
	for _, f := range s.Facts {
		if f.Kind != "price" || f.Good != good || f.Place != hub {
			continue
		}
		span, err := SpanOf(f.Start, f.End)
		if err != nil {
			continue
		}
		all = append(all, Documented{v.F("%s: %s", f.ID, f.Source), span.First, span.Last, f.Low, f.High})
	}
	return all
}

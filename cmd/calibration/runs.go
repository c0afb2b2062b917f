package main

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
)

// figures runs a scenario under seeds 1..n, on all processors, and applies every measure to every run: for each measure, the
// sorted values of the runs that have one. Tables are let go at once, since those of many runs would not fit.
func figures(s *scenarios.Scenario, n int, ms []measure) ([][]float64, error) {
	got, errs := make([][]*float64, n), make([]error, n)
	var wg sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range got {
		wg.Add(1)
		go func() {
			defer wg.Done()
			gate <- struct{}{}
			defer func() { <-gate }()
			got[i], errs[i] = one(s, uint64(i+1), ms)
		}()
	}
	wg.Wait()
	values := make([][]float64, len(ms))
	for i := range got {
		if errs[i] != nil {
			return nil, errs[i]
		}
		for k, x := range got[i] {
			if x != nil {
				values[k] = append(values[k], *x)
			}
		}
	}
	for k := range values {
		slices.Sort(values[k])
	}
	return values, nil
}

// one runs a seed; a measure that the run has no value for is nil.
func one(s *scenarios.Scenario, seed uint64, ms []measure) ([]*float64, error) {
	m, err := agents.New(s.Setup, seed)
	if err != nil {
		return nil, err
	}
	run := tables.NewRun(s.Setup.Start)
	o := record.New(m, run.Recording(), run.Names, record.Options{})
	if err := m.Run(func(week int) error { o.Week(week); return nil }); err != nil {
		return nil, err
	}
	o.Close()
	values := make([]*float64, len(ms))
	for k, f := range ms {
		if f == nil {
			continue
		}
		if x, ok := f(run); ok {
			values[k] = &x
		}
	}
	return values, nil
}

func measures(rs []reading) (ms []measure) {
	for i := range rs {
		ms = append(ms, rs[i].measure)
	}
	return ms
}

func mean(v []float64) (sum float64) {
	for _, x := range v {
		sum += x / float64(len(v))
	}
	return sum
}

// met tells whether the mean over seeds lies in the range, or has the sign, of the fact.
func (r *reading) met(v []float64) bool {
	m := mean(v)
	switch {
	case len(v) == 0:
		return false
	case r.sign():
		return m*r.fact.Low > 0
	default:
		return m >= r.low && m <= r.high
	}
}

// verdict says so in words.
func (r *reading) verdict(v []float64) string {
	switch {
	case r.measure == nil:
		return r.why
	case len(v) == 0:
		return "not met: no value"
	case r.sign():
		word := "not met"
		if r.met(v) {
			word = "met"
		}
		agree := 0
		for _, x := range v {
			if x*r.fact.Low > 0 {
				agree++
			}
		}
		return fmt.Sprintf("%s (%d of %d seeds)", word, agree, len(v))
	case r.met(v):
		return r.kept("met", "an input: in its range")
	default:
		m := mean(v)
		end := r.high
		if m < r.low {
			end = r.low
		}
		return r.kept("not met", "an input: out of its range") + fmt.Sprintf(" (%+.0f %%)", 100*(m/end-1))
	}
}

// kept chooses the word for a target or for an input of the model.
func (r *reading) kept(target, input string) string {
	if r.fact.Use == "calibrate" {
		return target
	}
	return input
}

// documented writes what the model is held against.
func (r *reading) documented() string {
	switch {
	case r.sign() && r.fact.Low > 0:
		return "+"
	case r.sign():
		return "-"
	case r.fact.Low == r.fact.High && r.low == 0.9*r.fact.Low && r.high == 1.1*r.fact.High:
		return short(r.fact.Low) + " (10 % either way)"
	default:
		return short(r.low) + "-" + short(r.high)
	}
}

// cell writes the mean and the 5-95 % range of single runs.
func cell(v []float64) string {
	if len(v) == 0 {
		return "-"
	}
	return fmt.Sprintf("%s (%s to %s)", short(mean(v)), short(v[len(v)/20]), short(v[len(v)-1-len(v)/20]))
}

func escape(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

func short(x float64) string {
	if x >= 1000 || x <= -1000 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

// factsSection is the table of all targets.
func factsSection(w *work) (string, error) {
	s, err := scenarios.Load(w.scenario, w.sets)
	if err != nil {
		return "", err
	}
	rs := readings(s)
	all, err := figures(s, w.runs, measures(rs))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Scenario `%s`, seeds 1-%d; the model's column is the mean over seeds with the 5-95 %% range of single runs.\n\n", w.scenario, w.runs)
	b.WriteString(factTable(rs, all))
	return b.String(), nil
}

func factTable(rs []reading, all [][]float64) string {
	var b strings.Builder
	b.WriteString("| fact | what is measured | unit | documented | model | verdict |\n|---|---|---|---|---|---|\n")
	for i := range rs {
		r := &rs[i]
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", r.fact.ID, escape(r.what), escape(r.unit), r.documented(), cell(all[i]), r.verdict(all[i]))
	}
	return b.String()
}

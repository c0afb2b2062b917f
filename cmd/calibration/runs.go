package main

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"strings"
	"sync"

	"entrepot/experiment"
	"entrepot/scenarios"
)

// targets lists what a scenario is held against: the facts that are to be met and, of the inputs (`use=driver`), prices, since the model
// makes them too.
func targets(s *scenarios.Scenario) []experiment.Target {
	return slices.DeleteFunc(experiment.Targets(s, s.Facts), func(t experiment.Target) bool { return t.Input && t.Fact.Kind != "price" })
}

// figuresOf lists the figures of targets; one that cannot be measured has none, and figures gives it no values.
func figuresOf(targets []experiment.Target) (all []experiment.Figure) {
	for i := range targets {
		all = append(all, targets[i].Figure)
	}
	return all
}

// figures runs a scenario under seeds 1..n, on all processors: for each figure, the sorted values of the runs that have one.
func figures(s *scenarios.Scenario, n int, all []experiment.Figure) ([][]float64, error) {
	study := &experiment.Study{}
	for _, f := range all {
		if len(f.Parts) > 0 {
			study.Figures = append(study.Figures, f)
		}
	}
	got, errs := make([]*experiment.Taken, n), make([]error, n)
	var wg sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range got {
		wg.Add(1)
		go func() {
			defer wg.Done()
			gate <- struct{}{}
			defer func() { <-gate }()
			got[i], errs[i] = experiment.Simulate(context.Background(), study, &experiment.Point{Scenario: s}, uint64(i+1))
		}()
	}
	wg.Wait()
	values := make([][]float64, len(all))
	for i := range got {
		if errs[i] != nil {
			return nil, errs[i]
		}
		k := 0
		for c, f := range all {
			if len(f.Parts) == 0 {
				continue
			}
			if x := got[i].Figures[k]; !math.IsNaN(x) {
				values[c] = append(values[c], x)
			}
			k++
		}
	}
	for k := range values {
		slices.Sort(values[k])
	}
	return values, nil
}

func mean(v []float64) (sum float64) {
	for _, x := range v {
		sum += x / float64(len(v))
	}
	return sum
}

// cell writes the mean and the 5-95 % range of single runs.
func cell(s experiment.Score) string {
	if s.N == 0 {
		return "-"
	}
	return fmt.Sprintf("%s (%s to %s)", short(s.Mean), short(s.Low5), short(s.High95))
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
	ts := targets(s)
	all, err := figures(s, w.runs, figuresOf(ts))
	if err != nil {
		return "", err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Scenario `%s`, seeds 1-%d; the model's column is the mean over seeds with the 5-95 %% range of single runs.\n\n", w.scenario, w.runs)
	b.WriteString(factTable(ts, all))
	return b.String(), nil
}

func factTable(ts []experiment.Target, all [][]float64) string {
	var b strings.Builder
	b.WriteString("| fact | what is measured | unit | documented | model | verdict |\n|---|---|---|---|---|---|\n")
	for i := range ts {
		t := &ts[i]
		score := experiment.ScoreOf(t, all[i])
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", t.Fact.ID, escape(t.What.String()), escape(t.Unit), t.Documented(), cell(score), score.Words)
	}
	return b.String()
}

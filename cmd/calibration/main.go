// Command calibration sets the documented figures of a world beside what the model gives, over many seeds, and says which
// cause carries which part of each fitted price. docs/calibration.md holds its output:
//
//	go run ./cmd/calibration -runs 20 -without 8
package main

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
)

func main() {
	name := flag.String("scenario", "northern-mali", "scenario to hold against the facts of its world")
	runs := flag.Int("runs", 20, "seeds")
	without := flag.Int("without", 8, "seeds of the runs without one cause; 0 leaves them out")
	var sets multi
	flag.Var(&sets, "set", "path=value, may be repeated")
	flag.Parse()
	if err := report(*name, sets, *runs, *without); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// multi is a flag that may be repeated.
type multi []string

func (m *multi) String() string     { return strings.Join(*m, " ") }
func (m *multi) Set(s string) error { *m = append(*m, s); return nil }

func report(name string, sets []string, runs, without int) error {
	s, err := scenarios.Load(name, sets)
	if err != nil {
		return err
	}
	all, err := simulate(s, runs)
	if err != nil {
		return err
	}
	fmt.Printf("Scenario `%s`, seeds 1-%d; the model's column is the mean over seeds with the 5-95 %% range of single runs.\n\n", name, runs)
	fmt.Println("| fact | what | documented | model | verdict |\n|---|---|---|---|---|")
	for _, f := range s.Facts {
		if m := measureOf(s, f); m != nil && f.Use == "calibrate" {
			fmt.Println(row(f, values(all, m)))
		}
	}
	if without > 0 {
		return decompose(s, name, sets, all[:min(without, runs)])
	}
	return nil
}

// simulate runs the scenario under seeds 1..n, on all processors, and keeps the tables.
func simulate(s *scenarios.Scenario, n int) ([]*tables.Run, error) {
	all, errs := make([]*tables.Run, n), make([]error, n)
	var wg sync.WaitGroup
	gate := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i := range all {
		wg.Add(1)
		go func() {
			defer wg.Done()
			gate <- struct{}{}
			defer func() { <-gate }()
			all[i], errs[i] = one(s, uint64(i+1))
		}()
	}
	wg.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

func one(s *scenarios.Scenario, seed uint64) (*tables.Run, error) {
	m, err := agents.New(s.Setup, seed)
	if err != nil {
		return nil, err
	}
	run := tables.NewRun(s.Setup.Start)
	o := record.New(m, run.Recording(), run.Names, record.Options{})
	err = m.Run(func(week int) error { o.Week(week); return nil })
	o.Close()
	run.Costs, run.Trades, run.Ledger, run.Hubs = nil, nil, nil, nil // not needed here, and many runs are kept
	return run, err
}

// values applies a measure to every run; runs in which it has no value are left out.
func values(all []*tables.Run, m measure) (v []float64) {
	for _, run := range all {
		if x, ok := m(run); ok {
			v = append(v, x)
		}
	}
	slices.Sort(v)
	return v
}

func mean(v []float64) (sum float64) {
	for _, x := range v {
		sum += x / float64(len(v))
	}
	return sum
}

// row is a line of the table: met where the mean lies in the documented range (a point gets 10 % either way).
func row(f scenarios.Fact, v []float64) string {
	low, high := f.Low, f.High
	if low == high && f.Kind != "sign" {
		low, high = 0.9*low, 1.1*high
	}
	what := strings.TrimSpace(f.Kind + " " + f.Good + " " + f.Place + " " + f.Start + "-" + f.End)
	if len(v) == 0 {
		return fmt.Sprintf("| %s | %s | %s-%s | nothing traded | not met |", f.ID, escape(what), short(f.Low), short(f.High))
	}
	m := mean(v)
	verdict := "met"
	if m < low || m > high {
		verdict = fmt.Sprintf("not met (%+.0f %%)", 100*(m/nearest(m, low, high)-1))
	}
	if f.Kind == "sign" {
		verdict = "met"
		if (m > 0) != (f.Low > 0) {
			verdict = "not met"
		}
	}
	lo, hi := v[len(v)/20], v[len(v)-1-len(v)/20]
	return fmt.Sprintf("| %s | %s | %s-%s | %s (%s-%s) | %s |", f.ID, escape(what), short(f.Low), short(f.High), short(m), short(lo), short(hi), verdict)
}

func nearest(x, low, high float64) float64 {
	if x < low {
		return low
	}
	return high
}

func escape(s string) string { return strings.ReplaceAll(s, "|", "\\|") }

func short(x float64) string {
	switch {
	case x >= 1000 || x <= -1000:
		return fmt.Sprintf("%.0f", x)
	default:
		return fmt.Sprintf("%.3g", x)
	}
}

// decompose runs the scenario without each of its causes under the same seeds: what a price loses then is that cause's
// part, given all the others. Violence and exchange-rate tables count as causes where they are in use.
func decompose(s *scenarios.Scenario, name string, sets []string, base []*tables.Run) error {
	var facts []scenarios.Fact
	for _, f := range s.Facts {
		if f.Use == "calibrate" && f.Kind == "price" && measureOf(s, f) != nil {
			facts = append(facts, f)
		}
	}
	fmt.Printf("\nPart of each price that goes when one cause is taken away (same %d seeds), per cent of the price:\n\n| cause |", len(base))
	for _, f := range facts {
		fmt.Printf(" %s |", f.ID)
	}
	fmt.Print("\n|---|" + strings.Repeat("---|", len(facts)) + "\n")
	for _, c := range causes(s) {
		other, err := scenarios.Load(name, append(slices.Clone(sets), c.sets...))
		if err != nil {
			return err
		}
		runs, err := simulate(other, len(base))
		if err != nil {
			return err
		}
		fmt.Printf("| %s |", c.name)
		for _, f := range facts {
			m := measureOf(s, f)
			with, gone := mean(values(base, m)), mean(values(runs, m))
			fmt.Printf(" %+.0f |", 100*(1-gone/with))
		}
		fmt.Println()
	}
	return nil
}

// cause is a named set of events, or a table, with what switches it off.
type cause struct {
	name string
	sets []string
}

func causes(s *scenarios.Scenario) (all []cause) {
	for _, e := range s.Setup.Events {
		i := slices.IndexFunc(all, func(c cause) bool { return c.name == e.Cause })
		if i < 0 {
			all = append(all, cause{name: e.Cause})
			i = len(all) - 1
		}
		all[i].sets = append(all[i].sets, "events."+e.ID+"=null")
	}
	if s.Setup.Params.Violence.Mode == "table" {
		all = append(all, cause{"violence (table)", []string{"violence.mode=endogenous"}})
	}
	return all
}

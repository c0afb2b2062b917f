package scenarios_test

import (
	"hash/maphash"
	"reflect"
	"slices"
	"sync"
	"testing"

	"entrepot/agents"
	"entrepot/experiment"
	"entrepot/internal/state"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
)

// Forks. World: built-in scenarios in full length, burn-in included, with the recorder of the command `run`. Whatever a fork
// records from its week on must be what the straight run of its setup records, and so must what goes on behind it.

var forkSeed = maphash.MakeSeed()

// prints is a tables.Recorder that keeps a hash of all rows so far after every week.
type prints struct {
	sum  uint64
	week []uint64
}

func row[T comparable](p *prints, r T) {
	p.sum = maphash.Comparable(forkSeed, [2]uint64{p.sum, maphash.Comparable(forkSeed, r)})
}

func (p *prints) Price(r tables.Price)           { row(p, r) }
func (p *prints) Flow(r tables.Flow)             { row(p, r) }
func (p *prints) Trade(r tables.Trade)           { row(p, r) }
func (p *prints) Cost(r tables.Cost)             { row(p, r) }
func (p *prints) Hub(r tables.HubWeek)           { row(p, r) }
func (p *prints) Throughput(r tables.Throughput) { row(p, r) }
func (p *prints) Actor(r tables.Actor)           { row(p, r) }
func (p *prints) Ledger(r tables.Ledger)         { row(p, r) }
func (p *prints) Event(r tables.Event)           { row(p, r) }
func (p *prints) Order(r tables.Order)           { row(p, r) }

// watched is a run with what is recorded of it.
type watched struct {
	*agents.Model
	watch  *record.Observer
	names  *tables.Names
	prints *prints
}

func watching(m *agents.Model) *watched {
	w := &watched{Model: m, names: tables.NewNames(), prints: &prints{}}
	w.watch = record.New(m, w.prints, w.names, record.Options{})
	return w
}

func begun(t testing.TB, s *agents.Setup, seed uint64) *watched {
	t.Helper()
	m, err := agents.New(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	m.Week = -agents.BurnIn
	return watching(m)
}

func (w *watched) fork(t testing.TB, s *agents.Setup) *watched {
	t.Helper()
	m, err := w.Fork(s)
	if err != nil {
		t.Fatal(err)
	}
	f := watching(m)
	if err := state.Copy(f.watch, w.watch, reflect.TypeFor[*agents.Model](), reflect.TypeFor[tables.Recorder]()); err != nil {
		t.Fatal(err)
	}
	f.prints.sum, f.prints.week = w.prints.sum, slices.Clone(w.prints.week)
	return f
}

func (w *watched) live(t testing.TB, end int) {
	t.Helper()
	if err := w.RunUntil(end, func(week int) error {
		w.watch.Week(week)
		w.prints.week = append(w.prints.week, w.prints.sum)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// ended lives to the end and returns the hashes of all weeks, and of what is recorded at the end.
func (w *watched) ended(t testing.TB) []uint64 {
	t.Helper()
	w.live(t, w.Setup.Weeks())
	w.watch.Close()
	return append(w.prints.week, w.prints.sum)
}

// same compares two runs week by week.
func same(t testing.TB, what string, got, want []uint64) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d weeks, want %d", what, len(got), len(want))
		return
	}
	for k := range want {
		if got[k] != want[k] {
			t.Errorf("%s: the first difference is in week %d of %d", what, k-agents.BurnIn, len(want)-1-agents.BurnIn)
			return
		}
	}
}

// forked are the setups that fork in tests.
func forked(t *testing.T) map[string]*agents.Setup {
	all := map[string]*agents.Setup{}
	names := []string{"textbook"}
	if !testing.Short() {
		names = append(names, "northern-mali", "offensive", "ddr-2018")
		for i, s := range runnable(t, 2) {
			all["mutant "+string(rune('1'+i))] = s
		}
	}
	for _, name := range names {
		s, err := scenarios.Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = s.Setup
	}
	return all
}

// runnable returns mutants of the textbook world that load and run.
func runnable(t *testing.T, n int) (all []*agents.Setup) {
	bases, kinds := []base{{"textbook", ownFiles(t, "textbook")}}, mutantKinds()
	for i := 0; len(all) < n; i++ {
		k := &kinds[i%len(kinds)]
		if k.must != either {
			continue
		}
		m := newMutant(bases, k, uint64(i))
		if became, err := outcome(m); err != nil || became != ran {
			continue
		}
		s, err := scenarios.LoadFS(m.fsys(), "s.yaml", m.sets)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := agents.New(s.Setup, 3); err != nil || m.Run(func(int) error { return nil }) != nil {
			continue
		}
		all = append(all, s.Setup)
	}
	return all
}

func TestAForkGoesOnAsTheRunThatItComesFrom(t *testing.T) {
	for name, s := range forked(t) {
		t.Run(name, func(t *testing.T) {
			const seed = 3
			want := begun(t, s, seed).ended(t)
			trunk, weeks := begun(t, s, seed), s.Weeks()
			for _, week := range []int{-50, 1, weeks / 2, weeks - 1, weeks} {
				trunk.live(t, week)
				fork := trunk.fork(t, s)
				fork.live(t, min(week+7, weeks))
				same(t, "a fork of a fork", fork.fork(t, s).ended(t), want)
			}
			same(t, "the run that was forked", trunk.ended(t), want)
		})
	}
}

// Two forks and the run that they come from do not share anything that one of them writes to: the race detector would tell.
func TestForksLiveAtTheSameTime(t *testing.T) {
	s, err := scenarios.Load("offensive", []string{"period.start=2023-06-01", "period.end=2023-12-31"})
	if err != nil {
		t.Fatal(err)
	}
	want := begun(t, s.Setup, 4).ended(t)
	trunk := begun(t, s.Setup, 4)
	trunk.live(t, 8)
	all := []*watched{trunk.fork(t, s.Setup), trunk.fork(t, s.Setup), trunk}
	got := make([][]uint64, len(all))
	var wait sync.WaitGroup
	for i, w := range all {
		wait.Add(1)
		go func() { defer wait.Done(); got[i] = w.ended(t) }()
	}
	wait.Wait()
	for i := range got {
		same(t, "a run beside others", got[i], want)
	}
}

// With any cause switched off, a run forks from the one that has it in the week that is reckoned, and no week later.
func TestARunWithoutACauseIsAForkOfTheOneWithIt(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every cause of northern-mali in full")
	}
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	type branch struct {
		week  int
		cause string
		setup *agents.Setup
	}
	var branches []branch
	for _, c := range experiment.Causes(s) {
		without, err := s.With(c.Off)
		if err != nil {
			t.Fatal(err)
		}
		if week := s.Setup.ShareUntil(without.Setup); week > -agents.BurnIn {
			branches = append(branches, branch{week, c.ID, without.Setup})
		} else if c.ID != "violence" { // which is a parameter
			t.Errorf("%s shares nothing", c.ID)
		}
	}
	slices.SortStableFunc(branches, func(a, b branch) int { return a.week - b.week })
	trunk := begun(t, s.Setup, 5)
	for _, b := range branches {
		const enough = 40 // weeks behind the fork
		end := min(b.week+enough, s.Setup.Weeks())
		straight := begun(t, b.setup, 5)
		straight.live(t, end)
		want := straight.prints.week
		trunk.live(t, b.week)
		fork := trunk.fork(t, b.setup)
		fork.live(t, end)
		same(t, "without "+b.cause, fork.prints.week, want)
		ahead := trunk.fork(t, s.Setup)
		ahead.live(t, b.week+1)
		if _, err := ahead.Fork(b.setup); err == nil {
			t.Errorf("without %s: a fork in week %d must be refused", b.cause, b.week+1)
		}
		if slices.Equal(ahead.prints.week, want[:len(ahead.prints.week)]) {
			t.Errorf("without %s: week %d does not differ", b.cause, b.week)
		}
	}
}

package scenarios_test

import (
	"fmt"
	"os"
	"runtime"
	"sync"
	"testing"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Conservation (model design, section 6.1). World: every built-in scenario on seeds 1 to 20, 60 weeks each, which begin a
// quarter of a year before the scenario's main shock (or at its start), so that events fall within; and each scenario once in
// full length, burn-in included. With ENTREPOT_LONG=1 all twenty in full. The books are checked after every week twice: by the
// week's own check, and by the independent recount below, which adds up from the outside what every holder has.
const (
	ledgerSeeds = 20
	ledgerWeeks = 60
	ledgerLead  = 13 // weeks before the shock
)

func TestGoodsAndMoneyAddUpInEveryWeekOfEveryScenario(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every scenario on twenty seeds")
	}
	long := os.Getenv("ENTREPOT_LONG") == "1"
	var jobs []func() error
	for _, name := range scenarios.Names() {
		s, err := scenarios.Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		for seed := uint64(1); seed <= ledgerSeeds; seed++ {
			if long || seed == 1 {
				jobs = append(jobs, func() error { return balanced(s.Setup, seed, 0) })
			}
			if !long {
				jobs = append(jobs, func() error { return balanced(aroundTheShock(s.Setup), seed, ledgerWeeks) })
			}
		}
	}
	for _, err := range inParallel(jobs, runtime.NumCPU()) {
		if err != nil {
			t.Error(err)
		}
	}
	t.Logf("%d runs balanced", len(jobs))
}

// aroundTheShock is a setup that starts shortly before the scenario's main shock.
func aroundTheShock(s *agents.Setup) *agents.Setup {
	short := *s
	if shock := record.MainShock(s); shock > 0 {
		short.Start = max(s.Start, (shock - 7*ledgerLead).Monday())
	}
	return &short
}

// balanced lives through a setup, whole with burn-in (weeks 0) or some weeks without, and recounts after each.
func balanced(s *agents.Setup, seed uint64, weeks int) error {
	m, err := agents.New(s, seed)
	if err != nil {
		return err
	}
	if weeks > 0 {
		for range weeks {
			if err := m.Step(); err != nil {
				return fmt.Errorf("%s, seed %d: %w", s.Name, seed, err)
			}
			if err := recount(m); err != nil {
				return fmt.Errorf("%s, seed %d, week of %s: %w", s.Name, seed, m.Date(), err)
			}
		}
		return nil
	}
	err = m.Run(func(int) error { return recount(m) })
	if err != nil {
		return fmt.Errorf("%s, seed %d: %w", s.Name, seed, err)
	}
	return nil
}

// recount adds up what all holders have, by good and origin, and all cash, against the books.
func recount(m *agents.Model) error {
	acc := m.Accounts
	for g := 0; g < m.Goods; g++ {
		var have [sim.MaxOrigins]int64
		for holder := range acc.ID {
			if lot := acc.Lot(int32(holder), g); lot != nil {
				for o, n := range lot.Origin {
					have[o] += int64(n)
				}
			}
		}
		for o, n := range have {
			in := acc.Flow[sim.Made][g][o] + acc.Flow[sim.Captured][g][o]
			out := acc.Flow[sim.Used][g][o] + acc.Flow[sim.Lost][g][o] + acc.Flow[sim.Seized][g][o] + acc.Flow[sim.Collected][g][o]
			if n < 0 || n != in-out {
				return fmt.Errorf("good %d of origin %d: %d in hands, %d came in and %d went", g, o, n, in, out)
			}
		}
	}
	var cash, books int64
	for _, c := range acc.Cash {
		cash += c
	}
	for f, cfa := range acc.Money {
		if sim.MoneyFlow(f).Inward() {
			books += cfa
		} else {
			books -= cfa
		}
	}
	if cash != books {
		return fmt.Errorf("%d CFA in hands, %d in the books", cash, books)
	}
	return nil
}

// inParallel does jobs on some workers and returns their errors in the jobs' order.
func inParallel(jobs []func() error, workers int) []error {
	errs := make([]error, len(jobs))
	next := make(chan int)
	var wait sync.WaitGroup
	for range workers {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				errs[i] = jobs[i]()
			}
		}()
	}
	for i := range jobs {
		next <- i
	}
	close(next)
	wait.Wait()
	return errs
}

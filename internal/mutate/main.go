// Command mutate asks whether tests would notice: it changes one thing of a package at a time, runs the package's short tests on
// each change, and counts those that fail (the mutant is killed). The sample is keyed: the same source and key give the same mutants.
//
//	go run ./internal/mutate -package sim -sample 300
//
// Changes are the classical operators of mutation testing (DeMillo, Lipton and Sayward, Hints on Test Data Selection, Computer 11(4),
// 1978; the sufficient set of Offutt et al., ACM TOSEM 5(2), 1996): arithmetic, comparison and logical operators, conditions turned
// round, constants moved by one, statements left out. A change that no longer compiles is no mutant, and the next one of the key's
// order stands in. A mutant that means the same as the source cannot be killed; it counts as survivor all the same.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"
)

func main() {
	var t trial
	flag.StringVar(&t.pkg, "package", "sim", "folder of the package that is changed and tested")
	flag.IntVar(&t.sample, "sample", 300, "how many mutants")
	flag.StringVar(&t.key, "key", "1", "picks the sample")
	flag.DurationVar(&t.limit, "limit", 5*time.Second, "processor time that the unchanged tests may take; a mutant whose tests take three times that hangs, and counts as killed")
	workers := flag.Int("workers", runtime.NumCPU(), "mutants at a time")
	floor := flag.Float64("floor", 0, "share of mutants, in percent, that must be killed")
	flag.Parse()
	killed, err := t.run(*workers)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	if killed < *floor {
		fmt.Fprintf(os.Stderr, "killed must be at least %g %%, got %.1f %%\n", *floor, killed)
		os.Exit(1)
	}
}

// trial is a sample of mutants of one package.
type trial struct {
	pkg, key string
	sample   int
	limit    time.Duration
	dir      string   // of what is built
	flags    []string // of its tests
}

// fate is what came of a mutant.
type fate int

const (
	stillborn fate = iota // it does not compile
	survived
	killed
	hung // killed by the clock
)

// run prints the mutants that survive and the count, and returns the share that was killed, in percent.
func (t *trial) run(workers int) (float64, error) {
	all, err := mutants(t.pkg)
	if err != nil {
		return 0, err
	}
	order(all, t.key)
	if t.dir, err = os.MkdirTemp("", "mutate"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(t.dir)
	if err := t.healthy(); err != nil {
		return 0, err
	}
	var count [hung + 1]int
	t.each(all, workers, func(m mutant, f fate) {
		count[f]++
		if f == survived {
			fmt.Printf("survived: %s\n", m)
		}
	})
	dead := count[killed] + count[hung]
	born := dead + count[survived]
	if born == 0 {
		return 0, errors.New("no change of this package compiles")
	}
	share := 100 * float64(dead) / float64(born)
	fmt.Printf("%d of %d mutants killed, %.1f %% (%d of them by the clock); %d possible changes, key %s, %d drawn that do not compile\n",
		dead, born, share, count[hung], len(all), t.key, count[stillborn])
	return share, nil
}

// healthy refuses a package whose own tests fail or take longer than the limit.
func (t *trial) healthy() error {
	bin, err := t.build("whole", "")
	if err != nil {
		return fmt.Errorf("building the tests of %s: %w", t.pkg, err)
	}
	defer os.Remove(bin)
	if usage, _ := exec.Command(bin, "-help").CombinedOutput(); strings.Contains(string(usage), "-rapid.nofailfile") {
		// A property that one mutant fails must not be kept for the next, and each is to be tried alike.
		t.flags = []string{"-rapid.nofailfile", "-rapid.seed=1"}
	}
	cmd := t.tests(context.Background(), bin)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("the tests of %s fail without any change: %w\n%s", t.pkg, err, out)
	}
	if took := cmd.ProcessState.UserTime(); took > t.limit {
		return fmt.Errorf("the short tests of %s must take at most %v of a processor, got %v", t.pkg, t.limit, took)
	}
	return nil
}

// each tries mutants in their order, some at a time, until as many as wanted were born, and tells their fates in that order.
func (t *trial) each(all []mutant, workers int, tell func(mutant, fate)) {
	for next, born := 0, 0; born < t.sample && next < len(all); {
		batch := all[next:min(next+min(4*workers, t.sample-born), len(all))]
		next += len(batch)
		fates := make([]fate, len(batch))
		turns := make(chan struct{}, workers)
		var wait sync.WaitGroup
		for i, m := range batch {
			turns <- struct{}{}
			wait.Go(func() {
				fates[i] = t.try(fmt.Sprint(next, "-", i), m)
				<-turns
			})
		}
		wait.Wait()
		for i, m := range batch {
			if fates[i] != stillborn {
				born++
			}
			tell(m, fates[i])
		}
	}
}

// try builds the package's tests with one change laid over its source and runs them.
func (t *trial) try(name string, m mutant) fate {
	changed := filepath.Join(t.dir, name+".go")
	overlay := filepath.Join(t.dir, name+".json")
	if os.WriteFile(changed, m.source(), 0o600) != nil || os.WriteFile(overlay, layer(m.file, changed), 0o600) != nil {
		return stillborn
	}
	bin, err := t.build(name, overlay)
	if err != nil {
		return stillborn
	}
	defer os.Remove(bin)
	// A busy machine is no reason to call a mutant dead: the clock of the wall has room.
	ctx, cancel := context.WithTimeout(context.Background(), 6*t.limit)
	defer cancel()
	switch err := t.tests(ctx, bin).Run(); {
	case ctx.Err() != nil:
		return hung
	case err != nil:
		return killed
	}
	return survived
}

// build compiles the package's tests, with the overlay if there is one, and returns the program's path.
func (t *trial) build(name, overlay string) (string, error) {
	bin := filepath.Join(t.dir, name+".test")
	args := []string{"test", "-c", "-vet=off", "-o", bin}
	if overlay != "" {
		args = append(args, "-overlay", overlay)
	}
	out, err := exec.Command("go", append(args, "./"+filepath.ToSlash(t.pkg))...).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, strings.TrimSpace(string(out)))
	}
	return bin, nil
}

// tests is the program of tests, run where `go test` runs it. Memory is bounded, since a mutant may ask for any amount.
func (t *trial) tests(ctx context.Context, bin string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, bin, append([]string{"-test.short", "-test.failfast"}, t.flags...)...)
	cmd.Dir = t.pkg
	cmd.Env = append(os.Environ(), "GOMAXPROCS=1", "GOMEMLIMIT=1GiB")
	return cmd
}

// Command same prints a digest of every table of scenarios, so that two machines can be compared:
//
//	same [-seed N] [-weeks N] [SCENARIO...]
//
// A line is a scenario, a table and the sha256 of its bytes as the command `run` writes them; the line of the table `all` is the
// hash of scenarios/testdata/golden.txt where the run is whole. Without names all scenarios of the library are run.
package main

import (
	"flag"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/internal/sums"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
)

func main() {
	seed := flag.Uint64("seed", 1, "of the runs")
	weeks := flag.Int("weeks", 0, "run so many weeks from a quarter of a year before the main shock, without burn-in; 0: the whole")
	flag.Parse()
	names := flag.Args()
	if len(names) == 0 {
		names = scenarios.Names()
	}
	for _, name := range names {
		lines, err := digest(name, *seed, *weeks)
		if err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			os.Exit(1)
		}
		fmt.Print(lines)
	}
}

// lead is how many weeks before the main shock a short run begins.
const lead = 13

// digest runs a built-in scenario and returns its lines.
func digest(name string, seed uint64, weeks int) (string, error) {
	s, err := scenarios.Load(name, nil)
	if err != nil {
		return "", err
	}
	setup := *s.Setup
	if weeks > 0 {
		if shock := record.MainShock(&setup); shock > 0 {
			setup.Start = max(setup.Start, (shock - 7*lead).Monday())
		}
		setup.End = min(setup.End, setup.Start+sim.Date(7*(weeks-1)))
	}
	m, err := agents.New(&setup, seed)
	if err != nil {
		return "", err
	}
	run := tables.NewRun(setup.Start)
	watch := record.New(m, run.Recording(), run.Names, record.Options{})
	each := func(week int) error { watch.Week(week); return nil }
	if weeks == 0 {
		err = m.Run(each)
	} else {
		err = m.RunUntil(setup.Weeks(), each)
	}
	if err != nil {
		return "", err
	}
	watch.Close()
	var kept sums.Tables
	if err := run.Write(&kept); err != nil {
		return "", err
	}
	var out strings.Builder
	for _, table := range slices.Sorted(maps.Keys(kept.Of())) {
		fmt.Fprintf(&out, "%s %s %s\n", name, table, kept.Of()[table])
	}
	fmt.Fprintf(&out, "%s all %s\n", name, sums.All(kept.Of()))
	return out.String(), nil
}

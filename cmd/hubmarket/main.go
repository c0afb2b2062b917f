// Command hubmarket runs the reference workload "hubmarket-1" on the engine's primitives, to time this engine beside
// others: traders in a network of hubs, a logit choice of road, prices that follow demand and supply. The workload, a
// reference in C and the world file are described in sim/testdata/hubmarket.
//
//	WORLD=sim/testdata/hubmarket/world.txt hubmarket TRADERS TICKS SEED [OUTFILE]
//
// It prints one line of JSON; loop_s is the wall time of the ticks alone. OUTFILE gets, per tick, the mean price of each
// commodity and the total flow, then the mean over time of each market's price.
package main

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

func main() { os.Exit(run(os.Args[1:], os.Getenv("WORLD"), os.Stdout, os.Stderr)) }

const usage = "usage: WORLD=world.txt hubmarket TRADERS TICKS SEED [OUTFILE]"

const (
	maxTraders = 100_000_000
	maxCells   = 200_000_000 // ticks times markets
)

// run returns the exit code: 0, 1 if the output cannot be written, 2 if an argument or the world is wrong.
func run(args []string, worldFile string, stdout, stderr io.Writer) int {
	complain := func(code int, err error) int {
		fmt.Fprintln(stderr, "hubmarket:", err)
		return code
	}
	n, ticks, seed, err := arguments(args)
	if err != nil {
		return complain(2, fmt.Errorf("%w\n%s", err, usage))
	}
	w, err := openWorld(worldFile)
	if err != nil {
		return complain(2, err)
	}
	if ticks*len(w.price) > maxCells {
		return complain(2, fmt.Errorf("TICKS must be at most %d in a world of %d markets, got %d", maxCells/len(w.price), len(w.price), ticks))
	}
	var out *os.File
	if len(args) == 4 {
		if out, err = os.Create(args[3]); err != nil {
			return complain(2, fmt.Errorf("OUTFILE: %w", err))
		}
	}
	m := newMarket(w, n, ticks, seed)
	start := time.Now()
	for t := range ticks {
		m.tick(t)
	}
	loop := time.Since(start)
	if _, err := fmt.Fprintln(stdout, m.line(ticks, seed, loop)); err != nil {
		return complain(1, err)
	}
	if out != nil {
		if err := m.writeRecord(out); err != nil {
			return complain(1, fmt.Errorf("writing the record: %w", err))
		}
	}
	return 0
}

func arguments(args []string) (n, ticks int, seed uint64, err error) {
	if len(args) < 3 || len(args) > 4 {
		return 0, 0, 0, fmt.Errorf("must be 3 or 4 arguments, got %d", len(args))
	}
	if n, err = strconv.Atoi(args[0]); err != nil || n < 1 || n > maxTraders {
		return 0, 0, 0, fmt.Errorf("TRADERS must be a whole number between 1 and %d, got %q", maxTraders, args[0])
	}
	if ticks, err = strconv.Atoi(args[1]); err != nil || ticks < 1 || ticks > maxCells {
		return 0, 0, 0, fmt.Errorf("TICKS must be a whole number between 1 and %d, got %q", maxCells, args[1])
	}
	if seed, err = strconv.ParseUint(args[2], 10, 64); err != nil {
		return 0, 0, 0, fmt.Errorf("SEED must be a whole number between 0 and 2^64-1, got %q", args[2])
	}
	return n, ticks, seed, nil
}

func openWorld(name string) (*world, error) {
	if name == "" {
		return nil, fmt.Errorf("WORLD must name the world file, e.g. WORLD=sim/testdata/hubmarket/world.txt")
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("WORLD: %w", err)
	}
	defer f.Close()
	w, err := readWorld(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return w, nil
}

// line returns the JSON line of a finished run.
func (m *market) line(ticks int, seed uint64, loop time.Duration) string {
	var risk float64
	for _, one := range m.traders {
		risk += one.risk
	}
	means := make([]string, m.commodities)
	for c, p := range m.meanPrices(m.now) {
		means[c] = fmt.Sprintf("%.4f", p)
	}
	n := float64(len(m.traders))
	return fmt.Sprintf(`{"engine":"entrepot","n":%d,"t":%d,"seed":%d,"loop_s":%.6f,"ns_per_agent_step":%.2f,"moves":%d,"lost":%d,"mean_risk":%.6f,"price":[%s]}`,
		len(m.traders), ticks, seed, loop.Seconds(), loop.Seconds()*1e9/n/float64(ticks), m.moves, m.lost, risk/n, strings.Join(means, ","))
}

// meanPrices returns the mean over hubs of each commodity's price.
func (m *market) meanPrices(prices []float64) []float64 {
	means := make([]float64, m.commodities)
	for at, p := range prices {
		means[at%m.commodities] += p / float64(m.hubs)
	}
	return means
}

// timeMeans returns each market's mean price over the recorded ticks.
func (m *market) timeMeans() []float64 {
	means := make([]float64, len(m.now))
	for i, p := range m.prices {
		means[i%len(means)] += p
	}
	for at := range means {
		means[at] /= float64(len(m.prices) / len(means))
	}
	return means
}

// writeRecord writes and closes the file of per-tick means and mean prices.
func (m *market) writeRecord(out io.WriteCloser) error {
	w := bufio.NewWriter(out)
	markets := len(m.now)
	for i := 0; i < len(m.prices); i += markets {
		for _, p := range m.meanPrices(m.prices[i : i+markets]) {
			fmt.Fprintf(w, "%.8f ", p)
		}
		flow := 0
		for _, f := range m.flows[i : i+markets] {
			flow += int(f)
		}
		fmt.Fprintln(w, flow)
	}
	for _, p := range m.timeMeans() {
		fmt.Fprintf(w, "%.8f\n", p)
	}
	if err := w.Flush(); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

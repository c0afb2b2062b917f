// Command compare builds the C reference of the hubmarket workload with gcc, and cmd/hubmarket, and runs the two in turns:
// what else the machine does then hits both alike. It prints each one's median time per trader and tick, and the median of
// the ratios within a round. Many short runs say more than few long ones: a burst of other work spoils fewer pairs.
//
//	go run ./cmd/hubmarket/compare [-traders 10000,100000] [-ticks 104] [-rounds 41]
//
// With -moments FILE it writes instead the mean and standard deviation, over runs of the reference, of everything that a
// run prints: the table that the tests of cmd/hubmarket compare with.
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

func main() {
	traders := flag.String("traders", "10000,100000", "numbers of traders to time, with commas")
	ticks := flag.Int("ticks", 104, "ticks of a timed run")
	rounds := flag.Int("rounds", 41, "runs of each program")
	moments := flag.String("moments", "", "write the moments of the reference to this file")
	flag.Parse()
	if err := run(*traders, *ticks, *rounds, *moments); err != nil {
		fmt.Fprintln(os.Stderr, "compare:", err)
		os.Exit(1)
	}
}

func run(traders string, ticks, rounds int, moments string) error {
	if ticks < 1 || rounds < 1 {
		return fmt.Errorf("-ticks and -rounds must be at least 1, got %d and %d", ticks, rounds)
	}
	dir, err := os.MkdirTemp("", "hubmarket")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	p, err := build(dir)
	if err != nil {
		return err
	}
	if moments != "" {
		return p.writeMoments(moments, filepath.Join(dir, "record"))
	}
	for field := range strings.SplitSeq(traders, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 {
			return fmt.Errorf("-traders must be whole numbers above 0, got %q", field)
		}
		if err := p.race(n, ticks, rounds); err != nil {
			return err
		}
	}
	return nil
}

// programs are the two executables and the world file they read.
type programs struct{ ref, own, world string }

func build(dir string) (*programs, error) {
	gcc, err := exec.LookPath("gcc")
	if err != nil {
		return nil, errors.New("gcc is needed to build the reference, and was not found")
	}
	root, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("finding the root of the module: %w", err)
	}
	data := filepath.Join(strings.TrimSpace(string(root)), "sim", "testdata", "hubmarket")
	p := &programs{ref: filepath.Join(dir, "ref"), own: filepath.Join(dir, "hubmarket"), world: filepath.Join(data, "world.txt")}
	for _, c := range []*exec.Cmd{
		exec.Command(gcc, "-O3", "-march=native", "-o", p.ref, filepath.Join(data, "ref.c"), "-lm"),
		exec.Command("go", "build", "-o", p.own, "entrepot/cmd/hubmarket"),
	} {
		if out, err := c.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("%s: %w\n%s", c, err, out)
		}
	}
	return p, nil
}

// result is the part of the JSON line that is read here.
type result struct {
	Time  float64 `json:"ns_per_agent_step"`
	Moves float64 `json:"moves"`
	Lost  float64 `json:"lost"`
	Risk  float64 `json:"mean_risk"`
}

func (p *programs) start(program string, args ...any) (r result, err error) {
	c := exec.Command(program, strings.Fields(fmt.Sprintln(args...))...)
	c.Env = append(os.Environ(), "WORLD="+p.world)
	out, err := c.Output()
	if err != nil {
		return r, fmt.Errorf("%s: %w", c, err)
	}
	return r, json.Unmarshal(out, &r)
}

func (p *programs) race(n, ticks, rounds int) error {
	var ref, own, ratio []float64
	for seed := range rounds {
		pair := [2]string{p.ref, p.own}
		var time [2]float64
		for i := range pair {
			i = (i + seed) % 2 // who goes first alternates
			r, err := p.start(pair[i], n, ticks, seed+1)
			if err != nil {
				return err
			}
			time[i] = r.Time
		}
		ref, own, ratio = append(ref, time[0]), append(own, time[1]), append(ratio, time[1]/time[0])
	}
	fmt.Printf("%d traders, %d ticks, %d rounds: reference %.1f ns, entrepot %.1f ns per trader and tick; ratio %.2f (%.2f to %.2f)\n",
		n, ticks, rounds, median(ref), median(own), median(ratio), slices.Min(ratio), slices.Max(ratio))
	return nil
}

func median(list []float64) float64 {
	s := slices.Sorted(slices.Values(list))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

// The runs that the table of moments is made of.
const (
	momentTraders = 2000
	momentTicks   = 104
	momentSeeds   = 40
)

func (p *programs) writeMoments(file, record string) error {
	var names []string
	var sum, square []float64
	for seed := 1; seed <= momentSeeds; seed++ {
		r, err := p.start(p.ref, momentTraders, momentTicks, seed, record)
		if err != nil {
			return err
		}
		text, err := os.ReadFile(record)
		if err != nil {
			return err
		}
		var values []float64
		if names, values, err = statistics(string(text), r); err != nil {
			return err
		}
		if sum == nil {
			sum, square = make([]float64, len(values)), make([]float64, len(values))
		}
		for i, x := range values {
			sum[i] += x
			square[i] += x * x
		}
	}
	var out strings.Builder
	fmt.Fprintf(&out, "# mean and standard deviation over %d runs of ref.c, %d traders, %d ticks\n", momentSeeds, momentTraders, momentTicks)
	for i, name := range names {
		mean := sum[i] / momentSeeds
		fmt.Fprintf(&out, "%s\t%.8g\t%.4g\n", name, mean, math.Sqrt(max(0, square[i]/momentSeeds-mean*mean)*momentSeeds/(momentSeeds-1)))
	}
	return os.WriteFile(file, []byte(out.String()), 0o644)
}

// statistics names the numbers of a record and of its JSON line.
func statistics(record string, r result) (names []string, values []float64, err error) {
	add := func(name, text string) {
		x, e := strconv.ParseFloat(text, 64)
		err = errors.Join(err, e)
		names, values = append(names, name), append(values, x)
	}
	for i, line := range strings.Split(strings.TrimSpace(record), "\n") {
		if i >= momentTicks {
			add(fmt.Sprintf("price of market %d", i-momentTicks), line)
			continue
		}
		fields := strings.Fields(line)
		for c, f := range fields[:len(fields)-1] {
			add(fmt.Sprintf("price of commodity %d at tick %d", c, i), f)
		}
		add(fmt.Sprintf("flow at tick %d", i), fields[len(fields)-1])
	}
	return append(names, "moves", "lost", "mean risk"), append(values, r.Moves, r.Lost, r.Risk), err
}

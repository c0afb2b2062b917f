package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"entrepot/experiment"
	"entrepot/output/record"
	"entrepot/scenarios"
	"entrepot/sim"
)

// The same bytes on every machine. World: every scenario of the library on seed 1. Here each machine runs a year of it from a quarter of
// a year before its main shock; with ENTREPOT_LONG=1 (`make same`) the whole, burn-in included. Whole runs are held against
// scenarios/testdata/golden.txt, a year against this very program.
const (
	seed   = 1
	year   = 52 // weeks
	golden = "../../scenarios/testdata/golden.txt"
)

func long() bool { return os.Getenv("ENTREPOT_LONG") == "1" }

// native are the lines of a year of every scenario as this program has them.
var native = sync.OnceValues(func() (string, error) { return all(year) })

// all returns the lines of every scenario.
func all(weeks int) (string, error) {
	var out strings.Builder
	for _, name := range scenarios.Names() {
		lines, err := digest(name, seed, weeks)
		if err != nil {
			return "", fmt.Errorf("%s: %w", name, err)
		}
		out.WriteString(lines)
	}
	return out.String(), nil
}

// goldens are the lines of whole runs that golden.txt has.
func goldens(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, line := range strings.Split(string(text), "\n") {
		if w := strings.Fields(line); len(w) == 3 && w[1] == strconv.Itoa(seed) {
			fmt.Fprintf(&out, "%s all %s\n", w[0], w[2])
		}
	}
	return out.String()
}

// only keeps the lines of the table `all`.
func only(lines string) string {
	var out strings.Builder
	for line := range strings.Lines(lines) {
		if strings.Contains(line, " all ") {
			out.WriteString(line)
		}
	}
	return out.String()
}

// A machine is a processor that a build is for, and what runs it here.
type machine struct {
	name string
	env  []string // for the go tool
	run  []string // the program before the build's; none: this machine itself
	pkg  string   // of Debian, that brings the program
}

func TestAmd64V3SameBytes(t *testing.T) {
	if runtime.GOARCH != "amd64" || runtime.GOOS != "linux" || !hasFMA() {
		t.Skip("this machine does not run GOAMD64=v3")
	}
	same(t, machine{name: "linux/amd64, GOAMD64=v3", env: []string{"GOOS=linux", "GOARCH=amd64", "GOAMD64=v3"}})
}

// hasFMA reports whether the processor has what v3 builds need; they refuse to run without.
func hasFMA() bool {
	info, err := os.ReadFile("/proc/cpuinfo")
	return err == nil && bytes.Contains(info, []byte(" fma ")) && bytes.Contains(info, []byte(" avx2 "))
}

func TestArm64SameBytes(t *testing.T) {
	same(t, machine{"linux/arm64", []string{"GOOS=linux", "GOARCH=arm64"}, []string{"qemu-aarch64-static"}, "qemu-user-static"})
}

func TestWasmSameBytes(t *testing.T) {
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Skip("no go tool on this machine")
	}
	lib := filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/wasm_exec_node.js")
	same(t, machine{"js/wasm", []string{"GOOS=js", "GOARCH=wasm"}, []string{"node", lib}, "nodejs"})
}

// Other machines than those that programs are released for: 32 bits, bytes in the other order, products that are fused with sums. All of them take minutes to
// build and run, so that the first is enough where there is little time.
func TestOtherMachinesSameBytes(t *testing.T) {
	others := []machine{
		{"linux/arm", []string{"GOOS=linux", "GOARCH=arm"}, []string{"qemu-arm-static"}, "qemu-user-static"},
		{"linux/s390x", []string{"GOOS=linux", "GOARCH=s390x"}, []string{"qemu-s390x-static"}, "qemu-user-static"},
		{"linux/mips", []string{"GOOS=linux", "GOARCH=mips"}, []string{"qemu-mips-static"}, "qemu-user-static"},
		{"linux/riscv64", []string{"GOOS=linux", "GOARCH=riscv64"}, []string{"qemu-riscv64-static"}, "qemu-user-static"},
		{"linux/ppc64le", []string{"GOOS=linux", "GOARCH=ppc64le"}, []string{"qemu-ppc64le-static"}, "qemu-user-static"},
		{"linux/loong64", []string{"GOOS=linux", "GOARCH=loong64"}, []string{"qemu-loongarch64-static"}, "qemu-user-static"},
	}
	switch {
	case !long():
		others = others[:1]
	case runtime.GOARCH == "amd64" && runtime.GOOS == "linux":
		others = append(others, machine{name: "linux/386", env: []string{"GOOS=linux", "GOARCH=386"}}) // Go's programs for it end in qemu
	}
	for _, m := range others {
		t.Run(m.name, func(t *testing.T) { same(t, m) })
	}
}

// same builds the program for another machine and compares what it prints.
func same(t *testing.T, m machine) {
	t.Helper()
	if testing.Short() {
		t.Skip("it builds a program and runs every scenario")
	}
	for _, need := range append([]string{"go"}, m.run[:min(1, len(m.run))]...) {
		if _, err := exec.LookPath(need); err != nil {
			if os.Getenv("CI") == "true" {
				t.Fatalf("%s is missing; scripts/needs.sh installs it (Debian: %s)", need, m.pkg)
			}
			t.Skipf("%s is missing; scripts/needs.sh installs it (Debian: %s)", need, m.pkg)
		}
	}
	program := filepath.Join(t.TempDir(), "same")
	build := exec.Command("go", "build", "-trimpath", "-o", program, ".")
	build.Env = append(append(os.Environ(), "CGO_ENABLED=0"), m.env...)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building for %s: %v\n%s", m.name, err, out)
	}
	weeks, want := year, ""
	if long() {
		weeks, want = 0, goldens(t)
	} else {
		var err error
		if want, err = native(); err != nil {
			t.Fatal(err)
		}
	}
	call := append(append([]string{}, m.run...), program, "-seed", strconv.Itoa(seed), "-weeks", strconv.Itoa(weeks))
	run := exec.Command(call[0], call[1:]...)
	run.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME")} // Node's bridge holds few variables
	var wrong bytes.Buffer
	run.Stderr = &wrong
	begin := time.Now()
	out, err := run.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", m.name, err, wrong.String())
	}
	got := string(out)
	if long() {
		got = only(got)
	}
	t.Logf("%s: %d lines of digests in %.0f s of processor time, %.0f s", m.name, strings.Count(got, "\n"), (run.ProcessState.UserTime() + run.ProcessState.SystemTime()).Seconds(), time.Since(begin).Seconds())
	differ(t, m.name, got, want)
}

// differ names the tables that differ.
func differ(t *testing.T, what, got, want string) {
	t.Helper()
	if got == want {
		return
	}
	has := map[string]bool{}
	for line := range strings.Lines(want) {
		has[line] = true
	}
	for line := range strings.Lines(got) {
		if !has[line] {
			t.Errorf("%s has other bytes: %s", what, strings.TrimSpace(line))
		}
		delete(has, line)
	}
	for line := range has {
		t.Errorf("%s lacks: %s", what, strings.TrimSpace(line))
	}
}

// TestWorkersSameBytes holds workers, shards and processors apart from results: a study of every scenario (half a year around the main
// shock, burn-in included) whose tables are kept whole gives the same rows however it is done.
func TestWorkersSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every scenario five times")
	}
	type way struct{ workers, processors, shards int }
	ways := []way{{1, 1, 1}, {2, 16, 1}, {7, 2, 4}, {16, 3, 1}}
	if long() {
		for w := range 16 {
			ways = append(ways, way{w + 1, 16 - w, 1 + w%5})
		}
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	var want []string
	for _, w := range ways {
		runtime.GOMAXPROCS(w.processors)
		store := newDigests()
		for part := range w.shards {
			if err := library(t).Execute(context.Background(), store, experiment.Options{Workers: w.workers, Shard: experiment.Shard{Part: part + 1, Of: w.shards}}); err != nil {
				t.Fatal(err)
			}
		}
		got := store.lines()
		if want == nil {
			want = got
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("%d workers on %d processors, %d shards: run %d has other rows", w.workers, w.processors, w.shards, i)
			}
		}
	}
	seen := map[string]bool{}
	for _, sum := range want {
		seen[sum] = true
	}
	if len(seen) != len(want) {
		t.Errorf("%d scenarios give %d results", len(want), len(seen))
	}
}

// library is a study with every scenario as a point.
func library(t *testing.T) *experiment.Study {
	t.Helper()
	s := &experiment.Study{Replicates: 1, Seed: seed, Full: []string{"prices", "flows", "trades", "costs", "hubs", "throughput", "actors", "ledger"}}
	for _, name := range scenarios.Names() {
		whole, err := scenarios.Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		from := whole.Setup.Start
		if shock := record.MainShock(whole.Setup); shock > 0 {
			from = max(from, (shock - 7*lead).Monday())
		}
		to := min(whole.Setup.End, from+sim.Date(7*year/2))
		s.Points = append(s.Points, experiment.Point{Name: name, Scenario: whole, Sets: []string{"period.start=" + from.String(), "period.end=" + to.String()}})
	}
	return s
}

// digests is a store that keeps a digest of every run's rows.
type digests struct {
	lock sync.Mutex
	sums map[int]string
}

func newDigests() *digests { return &digests{sums: map[int]string{}} }

func (d *digests) Kept(run int) bool {
	d.lock.Lock()
	defer d.lock.Unlock()
	return d.sums[run] != ""
}

func (d *digests) Keep(run int, rows []experiment.Rows) error {
	h := sha256.New()
	fmt.Fprint(h, rows)
	d.lock.Lock()
	defer d.lock.Unlock()
	d.sums[run] = fmt.Sprintf("%x", h.Sum(nil))
	return nil
}

func (d *digests) Each(func(int, []experiment.Rows) error) error { return nil }

func (d *digests) lines() []string {
	out := make([]string, len(d.sums))
	for run, sum := range d.sums {
		out[run] = sum
	}
	return out
}

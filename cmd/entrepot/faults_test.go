package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"entrepot/experiment"
	"entrepot/internal/tmpfs"
	"entrepot/output/manifest"
	"entrepot/output/store"
	"entrepot/scenarios"
)

// talking is a command under way and what it says on stderr.
type talking struct {
	*exec.Cmd
	lock sync.Mutex
	text strings.Builder
}

func (x *talking) Write(p []byte) (int, error) {
	x.lock.Lock()
	defer x.lock.Unlock()
	return x.text.Write(p)
}

func (x *talking) said() string {
	x.lock.Lock()
	defer x.lock.Unlock()
	return x.text.String()
}

// begin starts the program.
func begin(t *testing.T, dir string, args ...string) *talking {
	t.Helper()
	x := &talking{Cmd: command(t, dir, args...)}
	x.Stderr = x
	if err := x.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = x.Process.Kill() })
	return x
}

// end waits for the end of a program and returns its exit code, which is -1 of one that a signal ended.
func (x *talking) end() int {
	_ = x.Wait() // its exit code is looked at by the caller
	return x.ProcessState.ExitCode()
}

// deed is a command that writes something, and what must be true of that whenever it is killed.
type deed struct {
	name    string
	prepare func(t *testing.T, dir string) (args []string)
	out     string
	whole   func(dir string) bool // says whether what stands there may be taken for whole
}

func deeds() []deed {
	return []deed{
		{"a run", func(*testing.T, string) []string {
			return strings.Fields("run textbook --format csv,parquet --no-plots --out out")
		}, "out", func(dir string) bool {
			m, err := manifest.Read(dir)
			return err == nil && m.Complete(dir)
		}},
		{"a merge", func(t *testing.T, dir string) []string {
			for part := 1; part <= 2; part++ {
				told(t, dir, nil, "ensemble", "textbook", "--runs", "40", "--no-plots", "--out", "parts", "--shard", fmt.Sprintf("%d/2", part))
			}
			return strings.Fields("merge parts/shard-1-of-2 parts/shard-2-of-2 --no-plots --out out")
		}, "out", finishedStudy},
		{"an export", func(t *testing.T, dir string) []string {
			told(t, dir, nil, "run", "textbook", "--no-plots", "--out", "result")
			return strings.Fields("export result --ro-crate --out out")
		}, "out", func(dir string) bool { return exists(filepath.Join(dir, "ro-crate-metadata.json")) }},
		{"a calibration", func(t *testing.T, dir string) []string {
			return append(smallCalibration(t, dir), "--no-plots", "--out", "out")
		}, "out", func(dir string) bool { return exists(filepath.Join(dir, manifest.Name)) }},
	}
}

// finishedStudy says whether a folder is read as that of a study all of whose runs are there.
func finishedStudy(dir string) bool {
	_, err := store.Load(dir)
	return err == nil
}

// A command that is killed at any moment leaves what is whole or what is not taken for it, nothing blocks the next, and that gives the bytes of one that
// was left in peace.
func TestCommandsThatAreKilled(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	const kills = 6
	luck := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0)) // any instant will do
	for _, c := range deeds() {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			args, out := c.prepare(t, dir), filepath.Join(dir, c.out)
			began := time.Now()
			told(t, dir, nil, args...)
			took, want := time.Since(began), output(t, out)
			again := func() {
				if err := os.RemoveAll(out); err != nil {
					t.Fatal(err)
				}
			}
			again()
			var early, late, left int
			for tries := 0; early+left < kills && tries < 3*kills; tries++ {
				x := begin(t, dir, args...)
				time.Sleep(time.Duration(luck.Int64N(int64(took))))
				_ = x.Process.Kill()
				switch code := x.end(); {
				case code == 0:
					late++
				case code != -1:
					t.Fatalf("exit code %d: %s", code, x.said())
				}
				switch {
				case c.whole(out):
					sameData(t, output(t, out), want)
					again()
				case !exists(out):
					early++
				default:
					left++
				}
			}
			if !exists(out) || !c.whole(out) {
				told(t, dir, nil, args...)
			}
			sameData(t, output(t, out), want)
			t.Logf("%d kills came before anything was there, %d left something to go on with, %d came after the end", early, left, late)
			for _, name := range names(t, dir) {
				if name != c.out && strings.Contains(name, "out") && !strings.HasPrefix(name, manifest.Hidden) {
					t.Errorf("%s is left, which nobody knows for unfinished", name)
				}
			}
		})
	}
}

// output is dataFiles without what programs that were killed left.
func output(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	all := dataFiles(t, dir)
	for name := range all {
		if strings.HasPrefix(filepath.Base(name), manifest.Hidden) {
			delete(all, name)
		}
	}
	return all
}

func names(t *testing.T, dir string) (all []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}

// A disk that is full, or that takes nothing, is told with the path; nothing there is taken for whole, and with room the same command gives the same bytes.
func TestCommandsOnADiskThatIsFullOrTakesNothing(t *testing.T) {
	for _, c := range deeds() {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			args := c.prepare(t, dir)
			told(t, dir, nil, args...)
			want := output(t, filepath.Join(dir, c.out))
			small := mount(t, 0, "size=12k")
			args[len(args)-1] = filepath.Join(small, "out")
			code, talk := program(t, dir, args...)
			if code != exitInternal || !strings.Contains(talk, "no space left on device") || !strings.Contains(talk, small) && !strings.Contains(talk, "writing ") {
				t.Errorf("full: exit code %d, want %d: %s", code, exitInternal, talk)
			}
			if c.whole(filepath.Join(small, "out")) {
				t.Error("full: what is half written is taken for whole")
			}
			if err := tmpfs.Mount(small, tmpfs.Remount, "size=8m"); err != nil {
				t.Fatal(err)
			}
			told(t, dir, nil, args...)
			sameData(t, output(t, filepath.Join(small, "out")), want)

			if err := tmpfs.Mount(small, tmpfs.Remount|tmpfs.ReadOnly, ""); err != nil {
				t.Fatal(err)
			}
			args[len(args)-1] = filepath.Join(small, "other")
			if code, talk := program(t, dir, args...); code != exitInternal || !strings.Contains(talk, "read-only file system; --out names another place") {
				t.Errorf("read-only: exit code %d, want %d: %s", code, exitInternal, talk)
			}
		})
	}
}

func TestAFolderThatVanishesEndsTheStudy(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not run: this system does not remove folders that are in use")
	}
	dir := t.TempDir()
	x := begin(t, dir, "ensemble", "textbook", "--runs", "5000", "--workers", "1", "--no-plots", "--out", "out")
	until(t, time.Minute, 5*time.Millisecond, "the first runs", func() bool { return underWay(filepath.Join(dir, "out")) })
	if err := os.RemoveAll(filepath.Join(dir, "out")); err != nil {
		t.Fatal(err)
	}
	if code := x.end(); code != exitInternal || !strings.Contains(x.said(), "was removed or replaced while the study was at work") {
		t.Errorf("exit code %d, want %d: %s", code, exitInternal, x.said())
	}
}

// Of two programs that want one folder the second is told who has it, however the first then ends, and a lock that nobody holds stops nobody.
func TestTwoProgramsInOneFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not run: windows cannot send a signal to one process")
	}
	for _, c := range []struct {
		name   string
		args   []string
		folder string // where the first keeps its runs
	}{
		{"a study", strings.Fields("ensemble textbook --runs 200 --workers 1 --no-plots --out out"), "out"},
		{"a calibration", nil, "out/wave-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			args := c.args
			if args == nil {
				args = append(smallCalibration(t, dir), "--no-plots", "--out", "out")
			}
			first := begin(t, dir, args...)
			until(t, time.Minute, time.Millisecond, "the first run", func() bool { return exists(filepath.Join(dir, c.folder, manifest.Journal)) })
			if err := first.Process.Signal(syscall.SIGSTOP); err != nil { // so that it is surely there
				t.Fatal(err)
			}
			code, talk := program(t, dir, args...)
			if want := fmt.Sprintf("is in use by another program (process %d,", first.Process.Pid); code != exitInternal || !strings.Contains(talk, want) || !strings.Contains(talk, "wait for it, end it, or name another folder") {
				t.Errorf("exit code %d, want %d and %q: %s", code, exitInternal, want, talk)
			}
			_ = first.Process.Kill()
			first.end()
			told(t, dir, nil, args...)
			got := output(t, filepath.Join(dir, "out"))
			args[len(args)-1] = "alone"
			told(t, dir, nil, args...)
			sameData(t, got, output(t, filepath.Join(dir, "alone")))
		})
	}
}

// Two programs that do the same run at once both end well, and one result is there.
func TestTwoProgramsDoTheSameRun(t *testing.T) {
	dir := t.TempDir()
	args := strings.Fields("run textbook --no-plots --out out")
	one, two := begin(t, dir, args...), begin(t, dir, args...)
	if a, b := one.end(), two.end(); a != 0 || b != 0 {
		t.Errorf("exit codes %d and %d: %s%s", a, b, one.said(), two.said())
	}
	if got := names(t, dir); len(got) != 1 {
		t.Errorf("%v are there, want the result alone", got)
	}
	args[len(args)-1] = "alone"
	told(t, dir, nil, args...)
	sameData(t, dataFiles(t, filepath.Join(dir, "out")), dataFiles(t, filepath.Join(dir, "alone")))
}

// A scheduler's SIGTERM lets the run at work come to its end: of one worker one run more is kept. A second signal ends at once.
func TestTheRunAtWorkEndsAtASignalAndASecondOneEndsAtOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not run: windows cannot send a signal to one process")
	}
	long := func(scale int) []string {
		return []string{"ensemble", "textbook", "--set", "period.end=2021-03-31", "--set", fmt.Sprintf("trafficker.scale=%d", scale), "--runs", "3", "--workers", "1", "--no-plots", "--out", "out"}
	}
	signalled := func(t *testing.T, dir string, scale int) *talking {
		x := begin(t, dir, long(scale)...)
		until(t, time.Minute, time.Millisecond, "the first run", func() bool { return exists(filepath.Join(dir, "out", manifest.Journal)) })
		time.Sleep(100 * time.Millisecond) // it is at work
		if err := x.Process.Signal(syscall.SIGTERM); err != nil {
			t.Fatal(err)
		}
		until(t, time.Minute, time.Millisecond, "its word", func() bool {
			return strings.Contains(x.said(), "ending: the runs at work have 20s to come to their end")
		})
		return x
	}
	t.Run("one", func(t *testing.T) {
		dir := t.TempDir()
		x := signalled(t, dir, 2000)
		if code := x.end(); code != exitInterrupted || !strings.Contains(x.said(), "interrupted; 1 runs were done and are kept, 2 are missing; the same command goes on with them") {
			t.Errorf("exit code %d, want %d and one run: %s", code, exitInterrupted, x.said())
		}
		if parts, err := store.Status(filepath.Join(dir, "out")); err != nil || parts[0].Done != 1 || parts[0].Missing != 2 {
			t.Errorf("there are %+v, %v", parts, err)
		}
	})
	t.Run("two", func(t *testing.T) {
		dir := t.TempDir()
		x := signalled(t, dir, 50_000)
		began := time.Now()
		if err := x.Process.Signal(syscall.SIGINT); err != nil {
			t.Fatal(err)
		}
		if code := x.end(); code != exitInterrupted || time.Since(began) > 5*time.Second {
			t.Errorf("exit code %d after %v, want %d at once: %s", code, time.Since(began), exitInterrupted, x.said())
		}
		if parts, err := store.Status(filepath.Join(dir, "out")); err != nil || parts[0].Missing != 3 {
			t.Errorf("there are %+v, %v", parts, err)
		}
	})
}

// What the script for Slurm asks for is more than the runs at work are given.
func TestSlurmLeavesTimeForTheRunsAtWork(t *testing.T) {
	script := told(t, t.TempDir(), nil, "ensemble", "textbook", "--emit", "slurm", "--shards", "2")
	found := regexp.MustCompile(`(?m)^#SBATCH --signal=B:TERM@(\d+)$`).FindStringSubmatch(script)
	if found == nil {
		t.Fatal("the script asks for no signal")
	}
	if seconds, _ := strconv.Atoi(found[1]); time.Duration(seconds)*time.Second < grace+5*time.Second {
		t.Errorf("the signal comes %d s before the kill, want at least five more than the %v of the runs", seconds, grace)
	}
}

// A progress display under a clock that jumps says nothing mad, and goes on saying.
func TestProgressUnderAClockThatJumps(t *testing.T) {
	for _, c := range []struct {
		name  string
		jumps []time.Duration // before each tenth of the work
		lines int             // at least
	}{
		{"steady", []time.Duration{6 * time.Second}, 8},
		{"back by a year in the middle", []time.Duration{6 * time.Second, 6 * time.Second, -365 * 24 * time.Hour, 6 * time.Second, 6 * time.Second, 6 * time.Second, 6 * time.Second}, 4},
		{"back again and again", []time.Duration{-time.Hour}, 1},
		{"on by ten years", []time.Duration{87_600 * time.Hour, time.Second, 6 * time.Second}, 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			var b bytes.Buffer
			now := time.Unix(1e9, 0) // without what Go keeps of a clock that does not jump
			p := newProgress(&app{stderr: &b}, 1000, "runs", func() time.Time { return now })
			for i := range 9 {
				now = now.Add(c.jumps[i%len(c.jumps)])
				p.add(100)
			}
			lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
			if len(lines) < c.lines {
				t.Errorf("%d lines, want at least %d: %s", len(lines), c.lines, b.String())
			}
			for _, line := range lines {
				if line != "" && !regexp.MustCompile(`^\d+ of 1000 runs(, about [0-9hms]+ to go)?$`).MatchString(line) {
					t.Errorf("it says %q", line)
				}
			}
		})
	}
}

// peak runs the program and returns the most memory that it held, bytes.
func peak(t *testing.T, args ...string) float64 {
	t.Helper()
	cmd := command(t, t.TempDir(), append(args, "--quiet", "--out", "out")...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	status := fmt.Sprintf("/proc/%d/status", cmd.Process.Pid)
	seen := 0.0
	for {
		select {
		case err := <-ended:
			if err != nil {
				t.Fatalf("%v: %v: %s", args, err, &out)
			}
			if seen == 0 { // no such file system
				seen = mostMemory(cmd.ProcessState) * (1 << 20)
			}
			return seen
		case <-time.After(5 * time.Millisecond):
			// What a process is said to have held when it ended counts its parent before the program was loaded, which is this test.
			seen = max(seen, highWater(status))
		}
	}
}

// highWater reads the most memory that a process held, bytes, from Linux's account of it; 0 where there is none.
func highWater(status string) float64 {
	text, err := os.ReadFile(status)
	if err != nil {
		return 0
	}
	_, after, _ := strings.Cut(string(text), "VmHWM:")
	var kilobytes float64
	if _, err := fmt.Sscan(after, &kilobytes); err != nil {
		return 0
	}
	return kilobytes * (1 << 10)
}

// What is said before the first run to be needed is an upper bound of what a process then holds, and not more than twice that.
func TestMemoryIsBounded(t *testing.T) {
	if testing.Short() || runtime.GOOS == "windows" {
		t.Skip("not run: -short, or a system that does not say how much memory a process held")
	}
	study := func(workers, lives, runs int) func(*scenarios.Scenario, bool) int64 {
		return func(s *scenarios.Scenario, figures bool) int64 {
			return ofStudy(experiment.Needs{Model: s.Model(), Lives: lives}, runs, figures).of(workers)
		}
	}
	alone := func(s *scenarios.Scenario, figures bool) int64 { return ofRun(s.Model(), s.Recorded(), figures).of(1) }
	for _, c := range []struct {
		command, scenario string
		scale             int
		end               string
		more              string // flags
		need              func(*scenarios.Scenario, bool) int64
		long              bool
	}{
		{"run", "textbook", 1, "", "--no-plots", alone, false},
		{"run", "textbook", 1, "", "", alone, false},
		{"run", "northern-mali", 1, "", "--no-plots", alone, false},
		{"run", "northern-mali", 1, "", "", alone, true},
		{"run", "textbook", 5263, "2021-03-31", "--no-plots", alone, false}, // 10^5 carriers
		{"run", "textbook", 52632, "2021-03-31", "--no-plots", alone, true}, // 10^6 carriers
		{"run", "northern-mali", 169, "2015-03-31", "--no-plots", alone, false},
		{"run", "northern-mali", 1690, "2015-03-31", "--no-plots", alone, true},
		{"ensemble", "textbook", 1, "", "--no-plots --runs 300 --workers 2", study(2, 1, 300), false},
		{"ensemble", "textbook", 1, "", "--runs 20 --workers 2", study(2, 1, 20), false},
		{"ensemble", "northern-mali", 1, "", "--no-plots --runs 2 --workers 2", study(2, 1, 2), false},
		{"ensemble", "northern-mali", 1, "", "--no-plots --runs 8 --workers 4", study(4, 1, 8), true},
		{"ensemble", "textbook", 5263, "2021-03-31", "--no-plots --runs 2 --workers 2", study(2, 1, 2), false},
		{"ensemble", "textbook", 52632, "2021-03-31", "--no-plots --runs 1 --workers 1", study(1, 1, 1), true},
	} {
		if c.long && os.Getenv("ENTREPOT_LONG") == "" {
			continue
		}
		args := []string{c.command, c.scenario, "--set", fmt.Sprintf("trafficker.scale=%d", c.scale)}
		if c.end != "" {
			args = append(args, "--set", "period.end="+c.end)
		}
		var sets []string
		for i := 3; i < len(args); i += 2 {
			sets = append(sets, args[i])
		}
		need := float64(c.need(load(t, c.scenario, sets...), !strings.Contains(c.more, "--no-plots")))
		args = append(args, strings.Fields(c.more)...)
		held := peak(t, args...)
		t.Logf("%-110s %4.0f MiB said, %4.0f MiB held, %.2f", strings.Join(args, " "), need/(1<<20), held/(1<<20), need/held)
		if held > need || need > 2*held {
			t.Errorf("%v: %.0f MiB were held of the %.0f that were said", args, held/(1<<20), need/(1<<20))
		}
	}
}

// What has no room is refused before anything is run, with the figures and what to do; fewer workers are taken where nobody asked for so many.
func TestWhatHasNoRoomIsRefused(t *testing.T) {
	for _, c := range []struct {
		name, limit, args string
		code              int
		says              []string
	}{
		{"a run", "20MiB", "run textbook --no-plots --out out", exitUsage, []string{"must fit into memory: it needs about 41 MiB, and 20 MiB are free (GOMEMLIMIT)", "GOMEMLIMIT=41MiB claims so much all the same"}},
		{"a study", "20MiB", "ensemble textbook --runs 4 --no-plots --out out", exitUsage, []string{"must fit into memory", "20 MiB are free"}},
		{"a calibration", "20MiB", "calibrate northern-mali --without P01,P02 --points 32 --max-runs 160 --trials 5 --no-plots --out out", exitUsage, []string{"must fit into memory"}},
		{"workers that were asked for", "72MiB", "ensemble northern-mali --runs 9 --workers 8 --no-plots --out out", exitUsage, []string{"--workers must be at most 2 for want of memory, got 8: they need about 129 MiB, and 72 MiB are free (GOMEMLIMIT)"}},
		{"a larger claim", "41MiB", "run textbook --no-plots --out out", exitDone, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			cmd := command(t, t.TempDir(), strings.Fields(c.args)...)
			cmd.Env = append(os.Environ(), "GOMEMLIMIT="+c.limit)
			out, _ := cmd.CombinedOutput() // its exit code is looked at
			for _, want := range c.says {
				if !strings.Contains(string(out), want) {
					t.Errorf("it must say %q, got %s", want, out)
				}
			}
			if code := cmd.ProcessState.ExitCode(); code != c.code {
				t.Errorf("exit code %d, want %d: %s", code, c.code, out)
			}
			if left, _ := os.ReadDir(cmd.Dir); c.code != exitDone && len(left) > 0 {
				t.Errorf("it must leave nothing, got %v", left)
			}
		})
	}
	var talk bytes.Buffer
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(60 << 20))
	if n, err := (&app{stderr: &talk}).fit(room{20 << 20, 10 << 20}, 8, false); n != 4 || err != nil || !strings.Contains(talk.String(), "4 runs at a time instead of 8, for want of memory: 60 MiB are free (GOMEMLIMIT)") {
		t.Errorf("got %d, %v, %q", n, err, talk.String())
	}
}

// The least of what the machine and its control groups have left is free; pages of files are given back, and what nobody tells is not known.
func TestFreeMemory(t *testing.T) {
	const gib = 1 << 30
	machine := map[string]string{"proc/meminfo": "MemTotal: 9000000 kB\nMemAvailable:    4194304 kB\n", "proc/self/status": "VmRSS:\t 1024 kB\n"}
	for _, c := range []struct {
		name  string
		files map[string]string
		free  int64
		says  string
	}{
		{"no system that tells", nil, 0, ""},
		{"a machine", machine, 4*gib + 1<<20, "/proc/meminfo"},
		{"a group", map[string]string{"proc/self/cgroup": "0::/job_1/step\n", "sys/fs/cgroup/job_1/memory.max": "1073741824\n", "sys/fs/cgroup/job_1/memory.current": "805306368\n",
			"sys/fs/cgroup/job_1/memory.stat": "anon 1\nfile 536870912\n", "sys/fs/cgroup/job_1/step/memory.max": "max\n"}, gib/4*3 + 1<<20, "job_1/memory.max"},
		{"a container that sees its own group alone", map[string]string{"proc/self/cgroup": "0::/docker/1234\n", "sys/fs/cgroup/memory.max": "536870912\n", "sys/fs/cgroup/memory.current": "1048576\n"}, gib / 2, "cgroup/memory.max"},
		{"the older groups", map[string]string{"proc/self/cgroup": "5:cpu:/\n4:memory:/slurm/1\n", "sys/fs/cgroup/memory/slurm/1/memory.limit_in_bytes": "268435456\n"}, gib/4 + 1<<20, "memory.limit_in_bytes"},
		{"an older group without a bound, all of whose memory is files", map[string]string{"proc/self/cgroup": "4:memory:/\n", "sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
			"sys/fs/cgroup/memory/memory.usage_in_bytes": "536870912\n", "sys/fs/cgroup/memory/memory.stat": "cache 1\ntotal_cache 536870912\n"}, 4*gib + 1<<20, "/proc/meminfo"},
		{"a group larger than the machine", map[string]string{"proc/self/cgroup": "0::/\n", "sys/fs/cgroup/memory.max": "99999999999999\n"}, 4*gib + 1<<20, "/proc/meminfo"},
	} {
		root := t.TempDir()
		for _, files := range []map[string]string{machine, c.files} {
			for name, text := range files {
				if c.files == nil {
					continue
				}
				if err := os.MkdirAll(filepath.Dir(filepath.Join(root, name)), 0o777); err != nil {
					t.Fatal(err)
				}
				write(t, filepath.Join(root, name), text, 0o666)
			}
		}
		if free, says, ok := freeMemory(root); ok != (c.says != "") || ok && (free != c.free || !strings.Contains(says, c.says)) {
			t.Errorf("%s: got %d MiB by %s, want %d by %s", c.name, free>>20, says, c.free>>20, c.says)
		}
	}
}

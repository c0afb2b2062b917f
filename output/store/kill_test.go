package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"entrepot/experiment"
	"entrepot/internal/tmpfs"
	"entrepot/output/manifest"
)

// TestMain makes the test program a child that does a study in a folder, for tests that kill it.
func TestMain(m *testing.M) {
	if dir := os.Getenv("ENTREPOT_TEST_CHILD"); dir != "" {
		if err := child(dir, os.Getenv("ENTREPOT_TEST_WORKERS")); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

const childRuns = 120

// child does a study and prints the number of each run that was kept.
func child(dir, workers string) error {
	s := model(childRuns)
	inner := s.Do
	s.Do = func(ctx context.Context, s *experiment.Study, p *experiment.Point, seed uint64) (*experiment.Taken, error) {
		time.Sleep(time.Duration(rand.Int64N(int64(4 * time.Millisecond))))
		return inner(ctx, s, p, seed)
	}
	at, err := Open(dir, of(s), false, nil)
	if err != nil {
		return err
	}
	n, _ := strconv.Atoi(workers)
	if err := s.Execute(context.Background(), &telling{Store: at}, experiment.Options{Workers: n}); err != nil {
		return err
	}
	at.Attach("world/hubs.csv", []byte("id\ngao\n"))
	if err := at.Finish(design()); err != nil {
		return err
	}
	return at.Close()
}

// telling is a store that says what it has kept.
type telling struct {
	*Store
	mu sync.Mutex
}

func (t *telling) Keep(run int, rows []experiment.Rows) error {
	if err := t.Store.Keep(run, rows); err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	_, err := fmt.Println(run)
	return err
}

// runChild starts the child, kills it after a while if it is still there, and returns the runs that it said are kept.
func runChild(t *testing.T, dir string, workers int, after time.Duration) (told []int, killed bool) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "ENTREPOT_TEST_CHILD="+dir, fmt.Sprint("ENTREPOT_TEST_WORKERS=", workers))
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var talk strings.Builder
	cmd.Stderr = &talk
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	begun := make(chan struct{})
	timer := make(chan *time.Timer, 1)
	go func() {
		<-begun
		timer <- time.AfterFunc(after, func() { cmd.Process.Kill() })
	}()
	first := true
	for lines.Scan() {
		if first {
			close(begun) // starting a program takes a time of its own
			first = false
		}
		n, err := strconv.Atoi(lines.Text())
		if err != nil {
			t.Fatalf("the child said %q", lines.Text())
		}
		told = append(told, n)
	}
	if first {
		close(begun)
	}
	err = cmd.Wait()
	(<-timer).Stop()
	if err != nil && talk.Len() > 0 {
		t.Fatalf("the child said %s", talk.String())
	}
	return told, err != nil
}

// A program that is killed at any moment loses nothing that Keep returned for, and started again it ends with the same bytes.
func TestKilledAtTwentyInstants(t *testing.T) {
	undisturbed := t.TempDir()
	do(t, undisturbed, model(childRuns), experiment.Shard{}, 2)
	want := files(t, undisturbed)
	luck := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 0)) // any instant will do
	var late, finished int
	for kills := 0; kills < 20; {
		dir := filepath.Join(t.TempDir(), "study")
		for {
			after := time.Duration(luck.Int64N(int64(150 * time.Millisecond)))
			told, killed := runChild(t, dir, 1+luck.IntN(4), after)
			if !killed {
				finished++
				break
			}
			kills++
			if n := lost(t, dir, told); n > 0 {
				t.Fatalf("killed after %v: %d of %d runs that were kept are lost", after, n, len(told))
			}
			if _, err := os.Stat(filepath.Join(dir, manifest.Journal)); err == nil && allKept(t, dir) {
				late++
			}
		}
		same(t, files(t, dir), want, "after kills")
	}
	t.Logf("%d studies ended; %d times the program was killed after its last run was kept", finished, late)
}

// lost counts the runs that should be in a folder and are not.
func lost(t *testing.T, dir string, told []int) (n int) {
	t.Helper()
	if m, err := Read(dir); err == nil && m.Study.Runs == childRuns {
		return 0 // all runs are in the tables
	}
	j, err := readJournal(dir, os.O_RDONLY)
	if err != nil {
		t.Fatal(err)
	}
	defer j.file.Close()
	for _, run := range told {
		if !j.has(run) {
			n++
		}
	}
	return n
}

// allKept says whether a journal has all runs.
func allKept(t *testing.T, dir string) bool {
	t.Helper()
	j, err := readJournal(dir, os.O_RDONLY)
	if err != nil {
		t.Fatal(err)
	}
	defer j.file.Close()
	return j.kept == childRuns
}

// snapshot copies a folder.
func snapshot(t testing.TB, from string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "copy")
	if err := os.CopyFS(to, os.DirFS(from)); err != nil {
		t.Fatal(err)
	}
	os.Remove(filepath.Join(to, lockName))
	return to
}

// unfinishedStudy keeps all runs of a model but does not finish.
func unfinishedStudy(t testing.TB, dir string, runs int) {
	t.Helper()
	at := open(t, dir, of(model(runs)))
	if err := model(runs).Execute(context.Background(), at, experiment.Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	closed(t, at)
}

// Whatever of finishing was done when the program was killed, the rest is done when it is started again: after every step of it.
func TestKilledAtEveryStepOfFinishing(t *testing.T) {
	for _, before := range []int{0, 4} { // runs of a finished study that grows
		base := t.TempDir()
		if before > 0 {
			do(t, base, model(before), experiment.Shard{}, 1)
		}
		unfinishedStudy(t, base, 9)
		final := snapshot(t, base)
		do(t, final, model(9), experiment.Shard{}, 1)
		want := files(t, final)
		m, err := Read(final)
		if err != nil {
			t.Fatal(err)
		}
		sealed, err := os.ReadFile(filepath.Join(final, manifest.Name))
		if err != nil {
			t.Fatal(err)
		}
		for step := -1; step <= len(m.Files)+1; step++ {
			dir := snapshot(t, base)
			for i, f := range m.Files {
				path := filepath.Join(dir, filepath.FromSlash(f.Name))
				if i >= step {
					path = hidden(dir, f.Name)
				}
				_ = os.MkdirAll(filepath.Dir(path), 0o777)
				data := []byte(want[f.Name])
				if step < 0 { // killed while it was writing
					data = data[:len(data)/2]
				}
				put(t, path, data)
			}
			put(t, hidden(dir, "other.parquet"), []byte("of a program that was killed before"))
			switch {
			case step > len(m.Files):
				put(t, filepath.Join(dir, manifest.Name), sealed)
			case step >= 0:
				put(t, filepath.Join(dir, commitName), sealed)
			}
			if step >= 0 && step <= len(m.Files) {
				if _, err := Load(dir); err == nil {
					t.Errorf("step %d: a folder that is being finished was read as finished", step)
				}
			}
			do(t, dir, model(9), experiment.Shard{}, 1)
			same(t, files(t, dir), want, fmt.Sprint("killed at step ", step))
		}
	}
}

// A merge into a folder of its own has no journal there: what is half done must be known for a study all the same.
func TestAMergeKilledAtEveryStepOfFinishing(t *testing.T) {
	var parts []string
	for part := 1; part <= 2; part++ {
		parts = append(parts, filepath.Join(t.TempDir(), "part"))
		do(t, parts[part-1], model(9), experiment.Shard{Part: part, Of: 2}, 1)
	}
	whole := filepath.Join(t.TempDir(), "whole")
	m, err := Merge(parts, whole, false)
	if err != nil {
		t.Fatal(err)
	}
	want := files(t, whole)
	sealed, err := os.ReadFile(filepath.Join(whole, manifest.Name))
	if err != nil {
		t.Fatal(err)
	}
	for step := -1; step <= len(m.Files); step++ {
		dir := filepath.Join(t.TempDir(), "half")
		for i, f := range m.Files {
			path := filepath.Join(dir, filepath.FromSlash(f.Name))
			if i >= step {
				path = hidden(dir, f.Name)
			}
			_ = os.MkdirAll(filepath.Dir(path), 0o777)
			put(t, path, []byte(want[f.Name]))
		}
		if step >= 0 {
			put(t, filepath.Join(dir, commitName), sealed)
		}
		if _, err := Load(dir); err == nil {
			t.Errorf("step %d: a folder that is being finished was read as finished", step)
		}
		if _, err := Merge(parts, dir, false); err != nil {
			t.Errorf("step %d: %v", step, err)
			continue
		}
		same(t, files(t, dir), want, fmt.Sprint("killed at step ", step))
	}
}

// bounds returns where the records of a journal begin, and its end.
func bounds(t testing.TB, path string) (at []int64) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	info, _ := file.Stat()
	end, err := scan(file, info.Size(), func(off int64, _ []byte) error {
		at = append(at, off)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return append(at, end)
}

func TestATornTailIsDroppedAtEveryByteAndNoGoodRecordIs(t *testing.T) {
	base := t.TempDir()
	unfinishedStudy(t, base, 4)
	whole := snapshot(t, base)
	do(t, whole, model(4), experiment.Shard{}, 1)
	want := files(t, whole)
	path := filepath.Join(base, manifest.Journal)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	at := bounds(t, path)
	if len(at) != 6 || at[5] != int64(len(data)) { // a head, four runs, the end
		t.Fatalf("records at %v of %d bytes", at, len(data))
	}
	luck := rand.NewChaCha8([32]byte{1})
	for cut := at[4]; cut < at[5]; cut++ {
		junk := make([]byte, at[5]-cut)
		for i, tail := range [][]byte{nil, make([]byte, len(junk)), junk} { // cut off; zeros; anything
			if i == 2 {
				if cut%16 != 0 {
					continue
				}
				_, _ = luck.Read(junk)
			}
			dir := t.TempDir()
			put(t, filepath.Join(dir, manifest.Journal), append(slices.Clone(data[:cut]), tail...))
			j, err := readJournal(dir, os.O_RDWR)
			if err != nil {
				t.Fatalf("cut at %d: %v", cut, err)
			}
			if j.kept != 3 || j.end != at[4] || !j.has(0) || !j.has(2) || j.has(3) {
				t.Fatalf("cut at %d: %d runs up to byte %d", cut, j.kept, j.end)
			}
			j.file.Close()
			if cut%64 == 0 {
				do(t, dir, model(4), experiment.Shard{}, 1)
				same(t, files(t, dir), want, fmt.Sprint("cut at ", cut))
			}
		}
	}
	for k := 1; k <= 4; k++ { // a flipped bit costs the run that it is in, and no other
		for off := at[k]; off < at[k+1]; off += 7 {
			bad := slices.Clone(data)
			bad[off] ^= 1 << (off % 8)
			dir := t.TempDir()
			put(t, filepath.Join(dir, manifest.Journal), bad)
			j, err := readJournal(dir, os.O_RDWR)
			if err != nil {
				t.Fatalf("bit flipped at %d: %v", off, err)
			}
			if j.kept != 3 || j.has(k-1) {
				t.Errorf("a bit of run %d flipped at %d: %d runs are there", k-1, off, j.kept)
			}
			j.file.Close()
			if off == at[k]+7 {
				do(t, dir, model(4), experiment.Shard{}, 1)
				same(t, files(t, dir), want, fmt.Sprint("bit flipped at ", off))
			}
		}
	}
	head := t.TempDir()
	bad := slices.Clone(data)
	bad[at[0]+40] ^= 1
	put(t, filepath.Join(head, manifest.Journal), bad)
	if _, err := Open(head, of(model(4)), false, nil); err == nil || !strings.Contains(err.Error(), "must begin with what study it is of") {
		t.Errorf("a journal without its head: %v", err)
	}
}

func TestAFolderThatVanishesIsToldAtOnce(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not run: this system does not remove folders that are in use")
	}
	for _, again := range []bool{false, true} {
		dir := filepath.Join(t.TempDir(), "study")
		at := open(t, dir, of(model(5)))
		keep(t, at, model(5), 0, 1)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if again { // another program begins there
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
			put(t, filepath.Join(dir, manifest.Journal), []byte("mine"))
		}
		m := experiment.NewMemory()
		_ = model(5).Execute(context.Background(), m, experiment.Options{Workers: 1})
		err := m.Each(func(run int, rows []experiment.Rows) error {
			if run < 2 {
				return nil
			}
			return at.Keep(run, rows)
		})
		if err == nil || !strings.Contains(err.Error(), "it was removed or replaced while the study was at work") || strings.Contains(err.Error(), "are safe") {
			t.Errorf("another in its place: %v; got %v", again, err)
		}
		_ = at.Close()
		if data, err := os.ReadFile(filepath.Join(dir, manifest.Journal)); again && (err != nil || string(data) != "mine") {
			t.Errorf("the other program's file changed: %q %v", data, err)
		}
	}
}

// notRun names a test that this machine cannot run. Where everything is set up for tests (CI=true) that is a failure.
func notRun(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("not run: %s", why)
	}
	t.Skipf("not run: %s", why)
}

// disk mounts a small disk.
func disk(t *testing.T, kilobytes int) string {
	t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		notRun(t, "mounting a small disk needs Linux and root")
	}
	dir := t.TempDir()
	if err := tmpfs.Mount(dir, 0, fmt.Sprintf("size=%dk", kilobytes)); err != nil {
		notRun(t, "this system lets nobody mount a disk: "+err.Error())
	}
	t.Cleanup(func() {
		if err := tmpfs.Unmount(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestAFullDiskLosesNothingAndLeavesNothingHalf(t *testing.T) {
	whole := t.TempDir()
	do(t, whole, model(300), experiment.Shard{}, 1)
	want := files(t, whole)
	for _, c := range []struct {
		name    string
		ballast int // kilobytes that are on the disk besides
		want    string
	}{
		{"while runs are kept", 440, "keeping run "},
		{"while the tables are written", 350, "finishing "},
	} {
		t.Run(c.name, func(t *testing.T) {
			root := disk(t, 500)
			ballast := filepath.Join(root, "ballast")
			put(t, ballast, make([]byte, c.ballast<<10))
			dir := filepath.Join(root, "study")
			at := open(t, dir, of(model(300)))
			err := model(300).Execute(context.Background(), at, experiment.Options{Workers: 2})
			if err == nil {
				err = at.Finish(design())
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "no space left on device") || !strings.Contains(err.Error(), "runs kept so far are safe") || !strings.Contains(err.Error(), dir) {
				t.Fatalf("must say %q, got %v", c.want, err)
			}
			t.Log(err)
			if _, err := Load(dir); err == nil {
				t.Error("what is half written looks whole")
			}
			kept := at.kept()
			closed(t, at)
			if parts, err := Status(dir); err != nil || parts[0].Done+parts[0].Failed != kept || kept == 0 {
				t.Errorf("%d runs were kept, there are %+v, %v", kept, parts, err)
			}
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
			do(t, dir, model(300), experiment.Shard{}, 2)
			same(t, files(t, dir), want, "after the disk was full")
		})
	}
}

func TestAReadOnlyDiskGivesWhatIsFinishedAndRefusesTheRest(t *testing.T) {
	root := disk(t, 2000)
	done, half := filepath.Join(root, "done"), filepath.Join(root, "half")
	do(t, done, model(5), experiment.Shard{}, 1)
	at := open(t, half, of(model(5)))
	keep(t, at, model(5), 1)
	closed(t, at)
	if err := tmpfs.Mount(root, tmpfs.ReadOnly|tmpfs.Remount, ""); err != nil {
		notRun(t, "this system lets nobody mount a disk: "+err.Error())
	}
	if at := open(t, done, of(model(5))); !at.Kept(4) || text(t, at) != inMemory(t, model(5)) {
		t.Error("what is finished must be read")
	}
	if _, err := Load(done); err != nil {
		t.Error(err)
	}
	if parts, err := Status(half); err != nil || parts[0].Missing != 4 {
		t.Errorf("%+v, %v", parts, err)
	}
	for _, dir := range []string{half, filepath.Join(root, "new")} {
		if _, err := Open(dir, of(model(5)), false, nil); err == nil || !strings.Contains(err.Error(), "read-only file system") || !strings.Contains(err.Error(), dir) {
			t.Errorf("must be refused, got %v", err)
		}
	}
	if _, err := Merge([]string{done}, filepath.Join(root, "new"), false); err == nil || !strings.Contains(err.Error(), "read-only file system") {
		t.Errorf("must be refused, got %v", err)
	}
}

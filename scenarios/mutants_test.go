package scenarios_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"entrepot/agents"
	"entrepot/internal/spoil"
	"entrepot/scenarios"
	"entrepot/sim"
)

// A corpus of broken scenarios, made from all built-in ones by key. Whatever stands in a file, it is refused with a position, or it
// runs half a year with the books closed; none ends the program, takes longer than a minute or more than a gigabyte.
// ENTREPOT_MUTANTS=N makes N of each kind.
const (
	mutantsOfAKind = 70
	mutantWeeks    = 26
	mutantTime     = time.Minute
	mutantMemory   = 1 << 30
)

// What must become of a mutant. Of most it cannot be known without a second loader.
type fate string

const (
	either  fate = ""
	refused fate = "refused"
	ran     fate = "ran"
)

func TestBrokenScenariosAreRefusedWithAPositionOrRun(t *testing.T) {
	each := mutantsOfAKind
	if n, err := strconv.Atoi(os.Getenv("ENTREPOT_MUTANTS")); err == nil {
		each = n
	}
	if testing.Short() {
		each = 5
	}
	bases := basesOf(t)
	watch := newWatch()
	defer watch.end()
	var jobs []func() error
	kinds := mutantKinds()
	counts := make([]map[fate]int, len(kinds))
	var lock sync.Mutex
	distinct := map[[32]byte]bool{}
	for k := range kinds {
		counts[k] = map[fate]int{}
		for i := range each / max(1, kinds[k].dear) {
			jobs = append(jobs, func() error {
				m := newMutant(bases, &kinds[k], uint64(i))
				name := fmt.Sprintf("%s, mutant %d of %s (%s)", kinds[k].name, i, m.base, strings.Join(m.what, "; "))
				done := watch.begin(name)
				became, err := outcome(m)
				done()
				if err == nil && kinds[k].must != either && became != kinds[k].must {
					err = fmt.Errorf("must be %s, got %s", kinds[k].must, became)
				}
				lock.Lock()
				defer lock.Unlock()
				counts[k][became]++
				distinct[m.sum()] = true
				if err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
				return nil
			})
		}
	}
	for _, err := range inParallel(jobs, min(2, runtime.GOMAXPROCS(0))) {
		if err != nil {
			t.Error(err)
		}
	}
	total := map[fate]int{}
	for k := range kinds {
		t.Logf("%-50s %5d refused %5d ran %5d overfull", kinds[k].name, counts[k][refused], counts[k][ran], counts[k]["overfull"])
		for f, n := range counts[k] {
			total[f] += n
		}
	}
	t.Logf("%d mutants, %d of them different: %v; most memory at a time %d MB", len(jobs), len(distinct), total, watch.most>>20)
	if !testing.Short() && (len(distinct) < min(2000, 2000*each/mutantsOfAKind) || total[refused] < len(jobs)/5 || total[ran] < len(jobs)/5) {
		t.Errorf("must be at least 2000 different mutants, a fifth of them refused and a fifth run, got %d different of %d: %v", len(distinct), len(jobs), total)
	}
}

// base is a built-in scenario with all layers merged, and the tables of its world beside it.
type base struct {
	name  string
	files map[string][]byte
}

// basesOf lists all of them. The textbook comes as often as the others together: it is quick, and most of what is to be broken is in
// all of them.
func basesOf(t *testing.T) (all []base) {
	t.Helper()
	for _, name := range scenarios.Names() {
		all = append(all, base{name, ownFiles(t, name)})
	}
	small := all[slices.IndexFunc(all, func(b base) bool { return b.name == "textbook" })]
	for range len(all) - 2 {
		all = append(all, small)
	}
	return all
}

func ownFiles(t *testing.T, name string) map[string][]byte {
	t.Helper()
	s, err := scenarios.Load(name, nil)
	if err != nil {
		t.Fatal(err)
	}
	files, err := scenarios.CopyWorld(s.World, "w")
	if err != nil {
		t.Fatal(err)
	}
	files["s.yaml"] = []byte(strings.Replace(string(s.Resolved), "world: "+s.World, "world: ./w", 1))
	return files
}

// mutant is a scenario to be broken.
type mutant struct {
	spoil.Dice
	base  string
	files map[string][]byte
	sets  []string
	n     uint64 // number of the mutant of its kind
	what  []string
}

func (m *mutant) say(format string, args ...any) {
	m.what = append(m.what, fmt.Sprintf(format, args...))
}

// newMutant makes the i-th mutant of a kind: one to three things of that kind are wrong.
func newMutant(bases []base, k *mutantKind, i uint64) *mutant {
	for try := uint64(0); ; try++ {
		m := &mutant{Dice: spoil.Dice{Key: sim.NewKey(20).Label(k.name).At(i).At(try)}, n: i}
		b := spoil.Pick(&m.Dice, bases)
		m.base, m.files = b.name, maps.Clone(b.files)
		for range 1 + m.Below(3)*min(1, m.Below(2)) {
			k.do(m)
		}
		if len(m.what) > 0 && (len(m.sets) > 0 || !maps.EqualFunc(m.files, b.files, bytes.Equal)) {
			return m
		}
	}
}

func (m *mutant) sum() (sum [32]byte) {
	h := sha256.New()
	for _, name := range slices.Sorted(maps.Keys(m.files)) {
		fmt.Fprintf(h, "%s %d\n%s", name, len(m.files[name]), m.files[name])
	}
	fmt.Fprint(h, m.base, m.sets)
	h.Sum(sum[:0])
	return sum
}

func (m *mutant) fsys() fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, data := range m.files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return fsys
}

// outcome loads and runs a mutant, and says what became of it.
func outcome(m *mutant) (became fate, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
		}
	}()
	fsys := m.fsys()
	s, err := scenarios.LoadFS(fsys, "s.yaml", m.sets)
	if err != nil {
		return refused, aRefusal(err, fsys)
	}
	model, err := agents.New(s.Setup, 1)
	if err != nil {
		return "", err
	}
	for range mutantWeeks {
		var over *sim.Overfull
		switch err := model.Step(); {
		case errors.As(err, &over):
			return "overfull", nil
		case err != nil:
			return "", err
		}
		if err := recount(model); err != nil {
			return "", fmt.Errorf("week of %s: %w", model.Date(), err)
		}
	}
	return ran, nil
}

// aRefusal says what is wrong with a refusal itself.
func aRefusal(err error, fsys fstest.MapFS) error {
	var problems scenarios.Problems
	if !errors.As(err, &problems) || len(problems) == 0 {
		return fmt.Errorf("must be refused with problems, got %w", err)
	}
	for _, p := range problems {
		if wrong := scenarios.Misplaced(p, fsys); wrong != "" {
			return fmt.Errorf("a refusal %s, got %s", wrong, p)
		}
	}
	return nil
}

// watch ends the tests where a mutant hangs or eats memory: nothing else could.
type watch struct {
	lock  sync.Mutex
	began map[string]time.Time
	most  uint64 // memory of the program, bytes
	stop  chan struct{}
}

func newWatch() *watch {
	debug.FreeOSMemory() // what other tests left
	w := &watch{began: map[string]time.Time{}, stop: make(chan struct{})}
	go func() {
		for {
			select {
			case <-w.stop:
				return
			case <-time.After(5 * time.Millisecond):
				w.look()
			}
		}
	}()
	return w
}

func (w *watch) end() { close(w.stop) }

func (w *watch) begin(name string) (done func()) {
	w.lock.Lock()
	defer w.lock.Unlock()
	w.began[name] = time.Now()
	return func() {
		w.lock.Lock()
		defer w.lock.Unlock()
		delete(w.began, name)
	}
}

func (w *watch) look() {
	w.lock.Lock()
	defer w.lock.Unlock()
	now := memoryInUse()
	w.most = max(w.most, now)
	if now > mutantMemory {
		panic(fmt.Sprintf("%d MB are in use, must be at most %d: %q", now>>20, mutantMemory>>20, slices.Collect(maps.Keys(w.began))))
	}
	for name, began := range w.began {
		if time.Since(began) > mutantTime {
			panic(fmt.Sprintf("must be done within %s: %q", mutantTime, name))
		}
	}
}

// memoryInUse is what the program has of the system, without what it gave back.
func memoryInUse() uint64 {
	sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64() - sample[1].Value.Uint64()
}

// rows of a table, header first; nil where it is none.
func rowsOf(data []byte) [][]string {
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil || len(rows) < 2 {
		return nil
	}
	return rows
}

func textOf(rows [][]string) []byte {
	var out bytes.Buffer
	w := csv.NewWriter(&out)
	for _, row := range rows {
		_ = w.Write(row) // a buffer does not fail
	}
	w.Flush()
	return out.Bytes()
}

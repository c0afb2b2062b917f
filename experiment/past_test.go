package experiment

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"entrepot/agents"
	"entrepot/sim"
)

// relatives is a study of the textbook world whose points differ in events, but for the last two, which differ from the others in a
// parameter too. It has two events: a road is watched from week 78 on, and the entrepot closed from week 130 on.
func relatives(t testing.TB, replicates int, sets ...string) *Study {
	s := textbook(t, sets...)
	study := &Study{Replicates: replicates, Seed: 1, Figures: Figures(s), Series: MonthlySeries(s)}
	for _, p := range []Point{
		{Name: "as it is"},
		{Name: "never closed", Sets: []string{"events.middle-closed=null"}},
		{Name: "never watched", Sets: []string{"events.road-watched=null"}},
		{Name: "neither", Sets: []string{"events.road-watched=null", "events.middle-closed=null"}},
		{Name: "watched more", Sets: []string{"events.road-watched.value=0.9"}},
		{Name: "as it is, too"},
		{Name: "dear roads", Sets: []string{"trafficker.cost_per_km=900"}},
		{Name: "dear roads, never closed", Sets: []string{"events.middle-closed=null", "trafficker.cost_per_km=900"}},
	} {
		p.Scenario = s
		study.Points = append(study.Points, p)
	}
	return study
}

// alone lists all rows of a study whose runs are done one by one.
func alone(t testing.TB, s *Study) []string {
	t.Helper()
	store := NewMemory()
	for run := range s.Runs() {
		if err := store.Keep(run, s.Repeat(context.Background(), run)); err != nil {
			t.Fatal(err)
		}
	}
	return kept(t, store)
}

// every lists all runs of a study.
func every(s *Study) (runs []int) {
	for run := range s.Runs() {
		runs = append(runs, run)
	}
	return runs
}

// outline writes a tree: the points of a branch, and in brackets the week in which others part from it.
func (b *branch) outline() string {
	text := strings.Trim(fmt.Sprint(b.points), "[]")
	for _, part := range b.parts {
		text += fmt.Sprintf(" (%d: %s)", part.from, part.outline())
	}
	return text
}

func TestPointsThatDifferInEventsPartAtTheFirstThatDiffers(t *testing.T) {
	s := relatives(t, 1)
	p := s.pasts(s.pointsOf(every(s)))
	if len(p.families) != 2 {
		t.Fatalf("families %v, want two", p.families)
	}
	var got []string
	for _, f := range p.families {
		got = append(got, p.branch(f, -agents.BurnIn).outline())
	}
	// Which of the points that part goes on and which forks does not matter: the weeks do.
	want := []string{"0 5 (78: 4) (78: 2 (130: 3)) (130: 1)", "6 (130: 7)"}
	for i := range got {
		if weeksOf(got[i]) != weeksOf(want[i]) {
			t.Errorf("got %s, want such as %s", got[i], want[i])
		}
	}
	few := p.branch(slices.DeleteFunc(slices.Clone(p.families[0]), func(i int) bool { return i == 0 || i == 2 || i == 5 }), 0).outline()
	if weeksOf(few) != "78 78" {
		t.Errorf("without the first point: %s", few)
	}
	s.Apart = true
	if f := s.pasts(s.pointsOf(every(s))).families; f != nil {
		t.Errorf("runs that are kept apart share nothing, got %v", f)
	}
	s = two(t, 1)
	if f := s.pasts(s.pointsOf(every(s))).families; f != nil {
		t.Errorf("points that differ in a parameter share nothing, got %v", f)
	}
	s = relatives(t, 1, "events.long-ago={kind: supply, date: 2020-01-01, stockholder: source_ak, good: ak, factor: 0.9, cause: other}")
	s.Points = []Point{{Scenario: s.Points[0].Scenario}, {Scenario: s.Points[0].Scenario, Sets: []string{"events.long-ago=null"}}}
	if f := s.pasts(s.pointsOf(every(s))).families; f != nil {
		t.Errorf("points that differ before the start share nothing, got %v", f)
	}
}

// weeksOf lists the weeks of an outline in order.
func weeksOf(outline string) string {
	var weeks []string
	for _, word := range strings.Fields(strings.NewReplacer("(", " ", ")", " ").Replace(outline)) {
		if week, ok := strings.CutSuffix(word, ":"); ok {
			weeks = append(weeks, week)
		}
	}
	slices.Sort(weeks)
	return strings.Join(weeks, " ")
}

// overfull gives a population of a study's worlds as many rifles as the engine can count, so that a run fails as soon as it buys more.
func overfull(t testing.TB, s *Study) {
	for i := range s.Points {
		p := &s.Points[i]
		laid, err := s.scenario(p)
		if err != nil {
			t.Fatal(err)
		}
		changed, setup := *laid, *laid.Setup
		setup.Goods, setup.Buyers = slices.Clone(setup.Goods), slices.Clone(setup.Buyers)
		setup.Goods[0].Wear = 0
		k := slices.IndexFunc(setup.Buyers, func(b agents.Buyer) bool { return b.ID == "townspeople_end_ak" })
		setup.Buyers[k].People, setup.Buyers[k].Want, setup.Buyers[k].Start, setup.Buyers[k].Violence = sim.MaxLot, 1, 1, 0
		changed.Setup = &setup
		if len(p.Sets) == 0 {
			p.Scenario = &changed
		} else {
			s.laid.Store(p, &changed)
		}
	}
}

func TestRunsWithACommonPastGiveTheRowsOfRunsAlone(t *testing.T) {
	for name, sets := range map[string][]string{"as it is": nil, "every run fails": {"events.more={kind: demand, date: 2022-12-05, buyer: townspeople_end_ak, factor: 2, cause: other}"}} {
		made := func() *Study {
			s := relatives(t, 2, sets...)
			s.Full = []string{"prices", "throughput", "events", "actors"}
			if sets != nil {
				overfull(t, s)
			}
			return s
		}
		want := alone(t, made())
		for _, row := range want {
			if failed := strings.Contains(row, "a stock must be at most"); failed != (sets != nil) || failed && strings.Contains(row, "week -") {
				t.Fatalf("%s: %.200s", name, row)
			}
		}
		for _, workers := range []int{1, 2, 5} {
			store := NewMemory()
			if err := made().Execute(context.Background(), store, Options{Workers: workers}); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(kept(t, store), want) {
				t.Errorf("%s, %d workers: other rows than alone", name, workers)
			}
		}
		shards := NewMemory()
		for part := 1; part <= 3; part++ {
			if err := made().Execute(context.Background(), shards, Options{Workers: 2, Shard: Shard{part, 3}}); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(kept(t, shards), want) {
			t.Errorf("%s, three shards: other rows than alone", name)
		}
		broken, breaks := NewMemory(), 0
		for {
			ctx, cancel := context.WithCancel(context.Background())
			err := made().Execute(ctx, broken, Options{Workers: 2, Tell: func(int, int) { cancel() }})
			if err == nil {
				break
			}
			if breaks++; !errors.Is(err, context.Canceled) || breaks > len(want) {
				t.Fatalf("broken off %d times: %v", breaks, err)
			}
		}
		if !slices.Equal(kept(t, broken), want) || breaks < 4 {
			t.Errorf("%s, broken off %d times: other rows than alone", name, breaks)
		}
		ended, ends := NewMemory(), 0
		for {
			until, before := make(chan struct{}), len(kept(t, ended))
			tell := sync.OnceFunc(func() { close(until) })
			err := made().Execute(context.Background(), ended, Options{Workers: 2, Until: until, Tell: func(int, int) { tell() }})
			if err == nil {
				break
			}
			if ends++; !errors.Is(err, context.Canceled) || len(kept(t, ended)) == before {
				t.Fatalf("asked %d times to end: %v, %d runs are kept", ends, err, before)
			}
		}
		if !slices.Equal(kept(t, ended), want) || ends < 2 {
			t.Errorf("%s, asked %d times to end: other rows than alone", name, ends)
		}
	}
}

func TestARunEndsWhenNothingMoreIsAskedOfIt(t *testing.T) {
	s := relatives(t, 1)
	whole := alone(t, s)
	early := Span{s.Points[0].Scenario.Setup.Start, s.Points[0].Scenario.Setup.Start + 7*90 - 1}
	for i := range s.Figures {
		for k := range s.Figures[i].Parts {
			s.Figures[i].Parts[k] = s.Figures[i].Parts[k].In(early)
		}
	}
	with := alone(t, s) // series, and so the whole run
	s.Series = nil
	l, err := s.begin(s.Points[0].Scenario.Setup, 1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.rest(context.Background()); err != nil || l.m.Week != 90 || l.end != 90 {
		t.Errorf("the run ends in week %d of %d, want 90: %v", l.m.Week, l.end, err)
	}
	store := NewMemory()
	if err := s.Execute(context.Background(), store, Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	short := kept(t, store)
	for run := range short {
		row := strings.TrimSuffix(short[run], "]") // of the table runs, which comes first
		if !strings.HasPrefix(with[run], row) || strings.HasPrefix(whole[run], row) {
			t.Errorf("run %d: figures of a run that ends early must be those of the whole run\n%s\n%s", run, row, with[run])
		}
	}
	// What parts after the last week that is asked for does not part at all.
	p := s.pasts(s.pointsOf(every(s)))
	if got := weeksOf(p.branch(p.families[0], -agents.BurnIn).outline()); got != "78 78" {
		t.Errorf("branches in weeks %s, want 78 78", got)
	}
	s.Figures = nil
	if l, err = s.begin(s.Points[0].Scenario.Setup, 1); err != nil || l.end != l.m.Setup.Weeks() {
		t.Errorf("a run of which nothing is asked is lived whole, got %d weeks: %v", l.end, err)
	}
}

// What takes too long fails the runs whose it is, and no other.
func TestACommonPastThatTakesTooLongFailsItsRuns(t *testing.T) {
	want := alone(t, relatives(t, 1))
	var failed []int
	for nth := int32(1); nth <= 9; nth++ {
		s, store := relatives(t, 1), NewMemory()
		var limits atomic.Int32
		limit := func(ctx context.Context) (context.Context, context.CancelFunc) {
			inner, cancel := context.WithCancel(ctx)
			if limits.Add(1) == nth {
				cancel()
			}
			return inner, cancel
		}
		if err := s.Execute(context.Background(), store, Options{Workers: 1, Limit: limit}); err != nil {
			t.Fatal(err)
		}
		n, got := 0, kept(t, store)
		for run := range want {
			if strings.Contains(got[run], "the run took longer than it may") {
				n++
			} else if got[run] != want[run] {
				t.Errorf("run %d differs, though it had its time", run)
			}
		}
		failed = append(failed, n)
	}
	if len(failed) < 9 || failed[0] != 6 || !slices.Contains(failed, 1) || !slices.Contains(failed, 2) || slices.Max(failed[1:]) > 5 {
		t.Errorf("runs failed by the stretch that took too long: %v", failed)
	}
}

// A worker who has nothing to do takes a branch from one who has several.
func TestFewReplicatesKeepAllWorkersBusy(t *testing.T) {
	s := relatives(t, 1)
	s.Points = s.Points[:6] // one family
	var lock sync.Mutex
	now, most := 0, 0
	limit := func(ctx context.Context) (context.Context, context.CancelFunc) {
		lock.Lock()
		defer lock.Unlock()
		now++
		most = max(most, now)
		time.Sleep(time.Millisecond)
		return ctx, func() { lock.Lock(); defer lock.Unlock(); now-- }
	}
	if err := s.Execute(context.Background(), NewMemory(), Options{Workers: 3, Limit: limit}); err != nil {
		t.Fatal(err)
	}
	if most < 2 {
		t.Errorf("%d at a time, want 2 or 3", most)
	}
}

package web

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
	"testing"
	"time"
)

// clock is moved by those who work, as if their turns took that long.
type clock struct {
	lock sync.Mutex
	at   time.Time
}

func (c *clock) now() time.Time {
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.at
}

func (c *clock) pass(d time.Duration) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.at = c.at.Add(d)
}

// expect returns when so many wait.
func (t *turns) expect(n int) {
	for {
		t.lock.Lock()
		waiting := len(t.waiting)
		t.lock.Unlock()
		if waiting >= n {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// shift is what one asker does: so many turns of such a length, in which some goroutines work.
type shift struct {
	name   string
	turns  int
	length time.Duration
	weight int
}

// together has askers work on one processor and returns who had which turn. All are in line before the first begins.
func together(t *testing.T, shifts ...shift) (order []string) {
	t.Helper()
	c := &clock{at: time.Unix(0, 0)}
	all := newTurns(1, c.now)
	gate := &seat{of: all}
	if err := gate.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	var done sync.WaitGroup
	for i, s := range shifts {
		done.Go(func() {
			mine := &seat{of: all, weight: s.weight}
			err := mine.take(t.Context())
			for range s.turns {
				if err != nil {
					t.Error(err)
					return
				}
				order = append(order, s.name)
				c.pass(s.length)
				err = mine.next(t.Context())
			}
			mine.end()
		})
		all.expect(i + 1)
	}
	gate.end()
	done.Wait()
	if all.free != 1 || len(all.waiting) != 0 {
		t.Errorf("%d processors are free and %d wait in the end, want 1 and none", all.free, len(all.waiting))
	}
	return order
}

// hadBefore counts the turns that one had before the last turn of another.
func hadBefore(order []string, one, another string) (n int) {
	last := 0
	for i, name := range order {
		if name == another {
			last = i
		}
	}
	for _, name := range order[:last] {
		if name == one {
			n++
		}
	}
	return n
}

func TestTurns(t *testing.T) {
	const ms = time.Millisecond
	for _, test := range []struct {
		name       string
		long       shift
		short      shift
		least, not int // turns that the long one has before the short one is done
	}{
		{"equal turns alternate", shift{"long", 500, ms, 1}, shift{"short", 50, ms, 1}, 49, 52},
		{"who has longer turns has fewer", shift{"long", 100, 10 * ms, 1}, shift{"short", 100, ms, 1}, 9, 12},
		{"a question with four goroutines at work has a quarter of the turns", shift{"long", 100, ms, 4}, shift{"short", 80, ms, 1}, 19, 22},
		{"turns too short for the clock alternate too", shift{"long", 500, 0, 1}, shift{"short", 50, 0, 1}, 49, 52},
	} {
		t.Run(test.name, func(t *testing.T) {
			order := together(t, test.long, test.short)
			if want := test.long.turns + test.short.turns; len(order) != want {
				t.Fatalf("%d turns, want %d", len(order), want)
			}
			if got := hadBefore(order, "long", "short"); got < test.least || got > test.not {
				t.Errorf("the long question had %d turns before the short one was done, want %d to %d", got, test.least, test.not)
			}
		})
	}
}

func TestWhoHasHadLeastIsNext(t *testing.T) {
	all := newTurns(1, time.Now)
	gate := &seat{of: all}
	if err := gate.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	next := make(chan string)
	for i, s := range []struct {
		name string
		had  time.Duration
	}{{"much", time.Hour}, {"little", time.Second}, {"as little, later", time.Second}} {
		go func() {
			seat := &seat{of: all, had: s.had}
			if err := seat.take(t.Context()); err != nil {
				t.Error(err)
			}
			next <- s.name
			seat.end()
		}()
		all.expect(i + 1)
	}
	gate.end()
	for _, want := range []string{"little", "as little, later", "much"} {
		if got := <-next; got != want {
			t.Errorf("%s is next, want %s", got, want)
		}
	}
}

// A question that has worked for an hour alone owes the newcomer nothing, and the newcomer has no claim on that hour.
func TestNewcomersBeginWhereTheOthersAre(t *testing.T) {
	c := &clock{at: time.Unix(0, 0)}
	all := newTurns(1, c.now)
	old, young := &seat{of: all}, &seat{of: all}
	if err := old.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Hour)
	if err := old.next(t.Context()); err != nil {
		t.Fatal(err)
	}
	began := make(chan error)
	go func() { began <- young.take(t.Context()) }()
	all.expect(1)
	if young.had != time.Hour {
		t.Errorf("the newcomer begins at %v, want an hour", young.had)
	}
	c.pass(time.Millisecond)
	again := make(chan error)
	go func() { again <- old.next(t.Context()) }()
	if err := <-began; err != nil {
		t.Error(err)
	}
	c.pass(2 * time.Millisecond)
	young.end()
	if err := <-again; err != nil || young.had != time.Hour+2*time.Millisecond {
		t.Errorf("after its turn the newcomer has had %v (%v)", young.had, err)
	}
}

func TestAQuestionEndsWithItsTime(t *testing.T) {
	c := &clock{at: time.Unix(0, 0)}
	all := newTurns(1, c.now)
	s := &seat{of: all, most: time.Second}
	if err := s.take(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Second)
	if err := s.next(t.Context()); err != nil {
		t.Errorf("a whole second is allowed, got %v", err)
	}
	c.pass(time.Millisecond)
	if err := s.next(t.Context()); !errors.Is(err, errTooLong) {
		t.Errorf("got %v, want %v", err, errTooLong)
	}
	if err := s.take(t.Context()); !errors.Is(err, errTooLong) {
		t.Errorf("another turn gives %v, want %v", err, errTooLong)
	}
	if all.free != 1 {
		t.Errorf("%d processors are free, want 1", all.free)
	}
}

// Whoever gives up, waiting or at work, leaves no processor behind, and never are more at work than there are processors.
func TestNoProcessorIsLost(t *testing.T) {
	all := newTurns(3, time.Now)
	var lock sync.Mutex
	var working, most int
	count := func(n int) {
		lock.Lock()
		defer lock.Unlock()
		working += n
		most = max(most, working)
	}
	var done sync.WaitGroup
	for i := range 60 {
		done.Go(func() {
			luck := rand.New(rand.NewPCG(uint64(i), 1))
			s := &seat{of: all}
			for range 30 {
				ctx, cancel := context.WithTimeout(t.Context(), time.Duration(luck.IntN(300))*time.Microsecond)
				err := s.take(ctx)
				for err == nil && luck.IntN(8) > 0 {
					count(1)
					time.Sleep(time.Duration(luck.IntN(30)) * time.Microsecond)
					count(-1)
					err = s.next(ctx)
				}
				if err == nil {
					s.end()
				}
				cancel()
			}
		})
	}
	done.Wait()
	if all.free != 3 || len(all.waiting) != 0 || most > 3 {
		t.Errorf("%d processors are free, %d wait, %d worked at once; want 3, none, at most 3", all.free, len(all.waiting), most)
	}
}

package web

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

// turns shares the processors among questions. A question works for a few weeks of its run, then the question that has had least of the
// processors goes on, so that a hundred runs of one asker do not keep another's single run from the first processor, and a world of large
// weeks has no more of it than one of small weeks.
//
// A question that comes in, or comes back from waiting for its reader, has had as much as the one that was served last: it neither pays for having been
// away nor is repaid. A question that nobody waits for has the turns that are left over.
type turns struct {
	now func() time.Time

	lock    sync.Mutex
	free    int           // processors nobody works on
	floor   time.Duration // what the question served last had had
	waiting []*seat       // in the order in which they came
}

// seat is a question's place among the others. One turn at a time is taken there.
type seat struct {
	of     *turns
	weight int           // goroutines that work in a turn: each is charged
	idle   bool          // nobody waits for it: it has turns that nobody else wants
	most   time.Duration // of a processor, for the whole question; 0: any

	// Under the lock of turns.
	had   time.Duration // in the reckoning of turns: raised to the floor when the seat has been idle
	used  time.Duration // of a processor, so far
	since time.Time     // when the turn began, or was last counted
	ready chan struct{} // closed when the turn has come
}

// errTooLong ends a question that had all the time of a processor that a question may have.
var errTooLong = errors.New("the question takes too long")

func newTurns(processors int, now func() time.Time) *turns {
	return &turns{free: processors, now: now}
}

// take waits for a turn. With an error there is none.
func (s *seat) take(ctx context.Context) error {
	t := s.of
	t.lock.Lock()
	if s.spent() {
		t.lock.Unlock()
		return errTooLong
	}
	s.had = max(s.had, t.floor)
	t.queue(s)
	t.lock.Unlock()
	return s.wait(ctx)
}

// end gives the processor back.
func (s *seat) end() {
	s.of.lock.Lock()
	defer s.of.lock.Unlock()
	s.count()
	s.of.leave()
}

// next goes on at once if nobody has had less, else when it is this seat's turn again. With an error the turn is over.
func (s *seat) next(ctx context.Context) error {
	t := s.of
	t.lock.Lock()
	s.count()
	err := context.Cause(ctx)
	if err == nil && s.spent() {
		err = errTooLong
	}
	switch {
	case err != nil:
		t.leave()
	case slices.ContainsFunc(t.waiting, func(w *seat) bool { return w.before(s) }):
		t.free++
		t.queue(s)
		t.lock.Unlock()
		return s.wait(ctx)
	default:
		t.floor = max(t.floor, s.had)
	}
	t.lock.Unlock()
	return err
}

// spent says whether the question has had all the time it may have.
func (s *seat) spent() bool { return s.most > 0 && s.used > s.most }

// count charges the seat for the turn so far. A turn too short for the clock counts for something, or it would go on for ever.
func (s *seat) count() {
	now := s.of.now()
	spent := max(now.Sub(s.since), time.Microsecond) * time.Duration(max(1, s.weight))
	s.since = now
	s.had += spent
	s.used += spent
}

// wait waits until the seat's turn has come, or takes it out of the queue.
func (s *seat) wait(ctx context.Context) error {
	select {
	case <-s.ready:
		return nil
	case <-ctx.Done():
	}
	t := s.of
	t.lock.Lock()
	defer t.lock.Unlock()
	if i := slices.Index(t.waiting, s); i >= 0 {
		t.waiting = slices.Delete(t.waiting, i, i+1)
	} else { // it came just now
		t.leave()
	}
	return context.Cause(ctx)
}

// The functions below are called under the lock.

// before says whether a seat has its turn before another: who has had less has, and everybody before who is idle.
func (s *seat) before(other *seat) bool {
	if s.idle != other.idle {
		return other.idle
	}
	return s.had < other.had
}

func (t *turns) queue(s *seat) {
	s.ready = make(chan struct{})
	t.waiting = append(t.waiting, s)
	t.hand()
}

func (t *turns) leave() {
	t.free++
	t.hand()
}

// hand gives free processors to those who have had least, and among equals to who waits longest.
func (t *turns) hand() {
	for t.free > 0 && len(t.waiting) > 0 {
		next := 0
		for i, s := range t.waiting {
			if s.before(t.waiting[next]) {
				next = i
			}
		}
		s := t.waiting[next]
		t.waiting = slices.Delete(t.waiting, next, next+1)
		t.free--
		t.floor = max(t.floor, s.had)
		s.since = t.now()
		close(s.ready)
	}
}

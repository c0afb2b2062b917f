package web

import (
	"context"
	"errors"
	"slices"
	"sync"
)

// line bounds how many questions are worked on at once, and with them the memory of their models. Further ones wait in the order in which they came; one address
// has at most its share of both, so that no other machine is kept out.
type line struct {
	lock    sync.Mutex
	free    int // places
	most    int // that wait
	share   int // of one address, at work and waiting
	waiting []*place
	of      map[string]int // by address
}

type place struct {
	ready chan struct{} // closed when there is a place
	moved chan struct{} // somebody ahead has gone
}

var (
	errFull  = errors.New("too many questions are waiting already")
	errShare = errors.New("this address asks too many questions at once")
)

func newLine(places, most, share int) *line {
	return &line{free: places, most: most, share: share, of: map[string]int{}}
}

// join gets a place or one in the line, or an error at once.
func (l *line) join(address string) (*place, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	switch {
	case l.free == 0 && len(l.waiting) >= l.most:
		return nil, errFull
	case address != "" && l.of[address] >= l.share:
		return nil, errShare
	}
	l.of[address]++
	p := &place{make(chan struct{}), make(chan struct{}, 1)}
	l.waiting = append(l.waiting, p)
	l.call()
	return p, nil
}

// crowded says whether so many are at work, or anybody waits.
func (l *line) crowded(most int) bool {
	l.lock.Lock()
	defer l.lock.Unlock()
	at := -len(l.waiting)
	for _, n := range l.of {
		at += n
	}
	return len(l.waiting) > 0 || at >= most
}

// call gives free places to the first in the line and tells the others that it moves.
func (l *line) call() {
	for l.free > 0 && len(l.waiting) > 0 {
		close(l.waiting[0].ready)
		l.waiting = l.waiting[1:]
		l.free--
	}
	for _, p := range l.waiting {
		select {
		case p.moved <- struct{}{}:
		default:
		}
	}
}

// wait returns when the place is there; until then it tells how many are ahead whenever that changes.
func (l *line) wait(ctx context.Context, p *place, tell func(ahead int)) error {
	for {
		select {
		case <-p.ready:
			return nil
		default:
		}
		select {
		case <-p.ready:
			return nil
		case <-p.moved:
			l.lock.Lock()
			ahead := slices.Index(l.waiting, p)
			l.lock.Unlock()
			if ahead >= 0 {
				tell(ahead)
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// leave gives the place back, or gives waiting up.
func (l *line) leave(p *place, address string) {
	l.lock.Lock()
	defer l.lock.Unlock()
	if l.of[address]--; l.of[address] == 0 {
		delete(l.of, address)
	}
	if i := slices.Index(l.waiting, p); i >= 0 {
		l.waiting = slices.Delete(l.waiting, i, i+1)
	} else {
		l.free++
	}
	l.call()
}

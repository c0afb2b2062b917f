package agents

import (
	"fmt"
	"reflect"
	"slices"

	"entrepot/internal/state"
	"entrepot/sim"
)

// ShareUntil returns the week up to which runs of two setups under one seed share their past: the first in which they may
// differ, -BurnIn where that is all of them. Setups that differ in more than their events (and in names, titles and ends) share
// nothing. Otherwise luck, which is keyed, and rules, of which none looks ahead, leave nothing to tell the runs apart before the
// first event that one setup has and the other has not. Where there is none, that is the first week that one of them does not have.
func (s *Setup) ShareUntil(o *Setup) int {
	a, b := *s, *o
	for _, x := range [2]*Setup{&a, &b} {
		x.Name, x.Title, x.Question, x.End, x.Events = "", "", "", 0, nil
	}
	if !reflect.DeepEqual(&a, &b) {
		return -BurnIn
	}
	until := min(s.Weeks(), o.Weeks())
	for i := range max(len(s.Events), len(o.Events)) {
		if i < len(s.Events) && i < len(o.Events) && reflect.DeepEqual(&s.Events[i], &o.Events[i]) {
			continue
		}
		for _, x := range [2]*Setup{s, o} {
			if i < len(x.Events) {
				until = min(until, x.weekOf(&x.Events[i]))
			}
		}
		break
	}
	return until
}

// weekOf is the week in which an event is applied, if none before it in the list comes later.
func (s *Setup) weekOf(e *Event) int {
	if e.Date < s.Start.Monday() {
		return -BurnIn
	}
	return int(e.Date-s.Start.Monday()) / 7
}

// Fork returns a run in the state of this one that goes on under another setup: with the same past and another future. Call it
// between weeks, not after the week up to which the setups share their past. The two runs have no memory in common that
// either writes to; an observer sees the one that it was made for.
func (m *Model) Fork(s *Setup) (*Model, error) {
	if until := m.Setup.ShareUntil(s); m.Week > until {
		return nil, fmt.Errorf("a run must fork while both setups have its past, up to week %d, got week %d", until, m.Week)
	}
	fork, err := New(s, 0) // the seed is part of the state
	if err != nil {
		return nil, err
	}
	posts := slices.Clone(fork.Forces.posts)
	if err := state.Copy(fork, m, givens()...); err != nil {
		return nil, err
	}
	fork.Forces.keepStandIns(posts)
	return fork, nil
}

// givens are the types that a run is made from and never changes, and those that it looks up anew in every week.
func givens() []reflect.Type {
	all := []reflect.Type{reflect.TypeFor[Setup](), reflect.TypeFor[*sim.Quotes]()}
	for i := range all[0].NumField() {
		t := all[0].Field(i).Type
		if t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() == reflect.Struct {
			all = append(all, t)
		}
	}
	return all
}

// keepStandIns puts the posts of a fork in order, which has those of the run that it comes from. Posts of the table are the same.
// Posts that stand in for documented overruns follow from the fork's own events: of one that both have, the state has been
// copied; the others nobody has touched.
func (f *Forces) keepStandIns(posts []post) {
	for p := range posts {
		k := p
		if posts[p].stand {
			k = slices.IndexFunc(f.posts, func(q post) bool { return q.stand && q.key == posts[p].key })
		}
		if k >= 0 {
			posts[p] = f.posts[k]
		}
	}
	leaked := make([]int32, len(posts)*f.m.Goods)
	copy(leaked, f.leaked) // those of the table come first, and nothing leaks out of the others
	f.posts, f.leaked = posts, leaked
}

package agents

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unsafe"

	"entrepot/sim"
)

func TestSetupsShareTheirPastUntilTheFirstEventThatOneOfThemLacks(t *testing.T) {
	const all = 105 // weeks of the small world
	for _, c := range []struct {
		name   string
		change func(s *Setup)
		want   int
	}{
		{"nothing differs", func(*Setup) {}, all},
		{"names and questions do not matter", func(s *Setup) { s.Name, s.Title, s.Question = "x", "y", "z" }, all},
		{"an earlier end", func(s *Setup) { s.End = weekOf(50) }, 51},
		{"another start", func(s *Setup) { s.Start += 7 }, -BurnIn},
		{"a parameter", func(s *Setup) { s.Params.Market.QuoteSmooth *= 2 }, -BurnIn},
		{"a row of a table", func(s *Setup) { s.Hubs = append(slices.Clone(s.Hubs), Hub{ID: "new"}) }, -BurnIn},
		{"a number in a table", func(s *Setup) { s.Groups = slices.Clone(s.Groups); s.Groups[0].Fighters++ }, -BurnIn},
		{"the first event is gone", func(s *Setup) { s.Events = s.Events[1:] }, 3},
		{"the last event is gone", func(s *Setup) { s.Events = s.Events[:len(s.Events)-1] }, 70},
		{"two events are gone", func(s *Setup) { s.Events = slices.Delete(s.Events, 7, 9) }, 10},
		{"an event is stronger", func(s *Setup) { s.Events[6].Factor = 2 }, 9},
		{"an event ends later", func(s *Setup) { s.Events[5].Until += 7 }, 8},
		{"objectives of a campaign", func(s *Setup) { s.Events[14].Hubs = []string{"mine", "north"} }, 25},
		{"an event comes a week earlier", func(s *Setup) { s.Events[4].Date -= 7 }, 5},
		{"an event comes later in its week", func(s *Setup) { s.Events[4].Date += 3 }, 6},
		{"one event more, on the Sunday of a week", func(s *Setup) {
			s.Events = slices.Insert(s.Events, 1, Event{ID: "x", Date: weekOf(4) - 1, Kind: "income"})
		}, 3},
		{"an event in the week of the start", func(s *Setup) { s.Events = slices.Insert(s.Events, 0, Event{ID: "x", Date: s.Start}) }, 0},
		{"an event before the start", func(s *Setup) { s.Events = slices.Insert(s.Events, 0, Event{ID: "x", Date: s.Start - 1}) }, -BurnIn},
		{"an event after the end", func(s *Setup) { s.Events = append(s.Events, Event{ID: "x", Date: weekOf(300)}) }, all},
	} {
		a, b := eventful(), eventful()
		c.change(b)
		if got, back := a.ShareUntil(b), b.ShareUntil(a); got != c.want || back != c.want {
			t.Errorf("%s: week %d and back %d, want %d", c.name, got, back, c.want)
		}
	}
}

// begun is a run before its first week.
func begun(t *testing.T, s *Setup, seed uint64) *Model {
	t.Helper()
	m, err := New(s, seed)
	if err != nil {
		t.Fatal(err)
	}
	m.Week = -BurnIn
	return m
}

func (m *Model) until(t *testing.T, end int) *Model {
	t.Helper()
	if err := m.RunUntil(end, func(int) error { return nil }); err != nil {
		t.Fatal(err)
	}
	return m
}

func forkOf(t *testing.T, m *Model, s *Setup) *Model {
	t.Helper()
	f, err := m.Fork(s)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// alike compares all that two runs hold, whatever it is for.
func alike(t *testing.T, what string, got, want *Model) {
	t.Helper()
	week := [2][]sim.Phase{got.week, want.week}
	defer func() { got.week, want.week = week[0], week[1] }()
	got.week, want.week = nil, nil // functions are never equal
	if reflect.DeepEqual(got, want) {
		return
	}
	t.Errorf("%s: week %d differs", what, got.Week-1)
	for i, v := 0, reflect.ValueOf(got).Elem(); i < v.NumField(); i++ {
		field := func(m *Model) any {
			f := reflect.ValueOf(m).Elem().Field(i)
			return reflect.NewAt(f.Type(), f.Addr().UnsafePointer()).Elem().Interface()
		}
		if !reflect.DeepEqual(field(got), field(want)) {
			t.Logf("what hangs on %s differs", v.Type().Field(i).Name)
		}
	}
}

// Whatever a run holds, in any field of anything that hangs on it, a fork of it holds too, from the week of the fork to the end.
func TestAForkHoldsWhatTheStraightRunOfItsSetupHolds(t *testing.T) {
	s := eventful()
	for name, without := range map[string]func(e Event) bool{
		"the same setup": func(Event) bool { return false },
		"no captures":    func(e Event) bool { return e.Kind == "capture" },
	} {
		trunk, other := begun(t, s, 2), *s
		other.Events = slices.DeleteFunc(slices.Clone(s.Events), without)
		for _, week := range []int{-BurnIn, -BurnIn + 1, 0, 5, 15, 27, 61} { // in week 27 a campaign is under way
			if week > s.ShareUntil(&other) {
				break
			}
			fork := forkOf(t, trunk.until(t, week), &other)
			straight := begun(t, &other, 2).until(t, week)
			for straight.Week < s.Weeks() && !t.Failed() {
				next := min(straight.Week+5, s.Weeks())
				alike(t, fmt.Sprintf("%s, fork in week %d", name, week), fork.until(t, next), straight.until(t, next))
				if next == week+10 {
					fork = forkOf(t, fork, &other)
				}
			}
		}
		alike(t, "the run that was forked", trunk.until(t, s.Weeks()), begun(t, s, 2).until(t, s.Weeks()))
	}
}

func TestARunForksIntoASetupWithoutAnyOfItsEvents(t *testing.T) {
	s := eventful()
	for i := range s.Events {
		other := *s
		other.Events = slices.Delete(slices.Clone(s.Events), i, i+1)
		trunk := begun(t, s, 3)
		for _, forks := range []*Setup{&other, s} { // out of the run with the event, and into it
			trunk.until(t, s.ShareUntil(&other))
			fork := forkOf(t, trunk, forks).until(t, s.Weeks())
			alike(t, s.Events[i].ID, fork, begun(t, forks, 3).until(t, s.Weeks()))
			trunk = begun(t, &other, 3)
		}
		trunk.until(t, s.ShareUntil(&other)+1)
		if _, err := trunk.Fork(s); err == nil || !strings.Contains(err.Error(), "a run must fork while both setups have its past") {
			t.Errorf("%s: a week too late: %v", s.Events[i].ID, err)
		}
	}
}

// part is a piece of memory that something refers to.
type part struct {
	path      string
	from, end uintptr
}

// parts lists the pieces of memory that hang on a value, by path; what is given to a run is left out.
func parts(v reflect.Value, path string, met map[[2]any]bool, given []reflect.Type, all *[]part) {
	for t := v.Type(); ; t = t.Elem() {
		if slices.Contains(given, t) {
			return
		}
		if t.Kind() != reflect.Pointer && t.Kind() != reflect.Slice {
			break
		}
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			parts(v.Field(i), path+"."+v.Type().Field(i).Name, met, given, all)
		}
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		*all = append(*all, part{path, v.Pointer(), v.Pointer() + v.Type().Elem().Size()})
		if key := [2]any{v.Pointer(), v.Type()}; !met[key] {
			met[key] = true
			parts(v.Elem(), path, met, given, all)
		}
	case reflect.Slice:
		if v.Cap() > 0 {
			*all = append(*all, part{path, v.Pointer(), v.Pointer() + uintptr(v.Cap())*v.Type().Elem().Size()})
		}
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			parts(v.Index(i), fmt.Sprintf("%s[%d]", path, i), met, given, all)
		}
	}
}

func partsOf(m *Model) (all []part) {
	parts(reflect.ValueOf(m), "m", map[[2]any]bool{}, givens(), &all)
	slices.SortStableFunc(all, func(a, b part) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(b.end, a.end)) })
	return all
}

// Where two columns of a run are one piece of memory, they are so in its fork; and the fork has no piece of the run's.
func TestAForkSharesMemoryWithinItselfAsTheRunDoesAndNoneWithTheRun(t *testing.T) {
	run := begun(t, eventful(), 4).until(t, 60)
	fork := forkOf(t, run, eventful())
	was, is := partsOf(run), partsOf(fork)
	at := map[string]uintptr{}
	for _, p := range is {
		at[p.path] = p.from
	}
	shared := 0
	for i, a := range was {
		for _, b := range was[i+1:] {
			if b.from >= a.end {
				break
			}
			if a.path == b.path { // a structure and what it begins with
				continue
			}
			shared++
			if at[b.path]-at[a.path] != b.from-a.from {
				t.Errorf("%s lies within %s, and no longer does in the fork", b.path, a.path)
			}
		}
	}
	if len(is) < 200 || shared < 30 {
		t.Errorf("%d pieces of memory and %d within others: too few for this test to mean anything", len(is), shared)
	}
	for _, a := range was {
		k, _ := slices.BinarySearchFunc(is, a, func(x, y part) int { return cmp.Compare(x.from, y.from) })
		for _, b := range is[max(0, k-1):min(len(is), k+1)] {
			if a.from < b.end && b.from < a.end {
				t.Errorf("%s of the run and %s of the fork are one piece of memory", a.path, b.path)
			}
		}
	}
}

// Tables and parameters are not copied: a fork stands on its own setup's.
func TestAForkHasItsOwnSetup(t *testing.T) {
	s, other := eventful(), eventful()
	run := begun(t, s, 5).until(t, 2)
	fork := forkOf(t, run, other)
	if fork.Setup != other || fork.P == run.P || &fork.GoodSpec[0] != &other.Goods[0] || fork.DDR.list[0].spec != &other.Programmes[0] ||
		fork.Traffickers.Nets[0].Spec != &other.Networks[0] || unsafe.SliceData(fork.Setup.Events) != unsafe.SliceData(other.Events) {
		t.Error("the fork must stand on its own setup")
	}
}

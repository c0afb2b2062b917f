package agents_test

import (
	"runtime"
	"testing"

	"entrepot/agents"
)

// allocations returns how many heap objects a call makes. testing.AllocsPerRun would call once more, to warm up, and a
// week cannot be lived twice.
func allocations(f func()) uint64 {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.Mallocs - before.Mallocs
}

// A steady week allocates nothing. World: the history without its dated events, after burn-in and four years, in which
// buffers find their size. A week is steady when nobody sets up another carrier and nothing happens that goes as text into
// events.csv (a store moves, a post falls).
func TestSteadyWeeksAllocateNothing(t *testing.T) {
	const warmUp, weeks, enough = agents.BurnIn + 208, 200, 40
	setup := *library(t, "northern-mali")
	setup.Events = nil
	m, err := agents.New(&setup, 1)
	if err != nil {
		t.Fatal(err)
	}
	m.Week = -agents.BurnIn
	steady := 0
	for week := 0; week < warmUp+weeks; week++ {
		carriers := len(m.Traffickers.Fleet.Class)
		objects := allocations(func() { err = m.Step() })
		if err != nil {
			t.Fatal(err)
		}
		if week < warmUp || len(m.Happened) > 0 || len(m.Traffickers.Fleet.Class) > carriers {
			continue
		}
		steady++
		if objects > 0 {
			t.Errorf("week %d made %d heap objects, a steady week must make none", m.Week-1, objects)
		}
	}
	if steady < enough {
		t.Errorf("%d of %d weeks were steady, at least %d must be for this test to mean anything", steady, weeks, enough)
	}
}

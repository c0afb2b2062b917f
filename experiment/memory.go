package experiment

import (
	"slices"
	"sync"
)

// Memory is a Store in memory, for small studies: those of the page and of tests.
type Memory struct {
	lock sync.Mutex
	runs map[int][]Rows
}

// NewMemory returns an empty store.
func NewMemory() *Memory { return &Memory{runs: map[int][]Rows{}} }

// Kept reports whether a run is there.
func (m *Memory) Kept(run int) bool { return m.runs[run] != nil }

// Keep takes the rows of a run; they are not copied.
func (m *Memory) Keep(run int, rows []Rows) error {
	m.lock.Lock()
	defer m.lock.Unlock()
	m.runs[run] = rows
	return nil
}

// Each calls do with every run in the order of their numbers.
func (m *Memory) Each(do func(run int, rows []Rows) error) error {
	var order []int
	for run := range m.runs {
		order = append(order, run)
	}
	slices.Sort(order)
	for _, run := range order {
		if err := do(run, m.runs[run]); err != nil {
			return err
		}
	}
	return nil
}

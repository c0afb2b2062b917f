package experiment

import (
	"slices"
	"strings"
)

// Needs is about what runs of a study need, bytes.
type Needs struct {
	Model    int64 // of a run that is at work, the largest
	Recorded int64 // of the tables of a run that are kept whole; 0 where none are
	Lives    int   // runs that a worker has at most: one at work, and those that wait for what parts from them
}

// Fits is told how many runs at a time are wanted, and what each needs; it returns how many there may be, from 1, or why there can be none.
type Fits func(workers int, each Needs) (int, error)

// needs is what the runs of a study need.
func (e *execution) needs() (m Needs) {
	for i := range e.Points {
		p := &e.Points[i]
		at := p.Scenario
		if slices.ContainsFunc(p.Sets, func(set string) bool {
			return strings.HasPrefix(set, "trafficker.scale=") || strings.HasPrefix(set, "period.")
		}) {
			if laid, err := e.scenario(p); err == nil { // of one that cannot be read its runs tell
				at = laid
			}
		}
		if at == nil { // of a model that is no scenario's nothing is known
			continue
		}
		m.Model = max(m.Model, at.Model())
		if len(e.Full) > 0 {
			m.Recorded = max(m.Recorded, at.Recorded())
		}
	}
	m.Lives = 1
	for _, family := range e.common.families {
		m.Lives = max(m.Lives, e.common.branch(family, 0).depth())
	}
	return m
}

// depth is how many runs of a branch live at once where one worker does all: it and, while one that parts from it lives, that one's.
func (b *branch) depth() (n int) {
	for _, part := range b.parts {
		n = max(n, part.depth())
	}
	return n + 1
}

package design

import (
	"fmt"
	"math"
	"slices"

	"entrepot/sim"
)

// Trajectories are a design for screening (Morris 1991): each walks from a random point of a grid, one factor at a time, until
// every factor has moved once. Point t*(d+1)+s is the one of trajectory t after s steps. Runs: r (d+1).
type Trajectories struct {
	Design
	Delta float64  // length of a step, as a share of the factor's range (of its probability, where whole or named)
	Steps [][]Step // [trajectory][step]
}

// Step is a move of one factor.
type Step struct {
	Factor int
	Change float64 // Delta or -Delta
}

// MorrisOptions say how trajectories are made.
type MorrisOptions struct {
	Trajectories int // at least 1; ten to fifty are usual
	Levels       int // of the grid, even; 0: 4
	Candidates   int // the most scattered Trajectories of so many are taken; 0: those that come first
	Key          sim.Key
}

// Morris returns trajectories on a grid of p levels with steps p/(2(p-1)), so that with p even all levels are equally likely. With
// candidates, trajectories are chosen for the distances between them (Campolongo, Cariboni and Saltelli 2007), one after the
// other as the exact choice takes too long (as Ruano et al. 2012 do); that costs candidates^2 d^3 operations.
func Morris(factors []Factor, o MorrisOptions) (*Trajectories, error) {
	if o.Levels == 0 {
		o.Levels = 4
	}
	if o.Candidates == 0 {
		o.Candidates = o.Trajectories
	}
	switch {
	case o.Trajectories < 1 || o.Trajectories > MaxPoints:
		return nil, fmt.Errorf("trajectories must be from 1 to %d, got %d", MaxPoints, o.Trajectories)
	case o.Levels < 2 || o.Levels%2 != 0 || o.Levels > 1<<10:
		return nil, fmt.Errorf("levels of trajectories must be even, from 2 to 1024, got %d", o.Levels)
	case o.Candidates < o.Trajectories || o.Candidates > o.Trajectories && o.Candidates > maxCandidates:
		return nil, fmt.Errorf("candidates must be from the %d trajectories to %d, got %d", o.Trajectories, maxCandidates, o.Candidates)
	}
	d, err := blank(factors, o.Trajectories*(len(factors)+1))
	if err != nil {
		return nil, err
	}
	t := &Trajectories{Design: *d, Delta: float64(o.Levels) / float64(2*(o.Levels-1))}
	walks := make([]walk, o.Candidates)
	for i := range walks {
		walks[i] = newWalk(len(factors), o.Levels, o.Key.Label("trajectory").At(uint64(i)))
	}
	for _, i := range scattered(walks, o.Trajectories, o.Levels) {
		t.add(walks[i], o.Levels)
	}
	return t, nil
}

// maxCandidates bounds the choice of trajectories: half a million distances.
const maxCandidates = 1000

// walk is a trajectory on the integer grid.
type walk struct {
	start []int // level of each factor
	order []int // of factors
	up    []bool
}

func newWalk(dims, levels int, key sim.Key) walk {
	w := walk{make([]int, dims), shuffled(dims, key.Label("order")), make([]bool, dims)}
	for k := range dims {
		w.start[k] = key.Label("level").At(uint64(k)).Intn(levels / 2)
		if w.up[k] = key.Label("up").At(uint64(k)).Intn(2) == 1; !w.up[k] {
			w.start[k] += levels / 2
		}
	}
	return w
}

// points returns the d+1 points of a walk.
func (w walk) points(levels int) [][]int {
	at := slices.Clone(w.start)
	points := [][]int{slices.Clone(at)}
	for _, k := range w.order {
		if w.up[k] {
			at[k] += levels / 2
		} else {
			at[k] -= levels / 2
		}
		points = append(points, slices.Clone(at))
	}
	return points
}

// add appends a walk to the trajectories.
func (t *Trajectories) add(w walk, levels int) {
	for s, point := range w.points(levels) {
		row := t.Points[len(t.Steps)*(len(t.Factors)+1)+s]
		for k := range row {
			row[k] = t.Factors[k].At(float64(point[k]) / float64(levels-1))
		}
	}
	steps := make([]Step, len(w.order))
	for s, k := range w.order {
		steps[s] = Step{k, t.Delta}
		if !w.up[k] {
			steps[s].Change = -t.Delta
		}
	}
	t.Steps = append(t.Steps, steps)
}

// scattered picks n of the walks: the two that are farthest apart, then always the one that is farthest from those picked.
func scattered(walks []walk, n, levels int) []int {
	if n == len(walks) {
		return upTo(n)
	}
	far := distances(walks, levels)
	sum := make([]float64, len(walks)) // of squared distances to those picked
	var picked []int
	pick := func(i int) {
		picked = append(picked, i)
		for j := range sum {
			sum[j] += far[i][j]
		}
	}
	a, b := farthest(far)
	pick(a)
	if n > 1 {
		pick(b)
	}
	for len(picked) < n {
		best := -1
		for j := range sum {
			if !slices.Contains(picked, j) && (best < 0 || sum[j] > sum[best]) {
				best = j
			}
		}
		pick(best)
	}
	return picked
}

func upTo(n int) []int {
	list := make([]int, n)
	for i := range list {
		list[i] = i
	}
	return list
}

func farthest(far [][]float64) (a, b int) {
	for i := range far {
		for j := range i {
			if far[j][i] > far[a][b] {
				a, b = j, i
			}
		}
	}
	return a, b
}

// distances are the squares of those between walks: of two walks, the sum of the Euclidean distances of all pairs of their
// points, in steps of the grid. Nothing here is rounded differently on another machine, so the same walks are picked.
func distances(walks []walk, levels int) [][]float64 {
	far := make([][]float64, len(walks))
	points := make([][][]int, len(walks))
	for i := range walks {
		far[i], points[i] = make([]float64, len(walks)), walks[i].points(levels)
	}
	for i := range walks {
		for j := range i {
			sum := 0.0
			for _, p := range points[i] {
				for _, q := range points[j] {
					sum += math.Sqrt(float64(squared(p, q)))
				}
			}
			far[i][j], far[j][i] = float64(sum*sum), float64(sum*sum)
		}
	}
	return far
}

func squared(p, q []int) (sum int) {
	for k := range p {
		sum += (p[k] - q[k]) * (p[k] - q[k])
	}
	return sum
}

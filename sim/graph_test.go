package sim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestGraphKeepsArcsByStartAndThenInTheOrderGiven(t *testing.T) {
	for _, c := range []struct {
		name     string
		nodes    int
		from, to []int32
		want     Graph
		order    []int32
	}{
		{"no nodes", 0, nil, nil, Graph{Off: []int32{0}, To: []int32{}}, []int32{}},
		{"nodes without arcs", 2, nil, nil, Graph{Off: []int32{0, 0, 0}, To: []int32{}}, []int32{}},
		{"unsorted, with a loop, parallel arcs and a node without", 4, []int32{3, 0, 3, 1, 0}, []int32{1, 2, 1, 1, 3},
			Graph{Off: []int32{0, 2, 3, 3, 5}, To: []int32{2, 3, 1, 1, 1}}, []int32{1, 4, 3, 0, 2}},
	} {
		g, order := NewGraph(c.nodes, c.from, c.to)
		if d := cmp.Diff(c.want, g); d != "" {
			t.Errorf("%s: graph (-want +got):\n%s", c.name, d)
		}
		for node := range c.nodes {
			if first, end := g.Arcs(node); first != int(c.want.Off[node]) || end != int(c.want.Off[node+1]) {
				t.Errorf("%s: arcs of node %d from %d to %d", c.name, node, first, end)
			}
		}
		if d := cmp.Diff(c.order, order); d != "" {
			t.Errorf("%s: order (-want +got):\n%s", c.name, d)
		}
	}
	mustPanic(t, "an arc to a node that is not there", func() { NewGraph(2, []int32{0}, []int32{2}) })
	mustPanic(t, "an arc from a negative node", func() { NewGraph(2, []int32{-1}, []int32{0}) })
	mustPanic(t, "lists of different length", func() { NewGraph(2, []int32{0, 1}, []int32{0}) })
}

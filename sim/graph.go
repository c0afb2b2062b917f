package sim

import "fmt"

// Graph is a directed graph in compressed rows: the arcs of node n are the positions Off[n] to Off[n+1] (excluded) of To,
// and of any column of the caller's that was put into the same order. Parallel arcs and loops are allowed.
type Graph struct {
	Off []int32 // nodes + 1 entries
	To  []int32 // where each arc ends
}

// NewGraph sorts arcs by their start, those of one start staying in the order given, and returns with the graph the place
// that each of its arcs had in the lists: a column moves into arc order by column[order[arc]]. A node outside of
// [0, nodes) is a bug of the caller, and panics.
func NewGraph(nodes int, from, to []int32) (g Graph, order []int32) {
	if len(from) != len(to) {
		panic(fmt.Sprintf("sim: NewGraph: %d starts for %d ends", len(from), len(to)))
	}
	g = Graph{Off: make([]int32, nodes+1), To: make([]int32, len(to))}
	for i := range from {
		if from[i] < 0 || int(from[i]) >= nodes || to[i] < 0 || int(to[i]) >= nodes {
			panic(fmt.Sprintf("sim: NewGraph: arc %d runs from %d to %d, nodes are 0 to %d", i, from[i], to[i], nodes-1))
		}
		g.Off[from[i]+1]++
	}
	for n := range nodes {
		g.Off[n+1] += g.Off[n]
	}
	next := append([]int32(nil), g.Off[:nodes]...)
	order = make([]int32, len(from))
	for i, n := range from {
		order[next[n]] = int32(i)
		g.To[next[n]] = to[i]
		next[n]++
	}
	return g, order
}

// Arcs returns the first arc of a node, and the one after its last.
func (g Graph) Arcs(node int) (first, end int) { return int(g.Off[node]), int(g.Off[node+1]) }

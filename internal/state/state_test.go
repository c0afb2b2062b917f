package state

import (
	"reflect"
	"strings"
	"testing"
)

// spec is what things are made from.
type spec struct{ name string }

type node struct {
	owner *thing
	spec  *spec
	value float64
	name  string
}

// thing holds one of everything.
type thing struct {
	count   int8
	on      bool
	label   string
	grid    [2][3]float32
	numbers []int64
	parts   []int64 // of numbers
	texts   []string
	nodes   []*node
	first   *node // of nodes
	byName  map[string]int
	lists   map[int32][]int
	specs   []spec
	spec    *spec
	rows    [][]int
	do      func() int
	calls   []struct{ f func() int }
	ring    *thing
	open    any
	stream  chan int
	deep    struct{ at struct{ any any } }
}

// build makes a thing around a spec, with everything that it holds of itself.
func build(s *spec) *thing {
	t := &thing{numbers: make([]int64, 4), spec: s, specs: []spec{*s}, byName: map[string]int{"a": 1}}
	t.parts = t.numbers[1:3:3]
	t.nodes = []*node{{owner: t, spec: s}, {owner: t, spec: s}}
	t.first = t.nodes[1]
	t.do = func() int { return int(t.count) }
	t.calls = []struct{ f func() int }{{t.do}}
	t.ring = t
	return t
}

func given() []reflect.Type { return []reflect.Type{reflect.TypeFor[spec]()} }

func TestEverythingIsCopiedAndNothingIsShared(t *testing.T) {
	from, into := build(&spec{"old"}), build(&spec{"new"})
	from.count, from.on, from.label, from.grid[1][2] = 7, true, "x", 2.5
	from.numbers[2], from.texts = 9, []string{"p", "q"}
	from.nodes[0].value, from.first.name = 3, "one"
	from.nodes = append(from.nodes, nil)
	from.byName, from.lists = map[string]int{"b": 2}, map[int32][]int{5: {1, 2}}
	from.rows = [][]int{{1}, nil, {}}
	if err := Copy(into, from, given()...); err != nil {
		t.Fatal(err)
	}
	switch {
	case into.count != 7 || !into.on || into.label != "x" || into.grid[1][2] != 2.5:
		t.Error("numbers, texts, arrays")
	case into.numbers[2] != 9 || &into.parts[1] != &into.numbers[2] || &into.numbers[0] == &from.numbers[0]:
		t.Error("a slice keeps its memory, and whoever shares it")
	case len(into.texts) != 2 || into.texts[1] != "q" || &into.texts[0] == &from.texts[0]:
		t.Error("a slice that is longer gets memory of its own")
	case len(into.nodes) != 3 || into.nodes[0] == from.nodes[0] || into.nodes[2] != nil || into.nodes[0].value != 3:
		t.Error("what pointers point to")
	case into.first != into.nodes[1] || into.first.name != "one" || into.nodes[0].owner != into || into.ring != into:
		t.Error("pointers to what was met before")
	case len(into.byName) != 1 || into.byName["b"] != 2 || into.lists[5][1] != 2 || &into.lists[5][0] == &from.lists[5][0]:
		t.Error("maps")
	case into.rows[0][0] != 1 || into.rows[1] != nil || into.rows[2] == nil || len(into.rows) != 3:
		t.Error("slices of slices, and which of them are nil")
	case into.spec.name != "new" || into.specs[0].name != "new" || into.nodes[0].spec != into.spec || from.spec.name != "old":
		t.Error("what things are made from stays")
	case into.do() != 7 || into.calls[0].f() != 7:
		t.Error("functions stay")
	}
	from.count, into.count = 1, 2
	if from.do() != 1 || into.do() != 2 {
		t.Error("functions are of their own thing")
	}
}

func TestWhatIsShorterOrGoneIsSoInTheCopy(t *testing.T) {
	from, into := build(&spec{}), build(&spec{})
	into.texts, into.rows, into.lists = []string{"a", "b"}, [][]int{{1, 2, 3}}, map[int32][]int{1: nil}
	from.texts, from.rows, from.nodes[1], from.first, from.byName = []string{"c"}, [][]int{{4}}, nil, nil, nil
	if err := Copy(into, from, given()...); err != nil {
		t.Fatal(err)
	}
	if len(into.texts) != 1 || into.texts[0] != "c" || len(into.rows[0]) != 1 || into.lists != nil || into.byName != nil || into.nodes[1] != nil || into.first != nil {
		t.Errorf("got %+v", into)
	}
}

// What would be forgotten is told, with the place where it is.
func TestWhatCannotBeCopiedIsToldByItsPath(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(from, into *thing)
		want   string
	}{
		{"a channel", func(from, _ *thing) { from.stream = make(chan int) }, "thing.stream: must be something that can be copied, got chan int"},
		{"an interface", func(from, _ *thing) { from.open = 3 }, "thing.open: must be something that can be copied, got interface {}"},
		{"one far inside", func(from, _ *thing) { from.deep.at.any = "x" }, "thing.deep.at.any: must be"},
		{"a function that the other has not made", func(_, into *thing) { into.calls = nil }, "thing.calls[0].f: must be there already, for it cannot be copied: func() int"},
		{"what something is made from, in what the other has not made", func(from, _ *thing) { from.nodes = append(from.nodes, &node{spec: from.spec}) },
			"thing.nodes[2].spec: must be there already"},
	} {
		from, into := build(&spec{}), build(&spec{})
		c.change(from, into)
		if err := Copy(into, from, given()...); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	if err := Copy(build(&spec{}), *build(&spec{}), given()...); err == nil || !strings.Contains(err.Error(), "must be two pointers to one type") {
		t.Errorf("got %v", err)
	}
	if err := Copy(&map[any]int{}, &map[any]int{1: 2}); err == nil || !strings.Contains(err.Error(), "must have keys of numbers and texts") {
		t.Errorf("got %v", err)
	}
}

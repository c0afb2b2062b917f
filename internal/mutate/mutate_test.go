package main

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestEachKindOfChangeIsMade(t *testing.T) {
	const text = `package p

var table = []int{1, 2 + 3}

func f(a, b int, ok bool) int {
	if ok {
		a++
	}
	for i := 0; i < b; i++ {
		a += 2
	}
	if a == b && ok {
		panic("a" + "b")
	}
	g(a)
	return a<<1 - b
}
`
	got, err := changes("p.go", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, m := range got {
		said = append(said, m.String())
	}
	slices.Sort(said)
	want := []string{
		"p.go:10: += -> -=", "p.go:10: 2 -> 3", "p.go:10: a += 2 -> nothing",
		"p.go:12: && -> ||", "p.go:12: == -> !=",
		"p.go:15: g(a) -> nothing",
		"p.go:16: - -> +", "p.go:16: 1 -> 2", "p.go:16: << -> >>",
		"p.go:6: ok -> !(ok)", "p.go:7: ++ -> --",
		"p.go:9: ++ -> --", "p.go:9: 0 -> 1", "p.go:9: < -> <=", "p.go:9: < -> >=",
	}
	if !slices.Equal(said, want) {
		t.Errorf("changes must be\n%s\ngot\n%s", strings.Join(want, "\n"), strings.Join(said, "\n"))
	}
}

func TestTheSampleHangsOnKeyAndSourceAlone(t *testing.T) {
	first, again, other := drawn(t, "1"), drawn(t, "1"), drawn(t, "2")
	if !slices.Equal(first, again) {
		t.Error("one key must give one order")
	}
	if slices.Equal(first, other) {
		t.Error("two keys must give two orders")
	}
}

func drawn(t *testing.T, key string) (out []string) {
	t.Helper()
	all, err := mutants("testdata/half")
	if err != nil {
		t.Fatal(err)
	}
	order(all, key)
	for _, m := range all {
		out = append(out, m.String())
	}
	return out
}

// Of the three changes of package half the one that is tested dies: + as -. The two of < live.
func TestWhatNoTestSeesSurvives(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds three mutants")
	}
	w := trial{pkg: "testdata/half", key: "1", sample: 10, limit: 5 * time.Second}
	share, err := w.run(2)
	if err != nil {
		t.Fatal(err)
	}
	if share < 33 || share > 34 {
		t.Errorf("killed must be one of three, got %.1f %%", share)
	}
}

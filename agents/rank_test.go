package agents

import (
	"cmp"
	"slices"
	"testing"
)

// The reference sorts all carriers by the key of the week, then by number.
func TestCarriersTakeTurnsInKeyedOrder(t *testing.T) {
	s := smallWorld()
	s.Networks[0].Carriers = 900
	m := live(t, s, 1, 3, nil)
	tr := m.Traffickers
	luck := m.Luck("planning order")
	want := make([]int32, len(tr.state))
	for i := range want {
		want[i] = int32(i)
	}
	slices.SortFunc(want, func(x, y int32) int {
		key := func(i int32) uint64 { return luck.At(m.Accounts.ID[tr.holder(int(i))]).Bits() }
		return cmp.Or(cmp.Compare(key(x), key(y)), cmp.Compare(x, y))
	})
	var got []int32
	tr.turns.each(tr, m.World, func(x *turn) {
		if i := int(x.i); x.state != tr.state[i] || x.class != tr.Fleet.Class[i] || x.away != (tr.Fleet.Dest[i] >= 0) {
			t.Fatalf("carrier %d is not as his turn says: %+v", i, *x)
		}
		got = append(got, x.i)
	})
	if !slices.Equal(got, want) {
		t.Error("turns are not in the order of a full sort by key")
	}
	if n := testing.AllocsPerRun(10, func() { tr.turns.each(tr, m.World, func(*turn) {}) }); n > 0 {
		t.Errorf("%v allocations, must be none", n)
	}
}

package agents

import (
	"cmp"
	"slices"
	"testing"
)

// The reference sorts all carriers who are not on the road by the key of the week, then by number.
func TestCarriersTakeTurnsInKeyedOrder(t *testing.T) {
	s := smallWorld()
	s.Networks[0].Carriers = 900
	m := live(t, s, 1, 3, nil)
	tr := m.Traffickers
	luck := m.Luck("planning order")
	var want []int32
	for i := range tr.state {
		if i%7 == 0 {
			tr.Fleet.Send(i, 0)
		}
		if tr.Fleet.Dest[i] < 0 {
			want = append(want, int32(i))
		}
	}
	slices.SortFunc(want, func(x, y int32) int {
		key := func(i int32) uint64 { return luck.At(m.Accounts.ID[tr.holder(int(i))]).Bits() }
		return cmp.Or(cmp.Compare(key(x), key(y)), cmp.Compare(x, y))
	})
	var got []int32
	tr.turns.each(tr, m.World, func(x *turn) {
		if i := int(x.i); x.state != tr.state[i] || x.class != tr.Fleet.Class[i] {
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

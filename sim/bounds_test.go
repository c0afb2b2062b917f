package sim

import (
	"errors"
	"math"
	"strings"
	"testing"
)

func TestAStockThatOutgrowsItsLotEndsTheWeekWithAnError(t *testing.T) {
	for _, c := range []struct {
		name string
		grow func(a *Accounts, from, to int32)
	}{
		{"brought", func(a *Accounts, _, to int32) { a.Bring(Made, to, 0, 1, MaxLot-5) }},
		{"moved", func(a *Accounts, from, to int32) { a.Move(from, to, 0, MaxLot) }},
		{"sold", func(a *Accounts, from, to int32) { a.sell(from, to, 0, 0, MaxLot, 1, new(Lot)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := &World{Start: DateOf(2023, 1, 2), Accounts: NewAccounts(1)}
			a := w.Accounts
			from, to := a.Open(1, a.LabelID("group:a"), Final, 0), a.Open(2, a.LabelID("group:b"), Final, 0)
			a.Bring(Made, from, 0, 0, MaxLot)
			a.Bring(Made, to, 0, 0, 10)
			if err := w.Step(nil); err != nil {
				t.Fatalf("a full lot is allowed, got %v", err)
			}
			err := w.Step([]Phase{{"grow", func(*World) { c.grow(a, from, to) }}})
			var over *Overfull
			if !errors.As(err, &over) || over.Holder != "group:b" || over.Good != 0 {
				t.Fatalf("must tell of the stock of group:b, got %v", err)
			}
			if !strings.Contains(err.Error(), "at most 1073741824 units") || !strings.Contains(err.Error(), "2023-01-09") {
				t.Errorf("must name the limit and the week, got %q", err)
			}
			if n := a.Units(to, 0); n < 0 {
				t.Errorf("a stock must not be negative, got %d", n)
			}
		})
	}
}

func TestAMarketOfMoreThan32BitsClears(t *testing.T) {
	acc := NewAccounts(1)
	seller, buyers := acc.Open(1, acc.LabelID("source"), Tap, 0), []int32{}
	for i := uint64(2); i < 6; i++ {
		buyers = append(buyers, acc.Open(i, acc.LabelID("buyers"), Final, 0))
	}
	a := NewAuctions(1, 1, []int32{1})
	a.SetTap(seller, 0)
	for _, b := range buyers { // four times 2^30 are 2^32, of which the last 32 bits are 0
		a.Bid(Order{Holder: b, Units: MaxLot, Limit: 10})
		a.Ask(Order{Holder: seller, Units: MaxLot, Limit: 10})
	}
	a.Clear(acc, 1, NewKey(1))
	if w := a.Week[0]; w.Units != math.MaxInt32 || w.Wanted != math.MaxInt32 || w.Offered != math.MaxInt32 {
		t.Errorf("columns must hold the most they can count, got %d traded, %d wanted, %d offered", w.Units, w.Wanted, w.Offered)
	}
	for _, b := range buyers {
		if n := acc.Units(b, 0); n != MaxLot {
			t.Errorf("every buyer must get %d, got %d", MaxLot, n)
		}
	}
	if bad := acc.Check(); bad != nil {
		t.Errorf("conservation broke: %+v", *bad)
	}
}

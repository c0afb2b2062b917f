package agents_test

import (
	"cmp"
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"entrepot/agents"
	"entrepot/sim"
)

// The same orders, in parts or from others first, change nothing of what follows. World: two years around the offensive, all actors. Before every clearing the
// week's orders are laid out anew; every week's sales, prices and costs, and at last the cash of all, are those of a life in which nobody touched them.
// The orders are the auction's own, so that the test reaches for them by reflection.
func TestAWeeksOrdersInPartsOrFromOthersFirstChangeNothing(t *testing.T) {
	setup := library(t, "offensive")
	live := func(lay func(week int, orders []sim.Order) []sim.Order) (weeks [][]sim.MarketWeek, sales [][]sim.Sale, cash []int64, parts int) {
		m, err := agents.New(setup, 5)
		if err != nil {
			t.Fatal(err)
		}
		orders := reflect.ValueOf(m.Auctions).Elem().FieldByName("orders")
		laid := func(w *sim.World) {
			for side := range orders.Len() {
				of := (*[]sim.Order)(unsafe.Pointer(orders.Index(side).UnsafeAddr()))
				if parts += len(*of); lay != nil {
					*of = lay(w.Week, slices.Clone(*of))
				}
			}
		}
		phases := m.Schedule()
		at := slices.IndexFunc(phases, func(p sim.Phase) bool { return p.Name == "clearing" })
		phases = slices.Insert(phases, at, sim.Phase{Name: "orders laid out anew", Do: laid})
		for m.Week = -agents.BurnIn; m.Week < 52; {
			m.Happened = m.Happened[:0]
			if err := m.World.Step(phases); err != nil {
				t.Fatal(err)
			}
			weeks, sales = append(weeks, slices.Clone(m.Auctions.Week)), append(sales, slices.Clone(m.Auctions.Sales))
		}
		return weeks, sales, m.Accounts.Cash, parts
	}
	weeks, sales, cash, orders := live(nil)
	if orders < 10_000 {
		t.Fatalf("%d orders test little", orders)
	}
	for _, c := range []struct {
		name string
		lay  func(week int, orders []sim.Order) []sim.Order
	}{
		{"in parts", func(week int, orders []sim.Order) (parts []sim.Order) {
			luck := sim.NewKey(uint64(week + agents.BurnIn))
			for i, o := range orders {
				first := o
				first.Units = int32(luck.At(uint64(i)).Float() * float64(o.Units))
				o.Units -= first.Units
				if first.Units > 0 {
					parts = append(parts, first)
				}
				parts = append(parts, o)
			}
			return parts
		}},
		{"from others first", func(_ int, orders []sim.Order) []sim.Order {
			slices.SortStableFunc(orders, func(a, b sim.Order) int { return cmp.Compare(b.Holder, a.Holder) })
			return orders
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			weeks2, sales2, cash2, _ := live(c.lay)
			for i := range weeks {
				if !slices.Equal(weeks[i], weeks2[i]) || !slices.Equal(sales[i], sales2[i]) {
					t.Fatalf("week %d is another", i-agents.BurnIn)
				}
			}
			if !slices.Equal(cash, cash2) {
				t.Error("the cash is another")
			}
		})
	}
}

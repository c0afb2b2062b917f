package agents

import (
	"errors"
	"testing"

	"entrepot/sim"
)

// Conservation (model design 6.1). World: the small world. Each guard is broken once on purpose in week 30, by one unit or
// one franc: the week's step must end with *sim.Unbalanced of that week, and so must Run. That nothing breaks unprovoked, in
// every scenario, is tested in package scenarios.
func TestEveryBrokenBalanceIsNoticedInItsWeek(t *testing.T) {
	someLot := func(m *Model) (*sim.Lot, int32, int) {
		for holder := range m.Accounts.ID {
			for good := 0; good < m.Goods; good++ {
				if lot := m.Accounts.Lot(int32(holder), good); lot != nil {
					return lot, int32(holder), good
				}
			}
		}
		return nil, 0, 0
	}
	origin := func(lot *sim.Lot) int {
		for o, n := range lot.Origin {
			if n > 0 {
				return o
			}
		}
		return 0
	}
	for _, c := range []struct {
		name  string
		money bool
		do    func(m *Model)
	}{
		{"a unit appears in a lot", false, func(m *Model) { lot, _, _ := someLot(m); lot.Units++; lot.Origin[origin(lot)]++ }},
		{"a unit vanishes from a lot", false, func(m *Model) { lot, _, _ := someLot(m); lot.Units--; lot.Origin[origin(lot)]-- }},
		{"a unit changes its origin", false, func(m *Model) {
			lot, _, _ := someLot(m)
			o := origin(lot)
			lot.Origin[o]--
			lot.Origin[(o+1)%len(m.Origins)]++
		}},
		{"a lot's units are not the sum of its origins", false, func(m *Model) { lot, _, _ := someLot(m); lot.Units++ }},
		{"an origin is negative", false, func(m *Model) {
			lot, _, _ := someLot(m)
			o := origin(lot)
			lot.Origin[o] += 5
			lot.Origin[(o+1)%len(m.Origins)] -= 5
		}},
		{"a loss is not booked", false, func(m *Model) { m.Accounts.Flow[sim.Lost][0][0]++ }},
		{"a seizure is booked twice", false, func(m *Model) { m.Accounts.Flow[sim.Seized][1][0]++ }},
		{"a franc appears", true, func(m *Model) { m.Accounts.Cash[3]++ }},
		{"a franc vanishes", true, func(m *Model) { m.Accounts.Cash[3]-- }},
		{"a payment is not booked", true, func(m *Model) { m.Accounts.Money[sim.PaymentCost]++ }},
	} {
		t.Run(c.name, func(t *testing.T) {
			const week = 30
			broken := func(at int) *Model {
				m, err := New(smallWorld(), 1)
				if err != nil {
					t.Fatal(err)
				}
				m.week = append(m.week, sim.Phase{Name: "sabotage", Do: func(w *sim.World) {
					if w.Week == at {
						c.do(m)
					}
				}})
				return m
			}
			check := func(err error, at int) {
				t.Helper()
				var bad *sim.Unbalanced
				if !errors.As(err, &bad) {
					t.Fatalf("got %v, must be *sim.Unbalanced", err)
				}
				if want := newYear + sim.Date(7*at); bad.Date != want || (bad.Good < 0) != c.money {
					t.Errorf("%v (good %d), must be of the week of %s and of money: %v", bad, bad.Good, want, c.money)
				}
			}
			m := broken(week)
			var err error
			for err == nil && m.Week <= week {
				err = m.Step()
			}
			check(err, week)
			last := 0
			err = broken(10 - BurnIn).Run(func(week int) error { last = week; return nil })
			check(err, 10-BurnIn)
			if last != 9-BurnIn {
				t.Errorf("Run showed week %d before it stopped, must be %d", last, 9-BurnIn)
			}
		})
	}
}

package main

import (
	"math"
	"testing"

	"entrepot/output/tables"
	"entrepot/sim"
)

// small is a run of four weeks with two towns, made by hand.
func small() (*tables.Run, span) {
	start, _ := sim.ParseDate("2021-01-04")
	run := tables.NewRun(start)
	y := run.Names.Sym
	for week := int32(0); week < 4; week++ {
		run.Prices = append(run.Prices,
			tables.Price{Tick: week, Hub: y("a"), Good: y("ak"), Price: 100 + 100*int64(week), Units: 1 + int64(week)},
			tables.Price{Tick: week, Hub: y("a"), Good: y("pistol"), Price: 75, Units: 1},
			tables.Price{Tick: week, Hub: y("b"), Good: y("ak")})
		run.Flows = append(run.Flows, tables.Flow{Tick: week, From: y("a"), To: y("b"), Good: y("ak"), Units: 9, Lost: 3},
			tables.Flow{Tick: week, From: y("b"), To: y("a"), Good: y("ak"), Units: 3})
		run.Trades = append(run.Trades, tables.Trade{Tick: week, Hub: y("a"), Good: y("ak"), Seller: y("trafficker:x"), Buyer: y("dealer:a"), Units: 2, Value: 200},
			tables.Trade{Tick: week, Hub: y("a"), Good: y("ak"), Seller: y("dealer:a"), Buyer: y("civilian:c"), Units: 2, Value: 280})
		run.Actors = append(run.Actors, tables.Actor{Tick: week, Actor: y("group:g"), Good: y("ak"), Origin: y("captured"), Measure: y("held"), Value: 1},
			tables.Actor{Tick: week, Actor: y("group:g"), Good: y("pistol"), Origin: y("libya"), Measure: y("held"), Value: 3},
			tables.Actor{Tick: week, Actor: y("ddr:d"), Measure: y("registered"), Value: 10 * float64(week)})
		run.Ledger = append(run.Ledger, tables.Ledger{Tick: week, Good: y("ak"), Origin: y("libya"), Measure: y("collected"), Units: 5 * int64(week)})
		run.Costs = append(run.Costs, tables.Cost{Tick: week, Hub: y("a"), Good: y("ak"), Component: y("payment"), PerUnit: 30})
	}
	return run, span{start, start + 27}
}

func TestMeasuresOfARunMadeByHand(t *testing.T) {
	run, all := small()
	a, late := []string{"a"}, span{all.first + 14, all.last}
	held := filter{measure: "held", actors: []string{"group:g"}, goods: []string{"ak", "pistol"}}
	state := held
	state.origins = ofState()
	for _, c := range []struct {
		name string
		m    measure
		want float64
	}{
		{"a price is the mean over the units", price("ak", a, all), 300},
		{"a ratio of prices", ratio(price("pistol", a, all), price("ak", a, all)), 0.25},
		{"what crosses one way", crossing("ak", in(a), outside(a), all), 36},
		{"balance of both ways", balance(crossing("ak", outside(a), in(a), all), crossing("ak", in(a), outside(a), all)), -0.5},
		{"a dealer's markup", change(priceTraded(a, all, toDealer), priceTraded(a, all, fromDealer)), 0.4},
		{"users buy what does not go on", unitsTraded(a, all, toUser), 8},
		{"share by origin", ratio(total(state, all), total(held, all)), 0.25},
		{"nothing recorded is none", total(filter{measure: "seized"}, all), 0},
		{"the most in a week", most("registered", "ddr:", all), 30},
		{"an account grows by what was booked in the span", grown("collected", "ak", late), 10},
		{"part of the price", partOfPrice("payment", a, all), 0.1},
		{"lost on roads between hubs", lostWithin([]string{"a", "b"}, all), 0.25},
	} {
		if got, ok := c.m(run); !ok || math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: must be %v, got %v, %v", c.name, c.want, got, ok)
		}
	}
	never := span{all.first - 400, all.first - 300}
	for name, m := range map[string]measure{"price": price("ak", a, never), "total": total(held, never), "ratio": ratio(price("ak", a, all), price("ak", []string{"b"}, all))} {
		if x, ok := m(run); ok {
			t.Errorf("%s of a time or place without trade must be nothing, got %v", name, x)
		}
	}
}

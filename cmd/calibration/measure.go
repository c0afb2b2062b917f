package main

import (
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
)

// measure reads one figure off a run; false where the run has none.
type measure func(run *tables.Run) (float64, bool)

// span is an inclusive range of days.
type span struct{ first, last sim.Date }

func (s span) holds(d sim.Date) bool { return d >= s.first && d <= s.last }

// before is the span of the same length that ends where this one begins.
func (s span) before() span { return span{s.first - (s.last - s.first), s.first - 1} }

// yearBefore is the year that ends where this span begins.
func (s span) yearBefore() span { return span{s.first - 365, s.first - 1} }

// lastYear is the same span a year earlier.
func (s span) lastYear() span { return span{s.first - 365, s.last - 365} }

// years is the length.
func (s span) years() float64 { return float64(s.last-s.first+1) / 365.25 }

func spanOf(start, end string) (span, bool) {
	a, _, err1 := scenarios.MonthSpan(start)
	_, b, err2 := scenarios.MonthSpan(end)
	return span{a, b}, err1 == nil && err2 == nil
}

// hubsOf resolves a place: a hub, a zone, or several pooled with |.
func hubsOf(s *scenarios.Scenario, place string) (hubs []string) {
	for _, p := range strings.Split(place, "|") {
		zone := slices.IndexFunc(s.Setup.Zones, func(z agents.Zone) bool { return z.ID == p })
		if zone >= 0 {
			hubs = append(hubs, s.Setup.Zones[zone].Hubs...)
			continue
		}
		hubs = append(hubs, p)
	}
	return hubs
}

// syms returns the symbols of names that a run knows.
func syms(run *tables.Run, names []string) (found []tables.Sym) {
	for _, n := range names {
		if y, ok := run.Names.Find(n); ok {
			found = append(found, y)
		}
	}
	return found
}

// price is the mean price over the units sold.
func price(good string, hubs []string, when span) measure {
	return func(run *tables.Run) (float64, bool) {
		at, what := syms(run, hubs), syms(run, []string{good})
		var value, units float64
		for _, r := range run.Prices {
			if r.Units > 0 && when.holds(run.Date(r.Tick)) && slices.Contains(what, r.Good) && slices.Contains(at, r.Hub) {
				value += float64(r.Price) * float64(r.Units)
				units += float64(r.Units)
			}
		}
		return value / max(units, 1), units > 0
	}
}

// crossing is the units of a good that enter roads from one set of hubs into another, loaded there or passing.
func crossing(good string, from, to func(hub string) bool, when span) measure {
	return func(run *tables.Run) (float64, bool) {
		what := syms(run, []string{good})
		var units float64
		for _, r := range run.Flows {
			if when.holds(run.Date(r.Tick)) && slices.Contains(what, r.Good) && from(run.Names.Text(r.From)) && to(run.Names.Text(r.To)) {
				units += float64(r.Units)
			}
		}
		return units, true
	}
}

// in tells whether a hub is among some.
func in(hubs []string) func(string) bool {
	return func(hub string) bool { return slices.Contains(hubs, hub) }
}

// outside tells whether a hub is not among some.
func outside(hubs []string) func(string) bool {
	return func(hub string) bool { return !slices.Contains(hubs, hub) }
}

// sold is the rifles sold at hubs.
func sold(hubs []string, when span) measure {
	return func(run *tables.Run) (float64, bool) {
		at, what := syms(run, hubs), syms(run, []string{"ak"})
		var units float64
		for _, r := range run.Throughput {
			if when.holds(run.Date(r.Tick)) && slices.Contains(what, r.Good) && slices.Contains(at, r.Hub) {
				units += float64(r.Sold)
			}
		}
		return units, true
	}
}

// deal tells which trades count, by the kinds of seller and buyer.
type deal func(seller, buyer string) bool

func fromDealer(seller, _ string) bool { return strings.HasPrefix(seller, "dealer:") }

func toDealer(_, buyer string) bool { return strings.HasPrefix(buyer, "dealer:") }

// toUser tells whether a trade ends the way of a weapon through the market: whoever bought it does not deal in arms.
func toUser(_, buyer string) bool {
	return !strings.HasPrefix(buyer, "dealer:") && !strings.HasPrefix(buyer, "trafficker:")
}

// traded is the rifles that some kinds of traders dealt in at hubs, and what was paid for them.
func traded(run *tables.Run, hubs []string, when span, which deal) (units, value float64) {
	at, what := syms(run, hubs), syms(run, []string{"ak"})
	for _, r := range run.Trades {
		if when.holds(run.Date(r.Tick)) && slices.Contains(what, r.Good) && slices.Contains(at, r.Hub) && which(run.Names.Text(r.Seller), run.Names.Text(r.Buyer)) {
			units += float64(r.Units)
			value += float64(r.Value)
		}
	}
	return units, value
}

func unitsTraded(hubs []string, when span, which deal) measure {
	return func(run *tables.Run) (float64, bool) {
		units, _ := traded(run, hubs, when, which)
		return units, true
	}
}

func priceTraded(hubs []string, when span, which deal) measure {
	return func(run *tables.Run) (float64, bool) {
		units, value := traded(run, hubs, when, which)
		return value / max(units, 1), units > 0
	}
}

// filter says which rows of actors.csv count; an empty list lets everything pass.
type filter struct {
	measure                string
	actors, goods, origins []string
}

// total is the sum of a measure of actors over a span, none where the run does not go.
func total(f filter, when span) measure {
	return func(run *tables.Run) (float64, bool) {
		m, actors, goods, origins := syms(run, []string{f.measure}), syms(run, f.actors), syms(run, f.goods), syms(run, f.origins)
		passes := func(asked []string, known []tables.Sym, have tables.Sym) bool {
			return len(asked) == 0 || slices.Contains(known, have)
		}
		var sum float64
		seen := false
		for _, r := range run.Actors {
			if !when.holds(run.Date(r.Tick)) {
				continue
			}
			seen = true // zeros of goods are left out of the table
			if slices.Contains(m, r.Measure) && passes(f.actors, actors, r.Actor) && passes(f.goods, goods, r.Good) && passes(f.origins, origins, r.Origin) {
				sum += r.Value
			}
		}
		return sum, seen
	}
}

// most is the largest sum over actors, in a week, of a measure.
func most(name, prefix string, when span) measure {
	return func(run *tables.Run) (float64, bool) {
		m := syms(run, []string{name})
		week := map[int32]float64{}
		top := 0.0
		for _, r := range run.Actors {
			if when.holds(run.Date(r.Tick)) && slices.Contains(m, r.Measure) && strings.HasPrefix(run.Names.Text(r.Actor), prefix) {
				week[r.Tick] += r.Value
				top = max(top, week[r.Tick])
			}
		}
		return top, len(week) > 0
	}
}

// grown is by how much a cumulative account of the ledger grew over a span.
func grown(account, good string, when span) measure {
	return func(run *tables.Run) (float64, bool) {
		a, g := syms(run, []string{account}), syms(run, []string{good})
		ends := map[tables.Sym][2]int64{} // by origin: at the last day before the span and at its end
		for _, r := range run.Ledger {
			d := run.Date(r.Tick)
			if !slices.Contains(a, r.Measure) || !slices.Contains(g, r.Good) || d > when.last {
				continue
			}
			e := ends[r.Origin]
			if d < when.first {
				e[0] = r.Units
			}
			e[1] = r.Units
			ends[r.Origin] = e
		}
		var units int64
		for _, e := range ends {
			units += e[1] - e[0]
		}
		return float64(units), len(ends) > 0
	}
}

func ratio(a, b measure) measure {
	return func(run *tables.Run) (float64, bool) {
		x, ok1 := a(run)
		y, ok2 := b(run)
		return x / max(y, 1e-9), ok1 && ok2 && y > 0
	}
}

// change is the relative change from one figure to another.
func change(before, after measure) measure {
	r := ratio(after, before)
	return func(run *tables.Run) (float64, bool) {
		x, ok := r(run)
		return x - 1, ok
	}
}

// balance is (a - b)/(a + b): 1 where all goes one way, -1 where all goes the other.
func balance(a, b measure) measure {
	return func(run *tables.Run) (float64, bool) {
		x, ok1 := a(run)
		y, ok2 := b(run)
		return (x - y) / max(x+y, 1e-9), ok1 && ok2 && x+y > 0
	}
}

// per divides a figure by a number.
func per(m measure, n float64) measure {
	return func(run *tables.Run) (float64, bool) {
		x, ok := m(run)
		return x / n, ok && n > 0
	}
}

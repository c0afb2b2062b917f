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

// measureOf says how a fact is measured, or nil where the model has nothing to hold against it.
func measureOf(s *scenarios.Scenario, f scenarios.Fact) measure {
	when, ok := spanOf(f.Start, f.End)
	if !ok {
		return nil
	}
	places := hubsOf(s, f.Place)
	switch {
	case f.Kind == "price":
		return price(f.Good, places, when)
	case f.Kind == "price_ratio" && f.Good == "ak_per_round":
		return ratio(price("ak", places, when), price("ammo_762x39", places, when))
	case f.Kind == "price_ratio" && strings.Contains(f.Place, "/"):
		a, b, _ := strings.Cut(f.Place, "/")
		return ratio(price(f.Good, hubsOf(s, a), when), price(f.Good, hubsOf(s, b), when))
	case f.Kind == "sign" && f.Good == "ak" && !strings.Contains(f.Place, "/"):
		before := span{when.first - 365, when.first - 1}
		return change(price("ak", places, before), price("ak", places, when))
	case f.Kind == "sign" && f.Good == "arms_flow":
		from, to, _ := strings.Cut(f.Place, "/")
		before := span{when.first - (when.last - when.first), when.first - 1}
		return change(flow(hubsOf(s, from), hubsOf(s, to), before), flow(hubsOf(s, from), hubsOf(s, to), when))
	case f.Kind == "sign" && strings.HasPrefix(f.Good, "hub_"):
		before := span{when.first - (when.last - when.first), when.first - 1}
		return change(sold(places, before), sold(places, when))
	case f.Kind == "count" && f.Good == "ddr":
		return actors("registered", "ddr:", span{when.first - 7, when.last})
	}
	return nil
}

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

// flow is the rifles that enter roads from one set of hubs into another.
func flow(from, to []string, when span) measure {
	return func(run *tables.Run) (float64, bool) {
		a, b, what := syms(run, from), syms(run, to), syms(run, []string{"ak"})
		var units float64
		for _, r := range run.Flows {
			if when.holds(run.Date(r.Tick)) && slices.Contains(what, r.Good) && slices.Contains(a, r.From) && slices.Contains(b, r.To) {
				units += float64(r.Units)
			}
		}
		return units, true
	}
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

// actors is the largest sum over actors, in a week, of a measure.
func actors(name, prefix string, when span) measure {
	return func(run *tables.Run) (float64, bool) {
		m := syms(run, []string{name})
		week := map[int32]float64{}
		most := 0.0
		for _, r := range run.Actors {
			if when.holds(run.Date(r.Tick)) && slices.Contains(m, r.Measure) && strings.HasPrefix(run.Names.Text(r.Actor), prefix) {
				week[r.Tick] += r.Value
				most = max(most, week[r.Tick])
			}
		}
		return most, true
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
	return func(run *tables.Run) (float64, bool) {
		x, ok1 := before(run)
		y, ok2 := after(run)
		return y/max(x, 1e-9) - 1, ok1 && ok2
	}
}

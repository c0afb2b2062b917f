package digest

import "entrepot/sim"

// Check sets a documented price beside the run's mean price of the same places and days.
type Check struct {
	Fact  Fact
	Mean  float64 // CFA per unit, weighted by units; 0 = nothing traded there and then
	Weeks int     // with trade, over all places
}

// Verdict is -1 below the range, 0 within, 1 above it; ok is false where nothing traded.
func (c Check) Verdict() (where int, ok bool) {
	switch {
	case c.Weeks == 0:
		return 0, false
	case c.Mean < c.Fact.Low*0.995: // a rounding of the source is not a miss
		return -1, true
	case c.Mean > c.Fact.High*1.005:
		return 1, true
	}
	return 0, true
}

// Checks compares the run with the facts whose days lie in it at least in part.
func (d *Digest) Checks() []Check {
	end := d.Run.Start + sim.Date(7*d.Weeks) - 1
	var out []Check
	for _, f := range d.Facts {
		if f.End < d.Run.Start || f.Start > end {
			continue
		}
		out = append(out, d.check(f))
	}
	return out
}

func (d *Digest) check(f Fact) Check {
	c := Check{Fact: f}
	good, ok := d.Run.Names.Find(f.Good)
	if !ok {
		return c
	}
	at := make([]bool, d.Run.Names.Len())
	for _, p := range f.Places {
		if s, ok := d.Run.Names.Find(p); ok {
			at[s] = true
		}
	}
	var value, units float64
	for _, r := range d.Run.Prices {
		day := d.Run.Date(r.Tick)
		if r.Good != good || !at[r.Hub] || r.Price <= 0 || day < f.Start.Monday() || day > f.End {
			continue
		}
		u := float64(max(r.Units, 1))
		value += float64(r.Price) * u
		units += u
		c.Weeks++
	}
	c.Mean = ratio(value, units)
	return c
}

// Summary is the digest as summary.json keeps it.
type Summary struct {
	Scenario string      `json:"scenario"`
	Title    string      `json:"title"`
	Question string      `json:"question"`
	Seed     uint64      `json:"seed"`
	Version  string      `json:"version"`
	Weeks    int         `json:"weeks"`
	Before   [2]string   `json:"before"`
	After    [2]string   `json:"after"`
	Towns    []townJSON  `json:"towns"`
	Origins  []mixJSON   `json:"origins"`
	Roads    []roadJSON  `json:"roads"`
	Moved    pairJSON    `json:"units_moved_per_year"`
	Lost     pairJSON    `json:"share_lost_on_roads"`
	Sold     pairJSON    `json:"units_sold_to_users_per_year"`
	Checks   []checkJSON `json:"documented_prices"`
}

type pairJSON struct {
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

type townJSON struct {
	Hub         string              `json:"hub"`
	Good        string              `json:"good"`
	BeforeCFA   float64             `json:"mean_price_before_cfa"`
	AfterCFA    float64             `json:"mean_price_after_cfa"`
	BeforeWeeks int                 `json:"weeks_with_trade_before"`
	AfterWeeks  int                 `json:"weeks_with_trade_after"`
	Parts       map[string]pairJSON `json:"components_cfa"`
}

type mixJSON struct {
	Good   string              `json:"good"`
	Shares map[string]pairJSON `json:"share_of_units_sold_to_users"`
}

type roadJSON struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Before float64 `json:"units_per_year_before"`
	After  float64 `json:"units_per_year_after"`
}

type checkJSON struct {
	ID    string  `json:"id"`
	Good  string  `json:"good"`
	Low   float64 `json:"low_cfa"`
	High  float64 `json:"high_cfa"`
	Mean  float64 `json:"mean_price_cfa"`
	Weeks int     `json:"weeks_with_trade"`
}

// Summary returns what summary.json holds. Marshalled, equal digests give equal bytes.
func (d *Digest) Summary() Summary {
	s := Summary{Scenario: d.Scenario, Title: d.Title, Question: d.Question, Seed: d.Seed, Version: d.Version, Weeks: d.Weeks,
		Before: [2]string{d.Before.From.String(), d.Before.To.String()}, After: [2]string{d.After.From.String(), d.After.To.String()},
		Moved: pairJSON(d.Moved), Lost: pairJSON(d.Lost), Sold: pairJSON(d.Final)}
	for _, t := range d.Prices {
		j := townJSON{t.Hub.ID, t.Good.ID, t.Before.Mean, t.After.Mean, t.Before.Weeks, t.After.Weeks, map[string]pairJSON{}}
		for _, p := range t.Parts {
			j.Parts[p.Component] = pairJSON(p.Pair)
		}
		s.Towns = append(s.Towns, j)
	}
	for _, m := range d.Origins {
		j := mixJSON{m.Good.ID, map[string]pairJSON{}}
		for _, x := range m.Shares {
			j.Shares[x.Name] = pairJSON(x.Pair)
		}
		s.Origins = append(s.Origins, j)
	}
	for _, a := range d.Arcs {
		s.Roads = append(s.Roads, roadJSON{a.From, a.To, a.Units.Before, a.Units.After})
	}
	for _, c := range d.Checks() {
		s.Checks = append(s.Checks, checkJSON{c.Fact.ID, c.Fact.Good, c.Fact.Low, c.Fact.High, c.Mean, c.Weeks})
	}
	return s
}

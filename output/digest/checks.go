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

// Checks compares the run with the facts of which it holds enough.
func (d *Digest) Checks() []Check {
	end := d.Run.Start + sim.Date(7*d.Weeks) - 1
	var out []Check
	for _, f := range d.Facts {
		if f.Covered(d.Run.Start, end) {
			out = append(out, d.check(f))
		}
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

package main

import (
	"entrepot/agents"
	"entrepot/output/digest"
	"entrepot/output/manifest"
	"entrepot/output/scene"
	"entrepot/scenarios"
	"entrepot/sim"
)

// window is the --from and --to of plots; 0 is the run's own start or end.
type window struct{ from, to sim.Date }

// parseWindow reads --from and --to, each a year, a month or a day.
func parseWindow(from, to string) (w window, err error) {
	if from != "" {
		if w.from, _, err = scenarios.MonthSpan(from); err != nil {
			return w, usagef("--from must be YYYY, YYYY-MM or YYYY-MM-DD, got %q", from)
		}
	}
	if to != "" {
		if _, w.to, err = scenarios.MonthSpan(to); err != nil {
			return w, usagef("--to must be YYYY, YYYY-MM or YYYY-MM-DD, got %q", to)
		}
	}
	if from != "" && to != "" && w.to < w.from {
		return w, usagef("--to must not be before --from (%s), got %s", w.from, w.to)
	}
	return w, nil
}

// touches says whether the plots of a run show anything of it.
func (w window) touches(s *agents.Setup) error {
	switch first, last := s.Start, s.End+6; {
	case w.from > last:
		return usagef("--from must not be after the run's last day (%s), got %s", last, w.from)
	case w.to != 0 && w.to < first:
		return usagef("--to must not be before the run's first day (%s), got %s", first, w.to)
	}
	return nil
}

// digestContext is a scenario as figures and report of a run speak of it.
func digestContext(s *scenarios.Scenario, seed uint64, show window, words *digest.Words) digest.Context {
	c := scene.Of(s, words)
	c.Version, c.Seed, c.From, c.To = manifest.Version(), seed, show.from, show.to
	return c
}

package main

import (
	"testing"

	"entrepot/output/digest"
	"entrepot/scenarios"
	"entrepot/sim"
)

func load(t *testing.T, ref string, sets ...string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load(ref, sets)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestProgrammesOfOneDayAreNamedTogether(t *testing.T) {
	ctx := digestContext(load(t, "ddr-2018"), 1, window{}, digest.English())
	if want := "disarmament announced in Gao, Kidal and Timbuktu"; ctx.Events[0].Label != want {
		t.Errorf("got %q, want %q", ctx.Events[0].Label, want)
	}
}

func TestThePeriodsComparedAreThoseOfTheScenario(t *testing.T) {
	day := func(text string) sim.Date {
		d, err := sim.ParseDate(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		name, ref     string
		sets          []string
		before, after digest.Window
	}{
		{"around the cause with most events", "northern-mali", nil,
			digest.Window{From: day("2022-08-08"), To: day("2023-08-06")}, digest.Window{From: day("2025-01-06"), To: day("2026-01-04")}},
		{"as the scenario says", "ddr-2018", nil,
			digest.Window{From: day("2017-10-01"), To: day("2018-09-30")}, digest.Window{From: day("2018-11-01"), To: day("2018-12-31")}},
		{"one of them by --set", "ddr-2018", []string{"compare.after=[2019-01, 2019-06]"},
			digest.Window{From: day("2017-10-01"), To: day("2018-09-30")}, digest.Window{From: day("2019-01-01"), To: day("2019-06-30")}},
		{"not where the run does not go", "ddr-2018", []string{"period.end=2018-10-21"},
			digest.Window{From: day("2017-10-01"), To: day("2018-09-30")}, digest.Window{From: day("2018-10-15"), To: day("2018-10-21")}},
		{"of no layer below", "ddr-without-weapon", []string{"compare=null"},
			digest.Window{From: day("2024-02-12"), To: day("2025-02-09")}, digest.Window{From: day("2025-02-10"), To: day("2026-01-04")}},
	} {
		before, after := comparison(load(t, c.ref, c.sets...))
		if before != c.before || after != c.after {
			t.Errorf("%s: got %s to %s and %s to %s", c.name, before.From, before.To, after.From, after.To)
		}
	}
}

func TestAnImaginaryWorldHasNoLibya(t *testing.T) {
	if got := labels(load(t, "textbook"), digest.English())["libya"]; got != "Source" {
		t.Errorf("got %q, want the place of the stockholder", got)
	}
	if got, ok := labels(load(t, "calm"), digest.English())["libya"]; ok {
		t.Errorf("got %q, want the catalogue's name", got)
	}
}

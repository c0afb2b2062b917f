package scene

import (
	"testing"

	"entrepot/agents"
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

func TestAnEventIsLabelledByWhatItsNoteSaysOfIt(t *testing.T) {
	s := load(t, "northern-mali")
	for _, c := range []struct {
		event agents.Event
		want  string
	}{
		{agents.Event{ID: "kidal-taken", Kind: "hub_control", Hub: "kidal", Note: "army and Wagner take Kidal; trade hides"}, "army and Wagner take Kidal, trade hides"},
		{agents.Event{ID: "tessalit-taken", Kind: "hub_control", Hub: "tessalit", Note: "MINUSMA leaves, the army is in"}, "Tessalit: MINUSMA leaves, the army is in"},
		{agents.Event{ID: "anefis-taken", Kind: "hub_control", Hub: "anefis", Note: "army takes Anefis"}, "army takes Anefis"},
		{agents.Event{ID: "ber-reopens", Kind: "hub_control", Hub: "ber", Note: "counterfactual"}, "Ber reopens"},
		{agents.Event{ID: "x", Kind: "demand", Hub: "tahoua", Note: "137 killed; civilians arm; size stylised"}, "Tahoua: 137 killed, civilians arm"},
		{agents.Event{ID: "war-1", Kind: "violence", Note: "as in offensive, until the reopening"}, "war 1"},
		{agents.Event{ID: "b", Kind: "force", Force: "barkhane", Action: "leave", Note: "last unit leaves Mali"}, "Barkhane: last unit leaves Mali"},
		{agents.Event{ID: "home", Kind: "force", Force: "fama", Action: "reinforce", Note: "counterfactual: the effort of 2021"}, "Malian army: the effort of 2021"},
		{agents.Event{ID: "army-north", Kind: "force", Force: "fama", Action: "reinforce"}, "army north"},
		{agents.Event{ID: "n", Kind: "exchange_rate", Currency: "NGN", Note: "about 870 a dollar (mean)"}, "NGN: about 870 a dollar"},
		{agents.Event{ID: "l", Kind: "violence", Note: "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"},
			"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen …"},
	} {
		if got := Label(s, digest.English(), c.event); got != c.want {
			t.Errorf("%s: got %q, want %q", c.event.ID, got, c.want)
		}
	}
}

func TestProgrammesOfOneDayAreNamedTogether(t *testing.T) {
	ctx := Of(load(t, "ddr-2018"), digest.English())
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

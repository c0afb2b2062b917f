package main

import (
	"fmt"
	"slices"
	"strings"

	"entrepot/experiment"
	"entrepot/scenarios"
)

// variant is a scenario with changes that were fitted to another reading of the evidence.
type variant struct {
	name, words string // words: what was changed
	scenario    string
	sets        []string
}

// tried is a variant and what it gave.
type tried struct {
	variant
	*scenarios.Scenario
	targets []experiment.Target
	figures [][]float64
}

// try runs a variant and reads all facts, and the extra figures after them.
func try(v variant, sets []string, runs int, extra ...experiment.Figure) (tried, error) {
	s, err := scenarios.Load(v.scenario, append(slices.Clone(v.sets), sets...))
	if err != nil {
		return tried{}, fmt.Errorf("variant %s: %w", v.name, err)
	}
	t := tried{variant: v, Scenario: s, targets: targets(s)}
	t.figures, err = figures(s, runs, append(figuresOf(t.targets), extra...))
	return t, err
}

// of returns the first target of a fact and its values.
func (t *tried) of(id string) (*experiment.Target, []float64) {
	i := slices.IndexFunc(t.targets, func(x experiment.Target) bool { return x.Fact.ID == id })
	if i < 0 {
		return &experiment.Target{}, nil // no such fact: nothing to measure
	}
	return &t.targets[i], t.figures[i]
}

// extra returns the values of a figure that was asked for beside the facts.
func (t *tried) extra(k int) []float64 { return t.figures[len(t.targets)+k] }

// brief is a mean and whether it meets its fact.
func (t *tried) brief(id string) string {
	target, v := t.of(id)
	if len(v) == 0 {
		return "no value"
	}
	return short(mean(v)) + " " + experiment.ScoreOf(target, v).Verdict.String()
}

const base = "northern-mali"

// unodcSection sets the calibration to the rival baseline beside the usual one.
func unodcSection(w *work) (string, error) {
	soldAWeek := experiment.Figure{Parts: []experiment.Reading{experiment.Reading{Table: "prices", Measure: "units", Good: "ak", Hub: "gao|timbuktu|menaka"}.In(mustSpan("2021-01", "2022-12"))}}
	var all []tried
	for _, v := range []variant{
		{"northern-mali", "", base, nil},
		{"only the rifle's price in Libya", "", base, dearLibya()},
		{"northern-mali-unodc", "", "northern-mali-unodc", nil},
	} {
		t, err := try(v, w.sets, w.runs, soldAWeek)
		if err != nil {
			return "", err
		}
		all = append(all, t)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Means over seeds 1-%d; what is measured is said in the first table.\n\n", w.runs)
	b.WriteString("| fact | documented |")
	for _, t := range all {
		fmt.Fprintf(&b, " %s |", t.name)
	}
	b.WriteString(" verdict on the last |\n|---|---|" + strings.Repeat("---|", len(all)+1) + "\n")
	last := &all[len(all)-1]
	for i := range last.targets {
		r := &last.targets[i]
		fmt.Fprintf(&b, "| %s | %s %s |", r.Fact.ID, r.Documented(), escape(r.Unit))
		for _, t := range all {
			fmt.Fprintf(&b, " %s |", meanOr(t.figures[i]))
		}
		fmt.Fprintf(&b, " %s |\n", experiment.ScoreOf(r, last.figures[i]).Words)
	}
	b.WriteString("| - | rifles sold a week in Gao, Timbuktu and Menaka, 2021-22 |")
	for _, t := range all {
		fmt.Fprintf(&b, " %s |", meanOr(t.extra(0)))
	}
	b.WriteString(" no figure is published |\n\n")
	rivals, err := dearerOtherwise(w)
	return b.String() + rivals, err
}

func meanOr(v []float64) string {
	if len(v) == 0 {
		return "-"
	}
	return short(mean(v))
}

// dearLibya makes rifles, and nothing else, as dear at the source as northern-mali-unodc has them.
func dearLibya() (sets []string) {
	for _, at := range []string{"ubari", "sabha"} {
		sets = append(sets, fmt.Sprintf("events.fit-%s={cause: fit, date: 2015-01-01, kind: supply, stockholder: libya_%s_ak, price: 3.4, recovery: none}", at, at))
	}
	return sets
}

// alone are single changes that make a rifle about as dear as P01 says.
func alone() []variant {
	return []variant{
		{"rifles at the source in Libya 3.4 times as dear", "", base, dearLibya()},
		{"all goods at all sources 3 times as dear (`supply.price_scale`)", "", base, []string{"supply.price_scale=3"}},
		{"smaller cargoes: 10 rifle-equivalents instead of 20 (`trafficker.capacity`)", "", base, []string{"trafficker.capacity=10000"}},
		{"a km at 850 CFA instead of 250 (`trafficker.cost_per_km`)", "", base, []string{"trafficker.cost_per_km=850"}},
		{"an owner's loss of 13 million CFA instead of 3 (`trafficker.loss_owner`)", "", base, []string{"trafficker.loss_owner=13000000"}},
		{"payments of 2.4 million CFA instead of 200,000 (`road.payment`)", "", base, []string{"road.payment=2400000"}},
		{"every stop a loss (`road.passthrough: proportional`)", "", base, []string{"road.passthrough=proportional"}},
	}
}

// dearerOtherwise shows what else makes a rifle about as dear as P01 says, one change at a time, and what that does to the round.
func dearerOtherwise(w *work) (string, error) {
	var b strings.Builder
	fmt.Fprintf(&b, "One change at a time that makes the rifle dearer, seeds 1-%d:\n\n| change | P01 | P02 |\n|---|---|---|\n", w.without)
	for _, v := range alone() {
		t, err := try(v, w.sets, max(1, w.without))
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| %s | %s | %s |\n", v.name, t.brief("P01"), t.brief("P02"))
	}
	return b.String(), nil
}

// atBorder adds to the hazard of every road across the Mauritanian border.
func atBorder(value string) (sets []string) {
	for _, road := range [][2]string{{"foita", "bassikounou"}, {"foita", "fassala"}, {"fassala", "lere"}, {"mauborder", "lerneb"}} {
		sets = append(sets, fmt.Sprintf("events.fit-%s-%s={cause: fit, date: 2015-01-01, kind: route, from: %s, to: %s, value: %s}", road[0], road[1], road[0], road[1], value))
	}
	return sets
}

// hypotheses are what an interdiction may do, as the program has it and with what had to be changed to bring the prices of
// Gao and of the border back into their ranges. The changes were found by hand.
func hypotheses() []variant {
	additive, proportional := []string{"road.passthrough=additive"}, []string{"road.passthrough=proportional"}
	return []variant{
		{"both (as delivered)", "none", base, nil},
		{"additive, not fitted", "none", base, additive},
		{"additive", "payment 2,200,000 CFA instead of 200,000 (`road.payment`); hazard of the Mauritanian border 1.8 higher; checks of the offensive 2.2 instead of 0.6", base,
			slices.Concat(additive, []string{"road.payment=2200000", "events.checks-north.value=2.2"}, atBorder("1.8"))},
		{"proportional, not fitted", "none", base, proportional},
		{"proportional", "owner's loss 1 million CFA instead of 3 (`trafficker.loss_owner`); patrols 0.015 instead of 0.05 (`road.patrol_hazard`), towns 0.02 instead of 0.08 (`road.town`); hazard of the Mauritanian border 0.95 lower; checks of the offensive 0.19 instead of 0.6", base,
			slices.Concat(proportional, []string{"trafficker.loss_owner=1000000", "road.patrol_hazard=0.015", "road.town=0.02", "events.checks-north.value=0.19"}, atBorder("-0.95"))},
	}
}

// passThroughSection fits both hypotheses of what an interdiction does, and shows in what they differ once both are fitted.
func passThroughSection(w *work) (string, error) {
	ids := []string{"S01", "S02", "S04", "S06", "D04", "P02", "W11"}
	var b strings.Builder
	fmt.Fprintf(&b, "Means over seeds 1-%d:\n\n| hypothesis | parameters changed | %s |\n|---|---|%s\n", w.runs, strings.Join(ids, " | "), strings.Repeat("---|", len(ids)))
	var fitted []tried
	for _, v := range hypotheses() {
		t, err := try(v, w.sets, w.runs)
		if err != nil {
			return "", err
		}
		fmt.Fprintf(&b, "| %s | %s |", v.name, v.words)
		for _, id := range ids {
			fmt.Fprintf(&b, " %s |", t.brief(id))
		}
		b.WriteString("\n")
		if v.words != "none" || v.sets == nil {
			fitted = append(fitted, t)
		}
	}
	apart, err := whatSetsThemApart(w, fitted)
	return b.String() + apart, err
}

// whatSetsThemApart compares hypotheses that meet the same prices.
func whatSetsThemApart(w *work, fitted []tried) (string, error) {
	if w.without == 0 {
		return "", nil
	}
	const dearer = 1.5
	before, after := mustSpan("2021-01", "2023-07"), mustSpan("2024-01", "2025-12")
	names := []string{
		"CFA by which a rifle in Gao rises per CFA in southern Libya, before the offensive (2021-01 to 2023-07)",
		"the same after it (2024-01 to 2025-12)",
		"share of the price of a rifle in Gao after the offensive that was paid at stops",
		"share of it that is believed risk",
		"share of the rifles entering roads within northern Mali that is lost there, before the offensive",
		"the same after it",
		"weapons seized on roads by the forces of Niger a year, 2021-04 to 2022-04 (W11: 350)",
	}
	rows := make([][]string, len(names))
	for i := range fitted {
		t := &fitted[i]
		const gao, source, north = "gao", "ubari|sabha", "northern_mali"
		ask := []experiment.Figure{experiment.Price("ak", gao, before), experiment.Price("ak", source, before), experiment.Price("ak", gao, after), experiment.Price("ak", source, after),
			partOfPrice("payment", gao, after), partOfPrice("risk", gao, after), lostWithin(north, before), lostWithin(north, after)}
		usual, err := figures(t.Scenario, w.without, ask)
		if err != nil {
			return "", err
		}
		v := t.variant
		v.sets = append(slices.Clone(v.sets), fmt.Sprintf("supply.price_scale=%v", dearer))
		s, err := scenarios.Load(v.scenario, append(v.sets, w.sets...))
		if err != nil {
			return "", err
		}
		more, err := figures(s, w.without, ask[:4])
		if err != nil {
			return "", err
		}
		pass := func(k int) string {
			return fmt.Sprintf("%.2f", (mean(more[k])-mean(usual[k]))/(mean(more[k+1])-mean(usual[k+1])))
		}
		_, seized := t.of("W11")
		share := func(k int) string { return fmt.Sprintf("%.0f %%", 100*mean(usual[k])) }
		for k, x := range []string{pass(0), pass(2), share(4), share(5), share(6), share(7), meanOr(seized)} {
			rows[k] = append(rows[k], x)
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\nWhat distinguishes them once the same prices are met (seeds 1-%d; in the first two rows all sources are %v times as dear):\n\n| |", w.without, dearer)
	for i := range fitted {
		fmt.Fprintf(&b, " %s |", fitted[i].name)
	}
	b.WriteString("\n|---|" + strings.Repeat("---|", len(fitted)) + "\n")
	for k, row := range rows {
		fmt.Fprintf(&b, "| %s | %s |\n", names[k], strings.Join(row, " | "))
	}
	return b.String(), nil
}

// partOfPrice is the share of one part of the cost stack in the price of rifles at hubs, over the units sold.
func partOfPrice(part, hubs string, in experiment.Span) experiment.Figure {
	r := experiment.Reading{Table: "costs", Measure: part, Good: "ak", Hub: hubs}
	return experiment.Ratio(experiment.Figure{Parts: []experiment.Reading{r.In(in)}}, experiment.Price("ak", hubs, in))
}

// lostWithin is the share of the rifles entering roads between hubs of a zone that does not come out of them.
func lostWithin(zone string, in experiment.Span) experiment.Figure {
	r := experiment.Reading{Table: "flows", Measure: "units", Good: "ak", From: zone, Hub: zone, How: experiment.Sum}.In(in)
	lost := r
	lost.Measure = "lost_units"
	return experiment.Ratio(experiment.Figure{Parts: []experiment.Reading{lost}}, experiment.Figure{Parts: []experiment.Reading{r}})
}

// mustSpan is a span of the program's own.
func mustSpan(from, to string) experiment.Span {
	s, err := experiment.SpanOf(from, to)
	if err != nil {
		panic("calibration: " + err.Error())
	}
	return s
}

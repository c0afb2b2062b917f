package main

import (
	"context"
	"strings"
	"testing"

	"entrepot/agents"
	"entrepot/experiment"
	"entrepot/experiment/design"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/sim"
	"entrepot/words"
)

// drawn is a run that costs nothing: its figures are drawn from its seed.
func drawn(_ context.Context, s *experiment.Study, p *experiment.Point, seed uint64) (*experiment.Taken, error) {
	taken := &experiment.Taken{Months: []string{"2022-01", "2022-02"}}
	for i := range s.Figures {
		x := 1 + float64(sim.NewKey(seed).At(uint64(i)).Intn(100))
		for k, v := range p.Values {
			x += v * float64(k+1)
		}
		taken.Figures = append(taken.Figures, x)
	}
	for i := range s.Series {
		x := 1 + float64(sim.NewKey(seed).At(uint64(i)).Intn(100))
		taken.Series = append(taken.Series, []float64{x, x + 1})
	}
	return taken, nil
}

// studies gathers what studies of the built-in worlds say, also where a text is put together.
func (h heard) studies(t *testing.T) {
	t.Helper()
	for _, name := range []string{"textbook", "northern-mali", "northern-mali-unodc"} {
		s := load(t, name)
		hear := french(t).Told(func(text string) { h.add("studies of "+name, text) })
		targets := experiment.Targets(s, s.Facts)
		for i := range targets {
			targets[i].Why.In(hear)
			hear.T(targets[i].Unit)
		}
		ensemble := experiment.NewEnsemble(s, 3, 1)
		found(t, hear, ensemble, func(r experiment.Results) (*experiment.Findings, error) {
			return experiment.EnsembleFindings(ensemble, r)
		})
		held := experiment.NewValidate(s, targets, 2, 1)
		found(t, hear, held, func(r experiment.Results) (*experiment.Findings, error) {
			return experiment.ValidateFindings(held, targets, r)
		})
		h.names(t, s, hear)
	}
	for _, info := range scenarios.List() {
		for _, x := range experiment.Causes(load(t, info.Name)) {
			h.add("causes of "+info.Name, x.Name)
		}
	}
	h.studiesOfFactors(t)
	h.studiesOfPolicies(t)
}

// names gathers how places, goods and measures stand in sentences.
func (h heard) names(t *testing.T, s *scenarios.Scenario, hear *words.Words) {
	t.Helper()
	places := []string{""}
	for _, x := range s.Setup.Hubs {
		places = append(places, x.ID)
		if short, _, _ := strings.Cut(x.Name, " ("); hear.Has(short + "|in") { // as a price is told of it
			hear.T(short + "|in")
		}
	}
	for _, x := range s.Setup.Zones {
		places = append(places, x.ID)
	}
	var facts []scenarios.Fact
	for _, place := range places {
		facts = append(facts, scenarios.Fact{ID: "in" + place, Kind: "count", Good: "violence", Place: place, Unit: "index"}, // in a place, and out of it
			scenarios.Fact{ID: "of" + place, Kind: "net_sales", Good: s.Setup.Goods[0].ID, Place: place})
	}
	for _, x := range s.Setup.Goods {
		facts = append(facts, scenarios.Fact{ID: x.ID, Kind: "price", Good: x.ID})
		attribution, err := experiment.NewAttribution(s, experiment.Towns(s)[0], x.ID, s.Setup.Start.String()[:4], s.Setup.End.String()[:4], []string{experiment.Causes(s)[0].ID}, 2, 2, 1)
		if err != nil {
			t.Fatal(err)
		}
		found(t, hear, attribution.Study, attribution.Findings)
	}
	for _, m := range agents.Measures() {
		hear.T(m.Unit)
		hear.T(prose.Words(m.Name, nil))
	}
	for _, kind := range strings.Fields("price price_ratio price_change throughput_ratio origin_share stock_share net_sales seizure count sign distance travel_time") {
		hear.T(prose.Words(kind, nil))
	}
	for _, unit := range []string{"balance, -1 to 1", "log ratio", "per cent", "relative change", "ratio", "difference"} { // of targets without a unit
		hear.T(unit)
	}
	for _, x := range experiment.Targets(s, facts) {
		x.What.In(hear)
	}
	for _, of := range []*scenarios.Scenario{s, load(t, "textbook", "force.leakage=price_incentive", "force.allocation=random", "road.passthrough=additive")} {
		for _, x := range experiment.Structures(of) {
			x.Said.In(hear)
		}
	}
	h.add("names of users", "%s|in", "%s|of the", "%s|from")
}

func (h heard) studiesOfFactors(t *testing.T) {
	t.Helper()
	s := load(t, "textbook")
	hear := french(t).Told(func(text string) { h.add("studies of factors", text) })
	factors, err := experiment.ReadFactors("--vary", []string{"road.payment=1000:20000:2", "trafficker.margin=0.05:0.3:2"}, s)
	if err != nil {
		t.Fatal(err)
	}
	for _, how := range experiment.Designs() {
		d, err := experiment.NewDesign(how, factors, 8, s, 1)
		if how == "list" {
			d, err = design.Grid(factors)
		}
		if err != nil {
			t.Fatal(err)
		}
		sweep := experiment.NewSweep(s, how, d, 2, 1)
		found(t, hear, sweep.Study, sweep.Findings)
	}
	morris, err := experiment.NewMorris(s, factors, 4, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	found(t, hear, morris.Study, morris.Findings)
	sobol, err := experiment.NewSobol(s, factors, 8, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	found(t, hear, sobol.Study, sobol.Findings)
}

func (h heard) studiesOfPolicies(t *testing.T) {
	t.Helper()
	of := []*scenarios.Scenario{load(t, "calm"), load(t, "offensive"), load(t, "ddr-2025")}
	hear := french(t).Told(func(text string) { h.add("studies of policies", text) })
	compare, err := experiment.NewCompare(of, 8, 1)
	if err != nil {
		t.Fatal(err)
	}
	found(t, hear, compare, func(r experiment.Results) (*experiment.Findings, error) {
		return experiment.CompareFindings(compare, r)
	})
	robust, err := experiment.NewRobustness(of, experiment.Structures(of[0]), "", false, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	found(t, hear, robust.Study, robust.Findings)
}

// found does the runs of a study, at no cost, and has told what they give.
func found(t *testing.T, hear *words.Words, s *experiment.Study, find func(experiment.Results) (*experiment.Findings, error)) *experiment.Findings {
	t.Helper()
	s.Do, s.Words = drawn, hear
	store := experiment.NewMemory()
	if err := s.Execute(context.Background(), store, experiment.Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	f, err := find(store)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

package experiment

import (
	"context"
	"math"
	"strings"
	"testing"

	"entrepot/experiment/shapley"
	"entrepot/experiment/stats"
	"entrepot/output/prose"
	"entrepot/scenarios"
)

// A world with a known answer: each cause of the offensive adds to the price, two of them more together.
func TestAnAttributionGivesEachCauseWhatItAdds(t *testing.T) {
	s, err := scenarios.Load("offensive", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewAttribution(s, "gao", "ak", "2022", "2025-02", []string{"road_risk", "hub_losses", "captures"}, 0, 6, 1)
	if err != nil {
		t.Fatal(err)
	}
	if a.Runs() != 8*6 {
		t.Fatalf("%d runs, want 48", a.Runs())
	}
	a.Do = func(_ context.Context, _ *Study, p *Point, seed uint64) (*Taken, error) {
		luck := float64(seed % 1000)
		price := 300000 + 100*luck + 50000*p.Values[0] + 20000*p.Values[1] - 10000*p.Values[2] + 8000*p.Values[0]*p.Values[1]
		return &Taken{Figures: []float64{200000 + 90*luck, price}}, nil
	}
	store := NewMemory()
	if err := a.Execute(context.Background(), store, Options{Workers: 2}); err != nil {
		t.Fatal(err)
	}
	sample, err := a.Sample(store)
	if err != nil {
		t.Fatal(err)
	}
	d, err := a.Divide(sample)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []float64{54000, 24000, -10000} {
		if got := d.Shares[i].Value; math.Abs(got-want) > 1e-6 {
			t.Errorf("%s: share %v, want %v", a.Causes[i].ID, got, want)
		}
	}
	sum := d.Rest.Value
	for _, s := range d.Shares {
		sum += s.Value
	}
	if math.Abs(sum-(d.To.Value-d.From.Value)) > 1e-6 || math.Abs(d.Interactions[0][1].Value-8000) > 1e-6 {
		t.Errorf("shares and rest sum to %v of %v; together %v", sum, d.To.Value-d.From.Value, d.Interactions[0][1].Value)
	}
	f, err := a.Findings(store)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(f.Answer[1], "Road risk (offensive): +54\u00a0000 CFA") {
		t.Errorf("the answer is %q", f.Answer)
	}
}

func TestCausesThatAreNotThereAndPeriodsOutsideTheRunAreRefused(t *testing.T) {
	s, err := scenarios.Load("offensive", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ from, to, cause, want string }{
		{"2022", "2025-02", "roads", "causes: must be a cause of the scenario"},
		{"2019", "2025-02", "captures", "must lie within the run (2021-01-04 to 2026-01-04)"},
		{"2022", "soon", "captures", "to: must be"},
		{"2022", "2024", "offensive", ""},
	} {
		_, err := NewAttribution(s, "gao", "ak", c.from, c.to, []string{c.cause}, 0, 2, 1)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestOfManyCausesTheMainOnesAreToldApart(t *testing.T) {
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	a, err := NewAttribution(s, "gao", "ak", "2021", "2025-02", nil, 8, 2, 1)
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(factorsOf(a.Causes), " "); got != "offensive.road_risk offensive.hub_losses barkhane ddr sudan captures" || len(a.Points) != 64 || len(a.rest()) < 8 {
		t.Errorf("causes %s, %d points, the rest %q", got, len(a.Points), a.rest())
	}
	few, err := scenarios.Load("sudan-spillover", nil)
	if err != nil {
		t.Fatal(err)
	}
	if a, err = NewAttribution(few, "gao", "ak", "2021", "2025-02", nil, 8, 2, 1); err != nil || len(a.Causes) != len(Causes(few)) {
		t.Errorf("of few causes all are told apart: %v, %d of %d", err, len(a.Causes), len(Causes(few)))
	}
}

// Every cause of the built-in scenarios can be switched off, alone and with all others.
func TestEveryCauseCanBeSwitchedOff(t *testing.T) {
	for _, name := range scenarios.Names() {
		s, err := scenarios.Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		causes := Causes(s)
		for i := range causes {
			if _, err := s.With(causes[i].Off); err != nil {
				t.Errorf("%s without %s: %v", name, causes[i].ID, err)
			}
		}
		bare, err := s.With(Without(causes, func(int) bool { return true }))
		if err != nil {
			t.Errorf("%s without any cause: %v", name, err)
		} else if len(bare.Setup.Events) != 0 {
			t.Errorf("%s without any cause still has %d events", name, len(bare.Setup.Events))
		}
	}
}

// Causes that work against each other may sum to nothing, while the whole change, drift among it, is known.
func TestPartsAreOfTheWholeChangeWhereItIsKnown(t *testing.T) {
	none := stats.Estimate{Value: math.NaN(), Low: math.NaN(), High: math.NaN()}
	for _, c := range []struct {
		name        string
		whole       stats.Estimate
		line, share string
	}{
		{"a change that is known", stats.Estimate{Value: 20_000, Low: 12_000, High: 25_000}, "Risk: +10\u00a0000 CFA (95 % interval 5\u00a0000 to 15\u00a0000), 50\u00a0% of the change.", "50\u00a0%"},
		{"one that may be none", stats.Estimate{Value: 20_000, Low: -1, High: 25_000}, "Risk: +10\u00a0000 CFA (95 % interval 5\u00a0000 to 15\u00a0000).", prose.None},
	} {
		a := &Attribution{Study: &Study{}, Causes: []Cause{{ID: "risk", Name: "risk"}, {ID: "closure", Name: "closure"}}}
		d := &Attributed{Whole: c.whole, Rest: stats.Estimate{Value: 20_000, Low: 1, High: 3}}
		d.Shares = []shapley.Share{{Estimate: stats.Estimate{Value: 10_000, Low: 5_000, High: 15_000}, Part: none}, {Estimate: stats.Estimate{Value: -10_000, Low: -15_000, High: -5_000}, Part: none}}
		if got := a.answer(d, "price")[1]; got != c.line {
			t.Errorf("%s: got %q, want %q", c.name, got, c.line)
		}
		if got := a.sheet(d); got.Rows[0][3] != c.share || strings.Contains(got.Note, "not distinguishable") != (c.share == prose.None) {
			t.Errorf("%s: got %q, %q", c.name, got.Rows[0], got.Note)
		}
	}
}

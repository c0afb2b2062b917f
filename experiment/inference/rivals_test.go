package inference

import (
	"math"
	"strings"
	"testing"
)

// World: a rifle at 200 in Gao, 300 in Kidal, 500 at the border; Gao rises to 400.
func TestRivalsForecastPrices(t *testing.T) {
	b := Baseline{Early: map[string]float64{"gao": 200, "kidal": 300, "border": 500}, Reference: "gao", Late: 400}
	fall := Baseline{Early: map[string]float64{"gao": 500, "kidal": 300}, Reference: "gao", Late: 100}
	for _, c := range []struct {
		name   string
		got    Forecast
		want   float64
		silent string
	}{
		{"persistence: no change", b.Price(Persistence, "kidal"), 300, ""},
		{"multiplicative: the reference's factor", b.Price(Multiplicative, "kidal"), 600, ""},
		{"additive: the reference's amount", b.Price(Additive, "kidal"), 500, ""},
		{"persistence speaks of the reference", b.Price(Persistence, "gao"), 200, ""},
		{"multiplicative is silent about the reference", b.Price(Multiplicative, "gao"), 0, "late price it is told"},
		{"an unknown place", b.Price(Persistence, "ber"), 0, "no early price of ber"},
		{"an unknown late price", Baseline{Early: b.Early, Reference: "gao", Late: math.NaN()}.Price(Additive, "kidal"), 0, "reference"},
		{"an amount that leaves no price", fall.Price(Additive, "kidal"), 0, "leaves no price"},
		{"persistence keeps ratios", b.Ratio(Persistence, "border", "gao"), 2.5, ""},
		{"multiplicative keeps ratios", b.Ratio(Multiplicative, "border", "gao"), 2.5, ""},
		{"additive moves ratios towards 1", b.Ratio(Additive, "border", "gao"), 1.75, ""},
		{"a ratio of forecasts", b.Ratio(Additive, "border", "kidal"), 1.4, ""},
		{"a ratio to itself", b.Ratio(Additive, "gao", "gao"), 0, "itself"},
		{"a ratio to an unknown place", b.Ratio(Additive, "gao", "ber"), 0, "no early price of ber"},
		{"persistence: change of nought", b.Change(Persistence, "kidal"), 0, ""},
		{"multiplicative: change", b.Change(Multiplicative, "kidal"), 1, ""},
		{"additive: change", b.Change(Additive, "border"), 0.4, ""},
		{"persistence: no sign", b.Sign(Persistence, "border"), 0, ""},
		{"multiplicative: sign of a rise", b.Sign(Multiplicative, "border"), 1, ""},
		{"multiplicative: sign of a fall", fall.Sign(Multiplicative, "kidal"), -1, ""},
		{"other targets", b.Other(Additive, "origin_share"), 0, "additive speaks of prices, not of origin_share"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.silent != "" {
				if !strings.Contains(c.got.Silent, c.silent) || !math.IsNaN(c.got.Value) {
					t.Errorf("must be silent because %q, got %+v", c.silent, c.got)
				}
				return
			}
			if c.got.Silent != "" || math.Abs(c.got.Value-c.want) > 1e-12 {
				t.Errorf("must be %v, got %+v", c.want, c.got)
			}
		})
	}
	if got := Rivals()[2].String(); len(Rivals()) != 3 || got != "additive" {
		t.Errorf("must be three rivals, the last additive, got %v", Rivals())
	}
}

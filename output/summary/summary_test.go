package summary

import (
	"reflect"
	"strings"
	"testing"

	"entrepot/output/digest"
)

func sample() *Summary {
	return &Summary{Scenario: "s", Title: "A title", Seed: 3, Start: "2021-01-04", Weeks: 100,
		Before: Window{"2021-01-04", "2021-12-26"}, After: Window{"2022-01-03", "2022-12-26"},
		Good: Good{"ak", "AK-pattern rifle", "rifle"},
		Towns: []Town{
			{Hub: "a", Name: "Town A", BeforeCFA: 200_000, AfterCFA: 300_000, BeforeWeeks: 50, AfterWeeks: 40,
				Parts: []Part{{"origin", -10_000}, {"risk", 90_000}, {"margin", 20_000}}},
			{Hub: "b", Name: "B", BeforeCFA: 100_000, BeforeWeeks: 5, Parts: []Part{}},
			{Hub: "c", Name: "C", BeforeCFA: 100_000, AfterCFA: 100_000, BeforeWeeks: 1, AfterWeeks: 1, Parts: []Part{{"origin", 0}, {"risk", 0}, {"margin", 0}}},
		}}
}

func TestText(t *testing.T) {
	s := sample()
	s.Cause = &Cause{Component: "risk", Means: "carriers expected to lose more on the way", Towns: 2, BeforeCFA: 150_000, AfterCFA: 200_000,
		Parts: []Part{{"risk", 45_000}, {"margin", 10_000}, {"storage", 40}, {"origin", -5_040}}}
	text := strings.ReplaceAll(s.Text(digest.English()), "\u00a0", " ")
	for _, want := range []string{"A title (s, seed 3, 100 weeks from 2021-01-04)", "Town A", "200 000 →   300 000  (+50 %)", "no trade",
		"100 000 →   100 000  (0 %; sold in 1 of 51, then 1 of 52 weeks)",
		"Main cause: carriers expected to lose more on the way.\nMean price of 2 towns by units sold +50 000 CFA: risk of loss +45 000, seller's margin +10 000, price at the source −5 040.\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if lines := strings.Count(text, "\n"); lines > 12 {
		t.Errorf("%d lines, want at most 12", lines)
	}
}

func TestAMarginIsNoCause(t *testing.T) {
	s := sample()
	s.Cause = &Cause{Component: "margin", Means: "scarcity", Towns: 1, BeforeCFA: 100, AfterCFA: 150, Parts: []Part{{"margin", 50}}, Sold: Numbers{300, 200}}
	text := strings.ReplaceAll(s.Text(digest.English()), "\u00a0", " ")
	if want := "Main cause: scarcity (sold there: 300, then 200 rifles a year).\n"; !strings.Contains(text, want) {
		t.Errorf("%q is missing in\n%s", want, text)
	}
}

func TestSummaryIsReadBackAsWritten(t *testing.T) {
	s := sample()
	s.Lost = Numbers{0.123456, 0}
	data, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	back, err := Parse(data)
	if err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("got %+v, %v", back, err)
	}
}

func TestRound6(t *testing.T) {
	for in, want := range map[float64]float64{0: 0, 1.23456789: 1.23457, -123456789: -123457000, 1e-9: 1e-9} {
		if got := round6(in); got != want {
			t.Errorf("round6(%v) = %v, want %v", in, got, want)
		}
	}
}

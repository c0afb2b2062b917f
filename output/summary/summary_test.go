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
	s.Cause = mainPart(s.Towns)
	text := strings.ReplaceAll(s.Text(digest.English()), "\u00a0", " ")
	for _, want := range []string{"A title (s, seed 3, 100 weeks from 2021-01-04)", "Town A", "200 000 →   300 000  (+50 %)", "no trade",
		"Main cause, by component of the price: risk of loss (+45 000 CFA a rifle, mean of the towns; their price +50 000)."} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if lines := strings.Count(text, "\n"); lines > 12 {
		t.Errorf("%d lines, want at most 12", lines)
	}
}

func TestMainPart(t *testing.T) {
	for _, c := range []struct {
		name  string
		towns []Town
		want  *Cause
	}{
		{"the largest rise where prices rose", sample().Towns[:1], &Cause{"risk", 90_000, 100_000, 200_000}},
		{"the largest fall where prices fell", []Town{{BeforeCFA: 100, AfterCFA: 60, Parts: []Part{{"origin", -50}, {"risk", 20}, {"margin", -10}}}}, &Cause{"origin", -50, -40, 100}},
		{"nothing moved", sample().Towns[2:], nil},
		{"nothing is known", sample().Towns[1:2], nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := mainPart(c.towns); !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
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

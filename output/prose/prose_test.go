package prose

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNumbersAreWrittenAsReadersTakeThem(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"thousands", Int(1234567.4), "1\u00a0234\u00a0567"},
		{"a thousand", Int(999.5), "1\u00a0000"},
		{"below zero", Int(-1500), "−1\u00a0500"},
		{"what rounds to zero has no sign", Int(-0.2), "0"},
		{"halves go up", Int(2.5), "3"},
		{"a count", Count(12345), "12\u00a0345"},
		{"decimals", Fixed(-1234.56, 1), "−1\u00a0234.6"},
		{"no sign of nothing", Fixed(-0.01, 1), "0.0"},
		{"not known", Int(math.NaN()), "–"},
		{"without end", Fixed(math.Inf(-1), 2), "−∞"},

		{"all before the point", Number(-1234567.8), "−1\u00a0234\u00a0568"},
		{"hundreds", Number(123.4), "123"},
		{"what rounds to a hundred", Number(99.96), "100"},
		{"tens", Number(12.34), "12.3"},
		{"ones", Number(1.5), "1.50"},
		{"a whole number", Number(7), "7"},
		{"a part", Number(0.5), "0.5"},
		{"a small part", Number(-0.00008943), "−0.0000894"},
		{"what rounds to one", Number(0.99999), "1.00"},
		{"nothing, of either sign", Number(math.Copysign(0, -1)), "0"},
		{"what no whole number holds", Number(1e300), "1e300"},
		{"what is as good as nothing", Number(-1.5e-12), "−1.5e−12"},
		{"no number", Number(math.NaN()), "–"},
		{"no end", Number(math.Inf(1)), "∞"},

		{"a sign", Signed(Number(12)), "+12"},
		{"no sign of zero", Signed(Fixed(0.01, 1)), "0.0"},
		{"a minus stays", Signed(Number(-3)), "−3"},
		{"a dash has no sign", Signed(Number(math.NaN())), "–"},

		{"a share", Percent(0.124), "12\u00a0%"},
		{"a large share", Percent(92265.58), "9\u00a0226\u00a0558\u00a0%"},
		{"a share that is there", Percent(0.004), "<\u00a01\u00a0%"},
		{"none", Percent(0), "0\u00a0%"},
		{"no share", Percent(math.NaN()), "–"},

		{"no change", Change(0), "0\u00a0%"},
		{"a small change", Change(-0.0123), "−1.2\u00a0%"},
		{"a change", Change(0.5), "+50\u00a0%"},
		{"nearly a tenth", Change(0.0999), "+10\u00a0%"},
		{"tenfold", Change(9), "×\u00a010"},
		{"a large change", Change(92264.58), "×\u00a092\u00a0266"},

		{"an interval", Range(-1, 2000), "−1 to 2\u00a0000"},
		{"none of one run", Range(math.NaN(), math.NaN()), "–"},
		{"none without ends", Range(math.Inf(-1), math.Inf(1)), "–"},

		{"a list", List([]string{"a", "b", "c"}, "and"), "a, b and c"},
		{"a list of one", List([]string{"a"}, "and"), "a"},
		{"a capital", Capital("école"), "École"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestTextsForReadersBecomeTextsForPrograms(t *testing.T) {
	for text, want := range map[string]string{"1\u00a0234\u00a0567.5": "1234567.5", "−1\u00a0200": "-1200", "+3": "3", "−2.34e−9": "-2.34e-9", "–": "", "-": "", "": "",
		"161\u00a0000 to 1\u00a0180\u00a0000": "161000 to 1180000", "+12\u00a0%": "+12 %", "5–95 % of runs": "5-95 % of runs", "Gao – Kidal": "Gao – Kidal",
		"12 34": "12 34", "< 0.001": "< 0.001", "AK-pattern rifle": "AK-pattern rifle", "2018-11": "2018-11"} {
		if got := Plain(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

func TestWhatReadersReadProgramsReadToo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		x := rapid.Float64Range(-1e18, 1e18).Draw(t, "x")
		for _, text := range []string{Number(x), Signed(Number(x)), Power(x)} {
			got, err := strconv.ParseFloat(Plain(text), 64)
			if err != nil || math.Abs(got-x) > 0.006*math.Abs(x) {
				t.Fatalf("%v is written %q and read %v, %v", x, text, got, err)
			}
		}
	})
}

func TestIdsBecomeWords(t *testing.T) {
	names := map[string]string{"menaka": "Ménaka", "inkhalil": "In Khalil"}
	for id, want := range map[string]string{"ddr_2018": "DDR 2018", "niger-politics": "Niger politics", "nigeria_border": "Nigeria border", "fama": "FAMa", "unodc": "UNODC",
		"is_sahel": "IS Sahel", "what_is_new": "what is new", "jnim-drones": "JNIM drones", "ak_menaka": "AK Ménaka", "inkhalil": "In Khalil", "gold": "gold", "": "", "CSP": "CSP",
		"Road Works": "Road Works", "fla_csp_pkm": "FLA CSP PKM", "ddr2018_menaka": "DDR 2018 Ménaka", "gatia+msa": "GATIA and MSA", "crisis2018": "crisis2018", "2018": "2018"} {
		if got := Words(id, names); got != want {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
	for id, want := range map[string]string{"northern_mali": "northern Mali", "price_towns": "price towns", "ddr_2018": "DDR 2018", "liptako_gourma": "Liptako Gourma",
		"central_sahel": "central Sahel", "abidjan": "Abidjan", "école_nord": "École Nord", "unodc_towns": "UNODC towns", "lake_chad": "Lake Chad"} {
		if got := Name(id); got != want {
			t.Errorf("%s: got %q, want %q", id, got, want)
		}
	}
	for phrase := range written {
		if strings.ToLower(phrase) != phrase || strings.Count(phrase, " ") >= longestPhrase {
			t.Errorf("%q must be at most %d words in small letters", phrase, longestPhrase)
		}
	}
}

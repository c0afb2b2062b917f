package experiment

import (
	"math"
	"strings"
	"testing"
)

func TestNumbersAreWrittenAsReadersTakeThem(t *testing.T) {
	for _, c := range []struct{ name, got, want string }{
		{"what does not exist", number(math.NaN()), "-"},
		{"nothing, of either sign", number(math.Copysign(0, -1)), "0"},
		{"thousands", number(-1234567.8), "-1,234,568"},
		{"what rounds to a thousand", number(999.7), "1,000"},
		{"hundreds", number(123.4), "123"},
		{"tens", number(12.34), "12.3"},
		{"a small part", number(-0.00008943), "-0.0000894"},
		{"what no whole number holds", number(1e300), "1e+300"},
		{"a large share", percent(92265.58), "9,226,558 %"},
		{"no change", percentChange(0), "0 %"},
		{"a small change", percentChange(-0.0123), "-1.2 %"},
		{"a large change", percentChange(92265.58), "+9,226,558 %"},
		{"one of a kind", counted(1, "run"), "1 run"},
		{"many", counted(1200, "run"), "1,200 runs"},
		{"an interval", between(-1, 2000), "-1 to 2,000"},
		{"none of one run", between(math.NaN(), math.NaN()), "-"},
		{"none without ends", between(math.Inf(-1), math.Inf(1)), "-"},
		{"none in a sentence", interval(math.NaN(), math.NaN()), "no interval from so few runs"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
}

func TestNamesOfFilesTellNamesApart(t *testing.T) {
	for name, want := range map[string]string{"calm": "calm", "stockpile-security": "stockpile-security", "stockpile_security": "stockpile_security",
		"price_ak_gao_after": "price_ak_gao_after", "trafficker.margin": "trafficker.margin", "Calm": "calm-331dcf36", "calm (2)": "calm-2-cfcaf697", "été": "t-ffb58817"} {
		if got := fileName(name); got != want {
			t.Errorf("%q: got %q, want %q", name, got, want)
		}
	}
	alike := []string{"a-b", "a_b", "a.b", "a--b", "A-b", "a-B", "a b", "a|b", "-a-b", "a-b-", ".a-b", "", "-", "ä", "é", strings.Repeat("a", 200), strings.Repeat("a", 201)}
	seen := map[string]string{}
	for _, name := range alike {
		file := fileName(name)
		if other, taken := seen[file]; taken {
			t.Errorf("%q and %q are both %q", name, other, file)
		}
		if seen[file] = name; file == "" || strings.ContainsAny(file[:1]+file[len(file)-1:], ".") || strings.ToLower(file) != file || len(file) > 120 {
			t.Errorf("%q: no name for a file: %q", name, file)
		}
	}
}

package experiment

import (
	"fmt"
	"hash/fnv"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// number writes a value with as many digits as a reader can use: three, or all before the point, in groups.
func number(x float64) string {
	switch a := math.Abs(x); {
	case math.IsNaN(x):
		return "-"
	case x == 0: // of either sign
		return "0"
	case a >= 1e15: // no whole number of ours is so large
		return fmt.Sprintf("%.3g", x)
	case a >= 999.5:
		return grouped(int64(math.Round(x)))
	case a >= 100 || x == math.Trunc(x):
		return fmt.Sprintf("%.0f", x)
	case a >= 10:
		return fmt.Sprintf("%.1f", x)
	case a >= 1:
		return fmt.Sprintf("%.2f", x)
	case a >= 1e-4:
		return fmt.Sprintf("%.3g", x)
	case a >= 1e-9: // readers take no exponents
		return fmt.Sprintf("%.*f", 2-int(math.Floor(math.Log10(a))), x)
	default:
		return fmt.Sprintf("%.3g", x)
	}
}

// grouped writes a whole number with commas.
func grouped(n int64) string {
	text := fmt.Sprint(n)
	sign := ""
	if n < 0 {
		sign, text = "-", text[1:]
	}
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return sign + text
}

// signed is number with its sign.
func signed(x float64) string {
	if x > 0 {
		return "+" + number(x)
	}
	return number(x)
}

// percent writes a share.
func percent(x float64) string {
	if math.IsNaN(x) {
		return "-"
	}
	return fmt.Sprintf("%s %%", whole(100*x))
}

// whole writes a number without what comes after the point, in groups.
func whole(x float64) string {
	if math.Abs(x) >= 1e15 {
		return fmt.Sprintf("%.3g", x)
	}
	return grouped(int64(math.Round(x)))
}

// percentChange writes a relative change.
func percentChange(x float64) string {
	switch {
	case math.IsNaN(x):
		return "-"
	case x == 0:
		return "0 %"
	case math.Abs(x) < 0.1:
		return fmt.Sprintf("%+.1f %%", 100*x)
	case x > 0:
		return "+" + percent(x)
	}
	return percent(x)
}

// counted writes how many there are of something, of which several are called by its name and an s.
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return grouped(int64(n)) + " " + what
}

// listed writes a, b and c.
func listed(names []string) string {
	if n := len(names); n > 1 {
		return strings.Join(names[:n-1], ", ") + " and " + names[n-1]
	}
	return strings.Join(names, "")
}

// between writes an interval; one that does not exist, as that of a single run, is a dash.
func between(low, high float64) string {
	if math.IsNaN(low) || math.IsNaN(high) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		return "-"
	}
	return number(low) + " to " + number(high)
}

// interval is a 95 % interval in a sentence.
func interval(low, high float64) string {
	if b := between(low, high); b != "-" {
		return "95 % interval " + b
	}
	return "no interval from so few runs"
}

// probability writes a p value.
func probability(p float64) string {
	switch {
	case math.IsNaN(p):
		return "-"
	case p < 0.001:
		return "< 0.001"
	case p < 0.1:
		return fmt.Sprintf("%.3f", p)
	}
	return fmt.Sprintf("%.2f", p)
}

// capital begins a text with a capital letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(r)) + s[n:]
}

// sentence makes words one: a capital letter, but of ids, and a full stop.
func sentence(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if !strings.ContainsAny(first, "._") {
		s = capital(s)
	}
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func sentences(words []string) (all []string) {
	for _, w := range words {
		all = append(all, sentence(w))
	}
	return all
}

// longName is how many letters of a name a file's name has.
const longName = 100

// fileName makes a name that a file may have on any system, from a name or an id: what has small letters, digits, dots, underscores and
// hyphens alone stays as it is. Of others what is left is followed by a hash of the whole, so that different names are different files,
// also where a disk takes A for a, and each is the same in every study.
func fileName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	kept := strings.Trim(b.String(), "-.")
	if kept == s && s != "" && len(s) <= longName {
		return s
	}
	whole := fnv.New32a()
	whole.Write([]byte(s))
	return strings.TrimLeft(fmt.Sprintf("%s-%08x", strings.TrimRight(kept[:min(len(kept), longName)], "-."), whole.Sum32()), "-")
}

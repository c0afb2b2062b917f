// Package prose writes numbers, ids and lists for readers, in one way for runs and studies, answers, reports and charts. Thousands are
// parted by no-break spaces, a number below zero has a minus sign and not a hyphen, a unit hangs on its number, and what is not known is
// a dash. Files for programs hold plain numbers: Plain turns a text for readers back into one for them.
package prose

import (
	"math"
	"regexp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// None stands for what is not known, or does not exist.
	None = "–"

	space = "\u00a0" // on which no line breaks
	minus = "−"
)

// Int writes a number without decimals.
func Int(x float64) string { return Fixed(x, 0) }

// Count writes how many there are.
func Count(n int) string { return Fixed(float64(n), 0) }

// Fixed writes a number with some decimals. What rounds to zero has no sign.
func Fixed(x float64, decimals int) string {
	switch {
	case math.IsNaN(x):
		return None
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return minus + "∞"
	case decimals == 0: // halves go up, as readers expect, and not to the even number
		x = math.Round(x)
	}
	whole, fraction, some := strings.Cut(strconv.FormatFloat(math.Abs(x), 'f', decimals, 64), ".")
	for i := len(whole) - 3; i > 0; i -= 3 {
		whole = whole[:i] + space + whole[i:]
	}
	if some {
		whole += "." + fraction
	}
	if x < 0 && strings.Trim(whole, "0.") != "" {
		return minus + whole
	}
	return whole
}

// Number writes a number with as many digits as a reader can use: three, or all before the point.
func Number(x float64) string {
	switch a := math.Abs(x); {
	case a >= 1e15 && !math.IsInf(x, 0), a < 1e-9 && x != 0: // no number of ours that is worth its zeros
		return Power(x)
	case a >= 99.95 || x == math.Trunc(x) || math.IsNaN(x):
		return Int(x)
	case a >= 9.995:
		return Fixed(x, 1)
	case a >= 0.9995:
		return Fixed(x, 2)
	default: // no zeros behind the third digit: 0.5
		text := Fixed(x, 2-int(math.Floor(math.Log10(a*1.0005))))
		return strings.TrimRight(text, "0")
	}
}

// Power writes a number as three digits and a power of ten: 1.5e7, −2.34e−9.
func Power(x float64) string {
	mantissa, power, _ := strings.Cut(strconv.FormatFloat(math.Abs(x), 'e', 2, 64), "e")
	n, err := strconv.Atoi(power)
	if err != nil { // not a number, or no finite one
		return Fixed(x, 0)
	}
	text := strings.TrimRight(strings.TrimRight(mantissa, "0"), ".") + "e" + strings.Replace(strconv.Itoa(n), "-", minus, 1)
	if x < 0 {
		return minus + text
	}
	return text
}

// Signed puts a plus before a text that Int, Fixed or Number wrote of a number above zero.
func Signed(text string) string {
	if strings.HasPrefix(text, minus) || !strings.ContainsAny(text, "123456789∞") {
		return text
	}
	return "+" + text
}

// Percent writes a share from 0 to 1 without decimals. What is there is not called 0 %.
func Percent(share float64) string {
	switch {
	case math.IsNaN(share):
		return None
	case share > 0 && share < 0.005:
		return "<" + space + "1" + space + "%"
	}
	return PercentTo(share, 0)
}

// PercentTo writes a share with some decimals of its per cent.
func PercentTo(share float64, decimals int) string {
	if math.IsNaN(share) {
		return None
	}
	return Fixed(100*share, decimals) + space + "%"
}

// Change writes a relative change: in per cent, below ten with a decimal, and from tenfold on as a multiple, which reads better.
func Change(relative float64) string {
	switch {
	case math.IsNaN(relative):
		return None
	case relative >= 9:
		return "×" + space + Number(relative+1)
	case relative != 0 && math.Abs(relative) < 0.0995:
		return Signed(PercentTo(relative, 1))
	}
	return Signed(PercentTo(relative, 0))
}

// Range writes an interval; one that has no ends, as that of a single run, is a dash.
func Range(low, high float64) string {
	if math.IsNaN(low+high) || math.IsInf(low, 0) || math.IsInf(high, 0) {
		return None
	}
	return Number(low) + " to " + Number(high)
}

// List writes a, b and c.
func List(items []string, and string) string {
	if n := len(items); n > 1 {
		return strings.Join(items[:n-1], ", ") + " " + and + " " + items[n-1]
	}
	return strings.Join(items, "")
}

// Capital begins a text with a capital letter.
func Capital(text string) string {
	r, n := utf8.DecodeRuneInString(text)
	if n == 0 {
		return text
	}
	return string(unicode.ToUpper(r)) + text[n:]
}

// parted finds a space between the thousands of a number, and dashed a dash between the ends of a range of digits.
var (
	parted = regexp.MustCompile(`(\d)[\x{a0}\x{202f}](\d{3})`)
	dashed = regexp.MustCompile(`(\d)–(\d)`)
)

// Plain turns a text for readers into one for programs: numbers as programs read them, −1 200 being -1200, also within words; a dash
// alone, and a plus before a number alone, are left out.
func Plain(text string) string {
	text = strings.TrimSpace(text)
	if text == None || text == "-" {
		return ""
	}
	for parted.MatchString(text) { // one match ends where the next begins
		text = parted.ReplaceAllString(text, "$1$2")
	}
	text = dashed.ReplaceAllString(text, "$1-$2")
	text = strings.NewReplacer(minus, "-", space, " ", "\u202f", " ").Replace(text)
	if x := strings.TrimPrefix(text, "+"); x != text {
		if _, err := strconv.ParseFloat(x, 64); err == nil {
			return x
		}
	}
	return text
}

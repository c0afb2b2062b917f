package digest

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode"

	"entrepot/sim"
)

// Words is the catalogue: every text that figures and report print, in one language. Fields that end in F are formats.
type Words struct {
	Lang    string
	Decimal string
	And     string
	Months  [12]string
	Origins map[string]string
	Names   map[string]string // of origins, components, regimes, measures and kinds of actor
	KindF   map[string]string // "trafficker" -> "traffickers (%s)"
	DateF   string            // day, month, year
	Plot    PlotWords
	Report  ReportWords
	Chart   ChartWords
	Study   StudyWords
}

// Date formats a day, e.g. "13 Aug 2023".
func (w *Words) Date(d sim.Date) string {
	t := d.Time()
	return fmt.Sprintf(w.DateF, t.Day(), w.Months[t.Month()-1], t.Year())
}

// Month formats a month, e.g. "Aug 2023".
func (w *Words) Month(d sim.Date) string {
	t := d.Time()
	return w.Months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Span formats a window by its months or, where it does not begin and end with them (give or take a week), by its days.
func (w *Words) Span(x Window) string {
	from, to := x.From+7, x.To-7 // days within the first and the last month
	if x.To-x.From < 27 || from.Time().Day() > 15 || to.Time().Day() < 16 {
		return w.Date(x.From) + " – " + w.Date(x.To)
	}
	a, b := w.Month(from), w.Month(to)
	if a == b || from > to {
		return w.Month(x.From)
	}
	return a + " – " + b
}

// Int formats a number without decimals, thousands parted by a no-break space.
func (w *Words) Int(v float64) string {
	s := strconv.FormatInt(int64(math.Round(math.Abs(v))), 10)
	var b strings.Builder
	if v <= -0.5 {
		b.WriteString("−")
	}
	for i, c := range s {
		if i > 0 && (len(s)-i)%3 == 0 {
			b.WriteString("\u00a0")
		}
		b.WriteRune(c)
	}
	return b.String()
}

// Fixed formats a number with some decimals.
func (w *Words) Fixed(v float64, decimals int) string {
	s := strconv.FormatFloat(math.Abs(v), 'f', decimals, 64)
	if v < 0 && strings.Trim(s, "0.") != "" {
		s = "−" + s
	}
	return strings.Replace(s, ".", w.Decimal, 1)
}

// Amount formats a quantity that may be small: below ten with one decimal.
func (w *Words) Amount(v float64) string {
	if math.Abs(v) < 9.95 && math.Abs(v-math.Round(v)) > 0.049 {
		return w.Fixed(v, 1)
	}
	return w.Int(v)
}

// Signed formats a change with its sign.
func (w *Words) Signed(v float64) string {
	if v >= 0.5 {
		return "+" + w.Int(v)
	}
	return w.Int(v)
}

// Percent formats a share 0-1.
func (w *Words) Percent(v float64) string {
	if v > 0 && v < 0.005 {
		return "<\u00a01\u00a0%"
	}
	return w.Int(v*100) + "\u00a0%"
}

// SignedPercent formats a relative change.
func (w *Words) SignedPercent(v float64) string { return w.Signed(v*100) + "\u00a0%" }

// Round rounds a price to three significant digits, for sentences.
func (w *Words) Round(v float64) string {
	if v == 0 {
		return "0"
	}
	step := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-2)
	if step < 1 {
		step = 1
	}
	return w.Int(math.Round(v/step) * step)
}

// Times formats a relative change: in per cent, or from tenfold on as a multiple, which reads better.
func (w *Words) Times(p Pair) string {
	r, ok := p.Ratio()
	switch {
	case !ok:
		return "–"
	case r >= 9:
		return "×\u00a0" + w.Round(r+1)
	}
	return w.SignedPercent(r)
}

// Capital writes the first letter large.
func (w *Words) Capital(s string) string {
	letters := []rune(s)
	if len(letters) > 0 {
		letters[0] = unicode.ToUpper(letters[0])
	}
	return string(letters)
}

// Items joins items that hold commas.
func (w *Words) Items(items []string) string { return strings.Join(items, "; ") }

// List joins names as in "a, b and c".
func (w *Words) List(items []string, and string) string {
	switch len(items) {
	case 0:
		return ""
	case 1:
		return items[0]
	}
	return strings.Join(items[:len(items)-1], ", ") + " " + and + " " + items[len(items)-1]
}

// Name looks a word up; an unknown id is shown with spaces.
func (w *Words) Name(id string) string {
	if n, ok := w.Names[id]; ok {
		return n
	}
	return strings.ReplaceAll(id, "_", " ")
}

func (w *Words) kind(kind, name string) string {
	if f, ok := w.KindF[kind]; ok {
		return fmt.Sprintf(f, name)
	}
	return kind + " " + name
}

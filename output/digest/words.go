package digest

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"entrepot/output/prose"
	"entrepot/sim"
	"entrepot/words"
)

// Words is the catalogue: every text that figures and report print, in one language. Fields that end in F are formats.
type Words struct {
	say     *words.Words
	Months  [12]string
	Origins map[string]string
	Names   map[string]string // of origins, components, regimes, measures and kinds of actor
	KindF   map[string]string // "trafficker" -> "traffickers (%s)"
	Plot    PlotWords
	Report  ReportWords
	Chart   ChartWords
	Study   StudyWords
}

// In returns the catalogue in a language: every text of the English one, translated.
func In(say *words.Words) *Words {
	w := english()
	translate(reflect.ValueOf(w).Elem(), say)
	w.say = say
	slices.SortStableFunc(w.Report.Terms, func(a, b Term) int { return strings.Compare(unaccented(a.Word), unaccented(b.Word)) })
	return w
}

// unaccented is how a word is looked up in a list by the alphabet.
func unaccented(word string) string {
	return strings.NewReplacer("é", "e", "è", "e", "ê", "e", "à", "a", "â", "a", "î", "i", "ô", "o", "û", "u", "ç", "c").Replace(strings.ToLower(word))
}

// English returns the English catalogue. Its texts are the keys of all others.
func English() *Words { return In(nil) }

// translate puts every text within a value into a language.
func translate(v reflect.Value, say *words.Words) {
	switch v.Kind() {
	case reflect.String:
		v.SetString(say.T(v.String()))
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				translate(v.Field(i), say)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			translate(v.Index(i), say)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			own := reflect.New(v.Type().Elem()).Elem()
			own.Set(v.MapIndex(key))
			translate(own, say)
			v.SetMapIndex(key, own)
		}
	}
}

// Say returns the language itself.
func (w *Words) Say() *words.Words { return w.say }

// Lang is the language, en or fr.
func (w *Words) Lang() string { return w.say.Lang() }

// T is a text in the language, F a format filled in, N one of two formats by how many there are: see package words.
func (w *Words) T(text string) string { return w.say.T(text) }

// F formats in the language.
func (w *Words) F(format string, args ...any) string { return w.say.F(format, args...) }

// N chooses between the format for one and that for more.
func (w *Words) N(n int, one, more string, args ...any) string {
	return w.say.N(n, one, more, args...)
}

// Date formats a day, e.g. "13 Aug 2023".
func (w *Words) Date(d sim.Date) string {
	t := d.Time()
	return w.say.Day(t.Day()) + " " + w.Months[t.Month()-1] + " " + strconv.Itoa(t.Year())
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

// Own puts a number as package prose writes it into the language.
func (w *Words) Own(number string) string { return w.say.Number(number) }

// Int formats a number without decimals, thousands parted by a no-break space.
func (w *Words) Int(v float64) string { return prose.Int(v) }

// Fixed formats a number with some decimals.
func (w *Words) Fixed(v float64, decimals int) string {
	return w.Own(prose.Fixed(v, decimals))
}

// Number formats a number with three digits, or all before the point.
func (w *Words) Number(v float64) string {
	return w.Own(prose.Number(v))
}

// Amount formats a quantity that may be small: below ten with one decimal.
func (w *Words) Amount(v float64) string {
	if math.Abs(v) < 9.95 && math.Abs(v-math.Round(v)) > 0.049 {
		return w.Fixed(v, 1)
	}
	return w.Int(v)
}

// Signed formats a change with its sign.
func (w *Words) Signed(v float64) string { return prose.Signed(w.Int(v)) }

// Percent formats a share 0-1.
func (w *Words) Percent(v float64) string { return prose.Percent(v) }

// PercentTo formats a share with some decimals of its per cent.
func (w *Words) PercentTo(v float64, decimals int) string {
	return w.Own(prose.PercentTo(v, decimals))
}

// Change formats a relative change: in per cent, or from tenfold on as a multiple.
func (w *Words) Change(v float64) string { return w.Own(prose.Change(v)) }

// Round rounds a price to three significant digits, for sentences.
func (w *Words) Round(v float64) string {
	v = math.Round(v) // as summary.json has it, from which the answer is told: 8264.6 must not be 8260 here and 8270 there
	if v == 0 {
		return "0"
	}
	step := math.Pow(10, math.Floor(math.Log10(math.Abs(v)))-2)
	if step < 1 {
		step = 1
	}
	return w.Int(math.Round(v/step) * step)
}

// Times formats the relative change of a pair; a dash where there is none.
func (w *Words) Times(p Pair) string {
	if r, ok := p.Ratio(); ok {
		return w.Change(r)
	}
	return prose.None
}

// Items joins items that hold commas.
func (w *Words) Items(items []string) string { return w.say.Items(items) }

// List joins names as in "a, b and c".
func (w *Words) List(items []string) string { return w.say.List(items) }

// Range writes the ends of an interval.
func (w *Words) Range(low, high string) string { return w.say.Range(low, high) }

// Colon writes what is said of a thing behind it.
func (w *Words) Colon(thing, said string) string { return w.say.Colon(thing, said) }

// Lead is a thing of which something is said behind it.
func (w *Words) Lead(thing string) string { return w.say.Lead(thing) }

// Name looks a word up; an unknown id is shown as words.
func (w *Words) Name(id string) string {
	if n, ok := w.Names[id]; ok {
		return n
	}
	return w.T(prose.Words(id, nil))
}

func (w *Words) kind(kind, name string) string {
	if f, ok := w.KindF[kind]; ok {
		return fmt.Sprintf(f, name)
	}
	return kind + " " + name
}

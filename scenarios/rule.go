package scenarios

import (
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entrepot/sim"
)

// Kind is what a column or field may hold.
type Kind string

const (
	Text   Kind = "text"
	ID     Kind = "id" // a new name that others may refer to
	Number Kind = "number"
	Whole  Kind = "whole number"
	YesNo  Kind = "yes or no"
	Day    Kind = "date"
	Choice Kind = "choice"
	Ref    Kind = "reference"
	Refs   Kind = "references"
	Map    Kind = "map"
	Maps   Kind = "list of maps"
	Texts  Kind = "list of text"
	Shares Kind = "shares" // libya:0.6|local:0.4
	Month  Kind = "month"  // 2023, 2023-08 or 2023-08-13, kept as text
)

// Set names what references point to.
type Set string

const (
	Hubs         Set = "hub"
	Zones        Set = "zone"
	Goods        Set = "good"
	Networks     Set = "network"
	Groups       Set = "group"
	Forces       Set = "force"
	Stockholders Set = "stockholder"
	Buyers       Set = "buyer"
	BuyerKinds   Set = "kind of buyer"
	Programmes   Set = "programme"
	Currencies   Set = "currency"
	Origins      Set = "origin"
)

// Rule says what a cell of a table or a field of a scenario may hold. The loader, Explain, Schema and the documents
// read it; nothing else decides what is valid.
type Rule struct {
	Kind     Kind
	Min, Max float64  // inclusive, of numbers and shares
	Choices  []string // of a choice
	Sets     []Set    // where a reference must be found: in any of them; of an ID, the set that it adds to
	Optional bool     // may be left out
	Default  string   // of what was left out, as it would be written; "" is the zero value
}

// The constructors below keep the tables short.

func words() Rule                  { return Rule{Kind: Text} }
func id(s Set) Rule                { return Rule{Kind: ID, Sets: []Set{s}} }
func number(lo, hi float64) Rule   { return Rule{Kind: Number, Min: lo, Max: hi} }
func whole(lo, hi float64) Rule    { return Rule{Kind: Whole, Min: lo, Max: hi} }
func share() Rule                  { return number(0, 1) }
func yesNo() Rule                  { return Rule{Kind: YesNo} }
func date() Rule                   { return Rule{Kind: Day} }
func oneOf(choices ...string) Rule { return Rule{Kind: Choice, Choices: choices} }
func ref(sets ...Set) Rule         { return Rule{Kind: Ref, Sets: sets} }
func refs(sets ...Set) Rule        { return Rule{Kind: Refs, Sets: sets} }

// optional lets the value be left out: it is then zero, or empty.
func (r Rule) optional() Rule { r.Optional = true; return r }

// or lets the value be left out: it is then the default.
func (r Rule) or(def string) Rule { r.Optional, r.Default = true, def; return r }

// First and last day that a file may name. The model counts days in 32 bits and takes day 0 for "no date".
const (
	firstDay sim.Date = 365   // 1971-01-01
	lastDay  sim.Date = 84005 // 2199-12-31
)

// want says what the rule asks for, as in "must be ...".
func (r Rule) want(unit string) Phrase {
	switch r.Kind {
	case ID:
		return Say("a name of letters, digits, _ and -")
	case Number:
		return withUnit(Say("a number from %s to %s", plain(r.Min), plain(r.Max)), unit)
	case Whole:
		return withUnit(Say("a whole number from %s to %s", plain(r.Min), plain(r.Max)), unit)
	case YesNo:
		return Say("true or false")
	case Day:
		return Say("a date that exists (YYYY-MM-DD), from %s to %s", firstDay, lastDay)
	case Month:
		return Say("a year, a month or a date (2023, 2023-08, 2023-08-13)")
	case Choice:
		return Say("one of %s", strings.Join(r.Choices, ", "))
	case Ref:
		return Say("the id of %s", setNames(r.Sets))
	case Map:
		return Say("a map")
	case Maps:
		return Say("a list of maps")
	case Texts:
		return Say("a list of texts")
	case Refs:
		return Say("ids, each of %s", setNames(r.Sets))
	case Shares:
		return Say("shares such as libya:0.6|local:0.4 that add up to at most 1")
	default:
		return Say("text")
	}
}

func withUnit(s Phrase, unit string) Phrase {
	if unit == "" || unit == "choice" || unit == "switch" {
		return s
	}
	return Say("%s (%s)", s, word(unit))
}

func setNames(sets []Set) Phrase {
	var names []Phrase
	for _, s := range sets {
		names = append(names, word(withArticle(string(s))))
	}
	return anyOf(names)
}

func withArticle(noun string) string {
	if strings.Contains("aeiou", noun[:1]) {
		return "an " + noun
	}
	return "a " + noun
}

// wantCell is want for a cell of a table, where lists and switches are written differently.
func (r Rule) wantCell(unit string) Phrase {
	switch r.Kind {
	case YesNo:
		return Say("yes or no")
	case Refs:
		return Say("%s, with | between them", r.want(unit))
	default:
		return r.want(unit)
	}
}

// plain writes a limit without exponents up to a quadrillion.
func plain(x float64) string {
	if math.Abs(x) < 1e15 {
		return strconv.FormatFloat(x, 'f', -1, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}

// reference is the use of an id, to be looked up once all tables are read.
type reference struct {
	id   string
	sets []Set
}

// set parses one scalar into a field of a struct and returns the ids it refers to. ok is false where the text breaks
// the rule. Lists arrive joined by | (the form they have in a table).
func (r Rule) set(s string, into any) (used []reference, ok bool) {
	switch into := into.(type) {
	case *string:
		return r.setString(s, into)
	case *[]string:
		return r.setList(s, into)
	case *float64:
		return nil, r.setFloat(s, into)
	case *int64:
		return nil, r.setWhole(s, into)
	case *int:
		var wide int64
		ok = r.setWhole(s, &wide)
		*into = int(wide)
		return nil, ok
	case *bool:
		return nil, setBool(s, into)
	case *sim.Date:
		return nil, setDate(s, into)
	default:
		panic(fmt.Sprintf("scenarios: a table names a field of type %T", into))
	}
}

func (r Rule) setString(s string, into *string) ([]reference, bool) {
	*into = s
	switch r.Kind {
	case ID:
		return nil, goodName(s)
	case Choice:
		return nil, slices.Contains(r.Choices, s)
	case Month:
		_, _, err := MonthSpan(s)
		return nil, err == nil
	case Shares:
		return r.shareRefs(s)
	case Ref:
		return []reference{{s, r.Sets}}, true
	default:
		return nil, true
	}
}

func (r Rule) setList(s string, into *[]string) ([]reference, bool) {
	*into = strings.Split(s, "|")
	var used []reference
	for i, item := range *into {
		item = strings.TrimSpace(item)
		(*into)[i] = item
		if item == "" {
			return nil, false
		}
		if r.Kind == Refs {
			used = append(used, reference{item, r.Sets})
		}
	}
	return used, true
}

// shareRefs checks libya:0.6|local:0.4 and returns the names.
func (r Rule) shareRefs(s string) ([]reference, bool) {
	var used []reference
	sum := 0.0
	for part := range strings.SplitSeq(s, "|") {
		name, amount, found := strings.Cut(part, ":")
		x, err := strconv.ParseFloat(strings.TrimSpace(amount), 64)
		if !found || err != nil || !(x >= 0 && x <= 1) {
			return nil, false
		}
		sum += x
		used = append(used, reference{strings.TrimSpace(name), r.Sets})
	}
	return used, sum <= shareSlack
}

// shareSlack lets shares written with four decimals add up.
const shareSlack = 1.0001

// wholeNumber excludes 1_000, 0x10 and 010, which YAML and Go read in different ways.
var wholeNumber = regexp.MustCompile(`^[-+]?(0|[1-9][0-9]*)$`)

func (r Rule) setWhole(s string, into *int64) bool {
	x, err := strconv.ParseInt(strings.TrimPrefix(s, "+"), 10, 64)
	*into = x
	return err == nil && wholeNumber.MatchString(s) && float64(x) >= r.Min && float64(x) <= r.Max
}

// decimalNumber excludes what ParseFloat takes but a reader would not expect: 0x1p-2, inf, nan, 1_000.
var decimalNumber = regexp.MustCompile(`^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$`)

func (r Rule) setFloat(s string, into *float64) bool {
	x, err := strconv.ParseFloat(s, 64)
	*into = x
	return err == nil && decimalNumber.MatchString(s) && x >= r.Min && x <= r.Max
}

func setBool(s string, into *bool) bool {
	*into = s == "yes" || s == "true"
	return *into || s == "no" || s == "false"
}

func setDate(s string, into *sim.Date) bool {
	d, err := sim.ParseDate(s)
	*into = d
	return err == nil && d >= firstDay && d <= lastDay
}

var namePattern = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9_-]*$`)

// goodName holds names to what can stand in a file name, a path of --set and a CSV cell.
func goodName(s string) bool { return len(s) <= maxWord && namePattern.MatchString(s) }

// MonthSpan returns the first and last day of a year (2023), a month (2023-08) or a day (2023-08-13).
func MonthSpan(s string) (first, last sim.Date, err error) {
	full := map[int]string{4: s + "-01-01", 7: s + "-01", 10: s}[len(s)]
	first, err = sim.ParseDate(full)
	if err != nil {
		return 0, 0, fmt.Errorf("must be %s, got %s", Rule{Kind: Month}.want(""), quote(s))
	}
	switch t := first.Time(); len(s) {
	case 4:
		last = sim.DateOf(t.Year()+1, 1, 1) - 1
	case 7:
		last = sim.DateOf(t.Year(), int(t.Month())+1, 1) - 1
	default:
		last = first
	}
	return first, last, nil
}

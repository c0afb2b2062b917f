package experiment

import (
	"math"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entrepot/words"
)

func french(t testing.TB) *words.Words {
	t.Helper()
	w, err := words.In("fr")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// english are words that no French text has, and digits with a decimal point.
var english = regexp.MustCompile(`(?i)(?:^|[^\pL])(?:the|of|with|by|which|runs?|prices?|towns?|units?|sold|under|from|against|each|has|have|are|is|to|and|than|that|not|what|interval|share|mean|figure|before|after|rifles?|rounds?)(?:$|[^\pL])|\d\.\d`)

// codes are what stays as it is: names of commands, parameters and scenarios.
var codes = regexp.MustCompile("`[^`]*`|[a-z]+\\.[a-z_]+(=[^ ,;)]*)?|dear-roads|greed")

// inFrench holds studies told in French against the same in English: as many sentences, tables and charts, the same numbers, no word of English.
func inFrench(t *testing.T, en, fr map[string]*Findings) {
	for name, f := range fr {
		was, is := textsOf(en[name]), textsOf(f)
		if len(is) != len(was) || len(f.Answer) != len(en[name].Answer) || len(f.Sheets) != len(en[name].Sheets) || len(f.Charts) != len(en[name].Charts) {
			t.Errorf("%s: French has %d texts, English %d", name, len(is), len(was))
		}
		for i, text := range is {
			if found := english.FindString(codes.ReplaceAllString(text, "")); found != "" {
				t.Errorf("%s: %q in %q", name, found, text)
			}
			if i < len(was) && strings.Contains(text, "%!") {
				t.Errorf("%s: %q of %q", name, text, was[i])
			}
		}
		if !slices.EqualFunc(numbersOf(en[name]), numbersOf(f), func(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }) {
			t.Errorf("%s: charts must have the same numbers in both languages", name)
		}
	}
}

// textsOf lists all texts of findings, but ids and names of files.
func textsOf(f *Findings) (all []string) {
	walked(reflect.ValueOf(*f), "", func(name string, v reflect.Value) {
		if v.Kind() == reflect.String && name != "Command" && name != "ChartHead.Name" && name != "Sheet.Name" && name != "Months" && v.Len() > 0 {
			all = append(all, v.String())
		}
	})
	return all
}

// numbersOf lists all numbers of findings.
func numbersOf(f *Findings) (all []float64) {
	walked(reflect.ValueOf(*f), "", func(_ string, v reflect.Value) {
		if v.Kind() == reflect.Float64 {
			all = append(all, v.Float())
		}
	})
	return all
}

// walked calls do with every text and number in a value, by the name of its field.
func walked(v reflect.Value, name string, do func(name string, v reflect.Value)) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() {
			walked(v.Elem(), name, do)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() {
				own := field.Name
				if own == "Name" {
					own = v.Type().Name() + ".Name"
				}
				walked(v.Field(i), own, do)
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			walked(v.Index(i), name, do)
		}
	case reflect.String, reflect.Float64:
		do(name, v)
	}
}

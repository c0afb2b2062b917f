package lessons

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"entrepot/words"
)

func all(t *testing.T) []Lesson {
	t.Helper()
	lessons, err := All()
	if err != nil {
		t.Fatal(err)
	}
	if len(lessons) < 8 {
		t.Fatalf("want at least eight lessons, got %d", len(lessons))
	}
	return lessons
}

func TestALessonIsWhole(t *testing.T) {
	for i, l := range all(t) {
		t.Run(l.ID, func(t *testing.T) {
			if l.Number != i+1 {
				t.Errorf("must be number %d, got %d", i+1, l.Number)
			}
			sum := 0
			for _, s := range l.Teacher.Plan {
				sum += s.Minutes
			}
			if sum != 50 {
				t.Errorf("the plan must fill 50 minutes, got %d", sum)
			}
			for what, n := range map[string]int{"goals": len(l.Goals), "facts": len(l.Hook), "predictions": len(l.Predictions), "tasks": len(l.Tasks) - 1, "discussion": len(l.Discuss) - 1,
				"transfer": len(l.Transfer), "limits": len(l.Limits), "misconceptions": len(l.Teacher.Beliefs) - 1, "prior knowledge": len(l.Teacher.Prior), "explanations": len(l.Explain), "claims": len(l.Expect)} {
				if n < 1 {
					t.Errorf("has too few %s", what)
				}
			}
			for _, p := range l.Predictions {
				holds(t, p)
			}
			l.names(t)
		})
	}
}

// holds checks that of the options of a prediction exactly one comes true, whatever comes.
func holds(t *testing.T, p Prediction) {
	t.Helper()
	if len(p.Options) == 0 {
		if p.High <= p.Low || p.Step <= 0 || p.Near <= 0 || p.Hit == "" || p.TooLow == "" || p.TooHigh == "" {
			t.Errorf("prediction %s: must have a scale and say what is near, too low and too high", p.ID)
		}
		return
	}
	for x := -3.0; x < 3; x += 0.01 {
		n := 0
		for _, o := range p.Options {
			if o.Holds(x) {
				n++
			}
		}
		if n != 1 {
			t.Fatalf("prediction %s: at %.2f one option must hold, got %d", p.ID, x, n)
		}
	}
}

// names checks that whatever is named is there, and that passages have a value for each place.
func (l Lesson) names(t *testing.T) {
	t.Helper()
	var used, runs []string
	drawn := func(charts []Chart) {
		for _, c := range charts {
			runs = append(runs, c.Runs...)
			used = append(used, c.Of)
			for _, b := range c.Bars {
				used, runs = append(used, b.Of), append(runs, b.Run)
			}
		}
	}
	said := func(ps []Passage) {
		for _, p := range ps {
			if n := strings.Count(strings.ReplaceAll(string(p.Text), "%%", ""), "%s"); n != len(p.Values) {
				t.Errorf("%q: must have %d values, got %d", p.Text, n, len(p.Values))
			}
			for _, v := range p.Values {
				used = append(used, v.Of)
				if !slices.Contains(formats(), v.As) {
					t.Errorf("%q: unknown format %q", p.Text, v.As)
				}
			}
			if p.When != nil {
				used = append(used, p.When.Of)
			}
		}
	}
	drawn(l.Given.Show)
	drawn(l.Show)
	said(l.Explain)
	runs = append(runs, l.Given.State)
	for _, k := range l.Tasks {
		runs = append(runs, k.State)
		drawn(k.Show)
		said(k.Explain)
	}
	for _, p := range l.Predictions {
		used = append(used, p.Of)
	}
	for _, e := range l.Expect {
		used = append(used, e.Of)
	}
	for _, r := range l.Observe {
		if len(r.Of) != len(l.Columns) {
			t.Errorf("row %q: must have %d measures, got %d", r.Text, len(l.Columns), len(r.Of))
		}
		for _, id := range r.Of {
			of, _, _ := strings.Cut(id, ":")
			used = append(used, of)
		}
		used = append(used, r.Pairs)
	}
	for _, m := range l.Measures {
		used, runs = append(used, m.Args...), append(runs, m.Run)
	}
	for _, id := range used {
		if id != "" && !slices.ContainsFunc(l.Measures, func(m Measure) bool { return m.ID == id }) {
			t.Errorf("unknown measure %q", id)
		}
	}
	for _, m := range l.Measures {
		if !slices.Contains(used, m.ID) {
			t.Errorf("measure %q is used nowhere", m.ID)
		}
	}
	for _, run := range runs {
		if _, known := l.States[run]; run != "" && !known {
			t.Errorf("unknown state %q", run)
		}
	}
	for name := range l.States {
		if l.Names[name] == "" {
			t.Errorf("state %q has no name", name)
		}
	}
}

// formats are the ways to write a number; those that begin with "signed" give a change its sign.
func formats() []string {
	return []string{"cfa", "signed", "percent", "signed percent", "units", "signed units", "count", "decimal"}
}

func TestEveryTextOfALessonHasFrench(t *testing.T) {
	fr, err := words.In("fr")
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all(t) {
		for _, text := range l.Texts() {
			if !fr.Has(string(text)) {
				t.Errorf("%s: no French for %q", l.ID, text)
				continue
			}
			if en, own := strings.Count(string(text), "%s"), strings.Count(fr.T(string(text)), "%s"); en != own {
				t.Errorf("%s: %q has %d values, its French %d", l.ID, text, en, own)
			}
		}
	}
}

// String says a range.
func (e Expected) String() string {
	switch {
	case e.From == nil:
		return fmt.Sprintf("under %v", *e.To)
	case e.To == nil:
		return fmt.Sprintf("at least %v", *e.From)
	}
	return fmt.Sprintf("from %v to %v", *e.From, *e.To)
}

package scenarios

import (
	"strings"
	"testing"
)

func TestBuiltInPriorsAreRangesOfPathsThatTheirScenariosAccept(t *testing.T) {
	found := 0
	for _, name := range Names() {
		s, err := Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		file, data := s.Priors()
		if file != name+".csv" {
			continue
		}
		found++
		priors, err := ReadPriors(file, data)
		if err != nil {
			t.Errorf("%s: %v", file, err)
		}
		for _, p := range priors {
			for _, path := range strings.Split(p.Path, "|") {
				for _, x := range []float64{p.Low, p.High} {
					if _, err := s.With([]string{path + "=" + plain(x)}); err != nil {
						t.Errorf("%s: %v", file, err)
					}
				}
			}
			if p.Source == "" || p.Grade == "" || p.Note == "" {
				t.Errorf("%s: %s must have source, grade and note", file, p.Path)
			}
		}
	}
	if found < 2 {
		t.Errorf("both baselines of northern Mali must have priors, got %d tables", found)
	}
}

func TestALayerOnAWorldHasThePriorsOfTheWorld(t *testing.T) {
	s, err := Load("offensive", nil)
	if err != nil {
		t.Fatal(err)
	}
	if file, _ := s.Priors(); file != "northern-mali.csv" {
		t.Errorf("offensive must have the priors of northern-mali, got %q", file)
	}
	if s, err = Load("textbook", nil); err != nil {
		t.Fatal(err)
	}
	if file, _ := s.Priors(); file != "" {
		t.Errorf("textbook has no priors, got %q", file)
	}
}

func TestMistakesInATableOfPriorsAreToldWithTheirPlace(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"ends that are no range", "path,low,high\na,2,1\n", "p.csv:2:3: low: must be below high (1), got 2"},
		{"a logarithm of zero", "path,low,high,scale\na,0,1,log\n", "p.csv:2:3: low: must be above 0 on a scale of logarithms, got 0"},
		{"an unknown scale", "path,low,high,scale\na,1,2,cubic\n", "p.csv:2:7: scale: must be one of linear, log"},
		{"a path that comes twice", "path,low,high\na,1,2\na,1,3\n", "p.csv:3:1"},
		{"a missing column", "path,low\na,1\n", "p.csv:1:1: high: must be a column"},
		{"no number", "path,low,high\na,x,2\n", "p.csv:2:3: low: must be"},
	} {
		if _, err := ReadPriors("p.csv", []byte(c.text)); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: must be told %q, got %v", c.name, c.want, err)
		}
	}
}

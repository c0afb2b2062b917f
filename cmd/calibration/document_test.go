package main

import (
	"encoding/csv"
	"os"
	"slices"
	"strings"
	"testing"

	"entrepot/scenarios"
)

const documentFile = "../../docs/calibration.md"

// idsOf lists the facts of the first column of the tables of a section, each once, in their order.
func idsOf(t *testing.T, section string) (ids []string) {
	t.Helper()
	data, err := os.ReadFile(documentFile)
	if err != nil {
		t.Fatal(err)
	}
	text, err := sectionOf(strings.ReplaceAll(string(data), "\r\n", "\n"), section)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(text, "\n") {
		cells := strings.Split(line, "|")
		if len(cells) < 3 {
			continue
		}
		if id := strings.TrimSpace(cells[1]); factID(id) && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	return ids
}

// factID tells whether a word is a letter and two digits, as the facts of the world are named.
func factID(s string) bool {
	return len(s) == 3 && s[0] >= 'A' && s[0] <= 'Z' && s[1] >= '0' && s[1] <= '9' && s[2] >= '0' && s[2] <= '9'
}

func load(t *testing.T) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTheDocumentHasEveryTargetOfTheWorld(t *testing.T) {
	var want []string
	for _, f := range load(t).Facts {
		if f.Use == "calibrate" || f.Kind == "price" {
			want = append(want, f.ID)
		}
	}
	if len(want) < 20 {
		t.Fatalf("the world must have some targets, got %v", want)
	}
	for _, section := range []string{"facts", "unodc"} {
		if got := idsOf(t, section); !slices.Equal(got, want) {
			t.Errorf("section %s of docs/calibration.md must have the facts %v, got %v; renew it: go run ./cmd/calibration -write docs/calibration.md", section, want, got)
		}
	}
}

func TestEveryTargetIsMeasured(t *testing.T) {
	for _, x := range targets(load(t)) {
		if !x.Measurable() || x.What == nil || x.Unit == "" || x.Low > x.High {
			t.Errorf("%s: must say what is measured (%q) in which unit (%q), within a range (%v to %v); %s", x.Fact.ID, x.What, x.Unit, x.Low, x.High, x.Why)
		}
	}
}

// What package experiment knows of prices in Abidjan is from the words of two notes, which must be those still.
func TestRangesOfNotesAreThoseOfTheNotes(t *testing.T) {
	rows, err := csv.NewReader(strings.NewReader(string(load(t).WorldFiles["facts.csv"]))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	note := map[string]string{}
	for _, row := range rows[1:] {
		note[row[0]] = row[len(row)-1]
	}
	for _, c := range []struct{ id, words string }{
		{"P10", "0.75-1.0"}, {"P11", "2.5-3.3"},
	} {
		if !strings.Contains(note[c.id], c.words) {
			t.Errorf("the note of %s must have the words %q, got %q", c.id, c.words, note[c.id])
		}
	}
}

func TestOnlyWhatStandsBetweenTheMarksIsRenewed(t *testing.T) {
	begin, end := marks("facts")
	doc := "before\n" + begin + "\nold\n" + end + "\nafter\n"
	now, err := renew(doc, "facts", "new\n\n")
	if want := "before\n" + begin + "\n\nnew\n\n" + end + "\nafter\n"; err != nil || now != want {
		t.Errorf("must be %q, got %q, %v", want, now, err)
	}
	if again, err := renew(now, "facts", "new"); err != nil || again != now {
		t.Errorf("renewed again it must stay %q, got %q, %v", now, again, err)
	}
	if _, err := renew(doc, "causes", "x"); err == nil {
		t.Error("a document without the marks must be refused")
	}
}

func TestEveryVariantIsAScenarioThatLoads(t *testing.T) {
	for _, v := range append(hypotheses(), alone()...) {
		if _, err := scenarios.Load(v.scenario, v.sets); err != nil {
			t.Errorf("%s: %v", v.name, err)
		}
	}
}

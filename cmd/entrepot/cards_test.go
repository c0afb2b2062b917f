package main

import (
	"strings"
	"testing"

	"entrepot/scenarios"
)

// A card says what its figures say: what held in all pairs is to be trusted, what did not misleads.
func TestACardTellsWhatWasSeen(t *testing.T) {
	s, err := scenarios.Load("barkhane-withdrawal", nil)
	if err != nil {
		t.Fatal(err)
	}
	id, claim := s.Expect[0].ID, s.Expect[0].Claim
	for _, c := range []struct{ name, row, in, not string }{
		{"in all pairs", "6,83030,72820,1,9,6", "tried.**\n\n- " + claim + "\n", claim + ": "},
		{"in most", "6,83030,72820,-1,9,4", claim + ": not so in 2 of 6 pairs", "\n- " + claim + "\n"},
		{"the other way", "6,72820,83030,-9,-1,6", claim + ": the runs say the opposite", "\n- " + claim + "\n"},
	} {
		seen, err := observations([]byte("scenario,claim,pairs,mean,against,least,most,alike\n" + s.Name + "," + id + "," + c.row + "\n"))
		if err != nil {
			t.Fatal(err)
		}
		if got := card(s, seen); !strings.Contains(got, c.in) || strings.Contains(got, c.not) {
			t.Errorf("%s: got %s", c.name, got)
		}
	}
	if got := card(s, nil); !strings.Contains(got, "| "+claim+" | not run |") {
		t.Errorf("without runs: got %s", got)
	}
}

func TestEveryClaimOfTheLibraryIsInTheCards(t *testing.T) {
	text, err := cardsMarkdown()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(text, "| not run |") || strings.Count(text, "\n## ") != len(scenarios.Names()) {
		t.Error("a claim has no figures, or a scenario no card; run `make cards`")
	}
}

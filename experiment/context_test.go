package experiment

import (
	"testing"

	"entrepot/agents"
	"entrepot/scenarios"
)

func TestAnEventIsLabelledByWhatItsNoteSaysOfIt(t *testing.T) {
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		event agents.Event
		want  string
	}{
		{agents.Event{ID: "kidal-taken", Kind: "hub_control", Hub: "kidal", Note: "army and Wagner take Kidal; trade hides"}, "army and Wagner take Kidal, trade hides"},
		{agents.Event{ID: "tessalit-taken", Kind: "hub_control", Hub: "tessalit", Note: "MINUSMA leaves, the army is in"}, "Tessalit: MINUSMA leaves, the army is in"},
		{agents.Event{ID: "anefis-taken", Kind: "hub_control", Hub: "anefis", Note: "army takes Anefis"}, "army takes Anefis"},
		{agents.Event{ID: "ber-reopens", Kind: "hub_control", Hub: "ber", Note: "counterfactual"}, "Ber reopens"},
		{agents.Event{ID: "x", Kind: "demand", Hub: "tahoua", Note: "137 killed; civilians arm; size stylised"}, "Tahoua: 137 killed, civilians arm"},
		{agents.Event{ID: "war-1", Kind: "violence", Note: "as in offensive, until the reopening"}, "war 1"},
		{agents.Event{ID: "b", Kind: "force", Force: "barkhane", Action: "leave", Note: "last unit leaves Mali"}, "Barkhane: last unit leaves Mali"},
		{agents.Event{ID: "home", Kind: "force", Force: "fama", Action: "reinforce", Note: "counterfactual: the effort of 2021"}, "Malian army: the effort of 2021"},
		{agents.Event{ID: "army-north", Kind: "force", Force: "fama", Action: "reinforce"}, "army north"},
		{agents.Event{ID: "n", Kind: "exchange_rate", Currency: "NGN", Note: "about 870 a dollar (mean)"}, "NGN: about 870 a dollar"},
		{agents.Event{ID: "l", Kind: "violence", Note: "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"},
			"one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen …"},
	} {
		if got := EventLabel(s, &c.event); got != c.want {
			t.Errorf("%s: got %q, want %q", c.event.ID, got, c.want)
		}
	}
}

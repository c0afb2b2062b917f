package experiment

import (
	"context"
	"math"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"

	"entrepot/scenarios"
)

// World: every built-in scenario as it stands; seeds 1 to Pairs of each claim (times longPairs if ENTREPOT_LONG=1). Of some thirty true
// claims none should fail by chance: a true effect so weak that it is missed now and then needs more pairs.
const longPairs = 4

// unreached are claims that the model does not show, each with what was seen instead. They are not dropped and not weakened:
// the target is the claim as it stands in its file. Until it is reached the test asks only that its opposite is not shown
// either, and says how far it is; a claim that has come true must leave this list.
var unreached = map[string]string{}

// builtInClaims lists the claims of all built-in scenarios, each scenario loaded once.
func builtInClaims(t *testing.T) (all []Claim) {
	t.Helper()
	loaded := map[string]*scenarios.Scenario{}
	load := func(ref string) (*scenarios.Scenario, error) {
		if loaded[ref] == nil {
			s, err := scenarios.Load(ref, nil)
			if err != nil {
				return nil, err
			}
			loaded[ref] = s
		}
		return loaded[ref], nil
	}
	for _, name := range scenarios.Names() {
		s, err := load(name)
		if err != nil {
			t.Fatal(err)
		}
		claims, err := Claims(s, load)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all = append(all, claims...)
	}
	return all
}

func TestClaimsHoldOnPairedSeeds(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every scenario on several seeds")
	}
	all := builtInClaims(t)
	if len(all) < 30 {
		t.Fatalf("the built-in scenarios must have some thirty claims, got %d", len(all))
	}
	for id := range unreached {
		if !slices.ContainsFunc(all, func(c Claim) bool { return c.Scenario.Name+"/"+c.ID == id }) {
			t.Errorf("%s is on the list of unreached claims, but no scenario claims it", id)
		}
	}
	if os.Getenv("ENTREPOT_LONG") == "1" {
		for i := range all {
			longer := *all[i].Expect
			longer.Pairs *= longPairs
			all[i].Expect = &longer
		}
	}
	judged, err := Judgements(context.Background(), all, func(pair int) uint64 { return uint64(pair + 1) }, runtime.NumCPU())
	if err != nil {
		t.Fatal(err)
	}
	for i := range judged {
		t.Run(all[i].Scenario.Name+"/"+all[i].ID, func(t *testing.T) { judge(t, &judged[i]) })
	}
}

func judge(t *testing.T, j *Judgement) {
	t.Logf("%s; %.4g against %.4g", j.Words, j.A, j.B)
	if j.Missing > 0 {
		t.Errorf("%s: %d pairs have nothing to measure", j.Claim.Claim, j.Missing)
	}
	gap, open := unreached[j.Claim.Scenario.Name+"/"+j.Claim.ID]
	switch {
	case open && j.Holds:
		t.Logf("now shown: take it off the list of unreached claims (%s)", gap)
	case open && j.Opposite:
		t.Errorf("%s; differences %.3g", j.Words, j.Difference)
	case open:
		t.Logf("NOT SHOWN: %s; differences %.3g", gap, j.Difference)
	case !j.Holds:
		t.Errorf("%s, must be shown with sign %+d at the level %.2f; differences %.3g", j.Words, j.Claim.Sign, ClaimLevel, j.Difference)
	}
}

func TestAClaimIsJudgedOnItsPairs(t *testing.T) {
	none := math.NaN()
	for _, c := range []struct {
		name        string
		sign        int
		here, there []float64
		holds       bool
		opposite    bool
		p           float64
		missing     int
		words       string
	}{
		// differences 1, 2, 3: mean 2, standard error 1/sqrt(3), t = 3.4641 with 2 degrees of freedom
		{"three pairs that all rise", 1, []float64{11, 12, 13}, []float64{10, 10, 10}, true, false, 0.037090, 0, "shown, 12 against 10 (+20 %), p = 0.037, 3 pairs"},
		{"the same with the other sign", -1, []float64{11, 12, 13}, []float64{10, 10, 10}, false, true, 0.962910, 0, "the opposite is shown, 12 against 10 (+20 %), p = 0.96"},
		{"differences about zero", 1, []float64{11, 9, 10.1, 10}, []float64{10, 10, 10, 10}, false, false, 0.4775, 0, "not shown"},
		{"equal differences need no test", 1, []float64{2, 3}, []float64{1, 2}, true, false, 0, 0, "p < 0.001"},
		{"about the same", 0, []float64{104, 104}, []float64{100, 100}, true, false, none, 0, "shown, 104 against 100 (+4.0 %), 2 pairs"},
		{"not the same", 0, []float64{106, 106}, []float64{100, 100}, false, false, none, 0, "not shown"},
		{"a pair without a value is left out", 1, []float64{11, none, 13}, []float64{10, 10, 10}, false, false, 0.147584, 1, "2 pairs"},
		{"no pair at all", 1, []float64{none}, []float64{1}, false, false, none, 1, "nothing to measure"},
	} {
		t.Run(c.name, func(t *testing.T) {
			claim := Claim{Expect: &scenarios.Expect{Claim: "it rises", Sign: c.sign}}
			j := claim.Judge(c.here, c.there)
			if j.Holds != c.holds || j.Opposite != c.opposite || j.Missing != c.missing || !strings.Contains(j.Words, c.words) {
				t.Errorf("holds %v, opposite %v, missing %d, %q; want %v, %v, %d, %q", j.Holds, j.Opposite, j.Missing, j.Words, c.holds, c.opposite, c.missing, c.words)
			}
			if math.IsNaN(j.P) != math.IsNaN(c.p) || math.Abs(j.P-c.p) > 5e-4 {
				t.Errorf("p = %v, want %v", j.P, c.p)
			}
		})
	}
}

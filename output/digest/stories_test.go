package digest

import (
	"slices"
	"strings"
	"testing"

	"entrepot/output/tables"
)

func TestStoresGroupsAndProgrammesAreTold(t *testing.T) {
	run := twoYears()
	rec, s := run.Recording(), run.Names.Sym
	rec.Event(tables.Event{Tick: 10, Kind: "store_moved", Place: "gao", Detail: "a dealer's store from ghat"}) // in the first period: not told
	rec.Event(tables.Event{Tick: 60, Kind: "store_moved", Place: "ghat", Detail: "a dealer's store from gao"})
	rec.Event(tables.Event{Tick: 61, Kind: "store_moved", Place: "ghat", Detail: "a dealer's store from gao"})
	rec.Event(tables.Event{Tick: 62, Kind: "capture", Place: "gao", Detail: "jnim overruns a post"})
	for t := range int32(104) {
		held := 10.0
		if t >= 52 {
			held = 15
		}
		rec.Actor(tables.Actor{Tick: t, Actor: s("group:jnim"), Good: s("ak"), Origin: s("libya"), Measure: s("held"), Value: held, Unit: s("units")})
		rec.Actor(tables.Actor{Tick: t, Actor: s("ddr:x"), Measure: s("registered"), Value: float64(t), Unit: s("people")})
		rec.Ledger(tables.Ledger{Tick: t, Good: s("ak"), Origin: s("libya"), Measure: s("collected"), Units: 1000 + int64(t)})
	}
	d := Make(run, context())
	if want := []NetStores{{"gao", -2}, {"ghat", 2}}; !slices.Equal(d.StoresNet(), want) {
		t.Errorf("stores: got %v, want %v", d.StoresNet(), want)
	}
	if len(d.Holdings) == 0 || d.Holdings[0].Group != "group:jnim" || d.Holdings[0].Held != (Pair{10, 15}) {
		t.Errorf("held: got %+v", d.Holdings)
	}
	if d.Programme != (Programme{Registered: 103, Collected: 103}) {
		t.Errorf("programme: got %+v", d.Programme)
	}
	all := strings.ReplaceAll(strings.Join(append(d.StoreSentences(), d.GroupSentences()...), "\n"), "\u00a0", " ")
	for _, want := range []string{"moved 2 stores", "Gao (−2)", "Ghat (+2)", "held 10 rifles on average before and 15 after (+50 %)", "people registered: 103", "Posts of forces overrun a year: 0 before, 1 after"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
}

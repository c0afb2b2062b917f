package scenarios

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"entrepot/agents"
	"entrepot/sim"
)

func mustLoad(t testing.TB, fsys fs.FS, path string, sets ...string) *Scenario {
	t.Helper()
	s, err := LoadFS(fsys, path, sets)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// over puts a scenario file over good.yaml, in a file system of its own.
func over(t testing.TB, text string) fstest.MapFS {
	fsys := goodFS(t)
	fsys["over.yaml"] = &fstest.MapFile{Data: []byte("version: 1\nextends: [good.yaml]\n" + text)}
	return fsys
}

func eventsByID(s *Scenario) map[string]agents.Event {
	byID := map[string]agents.Event{}
	for _, e := range s.Setup.Events {
		byID[e.ID] = e
	}
	return byID
}

func TestTheTestScenarioFillsTheSetup(t *testing.T) {
	s := mustLoad(t, goodFS(t), "good.yaml")
	if got, want := s.Setup.Start.String()+" "+s.Setup.End.String(), "2022-01-03 2022-12-26"; got != want {
		t.Errorf("weeks: got %s, want %s", got, want)
	}
	wantParams := agents.Defaults()
	wantParams.Trafficker.Tau, wantParams.Trafficker.LagKin, wantParams.Group.DroneSupport = 30000, 2, true
	if diff := cmp.Diff(wantParams, s.Setup.Params); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	wantHub := agents.Hub{ID: "middle", Name: "Middle", Country: "AAA", Lat: 18, Kind: "market", Market: true, Controller: "army", Regime: "clandestine", Violence: 1}
	if diff := cmp.Diff(wantHub, s.Setup.Hubs[1]); diff != "" {
		t.Errorf("hub (-want +got):\n%s", diff)
	}
	wantEvents := []agents.Event{
		{ID: "taken", Cause: "war", Date: sim.DateOf(2022, 3, 1), Kind: "hub_control", Hub: "middle", To: Nobody, Regime: "open", Note: "left: nobody follows"},
		{ID: "closed", Cause: "war", Date: sim.DateOf(2022, 3, 7), Kind: "route", Action: "close", From: "middle", To: "south", Weeks: 10},
		{ID: "glut", Cause: "supply", Date: sim.DateOf(2022, 5, 2), Kind: "supply", Stockholder: "libya", Factor: 2, Recovery: "exponential", Weeks: 8},
	}
	if diff := cmp.Diff(wantEvents, s.Setup.Events); diff != "" {
		t.Errorf("events, by date (-want +got):\n%s", diff)
	}
	wantExpect := []Expect{{ID: "dearer", Claim: "the rifle in South gets dearer", Table: "prices", Measure: "price_cfa", Good: "ak", Place: "south",
		During: Span{"2022-04", "2022-05"}, Against: Against{During: Span{"2022-01", "2022-02"}}, Sign: 1, Pairs: 3}}
	if diff := cmp.Diff(wantExpect, s.Expect); diff != "" {
		t.Errorf("claims (-want +got):\n%s", diff)
	}
}

func TestResolvedLoadsAgainToTheSameSetupAndHash(t *testing.T) {
	fsys := over(t, "name: again\ntitle: \"yes\"\nparameters: {trafficker: {tau: 1.5e3}, supply.scale: 0.1}\nevents:\n  - {id: glut, factor: 1e-3, note: \"2022-01-01\"}\n  - {id: taken, remove: true}\n")
	first := mustLoad(t, fsys, "over.yaml", "group.drone_support=false")
	fsys["resolved.yaml"] = &fstest.MapFile{Data: first.Resolved}
	checkSame(t, first, mustLoad(t, fsys, "resolved.yaml"))
}

func TestResolvedOfEveryBuiltInScenarioLoadsAgain(t *testing.T) {
	for _, name := range Names() {
		t.Run(name, func(t *testing.T) {
			first, err := Load(name, nil)
			if err != nil {
				t.Fatal(err)
			}
			checkSame(t, first, mustLoad(t, fstest.MapFS{"resolved.yaml": {Data: first.Resolved}}, "resolved.yaml"))
		})
	}
}

func checkSame(t *testing.T, first, second *Scenario) {
	t.Helper()
	if diff := cmp.Diff(first.Setup, second.Setup); diff != "" {
		t.Errorf("setup (-first +second):\n%s", diff)
	}
	if diff := cmp.Diff(string(first.Resolved), string(second.Resolved)); diff != "" {
		t.Errorf("resolved (-first +second):\n%s", diff)
	}
	if first.Hash != second.Hash {
		t.Errorf("hash: %s and %s", first.Hash, second.Hash)
	}
	if diff := cmp.Diff(first.Expect, second.Expect); diff != "" {
		t.Errorf("claims (-first +second):\n%s", diff)
	}
}

func TestTheHashChangesWithTheWorldAndNotWithLineEnds(t *testing.T) {
	hash := func(change func(string) string) string {
		fsys := goodFS(t)
		fsys["tiny/hubs.csv"] = &fstest.MapFile{Data: []byte(change(string(fsys["tiny/hubs.csv"].Data)))}
		return mustLoad(t, fsys, "good.yaml").Hash
	}
	same := hash(func(s string) string { return s })
	if got := hash(func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }); got != same {
		t.Error("line ends must not change the hash")
	}
	if got := hash(func(s string) string { return strings.Replace(s, "North,", "Norther,", 1) }); got == same {
		t.Error("a changed table must change the hash")
	}
	if got := mustLoad(t, goodFS(t), "good.yaml", "trafficker.tau=30001").Hash; got == same {
		t.Error("a changed parameter must change the hash")
	}
}

func TestLaterLayersWin(t *testing.T) {
	fsys := goodFS(t)
	fsys["a.yaml"] = &fstest.MapFile{Data: []byte("version: 1\nname: a\ntitle: A\nextends: [good.yaml]\nassumptions: [a]\nparameters: {trafficker.tau: 1, market.quote_lot: 0.5}\nevents: [{id: glut, factor: 3}]\n")}
	fsys["b.yaml"] = &fstest.MapFile{Data: []byte("version: 1\nextends: [good.yaml]\nparameters: {trafficker.tau: 2, trafficker.lag_kin: null}\nevents: {glut: {weeks: 4, recovery: linear}, closed: null}\n")}
	fsys["c.yaml"] = &fstest.MapFile{Data: []byte("version: 1\nextends: [a.yaml, b.yaml]\nperiod: {end: 2022-06-30}\n")}
	s := mustLoad(t, fsys, "c.yaml")
	if s.Name != "c" || s.Title != "" {
		t.Errorf("name and title must not be inherited, got %q %q", s.Name, s.Title)
	}
	if diff := cmp.Diff([]string{"a"}, s.Assumptions); diff != "" {
		t.Errorf("assumptions are inherited from the last layer that has them: %s", diff)
	}
	p := s.Setup.Params
	if p.Trafficker.Tau != 2 || p.Market.QuoteLot != 0.5 {
		t.Errorf("tau must come from b, quote_lot from a, got %v %v", p.Trafficker.Tau, p.Market.QuoteLot)
	}
	if p.Trafficker.LagKin != agents.Defaults().Trafficker.LagKin {
		t.Errorf("null must go back to the default, got %v", p.Trafficker.LagKin)
	}
	if s.Setup.Start.String() != "2022-01-03" || s.Setup.End.String() != "2022-06-27" {
		t.Errorf("start and end merge one by one, got %v %v", s.Setup.Start, s.Setup.End)
	}
	events := eventsByID(s)
	glut := events["glut"]
	if glut.Factor != 3 || glut.Weeks != 4 || glut.Recovery != "linear" || glut.Date != sim.DateOf(2022, 5, 2) {
		t.Errorf("an event merges field by field, got %+v", glut)
	}
	if _, there := events["closed"]; there || len(events) != 2 {
		t.Errorf("null must remove an event, got %v", events)
	}
}

func TestALayerUsedTwiceIsAppliedOnce(t *testing.T) {
	fsys := goodFS(t)
	fsys["a.yaml"] = &fstest.MapFile{Data: []byte("version: 1\nextends: [good.yaml]\nparameters: {trafficker.tau: 7}\n")}
	fsys["b.yaml"] = &fstest.MapFile{Data: []byte("version: 1\nextends: [good.yaml]\n")}
	fsys["c.yaml"] = &fstest.MapFile{Data: []byte("version: 1\nextends: [a.yaml, b.yaml]\n")}
	if got := mustLoad(t, fsys, "c.yaml").Setup.Params.Trafficker.Tau; got != 7 {
		t.Errorf("good.yaml under b must not undo a: tau must be 7, got %v", got)
	}
}

func TestNamesKeepTheirCase(t *testing.T) {
	fsys := goodFS(t)
	hubs := string(fsys["tiny/hubs.csv"].Data) + "ElFasher,El Fasher,SDN,13.6,25.3,transit,no,,open,0,test,D,\n"
	fsys["tiny/hubs.csv"] = &fstest.MapFile{Data: []byte(hubs)}
	fsys["over.yaml"] = &fstest.MapFile{Data: []byte("version: 1\nname: OverCase\nextends: [good.yaml]\nevents: [{id: ElEvent, cause: War, date: 2022-02-01, kind: violence, hub: ElFasher, factor: 2}]\n")}
	s := mustLoad(t, fsys, "over.yaml")
	if e := eventsByID(s)["ElEvent"]; e.Hub != "ElFasher" || e.Cause != "War" || s.Name != "OverCase" {
		t.Errorf("names must keep their case, got %+v in %s", e, s.Name)
	}
}

func TestSetsChangeWhatTheyName(t *testing.T) {
	cases := []struct {
		set  string
		got  func(*Scenario) any
		want any
	}{
		{"trafficker.tau=1", func(s *Scenario) any { return s.Setup.Params.Trafficker.Tau }, 1.0},
		{"parameters.trafficker.tau=1e3", func(s *Scenario) any { return s.Setup.Params.Trafficker.Tau }, 1000.0},
		{"trafficker={tau: 2, lag_other: 3}", func(s *Scenario) any { return s.Setup.Params.Trafficker.LagOther }, int64(3)},
		{"road.passthrough=additive", func(s *Scenario) any { return s.Setup.Params.Road.PassThrough }, "additive"},
		{"group.drone_support=false", func(s *Scenario) any { return s.Setup.Params.Group.DroneSupport }, false},
		{"trafficker.tau=null", func(s *Scenario) any { return s.Setup.Params.Trafficker.Tau }, agents.Defaults().Trafficker.Tau},
		{"period.start=2022-02-02", func(s *Scenario) any { return s.Setup.Start.String() }, "2022-01-31"},
		{"events.taken.to=rebels", func(s *Scenario) any { return eventsByID(s)["taken"].To }, "rebels"},
		{"events.taken=null", func(s *Scenario) any { return len(s.Setup.Events) }, 2},
		{"events.closed.until=2022-04-01", func(s *Scenario) any { return "refused" }, "refused"},
		{"events.new={cause: c, date: 2022-02-01, kind: income, group: rebels, value: 5}", func(s *Scenario) any { return eventsByID(s)["new"].HasValue }, true},
		{"title=a = b", func(s *Scenario) any { return s.Title }, "a = b"},
		{"name=other", func(s *Scenario) any { return s.Setup.Name }, "other"},
		{"look_at=[a, b]", func(s *Scenario) any { return len(s.LookAt) }, 2},
	}
	for _, c := range cases {
		t.Run(c.set, func(t *testing.T) {
			s, err := LoadFS(goodFS(t), "good.yaml", []string{c.set})
			if c.want == "refused" {
				if err == nil {
					t.Fatal("must be refused: until beside weeks")
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got := c.got(s); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestEverySetIsReportedUnderItsNumber(t *testing.T) {
	_, err := LoadFS(goodFS(t), "good.yaml", []string{"trafficker.tau=0", "trafficker.tau=5", "market.quote_lot=7"})
	var problems Problems
	if !errors.As(err, &problems) || len(problems) != 2 || problems[0].File != "--set 1" || problems[1].File != "--set 3" {
		t.Fatalf("must be problems of the sets 1 and 3, got %v", err)
	}
}

func TestWithLaysSetsOverALoadedScenario(t *testing.T) {
	s := mustLoad(t, goodFS(t), "good.yaml", "trafficker.tau=5")
	derived, err := s.With([]string{"market.quote_lot=0.25", "events.glut=null"})
	if err != nil {
		t.Fatal(err)
	}
	if p := derived.Setup.Params; p.Trafficker.Tau != 5 || p.Market.QuoteLot != 0.25 || len(derived.Setup.Events) != 2 {
		t.Errorf("the sets must add up, got %v %v and %d events", p.Trafficker.Tau, p.Market.QuoteLot, len(derived.Setup.Events))
	}
	if s.Setup.Params.Market.QuoteLot == 0.25 || len(s.Setup.Events) != 3 {
		t.Error("the scenario it came from must stay as it was")
	}
	checkSame(t, mustLoad(t, goodFS(t), "good.yaml", "trafficker.tau=5", "market.quote_lot=0.25", "events.glut=null"), derived)
}

func TestAPathOnDiskLoadsWithItsWorldBesideIt(t *testing.T) {
	s, err := Load(filepath.Join("testdata", "good.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.World != "tiny" || !s.WorldOwn || len(s.WorldFiles) != 19 {
		t.Errorf("got world %s, own %v, %d files", s.World, s.WorldOwn, len(s.WorldFiles))
	}
	dir := t.TempDir() // what a run keeps: the resolved scenario and the world beside it
	if err := os.Mkdir(filepath.Join(dir, s.World), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range s.WorldFiles {
		if err := os.WriteFile(filepath.Join(dir, s.World, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, "scenario.yaml"), s.Resolved, 0o644); err != nil {
		t.Fatal(err)
	}
	again, err := Load(filepath.Join(dir, "scenario.yaml"), nil)
	if err != nil {
		t.Fatal(err)
	}
	checkSame(t, s, again)
}

func TestUnknownScenariosAndPathsAreProblems(t *testing.T) {
	for ref, want := range map[string]string{
		"offensiv":            "did you mean offensive?",
		"./nowhere/x.yaml":    "must be a scenario file that exists",
		"testdata/tiny/":      "testdata/tiny/:1:1: must be a scenario file",
		"":                    "must be a built-in scenario or the path of a file",
		"testdata/good.yaml/": "must be a scenario file",
	} {
		_, err := Load(ref, nil)
		var problems Problems
		if !errors.As(err, &problems) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: must be Problems with %q, got %v", ref, want, err)
		}
	}
}

func TestWorldsOfOnesOwnAreNotLimitedToTheKnownOrigins(t *testing.T) {
	fsys := goodFS(t)
	data := strings.ReplaceAll(string(fsys["tiny/stockholders.csv"].Data), "libya", "atlantis")
	fsys["tiny/stockholders.csv"] = &fstest.MapFile{Data: []byte(data)}
	s := mustLoad(t, fsys, "good.yaml", "events.glut.stockholder=atlantis")
	if s.Setup.Stockholders[0].Origin != "atlantis" {
		t.Errorf("got %+v", s.Setup.Stockholders[0])
	}
}

func TestSizesAreBounded(t *testing.T) {
	t.Run("more than 5000 hubs", func(t *testing.T) {
		fsys := goodFS(t)
		var b strings.Builder
		b.Write(fsys["tiny/hubs.csv"].Data)
		for i := range maxHubs {
			b.WriteString("h" + strconv.Itoa(i) + ",H,AAA,0,0,transit,no,,open,0,test,D,\n")
		}
		fsys["tiny/hubs.csv"] = &fstest.MapFile{Data: []byte(b.String())}
		refused(t, fsys, "tiny/hubs.csv:5002:1: must be a table of at most 5000 rows, got 5004")
	})
	t.Run("more than 100000 events", func(t *testing.T) {
		c := newChecker()
		v, err := parseDocument("x.yaml", []byte("{cause: c, date: 2022-02-01, kind: violence, hub: south, factor: 2}"))
		if err != nil {
			t.Fatal(err)
		}
		m := &merged{reader: newEventReader(c), events: slices.Repeat([]*eventValue{{id: "e", v: v}}, maxEvents+1)}
		if events := (&Scenario{}).readEvents(m, c); len(events) != maxEvents || len(c.found) != 1 ||
			c.found[0].Msg != "must be at most 100000 events, got more" {
			t.Errorf("got %d events and %v", len(events), c.found)
		}
	})
	t.Run("a file of more than 4 MiB", func(t *testing.T) {
		fsys := over(t, "# "+strings.Repeat("x", maxFileBytes)+"\n")
		fsys["good.yaml"] = fsys["over.yaml"]
		refused(t, fsys, "good.yaml:1:1: must be a file of at most 4194304 bytes")
	})
}

func refused(t *testing.T, fsys fs.FS, want string) {
	t.Helper()
	_, err := LoadFS(fsys, "good.yaml", nil)
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Fatalf("must be refused with %q, got %.300v", want, err)
	}
}

package live

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"entrepot/internal/spoil"
	"entrepot/scenarios"
)

// wrong returns what an answer says is wrong, each as place: path: message; hint.
func wrong(t testing.TB, d *Desk, name, question string) (all []string) {
	t.Helper()
	lines := ask(t, d, name, question)
	var line problemsLine
	read(t, lines[len(lines)-1], &line)
	if line.Kind != "problems" || len(line.Problems) == 0 {
		t.Fatalf("got no problems, but %.200s", lines[len(lines)-1])
	}
	for _, p := range line.Problems {
		text := p.Path + ": " + p.Message
		if p.Line > 0 {
			text = fmt.Sprintf("%s:%d:%d: ", p.File, p.Line, p.Column) + text
		}
		if p.Hint != "" {
			text += "; " + p.Hint
		}
		all = append(all, text)
	}
	return all
}

func TestWhatIsWrongWithAStateIsSaidWhereItIs(t *testing.T) {
	bomb := "version: 1\nextends: [calm]\na: &a [1,1,1,1,1,1,1,1,1,1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n"
	for _, c := range []struct {
		name, question string
		want           []string // beginnings, in order
	}{
		{"no JSON at all", `state`, []string{`:1:1: : must be JSON: must be a value, got 's'`}},
		{"JSON that breaks off", "{\n \"state\": {\"scenario\": \"textbook\"", []string{`:2:34: : must be JSON: must have ',' between fields, got the end`}},
		{"two questions", `{"state":{"scenario":"textbook"}} {}`, []string{`:1:35: : must be JSON: must end after the first value, got more`}},
		{"a list for a question", `[1]`, []string{": must be a JSON object, got a list of 1"}},
		{"a field twice", `{"state":{"scenario":"calm","scenario":"textbook"}}`, []string{`:1:29: : must be JSON: must be a field given once, got "scenario" again`}},
		{"nesting without end", `{"state":` + strings.Repeat("[", 5000), []string{`:1:30: : must be JSON: must be nested at most 20 deep, got more`}},
		{"bytes that are no text", "{\"state\":{\"scenario\":\"\xff\"}}", []string{": must be UTF-8 text, got other bytes"}},
		{"more than a question may be", `{"state":{"file":"` + strings.Repeat("x", 600_000) + `"}}`, []string{": must be a question of at most 524288 bytes, got 600021"}},
		{"no state", `{}`, []string{"state: must be a state, got nothing"}},
		{"a state that is text", `{"state":"textbook"}`, []string{`state: must be an object, got "textbook"`}},
		{"nothing to change", `{"state":{}}`, []string{"scenario: must be given, or file, got neither"}},
		{"two things to change", `{"state":{"scenario":"textbook","file":"version: 1"}}`, []string{"file: must be left out where scenario is given, got both"}},
		{"a scenario that does not exist", `{"state":{"scenario":"txtbook"}}`, []string{"scenario: must be a scenario of the library (", "must be"}},
		{"the path of a file", `{"state":{"scenario":"../../etc/passwd.yaml"}}`, []string{"scenario: must be a scenario of the library ("}},
		{"a field that nobody knows", `{"state":{"scenario":"textbook","parameter":{}}}`, []string{`parameter: must be one of scenario, file, layers, parameters, events, seed, got "parameter"; did you mean parameters?`}},
		{"a question's field that nobody knows", `{"state":{"scenario":"textbook"},"weeks":5}`, []string{`weeks: must be one of state, burn_in, got "weeks"`}},
		{"a seed that is a number", `{"state":{"scenario":"textbook","seed":1}}`, []string{"seed: must be a whole number from 0 to 18446744073709551615, as text, got 1"}},
		{"a seed that is too large", `{"state":{"scenario":"textbook","seed":"18446744073709551616"}}`, []string{"seed: must be a whole number from 0"}},
		{"a seed below zero", `{"state":{"scenario":"textbook","seed":"-1"}}`, []string{"seed: must be a whole number from 0"}},
		{"a parameter that does not exist", `{"state":{"scenario":"textbook","parameters":{"road.paymnt":"5"}}}`, []string{`parameters.road.paymnt: must be a parameter of the model, got "road.paymnt"; did you mean road.payment?`}},
		{"a parameter out of range", `{"state":{"scenario":"textbook","parameters":{"road.payment":"1e30"}}}`, []string{"parameters.road.payment: must be a whole number from 0 to 10000000 (CFA per vehicle), got 1e30"}},
		{"a parameter that is no number", `{"state":{"scenario":"textbook","parameters":{"road.mu":"a lot","road.payment":"0x10"}}}`, []string{`parameters.road.mu: must be a number from 1 to 1000000 (CFA), got "a lot"`, `parameters.road.payment: must be a whole number from 0 to 10000000 (CFA per vehicle), got "0x10"`}},
		{"a parameter that would be more than a value", `{"state":{"scenario":"textbook","parameters":{"road.mu":"1\nevents: []"}}}`, []string{`parameters.road.mu: must be a number from 1 to 1000000 (CFA), got "1\nevents: []"`}},
		{"a list for a parameter", `{"state":{"scenario":"textbook","parameters":{"road.mu":[1]}}}`, []string{`parameters.road.mu: must be a value such as "15000", got a list of 1`}},
		{"a parameter with a name that is none", `{"state":{"scenario":"textbook","parameters":{"road\nmu":"1"}}}`, []string{"parameters.road\nmu: must be a parameter of the model"}},
		{"a choice that does not exist", `{"state":{"scenario":"textbook","parameters":{"violence.mode":"tabel"}}}`, []string{`parameters.violence.mode: must be one of endogenous, table, got "tabel"; did you mean table?`}},
		{"more carriers than the page takes", `{"state":{"scenario":"textbook","parameters":{"trafficker.scale":"2000"}}}`, []string{"parameters.trafficker.scale: must leave at most 20000 carriers in the page, got 38000"}},
		{"an event without an id", `{"state":{"scenario":"textbook","events":[{"date":"2022-01-01"}]}}`, []string{"events.0.id: must be a name of letters, digits, _ and -, got nothing"}},
		{"an event that is text", `{"state":{"scenario":"textbook","events":["war"]}}`, []string{`events.0: must be an event such as {"id": ..., "date": ...}, got "war"`}},
		{"an event twice", `{"state":{"scenario":"textbook","events":[{"id":"road-watched","remove":true},{"id":"road-watched","date":"2022-01-01"}]}}`, []string{"events.road-watched: must be an event given once, got it again"}},
		{"an event removed that is not there", `{"state":{"scenario":"textbook","events":[{"id":"road-watchd","remove":true}]}}`, []string{`events: must be the id of an event of a layer below, got "road-watchd"; did you mean road-watched?`}},
		{"an event with a field that nobody knows", `{"state":{"scenario":"textbook","events":[{"id":"road-watched","dat":"2022-01-01"}]}}`, []string{`events.road-watched.dat: must be a field of an event, got "dat"; did you mean date?`}},
		{"a day that does not exist", `{"state":{"scenario":"textbook","events":[{"id":"road-watched","date":"2022-02-30"}]}}`, []string{`events.road-watched.date: must be a date that exists (YYYY-MM-DD), from 1971-01-01 to 2199-12-31, got "2022-02-30"`}},
		{"a hub that does not exist", `{"state":{"scenario":"textbook","events":[{"id":"x","kind":"hub_control","cause":"c","date":"2022-01-03","hub":"midle","regime":"closed"}]}}`, []string{`events.x.hub: must be the id of a hub, got "midle"; did you mean middle?`}},
		{"an event that lacks what its kind needs", `{"state":{"scenario":"textbook","events":[{"id":"x","kind":"hub_control","cause":"c","date":"2022-01-03"}]}}`, []string{"events.x: must have the field hub, got", "events.x: must have the field to or regime, got"}},
		{"an event with an object in it", `{"state":{"scenario":"textbook","events":[{"id":"x","kind":{"a":1}}]}}`, []string{"events.x.kind: must be a value, got an object of 1 fields"}},
		{"a list with something else than ids", `{"state":{"scenario":"textbook","events":[{"id":"x","hubs":["end",5]}]}}`, []string{"events.x.hubs: must be a list of ids, got 5 in it"}},
		{"a text that would end its quotes", `{"state":{"scenario":"textbook","events":[{"id":"road-watched","kind":"a\"}\nexpect: [}"}]}}`, []string{`events.road-watched.kind: must be one of`}},
		{"layers of another world", `{"state":{"scenario":"textbook","layers":["ddr-2025"]}}`, []string{"layers: must be scenarios of the world textbook, got ddr-2025, of northern-mali"}},
		{"a layer that does not exist", `{"state":{"scenario":"offensive","layers":["ddr-2026", 4, "ddr-2025", "ddr-2025"]}}`, []string{"layers.0: must be a scenario of the library (", "layers.1: must be the name of a scenario, got 4", `layers.3: must be a scenario named once, got "ddr-2025" again`}},
		{"layers without end", `{"state":{"scenario":"offensive","layers":["a","a","a","a","a","a","a","a","a","a","a"]}}`, []string{"layers: must be at most 10 scenarios, got 11"}},
		{"a file that is no map", `{"state":{"file":"- 1"}}`, []string{"scenario.yaml:1:1: : must be a map of fields such as `version: 1`, got a list of 1 value"}},
		{"a file without words", `{"state":{"file":" \n"}}`, []string{"file: must be the text of a scenario file, got none"}},
		{"a file with a control character", `{"state":{"file":"version: 1\u0000"}}`, []string{"scenario.yaml:1:11: : must be UTF-8 text, got the control character 0x00"}},
		{"a file that would read another", `{"state":{"file":"version: 1\nextends: [../secret.yaml, /etc/passwd.yaml, calm]\n"}}`, []string{"scenario.yaml:2:11: extends: must be a scenario file that exists, got none there", "scenario.yaml:2:27: extends: must be a scenario file that exists, got none there"}},
		{"a file that extends itself", `{"state":{"file":"version: 1\nextends: [./scenario.yaml]\n"}}`, []string{"scenario.yaml:2:11: extends: must be layers without a cycle"}},
		{"a file that extends what is laid over it", `{"state":{"file":"version: 1\nextends: [./state.yaml]\n","events":[{"id":"x","remove":true}]}}`, []string{"scenario.yaml:2:11: extends: must be layers without a cycle", `events: must be the id of an event of a layer below, got "x"`}},
		{"a file with a world of its own", `{"state":{"file":"version: 1\nextends: [calm]\nworld: ./mine\n"}}`, []string{"scenario.yaml:3:8: world: must be a built-in world (northern-mali, textbook) or a folder"}},
		{"a file of aliases without end", `{"state":{"file":"` + strings.ReplaceAll(bomb, "\n", `\n`) + `"}}`, []string{"scenario.yaml:", ""}},
		{"a file of two hundred years", `{"state":{"file":"version: 1\nextends: [textbook]\nperiod: {start: 2000-01-03, end: 2199-12-30}\n"}}`, []string{"period.end: must leave at most 1100 weeks in the page, got 10436; run it"}},
		{"mistakes in the file and over it", `{"state":{"file":"version: 1\nextends: [textbook]\nquestoin: what\n","seed":"x","parameters":{"road.mu":"0"},"events":[{"id":"x","remove":true}]}}`,
			[]string{"seed: must be", `scenario.yaml:3:1: questoin: must be a field of a scenario`, `events: must be the id of an event`, "parameters.road.mu: must be a number from 1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := wrong(t, new(Desk), "run", c.question)
			for i, want := range c.want {
				if !slices.ContainsFunc(got, func(text string) bool { return strings.Contains(text, want) }) {
					t.Errorf("problem %d: got\n%s\nwant %s", i, strings.Join(got, "\n"), want)
				}
			}
			if len(got) > len(c.want) {
				t.Errorf("got more than was expected:\n%s", strings.Join(got, "\n"))
			}
		})
	}
}

func TestWhatIsWrongWithOtherQuestions(t *testing.T) {
	for _, c := range []struct{ name, ask, question, want string }{
		{"a question that does not exist", "rum", textbook, `question: must be one of catalog, world, run, hub, source, compare, reference, got "rum"; did you mean run?`},
		{"a catalog of something", "catalog", `{"of":1}`, `of: must be no fields, got "of"`},
		{"no hub", "hub", textbook, "hub: must be the id of a hub of the world, got nothing"},
		{"weeks beyond the run", "hub", `{"state":{"scenario":"textbook"},"hub":"end","until":156}`, "until: must be a whole number from 0 to 155, got 156"},
		{"half a week", "reference", `{"state":{"scenario":"textbook"},"hub":"end","good":"ak","week":1.5}`, "week: must be a whole number from 0 to 155, got 1.5"},
		{"no good", "reference", `{"state":{"scenario":"textbook"},"hub":"end","week":1,"good":"akk"}`, `good: must be the id of a good of the world, got "akk"; did you mean ak?`},
		{"a switch that is none", "run", `{"state":{"scenario":"textbook"},"burn_in":1}`, "burn_in: must be true or false, got 1"},
		{"one state of two", "compare", `{"a":{"scenario":"textbook"}}`, "b: must be a state, got nothing"},
		{"a mistake in the second state", "compare", `{"a":{"scenario":"textbook"},"b":{"scenario":"textbook","parameters":{"road.mu":"0"}}}`, "b.parameters.road.mu: must be a number from 1"},
		{"a mistake in the first one's file", "compare", `{"a":{"file":"version: 2"},"b":{"scenario":"textbook"}}`, "scenario.yaml:1:10: a.version: must be 1, got 2"},
		{"one run", "compare", `{"a":{"scenario":"textbook"},"b":{"scenario":"textbook"},"runs":1}`, "runs: must be a whole number from 2 to 500, got 1"},
		{"more runs than there may be", "compare", `{"a":{"scenario":"textbook"},"b":{"scenario":"textbook"},"runs":501}`, "runs: must be a whole number from 2 to 500, got 501"},
		{"worlds that have nothing in common", "compare", `{"a":{"scenario":"textbook"},"b":{"scenario":"calm"}}`, "b: scenarios must run over the period that is compared"},
	} {
		if got := wrong(t, new(Desk), c.ask, c.question); !strings.Contains(strings.Join(got, "\n"), c.want) {
			t.Errorf("%s: got\n%s\nwant %s", c.name, strings.Join(got, "\n"), c.want)
		}
	}
}

func TestADeskMayHaveTighterLimits(t *testing.T) {
	d := &Desk{Limits: Limits{Weeks: 100, Carriers: 5, Markets: 2, Events: 1, Body: 40}}
	got := wrong(t, d, "run", textbook)
	for i, want := range []string{"period.end: must leave at most 100 weeks", "parameters.trafficker.scale: must leave at most 5 carriers", "world: must leave at most 2 hubs times goods", "events: must leave at most 1 events"} {
		if !strings.HasPrefix(got[i], want) {
			t.Errorf("got %s, want %s", got[i], want)
		}
	}
	if got := wrong(t, d, "run", textbook+strings.Repeat(" ", 40)); !strings.HasPrefix(got[0], ": must be a question of at most 40 bytes") {
		t.Errorf("got %v", got)
	}
}

// A state saved as a scenario file is the same run: the same world, events and parameters, so the same hash.
func TestASavedStateIsTheSameScenario(t *testing.T) {
	for _, c := range []struct{ name, state string }{
		{"a scenario as it is", `{"scenario":"textbook"}`},
		{"parameters and events", `{"scenario":"textbook","parameters":{"road.payment":"15000","violence.mode":"table","road.mu":20000},"events":[{"id":"road-watched","remove":true},{"id":"middle-closed","date":"2022-11-14"},{"id":"by-hand-end","kind":"hub_control","cause":"by-hand","hub":"end","regime":"closed","date":"2023-01-02","note":"a \"note\": {with} [signs] & é \u0007 \u2028 \ud83d\ude00 #"}]}`},
		{"layers", `{"scenario":"offensive","layers":["ddr-2025","stockpile-security"],"seed":"0"}`},
		{"a list of hubs", `{"scenario":"calm","events":[{"id":"march","kind":"force","cause":"c","force":"fama","action":"campaign","hubs":["anefis","kidal"],"date":"2023-10-02","factor":"1.5"}]}`},
		{"a file", `{"file":"version: 1\nname: mine\nextends: [textbook]\nperiod: {start: 2021-01-04, end: 2022-01-03}\n"}`},
		{"a file and what is laid over it", `{"file":"version: 1\nname: mine\ntitle: My own\nextends: [textbook]\ncompare: {before: [2021-02, 2021-06], after: [2022-01, 2022-06]}\n","parameters":{"road.payment":"15000"},"events":[{"id":"road-watched","value":0.9}]}`},
	} {
		source, err := Source([]byte(c.state))
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		saved, err := scenarios.LoadFS(memory{"saved.yaml": source}, "saved.yaml", nil)
		if err != nil {
			t.Errorf("%s: %v in\n%s", c.name, err, source)
			continue
		}
		var w worldLine
		read(t, only(t, "world", `{"state":`+c.state+`}`), &w)
		if saved.Hash != w.Hash {
			t.Errorf("%s: the saved file has another hash:\n%s", c.name, source)
		}
		var line struct{ Kind, Name, Text string }
		read(t, only(t, "source", `{"state":`+c.state+`}`), &line)
		if line.Text != source || line.Name != w.Name {
			t.Errorf("%s: the question source gives another text", c.name)
		}
	}
}

func TestLayersDoNotChangeWhatAScenarioSaysOfItself(t *testing.T) {
	var plain, laid worldLine
	read(t, only(t, "world", `{"state":{"scenario":"northern-mali"}}`), &plain)
	read(t, only(t, "world", `{"state":{"scenario":"northern-mali","layers":["ceasefire"]}}`), &laid)
	if laid.Start != plain.Start || laid.Weeks != plain.Weeks || laid.Title != plain.Title || laid.Surprise != plain.Surprise || laid.Name != "northern-mali-edited" {
		t.Errorf("got %s of %d weeks from %s", laid.Name, laid.Weeks, laid.Start)
	}
	if len(laid.Events) <= len(plain.Events) || len(laid.Assumptions) <= len(plain.Assumptions) {
		t.Error("the layer adds nothing")
	}
}

func TestSourceTellsWhatIsWrong(t *testing.T) {
	if _, err := Source([]byte(`{"scenario":"textbook","seed":"x","layers":["x"]}`)); err == nil || !strings.Contains(err.Error(), "seed: must be") || !strings.Contains(err.Error(), "and 1 more") {
		t.Errorf("got %v", err)
	}
}

func stateSeeds() []string {
	return []string{`{"state":{"scenario":"textbook"}}`, `{"state":{"file":"version: 1\nextends: [textbook]\nevents:\n  - {id: road-watched, remove: true}\n"}}`,
		`{"state":{"scenario":"textbook","parameters":{"road.mu":"1e3","road.payment":5,"violence.mode":null},"events":[{"id":"a","kind":"violence","cause":"b","zone":"all","date":"2022-01-01","factor":2,"note":"\u0085\ufeff"}],"seed":"7"}}`,
		`{"state":{"scenario":"offensive","layers":["ddr-2025"],"events":[{"id":"kidal-taken","hub":null,"to":"none"}]}}`, `{"state":{"scenario":"textbook","events":[{"id":"x","hubs":["a"],"remove":false}]}}`}
}

// stateOfAnything: whatever a question holds, the answer is lines or a refusal, never an error of the program's, and what is accepted can be
// saved and loaded again.
func stateOfAnything(t *testing.T, question string) {
	var text string
	err := Answer(context.Background(), "source", []byte(question), func(line []byte) error {
		v, broken := parse(string(line))
		if broken != nil {
			t.Fatalf("the answer is no JSON: %v: %q", broken, line)
		}
		text, _ = v.(map[string]any)["text"].(string)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if text == "" {
		return
	}
	if _, err := scenarios.LoadFS(memory{"saved.yaml": text}, "saved.yaml", nil); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
}

func FuzzState(f *testing.F) {
	for _, s := range stateSeeds() {
		f.Add(s)
	}
	f.Fuzz(stateOfAnything)
}

func TestQuestionsNearGoodOnesAreAnsweredOrRefused(t *testing.T) {
	spoil.Each(t, 1500, stateSeeds(), stateOfAnything)
}

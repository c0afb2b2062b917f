package scenarios

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"entrepot/agents"
	"entrepot/sim"
)

func TestExplainKnowsEveryPathItLists(t *testing.T) {
	for _, path := range Paths() {
		text, err := Explain(path)
		if err != nil || !strings.Contains(text, path) {
			t.Errorf("%s: got %q, %v", path, text, err)
		}
	}
}

func TestExplainGivesMeaningUnitRangeDefaultAndSource(t *testing.T) {
	for path, wants := range map[string][]string{
		"trafficker.tau":            {"scale of the logit choice among trips", "from 1 to 1000000", "CFA per week", "25000", "stylised"},
		"parameters.trafficker.tau": {"trafficker.tau (parameter)"},
		"trafficker":                {"trafficker.margin"},
		"hubs.csv:violence":         {"violence at the start", "from 0 to 100", "regional mean of 2017", "default  0"},
		"hubs.csv":                  {"places of the network", "regime"},
		"hub_control":               {"a hub changes hands", "a group or a force"},
		"force":                     {"force.leakage", "a force arrives"}, // a section of parameters and a kind of event
		"period":                    {"first and last day"},
		"expect.sign":               {"1 more, -1 less"},
	} {
		text, err := Explain(path)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		for _, want := range wants {
			if !strings.Contains(text, want) {
				t.Errorf("%s: must contain %q, got\n%s", path, want, text)
			}
		}
	}
}

func TestExplainSuggests(t *testing.T) {
	for path, want := range map[string]string{
		"trafficker.taw":     "did you mean trafficker.tau?",
		"hubs.csv:violense":  "did you mean hubs.csv:violence?",
		"hub_contol":         "did you mean hub_control?",
		"market.passthrough": "did you mean road.passthrough?",
	} {
		if _, err := Explain(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: must hint %q, got %v", path, want, err)
		}
	}
}

func TestDidYouMean(t *testing.T) {
	known := []string{"gao", "kidal", "ElFasher", "ammo_762x39", "a"}
	for got, want := range map[string]string{
		"gaoo": "gao", "kidla": "kidal", "elfasher": "ElFasher", "ammo": "ammo_762x39", "timbuktu": "", "": "", "b": "", "A": "a",
		strings.Repeat("gao", 100): "",
	} {
		if best := Nearest(got, known); best != want {
			t.Errorf("%q: got %q, want %q", got, best, want)
		}
	}
}

func TestTheSchemaIsJSONAndKnowsEveryFieldAndParameter(t *testing.T) {
	var schema struct {
		Properties map[string]struct {
			Properties map[string]any `json:"properties"`
		} `json:"properties"`
		Defs struct {
			Event struct {
				Properties map[string]any `json:"properties"`
				AllOf      []any          `json:"allOf"`
			} `json:"event"`
		} `json:"$defs"`
	}
	if err := json.Unmarshal(Schema(), &schema); err != nil {
		t.Fatal(err)
	}
	for _, name := range scenarioFieldNames() {
		if _, there := schema.Properties[name]; !there {
			t.Errorf("the schema lacks the field %s", name)
		}
	}
	for _, p := range agents.Parameters() {
		if _, there := schema.Properties["parameters"].Properties[p.ID]; !there {
			t.Errorf("the schema lacks the parameter %s", p.ID)
		}
	}
	for _, f := range eventFields() {
		if _, there := schema.Defs.Event.Properties[f.Name]; !there {
			t.Errorf("the schema lacks the event field %s", f.Name)
		}
	}
	if len(schema.Defs.Event.AllOf) != len(EventKinds()) {
		t.Errorf("the schema must know %d kinds of event, got %d", len(EventKinds()), len(schema.Defs.Event.AllOf))
	}
	if first, again := Schema(), Schema(); string(first) != string(again) {
		t.Error("the schema must be the same bytes every time")
	}
}

func TestEventKindsUseOnlyKnownFields(t *testing.T) {
	known := columnNames(columnsOf(eventFields()))
	for _, k := range EventKinds() {
		for _, needs := range k.Needs {
			for _, name := range needs {
				if !slices.Contains(k.takes(), name) {
					t.Errorf("%s needs %s but does not take it", k.Name, name)
				}
			}
		}
		for _, name := range k.takes() {
			if !slices.Contains(known, name) {
				t.Errorf("%s takes the unknown field %s", k.Name, name)
			}
		}
	}
}

func TestDefaultsOfTablesObeyTheirOwnRules(t *testing.T) {
	for _, table := range Tables() {
		for _, c := range table.Columns {
			if c.Rule.Default == "" {
				continue
			}
			into := map[Kind]any{Number: new(float64), Whole: new(int64), YesNo: new(bool)}[c.Rule.Kind]
			if into == nil {
				into = new(string)
			}
			if _, ok := c.Rule.set(c.Rule.Default, into); !ok {
				t.Errorf("%s:%s has the default %q, which its rule refuses", table.File, c.Name, c.Rule.Default)
			}
		}
	}
}

func TestATemplateLoadsAsItIs(t *testing.T) {
	for _, from := range Names() {
		text, err := Template("mine", from)
		if err != nil {
			t.Fatal(err)
		}
		s := mustLoad(t, fstest.MapFS{"mine.yaml": {Data: text}}, "mine.yaml")
		if s.Name != "mine" {
			t.Errorf("got the name %s", s.Name)
		}
	}
	for _, bad := range [][2]string{{"a/b", "textbook"}, {"mine", "textbok"}} {
		if _, err := Template(bad[0], bad[1]); err == nil {
			t.Errorf("%v must be refused", bad)
		}
	}
}

func TestACopiedWorldLoadsBesideAScenario(t *testing.T) {
	for _, world := range Worlds() {
		files, err := CopyWorld(world, "mine")
		if err != nil {
			t.Fatal(err)
		}
		fsys := fstest.MapFS{"s.yaml": {Data: []byte("version: 1\nperiod: {start: 2022-01-01, end: 2022-12-31}\nworld: ./mine\n")}}
		for name, data := range files {
			fsys[name] = &fstest.MapFile{Data: data}
		}
		if s := mustLoad(t, fsys, "s.yaml"); len(s.Setup.Hubs) == 0 || !s.WorldOwn {
			t.Errorf("%s: got %d hubs, own %v", world, len(s.Setup.Hubs), s.WorldOwn)
		}
	}
	if _, err := CopyWorld("textbok", "mine"); err == nil || !strings.Contains(err.Error(), "did you mean textbook?") {
		t.Errorf("an unknown world must be refused with a hint, got %v", err)
	}
}

func TestTheFirstAndLastDayAreWhatTheirCommentsSay(t *testing.T) {
	if firstDay != sim.DateOf(1971, 1, 1) || lastDay != sim.DateOf(2199, 12, 31) {
		t.Errorf("got %v and %v", firstDay, lastDay)
	}
}

func TestMonthSpan(t *testing.T) {
	for s, want := range map[string]string{
		"2024": "2024-01-01 2024-12-31", "2024-02": "2024-02-01 2024-02-29", "2023-12": "2023-12-01 2023-12-31", "2023-08-13": "2023-08-13 2023-08-13",
	} {
		first, last, err := MonthSpan(s)
		if got := first.String() + " " + last.String(); err != nil || got != want {
			t.Errorf("%s: got %s, %v", s, got, err)
		}
	}
	for _, bad := range []string{"", "23", "2023-13", "2023-02-30", "August"} {
		if _, _, err := MonthSpan(bad); err == nil {
			t.Errorf("%q must be refused", bad)
		}
	}
}

func TestTargetsFilesIgnoreFurtherColumns(t *testing.T) {
	facts, err := ReadTargets("t.csv", []byte("id,kind,good,place,start,end,low,high,unit,source,use,extra\nA,price,ak,gao|kidal,2022-01,2022-02,1,2,CFA,x,calibrate,y\n"))
	if err != nil || len(facts) != 1 || facts[0].High != 2 || facts[0].Place != "gao|kidal" {
		t.Errorf("got %+v, %v", facts, err)
	}
	if _, err := ReadTargets("t.csv", []byte("id,kind,low,high\nA,prize,2,1\n")); err == nil ||
		!strings.Contains(err.Error(), "t.csv:2:3: kind:") || !strings.Contains(err.Error(), "t.csv:2:9: low: must be at most high") {
		t.Errorf("must report the kind and the interval, got %v", err)
	}
}

func TestTheDocumentsNameEveryParameterColumnAndKind(t *testing.T) {
	parameters, formats := ParametersMarkdown(), FormatsMarkdown()
	for _, p := range agents.Parameters() {
		if !strings.Contains(parameters, "`"+p.ID+"`") {
			t.Errorf("the parameters lack %s", p.ID)
		}
	}
	for _, table := range Tables() {
		for _, c := range table.Columns {
			if !strings.Contains(formats, "`"+c.Name+"`") {
				t.Errorf("the formats lack %s:%s", table.File, c.Name)
			}
		}
	}
	for _, k := range EventKinds() {
		if !strings.Contains(formats, "`"+k.Name+"`") {
			t.Errorf("the formats lack the kind %s", k.Name)
		}
	}
}

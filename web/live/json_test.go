package live

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"testing"
	"unicode/utf8"

	"entrepot/internal/spoil"
)

// plainly puts what the parser gives into the types of encoding/json.
func plainly(v any) any {
	switch v := v.(type) {
	case numeral:
		return json.Number(v)
	case []any:
		for i := range v {
			v[i] = plainly(v[i])
		}
	case map[string]any:
		for k := range v {
			v[k] = plainly(v[k])
		}
	}
	return v
}

// jsonOfAnything holds the parser to encoding/json: what one takes the other takes, and they read the same. The parser refuses more: fields given
// twice, and deep nesting.
func jsonOfAnything(t *testing.T, text string) {
	if !utf8.ValidString(text) {
		return // refused before anybody parses it
	}
	if !json.Valid([]byte(text)) {
		if v, broken := parse(text); broken == nil {
			t.Fatalf("%q: got %v, want a syntax error", text, v)
		}
		return
	}
	got, broken := parse(text)
	if broken != nil {
		if broken.at > len(text) {
			t.Fatalf("%q: broken at %d", text, broken.at)
		}
		return // fields twice and nesting are tested elsewhere
	}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var want any
	if err := d.Decode(&want); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(plainly(got), want) {
		t.Errorf("%q: got %#v, want %#v", text, got, want)
	}
}

func jsonSeeds() []string {
	return []string{`{"a":[1,-0,1.5e-7,"x\u00e9\ud83d\ude00\ud800\n"],"b":{"c":null,"d":true}}`, `"\ud800\u0041"`, "[1,]", "01", "-", "1.", "1e", `"\x"`, `"\u12g4"`, "{\"a\":1,\"a\":2}", " [ ] ", "tru", `"\u+123"`, "\"\x7f\""}
}

func FuzzJSON(f *testing.F) {
	for _, s := range jsonSeeds() {
		f.Add(s)
	}
	f.Fuzz(jsonOfAnything)
}

func TestTextsNearJSONAreReadAsOthersReadThem(t *testing.T) {
	spoil.Each(t, 5000, jsonSeeds(), jsonOfAnything)
}

func TestLinesAreWhatEncodingJSONWouldWrite(t *testing.T) {
	type inner struct {
		A *int64  `json:"a"`
		B []int   `json:"b,omitempty"`
		C [2]bool `json:"c"`
	}
	n := int64(-7)
	for _, v := range []any{
		struct {
			Text string         `json:"text"`
			X    []float64      `json:"x"`
			M    map[string]any `json:"m"`
			I    []inner        `json:"i"`
		}{"a \"b\" \\ \n\t\x01 é <&> \u2028", []float64{0, 1.5, -2, 1e21, 1e-5, math.MaxFloat64, 123456789}, map[string]any{"b": 1, "a": []string{"x"}, "c": 0.5}, []inner{{}, {A: &n, B: []int{1, 2}}}},
		catalogLine{Kind: "catalog", Limits: Standard(), Scenarios: []scenarioEntry{{Name: "a", Assumptions: []string{}, LookAt: []string{"x"}}}, Parameters: []parameter{}, Kinds: []eventKind{}, Questions: []string{}},
		problemsLine{"problems", Problems{{Path: "a.b", Message: "must be <\"&\">"}}},
	} {
		var want bytes.Buffer
		e := json.NewEncoder(&want)
		e.SetEscapeHTML(false)
		if err := e.Encode(v); err != nil {
			t.Fatal(err)
		}
		got := string(appendJSON(nil, reflect.ValueOf(v)))
		var a, b any
		if err := json.Unmarshal([]byte(got), &a); err != nil {
			t.Fatalf("%v in %s", err, got)
		}
		if err := json.Unmarshal(want.Bytes(), &b); err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(a, b) {
			t.Errorf("got  %s\nwant %s", got, want.String())
		}
	}
}

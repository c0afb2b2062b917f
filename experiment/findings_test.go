package experiment

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"entrepot/sim"
)

func someFindings() *Findings {
	nan := math.NaN()
	return &Findings{
		Command: "compare", Title: "The offensive against the same world without it",
		Answer: []string{"Gao: the offensive raises the price by 345\u00a0000 CFA (95 % interval 331\u00a0000 to 359\u00a0000), and this sentence goes on so that no terminal holds it.", "Kidal: so it does."},
		Failed: []string{"run 17: week 311"},
		Sheets: []Sheet{{Name: "difference", Title: "Differences", Note: "n = 200 pairs.", Columns: []string{"figure", "difference", "p", "verdict"},
			Rows: [][]string{{"price of one AK-pattern rifle, Gao, after", "+345\u00a0000", "< 0.001", "higher"}, {"units", "−3", "0.74", "not distinguishable"}, {"none", "–"}}}},
		Charts: []Chart{
			&FanChart{ChartHead: ChartHead{Name: "fan"}, Months: []string{"2020-01"}, Fans: []Fan{{Name: "a", Q50: []float64{nan}}}, Marks: []Mark{{sim.DateOf(2020, 1, 2), "x"}}},
			&ForestChart{Ref: nan, Items: []Item{{Range: &[2]float64{1, math.Inf(1)}, Low: nan}, {}}},
			&WaterfallChart{}, &ScatterChart{Items: []Dot{{XLow: 1.5, YHigh: nan}}}, &LineChart{LogX: true}, &MatrixChart{Values: [][]float64{{1, nan}}},
		},
	}
}

func TestTextFitsTheTerminalAndSaysTheAnswerBeforeTheTableAndTheReport(t *testing.T) {
	f := someFindings()
	for _, width := range []int{10, 40, 60, 80, 200} {
		text := f.Text(width, "runs/x/report.html")
		for _, l := range strings.Split(text, "\n") {
			if n := utf8.RuneCountInString(l); n > max(width, leastWidth) {
				t.Errorf("width %d: a line of %d: %q", width, n, l)
			}
		}
		at := -1
		for _, want := range []string{"The offensive", "- Gao", "- Kidal", "Differences", "n = 200", "failed runs: 1", "report: runs/x/report.html"} {
			if i := strings.Index(text, want); i <= at {
				t.Errorf("width %d: %q is missing or out of order in\n%s", width, want, text)
			} else {
				at = i
			}
		}
		for _, number := range []string{"345\u00a0000", "+345\u00a0000", "−3", "0.74"} {
			if !strings.Contains(text, number) {
				t.Errorf("width %d: %q is broken in\n%s", width, number, text)
			}
		}
	}
}

func TestATableOfATerminalIsAligned(t *testing.T) {
	s := Sheet{Title: "T", Columns: []string{"name", "value"}, Rows: [][]string{{"a", "1"}, {"bc", "−12.5"}, {"d"}}}
	want := "T\nname  value\n----  -----\na         1\nbc    −12.5\nd\n"
	if diff := cmp.Diff(want, s.Text(80)); diff != "" {
		t.Error(diff)
	}
	for range 30 {
		s.Rows = append(s.Rows, []string{"x", "1"})
	}
	if text := s.Text(80); !strings.HasSuffix(text, "and 13 rows more\n") || strings.Count(text, "\n") != 3+maxRows+1 {
		t.Errorf("a long table is cut and says so, got\n%s", text)
	}
	wide := Sheet{Title: "W", Columns: []string{"a", "b", "c", "d", "e"}, Rows: [][]string{{"111111111", "222222222", "333333333", "444444444", "555555555"}}}
	if text := wide.Text(40); !strings.Contains(text, "a: 111111111\n  b: 222222222\n") {
		t.Errorf("a table without room is written row by row, got\n%s", text)
	}
}

func TestNumericColumnsAreFound(t *testing.T) {
	for cell, want := range map[string]bool{"1\u00a0200": true, "−3.5": true, "< 0.001": true, "12 %": true, "3e-05": true, "×\u00a01.2": true, "2 (1–4)": true,
		"Gao": false, "P1": false, "331 to 359": false, "–": false, "": false} {
		s := Sheet{Columns: []string{"c"}, Rows: [][]string{{cell}, {"–"}, {}}}
		if got := s.Numeric(0); got != want {
			t.Errorf("%q: got %v, want %v", cell, got, want)
		}
	}
}

func TestASheetAsCSVHoldsNumbersForPrograms(t *testing.T) {
	f := someFindings()
	var b bytes.Buffer
	if err := f.Sheets[0].WriteCSV(&b); err != nil {
		t.Fatal(err)
	}
	got, err := csv.NewReader(&b).ReadAll()
	want := [][]string{{"figure", "difference", "p", "verdict"}, {"price of one AK-pattern rifle, Gao, after", "345000", "< 0.001", "higher"},
		{"units", "-3", "0.74", "not distinguishable"}, {"none", "", "", ""}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	b.Reset()
	sheet := Sheet{Columns: []string{"town", "5–95 % of runs", "change"}, Rows: [][]string{{"Gao", "−1\u00a0200 to 1\u00a0234\u00a0567.5", "+12\u00a0%"}}}
	if err := sheet.WriteCSV(&b); err != nil || b.String() != "town,5-95 % of runs,change\nGao,-1200 to 1234567.5,+12 %\n" {
		t.Errorf("got %q, %v", b.String(), err)
	}
}

func TestFindingsAsJSONAreReadBackWithNullForWhatIsNotKnown(t *testing.T) {
	data, err := json.Marshal(someFindings())
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Command        string
		Design         []string
		Sheets, Charts []map[string]any
	}
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if got.Command != "compare" || got.Design == nil || len(got.Charts) != 6 {
		t.Errorf("got %s", data)
	}
	var kinds []string
	for _, c := range got.Charts {
		kinds = append(kinds, c["kind"].(string))
	}
	if diff := cmp.Diff([]string{"fan", "forest", "waterfall", "scatter", "line", "matrix"}, kinds); diff != "" {
		t.Error(diff)
	}
	fan := got.Charts[0]["fans"].([]any)[0].(map[string]any)
	mark := got.Charts[0]["marks"].([]any)[0].(map[string]any)
	item := got.Charts[1]["items"].([]any)[0].(map[string]any)
	if diff := cmp.Diff([]any{[]any{nil}, "2020-01-02", []any{1.0, nil}, nil, nil}, []any{fan["q50"], mark["date"], item["range"], item["low"], got.Charts[1]["ref"]}); diff != "" {
		t.Error(diff)
	}
}

// Scripts rely on these names: a field renamed in Go needs a line in the changelog.
func TestTheFieldsOfFindingsAsJSONDoNotChange(t *testing.T) {
	want := map[string]string{
		"Findings": "command title question answer design caveats failed sheets charts", "Sheet": "name title note columns rows",
		"ChartHead": "name title alt x_label y_label note", "FanChart": "months fans marks facts zero", "Fan": "name q05 q25 q50 q75 q95 low high",
		"Mark": "date label", "Documented": "label first last low high", "ForestChart": "items ref own band", "Item": "name group value low high range note",
		"WaterfallChart": "from to steps", "ScatterChart": "items lines", "Dot": "name group x y x_low x_high y_low y_high",
		"LineChart": "lines log_x log_y band", "Line": "name x y low high dashed", "MatrixChart": "rows columns values texts signed",
	}
	for _, x := range []any{Findings{}, Sheet{}, ChartHead{}, FanChart{}, Fan{}, Mark{}, Documented{}, ForestChart{}, Item{}, WaterfallChart{}, ScatterChart{}, Dot{}, LineChart{}, Line{}, MatrixChart{}} {
		typ := reflect.TypeOf(x)
		var got []string
		for i := range typ.NumField() {
			if f := typ.Field(i); !f.Anonymous && f.IsExported() {
				got = append(got, fieldName(f.Name))
			}
		}
		if !slices.Equal(got, strings.Fields(want[typ.Name()])) {
			t.Errorf("%s: got %q, want %q", typ.Name(), got, want[typ.Name()])
		}
	}
}

func TestATableBreaksLongWordsOnlyWhereItMust(t *testing.T) {
	s := Sheet{Columns: []string{"factor", "what it does to the figure"}, Rows: [][]string{{"trafficker.cost_per_km", strings.Repeat("more ", 12)}}}
	for _, c := range []struct {
		width int
		whole bool
	}{{60, true}, {40, true}, {26, false}} {
		if got := strings.Contains(s.Text(c.width), "trafficker.cost_per_km"); got != c.whole {
			t.Errorf("in %d columns the name is whole: %v, want %v:\n%s", c.width, got, c.whole, s.Text(c.width))
		}
	}
}

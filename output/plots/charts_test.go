package plots

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/output/internal/synthetic"
	"entrepot/sim"
)

func charts(t testing.TB, all []experiment.Chart, formats Formats) []Figure {
	t.Helper()
	figures, err := DrawCharts(all, nil, formats)
	if err != nil {
		t.Fatal(err)
	}
	return figures
}

// TestChartsForTheEye draws every kind of chart and writes them where ENTREPOT_FIGURES says, to be looked at.
func TestChartsForTheEye(t *testing.T) {
	dir := os.Getenv("ENTREPOT_FIGURES")
	if dir == "" {
		dir = t.TempDir()
	}
	for _, f := range charts(t, synthetic.Charts(), Formats{PNG: true}) {
		t.Log(f.Name, len(f.SVG), len(f.Narrow), len(f.PNG))
		os.WriteFile(filepath.Join(dir, f.Name+".png"), f.PNG, 0o644)
		os.WriteFile(filepath.Join(dir, f.Name+".svg"), f.SVG, 0o644)
		os.WriteFile(filepath.Join(dir, f.Name+"-narrow.svg"), f.Narrow, 0o644)
	}
	if os.Getenv("ENTREPOT_FIGURES") == "" {
		return
	}
	for _, c := range synthetic.Charts() {
		s := chartSpec(newFonts(), c, digest.English(), phone)
		data, err := s.png(newFonts())
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile(filepath.Join(dir, s.name+"-narrow.png"), data, 0o644)
	}
}

// bothWidths lists every chart as drawn for a page and for a phone.
func bothWidths(t testing.TB) (all []Figure) {
	for _, f := range charts(t, synthetic.Charts(), Formats{}) {
		n := *f.narrow
		n.Name += ", on a phone"
		all = append(all, f, n)
	}
	return all
}

func TestEveryLabelOfAChartIsOnThePageWholeAndClearOfOthersAndOfDots(t *testing.T) {
	for _, f := range bothWidths(t) {
		if len(f.labels) < 3 {
			t.Errorf("%s: only %d labels", f.Name, len(f.labels))
		}
		for i, a := range f.labels {
			if a.x < 0 || a.y < 0 || a.x+a.w > f.w || a.y+a.h > f.h {
				t.Errorf("%s: label %q leaves the page: %.0f %.0f %.0f %.0f of %.0f %.0f", f.Name, a.text, a.x, a.y, a.w, a.h, f.w, f.h)
			}
			if strings.Contains(a.text, "…") || a.text == "" {
				t.Errorf("%s: label %q is cut short", f.Name, a.text)
			}
			for _, b := range f.labels[:i] {
				if min(a.x+a.w, b.x+b.w)-max(a.x, b.x) > 0.5 && min(a.y+a.h, b.y+b.h)-max(a.y, b.y) > 1 {
					t.Errorf("%s: labels %q and %q overlap", f.Name, a.text, b.text)
				}
			}
			for _, d := range f.dots {
				if min(a.x+a.w, d.x+d.w)-max(a.x, d.x) > 1 && min(a.y+a.h, d.y+d.h)-max(a.y, d.y) > 1.5 {
					t.Errorf("%s: label %q lies on a dot", f.Name, a.text)
				}
			}
		}
	}
}

func TestNothingOfAChartIsDrawnBeyondThePage(t *testing.T) {
	points := regexp.MustCompile(`[ML](-?[\d.e+-]+),(-?[\d.e+-]+)`)
	for _, f := range bothWidths(t) {
		worst, n := 0.0, 0
		for _, p := range points.FindAllStringSubmatch(string(f.SVG), -1) {
			x, errX := strconv.ParseFloat(p[1], 64)
			y, errY := strconv.ParseFloat(p[2], 64)
			if errX != nil || errY != nil {
				t.Fatalf("%s: point %q", f.Name, p[0])
			}
			worst, n = max(worst, -x, x-f.w, -y, y-f.h), n+1
		}
		if n < 4 || worst > 0.5 {
			t.Errorf("%s: a line leaves the page by %.0f points (%d points)", f.Name, worst, n)
		}
	}
}

func TestAChartHoldsNoImpossibleNumberAndIsWellFormed(t *testing.T) {
	for _, f := range bothWidths(t) {
		for _, bad := range []string{"NaN", "Inf", "%!", "ZgotmplZ"} {
			if strings.Contains(string(f.SVG)+f.Alt+f.Caption, bad) {
				t.Errorf("%s contains %s", f.Name, bad)
			}
		}
		for in := xml.NewDecoder(bytes.NewReader(f.SVG)); ; {
			if _, err := in.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", f.Name, err)
			}
		}
	}
}

// said is all text of a figure, without the breaks between its lines.
func said(f Figure) string {
	var b strings.Builder
	for _, l := range f.labels {
		b.WriteString(l.text)
	}
	return strings.ReplaceAll(b.String(), " ", "")
}

func TestAChartSaysItsTitleUnitsAndNoteAndHasAnAltText(t *testing.T) {
	for i, f := range charts(t, synthetic.Charts(), Formats{}) {
		h := synthetic.Charts()[i].Head()
		if f.Name != h.Name || f.Title != h.Title || f.Alt != h.Alt || f.Caption == "" {
			t.Errorf("%s: name, title, alt text or caption is wrong: %q", h.Name, []string{f.Name, f.Title, f.Alt, f.Caption})
		}
		for _, svg := range [][]byte{f.SVG, f.Narrow} {
			if !strings.Contains(string(svg), "<desc>"+escape(h.Alt)+"</desc>") {
				t.Errorf("%s: the SVG has no description", f.Name)
			}
		}
		wanted := []string{h.Title, h.Note}
		if !strings.HasPrefix(h.Name, "waterfall") && !strings.Contains(h.Name, "empty") {
			wanted = append(wanted, h.XLabel, h.YLabel)
		}
		for _, want := range wanted {
			for _, text := range []string{said(f), said(*f.narrow)} {
				if !strings.Contains(text, strings.ReplaceAll(want, " ", "")) {
					t.Errorf("%s does not say %q", f.Name, want)
				}
			}
		}
	}
}

func TestEqualChartsGiveEqualBytes(t *testing.T) {
	all := synthetic.Charts()[:4]
	a, b := charts(t, all, Formats{PNG: true}), charts(t, all[3:], Formats{PNG: true})
	if !bytes.Equal(a[3].SVG, b[0].SVG) || !bytes.Equal(a[3].PNG, b[0].PNG) || !bytes.Equal(a[3].Narrow, b[0].Narrow) || len(b[0].PNG) == 0 {
		t.Error("a chart drawn with others differs from the same drawn alone")
	}
	one, two := charts(t, synthetic.Charts(), Formats{}), charts(t, synthetic.Charts(), Formats{})
	for i := range one {
		if !bytes.Equal(one[i].SVG, two[i].SVG) || !bytes.Equal(one[i].Narrow, two[i].Narrow) || one[i].PNG != nil {
			t.Errorf("%s differs, or has a PNG that nobody asked for", one[i].Name)
		}
	}
}

func TestAMalformedChartIsAnErrorThatNamesIt(t *testing.T) {
	for want, c := range map[string]experiment.Chart{
		"drawing x: each list of fan f must have 2 values, got 1": &experiment.FanChart{ChartHead: experiment.ChartHead{Name: "x"}, Months: []string{"2020-01", "2020-02"},
			Fans: []experiment.Fan{{Name: "f", Q50: []float64{1}}}},
		`drawing x: a month must be YYYY-MM, got "2020-13"`:        &experiment.FanChart{ChartHead: experiment.ChartHead{Name: "x"}, Months: []string{"2020-13"}},
		"drawing x: months must rise, got 2020-01 after 2020-02":   &experiment.FanChart{ChartHead: experiment.ChartHead{Name: "x"}, Months: []string{"2020-02", "2020-01"}},
		"drawing x: each list of line l must have 1 values, got 2": &experiment.LineChart{ChartHead: experiment.ChartHead{Name: "x"}, Lines: []experiment.Line{{Name: "l", X: []float64{1}, Y: []float64{1, 2}}}},
		"drawing x: row a must have 2 values, got 1": &experiment.MatrixChart{ChartHead: experiment.ChartHead{Name: "x"}, Rows: []string{"a"},
			Columns: []string{"b", "c"}, Values: [][]float64{{1}}},
	} {
		if _, err := DrawCharts([]experiment.Chart{c}, nil, Formats{}); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestAllMarksAreListedWhereTheirWordsHaveNoRoomAbove(t *testing.T) {
	var c *experiment.FanChart
	for _, x := range synthetic.Charts() {
		if x.Head().Name == "fan-marks" {
			c = x.(*experiment.FanChart)
		}
	}
	f := charts(t, []experiment.Chart{c}, Formats{})[0]
	for _, text := range []string{said(f), said(*f.narrow)} {
		for _, m := range c.Marks {
			if want := digest.English().Date(m.Date) + ": " + m.Label; !strings.Contains(text, strings.ReplaceAll(want, " ", "")) {
				t.Errorf("%q is not listed", want)
			}
		}
	}
	c.Marks = c.Marks[3:4]
	if text := said(charts(t, []experiment.Chart{c}, Formats{})[0]); !strings.Contains(text, strings.ReplaceAll(c.Marks[0].Label, " ", "")) || strings.Contains(text, "Eventsmarked") {
		t.Error("one mark is written above the panel, not listed")
	}
	c.Marks[0].Date = sim.DateOf(2040, 1, 1)
	if text := said(charts(t, []experiment.Chart{c}, Formats{})[0]); strings.Contains(text, strings.ReplaceAll(c.Marks[0].Label, " ", "")) {
		t.Error("a mark beyond the axis must not be drawn")
	}
}

func TestAValueBeyondTheScaleIsSaidInNumbers(t *testing.T) {
	for name, want := range map[string][]string{"forest-many": {"−1.23e7", "7"}, "forest-score": {"1\u00a0210", "−80"},
		"fan-wild": {"above the panel, up to 15\u00a0500", "below the panel, down to −900\u00a0000"}} {
		for _, f := range charts(t, synthetic.Charts(), Formats{}) {
			for _, w := range want {
				if f.Name == name && !slices.ContainsFunc(f.labels, func(l label) bool { return l.text == w }) {
					t.Errorf("%s does not say %q", name, w)
				}
			}
		}
	}
}

func TestADotHasItsNameOrANumberThatIsListed(t *testing.T) {
	for _, c := range synthetic.Charts() {
		s, ok := c.(*experiment.ScatterChart)
		if !ok {
			continue
		}
		f := charts(t, []experiment.Chart{s}, Formats{})[0]
		for _, d := range s.Items {
			known := finite(d.X) && finite(d.Y) && d.Name != ""
			if got := slices.ContainsFunc(f.labels, func(l label) bool { return l.text == d.Name }); got != known {
				t.Errorf("%s, %s: named %v, want %v", f.Name, d.Name, got, known)
			}
		}
	}
}

func TestNumbersHaveThreeDigits(t *testing.T) {
	for v, want := range map[float64]string{0: "0", 1: "1", 1.204: "1.2", -0.2346: "−0.235", 0.0999999: "0.1", 99.96: "100", 12345: "12\u00a0300", 999.6: "1\u00a0000",
		1.5e7: "1.5e7", 1e20: "1e20", -2.34e-9: "−2.34e−9", 0.001: "0.001", math.Inf(1): "∞", math.Inf(-1): "−∞"} {
		if got := number(digest.English(), v); got != want {
			t.Errorf("%v: got %q, want %q", v, got, want)
		}
	}
}

func TestTicksAreRoundTellEachOtherApartAndSpanTheAxis(t *testing.T) {
	w := digest.English()
	for _, x := range []struct {
		lo, hi float64
		log    bool
		unit   string
	}{{0, 1, false, ""}, {-3e-5, 2e-6, false, "millionths"}, {0, 7.3e9, false, "billions"}, {1e7, 1e7 + 4, false, "millions"}, {0.001, 5e7, true, ""},
		{3, 4, true, ""}, {-1e-12, 1e-12, false, "units of 1e-12"}, {100, 250, true, ""}, {0, 1e18, false, "units of 1e18"}, {0, 650_000, false, "thousands"}, {0, 20_000, false, ""}} {
		a := linear(w, x.lo, x.hi, 6, true)
		if x.log {
			a = logarithmic(w, x.lo, x.hi, 6)
		}
		seen := map[string]bool{}
		for _, k := range a.ticks {
			if seen[k.text] || k.at < a.lo-1e-9*abs(a.lo) || k.at > a.hi+1e-9*abs(a.hi) {
				t.Errorf("%v: tick %q at %g is there twice or beyond the axis", x, k.text, k.at)
			}
			seen[k.text] = true
		}
		if len(a.ticks) < 3 || len(a.ticks) > 12 || a.title(w.Chart, "") != x.unit {
			t.Errorf("%v: %d ticks, title %q", x, len(a.ticks), a.title(w.Chart, ""))
		}
	}
}

func TestALineIsCutOffAtTheEdges(t *testing.T) {
	a := panel{w: 10, h: 10}
	for _, x := range []struct {
		in, want [4]float64
		ok       bool
	}{{[4]float64{1, 1, 9, 9}, [4]float64{1, 1, 9, 9}, true}, {[4]float64{-5, 5, 15, 5}, [4]float64{0, 5, 10, 5}, true}, {[4]float64{5, 5, 5, -15}, [4]float64{5, 5, 5, 0}, true},
		{[4]float64{-5, 0, 0, -5}, [4]float64{}, false}, {[4]float64{11, 0, 11, 10}, [4]float64{}, false}} {
		x0, y0, x1, y1, ok := a.clip(x.in[0], x.in[1], x.in[2], x.in[3])
		if got := [4]float64{x0, y0, x1, y1}; ok != x.ok || ok && got != x.want {
			t.Errorf("%v: got %v %v", x.in, got, ok)
		}
	}
}

func TestLettersGoOnBeyondZ(t *testing.T) {
	for i, want := range map[int]string{0: "A", 25: "Z", 26: "AA", 27: "AB", 52: "BA"} {
		if got := letters(i); got != want {
			t.Errorf("%d: got %s, want %s", i, got, want)
		}
	}
}

func TestAWordTooLongForALineIsBrokenAtAMarkAndKeptWhole(t *testing.T) {
	b := board{page{&pen{fonts: newFonts()}, nil}}
	for _, text := range []string{"groups.jnim.decisions.procurement.share", "Donaudampfschifffahrtsgesellschaft", "a b", "ééééééééééééééééééé"} {
		lines := b.broken(axisStyle(), text, 60)
		if strings.Join(lines, "") != strings.ReplaceAll(text, " ", "") && strings.Join(lines, " ") != text {
			t.Errorf("%q became %q", text, lines)
		}
		for _, l := range lines {
			if b.fonts.width(axisStyle(), l) > 60 {
				t.Errorf("line %q is too wide", l)
			}
		}
	}
	if lines := b.broken(axisStyle(), "groups.jnim.decisions", 60); fmt.Sprint(lines) != "[groups.jnim. decisions]" {
		t.Errorf("got %q", lines)
	}
}

func TestTicksWhoseLabelsMeetAreThinnedEvenly(t *testing.T) {
	b := board{page{&pen{fonts: newFonts()}, nil}}
	var ticks []tick
	for i := range 40 {
		ticks = append(ticks, tick{float64(i), strconv.Itoa(1000 + i)})
	}
	kept := thinned(b, ticks, func(at float64) float64 { return 8 * at }) // a label is 18 points wide
	if len(kept) != 14 || kept[1].at != 3 {
		t.Errorf("%d ticks are left, the second at %g", len(kept), kept[1].at)
	}
}

func TestAFewValuesFarOffDoNotStretchAnAxisAndThoseNearItStay(t *testing.T) {
	values := []float64{1, 2, 3, 4, 5, 6, 7, 8, math.NaN()}
	for far, want := range map[float64][2]float64{9: {1, 9}, 12: {1, 12}, 900: {1, 8}, -900: {1, 8}} {
		if lo, hi := reach(append(slices.Clone(values), far)); [2]float64{lo, hi} != want {
			t.Errorf("%g: got %g to %g, want %v", far, lo, hi, want)
		}
	}
	if lo, hi := reach(append(slices.Clone(values), 900), -3, 50); lo != -3 || hi != 50 {
		t.Errorf("what must be shown is shown, got %g to %g", lo, hi)
	}
	if lo, hi := reach([]float64{0, 0, 0, 0, 0, 0, 0}); lo != -1 || hi != 1 {
		t.Errorf("zeros stand in the middle, got %g to %g", lo, hi)
	}
}

func has(f Figure, text string) bool {
	return slices.ContainsFunc(f.labels, func(l label) bool { return l.text == text })
}

func TestColoursTellLikeValuesApartAndBeginAtZeroForOthers(t *testing.T) {
	for name, c := range map[string]struct {
		low, high float64
		least     string
	}{"like": {72_111, 86_116, "72\u00a0100"}, "unlike": {1, 10, "0"}, "below zero": {-86_116, -72_111, "−86\u00a0100"}} {
		m := &experiment.MatrixChart{ChartHead: experiment.ChartHead{Name: "m", Title: "m"}, Rows: []string{"a"}, Columns: []string{"x", "y"}, Values: [][]float64{{c.low, c.high}}}
		if f := charts(t, []experiment.Chart{m}, Formats{})[0]; !has(f, c.least) {
			t.Errorf("%s: the scale must begin at %s", name, c.least)
		}
	}
}

func TestALegendSaysWhatABandIs(t *testing.T) {
	line := experiment.Line{Name: "price", X: []float64{1, 2, 3}, Y: []float64{1, 2, 3}, Low: []float64{0, 1, 2}, High: []float64{2, 3, 4}}
	c := &experiment.LineChart{ChartHead: experiment.ChartHead{Name: "l", Title: "l"}, Lines: []experiment.Line{line}, Band: "25–75 % of points"}
	words := digest.English().Chart
	if f := charts(t, []experiment.Chart{c}, Formats{})[0]; !has(f, c.Band) || !strings.Contains(f.Caption, words.CapBands) {
		t.Errorf("the legend must say %q, the caption is %q", c.Band, f.Caption)
	}
	c.Band = ""
	if f := charts(t, []experiment.Chart{c}, Formats{})[0]; !has(f, words.Band) {
		t.Errorf("the legend must say %q", words.Band)
	}
	c.Lines[0].Low, c.Lines[0].High = nil, nil
	if f := charts(t, []experiment.Chart{c}, Formats{})[0]; has(f, words.Band) || strings.Contains(f.Caption, words.CapBands) {
		t.Errorf("lines without bands must not speak of them, got %q", f.Caption)
	}
}

package plots

import (
	"bytes"
	"encoding/xml"
	"entrepot/output/tables"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"entrepot/output/digest"
	"entrepot/output/internal/synthetic"
	"entrepot/sim"
)

func history(t testing.TB) *digest.Digest {
	t.Helper()
	return digest.Make(synthetic.Run(574, sim.DateOf(2015, 1, 5)), synthetic.Context())
}

// TestFiguresForTheEye draws the whole history and writes the figures where ENTREPOT_FIGURES says, to be looked at.
func TestFiguresForTheEye(t *testing.T) {
	dir := os.Getenv("ENTREPOT_FIGURES")
	if dir == "" {
		dir = t.TempDir()
	}
	d := history(t)
	begin := time.Now()
	figures, err := Draw(d, Formats{PNG: true})
	t.Log(time.Since(begin))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range figures {
		t.Log(f.Name, len(f.SVG), len(f.PNG))
		os.WriteFile(filepath.Join(dir, f.Name+".png"), f.PNG, 0o644)
		os.WriteFile(filepath.Join(dir, f.Name+".svg"), f.SVG, 0o644)
	}
}

func draw(t testing.TB, d *digest.Digest, formats Formats) []Figure {
	t.Helper()
	figures, err := Draw(d, formats)
	if err != nil {
		t.Fatal(err)
	}
	return figures
}

// variants are the shapes of runs that figures must bear: the whole history, a short run, hardly anything.
func variants(t testing.TB) map[string]*digest.Digest {
	short := synthetic.Context()
	short.Before, short.After, short.Focus = digest.Window{}, digest.Window{}, nil
	part := synthetic.Context() // an axis on which neither period lies
	part.From, part.To = sim.DateOf(2019, 3, 1), sim.DateOf(2019, 9, 30)
	tiny := synthetic.Context()
	tiny.Before, tiny.After, tiny.Events, tiny.Facts = digest.Window{}, digest.Window{}, nil, nil
	return map[string]*digest.Digest{
		"history": history(t), "wild": wild(t), "part": digest.Make(synthetic.Run(574, sim.DateOf(2015, 1, 5)), part), "three years": digest.Make(synthetic.Run(160, sim.DateOf(2022, 8, 1)), short),
		"ten weeks": digest.Make(synthetic.Run(10, sim.DateOf(2023, 1, 2)), tiny),
	}
}

func TestEveryLabelIsOnThePageAndNoTwoOverlap(t *testing.T) {
	for name, d := range variants(t) {
		for _, f := range draw(t, d, Formats{}) {
			if len(f.labels) < 5 {
				t.Errorf("%s, %s: only %d labels", name, f.Name, len(f.labels))
			}
			for i, a := range f.labels {
				if a.x < 0 || a.y < 0 || a.x+a.w > f.w || a.y+a.h > f.h {
					t.Errorf("%s, %s: label %q leaves the page: %.0f %.0f %.0f %.0f", name, f.Name, a.text, a.x, a.y, a.w, a.h)
				}
				for _, b := range f.labels[:i] {
					if a.overlaps(b) && a.text != "" && b.text != "" && min(a.x+a.w, b.x+b.w)-max(a.x, b.x) > 0.5 && min(a.y+a.h, b.y+b.h)-max(a.y, b.y) > 1 {
						t.Errorf("%s, %s: labels %q and %q overlap", name, f.Name, a.text, b.text)
					}
				}
			}
		}
	}
}

func TestNoFigureHoldsAnImpossibleNumber(t *testing.T) {
	for name, d := range variants(t) {
		for _, f := range draw(t, d, Formats{}) {
			for _, bad := range []string{"NaN", "Inf", "%!"} {
				if strings.Contains(string(f.SVG)+f.Alt+f.Caption, bad) {
					t.Errorf("%s, %s contains %s", name, f.Name, bad)
				}
			}
			for in := xml.NewDecoder(bytes.NewReader(f.SVG)); ; {
				if _, err := in.Token(); err == io.EOF {
					break
				} else if err != nil {
					t.Fatalf("%s, %s: %v", name, f.Name, err)
				}
			}
		}
	}
}

func TestEqualRunsGiveEqualBytes(t *testing.T) {
	a, b := draw(t, history(t), Formats{PNG: true}), draw(t, history(t), Formats{PNG: true})
	for i := range a {
		if !bytes.Equal(a[i].SVG, b[i].SVG) || !bytes.Equal(a[i].PNG, b[i].PNG) || a[i].Alt != b[i].Alt {
			t.Errorf("%s differs", a[i].Name)
		}
	}
}

func TestEveryFigureSaysWhatItIsMadeOf(t *testing.T) {
	want := []string{"prices-ak", "prices-ammo_762x39", "costs-ak", "market", "map-flows", "routes", "origins", "activity", "groups"}
	figures := draw(t, history(t), Formats{})
	for i, f := range figures {
		if i >= len(want) || f.Name != want[i] {
			t.Errorf("figure %d is %s", i, f.Name)
		}
		for _, s := range []string{"Scenario offensive, seed 1, entrepot 0.1.0", "n = 1", "<title>", "<desc>"} {
			if !strings.Contains(string(f.SVG), s) {
				t.Errorf("%s does not say %q", f.Name, s)
			}
		}
		if f.Alt == "" || f.Caption == "" || f.Title == "" {
			t.Errorf("%s: title, alt text and caption must be given", f.Name)
		}
	}
	if len(figures) != len(want) {
		t.Errorf("%d figures, want %d", len(figures), len(want))
	}
}

func TestPngHasTwoHundredDotsPerInch(t *testing.T) {
	f := draw(t, history(t), Formats{PNG: true})[0]
	config, err := png.DecodeConfig(bytes.NewReader(f.PNG))
	if err != nil {
		t.Fatal(err)
	}
	if config.Width != 2000 || !bytes.Contains(f.PNG[:80], []byte("pHYs\x00\x00\x1e\xc3\x00\x00\x1e\xc3\x01")) {
		t.Errorf("width %d, header %q", config.Width, f.PNG[:60])
	}
	if _, err := png.Decode(bytes.NewReader(f.PNG)); err != nil {
		t.Error(err)
	}
}

func TestAnEmptyRunHasNoFigures(t *testing.T) {
	if f := draw(t, digest.Make(tables.NewRun(0), digest.Context{}), Formats{PNG: true}); len(f) != 0 {
		t.Errorf("%d figures", len(f))
	}
}

func TestBadBaseMapIsAnError(t *testing.T) {
	for _, text := range []string{"", "{", `{"arcs":[],"objects":{"countries":{"geometries":[{"type":"Polygon","arcs":[[3]],"properties":{"name":"X"}}]}}}`} {
		d := history(t)
		d.Basemap = []byte(text)
		if _, err := Draw(d, Formats{}); err == nil {
			t.Errorf("no error for %q", text)
		}
	}
}

func BenchmarkDraw(b *testing.B) {
	d := history(b)
	for b.Loop() {
		draw(b, d, Formats{PNG: true})
	}
}

// wild is the history with what a changed model may bring: prices tenfold and again a tenth, sales far below cost, long gaps.
func wild(t testing.TB) *digest.Digest {
	t.Helper()
	run := synthetic.Run(574, sim.DateOf(2015, 1, 5))
	margin, _ := run.Names.Find("margin")
	for i := range run.Prices {
		p := &run.Prices[i]
		switch {
		case p.Tick%9 == 0:
			p.Price *= 10
		case p.Tick%7 == 0:
			p.Price /= 10
		case p.Tick > 200 && p.Tick < 300:
			p.Price, p.Units = 0, 0
		}
	}
	for i := range run.Costs {
		if c := &run.Costs[i]; c.Component == margin && c.Tick%2 == 0 {
			c.PerUnit -= 400_000
		}
	}
	return digest.Make(run, synthetic.Context())
}

func TestNothingIsDrawnBeyondThePage(t *testing.T) {
	points := regexp.MustCompile(`[ML](-?[\d.e+-]+),(-?[\d.e+-]+)`)
	for name, d := range variants(t) {
		for _, f := range draw(t, d, Formats{}) {
			worst, n := 0.0, 0
			for _, p := range points.FindAllStringSubmatch(string(f.SVG), -1) {
				x, _ := strconv.ParseFloat(p[1], 64)
				y, _ := strconv.ParseFloat(p[2], 64)
				worst, n = max(worst, -x, x-f.w, -y, y-f.h), n+1
			}
			if n < 20 || worst > 0.5 {
				t.Errorf("%s, %s: a line leaves the page by %.0f points (%d points)", name, f.Name, worst, n)
			}
		}
	}
}

func TestNoLabelIsCutShort(t *testing.T) {
	for name, d := range variants(t) {
		for _, f := range draw(t, d, Formats{}) {
			for _, l := range f.labels {
				if strings.Contains(l.text, "…") {
					t.Errorf("%s, %s: %q", name, f.Name, l.text)
				}
			}
		}
	}
}

func TestANumberStandsForTheSameEventsInAllFigures(t *testing.T) {
	lists := map[string][]string{}
	for _, f := range draw(t, history(t), Formats{}) {
		seen := false
		for _, l := range f.labels {
			seen = seen || l.text == "Events marked"
			if seen {
				lists[f.Name] = append(lists[f.Name], l.text)
			}
		}
	}
	for name, list := range lists {
		if want := lists["prices-ak"]; !slices.Equal(list, want) {
			t.Errorf("%s lists\n%q\nwant\n%q", name, list, want)
		}
	}
	if len(lists) < 5 {
		t.Errorf("only %d figures list events", len(lists))
	}
}

func TestAxesCarryTheirUnits(t *testing.T) {
	units := map[string]string{"prices-ak": "thousand CFA per rifle", "prices-ammo_762x39": "CFA per round", "costs-ak": "thousand CFA per rifle",
		"market": "thousand CFA per rifle", "origins": "share of units sold to users", "routes": "rifles a year", "groups": "million CFA a month"}
	for _, f := range draw(t, history(t), Formats{}) {
		want := units[f.Name]
		if want != "" && !slices.ContainsFunc(f.labels, func(l label) bool { return l.text == want }) {
			t.Errorf("%s does not say %q", f.Name, want)
		}
	}
}

func TestTheMapNamesItsSources(t *testing.T) {
	for _, f := range draw(t, history(t), Formats{}) {
		for _, want := range []string{"Natural Earth", "GeoNames (CC BY 4.0)", "no opinion on the status of any territory"} {
			if f.Name == "map-flows" && !slices.ContainsFunc(f.labels, func(l label) bool { return strings.Contains(l.text, want) }) {
				t.Errorf("the map does not say %q", want)
			}
		}
	}
}

func TestSalesBelowCostAreSeenBelowZero(t *testing.T) {
	d := wild(t)
	b, _ := seasonal(d)
	piles := pilesOf(d, d.Goods[0], townsFor(d, d.Goods[0]), b)
	low, high := costRange(piles)
	deepest := 0.0
	for _, p := range piles {
		for k := range p.layers[0].values {
			_, down := p.height(k)
			deepest = min(deepest, down)
		}
	}
	if deepest == 0 || low > max(deepest, -high/3) {
		t.Errorf("the panel reaches down to %.0f, bars to %.0f", low, deepest)
	}
}

func TestMeansOfHardlyAnyUnitsAreThinAndDoNotStretchThePanel(t *testing.T) {
	run := synthetic.Run(160, sim.DateOf(2022, 8, 1))
	gao, _ := run.Names.Find("gao")
	for i := range run.Prices {
		if p := &run.Prices[i]; p.Hub == gao && p.Tick > 60 && p.Tick < 100 {
			p.Units = min(p.Units, 1)
		}
	}
	d := digest.Make(run, synthetic.Context())
	b := binsOf(d, 1)
	for _, p := range pilesOf(d, d.Goods[0], townsFor(d, d.Goods[0]), b) {
		if bin, _ := b.at(80); p.town.Hub.ID == "gao" && !p.few[bin] {
			t.Error("a month in which four rifles were sold must be thin")
		}
	}
}

func TestWeeksOfHardlyAnyTradeArePale(t *testing.T) {
	x := track{sold: []int64{3000, 15, 2900, 400}}
	x.settle()
	if !x.hardly(1) || x.hardly(3) {
		t.Errorf("15 rounds are hardly any beside 3000, 400 are some: median %d", x.median)
	}
}

func TestThinStrandsDoNotMixTheirColours(t *testing.T) {
	r := road{strands: []strand{
		{"a", "b", "libya", digest.Pair{Before: 50}}, {"a", "b", "sudan", digest.Pair{Before: 30}}, {"b", "a", "sudan", digest.Pair{Before: 20}},
		{"a", "b", "nigeria", digest.Pair{Before: 400}},
	}}
	const perPoint = 100.0 // units: strands below 45 are too thin
	got := r.bands("a", 0, perPoint)
	want := []strand{{"a", "b", "libya", digest.Pair{Before: 50}}, {"a", "b", "nigeria", digest.Pair{Before: 430, After: 30}}}
	if len(got) != 2 || got[0] != want[0] || got[1].origin != "nigeria" || got[1].units.Before != 430 {
		t.Errorf("got %v, want %v", got, want)
	}
	if back := r.bands("b", 0, perPoint); len(back) != 1 || back[0].units.Before != 20 {
		t.Errorf("the only strand of a direction must stay, got %v", back)
	}
	if none := r.bands("c", 0, perPoint); none != nil {
		t.Errorf("got %v for a direction without flow", none)
	}
}

package report

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"entrepot/output/digest"
	"entrepot/output/internal/synthetic"
	"entrepot/output/plots"
	"entrepot/output/tables"
	"entrepot/sim"
)

func offensive(t testing.TB) *digest.Digest {
	t.Helper()
	return digest.Make(synthetic.Run(261, sim.DateOf(2021, 1, 4)), synthetic.Context())
}

func html(t testing.TB, d *digest.Digest) string {
	t.Helper()
	figures, err := plots.Draw(d, plots.Formats{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := Write(&b, d, figures); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestReportForTheEye(t *testing.T) {
	name := os.Getenv("ENTREPOT_REPORT")
	if name == "" {
		name = filepath.Join(t.TempDir(), "report.html")
	}
	d := offensive(t)
	begin := time.Now()
	page := html(t, d)
	t.Log(time.Since(begin), len(page))
	if err := os.WriteFile(name, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestReportTellsTheNumbersOfTheTables(t *testing.T) {
	d := offensive(t)
	page := html(t, d)
	w := d.Words
	for _, town := range d.Towns {
		for _, s := range []string{d.PriceSentence(town), w.Round(town.Before.Mean), w.Round(town.After.Mean)} {
			if !strings.Contains(page, escaped(s)) {
				t.Errorf("report does not say %q", s)
			}
		}
		sum := digest.Pair{}
		for _, p := range town.Parts {
			sum.Before += p.Before
			sum.After += p.After
		}
		if diff := sum.Before - town.Before.Mean; diff > 1 || diff < -1 {
			t.Errorf("%s: components sum to %.1f, price is %.1f", town.Hub.ID, sum.Before, town.Before.Mean)
		}
	}
	for _, s := range append(d.RoadSentences(), d.PlaceSentences()...) {
		if !strings.Contains(page, escaped(s)) {
			t.Errorf("report does not say %q", s)
		}
	}
}

// escaped is a text as the template writes it.
func escaped(s string) string {
	return strings.NewReplacer("&", "&amp;", "'", "&#39;", "+", "&#43;", `"`, "&#34;").Replace(s)
}

func TestReportStandsAlone(t *testing.T) {
	page := html(t, offensive(t))
	for _, bad := range []string{"<script", "src=\"http", "href=\"http", "@import", "url(http", "NaN", "%!", "ZgotmplZ", "+Inf"} {
		if i := strings.Index(page, bad); i >= 0 {
			t.Errorf("report contains %q: %s", bad, page[max(0, i-80):min(len(page), i+80)])
		}
	}
	for _, id := range []string{"asked", "happened", "why", "where", "who", "places", "sure", "out", "glossary"} {
		if !strings.Contains(page, `id="`+id+`"`) {
			t.Errorf("section %s is missing", id)
		}
	}
}

func TestReportIsTheSameForEqualRuns(t *testing.T) {
	if first, again := html(t, offensive(t)), html(t, offensive(t)); first != again {
		t.Error("two reports of equal runs differ")
	}
}

func TestReportOfAnEmptyRunIsWrittenToo(t *testing.T) {
	run := tables.NewRun(sim.DateOf(2021, 1, 4))
	page := html(t, digest.Make(run, digest.Context{Scenario: "empty", Title: "Nothing"}))
	if !strings.Contains(page, "Nothing") {
		t.Error("no title")
	}
}

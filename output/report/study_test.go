package report

import (
	"bytes"
	"encoding/xml"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/output/internal/synthetic"
	"entrepot/output/plots"
)

func studyPageOf(t testing.TB, f *experiment.Findings, charts int) string {
	t.Helper()
	figures, err := plots.DrawCharts(f.Charts[:charts], f.Words, plots.Formats{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := WriteStudy(&b, f, figures, Origin{Scenarios: []string{"offensive", "offensive-without"}, Version: "0.2.0", Files: true}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestStudyForTheEye writes a report with charts of all kinds where ENTREPOT_STUDY says, to be looked at.
func TestStudyForTheEye(t *testing.T) {
	name := os.Getenv("ENTREPOT_STUDY")
	if name == "" {
		name = filepath.Join(t.TempDir(), "report.html")
	}
	f := synthetic.Findings()
	page := studyPageOf(t, f, len(f.Charts))
	t.Log(len(page))
	if err := os.WriteFile(name, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestTheReportOfAStudySaysTheAnswerFirstAndTheRestInOrder(t *testing.T) {
	f := synthetic.Findings()
	page := studyPageOf(t, f, 2)
	at := -1
	for _, want := range []string{f.Title + "</h1>", f.Question, "offensive, offensive-without", `id="answer"`, f.Answer[0], f.Answer[2], "2 runs failed.", `id="charts"`, f.Charts[0].Head().Alt,
		f.Charts[1].Head().Alt, `id="tables"`, f.Sheets[0].Title, "+345 000", f.Sheets[0].Note, f.Sheets[1].Title, `id="how"`, f.Design[0], `id="sure"`, "same luck", `id="out"`, f.Caveats[0],
		`id="failed"`, f.Failed[0], f.Failed[1], "entrepot 0.2.0. Stylised"} {
		i := strings.Index(page[at+1:], escaped(want))
		if strings.HasPrefix(want, "id=") || strings.HasSuffix(want, "</h1>") {
			i = strings.Index(page[at+1:], want)
		}
		if i < 0 {
			t.Fatalf("%q is missing or out of order", want)
		}
		at += 1 + i
	}
	if !strings.Contains(page, "<code>entrepot attribute</code>") {
		t.Error("what stands between backticks is code")
	}
	for _, id := range regexp.MustCompile(`href="#(\w+)"`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `id="`+id[1]+`"`) {
			t.Errorf("nothing is at #%s", id[1])
		}
	}
}

func TestTheReportOfAStudyStandsAloneAndIsWellFormed(t *testing.T) {
	f := synthetic.Findings()
	bad := `<script>alert("x")</script> & more`
	f.Title, f.Failed, f.Answer, f.Caveats = bad, append([]string{bad}, make([]string, 119)...), []string{bad}, []string{"`" + bad + "` and `more"}
	page := studyPageOf(t, f, len(f.Charts))
	for _, bad := range []string{"<script", "src=", "href=\"http", "@import", "url(", "NaN", "%!", "ZgotmplZ", "+Inf"} {
		if i := strings.Index(page, bad); i >= 0 {
			t.Errorf("report contains %q: %s", bad, page[max(0, i-80):min(len(page), i+80)])
		}
	}
	if !strings.Contains(page, "and 70 more") {
		t.Error("failed runs beyond fifty are counted")
	}
	body := page[strings.Index(page, "<body>"):strings.Index(page, "</html>")]
	for in := xml.NewDecoder(strings.NewReader(body)); ; { // what the template writes is XML but for the head
		if _, err := in.Token(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	for _, url := range regexp.MustCompile(`https?://[^"<\s]+`).FindAllString(page, -1) {
		if !strings.HasPrefix(url, "http://www.w3.org/") { // names of XML
			t.Errorf("the report points to %s", url)
		}
	}
	if page != studyPageOf(t, f, len(f.Charts)) {
		t.Error("two reports of equal findings differ")
	}
}

func TestTheReportOfAStudyThatFoundNothingIsWrittenToo(t *testing.T) {
	page := studyPageOf(t, &experiment.Findings{Title: "Nothing"}, 0)
	for _, want := range []string{"Nothing", "gives no verdict", "does not say how it was done", "No run failed."} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	for _, bad := range []string{`id="charts"`, `id="tables"`, `href="#charts"`} {
		if strings.Contains(page, bad) {
			t.Errorf("there must be no %q", bad)
		}
	}
}

func TestALongTableIsFoldedAwayAndColumnsOfWordsStandToTheLeft(t *testing.T) {
	f := &experiment.Findings{Sheets: []experiment.Sheet{{Title: "Long", Columns: []string{"run", "value", "verdict"}}}}
	for range longSheet + 1 {
		f.Sheets[0].Rows = append(f.Sheets[0].Rows, []string{"a", "1.5", "so"})
	}
	page := studyPageOf(t, f, 0)
	for _, want := range []string{"<summary>Long (31 rows)</summary>", `<td>1.5</td><td class="t whole">so</td>`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestAColumnOfSentencesHasRoomAndOneOfIntervalsIsNotBroken(t *testing.T) {
	f := &experiment.Findings{Command: "sweep", Sheets: []experiment.Sheet{{Title: "Wide", Columns: []string{"target", "what is measured", "interval"},
		Rows: [][]string{{"T1", "price of AK-pattern rifles in Middle, 2022-01 to 2022-06: mean over the units sold", "145\u00a0293 to 166\u00a0843"}}}}}
	page := studyPageOf(t, f, 0)
	for _, want := range []string{`<th scope="col" class="t long">what is measured</th>`, "<td class=\"t long\">price", "<td class=\"t whole\">145\u00a0293 to"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
}

func TestTermsOfAStudyAreExplained(t *testing.T) {
	page := studyPageOf(t, &experiment.Findings{Command: "sweep"}, 0)
	for _, want := range []string{`<h2 id="glossary">Glossary</h2>`, "<dt>Rank correlation</dt>", "<dt>Replicate</dt>", "<dt>95 % interval</dt>", "Scenarios <b>offensive, offensive-without</b>"} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if strings.Contains(page, "Shapley value") {
		t.Error("terms of other studies are not explained")
	}
	for command := range digest.English().Study.SureOf {
		if _, ok := digest.English().Study.TermsOf[command]; !ok && command != "ensemble" {
			t.Errorf("%s has no terms", command)
		}
	}
}

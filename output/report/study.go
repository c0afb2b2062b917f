package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/output/plots"
)

//go:embed study.html.tmpl
var studyPage string

// Origin is where findings come from.
type Origin struct {
	Scenarios []string // names
	Version   string   // of the program
	Files     bool     // tables and charts stand as files beside the report
}

// WriteStudy writes the report of a study: the answer first, then the charts, the tables, how it was done, how sure one may be
// and what the study cannot say. Figures come in their order; one that has a narrow form shows it on phones.
func WriteStudy(w io.Writer, f *experiment.Findings, figures []plots.Figure, from Origin) error {
	return write(w, studyPage, newStudyView(f, figures, from))
}

// studyView is what the template of a study sees.
type studyView struct {
	F    *experiment.Findings
	S    digest.StudyWords
	Lang string
	From Origin

	Scenario, Scenarios, Foot, FailedLead, MoreFailed string // the first is the word for the second
	Sure, Failed                                      []string
	Terms                                             []digest.Term
	Contents                                          []link
	Charts                                            []chart
	Sheets                                            []sheet
}

// chart is a figure in its two forms.
type chart struct {
	SVG, Narrow template.HTML
	Caption     string
}

// sheet is a table with a note below.
type sheet struct {
	Table table
	Note  string
}

// longCell is how many letters stand on one line of a cell; a column with longer texts breaks them.
const longCell = 28

// Tables of more rows are folded away, failed runs beyond so many only counted.
const longSheet, maxFailed = 30, 50

func newStudyView(f *experiment.Findings, figures []plots.Figure, from Origin) *studyView {
	words := digest.In(f.Words)
	s := words.Study
	v := &studyView{F: f, S: s, Lang: words.Lang(), From: from, Scenarios: strings.Join(from.Scenarios, ", "), Foot: fmt.Sprintf(s.FootF, from.Version)}
	if own := s.SureOf[f.Command]; own != "" {
		v.Sure = append(v.Sure, own)
	}
	v.Sure = append(v.Sure, s.SureText...)
	if v.Scenario = s.Scenario; len(from.Scenarios) > 1 {
		v.Scenario = s.Scenarios
	}
	v.Terms = slices.Concat(s.TermsOf[f.Command], s.Terms)
	v.failed()
	said := map[string]bool{}
	for _, x := range figures {
		v.Charts = append(v.Charts, chart{template.HTML(x.SVG), template.HTML(x.Narrow), unsaid(x.Caption, said)})
	}
	for i := range f.Sheets {
		v.Sheets = append(v.Sheets, sheet{tableOf(s, &f.Sheets[i]), f.Sheets[i].Note})
	}
	v.contents()
	return v
}

// unsaid leaves out the sentences that were said before: how to read a kind of chart is said once.
func unsaid(text string, said map[string]bool) string {
	var b strings.Builder
	for _, s := range strings.SplitAfter(text, ". ") {
		if key := strings.TrimSpace(s); !said[key] {
			b.WriteString(s)
			said[key] = true
		}
	}
	return b.String()
}

func (v *studyView) contents() {
	add := func(id, text string, ok bool) {
		if ok {
			v.Contents = append(v.Contents, link{id, text})
		}
	}
	add("charts", v.S.Charts, len(v.Charts) > 0)
	add("tables", v.S.Sheets, len(v.Sheets) > 0)
	add("how", v.S.How, true)
	add("sure", v.S.Sure, true)
	add("out", v.S.Out, true)
	add("failed", v.S.Failed, len(v.F.Failed) > 0)
	add("glossary", v.S.Glossary, true)
}

func (v *studyView) failed() {
	v.Failed, v.FailedLead = v.F.Failed, v.S.NoneFailed
	switch n := len(v.Failed); {
	case n == 1:
		v.FailedLead = v.S.FailedOne
	case n > 1:
		v.FailedLead = fmt.Sprintf(v.S.FailedF, n)
	}
	if rest := len(v.Failed) - maxFailed; rest > 0 {
		v.Failed, v.MoreFailed = v.Failed[:maxFailed], fmt.Sprintf(v.S.MoreFailedF, rest)
	}
}

// tableOf makes a table of a sheet; columns of words stand to the left.
func tableOf(s digest.StudyWords, x *experiment.Sheet) table {
	t := table{Caption: x.Title, Head: x.Columns, Rows: x.Rows, Long: []int{}}
	if len(x.Rows) > longSheet {
		t.Closed = fmt.Sprintf(s.RowsF, x.Title, len(x.Rows))
	}
	for i := range x.Columns {
		if !x.Numeric(i) {
			t.Text = append(t.Text, i)
			if slices.ContainsFunc(x.Rows, func(row []string) bool { return i < len(row) && utf8.RuneCountInString(row[i]) > longCell }) {
				t.Long = append(t.Long, i)
			}
		}
	}
	return t
}

// marked escapes a text and sets what stands between backticks as code.
func marked(text string) template.HTML {
	parts := strings.Split(text, "`")
	var b strings.Builder
	for i, p := range parts {
		p = template.HTMLEscapeString(p)
		switch {
		case i%2 == 0:
			b.WriteString(p)
		case i == len(parts)-1: // never closed
			b.WriteString("`" + p)
		default:
			b.WriteString("<code>" + p + "</code>")
		}
	}
	return template.HTML(b.String())
}

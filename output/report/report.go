// Package report writes the report of a run or of a study: one HTML file that needs nothing else, no script and no network.
//
// Every sentence and number comes from the digest of the run or from the findings; every fixed text from the catalogue.
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strconv"
	"strings"

	"entrepot/output/digest"
	"entrepot/output/plots"
	"entrepot/output/prose"
)

//go:embed report.html.tmpl
var page string

// look is what all reports look like: the style and the tables.
//
//go:embed look.html.tmpl
var look string

// base is what reports have in common with the page, which reads the same file.
//
//go:embed look.css
var base string

// Write writes the report of a run. Figures are put where they belong by their names; those that are missing are left out.
func Write(w io.Writer, d *digest.Digest, figures []plots.Figure) error {
	return write(w, page, newView(d, figures))
}

// write fills a page in.
func write(w io.Writer, page string, view any) error {
	t, err := template.New("report").Funcs(template.FuncMap{"prose": marked}).Parse(page + look + `{{define "base"}}` + base + `{{end}}`)
	if err != nil {
		return fmt.Errorf("reading the report's template: %w", err)
	}
	if err := t.Execute(w, view); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// view is what the template sees.
type view struct {
	D *digest.Digest
	W *digest.Words
	R digest.ReportWords

	PriceItems, WhyItems, RiskTexts                                         []string
	Period, Compared, Foot, MoreEvents                                      string
	Short                                                                   []digest.Item
	LookAt                                                                  string
	StoreTexts, GroupTexts                                                  []string
	GroupTables                                                             []table
	Contents                                                                []link
	Events                                                                  []event
	PriceTexts, WhyTexts, RoadTexts, WhoTexts, PlaceTexts, SureTexts        []string
	PriceTables, CostTables, RoadTables, WhoTables, PlaceTables, FactTables []table
	Figures                                                                 struct{ Prices, Why, Where, Who, Places []figure }
}

type link struct{ ID, Text string }

type event struct{ Date, Text, Cause string }

type figure struct {
	SVG     template.HTML
	Caption string
}

// table is a table of texts. Text says which columns are words, Long which of them hold whole sentences, Change which show a change.
type table struct {
	Caption      string
	Closed       string // if given, the table is folded away under these words
	Head         []string
	Rows         [][]string
	Foot         []string
	Text, Change []int
	Long         []int // if nil, words are broken wherever that makes room
}

// IsText says whether a column holds words.
func (t table) IsText(i int) bool { return i > 0 && slices.Contains(t.Text, i) }

// Style is that of a column of words: one with sentences has room for them, others stay on one line where that is known.
func (t table) Style(i int) string {
	switch {
	case t.Long == nil:
		return "t"
	case slices.Contains(t.Long, i):
		return "t long"
	}
	return "t whole"
}

// IsChange says whether a column holds changes, which are coloured by sign.
func (t table) IsChange(i int) bool { return slices.Contains(t.Change, i) }

// Class is the style of a change.
func (t table) Class(cell string) string {
	switch {
	case strings.HasPrefix(cell, "+"), strings.HasPrefix(cell, "×"):
		return "up"
	case strings.HasPrefix(cell, "−"):
		return "down"
	}
	return ""
}

// maxEvents is how many events the report lists.
const maxEvents = 40

func newView(d *digest.Digest, figures []plots.Figure) *view {
	w, r := d.Words, d.Words.Report
	v := &view{D: d, W: w, R: r}
	if d.Weeks > 0 {
		v.Period = w.Span(digest.Window{From: d.Run.Start, To: d.Run.Date(int32(d.Weeks - 1))})
	}
	v.Compared = fmt.Sprintf(r.ComparedF, w.Span(d.Before), w.Span(d.After))
	v.Foot = fmt.Sprintf(w.Plot.FooterF, d.Scenario, strconv.FormatUint(d.Seed, 10), d.Version)
	for _, c := range [][2]string{{"asked", r.Asked}, {"happened", r.Happened}, {"why", r.Why}, {"where", r.Where}, {"who", r.Who},
		{"places", r.Places}, {"sure", r.Sure}, {"out", r.Out}, {"glossary", r.Glossary}} {
		v.Contents = append(v.Contents, link{c[0], c[1]})
	}
	v.LookAt = w.Items(d.LookAt)
	v.events()
	if len(d.Goods) > 0 {
		v.prices()
		v.costs()
		v.roads()
		v.who()
		v.places()
		v.groups()
		v.checks()
		v.Short = d.InShort()
	}
	v.place(figures)
	return v
}

func (v *view) events() {
	n := 0
	var seen []event
	for _, e := range v.D.Events {
		row := event{v.W.Date(e.Date), e.Label, e.Cause}
		if slices.Contains(seen, row) || e.Date < v.D.From || e.Date > v.D.To {
			continue
		}
		seen = append(seen, row)
		if n++; n <= maxEvents {
			v.Events = append(v.Events, row)
		}
	}
	if n > maxEvents {
		v.MoreEvents = fmt.Sprintf(v.R.MoreEventsF, n-maxEvents)
	}
}

func (v *view) place(figures []plots.Figure) {
	for _, f := range figures {
		x := figure{template.HTML(f.SVG), f.Caption}
		if n := len(v.Figures.Prices); n > 0 && v.Figures.Prices[0].Caption == x.Caption {
			x.Caption = "" // said once
		}
		switch {
		case strings.HasPrefix(f.Name, "prices-"):
			v.Figures.Prices = append(v.Figures.Prices, x)
		case strings.HasPrefix(f.Name, "costs-"), f.Name == "market":
			v.Figures.Why = append(v.Figures.Why, x)
		case f.Name == "map-flows", f.Name == "routes":
			v.Figures.Where = append(v.Figures.Where, x)
		case f.Name == "origins":
			v.Figures.Who = append(v.Figures.Who, x)
		default:
			v.Figures.Places = append(v.Figures.Places, x)
		}
	}
}

// change formats a relative change; a dash where there is none to speak of.
func (v *view) change(p digest.Pair) string { return v.W.Times(p) }

func (v *view) price(p digest.Price) string {
	if p.Weeks == 0 {
		return prose.None
	}
	return v.W.Round(p.Mean)
}

func (v *view) span(p digest.Price) string {
	if p.Weeks == 0 {
		return prose.None
	}
	return v.W.Range(v.W.Round(p.Low), v.W.Round(p.High))
}

func (v *view) prices() {
	d, r, w := v.D, v.R, v.W
	for _, g := range d.PricedGoods() {
		t := table{Caption: fmt.Sprintf(r.PriceTableF, g.Name), Change: []int{3},
			Head: []string{r.Town, r.Before, r.After, r.Change, r.Range + ", " + d.Words.Plot.Before, r.Range + ", " + d.Words.Plot.After, r.Weeks}}
		rest := t
		rest.Caption += " – " + r.OtherMarkets
		rest.Closed = w.Colon(r.OtherMarkets, g.Name)
		for _, x := range ordered(d, g) {
			pair := digest.Pair{}
			if x.Known() {
				pair = x.Pair()
			}
			to := &t
			if !slices.Contains(d.Focus, x.Hub.ID) {
				to = &rest
			}
			to.Rows = append(to.Rows, []string{x.Hub.Short(), v.price(x.Before), v.price(x.After), v.change(pair), v.span(x.Before), v.span(x.After),
				fmt.Sprintf("%d, %d", x.Before.Weeks, x.After.Weeks)})
		}
		v.PriceTables = append(v.PriceTables, t)
		if len(rest.Rows) > 0 {
			v.PriceTables = append(v.PriceTables, rest)
		}
	}
	for _, t := range d.Towns {
		v.PriceItems = append(v.PriceItems, d.PriceSentence(t))
	}
	if s := d.VolumeSentence(); s != "" {
		v.PriceTexts = append(v.PriceTexts, s)
	}
}

// ordered lists the towns in focus first, then the other markets of a good.
func ordered(d *digest.Digest, g digest.Good) []digest.Town {
	var first, rest []digest.Town
	for _, id := range d.Focus {
		for _, t := range d.Prices {
			if t.Good.ID == g.ID && t.Hub.ID == id {
				first = append(first, t)
			}
		}
	}
	for _, t := range d.Prices {
		if t.Good.ID == g.ID && !slices.Contains(d.Focus, t.Hub.ID) {
			rest = append(rest, t)
		}
	}
	return append(first, rest...)
}

func (v *view) costs() {
	d, r, w := v.D, v.R, v.W
	var why []string
	for _, t := range d.Towns {
		if s := d.WhySentence(t); s != "" {
			why = append(why, s)
		}
	}
	v.WhyTexts = d.AccountSentences()
	v.WhyItems = why
	if risk := d.RiskSentences(); len(risk) > 0 {
		v.RiskTexts = []string{strings.Join(risk, " ")}
	}
	t := table{Head: []string{r.Component}, Foot: []string{r.Sum}}
	towns := slices.DeleteFunc(slices.Clone(d.Towns), func(t digest.Town) bool { return len(t.Parts) == 0 || !t.Known() })
	if len(towns) == 0 {
		return
	}
	scale, unit := 1.0, w.T("CFA")
	if towns[0].Before.Mean+towns[0].After.Mean >= 20000 {
		scale, unit = 1000, w.Plot.ThousandCFA
	}
	t.Caption = fmt.Sprintf(r.CostTableF, d.Goods[0].Name, unit)
	for i, p := range towns[0].Parts {
		row := []string{w.Name(p.Component)}
		for _, x := range towns {
			row = append(row, v.steps(x.Parts[i].Pair, scale))
		}
		t.Rows = append(t.Rows, row)
	}
	for _, x := range towns {
		t.Head = append(t.Head, x.Hub.Short())
		t.Foot = append(t.Foot, v.steps(x.Pair(), scale))
	}
	v.CostTables = append(v.CostTables, t)
}

// steps shows a number before and after with its change.
func (v *view) steps(p digest.Pair, scale float64) string {
	return fmt.Sprintf("%s → %s (%s)", v.W.Int(p.Before/scale), v.W.Int(p.After/scale), v.W.Signed(p.Change()/scale))
}

func (v *view) roads() {
	d, r, w := v.D, v.R, v.W
	v.RoadTexts = d.RoadSentences()
	if len(d.Arcs) == 0 {
		return
	}
	t := table{Caption: fmt.Sprintf(r.RoadTableF, d.Goods[0].Unit), Head: []string{r.Road, r.Before, r.After, r.Change}, Change: []int{3}}
	t.Closed = t.Caption
	for _, a := range d.Arcs[:min(16, len(d.Arcs))] {
		t.Rows = append(t.Rows, []string{d.Hub(a.From).Short() + " → " + d.Hub(a.To).Short(), w.Amount(a.Units.Before), w.Amount(a.Units.After), v.change(a.Units)})
	}
	v.RoadTables = append(v.RoadTables, t)
}

func (v *view) who() {
	d, r, w := v.D, v.R, v.W
	for i, g := range d.PricedGoods() {
		texts := []string{d.MixSentence(r.OriginsF, d.Origins[i], 4, d.Origin)}
		if p := d.Origins[i].DivertedShare(); p.Before+p.After > 0 {
			texts = append(texts, fmt.Sprintf(r.DivertedF, w.Percent(p.Before), w.Percent(p.After)))
		}
		texts = append(texts, d.MixSentence(r.BuyersF, d.Buyers[i], 4, d.Label), d.MixSentence(r.SellersF, d.Sellers[i], 4, d.Label))
		for _, s := range texts {
			if s != "" {
				v.WhoTexts = append(v.WhoTexts, s)
			}
		}
		if i > 0 {
			continue
		}
		v.WhoTables = append(v.WhoTables, v.mix(fmt.Sprintf(r.OriginTableF, g.Name), r.Origin, d.Origins[i], d.Origin),
			v.mix(fmt.Sprintf(r.BuyerTableF, g.Name), r.Buyer, d.Buyers[i], d.Label), v.mix(fmt.Sprintf(r.SellerTableF, g.Name), r.Seller, d.Sellers[i], d.Label))
	}
}

func (v *view) mix(caption, head string, m digest.Mix, label func(string) string) table {
	t := table{Caption: caption, Head: []string{head, v.R.Before, v.R.After}}
	for _, s := range m.Visible(12) {
		t.Rows = append(t.Rows, []string{label(s.Name), v.W.Percent(s.Before), v.W.Percent(s.After)})
	}
	return t
}

func (v *view) places() {
	d, r, w := v.D, v.R, v.W
	v.PlaceTexts = d.PlaceSentences()
	if len(v.PlaceTexts) == 0 {
		v.PlaceTexts = []string{r.SameRegimes}
	}
	t := table{Caption: fmt.Sprintf(r.PlaceTableF, d.Goods[0].Unit), Text: []int{1, 2},
		Head: []string{r.Place, r.Regime, r.Holder, r.Sold, r.Stored, r.Activity}}
	for _, h := range d.Places {
		moved, _ := h.Sold.Ratio()
		if h.Regime[0] == h.Regime[1] && (h.Sold.Before+h.Sold.After < 5 || moved < 0.25 && moved > -0.25) {
			continue
		}
		t.Rows = append(t.Rows, []string{h.Hub.Short(), arrow(w.Name(h.Regime[0]), w.Name(h.Regime[1])), arrow(v.holder(h.Holder[0]), v.holder(h.Holder[1])),
			w.Amount(h.Sold.Before) + " → " + w.Amount(h.Sold.After), w.Amount(h.Stored.Before) + " → " + w.Amount(h.Stored.After),
			w.Fixed(h.Activity.Before, 1) + " → " + w.Fixed(h.Activity.After, 1)})
	}
	if len(t.Rows) > 0 {
		v.PlaceTables = append(v.PlaceTables, t)
	}
}

// groups tells where stores went and who is armed.
func (v *view) groups() {
	d, r, w := v.D, v.R, v.W
	v.StoreTexts, v.GroupTexts = d.StoreSentences(), d.GroupSentences()
	t := table{Caption: w.Colon(r.Armed, d.Goods[0].Name), Head: []string{r.Group, fmt.Sprintf(r.HeldMean, d.Goods[0].Unit), r.SpentYear}}
	for _, h := range d.Holdings {
		t.Rows = append(t.Rows, []string{d.Label(h.Group), w.Int(h.Held.Before) + " → " + w.Int(h.Held.After),
			w.Amount(h.Spent.Before/1e6) + " → " + w.Amount(h.Spent.After/1e6)})
	}
	if len(t.Rows) > 0 {
		v.GroupTables = append(v.GroupTables, t)
	}
}

func (v *view) holder(id string) string {
	if id == "" {
		return v.R.Nobody
	}
	return v.D.Label(id)
}

// arrow shows a change of words; what did not change is said once.
func arrow(a, b string) string {
	if a == b {
		return a
	}
	return a + " → " + b
}

func (v *view) checks() {
	d, r, w := v.D, v.R, v.W
	for _, t := range d.Towns {
		if s := d.SpreadSentence(t); s != "" {
			v.SureTexts = append(v.SureTexts, s)
		}
	}
	t := table{Caption: r.FactTable, Text: []int{1, 2}, Head: []string{r.Fact, r.Place, r.Date, r.Documented, r.Simulated, r.Verdict}}
	for _, c := range d.Checks() {
		var places []string
		for _, p := range c.Fact.Places {
			places = append(places, d.Hub(p).Short())
		}
		mean, verdict := prose.None, r.NoTrade
		if where, ok := c.Verdict(); ok {
			mean, verdict = w.Round(c.Mean), []string{r.Below, r.Within, r.AboveWord}[where+1]
		}
		documented := w.Range(w.Int(c.Fact.Low), w.Int(c.Fact.High))
		name := c.Fact.Good
		for _, g := range d.Goods {
			if g.ID == c.Fact.Good {
				name = g.Name
			}
		}
		t.Rows = append(t.Rows, []string{w.Colon(c.Fact.ID, name) + " (" + c.Fact.Source + ")", strings.Join(places, ", "),
			w.Span(digest.Window{From: c.Fact.Start, To: c.Fact.End}), documented, mean, verdict})
	}
	if len(t.Rows) > 0 {
		v.FactTables = append(v.FactTables, t)
	}
}

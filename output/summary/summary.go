// Package summary says in ten lines what came out of a run. The numbers are the digest's, so terminal, report and
// figures agree.
package summary

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"

	"entrepot/output/digest"
	"entrepot/sim"
)

// Summary is summary.json: a run in a few numbers, its texts in English whatever the reader speaks, so that equal runs are equal bytes. Prices are CFA per unit, weighted by units sold.
type Summary struct {
	Scenario string  `json:"scenario"`
	Title    string  `json:"title"`
	Question string  `json:"question"`
	Seed     uint64  `json:"seed"`
	Start    string  `json:"start"` // Monday of the first week
	Weeks    int     `json:"weeks"`
	Before   Window  `json:"before"`
	After    Window  `json:"after"`
	Good     Good    `json:"good"` // the main good
	Towns    []Town  `json:"towns"`
	Cause    *Cause  `json:"price_change"` // what the mean change of these prices is made of; null where no town traded in both periods
	Shrunk   []Road  `json:"roads_that_lost"`
	Gained   []Road  `json:"roads_that_gained"`
	Stores   []Store `json:"stores_moved"` // between the periods and in the second, by town, net; those that lost most first
	Moved    Numbers `json:"units_a_year_entering_roads"`
	Lost     Numbers `json:"share_lost_on_roads"`
	Sold     Numbers `json:"units_a_year_sold_to_users"`
}

// Window is one of the two periods compared; both days belong to it.
type Window struct {
	From string `json:"from"`
	To   string `json:"to"`
}

// Good is a ware.
type Good struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Unit string `json:"unit"`
}

// Numbers are one measure in the two periods.
type Numbers struct {
	Before float64 `json:"before"`
	After  float64 `json:"after"`
}

// Town is the price in one place. A period in which nothing traded has weeks 0 and price 0.
type Town struct {
	Hub         string `json:"hub"`
	Name        string `json:"name"`
	BeforeCFA   int64  `json:"price_before_cfa"`
	AfterCFA    int64  `json:"price_after_cfa"`
	BeforeWeeks int    `json:"weeks_traded_before"`
	AfterWeeks  int    `json:"weeks_traded_after"`
	Parts       []Part `json:"parts"` // change of each component; they sum to the change of the price up to rounding
}

// Cause is what the change of the price is made of, in CFA per unit, mean of the towns that traded in both periods, each
// counted by what it sold in its poorer period.
type Cause struct {
	Component string  `json:"main_component"` // of the parts the one that moved most in the price's own direction; empty if the price hardly moved
	Means     string  `json:"main_cause"`     // what that stands for, in words; a margin is read from the units sold
	Towns     int     `json:"towns"`
	BeforeCFA int64   `json:"price_before_cfa"`
	AfterCFA  int64   `json:"price_after_cfa"`
	Parts     []Part  `json:"parts"` // largest in the price's own direction first
	Sold      Numbers `json:"units_a_year_sold_there"`
}

// Road is a road in one direction with the units of the main good that entered it, a year.
type Road struct {
	From   string  `json:"from"`
	To     string  `json:"to"`
	Before float64 `json:"units_a_year_before"`
	After  float64 `json:"units_a_year_after"`
	Name   string  `json:"name"` // of both ends
}

// Store is how many more dealers' stores came to a town than left it.
type Store struct {
	Hub  string `json:"hub"`
	Name string `json:"name"`
	Net  int    `json:"net"`
}

// Part is the change of one component of a price, CFA per unit.
type Part struct {
	Component string `json:"component"`
	ChangeCFA int64  `json:"change_cfa"`
}

// Make takes a summary out of an English digest; Text translates.
func Make(d *digest.Digest) *Summary {
	s := &Summary{Scenario: d.Scenario, Title: d.Title, Question: d.Question, Seed: d.Seed, Start: d.Run.Start.String(), Weeks: d.Weeks,
		Before: window(d.Before), After: window(d.After), Towns: []Town{},
		Moved: numbers(d.Moved), Lost: numbers(d.Lost), Sold: numbers(d.Final)}
	if len(d.Goods) > 0 {
		s.Good = Good{d.Goods[0].ID, d.Goods[0].Name, d.Goods[0].Unit}
	}
	for _, t := range d.Towns {
		s.Towns = append(s.Towns, town(t))
	}
	s.Cause = cause(d)
	s.Shrunk, s.Gained, s.Stores = roads(d, d.Shrunk(3)), roads(d, d.Gained(3)), []Store{}
	for _, n := range d.StoresNet() {
		s.Stores = append(s.Stores, Store{n.Hub, d.Hub(n.Hub).Short(), n.Net})
	}
	return s
}

func roads(d *digest.Digest, arcs []digest.Arc) []Road {
	out := []Road{}
	for _, a := range arcs {
		out = append(out, Road{a.From, a.To, round6(a.Units.Before), round6(a.Units.After), d.Hub(a.From).Short() + arrow + d.Hub(a.To).Short()})
	}
	return out
}

func window(w digest.Window) Window { return Window{w.From.String(), w.To.String()} }

// numbers keeps six significant digits: what lies behind them is the platform's rounding.
func numbers(p digest.Pair) Numbers { return Numbers{round6(p.Before), round6(p.After)} }

func round6(x float64) float64 {
	y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', 6, 64), 64)
	if err != nil {
		return x
	}
	return y
}

func town(t digest.Town) Town {
	out := Town{Hub: t.Hub.ID, Name: t.Hub.Name, BeforeCFA: int64(math.Round(t.Before.Mean)), AfterCFA: int64(math.Round(t.After.Mean)),
		BeforeWeeks: t.Before.Weeks, AfterWeeks: t.After.Weeks, Parts: []Part{}}
	if t.Known() {
		for _, p := range t.Parts {
			out.Parts = append(out.Parts, Part{p.Component, int64(math.Round(p.Change()))})
		}
	}
	return out
}

// cause takes the account of the change of prices out of a digest.
func cause(d *digest.Digest) *Cause {
	a, ok := d.Account()
	if !ok {
		return nil
	}
	c := &Cause{Towns: a.Towns, BeforeCFA: int64(math.Round(a.Price.Before)), AfterCFA: int64(math.Round(a.Price.After)), Sold: numbers(a.Sold), Parts: []Part{}}
	if a.Moved() {
		c.Component, c.Means = a.Parts[0].Component, a.Cause(d.Words)
	}
	for _, p := range a.Parts {
		c.Parts = append(c.Parts, Part{p.Component, int64(math.Round(p.Change()))})
	}
	return c
}

// JSON returns the bytes of summary.json.
func (s *Summary) JSON() ([]byte, error) {
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("writing the summary: %w", err)
	}
	return append(data, '\n'), nil
}

// Parse reads summary.json.
func Parse(data []byte) (*Summary, error) {
	var s Summary
	if err := json.Unmarshal(data, &s); err != nil {
		return nil, fmt.Errorf("reading the summary: %w", err)
	}
	return &s, nil
}

// Text returns the answer for a terminal: what was run, the price before and after per town, and what moved it.
func (s *Summary) Text(w *digest.Words) string {
	var b strings.Builder
	line := func(text string) { b.WriteString(text + "\n") }
	line(w.F("%s (%s, seed %d, %s from %s)", w.T(s.Title), s.Scenario, s.Seed, w.N(s.Weeks, "%s week", "%s weeks"), s.Start))
	if s.Weeks < 2 {
		line(w.T("One week has no before and after; what was traded is in prices.csv."))
		return b.String()
	}
	if len(s.Towns) == 0 {
		line(w.F("Nothing was traded in %s or in %s.", s.Before.months(w), s.After.months(w)))
		return b.String()
	}
	line(w.F("CFA per %s (%s), mean of %s, then of %s:", w.T(s.Good.Unit), w.T(s.Good.Name), s.Before.months(w), s.After.months(w)))
	name, price := 0, len("1 000 000")
	for _, t := range s.Towns {
		name = max(name, len([]rune(t.short(w))))
		if t.BeforeWeeks == 0 || t.AfterWeeks == 0 {
			price = max(price, len([]rune(w.Plot.NoTrade)))
		}
	}
	for _, t := range s.Towns {
		line(fmt.Sprintf("  %-*s %s", name, t.short(w), t.text(w, s.Before.weeks(), s.After.weeks(), price)))
	}
	b.WriteString(s.cause(w))
	b.WriteString(s.trade(w))
	return b.String()
}

// quiet is the relative change of a road below which it is not worth a line.
const quiet = 0.05

// cause says what moved prices: what the largest part stands for, and the parts.
func (s *Summary) cause(w *digest.Words) string {
	c := s.Cause
	if c == nil || c.BeforeCFA <= 0 {
		return ""
	}
	change := float64(c.AfterCFA - c.BeforeCFA)
	if c.Component == "" {
		return w.F("Main cause: none to speak of; the mean price of these towns changed by %s.", w.Change(change/float64(c.BeforeCFA))) + "\n"
	}
	means := w.T(c.Means)
	if c.Component == "margin" {
		means += " " + w.F("(sold there: %s, then %s %ss a year)", w.Round(c.Sold.Before), w.Round(c.Sold.After), w.T(s.Good.Unit))
	}
	return w.F("Main cause: %s.", means) + "\n" +
		w.F("Mean price of %d towns by units sold %s CFA: %s.", c.Towns, w.Signed(digest.Three(change)), w.PartsText(c.main())) + "\n"
}

// main are the parts worth a place on the line.
func (c *Cause) main() []digest.Part {
	a := digest.Account{}
	for _, p := range c.Parts {
		a.Parts = append(a.Parts, digest.Part{Component: p.Component, Pair: digest.Pair{After: float64(p.ChangeCFA)}})
	}
	return a.Main(3)
}

// trade says where trade went: the road that lost and the one that gained most, and where dealers' stores moved.
func (s *Summary) trade(w *digest.Words) string {
	var lines, roads []string
	road := func(list []Road, most string) {
		if len(list) == 0 || math.Abs(list[0].After-list[0].Before) <= quiet*list[0].Before {
			return
		}
		x := list[0]
		amounts := w.F("%s, then %s", w.Amount(x.Before), w.Amount(x.After))
		if len(roads) == 0 { // the second has the same unit
			amounts = w.F("%s, then %s %ss a year", w.Amount(x.Before), w.Amount(x.After), w.T(s.Good.Unit))
		}
		roads = append(roads, fmt.Sprintf(most, x.name(w), amounts))
	}
	road(s.Shrunk, w.T("%s lost most (%s)"))
	road(s.Gained, w.T("%s gained most (%s)"))
	if len(roads) > 0 {
		lines = append(lines, w.F("Roads: %s.", strings.Join(roads, ", ")))
	}
	var less, more []string
	for i := range min(3, len(s.Stores)) {
		if x := s.Stores[i]; x.Net < 0 {
			less = append(less, fmt.Sprintf("%s %s", w.T(x.Name), w.Signed(float64(x.Net))))
		}
		if x := s.Stores[len(s.Stores)-1-i]; x.Net > 0 {
			more = append(more, fmt.Sprintf("%s %s", w.T(x.Name), w.Signed(float64(x.Net))))
		}
	}
	if len(less) > 0 {
		lines = append(lines, w.F("Dealers' stores since %s, net: %s; %s.", s.Before.next(w), w.List(less), w.List(more)))
	}
	return strings.Join(append(lines, ""), "\n")
}

// name is the road's with both ends in the reader's language.
func (r Road) name(w *digest.Words) string {
	ends := strings.Split(r.Name, arrow)
	for i, name := range ends {
		ends[i] = w.T(name)
	}
	return strings.Join(ends, arrow)
}

// arrow stands between the ends of a road.
const arrow = " → "

func (x Window) months(w *digest.Words) string {
	from, err := sim.ParseDate(x.From)
	to, err2 := sim.ParseDate(x.To)
	if err != nil || err2 != nil {
		return x.From + " – " + x.To
	}
	return w.Span(digest.Window{From: from, To: to})
}

// next is the month after the window.
func (x Window) next(w *digest.Words) string {
	to, err := sim.ParseDate(x.To)
	if err != nil {
		return x.To
	}
	return w.Month(to + 1)
}

// short is the name without what stands in brackets.
func (t Town) short(w *digest.Words) string { return digest.Hub{Name: w.T(t.Name)}.Short() }

// weeks is how many the window has.
func (x Window) weeks() int {
	from, err := sim.ParseDate(x.From)
	to, err2 := sim.ParseDate(x.To)
	if err != nil || err2 != nil {
		return 0
	}
	return digest.Window{From: from, To: to}.Weeks()
}

// text says what a town's price was, in columns of some width; where something was sold in less than half of the weeks, in how many.
func (t Town) text(w *digest.Words, before, after, width int) string {
	price := func(cfa int64, weeks int) string {
		if weeks == 0 {
			return w.Plot.NoTrade
		}
		return w.Round(float64(cfa))
	}
	out := fmt.Sprintf("%*s → %*s", width, price(t.BeforeCFA, t.BeforeWeeks), width, price(t.AfterCFA, t.AfterWeeks))
	if t.BeforeWeeks > 0 && t.AfterWeeks > 0 && t.BeforeCFA > 0 {
		thin := ""
		if 2*t.BeforeWeeks < before || 2*t.AfterWeeks < after {
			thin = w.F("; sold in %d of %d, then %d of %d weeks", t.BeforeWeeks, before, t.AfterWeeks, after)
		}
		out += fmt.Sprintf("  (%s%s)", w.Change(float64(t.AfterCFA)/float64(t.BeforeCFA)-1), thin)
	}
	return out
}

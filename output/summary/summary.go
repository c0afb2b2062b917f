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

// Summary is summary.json: a run in a few numbers. Prices are CFA per unit, weighted by units sold.
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
	Cause    *Part   `json:"main_component"` // component that moved the prices of the towns most; null if none did
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

// Part is the change of one component of a price, CFA per unit.
type Part struct {
	Component string `json:"component"`
	ChangeCFA int64  `json:"change_cfa"`
}

// Make takes a summary out of a digest.
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
	s.Cause = mainPart(s.Towns)
	return s
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

// mainPart returns the component whose change, summed over the towns, is largest in the direction of the prices' own.
func mainPart(towns []Town) *Part {
	var all Part // sum of all components
	var order []string
	sum := map[string]int64{}
	for _, t := range towns {
		for _, p := range t.Parts {
			if _, known := sum[p.Component]; !known {
				order = append(order, p.Component)
			}
			sum[p.Component] += p.ChangeCFA
			all.ChangeCFA += p.ChangeCFA
		}
	}
	sign := int64(1)
	if all.ChangeCFA < 0 {
		sign = -1
	}
	best := Part{}
	for _, c := range order {
		if sign*sum[c] > sign*best.ChangeCFA {
			best = Part{c, sum[c]}
		}
	}
	if best.Component == "" {
		return nil
	}
	known := int64(0)
	for _, t := range towns {
		if len(t.Parts) > 0 {
			known++
		}
	}
	best.ChangeCFA /= known
	return &best
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
	fmt.Fprintf(&b, "%s (%s, seed %d, %d weeks from %s)\n", s.Title, s.Scenario, s.Seed, s.Weeks, s.Start)
	if len(s.Towns) == 0 {
		b.WriteString("Nothing was traded.\n")
		return b.String()
	}
	fmt.Fprintf(&b, "CFA per %s (%s), mean of %s, then of %s:\n", s.Good.Unit, s.Good.Name, s.Before.months(w), s.After.months(w))
	width := 0
	for _, t := range s.Towns {
		width = max(width, len([]rune(t.Name)))
	}
	for _, t := range s.Towns {
		fmt.Fprintf(&b, "  %-*s %s\n", width, t.Name, t.text(w))
	}
	if s.Cause != nil {
		fmt.Fprintf(&b, "Main cause, by component of the price: %s (%s CFA a %s on average).\n", w.Name(s.Cause.Component), w.Signed(roundTo3(s.Cause.ChangeCFA)), s.Good.Unit)
	}
	return b.String()
}

func (x Window) months(w *digest.Words) string {
	from, err := sim.ParseDate(x.From)
	to, err2 := sim.ParseDate(x.To)
	if err != nil || err2 != nil {
		return x.From + " – " + x.To
	}
	return w.Span(digest.Window{From: from, To: to})
}

func (t Town) text(w *digest.Words) string {
	price := func(cfa int64, weeks int) string {
		if weeks == 0 {
			return "no trade"
		}
		return w.Round(float64(cfa))
	}
	out := fmt.Sprintf("%9s → %9s", price(t.BeforeCFA, t.BeforeWeeks), price(t.AfterCFA, t.AfterWeeks))
	if t.BeforeWeeks > 0 && t.AfterWeeks > 0 && t.BeforeCFA > 0 {
		out += fmt.Sprintf("  (%s)", w.SignedPercent(float64(t.AfterCFA)/float64(t.BeforeCFA)-1))
	}
	return out
}

// roundTo3 rounds to three significant digits.
func roundTo3(cfa int64) float64 {
	if cfa == 0 {
		return 0
	}
	step := math.Pow(10, max(0, math.Floor(math.Log10(math.Abs(float64(cfa))))-2))
	return math.Round(float64(cfa)/step) * step
}

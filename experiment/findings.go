package experiment

import "entrepot/sim"

// Findings are what a study found, ready for a reader: words first, then tables and charts. Whoever prints, draws or writes a
// report needs nothing else of a study.
type Findings struct {
	voice             // in which the texts below are told
	Command  string   // ensemble, compare, ...
	Title    string   // one line
	Question string   // what was asked, in words
	Answer   []string // the verdicts, the most important first; sentences
	Design   []string // what was run: scenarios, runs, seeds, what was drawn how; sentences
	Caveats  []string // what the study cannot say; sentences
	Failed   []string // runs that failed: number, stage, reason
	Sheets   []Sheet
	Charts   []Chart
}

// Sheet is a small table for readers. Numbers are already rounded to what is known of them.
type Sheet struct {
	Name    string // of a file, see fileName
	Title   string
	Note    string // below it
	Columns []string
	Rows    [][]string
	aside   bool // of no use on a terminal
}

// Chart is a figure to be drawn: one of *FanChart, *ForestChart, *WaterfallChart, *ScatterChart, *LineChart, *MatrixChart.
type Chart interface{ Head() *ChartHead }

// ChartHead is what every chart has.
type ChartHead struct {
	Name   string // of a file, see fileName
	Title  string // what one sees
	Alt    string // the same in a sentence, for who cannot see it
	XLabel string // with unit
	YLabel string
	Note   string // below: n, what a band is, scenario and version
}

// Head returns the head itself.
func (h *ChartHead) Head() *ChartHead { return h }

// FanChart shows how a series is spread over runs, month by month: median, and bands of 25-75 and 5-95 per cent.
type FanChart struct {
	ChartHead
	Months []string // YYYY-MM
	Fans   []Fan
	Marks  []Mark       // dates worth a line
	Facts  []Documented // what is known, drawn as boxes
	Zero   bool         // a difference: a line at zero belongs to it
}

// Fan is one spread. NaN where nothing is known of a month.
type Fan struct {
	Name                    string
	Q05, Q25, Q50, Q75, Q95 []float64
	Low, High               []float64 // 95 % interval of the mean difference, where that is asked; else nil
}

// Mark is a date with a few words.
type Mark struct {
	Date  sim.Date
	Label string
}

// Documented is a documented range over a period.
type Documented struct {
	Label       string
	First, Last sim.Date
	Low, High   float64
}

// ForestChart shows a value with its interval for each of several things, one below the other.
type ForestChart struct {
	ChartHead
	Items []Item
	Ref   float64 // where a line stands: 0 for effects, 1 for ratios; NaN: none
	Own   bool    // each item has a scale of its own, given by its Range, which is then drawn as a band between 0 and 1
	Band  string  // what that band is; empty: the range of the data
}

// Item is a value with an interval.
type Item struct {
	Name      string
	Group     string // items of a group have one colour and stand together
	Value     float64
	Low, High float64 // NaN: no interval
	Range     *[2]float64
	Note      string // to the right
}

// WaterfallChart leads from one value to another over steps.
type WaterfallChart struct {
	ChartHead
	From, To Item
	Steps    []Item // their values sum to To less From
}

// ScatterChart shows things by two values, each with its name.
type ScatterChart struct {
	ChartHead
	Items []Dot
	Lines []Line // of reference
}

// Dot is a point with a name, and intervals where there are any (NaN: none).
type Dot struct {
	Name, Group              string
	X, Y                     float64
	XLow, XHigh, YLow, YHigh float64
}

// LineChart shows lines, each with a band where it has one.
type LineChart struct {
	ChartHead
	Lines []Line
	LogX  bool
	LogY  bool
	Band  string // what a band is; empty: an interval
}

// Line is a line; Low and High are nil or a band around it.
type Line struct {
	Name      string
	X, Y      []float64
	Low, High []float64
	Dashed    bool
}

// MatrixChart shows a value for each pair of row and column, as a colour and a number: signed ones about zero, others from zero up or, where
// that would tell nothing, from the least of them.
type MatrixChart struct {
	ChartHead
	Rows, Columns []string
	Values        [][]float64
	Texts         [][]string // shown in the cells; nil: the values
	Signed        bool
}

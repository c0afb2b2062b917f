// Package lessons holds the lessons of the page: what is run, what is asked before it and what is said after it. Each is a JSON file, which
// the page reads too. Texts are English and keys of the catalogue, so that words/fr has the French of each.
package lessons

import (
	"bytes"
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"reflect"
	"slices"
)

//go:embed *.json pairs/pairs.json
var files embed.FS

// Text is what a reader sees: English, and the key of its translation.
type Text string

// Lesson is one lesson: predict, run, explain, discuss.
type Lesson struct {
	ID       string `json:"id"`
	Number   int    `json:"number"`
	Title    Text   `json:"title"`
	Question Text   `json:"question"`
	Level    Text   `json:"level"`
	Minutes  int    `json:"minutes"` // alone with the page; with a class see Teacher.Plan
	Goals    []Text `json:"goals"`
	Hook     []Fact `json:"hook"`
	World    Text   `json:"world"`

	States map[string]State `json:"states"` // a is what others are held against
	Names  map[string]Text  `json:"names"`  // of the states, for legends
	Seed   string           `json:"seed"`
	Seeds  int              `json:"seeds,omitempty"` // runs of each state on other luck, seeds 1, 2, ...; left out: one

	Given       Given        `json:"given"`
	Predictions []Prediction `json:"predictions"`
	Show        []Chart      `json:"show"`
	Measures    []Measure    `json:"measures"`
	Columns     []Text       `json:"columns"` // of the table of results
	Observe     []Row        `json:"observe"`
	Explain     []Passage    `json:"explain"`
	Tasks       []Task       `json:"tasks"`
	Discuss     []Question   `json:"discuss"`
	Transfer    []Text       `json:"transfer"`
	Limits      []Text       `json:"limits"`
	Teacher     Teacher      `json:"teacher"`
	Readings    []string     `json:"readings"` // citations, the same in every language

	Ensemble  *Ensemble  `json:"ensemble,omitempty"`
	Reference *Reference `json:"reference,omitempty"`
	Expect    []Expected `json:"expect"`

	Pairs map[string]Draws `json:"-"` // measures under the seeds 1, 2, ...: what many draws of luck show
}

// Fact is what is documented, and where.
type Fact struct {
	Text   Text   `json:"text"`
	Source string `json:"source"`
}

// State is what is run; fields as in docs/page.md.
type State struct {
	Scenario   string            `json:"scenario"`
	Layers     []string          `json:"layers,omitempty"`
	Parameters map[string]string `json:"parameters,omitempty"`
	Events     []map[string]any  `json:"events,omitempty"`
}

// Given is what a student sees before predicting.
type Given struct {
	Text  Text    `json:"text"`
	State string  `json:"state"`
	Until string  `json:"until"` // a date: nothing later is shown
	Show  []Chart `json:"show"`
}

// Prediction is what a student commits to before the run: one of the options, or a number on a scale.
type Prediction struct {
	ID       string   `json:"id"`
	Question Text     `json:"question"`
	Of       string   `json:"of"`                // the measure that tells what came true
	Options  []Option `json:"options,omitempty"` // none: a number
	Pairs    bool     `json:"pairs,omitempty"`   // an effect: what came true is told by the mean of the pairs, since one draw may go against it

	As      string  `json:"as,omitempty"` // how it is written; of a number cfa, units, percent or count
	Low     float64 `json:"low,omitempty"`
	High    float64 `json:"high,omitempty"`
	Step    float64 `json:"step,omitempty"`
	Near    float64 `json:"near,omitempty"` // share of the true value within which a guess is near; of a count: how far
	Hit     Text    `json:"hit,omitempty"`
	TooLow  Text    `json:"too_low,omitempty"`
	TooHigh Text    `json:"too_high,omitempty"`
	Chart   bool    `json:"chart,omitempty"` // drawn as a line on the price chart
}

// Option is an answer, true where its measure lies in [From, To).
type Option struct {
	Text     Text     `json:"text"`
	From     *float64 `json:"from,omitempty"`
	To       *float64 `json:"to,omitempty"`
	Feedback Text     `json:"feedback"`
}

// Holds reports whether the option is what came true.
func (o Option) Holds(x float64) bool {
	return (o.From == nil || x >= *o.From) && (o.To == nil || x < *o.To)
}

// Chart is a drawing of runs: price, book, costs, bars, dots, fan or reference.
type Chart struct {
	Kind   string   `json:"kind"`
	Title  Text     `json:"title,omitempty"`
	Hub    string   `json:"hub,omitempty"`
	Good   string   `json:"good,omitempty"`
	Runs   []string `json:"runs,omitempty"`
	From   string   `json:"from,omitempty"`
	To     string   `json:"to,omitempty"`
	Week   string   `json:"week,omitempty"`
	Hidden bool     `json:"hidden,omitempty"` // a book without its price: that is to be found
	As     string   `json:"as,omitempty"`
	Of     string   `json:"of,omitempty"`
	Bars   []Bar    `json:"bars,omitempty"`
}

// Bar is one bar of bars (a measure), or one stack of costs (a run and a period).
type Bar struct {
	Name Text   `json:"name"`
	Of   string `json:"of,omitempty"`
	Run  string `json:"run,omitempty"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// Measure is a number of the runs, or of other measures (Is). Periods are of days, both included; numbers are means over their weeks.
type Measure struct {
	ID   string   `json:"id"`
	Of   string   `json:"of,omitempty"` // price, units, stored, cost, flow, captured, made, seized, registered, book, reference, ensemble
	Run  string   `json:"run,omitempty"`
	Hub  string   `json:"hub,omitempty"` // of flow: into this hub
	Good string   `json:"good,omitempty"`
	Part string   `json:"part,omitempty"` // of cost a component, of captured and made an origin, of registered a programme, of book, reference and ensemble what is read
	Arc  string   `json:"arc,omitempty"`  // from>to
	From string   `json:"from,omitempty"`
	To   string   `json:"to,omitempty"`
	Week string   `json:"week,omitempty"`
	Is   string   `json:"is,omitempty"` // minus, plus, over, change, compound (of two changes), rest (of one), share; over seeds: above (how many exceed Than), first, lowest, highest
	Args []string `json:"args,omitempty"`
	Than float64  `json:"than,omitempty"`
}

// Row is a line of the table of results, with a measure for each column.
type Row struct {
	Text  Text     `json:"text"`
	As    string   `json:"as"`
	Of    []string `json:"of"`              // a measure, and after a colon how it is written, if not as the row is
	Part  bool     `json:"part,omitempty"`  // of the row above that is none: all parts add up to it
	Pairs string   `json:"pairs,omitempty"` // the measure whose mean and interval over the pairs stand beside
}

// Passage speaks of a run's numbers: each %s is a value. It is said only if When holds.
type Passage struct {
	Text   Text              `json:"text"`
	Values []Value           `json:"values,omitempty"`
	When   *Range            `json:"when,omitempty"`
	Says   map[string]string `json:"says,omitempty"` // each word of direction in it (rose, fewer, ...), and the measure that bears it out; "" where it speaks of no run
}

// Value is a measure and how it is written.
type Value struct {
	Of string `json:"of"`
	As string `json:"as"`
}

// Range holds where a measure lies in [From, To).
type Range struct {
	Of   string   `json:"of"`
	From *float64 `json:"from,omitempty"`
	To   *float64 `json:"to,omitempty"`
}

// Task is a change for students to make, and what is then to be seen.
type Task struct {
	Text    Text      `json:"text"`
	State   string    `json:"state"`
	Show    []Chart   `json:"show"`
	Explain []Passage `json:"explain"`
	Answer  Text      `json:"answer"` // for the teacher
}

// Question is one to discuss, with an answer for the teacher.
type Question struct {
	Question Text `json:"question"`
	Answer   Text `json:"answer"`
}

// Teacher is the teacher's note.
type Teacher struct {
	Aim       Text     `json:"aim"`
	Prior     []Text   `json:"prior"`
	Plan      []Stage  `json:"plan"`
	Beliefs   []Belief `json:"beliefs"`
	Projector Text     `json:"projector"`
	Class     Text     `json:"class"`
}

// Stage is a part of the 50-minute plan.
type Stage struct {
	Minutes int  `json:"minutes"`
	What    Text `json:"what"`
}

// Belief is a likely misconception, and how to answer it.
type Belief struct {
	Belief Text `json:"belief"`
	Answer Text `json:"answer"`
}

// Ensemble asks for a comparison of two states over many runs.
type Ensemble struct {
	A    string `json:"a"`
	B    string `json:"b"`
	Hub  string `json:"hub"`
	Good string `json:"good"`
	Runs int    `json:"runs"`
}

// Reference asks for the lines to hold a price against.
type Reference struct {
	State string `json:"state"`
	Hub   string `json:"hub"`
	Good  string `json:"good"`
	Week  string `json:"week"`
}

// Expected is what the lesson says will come: the mean of a measure over the pairs lies in [From, To) with its whole interval, and of
// single pairs all but But do. With a claim it is shown to students and teachers beside what the pairs say.
type Expected struct {
	Of    string   `json:"of"`
	From  *float64 `json:"from,omitempty"`
	To    *float64 `json:"to,omitempty"`
	But   int      `json:"but,omitempty"`
	Claim Text     `json:"claim,omitempty"`
	As    string   `json:"as,omitempty"`
}

// All returns the lessons in their order.
func All() ([]Lesson, error) {
	names, err := fs.Glob(files, "*.json")
	if err != nil {
		return nil, err
	}
	pairs, err := readPairs()
	if err != nil {
		return nil, err
	}
	var all []Lesson
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		d := json.NewDecoder(bytes.NewReader(data))
		d.DisallowUnknownFields()
		var l Lesson
		if err := d.Decode(&l); err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		l.Pairs = pairs[l.ID]
		all = append(all, l)
	}
	slices.SortFunc(all, func(a, b Lesson) int { return cmp.Compare(a.Number, b.Number) })
	return all, nil
}

// Texts lists everything in a lesson that has to be translated.
func (l Lesson) Texts() []Text {
	var all []Text
	collect(reflect.ValueOf(l), &all)
	return all
}

// collect finds the texts of a value, whatever holds them, so that no field can be forgotten.
func collect(v reflect.Value, all *[]Text) {
	if text, is := v.Interface().(Text); is {
		if text != "" {
			*all = append(*all, text)
		}
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			collect(v.Elem(), all)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			collect(v.Field(i), all)
		}
	case reflect.Slice:
		for i := range v.Len() {
			collect(v.Index(i), all)
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
		for _, k := range keys {
			collect(v.MapIndex(k), all)
		}
	}
}

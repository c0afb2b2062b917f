// Package live is the engine as the page asks it: a question in JSON, answers as lines of JSON (docs/page.md). It knows no net, no disk
// and no clock; the program's server and a worker of the page hold the same package and give the same lines.
//
// A question comes from a link or a file of anybody's. It is read strictly: whatever is wrong with it is told at once, field by field,
// with the messages of the loader of scenario files.
package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"entrepot/scenarios"
	"entrepot/sim"
)

// Desk answers questions. The zero value does; a Desk may answer several at a time.
type Desk struct {
	Version string // of the program, for the catalog
	Limits  Limits // a field that is 0 is that of Standard
	Workers int    // runs at a time of one comparison; 0: one
	Parts   bool   // comparisons may be lived in parts (part.go): for a desk that only its own reader asks

	// Turn is called between weeks, every Stint weeks of a run or of all runs of a comparison together (by several workers at once, if there
	// are several): a desk with many askers lets others on in there, a worker of the page hears whether it is called off. An error ends
	// the answer. nil: nobody waits.
	Turn func(context.Context) error
}

// Stint is how many weeks are lived between two turns.
const Stint = 4

// Limits bound what a question may ask for.
type Limits struct {
	Body     int `json:"body"`     // bytes of a question
	Weeks    int `json:"weeks"`    // of a run
	Carriers int `json:"carriers"` // of all networks together
	Markets  int `json:"markets"`  // hubs times goods
	Events   int `json:"events"`
	Layers   int `json:"layers"`
	Runs     int `json:"runs"` // of each state of a comparison
}

// Standard are the limits of the page: worlds several times those that come with the program, over twenty years.
func Standard() Limits {
	return Limits{Body: 512 << 10, Weeks: 1100, Carriers: 20_000, Markets: 2000, Events: 2000, Layers: 10, Runs: 500}
}

func (d *Desk) limits() Limits {
	l, s := d.Limits, Standard()
	for _, f := range [][2]*int{{&l.Body, &s.Body}, {&l.Weeks, &s.Weeks}, {&l.Carriers, &s.Carriers}, {&l.Markets, &s.Markets},
		{&l.Events, &s.Events}, {&l.Layers, &s.Layers}, {&l.Runs, &s.Runs}} {
		if *f[0] == 0 {
			*f[0] = *f[1]
		}
	}
	return l
}

// Answer answers with a desk of standard limits.
func Answer(ctx context.Context, name string, question []byte, emit func(line []byte) error) error {
	return new(Desk).Answer(ctx, name, question, emit)
}

// Questions lists the names of the questions.
func Questions() []string {
	return []string{"catalog", "world", "run", "hub", "source", "compare", "reference"}
}

// Answer answers the question of a name. Emit gets the lines in order, each a JSON object without a line break, which is valid until
// emit returns; its error ends the answer and is returned. What is wrong with a question is a line too, the last one. Else the
// error is that of the context, of Turn, or a fault of the program.
func (d *Desk) Answer(ctx context.Context, name string, question []byte, emit func(line []byte) error) (err error) {
	a := &answer{Desk: d, ctx: ctx, out: newLines(emit), limits: d.limits()}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("answering %s: panic: %v", name, r)
		}
	}()
	err = a.answer(name, question)
	var wrong Problems
	var over *sim.Overfull
	switch {
	case errors.As(err, &wrong):
		return a.out.object(problemsLine{"problems", wrong})
	case errors.As(err, &over): // of a scenario that asks for too much, which nobody knows before
		return a.out.object(problemsLine{"problems", Problems{told("", scenarios.Say("%s", over.Error()), scenarios.Phrase{})}})
	}
	return err
}

// answer is one question being answered.
type answer struct {
	*Desk
	ctx    context.Context
	out    *lines
	limits Limits
}

func (a *answer) answer(name string, question []byte) error {
	var r reader
	fields := r.question(question, a.limits.Body)
	if !slices.Contains(Questions(), name) {
		r.add("question", scenarios.Say("must be one of %s, got %s", strings.Join(Questions(), ", "), quote(name)), scenarios.Meant(name, Questions()))
		return r.err()
	}
	do := a.prepared(name, &r, fields)
	if err := r.err(); err != nil {
		return err
	}
	return do()
}

// prepared reads a question and returns what answers it, which is to be called if nothing is wrong.
func (a *answer) prepared(name string, r *reader, fields map[string]any) func() error {
	switch name {
	case "world":
		s := r.stated(a, fields)
		return func() error { return a.world(s) }
	case "run":
		s, burnIn := r.stated(a, fields, "burn_in"), r.yes("burn_in", fields["burn_in"])
		return func() error { return a.run(s, burnIn) }
	case "hub":
		s := r.stated(a, fields, "hub", "until")
		hub, until := r.hub("hub", fields["hub"], s), r.week("until", fields["until"], s)
		return func() error { return a.hub(s, hub, until) }
	case "compare":
		c := r.compare(a, fields)
		return func() error { return a.compare(c) }
	case "reference":
		s := r.stated(a, fields, "hub", "good", "week")
		hub, good, week := r.hub("hub", fields["hub"], s), r.good("good", fields["good"], s), r.week("week", fields["week"], s)
		return func() error { return a.reference(s, hub, good, week) }
	case "source":
		s := r.stated(a, fields)
		return func() error { return a.source(s) }
	}
	r.known("", fields)
	return a.catalog
}

// Problem is one thing wrong with a question, and where.
type Problem struct {
	File    string `json:"file"`   // "" : a field of the state or of the question, by its path
	Line    int    `json:"line"`   // from 1; 0 where a path says it all
	Column  int    `json:"column"` // from 1, in characters
	Path    string `json:"path"`
	Message string `json:"message"` // "must be ..., got ..."
	Hint    string `json:"hint"`
	Say     []any  `json:"say,omitempty"`      // the message as the catalogue has it: a format with %s, then for each a text or such a list
	HintSay []any  `json:"hint_say,omitempty"` // of the hint
}

// told makes a problem from what it says.
func told(path string, msg scenarios.Phrase, hint scenarios.Phrase) Problem {
	return Problem{Path: path, Message: msg.String(), Hint: hint.String(), Say: phrase(msg), HintSay: phrase(hint)}
}

// phrase is a phrase as a list.
func phrase(p scenarios.Phrase) []any {
	if p.Format == "" {
		return nil
	}
	list := []any{p.Format}
	for _, arg := range p.Args {
		if inner, is := arg.(scenarios.Phrase); is {
			arg = phrase(inner)
		}
		list = append(list, arg)
	}
	return list
}

// Problems is all that is wrong with a question.
type Problems []Problem

// Error tells the first of them and how many there are.
func (ps Problems) Error() string {
	text := fmt.Sprintf("%s: %s", ps[0].Path, ps[0].Message)
	if len(ps) > 1 {
		text += fmt.Sprintf(" (and %d more)", len(ps)-1)
	}
	return text
}

func byPath(a, b Problem) bool { return a.Path < b.Path }

type problemsLine struct {
	Kind     string   `json:"kind"`
	Problems Problems `json:"problems"`
}

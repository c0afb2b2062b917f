package scenarios

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Problem is one thing wrong with a scenario file, a world table or a --set, with the place where to mend it.
type Problem struct {
	File string `json:"file"` // as the user named it; "--set 1" for the first --set
	Line int    `json:"line"` // from 1
	Col  int    `json:"col"`  // from 1, in characters (not bytes), a tab being one
	Path string `json:"path"` // dotted path of the value, or table column; may be empty
	Msg  string `json:"msg"`  // "must be ..., got ..."
	Hint string `json:"hint"` // "did you mean ...?"; may be empty

	said *said // Msg and Hint as phrases; nil: only their English is known
}

// said is what a problem says.
type said struct{ msg, hint Phrase }

// Said returns the message and the hint as phrases.
func (p Problem) Said() (msg, hint Phrase) {
	if p.said == nil {
		return word(p.Msg), word(p.Hint)
	}
	return p.said.msg, p.said.hint
}

// problem makes a problem from what it says.
func problem(at position, path string, msg Phrase, hint []Phrase) Problem {
	s := &said{msg: msg}
	if len(hint) > 0 {
		s.hint = hint[0]
	}
	return Problem{at.File, at.Line, at.Col, cut(path, maxPath), cut(s.msg.String(), maxMsg), s.hint.String(), s}
}

// String formats the problem as `file:line:column: path: message; hint`.
func (p Problem) String() string {
	if p.Hint == "" {
		return p.line(p.Msg)
	}
	return p.line(p.Msg + "; " + p.Hint)
}

// In is String in another language: speak is F of package words.
func (p Problem) In(speak func(format string, args ...any) string) string {
	msg, hint := p.Said()
	text := cut(msg.In(speak), maxMsg)
	if hint.Format != "" {
		text = speak("%s; %s", text, hint.In(speak))
	}
	return p.line(text)
}

func (p Problem) line(text string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s:%d:%d: ", p.File, p.Line, p.Col)
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(text)
	return b.String()
}

// Problems is every problem of a load, sorted by file, line and column. It is the error type of this package for
// anything that a user's file can cause.
type Problems []Problem

// Error lists the problems, one a line, and then their number.
func (ps Problems) Error() string { return ps.list(Problem.String, fmt.Sprintf) }

// In is Error in another language: speak is F of package words.
func (ps Problems) In(speak func(format string, args ...any) string) string {
	return ps.list(func(p Problem) string { return p.In(speak) }, speak)
}

func (ps Problems) list(line func(Problem) string, speak func(format string, args ...any) string) string {
	var b strings.Builder
	for _, p := range ps {
		b.WriteString(line(p) + "\n")
	}
	b.WriteString(count(len(ps), "%s problem; nothing was run", "%s problems; nothing was run").In(speak))
	return b.String()
}

// position is where a value stands.
type position struct {
	File      string
	Line, Col int
}

func (p position) String() string { return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Col) }

// collector gathers problems, so that all of them are reported at once.
type collector struct{ found Problems }

// maxProblems bounds the list: a megabyte of nonsense shall not become a gigabyte of messages.
const maxProblems = 1000

// Bounds on what one problem repeats of a file, in bytes: the lists of ids in messages are shorter than that.
const (
	maxPath = 200
	maxMsg  = 2000
)

// add tells a problem, with a hint or without.
func (c *collector) add(at position, path string, msg Phrase, hint ...Phrase) {
	if !c.full() {
		c.found = append(c.found, problem(at, path, msg, hint))
	}
}

// full says that no further problem would be told: who works through many values can stop looking.
func (c *collector) full() bool { return len(c.found) >= maxProblems }

// err returns the sorted problems without repeats, or nil. A value that is checked in its own layer and again in the
// merged scenario gives the same problem twice; the reader sees it once.
func (c *collector) err() error {
	if len(c.found) == 0 {
		return nil
	}
	sorted := slices.Clone(c.found)
	sort.Slice(sorted, func(i, j int) bool { return compareProblems(sorted[i], sorted[j]) < 0 })
	return slices.CompactFunc(sorted, func(a, b Problem) bool { return compareProblems(a, b) == 0 })
}

func compareProblems(a, b Problem) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Col, b.Col),
		cmp.Compare(a.Path, b.Path), cmp.Compare(a.Msg, b.Msg), cmp.Compare(a.Hint, b.Hint))
}

// single returns one problem as an error.
func single(at position, path string, msg Phrase, hint ...Phrase) error {
	return Problems{problem(at, path, msg, hint)}
}

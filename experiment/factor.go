package experiment

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"entrepot/agents"
	"entrepot/experiment/design"
	"entrepot/scenarios"
)

// parameterOf returns the model's parameter that a path names.
func parameterOf(path string) (agents.Parameter, bool) {
	path = strings.TrimPrefix(path, "parameters.")
	all := agents.Parameters()
	i := slices.IndexFunc(all, func(p agents.Parameter) bool { return p.ID == path })
	if i < 0 {
		return agents.Parameter{}, false
	}
	return all[i], true
}

// value returns what a parameter is in a scenario, as text and, of numbers, as a number.
func value(p *agents.Parameter, s *scenarios.Scenario) (text string, x float64) {
	params := s.Setup.Params
	switch v := p.Field(&params).(type) {
	case *int64:
		return strconv.FormatInt(*v, 10), float64(*v)
	case *float64:
		return strconv.FormatFloat(*v, 'g', -1, 64), *v
	case *bool:
		return strconv.FormatBool(*v), math.NaN()
	case *string:
		return *v, math.NaN()
	}
	return "", math.NaN()
}

// ReadFactors reads what shall be varied, all of one study: each text is PATH=LOW:HIGH, PATH=LOW:HIGH:STEPS, either with :log at the
// end, PATH=A,B,C for levels, or PATH alone, which means all choices of a parameter or half to twice its value. PATH is whatever `--set`
// takes, or several of these with | between them, which then have the same value. Both ends, or every level, must be values that the
// scenario accepts. The error is a scenarios.Problems with all that is wrong; name says where the texts stand: in problems the second
// is the file `name 2`.
func ReadFactors(name string, texts []string, of *scenarios.Scenario) (factors []design.Factor, err error) {
	var all scenarios.Problems
	var places []factorText
	for i, text := range texts {
		t := factorText{file: fmt.Sprintf("%s %d", name, i+1), text: text}
		f := t.read(of)
		all, factors, places = append(all, t.found...), append(factors, f), append(places, t)
	}
	for _, m := range misuses(factors) {
		all = append(all, places[m.factor].problem(m.path, m.msg, ""))
	}
	if len(all) > 0 {
		return nil, all
	}
	return factors, nil
}

// factorText is one text that says what shall be varied, with what is wrong with it.
type factorText struct {
	file, text string
	found      scenarios.Problems
}

// add notes a problem at a column, from 1 in characters; one that is noted already is left out.
func (t *factorText) add(col int, path, msg, hint string) {
	if p := (scenarios.Problem{File: t.file, Line: 1, Col: col, Path: path, Msg: msg, Hint: hint}); !slices.Contains(t.found, p) {
		t.found = append(t.found, p)
	}
}

// problem is one of a path of the text.
func (t *factorText) problem(path, msg, hint string) scenarios.Problem {
	return scenarios.Problem{File: t.file, Line: 1, Col: t.column(path), Path: path, Msg: msg, Hint: hint}
}

// column is where a part of the text begins.
func (t *factorText) column(part string) int {
	return 1 + utf8.RuneCountInString(t.text[:max(0, strings.Index(t.text, part))])
}

// read reads the text.
func (t *factorText) read(of *scenarios.Scenario) design.Factor {
	if !utf8.ValidString(t.text) {
		t.add(1+utf8.RuneCountInString(t.text[:firstInvalid(t.text)]), "", "must be UTF-8 text, got "+strconv.Quote(t.text), "")
		return design.Factor{}
	}
	path, values, given := strings.Cut(t.text, "=")
	f := design.Factor{Name: strings.TrimSpace(path)}
	if lacksPath(f.Name) {
		return f // misuses tells
	}
	first, _, _ := strings.Cut(f.Name, "|")
	parameter, known := parameterOf(first)
	var err error
	switch {
	case f.Name == "":
		err = fmt.Errorf("must be PATH=LOW:HIGH, PATH=LOW:HIGH:STEPS, PATH=A,B,C or PATH, got %q", t.text)
	case !given && !known:
		hint := scenarios.DidYouMean(first, parameterIDs())
		if hint == "" {
			hint = "only of a parameter of the model a range is known"
		}
		t.add(1, first, "must be a parameter of the model or have values, PATH=LOW:HIGH or PATH=A,B,C, got "+strconv.Quote(t.text), hint)
		return f
	case !given:
		f, err = usual(parameter, of)
		f.Name = strings.TrimSpace(path)
	case strings.Contains(values, ":"):
		err = span(&f, values)
	default:
		f.Levels = strings.Split(values, ",")
	}
	if known {
		_, f.Integer = parameter.Default.(int64)
	}
	if err == nil {
		err = f.Check()
	}
	if err != nil {
		for _, one := range strings.Split(err.Error(), "\n") {
			t.add(1+t.valuesFrom(), f.Name, strings.TrimPrefix(one, f.Name+": "), "")
		}
		t.tryPath(of, f.Name)
		return f
	}
	for _, x := range tries(&f) {
		t.try(of, f.Name, f.Text(x))
	}
	return f
}

// firstInvalid is where a text stops being UTF-8.
func firstInvalid(text string) int {
	for i, r := range text {
		if _, size := utf8.DecodeRuneInString(text[i:]); r == utf8.RuneError && size == 1 {
			return i
		}
	}
	return len(text)
}

// valuesFrom is how many characters stand before the values, or none where none are given.
func (t *factorText) valuesFrom() int {
	path, _, given := strings.Cut(t.text, "=")
	if !given {
		return 0
	}
	return utf8.RuneCountInString(path) + 1
}

// try lays a value over the scenario and notes what it says.
func (t *factorText) try(of *scenarios.Scenario, paths, value string) {
	_, err := of.With(setsOf(paths, value))
	at := t.valuesFrom()
	if k := strings.Index(t.text[min(len(t.text), at):], value); k > 0 {
		at += k
	}
	for _, p := range problemsOf(err) {
		path := sameOf(strings.Split(paths, "|"), p.Path)
		switch {
		case !strings.HasPrefix(p.File, "--set "): // of the scenario's own file: what is set makes something there wrong
			if !slices.Contains(t.found, p) {
				t.found = append(t.found, p)
			}
		case p.Col > utf8.RuneCountInString(path): // in the value
			t.add(1+at+p.Col-utf8.RuneCountInString(path)-2, p.Path, p.Msg, p.Hint)
		default:
			t.add(t.column(path), p.Path, p.Msg, p.Hint)
		}
	}
}

// tryPath notes whether there is such a path, where the values cannot be tried.
func (t *factorText) tryPath(of *scenarios.Scenario, paths string) {
	if paths == "" {
		return
	}
	for _, path := range strings.Split(paths, "|") {
		_, err := of.With([]string{path + "=null"})
		for _, p := range problemsOf(err) {
			if strings.HasPrefix(p.File, "--set ") && p.Col == 1 {
				t.add(t.column(path), p.Path, p.Msg, p.Hint)
			}
		}
	}
}

// sameOf is the path of several that a problem speaks of, or the first.
func sameOf(paths []string, problem string) string {
	for _, path := range paths {
		if strings.HasSuffix(problem, strings.TrimPrefix(path, "parameters.")) {
			return path
		}
	}
	return paths[0]
}

// problemsOf lists the problems that an error holds.
func problemsOf(err error) (problems scenarios.Problems) {
	errors.As(err, &problems)
	return problems
}

func parameterIDs() (ids []string) {
	for _, p := range agents.Parameters() {
		ids = append(ids, p.ID)
	}
	return ids
}

// span reads LOW:HIGH, LOW:HIGH:STEPS and :log.
func span(f *design.Factor, text string) error {
	parts := strings.Split(text, ":")
	if parts[len(parts)-1] == "log" {
		f.Log, parts = true, parts[:len(parts)-1]
	}
	if len(parts) < 2 || len(parts) > 3 {
		return fmt.Errorf("must be LOW:HIGH or LOW:HIGH:STEPS, got %q", text)
	}
	var err1, err2, err3 error
	f.Low, err1 = strconv.ParseFloat(parts[0], 64)
	f.High, err2 = strconv.ParseFloat(parts[1], 64)
	if len(parts) == 3 {
		f.Steps, err3 = strconv.Atoi(parts[2])
	}
	if errors.Join(err1, err2, err3) != nil {
		return fmt.Errorf("must be numbers LOW:HIGH or LOW:HIGH:STEPS, got %q", text)
	}
	return nil
}

// usual is the range of a parameter that nobody gave one: all its choices, or half to twice its value within its bounds.
func usual(p agents.Parameter, of *scenarios.Scenario) (design.Factor, error) {
	f := design.Factor{Name: p.ID}
	_, x := value(&p, of)
	switch _, truth := p.Default.(bool); {
	case len(p.Choices) > 0:
		f.Levels = p.Choices
		return f, nil
	case truth:
		f.Levels = []string{"false", "true"}
		return f, nil
	case x == 0:
		return f, errors.New("must have a range, since its value is 0: PATH=LOW:HIGH")
	}
	f.Low, f.High = max(p.Min, min(x/2, 2*x)), min(p.Max, max(x/2, 2*x))
	if _, integer := p.Default.(int64); integer {
		f.Low, f.High = math.Ceil(f.Low), math.Floor(f.High)
	}
	if !(f.Low < f.High) {
		return f, fmt.Errorf("must have a range, since half to twice its value (%v) is none within its bounds", x)
	}
	return f, nil
}

// tries are the values of a factor that speak for all: the ends of a range, or all levels.
func tries(f *design.Factor) (values []float64) {
	if f.Levels == nil {
		return []float64{f.Low, f.High}
	}
	for i := range f.Levels {
		values = append(values, float64(i))
	}
	return values
}

// accepted says whether a scenario takes the ends of a range, or all levels.
func accepted(f *design.Factor, of *scenarios.Scenario) bool {
	return !slices.ContainsFunc(tries(f), func(x float64) bool {
		_, err := of.With(setsOf(f.Name, f.Text(x)))
		return err != nil
	})
}

// misuse is a path that a study cannot vary.
type misuse struct {
	factor    int
	path, msg string
}

// lacksPath says whether one of several paths is missing.
func lacksPath(name string) bool {
	paths := strings.Split(name, "|")
	return len(paths) > 1 && slices.ContainsFunc(paths, func(path string) bool { return strings.TrimSpace(path) == "" })
}

// misuses finds paths that are missing or varied twice, and those that change no result because they only describe a scenario.
func misuses(factors []design.Factor) (all []misuse) {
	describing := []string{"name", "title", "question", "assumptions", "look_at", "surprise"}
	seen := map[string]bool{}
	for i := range factors {
		if lacksPath(factors[i].Name) {
			all = append(all, misuse{i, factors[i].Name, "must have a path before and behind each bar, got none"})
			continue
		}
		for _, path := range strings.Split(factors[i].Name, "|") {
			id := strings.TrimPrefix(path, "parameters.")
			switch {
			case slices.Contains(describing, id):
				all = append(all, misuse{i, path, "must be something that changes results, got what describes a scenario"})
			case seen[id] && id != "":
				all = append(all, misuse{i, path, "must be varied once, got it again"})
			}
			seen[id] = true
		}
	}
	return all
}

// setsOf gives every path of a factor its value.
func setsOf(paths, value string) (sets []string) {
	for _, path := range strings.Split(paths, "|") {
		sets = append(sets, path+"="+value)
	}
	return sets
}

// firstProblem is the first of a scenario's problems without its place, which is that of a set nobody typed.
func firstProblem(err error) error {
	var problems scenarios.Problems
	if errors.As(err, &problems) && len(problems) > 0 {
		return errors.New(problems[0].Msg)
	}
	return err
}

// UsualFactors lists the numbers of a scenario that no document gives (grades C and D), each from half to twice its value: what a
// screening varies when it is told nothing. Parameters that are 0 or cannot move are left out.
func UsualFactors(of *scenarios.Scenario) (factors []design.Factor) {
	for _, p := range agents.Parameters() {
		_, x := value(&p, of)
		if math.IsNaN(x) || x == 0 || p.Grade != "C" && p.Grade != "D" {
			continue
		}
		f, err := usual(p, of)
		if err == nil && accepted(&f, of) {
			_, f.Integer = p.Default.(int64)
			factors = append(factors, f)
		}
	}
	return factors
}

// base returns a factor's value in the scenario, or the middle of its range where it is no parameter or lies outside.
func base(f *design.Factor, of *scenarios.Scenario) float64 {
	p, known := parameterOf(f.Name)
	if !known {
		return f.Values()[len(f.Values())/2]
	}
	text, _ := value(&p, of)
	if x, err := f.Parse(text); err == nil {
		return x
	}
	return f.Values()[len(f.Values())/2]
}

// PointsOf makes the points of a design on a scenario.
func PointsOf(d *design.Design, of *scenarios.Scenario) (points []Point, factors []string) {
	for k := range d.Factors {
		factors = append(factors, d.Factors[k].Name)
	}
	for i := range d.Points {
		p := Point{Name: fmt.Sprint(i), Scenario: of, Values: d.Points[i], Levels: make([]string, len(d.Factors))}
		for k, text := range d.Text(i) {
			p.Sets = append(p.Sets, setsOf(d.Factors[k].Name, text)...)
			if d.Factors[k].Levels != nil {
				p.Levels[k] = text
			}
		}
		points = append(points, p)
	}
	return points, factors
}

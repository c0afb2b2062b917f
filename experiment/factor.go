package experiment

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

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

// ParseFactor reads what shall be varied: PATH=LOW:HIGH, PATH=LOW:HIGH:STEPS, either with :log at the end, PATH=A,B,C for levels,
// or PATH alone, which means all choices of a parameter or half to twice its value. PATH is whatever `--set` takes, or several of
// these with | between them, which then have the same value. Both ends, or every level, must be values that the scenario accepts.
func ParseFactor(text string, of *scenarios.Scenario) (design.Factor, error) {
	path, values, given := strings.Cut(text, "=")
	f := design.Factor{Name: path}
	first, _, _ := strings.Cut(path, "|")
	parameter, known := parameterOf(first)
	var err error
	switch {
	case path == "":
		err = errors.New("must be PATH=LOW:HIGH, PATH=LOW:HIGH:STEPS, PATH=A,B,C or PATH")
	case !given && !known:
		err = errors.New("must be PATH=LOW:HIGH or PATH=A,B,C: only of a parameter of the model a range is known")
	case !given:
		f, err = usual(parameter, of)
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
	if err == nil {
		err = accepted(&f, of)
	}
	if err != nil {
		return f, fmt.Errorf("%s: %w", text, err)
	}
	return f, nil
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

// accepted tries the ends of a range, or all levels, on the scenario.
func accepted(f *design.Factor, of *scenarios.Scenario) error {
	tries := []float64{f.Low, f.High}
	if f.Levels != nil {
		tries = nil
		for i := range f.Levels {
			tries = append(tries, float64(i))
		}
	}
	for _, x := range tries {
		if _, err := of.With(setsOf(f.Name, f.Text(x))); err != nil {
			return firstProblem(err)
		}
	}
	return nil
}

// CheckFactors says which paths are varied twice, and which change no result because they only describe a scenario.
func CheckFactors(factors []design.Factor) error {
	describing := []string{"name", "title", "question", "assumptions", "look_at", "surprise"}
	seen := map[string]bool{}
	var errs []error
	for i := range factors {
		for _, path := range strings.Split(factors[i].Name, "|") {
			path = strings.TrimPrefix(path, "parameters.")
			switch {
			case slices.Contains(describing, path):
				errs = append(errs, fmt.Errorf("%s: must be something that changes results, got what describes a scenario", path))
			case seen[path]:
				errs = append(errs, fmt.Errorf("%s: must be varied once, got it again", path))
			}
			seen[path] = true
		}
	}
	return errors.Join(errs...)
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
		if err == nil && accepted(&f, of) == nil {
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

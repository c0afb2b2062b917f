package live

import (
	"slices"

	"entrepot/agents"
	"entrepot/scenarios"
)

// The lines of a catalog. Numbers of parameters and events are those of scenario files; floats, therefore.
type (
	catalogLine struct {
		Kind       string          `json:"kind"`
		Version    string          `json:"version"`
		Scenarios  []scenarioEntry `json:"scenarios"`
		Parameters []parameter     `json:"parameters"`
		Kinds      []eventKind     `json:"kinds"`
		Questions  []string        `json:"questions"`
		Limits     Limits          `json:"limits"`
	}
	scenarioEntry struct {
		Name        string   `json:"name"`
		Title       string   `json:"title"`
		Question    string   `json:"question"`
		Assumptions []string `json:"assumptions"`
		LookAt      []string `json:"look_at"`
		Surprise    string   `json:"surprise"`
		World       string   `json:"world"`
	}
	parameter struct {
		ID      string   `json:"id"`
		Section string   `json:"section"`
		Unit    string   `json:"unit"`
		Min     float64  `json:"min"`
		Max     float64  `json:"max"`
		Default string   `json:"default"`
		Type    string   `json:"type"` // int, float, bool or text
		Choices []string `json:"choices"`
		Source  string   `json:"source"`
		Grade   string   `json:"grade"`
		Meaning string   `json:"meaning"`
	}
	eventKind struct {
		Name     string              `json:"name"`
		Meaning  string              `json:"meaning"`
		Actions  []string            `json:"actions"`
		Fields   []eventField        `json:"fields"`
		Needs    [][]string          `json:"needs"`     // of each of these, at least one must be given
		ByAction map[string][]string `json:"by_action"` // what one action needs
		Either   [][2]string         `json:"either"`    // pairs of which only one may be given
	}
	eventField struct {
		Name     string   `json:"name"`
		Meaning  string   `json:"meaning"`
		Optional bool     `json:"optional"`
		Unit     string   `json:"unit"`
		Type     string   `json:"type"` // as package scenarios names it: text, number, date, reference, ...
		Min      float64  `json:"min"`
		Max      float64  `json:"max"`
		Choices  []string `json:"choices"`
		Of       []string `json:"of"` // what an id must be of: hub, group, ...
	}
)

// catalog answers with everything that can be asked.
func (a *answer) catalog() error {
	line := catalogLine{Kind: "catalog", Version: a.Version, Questions: Questions(), Limits: a.limits}
	for _, s := range scenarios.List() {
		line.Scenarios = append(line.Scenarios, scenarioEntry{s.Name, s.Title, s.Question, list(s.Assumptions), list(s.LookAt), s.Surprise, s.World})
	}
	for _, p := range agents.Parameters() {
		line.Parameters = append(line.Parameters, parameter{p.ID, section(p.ID), p.Unit, p.Min, p.Max, scenarios.Default(p), typeOf(p), list(p.Choices), p.Source, p.Grade, p.Meaning})
	}
	for _, k := range scenarios.EventKinds() {
		kind := eventKind{Name: k.Name, Meaning: k.Meaning, Actions: list(k.Actions), Needs: list(k.Needs), ByAction: k.ByAction, Either: list(k.Either)}
		for _, c := range k.Columns() {
			f := eventField{Name: c.Name, Meaning: c.Meaning, Optional: optional(k, c.Name), Unit: c.Unit, Type: string(c.Rule.Kind), Min: c.Rule.Min, Max: c.Rule.Max, Choices: list(c.Rule.Choices), Of: []string{}}
			for _, set := range c.Rule.Sets {
				f.Of = append(f.Of, string(set))
			}
			kind.Fields = append(kind.Fields, f)
		}
		line.Kinds = append(line.Kinds, kind)
	}
	return a.out.object(line)
}

// typeOf names what a parameter's value is.
func typeOf(p agents.Parameter) string {
	switch p.Default.(type) {
	case int64:
		return "int"
	case float64:
		return "float"
	case bool:
		return "bool"
	}
	return "text"
}

// optional says whether an event of a kind can do without a field, whatever its other fields are.
func optional(k scenarios.EventKind, field string) bool {
	needs := append([][]string{{"id"}, {"cause"}, {"date"}, {"kind"}}, k.Needs...)
	return !slices.ContainsFunc(needs, func(any []string) bool { return len(any) == 1 && any[0] == field })
}

// list lets a list without entries be one.
func list[T any](of []T) []T {
	if of == nil {
		return []T{}
	}
	return of
}

// section is the first part of a parameter's id.
func section(id string) string {
	for i := range id {
		if id[i] == '.' {
			return id[:i]
		}
	}
	return id
}

package scenarios

import (
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Prior is the range of a parameter that evidence leaves open, for calibrations.
type Prior struct {
	Path                string // as --set takes it; a|b sets several to the same value
	Low, High           float64
	Log                 bool // the logarithm is what lies anywhere in the range with the same chance
	Source, Grade, Note string
}

// priorColumns describes a table of priors.
func priorColumns() []spec[priorRow] {
	return []spec[priorRow]{
		{Column{"path", "", words(), "parameter or field of an event, as --set takes it; a|b sets several to the same value"}, func(p *priorRow) any { return &p.Path }},
		{Column{"low", "of the parameter", number(-1e15, 1e15), "lower end of the range"}, func(p *priorRow) any { return &p.Low }},
		{Column{"high", "of the parameter", number(-1e15, 1e15), "upper end"}, func(p *priorRow) any { return &p.High }},
		{Column{"scale", "", oneOf("linear", "log").or("linear"), "what has the same chance anywhere: the value or its logarithm"}, func(p *priorRow) any { return &p.scale }},
		{Column{"source", "", words().optional(), "where the range comes from"}, func(p *priorRow) any { return &p.Source }},
		{Column{"grade", "", oneOf("A", "B", "C", "D").optional(), "quality: A documented, B derived from documented, C expert prior, D stylised"}, func(p *priorRow) any { return &p.Grade }},
		{Column{"note", "", words().optional(), "anything a reader should know"}, func(p *priorRow) any { return &p.Note }},
	}
}

type priorRow struct {
	Prior
	scale string
}

// ReadPriors reads a table of priors: path, low, high, scale, source, grade, note; other columns are ignored. The error is a Problems
// with the given file name. Whether the paths exist depends on the scenario: its user asks.
func ReadPriors(file string, data []byte) ([]Prior, error) {
	c := newChecker()
	raw, _ := readCSV(file, data, &c.collector)
	var rows []priorRow
	t := define(Table{File: "priors", Key: []string{"path"}, MaxRows: maxRows, Open: true}, func(*world) *[]priorRow { return &rows }, priorColumns())
	t.load(raw, &world{}, c)
	var all []Prior
	for i, r := range rows {
		if !(r.Low < r.High) {
			c.add(raw.at(i, "low"), "low", Say("must be below high (%s), got %s", plain(r.High), plain(r.Low)))
		}
		if r.Log = r.scale == "log"; r.Log && !(r.Low > 0) {
			c.add(raw.at(i, "low"), "low", Say("must be above 0 on a scale of logarithms, got %s", plain(r.Low)))
		}
		all = append(all, r.Prior)
	}
	return all, c.err()
}

// Priors returns the built-in table of priors of a scenario: that of its name or, failing that, of its world. Without one, file is
// empty.
func (s *Scenario) Priors() (file string, data []byte) {
	for _, name := range []string{s.Name, s.World} {
		if data, err := fs.ReadFile(builtin, "priors/"+name+".csv"); err == nil && !s.WorldOwn {
			return name + ".csv", data
		}
	}
	return "", nil
}

// Posteriors lists the built-in posteriors, sorted.
func Posteriors() []string {
	paths, _ := fs.Glob(builtin, "posteriors/*.csv") // the pattern is well formed
	var names []string
	for _, p := range paths {
		names = append(names, strings.TrimSuffix(path.Base(p), ".csv"))
	}
	return names
}

// Posterior returns the particles and the provenance of a built-in posterior.
func Posterior(name string) (particles, provenance []byte, err error) {
	known := Posteriors()
	if len(known) == 0 {
		return nil, nil, single(position{name, 1, 1}, "", Say("must be the path of a CSV file, since no posteriors are built in, got %s", quote(name)))
	}
	if !slices.Contains(known, name) {
		return nil, nil, unknownName(position{name, 1, 1}, Say("a built-in posterior or the path of a CSV file"), name, known)
	}
	if particles, err = fs.ReadFile(builtin, "posteriors/"+name+".csv"); err != nil {
		return nil, nil, err
	}
	provenance, err = fs.ReadFile(builtin, "posteriors/"+name+".json")
	return particles, provenance, err
}

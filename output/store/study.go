// Package store keeps the results of a study in a folder: while it is at work in a journal that survives the end of the program
// at any moment, and when all runs are done in Parquet files whose bytes depend on the rows alone.
package store

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"entrepot/experiment"
	"entrepot/output/manifest"
)

// Study says what is kept and where it comes from. All of it but the number of runs, the shard and the scenarios' references
// decides results, and is in the study's hash.
type Study struct {
	Hash      string             `json:"hash"`     // filled in by this package
	Command   string             `json:"command"`  // that asks
	Settings  json.RawMessage    `json:"settings"` // what else decides results, without the number of runs; any JSON
	Scenarios []Scenario         `json:"scenarios"`
	Seed      uint64             `json:"seed"`
	Generator string             `json:"generator"` // filled in by this package
	Runs      int                `json:"runs"`      // of all shards
	Shard     Shard              `json:"shard"`
	Tables    []experiment.Table `json:"tables"` // of the rows that runs give; the first column of each is an Int, the run
}

// Scenario is one scenario of a study.
type Scenario struct {
	Name string `json:"name"`
	Ref  string `json:"ref"`  // as named on the command line
	Hash string `json:"hash"` // of the resolved scenario and its world's tables
}

// MostShards bounds the parts of a study.
const MostShards = 100_000

// Shard is experiment.Shard as it stands in files.
type Shard struct {
	Part int `json:"part"`
	Of   int `json:"of"`
}

// Has reports whether a run belongs to the shard.
func (s Shard) Has(run int) bool { return experiment.Shard(s).Has(run) }

// runs is the number of runs of the shard, of all runs of a study.
func (s Shard) runs(all int) int { return (all - s.Part + s.Of) / s.Of }

// String says which shard it is.
func (s Shard) String() string {
	if s.Of <= 1 {
		return "the whole study"
	}
	return fmt.Sprintf("shard %d of %d", s.Part, s.Of)
}

// Manifest is what a study's folder says of itself: in manifest.json when it is finished, and before that at the head of its
// journal, where there are no files yet. Clock times stand nowhere else.
type Manifest struct {
	manifest.Maker
	Study Study           `json:"study"`
	Files []manifest.File `json:"files"`
	Times Times           `json:"times"`
}

// Times are the wall clock's part.
type Times struct {
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished,omitzero"`
}

// newManifest checks a study and puts it in canonical form.
func newManifest(s Study) (*Manifest, error) {
	m := &Manifest{Maker: manifest.Self(), Study: s, Times: Times{Started: now()}}
	if m.Study.Shard.Of < 1 {
		m.Study.Shard = Shard{1, 1}
	}
	m.Study.Generator = manifest.Generator
	switch shard := m.Study.Shard; {
	case shard.Part < 1 || shard.Part > shard.Of:
		return nil, fmt.Errorf("shard must be from 1 to %d, got %d", shard.Of, shard.Part)
	case shard.Of > MostShards:
		return nil, fmt.Errorf("shards must be at most %d, got %d", MostShards, shard.Of)
	case s.Runs < 1:
		return nil, fmt.Errorf("a study must have at least 1 run, got %d", s.Runs)
	case len(s.Tables) == 0:
		return nil, fmt.Errorf("a study must have tables, got none")
	}
	for i := range s.Tables {
		if t := &s.Tables[i]; len(t.Columns) == 0 || t.Columns[0].Kind != experiment.Int {
			return nil, fmt.Errorf("the first column of table %s must be the number of the run", t.Name)
		}
	}
	var err error
	if m.Study.Settings, err = canonical(s.Settings); err != nil {
		return nil, fmt.Errorf("settings of the study: %w", err)
	}
	m.Study.Hash, err = m.hash()
	return m, err
}

func now() time.Time { return time.Now().UTC().Round(time.Second) }

// canonical writes JSON with sorted keys and without blanks.
func canonical(data json.RawMessage) (json.RawMessage, error) {
	if len(data) == 0 {
		return json.RawMessage("{}"), nil
	}
	var v any
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	return json.Marshal(v)
}

// build is what tells two programs apart that can give other results. A released version is one source, whatever machine it
// was built for: its shards may come from several. Where the version does not name the source, the bytes of the program do.
func build(m *manifest.Maker) string {
	if m.Version == "devel" || strings.HasSuffix(m.Version, "+dirty") {
		return m.Build
	}
	return ""
}

// hash is the name of what decides results.
func (m *Manifest) hash() (string, error) {
	s := m.Study
	s.Hash, s.Runs, s.Shard, s.Scenarios = "", 0, Shard{}, nil
	for _, c := range m.Study.Scenarios {
		c.Ref = ""
		s.Scenarios = append(s.Scenarios, c)
	}
	data, err := json.Marshal(struct {
		Format         int
		Version, Build string
		Study          Study
	}{1, m.Version, build(&m.Maker), s})
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// difference says how what stands in a folder differs from what is wanted, or "" if it is the same study.
func (m *Manifest) difference(there *Manifest) string {
	a, b := &there.Study, &m.Study
	switch {
	case a.Hash == b.Hash:
		return ""
	case there.Version != m.Version:
		return fmt.Sprintf("made by version %s of the program, not %s", there.Version, m.Version)
	case build(&there.Maker) != build(&m.Maker):
		return fmt.Sprintf("made by another build of version %s (sha256 %.12s, not %.12s)", m.Version, there.Build, m.Build)
	case a.Command != b.Command:
		return fmt.Sprintf("a study of %q, not of %q", a.Command, b.Command)
	case a.Seed != b.Seed:
		return fmt.Sprintf("of seed %d, not %d", a.Seed, b.Seed)
	case a.Generator != b.Generator:
		return fmt.Sprintf("with the generator %q, not %q", a.Generator, b.Generator)
	}
	if d := scenariosDiffer(a.Scenarios, b.Scenarios); d != "" {
		return d
	}
	if d := settingsDiffer("", decoded(a.Settings), decoded(b.Settings)); d != "" {
		return d
	}
	return tablesDiffer(a.Tables, b.Tables)
}

func scenariosDiffer(a, b []Scenario) string {
	for i := range min(len(a), len(b)) {
		if a[i].Name != b[i].Name {
			return fmt.Sprintf("of the scenario %s, not %s", a[i].Name, b[i].Name)
		}
		if a[i].Hash != b[i].Hash {
			return fmt.Sprintf("of another scenario %s (hash %.12s, not %.12s)", a[i].Name, a[i].Hash, b[i].Hash)
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("of %d scenarios, not %d", len(a), len(b))
	}
	return ""
}

func decoded(data json.RawMessage) (v any) {
	_ = json.Unmarshal(data, &v) // what cannot be read differs from all that can
	return v
}

// settingsDiffer names the first setting that differs, in the order of keys.
func settingsDiffer(path string, a, b any) string {
	x, isMap := a.(map[string]any)
	y, both := b.(map[string]any)
	if isMap && both {
		all := maps.Clone(x)
		maps.Copy(all, y)
		for _, key := range slices.Sorted(maps.Keys(all)) {
			if d := settingsDiffer(strings.TrimPrefix(path+"."+key, "."), x[key], y[key]); d != "" {
				return d
			}
		}
		return ""
	}
	if reflect.DeepEqual(a, b) {
		return ""
	}
	return fmt.Sprintf("with %s = %s, not %s", path, shown(a), shown(b))
}

func shown(v any) string {
	data, err := json.Marshal(v)
	switch {
	case err != nil || v == nil:
		return "nothing"
	case len(data) > 80:
		return string(data[:80]) + "..."
	}
	return string(data)
}

func tablesDiffer(a, b []experiment.Table) string {
	for i := range min(len(a), len(b)) {
		if a[i].Name != b[i].Name {
			return fmt.Sprintf("with the table %s, not %s", a[i].Name, b[i].Name)
		}
		for c := range min(len(a[i].Columns), len(b[i].Columns)) {
			if a[i].Columns[c] != b[i].Columns[c] {
				return fmt.Sprintf("with the column %s in table %s, not %s", a[i].Columns[c].Name, a[i].Name, b[i].Columns[c].Name)
			}
		}
		if len(a[i].Columns) != len(b[i].Columns) {
			return fmt.Sprintf("with %d columns in table %s, not %d", len(a[i].Columns), a[i].Name, len(b[i].Columns))
		}
	}
	if len(a) != len(b) {
		return fmt.Sprintf("with %d tables, not %d", len(a), len(b))
	}
	return "of another hash"
}

package experiment

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"

	"entrepot/experiment/inference"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Provenance says where a posterior comes from: enough to make it again, and to see that it is stale.
type Provenance struct {
	Format   int    `json:"format"` // 1
	Version  string `json:"version"`
	Scenario struct {
		Name string `json:"name"`
		Hash string `json:"hash"`
	} `json:"scenario"`
	Targets struct {
		Hash  string   `json:"hash"` // sha256 of what was fitted to: ids, what is measured, ranges
		IDs   []string `json:"ids"`
		Aside []Aside  `json:"aside"`
	} `json:"targets"`
	Prior         []Law        `json:"prior"`
	Errors        Errors       `json:"errors"`
	Seed          uint64       `json:"seed"`
	Points        int          `json:"points"`
	Replicates    int          `json:"replicates"`
	MaxRuns       int          `json:"max_runs"`
	Trials        int          `json:"trials"`
	Cut           float64      `json:"cut"`
	Missed        int          `json:"missed"` // targets that a point may miss without being ruled out
	Left          float64      `json:"left"`   // share of the prior that the first wave does not rule out
	Stages        []StageRuns  `json:"stages"`
	Tolerance     float64      `json:"tolerance"`
	EffectiveSize float64      `json:"effective_size"`
	Parameters    []Identified `json:"parameters"`
}

// Law is the prior of one parameter as it stands in files.
type Law struct {
	Path   string   `json:"path"`
	Law    string   `json:"law"` // uniform, log-uniform, integer, choice
	Low    float64  `json:"low"`
	High   float64  `json:"high"`
	Levels []string `json:"levels,omitempty"`
}

// Identified says how far a parameter is known.
type Identified struct {
	Path        string  `json:"path"`
	Median      float64 `json:"median"` // of a choice, the level's index
	Low         float64 `json:"low"`    // 5 %
	High        float64 `json:"high"`   // 95 %
	Contraction float64 `json:"contraction"`
	Verdict     string  `json:"verdict"`
	Recovery    string  `json:"recovery"`
}

func laws() []string { return []string{"uniform", "log-uniform", "integer", "choice"} } // in the order of inference.Kind

// Provenance of a calibration; version is that of the program.
func (c *Calibrated) Provenance(version string) *Provenance {
	p := &Provenance{Format: 1, Version: version, Errors: c.Errors, Seed: c.Seed, Points: c.Points, Replicates: c.Replicates, MaxRuns: c.MaxRuns, Trials: c.Trials, Cut: c.Cut,
		Missed: c.Waves[0].Rule.Order - 1, Left: c.Waves[0].Share, Stages: c.Stages, Tolerance: c.Trace[len(c.Trace)-1].Tolerance, EffectiveSize: c.Posterior.EffectiveSize()}
	p.Scenario.Name, p.Scenario.Hash = c.Scenario.Name, c.Scenario.Hash
	var text strings.Builder
	for i := range c.Fitted {
		t := &c.Fitted[i]
		p.Targets.IDs = append(p.Targets.IDs, t.Figure.ID)
		fmt.Fprintf(&text, "%s\t%s\t%v\t%v\t%v\n", t.Figure.ID, t.What, t.Sign, t.Low, t.High)
	}
	sum := sha256.Sum256([]byte(text.String()))
	p.Targets.Hash, p.Targets.Aside = hex.EncodeToString(sum[:]), append([]Aside{}, c.Aside...)
	for j, q := range c.Prior {
		p.Prior = append(p.Prior, Law{q.Name, laws()[q.Kind], q.Low, q.High, q.Levels})
		m := &c.Marginals[j]
		p.Parameters = append(p.Parameters, Identified{q.Name, m.Q50, m.Q05, m.Q95, m.Contraction, string(m.Verdict), string(c.Recovery.Rows[j].Comeback)})
	}
	return p
}

// JSON writes a provenance.
func (p *Provenance) JSON() ([]byte, error) {
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(p)
	return out.Bytes(), err
}

// Fit is a posterior with its provenance.
type Fit struct {
	Provenance
	*inference.Posterior
}

// ReadFit reads a posterior and its provenance, as calibrate writes them. What does not lie in its prior is refused.
func ReadFit(particles, provenance []byte) (*Fit, error) {
	f := new(Fit)
	d := json.NewDecoder(bytes.NewReader(provenance))
	d.DisallowUnknownFields()
	if err := d.Decode(&f.Provenance); err != nil {
		return nil, fmt.Errorf("reading the provenance of a posterior: %w", err)
	}
	if f.Format != 1 {
		return nil, fmt.Errorf("the provenance of a posterior must have format 1, got %d", f.Format)
	}
	var prior inference.Prior
	for _, l := range f.Provenance.Prior {
		q := inference.Parameter{Name: l.Path, Low: l.Low, High: l.High, Levels: l.Levels}
		known := false
		for kind, name := range laws() {
			if name == l.Law {
				q.Kind, known = inference.Kind(kind), true
			}
		}
		if !known {
			return nil, fmt.Errorf("the law of %s must be one of %q, got %q", l.Path, laws(), l.Law)
		}
		prior = append(prior, q)
	}
	err := prior.Check()
	if err == nil {
		f.Posterior, err = inference.ParsePosterior(prior, string(particles))
	}
	return f, err
}

// Stale says how a scenario differs from what a posterior was fitted to, or is nil if it does not.
func (f *Fit) Stale(of *scenarios.Scenario) Saying {
	switch {
	case f.Scenario.Name != of.Name:
		return said("the posterior was fitted to %s, not to %s: it is taken over as an assumption", f.Scenario.Name, of.Name)
	case f.Scenario.Hash != of.Hash:
		return said("the posterior is stale: %s has changed since it was fitted (hash %.12s, now %.12s)", of.Name, f.Scenario.Hash, of.Hash)
	}
	return nil
}

// NewPosteriorEnsemble returns the study that runs a scenario once for each of n draws from a posterior (systematic resampling by weight),
// each with luck of its own. Other numbers of runs are other draws.
func NewPosteriorEnsemble(of *scenarios.Scenario, fit *Fit, n int, seed uint64) (*Study, error) {
	values, err := fit.Draw(n, sim.NewKey(seed).Label("posterior"))
	if err != nil {
		return nil, err
	}
	prior := fit.Posterior.Prior
	s := NewEnsemble(of, 1, seed)
	s.Points, s.Factors, s.Apart, s.Pooled = nil, prior.Names(), true, true
	for i, v := range values {
		s.Points = append(s.Points, pointAt(of, prior, fmt.Sprint(i), v))
	}
	if _, err := of.With(s.Points[0].Sets); err != nil {
		return nil, fmt.Errorf("laying the posterior over %s: %w", of.Name, firstProblem(err))
	}
	return s, nil
}

package experiment

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/experiment/design"
	"entrepot/experiment/sensitivity"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Sensitivity is a study of what drives a scenario's figures: a screening by Morris or shares of variance by Sobol'.
type Sensitivity struct {
	*Study
	Scenario *scenarios.Scenario
	Shown    []string
	morris   *design.Trajectories
	sobol    *design.Saltelli
}

// NewMorris returns the screening of factors by r trajectories: r (d+1) runs a replicate.
func NewMorris(of *scenarios.Scenario, factors []design.Factor, r, replicates int, seed uint64) (*Sensitivity, error) {
	t, err := design.Morris(factors, design.MorrisOptions{Trajectories: r, Candidates: min(10*r, 500), Key: sim.NewKey(seed).Label("design")})
	if err != nil {
		return nil, err
	}
	s := newSensitivity(of, &t.Design, replicates, seed)
	s.morris = t
	return s, nil
}

// NewSobol returns the study of variance shares from n rows: n (d+2) runs a replicate.
func NewSobol(of *scenarios.Scenario, factors []design.Factor, n, replicates int, seed uint64) (*Sensitivity, error) {
	rows, err := design.NewSaltelli(factors, n, false, sim.NewKey(seed).Label("design"))
	if err != nil {
		return nil, err
	}
	s := newSensitivity(of, &rows.Design, replicates, seed)
	s.sobol = rows
	return s, nil
}

func newSensitivity(of *scenarios.Scenario, d *design.Design, replicates int, seed uint64) *Sensitivity {
	points, factors := PointsOf(d, of)
	return &Sensitivity{Study: &Study{Points: points, Factors: factors, Replicates: replicates, Seed: seed, Figures: Figures(of)}, Scenario: of, Shown: MainFigures(of)[:1]}
}

// Findings says what drives the figures shown, and what cannot be ranked yet.
func (s *Sensitivity) Findings(results Results) (*Findings, error) {
	sample, err := s.Sample(results)
	if err != nil {
		return nil, err
	}
	f := &Findings{voice: s.voice, Command: "sensitivity", Failed: sample.failures(), Title: s.F("What drives \"%s\"", s.titleOf(s.Scenario)),
		Question: s.F("Which of %s drive %s in %s?", s.nFactors(len(s.Factors)), s.shown(), s.quoted(s.Scenario)),
		Caveats:  []string{s.T("Factors are varied over ranges that were chosen: a wide range makes a factor drive more."), s.T("What a factor drives is a property of the model under these ranges.")}}
	for _, id := range s.Shown {
		k := s.Figure(id)
		options := sensitivity.Options{Apart: s.Apart, Key: sim.NewKey(s.Seed).Label("bootstrap").Label(id)}
		if s.morris != nil {
			err = s.screening(f, sample, k, options)
		} else {
			err = s.indices(f, sample, k, options)
		}
		if err != nil {
			f.Answer = append(f.Answer, s.F("Nothing can be said of what drives %s: %v.", s.Figures[k].The.In(s.Words), err))
		}
	}
	how := s.F("Morris: %s", s.trajectories(len(s.Points)/(len(s.Factors)+1)))
	if s.sobol != nil {
		how = s.F("Sobol': %s of a scrambled sequence (first order Saltelli 2010, total order Jansen 1999)", s.nRows(s.sobol.Rows))
	}
	f.Design = append(f.Design, s.F("%s over %s, %s, %s each, %s; replicate r has one seed for all points, so that luck is no effect of any factor.", how, s.nFactors(len(s.Factors)), s.nPoints(len(s.Points)), s.nReplicates(s.Replicates), s.nRuns(s.Runs())))
	f.Sheets = append(f.Sheets, s.ranges())
	return f, nil
}

// shown names the figures spoken of.
func (s *Sensitivity) shown() string {
	var names []string
	for _, id := range s.Shown {
		names = append(names, s.Figures[s.Figure(id)].The.In(s.Words))
	}
	return strings.Join(names, ", ")
}

// heading puts a figure's name before what is said of it, if there are several.
func (s *Sensitivity) heading(f *Findings, k int, words []string) {
	for i, w := range words {
		if i == 0 && len(s.Shown) > 1 {
			w = s.F("%s: %s", capital(s.Figures[k].Name.In(s.Words)), w)
		}
		f.Answer = append(f.Answer, sentence(w))
	}
}

func (s *Sensitivity) screening(f *Findings, sample *Sample, k int, o sensitivity.Options) error {
	x, err := sensitivity.Morris(s.morris, sample.Values[k], o)
	if err != nil {
		return err
	}
	figure := &s.Figures[k]
	s.heading(f, k, x.Words(s.Words))
	the, unit := figure.The.In(s.Words), s.T(figure.Unit)
	sheet := Sheet{Name: "effects-" + fileName(figure.ID), Title: s.F("Elementary effects on %s, %s over the whole range of a factor", the, unit),
		Columns: []string{s.T("rank|column"), s.T("factor|column"), s.T("mu*"), s.T("95 % interval"), s.T("mu"), s.T("sigma"), s.T("shape|column"), s.T("verdict|column")},
		Note:    s.T("mu*: mean absolute effect; mu: mean effect with its sign; sigma: how much the effect depends on the other factors or is curved.")}
	dots := &ScatterChart{ChartHead: ChartHead{Name: "morris-" + fileName(figure.ID), Title: s.F("What drives %s", the), Alt: s.T("Standard deviation of elementary effects against their mean absolute value, factor by factor"),
		XLabel: s.F("mu*: mean absolute effect, %s", unit), YLabel: s.F("sigma: interaction and curvature, %s", unit), Note: s.F("n = %s of %s; names: the ten factors with the largest mu*", s.trajectories(x.Rows), s.Scenario.Name)}}
	for rank, i := range x.Order {
		verdict := s.T("drives")
		if x.NoEffect(i) {
			verdict = s.T("no effect shown")
		}
		sheet.Rows = append(sheet.Rows, []string{fmt.Sprint(rank + 1), x.Names[i], s.number(x.MuStar[i].Value), s.between(x.MuStar[i].Low, x.MuStar[i].High), s.signed(x.Mu[i].Value), s.number(x.Sigma[i].Value), x.Shape(i, s.Words), verdict})
		d := Dot{X: x.MuStar[i].Value, Y: x.Sigma[i].Value, XLow: x.MuStar[i].Low, XHigh: x.MuStar[i].High, YLow: math.NaN(), YHigh: math.NaN(), Group: verdict}
		if rank < 10 {
			d.Name = x.Names[i]
		}
		dots.Items = append(dots.Items, d)
	}
	f.Sheets, f.Charts = append(f.Sheets, sheet), append(f.Charts, dots)
	return nil
}

func (s *Sensitivity) indices(f *Findings, sample *Sample, k int, o sensitivity.Options) error {
	x, err := sensitivity.Sobol(s.sobol, sample.Values[k], o)
	if err != nil {
		return err
	}
	figure := &s.Figures[k]
	s.heading(f, k, x.Words(s.Words))
	the := figure.The.In(s.Words)
	sheet := Sheet{Name: "indices-" + fileName(figure.ID), Title: s.F("Shares of the variance of %s", the),
		Columns: []string{s.T("rank|column"), s.T("factor|column"), s.T("total|column"), s.T("95 % interval of total"), s.T("first order"), s.T("95 % interval of first order"), s.T("verdict|column")},
		Note:    s.T("First order: what a factor explains alone; total: with all its interactions.")}
	chart := &ForestChart{ChartHead: ChartHead{Name: "sobol-" + fileName(figure.ID), Title: s.F("Shares of the variance of %s", the), Alt: s.T("First order and total Sobol' indices with 95 % intervals, factor by factor"), XLabel: s.T("share of the variance"),
		Note: s.F("n = %s, %s of %s; 95 %% bootstrap intervals over rows", s.nRows(x.Rows), s.nReplicates(x.Replicates), s.Scenario.Name)}}
	if x.Drowned {
		return nil
	}
	for rank, i := range x.Order {
		verdict := s.T("drives")
		if x.NoEffect(i) {
			verdict = s.T("no effect shown")
		}
		sheet.Rows = append(sheet.Rows, []string{fmt.Sprint(rank + 1), x.Names[i], s.number(x.Total[i].Value), s.between(x.Total[i].Low, x.Total[i].High), s.number(x.First[i].Value), s.between(x.First[i].Low, x.First[i].High), verdict})
		chart.Items = append(chart.Items, Item{Name: x.Names[i], Group: s.T("total|column"), Value: x.Total[i].Value, Low: x.Total[i].Low, High: x.Total[i].High})
	}
	for _, i := range x.Order {
		chart.Items = append(chart.Items, Item{Name: x.Names[i], Group: s.T("first order"), Value: x.First[i].Value, Low: x.First[i].Low, High: x.First[i].High})
	}
	f.Sheets, f.Charts = append(f.Sheets, sheet), append(f.Charts, chart)
	return nil
}

func (v voice) trajectories(n int) string { return v.N(n, "%s trajectory", "%s trajectories") }

// ranges lists what was varied.
func (s *Sensitivity) ranges() Sheet {
	sheet := Sheet{Name: "factors", Title: s.T("What was varied"), Columns: []string{s.T("factor|column"), s.T("from|column"), s.T("to|column"), s.T("meaning|column")}, aside: true}
	factors := s.factors()
	for k := range factors {
		f := &factors[k]
		row := []string{f.Name, "", "", ""}
		if f.Levels != nil {
			row[1] = strings.Join(f.Levels, ", ")
		} else {
			row[1], row[2] = s.Number(f.Text(f.Low)), s.Number(f.Text(f.High))
		}
		if p, known := parameterOf(f.Name); known {
			row[3] = s.F("%s (%s)", s.T(p.Meaning), s.T(p.Unit))
		}
		sheet.Rows = append(sheet.Rows, row)
	}
	return sheet
}

func (s *Sensitivity) factors() []design.Factor {
	if s.morris != nil {
		return s.morris.Factors
	}
	return s.sobol.Factors
}

// Structure is a variant of the model's rules, as sets that are laid over a scenario.
type Structure struct {
	Name string
	Sets []string
	Said Saying // the name, in every language
}

func structure(name Saying, sets ...string) Structure { return Structure{name.String(), sets, name} }

// longTrack is the length from which a road that is no main road counts as a desert track of the network variant.
const longTrack = 700 // km

// Structures lists the rules that evidence leaves open: what an interdiction does, why soldiers sell, how networks learn, how
// patrols are spread, and which tracks there are. The first is the scenario as it is.
func Structures(of *scenarios.Scenario) []Structure {
	all := []Structure{structure(said("as it is|structure"))}
	for _, id := range []string{"road.passthrough", "force.leakage", "force.allocation"} {
		p, _ := parameterOf(id)
		have, _ := value(&p, of)
		for _, choice := range p.Choices {
			if choice != have {
				all = append(all, structure(said("%s: %s", called(prose.Words(id[strings.IndexByte(id, '.')+1:], nil)), called(prose.Words(choice, nil))), id+"="+choice))
			}
		}
	}
	all = append(all, structure(said("learning: own losses only"), "road.public_news=0"), structure(said("learning: slow to forget"), "road.forget=0.03"))
	var closed []string
	for i, r := range of.Setup.Routes {
		if !r.Main && r.Km > longTrack {
			closed = append(closed, fmt.Sprintf("events.structure-%d={cause: structure, date: %s, kind: route, action: close, from: %s, to: %s}", i+1, of.Setup.Start, r.From, r.To))
		}
	}
	if len(closed) > 0 {
		all = append(all, structure(said("network: no tracks over %d km", longTrack), closed...))
	}
	return all
}

// Robustness is a study of policies under several structures: does their ranking flip? The first scenario is what policies are
// measured against.
type Robustness struct {
	*Study
	Scenarios  []*scenarios.Scenario // base, then policies
	Structures []Structure
	Goal       string // figure by which policies are ranked
	Lower      bool   // whether less of it is better
}

// NewRobustness returns the study of policies against a base under structures.
func NewRobustness(of []*scenarios.Scenario, structures []Structure, goal string, lower bool, replicates int, seed uint64) (*Robustness, error) {
	r := &Robustness{Scenarios: of, Structures: structures, Goal: goal, Lower: lower}
	r.Study = &Study{Replicates: replicates, Seed: seed, Figures: Figures(of[0]), Factors: []string{"structure", "policy"}}
	if r.Goal == "" {
		r.Goal = MainFigures(of[0])[0]
	}
	if err := CheckFigures(r.Figures, []string{r.Goal}); err != nil {
		return nil, err
	}
	for i, structure := range structures {
		for k, s := range of {
			if _, err := s.With(structure.Sets); err != nil {
				return nil, fmt.Errorf("%s under %q: %w", s.Name, structure.Name, firstProblem(err))
			}
			r.Points = append(r.Points, Point{Name: structure.Name + " / " + s.Name, Scenario: s, Sets: structure.Sets, Values: []float64{float64(i), float64(k)}, Levels: []string{structure.Name, s.Name}})
		}
	}
	return r, nil
}

// resamples is how often effects of policies are resampled.
const resamples = 1000

// effects returns what each policy does to the goal in a structure, over some replicates, the larger the better.
func (r *Robustness) effects(sample *Sample, structure int, rows []int) []float64 {
	n := len(r.Scenarios)
	goal := sample.Values[r.Figure(r.Goal)]
	out := make([]float64, n-1)
	for k := 1; k < n; k++ {
		for _, row := range rows {
			out[k-1] += (goal[structure*n+k][row] - goal[structure*n][row]) / float64(len(rows))
		}
		if r.Lower {
			out[k-1] = -out[k-1]
		}
	}
	return out
}

// complete lists the replicates in which every point has the goal.
func (r *Robustness) complete(sample *Sample) (rows []int) {
	for row := range r.Replicates {
		if !slices.ContainsFunc(sample.Values[r.Figure(r.Goal)], func(v []float64) bool { return math.IsNaN(v[row]) }) {
			rows = append(rows, row)
		}
	}
	return rows
}

// Findings says whether the ranking of policies flips between structures.
func (r *Robustness) Findings(results Results) (*Findings, error) {
	sample, err := r.Sample(results)
	if err != nil {
		return nil, err
	}
	rows := r.complete(sample)
	if len(rows) < 2 {
		return nil, fmt.Errorf("a ranking must rest on at least 2 replicates in which every run has %s, got %d", r.Goal, len(rows))
	}
	goal := &r.Figures[r.Figure(r.Goal)]
	question := r.F("Policies are ranked by what they do to %s, higher being better, against %s. Does their order flip under other rules of the model?", goal.The.In(r.Words), r.quoted(r.Scenarios[0]))
	if r.Lower {
		question = r.F("Policies are ranked by what they do to %s, lower being better, against %s. Does their order flip under other rules of the model?", goal.The.In(r.Words), r.quoted(r.Scenarios[0]))
	}
	f := &Findings{voice: r.voice, Command: "sensitivity", Failed: sample.failures(), Title: r.T("Does the ranking of policies depend on the rules?"), Question: question,
		Design: []string{r.F("%s × %s, %s each, %s; replicate r has one seed for all of them, hashed from %d and r; %s complete.", r.N(len(r.Structures), "%s structure", "%s structures"), r.nScenarios(len(r.Scenarios)),
			r.nReplicates(r.Replicates), r.nRuns(r.Runs()), r.Seed, r.N(len(rows), "%s replicate is", "%s replicates are"))},
		Caveats: []string{r.T("Other rules are not fitted anew to the evidence: prices are other ones under some of them."), r.T("Which goal is good is for the reader to judge; another one may give another order.")}}
	var structures []sensitivity.Structure
	key := sim.NewKey(r.Seed).Label("structures")
	for i := range r.Structures {
		x := sensitivity.Structure{Label: r.structure(i), Effects: r.effects(sample, i, rows)}
		for b := range resamples { // the same replicates for all structures: they ran under the same luck
			drawn := make([]int, len(rows))
			for k := range drawn {
				drawn[k] = rows[key.At(uint64(b)).Nth(uint64(k)).Intn(len(rows))]
			}
			x.Resampled = append(x.Resampled, r.effects(sample, i, drawn))
		}
		structures = append(structures, x)
	}
	stability, err := sensitivity.Compare(r.policies(), structures)
	if err != nil {
		return nil, err
	}
	for _, w := range stability.Words(r.Words) {
		if first, _, _ := strings.Cut(w, " "); slices.Contains(r.policies(), first) { // names of scenarios stay as they are
			f.Answer = append(f.Answer, w+".")
			continue
		}
		f.Answer = append(f.Answer, sentence(w))
	}
	f.Sheets = []Sheet{r.table(structures, stability, goal)}
	f.Charts = []Chart{r.matrix(stability, structures, goal), r.forest(structures, goal)}
	return f, nil
}

// structure is a structure by its name.
func (r *Robustness) structure(i int) string {
	if s := &r.Structures[i]; s.Said == nil {
		return s.Name
	}
	return r.Structures[i].Said.In(r.Words)
}

// policies are the names of the policies.
func (r *Robustness) policies() (names []string) {
	for _, s := range r.Scenarios[1:] {
		names = append(names, s.Name)
	}
	return names
}

// table lists the effect and the rank of every policy under every structure.
func (r *Robustness) table(structures []sensitivity.Structure, stability *sensitivity.Stability, goal *Figure) Sheet {
	s := Sheet{Name: "structures", Title: r.F("Effect on %s, %s, and rank", goal.The.In(r.Words), r.T(goal.Unit)), Columns: append([]string{r.T("structure|column")}, r.policies()...),
		Note: r.T("Mean effect against the base under the same luck, with its rank in brackets (1 is best).")}
	for i := range structures {
		row := []string{structures[i].Label}
		for k, x := range structures[i].Effects {
			if r.Lower {
				x = -x
			}
			row = append(row, fmt.Sprintf("%s (%d)", r.signed(x), 1+slices.Index(stability.Orders[i], k)))
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// matrix shows ranks as colours.
func (r *Robustness) matrix(stability *sensitivity.Stability, structures []sensitivity.Structure, goal *Figure) Chart {
	m := &MatrixChart{ChartHead: ChartHead{Name: "ranks", Title: r.T("Rank of each policy under each structure"), Alt: r.T("Rank of each policy, 1 the best, under each structure of the model"), XLabel: r.T("policy|column"), YLabel: r.T("structure|column"),
		Note: r.F("by effect on %s; n = %s", goal.The.In(r.Words), r.nReplicates(r.Replicates))}, Columns: r.policies()}
	for i := range structures {
		m.Rows = append(m.Rows, structures[i].Label)
		row, texts := []float64{}, []string{}
		for k := range m.Columns {
			rank := 1 + slices.Index(stability.Orders[i], k)
			row, texts = append(row, float64(rank)), append(texts, fmt.Sprint(rank))
		}
		m.Values, m.Texts = append(m.Values, row), append(m.Texts, texts)
	}
	return m
}

// forest shows effects with intervals.
func (r *Robustness) forest(structures []sensitivity.Structure, goal *Figure) Chart {
	c := &ForestChart{ChartHead: ChartHead{Name: "effects", Title: r.T("What policies do under each structure"), Alt: r.T("Effect of each policy with its 95 % interval under each structure"), XLabel: r.F("change of %s, %s", goal.The.In(r.Words), r.T(goal.Unit)),
		Note: r.F("n = %s; 95 %% bootstrap intervals", r.nReplicates(r.Replicates))}}
	for k, policy := range r.policies() {
		for i := range structures {
			var draws []float64
			for _, d := range structures[i].Resampled {
				draws = append(draws, r.sign()*d[k])
			}
			slices.Sort(draws)
			c.Items = append(c.Items, Item{Name: structures[i].Label, Group: policy, Value: r.sign() * structures[i].Effects[k], Low: quantile(draws, 0.025), High: quantile(draws, 0.975)})
		}
	}
	return c
}

func (r *Robustness) sign() float64 {
	if r.Lower {
		return -1
	}
	return 1
}

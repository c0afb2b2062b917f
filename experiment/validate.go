package experiment

import (
	"math"
	"slices"
	"strings"

	"entrepot/experiment/inference"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/words"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Verdict says whether a model meets a target.
type Verdict uint8

// The verdicts. A target is met if the mean over runs lies in its range, and a sign if the whole 95 % interval of the mean has it;
// a mean outside whose interval reaches the range is not distinguishable from one inside.
const (
	Met Verdict = iota
	NotMet
	NotDistinguishable
	AnInput
	NotMeasurable
)

// String is the verdict in words.
func (v Verdict) String() string {
	return [...]string{"met", "not met", "not distinguishable", "an input", "not measurable"}[v]
}

// Score is a target with what an ensemble says of it.
type Score struct {
	Target           *Target
	N, Missing       int     // runs with and without a value
	Mean             float64 // NaN without runs
	Low5, High95     float64 // interval of single runs: 5 to 95 % of them lie within
	MeanLow, MeanTop float64 // 95 % interval of the mean (Student's t); infinite of one run, which knows none
	Inside           float64 // share of the runs with a value that lie in the range, or have the sign
	Verdict          Verdict
	Words            Saying // the verdict with its size
	Rivals           []Said // in the order of inference.Rivals
}

// Said is what a rival says of a target, and whether that meets it.
type Said struct {
	inference.Forecast
	Met bool
}

// Tally counts what a rival meets of the targets that it speaks about, and what the model meets of the same.
type Tally struct {
	Rival             inference.Rival
	Speaks, Met, Ours int
}

// Board is a model held against targets.
type Board struct {
	Scores     []Score
	Runs       int      // kept, the failed ones among them
	Failed     []string // which failed, and why
	Met, Asked int      // of the targets that are no inputs and can be measured
	Rivals     []Tally
}

// NewValidate returns the ensemble that targets are held against.
func NewValidate(s *scenarios.Scenario, targets []Target, replicates int, seed uint64) *Study {
	study := &Study{Points: []Point{{Name: s.Name, Scenario: s}}, Replicates: replicates, Seed: seed}
	for i := range targets {
		if targets[i].Measurable() {
			study.Figures = append(study.Figures, targets[i].Figure)
		}
	}
	return study
}

// Scoreboard scores targets on the runs of their study, made by NewValidate. Beside the targets, the rivals know the prices that are documented
// in the scenario's world.
func Scoreboard(study *Study, targets []Target, results Results) (*Board, error) {
	sample, err := study.Sample(results)
	if err != nil {
		return nil, err
	}
	s := study.Points[0].Scenario
	b := &Board{Runs: sample.Done, Failed: sample.failures()}
	naive := NewNaive(slices.Concat(targets, Targets(s, s.Facts)))
	for i, k := 0, 0; i < len(targets); i++ {
		var values []float64
		if targets[i].Measurable() {
			values = sample.Values[k][0]
			k++
		}
		score := ScoreOf(&targets[i], values)
		for _, r := range inference.Rivals() {
			f := naive.Say(r, &targets[i])
			score.Rivals = append(score.Rivals, Said{f, f.Silent == "" && targets[i].Meets(f.Value)})
		}
		b.Scores = append(b.Scores, score)
	}
	b.count()
	return b, nil
}

// ValidateFindings holds a scenario against targets. The study is one made by NewValidate of the same targets.
func ValidateFindings(study *Study, targets []Target, results Results) (*Findings, error) {
	b, err := Scoreboard(study, targets, results)
	if err != nil {
		return nil, err
	}
	s := study.Points[0].Scenario
	v := study.voice
	f := &Findings{voice: v, Command: "validate", Failed: b.Failed, Title: v.F("%s against %s|figures", v.titleOf(s), v.N(len(targets), "%s documented figure", "%s documented figures")),
		Question: v.T("Does the model agree with what is documented, and better than someone who knows no mechanism?"),
		Answer:   append(sentences(b.words(v)), b.misses(v)...),
		Caveats: []string{v.T("What was fitted to a figure proves nothing by meeting it; only figures held back do."),
			v.T("Where the model has no such thing, the nearest is measured: read what is measured before the verdict.")},
		Design: []string{v.F("%s of %s, %s to %s; the seed of run r is hashed from %d and r.", v.nRuns(study.Replicates), s.Name, s.Setup.Start, s.Setup.End+6, study.Seed),
			v.T("A figure is met if the mean over runs lies in the documented range (a point: 10 % either way), a sign if the 95 % interval of the mean has it."),
			v.T("The rivals know the documented prices of earlier periods; the multiplicative and the additive one are also told the later price of one other place.")},
		Sheets: []Sheet{b.sheet(v)}, Charts: b.charts(v, s)}
	if n := len(b.Failed); n > 0 {
		f.Design = append(f.Design, v.F("Failed and left out: %s.", v.nRuns(n)))
	}
	return f, nil
}

// count makes the totals. Inputs count for nobody.
func (b *Board) count() {
	for _, r := range inference.Rivals() {
		b.Rivals = append(b.Rivals, Tally{Rival: r})
	}
	for i := range b.Scores {
		s := &b.Scores[i]
		if s.Verdict == AnInput || s.Verdict == NotMeasurable {
			continue
		}
		b.Asked++
		ours := 0
		if s.Verdict == Met {
			ours = 1
		}
		b.Met += ours
		for k, said := range s.Rivals {
			if t := &b.Rivals[k]; said.Silent == "" {
				t.Speaks++
				t.Ours += ours
				if said.Met {
					t.Met++
				}
			}
		}
	}
}

func (b *Board) words(v voice) []string {
	lines := []string{v.F("%d of %d met; passing few points is consistency, not proof", b.Met, b.Asked)}
	var silent []string
	for _, t := range b.Rivals {
		if t.Speaks == 0 {
			silent = append(silent, v.rival(t.Rival))
			continue
		}
		lines = append(lines, v.F("the naive rival \"%s\" meets %d of the %d that it can speak about; the model meets %d of these", v.rival(t.Rival), t.Met, t.Speaks, t.Ours))
	}
	if len(silent) > 0 {
		lines = append(lines, v.F("naive rivals that know nothing to say of any of them: %s", v.list(silent)))
	}
	return lines
}

// rival is a rival by its name.
func (v voice) rival(r inference.Rival) string {
	switch r {
	case inference.Persistence:
		return v.T("persistence|rival")
	case inference.Multiplicative:
		return v.T("multiplicative|rival")
	}
	return v.T("additive|rival")
}

// misses lists the targets that are not met or cannot be measured, a sentence each.
func (b *Board) misses(v voice) (lines []string) {
	for i := range b.Scores {
		if s := &b.Scores[i]; s.Verdict == NotMet || s.Verdict == NotMeasurable || s.Verdict == NotDistinguishable {
			lines = append(lines, sentence(v.F("%s (%s): %s", s.Target.Figure.ID, v.shortly(s.Target), s.Words.In(v.Words))))
		}
	}
	return lines
}

// shortly says what a target is about: the first words of what is measured, or its kind where nothing is.
func (v voice) shortly(t *Target) string {
	if t.What == nil {
		return v.T(prose.Words(t.Fact.Kind, nil)) + ", " + v.T(prose.Words(t.Fact.Good, nil))
	}
	return upTo(t.What, ":", ";", v.T(" (|where a short text ends")).In(v.Words)
}

// labelled is a target's id with its good and place, for a chart.
func (l *lexicon) labelled(v voice, t *Target) string {
	label := strings.TrimSpace(t.Figure.ID + " " + v.T(Spoken(l.s, t.Fact.Good)))
	if t.Fact.Place == "" {
		return label
	}
	a, b, two := l.places(t.Fact.Place)
	place := withoutBrackets(a.text.In(v.Words))
	if two {
		place += " / " + withoutBrackets(b.text.In(v.Words))
	}
	if letters := []rune(place); len(letters) > longPlace {
		place = strings.TrimRight(string(letters[:longPlace]), " ,/") + "…"
	}
	return label + ", " + place
}

// longPlace is how many letters of a place a chart's label has.
const longPlace = 36

func (b *Board) sheet(v voice) Sheet {
	s := Sheet{Name: "targets", Title: v.T("Documented figures and what the runs gave"), Columns: []string{v.T("target|column"), v.T("what is measured"), v.T("unit|column"), v.T("documented|column"), v.T("mean"),
		v.T("95 % interval of the mean"), v.T("5–95 % of runs"), v.T("runs inside"), v.T("verdict|column")}, Note: v.T("Interval of the mean: Student's t. Rivals in brackets would meet the figure.")}
	for _, r := range inference.Rivals() {
		s.Columns = append(s.Columns, v.rival(r))
	}
	for i := range b.Scores {
		x := &b.Scores[i]
		row := []string{x.Target.Figure.ID, x.Target.What.In(v.Words), v.T(x.Target.Unit), v.documentedOf(x.Target), prose.None, prose.None, prose.None, prose.None, x.Words.In(v.Words)}
		if x.N > 0 {
			copy(row[4:], []string{v.number(x.Mean), v.between(x.MeanLow, x.MeanTop), v.between(x.Low5, x.High95), v.percent(x.Inside)})
		}
		for _, said := range x.Rivals {
			switch {
			case said.Silent != "":
				row = append(row, prose.None)
			case said.Met:
				row = append(row, "("+v.number(said.Value)+")")
			default:
				row = append(row, v.number(said.Value))
			}
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// charts shows every range as a band, and the model's interval on its scale.
func (b *Board) charts(v voice, of *scenarios.Scenario) []Chart {
	l := newLexicon(of)
	c := &ForestChart{ChartHead: ChartHead{Name: "targets", Title: v.T("Model against documented ranges"), Alt: v.T("For each documented range, as a band from 0 to 1, the mean over runs with the interval of nine runs in ten"),
		XLabel: v.T("position in the documented range, from its low to its high end"), Note: v.F("n = %s of %s; bars: 5–95 %% of runs", v.nRuns(b.Runs-len(b.Failed)), of.Name)}, Ref: math.NaN(), Own: true}
	for i := range b.Scores {
		s := &b.Scores[i]
		if t := s.Target; s.N > 0 && !t.Sign && t.High > t.Low {
			c.Items = append(c.Items, Item{Name: l.labelled(v, t), Group: v.met(s.Verdict), Value: s.Mean, Low: s.Low5, High: s.High95, Range: &[2]float64{t.Low, t.High}, Note: s.Words.In(v.Words)})
		}
	}
	if len(c.Items) == 0 {
		return nil
	}
	return []Chart{c}
}

// sameSign is how far from zero a relative change may be to count as none where a target says that nothing changes.
const sameSign = 0.05

// Meets reports whether a value lies in the range of a target, or has its sign.
func (t *Target) Meets(x float64) bool {
	if math.IsNaN(x) {
		return false
	}
	if !t.Sign {
		return x >= t.Low && x <= t.High
	}
	sign := 0.0
	if x != 0 && !(t.Low <= 0 && t.High >= 0 && math.Abs(x) <= sameSign) {
		sign = math.Copysign(1, x)
	}
	return sign >= t.Low && sign <= t.High
}

// ScoreOf scores a target on the values of runs, NaN where a run has none. Rivals are left out.
func ScoreOf(t *Target, values []float64) Score {
	s := Score{Target: t, Mean: math.NaN(), Low5: math.NaN(), High95: math.NaN(), MeanLow: math.NaN(), MeanTop: math.NaN(), Inside: math.NaN()}
	if !t.Measurable() {
		s.Verdict, s.Words = NotMeasurable, t.Why
		if t.Input {
			s.Verdict, s.Words = AnInput, said("an input (%s)", t.Why)
		}
		return s
	}
	var x []float64
	inside := 0
	for _, v := range values {
		if math.IsNaN(v) {
			s.Missing++
			continue
		}
		x = append(x, v)
		if t.Meets(v) {
			inside++
		}
	}
	if s.N = len(x); s.N > 0 {
		s.Inside = float64(inside) / float64(s.N)
		s.intervals(x)
	}
	s.judge(inside)
	return s
}

// intervals of single runs and of their mean.
func (s *Score) intervals(x []float64) {
	sorted := slices.Clone(x)
	slices.Sort(sorted)
	s.Low5, s.High95 = quantile(sorted, 0.05), quantile(sorted, 0.95)
	mean, sd := stat.MeanStdDev(x, nil)
	s.Mean, s.MeanLow, s.MeanTop = mean, math.Inf(-1), math.Inf(1)
	if n := float64(len(x)); n > 1 {
		half := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}.Quantile(0.975) * sd / math.Sqrt(n)
		s.MeanLow, s.MeanTop = mean-half, mean+half
	}
}

// judge gives the verdict.
func (s *Score) judge(inside int) {
	t := s.Target
	low, top := t.Meets(s.MeanLow), t.Meets(s.MeanTop)
	switch in := t.Meets(s.Mean); {
	case s.N == 0:
		s.Verdict, s.Words = NotMet, said("not met: no run has a value")
	case t.Sign && low && top:
		s.Verdict = Met
	case t.Sign && (low || top || in):
		s.Verdict = NotDistinguishable
	case t.Sign:
		s.Verdict = NotMet
	case in:
		s.Verdict = Met
	case s.MeanLow <= t.High && s.MeanTop >= t.Low:
		s.Verdict = NotDistinguishable
	default:
		s.Verdict = NotMet
	}
	if s.N > 0 {
		s.Words = s.inWords(inside)
	}
	if t.Input {
		in := s.Verdict == Met
		s.Words = s.howFar(said("an input: out of its range"), "an input: out of its range (by %s)", "an input: out of its range (%s)")
		if in {
			s.Words = said("an input: in its range")
		}
		s.Verdict = AnInput
	}
}

func (s *Score) inWords(inside int) Saying {
	runs := func(w *words.Words) string { return voice{w}.nRuns(s.N) }
	if s.Target.Sign {
		return said("%s (%d of %s)", s.plainly(), inside, Saying(runs))
	}
	switch s.Verdict {
	case Met:
		return said("met")
	case NotMet:
		return s.howFar(said("not met"), "not met (by %s)", "not met (%s)")
	}
	if s.Mean < s.Target.Low {
		return s.howFar(said("not distinguishable from its lower end"), "not distinguishable from its lower end (by %s)", "not distinguishable from its lower end (%s)")
	}
	return s.howFar(said("not distinguishable from its upper end"), "not distinguishable from its upper end (by %s)", "not distinguishable from its upper end (%s)")
}

// plainly is the verdict on a sign.
func (s *Score) plainly() Saying {
	switch {
	case s.Verdict == Met:
		return said("met")
	case s.Verdict == NotMet:
		return said("not met")
	case s.Target.Low == 0 && s.Target.High == 0:
		return said("not distinguishable from a change")
	}
	return said("not distinguishable from no change")
}

// met is a verdict on a target.
func (v voice) met(x Verdict) string {
	switch x {
	case Met:
		return v.T("met")
	case NotMet:
		return v.T("not met")
	case NotDistinguishable:
		return v.T("not distinguishable")
	case AnInput:
		return v.T("an input")
	}
	return v.T("not measurable")
}

// howFar says how far the mean is outside of the range: in per cent of its nearer end or, where that is zero or on the other side of it, in its
// unit. It chooses between three texts: without a distance, and formats with one of either kind.
func (s *Score) howFar(none Saying, inUnits, inPercent string) Saying {
	t := s.Target
	if t.Sign || s.N == 0 || t.Meets(s.Mean) {
		return none
	}
	end := t.High
	if s.Mean < t.Low {
		end = t.Low
	}
	away := s.Mean - end
	if end == 0 || s.Mean*end < 0 { // beyond zero, per cent of the end say nothing
		return func(w *words.Words) string { return w.F(inUnits, voice{w}.signed(away)) }
	}
	return func(w *words.Words) string { return w.F(inPercent, voice{w}.change(away/math.Abs(end))) }
}

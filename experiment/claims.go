package experiment

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"

	"entrepot/scenarios"

	"gonum.org/v1/gonum/stat"
	"gonum.org/v1/gonum/stat/distuv"
)

// Claim is an expectation of a scenario with what it compares: a figure of the scenario with another period of the same run, or
// with another scenario under the same luck.
type Claim struct {
	*scenarios.Expect
	Scenario, Other *scenarios.Scenario // the same, unless the claim compares with another
	Here, There     Figure
}

// A claim holds if the differences of its pairs have the claimed sign in a one-sided paired t-test at the level ClaimLevel. 5 % is a
// convention; with six to twelve pairs it asks for a mean difference of about 0.5 to 0.8 standard deviations of the differences, so that a claim
// that lives on one lucky seed does not hold. "About the same" (sign 0) asks for means within AboutTheSame of each other.
const (
	ClaimLevel   = 0.05
	AboutTheSame = 0.05
)

// Claims returns the claims of a scenario. load reads the scenarios that they compare with.
func Claims(s *scenarios.Scenario, load func(ref string) (*scenarios.Scenario, error)) ([]Claim, error) {
	var all []Claim
	for i := range s.Expect {
		e := &s.Expect[i]
		c := Claim{Expect: e, Scenario: s, Other: s}
		if e.Against.Scenario != "" {
			var err error
			if c.Other, err = load(e.Against.Scenario); err != nil {
				return nil, fmt.Errorf("claim %s: %w", e.ID, err)
			}
		}
		if !Readable(e.Table, e.Measure) {
			return nil, fmt.Errorf("claim %s: must be about a measure that can be read, got %s of the table %s", e.ID, e.Measure, e.Table)
		}
		against := e.During
		if e.Against.During != (scenarios.Span{}) {
			against = e.Against.During
		}
		c.Here, c.There = claimed(e, e.During), claimed(e, against)
		all = append(all, c)
	}
	return all, nil
}

// claimed is the figure that a claim speaks of, over a period; empty: the whole run.
func claimed(e *scenarios.Expect, during scenarios.Span) Figure {
	var in Span
	if during != (scenarios.Span{}) {
		in, _ = SpanOf(during.From, during.To) // the loader has checked both
	}
	over, under, ratio := strings.Cut(e.Place, "/")
	f := Figure{Parts: []Reading{claimedAt(e, over).In(in)}}
	if ratio {
		f.Parts = append(f.Parts, claimedAt(e, under).In(in))
		f.Of = func(x []float64) float64 { return x[0] / x[1] }
	}
	return f
}

func claimedAt(e *scenarios.Expect, place string) Reading {
	return Reading{Table: e.Table, Measure: e.Measure, Good: e.Good, Origin: e.Origin, Actor: e.Actor, Hub: place}
}

// Judgement is what pairs of runs say of a claim.
type Judgement struct {
	Claim      *Claim
	Pairs      int     // with a value on both sides
	Missing    int     // pairs without
	A, B       float64 // means of what is claimed and of what it is compared with
	P          float64 // one-sided p value of the claimed sign; of sign 0 NaN
	Holds      bool
	Opposite   bool      // the opposite sign would hold
	Difference []float64 // by pair
	Words      string
}

// Judge judges a claim on the values of pairs; NaN where a run has none.
func (c *Claim) Judge(here, there []float64) Judgement {
	j := Judgement{Claim: c, P: math.NaN(), A: math.NaN(), B: math.NaN()}
	var a, b []float64
	for i := range here {
		if math.IsNaN(here[i]) || math.IsNaN(there[i]) {
			j.Missing++
			continue
		}
		a, b, j.Difference = append(a, here[i]), append(b, there[i]), append(j.Difference, here[i]-there[i])
	}
	if j.Pairs = len(a); j.Pairs > 0 {
		j.A, j.B = stat.Mean(a, nil), stat.Mean(b, nil)
		j.test(c.Sign)
	}
	j.Words = j.words()
	return j
}

func (j *Judgement) test(sign int) {
	if sign == 0 {
		j.Holds = math.Abs(j.A-j.B) <= AboutTheSame*math.Abs(j.B)
		return
	}
	j.P = oneSided(j.Difference, float64(sign))
	j.Holds = j.P <= ClaimLevel
	j.Opposite = oneSided(j.Difference, -float64(sign)) <= ClaimLevel
}

// oneSided returns the p value of paired differences having a sign.
func oneSided(differences []float64, sign float64) float64 {
	mean, sd := stat.MeanStdDev(differences, nil)
	n := float64(len(differences))
	if sd == 0 || len(differences) < 2 {
		if mean*sign > 0 {
			return 0
		}
		return 1
	}
	student := distuv.StudentsT{Mu: 0, Sigma: 1, Nu: n - 1}
	return 1 - student.CDF(sign*mean/(sd/math.Sqrt(n)))
}

// result is the judgement in a few words.
func (j *Judgement) result() string {
	switch {
	case j.Pairs == 0:
		return "nothing to measure"
	case j.Holds:
		return "shown"
	case j.Opposite:
		return "the opposite is shown"
	}
	return "not shown"
}

func (j *Judgement) words() string {
	if j.Pairs == 0 {
		return j.Claim.Claim + ": nothing to measure in any run"
	}
	text := fmt.Sprintf("%s: %s, %s against %s", j.Claim.Claim, j.result(), number(j.A), number(j.B))
	if j.B != 0 {
		text += fmt.Sprintf(" (%s)", percentChange((j.A-j.B)/math.Abs(j.B)))
	}
	if j.Claim.Sign != 0 {
		text += strings.Replace(", p = "+probability(j.P), "= <", "<", 1)
	}
	return text + ", " + counted(j.Pairs, "pair")
}

// Judgements tests claims: pair k of each runs under seed(k), from 0, as many pairs as the claim names. Each run that several
// claims need is done once.
func Judgements(ctx context.Context, claims []Claim, seed func(pair int) uint64, workers int) ([]Judgement, error) {
	runs := claimRuns(claims)
	errs := make([]error, len(runs))
	next := make(chan int)
	var wait sync.WaitGroup
	for range max(1, workers) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for i := range next {
				errs[i] = runs[i].do(ctx, seed)
			}
		}()
	}
	for i := range runs {
		next <- i
	}
	close(next)
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	var all []Judgement
	for k := range claims {
		var sides [2][]float64
		for _, r := range runs {
			for _, w := range r.sought {
				if w.claim == k {
					sides[w.side] = append(sides[w.side], w.value)
				}
			}
		}
		all = append(all, claims[k].Judge(sides[0], sides[1]))
	}
	return all, nil
}

// claimRun is one run and what claims want of it.
type claimRun struct {
	scenario *scenarios.Scenario
	pair     int
	sought   []sought
}

type sought struct {
	claim, side int
	figure      Figure
	value       float64
}

// claimRuns lists the runs that claims need, those of a scenario in the order of their pairs.
func claimRuns(claims []Claim) (runs []*claimRun) {
	for k := range claims {
		c := &claims[k]
		for pair := range c.Pairs {
			for side, s := range []*scenarios.Scenario{c.Scenario, c.Other} {
				i := slices.IndexFunc(runs, func(r *claimRun) bool { return r.scenario == s && r.pair == pair })
				if i < 0 {
					i = len(runs)
					runs = append(runs, &claimRun{scenario: s, pair: pair})
				}
				runs[i].sought = append(runs[i].sought, sought{claim: k, side: side, figure: []Figure{c.Here, c.There}[side]})
			}
		}
	}
	return runs
}

func (r *claimRun) do(ctx context.Context, seed func(pair int) uint64) error {
	study := &Study{}
	for _, w := range r.sought {
		study.Figures = append(study.Figures, w.figure)
	}
	taken, err := Simulate(ctx, study, &Point{Scenario: r.scenario}, seed(r.pair))
	if err != nil {
		return fmt.Errorf("%s, pair %d: %w", r.scenario.Name, r.pair+1, err)
	}
	for i := range r.sought {
		r.sought[i].value = taken.Figures[i]
	}
	return nil
}

package sensitivity

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"entrepot/output/prose"
	"entrepot/words"
)

// Structure is a variant of the model's rules and what the policies do under it.
type Structure struct {
	Label     string
	Effects   []float64   // by policy, the larger the better
	Resampled [][]float64 // [resample][policy]; resample b of all structures belong together
}

// Stability says whether a ranking of policies survives other structures (the critique of drug policy models: a ranking may be an
// assumption in disguise).
type Stability struct {
	Policies []string
	Labels   []string    // of the structures
	Orders   [][]int     // [structure] policies, the best first
	First    [][]float64 // [structure][policy] share of resamples in which it is the best, ties shared
	Same     float64     // share of resamples in which the whole ranking is one and the same in all structures
	Pairs    []Pair      // of all policies
}

// Pair is what becomes of the order of two policies.
type Pair struct {
	A, B        int // A is better in the first structure
	Verdict     Verdict
	Over, Under int     // structures in which A is above B, and below, most surely: the flip, or where it might be
	Flip        float64 // share of resamples in which A is above B in Over and below it in Under
	Hold        float64 // share of resamples in which the two have one order in all structures
}

// Verdict is what can be said of the order of two policies over structures.
type Verdict int

// What can be said.
const (
	Unsure Verdict = iota
	Holds
	Flips
	Tied // the two do the same in every resample
)

// Compare says of every two policies whether their order flips between structures. It is told as a fact if it does so in 1 -
// 0.05/(2(n-1)) of the resamples, n structures: the 5 % are shared by the structures among which the flip was looked for. The same share
// is asked of an order that holds. Resamples of one number are read together: if the structures ran under the same luck, resample
// the same replicates for all; if not, independently.
func Compare(policies []string, structures []Structure) (*Stability, error) {
	if err := checkStructures(policies, structures); err != nil {
		return nil, err
	}
	s := &Stability{Policies: policies}
	for i := range structures {
		t := &structures[i]
		s.Labels = append(s.Labels, t.Label)
		s.Orders = append(s.Orders, order(t.Effects))
		s.First = append(s.First, firsts(t.Resampled, len(policies)))
	}
	s.Same = sameShare(structures)
	for _, pair := range pairs(s.Orders[0]) {
		s.Pairs = append(s.Pairs, judge(pair[0], pair[1], structures))
	}
	return s, nil
}

func checkStructures(policies []string, structures []Structure) error {
	var wrong []error
	if len(policies) < 2 || len(structures) < 2 {
		return fmt.Errorf("a ranking must have at least two policies and two structures, got %d and %d", len(policies), len(structures))
	}
	for _, t := range structures {
		if len(t.Effects) != len(policies) {
			wrong = append(wrong, fmt.Errorf("structure %s: effects must be of %d policies, got %d", t.Label, len(policies), len(t.Effects)))
		}
		if n := len(structures[0].Resampled); len(t.Resampled) != n || n < fewestResamples {
			wrong = append(wrong, fmt.Errorf("structure %s: resamples must be as many as in the first structure and at least %d, got %d", t.Label, fewestResamples, len(t.Resampled)))
		}
		finite := append([][]float64{t.Effects}, t.Resampled...)
		if slices.ContainsFunc(finite, func(x []float64) bool { return len(x) != len(policies) || slices.ContainsFunc(x, notFinite) }) {
			wrong = append(wrong, fmt.Errorf("structure %s: effects and resamples must be a finite number for each policy", t.Label))
		}
	}
	return errors.Join(wrong...)
}

// fewestResamples tell a share of 97.5 %.
const fewestResamples = 100

func notFinite(x float64) bool { return x-x != 0 }

// order ranks policies, the best first.
func order(effects []float64) []int {
	ranked := upTo(len(effects))
	slices.SortStableFunc(ranked, func(a, b int) int { return cmp.Compare(effects[b], effects[a]) })
	return ranked
}

// firsts are the shares of resamples in which each policy is the best.
func firsts(resampled [][]float64, policies int) []float64 {
	share := make([]float64, policies)
	for _, effects := range resampled {
		best, ties := slices.Max(effects), 0
		for _, e := range effects {
			if e == best {
				ties++
			}
		}
		for p, e := range effects {
			if e == best {
				share[p] += 1 / float64(ties*len(resampled))
			}
		}
	}
	return share
}

// sameShare is the share of resamples with one ranking, free of ties, in all structures.
func sameShare(structures []Structure) float64 {
	same := 0
	for b := range structures[0].Resampled {
		ranked := order(structures[0].Resampled[b])
		if !slices.ContainsFunc(structures, func(t Structure) bool {
			effects := t.Resampled[b]
			for i := 1; i < len(ranked); i++ {
				if !(effects[ranked[i-1]] > effects[ranked[i]]) {
					return true
				}
			}
			return false
		}) {
			same++
		}
	}
	return float64(same) / float64(len(structures[0].Resampled))
}

// pairs of a list, in its order.
func pairs(list []int) (all [][2]int) {
	for i, a := range list {
		for _, b := range list[i+1:] {
			all = append(all, [2]int{a, b})
		}
	}
	return all
}

func judge(a, b int, structures []Structure) Pair {
	pair := Pair{A: a, B: b}
	n := float64(len(structures[0].Resampled))
	for over, s := range structures {
		for under, t := range structures {
			count := 0.0
			for r, x := range s.Resampled {
				if y := t.Resampled[r]; x[a] > x[b] && y[a] < y[b] {
					count++
				}
			}
			if count/n > pair.Flip {
				pair.Over, pair.Under, pair.Flip = over, under, count/n
			}
		}
	}
	for r := range structures[0].Resampled {
		above := 0
		for _, s := range structures {
			above += cmp.Compare(s.Resampled[r][a], s.Resampled[r][b])
		}
		if above == len(structures) || above == -len(structures) {
			pair.Hold += 1 / n
		}
	}
	switch need := needed(len(structures)); {
	case tied(a, b, structures):
		pair.Verdict = Tied
	case pair.Flip >= need:
		pair.Verdict = Flips
	case pair.Hold >= need:
		pair.Verdict = Holds
	}
	return pair
}

// tied says whether two policies do exactly the same in all structures.
func tied(a, b int, structures []Structure) bool {
	return !slices.ContainsFunc(structures, func(s Structure) bool {
		return s.Effects[a] != s.Effects[b] || slices.ContainsFunc(s.Resampled, func(x []float64) bool { return x[a] != x[b] })
	})
}

// needed is the share of resamples from which on a statement over n structures is a fact.
func needed(n int) float64 { return 1 - 0.05/float64(2*(n-1)) }

// Words are the verdicts in plain sentences of a language, the most important first.
func (s *Stability) Words(w *words.Words) []string {
	var flips, open, ties []string
	for _, p := range s.Pairs {
		a, b := s.Policies[p.A], s.Policies[p.B]
		switch p.Verdict {
		case Flips:
			flips = append(flips, w.F("the ranking flips: %s is better than %s with \"%s\", and worse with \"%s\" (in %s of resamples)", a, b, s.Labels[p.Over], s.Labels[p.Under], percent(w, p.Flip)))
		case Tied:
			ties = append(ties, w.F("%s and %s do exactly the same in all %d structures", a, b, len(s.Labels)))
		case Unsure:
			open = append(open, s.unsure(w, a, b, p))
		}
	}
	if len(flips)+len(open)+len(ties) == 0 {
		return []string{w.F("the ranking is the same in all %d structures (in %s of resamples): %s", len(s.Labels), percent(w, s.Same), strings.Join(named(s.Policies, s.Orders[0]), w.T(", then ")))}
	}
	if best, ok := s.best(); ok {
		flips = append(flips, w.F("%s is the best in all %d structures", s.Policies[best], len(s.Labels)))
	}
	return slices.Concat(flips, open, ties)
}

// unsure says that two policies may change places.
func (s *Stability) unsure(w *words.Words, a, b string, p Pair) string {
	if p.Flip == 0 {
		return w.F("not enough runs to say whether %s and %s change places (no flip seen; one order throughout in %s of resamples)", a, b, percent(w, p.Hold))
	}
	return w.F("not enough runs to say whether %s and %s change places (a flip between \"%s\" and \"%s\" in %s; one order throughout in %s of resamples)",
		a, b, s.Labels[p.Over], s.Labels[p.Under], percent(w, p.Flip), percent(w, p.Hold))
}

// best is the policy that is surely first in every structure.
func (s *Stability) best() (int, bool) {
	best := s.Orders[0][0]
	for _, shares := range s.First {
		if shares[best] < needed(len(s.Labels)) {
			return 0, false
		}
	}
	return best, true
}

// percent does not round to certainty.
func percent(w *words.Words, share float64) string {
	if share > 0.995 {
		return w.F("over %s|per cent", w.Number(prose.PercentTo(0.99, 0)))
	}
	return w.Number(prose.Percent(share))
}

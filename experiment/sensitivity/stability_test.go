package sensitivity

import (
	"math"
	"strings"
	"testing"

	"entrepot/sim"
)

// structure is one whose effects have independent normal errors.
func structure(label string, effects []float64, sd float64, key sim.Key) Structure {
	s := Structure{Label: label, Effects: effects}
	for b := range uint64(1000) {
		draw := make([]float64, len(effects))
		for p := range effects {
			draw[p] = effects[p] + sd*key.Label(label).At(b).At(uint64(p)).Normal()
		}
		s.Resampled = append(s.Resampled, draw)
	}
	return s
}

func TestRankingsAcrossStructures(t *testing.T) {
	policies := []string{"patrols", "ddr", "closure"}
	for _, c := range []struct {
		name    string
		base    []float64
		other   []float64
		sd      float64
		verdict []Verdict // pairs in the order of the first structure
		words   []string
	}{
		{"the same ranking", []float64{3, 2, 1}, []float64{6, 4, 2}, 0.1, []Verdict{Holds, Holds, Holds},
			[]string{"the ranking is the same in all 2 structures (in over 99\u00a0% of resamples): patrols, then ddr, then closure"}},
		{"a flip below a sure first place", []float64{5, 2, 1}, []float64{5, 1, 2}, 0.1, []Verdict{Holds, Holds, Flips},
			[]string{"the ranking flips: ddr is better than closure with \"base\", and worse with \"no learning\" (in over 99\u00a0% of resamples)", "patrols is the best in all 2 structures"}},
		{"too much luck to say of two", []float64{5, 2, 1}, []float64{5, 1, 2}, 1, []Verdict{Holds, Holds, Unsure},
			[]string{"not enough runs to say whether ddr and closure change places (a flip between \"base\" and \"no learning\" in 5"}},
		{"an order that one structure does not know", []float64{2, 1, 0}, []float64{1, 1, 0}, 0, []Verdict{Unsure, Holds, Holds},
			[]string{"not enough runs to say whether patrols and ddr change places (no flip seen; one order throughout in 0\u00a0% of resamples)"}},
		{"policies that do the same", []float64{1, 1, 0}, []float64{1, 1, 0}, 0, []Verdict{Tied, Holds, Holds},
			[]string{"patrols and ddr do exactly the same in all 2 structures"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			key := sim.NewKey(1)
			s := ok[*Stability](t)(Compare(policies, []Structure{structure("base", c.base, c.sd, key), structure("no learning", c.other, c.sd, key)}))
			for i, want := range c.verdict {
				if got := s.Pairs[i]; got.Verdict != want {
					t.Errorf("pair %+v: want verdict %d", got, want)
				}
			}
			words := strings.Join(s.Words(nil), "\n")
			for _, want := range c.words {
				if !strings.Contains(words, want) {
					t.Errorf("words lack %q:\n%s", want, words)
				}
			}
		})
	}
}

// Luck that all structures share cancels: what cannot be told apart is told together.
func TestSharedLuckCancelsOnlyWithinAStructure(t *testing.T) {
	base := structure("base", []float64{1, 0}, 0, 1)
	for b := range base.Resampled {
		z := 10 * sim.NewKey(uint64(b)).Normal()
		base.Resampled[b][0] += z
		base.Resampled[b][1] += z
	}
	s := ok[*Stability](t)(Compare([]string{"a", "b"}, []Structure{base, structure("other", []float64{0, 1}, 0, 1)}))
	if s.Pairs[0].Verdict != Flips || s.Pairs[0].Flip != 1 {
		t.Errorf("got %+v", s.Pairs[0])
	}
}

// Two policies that are the same in all of four structures must be told to flip in few of many studies.
func TestEqualPoliciesRarelyFlip(t *testing.T) {
	const studies = 100
	flips := 0
	for i := range uint64(studies) {
		key := sim.NewKey(i)
		var list []Structure
		for s, label := range []string{"a", "b", "c", "d"} {
			z := key.Label("effect").At(uint64(s))
			list = append(list, structure(label, []float64{z.At(0).Normal(), z.At(1).Normal()}, 1, key))
		}
		if ok[*Stability](t)(Compare([]string{"p", "q"}, list)).Pairs[0].Verdict == Flips {
			flips++
		}
	}
	if flips > studies/20 {
		t.Errorf("%d of %d studies told a flip", flips, studies)
	}
}

func TestStructuresThatCannotBeCompared(t *testing.T) {
	a := structure("a", []float64{1, 2}, 1, 1)
	short, wide, none := a, a, a
	short.Resampled = a.Resampled[:500]
	wide.Effects = []float64{1, 2, 3}
	none.Effects = []float64{1, math.NaN()}
	for _, c := range []struct {
		name string
		list []Structure
		want string
	}{
		{"one structure", []Structure{a}, "at least two policies and two structures, got 2 and 1"},
		{"fewer resamples", []Structure{a, short}, "resamples must be as many as in the first structure and at least 100, got 500"},
		{"another policy", []Structure{a, wide}, "effects must be of 2 policies, got 3"},
		{"an effect that is not known", []Structure{a, none}, "must be a finite number for each policy"},
	} {
		if _, err := Compare([]string{"p", "q"}, c.list); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
}

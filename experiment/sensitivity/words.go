package sensitivity

import (
	"cmp"
	"math"
	"slices"

	"entrepot/output/prose"
	"entrepot/words"
)

// Words are the verdicts on variance shares in plain sentences of a language, the most important first.
func (x *Indices) Words(w *words.Words) []string {
	switch {
	case x.Drowned && x.Variance.Value == 0:
		return append([]string{w.T("the output is the same at all points: no factor has an effect")}, x.Sample.words(w)...)
	case x.Drowned:
		return append([]string{w.T("what the factors do cannot be told from luck: take more replicates, or the same luck for all points")}, x.Sample.words(w)...)
	}
	figure := func(k int) string { return w.F("total share of the variance: %s", x.Total[k].in(w)) }
	lines := x.Ranking.words(w, x.Names, figure, x.NoEffect)
	lines = append(lines, x.additive(w))
	lines = append(lines, x.together(w)...)
	return append(lines, x.Sample.words(w)...)
}

// additive tells how much is left to interactions.
func (x *Indices) additive(w *words.Words) string {
	if x.Additive.High < 1 {
		return w.F("one by one, the factors explain %s of the variance, interactions the rest", x.Additive.percent(w))
	}
	return w.F("one by one, the factors explain %s of the variance: no interaction is shown", x.Additive.percent(w))
}

// NoEffect reports whether a factor shows no effect: its total index is 0, or is 0 as far as can be told. Luck left in the indices
// looks like an effect.
func (x *Indices) NoEffect(k int) bool { return !(x.Total[k].Low > 0) }

// together tells the three largest interactions of two factors that are surely there.
func (x *Indices) together(w *words.Words) (lines []string) {
	type pair struct{ k, j int }
	var pairs []pair
	for k := range x.Second {
		for j := k + 1; j < len(x.Second); j++ {
			if x.Second[k][j].Low > 0 {
				pairs = append(pairs, pair{k, j})
			}
		}
	}
	slices.SortStableFunc(pairs, func(a, b pair) int {
		return cmp.Compare(x.Second[b.k][b.j].Value, x.Second[a.k][a.j].Value)
	})
	for _, p := range pairs[:min(3, len(pairs))] {
		lines = append(lines, w.F("%s and %s act together: %s", x.Names[p.k], x.Names[p.j], x.Second[p.k][p.j].in(w)))
	}
	return lines
}

// Words are the verdicts of a screening in plain sentences of a language, the most important first.
func (x *Screening) Words(w *words.Words) []string {
	figure := func(k int) string { return w.F("mean absolute effect, mu*: %s", x.MuStar[k].in(w)) }
	lines := x.Ranking.words(w, x.Names, figure, x.NoEffect)
	for i, k := range x.Order {
		if !x.NoEffect(k) && i < mostTold {
			lines = append(lines, w.F("%s: the effect is %s", x.Names[k], x.Shape(k, w)))
		}
	}
	if x.Floor > 0 {
		lines = append(lines, w.F("luck alone gives a factor without effect a mu* of %s", w.Number(prose.Number(x.Floor))))
	}
	return append(lines, x.Sample.words(w)...)
}

// NoEffect reports whether a factor shows no effect beyond luck. Where it is not known what luck does, none can be told from it.
func (x *Screening) NoEffect(k int) bool { return x.Luck != Left && !(x.MuStar[k].Low > x.Floor) }

// Shape says how a factor acts, by sigma/mu* (Garcia Sanchez et al. 2014).
func (x *Screening) Shape(k int, w *words.Words) string {
	switch share := x.Sigma[k].Value / x.MuStar[k].Value; {
	case share < 0.1:
		return w.T("nearly linear")
	case share < 0.5:
		return w.T("always in one direction")
	case share < 1:
		return w.T("mostly in one direction")
	default:
		return w.T("curved or depends on others")
	}
}

// mostTold is how many factors or pairs of one kind are told one by one; tables have the others.
const mostTold = 5

// words tell a ranking.
func (r *Ranking) words(w *words.Words, names []string, figure func(int) string, none func(int) bool) []string {
	var lines, idle []string
	for _, k := range r.Order {
		if none(k) {
			idle = append(idle, names[k])
		}
	}
	leaders := slices.DeleteFunc(slices.Clone(r.Leaders()), none)
	switch {
	case len(leaders) == 1:
		lines = append(lines, w.F("%s drives most (%s)", names[leaders[0]], figure(leaders[0])))
	case len(leaders) > 1:
		lines = append(lines, w.F("%s drive most", list(w, named(names, leaders))))
	}
	untold := 0
	for i := range r.Surer {
		a, b := r.Order[i], r.Order[i+1]
		if r.Told(i) || none(a) || none(b) {
			continue
		}
		if untold++; untold <= mostTold {
			lines = append(lines, r.unranked(w, i, names[a], names[b]))
		}
	}
	if untold > mostTold {
		lines = append(lines, w.F("nor to rank %d further pairs of neighbours", untold-mostTold))
	}
	if len(idle) > 0 {
		lines = append(lines, w.F("no effect shown: %s", list(w, idle)))
	}
	return lines
}

// unranked says which places cannot be told apart, and how many more runs would do that. Past a hundred times as many it is a guess not worth telling.
func (r *Ranking) unranked(w *words.Words, place int, a, b string) string {
	switch t := math.Ceil(r.Times[place]); {
	case !(t <= 100):
		return w.F("not enough runs to rank %d and %d (%s and %s)", place+1, place+2, a, b)
	case t <= 2:
		return w.F("not enough runs to rank %d and %d (%s and %s; about twice as many would tell)", place+1, place+2, a, b)
	default:
		return w.F("not enough runs to rank %d and %d (%s and %s; about %.0f times as many would tell)", place+1, place+2, a, b, t)
	}
}

// words tell what figures rest on.
func (s *Sample) words(w *words.Words) (lines []string) {
	switch s.Luck {
	case Common:
		lines = append(lines, w.T("all points had the same luck, so that none had to be subtracted"))
	case Subtracted:
		lines = append(lines, w.F("every run had luck of its own, of standard deviation %s: its variance in the mean of %s replicates was subtracted", w.Number(prose.Number(math.Sqrt(s.Noise))), w.Number(prose.Count(s.Replicates))))
	case Left:
		lines = append(lines, w.T("every run had luck of its own, and one replicate does not tell how much: nothing was subtracted, and a factor without effect has the share of luck"))
	}
	if s.Dropped > 0 {
		lines = append(lines, w.F("%s of %s rows had runs that failed or lack the figure, and were dropped whole", w.Number(prose.Count(s.Dropped)), w.Number(prose.Count(s.Dropped+s.Rows))))
	}
	return lines
}

func (e Estimate) in(w *words.Words) string {
	value := w.Number(prose.Number(e.Value))
	if math.IsNaN(e.Low) {
		return value
	}
	return w.F("%s (%s to %s)", value, w.Number(prose.Number(e.Low)), w.Number(prose.Number(e.High)))
}

func (e Estimate) percent(w *words.Words) string {
	return w.F("%s (%s to %s)", w.Number(prose.PercentTo(e.Value, 0)), w.Number(prose.Int(100*e.Low)), w.Number(prose.Int(100*e.High)))
}

func named(names []string, which []int) (list []string) {
	for _, k := range which {
		list = append(list, names[k])
	}
	return list
}

// list writes a, b and c, or of many the first and how many more.
func list(w *words.Words, names []string) string {
	if n := len(names); n > 2*mostTold {
		names = append(slices.Clone(names[:mostTold]), w.F("%d more", n-mostTold))
	}
	return prose.List(names, w.T("and"))
}

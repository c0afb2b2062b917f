package sensitivity

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"entrepot/output/prose"
)

// Words are the verdicts on variance shares in plain sentences, the most important first.
func (x *Indices) Words() []string {
	switch {
	case x.Drowned && x.Variance.Value == 0:
		return append([]string{"the output is the same at all points: no factor has an effect"}, x.Sample.words()...)
	case x.Drowned:
		return append([]string{"what the factors do cannot be told from luck: take more replicates, or the same luck for all points"}, x.Sample.words()...)
	}
	figure := func(k int) string { return "total share of the variance: " + x.Total[k].String() }
	words := x.Ranking.words(x.Names, figure, x.NoEffect)
	words = append(words, x.additive())
	words = append(words, x.together()...)
	return append(words, x.Sample.words()...)
}

// additive tells how much is left to interactions.
func (x *Indices) additive() string {
	words := fmt.Sprintf("one by one, the factors explain %s of the variance", x.Additive.percent())
	if x.Additive.High < 1 {
		return words + ", interactions the rest"
	}
	return words + ": no interaction is shown"
}

// NoEffect reports whether a factor shows no effect: its total index is 0, or is 0 as far as can be told. Luck left in the indices
// looks like an effect.
func (x *Indices) NoEffect(k int) bool { return !(x.Total[k].Low > 0) }

// together tells the three largest interactions of two factors that are surely there.
func (x *Indices) together() (words []string) {
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
		words = append(words, fmt.Sprintf("%s and %s act together: %s", x.Names[p.k], x.Names[p.j], x.Second[p.k][p.j]))
	}
	return words
}

// Words are the verdicts of a screening in plain sentences, the most important first.
func (x *Screening) Words() []string {
	figure := func(k int) string { return "mean absolute effect, mu*: " + x.MuStar[k].String() }
	words := x.Ranking.words(x.Names, figure, x.NoEffect)
	for i, k := range x.Order {
		if !x.NoEffect(k) && i < mostTold {
			words = append(words, x.Names[k]+": the effect is "+x.Shape(k))
		}
	}
	if x.Floor > 0 {
		words = append(words, fmt.Sprintf("luck alone gives a factor without effect a mu* of %s", prose.Number(x.Floor)))
	}
	return append(words, x.Sample.words()...)
}

// NoEffect reports whether a factor shows no effect beyond luck. Where it is not known what luck does, none can be told from it.
func (x *Screening) NoEffect(k int) bool { return x.Luck != Left && !(x.MuStar[k].Low > x.Floor) }

// Shape says how a factor acts, by sigma/mu* (Garcia Sanchez et al. 2014).
func (x *Screening) Shape(k int) string {
	switch share := x.Sigma[k].Value / x.MuStar[k].Value; {
	case share < 0.1:
		return "nearly linear"
	case share < 0.5:
		return "always in one direction"
	case share < 1:
		return "mostly in one direction"
	default:
		return "curved or depends on others"
	}
}

// mostTold is how many factors or pairs of one kind are told one by one; tables have the others.
const mostTold = 5

// words tell a ranking.
func (r *Ranking) words(names []string, figure func(int) string, none func(int) bool) []string {
	var words, idle []string
	for _, k := range r.Order {
		if none(k) {
			idle = append(idle, names[k])
		}
	}
	leaders := slices.DeleteFunc(slices.Clone(r.Leaders()), none)
	switch {
	case len(leaders) == 1:
		words = append(words, fmt.Sprintf("%s drives most (%s)", names[leaders[0]], figure(leaders[0])))
	case len(leaders) > 1:
		words = append(words, fmt.Sprintf("%s drive most", list(named(names, leaders))))
	}
	untold := 0
	for i := range r.Surer {
		a, b := r.Order[i], r.Order[i+1]
		if r.Told(i) || none(a) || none(b) {
			continue
		}
		if untold++; untold <= mostTold {
			words = append(words, fmt.Sprintf("not enough runs to rank %d and %d (%s and %s%s)", i+1, i+2, names[a], names[b], r.need(i)))
		}
	}
	if untold > mostTold {
		words = append(words, fmt.Sprintf("nor to rank %d further pairs of neighbours", untold-mostTold))
	}
	if len(idle) > 0 {
		words = append(words, "no effect shown: "+list(idle))
	}
	return words
}

// need says how many more runs would tell two places apart. Past a hundred times as many it is a guess not worth telling.
func (r *Ranking) need(place int) string {
	switch t := math.Ceil(r.Times[place]); {
	case !(t <= 100):
		return ""
	case t <= 2:
		return "; about twice as many would tell"
	default:
		return fmt.Sprintf("; about %.0f times as many would tell", t)
	}
}

// words tell what figures rest on.
func (s *Sample) words() (words []string) {
	switch s.Luck {
	case Common:
		words = append(words, "all points had the same luck, so that none had to be subtracted")
	case Subtracted:
		words = append(words, fmt.Sprintf("every run had luck of its own, of standard deviation %s: its variance in the mean of %s replicates was subtracted", prose.Number(math.Sqrt(s.Noise)), prose.Count(s.Replicates)))
	case Left:
		words = append(words, "every run had luck of its own, and one replicate does not tell how much: nothing was subtracted, and a factor without effect has the share of luck")
	}
	if s.Dropped > 0 {
		words = append(words, fmt.Sprintf("%s of %s rows had runs that failed or lack the figure, and were dropped whole", prose.Count(s.Dropped), prose.Count(s.Dropped+s.Rows)))
	}
	return words
}

// String writes an estimate with its interval.
func (e Estimate) String() string {
	if math.IsNaN(e.Low) {
		return prose.Number(e.Value)
	}
	return fmt.Sprintf("%s (%s to %s)", prose.Number(e.Value), prose.Number(e.Low), prose.Number(e.High))
}

func (e Estimate) percent() string {
	return fmt.Sprintf("%s (%s to %s)", prose.PercentTo(e.Value, 0), prose.Int(100*e.Low), prose.Int(100*e.High))
}

func named(names []string, which []int) (list []string) {
	for _, k := range which {
		list = append(list, names[k])
	}
	return list
}

// list writes a, b and c, or of many the first and how many more.
func list(words []string) string {
	if n := len(words); n > 2*mostTold {
		words = append(slices.Clone(words[:mostTold]), fmt.Sprintf("%d more", n-mostTold))
	}
	return prose.List(words, "and")
}

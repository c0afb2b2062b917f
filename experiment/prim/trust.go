package prim

import (
	"math"
	"slices"

	"entrepot/sim"

	"gonum.org/v1/gonum/mathext"
)

// QuasiP returns, for each input that a box restricts, the chance that a limit without meaning would have left a share of hits
// as high or higher: a binomial tail with the density of the box without that limit (Bryant & Lempert 2010). NaN where an
// input is not restricted. It is "quasi" since the limit was searched for: what looks like 0.01 is more, and a box in noise
// can have small ones. See Significance for the search as a whole.
func (d *Data) QuasiP(b Box) []float64 {
	s := d.Measure(b)
	p := make([]float64, len(b))
	for c, l := range b {
		if !l.Restricts() {
			p[c] = math.NaN()
			continue
		}
		wider := d.Measure(b.with(c, d.unlimited(c)))
		p[c] = tail(s.Hits, s.Cases, wider.Density)
	}
	return p
}

// tail is the chance of k or more hits in n cases.
func tail(k, n int, p float64) float64 {
	switch {
	case k <= 0 || p >= 1:
		return 1
	case p <= 0:
		return 0
	}
	return mathext.RegIncBeta(float64(k), float64(n-k+1), p) // exact far out, where 1 - CDF is 0
}

// Simplify drops the limits whose quasi-p value is above the level, the largest first, looking at all again after each.
func (d *Data) Simplify(s Step, level float64) Step {
	for {
		worst, most := -1, level
		for c, p := range d.QuasiP(s.Box) {
			if p > most {
				worst, most = c, p
			}
		}
		if worst < 0 {
			return s
		}
		s = d.Measure(s.Box.with(worst, d.unlimited(worst)))
	}
}

// Find peels, chooses, simplifies and pastes one box.
func (d *Data) Find(o Options) Step {
	return d.Paste(d.Simplify(Choose(d.Peel(o), o), o.Level), o)
}

// Significance returns the chance that a search in noise finds as much: p of the permutation test in which outcomes are dealt
// out anew among the cases in play and the search repeated. Its measure is the largest standardised surplus of hits along the
// trajectory. With 99 shuffles the smallest p is 0.01.
func (d *Data) Significance(o Options, shuffles int, key sim.Key) float64 {
	observed, extreme := d.surplus(o), 1
	for s := range shuffles {
		other := *d
		other.outcome = slices.Clone(d.outcome)
		for i, j := range permutation(len(d.rows), key.At(uint64(s))) {
			other.outcome[d.rows[i]] = d.outcome[d.rows[j]]
		}
		if other.surplus(o) >= observed {
			extreme++
		}
	}
	return float64(extreme) / float64(shuffles+1)
}

// surplus is the largest z of a box on the trajectory: hits above what as many random cases would hold, in standard deviations
// of the hypergeometric distribution.
func (d *Data) surplus(o Options) float64 {
	path := d.Peel(o)
	n, p, most := float64(path[0].Cases), path[0].Density, 0.0
	for _, s := range path[1:] {
		m := float64(s.Cases)
		if sd := math.Sqrt(m * p * (1 - p) * (n - m) / max(n-1, 1)); sd > 0 {
			most = max(most, (float64(s.Hits)-m*p)/sd)
		}
	}
	return most
}

func permutation(n int, key sim.Key) []int {
	p := make([]int, n)
	for i := range p {
		j := key.Nth(uint64(i)).Intn(i + 1)
		p[i], p[j] = p[j], i
	}
	return p
}

// Reproduction says how much of a search survives in parts of the data.
type Reproduction struct {
	Halves     int
	Restricted []float64 // by input: share of halves in which the box restricts it
	// Coverage and Density are means over halves, of boxes found in one half and measured in the other: what the box promises
	// for runs that were not searched. Base is the density of all cases in play.
	Coverage, Density, Base float64
}

// Reproduce repeats the search on random halves of the cases in play (the resampling test of Bryant & Lempert 2010) and
// measures each box on the other half.
func (d *Data) Reproduce(o Options, halves int, key sim.Key) Reproduction {
	r := Reproduction{Halves: halves, Restricted: make([]float64, len(d.inputs))}
	r.Base = float64(d.count(d.rows)) / float64(len(d.rows))
	measured := 0
	for h := range halves {
		one, other := d.split(key.At(uint64(h)))
		if one.hits == 0 || other.hits == 0 {
			continue
		}
		box := one.Find(o).Box
		for _, c := range box.Restricted() {
			r.Restricted[c] += 1 / float64(halves)
		}
		s := other.Measure(box)
		r.Coverage += s.Coverage
		if s.Cases > 0 {
			r.Density += s.Density
		}
		measured++
	}
	r.Coverage /= float64(measured)
	r.Density /= float64(measured)
	return r
}

// split deals the cases in play into two halves with totals of their own.
func (d *Data) split(key sim.Key) (one, other *Data) {
	order := permutation(len(d.rows), key)
	for i, p := range order {
		order[i] = d.rows[p]
	}
	half := func(rows []int) *Data {
		slices.Sort(rows)
		e := d.among(rows)
		e.cases, e.hits = len(rows), d.count(rows)
		return e
	}
	return half(order[:len(order)/2]), half(order[len(order)/2:])
}

// Found is a box with what is known of its worth.
type Found struct {
	Step
	QuasiP       []float64 // by input; NaN where not restricted
	Significance float64   // of the search that found it
}

// Outside returns the data without the cases in a box; coverage and mass stay shares of all.
func (d *Data) Outside(b Box) *Data {
	var rows []int
	for _, r := range d.rows {
		if d.violated(b, r, 1) > 0 {
			rows = append(rows, r)
		}
	}
	return d.among(rows)
}

// Cover finds up to so many boxes, each among the cases outside those before (covering), and stops where a search finds no
// more than it would in noise. None is an answer: nothing here tells hits from the rest.
func (d *Data) Cover(o Options, most, shuffles int, key sim.Key) []Found {
	var found []Found
	for i := range most {
		hits := d.count(d.rows)
		if hits == 0 || hits == len(d.rows) {
			break
		}
		p := d.Significance(o, shuffles, key.At(uint64(i)))
		s := d.Find(o)
		if p > o.Level || len(s.Box.Restricted()) == 0 {
			break
		}
		found = append(found, Found{s, d.QuasiP(s.Box), p})
		d = d.Outside(s.Box)
	}
	return found
}

package prim

import (
	"math"
	"strings"

	"entrepot/output/prose"
	"entrepot/words"
)

// Words says in a language what a box holds, e.g. "the price is above 400 000 in 83 % of the 240 runs where trafficker.margin is at least 0.31 and
// world is textbook; these are 71 % of all runs in which it is so".
func (d *Data) Words(w *words.Words, outcome string, s Step) string {
	density, cases := w.Number(prose.Percent(s.Density)), w.Number(prose.Count(s.Cases))
	if len(s.Box.Restricted()) == 0 {
		return w.F("%s in %s of all %s runs; no circumstances tell them from the rest", outcome, density, cases)
	}
	return w.F("%s in %s of the %s runs where %s; these are %s of all runs in which it is so", outcome, density, cases, d.Where(w, s.Box), w.Number(prose.Percent(s.Coverage)))
}

// Where says the limits of a box.
func (d *Data) Where(w *words.Words, b Box) string {
	var parts []string
	for _, c := range b.Restricted() {
		parts = append(parts, d.limitWords(w, c, b[c]))
	}
	return strings.Join(parts, w.T(" and |between limits"))
}

func (d *Data) limitWords(w *words.Words, c int, l Limit) string {
	in := d.inputs[c]
	number := func(v float64) string { return strings.TrimSpace(w.Number(prose.Number(v)) + " " + w.T(in.Unit)) }
	low, high := !math.IsInf(l.Low, -1), !math.IsInf(l.High, 1)
	switch {
	case in.Levels != nil:
		return d.levels(w, c, l)
	case low && high && l.Low == l.High:
		return w.F("%s is %s|a limit", in.Name, number(l.Low))
	case low && high:
		return w.F("%s is from %s to %s", in.Name, w.Number(prose.Number(l.Low)), number(l.High))
	case low:
		return w.F("%s is at least %s", in.Name, number(l.Low))
	}
	return w.F("%s is at most %s", in.Name, number(l.High))
}

// levels names the categories inside, or those outside where they are fewer.
func (d *Data) levels(w *words.Words, c int, l Limit) string {
	var in, out []string
	for i, name := range d.inputs[c].Levels {
		if l.Without[i] {
			out = append(out, name)
		} else {
			in = append(in, name)
		}
	}
	or := w.T(" or |between levels")
	if len(out) < len(in) {
		return w.F("%s is not %s", d.inputs[c].Name, strings.Join(out, or))
	}
	return w.F("%s is %s|a limit", d.inputs[c].Name, strings.Join(in, or))
}

package prim

import (
	"fmt"
	"math"
	"strings"

	"entrepot/output/prose"
)

// Words says what a box holds, e.g. "the price is above 400 000 in 83 % of the 240 runs where trafficker.margin is at least 0.31 and
// world is textbook; these are 71 % of all runs in which it is so".
func (d *Data) Words(outcome string, s Step) string {
	if len(s.Box.Restricted()) == 0 {
		return fmt.Sprintf("%s in %s of all %s runs; no circumstances tell them from the rest", outcome, prose.Percent(s.Density), prose.Count(s.Cases))
	}
	return fmt.Sprintf("%s in %s of the %s runs where %s; these are %s of all runs in which it is so", outcome, prose.Percent(s.Density), prose.Count(s.Cases), d.Where(s.Box), prose.Percent(s.Coverage))
}

// Where says the limits of a box.
func (d *Data) Where(b Box) string {
	var parts []string
	for _, c := range b.Restricted() {
		parts = append(parts, d.inputs[c].Name+" "+d.limitWords(c, b[c]))
	}
	return strings.Join(parts, " and ")
}

func (d *Data) limitWords(c int, l Limit) string {
	in := d.inputs[c]
	number := func(v float64) string { return strings.TrimSpace(prose.Number(v) + " " + in.Unit) }
	low, high := !math.IsInf(l.Low, -1), !math.IsInf(l.High, 1)
	switch {
	case in.Levels != nil:
		return "is " + d.levels(c, l)
	case low && high && l.Low == l.High:
		return "is " + number(l.Low)
	case low && high:
		return "is from " + prose.Number(l.Low) + " to " + number(l.High)
	case low:
		return "is at least " + number(l.Low)
	}
	return "is at most " + number(l.High)
}

// levels names the categories inside, or those outside where they are fewer.
func (d *Data) levels(c int, l Limit) string {
	var in, out []string
	for i, name := range d.inputs[c].Levels {
		if l.Without[i] {
			out = append(out, name)
		} else {
			in = append(in, name)
		}
	}
	if len(out) < len(in) {
		return "not " + strings.Join(out, " or ")
	}
	return strings.Join(in, " or ")
}

package experiment

import (
	"math"
	"slices"
	"strings"

	"entrepot/experiment/inference"
)

// forecast is what a target asks of someone who knows documented prices and no model.
type forecast struct {
	form          string // price, ratio of places, ratio, relative change, per cent, log ratio, difference, sign
	at, under     market // under: of a ratio of places
	before, after Span   // of a change; otherwise both are the period
}

// quoted is a documented price, the middle of its range, in a period.
type quoted struct {
	market
	in    Span
	price float64
}

// Naive are the three rivals of METHODS' scoreboard: what documented prices alone say of a target. They know, of the good in
// question, what was documented of periods that ended before the target's; two of them are also told the later price of one other
// place.
type Naive struct{ quotes []quoted }

// NewNaive returns rivals that know the prices among some targets.
func NewNaive(known []Target) *Naive {
	n := &Naive{}
	for i := range known {
		t := &known[i]
		if t.asked == nil || t.asked.form != "price" || !(t.Fact.Low > 0) {
			continue
		}
		n.quotes = append(n.quotes, quoted{t.asked.at, t.asked.after, (t.Fact.Low + t.Fact.High) / 2})
	}
	return n
}

// Say is what a rival says of a target.
func (n *Naive) Say(r inference.Rival, t *Target) inference.Forecast {
	f := t.asked
	if f == nil {
		return inference.Baseline{}.Other(r, "what this target measures")
	}
	at := placeName(f.at)
	if r == inference.Persistence && f.form != "price" && f.form != "ratio of places" { // that nothing changes takes no knowledge
		return inference.Forecast{Value: map[string]float64{"ratio": 1}[f.form]}
	}
	b := n.baseline(f)
	switch f.form {
	case "price":
		return b.Price(r, at)
	case "ratio of places":
		return b.Ratio(r, at, placeName(f.under))
	case "sign":
		return b.Sign(r, at)
	}
	said := b.Change(r, at)
	if said.Silent == "" {
		said.Value = map[string]func(change float64) float64{
			"ratio":           func(c float64) float64 { return 1 + c },
			"relative change": func(c float64) float64 { return c },
			"per cent":        func(c float64) float64 { return 100 * c },
			"log ratio":       math.Log1p,
			"difference":      func(c float64) float64 { return c * b.Early[at] },
		}[f.form](said.Value)
	}
	return said
}

func placeName(m market) string { return strings.Join(m.hubs, "|") }

// baseline is what is documented of a forecast's good: early prices of the places asked about, and the reference. That is the place
// whose later price is documented nearest to the target's period.
func (n *Naive) baseline(f *forecast) inference.Baseline {
	b := inference.Baseline{Early: map[string]float64{}, Late: math.NaN()}
	for _, m := range []market{f.at, f.under} {
		if p, ok := n.early(m, f); ok && len(m.hubs) > 0 {
			b.Early[placeName(m)] = p
		}
	}
	nearest := math.Inf(1)
	for i := range n.quotes {
		q := &n.quotes[i]
		if q.goods != f.at.goods || q.overlaps(f.at) || q.overlaps(f.under) || !q.late(f) {
			continue
		}
		early, ok := n.early(q.market, f)
		if gap := math.Abs(middle(q.in) - middle(f.after)); ok && gap < nearest {
			nearest = gap
			b.Reference, b.Late = placeName(q.market), q.price
			b.Early[b.Reference] = early
		}
	}
	return b
}

func middle(s Span) float64 { return float64(s.First+s.Last) / 2 }

// late reports whether a price was documented within the forecast's period.
func (q *quoted) late(f *forecast) bool {
	return q.in.First <= f.after.Last && q.in.Last >= f.after.First
}

// early reports whether it was documented before that period.
func (q *quoted) early(f *forecast) bool { return q.in.Last < f.after.First }

func (q *quoted) overlaps(m market) bool {
	return slices.ContainsFunc(q.hubs, func(h string) bool { return slices.Contains(m.hubs, h) })
}

// early is the last price documented of a place before a forecast's period: of the place itself or, failing that, of a wider one.
func (n *Naive) early(m market, f *forecast) (price float64, ok bool) {
	var last *quoted
	own := false
	for i := range n.quotes {
		q := &n.quotes[i]
		covers := !slices.ContainsFunc(m.hubs, func(h string) bool { return !slices.Contains(q.hubs, h) })
		same := covers && len(q.hubs) == len(m.hubs)
		if q.goods != m.goods || !covers || !q.early(f) || own && !same {
			continue
		}
		if last == nil || same && !own || q.in.Last > last.in.Last {
			last, own = q, same
		}
	}
	if last == nil {
		return 0, false
	}
	return last.price, true
}

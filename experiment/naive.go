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

// notedPrice is a documented price, the middle of its range, in a period.
type notedPrice struct {
	market
	in    Span
	price float64
}

// Naive are the three rivals of METHODS' scoreboard: what documented prices alone say of a target. They know, of the good in
// question, what was documented of periods that ended before the target's; two of them are also told the later price of one other
// place.
type Naive struct{ quotes []notedPrice }

// NewNaive returns rivals that know the prices among some targets.
func NewNaive(known []Target) *Naive {
	n := &Naive{}
	for i := range known {
		t := &known[i]
		if t.asked == nil || t.asked.form != "price" || !(t.Fact.Low > 0) {
			continue
		}
		n.quotes = append(n.quotes, notedPrice{t.asked.at, t.asked.after, (t.Fact.Low + t.Fact.High) / 2})
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
		if q.goods != f.at.goods || !q.late(f) || !q.tells(f) {
			continue
		}
		early, ok := n.early(q.market, f) // known of it before
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
func (q *notedPrice) late(f *forecast) bool {
	return q.in.First <= f.after.Last && q.in.Last >= f.after.First
}

// early reports whether it was documented before that period.
func (q *notedPrice) early(f *forecast) bool { return q.in.Last < f.after.First }

// tells reports whether a price may be told to who makes a forecast: not that of a place it is about, except one of the two of a ratio.
func (q *notedPrice) tells(f *forecast) bool {
	if f.form == "ratio of places" && (slices.Equal(q.hubs, f.at.hubs) || slices.Equal(q.hubs, f.under.hubs)) {
		return true
	}
	return !q.overlaps(f.at) && !q.overlaps(f.under)
}

func (q *notedPrice) overlaps(m market) bool {
	return slices.ContainsFunc(q.hubs, func(h string) bool { return slices.Contains(m.hubs, h) })
}

// early is the last price documented of a place before a forecast's period: of the place itself or, failing that, of a wider one.
func (n *Naive) early(m market, f *forecast) (price float64, ok bool) {
	var last *notedPrice
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

package digest

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"entrepot/output/tables"
)

// Sentences speak of the run in words; every number in them comes from the digest.

// steady is the relative change below which a price is said to have hardly moved.
const steady = 0.1

// PriceSentence says what the main good cost in a town before and after.
func (d *Digest) PriceSentence(t Town) string {
	w := d.Words
	r := w.Report
	switch {
	case t.Before.Weeks == 0 && t.After.Weeks == 0:
		return fmt.Sprintf(r.PriceNeverF, t.Hub.Short(), t.Good.Name)
	case t.Before.Weeks == 0:
		return fmt.Sprintf(r.PriceOnlyAfterF, t.Hub.Short(), t.Good.Name, w.Round(t.After.Mean), t.After.Weeks)
	case t.After.Weeks == 0:
		return fmt.Sprintf(r.PriceOnlyBeforeF, t.Hub.Short(), t.Good.Name, w.Round(t.Before.Mean), t.Before.Weeks)
	}
	change, _ := t.Pair().Ratio()
	verb := r.Rose
	switch {
	case abs(change) < steady:
		verb = r.Steady
	case change < 0:
		verb = r.Fell
	}
	return fmt.Sprintf(r.PriceF, t.Hub.Short(), t.Good.Name, verb, w.Round(t.Before.Mean), w.Round(t.After.Mean), w.Change(change),
		w.Int(tables.Euro(int64(t.Before.Mean))), w.Int(tables.Euro(int64(t.After.Mean))))
}

// WhySentence says which components moved the price of a town; empty where costs are not known or the price stood still.
func (d *Digest) WhySentence(t Town) string {
	w := d.Words
	r := w.Report
	change := t.Pair().Change()
	if !t.Known() || len(t.Parts) == 0 || change == 0 || abs(change) < steady*t.Before.Mean {
		return ""
	}
	parts := slices.Clone(t.Parts)
	slices.SortStableFunc(parts, func(a, b Part) int { return cmp.Compare(b.Change()/change, a.Change()/change) })
	var with, against []string
	for _, p := range parts {
		share := p.Change() / change
		text := fmt.Sprintf(r.PartF, w.Name(p.Component), w.Signed(Three(p.Change())), w.Percent(share))
		switch {
		case share > 0.05:
			with = append(with, text)
		case share < -0.05:
			against = append(against, text)
		}
	}
	format := r.WhyRiseF
	if change < 0 {
		format = r.WhyFallF
	}
	out := fmt.Sprintf(format, t.Hub.Short(), w.Round(abs(change)), w.List(with))
	if len(against) > 0 {
		out += " " + fmt.Sprintf(r.AgainstF, w.List(against))
	}
	return out
}

// RiskSentences set what sellers asked for risk beside what was lost, in the town where it was most of the price: readers take one for the other. They are empty where
// risk is no part to speak of.
func (d *Digest) RiskSentences() []string {
	w, r := d.Words, d.Words.Report
	town, risk := d.riskiest()
	if risk < 0.1*town.After.Mean || d.Moved.After == 0 || d.Final.Before <= 0 || d.Final.After <= 0 {
		return nil
	}
	unit := d.Goods[0].Unit
	lost := func(moved, share, final float64) string { return w.Amount(100 * moved * share / final) }
	out := []string{fmt.Sprintf(r.RiskF, town.Hub.Short(), w.Round(risk), w.Round(town.After.Mean), unit, w.Percent(risk/town.After.Mean), w.PercentTo(d.lostInto(town.Hub.ID), 1)), r.RiskAskedF}
	if d.LossOwner > 0 {
		out = append(out, fmt.Sprintf(r.RiskOwnerF, w.Int(float64(d.LossOwner))))
	}
	return append(out, fmt.Sprintf(r.RiskLostF, lost(d.Moved.Before, d.Lost.Before, d.Final.Before), lost(d.Moved.After, d.Lost.After, d.Final.After), unit))
}

// riskiest is the town where risk was the largest share of the price after, and what was asked for it: CFA per unit.
func (d *Digest) riskiest() (town Town, asked float64) {
	most := 0.0
	for _, t := range d.Towns {
		for _, p := range t.Parts {
			if share := ratio(p.After, t.After.Mean); p.Component == "risk" && t.Known() && share > most {
				town, asked, most = t, p.After, share
			}
		}
	}
	return town, asked
}

// lostInto is the share of the main good that was lost on the roads into a hub after.
func (d *Digest) lostInto(hub string) float64 {
	units, lost := 0.0, 0.0
	for _, a := range d.Arcs {
		if a.To == hub {
			units, lost = units+a.Units.After, lost+a.LostUnits.After
		}
	}
	return ratio(lost, units)
}

// Three rounds to three significant digits, whole numbers at least: more would be false precision.
func Three(v float64) float64 {
	if v == 0 {
		return 0
	}
	step := math.Pow(10, max(0, math.Floor(math.Log10(abs(v)))-2))
	return math.Round(v/step) * step
}

// MeaningSentence explains the component that moved most.
func (d *Digest) MeaningSentence(t Town) string {
	name, _ := t.MainPart()
	if name == "" || !t.Known() {
		return ""
	}
	return d.meaning(name, t.Pair().Change() > 0, t.Sold)
}

// Gained and Shrunk are the roads with the largest changes, in units a year.
func (d *Digest) Gained(n int) []Arc {
	return d.arcsWhere(n, func(a Arc) bool { return a.Units.Change() > 0 })
}

// Shrunk are the roads that lost most.
func (d *Digest) Shrunk(n int) []Arc {
	return d.arcsWhere(n, func(a Arc) bool { return a.Units.Change() < 0 })
}

func (d *Digest) arcsWhere(n int, keep func(Arc) bool) []Arc {
	var out []Arc
	for _, a := range d.Arcs {
		if keep(a) && len(out) < n {
			out = append(out, a)
		}
	}
	return out
}

// RoadSentences say which roads lost and gained, how much travelled, and how much was lost on the way.
func (d *Digest) RoadSentences() []string {
	w := d.Words
	r := w.Report
	list := func(arcs []Arc) string {
		var items []string
		for _, a := range arcs {
			items = append(items, fmt.Sprintf(r.RoadF, d.Hub(a.From).Short(), d.Hub(a.To).Short(), w.Amount(a.Units.Before), w.Amount(a.Units.After)))
		}
		return w.Items(items)
	}
	var out []string
	if s := d.Shrunk(3); len(s) > 0 {
		out = append(out, fmt.Sprintf(r.RoadsLostF, list(s)))
	}
	if g := d.Gained(3); len(g) > 0 {
		out = append(out, fmt.Sprintf(r.RoadsGainedF, list(g)))
	}
	if s := d.LossSentence(); s != "" {
		out = append(out, s)
	}
	return out
}

// MixSentence says how the largest shares of a mix changed; label names a share.
func (d *Digest) MixSentence(format string, m Mix, n int, label func(string) string) string {
	w := d.Words
	var items []string
	for _, s := range m.Visible(n) {
		items = append(items, fmt.Sprintf(w.Report.ShareF, label(s.Name), w.Percent(s.Before), w.Percent(s.After)))
	}
	if len(items) == 0 {
		return ""
	}
	return fmt.Sprintf(format, m.Good.Name, w.Items(items))
}

// Visible are the n largest shares that are not next to nothing in both periods.
func (m Mix) Visible(n int) []Share {
	var out []Share
	for _, s := range m.Shares {
		if len(out) < n && max(s.Before, s.After) >= 0.005 {
			out = append(out, s)
		}
	}
	return out
}

// DivertedShare is the part of the units sold to users that soldiers sold or that were captured from armies.
func (m Mix) DivertedShare() Pair {
	var p Pair
	for _, s := range m.Shares {
		if s.Name == "state_diverted" || s.Name == "captured" {
			p.Before += s.Before
			p.After += s.After
		}
	}
	return p
}

// PlaceSentences name the places whose trade changed its regime or holder, or that lost or gained most of their trade.
func (d *Digest) PlaceSentences() []string {
	w := d.Words
	r := w.Report
	var out []string
	for _, h := range d.Places {
		if h.Regime[0] != h.Regime[1] && (h.Hub.Market || h.Sold.Before+h.Sold.After > 0) {
			s := fmt.Sprintf(r.RegimeF, h.Hub.Short(), w.Name(h.Regime[0]), w.Name(h.Regime[1]))
			if h.Holder[0] != h.Holder[1] {
				s += fmt.Sprintf(r.HolderF, d.holder(h.Holder[0]), d.holder(h.Holder[1]))
			}
			if h.Sold.Before > 0 {
				s += fmt.Sprintf(r.SoldF, d.Goods[0].Unit, w.Amount(h.Sold.Before), w.Amount(h.Sold.After))
			}
			out = append(out, s+".")
		}
	}
	return out
}

func (d *Digest) holder(id string) string {
	if id == "" {
		return d.Words.Report.Nobody
	}
	return d.Label(id)
}

// VolumeSentence says how much was sold to users.
func (d *Digest) VolumeSentence() string {
	w := d.Words
	change, ok := d.Final.Ratio()
	if !ok {
		return ""
	}
	return fmt.Sprintf(w.Report.VolumeF, d.Goods[0].Unit, w.Round(d.Final.Before), w.Round(d.Final.After), w.Change(change))
}

// SpreadSentence compares the change of a price with the weekly scatter within this run.
func (d *Digest) SpreadSentence(t Town) string {
	w := d.Words
	if !t.Known() {
		return ""
	}
	format := w.Report.SpreadOverlapF
	if t.Apart() {
		format = w.Report.SpreadApartF
	}
	return fmt.Sprintf(format, t.Hub.Short(), t.Good.Unit, w.Round(t.Before.Low), w.Round(t.Before.High), w.Round(t.After.Low), w.Round(t.After.High))
}

// MainTown is the first town in focus with prices in both periods.
func (d *Digest) MainTown() (Town, bool) {
	for _, t := range d.Towns {
		if t.Known() {
			return t, true
		}
	}
	return Town{}, false
}

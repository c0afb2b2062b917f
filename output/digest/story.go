package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Item is one point of the short answer: what it is about, and what there is to say.
type Item struct{ Lead, Text string }

// InShort tells the run to somebody who knows neither model nor scenario: what changed in the world, what prices did and
// why, where trade went, who was armed, how sure one may be.
func (d *Digest) InShort() []Item {
	r := d.Words.Report
	var out []Item
	add := func(lead string, sentences ...string) {
		sentences = slices.DeleteFunc(sentences, func(s string) bool { return s == "" })
		if len(sentences) > 0 {
			out = append(out, Item{lead, strings.Join(sentences, " ")})
		}
	}
	add(r.LeadWorld, d.worldSentence())
	add(r.LeadPrices, d.pricesInShort()...)
	add(r.LeadWhy, d.AccountSentences()...)
	add(r.LeadRoads, d.roadsInShort(), d.LossSentence())
	add(r.LeadTowns, d.regimesInShort(), d.StoresShort(3))
	add(r.LeadUsers, d.VolumeSentence(), d.originsInShort())
	if d.Programme.Open() {
		add(r.LeadProgramme, d.ProgrammeSentence())
	}
	if len(d.Towns) > 0 {
		add(r.LeadSure, fmt.Sprintf(r.SureF, d.Seed), d.overlapSentence())
	}
	return out
}

// ByWeight puts first what a reader looks for: towns that change hands, programmes, sources.
func ByWeight(events []Event) []Event {
	kinds := []string{"hub_control", "programme", "supply", "force", "exchange_rate", "alliance", "capture", "route", "demand", "violence", "income"}
	weight := func(e Event) int { return (slices.Index(kinds, e.Kind) + len(kinds) + 1) % (len(kinds) + 1) }
	out := slices.Clone(events)
	slices.SortStableFunc(out, func(a, b Event) int { return weight(a) - weight(b) })
	return out
}

// worldSentence names the weightiest events between the first period and the end of the second, by date: towns that change
// hands, there and back, and what there is room for besides.
func (d *Digest) worldSentence() string {
	const most, mostTowns = 6, 12
	w, r := d.Words, d.Words.Report
	var between, named []Event
	for _, e := range d.Events {
		again := slices.ContainsFunc(between, func(x Event) bool { return x.Label == e.Label && x.Date == e.Date })
		if e.Date > d.Before.To && e.Date <= d.After.To && !again {
			between = append(between, e)
		}
	}
	if len(between) == 0 {
		return r.WorldSame
	}
	for _, e := range ByWeight(between) {
		room := len(named) < most || e.Kind == "hub_control" && len(named) < mostTowns
		if room && !slices.ContainsFunc(named, func(x Event) bool { return x.Label == e.Label }) {
			named = append(named, e)
		}
	}
	slices.SortStableFunc(named, func(a, b Event) int { return cmp.Compare(a.Date, b.Date) })
	var items []string
	for _, e := range named {
		items = append(items, fmt.Sprintf(r.WorldItemF, e.Label, w.Date(e.Date)))
	}
	out := fmt.Sprintf(r.WorldF, w.Month(d.Before.To+1), w.Items(items))
	if rest := len(between) - len(named); rest > 0 {
		out += " " + fmt.Sprintf(r.WorldRestF, rest)
	}
	return out
}

// pricesInShort say how many towns became dearer and cheaper, between which bounds, and where nothing is traded any more.
func (d *Digest) pricesInShort() []string {
	w, r := d.Words, d.Words.Report
	var out, gone, come []string
	var known []Town
	for _, t := range d.Towns {
		switch {
		case t.Known():
			known = append(known, t)
		case t.Before.Weeks > 0:
			gone = append(gone, t.Hub.Short())
		case t.After.Weeks > 0:
			come = append(come, t.Hub.Short())
		}
	}
	for i, verb := range []string{r.Rose, r.Fell, r.Steady} {
		if group := townsThat(known, i); len(group) > 0 {
			out = append(out, d.groupSentence(group, verb))
		}
	}
	if len(gone) > 0 {
		out = append(out, fmt.Sprintf(r.GoneF, w.List(gone)))
	}
	if len(come) > 0 {
		out = append(out, fmt.Sprintf(r.ComeF, w.List(come)))
	}
	return out
}

// townsThat are those that became dearer (0), cheaper (1) or neither (2), largest change first.
func townsThat(towns []Town, what int) []Town {
	change := func(t Town) float64 { x, _ := t.Pair().Ratio(); return x }
	var out []Town
	for _, t := range towns {
		is := 0
		if c := change(t); abs(c) < steady {
			is = 2
		} else if c < 0 {
			is = 1
		}
		if is == what {
			out = append(out, t)
		}
	}
	slices.SortStableFunc(out, func(a, b Town) int { return cmp.Compare(abs(change(b)), abs(change(a))) })
	return out
}

func (d *Digest) groupSentence(group []Town, verb string) string {
	w, r := d.Words, d.Words.Report
	var items []string
	for _, t := range group {
		change, _ := t.Pair().Ratio()
		percent := w.Change(change)
		if thin := d.thin(t); thin != "" {
			percent += ", " + thin
		}
		items = append(items, fmt.Sprintf(r.TownF, t.Hub.Short(), w.Round(t.Before.Mean), w.Round(t.After.Mean), percent))
	}
	return fmt.Sprintf(r.PricesF, d.Goods[0].Name, verb, w.List(items))
}

// thin warns of a price that stands on the trade of few weeks; empty if it does not.
func (d *Digest) thin(t Town) string {
	before, after := d.Before.Weeks(), d.After.Weeks()
	if 4*t.Before.Weeks >= before && 4*t.After.Weeks >= after {
		return ""
	}
	return fmt.Sprintf(d.Words.Report.ThinF, t.Before.Weeks, before, t.After.Weeks, after)
}

// roadsInShort names the road that lost and the one that gained most, if they changed by more than a tenth.
func (d *Digest) roadsInShort() string {
	w, r := d.Words, d.Words.Report
	text := func(arcs []Arc, format string) string {
		if len(arcs) == 0 || abs(arcs[0].Units.Change()) < steady*arcs[0].Units.Before {
			return ""
		}
		a := arcs[0]
		return fmt.Sprintf(format, d.Hub(a.From).Short(), d.Hub(a.To).Short(), w.Amount(a.Units.Before), w.Amount(a.Units.After), d.Goods[0].Unit)
	}
	return strings.TrimSpace(text(d.Shrunk(1), r.RoadLostF) + " " + text(d.Gained(1), r.RoadGainedF))
}

// LossSentence says how much was lost on the way.
func (d *Digest) LossSentence() string {
	w := d.Words
	if d.Moved.Before+d.Moved.After == 0 {
		return ""
	}
	return fmt.Sprintf(w.Report.LossF, w.PercentTo(d.Lost.Before, 1), w.PercentTo(d.Lost.After, 1), d.Goods[0].Unit)
}

// regimesInShort says in which markets trade came to be open, hidden or closed.
func (d *Digest) regimesInShort() string {
	w, r := d.Words, d.Words.Report
	var out []string
	for _, regime := range []string{"closed", "clandestine", "open"} {
		var towns []string
		for _, h := range d.Places {
			if h.Hub.Market && h.Regime[0] != h.Regime[1] && h.Regime[1] == regime {
				towns = append(towns, h.Hub.Short())
			}
		}
		if len(towns) > 0 {
			out = append(out, fmt.Sprintf(r.BecameF[regime], w.List(towns)))
		}
	}
	if len(out) == 0 {
		return r.SameRegimes
	}
	return strings.Join(out, " ")
}

// originsInShort says where what users bought came from.
func (d *Digest) originsInShort() string {
	return d.MixSentence(d.Words.Report.OriginsF, d.Origins[0], 3, d.Origin)
}

// overlapSentence says for which towns the prices of the two periods keep apart.
func (d *Digest) overlapSentence() string {
	w, r := d.Words, d.Words.Report
	var apart, overlap []string
	for _, t := range d.Towns {
		switch {
		case !t.Known():
		case t.Apart():
			apart = append(apart, t.Hub.Short())
		default:
			overlap = append(overlap, t.Hub.Short())
		}
	}
	var out []string
	if len(apart) > 0 {
		out = append(out, fmt.Sprintf(r.ApartF, w.List(apart)))
	}
	if len(overlap) > 0 {
		out = append(out, fmt.Sprintf(r.OverlapF, w.List(overlap)))
	}
	return strings.Join(out, " ")
}

// Apart says whether eight units in ten were sold at prices of one period that eight in ten of the other did not see.
func (t Town) Apart() bool { return t.Before.High < t.After.Low || t.After.High < t.Before.Low }

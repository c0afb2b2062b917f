package digest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"entrepot/output/prose"
)

// Account is what the change of a price is made of, as the mean of the towns that traded in both periods. A large part is
// where the money went; the seller's margin among them is no cost, so what it means is read from the units sold.
//
// A town weighs what it sold in its poorer period: one that sold two rifles in the second year must not speak for the
// others, and weights are the same in both periods, so that no price moves because towns do.
type Account struct {
	Towns    int
	Price    Pair   // CFA per unit, mean of the towns
	Parts    []Part // means of the towns, those that moved most in the price's own direction first
	Sold     Pair   // units of the main good sold in these towns, a year
	Soldiers Pair   // share of soldiers among the sellers: all that their goods fetch counts as price at the source
}

// Account adds up the towns of the report; false where none traded in both periods or costs were not recorded.
func (d *Digest) Account() (Account, bool) {
	var a Account
	weight := 0.0
	for _, t := range d.Towns {
		if !t.Known() || len(t.Parts) == 0 {
			continue
		}
		if a.Parts == nil {
			a.Parts = make([]Part, len(t.Parts))
		}
		w := min(t.Sold.Before, t.Sold.After)
		a.Towns++
		weight += w
		a.Price = a.Price.plus(t.Pair(), w)
		a.Sold = a.Sold.plus(t.Sold, 1)
		a.Soldiers = a.Soldiers.plus(t.Soldiers, w)
		for i, p := range t.Parts {
			a.Parts[i] = Part{p.Component, a.Parts[i].plus(p.Pair, w)}
		}
	}
	if a.Towns == 0 || weight == 0 {
		return a, false
	}
	a.Price, a.Soldiers = Pair{}.plus(a.Price, 1/weight), Pair{}.plus(a.Soldiers, 1/weight)
	for i, p := range a.Parts {
		a.Parts[i].Pair = Pair{}.plus(p.Pair, 1/weight)
	}
	sign := a.direction()
	slices.SortStableFunc(a.Parts, func(x, y Part) int { return cmp.Compare(y.Change()*sign, x.Change()*sign) })
	return a, true
}

// plus adds another pair some times.
func (p Pair) plus(q Pair, times float64) Pair {
	return Pair{p.Before + float64(q.Before*times), p.After + float64(q.After*times)}
}

func (a Account) direction() float64 {
	if a.Price.Change() < 0 {
		return -1
	}
	return 1
}

// quiet is the relative change of the mean price below which nothing is said to have moved it.
const quiet = 0.05

// Moved says whether the mean price changed by enough to speak of a cause.
func (a Account) Moved() bool {
	change, ok := a.Price.Ratio()
	return ok && abs(change) >= quiet && len(a.Parts) > 0
}

// Cause says in a few words what the part that moved most stands for.
func (a Account) Cause(w *Words) string {
	const more = 0.1 // of all units: from there on soldiers explain what is paid at the source
	component, up := a.Parts[0].Component, a.Price.Change() > 0
	if component == "origin" && up && a.Soldiers.Change() > more {
		return w.Report.Causes["soldiers"]
	}
	return w.Report.Causes[causeKey(component, up, a.Sold)]
}

// causeKey names a cause. Margins are read as a market is: dearer and less sold is short supply, dearer and more sold is
// demand, cheaper and more sold is supply, cheaper and less sold is weak demand.
func causeKey(component string, up bool, sold Pair) string {
	key := component + " down"
	if up {
		key = component + " up"
	}
	if component != "margin" {
		return key
	}
	const same = 0.03 // share of the units within which as many were sold
	switch change, ok := sold.Ratio(); {
	case !ok || abs(change) < same:
		return key
	case change > 0:
		return key + ", more sold"
	}
	return key + ", less sold"
}

// Main are the parts worth naming: up to n, each a twentieth of all movement at least. The first is always among them.
func (a Account) Main(n int) []Part {
	all := 0.0
	for _, p := range a.Parts {
		all += abs(p.Change())
	}
	parts := slices.Clone(a.Parts)
	slices.SortStableFunc(parts, func(x, y Part) int { return cmp.Compare(abs(y.Change()), abs(x.Change())) })
	var out []Part
	for _, p := range a.Parts {
		if rank := slices.Index(parts, p); p == a.Parts[0] || rank < n && abs(p.Change()) >= all/20 {
			out = append(out, p)
		}
	}
	return out
}

// PartsText lists parts with their changes in CFA.
func (w *Words) PartsText(parts []Part) string {
	var items []string
	for _, p := range parts {
		items = append(items, w.Name(p.Component)+" "+w.Signed(Three(math.Round(p.Change())))) // of whole CFA, as summary.json has them
	}
	return strings.Join(items, ", ")
}

// AccountSentences say what the mean price of the towns is made of and what that means.
func (d *Digest) AccountSentences() []string {
	w, r := d.Words, d.Words.Report
	a, ok := d.Account()
	if !ok {
		return nil
	}
	change, _ := a.Price.Ratio()
	if !a.Moved() {
		return []string{fmt.Sprintf(r.QuietF, w.Round(a.Price.Before), w.Round(a.Price.After), w.Change(change))}
	}
	verb := r.RoseWord
	if change < 0 {
		verb = r.FellWord
	}
	return []string{
		fmt.Sprintf(r.AccountF, prose.Capital(a.Cause(w)), a.Towns, verb, w.Round(abs(a.Price.Change())), d.Goods[0].Unit, w.PartsText(a.Main(4))),
		d.meaning(a.Parts[0].Component, a.Price.Change() > 0, a.Sold),
	}
}

// meaning explains a part that moved most; for the margin it tells what was sold, since that tells why.
func (d *Digest) meaning(component string, up bool, sold Pair) string {
	w, r := d.Words, d.Words.Report
	text := r.Means[component+" down"]
	if up {
		text = r.Means[component+" up"]
	}
	if component == "margin" {
		text += " " + fmt.Sprintf(r.MarginSoldF, d.Goods[0].Unit, w.Round(sold.Before), w.Round(sold.After), r.Readings[causeKey(component, up, sold)])
	}
	return text
}

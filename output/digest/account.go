package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Account is what the change of a price is made of, as the plain mean of the towns that traded in both periods. A large
// part is where the money went; the seller's margin among them is no cost, so what it means is read from the units sold.
type Account struct {
	Towns int
	Price Pair   // CFA per unit, mean of the towns
	Parts []Part // means of the towns, those that moved most in the price's own direction first
	Sold  Pair   // units of the main good sold in these towns, a year
}

// Account adds up the towns of the report; false where none traded in both periods or costs were not recorded.
func (d *Digest) Account() (Account, bool) {
	var a Account
	for _, t := range d.Towns {
		if !t.Known() || len(t.Parts) == 0 {
			continue
		}
		if a.Parts == nil {
			a.Parts = make([]Part, len(t.Parts))
		}
		a.Towns++
		a.Price = Pair{a.Price.Before + t.Before.Mean, a.Price.After + t.After.Mean}
		a.Sold = Pair{a.Sold.Before + t.Sold.Before, a.Sold.After + t.Sold.After}
		for i, p := range t.Parts {
			a.Parts[i] = Part{p.Component, Pair{a.Parts[i].Before + p.Before, a.Parts[i].After + p.After}}
		}
	}
	if a.Towns == 0 {
		return a, false
	}
	n := float64(a.Towns)
	a.Price = Pair{a.Price.Before / n, a.Price.After / n}
	for i, p := range a.Parts {
		a.Parts[i].Pair = Pair{p.Before / n, p.After / n}
	}
	sign := a.direction()
	slices.SortStableFunc(a.Parts, func(x, y Part) int { return cmp.Compare(y.Change()*sign, x.Change()*sign) })
	return a, true
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
	return w.Report.Causes[causeKey(a.Parts[0].Component, a.Price.Change() > 0, a.Sold)]
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
		items = append(items, w.Name(p.Component)+" "+w.Signed(Three(p.Change())))
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
		return []string{fmt.Sprintf(r.QuietF, w.Round(a.Price.Before), w.Round(a.Price.After), w.SignedPercent(change))}
	}
	verb := r.RoseWord
	if change < 0 {
		verb = r.FellWord
	}
	return []string{
		fmt.Sprintf(r.AccountF, w.Capital(a.Cause(w)), a.Towns, verb, w.Round(abs(a.Price.Change())), d.Goods[0].Unit, w.PartsText(a.Main(4))),
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

package experiment

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"entrepot/agents"
)

// periodsOfUnit finds two periods in a unit: ratio 2022/2021, 2025-02 over 2022-01.
var periodsOfUnit = regexp.MustCompile(`\b(\d{4}(?:-\d\d)?)\s*(?:/|over|vs\.?|against)\s*(\d{4}(?:-\d\d)?)\b`)

// roundsOfUnit finds the rounds of a consignment in a unit: +7 RPG, 30,000 rounds.
var roundsOfUnit = regexp.MustCompile(`([\d,.]+) rounds`)

// priceRatio is a ratio of prices between goods, between places or between dates; of what dealers get to what they pay; or, of a
// programme, of weapons to registrants.
func (a *asker) priceRatio() {
	has := func(text string) bool {
		return slices.ContainsFunc(a.sub.actors, func(s sense) bool { return s.text.String() == text })
	}
	switch g := a.goods(a.rifle()); {
	case a.standsIn():
		a.standIn()
	case has("dealers") || a.sub.quantity == "markup":
		a.dealersMarkup()
	case has("programmes") || a.sub.quantity == "collected" || a.sub.quantity == "registered":
		a.depositedPerRegistrant()
	case a.two && len(a.sub.over) > 0:
		a.ratio(a.priceOf(merged(a.sub.goods), a.a), a.priceOf(merged(a.sub.over), a.b))
	case a.two:
		a.ratio(a.priceOf(g, a.a), a.priceOf(g, a.b))
	case len(a.sub.over) > 0:
		a.ratio(a.priceOf(merged(a.sub.goods), a.a), a.priceOf(merged(a.sub.over), a.a))
	case a.says("rounds", "round") && a.says("rifle", "rifles", "ak"): // rounds per rifle
		a.ratio(a.priceOf(sense{ids: []string{a.rifle()}, text: a.good(a.rifle())}, a.a), a.priceOf(a.rounds(g), a.a))
	case a.aboutDates() || a.isAmmunition(g) || slices.Equal(g.ids, []string{a.rifle()}):
		if m, ok := a.amount("price", a.a); ok {
			a.between(m, "ratio")
		}
	default:
		a.ratio(a.priceOf(g, a.a), a.priceOf(sense{ids: []string{a.rifle()}, text: a.good(a.rifle())}, a.a))
	}
}

// rounds is the ammunition that a target names, or that of the world.
func (a *asker) rounds(g sense) sense {
	if a.isAmmunition(g) {
		return g
	}
	if all := a.words["rounds"]; len(all) > 0 {
		return all[0]
	}
	return g
}

func (a *asker) isAmmunition(g sense) bool {
	return slices.ContainsFunc(a.s.Setup.Goods, func(x agents.Good) bool { return x.Ammunition && slices.Contains(g.ids, x.ID) })
}

// aboutDates reports whether the unit speaks of two times.
func (a *asker) aboutDates() bool {
	_, _, two := a.named()
	return two || a.says("after", "before", "end", "start", "later", "earlier", "since", "rise", "fall", "increase", "decrease", "previous", "pre", "post")
}

// priceOf is the price of some goods at a place.
func (a *asker) priceOf(g sense, p place) amount {
	b := *a
	b.sub = subject{goods: []sense{g}, origin: a.sub.origin}
	b.unit = nil // a ratio has no currency
	if m, ok := b.amount("price", p); ok {
		return m
	}
	a.Why = b.Why
	return amount{}
}

// ratio gives one amount over another in the period.
func (a *asker) ratio(x, y amount) {
	if x.of == nil || y.of == nil || !a.covered(a.in) {
		return
	}
	a.give(ratioOf(x, y, nil, "").of(a.in, a.howTo(a.in)), "", "%s over %s, %s|ratio", x.words, y.words, a.months())
	if x.quote != nil && y.quote != nil && x.quote.goods == y.quote.goods {
		a.asked = &forecast{form: "ratio of places", at: *x.quote, under: *y.quote, before: a.in, after: a.in}
	}
}

// between gives the change of an amount from the beginning of the period to its end, in one of the forms ratio, relative change, per cent, log
// ratio and difference.
func (a *asker) between(m amount, form string) {
	before, after, words := a.ends()
	if b, c, ok := a.named(); ok {
		before, after, words = b, c, said("from %s on to %s", b, c)
	}
	if !a.covered(before) || !a.covered(after) {
		return
	}
	how := a.howTo(before, after)
	x, y := m.of(before, how), m.of(after, how)
	forms := map[string]func(x, y float64) float64{
		"ratio":           func(x, y float64) float64 { return y / x },
		"relative change": func(x, y float64) float64 { return y/x - 1 },
		"per cent":        func(x, y float64) float64 { return 100 * (y/x - 1) },
		"log ratio":       func(x, y float64) float64 { return math.Log(y / x) },
		"difference":      func(x, y float64) float64 { return y - x },
	}
	do := forms[form]
	f := combine(x, y, form, func(x, y float64) float64 {
		if form != "difference" && !(x > 0) {
			return math.NaN()
		}
		return do(x, y)
	})
	a.give(f, "", "%s, %s (%s)", m.words, words, called(form))
	if m.quote != nil {
		a.asked = &forecast{form: form, at: *m.quote, before: before, after: after}
	}
	if a.Unit == "" {
		a.Unit = form
	}
}

// form reads from the unit how a change is written. Without one, numbers of at least 1 are a ratio and others a relative change.
func (a *asker) form() string {
	switch {
	case a.says("percent", "pct", "cent"):
		return "per cent"
	case a.says("log"):
		return "log ratio"
	case a.says("cfa", "fcfa", "xof", "eur", "euro", "euros", "usd", "dollars", "ngn", "naira") && !a.says("ratio", "relative", "factor"):
		return "difference"
	case a.says("relative", "minus") || a.says("1") && strings.Contains(a.Fact.Unit, "- 1"):
		return "relative change"
	case a.says("ratio", "factor", "times", "fold", "x", "multiple", "over"):
		return "ratio"
	case a.aboutDates() && strings.Contains(a.Fact.Unit, "/"): // after/before
		return "ratio"
	case a.says("change", "share", "rise", "increase"):
		return "relative change"
	case a.Fact.Low >= 1:
		return "ratio"
	}
	return "relative change"
}

// priceChange compares the first three months with the last three, of a price or of a ratio of prices.
func (a *asker) priceChange() {
	g := a.goods(a.rifle())
	var m amount
	switch {
	case len(a.sub.over) > 0:
		x, y := a.priceOf(g, a.a), a.priceOf(merged(a.sub.over), a.a)
		m = a.quotient(x, y)
	case a.two:
		m = a.quotient(a.priceOf(g, a.a), a.priceOf(g, a.b))
	default:
		quantity := a.sub.quantity
		if quantity == "" || quantity == "throughput" {
			quantity = "price"
		}
		m, _ = a.amount(quantity, a.a)
	}
	if m.of != nil {
		a.between(m, a.form())
	}
}

func (a *asker) quotient(x, y amount) amount {
	if x.of == nil || y.of == nil {
		return amount{}
	}
	return ratioOf(x, y, said("%s over %s|ratio", x.words, y.words), "ratio")
}

// dealersMarkup is what dealers get over what they pay, with or without the 1.
func (a *asker) dealersMarkup() {
	m, _ := a.amount("markup", a.a)
	if !a.market(a.a) || !a.covered(a.in) {
		a.no("nobody trades in %s", a.a.text)
		return
	}
	f, words := m.of(a.in, PerWeek), m.words
	if !strings.Contains(strings.ReplaceAll(a.Fact.Unit, " ", ""), "-1") && a.says("ratio", "sell", "times", "factor") {
		less := f
		f.Of = func(x []float64) float64 { return less.value(x) + 1 }
		words = said("what dealers%s get for %s over what they pay", a.a.at(), a.goods(a.rifle()).text)
	}
	a.give(f, "", "%s, %s: means over the units", words, a.months())
	a.percent()
}

// depositedPerRegistrant is the weapons that programmes collected for each person they registered.
func (a *asker) depositedPerRegistrant() {
	in := Span{a.in.First - 7, a.in.Last} // the week in which a programme opens
	if !a.covered(a.in) {
		return
	}
	g := a.goods(a.rifle())
	collected := Figure{Parts: []Reading{Reading{Table: "ledger", Measure: "collected", Good: pooled(g.ids), How: Sum}.In(in)}}
	registered := a.registered()
	a.give(Ratio(collected, registered.of(a.in, Sum)), "", "%s collected by programmes per person registered, %s", g.text, a.months())
}

// reference is what a rifle costs at a place outside of a world, CFA, with which its other prices become ratios, and where and when the
// model's ratios stand beside those.
type reference struct {
	place, words string
	low, high    float64
	zone         string
	from, to     string
}

// references: Abidjan, August 2012 (AFP, fact P10): the notes of P10 and P11 give a pistol at 0.75 to 1 and a launcher at 2.5 to 3.3 rifles.
func references() []reference {
	return []reference{{"abidjan", "Abidjan", 150_000, 200_000, "northern_mali", "2015-01", "2022-12"}}
}

// standsIn reports whether prices of a place outside of the world can be read as ratios to a rifle there.
func (a *asker) standsIn() bool {
	return a.Fact.Kind == "price_ratio" && a.says("cfa") && slices.ContainsFunc(references(), func(r reference) bool { return r.place == fold(a.Fact.Place) })
}

// standIn reads a price outside of the world as its ratio to that of a rifle there.
func (a *asker) standIn() {
	r := references()[slices.IndexFunc(references(), func(r reference) bool { return r.place == fold(a.Fact.Place) })]
	hubs, zone, ok := a.hubs(r.zone)
	in := form(zone, "in")
	calm := mustSpan(r.from, r.to)
	if !ok || !a.covered(calm) {
		return
	}
	at := place{hubs: hubs, text: called(zone), in: in}
	g := merged(a.sub.goods)
	x, y := a.priceOf(g, at), a.priceOf(sense{ids: []string{a.rifle()}, text: a.good(a.rifle())}, at)
	if x.of == nil || y.of == nil {
		return
	}
	a.Low, a.High = a.Fact.Low/r.high, a.Fact.High/r.low
	var note Saying
	if slices.Equal(g.ids, []string{"heavy"}) && fold(a.Fact.Good) != "heavy" {
		note = said(" (the model has no %s of its own: its heavy weapon stands for heavy machine guns too, which are dearer)", called(Spoken(a.s, a.Fact.Good)))
	}
	a.give(ratioOf(x, y, nil, "").of(calm, PerWeek), "ratio", "price of %s over that of %s%s, %s %s to %s, against the ratio in %s (%s), where a rifle cost %s to %s CFA",
		g.text, a.good(a.rifle()), note, called(zone), r.from, r.to, form(r.words, "in"), a.months(), r.low, r.high)
}

// throughputRatio is what passes in the period over what passed before it; of two towns, what passes one over what passes the other.
func (a *asker) throughputRatio() {
	quantity := a.sub.quantity
	if quantity == "" || quantity == "throughput" && a.two {
		quantity = "throughput"
	}
	if a.two && !a.corridor() {
		x, ok1 := a.single(quantity, a.a)
		y, ok2 := a.single(quantity, a.b)
		if ok1 && ok2 {
			a.ratio(x, y)
		}
		return
	}
	if a.two {
		quantity = "flow"
		if !a.roads(a.a, a.b) {
			a.no("no road leads from %s to %s", a.a.text, a.b.text)
			return
		}
	}
	m, ok := a.amount(quantity, a.a)
	if !ok {
		return
	}
	before, words := a.earlier(m.level)
	after := a.in
	if b, c, named := a.named(); named {
		before, after, words = b, c, againstSpan(b)
	}
	if !a.covered(before) || !a.covered(after) {
		return
	}
	how := a.howTo(before, after)
	f := Ratio(m.of(after, how), m.of(before, how))
	if form := a.form(); form == "relative change" && (a.says("relative", "minus", "change") || a.Fact.Low < 0) {
		f = Change(m.of(before, how), m.of(after, how))
		a.give(f, "", "%s, %s, %s, relative change", m.words, a.months(), words.over)
	} else {
		a.give(f, "", "%s, %s, %s", m.words, a.months(), words.over)
	}
	a.percent()
}

// single is an amount at one of two places.
func (a *asker) single(quantity string, p place) (amount, bool) {
	b := *a
	b.two = false
	b.a = p
	m, ok := b.amount(quantity, p)
	a.Why = b.Why
	return m, ok
}

// corridor reports whether a/b means the way from a to b, and not what is at a over what is at b: of zones and path nodes, or where the
// unit or the good speaks of flows.
func (a *asker) corridor() bool {
	if a.sub.quantity == "flow" || a.says("flow", "flows", "corridor", "after", "before", "previous", "earlier") {
		return true
	}
	if len(a.a.hubs) == 1 && len(a.b.hubs) == 1 {
		return !(a.market(a.a) && a.market(a.b))
	}
	left, right, _ := strings.Cut(a.Fact.Place, "/")
	return !(slices.Contains(a.unit, fold(left)) && slices.Contains(a.unit, fold(right)))
}

// originShare is a share by origin, by way or by seller.
func (a *asker) originShare() {
	if !a.covered(a.in) {
		return
	}
	g := a.goods(weaponsOf(a.s.Setup)...)
	from, _ := a.hubsOfGood()
	switch {
	case a.sub.origin != nil && (len(a.a.actors)+len(a.sub.actors) > 0 || a.says("recovered", "held", "arsenals", "stocks", "documented", "jihadist", "jihadists") && !a.isAmmunition(g)):
		a.shareOfStocks()
	case a.sub.origin != nil && a.says("seized", "seizures") && !a.two:
		a.sharesOf(a.seized(a.a))
	case a.sub.origin != nil && a.two:
		a.sharesOf(a.crossing(a.a, a.b))
	case a.sub.origin != nil && a.isAmmunition(g) && len(a.a.hubs) != 1:
		a.shareFired()
	case a.sub.origin != nil:
		r := Reading{Table: "trades", Measure: "units", Good: pooled(g.ids), Origin: pooled(a.sub.origin.ids), Hub: a.a.all()}
		a.share(r, func(r *Reading) { r.Origin = "" }, "%s %s, as a share of those sold%s", g.text, a.sub.origin.text, a.a.at())
	case a.two:
		a.corridorShare(a.a, a.b, g)
	case from.text != nil && len(a.a.hubs) > 0:
		a.corridorShare(from, a.a, g)
	case len(a.sub.actors) > 0:
		a.traderShare(g)
	default:
		a.no("the target names no origin, seller or way of which the share is meant")
	}
}

// hubsOfGood is the place that a target names in its good.
func (a *asker) hubsOfGood() (place, bool) {
	if a.sub.place == "" {
		return place{}, false
	}
	hubs, text, ok := a.hubs(a.sub.place)
	return place{hubs: hubs, text: called(text), in: form(text, "in")}, ok && len(hubs) > 0
}

// share gives a reading over the same reading with a filter taken away.
func (a *asker) share(r Reading, widen func(*Reading), format string, args ...any) {
	r.How = PerWeek
	whole := r
	widen(&whole)
	a.give(Ratio(Figure{Parts: []Reading{r.In(a.in)}}, Figure{Parts: []Reading{whole.In(a.in)}}), "", "%s, %s", said(format, args...), a.months())
	a.core = said(format, args...)
}

// sharesOf gives the part of an amount that has the target's origin.
func (a *asker) sharesOf(m amount) {
	r := m.of(a.in, Sum).Parts[0]
	a.share(r, func(r *Reading) { r.Origin = "" }, "%s, as a share of all there", m.words)
}

// corridorShare is the part of what enters a place that comes straight from another.
func (a *asker) corridorShare(from, to place, g sense) {
	if !a.roads(from, to) {
		a.no("no road leads straight from %s into %s", from.text, to.text)
		return
	}
	r := Reading{Table: "flows", Measure: "units", Good: pooled(g.ids), From: outOf(from, to), Hub: to.all()}
	a.share(r, func(r *Reading) { r.From = "!" + to.all() }, "%s on roads from %s into %s, as a share of those on all roads into it", g.text, from.text, to.text)
}

// traderShare is the part of what is sold at a place that is sold by some, or bought by them where the unit says so.
func (a *asker) traderShare(g sense) {
	who, _ := a.who()
	g = a.goods(a.rifle())
	r := Reading{Table: "trades", Measure: "units", Good: pooled(g.ids), Hub: a.a.all(), Seller: pooled(who.trades)}
	bought := false
	if a.says("bought", "purchases", "purchased", "buyers", "demand") || a.sub.quantity == "demand" {
		r.Seller, r.Buyer, bought = "", r.Seller, true
	}
	widen := func(r *Reading) { r.Seller, r.Buyer = "", "" }
	if bought {
		a.share(r, widen, "%s bought by %s%s, as a share of all sold there", g.text, who.text, a.a.at())
		return
	}
	a.share(r, widen, "%s sold by %s%s, as a share of all sold there", g.text, who.text, a.a.at())
}

// shareFired is the part of the rounds fired by armed groups that has an origin. Who surveys spent cartridges sees what was fired.
func (a *asker) shareFired() {
	var labels []string
	var without []Saying
	at := a.a.hubs
	if len(at) == 0 {
		at = nil
	}
	here := a.groupsAt(at)
	for _, g := range here {
		labels = append(labels, "group:"+g.ID)
	}
	for i := range a.s.Setup.Groups {
		if g := &a.s.Setup.Groups[i]; !slices.Contains(labels, "group:"+g.ID) {
			without = append(without, called(g.Name))
		}
	}
	g := a.rounds(a.goods())
	who := said("armed groups")
	if len(without) > 0 {
		who = said("armed groups (but %s, who have no fighters in %s)", listOf(without), a.a.in)
	}
	r := Reading{Table: "actors", Measure: "fired", Good: pooled(g.ids), Origin: pooled(a.sub.origin.ids), Actor: pooled(labels)}
	a.share(r, func(r *Reading) { r.Origin = "" }, "%s %s, as a share of those fired by %s", g.text, a.sub.origin.text, who)
}

// stockShare is a share of what armed groups hold: by origin, by kind of weapon, or by holder. Who surveys weapons in the field sees
// what was seized or found; the model keeps stocks, and not where they are.
func (a *asker) stockShare() {
	if !a.covered(a.in) {
		return
	}
	if g := a.goods(); a.sub.origin != nil && a.isAmmunition(g) && len(a.a.actors)+len(a.sub.actors) == 0 {
		a.shareFired()
		return
	}
	a.shareOfStocks()
}

func (a *asker) shareOfStocks() {
	g := a.goods(weaponsOf(a.s.Setup)...)
	whole := g
	if !a.isAmmunition(g) {
		whole = sense{ids: weaponsOf(a.s.Setup), text: said("weapons")}
	}
	who, named := a.who()
	r := Reading{Table: "actors", Measure: "held", Good: pooled(g.ids), Actor: pooled(who.actors)}
	if a.sub.origin == nil && named && (slices.Equal(g.ids, whole.ids) || len(a.sub.actors) > 0) {
		a.share(r, func(r *Reading) { r.Actor = "group:*" }, "%s held by %s, as a share of those held by all armed groups, mean over the weeks", g.text, who.text)
		return
	}
	if !named {
		at := a.a.hubs
		if len(at) == 0 {
			at = nil
		}
		if who = a.jihadists(at); len(who.actors) == 0 {
			who = sense{actors: []string{"group:*"}, text: said("armed groups")}
		}
		r.Actor = pooled(who.actors)
	}
	switch {
	case a.sub.origin != nil:
		r.Origin = pooled(a.sub.origin.ids)
		a.share(r, func(r *Reading) { r.Origin = "" }, "%s %s, as a share of those held by %s, mean over the weeks", g.text, a.sub.origin.text, who.text)
	case slices.Equal(g.ids, whole.ids):
		a.no("the target names neither an origin, a kind of weapon nor a holder of which the share is meant")
	default:
		a.share(r, func(r *Reading) { r.Good = pooled(whole.ids) }, "%s as a share of the %s held by %s, wherever, mean over the weeks: the model does not keep what is recovered in one region",
			g.text, whole.text, who.text)
	}
}

// netSales is what an actor sells less what it buys; of two places, what goes from one to the other less what comes back; of one place, what
// leaves it less what enters. As a sign or a balance it is divided by the sum.
func (a *asker) netSales() {
	if !a.covered(a.in) {
		return
	}
	out, in, words, ok := a.bothWays()
	if !ok {
		return
	}
	if signed := a.Fact.Low >= -1 && a.Fact.High <= 1; a.Sign || signed || a.says("sign", "balance", "share") {
		if a.says("sign") || a.Fact.Low == a.Fact.High && math.Abs(a.Fact.Low) == 1 {
			a.Sign, a.Low, a.High = true, a.Fact.Low, a.Fact.High
		}
		how := a.howTo(a.in)
		a.give(Balance(out.of(a.in, how), in.of(a.in, how)), "sign of (out - in)/(out + in)", "%s, over their sum, %s", words, a.months())
		if !a.Sign {
			a.Unit = a.Fact.Unit
		}
		return
	}
	x, per := a.scaled(out, "year")
	y, _ := a.scaled(in, "year")
	a.give(combine(x, y, "units", func(x, y float64) float64 { return x - y }), "", "%s, %s, %s", words, a.months(), per)
}

// bothWays is what goes out and what comes in.
func (a *asker) bothWays() (out, in amount, words Saying, ok bool) {
	g := a.rifles()
	if who, named := a.who(); named {
		at := a.a
		if len(at.hubs) == 0 && len(a.b.hubs) > 0 {
			at = a.b
		}
		r := Reading{Table: "trades", Measure: "units", Good: pooled(g.ids), Hub: at.all(), Seller: pooled(who.trades)}
		out = reading(r, "units", nil, false)
		r.Seller, r.Buyer = "", r.Seller
		return out, reading(r, "units", nil, false), said("%s sold by %s less those bought%s", g.text, who.text, at.at()), true
	}
	switch {
	case a.two && len(a.a.hubs) > 0 && len(a.b.hubs) > 0:
		return a.along()
	case len(a.a.hubs) > 0:
		in, out, _, _ = a.netInto(a.a)
		return out, in, said("%s on roads out of %s less those into it", g.text, a.a.text), true
	}
	a.no("the target names neither an actor nor a place")
	return out, in, nil, false
}

// along is what goes from one place to another and what comes back. Between places of like size it is what goes straight from one to the other,
// if roads do. A zone and a region several times as large seldom touch: then it is all that enters and leaves the smaller.
func (a *asker) along() (out, in amount, words Saying, ok bool) {
	small, large := len(a.b.hubs), len(a.a.hubs)
	inward := small <= large
	if !inward {
		small, large = large, small
	}
	if (large < 2*small || small == 1) && a.roads(a.a, a.b) {
		g := a.rifles()
		return a.crossing(a.a, a.b), a.crossing(a.b, a.a), said("%s on roads from %s to %s less those the other way", g.text, a.a.text, a.b.text), true
	}
	if inward {
		return a.netInto(a.b)
	}
	in, out, _, _ = a.netInto(a.a)
	return out, in, said("%s on roads out of %s less those into it", a.rifles().text, a.a.text), true
}

// netInto is what enters a place and what leaves it, on all roads.
func (a *asker) netInto(p place) (in, out amount, words Saying, ok bool) {
	g := a.rifles()
	r := Reading{Table: "flows", Measure: "units", Good: pooled(g.ids), From: "!" + p.all(), Hub: p.all()}
	in = reading(r, "units", nil, false)
	r.From, r.Hub = r.Hub, r.From
	return in, reading(r, "units", nil, false), said("%s on roads into %s less those out of it", g.text, p.text), true
}

// seizure is what was seized on roads, per year unless the unit says otherwise; or, of a consignment, what a cargo holds.
func (a *asker) seizure() {
	if !a.covered(a.in) {
		return
	}
	if a.says("consignment", "cargo", "convoy", "shipment", "vehicle", "load") {
		a.consignment()
		return
	}
	f, per := a.scaled(a.seized(a.a), "year")
	a.give(f, "", "%s, %s, %s", a.seized(a.a).words, a.months(), per)
}

// consignment is what a cargo holds of a good, and, where the unit tells how many rounds were with it, the rounds to each.
func (a *asker) consignment() {
	g := a.goods(a.rifle())
	var actors, names []string
	for _, n := range a.networksAt(a.a.hubs) {
		actors, names = append(actors, "trafficker:"+n.ID), append(names, "`"+n.ID+"`")
	}
	if len(a.a.hubs) > 0 && len(actors) == 0 {
		a.no("no network has kin in %s", a.a.text)
		return
	}
	networks := said("all networks")
	if len(actors) > 0 {
		networks = said("networks with kin in %s (%s)", a.a.in, strings.Join(names, ", "))
	}
	r := Reading{Table: "actors", Measure: "loaded", Good: pooled(g.ids), Actor: pooled(actors)}
	loaded := Figure{Parts: []Reading{r.In(a.in)}}
	r.Measure = "cargoes"
	a.give(Ratio(loaded, Figure{Parts: []Reading{r.In(a.in)}}), "units per cargo", "%s loaded per cargo that is mostly of them, %s, %s: a cargo is one vehicle, a consignment may be several",
		g.text, networks, a.months())
	m := roundsOfUnit.FindStringSubmatch(a.Fact.Unit)
	ammo := a.words["rounds"]
	if m == nil || len(ammo) == 0 {
		return
	}
	if n, err := strconv.ParseFloat(strings.ReplaceAll(m[1], ",", ""), 64); err == nil && a.Fact.High > 0 {
		r.Measure, r.Good = "loaded", pooled(ammo[0].ids)
		t := a.Target
		t.Low, t.High = 0.9*n/a.Fact.High, 1.1*n/a.Fact.Low
		t.What, t.Unit = said("%s loaded per unit of %s loaded, the same networks, %s", ammo[0].text, g.text, a.months()), "rounds per rifle"
		t.Figure = Ratio(Figure{Parts: []Reading{r.In(a.in)}}, loaded)
		a.more = append(a.more, t)
	}
}

// quantity is what a target of the kinds count and sign measures: what its good says or, failing that, its unit.
func (a *asker) quantity(usual string) string {
	if a.sub.quantity != "" && a.sub.quantity != "throughput" {
		return a.sub.quantity
	}
	for _, word := range a.unit {
		if n, m := a.longestAt([]string{word}, []role{aQuantity}); n > 0 && m.role == aQuantity && (m.ids[0] != "throughput" || a.sub.quantity == "") {
			return m.ids[0]
		}
	}
	if a.sub.quantity != "" {
		return a.sub.quantity
	}
	return usual
}

// count is a number of units or people.
func (a *asker) count() {
	if a.sub.quantity == "income" {
		a.income()
		return
	}
	usual := "none"
	switch {
	case len(a.sub.actors)+len(a.a.actors) > 0 && a.fights():
		usual = "fighters"
	case slices.ContainsFunc(a.sub.actors, func(s sense) bool {
		return s.text.String() == "programmes" || strings.HasPrefix(s.text.String(), "the programme")
	}):
		usual = "registered"
	case len(a.sub.goods) > 0 || len(a.sub.actors) > 0:
		usual = "throughput"
	}
	quantity := a.quantity(usual)
	if quantity == "violence" {
		a.deaths()
		return
	}
	switch {
	case !a.covered(a.in):
		return
	case quantity == "net":
		a.netSales()
		return
	case quantity == "throughput" && len(a.sub.actors) > 0 && len(a.sub.goods) == 0 && a.sub.quantity == "" && a.says("dealers", "traders", "people", "traffickers", "persons"):
		a.no("how many there are is an input of the world")
		return
	}
	m, ok := a.amount(quantity, a.a)
	if !ok {
		return
	}
	f, per := a.scaled(m, "all")
	what, n := m.words, 0
	if slices.Contains(a.unit, "dealer") && quantity == "throughput" {
		if n = a.dealersAt(a.a); n == 0 {
			a.no("no dealers live in %s", a.a.text)
			return
		}
		f, what = Per(f, float64(n)), said("%s per dealer", what)
	}
	a.give(f, "", "%s, %s, %s", what, a.months(), per)
}

// fights reports whether all actors of a target are armed groups.
func (a *asker) fights() bool {
	who, _ := a.who()
	return !slices.ContainsFunc(who.actors, func(label string) bool { return !strings.HasPrefix(label, "group:") })
}

func (a *asker) dealersAt(p place) (n int) {
	for _, d := range a.s.Setup.Dealers {
		if len(p.hubs) == 0 || slices.Contains(p.hubs, d.Hub) {
			n += d.Number
		}
	}
	return n
}

// deaths cannot be counted, but their ratio from one time to another can be held against that of the index of violence.
func (a *asker) deaths() {
	m, _ := a.amount("violence", a.a)
	if _, _, named := a.named(); named || a.says("ratio", "index") || fold(a.Fact.Good) == "violence" {
		if a.says("index") || fold(a.Fact.Good) == "violence" && !a.says("ratio") && !named {
			f, per := a.scaled(m, "all")
			a.give(f, "", "%s, %s, %s", m.words, a.months(), per)
			return
		}
		a.between(m, "ratio")
		return
	}
	a.no("the model has an index of violence, and counts no deaths or incidents")
}

// income is documented where the model has none: a rifle is counted in weeks of it, against the latest documented price of a rifle.
func (a *asker) income() {
	rifle := -1
	for i, f := range a.all {
		if f.Kind == "price" && !input(f) && fold(f.Good) == a.rifle() && f.Start != "" && f.End != "" && (rifle < 0 || f.Start > a.all[rifle].Start) {
			rifle = i
		}
	}
	if rifle < 0 || a.Fact.Low <= 0 || !a.says("week") {
		a.no("the model has no income of that kind")
		return
	}
	f := &a.all[rifle]
	around, err := SpanOf(f.Start, f.End)
	if err != nil {
		return
	}
	around = Span{monthsOn(around.First, -1), monthsOn(around.Last+1, 1) - 1}
	if !a.covered(around) {
		return
	}
	m := a.priceOf(sense{ids: []string{a.rifle()}, text: a.good(a.rifle())}, a.a)
	if m.of == nil {
		return
	}
	a.Low, a.High = 0.9*f.Low/a.Fact.High, 1.1*f.High/a.Fact.Low
	a.give(Per(m.of(around, PerWeek), a.Fact.Low), "weeks of income per rifle", "%s, %s, in weeks of the documented income (%s CFA, %s; the model has none), against a rifle at %s CFA (%s)",
		m.words, around, a.Fact.Low, a.months(), f.High, f.ID)
}

// sign is the direction of a change or of a balance.
func (a *asker) sign() {
	quantity := a.quantity("price")
	switch {
	case quantity == "net" || a.says("net"):
		a.signOfNet()
		return
	case a.two && quantity == "price":
		a.signOfGap()
		return
	case len(a.sub.over) > 0:
		if m := a.quotient(a.priceOf(merged(a.sub.goods), a.a), a.priceOf(merged(a.sub.over), a.a)); m.of != nil {
			a.signOfChange(m)
		}
		return
	case a.sub.unknown != "":
		a.no("the model has nothing called %q", a.Fact.Good)
		return
	case a.sub.origin != nil && quantity == "price" && !slices.Contains(a.unit, "price") || a.says("share") && (a.sub.origin != nil || a.two):
		a.signOfShare()
		return
	case quantity == "price" && a.sub.quantity == "" && !a.says("price", "prices") && len(a.sub.goods) > 0 && len(a.a.actors)+len(a.sub.actors) > 0 && a.fights():
		quantity = "held"
		if g := a.goods(); slices.Equal(g.ids, goodsThat(a.s.Setup, func(x *agents.Good) bool { return x.Drone })) {
			quantity = "drone_attacks"
		}
	case len(a.sub.goods) == 0 && quantity == "price" && a.sub.quantity == "" && !a.says("price", "prices"):
		if len(a.sub.actors) == 0 || !a.fights() {
			quantity = "throughput"
		} else {
			quantity = "fighters"
		}
	}
	if a.two && (quantity == "flow" || quantity == "throughput") && !a.roads(a.a, a.b) {
		a.no("no road leads straight from %s to %s", a.a.text, a.b.text)
		return
	}
	if a.two && quantity == "throughput" {
		quantity = "flow"
	}
	if m, ok := a.amount(quantity, a.a); ok {
		a.signOfChange(m)
	}
}

// signOfNet is that of net sales or of a net flow.
func (a *asker) signOfNet() {
	if !a.covered(a.in) {
		return
	}
	if out, in, words, ok := a.bothWays(); ok {
		how := a.howTo(a.in)
		a.give(Balance(out.of(a.in, how), in.of(a.in, how)), "sign of (out - in)/(out + in)", "%s, over their sum, %s", words, a.months())
		if text := words.String(); strings.Contains(text, " into ") && !strings.Contains(text, " out of ") || strings.HasSuffix(text, "less those out of it") {
			a.Unit = "sign of (in - out)/(in + out)"
		}
	}
}

// signOfGap is whether a price is higher in one place than in another or, where the unit speaks of a change, whether their ratio grew.
func (a *asker) signOfGap() {
	g := a.goods(a.rifle())
	x, y := a.priceOf(g, a.a), a.priceOf(g, a.b)
	if x.of == nil || y.of == nil || !a.covered(a.in) {
		return
	}
	if a.says("change", "growth", "widening", "rise", "trend") {
		a.signOfChange(a.quotient(x, y))
		return
	}
	a.give(Change(y.of(a.in, PerWeek), x.of(a.in, PerWeek)), "sign of a relative difference", "%s over %s, less 1, %s", x.words, y.words, a.months())
}

// signOfShare is that of the change of an origin's share.
func (a *asker) signOfShare() {
	b := *a
	b.originShare()
	if !b.Measurable() {
		a.Figure, a.Why = Figure{}, b.Why
		return
	}
	f := b.Figure
	a.signOfChange(amount{words: b.core, unit: "share", level: true, of: func(in Span, _ How) Figure {
		moved := f
		moved.Parts = slices.Clone(f.Parts)
		for i := range moved.Parts {
			moved.Parts[i] = moved.Parts[i].In(in)
		}
		return moved
	}})
}

// signOfChange is that of an amount's change against the time before.
func (a *asker) signOfChange(m amount) {
	before, words := a.earlier(m.level)
	after := a.in
	if b, c, named := a.named(); named {
		before, after, words = b, c, againstSpan(b)
	} else if before.First < a.s.Setup.Start.Monday()-6 && after.Last-after.First > 730 { // nothing to compare with but itself
		before, after, words.against = a.ends()
	}
	if f, ok := a.grown(m, before, after); ok {
		a.give(f, "sign of a relative change", "change of the %s, %s, %s", m.words, a.months(), words.against)
		if m.quote != nil {
			a.asked = &forecast{form: "sign", at: *m.quote, before: before, after: after}
		}
	}
}

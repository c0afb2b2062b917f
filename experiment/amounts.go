package experiment

import (
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/output/prose"
)

// amount is something that can be measured over any period.
type amount struct {
	of    func(in Span, how How) Figure
	words Saying // AK-pattern rifles sold in Gao
	unit  string
	level bool    // a mean or a stock, which does not grow with the length of a period
	quote *market // of a price, CFA: where it is one
}

// market is where a price was documented.
type market struct {
	goods string
	hubs  []string
}

// reading is the amount of one reading.
func reading(r Reading, unit string, words Saying, level bool) amount {
	return amount{words: words, unit: unit, level: level, of: func(in Span, how How) Figure {
		x := r.In(in)
		if !level {
			x.How = how
		}
		return Figure{Unit: unit, Parts: []Reading{x}}
	}}
}

// goods is what a target counts: what it names, or what is usual.
func (a *asker) goods(usual ...string) sense {
	if len(a.sub.goods) > 0 {
		return merged(a.sub.goods)
	}
	if len(usual) == 1 {
		return sense{ids: usual, text: a.good(usual[0])}
	}
	return sense{ids: usual, text: said("weapons")}
}

// rifles is goods for what passes a market or a road: there rifles stand for arms, since weapons of several kinds do not add up.
func (a *asker) rifles() sense {
	g := a.goods(a.rifle())
	if len(g.ids) > 1 && g.text.String() == "weapons" {
		return sense{ids: []string{a.rifle()}, text: a.good(a.rifle())}
	}
	return g
}

func pooled(ids []string) string { return strings.Join(ids, "|") }

// origin is the origin that a target asks for, as a Reading takes it, and in words.
func (a *asker) origin() (list string, words Saying) {
	if a.sub.origin == nil {
		return "", nil
	}
	return pooled(a.sub.origin.ids), said(" %s|units of an origin", a.sub.origin.text)
}

// who is the actors that a target names, in its good or in place of a place.
func (a *asker) who() (sense, bool) {
	all := slices.Concat(a.sub.actors, a.a.actors, a.b.actors)
	return merged(a.withSuccessors(all)), len(all) > 0
}

// withSuccessors adds to groups those that they came from or became during the period.
func (a *asker) withSuccessors(all []sense) []sense {
	out := slices.Clone(all)
	for i := 0; i < len(out); i++ {
		for _, g := range a.s.Setup.Groups {
			other, at := "", slices.Index(out[i].ids, g.ID)
			if at >= 0 && g.Successor != "" && g.To != 0 && a.in.Last > g.To {
				other = g.Successor
			} else if g.Successor != "" && slices.Contains(out[i].ids, g.Successor) && a.in.First <= g.To {
				other = g.ID
			}
			if other == "" || slices.ContainsFunc(out, func(s sense) bool { return slices.Contains(s.ids, other) }) {
				continue
			}
			if _, s := a.longestAt(strings.Split(fold(other), "_"), []role{anActor}); s.role == anActor {
				out = append(out, s)
			}
		}
	}
	return out
}

// wherever says that the model does not keep where something is, if the target names a place.
func (a *asker) wherever() Saying {
	if len(a.a.hubs) == 0 {
		return nil
	}
	return said(", wherever: the model does not keep where")
}

// flowMeasures are the measures of actors that add up over weeks; the others are levels.
func flowMeasures() []string {
	return []string{"fired", "captured", "bought_from_allies", "drone_attacks", "patrols", "seized", "ddr_bids", "cargoes", "loaded"}
}

// amount is a quantity at a place. Where there is none, Why says so.
func (a *asker) amount(quantity string, p place) (amount, bool) {
	switch quantity {
	case "price", "throughput", "demand", "supply", "risk", "transport", "toll", "payment", "margin", "stored":
		if !a.market(p) {
			a.no("nobody trades in %s", p.text)
			return amount{}, false
		}
		return a.inMarkets(quantity, p), true
	case "flow":
		return a.onRoads(p), true
	case "violence", "activity_score":
		words := said("index of violence%s, mean over places and weeks", p.at())
		if quantity == "activity_score" {
			words = said("activity score%s, mean over places and weeks", p.at())
		}
		return reading(Reading{Table: "hubs", Measure: quantity, Hub: p.all()}, "index", words, true), true
	case "markup":
		return a.markup(p), true
	case "seized":
		return a.seized(p), true
	case "collected":
		g := a.goods(a.rifle())
		return reading(Reading{Table: "ledger", Measure: "collected", Good: pooled(g.ids)}, "units", said("%s collected by programmes%s", g.text, a.wherever()), false), true
	case "lost":
		g := a.rifles()
		return reading(Reading{Table: "flows", Measure: "lost_units", Good: pooled(g.ids), Hub: p.all()}, "units", said("%s lost on roads into %s", g.text, p.text), false), true
	case "registered":
		return a.registered(), true
	case "fighters":
		m := a.fightersAt(p)
		if len(m.of(a.in, PerWeek).Parts) == 0 {
			a.no("none of these groups has fighters in %s", p.text)
			return amount{}, false
		}
		return m, true
	case "none", "income", "net", "":
		return amount{}, a.uncounted(quantity)
	}
	return a.ofActors(quantity), true
}

func (a *asker) uncounted(quantity string) bool {
	switch {
	case quantity == "income":
		a.no("the model has no income of that kind")
	case quantity == "net":
		a.no("net sales are somebody's, or lead from one place to another: a/b")
	default:
		a.no("no table of the model counts %q", a.Fact.Good)
	}
	return false
}

// inMarkets are prices and their parts, sales and stores at hubs.
func (a *asker) inMarkets(quantity string, p place) amount {
	g := a.rifles()
	origin, ofOrigin := a.origin()
	what := said("%s%s", g.text, ofOrigin)
	who, named := a.who()
	trades := Reading{Table: "trades", Measure: "units", Good: pooled(g.ids), Origin: origin, Hub: p.all()}
	switch quantity {
	case "price":
		r := Reading{Table: "prices", Measure: "price_cfa", Good: pooled(g.ids), Hub: p.all()}
		words := said("price of %s%s", what, p.at())
		if origin != "" || named {
			r.Table, r.Origin, r.Seller = "trades", origin, pooled(who.trades)
		}
		if named {
			words = said("price of %s%s sold by %s", what, p.at(), who.text)
		}
		m := reading(r, "CFA", words, true)
		if r.Table == "prices" {
			m.quote = &market{goods: r.Good, hubs: p.hubs}
		}
		return a.inCurrency(m)
	case "throughput":
		if named {
			trades.Seller = pooled(who.trades)
			return reading(trades, "units", said("%s sold by %s%s", what, who.text, p.at()), false)
		}
		if origin != "" {
			return reading(trades, "units", said("%s sold%s|units", what, p.at()), false)
		}
		return reading(Reading{Table: "prices", Measure: "units", Good: pooled(g.ids), Hub: p.all()}, "units", said("%s sold%s|units", g.text, p.at()), false)
	case "demand":
		trades.Buyer = "!dealer:*|trafficker:*"
		if who.text.String() == "programmes" { // bids of candidates alone would have their sign by construction
			return reading(trades, "units", said("%s sold to users%s, candidates of programmes among them", what, p.at()), false)
		}
		if named {
			trades.Buyer = pooled(who.trades)
			return reading(trades, "units", said("%s sold to %s%s", what, who.text, p.at()), false)
		}
		return reading(trades, "units", said("%s sold to users (whoever does not sell them on)%s", what, p.at()), false)
	case "supply":
		if origin != "" {
			return reading(trades, "units", said("%s sold%s|units", what, p.at()), false)
		}
		trades.Seller = "stockholder:*|soldiers:*"
		return reading(trades, "units", said("%s sold by stockholders and soldiers%s", what, p.at()), false)
	case "stored":
		return reading(Reading{Table: "throughput", Measure: "stored_units", Good: pooled(g.ids), Hub: p.all()}, "units", said("%s in dealers' stores%s", g.text, p.at()), true)
	}
	return reading(Reading{Table: "costs", Measure: quantity, Good: pooled(g.ids), Hub: p.all()}, "CFA", said("part of the price of %s%s that is %s", g.text, p.at(), called(quantity)), true)
}

// onRoads is what enters roads: from a to b where two places are named, else into the place from outside of it.
func (a *asker) onRoads(p place) amount {
	if a.two {
		return a.crossing(a.a, a.b)
	}
	g := a.rifles()
	origin, ofOrigin := a.origin()
	r := Reading{Table: "flows", Measure: "units", Good: pooled(g.ids), Origin: origin, Hub: p.all()}
	if p.all() != "" {
		r.From = "!" + p.all()
	}
	return reading(r, "units", said("%s%s on roads into %s", g.text, ofOrigin, p.text), false)
}

// crossing is what enters roads that lead straight from one place into another.
func (a *asker) crossing(from, to place) amount {
	g := a.rifles()
	origin, ofOrigin := a.origin()
	return reading(Reading{Table: "flows", Measure: "units", Good: pooled(g.ids), Origin: origin, From: outOf(from, to), Hub: to.all()},
		"units", said("%s%s on roads from %s to %s", g.text, ofOrigin, from.text, to.text), false)
}

// outOf lists the hubs of a place that are not of another, as a Reading takes them.
func outOf(from, to place) string {
	var hubs []string
	for _, h := range from.hubs {
		if !slices.Contains(to.hubs, h) {
			hubs = append(hubs, h)
		}
	}
	return pooled(hubs)
}

// markup is what dealers get over what they pay, less 1.
func (a *asker) markup(p place) amount {
	g := a.goods(a.rifle())
	paid := Reading{Table: "trades", Measure: "price_cfa", Good: pooled(g.ids), Hub: p.all(), Buyer: "dealer:*"}
	got := Reading{Table: "trades", Measure: "price_cfa", Good: pooled(g.ids), Hub: p.all(), Seller: "dealer:*"}
	return amount{words: said("what dealers%s get for %s over what they pay, less 1", p.at(), g.text), unit: "sell/buy - 1", level: true,
		of: func(in Span, _ How) Figure {
			return Change(Figure{Parts: []Reading{paid.In(in)}}, Figure{Parts: []Reading{got.In(in)}})
		}}
}

// seized is what a force seized on roads; of a place without a force of its own, what was lost on roads into it.
func (a *asker) seized(p place) amount {
	g := a.goods(weaponsOf(a.s.Setup)...)
	origin, ofOrigin := a.origin()
	r := Reading{Table: "actors", Measure: "seized", Good: pooled(g.ids), Origin: origin}
	who, named := a.who()
	if forces := a.forcesOf(p); !named && len(forces) > 0 {
		who, named = merged(forces), true
	}
	switch {
	case named:
		r.Actor = pooled(who.actors)
		return reading(r, "units", said("%s%s seized on roads by %s%s", g.text, ofOrigin, who.text, a.whereverBut(p, who)), false)
	case len(p.hubs) == 0:
		return reading(r, "units", said("%s%s seized on roads", g.text, ofOrigin), false)
	}
	return reading(Reading{Table: "flows", Measure: "lost_units", Good: pooled(g.ids), Origin: origin, Hub: p.all()}, "units",
		said("%s%s lost on roads into %s, to seizure or robbery: the model keeps by whom, not where, they were seized", g.text, ofOrigin, p.text), false)
}

// whereverBut is wherever, but for a force at home.
func (a *asker) whereverBut(p place, who sense) Saying {
	if len(who.ids) == 1 && fold(a.Fact.Place) == who.ids[0] {
		return nil
	}
	return a.wherever()
}

// forcesOf lists the forces that a place stands for: that of its name, or those with most of their posts there.
func (a *asker) forcesOf(p place) (forces []sense) {
	s := a.s.Setup
	for i := range s.Forces {
		id, posts, there := s.Forces[i].ID, 0, 0
		for _, post := range s.Posts {
			if post.Force == id {
				posts++
				if slices.Contains(p.hubs, post.Hub) {
					there++
				}
			}
		}
		own := fold(a.Fact.Place) == fold(id)
		if own || posts > 0 && 2*there > posts {
			_, force := a.longestAt(strings.Split(fold(id), "_"), []role{anActor})
			if own {
				return []sense{force}
			}
			forces = append(forces, force)
		}
	}
	return forces
}

// registered is how many people programmes registered in a period: the count at its end less that of the week before it. A programme
// opens on a day within a week, so that the week in which the period begins belongs to it.
func (a *asker) registered() amount {
	return amount{words: said("people registered by programmes%s", a.programmesAt()), unit: "people", of: func(in Span, _ How) Figure {
		r := Reading{Table: "actors", Measure: "registered", Actor: a.programmes(), How: Most}
		r.Last = in.Last
		parts := []Reading{r}
		if r.Last = in.First - 8; r.Last >= a.s.Setup.Start.Monday() {
			parts = append(parts, r)
		}
		return Figure{Unit: "people", Parts: parts, Of: func(x []float64) float64 {
			if len(x) == 2 {
				return x[0] - x[1]
			}
			return x[0]
		}}
	}}
}

// programmes lists those that a target means: those it names, or those in the towns of its place.
func (a *asker) programmes() string {
	var named, there []string
	for _, s := range a.sub.actors {
		if s.text.String() != "programmes" {
			named = append(named, s.actors...)
		}
	}
	for _, p := range a.s.Setup.Programmes {
		if slices.Contains(a.a.hubs, p.Hub) {
			there = append(there, "ddr:"+p.ID)
		}
	}
	switch {
	case len(named) > 0:
		return pooled(named)
	case len(there) > 0:
		return pooled(there)
	}
	return "ddr:*"
}

func (a *asker) programmesAt() Saying { return a.a.at() }

// fightersAt is the fighters of groups; at a place, those that the world's table puts there.
func (a *asker) fightersAt(p place) amount {
	who, named := a.who()
	words := said("fighters%s", p.at())
	if named {
		words = said("fighters of %s%s", who.text, p.at())
	}
	return amount{words: words, unit: "people", level: true, of: func(in Span, _ How) Figure {
		var parts []Reading
		var shares []float64
		for i := range a.s.Setup.Groups {
			id := a.s.Setup.Groups[i].ID
			if share := a.shareAt(id, p); share > 0 && (!named || slices.Contains(who.actors, "group:"+id) || slices.Contains(who.actors, "group:*")) {
				parts, shares = append(parts, Reading{Table: "actors", Measure: "fighters", Actor: "group:" + id}.In(in)), append(shares, share)
			}
		}
		return Figure{Unit: "people", Parts: parts, Of: func(x []float64) (sum float64) {
			for i := range x {
				sum += float64(shares[i] * x[i])
			}
			return sum
		}}
	}}
}

// shareAt is the share of a group's fighters at a place.
func (a *asker) shareAt(group string, p place) (share float64) {
	if len(p.hubs) == 0 {
		return 1
	}
	for _, h := range a.s.Setup.GroupHubs {
		if h.Group == group && slices.Contains(p.hubs, h.Hub) {
			share += h.Share
		}
	}
	return share
}

// ofActors is a measure of actors: what the target names, or all who have it.
func (a *asker) ofActors(measure string) amount {
	who, named := a.who()
	r := Reading{Table: "actors", Measure: measure, Actor: pooled(who.actors)}
	m := agents.Measures()[slices.IndexFunc(agents.Measures(), func(m agents.Measure) bool { return m.Name == measure })]
	var what Saying // of goods, with their origin
	if slices.Contains([]string{"held", "fired", "captured", "loaded", "cargoes", "wanted"}, measure) {
		usual := weaponsOf(a.s.Setup)
		if measure == "fired" {
			usual = goodsThat(a.s.Setup, func(g *agents.Good) bool { return g.Ammunition })
		}
		g := a.goods(usual...)
		origin, ofOrigin := a.origin()
		if measure == "captured" {
			origin, ofOrigin = "", nil
		}
		r.Good, r.Origin = pooled(g.ids), origin
		what = said("%s%s", g.text, ofOrigin)
	}
	by := who.text
	if !named && (measure == "held" || measure == "fired") {
		r.Actor, by = "group:*", said("armed groups")
	}
	return reading(r, m.Unit, said("%s%s", measured(measure, what, by, named || r.Actor == "group:*"), a.wherever()), !slices.Contains(flowMeasures(), measure))
}

// measured is a measure of actors in words: of goods where it is one of goods, and by whom where they are named.
func measured(measure string, what, by Saying, named bool) Saying {
	measures := map[string][2]Saying{ // without and with who it is
		"held":          {said("%s held", what), said("%s held by %s", what, by)},
		"captured":      {said("%s captured from armies", what), said("%s captured from armies by %s", what, by)},
		"cargoes":       {said("%s cargoes", what), said("%s cargoes by %s", what, by)},
		"fired":         {said("%s fired", what), said("%s fired by %s", what, by)},
		"loaded":        {said("%s loaded", what), said("%s loaded by %s", what, by)},
		"wanted":        {said("%s wanted", what), said("%s wanted by %s", what, by)},
		"drone_attacks": {said("drone attacks"), said("drone attacks by %s", by)},
		"carriers":      {said("carriers"), said("carriers of %s", by)},
		"cash":          {said("cash"), said("cash of %s", by)},
	}
	words, known := measures[measure]
	if !known {
		name := called(prose.Words(measure, nil))
		words = [2]Saying{name, said("%s by %s|a measure of somebody", name, by)}
	}
	if named {
		return words[1]
	}
	return words[0]
}

// inCurrency turns CFA into the currency of the target's unit, at the rate of the middle of the period.
func (a *asker) inCurrency(m amount) amount {
	rate, code := 1.0, "CFA"
	for _, c := range a.s.Setup.Rates {
		words := map[string][]string{"EUR": {"eur", "euro", "euros"}, "USD": {"usd", "dollar", "dollars"}, "NGN": {"ngn", "naira", "nairas"}}[c.Currency]
		if a.says(append(words, strings.ToLower(c.Currency))...) && !a.says("cfa", "fcfa", "xof") && (c.From <= a.in.First+(a.in.Last-a.in.First)/2 || code == "CFA") {
			rate, code = c.CFA, c.Currency
		}
	}
	if code == "CFA" && a.says("eur", "euro", "euros") && !a.says("cfa") {
		rate, code = 655.957, "EUR" // the fixed peg
	}
	switch {
	case a.says("thousand", "thousands", "k"):
		rate *= 1e3
	case a.says("million", "millions"):
		rate *= 1e6
	}
	if rate == 1 {
		return m
	}
	of := m.of
	m.of = func(in Span, how How) Figure { return Per(of(in, how), rate) }
	m.unit, m.quote = code, nil
	return m
}

// scaled is an amount over a period as the unit asks for it: a level as its mean, what adds up per year, month or week or, where the
// unit names no time, in all.
func (a *asker) scaled(m amount, usual string) (f Figure, words Saying) {
	in := a.inside(a.in)
	per := usual
	switch {
	case m.level:
		per = "mean"
	case a.says("all", "altogether"):
		per = "all"
	case a.says("yr", "year", "years", "annual", "annually", "annum", "yearly"):
		per = "year"
	case a.says("month", "months", "monthly", "mo"):
		per = "month"
	case a.says("week", "weeks", "weekly", "wk"):
		per = "week"
	}
	switch per {
	case "mean":
		return m.of(a.in, PerWeek), said("mean over the weeks")
	case "week":
		return m.of(a.in, PerWeek), said("per week")
	case "month":
		return Per(m.of(in, Sum), 12*in.years()), said("per month")
	case "year":
		return Per(m.of(in, Sum), in.years()), said("per year")
	}
	return m.of(a.in, Sum), said("in all")
}

// grown is the change of an amount from one period to another, none where neither has any. What begins from nothing has grown by all of it.
func (a *asker) grown(m amount, before, after Span) (Figure, bool) {
	if !a.covered(before) || !a.covered(after) {
		return Figure{}, false
	}
	how := a.howTo(before, after)
	f := combine(m.of(before, how), m.of(after, how), "relative change", func(x, y float64) float64 {
		if x == 0 && y > 0 {
			return 1
		}
		return y/x - 1 // NaN of nothing and nothing
	})
	return f, true
}

// howTo adds up over the weeks of two periods that lie in the run; of those that reach out of it, rates are compared.
func (a *asker) howTo(spans ...Span) How {
	for _, s := range spans {
		if a.inside(s) != s {
			return PerWeek
		}
	}
	return Sum
}

// ratioOf is one amount over another, over the same period.
func ratioOf(x, y amount, words Saying, unit string) amount {
	return amount{words: words, unit: unit, level: true, of: func(in Span, how How) Figure { return Ratio(x.of(in, how), y.of(in, how)) }}
}

// mustSpan is a span of this package's own.
func mustSpan(from, to string) Span {
	s, err := SpanOf(from, to)
	if err != nil {
		panic("experiment: " + err.Error())
	}
	return s
}

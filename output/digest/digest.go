package digest

import (
	"cmp"
	"slices"
	"strings"

	"entrepot/output/tables"
	"entrepot/sim"
)

// Digest is a run in numbers. All "units a year" are sums over a window scaled to 52.18 weeks.
type Digest struct {
	Context
	Run     *tables.Run
	Weeks   int
	Towns   []Town   // main good, the hubs of Focus
	Prices  []Town   // every hub with a price in either window, for each priced good
	Arcs    []Arc    // main good, by size of change
	Strands []Strand // main good, arcs by origin, in order of names
	// Final sales: to users, not to dealers or traffickers.
	Origins []Mix // one per priced good
	Buyers  []Mix
	Sellers []Mix
	Places  []HubChange

	Stores    []Move // between the first period and the end of the second, most frequent first
	Holdings  []Holding
	Force     Force
	Programme Programme

	Moved Pair // main good, units a year entering arcs
	Lost  Pair // main good, share of Moved that did not come out
	Final Pair // main good, units a year sold to users
}

// Pair is a number in the two windows.
type Pair struct{ Before, After float64 }

// Change is After - Before.
func (p Pair) Change() float64 { return p.After - p.Before }

// Ratio is After/Before - 1, and whether Before is above zero.
func (p Pair) Ratio() (float64, bool) {
	if p.Before <= 0 {
		return 0, false
	}
	return p.After/p.Before - 1, true
}

// Town is the price of one good at one hub in the two windows.
type Town struct {
	Hub           Hub
	Good          Good
	Before, After Price
	Sold          Pair   // units a year
	Soldiers      Pair   // share of the units that soldiers sold
	Parts         []Part // in stacking order; empty if costs were not recorded
}

// Known says whether the good traded in both windows.
func (t Town) Known() bool { return t.Before.Weeks > 0 && t.After.Weeks > 0 }

// Pair is the mean price in the two windows.
func (t Town) Pair() Pair { return Pair{t.Before.Mean, t.After.Mean} }

// Price describes the weeks of a window in which a good traded.
type Price struct {
	Mean      float64 // CFA per unit, weighted by units
	Low, High float64 // CFA per unit: eight units in ten were sold between them
	Weeks     int     // with trade
	Units     int64
}

// Part is one component of a price, CFA per unit, weighted by units.
type Part struct {
	Component string
	Pair
}

// Arc is a road in one direction.
type Arc struct {
	From, To  string
	Units     Pair // units a year entering it
	LostUnits Pair // units a year lost on it
}

// Strand is the part of an arc's flow that has one origin.
type Strand struct {
	Arc
	Origin string
}

// Mix is the shares of some kind of name in the final sales of one good.
type Mix struct {
	Good   Good
	Shares []Share // largest first
	Total  Pair    // units a year
}

// Share is one name's part of a Mix, 0-1.
type Share struct {
	Name string
	Pair
}

// HubChange is what became of a place.
type HubChange struct {
	Hub      Hub
	Sold     Pair      // main good, units a year
	Stored   Pair      // main good, mean units in stores
	Activity Pair      // mean score 0-10
	Violence Pair      // mean index
	Regime   [2]string // most frequent in each window
	Holder   [2]string // most frequent controller in each window
}

// Make computes the digest of a run.
func Make(run *tables.Run, ctx Context) *Digest {
	d := &Digest{Context: ctx.withDefaults(run), Run: run, Weeks: run.Ticks()}
	p := newPeriods(d)
	if len(d.Goods) == 0 {
		return d
	}
	for _, g := range d.PricedGoods() {
		d.Prices = append(d.Prices, d.towns(p, g)...)
		o, b, s := d.finalSales(p, g)
		d.Origins, d.Buyers, d.Sellers = append(d.Origins, o), append(d.Buyers, b), append(d.Sellers, s)
	}
	d.Final = d.Origins[0].Total
	d.arcs(p)
	d.hubChanges(p)
	d.stores()
	d.holdings(p)
	d.byForce(p)
	d.focus()
	return d
}

// PricedGoods are the goods that the report speaks of: the main good and the first ammunition.
func (d *Digest) PricedGoods() []Good {
	out := d.Goods[:1:1]
	for _, g := range d.Goods[1:] {
		if g.Ammunition {
			return append(out, g)
		}
	}
	return out
}

// periods says in which window a tick lies: 1 before, 2 after, 0 neither.
type periods struct {
	of    []uint8
	weeks [3]float64
}

func newPeriods(d *Digest) periods {
	p := periods{of: make([]uint8, d.Weeks)}
	for t := range p.of {
		p.of[t] = d.windowOf(d.Run.Date(int32(t)))
		p.weeks[p.of[t]]++
	}
	return p
}

func (d *Digest) windowOf(day sim.Date) uint8 {
	switch {
	case day >= d.Before.From.Monday() && day <= d.Before.To:
		return 1
	case day >= d.After.From.Monday() && day <= d.After.To:
		return 2
	}
	return 0
}

func (p periods) at(tick int32) uint8 {
	if int(tick) < len(p.of) {
		return p.of[tick]
	}
	return 0
}

const weeksPerYear = 52.18

// perYear scales sums over the windows to a year.
func (p periods) perYear(before, after float64) Pair {
	return Pair{ratio(before*weeksPerYear, p.weeks[1]), ratio(after*weeksPerYear, p.weeks[2])}
}

func ratio(a, b float64) float64 {
	if b == 0 {
		return 0
	}
	return a / b
}

// towns computes the price statistics of one good at every hub.
func (d *Digest) towns(p periods, g Good) []Town {
	run := d.Run
	good, ok := run.Names.Find(g.ID)
	if !ok {
		return nil
	}
	type acc struct {
		prices       [3][]lot
		value, units [3]int64
		parts        [3]map[tables.Sym]float64
		soldiers     [3]float64
	}
	accs := make([]*acc, run.Names.Len())
	key := func(tick int32, hub tables.Sym) uint64 { return uint64(tick)<<16 | uint64(hub) }
	sold := map[uint64]int64{}
	for _, r := range run.Prices {
		w := p.at(r.Tick)
		if r.Good != good || r.Price <= 0 || w == 0 {
			continue
		}
		a := accs[r.Hub]
		if a == nil {
			a = &acc{}
			accs[r.Hub] = a
		}
		units := max(r.Units, 1)
		a.prices[w] = append(a.prices[w], lot{float64(r.Price), units})
		a.value[w] += r.Price * units
		a.units[w] += units
		sold[key(r.Tick, r.Hub)] = units
	}
	for _, r := range run.Costs {
		w := p.at(r.Tick)
		if r.Good != good || w == 0 || accs[r.Hub] == nil {
			continue
		}
		a := accs[r.Hub]
		if a.parts[w] == nil {
			a.parts[w] = map[tables.Sym]float64{}
		}
		a.parts[w][r.Component] += float64(r.PerUnit * sold[key(r.Tick, r.Hub)])
	}
	soldiers := sellers(run, "soldiers:")
	for _, r := range run.Trades {
		if w := p.at(r.Tick); w > 0 && r.Good == good && accs[r.Hub] != nil && soldiers[r.Seller] {
			accs[r.Hub].soldiers[w] += float64(r.Units)
		}
	}
	stat := func(a *acc, w int) Price {
		slices.SortFunc(a.prices[w], func(x, y lot) int { return cmp.Compare(x.price, y.price) })
		return Price{Mean: ratio(float64(a.value[w]), float64(a.units[w])), Low: quantile(a.prices[w], 0.1),
			High: quantile(a.prices[w], 0.9), Weeks: len(a.prices[w]), Units: a.units[w]}
	}
	var out []Town
	for _, h := range d.hubsInOrder() {
		s, ok := run.Names.Find(h.ID)
		if !ok || accs[s] == nil {
			continue
		}
		a := accs[s]
		t := Town{Hub: h, Good: g, Before: stat(a, 1), After: stat(a, 2), Sold: p.perYear(float64(a.units[1]), float64(a.units[2])),
			Soldiers: Pair{ratio(a.soldiers[1], float64(a.units[1])), ratio(a.soldiers[2], float64(a.units[2]))}}
		for _, name := range tables.Components() {
			c, _ := run.Names.Find(name)
			if a.parts[1] == nil && a.parts[2] == nil {
				break
			}
			t.Parts = append(t.Parts, Part{name, Pair{ratio(a.parts[1][c], float64(a.units[1])), ratio(a.parts[2][c], float64(a.units[2]))}})
		}
		out = append(out, t)
	}
	return out
}

// lot is what was sold in a week.
type lot struct {
	price float64
	units int64
}

// quantile is the price up to which a share q of the units was sold, of lots by price. Weeks count by their units, as they
// do in the mean: many a dear week sold a single unit.
func quantile(sorted []lot, q float64) float64 {
	var all, sum int64
	for _, l := range sorted {
		all += l.units
	}
	for _, l := range sorted {
		if sum += l.units; float64(sum) >= q*float64(all) {
			return l.price
		}
	}
	return 0
}

// hubsInOrder are the context's hubs, then hubs of the run that it forgot, by name.
func (d *Digest) hubsInOrder() []Hub {
	out := slices.Clone(d.Context.Hubs)
	known := map[string]bool{}
	for _, h := range out {
		known[h.ID] = true
	}
	var rest []string
	add := func(s tables.Sym) {
		if id := d.Run.Names.Text(s); !known[id] {
			known[id] = true
			rest = append(rest, id)
		}
	}
	for i := range d.Run.Hubs {
		add(d.Run.Hubs[i].Hub)
	}
	for i := range d.Run.Prices {
		add(d.Run.Prices[i].Hub)
	}
	slices.Sort(rest)
	for _, id := range rest {
		out = append(out, Hub{ID: id, Name: id, Market: true})
	}
	return out
}

// maxFocus is how many towns the report speaks of one by one.
const maxFocus = 6

// focus chooses the towns: those asked for, those of the facts, those where events happen, then the busiest; only where the main good traded.
func (d *Digest) focus() {
	have := map[string]Town{}
	var busy []Town
	for _, t := range d.Prices {
		if t.Good.ID == d.Goods[0].ID {
			have[t.Hub.ID] = t
			busy = append(busy, t)
		}
	}
	slices.SortStableFunc(busy, func(a, b Town) int {
		return cmp.Compare(min(b.Before.Weeks, b.After.Weeks), min(a.Before.Weeks, a.After.Weeks))
	})
	want := slices.Clone(d.Focus)
	for _, f := range d.Facts {
		want = append(want, f.Places...)
	}
	for _, e := range d.Events {
		want = append(want, e.Place)
	}
	for _, t := range busy {
		if t.Known() {
			want = append(want, t.Hub.ID)
		}
	}
	d.Focus = nil
	for _, id := range want {
		if t, ok := have[id]; ok && !slices.Contains(d.Focus, id) && len(d.Focus) < maxFocus {
			d.Focus = append(d.Focus, id)
			d.Towns = append(d.Towns, t)
		}
	}
}

// isFinal says whether a buyer uses what he buys.
func isFinal(buyer string) bool {
	return !strings.HasPrefix(buyer, "trafficker:") && !strings.HasPrefix(buyer, "dealer:")
}

// sellers marks the symbols of a kind of seller.
func sellers(run *tables.Run, kind string) []bool {
	of := make([]bool, run.Names.Len())
	for s := range of {
		of[s] = strings.HasPrefix(run.Names.Text(tables.Sym(s)), kind)
	}
	return of
}

// FinalBuyers marks the symbols of buyers who use what they buy.
func FinalBuyers(run *tables.Run) []bool {
	final := make([]bool, run.Names.Len())
	for s := range final {
		final[s] = isFinal(run.Names.Text(tables.Sym(s)))
	}
	return final
}

func (d *Digest) finalSales(p periods, g Good) (origins, buyers, sellers Mix) {
	run, n := d.Run, d.Run.Names.Len()
	good, _ := run.Names.Find(g.ID)
	final := FinalBuyers(run)
	var o, b, s [3][]float64
	for w := range o {
		o[w], b[w], s[w] = make([]float64, n), make([]float64, n), make([]float64, n)
	}
	for _, r := range run.Trades {
		if w := p.at(r.Tick); w > 0 && r.Good == good && final[r.Buyer] {
			u := float64(r.Units)
			o[w][r.Origin] += u
			b[w][r.Buyer] += u
			s[w][r.Seller] += u
		}
	}
	return d.mix(p, g, o), d.mix(p, g, b), d.mix(p, g, s)
}

func (d *Digest) mix(p periods, g Good, units [3][]float64) Mix {
	m := Mix{Good: g}
	var total Pair
	for s := range units[1] {
		total.Before += units[1][s]
		total.After += units[2][s]
	}
	for s := range units[1] {
		if units[1][s]+units[2][s] > 0 {
			m.Shares = append(m.Shares, Share{d.Run.Names.Text(tables.Sym(s)),
				Pair{ratio(units[1][s], total.Before), ratio(units[2][s], total.After)}})
		}
	}
	slices.SortFunc(m.Shares, func(a, b Share) int {
		return cmp.Or(cmp.Compare(b.Before+b.After, a.Before+a.After), strings.Compare(a.Name, b.Name))
	})
	m.Total = p.perYear(total.Before, total.After)
	return m
}

func (d *Digest) arcs(p periods) {
	run := d.Run
	good, _ := run.Names.Find(d.Goods[0].ID)
	type sums struct{ units, lost [3]int64 }
	byStrand := map[[3]tables.Sym]*sums{}
	var all sums
	for _, r := range run.Flows {
		w := p.at(r.Tick)
		if r.Good != good || w == 0 {
			continue
		}
		k := [3]tables.Sym{r.From, r.To, r.Origin}
		a := byStrand[k]
		if a == nil {
			a = &sums{}
			byStrand[k] = a
		}
		a.units[w] += r.Units
		a.lost[w] += r.Lost
		all.units[w] += r.Units
		all.lost[w] += r.Lost
	}
	for k, a := range byStrand {
		d.Strands = append(d.Strands, Strand{Arc{run.Names.Text(k[0]), run.Names.Text(k[1]),
			p.perYear(float64(a.units[1]), float64(a.units[2])), p.perYear(float64(a.lost[1]), float64(a.lost[2]))}, run.Names.Text(k[2])})
	}
	slices.SortFunc(d.Strands, func(a, b Strand) int {
		return cmp.Or(strings.Compare(a.From, b.From), strings.Compare(a.To, b.To), strings.Compare(a.Origin, b.Origin))
	})
	for _, s := range d.Strands {
		n := len(d.Arcs)
		if n == 0 || d.Arcs[n-1].From != s.From || d.Arcs[n-1].To != s.To {
			d.Arcs = append(d.Arcs, Arc{From: s.From, To: s.To})
			n++
		}
		a := &d.Arcs[n-1]
		a.Units = Pair{a.Units.Before + s.Units.Before, a.Units.After + s.Units.After}
		a.LostUnits = Pair{a.LostUnits.Before + s.LostUnits.Before, a.LostUnits.After + s.LostUnits.After}
	}
	slices.SortStableFunc(d.Arcs, func(a, b Arc) int { return cmp.Compare(abs(b.Units.Change()), abs(a.Units.Change())) })
	d.Moved = p.perYear(float64(all.units[1]), float64(all.units[2]))
	d.Lost = Pair{ratio(float64(all.lost[1]), float64(all.units[1])), ratio(float64(all.lost[2]), float64(all.units[2]))}
}

func abs(x float64) float64 {
	if x < 0 {
		return -x
	}
	return x
}

func (d *Digest) hubChanges(p periods) {
	run, n := d.Run, d.Run.Names.Len()
	type sums struct {
		sold, stored, activity, violence, weeks [3]float64
		regime, holder                          [3]map[tables.Sym]int
	}
	accs := make([]*sums, n)
	at := func(s tables.Sym) *sums {
		if accs[s] == nil {
			accs[s] = &sums{}
			for w := range accs[s].regime {
				accs[s].regime[w], accs[s].holder[w] = map[tables.Sym]int{}, map[tables.Sym]int{}
			}
		}
		return accs[s]
	}
	for _, r := range run.Hubs {
		if w := p.at(r.Tick); w > 0 {
			a := at(r.Hub)
			a.activity[w] += r.Activity
			a.violence[w] += r.Violence
			a.weeks[w]++
			a.regime[w][r.Regime]++
			a.holder[w][r.Controller]++
		}
	}
	good, _ := run.Names.Find(d.Goods[0].ID)
	for _, r := range run.Throughput {
		if w := p.at(r.Tick); w > 0 && r.Good == good {
			a := at(r.Hub)
			a.sold[w] += float64(r.Sold)
			a.stored[w] += float64(r.Stored)
		}
	}
	for _, h := range d.hubsInOrder() {
		s, ok := run.Names.Find(h.ID)
		if !ok || accs[s] == nil {
			continue
		}
		a := accs[s]
		mean := func(x [3]float64) Pair { return Pair{ratio(x[1], a.weeks[1]), ratio(x[2], a.weeks[2])} }
		d.Places = append(d.Places, HubChange{Hub: h, Sold: p.perYear(a.sold[1], a.sold[2]), Stored: mean(a.stored),
			Activity: mean(a.activity), Violence: mean(a.violence),
			Regime: [2]string{d.mode(a.regime[1]), d.mode(a.regime[2])}, Holder: [2]string{d.mode(a.holder[1]), d.mode(a.holder[2])}})
	}
}

// mode is the most frequent name; of equals the first by text.
func (d *Digest) mode(counts map[tables.Sym]int) string {
	best, most := "", 0
	for s, n := range counts {
		if name := d.Run.Names.Text(s); n > most || n == most && name < best {
			best, most = name, n
		}
	}
	return best
}

// MainPart is the component that moved most in the direction of the price, and by how many CFA per unit.
func (t Town) MainPart() (component string, change float64) {
	up := t.After.Mean >= t.Before.Mean
	for _, p := range t.Parts {
		if c := p.Change(); (c > 0) == up && abs(c) > abs(change) {
			component, change = p.Component, c
		}
	}
	return component, change
}

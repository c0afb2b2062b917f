package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"entrepot/output/tables"
)

// Move is how many stores went from one town to another after the first period.
type Move struct {
	From, To string
	Stores   int
}

// NetStores is how many more stores came to a town than left it.
type NetStores struct {
	Hub string
	Net int
}

// Holding is what a group held and what it paid for arms.
type Holding struct {
	Group string // as in actors.csv
	Held  Pair   // main good, mean units at the week's end
	Spent Pair   // CFA a year on all goods
}

// Force is what changed hands by force or by programme, units of the main good a year, and how often.
type Force struct {
	Captured, Seized, Collected Pair // units a year
	Posts, Drones               Pair // posts overrun and drone attacks, a year
}

// Programme is what disarmament did over the whole run.
type Programme struct {
	Registered        int64 // people
	Bought, Collected int64 // units of the main good: bought to enter, handed in
}

// Open says whether a programme did anything.
func (p Programme) Open() bool { return p.Registered+p.Bought+p.Collected > 0 }

// stores counts the moves of dealers' stores between the end of the first period and that of the second.
func (d *Digest) stores() {
	count := map[[2]string]int{}
	for _, e := range d.Run.Events {
		day := d.Run.Date(e.Tick)
		at := strings.LastIndex(e.Detail, " from ")
		if e.Kind != "store_moved" || at < 0 || day <= d.Before.To || day > d.After.To {
			continue
		}
		count[[2]string{e.Detail[at+len(" from "):], e.Place}]++
	}
	for k, n := range count {
		d.Stores = append(d.Stores, Move{k[0], k[1], n})
	}
	slices.SortFunc(d.Stores, func(a, b Move) int {
		return cmp.Or(cmp.Compare(b.Stores, a.Stores), strings.Compare(a.From, b.From), strings.Compare(a.To, b.To))
	})
}

// StoresNet adds the moves up by town: those that lost most first.
func (d *Digest) StoresNet() []NetStores {
	net := map[string]int{}
	for _, m := range d.Stores {
		net[m.From] -= m.Stores
		net[m.To] += m.Stores
	}
	var out []NetStores
	for hub, n := range net {
		if n != 0 {
			out = append(out, NetStores{hub, n})
		}
	}
	slices.SortFunc(out, func(a, b NetStores) int { return cmp.Or(cmp.Compare(a.Net, b.Net), strings.Compare(a.Hub, b.Hub)) })
	return out
}

// holdings are the groups of the run with their stocks and spending, largest stock first.
func (d *Digest) holdings(p periods) {
	run, n := d.Run, d.Run.Names.Len()
	good, _ := run.Names.Find(d.Goods[0].ID)
	held, _ := run.Names.Find("held")
	drones, _ := run.Names.Find("drone_attacks")
	stock, spent := make([][3]float64, n), make([][3]float64, n)
	var attacks [3]float64
	for _, r := range run.Actors {
		w := p.at(r.Tick)
		if w == 0 || !strings.HasPrefix(run.Names.Text(r.Actor), "group:") {
			continue
		}
		switch {
		case r.Measure == held && r.Good == good:
			stock[r.Actor][w] += r.Value
		case r.Measure == drones:
			attacks[w] += r.Value
		}
	}
	for _, r := range run.Trades {
		if w := p.at(r.Tick); w > 0 {
			spent[r.Buyer][w] += float64(r.Value)
		}
	}
	d.Force.Drones = p.perYear(attacks[1], attacks[2])
	for s := range n {
		name := run.Names.Text(tables.Sym(s))
		if !strings.HasPrefix(name, "group:") || stock[s] == [3]float64{} && spent[s] == [3]float64{} {
			continue
		}
		d.Holdings = append(d.Holdings, Holding{name, Pair{ratio(stock[s][1], p.weeks[1]), ratio(stock[s][2], p.weeks[2])}, p.perYear(spent[s][1], spent[s][2])})
	}
	slices.SortFunc(d.Holdings, func(a, b Holding) int {
		return cmp.Or(cmp.Compare(b.Held.Before+b.Held.After, a.Held.Before+a.Held.After), strings.Compare(a.Group, b.Group))
	})
}

// byForce reads the ledger's flows and counts the posts that were overrun.
func (d *Digest) byForce(p periods) {
	run := d.Run
	good, _ := run.Names.Find(d.Goods[0].ID)
	flow := func(name string) (a Pair, all int64) {
		measure, ok := run.Names.Find(name)
		if !ok {
			return a, 0
		}
		last, sum := make([]int64, run.Names.Len()), [3]float64{}
		for _, r := range run.Ledger { // cumulative: what was booked before the first week is not this run's
			if r.Measure != measure || r.Good != good {
				continue
			}
			if r.Tick > 0 {
				sum[p.at(r.Tick)] += float64(r.Units - last[r.Origin])
				all += r.Units - last[r.Origin]
			}
			last[r.Origin] = r.Units
		}
		return p.perYear(sum[1], sum[2]), all
	}
	d.Force.Captured, _ = flow("captured")
	d.Force.Seized, _ = flow("seized")
	d.Force.Collected, d.Programme.Collected = flow("collected")
	var posts [3]float64
	for _, e := range run.Events {
		if e.Kind == "capture" {
			posts[p.at(e.Tick)]++
		}
	}
	d.Force.Posts = p.perYear(posts[1], posts[2])
	d.programmes(good)
}

func (d *Digest) programmes(good tables.Sym) {
	run := d.Run
	registered, ok := run.Names.Find("registered")
	last := make([]float64, run.Names.Len())
	for _, r := range run.Actors {
		if ok && r.Measure == registered {
			last[r.Actor] = max(last[r.Actor], r.Value)
		}
	}
	for _, x := range last {
		d.Programme.Registered += int64(x)
	}
	buyer, ok := run.Names.Find("ddr")
	for _, r := range run.Trades {
		if ok && r.Buyer == buyer && r.Good == good {
			d.Programme.Bought += r.Units
		}
	}
}

// StoreSentences say where dealers went: from the towns that changed hands or rules, and where most came to.
func (d *Digest) StoreSentences() []string {
	w := d.Words
	r := w.Report
	all := 0
	for _, m := range d.Stores {
		all += m.Stores
	}
	if all == 0 {
		return nil
	}
	out := []string{fmt.Sprintf(r.StoresF, w.Month(d.Before.To+1), w.Month(d.After.To-6), all)}
	for _, h := range d.Places {
		if h.Regime[0] != h.Regime[1] || h.Holder[0] != h.Holder[1] {
			if s := d.storesOf(h.Hub.ID); s != "" {
				out = append(out, s)
			}
		}
	}
	if s := d.StoresShort(4); s != "" {
		out = append(out, s)
	}
	return out
}

// storesOf says which stores left a town, where to, and how many came.
func (d *Digest) storesOf(hub string) string {
	w := d.Words
	var to []string
	left, came := 0, 0
	for _, m := range d.Stores {
		if m.To == hub {
			came += m.Stores
		}
		if m.From == hub {
			left += m.Stores
			to = append(to, fmt.Sprintf("%s %d", d.Hub(m.To).Short(), m.Stores))
		}
	}
	if left == 0 {
		return ""
	}
	return fmt.Sprintf(w.Report.StoresLeftF, d.Hub(hub).Short(), left, w.List(to), came)
}

// StoresShort names the n towns that lost and the n that gained most stores; empty where no town did.
func (d *Digest) StoresShort(n int) string {
	w := d.Words
	net := d.StoresNet()
	var less, more []string
	for i := range min(n, len(net)) {
		if x := net[i]; x.Net < 0 {
			less = append(less, fmt.Sprintf("%s (%s)", d.Hub(x.Hub).Short(), w.Signed(float64(x.Net))))
		}
		if x := net[len(net)-1-i]; x.Net > 0 {
			more = append(more, fmt.Sprintf("%s (%s)", d.Hub(x.Hub).Short(), w.Signed(float64(x.Net))))
		}
	}
	if len(less) == 0 {
		return ""
	}
	return fmt.Sprintf(w.Report.StoresNetF, w.List(less), w.List(more))
}

// GroupSentences say what groups held and paid, what was taken by force, and what disarmament did.
func (d *Digest) GroupSentences() []string {
	w := d.Words
	r := w.Report
	unit := d.Goods[0].Unit
	var out []string
	var held, spent Pair
	for _, h := range d.Holdings {
		held = Pair{held.Before + h.Held.Before, held.After + h.Held.After}
		spent = Pair{spent.Before + h.Spent.Before, spent.After + h.Spent.After}
	}
	if held.Before > 0 {
		change, _ := held.Ratio()
		out = append(out, fmt.Sprintf(r.HeldF, w.Round(held.Before), w.Round(held.After), w.Change(change), unit))
	}
	if spent.Before > 0 {
		change, _ := spent.Ratio()
		out = append(out, fmt.Sprintf(r.SpentF, w.Round(spent.Before/1e6), w.Round(spent.After/1e6), w.Change(change)))
	}
	f := d.Force
	if f.Posts.Before+f.Posts.After > 0 {
		out = append(out, fmt.Sprintf(r.CapturedF, w.Amount(f.Posts.Before), w.Amount(f.Posts.After), w.Amount(f.Captured.Before), w.Amount(f.Captured.After), unit))
	}
	if f.Seized.Before+f.Seized.After > 0 {
		out = append(out, fmt.Sprintf(r.SeizedF, w.Amount(f.Seized.Before), w.Amount(f.Seized.After), unit))
	}
	if f.Drones.Before+f.Drones.After > 0 {
		out = append(out, fmt.Sprintf(r.DronesF, w.Amount(f.Drones.Before), w.Amount(f.Drones.After)))
	}
	if d.Programme.Open() {
		out = append(out, d.ProgrammeSentence())
	}
	return out
}

// ProgrammeSentence says what disarmament did over the whole run.
func (d *Digest) ProgrammeSentence() string {
	w, p := d.Words, d.Programme
	return fmt.Sprintf(w.Report.ProgrammeF, w.Int(float64(p.Registered)), w.Int(float64(p.Bought)), w.Int(float64(p.Collected)), d.Goods[0].Unit)
}

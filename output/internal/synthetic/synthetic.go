// Package synthetic makes a run of the right shape without the model, for the tests of figures and report. Its numbers are
// made up. Nothing that is shipped imports it.
package synthetic

import (
	"encoding/csv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"entrepot/output/digest"
	"entrepot/output/tables"
	"entrepot/sim"
)

// world is a table of the repository's northern-mali world, by column name.
func world(name string) []map[string]string {
	_, here, _, _ := runtime.Caller(0)
	file, err := os.Open(filepath.Join(filepath.Dir(here), "../../../scenarios/worlds/northern-mali", name))
	if err != nil {
		panic(err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		panic(err)
	}
	var out []map[string]string
	for _, r := range rows[1:] {
		m := map[string]string{}
		for i, h := range rows[0] {
			m[h] = r[i]
		}
		out = append(out, m)
	}
	return out
}

func number(s string) float64 {
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		panic(err)
	}
	return v
}

// day reads YYYY, YYYY-MM or YYYY-MM-DD; last gives the last day of it.
func day(s string, last bool) sim.Date {
	p := strings.Split(s, "-")
	y, _ := strconv.Atoi(p[0])
	m, d := 1, 1
	if len(p) > 1 {
		m, _ = strconv.Atoi(p[1])
	}
	if len(p) > 2 {
		d, _ = strconv.Atoi(p[2])
	}
	if !last {
		return sim.DateOf(y, m, d)
	}
	switch len(p) {
	case 1:
		return sim.DateOf(y, 12, 31)
	case 2:
		return sim.DateOf(y, m+1, 1) - 1
	}
	return sim.DateOf(y, m, d)
}

// Context is the context of the scenario offensive as the program would give it.
func Context() digest.Context {
	c := digest.Context{
		Scenario: "offensive", Title: "The army goes north, August 2023 to 2025",
		Question: "What does the offensive of the army and Wagner do to prices, roads and entrepots, where, how much and for how long?",
		Version:  "0.1.0", Seed: 1, Labels: map[string]string{"tuareg_north": "Tuareg, Kidal to southern Libya"},
		Focus:  []string{"gao", "kidal", "menaka", "timbuktu", "mauborder"},
		Before: digest.Window{From: sim.DateOf(2022, 8, 1), To: sim.DateOf(2023, 7, 31)},
		After:  digest.Window{From: sim.DateOf(2024, 7, 1), To: sim.DateOf(2025, 6, 30)},
	}
	for _, h := range world("hubs.csv") {
		c.Hubs = append(c.Hubs, digest.Hub{ID: h["id"], Name: h["name"], Country: h["country"], Lat: number(h["lat"]), Lon: number(h["lon"]), Market: h["market"] == "yes"})
	}
	for _, g := range world("goods.csv") {
		c.Goods = append(c.Goods, digest.Good{ID: g["id"], Name: g["name"], Unit: g["unit"], Ammunition: g["ammunition"] == "yes"})
	}
	for _, f := range world("facts.csv") {
		if f["kind"] == "price" && f["status"] != "background" {
			c.Facts = append(c.Facts, digest.Fact{ID: f["id"], Good: f["good"], Places: strings.Split(f["place"], "|"), Start: day(f["start"], false), End: day(f["end"], true),
				Low: number(f["low"]), High: number(f["high"]), Source: map[string]string{"bulletin": "GI-TOC 2025", "page": "UNODC 2023"}[f["status"]]})
		}
	}
	for _, e := range world("timeline.csv") {
		c.Events = append(c.Events, digest.Event{ID: e["id"], Date: day(e["date"], false), Label: e["event"], Cause: e["kind"], Place: e["place"]})
	}
	return c
}

// road is a link of the made-up network, as one good's carriers use it.
type road struct{ from, to string }

// Run makes a run of some weeks from 2015-01-05 on (574 in the whole history).
func Run(weeks int, start sim.Date) *tables.Run {
	r := tables.NewRun(start)
	g := &generator{run: r, rec: r.Recording(), rng: rand.New(rand.NewPCG(1, 2)), s: r.Names.Sym}
	c := Context()
	for _, h := range c.Hubs {
		if h.Market {
			g.hubs = append(g.hubs, h)
		}
	}
	g.roads = []road{{"ubari", "ghat"}, {"ghat", "tamanrasset"}, {"tamanrasset", "kidal"}, {"tamanrasset", "timiaouine"}, {"timiaouine", "abeibara"},
		{"abeibara", "kidal"}, {"kidal", "anefis"}, {"anefis", "gao"}, {"anefis", "ber"}, {"ber", "timbuktu"}, {"timbuktu", "lerneb"}, {"lerneb", "mauborder"},
		{"ubari", "salvador"}, {"salvador", "agadez"}, {"agadez", "tchin"}, {"tchin", "menaka"}, {"menaka", "gao"}, {"agadez", "tahoua"}, {"tahoua", "sokoto"},
		{"sokoto", "konni"}, {"konni", "tahoua"}, {"tahoua", "menaka"}, {"elfasher", "amdjarass"}, {"amdjarass", "tibesti"}, {"tibesti", "kouri"}, {"kouri", "salvador"},
		{"gao", "ntahaka"}, {"gao", "ansongo"}, {"bbm", "tessalit"}, {"tessalit", "kidal"}, {"tamanrasset", "bbm"}}
	for t := range weeks {
		g.week(int32(t))
	}
	return r
}

type generator struct {
	run    *tables.Run
	rec    tables.Recorder
	rng    *rand.Rand
	s      func(string) tables.Sym
	hubs   []digest.Hub
	roads  []road
	ledger map[[3]string]int64
}

// ware is a good with its price in CFA and units sold per market and week, both before the offensive.
type ware struct {
	id           string
	price, units float64
}

func goods() []ware {
	return []ware{{"ak", 250000, 8}, {"ammo_762x39", 600, 3500}, {"pistol", 190000, 3}, {"pkm", 900000, 1}, {"heavy", 2400000, 0.4}, {"drone", 800000, 0.2}}
}

func origins() []string {
	return []string{"libya", "sudan", "nigeria", "state_diverted", "captured", "ddr", "local"}
}

// step is 0 before the offensive and 1 well after it.
func (g *generator) step(t int32) float64 {
	x := float64(g.run.Date(t)-sim.DateOf(2023, 8, 13)) / 200
	return 1 / (1 + math.Exp(-4*(x-0.7)))
}

func (g *generator) poisson(mean float64) int64 {
	if mean > 30 {
		return int64(math.Max(0, mean+math.Sqrt(mean)*g.rng.NormFloat64()))
	}
	n, p, l := int64(0), 1.0, math.Exp(-mean)
	for {
		p *= g.rng.Float64()
		if p < l {
			return n
		}
		n++
	}
}

func (g *generator) weights(t int32) []float64 {
	s := g.step(t)
	return []float64{0.55 - 0.25*s, 0.04 + 0.12*s, 0.08 + 0.05*s, 0.08 + 0.05*s, 0.05 + 0.09*s, 0.01, 0.15 - 0.05*s}
}

func (g *generator) week(t int32) {
	s := g.step(t)
	if g.ledger == nil {
		g.ledger = map[[3]string]int64{}
	}
	for hi, h := range g.hubs {
		g.place(t, h, s)
		for _, good := range goods() {
			g.market(t, hi, h, good.id, good.price, good.units, s)
		}
	}
	g.flows(t, s)
	g.actors(t, s)
	g.accounts(t, s)
}

func (g *generator) place(t int32, h digest.Hub, s float64) {
	controller, regime := "csp", "open"
	if (h.ID == "ber" || h.ID == "kidal" || h.ID == "anefis") && s > 0.3 {
		controller, regime = "fama", map[bool]string{true: "closed", false: "clandestine"}[h.ID == "ber"]
	}
	if h.ID == "gao" {
		controller, regime = "fama", "clandestine"
	}
	v := 1 + 2*s*g.rng.Float64() + 0.3*g.rng.NormFloat64()
	score := 3 + 2*math.Sin(h.Lon) - map[string]float64{"closed": 2.5, "clandestine": 1}[regime] + 0.4*g.rng.NormFloat64()
	g.rec.Hub(tables.HubWeek{Tick: t, Hub: g.s(h.ID), Controller: g.s(controller), Regime: g.s(regime), Violence: math.Max(v, 0), Activity: math.Min(math.Max(score, 0), 10)})
}

func (g *generator) market(t int32, hi int, h digest.Hub, good string, base, units, s float64) {
	level := map[string]float64{"LBY": 0.5, "DZA": 0.75, "NER": 0.85, "TCD": 0.8, "SDN": 0.5, "NGA": 1.1, "MRT": 2.5}[h.Country]
	if level == 0 {
		level = 1 + 0.1*math.Sin(float64(hi))
	}
	p := base * level * (1 + s*(0.2+1.2*map[bool]float64{true: 1, false: 0.3}[h.Country == "MLI"])) * math.Exp(0.08*g.rng.NormFloat64())
	n := g.poisson(units * (1 - 0.4*s))
	if h.ID == "ber" {
		n = g.poisson(units * (1 - 0.95*s))
	}
	hub, gd := g.s(h.ID), g.s(good)
	price := int64(p)
	if n == 0 {
		price = 0
	}
	g.rec.Price(tables.Price{Tick: t, Hub: hub, Good: gd, Price: price, Bid: int64(p * 0.97), Ask: int64(p * 1.05), Units: n})
	g.rec.Throughput(tables.Throughput{Tick: t, Hub: hub, Good: gd, Arrived: n + 1, Sold: n, Stored: int64(40 * (1 - 0.8*s))})
	if n == 0 {
		return
	}
	left := price
	for i, c := range tables.Components()[:6] {
		share := []float64{0.45 - 0.25*s, 0.15 - 0.05*s, 0.04, 0.08, 0.08 + 0.25*s, 0.03}[i]
		v := int64(float64(price) * share)
		g.rec.Cost(tables.Cost{Tick: t, Hub: hub, Good: gd, Component: g.s(c), PerUnit: v})
		left -= v
	}
	g.rec.Cost(tables.Cost{Tick: t, Hub: hub, Good: gd, Component: g.s("margin"), PerUnit: left})
	buyers := []string{"group:jnim", "group:is_sahel", "group:csp", "civilian:miners", "civilian:self_defence", "ddr", "dealer:ber"}
	sellers := []string{"trafficker:tuareg_north", "trafficker:arab_timbuktu", "dealer:gao", "stockholder:libya", "soldiers:fama"}
	for i, w := range g.weights(t) {
		if k := g.poisson(float64(n) * w); k > 0 {
			b := buyers[g.rng.IntN(len(buyers))]
			if b == "ddr" && s < 0.9 {
				b = buyers[0]
			}
			g.rec.Trade(tables.Trade{Tick: t, Hub: hub, Good: gd, Origin: g.s(origins()[i]), Seller: g.s(sellers[g.rng.IntN(len(sellers))]), Buyer: g.s(b), Units: k, Value: k * price})
		}
	}
	if h.ID == "gao" && good == "ak" && t%26 == 3 {
		g.book(t, hub, gd, p, n)
	}
}

func (g *generator) book(t int32, hub, good tables.Sym, p float64, n int64) {
	for i := range 14 {
		f := float64(i) / 14
		g.rec.Order(tables.Order{Tick: t, Hub: hub, Good: good, Side: g.s("bid"), Limit: int64(p * (1.5 - f)), Units: 1 + n/7})
		g.rec.Order(tables.Order{Tick: t, Hub: hub, Good: good, Side: g.s("ask"), Limit: int64(p * (0.6 + f*0.9)), Units: 1 + n/7})
	}
}

func (g *generator) flows(t int32, s float64) {
	for i, r := range g.roads {
		north := r.from == "tamanrasset" || r.from == "ghat" || r.to == "ber" || r.from == "ber" || strings.HasPrefix(r.from, "tess")
		south := r.from == "elfasher" || r.from == "sokoto" || r.from == "konni" || r.from == "amdjarass" || r.from == "tibesti" || r.from == "kouri"
		f := 1.0
		if north {
			f = 1 - 0.8*s
		}
		if south {
			f = 0.15 + s
		}
		for _, good := range goods() {
			for o, w := range g.weights(t)[:5] {
				if (o == 1) != (r.from == "elfasher" || r.from == "amdjarass" || r.from == "tibesti" || r.from == "kouri") && o < 2 || o > 2 && i%4 != o%4 {
					continue
				}
				if n := g.poisson(good.units * f * w * (2 - float64(i%5)*0.3)); n > 0 {
					g.rec.Flow(tables.Flow{Tick: t, From: g.s(r.from), To: g.s(r.to), Good: g.s(good.id), Origin: g.s(origins()[o]), Units: n, Lost: min(n, g.poisson(float64(n)*(0.02+0.08*s)))})
				}
			}
		}
	}
}

func (g *generator) actors(t int32, s float64) {
	for i, a := range []string{"jnim", "is_sahel", "csp", "fla", "msa", "gatia", "self_defence", "iswap"} {
		id := g.s("group:" + a)
		base := 3000 / float64(1+i) * (1 + float64(t)/800)
		for o, w := range g.weights(t) {
			g.rec.Actor(tables.Actor{Tick: t, Actor: id, Good: g.s("ak"), Origin: g.s(origins()[o]), Measure: g.s("held"), Value: math.Round(base * w), Unit: g.s("rifles")})
			g.rec.Actor(tables.Actor{Tick: t, Actor: id, Good: g.s("ammo_762x39"), Origin: g.s(origins()[o]), Measure: g.s("fired"), Value: math.Round(base * w * (1 + s)), Unit: g.s("rounds")})
		}
		g.rec.Actor(tables.Actor{Tick: t, Actor: id, Measure: g.s("cash"), Value: base * 1e5, Unit: g.s("CFA")})
	}
	if d := g.run.Date(t); d > sim.DateOf(2025, 5, 1) && d < sim.DateOf(2025, 12, 1) {
		g.rec.Actor(tables.Actor{Tick: t, Actor: g.s("ddr"), Measure: g.s("registered"), Value: 30 * float64(d-sim.DateOf(2025, 4, 28)) / 7, Unit: g.s("people")})
	}
}

func (g *generator) accounts(t int32, s float64) {
	for _, o := range origins() {
		for _, m := range []string{"made", "captured", "used", "lost", "seized", "collected", "held", "carried"} {
			k := [3]string{"ak", o, m}
			add := g.poisson(2 + 4*s)
			if m == "collected" && g.run.Date(t) < sim.DateOf(2025, 5, 1) || m == "captured" && o != "captured" {
				add = 0
			}
			g.ledger[k] += add
			g.rec.Ledger(tables.Ledger{Tick: t, Good: g.s("ak"), Origin: g.s(o), Measure: g.s(m), Units: g.ledger[k]})
		}
	}
}

package main

import (
	"fmt"
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/scenarios"
)

// reading is how one fact is held against the model.
type reading struct {
	fact      scenarios.Fact
	what      string  // what exactly is measured
	unit      string  // of the model's figure and of low and high
	low, high float64 // range in which the model's mean is "met"
	measure   measure
	why       string // without a measure: why the model has nothing to hold against the fact
}

func (r *reading) sign() bool { return r.fact.Kind == "sign" }

// readings lists the targets of a world and how each is read, in the order of the file. Of the inputs (`use=driver`) only prices
// are read: the model makes them too.
func readings(of *scenarios.Scenario) (all []reading) {
	s := world{of}
	for _, f := range s.Facts {
		if f.Use != "calibrate" && f.Kind != "price" {
			continue
		}
		r := reading{fact: f, unit: f.Unit, low: f.Low, high: f.High}
		if r.low == r.high && !r.sign() { // a point gets 10 % either way
			r.low, r.high = 0.9*f.Low, 1.1*f.High
		}
		when, ok := spanOf(f.Start, f.End)
		if !ok {
			r.why = "not measurable: the fact has no date"
		} else {
			r.read(s, when)
		}
		if r.measure == nil && r.why == "" {
			r.why = "not measurable: no table of the model records it"
		}
		all = append(all, r)
		if f.Kind == "seizure" && f.Good == "ak" {
			all = append(all, roundsAboard(s, r, when))
		}
	}
	return all
}

// read fills in the measure, by what the fact is about.
func (r *reading) read(s world, when span) {
	switch r.fact.Kind {
	case "price":
		r.measure = price(r.fact.Good, hubsOf(s.Scenario, r.fact.Place), when)
		r.what = fmt.Sprintf("price of one %s in %s, %s: mean over the units sold", s.good(r.fact.Good), s.place(r.fact.Place), months(r.fact))
	case "price_ratio":
		r.priceRatio(s, when)
	case "sign":
		r.signOf(s, when)
	case "stock_share", "origin_share":
		r.share(s, when)
	case "seizure":
		r.seizure(s, when)
	case "count":
		r.count(s, when)
	}
}

func (r *reading) priceRatio(s world, when span) {
	f := &r.fact
	switch a, b, two := strings.Cut(f.Place, "/"); {
	case f.Good == "ak_per_round":
		at := hubsOf(s.Scenario, f.Place)
		r.measure = ratio(price("ak", at, when), price("ammo_762x39", at, when))
		r.what = fmt.Sprintf("price of a rifle over that of a round in %s, %s", s.place(f.Place), months(*f))
	case two:
		r.measure = ratio(price(f.Good, hubsOf(s.Scenario, a), when), price(f.Good, hubsOf(s.Scenario, b), when))
		r.what = fmt.Sprintf("price of a rifle in %s over that in %s, %s", s.place(a), s.place(b), months(*f))
	case f.Good == "dealer":
		at := hubsOf(s.Scenario, f.Place)
		r.measure = change(priceTraded(at, when, toDealer), priceTraded(at, when, fromDealer))
		r.what = fmt.Sprintf("what dealers in %s get for a rifle over what they pay for one, less 1, %s: means over the units", s.place(f.Place), months(*f))
	case f.Good == "ddr":
		when.first -= 7 // the week in which the programme opens
		r.measure = ratio(grown("collected", "ak", when), most("registered", "ddr:", when))
		r.what = fmt.Sprintf("rifles collected per person registered, %s", months(*f))
	case f.Good == "pistol" || f.Good == "rpg":
		r.elsewhere(s)
	}
}

// elsewhere reads prices of Abidjan, which is not in the model: the fact's note has them as a ratio to a rifle there, and the
// model's ratio in northern Mali before the offensive stands beside that.
func (r *reading) elsewhere(s world) {
	at, calm := hubsOf(s.Scenario, "northern_mali"), mustSpan("2015-01", "2022-12")
	good, what := "pistol", "price of a pistol over that of a rifle"
	r.low, r.high = 0.75, 1
	if r.fact.Good == "rpg" {
		good, what = "heavy", "price of a heavy weapon over that of a rifle (the model has no launcher of its own: its heavy weapon stands for heavy machine guns too, which are dearer)"
		r.low, r.high = 2.5, 3.3
	}
	r.measure, r.unit = ratio(price(good, at, calm), price("ak", at, calm)), "ratio"
	r.what = what + ", northern Mali 2015 to 2022, against the ratio in Abidjan (August 2012)"
}

func (r *reading) signOf(s world, when span) {
	f := &r.fact
	at := hubsOf(s.Scenario, f.Place)
	from, to, two := strings.Cut(f.Place, "/")
	switch {
	case f.Good == "ak" && two:
		there := hubsOf(s.Scenario, to)
		r.measure = balance(crossing("ak", outside(there), in(there), when), crossing("ak", in(there), outside(there), when))
		r.what = fmt.Sprintf("rifles on roads into %s less those out of it, over their sum, %s", s.place(to), months(*f))
		r.unit = "sign of (in - out)/(in + out)"
	case f.Good == "ak":
		r.measure = change(price("ak", at, when.yearBefore()), price("ak", at, when))
		r.what = fmt.Sprintf("change of the price of a rifle in %s, %s, against the year before", s.place(f.Place), months(*f))
		r.unit = "sign of a relative change"
	case f.Good == "arms_flow":
		a, b := hubsOf(s.Scenario, from), hubsOf(s.Scenario, to)
		r.measure = change(crossing("ak", in(a), in(b), when.before()), crossing("ak", in(a), in(b), when))
		r.what = fmt.Sprintf("change of the rifles on roads from %s to %s, %s, against as long a time before", s.place(from), s.place(to), months(*f))
		r.unit = "sign of a relative change"
	case f.Good == "demand_ddr":
		r.measure = change(unitsTraded(at, when.lastYear(), toUser), unitsTraded(at, when, toUser))
		r.what = fmt.Sprintf("change of the rifles sold to users, candidates among them, in %s, %s, against the same months a year before", s.place(f.Place), months(*f))
		r.unit = "sign of a relative change"
	case strings.HasPrefix(f.Good, "hub_"):
		r.measure = change(sold(at, when.before()), sold(at, when))
		r.what = fmt.Sprintf("change of the rifles sold in %s, %s, against as long a time before", s.place(f.Place), months(*f))
		r.unit = "sign of a relative change"
	}
}

// weapons are the goods that are neither ammunition nor drones.
func weapons(s world) (ids []string) {
	for i := range s.Setup.Goods {
		if g := &s.Setup.Goods[i]; !g.Ammunition && !g.Drone {
			ids = append(ids, g.ID)
		}
	}
	return ids
}

// ofState are the origins that came out of a state's hands.
func ofState() []string { return []string{"state_diverted", "captured"} }

func jihadists() []string { return []string{"group:jnim", "group:is_sahel"} }

// share reads shares of what armed groups hold and fire. Who surveys weapons in the field sees what was seized or found; the
// model keeps stocks and what was fired, and not where a group's weapons are.
func (r *reading) share(s world, when span) {
	held := filter{measure: "held", actors: jihadists(), goods: weapons(s)}
	part := held
	switch r.fact.Good {
	case "state_diverted_weapons":
		part.origins = ofState()
		r.what = "weapons that came out of a state's hands (captured, or sold by soldiers), as a share of those that JNIM and IS Sahel hold, mean over the weeks"
	case "assault_rifles":
		part.goods = []string{"ak"}
		r.what = "rifles as a share of the weapons that JNIM and IS Sahel hold, wherever, mean over the weeks: the model does not keep what is recovered in one region"
	case "state_diverted_ammo":
		held = filter{measure: "fired", actors: sahelGroups(s), goods: []string{"ammo_762x39"}}
		part = held
		part.origins = ofState()
		r.what = "rounds that came out of a state's hands, as a share of those fired by armed groups (but ISWAP, which is not of the central Sahel)"
	default:
		return
	}
	r.measure = ratio(total(part, when), total(held, when))
	r.what += ", " + months(r.fact)
}

func sahelGroups(s world) (actors []string) {
	for i := range s.Setup.Groups {
		if id := s.Setup.Groups[i].ID; id != "iswap" {
			actors = append(actors, "group:"+id)
		}
	}
	return actors
}

func (r *reading) seizure(s world, when span) {
	switch r.fact.Good {
	case "arms":
		r.measure = per(total(filter{measure: "seized", actors: []string{"force:" + r.fact.Place}, goods: weapons(s)}, when), when.years())
		r.what = fmt.Sprintf("weapons that the forces of %s seized on roads, %s, per year", s.place(r.fact.Place), months(r.fact))
	case "ak":
		actors := passing(s, r.fact.Place)
		loaded := total(filter{measure: "loaded", actors: actors, goods: []string{"ak"}}, when)
		r.measure = ratio(loaded, total(filter{measure: "cargoes", actors: actors, goods: []string{"ak"}}, when))
		r.what = fmt.Sprintf("rifles loaded per cargo that is mostly rifles, networks with kin in %s (%s), %s: a cargo is one vehicle, a consignment may be several", s.place(r.fact.Place), strings.Join(names(actors), ", "), months(r.fact))
		r.unit = "rifles per cargo"
	}
}

// roundsAboard reads the other number of a documented consignment, which stands in the note of the fact: 390 rounds a rifle.
func roundsAboard(s world, r reading, when span) reading {
	actors := passing(s, r.fact.Place)
	r.low, r.high = 0.9*390, 1.1*390
	r.measure = ratio(total(filter{measure: "loaded", actors: actors, goods: []string{"ammo_762x39"}}, when), total(filter{measure: "loaded", actors: actors, goods: []string{"ak"}}, when))
	r.what, r.unit = fmt.Sprintf("rounds loaded per rifle loaded, the same networks, %s", months(r.fact)), "rounds per rifle"
	return r
}

// passing lists the networks that have a home or kin at a hub.
func passing(s world, hub string) (actors []string) {
	for i := range s.Setup.Networks {
		if n := &s.Setup.Networks[i]; n.Group == "" && (slices.Contains(n.Kin, hub) || slices.Contains(n.Homes, hub)) {
			actors = append(actors, "trafficker:"+n.ID)
		}
	}
	return actors
}

func names(actors []string) (short []string) {
	for _, a := range actors {
		_, name, _ := strings.Cut(a, ":")
		short = append(short, "`"+name+"`")
	}
	return short
}

func (r *reading) count(s world, when span) {
	switch r.fact.Good {
	case "ddr":
		r.measure = most("registered", "ddr:", span{when.first - 7, when.last})
		r.what = fmt.Sprintf("people registered by programmes up to the end of %s", r.fact.End)
	case "dealer":
		at := hubsOf(s.Scenario, r.fact.Place)
		r.measure = per(unitsTraded(at, when, fromDealer), when.years()*float64(dealers(s, at)))
		r.what = fmt.Sprintf("rifles that a dealer in %s sells in a year, %s", s.place(r.fact.Place), months(r.fact))
		r.unit = "rifles per dealer and year"
	case "gold_income":
		// The note of the fact reckons with a rifle at 600,000 CFA, which is the price of February 2025 in Gao (S02).
		const rifle = 600_000
		r.low, r.high = 0.9*rifle/r.fact.High, 1.1*rifle/r.fact.Low
		r.measure = per(price("ak", hubsOf(s.Scenario, r.fact.Place), mustSpan("2025-01", "2025-03")), r.fact.Low)
		r.what = fmt.Sprintf("price of a rifle in %s, January to March 2025, in weeks of a miner's documented income (%s CFA, 2020; the model has no wage), against a rifle at %d CFA", s.place(r.fact.Place), short(r.fact.Low), rifle)
		r.unit = "miner-weeks per rifle"
	}
}

func dealers(s world, at []string) (n int) {
	for _, d := range s.Setup.Dealers {
		if slices.Contains(at, d.Hub) {
			n += d.Number
		}
	}
	return n
}

// mustSpan is a span of the program's own.
func mustSpan(start, end string) span {
	s, ok := spanOf(start, end)
	if !ok {
		panic("calibration: " + start + " to " + end + " is no span")
	}
	return s
}

// world is a scenario with the names of what is in its world.
type world struct{ *scenarios.Scenario }

// place writes hubs and zones in words.
func (s world) place(place string) string {
	var words []string
	for _, p := range strings.Split(place, "|") {
		i := slices.IndexFunc(s.Setup.Hubs, func(h agents.Hub) bool { return h.ID == p })
		if i >= 0 {
			words = append(words, s.Setup.Hubs[i].Name)
			continue
		}
		zone := strings.Split(p, "_")
		for k, w := range zone {
			if w != "" && !slices.Contains([]string{"northern", "southern", "western", "eastern", "central"}, w) {
				zone[k] = strings.ToUpper(w[:1]) + w[1:]
			}
		}
		words = append(words, strings.Join(zone, " "))
	}
	return strings.Join(words, ", ")
}

// good writes a good in words.
func (s world) good(id string) string {
	for i := range s.Setup.Goods {
		if g := &s.Setup.Goods[i]; g.ID == id {
			return g.Name
		}
	}
	return id
}

// months writes the period of a fact in words.
func months(f scenarios.Fact) string {
	if f.Start == f.End {
		return f.Start
	}
	return f.Start + " to " + f.End
}

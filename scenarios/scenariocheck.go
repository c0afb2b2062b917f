package scenarios

import (
	"fmt"
)

// checkEvents asks of the events what needs the world: whether there is such a road.
func (s *Scenario) checkEvents(m *merged, c *checker) {
	roads := s.roads()
	for _, e := range s.Setup.Events {
		v := m.byID[e.ID].v
		path := join("events", e.ID)
		switch {
		case e.Kind == "route" && e.From != "" && e.To != "" && !roads[[2]string{e.From, e.To}] && c.known(Hubs, e.From) && c.known(Hubs, e.To):
			c.add(v.get("to").position, path+".to", Say("must be joined to %s by a road in routes.csv, got %s", e.From, quote(e.To)))
		case e.Kind == "alliance" && e.Group == e.Other && e.Group != "":
			c.add(v.get("other").position, path+".other", Say("must be another party than group, got %s", quote(e.Other)))
		}
	}
}

// roads returns the pairs of hubs with a road, in both directions.
func (s *Scenario) roads() map[[2]string]bool {
	roads := map[[2]string]bool{}
	for _, r := range s.Setup.Routes {
		roads[[2]string{r.From, r.To}], roads[[2]string{r.To, r.From}] = true, true
	}
	return roads
}

// maxCarriers bounds the carriers of a run, all networks together, after scaling; maxDealers the dealers of all towns.
const (
	maxCarriers = 5_000_000
	maxDealers  = 100_000
)

// checkSize refuses runs that would not fit into the engine's integers or into the memory of a usual machine.
func (s *Scenario) checkSize(m *merged, c *checker) {
	s.checkCarriers(m, c)
	s.checkDealers(c)
	s.checkStocks(c)
	s.checkMemory(m, c)
}

func (s *Scenario) checkCarriers(m *merged, c *checker) {
	carriers := int64(0)
	for _, n := range s.Setup.Networks {
		carriers += int64(n.Carriers)
	}
	scale := s.Setup.Params.Trafficker.Scale
	if carriers*scale <= maxCarriers {
		return
	}
	at := s.world.at("networks.csv", 0, "carriers")
	if v := m.params["trafficker.scale"]; v != nil {
		at = v.position
	}
	c.add(at, "parameters.trafficker.scale", Say("must leave at most %s carriers, got %s times %s", maxCarriers, carriers, scale))
}

func (s *Scenario) checkDealers(c *checker) {
	dealers := 0
	for i, d := range s.Setup.Dealers {
		before := dealers
		if dealers += d.Number; before <= maxDealers && dealers > maxDealers {
			c.add(s.world.at("dealers.csv", i, "number"), "number", Say("must leave at most %s dealers in all towns together, got %s with this row", maxDealers, dealers))
		}
	}
}

// maxUnits bounds what all actors together want of a good, or have of it at first: the engine counts units in 32 bits, and
// fighting and events make wants grow. maxWorth keeps sums of money in 64 bits.
const (
	maxUnits = 1_000_000_000
	maxWorth = 1e17
)

// checkStocks adds up what groups and civilians want and hold at first, good by good.
func (s *Scenario) checkStocks(c *checker) {
	units, worth := map[string]float64{}, 0.0
	limit := map[string]float64{}
	for _, g := range s.Setup.Goods {
		limit[g.ID] = maxUnits
	}
	fighters := map[string]float64{}
	for _, g := range s.Setup.Groups {
		fighters[g.ID] = float64(g.Fighters)
	}
	add := func(file string, row int, column, good string, n, wtp float64) {
		before, paid := units[good], worth
		units[good] += n
		worth += float64(n * wtp)
		at := s.world.at(file, row, column)
		if most := limit[good]; before <= most && units[good] > most {
			c.add(at, column, Say("must leave at most %s units of %s that all actors want or hold at the start, got %s with this row", fmt.Sprintf("%.0f", most), good, fmt.Sprintf("%.0f", units[good])))
		}
		if paid <= maxWorth && worth > maxWorth {
			c.add(at, column, Say("must leave wants worth at most %s CFA in all (units times wtp_cfa), got %s with this row", fmt.Sprintf("%.0g", maxWorth), fmt.Sprintf("%.4g", worth)))
		}
	}
	for i, g := range s.Setup.GroupGoods {
		add("group_goods.csv", i, "per_fighter", g.Good, fighters[g.Group]*g.PerFighter*max(1, g.Start), float64(g.WTP))
	}
	scale := s.Setup.Params.Demand.CivilScale
	for i, b := range s.Setup.Buyers {
		add("buyers.csv", i, "people", b.Good, float64(b.People)*b.Want*scale*max(1, b.Start), float64(b.WTP))
	}
}

// maxMemory bounds what a run needs, bytes; the garbage collector may take as much again.
const maxMemory = 640 << 20

// size is what a run needs, bytes.
type size struct {
	actors, pairs float64 // of the model
	rows          float64 // that are recorded
}

func (n size) all() float64 { return n.actors + n.pairs + n.rows }

// size estimates the tables that grow with the product of two sizes. The factors are bytes of an entry, rounded up:
// routes and trips of a network by pair of places, what is on offer by pair of markets, and the rows that are recorded.
func (s *Scenario) size() (n size) {
	setup := s.Setup
	hubs, goods, networks := float64(len(setup.Hubs)), float64(len(setup.Goods)), float64(len(setup.Networks))
	forces, groups, roads := float64(len(setup.Forces)), float64(len(setup.Groups)), float64(len(setup.Routes))
	markets, carriers, dealers := s.markets(), 0.0, 0.0
	for _, n := range setup.Networks {
		carriers = min(maxCarriers, carriers+float64(float64(n.Carriers)*float64(setup.Params.Trafficker.Scale)))
	}
	for _, d := range setup.Dealers {
		dealers = min(maxDealers, dealers+float64(d.Number)) // more were refused already
	}
	visible := map[float64]bool{}
	for _, g := range setup.Goods {
		visible[g.Visibility] = true
	}
	n.pairs = networks*(hubs*markets*115+markets*markets*32*float64(len(visible))+markets*min(160, goods*markets)*80+hubs*goods*40) +
		markets*markets*goods*48 + hubs*hubs*8 + hubs*goods*1000
	n.actors = carriers*(100+4*goods) + dealers*goods*150 + forces*(hubs+roads*16) + groups*(hubs*10+goods*150+groups*4+forces)
	n.rows = s.weeks() * hubs * (40 + goods*40)
	return n
}

// markets counts the hubs where there is one.
func (s *Scenario) markets() (n float64) {
	for _, h := range s.Setup.Hubs {
		if h.Market {
			n++
		}
	}
	return n
}

func (s *Scenario) weeks() float64 { return float64(max(0, s.Setup.Weeks())) }

// Model is about how much memory a run of the scenario needs while it lives, bytes, without what is recorded of it and without garbage.
func (s *Scenario) Model() int64 { n := s.size(); return int64(n.actors + n.pairs) }

// Recorded is about how much memory the rows of a whole run need, bytes.
func (s *Scenario) Recorded() int64 { return int64(s.size().rows) }

// checkMemory refuses what no usual machine can keep.
func (s *Scenario) checkMemory(m *merged, c *checker) {
	need := s.size()
	if need.all() <= maxMemory {
		return
	}
	at, path := s.world.at("hubs.csv", 0, "id"), ""
	if v := m.period["end"]; v != nil && need.rows > need.pairs+need.actors {
		at, path = v.position, "period.end"
	}
	c.add(at, path, Say("must be a world and a period that a run can keep in %s MiB, got an estimated %s MiB for %s hubs (%s markets), %s goods, %s networks and %s weeks", maxMemory>>20, fmt.Sprintf("%.0f", need.all()/(1<<20)), len(s.Setup.Hubs), fmt.Sprintf("%.0f", s.markets()), len(s.Setup.Goods), len(s.Setup.Networks), fmt.Sprintf("%.0f", s.weeks())))
}

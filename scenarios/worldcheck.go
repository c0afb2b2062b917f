package scenarios

import (
	"fmt"
	"strings"

	"entrepot/sim"
)

// check asks what no single cell can tell: sums, orders of dates, and whether one can get from hub to hub.
func (w *world) check(c *checker) {
	w.checkNames(c)
	w.checkRoutes(c)
	w.checkConnected(c)
	w.checkMarkets(c)
	w.checkShares(c)
	w.checkPresence(c)
	w.checkProgrammes(c)
	w.checkGoods(c)
	w.checkOrigins(c)
	checkFacts(w.facts, w.raw["facts.csv"], c)
}

// at is the position of a cell.
func (w *world) at(file string, row int, column string) position {
	return w.raw[file].at(row, column)
}

// checkNames keeps apart the names that share a column somewhere: groups and forces, hubs and zones, buyers and kinds.
func (w *world) checkNames(c *checker) {
	apart := func(a, b Set) {
		for _, name := range c.names([]Set{b}) {
			if c.known(a, name) {
				c.add(c.ids[b].at[name], "id", Say("must differ from the id of every %s, got %s; first at %s", word(string(a)), quote(name), c.ids[a].at[name]))
			}
		}
	}
	apart(Groups, Forces)
	apart(Hubs, Zones)
	apart(BuyerKinds, Buyers)
}

func (w *world) checkRoutes(c *checker) {
	first := map[[2]string]int{}
	for i, r := range w.setup.Routes {
		if r.From == r.To && r.From != "" {
			c.add(w.at("routes.csv", i, "to"), "to", Say("must be another hub than from, got %s", quote(r.To)))
		}
		if j, twice := first[[2]string{r.To, r.From}]; twice && r.From != r.To {
			c.add(w.at("routes.csv", i, "from"), "from,to", Say("must be given once, since roads lead both ways, got %s; first at %s", quote(r.From+","+r.To), w.at("routes.csv", j, "from")))
		}
		first[[2]string{r.From, r.To}] = i
	}
}

// checkConnected reports market hubs that no road joins to the first market hub.
func (w *world) checkConnected(c *checker) {
	near := map[string][]string{}
	for _, r := range w.setup.Routes {
		near[r.From] = append(near[r.From], r.To)
		near[r.To] = append(near[r.To], r.From)
	}
	reached, start := map[string]bool{}, ""
	for i, h := range w.setup.Hubs {
		switch {
		case !h.Market:
		case start == "":
			start = h.ID
			reach(start, near, reached)
		case !reached[h.ID]:
			c.add(w.at("hubs.csv", i, "id"), "id", Say("must be reachable by routes from the market hub %s, got no way to %s", quote(start), quote(h.ID)))
		}
	}
	if start == "" && len(w.setup.Hubs) > 0 {
		c.add(w.at("hubs.csv", 0, "market"), "market", Say("must be yes for at least one hub, got none"))
	}
}

func reach(from string, near map[string][]string, reached map[string]bool) {
	reached[from] = true
	for queue := []string{from}; len(queue) > 0; queue = queue[1:] {
		for _, next := range near[queue[0]] {
			if !reached[next] {
				reached[next] = true
				queue = append(queue, next)
			}
		}
	}
}

// checkMarkets asks that whoever buys or sells at a hub does so at a market hub.
func (w *world) checkMarkets(c *checker) {
	markets, known := map[string]bool{}, map[string]bool{}
	for _, h := range w.setup.Hubs {
		markets[h.ID], known[h.ID] = h.Market, true
	}
	need := func(file string, row int, column, hub string) {
		if hub != "" && known[hub] && !markets[hub] {
			c.add(w.at(file, row, column), column, Say("must be a hub with market yes in hubs.csv, got %s", quote(hub)))
		}
	}
	for i, d := range w.setup.Dealers {
		need("dealers.csv", i, "hub", d.Hub)
	}
	for i, s := range w.setup.Stockholders {
		need("stockholders.csv", i, "hub", s.Hub)
	}
	for i, b := range w.setup.Buyers {
		need("buyers.csv", i, "hub", b.Hub)
	}
	for i, p := range w.setup.Programmes {
		need("programmes.csv", i, "hub", p.Hub)
	}
	for i, g := range w.setup.Groups {
		need("groups.csv", i, "buy_at", g.BuyAt)
	}
}

// checkShares adds up where the fighters of each group are.
func (w *world) checkShares(c *checker) {
	sums := map[string]float64{}
	for i, g := range w.setup.GroupHubs {
		before := sums[g.Group]
		sums[g.Group] += g.Share
		if before <= shareSlack && sums[g.Group] > shareSlack {
			c.add(w.at("group_hubs.csv", i, "share"), "share", Say("must be shares of %s that add up to at most 1, got %s with this one", g.Group, fmt.Sprintf("%.4g", sums[g.Group])))
		}
	}
}

// checkPresence asks that nothing ends before it starts.
func (w *world) checkPresence(c *checker) {
	order := func(file string, row int, from, to sim.Date) {
		if from != 0 && to != 0 && to < from {
			c.add(w.at(file, row, "to"), "to", Say("must not be before from (%s), got %s", from, to))
		}
	}
	for i, g := range w.setup.Groups {
		order("groups.csv", i, g.From, g.To)
		if g.Successor != "" && g.Successor != g.ID && g.To == 0 {
			c.add(w.at("groups.csv", i, "successor"), "successor", Say("must be empty for a group that does not end (to is empty), got %s", quote(g.Successor)))
		}
		if g.Successor == g.ID && g.ID != "" {
			c.add(w.at("groups.csv", i, "successor"), "successor", Say("must be another group, got %s", quote(g.Successor)))
		}
	}
	for i, f := range w.setup.Forces {
		order("forces.csv", i, f.From, f.To)
	}
	for i, p := range w.setup.Posts {
		order("posts.csv", i, p.From, p.To)
	}
}

func (w *world) checkProgrammes(c *checker) {
	for i, p := range w.setup.Programmes {
		if p.Announced != 0 && p.Open != 0 && p.Open < p.Announced {
			c.add(w.at("programmes.csv", i, "open"), "open", Say("must not be before announced (%s), got %s", p.Announced, p.Open))
		}
		if p.Open != 0 && p.Close != 0 && p.Close < p.Open {
			c.add(w.at("programmes.csv", i, "close"), "close", Say("must not be before open (%s), got %s", p.Open, p.Close))
		}
		if p.WeaponNeeded && p.Good == "" {
			c.add(w.at("programmes.csv", i, "good"), "good", Say("must be the entry weapon where one is needed, got nothing"))
		}
	}
}

func (w *world) checkGoods(c *checker) {
	for i, g := range w.setup.Goods {
		if g.Travels == g.ID && g.ID != "" {
			c.add(w.at("goods.csv", i, "travels_with"), "travels_with", Say("must be another good, got %s", quote(g.Travels)))
		}
	}
}

// checkOrigins bounds how many origins a world uses: every lot in the engine carries a vector of them. Four of them are
// always there.
func (w *world) checkOrigins(c *checker) {
	used := map[string]bool{"state_diverted": true, "captured": true, "ddr": true, "local": true}
	note := func(file string, row int, column, origin string) {
		if origin == "" || used[origin] {
			return
		}
		used[origin] = true
		if len(used) == sim.MaxOrigins+1 {
			c.add(w.at(file, row, column), column, Say("must be one of at most %s origins of a world, got one more: %s", sim.MaxOrigins, quote(origin)))
		}
	}
	for i, s := range w.setup.Stockholders {
		note("stockholders.csv", i, "origin", s.Origin)
	}
	for i, g := range w.setup.GroupGoods {
		for part := range strings.SplitSeq(g.Origins, "|") {
			name, _, _ := strings.Cut(part, ":")
			note("group_goods.csv", i, "start_origins", strings.TrimSpace(name))
		}
	}
}

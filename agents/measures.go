package agents

import "entrepot/sim"

// Emit takes one row of actors.csv; good and origin are positions, or -1 where they do not apply.
type Emit func(actor string, good, origin int, value float64)

// Measure is a recorded measure of actors. To add one is to add an entry to Measures.
type Measure struct {
	Name, Unit, Meaning string
	Each                func(m *Model, emit Emit)
}

// Measures lists what is recorded of actors in every week. Actors are named as in trades.csv; forces are `force:<id>`,
// programmes `ddr:<id>`. Zeros of goods are left out.
func Measures() []Measure {
	return []Measure{
		{"held", "units", "stock at the end of the week: of a group, of civilians of a kind", held},
		{"wanted", "units", "stock that a group wants", groupGoods(func(g *Groups, at int) float64 { return float64(int64(g.wanted[at])) })},
		{"fired", "units", "rounds fired and drone kits used by a group in the week, by origin", fired},
		{"captured", "units", "goods that a group captured from a force in the week", captured},
		{"bought_from_allies", "units", "goods that a group bought from its allies in the week", groupGoods(func(g *Groups, at int) float64 { return float64(g.bought[at]) })},
		{"surplus_offered", "units", "surplus that a group offered in the week", groupGoods(func(g *Groups, at int) float64 { return float64(g.offered[at]) })},
		{"cash", "CFA", "treasury of a group at the end of the week", ofGroups(func(g *Groups, i int) float64 { return float64(g.m.Accounts.Cash[g.Holder[i]]) })},
		{"fighters", "people", "fighters of a group", ofGroups(func(g *Groups, i int) float64 { return float64(int64(g.Fighters[i] + 0.5)) })},
		{"arms_budget_binding", "0 or 1", "whether the arms budget cut a group's bids and nearly all that it bid for was filled", ofGroups(func(g *Groups, i int) float64 { return yes(g.binding[i]) })},
		{"expected_fighting", "index", "fighting that a group expects, 1 = regional mean of 2017", ofGroups(func(g *Groups, i int) float64 { return g.expected[i] })},
		{"drone_attacks", "attacks", "drone attacks of a group in the week", ofGroups(func(g *Groups, i int) float64 { return float64(g.droneAttacks[i]) })},
		{"crews", "crews", "trained drone crews of a group", ofGroups(func(g *Groups, i int) float64 { return float64(int64(g.crews[i])) })},
		{"present", "0 or 1", "whether a force is present", ofForces(func(f *Forces, i int) float64 { return yes(f.Present[i]) })},
		{"patrols", "patrol-weeks", "patrol-weeks that a force spread over roads in the week", ofForces(func(f *Forces, i int) float64 { return f.patrolled(i) })},
		{"garrison", "soldiers", "soldiers in the manned posts of a force", ofForces(func(f *Forces, i int) float64 { return f.sum(i, func(p *post) float64 { return p.garrison }) })},
		{"garrison_rounds", "rounds", "rounds in the manned posts of a force", ofForces(func(f *Forces, i int) float64 { return f.sum(i, func(p *post) float64 { return p.rounds }) })},
		{"leak_offered", "units", "arms that soldiers of a force offered in the week", leakOffered},
		{"seized", "units", "goods seized on roads in the week by the force most felt there (`force:none`: customs and others), by origin", seized},
		{"registered", "people", "registered by a programme since the start of the run", ofProgrammes(func(d *DDR, p *scheme) float64 { return float64(p.registered) })},
		{"informed", "share", "candidates of a programme who have heard of it", ofProgrammes(func(d *DDR, p *scheme) float64 { return p.informed })},
		{"ddr_bids", "units", "entry weapons that candidates bid for in the week", ofProgrammes(func(d *DDR, p *scheme) float64 { return float64(p.sought) })},
		{"ddr_worth", "CFA", "median worth of entering a programme", ofProgrammes(func(d *DDR, p *scheme) float64 { return float64(int64(p.worth)) })},
		{"carriers", "people", "carriers of a network, whether they carry arms or have other work", ofNetworks(func(t *Traffickers, n *Kinship) float64 { return float64(len(n.Carrier)) })},
		{"active_carriers", "people", "carriers of a network who load, carry or sell arms, or are on their way to", ofNetworks(func(t *Traffickers, n *Kinship) float64 { return t.active(n) })},
		{"cargoes", "cargoes", "cargoes of a network that set out in the week from where they were bought, one vehicle each, by the good that takes most of the load", cargoes(func(n *Kinship) []int32 { return n.cargoes })},
		{"loaded", "units", "goods in those cargoes", cargoes(func(n *Kinship) []int32 { return n.cargo })},
		{"carriers_in_debt", "people", "carriers of a network whose cash is below zero", ofNetworks(func(t *Traffickers, n *Kinship) float64 { return t.indebted(n) })},
		{"arms_profit", "CFA", "profit of a network from arms since the start of the burn-in, over what other work would have paid", ofNetworks(func(t *Traffickers, n *Kinship) float64 { return float64(int64(n.ArmsProfit)) })},
		{"arms_turnover", "CFA", "value of the arms that a network sold since the start of the burn-in", ofNetworks(func(t *Traffickers, n *Kinship) float64 { return float64(int64(n.Turnover)) })},
	}
}

func yes(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// label returns the label of a holder.
func (m *Model) label(holder int32) string { return m.Accounts.Labels[m.Accounts.Label[holder]] }

// ofNetworks emits one value for each network of traders.
func ofNetworks(f func(t *Traffickers, n *Kinship) float64) func(*Model, Emit) {
	return func(m *Model, emit Emit) {
		for _, n := range m.Traffickers.Nets {
			if n.Group < 0 {
				emit(n.label, -1, -1, f(m.Traffickers, n))
			}
		}
	}
}

// ofGroups emits one value for each group that exists.
func ofGroups(f func(g *Groups, i int) float64) func(*Model, Emit) {
	return func(m *Model, emit Emit) {
		for i, holder := range m.Groups.Holder {
			if m.Groups.status[i] == active {
				emit(m.label(holder), -1, -1, f(m.Groups, i))
			}
		}
	}
}

// groupGoods emits one value for each group and good, but zeros.
func groupGoods(f func(g *Groups, at int) float64) func(*Model, Emit) {
	return func(m *Model, emit Emit) {
		for i, holder := range m.Groups.Holder {
			for good := 0; good < m.Goods; good++ {
				if x := f(m.Groups, i*m.Goods+good); x != 0 {
					emit(m.label(holder), good, -1, x)
				}
			}
		}
	}
}

func ofForces(f func(f *Forces, i int) float64) func(*Model, Emit) {
	return func(m *Model, emit Emit) {
		for i := range m.Forces.Present {
			emit(m.Forces.label(i), -1, -1, f(m.Forces, i))
		}
	}
}

// label returns the name of a force in actors.csv; past the last one it is nobody's.
func (f *Forces) label(i int) string {
	if i >= len(f.labels) {
		return "force:none"
	}
	return f.labels[i]
}

func ofProgrammes(f func(d *DDR, p *scheme) float64) func(*Model, Emit) {
	return func(m *Model, emit Emit) {
		for i := range m.DDR.list {
			p := &m.DDR.list[i]
			if p.known(m.day()) {
				emit(p.label, -1, -1, f(m.DDR, p))
			}
		}
	}
}

// origins emits a vector of units by origin.
func origins(emit Emit, actor string, good int, units *[sim.MaxOrigins]int32) {
	for o, n := range units {
		if n != 0 {
			emit(actor, good, o, float64(n))
		}
	}
}

func held(m *Model, emit Emit) {
	for _, holder := range m.Groups.Holder {
		for good := 0; good < m.Goods; good++ {
			if lot := m.Accounts.Lot(holder, good); lot != nil {
				origins(emit, m.label(holder), good, &lot.Origin)
			}
		}
	}
	for k, kind := range m.Civilians.kinds {
		for good := 0; good < m.Goods; good++ {
			units := m.Civilians.stock(k, good)
			origins(emit, kind, good, &units)
		}
	}
}

// cargoes emits one value for each network of traders and good, but zeros.
func cargoes(of func(n *Kinship) []int32) func(*Model, Emit) {
	return func(m *Model, emit Emit) {
		for _, n := range m.Traffickers.Nets {
			for good, units := range of(n) {
				if n.Group < 0 && units != 0 {
					emit(n.label, good, -1, float64(units))
				}
			}
		}
	}
}

// stock adds up what civilians of a kind hold of a good, by origin.
func (c *Civilians) stock(kind, good int) (units [sim.MaxOrigins]int32) {
	for i, holder := range c.Holder {
		if c.kind[i] != kind || c.good[i] != good {
			continue
		}
		if lot := c.m.Accounts.Lot(holder, good); lot != nil {
			for o, n := range lot.Origin {
				units[o] += n
			}
		}
	}
	return units
}

func fired(m *Model, emit Emit) {
	for i, holder := range m.Groups.Holder {
		for good := 0; good < m.Goods; good++ {
			origins(emit, m.label(holder), good, &m.Groups.fired[i*m.Goods+good])
		}
	}
}

func captured(m *Model, emit Emit) {
	for i, holder := range m.Groups.Holder {
		for good := 0; good < m.Goods; good++ {
			if n := m.Groups.captured[i*m.Goods+good]; n != 0 {
				emit(m.label(holder), good, m.OriginOf["captured"], float64(n))
			}
		}
	}
}

func seized(m *Model, emit Emit) {
	for i := 0; i <= len(m.Forces.Present); i++ {
		for good := 0; good < m.Goods; good++ {
			origins(emit, m.Forces.label(i), good, &m.Forces.seized[i*m.Goods+good])
		}
	}
}

func leakOffered(m *Model, emit Emit) {
	f := m.Forces
	for i := range f.Present {
		for good := 0; good < m.Goods; good++ {
			n := int32(0)
			for p := range f.posts {
				if f.posts[p].force == i {
					n += f.leaked[p*m.Goods+good]
				}
			}
			if n != 0 {
				emit(f.label(i), good, m.OriginOf["state_diverted"], float64(n))
			}
		}
	}
}

// patrolled adds up a force's patrol-weeks of the week.
func (f *Forces) patrolled(i int) (sum float64) {
	for _, n := range f.patrols[i*len(f.first) : (i+1)*len(f.first)] {
		sum += n
	}
	return sum
}

// sum adds up a number over the manned posts of a force.
func (f *Forces) sum(i int, of func(*post) float64) (sum float64) {
	for p := range f.posts {
		if f.posts[p].active && f.posts[p].force == i {
			sum += of(&f.posts[p])
		}
	}
	return float64(int64(sum))
}

package scenarios

import "entrepot/agents"

// Column is one column of a world table, or one field of an event or an expectation: the loader, Explain, Schema and
// the documents read its unit, range and meaning from here.
type Column struct {
	Name, Unit string
	Rule       Rule
	Meaning    string
}

// Table is one CSV file of a world.
type Table struct {
	File, Meaning string
	Key           []string // columns that together name a row; no two rows may share them
	Required      bool     // a world without this file is refused; other tables are empty where absent
	MaxRows       int
	Open          bool // extra columns are ignored, and source, grade and note are not asked for
	Columns       []Column

	load func(*rawTable, *world, *checker)
}

// spec is a Column with the struct field that it fills.
type spec[T any] struct {
	Column
	field func(*T) any // pointer to the field
}

// Tables lists every table of a world, in the order in which they are described. To add a column is to add one line.
func Tables() []Table {
	return []Table{hubsTable(), routesTable(), goodsTable(), zonesTable(), networksTable(), dealersTable(),
		groupsTable(), groupHubsTable(), groupGoodsTable(), forcesTable(), postsTable(), stockholdersTable(),
		buyersTable(), programmesTable(), violenceTable(), ratesTable(), factsTable(), timelineTable()}
}

// provenance ends every table: no number without its source.
func provenance() []spec[row] {
	return []spec[row]{
		{Column{"source", "", words(), "where the row comes from"}, func(r *row) any { return &r.source }},
		{Column{"grade", "", oneOf("A", "B", "C", "D"), "quality: A documented, B derived from documented, C expert prior, D stylised"},
			func(r *row) any { return &r.grade }},
		{Column{"note", "", words().optional(), "anything a reader should know"}, func(r *row) any { return &r.note }},
	}
}

type row struct{ source, grade, note string }

// Limits that several tables share. They are wide: they catch slips of units, not unusual views.
const (
	muchMoney  = 1e12  // CFA
	manyPeople = 1e8   // people
	muchAmmo   = 1e10  // rounds
	muchRate   = 1e6   // CFA per unit of a currency
	maxRows    = 20000 // of most tables
	maxHubs    = 5000
	maxActors  = 1000 // groups, forces, networks
)

func hubsTable() Table {
	return define(Table{File: "hubs.csv", Meaning: "places of the network", Key: []string{"id"}, Required: true, MaxRows: maxHubs},
		func(w *world) *[]agents.Hub { return &w.setup.Hubs }, []spec[agents.Hub]{
			{Column{"id", "", id(Hubs), "name that files and results use"}, func(h *agents.Hub) any { return &h.ID }},
			{Column{"name", "", words(), "name on maps and plots"}, func(h *agents.Hub) any { return &h.Name }},
			{Column{"country", "", words(), "country code"}, func(h *agents.Hub) any { return &h.Country }},
			{Column{"lat", "degrees", number(-90, 90), "latitude"}, func(h *agents.Hub) any { return &h.Lat }},
			{Column{"lon", "degrees", number(-180, 180), "longitude"}, func(h *agents.Hub) any { return &h.Lon }},
			{Column{"kind", "", oneOf("source", "market", "transit", "border_crossing", "mine"), "kind of place"}, func(h *agents.Hub) any { return &h.Kind }},
			{Column{"market", "", yesNo(), "whether there are buyers, sellers or dealers; otherwise a path node only"}, func(h *agents.Hub) any { return &h.Market }},
			{Column{"controller", "", ref(Groups, Forces).optional(), "who holds it at the start; empty for nobody"}, func(h *agents.Hub) any { return &h.Controller }},
			{Column{"regime", "", oneOf("open", "clandestine", "closed").or("open"), "how arms are traded there at the start"}, func(h *agents.Hub) any { return &h.Regime }},
			{Column{"violence", "index, 1 = regional mean of 2017", number(0, 100).or("0"), "violence at the start"}, func(h *agents.Hub) any { return &h.Violence }},
		})
}

func routesTable() Table {
	return define(Table{File: "routes.csv", Meaning: "roads between two hubs, used in both directions", Key: []string{"from", "to"}, Required: true, MaxRows: maxRows},
		func(w *world) *[]agents.Route { return &w.setup.Routes }, []spec[agents.Route]{
			{Column{"from", "", ref(Hubs), "one end"}, func(r *agents.Route) any { return &r.From }},
			{Column{"to", "", ref(Hubs), "the other end"}, func(r *agents.Route) any { return &r.To }},
			{Column{"km", "km", number(0.1, 10000), "length of the road"}, func(r *agents.Route) any { return &r.Km }},
			{Column{"km_per_day", "km/day", number(10, 2000), "driving speed"}, func(r *agents.Route) any { return &r.KmPerDay }},
			{Column{"toll_cfa", "CFA per vehicle and crossing", whole(0, 1e8).or("0"), "paid at customary checkpoints"}, func(r *agents.Route) any { return &r.Toll }},
			{Column{"border_hazard", "hazard per crossing", number(0, 10).or("0"), "customs and border posts: stops that can be paid off"}, func(r *agents.Route) any { return &r.Border }},
			{Column{"bandit_hazard", "hazard per crossing", number(0, 10).or("0"), "armed robbery: can be paid off, loot changes hands"}, func(r *agents.Route) any { return &r.Bandits }},
			{Column{"air_exposure", "share", share().or("0"), "exposure to air surveillance: 0 cover, 1 open main road"}, func(r *agents.Route) any { return &r.Air }},
			{Column{"main", "", yesNo().or("no"), "a main road, which patrols watch first"}, func(r *agents.Route) any { return &r.Main }},
		})
}

func goodsTable() Table {
	return define(Table{File: "goods.csv", Meaning: "kinds of ware", Key: []string{"id"}, Required: true, MaxRows: 64},
		func(w *world) *[]agents.Good { return &w.setup.Goods }, []spec[agents.Good]{
			{Column{"id", "", id(Goods), "name that files and results use"}, func(g *agents.Good) any { return &g.ID }},
			{Column{"name", "", words(), "name on plots"}, func(g *agents.Good) any { return &g.Name }},
			{Column{"unit", "", words(), "what one unit is: rifle, round, kit"}, func(g *agents.Good) any { return &g.Unit }},
			{Column{"durable", "", yesNo(), "kept (weapons) rather than used up (rounds)"}, func(g *agents.Good) any { return &g.Durable }},
			{Column{"wear_per_year", "share per year", share().or("0"), "lost to wear, of durables"}, func(g *agents.Good) any { return &g.Wear }},
			{Column{"visibility", "factor, 1 = a rifle", number(0, 100), "multiplies hazards on the road"}, func(g *agents.Good) any { return &g.Visibility }},
			{Column{"load_thousandths", "thousandths of a rifle-equivalent", whole(1, 1e6), "vehicle space of one unit"}, func(g *agents.Good) any { return &g.Load }},
			{Column{"travels_with", "", ref(Goods).optional(), "good whose cargoes it usually joins"}, func(g *agents.Good) any { return &g.Travels }},
			{Column{"drone", "", yesNo().or("no"), "a kit that a trained crew can launch"}, func(g *agents.Good) any { return &g.Drone }},
			{Column{"ammunition", "", yesNo().or("no"), "used up by fighting"}, func(g *agents.Good) any { return &g.Ammunition }},
		})
}

func zonesTable() Table {
	return define(Table{File: "zones.csv", Meaning: "named sets of hubs", Key: []string{"id"}, MaxRows: maxRows},
		func(w *world) *[]agents.Zone { return &w.setup.Zones }, []spec[agents.Zone]{
			{Column{"id", "", id(Zones), "name that files and results use"}, func(z *agents.Zone) any { return &z.ID }},
			{Column{"hubs", "", refs(Hubs), "its hubs"}, func(z *agents.Zone) any { return &z.Hubs }},
		})
}

func networksTable() Table {
	return define(Table{File: "networks.csv", Meaning: "kinship networks of carriers", Key: []string{"id"}, MaxRows: maxActors},
		func(w *world) *[]agents.Network { return &w.setup.Networks }, []spec[agents.Network]{
			{Column{"id", "", id(Networks), "name that files and results use"}, func(n *agents.Network) any { return &n.ID }},
			{Column{"name", "", words(), "name on plots"}, func(n *agents.Network) any { return &n.Name }},
			{Column{"homes", "", refs(Hubs), "hubs where carriers start and find other work"}, func(n *agents.Network) any { return &n.Homes }},
			{Column{"kin", "", refs(Hubs).optional(), "hubs whose roads are cheaper and safer and whose news is faster"}, func(n *agents.Network) any { return &n.Kin }},
			{Column{"carriers", "carriers", whole(0, maxCarriers), "number at the start"}, func(n *agents.Network) any { return &n.Carriers }},
			{Column{"cash_cfa", "CFA per carrier", whole(0, muchMoney), "working capital at the start"}, func(n *agents.Network) any { return &n.Cash }},
			{Column{"other_work_cfa_week", "CFA per carrier and week", whole(0, muchMoney), "pay of contraband, the outside option"}, func(n *agents.Network) any { return &n.OtherWork }},
			{Column{"credit_cfa", "CFA per carrier", whole(0, muchMoney).or("0"), "debt that kin will carry"}, func(n *agents.Network) any { return &n.Credit }},
			{Column{"protectors", "", refs(Groups).optional(), "armed groups that protect it: where a group that fights them holds the town it cannot show itself"}, func(n *agents.Network) any { return &n.Protectors }},
			{Column{"hostile_forces", "", refs(Forces).optional(), "forces in whose towns it cannot show itself"}, func(n *agents.Network) any { return &n.Hostile }},
			{Column{"own_buyers_of", "", ref(Groups).optional(), "group whose own buyers these are; empty for traders"}, func(n *agents.Network) any { return &n.Group }},
		})
}

func dealersTable() Table {
	return define(Table{File: "dealers.csv", Meaning: "resident dealers of a hub", Key: []string{"hub"}, MaxRows: maxHubs},
		func(w *world) *[]agents.Dealer { return &w.setup.Dealers }, []spec[agents.Dealer]{
			{Column{"hub", "", ref(Hubs), "where they live"}, func(d *agents.Dealer) any { return &d.Hub }},
			{Column{"number", "dealers", whole(0, 1e5), "how many"}, func(d *agents.Dealer) any { return &d.Number }},
			{Column{"cash_cfa", "CFA per dealer", whole(0, muchMoney), "cash at the start"}, func(d *agents.Dealer) any { return &d.Cash }},
			{Column{"store_max_rifles", "rifle-equivalents per dealer", whole(0, 1e6), "room for a store in an open town"}, func(d *agents.Dealer) any { return &d.StoreMax }},
			{Column{"markup", "share of the cost stack", number(0, 10), "asked over cost at first"}, func(d *agents.Dealer) any { return &d.Markup }},
		})
}

func groupsTable() Table {
	return define(Table{File: "groups.csv", Meaning: "armed groups that are not forces of a state", Key: []string{"id"}, MaxRows: maxActors},
		func(w *world) *[]agents.Group { return &w.setup.Groups }, []spec[agents.Group]{
			{Column{"id", "", id(Groups), "name that files and results use"}, func(g *agents.Group) any { return &g.ID }},
			{Column{"name", "", words(), "name on plots"}, func(g *agents.Group) any { return &g.Name }},
			{Column{"from", "", date().optional(), "first day it exists; empty for always"}, func(g *agents.Group) any { return &g.From }},
			{Column{"to", "", date().optional(), "last day it exists; empty for always"}, func(g *agents.Group) any { return &g.To }},
			{Column{"successor", "", ref(Groups).optional(), "group that takes over fighters, arms, treasury, hubs, allies and enemies at the end"}, func(g *agents.Group) any { return &g.Successor }},
			{Column{"fighters", "fighters", whole(0, manyPeople), "number at the start"}, func(g *agents.Group) any { return &g.Fighters }},
			{Column{"growth_per_year", "share per year", number(-1, 5).or("0"), "growth of wanted strength"}, func(g *agents.Group) any { return &g.Growth }},
			{Column{"gold_cfa_week", "CFA per week", whole(0, muchMoney).or("0"), "income from mines it has access to"}, func(g *agents.Group) any { return &g.Gold }},
			{Column{"extortion_cfa_week", "CFA per week", whole(0, muchMoney).or("0"), "taxes, cattle, kidnapping, extortion, outside the arms trade"}, func(g *agents.Group) any { return &g.Extortion }},
			{Column{"support_cfa_week", "CFA per week", whole(0, muchMoney).or("0"), "outside support"}, func(g *agents.Group) any { return &g.Support }},
			{Column{"upkeep_cfa_fighter_week", "CFA per fighter and week", whole(0, 1e8).or("0"), "pay and food"}, func(g *agents.Group) any { return &g.Upkeep }},
			{Column{"treasury_cfa", "CFA", whole(0, muchMoney).or("0"), "treasury at the start"}, func(g *agents.Group) any { return &g.Treasury }},
			{Column{"allies", "", refs(Groups, Forces).optional(), "groups that share quotes and sell at their own valuation"}, func(g *agents.Group) any { return &g.Allies }},
			{Column{"rivals", "", refs(Groups, Forces).optional(), "groups and forces it fights"}, func(g *agents.Group) any { return &g.Rivals }},
			{Column{"swells", "", yesNo().or("no"), "commanders swell the ranks to demobilise without getting weaker"}, func(g *agents.Group) any { return &g.Swells }},
			{Column{"tax_rate", "share of value sold", share().or("0"), "tax in hubs it controls"}, func(g *agents.Group) any { return &g.TaxRate }},
			{Column{"cohesion", "share", share().or("1"), "of the fighters at a place who join an attack"}, func(g *agents.Group) any { return &g.Cohesion }},
			{Column{"drone_crews", "crews", number(0, 1e5).or("0"), "trained crews at the start"}, func(g *agents.Group) any { return &g.DroneCrews }},
			{Column{"drone_learn_week", "crews per week", number(0, 1000).or("0"), "crews gained by training"}, func(g *agents.Group) any { return &g.DroneLearn }},
			{Column{"base_hub", "", ref(Hubs).optional(), "where own buyers deliver"}, func(g *agents.Group) any { return &g.Hub }},
			{Column{"buy_at", "", ref(Hubs).optional(), "where own buyers buy"}, func(g *agents.Group) any { return &g.BuyAt }},
		})
}

func groupHubsTable() Table {
	return define(Table{File: "group_hubs.csv", Meaning: "where the fighters of a group are", Key: []string{"group", "hub"}, MaxRows: maxRows},
		func(w *world) *[]agents.GroupHub { return &w.setup.GroupHubs }, []spec[agents.GroupHub]{
			{Column{"group", "", ref(Groups), "the group"}, func(g *agents.GroupHub) any { return &g.Group }},
			{Column{"hub", "", ref(Hubs), "the hub"}, func(g *agents.GroupHub) any { return &g.Hub }},
			{Column{"share", "share", share(), "of the group's fighters; the shares of a group add up to at most 1"}, func(g *agents.GroupHub) any { return &g.Share }},
		})
}

func groupGoodsTable() Table {
	return define(Table{File: "group_goods.csv", Meaning: "what arms a group wants, holds and pays for", Key: []string{"group", "good"}, MaxRows: maxRows},
		func(w *world) *[]agents.GroupGood { return &w.setup.GroupGoods }, []spec[agents.GroupGood]{
			{Column{"group", "", ref(Groups), "the group"}, func(g *agents.GroupGood) any { return &g.Group }},
			{Column{"good", "", ref(Goods), "the good"}, func(g *agents.GroupGood) any { return &g.Good }},
			{Column{"per_fighter", "units per fighter", number(0, 1e5), "wanted stock"}, func(g *agents.GroupGood) any { return &g.PerFighter }},
			{Column{"start_share", "share of the wanted stock", number(0, 10), "held at the start"}, func(g *agents.GroupGood) any { return &g.Start }},
			{Column{"wtp_cfa", "CFA per unit", whole(0, 1e9), "willingness to pay when holdings equal the wanted stock"}, func(g *agents.GroupGood) any { return &g.WTP }},
			{Column{"use_fighter_week", "units per fighter and week at violence 1", number(0, 1e4).or("0"), "fired or used up"}, func(g *agents.GroupGood) any { return &g.Use }},
			{Column{"start_origins", "shares", Rule{Kind: Shares, Sets: []Set{Origins}, Optional: true}, "origins of the starting stock"}, func(g *agents.GroupGood) any { return &g.Origins }},
		})
}

func forcesTable() Table {
	return define(Table{File: "forces.csv", Meaning: "military forces", Key: []string{"id"}, MaxRows: maxActors},
		func(w *world) *[]agents.Force { return &w.setup.Forces }, []spec[agents.Force]{
			{Column{"id", "", id(Forces), "name that files and results use"}, func(f *agents.Force) any { return &f.ID }},
			{Column{"name", "", words(), "name on plots"}, func(f *agents.Force) any { return &f.Name }},
			{Column{"from", "", date().optional(), "first day of its presence; empty for always"}, func(f *agents.Force) any { return &f.From }},
			{Column{"to", "", date().optional(), "last day of its presence; empty for always"}, func(f *agents.Force) any { return &f.To }},
			{Column{"patrol_weeks", "patrol-weeks per week", number(0, 1e5).or("0"), "to spread over roads"}, func(f *agents.Force) any { return &f.Patrol }},
			{Column{"road_zones", "", refs(Zones).optional(), "zones whose roads it patrols"}, func(f *agents.Force) any { return &f.Roads }},
			{Column{"allocation", "", oneOf("fixed", "random", "adaptive").optional(), "how patrols are spread; empty for the parameter force.allocation"}, func(f *agents.Force) any { return &f.Allocation }},
			{Column{"air_strikes", "strikes per exposed crossing", number(0, 10).or("0"), "air surveillance"}, func(f *agents.Force) any { return &f.Air }},
			{Column{"leak_week", "rifle-equivalents per post and week", number(0, 1e4).or("0"), "sold out of depots at the reference price"}, func(f *agents.Force) any { return &f.Leak }},
			{Column{"enemies", "", refs(Groups, Forces).optional(), "groups it fights"}, func(f *agents.Force) any { return &f.Enemies }},
		})
}

func postsTable() Table {
	return define(Table{File: "posts.csv", Meaning: "garrisons of a force at a hub", Key: []string{"force", "hub", "from"}, MaxRows: maxRows},
		func(w *world) *[]agents.Post { return &w.setup.Posts }, []spec[agents.Post]{
			{Column{"force", "", ref(Forces), "whose post it is"}, func(p *agents.Post) any { return &p.Force }},
			{Column{"hub", "", ref(Hubs), "where it stands"}, func(p *agents.Post) any { return &p.Hub }},
			{Column{"from", "", date().optional(), "first day; empty for always"}, func(p *agents.Post) any { return &p.From }},
			{Column{"to", "", date().optional(), "last day; empty for always"}, func(p *agents.Post) any { return &p.To }},
			{Column{"garrison", "soldiers", whole(0, 1e6), "soldiers in the post"}, func(p *agents.Post) any { return &p.Garrison }},
			{Column{"rounds", "rounds", whole(0, muchAmmo), "rounds in store"}, func(p *agents.Post) any { return &p.Rounds }},
			{Column{"refill_week", "share per week", share().or("0"), "of what is missing that comes back"}, func(p *agents.Post) any { return &p.Refill }},
		})
}

func stockholdersTable() Table {
	return define(Table{File: "stockholders.csv", Meaning: "outside sources with a supply curve: a cap on flow, not a counted stock", Key: []string{"id"}, MaxRows: maxRows},
		func(w *world) *[]agents.Stockholder { return &w.setup.Stockholders }, []spec[agents.Stockholder]{
			{Column{"id", "", id(Stockholders), "name that files and results use"}, func(s *agents.Stockholder) any { return &s.ID }},
			{Column{"origin", "", id(Origins), "origin that its units carry from then on"}, func(s *agents.Stockholder) any { return &s.Origin }},
			{Column{"hub", "", ref(Hubs), "where it sells"}, func(s *agents.Stockholder) any { return &s.Hub }},
			{Column{"good", "", ref(Goods), "what it sells"}, func(s *agents.Stockholder) any { return &s.Good }},
			{Column{"price_cfa", "CFA per unit", whole(1, 1e9), "price at the cap"}, func(s *agents.Stockholder) any { return &s.Price }},
			{Column{"cap_week", "units per week", number(0, 1e8), "most that it sells"}, func(s *agents.Stockholder) any { return &s.Cap }},
			{Column{"elasticity", "exponent", number(0.01, 100), "elasticity of supply"}, func(s *agents.Stockholder) any { return &s.Elasticity }},
			{Column{"currency", "", ref(Currencies).optional(), "currency in which it prices; empty for CFA"}, func(s *agents.Stockholder) any { return &s.Rate }},
		})
}

func buyersTable() Table {
	return define(Table{File: "buyers.csv", Meaning: "civilian populations that buy arms", Key: []string{"id"}, MaxRows: maxRows},
		func(w *world) *[]agents.Buyer { return &w.setup.Buyers }, []spec[agents.Buyer]{
			{Column{"id", "", id(Buyers), "name that files and results use"}, func(b *agents.Buyer) any { return &b.ID }},
			{Column{"name", "", words(), "name on plots"}, func(b *agents.Buyer) any { return &b.Name }},
			{Column{"kind", "", id(BuyerKinds), "miners, self_defence, herders, urban, or another word of the world's own"}, func(b *agents.Buyer) any { return &b.Kind }},
			{Column{"hub", "", ref(Hubs), "where they buy"}, func(b *agents.Buyer) any { return &b.Hub }},
			{Column{"good", "", ref(Goods), "what they buy"}, func(b *agents.Buyer) any { return &b.Good }},
			{Column{"people", "people", whole(0, manyPeople), "population"}, func(b *agents.Buyer) any { return &b.People }},
			{Column{"want", "share that wants one; units per armed person of consumables", number(0, 1e5), "wanted stock per head"}, func(b *agents.Buyer) any { return &b.Want }},
			{Column{"start_share", "share of the wanted stock", number(0, 10).or("0"), "held at the start"}, func(b *agents.Buyer) any { return &b.Start }},
			{Column{"arrive_week", "share per week", share(), "of the unmet want that comes to market"}, func(b *agents.Buyer) any { return &b.Arrive }},
			{Column{"wtp_cfa", "CFA per unit", whole(0, 1e9), "median willingness to pay"}, func(b *agents.Buyer) any { return &b.WTP }},
			{Column{"sigma", "log-sd", number(0, 5), "spread of willingness to pay"}, func(b *agents.Buyer) any { return &b.Sigma }},
			{Column{"violence", "elasticity", number(-10, 10).or("0"), "of the wanted stock to local violence"}, func(b *agents.Buyer) any { return &b.Violence }},
			{Column{"gold", "elasticity", number(-10, 10).or("0"), "of willingness to pay to mining income"}, func(b *agents.Buyer) any { return &b.Gold }},
			{Column{"use_week", "share of the wanted stock per week", share().or("0"), "used up, of consumables"}, func(b *agents.Buyer) any { return &b.Use }},
			{Column{"currency", "", ref(Currencies).optional(), "currency of incomes; empty for CFA"}, func(b *agents.Buyer) any { return &b.Rate }},
		})
}

func programmesTable() Table {
	return define(Table{File: "programmes.csv", Meaning: "disarmament, demobilisation and reintegration, per town", Key: []string{"id"}, MaxRows: maxRows},
		func(w *world) *[]agents.Programme { return &w.setup.Programmes }, []spec[agents.Programme]{
			{Column{"id", "", id(Programmes), "name that files and results use"}, func(p *agents.Programme) any { return &p.ID }},
			{Column{"hub", "", ref(Hubs), "the town"}, func(p *agents.Programme) any { return &p.Hub }},
			{Column{"announced", "", date().optional(), "day it is announced; empty: by an event, or never"}, func(p *agents.Programme) any { return &p.Announced }},
			{Column{"open", "", date().optional(), "first day of intake; empty: by an event, or never"}, func(p *agents.Programme) any { return &p.Open }},
			{Column{"close", "", date().optional(), "last day of intake; empty for none"}, func(p *agents.Programme) any { return &p.Close }},
			{Column{"places", "people", whole(0, manyPeople), "places"}, func(p *agents.Programme) any { return &p.Places }},
			{Column{"weapon_needed", "", yesNo(), "whether a candidate must bring a weapon"}, func(p *agents.Programme) any { return &p.WeaponNeeded }},
			{Column{"good", "", ref(Goods).optional(), "the entry weapon"}, func(p *agents.Programme) any { return &p.Good }},
			{Column{"benefit_cfa", "CFA", whole(0, muchMoney), "what a candidate expects from a place"}, func(p *agents.Programme) any { return &p.Benefit }},
			{Column{"candidates", "people", whole(0, 5e6), "people who consider it"}, func(p *agents.Programme) any { return &p.Candidates }},
			{Column{"armed_share", "share", share().or("0"), "of candidates who own a weapon already"}, func(p *agents.Programme) any { return &p.Armed }},
			{Column{"sigma", "log-sd", number(0, 5), "spread of the benefit among candidates"}, func(p *agents.Programme) any { return &p.Sigma }},
			{Column{"credibility", "belief", share(), "that the programme will happen"}, func(p *agents.Programme) any { return &p.Credibility }},
			{Column{"leak_share", "share", share().or("0"), "of collected weapons that leaks back"}, func(p *agents.Programme) any { return &p.Leak }},
			{Column{"groups", "", refs(Groups, Forces).optional(), "groups that candidates come from"}, func(p *agents.Programme) any { return &p.Groups }},
		})
}

func violenceTable() Table {
	return define(Table{File: "violence.csv", Meaning: "documented violence of a zone in a year", Key: []string{"zone", "year"}, MaxRows: maxRows},
		func(w *world) *[]agents.ViolenceRow { return &w.setup.Violence }, []spec[agents.ViolenceRow]{
			{Column{"zone", "", ref(Zones), "the zone"}, func(v *agents.ViolenceRow) any { return &v.Zone }},
			{Column{"year", "year", whole(1971, 2199), "the year"}, func(v *agents.ViolenceRow) any { return &v.Year }},
			{Column{"index", "index, 1 = regional mean of 2017", number(0, 100), "mean level"}, func(v *agents.ViolenceRow) any { return &v.Index }},
		})
}

func ratesTable() Table {
	return define(Table{File: "rates.csv", Meaning: "exchange rates", Key: []string{"currency", "from"}, MaxRows: maxRows},
		func(w *world) *[]agents.Rate { return &w.setup.Rates }, []spec[agents.Rate]{
			{Column{"currency", "", id(Currencies), "code, such as NGN"}, func(r *agents.Rate) any { return &r.Currency }},
			{Column{"from", "", date(), "first day of the rate"}, func(r *agents.Rate) any { return &r.From }},
			{Column{"cfa", "CFA per unit of the currency", number(1e-6, muchRate), "mean from then on"}, func(r *agents.Rate) any { return &r.CFA }},
		})
}

func factsTable() Table {
	return define(Table{File: "facts.csv", Meaning: "documented figures: targets for fitting and inputs", Key: []string{"id"}, MaxRows: maxRows, Open: true},
		func(w *world) *[]Fact { return &w.facts }, factColumns())
}

// factColumns describes a targets file too. Goods and places are plain text there: facts also name things that a world
// may not have, and who uses a fact looks them up.
func factColumns() []spec[Fact] {
	return []spec[Fact]{
		{Column{"id", "", words(), "name of the fact"}, func(f *Fact) any { return &f.ID }},
		{Column{"kind", "", oneOf(factKinds()...), "what is measured"}, func(f *Fact) any { return &f.Kind }},
		{Column{"good", "", words().optional(), "of which good, or of what"}, func(f *Fact) any { return &f.Good }},
		{Column{"place", "", words().optional(), "hub or zone; a|b pooled, a/b a ratio"}, func(f *Fact) any { return &f.Place }},
		{Column{"start", "", Rule{Kind: Month, Optional: true}, "first month, inclusive"}, func(f *Fact) any { return &f.Start }},
		{Column{"end", "", Rule{Kind: Month, Optional: true}, "last month, inclusive"}, func(f *Fact) any { return &f.End }},
		{Column{"low", "as the column unit says", number(-1e15, 1e15), "lower end of the interval"}, func(f *Fact) any { return &f.Low }},
		{Column{"high", "as the column unit says", number(-1e15, 1e15), "upper end of the interval"}, func(f *Fact) any { return &f.High }},
		{Column{"unit", "", words().optional(), "unit of low and high"}, func(f *Fact) any { return &f.Unit }},
		{Column{"source", "", words().optional(), "where it comes from"}, func(f *Fact) any { return &f.Source }},
		{Column{"use", "", words().optional(), "calibrate (a target) or driver (an input)"}, func(f *Fact) any { return &f.Use }},
	}
}

func factKinds() []string {
	return []string{"price", "price_ratio", "price_change", "throughput_ratio", "origin_share", "stock_share", "net_sales",
		"seizure", "count", "sign", "distance", "travel_time"}
}

func timelineTable() Table {
	return define(Table{File: "timeline.csv", Meaning: "documented dates, for the marks on plots and the documents", Key: nil, MaxRows: maxRows, Open: true},
		func(w *world) *[]TimelineRow { return &w.timeline }, []spec[TimelineRow]{
			{Column{"date", "", Rule{Kind: Month}, "a year, a month or a day"}, func(t *TimelineRow) any { return &t.Date }},
			{Column{"event", "", words(), "what happened"}, func(t *TimelineRow) any { return &t.Event }},
			{Column{"kind", "", words().optional(), "kind of event"}, func(t *TimelineRow) any { return &t.Kind }},
			{Column{"place", "", words().optional(), "where"}, func(t *TimelineRow) any { return &t.Place }},
			{Column{"source", "", words().optional(), "where it comes from"}, func(t *TimelineRow) any { return &t.Source }},
		})
}

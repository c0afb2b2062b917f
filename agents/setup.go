package agents

import "entrepot/sim"

// Setup is everything a run needs, checked and resolved: the world's tables, the events and the parameter values.
// Package scenarios fills it from files; this package never reads one. Places and actors are named by their stable ids
// (not by position), so that adding a row shifts nobody else's luck. All money is CFA, all goods whole units.
type Setup struct {
	Name, Title, Question string
	Start, End            sim.Date // Mondays of the first and the last week, both simulated

	Hubs         []Hub
	Routes       []Route
	Goods        []Good
	Zones        []Zone
	Networks     []Network
	Dealers      []Dealer
	Groups       []Group
	GroupHubs    []GroupHub
	GroupGoods   []GroupGood
	Forces       []Force
	Posts        []Post
	Stockholders []Stockholder
	Buyers       []Buyer
	Programmes   []Programme
	Violence     []ViolenceRow
	Rates        []Rate
	Events       []Event // sorted by date, then id

	Params Params
}

// Hub is a place on the network.
type Hub struct {
	ID, Name, Country string
	Lat, Lon          float64 // degrees
	Kind              string  // source, market, transit, border_crossing, mine
	Market            bool    // has buyers, sellers or dealers; otherwise a path node only
	Controller        string  // id of a group or force, or "" for nobody
	Regime            string  // open, clandestine, closed
	Violence          float64 // index at the start: 1 = the regional mean of 2017
}

// Route is a road between two hubs, used in both directions.
type Route struct {
	From, To string
	Km       float64 // road length
	KmPerDay float64 // driving speed
	Toll     int64   // CFA per vehicle and crossing, at customary checkpoints
	Border   float64 // hazard of customs and border posts per crossing: stops that can be paid off
	Bandits  float64 // hazard of armed robbery per crossing: can be paid off, loot changes hands
	Air      float64 // exposure to air surveillance, 0 (cover, side tracks) to 1 (open main road)
	Main     bool    // a main road, which patrols watch first
}

// Good is a kind of ware.
type Good struct {
	ID, Name, Unit string
	Durable        bool
	Wear           float64 // share lost to wear per year (durables)
	Visibility     float64 // multiplies hazards: 1 = a rifle
	Load           int64   // thousandths of a rifle-equivalent of vehicle space per unit
	Travels        string  // id of a good it usually travels with, or ""
	Drone          bool    // a kit that a trained crew can launch
	Ammunition     bool    // used up by fighting
}

// Zone names a set of hubs.
type Zone struct {
	ID   string
	Hubs []string
}

// Network is a kinship network of carriers, who always have other work (contraband).
type Network struct {
	ID, Name   string
	Homes      []string // hubs where carriers start and where other work is found
	Kin        []string // hubs whose roads are cheaper, safer and whose news is faster
	Carriers   int      // at the start
	Cash       int64    // CFA of working capital per carrier at the start
	OtherWork  int64    // CFA a week from contraband, the outside option
	Credit     int64    // CFA of debt that kin will carry per carrier
	Protectors []string // armed groups that protect it: it cannot show itself in towns of groups that fight them
	Hostile    []string // forces in whose towns the network cannot show itself
	Group      string   // id of the group whose own buyers these are, or "" for traders
}

// Dealer is a set of resident dealers at one hub.
type Dealer struct {
	Hub      string
	Number   int
	Cash     int64   // CFA each at the start
	StoreMax int64   // rifle-equivalents each in an open town
	Markup   float64 // asked over the cost stack at first
}

// Group is a non-state armed group.
type Group struct {
	ID, Name   string
	From, To   sim.Date // first and last day it exists; 0 = no limit
	Successor  string   // group that takes over fighters, arms, treasury, hubs, allies and enemies at To, or ""
	Fighters   int64
	Growth     float64 // yearly growth of wanted strength
	Gold       int64   // CFA a week from mines it has access to
	Extortion  int64   // CFA a week: taxes, cattle, kidnapping, extortion (outside the arms trade)
	Support    int64   // CFA a week of outside support
	Upkeep     int64   // CFA per fighter and week: pay, food
	Treasury   int64   // CFA at the start
	Allies     []string
	Rivals     []string // groups and forces it fights
	Swells     bool     // commanders swell the ranks to "demobilise" without getting weaker
	TaxRate    float64  // share of the value sold that it takes in hubs it controls
	Cohesion   float64  // share of the local fighters who take part in an attack
	DroneCrews float64  // trained crews at the start
	DroneLearn float64  // crews a week gained by training
	Hub        string   // base, where own buyers deliver
	BuyAt      string   // hub where own buyers buy, or ""
}

// GroupHub says what share of a group's fighters is at a hub.
type GroupHub struct {
	Group, Hub string
	Share      float64
}

// GroupGood is a group's establishment of one good and what it pays.
type GroupGood struct {
	Group, Good string
	PerFighter  float64 // wanted units per fighter
	Start       float64 // share of the wanted stock held at the start
	WTP         int64   // CFA per unit when holdings equal the wanted stock (w0)
	Use         float64 // units fired per fighter and week at violence 1 (ammunition, drones: 0)
	Origins     string  // origins of the starting stock, as "libya:0.6|local:0.4"
}

// Force is a military force.
type Force struct {
	ID, Name   string
	From, To   sim.Date // presence; 0 = no limit
	Patrol     float64  // patrol-weeks a week to spread over roads
	Roads      []string // zones whose roads it patrols
	Allocation string   // fixed, random, adaptive, or "" for the parameter's value
	Air        float64  // air surveillance, strikes per exposed crossing
	Leak       float64  // units per week sold out of depots per post at the reference price (rifle-equivalents)
	Enemies    []string // groups it fights
}

// Post is a garrison of a force at a hub.
type Post struct {
	Force, Hub string
	From, To   sim.Date
	Garrison   int64   // soldiers
	Rounds     int64   // rounds in store
	Refill     float64 // share of what is missing that comes back per week
}

// Stockholder is an outside source with a supply curve: a cap on flow, not a counted stock.
type Stockholder struct {
	ID, Origin, Hub, Good string
	Price                 int64   // CFA per unit at the cap
	Cap                   float64 // units per week
	Elasticity            float64 // of supply
	Rate                  string  // currency in which it prices, or "" for CFA
}

// Buyer is a civilian population with heterogeneous willingness to pay.
type Buyer struct {
	ID, Name, Kind string // kind: miners, self_defence, herders, urban
	Hub, Good      string
	People         int64
	Want           float64 // share that wants one (durables); units wanted per armed person (consumables)
	Start          float64 // share of the wanted stock held at the start
	Arrive         float64 // share of the unmet want that comes to market in a week
	WTP            int64   // CFA, median
	Sigma          float64 // log-sd of willingness to pay
	Violence       float64 // elasticity of the wanted stock to local violence
	Gold           float64 // elasticity of willingness to pay to mining income
	Use            float64 // share of the wanted stock used up in a week (consumables)
	Rate           string  // currency of incomes, or ""
}

// Programme is a disarmament, demobilisation and reintegration programme in one town.
type Programme struct {
	ID, Hub                string
	Announced, Open, Close sim.Date
	Places                 int64
	WeaponNeeded           bool
	Good                   string   // the entry weapon
	Benefit                int64    // CFA a candidate expects from a place
	Candidates             int64    // people who consider it
	Armed                  float64  // share of candidates who own a weapon already
	Sigma                  float64  // log-sd of benefit among candidates
	Credibility            float64  // belief that the programme will happen, 0-1
	Leak                   float64  // share of collected weapons that leaks back
	Groups                 []string // groups that candidates come from
}

// ViolenceRow is a documented level of violence in a zone during a year.
type ViolenceRow struct {
	Zone  string
	Year  int
	Index float64 // 1 = regional mean of 2017
}

// Rate is an exchange rate: CFA per unit of the currency, mean of a year (or from a date on).
type Rate struct {
	Currency string
	From     sim.Date
	CFA      float64
}

// Event is one dated change of the world. Which fields count depends on Kind; package scenarios checks that.
type Event struct {
	ID, Cause   string
	Date        sim.Date
	Until       sim.Date // 0 = for good
	Kind        string   // hub_control route force supply demand alliance income exchange_rate programme capture violence
	Action      string   // open close / arrive leave reinforce campaign / announce open close / join break
	Hub, Zone   string
	Hubs        []string // objectives of a campaign, in order
	From, To    string   // ends of a route; To is also the new controller of a hub
	Group       string
	Other       string // second group of an alliance
	Force       string
	Stockholder string
	Programme   string
	Buyer       string // id or kind
	Good        string
	Currency    string
	Regime      string
	Factor      float64 // multiplies (1 = no change; 0 means not given)
	Price       float64 // multiplies a stockholder's prices (0 means not given)
	Value       float64 // sets (hazard, CFA a week, index), with HasValue
	HasValue    bool
	Weeks       float64 // length of the recovery
	Recovery    string  // none, linear, exponential
	Note        string  // what the source says
	Source      string
}

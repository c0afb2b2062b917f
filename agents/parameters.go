package agents

// Params holds the value of every parameter of the model. The table in Parameters describes each of them.
type Params struct {
	Market struct {
		QuoteLot, QuoteForget, QuoteSmooth float64
	}
	Trafficker traffickerParams
	Road       struct {
		PassThrough                                      string
		PayableShare                                     float64
		Payment                                          int64
		KinCost, KinHazard, Mu, Town, PatrolHazard, Main float64
		PriorWeight, Forget, PublicNews                  float64
		NewsLag                                          int64
		RouteCargo                                       int64
	}
	Dealer struct {
		ConfiscateOpen, ConfiscateClandestine, ConfiscateClosed float64
		StoreClandestine                                        float64
		TripCost                                                int64
		Learn, Scarcity, MoveTau, MoveRate                      float64
	}
	Group struct {
		WarDemand, Eta, WTPCap, BuyRate, ArmsShare, Surplus           float64
		SellBecause                                                   string
		AttackRate, Exponent, Defence, RoundsTaken, ArmsTaken         float64
		GarrisonArms, FightWear, DroneSuccess, DroneEffect, DroneFade float64
		DroneSupport                                                  bool
		BuyerShare                                                    float64
		EnemyTown, Reserve, Bonus, Desert, DroneRate                  float64
	}
	Force struct {
		Allocation, Leakage       string
		LeakScale, LeakElasticity float64
		Explore, SeizureMemory    float64
		LeakPrice                 int64
		MarchDays, MarchLoss      float64
		Column                    float64
	}
	DDR struct {
		WordOfMouth, AcceptSlope, WaitDiscount float64
		Seed, Search, IntakeWeeks, Wait        float64
	}
	Violence struct {
		Mode                             string
		Persistence, ArmsFeedback, Reach float64
	}
	Demand struct {
		CivilScale, GroupScale float64
	}
	Supply struct {
		Scale, PriceScale float64
		Steps             int64
	}
}

type traffickerParams struct {
	Capacity                                           int64
	Tau, Interest, Margin, AskDecay, CostPerKm         float64
	FixedCost, LossOwner                               int64
	RiskAversion, MinFill, BiasRate, Delay, Complement float64
	Reach                                              float64
	WorkingCapital                                     int64
	RecruitCost                                        int64
	RecruitMax, Draw                                   float64
	LagKin, LagOther                                   int64
	Scale                                              int64
}

// Parameter describes one number, switch or choice of the model: the loader, `explain`, the JSON Schema and
// docs/parameters.md read it from here.
type Parameter struct {
	ID      string // dotted path in a scenario file
	Unit    string
	Min     float64 // inclusive; both 0 for choices and switches
	Max     float64
	Default any      // int64, float64, bool or string
	Choices []string // for string parameters
	Meaning string
	Source  string
	Grade   string            // A documented, B derived, C expert prior, D stylised
	Field   func(*Params) any // pointer to the value: *int64, *float64, *bool or *string
}

// Defaults returns Params with every default set.
func Defaults() Params {
	var p Params
	for _, d := range Parameters() {
		switch f := d.Field(&p).(type) {
		case *int64:
			*f = d.Default.(int64)
		case *float64:
			*f = d.Default.(float64)
		case *bool:
			*f = d.Default.(bool)
		case *string:
			*f = d.Default.(string)
		default:
			panic("agents: parameter " + d.ID + " has a field of an unknown type")
		}
	}
	return p
}

func num(id, unit string, lo, hi, def float64, meaning, source, grade string, f func(*Params) *float64) Parameter {
	return Parameter{id, unit, lo, hi, def, nil, meaning, source, grade, func(p *Params) any { return f(p) }}
}

func whole(id, unit string, lo, hi, def int64, meaning, source, grade string, f func(*Params) *int64) Parameter {
	return Parameter{id, unit, float64(lo), float64(hi), def, nil, meaning, source, grade, func(p *Params) any { return f(p) }}
}

func choice(id, def string, choices []string, meaning, source, grade string, f func(*Params) *string) Parameter {
	return Parameter{id, "choice", 0, 0, def, choices, meaning, source, grade, func(p *Params) any { return f(p) }}
}

func toggle(id string, def bool, meaning, source, grade string, f func(*Params) *bool) Parameter {
	return Parameter{id, "switch", 0, 0, def, nil, meaning, source, grade, func(p *Params) any { return f(p) }}
}

// Parameters returns the table, in the order of the model description.
func Parameters() []Parameter {
	const design, stylised = "model design", "stylised; see docs/calibration.md"
	return []Parameter{
		num("market.quote_lot", "share of a usual cargo", 0.05, 1, 0.3, "size of the lot in which quotes are remembered", design, "C", func(p *Params) *float64 { return &p.Market.QuoteLot }),
		num("market.quote_forget", "per week", 0, 0.5, 0.10, "how fast the quotes of a hub without orders fade", design, "C", func(p *Params) *float64 { return &p.Market.QuoteForget }),
		num("market.quote_smooth", "share", 0.05, 1, 0.25, "weight of this week's quotes in what is remembered", design, "C", func(p *Params) *float64 { return &p.Market.QuoteSmooth }),

		whole("trafficker.capacity", "thousandths of a rifle-equivalent", 1000, 400000, 20000, "vehicle space for arms, under the cover of other cargo", "In Gall consignment (W12) is an upper bound", "C", func(p *Params) *int64 { return &p.Trafficker.Capacity }),
		num("trafficker.tau", "CFA per week", 1, 1e6, 25000, "scale of the logit choice among trips", stylised, "D", func(p *Params) *float64 { return &p.Trafficker.Tau }),
		num("trafficker.interest", "per week", 0, 0.05, 0.004, "cost of capital", stylised, "D", func(p *Params) *float64 { return &p.Trafficker.Interest }),
		num("trafficker.margin", "share of the cost stack", 0, 1, 0.10, "margin first asked", stylised, "D", func(p *Params) *float64 { return &p.Trafficker.Margin }),
		num("trafficker.ask_decay", "per week", 0, 0.5, 0.15, "weekly fall of an unsold cargo's ask towards its best net value elsewhere", stylised, "D", func(p *Params) *float64 { return &p.Trafficker.AskDecay }),
		num("trafficker.cost_per_km", "CFA per km", 0, 5000, 250, "fuel, wear and hire of a vehicle", stylised, "C", func(p *Params) *float64 { return &p.Trafficker.CostPerKm }),
		whole("trafficker.fixed_cost", "CFA per trip", 0, 5000000, 150000, "drivers, guide, loading (K_fix)", stylised, "C", func(p *Params) *int64 { return &p.Trafficker.FixedCost }),
		whole("trafficker.loss_owner", "CFA", 0, 50000000, 3000000, "what an interdiction costs the owner beyond the cargo: vehicle, fine, jail (F)", stylised, "D", func(p *Params) *int64 { return &p.Trafficker.LossOwner }),
		num("trafficker.reach", "days", 0, 60, 5, "driving days from the homes and kin of a network within which it knows the markets and trades", stylised, "D", func(p *Params) *float64 { return &p.Trafficker.Reach }),
		num("trafficker.risk_aversion", "factor", 0, 5, 1, "weight of the owner's loss in plans (lambda)", stylised, "D", func(p *Params) *float64 { return &p.Trafficker.RiskAversion }),
		num("trafficker.min_fill", "share of a cargo", 0.05, 1, 0.4, "smallest cargo worth leaving with", stylised, "D", func(p *Params) *float64 { return &p.Trafficker.MinFill }),
		num("trafficker.bias_rate", "per trip", 0, 1, 0.2, "speed at which networks learn what trips leave, and what forecasts for a market are worth", design, "C", func(p *Params) *float64 { return &p.Trafficker.BiasRate }),
		num("trafficker.delay", "factor", 1, 6, 2, "time on the road over driving time: hiding, waiting, repairs", "K06-K08 give driving time", "C", func(p *Params) *float64 { return &p.Trafficker.Delay }),
		num("trafficker.complement", "share of a cargo", 0, 0.8, 0.35, "space left for goods that travel with the main one", "In Gall consignment: 390 rounds a rifle (W12)", "C", func(p *Params) *float64 { return &p.Trafficker.Complement }),
		whole("trafficker.working_capital", "CFA", 0, 100000000, 6000000, "cash above which profit is drawn out", stylised, "D", func(p *Params) *int64 { return &p.Trafficker.WorkingCapital }),
		whole("trafficker.recruit_cost", "CFA", 0, 100000000, 4000000, "retained profit a network spends to set up another carrier", stylised, "D", func(p *Params) *int64 { return &p.Trafficker.RecruitCost }),
		num("trafficker.recruit_max", "per year", 0, 2, 0.10, "fastest growth of a network's carriers", stylised, "D", func(p *Params) *float64 { return &p.Trafficker.RecruitMax }),
		num("trafficker.draw", "share", 0, 1, 0.5, "share of cash above working capital that is consumed per week", stylised, "D", func(p *Params) *float64 { return &p.Trafficker.Draw }),
		whole("trafficker.lag_kin", "weeks", 1, 3, 1, "age of news from kin hubs", design, "C", func(p *Params) *int64 { return &p.Trafficker.LagKin }),
		whole("trafficker.lag_other", "weeks", 1, 3, 2, "age of news from other hubs", design, "C", func(p *Params) *int64 { return &p.Trafficker.LagOther }),
		whole("trafficker.scale", "factor", 1, 100000, 1, "multiplies the number of carriers and divides nothing else: for scaling tests", design, "C", func(p *Params) *int64 { return &p.Trafficker.Scale }),

		choice("road.passthrough", "both", []string{"additive", "proportional", "both"}, "what an interdiction does: always a payment, always a loss, or the payable share of each", "open in the literature: fit both", "C", func(p *Params) *string { return &p.Road.PassThrough }),
		num("road.payable_share", "chance", 0, 1, 0.7, "chance that a payable stop ends in a payment, under `both` (s)", stylised, "D", func(p *Params) *float64 { return &p.Road.PayableShare }),
		whole("road.payment", "CFA per vehicle", 0, 10000000, 200000, "a payment at a stop (B)", stylised, "D", func(p *Params) *int64 { return &p.Road.Payment }),
		num("road.kin_cost", "factor", 0.1, 1, 0.85, "cost of a road between kin", stylised, "D", func(p *Params) *float64 { return &p.Road.KinCost }),
		num("road.kin_hazard", "factor", 0.1, 1, 0.8, "hazard of a road between kin", stylised, "D", func(p *Params) *float64 { return &p.Road.KinHazard }),
		num("road.mu", "CFA", 1, 1e6, 40000, "scale of the link logit of routes", "Dial 1971; value stylised", "D", func(p *Params) *float64 { return &p.Road.Mu }),
		num("road.town", "hazard", 0, 2, 0.08, "hazard of entering a town held by a force", stylised, "D", func(p *Params) *float64 { return &p.Road.Town }),
		num("road.patrol_hazard", "hazard per patrol-week", 0, 2, 0.05, "what one patrol-week adds to a road's hazard", stylised, "D", func(p *Params) *float64 { return &p.Road.PatrolHazard }),
		num("road.main", "factor", 1, 10, 2, "how much more patrols watch main roads than side tracks", stylised, "D", func(p *Params) *float64 { return &p.Road.Main }),
		num("road.prior_weight", "crossings", 1, 1000, 25, "weight of the public prior in a belief about a road (b0)", stylised, "D", func(p *Params) *float64 { return &p.Road.PriorWeight }),
		num("road.forget", "per week", 0, 0.5, 0.11, "forgetting of own records (half-life about six weeks)", design, "C", func(p *Params) *float64 { return &p.Road.Forget }),
		num("road.public_news", "share", 0, 1, 0.9, "share of a publicly known change of hazard that enters the prior", stylised, "D", func(p *Params) *float64 { return &p.Road.PublicNews }),
		whole("road.news_lag", "weeks", 0, 12, 2, "weeks until public news of a road is known", stylised, "D", func(p *Params) *int64 { return &p.Road.NewsLag }),
		whole("road.route_cargo", "CFA", 0, 1000000000, 5000000, "value at stake used when routes are compared", stylised, "D", func(p *Params) *int64 { return &p.Road.RouteCargo }),

		num("dealer.confiscate_open", "per week", 0, 1, 0, "chance that a unit in store is confiscated in an open town", stylised, "D", func(p *Params) *float64 { return &p.Dealer.ConfiscateOpen }),
		num("dealer.confiscate_clandestine", "per week", 0, 1, 0.01, "the same in a clandestine town", stylised, "D", func(p *Params) *float64 { return &p.Dealer.ConfiscateClandestine }),
		num("dealer.confiscate_closed", "per week", 0, 1, 0.5, "the same in a closed town", stylised, "D", func(p *Params) *float64 { return &p.Dealer.ConfiscateClosed }),
		num("dealer.store_clandestine", "share", 0, 1, 0.4, "room for a store in a clandestine town over that in an open one", stylised, "D", func(p *Params) *float64 { return &p.Dealer.StoreClandestine }),
		whole("dealer.trip_cost", "CFA", 0, 10000000, 400000, "fixed cost of one restocking (K_trip)", stylised, "D", func(p *Params) *int64 { return &p.Dealer.TripCost }),
		num("dealer.learn", "per week", 0, 0.5, 0.1, "weight of this week's price in the price that a dealer knows his customers to pay", stylised, "D", func(p *Params) *float64 { return &p.Dealer.Learn }),
		num("dealer.scarcity", "share of the price", 0, 0.9, 0.4, "how much more a unit is worth to a dealer in an empty store than in one at its target, and less in one twice as full", "competitive storage (Williams & Wright 1991); value stylised", "D", func(p *Params) *float64 { return &p.Dealer.Scarcity }),
		num("dealer.move_tau", "CFA per unit", 1, 1e6, 20000, "scale of the logit by which a store moves", stylised, "D", func(p *Params) *float64 { return &p.Dealer.MoveTau }),
		num("dealer.move_rate", "per week", 0, 1, 0.02, "chance that a dealer under pressure reconsiders his place", stylised, "D", func(p *Params) *float64 { return &p.Dealer.MoveRate }),

		num("group.war_demand", "factor", 0, 5, 0.5, "how much expected fighting raises the wanted stock (k)", stylised, "D", func(p *Params) *float64 { return &p.Group.WarDemand }),
		num("group.eta", "exponent", 0, 3, 0.7, "fall of willingness to pay with holdings", stylised, "D", func(p *Params) *float64 { return &p.Group.Eta }),
		num("group.wtp_cap", "factor", 1, 10, 4, "highest willingness to pay over w0", design, "C", func(p *Params) *float64 { return &p.Group.WTPCap }),
		num("group.buy_rate", "share of the wanted stock per week", 0, 0.5, 0.02, "most that is bid for in a week", design, "C", func(p *Params) *float64 { return &p.Group.BuyRate }),
		num("group.arms_share", "share of treasury per week", 0, 1, 0.25, "arms budget", stylised, "D", func(p *Params) *float64 { return &p.Group.ArmsShare }),
		num("group.surplus", "factor of the wanted stock", 1, 5, 1.15, "holdings above which a surplus is offered", stylised, "D", func(p *Params) *float64 { return &p.Group.Surplus }),
		choice("group.sell_because", "both", []string{"price", "shed", "both"}, "why groups sell a surplus: for the price, to shed what they do not need, or both", "open: bulletin names both", "C", func(p *Params) *string { return &p.Group.SellBecause }),
		num("group.attack_rate", "attacks per post and week at violence 1", 0, 5, 0.02, "attacks on posts", stylised, "D", func(p *Params) *float64 { return &p.Group.AttackRate }),
		num("group.exponent", "exponent", 0.2, 5, 1.5, "of the contest function of an attack (m)", "Hirshleifer 1989; value stylised", "D", func(p *Params) *float64 { return &p.Group.Exponent }),
		num("group.defence", "factor", 0.1, 20, 2, "worth of a soldier in a post against an armed attacker (theta)", stylised, "D", func(p *Params) *float64 { return &p.Group.Defence }),
		num("group.rounds_taken", "share", 0, 1, 0.5, "share of a captured post's rounds that is carried away (phi)", stylised, "D", func(p *Params) *float64 { return &p.Group.RoundsTaken }),
		num("group.arms_taken", "rifles per soldier", 0, 2, 0.2, "arms carried away per soldier of the garrison (phi')", "10-30 rifles a post is a prior", "C", func(p *Params) *float64 { return &p.Group.ArmsTaken }),
		num("group.garrison_arms", "heavy and PKM per rifle taken", 0, 1, 0.1, "machine guns and heavy weapons among captured arms", stylised, "D", func(p *Params) *float64 { return &p.Group.GarrisonArms }),
		num("group.fight_wear", "share of arms per week at violence 1", 0, 0.1, 0.001, "arms lost in fighting", stylised, "D", func(p *Params) *float64 { return &p.Group.FightWear }),
		num("group.drone_success", "chance", 0, 1, 0.4, "chance that a drone attack succeeds", stylised, "D", func(p *Params) *float64 { return &p.Group.DroneSuccess }),
		num("group.drone_effect", "factor", 0, 5, 0.5, "how much a recent success helps an overrun", stylised, "D", func(p *Params) *float64 { return &p.Group.DroneEffect }),
		num("group.drone_fade", "per week", 0, 1, 0.1, "fading of recent successes", stylised, "D", func(p *Params) *float64 { return &p.Group.DroneFade }),
		toggle("group.drone_support", false, "outside help with drones: disputed, off by default", "claims reported, not established", "D", func(p *Params) *bool { return &p.Group.DroneSupport }),
		num("group.buyer_share", "share of treasury", 0, 1, 0.1, "cash given to own buyers for one trip", stylised, "D", func(p *Params) *float64 { return &p.Group.BuyerShare }),
		num("group.enemy_town", "share", 0, 1, 0.3, "custom that a group can place in a clandestine town of an enemy force", stylised, "D", func(p *Params) *float64 { return &p.Group.EnemyTown }),
		num("group.reserve", "weeks of income", 0, 104, 4, "treasury above which a group spends on other things", stylised, "D", func(p *Params) *float64 { return &p.Group.Reserve }),
		num("group.bonus", "share per week", 0, 1, 0.2, "part of what exceeds the reserve that goes to fighters and others", stylised, "D", func(p *Params) *float64 { return &p.Group.Bonus }),
		num("group.desert", "share per week", 0, 0.2, 0.01, "fighters who leave when no pay comes", stylised, "D", func(p *Params) *float64 { return &p.Group.Desert }),
		num("group.drone_rate", "chance per crew and week", 0, 1, 0.1, "chance that a crew with a kit attacks in a week", stylised, "D", func(p *Params) *float64 { return &p.Group.DroneRate }),

		choice("force.allocation", "adaptive", []string{"fixed", "random", "adaptive"}, "how patrols are spread over roads, where the force's table names no rule", design, "C", func(p *Params) *string { return &p.Force.Allocation }),
		choice("force.leakage", "poor_control", []string{"poor_control", "price_incentive"}, "why soldiers sell: poor control (elasticity 0) or price", "open: bulletin names both", "C", func(p *Params) *string { return &p.Force.Leakage }),
		num("force.leak_scale", "factor", 0, 20, 1, "multiplies leakage out of depots (L0)", stylised, "D", func(p *Params) *float64 { return &p.Force.LeakScale }),
		num("force.leak_elasticity", "exponent", 0, 5, 1, "response of leakage to price under price_incentive (epsilon)", stylised, "D", func(p *Params) *float64 { return &p.Force.LeakElasticity }),
		num("force.explore", "share", 0, 1, 0.2, "share of adaptive patrols spread evenly", stylised, "D", func(p *Params) *float64 { return &p.Force.Explore }),
		num("force.seizure_memory", "per week", 0, 1, 0.9, "memory of past seizures in adaptive allocation", stylised, "D", func(p *Params) *float64 { return &p.Force.SeizureMemory }),
		whole("force.leak_price", "CFA", 1000, 5000000, 250000, "rifle price at which leakage equals its table value (p0)", "S01", "B", func(p *Params) *int64 { return &p.Force.LeakPrice }),
		num("force.march_days", "days", 0.1, 30, 4, "days a campaign needs per 100 km against no opposition", "Gao-Anefis 2-7 October 2023, Kidal 14 November", "B", func(p *Params) *float64 { return &p.Force.MarchDays }),
		num("force.column", "armed attackers", 1, 1e6, 250, "strength of a column: attackers near, with a rifle-equivalent each, who clash with it once a week", "Anefis and Kidal taken 5 and 43 days after 2 October 2023", "D", func(p *Params) *float64 { return &p.Force.Column }),
		num("force.march_loss", "rifles per clash", 0, 200, 10, "arms lost to ambushes on the march", "L01", "C", func(p *Params) *float64 { return &p.Force.MarchLoss }),

		num("ddr.word_of_mouth", "per week", 0, 2, 0.7, "spread of information among candidates", "H01: places full three weeks after the opening, six after the announcement", "C", func(p *Params) *float64 { return &p.DDR.WordOfMouth }),
		num("ddr.accept_slope", "exponent", 0, 5, 1, "fall of the chance of acceptance with applicants per place", stylised, "D", func(p *Params) *float64 { return &p.DDR.AcceptSlope }),
		num("ddr.wait_discount", "per week", 0, 0.2, 0.02, "discount of a place for the expected wait", stylised, "D", func(p *Params) *float64 { return &p.DDR.WaitDiscount }),
		num("ddr.seed", "share", 0, 1, 0.1, "candidates who hear the announcement itself", stylised, "D", func(p *Params) *float64 { return &p.DDR.Seed }),
		num("ddr.search", "share per week", 0, 1, 0.25, "informed candidates without a weapon who look for one in a week", stylised, "D", func(p *Params) *float64 { return &p.DDR.Search }),
		num("ddr.intake_weeks", "weeks", 1, 104, 3, "weeks in which a programme could fill its places", "H01: 1,289 registered from 6 to 26 November 2018", "C", func(p *Params) *float64 { return &p.DDR.IntakeWeeks }),
		num("ddr.wait", "weeks", 0, 520, 26, "wait that candidates expect where no opening date is known", stylised, "D", func(p *Params) *float64 { return &p.DDR.Wait }),

		choice("violence.mode", "endogenous", []string{"endogenous", "table"}, "violence from the model or from the documented table, never both", design, "C", func(p *Params) *string { return &p.Violence.Mode }),
		num("violence.persistence", "per week", 0, 0.99, 0.9, "persistence of violence (rho)", stylised, "D", func(p *Params) *float64 { return &p.Violence.Persistence }),
		num("violence.arms_feedback", "index per week", 0, 1, 0.05, "rise of violence when hostile arms nearby are twice those of the start (a)", stylised, "D", func(p *Params) *float64 { return &p.Violence.ArmsFeedback }),
		num("violence.reach", "km", 10, 1000, 150, "how far arms and events are felt", stylised, "D", func(p *Params) *float64 { return &p.Violence.Reach }),

		num("demand.civil_scale", "factor", 0, 20, 1, "multiplies civilian demand", stylised, "D", func(p *Params) *float64 { return &p.Demand.CivilScale }),
		num("demand.group_scale", "factor", 0, 20, 1, "multiplies the establishment of armed groups", stylised, "D", func(p *Params) *float64 { return &p.Demand.GroupScale }),
		num("supply.scale", "factor", 0, 20, 1, "multiplies what each outside source sells at most in a week", stylised, "D", func(p *Params) *float64 { return &p.Supply.Scale }),
		num("supply.price_scale", "factor", 0.1, 10, 1, "multiplies what each outside source asks", stylised, "D", func(p *Params) *float64 { return &p.Supply.PriceScale }),
		whole("supply.steps", "steps", 16, 64, 16, "steps of a supply curve", design, "C", func(p *Params) *int64 { return &p.Supply.Steps }),
	}
}

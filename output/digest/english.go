package digest

// PlotWords are the texts of the figures.
type PlotWords struct {
	FooterF                                               string // scenario, seed, version
	ThousandCFA, Before, After, EventsMarked              string
	Monthly, Quarterly, Others, None                      string
	MoreF, PerUnitF, OriginUnit, WeekOfF                  string
	QuarterLine, AbovePanel, FactPoint                    string
	MapUnused, MapPlaces, RouteUnitF                      string
	PriceTitleF, PriceAxisF                               string // good; unit, good's unit, 100 000, its EUR
	WeekDot, MonthLine, WindowMean, FactBoxF, NoTrade     string
	CostTitleF, CostAxisF, CostPrice, CostMainF           string // good; unit, good's unit, bin; -; component, change
	BookTitleF, BookAxisF, BookXF, BookClearF             string
	Demand, Supply, BookClear, BookNoTrade                string
	MapTitleF, MapUnitsF, MapPanelF, PerYearF, MapLostF   string
	MapZoom, MapReading, MapSource, MapBorders            string
	RouteTitleF, RouteAxisF, Gained, LostWord             string
	OriginTitle, OriginAxisF, OriginTotalF                string
	ActivityTitle, ActivityAxis, ActivityScale            string
	Hidden, Closed                                        string
	GroupsTitle, GroupsSubF                               string
	Held, HeldUnit, Spent, SpentUnit                      string
	Diverted, DivertedUnit, DivertedHeldF, DivertedFiredF string
	Seized, SeizedUnit, DDR, DDRUnit                      string
	Registered, Bought, Collected                         string
	Violence, ViolenceUnit, MeanOfHubs                    string

	AltPriceF, AltTownF, AltCostF, AltPartF, AltBookF, AltClearF, AltNoClearF         string
	AltMapF, AltArcF, AltOriginF, AltShareF, AltActivityF, AltActivityNone, AltScoreF string
	AltGroupsF                                                                        string

	CapPrice, CapCost, CapBook, CapMap, CapRoute, CapOrigin, CapActivity, CapGroups string
}

// english is the catalogue as it is written.
func english() *Words {
	return &Words{
		Months:  [12]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"},
		Origins: englishOrigins(), Names: englishNames(), KindF: englishKinds(), Plot: englishPlots(), Report: englishReport(),
		Chart: englishCharts(), Study: englishStudy(),
	}
}

func englishOrigins() map[string]string {
	return map[string]string{
		"libya": "Libya", "sudan": "Sudan", "nigeria": "Nigeria", "state_diverted": "sold by soldiers", "captured": "captured from the army",
		"ddr": "leaked from disarmament", "local": "local, older stock",
	}
}

func englishNames() map[string]string {
	return map[string]string{
		"libya": "Libya", "sudan": "Sudan", "nigeria": "Nigeria", "ddr": "candidates for disarmament (DDR)",
		"origin": "price at the source", "transport": "transport", "toll": "tolls", "payment": "payments at stops",
		"risk": "risk of loss", "storage": "storage", "margin": "seller's margin",
		"open": "open", "clandestine": "clandestine", "closed": "closed",
		"seized": "seized", "lost": "lost or destroyed", "captured_flow": "captured from the army",
		"jnim": "JNIM", "is_sahel": "IS Sahel", "csp": "CSP", "fla": "FLA", "msa": "MSA", "gatia": "GATIA", "iswap": "ISWAP",
		"self_defence": "self-defence groups", "fama": "Malian army (FAMa)", "barkhane": "Barkhane", "minusma": "MINUSMA",
		"algeria": "Algeria", "niger": "Niger", "civilian:bandits": "bandits", "miners": "miners", "herders": "herders", "urban": "townspeople",
		"": "nobody",
	}
}

func englishKinds() map[string]string {
	return map[string]string{
		"trafficker": "traffickers (%s)", "dealer": "dealers in %s", "stockholder": "stockholders in %s", "group": "%s",
		"soldiers": "soldiers (%s)", "civilian": "civilians: %s", "force": "%s",
	}
}

func englishPlots() PlotWords {
	return PlotWords{
		FooterF:     "One simulated run (n = 1: one seed is one draw). Scenario %s, seed %s, entrepot %s. Stylised model; volumes are not estimates.",
		ThousandCFA: "thousand CFA", Before: "before", After: "after", EventsMarked: "Events marked",
		Monthly: "by month", Quarterly: "by quarter", Others: "others", None: "none in this run",

		PriceTitleF: "Price of one %s, by market",
		PriceAxisF:  "In %s per %s (%s CFA = %s EUR). The numbers at the top of a panel: mean before, mean after, change.",
		MoreF:       "and %d more", PerUnitF: "%s per %s", OriginUnit: "share of units sold to users", WeekOfF: "Week of %s",
		QuarterLine: "mean of the quarter", AbovePanel: "at the edge: above the panel", FactPoint: "documented price of one moment",
		WeekDot: "a week with trade (pale: hardly any)", MonthLine: "mean of the month", WindowMean: "mean of the period", FactBoxF: "documented range (%s)",
		NoTrade: "no trade",

		CostTitleF: "What the price of one %s is made of",
		CostAxisF:  "In %s per %s, mean over the units sold, %s. The numbers at the top of a panel: the component that moved the price most.",
		CostPrice:  "price (the sum)", CostMainF: "%s %s",

		BookTitleF: "Demand and supply: %s in %s, one week before and one after",
		BookAxisF:  "Limit price, %s per %s. Each step is the orders at one limit; the market clears where the curves cross.",
		BookXF:     "%ss wanted or offered at that price or better, in the week",
		BookClearF: "%s CFA, %s traded", Demand: "demand (bids)", Supply: "supply (asks)", BookClear: "price and quantity of the week", BookNoTrade: "no trade",

		MapTitleF: "Where it travels: %s, before and after",
		MapUnitsF: "Width: %ss a year entering a road. Colour: origin; a thin line has the colour of the most frequent one. Arrow: direction. Crossed circle: lost on the road (area: units).",
		MapUnused: "road without this good", MapPlaces: "Places: GeoNames (CC BY 4.0).", RouteUnitF: "%ss a year",
		MapPanelF: "%s %ss a year entered roads, %s lost", PerYearF: "%s a year", MapLostF: "%s lost a year",
		MapZoom:    "The towns of the report, enlarged",
		MapReading: "Straight lines join hubs; they are not tracks. A unit counts on every road that it enters, so a long way counts several times.",
		MapSource:  "Base map: Natural Earth 1:50m, public domain.",
		MapBorders: "Borders are de facto lines and express no opinion on the status of any territory.",

		RouteTitleF: "Roads that gained and roads that lost: %s",
		RouteAxisF:  "In %ss a year entering the road in that direction; the sixteen largest changes.",
		Gained:      "more than before", LostWord: "less than before",

		OriginTitle:  "Where what is sold to users comes from",
		OriginAxisF:  "Share of the units sold to users (not to dealers or traffickers), %s.",
		OriginTotalF: "%s → %s %ss a year",

		ActivityTitle: "Activity of the market hubs",
		ActivityAxis:  "Score 0–10 of the model's own, from throughput, openness and violence. It is not the IEIM, whose hub scores are not published.",
		ActivityScale: "score", Hidden: "arms traded in secret", Closed: "closed to arms",

		GroupsTitle: "Who is armed, who pays, what is taken, how violent it is",
		GroupsSubF:  "Means %s; flows per month.",
		Held:        "Held by armed groups: %s", HeldUnit: "%ss at the week's end",
		Spent: "Spending of users on all arms", SpentUnit: "million CFA a month",
		Diverted: "State-diverted share (sold by soldiers or captured)", DivertedUnit: "share of what armed groups hold or fire",
		DivertedHeldF: "%ss held", DivertedFiredF: "%ss fired",
		Seized: "Seized from the market, captured from the army", SeizedUnit: "%ss a month",
		DDR: "Disarmament programmes (DDR)", DDRUnit: "people or %ss a month",
		Registered: "people registered", Bought: "weapons bought to enter", Collected: "weapons collected",
		Violence: "Violence", ViolenceUnit: "index, 1 = regional mean of 2017", MeanOfHubs: "mean of all hubs",

		AltPriceF: "Lines of the weekly and monthly price of one %s per market. Mean before (%s) and after (%s), in CFA: %s.",
		AltTownF:  "%s %s then %s (%s)",
		AltCostF:  "Stacked bars of the components of the price of one %s over time, per market. Component that moved most: %s.",
		AltPartF:  "%[1]s: %[2]s (%[3]s CFA)",
		AltBookF:  "Step curves of demand and supply of one good (%s) in %s. %s.",
		AltClearF: "week of %s: %s units at %s CFA", AltNoClearF: "week of %s: no trade",
		AltMapF:         "Flows of one good (%s) along roads, before and after. Largest changes, in units a year: %s.",
		AltArcF:         "%s to %s %s then %s",
		AltOriginF:      "Stacked shares of the origins of what is sold to users over time. %s, before and after: %s.",
		AltShareF:       "%s %s then %s",
		AltActivityF:    "Map of colours: activity score of each market hub over time. Largest changes of the mean: %s.",
		AltActivityNone: "Map of colours: activity score of each market hub over time. No mean changed by a point or more.",
		AltScoreF:       "%s %s then %s",
		AltGroupsF:      "Six panels: stocks, spending, state-diverted share, seizures and captures, disarmament, violence. Shares of buyers, before and after: %s.",

		CapPrice:    "How to read it: a dot is the price of a week in which something was sold, pale where it was less than a tenth of what is usual, the line the mean of the month or, on a long axis, of the quarter, by units sold. Where the line stops, nobody traded: no price is made up. Dashed lines are the means of the two periods compared. Boxes are prices that sources report for that place and time; two sources that disagree are both shown. A diamond is a documented price of one place and moment. What stands at the top edge, dot or triangle, lies above the panel.",
		CapCost:     "How to read it: the height of a bar is the price; its parts add up to the price exactly. The margin is what is left for the seller: where it hangs below zero, units were sold below their cost, and the black line of the price lies below the top of the bar. A bar that reaches the edge of its panel is cut off there; a thin bar is the mean of fewer than ten units. Risk is as the seller believed it when he loaded.",
		CapBook:     "How to read it: these are weeks whose price is near the middle of their period. The blue curve falls, since fewer buyers are left at a higher price; the orange curve rises. A blue triangle says that the first bids lie above the panel. Where they cross, the week's price and quantity stand. A shift of blue to the right is more demand; a shift of orange up or to the left is dearer or scarcer supply.",
		CapMap:      "How to read it: compare the same road in the two maps. Widths are on one scale. Hubs are aggregate places, straight lines are links of the model and not tracks on the ground.",
		CapRoute:    "How to read it: the open ring is before, the full dot after. Blue gained, orange lost.",
		CapOrigin:   "How to read it: each bar is a period; colours share out what users bought in it. Origins are kept with every unit, whoever carried it.",
		CapActivity: "How to read it: brighter is more active. The strip under a row says when arms could only be traded in secret (orange) or not at all (black).",
		CapGroups:   "How to read it: lines are stocks, shares or rates, bars are stacked flows. Each panel has its own unit.",
	}
}

package digest

// Term is an entry of the glossary.
type Term struct{ Word, Meaning string }

// ReportWords are the texts of the report. Lists are paragraphs or items in order.
type ReportWords struct {
	// Sentences.
	PricesF, TownF, PriceF, PriceNeverF, PriceOnlyAfterF, PriceOnlyBeforeF, Rose, Fell, Steady string
	WhyRiseF, WhyFallF, PartF, AgainstF                                                        string
	QuietF, AccountF, RoseWord, FellWord, MarginSoldF                                          string
	Causes, Means, Readings                                                                    map[string]string // by component and direction
	LeadWorld, LeadPrices, LeadWhy, LeadRoads, LeadTowns, LeadUsers, LeadProgramme, LeadSure   string
	WorldSame, WorldItemF, WorldF, WorldRestF, GoneF, ComeF, RoadLostF, RoadGainedF            string
	ThinF, SureF, ApartF, OverlapF                                                             string
	BecameF                                                                                    map[string]string // by regime
	RoadF, RoadsLostF, RoadsGainedF, LossF                                                     string
	RiskF, RiskAskedF, RiskOwnerF, RiskLostF                                                   string
	ShareF, OriginsF, BuyersF, SellersF, DivertedF                                             string
	RegimeF, HolderF, SoldF, Nobody, VolumeF                                                   string
	SpreadApartF, SpreadOverlapF                                                               string
	StoresF, StoresLeftF, StoresNetF, HeldF, SpentF, CapturedF, SeizedF, DronesF, ProgrammeF   string
	ComparedF, SameRegimes                                                                     string

	// Headings and labels.
	Report, Seed, Version, Period, Contents                                                                            string
	Short, Asked, Happened, Why, Where, Who, Places, Sure, Sources, Out, Glossary, Use                                 string
	Assumed, LookAt, Surprise, Stores, Armed, Group, HeldMean, SpentYear                                               string
	Town, Place, Before, After, Change, Weeks, Range, Component, Sum, Road, Share, Regime, Holder                      string
	Sold, Stored, Activity, Origin, Buyer, Seller, Fact, Documented, Simulated, Verdict, Event, Date, Cause            string
	Within, Below, AboveWord, NoTrade, UnitsYearF, CFAPerF, PriceTableF, CostTableF, RoadTableF                        string
	OriginTableF, BuyerTableF, SellerTableF, PlaceTableF, FactTable, EventTable, MoreEventsF, ScrollHint, OtherMarkets string

	// Paragraphs.
	AskedText, WhyText, SureText, OutText, UseText []string
	SourcesText                                    string
	Terms                                          []Term
}

func englishReport() ReportWords {
	return ReportWords{
		PricesF: "The %s %s in %s.", TownF: "%s (%s → %s CFA, %s)",
		PriceF: "%s: the %s %s, %s CFA before, %s CFA after (%s; %s and %s EUR).",
		Rose:   "became dearer", Fell: "became cheaper", Steady: "hardly changed in price",
		PriceNeverF:      "%s: no trade in the %s in either period.",
		PriceOnlyAfterF:  "%s: the %s was not traded before; afterwards it cost %s CFA (weeks with trade: %d).",
		PriceOnlyBeforeF: "%s: the %s cost %s CFA before (weeks with trade: %d); afterwards none was traded.",
		WhyRiseF:         "%s: the rise of %s CFA is made of %s.",
		WhyFallF:         "%s: the fall of %s CFA is made of %s.",
		PartF:            "%s %s CFA (%s)",
		AgainstF:         "Against it worked: %s.",
		QuietF:           "On the whole there is nothing to explain: the mean price of these towns hardly moved, each counted by what it sells: %s CFA before and %s after (%s).",
		AccountF:         "%s. On the mean of the %d towns that traded in both periods, each counted by what it sells, the price %s by %s CFA a %s. Part by part: %s.",
		RoseWord:         "rose",
		FellWord:         "fell",
		MarginSoldF:      "Sold there, %ss a year: %s before, %s after; %s.",
		Readings: map[string]string{
			"margin up": "dearer, and about as many", "margin up, less sold": "dearer and fewer means that supply was short",
			"margin up, more sold": "dearer and more means that demand grew", "margin down": "cheaper, and about as many",
			"margin down, more sold": "cheaper and more means that supply grew", "margin down, less sold": "cheaper and fewer means that demand fell",
		},
		Causes: map[string]string{
			"soldiers":  "buyers turned to soldiers, who take what their arms fetch",
			"origin up": "dearer goods at the source", "origin down": "cheaper goods at the source",
			"transport up": "longer ways or smaller cargoes", "transport down": "shorter ways or larger cargoes",
			"toll up": "more tolls on the way", "toll down": "fewer tolls on the way",
			"payment up": "more paid at stops on the way", "payment down": "less paid at stops on the way",
			"risk up": "carriers expected to lose more on the way", "risk down": "carriers expected to lose less on the way",
			"storage up": "dearer storage", "storage down": "cheaper storage",
			"margin up": "sellers earned more above their costs", "margin down": "sellers earned less above their costs",
			"margin up, less sold":   "scarcity, less came to market than buyers wanted at the old price",
			"margin up, more sold":   "demand, buyers wanted more than came to market at the old price",
			"margin down, more sold": "plenty, more came to market than buyers would take at the old price",
			"margin down, less sold": "weak demand, buyers wanted less at the old price",
		},
		Means: map[string]string{
			"origin up":      "The goods were dearer where they entered the market: scarcer supply at the source, or more carriers bidding for it. What soldiers sell enters at the price that it fetches.",
			"transport up":   "It cost more to bring the goods there: longer ways, or smaller cargoes over which a trip's costs are spread.",
			"toll up":        "More was paid at customary checkpoints: other roads, or smaller cargoes.",
			"payment up":     "More was paid at stops by patrols, border posts and bandits.",
			"risk up":        "Sellers believed that more cargoes would be lost on the way, and priced it in. Belief follows stops, strikes and news; it fades when the roads are quiet.",
			"storage up":     "Storing became dearer: smaller lots and more confiscation where trade has to hide.",
			"margin up":      "The seller's margin is no cost: it is what buyers paid above all costs of the goods and their way.",
			"origin down":    "The goods were cheaper where they entered the market: more supply, or fewer carriers bidding for it.",
			"transport down": "It cost less to bring the goods there: shorter ways or larger cargoes.",
			"toll down":      "Less was paid at customary checkpoints.",
			"payment down":   "Less was paid at stops by patrols, border posts and bandits.",
			"risk down":      "Sellers believed that fewer cargoes would be lost on the way.",
			"storage down":   "Storing became cheaper.",
			"margin down":    "The seller's margin is no cost: it is what buyers pay above all costs of the goods and their way, and it shrank.",
		},
		LeadWorld: "What changed", LeadPrices: "Prices", LeadWhy: "Why", LeadRoads: "Roads", LeadTowns: "Towns and dealers",
		LeadUsers: "Buyers", LeadProgramme: "Disarmament", LeadSure: "How sure",
		WorldSame:  "No event of the scenario falls after the first period: what differs is luck, season and what was under way before.",
		WorldItemF: "%s (%s)",
		WorldF:     "From %s on, as the scenario sets it: %s.",
		WorldRestF: "Further events, listed below: %d.",
		GoneF:      "In %s none was traded any more.", ComeF: "In %s it was traded only in the second period.",
		RoadLostF:   "Traffic fell most from %s to %s (%s %[5]ss a year before, %[4]s after).",
		RoadGainedF: "Traffic grew most from %s to %s (%s, then %s %[5]ss a year).",
		ThinF:       "but sold in %d of %d, then %d of %d weeks",
		SureF:       "This is one draw of luck (seed %d), not a forecast: look at other seeds before believing a difference.",
		ApartF:      "In %s the change is larger than the scatter of prices within this run.",
		OverlapF:    "In %s prices of single weeks still overlap between the two periods.",
		BecameF: map[string]string{"closed": "%s: closed to arms.", "clandestine": "%s: arms are now traded in secret.",
			"open": "%s: arms are now traded openly."},
		RoadF:        "%s → %s (%s, then %s a year)",
		RoadsLostF:   "The roads that lost most: %s.",
		RoadsGainedF: "The roads that gained most: %s.",
		LossF:        "Of the %[3]ss that entered a road, %[1]s were lost on it before and %[2]s after, over all roads of the region.",
		RiskF:        "%[1]s: of the %[3]s CFA that a %[4]s cost in the second period, %[2]s CFA (%[5]s) were asked for the risk of loss, while %[6]s of the %[4]ss that entered a road into this town were lost on it. Both are right: one is what was asked, the other what happened.",
		RiskAskedF:   "Asked is what a carrier believed at loading that his whole way might cost: cargo, vehicle, fine and jail, over all its roads and shared by the few units that he carries. Belief follows stops, strikes and news, and can lie far above the losses that come.",
		RiskOwnerF:   "An interdiction costs the owner %s CFA beside the cargo in this run.",
		RiskLostF:    "The share lost is of one road, and over the region the mean of all roads, quiet ones too. Over whole ways more is lost: for each 100 %[3]ss that users bought, %[1]s before and %[2]s after.",
		ShareF:       "%s %s → %s",
		OriginsF:     "Origin of what users bought (%s): %s.",
		BuyersF:      "Who bought (%s): %s.",
		SellersF:     "Who sold to users (%s): %s.",
		DivertedF:    "Sold by soldiers or captured from armies, together: %s before, %s after.",
		RegimeF:      "%s: arms trade was %s, then %s", HolderF: "; held by %s, then by %s", SoldF: "; %ss sold there a year: %s, then %s", Nobody: "nobody",
		VolumeF:        "Users bought about %[2]s %[1]ss a year before and %[3]s after (%[4]s) over the whole modelled region; volumes are stylised.",
		SpreadApartF:   "%s: eight %ss in ten were sold between %s and %s CFA before and between %s and %s CFA after; the two are apart: the change is larger than the scatter within this run.",
		SpreadOverlapF: "%s: eight %ss in ten were sold between %s and %s CFA before and between %s and %s CFA after; the two overlap, so single weeks of either period can look alike; whether the means differ by more than luck takes many seeds.",
		StoresF:        "From %s to %s dealers moved %d stores to other towns.",
		StoresLeftF:    "%s: stores that left: %d (to %s); that came: %d.",
		StoresNetF:     "Towns that lost most stores, on balance: %s; that gained most: %s.",
		HeldF:          "Armed groups held %[1]s %[4]ss on average before and %[2]s after (%[3]s).",
		SpentF:         "Armed groups paid %s million CFA a year for arms before and %s after (%s).",
		CapturedF:      "Posts of forces overrun a year: %s before, %s after; %[5]ss captured a year: %[3]s, then %[4]s.",
		SeizedF:        "Seized on the roads: %[1]s %[3]ss a year before, %[2]s after.",
		DronesF:        "Drone attacks a year: %s before, %s after.",
		ProgrammeF:     "Disarmament over the whole run: people registered: %[1]s; %[4]ss bought by candidates to get in: %[2]s; %[4]ss handed in: %[3]s.",
		ComparedF:      "Compared: %s (before) with %s (after). Prices are means over the units sold.",
		SameRegimes:    "No market changed hands or rules between the two periods.",

		Report: "Report of one simulated run", Seed: "seed", Version: "program", Period: "simulated", Contents: "Contents",
		Short: "In short", Asked: "What was asked", Happened: "What happened to prices", Why: "Why", Where: "Where it travels",
		Who: "Where it comes from, who buys, who sells", Places: "Towns and groups", Sure: "How sure may one be?", Sources: "Beside the sources",
		Out: "What the model leaves out", Glossary: "Glossary", Use: "Responsible use",
		Assumed: "Taken for granted", LookAt: "To look at", Surprise: "What would surprise", Stores: "Where dealers went", Armed: "Who is armed",
		Group: "Group", HeldMean: "Held on average, %ss", SpentYear: "Paid for arms, million CFA a year",
		Town: "Town", Place: "Place", Before: "Before", After: "After", Change: "Change", Weeks: "Weeks with trade", Range: "8 units in 10",
		Component: "Component", Sum: "Price (sum)", Road: "Road", Share: "Share", Regime: "Arms trade", Holder: "Held by",
		Sold: "Sold a year", Stored: "In stores", Activity: "Activity 0–10", Origin: "Origin", Buyer: "Buyer", Seller: "Seller",
		Fact: "Fact", Documented: "Documented", Simulated: "This run", Verdict: "Verdict", Event: "Event", Date: "Date", Cause: "Cause",
		Within: "within", Below: "below", AboveWord: "above", NoTrade: "no trade",
		UnitsYearF: "%ss a year", CFAPerF: "CFA per %s",
		PriceTableF:  "Price of one %s in CFA, mean over the units sold",
		CostTableF:   "Components of the price of one %s, in %s: before → after (change)",
		RoadTableF:   "Roads with the largest changes, %ss a year entering in that direction",
		OriginTableF: "Origin of the units sold to users: %s", BuyerTableF: "Users who bought: %s", SellerTableF: "Who sold to users: %s",
		PlaceTableF: "Markets where something changed (%ss)",
		FactTable:   "Documented prices and this run's mean price at the same places and days",
		EventTable:  "Events of the scenario", MoreEventsF: "and %d more; see scenario.yaml",
		OtherMarkets: "Other markets", ScrollHint: "On a narrow screen, tables and figures scroll sideways.",

		AskedText: []string{
			"The program simulates an illicit arms market week by week: carriers choose goods and roads by expected gain, dealers store, armed groups and civilians bid, forces patrol. Prices come out of weekly call auctions in each market; none is set by hand. The scenario only says what happens when to the world around the market.",
		},
		WhyText: []string{
			"Every unit carries the cost of its way. The week's price in a market can therefore be taken apart exactly into the price at the source, transport, tolls, payments at stops, the risk of loss as believed at loading, storage, and the seller's margin as the rest. The margin is negative where goods were sold below their cost.",
			"This is an account of where the money went, not of causes. Which event caused how much is found by taking events out (remove: true in a layer of one's own) and running again under the same seed.",
		},
		SureText: []string{
			"This is one run: one seed is one draw. Another seed gives other weeks and somewhat other numbers. What can be said from one run is what happened in it, not how often it would.",
			"To ask whether a difference is more than luck, run the scenario and its reference with the same seed, several seeds each, and compare the pairs. A right price can come about for a wrong reason: look at the components, the roads and the origins too.",
		},
		SourcesText: "Documented prices are few, some disagree with each other, and the model's parameters may have been fitted to them. Agreement is consistency, not proof.",
		OutText: []string{
			"Persons, firms and real tracks: hubs, networks and groups are aggregates, and roads are links between places.",
			"True volumes: no trafficked volume is published anywhere, so volumes are stylised; shares, ratios and prices are the evidence.",
			"What sources do not report: prices in southern Libya after 2015, the price of machine guns and pistols in Mali, losses on the road. Priors of low quality stand in for them.",
			"Politics: who fights whom, when towns fall and when programmes open is given by the scenario or by simple rules; nobody in the model negotiates or governs.",
			"Other illicit trades, which appear only as the carriers' other work; quality, age and forgery of arms; credit and trust between persons.",
			"The activity score is the model's own. It is not the score of the Illicit Economies and Instability Monitor, which publishes none for hubs.",
		},
		UseText: []string{
			"For research and teaching about how a market answers to shocks and policies. The model names no person, plans no route for anybody and says nothing about how to smuggle, find or target anything. Do not read its numbers as estimates about real places, groups or people, and do not use them for decisions about any of them.",
		},
		Terms: []Term{
			{"Ask, bid", "the least a seller will take and the most a buyer will pay for a unit."},
			{"Call auction", "all bids and asks of a market's week are cleared at one price, at which most units change hands. If no bid reaches an ask, nothing is traded and there is no price."},
			{"CFA", "franc of the West African monetary union; 655.957 CFA are one euro by a fixed peg."},
			{"DDR", "disarmament, demobilisation and reintegration: a programme that takes fighters in, often for a weapon handed over."},
			{"Entrepot", "a town where goods are stored, broken into smaller lots and sold on."},
			{"Hub", "a place of the model: a market, a source, a mine, a border crossing or a stage on the way."},
			{"Margin", "what is left to the seller after all costs; it is the rest and may be negative."},
			{"Origin", "where a unit entered the market: bought abroad (Libya, Sudan, Nigeria), sold by soldiers, captured from an army, leaked from disarmament, or local and older stock."},
			{"Regime of a town", "open: arms are traded and stored openly; clandestine: in secret, in small stores; closed: not at all."},
			{"Risk", "the loss that the seller expected when he loaded, spread over the units that arrive."},
			{"Seed", "the number that fixes all luck of a run: the same scenario, seed and program give the same bytes."},
			{"State-diverted", "sold by soldiers or captured from an army."},
			{"User", "whoever buys to keep or use: an armed group, civilians, a candidate for DDR; not a dealer or trafficker."},
		},
	}
}

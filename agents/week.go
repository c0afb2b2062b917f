package agents

import "entrepot/sim"

// Schedule is the week, from top to bottom. Everybody decides against the state that the phases before "clearing" left,
// and the market settles all orders at once; only traffickers plan one after the other, in keyed order, seeing what has
// already been planned this week.
func (m *Model) Schedule() []sim.Phase {
	return []sim.Phase{
		{Name: "events", Do: m.applyEvents},
		{Name: "patrols", Do: m.Forces.patrol},
		{Name: "violence", Do: m.updateViolence},
		{Name: "conflict", Do: m.Groups.fight},
		{Name: "income and upkeep", Do: m.Groups.income},
		{Name: "disarmament", Do: m.DDR.decide},
		{Name: "paths", Do: m.Traffickers.paths},
		{Name: "totals under way", Do: m.Traffickers.totals},
		{Name: "stockholders offer", Do: m.Stockholders.offer},
		{Name: "soldiers sell", Do: m.Forces.leak},
		{Name: "groups order", Do: m.Groups.order},
		{Name: "civilians order", Do: m.Civilians.order},
		{Name: "candidates order", Do: m.DDR.order},
		{Name: "robbers sell", Do: m.Bandits.order},
		{Name: "dealers order", Do: m.Dealers.order},
		{Name: "traffickers plan", Do: m.Traffickers.plan},
		{Name: "clearing", Do: m.clear},
		{Name: "taxes", Do: m.Groups.tax},
		{Name: "dealers learn", Do: m.Dealers.learn},
		{Name: "candidates hand in", Do: m.DDR.register},
		{Name: "departures", Do: m.Traffickers.depart},
		{Name: "roads", Do: m.Traffickers.travel},
		{Name: "beliefs", Do: m.Traffickers.learn},
		{Name: "patrols learn", Do: m.Forces.learn},
		{Name: "wear and use", Do: m.wearAndUse},
		{Name: "entry and exit", Do: m.Traffickers.enterAndLeave},
	}
}

func (m *Model) clear(w *sim.World) {
	w.Auctions.Clear(w.Accounts, w.Week, w.Luck("auction"))
}

// wearAndUse takes away what wore out or was used up in the week.
func (m *Model) wearAndUse(w *sim.World) {
	m.Groups.wear(w)
	m.Civilians.wear(w)
}

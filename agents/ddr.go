package agents

import "entrepot/sim"

// Disarmament, demobilisation and reintegration (DDR)
//
// Rule. After the announcement the news spreads among the candidates of a programme by word of mouth, I' = c*I*(1-I). A
// candidate to whom a place is worth b, lognormal around the benefit, enters when
//
//	chance * b * credibility * exp(-d*wait) - price of the entry weapon > 0,
//
// with chance = min(1, places left / applicants)^slope and no weapon term where none is asked for. Who owns a weapon
// forgoes its resale price; only the unarmed buy one, at up to what the place is worth. Intake is limited by week and only
// while the programme is open. Weapons handed in leave the market, but for a share that leaks back to robbers at the hub.
// Registrants leave the wanted strength of their group, unless its commanders swell the ranks. When a programme closes,
// those who bought in vain sell. In the burn-in nothing happens: a programme that was announced or opened before the start
// begins the run with the news spread by then and with the places left that an intake at full capacity would have left; who
// took the others is in the tables of the first day.
// Source: model design 4.9. Left out: fraud with broken weapons, payments on registration, and relapse.

// DDR are all programmes, one row of the table each.
type DDR struct {
	m     *Model
	list  []scheme
	begun bool // the first week after the burn-in has come
}

// scheme is the state of one programme.
type scheme struct {
	spec                   *Programme
	label                  string
	holder                 int32    // of weapons bought to enter, and of what is handed in
	hub, good              int      // good = -1 where no weapon is known
	announced, open, close sim.Date // 0 = not known
	informed               float64  // share of the candidates
	armed, unarmed         float64  // candidates not yet registered
	before, registered     int64    // places taken before the start, and since then
	worth                  float64  // median worth of entering, CFA, this week
	willing                float64  // armed candidates who would enter, this week
	sought                 int64    // weapons bid for, this week
	groups                 []int
}

func newDDR(m *Model) *DDR {
	d := &DDR{m: m}
	for i := range m.Setup.Programmes {
		s := &m.Setup.Programmes[i]
		p := scheme{spec: s, label: "ddr:" + s.ID, hub: m.Hub(s.Hub), good: maybe(m.GoodOf, s.Good), announced: s.Announced, open: s.Open, close: s.Close,
			armed: float64(s.Candidates) * s.Armed, unarmed: float64(s.Candidates) * (1 - s.Armed)}
		p.holder = m.holder("ddr:"+s.ID, "ddr", sim.Final, 0)
		for _, id := range s.Groups {
			if g := maybe(m.GroupOf, id); g >= 0 {
				p.groups = append(p.groups, g)
			}
		}
		d.list = append(d.list, p)
	}
	return d
}

// event announces, opens or closes a programme.
func (d *DDR) event(e *Event) {
	for i := range d.list {
		p := &d.list[i]
		if p.spec.ID != e.Programme {
			continue
		}
		switch e.Action {
		case "announce":
			p.announced = e.Date
		case "open":
			p.open, p.close = e.Date, max(e.Until, 0)
		case "close":
			p.close = e.Date
		}
	}
}

// known, running and over say where a programme stands on a day (the Monday of a week). Before the announcement nobody
// knows of it; one that opens is known.
func (p *scheme) known(day sim.Date) bool {
	return p.announced > 0 && p.announced <= day+6 || p.running(day) || p.over(day)
}

func (p *scheme) running(day sim.Date) bool {
	return p.open > 0 && p.open <= day+6 && !p.over(day)
}

func (p *scheme) over(day sim.Date) bool {
	return p.close > 0 && p.close <= day && p.close >= max(p.announced, p.open)
}

func (p *scheme) places() int64 { return p.spec.Places - p.before - p.registered }

func (p *scheme) left() float64 { return float64(p.places()) }

// needsWeapon reports whether a weapon buys the way in.
func (p *scheme) needsWeapon() bool { return p.spec.WeaponNeeded && p.good >= 0 }

// acceptance is the chance of a place: min(1, left/applicants)^slope.
func acceptance(left, applicants, slope float64) float64 {
	if left <= 0 {
		return 0
	}
	if applicants <= left {
		return 1
	}
	return sim.Pow(left/applicants, slope)
}

// enters reports whether a candidate to whom entering is worth so much enters at a price of the weapon.
func enters(worth, price float64) bool { return worth > price }

// begin puts a programme where it stands on the first day by its dates.
func (d *DDR) begin(p *scheme) {
	start := d.m.Start
	known := p.announced
	if known == 0 || p.open > 0 && p.open < known {
		known = p.open
	}
	if known == 0 {
		return
	}
	for week := max(known.Monday(), start-7*longKnown); week < start; week += 7 {
		p.spread(d.m.P)
	}
	if p.open == 0 || p.open.Monday() >= start || p.spec.Candidates <= 0 {
		return
	}
	weeks := float64(start-p.open.Monday()) / 7
	p.before = min(p.spec.Places, p.spec.Candidates, int64(min(weeks/max(d.m.P.DDR.IntakeWeeks, 1), 1)*float64(p.spec.Places)))
	waiting := 1 - float64(p.before)/float64(p.spec.Candidates)
	p.armed, p.unarmed = p.armed*waiting, p.unarmed*waiting
}

// longKnown is after how many weeks at most everybody knows of a programme who ever will.
const longKnown = 520

// spread lets the news go round for a week.
func (p *scheme) spread(of *Params) {
	p.informed = min(1, max(p.informed, of.DDR.Seed))
	p.informed = min(1, p.informed+float64(of.DDR.WordOfMouth*p.informed*(1-p.informed)))
}

// decide spreads the news and works out what entering is worth this week.
func (d *DDR) decide(w *sim.World) {
	if d.m.burning() {
		return
	}
	if !d.begun {
		d.begun = true
		for i := range d.list {
			d.begin(&d.list[i])
		}
	}
	day := d.m.day()
	for i := range d.list {
		p := &d.list[i]
		p.worth, p.willing, p.sought = 0, 0, 0
		if !p.known(day) || p.over(day) || p.left() <= 0 {
			continue
		}
		q := &d.m.P.DDR
		p.spread(d.m.P)
		bought := 0.0
		if p.needsWeapon() {
			bought = float64(w.Accounts.Units(p.holder, p.good))
		}
		value := float64(p.spec.Benefit) * d.trust(p, day)
		p.willing = d.inclined(p, value, p.armed)
		applicants := p.willing + bought
		if !p.needsWeapon() {
			applicants += d.inclined(p, value, p.unarmed)
		}
		p.worth = value * acceptance(p.left(), applicants, q.AcceptSlope)
		p.willing = d.inclined(p, p.worth, p.armed)
	}
}

// trust is what is left of a benefit after doubts and waiting: all of it once the programme is open.
func (d *DDR) trust(p *scheme, day sim.Date) float64 {
	if p.running(day) {
		return 1
	}
	wait := d.m.P.DDR.Wait
	if p.open > day {
		wait = float64(p.open-day) / 7
	}
	return p.spec.Credibility * sim.Exp(-d.m.P.DDR.WaitDiscount*wait)
}

// inclined counts the informed among some candidates who would enter with a weapon they own (or none, where none is
// asked for), given the median worth of entering.
func (d *DDR) inclined(p *scheme, median, candidates float64) float64 {
	price := 0.0
	if p.needsWeapon() {
		price = d.m.goingPrice(p.hub, p.good)
	}
	const parts = 10
	n := 0
	for k := 0; k < parts; k++ {
		if enters(median*sim.Exp(p.spec.Sigma*normalAt((float64(k)+0.5)/parts)), price) {
			n++
		}
	}
	return p.informed * candidates * float64(n) / parts
}

// resaleRate is the part of the weapons bought in vain that comes back to market in a week.
const resaleRate = 0.1

// order lets the unarmed bid for an entry weapon, and after the end those who bought in vain sell.
func (d *DDR) order(w *sim.World) {
	m := d.m
	luck := w.Luck("ddr")
	for i := range d.list {
		p := &d.list[i]
		if !p.needsWeapon() || !m.trades(p.hub) {
			continue
		}
		have := int64(w.Accounts.Units(p.holder, p.good))
		key := luck.At(w.Accounts.ID[p.holder])
		if p.worth <= 0 {
			d.resell(p, have, key)
			continue
		}
		p.sought = whole64(m.P.DDR.Search*(float64(p.informed*p.unarmed)-float64(have)), key.Label("seekers"))
		m.bidQuantiles(p.hub, p.good, p.holder, p.sought, p.worth, p.spec.Sigma, key)
	}
}

func (d *DDR) resell(p *scheme, have int64, luck sim.Key) {
	price := d.m.goingPrice(p.hub, p.good)
	if have == 0 || price == 0 {
		return
	}
	n := max(1, whole64(float64(have)*resaleRate, luck.Label("resale")))
	d.m.ask(p.hub, p.good, p.holder, min(n, have), max(1, int64(undercut*price)))
}

// register takes in candidates where programmes are open.
func (d *DDR) register(w *sim.World) {
	m := d.m
	luck := w.Luck("registration")
	for i := range d.list {
		p := &d.list[i]
		if cash := w.Accounts.Cash[p.holder]; cash > 0 && p.worth <= 0 {
			w.Accounts.Spend(p.holder, cash, sim.Living)
		}
		if !p.running(m.day()) || p.left() <= 0 || p.worth <= 0 {
			continue
		}
		key := luck.At(w.Accounts.ID[p.holder])
		capacity := max(1, whole64(float64(p.spec.Places)/max(m.P.DDR.IntakeWeeks, 1), key.Label("capacity")))
		capacity = min(capacity, p.places())
		if p.needsWeapon() {
			d.takeArmed(p, capacity, key)
		} else {
			d.takeAny(p, capacity, key)
		}
	}
}

// takeAny registers candidates with or without a weapon.
func (d *DDR) takeAny(p *scheme, capacity int64, luck sim.Key) {
	unarmed := d.inclined(p, p.worth, p.unarmed)
	pool := p.willing + unarmed
	n := min(capacity, int64(pool))
	if n <= 0 {
		return
	}
	armed := whole64(float64(n)*(p.willing/pool), luck.Label("armed"))
	p.armed = max(0, p.armed-float64(armed))
	p.unarmed = max(0, p.unarmed-float64(n-armed))
	p.registered += n
	d.demobilise(p, n)
}

// takeArmed registers candidates who bought a weapon and candidates who own one, in proportion, and takes the weapons.
func (d *DDR) takeArmed(p *scheme, capacity int64, luck sim.Key) {
	m := d.m
	bought := int64(m.Accounts.Units(p.holder, p.good))
	owners := int64(p.willing)
	if bought+owners == 0 {
		return
	}
	n := min(capacity, bought+owners)
	buyers := min(bought, whole64(float64(n)*float64(bought)/float64(bought+owners), luck.Label("buyers")))
	brought := d.fromOwners(p, min(n-buyers, owners))
	n = buyers + brought
	p.unarmed = max(0, p.unarmed-float64(buyers))
	p.armed = max(0, p.armed-float64(brought))
	p.registered += n
	m.Accounts.Remove(sim.Collected, p.holder, p.good, clamp32(n))
	d.leakBack(p, whole64(float64(n)*p.spec.Leak, luck.Label("leak")))
	d.demobilise(p, n)
}

// fromOwners moves the weapons that candidates bring from the stocks they stand in: those of their groups, by strength, but
// where commanders swell the ranks they send others, who own a weapon among the civilians of the hub. It returns how many
// there were.
func (d *DDR) fromOwners(p *scheme, n int64) (got int64) {
	got = d.fromGroups(p, n, false)
	m := d.m
	for i, holder := range m.Civilians.Holder {
		if m.Civilians.hub[i] == p.hub && m.Civilians.good[i] == p.good && got < n {
			got += int64(m.Accounts.Move(holder, p.holder, p.good, clamp32(n-got)))
		}
	}
	return got + d.fromGroups(p, n-got, true)
}

// fromGroups takes up to n weapons from groups that swell their ranks, or from the others, each by its strength among all.
func (d *DDR) fromGroups(p *scheme, n int64, swell bool) (got int64) {
	m, total := d.m, d.strength(p)
	for _, g := range p.groups {
		if total > 0 && m.Setup.Groups[g].Swells == swell {
			part := int64(float64(n)*(m.Groups.Fighters[g]/total)) + 1
			got += int64(m.Accounts.Move(m.Groups.Holder[g], p.holder, p.good, clamp32(min(part, n-got))))
		}
	}
	return got
}

// strength adds up the fighters of a programme's groups.
func (d *DDR) strength(p *scheme) (total float64) {
	for _, g := range p.groups {
		total += d.m.Groups.Fighters[g]
	}
	return total
}

// leakBack lets collected weapons come back onto the market: the collected stay collected, and as many appear with the
// robbers of the place, of origin ddr.
func (d *DDR) leakBack(p *scheme, n int64) {
	m := d.m
	if k := m.nearestMarket(p.hub, p.hub); k >= 0 {
		m.Accounts.Bring(sim.Made, m.Bandits.Holder[k], p.good, m.OriginOf["ddr"], clamp32(n))
	}
}

// demobilise takes registrants out of their groups' ranks and wanted strength, by strength. Where commanders swell the
// ranks they replace them, and the group does not get weaker.
func (d *DDR) demobilise(p *scheme, n int64) {
	m := d.m
	total := d.strength(p)
	if total <= 0 {
		return
	}
	for _, g := range p.groups {
		if m.Setup.Groups[g].Swells {
			continue
		}
		part := min(float64(n)/total, 1)
		m.Groups.Fighters[g] *= 1 - part
		m.Groups.strength[g] *= 1 - part
	}
}

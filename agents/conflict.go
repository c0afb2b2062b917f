package agents

import (
	"strconv"

	"entrepot/sim"
)

// Conflict
//
// Rule. At violence V a group fires fighters*use*V rounds a week (pro rata by origin; less when it has under a quarter of
// the rounds it wants) and loses a share of its arms proportional to V. A post is attacked Poisson(a*V) times a week by a group that is near and at war with its force. With f
// attackers and e rifle-equivalents per fighter (less where rounds are short, more after recent drone successes) against G
// soldiers it is overrun with chance
//
//	(f*e)^m / ((f*e)^m + (theta*G)^m),
//
// and yields phi*R rounds and phi'*G rifles, plus some machine guns and heavy weapons, as captured goods. Garrisons and
// rounds come back at a rate. Drone crews train and learn from success; each week min(crews, kits) may attack, each uses a
// kit, and a success helps overruns for a while.
// Source: model design 4.7; contest function Hirshleifer 1989; no exponent imposes a trend. Left out: losses of life,
// prisoners, vehicles, tactics, and any place finer than a hub.

// fight is a week of conflict.
func (g *Groups) fight(w *sim.World) {
	clear(g.fired)
	clear(g.droneAttacks)
	luck := w.Luck("conflict")
	for i, holder := range g.Holder {
		if g.status[i] == active {
			key := luck.At(w.Accounts.ID[holder])
			g.useArms(i, key)
			g.fly(i, key.Label("drones"))
		}
	}
	f := g.m.Forces
	for p := range f.posts {
		if f.posts[p].active {
			g.assault(p, luck.At(f.posts[p].key))
		}
	}
	f.refill()
}

// useArms takes the rounds fired and the arms lost.
func (g *Groups) useArms(i int, luck sim.Key) {
	m := g.m
	for good := range m.GoodSpec {
		spec := &m.GoodSpec[good]
		key := luck.At(m.now.goodKey[good])
		if r := g.kit[i*m.Goods+good]; r != nil && r.Use > 0 && !spec.Drone {
			rounds := g.Fighters[i] * r.Use * g.violence[i] * g.stocked(i, good)
			lot := m.Accounts.Remove(sim.Used, g.Holder[i], good, clamp32(whole64(rounds, key)))
			g.fired[i*m.Goods+good] = lot.Origin
		}
		if spec.Durable && !spec.Drone {
			lost := float64(m.Accounts.Units(g.Holder[i], good)) * m.P.Group.FightWear * g.violence[i]
			m.Accounts.Remove(sim.Lost, g.Holder[i], good, clamp32(whole64(lost, key.Label("lost"))))
		}
	}
}

// overrun is the chance that an attack of strength f*e overruns a post defended with strength d.
func overrun(attack, defence, m float64) float64 {
	if attack <= 0 {
		return 0
	}
	if defence <= 0 {
		return 1
	}
	// (x^m)/(x^m + 1) with x = attack/defence keeps the powers in range
	x := sim.Pow(attack/defence, m)
	return 1 - 1/(1+x)
}

// attack is f*e of a group near a hub: attackers times what each is armed with.
func (g *Groups) attack(i, hub int) float64 {
	if g.Fighters[i] <= 0 {
		return 0
	}
	attackers := g.Fighters[i] * g.m.Setup.Groups[i].Cohesion * g.near[i*g.m.Net.Hubs+hub]
	armed := min(g.arms[i]/g.Fighters[i], bestArmed)
	drones := 1 + float64(g.m.P.Group.DroneEffect*min(g.successes[i], mostSuccesses))
	return attackers * armed * g.readiness(i) * drones
}

// What bounds an attack: rifle-equivalents per fighter, recent drone successes that count, and the share of the wanted
// rounds below which a group fights short of ammunition.
const (
	bestArmed     = 3
	mostSuccesses = 3
	shortOfRounds = 0.25
)

// stocked is how far a group has the rounds to fight as it would: 1, or less below a quarter of what it wants.
func (g *Groups) stocked(i, good int) float64 {
	w := g.wanted[i*g.m.Goods+good]
	if w <= 0 {
		return 1
	}
	return min(1, float64(g.m.Accounts.Units(g.Holder[i], good))/(shortOfRounds*w))
}

// readiness is what rounds allow of an attack: those of the first kind that a group uses.
func (g *Groups) readiness(i int) float64 {
	for good := range g.m.GoodSpec {
		if g.m.GoodSpec[good].Ammunition && g.wanted[i*g.m.Goods+good] > 0 {
			return g.stocked(i, good)
		}
	}
	return 1
}

// assault draws the week's attacks on a post and what comes of them.
func (g *Groups) assault(p int, luck sim.Key) {
	m, post := g.m, &g.m.Forces.posts[p]
	n := luck.Label("attacks").Poisson(m.P.Group.AttackRate * m.Places[post.hub].Violence)
	for k := int64(0); k < min(n, mostAttacks); k++ {
		key := luck.At(uint64(k))
		i := g.attacker(post, key.Label("who").Float())
		if i < 0 {
			return
		}
		chance := overrun(g.attack(i, post.hub), float64(m.P.Group.Defence*post.garrison), m.P.Group.Exponent)
		if key.Label("overrun").Float() < chance {
			g.loot(i, p, key)
		}
	}
}

// mostAttacks bounds the attacks on one post in a week.
const mostAttacks = 7

// attacker picks one of the groups near a post that are at war with its force, by their strength there; -1 if none.
func (g *Groups) attacker(post *post, u float64) int {
	total := 0.0
	for i := range g.Holder {
		total += g.menace(i, post)
	}
	if total <= 0 {
		return -1
	}
	u *= total
	last := -1
	for i := range g.Holder {
		if x := g.menace(i, post); x > 0 {
			last = i
			if u -= x; u < 0 {
				break
			}
		}
	}
	return last
}

// menace is the number of fighters of a group near a post whose force it is at war with.
func (g *Groups) menace(i int, post *post) float64 {
	if g.status[i] != active || !g.atWar[i][post.force] {
		return 0
	}
	return g.Fighters[i] * g.near[i*g.m.Net.Hubs+post.hub]
}

// garrisonLost is the part of a garrison that is gone after an overrun.
const garrisonLost = 0.5

// loot takes what an overrun post yields.
func (g *Groups) loot(i, p int, luck sim.Key) {
	m, post := g.m, &g.m.Forces.posts[p]
	rounds := min(int64(m.P.Group.RoundsTaken*post.rounds), int64(post.rounds))
	rifles := whole64(m.P.Group.ArmsTaken*post.garrison, luck.Label("rifles"))
	post.rounds -= float64(rounds)
	post.garrison *= 1 - garrisonLost
	support := g.arsenal(i, rifles, luck)
	for good := range m.GoodSpec {
		if m.GoodSpec[good].Ammunition {
			g.capture(i, good, rounds)
			break
		}
	}
	m.happen("capture", m.Setup.Hubs[post.hub].ID, m.Setup.Groups[i].ID+" overruns a post of "+m.Setup.Forces[post.force].ID+": "+
		strconv.FormatInt(rifles, 10)+" rifles, "+strconv.FormatInt(support, 10)+" heavier arms, "+strconv.FormatInt(rounds, 10)+" rounds")
}

// arsenal books captured rifles and, in proportion to them, heavier arms, the lighter of these more often. The rifle is the
// world's first durable good that is no drone.
func (g *Groups) arsenal(i int, rifles int64, luck sim.Key) (support int64) {
	m := g.m
	rifle := m.rifle()
	if rifle < 0 {
		return 0
	}
	g.capture(i, rifle, rifles)
	total := 0.0
	for good := range m.GoodSpec {
		total += m.heavier(good, rifle)
	}
	for good := range m.GoodSpec {
		if x := m.heavier(good, rifle); x > 0 {
			n := whole64(float64(rifles)*m.P.Group.GarrisonArms*(x/total), luck.At(m.now.goodKey[good]).Label("support"))
			g.capture(i, good, n)
			support += n
		}
	}
	return support
}

// rifle returns the first durable good that is no drone, or -1.
func (m *Model) rifle() int {
	for good := range m.GoodSpec {
		if s := &m.GoodSpec[good]; s.Durable && !s.Drone {
			return good
		}
	}
	return -1
}

// heavier weighs a good among the heavier arms of a garrison: inversely to its load, 0 if it is not heavier than a rifle.
func (m *Model) heavier(good, rifle int) float64 {
	s := &m.GoodSpec[good]
	if !s.Durable || s.Drone || s.Load <= m.GoodSpec[rifle].Load {
		return 0
	}
	return 1 / float64(s.Load)
}

func (g *Groups) capture(i, good int, n int64) {
	g.m.Accounts.Bring(sim.Captured, g.Holder[i], good, g.m.OriginOf["captured"], clamp32(n))
	g.captured[i*g.m.Goods+good] += clamp32(n)
}

// documented applies a capture event: the post at a hub is overrun by a group, whatever the chances. What happened before
// the start is already in the tables.
func (g *Groups) documented(e *Event) {
	m := g.m
	i, hub := maybe(m.GroupOf, e.Group), maybe(m.HubOf, e.Hub)
	if i < 0 || hub < 0 || e.Date < m.Start {
		return
	}
	if p := m.Forces.postAt(hub, i); p >= 0 {
		g.loot(i, p, m.Luck("documented capture").Label(e.ID))
	}
}

// Learning of drone crews: what a success adds, and what outside help, where it is switched on, multiplies training by.
const (
	crewsPerSuccess = 0.1
	outsideHelp     = 3
)

// fly is a week of a group's drones.
func (g *Groups) fly(i int, luck sim.Key) {
	m, p := g.m, &g.m.P.Group
	learn := m.Setup.Groups[i].DroneLearn
	if p.DroneSupport {
		learn *= outsideHelp
	}
	if !m.burning() {
		g.crews[i] += learn
	}
	g.successes[i] *= 1 - p.DroneFade
	for good := range m.GoodSpec {
		if !m.GoodSpec[good].Drone {
			continue
		}
		able := min(int64(g.crews[i]), int64(m.Accounts.Units(g.Holder[i], good)))
		key := luck.At(m.now.goodKey[good])
		hub := g.target(i, key.Label("where").Float())
		if able <= 0 || hub < 0 {
			continue
		}
		n := key.Label("attacks").Binomial(able, p.DroneRate)
		if n == 0 {
			continue
		}
		hits := key.Label("hits").Binomial(n, p.DroneSuccess)
		g.fired[i*m.Goods+good] = m.Accounts.Remove(sim.Used, g.Holder[i], good, clamp32(n)).Origin
		g.droneAttacks[i] += int32(n)
		g.successes[i] += float64(hits)
		g.crews[i] += float64(crewsPerSuccess * float64(hits))
		m.happen("drone_attack", m.Setup.Hubs[hub].ID, m.Setup.Groups[i].ID+": "+strconv.FormatInt(n, 10)+" attacks, "+strconv.FormatInt(hits, 10)+" successful")
	}
}

// target picks the hub of a post near a group at war with its force, by nearness; -1 if there is none.
func (g *Groups) target(i int, u float64) int {
	posts := g.m.Forces.posts
	total, last := 0.0, -1
	for p := range posts {
		if posts[p].active {
			total += g.menace(i, &posts[p])
		}
	}
	u *= total
	for p := range posts {
		if !posts[p].active {
			continue
		}
		if x := g.menace(i, &posts[p]); x > 0 {
			last = posts[p].hub
			if u -= x; u < 0 {
				break
			}
		}
	}
	return last
}

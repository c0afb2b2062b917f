package experiment

import (
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/scenarios"
)

// role is what a word of a targets file stands for.
type role uint8

const (
	aGood role = iota
	anOrigin
	anActor
	aQuantity
	aPlace
	aFiller
)

// sense is one meaning of a word.
type sense struct {
	role   role
	ids    []string // goods, origins, or the name of a quantity
	trades []string // of actors: their names in trades, as a Reading takes them
	actors []string // and in actors
	text   Saying   // of goods in the plural
}

// lexicon knows what the words of targets files mean in a world.
type lexicon struct {
	s       *scenarios.Scenario
	words   map[string][]sense
	longest int // words in the longest phrase
}

// fold writes a name as ids are: small letters, digits and single underscores, without accents.
func fold(name string) string {
	accents := strings.NewReplacer("à", "a", "â", "a", "ä", "a", "á", "a", "ã", "a", "ç", "c", "è", "e", "é", "e", "ê", "e", "ë", "e", "ì", "i", "í", "i",
		"î", "i", "ï", "i", "ñ", "n", "ò", "o", "ó", "o", "ô", "o", "ö", "o", "õ", "o", "ù", "u", "ú", "u", "û", "u", "ü", "u", "'", "", "’", "")
	parts := strings.FieldsFunc(accents.Replace(strings.ToLower(name)), func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9') })
	return strings.Join(parts, "_")
}

// newLexicon returns the lexicon of a scenario's world: its own ids, and the words that others use for them.
func newLexicon(s *scenarios.Scenario) *lexicon {
	l := &lexicon{s: s, words: map[string][]sense{}}
	l.goods()
	l.origins()
	l.actors()
	for _, q := range quantities() {
		for _, word := range strings.Split(q[1], ",") {
			l.put(word, sense{role: aQuantity, ids: []string{q[0]}})
		}
	}
	for _, m := range agents.Measures() {
		l.put(m.Name, sense{role: aQuantity, ids: []string{m.Name}})
	}
	for _, name := range l.knownPlaces() {
		l.put(name, sense{role: aPlace, ids: []string{name}})
	}
	for _, c := range countryCodes() {
		l.put(c[0], sense{role: aPlace, ids: []string{c[0]}})
	}
	for _, word := range strings.Fields("a an of from by in into to on at the and with new total number count units share shares change rate level mean average origin group force") {
		l.put(word, sense{role: aFiller})
	}
	return l
}

// put adds a meaning to a phrase, unless the phrase has one of that role already: ids come before other words for them.
func (l *lexicon) put(phrase string, meaning sense) {
	phrase = fold(phrase)
	if phrase == "" || slices.ContainsFunc(l.words[phrase], func(s sense) bool { return s.role == meaning.role }) {
		return
	}
	l.words[phrase] = append(l.words[phrase], meaning)
	l.longest = max(l.longest, strings.Count(phrase, "_")+1)
}

// weaponsOf lists the goods that are neither ammunition nor drones.
func weaponsOf(s *agents.Setup) []string {
	return goodsThat(s, func(g *agents.Good) bool { return !g.Ammunition && !g.Drone })
}

func goodsThat(s *agents.Setup, are func(*agents.Good) bool) (ids []string) {
	for i := range s.Goods {
		if are(&s.Goods[i]) {
			ids = append(ids, s.Goods[i].ID)
		}
	}
	return ids
}

// pluralOf writes a good in the plural: AK-pattern rifles.
func pluralOf(g *agents.Good) string {
	name, _, _ := strings.Cut(g.Name, " (")
	return name + "s"
}

// goods adds the goods by id and name, and the usual words for them where the world has them.
func (l *lexicon) goods() {
	s := l.s.Setup
	for i := range s.Goods {
		g := &s.Goods[i]
		one := sense{role: aGood, ids: []string{g.ID}, text: called(pluralOf(g))}
		l.put(g.ID, one)
		l.put(g.Name, one)
		for _, other := range strings.Split(goodWords()[g.ID], ",") {
			l.put(other, one)
		}
	}
	if rifle := l.rifle(); rifle != "" {
		for _, word := range strings.Split(goodWords()["ak"], ",") {
			l.put(word, sense{role: aGood, ids: []string{rifle}, text: l.good(rifle)})
		}
	}
	drones := goodsThat(s, func(g *agents.Good) bool { return g.Drone })
	for _, set := range []struct {
		words string
		ids   []string
		text  Saying
	}{
		{"arms,weapons,weapon,firearms,guns,small_arms", weaponsOf(s), said("weapons")},
		{"ammo,ammunition,rounds,round,cartridges,cartridge,bullets,munitions", goodsThat(s, func(g *agents.Good) bool { return g.Ammunition }), said("rounds")},
		{"drones,drone,uav,uavs,drone_kits", drones, said("drone kits")},
		{"goods,all,everything", goodsThat(s, func(*agents.Good) bool { return true }), said("goods of all kinds")},
	} {
		if len(set.ids) == 0 {
			continue
		}
		text := set.text
		if len(set.ids) == 1 {
			text = l.good(set.ids[0])
		}
		for _, word := range strings.Split(set.words, ",") {
			l.put(word, sense{role: aGood, ids: set.ids, text: text})
		}
	}
}

// goodWords lists what others call goods, by the ids that worlds use here.
func goodWords() map[string]string {
	return map[string]string{
		"ak":           "rifle,rifles,assault_rifle,assault_rifles,ak_47,ak47,aks,kalashnikov,kalashnikovs,akm,ak_pattern",
		"ammo_762x39":  "7_62x39,762x39,ak_ammo,rifle_ammo",
		"pistol":       "pistols,handgun,handguns,makarov",
		"pkm":          "pkms,machine_gun,machine_guns,gpmg,light_machine_gun",
		"heavy":        "heavy_weapon,heavy_weapons,rpg,rpgs,rpg_7,rpg7,launcher,launchers,rpg_launcher,heavy_machine_gun,heavy_machine_guns,hmg,dshk",
		"drone":        "drone_kit,drone_parts",
		"ammo_762x51":  "7_62x51,762x51",
		"ammo_127x108": "12_7x108,127x108",
	}
}

// rifle is the good that rifles are called in this world: the first that is a weapon.
func (l *lexicon) rifle() string {
	if w := weaponsOf(l.s.Setup); len(w) > 0 {
		return w[0]
	}
	return ""
}

// good writes a good in the plural.
func (l *lexicon) good(id string) Saying {
	for i := range l.s.Setup.Goods {
		if g := &l.s.Setup.Goods[i]; g.ID == id {
			return called(pluralOf(g))
		}
	}
	return Verbatim(id)
}

// ofState are the origins that came out of a state's hands: sold or leaked by it, or taken from it.
func ofState() []string { return []string{"state_diverted", "captured"} }

func (l *lexicon) origins() {
	state := sense{role: anOrigin, ids: ofState(), text: said("out of a state's hands (captured, or sold by soldiers)|of units")}
	for _, word := range strings.Split("state_diverted,state,diverted,diverted_from_state,state_diversion,national_custody,state_stocks,state_stockpiles", ",") {
		l.put(word, state)
	}
	others := map[string]string{"libya": "libyan", "sudan": "sudanese,darfur", "nigeria": "nigerian", "captured": "battlefield_captured,looted,seized_from_army",
		"ddr": "disarmament", "local": "craft,locally_made"}
	for _, origin := range l.s.Setup.Origins() {
		one := sense{role: anOrigin, ids: []string{origin}, text: from(l.s, origin)}
		l.put(origin, one)
		for _, other := range strings.Split(others[origin], ",") {
			l.put(other, one)
		}
	}
	l.put("leaked", sense{role: anOrigin, ids: []string{"state_diverted"}, text: said("sold by soldiers|of units")})
	l.put("sold_by_soldiers", sense{role: anOrigin, ids: []string{"state_diverted"}, text: said("sold by soldiers|of units")})
}

// actors adds groups, forces, networks, programmes and kinds of civilians by id and name, and words for several at once.
func (l *lexicon) actors() {
	s := l.s.Setup
	actor := func(id, name string, text Saying, trades, actors []string, others string) {
		one := sense{role: anActor, ids: []string{id}, trades: trades, actors: actors, text: text}
		for _, word := range append([]string{id, name}, strings.Split(others, ",")...) {
			l.put(word, one)
		}
	}
	for i := range s.Groups {
		id := s.Groups[i].ID
		actor(id, s.Groups[i].Name, called(s.Groups[i].Name), []string{"group:" + id}, []string{"group:" + id}, map[string]string{"is_sahel": "isgs,issp,is_gs,islamic_state_sahel,islamic_state", "csp": "cma",
			"fla": "azawad_liberation_front", "iswap": "boko_haram", "self_defence": "self_defense,self_defence_groups,dozo,dan_na_ambassagou"}[id])
	}
	for i := range s.Forces {
		id := s.Forces[i].ID
		actor(id, s.Forces[i].Name, called(s.Forces[i].Name), []string{"soldiers:" + id}, []string{"force:" + id}, map[string]string{"fama": "wagner,africa_corps,malian_army,fama_wagner",
			"algeria": "algerian_army", "niger": "niger_army,nigerien_army"}[id])
	}
	for i := range s.Networks {
		if n := &s.Networks[i]; n.Group == "" {
			actor(n.ID, n.Name, called(n.Name), []string{"trafficker:" + n.ID}, []string{"trafficker:" + n.ID}, "")
		}
	}
	for i := range s.Programmes {
		spoken := Spoken(l.s, s.Programmes[i].ID)
		actor(s.Programmes[i].ID, "the programme "+spoken, said("the programme %s", called(spoken)), []string{"ddr"}, []string{"ddr:" + s.Programmes[i].ID}, "")
	}
	for i := range s.Buyers {
		kind := s.Buyers[i].Kind
		spoken := strings.ReplaceAll(kind, "_", "-")
		actor(kind, "civilians ("+spoken+")", said("civilians (%s)", called(spoken)), []string{"civilian:" + kind}, []string{"civilian:" + kind}, "")
	}
	for _, class := range []struct {
		words string
		text  Saying
		label string
	}{
		{"dealers,dealer,retailers,shops", said("dealers"), "dealer:*"},
		{"traffickers,trafficker,traders,smugglers,networks", said("traffickers"), "trafficker:*"},
		{"groups,armed_groups,non_state_armed_groups", said("armed groups"), "group:*"},
		{"stockholders,stockholder,depots", said("stockholders"), "stockholder:*"},
		{"civilians,civilian,households", said("civilians"), "civilian:*"},
		{"programmes,ddr", said("programmes"), "ddr*"},
	} {
		for _, word := range strings.Split(class.words, ",") {
			l.put(word, sense{role: anActor, ids: []string{word}, trades: []string{class.label}, actors: []string{class.label}, text: class.text})
		}
	}
	for _, word := range strings.Split("soldiers,soldier,armies,state_forces,security_forces,forces", ",") {
		l.put(word, sense{role: anActor, ids: []string{word}, trades: []string{"soldiers:*"}, actors: []string{"force:*"}, text: said("soldiers")})
	}
	if j := l.jihadists(nil); len(j.trades) > 0 {
		for _, word := range strings.Split("jihadists,jihadist,jihadist_groups,violent_extremists,terrorists", ",") {
			l.put(word, j)
		}
	}
}

// jihadists are the groups of that kind that the world has, those with fighters at some hubs, or all of them.
func (l *lexicon) jihadists(at []string) sense {
	j := sense{role: anActor, ids: []string{"jihadists"}}
	var names []Saying
	for _, g := range l.groupsAt(at) {
		if slices.Contains([]string{"jnim", "is_sahel", "iswap", "ansaru", "aqim"}, g.ID) {
			j.trades, names = append(j.trades, "group:"+g.ID), append(names, called(g.Name))
		}
	}
	j.actors, j.text = j.trades, listOf(names)
	return j
}

// groupsAt lists the groups with fighters at some hubs, or all.
func (l *lexicon) groupsAt(at []string) (all []*agents.Group) {
	s := l.s.Setup
	for i := range s.Groups {
		if at == nil || slices.ContainsFunc(s.GroupHubs, func(h agents.GroupHub) bool {
			return h.Group == s.Groups[i].ID && h.Share > 0 && slices.Contains(at, h.Hub)
		}) {
			all = append(all, &s.Groups[i])
		}
	}
	return all
}

// quantities lists what can be measured, and the words for it.
func quantities() [][2]string {
	return [][2]string{
		{"price", "price,prices,cost_of"},
		{"flow", "flow,flows,traffic,trafficking,transit,crossing,crossings,corridor,route,arriving,entering"},
		{"throughput", "throughput,sold,sales,sale,volume,volumes,trade,traded,hub,market,entrepot,turnover"},
		{"demand", "demand,purchases,bought,buyers"},
		{"supply", "supply,supplies,offered,made"},
		{"held", "stock,stocks,stockpile,stockpiles,held,holdings,arsenal,arsenals,possession"},
		{"stored", "stored,storage,stores,entreposed"},
		{"seized", "seized,seizure,seizures,interdicted,interdictions,recovered"},
		{"captured", "captured,captures,loot"},
		{"lost", "lost,losses"},
		{"drone_attacks", "drone_attacks,drone_attack,drone_strikes,drone_strike,attacks_by_drone,attacks"},
		{"violence", "violence,fatalities,deaths,killed,killings,civilians_targeted,incidents,conflict,conflict_events"},
		{"activity_score", "activity,activity_score"},
		{"registered", "registered,registrations,registrants,registrant,combatants,ex_combatants,demobilised,candidates_registered"},
		{"collected", "collected,deposited,handed_in,weapons_collected,weapons_deposited"},
		{"fighters", "fighters,fighter,members,strength"},
		{"cargoes", "cargoes,convoys"},
		{"net", "net,net_sales,net_sale,net_seller,net_flow,net_purchases,balance"},
		{"markup", "markup,mark_up,margin_of_dealers"},
		{"income", "income,gold_income,wage,wages,miner_income"},
		{"risk", "risk,risk_premium"},
		{"transport", "transport,transport_cost"},
		{"toll", "toll,tolls"},
		{"payment", "payment,payments,bribes"},
		{"margin", "margin,margins"},
		{"none", "camps_overrun,posts_overrun,camps,posts,claims,jnim_claims_mali,asm_gold,miners_present,kidnappings,abductions,strikes,airstrikes,refugees,population"},
	}
}

// subject is what the column good of a target says.
type subject struct {
	goods, over []sense // over: those in the denominator of a ratio
	origin      *sense
	actors      []sense
	place       string // the first
	quantity    string
	unknown     string // the first part that nobody knows
}

// read takes a subject apart. Where a word has several meanings the first role of the preferred ones counts.
func (l *lexicon) read(text string, prefer ...role) (s subject) {
	upper, lower, ratio := strings.Cut(text, "/")
	if !ratio {
		upper, lower, ratio = strings.Cut(text, "_per_")
	}
	l.take(&s, upper, prefer)
	if ratio {
		var below subject
		l.take(&below, lower, prefer)
		s.over = below.goods
		s.actors = append(s.actors, below.actors...)
		if s.unknown == "" {
			s.unknown = below.unknown
		}
	}
	return s
}

func (l *lexicon) take(s *subject, text string, prefer []role) {
	parts := strings.Split(fold(text), "_")
	for i := 0; i < len(parts) && parts[0] != ""; {
		n, meaning := l.longestAt(parts[i:], prefer)
		if n == 0 {
			if s.unknown == "" {
				s.unknown = text
			}
			i++
			continue
		}
		i += n
		switch meaning.role {
		case aGood:
			s.goods = append(s.goods, meaning)
		case anOrigin:
			s.origin = &meaning
		case anActor:
			s.actors = append(s.actors, meaning)
		case aPlace:
			if s.place == "" {
				s.place = meaning.ids[0]
			}
		case aQuantity:
			if s.quantity == "" || s.quantity == "throughput" {
				s.quantity = meaning.ids[0]
			}
		}
	}
}

// longestAt finds the longest phrase that some parts begin with, and its preferred meaning.
func (l *lexicon) longestAt(parts []string, prefer []role) (int, sense) {
	for n := min(l.longest, len(parts)); n > 0; n-- {
		if meanings := l.words[strings.Join(parts[:n], "_")]; len(meanings) > 0 {
			for _, r := range prefer {
				if i := slices.IndexFunc(meanings, func(m sense) bool { return m.role == r }); i >= 0 {
					return n, meanings[i]
				}
			}
			return n, meanings[0]
		}
	}
	return 0, sense{}
}

// known lists the phrases of some roles, for hints.
func (l *lexicon) known(roles ...role) (words []string) {
	for phrase, meanings := range l.words {
		if slices.ContainsFunc(meanings, func(m sense) bool { return slices.Contains(roles, m.role) }) {
			words = append(words, phrase)
		}
	}
	slices.Sort(words) // a map has no order, and the nearest of equals is the first
	return words
}

// merged is the meaning of several goods or actors together.
func merged(all []sense) (m sense) {
	var texts []Saying
	for _, s := range all {
		m.role = s.role
		for _, add := range []struct {
			to   *[]string
			from []string
		}{{&m.ids, s.ids}, {&m.trades, s.trades}, {&m.actors, s.actors}} {
			for _, id := range add.from {
				if !slices.Contains(*add.to, id) {
					*add.to = append(*add.to, id)
				}
			}
		}
		texts = append(texts, s.text)
	}
	m.text = listOf(texts)
	return m
}

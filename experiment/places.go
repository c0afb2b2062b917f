package experiment

import (
	"slices"
	"strings"

	"entrepot/agents"
	"entrepot/output/prose"
)

// place is what one side of the column place says.
type place struct {
	hubs   []string // none: everywhere, unless there are actors or the place is absent
	actors []sense  // who is named in place of a place
	absent string   // a place that exists, and of which the world has no hub
	wrong  string   // a part that names nothing
	text   Saying   // in words
	in     Saying   // what is there: in Gao
}

// all is the list of hubs as a Reading takes it.
func (p place) all() string { return strings.Join(p.hubs, "|") }

// at is " in" the place, or nothing where no place was named.
func (p place) at() Saying {
	if len(p.hubs) == 0 {
		return nil
	}
	return said(" in %s|a place", p.in)
}

// countryCodes are ISO 3166 codes by English and French names, for worlds without a zone of that name.
func countryCodes() [][2]string {
	return [][2]string{
		{"mali", "MLI"}, {"niger", "NER"}, {"libya", "LBY"}, {"libye", "LBY"}, {"algeria", "DZA"}, {"algerie", "DZA"}, {"nigeria", "NGA"}, {"chad", "TCD"},
		{"tchad", "TCD"}, {"sudan", "SDN"}, {"soudan", "SDN"}, {"mauritania", "MRT"}, {"mauritanie", "MRT"}, {"burkina_faso", "BFA"}, {"burkina", "BFA"}, {"cote_divoire", "CIV"},
		{"ivory_coast", "CIV"}, {"senegal", "SEN"}, {"guinea", "GIN"}, {"ghana", "GHA"}, {"togo", "TGO"}, {"benin", "BEN"}, {"cameroon", "CMR"}, {"tunisia", "TUN"},
		{"egypt", "EGY"}, {"morocco", "MAR"}, {"central_african_republic", "CAF"}, {"south_sudan", "SSD"}, {"ethiopia", "ETH"}, {"somalia", "SOM"}, {"guinea_bissau", "GNB"}, {"gambia", "GMB"},
		{"sierra_leone", "SLE"}, {"liberia", "LBR"}, {"western_sahara", "ESH"},
	}
}

// elsewhere are towns that targets speak of and a world of northern Mali may lack.
func elsewhere() []string {
	return strings.Fields("abidjan ouagadougou dakar accra lome cotonou conakry nouakchott nouadhibou algiers tunis cairo benghazi misrata zintan derna zinder maradi dosso dori kaya fada_ngoura " +
		"bobo_dioulasso sikasso kayes segou koulikoro lagos abuja kaduna katsina jos yola zuwara al_wigh tamalous in_amenas illizi adrar moundou sarh bangui juba port_sudan nyala zouerate")
}

// places reads the column place: one side, or two with / between them.
func (l *lexicon) places(text string) (a, b place, two bool) {
	left, right, two := strings.Cut(text, "/")
	return l.place(left), l.place(right), two
}

// place reads hubs, zones, countries or actors, with | or + between them.
func (l *lexicon) place(text string) (p place) {
	var words, in []Saying
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == '|' || r == '+' }) {
		hubs, word, ok := l.hubs(fold(part))
		text, there := called(word), form(word, "in")
		switch {
		case ok:
			p.hubs = append(p.hubs, hubs...)
			if len(hubs) == 0 && word != everywhere {
				p.absent = word
			}
		default:
			n, who := l.longestAt(strings.Split(fold(part), "_"), []role{anActor})
			if n == 0 || who.role != anActor || n != strings.Count(fold(part), "_")+1 {
				p.wrong = strings.TrimSpace(part)
				continue
			}
			p.actors = append(p.actors, who)
			text, there = who.text, who.text
		}
		words, in = append(words, text), append(in, there)
	}
	p.text, p.in = joinedBy(", ", words), joinedBy(", ", in)
	if len(words) == 0 {
		p.text, p.in = said("all places"), form(everywhere, "in")
	}
	return p
}

const everywhere = "all places"

// hubs finds the hubs of one name: a hub, a zone, a country, in this order, whatever the spelling of spaces and accents.
func (l *lexicon) hubs(name string) (hubs []string, text string, ok bool) {
	s, tight := l.s.Setup, strings.ReplaceAll(name, "_", "")
	for i := range s.Hubs {
		h := &s.Hubs[i]
		own, _, _ := strings.Cut(h.Name, " (")
		if strings.ReplaceAll(fold(h.ID), "_", "") == tight || strings.ReplaceAll(fold(own), "_", "") == tight {
			return []string{h.ID}, h.Name, true
		}
	}
	for _, z := range s.Zones {
		if strings.ReplaceAll(fold(z.ID), "_", "") == tight {
			return z.Hubs, prose.Name(z.ID), true
		}
	}
	code := codeOf(name)
	for i := range s.Hubs {
		if c := s.Hubs[i].Country; strings.EqualFold(c, name) || c == code {
			hubs = append(hubs, s.Hubs[i].ID)
		}
	}
	switch {
	case len(hubs) > 0 && code == "":
		return hubs, strings.ToUpper(name), true
	case len(hubs) > 0:
		return hubs, prose.Name(name), true
	case name == "everywhere" || name == "all" || name == "region" || name == "":
		return nil, everywhere, true
	case code != "" || slices.Contains(elsewhere(), name):
		return nil, prose.Name(name), true
	}
	return nil, "", false
}

// codeOf is the code of a country, "" where the name is no country's.
func codeOf(name string) string {
	i := slices.IndexFunc(countryCodes(), func(c [2]string) bool { return c[0] == name })
	if i < 0 {
		return ""
	}
	return countryCodes()[i][1]
}

// knownPlaces lists the hubs and zones.
func (l *lexicon) knownPlaces() (names []string) {
	for i := range l.s.Setup.Hubs {
		names = append(names, l.s.Setup.Hubs[i].ID)
	}
	for _, z := range l.s.Setup.Zones {
		names = append(names, z.ID)
	}
	return names
}

// market reports whether a place has a hub where arms are traded.
func (l *lexicon) market(p place) bool {
	return slices.ContainsFunc(l.s.Setup.Hubs, func(h agents.Hub) bool {
		return h.Market && (len(p.hubs) == 0 || slices.Contains(p.hubs, h.ID))
	})
}

// roads reports whether a road leads straight from one place into another.
func (l *lexicon) roads(from, to place) bool {
	return slices.ContainsFunc(l.s.Setup.Routes, func(r agents.Route) bool {
		leads := func(x, y string) bool {
			return slices.Contains(from.hubs, x) && !slices.Contains(to.hubs, x) && slices.Contains(to.hubs, y)
		}
		return leads(r.From, r.To) || leads(r.To, r.From)
	})
}

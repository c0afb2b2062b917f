package prose

import "strings"

// written lists how words of ids are written that are more than small letters: initialisms, and names of the region's countries.
// Whoever knows a world knows its other names.
var written = map[string]string{
	"ak": "AK", "asm": "ASM", "aqim": "AQIM", "cfa": "CFA", "cma": "CMA", "csp": "CSP", "ddr": "DDR", "ecowas": "ECOWAS", "eu": "EU", "fama": "FAMa", "fla": "FLA",
	"gatia": "GATIA", "is sahel": "IS Sahel", "isgs": "ISGS", "issp": "ISSP", "iswap": "ISWAP", "jnim": "JNIM", "mnla": "MNLA", "minusma": "MINUSMA", "msa": "MSA",
	"nato": "NATO", "pkm": "PKM", "rpg": "RPG", "sadr": "SADR", "uav": "UAV", "un": "UN", "unodc": "UNODC", "usd": "USD", "eur": "EUR",
	"algeria": "Algeria", "algerian": "Algerian", "barkhane": "Barkhane", "benin": "Benin", "burkina": "Burkina", "burkina faso": "Burkina Faso",
	"cameroon": "Cameroon", "chad": "Chad", "chadian": "Chadian", "darfur": "Darfur", "fulani": "Fulani", "ivory coast": "Ivory Coast",
	"ghana": "Ghana", "guinea": "Guinea", "libya": "Libya", "libyan": "Libyan", "mali": "Mali", "malian": "Malian", "mauritania": "Mauritania",
	"mauritanian": "Mauritanian", "morocco": "Morocco", "niger": "Niger", "nigeria": "Nigeria", "nigerian": "Nigerian", "sahara": "Sahara", "sahel": "Sahel",
	"senegal": "Senegal", "serval": "Serval", "sudan": "Sudan", "sudanese": "Sudanese", "togo": "Togo", "tuareg": "Tuareg", "wagner": "Wagner",
}

// longestPhrase is how many words one entry has at most.
const longestPhrase = 2

// Words writes an id as words: ddr_2018 is DDR 2018, niger-politics is Niger politics. names says how further words are written, by
// those words in small letters; it may be nil.
func Words(id string, names map[string]string) string {
	parts := strings.FieldsFunc(strings.ReplaceAll(id, "+", " and "), func(r rune) bool { return r == '_' || r == '-' || r == ' ' })
	var out []string
	for i := 0; i < len(parts); {
		n, word := 1, dated(parts[i])
		for k := min(longestPhrase, len(parts)-i); k > 0; k-- {
			phrase := strings.ToLower(strings.Join(parts[i:i+k], " "))
			known, ok := written[phrase]
			if !ok {
				known, ok = names[phrase]
			}
			if ok {
				n, word = k, known
				break
			}
		}
		out = append(out, word)
		i += n
	}
	return strings.Join(out, " ")
}

// dated parts an initialism from the year that it ends with: ddr2018 is DDR 2018.
func dated(word string) string {
	at := len(word) - len("2018")
	if at <= 0 || strings.Trim(word[at:], "0123456789") != "" {
		return word
	}
	if known, ok := written[strings.ToLower(word[:at])]; ok {
		return known + " " + word[at:]
	}
	return word
}

// Name writes the id of a place or of someone as a name: each word with a capital letter, but those that say where or what kind of
// place it is.
func Name(id string) string {
	words := strings.Fields(Words(id, nil))
	for i, w := range words {
		if !common[w] {
			words[i] = Capital(w)
		}
	}
	return strings.Join(words, " ")
}

// common are the words of names that keep their small letters.
var common = map[string]bool{"northern": true, "southern": true, "western": true, "eastern": true, "central": true, "north": true, "south": true, "west": true,
	"east": true, "northwest": true, "northeast": true, "southwest": true, "southeast": true, "border": true, "coast": true, "price": true, "towns": true,
	"tracks": true, "zone": true, "region": true, "all": true, "of": true, "the": true, "and": true}

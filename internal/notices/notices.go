// Package notices holds what the program must say of others' work in it: licences of the code it is built of, terms of the data it comes
// with, and how it is cited itself. notices.txt is made by `make notices` from the modules and packages themselves; a test makes it again.
package notices

import (
	_ "embed"
	"fmt"
	"strings"
)

//go:embed notices.txt
var text string

// Text returns the notices that a binary has to carry: our own licence, and those of code and fonts within.
func Text() string { return text }

// Component is code, a font or data of others in the program. Licence is an SPDX identifier.
type Component struct{ Kind, Name, Version, Licence string }

// Components lists them, as the head of the notices does: code of Go (go) and of the page (npm), and data.
func Components() (all []Component) {
	for line := range strings.Lines(text) {
		f := strings.Fields(line)
		if len(f) == 4 && (f[0] == "go" || f[0] == "npm" || f[0] == "data") {
			all = append(all, Component{f[0], f[1], f[2], f[3]})
		} else if len(all) > 0 {
			return all
		}
	}
	return all
}

// Summary says what the program is, in a sentence.
const Summary = "Agent-based simulator of an illicit arms market on a network of hubs: prices, flows, routes and who is armed, for research and teaching."

// Title is the program's name where it is cited.
const Title = "entrepot: an agent-based simulator of an illicit arms market on a network of hubs"

// Author is whom to cite.
const Author = "The entrepot authors"

// Citation says how results of a version are cited.
func Citation(version string) string {
	return fmt.Sprintf("%s. %s, version %s. Software, Apache-2.0.", Author, Title, version)
}

// Datum is a set of data that the program comes with.
type Datum struct{ Name, What, Terms, URL, Licence string } // Licence is a URL, or ""

// Data lists them. The tables of a world say row by row where numbers come from.
func Data() []Datum {
	return []Datum{
		{"GeoNames", "coordinates of places", "attribution, CC BY 4.0; some are approximated", "https://www.geonames.org/", "https://creativecommons.org/licenses/by/4.0/"},
		{"Natural Earth", "borders and coasts of maps, 1:50m, through world-atlas 2.0.2 (ISC)", "public domain; borders are de facto lines and take no side", "https://www.naturalearthdata.com/", "https://creativecommons.org/publicdomain/mark/1.0/"},
		{"FabFlee", "lengths of some roads (K01-K05)", "single published figures, cited", "https://github.com/djgroen/FabFlee", ""},
		{"Risk Bulletin 13", "most documented figures and dates: GI-TOC, Observatory of Illicit Economies in West Africa, December 2025", "single published figures, cited", "https://globalinitiative.net/", ""},
		{"ACLED", "published totals of deaths (V01, V02)", "quoted from publications that name it; none of its events is in here", "https://acleddata.com/", ""},
	}
}

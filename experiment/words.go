package experiment

import (
	"fmt"
	"hash/fnv"
	"strings"

	"entrepot/output/prose"
)

// Short names of what package prose does: sentences and tables are full of them.

func number(x float64) string { return prose.Number(x) }

func signed(x float64) string { return prose.Signed(prose.Number(x)) }

func percent(share float64) string { return prose.Percent(share) }

func percentChange(relative float64) string { return prose.Change(relative) }

func between(low, high float64) string { return prose.Range(low, high) }

func capital(text string) string { return prose.Capital(text) }

func listed(names []string) string { return prose.List(names, "and") }

// counted writes how many there are of something, of which several are called by its name and an s.
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return prose.Count(n) + " " + what
}

// interval is a 95 % interval in a sentence.
func interval(low, high float64) string {
	if b := between(low, high); b != prose.None {
		return "95 % interval " + b
	}
	return "no interval from so few runs"
}

// probability writes a p value.
func probability(p float64) string {
	switch {
	case p < 0.001:
		return "< 0.001"
	case p < 0.1:
		return prose.Fixed(p, 3)
	}
	return prose.Fixed(p, 2)
}

// sentence makes words one: a capital letter, but of ids, and a full stop.
func sentence(s string) string {
	first, _, _ := strings.Cut(s, " ")
	if !strings.ContainsAny(first, "._") {
		s = capital(s)
	}
	if strings.HasSuffix(s, ".") {
		return s
	}
	return s + "."
}

func sentences(words []string) (all []string) {
	for _, w := range words {
		all = append(all, sentence(w))
	}
	return all
}

// longName is how many letters of a name a file's name has.
const longName = 100

// fileName makes a name that a file may have on any system, from a name or an id: what has small letters, digits, dots, underscores and
// hyphens alone stays as it is. Of others what is left is followed by a hash of the whole, so that different names are different files,
// also where a disk takes A for a, and each is the same in every study.
func fileName(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || strings.ContainsRune("._-", r):
			b.WriteRune(r)
		case !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	kept := strings.Trim(b.String(), "-.")
	if kept == s && s != "" && len(s) <= longName {
		return s
	}
	whole := fnv.New32a()
	whole.Write([]byte(s))
	return strings.TrimLeft(fmt.Sprintf("%s-%08x", strings.TrimRight(kept[:min(len(kept), longName)], "-."), whole.Sum32()), "-")
}

package experiment

import (
	"fmt"
	"hash/fnv"
	"strings"

	"entrepot/experiment/stats"
	"entrepot/output/prose"
	"entrepot/words"
)

// voice says the texts and the numbers of a study in a language; its zero value speaks English.
type voice struct{ *words.Words }

func (v voice) number(x float64) string { return v.Number(prose.Number(x)) }

func (v voice) signed(x float64) string { return v.Number(prose.Signed(prose.Number(x))) }

func (v voice) fixed(x float64, decimals int) string { return v.Number(prose.Fixed(x, decimals)) }

func (v voice) count(n int) string { return v.Number(prose.Count(n)) }

func (v voice) percent(share float64) string { return v.Number(prose.Percent(share)) }

func (v voice) change(relative float64) string { return v.Number(prose.Change(relative)) }

// between is an interval; one that has no ends is a dash.
func (v voice) between(low, high float64) string {
	if prose.Range(low, high) == prose.None {
		return prose.None
	}
	return v.F("%s to %s", v.number(low), v.number(high))
}

func (v voice) list(names []string) string { return prose.List(names, v.T("and")) }

// How many there are of something.

func (v voice) nRuns(n int) string       { return v.N(n, "%s run", "%s runs") }
func (v voice) nPairs(n int) string      { return v.N(n, "%s pair", "%s pairs") }
func (v voice) nReplicates(n int) string { return v.N(n, "%s replicate", "%s replicates") }
func (v voice) nPoints(n int) string     { return v.N(n, "%s point", "%s points") }
func (v voice) nScenarios(n int) string  { return v.N(n, "%s scenario", "%s scenarios") }
func (v voice) nFactors(n int) string    { return v.N(n, "%s factor", "%s factors") }
func (v voice) nRows(n int) string       { return v.N(n, "%s row", "%s rows") }
func (v voice) nFigures(n int) string    { return v.N(n, "%s figure", "%s figures") }
func (v voice) nTrials(n int) string     { return v.N(n, "%s trial", "%s trials") }
func (v voice) nParticles(n int) string  { return v.N(n, "%s particle", "%s particles") }

// verdict is one on an effect.
func (v voice) verdict(x stats.Verdict) string {
	switch x {
	case stats.TooFew:
		return v.T("too few runs")
	case stats.Identical:
		return v.T("identical")
	case stats.Indistinguishable:
		return v.T("not distinguishable")
	case stats.Raises:
		return v.T("raises|verdict")
	case stats.Lowers:
		return v.T("lowers|verdict")
	}
	return x.String()
}

// interval is a 95 % interval in a sentence.
func (v voice) interval(low, high float64) string {
	if b := v.between(low, high); b != prose.None {
		return v.F("95 %% interval %s", b)
	}
	return v.T("no interval from so few runs")
}

// probability writes a p value.
func (v voice) probability(p float64) string {
	switch {
	case p < 0.001:
		return v.Number("< 0.001")
	case p < 0.1:
		return v.fixed(p, 3)
	}
	return v.fixed(p, 2)
}

func capital(text string) string { return prose.Capital(text) }

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

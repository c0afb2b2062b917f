package scenarios

import "strings"

// DidYouMean returns a hint naming the known word nearest to what was written, or "" when none is near.
func DidYouMean(got string, known []string) string { return Meant(got, known).String() }

// Meant is DidYouMean as a phrase.
func Meant(got string, known []string) Phrase {
	if best := Nearest(got, known); best != "" {
		return Say("did you mean %s?", best)
	}
	return Phrase{}
}

// Nearest finds the known word with the fewest edits, ignoring case. A third of the letters may differ. For dotted
// names, a right last part under a wrong first part counts as near too (trafficker.passthrough: road.passthrough).
func Nearest(got string, known []string) string {
	if len(got) > maxWord {
		return ""
	}
	best, fewest := "", min(max(1, (len(got)+1)/3), len(got)-1)+1 // of a single letter, only the case may differ
	for _, word := range known {
		if d := edits(strings.ToLower(got), strings.ToLower(word), fewest); d < fewest {
			best, fewest = word, d
		}
	}
	if best == "" {
		best = sameStart(got, known)
	}
	if best == "" {
		best = sameLastPart(got, known)
	}
	return best
}

// sameStart finds the one word that was cut short: ammo for ammo_762x39.
func sameStart(got string, known []string) string {
	found := ""
	for _, word := range known {
		switch {
		case len(got) < 3 || !strings.HasPrefix(strings.ToLower(word), strings.ToLower(got)):
		case found != "":
			return ""
		default:
			found = word
		}
	}
	return found
}

func sameLastPart(got string, known []string) string {
	last := got[strings.LastIndexByte(got, '.')+1:]
	for _, word := range known {
		if last != "" && strings.HasSuffix(word, "."+last) {
			return word
		}
	}
	return ""
}

// edits is the distance of Damerau and Levenshtein (optimal string alignment): insertions, deletions, replacements and
// swaps of neighbours. It gives up at limit.
func edits(a, b string, limit int) int {
	if len(a)-len(b) >= limit || len(b)-len(a) >= limit {
		return limit
	}
	before, above, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(a); i++ {
		row[0] = i
		for j := 1; j <= len(b); j++ {
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+differ(a[i-1], b[j-1]))
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above, row = above, row, before
	}
	return min(above[len(b)], limit)
}

func differ(a, b byte) int {
	if a == b {
		return 0
	}
	return 1
}

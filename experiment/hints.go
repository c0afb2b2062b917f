package experiment

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"entrepot/scenarios"
)

// oneOf says what a word must be that is none of those known: with the nearest of them, or where none is near with all.
func oneOf(what, got string, known []string) error {
	if hint := scenarios.DidYouMean(got, known); hint != "" {
		return fmt.Errorf("must be %s, got %q; %s", what, got, hint)
	}
	return fmt.Errorf("must be %s (%s), got %q", what, strings.Join(known, ", "), got)
}

// eachOf says which of some words are none of those known, or are named twice, all at once.
func eachOf(what string, words, known []string) error {
	var errs []error
	listed := false
	for i, word := range words {
		switch unknown := !slices.Contains(known, word); {
		case unknown && listed: // once is enough
			errs = append(errs, fmt.Errorf("must be %s, got %q", what, word))
		case unknown:
			errs = append(errs, oneOf(what, word, known))
			listed = scenarios.Nearest(word, known) == ""
		case slices.Contains(words[:i], word):
			errs = append(errs, fmt.Errorf("must be named once, got %s again", word))
		}
	}
	return errors.Join(errs...)
}

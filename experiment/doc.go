// Package experiment asks a model questions that one run cannot answer: what is the effect and how sure, what drives it,
// which cause carries which share, does the model agree with what is known.
//
// A study is a list of runs. Each run is a design point (a scenario and what is laid over it) and a replicate (its luck); all
// points of a study share the replicates' seeds, so that two points differ only through what was changed (common random
// numbers). Runs are executed by workers in any order, kept by a Store and read back in the order of their numbers.
package experiment

package scenarios

import "slices"

// checker collects problems, and the ids that files define and use: a reference may come before its definition.
type checker struct {
	collector
	ids  map[Set]*idSet
	used []use
}

// idSet is the ids of one kind in the order of the files.
type idSet struct {
	order []string
	at    map[string]position
	// partial: the table that defines these ids could not be read to its end, so that a missing id proves nothing.
	partial bool
}

// use is a reference with its place.
type use struct {
	reference
	at   position
	path string
}

func newChecker() *checker {
	c := &checker{ids: map[Set]*idSet{}}
	for _, origin := range []string{"libya", "sudan", "nigeria", "state_diverted", "captured", "ddr", "local"} {
		c.define(Origins, origin, position{})
	}
	return c
}

func (c *checker) define(s Set, id string, at position) {
	set := c.set(s)
	if _, known := set.at[id]; known {
		return
	}
	set.order = append(set.order, id)
	set.at[id] = at
}

// set returns the ids of a kind, to be added to.
func (c *checker) set(s Set) *idSet {
	if c.ids[s] == nil {
		c.ids[s] = &idSet{at: map[string]position{}}
	}
	return c.ids[s]
}

func (c *checker) refer(at position, path string, r reference) {
	c.used = append(c.used, use{r, at, path})
}

func (c *checker) known(s Set, id string) bool {
	set := c.ids[s]
	if set == nil {
		return false
	}
	_, ok := set.at[id]
	return ok
}

// names lists the ids of some sets.
func (c *checker) names(sets []Set) []string {
	var names []string
	for _, s := range sets {
		if set := c.ids[s]; set != nil {
			names = append(names, set.order...)
		}
	}
	return names
}

// resolve reports references that point nowhere, once all files are read.
func (c *checker) resolve() {
	for _, u := range c.used {
		if c.full() {
			break
		}
		if !slices.ContainsFunc(u.sets, func(s Set) bool { return c.known(s, u.id) || c.set(s).partial }) {
			c.add(u.at, u.path, Say("must be the id of %s, got %s", setNames(u.sets), quote(u.id)), Meant(u.id, c.names(u.sets)))
		}
	}
	c.used = nil
}

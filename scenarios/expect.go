package scenarios

import (
	"slices"
)

// Expect is a claim of a scenario about its result, to be tested on paired seeds.
type Expect struct {
	ID      string
	Claim   string // the claim in words
	Table   string // result table: prices, flows, throughput...
	Measure string // column, or measure of the table actors
	Good    string
	Place   string // hub, zone or other key of the table; may be empty
	Origin  string
	Actor   string
	During  Span
	Against Against
	Sign    int // 1 more, -1 less, 0 about the same
	Pairs   int // seeds to test on
}

// Span is a period: each end a year, a month or a day, inclusive; see MonthSpan.
type Span struct{ From, To string }

// Against says what a claim compares with.
type Against struct {
	Scenario string // empty: the same run
	During   Span   // empty: the same period
}

// expectFields describes the plain fields of an expectation; `during` and `against` are read beside them.
func expectFields() []spec[Expect] {
	tables := []string{"prices", "flows", "trades", "costs", "hubs", "throughput", "actors", "ledger", "events"}
	return []spec[Expect]{
		{Column{"id", "", id("expectation"), "name of the claim"}, func(e *Expect) any { return &e.ID }},
		{Column{"claim", "", words(), "the claim in words"}, func(e *Expect) any { return &e.Claim }},
		{Column{"table", "", oneOf(tables...), "result table that it reads"}, func(e *Expect) any { return &e.Table }},
		{Column{"measure", "", words(), "column of the table, or measure of the table actors"}, func(e *Expect) any { return &e.Measure }},
		{Column{"good", "", ref(Goods).optional(), "good"}, func(e *Expect) any { return &e.Good }},
		{Column{"place", "", words().optional(), "hub, zone or other place of the table; a|b pooled, a/b a ratio"}, func(e *Expect) any { return &e.Place }},
		{Column{"origin", "", ref(Origins).optional(), "origin of the units"}, func(e *Expect) any { return &e.Origin }},
		{Column{"actor", "", words().optional(), "actor of the table actors"}, func(e *Expect) any { return &e.Actor }},
		{Column{"sign", "", whole(-1, 1), "1 more, -1 less, 0 about the same"}, func(e *Expect) any { return &e.Sign }},
		{Column{"pairs", "seeds", whole(1, 10000).or("6"), "paired seeds to test on"}, func(e *Expect) any { return &e.Pairs }},
	}
}

// expect reads one claim.
func (c *checker) expect(path string, v *value) Expect {
	var e Expect
	specs := expectFields()
	if v.shape != mapping {
		c.add(v.position, path, Say("must be a map with the fields id, claim, table, measure, ..., got %s", v.got()))
		return e
	}
	known := append(columnNames(columnsOf(specs)), "during", "against")
	c.onlyKnown(path, v, "an expectation", known)
	for _, s := range specs {
		c.field(path, v, s.Column, s.field(&e))
	}
	if during := v.get("during"); during != nil {
		e.During = c.span(join(path, "during"), during)
	}
	if against := v.get("against"); against != nil {
		e.Against = c.against(join(path, "against"), against)
	}
	return e
}

func (c *checker) against(path string, v *value) Against {
	var a Against
	if v.shape != mapping {
		c.add(v.position, path, Say("must be a map with scenario, during or both, got %s", v.got()))
		return a
	}
	c.onlyKnown(path, v, "a comparison", []string{"scenario", "during"})
	if s := v.get("scenario"); s != nil {
		c.scalar(join(path, "scenario"), s, Column{Rule: words()}, &a.Scenario)
		c.scenarioName(join(path, "scenario"), s)
	}
	if during := v.get("during"); during != nil {
		a.During = c.span(join(path, "during"), during)
	}
	return a
}

// scenarioName reports a name that is neither built in nor a path. Whether a path leads to a file is found out when the
// claim is tested: the resolved scenario of a run may lie far from it.
func (c *checker) scenarioName(path string, v *value) {
	if v.shape == text && !isPath(v.text) && !slices.Contains(Names(), v.text) {
		c.add(v.position, path, Say("must be a built-in scenario or the path of a file, got %s", quote(v.text)), Meant(v.text, Names()))
	}
}

// Compare is the two periods that a report compares; either may be empty.
type Compare struct{ Before, After Span }

// compare reads {before: [from, to], after: [from, to]}.
func (c *checker) compare(v *value) (out Compare) {
	switch {
	case v == nil || v.shape == null:
		return out
	case v.shape != mapping:
		c.add(v.position, "compare", Say("must be a map such as {before: [2022-08, 2023-07], after: [2025-01, 2025-12]}, got %s", v.got()))
		return out
	}
	c.onlyKnown("compare", v, "a comparison of periods", []string{"before", "after"})
	if before := v.get("before"); before != nil {
		out.Before = c.span("compare.before", before)
	}
	if after := v.get("after"); after != nil {
		out.After = c.span("compare.after", after)
	}
	return out
}

// span reads [from, to].
func (c *checker) span(path string, v *value) Span {
	var s Span
	if v.shape != list || len(v.items) != 2 {
		c.add(v.position, path, Say("must be a list of two months such as [2024-01, 2024-12], got %s", v.got()))
		return s
	}
	month := Column{Rule: Rule{Kind: Month}}
	c.scalar(path, v.items[0], month, &s.From)
	c.scalar(path, v.items[1], month, &s.To)
	_, last, err := MonthSpan(s.To)
	if first, _, err2 := MonthSpan(s.From); err == nil && err2 == nil && last < first {
		c.add(v.position, path, Say("must run from the earlier month to the later, got %s to %s", s.From, s.To))
	}
	return s
}

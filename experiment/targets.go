package experiment

import (
	"slices"
	"strconv"
	"strings"

	"entrepot/agents"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Target is a documented figure together with what a run of a model has to set beside it.
type Target struct {
	Fact      scenarios.Fact
	What      Saying  // what exactly is measured, in words
	Unit      string  // of the model's figure and of Low and High
	Low, High float64 // range; of a sign -1, 0 or 1
	Sign      bool    // the sign of the figure counts, not its size
	Input     bool    // the model was given it: it proves nothing
	Figure    Figure  // without parts: the model has nothing to set beside it
	Why       Saying  // without a figure: "not measurable: ...", with the reason

	asked *forecast // of prices: what the rivals are asked
}

// Measurable reports whether there is a figure.
func (t *Target) Measurable() bool { return len(t.Figure.Parts) > 0 }

// Documented writes what the model is held against, in English.
func (t *Target) Documented() string { return voice{}.documentedOf(t) }

func (v voice) documentedOf(t *Target) string {
	switch {
	case t.Sign && t.Low == 0 && t.High == 0:
		return v.T("about the same")
	case t.Sign && t.High > 0 && t.Low > 0:
		return "+"
	case t.Sign && t.Low < 0 && t.High < 0:
		return "−"
	case t.Sign:
		return v.F("sign from %s to %s", v.signed(t.Low), v.signed(t.High))
	case t.Fact.Low == t.Fact.High && t.Low != t.High && t.Low == min(0.9*t.Fact.Low, 1.1*t.Fact.Low):
		return v.F("%s (10 %% either way)", v.number(t.Fact.Low))
	default:
		return v.between(t.Low, t.High)
	}
}

// ReadTargets reads a targets file for a scenario. Besides the form of the file it checks that every target names what exists
// in the scenario's world; the error is a scenarios.Problems with all that is wrong.
func ReadTargets(s *scenarios.Scenario, file string, data []byte) ([]Target, error) {
	l := newLexicon(s)
	facts, err := scenarios.ReadTargets(file, data, func(f scenarios.Fact) []scenarios.Doubt {
		if input(f) { // of what was put into the model nobody asks anything
			return nil
		}
		return l.ask(f, nil).doubts
	})
	if err != nil {
		return nil, err
	}
	return l.targets(facts), nil
}

// Targets turns facts into targets, in their order. What names nothing in the scenario's world is not measurable.
func Targets(s *scenarios.Scenario, facts []scenarios.Fact) []Target {
	return newLexicon(s).targets(facts)
}

func (l *lexicon) targets(facts []scenarios.Fact) (all []Target) {
	taken := map[string]bool{}
	for _, f := range facts {
		a := l.ask(f, facts)
		for _, t := range append([]Target{a.Target}, a.more...) {
			id := f.ID
			for k := 2; taken[id]; k++ { // a fact may hold two figures
				id = f.ID + "_" + strconv.Itoa(k)
			}
			taken[id] = true
			t.Figure.ID, t.Figure.Unit, t.Figure.Meaning = id, t.Unit, t.What
			all = append(all, t)
		}
	}
	return all
}

func input(f scenarios.Fact) bool { return f.Use == "driver" || f.Use == "input" }

// asker works out what a fact asks of a run.
type asker struct {
	*lexicon
	Target
	all    []scenarios.Fact // of the file
	in     Span             // the period
	sub    subject
	a, b   place
	two    bool
	unit   []string // words of the unit
	doubts []scenarios.Doubt
	core   Saying   // of a share: what is measured, without the period
	more   []Target // further figures of the same fact
}

// ask works a fact out. all are the facts of its file, which may be needed to understand it.
func (l *lexicon) ask(f scenarios.Fact, all []scenarios.Fact) *asker {
	a := &asker{lexicon: l, Target: Target{Fact: f, Unit: f.Unit, Low: f.Low, High: f.High, Sign: f.Kind == "sign", Input: input(f)}, all: all,
		unit: strings.Split(fold(strings.ReplaceAll(f.Unit, "%", " percent ")), "_")}
	a.a, a.b, a.two = l.places(f.Place)
	a.sub = l.read(f.Good, preferred(f.Kind)...)
	a.goodsOfUnit()
	if a.Low == a.High && !a.Sign { // a point gets 10 % either way
		a.Low, a.High = min(0.9*f.Low, 1.1*f.Low), max(0.9*f.High, 1.1*f.High)
	}
	a.check()
	if len(a.doubts) > 0 {
		d := a.doubts[0]
		a.no("%s must be %s, got %q", d.Column, d.Must, d.Got)
		return a
	}
	if a.period() {
		a.work()
	}
	if !a.Measurable() {
		if a.Why == nil {
			a.no("no table of the model records it")
		}
		a.What = nil
	}
	return a
}

// goodsOfUnit takes the good from the unit where the column names none: rifles captured.
func (a *asker) goodsOfUnit() {
	if len(a.sub.goods) > 0 || !slices.Contains([]string{"count", "seizure", "stock_share", "origin_share", "net_sales", "sign"}, a.Fact.Kind) {
		return
	}
	for _, word := range a.unit {
		if n, g := a.longestAt([]string{word}, []role{aGood}); n > 0 && g.role == aGood && len(g.ids) == 1 && word != "drone" {
			a.sub.goods = []sense{g}
			return
		}
	}
}

// preferred says which meaning of a word counts for a kind of target.
func preferred(kind string) []role {
	switch kind {
	case "origin_share", "stock_share":
		return []role{anOrigin, aGood, aPlace, anActor}
	case "count", "sign", "seizure":
		return []role{aQuantity, aGood, anActor, anOrigin}
	case "net_sales":
		return []role{anActor, aGood, aQuantity}
	}
	return []role{aGood, anActor, aQuantity}
}

// no says why there is no figure.
func (a *asker) no(format string, args ...any) {
	a.Figure, a.Why = Figure{}, said("not measurable: %s", said(format, args...))
}

func (a *asker) doubt(column, must, got string, known []string) {
	a.doubts = append(a.doubts, scenarios.Doubt{Column: column, Must: must, Got: got, Known: known})
}

// check finds what a fact names and the world does not have.
func (a *asker) check() {
	if a.Fact.Kind == "distance" || a.Fact.Kind == "travel_time" {
		return
	}
	for _, p := range []place{a.a, a.b} {
		if p.wrong != "" {
			a.doubt("place", "a hub, a zone, a country, a group or a force", p.wrong, append(a.knownPlaces(), a.known(anActor)...))
		}
	}
	if a.Sign && (!slices.Contains([]float64{-1, 0, 1}, a.Fact.Low) || !slices.Contains([]float64{-1, 0, 1}, a.Fact.High)) {
		a.doubt("low", "-1, 0 or 1, since the kind is sign, and so must high", strconv.FormatFloat(a.Fact.Low, 'g', -1, 64), nil)
	}
	if a.two && (a.Fact.Kind == "price" || a.Fact.Kind == "seizure" || a.Fact.Kind == "stock_share") {
		a.doubt("place", "one place, or several with | between them, for the kind "+a.Fact.Kind, a.Fact.Place, nil)
	}
	a.checkSubject()
}

func (a *asker) checkSubject() {
	known := a.known(aGood, anOrigin, anActor, aQuantity)
	switch kind := a.Fact.Kind; {
	case fold(a.Fact.Good) == "contraband":
	case a.sub.unknown != "":
		if anything := kind == "count" || kind == "sign"; !anything || scenarios.Nearest(a.sub.unknown, known) != "" {
			a.doubt("good", "a good, an origin, an actor or something that the model records", a.sub.unknown, known)
		}
	case (kind == "price" || kind == "price_change") && len(a.sub.goods) == 0 && len(a.sub.actors) == 0 && a.sub.quantity != "markup":
		a.doubt("good", "a good", a.Fact.Good, a.known(aGood))
	case kind == "net_sales" && len(a.sub.actors) == 0 && len(a.a.actors) == 0 && !a.two && a.Fact.Place == "":
		a.doubt("good", "an actor whose net sales are meant, here or as the place", a.Fact.Good, a.known(anActor))
	}
}

// period reads the dates. Without them the whole run counts.
func (a *asker) period() bool {
	s := a.s.Setup
	a.in = Span{s.Start.Monday(), s.End.Monday() + 6}
	if first, _, err := scenarios.MonthSpan(a.Fact.Start); err == nil {
		a.in.First = first
	}
	if _, last, err := scenarios.MonthSpan(a.Fact.End); err == nil {
		a.in.Last = last
	}
	if a.in.First > a.in.Last { // only one of the two was given, and it lies outside
		a.no("%s lies outside the run (%s to %s)", a.months(), s.Start, s.End)
		return false
	}
	return true
}

// covered reports whether a span has a week of the run, and says so if not.
func (a *asker) covered(in Span) bool {
	s := a.s.Setup
	if last := s.End.Monday(); in.Last < s.Start.Monday() || in.First > last || (in.First+6).Monday() > min(in.Last, last) {
		a.no("%s lies outside the run (%s to %s)", in, s.Start, s.End)
		return false
	}
	return true
}

// inside cuts a span to the weeks of the run, if it reaches out of them by a week or more.
func (a *asker) inside(in Span) Span {
	if start := a.s.Setup.Start.Monday(); in.First+6 < start {
		in.First = start
	}
	if end := a.s.Setup.End.Monday() + 6; in.Last > end {
		in.Last = end
	}
	return in
}

// months writes the period in words.
func (a *asker) months() Saying {
	f := &a.Fact
	switch {
	case f.Start == "" && f.End == "":
		return said("the whole run")
	case f.Start == f.End:
		return Verbatim(f.Start)
	case f.Start == "":
		return said("up to %s", f.End)
	case f.End == "":
		return said("%s on|from a date", f.Start)
	}
	return said("%s to %s|dates", f.Start, f.End)
}

// says reports whether the unit has one of some words.
func (a *asker) says(words ...string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(a.unit, w) })
}

// give sets the figure, what it measures and, unless the file's own is to stay, its unit.
func (a *asker) give(f Figure, unit, format string, args ...any) {
	a.Figure, a.What = f, said(format, args...)
	if a.Unit == "" {
		a.Unit = f.Unit
	}
	if unit != "" {
		a.Unit = unit
	}
}

// percent turns a share or a change into per cent where the file's numbers are that.
func (a *asker) percent() {
	if !a.Measurable() || !a.says("percent", "pct") && !(a.says("per") && a.says("cent")) {
		return
	}
	f := a.Figure
	a.Figure.Of = func(x []float64) float64 { return 100 * f.value(x) }
}

// work chooses by kind.
func (a *asker) work() {
	if fold(a.Fact.Good) == "contraband" {
		a.no("contraband has neither price nor stocks in the model")
		return
	}
	for _, p := range []place{a.a, a.b} {
		if p.absent != "" && !a.standsIn() {
			a.no("the world has no hub in %s", p.absent)
			return
		}
	}
	switch a.Fact.Kind {
	case "price":
		if m, ok := a.amount("price", a.a); ok && a.covered(a.in) {
			a.give(m.of(a.in, PerWeek), "", "%s, %s: mean over the units sold", m.words, a.months())
			if m.quote != nil {
				a.asked = &forecast{form: "price", at: *m.quote, before: a.in, after: a.in}
			}
		}
	case "price_ratio":
		a.priceRatio()
	case "price_change":
		a.priceChange()
	case "throughput_ratio":
		a.throughputRatio()
	case "origin_share":
		a.originShare()
		a.percent()
	case "stock_share":
		a.stockShare()
		a.percent()
	case "net_sales":
		a.netSales()
	case "seizure":
		a.seizure()
	case "count":
		a.count()
	case "sign":
		a.sign()
	case "distance", "travel_time":
		a.no("roads and speeds are inputs of the world (routes.csv)")
	}
}

// Spans to compare a period with.

// before is the span of the same length that ends where this one begins.
func (s Span) before() Span { return Span{s.First - (s.Last - s.First), s.First - 1} }

// yearBefore is the year that ends where this span begins.
func (s Span) yearBefore() Span { return Span{s.First - 365, s.First - 1} }

// lastYear is the same span a year earlier.
func (s Span) lastYear() Span { return Span{s.First - 365, s.Last - 365} }

// years is the length.
func (s Span) years() float64 { return float64(s.Last-s.First+1) / 365.25 }

// against is a period that another is compared with, in words: against it, and over that of it.
type against struct{ against, over Saying }

func againstSpan(s Span) against { return against{said("against %s", s), said("over that of %s", s)} }

// earlier chooses what a period is compared with: a level with the year before it; what adds up with the same months of the year before
// or, from a year on, with as long a time before. A level over more than two years is compared with as long a time before, too.
func (a *asker) earlier(level bool) (Span, against) {
	days := a.in.Last - a.in.First + 1
	switch {
	case level && days <= 731:
		return a.in.yearBefore(), against{said("against the year before"), said("over that of the year before")}
	case !level && days < 365:
		return a.in.lastYear(), against{said("against the same months a year before"), said("over that of the same months a year before")}
	}
	return a.in.before(), against{said("against as long a time before"), said("over that of as long a time before")}
}

// ends are the first and the last three months of the period, or its halves where it has not six months. Of a period below two months the year
// before it is the beginning.
func (a *asker) ends() (first, last Span, words Saying) {
	start, end := a.in.First.Time(), a.in.Last.Time()
	months := 12*(end.Year()-start.Year()) + int(end.Month()) - int(start.Month()) + 1
	switch {
	case months < 2:
		return a.in.yearBefore(), a.in, said("from the year before to %s", a.months())
	case months < 6:
		middle := a.in.First + (a.in.Last-a.in.First)/2
		return Span{a.in.First, middle}, Span{middle + 1, a.in.Last}, said("from the first half of %s to the second", a.months())
	}
	first = Span{a.in.First, sim.DateOf(start.Year(), int(start.Month())+3, 1) - 1}
	last = Span{sim.DateOf(end.Year(), int(end.Month())-2, 1), a.in.Last}
	return first, last, said("from %s on to %s", first, last)
}

// monthsOn moves a day by whole months.
func monthsOn(d sim.Date, months int) sim.Date {
	t := d.Time()
	return sim.DateOf(t.Year(), int(t.Month())+months, t.Day())
}

// named finds two periods in the words of a unit, the later one first: 2022/2021, 2025-02 over 2022. Each counts as far as the target's own
// period reaches.
func (a *asker) named() (before, after Span, ok bool) {
	m := periodsOfUnit.FindStringSubmatch(a.Fact.Unit)
	if m == nil {
		return before, after, false
	}
	after, err1 := SpanOf(m[1], m[1])
	before, err2 := SpanOf(m[2], m[2])
	if err1 != nil || err2 != nil || before.First >= after.First {
		return before, after, false
	}
	after.Last = min(after.Last, max(after.First, a.in.Last))
	return before, after, true
}

// networksAt lists the traders' networks with a home or kin at some hubs.
func (l *lexicon) networksAt(hubs []string) (nets []*agents.Network) {
	for i := range l.s.Setup.Networks {
		n := &l.s.Setup.Networks[i]
		if n.Group == "" && slices.ContainsFunc(hubs, func(h string) bool { return slices.Contains(n.Kin, h) || slices.Contains(n.Homes, h) }) {
			nets = append(nets, n)
		}
	}
	return nets
}

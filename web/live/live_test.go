package live

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"entrepot/agents"
	"entrepot/scenarios"
)

// ask returns the lines of an answer.
func ask(t testing.TB, d *Desk, name, question string) (lines []string) {
	t.Helper()
	err := d.Answer(context.Background(), name, []byte(question), func(line []byte) error {
		lines = append(lines, string(line))
		return nil
	})
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return lines
}

// read reads a line into something; a field that it lacks is an error.
func read(t testing.TB, line string, into any) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		t.Fatalf("%v in %.200s", err, line)
	}
}

// only returns the line of an answer that has one.
func only(t testing.TB, name, question string) string {
	t.Helper()
	lines := ask(t, new(Desk), name, question)
	if len(lines) != 1 {
		t.Fatalf("%s: got %d lines, want one", name, len(lines))
	}
	return lines[0]
}

// weekLine is a line of a run.
type weekLine struct {
	Kind                string
	T                   int
	P, F, H, G, N, D, S [][]int64
	E                   []int
	X                   [][3]any
}

const (
	textbook = `{"state":{"scenario":"textbook"}}`
	ddr      = `{"state":{"scenario":"ddr-2018"}}`
)

func TestTheCatalogHoldsAllThatCanBeAsked(t *testing.T) {
	var c catalogLine
	read(t, only(t, "catalog", "{}"), &c)
	var names []string
	for _, s := range c.Scenarios {
		names = append(names, s.Name)
		if s.Title == "" || s.Question == "" || s.World == "" || len(s.Assumptions) == 0 {
			t.Errorf("scenario %s lacks words", s.Name)
		}
	}
	if !slices.Equal(names, scenarios.Names()) {
		t.Errorf("got scenarios %v", names)
	}
	if len(c.Parameters) != len(agents.Parameters()) || len(c.Kinds) != len(scenarios.EventKinds()) || c.Limits != Standard() || !slices.Equal(c.Questions, Questions()) {
		t.Errorf("got %d parameters, %d kinds of event, limits %+v", len(c.Parameters), len(c.Kinds), c.Limits)
	}
	for _, p := range c.Parameters {
		if p.Type == "choice" && !slices.Contains(p.Choices, p.Default) || p.Section == "" || p.Meaning == "" || p.Grade == "" {
			t.Errorf("parameter %s: got %+v", p.ID, p)
		}
	}
	for _, k := range c.Kinds {
		for _, f := range k.Fields {
			if (f.Type == "reference" || f.Type == "references") && len(f.Of) == 0 {
				t.Errorf("field %s of %s does not say what it names", f.Name, k.Name)
			}
		}
	}
}

// A state of nothing but defaults of the catalog is the scenario as it is.
func TestDefaultsOfTheCatalogChangeNothing(t *testing.T) {
	var c catalogLine
	read(t, only(t, "catalog", "{}"), &c)
	values := map[string]string{}
	for _, p := range c.Parameters {
		values[p.ID] = p.Default
	}
	question, err := json.Marshal(map[string]any{"state": map[string]any{"scenario": "textbook", "parameters": values}})
	if err != nil {
		t.Fatal(err)
	}
	a, b := ask(t, new(Desk), "run", textbook), ask(t, new(Desk), "run", string(question))
	if !slices.Equal(a[1:157], b[1:157]) {
		t.Error("the run with every default given differs")
	}
}

func TestAWorldSpeaksOfPositionsThatAreThere(t *testing.T) {
	for _, name := range scenarios.Names() {
		var w worldLine
		read(t, only(t, "world", `{"state":{"scenario":"`+name+`"}}`), &w)
		s, err := scenarios.Load(name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if w.Hash != s.Hash || w.Name != name || w.Weeks != s.Setup.Weeks() || len(w.Hubs) != len(s.Setup.Hubs) || len(w.Arcs) != 2*len(s.Setup.Routes) || len(w.Events) != len(s.Setup.Events) {
			t.Errorf("%s: got %s of %d weeks, %d hubs, %d arcs, %d events", name, w.Name, w.Weeks, len(w.Hubs), len(w.Arcs), len(w.Events))
		}
		inside := func(what string, i, n int) {
			if i < 0 || i >= n {
				t.Errorf("%s: %s %d of %d", name, what, i, n)
			}
		}
		for i, a := range w.Arcs {
			inside("hub", a.From, len(w.Hubs))
			inside("hub", a.To, len(w.Hubs))
			if !slices.Contains(w.Arcs, arc{a.To, a.From, a.Days}) || a.Days <= 0 {
				t.Errorf("%s: arc %d: got %+v, and none back", name, i, a)
			}
		}
		for _, n := range w.Networks {
			for _, h := range slices.Concat(n.Home, n.Kin) {
				inside("hub", h, len(w.Hubs))
			}
		}
		for _, f := range w.Facts {
			inside("hub", f.Hub, len(w.Hubs))
			inside("good", f.Good, len(w.Goods))
		}
		for _, e := range w.Events {
			if e.Label == "" || e.Kind == "" || e.Cause == "" {
				t.Errorf("%s: event %s lacks words", name, e.ID)
			}
		}
		if len(w.Parameters) != len(agents.Parameters()) || w.Compare.After[0] > w.Compare.After[1] || w.Compare.After[1] >= w.Weeks {
			t.Errorf("%s: got %d parameters, periods %+v", name, len(w.Parameters), w.Compare)
		}
	}
}

func TestFieldsOfAnEventAreThoseOfItsFile(t *testing.T) {
	var w worldLine
	read(t, only(t, "world", textbook), &w)
	got := w.Events[0]
	if got.ID != "road-watched" || got.Date != "2022-07-04" || got.Tick != 78 || got.Hub != none || got.Fields["value"] != 0.6 || got.Fields["until"] != "2023-01-01" || got.Fields["from"] != "source" {
		t.Errorf("got %+v", got)
	}
	if _, has := got.Fields["date"]; has {
		t.Errorf("got the date twice: %+v", got)
	}
}

func TestARunIsToldWeekByWeek(t *testing.T) {
	lines := ask(t, new(Desk), "run", ddr)
	var w worldLine
	read(t, lines[0], &w)
	if len(lines) != w.Weeks+2 {
		t.Fatalf("got %d lines, want a world, %d weeks and an end", len(lines), w.Weeks)
	}
	rows := func(week int, what string, rows [][]int64, width int, bounds ...int) {
		for _, r := range rows {
			for k, n := range bounds {
				if r[k] < 0 || r[k] >= int64(n) {
					t.Errorf("week %d: %s %v: %d is not below %d", week, what, r, r[k], n)
				}
			}
			if len(r) != width {
				t.Errorf("week %d: %s %v must have %d numbers", week, what, r, width)
			}
		}
	}
	told, programmes := 0, 0
	for week, line := range lines[1 : len(lines)-1] {
		var x weekLine
		read(t, line, &x)
		if x.Kind != "week" || x.T != week || len(x.H) != len(w.Hubs) || len(x.P) == 0 || len(x.N) == 0 {
			t.Fatalf("week %d: got %.300s", week, line)
		}
		hubs, goods, origins := len(w.Hubs), len(w.Goods), len(w.Origins)
		rows(week, "price", x.P, 6, hubs, goods)
		rows(week, "flow", x.F, 5, len(w.Arcs), goods, origins)
		rows(week, "hub", x.H, 5)
		rows(week, "group", x.G, 4+goods, len(w.Groups))
		rows(week, "network", x.N, 5, len(w.Networks))
		rows(week, "programme", x.D, 4, len(w.Programmes))
		rows(week, "stock", x.S, 6, goods, origins)
		programmes += len(x.D)
		for _, e := range x.E {
			told++
			if w.Events[e].Tick != week {
				t.Errorf("week %d: event %s is of week %d", week, w.Events[e].ID, w.Events[e].Tick)
			}
		}
		for _, r := range x.P {
			if r[5] > 0 != (r[2] > 0) {
				t.Errorf("week %d: a price without sales, or sales without one: %v", week, r)
			}
		}
		for _, r := range x.F {
			if r[3] <= 0 || r[4] < 0 || r[4] > r[3] {
				t.Errorf("week %d: flow %v", week, r)
			}
		}
	}
	inside := 0
	for _, e := range w.Events {
		if e.Tick >= 0 {
			inside++
		}
	}
	if told != inside || programmes == 0 {
		t.Errorf("told %d of %d events, %d rows of programmes", told, inside, programmes)
	}
}

// The numbers of a week are those of the tables that a run writes.
func TestAWeekSaysWhatTheModelHolds(t *testing.T) {
	s, err := scenarios.Load("textbook", nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := agents.New(s.Setup, 1)
	if err != nil {
		t.Fatal(err)
	}
	lines := ask(t, new(Desk), "run", textbook)
	sums := map[[3]int64]int64{}
	err = m.Run(func(week int) error {
		if week < 0 {
			return nil
		}
		var x weekLine
		read(t, lines[week+1], &x)
		for _, r := range x.P {
			k := m.Auctions.Week[int(r[0])*m.Goods+int(r[1])]
			if k.Units > 0 && k.Price != r[2] || int64(k.Units) != r[5] || k.Bid != max(r[3], 0) || k.Ask != max(r[4], 0) {
				t.Errorf("week %d: got %v, want %+v", week, r, k)
			}
		}
		for _, r := range x.S {
			for k := range int64(4) {
				sums[[3]int64{r[0], r[1], k}] += r[2+k]
			}
		}
		for _, r := range x.G {
			if holder := m.Groups.Holder[r[0]]; r[2] != m.Accounts.Cash[holder]/1000 || r[4] != int64(m.Accounts.Units(holder, 0)) {
				t.Errorf("week %d: group %v", week, r)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if sums[[3]int64{0, 0, 3}] == 0 || sums[[3]int64{0, 6, 1}] == 0 {
		t.Errorf("nothing was made or lost: %v", sums)
	}
}

func TestWeeksOfTheBurnInAreToldWhereAsked(t *testing.T) {
	lines := ask(t, new(Desk), "run", `{"state":{"scenario":"textbook"},"burn_in":true}`)
	var first weekLine
	read(t, lines[1], &first)
	if len(lines) != 156+52+2 || first.T != -52 {
		t.Errorf("got %d lines, the first of week %d", len(lines), first.T)
	}
	if plain := ask(t, new(Desk), "run", textbook); !slices.Equal(plain[1:157], lines[53:209]) {
		t.Error("the weeks after the burn-in differ")
	}
}

func TestTheEndHoldsTheHashOfAllLinesBeforeIt(t *testing.T) {
	for _, q := range [][2]string{{"run", textbook}, {"hub", `{"state":{"scenario":"textbook"},"hub":"end"}`}} {
		lines := ask(t, new(Desk), q[0], q[1])
		last := len(lines) - 1
		var end struct {
			Kind, Hash string
			Weeks      int
		}
		read(t, lines[last], &end)
		sum := sha256.Sum256([]byte(strings.Join(lines[:last], "\n") + "\n"))
		if end.Kind != "end" || end.Weeks != 156 || end.Hash != hex.EncodeToString(sum[:]) {
			t.Errorf("%s: got %+v", q[0], end)
		}
	}
}

func TestTheSameQuestionHasTheSameAnswer(t *testing.T) {
	for _, q := range [][2]string{
		{"run", ddr}, {"hub", `{"state":{"scenario":"textbook"},"hub":"middle"}`}, {"catalog", "{}"},
		{"compare", `{"a":{"scenario":"textbook"},"b":{"scenario":"textbook","parameters":{"road.payment":"90000"}},"runs":8}`},
		{"reference", `{"state":{"scenario":"textbook"},"hub":"middle","good":"ak","week":60}`},
	} {
		a, b := ask(t, &Desk{Workers: 1}, q[0], q[1]), ask(t, &Desk{Workers: 3}, q[0], q[1])
		if !slices.Equal(a, b) {
			t.Errorf("%s: got two answers", q[0])
		}
	}
}

func TestAHubIsToldInFull(t *testing.T) {
	lines := ask(t, new(Desk), "hub", `{"state":{"scenario":"textbook"},"hub":"middle","until":60}`)
	run := ask(t, new(Desk), "run", textbook)
	if len(lines) != 62 {
		t.Fatalf("got %d lines, want 61 weeks and an end", len(lines))
	}
	traded := 0
	for week, line := range lines[:61] {
		var x struct {
			Kind                            string
			T, Controller, Regime, Violence int
			Goods                           []struct {
				G                    int
				Price, Units, Stored int64
				Cost                 []int64
				Trades               [][5]any
				Book                 struct{ Bid, Ask [][2]int64 }
			}
		}
		read(t, line, &x)
		var w weekLine
		read(t, run[week+1], &w)
		if x.T != week || int64(x.Controller) != w.H[1][0] || int64(x.Violence) != w.H[1][2] {
			t.Fatalf("week %d: got %.200s", week, line)
		}
		for _, g := range x.Goods {
			sold, sum := int64(0), int64(0)
			for _, tr := range g.Trades {
				units, value := int64(tr[3].(float64)), int64(tr[4].(float64))
				sold += units
				if value != units*g.Price || !strings.Contains(tr[0].(string)+tr[1].(string), ":") {
					t.Errorf("week %d: trade %v at %d", week, tr, g.Price)
				}
			}
			for _, c := range g.Cost {
				sum += c
			}
			if sold != g.Units || g.Units > 0 && sum != g.Price {
				t.Errorf("week %d: %d units in trades of %d, costs of %d in a price of %d", week, sold, g.Units, sum, g.Price)
			}
			if price, units := cleared(g.Book.Bid, g.Book.Ask); units != g.Units || units > 0 && price != g.Price {
				t.Errorf("week %d: the book clears at %d with %d units, the market did at %d with %d", week, price, units, g.Price, g.Units)
			}
			traded += len(g.Trades)
		}
	}
	if traded < 60 {
		t.Errorf("got %d trades", traded)
	}
}

// cleared finds the price of a book as the page's diagram does: where the curves cross, the middle between the last orders served and
// the first that are not.
func cleared(bids, asks [][2]int64) (price, units int64) {
	var i, j int
	var usedBid, usedAsk, low, high int64
	for i < len(bids) && j < len(asks) && bids[i][0] >= asks[j][0] {
		n := min(bids[i][1]-usedBid, asks[j][1]-usedAsk)
		units, high, low = units+n, bids[i][0], asks[j][0]
		if usedBid += n; usedBid == bids[i][1] {
			i, usedBid = i+1, 0
		}
		if usedAsk += n; usedAsk == asks[j][1] {
			j, usedAsk = j+1, 0
		}
	}
	if units == 0 {
		return 0, 0
	}
	if i < len(bids) {
		low = max(low, bids[i][0])
	}
	if j < len(asks) {
		high = min(high, asks[j][0])
	}
	return low + (high-low)/2, units
}

func TestAComparisonFindsARiskOfTheRoad(t *testing.T) {
	lines := ask(t, &Desk{Workers: 2}, "compare", `{"a":{"scenario":"textbook","events":[{"id":"road-watched","remove":true}]},"b":{"scenario":"textbook"},"runs":24,"hub":"middle","good":"ak"}`)
	last := len(lines) - 1
	for i, line := range lines[:last] {
		var p progressLine
		read(t, line, &p)
		if p.Kind != "progress" || p.Done != i+1 || p.Of != 48 {
			t.Errorf("line %d: got %s", i, line)
		}
	}
	var c comparedLine
	read(t, lines[last], &c)
	if c.Kind != "compared" || c.Runs != 24 || c.Failed != 0 || c.Hub != 1 || len(c.Months) != 36 || len(c.A.Q50) != 36 || len(c.Difference.Low) != 36 {
		t.Fatalf("got %.300s", lines[last])
	}
	for k := range c.Months {
		if closed := c.Months[k] >= "2023-07"; closed { // there is no price of a market that is closed
			if c.A.Q50[k] != nil || c.Difference.Mean[k] != nil {
				t.Errorf("%s: got a price", c.Months[k])
			}
			continue
		}
		switch d := *c.Difference.Mean[k]; {
		case k < 17 && d != 0:
			t.Errorf("%s: got a difference of %d before anything differs", c.Months[k], d)
		case k >= 19 && k <= 23 && d <= 0:
			t.Errorf("%s: got a difference of %d while the road is watched", c.Months[k], d)
		}
		if *c.A.Q05[k] > *c.A.Q25[k] || *c.A.Q25[k] > *c.A.Q50[k] || *c.A.Q75[k] > *c.A.Q95[k] {
			t.Errorf("%s: the fan is out of order", c.Months[k])
		}
	}
	i := slices.IndexFunc(c.Effects, func(e effect) bool { return e.Hub == 1 && e.Good == 0 && !e.Before })
	if i < 0 || c.Effects[i].Verdict != "raises" || *c.Effects[i].Difference <= 0 || *c.Effects[i].Low <= 0 || *c.Effects[i].P > 0.05 {
		t.Errorf("got effects %+v", c.Effects)
	}
	if c.Saved == nil {
		t.Error("nothing is said of what common luck saved")
	}
}

func TestAStateComparedWithItselfIsNoDifferent(t *testing.T) {
	lines := ask(t, new(Desk), "compare", `{"a":{"scenario":"textbook"},"b":{"scenario":"textbook","seed":"9"},"runs":3}`)
	var c comparedLine
	read(t, lines[len(lines)-1], &c)
	for _, e := range c.Effects {
		if e.Verdict != "no difference" || *e.Difference != 0 {
			t.Errorf("got %+v", e)
		}
	}
}

func TestReferencesStandNearThePriceOfACompetitiveMarket(t *testing.T) {
	var r referenceLine
	read(t, only(t, "reference", `{"state":{"scenario":"textbook"},"hub":"middle","good":"ak","week":60}`), &r)
	if r.Week != 60 || r.Hub != 1 || r.Good != 0 || r.Space.From != 48 || r.Space.Weeks != 13 {
		t.Fatalf("got %+v", r)
	}
	near := func(what string, got, price int64, share float64) {
		if off := float64(got-price) / float64(price); off < -share || off > share {
			t.Errorf("%s: got %d, simulated %d", what, got, price)
		}
	}
	near("spatial equilibrium", r.Space.Price, r.Space.Mean, 0.2)
	near("cheapest delivery", r.Ways[0].Total, r.Space.Mean, 0.2)
	near("zero intelligence", r.Shouts.Mean, r.Price, 0.25)
	if r.Shouts.Efficiency < 0.8 || r.Shouts.Low > r.Shouts.Mean || r.Shouts.High < r.Shouts.Mean {
		t.Errorf("got %+v", r.Shouts)
	}
	if len(r.Space.Sources) != 1 || r.Space.Sources[0].Hub != 0 || r.Space.Price-r.Space.Sources[0].Price != r.Space.Sources[0].Cost {
		t.Errorf("the price at Middle is not that at Source and the way: %+v", r.Space)
	}
}

func TestAMarketWithoutOrdersHasNoReference(t *testing.T) {
	var r referenceLine
	read(t, only(t, "reference", `{"state":{"scenario":"textbook"},"hub":"middle","good":"ak"}`), &r) // closed since July 2023
	if r.Week != 155 || r.Price != none || r.Shouts != nil || r.Space.Used != 0 || len(r.Ways) != 0 {
		t.Errorf("got %+v", r)
	}
}

func TestADeskGivesWayToOthers(t *testing.T) {
	for _, c := range []struct {
		name, question string
		least, most    int
	}{
		{"run", textbook, 50, 54},
		{"hub", `{"state":{"scenario":"textbook"},"hub":"end","until":47}`, 24, 27},
		{"compare", `{"a":{"scenario":"textbook"},"b":{"scenario":"textbook","parameters":{"road.payment":"90000"}},"runs":2}`, 4 * 50, 4 * 54},
	} {
		turns := 0
		ask(t, &Desk{Turn: func(context.Context) error { turns++; return nil }}, c.name, c.question)
		if turns < c.least || turns > c.most {
			t.Errorf("%s: got %d turns, want %d to %d", c.name, turns, c.least, c.most)
		}
	}
}

func TestAnAnswerEndsWithTheErrorOfWhoEndsIt(t *testing.T) {
	enough := errors.New("enough")
	compare := `{"a":{"scenario":"textbook"},"b":{"scenario":"textbook"},"runs":20}`
	for _, name := range []string{"run", "compare"} {
		question := map[string]string{"run": textbook, "compare": compare}[name]
		turns := 0
		turn := &Desk{Workers: 2, Turn: func(context.Context) error {
			if turns++; turns > 20 {
				return enough
			}
			return nil
		}}
		if err := turn.Answer(context.Background(), name, []byte(question), func([]byte) error { return nil }); !errors.Is(err, enough) {
			t.Errorf("%s: Turn's error: got %v", name, err)
		}
		if err := new(Desk).Answer(context.Background(), name, []byte(question), func([]byte) error { return enough }); !errors.Is(err, enough) {
			t.Errorf("%s: the error of emit: got %v", name, err)
		}
		ctx, cancel := context.WithCancel(context.Background())
		lines := 0
		err := new(Desk).Answer(ctx, name, []byte(question), func([]byte) error {
			if lines++; lines == 3 {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) || lines > 8 {
			t.Errorf("%s: called off: got %v after %d lines", name, err, lines)
		}
	}
}

func TestALineOfAWeekAllocatesNothing(t *testing.T) {
	s, err := scenarios.Load("textbook", nil)
	if err != nil {
		t.Fatal(err)
	}
	m, err := agents.New(s.Setup, 1)
	if err != nil {
		t.Fatal(err)
	}
	w := describe(&asked{Scenario: s}, m)
	run, hub := newTeller(m, &w), newHubTeller(m, 1)
	m.Week = -agents.BurnIn
	if err := m.RunUntil(20, func(int) error { hub.forget(); return nil }); err != nil {
		t.Fatal(err)
	}
	b := run.week(nil, 20)
	b = hub.week(b[:0], 20)
	if n := testing.AllocsPerRun(20, func() { b = run.week(b[:0], 20); b = hub.week(b[:0], 20) }); n > 0 {
		t.Errorf("got %v allocations", n)
	}
}

// BenchmarkRun sets the answer beside the run alone.
func BenchmarkRun(b *testing.B) {
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("engine", func(b *testing.B) {
		for b.Loop() {
			m, err := agents.New(s.Setup, 1)
			if err == nil {
				err = m.Run(func(int) error { return nil })
			}
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	for _, name := range []string{"run", "hub"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				a := &answer{Desk: new(Desk), ctx: context.Background(), out: newLines(func([]byte) error { return nil }), limits: Standard()}
				x := &asked{Scenario: s, seed: 1}
				err := a.run(x, false)
				if name == "hub" {
					err = a.hub(x, 0, s.Setup.Weeks()-1)
				}
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

package experiment

import (
	"encoding/csv"
	"errors"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Targets that others might bring, with what each is taken to mean in a column that the reader of the file ignores.
func TestTargetsOfAnyKindAreTakenForWhatTheyMean(t *testing.T) {
	data, err := os.ReadFile("testdata/targets.csv")
	if err != nil {
		t.Fatal(err)
	}
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	targets, err := ReadTargets(s, "targets.csv", data)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(targets) != len(rows)-1 {
		t.Fatalf("%d targets, want %d", len(targets), len(rows)-1)
	}
	kinds := map[string]bool{}
	for i := range targets {
		x, want := &targets[i], rows[i+1][len(rows[0])-1]
		kinds[x.Fact.Kind] = true
		if got := x.What.String() + x.Why.String(); got != want {
			t.Errorf("%s %v:\n got %q\nwant %q", x.Fact.ID, rows[i+1][1:9], got, want)
		}
		if x.Measurable() != (x.Why == nil) || x.Measurable() && x.Unit == "" {
			t.Errorf("%s: measurable %v, unit %q, %q", x.Fact.ID, x.Measurable(), x.Unit, x.Why)
		}
	}
	if len(kinds) != 10 {
		t.Errorf("the file must have all ten kinds, got %v", kinds)
	}
}

func TestEveryDocumentedFigureOfTheWorldIsMeasuredOrAnInput(t *testing.T) {
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string]bool{}
	measured := 0
	for _, x := range Targets(s, s.Facts) {
		if !x.Input && !x.Measurable() {
			t.Errorf("%s: %s", x.Fact.ID, x.Why)
		}
		if ids[x.Figure.ID] {
			t.Errorf("%s is the id of two figures", x.Figure.ID)
		}
		ids[x.Figure.ID] = true
		if !x.Input {
			measured++
		}
	}
	if measured != 27 || !ids["W12_2"] {
		t.Errorf("%d figures of targets, want 27: 26 facts, one of which (W12) has two", measured)
	}
}

// week is one week of a run made by hand, in the textbook world: source, middle and end; AK rifles and their rounds. Everything is simple
// in 2021 (year 0) and doubles or shifts in 2022 and 2023.
func week(g *gauges, n *tables.Names, tick, year int32) {
	y := n.Sym
	k := int64(year + 1)
	for _, r := range []tables.Price{
		{Hub: y("source"), Good: y("ak"), Price: 100, Units: 4},
		{Hub: y("middle"), Good: y("ak"), Price: 200 * k, Units: 2},
		{Hub: y("end"), Good: y("ak"), Price: 600, Units: 1},
		{Hub: y("middle"), Good: y("ammo_762x39"), Price: 4, Units: 100 * k},
	} {
		r.Tick = tick
		g.Price(r)
		part := tables.Cost{Tick: tick, Hub: r.Hub, Good: r.Good, Component: y("risk"), PerUnit: r.Price / 4 * k}
		g.Cost(part)
	}
	for _, r := range []tables.Flow{
		{From: y("source"), To: y("middle"), Good: y("ak"), Origin: y("libya"), Units: 6 * k, Lost: 1},
		{From: y("source"), To: y("end"), Good: y("ak"), Origin: y("captured"), Units: 2},
		{From: y("middle"), To: y("end"), Good: y("ak"), Origin: y("libya"), Units: 2},
		{From: y("end"), To: y("middle"), Good: y("ak"), Origin: y("local"), Units: 1},
	} {
		r.Tick = tick
		g.Flow(r)
	}
	for _, r := range []tables.Trade{
		{Hub: y("middle"), Good: y("ak"), Origin: y("libya"), Seller: y("trafficker:north"), Buyer: y("dealer:middle"), Units: 3, Value: 300},
		{Hub: y("middle"), Good: y("ak"), Origin: y("captured"), Seller: y("dealer:middle"), Buyer: y("civilian:herders"), Units: 1, Value: 150},
		{Hub: y("middle"), Good: y("ak"), Origin: y("state_diverted"), Seller: y("soldiers:army"), Buyer: y("group:rebels"), Units: k, Value: 100},
	} {
		r.Tick = tick
		g.Trade(r)
	}
	for _, r := range []tables.Actor{
		{Actor: y("group:rebels"), Good: y("ak"), Origin: y("libya"), Measure: y("held"), Value: 30},
		{Actor: y("group:rebels"), Good: y("ak"), Origin: y("captured"), Measure: y("held"), Value: 10},
		{Actor: y("group:rebels"), Good: y("ammo_762x39"), Origin: y("captured"), Measure: y("fired"), Value: 1},
		{Actor: y("group:rebels"), Good: y("ammo_762x39"), Origin: y("libya"), Measure: y("fired"), Value: 3},
		{Actor: y("group:rebels"), Measure: y("fighters"), Value: float64(100 * k)},
		{Actor: y("ddr:somewhere"), Measure: y("registered"), Value: float64(tick + 1)},
		{Actor: y("group:rebels"), Measure: y("drone_attacks"), Value: float64(year)},
		{Actor: y("group:rebels"), Good: y("ak"), Origin: y("captured"), Measure: y("captured"), Value: 2},
		{Actor: y("force:army"), Good: y("ak"), Origin: y("libya"), Measure: y("seized"), Value: 5},
		{Actor: y("force:none"), Good: y("ak"), Origin: y("libya"), Measure: y("seized"), Value: 7},
		{Actor: y("trafficker:north"), Good: y("ak"), Measure: y("loaded"), Value: 20},
		{Actor: y("trafficker:north"), Good: y("ammo_762x39"), Measure: y("loaded"), Value: 900},
		{Actor: y("trafficker:north"), Good: y("ak"), Measure: y("cargoes"), Value: 2},
	} {
		r.Tick = tick
		g.Actor(r)
	}
	for _, hub := range []string{"source", "middle", "end"} {
		g.Hub(tables.HubWeek{Tick: tick, Hub: y(hub), Violence: 0.5 * float64(k)})
	}
}

// measureByHand measures targets on that run.
func measureByHand(t *testing.T, csv string) ([]Target, []float64) {
	t.Helper()
	s := textbook(t)
	targets, err := ReadTargets(s, "t.csv", []byte("id,kind,good,place,start,end,low,high,unit\n"+csv))
	if err != nil {
		t.Fatal(err)
	}
	var figures []Figure
	for i := range targets {
		if !targets[i].Measurable() {
			t.Fatalf("%s: %s", targets[i].Fact.ID, targets[i].Why)
		}
		figures = append(figures, targets[i].Figure)
	}
	n := tables.NewNames()
	p := newPanel(s.Setup, figures, nil, n)
	for tick := range int32(s.Setup.Weeks()) {
		monday := s.Setup.Start.Monday() + sim.Date(7*tick)
		week(&p.gauges, n, tick, int32(monday.Year()-2021))
	}
	return targets, p.values(figures)
}

func TestTargetsOfEveryKindOnARunMadeByHand(t *testing.T) {
	perYear := 365.0 / 365.25 // of a calendar year of 52 weeks
	for _, c := range []struct {
		name, row string
		want      float64
	}{
		{"a price is the mean over the units sold", "price,ak,middle|end,2021,2021,1,2,CFA", (2*200 + 600) / 3.0},
		{"of a country, by its code", "price,rifles,BBB,2021,2021,1,2,CFA", (2*200 + 600) / 3.0},
		{"in euros at the peg", "price,ak,end,2021,2021,1,2,EUR", 600 / 655.957},
		{"in thousands", "price,ak,end,2021,2021,1,2,thousand CFA", 0.6},
		{"over several years", "price,ak,middle,2021,2023,1,2,CFA", 400},
		{"a ratio of two places", "price_ratio,ak,end/source,2021,2021,1,2,", 6},
		{"a ratio of two goods", "price_ratio,ak_per_round,middle,2022,2022,1,2,", 100},
		{"the same as rounds per rifle", "price_ratio,ammo,middle,2022,2022,1,2,rounds per rifle", 100},
		{"a ratio of two years", "price_ratio,ak,middle,2021,2023,1,2,2023/2021", 3},
		{"a ratio from beginning to end", "price_ratio,ak,middle,2021,2023,1,2,after/before", 3},
		{"what dealers add", "price_ratio,dealers,middle,2021,2021,1,2,sell/buy - 1", 0.5},
		{"what dealers get over what they pay", "price_ratio,dealers,middle,2021,2021,1,2,sell/buy ratio", 1.5},
		{"a change as a ratio", "price_change,ak,middle,2021-01,2023-12,1,2,ratio", 3},
		{"a relative change", "price_change,ak,middle,2021-01,2022-12,-1,2,relative change", 1},
		{"a change in per cent", "price_change,ak,middle,2021-01,2022-12,-1,2,%", 100},
		{"a change in money", "price_change,ak,middle,2021-01,2023-12,1,2,CFA", 400},
		{"a change of the gap between places", "price_change,ak,middle/source,2021-01,2023-12,1,9,ratio", 3},
		{"a short period against the year before", "price_change,ak,middle,2022-01,2022-01,1,9,ratio", 2},
		{"sales of a year against the year before", "throughput_ratio,ammo,middle,2022,2022,1,2,after/before", 2},
		{"sales of two towns", "throughput_ratio,ak,middle/end,2021,2021,1,2,middle/end", 2},
		{"the traffic of a corridor", "throughput_ratio,arms_flow,source/middle,2022,2022,1,2,", 2},
		{"a share by origin of what is sold", "origin_share,libya,middle,2021,2021,0,1,", 0.6},
		{"the same in per cent", "origin_share,ak_libya,middle,2021,2021,0,100,%", 60},
		{"a state's is what was diverted and what was captured", "origin_share,state_diverted,middle,2021,2021,0,1,", 0.4},
		{"captured alone", "origin_share,captured,middle,2021,2021,0,1,", 0.2},
		{"a share of what comes over a place", "origin_share,ak,source/end,2021,2021,0,1,", 0.5},
		{"what moves within a place does not enter it", "origin_share,ak,source/middle|end,2021,2021,0,1,", 1},
		{"nor does what comes from a part of it", "origin_share,ak,source|middle/middle|end,2021,2021,0,1,", 1},
		{"a share of what a seller sells", "origin_share,dealers,middle,2021,2021,0,1,", 0.2},
		{"a share of what a buyer buys", "origin_share,herders,middle,2021,2021,0,1,share bought", 0.2},
		{"a share of rounds is of those fired", "origin_share,state_diverted_ammo,all,2021,2021,0,1,", 0.25},
		{"a share of what a group holds", "origin_share,captured,rebels,2021,2021,0,1,", 0.25},
		{"a share of stocks", "stock_share,captured_weapons,,2021,2021,0,1,", 0.25},
		{"net sales a year", "net_sales,rebels,middle,2021,2021,-99,-1,rifles per year", -52 / perYear},
		{"the balance of net sales", "net_sales,dealers,middle,2021,2021,-1,0,", -0.5},
		{"net sales of who is named as the place", "net_sales,ak,army,2021,2021,-99,99,rifles a week", 1},
		{"what leaves a place", "net_sales,ak,source,2021,2021,1,999,rifles per week", 8},
		{"seizures of a force a year", "seizure,weapons,army,2021,2021,1,2,weapons/yr", 260 / perYear},
		{"of everybody", "seizure,ak,,2021,2021,1,2,per week", 12},
		{"lost on roads to a town", "seizure,ak,middle,2021,2021,1,2,rifles in all", 52},
		{"a consignment", "seizure,ak,source,2021,2021,1,2,rifles in one consignment", 10},
		{"fighters are a mean", "count,rebels,,2022,2022,1,2,fighters", 200},
		{"at a place, of those that the world puts there", "count,rebels,middle,2022,2022,1,2,fighters", 200 * 0.7},
		{"people registered since the week in which the period begins", "count,registered,,2022,2022,1,2,people", 53},
		{"drone attacks are a sum", "count,drone_attacks,all,2022,2022,1,2,attacks", 52},
		{"drone attacks a month", "count,drone_attacks,,2022,2022,1,2,attacks per month", 52 / (12 * perYear)},
		{"captured rifles", "count,captured_ak,rebels,2021,2021,1,2,rifles", 104},
		{"rifles sold a week", "count,ak,middle,2021,2021,1,2,rifles a week", 2},
		{"sales of a dealer a year", "count,dealers,middle,2021,2021,1,2,rifles per dealer-year", 52 / perYear / 2},
		{"violence is a ratio only", "count,fatalities,middle,2021,2022,1,2,ratio 2022/2021", 2},
		{"the sign of a price", "sign,ak,middle,2022,2022,1,1,", 1},
		{"the sign of a gap", "sign,ak,end/source,2021,2021,1,1,sign of price difference", 5},
		{"the sign of a net flow between towns", "sign,ak,source|middle/end,2021,2021,1,1,sign of net flow", 3.0 / 5},
		{"the sign of a net flow out of the smaller place", "sign,ak,end/source|middle|end,2021,2021,1,1,net flow", -3.0 / 5},
		{"the sign of a traffic", "sign,arms_flow,source/middle,2023,2023,1,1,sign of change", 0.5},
		{"the sign of what is sold", "sign,ammo,middle,2022,2022,1,1,sign of throughput change", 1},
		{"what begins from nothing grows", "sign,drone_attacks,all,2022,2022,1,1,", 1},
		{"the sign of a share", "sign,state_diverted,middle,2022,2022,1,1,sign of change in share", (3.0/6)/(2.0/5) - 1},
		{"the sign of risk", "sign,risk,middle,2022,2022,1,1,", 200.0/50 - 1}, // of rifles: a quarter of 200, then half of 400
		{"the sign of demand", "sign,demand,middle,2022,2022,1,1,", 0.5},
		{"the sign of violence", "sign,violence,all,2022,2022,1,1,", 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			targets, got := measureByHand(t, "A,"+c.row+"\n")
			if math.Abs(got[0]-c.want) > 1e-9*max(1, math.Abs(c.want)) || math.IsNaN(got[0]) {
				t.Errorf("%s:\ngot %v, want %v", targets[0].What, got[0], c.want)
			}
		})
	}
}

func TestPeriodsThatAreCompared(t *testing.T) {
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, kind, good, place, start, end, unit, before, after string }{
		{"a price: the year before", "sign", "ak", "gao", "2022-01", "2022-12", "", "2021-01-01 2021-12-31", "2022-01-01 2022-12-31"},
		{"also for more than a year", "sign", "ak", "gao", "2023-08", "2024-12", "", "2022-08-01 2023-07-31", "2023-08-01 2024-12-31"},
		{"for more than two as long a time", "sign", "ak", "gao", "2022-01", "2024-12", "", "2019-01-02 2021-12-31", "2022-01-01 2024-12-31"},
		{"sales: the same months", "sign", "sales", "gao", "2018-11", "2018-12", "", "2017-11-01 2017-12-31", "2018-11-01 2018-12-31"},
		{"sales of years: as long a time", "throughput_ratio", "ak", "gao", "2023-08", "2025-09", "", "2021-06-01 2023-07-31", "2023-08-01 2025-09-30"},
		{"a change: first and last three months", "price_change", "ak", "gao", "2022-01", "2025-02", "", "2022-01-01 2022-03-31", "2024-12-01 2025-02-28"},
		{"of a few months: halves", "price_change", "ak", "gao", "2022-01", "2022-04", "", "2022-01-01 2022-03-01", "2022-03-02 2022-04-30"},
		{"of one month: the year before", "price_change", "ak", "gao", "2025-02", "2025-02", "", "2024-02-02 2025-01-31", "2025-02-01 2025-02-28"},
		{"two years that the unit names", "price_change", "ak", "gao", "2022-01", "2025-02", "ratio 2025/2022", "2022-01-01 2022-12-31", "2025-01-01 2025-02-28"},
	} {
		t.Run(c.name, func(t *testing.T) {
			x := Targets(s, []scenarios.Fact{{ID: "x", Kind: c.kind, Good: c.good, Place: c.place, Start: c.start, End: c.end, Unit: c.unit, Low: 1, High: 1}})[0]
			var got []string
			for _, r := range x.Figure.Parts {
				got = append(got, r.First.String()+" "+r.Last.String())
			}
			slices.Sort(got) // the earlier first: a ratio begins with the later
			if !slices.Equal(got, []string{c.before, c.after}) {
				t.Errorf("%s: got %v, want %s and %s; %s", x.What, got, c.before, c.after, x.Why)
			}
		})
	}
}

func TestAPointGetsTenPerCentEitherWay(t *testing.T) {
	x := Targets(textbook(t), []scenarios.Fact{{Kind: "price", Good: "ak", Low: 100, High: 100}, {Kind: "price_change", Good: "ak", Low: -0.5, High: -0.5}, {Kind: "price", Good: "ak", Low: 1, High: 2}})
	for i, want := range []string{"90 110 100 (10 % either way)", "-0.55 -0.45 −0.5 (10 % either way)", "1 2 1 to 2"} {
		if got := fmt.Sprintf("%.4g %.4g %s", x[i].Low, x[i].High, x[i].Documented()); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestAConsignmentTellsItsRoundsToo(t *testing.T) {
	targets, got := measureByHand(t, `A,seizure,ak,source,2021,2021,10,10,"rifles in one consignment (+2 RPG, 4,000 rounds)"`+"\n")
	if len(targets) != 2 || targets[1].Figure.ID != "A_2" || got[1] != 45 || targets[1].Low != 360 || math.Abs(targets[1].High-440) > 1e-9 {
		t.Errorf("got %v, %+v", got, targets)
	}
}

func TestATargetsFileIsReadWithAllItsMistakesAtOnce(t *testing.T) {
	const bad = `id,kind,good,place,start,end,low,high,unit,source,use
A,price,akk,middel,2021-01,2021-12,1,2,CFA,s,
B,price,ak,middle/end,2021-01,2021-12,1,2,CFA,s,
C,price,,middle,2021-01,2021-12,1,2,CFA,s,
D,price,ak,middle,2021-13,2021-12,1,2,CFA,s,
E,price,ak,middle,2021-12,2021-01,1,2,CFA,s,
F,price,ak,middle,2021-01,2021,3,2,CFA,s,
G,origin_share,lybia,end,2021-01,2021-12,0,1,,s,
H,net_sales,rebel_s,middle,2021-01,2021-12,0,1,,s,
I,sign,ak,middle,2021-01,2021-12,2,2,,s,
J,prize,ak,middle,2021-01,2021-12,1,2,,s,
K,count,drone_atacks,all,2021-01,2021-12,1,2,,s,
L,net_sales,ak,,2021-01,2021-12,1,2,,s,
M,price,ak,nowhere at all,2021-01,2021-12,1,2,CFA,s,driver
`
	_, err := ReadTargets(textbook(t), "t.csv", []byte(bad))
	var problems scenarios.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("must be Problems, got %v", err)
	}
	want := []string{
		`t.csv:2:9: good: must be a good, an origin, an actor or something that the model records, got "akk"; did you mean ak?`,
		`t.csv:2:13: place: must be a hub, a zone, a country, a group or a force, got "middel"; did you mean middle?`,
		`t.csv:3:12: place: must be one place, or several with | between them, for the kind price, got "middle/end"`,
		`t.csv:4:9: good: must be a good, got ""`,
		`t.csv:5:19: start: must be a year, a month or a date (2023, 2023-08, 2023-08-13), got "2021-13"`,
		`t.csv:6:19: start: must be at most end (2021-01), got 2021-12`,
		`t.csv:7:32: low: must be at most high (2), got 3`,
		`t.csv:8:16: good: must be a good, an origin, an actor or something that the model records, got "lybia"; did you mean libya?`,
		`t.csv:9:13: good: must be a good, an origin, an actor or something that the model records, got "rebel_s"; did you mean rebels?`,
		`t.csv:10:34: low: must be -1, 0 or 1, since the kind is sign, and so must high, got "2"`,
		`t.csv:11:3: kind: must be one of price, price_ratio, price_change, throughput_ratio, origin_share, stock_share, net_sales, seizure, count, sign, distance, travel_time, got "prize"; did you mean price?`,
		`t.csv:12:9: good: must be a good, an origin, an actor or something that the model records, got "drone_atacks"; did you mean drone_attacks?`,
		`t.csv:13:13: good: must be an actor whose net sales are meant, here or as the place, got "ak"`,
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.String())
	}
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Errorf("problem %d:\n got %q\nwant %q", i+1, at(got, i), at(want, i))
		}
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

func TestWhatCannotBeMeasuredSaysWhy(t *testing.T) {
	s := textbook(t)
	for _, c := range []struct{ name, row, why string }{
		{"a place that the world lacks", "price,ak,abidjan,2021,2021,1,2,CFA", "the world has no hub in Abidjan"},
		{"a country that the world lacks", "price,ak,ghana,2021,2021,1,2,CFA", "the world has no hub in Ghana"},
		{"a time before the run", "price,ak,middle,2012,2012,1,2,CFA", "2012-01 to 2012-12 lies outside the run (2021-01-04 to 2023-12-25)"},
		{"a change whose beginning lies before it", "sign,ak,middle,2021-01,2021-12,1,1,", "lies outside the run"},
		{"deaths", "count,fatalities,middle,2021,2021,1,2,deaths", "counts no deaths"},
		{"something that nobody models", "count,kidnappings,middle,2021,2021,1,2,people", `no table of the model counts "kidnappings"`},
		{"a road that is not there", "origin_share,ak,end/end,2021,2021,0,1,", "no road leads straight from End into End"},
		{"fighters where there are none", "count,rebels,source,2021,2021,1,2,fighters", "none of these groups has fighters in Source"},
		{"roads", "distance,road,middle/end,,,1,2,km", "roads and speeds are inputs"},
	} {
		t.Run(c.name, func(t *testing.T) {
			targets, err := ReadTargets(s, "t.csv", []byte("id,kind,good,place,start,end,low,high,unit\nA,"+c.row+"\n"))
			if err != nil {
				t.Fatal(err)
			}
			if x := targets[0]; x.Measurable() || !strings.HasPrefix(x.Why.String(), "not measurable: ") || !strings.Contains(x.Why.String(), c.why) {
				t.Errorf("got %q, want %q", x.Why, c.why)
			}
		})
	}
}

func TestNoPhraseMeasuresTwoThings(t *testing.T) {
	seen := map[string]string{}
	for _, q := range quantities() {
		for _, word := range strings.Split(q[1], ",") {
			if other, twice := seen[word]; twice {
				t.Errorf("%s stands for %s and for %s", word, other, q[0])
			}
			seen[word] = q[0]
		}
	}
}

func TestNamesAreFoldedWhateverTheirSpelling(t *testing.T) {
	s, err := scenarios.Load("northern-mali", nil)
	if err != nil {
		t.Fatal(err)
	}
	l := newLexicon(s)
	for name, want := range map[string]string{"Ménaka": "menaka", "In Gall": "ingall", "el_fasher": "elfasher", "N'Tahaka": "ntahaka", "GAO": "gao"} {
		if hubs, _, ok := l.hubs(fold(name)); !ok || !slices.Equal(hubs, []string{want}) {
			t.Errorf("%s: got %v, want %s", name, hubs, want)
		}
	}
	for name, want := range map[string]int{"niger": 18, "MLI": 24, "burkina_faso": 2, "Côte d'Ivoire": 0} {
		if hubs, _, ok := l.hubs(fold(name)); !ok || len(hubs) != want {
			t.Errorf("%s: got %d hubs (%v), want %d", name, len(hubs), ok, want)
		}
	}
	if words := l.known(aGood, anOrigin, anActor, aQuantity); len(words) < 100 || !slices.IsSorted(words) {
		t.Errorf("%d words, which must be sorted for hints to be the same every time", len(words))
	}
	if got := fmt.Sprint(l.place("fama+wagner").actors[0].ids); got != "[fama]" {
		t.Errorf("got %s", got)
	}
}

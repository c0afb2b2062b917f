package digest

import (
	"strings"
	"testing"

	"entrepot/output/tables"
	"entrepot/sim"
	"entrepot/words"
)

func day(s string) sim.Date {
	d, err := sim.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// twoYears is a run of 104 weeks in which a rifle costs 100 in the first year and 150 in the second.
func twoYears() *tables.Run {
	r := tables.NewRun(day("2022-01-03"))
	rec, s := r.Recording(), r.Names.Sym
	for t := range int32(104) {
		price, risk := int64(100), int64(20)
		if t >= 52 {
			price, risk = 150, 60
		}
		rec.Price(tables.Price{Tick: t, Hub: s("gao"), Good: s("ak"), Price: price, Units: 2})
		for _, c := range tables.Components() {
			v := map[string]int64{"risk": risk, "margin": price - risk}[c]
			rec.Cost(tables.Cost{Tick: t, Hub: s("gao"), Good: s("ak"), Component: s(c), PerUnit: v})
		}
		rec.Hub(tables.HubWeek{Tick: t, Hub: s("gao"), Regime: s("open"), Violence: 1, Activity: 2})
		rec.Flow(tables.Flow{Tick: t, From: s("ghat"), To: s("gao"), Good: s("ak"), Origin: s("libya"), Units: 10, Lost: 1})
		rec.Trade(tables.Trade{Tick: t, Hub: s("gao"), Good: s("ak"), Origin: s("libya"), Seller: s("dealer:gao"), Buyer: s("group:jnim"), Units: 3, Value: 3 * price})
		rec.Trade(tables.Trade{Tick: t, Hub: s("gao"), Good: s("ak"), Origin: s("captured"), Seller: s("group:csp"), Buyer: s("group:jnim"), Units: 1, Value: price})
		rec.Trade(tables.Trade{Tick: t, Hub: s("gao"), Good: s("ak"), Origin: s("libya"), Seller: s("trafficker:x"), Buyer: s("dealer:gao"), Units: 9, Value: 9 * price})
	}
	return r
}

func context() Context {
	return Context{Scenario: "x", Hubs: []Hub{{ID: "gao", Name: "Gao", Market: true}, {ID: "ghat", Name: "Ghat"}}, Goods: []Good{{ID: "ak", Name: "rifle", Unit: "rifle"}},
		Before: Window{day("2022-01-03"), day("2023-01-01")}, After: Window{day("2023-01-02"), day("2023-12-31")},
		Facts: []Fact{{ID: "S1", Good: "ak", Places: []string{"gao"}, Start: day("2022-01-01"), End: day("2022-12-31"), Low: 90, High: 110},
			{ID: "S2", Good: "ak", Places: []string{"gao"}, Start: day("2023-02-01"), End: day("2023-12-31"), Low: 90, High: 110}}}
}

func TestDigestOfAKnownRun(t *testing.T) {
	d := Make(twoYears(), context())
	town, ok := d.MainTown()
	if !ok || town.Before.Mean != 100 || town.After.Mean != 150 || town.Before.Weeks != 52 {
		t.Fatalf("got %+v", town)
	}
	if name, change := town.MainPart(); name != "risk" || change != 40 {
		t.Errorf("main part is %s, %g", name, change)
	}
	if want := "Gao: the rifle became dearer, 100 CFA before, 150 CFA after (+50\u00a0%; 0 and 0 EUR)."; d.PriceSentence(town) != want {
		t.Errorf("got %q", d.PriceSentence(town))
	}
	if want := "Gao: the rise of 50 CFA is made of risk of loss +40 CFA (80\u00a0%) and seller's margin +10 CFA (20\u00a0%)."; d.WhySentence(town) != want {
		t.Errorf("got %q", d.WhySentence(town))
	}
	d.LossOwner = 3_000_000
	risk := strings.Join(d.RiskSentences(), " ")
	for _, want := range []string{"Gao: of the 150 CFA that a rifle cost in the second period, 60 CFA (40\u00a0%) were asked", "while 10.0\u00a0% of the rifles that entered a road into this town were lost", "costs the owner 3\u00a0000\u00a0000 CFA",
		"for each 100 rifles that users bought, 25 before and 25 after"} {
		if !strings.Contains(risk, want) {
			t.Errorf("of risk it does not say %q but %q", want, risk)
		}
	}
	if p := d.Origins[0].DivertedShare(); p != (Pair{0.25, 0.25}) {
		t.Errorf("diverted share %v: sales to dealers must not count", p)
	}
	if d.Lost != (Pair{0.1, 0.1}) || d.Arcs[0].Units.Before != 521.8 {
		t.Errorf("lost %v, arc %v", d.Lost, d.Arcs[0])
	}
	checks := d.Checks()
	if a, _ := checks[0].Verdict(); a != 0 {
		t.Errorf("first fact: %d", a)
	}
	if b, _ := checks[1].Verdict(); b != 1 {
		t.Errorf("second fact: %d", b)
	}
}

func TestWindowsThatWereLeftOut(t *testing.T) {
	c := context()
	c.Before, c.After = Window{}, Window{}
	c.Events = []Event{{Date: day("2022-09-07"), Place: "gao"}}
	d := Make(twoYears(), c)
	if d.Before != (Window{day("2022-01-03"), day("2022-09-04")}) || d.After != (Window{day("2023-01-02"), day("2023-12-31")}) {
		t.Errorf("got %v and %v", d.Before, d.After)
	}
}

func TestAFactThatTheRunHardlyTouchesIsNoCheck(t *testing.T) {
	c := context()
	c.Facts = []Fact{{ID: "later", Good: "ak", Places: []string{"gao"}, Start: day("2023-12-28"), End: day("2025-12-31"), Low: 90, High: 110},
		{ID: "short", Good: "ak", Places: []string{"gao"}, Start: day("2023-03-01"), End: day("2023-03-07"), Low: 90, High: 110}}
	if got := Make(twoYears(), c).Checks(); len(got) != 1 || got[0].Fact.ID != "short" {
		t.Errorf("got %+v", got)
	}
}

func TestWordsFormatNumbers(t *testing.T) {
	w := English()
	for got, want := range map[string]string{
		w.Int(1234567): "1\u00a0234\u00a0567", w.Int(-1500): "−1\u00a0500", w.Int(-0.2): "0", w.Round(253411): "253\u00a0000", w.Round(7.4): "7", w.Round(8264.6): "8\u00a0270",
		w.Signed(0.2): "0", w.Signed(12): "+12", w.Percent(0.004): "<\u00a01\u00a0%", w.Percent(0): "0\u00a0%", w.Fixed(-0.01, 1): "0.0", w.Amount(9.82): "9.8", w.Times(Pair{10, 15}): "+50\u00a0%", w.Times(Pair{19, 2082}): "×\u00a0110", w.Times(Pair{0, 3}): "–",
		w.List([]string{"a", "b", "c"}):                      "a, b and c",
		w.Span(Window{day("2022-08-01"), day("2023-07-31")}): "Aug 2022 – Jul 2023",
		w.Span(Window{day("2022-08-08"), day("2023-08-06")}): "Aug 2022 – Jul 2023",
		w.Span(Window{day("2022-08-12"), day("2023-08-10")}): "12 Aug 2022 – 10 Aug 2023",
		w.Span(Window{day("2025-02-01"), day("2025-02-28")}): "Feb 2025",
		w.Span(Window{day("2015-01-05"), day("2025-12-29")}): "Jan 2015 – Dec 2025",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestTheCauseOfADearerTownIsReadFromPriceAndQuantity(t *testing.T) {
	account := func(part string, change, before, after float64) Account {
		return Account{Towns: 1, Price: Pair{100, 100 + change}, Parts: []Part{{part, Pair{0, change}}}, Sold: Pair{before, after}}
	}
	for _, c := range []struct {
		name string
		a    Account
		want string
	}{
		{"dearer and fewer", account("margin", 50, 100, 80), "scarcity, less came to market than buyers wanted at the old price"},
		{"dearer and more", account("margin", 50, 100, 120), "demand, buyers wanted more than came to market at the old price"},
		{"cheaper and more", account("margin", -50, 100, 120), "plenty, more came to market than buyers would take at the old price"},
		{"cheaper and fewer", account("margin", -50, 100, 80), "weak demand, buyers wanted less at the old price"},
		{"as many", account("margin", 50, 100, 101), "sellers earned more above their costs"},
		{"a cost", account("risk", 50, 100, 80), "carriers expected to lose more on the way"},
	} {
		if got := c.a.Cause(English()); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
	if account("risk", 3, 1, 1).Moved() {
		t.Error("three per cent must have no cause")
	}
}

func TestEveryComponentHasACauseAndAMeaning(t *testing.T) {
	r := English().Report
	for _, c := range tables.Components() {
		for _, way := range []string{" up", " down"} {
			if r.Causes[c+way] == "" || r.Means[c+way] == "" {
				t.Errorf("%s%s has no words", c, way)
			}
		}
	}
	for key := range r.Readings {
		if r.Causes[key] == "" {
			t.Errorf("%s has no cause", key)
		}
	}
}

func TestATownThatHardlySellsDoesNotSpeakForTheOthers(t *testing.T) {
	town := func(sold, after float64) Town {
		return Town{Before: Price{Mean: 100, Weeks: 50}, After: Price{Mean: after, Weeks: 50}, Sold: Pair{300, sold},
			Parts: []Part{{"risk", Pair{}}, {"origin", Pair{}}}}
	}
	big, small := town(300, 150), town(2, 900)
	big.Parts[0].After, small.Parts[1].After = 50, 800
	d := Digest{Context: Context{Words: English()}, Towns: []Town{big, small}}
	if a, ok := d.Account(); !ok || a.Parts[0].Component != "risk" || a.Price.Change() > 56 {
		t.Errorf("got %+v", a)
	}
}

func TestWhatSoldiersSellIsNotDearerAtTheSource(t *testing.T) {
	a := Account{Towns: 1, Price: Pair{100, 150}, Parts: []Part{{"origin", Pair{0, 50}}}, Sold: Pair{1, 1}, Soldiers: Pair{0.05, 0.4}}
	if got := a.Cause(English()); got != "buyers turned to soldiers, who take what their arms fetch" {
		t.Errorf("got %q", got)
	}
}

func TestTheAccountAddsUp(t *testing.T) {
	a, ok := Make(twoYears(), context()).Account()
	if !ok || a.Towns != 1 || abs(a.Price.Before-100) > 1e-9 || abs(a.Price.After-150) > 1e-9 || a.Parts[0].Component != "risk" || abs(a.Parts[0].Change()-40) > 1e-9 {
		t.Fatalf("got %+v", a)
	}
	sum := 0.0
	for _, p := range a.Parts {
		sum += p.Change()
	}
	if abs(sum-50) > 1e-9 {
		t.Errorf("parts sum to %g, want 50", sum)
	}
}

func TestRangesWeighWeeksByTheUnitsSold(t *testing.T) {
	if low, high := quantile([]lot{{10, 98}, {500, 1}, {900, 1}}, 0.1), quantile([]lot{{10, 98}, {500, 1}, {900, 1}}, 0.9); low != 10 || high != 10 {
		t.Errorf("got %g to %g, want 10 to 10: single units at wild prices are not eight in ten", low, high)
	}
}

func TestShortAnswerTellsWorldPricesWhyRoadsTownsBuyersAndCertainty(t *testing.T) {
	c := context()
	c.Events = []Event{{Label: "army takes Gao", Kind: "hub_control", Date: day("2023-01-02")}, {Label: "a raid", Kind: "violence", Date: day("2022-05-01")}}
	var leads []string
	all := ""
	for _, x := range Make(twoYears(), c).InShort() {
		leads = append(leads, x.Lead)
		all += strings.ReplaceAll(x.Text, "\u00a0", " ") + "\n"
	}
	if got, want := strings.Join(leads, ", "), "What changed, Prices, Why, Roads, Towns and dealers, Buyers, How sure"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	for _, want := range []string{"army takes Gao (2 Jan 2023)", "became dearer in Gao (100 → 150 CFA, +50 %)", "Carriers expected to lose more on the way.", "one draw of luck"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing in\n%s", want, all)
		}
	}
	for _, bad := range []string{"a raid", "%!", "EXTRA"} {
		if strings.Contains(all, bad) {
			t.Errorf("%q stands in\n%s", bad, all)
		}
	}
}

func TestFrenchIsTheSameCatalogueInOtherWords(t *testing.T) {
	say, err := words.In("fr")
	if err != nil {
		t.Fatal(err)
	}
	en, fr := English(), In(say)
	for _, c := range []struct{ name, got, want string }{
		{"a day", fr.Date(day("2023-08-13")), "13 août 2023"},
		{"the first of a month", fr.Date(day("2024-01-01")), "1er janv. 2024"},
		{"a month", fr.Month(day("2024-02-10")), "févr. 2024"},
		{"a number", fr.Fixed(-1234.5, 1), "−1\u00a0234,5"},
		{"a share", fr.PercentTo(0.026, 1), "2,6\u00a0%"},
		{"a multiple", fr.Change(9.5), "×\u00a010,5"},
		{"a list", fr.List([]string{"a", "b", "c"}), "a, b et c"},
		{"items", fr.Items([]string{"a", "b"}), "a\u00a0; b"},
		{"a range", fr.Range("1", "2"), "1 à 2"},
		{"a range without width", fr.Range("1", "1"), "1"},
		{"what is said of a thing", fr.Colon("Gao", "x"), "Gao\u00a0: x"},
		{"a component", fr.Name("risk"), "risque de perte"},
		{"an actor", fr.kind("trafficker", "Arabes"), "trafiquants (Arabes)"},
		{"what no catalogue knows", fr.Name("of_a_user"), "of a user"},
		{"English stays", en.Date(day("2024-01-01")), "1 Jan 2024"},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, c.got, c.want)
		}
	}
	for _, w := range []*Words{en, fr} { // of the glossary
		for i, term := range w.Report.Terms[1:] {
			if unaccented(term.Word) < unaccented(w.Report.Terms[i].Word) {
				t.Errorf("%s: %q must stand before %q", w.Lang(), term.Word, w.Report.Terms[i].Word)
			}
		}
	}
}

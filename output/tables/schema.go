package tables

// Column is one line of the data dictionary.
type Column struct{ Table, Name, Type, Unit, Meaning string }

// table says everything about one CSV file: its columns and how a row becomes a line and back.
// encode and decode name the fields in the order of the columns.
type table[T any] struct {
	name    string
	columns []Column
	encode  func(*encoder, T)
	decode  func(*decoder) T
}

// Columns returns the data dictionary: every column of every table, in the order of the files.
func Columns() []Column {
	var all []Column
	for _, t := range [][]Column{
		priceTable().columns, flowTable().columns, tradeTable().columns, costTable().columns, hubTable().columns,
		throughputTable().columns, actorTable().columns, ledgerTable().columns, eventTable().columns, bookTable().columns,
	} {
		all = append(all, t...)
	}
	return all
}

// Components returns the parts of a price in the order in which they are stacked; they sum to the price.
func Components() []string {
	return []string{"origin", "transport", "toll", "payment", "risk", "storage", "margin"}
}

const unitsOfGood = "units of the good (rounds for ammunition, pieces otherwise)"

func define[T any](name string, columns []Column, encode func(*encoder, T), decode func(*decoder) T) table[T] {
	for i := range columns {
		columns[i].Table = name
	}
	return table[T]{name: name, columns: columns, encode: encode, decode: decode}
}

func tickColumn() Column {
	return Column{Name: "tick", Type: "integer", Unit: "weeks", Meaning: "weeks since the start of the run; the first week is 0"}
}

func dateColumn() Column {
	return Column{Name: "date", Type: "date", Unit: "day", Meaning: "the week's Monday, YYYY-MM-DD"}
}

func id(name, meaning string) Column {
	return Column{Name: name, Type: "id", Unit: "-", Meaning: meaning}
}

func count(name, unit, meaning string) Column {
	return Column{Name: name, Type: "integer", Unit: unit, Meaning: meaning}
}

func priceTable() table[Price] {
	return define("prices", []Column{
		tickColumn(), dateColumn(), id("hub", "market"), id("good", "good"),
		count("price_cfa", "CFA per unit", "price at which the week's call auction cleared; empty when nothing traded"),
		{Name: "price_eur", Type: "decimal", Unit: "EUR per unit", Meaning: "price_cfa at the fixed peg of 655.957 CFA; empty when nothing traded"},
		count("bid_cfa", "CFA per unit", "best bid of the week; empty when nobody bid"),
		count("ask_cfa", "CFA per unit", "best ask of the week; empty when nobody offered"),
		count("units", unitsOfGood, "units traded"),
	}, func(e *encoder, r Price) {
		e.week(r.Tick).sym(r.Hub).sym(r.Good).positive(r.Price).euro(r.Price).positive(r.Bid).positive(r.Ask).int(r.Units)
	}, func(d *decoder) Price {
		r := Price{Tick: d.week(), Hub: d.sym(), Good: d.sym(), Price: d.positive()}
		d.euro(r.Price)
		r.Bid, r.Ask, r.Units = d.positive(), d.positive(), d.amount()
		return r
	})
}

func flowTable() table[Flow] {
	return define("flows", []Column{
		tickColumn(), dateColumn(), id("from", "hub at which the arc begins"), id("to", "hub at which the arc ends"), id("good", "good"),
		id("origin", "where the units entered the market: an origin of the stockholders (libya, sudan, nigeria), state_diverted, captured, ddr, local"),
		count("units", unitsOfGood, "units entering the arc in the week, counted once; losses are part of them"),
		count("lost_units", unitsOfGood, "part of units that did not come out of the arc"),
	}, func(e *encoder, r Flow) {
		e.week(r.Tick).sym(r.From).sym(r.To).sym(r.Good).sym(r.Origin).int(r.Units).int(r.Lost)
	}, func(d *decoder) Flow {
		return Flow{Tick: d.week(), From: d.sym(), To: d.sym(), Good: d.sym(), Origin: d.sym(), Units: d.amount(), Lost: d.amount()}
	})
}

func tradeTable() table[Trade] {
	return define("trades", []Column{
		tickColumn(), dateColumn(), id("hub", "market"), id("good", "good"), id("origin", "where the units entered the market"),
		id("seller", "kind of seller, e.g. trafficker:<network>, dealer:<hub>, stockholder:<origin>, group:<group>, soldiers:<force>"),
		id("buyer", "kind of buyer, e.g. group:<group> (own buyers included), civilian:<kind>, ddr, dealer:<hub>, trafficker:<network>"),
		count("units", unitsOfGood, "units that changed hands"),
		count("value_cfa", "CFA", "money that changed hands"),
	}, func(e *encoder, r Trade) {
		e.week(r.Tick).sym(r.Hub).sym(r.Good).sym(r.Origin).sym(r.Seller).sym(r.Buyer).int(r.Units).int(r.Value)
	}, func(d *decoder) Trade {
		return Trade{Tick: d.week(), Hub: d.sym(), Good: d.sym(), Origin: d.sym(), Seller: d.sym(), Buyer: d.sym(), Units: d.amount(), Value: d.amount()}
	})
}

func costTable() table[Cost] {
	return define("costs", []Column{
		tickColumn(), dateColumn(), id("hub", "market"), id("good", "good"),
		{Name: "component", Type: "id", Unit: "-", Meaning: "origin (price at the source), transport, toll, payment (at stops), risk (as believed at loading), storage, margin (the rest; may be negative)"},
		count("cfa_per_unit", "CFA per unit", "component of the week's price, averaged over the units sold; the seven sum to price_cfa exactly"),
	}, func(e *encoder, r Cost) {
		e.week(r.Tick).sym(r.Hub).sym(r.Good).sym(r.Component).int(r.PerUnit)
	}, func(d *decoder) Cost {
		return Cost{Tick: d.week(), Hub: d.sym(), Good: d.sym(), Component: d.symOf(Components()), PerUnit: d.int()}
	})
}

func hubTable() table[HubWeek] {
	return define("hubs", []Column{
		tickColumn(), dateColumn(), id("hub", "place"),
		id("controller", "armed group or force that holds the place; empty for nobody"),
		id("regime", "how arms are traded: open, clandestine or closed"),
		{Name: "violence", Type: "decimal", Unit: "index, 1 = regional mean of 2017", Meaning: "level of violence"},
		{Name: "activity_score", Type: "decimal", Unit: "score 0-10", Meaning: "the model's own score of illicit activity from throughput, openness and violence; not the IEIM's, whose hub scores are not published"},
	}, func(e *encoder, r HubWeek) {
		e.week(r.Tick).sym(r.Hub).sym(r.Controller).sym(r.Regime).fixed(r.Violence).fixed(r.Activity)
	}, func(d *decoder) HubWeek {
		return HubWeek{Tick: d.week(), Hub: d.sym(), Controller: d.sym(), Regime: d.symOf([]string{"open", "clandestine", "closed"}), Violence: d.float(), Activity: d.float()}
	})
}

func throughputTable() table[Throughput] {
	return define("throughput", []Column{
		tickColumn(), dateColumn(), id("hub", "place"), id("good", "good"),
		count("arrived_units", unitsOfGood, "units that came in during the week"),
		count("sold_units", unitsOfGood, "units sold during the week"),
		count("stored_units", unitsOfGood, "units in dealers' stores at the week's end"),
	}, func(e *encoder, r Throughput) {
		e.week(r.Tick).sym(r.Hub).sym(r.Good).int(r.Arrived).int(r.Sold).int(r.Stored)
	}, func(d *decoder) Throughput {
		return Throughput{Tick: d.week(), Hub: d.sym(), Good: d.sym(), Arrived: d.amount(), Sold: d.amount(), Stored: d.amount()}
	})
}

func actorTable() table[Actor] {
	return define("actors", []Column{
		tickColumn(), dateColumn(), id("actor", "actor or kind of actor, named as in trades"),
		id("good", "good; empty where it does not apply"), id("origin", "origin of the good; empty where it does not apply"),
		id("measure", "what is measured, e.g. held, fired, captured, cash, fighters, registered (so far), drone_attacks"),
		{Name: "value", Type: "decimal", Unit: "see column unit", Meaning: "value in the week (stocks: at the week's end)"},
		id("unit", "unit of value"),
	}, func(e *encoder, r Actor) {
		e.week(r.Tick).sym(r.Actor).sym(r.Good).sym(r.Origin).sym(r.Measure).shortest(r.Value).sym(r.Unit)
	}, func(d *decoder) Actor {
		return Actor{Tick: d.week(), Actor: d.sym(), Good: d.sym(), Origin: d.sym(), Measure: d.sym(), Value: d.float(), Unit: d.sym()}
	})
}

func ledgerTable() table[Ledger] {
	return define("ledger", []Column{
		tickColumn(), id("good", "good"), id("origin", "where the units entered the market"),
		id("measure", "stocks at the week's end: held, carried; cumulative flows: made, captured, used, lost, seized, collected"),
		count("units", unitsOfGood, "made + captured = held + carried + used + lost + seized + collected"),
	}, func(e *encoder, r Ledger) {
		e.tick(r.Tick).sym(r.Good).sym(r.Origin).sym(r.Measure).int(r.Units)
	}, func(d *decoder) Ledger {
		return Ledger{Tick: d.tick(), Good: d.sym(), Origin: d.sym(), Measure: d.sym(), Units: d.int()}
	})
}

func eventTable() table[Event] {
	return define("events", []Column{
		tickColumn(), dateColumn(), id("kind", "kind of event"), id("place", "hub, zone, route or actor that it concerns"),
		{Name: "detail", Type: "text", Unit: "-", Meaning: "what happened, in words"},
	}, func(e *encoder, r Event) {
		e.week(r.Tick).text(r.Kind).text(r.Place).text(r.Detail)
	}, func(d *decoder) Event {
		return Event{Tick: d.week(), Kind: d.text(), Place: d.text(), Detail: d.text()}
	})
}

func bookTable() table[Order] {
	return define("books", []Column{
		tickColumn(), dateColumn(), id("hub", "market"), id("good", "good"), id("side", "bid or ask"),
		count("limit_cfa", "CFA per unit", "limit price of the order"),
		count("units", unitsOfGood, "units wanted or offered at that limit"),
	}, func(e *encoder, r Order) {
		e.week(r.Tick).sym(r.Hub).sym(r.Good).sym(r.Side).int(r.Limit).int(r.Units)
	}, func(d *decoder) Order {
		return Order{Tick: d.week(), Hub: d.sym(), Good: d.sym(), Side: d.symOf([]string{"bid", "ask"}), Limit: d.amount(), Units: d.amount()}
	})
}

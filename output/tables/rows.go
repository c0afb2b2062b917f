// Package tables holds a run's tidy tables: the typed rows, a fast CSV writer, a strict reader and the data dictionary.
//
// Everything a figure, a report or a script of a user needs is in these rows; nothing else is read from a run. The package
// knows no file system (a Sink makes the files, an fs.FS gives them back), no plot and no Parquet, so that the page can hold it.
package tables

// Sym is a name (hub, good, origin, actor, ...) kept once in Names; rows hold two bytes in its place.
// Sym 0 is the empty name.
type Sym uint16

// Price is a market's week: one row of prices.csv.
type Price struct {
	Tick      int32 // weeks since the run's start
	Hub, Good Sym
	Price     int64 // CFA per unit at which the call auction cleared; 0 = nothing traded
	Bid, Ask  int64 // CFA per unit, best after the call; 0 = none offered
	Units     int64 // units traded
}

// Flow is what entered one arc in a week: one row of flows.csv.
type Flow struct {
	Tick                   int32
	From, To, Good, Origin Sym
	Units                  int64 // units entering the arc, counted once
	Lost                   int64 // part of Units that did not come out
}

// Trade is what one kind of seller sold to one kind of buyer: one row of trades.csv.
type Trade struct {
	Tick                             int32
	Hub, Good, Origin, Seller, Buyer Sym // kinds, not individuals: "trafficker:tuareg", "group:jnim"
	Units                            int64
	Value                            int64 // CFA
}

// Cost is one component of what a sold unit cost: one row of costs.csv. A week's components sum to the price exactly.
type Cost struct {
	Tick                 int32
	Hub, Good, Component Sym   // origin, transport, toll, payment, risk, storage, margin
	PerUnit              int64 // CFA per unit; the margin may be negative
}

// HubWeek is the state of a place: one row of hubs.csv.
type HubWeek struct {
	Tick                    int32
	Hub, Controller, Regime Sym     // Controller 0 = nobody; Regime open, clandestine, closed
	Violence                float64 // index, 1 = the regional mean of 2017; kept to 3 decimals
	Activity                float64 // score 0-10 of the model's own; kept to 3 decimals
}

// Throughput is what passed through a place's market: one row of throughput.csv.
type Throughput struct {
	Tick                  int32
	Hub, Good             Sym
	Arrived, Sold, Stored int64 // units that came in, were sold, stood in stores at week's end
}

// Actor is one measure of one actor: one row of actors.csv.
type Actor struct {
	Tick                int32
	Actor, Good, Origin Sym // Good and Origin 0 where they do not apply
	Measure             Sym // held, fired, captured, cash, fighters, registered, drone_attacks, ...
	Value               float64
	Unit                Sym // unit of Value
}

// Ledger is one account of the conservation check: one row of ledger.csv.
type Ledger struct {
	Tick                  int32
	Good, Origin, Measure Sym   // held, carried; made, captured, used, lost, seized, collected
	Units                 int64 // stocks at week's end, flows cumulative
}

// Event is something that happened: one row of events.csv. Detail is one line of text.
type Event struct {
	Tick                int32
	Kind, Place, Detail string
}

// Order is one step of a kept order book: one row of books.csv, which is written only where a book was kept.
type Order struct {
	Tick            int32
	Hub, Good, Side Sym   // Side bid or ask
	Limit           int64 // CFA per unit
	Units           int64
}

// Recorder takes rows as a run makes them. Run keeps them in memory.
type Recorder interface {
	Price(Price)
	Flow(Flow)
	Trade(Trade)
	Cost(Cost)
	Hub(HubWeek)
	Throughput(Throughput)
	Actor(Actor)
	Ledger(Ledger)
	Event(Event)
	Order(Order)
}

package sim

import (
	"fmt"
	"slices"
)

// MaxOrigins is the most origins a world may name: a lot carries a vector of units by origin.
const MaxOrigins = 8

// Component is one part of what a unit has cost so far, in the order of costs.csv.
type Component uint8

// The components of a cost stack. They sum to a sale's price exactly; margin is the seller's residual and may be negative.
const (
	CostOrigin Component = iota // paid to whoever first put the unit on the market
	CostTransport
	CostToll
	CostPayment // to patrols, borders and robbers
	CostRisk    // as believed at loading
	CostStorage // overhead and capital
	CostMargin
	NComponents
)

// ComponentNames are the ids of costs.csv.
var componentNames = [NComponents]string{"origin", "transport", "toll", "payment", "risk", "storage", "margin"}

// String returns the component's id.
func (c Component) String() string { return componentNames[c] }

// Lot is a quantity of one good in one hand: units by origin and the cost stack of all of them together, in CFA.
type Lot struct {
	Units  int32
	Origin [MaxOrigins]int32
	good   int32 // of a lot in the pool
	Cost   [NComponents]int64
}

// CostSum returns the whole cost stack of the lot, CFA.
func (l *Lot) CostSum() int64 {
	var s int64
	for _, c := range l.Cost {
		s += c
	}
	return s
}

// split takes n units out of the lot, pro rata by origin (largest remainder, first origin first) and by cost.
func (l *Lot) split(n int32, out *Lot) {
	if n >= l.Units {
		*out, *l = *l, Lot{}
		return
	}
	*out = Lot{Units: n}
	l.splitOrigins(n, out)
	total := int64(l.Units)
	for c := range l.Cost {
		if cfa := l.Cost[c]; cfa != 0 {
			part := mulDiv(cfa, int64(n), total)
			out.Cost[c], l.Cost[c] = part, cfa-part
		}
	}
	l.Units -= n
}

// splitOrigins takes n units out of the lot by origin.
func (l *Lot) splitOrigins(n int32, out *Lot) {
	left := n
	total := int64(l.Units)
	var rest [MaxOrigins]int64
	for o, have := range l.Origin {
		switch have {
		case 0:
			rest[o] = -1
			continue
		case l.Units: // all is of one origin
			out.Origin[o], l.Origin[o] = n, have-n
			return
		}
		part := int64(have) * int64(n)
		out.Origin[o] = int32(part / total)
		rest[o] = part % total
		left -= out.Origin[o]
	}
	for ; left > 0; left-- {
		best := 0
		for o := 1; o < MaxOrigins; o++ {
			if rest[o] > rest[best] {
				best = o
			}
		}
		out.Origin[best]++
		rest[best] = -1
	}
	for o := range l.Origin {
		l.Origin[o] -= out.Origin[o]
	}
}

// mulDiv returns a*b/c rounded towards zero without overflow for the sizes that occur (|a| < 2^62 / b is not assumed).
func mulDiv(a, b, c int64) int64 {
	if a > -1<<31 && a < 1<<31 {
		return a * b / c
	}
	return a/c*b + a%c*b/c
}

func (l *Lot) add(m *Lot) {
	l.Units += m.Units
	for o := range l.Origin {
		l.Origin[o] += m.Origin[o]
	}
	for c := range l.Cost {
		l.Cost[c] += m.Cost[c]
	}
}

// Role says how a holder's goods count in the ledger and how its sales are priced.
type Role uint8

// The roles of holders.
const (
	Carrier  Role = iota // goods on the road or at a market place: `carried`
	Merchant             // goods in a store: `held`, with their cost stack
	Final                // goods in use: `held`; if sold, the whole price is the unit's origin price
	Tap                  // outside the market: units appear (`made`) when sold, money leaves when paid
)

// MoneyFlow is a way in which money enters or leaves the market.
type MoneyFlow uint8

// Money enters by the first three, leaves by the others. Every change of cash is a sale, a payment between holders or one of these.
const (
	Opening   MoneyFlow = iota // cash at the start
	Income                     // gold, taxes, support, wages: from outside the arms trade
	OtherWork                  // contraband
	TransportCost
	TollCost
	PaymentCost // to officials
	LossCost    // vehicles, fines, jail
	StoreCost
	Living  // profit drawn out, upkeep of fighters, households
	Outside // paid to stockholders and depots
	NMoneyFlows
)

var moneyFlowNames = [NMoneyFlows]string{"opening", "income", "other_work", "transport", "tolls", "payments", "losses", "storage", "living", "outside"}

// String returns the flow's id.
func (f MoneyFlow) String() string { return moneyFlowNames[f] }

// Inward reports whether money enters the market by this flow.
func (f MoneyFlow) Inward() bool { return f <= OtherWork }

// GoodsFlow is a way in which goods enter or leave.
type GoodsFlow uint8

// Goods enter by the first two and leave by the others.
const (
	Made GoodsFlow = iota
	Captured
	Used
	Lost
	Seized
	Collected
	NGoodsFlows
)

var goodsFlowNames = [NGoodsFlows]string{"made", "captured", "used", "lost", "seized", "collected"}

// String returns the id used in ledger.csv.
func (f GoodsFlow) String() string { return goodsFlowNames[f] }

// Accounts are all holders of goods and cash, in columns, with the ledger of what entered and left. Holders are numbered
// from 0 in the order they were opened; ID is what keys their luck.
type Accounts struct {
	Goods int
	ID    []uint64 // hash of the holder's stable name
	Label []uint16 // index into Labels
	Role  []Role
	Cash  []int64 // CFA; negative is debt to kin

	Labels []string // "trafficker:tuareg_north", "group:jnim", ...

	slot []int32 // holder*Goods+good: position in pool + 1, or 0
	pool []Lot
	free []int32
	over *Overfull // the first stock of the week that would not fit into a lot

	Flow  [NGoodsFlows][][MaxOrigins]int64 // cumulative units, by good and origin
	Money [NMoneyFlows]int64               // cumulative CFA
}

// manyLots is how many lots there is room for from the start: more than a country's carriers, dealers and groups hold at once.
const manyLots = 2048

// NewAccounts returns empty accounts for a number of goods.
func NewAccounts(goods int) *Accounts {
	a := &Accounts{Goods: goods, pool: make([]Lot, 0, manyLots), free: make([]int32, 0, manyLots)}
	for f := range a.Flow {
		a.Flow[f] = make([][MaxOrigins]int64, goods)
	}
	return a
}

// Open adds a holder and returns its number. The name must be stable: it keys the holder's luck.
func (a *Accounts) Open(id uint64, label uint16, role Role, cash int64) int32 {
	a.ID = append(a.ID, id)
	a.Label = append(a.Label, label)
	a.Role = append(a.Role, role)
	a.Cash = append(a.Cash, cash)
	for g := 0; g < a.Goods; g++ {
		a.slot = append(a.slot, 0)
	}
	a.Money[Opening] += cash
	return int32(len(a.ID) - 1)
}

// Reserve makes room for n more holders, so that opening them copies nothing.
func (a *Accounts) Reserve(n int) {
	grow := func(have int) int { return have + n }
	a.ID = append(make([]uint64, 0, grow(len(a.ID))), a.ID...)
	a.Label = append(make([]uint16, 0, grow(len(a.Label))), a.Label...)
	a.Role = append(make([]Role, 0, grow(len(a.Role))), a.Role...)
	a.Cash = append(make([]int64, 0, grow(len(a.Cash))), a.Cash...)
	a.slot = append(make([]int32, 0, len(a.slot)+n*a.Goods), a.slot...)
}

// LabelID returns the number of a label, adding it where new.
func (a *Accounts) LabelID(label string) uint16 {
	for i, l := range a.Labels {
		if l == label {
			return uint16(i)
		}
	}
	a.Labels = append(a.Labels, label)
	return uint16(len(a.Labels) - 1)
}

// Units returns how many units of a good the holder has.
func (a *Accounts) Units(holder int32, good int) int32 {
	if s := a.slot[int(holder)*a.Goods+good]; s != 0 {
		return a.pool[s-1].Units
	}
	return 0
}

// NextGood returns the first good from one on of which the holder has a lot, or -1:
//
//	for g := a.NextGood(holder, 0); g >= 0; g = a.NextGood(holder, g+1)
//
// passes over what he does not have, which is most goods of most holders.
func (a *Accounts) NextGood(holder int32, good int) int {
	for g, s := range a.slots(holder)[good:] {
		if s != 0 {
			return good + g
		}
	}
	return -1
}

// slots returns the places of a holder's lots, by good.
func (a *Accounts) slots(holder int32) []int32 {
	first := int(holder) * a.Goods
	return a.slot[first : first+a.Goods]
}

// Load returns what a holder's goods add up to, at a load per unit of each good.
func (a *Accounts) Load(holder int32, each []int64) (load int64) {
	for g, s := range a.slots(holder) {
		if s != 0 {
			load += int64(a.pool[s-1].Units) * each[g]
		}
	}
	return load
}

// Lot returns the holder's lot of a good for reading and for adding costs, or nil where there is none. The pointer is
// valid until the next change of any stock.
func (a *Accounts) Lot(holder int32, good int) *Lot {
	if s := a.slot[int(holder)*a.Goods+good]; s != 0 {
		return &a.pool[s-1]
	}
	return nil
}

func (a *Accounts) lotFor(holder int32, good int) *Lot {
	i := int(holder)*a.Goods + good
	if s := a.slot[i]; s != 0 {
		return &a.pool[s-1]
	}
	var s int32
	if n := len(a.free); n > 0 {
		s = a.free[n-1]
		a.free = a.free[:n-1]
	} else {
		a.pool = append(a.pool, Lot{})
		s = int32(len(a.pool))
		if cap(a.free) < cap(a.pool) { // all lots may come free in one quiet week
			a.free = append(make([]int32, 0, cap(a.pool)), a.free...)
		}
	}
	a.slot[i] = s
	a.pool[s-1].good = int32(good)
	return &a.pool[s-1]
}

// MaxLot is the most units that one holder may have of a good: sums of two lots still fit into 32 bits.
const MaxLot = 1 << 30

// Overfull is the error of a week in which a stock grew beyond what a lot can count: the scenario asks for too much.
type Overfull struct {
	Date   Date
	Holder string // label
	Good   int
	ID     string // of the good; the engine knows numbers only, who knows the ids fills it in
}

// Error says which stock, and what its limit is.
func (o *Overfull) Error() string {
	return fmt.Sprintf("a stock must be at most %d units, got more of %s with %s in the week of %s", MaxLot, o.ID, o.Holder, o.Date)
}

// room says whether n more units fit into a holder's lot. Where they do not, the run is over at the end of the week.
func (a *Accounts) room(holder int32, good int, have, n int32) bool {
	if n <= MaxLot-have {
		return true
	}
	if a.over == nil {
		a.over = &Overfull{Holder: a.Labels[a.Label[holder]], Good: good}
	}
	return false
}

// put adds a lot to a holder's stock.
func (a *Accounts) put(holder int32, good int, l *Lot) {
	if into := a.lotFor(holder, good); a.room(holder, good, into.Units, l.Units) {
		into.add(l)
	}
}

// take removes n units; the caller makes sure that they exist.
func (a *Accounts) take(holder int32, good int, n int32, out *Lot) {
	i := int(holder)*a.Goods + good
	s := a.slot[i]
	if s == 0 || a.pool[s-1].Units < n || n < 0 {
		panic("sim: taking units that a holder does not have")
	}
	l := &a.pool[s-1]
	if l.split(n, out); l.Units == 0 {
		*l = Lot{}
		a.slot[i] = 0
		a.free = append(a.free, s)
	}
}

// Bring adds new units of an origin to a holder: Made or Captured.
func (a *Accounts) Bring(flow GoodsFlow, holder int32, good, origin int, n int32) {
	if n <= 0 {
		return
	}
	if flow != Made && flow != Captured {
		panic("sim: goods enter as made or captured")
	}
	l := a.lotFor(holder, good)
	if !a.room(holder, good, l.Units, n) {
		return
	}
	l.Units += n
	l.Origin[origin] += n
	a.Flow[flow][good][origin] += int64(n)
}

// Remove takes up to n units away as Used, Lost, Seized or Collected, pro rata by origin, and returns what went.
func (a *Accounts) Remove(flow GoodsFlow, holder int32, good int, n int32) (out Lot) {
	if have := a.Units(holder, good); n > have {
		n = have
	}
	if n <= 0 {
		return out
	}
	a.take(holder, good, n, &out)
	into := &a.Flow[flow][good]
	for o, u := range &out.Origin {
		into[o] += int64(u)
	}
	return out
}

// Move hands up to n units over without payment (loot, gifts among one's own, a succession): origin and costs stay.
func (a *Accounts) Move(from, to int32, good int, n int32) int32 {
	if have := a.Units(from, good); n > have {
		n = have
	}
	if n <= 0 {
		return 0
	}
	var out Lot
	a.take(from, good, n, &out)
	a.put(to, good, &out)
	return n
}

// AddCost puts CFA onto a component of the cost stack of a holder's lot.
func (a *Accounts) AddCost(holder int32, good int, c Component, cfa int64) {
	if s := a.slot[int(holder)*a.Goods+good]; s != 0 {
		a.pool[s-1].Cost[c] += cfa
	}
}

// Receive adds money from outside the market.
func (a *Accounts) Receive(holder int32, cfa int64, f MoneyFlow) {
	if cfa < 0 || !f.Inward() {
		panic("sim: money enters by an inward flow and is not negative")
	}
	a.Cash[holder] += cfa
	a.Money[f] += cfa
}

// Spend takes money out of the market.
func (a *Accounts) Spend(holder int32, cfa int64, f MoneyFlow) {
	if cfa < 0 || f.Inward() {
		panic("sim: money leaves by an outward flow and is not negative")
	}
	a.Cash[holder] -= cfa
	a.Money[f] += cfa
}

// Pay moves money between holders.
func (a *Accounts) Pay(from, to int32, cfa int64) {
	a.Cash[from] -= cfa
	a.Cash[to] += cfa
}

// sell moves n units from seller to buyer at a price per unit and says in out what moved, with the buyer's cost stack.
func (a *Accounts) sell(seller, buyer int32, good int, tapOrigin int8, n int32, price int64, out *Lot) {
	value := price * int64(n)
	switch a.Role[seller] {
	case Tap:
		*out = Lot{Units: n}
		out.Origin[tapOrigin] = n
		out.Cost[CostOrigin] = value
		a.Flow[Made][good][tapOrigin] += int64(n)
		a.Money[Outside] += value
	case Final:
		a.take(seller, good, n, out)
		out.Cost = [NComponents]int64{CostOrigin: value}
		a.Cash[seller] += value
	default:
		a.take(seller, good, n, out)
		out.Cost[CostMargin] += value - out.CostSum()
		a.Cash[seller] += value
	}
	a.Cash[buyer] -= value
	a.put(buyer, good, out)
}

// Imbalance is a broken conservation check.
type Imbalance struct {
	Good, Origin int   // -1 for money
	Gap          int64 // units or CFA too many (positive) or too few
}

// Check recounts all goods and money and returns the first imbalance, or nil.
func (a *Accounts) Check() *Imbalance {
	var have [16][MaxOrigins]int64
	stock := have[:0]
	for g := 0; g < a.Goods; g++ {
		stock = append(stock, [MaxOrigins]int64{})
	}
	if in, out := a.placed(), int32(len(a.pool)-len(a.free)); in != out { // a lot in two hands, or in none
		return &Imbalance{0, 0, int64(in - out)}
	}
	for i := range a.pool { // where lots lie, not by holder: with a million holders memory is read in its order
		l := &a.pool[i]
		g := int(l.good)
		into, from := &stock[g], &l.Origin
		for o := range from {
			into[o] += int64(from[o])
		}
		sum := from[0] + from[1] + from[2] + from[3] + from[4] + from[5] + from[6] + from[7]
		if from[0]|from[1]|from[2]|from[3]|from[4]|from[5]|from[6]|from[7] < 0 {
			o := slices.IndexFunc(l.Origin[:], func(u int32) bool { return u < 0 })
			return &Imbalance{g, o, int64(l.Origin[o])}
		}
		if sum != l.Units {
			return &Imbalance{g, 0, int64(l.Units - sum)}
		}
	}
	for g := range stock {
		for o, u := range stock[g] {
			due := a.Flow[Made][g][o] + a.Flow[Captured][g][o]
			for f := Used; f < NGoodsFlows; f++ {
				due -= a.Flow[f][g][o]
			}
			if u != due {
				return &Imbalance{g, o, u - due}
			}
		}
	}
	var cash, due int64
	for _, c := range a.Cash {
		cash += c
	}
	for f := MoneyFlow(0); f < NMoneyFlows; f++ {
		if f.Inward() {
			due += a.Money[f]
		} else {
			due -= a.Money[f]
		}
	}
	if cash != due {
		return &Imbalance{-1, -1, cash - due}
	}
	return nil
}

// placed counts the lots that holders have.
func (a *Accounts) placed() (n int32) {
	const some = 8 // most holders have nothing: so many places at once are seen to be empty
	slot := a.slot
	for ; len(slot) >= some; slot = slot[some:] {
		s := (*[some]int32)(slot)
		if s[0]|s[1]|s[2]|s[3]|s[4]|s[5]|s[6]|s[7] != 0 {
			n += inUse(s[:])
		}
	}
	return n + inUse(slot)
}

// inUse counts the places that are not empty.
func inUse(slot []int32) (n int32) {
	for _, s := range slot {
		if s != 0 {
			n++
		}
	}
	return n
}

// Stocks adds up what is held and what is carried, by good and origin.
func (a *Accounts) Stocks(held, carried [][MaxOrigins]int64) {
	clear(held)
	clear(carried)
	for i, s := range a.slot {
		if s == 0 {
			continue
		}
		into := held
		if a.Role[i/a.Goods] == Carrier {
			into = carried
		}
		g := i % a.Goods
		for o, u := range a.pool[s-1].Origin {
			into[g][o] += int64(u)
		}
	}
}

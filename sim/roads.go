package sim

// Roads carries travellers over the network: fuel and tolls, interdiction by arc, and the flows that result.
type Roads struct {
	Net     *Network
	Classes []*UserClass

	// What an interdiction does.
	PayableShare float64 // chance that a payable stop ends in a payment (s)
	Payment      int64   // CFA per vehicle (B)
	Loss         int64   // CFA: what the owner loses beyond the cargo (F)
	Mu           float64 // CFA, scale of the link logit

	Load       []int64   // thousandths of a rifle-equivalent per unit, by good
	Visibility []float64 // by good
	Robbers    []int32   // by arc: the holder who gets what is robbed there, or -1 (then it is lost)

	// This week, by (arc*goods+good) and origin: units that entered the arc, and of these the units lost on it.
	Entered, Missing [][MaxOrigins]int32
	// This week, by arc: cargoes seized by forces, and all crossings with arms.
	SeizedOn  []int32
	Crossings []int32
	Incidents []Incident // this week
	dirty     []int32    // entries of Entered in use
	struck    []int32    // entries of Missing in use
	aboard    []aboard   // the cargo that was looked at last
	way       uint64     // label of the luck by which ways are chosen
}

// aboard is one lot of a cargo.
type aboard struct {
	lot  int32 // position in the pool of lots
	good int32
	load int64
}

// Incident is a stop that ended in a loss.
type Incident struct {
	Arc  int32
	Kind IncidentKind
	Load int64 // thousandths of a rifle-equivalent
}

// IncidentKind says who stopped a cargo.
type IncidentKind uint8

// The kinds of loss on the road.
const (
	SeizedByForce IncidentKind = iota
	Robbed
	Struck
)

// NewRoads returns roads without traffic.
func NewRoads(net *Network, goods int) *Roads {
	n := len(net.From)
	r := &Roads{Net: net, Entered: make([][MaxOrigins]int32, n*goods), Missing: make([][MaxOrigins]int32, n*goods),
		SeizedOn: make([]int32, n), Crossings: make([]int32, n), Robbers: make([]int32, n),
		dirty: make([]int32, 0, n*goods), struck: make([]int32, 0, n*goods), aboard: make([]aboard, 0, goods), Incidents: make([]Incident, 0, n), way: hashed("next")}
	for a := range r.Robbers {
		r.Robbers[a] = -1
	}
	return r
}

// Fleet is a population of travellers, one holder each, in columns.
type Fleet struct {
	First int32   // holder of traveller 0
	Class []uint8 // user class
	Node  []int16 // hub where it is or was last
	Dest  []int16 // destination (index into the class's Dests), or -1 when resting
	Arc   []int16 // arc being crossed, or -1
	Left  []int32 // thousandths of a day left on the arc
	Lost  []bool  // lost its cargo on this trip
}

// Reserve makes room for the first n travellers.
func (f *Fleet) Reserve(n int) {
	f.Class, f.Node, f.Dest, f.Arc = make([]uint8, 0, n), make([]int16, 0, n), make([]int16, 0, n), make([]int16, 0, n)
	f.Left, f.Lost = make([]int32, 0, n), make([]bool, 0, n)
}

// Add appends a resting traveller and returns its index. Its holder must be First + index.
func (f *Fleet) Add(class uint8, node int16) int {
	f.Class = append(f.Class, class)
	f.Node = append(f.Node, node)
	f.Dest = append(f.Dest, -1)
	f.Arc = append(f.Arc, -1)
	f.Left = append(f.Left, 0)
	f.Lost = append(f.Lost, false)
	return len(f.Class) - 1
}

// Send starts a trip to a destination.
func (f *Fleet) Send(i int, dest int16) { f.Dest[i], f.Arc[i], f.Lost[i] = dest, -1, false }

// weekDays is a week in thousandths of a day.
const weekDays = 7000

// Begin clears the week's counts.
func (r *Roads) Begin() {
	for _, i := range r.dirty {
		r.Entered[i] = [MaxOrigins]int32{}
	}
	for _, i := range r.struck {
		r.Missing[i] = [MaxOrigins]int32{}
	}
	r.dirty, r.struck = r.dirty[:0], r.struck[:0]
	clear(r.SeizedOn)
	clear(r.Crossings)
	r.Incidents = r.Incidents[:0]
}

// Advance moves every traveller of a fleet by a week. Draws are keyed by traveller and arc, so the order is irrelevant.
func (r *Roads) Advance(f *Fleet, acc *Accounts, luck Key) {
	for i := range f.Dest {
		if f.Dest[i] >= 0 {
			r.advance(f, i, acc, luck.At(acc.ID[f.First+int32(i)]))
		}
	}
}

func (r *Roads) advance(f *Fleet, i int, acc *Accounts, luck Key) {
	c := r.Classes[f.Class[i]]
	budget := int32(weekDays)
	for step := uint64(0); budget > 0; step++ {
		if f.Arc[i] < 0 {
			if f.Node[i] == c.Dests[f.Dest[i]] {
				f.Dest[i] = -1
				return
			}
			a := c.Next(int(f.Dest[i]), f.Node[i], r.Mu, luck.At(step).At(r.way))
			if a < 0 { // the way has been closed: wait here, the owner decides anew
				f.Dest[i] = -1
				return
			}
			if lost := r.enter(c, a, f.First+int32(i), acc, luck.At(step)); lost {
				f.Lost[i], f.Dest[i] = true, -1
				return
			}
			f.Arc[i], f.Left[i] = int16(a), int32(c.Days[a]*1000)
		}
		spent := min(budget, f.Left[i])
		budget -= spent
		if f.Left[i] -= spent; f.Left[i] <= 0 {
			f.Node[i], f.Arc[i] = r.Net.To[f.Arc[i]], -1
		}
	}
	if f.Arc[i] < 0 && f.Node[i] == c.Dests[f.Dest[i]] {
		f.Dest[i] = -1
	}
}

// enter pays for an arc and draws what happens on it. It reports whether the cargo is lost.
func (r *Roads) enter(c *UserClass, a int, holder int32, acc *Accounts, luck Key) bool {
	fuel, toll := int64(c.Fuel[a]), r.Net.Toll[a]
	acc.Spend(holder, fuel, TransportCost)
	acc.Spend(holder, toll, TollCost)
	load, visibility := r.cargo(holder, acc)
	if load == 0 {
		return false
	}
	r.charge(acc, load, CostTransport, fuel)
	r.charge(acc, load, CostToll, toll)
	r.note(a, acc)
	r.Crossings[a]++
	scale := float64(visibility * c.Hazard[a])
	payable := float64(r.Net.Payable(a) * scale)
	strike := float64(r.Net.Strike[a] * scale)
	lossRate := float64((1 - r.PayableShare) * payable)
	// The crossing lasts until its end or its loss: only so long was it exposed, else records would understate a hazard.
	exposed := 1.0
	u := luck.At(1).Float()
	lost := u < lossRate+strike && u < 1-Exp(-(lossRate+strike)) // the chance is below the rate, and most crossings need no exponential
	if lost {
		exposed = min(1, -Log(1-u)/(lossRate+strike))
	}
	c.record(a).exposure += float64(scale * exposed)
	if lost {
		r.lose(c, a, holder, load, acc, luck, lossRate, strike)
		return true
	}
	for n := luck.At(2).Poisson(float64(r.PayableShare * payable)); n > 0; n-- {
		c.record(a).payable++
		r.pay(a, holder, load, acc, luck.At(uint64(10+n)))
	}
	return false
}

// cargo looks at a holder's arms, and returns their load and their visibility, weighted by load. What it lists stays right until a stock
// changes.
func (r *Roads) cargo(holder int32, acc *Accounts) (load int64, visibility float64) {
	r.aboard = r.aboard[:0]
	for g, s := range acc.slots(holder) {
		if s == 0 {
			continue
		}
		l := int64(acc.pool[s-1].Units) * r.Load[g]
		load += l
		visibility += float64(float64(l) * r.Visibility[g])
		r.aboard = append(r.aboard, aboard{s - 1, int32(g), l})
	}
	if load == 0 {
		return 0, 0
	}
	return load, visibility / float64(load)
}

// charge spreads a cost over the goods of the cargo looked at last, by load; what is left of it by rounding is borne by its last good.
func (r *Roads) charge(acc *Accounts, load int64, k Component, cfa int64) {
	left, last := cfa, len(r.aboard)-1
	for i := range r.aboard[:last] {
		x := &r.aboard[i]
		part := mulDiv(cfa, x.load, load)
		acc.pool[x.lot].Cost[k] += part
		left -= part
	}
	acc.pool[r.aboard[last].lot].Cost[k] += left
}

// Charge spreads costs over a holder's cargo by load, CFA. Without a cargo nothing is charged.
func (r *Roads) Charge(acc *Accounts, holder int32, costs ...Charge) {
	load, _ := r.cargo(holder, acc)
	if load == 0 {
		return
	}
	for _, c := range costs {
		r.charge(acc, load, c.Component, c.CFA)
	}
}

// Charge is a cost of a cargo.
type Charge struct {
	Component Component
	CFA       int64
}

// note counts the cargo looked at last as having entered an arc.
func (r *Roads) note(a int, acc *Accounts) {
	for i := range r.aboard {
		at := a*len(r.Load) + int(r.aboard[i].good)
		e, origin := &r.Entered[at], &acc.pool[r.aboard[i].lot].Origin
		if e[0]|e[1]|e[2]|e[3]|e[4]|e[5]|e[6]|e[7] == 0 {
			r.dirty = append(r.dirty, int32(at))
		}
		for o := range e {
			e[o] += origin[o]
		}
	}
}

// lose takes the whole cargo: struck, robbed (it changes hands) or seized, in proportion to the hazards.
func (r *Roads) lose(c *UserClass, a int, holder int32, load int64, acc *Accounts, luck Key, lossRate, strike float64) {
	kind := Struck
	if u := luck.At(3).Float() * (lossRate + strike); u < lossRate {
		kind = SeizedByForce
		if r.robbers(a, luck.At(4)) {
			kind = Robbed
		}
	}
	switch kind {
	case Struck:
		c.record(a).strike++
	case SeizedByForce:
		r.SeizedOn[a]++
		c.record(a).payable++
	default:
		c.record(a).payable++
	}
	r.Incidents = append(r.Incidents, Incident{int32(a), kind, load})
	for g := range r.Load {
		u := acc.Units(holder, g)
		if u == 0 {
			continue
		}
		r.struck = append(r.struck, int32(a*len(r.Load)+g))
		miss := &r.Missing[a*len(r.Load)+g]
		for o, n := range acc.Lot(holder, g).Origin {
			miss[o] += n
		}
		switch {
		case kind == SeizedByForce:
			acc.Remove(Seized, holder, g, u)
		case kind == Robbed && r.Robbers[a] >= 0:
			acc.Move(holder, r.Robbers[a], g, u)
		default:
			acc.Remove(Lost, holder, g, u)
		}
	}
	acc.Spend(holder, r.Loss, LossCost)
}

func (r *Roads) robbers(a int, luck Key) bool {
	p := r.Net.Payable(a)
	return p > 0 && float64(luck.Float()*p) < r.Net.Bandits[a]
}

// pay settles a stop with a payment: to robbers it changes hands, to officials it leaves the market.
func (r *Roads) pay(a int, holder int32, load int64, acc *Accounts, luck Key) {
	r.charge(acc, load, CostPayment, r.Payment)
	if r.Robbers[a] >= 0 && r.robbers(a, luck) {
		acc.Pay(holder, r.Robbers[a], r.Payment)
		return
	}
	acc.Spend(holder, r.Payment, PaymentCost)
}

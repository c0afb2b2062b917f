package sim

import (
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSplittingALotLosesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l Lot
		for o := range l.Origin {
			l.Origin[o] = rapid.Int32Range(0, 50).Draw(t, "units")
			l.Units += l.Origin[o]
		}
		for c := range l.Cost {
			l.Cost[c] = rapid.Int64Range(-1_000_000, 2_000_000_000).Draw(t, "cost")
		}
		if l.Units == 0 {
			return
		}
		whole := l
		var part Lot
		l.split(rapid.Int32Range(1, whole.Units).Draw(t, "n"), &part)
		sum := part
		sum.add(&l)
		if sum != whole {
			t.Fatalf("parts sum to %+v, the whole was %+v", sum, whole)
		}
		for o, u := range part.Origin {
			if u < 0 || u > whole.Origin[o] {
				t.Fatalf("origin %d: %d of %d", o, u, whole.Origin[o])
			}
			if exact := float64(whole.Origin[o]) * float64(part.Units) / float64(whole.Units); float64(u) < exact-1 || float64(u) > exact+1 {
				t.Fatalf("origin %d: %d units, pro rata is %.2f", o, u, exact)
			}
		}
	})
}

// The guards of the ledger are broken on purpose, one by one, and each must be seen.
func TestTheCheckSeesEveryKindOfBreach(t *testing.T) {
	breaches := map[string]func(a *Accounts){
		"a unit appears in a lot":          func(a *Accounts) { l := a.Lot(0, 0); l.Units++; l.Origin[0]++ },
		"a unit changes origin":            func(a *Accounts) { l := a.Lot(0, 0); l.Origin[0]--; l.Origin[1]++ },
		"a lot and its origins disagree":   func(a *Accounts) { a.Lot(0, 0).Units++ },
		"a negative stock":                 func(a *Accounts) { l := a.Lot(0, 0); l.Origin[2]--; l.Origin[0]++ },
		"money appears":                    func(a *Accounts) { a.Cash[1]++ },
		"money vanishes":                   func(a *Accounts) { a.Cash[0]-- },
		"a flow is booked without a stock": func(a *Accounts) { a.Flow[Seized][0][0]++ },
	}
	for name, breach := range breaches {
		t.Run(name, func(t *testing.T) {
			a := NewAccounts(2)
			for i := 0; i < 3; i++ {
				a.Open(uint64(i), a.LabelID("x"), Final, 1000)
			}
			a.Bring(Made, 0, 0, 0, 10)
			a.Bring(Captured, 0, 0, 1, 5)
			a.Remove(Used, 0, 0, 4)
			a.Move(0, 1, 0, 3)
			a.Pay(0, 1, 77)
			a.Spend(1, 10, Living)
			if bad := a.Check(); bad != nil {
				t.Fatalf("a sound ledger is called broken: %+v", *bad)
			}
			breach(a)
			if a.Check() == nil {
				t.Fatal("the breach was not seen")
			}
		})
	}
}

// One arc of payable hazard 0.6 and strike hazard 0.2: of many crossings a share 1-exp(-h) is lost, h = H_x + (1-s)*H_p, and
// those who come through paid s*H_p on average.
func TestStopsOnARoadFollowTheirHazards(t *testing.T) {
	const n = 20000
	for _, s := range []float64{0, 0.5, 1} {
		net := NewNetwork(2, []Arc{{From: 0, To: 1, Km: 100, Days: 1, Border: 0.6}})
		net.Strike[0] = 0.2
		acc := NewAccounts(1)
		acc.Open(1, acc.LabelID("seller"), Tap, 0)
		r := NewRoads(net, 1)
		r.PayableShare, r.Payment, r.Loss, r.Mu = s, 1000, 5000, 100
		r.Load, r.Visibility = []int64{1000}, []float64{1}
		c := NewUserClass(net, []int16{1}, nil, 10)
		c.Hazard[0], c.Days[0] = 1, 1
		r.Classes = []*UserClass{c}
		c.Refresh(RouteCost{Mu: 100}, -1)
		f := &Fleet{First: 1}
		for i := 0; i < n; i++ {
			h := acc.Open(NewKey(uint64(i)).Bits(), 0, Carrier, 0)
			acc.Bring(Made, h, 0, 0, 10)
			f.Add(0, 0)
			f.Send(i, 0)
		}
		r.Begin()
		r.Advance(f, acc, NewKey(3))
		h := 0.2 + (1-s)*0.6
		lost := float64(len(r.Incidents)) / n
		if want := 1 - Exp(-h); lost < want-0.012 || lost > want+0.012 {
			t.Errorf("s=%v: %.4f lost, must be near %.4f", s, lost, want)
		}
		paid := float64(acc.Money[PaymentCost]) / 1000 / (n * (1 - lost))
		if want := s * 0.6; paid < want-0.02 || paid > want+0.02 {
			t.Errorf("s=%v: %.4f payments a survivor, must be near %.4f", s, paid, want)
		}
		if bad := acc.Check(); bad != nil {
			t.Errorf("conservation broke: %+v", *bad)
		}
		var missing, entered int32
		for g := range r.Entered {
			entered += r.Entered[g][0]
			missing += r.Missing[g][0]
		}
		if entered != 10*n || missing != int32(10*len(r.Incidents)) {
			t.Errorf("s=%v: %d units entered and %d were lost, %d and %d expected", s, entered, missing, 10*n, 10*len(r.Incidents))
		}
	}
}

func TestRoutesFollowTheLinkLogit(t *testing.T) {
	// Two ways from 0 to 3: over 1 (cost 300) and over 2 (cost 400); with mu = 100 the odds are e : 1.
	net := NewNetwork(4, []Arc{{From: 0, To: 1}, {From: 1, To: 3}, {From: 0, To: 2}, {From: 2, To: 3}})
	c := NewUserClass(net, []int16{3}, nil, 10)
	for a, cost := range map[int]float64{net.Find(0, 1): 100, net.Find(1, 3): 200, net.Find(0, 2): 150, net.Find(2, 3): 250} {
		c.Fuel[a] = cost
		c.Days[a] = cost / 100
	}
	c.Refresh(RouteCost{Mu: 100}, 0)
	dist, sum := c.To(0)
	if dist[0] != 300 {
		t.Fatalf("distance %v, must be 300", dist[0])
	}
	const n = 20000
	over1 := 0
	for i := 0; i < n; i++ {
		if a := c.Next(0, 0, 100, NewKey(uint64(i))); int(net.To[a]) == 1 {
			over1++
		}
	}
	want := 1 / (1 + Exp(-1))
	if got := float64(over1) / n; got < want-0.012 || got > want+0.012 {
		t.Errorf("share %.4f over the cheaper way, the logit says %.4f", got, want)
	}
	if got, want := sum[0].Cost, 300*want+400*(1-want); got < want-0.01 || got > want+0.01 {
		t.Errorf("expected cost %.2f, must be %.2f", got, want)
	}
	net.Open[net.Find(1, 3)] = false
	changed := c.Refresh(RouteCost{Mu: 100}, 0.04)
	if dist, _ = c.To(0); !changed || dist[0] != 400 {
		t.Errorf("after the cheaper way closed the distance is %v, must be 400", dist[0])
	}
}

// Break each guard of the recount once.
func TestTheRecountSeesWhatIsWrong(t *testing.T) {
	faults := map[string]func(a *Accounts){
		"a lot in two hands":              func(a *Accounts) { a.slot[3] = a.slot[0] },
		"a lot in no hand":                func(a *Accounts) { a.slot[0] = 0 },
		"a unit that nobody made":         func(a *Accounts) { a.pool[0].Units++; a.pool[0].Origin[1]++ },
		"units that differ from origins":  func(a *Accounts) { a.pool[0].Units++ },
		"negative units":                  func(a *Accounts) { a.pool[0].Origin[0] -= 9; a.pool[0].Origin[1] += 9 },
		"units that became another good":  func(a *Accounts) { a.pool[0].good = 1 },
		"cash out of nowhere":             func(a *Accounts) { a.Cash[1]++ },
		"a flow of money without its end": func(a *Accounts) { a.Money[Income]++ },
	}
	for name, fault := range faults {
		a := NewAccounts(2)
		for i := uint64(0); i < 3; i++ {
			a.Open(i, 0, Carrier, 100)
		}
		a.Bring(Made, 0, 0, 0, 5)
		a.Bring(Captured, 0, 1, 1, 7)
		a.Bring(Made, 2, 0, 0, 3)
		a.Remove(Used, 2, 0, 3) // leaves an empty lot behind
		if bad := a.Check(); bad != nil {
			t.Fatalf("sound books are said to be off: %+v", *bad)
		}
		if fault(a); a.Check() == nil {
			t.Errorf("%s: not seen", name)
		}
	}
}

func TestLoadsAndGoodsAreThoseOfTheHolder(t *testing.T) {
	const goods = 4
	acc := NewAccounts(goods)
	each := []int64{1000, 7, 250, 90}
	for h := range int32(5) {
		acc.Open(uint64(h), acc.LabelID([]string{"a", "b"}[h%2]), Role(h%2), 10)
		var want int64
		var have []int
		for g := range goods {
			if n := (h*7+int32(g)*5)%6 - 2; n > 0 {
				acc.Bring(Made, h, g, g, n)
				want += each[g] * int64(n)
				have = append(have, g)
			}
		}
		if got := acc.Load(h, each); got != want {
			t.Errorf("holder %d bears %d, must bear %d", h, got, want)
		}
		var found []int
		for g := acc.NextGood(h, 0); g >= 0; g = acc.NextGood(h, g+1) {
			found = append(found, g)
		}
		if !slices.Equal(found, have) {
			t.Errorf("holder %d has goods %v, must have %v", h, found, have)
		}
	}
	held, carried := make([][MaxOrigins]int64, goods), make([][MaxOrigins]int64, goods)
	held[0][0], carried[1][1] = 99, 99 // what was there before
	acc.Stocks(held, carried)
	for g := range goods {
		var wantHeld, wantCarried [MaxOrigins]int64
		for h := range int32(5) {
			if n := int64(acc.Units(h, g)); acc.Role[h] == Carrier {
				wantCarried[g] += n
			} else {
				wantHeld[g] += n
			}
		}
		if held[g] != wantHeld || carried[g] != wantCarried {
			t.Errorf("good %d: %v held and %v carried, must be %v and %v", g, held[g], carried[g], wantHeld, wantCarried)
		}
	}
	if a, b := acc.LabelID("b"), acc.LabelID("c"); a != 1 || b != 2 || acc.Labels[b] != "c" {
		t.Errorf("labels %v, %d and %d", acc.Labels, a, b)
	}
	before := acc.Check()
	acc.Reserve(100)
	if acc.Units(4, 3) != (4*7+3*5)%6-2 && (4*7+3*5)%6 > 2 || acc.Check() != before || cap(acc.Cash) < 105 || len(acc.Cash) != 5 {
		t.Error("room for more holders must change nothing else")
	}
}

// What only a mistake in a rule could ask for ends the program.
func TestMistakesOfRulesEndTheProgram(t *testing.T) {
	acc := NewAccounts(1)
	h := acc.Open(1, acc.LabelID("x"), Merchant, 0)
	acc.Bring(Made, h, 0, 0, 5)
	for what, do := range map[string]func(){
		"receiving less than nothing":    func() { acc.Receive(h, -1, Income) },
		"receiving by an outward flow":   func() { acc.Receive(h, 1, Living) },
		"spending less than nothing":     func() { acc.Spend(h, -1, Living) },
		"spending by an inward flow":     func() { acc.Spend(h, 1, Income) },
		"bringing by an outward flow":    func() { acc.Bring(Used, h, 0, 0, 1) },
		"taking more than there is":      func() { acc.take(h, 0, 6, new(Lot)) },
		"taking fewer than none":         func() { acc.take(h, 0, -1, new(Lot)) },
		"taking of what one has none of": func() { NewAccounts(1).takeOf(t) },
	} {
		mustPanic(t, what, do)
	}
	acc.Receive(h, 0, OtherWork)
	acc.Spend(h, 0, TransportCost)
	acc.Bring(Captured, h, 0, 0, 1)
	var all Lot
	if acc.take(h, 0, 6, &all); all.Units != 6 || acc.Units(h, 0) != 0 {
		t.Errorf("took %+v", all)
	}
}

// takeOf takes nothing of a good that a new holder has none of.
func (a *Accounts) takeOf(t *testing.T) {
	a.take(a.Open(1, a.LabelID("x"), Merchant, 0), 0, 0, new(Lot))
}

// Shares of money are exact where they are whole, and towards zero elsewhere, also beyond 32 bits.
func TestMulDivIsThatOfNumbersOfAnySize(t *testing.T) {
	for i := range uint64(4000) {
		l := NewKey(i)
		c := int64(1 + l.At(0).Intn(1<<20))
		b := int64(l.At(1).Intn(int(c) + 1))
		a := int64(l.At(2).Bits()) >> (l.At(3).Intn(44) + 4)
		if i < 8 {
			a = []int64{1 << 31, -1 << 31, 1<<31 - 1, -1<<31 + 1, 1<<31 + 1, -1<<31 - 1, 0, 1}[i]
		}
		want := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
		if want.Quo(want, big.NewInt(c)); mulDiv(a, b, c) != want.Int64() {
			t.Fatalf("%d*%d/%d = %v, got %d", a, b, c, want, mulDiv(a, b, c))
		}
	}
}

func TestWeeksBeginOnMondays(t *testing.T) {
	monday := DateOf(1969, 12, 1)
	for d := monday; d < DateOf(1970, 3, 1); d++ {
		if d.Time().Weekday() == time.Monday {
			monday = d
		}
		if d.Monday() != monday {
			t.Errorf("%s is of the week of %s, got %s", d, monday, d.Monday())
		}
	}
}

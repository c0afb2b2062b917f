package agents

import (
	"math"
	"testing"

	"entrepot/sim"
)

func TestWorthFallsWithHoldings(t *testing.T) {
	for _, c := range []struct {
		name    string
		h, w, v float64
	}{
		{"at the wanted stock it is w0", 100, 100, 1000},
		{"with half of it, more", 50, 100, 1000 * math.Pow(0.5, -0.7)},
		{"with twice, less", 200, 100, 1000 * math.Pow(2, -0.7)},
		{"with nearly nothing, the cap", 1, 100, 4000},
		{"with nothing, the cap", 0, 100, 4000},
		{"nothing is worth anything to whom wants nothing", 5, 0, 0},
	} {
		if got := worth(1000, c.h, c.w, 0.7, 4); math.Abs(got-c.v) > 1e-9 {
			t.Errorf("%s: %v, must be %v", c.name, got, c.v)
		}
	}
}

func TestSurplusIsSoldForAReason(t *testing.T) {
	for _, c := range []struct {
		because    string
		bid, limit float64
		sells      bool
	}{
		{"price", 900, 0, false}, {"price", 1100, 1000, true}, {"shed", 900, 250, true}, {"shed", 1100, 250, true},
		{"both", 900, 250, true}, {"both", 1100, 1000, true}, {"shed", 0, 250, true}, {"price", 0, 0, false},
	} {
		if limit, sells := surplusAsk(c.because, 1000, c.bid); limit != c.limit || sells != c.sells {
			t.Errorf("%s at a bid of %v: %v %v, must be %v %v", c.because, c.bid, limit, sells, c.limit, c.sells)
		}
	}
}

func TestFightersFollowPay(t *testing.T) {
	for _, c := range []struct {
		name               string
		fighters, strength float64
		paid, due          int64
		want               float64
	}{
		{"paid, they stay", 1000, 1000, 100, 100, 1000},
		{"paid, ranks fill up", 900, 1000, 100, 100, 905},
		{"unpaid, a share leaves", 1000, 1000, 0, 100, 990},
		{"half paid, half of that", 1000, 1000, 50, 100, 995},
		{"nothing due, nobody leaves", 0, 0, 0, 0, 0},
	} {
		if got := nextFighters(c.fighters, c.strength, c.paid, c.due, 0.01); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("%s: %v, must be %v", c.name, got, c.want)
		}
	}
}

// groupBids sums a group's bids of a week: worth, units by hub, and checks that limits fall.
func groupBids(m *Model, i int) (worth int64, byHub map[int]int64) {
	byHub = map[int]int64{}
	m.Auctions.OnClear(func(at int32, bids, _ []sim.Order) {
		for _, o := range bids {
			if o.Holder == m.Groups.Holder[i] {
				worth += o.Limit * int64(o.Units)
				byHub[int(at)/m.Goods] += int64(o.Units)
			}
		}
	})
	m.Groups.order(m.World)
	m.clear(m.World)
	m.Auctions.OnClear(nil)
	return worth, byHub
}

func TestAGroupNeverBidsMoreThanItsArmsBudget(t *testing.T) {
	for _, cash := range []int64{0, 1000, 300_000, 5_000_000, 400_000_000} {
		m := live(t, smallWorld(), 1, 3, nil)
		h := m.Groups.Holder[0]
		m.Accounts.Spend(h, m.Accounts.Cash[h], sim.Living)
		m.Accounts.Receive(h, cash, sim.Income)
		m.Accounts.Remove(sim.Lost, h, 0, m.Accounts.Units(h, 0)/3)
		got, _ := groupBids(m, 0)
		if budget := int64(m.P.Group.ArmsShare * float64(cash)); got > budget {
			t.Errorf("with %d CFA it bids %d, must be at most %d", cash, got, budget)
		}
	}
}

func TestAGroupBidsWhereItMay(t *testing.T) {
	m := live(t, smallWorld(), 1, 3, nil)
	h, town, north := m.Groups.Holder[0], m.Hub("town"), m.Hub("north")
	m.Accounts.Remove(sim.Lost, h, 0, m.Accounts.Units(h, 0)/2)
	m.Accounts.Receive(h, 2_000_000_000, sim.Income)
	_, hidden := groupBids(m, 0)
	if hidden[town] == 0 || hidden[town] >= hidden[north]/4 {
		t.Errorf("%d units in the clandestine town of its enemy and %d at home: must be few but some", hidden[town], hidden[north])
	}
	m.Places[town].Regime = Open
	if _, open := groupBids(m, 0); open[town] != 0 {
		t.Errorf("%d units in an open town of its enemy, must be none", open[town])
	}
	m.Places[north].Regime = Closed
	if _, closed := groupBids(m, 0); closed[north] != 0 {
		t.Errorf("%d units in a closed town, must be none", closed[north])
	}
}

func TestAGroupBidsForWhatItLacksUpToTheWeeklyShare(t *testing.T) {
	m := live(t, smallWorld(), 1, 3, nil)
	g := m.Groups
	h := g.Holder[0]
	g.appraise()
	w := g.wanted[0]
	have := float64(m.Accounts.Units(h, 0))
	if lack := w - have; lack < m.P.Group.BuyRate*w {
		t.Fatalf("the test needs a group that lacks more than %v of %v", m.P.Group.BuyRate, w)
	}
	if x := g.wish(0, 0); math.Abs(x.units-m.P.Group.BuyRate*w) > 1e-9 || x.final >= x.first {
		t.Errorf("wish %+v, must be %v units, the last worth less than the first", x, m.P.Group.BuyRate*w)
	}
	m.Accounts.Bring(sim.Made, h, 0, 0, int32(w-have)-3)
	g.appraise()
	if x := g.wish(0, 0); x.units <= 0 || x.units > 5 {
		t.Errorf("wish of %v units, must be the few that it lacks", x.units)
	}
	m.Accounts.Bring(sim.Made, h, 0, 0, int32(w))
	g.appraise()
	if x := g.wish(0, 0); x.units != 0 {
		t.Errorf("wish of %v units of what it has twice over, must be none", x.units)
	}
	if n := g.Need(0, 0); n != 0 {
		t.Errorf("need %d, must be none", n)
	}
}

func TestAnAllianceMakesAlliesSellAtTheirOwnValuation(t *testing.T) {
	s := smallWorld()
	m := live(t, s, 1, 3, nil)
	g := m.Groups
	m.Accounts.Bring(sim.Made, g.Holder[0], 0, m.OriginOf["libya"], 2000)
	m.Accounts.Receive(g.Holder[1], 50_000_000, sim.Income)
	g.appraise()
	if g.tradeWithAllies(); g.bought[1*m.Goods] != 0 {
		t.Fatal("rivals traded")
	}
	m.apply(&Event{Kind: "alliance", Action: "join", Group: "rebels", Other: "islamists"})
	price, cash := g.value[0], m.Accounts.Cash[g.Holder[0]]
	g.tradeWithAllies()
	n := int64(g.bought[1*m.Goods])
	if n == 0 {
		t.Fatal("allies did not trade")
	}
	if paid := m.Accounts.Cash[g.Holder[0]] - cash; paid != n*int64(price) {
		t.Errorf("paid %d for %d, must be %d each", paid, n, int64(price))
	}
	m.apply(&Event{Kind: "alliance", Action: "break", Group: "islamists", Other: "rebels"})
	clear(g.bought)
	g.appraise()
	if g.tradeWithAllies(); g.bought[1*m.Goods] != 0 || !g.rival[0][1] {
		t.Error("they trade on after the break")
	}
}

func TestASuccessorTakesOverEverything(t *testing.T) {
	s := smallWorld()
	s.Groups[0].To, s.Groups[0].Successor = weekOf(10), "heirs"
	s.Groups[2].From = weekOf(11)
	m := live(t, s, 1, 15, nil)
	old, heir := m.Groups.Holder[0], m.Groups.Holder[2]
	if m.Accounts.Units(old, 0) != 0 || m.Accounts.Cash[old] != 0 || m.Groups.Fighters[0] != 0 {
		t.Error("the old group still has something")
	}
	if m.Accounts.Units(heir, 0) < 800 || m.Groups.Fighters[2] < 900 {
		t.Errorf("the heirs have %d rifles and %.0f fighters", m.Accounts.Units(heir, 0), m.Groups.Fighters[2])
	}
	if m.Places[m.Hub("north")].Group != 2 {
		t.Error("the heirs do not hold the town")
	}
}

func TestASuccessorStandsWithEveryoneAsItsPredecessorDid(t *testing.T) {
	event := func(week int, action, group, other string) Event {
		return Event{ID: group + other, Date: weekOf(week), Kind: "alliance", Action: action, Group: group, Other: other}
	}
	for _, c := range []struct {
		name                        string
		heir                        func(s *Setup)
		events                      []Event
		allied, rival, atWar, enemy bool // the heirs with the islamists, and with the guards
	}{
		{"rivals of the table", nil, nil, false, true, false, false},
		{"an alliance that an event made", nil, []Event{event(5, "join", "rebels", "islamists")}, true, false, false, false},
		{"a rivalry that an event made and another unmade", nil, []Event{event(5, "join", "rebels", "islamists"), event(8, "break", "rebels", "islamists")}, false, true, false, false},
		{"a war that an event began", nil, []Event{event(5, "break", "rebels", "guards")}, false, true, true, true},
		{"a peace that an event made with a force that counted it an enemy", func(s *Setup) { s.Forces[1].Enemies = []string{"rebels"} }, []Event{event(5, "join", "rebels", "guards")}, false, true, false, false},
		{"a war that an event ended", func(s *Setup) { s.Groups[0].Rivals = append(s.Groups[0].Rivals, "guards") }, []Event{event(5, "join", "rebels", "guards")}, false, true, false, false},
		{"the enemies that a force counts", func(s *Setup) { s.Forces[1].Enemies = []string{"rebels"} }, nil, false, true, false, true},
		{"its own table says otherwise of a group", func(s *Setup) { s.Groups[2].Allies = []string{"islamists"} }, nil, true, false, false, false},
		{"the other's table says otherwise", func(s *Setup) { s.Groups[1].Allies = []string{"heirs"} }, nil, true, false, false, false},
		{"its own table says otherwise of a force", func(s *Setup) {
			s.Groups[2].Allies, s.Forces[1].Enemies = []string{"guards"}, []string{"rebels"}
		}, []Event{event(5, "break", "rebels", "guards")}, false, true, false, false},
		{"an event that named it says otherwise", nil, []Event{event(5, "break", "rebels", "guards"), event(9, "join", "heirs", "guards")}, false, true, false, false},
	} {
		s := smallWorld()
		s.Forces = append(s.Forces, Force{ID: "guards"})
		s.Groups[0].To, s.Groups[0].Successor = weekOf(10), "heirs"
		s.Groups[2].From = weekOf(10)
		if c.heir != nil {
			c.heir(s)
		}
		s.Events = c.events
		m := live(t, s, 1, 15, nil)
		g, guards := m.Groups, m.ForceOf["guards"]
		if g.allied[2][1] != c.allied || g.allied[1][2] != c.allied || g.rival[2][1] != c.rival || g.rival[1][2] != c.rival {
			t.Errorf("%s: allied %v, rivals %v, must be %v, %v, both ways", c.name, g.allied[2][1], g.rival[2][1], c.allied, c.rival)
		}
		if g.atWar[2][guards] != c.atWar || m.Forces.enemy[guards][2] != c.enemy {
			t.Errorf("%s: at war with the guards %v, their enemy %v, must be %v, %v", c.name, g.atWar[2][guards], m.Forces.enemy[guards][2], c.atWar, c.enemy)
		}
	}
}

func TestAGroupWithoutSuccessorShedsItsArms(t *testing.T) {
	s := smallWorld()
	s.Groups[0].To = weekOf(10)
	m := live(t, s, 1, 90, nil)
	if n := m.Accounts.Units(m.Groups.Holder[0], 0); n > 700 {
		t.Errorf("%d rifles are still with a group that is no more", n)
	}
}

func TestTreasuriesNeitherPileUpNorSink(t *testing.T) {
	s := smallWorld()
	s.Groups[0].Extortion = 50_000_000
	s.Groups[1].Extortion, s.Groups[1].Gold = 100_000, 0
	m := live(t, s, 1, 104, nil)
	if cash := m.Accounts.Cash[m.Groups.Holder[0]]; cash > 400_000_000 {
		t.Errorf("a rich group holds %d CFA", cash)
	}
	if cash := m.Accounts.Cash[m.Groups.Holder[1]]; cash < 0 {
		t.Errorf("a poor group owes %d CFA", -cash)
	}
	if f := m.Groups.Fighters[1]; f > 750 || f < 100 {
		t.Errorf("%.0f fighters are left of 1000 who were hardly paid for two years", f)
	}
}

func TestAGroupTaxesCarriersAndDealersInItsHub(t *testing.T) {
	m := live(t, smallWorld(), 1, 40, nil)
	m.Auctions.Sales = append(m.Auctions.Sales[:0], sim.Sale{Market: m.Market(m.Hub("north"), 0), Seller: m.Traffickers.Fleet.First, Buyer: 0, Units: 2, Price: 300000},
		sim.Sale{Market: m.Market(m.Hub("north"), 0), Seller: m.Civilians.Holder[0], Buyer: 0, Units: 2, Price: 300000},
		sim.Sale{Market: m.Market(m.Hub("far"), 0), Seller: m.Traffickers.Fleet.First, Buyer: 0, Units: 2, Price: 300000})
	before := m.Accounts.Cash[m.Groups.Holder[0]]
	m.Groups.tax(m.World)
	if got := m.Accounts.Cash[m.Groups.Holder[0]] - before; got != 30000 {
		t.Errorf("tax of %d CFA, must be 5 %% of one sale of 600,000", got)
	}
}

func TestOpeningStocksHaveTheirOrigins(t *testing.T) {
	for _, c := range []struct {
		name, origins string
		want          map[string]int32
	}{
		{"shares", "libya:0.6|local:0.4", map[string]int32{"libya": 60, "local": 40}},
		{"shares that miss some", "libya:0.5", map[string]int32{"libya": 100}},
		{"nothing said", "", map[string]int32{"local": 100}},
		{"nonsense is passed over", "mars:0.5|libya:x|local:-1", map[string]int32{"local": 100}},
		{"shares above one", "libya:0.9|local:0.9", map[string]int32{"libya": 90, "local": 10}},
	} {
		m := live(t, smallWorld(), 1, 0, nil)
		h := m.Bandits.Holder[0]
		m.Groups.stock(h, 0, 100, c.origins)
		for id, n := range c.want {
			if got := m.Accounts.Lot(h, 0).Origin[m.OriginOf[id]]; got != n {
				t.Errorf("%s: %d of %s, must be %d", c.name, got, id, n)
			}
		}
	}
}

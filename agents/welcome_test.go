package agents

import "testing"

func TestANetworkShowsItselfWhereNobodyFightsIt(t *testing.T) {
	for _, c := range []struct {
		name    string
		network func(n *Network)
		event   Event
		want    bool
	}{
		{"in a town of its protectors", func(n *Network) { n.Protectors = []string{"rebels"} }, Event{}, true},
		{"in a town of a group that fights its protectors it does not", func(n *Network) { n.Protectors = []string{"islamists"} }, Event{}, false},
		{"when that group made peace with them it does", func(n *Network) { n.Protectors = []string{"islamists"} },
			Event{Kind: "alliance", Action: "join", Group: "rebels", Other: "islamists"}, true},
		{"without protectors it does", func(*Network) {}, Event{}, true},
		{"in a town of a hostile force it does not", func(n *Network) { n.Hostile = []string{"army"} }, Event{Kind: "hub_control", Hub: "north", To: "army"}, false},
		{"in a clandestine town of another force it does", func(*Network) {}, Event{Kind: "hub_control", Hub: "north", To: "army"}, true},
		{"in a closed town it does not", func(*Network) {}, Event{Kind: "hub_control", Hub: "north", Regime: "closed"}, false},
	} {
		s := smallWorld()
		c.network(&s.Networks[0])
		if c.event.Date = weekOf(1); c.event.Kind != "" {
			s.Events = []Event{c.event}
		}
		m := live(t, s, 1, 3, nil)
		if got := m.Traffickers.welcome(m.Traffickers.Nets[0], m.Hub("north")); got != c.want {
			t.Errorf("%s: %v, must be %v", c.name, got, c.want)
		}
	}
}

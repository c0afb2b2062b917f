package agents

import (
	"testing"

	"entrepot/sim"
)

func TestMeasuresAgreeWithTheBooks(t *testing.T) {
	m := live(t, eventful(), 1, 45, nil)
	sums := map[string]float64{}
	for _, x := range Measures() {
		if x.Name == "" || x.Unit == "" || x.Meaning == "" {
			t.Errorf("measure %+v lacks a word", x)
		}
		x.Each(m, func(actor string, good, origin int, value float64) {
			if actor == "" || good >= m.Goods || origin >= len(m.Origins) {
				t.Errorf("%s: actor %q, good %d, origin %d", x.Name, actor, good, origin)
			}
			sums[x.Name+" "+actor] += value
		})
	}
	held := 0.0
	for g := 0; g < m.Goods; g++ {
		held += float64(m.Accounts.Units(m.Groups.Holder[0], g))
	}
	if sums["held group:rebels"] != held {
		t.Errorf("held %v, must be %v", sums["held group:rebels"], held)
	}
	if got := sums["cash group:rebels"]; got != float64(m.Accounts.Cash[m.Groups.Holder[0]]) {
		t.Errorf("cash %v", got)
	}
	if got := sums["registered ddr:ddr"]; got != float64(m.DDR.list[0].registered) {
		t.Errorf("registered %v", got)
	}
}

func TestSeizuresOnRoadsAreBookedToForces(t *testing.T) {
	s := smallWorld()
	s.Forces[0].Patrol, s.Params.Road.PassThrough = 40, "proportional"
	var booked, seized float64
	m := live(t, s, 1, 60, func(m *Model, _ int) {
		for i := range m.Forces.seized {
			for _, n := range m.Forces.seized[i] {
				booked += float64(n)
			}
		}
	})
	for g := 0; g < m.Goods; g++ {
		for _, n := range m.Accounts.Flow[sim.Seized][g] {
			seized += float64(n)
		}
	}
	if booked == 0 || booked > 1.3*seized+1 {
		t.Errorf("%v units booked to forces, %v seized in all", booked, seized)
	}
}

func TestCargoesOfAWeekAreWithinWhatVehiclesHold(t *testing.T) {
	s := smallWorld()
	left, load := 0.0, 0.0
	live(t, s, 1, 60, func(m *Model, _ int) {
		for _, n := range m.Traffickers.Nets {
			if n.Group >= 0 {
				continue
			}
			week := 0.0
			for good, k := range n.cargoes {
				week += float64(k)
				load += float64(n.cargo[good]) * float64(m.GoodSpec[good].Load)
			}
			if week > float64(len(n.Carrier)) {
				t.Fatalf("%v cargoes of %d carriers set out in one week", week, len(n.Carrier))
			}
			left += week
		}
	})
	if most := left * float64(s.Params.Trafficker.Capacity); left == 0 || load == 0 || load > most {
		t.Errorf("%v cargoes with %v thousandths of a rifle-equivalent, must be some and at most %v", left, load, most)
	}
}

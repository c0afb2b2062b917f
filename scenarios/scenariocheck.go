package scenarios

import (
	"fmt"
)

// checkEvents asks of the events what needs the world: whether there is such a road.
func (s *Scenario) checkEvents(m *merged, c *checker) {
	roads := s.roads()
	for _, e := range s.Setup.Events {
		v := m.byID[e.ID].v
		path := join("events", e.ID)
		switch {
		case e.Kind == "route" && e.From != "" && e.To != "" && !roads[[2]string{e.From, e.To}] && c.known(Hubs, e.From) && c.known(Hubs, e.To):
			c.add(v.get("to").position, path+".to", "must be joined to "+e.From+" by a road in routes.csv, got "+quote(e.To), "")
		case e.Kind == "alliance" && e.Group == e.Other && e.Group != "":
			c.add(v.get("other").position, path+".other", "must be another party than group, got "+quote(e.Other), "")
		}
	}
}

// roads returns the pairs of hubs with a road, in both directions.
func (s *Scenario) roads() map[[2]string]bool {
	roads := map[[2]string]bool{}
	for _, r := range s.Setup.Routes {
		roads[[2]string{r.From, r.To}], roads[[2]string{r.To, r.From}] = true, true
	}
	return roads
}

// maxCarriers bounds the carriers of a run, all networks together, after scaling.
const maxCarriers = 5_000_000

func (s *Scenario) checkSize(m *merged, c *checker) {
	carriers := int64(0)
	for _, n := range s.Setup.Networks {
		carriers += int64(n.Carriers)
	}
	scale := s.Setup.Params.Trafficker.Scale
	if carriers*scale <= maxCarriers {
		return
	}
	at := s.world.at("networks.csv", 0, "carriers")
	if v := m.params["trafficker.scale"]; v != nil {
		at = v.position
	}
	c.add(at, "parameters.trafficker.scale", fmt.Sprintf("must leave at most %d carriers, got %d times %d", maxCarriers, carriers, scale), "")
}

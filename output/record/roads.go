package record

import (
	"entrepot/output/tables"
	"entrepot/sim"
)

// throughput keeps what passed through every market until the end of the run: a hub has rows for all weeks as soon as
// one unit was seen there, and that may be the last week.
type throughput struct {
	weeks int
	cells [][]passage // by market (hub*goods+good); nil until the first unit
}

// passage is one hub's week for one good, in units.
type passage struct{ arrived, sold, stored int32 }

func (t *throughput) start(markets, weeks int) {
	t.weeks, t.cells = weeks, make([][]passage, markets)
}

func (t *throughput) at(tick int32, market int) *passage {
	if t.cells[market] == nil {
		t.cells[market] = make([]passage, t.weeks)
	}
	return &t.cells[market][tick]
}

func (t *throughput) sold(tick int32, market int, units int32) { t.at(tick, market).sold += units }

// roads emits flows.csv. What enters an arc and is not lost on it counts as arrived at the arc's end, in the week of
// entry: few roads take longer than a week.
func (o *Observer) roads(tick int32) {
	r, goods := o.m.Roads, o.m.Goods
	for i := range r.Entered {
		if r.Entered[i] == ([sim.MaxOrigins]int32{}) {
			continue
		}
		arc, g := i/goods, i%goods
		var arrived int32
		for k, origin := range o.origins {
			units, lost := r.Entered[i][k], r.Missing[i][k]
			if units == 0 {
				continue
			}
			arrived += units - lost
			if !o.only.Flows {
				continue
			}
			o.rec.Flow(tables.Flow{Tick: tick, From: o.arcHubs[arc][0], To: o.arcHubs[arc][1], Good: o.goods[g], Origin: origin,
				Units: int64(units), Lost: int64(lost)})
		}
		o.through.at(tick, int(o.m.Net.To[arc])*goods+g).arrived += arrived
	}
}

// stores counts what stands in dealers' stores.
func (o *Observer) stores(tick int32) {
	acc, goods := o.m.Accounts, o.m.Goods
	o.m.Dealers.Stores(func(holder int32, hub int) {
		for g := 0; g < goods; g++ {
			if units := acc.Units(holder, g); units > 0 {
				o.through.at(tick, hub*goods+g).stored += units
			}
		}
	})
}

// closeThroughput emits throughput.csv by week, hub and good.
func (o *Observer) closeThroughput() {
	goods := o.m.Goods
	for week := 0; week < o.through.weeks; week++ {
		for m, cells := range o.through.cells {
			if cells == nil {
				continue
			}
			p := cells[week]
			o.rec.Throughput(tables.Throughput{Tick: int32(week), Hub: o.hubs[m/goods], Good: o.goods[m%goods],
				Arrived: int64(p.arrived), Sold: int64(p.sold), Stored: int64(p.stored)})
		}
	}
}

package main

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"entrepot/sim"
)

// world is the world file. A market is one commodity at one hub; its number is hub*commodities + commodity. Trade goes
// from market to market of one commodity, so the roads stand here once per commodity, as arcs between markets.
type world struct {
	hubs, commodities int
	base              []float64 // by commodity, money per unit
	price             []float64 // by market, at the start
	supply, demand    []float64 // by market, base rates per trader and week
	roads             sim.Graph // arcs between markets
	cost, risk        []float64 // by arc: money per unit, and chance of interdiction
}

const (
	maxMarkets = 1 << 16
	maxRoads   = 1 << 20
)

// readWorld reads the format of SPEC.md: "hubs commodities roads", a line of base prices, a line "from to cost risk" per
// road, a line "hub commodity price supply demand" per market. Errors name the line.
func readWorld(r io.Reader) (*world, error) {
	in := &reader{lines: bufio.NewScanner(r)}
	size := in.numbers(3, "hubs, commodities and roads")
	hubs, commodities := in.integer(size[0], "hubs", 1, maxMarkets), in.integer(size[1], "commodities", 1, maxMarkets)
	roads := in.integer(size[2], "roads", 0, maxRoads)
	if in.err == nil && hubs*commodities > maxMarkets {
		in.fail("hubs times commodities must be at most %d, got %d", maxMarkets, hubs*commodities)
	}
	if in.err != nil {
		return nil, in.err
	}
	w := &world{hubs: hubs, commodities: commodities}
	for _, b := range in.numbers(commodities, "base prices") {
		w.base = append(w.base, in.within(b, "base price", minPrice, maxPrice))
	}
	w.readRoads(in, roads)
	w.readMarkets(in)
	in.end()
	return w, in.err
}

// Prices outside of these bounds would drive the exponentials of the rule out of their range.
const minPrice, maxPrice = 1e-3, 1e3

func (w *world) readRoads(in *reader, roads int) {
	var from, to []int32
	var cost, risk []float64
	for range roads {
		f := in.numbers(4, "from, to, cost and risk of a road")
		if in.err != nil {
			return
		}
		a, b := in.integer(f[0], "from", 0, w.hubs-1), in.integer(f[1], "to", 0, w.hubs-1)
		t, q := in.within(f[2], "cost", 0, maxPrice), in.within(f[3], "risk", 0, 1)
		for c := range w.commodities {
			from, to = append(from, int32(a*w.commodities+c)), append(to, int32(b*w.commodities+c))
			cost, risk = append(cost, t), append(risk, q)
		}
	}
	if in.err != nil {
		return
	}
	graph, order := sim.NewGraph(w.hubs*w.commodities, from, to)
	w.roads = graph
	for _, i := range order {
		w.cost, w.risk = append(w.cost, cost[i]), append(w.risk, risk[i])
	}
}

func (w *world) readMarkets(in *reader) {
	for m := range w.hubs * w.commodities {
		f := in.numbers(5, "hub, commodity, price, supply and demand of a market")
		if in.err != nil {
			return
		}
		if hub, commodity := m/w.commodities, m%w.commodities; f[0] != float64(hub) || f[1] != float64(commodity) {
			in.fail("markets must be in order: expected hub %d, commodity %d, got %g, %g", hub, commodity, f[0], f[1])
		}
		w.price = append(w.price, in.within(f[2], "price", minPrice, maxPrice))
		w.supply = append(w.supply, in.within(f[3], "base supply", 1e-6, 1e6))
		w.demand = append(w.demand, in.within(f[4], "base demand", 1e-6, 1e6))
	}
}

// reader reads lines of numbers and keeps the first error.
type reader struct {
	lines *bufio.Scanner
	line  int
	err   error
}

func (r *reader) fail(format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("line %d: %s", r.line, fmt.Sprintf(format, args...))
	}
}

// numbers reads a line of n numbers; after an error it returns zeros.
func (r *reader) numbers(n int, what string) []float64 {
	list := make([]float64, n)
	if r.err != nil {
		return list
	}
	r.line++
	if !r.lines.Scan() {
		if r.err = r.lines.Err(); r.err == nil {
			r.fail("the file ends where %s should stand", what)
		}
		return list
	}
	fields := strings.Fields(r.lines.Text())
	if len(fields) != n {
		r.fail("must be %d numbers (%s), got %d", n, what, len(fields))
		return list
	}
	for i, f := range fields {
		x, err := strconv.ParseFloat(f, 64)
		if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
			r.fail("must be numbers (%s), got %q", what, f)
		}
		list[i] = x
	}
	return list
}

func (r *reader) within(x float64, what string, least, most float64) float64 {
	if !(x >= least && x <= most) {
		r.fail("%s must be between %g and %g, got %g", what, least, most, x)
	}
	return x
}

func (r *reader) integer(x float64, what string, least, most int) int {
	if x = r.within(x, what, float64(least), float64(most)); x != math.Trunc(x) {
		r.fail("%s must be a whole number, got %g", what, x)
	}
	if r.err != nil {
		return least
	}
	return int(x)
}

// end makes sure that nothing but blank lines follows.
func (r *reader) end() {
	for r.err == nil && r.lines.Scan() {
		r.line++
		if strings.TrimSpace(r.lines.Text()) != "" {
			r.fail("the file must end after the last market")
		}
	}
}

package agents_test

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"entrepot/agents"
	"entrepot/scenarios"
	"entrepot/sim"
)

// library loads a scenario of the library.
func library(tb testing.TB, name string) *agents.Setup {
	tb.Helper()
	s, err := scenarios.Load(name, nil)
	if err != nil {
		tb.Fatal(err)
	}
	return s.Setup
}

// benchmarkRun times whole runs, from the setup to the last week, without recording.
func benchmarkRun(b *testing.B, name string) {
	setup := library(b, name)
	weeks := setup.Weeks() + agents.BurnIn
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		m, err := agents.New(setup, uint64(i+1))
		if err != nil {
			b.Fatal(err)
		}
		if err := m.Run(func(int) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/float64(weeks), "µs/week")
}

// BenchmarkHistory is one historical run with all its actors and events: burn-in and 574 weeks.
func BenchmarkHistory(b *testing.B) { benchmarkRun(b, "northern-mali") }

// lives is how often BenchmarkPhases lives the same history.
const lives = 8

// BenchmarkPhases times every phase of every week of one history in some runs that are the same, and adds up the least times: what
// others do on the machine meanwhile then hardly counts, and one sees which part of a week got slower. It leaves out the check of the books.
func BenchmarkPhases(b *testing.B) {
	setup := library(b, "northern-mali")
	for i := 0; i < b.N; i++ {
		var names []string
		var least [][]time.Duration // by week and phase
		for life := range lives {
			m, err := agents.New(setup, 1)
			if err != nil {
				b.Fatal(err)
			}
			m.Week = -agents.BurnIn
			for week := 0; m.Week < setup.Weeks(); week++ {
				phases := m.Schedule()
				if life == 0 {
					least = append(least, slices.Repeat([]time.Duration{time.Hour}, len(phases)))
				}
				m.Happened = m.Happened[:0]
				names = names[:0]
				for k, phase := range phases {
					start := time.Now()
					phase.Do(m.World)
					least[week][k] = min(least[week][k], time.Since(start))
					names = append(names, phase.Name)
				}
				m.World.Week++
			}
		}
		var whole time.Duration
		for k, name := range names {
			var sum time.Duration
			for _, week := range least {
				sum += week[k]
			}
			whole += sum
			b.ReportMetric(float64(sum.Microseconds())/1000, "ms-"+strings.ReplaceAll(name, " ", "-"))
		}
		b.ReportMetric(float64(whole.Microseconds())/1000, "ms")
	}
}

// BenchmarkTextbook is one run of the world of three hubs.
func BenchmarkTextbook(b *testing.B) { benchmarkRun(b, "textbook") }

// BenchmarkScale times the weeks of a world in which sources, buyers, dealers and carriers all grow together, from a
// thousand carriers to a million. A carrier-week must cost about the same at every size, and a carrier few bytes.
func BenchmarkScale(b *testing.B) {
	for _, carriers := range []int{1e3, 1e4, 1e5, 1e6} {
		b.Run(fmt.Sprintf("%.0e", float64(carriers)), func(b *testing.B) { benchmarkScale(b, carriers) })
	}
}

// settling is how many weeks a world of the scale benchmark lives before it is timed: trade has then found its volume.
const settling = 26

func benchmarkScale(b *testing.B, carriers int) {
	base, small := liveBytes(b, 1e3)
	runtime.KeepAlive(small)
	used, m := liveBytes(b, carriers)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		if err := m.Step(); err != nil {
			b.Fatal(err)
		}
	}
	b.StopTimer()
	loaded := 0
	for i := range m.Traffickers.Fleet.Dest {
		if holder := m.Traffickers.Fleet.First + int32(i); m.Accounts.Units(holder, 0)+m.Accounts.Units(holder, 1) > 0 {
			loaded++
		}
	}
	n := float64(len(m.Traffickers.Fleet.Class))
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/trafficker-week")
	if carriers > 1e3 { // beyond the world of a thousand
		b.ReportMetric((used-base)/(n-1e3), "bytes/trafficker")
	}
	b.ReportMetric(100*float64(loaded)/n, "%loaded")
}

// liveBytes builds a scaled world, lets it settle and returns the heap that it then holds.
func liveBytes(b *testing.B, carriers int) (float64, *agents.Model) {
	b.Helper()
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	m, err := agents.New(scaledWorld(carriers), 1)
	if err != nil {
		b.Fatal(err)
	}
	for week := 0; week < settling; week++ {
		if err := m.Step(); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	return float64(after.HeapAlloc) - float64(before.HeapAlloc), m
}

// scaledWorld is a made-up world of eight sources and sixteen towns on a ring of roads with six networks, whose sources,
// buyers, dealers and carriers all grow with the number of carriers. Nobody fights.
func scaledWorld(carriers int) *agents.Setup {
	p := agents.Defaults()
	p.Trafficker.RecruitMax = 0
	k := float64(carriers) / 1000
	p.Market.QuoteLot *= max(k, 1) // what is thin in a small market is nothing in a large one
	s := &agents.Setup{Name: "scaled", Start: sim.DateOf(2020, 1, 6), End: sim.DateOf(2024, 12, 30), Params: p}
	s.Goods = []agents.Good{{ID: "ak", Durable: true, Wear: 5.2, Visibility: 1, Load: 1000, Travels: "ammo"}, {ID: "ammo", Visibility: 1, Load: 3, Ammunition: true}}
	const hubs, networks = 24, 6
	var ids []string
	for h := 0; h < hubs; h++ {
		id := fmt.Sprintf("hub%d", h)
		ids = append(ids, id)
		s.Hubs = append(s.Hubs, agents.Hub{ID: id, Lat: 16 + float64(h%3)*4, Lon: float64(h) / 2, Kind: "market", Market: true, Regime: "open", Violence: 1})
	}
	road := func(a, b string, km float64) {
		s.Routes = append(s.Routes, agents.Route{From: a, To: b, Km: km, KmPerDay: 400, Toll: 15000, Border: 0.01, Bandits: 0.01, Air: 0.2})
	}
	for h := range ids {
		road(ids[h], ids[(h+1)%hubs], 300+40*float64(h%4))
		if h%2 == 0 {
			road(ids[h], ids[(h+7)%hubs], 700)
		}
	}
	for h, id := range ids {
		if h%3 == 0 {
			s.Stockholders = append(s.Stockholders, agents.Stockholder{ID: "ak_" + id, Origin: "libya", Hub: id, Good: "ak", Price: 120000, Cap: 110 * k, Elasticity: 1},
				agents.Stockholder{ID: "ammo_" + id, Origin: "libya", Hub: id, Good: "ammo", Price: 150, Cap: 30000 * k, Elasticity: 1})
			continue
		}
		s.Buyers = append(s.Buyers, agents.Buyer{ID: "ak_" + id, Kind: "urban", Hub: id, Good: "ak", People: int64(560 * k), Want: 1, Start: 0.9, Arrive: 0.5, WTP: 400000 + 20000*int64(h%7), Sigma: 0.4},
			agents.Buyer{ID: "ammo_" + id, Kind: "urban", Hub: id, Good: "ammo", People: int64(1500 * k), Want: 100, Start: 0.9, Arrive: 0.5, WTP: 500, Sigma: 0.4, Use: 0.1})
		s.Dealers = append(s.Dealers, agents.Dealer{Hub: id, Number: 2, Cash: int64(1e8 * k), StoreMax: int64(300*k) + 10, Markup: 0.12})
	}
	for n := 0; n < networks; n++ {
		s.Networks = append(s.Networks, agents.Network{ID: fmt.Sprintf("net%d", n), Homes: []string{ids[4*n], ids[4*n+1], ids[(4*n+6)%hubs]}, Kin: []string{ids[(4*n+2)%hubs], ids[(4*n+5)%hubs]},
			Carriers: carriers / networks, Cash: 6_000_000, OtherWork: 45000, Credit: 4_000_000})
	}
	return s
}

package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

const (
	worldFile   = "../../sim/testdata/hubmarket/world.txt"
	momentsFile = "../../sim/testdata/hubmarket/moments.txt"
)

func testWorld(t testing.TB) *world {
	t.Helper()
	w, err := openWorld(worldFile)
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// moment is a mean and a standard deviation over runs.
type moment struct{ mean, sd float64 }

func readMoments(t *testing.T) map[string]moment {
	t.Helper()
	f, err := os.Open(momentsFile)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	table := make(map[string]moment)
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "#") {
			continue
		}
		fields := strings.Split(lines.Text(), "\t")
		mean, err1 := strconv.ParseFloat(fields[1], 64)
		sd, err2 := strconv.ParseFloat(fields[2], 64)
		if err1 != nil || err2 != nil {
			t.Fatalf("moments: %q is no line of name, mean, standard deviation", lines.Text())
		}
		table[fields[0]] = moment{mean, sd}
	}
	return table
}

// statistics returns by name what a run is judged by.
func (m *market) statistics() map[string]float64 {
	s := map[string]float64{"moves": float64(m.moves), "lost": float64(m.lost)}
	for _, one := range m.traders {
		s["mean risk"] += one.risk / float64(len(m.traders))
	}
	markets := len(m.now)
	for tick := 0; tick*markets < len(m.prices); tick++ {
		for c, p := range m.meanPrices(m.prices[tick*markets : (tick+1)*markets]) {
			s[fmt.Sprintf("price of commodity %d at tick %d", c, tick)] = p
		}
		for _, f := range m.flows[tick*markets : (tick+1)*markets] {
			s[fmt.Sprintf("flow at tick %d", tick)] += float64(f)
		}
	}
	for at, p := range m.timeMeans() {
		s[fmt.Sprintf("price of market %d", at)] = p
	}
	return s
}

func TestRunsAgreeWithTheReferenceInC(t *testing.T) {
	const seeds, n, ticks = 40, 2000, 104
	w := testWorld(t)
	sums, squares := map[string]float64{}, map[string]float64{}
	reference := readMoments(t)
	for seed := uint64(1); seed <= seeds; seed++ {
		m := newMarket(w, n, ticks, seed)
		for tick := range ticks {
			m.tick(tick)
		}
		for name, x := range m.statistics() {
			d := x - reference[name].mean
			sums[name] += d
			squares[name] += d * d
		}
	}
	if len(sums) != len(reference) || len(sums) != ticks*5+160+3 {
		t.Fatalf("must compare %d statistics, got %d and %d", ticks*5+160+3, len(sums), len(reference))
	}
	var worst, chi, spread float64
	var at string
	for name, ref := range reference {
		d := sums[name] / seeds
		variance := (squares[name] - seeds*d*d) / (seeds - 1)
		z := d / math.Sqrt((variance+ref.sd*ref.sd)/seeds)
		if math.Abs(z) > math.Abs(worst) {
			worst, at = z, name
		}
		chi += z * z / float64(len(reference))
		spread += 0.5 * math.Log(variance/(ref.sd*ref.sd)) / float64(len(reference))
	}
	t.Logf("worst z = %.2f (%s), mean square %.2f, mean log ratio of standard deviations %.3f", worst, at, chi, spread)
	if math.Abs(worst) > 4.5 {
		t.Errorf("%s must be within 4.5 standard errors of the reference, got z = %.2f", at, worst)
	}
	if chi > 1.6 || chi < 0.5 { // the statistics hang together, so this is wider than for independent ones
		t.Errorf("mean square of z must be near 1 (0.5 to 1.6), got %.2f", chi)
	}
	if math.Abs(spread) > 0.1 {
		t.Errorf("standard deviations must be those of the reference, got a mean log ratio of %.3f", spread)
	}
}

func TestTradersAndGoodsAreConserved(t *testing.T) {
	w := testWorld(t)
	m := newMarket(w, 3001, 60, 0)
	commodity := make([]int, 3001)
	for i, one := range m.traders {
		if int(one.id) != i || int(one.market) != i%40*4+i/40%4 || one.risk != 0.05 {
			t.Fatalf("trader %d starts as %+v", i, one)
		}
		commodity[i] = int(one.market) % 4
	}
	var bought, sold int64
	inPlace := 0
	for tick := range 60 {
		m.tick(tick)
		seen := make([]bool, len(m.traders))
		for i, one := range m.traders {
			if seen[one.id] {
				t.Fatalf("tick %d: trader %d is there twice", tick, one.id)
			}
			seen[one.id] = true
			if int(one.market)%4 != commodity[one.id] {
				t.Fatalf("tick %d: trader %d changed its commodity", tick, one.id)
			}
			if int(one.id) == i {
				inPlace++
			}
		}
		for at := range m.now {
			bought += int64(m.bought[at])
			sold += int64(m.sold[at])
		}
		if bought != m.moves || sold+m.lost != bought {
			t.Fatalf("tick %d: bought %d, sold %d, lost %d, moved %d", tick, bought, sold, m.lost, m.moves)
		}
	}
	if inPlace > 100 { // one per tick is expected of a shuffle
		t.Errorf("the order must be new every tick, got %d traders left in place", inPlace)
	}
}

func TestShuffleGivesEveryOrderTheSameChance(t *testing.T) {
	w := testWorld(t)
	const runs = 24_000
	counts := map[[4]uint32]int{}
	for seed := range uint64(runs) {
		m := newMarket(w, 4, 1, seed)
		m.tick(0)
		var order [4]uint32
		for i, one := range m.traders {
			order[i] = one.id
		}
		counts[order]++
	}
	chi := 0.0
	for _, c := range counts {
		chi += float64((c-runs/24)*(c-runs/24)) / (runs / 24)
	}
	if len(counts) != 24 || chi > 60 { // 23 degrees of freedom: chance 4e-5
		t.Errorf("24 orders must come up alike, got %d with chi-square %.1f", len(counts), chi)
	}
}

func TestATickAllocatesNothing(t *testing.T) {
	m := newMarket(testWorld(t), 500, 300, 1)
	tick := 0
	if n := testing.AllocsPerRun(200, func() { m.tick(tick); tick++ }); n != 0 {
		t.Errorf("a tick must not allocate, got %g allocations", n)
	}
}

func TestSineIsTheSine(t *testing.T) {
	for i := -3000; i < 3000; i++ {
		turns := float64(i) * 0.00731
		if got, want := sine(turns), math.Sin(2*math.Pi*turns); math.Abs(got-want) > 2e-14 {
			t.Fatalf("sine of %g turns must be %g, got %g", turns, want, got)
		}
	}
}

// Recorded on amd64; any machine must give it. A changed one is a change of results.
func TestARunIsAFunctionOfItsSeed(t *testing.T) {
	var first string
	for range 2 {
		out := filepath.Join(t.TempDir(), "record")
		var stdout, stderr bytes.Buffer
		if code := run([]string{"1000", "60", "7", out}, worldFile, &stdout, &stderr); code != 0 {
			t.Fatalf("exit %d: %s", code, &stderr)
		}
		var line struct {
			Engine string
			N, T   int
			Seed   uint64
			Loop   float64 `json:"loop_s"`
			Moves  int
			Lost   int
			Risk   float64 `json:"mean_risk"`
			Price  []float64
		}
		if err := json.Unmarshal(stdout.Bytes(), &line); err != nil {
			t.Fatal(err)
		}
		if line.Loop <= 0 || line.Engine != "entrepot" {
			t.Errorf("must name the engine and its time, got %s", &stdout)
		}
		line.Loop = 0
		record, err := os.ReadFile(out)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(record)), "\n")
		if len(lines) != 60+160 {
			t.Fatalf("record must have 220 lines, got %d", len(lines))
		}
		got := fmt.Sprintf("%v %s | %s | %s", line, lines[0], lines[59], lines[219])
		if first == "" {
			first = got
		}
		if got != first {
			t.Errorf("two runs differ:\n%s\n%s", first, got)
		}
	}
	const want = "{entrepot 1000 60 7 0 17351 965 0.067544 [98.778 59.1158 146.3606 76.7241]} " +
		"102.38805978 58.16636529 135.28624922 80.50166208 535 | 98.77800564 59.11577366 146.36062498 76.72411413 112 | 77.49757144"
	if first != want {
		t.Errorf("run must be\n%s, got\n%s", want, first)
	}
}

func TestWrongInputIsAnsweredWithItsPlace(t *testing.T) {
	good, err := os.ReadFile(worldFile)
	if err != nil {
		t.Fatal(err)
	}
	change := func(line int, text string) string {
		lines := strings.SplitAfter(string(good), "\n")
		lines[line-1] = text + "\n"
		return strings.Join(lines, "")
	}
	worlds := []struct{ name, text, want string }{
		{"empty file", "", "line 1: the file ends where hubs, commodities and roads should stand"},
		{"words for numbers", change(1, "40 four 92"), `line 1: must be numbers (hubs, commodities and roads), got "four"`},
		{"no hubs", change(1, "0 4 92"), "line 1: hubs must be between 1 and 65536, got 0"},
		{"half a hub", change(1, "39.5 4 92"), "line 1: hubs must be a whole number, got 39.5"},
		{"too many markets", change(1, "60000 4 92"), "line 1: hubs times commodities must be at most 65536, got 240000"},
		{"a base price missing", change(2, "100 60 140"), "line 2: must be 4 numbers (base prices), got 3"},
		{"a base price of zero", change(2, "100 60 0 80"), "line 2: base price must be between 0.001 and 1000, got 0"},
		{"NaN", change(2, "100 60 NaN 80"), `line 2: must be numbers (base prices), got "NaN"`},
		{"a road to nowhere", change(3, "0 40 2 0.1"), "line 3: to must be between 0 and 39, got 40"},
		{"a road of negative cost", change(3, "0 1 -2 0.1"), "line 3: cost must be between 0 and 1000, got -2"},
		{"a risk above one", change(3, "0 1 2 1.1"), "line 3: risk must be between 0 and 1, got 1.1"},
		{"fewer roads than announced", change(1, "40 4 93"), "line 95: must be 4 numbers (from, to, cost and risk of a road), got 5"},
		{"markets out of order", change(95, "0 1 112 1 1"), "line 95: markets must be in order: expected hub 0, commodity 0, got 0, 1"},
		{"a market without demand", change(95, "0 0 112 1 0"), "line 95: base demand must be between 1e-06 and 1e+06, got 0"},
		{"a line too many", string(good) + "1 2\n", "line 255: the file must end after the last market"},
	}
	for _, c := range worlds {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "world.txt")
			if err := os.WriteFile(file, []byte(c.text), 0o644); err != nil {
				t.Fatal(err)
			}
			expectExit2(t, []string{"10", "1", "1"}, file, c.want)
		})
	}
	for _, c := range []struct {
		name  string
		args  []string
		world string
		want  string
	}{
		{"no arguments", nil, worldFile, "must be 3 or 4 arguments, got 0"},
		{"no traders", []string{"0", "1", "1"}, worldFile, `TRADERS must be a whole number between 1 and 100000000, got "0"`},
		{"ticks that are no number", []string{"10", "x", "1"}, worldFile, `TICKS must be a whole number between 1 and 200000000, got "x"`},
		{"more ticks than fit", []string{"10", "2000000", "1"}, worldFile, "TICKS must be at most 1250000 in a world of 160 markets, got 2000000"},
		{"negative seed", []string{"10", "1", "-1"}, worldFile, `SEED must be a whole number between 0 and 2^64-1, got "-1"`},
		{"no world named", []string{"10", "1", "1"}, "", "WORLD must name the world file"},
		{"no such world", []string{"10", "1", "1"}, "nowhere.txt", "WORLD: open nowhere.txt"},
		{"a record that cannot be made", []string{"10", "1", "1", "no/such/directory"}, worldFile, "OUTFILE: open no/such/directory"},
	} {
		t.Run(c.name, func(t *testing.T) { expectExit2(t, c.args, c.world, c.want) })
	}
}

func expectExit2(t *testing.T, args []string, world, want string) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	if code := run(args, world, &stdout, &stderr); code != 2 || !strings.Contains(stderr.String(), want) || stdout.Len() > 0 {
		t.Errorf("must exit with 2 and say %q, got %d, %q", want, code, stderr.String())
	}
}

func BenchmarkHubmarket(b *testing.B) {
	w := testWorld(b)
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			m, tick := newMarket(w, n, 0, 1), 0
			for b.Loop() {
				m.tick(tick)
				m.prices, m.flows = m.prices[:0], m.flows[:0]
				tick++
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/trader-tick")
		})
	}
}

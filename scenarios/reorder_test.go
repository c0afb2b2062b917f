package scenarios_test

import (
	"bytes"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"
	"gonum.org/v1/gonum/stat"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
)

// Orders in which things stand (model design 6.4). World: built-in scenarios with their tables as files, 60 weeks from a quarter of a year before the
// main shock. What is compared are the rows of all tables, sorted: what was told, in whatever order.
const reorderWeeks = 60

// sortedRows is a tables.Sink that keeps files with their rows sorted.
type sortedRows struct {
	lock  sync.Mutex
	files map[string]string
}

type keeping struct {
	bytes.Buffer
	done func(text string)
}

func (k *keeping) Close() error {
	k.done(k.String())
	return nil
}

func (s *sortedRows) Create(name string) (io.WriteCloser, error) {
	return &keeping{done: func(text string) {
		lines := strings.Split(text, "\n")
		slices.Sort(lines)
		s.lock.Lock()
		defer s.lock.Unlock()
		s.files[name] = strings.Join(lines, "\n")
	}}, nil
}

func loaded(files map[string][]byte) (*scenarios.Scenario, error) {
	fsys := fstest.MapFS{}
	for name, data := range files {
		fsys[name] = &fstest.MapFile{Data: data}
	}
	return scenarios.LoadFS(fsys, "s.yaml", nil)
}

// told runs a world of files and returns its tables with sorted rows.
func told(files map[string][]byte, seed uint64) (map[string]string, error) {
	s, err := loaded(files)
	if err != nil {
		return nil, err
	}
	m, err := agents.New(aroundTheShock(s.Setup), seed)
	if err != nil {
		return nil, err
	}
	run := tables.NewRun(m.Setup.Start)
	watch := record.New(m, run.Recording(), run.Names, record.Options{})
	if err := m.RunUntil(min(reorderWeeks, m.Setup.Weeks()), func(week int) error { watch.Week(week); return nil }); err != nil {
		return nil, err
	}
	watch.Close()
	out := &sortedRows{files: map[string]string{}}
	return out.files, run.Write(out)
}

// freeOrder are the tables whose order says nothing. That of the others is part of a scenario as its numbers are: sums of floats are rounded in
// the order of places, roads, goods, networks, groups and their towns, the first durable good is the rifle, dealers look at towns in turn, and so do attackers
// at posts. Buyers are free but for one thing: candidates of a programme bring weapons of the first of a town's owners first.
func freeOrder() []string {
	return []string{"buyers", "facts", "forces", "group_goods", "programmes", "rates", "stockholders", "timeline", "violence", "zones"}
}

// boundOrder are the tables of which another order is like another draw of luck. Goods are not among them: their order means something.
func boundOrder() []string {
	return []string{"hubs", "routes", "networks", "dealers", "groups", "group_hubs"}
}

// reordered returns files with the rows of some tables in another order.
func reordered(base map[string][]byte, names []string, order func(rows []string)) map[string][]byte {
	files := maps.Clone(base)
	for _, name := range names {
		lines := strings.Split(strings.TrimSpace(string(base["w/"+name+".csv"])), "\n")
		order(lines[1:])
		files["w/"+name+".csv"] = []byte(strings.Join(lines, "\n") + "\n")
	}
	return files
}

// shuffle puts rows into an order that a key draws.
func shuffle(key sim.Key) func(rows []string) {
	return func(rows []string) {
		for i := len(rows) - 1; i > 0; i-- {
			j := key.At(uint64(i)).Intn(i + 1)
			rows[i], rows[j] = rows[j], rows[i]
		}
	}
}

// sameTold fails where two runs told different things.
func sameTold(t *testing.T, got, want map[string]string) {
	t.Helper()
	for table := range want {
		if got[table] != want[table] {
			t.Errorf("%s has other rows", table)
		}
	}
}

func TestTheOrderOfRowsChangesNothingWhereItSaysNothing(t *testing.T) {
	for _, name := range []string{"textbook", "offensive", "ddr-2018"} {
		base, free := ownFiles(t, name), freeOrder()
		if name == "ddr-2018" {
			free = free[1:]
		}
		want, err := told(base, 3)
		if err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(want["trades.csv"], "\n"); n < 100 {
			t.Fatalf("%s: %d trades are too few to tell orders apart", name, n)
		}
		for _, order := range []struct {
			name string
			do   func([]string)
		}{{"last row first", slices.Reverse[[]string]}, {"shuffled", shuffle(sim.NewKey(17).Label(name))}} {
			t.Run(name+"/"+order.name, func(t *testing.T) {
				got, err := told(reordered(base, free, order.do), 3)
				if err != nil {
					t.Fatal(err)
				}
				sameTold(t, got, want)
			})
		}
	}
}

// Where another order of rows is like another draw of luck, it must be no more: over many seeds of the textbook world, with the tables of
// boundOrder the other way round, the mean of the year's trade differs by no more than luck does.
func TestTheOrderOfOtherRowsIsLuckAlone(t *testing.T) {
	const seeds = 60
	base := ownFiles(t, "textbook")
	turned := reordered(base, boundOrder(), slices.Reverse[[]string])
	var value, units [2][]float64
	for i, files := range []map[string][]byte{base, turned} {
		value[i], units[i] = make([]float64, seeds), make([]float64, seeds)
		var jobs []func() error
		for seed := range seeds {
			jobs = append(jobs, func() (err error) {
				value[i][seed], units[i][seed], err = traded(files, uint64(seed))
				return err
			})
		}
		for _, err := range inParallel(jobs, 2) {
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	compare := func(what string, one, two []float64) {
		m1, v1 := stat.MeanVariance(one, nil)
		m2, v2 := stat.MeanVariance(two, nil)
		z := (m2 - m1) / math.Sqrt((v1+v2)/seeds)
		t.Logf("%s: %.5g, the other way round %+.2f %% (z = %.1f)", what, m1, 100*(m2-m1)/m1, z)
		if math.Abs(z) > 4 || slices.Equal(one, two) {
			t.Errorf("%s: %.5g and %.5g the other way round, which is more than luck (z = %.1f), or nothing at all", what, m1, m2, z)
		}
	}
	compare("money that changed hands, CFA", value[0], value[1])
	compare("units that were sold", units[0], units[1])
}

// traded runs a world of files and returns what all sales were worth, and how many units they were.
func traded(files map[string][]byte, seed uint64) (value, units float64, err error) {
	s, err := loaded(files)
	if err != nil {
		return 0, 0, err
	}
	m, err := agents.New(s.Setup, seed)
	if err != nil {
		return 0, 0, err
	}
	err = m.RunUntil(reorderWeeks, func(int) error {
		for _, sale := range m.Auctions.Sales {
			value += float64(sale.Units) * float64(sale.Price)
			units += float64(sale.Units)
		}
		return nil
	})
	return value, units, err
}

func TestTheOrderOfEventsInAFileChangesNothing(t *testing.T) {
	base := ownFiles(t, "offensive")
	want, err := told(base, 3)
	if err != nil {
		t.Fatal(err)
	}
	var doc yaml.Node
	if err := yaml.Unmarshal(base["s.yaml"], &doc); err != nil {
		t.Fatal(err)
	}
	files, turned := maps.Clone(base), 0
	for i, key := range doc.Content[0].Content {
		if key.Value == "events" {
			events := doc.Content[0].Content[i+1].Content
			slices.Reverse(events)
			turned = len(events)
		}
	}
	if turned < 10 {
		t.Fatalf("%d events", turned)
	}
	if files["s.yaml"], err = yaml.Marshal(&doc); err != nil {
		t.Fatal(err)
	}
	got, err := told(files, 3)
	if err != nil {
		t.Fatal(err)
	}
	sameTold(t, got, want)
}

// Layers that touch different things may be laid in any order.
func TestLayersThatDoNotTouchLieInAnyOrder(t *testing.T) {
	of := func(layers string) map[string]string {
		got, err := told(map[string][]byte{"s.yaml": []byte("version: 1\nextends: [" + layers + "]\nperiod: {start: 2024-11-04, end: 2025-12-29}\n")}, 3)
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	want := of("ddr-2025, gold-mines, drones")
	sameTold(t, of("drones, gold-mines, ddr-2025"), want)
	sameTold(t, of("gold-mines, drones, ddr-2025"), want)
	if without := of("gold-mines, drones"); without["trades.csv"] == want["trades.csv"] {
		t.Error("a layer that is left out must show")
	}
}

package lessons

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"entrepot/agents"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/sim"
	"entrepot/web/live"
)

// source is a state as the page's engine writes it, read by the strict loader.
func source(t *testing.T, s State) *scenarios.Scenario {
	t.Helper()
	text, err := live.Source(asked(s, 1))
	if err != nil {
		t.Fatal(err)
	}
	loaded, err := scenarios.LoadFS(fstest.MapFS{"lesson.yaml": {Data: []byte(text)}}, "lesson.yaml", nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return loaded
}

// asked is a state as the page sends it.
func asked(s State, seed uint64) []byte {
	state, _ := json.Marshal(struct {
		State
		Seed string `json:"seed"`
	}{s, fmt.Sprint(seed)})
	return state
}

// referenceLine is what lessons read of the answer to the question reference.
type referenceLine struct {
	Kind    string  `json:"kind"`
	Price   float64 `json:"price"`
	Units   float64 `json:"units"`
	Spatial struct {
		Mean, Price float64
		Sources     []struct{ Price, Cost float64 }
	} `json:"spatial"`
	Shouts *struct{ Mean, Units, Efficiency float64 } `json:"zero_intelligence"`
}

// referred asks for the reference lines of a state.
func (l Lesson) referred(state string, seed uint64) (line referenceLine, err error) {
	date, _ := sim.ParseDate(l.Reference.Week)
	base, _ := scenarios.Load(l.States[state].Scenario, nil)
	week := int(date.Monday()-base.Setup.Start.Monday()) / 7
	question := fmt.Sprintf(`{"state": %s, "hub": %q, "good": %q, "week": %d}`, asked(l.States[state], seed), l.Reference.Hub, l.Reference.Good, week)
	err = live.Answer(context.Background(), "reference", []byte(question), func(text []byte) error { return json.Unmarshal(text, &line) })
	if err == nil && line.Kind != "reference" {
		err = fmt.Errorf("got a line of kind %q", line.Kind)
	}
	return line, err
}

// books lists the order books that a lesson looks into.
func (l Lesson) books() []record.Book {
	var out []record.Book
	for _, m := range l.Measures {
		if m.Of == "book" {
			date, _ := sim.ParseDate(m.Week)
			out = append(out, record.Book{Hub: m.Hub, Good: m.Good, Date: date})
		}
	}
	return out
}

// lived runs a scenario under a seed and keeps what lessons read.
func lived(s *scenarios.Scenario, seed uint64, books []record.Book) (*tables.Run, error) {
	m, err := agents.New(s.Setup, seed)
	if err != nil {
		return nil, err
	}
	run := tables.NewRun(s.Setup.Start)
	o := record.New(m, run.Recording(), run.Names, record.Options{Books: books,
		Only: &record.Tables{Prices: true, Costs: true, Flows: true, Ledger: true, Throughput: true, Actors: []string{"registered"}}})
	err = m.Run(func(week int) error { o.Week(week); return nil })
	o.Close()
	return run, err
}

// values are the runs of a lesson under one seed, by the name of the state.
type values struct {
	lesson     Lesson
	runs       map[string]*tables.Run
	references map[string]referenceLine
}

// value is a measure of runs under one seed, as web/page/src/lesson/measure.ts reckons it.
func (v values) value(id string) float64 {
	i := slices.IndexFunc(v.lesson.Measures, func(m Measure) bool { return m.ID == id })
	if i < 0 {
		return math.NaN()
	}
	m := v.lesson.Measures[i]
	if m.Is != "" {
		return v.derived(m)
	}
	if m.Of == "reference" {
		return v.references[m.Run].read(m.Part)
	}
	run := v.runs[m.Run]
	if run == nil {
		return math.NaN()
	}
	return reader{run, m}.read()
}

func (r referenceLine) read(part string) float64 {
	switch part {
	case "price":
		if r.Price >= 0 {
			return r.Price
		}
	case "units":
		return r.Units
	case "mean":
		return r.Spatial.Mean
	case "space":
		return r.Spatial.Price
	}
	if len(r.Spatial.Sources) > 0 {
		switch part {
		case "source":
			return r.Spatial.Sources[0].Price
		case "cost":
			return r.Spatial.Sources[0].Cost
		}
	}
	if r.Shouts != nil {
		switch part {
		case "shouts":
			return r.Shouts.Mean
		case "shouted":
			return r.Shouts.Units
		case "efficiency":
			return r.Shouts.Efficiency
		}
	}
	return math.NaN()
}

func (v values) derived(m Measure) float64 {
	x := make([]float64, len(m.Args))
	for i, id := range m.Args {
		x[i] = v.value(id)
	}
	switch m.Is {
	case "minus":
		return x[0] - x[1]
	case "plus":
		return x[0] + x[1]
	case "over":
		return x[0] / x[1]
	case "change":
		return x[0]/x[1] - 1
	case "compound":
		return (1+x[0])*(1+x[1]) - 1
	case "rest":
		return 1 - x[0]
	case "share":
		sum := 0.0
		for _, y := range x {
			sum += max(0, y)
		}
		return max(0, x[0]) / sum
	}
	return math.NaN()
}

// reader reads one measure out of the tables of a run.
type reader struct {
	*tables.Run
	m Measure
}

func (r reader) sym(name string) tables.Sym {
	s, _ := r.Names.Find(name)
	return s
}

func (r reader) tick(date string) int32 {
	d, _ := sim.ParseDate(date)
	return int32((d.Monday() - r.Start) / 7)
}

func (r reader) in(tick int32) bool { return tick >= r.tick(r.m.From) && tick <= r.tick(r.m.To) }

func (r reader) weeks() float64 { return float64(r.tick(r.m.To) - r.tick(r.m.From) + 1) }

func (r reader) read() float64 {
	switch r.m.Of {
	case "price", "units":
		return r.market()
	case "cost":
		return r.cost()
	case "flow":
		return r.flow()
	case "stored":
		sum := 0.0
		for _, x := range r.Throughput {
			if x.Hub == r.sym(r.m.Hub) && x.Good == r.sym(r.m.Good) && r.in(x.Tick) {
				sum += float64(x.Stored)
			}
		}
		return sum / r.weeks()
	case "captured", "made", "seized":
		return r.ledger()
	case "registered":
		last := 0.0
		for _, x := range r.Actors {
			if x.Actor == r.sym("ddr:"+r.m.Part) && x.Tick <= r.tick(r.m.Week) {
				last = x.Value
			}
		}
		return last
	case "book":
		return r.book()
	}
	return math.NaN()
}

// market is the mean price over weeks with sales, or the units sold a week.
func (r reader) market() float64 {
	price, units, traded := 0.0, 0.0, 0.0
	for _, p := range r.Prices {
		if p.Hub == r.sym(r.m.Hub) && p.Good == r.sym(r.m.Good) && p.Units > 0 && r.in(p.Tick) {
			price += float64(p.Price)
			units += float64(p.Units)
			traded++
		}
	}
	if r.m.Of == "units" {
		return units / r.weeks()
	}
	return hundred(price / traded)
}

// hundred rounds a sum of money as lessons speak of it, so that what they show adds up.
func hundred(cfa float64) float64 { return 100 * math.Floor(cfa/100+0.5) }

// cost is a part of the mean price, of which each is a hundred more or less so that all together are the price.
func (r reader) cost() float64 {
	parts := components()
	sums := make([]float64, len(parts))
	n := 0.0
	for _, c := range r.Costs {
		if c.Hub != r.sym(r.m.Hub) || c.Good != r.sym(r.m.Good) || !r.in(c.Tick) {
			continue
		}
		k := slices.Index(parts, r.Names.Text(c.Component))
		sums[k] += float64(c.PerUnit)
		if k == 0 {
			n++
		}
	}
	for k := range sums {
		sums[k] /= n
	}
	return apportioned(sums)[slices.Index(parts, r.m.Part)]
}

// components are the parts of a price, in the order in which the engine has them.
func components() []string {
	return []string{"origin", "transport", "toll", "payment", "risk", "storage", "margin"}
}

// apportioned rounds parts to hundreds whose sum is the sum of all, rounded: first down, and then those up that lost most.
func apportioned(parts []float64) []float64 {
	total := 0.0
	out := make([]float64, len(parts))
	order := make([]int, len(parts))
	for k, x := range parts {
		total += x
		out[k], order[k] = 100*math.Floor(x/100), k
	}
	slices.SortStableFunc(order, func(i, j int) int { return cmp.Compare(parts[j]-out[j], parts[i]-out[i]) })
	missing := hundred(total)
	for _, x := range out {
		missing -= x
	}
	for _, k := range order[:int(math.Round(missing/100))] {
		out[k] += 100
	}
	return out
}

func (r reader) flow() float64 {
	from, to, one := strings.Cut(r.m.Arc, ">")
	if !one {
		from, to = "", r.m.Hub
	}
	sum := 0.0
	for _, f := range r.Flows {
		if (from == "" || f.From == r.sym(from)) && f.To == r.sym(to) && f.Good == r.sym(r.m.Good) && r.in(f.Tick) {
			sum += float64(f.Units)
		}
	}
	return sum / r.weeks()
}

// outside are the origins of what stockholders sell.
func outside() []string { return []string{"libya", "sudan", "nigeria"} }

// ledger is a flow of the ledger, a week: the difference of what was counted at the end of the period and before it.
func (r reader) ledger() float64 {
	origins := []string{r.m.Part}
	switch r.m.Part {
	case "":
		origins = append(outside(), "state_diverted", "captured", "ddr", "local")
	case "outside":
		origins = outside()
	}
	var of []tables.Sym
	for _, o := range origins {
		of = append(of, r.sym(o))
	}
	sum := 0.0
	for _, x := range r.Ledger {
		if x.Good != r.sym(r.m.Good) || x.Measure != r.sym(r.m.Of) || !slices.Contains(of, x.Origin) {
			continue
		}
		switch x.Tick {
		case r.tick(r.m.To):
			sum += float64(x.Units)
		case r.tick(r.m.From) - 1:
			sum -= float64(x.Units)
		}
	}
	return sum / r.weeks()
}

// book clears the kept book anew at the price that the auction found, and reckons what each side gains.
func (r reader) book() float64 {
	price, units := 0.0, 0.0
	for _, p := range r.Prices {
		if p.Hub == r.sym(r.m.Hub) && p.Good == r.sym(r.m.Good) && p.Tick == r.tick(r.m.Week) {
			price, units = float64(p.Price), float64(p.Units)
		}
	}
	gain := map[string]float64{}
	left := map[string]float64{"bid": units, "ask": units}
	wanted := 0.0
	for _, o := range r.Books {
		if o.Hub != r.sym(r.m.Hub) || o.Good != r.sym(r.m.Good) || o.Tick != r.tick(r.m.Week) {
			continue
		}
		side := r.Names.Text(o.Side)
		taken := min(left[side], float64(o.Units))
		left[side] -= taken
		gain[side] += taken * math.Abs(float64(o.Limit)-price)
		if side == "bid" {
			wanted += float64(o.Units)
		}
	}
	return map[string]float64{"price": price, "units": units, "left": wanted - units, "buyers": gain["bid"], "sellers": gain["ask"]}[r.m.Part]
}

// job is a state under a seed; lessons that run the same share it.
type job struct {
	key   string
	state *scenarios.Scenario
	seed  uint64
	books []record.Book
}

// runAll runs jobs on two processors.
func runAll(t *testing.T, jobs []job) map[string]*tables.Run {
	t.Helper()
	out := map[string]*tables.Run{}
	var lock sync.Mutex
	var wg sync.WaitGroup
	next := make(chan job)
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for j := range next {
				run, err := lived(j.state, j.seed, j.books)
				lock.Lock()
				if err != nil {
					t.Errorf("%s: %v", j.key, err)
				}
				out[j.key] = run
				lock.Unlock()
			}
		}()
	}
	for _, j := range jobs {
		next <- j
	}
	close(next)
	wg.Wait()
	return out
}

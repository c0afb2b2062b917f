package lessons

import (
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"entrepot/output/tables"
)

// Seeds whose runs are lived again by default; all are by go test ./web/lessons -args -lessons.seeds 20 -lessons.region 20 (two minutes).
var (
	seeds  = flag.Int("lessons.seeds", 2, "seeds of lessons in the textbook world that are lived again, up to 20")
	region = flag.Int("lessons.region", 1, "the same of lessons that run the region")
	renew  = flag.Bool("renew", false, "write pairs/pairs.json, from all seeds")
)

// The numbers that lessons hold a student's draw against are those of the runs.
func TestPairs(t *testing.T) {
	found := map[string]map[string]Draws{}
	for _, l := range all(t) {
		found[l.ID] = map[string]Draws{}
	}
	for seed := 1; seed <= NPairs; seed++ {
		for id, measures := range under(t, seed) {
			for m, x := range measures {
				found[id][m] = append(found[id][m], x)
			}
		}
	}
	if *renew {
		if err := os.WriteFile("pairs/pairs.json", written(found), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	for _, l := range all(t) {
		for m, xs := range found[l.ID] {
			for i, x := range xs {
				if i >= len(l.Pairs[m]) || digits(x) != digits(l.Pairs[m][i]) {
					t.Errorf("%s: %s under seed %d must be as in pairs.json (make draws writes it), got %v", l.ID, m, i+1, x)
				}
			}
		}
		for m := range l.Pairs {
			if found[l.ID][m] == nil && *seeds > 0 && *region > 0 {
				t.Errorf("%s: pairs.json has %s, which is no measure", l.ID, m)
			}
		}
	}
}

// under lives what all lessons run under a seed and returns their measures.
func under(t *testing.T, seed int) map[string]map[string]float64 {
	lessons := slices.DeleteFunc(all(t), func(l Lesson) bool { return !*renew && seed > l.again() })
	var jobs []job
	known := map[string]bool{}
	for _, l := range lessons {
		for name, state := range l.States {
			if key := l.key(name, seed); !known[key] {
				known[key] = true
				jobs = append(jobs, job{key, source(t, state), uint64(seed), l.books()})
			}
		}
	}
	runs := runAll(t, jobs)
	out := map[string]map[string]float64{}
	for _, l := range lessons {
		v := values{lesson: l, runs: map[string]*tables.Run{}, references: map[string]referenceLine{}}
		for name := range l.States {
			v.runs[name] = runs[l.key(name, seed)]
			if l.Reference != nil {
				var err error
				if v.references[name], err = l.referred(name, uint64(seed)); err != nil {
					t.Fatal(err)
				}
			}
		}
		out[l.ID] = map[string]float64{}
		for _, m := range l.Measures {
			if m.Of != "ensemble" && !m.overSeeds() {
				out[l.ID][m.ID] = v.value(m.ID)
			}
		}
	}
	return out
}

// again is how many seeds of a lesson are lived again.
func (l Lesson) again() int {
	for _, s := range l.States {
		if s.Scenario != "textbook" {
			return *region
		}
	}
	return *seeds
}

// key names a run; what is run alike has one key. Books are a lesson's own.
func (l Lesson) key(name string, seed int) string {
	state, _ := json.Marshal(l.States[name])
	return fmt.Sprintf("%s %v seed %d", state, l.books(), seed)
}

// overSeeds reports whether a measure is one of several draws together.
func (m Measure) overSeeds() bool {
	return slices.Contains([]string{"above", "first", "lowest", "highest"}, m.Is)
}

// digits is a number as pairs.json has it.
func digits(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "null"
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}

// written is pairs.json: a line for each measure.
func written(found map[string]map[string]Draws) []byte {
	var b strings.Builder
	lessons := sorted(found)
	b.WriteString("{\n")
	for i, l := range lessons {
		fmt.Fprintf(&b, " %q: {\n", l)
		measures := sorted(found[l])
		for k, m := range measures {
			var xs []string
			for _, x := range found[l][m] {
				xs = append(xs, digits(x))
			}
			fmt.Fprintf(&b, "  %q: [%s]%s\n", m, strings.Join(xs, ","), comma(k, len(measures)))
		}
		fmt.Fprintf(&b, " }%s\n", comma(i, len(lessons)))
	}
	b.WriteString("}\n")
	return []byte(b.String())
}

func comma(i, n int) string {
	if i < n-1 {
		return ","
	}
	return ""
}

func sorted[V any](m map[string]V) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// drawn are the measures of a lesson as the page has them that began with a seed: of one draw, or of several where the lesson runs several.
type drawn struct {
	lesson Lesson
	first  int // seed
}

// draws is what the page could have drawn, under every seed that is stored.
func (l Lesson) draws() []drawn {
	var all []drawn
	for seed := 1; seed+max(1, l.Seeds)-1 <= NPairs; seed++ {
		all = append(all, drawn{l, seed})
	}
	return all
}

// value is a measure as web/page/src/lesson/measure.ts reckons it over its seeds.
func (d drawn) value(id string) float64 {
	m := d.lesson.measure(id)
	if m.Of == "ensemble" {
		return d.ensemble(m.Part)
	}
	of := id
	if m.overSeeds() {
		of = m.Args[0]
	}
	if len(d.lesson.Pairs[of]) < NPairs {
		return math.NaN()
	}
	xs := d.lesson.Pairs[of][d.first-1 : d.first-1+max(1, d.lesson.Seeds)]
	switch m.Is {
	case "first":
		return xs[0]
	case "lowest":
		return slices.Min(xs)
	case "highest":
		return slices.Max(xs)
	case "above":
		n := 0.0
		for _, x := range xs {
			if x > m.Than {
				n++
			}
		}
		return n
	}
	mean := 0.0
	for _, x := range xs {
		mean += x / float64(len(xs))
	}
	return mean
}

// ensemble stands in for the page's comparison of many pairs with the pairs that are stored, of the measure that the lesson calls year.
func (d drawn) ensemble(part string) float64 {
	mean, low, high := d.lesson.Pairs["year"].Mean()
	switch {
	case part == "low":
		return low
	case part == "high":
		return high
	case part == "difference":
		return mean
	case low > 0:
		return 1
	case high < 0:
		return -1
	}
	return 0
}

func (l Lesson) measure(id string) Measure {
	i := slices.IndexFunc(l.Measures, func(m Measure) bool { return m.ID == id })
	if i < 0 {
		return Measure{}
	}
	return l.Measures[i]
}

// What a lesson says will come comes: with the whole interval of the mean over the pairs, and in all of them but few.
func TestWhatALessonExpectsComes(t *testing.T) {
	for _, l := range all(t) {
		for _, e := range l.Expect {
			xs := l.Pairs[e.Of]
			if xs == nil { // one of several draws together
				for _, d := range l.draws() {
					xs = append(xs, d.value(e.Of))
				}
			}
			mean, low, high := xs.Mean()
			within := Option{From: e.From, To: e.To}
			missed := 0
			for _, x := range xs {
				if !within.Holds(x) {
					missed++
				}
			}
			t.Logf("%s: %s %.4g, interval %.4g to %.4g", l.ID, e.Of, mean, low, high)
			if e.Claim == "" {
				low, high = mean, mean
			}
			if !within.Holds(mean) || !within.Holds(low) || !within.Holds(high) {
				t.Errorf("%s: the mean of %s must be %s, with its interval where it is claimed, got %.3g (%.3g to %.3g)", l.ID, e.Of, e, mean, low, high)
			}
			if missed > e.But {
				t.Errorf("%s: %s must be %s in all draws but %d, got %.3g", l.ID, e.Of, e, e.But, xs)
			}
			if (e.Claim == "") != (e.As == "") {
				t.Errorf("%s: a claim about %s must say how it is written", l.ID, e.Of)
			}
			l.directed(t, e)
		}
	}
}

// directed checks that a claim says the direction that the pairs show.
func (l Lesson) directed(t *testing.T, e Expected) {
	t.Helper()
	_, low, high := l.Pairs[e.Of].Mean()
	for _, word := range directions(e.Claim) {
		if sign := lexicon()[word]; sign > 0 && low <= 0 || sign < 0 && high >= 0 {
			t.Errorf("%s: %q says %q, but the interval of %s is %.3g to %.3g", l.ID, e.Claim, word, e.Of, low, high)
		}
	}
	if strings.Contains(string(e.Claim), "hardly") != (low <= 0 && high >= 0) && e.Claim != "" && len(directions(e.Claim)) == 0 {
		t.Errorf("%s: %q must say a direction, or that it hardly moves where the interval of %s holds zero (%.3g to %.3g)", l.ID, e.Claim, e.Of, low, high)
	}
}

// lexicon is the words by which a text says a direction.
func lexicon() map[string]int {
	return map[string]int{"rose": 1, "rises": 1, "raises": 1, "higher": 1, "more": 1, "above": 1, "gained": 1, "dearer": 1, "slower": 1,
		"fell": -1, "falls": -1, "lower": -1, "fewer": -1, "less": -1, "below": -1, "lost": -1, "cheaper": -1, "faster": -1}
}

// directions are the words of direction in a text, each once.
func directions(text Text) []string {
	var out []string
	for _, word := range strings.FieldsFunc(strings.ToLower(string(text)), func(r rune) bool { return r < 'a' || r > 'z' }) {
		if lexicon()[word] != 0 && !slices.Contains(out, word) {
			out = append(out, word)
		}
	}
	return out
}

// What is said after a run is true of every draw: each word of direction has the sign of its measure wherever the passage is said, and no
// difference is written without a sign where it may be of either.
func TestWhatIsSaidIsTrueOfEveryDraw(t *testing.T) {
	for _, l := range all(t) {
		t.Run(l.ID, func(t *testing.T) {
			passages := slices.Clone(l.Explain)
			for _, k := range l.Tasks {
				passages = append(passages, k.Explain...)
			}
			for _, p := range passages {
				for _, word := range directions(p.Text) {
					if _, borne := p.Says[word]; !borne {
						t.Errorf("%q says %q of no measure", p.Text, word)
					}
				}
				l.signs(t, p)
				for word := range p.Says {
					if !slices.Contains(directions(p.Text), word) {
						t.Errorf("%q does not say %q", p.Text, word)
					}
				}
			}
			for _, d := range l.draws() {
				for _, p := range passages {
					if d.says(p) {
						d.holds(t, p)
					}
				}
				d.speaks(t, l.Explain)
				for _, k := range l.Tasks {
					d.speaks(t, k.Explain)
				}
			}
		})
	}
}

// signs checks that a change is written with its sign, unless a word of direction says it.
func (l Lesson) signs(t *testing.T, p Passage) {
	t.Helper()
	for _, v := range p.Values {
		change := slices.Contains([]string{"minus", "change", "compound"}, l.measure(v.Of).Is)
		if change && !strings.HasPrefix(v.As, "signed") && !slices.ContainsFunc(sorted(p.Says), func(word string) bool { return p.Says[word] == v.Of }) {
			t.Errorf("%q must write the sign of %s", p.Text, v.Of)
		}
	}
}

// says reports whether a passage is said of a draw.
func (d drawn) says(p Passage) bool {
	return p.When == nil || Option{From: p.When.From, To: p.When.To}.Holds(d.value(p.When.Of))
}

// speaks checks that something is said.
func (d drawn) speaks(t *testing.T, passages []Passage) {
	t.Helper()
	if len(passages) > 0 && !slices.ContainsFunc(passages, d.says) {
		t.Errorf("nothing is said from seed %d on, the first would be %q", d.first, passages[0].Text)
	}
}

// holds checks a passage against a draw.
func (d drawn) holds(t *testing.T, p Passage) {
	t.Helper()
	for word, of := range p.Says {
		if of == "" {
			continue // what holds in general
		}
		if x := d.value(of); !(x*float64(lexicon()[word]) > 0) {
			t.Errorf("from seed %d on %q is said, but %s is %.4g", d.first, p.Text, of, x)
		}
	}
	for _, v := range p.Values {
		if x := d.value(v.Of); math.IsNaN(x) || math.IsInf(x, 0) {
			t.Errorf("from seed %d on %q lacks %s", d.first, p.Text, v.Of)
		}
	}
}

// A prediction that is judged by the pairs has one answer, whatever the luck: the interval of the mean lies within one option. One that is
// judged by the run can come true: its scale holds what comes.
func TestPredictionsCanBeJudged(t *testing.T) {
	for _, l := range all(t) {
		for _, p := range l.Predictions {
			if p.Pairs {
				_, low, high := l.Pairs[p.Of].Mean()
				if n := len(slices.DeleteFunc(slices.Clone(p.Options), func(o Option) bool { return !o.Holds(low) || !o.Holds(high) })); n != 1 {
					t.Errorf("%s: %d options of %s hold the interval %.3g to %.3g, want one", l.ID, n, p.ID, low, high)
				}
				if p.As == "" {
					t.Errorf("%s: %s must say how its mean is written", l.ID, p.ID)
				}
				continue
			}
			for _, d := range l.draws() {
				x := d.value(p.Of)
				if p.As == "percent" {
					x *= 100
				}
				if len(p.Options) == 0 && !(x >= p.Low && x <= p.High) {
					t.Errorf("%s: from seed %d on %s is %.4g, off its scale", l.ID, d.first, p.ID, x)
				}
			}
		}
	}
}

// In a table whose rows are a price and its parts the parts add up to the price, in every draw.
func TestPartsAddUp(t *testing.T) {
	tried := 0
	for _, l := range all(t) {
		for k := range l.Columns {
			sum, head := make(Draws, NPairs), Draws(nil)
			for i, r := range l.Observe {
				of, _, _ := strings.Cut(r.Of[k], ":")
				switch {
				case !r.Part && head == nil && i+1 < len(l.Observe) && l.Observe[i+1].Part:
					head = l.Pairs[of]
				case r.Part:
					for s, x := range l.Pairs[of] {
						sum[s] += x
					}
				}
			}
			for s := range head {
				tried++
				if head[s] != sum[s] {
					t.Errorf("%s, %s, seed %d: the parts add up to %v, the price is %v", l.ID, l.Columns[k], s+1, sum[s], head[s])
				}
			}
		}
	}
	if tried == 0 {
		t.Error("there is no such table")
	}
}

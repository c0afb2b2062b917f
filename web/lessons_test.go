package web

import (
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"entrepot/web/lessons"
	"entrepot/words"
)

// Every lesson from start to finish, in both languages: the run waits for the predictions, the numbers come, and each change can be made.
func TestEveryLessonFromStartToFinish(t *testing.T) {
	all, err := lessons.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		for _, lang := range words.Languages() {
			t.Run(l.ID+" "+lang, func(t *testing.T) {
				takeLesson(t, l, lang, func(address string) *page { return visit(t, 1400, 900, address) })
			})
		}
	}
}

// step is the part of the page that holds the step of a lesson.
const step = "section[aria-labelledby=step-heading]"

func takeLesson(t *testing.T, l lessons.Lesson, lang string, open func(address string) *page) {
	t.Helper()
	w, err := words.In(lang)
	if err != nil {
		t.Fatal(err)
	}
	p := open(fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{"tab": "lessons", "lesson": l.ID, "lang": lang}}))
	title, _ := json.Marshal(w.T(string(l.Title)))
	p.wait("the lesson", fmt.Sprintf(`document.querySelector('article h2')?.innerText === %s`, title))
	p.on("2")
	p.wait("what is given", `document.querySelectorAll('`+step+` figure svg').length > 0`)
	if value[bool](p, `!document.querySelector('`+step+` .on button:last-child').disabled`) {
		t.Error("the run does not wait for the predictions")
	}
	value[bool](p, `[...document.querySelectorAll('`+step+` fieldset')].every((f) => {
		const choice = f.querySelector('input[type=radio]'), scale = f.querySelector('input[type=range]')
		if (choice) choice.click()
		else { scale.value = scale.max; scale.dispatchEvent(new Event('input', {bubbles: true})) }
		return true })`)
	p.wait("predictions that can be made", `document.querySelector('`+step+` button.primary:enabled')`)
	value[bool](p, `(document.querySelector('`+step+` button.primary').click(), true)`)
	p.wait("the run's button", `document.querySelector('#step-heading').innerText.startsWith('3') && document.querySelector('`+step+` button.primary:enabled')`)
	if focus := value[string](p, `document.activeElement.id`); focus != "step-heading" {
		t.Errorf("the focus is on %q, not on the heading of the step", focus)
	}
	value[bool](p, `(document.querySelector('`+step+` button.primary').click(), true)`)
	p.wait("the table of the run", `document.querySelector('`+step+` table caption') && !document.querySelector('`+step+` .working')`)
	p.picture("run")
	if n := value[int](p, `document.querySelectorAll('`+step+` .verdict').length`); n != len(l.Predictions) {
		t.Errorf("%d predictions are judged, want %d", n, len(l.Predictions))
	}
	p.table(l)
	p.on("4")
	p.numbers("the explanation")
	p.picture("explain")
	p.on("5")
	for range l.Tasks {
		value[bool](p, `(document.querySelector('`+step+` .task > button:enabled:last-child')?.click(), true)`)
		p.wait("the change", `!document.querySelector('`+step+` .working')`)
		if !strings.Contains(value[string](p, `location.hash + document.querySelector('[role=tab][aria-selected=true]').id`), "tab-lessons") {
			value[bool](p, `(document.querySelector('#tab-lessons').click(), true)`) // a change that leads to another room
		}
	}
	p.numbers("the changes")
	p.picture("changes")
	p.on("6")
	p.picture("discuss")
}

// table holds the numbers that the page reckons from the engine's lines against those that package lessons reckoned from tables of the same
// run: its first seed is one of those whose draws are kept.
func (p *page) table(l lessons.Lesson) {
	p.t.Helper()
	seed, err := strconv.Atoi(l.Seed)
	if err != nil || seed > lessons.NPairs || l.Seeds > 0 {
		return // what several seeds come to together is not kept
	}
	cells := value[[][]string](p, `[...document.querySelectorAll('`+step+` tbody tr')].filter((r) => r.closest('table').caption).map((r) => [...r.querySelectorAll('td')].map((c) => c.innerText))`)
	if len(cells) != len(l.Observe) {
		p.t.Fatalf("the table of the run has %d rows, want %d", len(cells), len(l.Observe))
	}
	for i, row := range l.Observe {
		for k, id := range row.Of {
			of, as, own := strings.Cut(id, ":")
			if !own {
				as = row.As
			}
			want, near := l.Pairs[of][seed-1], map[string]float64{"cfa": 51, "signed": 51, "percent": 0.51, "signed percent": 0.51, "units": 0.051, "signed units": 0.051, "count": 0.51}[as]
			if strings.HasSuffix(as, "percent") {
				want *= 100
			}
			if got := number(cells[i][k]); !(math.Abs(got-want) <= near) {
				p.t.Errorf("row %d, column %d of the table is %q, want %s to be %.5g", i+1, k+1, cells[i][k], id, want)
			}
			if strings.HasPrefix(as, "signed") && want > 1 && !strings.HasPrefix(cells[i][k], "+") {
				p.t.Errorf("a change of %.5g is written %q, without its sign", want, cells[i][k])
			}
		}
	}
}

// number reads a number as the page writes it, in either language.
func number(text string) float64 {
	x, err := strconv.ParseFloat(strings.NewReplacer("\u00a0", "", "%", "", "−", "-", ",", ".", "+", "").Replace(text), 64)
	if err != nil {
		return math.NaN()
	}
	return x
}

// on goes to the next step of a lesson.
func (p *page) on(number string) {
	p.t.Helper()
	value[bool](p, `(document.querySelector('`+step+` .on button:last-child').click(), true)`)
	p.wait("step "+number, fmt.Sprintf(`document.querySelector('#step-heading').innerText.startsWith(%q)`, number))
}

// numbers checks that what is said has its numbers.
func (p *page) numbers(what string) {
	p.t.Helper()
	said := p.text(step)
	if strings.Contains(said, "%s") || strings.Contains(said, "NaN") || strings.Contains(said, " – ") {
		p.t.Errorf("%s lacks a number: %s", what, said)
	}
}

// asks lists what a lesson asks of the engine when it runs, one question after another, as lesson/classroom.svelte.ts does.
func asks(l lessons.Lesson, seed int) (questions [][2]string) {
	state := func(name string, seed int) string {
		text, _ := json.Marshal(struct {
			lessons.State
			Seed string `json:"seed"`
		}{l.States[name], strconv.Itoa(seed)})
		return string(text)
	}
	hubs := map[string]string{} // of a state, the hub that is looked into
	for _, c := range l.Show {
		for _, b := range c.Bars {
			if b.Run != "" {
				hubs[b.Run] = c.Hub
			}
		}
	}
	for k := range max(1, l.Seeds) {
		for _, name := range []string{"a", "b"} {
			questions = append(questions, [2]string{"run", fmt.Sprintf(`{"state":%s}`, state(name, seed+k))})
			if hub := hubs[name]; hub != "" {
				questions = append(questions, [2]string{"hub", fmt.Sprintf(`{"state":%s,"hub":%q}`, state(name, seed+k), hub)})
			}
		}
	}
	if e := l.Ensemble; e != nil {
		questions = append(questions, [2]string{"compare", fmt.Sprintf(`{"a":%s,"b":%s,"runs":%d,"hub":%q,"good":%q}`, state(e.A, seed), state(e.B, seed), e.Runs, e.Hub, e.Good)})
	}
	return questions
}

// A class of thirty takes all nine lessons at once, three or four students each, on a server with fewer places than students: every answer
// comes whole, and of those who take the same lesson none waits much longer than the others.
func TestThirtyStudentsTakeLessons(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	all, err := lessons.All()
	if err != nil {
		t.Fatal(err)
	}
	const students = 30
	limits := Usual()
	limits.Questions = 20
	s := real(t, limits)
	took, waited := make([]time.Duration, students), make([]bool, students)
	began := time.Now()
	var done sync.WaitGroup
	for i := range students {
		done.Go(func() {
			for _, q := range asks(all[i%len(all)], i+1) {
				_, body := s.ask(q[0], q[1])
				if strings.Contains(body, `"kind":"problems"`) || !strings.HasSuffix(body, "event: done\ndata: {\"kind\":\"done\"}\n\n") {
					t.Errorf("student %d: %s ends with %.300q", i+1, q[0], body[max(0, len(body)-300):])
				}
				waited[i] = waited[i] || strings.Contains(body, `"kind":"waiting"`)
			}
			took[i] = time.Since(began)
		})
	}
	done.Wait()
	if !slices.Contains(waited, true) {
		t.Error("nobody has been told that others are served before")
	}
	for k, l := range all {
		var sum, slowest time.Duration
		n := 0
		for i := k; i < students; i += len(all) {
			sum, slowest, n = sum+took[i], max(slowest, took[i]), n+1
		}
		t.Logf("%s: %d students, mean %v, slowest %v", l.ID, n, sum/time.Duration(n), slowest)
		if slowest > 2*sum/time.Duration(n) {
			t.Errorf("%s: the slowest took %v, the mean is %v", l.ID, slowest, sum/time.Duration(n))
		}
	}
}

// While others are served before, a lesson says so.
func TestALessonSaysThatItWaits(t *testing.T) {
	limits := Usual()
	limits.Questions = 1
	path, s := served(t, Config{Limits: limits})
	p := visitAt(t, path, "http://"+s.addr+"/", 1400, 900, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{"tab": "lessons", "lesson": "book"}}))
	p.wait("the lesson", `document.querySelector('article h2') && document.querySelector('.timeline, [type=range]')`)
	p.wait("the first run", `!document.querySelector('.answer.working')`)
	held := make(chan struct{})
	go func() {
		defer close(held)
		s.ask("compare", `{"a":{"scenario":"calm","seed":"1"},"b":{"scenario":"offensive","seed":"1"},"runs":8}`)
	}()
	s.until(func() bool { return s.large.free == 0 })
	p.on("2")
	p.wait("the word that others are before", `document.querySelector('`+step+` [aria-live]').innerText.includes('Many ask at once')`)
	p.picture("waits")
	<-held
	p.wait("its answer", `document.querySelectorAll('`+step+` figure svg').length > 0`)
}

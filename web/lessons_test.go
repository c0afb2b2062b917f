package web

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
	"testing"

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
			t.Run(l.ID+" "+lang, func(t *testing.T) { takeLesson(t, l, lang) })
		}
	}
}

// step is the part of the page that holds the step of a lesson.
const step = "section[aria-labelledby=step-heading]"

func takeLesson(t *testing.T, l lessons.Lesson, lang string) {
	w, err := words.In(lang)
	if err != nil {
		t.Fatal(err)
	}
	p := visit(t, 1400, 900, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{"tab": "lessons", "lesson": l.ID, "lang": lang}}))
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

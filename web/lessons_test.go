package web

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"entrepot/web/lessons"
)

// unfilled finds what must not stand in a text that somebody reads.
var unfilled = regexp.MustCompile(`NaN|\bundefined\b|\bnull\b|%s|%\[\d|\[object|Infinity`)

// Every lesson from its first step to its last, in both languages: predicted, run, explained with the numbers of the run, changed, discussed.
func TestEveryLessonFromStartToFinish(t *testing.T) {
	all, err := lessons.All()
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 8 {
		t.Fatalf("got %d lessons, want eight at least", len(all))
	}
	for _, l := range all {
		for _, lang := range []string{"en", "fr"} {
			t.Run(l.ID+" "+lang, func(t *testing.T) {
				p := visit(t, 1400, 1000, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"},
					"view": map[string]any{"tab": "lessons", "lesson": l.ID, "lang": lang}}))
				p.lesson()
			})
		}
	}
}

// lesson goes through the lesson that is open.
func (p *page) lesson() {
	p.t.Helper()
	step := func(i int) {
		p.t.Helper()
		button := fmt.Sprintf("document.querySelectorAll('article nav button')[%d]", i)
		p.wait(fmt.Sprintf("step %d", i+1), button+" && !"+button+".disabled")
		value[bool](p, "("+button+".click(), true)")
		p.wait(fmt.Sprintf("step %d to be open", i+1), button+".getAttribute('aria-current') === 'step'")
	}
	read := func(i int) {
		p.t.Helper()
		text := p.text("article")
		if bad := unfilled.FindString(text); bad != "" {
			p.picture("unfilled")
			p.t.Errorf("step %d reads %q: ...%s...", i+1, bad, around(text, bad))
		}
	}
	step(0)
	read(0)
	step(1)
	p.wait("the questions", `document.querySelectorAll('article fieldset').length > 0 && document.querySelector('article .charts svg')`)
	if value[bool](p, `(() => { const b = document.querySelector('article section button.primary'); return !b.disabled })()`) {
		p.t.Error("the run is open before anything is predicted")
	}
	value[bool](p, `(() => {
		for (const f of document.querySelectorAll('article fieldset')) {
			const radio = f.querySelector('input[type=radio]')
			if (radio) { radio.click(); continue }
			const range = f.querySelector('input[type=range]')
			range.value = range.min
			range.dispatchEvent(new Event('input', { bubbles: true }))
		}
		return true
	})()`)
	read(1)
	p.wait("the predictions to be taken", `!document.querySelector('article section button.primary').disabled`)
	value[bool](p, `(document.querySelector('article section button.primary').click(), true)`)
	p.wait("the run to be offered", `document.querySelectorAll('article nav button')[2].getAttribute('aria-current') === 'step' && !document.querySelector('article section button.primary').disabled`)
	value[bool](p, `(document.querySelector('article section button.primary').click(), true)`)
	p.wait("what the run shows", `document.querySelector('article .wide table')`)
	read(2)
	p.picture("ran")
	if n := value[int](p, `document.querySelectorAll('article fieldset .verdict').length`); n == 0 {
		p.t.Error("no prediction was judged")
	}
	step(3)
	read(3)
	if n := len(strings.Fields(p.text("article section"))); n < 60 {
		p.t.Errorf("the explanation has %d words", n)
	}
	step(4)
	for {
		left := value[int](p, `document.querySelectorAll('article .task > button').length`)
		before := value[int](p, `document.querySelectorAll('article .task .charts').length`)
		if !value[bool](p, `(() => { const b = [...document.querySelectorAll('article .task')].find((x) => !x.querySelector('.charts') && x.querySelector('button') && !x.dataset.tried); if (!b) return false; b.dataset.tried = '1'; const button = b.querySelector('button'); if (/Compar/.test(button.innerText)) return true; button.click(); b.dataset.ran = '1'; return true })()`) || left == 0 {
			break
		}
		if value[bool](p, `!![...document.querySelectorAll('article .task')].find((x) => x.dataset.ran === '1' && !x.querySelector('.charts'))`) {
			p.wait("the change's charts", fmt.Sprintf("document.querySelectorAll('article .task .charts').length > %d", before))
		}
	}
	read(4)
	step(5)
	read(5)
	p.wait("questions to discuss", `document.querySelectorAll('article section li').length > 2`)
}

func around(text, what string) string {
	at := strings.Index(text, what)
	return text[max(0, at-60):min(len(text), at+60)]
}

// Two states side by side and as ensembles, with the effect and its interval in words.
func TestTwoStatesAreCompared(t *testing.T) {
	for lang, want := range map[string]string{"en": "95 % interval", "fr": "intervalle à 95 %"} {
		t.Run(lang, func(t *testing.T) {
			p := visit(t, 1400, 1000, fragment(map[string]any{
				"a":     map[string]any{"scenario": "textbook", "seed": "1"},
				"state": map[string]any{"scenario": "textbook", "seed": "1", "parameters": map[string]string{"road.payment": "800000"}},
				"view":  map[string]any{"tab": "compare", "hub": "end", "lang": lang}}))
			p.ran()
			p.wait("the single runs side by side", `document.querySelector('#room svg')`)
			p.picture("single")
			before := p.text("#room")
			value[bool](p, `(document.querySelector('#room button.primary').click(), true)`)
			p.wait("the effect in words", fmt.Sprintf(`document.querySelector('#room').innerText.replace(/[\u00a0\u202f]/g, ' ').includes(%q)`, want))
			p.picture("ensemble")
			if after := p.text("#room"); len(after) <= len(before) || unfilled.MatchString(after) {
				t.Errorf("the room reads %s", after)
			}
		})
	}
}

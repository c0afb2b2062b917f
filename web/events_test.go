package web

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"entrepot/scenarios"
	"entrepot/web/live"
)

// field fills a field of the form for a new event, as a hand would.
func (p *page) field(name, v string) {
	p.t.Helper()
	at := fmt.Sprintf(`document.getElementById('new-%s')`, name)
	p.wait("the field "+name, at)
	value[bool](p, fmt.Sprintf(`(() => { const e = %s; e.value = %q; if (e.value !== %q) throw new Error('%s takes no ' + %q); e.dispatchEvent(new Event('input', { bubbles: true })); e.dispatchEvent(new Event('change', { bubbles: true })); return true })()`, at, v, v, name, v))
}

// state is that of the link in the address.
func (p *page) state() map[string]any {
	p.t.Helper()
	read := `JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(location.hash.slice(3).replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)))).state`
	return value[map[string]any](p, read)
}

// newEvents opens the form.
func newEvents(t *testing.T, lang string, more map[string]any) *page {
	state := map[string]any{"scenario": "offensive", "seed": "1"}
	for name, v := range more {
		state[name] = v
	}
	p := visit(t, 1400, 900, fragment(map[string]any{"state": state, "view": map[string]any{"tab": "change", "lang": lang}}))
	p.ran()
	p.press(map[string]string{"en": "Events: on, off", "fr": "Événements"}[lang])
	p.press(map[string]string{"en": "A new event", "fr": "Un nouvel événement"}[lang])
	return p
}

// Events of every kind that the loader knows are made in the form, run, and are in the link.
func TestNewEventsOfEveryKind(t *testing.T) {
	fields := map[string][][2]string{
		"hub_control": {{"hub", "gao"}, {"to", "none"}, {"regime", "closed"}}, "route": {{"hub", "gao"}, {"value", "0.3"}}, "force": {{"action", "campaign"}, {"force", "fama"}, {"hubs", "ber"}, {"hubs", "kidal"}},
		"supply": {{"origin", "libya"}, {"factor", "0.5"}}, "demand": {{"buyer", "miners"}, {"factor", "2"}}, "alliance": {{"action", "join"}, {"group", "jnim"}, {"other", "is_sahel"}},
		"income": {{"group", "jnim"}, {"factor", "2"}}, "exchange_rate": {{"currency", "NGN"}, {"factor", "0.5"}}, "programme": {{"action", "announce"}, {"programme", "ddr2025_gao"}},
		"capture": {{"hub", "gao"}, {"group", "jnim"}}, "violence": {{"zone", "gao_menaka"}, {"value", "2"}, {"until", "2025-06-30"}, {"note", "a note of one's own"}},
	}
	p := newEvents(t, "en", nil)
	for _, k := range scenarios.EventKinds() {
		if fields[k.Name] == nil {
			t.Errorf("no test of the kind %s", k.Name)
			continue
		}
		p.field("kind", k.Name)
		p.field("date", "2024-03-04")
		if text := p.text("#room form"); !strings.Contains(text, "Still needed: ") {
			t.Errorf("%s: an empty form asks for nothing: %s", k.Name, text)
		}
		for _, f := range fields[k.Name] {
			p.field(f[0], f[1])
		}
		p.picture(k.Name)
		p.press("Add this event")
		p.wait("an event of kind "+k.Name+" in the link", fmt.Sprintf(`/"kind":"%s"/.test(new TextDecoder().decode(Uint8Array.from(atob(location.hash.slice(3).replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))))`, k.Name))
		p.ran()
		if value[bool](p, `!!document.querySelector('#room [role=alert]')`) {
			t.Fatalf("%s: %s", k.Name, p.text("#room [role=alert]"))
		}
	}
	state, _ := json.Marshal(p.state())
	if n := strings.Count(string(state), `"cause":"by-hand"`); n != len(fields) {
		t.Errorf("%d events in the link, want %d: %s", n, len(fields), state)
	}
	if !strings.Contains(string(state), `"hubs":["ber","kidal"]`) || !strings.Contains(string(state), `"until":"2025-06-30"`) {
		t.Errorf("the link has %s", state)
	}
	text, err := live.Source(state)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`kind: "exchange_rate"`, `currency: "NGN"`, "hubs:", "a note of one's own"} {
		if !strings.Contains(strings.ReplaceAll(text, "''", "'"), want) {
			t.Errorf("the file lacks %q:\n%s", want, text)
		}
	}
	if list := p.text("#room"); strings.Contains(list, "added-") || !strings.Contains(list, "a note of one's own") {
		t.Errorf("the events read %s", list)
	}
	p.press("Undo")
}

// What the loader minds in a new event stands in the form, and nothing is changed; a day outside the period is not taken.
func TestAWrongNewEventIsToldInPlace(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		t.Run(lang, func(t *testing.T) {
			p := newEvents(t, lang, nil)
			p.field("kind", "supply")
			p.field("origin", "libya")
			p.field("factor", "-3")
			p.press(map[string]string{"en": "Add this event", "fr": "Ajouter cet événement"}[lang])
			p.wait("the loader's message", `/(must be|doit) .*[-−]3/.test(document.getElementById('new-factor-wrong')?.innerText)`)
			p.picture("wrong")
			if events := p.state()["events"]; events != nil {
				t.Errorf("it was added: %v", events)
			}
			value[bool](p, `(() => { const e = document.getElementById('new-date'); e.value = '1999-01-01'; e.dispatchEvent(new Event('change', { bubbles: true })); return true })()`)
			p.wait("a word on the period", fmt.Sprintf(`/%s/.test(document.getElementById('new-date').parentElement.innerText.replace(/\u00a0/g, ' '))`, map[string]string{"en": "outside the period", "fr": "hors de la période"}[lang]))
			if got := value[string](p, `document.getElementById('new-date').value`); got < "2021" {
				t.Errorf("the day is %s", got)
			}
		})
	}
}

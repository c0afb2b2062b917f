package web

import (
	"io"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

// wire is a connection between page and server that breaks when a test says so.
type wire struct {
	net.Listener
	to   string
	most atomic.Int64 // bytes from the server until a connection breaks; 0: any
	down atomic.Bool

	lock  sync.Mutex
	conns []net.Conn
}

func newWire(t *testing.T, to string) *wire {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &wire{Listener: l, to: to}
	t.Cleanup(func() { _ = l.Close(); w.cut() })
	go w.serve()
	return w
}

func (w *wire) serve() {
	for {
		near, err := w.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", w.to)
		if w.down.Load() || err != nil {
			_ = near.Close()
			continue
		}
		w.lock.Lock()
		w.conns = append(w.conns, near, far)
		w.lock.Unlock()
		go func() { _, _ = io.Copy(far, near); _ = far.Close() }()
		go func() {
			from := io.Reader(far)
			if most := w.most.Load(); most > 0 {
				from = io.LimitReader(far, most)
			}
			_, _ = io.Copy(near, from)
			_, _ = near.Close(), far.Close()
		}()
	}
}

// cut breaks every connection there is.
func (w *wire) cut() {
	w.lock.Lock()
	defer w.lock.Unlock()
	for _, c := range w.conns {
		_ = c.Close()
	}
	w.conns = nil
}

// wired opens the page behind a wire.
func wired(t *testing.T, address string) (*page, *wire) {
	t.Helper()
	path, s := served(t, Config{})
	w := newWire(t, s.addr)
	p := visitAt(t, path, "http://"+w.Addr().String()+"/", 1400, 900, address)
	p.allow("net::ERR_") // the browser says of each connection that it is gone
	return p, w
}

func stateLink(scenario, tab string, more map[string]any) string {
	state := map[string]any{"scenario": scenario, "seed": "1"}
	for name, v := range more {
		state[name] = v
	}
	return fragment(map[string]any{"state": state, "view": map[string]any{"tab": tab}})
}

const alarm = `document.querySelector('.alarms')?.innerText ?? ''`

func TestARunWhoseConnectionBreaksGoesOn(t *testing.T) {
	p, w := wired(t, stateLink("textbook", "about", nil))
	p.ran()
	w.most.Store(200_000) // the answer has more: it breaks on the way
	w.cut()
	p.choose("header select", "offensive")
	p.wait("the whole run, in pieces", `document.querySelector('main[data-run=whole]') && document.title.includes('army')`)
	w.most.Store(0)
	w.down.Store(true)
	w.cut()
	p.choose("header select", "calm")
	p.wait("word that the connection is lost", `(`+alarm+`).includes('connection to the program is lost')`)
	p.picture("lost")
	if text := p.text(".alarms"); strings.Contains(text, "catalog") || strings.Contains(text, "run ") && strings.Contains(text, "api") {
		t.Errorf("names of questions are nobody's business: %q", text)
	}
	w.down.Store(false)
	p.wait("the run that went on by itself", `document.querySelector('main[data-run=whole]') && !(`+alarm+`).includes('is lost')`)
	p.wait("word that it did", `[...document.querySelectorAll('[role=status]')].some((e) => e.innerText.includes('connection is there again'))`)
}

func TestAComparisonWhoseConnectionBreaksGoesOn(t *testing.T) {
	p, w := wired(t, stateLink("textbook", "compare", map[string]any{"parameters": map[string]string{"road.payment": "800000"}}))
	p.ran()
	p.wait("the button", `document.querySelector('#room button.primary')`)
	value[bool](p, `(document.querySelector('#room button.primary').click(), true)`)
	time.Sleep(200 * time.Millisecond)
	w.down.Store(true)
	w.cut()
	p.wait("word that the connection is lost", `(`+alarm+`).includes('connection to the program is lost')`)
	w.down.Store(false)
	p.press("Ask now")
	p.wait("the comparison", `document.querySelector('#room').innerText.includes('95 % interval')`)
}

func TestAScenarioThatIsNotThereIsToldInEveryRoom(t *testing.T) {
	for _, tab := range []string{"hub", "compare", "about", "change"} {
		t.Run(tab, func(t *testing.T) {
			p := visit(t, 1200, 800, stateLink("no-such-thing", tab, nil))
			p.wait("what is wrong", `(`+alarm+`).includes('no-such-thing')`)
			if value[bool](p, `!!document.querySelector('.try .wait')`) {
				t.Error("an empty button stands there")
			}
			p.picture("unknown")
			p.press("Back to a scenario without changes")
			p.ran()
			if text := value[string](p, alarm); strings.TrimSpace(text) != "" {
				t.Errorf("still wrong: %q", text)
			}
		})
	}
	p := visit(t, 1200, 800, stateLink("no-such-thing", "change", nil))
	p.wait("what is wrong", `(`+alarm+`).includes('no-such-thing')`)
	p.press("Reset all")
	p.ran()
}

func TestASideThatCannotBeComparedIsToldPlainly(t *testing.T) {
	p := visit(t, 1200, 800, fragment(map[string]any{"state": map[string]any{"scenario": "offensive", "seed": "1"}, "a": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{"tab": "compare"}}))
	p.ran()
	p.choose("#room select", "kept")
	p.wait("that A is of another world", `document.querySelector('#room').innerText.includes('another world')`)
	if strings.Contains(p.text("#room"), "must be") {
		t.Errorf("the room speaks as the engine does: %s", p.text("#room"))
	}
	p.picture("worlds")
	p.press("Take the scenario without changes")
	p.wait("that A and B are the same", `document.querySelector('#room').innerText.includes('A and B are the same')`)

	p = visit(t, 1200, 800, stateLink("offensive", "compare", map[string]any{"parameters": map[string]string{"road.payment": "-5"}}))
	p.wait("that B cannot be run", `document.querySelector('#room').innerText.includes('B, what the page was to show, cannot be run')`)
}

// What is typed into a field for a number goes on as a scenario file has it, and a value that cannot be leaves the run that comes alone.
func TestNumbersAreReadAsTheyAreWritten(t *testing.T) {
	p := visit(t, 1400, 900, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{"tab": "change", "lang": "fr"}}))
	p.ran()
	field := `document.getElementById('parameter-road.town')`
	p.wait("the field", field)
	if got := value[string](p, field+`.value`); got != "0,08" {
		t.Errorf("a French field says %q", got)
	}
	read := `JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(location.hash.slice(3).replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)))).state.parameters?.['road.town']`
	for typed, want := range map[string]string{"0,05": "0.05", ".5": "0.5", "1e-1": "0.1", "007": "7", "1 000": "1000"} {
		p.write(field, typed)
		p.wait(typed+" as "+want, read+` === '`+want+`'`)
	}
	p.write(field, "0,05")
	p.ran()
	p.write(field, "abc")
	p.wait("that it is no number", `document.getElementById('parameter-road.town-wrong').innerText.includes('0,08')`)
}

func TestABadValueLeavesTheRunAlone(t *testing.T) {
	p := visit(t, 1400, 900, stateLink("offensive", "change", nil))
	p.wait("the field", `document.getElementById('parameter-road.town')`)
	p.write(`document.getElementById('parameter-road.town')`, "9999")
	p.wait("that it cannot be", `document.querySelector('.answer').innerText.includes('Nothing was run') || document.querySelector('.answer').innerText.includes('Nothing can be shown')`)
	p.ran()
	p.press("To the end")
	p.wait("a button that plays", `[...document.querySelectorAll('button.primary')].some((b) => b.innerText.includes('Play'))`)
	p.press("Undo")
	p.ran()
	if text := p.text(".answer"); strings.Contains(text, "Nothing") {
		t.Errorf("after Undo: %q", text)
	}
	p.key(kb.Escape)
}

// choose takes an option of the first select that a selector finds.
func (p *page) choose(selector, option string) {
	p.t.Helper()
	p.wait("the choice "+option, `[...document.querySelector('`+selector+`')?.options ?? []].some((o) => o.value === '`+option+`')`)
	value[bool](p, `(() => { const s = document.querySelector('`+selector+`'); s.value = '`+option+`'; s.dispatchEvent(new Event('change', { bubbles: true })); return true })()`)
}

// write types a text into a field.
func (p *page) write(field, text string) {
	p.t.Helper()
	value[bool](p, `(() => { const x = `+field+`; x.focus(); x.value = '`+text+`'; x.dispatchEvent(new Event('input', { bubbles: true })); return true })()`)
}

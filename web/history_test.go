package web

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

const atRoom = `document.querySelector('[role=tab][aria-selected=true]').id === 'tab-%s'`

// entered waits until the room is one's and the history has so many entries more than at first.
func (p *page) entered(tab string, entries int) {
	p.t.Helper()
	p.wait("the room "+tab, fmt.Sprintf(atRoom, tab))
	p.wait(fmt.Sprintf("%d entries of the history", entries), fmt.Sprintf(`history.length === %d`, entries))
}

// Back and Forward of the browser go from room to room and to the list of lessons; what was changed stays. Back from another link is the state before.
func TestBackAndForward(t *testing.T) {
	p := visit(t, 1400, 900, stateLink("textbook", "change", nil))
	p.ran()
	p.wait("the entry of the page", `history.state?.tab === 'change'`)
	first := value[int](p, `history.length`)
	p.press("A market")
	p.entered("hub", first+1)
	p.press("Double the payments")
	p.wait("the change in the link", linked+`.includes('road.payment')`)
	p.ran()
	p.press("Lessons")
	p.entered("lessons", first+2)
	p.press("Open lesson 2")
	p.wait("the entry of the lesson", fmt.Sprintf(`history.length === %d`, first+3))
	value[bool](p, `(history.back(), true)`)
	p.wait("the list of lessons", `document.querySelector('[aria-label^="Open lesson 1"]')`)
	value[bool](p, `(history.back(), true)`)
	p.entered("hub", first+3)
	p.wait("the change, still", linked+`.includes('road.payment') && `+linked+`.includes('"tab":"hub"')`)
	value[bool](p, `(history.go(-1), true)`)
	p.entered("change", first+3)
	if text := p.text("#room .count"); text != "1 change" {
		t.Errorf("the room says %q, want 1 change", text)
	}
	value[bool](p, `(history.forward(), true)`)
	p.entered("hub", first+3)

	p.do(chromedp.Navigate(p.base + stateLink("calm", "actors", nil)))
	p.wait("the other scenario", `document.querySelector('main[data-run=whole]') && document.querySelector('header select').value === 'calm'`)
	p.wait("its link", linked+`.includes('"calm"')`)
	value[bool](p, `(history.back(), true)`)
	p.wait("the state before the other link", `document.querySelector('main[data-run=whole]') && document.querySelector('header select').value === 'textbook' && `+linked+`.includes('road.payment')`)
}

// linked is what the link in the address says.
const linked = `new TextDecoder().decode(Uint8Array.from(atob(location.hash.slice(3).replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0)))`

// twice double-clicks with the mouse on the visible button whose name holds a text, a little inside its left edge.
func (p *page) twice(name string) {
	p.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll('button')].find((b) => b.innerText.includes(%q) && !b.disabled && b.offsetParent)`, name)
	p.wait("the button "+name, find)
	at := value[[]float64](p, `(() => { const b = `+find+`; b.scrollIntoView({ block: 'center' }); const r = b.getBoundingClientRect(); return [r.left + 12, r.top + r.height / 2] })()`)
	for count := range 2 {
		for _, what := range []input.DispatchMouseEventType{input.DispatchMouseEventTypeMousePressed, input.DispatchMouseEventTypeMouseReleased} {
			p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
				_, err := cdp.Call(ctx, t, input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: what, X: at[0], Y: at[1], Button: input.MouseButtonLeft, ClickCount: int64(count + 1)})
				return chromedp.Void{}, err
			})
		}
	}
}

// Who double-clicks where one click is enough gets what one click gives.
func TestADoubleClickIsOne(t *testing.T) {
	p := visit(t, 1400, 900, stateLink("textbook", "change", map[string]any{"parameters": map[string]string{"road.payment": "400000"}}))
	p.ran()
	p.press("Close a town or a road")
	p.twice("Add")
	p.wait("the event", linked+`.includes('by-hand')`)
	p.ran()
	if events, _ := p.state()["events"].([]any); len(events) != 1 {
		t.Errorf("%d events, want one: %v", len(events), events)
	}
	p.press("Compare")
	p.choose("#room .sides select", "plain")
	p.wait("a comparison to make", `document.querySelector('#room button.primary')`)
	p.twice("Run the comparison")
	p.wait("the comparison", `/95 % interval/.test(document.querySelector('#room .result')?.innerText.replace(/\u00a0/g, ' '))`)
}

// Switches thrown faster than runs come leave the last state, its run and its answer.
func TestManySwitchesQuickly(t *testing.T) {
	p := visit(t, 1400, 900, stateLink("offensive", "change", nil))
	p.ran()
	hash := func() string {
		p.press("About")
		p.wait("the hash", `document.querySelector('#room .hash')`)
		defer p.press("Change it")
		return p.text("#room .hash")
	}
	prices := func() string { // of the last week, as the chart's key tells them
		value[bool](p, `(() => { const s = document.querySelector('input[type=range][aria-label=Week]'); s.value = s.max; s.dispatchEvent(new Event('input', { bubbles: true })); return true })()`)
		p.wait("the last week", `(() => { const s = document.querySelector('input[type=range][aria-label=Week]'); return s.value === s.max })()`)
		return value[string](p, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done([...document.querySelectorAll('.market .value')].map((v) => v.innerText).join('; ')))))`)
	}
	first, dear := hash(), prices()
	const buttons = `[...document.querySelectorAll('.try button:not([disabled])')]`
	p.wait("three buttons", buttons+`.length === 3`)
	value[bool](p, `(async () => { for (let i = 0; i < 24; i++) { `+buttons+`[i % 3].click(); await new Promise((go) => setTimeout(go, 15 * (i % 5))) } return true })()`)
	p.wait("nothing changed, and run", `document.querySelector('main[data-run=whole]') && document.querySelector('#room .count').innerText === 'nothing changed'`)
	value[bool](p, buttons+`[1].click() ?? true`)
	p.wait("an answer", `document.querySelector('main[data-run=whole]') && document.querySelector('.answer strong')?.innerText.startsWith('Close the Salvador')`)
	p.press("Undo")
	p.wait("nothing changed again", `document.querySelector('main[data-run=whole]') && !document.querySelector('.try [aria-pressed=true]') && document.querySelector('.answer strong')?.innerText.startsWith('Taken back')`)
	if now := hash(); now != first {
		t.Errorf("the run is %q, was %q", now, first)
	}
	if now := prices(); now != dear || !strings.Contains(dear, "CFA") {
		t.Errorf("the prices are %q, were %q", now, dear)
	}
}

// Two windows with different states do not mix, also where one changes language and ground.
func TestTwoWindows(t *testing.T) {
	path, s := served(t, Config{})
	base := "http://" + s.addr + "/"
	one := visitAt(t, path, base, 1200, 800, stateLink("textbook", "about", nil))
	two := visitAt(t, path, base, 1200, 800, stateLink("textbook", "about", map[string]any{"parameters": map[string]string{"road.payment": "400000"}}))
	hash := func(p *page) string { return p.text("#room .hash") }
	one.ran()
	two.ran()
	first, second := hash(one), hash(two)
	if first == second || !strings.Contains(first, "textbook") {
		t.Fatalf("the windows have %q and %q", first, second)
	}
	value[bool](two, `(() => { const s = document.querySelector('.set select'); s.value = 'fr'; s.dispatchEvent(new Event('change', { bubbles: true })); return true })()`)
	two.wait("French", `document.documentElement.lang === 'fr'`)
	one.press("Change it")
	one.press("Double the payments")
	one.wait("the change", linked+`.includes('road.payment')`)
	one.ran()
	one.press("About")
	if now := hash(one); now == first || value[string](one, `document.documentElement.lang`) != "en" {
		t.Errorf("the first window has %q in %s", now, value[string](one, `document.documentElement.lang`))
	}
	if now := hash(two); now != second {
		t.Errorf("the second window has %q, want %q", now, second)
	}
}

// What a stranger's file or link says is shown as text, and bends no line of the page.
func TestHostileNames(t *testing.T) {
	notes := []string{
		`<img src=x onerror="window.harmed = 1"><script>window.harmed = 2</script>`,
		"\u202e" + "desrever \u2066 never closed",
		strings.Repeat("W", 300),
		"%s %[9]d %% {@html} ${1}",
	}
	var events []any
	for i, note := range notes {
		events = append(events, map[string]any{"id": fmt.Sprintf("e%d", i), "kind": "hub_control", "cause": "by-hand", "hub": "gao", "regime": "closed", "date": fmt.Sprintf("2023-0%d-02", i+1), "note": note})
	}
	for _, size := range [][2]int64{{1400, 900}, {360, 740}} {
		t.Run(fmt.Sprint(size[0]), func(t *testing.T) {
			p := visit(t, size[0], size[1], fragment(map[string]any{"state": map[string]any{"scenario": "offensive", "seed": "1", "events": events}, "view": map[string]any{"tab": "change", "tick": 130}}))
			p.wait("an answer", `document.querySelector('main[data-run=whole]') || document.querySelector('[role=alert]')`)
			p.press("Events: on, off")
			p.wait("the events", `document.querySelectorAll('#room details[open] li, #room details[open] .dial, #room details[open] label').length > 3`)
			p.picture("notes")
			value[bool](p, `(document.querySelector('#room h4').scrollIntoView(), true)`)
			p.picture("list")
			if text := p.text("#room"); strings.ContainsAny(text, "\u202e\u2066") || !strings.Contains(text, "<img src=x") || !strings.Contains(text, "%[9]d") {
				t.Errorf("the notes read %s", text)
			}
			if value[bool](p, `!!window.harmed || !!document.querySelector('img, #room script')`) {
				t.Error("a note was taken for markup")
			}
			if wide := value[int](p, `document.documentElement.scrollWidth`); int64(wide) > size[0] {
				t.Errorf("the page is %d points wide; too wide are %s", wide, value[string](p, `[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest('.board, .news')).slice(0, 8).map((e) => e.tagName + '.' + e.className + ' ' + e.innerText?.slice(0, 30)).join(' ')`))
			}
		})
	}
}

// upload gives a file to the field for one, as a hand would.
func (p *page) upload(expression, name string) {
	p.t.Helper()
	value[bool](p, fmt.Sprintf(`(() => { const d = new DataTransfer(); d.items.add(new File([%s], %q)); const x = document.querySelector('input[type=file]'); x.files = d.files; x.dispatchEvent(new Event('change', { bubbles: true })); return true })()`, expression, name))
}

// Files that are none are refused in words, and the page shows on what it showed.
func TestHostileUploads(t *testing.T) {
	p := visit(t, 1200, 900, stateLink("textbook", "change", nil))
	p.ran()
	p.press("A scenario of your own")
	wrong := `document.getElementById('own-file-wrong').innerText.replace(/[\u00a0\u202f]/g, ' ')`
	p.wait("the field", `document.querySelector('input[type=file]')`)
	for _, test := range []struct{ name, content, want string }{
		{"a huge file", `new Uint8Array(50_000_000)`, "at most"},
		{"one byte too much", `'#'.repeat(131_073)`, "at most"},
		{"nothing", `''`, "There is no text"},
		{"a program", `new Uint8Array(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))`, "line 1"},
		{"markup", `'<!doctype html><img src=x onerror="window.harmed = 1">'`, "line"},
		{"a scenario that extends itself", `'version: 1\nname: loop\nextends: [loop]\n'`, "loop"},
		{"aliases that grow", `'version: 1\nname: bomb\nextends: [textbook]\nnotes:\n' + 'abcdefghi'.split('').map((c, i) => '  ' + c + ': &' + c + ' [' + (i ? Array(9).fill('*' + 'abcdefghi'[i - 1]).join(', ') : 'x') + ']').join('\n') + '\n'`, "line"},
		{"a name of a thousand letters", `'version: 1\nname: ' + 'n'.repeat(1000) + '\nextends: [textbook]\n'`, "line 2"},
		{"a path for a world", `'version: 1\nname: mine\nworld: ../../etc\n'`, "world"},
	} {
		p.upload(test.content, test.name+".yaml")
		p.wait(test.name+" to be refused", fmt.Sprintf(`%s.includes(%q)`, wrong, test.want))
		if value[bool](p, `!!window.harmed || !!document.querySelector('img')`) {
			t.Errorf("%s: taken for markup", test.name)
		}
		if wide := value[int](p, `document.documentElement.scrollWidth`); wide > 1200 {
			t.Errorf("%s: the page is %d points wide", test.name, wide)
		}
	}
	p.ran() // what was shown before
	p.upload(`'version: 1\nname: mine\ntitle: "<b>Mine</b>"\nextends: [textbook]\n'`, "mine.yaml")
	p.wait("the file's own title", `document.title.startsWith('<b>Mine</b>') && document.querySelector('main[data-run=whole]')`)
}

// The window may change its size while it plays: nothing sticks out, drawings have the new size, and weeks go on.
func TestTheWindowChangesWhilePlaying(t *testing.T) {
	p := visit(t, 1400, 900, fragment(map[string]any{"state": map[string]any{"scenario": "offensive", "seed": "1"}, "view": map[string]any{"tab": "actors", "tick": 5}}))
	p.ran()
	p.press("Play")
	const week = `Number(document.querySelector('input[type=range][aria-label=Week]').value)`
	for _, size := range [][2]int64{{1000, 700}, {360, 640}, {640, 360}, {1920, 1080}} {
		from := value[int](p, week)
		p.do(chromedp.EmulateViewport(size[0], size[1]))
		p.wait(fmt.Sprintf("drawings of the size of a window of %d", size[0]), `[...document.querySelectorAll('.market canvas')].every((c) => Math.abs(c.width - c.clientWidth * Math.min(2, devicePixelRatio)) <= 2 && c.getBoundingClientRect().right <= innerWidth)`)
		p.wait("weeks that pass", fmt.Sprintf(`%s > %d`, week, from+3))
		if wide := value[int](p, `document.documentElement.scrollWidth`); int64(wide) > size[0] {
			t.Errorf("at %d the page is %d points wide", size[0], wide)
		}
		p.picture(fmt.Sprint(size[0]))
	}
}

package web

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"entrepot/web/live"
)

// page is the page in a real browser, served by the program with its engine.
type page struct {
	t        testing.TB
	ctx      context.Context
	base     string        // address of the page
	patience time.Duration // how long it may take to show something

	lock    sync.Mutex
	errs    []string // what the page complained of
	allowed string   // what it may complain of
}

// patience is how long something may take to appear in the browser of a busy machine.
const patience = 30 * time.Second

// browser returns the program that is the browser, or leaves the test out; with CI=true that is a failure.
func browser(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("not run: there is no chromium; make needs installs it")
	}
	t.Skip("not run: there is no chromium; make needs installs it on Debian")
	return ""
}

// visit opens an address of the page in a window of its own.
func visit(t testing.TB, width, height int64, address string) *page {
	t.Helper()
	path, s := served(t, Config{})
	return visitAt(t, path, "http://"+s.addr+"/", width, height, address)
}

// served returns the path of a browser and a server of the page as it is built, with two workers and an engine of its own where c has none.
func served(t testing.TB, c Config) (string, *site) {
	t.Helper()
	if testing.Short() {
		t.Skip("not run: -short")
	}
	path := browser(t)
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		t.Fatal(err)
	}
	c.Built, c.Language = built, "en"
	if c.Desk == nil {
		c.Desk = &live.Desk{Version: "test", Workers: 2, Turn: Turn}
	}
	return path, open(t, c)
}

// chromes are the browsers that run, one for all tests: each visit is a window of its own.
var chromes struct {
	sync.Mutex
	ctx context.Context
	end []context.CancelFunc
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range slices.Backward(chromes.end) {
		end()
	}
	os.Exit(code)
}

// chrome returns the context of the browser, which is started by the first who asks.
func chrome(t testing.TB, path string) context.Context {
	t.Helper()
	chromes.Lock()
	defer chromes.Unlock()
	if chromes.ctx != nil {
		return chromes.ctx
	}
	allocator, end := chromedp.NewExecAllocator(context.Background(), chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Headless,
		chromedp.Flag("disable-dev-shm-usage", true), chromedp.WSURLReadTimeout(patience))
	ctx, close := chromedp.NewContext(allocator)
	chromes.end = append(chromes.end, end, close)
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("starting the browser: %v", err)
	}
	chromes.ctx = ctx
	return ctx
}

func visitAt(t testing.TB, path, base string, width, height int64, address string) *page {
	t.Helper()
	ctx, end := chromedp.NewContext(chrome(t, path))
	t.Cleanup(end)
	p := &page{t: t, ctx: ctx, base: base, patience: patience}
	if err := chromedp.Do(ctx); err != nil { // opens the window, which lives as long as the context of this call
		t.Fatalf("opening a window: %v", err)
	}
	p.listen()
	var options []chromedp.EmulateViewportOption
	if width < 500 {
		options = append(options, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	p.do(chromedp.EmulateViewport(width, height, options...), chromedp.Navigate(base+address))
	return p
}

// listen keeps what the page complains of, which no test allows.
func (p *page) listen() {
	messages := chromedp.Console(p.ctx)
	go func() {
		for m, err := range messages {
			if err != nil {
				return
			}
			if m.IsException() || m.Type == chromedp.ConsoleError {
				p.lock.Lock()
				p.errs = append(p.errs, m.Text+" "+m.URL)
				p.lock.Unlock()
			}
		}
	}()
	p.t.Cleanup(func() {
		p.lock.Lock()
		defer p.lock.Unlock()
		if p.errs = slices.DeleteFunc(p.errs, func(e string) bool { return p.allowed != "" && strings.Contains(e, p.allowed) }); len(p.errs) > 0 {
			p.t.Errorf("the page complained: %s", strings.Join(p.errs, "\n"))
		}
	})
}

// allow lets the page complain of what a test does to it.
func (p *page) allow(complaint string) {
	p.lock.Lock()
	defer p.lock.Unlock()
	p.allowed = complaint
}

func (p *page) do(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, p.patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.picture("failed")
		p.t.Fatalf("in the browser: %v", err)
	}
}

// value evaluates an expression.
func value[T any](p *page, expression string) (v T) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, p.patience)
	defer cancel()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		p.picture("failed")
		p.t.Fatalf("evaluating %.200s: %v", expression, err)
	}
	return v
}

// wait waits until an expression is true.
func (p *page) wait(what, expression string) {
	p.t.Helper()
	end := time.Now().Add(p.patience)
	for !value[bool](p, "!!("+expression+")") {
		if time.Now().After(end) {
			p.picture("waited")
			p.t.Fatalf("waited for %s in vain; the page reads:\n%.3000s", what, p.text("body"))
		}
		time.Sleep(50 * time.Millisecond)
	}
}

// text is what a reader sees of the first element that a selector finds.
func (p *page) text(selector string) string {
	p.t.Helper()
	return value[string](p, fmt.Sprintf("document.querySelector(%q)?.innerText ?? ''", selector))
}

// press presses the first visible button, tab, link or summary whose name holds a text.
func (p *page) press(name string) {
	p.t.Helper()
	find := fmt.Sprintf(`[...document.querySelectorAll('button, summary, a, [role=tab]')].find((b) => (b.innerText + ' ' + (b.getAttribute('aria-label') ?? '')).includes(%q) && !b.disabled && b.offsetParent)`, name)
	p.wait("the button "+name, find)
	value[bool](p, "("+find+".click(), true)")
}

// key presses a key, with whatever has the focus.
func (p *page) key(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.do(chromedp.KeyEvent(k))
	}
}

// picture keeps a screenshot where ENTREPOT_PICTURES says, for eyes.
func (p *page) picture(name string) {
	dir := os.Getenv("ENTREPOT_PICTURES")
	if dir == "" {
		return
	}
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot()); err == nil {
		_ = os.WriteFile(filepath.Join(dir, strings.ReplaceAll(p.t.Name(), "/", "-")+"-"+name+".png"), png, 0o644)
	}
}

// ran waits for the whole run to have come.
func (p *page) ran() {
	p.t.Helper()
	p.wait("a whole run", `document.querySelector('main[data-run=whole]')`)
}

// fragment is a link to a state and a view.
func fragment(link map[string]any) string {
	data, err := json.Marshal(link)
	if err != nil {
		panic(err) // the tests' own links
	}
	return "#s=" + base64.RawURLEncoding.EncodeToString(data)
}

func TestAChangeIsAnsweredWithinAMinute(t *testing.T) {
	p := visit(t, 1400, 900, "")
	p.ran()
	p.picture("first")
	p.press("Double the payments at checkpoints")
	p.wait("the prices' answer in words", `/on one draw of luck/.test(document.querySelector('.answer').innerText)`)
	p.picture("answered")
	if text := p.text(".answer"); !strings.Contains(text, "CFA") {
		t.Errorf("the answer has no price: %q", text)
	}
	p.press("Undo")
	p.ran()
}

func TestPlayPauseStepAndScrub(t *testing.T) {
	p := visit(t, 1400, 900, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{}}))
	p.ran()
	week := func() int {
		return value[int](p, `Number(document.querySelector('input[type=range][aria-label=Week]').value)`)
	}
	if value[bool](p, `[...document.querySelectorAll('button')].some((b) => b.innerText.includes('Pause'))`) {
		p.press("Pause")
	}
	p.press("To the beginning")
	if got := week(); got != 0 {
		t.Errorf("at the beginning: week %d", got)
	}
	p.press("One week on")
	p.press("One week on")
	p.press("One week back")
	if got := week(); got != 1 {
		t.Errorf("two on and one back: week %d, want 1", got)
	}
	p.press("To the end")
	last := week()
	if want := value[int](p, `Number(document.querySelector('input[type=range][aria-label=Week]').max)`); last != want || last < 100 {
		t.Errorf("at the end: week %d of %d", last, want)
	}
	value[bool](p, `(() => { const x = document.querySelector('input[type=range][aria-label=Week]'); x.value = 40; x.dispatchEvent(new Event('input', {bubbles: true})); return true })()`)
	p.wait("the week scrubbed to", `document.querySelector('input[type=range][aria-label=Week]').value === '40'`)
	p.press("Play")
	p.wait("weeks that pass", `Number(document.querySelector('input[type=range][aria-label=Week]').value) > 44`)
	p.press("Pause")
	at := week()
	time.Sleep(300 * time.Millisecond)
	if got := week(); got != at {
		t.Errorf("paused at week %d, now %d", at, got)
	}
}

func TestALinkBringsTheSameStateBack(t *testing.T) {
	p := visit(t, 1400, 900, fragment(map[string]any{
		"state": map[string]any{"scenario": "offensive", "seed": "7", "parameters": map[string]string{"road.payment": "400000"}, "layers": []string{"ddr-2025"}},
		"view":  map[string]any{"tab": "hub", "hub": "kidal", "good": "ammo_762x39", "tick": 100, "lang": "fr"},
	}))
	p.ran()
	p.wait("the link of the page", `location.hash.length > 100`)
	read := `JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(location.hash.slice(3).replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0))))`
	got := value[map[string]any](p, read)
	state, _ := got["state"].(map[string]any)
	view, _ := got["view"].(map[string]any)
	if fmt.Sprint(state["parameters"]) != "map[road.payment:400000]" || state["seed"] != "7" || fmt.Sprint(state["layers"]) != "[ddr-2025]" {
		t.Errorf("state %v", state)
	}
	if view["hub"] != "kidal" || view["good"] != "ammo_762x39" || view["lang"] != "fr" || view["tab"] != "hub" {
		t.Errorf("view %v", view)
	}
	if lang := value[string](p, "document.documentElement.lang"); lang != "fr" {
		t.Errorf("language %s", lang)
	}
}

func TestStrangeLinksDoNoHarm(t *testing.T) {
	for name, address := range map[string]string{
		"no JSON": "#s=abcd", "no base64": "#s=%%%", "a list": "#s=" + base64.RawURLEncoding.EncodeToString([]byte(`[1]`)),
		"markup for a name": fragment(map[string]any{"state": map[string]any{"scenario": "<img src=x onerror=alert(1)>", "seed": "1"}, "view": map[string]any{}}),
		"a prototype":       "#s=" + base64.RawURLEncoding.EncodeToString([]byte(`{"state":{"scenario":"textbook","seed":"1","parameters":{"__proto__":{"x":"1"}}},"view":{"__proto__":{"tab":"about"}}}`)),
	} {
		t.Run(name, func(t *testing.T) {
			p := visit(t, 1200, 800, address)
			p.wait("an answer", `document.querySelector('main[data-run=whole]') || /could not be read|cannot be/.test(document.body.innerText)`)
			if value[bool](p, `document.querySelector('img[src=x]') !== null || ({}).x !== undefined`) {
				t.Error("the link did harm")
			}
		})
	}
}

// Nothing sticks out on a phone of 360 points, in any room of the page, in either language.
func TestAPhoneIsWideEnough(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		for _, tab := range []string{"change", "hub", "actors", "compare", "lessons", "about"} {
			t.Run(lang+" "+tab, func(t *testing.T) {
				p := visit(t, 360, 740, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{"tab": tab, "lang": lang}}))
				p.ran()
				p.picture("phone")
				if wide := value[int](p, `document.documentElement.scrollWidth`); wide > 360 {
					t.Errorf("the page is %d points wide; too wide are %s", wide, value[string](p, `[...document.querySelectorAll('body *')].filter((e) => e.getBoundingClientRect().right > 361 && getComputedStyle(e).position !== 'absolute').slice(0, 8).map((e) => e.tagName + '.' + e.className).join(' ')`))
				}
			})
		}
	}
}

// axe finds nothing serious, in any room, light and dark.
func TestAxeFindsNothingSerious(t *testing.T) {
	axe, err := os.ReadFile(filepath.Join("page", "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("not run: %v; make needs installs it", err)
		}
		t.Skipf("not run: %v; make needs installs it", err)
	}
	for _, ground := range []string{"light", "dark"} {
		for _, tab := range []string{"change", "hub", "actors", "compare", "lessons", "about"} {
			t.Run(ground+" "+tab, func(t *testing.T) {
				p := visit(t, 1400, 900, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{"tab": tab}}))
				p.ran()
				value[bool](p, fmt.Sprintf(`(document.documentElement.dataset.theme = %q, true)`, ground))
				p.picture("axe")
				value[bool](p, string(axe)+"; true") // past the page's own policy, as a debugger
				if tab == "about" {                  // axe sees what is wrong: a picture without a name is
					broken := value[int](p, `(async () => { const i = document.createElement('img'); i.src = 'data:,'; document.querySelector('#room').append(i); const r = await axe.run(document); i.remove(); return r.violations.filter((v) => v.id === 'image-alt').length })()`)
					if broken != 1 {
						t.Error("axe does not see a picture without a name")
					}
				}
				found := value[[]string](p, `axe.run(document, {resultTypes: ['violations']}).then((r) => r.violations.filter((v) => ['serious', 'critical'].includes(v.impact)).map((v) => v.id + ': ' + v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + ' ' + n.failureSummary.slice(0, 200)).join(' | ')))`)
				for _, f := range found {
					t.Error(f)
				}
			})
		}
	}
}

// Everything by keyboard: from the top, tabs and buttons are reached, seen to have the focus, and work.
func TestTheKeyboardIsEnough(t *testing.T) {
	p := visit(t, 1400, 900, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{}}))
	p.ran()
	value[bool](p, `(document.activeElement.blur(), true)`)
	seen := map[string]bool{}
	for range 120 {
		p.key("\t")
		at := value[string](p, `(() => { const e = document.activeElement; const s = getComputedStyle(e); return (e.getAttribute('role') ?? e.tagName.toLowerCase()) + ' ' + (s.outlineStyle !== 'none' || s.boxShadow !== 'none' ? 'seen' : 'unseen') + ' ' + (e.id || e.getAttribute('aria-label') || e.innerText || '').slice(0, 40) })()`)
		if strings.Contains(at, " unseen ") && !strings.HasPrefix(at, "body") {
			t.Errorf("the focus cannot be seen on %s", at)
		}
		seen[at] = true
		if strings.HasPrefix(at, "tab ") {
			break
		}
	}
	if !value[bool](p, `document.activeElement.getAttribute('role') === 'tab'`) {
		t.Fatalf("no tab was reached by keyboard, but %v", seen)
	}
	first := value[string](p, `document.activeElement.id`)
	p.do(chromedp.KeyEvent(kb.ArrowRight))
	if now := value[string](p, `document.activeElement.id`); now == first || !value[bool](p, `document.activeElement.getAttribute('aria-selected') === 'true'`) {
		t.Errorf("the arrow went from %s to %s", first, now)
	}
}

// unfilled finds what must not stand in a text that somebody reads.
var unfilled = regexp.MustCompile(`NaN|\bundefined\b|\bnull\b|%s|%\[\d|\[object|Infinity`)

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
			// What came of a comparison stays that of its own world, whatever the page shows next.
			value[bool](p, `(() => { const s = document.querySelector('header select'); s.value = 'calm'; s.dispatchEvent(new Event('change', { bubbles: true })); return true })()`)
			p.wait("the other scenario", `document.querySelector('main[data-run=whole]') && document.querySelector('header select').value === 'calm' && /Gao/.test(document.querySelector('.market').innerText)`)
			if text := p.text("#room"); !strings.Contains(text, map[string]string{"en": "in End", "fr": "Fin"}[lang]) {
				t.Errorf("the result speaks of another world now: %s", text)
			}
		})
	}
}

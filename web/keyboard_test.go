package web

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// rooms are those of the page.
var rooms = []string{"change", "hub", "actors", "compare", "lessons", "about"}

// room opens one with everything in it unfolded, and stops the weeks.
func room(t *testing.T, scenario, tab, lang string, width, height int64) *page {
	t.Helper()
	p := visit(t, width, height, fragment(map[string]any{"state": map[string]any{"scenario": scenario, "seed": "1"}, "view": map[string]any{"tab": tab, "lang": lang, "tick": 60}}))
	p.ran()
	value[bool](p, `(() => { [...document.querySelectorAll('button')].find((b) => /^(Pause)$/.test(b.innerText.trim()))?.click(); return true })()`)
	if tab == "hub" {
		p.wait("the book", `document.querySelector('#room svg[role=img]') && !document.querySelector('#room progress')`)
	}
	value[bool](p, `(async () => {
		for (let i = 0; i < 6; i++) {
			const shut = [...document.querySelectorAll('details:not([open])')]
			shut.forEach((d) => (d.open = true))
			await new Promise((go) => setTimeout(go, 250))
		}
		return true
	})()`)
	return p
}

// watched gathers what must be reached, as it looks without the focus, and hears what keys do instead of the page.
const watched = `(() => {
	const seen = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length > 0
	const all = [...document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]')].filter((e) => seen(e) && !e.disabled && !(e.tabIndex < 0))
	const look = (e) => { const s = getComputedStyle(e); return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.boxShadow].join(' ') }
	window.keyed = { all, plain: all.map(look), look, done: new Map(), said: '' }
	all.forEach((e, i) => (e.dataset.keyed = i))
	const hear = (event) => {
		const e = event.target.closest?.('[data-keyed]')
		if (!e) return
		event.stopImmediatePropagation()
		if (event.type === 'click') event.preventDefault()
		keyed.done.set(Number(e.dataset.keyed), event.type)
	}
	for (const type of ['click', 'input', 'change', 'submit']) addEventListener(type, hear, true)
	return all.length
})()`

// focused tells what has the focus: its number, what kind of control it is, whether that can be seen, and whether it lies free.
const focused = `(() => {
	const e = document.activeElement
	if (!e || e === document.body) return { n: -1 }
	const n = Number(e.dataset.keyed ?? -2)
	const r = e.getBoundingClientRect()
	const x = Math.max(r.left, Math.min(r.right, innerWidth) - r.width + Math.min(r.width, 40) / 2), y = r.top + Math.min(r.height, 24) / 2
	const top = document.elementFromPoint(Math.min(Math.max(x, 1), innerWidth - 1), Math.min(Math.max(y, 1), innerHeight - 1))
	const before = e.scrollTop
	return {
		n, kind: e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase(), name: (e.getAttribute('aria-label') ?? e.innerText ?? '').slice(0, 50) + ' #' + e.id,
		ring: n < 0 || keyed.look(e) !== keyed.plain[n], free: r.width === 0 || r.bottom > 0 && r.top < innerHeight && (!top || e.contains(top) || top.contains(e) || !!top.closest('label')?.contains(e)),
		scrolls: e.scrollHeight > e.clientHeight + 4, options: e.options?.length ?? 0, last: e.selectedIndex === (e.options?.length ?? 0) - 1,
	}
})()`

// stop is where the Tab key came to.
type stop struct {
	N                         int
	Kind, Name                string
	Ring, Free, Scrolls, Last bool
	Options                   int
}

// use returns the key that works a control of a kind, empty if there is nothing to work.
func (s stop) use() string {
	switch s.Kind {
	case "button", "summary", "a":
		return "\r"
	case "checkbox":
		return " "
	case "select":
		if s.Options < 2 {
			return ""
		}
		if s.Last {
			return kb.ArrowUp
		}
		return kb.ArrowDown
	case "range":
		return kb.ArrowRight
	case "date":
		return kb.ArrowUp
	case "number":
		return "5"
	case "text", "search", "textarea":
		return "x"
	}
	return ""
}

// Every control of every room is reached by the Tab key, is seen to have the focus, lies free, and does what it does by a key.
func TestEveryControlWorksByKeyboard(t *testing.T) {
	type at struct{ scenario, lang, tab string }
	all := []at{{"offensive", "fr", "hub"}, {"offensive", "fr", "actors"}}
	for _, tab := range rooms {
		all = append(all, at{"textbook", "en", tab})
	}
	for _, at := range all {
		t.Run(fmt.Sprint(at.scenario, " ", at.lang, " ", at.tab), func(t *testing.T) {
			p := room(t, at.scenario, at.tab, at.lang, 1400, 900)
			many := value[int](p, watched)
			value[bool](p, `(document.activeElement.blur(), scrollTo(0, 0), true)`)
			reached := map[int]bool{}
			for range 3*many + 40 {
				p.key("\t")
				s := value[stop](p, focused)
				if s.N == -1 && len(reached) > 0 {
					break
				}
				if s.N < 0 || reached[s.N] {
					continue
				}
				reached[s.N] = true
				if !s.Ring {
					t.Errorf("%s %q has no ring when it has the focus", s.Kind, s.Name)
				}
				if !s.Free {
					t.Errorf("%s %q is covered, or out of sight, when it has the focus", s.Kind, s.Name)
				}
				if key := s.use(); key != "" {
					p.key(key)
					if !value[bool](p, fmt.Sprintf(`keyed.done.has(%d)`, s.N)) {
						t.Errorf("%s %q does nothing by %q", s.Kind, s.Name, key)
					}
				}
			}
			p.picture("keyboard")
			var all []int
			for i := range many {
				if !reached[i] {
					all = append(all, i)
				}
			}
			if len(all) > 0 || many < 20 {
				t.Errorf("%d of %d controls are not reached by Tab: %s", len(all), many, value[string](p, fmt.Sprintf(`JSON.stringify(%s.map((i) => keyed.all[i].outerHTML.slice(0, 120)))`, ints(all))))
			}
		})
	}
}

func ints(all []int) string {
	text, _ := json.Marshal(append([]int{}, all...))
	return string(text)
}

// From any hub of northern Mali arrows lead to all others, markets or not, and Enter opens each.
func TestArrowsReachEveryHub(t *testing.T) {
	p := visit(t, 1400, 900, fragment(map[string]any{"state": map[string]any{"scenario": "calm", "seed": "1"}, "view": map[string]any{"tab": "about", "tick": 10}}))
	p.ran()
	value[bool](p, `([...document.querySelectorAll('button')].find((b) => b.innerText.trim() === 'Pause')?.click(), true)`)
	hubs := value[[]string](p, `[...document.querySelectorAll('[data-hub]')].map((b) => b.dataset.hub)`)
	p.press("Whole region")
	ways := []string{kb.ArrowRight, kb.ArrowLeft, kb.ArrowUp, kb.ArrowDown}
	found := map[string]bool{hubs[0]: true}
	for queue := []string{hubs[0]}; len(queue) > 0; queue = queue[1:] {
		for _, way := range ways {
			value[bool](p, fmt.Sprintf(`(document.getElementById('map-hub-%s').focus(), true)`, queue[0]))
			p.key(way)
			if at := value[string](p, `document.activeElement.dataset.hub`); !found[at] {
				found[at] = true
				queue = append(queue, at)
			}
		}
	}
	for _, h := range hubs {
		if !found[h] {
			t.Errorf("no arrows lead to %s", value[string](p, fmt.Sprintf(`document.getElementById('map-hub-%s').getAttribute('aria-label')`, h)))
		}
	}
	for _, name := range []string{"Bourem", "Kidal", "Salvador Pass"} {
		value[bool](p, fmt.Sprintf(`([...document.querySelectorAll('[data-hub]')].find((b) => b.getAttribute('aria-label').startsWith(%q)).focus(), true)`, name))
		p.key("\r")
		p.wait(name+" in its room", fmt.Sprintf(`document.querySelector('#hub-title')?.innerText === %q`, name))
		text := p.text("#room")
		if market := name == "Kidal"; market == strings.Contains(text, "No market here.") || !strings.Contains(text, "Roads: ") {
			t.Errorf("%s: %.600s", name, text)
		}
		p.picture("hub-" + name)
	}
}

// What has the focus has a name and a role, and pictures have words, as Chromium tells them to a screen reader.
func TestScreenReadersHearEveryControl(t *testing.T) {
	for _, lang := range []string{"en", "fr"} {
		for _, tab := range rooms {
			t.Run(lang+" "+tab, func(t *testing.T) {
				p := room(t, "textbook", tab, lang, 1400, 900)
				tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
				if err != nil {
					t.Fatal(err)
				}
				controls, pictures := 0, 0
				for _, n := range tree.Nodes {
					role, name := heard(n.Role), strings.TrimSpace(heard(n.Name))
					if n.Ignored || role == "RootWebArea" {
						continue
					}
					focusable := slices.ContainsFunc(n.Properties, func(x *accessibility.Property) bool { return x.Name == "focusable" && heard(x.Value) == "true" })
					if focusable {
						controls++
						if name == "" || role == "" || role == "generic" || role == "none" {
							t.Errorf("a control without words: role %q, name %q", role, name)
						}
					}
					if role == "image" || role == "img" || role == "graphics-document" {
						pictures++
						if name == "" {
							t.Errorf("a picture without words: %+v", n)
						}
					}
				}
				if controls < 20 || pictures < 1 {
					t.Errorf("only %d controls and %d pictures are told", controls, pictures)
				}
			})
		}
	}
}

// heard is a value of the tree as text.
func heard(v *accessibility.Value) string {
	if v == nil {
		return ""
	}
	text := string(v.Value)
	if plain := ""; json.Unmarshal(v.Value, &plain) == nil {
		return plain
	}
	return text
}

// An invented world is shown whole at every size: each hub in sight below the buttons of the map, and named.
func TestTheTextbooksTownsAreAllOnTheMap(t *testing.T) {
	for _, size := range [][2]int64{{1400, 900}, {390, 844}, {360, 640}, {1920, 1080}} {
		for _, lang := range []string{"en", "fr"} {
			t.Run(fmt.Sprint(size, lang), func(t *testing.T) {
				p := visit(t, size[0], size[1], fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{"lang": lang}}))
				p.ran()
				p.wait("the map", `document.querySelectorAll('[data-hub]').length === 3`)
				p.picture("map")
				wrong := value[[]string](p, `(() => {
					const board = document.querySelector('.board').getBoundingClientRect(), tools = document.querySelector('.tools').getBoundingClientRect()
					return [...document.querySelectorAll('[data-hub]')].filter((b) => {
						const r = b.getBoundingClientRect()
						return !b.dataset.named || r.top < board.top || r.bottom > board.bottom || r.left < board.left || r.right > board.right || r.top < tools.bottom && r.left < tools.right
					}).map((b) => b.getAttribute('aria-label'))
				})()`)
				for _, w := range wrong {
					t.Errorf("cropped, covered or without a name: %s", w)
				}
			})
		}
	}
}

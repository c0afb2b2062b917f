package web

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// shifts adds up how far what stood on the page moved by itself (https://web.dev/articles/cls: the worst burst of shifts), and names what moved most.
const shifts = `new Promise((done) => {
	const all = []
	new PerformanceObserver((list) => all.push(...list.getEntries())).observe({ type: 'layout-shift', buffered: true })
	setTimeout(() => {
		let worst = 0, burst = 0, from = -1e9, last = -1e9
		for (const e of all) {
			if (e.hadRecentInput) continue
			if (e.startTime - last > 1000 || e.startTime - from > 5000) { burst = 0; from = e.startTime }
			last = e.startTime
			burst += e.value
			worst = Math.max(worst, burst)
		}
		const named = (s) => (s.node?.tagName ?? '?') + '.' + (s.node?.className ?? '') + ' ' + [s.previousRect, s.currentRect].map((r) => [r.x, r.y, r.width, r.height].map(Math.round).join(',')).join(' > ')
		const told = all.filter((e) => !e.hadRecentInput).sort((a, b) => b.value - a.value).slice(0, 4).map((e) => e.value.toFixed(4) + ' at ' + Math.round(e.startTime) + ': ' + e.sources.slice(0, 3).map(named).join('; '))
		done([worst.toFixed(4), ...told])
	}, 300)
})`

// What is read stays where it is while the first run comes, and when the answer of many draws comes behind that of one.
func TestNothingMovesUnderTheReader(t *testing.T) {
	const most = 0.05 // half of what Web Vitals call good (CLS 0.1); 0.004 to 0.038 were measured
	for _, c := range []struct {
		width, height int64
		lang          string
	}{{1400, 900, "en"}, {1400, 900, "fr"}, {390, 844, "en"}, {390, 844, "fr"}} {
		t.Run(fmt.Sprintf("%d %s", c.width, c.lang), func(t *testing.T) {
			p := visit(t, c.width, c.height, "?"+c.lang+fragment(map[string]any{"state": map[string]any{"scenario": "offensive", "seed": "1"}, "view": map[string]any{"lang": c.lang}}))
			p.ran()
			p.steady(most, "the first run")
			at := value[[]float64](p, `(() => { const r = document.querySelector('.try button:not(:disabled)').getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2] })()`)
			p.do(chromedp.MouseClickXY(at[0], at[1])) // a reader's own: what moves within half a second of it is his doing
			for range 4 {                             // forty runs on a busy machine
				if p.came(`document.querySelector('.answer .more')?.innerText.match(/Over 20 draws|Sur 20 tirages/)`) {
					break
				}
			}
			p.wait("many draws", `document.querySelector('.answer .more')?.innerText.match(/Over 20 draws|Sur 20 tirages/)`)
			p.picture("draws")
			p.steady(most, "an answer")
		})
	}
}

// came waits for something that may take longer than anything else on the page, and tells whether it is there.
func (p *page) came(expression string) bool {
	p.t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if value[bool](p, "!!("+expression+")") {
			return true
		}
	}
	return false
}

func (p *page) steady(most float64, when string) {
	p.t.Helper()
	moved := value[[]string](p, shifts)
	var sum float64
	if _, err := fmt.Sscan(moved[0], &sum); err != nil || sum > most {
		p.t.Errorf("%s: what is read moves by %s, want %v at most: %q", when, moved[0], most, moved[1:])
	}
	p.t.Logf("%s: %s", when, moved[0])
}

package web

import (
	"bufio"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"entrepot/web/live"
)

func at(scenario, seed string) map[string]any {
	return map[string]any{"scenario": scenario, "seed": seed}
}

// clocked waits until an expression is true, at the page's own clock, and returns the seconds since it was opened.
func (p *page) clocked(what, expression string) float64 {
	p.t.Helper()
	value[bool](p, fmt.Sprintf(`new Promise((done) => { const look = () => { if (%s) done(true); else setTimeout(look, 10) }; look() })`, expression))
	return value[float64](p, "performance.now() / 1000")
}

// BenchmarkPage measures what a reader waits for, in a real browser, and prints it. The figures of docs/speed.md are its.
func BenchmarkPage(b *testing.B) {
	for range b.N {
		b.Run("first paint", func(b *testing.B) {
			p := visit(b, 1400, 900, "")
			p.ran()
			b.ReportMetric(value[float64](p, `performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000`), "s/paint")
		})
		b.Run("first opening of the site", func(b *testing.B) {
			p := slow(visitAt(b, browser(b), fileAddress(madeSite(b)), 1400, 900, fragment(map[string]any{"state": at("northern-mali", "1"), "view": map[string]any{}})))
			b.ReportMetric(p.clocked("the engine", `document.querySelectorAll('header select option').length > 4`), "s/engine")
			b.ReportMetric(p.clocked("the map", `document.querySelector('main[data-run=coming] .market canvas')`), "s/map")
			p.ran()
			b.ReportMetric(value[float64](p, "performance.now() / 1000"), "s/run")
			b.ReportMetric(value[float64](p, `performance.getEntriesByName('first-contentful-paint')[0].startTime / 1000`), "s/paint")
		})
		b.Run("a historical run drawn live", func(b *testing.B) {
			p := visit(b, 1400, 900, fragment(map[string]any{"state": at("northern-mali", "1"), "view": map[string]any{}}))
			fast := `(() => { const s = [...document.querySelectorAll('select')].find((x) => /week|come/.test(x.innerText)); s.selectedIndex = s.options.length - 1; s.dispatchEvent(new Event('change', { bubbles: true })); return true })()`
			p.wait("the speed", `document.querySelector('input[type=range][aria-label=Week]')`)
			value[bool](p, fast)
			end := `document.querySelector('main[data-run=whole]') && document.querySelector('input[type=range][aria-label=Week]').value === document.querySelector('input[type=range][aria-label=Week]').max`
			b.ReportMetric(p.clocked("the end of the run", end), "s/run")
		})
		b.Run("frames", frames)
		b.Run("a class", class)
		b.Run("100 pairs, native", func(b *testing.B) {
			s := open(b, Config{Desk: &live.Desk{Version: "test", Workers: 2, Turn: Turn}})
			began := time.Now()
			s.ask("compare", `{"a":{"scenario":"offensive"},"b":{"scenario":"offensive","parameters":{"road.payment":"400000"}},"runs":100,"hub":"gao","good":"ak"}`)
			b.ReportMetric(time.Since(began).Seconds(), "s/100pairs")
		})
		b.Run("100 pairs, WebAssembly", func(b *testing.B) {
			p := visitAt(b, browser(b), fileAddress(madeSite(b)), 1400, 900, fragment(map[string]any{"a": at("offensive", "1"),
				"state": map[string]any{"scenario": "offensive", "seed": "1", "parameters": map[string]string{"road.payment": "400000"}}, "view": map[string]any{"tab": "compare", "hub": "gao"}}))
			p.ran()
			p.wait("the single runs side by side", `document.querySelector('#room svg')`)
			began := time.Now()
			value[bool](p, `(document.querySelector('#room button.primary').click(), true)`)
			for time.Since(began) < 5*time.Minute && !value[bool](p, `document.querySelector('#room').innerText.includes('95 % interval')`) {
				time.Sleep(100 * time.Millisecond)
			}
			p.picture("compared")
			b.ReportMetric(time.Since(began).Seconds(), "s/100pairs")
		})
	}
}

// frames counts, for each room of the page, the frames of a historical run at ten weeks a second whose work on the main thread stays under 16 ms, by the
// browser's own trace.
func frames(b *testing.B) {
	for _, room := range []string{"change", "hub", "actors"} {
		w := play(b, room, 20*time.Second)
		b.ReportMetric(under(16, w.clock), "%under16ms/"+room)
		b.ReportMetric(under(16, w.processor), "%under16ms-processor/"+room)
	}
}

// class has thirty run eleven years at top speed while five more compare: how long a run takes and how far the slowest lies behind, how long it takes
// until something is seen, and what memory the server has from the system at most.
func class(b *testing.B) {
	s := real(b, Limits{})
	var took, first [30]time.Duration
	var pairs, done sync.WaitGroup
	began := time.Now()
	for i := range 5 {
		pairs.Go(func() {
			_, body := s.ask("compare", fmt.Sprintf(`{"a":{"scenario":"offensive","seed":"%d"},"b":{"scenario":"offensive","parameters":{"road.payment":"400000"}},"runs":20}`, i))
			if !strings.Contains(body, `"kind":"compared"`) {
				b.Errorf("a comparison ends with %.300q", body[max(0, len(body)-300):])
			}
		})
	}
	for i := range took {
		done.Go(func() {
			answer, err := http.DefaultTransport.RoundTrip(s.request("POST", "/api/run", fmt.Sprintf(`{"state":{"scenario":"northern-mali","seed":"%d"}}`, i)))
			if err != nil {
				b.Error(err)
				return
			}
			defer answer.Body.Close()
			lines := bufio.NewReader(answer.Body)
			for {
				line, err := lines.ReadString('\n')
				if first[i] == 0 && strings.Contains(line, `"kind":"week"`) {
					first[i] = time.Since(began)
				}
				if strings.Contains(line, `"kind":"end"`) {
					break
				}
				if err != nil {
					b.Errorf("run %d broke off: %v", i, err)
					return
				}
			}
			took[i] = time.Since(began)
		})
	}
	done.Wait()
	var memory runtime.MemStats
	runtime.ReadMemStats(&memory) // Sys does not fall
	pairs.Wait()
	var sum time.Duration
	for _, d := range took {
		sum += d
	}
	mean := sum.Seconds() / float64(len(took))
	b.ReportMetric(mean, "s/run")
	b.ReportMetric(slices.Max(took[:]).Seconds()/mean, "slowest/mean")
	b.ReportMetric(slices.Max(first[:]).Seconds(), "s/first-week")
	b.ReportMetric(time.Since(began).Seconds(), "s/all")
	b.ReportMetric(float64(memory.Sys)/1e6, "MB")
}

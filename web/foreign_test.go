package web

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
)

// A page of somebody else's, open in the same browser, tries everything that a page may try: the engine is never asked, and the page reads nothing.
func TestAForeignPageInABrowser(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	var asked atomic.Int64
	s := open(t, Config{Desk: desk(func(context.Context, string, []byte, func([]byte) error) error {
		asked.Add(1)
		return nil
	})})
	evil := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>evil</title>")
	}))
	defer evil.Close()
	ctx, end := chromedp.NewContext(chrome(t, browser(t)))
	defer end()
	p := &page{t: t, ctx: ctx, patience: patience} // nobody listens to its complaints, of which there are many
	if err := chromedp.Do(ctx); err != nil {
		t.Fatalf("opening a window: %v", err)
	}
	p.do(chromedp.Navigate(evil.URL))
	got := value[string](p, fmt.Sprintf(`(async () => {
		const address = 'http://%s/'
		const read = []
		const ask = async (how, options) => {
			try {
				const answer = await fetch(address + 'api/run', { method: 'POST', body: '{}', ...options })
				if ((await answer.text()).length) read.push(how)
			} catch {}
		}
		await ask('json', { headers: { 'Content-Type': 'application/json' } })
		await ask('text', { headers: { 'Content-Type': 'text/plain' } })
		await ask('no-cors', { mode: 'no-cors' })
		await ask('no-cors json', { mode: 'no-cors', headers: { 'Content-Type': 'application/json' } })
		navigator.sendBeacon(address + 'api/run', new Blob(['{}'], { type: 'application/json' }))
		try { if ((await (await fetch(address)).text()).length) read.push('page') } catch {}
		await new Promise((done) => {
			const frame = document.createElement('iframe')
			frame.name = 'frame'
			document.body.append(frame)
			const form = document.createElement('form')
			form.method = 'POST'; form.target = 'frame'; form.enctype = 'text/plain'; form.action = address + 'api/run'
			document.body.append(form)
			frame.onload = () => setTimeout(done, 100)
			form.submit()
		})
		await new Promise((done) => {
			const script = document.createElement('script')
			script.src = address + 'engine.js'
			script.onload = script.onerror = done
			document.body.append(script)
		})
		if (window.ENTREPOT_ENGINE) read.push('script')
		return read.join()
	})()`, s.addr))
	if got != "" || asked.Load() != 0 {
		t.Errorf("the foreign page read %q and the engine was asked %d times", got, asked.Load())
	}
}

package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"entrepot/web/lessons"
	"entrepot/web/live"
	"entrepot/words"
)

// madeSite makes the page without a server in a folder whose name needs escaping.
func madeSite(t testing.TB) (folder string) {
	t.Helper()
	if testing.Short() {
		t.Skip("not run: -short")
	}
	if _, err := exec.LookPath("sh"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("not run: there is no shell")
		}
		t.Skip("not run: there is no shell")
	}
	folder = filepath.Join(t.TempDir(), "a class's site")
	make := exec.Command("sh", "scripts/site.sh", folder)
	make.Dir = ".."
	if said, err := make.CombinedOutput(); err != nil {
		t.Fatalf("making the site: %v: %s", err, said)
	}
	return folder
}

// The folder works in a browser, opened by hand and from a web host under any path: the engine comes, a change is answered, nothing is complained of.
func TestTheSiteInABrowser(t *testing.T) {
	folder := madeSite(t)
	for _, name := range []string{"index.html", "engine.js"} {
		data, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		if found := regexp.MustCompile(`(src|href)="(/|https?:)[^"]*"`).Find(data); found != nil {
			t.Errorf("%s loads %s, which must be relative", name, found)
		}
	}
	host := httptest.NewServer(http.StripPrefix("/a/b", http.FileServer(http.Dir(folder))))
	defer host.Close()
	for name, base := range map[string]string{"from a folder": fileAddress(folder), "from a web host": host.URL + "/a/b/"} {
		t.Run(name, func(t *testing.T) {
			p := slow(visitAt(t, browser(t), base, 1280, 900, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{}})))
			p.ran()
			if engine := value[string](p, "window.ENTREPOT_ENGINE.kind"); engine != "wasm" {
				t.Errorf("the engine is %q", engine)
			}
			p.picture("site")
			p.press("Double the payments at checkpoints")
			p.wait("the prices' answer in words", `document.querySelector('.answer').innerText.includes('CFA')`)
			p.press("Compare")
			value[bool](p, `(document.querySelector('#room button.primary').click(), true)`)
			p.wait("the effect of a comparison lived in parts", `document.querySelector('#room').innerText.includes('95 % interval')`)
			p.picture("compared")
		})
	}
}

// Opened by hand, the folder does what the program's page does: the state stays in the link over a reload, the scenario file of a change is one
// that the native engine takes, charts are saved, and French comes.
func TestTheSiteDoesWhatTheProgramDoes(t *testing.T) {
	p := slow(visitAt(t, browser(t), fileAddress(madeSite(t)), 1280, 900, fragment(map[string]any{"state": at("textbook", "7"), "view": map[string]any{"tab": "change"}})))
	p.ran()
	p.press("Double the payments at checkpoints")
	p.wait("the prices' answer in words", `document.querySelector('.answer').innerText.includes('CFA')`)
	p.wait("the change in the link", `atob(location.hash.slice(3).replace(/-/g, '+').replace(/_/g, '/')).includes('road.payment')`)
	value[bool](p, `(location.reload(), true)`)
	p.wait("the page once more", `document.readyState === 'complete' && document.querySelector('main')`)
	p.ran()
	value[bool](p, `(() => { window.kept = {}; const make = URL.createObjectURL, at = new Map()
		URL.createObjectURL = (blob) => { const url = make(blob); at.set(url, blob); return url }
		HTMLAnchorElement.prototype.click = function () { window.kept[this.download] = at.get(this.href) }; return true })()`)
	p.press("Save as a scenario file")
	p.wait("the scenario file", `window.kept['textbook-changed.yaml']`)
	file := value[string](p, `window.kept['textbook-changed.yaml'].text()`)
	question, err := json.Marshal(map[string]any{"state": map[string]any{"file": file, "seed": "7"}})
	if err != nil {
		t.Fatal(err)
	}
	said := ""
	if err := new(live.Desk).Answer(context.Background(), "world", question, func(line []byte) error { said = string(line); return nil }); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(file, "payment") || !strings.Contains(said, `"kind":"world"`) {
		t.Errorf("the native engine says %.300s of the saved file:\n%s", said, file)
	}
	value[bool](p, `(document.querySelector('#tab-hub').click(), true)`)
	p.wait("the market's book", `document.querySelectorAll('#room .export button').length >= 2`)
	value[bool](p, `([...document.querySelectorAll('#room .export button')].forEach((b) => b.click()), true)`)
	p.wait("data and image of the book", `Object.keys(window.kept).some((x) => x.endsWith('.csv')) && Object.keys(window.kept).some((x) => /\.(svg|png)$/.test(x))`)
	if size := value[int](p, `Math.min(...Object.values(window.kept).map((x) => x.size))`); size < 40 {
		t.Errorf("a saved file has %d bytes", size)
	}
	value[bool](p, `(() => { const s = document.querySelector('header .set select'); s.value = 'fr'; s.dispatchEvent(new Event('change', { bubbles: true })); return true })()`)
	p.wait("French", `document.documentElement.lang === 'fr' && document.querySelector('#tab-compare').innerText === 'Comparer'`)
	p.picture("french")
}

// Lessons run without a server, too: two here, one in each language, and with ENTREPOT_LESSONS=all each in both.
func TestLessonsWithoutAServer(t *testing.T) {
	folder := madeSite(t)
	all, err := lessons.All()
	if err != nil {
		t.Fatal(err)
	}
	few := map[string]string{"risk": "en", "reference": "fr"}
	for _, l := range all {
		for _, lang := range words.Languages() {
			if few[l.ID] != lang && os.Getenv("ENTREPOT_LESSONS") != "all" {
				continue
			}
			t.Run(l.ID+" "+lang, func(t *testing.T) {
				takeLesson(t, l, lang, func(address string) *page {
					return slow(visitAt(t, browser(t), fileAddress(folder), 1400, 900, address))
				})
			})
		}
	}
}

// fileAddress is the address of a site that is opened by hand.
func fileAddress(folder string) string {
	return "file://" + strings.ReplaceAll(filepath.ToSlash(folder), " ", "%20") + "/index.html"
}

// slow gives the page of a site more time: WebAssembly takes some four times that of the program.
func slow(p *page) *page {
	p.patience = 4 * patience
	return p
}

// A folder of somebody else's is not replaced.
func TestTheSiteReplacesNoOtherFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	folder := t.TempDir()
	kept := filepath.Join(folder, "thesis.txt")
	if err := os.WriteFile(kept, []byte("years"), 0o600); err != nil {
		t.Fatal(err)
	}
	make := exec.Command("sh", "scripts/site.sh", folder)
	make.Dir = ".."
	said, err := make.CombinedOutput()
	if err == nil || !strings.Contains(string(said), "exists and holds no page; name another folder") {
		t.Errorf("got %v: %s", err, said)
	}
	if _, err := os.Stat(kept); err != nil {
		t.Error(err)
	}
}

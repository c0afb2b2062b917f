package web

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
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
	for name, base := range map[string]string{"from a folder": "file://" + strings.ReplaceAll(filepath.ToSlash(folder), " ", "%20") + "/index.html", "from a web host": host.URL + "/a/b/"} {
		t.Run(name, func(t *testing.T) {
			p := visitAt(t, browser(t), base, 1280, 900, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{}}))
			p.ran()
			if engine := value[string](p, "window.ENTREPOT_ENGINE.kind"); engine != "wasm" {
				t.Errorf("the engine is %q", engine)
			}
			p.picture("site")
			p.press("Double the payments at checkpoints")
			p.wait("the prices' answer in words", `document.querySelector('[role=status]').innerText.includes('CFA')`)
			p.press("Compare")
			value[bool](p, `(document.querySelector('#room button.primary').click(), true)`)
			p.wait("the effect of a comparison lived in parts", `document.querySelector('#room').innerText.includes('95 % interval')`)
			p.picture("compared")
		})
	}
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

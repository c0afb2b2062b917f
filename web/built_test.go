package web

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// The page in the program is what its sources give, its types hold, and what needs no browser is tested without one.
func TestThePageIsWhatItsSourcesGive(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	if _, err := os.Stat(filepath.Join("page", "node_modules", "vite")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("not run: %v; make needs installs it", err)
		}
		t.Skipf("not run: %v; make needs installs it", err)
	}
	built := t.TempDir()
	for _, args := range [][]string{{"run", "check"}, {"test"}, {"exec", "--", "vite", "build", "--outDir", built, "--emptyOutDir"}} {
		npm := exec.Command("npm", args...)
		npm.Dir = "page"
		if said, err := npm.CombinedOutput(); err != nil {
			t.Fatalf("npm %v: %v: %s", args, err, said)
		}
	}
	fresh, kept := contents(t, os.DirFS(built)), contents(t, os.DirFS("dist"))
	for name, data := range fresh {
		if !bytes.Equal(kept[name], data) {
			t.Errorf("web/dist/%s is not what web/page gives: npm run build in web/page", name)
		}
		delete(kept, name)
	}
	for name := range kept {
		t.Errorf("web/dist/%s is left over: npm run build in web/page", name)
	}
}

func contents(t *testing.T, of fs.FS) map[string][]byte {
	t.Helper()
	all := map[string][]byte{}
	err := fs.WalkDir(of, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			all[name], err = fs.ReadFile(of, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

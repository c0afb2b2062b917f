package manifest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrepot/internal/spoil"
)

// A manifest that somebody has edited is refused, or read to files that are in the folder.
func manifestOfAnything(t *testing.T, dir, data string) {
	if err := os.WriteFile(filepath.Join(dir, Name), []byte(data), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := Look(dir); err != nil {
		t.Fatal(err)
	}
	m, err := Read(dir)
	if err != nil {
		if !strings.Contains(err.Error(), Name) {
			t.Fatalf("must name the file, got %v", err)
		}
		return
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			t.Fatalf("a file outside of the folder is taken: %q", f.Name)
		}
	}
	_ = m.Changed(dir)
}

func manifestSeeds() []string {
	return []string{`{"program":"entrepot","version":"devel","modules":[{"path":"a","version":"v1"}],"scenario":{"name":"x","ref":"x.yaml","world":"w","hash":"5eed","sets":["a=1"]},"run":{"seed":18446744073709551615,"start":"2015-01-05","weeks":3,"books":["gao/ak@2024-01-01"]},"files":[{"name":"prices.csv","bytes":3,"sha256":"aa"},{"name":"world/hubs.csv","bytes":1,"sha256":""}],"times":{"started":"2026-01-01T00:00:00Z","seconds":1.5}}`,
		`{"program":"entrepot","files":[{"name":"../a"}]}`, `{"study":{"hash":"a"}}`, `{"calibration":{}}`, "[]", ""}
}

func FuzzManifest(f *testing.F) {
	for _, s := range manifestSeeds() {
		f.Add(s)
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data string) { manifestOfAnything(t, dir, data) })
}

func TestManifestsNearGoodOnesAreRefusedOrRead(t *testing.T) {
	dir := t.TempDir()
	spoil.Each(t, 1500, manifestSeeds(), func(t *testing.T, data string) { manifestOfAnything(t, dir, data) })
}

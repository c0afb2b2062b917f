package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// released clones the commit and makes its release for one system there.
func released(t *testing.T, clone, goos, goarch string) string {
	t.Helper()
	for _, args := range [][]string{{"git", "clone", "--quiet", "--no-hardlinks", "../..", clone},
		{"go", "-C", clone, "run", "./cmd/release", "-targets", goos + "/" + goarch, "-page=false"}} {
		cmd := exec.Command(args[0], args[1:]...)
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, said)
		}
	}
	return filepath.Join(clone, "release")
}

// The commit is built in two folders, whose paths are of different length. `make release-check` does so for all systems and the page, from
// nothing; here what was compiled before is used again where Go finds it the same.
func TestTwoBuildsOfACommitAreTheSameBytes(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	a := released(t, filepath.Join(t.TempDir(), "a"), "linux", "amd64")
	b := released(t, filepath.Join(t.TempDir(), "another", "folder"), "linux", "amd64")
	entries, err := os.ReadDir(a)
	if err != nil {
		t.Fatal(err)
	}
	kinds := []string{}
	for _, e := range entries {
		x, err1 := os.ReadFile(filepath.Join(a, e.Name()))
		y, err2 := os.ReadFile(filepath.Join(b, e.Name()))
		if err := errors.Join(err1, err2); err != nil || !bytes.Equal(x, y) {
			t.Errorf("%s differs, or %v", e.Name(), err)
		}
		switch {
		case strings.HasSuffix(e.Name(), ".tar.gz"):
			kinds = append(kinds, "archive")
			checkArchive(t, x, strings.TrimSuffix(e.Name(), ".tar.gz"))
		case strings.HasSuffix(e.Name(), ".cdx.json"):
			kinds = append(kinds, "bill")
			checkBill(t, x)
		case e.Name() == sumsName:
			kinds = append(kinds, "sums")
			checkSums(t, a, string(x))
		}
	}
	if slices.Sort(kinds); !slices.Equal(kinds, []string{"archive", "bill", "sums"}) || len(entries) != 3 {
		t.Errorf("the release holds %v", entries)
	}
}

// checkArchive looks at what is in an archive, and runs the program.
func checkArchive(t *testing.T, data []byte, name string) {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var names []string
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, strings.TrimPrefix(h.Name, name+"/"))
		if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || h.ModTime.Year() < 2020 || h.ModTime.After(time.Now()) {
			t.Errorf("%s is of %d:%d, at %s", h.Name, h.Uid, h.Gid, h.ModTime)
		}
		if h.Name == name+"/entrepot" {
			file, err := os.OpenFile(filepath.Join(dir, "entrepot"), os.O_CREATE|os.O_WRONLY, h.FileInfo().Mode())
			if err != nil {
				t.Fatal(err)
			}
			_, err = io.Copy(file, r)
			if err := errors.Join(err, file.Close()); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, want := range []string{"entrepot", "LICENSE", "NOTICES.txt", "CITATION.cff", "sbom.cdx.json", "man/man1/entrepot.1", "man/man1/entrepot-scenario-new.1", "completions/entrepot.bash", "completions/entrepot.fish"} {
		if !slices.Contains(names, want) {
			t.Errorf("no %s among %v", want, names)
		}
	}
	out, err := exec.Command(filepath.Join(dir, "entrepot"), "version").Output()
	if err != nil || !strings.HasPrefix(string(out), "entrepot "+strings.TrimSuffix(strings.TrimPrefix(name, "entrepot-"), "-linux-amd64")+" ") {
		t.Errorf("the program of %s says %q, %v", name, out, err)
	}
}

// checkBill looks at what CycloneDX asks for.
func checkBill(t *testing.T, data []byte) {
	t.Helper()
	var b bom
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&b); err != nil {
		t.Fatal(err)
	}
	refs := map[string]bool{}
	for _, c := range b.Components {
		if refs[c.Ref] || c.Name == "" || c.Version == "" || len(c.Licences) == 0 || c.Licences[0].Licence.ID == "" {
			t.Errorf("component %+v", c)
		}
		refs[c.Ref] = true
	}
	for _, on := range b.Depends[0].On {
		if !refs[on] {
			t.Errorf("%s is not a component", on)
		}
	}
	if !refs["go:github.com/spf13/cobra"] || !refs["npm:svelte"] || !refs["go:std"] || refs["go:github.com/inconshreveable/mousetrap"] || len(b.Serial) != len("urn:uuid:")+36 {
		t.Errorf("components %v, serial %s", refs, b.Serial)
	}
}

func checkSums(t *testing.T, dir, text string) {
	t.Helper()
	for line := range strings.Lines(text) {
		sum, name, _ := strings.Cut(strings.TrimSpace(line), "  ")
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || fmt.Sprintf("%x", sha256.Sum256(data)) != sum {
			t.Errorf("%s has another hash, or %v", name, err)
		}
	}
}

func TestArchivesHoldFilesInOrderWithTheTimeOfTheCommit(t *testing.T) {
	at := time.Date(2026, 3, 4, 5, 6, 8, 0, time.UTC)
	r := &release{dir: t.TempDir(), time: at}
	files := []entry{{"b/x.txt", []byte("x"), false}, {"a.exe", []byte("run"), true}}
	if err := r.archive("v", ".zip", files); err != nil {
		t.Fatal(err)
	}
	z, err := zip.OpenReader(filepath.Join(r.dir, "v.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if len(z.File) != 2 || z.File[0].Name != "v/a.exe" || z.File[1].Name != "v/b/x.txt" || z.File[0].Mode() != 0o755 || z.File[1].Mode() != 0o644 || !z.File[0].Modified.Equal(at) {
		t.Errorf("got %v %v", z.File[0].FileHeader, z.File[1].FileHeader)
	}
}

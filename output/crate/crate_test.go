package crate

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// sample is a crate of two files, made by two actions.
func sample(t *testing.T) *Crate {
	t.Helper()
	dir := t.TempDir()
	c := &Crate{Title: "a run", Text: "what was asked", Published: time.Date(2026, 3, 4, 23, 0, 0, 0, time.UTC), Licence: "https://creativecommons.org/licenses/by/4.0/",
		People:  []Person{{"A. Author", "https://orcid.org/0000-0002-1825-0097"}, {"B. Author", ""}},
		Program: Program{"p", "it simulates", "v1.2.3", "linux/amd64, go1.26", "5eed", "https://www.apache.org/licenses/LICENSE-2.0", "cite it"},
		Sources: []Source{{"GeoNames", "places", "https://www.geonames.org/", "https://creativecommons.org/licenses/by/4.0/"}, {"a bulletin", "", "", ""}},
		Actions: []Action{{Title: "run", Text: "once", Read: []string{"in/a b.yaml"}, Made: []string{"prices.csv"}, Values: []Value{{"seed", "1"}}},
			{Title: "report", Text: "of it", Read: []string{"prices.csv"}, Made: []string{"in/a b.yaml"}}}}
	for _, name := range []string{"prices.csv", "in/a b.yaml"} {
		at := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(at), 0o777), os.WriteFile(at, []byte("of "+name), 0o666)); err != nil {
			t.Fatal(err)
		}
		c.Files = append(c.Files, File{name, at, "it holds something"})
	}
	return c
}

func hasSample(id string) bool { return id == "prices.csv" || id == "in/a%20b.yaml" }

func TestMetadataAreWhatTheSpecificationAsksFor(t *testing.T) {
	c := sample(t)
	data, err := c.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	if wrong := faults(data, hasSample); len(wrong) > 0 {
		t.Errorf("%s", strings.Join(wrong, "\n"))
	}
	for _, want := range []string{`"sha256": "328386f0755e7afaa624fcb7a07fa5ec1c80c2d5a998d39a511f0519e58a4525"`, `"datePublished": "2026-03-04"`, `"@id": "in/a%20b.yaml"`,
		`"encodingFormat": "text/csv"`, `"softwareVersion": "v1.2.3"`, `"license": {`} {
		if !strings.Contains(string(data), want) {
			t.Errorf("no %s in %s", want, data)
		}
	}
}

// A crate that breaks a rule is found to break it.
func TestFaultsOfMetadataAreFound(t *testing.T) {
	c := sample(t)
	data, err := c.Metadata()
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct{ name, from, to, want string }{
		{"another context", specification + "/context", "https://example.org/context", "must be that of RO-Crate"},
		{"no type", `"@type": "Dataset"`, `"kind": "Dataset"`, "must have @id and @type"},
		{"a file nobody has", `"prices.csv"`, `"costs.csv"`, "must be a file of the crate"},
		{"a dangling reference", `"instrument": {
        "@id": "#program"`, `"instrument": {
        "@id": "#nothing"`, "which is not there"},
		{"no day", `"2026-03-04"`, `"March"`, "must be a day"},
		{"no profile", `"conformsTo": {
        "@id": "` + profile, `"conformsTo": {
        "@id": "` + specification, "must conform to"},
		{"not told of", `"mentions"`, `"keywords"`, "must mention"},
		{"nested", `"runtimePlatform": "linux/amd64, go1.26"`, `"runtimePlatform": {"name": "linux"}`, "the graph is flat"},
		{"no hash", `"sha256": "`, `"sha256": "x`, "must be described"},
		{"twice", `"@id": "#action-1",`, `"@id": "#action-2",`, "must stand once"},
	} {
		text := strings.ReplaceAll(string(data), x.from, x.to)
		if wrong := strings.Join(faults([]byte(text), hasSample), "\n"); !strings.Contains(wrong, x.want) {
			t.Errorf("%s: got %q, want %q", x.name, wrong, x.want)
		}
	}
}

func TestACrateIsTheSameBytesAnyTimeAndHoldsItsFiles(t *testing.T) {
	c, dir := sample(t), t.TempDir()
	for _, name := range []string{"a.zip", "b.zip", "folder"} {
		if err := c.Write(filepath.Join(dir, "deep", name), false); err != nil {
			t.Fatal(err)
		}
		slices.Reverse(c.Files) // their order is not that of the crate
	}
	a, err1 := os.ReadFile(filepath.Join(dir, "deep", "a.zip"))
	b, err2 := os.ReadFile(filepath.Join(dir, "deep", "b.zip"))
	if err := errors.Join(err1, err2); err != nil || !bytes.Equal(a, b) {
		t.Errorf("two crates differ, or %v", err)
	}
	z, err := zip.NewReader(bytes.NewReader(a), int64(len(a)))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{Name, "in/a b.yaml", "prices.csv"} {
		in, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		packed, err1 := io.ReadAll(in)
		plain, err2 := os.ReadFile(filepath.Join(dir, "deep", "folder", filepath.FromSlash(name)))
		if err := errors.Join(err1, err2); err != nil || !bytes.Equal(packed, plain) {
			t.Errorf("%s differs in folder and zip, or %v", name, err)
		}
	}
	if entries, err := os.ReadDir(filepath.Join(dir, "deep")); err != nil || len(entries) != 3 {
		t.Errorf("left beside: %v %v", entries, err)
	}
}

func TestACrateReplacesNothingButACrate(t *testing.T) {
	c, dir := sample(t), t.TempDir()
	made, thesis := filepath.Join(dir, "made"), filepath.Join(dir, "thesis")
	if err := errors.Join(c.Write(made, false), os.Mkdir(thesis, 0o777)); err != nil {
		t.Fatal(err)
	}
	for _, x := range []struct {
		name, out string
		replace   bool
		want      string
	}{
		{"a crate", made, false, "--force replaces it"},
		{"a crate by force", made, true, ""},
		{"a folder of somebody", thesis, true, "is no crate"},
		{"a file that is to be a folder", c.Files[0].Path, true, "is no crate"},
	} {
		err := c.Write(x.out, x.replace)
		if got := fmt.Sprint(err); x.want == "" && err != nil || !strings.Contains(got, x.want) {
			t.Errorf("%s: got %v, want %q", x.name, err, x.want)
		}
	}
}

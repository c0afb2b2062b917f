package main

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entrepot/internal/spoil"
	"entrepot/output/manifest"
)

// ran runs a command in this process.
func ran(args ...string) (code int, stdout, stderr string) {
	var out, talk bytes.Buffer
	code = start(args, &out, &talk)
	return code, out.String(), talk.String()
}

// storedFiles are the files of a short run, or of a short study.
func storedFiles(t testing.TB, args ...string) map[string]string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "made")
	if code, _, talk := ran(append(args, "--set", "period.end=2021-03-29", "--no-plots", "--quiet", "--out", dir)...); code != 0 {
		t.Fatal(talk)
	}
	all := map[string]string{}
	if err := filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		all[filepath.ToSlash(rel)] = string(data)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all
}

// storedOfAnything damages a file of a folder and has every command read it that reads folders. Each is done or says what is wrong.
func storedOfAnything(t *testing.T, good map[string]string, name, data string) {
	root, err := os.MkdirTemp("", "entrepot-fuzz-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(root)
	dir := filepath.Join(root, "made")
	for other, text := range good {
		if other == name {
			text = data
		}
		path := filepath.Join(dir, filepath.FromSlash(other))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"status", dir}, {"reproduce", dir}, {"report", dir, "--out", filepath.Join(root, "made.html")}, {"merge", dir, "--no-plots", "--out", filepath.Join(root, "merged")}, {"discover", dir},
	} {
		code, _, talk := ran(args...)
		if code != 0 && (talk == "" || strings.Contains(talk, "goroutine ")) || code == 3 {
			t.Fatalf("%s: exit code %d, %q", args[0], code, talk)
		}
	}
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if !slices.Contains([]string{"made", "made.html", "merged"}, e.Name()) {
			t.Fatalf("%s was written", e.Name())
		}
	}
}

func storedSeeds(t testing.TB) map[string]map[string]string {
	return map[string]map[string]string{"run": storedFiles(t, "run", "textbook"), "study": storedFiles(t, "ensemble", "textbook", "--runs", "2", "--workers", "1")}
}

// calibrationFiles are the files of a calibration whose stages are half done, as visits in parts leave them.
func calibrationFiles(t testing.TB) map[string]string {
	targets := filepath.Join(t.TempDir(), "targets.csv")
	if err := os.WriteFile(targets, []byte("id,kind,good,place,start,end,low,high,unit,source,use\nT1,price,ak,middle,2021-02,2021-03,150000,200000,CFA,made up,calibrate\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	return storedFiles(t, "calibrate", "textbook", "--vary", "trafficker.margin=0.03:0.3", "--targets", targets, "--points", "8", "--max-runs", "40", "--trials", "2", "--workers", "1", "--shard", "1/2")
}

// What a calibration in parts says of itself decides what its stages are.
func TestCalibrationsNearGoodOnesAreReadOrRefused(t *testing.T) {
	good := calibrationFiles(t)
	spoil.Each(t, 120, []string{good[manifest.Asked]}, func(t *testing.T, data string) { storedOfAnything(t, good, manifest.Asked, data) })
}

func FuzzStored(f *testing.F) {
	seeds := storedSeeds(f)
	for _, kind := range slices.Sorted(maps.Keys(seeds)) {
		for _, name := range slices.Sorted(maps.Keys(seeds[kind])) {
			f.Add(kind, name, seeds[kind][name])
		}
	}
	f.Fuzz(func(t *testing.T, kind, name, data string) {
		if seeds[kind][name] != "" {
			storedOfAnything(t, seeds[kind], name, data)
		}
	})
}

func TestStoredFoldersNearGoodOnesAreReadOrRefused(t *testing.T) {
	for kind, good := range storedSeeds(t) {
		for _, name := range slices.Sorted(maps.Keys(good)) {
			n := 4
			if filepath.Ext(name) == ".json" || filepath.Ext(name) == ".yaml" {
				n = 60
			}
			t.Run(kind+"/"+name, func(t *testing.T) {
				spoil.Each(t, n, []string{good[name]}, func(t *testing.T, data string) { storedOfAnything(t, good, name, data) })
			})
		}
	}
}

// An edit of a study's manifest leaves the other files whole, so that no checksum tells.
func TestAStudysManifestThatSomebodyHasEditedIsReadOrRefused(t *testing.T) {
	good := storedFiles(t, "ensemble", "textbook", "--runs", "2", "--workers", "1")
	sweep := storedFiles(t, "sweep", "textbook", "--vary", "road.payment=1000:2000:2", "--runs", "1", "--workers", "1")
	for _, c := range []struct {
		name  string
		files map[string]string
		edit  func(m, study map[string]any)
	}{
		{"more runs than there are", good, func(_, s map[string]any) { s["runs"] = 300 }},
		{"a billion runs", good, func(_, s map[string]any) { s["runs"] = 1_000_000_000 }},
		{"runs beyond any number", good, func(_, s map[string]any) { s["runs"] = int64(1) << 62 }},
		{"one run", good, func(_, s map[string]any) { s["runs"] = 1 }},
		{"a part of two billion", good, func(_, s map[string]any) { s["shard"] = map[string]any{"part": 1, "of": 2_000_000_000} }},
		{"no tables", good, func(_, s map[string]any) { s["tables"] = []any{} }},
		{"its tables in another order", good, func(_, s map[string]any) { slices.Reverse(s["tables"].([]any)) }},
		{"a table less", good, func(_, s map[string]any) { s["tables"] = s["tables"].([]any)[:1] }},
		{"a table without columns", good, func(_, s map[string]any) { s["tables"].([]any)[0].(map[string]any)["columns"] = []any{} }},
		{"a table of another folder", good, func(_, s map[string]any) { s["tables"].([]any)[0].(map[string]any)["name"] = "../../x" }},
		{"a table twice", good, func(_, s map[string]any) { s["tables"] = append(s["tables"].([]any), s["tables"].([]any)[0]) }},
		{"no scenarios", good, func(_, s map[string]any) { s["scenarios"] = nil }},
		{"a scenario more", good, func(_, s map[string]any) { s["scenarios"] = append(s["scenarios"].([]any), s["scenarios"].([]any)[0]) }},
		{"another command", good, func(_, s map[string]any) { s["command"] = "sweep" }},
		{"a command that is none", good, func(_, s map[string]any) { s["command"] = "rm" }},
		{"compare with one scenario", good, func(_, s map[string]any) { s["command"] = "compare" }},
		{"attribution", good, func(_, s map[string]any) { s["command"] = "attribute" }},
		{"validation", good, func(_, s map[string]any) { s["command"] = "validate" }},
		{"sensitivity", good, func(_, s map[string]any) { s["command"] = "sensitivity" }},
		{"a stage of a calibration", good, func(_, s map[string]any) { s["command"] = "calibrate" }},
		{"settings that are text", good, func(_, s map[string]any) { s["settings"] = "none" }},
		{"settings of another kind", good, func(_, s map[string]any) { s["settings"] = []any{1} }},
		{"full tables that are none", good, func(_, s map[string]any) { s["settings"] = map[string]any{"full": []any{"prices"}} }},
		{"other figures", good, func(_, s map[string]any) { s["settings"] = map[string]any{"figures": []any{"nothing"}} }},
		{"targets in it", good, func(_, s map[string]any) { s["settings"] = map[string]any{"targets": "id,kind\n"} }},
		{"a sweep of another range", sweep, func(_, s map[string]any) {
			s["settings"].(map[string]any)["vary"] = []any{"road.payment=1000:2000:9"}
		}},
		{"a sweep of a billion points", sweep, func(_, s map[string]any) {
			s["settings"].(map[string]any)["vary"] = []any{"road.payment=1000:2000000:1000000000"}
		}},
		{"a sweep of many ranges", sweep, func(_, s map[string]any) {
			s["settings"].(map[string]any)["vary"] = []any{"road.payment=1000:9000:1000", "road.mu=1000:9000:1000", "trafficker.tau=1000:9000:1000"}
		}},
		{"a sweep of nothing", sweep, func(_, s map[string]any) { s["settings"].(map[string]any)["vary"] = nil }},
		{"random points without end", sweep, func(_, s map[string]any) {
			s["settings"].(map[string]any)["design"], s["settings"].(map[string]any)["points"] = "lhs", 2_000_000_000
		}},
		{"fewer than no points", sweep, func(_, s map[string]any) {
			s["settings"].(map[string]any)["design"], s["settings"].(map[string]any)["points"] = "sobol", -5
		}},
		{"a design that is none", sweep, func(_, s map[string]any) { s["settings"].(map[string]any)["design"] = "spiral" }},
		{"files of another folder", good, func(m, _ map[string]any) { m["files"].([]any)[0].(map[string]any)["name"] = "../../../etc/passwd" }},
		{"no files", good, func(m, _ map[string]any) { m["files"] = nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			var m map[string]any
			if err := json.Unmarshal([]byte(c.files[manifest.Name]), &m); err != nil {
				t.Fatal(err)
			}
			c.edit(m, m["study"].(map[string]any))
			data, err := json.Marshal(m)
			if err != nil {
				t.Fatal(err)
			}
			storedOfAnything(t, c.files, manifest.Name, string(data))
		})
	}
}

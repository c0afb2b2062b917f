package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrepot/output/manifest"
)

// What was made by another version is done again all the same, and it is said which made it: beside the same bytes, and where they differ.
func TestReproduceSaysWhichProgramMadeIt(t *testing.T) {
	dir := t.TempDir()
	if code, talk := program(t, dir, strings.Fields("run textbook --no-plots --out run")...); code != 0 {
		t.Fatal(talk)
	}
	if code, talk := program(t, dir, strings.Fields("ensemble textbook --runs 2 --no-plots --out study")...); code != 0 {
		t.Fatal(talk)
	}
	change := func(folder string, do func(m map[string]any)) {
		path := filepath.Join(dir, folder, manifest.Name)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var m map[string]any
		d := json.NewDecoder(bytes.NewReader(data))
		d.UseNumber()
		if err := d.Decode(&m); err != nil {
			t.Fatal(err)
		}
		do(m)
		if data, err = json.Marshal(m); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const by = "it was made by version v0.0.1 of the program (go1.26, linux/arm64), and this is version"
	for _, folder := range []string{"run", "study"} {
		change(folder, func(m map[string]any) {
			m["version"], m["goarch"], m["goos"], m["go"] = "v0.0.1", "arm64", "linux", "go1.26"
		})
		if code, talk := program(t, dir, "reproduce", folder); code != 0 || !strings.Contains(talk, by) {
			t.Errorf("%s: exit code %d: %s", folder, code, talk)
		}
	}
	change("run", func(m map[string]any) {
		m["files"].([]any)[0].(map[string]any)["sha256"] = strings.Repeat("0", 64)
	})
	if code, talk := program(t, dir, "reproduce", "run"); code != 1 || !strings.Contains(talk, "not the same") || !strings.Contains(talk, by) {
		t.Errorf("other bytes: exit code %d: %s", code, talk)
	}
}

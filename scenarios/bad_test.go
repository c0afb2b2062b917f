package scenarios

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
)

// With -update, the messages of the corpus are written anew; read the difference before committing it.
var update = flag.Bool("update", false, "write the expected messages of testdata/bad and testdata/golden.txt anew")

// golden compares an error's text with a file beside the bad input.
func golden(t *testing.T, file string, err error) {
	t.Helper()
	var problems Problems
	if !errors.As(err, &problems) {
		t.Fatalf("must be Problems, got %T %v", err, err)
	}
	got := err.Error() + "\n"
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("messages differ (-want +got):\n%s", diff)
	}
}

func TestBadScenariosAreRefusedWithTheirMessages(t *testing.T) {
	paths, err := filepath.Glob("testdata/bad/*.yaml")
	if err != nil || len(paths) < 60 {
		t.Fatalf("must be a corpus of at least 60 files, got %d (%v)", len(paths), err)
	}
	fsys := os.DirFS("testdata")
	for _, p := range paths {
		name := strings.TrimSuffix(filepath.Base(p), ".yaml")
		t.Run(name, func(t *testing.T) {
			_, err := LoadFS(fsys, "bad/"+name+".yaml", nil)
			golden(t, "testdata/bad/"+name+".want", err)
		})
	}
}

// Every folder of testdata/badtables holds tables that replace those of the world tiny; FILE.missing takes one away.
func TestBadTablesAreRefusedWithTheirMessages(t *testing.T) {
	folders, err := os.ReadDir("testdata/badtables")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range folders {
		t.Run(folder.Name(), func(t *testing.T) {
			_, err := LoadFS(withTables(t, "testdata/badtables/"+folder.Name()), "good.yaml", nil)
			golden(t, "testdata/badtables/"+folder.Name()+"/want.txt", err)
		})
	}
}

func withTables(t *testing.T, folder string) fs.FS {
	t.Helper()
	fsys := goodFS(t)
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if file, gone := strings.CutSuffix(e.Name(), ".missing"); gone {
			delete(fsys, "tiny/"+file)
		} else if e.Name() != "want.txt" {
			fsys["tiny/"+e.Name()] = &fstest.MapFile{Data: read(t, path.Join(folder, e.Name()))}
		}
	}
	return fsys
}

// goodFS holds testdata/good.yaml and its world, to be changed by a test.
func goodFS(t testing.TB) fstest.MapFS {
	t.Helper()
	fsys := fstest.MapFS{"good.yaml": {Data: read(t, "testdata/good.yaml")}}
	entries, err := os.ReadDir("testdata/tiny")
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		fsys["tiny/"+e.Name()] = &fstest.MapFile{Data: read(t, "testdata/tiny/"+e.Name())}
	}
	return fsys
}

func read(t testing.TB, file string) []byte {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestBadSetsAreRefusedWithTheirMessages(t *testing.T) {
	cases := []struct{ name, set, want string }{
		{"no equals sign", "trafficker.tau", `--set 1:1:1: must be path=value, got "trafficker.tau"`},
		{"no value", "trafficker.tau=", `--set 1:1:1: must be path=value, got "trafficker.tau="`},
		{"unknown parameter", "trafficker.taw=1", `--set 1:1:1: parameters.trafficker.taw: must be a parameter of the model, got "trafficker.taw"; did you mean trafficker.tau?`},
		{"unknown section", "traficker.tau=1", `--set 1:1:1: traficker.tau: must be a parameter, events.ID.FIELD or a field of a scenario, got "traficker.tau"; did you mean trafficker.tau?`},
		{"out of range", "trafficker.tau=0", "--set 1:1:16: parameters.trafficker.tau: must be a number from 1 to 1000000 (CFA per week), got 0"},
		{"a fraction into a whole number", "trafficker.lag_kin=3.7", "--set 1:1:20: parameters.trafficker.lag_kin: must be a whole number from 1 to 3 (weeks), got 3.7"},
		{"a column after letters beyond ASCII", "title={é: [}", "--set 1:1:7: must be YAML, got a syntax error: did not find expected node content"},
		{"impossible date", "period.start=2023-02-30", `--set 1:1:14: period.start: must be a date that exists (YYYY-MM-DD), from 1971-01-01 to 2199-12-31, got "2023-02-30"`},
		{"unknown end of the period", "period.begin=2022-02-01", `--set 1:1:1: period.begin: must be a field of period, got "begin"`},
		{"unknown event", "events.takn.date=2022-02-01", `--set 1:1:1: events: must be the id of an event of a layer below, got "takn"; did you mean taken?`},
		{"unknown event removed", "events.takn=null", `--set 1:1:1: events: must be the id of an event of a layer below, got "takn"; did you mean taken?`},
		{"unknown field of an event", "events.taken.too=army", `--set 1:1:1: events.taken.too: must be a field of an event, got "too"; did you mean to?`},
		{"dangling name in an event", "events.taken.to=amry", `--set 1:1:17: events.taken.to: must be the id of a group or a force, got "amry"; did you mean army?`},
		{"layers", "extends=[calm]", `--set 1:1:1: extends: must be a path that a --set can change, got "extends"; write a file for that`},
		{"a map over a number", "trafficker.tau={a: 1}", "--set 1:1:16: parameters.trafficker.tau: must be a number from 1 to 1000000 (CFA per week), got a map of 1 field"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			_, err := LoadFS(goodFS(t), "good.yaml", []string{c.set})
			if err == nil {
				t.Fatal("must be refused")
			}
			if diff := cmp.Diff(c.want+"\n1 problem; nothing was run", err.Error()); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

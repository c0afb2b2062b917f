package manifest

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
)

// commit writes a folder with the given files and commits it.
func commit(t *testing.T, dir string, seed uint64, files map[string]string) *Manifest {
	t.Helper()
	state, err := Look(dir)
	if err != nil {
		t.Fatal(err)
	}
	f, err := Create(dir, state)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	for name, text := range files {
		if err := f.Write(name, []byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	m := New()
	m.Run.Seed = seed
	if err := f.Commit(&m); err != nil {
		t.Fatal(err)
	}
	return &m
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestAFolderAppearsWhole(t *testing.T) {
	for _, c := range []struct {
		name  string
		ready func(t *testing.T, dir string)
	}{
		{"nothing is there", func(*testing.T, string) {}},
		{"an empty folder is there", func(t *testing.T, dir string) {
			if err := os.MkdirAll(dir, 0o777); err != nil {
				t.Fatal(err)
			}
		}},
		{"an older run is there", func(t *testing.T, dir string) {
			commit(t, dir, 1, map[string]string{"prices.csv": "old", "books.csv": "old", "world/hubs.csv": "old"})
			if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("mine"), 0o666); err != nil {
				t.Fatal(err)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "deep", "run")
			c.ready(t, dir)
			made := commit(t, dir, 2, map[string]string{"prices.csv": "new", "world/goods.csv": "g"})
			read, err := Read(dir)
			if err != nil {
				t.Fatal(err)
			}
			if read.Run.Seed != 2 || !read.SameFiles(made) || !read.Complete(dir) {
				t.Errorf("read back %+v", read)
			}
			want := []string{"manifest.json", "prices.csv", "world"}
			if c.name == "an older run is there" {
				want = []string{"manifest.json", "notes.txt", "prices.csv", "world"}
			}
			if got := names(t, dir); !slices.Equal(got, want) {
				t.Errorf("the folder holds %v, want %v", got, want)
			}
			if got := names(t, filepath.Dir(dir)); !slices.Equal(got, []string{"run"}) {
				t.Errorf("beside the folder stand %v", got)
			}
			if got := names(t, filepath.Join(dir, "world")); !slices.Equal(got, []string{"goods.csv"}) {
				t.Errorf("files of the older run are mixed in: %v", got)
			}
		})
	}
}

func TestAbortLeavesNothing(t *testing.T) {
	parent := t.TempDir()
	f, err := Create(filepath.Join(parent, "run"), Absent)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write("prices.csv", []byte("x")); err != nil {
		t.Fatal(err)
	}
	f.Abort()
	if got := names(t, parent); len(got) > 0 {
		t.Errorf("left: %v", got)
	}
}

// saying makes a folder with one file of that text.
func saying(t *testing.T, name, text string) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestLook(t *testing.T) {
	dir := t.TempDir()
	write := func(names ...string) string {
		sub, err := os.MkdirTemp(dir, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range names {
			if err := os.WriteFile(filepath.Join(sub, n), []byte("x"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		return sub
	}
	for _, c := range []struct {
		name, dir string
		want      State
	}{
		{"nothing", filepath.Join(dir, "nowhere"), Absent},
		{"an empty folder", write(), Empty},
		{"a run", write("manifest.json", "prices.csv"), Results},
		{"a run without its manifest", write("columns.csv", "scenario.yaml"), Results},
		{"a home folder", write("thesis.txt", "prices.csv"), Foreign},
		{"a file", filepath.Join(write("thesis.txt"), "thesis.txt"), Foreign},
		{"a calibration", saying(t, Name, `{"calibration": {"spec": {}}}`), Calibration},
		{"a calibration with stages to do", saying(t, Asked, `{"calibration": {"spec": {}}}`), Calibration},
		{"somebody else's calibration", saying(t, Asked, `{"camera": 3}`), Foreign},
		{"a study", saying(t, Name, `{"study": {"hash": "5eed"}}`), Study},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got, err := Look(c.dir); err != nil || got != c.want {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
	if _, err := Create(write("thesis.txt"), Foreign); err == nil {
		t.Error("a folder of something else must never be replaced")
	}
}

// A run that was killed while its files were moved into an empty folder is an unfinished run, at whichever file, and can be made again in its place.
func TestARunThatWasKilledWhileItMovedInIsARun(t *testing.T) {
	for moved := range 4 {
		dir := filepath.Join(t.TempDir(), "run")
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		f, err := Create(dir, Empty)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"prices.csv", "stocks.csv", "trades.csv"} {
			if err := f.Write(name, []byte("x")); err != nil {
				t.Fatal(err)
			}
		}
		stage := f.Stage()
		if err := os.WriteFile(filepath.Join(stage, Name), []byte(`{"run": {"seed": 1}}`), 0o666); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{"prices.csv", "stocks.csv", "trades.csv"}[:moved] {
			if err := os.Rename(filepath.Join(stage, name), filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
		}
		want := Results
		if moved == 0 {
			want = Empty
		}
		if got, err := Look(dir); err != nil || got != want {
			t.Fatalf("%d files moved: got %v, %v, want %v", moved, got, err, want)
		}
		commit(t, dir, 2, map[string]string{"prices.csv": "new"})
		if left, err := os.ReadDir(dir); err != nil || moved > 0 && len(left) != 2+moved-1 {
			t.Errorf("%d files moved: %v, %v", moved, left, err)
		}
	}
}

func TestCompleteFindsDamage(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	m := commit(t, dir, 1, map[string]string{"prices.csv": "abc", "flows.csv": "abc"})
	if err := os.WriteFile(filepath.Join(dir, "prices.csv"), []byte("ab"), 0o666); err != nil {
		t.Fatal(err)
	}
	if m.Complete(dir) {
		t.Error("a cut file passes as complete")
	}
	if err := os.Remove(filepath.Join(dir, "prices.csv")); err != nil {
		t.Fatal(err)
	}
	if m.Complete(dir) {
		t.Error("a missing file passes as complete")
	}
}

func TestSameRun(t *testing.T) {
	a := New()
	a.Scenario.Hash, a.Run.Seed = "x", 1
	for _, c := range []struct {
		name   string
		change func(m *Manifest)
		want   bool
	}{
		{"nothing changed", func(*Manifest) {}, true},
		{"times and names do not matter", func(m *Manifest) { m.Times.Seconds, m.Scenario.Ref = 9, "other.yaml" }, true},
		{"another seed", func(m *Manifest) { m.Run.Seed = 2 }, false},
		{"another scenario", func(m *Manifest) { m.Scenario.Hash = "y" }, false},
		{"another book", func(m *Manifest) { m.Run.Books = []string{"gao/ak@2024-01-01"} }, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := a
			c.change(&b)
			if got := a.SameRun(&b); got != c.want {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestAFolderThatAnotherProgramFilledIsLeftAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	late, err := Create(dir, Empty)
	if err != nil {
		t.Fatal(err)
	}
	if err := late.Write("prices.csv", []byte("late")); err != nil {
		t.Fatal(err)
	}
	first := commit(t, dir, 1, map[string]string{"prices.csv": "first", "flows.csv": "first"})
	m := New()
	if err := late.Commit(&m); !errors.Is(err, errMeanwhile) {
		t.Errorf("must be refused, got %v", err)
	}
	late.Abort()
	if !first.Complete(dir) || len(names(t, dir)) != 3 {
		t.Errorf("the first result must be whole, got %v", names(t, dir))
	}
}

func TestAFolderThatVanishesIsAnError(t *testing.T) {
	parent := filepath.Join(t.TempDir(), "results")
	f, err := Create(filepath.Join(parent, "run"), Absent)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Abort()
	if err := os.RemoveAll(parent); err != nil {
		t.Skip("not run: this system does not remove folders that are in use")
	}
	m := New()
	if err := f.Commit(&m); err == nil {
		t.Error("must be refused: the folder is gone")
	}
}

func TestChangedNamesFilesThatWereCutOrEdited(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	m := commit(t, dir, 1, map[string]string{"cut.csv": "a\nb\n", "edited.csv": "a\nb\n", "gone.csv": "a\n", "same.csv": "a\n"})
	for name, text := range map[string]string{"cut.csv": "a\n", "edited.csv": "a\nc\n"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "gone.csv")); err != nil {
		t.Fatal(err)
	}
	if got, want := m.Changed(dir), []string{"cut.csv", "edited.csv", "gone.csv"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"entrepot/experiment"
)

// model is a study of a made-up model: figures and series follow from the seed alone, every seventh run fails.
func model(runs int) *experiment.Study {
	s := &experiment.Study{Points: []experiment.Point{{Name: "only"}}, Replicates: runs, Seed: 1,
		Figures: []experiment.Figure{{ID: "price", Unit: "CFA", Meaning: experiment.Verbatim("price")}, {ID: "sold"}},
		Series:  []experiment.Series{{ID: "price"}, {ID: "sold"}}}
	s.Do = func(_ context.Context, s *experiment.Study, _ *experiment.Point, seed uint64) (*experiment.Taken, error) {
		luck := rand.New(rand.NewPCG(seed, 0))
		if seed%7 == 0 {
			return nil, errors.New("the books do not close, \"quoted\", été")
		}
		t := &experiment.Taken{Figures: []float64{luck.NormFloat64(), float64(luck.IntN(9))}, Series: make([][]float64, 2)}
		if luck.IntN(5) == 0 {
			t.Figures[1] = math.NaN()
		}
		for m := range 12 + luck.IntN(3) {
			t.Months = append(t.Months, fmt.Sprintf("2015-%02d", m+1))
			t.Series[0] = append(t.Series[0], luck.ExpFloat64())
			t.Series[1] = append(t.Series[1], math.Inf(m%2))
		}
		return t, nil
	}
	return s
}

// of is what the store is told of a model.
func of(s *experiment.Study) Study {
	return Study{Command: "ensemble", Settings: json.RawMessage(`{"b": 1.50, "a": {"limit": 3}}`), Seed: s.Seed, Runs: s.Runs(),
		Scenarios: []Scenario{{"textbook", "textbook", "5eed"}}, Tables: s.Tables()}
}

func open(t testing.TB, dir string, study Study) *Store {
	t.Helper()
	s, err := Open(dir, study, false, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func closed(t testing.TB, s *Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
}

// design is an extra table.
func design() Extra {
	t := experiment.Table{Name: "parameters", Meaning: "one row a design point", Columns: []experiment.Column{{Name: "point"}, {Name: "name", Kind: experiment.Text}}}
	rows := experiment.NewRows(&t)
	rows.Int[0], rows.Text[1] = []int64{0}, []string{"only"}
	return Extra{t, rows}
}

// do does a study in a folder, in one go, and finishes it.
func do(t testing.TB, dir string, s *experiment.Study, shard experiment.Shard, workers int) {
	t.Helper()
	study := of(s)
	study.Shard = Shard(shard)
	at := open(t, dir, study)
	if err := s.Execute(context.Background(), at, experiment.Options{Workers: workers, Shard: shard}); err != nil {
		t.Fatal(err)
	}
	finish(t, at)
	closed(t, at)
}

func finish(t testing.TB, s *Store) {
	t.Helper()
	s.Attach("world/hubs.csv", []byte("id\ngao\n"))
	if err := s.Finish(design()); err != nil {
		t.Fatal(err)
	}
}

// files returns the bytes of all files of a finished folder but its manifest, and fails if anything unfinished is left.
func files(t testing.TB, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() && strings.HasPrefix(d.Name(), "shard-") && path != dir {
			return cmpSkip(err)
		}
		if d.IsDir() || d.Name() == "manifest.json" {
			return nil
		}
		if strings.HasPrefix(d.Name(), ".") || d.Name() == "journal" {
			t.Errorf("%s is left", path)
		}
		data, err := os.ReadFile(path)
		rel, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(rel)] = string(data)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func cmpSkip(err error) error {
	if err != nil {
		return err
	}
	return filepath.SkipDir
}

func same(t testing.TB, got, want map[string]string, what string) {
	t.Helper()
	for name := range want {
		if got[name] != want[name] {
			t.Errorf("%s: %s has other bytes (%d and %d)", what, name, len(got[name]), len(want[name]))
		}
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d files, want %d", what, len(got), len(want))
	}
}

// text lists all rows of a store.
func text(t testing.TB, s interface {
	Each(func(int, []experiment.Rows) error) error
}) string {
	t.Helper()
	var b strings.Builder
	if err := s.Each(func(run int, rows []experiment.Rows) error {
		fmt.Fprintln(&b, run, rows)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// inMemory lists all rows of a model.
func inMemory(t testing.TB, s *experiment.Study) string {
	t.Helper()
	m := experiment.NewMemory()
	if err := s.Execute(context.Background(), m, experiment.Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	return text(t, m)
}

func TestAStudyIsKeptAsItWasDone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "study")
	s := model(40)
	want := inMemory(t, s)
	at := open(t, dir, of(s))
	if at.Kept(0) || at.Kept(-1) || at.Kept(40) {
		t.Error("an empty store has no run")
	}
	if err := at.Finish(); err == nil || !strings.Contains(err.Error(), "40 of 40 runs must be kept, got 0") {
		t.Errorf("finishing too early: %v", err)
	}
	if err := s.Execute(context.Background(), at, experiment.Options{Workers: 3}); err != nil {
		t.Fatal(err)
	}
	if text(t, at) != want {
		t.Error("the journal has other rows")
	}
	finish(t, at)
	if text(t, at) != want || !at.Kept(0) || !at.Kept(39) || at.Kept(40) {
		t.Error("the finished store has other rows")
	}
	closed(t, at)
	again := open(t, dir, of(s))
	if text(t, again) != want || !again.Kept(39) || again.journal != nil {
		t.Error("the folder opened again has other rows")
	}
	if err := again.Finish(); err != nil {
		t.Error(err)
	}
	v, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	if text(t, v) != want {
		t.Error("the folder opened to be read has other rows")
	}
	table, rows, err := v.Table("parameters")
	if err != nil || table.Meaning != "one row a design point" || rows.Text[1][0] != "only" {
		t.Errorf("parameters: %v %v %v", table, rows, err)
	}
	if _, _, err := v.Table("nothing"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a table that is not there: %v", err)
	}
	got := files(t, dir)
	for _, name := range []string{"runs.parquet", "series.parquet", "parameters.parquet", "columns.csv", "world/hubs.csv"} {
		if got[name] == "" {
			t.Errorf("%s is missing", name)
		}
	}
	if !strings.Contains(got["columns.csv"], "runs,price,decimal,CFA,price\n") || !strings.Contains(got["columns.csv"], "parameters,point,integer,,\n") {
		t.Errorf("columns.csv: %s", got["columns.csv"])
	}
	if v.Study.Hash == "" || len(v.Files) != 5 || v.GOARCH == "" || v.Study.Runs != 40 || v.Study.Shard != (Shard{1, 1}) || v.Times.Finished.IsZero() {
		t.Errorf("manifest: %+v", v.Manifest)
	}
}

func TestBytesDoNotShowWorkersOrderOrBreaks(t *testing.T) {
	s := model(60)
	first := t.TempDir()
	do(t, first, s, experiment.Shard{}, 1)
	want := files(t, first)
	many := t.TempDir()
	do(t, many, model(60), experiment.Shard{}, 7)
	same(t, files(t, many), want, "seven workers")

	broken := t.TempDir()
	for i := 0; ; i++ {
		at := open(t, broken, of(s))
		ctx, cancel := context.WithCancel(context.Background())
		err := s.Execute(ctx, at, experiment.Options{Workers: 2, Tell: func(done, of int) {
			if done%9 == 8 {
				cancel()
			}
		}})
		if err == nil {
			finish(t, at)
		}
		closed(t, at)
		if err == nil {
			break
		} else if !errors.Is(err, context.Canceled) || i > 20 {
			t.Fatal(err)
		}
	}
	same(t, files(t, broken), want, "broken off every nine runs")
}

func TestAFinishedStudyGrowsAndLosesNothing(t *testing.T) {
	big := t.TempDir()
	do(t, big, model(50), experiment.Shard{}, 2)
	want := files(t, big)
	for _, shard := range []experiment.Shard{{}, {Part: 2, Of: 3}} {
		dir, whole := t.TempDir(), t.TempDir()
		do(t, whole, model(50), shard, 2)
		for _, runs := range []int{1, 20, 21, 50} {
			s := model(runs)
			done := 0
			inner := s.Do
			s.Do = func(ctx context.Context, s *experiment.Study, p *experiment.Point, seed uint64) (*experiment.Taken, error) {
				done++
				return inner(ctx, s, p, seed)
			}
			before := 0
			if m, err := Read(dir); err == nil {
				before = m.Study.Shard.runs(m.Study.Runs)
			}
			do(t, dir, s, shard, 1)
			if k := Shard(shard); k.Of == 0 && done != runs-before || k.Of > 0 && done != k.runs(runs)-before {
				t.Errorf("%v: %d runs were done to grow to %d, there were %d", shard, done, runs, before)
			}
		}
		same(t, files(t, dir), files(t, whole), "grown")
		if shard.Of == 0 {
			same(t, files(t, dir), want, "grown")
		}
	}
	if _, err := Open(big, of(model(49)), false, nil); err == nil || !strings.Contains(err.Error(), "holds runs of this study up to number 49, more than the 49 that are asked for; ask for at least 50") {
		t.Errorf("fewer runs than are there: %v", err)
	}
}

func TestAFileThatAStudyNoLongerHasGoesWhenItGrowsAndAUsersStays(t *testing.T) {
	dir, whole := t.TempDir(), t.TempDir()
	at := open(t, dir, of(model(2)))
	keep(t, at, model(2), 0, 1)
	at.Attach("old.txt", []byte("of two runs"))
	finish(t, at)
	closed(t, at)
	put(t, filepath.Join(dir, "notes.txt"), []byte("mine"))
	do(t, dir, model(3), experiment.Shard{}, 1)
	do(t, whole, model(3), experiment.Shard{}, 1)
	want := files(t, whole)
	want["notes.txt"] = "mine"
	same(t, files(t, dir), want, "grown without a file")
}

func TestAGrowingStudyIsBrokenOffAndFewerRunsMayBeAskedFor(t *testing.T) {
	dir := t.TempDir()
	do(t, dir, model(10), experiment.Shard{}, 1)
	at := open(t, dir, of(model(100)))
	keep(t, at, model(100), 10, 11, 12)
	closed(t, at)
	parts, err := Status(dir)
	if err != nil || len(parts) != 1 || parts[0].Runs != 100 || parts[0].Missing != 87 || parts[0].Finished {
		t.Errorf("%+v, %v", parts, err)
	}
	do(t, dir, model(15), experiment.Shard{}, 1)
	whole := t.TempDir()
	do(t, whole, model(15), experiment.Shard{}, 1)
	same(t, files(t, dir), files(t, whole), "asked for 100, then for 15")
}

// keep keeps some runs of a model.
func keep(t testing.TB, at *Store, s *experiment.Study, runs ...int) {
	t.Helper()
	m := experiment.NewMemory()
	if err := s.Execute(context.Background(), m, experiment.Options{Workers: 1}); err != nil {
		t.Fatal(err)
	}
	if err := m.Each(func(run int, rows []experiment.Rows) error {
		if !slices.Contains(runs, run) {
			return nil
		}
		return at.Keep(run, rows)
	}); err != nil {
		t.Fatal(err)
	}
}

func TestShardsMergeToTheBytesOfTheWhole(t *testing.T) {
	whole := t.TempDir()
	do(t, whole, model(23), experiment.Shard{}, 2)
	want := files(t, whole)
	for n := 1; n <= 5; n++ {
		dir := t.TempDir()
		var dirs []string
		for part := n; part >= 1; part-- {
			d := filepath.Join(dir, fmt.Sprintf("shard-%d-of-%d", part, n))
			do(t, d, model(23), experiment.Shard{Part: part, Of: n}, 2)
			dirs = append(dirs, d)
		}
		into := filepath.Join(dir, "merged")
		m, err := Merge(dirs, into, false)
		if err != nil {
			t.Fatal(err)
		}
		same(t, files(t, into), want, fmt.Sprint(n, " shards"))
		if m.Study.Shard != (Shard{1, 1}) || m.Study.Runs != 23 {
			t.Errorf("manifest: %+v", m.Study)
		}
		before, _ := os.ReadFile(filepath.Join(into, "manifest.json"))
		for _, again := range [][]string{dirs, {dir}, {into}} {
			if _, err := Merge(again, into, false); err != nil {
				t.Errorf("merging again: %v", err)
			}
		}
		if after, _ := os.ReadFile(filepath.Join(into, "manifest.json")); !bytes.Equal(before, after) {
			t.Error("merging again wrote something")
		}
		if n > 1 {
			if _, err := Merge([]string{dir}, dir, false); err != nil { // beside its shards
				t.Error(err)
			}
			same(t, files(t, dir), addMerged(want, files(t, into)), "merged beside the shards")
		}
		if _, err := Merge([]string{into}, filepath.Join(dir, "copy"), false); err != nil {
			t.Error(err)
		}
		same(t, files(t, filepath.Join(dir, "copy")), want, "merging the merged")
		if at := open(t, into, of(model(23))); at.journal != nil || !at.Kept(22) {
			t.Error("a merged study is finished")
		}
	}
}

// addMerged adds the files of the folder merged.
func addMerged(want, merged map[string]string) map[string]string {
	all := map[string]string{}
	for name, data := range want {
		all[name] = data
	}
	for name, data := range merged {
		all["merged/"+name] = data
	}
	return all
}

func TestShardsThatGrewAreMergedAgain(t *testing.T) {
	dir, whole := t.TempDir(), t.TempDir()
	for _, runs := range []int{5, 12} {
		for part := 1; part <= 2; part++ {
			do(t, filepath.Join(dir, fmt.Sprintf("shard-%d-of-2", part)), model(runs), experiment.Shard{Part: part, Of: 2}, 1)
		}
		if m, err := Merge([]string{dir}, dir, false); err != nil || m.Study.Runs != runs {
			t.Fatal(m, err)
		}
	}
	do(t, whole, model(12), experiment.Shard{}, 1)
	same(t, files(t, dir), files(t, whole), "grown and merged again")
	do(t, dir, model(20), experiment.Shard{}, 1) // grown beyond the shards
	if m, err := Merge([]string{dir}, dir, false); err != nil || m.Study.Runs != 20 {
		t.Errorf("merging shards must not take runs away: %v %v", m, err)
	}
}

func TestMoreShardsThanRunsAreMerged(t *testing.T) {
	dir, whole := t.TempDir(), t.TempDir()
	do(t, whole, model(2), experiment.Shard{}, 1)
	for part := 1; part <= 4; part++ {
		do(t, filepath.Join(dir, fmt.Sprintf("shard-%d-of-4", part)), model(2), experiment.Shard{Part: part, Of: 4}, 1)
	}
	if _, err := Merge([]string{dir}, dir, false); err != nil {
		t.Fatal(err)
	}
	same(t, files(t, dir), files(t, whole), "four shards of two runs")
}

func TestShardsThatDoNotBelongTogetherAreNamed(t *testing.T) {
	shardOf := func(t *testing.T, dir string, s *experiment.Study, part, n int) string {
		d := filepath.Join(dir, fmt.Sprintf("s%d-%d", part, n))
		do(t, d, s, experiment.Shard{Part: part, Of: n}, 1)
		return d
	}
	for _, c := range []struct {
		name string
		make func(t *testing.T, dir string) []string
		want []string
	}{
		{"one is missing", func(t *testing.T, dir string) []string {
			return []string{shardOf(t, dir, model(9), 1, 3), shardOf(t, dir, model(9), 3, 3)}
		}, []string{"3 shards must be there, got 2: missing 2"}},
		{"one is there twice", func(t *testing.T, dir string) []string {
			a := shardOf(t, dir, model(9), 1, 2)
			return []string{a, a}
		}, []string{"shard 1 of 2 is there twice: ", "missing 2"}},
		{"of another number", func(t *testing.T, dir string) []string {
			return []string{shardOf(t, dir, model(9), 1, 2), shardOf(t, dir, model(9), 2, 3)}
		}, []string{"s2-3 is shard 2 of 3, but ", "s1-2 is shard 1 of 2"}},
		{"of another study", func(t *testing.T, dir string) []string {
			other := model(9)
			other.Seed = 2
			return []string{shardOf(t, dir, model(9), 1, 2), shardOf(t, dir, other, 2, 2)}
		}, []string{"s2-2 is of another study than ", "of seed 2, not 1"}},
		{"of more runs", func(t *testing.T, dir string) []string {
			return []string{shardOf(t, dir, model(9), 1, 2), shardOf(t, dir, model(10), 2, 2)}
		}, []string{"s2-2 is of 10 runs, but ", "s1-2 of 9"}},
		{"one is unfinished", func(t *testing.T, dir string) []string {
			study := of(model(9))
			study.Shard = Shard{2, 2}
			at := open(t, filepath.Join(dir, "b"), study)
			keep(t, at, model(9), 1, 3)
			closed(t, at)
			return []string{shardOf(t, dir, model(9), 1, 2), filepath.Join(dir, "b")}
		}, []string{"b (shard 2 of 2) is not finished: it must have 4 runs, got 2"}},
		{"a table is cut off, another changed, a third gone", func(t *testing.T, dir string) []string {
			a, b := shardOf(t, dir, model(9), 1, 2), shardOf(t, dir, model(9), 2, 2)
			cut, err := os.ReadFile(filepath.Join(b, "runs.parquet"))
			if err != nil {
				t.Fatal(err)
			}
			put(t, filepath.Join(b, "runs.parquet"), cut[:len(cut)-3])
			flip, _ := os.ReadFile(filepath.Join(b, "series.parquet"))
			flip[len(flip)/2] ^= 1
			put(t, filepath.Join(b, "series.parquet"), flip)
			os.Remove(filepath.Join(b, "columns.csv"))
			return []string{a, b}
		}, []string{"(shard 2 of 2) is damaged: ", "runs.parquet must be a file of ", "series.parquet must have the bytes that manifest.json lists, got others", "columns.csv: no such file"}},
		{"another file beside the tables", func(t *testing.T, dir string) []string {
			study := of(model(9))
			study.Shard = Shard{2, 2}
			at := open(t, filepath.Join(dir, "b"), study)
			keep(t, at, model(9), 1, 3, 5, 7)
			if err := at.Finish(); err != nil {
				t.Fatal(err)
			}
			closed(t, at)
			return []string{shardOf(t, dir, model(9), 1, 2), filepath.Join(dir, "b")}
		}, []string{"b must have the same files beside the tables of runs as "}},
		{"nothing of a study", func(t *testing.T, dir string) []string { return []string{dir, filepath.Join(dir, "nowhere")} },
			[]string{"nowhere must be the folder of a study or of its shard"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			dirs := c.make(t, dir)
			_, err := Merge(dirs, filepath.Join(dir, "into"), false)
			var u *Unusable
			if !errors.As(err, &u) {
				t.Fatalf("must be refused, got %v", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("must say %q, got %q", want, err)
				}
			}
			if _, err := os.Stat(filepath.Join(dir, "into")); !errors.Is(err, fs.ErrNotExist) {
				t.Error("something was written")
			}
		})
	}
}

func put(t testing.TB, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestAnotherStudyIsNamedAndReplacedByForceOnly(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(s *Study)
		want   string
	}{
		{"another seed", func(s *Study) { s.Seed = 2 }, "of seed 1, not 2"},
		{"another command", func(s *Study) { s.Command = "sweep" }, `a study of "ensemble", not of "sweep"`},
		{"another setting", func(s *Study) { s.Settings = json.RawMessage(`{"a":{"limit":4},"b":1.50}`) }, "with a.limit = 3, not 4"},
		{"a setting more", func(s *Study) { s.Settings = json.RawMessage(`{"a":{"limit":3},"b":1.50,"c":[1]}`) }, "with c = nothing, not [1]"},
		{"another scenario", func(s *Study) { s.Scenarios = []Scenario{{"textbook", "textbook", "0dd"}} }, "of another scenario textbook (hash 5eed, not 0dd)"},
		{"scenarios more", func(s *Study) { s.Scenarios = append(s.Scenarios, Scenario{}) }, "of 1 scenarios, not 2"},
		{"another column", func(s *Study) {
			s.Tables[0].Columns = slices.Clone(s.Tables[0].Columns)
			s.Tables[0].Columns[6].Unit = "EUR"
		}, "with the column price in table runs, not price"},
		{"a table less", func(s *Study) { s.Tables = s.Tables[:1] }, "with 2 tables, not 1"},
		{"another shard", func(s *Study) { s.Shard = Shard{1, 2} }, "holds the whole study, not shard 1 of 2"},
	} {
		for _, finished := range []bool{false, true} {
			t.Run(fmt.Sprint(c.name, ", finished: ", finished), func(t *testing.T) {
				dir := t.TempDir()
				there(t, dir, finished)
				put(t, filepath.Join(dir, "notes.txt"), []byte("mine"))
				before := tree(t, dir)
				study := of(model(5))
				c.change(&study)
				_, err := Open(dir, study, false, nil)
				var u *Unusable
				if !errors.As(err, &u) || !strings.Contains(err.Error(), c.want) {
					t.Fatalf("must be refused with %q, got %v", c.want, err)
				}
				if !slices.Equal(tree(t, dir), before) {
					t.Errorf("the refused folder changed from %v to %v", before, tree(t, dir))
				}
				at, err := Open(dir, study, true, nil)
				if err != nil {
					t.Fatal(err)
				}
				if at.kept() != 0 {
					t.Error("force must begin anew")
				}
				closed(t, at)
				if got := tree(t, dir); len(got) != 2 || got[1] != "notes.txt 4" {
					t.Errorf("left: %v", got)
				}
				closed(t, open(t, dir, study)) // goes on without force
			})
		}
	}
}

// What may not begin writes and removes nothing, by force neither; what goes on or is there already is not asked.
func TestWhatMayNotBeginLeavesTheFolderAsItWas(t *testing.T) {
	asked := 0
	not := func() error { asked++; return errors.New("no room") }
	none := filepath.Join(t.TempDir(), "none")
	if _, err := Open(none, of(model(5)), false, not); err == nil || asked != 1 {
		t.Errorf("asked %d times, %v", asked, err)
	}
	if _, err := os.Stat(none); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the folder was made: %v", err)
	}
	for _, finished := range []bool{true, false} {
		dir := t.TempDir()
		there(t, dir, finished)
		before := tree(t, dir)
		asked = 0
		at, err := Open(dir, of(model(5)), false, not)
		if err != nil || asked != 0 {
			t.Fatalf("asked %d times, %v", asked, err)
		}
		closed(t, at)
		if _, err := Open(dir, of(model(5)), true, not); err == nil || asked != 1 {
			t.Errorf("asked %d times, %v", asked, err)
		}
		if !slices.Equal(tree(t, dir), before) {
			t.Errorf("the folder changed from %v to %v", before, tree(t, dir))
		}
	}
}

// there leaves a study of five runs in a folder, finished or with one run kept.
func there(t testing.TB, dir string, finished bool) {
	t.Helper()
	if finished {
		do(t, dir, model(5), experiment.Shard{}, 1)
		return
	}
	at := open(t, dir, of(model(5)))
	keep(t, at, model(5), 2)
	closed(t, at)
}

// tree lists the files of a folder with their sizes.
func tree(t testing.TB, dir string) (out []string) {
	t.Helper()
	if err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, _ := d.Info()
			rel, _ := filepath.Rel(dir, path)
			out = append(out, fmt.Sprint(filepath.ToSlash(rel), " ", info.Size()))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestAFinishThatFailsLeavesTheFolderAsItWas(t *testing.T) {
	dir := t.TempDir()
	s := model(5)
	at := open(t, dir, of(s))
	keep(t, at, s, 0, 1, 2, 3, 4)
	want := tree(t, dir)
	bad := design()
	bad.Rows.Text[1] = nil // a column that is too short
	if err := at.Finish(bad); err == nil || !strings.Contains(err.Error(), "the 5 runs kept so far are safe") {
		t.Errorf("got %v", err)
	}
	if got := tree(t, dir); !slices.Equal(got, want) {
		t.Errorf("left: %v, want %v", got, want)
	}
	finish(t, at)
}

func TestAForcedStudyThatWasKilledBeforeTheOldOneWasRemovedGoesOn(t *testing.T) {
	dir := t.TempDir()
	do(t, dir, model(5), experiment.Shard{}, 1)
	other := of(model(5))
	other.Seed = 2
	m, err := newManifest(other)
	if err != nil {
		t.Fatal(err)
	}
	j, err := newJournal(dir, m) // the first step of force
	if err != nil {
		t.Fatal(err)
	}
	j.file.Close()
	parts, err := Status(dir)
	if err != nil || parts[0].Missing != 5 {
		t.Errorf("%+v %v", parts, err)
	}
	at := open(t, dir, other)
	if at.kept() != 0 || at.done != nil {
		t.Error("runs of the old study were taken for those of the new one")
	}
	if got := tree(t, dir); len(got) != 2 {
		t.Errorf("left: %v", got)
	}
}

func TestTheHashIsOfWhatDecidesResults(t *testing.T) {
	hash := func(change func(m *Manifest)) string {
		m, err := newManifest(of(model(5)))
		if err != nil {
			t.Fatal(err)
		}
		change(m)
		h, err := m.hash()
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	nothing := hash(func(*Manifest) {})
	for _, c := range []struct {
		name   string
		change func(m *Manifest)
		same   bool
	}{
		{"more runs", func(m *Manifest) { m.Study.Runs = 9 }, true},
		{"a shard", func(m *Manifest) { m.Study.Shard = Shard{2, 3} }, true},
		{"the path of a scenario", func(m *Manifest) { m.Study.Scenarios = []Scenario{{"textbook", "elsewhere.yaml", "5eed"}} }, true},
		{"another processor", func(m *Manifest) { m.GOARCH = "arm64" }, true},
		{"another clock", func(m *Manifest) { m.Times.Started = m.Times.Started.Add(1) }, true},
		{"another build of an unnamed version", func(m *Manifest) { m.Version, m.Build = "devel", "x" }, false},
		{"another build of a changed version", func(m *Manifest) { m.Version, m.Build = "0123456789ab+dirty", "x" }, false},
		{"another version", func(m *Manifest) { m.Version = "v9.9.9" }, false},
		{"another scenario", func(m *Manifest) { m.Study.Scenarios = []Scenario{{"textbook", "textbook", "x"}} }, false},
		{"another unit", func(m *Manifest) { m.Study.Tables = []experiment.Table{{Name: "x"}} }, false},
		{"another generator", func(m *Manifest) { m.Study.Generator = "x" }, false},
	} {
		if got := hash(c.change) == nothing; got != c.same {
			t.Errorf("%s: the hash is the same: %v, want %v", c.name, got, c.same)
		}
	}
	a := hash(func(m *Manifest) { m.Version, m.Build = "v1.2.3", "one" })
	if b := hash(func(m *Manifest) { m.Version, m.Build = "v1.2.3", "two" }); a != b {
		t.Error("two builds of a released version must share their shards")
	}
	x, _ := newManifest(Study{Runs: 1, Tables: of(model(1)).Tables, Settings: json.RawMessage(`{"b":1.50,"a":2}`)})
	y, _ := newManifest(Study{Runs: 1, Tables: of(model(1)).Tables, Settings: json.RawMessage(` {"a":2, "b":1.50}`)})
	if x.Study.Hash != y.Study.Hash {
		t.Error("blanks and the order of keys must not matter")
	}
}

func TestWhatIsNoStudyIsNeverTouched(t *testing.T) {
	for _, c := range []struct{ name, file, text, want string }{
		{"somebody's folder", "thesis.txt", "mine", "is not a study of entrepot"},
		{"somebody's journal", "journal", "Dear diary\nentrepot journal 1\n", "is not a study of entrepot"},
		{"an empty journal", "journal", "", "is not a study of entrepot"},
		{"the result of a run", "manifest.json", `{"program":"entrepot","scenario":{},"run":{}}`, "holds the result of a run"},
	} {
		for _, force := range []bool{false, true} {
			t.Run(fmt.Sprint(c.name, ", force: ", force), func(t *testing.T) {
				dir := t.TempDir()
				put(t, filepath.Join(dir, c.file), []byte(c.text))
				before := tree(t, dir)
				_, err := Open(dir, of(model(3)), force, nil)
				var u *Unusable
				if !errors.As(err, &u) || !strings.Contains(err.Error(), c.want) {
					t.Errorf("must be refused with %q, got %v", c.want, err)
				}
				if _, err := Merge([]string{dir}, dir, force); err == nil {
					t.Error("must not be merged into")
				}
				if got := tree(t, dir); !slices.Equal(got, before) {
					t.Errorf("it changed from %v to %v", before, got)
				}
				if data, _ := os.ReadFile(filepath.Join(dir, c.file)); string(data) != c.text {
					t.Error("its file changed")
				}
			})
		}
	}
}

func TestTwoStoresOnOneFolderAreRefused(t *testing.T) {
	dir := t.TempDir()
	at := open(t, dir, of(model(3)))
	_, err := Open(dir, of(model(3)), false, nil)
	if want := fmt.Sprintf("is in use by another program (process %d", os.Getpid()); runtime.GOOS != "windows" && (err == nil || !strings.Contains(err.Error(), want)) {
		t.Errorf("must be refused with %q, got %v", want, err)
	}
	if _, err := Open(dir, of(model(3)), true, nil); err == nil {
		t.Error("force must not take a folder from a program that is at work")
	}
	if _, err := Status(dir); err != nil {
		t.Errorf("counting needs no lock: %v", err)
	}
	closed(t, at)
	closed(t, open(t, dir, of(model(3))))
}

func TestALockWithoutAProgramHoldsNobodyUp(t *testing.T) {
	dir := t.TempDir()
	closed(t, open(t, dir, of(model(3))))
	put(t, filepath.Join(dir, lockName), []byte("2147483600\n")) // a program that was killed leaves it
	closed(t, open(t, dir, of(model(3))))
	if held(filepath.Join(dir, lockName)) {
		t.Error("where files cannot be locked, no process of that number must count as none")
	}
	put(t, filepath.Join(dir, lockName), []byte(fmt.Sprint(os.Getppid())))
	if !held(filepath.Join(dir, lockName)) {
		t.Error("where files cannot be locked, a living process must count")
	}
}

func TestRowsThatAreNotOfTheRunAreRefused(t *testing.T) {
	s := model(4)
	study := of(s)
	study.Shard = Shard{1, 2}
	at := open(t, t.TempDir(), study)
	rows := newRows(study.Tables)
	keep(t, at, s, 0)
	good := newRows(study.Tables)
	m := experiment.NewMemory()
	_ = s.Execute(context.Background(), m, experiment.Options{Workers: 1})
	_ = m.Each(func(run int, r []experiment.Rows) error {
		if run == 2 {
			for i := range r {
				good[i].Append(&study.Tables[i], &r[i], 0, r[i].Len(&study.Tables[i]))
			}
		}
		return nil
	})
	short := slices.Clone(good)
	short[0].Int = slices.Clone(short[0].Int)
	short[0].Int[1] = nil
	for _, c := range []struct {
		name string
		run  int
		rows []experiment.Rows
		want string
	}{
		{"a run of another shard", 1, rows, "run 1 must be one of the 4 runs of shard 1 of 2"},
		{"a run too many", 4, rows, "run 4 must be one of the 4 runs"},
		{"a table less", 2, rows[:1], "must have rows of 2 tables, got 1"},
		{"a short column", 2, short, "column point of table runs must have 1 rows, got 0"},
		{"rows of another run", 0, good, "must have rows of its own, got one of run 2"},
		{"a run that is there", 0, rows, "it is there already"},
	} {
		if err := at.Keep(c.run, c.rows); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: must be refused with %q, got %v", c.name, c.want, err)
		}
	}
	for _, bad := range []Study{{Runs: 0, Tables: study.Tables}, {Runs: 1}, {Runs: 1, Tables: study.Tables, Shard: Shard{3, 2}},
		{Runs: 1, Tables: study.Tables, Settings: json.RawMessage("{")}, {Runs: 1, Tables: []experiment.Table{{Name: "x", Columns: []experiment.Column{{Name: "x", Kind: experiment.Text}}}}}} {
		if _, err := Open(t.TempDir(), bad, false, nil); err == nil {
			t.Errorf("must be refused: %+v", bad)
		}
	}
}

func TestStatusCountsWhatIsThere(t *testing.T) {
	dir := t.TempDir()
	if _, err := Status(dir); err == nil {
		t.Error("an empty folder is no study")
	}
	s := model(20)
	failed := map[int]bool{}
	m := experiment.NewMemory()
	_ = s.Execute(context.Background(), m, experiment.Options{Workers: 1})
	_ = m.Each(func(run int, rows []experiment.Rows) error {
		failed[run] = rows[0].Text[5][0] != ""
		return nil
	})
	count := func(runs ...int) (n int) {
		for _, run := range runs {
			if failed[run] {
				n++
			}
		}
		return n
	}
	do(t, filepath.Join(dir, "shard-2-of-4"), s, experiment.Shard{Part: 2, Of: 4}, 1)
	study := of(s)
	study.Shard = Shard{3, 4}
	at := open(t, filepath.Join(dir, "shard-3-of-4"), study)
	keep(t, at, s, 2, 6, 10)
	if err := os.Mkdir(filepath.Join(dir, "shard-4-of-4"), 0o777); err != nil {
		t.Fatal(err)
	}
	put(t, filepath.Join(dir, "shard-4-of-4", "manifest.json"), []byte("{"))
	parts, err := Status(dir)
	if err != nil {
		t.Fatal(err)
	}
	want := []Part{
		{Dir: "shard-1-of-4", Shard: Shard{1, 4}, Runs: 5, Missing: 5},
		{Dir: "shard-2-of-4", Shard: Shard{2, 4}, Finished: true, Runs: 5, Failed: count(1, 5, 9, 13, 17)},
		{Dir: "shard-3-of-4", Shard: Shard{3, 4}, Runs: 5, Failed: count(2, 6, 10), Missing: 2},
		{Dir: "shard-4-of-4", Shard: Shard{4, 4}, Trouble: "unexpected end of JSON input"},
	}
	want[1].Done, want[2].Done = 5-want[1].Failed, 3-want[2].Failed
	if want[1].Failed+want[2].Failed == 0 {
		t.Error("the model must fail somewhere for this test to say anything")
	}
	for i := range parts {
		parts[i].Dir, parts[i].all = filepath.Base(parts[i].Dir), 0
		if strings.Contains(parts[i].Trouble, want[i].Trouble) && want[i].Trouble != "" {
			parts[i].Trouble = want[i].Trouble
		}
	}
	if !slices.Equal(parts, want) {
		t.Errorf("got %+v\nwant %+v", parts, want)
	}
}

func TestTheFolderOfOneShardSaysNothingOfTheOthers(t *testing.T) {
	dir := t.TempDir()
	s := model(20)
	for _, name := range []string{"shard-2-of-4", "copied"} {
		do(t, filepath.Join(dir, name), s, experiment.Shard{Part: 2, Of: 4}, 1)
	}
	const others = "one of 4 shards: the rest was not looked for"
	for _, c := range []struct{ name, dir, want string }{
		{"under the name that a study gives it", "shard-2-of-4", others + "; status of " + filepath.ToSlash(dir) + " counts what is there"},
		{"under another name", "copied", others},
	} {
		parts, err := Status(filepath.Join(dir, c.dir))
		if err != nil || len(parts) != 1 || parts[0].Shard != (Shard{2, 4}) || !parts[0].Finished || parts[0].Runs != 5 || parts[0].Missing != 0 || parts[0].Note != c.want {
			t.Errorf("%s: got %+v, %v, want the note %q", c.name, parts, err, c.want)
		}
	}
	t.Chdir(filepath.Join(dir, "shard-2-of-4"))
	if parts, err := Status("."); err != nil || parts[0].Note != others+"; status of .. counts what is there" {
		t.Errorf("from within: %+v, %v", parts, err)
	}
}

func TestADamagedResultIsRefusedByName(t *testing.T) {
	dir := t.TempDir()
	do(t, dir, model(5), experiment.Shard{}, 1)
	put(t, filepath.Join(dir, "runs.parquet"), []byte("x"))
	_, err := Open(dir, of(model(5)), false, nil)
	if err == nil || !strings.Contains(err.Error(), "runs.parquet must be a file of ") || !strings.Contains(err.Error(), "--force begins anew") {
		t.Errorf("got %v", err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), "damaged") {
		t.Errorf("got %v", err)
	}
	at, err := Open(dir, of(model(5)), true, nil)
	if err != nil {
		t.Fatal(err)
	}
	closed(t, at)
	do(t, dir, model(5), experiment.Shard{}, 1)
	whole := t.TempDir()
	do(t, whole, model(5), experiment.Shard{}, 1)
	same(t, files(t, dir), files(t, whole), "after force")
}

func TestRecordsGiveBackTheirRows(t *testing.T) {
	tables := []experiment.Table{{Name: "all", Columns: []experiment.Column{{Name: "run"}, {Name: "f", Kind: experiment.Float}, {Name: "t", Kind: experiment.Text},
		{Name: "d", Kind: experiment.Date}, {Name: "s", Kind: experiment.Int32}}}, {Name: "bare", Columns: []experiment.Column{{Name: "run"}}}}
	rapid.Check(t, func(t *rapid.T) {
		rows, got := newRows(tables), newRows(tables)
		run := rapid.IntRange(0, 1<<40).Draw(t, "run")
		for range rapid.IntRange(0, 50).Draw(t, "rows") {
			rows[0].Int[0] = append(rows[0].Int[0], int64(run))
			rows[0].Float[1] = append(rows[0].Float[1], rapid.Float64().Draw(t, "float"))
			rows[0].Text[2] = append(rows[0].Text[2], rapid.SampledFrom([]string{"", "a", "bc", "\x00"}).Draw(t, "text"))
			rows[0].Int[3] = append(rows[0].Int[3], rapid.Int64().Draw(t, "date"))
			rows[0].Int[4] = append(rows[0].Int[4], rapid.SampledFrom([]int64{experiment.None, math.MaxInt64, 0}).Draw(t, "int"))
		}
		record := appendRun(nil, run, tables, rows)
		back, err := decodeRun(record, tables, got)
		if err != nil || back != run || fmt.Sprint(got) != fmt.Sprint(rows) {
			t.Fatalf("run %d, %v: got %v, want %v", back, err, got, rows)
		}
		for cut := range record {
			if _, err := decodeRun(record[:cut], tables, got); err == nil {
				t.Fatalf("a record cut to %d of %d bytes was read", cut, len(record))
			}
		}
		junk := rapid.SliceOfN(rapid.Byte(), 0, 60).Draw(t, "junk")
		_, _ = decodeRun(junk, tables, got) // must neither panic nor take all memory
	})
}

// heap is what is in use now.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC() // pools live for one round more
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

func TestMemoryDoesNotGrowWithTheRuns(t *testing.T) {
	s := model(1)
	most := func(runs int) (kept, read uint64) {
		study := of(s)
		study.Runs = runs
		at := open(t, t.TempDir(), study)
		rows := newRows(study.Tables)
		for run := range runs {
			fill(rows, run, 96)
			if err := at.Keep(run, rows); err != nil {
				t.Fatal(err)
			}
		}
		kept = heap()
		finish(t, at)
		if err := at.Each(func(run int, _ []experiment.Rows) error {
			if run == runs-1 {
				read = heap()
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		closed(t, at)
		return kept, read
	}
	most(100)
	keptFew, readFew := most(100)
	keptLots, readLots := most(10000)
	t.Logf("heap in use with 100 and 10,000 runs: kept %d and %d kB, read back %d and %d kB", keptFew/1024, keptLots/1024, readFew/1024, readLots/1024)
	if keptLots > keptFew+16*10000+1<<20 {
		t.Errorf("keeping: %d bytes with 100 runs, %d with 10,000", keptFew, keptLots)
	}
	if readLots > readFew+16*10000+4<<20 {
		t.Errorf("reading: %d bytes with 100 runs, %d with 10,000", readFew, readLots)
	}
}

// fill makes rows of a run as model has them: one of figures, and n of series, about 10 bytes each.
func fill(rows []experiment.Rows, run, n int) {
	for i := range rows {
		rows[i].Reset()
	}
	r, s := &rows[0], &rows[1]
	for c := range 4 {
		r.Int[c] = append(r.Int[c], int64(run))
	}
	r.Text[4], r.Text[5] = append(r.Text[4], ""), append(r.Text[5], "")
	r.Float[6], r.Float[7] = append(r.Float[6], float64(run)*1.1), append(r.Float[7], 3)
	for k := range n {
		s.Int[0] = append(s.Int[0], int64(run))
		s.Text[1] = append(s.Text[1], names[k/120])
		s.Text[2] = append(s.Text[2], months[k%120])
		s.Float[3] = append(s.Float[3], 250000+40000*math.Sin(float64(run*1000+k)*1.7))
	}
}

var names, months = func() (n, m []string) {
	for k := range 120 {
		n = append(n, fmt.Sprint("price_ak_town", k%8))
		m = append(m, fmt.Sprintf("%d-%02d", 2015+k/12, 1+k%12))
	}
	return n, m
}()

func BenchmarkKeep(b *testing.B) {
	study := of(model(1))
	study.Runs = math.MaxInt32
	at, err := Open(b.TempDir(), study, false, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer at.Close()
	rows := newRows(study.Tables)
	run := 0
	for b.Loop() {
		fill(rows, run, 960)
		if err := at.Keep(run, rows); err != nil {
			b.Fatal(err)
		}
		run++
	}
	b.ReportMetric(float64(at.journal.end)/float64(run), "bytes/run")
}

func BenchmarkFillAlone(b *testing.B) {
	rows := newRows(of(model(1)).Tables)
	run := 0
	for b.Loop() {
		fill(rows, run, 960)
		run++
	}
}

func BenchmarkFinish(b *testing.B) {
	study := of(model(1))
	study.Runs = 1000
	for b.Loop() {
		b.StopTimer()
		at, err := Open(b.TempDir(), study, false, nil)
		if err != nil {
			b.Fatal(err)
		}
		rows := newRows(study.Tables)
		for run := range study.Runs {
			fill(rows, run, 960)
			if err := at.Keep(run, rows); err != nil {
				b.Fatal(err)
			}
		}
		b.StartTimer()
		if err := at.Finish(); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		at.Close()
		b.StartTimer()
	}
	b.ReportMetric(float64(study.Runs)*961*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func TestFinishedOpensAStudyWhoseRunsAreAllThere(t *testing.T) {
	part := experiment.Shard{Part: 2, Of: 2}
	for _, c := range []struct {
		name  string
		runs  int // done in the folder; 0: nothing is there
		shard experiment.Shard
		ask   func(s *Study)
		there bool
		wrong string
	}{
		{name: "nothing is there"},
		{name: "all of it", runs: 9, there: true},
		{name: "fewer runs than are asked for", runs: 5},
		{name: "more runs than are asked for", runs: 12, wrong: "more than the 9 that are asked for"},
		{name: "another study", runs: 9, ask: func(s *Study) { s.Seed = 2 }, wrong: "holds another study: of seed 1, not 2"},
		{name: "fewer runs of another study", runs: 5, ask: func(s *Study) { s.Seed = 2 }, wrong: "holds another study"},
		{name: "a part", runs: 9, shard: part, ask: func(s *Study) { s.Shard = Shard(part) }, there: true},
		{name: "a part in place of the whole", runs: 9, shard: part, wrong: "holds shard 2 of 2, not the whole study"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "study")
			if c.runs > 0 {
				do(t, dir, model(c.runs), c.shard, 1)
			}
			study := of(model(9))
			if c.ask != nil {
				c.ask(&study)
			}
			v, err := Finished(dir, study)
			var no *Unusable
			if (v != nil) != c.there || (err != nil) != (c.wrong != "") || err != nil && (!errors.As(err, &no) || !strings.Contains(err.Error(), c.wrong)) {
				t.Errorf("want it there: %v, an error with %q, got %v, %v", c.there, c.wrong, v != nil, err)
			}
			if _, err := os.Stat(dir); c.runs == 0 && err == nil {
				t.Error("a folder was made")
			}
		})
	}
}

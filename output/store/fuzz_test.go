package store

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entrepot/experiment"
	"entrepot/internal/spoil"
	"entrepot/output/manifest"
)

// studyFiles are the files of a finished study of a few runs, and of a journal of one that is not finished.
func studyFiles(t testing.TB) (finished map[string]string, journal string) {
	t.Helper()
	dir := t.TempDir()
	do(t, dir, model(3), experiment.Shard{}, 1)
	finished = files(t, dir)
	data, err := os.ReadFile(filepath.Join(dir, manifest.Name))
	if err != nil {
		t.Fatal(err)
	}
	finished[manifest.Name] = string(data)
	half := t.TempDir()
	unfinishedStudy(t, half, 2)
	if data, err = os.ReadFile(filepath.Join(half, manifest.Journal)); err != nil {
		t.Fatal(err)
	}
	return finished, string(data)
}

// folderOfAnything puts a damaged file among good ones. Whatever it is, the folder is refused or read, and nothing is written outside
// of it.
func folderOfAnything(t *testing.T, good map[string]string, name, data string) {
	root, err := os.MkdirTemp("", "entrepot-fuzz-")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(root)
	dir := filepath.Join(root, "study")
	if err := os.MkdirAll(filepath.Join(dir, "world"), 0o777); err != nil {
		t.Fatal(err)
	}
	for other, text := range good {
		if other != name {
			put(t, filepath.Join(dir, filepath.FromSlash(other)), []byte(text))
		}
	}
	put(t, filepath.Join(dir, filepath.FromSlash(name)), []byte(data))
	parts, err := Status(dir)
	if err == nil && len(parts) > 10_000 {
		t.Fatalf("%d parts", len(parts))
	}
	if m, err := Read(dir); err == nil { // read without a look at the bytes of the files, as status does
		if s, err := openSource(dir, m.Study.Tables); err == nil {
			_ = s.rows(0, newRows(m.Study.Tables))
			s.close()
		}
	}
	if v, err := Load(dir); err == nil {
		runs := 0
		_ = v.Each(func(int, []experiment.Rows) error {
			if runs++; runs > 1000 {
				return os.ErrDeadlineExceeded
			}
			return nil
		})
	}
	_, _ = Merge([]string{dir}, filepath.Join(root, "merged"), false)
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.Name() != "study" && e.Name() != "merged" {
			t.Fatalf("%s was written beside the folder", e.Name())
		}
	}
}

func folderSeeds(t testing.TB) (good map[string]string, names []string) {
	good, journal := studyFiles(t)
	good[manifest.Journal] = journal
	names = slices.DeleteFunc(slices.Sorted(maps.Keys(good)), func(name string) bool { return strings.HasPrefix(name, "world/") || name == "columns.csv" })
	return good, names
}

func FuzzFolder(f *testing.F) {
	good, names := folderSeeds(f)
	for _, name := range names {
		f.Add(name, good[name])
	}
	f.Fuzz(func(t *testing.T, name, data string) {
		if good[name] != "" {
			folderOfAnything(t, withoutJournal(good, name), name, data)
		}
	})
}

// withoutJournal are the files of a finished study alone, unless it is the journal that is damaged.
func withoutJournal(good map[string]string, name string) map[string]string {
	if name == manifest.Journal {
		return nil
	}
	good = maps.Clone(good)
	delete(good, manifest.Journal)
	return good
}

func TestFoldersNearGoodOnesAreRefusedOrRead(t *testing.T) {
	good, names := folderSeeds(t)
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			spoil.Each(t, 150, []string{good[name]}, func(t *testing.T, data string) { folderOfAnything(t, withoutJournal(good, name), name, data) })
		})
	}
}

func journalOfAnything(t *testing.T, dir, data string) {
	put(t, filepath.Join(dir, manifest.Journal), []byte(data))
	j, err := readJournal(dir, os.O_RDONLY)
	if err != nil {
		return
	}
	_, _, _ = j.count(0)
	j.file.Close()
}

func journalSeeds(t testing.TB) []string {
	_, data := studyFiles(t)
	return []string{data, data[:len(data)-4], manifest.JournalMagic}
}

func FuzzAJournalOfAnythingIsRefusedOrRead(f *testing.F) {
	for _, s := range journalSeeds(f) {
		f.Add([]byte(s))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, data []byte) { journalOfAnything(t, dir, string(data)) })
}

func TestJournalsNearGoodOnesAreRefusedOrRead(t *testing.T) {
	dir := t.TempDir()
	spoil.Each(t, 2000, journalSeeds(t), func(t *testing.T, data string) { journalOfAnything(t, dir, data) })
}

// The checksum of a record is no guard against who writes it anew: its content is taken apart with care as well.
func recordOfAnything(t *testing.T, tables []experiment.Table, data string) {
	rows := newRows(tables)
	run, err := decodeRun([]byte(data), tables, rows)
	if err != nil {
		return
	}
	for i := range rows {
		if err := rows[i].Check(&tables[i]); err != nil {
			t.Fatal(err)
		}
	}
	again := newRows(tables)
	if n, err := decodeRun(appendRun(nil, run, tables, rows), tables, again); err != nil || n != run {
		t.Fatalf("run %d is written and read as run %d: %v", run, n, err)
	}
}

func recordSeeds(t testing.TB) (tables []experiment.Table, seeds []string) {
	dir := t.TempDir()
	unfinishedStudy(t, dir, 3)
	j, err := readJournal(dir, os.O_RDONLY)
	if err != nil {
		t.Fatal(err)
	}
	defer j.file.Close()
	w := j.window()
	for _, at := range j.places {
		record, err := w.frame(at)
		if err != nil {
			t.Fatal(err)
		}
		seeds = append(seeds, string(record[1:]))
	}
	return j.head.Study.Tables, seeds
}

func FuzzRecord(f *testing.F) {
	tables, seeds := recordSeeds(f)
	for _, s := range seeds {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data string) { recordOfAnything(t, tables, data) })
}

func TestRecordsNearGoodOnesAreRefusedOrRead(t *testing.T) {
	tables, seeds := recordSeeds(t)
	spoil.Each(t, 5000, seeds, func(t *testing.T, data string) { recordOfAnything(t, tables, data) })
}

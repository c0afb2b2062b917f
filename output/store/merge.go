package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entrepot/experiment"
	"entrepot/output/manifest"
)

// Shards lists the folders of shards within the folder of a study, by name.
func Shards(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var out []string
	for _, e := range entries {
		var part, of int
		if n, _ := fmt.Sscanf(e.Name(), "shard-%d-of-%d", &part, &of); n == 2 && e.IsDir() && e.Name() == manifest.ShardName(part, of) {
			out = append(out, filepath.Join(dir, e.Name()))
		}
	}
	return out, nil
}

// shard is one of the folders that are merged.
type shard struct {
	dir string
	*Manifest
}

// Merge writes what a study would have written without shards. Folders may be given in any order; one that holds shards stands
// for them. All that is wrong with them is told, and then nothing is written. Merging again changes nothing.
func Merge(dirs []string, into string, force bool) (*Manifest, error) {
	all, err := shardsOf(dirs)
	if err != nil {
		return nil, err
	}
	want := *all[0].Manifest
	want.Maker, want.Study.Shard = manifest.Self(), Shard{1, 1}
	if len(all) == 1 && all[0].Study.Shard.Of == 1 && sameFolder(all[0].dir, into) {
		return all[0].Manifest, nil
	}
	if err := usable(into); err != nil {
		return nil, err
	}
	if there, err := Read(into); err == nil && !force && merged(there, &want) && there.check(into) == nil {
		return there, nil
	}
	if err := os.MkdirAll(into, 0o777); err != nil {
		return nil, fmt.Errorf("making %s: %w", into, err)
	}
	l, err := takeLock(into)
	if err != nil {
		return nil, err
	}
	m, err := merge(all, into, &want, force)
	if freed := l.free(); err == nil {
		err = freed
	}
	return m, err
}

// merged says whether a manifest is of the whole study in all its runs, or in more.
func merged(there, want *Manifest) bool {
	return there.Study.Hash == want.Study.Hash && there.Study.Shard == want.Study.Shard && there.Study.Runs >= want.Study.Runs
}

func sameFolder(a, b string) bool {
	x, errX := os.Stat(a)
	y, errY := os.Stat(b)
	return errX == nil && errY == nil && os.SameFile(x, y)
}

// merge writes into a folder that is locked.
func merge(all []shard, into string, want *Manifest, force bool) (*Manifest, error) {
	if err := settle(into); err != nil {
		return nil, err
	}
	removeParts(into)
	if err := replaceable(into, want, force); err != nil {
		return nil, err
	}
	c := newCommit(into, want.Study.Hash)
	err := c.runs(want.Study.Tables, func(do func(int, []experiment.Rows) error) error { return eachOf(all, do) })
	if err == nil {
		err = c.copyOthers(all[0])
	}
	if err == nil {
		want.Times.Finished = now()
		err = c.seal(want)
	} else {
		c.abort()
	}
	if err != nil {
		return nil, fmt.Errorf("merging into %s: %w; the shards are as they were", into, err)
	}
	if err := os.Remove(filepath.Join(into, manifest.Journal)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return Read(into)
}

// replaceable says why shards cannot be merged over what is there: another study, more runs of this one, or one at work.
func replaceable(dir string, want *Manifest, force bool) error {
	if force {
		return nil
	}
	s := &Store{dir: dir, want: want}
	if j, err := readJournal(dir, os.O_RDONLY); err == nil {
		j.file.Close()
		return unusable("%s holds an unfinished study beside the shards, with %d runs; --force removes it, --out names another folder", dir, j.kept)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	there, err := Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	return s.refuse(there, there.Study.Runs)
}

// shardsOf reads the manifests of folders and says all that is wrong with them.
func shardsOf(dirs []string) ([]shard, error) {
	var all []shard
	var wrong []string
	for _, dir := range expand(dirs) {
		m, err := Read(dir)
		if err != nil {
			wrong = append(wrong, unfinished(dir, err))
			continue
		}
		if err := m.check(dir); err != nil {
			wrong = append(wrong, fmt.Sprintf("%s (%s) is damaged: %v", dir, m.Study.Shard, err))
		}
		all = append(all, shard{dir, m})
	}
	if len(wrong) == 0 && len(all) == 0 {
		wrong = append(wrong, "no shards are there: "+strings.Join(dirs, ", "))
	}
	if len(all) > 0 {
		slices.SortStableFunc(all, func(a, b shard) int { return a.Study.Shard.Part - b.Study.Shard.Part })
		wrong = append(wrong, mixed(all)...)
		wrong = append(wrong, incomplete(all, len(wrong) > 0)...)
	}
	if len(wrong) > 0 {
		return nil, unusable("%s", strings.Join(wrong, "\n"))
	}
	return all, nil
}

// expand puts shards in place of a folder that holds some.
func expand(dirs []string) (out []string) {
	for _, dir := range dirs {
		if inside, err := Shards(dir); err == nil && len(inside) > 0 {
			out = append(out, inside...)
			continue
		}
		out = append(out, dir)
	}
	return out
}

// unfinished says what a folder without a readable manifest is.
func unfinished(dir string, err error) string {
	if !errors.Is(err, fs.ErrNotExist) {
		return err.Error()
	}
	j, err := readJournal(dir, os.O_RDONLY)
	if err != nil {
		return fmt.Sprintf("%s must be the folder of a study or of its shard, with a %s", dir, manifest.Name)
	}
	defer j.file.Close()
	s := &j.head.Study
	return fmt.Sprintf("%s (%s) is not finished: it must have %d runs, got %d", dir, s.Shard, s.Shard.runs(s.Runs), j.kept)
}

// mixed says which shards are not of one study.
func mixed(all []shard) (wrong []string) {
	first := all[0]
	for _, s := range all[1:] {
		switch a, b := &first.Study, &s.Study; {
		case a.Hash != b.Hash:
			wrong = append(wrong, fmt.Sprintf("%s is of another study than %s: %s", s.dir, first.dir, first.difference(s.Manifest)))
		case a.Shard.Of != b.Shard.Of:
			wrong = append(wrong, fmt.Sprintf("%s is %s, but %s is %s", s.dir, b.Shard, first.dir, a.Shard))
		case a.Runs != b.Runs:
			wrong = append(wrong, fmt.Sprintf("%s is of %d runs, but %s of %d", s.dir, b.Runs, first.dir, a.Runs))
		default:
			wrong = append(wrong, othersDiffer(first, s)...)
		}
	}
	return wrong
}

// othersDiffer says which files beside the tables of runs are not the same in two shards.
func othersDiffer(a, b shard) (wrong []string) {
	if x, y := a.others(), b.others(); !slices.Equal(x, y) {
		wrong = append(wrong, fmt.Sprintf("%s must have the same files beside the tables of runs as %s, got %s and %s", b.dir, a.dir, listed(y), listed(x)))
	}
	return wrong
}

func listed(files []manifest.File) string {
	var names []string
	for _, f := range files {
		names = append(names, fmt.Sprintf("%s %.12s", f.Name, f.SHA256))
	}
	return strings.Join(names, ", ")
}

// incomplete says which shards are missing or there twice. Where some cannot be read, they are not called missing as well.
func incomplete(all []shard, unread bool) (wrong []string) {
	of := all[0].Study.Shard.Of
	by := map[int]string{}
	for _, s := range all {
		k := s.Study.Shard
		if k.Of != of {
			continue
		}
		if other, twice := by[k.Part]; twice {
			wrong = append(wrong, fmt.Sprintf("%s is there twice: %s and %s", k, other, s.dir))
		}
		by[k.Part] = s.dir
	}
	var missing []string
	for part := 1; part <= of; part++ {
		if by[part] == "" {
			missing = append(missing, fmt.Sprint(part))
		}
	}
	if len(missing) > 0 && !unread {
		wrong = append(wrong, fmt.Sprintf("%d shards must be there, got %d: missing %s", of, of-len(missing), strings.Join(missing, ", ")))
	}
	return wrong
}

// others are the files of a manifest beside the tables of runs.
func (m *Manifest) others() []manifest.File {
	return slices.DeleteFunc(slices.Clone(m.Files), func(f manifest.File) bool {
		return slices.ContainsFunc(m.Study.Tables, func(t experiment.Table) bool { return tableFile(t.Name) == f.Name })
	})
}

// copyOthers copies those files, which are the same in all shards.
func (c *commit) copyOthers(from shard) error {
	for _, f := range from.others() {
		in, err := os.Open(filepath.Join(from.dir, filepath.FromSlash(f.Name)))
		if err != nil {
			return err
		}
		out, err := c.create(f.Name)
		if err == nil {
			_, err = io.Copy(out, in)
		}
		in.Close()
		if err == nil {
			err = out.Close()
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// eachOf calls do with all runs of all shards in order.
func eachOf(all []shard, do func(run int, rows []experiment.Rows) error) error {
	tables := all[0].Study.Tables
	var from []*source
	defer func() {
		for _, s := range from {
			s.close()
		}
	}()
	rows := newRows(tables)
	for _, s := range all {
		in, err := openSource(s.dir, tables)
		if err != nil {
			return err
		}
		from = append(from, in)
	}
	for run := range all[0].Study.Runs {
		if err := from[run%len(from)].rows(run, rows); err != nil {
			return err
		}
		if err := do(run, rows); err != nil {
			return err
		}
	}
	return nil
}

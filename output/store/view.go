package store

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"entrepot/experiment"
	"entrepot/output/manifest"
)

// View is a finished study's folder, opened to be read. It locks nothing.
type View struct {
	*Manifest
	dir string
}

// Load opens the folder of a finished study, or of a shard, and checks that its files are those that its manifest lists.
func Load(dir string) (*View, error) {
	m, err := Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, unusable("%s", unfinished(dir, err))
	}
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(filepath.Join(dir, commitName)); err == nil {
		return nil, unusable("%s is being finished by another program, or by one that was ended; go on with the study, then read it", dir)
	}
	if err := m.check(dir); err != nil {
		return nil, unusable("%s holds a study that is damaged: %v", dir, err)
	}
	return &View{m, dir}, nil
}

// Finished opens the folder of a study, or of a shard, where all its runs are done, and returns nil where they are not. It makes nothing and
// locks nothing. Another study is refused, as Open does.
func Finished(dir string, study Study) (*View, error) {
	want, err := newManifest(study)
	if err != nil {
		return nil, err
	}
	m, err := Read(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	if err := (&Store{dir: dir, want: want}).refuse(m, m.Study.Runs); err != nil || m.Study.Runs < want.Study.Runs {
		return nil, err
	}
	return Load(dir)
}

// Each calls do with every run and its rows of the study's tables, in the order of runs, until do fails. The rows are valid
// until do returns.
func (v *View) Each(do func(run int, rows []experiment.Rows) error) error {
	s := Store{dir: v.dir, want: v.Manifest, done: v.Manifest}
	return s.Each(do)
}

// Table reads a whole table, such as the design points. Its error wraps fs.ErrNotExist where there is none of that name.
func (v *View) Table(name string) (experiment.Table, experiment.Rows, error) {
	if !slices.ContainsFunc(v.Files, func(f manifest.File) bool { return f.Name == tableFile(name) }) {
		return experiment.Table{}, experiment.Rows{}, fmt.Errorf("table %s of %s: %w", name, v.dir, fs.ErrNotExist)
	}
	path := filepath.Join(v.dir, tableFile(name))
	file, in, err := openParquet(path)
	if err != nil {
		return experiment.Table{}, experiment.Rows{}, err
	}
	defer file.Close()
	defer in.Close()
	rows := experiment.NewRows(in.Table())
	for {
		if _, err := in.Read(&rows, rowsAhead); errors.Is(err, io.EOF) {
			return *in.Table(), rows, nil
		} else if err != nil {
			return experiment.Table{}, experiment.Rows{}, fmt.Errorf("reading %s: %w", path, err)
		}
	}
}

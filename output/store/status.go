package store

import (
	"cmp"
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

// Part is what there is of a study in one folder: of all of it, or of one shard.
type Part struct {
	Dir      string `json:"folder"`
	Shard    Shard  `json:"shard"`
	Finished bool   `json:"finished"` // its tables are written
	Runs     int    `json:"runs"`     // that it shall have
	Done     int    `json:"done"`     // kept, and not failed
	Failed   int    `json:"failed"`   // kept as failed
	Missing  int    `json:"missing"`
	Trouble  string `json:"trouble,omitempty"` // why it cannot be read; nothing of it is counted
	Note     string `json:"note,omitempty"`    // what was not looked for

	all int // runs of all shards
}

// Status counts what there is of a study: in the folder itself and in those of its shards, those of which nothing is there
// included. Of a shard's own folder it counts that shard alone: where the others are is not known there. It locks nothing and may be
// asked while programs are at work.
func Status(dir string) ([]Part, error) {
	inside, err := Shards(dir)
	if err != nil {
		return nil, unusable("%s must be the folder of a study or of its shards: %v", dir, err)
	}
	var parts []Part
	for _, d := range append([]string{dir}, inside...) {
		p, err := part(d)
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			parts = append(parts, Part{Dir: d, Shard: shardIn(d), Trouble: err.Error()})
		default:
			parts = append(parts, p)
		}
	}
	if len(inside) == 0 && len(parts) == 1 && parts[0].Trouble != "" {
		return nil, unusable("%s", parts[0].Trouble)
	}
	if len(parts) == 0 && len(inside) == 0 {
		return nil, unusable("%s must be the folder of a study or of its shards", dir)
	}
	if len(inside) == 0 && parts[0].Shard.Of > 1 {
		parts[0].Note = othersOf(dir, parts[0].Shard)
		return parts, nil
	}
	return complete(dir, parts), nil
}

// othersOf says that the other shards were not looked for, and where they would be if the folder has the name that studies give it.
func othersOf(dir string, s Shard) string {
	note := fmt.Sprintf("one of %d shards: the rest was not looked for", s.Of)
	if full, err := filepath.Abs(dir); err == nil && filepath.Base(full) == manifest.ShardName(s.Part, s.Of) {
		note += fmt.Sprintf("; status of %s counts what is there", filepath.ToSlash(filepath.Join(dir, "..")))
	}
	return note
}

// shardIn is the shard that a folder's name tells.
func shardIn(dir string) (s Shard) {
	if n, _ := fmt.Sscanf(filepath.Base(dir), "shard-%d-of-%d", &s.Part, &s.Of); n < 2 {
		return Shard{1, 1}
	}
	return s
}

// complete adds the shards of which nothing is there.
func complete(dir string, parts []Part) []Part {
	of, all := 1, 0
	for _, p := range parts {
		if p.Shard.Of > 1 && p.all > 0 {
			of, all = p.Shard.Of, max(all, p.all)
		}
	}
	there := map[Shard]bool{}
	for _, p := range parts {
		there[p.Shard] = true
	}
	for k := 1; k <= of && of > 1; k++ {
		if s := (Shard{k, of}); !there[s] {
			parts = append(parts, Part{Dir: filepath.Join(dir, manifest.ShardName(k, of)), Shard: s, Runs: s.runs(all), Missing: s.runs(all)})
		}
	}
	slices.SortStableFunc(parts, func(a, b Part) int {
		return cmp.Or(cmp.Compare(a.Shard.Of, b.Shard.Of), cmp.Compare(a.Shard.Part, b.Shard.Part))
	})
	return parts
}

// part counts what is in one folder. Its error wraps fs.ErrNotExist where there is nothing of a study.
func part(dir string) (Part, error) {
	done, err := Read(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Part{Dir: dir}, err
	}
	j, err := readJournal(dir, os.O_RDONLY)
	switch {
	case err == nil:
		defer j.file.Close()
	case done == nil || !errors.Is(err, fs.ErrNotExist):
		return Part{Dir: dir}, err
	}
	of, stored := done, 0
	if j != nil {
		of = &j.head
	}
	kept, failed := 0, 0
	if done != nil && done.Study.Hash == of.Study.Hash { // otherwise the journal's study replaces it
		stored = done.Study.Runs
		kept = done.Study.Shard.runs(stored)
		if failed, err = failures(dir, done); err != nil {
			return Part{Dir: dir}, err
		}
	}
	if j != nil {
		more, wrong, err := j.count(stored)
		if err != nil {
			return Part{Dir: dir}, err
		}
		kept, failed = kept+more, failed+wrong
	}
	shard, all := of.Study.Shard, max(of.Study.Runs, stored)
	return Part{Dir: dir, Shard: shard, Finished: j == nil, Runs: shard.runs(all), Done: kept - failed, Failed: failed, Missing: shard.runs(all) - kept, all: all}, nil
}

// failedIn returns where the reason of a failure stands: a text column failed of the table runs.
func failedIn(tables []experiment.Table) (table, column int, ok bool) {
	table = slices.IndexFunc(tables, func(t experiment.Table) bool { return t.Name == experiment.RunsTable })
	if table < 0 {
		return 0, 0, false
	}
	column = slices.IndexFunc(tables[table].Columns, func(c experiment.Column) bool { return c.Name == "failed" && c.Kind == experiment.Text })
	return table, column, column >= 0
}

// failures counts the failed runs of a finished folder.
func failures(dir string, m *Manifest) (failed int, err error) {
	table, _, ok := failedIn(m.Study.Tables)
	if !ok {
		return 0, nil
	}
	path := filepath.Join(dir, tableFile(m.Study.Tables[table].Name))
	for _, f := range m.Files {
		if filepath.Join(dir, filepath.FromSlash(f.Name)) == path {
			if err := f.Check(dir); err != nil {
				return 0, err
			}
		}
	}
	file, in, err := openParquet(path, "failed")
	if err != nil {
		return 0, err
	}
	defer file.Close()
	defer in.Close()
	rows := experiment.NewRows(in.Table())
	for {
		rows.Reset()
		if _, err := in.Read(&rows, rowsAhead); errors.Is(err, io.EOF) {
			return failed, nil
		} else if err != nil {
			return 0, fmt.Errorf("reading %s: %w", path, err)
		}
		failed += reasons(rows.Text[0])
	}
}

// reasons counts the texts that are not empty.
func reasons(column []string) (n int) {
	for _, s := range column {
		if s != "" {
			n++
		}
	}
	return n
}

// count counts the runs of a journal from a number on, and the failed ones among them.
func (j *journal) count(from int) (kept, failed int, err error) {
	tables := j.head.Study.Tables
	table, column, ok := failedIn(tables)
	rows := newRows(tables)
	w, shard := j.window(), j.head.Study.Shard
	for run := shard.Part - 1; run < j.last(); run += shard.Of {
		if run < from || !j.has(run) {
			continue
		}
		kept++
		if !ok {
			continue
		}
		if err := j.rows(w, run, rows); err != nil {
			return 0, 0, err
		}
		failed += min(1, reasons(rows[table].Text[column]))
	}
	return kept, failed, nil
}

// newRows returns no rows of each of some tables.
func newRows(tables []experiment.Table) []experiment.Rows {
	rows := make([]experiment.Rows, len(tables))
	for i := range tables {
		rows[i] = experiment.NewRows(&tables[i])
	}
	return rows
}

package store

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"entrepot/experiment"
	"entrepot/output/manifest"
)

// Store is a study's folder, open for one program. It is an experiment.Store.
type Store struct {
	dir  string
	want *Manifest // what is asked for
	done *Manifest // of the Parquet files that are there, or nil
	lock *lock

	mu       sync.Mutex // of the journal
	journal  *journal   // nil where all runs are in the Parquet files
	dirty    bool       // something was written that is not surely on the disk
	stopSync chan struct{}
	synced   sync.WaitGroup

	attached map[string][]byte
	buffers  sync.Pool
}

var _ experiment.Store = (*Store)(nil)

// Unusable is an error of a folder that holds something else than what is asked for: it is left as it was.
type Unusable struct{ Reason string }

func (u *Unusable) Error() string { return u.Reason }

func unusable(format string, args ...any) error { return &Unusable{fmt.Sprintf(format, args...)} }

// Open makes or opens the folder of a study, or of a shard. What is there of the same study is kept, finished or not, also
// where more runs are asked for than before. Another study is replaced only by force: then whatever is there of a study,
// even of this one, is removed and all begins anew. What is no study is never touched. Where no run is there that will be kept, begin
// is asked before anything is written or removed, and its error ends it; it may be nil.
func Open(dir string, study Study, force bool, begin func() error) (*Store, error) {
	want, err := newManifest(study)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, want: want, attached: map[string][]byte{}}
	s.buffers.New = func() any { return new([]byte) }
	if err := usable(dir); err != nil {
		return nil, err
	}
	if !force && s.finished() {
		sweepLock(dir)
		return s, nil
	}
	if begin != nil && (force || !begun(dir)) {
		if err := begin(); err != nil {
			return nil, err
		}
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fmt.Errorf("making %s: %w", dir, err)
	}
	if s.lock, err = takeLock(dir); err != nil {
		return nil, err
	}
	if err := s.begin(force); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// begun says whether there is anything of a study in a folder.
func begun(dir string) bool {
	for _, name := range []string{manifest.Journal, manifest.Name, commitName} {
		if _, err := os.Lstat(filepath.Join(dir, name)); err == nil {
			return true
		}
	}
	return false
}

// usable says why a folder cannot be that of a study.
func usable(dir string) error {
	state, err := manifest.Look(dir)
	switch {
	case err != nil:
		return err
	case state == manifest.Results:
		return unusable("%s holds the result of a run, which a study never replaces; name another folder", dir)
	case state == manifest.Calibration:
		return unusable("%s holds a calibration, whose stages are studies within it; name another folder", dir)
	case state == manifest.Foreign:
		return unusable("%s exists and is not a study of %s, so that nothing replaces it; name another folder", dir, manifest.Program)
	}
	return nil
}

// finished says whether the folder holds just what is asked for. Then nothing need be written, nor locked.
func (s *Store) finished() bool {
	for _, name := range []string{manifest.Journal, commitName} {
		if _, err := os.Lstat(filepath.Join(s.dir, name)); !errors.Is(err, fs.ErrNotExist) {
			return false
		}
	}
	m, err := Read(s.dir)
	if err != nil || s.want.difference(m) != "" || m.Study.Shard != s.want.Study.Shard || m.Study.Runs != s.want.Study.Runs || m.check(s.dir) != nil {
		return false
	}
	s.done = m
	return true
}

// begin finds out what is there, and opens or makes the journal.
func (s *Store) begin(force bool) error {
	if err := settle(s.dir); err != nil {
		return err
	}
	removeParts(s.dir)
	if force {
		return s.anew()
	}
	err := s.find()
	if err == nil && s.journal == nil && (s.done == nil || s.done.Study.Runs < s.want.Study.Runs) {
		s.journal, err = newJournal(s.dir, s.want)
	}
	if err == nil && s.journal != nil {
		err = s.ready()
	}
	return err
}

// find reads what is there of the study, and refuses another.
func (s *Store) find() error {
	j, err := readJournal(s.dir, os.O_RDWR)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return fmt.Errorf("%w; --force begins anew", err)
	default:
		s.journal = j
		if err := s.refuse(&j.head, j.last()); err != nil {
			return err
		}
	}
	m, err := Read(s.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return unusable("%v; --force begins anew", err)
	case s.journal != nil && s.want.difference(m) != "":
		s.clear(m) // this study has replaced it by force, and was broken off before it was removed
		return nil
	}
	if err := s.refuse(m, m.Study.Runs); err != nil {
		return err
	}
	if err := m.check(s.dir); err != nil {
		return unusable("%s holds a study that is damaged: %v; --force begins anew", s.dir, err)
	}
	s.done = m
	if s.journal != nil && s.journal.last() <= m.Study.Runs { // left by a program that was killed after its last run was in place
		return s.dropJournal()
	}
	return nil
}

// refuse says why what is there cannot be gone on with. last is one more than its highest run.
func (s *Store) refuse(there *Manifest, last int) error {
	if d := s.want.difference(there); d != "" {
		return unusable("%s holds another study: %s; --force replaces it, --out names another folder", s.dir, d)
	}
	if a, b := there.Study.Shard, s.want.Study.Shard; a != b {
		return unusable("%s holds %s, not %s; name another folder", s.dir, a, b)
	}
	if last > s.want.Study.Runs {
		return unusable("%s holds runs of this study up to number %d, more than the %d that are asked for; ask for at least %d, or name another folder",
			s.dir, last-1, s.want.Study.Runs, last)
	}
	return nil
}

// anew puts an empty journal in place of all that is there of a study.
func (s *Store) anew() error {
	j, err := newJournal(s.dir, s.want)
	if err != nil {
		return err
	}
	s.journal = j
	if m, err := Read(s.dir); err == nil {
		s.clear(m)
	} else if !errors.Is(err, fs.ErrNotExist) {
		os.Remove(filepath.Join(s.dir, manifest.Name))
	}
	return s.ready()
}

// clear removes a finished study. Its manifest goes first: without it nobody takes the files for results.
func (s *Store) clear(m *Manifest) {
	os.Remove(filepath.Join(s.dir, manifest.Name))
	removeFiles(s.dir, m.Files, nil)
}

// ready makes the journal take records: what is torn off at its end is dropped, and its head says how many runs there will be.
func (s *Store) ready() error {
	j := s.journal
	if err := j.file.Truncate(j.end); err != nil {
		return fmt.Errorf("opening %s: %w", j.path, err)
	}
	if j.head.Study.Runs != s.want.Study.Runs {
		head := *s.want
		head.Times = j.head.Times
		if err := j.appendHead(&head); err != nil {
			return fmt.Errorf("writing %s: %w", j.path, err)
		}
	}
	s.stopSync = make(chan struct{})
	s.synced.Add(1)
	go s.keepSyncing()
	return nil
}

// keepSyncing brings the journal to the disk every second, for power cuts: a record that was written survives the end of the
// program without that.
func (s *Store) keepSyncing() {
	defer s.synced.Done()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-s.stopSync:
			return
		case <-tick.C:
			s.mu.Lock()
			dirty := s.dirty
			s.dirty = false
			s.mu.Unlock()
			if dirty {
				_ = s.journal.file.Sync() // Finish syncs once more, and says what went wrong
			}
		}
	}
}

// removeParts removes files that a killed program did not finish. The lock is held, so that nobody else is at work on them.
func removeParts(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), manifest.Hidden) && e.Name() != lockName && e.Type().IsRegular() {
			os.Remove(filepath.Join(dir, e.Name()))
		}
	}
}

// has says whether a run is kept.
func (s *Store) has(run int) bool {
	return s.want.Study.Shard.Has(run) && (s.stored(run) || s.journal != nil && s.journal.has(run))
}

// stored says whether a run is in the Parquet files.
func (s *Store) stored(run int) bool { return s.done != nil && run < s.done.Study.Runs }

// Kept reports whether a run is there already.
func (s *Store) Kept(run int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return run >= 0 && run < s.want.Study.Runs && s.has(run)
}

// Keep takes the rows of a finished run. It returns when they are written: from then on the end of the program, however it comes,
// takes nothing from them; a power cut at most what the last second brought.
func (s *Store) Keep(run int, rows []experiment.Rows) error {
	if err := s.check(run, rows); err != nil {
		return err
	}
	b := s.buffers.Get().(*[]byte)
	defer s.buffers.Put(b)
	*b = frame(appendRun(newFrame(*b, runRecord), run, s.want.Study.Tables, rows))
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.journal == nil || s.has(run) {
		return fmt.Errorf("keeping run %d in %s: it is there already", run, s.dir)
	}
	at := s.journal.end
	if err := s.journal.append(*b); err != nil {
		return fmt.Errorf("keeping run %d in %s: %w; %s", run, s.journal.path, err, s.safe(err))
	}
	s.dirty = true
	return s.journal.note(run, at)
}

// safe says what an error has not touched.
func (s *Store) safe(err error) string {
	if errors.Is(err, errVanished) && s.done == nil {
		return fmt.Sprintf("the %d runs that were in it are no longer there", s.kept())
	}
	return fmt.Sprintf("the %d runs kept so far are safe: started again, the study goes on with them", s.kept())
}

// kept is the number of runs kept.
func (s *Store) kept() int {
	n := 0
	if s.done != nil {
		n = s.done.Study.Shard.runs(s.done.Study.Runs)
	}
	if s.journal != nil {
		n += s.journal.kept
	}
	return n
}

// check says what is wrong with rows of a run: nobody but a programmer can cause that.
func (s *Store) check(run int, rows []experiment.Rows) error {
	st := &s.want.Study
	if run < 0 || run >= st.Runs || !st.Shard.Has(run) {
		return fmt.Errorf("run %d must be one of the %d runs of %s", run, st.Runs, st.Shard)
	}
	if len(rows) != len(st.Tables) {
		return fmt.Errorf("run %d must have rows of %d tables, got %d", run, len(st.Tables), len(rows))
	}
	for i := range rows {
		if err := rows[i].Check(&st.Tables[i]); err != nil {
			return fmt.Errorf("run %d: %w", run, err)
		}
		for _, n := range rows[i].Int[0] {
			if n != int64(run) {
				return fmt.Errorf("run %d must have rows of its own, got one of run %d in table %s", run, n, st.Tables[i].Name)
			}
		}
	}
	return nil
}

// Each calls do with every kept run and its rows, in the order of runs, until do fails. The rows are valid until do returns.
func (s *Store) Each(do func(run int, rows []experiment.Rows) error) error {
	tables := s.want.Study.Tables
	rows := newRows(tables)
	var from *source
	if s.done != nil {
		var err error
		if from, err = openSource(s.dir, tables); err != nil {
			return err
		}
		defer from.close()
	}
	var w *window
	if s.journal != nil {
		w = s.journal.window()
	}
	shard := s.want.Study.Shard
	for run := shard.Part - 1; run < s.want.Study.Runs; run += shard.Of {
		var err error
		switch {
		case s.stored(run):
			err = from.rows(run, rows)
		case s.has(run):
			err = s.journal.rows(w, run, rows)
		default:
			continue
		}
		if err == nil {
			err = do(run, rows)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Attach has Finish write a file beside the tables, such as the scenarios as they were run. Names have forward slashes. All
// shards of a study must attach the same.
func (s *Store) Attach(name string, data []byte) { s.attached[name] = data }

// Extra is a table that is known without running: the design points of a study.
type Extra struct {
	Table experiment.Table
	Rows  experiment.Rows
}

// Finish turns the journal into Parquet files when all runs are kept, and does nothing where they are there already. All
// shards of a study must have the same extra tables. Broken off at any moment, it can be done again and gives the same bytes.
func (s *Store) Finish(extra ...Extra) error {
	if s.journal == nil {
		return nil
	}
	if n, all := s.kept(), s.want.Study.Shard.runs(s.want.Study.Runs); n < all {
		return fmt.Errorf("finishing %s: %d of %d runs must be kept, got %d", s.dir, all, all, n)
	}
	err := s.journal.file.Sync()
	if err == nil {
		err = s.journal.inPlace()
	}
	if err == nil {
		err = s.write(extra)
	}
	if err != nil {
		return fmt.Errorf("finishing %s: %w; %s", s.dir, err, s.safe(err))
	}
	if s.done, err = Read(s.dir); err != nil {
		return err
	}
	return s.dropJournal()
}

// write puts all files and the manifest in place.
func (s *Store) write(extra []Extra) error {
	c := newCommit(s.dir, s.want.Study.Hash)
	tables := slices.Clone(s.want.Study.Tables)
	err := c.runs(tables, s.Each)
	for i := range extra {
		if err == nil {
			err = c.runs([]experiment.Table{extra[i].Table}, func(do func(int, []experiment.Rows) error) error { return do(0, []experiment.Rows{extra[i].Rows}) })
		}
		tables = append(tables, extra[i].Table)
	}
	if err == nil {
		err = c.write("columns.csv", dictionary(tables))
	}
	for _, name := range slices.Sorted(maps.Keys(s.attached)) {
		if err == nil {
			err = c.write(name, s.attached[name])
		}
	}
	if err == nil {
		m := *s.want
		m.Times = Times{s.journal.head.Times.Started, now()}
		err = c.seal(&m)
	} else {
		c.abort()
	}
	return err
}

// dictionary lists every column of every table, as the columns.csv of a run does.
func dictionary(tables []experiment.Table) []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	lines := [][]string{{"table", "column", "type", "unit", "meaning"}}
	for _, t := range tables {
		for _, c := range t.Columns {
			lines = append(lines, []string{t.Name, c.Name, typeOf(c.Kind), c.Unit, c.Meaning})
		}
	}
	_ = w.WriteAll(lines) // a buffer takes all
	return b.Bytes()
}

func typeOf(k experiment.Kind) string {
	switch k {
	case experiment.Float:
		return "decimal"
	case experiment.Text:
		return "text"
	case experiment.Date:
		return "date"
	}
	return "integer"
}

// dropJournal removes the journal, whose runs are all in the Parquet files.
func (s *Store) dropJournal() error {
	s.stop()
	j := s.journal
	s.journal = nil
	err := j.file.Close()
	if removed := os.Remove(j.path); err == nil {
		err = removed
	}
	syncDir(s.dir)
	return err
}

// stop ends the syncing.
func (s *Store) stop() {
	if s.stopSync != nil {
		close(s.stopSync)
		s.synced.Wait()
		s.stopSync = nil
	}
}

// Close gives the folder free. Nothing that was kept is lost, finished or not.
func (s *Store) Close() error {
	s.stop()
	var err error
	if s.journal != nil {
		err = s.journal.file.Sync()
		if closed := s.journal.file.Close(); err == nil {
			err = closed
		}
		s.journal = nil
	}
	if freed := s.lock.free(); err == nil {
		err = freed
	}
	s.lock = nil
	return err
}

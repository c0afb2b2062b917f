package manifest

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// State says what stands where a run's folder shall be.
type State int

// The states of a path.
const (
	Absent      State = iota // nothing: the folder will be made
	Empty                    // a folder without entries
	Results                  // a run's folder, with or without a readable manifest
	Study                    // the folder of a study, finished or not, or of its shards
	Calibration              // the folder of a calibration, finished or not, whose stages are studies within it
	Foreign                  // something else, which is never touched
)

// Look says what stands at a path.
func Look(dir string) (State, error) {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return Absent, nil
	case err != nil:
		if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
			return Foreign, nil
		}
		return Absent, fmt.Errorf("looking at %s: %w", dir, err)
	}
	if slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == Commit }) && Of(filepath.Join(dir, Commit)) == Study {
		return Study, nil // killed while its files were given their names
	}
	if kept := slices.DeleteFunc(slices.Clone(entries), isHidden); len(kept) < len(entries) { // a killed program leaves them
		entries = slices.DeleteFunc(kept, func(e fs.DirEntry) bool { return e.IsDir() && hollow(filepath.Join(dir, e.Name())) })
	}
	if len(entries) == 0 {
		return Empty, nil
	}
	has := func(name string) bool {
		return slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == name })
	}
	if has(Journal) && isJournal(dir) || slices.ContainsFunc(entries, isShard) || has(Name) && Of(filepath.Join(dir, Name)) == Study {
		return Study, nil
	}
	if has(Asked) && Of(filepath.Join(dir, Asked)) == Calibration || has(Name) && Of(filepath.Join(dir, Name)) == Calibration {
		return Calibration, nil
	}
	if has(Name) || has("columns.csv") && has("scenario.yaml") || movingIn(dir) {
		return Results, nil
	}
	return Foreign, nil
}

// movingIn says whether a finished run lies within a folder to whose files not all of it was moved: whoever did that was killed, or is at it.
func movingIn(dir string) bool {
	entries, err := os.ReadDir(dir)
	return err == nil && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return isHidden(e) && Of(filepath.Join(dir, e.Name(), Name)) == Results })
}

func isHidden(e fs.DirEntry) bool { return strings.HasPrefix(e.Name(), Hidden) }

// hollow says whether a folder has no file but hidden ones, in itself and in those within.
func hollow(dir string) bool {
	return filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && !isHidden(d) {
			err = fs.ErrExist
		}
		return err
	}) == nil
}

// Names of a study's folder, and of a calibration's while there are stages to do. Whatever begins with Hidden is unfinished, or a lock.
const (
	Journal = "journal"
	Asked   = "calibration.json"
	Hidden  = ".entrepot-"
	Commit  = Hidden + "commit" // the manifest of a study whose files are written, but may still have their hidden names
)

// JournalMagic is how a journal begins.
const JournalMagic = "entrepot journal 1\n"

// ShardName returns the name of a shard's folder within that of its study.
func ShardName(part, of int) string { return fmt.Sprintf("shard-%d-of-%d", part, of) }

var shardName = regexp.MustCompile(`^shard-[0-9]+-of-[0-9]+$`)

func isShard(e fs.DirEntry) bool { return e.IsDir() && shardName.MatchString(e.Name()) }

// Of says what a manifest is of: Study, Calibration, Results of a run, or Foreign where it cannot be read.
func Of(path string) State {
	data, err := os.ReadFile(path)
	var m struct {
		Study       json.RawMessage `json:"study"`
		Calibration json.RawMessage `json:"calibration"`
	}
	switch {
	case err != nil || json.Unmarshal(data, &m) != nil:
		return Foreign
	case len(m.Study) > 0:
		return Study
	case len(m.Calibration) > 0:
		return Calibration
	}
	return Results
}

// isJournal says whether a folder's journal is one of a study, not somebody's diary.
func isJournal(dir string) bool {
	file, err := os.Open(filepath.Join(dir, Journal))
	if err != nil {
		return false
	}
	defer file.Close()
	magic := make([]byte, len(JournalMagic))
	_, err = io.ReadFull(file, magic)
	return err == nil && string(magic) == JournalMagic
}

// Folder is a run's folder in the making: files go to a stage beside it, and Commit puts it in place.
type Folder struct {
	final, stage string
	state        State

	mu    sync.Mutex
	files []File
}

// Create starts a folder. Its parent folders are made; the path itself appears with Commit. The caller has looked what
// stands there and decided that it may be replaced.
func Create(dir string, state State) (*Folder, error) {
	if state == Foreign || state == Study || state == Calibration {
		return nil, fmt.Errorf("making %s: something else is there", dir)
	}
	final, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("making %s: %w", dir, err)
	}
	parent := filepath.Dir(final)
	if state == Empty {
		parent = final // the folder may be a mount or the working folder, which cannot be renamed
	}
	if err := os.MkdirAll(parent, 0o777); err != nil {
		return nil, fmt.Errorf("making %s: %w", dir, err)
	}
	stage, err := newStage(parent)
	if err != nil {
		return nil, fmt.Errorf("making %s: %w", dir, err)
	}
	return &Folder{final: final, stage: stage, state: state}, nil
}

// newStage makes a folder whose name tells that it is unfinished. os.MkdirTemp would make it private to the user.
func newStage(parent string) (string, error) {
	for i := 0; ; i++ {
		stage := filepath.Join(parent, fmt.Sprintf(".entrepot-%d-%d", os.Getpid(), i))
		err := os.Mkdir(stage, 0o777)
		if err == nil || !errors.Is(err, fs.ErrExist) || i > 1000 {
			return stage, err
		}
	}
}

var stageName = regexp.MustCompile(`^\.entrepot-([0-9]+)-[0-9]+(-old)?$`)

// Leftovers lists unfinished folders beside and in a run's folder whose process is gone: a program that was killed could
// not remove them. The name ends in -old where it is a result that was being replaced.
func Leftovers(dir string) []string {
	var out []string
	for _, place := range []string{filepath.Dir(filepath.Clean(dir)), dir} {
		entries, err := os.ReadDir(place)
		if err != nil {
			continue
		}
		for _, e := range entries {
			match := stageName.FindStringSubmatch(e.Name())
			if match == nil {
				continue
			}
			if pid, err := strconv.Atoi(match[1]); err == nil && pid != os.Getpid() && !Alive(pid) {
				out = append(out, filepath.Join(place, e.Name()))
			}
		}
	}
	return out
}

// Alive says whether a process of this machine has a number; in doubt it has.
func Alive(pid int) bool {
	p, err := os.FindProcess(pid)
	if err != nil {
		return false
	}
	return !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}

// Stage returns where the files are until Commit.
func (f *Folder) Stage() string { return f.stage }

// Create makes a data file, which the manifest will list with its size and hash. Names have forward slashes. It may be
// called from several goroutines.
func (f *Folder) Create(name string) (io.WriteCloser, error) {
	path := filepath.Join(f.stage, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, err
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &dataFile{folder: f, name: name, file: file, sum: sha256.New()}, nil
}

// Write makes a data file with its content.
func (f *Folder) Write(name string, data []byte) error {
	w, err := f.Create(name)
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	_, err = w.Write(data)
	if closeErr := w.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return nil
}

type dataFile struct {
	folder *Folder
	name   string
	file   *os.File
	sum    hash.Hash
	size   int64
}

func (d *dataFile) Write(p []byte) (int, error) {
	n, err := d.file.Write(p)
	d.sum.Write(p[:n])
	d.size += int64(n)
	return n, err
}

func (d *dataFile) Close() error {
	if err := d.file.Close(); err != nil {
		return err
	}
	d.folder.mu.Lock()
	defer d.folder.mu.Unlock()
	d.folder.files = append(d.folder.files, File{d.name, d.size, hex.EncodeToString(d.sum.Sum(nil))})
	return nil
}

// Files lists the data files closed so far, by name.
func (f *Folder) Files() []File {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.SortedFunc(slices.Values(f.files), func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
}

// Commit writes the manifest and puts the folder in place. What a user added to a folder that is replaced is kept.
func (f *Folder) Commit(m *Manifest) error {
	m.Files = f.Files()
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("writing %s: %w", Name, err)
	}
	if err := os.WriteFile(filepath.Join(f.stage, Name), append(data, '\n'), 0o666); err != nil {
		return fmt.Errorf("writing %s: %w", Name, err)
	}
	if err := f.place(); err != nil {
		return fmt.Errorf("putting %s in place: %w", f.final, err)
	}
	return nil
}

func (f *Folder) place() error {
	switch f.state {
	case Empty:
		return f.moveIn()
	case Results:
		return f.replace()
	}
	err := os.Rename(f.stage, f.final)
	if state, lookErr := Look(f.final); err != nil && lookErr == nil && state != Absent {
		return fmt.Errorf("%w: %w", errMeanwhile, err)
	}
	return err
}

// moveIn fills an empty folder, the manifest last: without it the folder is not a finished run. If it cannot be filled, what
// was moved there is taken out again.
func (f *Folder) moveIn() error {
	if state, err := Look(f.final); err == nil && state != Empty && state != Absent {
		return errMeanwhile
	}
	entries, err := os.ReadDir(f.stage)
	if err != nil {
		return err
	}
	slices.SortStableFunc(entries, func(a, b fs.DirEntry) int {
		return cmp.Compare(rank(a.Name() == Name), rank(b.Name() == Name))
	})
	for i, e := range entries {
		if err := os.Rename(filepath.Join(f.stage, e.Name()), filepath.Join(f.final, e.Name())); err != nil {
			for _, moved := range entries[:i] {
				err = errors.Join(err, os.RemoveAll(filepath.Join(f.final, moved.Name())))
			}
			return err
		}
	}
	return os.Remove(f.stage)
}

var errMeanwhile = errors.New("another program has written there meanwhile")

func rank(last bool) int {
	if last {
		return 1
	}
	return 0
}

// replace swaps an old run's folder for the new one.
func (f *Folder) replace() error {
	old := f.stage + "-old"
	if err := os.Rename(f.final, old); err != nil {
		return err
	}
	if err := os.Rename(f.stage, f.final); err != nil {
		return errors.Join(err, os.Rename(old, f.final))
	}
	if err := f.rescue(old); err != nil {
		return err
	}
	return os.RemoveAll(old)
}

// rescue moves what is not ours from the old folder into the new one.
func (f *Folder) rescue(old string) error {
	entries, err := os.ReadDir(old)
	if err != nil {
		return err
	}
	ours := map[string]bool{}
	if m, err := Read(old); err == nil {
		for _, file := range m.Files {
			top, _, _ := strings.Cut(file.Name, "/")
			ours[top] = true
		}
	}
	for _, name := range []string{Name, "report.html", "plots", "books.csv"} {
		ours[name] = true
	}
	for _, e := range entries {
		to := filepath.Join(f.final, e.Name())
		if _, err := os.Lstat(to); ours[e.Name()] || stageName.MatchString(e.Name()) || err == nil || !errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := os.Rename(filepath.Join(old, e.Name()), to); err != nil {
			return err
		}
	}
	return nil
}

// Abort removes the unfinished folder; after Commit it does nothing.
func (f *Folder) Abort() {
	for range 3 { // a writer that has not noticed yet may add a file meanwhile
		if os.RemoveAll(f.stage) == nil {
			return
		}
	}
}

func hashOf(r io.Reader) (sum string, size int64, err error) {
	h := sha256.New()
	size, err = io.Copy(h, r)
	return hex.EncodeToString(h.Sum(nil)), size, err
}

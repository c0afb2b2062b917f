package store

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
	"slices"

	"entrepot/experiment"
	"entrepot/output/manifest"
	"entrepot/output/parquet"
)

// commitName is a manifest whose files are written, but may still have their temporary names.
const commitName = manifest.Commit

// commit puts finished files into a folder, all or none: they are written under temporary names, then a manifest of them, and
// from then on whoever opens the folder gives them their names. What stood there before is whole until then.
type commit struct {
	dir   string
	hash  string // of the study
	files []manifest.File
	open  []*output
	codec *parquet.Codec // of all tables
	pages []*os.File     // where pages of a table wait for their row group
}

func newCommit(dir, hash string) *commit {
	return &commit{dir: dir, hash: hash, codec: parquet.NewCodec()}
}

// output is a file that is being written.
type output struct {
	*commit
	name string
	file *os.File
	sum  hash.Hash
	size int64
}

// hidden is the temporary path of a file.
func hidden(dir, name string) string {
	path := filepath.Join(dir, filepath.FromSlash(name))
	return filepath.Join(filepath.Dir(path), manifest.Hidden+filepath.Base(path))
}

// create begins a file. Names have forward slashes.
func (c *commit) create(name string) (*output, error) {
	path := hidden(c.dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, err)
	}
	file, err := os.Create(path)
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", name, err)
	}
	o := &output{commit: c, name: name, file: file, sum: sha256.New()}
	c.open = append(c.open, o)
	return o, nil
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.file.Write(p)
	o.sum.Write(p[:n])
	o.size += int64(n)
	return n, err
}

// Close ends the file; it then stands on the disk, and on the list.
func (o *output) Close() error {
	err := o.file.Sync()
	if closed := o.file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("writing %s: %w", o.name, err)
	}
	o.open = slices.DeleteFunc(o.open, func(other *output) bool { return other == o })
	o.files = append(o.files, manifest.File{Name: o.name, Bytes: o.size, SHA256: hex.EncodeToString(o.sum.Sum(nil))})
	return nil
}

// write makes a file of a content.
func (c *commit) write(name string, data []byte) error {
	o, err := c.create(name)
	if err != nil {
		return err
	}
	if _, err := o.Write(data); err != nil {
		return fmt.Errorf("writing %s: %w", name, err)
	}
	return o.Close()
}

// tableWriter writes one table.
type tableWriter struct {
	*parquet.Writer
	file  *output
	pages *os.File
}

func tableFile(name string) string { return name + ".parquet" }

func (c *commit) table(t *experiment.Table) (*tableWriter, error) {
	file, err := c.create(tableFile(t.Name))
	if err != nil {
		return nil, err
	}
	pages, err := os.Create(hidden(c.dir, file.name+"-pages"))
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", file.name, err)
	}
	c.pages = append(c.pages, pages)
	w, err := parquet.NewWriter(file, t, parquet.Options{Meta: map[string]string{"study": c.hash}, Codec: c.codec, Spool: pages})
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", file.name, err)
	}
	return &tableWriter{w, file, pages}, nil
}

func (w *tableWriter) append(rows *experiment.Rows) error {
	if err := w.Append(rows); err != nil {
		return fmt.Errorf("writing %s: %w", w.file.name, err)
	}
	return nil
}

func (w *tableWriter) close() error {
	if err := w.Close(); err != nil {
		return fmt.Errorf("writing %s: %w", w.file.name, err)
	}
	w.file.drop(w.pages)
	return w.file.Close()
}

// runs writes the tables of all runs that each gives.
func (c *commit) runs(tables []experiment.Table, each func(func(int, []experiment.Rows) error) error) error {
	var to []*tableWriter
	for i := range tables {
		w, err := c.table(&tables[i])
		if err != nil {
			return err
		}
		to = append(to, w)
	}
	err := each(func(_ int, rows []experiment.Rows) error {
		for i, w := range to {
			if err := w.append(&rows[i]); err != nil {
				return err
			}
		}
		return nil
	})
	for _, w := range to {
		if err == nil {
			err = w.close()
		}
	}
	return err
}

// seal puts the files in place under a manifest. Nothing can be lost from here on: a program that is killed in between leaves a
// folder that settle brings to an end.
func (c *commit) seal(m *Manifest) error {
	m.Files = slices.SortedFunc(slices.Values(c.files), func(a, b manifest.File) int { return cmp.Compare(a.Name, b.Name) })
	data, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	part := hidden(c.dir, "commit-part")
	if err = writeSynced(part, append(data, '\n')); err == nil {
		err = os.Rename(part, filepath.Join(c.dir, commitName))
	}
	if err != nil {
		os.Remove(part)
		c.abort()
		return fmt.Errorf("writing %s: %w", manifest.Name, err)
	}
	syncDir(c.dir)
	return settle(c.dir)
}

// drop removes pages that waited.
func (c *commit) drop(pages *os.File) {
	pages.Close()
	os.Remove(pages.Name())
	c.pages = slices.DeleteFunc(c.pages, func(other *os.File) bool { return other == pages })
}

// abort removes what was not sealed.
func (c *commit) abort() {
	for _, p := range slices.Clone(c.pages) {
		c.drop(p)
	}
	for _, o := range c.open {
		o.file.Close()
		os.Remove(hidden(c.dir, o.name))
	}
	for _, f := range c.files {
		os.Remove(hidden(c.dir, f.Name))
	}
	c.open, c.files = nil, nil
}

// settle ends a commit that was sealed: the files get their names, those of the older manifest that are no more are removed, and
// the manifest takes its place.
func settle(dir string) error {
	sealed, err := readManifest(filepath.Join(dir, commitName))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	} else if err != nil {
		return err
	}
	for _, f := range sealed.Files {
		err := os.Rename(hidden(dir, f.Name), filepath.Join(dir, filepath.FromSlash(f.Name)))
		if err != nil && !errors.Is(err, fs.ErrNotExist) { // it has its name already
			return fmt.Errorf("putting %s in place: %w", f.Name, err)
		}
	}
	if old, err := Read(dir); err == nil {
		removeFiles(dir, old.Files, sealed.Files)
	}
	syncDir(dir)
	if err := os.Rename(filepath.Join(dir, commitName), filepath.Join(dir, manifest.Name)); err != nil {
		return fmt.Errorf("putting %s in place: %w", manifest.Name, err)
	}
	syncDir(dir)
	return nil
}

// removeFiles removes those files of a manifest that another does not list.
func removeFiles(dir string, files, but []manifest.File) {
	for _, f := range files {
		if !slices.ContainsFunc(but, func(g manifest.File) bool { return g.Name == f.Name }) {
			os.Remove(filepath.Join(dir, filepath.FromSlash(f.Name)))
		}
	}
}

func writeSynced(path string, data []byte) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	_, err = file.Write(data)
	if synced := file.Sync(); err == nil {
		err = synced
	}
	if closed := file.Close(); err == nil {
		err = closed
	}
	if err != nil {
		os.Remove(path)
	}
	return err
}

// syncDir makes names of a folder survive a power cut, where the system can.
func syncDir(dir string) {
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync() // some systems sync no folders; the files themselves are on the disk
		d.Close()
	}
}

// readManifest reads the manifest of a study.
func readManifest(path string) (*Manifest, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, unusable("%s must be the manifest of a study, got what cannot be read: %v", path, err)
	}
	if m.Program != manifest.Program || m.Study.Hash == "" {
		return nil, unusable("%s must be the manifest of a study by %s, got another", path, manifest.Program)
	}
	if what := m.absurd(); what != "" {
		return nil, unusable("%s must be as it was written, got %s", path, what)
	}
	return &m, nil
}

// absurd says what no program wrote into a manifest, such as a file outside of its folder, which must not be read nor removed.
func (m *Manifest) absurd() string {
	switch s := &m.Study; {
	case s.Runs < 1:
		return fmt.Sprintf("%d runs", s.Runs)
	case s.Shard.Part < 1 || s.Shard.Part > s.Shard.Of || s.Shard.Of > MostShards:
		return fmt.Sprintf("shard %d of %d", s.Shard.Part, s.Shard.Of)
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			return fmt.Sprintf("a file %q", f.Name)
		}
	}
	for i := range m.Study.Tables {
		if t := &m.Study.Tables[i]; len(t.Columns) == 0 || t.Columns[0].Kind != experiment.Int {
			return fmt.Sprintf("a table %q whose first column is not the run", t.Name)
		} else if !filepath.IsLocal(tableFile(t.Name)) {
			return fmt.Sprintf("a table %q", t.Name)
		}
	}
	return ""
}

// Read returns the manifest of a finished study's folder. Its error wraps fs.ErrNotExist where there is none.
func Read(dir string) (*Manifest, error) { return readManifest(filepath.Join(dir, manifest.Name)) }

// check says which of the files are not as the manifest says.
func (m *Manifest) check(dir string) error {
	var errs []error
	for _, f := range m.Files {
		errs = append(errs, f.Check(dir))
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return m.countRuns(dir)
}

// countRuns says whether the table of runs has a row for each run: a manifest that somebody has edited may promise any number.
func (m *Manifest) countRuns(dir string) error {
	if !slices.ContainsFunc(m.Study.Tables, func(t experiment.Table) bool { return t.Name == experiment.RunsTable }) {
		return nil
	}
	path := filepath.Join(dir, tableFile(experiment.RunsTable))
	file, in, err := openParquet(path)
	if err != nil {
		return err
	}
	defer file.Close()
	defer in.Close()
	if want := m.Study.Shard.runs(m.Study.Runs); in.Rows() != int64(want) {
		return fmt.Errorf("%s must have a row for each of %d runs, as %s says, got %d", path, want, manifest.Name, in.Rows())
	}
	return nil
}

var _ io.WriteCloser = (*output)(nil)

package scenarios

import (
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// files is where scenario files and worlds are read from: an fs.FS, or the disk.
type files interface {
	open(name string) (fs.File, error)
	list(name string) ([]fs.DirEntry, error)
	dir(name string) string
	base(name string) string
	join(dir, name string) string
	display(name string) string // with forward slashes, for messages
}

// fsFiles reads any fs.FS.
type fsFiles struct{ fs.FS }

func (f fsFiles) open(name string) (fs.File, error)       { return f.Open(name) }
func (f fsFiles) list(name string) ([]fs.DirEntry, error) { return fs.ReadDir(f.FS, name) }
func (fsFiles) dir(name string) string                    { return path.Dir(name) }
func (fsFiles) base(name string) string                   { return path.Base(name) }
func (fsFiles) join(dir, name string) string              { return path.Join(dir, name) }
func (fsFiles) display(name string) string                { return name }

// located is a file or folder in one of the places that can be read.
type located struct {
	files
	name string
}

func (l located) at() position { return position{l.display(l.name), 1, 1} }

// beside locates a path that a file names relative to itself.
func (l located) beside(name string) located {
	return located{l.files, l.join(l.dir(l.name), name)}
}

// in locates a file of a folder.
func (l located) in(name string) located { return located{l.files, l.join(l.name, name)} }

// read returns the file's bytes, but never more than one byte over the limit: who parses them reports that.
func (l located) read(limit int64) ([]byte, error) {
	f, err := l.open(l.name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, limit+1))
}

// exists says whether something can be opened there.
func (l located) exists() bool {
	f, err := l.open(l.name)
	if err != nil {
		return false
	}
	f.Close()
	return true
}

// readProblem says why a file could not be read, without words that differ between systems.
func readProblem(what Phrase, err error) Phrase {
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
		return Say("must be %s that exists, got none there", what)
	}
	var inPath *fs.PathError
	if errors.As(err, &inPath) {
		err = inPath.Err
	}
	return Say("must be %s that can be read, got: %s", what, err)
}

// isPath tells the path of a file from the name of a built-in scenario or world.
func isPath(ref string) bool {
	return strings.ContainsAny(ref, `/\`) || strings.HasSuffix(ref, ".yaml") || strings.HasSuffix(ref, ".yml")
}

// LoadFS is Load for a scenario file of any file system: tests and the page use it.
func LoadFS(fsys fs.FS, path string, sets []string) (*Scenario, error) {
	return load(located{fsFiles{fsys}, path}, sets)
}

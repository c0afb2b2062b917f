//go:build !js

package scenarios

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// diskFiles reads files by their path on this machine. It is the only part of the package that touches the disk; the
// page's build does without it.
type diskFiles struct{}

func (diskFiles) open(name string) (fs.File, error) {
	// Opening a pipe waits for somebody to write into it, for ever if need be. Under /dev stand those of a shell's <(...).
	if info, err := os.Stat(name); err == nil && info.Mode()&fs.ModeNamedPipe != 0 && !strings.HasPrefix(name, "/dev/") {
		return nil, errPipe
	}
	return os.Open(name)
}

var errPipe = errors.New("it is a named pipe")

func (diskFiles) list(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }
func (diskFiles) dir(name string) string                  { return filepath.Dir(name) }
func (diskFiles) base(name string) string                 { return filepath.Base(filepath.Clean(name)) }
func (diskFiles) display(name string) string              { return filepath.ToSlash(name) }
func (diskFiles) join(dir, name string) string {
	if filepath.IsAbs(name) {
		return filepath.Clean(name)
	}
	return filepath.Join(dir, name)
}

func defaultFiles() files { return diskFiles{} }

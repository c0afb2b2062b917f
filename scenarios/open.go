//go:build !js

package scenarios

import (
	"io/fs"
	"os"
	"path/filepath"
)

// diskFiles reads files by their path on this machine. It is the only part of the package that touches the disk; the
// page's build does without it.
type diskFiles struct{}

func (diskFiles) open(name string) (fs.File, error)       { return os.Open(name) }
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

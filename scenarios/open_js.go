//go:build js

package scenarios

import "io/fs"

// noFiles is the disk of a page: none. Paths lead nowhere unless the caller brings a file system (see LoadFS).
type noFiles struct{}

// Open implements fs.FS.
func (noFiles) Open(name string) (fs.File, error) {
	return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
}

func defaultFiles() files { return fsFiles{noFiles{}} }

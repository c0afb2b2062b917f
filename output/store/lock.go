package store

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"entrepot/output/manifest"
)

// lock keeps a second program out of a folder. Where the system locks files, it ends with the program that has it, also when
// that is killed; elsewhere the file holds the number of its process, and counts while there is one of that number.
type lock struct {
	path string
	file *os.File
}

const lockName = manifest.Hidden + "lock"

// takeLock locks a folder, or says who has it.
func takeLock(dir string) (*lock, error) {
	path := filepath.Join(dir, lockName)
	for range 100 { // whoever had it may just be removing the file
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
		if err != nil {
			return nil, fmt.Errorf("locking %s: %w", dir, err)
		}
		taken, supported, err := flock(file)
		if !supported && err == nil {
			taken = !held(path)
		}
		switch {
		case err != nil:
			file.Close()
			return nil, fmt.Errorf("locking %s: %w", dir, err)
		case !taken:
			file.Close()
			return nil, fmt.Errorf("%s is in use by another program (process %s, as %s says); wait for it, end it, or name another folder", dir, owner(path), path)
		case !inPlace(file, path):
			file.Close()
			continue
		}
		if err := sign(file); err != nil {
			file.Close()
			return nil, fmt.Errorf("locking %s: %w", dir, err)
		}
		return &lock{path, file}, nil
	}
	return nil, fmt.Errorf("locking %s: %s comes and goes; is another program busy there?", dir, path)
}

// sweepLock removes the lock that a program left which was killed after its work was done, if it can.
func sweepLock(dir string) {
	if _, err := os.Stat(filepath.Join(dir, lockName)); err == nil {
		if l, err := takeLock(dir); err == nil {
			_ = l.free() // where it cannot be removed it does no harm
		}
	}
}

// sign writes who has the lock.
func sign(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

// owner is the process that a lock names.
func owner(path string) string {
	data, err := os.ReadFile(path)
	if text := strings.TrimSpace(string(data)); err == nil && text != "" {
		return text
	}
	return "unknown"
}

// held says whether a lock names a process that lives. It serves where files cannot be locked.
func held(path string) bool {
	pid, err := strconv.Atoi(owner(path))
	return err == nil && pid != os.Getpid() && manifest.Alive(pid)
}

// inPlace says whether an open file is still the one at a path.
func inPlace(file *os.File, path string) bool {
	there, err := os.Stat(path)
	if err != nil {
		return false
	}
	mine, err := file.Stat()
	return err == nil && os.SameFile(there, mine)
}

// free gives the lock back. A nil lock is none.
func (l *lock) free() error {
	if l == nil {
		return nil
	}
	err := os.Remove(l.path) // before it is closed: whoever takes it then finds another file in its place and begins anew
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	if closed := l.file.Close(); err != nil && closed == nil {
		err = os.Remove(l.path) // some systems remove no open file
	}
	return err
}

package crate

import (
	"archive/zip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Write packages the crate at a path: into one file where that ends in .zip, else into a folder. The path appears whole or not at all.
// What is there is refused, unless it is a crate and may be replaced.
func (c *Crate) Write(out string, replace bool) error {
	data, err := c.Metadata()
	if err != nil {
		return err
	}
	if wrong := faults(data, func(id string) bool {
		return slices.ContainsFunc(c.Files, func(f File) bool { return idOf(f.Name) == id })
	}); len(wrong) > 0 {
		return fmt.Errorf("describing %s: %s", out, strings.Join(wrong, "; "))
	}
	if err := free(out, replace); err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o777); err != nil {
		return fmt.Errorf("making %s: %w", out, err)
	}
	part := filepath.Join(filepath.Dir(out), fmt.Sprintf(".entrepot-%d-%s", os.Getpid(), filepath.Base(out)))
	defer os.RemoveAll(part) // nothing is there any more when all went well
	write := c.folder
	if isZip(out) {
		write = c.zip
	}
	if err := write(part, data); err != nil {
		return fmt.Errorf("writing %s: %w", out, err)
	}
	if replace {
		if err := os.RemoveAll(out); err != nil {
			return fmt.Errorf("replacing %s: %w", out, err)
		}
	}
	return os.Rename(part, out)
}

// Taken is the error of a path where something is.
type Taken struct{ Reason string }

func (t *Taken) Error() string { return t.Reason }

func isZip(out string) bool { return strings.EqualFold(filepath.Ext(out), ".zip") }

// free says whether something may be written at a path.
func free(out string, replace bool) error {
	info, err := os.Lstat(out)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !replace:
		return &Taken{out + " exists already; --force replaces it"}
	case isZip(out) && info.Mode().IsRegular():
		return nil
	}
	if _, err := os.Stat(filepath.Join(out, Name)); err != nil || !info.IsDir() {
		return &Taken{out + " exists and is no crate, so that nothing replaces it; name another"}
	}
	return nil
}

func (c *Crate) folder(dir string, data []byte) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	for _, f := range c.Files {
		to := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
			return err
		}
		if err := copied(f.Path, func() (io.WriteCloser, error) { return os.Create(to) }); err != nil {
			return err
		}
	}
	return os.WriteFile(filepath.Join(dir, Name), data, 0o666)
}

// epoch is the time of every file in a zip, the first that the format can tell: equal crates are equal bytes.
func epoch() time.Time { return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC) }

type open struct{ io.Writer }

// Close does nothing: a zip's writer ends a file where the next begins.
func (open) Close() error { return nil }

func (c *Crate) zip(path string, data []byte) (err error) {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, file.Close()) }()
	z := zip.NewWriter(file)
	create := func(name string) (io.WriteCloser, error) {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: epoch()}
		h.SetMode(0o644)
		w, err := z.CreateHeader(h)
		return open{w}, err
	}
	w, err := create(Name)
	if err == nil {
		_, err = w.Write(data)
	}
	for _, f := range c.Files {
		if err == nil {
			err = copied(f.Path, func() (io.WriteCloser, error) { return create(f.Name) })
		}
	}
	return errors.Join(err, z.Close())
}

func copied(from string, create func() (io.WriteCloser, error)) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := create()
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// Package manifest makes a run's folder: data files and a manifest.json that says where they come from. A folder appears
// whole or not at all.
package manifest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// Name is the file that makes a folder a run's folder.
const Name = "manifest.json"

// Program is the name under which manifests are written.
const Program = "entrepot"

// Generator names the scheme of random numbers; it changes whenever the same seed would give other luck.
const Generator = "splitmix64-keyed streams, PCG (golang.org/x/exp/rand)"

// Manifest is what is known about a run's origin. Times stand here and nowhere else: data files of equal runs are equal
// bytes.
type Manifest struct {
	Maker
	Scenario Scenario `json:"scenario"`
	Run      Run      `json:"run"`
	Files    []File   `json:"files"` // data files, by name
	Times    Times    `json:"times"`
}

// Maker is the program that made something.
type Maker struct {
	Program string   `json:"program"`
	Version string   `json:"version"`
	Build   string   `json:"build"` // sha256 of the program, where it could read itself
	Go      string   `json:"go"`
	GOOS    string   `json:"goos"`
	GOARCH  string   `json:"goarch"`
	Modules []Module `json:"modules"`
}

// Module is one dependency of the program.
type Module struct {
	Path    string `json:"path"`
	Version string `json:"version"`
}

// Scenario says what was run.
type Scenario struct {
	Name  string   `json:"name"`
	Ref   string   `json:"ref"` // as named on the command line
	World string   `json:"world"`
	Hash  string   `json:"hash"` // of the resolved scenario and its world's tables
	Sets  []string `json:"sets,omitempty"`
}

// Run says how.
type Run struct {
	Seed      uint64   `json:"seed"`
	Generator string   `json:"generator"`
	Start     string   `json:"start"` // Monday of the first recorded week
	End       string   `json:"end"`   // Monday of the last
	Weeks     int      `json:"weeks"`
	BurnIn    int      `json:"burn_in_weeks"`
	Books     []string `json:"books,omitempty"`
}

// File is one data file.
type File struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// Times are the wall clock's part of a run.
type Times struct {
	Started  time.Time `json:"started"`
	Finished time.Time `json:"finished"`
	Seconds  float64   `json:"seconds"` // of the model alone
}

// New returns a manifest with the program's own part filled in.
func New() Manifest { return Manifest{Maker: Self()} }

// Self returns the program that is running.
func Self() Maker {
	m := Maker{Program: Program, Version: Version(), Go: runtime.Version(), GOOS: runtime.GOOS, GOARCH: runtime.GOARCH}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, d := range info.Deps {
			if d.Replace != nil {
				d = d.Replace
			}
			m.Modules = append(m.Modules, Module{d.Path, d.Version})
		}
	}
	m.Build = build()
	return m
}

// Version returns the version of the program: that of its module, or the revision that it was built from, or "devel".
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "devel"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	var revision, dirty string
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			revision = s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			dirty = "+dirty"
		}
	}
	if revision == "" {
		return "devel"
	}
	return revision + dirty
}

// build is the hash of the running program, read once; a version alone does not tell two working trees apart.
var build = sync.OnceValue(hashProgram)

func hashProgram() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	file, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer file.Close()
	sum, _, err := hashOf(file)
	if err != nil {
		return ""
	}
	return sum
}

// Read returns the manifest of a folder. Its error wraps fs.ErrNotExist where there is none.
func Read(dir string) (*Manifest, error) {
	data, err := os.ReadFile(filepath.Join(dir, Name))
	if err != nil {
		return nil, fmt.Errorf("reading the manifest: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(data, &m); err != nil {
		return nil, fmt.Errorf("reading %s: %w", filepath.Join(dir, Name), err)
	}
	if m.Program != Program {
		return nil, fmt.Errorf("reading %s: must be a manifest of %s, got one of %q", filepath.Join(dir, Name), Program, m.Program)
	}
	for _, f := range m.Files {
		if !filepath.IsLocal(filepath.FromSlash(f.Name)) {
			return nil, fmt.Errorf("reading %s: must list files of its folder, got %q", filepath.Join(dir, Name), f.Name)
		}
	}
	return &m, nil
}

// SameRun says whether two manifests are of the same run, whatever program made them: same scenario, seed and options.
func (m *Manifest) SameRun(n *Manifest) bool {
	a, b := m.Run, n.Run
	return m.Scenario.Hash == n.Scenario.Hash && a.Seed == b.Seed && a.Generator == b.Generator && slices.Equal(a.Books, b.Books)
}

// SameProgram says whether both were made by the very same program.
func (m *Manifest) SameProgram(n *Manifest) bool {
	return m.Version == n.Version && m.Build != "" && m.Build == n.Build && m.GOARCH == n.GOARCH
}

// SameFiles says whether both list the same data files with the same bytes.
func (m *Manifest) SameFiles(n *Manifest) bool { return slices.Equal(m.Files, n.Files) }

// Complete says whether a folder still holds every data file of its manifest, with the same bytes.
func (m *Manifest) Complete(dir string) bool { return len(m.Files) > 0 && len(m.Changed(dir)) == 0 }

// Changed lists the data files that are missing in a folder or hold other bytes than the run wrote.
func (m *Manifest) Changed(dir string) []string {
	var names []string
	for _, f := range m.Files {
		if f.Check(dir) != nil {
			names = append(names, f.Name)
		}
	}
	return names
}

// Check says what is wrong with the file in a folder: that it is missing, cut off, or has other bytes.
func (f File) Check(dir string) error {
	path := filepath.Join(dir, filepath.FromSlash(f.Name))
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if info.Size() != f.Bytes || !info.Mode().IsRegular() {
		return fmt.Errorf("%s must be a file of %d bytes, as %s says, got %d", path, f.Bytes, Name, info.Size())
	}
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	sum, _, err := hashOf(in)
	if err == nil && sum != f.SHA256 {
		err = fmt.Errorf("%s must have the bytes that %s lists, got others (sha256 %.12s instead of %.12s)", path, Name, sum, f.SHA256)
	}
	return err
}

// IsMissing says whether an error of Read means that there is no manifest.
func IsMissing(err error) bool { return errors.Is(err, fs.ErrNotExist) }

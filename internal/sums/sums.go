// Package sums keeps a digest of every table that a run writes, so that runs of different machines, workers and programs can be compared.
package sums

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Tables is a tables.Sink that keeps the sha256 of every file in hexadecimal. The zero value is ready.
type Tables struct {
	lock sync.Mutex
	of   map[string]string
}

type file struct {
	hash.Hash
	done func(sum string)
}

func (f file) Close() error {
	f.done(fmt.Sprintf("%x", f.Sum(nil)))
	return nil
}

// Create implements tables.Sink.
func (t *Tables) Create(name string) (io.WriteCloser, error) {
	return file{sha256.New(), func(sum string) {
		t.lock.Lock()
		defer t.lock.Unlock()
		if t.of == nil {
			t.of = map[string]string{}
		}
		t.of[name] = sum
	}}, nil
}

// Of returns the digests by name of file, once all files are closed.
func (t *Tables) Of() map[string]string { return t.of }

// List lists names and digests, a line each, by name.
func List(of map[string]string) string {
	var lines []string
	for _, name := range slices.Sorted(maps.Keys(of)) {
		lines = append(lines, name+" "+of[name])
	}
	return strings.Join(lines, "\n")
}

// All is the digest of all results: of every file but the dictionary of columns, which is words. It stands in scenarios/testdata/golden.txt.
func All(of map[string]string) string {
	results := maps.Clone(of)
	delete(results, "columns.csv")
	return fmt.Sprintf("%x", sha256.Sum256([]byte(List(results))))
}

package tables

import (
	"bytes"
	"maps"
	"regexp"
	"slices"
	"testing"
	"testing/fstest"

	"entrepot/internal/spoil"
)

// A run's folder that somebody has edited or a disk has damaged is refused with file and line, or read to rows that are written and
// read again as they are.

var fileAndLine = regexp.MustCompile(`^([a-z]+\.csv:[0-9]+: |reading [a-z]+\.csv: |[a-z]+\.csv: more problems follow)`)

func tableOfAnything(t *testing.T, base fstest.MapFS, name, data string) {
	fsys := maps.Clone(base)
	fsys[name] = &fstest.MapFile{Data: []byte(data)}
	r, err := Read(fsys)
	if err != nil {
		if !fileAndLine.MatchString(err.Error()) {
			t.Fatalf("must name file and line, got %v", err)
		}
		return
	}
	if r.Ticks() > 1_000_001 {
		t.Fatalf("%d weeks", r.Ticks())
	}
	once := files(t, r)
	again, err := Read(once)
	if err != nil {
		t.Fatalf("what was read is written, but not read: %v", err)
	}
	for name, f := range files(t, again) {
		if !bytes.Equal(f.Data, once[name].Data) {
			t.Fatalf("%s differs when it is written again", name)
		}
	}
}

func FuzzRead(f *testing.F) {
	base := files(f, sample(30))
	for _, name := range slices.Sorted(maps.Keys(base)) {
		f.Add(name, string(base[name].Data))
	}
	f.Fuzz(func(t *testing.T, name, data string) {
		if base[name] != nil {
			tableOfAnything(t, base, name, data)
		}
	})
}

func TestTablesNearGoodOnesAreRefusedOrRead(t *testing.T) {
	base := files(t, sample(30))
	for _, name := range slices.Sorted(maps.Keys(base)) {
		t.Run(name, func(t *testing.T) {
			spoil.Each(t, 200, []string{string(base[name].Data)}, func(t *testing.T, data string) { tableOfAnything(t, base, name, data) })
		})
	}
}

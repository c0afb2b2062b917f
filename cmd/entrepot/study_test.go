package main

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"entrepot/output/manifest"
)

// until asks for something every so often, and fails where it does not come.
func until(t *testing.T, within, every time.Duration, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(within); !is(); time.Sleep(every) {
		if time.Now().After(end) {
			t.Fatalf("waited %s for %s", within, what)
		}
	}
}

// dataFiles returns what the files of a study hold, but those of its shards, and the manifest, which has times.
func dataFiles(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != dir && strings.HasPrefix(d.Name(), "shard-"):
			return filepath.SkipDir
		case d.IsDir(), d.Name() == manifest.Name:
			return nil
		}
		rel, err := filepath.Rel(dir, path)
		if err == nil {
			files[rel], err = os.ReadFile(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// sameData fails unless two folders hold the same files with the same bytes.
func sameData(t *testing.T, got, want map[string][]byte) {
	t.Helper()
	if len(want) < 3 || !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))) {
		t.Fatalf("got the files %v, want %v", slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want)))
	}
	for name := range want {
		if !bytes.Equal(got[name], want[name]) {
			t.Errorf("%s has other bytes", name)
		}
	}
}

// underWay says whether a study has kept runs and is not at its end.
func underWay(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, manifest.Journal))
	return err == nil && info.Size() > 1<<15 // more than what the journal begins with
}

// A scheduler sends SIGTERM before it kills: near the end of a job's time, or when a node is wanted for something else.
func TestStudyEndedByASignalGoesOnWithTheSameBytes(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not run: windows cannot send a signal to one process")
	}
	for _, c := range []struct {
		name   string
		env    []string
		folder string
	}{
		{"the whole", nil, ""},
		{"a task of an array", []string{"PBS_ARRAY_INDEX=2", "ENTREPOT_SHARDS=2"}, "shard-2-of-2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			study := func(out string, then func(*os.Process)) (code int, talk string) {
				cmd := command(t, dir, "ensemble", "textbook", "--runs", "120", "--workers", "1", "--no-plots", "--out", out)
				cmd.Env = append(os.Environ(), c.env...)
				var b strings.Builder
				cmd.Stderr = &b
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				then(cmd.Process)
				_ = cmd.Wait() // its exit code is looked at by the caller
				return cmd.ProcessState.ExitCode(), b.String()
			}
			code, talk := study("disturbed", func(p *os.Process) {
				until(t, time.Minute, 5*time.Millisecond, "the first runs", func() bool { return underWay(filepath.Join(dir, "disturbed", c.folder)) })
				if err := p.Signal(syscall.SIGTERM); err != nil {
					t.Error(err)
				}
			})
			said := regexp.MustCompile(`interrupted; ([1-9]\d*) runs were done and are kept, ([1-9]\d*) are missing`)
			if code != exitInterrupted || !said.MatchString(talk) {
				t.Fatalf("exit code %d, want %d in the middle of the study; stderr: %s", code, exitInterrupted, talk)
			}
			for _, out := range []string{"disturbed", "quiet"} {
				if code, talk := study(out, func(*os.Process) {}); code != 0 {
					t.Fatalf("exit code %d: %s", code, talk)
				}
			}
			sameData(t, dataFiles(t, filepath.Join(dir, "disturbed", c.folder)), dataFiles(t, filepath.Join(dir, "quiet", c.folder)))
		})
	}
}

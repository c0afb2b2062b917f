package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"entrepot/internal/tmpfs"
	"entrepot/scenarios"
	"entrepot/sim"
)

// notRun names a test that this machine cannot run. Where everything is set up for tests (CI=true) that is a failure.
func notRun(t *testing.T, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("not run: %s", why)
	}
	t.Skipf("not run: %s", why)
}

// program runs the command in a process of its own and returns its exit code and what it said on stderr.
func program(t *testing.T, dir string, args ...string) (code int, stderr string) {
	t.Helper()
	cmd := command(t, dir, args...)
	var talk strings.Builder
	cmd.Stderr = &talk
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), talk.String()
}

// command finds the program on the path that testscript.Main lays out.
func command(t *testing.T, dir string, args ...string) *exec.Cmd {
	t.Helper()
	path, err := exec.LookPath("entrepot")
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir = dir
	return cmd
}

// empty fails if a folder holds anything: no half run may be left.
func empty(t *testing.T, dir string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		t.Errorf("%s is left", e.Name())
	}
}

func TestExitCodes(t *testing.T) {
	for _, c := range []struct {
		name  string
		err   error
		began bool
		want  int
	}{
		{"nothing wrong", nil, true, 0},
		{"the disk", fmt.Errorf("writing: %w", os.ErrPermission), true, 1},
		{"a mistake on the command line that cobra found", errors.New("unknown flag"), false, 2},
		{"a mistake on the command line", usagef("must be one"), true, 2},
		{"a bad scenario", scenarios.Problems{{File: "x.yaml", Line: 1, Col: 1, Msg: "must be a map"}}, true, 2},
		{"goods that do not add up", fmt.Errorf("running: %w", &sim.Unbalanced{Date: sim.DateOf(2023, 1, 2)}), true, 3},
		{"an interrupt", fmt.Errorf("running: %w", context.Canceled), true, 130},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := exitCode(c.err, c.began); got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
		})
	}
}

func TestInterruptLeavesNoHalfFolder(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not run: windows cannot send an interrupt to one process")
	}
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			dir := t.TempDir()
			cmd := command(t, dir, "run", "textbook", "northern-mali", "--out", "out", "--no-plots", "--workers", "1")
			var talk strings.Builder
			cmd.Stderr = &talk
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			for !exists(filepath.Join(dir, "out", "textbook-seed1", "manifest.json")) { // the first is done, the second under way
				time.Sleep(5 * time.Millisecond)
			}
			if err := cmd.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			_ = cmd.Wait() // its exit code is looked at below
			if code := cmd.ProcessState.ExitCode(); code != 130 {
				t.Errorf("exit code %d, want 130; stderr: %s", code, talk.String())
			}
			if !strings.Contains(talk.String(), "interrupted; 1 of 2 runs were finished and kept, nothing else was written") {
				t.Errorf("stderr: %s", talk.String())
			}
			entries, err := os.ReadDir(filepath.Join(dir, "out"))
			if err != nil || len(entries) != 1 {
				t.Errorf("want the finished run alone, got %v, %v", entries, err)
			}
		})
	}
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// mount puts a small file system at a new folder for one test.
func mount(t *testing.T, flags uintptr, options string) string {
	t.Helper()
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		notRun(t, "mounting a small disk needs Linux and root")
	}
	dir := t.TempDir()
	if err := tmpfs.Mount(dir, flags, options); err != nil {
		notRun(t, "this system lets nobody mount a disk: "+err.Error())
	}
	t.Cleanup(func() {
		if err := tmpfs.Unmount(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

func TestFullDiskLeavesNoHalfFolder(t *testing.T) {
	dir := mount(t, 0, "size=300k")
	for _, args := range [][]string{{"run", "textbook", "--out", "result"}, {"run", "textbook", "--no-plots", "--out", "result"}} {
		code, talk := program(t, dir, args...)
		if code != 1 || !strings.Contains(talk, "no space left on device") || !strings.Contains(talk, "writing ") {
			t.Errorf("exit code %d, want 1; stderr: %s", code, talk)
		}
		empty(t, dir)
	}
}

func TestAnAnswerThatDoesNotArriveIsAnError(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		notRun(t, "this system has no /dev/full")
	}
	defer full.Close()
	cmd := command(t, t.TempDir(), "metrics")
	cmd.Stdout = full
	_ = cmd.Run() // its exit code is looked at below
	if code := cmd.ProcessState.ExitCode(); code != exitInternal {
		t.Errorf("exit code %d, want %d", code, exitInternal)
	}
}

func TestReadOnlyFolder(t *testing.T) {
	dir := mount(t, tmpfs.ReadOnly, "size=300k")
	for _, args := range [][]string{{"run", "textbook", "--out", "result"}, {"ensemble", "textbook", "--runs", "2", "--out", "result"}} {
		code, talk := program(t, dir, args...)
		if code != 1 || !strings.Contains(talk, "making result: ") || !strings.Contains(talk, "read-only file system; --out names another place") {
			t.Errorf("%s: exit code %d, want 1; stderr: %s", args[0], code, talk)
		}
	}
}

func TestMistakesThatWereJoinedAreToldApart(t *testing.T) {
	a, b, c := errors.New("a"), errors.New("b"), errors.New("c")
	for _, x := range []struct {
		name string
		err  error
		want string
	}{
		{"none", nil, "[]"},
		{"one", a, "[a]"},
		{"two within two", errors.Join(errors.Join(a, b), c), "[a b c]"},
		{"of a usage error", usageError{errors.Join(a, b)}, "[a b]"},
		{"with words around them", fmt.Errorf("reading %w and %w", a, b), "[reading a and b]"},
		{"of a flag", ofFlag("x", errors.Join(a, b)), "[--x: a --x: b]"},
	} {
		got := apart(x.err)
		if fmt.Sprint(got) != x.want {
			t.Errorf("%s: got %v, want %s", x.name, got, x.want)
		}
		if u := (usageError{}); x.name == "of a usage error" && !errors.As(got[1], &u) {
			t.Errorf("%s: each must be one", x.name)
		}
	}
}

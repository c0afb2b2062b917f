package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"entrepot": func() { os.Exit(start(os.Args[1:], os.Stdout, os.Stderr)) }})
}

// The scripts run the program as a user does. `exits N COMMAND...` checks an exit code.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		RequireExplicitExec: true,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits, "nohalf": nohalf},
		Setup:               plainEnvironment,
	})
}

// plainEnvironment keeps the settings of whoever runs the tests out of them.
func plainEnvironment(env *testscript.Env) error {
	for _, v := range env.Vars {
		if name, _, _ := strings.Cut(v, "="); strings.HasPrefix(name, "ENTREPOT_") {
			env.Setenv(name, "")
		}
	}
	return nil
}

// exits runs a command and checks its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Fatalf("running %s: %v", args[1], err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("%s exited with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// nohalf fails if a folder holds an unfinished run.
func nohalf(ts *testscript.TestScript, neg bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".entrepot-") {
			ts.Fatalf("%s holds %s", args[0], e.Name())
		}
	}
}

// Package duckdb asks DuckDB what it reads in a file, for tests: that this program reads its own files says little.
package duckdb

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Query returns the rows that a query gives, each as a JSON list of its values. Where DuckDB is not installed the test is not
// run; with CI=true, where `make needs` has installed it, that is a failure.
func Query(t testing.TB, sql string) []string {
	t.Helper()
	_, file, _, _ := runtime.Caller(0)
	dir := filepath.Dir(file)
	if err := installed(dir); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("not run: %v", err)
		}
		t.Skipf("not run: %v", err)
	}
	cmd := exec.Command("node", "query.mjs", sql)
	cmd.Dir = dir
	var talk strings.Builder
	cmd.Stderr = &talk
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("asking DuckDB: %v: %s", err, talk.String())
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

func installed(dir string) error {
	if _, err := exec.LookPath("node"); err != nil {
		return errors.New("node is missing: install it, then make needs")
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "@duckdb", "node-api")); err != nil {
		return errors.New("DuckDB for node is missing: make needs installs it")
	}
	return nil
}

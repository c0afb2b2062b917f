//go:build !js

package scenarios_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Every table of every built-in scenario, in full length, is the same as WebAssembly: TestGoldenHashesOfEveryScenario, compiled for the page
// and run by Node, holds its tables to the same file of hashes. The page's own lines are held to the native engine's in package live.
func TestGoldenHashesAsWebAssembly(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every scenario in full")
	}
	if updating() {
		t.Skip("hashes are the native program's")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is missing; scripts/needs.sh installs it")
		}
		t.Skip("node is missing; scripts/needs.sh installs it")
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "golden.wasm")
	build := exec.Command("go", "test", "-c", "-o", file, ".")
	build.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "GOFLAGS=")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("compiling the test: %v\n%s", err, out)
	}
	start := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec_node.js")
	run := exec.Command(node, "--stack-size=8192", start, file, "-test.v", "-test.run", "^TestGoldenHashesOfEveryScenario$")
	run.Env = []string{"PATH=" + os.Getenv("PATH")} // Go's script takes twelve kilobytes of arguments and environment, no more
	out, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestGoldenHashesOfEveryScenario") {
		t.Errorf("%v\n%s", err, out)
	}
}

package live

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entrepot/scenarios"
)

// mostPacked is how large the page's engine may be when it is packed, bytes.
const mostPacked = 2_000_000

// TestWasmSameLines holds the engine of the page's workers to this one: built as `make site` builds it and run by Node, it gives the same
// lines, byte for byte: whole runs of each world's main scenarios, the world and the first weeks of a hub of every other. Whole runs of all
// would take minutes and tell no more: their tables, in full length, are held to the native ones in package scenarios. Lines of comparisons
// hold statistics, of which that is not promised (docs/page.md); those tested are the same, too.
func TestWasmSameLines(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the engine for the page")
	}
	node, err := exec.LookPath("node")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("node is missing; scripts/needs.sh installs it")
		}
		t.Skip("node is missing; scripts/needs.sh installs it")
	}
	file := filepath.Join(t.TempDir(), "live.wasm")
	build := exec.Command("sh", "scripts/wasm.sh", file)
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("building the engine: %v\n%s", err, out)
	}
	packed(t, file)
	again := filepath.Join(t.TempDir(), "again.wasm")
	if out, err := exec.Command("sh", "-c", `cd ../.. && scripts/wasm.sh "$1" && cmp "$0" "$1"`, file, again).CombinedOutput(); err != nil {
		t.Errorf("two builds must be the same bytes: %v\n%s", err, out)
	}

	questions := [][2]string{
		{"world", `{"state":{"scenario":"offensive","layers":["ddr-2025"],"parameters":{"road.payment":"15000"},"events":[{"id":"ber-taken","remove":true}]}}`},
		{"run", textbook},
		{"hub", `{"state":{"scenario":"textbook"},"hub":"middle"}`},
		{"run", `{"state":{"scenario":"offensive","seed":"18446744073709551615"}}`},
		{"run", `{"state":{"scenario":"northern-mali"}}`},
		{"hub", `{"state":{"scenario":"northern-mali"},"hub":"gao"}`},
		{"reference", `{"state":{"scenario":"offensive"},"hub":"gao","good":"ak","week":100}`},
		{"compare", `{"a":{"scenario":"textbook"},"b":{"scenario":"textbook","events":[{"id":"road-watched","remove":true}]},"runs":6}`},
		{"source", `{"state":{"scenario":"textbook","seed":"x","parameters":{"road.mu":"0"}}}`},
		{"run", `{`},
	}
	for _, name := range scenarios.Names() {
		state := `{"state":{"scenario":"` + name + `"`
		var w worldLine
		read(t, only(t, "world", state+"}}"), &w)
		shown := w.Hubs[max(0, slices.IndexFunc(w.Hubs, func(h hub) bool { return h.Focus }))].ID
		questions = append(questions, [2]string{"world", state + "}}"}, [2]string{"hub", state + `},"hub":"` + shown + `","until":12}`})
	}
	var input, want strings.Builder
	for _, q := range questions {
		input.WriteString(q[0] + " " + q[1] + "\n")
		for _, line := range ask(t, new(Desk), q[0], q[1]) {
			want.WriteString(line + "\n")
		}
	}
	input.WriteString(`cancel:run {"state":{"scenario":"northern-mali"}}` + "\n")
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	run := exec.Command(node, "../../cmd/wasm/testdata/answer.mjs", filepath.Join(strings.TrimSpace(string(root)), "lib/wasm/wasm_exec.js"), file)
	run.Stdin = strings.NewReader(input.String())
	var out, times bytes.Buffer
	run.Stdout, run.Stderr = &out, &times
	if err := run.Run(); err != nil {
		t.Fatalf("%v\n%s", err, times.String())
	}
	t.Logf("milliseconds under Node:\n%s", times.String())
	got, cancelled, _ := strings.Cut(out.String(), want.String())
	if got != "" {
		t.Errorf("the lines differ: %s", firstDifference(want.String(), out.String()))
	}
	if lines := strings.Split(strings.TrimSpace(cancelled), "\n"); len(lines) < 11 || len(lines) > 60 || !strings.HasPrefix(lines[len(lines)-1], "AbortError") {
		t.Errorf("called off: got %d lines, the last %.100q", len(lines), lines[len(lines)-1])
	}
}

// packed measures the engine as scripts/site.sh packs it.
func packed(t *testing.T, file string) {
	t.Helper()
	out, err := exec.Command("gzip", "-9nc", file).Output()
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("the engine is %d bytes when packed", len(out))
	if len(out) > mostPacked {
		t.Errorf("the engine must be at most %d bytes when packed, got %d: see what was added to experiment and to what it imports", mostPacked, len(out))
	}
}

func firstDifference(want, got string) string {
	a, b := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range a {
		if i >= len(b) {
			return "lines are missing"
		}
		if a[i] != b[i] {
			k := 0
			for k < min(len(a[i]), len(b[i])) && a[i][k] == b[i][k] {
				k++
			}
			from := max(0, k-80)
			return "\nwant ..." + a[i][from:min(len(a[i]), k+80)] + "\ngot  ..." + b[i][from:min(len(b[i]), k+80)]
		}
	}
	return "none found"
}

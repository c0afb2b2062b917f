package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A package whose conversions fit passes with them looked at; one of a float that does not fails, and says where.
func TestWhatDoesNotFitIsFound(t *testing.T) {
	if testing.Short() {
		t.Skip("it compiles a package")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module few\n\ngo 1.26\n",
		"few.go": "package few\n\nimport \"math\"\n\nconst most = int64(1) << 40\n\n" +
			"func Cut(x float64, n int64) (int32, uint8, int64) {\n\treturn int32(x), uint8(n), int64(math.MaxInt32) + most\n}\n",
		"few_test.go": "package few\n\nimport \"testing\"\n\nfunc TestFits(t *testing.T) { Cut(-2147483648, 1<<40); Cut(-0.5, -1); Cut(2147483647.9, 0) }\n\n" +
			"func TestTooLarge(t *testing.T) { Cut(2147483648, 0) }\n\nfunc TestNone(t *testing.T) { z := 0.0; Cut(z/z, 0) }\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tool := filepath.Join(t.TempDir(), "conversions")
	if out, err := exec.Command("go", "build", "-o", tool, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for test, want := range map[string]string{"TestFits": "", "TestTooLarge": "does not fit", "TestNone": "NaN does not fit"} {
		cmd := exec.Command(tool, "-package", ".", ".", "-run", "^"+test+"$")
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if (err != nil) != (want != "") || !strings.Contains(string(out), want) || !strings.Contains(string(out), "2 conversions are looked at") {
			t.Errorf("%s: %v\n%s", test, err, out)
		}
	}
}

//go:build readers

package main

import (
	"math"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// What formats.md shows in Python and R must give what this program reads in its own files. It is no test like the others, since few have
// all of these readers: `make readers`.
func TestOtherReadersAgree(t *testing.T) {
	dir := t.TempDir()
	told(t, dir, nil, strings.Fields("sweep textbook --vary trafficker.margin=0.1:0.3:2 --design grid --runs 2 --no-plots --out sweep")...)
	want := meansByMargin(t, filepath.Join(dir, "sweep"))
	text := read(t, filepath.Join(top, "docs", "formats.md"))
	for _, c := range []struct{ name, language, with, has string }{
		{"pandas", "python", "python3", "import pandas; print(pandas.__version__, type(pandas.io.parquet.get_engine('auto')).__name__)"},
		{"polars", "python", "python3", "import polars; print(polars.__version__)"},
		{"nanoparquet", "r", "Rscript", "cat(R.version.string, as.character(packageVersion('nanoparquet')))"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code := regexp.MustCompile("(?s)```" + c.language + "\n((?:import|library\\()" + " ?" + c.name + ".*?)```").FindStringSubmatch(text)
			if code == nil {
				t.Fatal("formats.md shows nothing of it")
			}
			run := func(text string) (string, error) {
				out, err := exec.Command(c.with, "-e", text).CombinedOutput()
				if c.language == "python" {
					out, err = exec.Command(c.with, "-c", text).CombinedOutput()
				}
				return strings.TrimSpace(string(out)), err
			}
			version, err := run(c.has)
			if err != nil {
				lines := strings.Split(version, "\n")
				t.Skipf("not run: %v %s", err, lines[len(lines)-1])
			}
			t.Chdir(dir)
			out, err := run(code[1])
			if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			t.Logf("version %s\n%s", version, out)
			for _, mean := range want {
				if !hasNumber(out, mean) {
					t.Errorf("must print the mean %v, printed\n%s", mean, out)
				}
			}
		})
	}
}

// meansByMargin is what the code asks for, as this program has it.
func meansByMargin(t *testing.T, dir string) (means []float64) {
	t.Helper()
	q, v, err := reopen(dir)
	if err != nil {
		t.Fatal(err)
	}
	sample, err := q.Sample(v)
	if err != nil {
		t.Fatal(err)
	}
	for _, runs := range sample.Values[q.Figure("price_ak_end_after")] {
		sum := 0.0
		for _, x := range runs {
			sum += x / float64(len(runs))
		}
		means = append(means, sum)
	}
	if len(means) != 2 || means[0] == means[1] || math.IsNaN(means[0]+means[1]) {
		t.Fatalf("want two means that differ, got %v", means)
	}
	return means
}

// hasNumber says whether a text has a number, as readers round it for print.
func hasNumber(text string, want float64) bool {
	for _, word := range regexp.MustCompile(`[0-9]+\.[0-9]+`).FindAllString(text, -1) {
		if x, err := strconv.ParseFloat(word, 64); err == nil && math.Abs(x-want) < 1e-6*math.Abs(want) {
			return true
		}
	}
	return false
}

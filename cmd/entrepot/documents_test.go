package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entrepot/internal/duckdb"
)

const top = "../.." // of the module

func TestGeneratedDocumentsAreFresh(t *testing.T) {
	docs, err := generatedDocs()
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range docs {
		got, err := os.ReadFile(filepath.Join(top, "docs", name))
		if err != nil {
			t.Fatal(err)
		}
		if string(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n"))) != want {
			t.Errorf("docs/%s is stale; run `make docs`", name)
		}
	}
}

// shellLines returns the lines of a document's sh blocks, without comments.
func shellLines(t *testing.T, path string) []string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, block := range regexp.MustCompile("(?s)```sh\r?\n(.*?)```").FindAllSubmatch(text, -1) {
		for _, line := range strings.Split(string(block[1]), "\n") {
			line, _, _ = strings.Cut(line, "#")
			if line = strings.TrimSpace(line); line != "" {
				lines = append(lines, line)
			}
		}
	}
	return lines
}

// Every command that a document shows must work as written, one after the other, in an empty folder.
func TestCommandsOfTheDocuments(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	for _, doc := range []string{"README.md", "CONTRIBUTING.md", "docs/experiments.md"} {
		t.Run(doc, func(t *testing.T) {
			dir := t.TempDir()
			lines := shellLines(t, filepath.Join(top, doc))
			if len(lines) == 0 {
				t.Fatal("no commands found")
			}
			for _, line := range lines {
				words := strings.Fields(strings.Replace(line, "go run ./cmd/entrepot", "entrepot", 1))
				switch {
				case len(words) > 1 && words[1] == "serve": // it has no end of its own
					_, end := served(t, append(slices.Clone(words[2:]), "--addr", "127.0.0.1:0")...)
					if code, talk := end(os.Interrupt); code != 0 {
						t.Errorf("`%s` exits with %d: %s", line, code, talk)
					}
				case words[0] == "entrepot":
					for name, value := range map[string]string{"ENTREPOT_POINTS": "32", "ENTREPOT_MAX_RUNS": "160"} {
						if t.Setenv(name, value); words[1] != "calibrate" {
							os.Unsetenv(name)
						}
					}
					if code, talk := program(t, dir, words[1:]...); code != 0 {
						t.Errorf("`%s` exits with %d: %s", line, code, talk)
					}
				case words[0] == "make":
					makeKnows(t, words[1])
				case words[0] == "go":
					if words[1] != "build" && words[1] != "test" {
						t.Errorf("`%s` is not tested; teach this test", line)
					}
				default:
					t.Errorf("`%s` is not tested; teach this test", line)
				}
			}
		})
	}
}

// Every query that formats.md shows must give rows, of studies that this program wrote.
func TestQueriesOfTheDocuments(t *testing.T) {
	dir := t.TempDir()
	for _, args := range []string{"ensemble textbook --runs 3 --no-plots --out ensemble", "sweep textbook --vary trafficker.margin=0.1:0.3:2 --design grid --runs 2 --no-plots --out sweep"} {
		if code, talk := program(t, dir, strings.Fields(args)...); code != 0 {
			t.Fatalf("`%s` exits with %d: %s", args, code, talk)
		}
	}
	text, err := os.ReadFile(filepath.Join(top, "docs", "formats.md"))
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile("(?s)```sql\r?\n(.*?)```").FindAllSubmatch(text, -1)
	if len(blocks) == 0 {
		t.Fatal("no queries found")
	}
	for _, block := range blocks {
		for _, sql := range strings.Split(string(block[1]), ";") {
			if sql = strings.TrimSpace(sql); sql == "" {
				continue
			}
			for _, study := range []string{"ensemble", "sweep"} {
				sql = strings.ReplaceAll(sql, "'"+study+"/", "'"+filepath.ToSlash(filepath.Join(dir, study))+"/")
			}
			if rows := duckdb.Query(t, sql); !strings.HasPrefix(rows[0], "[") {
				t.Errorf("`%s` gives no rows", sql)
			}
		}
	}
}

// makeKnows checks that the Makefile has a target, without running it.
func makeKnows(t *testing.T, target string) {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(top, "Makefile"))
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(target) + `:`).Match(file) {
		t.Errorf("the Makefile has no target %s", target)
	}
}

// Links between the documents must lead somewhere.
func TestLinksOfTheDocuments(t *testing.T) {
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/decisions/*.md"} {
		docs, err := filepath.Glob(filepath.Join(top, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, doc := range docs {
			text, err := os.ReadFile(doc)
			if err != nil {
				t.Fatal(err)
			}
			for _, link := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllSubmatch(text, -1) {
				target, _, _ := strings.Cut(string(link[1]), "#")
				if target == "" || strings.Contains(target, "://") {
					continue
				}
				if _, err := os.Stat(filepath.Join(filepath.Dir(doc), filepath.FromSlash(target))); err != nil {
					t.Errorf("%s links to %s, which is not there", filepath.Base(doc), target)
				}
			}
		}
	}
}

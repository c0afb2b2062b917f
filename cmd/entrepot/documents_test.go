package main

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entrepot/agents"
	"entrepot/internal/duckdb"
	"entrepot/scenarios"
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
	for _, doc := range documents(t) {
		lines := shellLines(t, filepath.Join(top, doc))
		if len(lines) == 0 {
			if slices.Contains([]string{"README.md", "CONTRIBUTING.md", "docs/experiments.md"}, doc) {
				t.Errorf("no commands found in %s", doc)
			}
			continue
		}
		t.Run(doc, func(t *testing.T) {
			dir := t.TempDir()
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
					if wrong := goKnows(t, words); wrong != "" { // what it does takes long, and is done by CI or by who wants to
						t.Errorf("`%s`: %s", line, wrong)
					}
				default:
					t.Errorf("`%s` is not tested; teach this test", line)
				}
			}
		})
	}
}

// documents lists the documents that people wrote, from the top of the module, and not those made by the program.
func documents(t *testing.T) (names []string) {
	t.Helper()
	for _, pattern := range []string{"*.md", "docs/*.md", "docs/decisions/*.md", "web/site/*.txt"} {
		found, err := filepath.Glob(filepath.Join(top, filepath.FromSlash(pattern)))
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range found {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.HasPrefix(text, []byte(generatedMark[:20])) {
				names = append(names, strings.TrimPrefix(filepath.ToSlash(name), top+"/"))
			}
		}
	}
	return names
}

// quoted finds commands that stand within a sentence or a table, or a line each in a block that is no block of sh. They take long, stop halfway or
// have a place for a name, and are not run: it is checked that the commands, flags, targets, packages and tests they name are there.
var quoted = regexp.MustCompile("(?m)`((?:entrepot|make|go) [^`\n]+)`|^((?:entrepot|make|go|sh scripts/\\S+) .*)$")

func TestCommandsWithinTheDocumentsAreThere(t *testing.T) {
	found := 0
	for _, doc := range documents(t) {
		text, err := os.ReadFile(filepath.Join(top, doc))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range quoted.FindAllStringSubmatch(strings.ReplaceAll(string(text), "\r\n", "\n"), -1) {
			if !strings.HasPrefix(m[0], "`") && !fenced(string(text), m[2]) {
				continue // a sentence that begins with such a word
			}
			line, _, _ := strings.Cut(m[1]+m[2], "#")
			line, _, _ = strings.Cut(line, "   ") // a column of what it does
			words := strings.Fields(strings.NewReplacer("go run ./cmd/entrepot", "entrepot", "...", "", "\"", "", `\|`, "|").Replace(line))
			if len(words) < 2 {
				continue
			}
			found++
			wrong := ""
			switch words[0] {
			case "entrepot":
				wrong = programKnows(words[1:])
			case "make":
				makeKnows(t, words[1])
			case "go":
				wrong = goKnows(t, words)
			}
			if wrong != "" {
				t.Errorf("%s: `%s`: %s", doc, line, wrong)
			}
		}
	}
	if found < 30 {
		t.Errorf("%d commands were found, there must be more: does the search still work?", found)
	}
}

// fenced says whether a line stands in a block that is not one of sh, whose lines another test runs.
func fenced(text, line string) bool {
	for _, block := range regexp.MustCompile("(?s)```(\\w*)\r?\n(.*?)```").FindAllStringSubmatch(text, -1) {
		if block[1] != "sh" && strings.Contains("\n"+block[2], "\n"+line) {
			return true
		}
	}
	return false
}

// programKnows says what of a command line is not there.
func programKnows(words []string) string {
	root := new(app).root()
	cmd, rest, err := root.Find(words)
	if err != nil || cmd == root {
		return "there is no such command"
	}
	for _, word := range rest {
		name, _, _ := strings.Cut(strings.TrimLeft(word, "-"), "=")
		if strings.HasPrefix(word, "--") && cmd.Flags().Lookup(name) == nil && cmd.InheritedFlags().Lookup(name) == nil {
			return "the command has no flag --" + name
		}
	}
	return ""
}

// goKnows says what of a call of Go is not there: a package, a test.
func goKnows(t *testing.T, words []string) string {
	t.Helper()
	for i, word := range words {
		if dir := strings.TrimSuffix(word, "/..."); strings.HasPrefix(word, "./") {
			if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(dir))); err != nil {
				return "there is no " + word
			}
		}
		if i > 0 && (words[i-1] == "-run" || words[i-1] == "-fuzz" || words[i-1] == "-bench") {
			pattern, _, _ := strings.Cut(strings.Trim(word, "'"), "/")
			if !testsIn(t, words, pattern) {
				return "no test is named " + word
			}
		}
	}
	return ""
}

// testsIn says whether a test of the packages named has a name that a pattern finds.
func testsIn(t *testing.T, words []string, pattern string) bool {
	t.Helper()
	find, err := regexp.Compile(pattern)
	if err != nil {
		return false
	}
	if pattern == "^$" || pattern == "xxx" { // none, on purpose
		return true
	}
	for _, word := range words {
		if !strings.HasPrefix(word, "./") || strings.HasSuffix(word, "...") {
			continue
		}
		files, err := filepath.Glob(filepath.Join(top, filepath.FromSlash(word), "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range regexp.MustCompile(`(?m)^func ((?:Test|Fuzz|Benchmark|Example)\w*)\(`).FindAllStringSubmatch(string(text), -1) {
				if find.MatchString(m[1]) {
					return true
				}
			}
		}
	}
	return slices.Contains(words, "./") // all packages: the points behind it are gone by now
}

// A command that is not there is found.
func TestCommandsThatAreNotThereAreFound(t *testing.T) {
	for line, want := range map[string]string{
		"entrepot run offensive --lang fr": "", "entrepot scenario new x --from calm": "", "entrepot launch offensive": "no such command", "entrepot run --fast": "no flag --fast",
		"go test ./cmd/entrepot -run TestCommandsThat": "", "go test ./cmd/entrepot -run TestOfNothing": "no test is named", "go test ./cmd/nowhere": "there is no ./cmd/nowhere",
	} {
		words := strings.Fields(line)
		got := ""
		if words[0] == "go" {
			got = goKnows(t, words)
		} else {
			got = programKnows(words[1:])
		}
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("`%s`: got %q, want %q", line, got, want)
		}
	}
}

// The description of the model names every parameter and every phase of a week, no others, and files that are there.
func TestTheModelIsDescribedWhole(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(top, "docs", "model.md"))
	if err != nil {
		t.Fatal(err)
	}
	odd := string(text)
	parameters := map[string]bool{}
	for _, p := range agents.Parameters() {
		if parameters[p.ID] = true; !strings.Contains(odd, p.ID) {
			t.Errorf("docs/model.md must say what %s does", p.ID)
		}
	}
	for _, m := range regexp.MustCompile("`([a-z]+\\.[a-z_]+)`").FindAllStringSubmatch(odd, -1) {
		if !parameters[m[1]] && !strings.HasSuffix(m[1], ".csv") {
			t.Errorf("docs/model.md speaks of %s, which is no parameter", m[1])
		}
	}
	for _, m := range regexp.MustCompile("`((?:agents|sim|output|scenarios|experiment)/[a-zA-Z_/.-]+)`").FindAllStringSubmatch(odd, -1) {
		if _, err := os.Stat(filepath.Join(top, filepath.FromSlash(m[1]))); err != nil {
			t.Errorf("docs/model.md speaks of %s, which is not there", m[1])
		}
	}
	s, err := scenarios.Load("textbook", nil)
	if err != nil {
		t.Fatal(err)
	}
	model, err := agents.New(s.Setup, 1)
	if err != nil {
		t.Fatal(err)
	}
	first, last := strings.Index(odd, "| phase | what happens"), strings.Index(odd, "## 4.")
	listed, at := odd[first:last], 0
	for _, phase := range model.Schedule() {
		i := strings.Index(listed[at:], "| "+phase.Name)
		if strings.Contains("soldiers sell, groups order, civilians order, candidates order, robbers sell, dealers order", phase.Name) {
			continue // in one row, from the first to the last of them
		}
		if i < 0 {
			t.Errorf("docs/model.md must have the phase %q, after those before it", phase.Name)
			continue
		}
		at += i
	}
	for _, head := range []string{"Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling", "Design concepts", "Initialisation", "Input data", "Submodels",
		"Basic principles.", "Emergence.", "Adaptation.", "Objectives.", "Learning.", "Prediction.", "Sensing.", "Interaction.", "Stochasticity.", "Collectives.", "Observation."} {
		if !strings.Contains(odd, "## "+head) && !regexp.MustCompile(`## \d\. `+head).MatchString(odd) && !strings.Contains(odd, "**"+head+"**") {
			t.Errorf("docs/model.md must have %q, which the ODD protocol asks for", head)
		}
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

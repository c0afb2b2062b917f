package scenarios_test

import (
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"entrepot/agents"
	"entrepot/internal/sums"
	"entrepot/output/record"
	"entrepot/output/tables"
	"entrepot/scenarios"
)

// Golden hashes. World: every built-in scenario in full length, burn-in included, on one seed, through the recorder and the
// writer of the command `run`. testdata/golden.txt holds a hash of the bytes of all tables of each, and how many lines
// CHANGELOG.md has under *Results change*. So nobody moves results without noticing, and nobody renews hashes without
// saying so: hashes that moved are renewed only if the changelog has more lines than the file knows.
const (
	goldenSeed   = 1
	goldenFile   = "testdata/golden.txt"
	changelog    = "../CHANGELOG.md"
	changeHeader = "### Results change"
	renew        = "`make golden` (go test ./scenarios -run Golden -update)"
)

// updating reports whether -update was given; bad_test.go has the flag.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

// golden is the file: lines of the changelog, and a hash by scenario.
type golden struct {
	changes int
	hashes  map[string]string
}

// readGolden reads the file; one that is not there knows nothing.
func readGolden(text string) (g golden, err error) {
	g.hashes = map[string]string{}
	for n, line := range strings.Split(text, "\n") {
		words := strings.Fields(line)
		switch {
		case len(words) == 0 || words[0] == "#":
		case len(words) == 2 && words[0] == "changes":
			if g.changes, err = strconv.Atoi(words[1]); err != nil {
				return g, fmt.Errorf("%s:%d: must be a number of lines, got %q", goldenFile, n+1, words[1])
			}
		case len(words) == 3 && words[1] == strconv.Itoa(goldenSeed):
			g.hashes[words[0]] = words[2]
		default:
			return g, fmt.Errorf("%s:%d: must be a scenario, the seed %d and a hash, got %q; renew it: %s", goldenFile, n+1, goldenSeed, line, renew)
		}
	}
	return g, nil
}

func (g golden) text(names []string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Written by %s.\n# Lines of CHANGELOG.md under *Results change*; then scenario, seed, sha256 over all tables.\nchanges %d\n", renew, g.changes)
	for _, name := range names {
		if g.hashes[name] != "" {
			fmt.Fprintf(&b, "%s %d %s\n", name, goldenSeed, g.hashes[name])
		}
	}
	return b.String()
}

// moved lists the scenarios whose hash is another one than the file's. New scenarios and old ones that are gone move nothing.
func (g golden) moved(now golden, names []string) (out []string) {
	for _, name := range names {
		if was := g.hashes[name]; was != "" && was != now.hashes[name] {
			out = append(out, name)
		}
	}
	return out
}

// differs lists the scenarios that the file lacks, has too many or has another hash of.
func (g golden) differs(now golden, names []string) []string {
	out := g.moved(now, names)
	for _, name := range names {
		if g.hashes[name] == "" {
			out = append(out, name+" (not in the file)")
		}
	}
	for name := range g.hashes {
		if now.hashes[name] == "" {
			out = append(out, name+" (no such scenario)")
		}
	}
	return out
}

// mayRenew says why a file may not be written again, or "".
func (g golden) mayRenew(now golden, names []string) string {
	if moved := g.moved(now, names); len(moved) > 0 && now.changes <= g.changes {
		return fmt.Sprintf("results of %s moved, and CHANGELOG.md must have more than %d lines under %q, got %d: say there what changed, then renew again "+
			"(hashes renewed twice within one change: take the committed file first, git checkout scenarios/%s)",
			strings.Join(moved, ", "), g.changes, changeHeader, now.changes, goldenFile)
	}
	return ""
}

// changes counts the bullets under every heading *Results change* of a changelog.
func changes(text string) (n int) {
	in := false
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(line, "#") {
			in = strings.TrimSpace(line) == changeHeader
		}
		if in && strings.HasPrefix(line, "- ") {
			n++
		}
	}
	return n
}

// hashOf runs a scenario as the command does and hashes its tables, by name.
func hashOf(s *scenarios.Scenario) (string, error) {
	m, err := agents.New(s.Setup, goldenSeed)
	if err != nil {
		return "", err
	}
	run := tables.NewRun(s.Setup.Start)
	watch := record.New(m, run.Recording(), run.Names, record.Options{})
	if err := m.Run(func(week int) error { watch.Week(week); return nil }); err != nil {
		return "", err
	}
	watch.Close()
	var kept sums.Tables
	if err := run.Write(&kept); err != nil {
		return "", err
	}
	return sums.All(kept.Of()), nil
}

func TestGoldenHashesOfEveryScenario(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every scenario in full")
	}
	names := scenarios.Names()
	sums := make([]string, len(names))
	var jobs []func() error
	for i, name := range names {
		jobs = append(jobs, func() error {
			s, err := scenarios.Load(name, nil)
			if err == nil {
				sums[i], err = hashOf(s)
			}
			return err
		})
	}
	for i, err := range inParallel(jobs, runtime.NumCPU()) {
		if err != nil {
			t.Fatalf("%s: %v", names[i], err)
		}
	}
	log, err := os.ReadFile(changelog)
	if err != nil {
		t.Fatal(err)
	}
	now := golden{changes: changes(string(log)), hashes: map[string]string{}}
	for i, name := range names {
		now.hashes[name] = sums[i]
	}
	compareGolden(t, now, names)
}

// compareGolden compares with the file, or renews it.
func compareGolden(t *testing.T, now golden, names []string) {
	bytes, err := os.ReadFile(goldenFile)
	if err != nil && !(updating() && os.IsNotExist(err)) {
		t.Fatal(err)
	}
	file, err := readGolden(strings.ReplaceAll(string(bytes), "\r\n", "\n"))
	if err != nil && !updating() {
		t.Fatal(err)
	}
	if updating() {
		if why := file.mayRenew(now, names); why != "" {
			t.Fatal(why)
		}
		if err := os.WriteFile(goldenFile, []byte(now.text(names)), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := file.differs(now, names); len(d) > 0 {
		t.Errorf("results must be those of %s, got others for %s. If that is meant, add a line under %q in CHANGELOG.md and renew the hashes: %s",
			goldenFile, strings.Join(d, ", "), changeHeader, renew)
	} else if now.changes != file.changes {
		t.Errorf("CHANGELOG.md must have %d lines under %q as %s says, got %d; renew it: %s", file.changes, changeHeader, goldenFile, now.changes, renew)
	}
}

func TestGoldenHashesAreRenewedOnlyWithALineInTheChangelog(t *testing.T) {
	names := []string{"a", "b"}
	of := func(changes int, a, b string) golden {
		g := golden{changes, map[string]string{}}
		for name, hash := range map[string]string{"a": a, "b": b} {
			if hash != "" {
				g.hashes[name] = hash
			}
		}
		return g
	}
	for _, c := range []struct {
		name      string
		file, now golden
		may       bool
	}{
		{"nothing moved, nothing said", of(3, "x", "y"), of(3, "x", "y"), true},
		{"nothing moved, a line more", of(3, "x", "y"), of(4, "x", "y"), true},
		{"moved without a line", of(3, "x", "y"), of(3, "x", "z"), false},
		{"moved, and a line was taken out", of(3, "x", "y"), of(2, "x", "z"), false},
		{"moved with a line", of(3, "x", "y"), of(4, "x", "z"), true},
		{"a new scenario moves nothing", of(3, "x", ""), of(3, "x", "y"), true},
		{"a new scenario does not hide what moved", of(3, "x", ""), of(3, "z", "y"), false},
		{"no file yet", of(0, "", ""), of(0, "x", "y"), true},
	} {
		if why := c.file.mayRenew(c.now, names); (why == "") != c.may {
			t.Errorf("%s: may renew must be %v, got %q", c.name, c.may, why)
		}
		if again, err := readGolden(c.now.text(names)); err != nil || again.changes != c.now.changes || len(again.differs(c.now, names)) > 0 {
			t.Errorf("%s: what was written must read the same, got %v, %v", c.name, again, err)
		}
	}
	if n := changes("## New\n### Results change\n- one\n  goes on\n- two\n### Results do not change\n- no\n## Old\n### Results change\n- three\n"); n != 3 {
		t.Errorf("lines of the changelog: must be 3, got %d", n)
	}
}

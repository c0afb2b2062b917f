package scenarios_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// Hashes are text, and a hand could write others without `make golden`. World: every commit that touched the file, against its parent, and
// what stands here against the last commit: hashes that moved must have come with more lines in the changelog, and the file must count those
// that the changelog has.
func TestNoGoldenHashEverMovedWithoutALineInTheChangelog(t *testing.T) {
	out, err := exec.Command("git", "log", "--format=%H", "--", goldenFile).Output()
	if err != nil || len(out) == 0 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("no history: %v", err)
		}
		t.Skip("no git, or no history: this is no clone")
	}
	commits := strings.Fields(string(out))
	for _, commit := range commits {
		before, now := committed(t, commit+"^"), committed(t, commit)
		if why := unsaid(before, now); why != "" {
			t.Errorf("commit %.10s: %s", commit, why)
		}
	}
	if why := unsaid(committed(t, "HEAD"), here(t)); why != "" {
		t.Errorf("here: %s", why)
	}
	t.Logf("%d commits", len(commits))
}

// A said is the file and the changelog of one moment.
type said struct{ golden, changelog string }

// committed reads both from a commit; what was not there is empty.
func committed(t *testing.T, commit string) said {
	t.Helper()
	show := func(file string) string {
		text, err := exec.Command("git", "show", commit+":./"+file).Output()
		if err != nil {
			return ""
		}
		return string(text)
	}
	return said{show(goldenFile), show(changelog)}
}

func here(t *testing.T) said {
	t.Helper()
	var texts [2]string
	for i, file := range []string{goldenFile, changelog} {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		texts[i] = strings.ReplaceAll(string(text), "\r\n", "\n")
	}
	return said{texts[0], texts[1]}
}

// unsaid tells what is wrong with a step from one moment to the next, or "".
func unsaid(before, now said) string {
	was, err := readGolden(before.golden)
	if err != nil {
		return err.Error()
	}
	is, err := readGolden(now.golden)
	if err != nil {
		return err.Error()
	}
	var names []string
	for name := range is.hashes {
		names = append(names, name)
	}
	is.changes = changes(now.changelog) // what it says, not what the file says of it
	return was.mayRenew(is, names)
}

func TestAStepOfGoldenHashesNeedsALine(t *testing.T) {
	file := func(lines, a, b string) string { return "changes " + lines + "\na 1 " + a + "\nb 1 " + b + "\n" }
	log := func(n int) string {
		return changeHeader + "\n" + strings.Repeat("- a line\n", n) + "### Results do not change\n- another\n"
	}
	for _, c := range []struct {
		name        string
		before, now said
		fine        bool
	}{
		{"nothing moved", said{file("2", "x", "y"), log(2)}, said{file("2", "x", "y"), log(2)}, true},
		{"moved with a line", said{file("2", "x", "y"), log(2)}, said{file("3", "x", "z"), log(3)}, true},
		{"moved by hand without a line", said{file("2", "x", "y"), log(2)}, said{file("2", "x", "z"), log(2)}, false},
		{"moved by hand with another count", said{file("2", "x", "y"), log(2)}, said{file("3", "x", "z"), log(2)}, false},
		{"the first file", said{"", ""}, said{file("2", "x", "y"), log(2)}, true},
	} {
		if why := unsaid(c.before, c.now); (why == "") != c.fine {
			t.Errorf("%s: fine must be %v, got %q", c.name, c.fine, why)
		}
	}
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"

	"entrepot/internal/notices"
)

// cff are the keys of the Citation File Format 1.2.0 that a file of ours may have; it must have those that say true.
func cff() map[string]bool {
	return map[string]bool{"cff-version": true, "message": true, "title": true, "authors": true, "type": false, "abstract": false, "license": false, "keywords": false,
		"references": false, "version": false, "date-released": false, "doi": false, "url": false, "repository-code": false, "commit": false, "identifiers": false}
}

// released is the newest version that the changelog has a heading of, such as "## 1.0.0 (2027-01-31)", and its day; none yet: "".
func released(changelog string) (version, day string) {
	if m := regexp.MustCompile(`(?m)^## v?([0-9]+\.[0-9]+\.[0-9]+)(?: \(([0-9-]+)\))?\r?$`).FindStringSubmatch(changelog); m != nil {
		return m[1], m[2]
	}
	return "", ""
}

// staleCitation lists what is wrong with a CITATION.cff beside a changelog.
func staleCitation(text []byte, changelog string) (wrong []string) {
	var c map[string]any
	if err := yaml.Unmarshal(text, &c); err != nil {
		return []string{err.Error()}
	}
	known := cff()
	for key := range c {
		if _, ok := known[key]; !ok {
			wrong = append(wrong, "no key of CFF 1.2.0 is "+key)
		}
	}
	for key, must := range known {
		if must && c[key] == nil {
			wrong = append(wrong, "must have "+key)
		}
	}
	version, day := released(changelog)
	text1, _ := c["version"].(string)
	if text1 != version {
		wrong = append(wrong, "version must be the newest of CHANGELOG.md, "+version+", got "+text1)
	}
	if (c["date-released"] != nil) != (day != "") {
		wrong = append(wrong, "date-released must be the day in CHANGELOG.md, if it has one: "+day)
	}
	authors, _ := c["authors"].([]any)
	if len(authors) != 1 || !strings.Contains(strings.TrimSpace(asYAML(authors[0])), notices.Author) {
		wrong = append(wrong, "authors must be "+notices.Author)
	}
	for key, want := range map[string]string{"cff-version": "1.2.0", "title": notices.Title, "abstract": notices.Summary, "license": "Apache-2.0", "type": "software"} {
		if c[key] != want {
			wrong = append(wrong, key+" must be "+want+", got "+asYAML(c[key]))
		}
	}
	slices.Sort(wrong)
	return wrong
}

func asYAML(v any) string {
	data, _ := yaml.Marshal(v) // of what was read
	return strings.TrimSpace(string(data))
}

func TestTheCitationIsValidAndOfTheNewestVersion(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(top, "CITATION.cff"))
	if err != nil {
		t.Fatal(err)
	}
	changelog, err := os.ReadFile(filepath.Join(top, "CHANGELOG.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range staleCitation(text, string(changelog)) {
		t.Errorf("CITATION.cff: %s", w)
	}
	// A commit that is tagged is that version.
	if tag, err := exec.Command("git", "-C", top, "describe", "--tags", "--exact-match", "--match", "v*").Output(); err == nil {
		if version, _ := released(string(changelog)); "v"+version != strings.TrimSpace(string(tag)) {
			t.Errorf("CHANGELOG.md must have a heading of the tag %s, got %q", tag, version)
		}
	}
}

func TestAStaleCitationIsFound(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(top, "CITATION.cff"))
	if err != nil {
		t.Fatal(err)
	}
	const log = "## Unreleased\n\n## 1.2.0 (2027-01-31)\n\n## 1.1.0 (2026-12-31)\n"
	whole := string(text) + "version: 1.2.0\ndate-released: 2027-01-31\n"
	for _, c := range []struct{ name, text, want string }{
		{"as it shall be", whole, ""},
		{"without a version", string(text), "newest of CHANGELOG.md, 1.2.0"},
		{"an older version", strings.Replace(whole, "1.2.0\ndate", "1.1.0\ndate", 1), "got 1.1.0"},
		{"no day", strings.Replace(whole, "date-released: 2027-01-31\n", "", 1), "date-released"},
		{"no authors", strings.Replace(whole, "authors:", "editors:", 1), "must have authors"},
		{"a key of nobody", whole + "licence: MIT\n", "no key of CFF"},
		{"another title", strings.Replace(whole, "an agent-based", "the best", 1), "title must be"},
	} {
		got := strings.Join(staleCitation([]byte(c.text), log), "; ")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

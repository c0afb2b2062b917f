package notices

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write notices.txt again")

const top = "../.."

// part is code, a font or data that is in the program, with the texts of its licence.
type part struct {
	Component
	texts []string
}

// licenceFile finds files that say under which terms one may use what they are with. Of two texts to choose from (FreeType), the GPL is not ours.
var licenceFile = regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([-._].*)?$`)

// textsOf reads the licences of a folder.
func textsOf(t *testing.T, dir string) (texts []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch {
		case e.IsDir() && (e.Name() == "licenses" || e.Name() == "THIRD_PARTY_LICENSES"):
			more, err := filepath.Glob(filepath.Join(name, "*"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range more {
				if filepath.Base(file) != "gpl.txt" {
					texts = append(texts, read(t, file))
				}
			}
		case !e.IsDir() && licenceFile.MatchString(e.Name()):
			texts = append(texts, read(t, name))
		}
	}
	return texts
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for line := range strings.Lines(strings.ReplaceAll(string(data), "\r\n", "\n")) {
		b.WriteString(strings.TrimRight(line, " \t\n\f") + "\n")
	}
	return strings.Trim(b.String(), "\n") + "\n"
}

// identified is the SPDX identifier of a licence, by what each of them alone says.
func identified(text string) string {
	for _, k := range []struct{ says, id string }{
		{"Apache License", "Apache-2.0"}, {"SIL OPEN FONT LICENSE", "OFL-1.1"}, {"Creative Commons Attribution 4.0", "CC-BY-4.0"}, {"Attribution 4.0 International", "CC-BY-4.0"},
		{"FreeType License", "FTL"}, {"Boost Software License", "BSL-1.0"}, {"3-clause BSD", "BSD-3-Clause"}, {"Mozilla Public License", "MPL-2.0"}, {"Permission is hereby granted, free of charge", "MIT"}, {"Permission to use, copy, modify, and", "ISC"},
		{"Neither the name", "BSD-3-Clause"}, {"Redistribution and use in source", "BSD-2-Clause"}, {"and this permission notice appear in all copies", "ISC"},
	} {
		if strings.Contains(strings.Join(strings.Fields(text), " "), k.says) {
			return k.id
		}
	}
	return ""
}

// names are the identifiers of texts, the first one's first. A grant of patents or a list of authors has none.
func names(texts []string) string {
	var ids []string
	for i, text := range texts {
		if id := identified(text); id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		} else if i == 0 {
			return ""
		}
	}
	return strings.Join(ids, ",")
}

// command runs a program and returns what it prints.
func command(t *testing.T, dir string, env []string, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	var talk bytes.Buffer
	cmd.Stderr = &talk
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %v: %v: %s", name, args, err, talk.String())
	}
	return out
}

// modules lists the Go modules of the programs that we give away: on every system, and of the page's engine.
func modules(t *testing.T) (all []part) {
	t.Helper()
	found := map[string]part{}
	for _, at := range []struct{ goos, goarch, pkg string }{{"linux", "amd64", "entrepot"}, {"linux", "arm64", "entrepot"}, {"windows", "amd64", "entrepot"}, {"darwin", "arm64", "entrepot"}, {"js", "wasm", "wasm"}} {
		out := command(t, top, []string{"GOOS=" + at.goos, "GOARCH=" + at.goarch, "CGO_ENABLED=0"}, "go", "list", "-deps", "-f",
			"{{if .Module}}{{.Module.Path}} {{.Module.Version}} {{.Module.Dir}}{{end}}", "./cmd/"+at.pkg)
		for line := range strings.Lines(string(out)) {
			f := strings.SplitN(strings.TrimSpace(line), " ", 3)
			if len(f) == 3 && f[1] != "" && found[f[0]].Name == "" {
				found[f[0]] = part{Component{Kind: "go", Name: f[0], Version: f[1]}, textsOf(t, f[2])}
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(found)) {
		all = append(all, found[name])
	}
	root := strings.TrimSpace(string(command(t, top, nil, "go", "env", "GOROOT")))
	return append(all, part{Component{"go", "std", "go" + strings.TrimSpace(string(command(t, top, nil, "go", "list", "-m", "-f", "{{.GoVersion}}"))), ""}, textsOf(t, root)})
}

// bundled lists the npm packages whose code is in the page, as the bundler tells it.
func bundled(t *testing.T) (all []part) {
	t.Helper()
	page := filepath.Join(top, "web", "page")
	out := command(t, page, nil, "node", "--input-type=module", "-e", `
import { build } from 'vite'
const seen = new Set()
const tell = { name: 'tell', generateBundle(_, files) {
	for (const file of Object.values(files))
		for (const id of file.moduleIds ?? []) {
			const found = id.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)
			if (found) seen.add(found[1])
		}
} }
await build({ logLevel: 'silent', build: { write: false }, plugins: [tell] })
console.log(JSON.stringify([...seen].sort()))`)
	var names []string
	if err := json.Unmarshal(out, &names); err != nil || len(names) == 0 {
		t.Fatalf("the bundler must name packages, got %q", out)
	}
	for _, name := range names {
		dir := filepath.Join(page, "node_modules", filepath.FromSlash(name))
		var p struct{ Version string }
		if err := json.Unmarshal([]byte(read(t, filepath.Join(dir, "package.json"))), &p); err != nil {
			t.Fatal(err)
		}
		all = append(all, part{Component{"npm", name, p.Version, ""}, textsOf(t, dir)})
	}
	return all
}

// files lists what stands in the repository under terms of its own.
func files(t *testing.T) []part {
	return []part{
		{Component{"data", "world-atlas", "2.0.2", ""}, []string{read(t, filepath.Join(top, "output", "plots", "basemap.LICENSE"))}},
		{Component{"data", "new-joe-kuo-6", "2008", ""}, []string{read(t, filepath.Join(top, "experiment", "design", "new-joe-kuo-6.LICENSE"))}},
	}
}

// written is notices.txt: a list, then each licence once, with all that are under it.
func written(t *testing.T, all []part) string {
	t.Helper()
	var list, rest strings.Builder
	var order []string
	own := read(t, filepath.Join(top, "LICENSE"))
	under := map[string][]string{own: {"entrepot"}}
	order = append(order, own)
	for _, p := range all {
		if len(p.texts) == 0 {
			t.Errorf("%s %s comes without a licence", p.Kind, p.Name)
			continue
		}
		if p.Licence = names(p.texts); p.Licence == "" {
			t.Errorf("no name for the licence of %s: teach this test:\n%.300s", p.Name, p.texts[0])
		}
		fmt.Fprintf(&list, "%s %s %s %s\n", p.Kind, p.Name, p.Version, p.Licence)
		for _, text := range p.texts {
			if under[text] == nil {
				order = append(order, text)
			}
			under[text] = append(under[text], p.Name)
		}
	}
	for _, text := range order {
		fmt.Fprintf(&rest, "\n%s\n%s\n\n%s", strings.Repeat("=", 80), strings.Join(slices.Compact(under[text]), ", "), text)
	}
	return "entrepot is free software under the Apache License 2.0. It contains code, fonts and data of others:\n\n" +
		list.String() + "\nFigures in its worlds rest on:\n\n" + DataText() + rest.String()
}

// What is in the program has its licence in the program, no more and no less.
func TestNoticesAreThoseOfWhatIsInTheProgram(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	if _, err := os.Stat(filepath.Join(top, "web", "page", "node_modules", "vite")); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatalf("not run: %v; make needs installs it", err)
		}
		t.Skipf("not run: %v; make needs installs it", err)
	}
	want := written(t, slices.Concat(modules(t), bundled(t), files(t)))
	if *update {
		if err := os.WriteFile("notices.txt", []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if got := strings.ReplaceAll(Text(), "\r\n", "\n"); got != want {
		t.Errorf("notices.txt is stale; run `make notices`: %s", firstDifference(got, want))
	}
}

func firstDifference(got, want string) string {
	a, b := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return fmt.Sprintf("line %d is %q and must be %q", i+1, a[i], b[i])
		}
	}
	return fmt.Sprintf("%d lines, must be %d", len(a), len(b))
}

func TestComponentsAreReadBack(t *testing.T) {
	all := Components()
	for _, want := range []string{"go github.com/spf13/cobra Apache-2.0", "go codeberg.org/go-fonts/liberation BSD-3-Clause,OFL-1.1", "npm svelte MIT", "data world-atlas ISC", "go std BSD-3-Clause"} {
		if !slices.ContainsFunc(all, func(c Component) bool { return c.Kind+" "+c.Name+" "+c.Licence == want && c.Version != "" }) {
			t.Errorf("no %s among %v", want, all)
		}
	}
}

// DataText is the list for people.
func DataText() string {
	var b strings.Builder
	for _, d := range Data() {
		fmt.Fprintf(&b, "%s (%s)\n  %s; %s\n", d.Name, d.URL, d.What, d.Terms)
	}
	return b.String()
}

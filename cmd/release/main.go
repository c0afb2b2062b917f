// Release makes what is given away of a commit: static programs for six systems in archives with manual pages, shell completions and
// licences, a list of what each is built of (CycloneDX), the page as a folder in an archive, and SHA256SUMS. All times are the commit's, so
// two builds of a commit give the same bytes, wherever they are made.
//
//	make release
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

func main() {
	out := flag.String("out", "release", "folder of the release; it is made anew")
	targets := flag.String("targets", "linux/amd64,linux/arm64,darwin/amd64,darwin/arm64,windows/amd64,windows/arm64", "systems, parted by commas")
	page := flag.Bool("page", true, "make the page's archive too, by scripts/site.sh")
	flag.Parse()
	if err := produce(*out, strings.Split(*targets, ","), *page); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

// release is one in the making.
type release struct {
	dir     string // where it is made
	version string
	time    time.Time // of the commit
	tool    string    // the program for this machine, with the command that writes manual pages
	shared  []entry   // files of every archive
}

func produce(out string, targets []string, page bool) error {
	r, err := begin(out)
	if err != nil {
		return err
	}
	defer os.RemoveAll(r.dir)
	work, err := os.MkdirTemp("", "release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	if err := r.prepare(work); err != nil {
		return err
	}
	for _, target := range targets {
		if err := r.build(work, target); err != nil {
			return fmt.Errorf("building for %s: %w", target, err)
		}
	}
	if page {
		if err := r.page(work); err != nil {
			return fmt.Errorf("making the page: %w", err)
		}
	}
	if err := r.sums(); err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	return os.Rename(r.dir, out)
}

// begin looks at the commit. A changed working tree is no release: nobody could make it again.
func begin(out string) (*release, error) {
	dirty, err := run(nil, "git", "status", "--porcelain")
	if err != nil {
		return nil, err
	}
	if dirty != "" {
		return nil, fmt.Errorf("the working tree must be that of a commit, got changes:\n%s", dirty)
	}
	text, err := run(nil, "git", "show", "-s", "--format=%ct", "HEAD")
	if err != nil {
		return nil, err
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return nil, fmt.Errorf("reading the time of the commit: %w", err)
	}
	if entries, err := os.ReadDir(out); err == nil && len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(out, sumsName)); err != nil {
			return nil, fmt.Errorf("%s exists and is no release, so that nothing replaces it", out)
		}
	}
	dir := filepath.Clean(out) + ".part"
	return &release{dir: dir, time: time.Unix(seconds, 0).UTC()}, errors.Join(os.RemoveAll(dir), os.MkdirAll(dir, 0o777))
}

// run runs a program and returns what it prints, without the last end of line.
func run(env []string, name string, args ...string) (string, error) {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	var talk bytes.Buffer
	cmd.Stderr = &talk
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, talk.String())
	}
	return strings.TrimSuffix(string(out), "\n"), nil
}

// plain is an environment in which nothing that a user has set changes a build. An empty GOFLAGS would be taken for none.
func plain(goos, goarch string) []string {
	return []string{"CGO_ENABLED=0", "GOOS=" + goos, "GOARCH=" + goarch, "GOAMD64=v1", "GOARM64=v8.0", "GOFLAGS=-buildvcs=true", "GOEXPERIMENT=", "GOWORK=off"}
}

func compile(out, goos, goarch string, more ...string) error {
	args := append([]string{"build", "-trimpath", "-ldflags=-s -w", "-o", out}, more...)
	_, err := run(plain(goos, goarch), "go", append(args, "./cmd/entrepot")...)
	return err
}

// prepare makes what all archives share.
func (r *release) prepare(work string) error {
	r.tool = filepath.Join(work, "tool")
	if err := compile(r.tool, runtime.GOOS, runtime.GOARCH, "-tags", "man"); err != nil {
		return err
	}
	text, err := run(nil, r.tool, "version", "--json")
	if err != nil {
		return err
	}
	var is struct{ Version string }
	if err := json.Unmarshal([]byte(text), &is); err != nil || is.Version == "" {
		return fmt.Errorf("the program must tell its version, got %q", text)
	}
	r.version = is.Version
	if strings.HasSuffix(r.version, "+dirty") || r.version == "devel" {
		return fmt.Errorf("the version must be that of a commit, got %s", r.version)
	}
	man := filepath.Join(work, "man")
	if _, err := run([]string{"SOURCE_DATE_EPOCH=" + strconv.FormatInt(r.time.Unix(), 10)}, r.tool, "man", man); err != nil {
		return err
	}
	pages, err := filepath.Glob(filepath.Join(man, "*.1"))
	if err != nil || len(pages) == 0 {
		return fmt.Errorf("there must be manual pages, got none: %w", err)
	}
	for _, page := range pages {
		if err := r.share("man/man1/"+filepath.Base(page), page); err != nil {
			return err
		}
	}
	for _, shell := range []string{"bash", "zsh", "fish", "powershell"} {
		text, err := run(nil, r.tool, "completion", shell)
		if err != nil {
			return err
		}
		r.shared = append(r.shared, entry{"completions/entrepot." + shell, []byte(text + "\n"), false})
	}
	for to, from := range map[string]string{"LICENSE": "LICENSE", "NOTICES.txt": "internal/notices/notices.txt", "CITATION.cff": "CITATION.cff", "README.md": "README.md", "CHANGELOG.md": "CHANGELOG.md"} {
		if err := r.share(to, filepath.FromSlash(from)); err != nil {
			return err
		}
	}
	return nil
}

// share adds a file to every archive.
func (r *release) share(name, from string) error {
	data, err := os.ReadFile(from)
	r.shared = append(r.shared, entry{name, data, false})
	return err
}

// build makes the archive of a system, and the list of what its program is built of.
func (r *release) build(work, target string) error {
	goos, goarch, ok := strings.Cut(target, "/")
	if !ok {
		return fmt.Errorf("must be a system and an architecture, such as linux/arm64, got %q", target)
	}
	name := strings.Join([]string{"entrepot", r.version, goos, goarch}, "-")
	program, ending := "entrepot", ".tar.gz"
	if goos == "windows" {
		program, ending = "entrepot.exe", ".zip"
	}
	path := filepath.Join(work, name, program)
	if err := compile(path, goos, goarch); err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	bom, err := r.bill(path, data, name)
	if err != nil {
		return err
	}
	files := append(slices.Clone(r.shared), entry{program, data, true}, entry{"sbom.cdx.json", bom, false})
	if err := os.WriteFile(filepath.Join(r.dir, name+".cdx.json"), bom, 0o666); err != nil {
		return err
	}
	return r.archive(name, ending, files)
}

// page makes the archive of the page that needs no server.
func (r *release) page(work string) error {
	dir := filepath.Join(work, "site")
	if _, err := run([]string{"GOFLAGS=-buildvcs=true", "GOEXPERIMENT=", "GOWORK=off"}, "sh", "scripts/site.sh", dir); err != nil {
		return err
	}
	files := []entry{{"NOTICES.txt", nil, false}}
	i := slices.IndexFunc(r.shared, func(e entry) bool { return e.name == "NOTICES.txt" })
	files[0] = r.shared[i]
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		files = append(files, entry{filepath.ToSlash(rel), data, false})
		return err
	})
	if err != nil {
		return err
	}
	return r.archive("entrepot-"+r.version+"-page", ".zip", files)
}

const sumsName = "SHA256SUMS"

// sums writes the hash of every file, in the form that sha256sum -c reads.
func (r *release) sums() error {
	entries, err := os.ReadDir(r.dir)
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, e := range entries {
		data, err := os.ReadFile(filepath.Join(r.dir, e.Name()))
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, "%x  %s\n", sha256.Sum256(data), e.Name())
	}
	return os.WriteFile(filepath.Join(r.dir, sumsName), []byte(b.String()), 0o666)
}

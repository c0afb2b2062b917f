package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
)

// dist is the built page.
//
//go:embed dist/index.html dist/assets
var dist embed.FS

// files are all that can be asked for, by path. What is not in here does not exist, whatever a path looks like.
type files map[string]*file

type file struct {
	kind, tag, cache string
	plain            []byte
	zipped           func() []byte // nil where it would not be smaller
}

// newFiles reads a built page and adds what says that a server answers its questions.
func newFiles(built fs.FS, language string) (files, error) {
	all := files{}
	err := fs.WalkDir(built, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(built, name)
		if err == nil {
			all["/"+name] = newFile(name, data)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the built page: %w", err)
	}
	index, there := all["/index.html"]
	if !there {
		return nil, fmt.Errorf("reading the built page: there must be an index.html, got %d other files", len(all))
	}
	all["/"] = index
	all["/engine.js"] = newFile("engine.js", engine(language))
	return all, nil
}

// engine is the script that tells the page where its engine is, and the language if one was asked for.
func engine(language string) []byte {
	text := "window.ENTREPOT_ENGINE = { kind: 'server' };\n"
	if language != "" {
		text += fmt.Sprintf("window.ENTREPOT_LANGUAGE = %q;\n", language)
	}
	return []byte(text)
}

// hashed matches names that change with their content.
var hashed = regexp.MustCompile(`^assets/.*[-.][0-9A-Za-z_-]{8,}\.[a-z0-9]+$`)

func newFile(name string, data []byte) *file {
	sum := sha256.Sum256(data)
	f := &file{kind: kindOf(name), tag: fmt.Sprintf(`"%x"`, sum[:16]), cache: "no-cache", plain: data}
	if hashed.MatchString(name) {
		f.cache = "public, max-age=31536000, immutable"
	}
	f.zipped = sync.OnceValue(func() []byte { return zip(data) })
	return f
}

// kindOf names the type of a file by its ending, the same on every machine: the system's own table may be wrong.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".wasm":
		return "application/wasm"
	case ".txt", ".md":
		return "text/plain; charset=utf-8"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

// zip compresses, or returns nil where that saves nothing.
func zip(data []byte) []byte {
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, gzip.BestCompression) // the level is one, and memory does not fail
	_, _ = w.Write(data)
	_ = w.Close()
	if b.Len() >= len(data) {
		return nil
	}
	return b.Bytes()
}

// serve answers with a file.
func (all files) serve(w http.ResponseWriter, r *http.Request) {
	f, there := all[r.URL.Path]
	switch {
	case !there:
		refuse(w, http.StatusNotFound, "there is no such page", "")
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		w.Header().Set("Allow", "GET, HEAD")
		refuse(w, http.StatusMethodNotAllowed, "the method must be GET or HEAD", "")
		return
	}
	h := w.Header()
	h.Set("Cache-Control", f.cache)
	h.Set("Vary", "Accept-Encoding")
	body, tag := f.plain, f.tag
	if zips(r) {
		if zipped := f.zipped(); zipped != nil {
			body, tag = zipped, strings.TrimSuffix(f.tag, `"`)+`-gzip"`
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("ETag", tag)
	if matches(r.Header.Get("If-None-Match"), tag) {
		h.Del("Content-Encoding")
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(http.StatusOK)
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // a reader that went away misses nothing
	}
}

// matches says whether a list of tags has one.
func matches(list, tag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}

// Package crate packages a result as an RO-Crate 1.1: its files and, beside them, ro-crate-metadata.json, which says what each is, what
// made it and of what, for archives and programs that have never heard of ours. Runs are told after the profile Process Run Crate 0.5.
// It knows no model: whoever packages describes. What 1.2 asks of the root beyond 1.1 (a name, a licence) is given too.
//
// Sources: Soiland-Reyes et al. (2022), Packaging research artefacts with RO-Crate, Data Science 5(2); Leo et al. (2024), Recording
// provenance of workflow runs with RO-Crate, PLoS ONE 19(9).
package crate

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Name is the file that makes a folder a crate.
const Name = "ro-crate-metadata.json"

const (
	specification = "https://w3id.org/ro/crate/1.1"
	profile       = "https://w3id.org/ro/wfrun/process/0.5"
)

// Entity is a node of the graph: terms of the context and their values. Values refer to other entities by Ref.
type Entity map[string]any

// Ref refers to an entity by its @id.
func Ref(id string) map[string]string { return map[string]string{"@id": id} }

// Refs refers to several.
func Refs(ids ...string) (all []map[string]string) {
	for _, id := range ids {
		all = append(all, Ref(id))
	}
	return all
}

// File is a file of the crate.
type File struct {
	Name string // in the crate, with forward slashes
	Path string // on the disk
	Text string // what it holds
}

// Action is one use of the program that made files of the crate.
type Action struct {
	Title, Text       string
	Started, Finished time.Time
	Values            []Value
	Read, Made        []string // names of files of the crate
}

// Value is a setting of an action.
type Value struct{ Name, Value string }

// Person is who did or publishes it.
type Person struct{ Name, URL string }

// Source is something that the result rests on.
type Source struct {
	Name, Text, URL string
	Licence         string // URL, or "" where none is known
}

// Program is the program that made it.
type Program struct {
	Name, Text, Version, Platform, Build, Licence string // Licence is a URL, Build the sha256 of the program
	Citation                                      string
}

// Crate is all that is packaged.
type Crate struct {
	Title, Text string
	Published   time.Time // its day is written
	Licence     string    // URL
	People      []Person
	Program     Program
	Sources     []Source
	Actions     []Action
	Files       []File

	graph []Entity
	seen  map[string]bool
}

// add puts an entity into the graph, unless one of that @id is there.
func (c *Crate) add(e Entity) string {
	id := e["@id"].(string)
	if !c.seen[id] {
		c.seen[id] = true
		c.graph = append(c.graph, e)
	}
	return id
}

// Metadata describes the crate, as JSON-LD in flattened form: one entity after the other, keys sorted. Files are read for their size
// and hash. Equal files and descriptions give equal bytes.
func (c *Crate) Metadata() ([]byte, error) {
	c.graph, c.seen = nil, map[string]bool{}
	c.add(Entity{"@id": Name, "@type": "CreativeWork", "conformsTo": Ref(specification), "about": Ref("./")})
	root := Entity{"@id": "./", "@type": "Dataset", "name": c.Title, "description": c.Text, "datePublished": c.Published.UTC().Format(time.DateOnly),
		"conformsTo": Ref(c.add(Entity{"@id": profile, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}))}
	c.add(root)
	root["license"] = Ref(c.licence(c.Licence))
	if people := c.people(); len(people) > 0 {
		root["author"] = people
	}
	parts, err := c.files()
	if err != nil {
		return nil, err
	}
	root["hasPart"] = parts
	if sources := c.sources(); len(sources) > 0 {
		root["isBasedOn"] = sources
	}
	root["mentions"] = c.actions()
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	// The context of 1.1 is older than schema.org's term for a hash.
	err = e.Encode(map[string]any{"@context": []any{specification + "/context", map[string]string{"sha256": "http://schema.org/sha256"}}, "@graph": c.graph})
	return text.Bytes(), err
}

// licences are the names of those that are known by more than their address.
func licences() map[string]string {
	return map[string]string{
		"https://creativecommons.org/licenses/by/4.0/":       "Creative Commons Attribution 4.0 International",
		"https://creativecommons.org/publicdomain/zero/1.0/": "CC0 1.0 Universal",
		"https://creativecommons.org/publicdomain/mark/1.0/": "Public Domain Mark 1.0",
		"https://www.apache.org/licenses/LICENSE-2.0":        "Apache License 2.0",
	}
}

func (c *Crate) licence(address string) string {
	name := cmp.Or(licences()[address], address)
	return c.add(Entity{"@id": address, "@type": "CreativeWork", "name": name, "url": address})
}

func (c *Crate) people() (ids []map[string]string) {
	for i, p := range c.People {
		e := Entity{"@id": cmp.Or(p.URL, "#person-"+strconv.Itoa(i+1)), "@type": "Person", "name": p.Name}
		ids = append(ids, Ref(c.add(e)))
	}
	return ids
}

// files adds the files in the order of their names.
func (c *Crate) files() (ids []map[string]string, err error) {
	slices.SortFunc(c.Files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	for _, f := range c.Files {
		size, sum, err := measured(f.Path)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", f.Path, err)
		}
		ids = append(ids, Ref(c.add(Entity{"@id": idOf(f.Name), "@type": "File", "name": f.Name, "description": f.Text, "encodingFormat": Format(f.Name),
			"contentSize": strconv.FormatInt(size, 10), "sha256": sum})))
	}
	return ids, nil
}

// idOf is a file's name as a relative reference: bytes that may not stand in one are escaped (RFC 3986).
func idOf(name string) string {
	var b strings.Builder
	for i := range len(name) {
		if c := name[i]; c == '/' || c == '-' || c == '_' || c == '.' || '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}

func measured(name string) (size int64, sum string, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, "", err
	}
	defer f.Close()
	h := sha256.New()
	size, err = io.Copy(h, f)
	return size, hex.EncodeToString(h.Sum(nil)), err
}

// Format is the media type of a file, by its name.
func Format(name string) string {
	switch path.Ext(name) {
	case ".csv":
		return "text/csv"
	case ".html":
		return "text/html"
	case ".json":
		return "application/json"
	case ".parquet":
		return "application/vnd.apache.parquet"
	case ".png":
		return "image/png"
	case ".svg":
		return "image/svg+xml"
	case ".yaml", ".yml":
		return "application/yaml"
	}
	return "application/octet-stream"
}

func (c *Crate) sources() (ids []map[string]string) {
	for i, s := range c.Sources {
		e := Entity{"@id": cmp.Or(s.URL, "#source-"+strconv.Itoa(i+1)), "@type": "CreativeWork", "name": s.Name}
		if s.Text != "" {
			e["description"] = s.Text
		}
		if s.URL != "" {
			e["url"] = s.URL
		}
		if s.Licence != "" {
			e["license"] = Ref(c.licence(s.Licence))
		}
		ids = append(ids, Ref(c.add(e)))
	}
	return ids
}

func (c *Crate) actions() (ids []map[string]string) {
	p := c.Program
	program := c.add(Entity{"@id": "#program", "@type": "SoftwareApplication", "name": p.Name, "description": p.Text, "version": p.Version, "softwareVersion": p.Version,
		"runtimePlatform": p.Platform, "identifier": "sha256:" + p.Build, "citation": p.Citation, "license": Ref(c.licence(p.Licence))})
	for i, a := range c.Actions {
		e := Entity{"@id": "#action-" + strconv.Itoa(i+1), "@type": "CreateAction", "name": a.Title, "description": a.Text, "instrument": Ref(program),
			"startTime": a.Started.UTC().Format(time.RFC3339), "endTime": a.Finished.UTC().Format(time.RFC3339),
			"actionStatus": "http://schema.org/CompletedActionStatus"}
		var read []string
		for _, name := range a.Read {
			read = append(read, idOf(name))
		}
		for k, v := range a.Values {
			read = append(read, c.add(Entity{"@id": fmt.Sprintf("#action-%d-value-%d", i+1, k+1), "@type": "PropertyValue", "name": v.Name, "value": v.Value}))
		}
		var made []string
		for _, name := range a.Made {
			made = append(made, idOf(name))
		}
		e["object"], e["result"] = Refs(read...), Refs(made...)
		if people := c.people(); len(people) > 0 {
			e["agent"] = people
		}
		ids = append(ids, Ref(c.add(e)))
	}
	return ids
}

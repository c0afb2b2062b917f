package main

import (
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"entrepot/internal/notices"
)

// The list of what a program is built of (software bill of materials), in CycloneDX 1.5: https://cyclonedx.org/docs/1.5/json/.
// Modules are those that the program itself names; licences, the page's packages and data those of the notices.

type bom struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Serial     string      `json:"serialNumber"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
	Depends    []depends   `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type     string    `json:"type"`
	Ref      string    `json:"bom-ref"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	Hashes   []sum     `json:"hashes,omitempty"`
	Licences []licence `json:"licenses,omitempty"`
	PURL     string    `json:"purl,omitempty"`
}

type sum struct {
	Alg     string `json:"alg"`
	Content string `json:"content"`
}

type licence struct {
	Licence struct {
		ID string `json:"id"`
	} `json:"license"`
}

type depends struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn"`
}

// licensed makes licences of SPDX identifiers, parted by commas.
func licensed(ids string) (all []licence) {
	for id := range strings.SplitSeq(ids, ",") {
		var l licence
		l.Licence.ID = id
		all = append(all, l)
	}
	return all
}

// bill lists what the program in a file is built of.
func (r *release) bill(path string, data []byte, name string) ([]byte, error) {
	info, err := buildinfo.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading what %s is built of: %w", path, err)
	}
	hash := sha256.Sum256(data)
	self := component{Type: "application", Ref: name, Name: "entrepot", Version: r.version, Hashes: []sum{{"SHA-256", hex.EncodeToString(hash[:])}}, Licences: licensed("Apache-2.0")}
	b := &bom{Format: "CycloneDX", Spec: "1.5", Serial: uuid(hash[:]), Version: 1, Metadata: metadata{r.time.Format(time.RFC3339), self}}
	known := notices.Components()
	add := func(c notices.Component, version string) {
		kind, purl := "library", ""
		switch c.Kind {
		case "go":
			purl = "pkg:golang/" + c.Name + "@" + version
		case "npm":
			purl = "pkg:npm/" + strings.Replace(c.Name, "@", "%40", 1) + "@" + version
		default:
			kind = "data"
		}
		b.Components = append(b.Components, component{Type: kind, Ref: c.Kind + ":" + c.Name, Name: c.Name, Version: version, Licences: licensed(c.Licence), PURL: purl})
	}
	modules := map[string]string{"std": info.GoVersion}
	for _, d := range info.Deps {
		if d.Replace != nil {
			d = d.Replace
		}
		modules[d.Path] = d.Version
		if !slices.ContainsFunc(known, func(c notices.Component) bool { return c.Kind == "go" && c.Name == d.Path && c.Version == d.Version }) {
			return nil, fmt.Errorf("the notices must have the licence of %s %s; run `make notices`", d.Path, d.Version)
		}
	}
	on := depends{Ref: name}
	for _, c := range known {
		version := c.Version
		if c.Kind == "go" {
			if version = modules[c.Name]; version == "" {
				continue // of another system
			}
		}
		add(c, version)
		on.On = append(on.On, c.Kind+":"+c.Name)
	}
	b.Depends = []depends{on}
	text, err := json.MarshalIndent(b, "", "  ")
	return append(text, '\n'), err
}

// uuid is a number for the list that hangs on nothing but the program's hash (RFC 9562, version 8).
func uuid(hash []byte) string {
	u := slices.Clone(hash[:16])
	u[6], u[8] = u[6]&0x0f|0x80, u[8]&0x3f|0x80
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", u[:4], u[4:6], u[6:8], u[8:10], u[10:])
}

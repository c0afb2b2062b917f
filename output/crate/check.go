package crate

import (
	"bytes"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// faults checks metadata against what RO-Crate 1.1 and Process Run Crate 0.5 say must be, and lists what is not so. has says whether the
// crate has the file of an @id.
func faults(data []byte, has func(name string) bool) (wrong []string) {
	must := func(ok bool, format string, args ...any) {
		if !ok {
			wrong = append(wrong, fmt.Sprintf(format, args...))
		}
	}
	var doc struct {
		Context []any            `json:"@context"`
		Graph   []map[string]any `json:"@graph"`
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&doc); err != nil {
		return []string{"must be JSON of a context and a graph: " + err.Error()}
	}
	must(len(doc.Context) > 0 && doc.Context[0] == specification+"/context", "the context must be that of RO-Crate, got %v", doc.Context)
	all := map[string]map[string]any{}
	for _, e := range doc.Graph {
		id, _ := e["@id"].(string)
		must(id != "" && e["@type"] != nil, "an entity must have @id and @type, got %v", e)
		must(all[id] == nil, "%s must stand once", id)
		must(id == Name || e["name"] != nil, "%s must have a name", id)
		all[id] = e
	}
	for _, e := range doc.Graph {
		for key, v := range e {
			for _, one := range list(v) {
				nested, isObject := one.(map[string]any)
				id, _ := nested["@id"].(string)
				must(!isObject || len(nested) == 1 && id != "", "%v of %v must be a value or a reference: the graph is flat", key, e["@id"])
				must(!isObject || all[id] != nil || id == specification, "%v of %v refers to %s, which is not there", key, e["@id"], id)
			}
		}
	}
	about := all[Name]
	must(about["@type"] == "CreativeWork" && same(about["about"], "./") && same(about["conformsTo"], specification), "the descriptor must say what it describes, got %v", about)
	root := all["./"]
	must(root["@type"] == "Dataset", "the root must be a Dataset, got %v", root["@type"])
	for _, key := range []string{"name", "description", "license"} {
		must(root[key] != nil && root[key] != "", "the root must have a %s", key)
	}
	day, _ := root["datePublished"].(string)
	must(regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`).MatchString(day), "datePublished must be a day, got %v", day)
	must(same(root["conformsTo"], profile), "the root must conform to %s", profile)
	for id, e := range all {
		switch e["@type"] {
		case "File":
			must(!strings.ContainsAny(id, " \\") && !strings.HasPrefix(id, "/"), "%s must be a relative reference", id)
			must(slices.ContainsFunc(list(root["hasPart"]), func(v any) bool { return same(v, id) }), "%s must be part of the root", id)
			must(has(id), "%s must be a file of the crate", id)
			must(regexp.MustCompile(`^[0-9a-f]{64}$`).MatchString(fmt.Sprint(e["sha256"])) && e["encodingFormat"] != nil && e["contentSize"] != nil && e["description"] != "", "%s must be described", id)
		case "CreateAction":
			tool, _ := e["instrument"].(map[string]any)
			must(tool != nil && all[fmt.Sprint(tool["@id"])]["@type"] == "SoftwareApplication", "%s must have a program as its instrument", id)
			must(len(list(e["result"])) > 0 && len(list(e["object"])) > 0, "%s must have object and result", id)
			must(slices.ContainsFunc(list(root["mentions"]), func(v any) bool { return same(v, id) }), "the root must mention %s", id)
			_, err := time.Parse(time.RFC3339, fmt.Sprint(e["endTime"]))
			must(err == nil, "%s must end at a time", id)
		}
	}
	return wrong
}

func list(v any) []any {
	if all, ok := v.([]any); ok {
		return all
	}
	return []any{v}
}

func same(v any, id string) bool {
	m, ok := v.(map[string]any)
	return ok && m["@id"] == id
}

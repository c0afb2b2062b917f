package scenarios

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// A file of nonsense may not take longer than a reader waits, nor give more than a reader can read.
func TestNonsenseInBulkIsToldQuickly(t *testing.T) {
	var names, fields, refs strings.Builder
	for i := range 200_000 {
		fmt.Fprintf(&names, "  k%d: 1\n", i)
		fmt.Fprintf(&fields, ", f%d: 1", i)
	}
	for i := range maxRows {
		fmt.Fprintf(&refs, "somewhere%d,south,10,300,,,,,,test,D,\n", i)
	}
	event := "events:\n  - {id: glut" + fields.String() + "}\n"
	for _, c := range []struct {
		name  string
		files map[string]string
	}{
		{"unknown parameters", map[string]string{"over.yaml": "parameters:\n" + names.String()}},
		{"unknown fields", map[string]string{"over.yaml": strings.ReplaceAll(names.String(), "  k", "k")}},
		{"fields of an event in two layers", map[string]string{"under.yaml": event, "over.yaml": event}},
		{"dangling names", map[string]string{"tiny/routes.csv": refs.String()}},
	} {
		t.Run(c.name, func(t *testing.T) {
			fsys := goodFS(t)
			over := "version: 1\nextends: [good.yaml]\n"
			for name, text := range c.files {
				switch name {
				case "tiny/routes.csv":
					text = string(fsys[name].Data) + text
				case "under.yaml":
					text = over + text
					over = "version: 1\nextends: [under.yaml]\n"
				}
				fsys[name] = &fstest.MapFile{Data: []byte(text)}
			}
			fsys["over.yaml"] = &fstest.MapFile{Data: []byte(over + c.files["over.yaml"])}
			began := time.Now()
			_, err := LoadFS(fsys, "over.yaml", nil)
			var problems Problems
			if !errors.As(err, &problems) || len(problems) > maxProblems {
				t.Fatalf("must be at most %d problems, got %d of %T", maxProblems, len(problems), err)
			}
			if took := time.Since(began); took > time.Minute { // a second where nothing else runs; hours where the cost grows with the square
				t.Errorf("must be told within a minute, took %s", took)
			}
		})
	}
}

func TestAWorldTooLargeForTheMemoryIsRefused(t *testing.T) {
	fsys := goodFS(t)
	hubs, routes := string(fsys["tiny/hubs.csv"].Data), string(fsys["tiny/routes.csv"].Data)
	columns := strings.Split(strings.SplitN(hubs, "\n", 2)[0], ",")
	roads := strings.Split(strings.SplitN(routes, "\n", 2)[0], ",")
	for i := range 4000 {
		id := fmt.Sprintf("x%d", i)
		hubs += cells(columns, map[string]string{"id": id, "name": id, "country": "AAA", "lat": "1", "lon": "1", "kind": "market", "market": "yes", "source": "test", "grade": "D"})
		routes += cells(roads, map[string]string{"from": "south", "to": id, "km": "10", "km_per_day": "300", "source": "test", "grade": "D"})
	}
	fsys["tiny/hubs.csv"], fsys["tiny/routes.csv"] = &fstest.MapFile{Data: []byte(hubs)}, &fstest.MapFile{Data: []byte(routes)}
	_, err := LoadFS(fsys, "good.yaml", nil)
	if err == nil || !strings.Contains(err.Error(), "tiny/hubs.csv:2:1: must be a world and a period that a run can keep in 640 MiB") {
		t.Errorf("must be refused for its size, got %v", err)
	}
}

func cells(columns []string, values map[string]string) string {
	var row []string
	for _, c := range columns {
		row = append(row, values[c])
	}
	return strings.Join(row, ",") + "\n"
}

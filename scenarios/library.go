package scenarios

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// Info describes a built-in scenario.
type Info struct {
	Name, Title, Question, World string
	Assumptions, LookAt          []string
	Surprise                     string
}

// Names lists the built-in scenarios, sorted.
func Names() []string {
	paths, _ := fs.Glob(builtin, "library/*.yaml") // the pattern is well formed
	var names []string
	for _, p := range paths {
		names = append(names, strings.TrimSuffix(path.Base(p), ".yaml"))
	}
	return names
}

// Worlds lists the built-in worlds, sorted.
func Worlds() []string {
	entries, _ := fs.ReadDir(builtin, "worlds") // embedded: it is there
	var names []string
	for _, e := range entries {
		if e.IsDir() {
			names = append(names, e.Name())
		}
	}
	return names
}

// List describes the built-in scenarios, sorted by name. It reads their layers but not their worlds.
func List() []Info {
	var infos []Info
	for _, name := range Names() {
		c := newChecker()
		layers := readLayers(located{fsFiles{builtin}, builtinPath(name)}, &c.collector)
		m := merge(layers, c)
		s := &Scenario{Name: name}
		s.readHead(m, c)
		infos = append(infos, Info{name, s.Title, s.Question, m.worldName(), s.Assumptions, s.LookAt, s.Surprise})
	}
	return infos
}

func builtinPath(name string) string { return "library/" + name + ".yaml" }

// Source returns the file of a built-in scenario as written.
func Source(name string) ([]byte, error) {
	data, err := fs.ReadFile(builtin, builtinPath(name))
	if err != nil {
		return nil, unknownName(position{name, 1, 1}, Say("a built-in scenario"), name, Names())
	}
	return data, nil
}

// unknownName is the problem of a name that is not in a list.
func unknownName(at position, what Phrase, name string, known []string) error {
	return single(at, "", Say("must be %s (%s), got %s", what, strings.Join(known, ", "), quote(name)), Meant(name, known))
}

// Template returns the text of a new scenario file that starts from a built-in scenario.
// The name must be of letters, digits, _ and -.
func Template(name, from string) ([]byte, error) {
	at := position{name, 1, 1}
	if !goodName(name) {
		return nil, single(at, "name", Say("must be %s, got %s", Rule{Kind: ID}.want(""), quote(name)))
	}
	if !slices.Contains(Names(), from) {
		return nil, unknownName(at, Say("a built-in scenario"), from, Names())
	}
	return []byte(fmt.Sprintf(template, name, from)), nil
}

const template = `version: 1
name: %[1]s
title: What this scenario is, in one line
question: What do you want to know?
assumptions: []
look_at: []
surprise: What result would surprise you?

# Everything that is not said here comes from these layers; a later one wins.
extends: [%[2]s]

# period: {start: 2021-01-04, end: 2025-12-29}
# world: ./myworld          # a folder beside this file; without it, the world of the layers

# Any parameter of ` + "`entrepot explain`" + `, for example:
# parameters:
#   trafficker: {tau: 30000}

# Dated changes. An event of a layer is changed by its id, and taken out by ` + "`remove: true`" + `.
# events:
#   - {id: my-event, cause: my-cause, date: 2023-08-13, kind: violence, zone: mali, factor: 1.5, weeks: 8}

# Claims about the result.
# expect: []
`

// CopyWorld returns the files of a built-in world, named by their path under toDir (with forward slashes). Writing them
// is the caller's.
func CopyWorld(world, toDir string) (map[string][]byte, error) {
	if !slices.Contains(Worlds(), world) {
		return nil, unknownName(position{world, 1, 1}, Say("a built-in world"), world, Worlds())
	}
	entries, err := fs.ReadDir(builtin, "worlds/"+world)
	if err != nil {
		return nil, fmt.Errorf("copying the world %s: %w", world, err)
	}
	copies := map[string][]byte{}
	for _, e := range entries {
		if e.IsDir() {
			continue
		}
		data, err := fs.ReadFile(builtin, "worlds/"+world+"/"+e.Name())
		if err != nil {
			return nil, fmt.Errorf("copying the world %s: %w", world, err)
		}
		copies[path.Join(toDir, e.Name())] = data
	}
	return copies, nil
}

package scenarios

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"entrepot/agents"
)

// resolve writes the merged scenario as YAML: without layers, with the value of every parameter, and with the events by
// date. It is what a run keeps, and what its hash is taken over.
func (s *Scenario) resolve(m *merged) error {
	doc := mapNode()
	put(doc, "version", scalarNode("!!int", "1"))
	for _, f := range headFields() {
		if f.Name == "name" {
			put(doc, "name", scalarNode("!!str", s.Name))
		} else if v := m.head[f.Name]; v != nil {
			put(doc, f.Name, nodeOf(v))
		}
	}
	put(doc, "period", s.periodNode(m))
	put(doc, "world", scalarNode("!!str", s.worldRef()))
	put(doc, "parameters", parametersNode(&s.Setup.Params))
	put(doc, "events", s.eventsNode(m))
	if v := m.head["compare"]; v != nil && v.shape == mapping {
		put(doc, "compare", nodeOf(v))
	}
	if v := m.head["expect"]; v != nil {
		put(doc, "expect", nodeOf(v))
	}
	var out bytes.Buffer
	encoder := yaml.NewEncoder(&out)
	encoder.SetIndent(2)
	if err := encoder.Encode(doc); err != nil {
		return fmt.Errorf("writing the resolved scenario %s: %w", s.Name, err)
	}
	s.Resolved = out.Bytes()
	s.Hash = s.hash()
	return nil
}

// worldRef is how a resolved scenario names its world: a world of one's own lies beside it, wherever it was before.
func (s *Scenario) worldRef() string {
	if s.WorldOwn {
		return "./" + s.World
	}
	return s.World
}

// hash covers the resolved scenario and every file of the world. Line ends do not count: a checkout may change them.
func (s *Scenario) hash() string {
	h := sha256.New()
	h.Write(s.Resolved)
	for _, name := range slices.Sorted(maps.Keys(s.WorldFiles)) {
		data := bytes.ReplaceAll(s.WorldFiles[name], []byte("\r\n"), []byte("\n"))
		fmt.Fprintf(h, "%s %d\n", name, len(data))
		h.Write(data)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func (s *Scenario) periodNode(m *merged) *yaml.Node {
	n := mapNode()
	n.Style = yaml.FlowStyle
	put(n, "start", nodeOf(m.period["start"]))
	put(n, "end", nodeOf(m.period["end"]))
	return n
}

func (s *Scenario) eventsNode(m *merged) *yaml.Node {
	n := &yaml.Node{Kind: yaml.SequenceNode}
	for _, e := range s.Setup.Events {
		entry := mapNode()
		put(entry, "id", scalarNode("!!str", e.ID))
		v := m.byID[e.ID].v
		for _, f := range eventFields() {
			if x := v.get(f.Name); x != nil && f.Name != "id" {
				put(entry, f.Name, nodeOf(x))
			}
		}
		n.Content = append(n.Content, entry)
	}
	return n
}

// parametersNode writes every parameter, nested by the first part of its id.
func parametersNode(params *agents.Params) *yaml.Node {
	n := mapNode()
	var section *yaml.Node
	last := ""
	for _, p := range agents.Parameters() {
		name, rest, _ := strings.Cut(p.ID, ".")
		if name != last {
			section, last = mapNode(), name
			put(n, name, section)
		}
		put(section, rest, parameterNode(p.Field(params)))
	}
	return n
}

func parameterNode(field any) *yaml.Node {
	switch v := field.(type) {
	case *int64:
		return scalarNode("!!int", fmt.Sprint(*v))
	case *float64:
		return floatNode(plain(*v))
	case *bool:
		return scalarNode("!!bool", fmt.Sprint(*v))
	default:
		return scalarNode("!!str", *v.(*string))
	}
}

// floatNode writes a number as whole where it is: a !!float tag on 3 would otherwise be written out.
func floatNode(s string) *yaml.Node {
	if strings.ContainsAny(s, ".eE") {
		return scalarNode("!!float", s)
	}
	return scalarNode("!!int", s)
}

func mapNode() *yaml.Node { return &yaml.Node{Kind: yaml.MappingNode} }

func scalarNode(tag, s string) *yaml.Node {
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: tag, Value: s}
}

func put(m *yaml.Node, name string, v *yaml.Node) {
	m.Content = append(m.Content, scalarNode("!!str", name), v)
}

// nodeOf turns a value back into YAML.
func nodeOf(v *value) *yaml.Node {
	switch v.shape {
	case list:
		n := &yaml.Node{Kind: yaml.SequenceNode, Style: yaml.FlowStyle}
		for _, item := range v.items {
			n.Content = append(n.Content, nodeOf(item))
		}
		return n
	case mapping:
		n := mapNode()
		for i := range v.fields {
			put(n, v.fields[i].name, nodeOf(&v.fields[i].value))
		}
		return n
	}
	tags := map[shape]string{null: "!!null", text: "!!str", integer: "!!int", decimal: "!!float", boolean: "!!bool", day: "!!timestamp"}
	return scalarNode(tags[v.shape], v.text)
}

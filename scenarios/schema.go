package scenarios

import (
	"encoding/json"
	"slices"

	"entrepot/agents"
)

// object is a JSON object; encoding/json writes its names sorted, so the schema is the same bytes every time.
type object = map[string]any

// Schema returns a JSON Schema (draft 2020-12) of scenario files, for editors. It knows shapes, ranges and choices, not
// the ids of a world: the loader remains the judge.
func Schema() []byte {
	schema := object{
		"$schema":              "https://json-schema.org/draft/2020-12/schema",
		"title":                "entrepot scenario",
		"type":                 "object",
		"required":             []string{"version"},
		"additionalProperties": false,
		"properties":           scenarioProperties(),
		"$defs":                object{"event": eventSchema(), "claim": claimSchema()},
	}
	out, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		panic("scenarios: the schema cannot be written: " + err.Error()) // it holds only texts, numbers and lists
	}
	return append(out, '\n')
}

func scenarioProperties() object {
	properties := object{}
	for _, f := range headFields() {
		properties[f.Name] = columnSchema(f.Column)
	}
	for _, c := range bodyFields() {
		properties[c.Name] = columnSchema(c)
	}
	day := columnSchema(Column{Rule: date()})
	properties["version"] = object{"const": 1}
	properties["period"] = object{"type": "object", "additionalProperties": false, "properties": object{"start": day, "end": day}}
	month := ruleSchema(Rule{Kind: Month})
	span := object{"type": "array", "items": month, "minItems": 2, "maxItems": 2}
	compare := columnSchema(fieldNamed(bodyFields(), "compare"))
	compare["type"], compare["additionalProperties"], compare["properties"] = "object", false, object{"before": span, "after": span}
	properties["compare"] = compare
	properties["parameters"] = parametersSchema()
	properties["events"] = object{"oneOf": []object{
		{"type": "array", "items": object{"$ref": "#/$defs/event"}},
		{"type": "object", "additionalProperties": object{"oneOf": []object{{"type": "null"}, {"$ref": "#/$defs/event"}}}},
	}}
	properties["expect"] = object{"type": "array", "items": object{"$ref": "#/$defs/claim"}}
	return properties
}

func fieldNamed(columns []Column, name string) Column {
	return columns[slices.IndexFunc(columns, func(c Column) bool { return c.Name == name })]
}

// parametersSchema takes every id both nested and dotted.
func parametersSchema() object {
	table := newParameterTable()
	properties := object{}
	for _, name := range table.sections() {
		properties[name] = object{"type": "object", "additionalProperties": false, "properties": object{}}
	}
	for _, id := range table.ids {
		p := table.byID[id]
		s := parameterSchema(p)
		properties[id] = s
		for _, name := range table.sections() {
			if len(id) > len(name) && id[:len(name)+1] == name+"." {
				properties[name].(object)["properties"].(object)[id[len(name)+1:]] = s
			}
		}
	}
	return object{"type": "object", "additionalProperties": false, "properties": properties}
}

func parameterSchema(p agents.Parameter) object {
	s := columnSchema(Column{Unit: p.Unit, Rule: parameterRule(p), Meaning: p.Meaning})
	s["default"] = p.Default
	return s
}

// columnSchema is the schema of one value.
func columnSchema(c Column) object {
	s := ruleSchema(c.Rule)
	if c.Meaning != "" {
		s["description"] = withUnit(word(c.Meaning), c.Unit).String()
	}
	return s
}

func ruleSchema(r Rule) object {
	switch r.Kind {
	case Number:
		return object{"type": "number", "minimum": r.Min, "maximum": r.Max}
	case Whole:
		return object{"type": "integer", "minimum": r.Min, "maximum": r.Max}
	case YesNo:
		return object{"type": "boolean"}
	case Day:
		return object{"type": "string", "format": "date"}
	case Choice:
		return object{"type": "string", "enum": r.Choices}
	case ID:
		return object{"type": "string", "pattern": namePattern.String(), "maxLength": maxWord}
	case Refs, Texts:
		return object{"type": "array", "items": object{"type": "string"}}
	case Month:
		return object{"type": []string{"string", "integer"}}
	default:
		return object{"type": "string"}
	}
}

// eventSchema names the fields, and per kind which of them are taken. What a kind needs is left to the loader: in a layer
// an event may be a part.
func eventSchema() object {
	properties := object{"remove": object{"type": "boolean", "description": "takes the event of a layer below out"}}
	for _, s := range eventFields() {
		properties[s.Name] = columnSchema(s.Column)
	}
	for _, name := range []string{"value", "to"} { // their range depends on the kind
		properties[name] = object{}
	}
	var perKind []object
	for _, k := range EventKinds() {
		perKind = append(perKind, kindSchema(k))
	}
	return object{"type": "object", "additionalProperties": false, "properties": properties, "allOf": perKind}
}

func kindSchema(k EventKind) object {
	properties := object{"remove": true}
	for _, s := range eventFields() {
		if slices.Contains(k.takes(), s.Name) {
			properties[s.Name] = columnSchema(k.rule(s.Column))
		}
	}
	then := object{"description": k.Meaning, "properties": properties, "additionalProperties": false}
	return object{"if": object{"properties": object{"kind": object{"const": k.Name}}, "required": []string{"kind"}}, "then": then}
}

func claimSchema() object {
	month := ruleSchema(Rule{Kind: Month})
	span := object{"type": "array", "items": month, "minItems": 2, "maxItems": 2}
	properties := object{"during": span, "against": object{"type": "object", "additionalProperties": false,
		"properties": object{"scenario": object{"type": "string"}, "during": span}}}
	var required []string
	for _, f := range expectFields() {
		properties[f.Name] = columnSchema(f.Column)
		if !f.Rule.Optional {
			required = append(required, f.Name)
		}
	}
	return object{"type": "object", "additionalProperties": false, "required": required, "properties": properties}
}

package scenarios

import (
	"slices"
	"strings"
)

// onlyKnown reports the fields of a map that nobody reads.
func (c *checker) onlyKnown(path string, v *value, of string, known []string) {
	for _, f := range v.fields {
		if !slices.Contains(known, f.name) && !c.full() {
			c.add(f.at, join(path, f.name), Say("must be a field of %s, got %s", word(of), quote(f.name)), Meant(f.name, known))
		}
	}
}

// duplicates reports fields given twice in one map, anywhere in a file.
func (c *checker) duplicates(path string, v *value) {
	first := map[string]position{}
	for i := range v.fields {
		f := &v.fields[i]
		if at, twice := first[f.name]; twice {
			c.add(f.at, join(path, f.name), Say("must be given once, got it again; first at %s", at))
		} else {
			first[f.name] = f.at
		}
		c.duplicates(join(path, f.name), &f.value)
	}
	for _, item := range v.items {
		c.duplicates(path, item)
	}
}

// field reads one field of a map into a struct. Left out, it is its default.
func (c *checker) field(path string, v *value, col Column, into any) {
	f := v.get(col.Name)
	switch {
	case f != nil:
		c.scalar(join(path, col.Name), f, col, into)
	case !col.Rule.Optional:
		c.add(v.position, path, Say("must have the field %s, got %s", col.Name, strings.Join(v.names(), ", ")))
	case col.Rule.Default != "":
		c.store(v.position, join(path, col.Name), col, col.Rule.Default, into)
	}
}

// scalar reads a value of a YAML file into a field of a struct.
func (c *checker) scalar(path string, v *value, col Column, into any) {
	if items, isList := into.(*[]string); isList {
		c.textList(path, v, col, items)
		return
	}
	if !fits(v.shape, col.Rule.Kind) {
		c.add(v.position, path, Say("must be %s, got %s", col.Rule.want(col.Unit), v.got()), c.shapeHint(v, col))
		return
	}
	s := v.text
	if v.shape == boolean {
		s = strings.ToLower(s)
	}
	if slices.Contains(col.Rule.Choices, s) && col.Rule.Kind == Ref { // a word in place of an id: `none`
		*into.(*string) = s
		return
	}
	c.storeAs(v, path, col, s, into)
}

// fits says whether a YAML value can be of a kind at all: text "5" is no number, and a number is no text.
func fits(s shape, k Kind) bool {
	switch k {
	case Number:
		return s == integer || s == decimal
	case Whole:
		return s == integer
	case YesNo:
		return s == boolean
	case Day:
		return s == day || s == text
	case Month:
		return s == day || s == text || s == integer
	default:
		return s == text
	}
}

func (c *checker) shapeHint(v *value, col Column) Phrase {
	switch {
	case col.Rule.Kind != Day && fits(text, col.Rule.Kind) && (v.shape == integer || v.shape == decimal || v.shape == boolean || v.shape == day):
		return Say("put text that looks like a %s in quotes", word(string(looksLike(v.shape))))
	case col.Rule.Kind == YesNo && v.shape == text:
		return didYouMeanBool(v.text)
	case col.Rule.Kind == Choice && v.shape == text:
		return Meant(v.text, col.Rule.Choices)
	}
	return Phrase{}
}

func looksLike(s shape) Kind {
	switch s {
	case boolean:
		return "switch"
	case day:
		return Day
	default:
		return Number
	}
}

func didYouMeanBool(s string) Phrase {
	switch strings.ToLower(s) {
	case "yes", "on", "y":
		return Say("did you mean %s?", "true")
	case "no", "off", "n":
		return Say("did you mean %s?", "false")
	}
	return Phrase{}
}

// storeAs is store for a YAML value, which shows numbers as written and text in quotes.
func (c *checker) storeAs(v *value, path string, col Column, s string, into any) {
	used, ok := col.Rule.set(s, into)
	if !ok {
		c.add(v.position, path, Say("must be %s, got %s", col.Rule.want(col.Unit), v.got()), Meant(s, col.Rule.Choices))
		return
	}
	for _, u := range used {
		c.refer(v.position, path, u)
	}
}

// textList reads a list of names or texts, each with its own position.
func (c *checker) textList(path string, v *value, col Column, into *[]string) {
	if v.shape != list {
		c.add(v.position, path, Say("must be a list, got %s", v.got()))
		return
	}
	for _, item := range v.items {
		if item.shape != text {
			c.add(item.position, path, Say("must be text, got %s", item.got()), listHint(item.shape))
			continue
		}
		*into = append(*into, item.text)
		if col.Rule.Kind == Refs {
			c.refer(item.position, path, reference{item.text, col.Rule.Sets})
		}
	}
}

func listHint(s shape) Phrase {
	if s == mapping {
		return Say("quote text that holds a colon and a space")
	}
	return Say("put it in quotes")
}

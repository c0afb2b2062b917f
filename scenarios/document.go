package scenarios

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// Bounds on a file, so that no file can eat the machine.
const (
	maxFileBytes = 4 << 20
	maxNodes     = 2_000_000 // values of a file after its aliases are expanded
	maxAliased   = 50_000    // of these, values that stand behind an alias
	maxDepth     = 50
)

// parseDocument reads YAML bytes into a mapping. Its error is a Problems with one problem.
func parseDocument(file string, data []byte) (*value, error) {
	start := position{file, 1, 1}
	data, err := plainText(start, data)
	if err != nil {
		return nil, err
	}
	root, err := parseYAML(file, data)
	if err != nil {
		return nil, err
	}
	if root.shape != mapping {
		return nil, single(root.position, "", Say("must be a map of fields such as `version: 1`, got %s", root.got()))
	}
	return root, nil
}

// plainText strips a byte order mark and refuses files that are empty, too large or not text.
func plainText(start position, data []byte) ([]byte, error) {
	if len(data) > maxFileBytes {
		return nil, single(start, "", Say("must be a file of at most %s bytes, got more", maxFileBytes))
	}
	data = bytes.TrimPrefix(data, []byte("\ufeff"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, single(start, "", Say("must be a map of fields such as `version: 1`, got an empty file"))
	}
	if at, bad := firstNonText(start, data); bad.Format != "" {
		return nil, single(at, "", Say("must be UTF-8 text, got %s", bad))
	}
	if at, bad := firstOddBreak(start, data); bad.Format != "" {
		return nil, single(at, "", Say("must be lines that end with a line feed, got %s", bad))
	}
	return data, nil
}

// firstOddBreak finds the first character that ends a line for YAML and for hardly any editor: what follows would be told of at
// lines that nobody sees.
func firstOddBreak(at position, data []byte) (position, Phrase) {
	for i, r := range string(data) {
		switch {
		case r == '\r' && !bytes.HasPrefix(data[i+1:], []byte("\n")):
			return at, Say("a carriage return alone")
		case r == '\u0085' || r == '\u2028' || r == '\u2029':
			return at, Say("the line separator %s", fmt.Sprintf("U+%04X", r))
		case r == '\n':
			at.Line, at.Col = at.Line+1, 1
		default:
			at.Col++
		}
	}
	return at, Phrase{}
}

// firstNonText finds the first byte that cannot stand in a text file.
func firstNonText(at position, data []byte) (position, Phrase) {
	for len(data) > 0 {
		r, size := utf8.DecodeRune(data)
		switch {
		case r == utf8.RuneError && size == 1:
			return at, Say("the byte %s", fmt.Sprintf("0x%02x", data[0]))
		case r < ' ' && r != '\t' && r != '\n' && r != '\r', r == 0x7f:
			return at, Say("the control character %s", fmt.Sprintf("0x%02x", r))
		case r == '\n':
			at.Line, at.Col = at.Line+1, 1
		default:
			at.Col++
		}
		data = data[size:]
	}
	return at, Phrase{}
}

// parseYAML turns text into a value. yaml.v3 gives positions in characters from 1, which is what we report.
func parseYAML(file string, data []byte) (*value, error) {
	decoder, lines := yaml.NewDecoder(bytes.NewReader(data)), 1+bytes.Count(data, []byte("\n"))
	var doc, second yaml.Node
	switch err := decoder.Decode(&doc); {
	case errors.Is(err, io.EOF): // comments only
		return nil, single(position{file, 1, 1}, "", Say("must be a map of fields such as `version: 1`, got no value"))
	case err != nil:
		return nil, syntaxProblem(file, data, err)
	}
	if err := decoder.Decode(&second); err == nil {
		return nil, single(position{file, min(second.Line, lines), second.Column}, "", Say("must be one YAML document, got a second one"))
	} else if !errors.Is(err, io.EOF) {
		return nil, syntaxProblem(file, data, err)
	}
	e := expander{file: file, lines: lines, open: map[*yaml.Node]bool{}}
	root, err := e.expand(doc.Content[0], 0, false)
	return &root, err
}

// syntaxProblem is what yaml.v3 found, and where: it tells a line and no column, so the first character of the line that is not blank is
// named. Of a list or a map with a bad line in it yaml.v3 tells where that begins, so that what can be read is looked for besides.
func syntaxProblem(file string, data []byte, err error) error {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	at := position{file, 1, 1}
	if m := regexp.MustCompile(`^line (\d+): `).FindStringSubmatch(msg); m != nil {
		at.Line, _ = strconv.Atoi(m[1])
		msg = strings.TrimPrefix(msg, m[0])
		if strings.HasPrefix(msg, "did not find expected") { // the parser counts from 0, the scanner from 1
			at.Line++
		}
	}
	lines := strings.SplitAfter(string(data), "\n")
	at.Line = min(max(at.Line, readable(lines)+1), len(lines))
	line := lines[at.Line-1]
	if trimmed := strings.TrimLeft(line, " \t"); strings.TrimSpace(trimmed) != "" {
		at.Col = len(line) - len(trimmed) + 1
	}
	return single(at, "", Say("must be YAML, got a syntax error: %s", fault(strings.TrimSpace(msg))), syntaxHint(msg))
}

// readable is how many lines of a document that is no YAML are YAML when nothing follows. Texts and lists over several lines are none until they end:
// what seems to be the last good line is left again if some of the next lines end a good text.
func readable(lines []string) int {
	const most, ahead = 16 << 20, 30 // bytes that are read over and over, and lines
	left := most
	good := func(n int) bool {
		text := strings.Join(lines[:n], "")
		if left -= len(text); left < 0 {
			return false
		}
		var err error
		for decoder := yaml.NewDecoder(strings.NewReader(text)); err == nil; {
			err = decoder.Decode(new(yaml.Node))
		}
		return errors.Is(err, io.EOF)
	}
	for from := 0; ; {
		bad := len(lines)
		for bad-from > 1 {
			if middle := (from + bad) / 2; good(middle) {
				from = middle
			} else {
				bad = middle
			}
		}
		next := from + 2
		for next < len(lines) && next <= from+ahead && !good(next) {
			next++
		}
		switch {
		case left < 0: // too long a text to be sure
			return 0
		case next >= len(lines) || next > from+ahead:
			return from
		}
		from = next
	}
}

func syntaxHint(msg string) Phrase {
	if strings.Contains(msg, "cannot start any token") {
		return Say("indent with spaces, and quote text that starts with a tab, @, ` or %%")
	}
	if strings.Contains(msg, "mapping values are not allowed") {
		return Say("quote text that holds a colon and a space")
	}
	return Phrase{}
}

// expander copies a YAML tree, following aliases within bounds.
type expander struct {
	file           string
	lines          int
	nodes, aliased int
	open           map[*yaml.Node]bool // anchors being expanded, to find one that holds itself
}

func (e *expander) expand(n *yaml.Node, depth int, aliased bool) (value, error) {
	at := position{e.file, min(n.Line, e.lines), n.Column} // a value left out at the end stands behind it
	if err := e.account(at, depth, aliased); err != nil {
		return value{}, err
	}
	switch n.Kind {
	case yaml.AliasNode:
		return e.alias(at, n, depth)
	case yaml.SequenceNode:
		return e.sequence(at, n, depth, aliased)
	case yaml.MappingNode:
		return e.mapping(at, n, depth, aliased)
	default:
		return e.scalar(at, n)
	}
}

func (e *expander) account(at position, depth int, aliased bool) error {
	e.nodes++
	if aliased {
		e.aliased++
	}
	switch {
	case depth > maxDepth:
		return single(at, "", Say("must be nested at most %s deep, got more", maxDepth))
	case e.aliased > maxAliased:
		return single(at, "", Say("must hold at most %s values behind aliases, got more", maxAliased))
	case e.nodes > maxNodes:
		return single(at, "", Say("must hold at most %s values, got more", maxNodes))
	}
	return nil
}

// alias expands the anchor's value. It keeps the anchor's positions: that is where a wrong value can be mended.
func (e *expander) alias(at position, n *yaml.Node, depth int) (value, error) {
	if e.open[n.Alias] {
		return value{}, single(at, "", Say("must be an anchor that does not hold itself, got *%s", shorten(n.Value)))
	}
	e.open[n.Alias] = true
	v, err := e.expand(n.Alias, depth+1, true)
	delete(e.open, n.Alias)
	return v, err
}

func (e *expander) sequence(at position, n *yaml.Node, depth int, aliased bool) (value, error) {
	e.open[n] = true
	defer delete(e.open, n)
	v := value{position: at, shape: list}
	for _, child := range n.Content {
		item, err := e.expand(child, depth+1, aliased)
		if err != nil {
			return value{}, err
		}
		v.items = append(v.items, &item)
	}
	return v, nil
}

func (e *expander) mapping(at position, n *yaml.Node, depth int, aliased bool) (value, error) {
	e.open[n] = true
	defer delete(e.open, n)
	v := value{position: at, shape: mapping}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, err := e.expand(n.Content[i], depth+1, aliased)
		if err != nil {
			return value{}, err
		}
		if !key.scalar() {
			return value{}, single(key.position, "", Say("must be a name, got %s", key.got()))
		}
		child, err := e.expand(n.Content[i+1], depth+1, aliased)
		if err != nil {
			return value{}, err
		}
		v.fields = append(v.fields, field{key.text, key.position, child})
	}
	return v, nil
}

func (e *expander) scalar(at position, n *yaml.Node) (value, error) {
	shapes := map[string]shape{"!!null": null, "!!str": text, "!!int": integer, "!!float": decimal, "!!bool": boolean,
		"!!timestamp": day, "!!merge": text}
	s, known := shapes[n.ShortTag()]
	if !known {
		return value{}, single(at, "", Say("must be plain YAML without tags, got %s", shorten(n.Tag)))
	}
	return value{position: at, shape: s, text: n.Value}, nil
}

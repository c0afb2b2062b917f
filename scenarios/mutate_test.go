package scenarios_test

import (
	"bytes"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"entrepot/agents"
	"entrepot/internal/spoil"
	"entrepot/scenarios"
)

// mutantKind is one way to break a scenario.
type mutantKind struct {
	name string
	must fate
	dear int // made that many times less often
	do   func(m *mutant)
}

func mutantKinds() []mutantKind {
	return []mutantKind{
		{"file: cut off", either, 1, func(m *mutant) { m.bytes(0) }},
		{"file: bytes changed", either, 1, func(m *mutant) { m.bytes(1) }},
		{"file: a piece moved, doubled or lost", either, 1, func(m *mutant) { m.bytes(2) }},
		{"file: not text", refused, 1, (*mutant).binary},
		{"file: a line gone, doubled or indented", either, 1, (*mutant).line},
		{"file: the same said otherwise", ran, 1, (*mutant).otherwise},
		{"tree: a field gone", either, 1, (*mutant).fieldGone},
		{"tree: a field twice", refused, 1, (*mutant).fieldTwice},
		{"tree: a name misspelt", refused, 1, (*mutant).misspelt},
		{"tree: a list or a map where a value stands", refused, 1, (*mutant).nested},
		{"tree: a value of another kind", either, 1, (*mutant).otherKind},
		{"tree: two values swapped", either, 1, (*mutant).swapped},
		{"tree: odd characters", either, 1, (*mutant).oddCharacters},
		{"tree: a name that nobody has", refused, 1, (*mutant).nobody},
		{"parameter: no number", refused, 1, (*mutant).noNumber},
		{"parameter: beyond its range", refused, 1, (*mutant).beyond},
		{"parameter: at an end of its range", either, 2, (*mutant).atTheEnd},
		{"date: cannot be", refused, 1, (*mutant).noDay},
		{"date: another day", either, 1, (*mutant).otherDay},
		{"event: made up, of every kind", either, 1, (*mutant).madeUp},
		{"event: lacks what it needs", refused, 1, (*mutant).lacking},
		{"event: a field broken", either, 1, (*mutant).brokenEvent},
		{"layers: cycles, too many, missing", refused, 1, (*mutant).layers},
		{"layers: one laid over another", either, 1, (*mutant).laidOver},
		{"aliases: bombs and knots", refused, 1, (*mutant).aliases},
		{"bulk: huge texts, lists and numbers of events", either, 7, (*mutant).bulk},
		{"set: a change laid over it", either, 1, (*mutant).set},
		{"cell: an odd word", either, 1, (*mutant).oddCell},
		{"cell: beyond its range", refused, 1, (*mutant).cellBeyond},
		{"cell: a name that nobody has", refused, 1, (*mutant).cellNobody},
		{"cells: at the ends of their ranges", either, 1, (*mutant).cellsAtTheEnds},
		{"cells: two swapped", either, 1, (*mutant).cellsSwapped},
		{"row: gone", either, 1, (*mutant).rowGone},
		{"row: twice", refused, 1, (*mutant).rowTwice},
		{"row: too long or too short", refused, 1, (*mutant).rowWidth},
		{"column: misspelt or twice", refused, 1, (*mutant).columnMisspelt},
		{"table: missing or empty", either, 1, (*mutant).tableGone},
		{"table: bytes changed", either, 1, (*mutant).tableBytes},
		{"world: grown", either, 7, (*mutant).grown},
		{"world: much at the ends of ranges", either, 1, (*mutant).stretched},
	}
}

// Bytes and lines.

func (m *mutant) bytes(how int) {
	text := string(m.files["s.yaml"])
	at := m.Below(len(text))
	switch how {
	case 0:
		text = text[:at]
		m.say("cut at %d", at)
	case 1:
		for range 1 + m.Below(4) {
			at, b := m.Below(len(text)), byte(m.Below(256))
			text = text[:at] + string([]byte{b}) + text[at+1:]
			m.say("byte %d is %#x", at, b)
		}
	default:
		key := m.Key.Label("near").At(uint64(len(m.what)))
		text = spoil.Near(key, []string{text})
		m.say("near %x", key.Bits())
	}
	m.files["s.yaml"] = []byte(text)
}

func (m *mutant) binary() {
	junk := spoil.Pick(&m.Dice, []string{"\x00", "\xff\xfe", "\x1f\x8b\x08\x00\x00", "\x89PNG\r\n\x1a\n", "PK\x03\x04", "\x7fELF\x02\x01\x01\x00", "\xed\xa0\x80", "\xc0\xaf", "PAR1\x15\x00\xff", "\x1b[31m", "\u0000", "\u2028", "\r "})
	text := string(m.files["s.yaml"])
	at := spoil.Pick(&m.Dice, []int{0, m.Below(len(text)), len(text)})
	m.files["s.yaml"] = []byte(text[:at] + strings.Repeat(junk, 1+m.Below(50)) + text[at:])
	m.say("%q at %d", junk, at)
}

func (m *mutant) line() {
	lines := strings.Split(string(m.files["s.yaml"]), "\n")
	at := m.Below(len(lines))
	m.say("line %d: %q", at+1, lines[at])
	switch m.Below(4) {
	case 0:
		lines = slices.Delete(lines, at, at+1)
	case 1:
		lines = slices.Insert(lines, at, lines[at])
	case 2:
		lines[at] = spoil.Pick(&m.Dice, []string{" ", "  ", "\t", "- ", "? ", "---", "...", "%YAML", "|", "> ", "!!int "}) + lines[at]
	default:
		lines[at] = strings.TrimPrefix(lines[at], " ")
	}
	m.files["s.yaml"] = []byte(strings.Join(lines, "\n"))
}

// otherwise says the same in other words: it must still run.
func (m *mutant) otherwise() {
	text := string(m.files["s.yaml"])
	how := m.Below(5)
	switch how {
	case 0:
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
	case 1:
		text = "\ufeff" + strings.TrimPrefix(text, "\ufeff")
	case 2:
		text = "# é \U0001f600\n" + strings.TrimPrefix(text, "\ufeff") + "\n\n# " + strconv.Itoa(m.Below(1000)) + "\n"
	case 3: // the fields in another order
		m.tree(func(root *yaml.Node) {
			for range 5 {
				a, b := 2*m.Below(len(root.Content)/2), 2*m.Below(len(root.Content)/2)
				root.Content[a], root.Content[b] = root.Content[b], root.Content[a]
				root.Content[a+1], root.Content[b+1] = root.Content[b+1], root.Content[a+1]
			}
		})
		m.say("fields in another order")
		return
	default: // the rows of a table in another order
		table := m.table()
		rows := rowsOf(m.files["w/"+table.File])
		if len(rows) < 4 || table.File == "world.csv" {
			return
		}
		a, b := 1+m.Below(len(rows)-1), 1+m.Below(len(rows)-1)
		rows[a], rows[b] = rows[b], rows[a]
		m.files["w/"+table.File] = textOf(rows)
		m.say("rows of %s in another order", table.File)
		return
	}
	m.files["s.yaml"] = []byte(text)
	m.say("otherwise %d, %d", how, m.n)
}

// The tree.

// spot is a value of a document, with where it hangs.
type spot struct {
	parent *yaml.Node
	i      int
	path   string
}

func (s spot) node() *yaml.Node { return s.parent.Content[s.i] }
func (s spot) key() string {
	if s.parent.Kind == yaml.MappingNode {
		return s.parent.Content[s.i-1].Value
	}
	return ""
}

// tree changes the document of the scenario, unless an earlier change has made it none.
func (m *mutant) tree(change func(root *yaml.Node)) {
	var doc yaml.Node
	if yaml.Unmarshal(m.files["s.yaml"], &doc) != nil || len(doc.Content) == 0 || doc.Content[0].Kind != yaml.MappingNode {
		return
	}
	change(doc.Content[0])
	var out bytes.Buffer
	e := yaml.NewEncoder(&out)
	e.SetIndent(2)
	if e.Encode(&doc) == nil {
		m.files["s.yaml"] = out.Bytes()
	}
}

// at changes one of the spots that are wanted.
func (m *mutant) at(wanted func(spot) bool, change func(spot)) {
	m.tree(func(root *yaml.Node) {
		var all []spot
		var walk func(n *yaml.Node, path string)
		walk = func(n *yaml.Node, path string) {
			for i, c := range n.Content {
				s := spot{n, i, fmt.Sprintf("%s.%d", path, i)}
				if n.Kind == yaml.MappingNode {
					if i%2 == 0 {
						continue
					}
					s.path = path + "." + n.Content[i-1].Value
				}
				if wanted(s) {
					all = append(all, s)
				}
				walk(c, s.path)
			}
		}
		walk(root, "")
		if len(all) > 0 {
			s := spoil.Pick(&m.Dice, all)
			m.say("%s", s.path)
			change(s)
		}
	})
}

func anySpot(spot) bool      { return true }
func scalarSpot(s spot) bool { return s.node().Kind == yaml.ScalarNode }
func fieldSpot(s spot) bool  { return s.parent.Kind == yaml.MappingNode }
func eventSpot(s spot) bool  { return strings.HasPrefix(s.path, ".events.") && fieldSpot(s) }
func parameterOf(s spot) (agents.Parameter, bool) {
	id, is := strings.CutPrefix(s.path, ".parameters.")
	all := agents.Parameters()
	i := slices.IndexFunc(all, func(p agents.Parameter) bool { return p.ID == id })
	if !is || i < 0 {
		return agents.Parameter{}, false
	}
	return all[i], true
}

func numericSpot(s spot) bool {
	p, is := parameterOf(s)
	return is && p.Max > p.Min
}

func daySpot(s spot) bool {
	return strings.HasPrefix(s.path, ".period.") || eventSpot(s) && (s.key() == "date" || s.key() == "until")
}

func set(n *yaml.Node, text string) { *n = yaml.Node{Kind: yaml.ScalarNode, Value: text} }

// quoted is a text whatever it looks like.
func quoted(n *yaml.Node, text string) {
	*n = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: text, Style: yaml.DoubleQuotedStyle}
}

func (m *mutant) fieldGone() {
	m.at(fieldSpot, func(s spot) { s.parent.Content = slices.Delete(s.parent.Content, s.i-1, s.i+1) })
}

func (m *mutant) fieldTwice() {
	m.at(fieldSpot, func(s spot) { s.parent.Content = append(s.parent.Content, s.parent.Content[s.i-1], s.node()) })
}

func (m *mutant) misspelt() {
	m.at(fieldSpot, func(s spot) {
		name := s.parent.Content[s.i-1].Value
		at := m.Below(len(name))
		wrong := spoil.Pick(&m.Dice, []string{name + "x", name[:at] + name[at+1:], name[:at] + "q" + name[at:], strings.ToUpper(name), name + " ", "é" + name, "0"})
		quoted(s.parent.Content[s.i-1], wrong)
		m.say("%q", wrong)
	})
}

func (m *mutant) nested() {
	m.at(scalarSpot, func(s spot) {
		n := *s.node()
		if m.Below(2) == 0 {
			*s.node() = yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{&n}}
			return
		}
		*s.node() = yaml.Node{Kind: yaml.MappingNode, Content: []*yaml.Node{{Kind: yaml.ScalarNode, Value: "a"}, &n}}
	})
}

func (m *mutant) otherKind() {
	m.at(anySpot, func(s spot) {
		word := spoil.Pick(&m.Dice, oddWords())
		set(s.node(), word)
		m.say("%q", word)
	})
}

func oddWords() []string {
	return []string{"", "0", "-1", "1", "3.7", "1e999", ".nan", "NaN", ".inf", "-.inf", "1e30", "99999999999999999999", "2147483648", "-2147483649", "9223372036854775807", "yes", "true", "off", "null", "~",
		"2023-02-30", "2022-01-03", "0x10", "010", "1_000", "12:30:45", "é|", "\"", "libya", "a,b", "!!binary gIGC", "none", strings.Repeat("9", 400), "-0", "1.0", "<<"}
}

func (m *mutant) swapped() {
	var first *yaml.Node
	pick := func(s spot) bool { return scalarSpot(s) }
	m.tree(func(root *yaml.Node) {
		var all []*yaml.Node
		var walk func(n *yaml.Node)
		walk = func(n *yaml.Node) {
			for i, c := range n.Content {
				if pick(spot{n, i, ""}) && (n.Kind != yaml.MappingNode || i%2 == 1) {
					all = append(all, c)
				}
				walk(c)
			}
		}
		walk(root)
		first = spoil.Pick(&m.Dice, all)
		second := spoil.Pick(&m.Dice, all)
		m.say("%q and %q", first.Value, second.Value)
		*first, *second = *second, *first
	})
}

func (m *mutant) oddCharacters() {
	m.at(scalarSpot, func(s spot) {
		odd := spoil.Pick(&m.Dice, []string{"\u202e", "e\u0301", "\U0001f600", "\u200b", "\u00a0", "ａｋ", "\ufeff", "\u0085", "\u2028", "\ufffd", "К", "\t", "\n", "\r\n", "'", `\`, "`", "%", "@", "&", "*", "!", "|", ">", "{", "]", ": ", " #", "../..", "$HOME", strings.Repeat("é", 5000)})
		text := s.node().Value
		at := m.Below(len(text) + 1)
		if m.Below(3) == 0 {
			text, at = "", 0
		}
		quoted(s.node(), strings.ToValidUTF8(text[:at]+odd+text[at:], "?"))
		m.say("%q", odd)
	})
}

// nobody names something in an event that no table has.
func (m *mutant) nobody() {
	refers := map[string]bool{"world": true}
	for _, c := range scenarios.EventFields() {
		refers[c.Name] = c.Rule.Kind == scenarios.Ref
	}
	m.at(func(s spot) bool { return (eventSpot(s) || s.path == ".world") && refers[s.key()] }, func(s spot) {
		word := spoil.Pick(&m.Dice, []string{"nobody", s.node().Value + "x", "x" + s.node().Value, "none_", "gao|kidal", "0", "."})
		quoted(s.node(), word)
		m.say("%q", word)
	})
}

// Parameters and days.

func (m *mutant) noNumber() {
	m.at(numericSpot, func(s spot) {
		word := spoil.Pick(&m.Dice, []string{".nan", "NaN", ".inf", "-.inf", "inf", "1e999", "-1e999", "0x1F", "0b1", "1_000", "1,5", "one", "1e", "--1", "1 2", "2022-01-03", "true", "1e400", "½", "１", "5%", strings.Repeat("9", 400)})
		set(s.node(), word)
		m.say("%q", word)
	})
}

func (m *mutant) beyond() {
	m.at(numericSpot, func(s spot) {
		p, _ := parameterOf(s)
		x := spoil.Pick(&m.Dice, []float64{p.Max*1.01 + 1, p.Max + 1, p.Max*1000 + 7, p.Min - 1, p.Min - 1e6, -1e15, 1e18, -math.MaxFloat64, math.MaxFloat64})
		if x >= p.Min && x <= p.Max {
			x = p.Max + 1
		}
		set(s.node(), strconv.FormatFloat(x, 'f', -1, 64))
		m.say("%g", x)
	})
}

// atTheEnd leaves the number of carriers alone but once in a while: a million of them take a minute.
func (m *mutant) atTheEnd() {
	m.at(func(s spot) bool { return numericSpot(s) && !strings.HasSuffix(s.path, "trafficker.scale") }, func(s spot) {
		p, _ := parameterOf(s)
		x := spoil.Pick(&m.Dice, []float64{p.Min, p.Max, p.Max, p.Min + (p.Max-p.Min)/1000})
		if _, whole := p.Default.(int64); whole {
			x = math.Ceil(x)
		}
		set(s.node(), strconv.FormatFloat(x, 'f', -1, 64))
		m.say("%g", x)
	})
}

func (m *mutant) noDay() {
	m.at(daySpot, func(s spot) {
		word := spoil.Pick(&m.Dice, []string{"2023-02-30", "2023-13-01", "2023-00-10", "2023-01-00", "0000-00-00", "1969-12-31", "1900-01-01", "2200-01-01", "9999-12-31", "-2023-01-01", "20230101", "2023-1-1", "01/02/2023", "yesterday",
			"2023-01-01T00:00:00Z", "2023-01-01 12:00", "2023", "2023-08", "2100-02-29", "2023-06-31", "12023-01-01", "2023–01–01", ".nan", "true", "null", "[2023-01-01]"})
		if word == "null" && s.key() == "until" { // takes it back
			word = "0"
		}
		set(s.node(), word)
		m.say("%q", word)
	})
}

func (m *mutant) otherDay() {
	m.at(daySpot, func(s spot) {
		word := fmt.Sprintf("%04d-%02d-%02d", spoil.Pick(&m.Dice, []int{1971, 2000, 2014, 2015, 2020, 2021, 2022, 2023, 2025, 2026, 2100, 2199}), 1+m.Below(12), 1+m.Below(28))
		set(s.node(), word)
		m.say("%s", word)
	})
}

// Events.

// madeUp adds an event of the kind whose turn it is, with values that its fields may have.
func (m *mutant) madeUp() { m.addEvent(m.event()) }

func (m *mutant) lacking() {
	kind := m.kind()
	drop := spoil.Pick(&m.Dice, append([][]string{{"cause"}, {"date"}, {"kind"}}, kind.Needs...))
	m.addEvent(slices.DeleteFunc(m.event(), func(f [2]string) bool { return slices.Contains(drop, f[0]) }))
	m.say("without %v", drop)
}

func (m *mutant) brokenEvent() {
	e := m.event()
	i := m.Below(len(e))
	e[i][1] = spoil.Pick(&m.Dice, append(oddWords(), "[]", "{}", "[a, b]", "-1e30", "1000.01", "0", "0.000000001", "5201", "0.5"))
	m.say("%s=%q", e[i][0], e[i][1])
	m.addEvent(e)
}

func (m *mutant) kind() scenarios.EventKind {
	kinds := scenarios.EventKinds()
	return kinds[int(m.n)%len(kinds)]
}

// event is one of the kind whose turn it is: all that it needs, and some of what it may have.
func (m *mutant) event() (fields [][2]string) {
	kind := m.kind()
	wanted := map[string]bool{}
	for _, need := range kind.Needs {
		wanted[spoil.Pick(&m.Dice, need)] = true
	}
	has := func(name string) bool {
		return slices.ContainsFunc(fields, func(f [2]string) bool { return f[0] == name })
	}
	for _, c := range kind.Columns() {
		common := slices.Contains([]string{"id", "cause", "date", "kind"}, c.Name)
		if !common && !wanted[c.Name] && m.Below(3) != 0 {
			continue
		}
		if slices.ContainsFunc(kind.Either, func(e [2]string) bool { return e[0] == c.Name && has(e[1]) || e[1] == c.Name && has(e[0]) }) {
			continue
		}
		fields = append(fields, [2]string{c.Name, m.valueOf(c, kind)})
	}
	if has("recovery") && !has("weeks") {
		fields = append(fields, [2]string{"weeks", "10"})
	}
	for _, f := range fields {
		for _, more := range kind.ByAction[f[1]] {
			if i := slices.IndexFunc(kind.Columns(), func(c scenarios.Column) bool { return c.Name == more }); f[0] == "action" && !has(more) {
				fields = append(fields, [2]string{more, m.valueOf(kind.Columns()[i], kind)})
			}
		}
	}
	return fields
}

func (m *mutant) valueOf(c scenarios.Column, kind scenarios.EventKind) string {
	switch r := c.Rule; {
	case c.Name == "id":
		return fmt.Sprintf("mutant-%d", len(m.what))
	case c.Name == "kind":
		return kind.Name
	case c.Name == "cause":
		return "mutation"
	case c.Name == "date":
		return m.someDay(0)
	case c.Name == "until":
		return m.someDay(1)
	case r.Kind == scenarios.Number || r.Kind == scenarios.Whole:
		x := spoil.Pick(&m.Dice, []float64{r.Min, r.Max, 1, 2, 0.5, 0, r.Min + (r.Max-r.Min)/100})
		return strconv.FormatFloat(min(r.Max, max(r.Min, math.Ceil(x*1e6)/1e6)), 'f', -1, 64)
	case r.Kind == scenarios.Choice:
		return spoil.Pick(&m.Dice, r.Choices)
	case r.Kind == scenarios.Ref:
		return m.idOf(r.Sets)
	case r.Kind == scenarios.Refs:
		return "[" + m.idOf(r.Sets) + ", " + m.idOf(r.Sets) + "]"
	}
	return "made up"
}

var firstYear = regexp.MustCompile(`start: (\d{4})-`)

// someDay is one of the half year that is run, or of one some years later.
func (m *mutant) someDay(later int) string {
	year := 2015
	for _, name := range []string{"s.yaml", "under.yaml"} {
		if found := firstYear.FindSubmatch(m.files[name]); found != nil {
			year, _ = strconv.Atoi(string(found[1]))
		}
	}
	return fmt.Sprintf("%d-%02d-%02d", year+later, 1+m.Below(6), 1+m.Below(28))
}

// idOf is an id of the world, of one of some sets.
func (m *mutant) idOf(sets []scenarios.Set) string {
	of := spoil.Pick(&m.Dice, sets)
	for _, table := range scenarios.Tables() {
		for _, c := range table.Columns {
			if c.Rule.Kind != scenarios.ID || !slices.Contains(c.Rule.Sets, of) {
				continue
			}
			rows := rowsOf(m.files["w/"+table.File])
			if k := slices.Index(header(rows), c.Name); k >= 0 {
				return spoil.Pick(&m.Dice, rows[1:])[k]
			}
		}
	}
	return "nobody"
}

func header(rows [][]string) []string {
	if len(rows) == 0 {
		return nil
	}
	return rows[0]
}

func (m *mutant) addEvent(fields [][2]string) {
	var text strings.Builder
	text.WriteString("version: 1\nextends: [under.yaml]\nname: over\nevents:\n  - {")
	for i, f := range fields {
		if i > 0 {
			text.WriteString(", ")
		}
		value := f[1]
		if value == "" || strings.ContainsAny(value, ",\"'*&!|>%@`#:") && !strings.HasPrefix(value, "[") {
			value = strconv.Quote(value)
		}
		fmt.Fprintf(&text, "%s: %s", f[0], value)
	}
	text.WriteString("}\n")
	if under := m.files["under.yaml"]; under == nil {
		m.files["under.yaml"] = m.files["s.yaml"]
		m.files["s.yaml"] = []byte(text.String())
	} else if _, more, found := strings.Cut(text.String(), "events:\n"); found {
		m.files["s.yaml"] = append(slices.Clone(m.files["s.yaml"]), more...)
	}
	m.say("%s", fields)
}

// Layers, aliases, bulk, sets.

func (m *mutant) layers() {
	m.files["under.yaml"] = m.files["s.yaml"]
	over := func(extends string) []byte { return []byte("version: 1\nextends: " + extends + "\n") }
	how := m.Below(8)
	switch how {
	case 0: // a ring
		n := 1 + m.Below(40)
		for i := range n {
			m.files[fmt.Sprintf("l%d.yaml", i)] = over(fmt.Sprintf("[l%d.yaml, under.yaml]", (i+1)%n))
		}
		m.files["s.yaml"] = over("[l0.yaml]")
		m.say("a ring of %d", n)
	case 1: // a chain that is too long
		n := 101 + m.Below(200)
		for i := range n {
			m.files[fmt.Sprintf("l%d.yaml", i)] = over(fmt.Sprintf("[l%d.yaml]", i+1))
		}
		m.files[fmt.Sprintf("l%d.yaml", n)] = m.files["under.yaml"]
		m.files["s.yaml"] = over("[l0.yaml]")
		m.say("a chain of %d", n)
	case 2: // many side by side
		names := []string{"under.yaml"}
		for i := range 100 + m.Below(300) {
			name := fmt.Sprintf("l%d.yaml", i)
			m.files[name] = []byte("version: 1\n")
			names = append(names, name)
		}
		m.files["s.yaml"] = over("[" + strings.Join(names, ", ") + "]")
		m.say("%d layers", len(names))
	default:
		odd := spoil.Pick(&m.Dice, []string{"[s.yaml]", "[./s.yaml, under.yaml]", "[nowhere.yaml]", "[../under.yaml]", "[/etc/passwd.yaml]", "under.yaml", "[[under.yaml]]", "{under: 1}", "[1]", "[null]", "[w]", "[w/]", "['']", "[no-such-scenario]",
			"[under.yaml, w/hubs.csv.yaml]", "[\"a\\0.yaml\"]", "[w/../w/../s.yaml, ./under.yaml/]", "[under.yaml/under.yaml]", "[" + strings.Repeat("x", 300) + ".yaml]"})
		m.files["s.yaml"] = over(odd)
		m.say("extends %s, %d", odd, m.Below(1000))
		m.files["s.yaml"] = append(m.files["s.yaml"], "# "+strconv.Itoa(int(m.n))+"\n"...)
	}
}

// laidOver puts a part of another scenario's file on top.
func (m *mutant) laidOver() {
	name := spoil.Pick(&m.Dice, scenarios.Names())
	m.files["under.yaml"] = m.files["s.yaml"]
	over := fmt.Sprintf("version: 1\nextends: [%s, under.yaml]\n", name)
	if m.Below(2) == 0 {
		over = fmt.Sprintf("version: 1\nextends: [under.yaml, %s]\n", name)
	}
	over += spoil.Pick(&m.Dice, []string{"", "world: ./w\n", "world: textbook\n", "events: {}\n", "parameters: {}\n", "period: {}\n", "events: null\n", "title: " + name + "\n", "expect: []\n", "assumptions: []\n"})
	m.files["s.yaml"] = []byte(over)
	m.say("%q", over)
}

func (m *mutant) aliases() {
	text := strings.TrimPrefix(string(m.files["s.yaml"]), "\ufeff")
	wide, deep := 5+m.Below(30), 5+m.Below(20)
	switch m.Below(5) {
	case 0:
		var b strings.Builder
		b.WriteString("a0: &a0 [x]\n")
		for i := range deep {
			fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i+1, i+1, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i), wide), ", "))
		}
		m.files["s.yaml"] = []byte(b.String() + text)
		m.say("a bomb of %d by %d", wide, deep)
	case 1:
		m.files["s.yaml"] = []byte(fmt.Sprintf("k%d: &k [*k]\n", wide) + text)
		m.say("a knot %d", wide)
	case 2:
		m.files["s.yaml"] = []byte(fmt.Sprintf("k%d: *nowhere\n", wide*deep) + text)
		m.say("an alias of nothing %d", wide*deep)
	case 3:
		n := 51 + m.Below(20_000)
		m.files["s.yaml"] = []byte("deep: " + strings.Repeat("[", n) + strings.Repeat("]", n) + "\n" + text)
		m.say("%d deep", n)
	default:
		var b strings.Builder
		b.WriteString("m0: &m0 {a: 1}\n")
		for i := range deep {
			fmt.Fprintf(&b, "m%d: &m%d {", i+1, i+1)
			for k := range wide {
				fmt.Fprintf(&b, "k%d: *m%d, ", k, i)
			}
			b.WriteString("<<: *m0}\n")
		}
		m.files["s.yaml"] = []byte(b.String() + text)
		m.say("maps of %d by %d", wide, deep)
	}
}

func (m *mutant) bulk() {
	n := 1000 + m.Below(20_000)
	m.files["under.yaml"] = m.files["s.yaml"]
	over := "version: 1\nextends: [under.yaml]\n"
	how := m.Below(6)
	switch how {
	case 0:
		over += "title: " + strings.Repeat("x", 100*n) + "\n"
	case 1:
		over += "assumptions:\n" + strings.Repeat("  - y\n", n)
	case 2:
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "  - {id: e%d, cause: c%d, date: %s, kind: violence, hub: %s, factor: %d}\n", i, i%9, m.someDay(i%2), m.idOf([]scenarios.Set{scenarios.Hubs}), 1+i%3)
		}
		over += "events:\n" + b.String()
	case 3:
		over += "parameters:\n"
		for i := range n / 8 {
			over += fmt.Sprintf("  k%d: 1\n", i)
		}
	case 4:
		over += "expect:\n" + strings.Repeat("  - {id: a, claim: b}\n", n)
	default:
		over = strings.Repeat("# "+strings.Repeat("y", 4000)+"\n", 1+n/10) + over
	}
	m.files["s.yaml"] = []byte(over)
	m.say("bulk %d of %d", how, n)
}

func (m *mutant) set() {
	p := spoil.Pick(&m.Dice, agents.Parameters())
	good := []string{fmt.Sprintf("%s=%v", p.ID, p.Default), "parameters." + p.ID + "=" + strconv.FormatFloat(p.Max, 'f', -1, 64), "period.end=" + m.someDay(m.Below(2)), "world=textbook", "title=\"é\"", "compare={before: [2021-01, 2021-02], after: [2021-03, 2021-04]}",
		"events.made-up={cause: c, date: " + m.someDay(m.Below(2)) + ", kind: violence, hub: " + m.idOf([]scenarios.Set{scenarios.Hubs}) + ", factor: 2}", "expect=[]", "assumptions=[a]"}
	if strings.HasPrefix(p.ID, "trafficker.scale") {
		good = good[2:]
	}
	text := spoil.Pick(&m.Dice, good)
	if m.Below(3) > 0 {
		text = spoil.Near(m.Key.Label("set").At(uint64(len(m.sets))), []string{text})
	}
	if strings.Contains(text, "scale") {
		return
	}
	m.sets = append(m.sets, text)
	m.say("--set %q", text)
}

// Tables.

func (m *mutant) table() scenarios.Table {
	for {
		if t := spoil.Pick(&m.Dice, scenarios.Tables()); rowsOf(m.files["w/"+t.File]) != nil {
			return t
		}
	}
}

// cellAt changes a cell of a column that is wanted.
func (m *mutant) cellAt(wanted func(scenarios.Column) bool, value func(c scenarios.Column, was string) string) {
	table := m.table()
	rows := rowsOf(m.files["w/"+table.File])
	var may []int
	for k, name := range rows[0] {
		if i := slices.IndexFunc(table.Columns, func(c scenarios.Column) bool { return c.Name == name }); i >= 0 && wanted(table.Columns[i]) {
			may = append(may, k)
		}
	}
	if len(may) == 0 {
		return
	}
	k, row := spoil.Pick(&m.Dice, may), 1+m.Below(len(rows)-1)
	column := table.Columns[slices.IndexFunc(table.Columns, func(c scenarios.Column) bool { return c.Name == rows[0][k] })]
	rows[row][k] = value(column, rows[row][k])
	m.files["w/"+table.File] = textOf(rows)
	m.say("%s, row %d, %s=%q", table.File, row, rows[0][k], rows[row][k])
}

func numeric(c scenarios.Column) bool {
	return c.Rule.Kind == scenarios.Number || c.Rule.Kind == scenarios.Whole
}

func (m *mutant) oddCell() {
	m.cellAt(func(scenarios.Column) bool { return true }, func(scenarios.Column, string) string {
		return spoil.Pick(&m.Dice, append(oddWords(), "\u202e", "a|b", "|", "libya:0.5|local:0.6", "a:b:c", " ", "x\ny", "\x00", "É", "=1+1"))
	})
}

func (m *mutant) cellBeyond() {
	m.cellAt(numeric, func(c scenarios.Column, _ string) string {
		r := c.Rule
		x := spoil.Pick(&m.Dice, []float64{r.Max*1.01 + 1, r.Max*1e6 + 1, r.Min - 1, r.Min*2 - 3, math.MaxFloat64})
		if x >= r.Min && x <= r.Max {
			x = r.Max*1.01 + 1
		}
		return spoil.Pick(&m.Dice, []string{strconv.FormatFloat(x, 'f', -1, 64), "NaN", "inf", "1e999", "0x10", "1_000", "a lot"})
	})
}

func (m *mutant) cellNobody() {
	m.cellAt(func(c scenarios.Column) bool { return c.Rule.Kind == scenarios.Ref || c.Rule.Kind == scenarios.Refs }, func(_ scenarios.Column, was string) string {
		return spoil.Pick(&m.Dice, []string{"nobody", was + "x", "é", "nobody|nobody", "0"})
	})
}

// cellsAtTheEnds puts a column, or a cell of it, to an end of its range, or to a part of the upper end.
func (m *mutant) cellsAtTheEnds() {
	table := m.table()
	rows := rowsOf(m.files["w/"+table.File])
	k := m.Below(len(rows[0]))
	i := slices.IndexFunc(table.Columns, func(c scenarios.Column) bool { return c.Name == rows[0][k] })
	if i < 0 || !numeric(table.Columns[i]) {
		return
	}
	r := table.Columns[i].Rule
	x := spoil.Pick(&m.Dice, []float64{r.Min, r.Max, r.Max / 10, r.Max / 100, r.Max / 1000})
	if table.File == "networks.csv" && rows[0][k] == "carriers" {
		x = min(x, 20_000) // more take a minute
	}
	format := byte('g')
	if r.Kind == scenarios.Whole {
		x, format = math.Trunc(x), 'f'
	}
	value := strconv.FormatFloat(max(r.Min, x), format, -1, 64)
	only := m.Below(2) * (1 + m.Below(len(rows)-1)) // 0: the whole column
	for row := 1; row < len(rows); row++ {
		if only == 0 || row == only {
			rows[row][k] = value
		}
	}
	m.files["w/"+table.File] = textOf(rows)
	m.say("%s, row %d, %s=%s", table.File, only, rows[0][k], value)
}

func (m *mutant) cellsSwapped() {
	table := m.table()
	rows := rowsOf(m.files["w/"+table.File])
	a, b, c, d := 1+m.Below(len(rows)-1), 1+m.Below(len(rows)-1), m.Below(len(rows[0])), m.Below(len(rows[0]))
	if m.Below(2) == 0 {
		d = c
	}
	rows[a][c], rows[b][d] = rows[b][d], rows[a][c]
	m.files["w/"+table.File] = textOf(rows)
	m.say("%s, %s of row %d and %s of row %d", table.File, rows[0][c], a, rows[0][d], b)
}

func (m *mutant) rowGone() {
	table := m.table()
	rows := rowsOf(m.files["w/"+table.File])
	at := 1 + m.Below(len(rows)-1)
	m.files["w/"+table.File] = textOf(slices.Delete(rows, at, at+1))
	m.say("%s without row %d", table.File, at)
}

func (m *mutant) rowTwice() {
	table := m.table()
	rows := rowsOf(m.files["w/"+table.File])
	if len(table.Key) == 0 {
		return
	}
	at := 1 + m.Below(len(rows)-1)
	m.files["w/"+table.File] = textOf(append(rows, rows[at]))
	m.say("%s, row %d twice", table.File, at)
}

func (m *mutant) rowWidth() {
	table := m.table()
	rows := rowsOf(m.files["w/"+table.File])
	at := 1 + m.Below(len(rows)-1)
	if m.Below(2) == 0 {
		rows[at] = rows[at][:len(rows[at])-1]
	} else {
		rows[at] = append(rows[at], slices.Repeat([]string{"x"}, 1+m.Below(5))...)
	}
	m.files["w/"+table.File] = textOf(rows)
	m.say("%s, row %d has %d cells", table.File, at, len(rows[at]))
}

func (m *mutant) columnMisspelt() {
	table := m.table()
	rows := rowsOf(m.files["w/"+table.File])
	k := m.Below(len(rows[0]))
	name := rows[0][k]
	if other := rows[0][m.Below(len(rows[0]))]; m.Below(2) == 0 && other != name {
		rows[0][k] = other
	} else if table.Open {
		return
	} else {
		rows[0][k] = spoil.Pick(&m.Dice, []string{name + "x", strings.ToUpper(name), "", "é", name[1:]})
	}
	m.files["w/"+table.File] = textOf(rows)
	m.say("%s, column %s is %q", table.File, name, rows[0][k])
}

func (m *mutant) tableGone() {
	table := m.table()
	switch m.Below(3) {
	case 0:
		delete(m.files, "w/"+table.File)
	case 1:
		m.files["w/"+table.File] = nil
	default: // its header is left
		line, _, _ := strings.Cut(string(m.files["w/"+table.File]), "\n")
		m.files["w/"+table.File] = []byte(line + "\n")
	}
	m.say("%s gone or empty, %d", table.File, len(m.files["w/"+table.File]))
}

func (m *mutant) tableBytes() {
	table := m.table()
	key := m.Key.Label("table").At(uint64(len(m.what)))
	m.files["w/"+table.File] = []byte(spoil.Near(key, []string{string(m.files["w/"+table.File])}))
	m.say("%s near %x", table.File, key.Bits())
}

// stretched puts several columns and parameters to the ends of their ranges at once, which is what overflows.
func (m *mutant) stretched() {
	for range 1 + m.Below(5) {
		m.cellsAtTheEnds()
	}
	for range m.Below(4) {
		m.atTheEnd()
	}
}

// grown adds rows with ids of their own: hubs with roads, goods, networks, groups, buyers.
func (m *mutant) grown() {
	table := spoil.Pick(&m.Dice, []string{"hubs.csv", "goods.csv", "networks.csv", "groups.csv", "buyers.csv", "dealers.csv", "stockholders.csv", "posts.csv", "routes.csv"})
	rows := rowsOf(m.files["w/"+table])
	if rows == nil {
		return
	}
	n := spoil.Pick(&m.Dice, []int{20, 100, 400, 1500})
	k := slices.Index(rows[0], "id")
	roads := rowsOf(m.files["w/routes.csv"])
	for i := range n {
		row := slices.Clone(spoil.Pick(&m.Dice, rows[1:]))
		if k >= 0 {
			was := row[k]
			row[k] = fmt.Sprintf("new-%d", i)
			if table == "hubs.csv" {
				road := slices.Clone(roads[1])
				road[slices.Index(roads[0], "from")], road[slices.Index(roads[0], "to")] = was, row[k]
				roads = append(roads, road)
			}
		}
		rows = append(rows, row)
	}
	m.files["w/"+table], m.files["w/routes.csv"] = textOf(rows), textOf(roads)
	if table == "routes.csv" {
		m.files["w/routes.csv"] = textOf(rows)
	}
	m.say("%d more rows of %s", n, table)
}

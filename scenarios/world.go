package scenarios

import (
	"path"
	"slices"
	"strings"

	"entrepot/agents"
)

// world is the tables of a world, checked by themselves.
type world struct {
	setup    agents.Setup // only the tables are filled
	facts    []Fact
	timeline []TimelineRow
	about    about

	name     string
	own      bool // a folder beside a file, not built in
	from     string
	files    map[string][]byte
	raw      map[string]*rawTable // for positions in later checks
	ids      map[Set]*idSet
	problems Problems
	broken   bool // a table could not be read to its end: what follows from its rows is not checked
}

// readWorld finds and reads the world of a scenario, unless it is the one already read.
func (s *Scenario) readWorld(m *merged, c *checker) {
	if m.world == nil {
		m.want(c, "world", Say("give one of %s or a folder beside the file", strings.Join(Worlds(), ", ")))
		return
	}
	folder, own, ok := locateWorld(m, c)
	if !ok {
		s.world = nil
		return
	}
	key := folder.display(folder.name)
	if s.world == nil || s.world.from != key || s.world.own != own {
		s.world = loadWorld(folder, own)
	}
	c.found = append(c.found, s.world.problems...)
	s.World, s.WorldOwn, s.WorldFiles = s.world.name, own, s.world.files
	s.WorldTitle, s.WorldSummary = s.world.about.title, s.world.about.summary
	s.Focus, s.Facts, s.Timeline = s.world.about.focus, s.world.facts, s.world.timeline
}

func locateWorld(m *merged, c *checker) (folder located, own, ok bool) {
	v := m.world
	if v.shape != text || v.text == "" {
		c.add(v.position, "world", Say("must be a built-in world or a folder beside the file, got %s", v.got()))
		return folder, false, false
	}
	if !isPath(v.text) && slices.Contains(Worlds(), v.text) {
		return located{fsFiles{builtin}, "worlds/" + v.text}, false, true
	}
	folder = m.worldFrom.beside(v.text)
	if !folder.in("hubs.csv").exists() {
		c.add(v.position, "world", Say("must be a built-in world (%s) or a folder with a hubs.csv beside the file, got %s", strings.Join(Worlds(), ", "), quote(v.text)), Meant(v.text, Worlds()))
		return folder, false, false
	}
	return folder, true, true
}

// loadWorld reads and checks every table of a folder.
func loadWorld(folder located, own bool) *world {
	w := &world{name: worldName(folder.base(folder.name)), own: own, from: folder.display(folder.name), files: map[string][]byte{}, raw: map[string]*rawTable{}}
	c := newChecker()
	w.unknownFiles(folder, c)
	for _, t := range Tables() {
		w.table(folder.in(t.File), t, c)
	}
	w.describe(folder.in("world.yaml"), c)
	c.resolve()
	if !w.broken {
		w.check(c)
	}
	w.orderGoods() // last: checks find the rows of goods.csv by their order
	w.ids = c.ids
	w.problems, _ = c.err().(Problems)
	return w
}

// worldName is the folder in which a run keeps a world. The tables of a world that lies in the scenario's own folder or in
// one above it (`world: .`) would else fall among the results, and a hubs.csv is in both.
func worldName(folder string) string {
	if !goodName(folder) || folder == "plots" {
		return "world"
	}
	return folder
}

// unknownFiles reports tables that nobody would read: a misspelt name must not be an empty table.
func (w *world) unknownFiles(folder located, c *checker) {
	entries, err := folder.list(folder.name)
	if err != nil {
		c.add(folder.at(), "", readProblem(Say("a folder"), err))
		return
	}
	var known []string
	for _, t := range Tables() {
		known = append(known, t.File)
	}
	for _, e := range entries {
		if path.Ext(e.Name()) == ".csv" && !slices.Contains(known, e.Name()) {
			c.add(folder.in(e.Name()).at(), "", Say("must be a table of a world (%s), got %s", strings.Join(known, ", "), quote(e.Name())), Meant(e.Name(), known))
		}
	}
}

func (w *world) table(file located, t Table, c *checker) {
	if !file.exists() && !t.Required {
		return
	}
	data, err := file.read(maxTableBytes)
	if err != nil {
		c.add(file.at(), "", readProblem(Say("a table"), err))
		w.breaks(t, c)
		return
	}
	w.files[t.File] = data
	raw, ok := readCSV(file.display(file.name), data, &c.collector)
	if !ok {
		w.breaks(t, c)
	}
	w.raw[t.File] = raw
	t.load(w.raw[t.File], w, c)
}

// breaks notes that a table was not read to its end.
func (w *world) breaks(t Table, c *checker) {
	w.broken = true
	for _, column := range t.Columns {
		if column.Rule.Kind == ID {
			c.set(column.Rule.Sets[0]).partial = true
		}
	}
}

// describe checks world.yaml, which says what the world is.
func (w *world) describe(file located, c *checker) {
	if !file.exists() {
		return
	}
	data, err := file.read(maxFileBytes)
	if err != nil {
		c.add(file.at(), "", readProblem(Say("a description of a world"), err))
		return
	}
	w.files["world.yaml"] = data
	root, err := parseDocument(file.display(file.name), data)
	if problems, bad := err.(Problems); bad {
		c.found = append(c.found, problems...)
		return
	}
	c.duplicates("", root)
	c.version(root)
	c.onlyKnown("", root, "a world", append(columnNames(columnsOf(worldFields())), "version"))
	for _, f := range worldFields() {
		c.field("", root, f.Column, f.field(&w.about))
	}
}

// about is what world.yaml says.
type about struct {
	title, summary, text string
	goods, focus         []string
}

func worldFields() []spec[about] {
	return []spec[about]{
		{Column{"name", "", words().optional(), "name of the world"}, func(a *about) any { return &a.text }},
		{Column{"title", "", words().optional(), "what it is, in one line"}, func(a *about) any { return &a.title }},
		{Column{"summary", "", words().optional(), "what it holds, and what it leaves out"}, func(a *about) any { return &a.summary }},
		{Column{"goods", "", refs(Goods).optional(), "order of the goods in results; the others follow in that of goods.csv"}, func(a *about) any { return &a.goods }},
		{Column{"focus", "", refs(Hubs).optional(), "hubs that reports speak of first, in this order"}, func(a *about) any { return &a.focus }},
	}
}

// orderGoods puts the goods into the order that world.yaml asks for.
func (w *world) orderGoods() {
	rank := func(g agents.Good) int {
		if i := slices.Index(w.about.goods, g.ID); i >= 0 {
			return i
		}
		return len(w.about.goods)
	}
	slices.SortStableFunc(w.setup.Goods, func(a, b agents.Good) int { return rank(a) - rank(b) })
}

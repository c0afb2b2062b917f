package main

import (
	"context"
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"entrepot/agents"
	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/output/manifest"
	"entrepot/output/prose"
	"entrepot/scenarios"
	"entrepot/web/lessons"
	"entrepot/web/live"
	"entrepot/words"
)

// root is the repository, seen from here.
const root = "../.."

// heard gathers texts that readers may see, each with where it comes from.
type heard map[string]string

func (h heard) add(where string, texts ...string) {
	for _, x := range texts {
		if _, known := h[x]; !known && x != "" {
			h[x] = where
		}
	}
}

// everything is what program and page say in one language or the other. Lessons are held by their own package.
func everything(t *testing.T) heard {
	all := heard{}
	all.calls(t)
	digest.In((*words.Words)(nil).Told(func(text string) { all.add("output/digest", text) }))
	all.scenes(t)
	all.answers(t)
	all.studies(t)
	all.map_(t)
	all.problems()
	for path, source := range pageSources(t) {
		all.add(path, spokenOnPage(source)...)
	}
	return all
}

// calls gathers the texts given to T, F and N in the sources of the program.
func (h heard) calls(t *testing.T) {
	t.Helper()
	set := token.NewFileSet()
	for _, path := range sourcesOf(t) {
		file, err := parser.ParseFile(set, path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			takes := spokenBy[calledAs(call)]
			if loader := strings.Contains(path, "/scenarios/") || strings.Contains(path, "/web/live/"); !loader {
				takes = spokenElsewhere(calledAs(call))
			}
			for i, arg := range call.Args {
				if text, ok := literal(arg); ok && slices.Contains(takes, i) {
					h.add(set.Position(call.Pos()).String(), text)
				}
			}
			return true
		})
	}
}

// problems gathers what messages of what is wrong with a file put together from tables: kinds of things, and units.
func (h heard) problems() {
	for _, set := range []scenarios.Set{scenarios.Hubs, scenarios.Zones, scenarios.Goods, scenarios.Networks, scenarios.Groups, scenarios.Forces, scenarios.Stockholders,
		scenarios.Buyers, scenarios.BuyerKinds, scenarios.Programmes, scenarios.Currencies, scenarios.Origins} {
		article := "a "
		if strings.ContainsAny(string(set)[:1], "aeiou") {
			article = "an "
		}
		h.add("what a reference may be", article+string(set), string(set))
	}
	for _, kind := range []scenarios.Kind{scenarios.Number, scenarios.Day, "switch"} {
		h.add("what a text looks like", string(kind))
	}
	for _, c := range scenarios.EventFields() {
		h.add("fields of events", c.Unit)
	}
}

// sourcesOf lists the sources of the program.
func sourcesOf(t *testing.T) []string {
	t.Helper()
	return slices.DeleteFunc(filesOf(t, root, ".go"), func(path string) bool { return strings.HasSuffix(path, "_test.go") })
}

// spokenBy says which arguments of a function are texts of the catalogue: those of package words, and of studies those that keep a text for later.
var spokenBy = map[string][]int{"T": {0}, "F": {0}, "N": {1, 2}, "said": {0}, "give": {1, 2}, "share": {2}, "no": {0}, "howFar": {1, 2},
	"Say": {0}, "count": {1, 2}, "onlyKnown": {2}} // of the loader: what is wrong with a file

// spokenElsewhere is spokenBy outside of the loader, where other things have those names.
func spokenElsewhere(name string) []int {
	if name == "Say" || name == "count" {
		return nil
	}
	return spokenBy[name]
}

// Of a format without a word there is nothing to translate.
var letters, formatVerb = regexp.MustCompile(`\pL`), regexp.MustCompile(`%(\[\d+\])?[.\d]*[a-z]`)

// calledAs is the last name of what is called.
func calledAs(call *ast.CallExpr) string {
	switch f := call.Fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// literal is a text that is written out, in one piece or in several.
func literal(e ast.Expr) (string, bool) {
	switch x := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(x.Value)
		return text, err == nil && x.Kind == token.STRING
	case *ast.BinaryExpr:
		a, okA := literal(x.X)
		b, okB := literal(x.Y)
		return a + b, okA && okB && x.Op == token.ADD
	case *ast.ParenExpr:
		return literal(x.X)
	}
	return "", false
}

// scenes gathers what the built-in scenarios say in a report.
func (h heard) scenes(t *testing.T) {
	t.Helper()
	for _, info := range scenarios.List() {
		s := load(t, info.Name)
		told := digest.In((*words.Words)(nil).Told(func(text string) { h.add("scenario "+info.Name, text) }))
		ctx := digestContext(s, 1, window{}, told)
		for _, hub := range ctx.Hubs {
			h.add("scenario "+info.Name, hub.Short())
		}
		for _, e := range s.Setup.Events { // a programme of one town, where its date was moved away from that of the others
			alone, setup := *s, *s.Setup
			setup.Events = []agents.Event{e}
			alone.Setup = &setup
			h.add("scenario "+info.Name, experiment.EventLabel(&alone, &e))
		}
	}
}

// answers gathers what the page is told of parameters, kinds of event and worlds, as far as it is words for readers.
func (h heard) answers(t *testing.T) {
	t.Helper()
	ask := func(question, text string) {
		err := live.Answer(context.Background(), question, []byte(text), func(line []byte) error {
			var answer map[string]any
			if err := json.Unmarshal(line, &answer); err != nil {
				return err
			}
			if answer["kind"] == "problems" {
				t.Fatalf("%s %s: %s", question, text, line)
			}
			h.fields("answer "+question, "", answer)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	ask("catalog", "{}")
	for _, info := range scenarios.List() {
		ask("world", `{"state":{"scenario":"`+info.Name+`","seed":"1"}}`)
	}
	all, err := lessons.All()
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range all {
		for _, state := range l.States {
			question, err := json.Marshal(map[string]any{"state": state})
			if err != nil {
				t.Fatal(err)
			}
			ask("world", string(question))
		}
	}
}

// fields gathers the texts of an answer by the names of its fields.
func (h heard) fields(where, name string, value any) {
	switch x := value.(type) {
	case string:
		if slices.Contains([]string{"title", "question", "assumptions", "look_at", "surprise", "meaning", "unit", "label"}, name) ||
			name == "name" && strings.HasSuffix(where, "s") || name == "source" && strings.HasSuffix(where, "parameters") {
			h.add(where, x)
		}
	case []any:
		for _, y := range x {
			h.fields(where, name, y)
		}
	case map[string]any:
		if name != "" {
			where += " " + name
		}
		for key, y := range x {
			if strings.HasSuffix(where, "kinds") && key == "name" || strings.HasSuffix(where, "fields") && key == "name" || strings.HasSuffix(where, "scenarios") && key == "name" {
				continue // ids
			}
			h.fields(where, key, y)
		}
	}
}

// map_ gathers the names of countries.
func (h heard) map_(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile(root + "/output/plots/basemap.topo.json")
	if err != nil {
		t.Fatal(err)
	}
	var base struct {
		Objects struct {
			Countries struct {
				Geometries []struct{ Properties struct{ Name string } }
			}
		}
	}
	if err := json.Unmarshal(data, &base); err != nil {
		t.Fatal(err)
	}
	for _, g := range base.Objects.Countries.Geometries {
		h.add("base map", g.Properties.Name)
	}
}

// pageSources reads the sources of the page, of which there may be none.
func pageSources(t *testing.T) map[string]string {
	t.Helper()
	sources := map[string]string{}
	for _, path := range filesOf(t, root+"/web/page/src", ".ts", ".svelte") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources[path] = string(data)
	}
	return sources
}

var (
	call     = regexp.MustCompile(`(?:^|[^\w.$])([tfn])\(`)
	scripted = regexp.MustCompile("'(?:[^'\\\\\n]|\\\\.)*'|\"(?:[^\"\\\\\n]|\\\\.)*\"|`(?:[^`\\\\$]|\\\\.)*`")
)

// spokenOnPage finds the texts given to t, f and n.
func spokenOnPage(source string) (texts []string) {
	for _, at := range call.FindAllStringSubmatchIndex(source, -1) {
		args := arguments(source[at[1]:])
		if source[at[2]:at[3]] == "n" {
			args = args[min(1, len(args)):min(3, len(args))]
		} else {
			args = args[:min(1, len(args))]
		}
		for _, arg := range args {
			for _, q := range scripted.FindAllStringIndex(arg, -1) {
				before, after := strings.TrimSpace(arg[:q[0]]), strings.TrimSpace(arg[q[1]:])
				if strings.HasSuffix(before, "=") || strings.HasSuffix(before, "[") || strings.HasPrefix(after, "=") || strings.HasPrefix(after, "!") {
					continue // what is compared or looked up is not said
				}
				texts = append(texts, unscripted(arg[q[0]:q[1]]))
			}
		}
	}
	return texts
}

// arguments parts the arguments of a call whose bracket has just been opened.
func arguments(text string) (args []string) {
	depth, begin := 0, 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; c {
		case '\'', '"', '`':
			q := scripted.FindStringIndex(text[i:])
			if q == nil || q[0] != 0 {
				return args
			}
			i += q[1] - 1
		case '(', '[', '{':
			depth++
		case ')', ']', '}':
			if depth--; depth < 0 {
				return append(args, text[begin:i])
			}
		case ',':
			if depth == 0 {
				args, begin = append(args, text[begin:i]), i+1
			}
		}
	}
	return args
}

// unscripted reads a string of TypeScript.
func unscripted(q string) string {
	inner := strings.NewReplacer(`\'`, `'`, "\\`", "`", `\"`, `\"`, `"`, `\"`).Replace(q[1 : len(q)-1])
	text, err := strconv.Unquote(`"` + inner + `"`)
	if err != nil {
		return q[1 : len(q)-1]
	}
	return text
}

// filesOf lists the files under a folder with one of some endings.
func filesOf(t *testing.T, dir string, endings ...string) (paths []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch name := ""; {
		case err != nil && os.IsNotExist(err):
			return nil
		case err != nil:
			return err
		case d.IsDir():
			if name = d.Name(); name == "node_modules" || name == "testdata" || name == "runs" || strings.HasPrefix(name, ".") && name != ".." {
				return filepath.SkipDir
			}
		case slices.Contains(endings, filepath.Ext(path)):
			paths = append(paths, filepath.ToSlash(path))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

func french(t *testing.T) *words.Words {
	t.Helper()
	fr, err := words.In("fr")
	if err != nil {
		t.Fatal(err)
	}
	return fr
}

func TestEveryTextHasItsFrench(t *testing.T) {
	fr, all := french(t), everything(t)
	for _, text := range slices.Sorted(maps.Keys(all)) {
		if !fr.Has(text) && letters.MatchString(formatVerb.ReplaceAllString(words.English(text), "")) {
			t.Errorf("%s: no French of %q: add it to words/fr, or to words/fr/same.txt if it is the same", all[text], text)
		}
	}
}

// What the page says it must find in what it loads: the rooms that vite.config.ts puts into its scripts, not those of reports.
func TestThePageHasItsFrenchAtHand(t *testing.T) {
	fr, all := french(t), heard{}
	all.answers(t)
	for path, source := range pageSources(t) {
		all.add(path, spokenOnPage(source)...)
	}
	loaded := map[string]string{}
	for _, room := range []string{"page", "scenarios", "lessons"} {
		data, err := os.ReadFile(root + "/words/fr/" + room + ".json")
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &loaded); err != nil {
			t.Fatal(err)
		}
	}
	for _, text := range slices.Sorted(maps.Keys(all)) {
		if own := fr.T(text); own != words.English(text) && loaded[text] == "" {
			t.Errorf("%s: the French of %q is not in a room that the page loads: add it to words/fr/page.json", all[text], text)
		}
	}
}

func TestNoFrenchIsLeftOver(t *testing.T) {
	all, written := everything(t), writtenOut(t)
	for _, text := range french(t).Texts() {
		plain, note, noted := strings.Cut(text, "|")
		switch {
		case all[text] != "", written[text] != "":
		case noted && written[note] != "" && (all[plain] != "" || written[plain] != "" || plain == "%s"): // a name as it stands in a sentence
		default:
			t.Errorf("nobody says %q any more: take it out of words/fr", text)
		}
	}
}

// named finds ids, which are spoken as words.
var named = regexp.MustCompile(`^[a-z0-9_+-]+$`)

// writtenOut gathers what stands as a text in sources, lessons and worlds: what is said through a variable is written out somewhere.
func writtenOut(t *testing.T) heard {
	t.Helper()
	all := heard{}
	for path, source := range pageSources(t) {
		for _, q := range scripted.FindAllString(source, -1) {
			all.add(path, unscripted(q))
		}
	}
	for _, path := range filesOf(t, root+"/web/lessons", ".json") {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var lesson any
		if err := json.Unmarshal(data, &lesson); err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		all.strings(path, lesson)
	}
	for _, path := range sourcesOf(t) {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if text, ok := literal(e); ok {
					all.add(path, text)
				}
			}
			return true
		})
	}
	for _, info := range scenarios.List() { // studies speak of zones, of facts, and of goods in numbers
		s := load(t, info.Name)
		for _, z := range s.Setup.Zones {
			all.add(info.Name, z.ID, experiment.Spoken(s, z.ID))
		}
		for _, g := range s.Setup.Goods {
			kind, _, _ := strings.Cut(g.Name, " (")
			all.add(info.Name, g.ID, kind+"s", g.Unit+"s")
		}
		for _, f := range s.Facts {
			all.add(info.Name, f.Unit)
			for _, id := range []string{f.Kind, f.Good, f.Place} {
				all.add(info.Name, strings.FieldsFunc(id, func(r rune) bool { return r == '|' || r == '/' })...)
			}
		}
	}
	for _, text := range slices.Collect(maps.Keys(all)) {
		if named.MatchString(text) {
			all.add(all[text], prose.Words(text, nil), prose.Name(text))
		}
	}
	return all
}

// A run hears what its report, its plots and its answer ask the catalogue for, also where a text is put together.
func TestARunSpeaksFrenchAlone(t *testing.T) {
	fr := french(t)
	asked := heard{}
	told := digest.In(fr.Told(func(text string) { asked.add("run", text) }))
	clear(asked) // what it holds is walked by another test
	s := load(t, "textbook", "period.end=2021-12-27")
	j := &job{ref: "textbook", scenario: s, dir: filepath.Join(t.TempDir(), "run"), formats: []string{"csv"}, flags: &runFlags{seed: 1}, words: told, program: manifest.New()}
	done, err := j.do(context.Background(), new(app).progress([]*job{j}))
	if err != nil {
		t.Fatal(err)
	}
	answer := done.summary.Text(told)
	if strings.Contains(answer, " per ") {
		t.Errorf("English in the answer:\n%s", answer)
	}
	if len(asked) < 30 {
		t.Fatalf("only %d texts were asked for", len(asked))
	}
	for text := range asked {
		if !fr.Has(text) {
			t.Errorf("no French of %q", text)
		}
	}
}

// strings gathers every text within JSON.
func (h heard) strings(where string, value any) {
	switch x := value.(type) {
	case string:
		h.add(where, x)
	case []any:
		for _, y := range x {
			h.strings(where, y)
		}
	case map[string]any:
		for _, y := range x {
			h.strings(where, y)
		}
	}
}

func TestTextsOfThePageAreFoundInItsSources(t *testing.T) {
	for _, c := range []struct{ name, source, want string }{
		{"a call", `<p>{t('Save it')}</p>`, "Save it"},
		{"double quotes and an escape", `t("the \"calm\" one’s")`, `the "calm" one’s`},
		{"an apostrophe", `t('a week\'s price')`, "a week's price"},
		{"a format", `f('Seed %s', t(session.title), 'x')`, "Seed %s"},
		{"one and more", `n(rows.length, '%s row', '%s rows', other('x'))`, "%s row|%s rows"},
		{"one of two", `t(kind === 'a' ? 'open' : 'closed')`, "open|closed"},
		{"no other function", `format('x'); s.t('x'); const't'`, ""},
		{"a template", "t(`plain`) + t(`of ${x}`)", "plain"},
	} {
		if got := strings.Join(spokenOnPage(c.source), "|"); got != c.want {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}

// What is wrong with a file is said in French to whoever asked for French, and in English as ever.
func TestWhatIsWrongWithAFileIsSaidInFrench(t *testing.T) {
	fr := french(t)
	english := regexp.MustCompile(`\b(must|got|did you mean|nothing was run)\b`)
	files := os.DirFS(root + "/scenarios/testdata")
	names, err := fs.Glob(files, "bad/*.yaml")
	if err != nil || len(names) < 60 {
		t.Fatalf("must be a corpus of at least 60 files, got %d (%v)", len(names), err)
	}
	for _, name := range names {
		var problems scenarios.Problems
		if _, err := scenarios.LoadFS(files, name, nil); !errors.As(err, &problems) {
			t.Fatalf("%s: %v", name, err)
		}
		for _, p := range problems {
			if msg, hint := p.Said(); msg.String() != p.Msg && len(p.Msg) < 2000 || hint.String() != p.Hint {
				t.Errorf("%s: said %q %q, want %q %q", name, msg, hint, p.Msg, p.Hint)
			}
		}
		if text := problems.In(fr.F); english.MatchString(text) {
			t.Errorf("%s: in French:\n%s", name, text)
		}
	}
}

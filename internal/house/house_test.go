// Package house tests the rules of the house: which package may know which, and what may stand in none of them.
package house

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const (
	module = "entrepot/"
	top    = "../.."
)

// room is a package and what of this module it may import. An arrow that is not here is a mistake or a decision; the
// reason says why the wall stands.
type room struct {
	pkg    string
	may    []string
	reason string
}

func rooms() []room {
	return []room{
		{"sim", nil, "the mechanism knows no kind of agent, no file and no plot, so that it can be tested and reused alone"},
		{"agents", []string{"internal/state", "sim"}, "a rule can be read without knowing where its numbers come from or where its results go"},
		{"scenarios", []string{"agents", "sim"}, "files become a checked setup; nothing of a result is needed for that"},
		{"experiment", []string{"agents", "scenarios", "sim", "output/tables", "output/prose", "output/record", "experiment/design", "experiment/sensitivity", "experiment/stats",
			"experiment/prim", "experiment/shapley", "experiment/inference", "internal/state", "words"}, "studies run scenarios and read rows; files, figures and the command line are others' work"},
		{"experiment/design", []string{"sim"}, "where to run is asked without knowing what is run"},
		{"experiment/sensitivity", []string{"experiment/design", "output/prose", "sim", "words"}, "from outputs at design points to indices; any model's outputs will do"},
		{"experiment/stats", []string{"sim"}, "statistics know numbers and keys, so that they are tested without a model"},
		{"experiment/prim", []string{"output/prose", "sim", "words"}, "a search for boxes knows columns and outcomes, wherever they come from"},
		{"experiment/shapley", []string{"experiment/stats", "sim"}, "a game is a table of values; who played it does not matter"},
		{"experiment/reference", []string{"sim"}, "reference prices know curves and costs, wherever they come from"},
		{"experiment/inference", []string{"sim"}, "statistics ask for runs and are told what came out; they know neither a model nor a store"},
		{"output/tables", []string{"sim"}, "rows are the contract with readers; they need a calendar and nothing else, and the page holds them"},
		{"output/prose", nil, "one way to write numbers and names for readers; whatever speaks to them may use it"},
		{"web/lessons", []string{"output/prose", "words"}, "lessons are texts, what is to be run and what came of it; who runs them is the page's and the tests' business"},
		{"words", []string{"output/prose"}, "the catalogue of languages; whatever speaks to readers may use it"},
		{"output/record", []string{"agents", "output/tables", "sim"}, "the one place where a model becomes rows"},
		{"output/digest", []string{"output/prose", "output/tables", "sim", "words"}, "figures and report speak of rows, so a stored run and a fresh one look the same"},
		{"output/internal/synthetic", []string{"experiment", "output/digest", "output/tables", "sim"}, "made-up runs and findings to test figures without a model"},
		{"output/plots", []string{"experiment", "output/digest", "output/prose", "output/tables", "sim", "words"}, "figures are drawn from rows, charts from findings"},
		{"output/report", []string{"experiment", "output/digest", "output/plots", "output/prose", "output/tables", "sim"}, "a report is made from rows or findings, and figures"},
		{"output/parquet", []string{"experiment", "output/tables", "sim"}, "tables of studies and of runs as Parquet; the one place that knows the format"},
		{"output/store", []string{"experiment", "output/manifest", "output/parquet"}, "a study's folder, whatever the study is"},
		{"output/summary", []string{"output/digest", "output/tables", "sim"}, "the short answer has the report's numbers"},
		{"output/crate", nil, "a package for archives, whatever is in it; whoever knows the result describes it"},
		{"output/manifest", nil, "a folder and its origin, whatever is in it"},
		{"web", []string{"web/live"}, "the server knows questions and answers, not what they are about"},
		{"web/live", []string{"agents", "experiment", "experiment/reference", "experiment/stats", "output/prose", "output/record", "scenarios", "sim"},
			"the engine as the page asks it: server and worker hold the same; files, figures, texts and the net are others' work"},
		{"cmd/wasm", []string{"web/live"}, "a worker of the page holds the engine interface and nothing else"},
		{"cmd/wasm/join", nil, "it packs a file and knows nothing of what is in it"},
		{"cmd/hubmarket", []string{"sim"}, "the reference workload runs on the engine's primitives alone"},
		{"cmd/hubmarket/compare", nil, "it starts programs and compares what they print"},
		{"cmd/entrepot", []string{"agents", "experiment", "experiment/design", "experiment/inference", "scenarios", "sim", "output/tables", "output/record", "output/digest", "output/plots", "output/prose",
			"output/report", "output/summary", "output/manifest", "output/crate", "output/parquet", "output/store", "web", "web/live", "words", "web/lessons", "internal/notices"}, "the place where everything is wired together"},
		{"cmd/release", []string{"internal/notices"}, "it builds the program as anybody would, and lists what it is built of"},
		{"cmd/calibration", []string{"experiment", "scenarios"}, "it holds a scenario against its facts, as experiments read them"},
		{"internal/conversions", nil, "it changes source and runs tests, whatever they test"},
		{"internal/duckdb", nil, "another program that reads our files, for tests"},
		{"internal/house", nil, "it reads files"},
		{"internal/notices", nil, "licences and citation; whoever tells of the program may ask"},
		{"internal/same", []string{"agents", "internal/sums", "output/record", "output/tables", "scenarios", "sim"}, "what a run writes, and nothing that could not run elsewhere"},
		{"internal/spoil", []string{"sim"}, "it makes broken inputs for tests of readers, whatever they read; only its luck is ours"},
		{"internal/sums", nil, "it reads bytes"},
		{"internal/tmpfs", nil, "it asks the system for a disk"},
		{"internal/state", nil, "it copies memory, whatever that means"},
		{"internal/mutate", nil, "it changes source and runs tests, whatever they test"},
	}
}

// guest is a dependency or a package of Go's library that only some may import.
type guest struct {
	path   string   // the package and everything under it
	rooms  []string // of this module; tests are free
	reason string
}

func guests() []guest {
	return []guest{
		{"github.com/spf13", []string{"cmd/entrepot"}, "settings of the tool stay outside the model"},
		{"github.com/schollz", []string{"cmd/entrepot"}, "only a terminal has a progress bar"},
		{"github.com/parquet-go", []string{"output/parquet"}, "one reader and writer of Parquet; the page does without it"},
		{"github.com/klauspost/compress", []string{"output/parquet"}, "pages of Parquet files are all that is compressed"},
		{"gonum.org/v1/plot", []string{"output/plots"}, "it is large, and the page does without it"},
		{"go.yaml.in/yaml", []string{"scenarios"}, "one reader of YAML, which keeps positions"},
		{"golang.org/x/exp/rand", []string{"sim"}, "deprecated upstream; one seam to replace it"},
		{"math/rand", []string{"output/internal/synthetic"}, "luck is keyed, never drawn in sequence; made-up runs for tests are free"},
		{"log", []string{"web"}, "errors are returned; talk is the command's, and Go's server hands it over in a logger"},
		{"net/http", []string{"web"}, "a run needs no network; the page's server is one, on this machine unless told otherwise"},
		{"net", []string{"web", "cmd/entrepot"}, "as net/http; the command opens the port that is served"},
		{"unsafe", []string{"internal/state"}, "nothing is worth it but reaching every field of a run that is copied"},
	}
}

// calm packages read no clock, no environment and no disk: a run gives the same bytes everywhere, and what is reckoned from
// runs is the same whenever it is reckoned.
func calm() []string {
	return []string{"sim", "agents", "output/prose", "output/tables", "output/record", "experiment", "experiment/design", "experiment/sensitivity", "experiment/stats", "experiment/prim",
		"experiment/shapley", "experiment/inference", "experiment/reference", "internal/state", "web/live"}
}

// source is one parsed file that is not a test.
type source struct {
	pkg, file string
	*ast.File
}

// sources parses every Go file of the module but tests, whatever system it is for.
func sources(t *testing.T) (*token.FileSet, []source) {
	t.Helper()
	fset := token.NewFileSet()
	var out []source
	err := filepath.WalkDir(top, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel := filepath.ToSlash(strings.TrimPrefix(strings.TrimPrefix(name, top), string(filepath.Separator)))
		if d.IsDir() {
			if base := d.Name(); base == "testdata" || base == "runs" || strings.HasPrefix(base, ".") && base != ".." {
				return filepath.SkipDir
			}
			return nil
		}
		if !strings.HasSuffix(rel, ".go") || strings.HasSuffix(rel, "_test.go") {
			return nil
		}
		file, err := parser.ParseFile(fset, name, nil, parser.ParseComments)
		if err != nil {
			return err
		}
		out = append(out, source{path.Dir(rel), rel, file})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return fset, out
}

func imports(s source) []string {
	var paths []string
	for _, i := range s.Imports {
		if p, err := strconv.Unquote(i.Path.Value); err == nil {
			paths = append(paths, p)
		}
	}
	return paths
}

func TestArrows(t *testing.T) {
	_, all := sources(t)
	if len(all) == 0 {
		t.Fatal("no files found")
	}
	for _, s := range all {
		i := slices.IndexFunc(rooms(), func(r room) bool { return r.pkg == s.pkg })
		if i < 0 {
			t.Errorf("%s: package %s is not in the plan of the house; add it with what it may import and why", s.file, s.pkg)
			continue
		}
		r := rooms()[i]
		for _, p := range imports(s) {
			if inside, ok := strings.CutPrefix(p, module); ok && !slices.Contains(r.may, inside) {
				t.Errorf("%s must not import %s: %s", s.file, p, r.reason)
			}
		}
	}
}

func TestGuests(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		for _, p := range imports(s) {
			for _, g := range guests() {
				if (p == g.path || strings.HasPrefix(p, g.path+"/")) && !slices.Contains(g.rooms, s.pkg) {
					t.Errorf("%s must not import %s: %s", s.file, p, g.reason)
				}
			}
		}
	}
}

// The page runs these packages without a disk; files for other systems are marked with a build constraint.
func TestNoDiskWhereThePageRuns(t *testing.T) {
	_, all := sources(t)
	for _, s := range all {
		if !slices.Contains(append(calm(), "scenarios"), s.pkg) || notForJS(s) {
			continue
		}
		for _, p := range imports(s) {
			if p == "os" || strings.HasPrefix(p, "os/") || p == "syscall" {
				t.Errorf("%s must not import %s: a run is a function of scenario, seed and program, and the page has no disk", s.file, p)
			}
		}
	}
}

func notForJS(s source) bool {
	for _, group := range s.Comments {
		for _, c := range group.List {
			if strings.HasPrefix(c.Text, "//go:build !js") {
				return true
			}
		}
	}
	return false
}

func TestNoClock(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		if !slices.Contains(calm(), s.pkg) {
			continue
		}
		ast.Inspect(s.File, func(n ast.Node) bool {
			if call, ok := n.(*ast.SelectorExpr); ok {
				if x, ok := call.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "After", "Tick"}, call.Sel.Name) {
					t.Errorf("%s: time.%s: the same scenario and seed must give the same bytes today and tomorrow", fset.Position(call.Pos()), call.Sel.Name)
				}
			}
			return true
		})
	}
}

func TestNoInit(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		for _, d := range s.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: func init: nothing happens by side effect", fset.Position(f.Pos()))
			}
		}
	}
}

// Package variables may be tables that nobody writes to: whoever assigns to one is found.
func TestNoMutablePackageVariables(t *testing.T) {
	fset, all := sources(t)
	vars := map[string]map[string]bool{} // by package
	for _, s := range all {
		for _, d := range s.Decls {
			g, ok := d.(*ast.GenDecl)
			if !ok || g.Tok != token.VAR {
				continue
			}
			for _, spec := range g.Specs {
				for _, name := range spec.(*ast.ValueSpec).Names {
					if vars[s.pkg] == nil {
						vars[s.pkg] = map[string]bool{}
					}
					vars[s.pkg][name.Name] = name.Name != "_" // which is nothing, declared to be checked
				}
			}
		}
	}
	for _, s := range all {
		ast.Inspect(s.File, func(n ast.Node) bool {
			for _, target := range written(n) {
				// Obj is nil for names declared in another file of the package, and a package variable's own in this one.
				if id := root(target); id != nil && vars[s.pkg][id.Name] && (id.Obj == nil || packageLevel(s.File, id)) {
					t.Errorf("%s: %s is a package variable and must not change", fset.Position(n.Pos()), id.Name)
				}
			}
			return true
		})
	}
}

// written lists what a statement assigns to.
func written(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		if n.Tok != token.DEFINE {
			return n.Lhs
		}
	case *ast.IncDecStmt:
		return []ast.Expr{n.X}
	}
	return nil
}

// root is the variable under an expression such as x.f[i].
func root(e ast.Expr) *ast.Ident {
	for {
		switch x := e.(type) {
		case *ast.Ident:
			return x
		case *ast.SelectorExpr:
			e = x.X
		case *ast.IndexExpr:
			e = x.X
		case *ast.StarExpr:
			e = x.X
		case *ast.ParenExpr:
			e = x.X
		default:
			return nil
		}
	}
}

func packageLevel(f *ast.File, id *ast.Ident) bool {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok {
			for _, spec := range g.Specs {
				if spec == id.Obj.Decl {
					return true
				}
			}
		}
	}
	return false
}

// A wall with a hole in it is found: the guard is tried on a file that breaks every rule.
func TestTheGuardsBite(t *testing.T) {
	const text = `package sim
import ("os"; "math/rand"; "entrepot/agents"; "time")
var table = []int{1}
func init() { table[0] = 2; _ = time.Now(); _ = rand.Int; _ = os.Args; _ = agents.Open }`
	file, err := parser.ParseFile(token.NewFileSet(), "x.go", text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	s := source{"sim", "sim/x.go", file}
	if got := imports(s); !slices.Equal(got, []string{"os", "math/rand", "entrepot/agents", "time"}) {
		t.Errorf("imports: got %v", got)
	}
	found := false
	ast.Inspect(file, func(n ast.Node) bool {
		for _, target := range written(n) {
			if id := root(target); id != nil && id.Name == "table" && packageLevel(file, id) {
				found = true
			}
		}
		return true
	})
	if !found {
		t.Error("an assignment to a package variable was not found")
	}
	if notForJS(s) {
		t.Error("a file without constraint was taken for one")
	}
}

package experiment

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"entrepot/words"
)

// speakers are the functions of this package and those below it whose literal arguments are texts of the catalogue; form and the like add what is
// behind the bar.
var speakers = []string{"T", "F", "N", "said", "give", "share", "no", "howFar"}

// Of texts without a word there is nothing to translate.
var letters, verbs = regexp.MustCompile(`\pL`), regexp.MustCompile(`%[.0-9]*[a-z]`)

// spoken lists the texts that the sources of a folder give to the catalogue, with where they stand.
func spoken(t *testing.T, dir string) map[string]string {
	t.Helper()
	texts, fset := map[string]string{}, token.NewFileSet()
	all, err := parser.ParseDir(fset, dir, func(f fs.FileInfo) bool { return !strings.HasSuffix(f.Name(), "_test.go") }, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range all {
		for name, file := range p.Files {
			ast.Inspect(file, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if !ok || !slices.Contains(speakers, calledAs(call)) {
					return true
				}
				for _, arg := range call.Args {
					if lit, ok := arg.(*ast.BasicLit); ok && lit.Kind == token.STRING {
						if text, err := strconv.Unquote(lit.Value); err == nil && letters.MatchString(verbs.ReplaceAllString(words.English(text), "")) {
							texts[text] = filepath.Base(name) + ":" + strconv.Itoa(fset.Position(lit.Pos()).Line)
						}
					}
				}
				return true
			})
		}
	}
	return texts
}

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

func french(t testing.TB) *words.Words {
	t.Helper()
	w, err := words.In("fr")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestEveryTextOfStudiesHasFrench(t *testing.T) {
	fr := french(t)
	for _, dir := range []string{".", "prim", "sensitivity"} {
		texts := spoken(t, dir)
		if len(texts) < 9 {
			t.Fatalf("%s: found %d texts only", dir, len(texts))
		}
		for text, where := range texts {
			if !fr.Has(text) {
				t.Errorf("MISSING\t%s/%s\t%s", dir, where, text)
			}
		}
	}
}

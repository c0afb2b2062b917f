package house

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// deciding packages turn floats into choices or into rows: one bit there is another run, or another file.
func deciding() []string {
	return []string{"sim", "agents", "scenarios", "output/record", "output/tables"}
}

// exact are the functions of package math that have one right answer, which every machine gives. All others are approximations, some of them
// in assembly on some machines: those of package sim (portable.go) take their place.
func exact() []string {
	return []string{"Abs", "Ceil", "Copysign", "Float32bits", "Float32frombits", "Float64bits", "Float64frombits", "Floor", "Inf", "IsInf", "IsNaN",
		"MaxFloat64", "MaxInt32", "MaxInt64", "MaxUint16", "MinInt64", "NaN", "Nextafter", "Round", "RoundToEven", "Signbit", "Sqrt", "Trunc"}
}

func TestWhereAFloatDecidesOnlyExactFunctionsOfMathAreUsed(t *testing.T) {
	fset, all := sources(t)
	for _, s := range all {
		if !slices.Contains(deciding(), s.pkg) {
			continue
		}
		for _, p := range imports(s) {
			if p == "math/cmplx" || strings.HasPrefix(p, "gonum.org/") {
				t.Errorf("%s must not import %s: its functions have other bits on other machines; see sim/portable.go", s.file, p)
			}
		}
		for _, call := range inexact(s) {
			t.Errorf("%s: math.%s has other bits on other machines; take what sim/portable.go has", fset.Position(call.Pos()), call.Sel.Name)
		}
	}
}

// inexact lists what a file takes from package math, under whatever name, that is not exact.
func inexact(s source) (all []*ast.SelectorExpr) {
	name := ""
	for _, i := range s.Imports {
		if i.Path.Value == `"math"` {
			if name = "math"; i.Name != nil {
				name = i.Name.Name
			}
		}
	}
	ast.Inspect(s.File, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if x, ok := sel.X.(*ast.Ident); ok && name != "" && x.Name == name && x.Obj == nil && !slices.Contains(exact(), sel.Sel.Name) {
				all = append(all, sel)
			}
		}
		return true
	})
	return all
}

func TestInexactFunctionsAreFound(t *testing.T) {
	for text, want := range map[string]int{
		`import "math"; var x = math.Exp(1) + math.FMA(1, 2, 3) + math.Sqrt(2)`: 2,
		`import m "math"; var x = m.Pow(1, 2)`:                                  1,
		`import "math"; var x = math.Float64bits(math.Abs(1))`:                  0,
		`import "math/bits"; var x = math.Exp(bits.Len(1))`:                     0, // another math
	} {
		file, err := parser.ParseFile(token.NewFileSet(), "x.go", "package sim\n"+text, 0)
		if err != nil {
			t.Fatal(err)
		}
		if got := len(inexact(source{"sim", "sim/x.go", file})); got != want {
			t.Errorf("%s: %d inexact functions, want %d", text, got, want)
		}
	}
}

// sumsOfWholeNumbers are files that may add products as they are, with the reason.
func sumsOfWholeNumbers() map[string]string {
	return map[string]string{"scenarios/scenariocheck.go": "estimates of memory: products of whole numbers are exact, and a rounding among bytes refuses nothing"}
}

// The bits that a run shows hang on the seed; the compiler's listing for arm64 has every instruction. A product and a sum may be fused across
// statements and inlined calls, and 2*x is x+x, which is fused where x is a product: the listing knows.
func TestWhereAFloatDecidesNoProductIsFusedWithASum(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles packages for another machine")
	}
	tool, err := exec.LookPath("go")
	if err != nil {
		t.Skip("no go tool on this machine")
	}
	args := []string{"build", "-gcflags=-S"}
	for _, pkg := range deciding() {
		args = append(args, "./"+pkg)
	}
	list := exec.Command(tool, args...)
	list.Dir, list.Env = top, append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	listing, err := list.CombinedOutput()
	if err != nil {
		t.Fatalf("compiling for arm64: %v\n%s", err, listing[:min(len(listing), 2000)])
	}
	root, err := filepath.Abs(top)
	if err != nil {
		t.Fatal(err)
	}
	does := func(pkg, instruction string) [][][]byte { // file and line
		return regexp.MustCompile(`\(`+regexp.QuoteMeta(root)+`/(`+pkg+`/\w+\.go):(\d+)\)\t`+instruction+`\t`).FindAllSubmatch(listing, -1)
	}
	for _, pkg := range []string{"sim", "agents"} {
		if len(does(pkg, "FMULD")) == 0 {
			t.Errorf("the listing must show products of package %s, got none", pkg)
		}
	}
	seen := map[string]bool{}
	for _, m := range does(`[a-z/]+`, `FN?M(?:ADD|SUB)[DS]`) {
		file, line := string(m[1]), string(m[2])
		if sumsOfWholeNumbers()[file] == "" && !seen[file+line] {
			seen[file+line] = true
			t.Errorf("%s:%s: a product that is added must be written float64(x*y), or arm64 rounds once where others round twice: %s", file, line, sourceLine(file, line))
		}
	}
}

// sourceLine returns a line of a file.
func sourceLine(file, line string) string {
	text, err := os.ReadFile(top + "/" + file)
	n, _ := strconv.Atoi(line)
	lines := bytes.Split(text, []byte("\n"))
	if err != nil || n < 1 || n > len(lines) {
		return ""
	}
	return string(bytes.TrimSpace(lines[n-1]))
}

// Command conversions runs tests of a program in which every conversion to an integer first looks whether the number fits. What a float
// beyond the range of an integer becomes differs between processors, and neither the compiler nor a run on one of them tells.
//
//	go run ./internal/conversions [-package sim,agents,output/record] ARGUMENTS OF GO TEST
//
// The source stays as it is: changed copies are laid over it for the go command.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	packages := flag.String("package", "sim,agents,output/record", "folders of the packages whose conversions are looked at")
	flag.Parse()
	if err := run(strings.Split(*packages, ","), flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(packages, args []string) error {
	dir, err := os.MkdirTemp("", "conversions")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	laid, n := map[string]string{}, 0
	for _, pkg := range packages {
		more, err := watch(pkg, dir, laid)
		if err != nil {
			return err
		}
		n += more
	}
	text, err := json.Marshal(map[string]any{"Replace": laid})
	if err != nil {
		return err
	}
	overlay := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(overlay, text, 0o600); err != nil {
		return err
	}
	fmt.Printf("%d conversions are looked at\n", n)
	cmd := exec.Command("go", append([]string{"test", "-overlay", overlay, "-vet=off", "-count=1"}, args...)...)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	return cmd.Run()
}

// watch lays changed copies over the files of a package, and a file with the conversions that look first. It returns how many there are.
func watch(pkg, dir string, laid map[string]string) (n int, err error) {
	files, err := filepath.Glob(filepath.Join(pkg, "*.go"))
	if err != nil {
		return 0, err
	}
	name := ""
	lay := func(file string, text []byte) error {
		whole, err := filepath.Abs(file)
		if err != nil {
			return err
		}
		laid[whole] = filepath.Join(dir, fmt.Sprintf("%d.go", len(laid)))
		return os.WriteFile(laid[whole], text, 0o600)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		changed, of, more, err := looking(file, text)
		if err != nil {
			return 0, err
		}
		if name, n = of, n+more; more > 0 {
			if err := lay(file, changed); err != nil {
				return 0, err
			}
		}
	}
	if name == "" {
		return 0, fmt.Errorf("package must be a folder with code, got %q", pkg)
	}
	return n, lay(filepath.Join(pkg, "conversions_that_look.go"), conversions(name))
}

// kinds are the integers, each with the least float beyond its range and whether it has a sign.
func kinds() map[string]string {
	return map[string]string{"int": "-0x1p63, 0x1p63", "int8": "-0x1p7, 0x1p7", "int16": "-0x1p15, 0x1p15", "int32": "-0x1p31, 0x1p31", "int64": "-0x1p63, 0x1p63",
		"uint": "0, 0x1p64", "uint8": "0, 0x1p8", "uint16": "0, 0x1p16", "uint32": "0, 0x1p32", "uint64": "0, 0x1p64"}
}

// looking returns a file in which conversions to integers are calls, the name of its package, and how many they are.
func looking(file string, text []byte) (changed []byte, pkg string, n int, err error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, "", 0, err
	}
	var at []int // ends of the names of the conversions
	for _, decl := range tree.Decls {
		f, ok := decl.(*ast.FuncDecl)
		if !ok || f.Body == nil { // constants and tables are reckoned by the compiler
			continue
		}
		ast.Inspect(f.Body, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.GenDecl:
				return node.Tok != token.CONST
			case *ast.CallExpr:
				if name, ok := node.Fun.(*ast.Ident); ok && kinds()[name.Name] != "" && len(node.Args) == 1 && varies(node.Args[0]) {
					at = append(at, fset.Position(name.Pos()).Offset)
				}
			}
			return true
		})
	}
	slices.Sort(at)
	last := 0
	for _, offset := range at {
		changed = append(append(changed, text[last:offset]...), "look_"...)
		last = offset
	}
	return append(changed, text[last:]...), tree.Name.Name, len(at), nil
}

// varies says whether an expression names anything but constants of package math, which the compiler converts.
func varies(x ast.Expr) (yes bool) {
	ast.Inspect(x, func(node ast.Node) bool {
		if s, ok := node.(*ast.SelectorExpr); ok {
			if p, ok := s.X.(*ast.Ident); ok && p.Name == "math" && strings.HasPrefix(s.Sel.Name, "Max") {
				return false
			}
		}
		if id, ok := node.(*ast.Ident); ok && kinds()[id.Name] == "" {
			yes = true
		}
		return true
	})
	return yes
}

// conversions is a file with a conversion that looks, for each kind of integer.
func conversions(pkg string) []byte {
	var b strings.Builder
	fmt.Fprintf(&b, `package %s

import (
	"fmt"
	"runtime"
)

type lookNumber interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~float32 | ~float64
}

func lookAt[T lookNumber](x T, from, to float64) {
	half := T(1)
	if half /= 2; half == 0 {
		return // an integer: it wraps alike everywhere
	}
	if f := float64(x); !(f >= from || f > -1 && from == 0) || !(f < to) { // between -1 and 0 it becomes 0
		_, file, line, _ := runtime.Caller(2)
		panic(fmt.Sprintf("%%s:%%d: %%v does not fit into an integer from %%g to below %%g", file, line, f, from, to))
	}
}
`, pkg)
	for _, kind := range slices.Sorted(maps.Keys(kinds())) {
		fmt.Fprintf(&b, "\nfunc look_%s[T lookNumber](x T) %s {\n\tlookAt(x, %s)\n\treturn %s(x)\n}\n", kind, kind, kinds()[kind], kind)
	}
	return []byte(b.String())
}

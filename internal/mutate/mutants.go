package main

import (
	"cmp"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// mutant is one change of one file: bytes start to end are replaced.
type mutant struct {
	file       string
	line       int
	start, end int
	with       string
	text       []byte // of the whole file
}

func (m mutant) String() string {
	was, is := string(m.text[m.start:m.end]), m.with
	if is == "" {
		is = "nothing"
	}
	return fmt.Sprintf("%s:%d: %s -> %s", filepath.ToSlash(m.file), m.line, short(was), short(is))
}

func short(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if len(s) > 60 {
		s = s[:57] + "..."
	}
	return s
}

// source is the file with the change.
func (m mutant) source() []byte {
	return slices.Concat(m.text[:m.start], []byte(m.with), m.text[m.end:])
}

// layer is the file that tells the go command to read changed instead of file.
func layer(file, changed string) []byte {
	whole, err := filepath.Abs(file)
	if err != nil {
		whole = file
	}
	text, _ := json.Marshal(map[string]any{"Replace": map[string]string{whole: changed}})
	return text
}

// order sorts mutants by a hash of the key and of what they change, so that a change elsewhere in the package moves few of a sample.
func order(all []mutant, key string) {
	rank := func(m mutant) string {
		h := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%s|%d", key, m.file, m.text[m.start:m.end], m.with, m.start))
		return string(h[:])
	}
	slices.SortFunc(all, func(a, b mutant) int { return cmp.Compare(rank(a), rank(b)) })
}

// mutants lists all changes of a package's files but tests.
func mutants(pkg string) ([]mutant, error) {
	files, err := filepath.Glob(filepath.Join(pkg, "*.go"))
	if err != nil {
		return nil, err
	}
	var all []mutant
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		more, err := changes(file, text)
		if err != nil {
			return nil, err
		}
		all = append(all, more...)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("package must hold code that can be changed, got %q", pkg)
	}
	return all, nil
}

// changes lists those of one file.
func changes(file string, text []byte) ([]mutant, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, file, text, parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	c := &changer{fset: fset, file: file, text: text}
	for _, decl := range tree.Decls {
		// Tables and types stay as they are: a wrong number there is a wrong datum, not a wrong step.
		if f, ok := decl.(*ast.FuncDecl); ok && f.Body != nil {
			ast.Inspect(f.Body, c.visit)
		}
	}
	return c.out, nil
}

// changer gathers the changes of a file.
type changer struct {
	fset *token.FileSet
	file string
	text []byte
	out  []mutant
}

// change adds one: the source from one place to another is replaced.
func (c *changer) change(from, to token.Pos, with string) {
	start := c.fset.Position(from)
	c.out = append(c.out, mutant{file: c.file, line: start.Line, start: start.Offset, end: c.fset.Position(to).Offset, with: with, text: c.text})
}

// drop leaves a statement out.
func (c *changer) drop(n ast.Node) { c.change(n.Pos(), n.End(), "") }

// operator puts others in an operator's place.
func (c *changer) operator(at token.Pos, op token.Token) {
	for _, other := range instead()[op] {
		c.change(at, at+token.Pos(len(op.String())), other.String())
	}
}

// visit adds the changes of one node, and says whether to look inside of it.
func (c *changer) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BinaryExpr:
		c.operator(n.OpPos, n.Op)
	case *ast.IncDecStmt:
		c.operator(n.TokPos, n.Tok)
	case *ast.AssignStmt:
		c.operator(n.TokPos, n.Tok)
		if n.Tok != token.DEFINE {
			c.drop(n)
		}
	case *ast.ExprStmt:
		if isPanic(n.X) {
			return false // what a bug says is not what a test asks
		}
		c.drop(n)
	case *ast.IfStmt:
		if _, compares := n.Cond.(*ast.BinaryExpr); !compares { // the operator's own changes turn those round
			from, to := c.fset.Position(n.Cond.Pos()).Offset, c.fset.Position(n.Cond.End()).Offset
			c.change(n.Cond.Pos(), n.Cond.End(), "!("+string(c.text[from:to])+")")
		}
	case *ast.BasicLit:
		if v, ok := new(big.Int).SetString(n.Value, 0); ok && n.Kind == token.INT {
			c.change(n.Pos(), n.End(), v.Add(v, big.NewInt(1)).String())
		}
	}
	return true
}

func isPanic(e ast.Expr) bool {
	call, ok := e.(*ast.CallExpr)
	if !ok {
		return false
	}
	name, ok := call.Fun.(*ast.Ident)
	return ok && name.Name == "panic"
}

// instead says which operators stand in for one.
func instead() map[token.Token][]token.Token {
	return map[token.Token][]token.Token{
		token.ADD: {token.SUB}, token.SUB: {token.ADD}, token.MUL: {token.QUO}, token.QUO: {token.MUL}, token.REM: {token.MUL},
		token.SHL: {token.SHR}, token.SHR: {token.SHL}, token.AND: {token.OR}, token.OR: {token.AND}, token.XOR: {token.AND},
		token.LSS: {token.LEQ, token.GEQ}, token.LEQ: {token.LSS, token.GTR}, token.GTR: {token.GEQ, token.LEQ}, token.GEQ: {token.GTR, token.LSS},
		token.EQL: {token.NEQ}, token.NEQ: {token.EQL}, token.LAND: {token.LOR}, token.LOR: {token.LAND},
		token.INC: {token.DEC}, token.DEC: {token.INC}, token.ADD_ASSIGN: {token.SUB_ASSIGN}, token.SUB_ASSIGN: {token.ADD_ASSIGN},
		token.MUL_ASSIGN: {token.QUO_ASSIGN}, token.QUO_ASSIGN: {token.MUL_ASSIGN}, token.XOR_ASSIGN: {token.AND_ASSIGN},
		token.OR_ASSIGN: {token.AND_ASSIGN}, token.AND_ASSIGN: {token.OR_ASSIGN}, token.SHL_ASSIGN: {token.SHR_ASSIGN}, token.SHR_ASSIGN: {token.SHL_ASSIGN},
	}
}

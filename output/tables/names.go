package tables

import "math"

// Names keeps each distinct name of a run once. It is not safe for concurrent use while names are added.
type Names struct {
	byText map[string]Sym
	text   []string
}

// MaxNames is the number of distinct names a run can hold.
const MaxNames = math.MaxUint16

// NewNames returns a table that holds only the empty name.
func NewNames() *Names {
	return &Names{byText: map[string]Sym{"": 0}, text: []string{""}}
}

// Sym returns the symbol of a name, adding it if it is new. More than MaxNames names is a bug in the program (a panic);
// the reader checks before it adds.
func (n *Names) Sym(name string) Sym {
	if s, ok := n.byText[name]; ok {
		return s
	}
	if n.full() {
		panic("tables: more than 65535 distinct names")
	}
	s := Sym(len(n.text))
	n.byText[name] = s
	n.text = append(n.text, name)
	return s
}

func (n *Names) full() bool { return len(n.text) > MaxNames }

// Find returns the symbol of a name and whether the run knows it.
func (n *Names) Find(name string) (Sym, bool) {
	s, ok := n.byText[name]
	return s, ok
}

// Text returns the name of a symbol.
func (n *Names) Text(s Sym) string { return n.text[s] }

// Len is the number of symbols, the empty one included: symbols are 0 <= s < Len.
func (n *Names) Len() int { return len(n.text) }

package live

import (
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"reflect"
	"strconv"
	"unicode/utf8"
)

// lines hands lines out and keeps the hash over them.
type lines struct {
	emit func([]byte) error
	hash hash.Hash
	buf  []byte // of the line being written, reused
}

func newLines(emit func([]byte) error) *lines {
	return &lines{emit: emit, hash: sha256.New()}
}

// put hands out a line.
func (l *lines) put(line []byte) error {
	l.hash.Write(line)
	l.hash.Write([]byte{'\n'})
	return l.emit(line)
}

// object hands out a line of fields that are few or seldom.
func (l *lines) object(v any) error { return l.put(appendJSON(nil, reflect.ValueOf(v))) }

// end hands out the last line: how many weeks were told, and the hash over all lines before it, each with a line feed behind it.
func (l *lines) end(weeks int) error {
	sum := hex.EncodeToString(l.hash.Sum(nil))
	return l.object(struct {
		Kind  string `json:"kind"`
		Weeks int    `json:"weeks"`
		Hash  string `json:"hash"`
	}{"end", weeks, sum})
}

// The functions below append to the line of a week: what appendJSON would, without its cost.

// row appends a list of numbers, and a comma before it where it is not the first of its list.
func row(b []byte, numbers ...int64) []byte {
	b = next(b, '[')
	for i, n := range numbers {
		if i > 0 {
			b = append(b, ',')
		}
		b = strconv.AppendInt(b, n, 10)
	}
	return append(b, ']')
}

// inOrder sorts a short list; equals stay as they are. A sort of the library is ten times the code for each type, which the page would have to
// fetch.
func inOrder[T any](list []T, before func(a, b T) bool) {
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && before(list[j], list[j-1]); j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

// number appends a number, with a comma before it where another value stands there.
func number(b []byte, n int64) []byte {
	if last := b[len(b)-1]; last != '[' && last != ':' {
		b = append(b, ',')
	}
	return strconv.AppendInt(b, n, 10)
}

// next begins a value, with a comma where another stands before it.
func next(b []byte, open byte) []byte {
	if last := b[len(b)-1]; last != '[' && last != '{' && last != ':' {
		b = append(b, ',')
	}
	return append(b, open)
}

// key begins a field.
func key(b []byte, name string) []byte {
	if last := b[len(b)-1]; last != '{' {
		b = append(b, ',')
	}
	b = append(b, '"')
	b = append(b, name...)
	return append(b, '"', ':')
}

// text appends a text, with a comma before it where another value stands there.
func text(b []byte, s string) []byte {
	if last := b[len(b)-1]; last != '[' && last != ':' {
		b = append(b, ',')
	}
	return quotedText(b, s)
}

// quotedText appends a text in quotes. Nobody puts a line into HTML: <, > and & stand for themselves.
func quotedText(b []byte, s string) []byte {
	b = append(b, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b = append(b, '\\', byte(r))
		case r < ' ' || r == '\u2028' || r == '\u2029':
			const hex = "0123456789abcdef"
			b = append(b, '\\', 'u', hex[r>>12&15], hex[r>>8&15], hex[r>>4&15], hex[r&15])
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	return append(b, '"')
}

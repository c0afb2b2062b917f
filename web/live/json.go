package live

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The page's engine has to be small, and encoding/json is 100 kB of it when it is packed. What a question and an answer need of JSON is here; a
// test holds both to encoding/json.

// numeral is a number as a question writes it.
type numeral string

// deepest bounds how deep a question may be nested.
const deepest = 20

// parser reads JSON (RFC 8259): objects into map[string]any, lists into []any, texts into string, numbers into numeral.
type parser struct {
	data string
	at   int
}

// syntaxError is where JSON is broken.
type syntaxError struct {
	at  int // byte
	msg string
}

func (e *syntaxError) Error() string { return e.msg }

// parse reads a text that is one value.
func parse(data string) (v any, err *syntaxError) {
	p := &parser{data: data}
	defer func() {
		if r := recover(); r != nil {
			broken, ok := r.(*syntaxError)
			if !ok {
				panic(r)
			}
			v, err = nil, broken
		}
	}()
	v = p.value(0)
	if p.space(); p.at < len(data) {
		p.fail("must end after the first value, got more")
	}
	return v, nil
}

func (p *parser) fail(msg string) { panic(&syntaxError{p.at, msg}) }

// peek returns the next byte that is no space, 0 at the end.
func (p *parser) peek() byte {
	p.space()
	if p.at == len(p.data) {
		return 0
	}
	return p.data[p.at]
}

func (p *parser) space() {
	for p.at < len(p.data) && strings.IndexByte(" \t\n\r", p.data[p.at]) >= 0 {
		p.at++
	}
}

// take takes a byte that has to come next.
func (p *parser) take(b byte, where string) {
	if p.peek() != b || p.at == len(p.data) {
		p.fail(fmt.Sprintf("must have %q %s, got %s", b, where, p.got()))
	}
	p.at++
}

// got says what stands here.
func (p *parser) got() string {
	if p.at >= len(p.data) {
		return "the end"
	}
	r, _ := utf8.DecodeRuneInString(p.data[p.at:])
	return strconv.QuoteRune(r)
}

func (p *parser) value(depth int) any {
	if depth > deepest {
		p.fail(fmt.Sprintf("must be nested at most %d deep, got more", deepest))
	}
	switch b := p.peek(); {
	case b == '{':
		return p.object(depth)
	case b == '[':
		return p.list(depth)
	case b == '"':
		return p.text()
	case b == '-' || b >= '0' && b <= '9':
		return p.number()
	}
	for _, word := range []struct {
		name  string
		value any
	}{{"true", true}, {"false", false}, {"null", nil}} {
		if strings.HasPrefix(p.data[p.at:], word.name) {
			p.at += len(word.name)
			return word.value
		}
	}
	p.fail("must be a value, got " + p.got())
	return nil
}

func (p *parser) object(depth int) map[string]any {
	fields := map[string]any{}
	p.at++
	for first := true; p.peek() != '}'; first = false {
		if !first {
			p.take(',', "between fields")
		}
		if p.peek() != '"' {
			p.fail("must be the name of a field in quotes, got " + p.got())
		}
		start := p.at
		name := p.text()
		if _, twice := fields[name]; twice {
			p.at = start
			p.fail("must be a field given once, got " + quote(name) + " again")
		}
		p.take(':', "after the name of a field")
		fields[name] = p.value(depth + 1)
	}
	p.at++
	return fields
}

func (p *parser) list(depth int) []any {
	items := []any{}
	p.at++
	for first := true; p.peek() != ']'; first = false {
		if !first {
			p.take(',', "between values of a list")
		}
		items = append(items, p.value(depth+1))
	}
	p.at++
	return items
}

// number takes a number: digits without leading zeros, and maybe a fraction and an exponent.
func (p *parser) number() numeral {
	start := p.at
	digits := func() {
		from := p.at
		for p.at < len(p.data) && p.data[p.at] >= '0' && p.data[p.at] <= '9' {
			p.at++
		}
		if from == p.at {
			p.fail("must be a digit, got " + p.got())
		}
	}
	next := func(of string) bool { return p.at < len(p.data) && strings.IndexByte(of, p.data[p.at]) >= 0 }
	if next("-") {
		p.at++
	}
	if next("0") {
		p.at++
	} else {
		digits()
	}
	if next(".") {
		p.at++
		digits()
	}
	if next("eE") {
		if p.at++; next("+-") {
			p.at++
		}
		digits()
	}
	return numeral(p.data[start:p.at])
}

// text takes a text in quotes. Half a surrogate pair becomes the sign for what cannot be read.
func (p *parser) text() string {
	p.at++
	var b strings.Builder
	for {
		end := p.at
		for end < len(p.data) && p.data[end] != '"' && p.data[end] != '\\' && p.data[end] >= ' ' {
			end++
		}
		b.WriteString(p.data[p.at:end])
		p.at = end
		switch {
		case end == len(p.data) || p.data[end] < ' ':
			p.fail("must be a text that ends with a quote on its line, got " + p.got())
		case p.data[end] == '"':
			p.at++
			return b.String()
		}
		b.WriteRune(p.escape())
	}
}

// escape takes what a backslash begins.
func (p *parser) escape() rune {
	p.at++
	if p.at == len(p.data) {
		p.fail("must be a text that ends with a quote on its line, got the end")
	}
	const plain, meant = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
	if i := strings.IndexByte(plain, p.data[p.at]); i >= 0 {
		p.at++
		return rune(meant[i])
	}
	r := p.unit()
	if r >= 0xd800 && r < 0xdc00 && strings.HasPrefix(p.data[p.at:], `\u`) {
		before := p.at
		p.at++
		if low := p.unit(); low >= 0xdc00 && low < 0xe000 {
			return (r-0xd800)<<10 + (low - 0xdc00) + 0x10000
		}
		p.at = before
	}
	if r >= 0xd800 && r < 0xe000 {
		return utf8.RuneError
	}
	return r
}

// unit takes u and four digits.
func (p *parser) unit() rune {
	if p.data[p.at] == 'u' && p.at+5 <= len(p.data) {
		if n, err := strconv.ParseUint(p.data[p.at+1:p.at+5], 16, 32); err == nil && p.data[p.at+1] != '+' {
			p.at += 5
			return rune(n)
		}
	}
	p.fail("must be an escape that JSON has, such as \\n or \\u00e9, got " + p.got())
	return 0
}

// appendJSON appends a value: texts, numbers, switches, lists, maps by text (sorted) and structs by the tags of their fields.
func appendJSON(b []byte, v reflect.Value) []byte {
	switch v.Kind() {
	case reflect.String:
		return quotedText(b, v.String())
	case reflect.Bool:
		return strconv.AppendBool(b, v.Bool())
	case reflect.Int, reflect.Int64:
		return strconv.AppendInt(b, v.Int(), 10)
	case reflect.Float64:
		return appendFloat(b, v.Float())
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return append(b, "null"...)
		}
		return appendJSON(b, v.Elem())
	case reflect.Slice, reflect.Array:
		return appendList(b, v)
	case reflect.Map:
		return appendMap(b, v)
	case reflect.Struct:
		return appendStruct(b, v)
	}
	panic("live: a line has a field of type " + v.Type().String())
}

// appendFloat writes a number as JavaScript reads and writes it.
func appendFloat(b []byte, x float64) []byte {
	if size := math.Abs(x); size != 0 && (size < 1e-6 || size >= 1e21) {
		return strconv.AppendFloat(b, x, 'e', -1, 64)
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

func appendList(b []byte, v reflect.Value) []byte {
	b = append(b, '[')
	for i := range v.Len() {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendJSON(b, v.Index(i))
	}
	return append(b, ']')
}

func appendMap(b []byte, v reflect.Value) []byte {
	fields := map[string]reflect.Value{}
	for _, k := range v.MapKeys() {
		fields[k.String()] = v.MapIndex(k)
	}
	b = append(b, '{')
	for i, name := range slices.Sorted(maps.Keys(fields)) {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(quotedText(b, name), ':')
		b = appendJSON(b, fields[name])
	}
	return append(b, '}')
}

func appendStruct(b []byte, v reflect.Value) []byte {
	b = append(b, '{')
	first := true
	for i := range v.NumField() {
		name, rest, _ := strings.Cut(v.Type().Field(i).Tag.Get("json"), ",")
		if f := v.Field(i); rest != "omitempty" || f.Len() > 0 {
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(quotedText(b, name), ':')
			b = appendJSON(b, f)
		}
	}
	return append(b, '}')
}

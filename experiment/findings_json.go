package experiment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"entrepot/sim"
)

// MarshalJSON writes findings for programs: fields in the order of the types, named in lower case with underscores (XLow is
// x_low), dates as YYYY-MM-DD, lists never null, numbers that are not known or infinite as null. Every chart has a field kind
// before its others: fan, forest, waterfall, scatter, line or matrix.
func (f Findings) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	if err := writeJSON(&b, reflect.ValueOf(f)); err != nil {
		return nil, fmt.Errorf("writing findings: %w", err)
	}
	return b.Bytes(), nil
}

// writeJSON writes plain data.
func writeJSON(b *bytes.Buffer, v reflect.Value) error {
	if d, ok := v.Interface().(sim.Date); ok {
		b.WriteString(strconv.Quote(d.String()))
		return nil
	}
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if v.IsNil() {
			b.WriteString("null")
			return nil
		}
		return writeJSON(b, v.Elem())
	case reflect.Struct:
		return writeStruct(b, v)
	case reflect.Slice, reflect.Array:
		b.WriteByte('[')
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(',')
			}
			if err := writeJSON(b, v.Index(i)); err != nil {
				return err
			}
		}
		b.WriteByte(']')
		return nil
	case reflect.Float64:
		if x := v.Float(); math.IsNaN(x) || math.IsInf(x, 0) {
			b.WriteString("null")
			return nil
		}
	}
	data, err := json.Marshal(v.Interface())
	b.Write(data)
	return err
}

func writeStruct(b *bytes.Buffer, v reflect.Value) error {
	b.WriteByte('{')
	n := b.Len()
	if kind, ok := strings.CutSuffix(v.Type().Name(), "Chart"); ok {
		fmt.Fprintf(b, `"kind":%q`, strings.ToLower(kind))
	}
	if err := writeFields(b, v, n); err != nil {
		return err
	}
	b.WriteByte('}')
	return nil
}

// writeFields writes the fields of a struct that begins at n, those of embedded ones among them.
func writeFields(b *bytes.Buffer, v reflect.Value, n int) error {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		if !field.IsExported() {
			continue
		}
		if field.Anonymous {
			if err := writeFields(b, v.Field(i), n); err != nil {
				return err
			}
			continue
		}
		if b.Len() > n {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, "%q:", fieldName(field.Name))
		if err := writeJSON(b, v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

// fieldName writes a Go name in lower case with underscores: XLow is x_low, LogX log_x, Q05 q05.
func fieldName(name string) string {
	var b strings.Builder
	for i, r := range name {
		if unicode.IsUpper(r) && i > 0 {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

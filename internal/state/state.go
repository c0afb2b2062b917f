// Package state copies the state of one structure into another that was built alike.
//
// A run holds its state in a hundred columns, and knows itself in closures, back pointers and columns that two owners share.
// Whoever builds a second one in the usual way has all of these; what is then missing is what the weeks have changed. Copied
// field by field by hand, the one that is forgotten shows in no compiler's message: here it is an error, or it is copied.
package state

import (
	"fmt"
	"reflect"
	"unsafe"
)

// Copy gives into the state of from. Both are pointers to one type, and what they point to was built alike. Afterwards they share no
// memory that either may write to:
//
//   - numbers, texts, arrays and structs are copied;
//   - a slice that fits into that of into is written there, so that whoever shares its memory in into sees it; one that does not gets
//     new memory, of the length and capacity that it has in from;
//   - pointers are followed in step. What was met before stands for the same thing again; what from has and into lacks is made;
//   - maps are emptied and filled;
//   - functions stay those of into. So do the types in own, pointers to them and slices of them: what into was made from.
//
// An error names the field that cannot be copied: a channel or an interface that holds something, a pointer without type, or a
// function or one of own within what into did not have. into is then of no use.
func Copy(into, from any, own ...reflect.Type) error {
	to, of := reflect.ValueOf(into), reflect.ValueOf(from)
	if to.Kind() != reflect.Pointer || to.Type() != of.Type() || to.IsNil() || of.IsNil() {
		return fmt.Errorf("state: copying: must be two pointers to one type, got %T and %T", into, from)
	}
	c := &copier{own: map[reflect.Type]bool{}, plans: map[reflect.Type]*plan{}, met: map[meeting]unsafe.Pointer{}}
	for _, t := range own {
		c.own[t] = true
	}
	p := c.planOf(to.Type().Elem())
	c.met[meeting{of.UnsafePointer(), p.t}] = to.UnsafePointer()
	if err := c.copy(p, to.UnsafePointer(), of.UnsafePointer(), false); err != nil {
		return fmt.Errorf("state: copying %s%s: %s", p.t, err.path, err.what)
	}
	return nil
}

// copier is one Copy at work.
type copier struct {
	own   map[reflect.Type]bool
	plans map[reflect.Type]*plan
	met   map[meeting]unsafe.Pointer // where what stands at an address of from stands in into
}

// meeting is what was met. A struct and its first field have one address: the type tells them apart.
type meeting struct {
	at unsafe.Pointer
	t  reflect.Type
}

// plan is what is known of a type.
type plan struct {
	t      reflect.Type
	own    bool    // stays that of into
	flat   bool    // without anything but numbers and texts: copied at once
	elem   *plan   // of arrays, slices, pointers and maps
	fields []field // of structs
}

type field struct {
	*plan
	name   string
	offset uintptr
}

// uncopied is what could not be copied; its path grows on the way out, so that copying spends nothing on it.
type uncopied struct{ path, what string }

func (u *uncopied) under(path string) *uncopied {
	if u != nil {
		u.path = path + u.path
	}
	return u
}

func (c *copier) planOf(t reflect.Type) *plan {
	if p := c.plans[t]; p != nil {
		return p
	}
	p := &plan{t: t, own: c.owns(t)}
	c.plans[t] = p
	switch t.Kind() {
	case reflect.Struct:
		p.flat = !p.own
		for i := range t.NumField() {
			f := t.Field(i)
			p.fields = append(p.fields, field{c.planOf(f.Type), f.Name, f.Offset})
			p.flat = p.flat && p.fields[i].flat
		}
	case reflect.Array:
		p.elem = c.planOf(t.Elem())
		p.flat = p.elem.flat && !p.own
	case reflect.Slice, reflect.Pointer, reflect.Map:
		p.elem = c.planOf(t.Elem())
	default:
		p.flat = !p.own && (t.Kind() >= reflect.Bool && t.Kind() <= reflect.Complex128 && t.Kind() != reflect.Uintptr || t.Kind() == reflect.String)
	}
	return p
}

// owns reports whether values of a type stay those of into.
func (c *copier) owns(t reflect.Type) bool {
	for !c.own[t] {
		if t.Kind() != reflect.Pointer && t.Kind() != reflect.Slice {
			return false
		}
		t = t.Elem()
	}
	return true
}

// copy copies what stands at an address. It is fresh where into had nothing, so that there is nothing of its own to keep.
func (c *copier) copy(p *plan, to, from unsafe.Pointer, fresh bool) *uncopied {
	switch {
	case p.flat:
		at(p, to).Set(at(p, from))
		return nil
	case p.own, p.t.Kind() == reflect.Func:
		if fresh && !at(p, from).IsZero() {
			return &uncopied{what: "must be there already, for it cannot be copied: " + p.t.String()}
		}
		return nil
	}
	switch p.t.Kind() {
	case reflect.Struct:
		for i := range p.fields {
			f := &p.fields[i]
			if err := c.copy(f.plan, unsafe.Add(to, f.offset), unsafe.Add(from, f.offset), fresh); err != nil {
				return err.under("." + f.name)
			}
		}
	case reflect.Array:
		return c.each(p.elem, to, from, 0, p.t.Len(), fresh)
	case reflect.Slice:
		return c.slice(p, to, from, fresh)
	case reflect.Pointer:
		return c.pointer(p, to, from)
	case reflect.Map:
		return c.entries(p, to, from)
	default:
		if !at(p, from).IsZero() {
			return &uncopied{what: "must be something that can be copied, got " + p.t.String()}
		}
		at(p, to).SetZero()
	}
	return nil
}

// at is the value at an address, to be read and written whatever its field is called.
func at(p *plan, where unsafe.Pointer) reflect.Value { return reflect.NewAt(p.t, where).Elem() }

// each copies elements first to n of an array.
func (c *copier) each(p *plan, to, from unsafe.Pointer, first, n int, fresh bool) *uncopied {
	size := p.t.Size()
	for i := first; i < n; i++ {
		if err := c.copy(p, unsafe.Add(to, uintptr(i)*size), unsafe.Add(from, uintptr(i)*size), fresh); err != nil {
			return err.under(fmt.Sprintf("[%d]", i))
		}
	}
	return nil
}

func (c *copier) slice(p *plan, to, from unsafe.Pointer, fresh bool) *uncopied {
	into, of := at(p, to), at(p, from)
	n, had := of.Len(), into.Len()
	switch {
	case of.IsNil():
		into.SetZero()
		return nil
	case into.IsNil() || into.Cap() < n:
		room := reflect.MakeSlice(p.t, n, of.Cap())
		if !p.elem.flat { // elements that are there have their own
			reflect.Copy(room, into)
		}
		into.Set(room)
	default:
		into.SetLen(n)
	}
	if p.elem.flat {
		reflect.Copy(into, of)
		return nil
	}
	had = min(had, n)
	for i := had; i < n; i++ { // what may stand there is left over from something else
		into.Index(i).SetZero()
	}
	if err := c.each(p.elem, into.UnsafePointer(), of.UnsafePointer(), 0, had, fresh); err != nil {
		return err
	}
	return c.each(p.elem, into.UnsafePointer(), of.UnsafePointer(), had, n, true)
}

func (c *copier) pointer(p *plan, to, from unsafe.Pointer) *uncopied {
	into, of := at(p, to), at(p, from)
	if of.IsNil() {
		into.SetZero()
		return nil
	}
	key := meeting{of.UnsafePointer(), p.elem.t}
	if there := c.met[key]; there != nil {
		into.Set(reflect.NewAt(p.elem.t, there))
		return nil
	}
	fresh := into.IsNil()
	if fresh {
		into.Set(reflect.New(p.elem.t))
	}
	c.met[key] = into.UnsafePointer()
	return c.copy(p.elem, into.UnsafePointer(), of.UnsafePointer(), fresh)
}

func (c *copier) entries(p *plan, to, from unsafe.Pointer) *uncopied {
	into, of := at(p, to), at(p, from)
	key := c.planOf(p.t.Key())
	switch {
	case of.IsNil():
		into.SetZero()
		return nil
	case !key.flat:
		return &uncopied{what: "must have keys of numbers and texts, got " + p.t.String()}
	case into.IsNil():
		into.Set(reflect.MakeMapWithSize(p.t, of.Len()))
	default:
		into.Clear()
	}
	for entries := of.MapRange(); entries.Next(); { // whatever their order
		was, is := reflect.New(p.elem.t), reflect.New(p.elem.t)
		was.Elem().Set(entries.Value())
		if err := c.copy(p.elem, is.UnsafePointer(), was.UnsafePointer(), true); err != nil {
			return err.under(fmt.Sprintf("[%v]", entries.Key()))
		}
		into.SetMapIndex(entries.Key(), is.Elem())
	}
	return nil
}

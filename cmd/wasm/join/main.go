// Command join puts the data of a WebAssembly module into one piece: join IN OUT. Go's linker leaves out every eight zeros in a row and
// begins another piece behind them, a hundred thousand in all, each with an address. That makes a file smaller as it is, but a twelfth larger
// when packed, and packed it goes to readers; and an engine whose memory is filled in one piece starts sooner.
package main

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"slices"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "join: must be given two files, IN and OUT")
		os.Exit(2)
	}
	if err := file(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "join:", err)
		os.Exit(1)
	}
}

func file(in, out string) error {
	module, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	joined, err := join(module)
	if err != nil {
		return fmt.Errorf("joining the data of %s: %w", in, err)
	}
	return os.WriteFile(out, joined, 0o755)
}

// Of the format of modules (WebAssembly Core Specification 2.0, section 5.5): a head of eight bytes, then sections, each a number, a size
// and its body. Segments of the section of data are a kind (0: to an address in memory 0), the address as an expression, and bytes.
const (
	head        = "\x00asm\x01\x00\x00\x00"
	sectionData = 11
	opConst     = 0x41 // i32.const
	opEnd       = 0x0b
)

var errShort = errors.New("the module ends too soon")

// join returns the module with one segment of data, with zeros where there was none.
func join(module []byte) ([]byte, error) {
	rest, ok := bytes.CutPrefix(module, []byte(head))
	if !ok {
		return nil, errors.New("must begin as a WebAssembly module of version 1 does")
	}
	out := []byte(head)
	for len(rest) > 0 {
		id := rest[0]
		body, after, err := sized(rest[1:])
		if err != nil {
			return nil, err
		}
		if id == sectionData {
			if body, err = one(body); err != nil {
				return nil, err
			}
		}
		out = append(out, id)
		out = append(binary.AppendUvarint(out, uint64(len(body))), body...)
		rest = after
	}
	return out, nil
}

type segment struct {
	at   int64
	data []byte
}

// one makes the body of a section of data with one segment.
func one(body []byte) ([]byte, error) {
	segments, err := read(body)
	if err != nil || len(segments) == 0 {
		return body, err
	}
	slices.SortFunc(segments, func(a, b segment) int { return cmp.Compare(a.at, b.at) })
	from := segments[0].at
	var memory []byte
	for _, s := range segments {
		gap := s.at - from - int64(len(memory))
		if gap < 0 {
			return nil, fmt.Errorf("segments of data must not overlap, got one at %d inside another", s.at)
		}
		memory = append(append(memory, make([]byte, gap)...), s.data...)
	}
	out := append([]byte{1, 0, opConst}, signed(from)...)
	out = append(out, opEnd)
	return append(binary.AppendUvarint(out, uint64(len(memory))), memory...), nil
}

func read(body []byte) ([]segment, error) {
	count, n := binary.Uvarint(body)
	if n <= 0 {
		return nil, errShort
	}
	body = body[n:]
	segments := make([]segment, 0, min(count, uint64(len(body))))
	for range count {
		if len(body) < 2 || body[0] != 0 || body[1] != opConst {
			return nil, errors.New("segments of data must have a constant address in memory 0, as Go's linker writes them")
		}
		at, n := unsigned(body[2:])
		if n <= 0 || len(body) < 3+n || body[2+n] != opEnd {
			return nil, errShort
		}
		data, rest, err := sized(body[3+n:])
		if err != nil {
			return nil, err
		}
		segments = append(segments, segment{at, data})
		body = rest
	}
	if len(body) > 0 {
		return nil, errors.New("nothing must follow the last segment of data")
	}
	return segments, nil
}

// sized parts bytes that begin with how many they are from what follows.
func sized(b []byte) (body, after []byte, err error) {
	size, n := binary.Uvarint(b)
	if n <= 0 || size > uint64(len(b)-n) {
		return nil, nil, errShort
	}
	return b[n:][:size], b[n:][size:], nil
}

// unsigned reads a signed LEB128 number of 32 bits as an address, and says in how many bytes it stands.
func unsigned(b []byte) (int64, int) {
	var x int64
	for i := 0; i < len(b) && i < 5; i++ {
		x |= int64(b[i]&0x7f) << (7 * i)
		if b[i]&0x80 == 0 {
			if b[i]&0x40 != 0 {
				x |= -1 << (7 * (i + 1))
			}
			return int64(uint32(x)), i + 1
		}
	}
	return 0, 0
}

// signed writes an address as a signed LEB128 number of 32 bits.
func signed(address int64) (b []byte) {
	for x := int64(int32(address)); ; x >>= 7 {
		low := byte(x & 0x7f)
		if x>>7 == 0 && low&0x40 == 0 || x>>7 == -1 && low&0x40 != 0 {
			return append(b, low)
		}
		b = append(b, low|0x80)
	}
}

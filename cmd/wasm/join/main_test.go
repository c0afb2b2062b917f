package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestJoin(t *testing.T) {
	code := "\x0a\x03abc" // a section that is not ours to read
	for name, c := range map[string]struct{ in, out string }{
		"zeros come between segments, whatever their order": {
			head + code + "\x0b\x0f\x02\x00\x41\xc0\x00\x0b\x01b\x00\x41\x3c\x0b\x02aa" + "\x00\x01z",
			head + code + "\x0b\x0b\x01\x00\x41\x3c\x0b\x05aa\x00\x00b" + "\x00\x01z"},
		"an address above half of memory is still one": {
			head + "\x0b\x0b\x01\x00\x41\x80\x80\x80\x80\x78\x0b\x01a",
			head + "\x0b\x0b\x01\x00\x41\x80\x80\x80\x80\x78\x0b\x01a"},
		"no data":            {head + code, head + code},
		"no segment":         {head + "\x0b\x01\x00", head + "\x0b\x01\x00"},
		"nothing but a head": {head, head},
	} {
		t.Run(name, func(t *testing.T) {
			got, err := join([]byte(c.in))
			if err != nil || string(got) != c.out {
				t.Errorf("got %q, %v, want %q", got, err, c.out)
			}
			if again, err := join(got); err != nil || !bytes.Equal(again, got) {
				t.Errorf("what is joined must stay as it is, got %q, %v", again, err)
			}
		})
	}
}

func TestJoinRefuses(t *testing.T) {
	for name, c := range map[string]struct{ in, says string }{
		"no module":                        {"ELF", "must begin as a WebAssembly module"},
		"a section cut off":                {head + "\x0b\x09\x01", "ends too soon"},
		"a segment cut off":                {head + "\x0b\x05\x01\x00\x41\x00\x0b", "ends too soon"},
		"a segment without an address":     {head + "\x0b\x03\x01\x01\x00", "constant address"},
		"more than the segments said":      {head + "\x0b\x02\x00z", "nothing must follow"},
		"segments that overlap":            {head + "\x0b\x0e\x02\x00\x41\x00\x0b\x02aa\x00\x41\x01\x0b\x01b", "must not overlap"},
		"more segments said than are held": {head + "\x0b\x05\xff\xff\xff\xff\x0f", "constant address"},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := join([]byte(c.in)); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error with %q", err, c.says)
			}
		})
	}
}

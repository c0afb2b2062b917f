// Package spoil makes broken inputs out of good ones, for tests of whatever reads what people wrote. Its inputs are keyed: the same
// wherever and whenever they are made. It is what a fuzz test does where there is no time to fuzz.
package spoil

import (
	"fmt"
	"strings"
	"testing"

	"entrepot/sim"
)

// Each calls do with n inputs near the seeds, and names the input of a failure so that it can be kept. Every input must be done with
// whether it is good or not.
func Each(t *testing.T, n int, seeds []string, do func(t *testing.T, input string)) {
	t.Helper()
	if testing.Short() {
		n /= 10
	}
	for i := range n {
		one(t, i, Near(sim.NewKey(uint64(i)).Label(t.Name()), seeds), do)
		if t.Failed() {
			return
		}
	}
}

func one(t *testing.T, i int, input string, do func(t *testing.T, input string)) {
	done := false
	defer func() {
		if !done || t.Failed() {
			t.Logf("input %d: %q", i, input)
		}
		if r := recover(); r != nil {
			panic(fmt.Sprintf("%v, from input %d: %q", r, i, input))
		}
	}()
	do(t, input)
	done = true
}

// odd are pieces that readers of text and numbers stumble over.
func odd() []string {
	return []string{"", "\x00", "\xff", "\ufeff", "\r\n", "\t", "\"", "'", ",", ",,,,", ":", ";", "|", "/", "..", "../", "=", "{", "}", "[", "]", "&a ", "*a", "- ", "? ", "#", "!!int ",
		"0", "-0", "-1", "1e999", "-1e999", "1e-999", "NaN", "inf", "-Inf", ".5", "5.", "0x1p-2", "010", "1_000", "2147483648", "-2147483649", "9223372036854775808", "18446744073709551616",
		"99999999999999999999999", "null", "~", "true", "yes", "2023-02-30", "0000-00-00", "9999-12-31", "2023-13-01", "é", "\u0301", "\u202e", "\U0001f600", "\u2028", "none", "%s%n", "$(x)"}
}

// Near returns an input near one of the seeds, or a splice of two: one to six pieces of it cut out, doubled, moved, changed, or
// something odd put in.
func Near(key sim.Key, seeds []string) string {
	d := Dice{Key: key}
	text := seeds[d.Below(len(seeds))]
	if d.Below(8) == 0 {
		other := seeds[d.Below(len(seeds))]
		text = text[:d.Below(len(text)+1)] + other[d.Below(len(other)+1):]
	}
	for range 1 + d.Below(6) {
		text = change(&d, text)
	}
	return text
}

func change(d *Dice, text string) string {
	from := d.Below(len(text) + 1)
	to := min(len(text), from+1+d.Below(1+d.Below(64)))
	piece := text[from:to]
	switch d.Below(10) {
	case 0:
		return text[:from]
	case 1:
		return text[:from] + text[to:]
	case 2:
		return text[:to] + piece + text[to:]
	case 3: // many times
		return text[:from] + strings.Repeat(piece, 1+d.Below(200)) + text[to:]
	case 4: // to another place
		rest := text[:from] + text[to:]
		at := d.Below(len(rest) + 1)
		return rest[:at] + piece + rest[at:]
	case 5, 6:
		if piece == "" {
			return text
		}
		return text[:from] + string([]byte{text[from] ^ 1<<d.Below(8)}) + text[from+1:]
	case 7:
		return text[:from] + string([]byte{byte(d.Below(256))}) + text[min(len(text), from+1):]
	case 8:
		return text[:from] + odd()[d.Below(len(odd()))] + text[from:]
	default: // in place of a word or a number
		return text[:from] + odd()[d.Below(len(odd()))] + strings.TrimLeft(text[from:], "abcdefghijklmnopqrstuvwxyz_0123456789.")
	}
}

// Dice are throws that follow from a key.
type Dice struct {
	Key    sim.Key
	thrown uint64
}

// Below returns a number from 0 to n-1.
func (d *Dice) Below(n int) int {
	d.thrown++
	return int(d.Key.At(d.thrown).Bits() % uint64(n))
}

// Pick returns one of some things.
func Pick[T any](d *Dice, from []T) T { return from[d.Below(len(from))] }

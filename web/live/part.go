package live

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"math"

	"entrepot/experiment"
)

// A comparison can be lived in parts, by several workers of the page: each answers with the rows of its pairs, packed, and whoever gets all of them
// answers as one that had lived them alone. Pairs stay together, for they share their past. Only a desk of the reader's own machine takes
// parts (Desk.Parts): they are believed.

// part is a store that leaves out the pairs of other parts.
type part struct {
	*experiment.Memory
	study     *experiment.Study
	index, of int
}

// Kept reports whether a run is there, or another's.
func (p *part) Kept(run int) bool {
	_, pair := p.study.Place(run)
	return pair%p.of != p.index || p.Memory.Kept(run)
}

// partLine holds the rows of the pairs of a part.
type partLine struct {
	Kind string `json:"kind"`
	Part int    `json:"part"`
	Of   int    `json:"of"`
	Rows string `json:"rows"` // packed, in base64
}

// pack writes the rows of runs: the run's number, then every table's columns with their length before them.
func pack(results experiment.Results) (string, error) {
	var b []byte
	err := results.Each(func(run int, rows []experiment.Rows) error {
		b = binary.AppendUvarint(b, uint64(run))
		b = binary.AppendUvarint(b, uint64(len(rows)))
		for _, r := range rows {
			b = binary.AppendUvarint(b, uint64(len(r.Int)))
			for c := range r.Int {
				b = column(b, r.Int[c], func(b []byte, x int64) []byte { return binary.AppendVarint(b, x) })
				b = column(b, r.Float[c], func(b []byte, x float64) []byte { return binary.LittleEndian.AppendUint64(b, math.Float64bits(x)) })
				b = column(b, r.Text[c], func(b []byte, x string) []byte { return append(binary.AppendUvarint(b, uint64(len(x))), x...) })
			}
		}
		return nil
	})
	return base64.StdEncoding.EncodeToString(b), err
}

func column[T any](b []byte, values []T, put func([]byte, T) []byte) []byte {
	b = binary.AppendUvarint(b, uint64(len(values)))
	for _, x := range values {
		b = put(b, x)
	}
	return b
}

// errPart is of rows that end too early, or say that they are longer than they can be.
var errPart = errors.New("must be rows as an answer to `part` holds them")

// unpack keeps the rows of a part.
func unpack(text string, into *experiment.Memory) error {
	b, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return errPart
	}
	u := unpacker{b: b}
	for len(u.b) > 0 && !u.bad {
		run := u.count(math.MaxInt32)
		rows := make([]experiment.Rows, u.count(16))
		for i := range rows {
			n := u.count(len(u.b))
			r := experiment.Rows{Int: make([][]int64, n), Float: make([][]float64, n), Text: make([][]string, n)}
			for c := range n {
				r.Int[c] = columnOf(&u, u.varint)
				r.Float[c] = columnOf(&u, func() float64 { return math.Float64frombits(u.bits()) })
				r.Text[c] = columnOf(&u, func() string { return string(u.take(u.count(len(u.b)))) })
			}
			rows[i] = r
		}
		if !u.bad {
			if err := into.Keep(run, rows); err != nil {
				return err
			}
		}
	}
	if u.bad {
		return errPart
	}
	return nil
}

// unpacker reads what pack wrote; after the first thing that cannot be it is bad, and everything is zero.
type unpacker struct {
	b   []byte
	bad bool
}

func (u *unpacker) take(n int) []byte {
	if n > len(u.b) || u.bad {
		u.bad, u.b = true, nil
		return nil
	}
	taken := u.b[:n]
	u.b = u.b[n:]
	return taken
}

func (u *unpacker) count(most int) int {
	x, n := binary.Uvarint(u.b)
	if n <= 0 || x > uint64(most) || u.bad {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[n:]
	return int(x)
}

func (u *unpacker) varint() int64 {
	x, n := binary.Varint(u.b)
	if n <= 0 || u.bad {
		u.bad, u.b = true, nil
		return 0
	}
	u.b = u.b[n:]
	return x
}

func (u *unpacker) bits() uint64 {
	if b := u.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

// columnOf reads a column; one without values is nil, as it was.
func columnOf[T any](u *unpacker, get func() T) []T {
	n := u.count(len(u.b)) // each value takes a byte at least
	if n == 0 {
		return nil
	}
	out := make([]T, 0, n)
	for range n {
		out = append(out, get())
	}
	return out
}

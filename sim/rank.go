package sim

import "math/bits"

// Ranking sorts positions by their keys in linear time. Its buffers are reused; the zero value is ready.
type Ranking struct {
	keys         []uint64
	order, spare []int32
	count        [1 << digitBits]int32
}

// digitBits is the most bits that one pass of the radix sort looks at; where keys are few, clearing the counts of so many
// digits would take longer than another pass, and it looks at digitBitsOfFew.
const (
	digitBits      = 11
	digitBitsOfFew = 8
	manyKeys       = 2048
)

// digit returns how many bits a pass looks at.
func (r *Ranking) digit() int {
	if len(r.keys) < manyKeys {
		return digitBitsOfFew
	}
	return digitBits
}

// Keys returns room for n keys, to be filled before the next call of Rank or Sort.
func (r *Ranking) Keys(n int) []uint64 {
	if cap(r.keys) < n {
		room := n + n/4
		r.keys, r.order, r.spare = make([]uint64, room), make([]int32, room), make([]int32, room)
	}
	r.keys = r.keys[:n]
	return r.keys
}

// Rank returns the positions of the keys from the smallest key to the largest, equal keys by position. It is fast where
// the upper bits of the keys are random, as those of hashed luck are. The result is valid until the next call.
func (r *Ranking) Rank() []int32 {
	r.start()
	digit := r.digit() // two passes leave few of many hashed keys out of place, one pass few of a thousand
	first := 64 - digit
	if len(r.keys) >= manyKeys {
		first -= digit
	}
	for shift := first; shift < 64 && len(r.keys) > few; shift += digit {
		r.pass(shift, digit)
	}
	r.insert() // stable: keys that agree in the upper bits stand by position
	return r.order[:len(r.keys)]
}

// few is up to how many keys insertion is faster than clearing the counts of a pass.
const few = 64

// insert sorts positions by insertion, which is fast where they are few or nearly sorted.
func (r *Ranking) insert() {
	keys, order := r.keys, r.order[:len(r.keys)]
	for i := 1; i < len(order); i++ {
		k, j := order[i], i
		for ; j > 0 && keys[order[j-1]] > keys[k]; j-- {
			order[j] = order[j-1]
		}
		order[j] = k
	}
}

// Sort returns the positions of the keys from the smallest key to the largest, equal keys by position. It is fast where
// the largest key is small. The result is valid until the next call.
func (r *Ranking) Sort() []int32 {
	r.start()
	if len(r.keys) <= few {
		r.insert()
		return r.order[:len(r.keys)]
	}
	var all uint64
	for _, k := range r.keys {
		all |= k
	}
	digit := r.digit()
	for shift := 0; shift < bits.Len64(all); shift += digit {
		r.pass(shift, digit)
	}
	return r.order[:len(r.keys)]
}

// start puts the positions into their own order.
func (r *Ranking) start() {
	for i := range r.keys {
		r.order[i] = int32(i)
	}
}

// pass sorts the positions by one digit of their keys, keeping the order of those that have the same digit.
func (r *Ranking) pass(shift, digit int) {
	mask := uint64(1)<<digit - 1
	keys, order, spare := r.keys, r.order[:len(r.keys)], r.spare[:len(r.keys)]
	count := r.count[:mask+1]
	clear(count)
	for _, k := range keys {
		count[k>>(shift&63)&mask]++
	}
	var before int32
	for d, n := range count {
		count[d] = before
		before += n
	}
	for _, k := range order {
		d := keys[k] >> (shift & 63) & mask
		spare[count[d]] = k
		count[d]++
	}
	r.order, r.spare = r.spare, r.order
}

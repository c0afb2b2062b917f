package sim

import "math/bits"

// Ranking sorts positions by their keys in linear time. Its buffers are reused; the zero value is ready.
type Ranking struct {
	keys         []uint64
	order, spare []int32
	count        [1 << digitBits]int32
}

// digitBits is the number of bits that one pass of the radix sort looks at.
const digitBits = 11

// Keys returns room for n keys, to be filled before the next call of Rank or Sort.
func (r *Ranking) Keys(n int) []uint64 {
	if cap(r.keys) < n {
		room := n + n/4
		r.keys, r.order, r.spare = make([]uint64, room), make([]int32, room), make([]int32, room)
	}
	r.keys = r.keys[:n]
	return r.keys
}

// rankedBits is how much of a key Rank sorts by radix: enough to leave few hashed keys out of place.
const rankedBits = 2 * digitBits

// Rank returns the positions of the keys from the smallest key to the largest, equal keys by position. It is fast where
// the upper bits of the keys are random, as those of hashed luck are. The result is valid until the next call.
func (r *Ranking) Rank() []int32 {
	r.start()
	for shift := 64 - rankedBits; shift < 64 && len(r.keys) > few; shift += digitBits {
		r.pass(shift)
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
	for shift := 0; shift < bits.Len64(all); shift += digitBits {
		r.pass(shift)
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
func (r *Ranking) pass(shift int) {
	const mask = 1<<digitBits - 1
	keys, order, spare := r.keys, r.order[:len(r.keys)], r.spare[:len(r.keys)]
	clear(r.count[:])
	for _, k := range keys {
		r.count[k>>shift&mask]++
	}
	var before int32
	for d, n := range &r.count {
		r.count[d] = before
		before += n
	}
	for _, k := range order {
		d := keys[k] >> shift & mask
		spare[r.count[d]] = k
		r.count[d]++
	}
	r.order, r.spare = r.spare, r.order
}

package sim

import (
	"cmp"
	"slices"
	"testing"
)

func TestRankingSortsByKeyThenPosition(t *testing.T) {
	shapes := []struct {
		name string
		key  func(k Key) uint64
		way  func(r *Ranking) []int32
	}{
		{"hashed luck", Key.Bits, (*Ranking).Rank},
		{"luck with many equals", func(k Key) uint64 { return uint64(k.Intn(9)) << 61 }, (*Ranking).Rank},
		{"luck that differs below the sorted bits", func(k Key) uint64 { return uint64(k.Intn(300)) }, (*Ranking).Rank},
		{"prices", func(k Key) uint64 { return uint64(k.Intn(900_000)) }, (*Ranking).Sort},
		{"one price", func(Key) uint64 { return 7 }, (*Ranking).Sort},
		{"nothing", func(Key) uint64 { return 0 }, (*Ranking).Sort},
		{"long keys", Key.Bits, (*Ranking).Sort},
	}
	for _, s := range shapes {
		var r Ranking
		for _, n := range []int{1000, 0, 1, 2, 17, 5000} {
			keys := r.Keys(n)
			for i := range keys {
				keys[i] = s.key(NewKey(uint64(n)).At(uint64(i)))
			}
			want := make([]int32, n)
			for i := range want {
				want[i] = int32(i)
			}
			slices.SortStableFunc(want, func(x, y int32) int { return cmp.Compare(keys[x], keys[y]) })
			if got := s.way(&r); !slices.Equal(got, want) {
				t.Errorf("%d keys of %s are not in the order of a stable sort", n, s.name)
			}
		}
	}
}

func BenchmarkRanking(b *testing.B) {
	for _, n := range []int{1000, 1_000_000} {
		b.Run(map[int]string{1000: "1e3", 1_000_000: "1e6"}[n], func(b *testing.B) {
			var r Ranking
			for i := 0; i < b.N; i++ {
				keys := r.Keys(n)
				for k := range keys {
					keys[k] = NewKey(1).At(uint64(k)).Bits()
				}
				r.Rank()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/key")
		})
	}
}

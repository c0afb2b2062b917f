package store

import (
	"context"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"entrepot/experiment"
)

// slow is a store on a disk that takes its time, now and then a long one.
type slow struct {
	*Store
	lock          sync.Mutex
	luck          *rand.Rand
	waiting, most int // runs that are being kept
}

func (s *slow) Keep(run int, rows []experiment.Rows) error {
	s.lock.Lock()
	s.waiting++
	s.most = max(s.most, s.waiting)
	wait := time.Duration(s.luck.Int64N(int64(4 * time.Millisecond)))
	if s.luck.IntN(40) == 0 {
		wait += 100 * time.Millisecond
	}
	s.lock.Unlock()
	time.Sleep(wait)
	err := s.Store.Keep(run, rows)
	s.lock.Lock()
	defer s.lock.Unlock()
	s.waiting--
	return err
}

// A slow disk changes the order in which runs are kept and nothing else; workers wait for it, so that nothing piles up in memory.
func TestASlowDiskGivesTheSameBytes(t *testing.T) {
	quick := t.TempDir()
	do(t, quick, model(200), experiment.Shard{}, 1)
	want := files(t, quick)
	for _, workers := range []int{1, 5} {
		dir := t.TempDir()
		at := open(t, dir, of(model(200)))
		s := &slow{Store: at, luck: rand.New(rand.NewPCG(uint64(workers), 0))}
		if err := model(200).Execute(context.Background(), s, experiment.Options{Workers: workers}); err != nil {
			t.Fatal(err)
		}
		if s.most > workers {
			t.Errorf("%d runs wait for the disk, want at most one of each of %d workers", s.most, workers)
		}
		closed(t, at)
		do(t, dir, model(200), experiment.Shard{}, workers) // all are kept: it finishes
		same(t, files(t, dir), want, "on a slow disk")
	}
}

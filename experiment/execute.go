package experiment

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"

	"entrepot/output/tables"
)

// Failure is why a run failed. It is kept in the run's place: one bad run does not end a study.
type Failure struct {
	Stage  string // setup, run, time
	Reason string
}

// Error says where and why.
func (f *Failure) Error() string { return f.Stage + ": " + f.Reason }

// Options say how a study is executed. None of them changes what it finds.
type Options struct {
	Workers int                // runs at a time, at least 1
	Shard   Shard              // which of the runs are done here
	Limit   Limit              // how long a run may take; nil: as long as it likes
	Tell    func(done, of int) // called after every run, in no particular order and never twice at a time; may be nil
}

// Shard is one of the parts into which a study is cut: part Of parts, from 1; the zero value is the whole.
type Shard struct{ Part, Of int }

// Has reports whether a run belongs to the shard.
func (s Shard) Has(run int) bool { return s.Of <= 1 || run%s.Of == s.Part-1 }

// Limit returns a context for one run, which ends when the run has had its time, and what frees it. A clock is the caller's:
// nothing in this package has one.
type Limit func(context.Context) (context.Context, context.CancelFunc)

// Execute does the runs that the store does not have yet and keeps each. It returns when all are kept, with the number of those
// that failed; or when the context ends or the store refuses one, with that error: what was kept stays.
func (s *Study) Execute(ctx context.Context, store Store, o Options) error {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	todo := s.todo(store, o.Shard)
	e := &execution{Study: s, store: store, Options: o, of: todo.of, done: todo.of - len(todo.runs)}
	next := make(chan int)
	var wait sync.WaitGroup
	for range max(1, min(o.Workers, len(todo.runs))) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for run := range next {
				if err := e.do(inner, run); err != nil {
					cancel(err)
				}
			}
		}()
	}
feed:
	for _, run := range todo.runs {
		select {
		case next <- run:
		case <-inner.Done():
			break feed
		}
	}
	close(next)
	wait.Wait()
	if inner.Err() != nil {
		return context.Cause(inner)
	}
	return nil
}

// todo lists the runs of a shard that a store lacks.
func (s *Study) todo(store Store, shard Shard) (t struct {
	runs []int
	of   int
}) {
	for run := range s.Runs() {
		if shard.Has(run) {
			t.of++
			if !store.Kept(run) {
				t.runs = append(t.runs, run)
			}
		}
	}
	return t
}

// execution is a study at work.
type execution struct {
	*Study
	store Store
	Options
	lock     sync.Mutex // of what follows
	done, of int
}

// do does one run and keeps it, or what it failed of.
func (e *execution) do(ctx context.Context, run int) error {
	point, _ := e.Place(run)
	taken, err := e.limited(ctx, &e.Points[point], e.SeedOf(run))
	if ctx.Err() != nil {
		return ctx.Err() // broken off from outside: not the run's fault
	}
	if err := e.store.Keep(run, e.rows(run, taken, err)); err != nil {
		return err
	}
	e.lock.Lock()
	defer e.lock.Unlock()
	e.done++
	if e.Tell != nil {
		e.Tell(e.done, e.of)
	}
	return nil
}

// limited does a run within its time. A run that does not even look at its context is left behind: it holds a processor until the
// program ends, but no other run.
func (e *execution) limited(ctx context.Context, p *Point, seed uint64) (*Taken, error) {
	if e.Limit == nil {
		return e.guarded(ctx, p, seed)
	}
	limited, free := e.Limit(ctx)
	defer free()
	type outcome struct {
		*Taken
		error
	}
	got := make(chan outcome, 1)
	go func() {
		taken, err := e.guarded(limited, p, seed)
		got <- outcome{taken, err}
	}()
	select {
	case o := <-got:
		if limited.Err() != nil && ctx.Err() == nil {
			return nil, &Failure{"time", "the run took longer than it may"}
		}
		return o.Taken, o.error
	case <-limited.Done():
		return nil, &Failure{"time", "the run took longer than it may"}
	}
}

// guarded makes a panic a failure of its run.
func (e *execution) guarded(ctx context.Context, p *Point, seed uint64) (taken *Taken, err error) {
	defer func() {
		if r := recover(); r != nil {
			taken, err = nil, &Failure{"run", fmt.Sprint("panic: ", r)}
		}
	}()
	do := e.Do
	if do == nil {
		do = Simulate
	}
	return do(ctx, e.Study, p, seed)
}

// rows turns what was taken of a run into rows of the study's tables.
func (e *execution) rows(run int, taken *Taken, err error) []Rows {
	ts := e.Tables()
	point, replicate := e.Place(run)
	var failure Failure
	if err != nil {
		failure = asFailure(err)
	}
	row := NewRows(&ts[0])
	for c, x := range []int{run, point, replicate, int(e.SeedOf(run))} {
		row.Int[c] = []int64{int64(x)}
	}
	row.Text[stageColumn], row.Text[failedColumn] = []string{failure.Stage}, []string{failure.Reason}
	for i := range e.Figures {
		x := math.NaN()
		if taken != nil {
			x = taken.Figures[i]
		}
		row.Float[figureColumns+i] = []float64{x}
	}
	all := []Rows{row}
	if len(e.Series) > 0 {
		all = append(all, e.seriesRows(run, &ts[1], taken))
	}
	if len(e.Full) > 0 {
		var whole *tables.Run
		if taken != nil {
			whole = taken.Whole
		}
		all = append(all, e.whole(run, whole)...)
	}
	return all
}

// seriesRows turns the series of a run into rows; none where the run failed.
func (e *execution) seriesRows(run int, t *Table, taken *Taken) Rows {
	rows := NewRows(t)
	if taken == nil {
		return rows
	}
	for i := range e.Series {
		for k, month := range taken.Months {
			rows.Int[0] = append(rows.Int[0], int64(run))
			rows.Text[1] = append(rows.Text[1], e.Series[i].ID)
			rows.Text[2] = append(rows.Text[2], month)
			rows.Float[3] = append(rows.Float[3], taken.Series[i][k])
		}
	}
	return rows
}

func asFailure(err error) Failure {
	var f *Failure
	if errors.As(err, &f) {
		return *f
	}
	return Failure{"run", err.Error()}
}

// Repeat does one run again and returns its rows, to be set beside those that were kept.
func (s *Study) Repeat(ctx context.Context, run int) []Rows {
	e := &execution{Study: s}
	point, _ := s.Place(run)
	taken, err := e.guarded(ctx, &s.Points[point], s.SeedOf(run))
	return e.rows(run, taken, err)
}

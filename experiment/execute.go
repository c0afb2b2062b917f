package experiment

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"sync"

	"entrepot/agents"
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
	Limit   Limit              // how long a run may take, or a stretch of the past of several runs; nil: as long as it likes
	Fits    Fits               // asked before the first run how many at a time have room; nil: Workers
	Until   <-chan struct{}    // once it is closed no further run begins, and those at work go on to their end; nil: all are done
	Tell    func(done, of int) // called after every run, in no particular order and never twice at a time; may be nil
}

// Shard is one of the parts into which a study is cut: part Of parts, from 1; the zero value is the whole.
type Shard struct{ Part, Of int }

// Has reports whether a run belongs to the shard.
func (s Shard) Has(run int) bool { return s.Of <= 1 || run%s.Of == s.Part-1 }

// Limit returns a context for one run (or a stretch of several runs' past), which ends when the run has had its time, and what frees it. A clock is the caller's:
// nothing in this package has one.
type Limit func(context.Context) (context.Context, context.CancelFunc)

// Execute does the runs that the store does not have yet and keeps each. It returns when all are kept; or when the context ends or the
// store refuses one, with that error; or, where Until was closed before all had begun, with context.Canceled. What was kept stays.
//
// Runs of a replicate that have the same past live it once and fork where they part (pasts). They give the same rows as if each were done
// alone, and what befalls a common past befalls all of them.
func (s *Study) Execute(ctx context.Context, store Store, o Options) error {
	inner, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	todo := s.todo(store, o.Shard)
	e := s.execution(todo.runs, o)
	e.store, e.of, e.done = store, todo.of, todo.of-len(todo.runs)
	at, err := e.workers(len(todo.runs))
	if err != nil {
		return err
	}
	var workers sync.WaitGroup
	for range at {
		workers.Add(1)
		go func() {
			defer workers.Done()
			for j := range e.jobs {
				if err := e.work(inner, j); err != nil {
					cancel(err)
				}
				e.pending.Done()
			}
		}()
	}
	e.feed(inner, todo.runs)
	e.pending.Wait()
	close(e.jobs)
	workers.Wait()
	switch {
	case inner.Err() != nil:
		return context.Cause(inner)
	case e.done < e.of: // they did not begin
		return context.Canceled
	}
	return nil
}

// Room asks Fits, before there is a store, how many runs of the whole shard may be at work at a time.
func (s *Study) Room(o Options) (workers int, err error) {
	todo := s.todo(nil, o.Shard)
	return s.execution(todo.runs, o).workers(todo.of)
}

// execution prepares runs for work.
func (s *Study) execution(runs []int, o Options) *execution {
	e := &execution{Study: s, Options: o, jobs: make(chan job)}
	e.common = e.pasts(e.pointsOf(runs))
	return e
}

// workers is how many of so many runs may be at work at a time.
func (e *execution) workers(runs int) (int, error) {
	at := max(1, min(e.Workers, runs))
	if e.Fits == nil || runs == 0 {
		return at, nil
	}
	return e.Fits(at, e.needs())
}

// todo lists the runs of a shard that a store lacks; nil is one that has none.
func (s *Study) todo(store Store, shard Shard) (t struct {
	runs []int
	of   int
}) {
	for run := range s.Runs() {
		if shard.Has(run) {
			t.of++
			if store == nil || !store.Kept(run) {
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
	common   *pasts
	jobs     chan job
	pending  sync.WaitGroup // jobs that a worker has or will get
	lock     sync.Mutex     // of what follows
	done, of int
}

// job is what a worker gets at a time: a run, or all runs of a replicate that have some past in common.
type job struct {
	replicate int
	point     int     // of a run alone
	branch    *branch // nil: a run alone
	life      *life   // where the branch stands; nil: at the beginning
}

// feed hands the work out, replicate by replicate, until the context ends.
func (e *execution) feed(ctx context.Context, runs []int) {
	for len(runs) > 0 {
		_, replicate := e.Place(runs[0])
		n, _ := slices.BinarySearch(runs, e.Run(0, replicate+1))
		points := e.pointsOf(runs[:n])
		runs = runs[n:]
		for _, j := range e.jobsOf(replicate, points) {
			e.pending.Add(1)
			if !e.hand(ctx, j) {
				e.pending.Done()
				return
			}
		}
	}
}

// hand waits for a worker who takes a job, and says whether one did before it was too late.
func (e *execution) hand(ctx context.Context, j job) bool {
	if e.late() { // though a worker be free
		return false
	}
	select {
	case e.jobs <- j:
		return true
	case <-e.Until:
	case <-ctx.Done():
	}
	return false
}

// late says whether no further run shall begin.
func (e *execution) late() bool {
	select {
	case <-e.Until:
		return true
	default:
		return false
	}
}

// pointsOf lists the points of runs.
func (s *Study) pointsOf(runs []int) []int {
	there := make([]bool, len(s.Points))
	for _, run := range runs {
		point, _ := s.Place(run)
		there[point] = true
	}
	var points []int
	for point, is := range there {
		if is {
			points = append(points, point)
		}
	}
	return points
}

// jobsOf makes jobs of the points of a replicate that are to be done.
func (e *execution) jobsOf(replicate int, points []int) (jobs []job) {
	for _, family := range e.common.families {
		here := slices.DeleteFunc(slices.Clone(family), func(i int) bool { return !slices.Contains(points, i) })
		if len(here) > 1 {
			jobs = append(jobs, job{replicate: replicate, branch: e.common.branch(here, -agents.BurnIn)})
			points = slices.DeleteFunc(points, func(i int) bool { return slices.Contains(here, i) })
		}
	}
	for _, point := range points {
		jobs = append(jobs, job{replicate: replicate, point: point})
	}
	return jobs
}

// work does a job. Its error ends the study.
func (e *execution) work(ctx context.Context, j job) error {
	if j.branch != nil {
		return e.grow(ctx, j)
	}
	run := e.Run(j.point, j.replicate)
	taken, err := attempt(ctx, e.Limit, func(ctx context.Context) (*Taken, error) { return e.simulate(ctx, run) })
	return e.keep(ctx, j.replicate, []int{j.point}, taken, err)
}

// simulate does a run alone.
func (s *Study) simulate(ctx context.Context, run int) (*Taken, error) {
	do := s.Do
	if do == nil {
		do = Simulate
	}
	point, _ := s.Place(run)
	return do(ctx, s, &s.Points[point], s.SeedOf(run))
}

// grow lives a branch, and every branch that parts from it before it goes on: the runs that wait are those on the way to the one
// that lives. A branch for which another worker is free goes to that one.
func (e *execution) grow(ctx context.Context, j job) (err error) {
	b, l := j.branch, j.life
	if l == nil {
		l, err = attempt(ctx, nil, func(context.Context) (*life, error) {
			return e.begin(e.common.setups[b.points[0]], e.SeedOf(e.Run(b.points[0], j.replicate)))
		})
	}
	for k, part := range b.parts {
		if err == nil {
			_, err = attempt(ctx, e.Limit, func(ctx context.Context) (*life, error) { return l, l.live(ctx, part.from) })
		}
		if err != nil {
			left := branch{points: b.points, parts: b.parts[k:]}
			return e.keep(ctx, j.replicate, left.all(), nil, err)
		}
		if err := e.part(ctx, j.replicate, part, l); err != nil {
			return err
		}
	}
	var taken *Taken
	if err == nil {
		taken, err = attempt(ctx, e.Limit, l.rest)
	}
	return e.keep(ctx, j.replicate, b.points, taken, err)
}

// part lets a branch part from a run, unless it is too late for it to begin.
func (e *execution) part(ctx context.Context, replicate int, b *branch, from *life) error {
	if e.late() {
		return nil
	}
	fork, err := attempt(ctx, nil, func(context.Context) (*life, error) { return from.fork(e.common.setups[b.points[0]]) })
	if err != nil {
		return e.keep(ctx, replicate, b.all(), nil, err)
	}
	j := job{replicate: replicate, branch: b, life: fork}
	e.pending.Add(1)
	select {
	case e.jobs <- j:
		return nil
	default:
		e.pending.Done()
		return e.grow(ctx, j)
	}
}

// keep keeps the runs of some points of a replicate, which gave the same or failed of the same.
func (e *execution) keep(ctx context.Context, replicate int, points []int, taken *Taken, err error) error {
	for _, point := range points {
		if ctx.Err() != nil {
			return ctx.Err() // broken off from outside: not the run's fault
		}
		run := e.Run(point, replicate)
		if err := e.store.Keep(run, e.rows(run, taken, err)); err != nil {
			return err
		}
		e.tell()
	}
	return nil
}

// tell counts a run that is kept.
func (e *execution) tell() {
	e.lock.Lock()
	defer e.lock.Unlock()
	e.done++
	if e.Tell != nil {
		e.Tell(e.done, e.of)
	}
}

// attempt does something within its time. What does not even look at its context is left behind: it holds a processor until the
// program ends, but no other run.
func attempt[T any](ctx context.Context, limit Limit, do func(context.Context) (T, error)) (none T, err error) {
	if limit == nil {
		return guarded(ctx, do)
	}
	limited, free := limit(ctx)
	defer free()
	type outcome struct {
		did T
		err error
	}
	got := make(chan outcome, 1)
	go func() {
		did, err := guarded(limited, do)
		got <- outcome{did, err}
	}()
	select {
	case o := <-got:
		if limited.Err() != nil && ctx.Err() == nil {
			return none, &Failure{"time", "the run took longer than it may"}
		}
		return o.did, o.err
	case <-limited.Done():
		return none, &Failure{"time", "the run took longer than it may"}
	}
}

// guarded makes a panic a failure of its run.
func guarded[T any](ctx context.Context, do func(context.Context) (T, error)) (did T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Failure{"run", fmt.Sprint("panic: ", r)}
		}
	}()
	return do(ctx)
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
	taken, err := guarded(ctx, func(ctx context.Context) (*Taken, error) { return e.simulate(ctx, run) })
	return e.rows(run, taken, err)
}

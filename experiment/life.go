package experiment

import (
	"context"
	"fmt"
	"reflect"

	"entrepot/agents"
	"entrepot/internal/state"
	"entrepot/output/record"
	"entrepot/output/tables"
)

// life is a run under way, with what is taken of it.
type life struct {
	study *Study
	m     *agents.Model
	end   int // the week from which on nothing is asked of the run
	taking
}

// taking is what watches a run.
type taking struct {
	names *tables.Names
	panel *panel
	whole *tables.Run // nil where no table is kept whole
	watch *record.Observer
}

// begin returns a run before the first week of its burn-in.
func (s *Study) begin(setup *agents.Setup, seed uint64) (*life, error) {
	m, err := agents.New(setup, seed)
	if err != nil {
		return nil, &Failure{"setup", err.Error()}
	}
	m.Week = -agents.BurnIn
	return s.watching(m), nil
}

// watching puts a panel and a recorder before a model.
func (s *Study) watching(m *agents.Model) *life {
	l := &life{study: s, m: m}
	l.names = tables.NewNames()
	l.panel = newPanel(m.Setup, s.Figures, s.Series, l.names)
	l.end = s.asked(l.panel, m.Setup.Weeks())
	only := s.both(l.panel.wants())
	recorder, whole := s.recording(l.panel, m.Setup, l.names)
	l.whole, l.watch = whole, record.New(m, recorder, l.names, record.Options{Only: &only})
	return l
}

// asked returns the first week that no figure, no series and no table that is kept needs, nor any after it, in a run of some weeks.
func (s *Study) asked(p *panel, weeks int) int {
	if len(s.Full) > 0 || len(p.figures)+len(p.series) == 0 {
		return weeks
	}
	return p.last() + 1
}

// turnKey is where a context keeps what WithTurn gave it.
type turnKey struct{}

// WithTurn returns a context under which every run calls turn after each of its weeks: who shares processors with others lets them on there.
// Its error ends the run.
func WithTurn(ctx context.Context, turn func(context.Context) error) context.Context {
	return context.WithValue(ctx, turnKey{}, turn)
}

// live goes on up to a week, which is not lived, or to the end.
func (l *life) live(ctx context.Context, until int) error {
	turn, _ := ctx.Value(turnKey{}).(func(context.Context) error)
	err := l.m.RunUntil(min(until, l.end), func(week int) error {
		l.watch.Week(week)
		if turn != nil {
			if err := turn(ctx); err != nil {
				return err
			}
		}
		return ctx.Err()
	})
	if err != nil {
		return fmt.Errorf("week %d: %w", l.m.Week, err)
	}
	return nil
}

// fork returns a run with the same past that goes on in another setup.
func (l *life) fork(setup *agents.Setup) (*life, error) {
	m, err := l.m.Fork(setup)
	if err != nil {
		return nil, &Failure{"setup", err.Error()}
	}
	f := l.study.watching(m)
	return f, state.Copy(&f.taking, &l.taking, reflect.TypeFor[*agents.Model](), reflect.TypeFor[tables.Recorder]())
}

// rest lives to the end and returns what was taken.
func (l *life) rest(ctx context.Context) (*Taken, error) {
	if err := l.live(ctx, l.end); err != nil {
		return nil, err
	}
	l.watch.Close()
	taken := &Taken{Figures: l.panel.values(l.study.Figures), Whole: l.whole}
	taken.Months, _ = monthly(l.m.Setup)
	for _, g := range l.panel.series {
		taken.Series = append(taken.Series, g.values())
	}
	return taken, nil
}

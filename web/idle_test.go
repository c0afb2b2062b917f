package web

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"
)

// A question that nobody waits for has a turn when nobody else wants one, however little it has had, and gives it back as soon as somebody does.
func TestWhatNobodyWaitsForHasTheTurnsLeftOver(t *testing.T) {
	ctx, end := context.WithTimeout(t.Context(), 20*time.Second)
	defer end()
	all := newTurns(1, time.Now)
	idle := &seat{of: all, idle: true}
	if err := idle.take(ctx); err != nil {
		t.Fatal(err)
	}
	if err := idle.next(ctx); err != nil || len(all.waiting) != 0 {
		t.Fatalf("alone it does not go on: %v", err)
	}
	next := make(chan string, 2)
	for i, s := range []*seat{{of: all, idle: true}, {of: all, had: time.Hour}} {
		go func() {
			if err := s.take(ctx); err != nil {
				t.Error(err)
			}
			next <- map[bool]string{true: "idle, little", false: "waited for, much"}[s.idle]
			s.end()
		}()
		all.expect(i + 1)
	}
	again := make(chan error, 1)
	go func() { again <- idle.next(ctx) }()
	for _, want := range []string{"waited for, much", "idle, little"} {
		select {
		case got := <-next:
			if got != want {
				t.Errorf("%s has its turn, want %s", got, want)
			}
		case <-ctx.Done():
			t.Fatalf("nobody has its turn, want %s", want)
		}
	}
	select {
	case err := <-again:
		if err != nil {
			t.Error(err)
		}
	case <-ctx.Done():
		t.Fatal("the first does not go on")
	}
	idle.end()
}

// Over HTTP: what nobody waits for lets a question that comes later pass, and is refused where much is being asked.
func TestIdleQuestionsGiveWay(t *testing.T) {
	background := []string{"Priority", "u=7"}
	var lock sync.Mutex
	var turns []string
	begun, hold := make(chan string, 8), make(chan struct{})
	s := open(t, Config{Limits: Limits{Processors: 1}, Desk: desk(func(ctx context.Context, _ string, question []byte, emit func([]byte) error) error {
		who := string(question)
		begun <- who
		for range 40 {
			lock.Lock()
			turns = append(turns, who)
			lock.Unlock()
			if who == `"held"` {
				select {
				case <-hold:
				case <-ctx.Done():
				}
			}
			time.Sleep(time.Millisecond)
			if err := errors.Join(emit([]byte(who)), Turn(ctx)); err != nil {
				return err
			}
		}
		return nil
	})})
	var done sync.WaitGroup
	answered := func(who string, headers ...string) {
		answer, body := s.ask("compare", who, headers...)
		if answer.StatusCode != 200 || !strings.Contains(body, `"kind":"done"`) {
			t.Errorf("%s: %d: %.200s", who, answer.StatusCode, body)
		}
	}

	done.Go(func() { answered(`"idle"`, background...) })
	<-begun
	done.Go(func() { answered(`"waited for"`) })
	done.Wait()
	passed := false
	for i, who := range turns { // once the other has come, it alone has turns until its end
		if last := i > 0 && turns[i-1] == `"waited for"`; last && who == `"idle"` {
			passed = true
		} else if passed && who != `"idle"` {
			t.Fatalf("the idle question has turns between those of the other: %v", turns)
		}
	}
	if !passed {
		t.Errorf("the other one never passed: %v", turns)
	}

	for range 2 { // as many as two for each processor
		done.Go(func() { answered(`"held"`) })
	}
	for s.large.taken() < 2 {
		time.Sleep(time.Millisecond)
	}
	soon, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	answer, body := s.do(s.request("POST", "/api/compare", `"idle"`, background...).WithContext(soon))
	if answer.StatusCode != 503 || !strings.HasPrefix(body, `{"kind":"problems"`) || answer.Header.Get("Retry-After") == "" {
		t.Errorf("where much is asked: %d, %q, %s", answer.StatusCode, answer.Header.Get("Retry-After"), body)
	}
	close(hold)
	done.Wait()
	s.idle()
	answered(`"idle"`, background...)
}

// taken is how many places are taken.
func (l *line) taken() (n int) {
	l.lock.Lock()
	defer l.lock.Unlock()
	for _, of := range l.of {
		n += of
	}
	return n
}

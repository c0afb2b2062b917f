package web

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// A class that asks, goes away in the middle, comes back and sends nonsense leaves the server as it was. ENTREPOT_SOAK=60s makes it last.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	last := 2 * time.Second
	if text := os.Getenv("ENTREPOT_SOAK"); text != "" {
		var err error
		if last, err = time.ParseDuration(text); err != nil {
			t.Fatal(err)
		}
	}
	s := real(t, Limits{Questions: 8, Waiting: 16})
	_, wanted := s.ask("run", `{"state":{"scenario":"textbook","seed":"1"}}`)
	whole(t, wanted)
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	before, goroutines := heap(), runtime.NumGoroutine()
	end := time.Now().Add(last)
	var did [5]atomic.Int64
	var done sync.WaitGroup
	for i := range 20 {
		done.Go(func() {
			luck := rand.New(rand.NewPCG(uint64(i), 7))
			for time.Now().Before(end) {
				what := luck.IntN(len(did))
				s.pester(what, luck, wanted)
				did[what].Add(1)
			}
		})
	}
	done.Wait()
	s.idle()
	http.DefaultTransport.(*http.Transport).CloseIdleConnections()
	for wait := 0; runtime.NumGoroutine() > goroutines+5 && wait < 100; wait++ { // connections take a moment to end
		time.Sleep(20 * time.Millisecond)
	}
	t.Logf("%d whole, %d broken off, %d taken up again, %d nonsense, %d comparisons", did[0].Load(), did[1].Load(), did[2].Load(), did[3].Load(), did[4].Load())
	if grown := int64(heap()) - int64(before); grown > 32<<20 {
		t.Errorf("%d MB more are held than before", grown>>20)
	}
	if got := runtime.NumGoroutine(); got > goroutines+5 {
		t.Errorf("%d goroutines are left of %d", got, goroutines)
	}
	if said := s.said.all(); said != "" {
		t.Errorf("the server's window says %.500q", said)
	}
}

// pester does one thing that a class may do to the server.
func (s *site) pester(what int, luck *rand.Rand, wanted string) {
	const run = `{"state":{"scenario":"textbook","seed":"1"}}`
	lines := wanted[strings.Index(wanted, "id: "):]
	switch what {
	case 0:
		if answer, body := s.ask("run", run); answer.StatusCode != http.StatusServiceUnavailable && !strings.HasSuffix(body, lines) {
			s.t.Errorf("a run came otherwise than before: %d, %.100q", answer.StatusCode, body)
		}
	case 1:
		ctx, cancel := context.WithCancel(s.t.Context())
		defer cancel()
		if answer, err := http.DefaultTransport.RoundTrip(s.request("POST", "/api/run", run).WithContext(ctx)); err == nil {
			_, _ = io.CopyN(io.Discard, answer.Body, luck.Int64N(int64(len(wanted))))
			cancel()
			answer.Body.Close()
		}
	case 2:
		after := 1 + luck.IntN(100)
		at := strings.Index(wanted, fmt.Sprintf("id: %d\n", after+1))
		if answer, body := s.ask("run", run, "Last-Event-ID", fmt.Sprint(after)); answer.StatusCode != http.StatusServiceUnavailable && !strings.HasSuffix(body, wanted[at:]) {
			s.t.Errorf("a run taken up after line %d came otherwise: %d, %.100q", after, answer.StatusCode, body)
		}
	case 3:
		body := []string{`{"state":{"scenario":"nowhere","seed":"1"}}`, `{"state":{"file":"a: [","seed":"1"}}`, `{`, `[]`, `{"state":{"scenario":"textbook","seed":"-1"}}`}[luck.IntN(5)]
		if _, answer := s.ask("world", body); !strings.Contains(answer, `"kind":"problems"`) {
			s.t.Errorf("%s is answered by %.200q", body, answer)
		}
	case 4:
		state := `{"scenario":"textbook","seed":"1"}`
		if answer, body := s.ask("compare", `{"a":`+state+`,"b":`+state+`,"runs":2}`); answer.StatusCode != http.StatusServiceUnavailable && !strings.Contains(body, `"kind":"compared"`) {
			s.t.Errorf("a comparison ends with %.300q", body[max(0, len(body)-300):])
		}
	}
}

package web

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"entrepot/web/live"
)

// real is a server with the engine itself.
func real(t *testing.T, l Limits) *site {
	return open(t, Config{Desk: &live.Desk{Version: "test", Workers: 2, Turn: Turn}, Limits: l})
}

// whole returns the hash of a run whose answer arrived whole, or fails.
func whole(t *testing.T, body string) string {
	t.Helper()
	found := regexp.MustCompile(`"kind":"end","weeks":[0-9]+,"hash":"([0-9a-f]{64})"`).FindStringSubmatch(body)
	if found == nil || !strings.HasSuffix(body, "event: done\ndata: {\"kind\":\"done\"}\n\n") {
		t.Fatalf("the answer is not whole: %.200q ... %q", body, body[max(0, len(body)-200):])
	}
	return found[1]
}

// A class of thirty, each with a run of their own and half of them with another scenario, and a comparison besides: all are served at once and none is left behind.
func TestThirtyStudentsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	s := real(t, Limits{})
	const students = 30
	took := make([]time.Duration, students)
	hashes := make([]string, students)
	var done sync.WaitGroup
	began := time.Now()
	compared := make(chan bool)
	go func() {
		defer close(compared)
		_, body := s.ask("compare", `{"a":{"scenario":"textbook","seed":"1"},"b":{"scenario":"textbook","seed":"1","parameters":{"trafficker.margin":"0.3"}},"runs":100}`)
		if !strings.Contains(body, `"kind":"compared"`) {
			t.Errorf("the comparison ends with %.300q", body[max(0, len(body)-300):])
		}
	}()
	for i := range students {
		done.Go(func() {
			state := fmt.Sprintf(`{"state":{"scenario":"%s","seed":"%d"}}`, []string{"textbook", "textbook-war"}[0], i/2)
			_, body := s.ask("run", state)
			took[i], hashes[i] = time.Since(began), whole(t, body)
		})
	}
	done.Wait()
	var sum, slowest time.Duration
	for i, d := range took {
		sum += d
		slowest = max(slowest, d)
		if hashes[i] != hashes[i-i%2] {
			t.Errorf("student %d got another run than the neighbour with the same seed", i)
		}
	}
	mean := sum / students
	t.Logf("mean %v, slowest %v", mean, slowest)
	if slowest > 2*mean+100*time.Millisecond {
		t.Errorf("the slowest took %v, the mean is %v", slowest, mean)
	}
	<-compared
}

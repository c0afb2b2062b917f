package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"entrepot/web/live"
)

// real is a server with the engine itself.
func real(t testing.TB, l Limits) *site {
	return open(t, Config{Desk: &live.Desk{Version: "test", Workers: 2, Turn: Turn}, Limits: l})
}

// whole returns the hash of a run whose answer arrived whole, or fails.
func whole(t *testing.T, body string) string {
	t.Helper()
	found := regexp.MustCompile(`"kind":"end","weeks":[0-9]+,"hash":"([0-9a-f]{64})"`).FindStringSubmatch(body)
	if found == nil || !strings.HasSuffix(body, "event: done\ndata: {\"kind\":\"done\"}\n\n") {
		t.Errorf("the answer is not whole: %.200q ... %q", body, body[max(0, len(body)-200):])
		return ""
	}
	return found[1]
}

// A class of thirty, two with each seed, some with a larger world, and a comparison besides: all are served at once, and none is left behind.
func TestThirtyStudentsAtOnce(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	s := real(t, Limits{})
	const students, larger = 30, 4
	took, hashes := make([]time.Duration, students), make([]string, students)
	var done sync.WaitGroup
	done.Go(func() {
		_, body := s.ask("compare", `{"a":{"scenario":"textbook","seed":"1"},"b":{"scenario":"textbook","seed":"1","parameters":{"trafficker.margin":"0.3"}},"runs":50}`)
		if !strings.Contains(body, `"kind":"compared"`) {
			t.Errorf("the comparison ends with %.300q", body[max(0, len(body)-300):])
		}
	})
	began := time.Now()
	for i := range students {
		scenario := "textbook"
		if i < larger {
			scenario = "offensive"
		}
		done.Go(func() {
			_, body := s.ask("run", fmt.Sprintf(`{"state":{"scenario":%q,"seed":"%d"}}`, scenario, i/2))
			took[i], hashes[i] = time.Since(began), whole(t, body)
		})
	}
	done.Wait()
	for i := 0; i < students; i += 2 {
		if hashes[i] == "" || hashes[i] != hashes[i+1] || slices.Contains(hashes[:i], hashes[i]) {
			t.Errorf("students %d and %d with one seed got %s and %s, want the same run, and another than the others", i, i+1, hashes[i], hashes[i+1])
		}
	}
	var sum time.Duration
	for _, d := range took[larger:] {
		sum += d
	}
	mean, slowest := sum/(students-larger), slices.Max(took[larger:])
	t.Logf("the mean of one world took %v, the slowest %v; the larger world %v", mean, slowest, took[:larger])
	if slowest > 2*mean {
		t.Errorf("the slowest took %v, the mean is %v", slowest, mean)
	}
}

// States of an enemy are answered with problems, or with a run within bounds; the server is none the worse.
func TestHostileStates(t *testing.T) {
	s := real(t, Limits{Processor: 3 * time.Second})
	bomb := "version: 1\na: &a [x,x,x,x,x,x,x,x,x]\n"
	for i := range 8 {
		bomb += fmt.Sprintf("%c: &%c [*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c,*%c]\n", 'b'+i, 'b'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i, 'a'+i)
	}
	file := func(text string) string {
		state, _ := json.Marshal(map[string]any{"state": map[string]string{"file": text, "seed": "1"}})
		return string(state)
	}
	before := heap()
	for name, question := range map[string]string{
		"no state":                       `{}`,
		"a list":                         `[]`,
		"a scenario of no name":          `{"state":{"scenario":"../../etc/passwd","seed":"1"}}`,
		"a file of this machine":         `{"state":{"scenario":"/etc/passwd","seed":"1"}}`,
		"a layer of this machine":        `{"state":{"scenario":"calm","layers":["../calm.yaml","/etc/passwd"],"seed":"1"}}`,
		"a file that extends a file":     file("version: 1\nname: x\nextends: [/etc/passwd]\n"),
		"a file with a world of its own": file("version: 1\nname: x\nworld: ../../etc\n"),
		"an alias bomb":                  file(bomb),
		"nested YAML":                    file("version: 1\na: " + strings.Repeat("[", 10000)),
		"centuries":                      file("version: 1\nname: x\nextends: [calm]\nperiod: {start: 0001-01-01, end: 9999-12-31}\n"),
		"a flood of events":              `{"state":{"scenario":"calm","seed":"1","events":[` + strings.Repeat(`{"id":"x","remove":true},`, 5000) + `{}]}}`,
		"numbers beyond all bounds":      `{"state":{"scenario":"calm","seed":"1","parameters":{"road.payment":"1e308","trafficker.margin":"NaN","dealer.confiscate_clandestine":"-1"}}}`,
		"a seed that is none":            `{"state":{"scenario":"calm","seed":"18446744073709551616"}}`,
		"nested JSON":                    `{"state":` + strings.Repeat(`{"a":`, 5000) + "1" + strings.Repeat("}", 5001),
		"markup":                         `{"state":{"scenario":"<script>alert(1)</script>","seed":"1"}}`,
	} {
		answer, body := s.ask("run", question)
		all := events(body)
		if answer.StatusCode != 200 || len(all) == 0 || !strings.HasPrefix(all[0].data, `{"kind":"problems"`) || strings.Contains(body, "root:") {
			t.Errorf("%s: %d, %.300s", name, answer.StatusCode, body)
		}
	}
	if grown := int64(heap()) - int64(before); grown > 64<<20 {
		t.Errorf("%d MB are held afterwards", grown>>20)
	}
	if said := s.said.all(); said != "" {
		t.Errorf("what an enemy does is no fault of ours: %s", said)
	}
}

// Who opens the page when all places are taken reads how many are before, and is served in turn; what the server refuses the page says in words.
func TestThePageSaysThatItWaits(t *testing.T) {
	engine := &live.Desk{Version: "test", Turn: Turn}
	held := make(chan bool)
	let := sync.OnceFunc(func() { close(held) })
	t.Cleanup(let) // the server waits for its questions, whatever comes of the test
	path, s := served(t, Config{Limits: Limits{Questions: 1}, Desk: desk(func(ctx context.Context, name string, question []byte, emit func([]byte) error) error {
		if string(question) == `"hold"` {
			<-held
			return errors.New("let go")
		}
		return engine.Answer(ctx, name, question, emit)
	})})
	for waiting := range 2 {
		go func() { _, _ = s.ask("run", `"hold"`) }()
		s.until(func() bool { return s.large.free == 0 && len(s.large.waiting) == waiting })
	}
	p := visitAt(t, path, "http://"+s.addr+"/", 1280, 900, fragment(map[string]any{"state": map[string]any{"scenario": "textbook", "seed": "1"}, "view": map[string]any{}}))
	p.wait("the length of the line", `document.body.innerText.includes('Many ask at once: 2 questions are answered before this one.')`)
	p.picture("waits")
	let()
	p.ran()
	p.wait("no more talk of the line", `!document.body.innerText.includes('Many ask at once')`)
}

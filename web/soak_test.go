package web

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"entrepot/web/live"
)

// How long somebody who behaves may wait for an answer, with a score of others about who do not. On two quiet processors it is a tenth of that.
const (
	mostForAPage = 10 * time.Second
	mostForARun  = 30 * time.Second
)

// A class that asks, calls off, compares, comes back, sends nonsense and hangs up leaves the server as it was, takes no more memory in the end than at first, and somebody
// who behaves is served all the time. It lasts two seconds, a minute in CI, and with ENTREPOT_SOAK=1h an hour.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	text := os.Getenv("ENTREPOT_SOAK")
	if text == "" && os.Getenv("CI") == "true" {
		text = "60s"
	}
	last, err := time.ParseDuration(cmp.Or(text, "2s"))
	if err != nil {
		t.Fatal(err)
	}
	k := &soak{site: open(t, Config{Desk: &live.Desk{Version: "test", Workers: 2, Turn: Turn}, Limits: Limits{Questions: 8, Waiting: 32}})}
	for seed := range k.wanted {
		_, k.wanted[seed] = k.ask("run", ofSeed(seed))
		whole(t, k.wanted[seed])
	}
	k.rest()
	before, goroutines := heap(), runtime.NumGoroutine()
	k.until = time.Now().Add(last)
	var done sync.WaitGroup
	for i := range 20 {
		done.Go(func() { k.pester(uint64(i)) })
	}
	done.Go(k.behave)
	done.Go(func() { k.watch(min(last/12, time.Minute)) })
	done.Wait()
	k.idle()
	k.rest()
	for wait := 0; runtime.NumGoroutine() > goroutines+5 && wait < 200; wait++ { // connections take a moment to end
		time.Sleep(20 * time.Millisecond)
	}
	for i, what := range pests() {
		t.Logf("%8d times: %s", k.did[i].Load(), what.name)
	}
	t.Logf("in the end %d kB of heap, %d before; %d goroutines, %d before; %d MB of memory at most", heap()>>10, before>>10, runtime.NumGoroutine(), goroutines, residentPeak())
	t.Logf("%d connections ended before an answer", k.broken.Load())
	t.Logf("of %d times somebody who behaves waited up to %v for the page, %v for a world and %v for a run", k.served, k.page, k.world, k.run)
	k.judge(int64(before), goroutines)
}

// soak is a server under a class.
type soak struct {
	*site
	wanted [5]string // the answers of runs, by seed
	until  time.Time
	did    [16]atomic.Int64

	broken atomic.Int64 // connections that ended before the answer began, as one may on which nothing was asked for a while

	page, world, run time.Duration // the longest that somebody who behaves waited
	served           int
	heaps            []int64
}

func ofSeed(seed int) string {
	return fmt.Sprintf(`{"state":{"scenario":"textbook","seed":"%d"}}`, seed)
}

// do asks, once more where the connection had ended, as a browser does.
func (k *soak) do(r *http.Request) (*http.Response, string) {
	for again := false; ; again = true {
		answer, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			defer answer.Body.Close()
			var body []byte
			if body, err = io.ReadAll(answer.Body); err == nil {
				return answer, string(body)
			}
		}
		k.broken.Add(1)
		if again || r.GetBody == nil {
			k.t.Errorf("asking %s twice: %v", r.URL.Path, err)
			return &http.Response{}, ""
		}
		r.Body, _ = r.GetBody() // of a reader of text
	}
}

func (k *soak) ask(question, body string, headers ...string) (*http.Response, string) {
	return k.do(k.request("POST", "/api/"+question, body, headers...))
}

// rest lets connections end that nobody uses.
func (k *soak) rest() { http.DefaultTransport.(*http.Transport).CloseIdleConnections() }

// judge says what the server lost or kept.
func (k *soak) judge(before int64, goroutines int) {
	k.t.Helper()
	if grown := int64(heap()) - before; grown > 16<<20 {
		k.t.Errorf("%d MB more are held than before", grown>>20)
	}
	if got := runtime.NumGoroutine(); got > goroutines+5 {
		k.t.Errorf("%d goroutines are left of %d", got, goroutines)
	}
	third := len(k.heaps) / 3
	early, late := mean(k.heaps[1:1+third]), mean(k.heaps[len(k.heaps)-third:]) // not the first, when nobody has begun
	if late > early+early/2+16<<20 {
		k.t.Errorf("memory at work grew from %d to %d MB: %v", early>>20, late>>20, k.heaps)
	}
	if all := k.did[0].Load() + k.did[3].Load() + int64(k.served); k.broken.Load() > 1+all/500 {
		k.t.Errorf("%d connections ended before an answer, of some %d", k.broken.Load(), all)
	}
	if k.page > mostForAPage || k.world > mostForAPage || k.run > mostForARun || k.served == 0 {
		k.t.Errorf("somebody who behaves must wait at most %v for a page and %v for a run", mostForAPage, mostForARun)
	}
	if said := k.said.all(); said != "" {
		k.t.Errorf("the server's window says %.500q", said)
	}
}

func mean(all []int64) (m int64) {
	for _, x := range all {
		m += x / int64(len(all))
	}
	return m
}

// watch measures, every so often, what is held and for how long somebody waited.
func (k *soak) watch(every time.Duration) {
	for began := time.Now(); time.Now().Before(k.until); time.Sleep(every) {
		k.heaps = append(k.heaps, int64(heap()))
		k.t.Logf("after %5.0f s: %3d MB of heap, %4d goroutines, %d MB of memory at most", time.Since(began).Seconds(), k.heaps[len(k.heaps)-1]>>20, runtime.NumGoroutine(), residentPeak())
	}
}

// residentPeak is the most memory that the process held, its clients included, MB; 0 where that is not told.
func residentPeak() (most int) {
	status, _ := os.ReadFile("/proc/self/status")
	_, rest, _ := strings.Cut(string(status), "VmHWM:")
	if f := strings.Fields(rest); len(f) > 0 {
		most, _ = strconv.Atoi(f[0])
	}
	return most >> 10
}

// behave is a reader who looks at the page, at a world and at a run, and waits for each.
func (k *soak) behave() {
	timed := func(longest *time.Duration, ask func() bool) {
		began := time.Now()
		if !ask() {
			k.t.Error("somebody who behaves was not served")
		}
		*longest = max(*longest, time.Since(began))
	}
	for seed := 0; time.Now().Before(k.until); seed = (seed + 1) % len(k.wanted) {
		timed(&k.page, func() bool {
			answer, _ := k.do(k.request("GET", "/", ""))
			return answer.StatusCode == http.StatusOK
		})
		timed(&k.world, func() bool {
			_, body := k.ask("world", ofSeed(seed))
			return strings.Contains(body, `"kind":"world"`)
		})
		timed(&k.run, func() bool {
			_, body := k.ask("run", ofSeed(seed))
			return strings.HasSuffix(without(body), numbered(k.wanted[seed]))
		})
		k.served++
		time.Sleep(100 * time.Millisecond)
	}
}

// numbered is an answer from its first line on, without what the server itself says before.
func numbered(answer string) string { return answer[strings.Index(answer, "id: "):] }

// without is an answer without the signs of life that come where a turn is long in coming.
func without(answer string) string { return strings.ReplaceAll(answer, ": still here\n\n", "") }

// pest is what a class may do to a server.
type pest struct {
	name string
	do   func(k *soak, luck *rand.Rand)
}

func pests() []pest {
	return []pest{
		{"a run, whole", (*soak).wholeRun}, {"a run broken off in the middle", (*soak).brokenRun}, {"a run called off at once", (*soak).calledOff},
		{"a run taken up again", (*soak).takenUp}, {"the rest of another build's run", (*soak).otherBuild}, {"nonsense", (*soak).nonsense},
		{"a comparison", (*soak).comparison}, {"a comparison that is left", (*soak).leftComparison}, {"bytes that are no request", (*soak).junk},
		{"half a head, and silence", (*soak).halfHead}, {"questions in one breath of which nothing is read", (*soak).breathless}, {"paths that lead nowhere", (*soak).nowhere},
	}
}

// pester does one thing after another, as luck will have it.
func (k *soak) pester(seed uint64) {
	luck, all := rand.New(rand.NewPCG(seed, 7)), pests()
	for time.Now().Before(k.until) {
		what := luck.IntN(len(all))
		all[what].do(k, luck)
		k.did[what].Add(1)
	}
}

// tooMany says whether an answer is that there is no room now.
func tooMany(answer *http.Response) bool { return answer.StatusCode == http.StatusServiceUnavailable }

func (k *soak) wholeRun(luck *rand.Rand) {
	seed := luck.IntN(len(k.wanted))
	if answer, body := k.ask("run", ofSeed(seed)); !tooMany(answer) && !strings.HasSuffix(without(body), numbered(k.wanted[seed])) {
		k.t.Errorf("a run of seed %d came otherwise than before: %d, %.100q ... %q", seed, answer.StatusCode, body, body[max(0, len(body)-300):])
	}
}

// leave asks and goes away after so many bytes, or after a while.
func (k *soak) leave(question, body string, bytes int64, after time.Duration) {
	ctx, cancel := context.WithTimeout(k.t.Context(), after)
	defer cancel()
	if answer, err := http.DefaultTransport.RoundTrip(k.request("POST", "/api/"+question, body).WithContext(ctx)); err == nil {
		_, _ = io.CopyN(io.Discard, answer.Body, bytes)
		cancel()
		answer.Body.Close()
	}
}

func (k *soak) brokenRun(luck *rand.Rand) {
	k.leave("run", ofSeed(1), luck.Int64N(int64(len(k.wanted[1]))), time.Minute)
}

func (k *soak) calledOff(luck *rand.Rand) {
	k.leave("run", ofSeed(2), 1<<30, time.Duration(luck.IntN(50))*time.Millisecond)
}

func (k *soak) takenUp(luck *rand.Rand) {
	seed, after := luck.IntN(len(k.wanted)), 1+luck.IntN(100)
	at := strings.Index(k.wanted[seed], fmt.Sprintf("id: %d\n", after+1))
	if answer, body := k.ask("run", ofSeed(seed), "Last-Event-ID", fmt.Sprint(after), "If-Match", k.tag()); !tooMany(answer) && !strings.HasSuffix(without(body), k.wanted[seed][at:]) {
		k.t.Errorf("a run of seed %d taken up after line %d came otherwise: %d, %.100q ... %q", seed, after, answer.StatusCode, body, body[max(0, len(body)-300):])
	}
}

func (k *soak) otherBuild(*rand.Rand) {
	if answer, _ := k.ask("run", ofSeed(1), "Last-Event-ID", "7", "If-Match", `"another"`); answer.StatusCode != http.StatusPreconditionFailed {
		k.t.Errorf("the rest of another build's run got %d", answer.StatusCode)
	}
}

func (k *soak) nonsense(luck *rand.Rand) {
	body := []string{`{"state":{"scenario":"nowhere","seed":"1"}}`, `{"state":{"file":"a: [","seed":"1"}}`, `{`, `[]`, `{"state":{"scenario":"textbook","seed":"-1"}}`}[luck.IntN(5)]
	if _, answer := k.ask("world", body); !strings.Contains(answer, `"kind":"problems"`) {
		k.t.Errorf("%s is answered by %.200q", body, answer)
	}
}

const twice = `{"a":{"scenario":"textbook","seed":"1"},"b":{"scenario":"textbook","seed":"1"},"runs":2}`

func (k *soak) comparison(*rand.Rand) {
	if answer, body := k.ask("compare", twice); !tooMany(answer) && !strings.Contains(body, `"kind":"compared"`) {
		k.t.Errorf("a comparison ends with %.300q", body[max(0, len(body)-300):])
	}
}

func (k *soak) leftComparison(luck *rand.Rand) {
	k.leave("compare", strings.Replace(twice, `"runs":2`, `"runs":50`, 1), 1<<30, time.Duration(luck.IntN(100))*time.Millisecond)
}

func (k *soak) junk(luck *rand.Rand) {
	all := hostile()
	text := []byte(all[luck.IntN(len(all))].text)
	for range luck.IntN(4) {
		text[luck.IntN(len(text))] = byte(luck.Uint32())
	}
	k.send(text, 50*time.Millisecond)
}

func (k *soak) halfHead(luck *rand.Rand) {
	head := "POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n" + ofSeed(1)
	k.send([]byte(head[:luck.IntN(len(head))]), time.Duration(luck.IntN(200))*time.Millisecond)
}

func (k *soak) breathless(luck *rand.Rand) {
	one := fmt.Sprintf("POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(ofSeed(3)), ofSeed(3))
	k.send([]byte(strings.Repeat(one, 50)), time.Duration(luck.IntN(200))*time.Millisecond)
}

// send sends bytes, waits a while for the first of an answer and hangs up.
func (k *soak) send(text []byte, wait time.Duration) {
	conn, err := net.Dial("tcp", k.addr)
	if err != nil {
		k.t.Error(err)
		return
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(wait))
	_, _ = conn.Write(text)
	_, _ = conn.Read(make([]byte, 100))
}

func (k *soak) nowhere(luck *rand.Rand) {
	path := []string{"/..%2f..%2fetc/passwd", "/assets/", "/api/shell", "/%00", "/C:/windows/win.ini"}[luck.IntN(5)]
	if answer, body := k.do(k.request("GET", path, "")); answer.StatusCode < 400 || strings.Contains(body, "root:") {
		k.t.Errorf("%s is answered %d", path, answer.StatusCode)
	}
}

package web

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
)

// desk is an engine for tests.
type desk func(ctx context.Context, name string, question []byte, emit func([]byte) error) error

func (d desk) Answer(ctx context.Context, name string, question []byte, emit func([]byte) error) error {
	return d(ctx, name, question, emit)
}

// counting answers with so many lines, a turn between each.
func counting(lines int) desk {
	return func(ctx context.Context, _ string, _ []byte, emit func([]byte) error) error {
		for i := range lines {
			if err := emit(fmt.Appendf(nil, `{"kind":"week","t":%d}`, i)); err != nil {
				return err
			}
			if err := Turn(ctx); err != nil {
				return err
			}
		}
		return nil
	}
}

// built is a small page.
func built() fstest.MapFS {
	return fstest.MapFS{
		"index.html":              {Data: []byte("<!doctype html><title>entrepot</title>" + strings.Repeat("<p>page</p>", 200))},
		"assets/page-3f2a91bc.js": {Data: []byte(strings.Repeat("console.log(1);\n", 100))},
		"assets/map.json":         {Data: []byte("{}")},
	}
}

// site is a server at work, on a port of its own.
type site struct {
	t    testing.TB
	addr string
	*Server
	said *record
}

// record keeps what was said.
type record struct {
	lock  sync.Mutex
	lines []string
}

func (r *record) say(format string, args ...any) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.lines = append(r.lines, fmt.Sprintf(format, args...))
}

func (r *record) all() string {
	r.lock.Lock()
	defer r.lock.Unlock()
	return strings.Join(r.lines, "\n")
}

// open starts a server, which ends with the test and must then be idle.
func open(t testing.TB, c Config) *site {
	t.Helper()
	s := &site{t: t, said: &record{}}
	c.Say = s.said.say
	if c.Built == nil {
		c.Built = built()
	}
	var err error
	if s.Server, err = New(c); err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.addr = l.Addr().String()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- s.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		s.idle()
	})
	return s
}

// idle waits until nothing works and nothing waits.
func (s *site) idle() {
	s.t.Helper()
	var state string
	for range 400 {
		s.turns.lock.Lock()
		s.large.lock.Lock()
		s.small.lock.Lock()
		idle := s.turns.free == s.Limits.Processors && len(s.turns.waiting) == 0 && s.large.free == s.Limits.Questions && len(s.large.waiting) == 0 &&
			s.small.free == s.Limits.Small && len(s.large.of) == 0 && len(s.small.of) == 0
		state = fmt.Sprintf("%d processors free, %d wait for one; %d places free, %d wait for one", s.turns.free, len(s.turns.waiting), s.large.free, len(s.large.waiting))
		s.small.lock.Unlock()
		s.large.lock.Unlock()
		s.turns.lock.Unlock()
		if idle {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	s.t.Errorf("the server did not come to rest: %s", state)
}

// request is a question as the page asks it; a header that is empty is taken out.
func (s *site) request(method, path, body string, headers ...string) *http.Request {
	s.t.Helper()
	r, err := http.NewRequestWithContext(s.t.Context(), method, "http://"+s.addr+path, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", "http://"+s.addr)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Accept-Encoding", "identity")
	for i := 0; i+1 < len(headers); i += 2 {
		switch r.Header.Set(headers[i], headers[i+1]); {
		case headers[i] == "Host":
			r.Host = headers[i+1]
		case headers[i+1] == "":
			r.Header.Del(headers[i])
		}
	}
	return r
}

// do sends a request and reads its answer.
func (s *site) do(r *http.Request) (*http.Response, string) {
	s.t.Helper()
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer, string(body)
}

func (s *site) ask(question, body string, headers ...string) (*http.Response, string) {
	s.t.Helper()
	return s.do(s.request("POST", "/api/"+question, body, headers...))
}

// event is one server-sent event.
type event struct{ id, name, data string }

func events(text string) (all []event) {
	for block := range strings.SplitSeq(text, "\n\n") {
		var e event
		for line := range strings.SplitSeq(block, "\n") {
			switch field, value, _ := strings.Cut(line, ": "); field {
			case "id":
				e.id = value
			case "event":
				e.name = value
			case "data":
				e.data = value
			}
		}
		if e.data != "" {
			all = append(all, e)
		}
	}
	return all
}

func TestAnAnswerIsAStreamOfNumberedLines(t *testing.T) {
	s := open(t, Config{Desk: counting(3)})
	answer, body := s.ask("run", `{}`)
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "text/event-stream" {
		t.Fatalf("got %d, %s", answer.StatusCode, answer.Header.Get("Content-Type"))
	}
	var numbered []event
	for _, e := range events(body) {
		if e.id != "" {
			numbered = append(numbered, e)
		}
	}
	want := []event{{"1", "", `{"kind":"week","t":0}`}, {"2", "", `{"kind":"week","t":1}`}, {"3", "", `{"kind":"week","t":2}`}}
	if fmt.Sprint(numbered) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", numbered, want)
	}
	if !strings.HasSuffix(body, "event: done\ndata: {\"kind\":\"done\"}\n\n") {
		t.Errorf("the answer does not say that it is whole: %q", body)
	}
}

func TestAnAnswerIsTakenUpWhereItBrokeOff(t *testing.T) {
	s := open(t, Config{Desk: counting(50)})
	_, whole := s.ask("run", `{}`)
	_, rest := s.ask("run", `{}`, "Last-Event-ID", "20", "If-Match", s.tag())
	at := strings.Index(whole, "id: 21\n")
	if at < 0 || rest != whole[at:] {
		t.Errorf("the rest begins with %.60q, want what follows line 20 of the whole", rest)
	}
	if _, over := s.ask("run", `{}`, "Last-Event-ID", "9999", "If-Match", s.tag()); len(events(over)) != 1 {
		t.Errorf("whoever has everything gets %q, want the end alone", over)
	}
}

// A program that was started again goes on where it was; another build of it, whose answer may be another, is asked anew: of two no answer is made.
func TestAnAnswerOfAnotherBuildIsNotTakenUp(t *testing.T) {
	first, _ := open(t, Config{Desk: counting(50), Build: "a"}).ask("run", `{}`)
	began := first.Header.Get("ETag")
	for _, test := range []struct {
		name, build, match string
		status             int
	}{
		{"the same build, started again", "a", began, 200},
		{"another build", "b", began, 412},
		{"a page that does not say who began", "a", "", 412},
		{"a page that does not care", "a", "*", 412},
		{"a build that nobody named", "", began, 412},
	} {
		answer, body := open(t, Config{Desk: counting(50), Build: test.build}).ask("run", `{}`, "Last-Event-ID", "20", "If-Match", test.match)
		if answer.StatusCode != test.status || test.status == 200 && !strings.HasPrefix(body, "id: 21\n") || test.status != 200 && !strings.HasPrefix(body, `{"kind":"problems"`) {
			t.Errorf("%s: got %d, want %d: %.100q", test.name, answer.StatusCode, test.status, body)
		}
	}
}

func TestAnAnswerIsCompressedBatchByBatch(t *testing.T) {
	step := make(chan bool)
	s := open(t, Config{Desk: desk(func(ctx context.Context, _ string, _ []byte, emit func([]byte) error) error {
		err := emit([]byte(`{"kind":"world"}`))
		<-step
		return errors.Join(err, emit([]byte(`{"kind":"end"}`)))
	})})
	answer, err := http.DefaultTransport.RoundTrip(s.request("POST", "/api/run", `{}`, "Accept-Encoding", "br, gzip"))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if got := answer.Header.Get("Content-Encoding"); got != "gzip" {
		t.Fatalf("the coding is %q, want gzip", got)
	}
	plain, err := gzip.NewReader(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(plain)
	for lines.Scan() && lines.Text() != `data: {"kind":"world"}` {
	}
	step <- true // the first line came although the answer was not done
	rest, err := io.ReadAll(plain)
	if err != nil || lines.Err() != nil {
		t.Errorf("reading: %v, %v", err, lines.Err())
	}
	_ = rest
}

// The limits of what comes in do not end what goes out.
func TestALongAnswerIsNotCutOff(t *testing.T) {
	const short = 50 * time.Millisecond
	s := open(t, Config{Limits: Limits{Header: short, Read: short, Idle: short, Stall: 4 * short}, Desk: desk(func(ctx context.Context, _ string, _ []byte, emit func([]byte) error) error {
		for range 10 {
			time.Sleep(short)
			if err := errors.Join(emit([]byte(`{}`)), Turn(ctx)); err != nil {
				return err
			}
		}
		return nil
	})})
	if _, body := s.ask("run", `{}`); !strings.HasSuffix(body, "event: done\ndata: {\"kind\":\"done\"}\n\n") {
		t.Errorf("the answer ends with %q", body[max(0, len(body)-100):])
	}
}

func TestASilentAnswerSaysThatItLives(t *testing.T) {
	s := open(t, Config{Limits: Limits{Beat: 10 * time.Millisecond}, Desk: desk(func(ctx context.Context, _ string, _ []byte, _ func([]byte) error) error {
		time.Sleep(100 * time.Millisecond)
		return nil
	})})
	if _, body := s.ask("run", `{}`); strings.Count(body, ": still here\n\n") < 2 {
		t.Errorf("got %q, want comments", body)
	}
}

// What goes wrong in the engine is told plainly, without its inside, and harms nobody else.
func TestFaults(t *testing.T) {
	s := open(t, Config{Limits: Limits{Processor: 50 * time.Millisecond}, Desk: desk(func(ctx context.Context, _ string, question []byte, emit func([]byte) error) error {
		switch string(question) {
		case `"panic"`:
			panic("secret")
		case `"error"`:
			return errors.New("secret")
		case `"lines"`:
			return emit([]byte("two\nlines"))
		}
		for {
			if err := Turn(ctx); err != nil {
				return fmt.Errorf("running: %w", err)
			}
		}
	})})
	for _, test := range []struct{ question, event, want string }{
		{`"panic"`, "fault", "a bug in the program"},
		{`"error"`, "fault", "the answer broke off"},
		{`"lines"`, "fault", "the answer broke off"},
		{`"for ever"`, "problems", "a question may take 50ms of a processor"},
	} {
		_, body := s.ask("run", test.question)
		all := events(body)
		if test.event == "problems" { // then done follows
			all = all[:max(0, len(all)-1)]
		}
		if len(all) == 0 || all[len(all)-1].name != test.event || !strings.Contains(all[len(all)-1].data, test.want) || strings.Contains(body, "secret") {
			t.Errorf("%s: got %q, want %s with %q", test.question, body, test.event, test.want)
		}
	}
	if said := s.said.all(); strings.Count(said, "secret") != 2 {
		t.Errorf("the server's window says %q, want both secrets", said)
	}
}

// A reader who goes away ends the work for it.
func TestAReaderWhoIsGoneIsNotWorkedFor(t *testing.T) {
	began, ended := make(chan bool), make(chan error, 1)
	s := open(t, Config{Desk: desk(func(ctx context.Context, _ string, _ []byte, emit func([]byte) error) error {
		close(began)
		for {
			if err := Turn(ctx); err != nil {
				ended <- err
				return err
			}
			time.Sleep(time.Millisecond)
		}
	})})
	r := s.request("POST", "/api/run", `{}`)
	ctx, cancel := context.WithCancel(r.Context())
	go func() {
		<-began
		cancel()
	}()
	if answer, err := http.DefaultTransport.RoundTrip(r.WithContext(ctx)); err == nil {
		_, _ = io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
	}
	select {
	case err := <-ended:
		if err == nil {
			t.Error("the work ended without an error")
		}
	case <-time.After(5 * time.Second):
		t.Error("the work went on")
	}
	s.idle()
	if said := s.said.all(); said != "" {
		t.Errorf("the server's window says %q of what is nobody's fault", said)
	}
}

// Who comes when all places are taken waits and hears how long the line is; who comes when the line is full is told to come later.
func TestTheLine(t *testing.T) {
	release := make(chan bool)
	s := open(t, Config{Limits: Limits{Questions: 1, Waiting: 2}, Desk: desk(func(ctx context.Context, name string, _ []byte, emit func([]byte) error) error {
		if name == "run" {
			<-release
		}
		return emit([]byte(`{"kind":"end"}`))
	})})
	bodies := make(chan string)
	for waiting := range 3 {
		go func() {
			_, body := s.ask("run", `{}`)
			bodies <- body
		}()
		s.until(func() bool { return s.large.free == 0 && len(s.large.waiting) == waiting })
	}
	answer, body := s.ask("run", `{}`)
	if answer.StatusCode != 503 || answer.Header.Get("Retry-After") == "" || !strings.Contains(body, `"kind":"problems"`) {
		t.Errorf("with a full line: %d, Retry-After %q, %s", answer.StatusCode, answer.Header.Get("Retry-After"), body)
	}
	if answer, body := s.ask("catalog", `{}`); answer.StatusCode != 200 || !strings.Contains(body, "end") {
		t.Errorf("a small question does not wait for large ones: %d, %s", answer.StatusCode, body)
	}
	close(release)
	ahead := map[string]int{}
	for range 3 {
		body := <-bodies
		for _, e := range events(body) {
			if e.name == "waiting" {
				ahead[e.data]++
			}
		}
		if !strings.Contains(body, `{"kind":"end"}`) {
			t.Errorf("one was not served: %q", body)
		}
	}
	if ahead[`{"kind":"waiting","ahead":0}`] < 2 || ahead[`{"kind":"waiting","ahead":1}`] < 1 {
		t.Errorf("the line was told as %v", ahead)
	}
}

// until waits for something about the line of large questions.
func (s *site) until(is func() bool) {
	s.t.Helper()
	for range 1000 {
		s.large.lock.Lock()
		yes := is()
		s.large.lock.Unlock()
		if yes {
			return
		}
		time.Sleep(time.Millisecond)
	}
	s.t.Fatal("it did not come to that")
}

func TestOneAddressHasItsShareOfTheLine(t *testing.T) {
	l := newLine(2, 2, 3)
	for i, want := range []error{nil, nil, nil, errShare} {
		if _, err := l.join("192.0.2.1"); !errors.Is(err, want) {
			t.Errorf("question %d of one address: got %v, want %v", i+1, err, want)
		}
	}
	if _, err := l.join("192.0.2.2"); err != nil {
		t.Errorf("another address: got %v", err)
	}
	if _, err := l.join("192.0.2.3"); !errors.Is(err, errFull) {
		t.Errorf("a full line: got %v", err)
	}
	if _, err := newLine(4, 4, 0).join(""); err != nil {
		t.Errorf("this machine has no share but all: got %v", err)
	}
}

// The end of the server ends answers in good order, and they say why.
func TestTheServerEnds(t *testing.T) {
	server, err := New(Config{Built: built(), Desk: counting(1 << 40)})
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error)
	go func() { ended <- server.Serve(ctx, l) }()
	s := &site{t: t, addr: l.Addr().String(), Server: server}
	answer, err := http.DefaultTransport.RoundTrip(s.request("POST", "/api/run", `{}`))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	cancel()
	body, err := io.ReadAll(answer.Body)
	if err != nil || !bytes.HasSuffix(body, []byte("event: ending\ndata: {\"kind\":\"ending\"}\n\n")) {
		t.Errorf("the answer ends with %q (%v)", body[max(0, len(body)-100):], err)
	}
	select {
	case err := <-ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(grace + 2*time.Second):
		t.Error("the server did not end")
	}
}

// An engine that is far ahead of its reader gives the processor to others, and memory is bounded.
func TestASlowReaderHoldsNobodyUp(t *testing.T) {
	line := []byte(`{"x":"` + strings.Repeat("x", 8<<10) + `"}`)
	var lock sync.Mutex
	lines := map[string]int{}
	s := open(t, Config{Limits: Limits{Processors: 1, Stall: 10 * time.Second}, Desk: desk(func(ctx context.Context, _ string, question []byte, emit func([]byte) error) error {
		for range 2000 {
			lock.Lock()
			lines[string(question)]++
			lock.Unlock()
			if err := errors.Join(emit(line), Turn(ctx)); err != nil {
				return err
			}
		}
		return nil
	})})
	slow, err := http.DefaultTransport.RoundTrip(s.request("POST", "/api/run", `"slow"`))
	if err != nil {
		t.Fatal(err)
	}
	defer slow.Body.Close()
	if _, body := s.ask("run", `"fast"`); len(body) < 2000*8<<10 {
		t.Errorf("the fast reader got %d bytes", len(body))
	}
	lock.Lock()
	ahead := lines["slow"]
	lock.Unlock()
	if ahead > 1900 { // of 16 MB; the kernel's buffers take some
		t.Errorf("the engine was %d lines ahead of a reader who reads nothing", ahead)
	}
	n, err := io.Copy(io.Discard, slow.Body)
	if err != nil || n < 2000*8<<10 {
		t.Errorf("the slow reader got %d bytes (%v)", n, err)
	}
}

func TestFiles(t *testing.T) {
	s := open(t, Config{Desk: counting(1), Language: "fr"})
	for _, test := range []struct{ path, kind, cache, has string }{
		{"/", "text/html; charset=utf-8", "no-cache", "<title>entrepot"},
		{"/index.html", "text/html; charset=utf-8", "no-cache", "<title>entrepot"},
		{"/assets/page-3f2a91bc.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", "console"},
		{"/assets/map.json", "application/json", "no-cache", "{}"},
		{"/engine.js", "text/javascript; charset=utf-8", "no-cache", "window.ENTREPOT_ENGINE = { kind: 'server' };\nwindow.ENTREPOT_LANGUAGE = \"fr\";\n"},
	} {
		answer, body := s.do(s.request("GET", test.path, "", "Origin", "", "Sec-Fetch-Site", "none"))
		h := answer.Header
		if answer.StatusCode != 200 || h.Get("Content-Type") != test.kind || h.Get("Cache-Control") != test.cache || !strings.Contains(body, test.has) {
			t.Errorf("%s: %d, %s, %s, %.40q", test.path, answer.StatusCode, h.Get("Content-Type"), h.Get("Cache-Control"), body)
		}
		if h.Get("Content-Security-Policy") != policy || h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" ||
			h.Get("Cross-Origin-Opener-Policy") != "same-origin" || h.Get("Cross-Origin-Resource-Policy") != "same-origin" || h.Get("Set-Cookie") != "" {
			t.Errorf("%s: headers %v", test.path, h)
		}
		same, again := s.do(s.request("GET", test.path, "", "If-None-Match", `"other", `+h.Get("ETag")))
		if same.StatusCode != 304 || again != "" {
			t.Errorf("%s asked for with its tag: %d, %q", test.path, same.StatusCode, again)
		}
	}
	zipped, body := s.do(s.request("GET", "/", "", "Accept-Encoding", "gzip"))
	plain, err := gzip.NewReader(strings.NewReader(body))
	if err != nil || zipped.Header.Get("Content-Encoding") != "gzip" {
		t.Fatalf("coding %q: %v", zipped.Header.Get("Content-Encoding"), err)
	}
	if text, _ := io.ReadAll(plain); !bytes.Contains(text, []byte("<title>")) {
		t.Errorf("the compressed page holds %.40q", text)
	}
	if head, body := s.do(s.request("HEAD", "/", "")); head.StatusCode != 200 || body != "" || head.Header.Get("Content-Length") == "0" {
		t.Errorf("HEAD gives %d and %q", head.StatusCode, body)
	}
}

func TestZips(t *testing.T) {
	for _, test := range []struct {
		accept string
		want   bool
	}{{"", false}, {"gzip", true}, {"br, GZIP;q=0.5", true}, {"gzip;q=0", false}, {"gzip; q=0.000", false}, {"gzip;q=0.001", true}, {"identity", false}, {"x-gzip", false}} {
		r := &http.Request{Header: http.Header{"Accept-Encoding": {test.accept}}}
		if got := zips(r); got != test.want {
			t.Errorf("Accept-Encoding: %s: got %v", test.accept, got)
		}
	}
}

// The page in the program can be served, and everything that it loads is there.
func TestThePageOfTheProgram(t *testing.T) {
	s, err := New(Config{Desk: counting(1)})
	if err != nil {
		t.Fatal(err)
	}
	index := s.files["/"].plain
	for _, attribute := range []string{`src="`, `href="`} {
		rest := string(index)
		for {
			_, after, found := strings.Cut(rest, attribute)
			if !found {
				break
			}
			link, end, _ := strings.Cut(after, `"`)
			rest = end
			if strings.HasPrefix(link, "#") || strings.HasPrefix(link, "data:") {
				continue
			}
			if name, relative := strings.CutPrefix(link, "./"); !relative || s.files["/"+name] == nil {
				t.Errorf("the page loads %s, which must be a file of its own beginning with ./", link)
			}
		}
	}
}

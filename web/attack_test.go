package web

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Another page, or another name that leads here, cannot drive the server: nothing is answered, and the engine is not asked.
func TestForeignersAreRefused(t *testing.T) {
	asked := false
	s := open(t, Config{Hosts: []string{"Classroom.local"}, Desk: desk(func(context.Context, string, []byte, func([]byte) error) error {
		asked = true
		return nil
	})})
	_, port, _ := net.SplitHostPort(s.addr)
	for _, test := range []struct {
		name    string
		headers []string
		status  int
	}{
		{"the page itself", nil, 200},
		{"a program that is no browser", []string{"Origin", "", "Sec-Fetch-Site", ""}, 200},
		{"localhost", []string{"Host", "localhost:" + port, "Origin", "http://localhost:" + port}, 200},
		{"a name given with --host, in capitals", []string{"Host", "CLASSROOM.local:" + port, "Origin", "http://classroom.local:" + port}, 200},
		{"a port that was forwarded", []string{"Host", "localhost:9000", "Origin", "http://localhost:9000"}, 200},
		{"IPv6 of this machine", []string{"Host", "[::1]:" + port, "Origin", "http://[::1]:" + port}, 200},
		{"a name of somebody else's that leads here", []string{"Host", "evil.example:" + port, "Origin", "http://evil.example:" + port}, 403},
		{"a name that begins like ours", []string{"Host", "localhost.evil.example", "Origin", "http://localhost.evil.example"}, 403},
		{"an address that is not ours", []string{"Host", "192.0.2.1", "Origin", "http://192.0.2.1"}, 403},
		{"another page", []string{"Origin", "http://evil.example"}, 403},
		{"another port of this machine", []string{"Origin", "http://127.0.0.1:1"}, 403},
		{"a page without an origin", []string{"Origin", "null"}, 403},
		{"something that is no page", []string{"Origin", "chrome-extension://" + s.addr}, 403},
		{"another site by the browser's word", []string{"Sec-Fetch-Site", "cross-site", "Origin", ""}, 403},
		{"another port by the browser's word", []string{"Sec-Fetch-Site", "same-site", "Origin", ""}, 403},
		{"a form, which needs nobody's leave", []string{"Content-Type", "text/plain"}, 415},
		{"a form by its type", []string{"Content-Type", "application/x-www-form-urlencoded"}, 415},
		{"no type", []string{"Content-Type", ""}, 415},
		{"a body that is compressed, perhaps a bomb", []string{"Content-Encoding", "gzip"}, 415},
	} {
		t.Run(test.name, func(t *testing.T) {
			asked = false
			answer, body := s.ask("run", `{}`, test.headers...)
			if answer.StatusCode != test.status || asked != (test.status == 200) {
				t.Errorf("got %d, want %d; the engine was asked: %v; %s", answer.StatusCode, test.status, asked, body)
			}
			if test.status != 200 && !strings.HasPrefix(body, `{"kind":"problems","problems":[{"message":"`) {
				t.Errorf("the refusal says %q", body)
			}
			if answer.Header.Get("Access-Control-Allow-Origin") != "" {
				t.Error("another page may read the answer")
			}
		})
	}
	for _, host := range []string{"evil.example", ""} {
		if answer := s.raw("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 403") {
			t.Errorf("the page under the host %q: %.80q", host, answer)
		}
	}
	if answer := s.raw("GET http://evil.example/ HTTP/1.1\r\nHost: localhost\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 403") {
		t.Errorf("as a proxy: %.80q", answer)
	}
}

// raw sends bytes and reads what comes back, for two seconds at most.
func (s *site) raw(text string) string {
	s.t.Helper()
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(2 * time.Second))
	if _, err := io.WriteString(conn, text); err != nil {
		s.t.Fatal(err)
	}
	answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	body, _ := io.ReadAll(answer.Body)
	return fmt.Sprintf("HTTP/1.1 %s\n%s", answer.Status, body)
}

// Nothing but the built page can be read, whatever a path looks like. A file of this machine whose content is known is looked for everywhere.
func TestNoPathLeadsOutside(t *testing.T) {
	s := open(t, Config{Desk: counting(1)})
	here, err := filepath.Abs("attack_test.go")
	if err != nil {
		t.Fatal(err)
	}
	up := strings.Repeat("/..", 12)
	for _, path := range []string{
		here, up + here, "/assets" + up + here, "/" + here, "//localhost" + here, "/%2e%2e/attack_test.go", "/..%2fattack_test.go", "/assets/..%5c..%5cattack_test.go",
		strings.ReplaceAll(up+here, "..", "%2e%2e"), strings.ReplaceAll(up+here, "/", "%2f"), "/./index.html", "/assets/", "/assets", "/assets/../index.html", "/index.html/", "/index.html%00",
		"/index.html?../../etc/passwd", "/dist/index.html", "/server.go", "/api", "/api/", "/api/run/../../etc/passwd", "/.git/config", "/C:/windows/win.ini", "/\\etc\\passwd", "*",
		"/assets/page-3f2a91bc.js%20", "/ASSETS/page-3f2a91bc.js", "/" + strings.Repeat("a", 8000), "/" + strings.Repeat("../", 2000) + "etc/passwd",
	} {
		for _, method := range []string{"GET", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND"} {
			answer := s.raw(method + " " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")
			ok := strings.HasPrefix(answer, "HTTP/1.1 4") || strings.HasPrefix(answer, "HTTP/1.1 501") || path == "/index.html?../../etc/passwd" && strings.HasPrefix(answer, "HTTP/1.1 200")
			if !ok || strings.Contains(answer, "package web") || strings.Contains(answer, "root:") {
				t.Errorf("%s %.80q: %.120q", method, path, answer)
			}
		}
	}
}

func TestQuestionsThatAreNone(t *testing.T) {
	s := open(t, Config{Limits: Limits{Body: 1000}, Desk: desk(func(_ context.Context, _ string, question []byte, _ func([]byte) error) error {
		t.Errorf("the engine was asked %.40q", question)
		return nil
	})})
	for _, test := range []struct {
		name, method, path, body string
		headers                  []string
		status                   int
	}{
		{"no JSON", "POST", "/api/run", `{"scenario":`, nil, 400},
		{"nothing", "POST", "/api/run", ``, nil, 400},
		{"other bytes", "POST", "/api/run", "\xff\x00\x01", nil, 400},
		{"two values", "POST", "/api/run", `{} {}`, nil, 400},
		{"nested without end", "POST", "/api/run", strings.Repeat("[", 999), nil, 400},
		{"too large", "POST", "/api/run", `"` + strings.Repeat("x", 1000) + `"`, nil, 413},
		{"a question that there is not", "POST", "/api/shell", `{}`, nil, 404},
		{"a question that was only looked at", "GET", "/api/run", ``, nil, 405},
		{"a line that is none", "POST", "/api/run", `{}`, []string{"Last-Event-ID", "x"}, 400},
		{"a line before the first", "POST", "/api/run", `{}`, []string{"Last-Event-ID", "-1"}, 400},
		{"a line beyond all numbers", "POST", "/api/run", `{}`, []string{"Last-Event-ID", "99999999999999999999"}, 400},
		{"a long line", "POST", "/api/run", `{}`, []string{"Last-Event-ID", strings.Repeat("1", 5000)}, 400},
	} {
		answer, body := s.do(s.request(test.method, test.path, test.body, test.headers...))
		if answer.StatusCode != test.status || !strings.HasPrefix(body, `{"kind":"problems"`) || len(body) > 300 {
			t.Errorf("%s: got %d, want %d: %.300s", test.name, answer.StatusCode, test.status, body)
		}
	}
	if answer := s.raw("GET / HTTP/1.1\r\nHost: localhost\r\nX: " + strings.Repeat("x", 64<<10) + "\r\n\r\n"); !strings.HasPrefix(answer, "HTTP/1.1 431") && !strings.Contains(answer, "reset") {
		t.Errorf("a head of 64 kB: %.80q", answer)
	}
}

// hostile are bytes that are no request, or one whose end two readers may see at different places.
func hostile() []struct{ name, text string } {
	const head = "POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	return []struct{ name, text string }{
		{"two lengths", head + "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}"},
		{"a length below zero", head + "Content-Length: -1\r\n\r\n{}"},
		{"a length with a sign", head + "Content-Length: +2\r\n\r\n{}"},
		{"a length beyond all numbers", head + "Content-Length: 99999999999999999999\r\n\r\n{}"},
		{"a length in hexadecimal", head + "Content-Length: 0x2\r\n\r\n{}"},
		{"a terabyte that does not come", head + "Content-Length: 1099511627776\r\n\r\n{}"},
		{"a terabyte that asks for leave", head + "Expect: 100-continue\r\nContent-Length: 1099511627776\r\n\r\n"},
		{"a transfer that there is not", head + "Transfer-Encoding: xchunked\r\nContent-Length: 2\r\n\r\n{}"},
		{"a transfer coded twice", head + "Transfer-Encoding: chunked, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n"},
		{"two transfers", head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n2\r\n{}\r\n0\r\n\r\n"},
		{"a piece beyond all numbers", head + "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}\r\n0\r\n\r\n"},
		{"a piece longer than it says", head + "Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n"},
		{"pieces with a megabyte of remarks", head + "Transfer-Encoding: chunked\r\n\r\n" + strings.Repeat("1;"+strings.Repeat("x", 1000)+"\r\n{\r\n", 1000)},
		{"two hosts", "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\n\r\n"},
		{"no host", "GET / HTTP/1.1\r\n\r\n"},
		{"no host, as before there were any", "GET / HTTP/1.0\r\n\r\n"},
		{"a question of HTTP/1.0 without a host", "POST /api/run HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"},
		{"a host with a path", "GET / HTTP/1.1\r\nHost: localhost/../../etc\r\n\r\n"},
		{"a host over two lines", "GET / HTTP/1.1\r\nHost: evil\r\n localhost\r\n\r\n"},
		{"a head with a zero byte", "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\x00b\r\n\r\n"},
		{"a name with a blank", "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length : 2\r\n\r\n"},
		{"ten thousand headers", "GET / HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("X: y\r\n", 10_000) + "\r\n"},
		{"a path of 64 kB", "GET /" + strings.Repeat("a", 64<<10) + " HTTP/1.1\r\nHost: localhost\r\n\r\n"},
		{"a path with a zero byte", "GET /index.html\x00.css HTTP/1.1\r\nHost: localhost\r\n\r\n"},
		{"another server as the path", "GET http://evil.example/index.html HTTP/1.1\r\nHost: localhost\r\n\r\n"},
		{"a tunnel", "CONNECT localhost:22 HTTP/1.1\r\nHost: localhost:22\r\n\r\n"},
		{"two origins", head + "Origin: http://localhost\r\nOrigin: http://evil.example\r\nContent-Length: 2\r\n\r\n{}"},
		{"no version", "GET /\r\n\r\n"},
		{"a version that there is not", "GET / HTTP/3.7\r\nHost: localhost\r\n\r\n"},
		{"HTTP/2 at once", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00"},
		{"the beginning of TLS", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + strings.Repeat("\x00", 200) + "\r\n\r\n"},
		{"another protocol", "SSH-2.0-OpenSSH_9.6\r\n\r\n"},
		{"nothing but line ends", strings.Repeat("\r\n", 1000)},
	}
}

// Each is refused or let go, and no engine is asked.
func TestBytesThatAreNoRequest(t *testing.T) {
	s := open(t, Config{Limits: Limits{Header: 300 * time.Millisecond, Read: 300 * time.Millisecond, Idle: 300 * time.Millisecond}, Desk: desk(func(_ context.Context, _ string, question []byte, _ func([]byte) error) error {
		t.Errorf("the engine was asked %.40q", question)
		return nil
	})})
	for _, test := range hostile() {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			answer := conversation(t, s.addr, test.text, "GET /engine.js HTTP/1.1\r\nHost: localhost\r\n\r\n")
			for _, one := range strings.Split(answer, "HTTP/1.")[1:] {
				status := one[2:5]                                                      // of "1 403 Forbidden"
				follower := status == "200" && strings.Contains(one, "ENTREPOT_ENGINE") // what was asked after it, where both sides saw where it ended
				if status[0] != '4' && status[0] != '5' && status != "100" && !follower {
					t.Errorf("it is answered %.200q", one)
				}
			}
			if strings.Contains(answer, "<title>entrepot") {
				t.Errorf("it got the page: %.200q", answer)
			}
		})
	}
}

// conversation sends bytes, whatever becomes of them, and returns all that comes back until the other side ends it.
func conversation(t testing.TB, addr string, texts ...string) string {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Error(err)
		return ""
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(10 * time.Second))
	for _, text := range texts {
		_, _ = io.WriteString(conn, text) // it may be let go in the middle
	}
	answer, err := io.ReadAll(conn)
	if errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the connection was held for ten seconds: %.100q", answer)
	}
	return string(answer)
}

// What goes over a connection in one breath is answered one by one, each with its own; a body that says its length in two ways has that of its pieces.
func TestQuestionsInOneBreath(t *testing.T) {
	s := open(t, Config{Limits: Limits{Idle: 300 * time.Millisecond}, Desk: desk(func(_ context.Context, _ string, question []byte, emit func([]byte) error) error {
		return emit(question)
	})})
	const head = "POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
	answer := conversation(t, s.addr, head+"Content-Length: 3\r\n\r\n[1]"+head+"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[2]\r\n0\r\n\r\n"+head+"Content-Length: 3\r\n\r\n[3]")
	var got []string
	for _, line := range strings.Split(answer, "\n") {
		if data, ok := strings.CutPrefix(line, "data: ["); ok {
			got = append(got, data[:1])
		}
	}
	if fmt.Sprint(got) != "[1 2 3]" {
		t.Errorf("got the answers %v of %.600q, want 1 2 3", got, answer)
	}
}

// A scenario file in a question is text: it reads no file of the server's, neither as a layer nor as a world.
func TestAQuestionReadsNoFile(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	const secret = "a-name-that-nobody-else-has"
	for _, name := range []string{"secret.yaml", "secret/hubs.csv", "runs/other/scenario.yaml"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("version: 1\nname: "+secret+"\nextends: textbook\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s := real(t, Limits{})
	for _, state := range []string{`{"scenario":"secret.yaml","seed":"1"}`, `{"scenario":"./secret.yaml","seed":"1"}`, `{"scenario":"runs/other/scenario.yaml","seed":"1"}`,
		fmt.Sprintf(`{"scenario":%q,"seed":"1"}`, filepath.Join(dir, "secret.yaml")), `{"scenario":"textbook","layers":["secret.yaml"],"seed":"1"}`,
		`{"file":"version: 1\nname: x\nextends: secret.yaml\n","seed":"1"}`, `{"file":"version: 1\nname: x\nextends: [textbook, ./runs/other/scenario.yaml]\n","seed":"1"}`,
		fmt.Sprintf(`{"file":"version: 1\nname: x\nextends: %s\n","seed":"1"}`, filepath.Join(dir, "secret.yaml")), `{"file":"version: 1\nname: x\nextends: textbook\nworld: secret\n","seed":"1"}`,
		`{"file":"version: 1\nname: x\nextends: textbook\nworld: ../../../../../../etc\n","seed":"1"}`} {
		for _, question := range []string{"world", "source", "run"} {
			if _, body := s.ask(question, `{"state":`+state+`}`); !strings.Contains(body, `"kind":"problems"`) || strings.Contains(body, secret) {
				t.Errorf("%s of %s is answered by %.300q", question, state, body)
			}
		}
	}
}

// Who sends slowly or says nothing is let go.
func TestDawdlersAreLetGo(t *testing.T) {
	s := open(t, Config{Desk: counting(1), Limits: Limits{Header: 100 * time.Millisecond, Read: 100 * time.Millisecond, Idle: 100 * time.Millisecond}})
	for _, test := range []struct{ name, begin, drip string }{
		{"a head letter by letter", "GET / HTTP/1.1\r\nHost: localhost\r\nX: ", "x"},
		{"a body letter by letter", "POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n", " "},
		{"a body in pieces without end", "POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\n \r\n"},
		{"a connection that says nothing", "", ""},
		{"a connection that says no more", "GET /engine.js HTTP/1.1\r\nHost: localhost\r\n\r\n", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			conn, err := net.Dial("tcp", s.addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			began := time.Now()
			_, err = io.WriteString(conn, test.begin)
			for err == nil && test.drip != "" && time.Since(began) < 10*time.Second {
				time.Sleep(20 * time.Millisecond)
				_, err = io.WriteString(conn, test.drip)
			}
			_ = conn.SetReadDeadline(began.Add(10 * time.Second))
			if _, err := io.Copy(io.Discard, conn); errors.Is(err, os.ErrDeadlineExceeded) || time.Since(began) > 10*time.Second {
				t.Error("it was not let go")
			}
		})
	}
}

// Who asks and does not read is cut off, and its question with it.
func TestAReaderWhoReadsNothingIsCutOff(t *testing.T) {
	ended := make(chan error, 1)
	line := []byte(`"` + strings.Repeat("x", 60<<10) + `"`)
	s := open(t, Config{Limits: Limits{Stall: 200 * time.Millisecond}, Desk: desk(func(ctx context.Context, _ string, _ []byte, emit func([]byte) error) (err error) {
		for err == nil {
			err = errors.Join(emit(line), Turn(ctx))
		}
		ended <- err
		return err
	})})
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(20 * time.Second):
		t.Error("the engine works on")
	}
}

// An engine that takes no turns is held back all the same.
func TestAnEngineIsHeldBackByItsReader(t *testing.T) {
	s := newStream(0)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	line, lines := []byte(strings.Repeat("x", 1000)), 0
	for s.emit(ctx, line) == nil && lines < 10*ahead/1000 {
		lines++
	}
	if lines > 4*ahead/1000 || ctx.Err() == nil {
		t.Errorf("%d lines of 1 kB wait for a reader who is not there", lines)
	}
}

func TestOneAddressHasItsShareOfConnections(t *testing.T) {
	c := newCrowd(nil, 3, 2)
	for _, test := range []struct {
		from string
		in   bool
	}{{"192.0.2.1:1", true}, {"192.0.2.1:2", true}, {"192.0.2.1:3", false}, {"192.0.2.2:1", true}, {"192.0.2.3:1", false}, {"127.0.0.1:1", false}} {
		if got := c.admit(from(test.from)); (got != nil) != test.in {
			t.Errorf("%s is let in: %v, want %v", test.from, got != nil, test.in)
		}
	}
	c = newCrowd(nil, 3, 2)
	for i := range 3 {
		guest := c.admit(from(fmt.Sprintf("[::1]:%d", i)))
		if guest == nil {
			t.Fatalf("connection %d of this machine was not let in", i+1)
		}
		if i == 2 {
			_ = guest.Close()
			_ = guest.Close() // once more changes nothing
		}
	}
	if c.here != 2 {
		t.Errorf("%d are here, want 2", c.here)
	}
}

// from is a connection from an address.
func from(address string) net.Conn { return &stranger{address: address} }

type stranger struct {
	net.Conn
	address string
}

func (s *stranger) RemoteAddr() net.Addr {
	return net.TCPAddrFromAddrPort(netip.MustParseAddrPort(s.address))
}
func (s *stranger) Close() error { return nil }

// heap is what is in use after a collection.
func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// Thousands of connections, open or asking, are bounded in number and memory, and the server serves on.
func TestACrowdIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	const many = 2000
	line := []byte(`"` + strings.Repeat("x", 16<<10) + `"`)
	s := open(t, Config{Limits: Limits{Connections: 300, Questions: 20, Waiting: 100, Stall: 3 * time.Second},
		Desk: desk(func(ctx context.Context, _ string, _ []byte, emit func([]byte) error) error {
			for range 1000 { // 16 MB
				if err := errors.Join(emit(line), Turn(ctx)); err != nil {
					return err
				}
			}
			return nil
		})})
	before := heap()
	var conns []net.Conn
	var tooMany bool
	for range many { // each asks and reads nothing
		conn, err := net.DialTimeout("tcp", s.addr, 5*time.Second)
		if errors.Is(err, syscall.EMFILE) {
			tooMany = true
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		conns = append(conns, conn)
		_, _ = io.WriteString(conn, "POST /api/run HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}") // some are let go before
	}
	if tooMany && len(conns) < 500 {
		if os.Getenv("CI") == "true" {
			t.Fatalf("not run: this machine allows %d open files", len(conns))
		}
		t.Skipf("not run: this machine allows %d open files", len(conns))
	}
	held := heap() - before
	if perhaps := uint64(20*4*ahead + 300*64<<10); held > perhaps {
		t.Errorf("%d connections hold %d kB, want at most %d", len(conns), held>>10, perhaps>>10)
	}
	t.Logf("%d connections hold %d kB", len(conns), held>>10)
	var full, served, let int
	for _, conn := range conns {
		_ = conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
		head := make([]byte, 12)
		_, err := io.ReadFull(conn, head)
		switch {
		case err != nil:
			let++
		case string(head) == "HTTP/1.1 503":
			full++
		case string(head) == "HTTP/1.1 200":
			served++
		}
		conn.Close()
	}
	t.Logf("%d were answered or stood in line, %d were told to come later, %d let go without a word", served, full, let)
	if served > 300 || full == 0 {
		t.Errorf("%d were let in, want at most 300; %d were told that there is no room", served, full)
	}
	s.idle()
	if answer, _ := s.do(s.request("GET", "/", "")); answer.StatusCode != 200 {
		t.Errorf("afterwards the page gives %d", answer.StatusCode)
	}
}

// Many at once, each with a question, are all served, each whole.
func TestAClassIsServed(t *testing.T) {
	s := open(t, Config{Desk: counting(200)})
	var done sync.WaitGroup
	for range 60 {
		done.Go(func() {
			if _, body := s.ask("run", `{}`); !strings.HasSuffix(body, "event: done\ndata: {\"kind\":\"done\"}\n\n") || strings.Count(body, "\nid: ")+1 < 200 {
				t.Errorf("one was not served whole: %d lines", strings.Count(body, "id: "))
			}
		})
	}
	done.Wait()
}

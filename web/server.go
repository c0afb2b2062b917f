// Package web serves the page and answers its questions: POST /api/<question>, the answer as server-sent events (docs/page.md). It is for one machine
// or one class room: no log-in, no store, no state between two questions. Whoever can reach it can use its processors, and nothing else; how much of
// them, and of memory, is bounded and shared out fairly.
package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"entrepot/web/live"
)

// Answerer is the engine: live.Desk, or whatever answers in its stead in a test. What the asker did wrong it tells in its answer; its error is
// a fault of the program.
type Answerer interface {
	Answer(ctx context.Context, name string, question []byte, emit func(line []byte) error) error
}

// Config says what is served. The zero value of a limit is the usual one.
type Config struct {
	Desk     Answerer
	Built    fs.FS    // the built page; nil: the one in the program
	Hosts    []string // names beside localhost under which the page may be asked for
	Language string   // in which the page begins; empty: the reader's own
	Build    string   // of the program, such that another may answer otherwise; empty: one of its own for every server
	Limits   Limits
	Say      func(format string, args ...any) // talk; may be nil
}

// Limits bound what readers can ask of this machine.
type Limits struct {
	Processors  int           // that work on questions at once
	Connections int           // open at once
	Questions   int           // that have a model in memory at once; each has one, a comparison one a processor
	Small       int           // questions without a run at once
	Waiting     int           // questions in the line
	Body        int           // bytes of a question
	Processor   time.Duration // of one question
	Header      time.Duration // in which the head of a request must come
	Read        time.Duration // in which its body must come
	Stall       time.Duration // in which a reader must take 32 kB
	Idle        time.Duration // of a connection between two requests
	Beat        time.Duration // after which a silent answer says that it lives
}

// Usual are the limits of a class of thirty and some.
func Usual() Limits {
	return Limits{Processors: runtime.GOMAXPROCS(0), Connections: 512, Questions: 48, Small: 16, Waiting: 200, Body: live.Standard().Body, Processor: 10 * time.Minute,
		Header: 5 * time.Second, Read: 10 * time.Second, Stall: 20 * time.Second, Idle: time.Minute, Beat: 5 * time.Second}
}

// Server is the page's server.
type Server struct {
	Config
	files  files
	hosts  hosts
	turns  *turns
	large  *line // of questions that run a model
	small  *line
	zip    zippers
	ending context.Context // over when the server ends
	end    context.CancelCauseFunc
}

// New makes a server.
func New(c Config) (*Server, error) {
	if c.Say == nil {
		c.Say = func(string, ...any) {}
	}
	if c.Built == nil {
		c.Built, _ = fs.Sub(dist, "dist") // the name is a path
	}
	c.Build = cmp.Or(c.Build, rand.Text())
	c.Limits = c.Limits.filled()
	all, err := newFiles(c.Built, c.Language)
	if err != nil {
		return nil, err
	}
	s := &Server{Config: c, files: all, hosts: newHosts(c.Hosts), turns: newTurns(c.Limits.Processors, time.Now)}
	s.large = newLine(c.Limits.Questions, c.Limits.Waiting, shareOf(c.Limits.Questions+c.Limits.Waiting))
	s.small = newLine(c.Limits.Small, c.Limits.Waiting, shareOf(c.Limits.Small+c.Limits.Waiting))
	s.ending, s.end = context.WithCancelCause(context.Background())
	return s, nil
}

// shareOf is what one address may have of something: three quarters, so that something is left for the others; a school behind one address is served nonetheless.
func shareOf(all int) int { return max(1, all*3/4) }

// filled puts the usual limit where there is none.
func (l Limits) filled() Limits {
	u := Usual()
	for _, n := range [][2]*int{{&l.Processors, &u.Processors}, {&l.Connections, &u.Connections}, {&l.Questions, &u.Questions}, {&l.Small, &u.Small},
		{&l.Waiting, &u.Waiting}, {&l.Body, &u.Body}} {
		if *n[0] == 0 {
			*n[0] = *n[1]
		}
	}
	for _, d := range [][2]*time.Duration{{&l.Processor, &u.Processor}, {&l.Header, &u.Header}, {&l.Read, &u.Read}, {&l.Stall, &u.Stall}, {&l.Idle, &u.Idle}, {&l.Beat, &u.Beat}} {
		if *d[0] == 0 {
			*d[0] = *d[1]
		}
	}
	return l
}

// errEnding ends answers when the server ends.
var errEnding = errors.New("the server is ending")

// grace is how long answers may take to say their last word when the server ends.
const grace = 3 * time.Second

// Serve answers on a listener until the context ends, which is no error.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	server := &http.Server{Handler: s, ReadHeaderTimeout: s.Limits.Header, IdleTimeout: s.Limits.Idle, MaxHeaderBytes: 16 << 10,
		DisableGeneralOptionsHandler: true, ErrorLog: log.New(talk(s.Say), "", 0)}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(newCrowd(l, s.Limits.Connections, shareOf(s.Limits.Connections))) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serving the page: %w", err)
	case <-ctx.Done():
	}
	s.end(errEnding)
	last, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		_ = server.Close() // who has not ended by now is cut off
	}
	return nil
}

// talk lets Go's server say what it has to say as the program does.
type talk func(format string, args ...any)

// Write says a line.
func (t talk) Write(line []byte) (int, error) {
	t("%s", bytes.TrimSpace(line))
	return len(line), nil
}

// ServeHTTP answers one request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	protect(w.Header())
	net := http.NewResponseController(w)
	_ = net.SetReadDeadline(time.Now().Add(s.Limits.Read)) // a recorder in a test has no deadlines; once the body is read, the server takes it away
	_ = net.SetWriteDeadline(time.Now().Add(s.Limits.Stall))
	if !s.hosts.admit(r) {
		refuse(w, http.StatusForbidden, fmt.Sprintf("the host must be one that this server has, got %.100q", r.Host), "entrepot serve --host NAME adds a name")
		return
	}
	if question, ok := strings.CutPrefix(r.URL.Path, "/api/"); ok {
		s.question(w, r, question)
		return
	}
	s.files.serve(w, r)
}

// small are the questions that run no model: they do not wait for those that do.
func small(question string) bool {
	return question == "catalog" || question == "world" || question == "source"
}

// question checks a question and answers it.
func (s *Server) question(w http.ResponseWriter, r *http.Request, name string) {
	switch {
	case !slices.Contains(live.Questions(), name):
		refuse(w, http.StatusNotFound, fmt.Sprintf("there is no question %.40q", name), "")
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", "POST")
		refuse(w, http.StatusMethodNotAllowed, "the method must be POST", "")
	case foreign(r):
		refuse(w, http.StatusForbidden, "questions must come from the page of this server itself", "")
	case !isJSON(r):
		refuse(w, http.StatusUnsupportedMediaType, "the question must be application/json, not compressed", "")
	default:
		body, after, ok := s.read(w, r)
		if ok {
			s.answer(w, r, name, body, after)
		}
	}
}

// read reads the body of a question and up to which line its reader has the answer. What is wrong it tells.
func (s *Server) read(w http.ResponseWriter, r *http.Request) (body []byte, after int, ok bool) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, int64(s.Limits.Body)))
	var large *http.MaxBytesError
	switch {
	case errors.As(err, &large):
		refuse(w, http.StatusRequestEntityTooLarge, fmt.Sprintf("the question must be at most %d bytes", s.Limits.Body), "")
		return nil, 0, false
	case err != nil:
		refuse(w, http.StatusRequestTimeout, fmt.Sprintf("the question must come whole, within %v", s.Limits.Read), "")
		return nil, 0, false
	case !json.Valid(body):
		refuse(w, http.StatusBadRequest, "the question must be JSON", "")
		return nil, 0, false
	}
	if last := r.Header.Get("Last-Event-ID"); last != "" {
		if after, err = strconv.Atoi(last); err != nil || after < 0 {
			refuse(w, http.StatusBadRequest, fmt.Sprintf("Last-Event-ID must be a whole number from 0, got %.40q", last), "")
			return nil, 0, false
		}
		if r.Header.Get("If-Match") != s.tag() {
			refuse(w, http.StatusPreconditionFailed, "the answer must be taken up at the build of the program that began it, as If-Match says", "ask from its first line on")
			return nil, 0, false
		}
	}
	return body, after, true
}

// tag is the entity tag of every answer: the rest of one that another build began may be the rest of another answer.
func (s *Server) tag() string { return strconv.Quote(s.Build) }

// answer waits for a place, works and streams.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, name string, body []byte, after int) {
	line, address := s.large, addressOf(r.RemoteAddr)
	if small(name) {
		line = s.small
	}
	idle := r.Header.Get("Priority") == "u=7" // RFC 9218: background; the page asks so what nobody waits for
	if idle && line.crowded(2*s.Limits.Processors) {
		refuse(w, http.StatusServiceUnavailable, "others ask what cannot wait", "ask again without that much to do")
		return
	}
	place, err := line.join(address)
	switch {
	case errors.Is(err, errShare):
		refuse(w, http.StatusTooManyRequests, err.Error(), "wait until some of them are answered")
		return
	case err != nil:
		refuse(w, http.StatusServiceUnavailable, err.Error(), "try again in a few seconds")
		return
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	defer context.AfterFunc(s.ending, func() { cancel(errEnding) })()
	a := &asking{Server: s, stream: newStream(after), name: name, body: body, idle: idle, cancel: cancel}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer line.leave(place, address)
		defer a.stream.end()
		a.work(ctx, line, place)
	}()
	err = a.copyTo(w, r)
	cancel(errors.Join(errGone, err))
	<-done // the handler owns the place until nothing works in its name
}

// errGone ends the work for a reader who is no longer there.
var errGone = errors.New("the reader is gone")

// asking is a question that is being answered.
type asking struct {
	*Server
	stream *stream
	name   string
	body   []byte
	idle   bool // nobody waits for it
	cancel context.CancelCauseFunc
}

// copyTo streams the answer to its reader.
func (a *asking) copyTo(w http.ResponseWriter, r *http.Request) error {
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("ETag", a.tag())
	h.Set("X-Accel-Buffering", "no") // a proxy shall not wait for more
	h.Set("Vary", "Accept-Encoding")
	out := &writer{to: w, net: http.NewResponseController(w), stall: a.Limits.Stall}
	if zips(r) {
		h.Set("Content-Encoding", "gzip")
		out.zip = a.zip.get(w)
		defer a.zip.pool.Put(out.zip)
	}
	w.WriteHeader(http.StatusOK)
	if err := a.stream.copyTo(r.Context(), out, a.Limits.Beat); err != nil {
		return err
	}
	if out.zip != nil {
		return out.zip.Close()
	}
	return nil
}

// noMore says that nothing follows: an answer that ends without it broke off.
var noMore = []byte(`{"kind":"done"}`)

// work waits for a place, then answers in turns. However it ends, the reader is told.
func (a *asking) work(ctx context.Context, line *line, place *place) {
	defer func() {
		if bug := recover(); bug != nil {
			a.Say("a bug in the program, please report it: %s: %v\n%s", a.name, bug, debug.Stack())
			a.stream.tell("fault", fault("a bug in the program; the server's window says more"))
		}
	}()
	err := line.wait(ctx, place, func(ahead int) {
		a.stream.tell("waiting", fmt.Appendf(nil, `{"kind":"waiting","ahead":%d}`, ahead))
	})
	if err == nil {
		err = a.run(ctx)
	}
	switch {
	case err == nil:
		a.stream.tell("done", noMore)
	case errors.Is(err, errGone), errors.Is(err, context.Canceled): // nobody is there to be told
	case errors.Is(err, errTooLong):
		a.stream.tell("problems", problems(fmt.Sprintf("a question may take %v of a processor", a.Limits.Processor), "ask for fewer runs or a shorter period"))
		a.stream.tell("done", noMore) // asked again it would take as long
	case errors.Is(err, errEnding):
		a.stream.tell("ending", []byte(`{"kind":"ending"}`)) // it may be started again: the page asks on
	default:
		a.Say("answering %s: %v", a.name, err)
		a.stream.tell("fault", fault("the answer broke off; the server's window says more"))
	}
}

// fault is the JSON of a fault that is not the asker's.
func fault(message string) []byte {
	data, _ := json.Marshal(map[string]string{"kind": "fault", "message": message}) // texts can always be written
	return data
}

// run has the engine answer, in turns.
func (a *asking) run(ctx context.Context) error {
	k := &worker{stream: a.stream, cancel: a.cancel, seat: &seat{of: a.turns, most: a.Limits.Processor, weight: 1, idle: a.idle}}
	if a.name == "compare" {
		k.seat.weight = a.Limits.Processors
	}
	if err := k.seat.take(ctx); err != nil {
		return err
	}
	defer k.stop()
	err := a.Desk.Answer(context.WithValue(ctx, workerKey{}, k), a.name, a.body, func(line []byte) error { return a.stream.emit(ctx, line) })
	if cause := context.Cause(ctx); err != nil && cause != nil {
		return cause // the engine only says that it was called off
	}
	return err
}

// worker answers a question. A comparison is several goroutines, which share its turns.
type worker struct {
	stream *stream
	cancel context.CancelCauseFunc // of the whole question

	lock sync.Mutex
	seat *seat
	over error // why there is no turn any more
}

type workerKey struct{}

// Turn is called by the engine every few weeks of a run: it returns when it is that question's turn to go on, and its reader is not too far behind. Its
// error ends the question.
func Turn(ctx context.Context) error {
	k, ok := ctx.Value(workerKey{}).(*worker)
	if !ok {
		return ctx.Err()
	}
	return k.turn(ctx)
}

func (k *worker) turn(ctx context.Context) error {
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.over == nil {
		if k.over = k.next(ctx); k.over != nil {
			k.cancel(k.over)
		}
	}
	return k.over
}

func (k *worker) next(ctx context.Context) error {
	if _, full := k.stream.full(ahead); !full {
		return k.seat.next(ctx)
	}
	k.seat.end() // the processor is free for others meanwhile
	if err := k.stream.wait(ctx, ahead); err != nil {
		return err
	}
	return k.seat.take(ctx)
}

// errAnswered is why there are no turns for what has been answered.
var errAnswered = errors.New("the question has been answered")

// stop gives the processor back.
func (k *worker) stop() {
	k.lock.Lock()
	defer k.lock.Unlock()
	if k.over == nil {
		k.seat.end()
		k.over = errAnswered
	}
}

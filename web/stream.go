package web

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// stream carries an answer to its reader as server-sent events. The engine puts lines in and never waits for the net; the goroutine of the request
// takes out what there is and writes it. An engine that is far ahead of its reader is held back in its turns (room).
//
// A line of the engine has its number as id. Events without one are the server's own: waiting, fault, done.
type stream struct {
	after int // lines up to this one the reader has already

	lock   sync.Mutex
	lines  int
	out    []byte
	ended  bool
	wake   chan struct{} // there is something to write; holds at most one
	spaced chan struct{} // closed and made anew whenever what there was has been taken out
}

// ahead is how many bytes the engine may be ahead of its reader before it is held back, and a quarter of what is never exceeded.
const ahead = 256 << 10

func newStream(after int) *stream {
	return &stream{after: after, wake: make(chan struct{}, 1), spaced: make(chan struct{})}
}

// emit takes a line of the engine. It waits only if the engine did not take turns and is much too far ahead.
func (s *stream) emit(ctx context.Context, line []byte) error {
	if bytes.ContainsAny(line, "\r\n") {
		return errors.New("a line of an answer must be one line")
	}
	if err := s.wait(ctx, 4*ahead); err != nil {
		return err
	}
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.lines++; s.lines <= s.after {
		return nil
	}
	s.out = append(s.out, "id: "...)
	s.out = strconv.AppendInt(s.out, int64(s.lines), 10)
	s.add("", line)
	return nil
}

// tell sends an event of the server's own.
func (s *stream) tell(event string, data []byte) {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.add(event, data)
}

// end tells that nothing will follow.
func (s *stream) end() {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.ended = true
	s.alert()
}

func (s *stream) add(event string, data []byte) {
	if event != "" {
		s.out = append(append(s.out, "event: "...), event...)
	}
	s.out = append(append(append(s.out, "\ndata: "...), data...), "\n\n"...)
	s.alert()
}

func (s *stream) alert() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// full says whether the reader is far behind.
func (s *stream) full(bytes int) (spaced chan struct{}, full bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	return s.spaced, len(s.out) >= bytes
}

// wait returns when fewer than so many bytes are to be written.
func (s *stream) wait(ctx context.Context, bytes int) error {
	for {
		spaced, full := s.full(bytes)
		if !full {
			return nil
		}
		select {
		case <-spaced:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// take empties the stream into spare.
func (s *stream) take(spare []byte) (out []byte, ended bool) {
	s.lock.Lock()
	defer s.lock.Unlock()
	out, s.out = s.out, spare[:0]
	if len(out) > 0 {
		close(s.spaced)
		s.spaced = make(chan struct{})
	}
	return out, s.ended
}

// copyTo writes until the stream ends, its reader is gone or stalls. When nothing is to be said for a while, a comment says that the connection lives.
func (s *stream) copyTo(ctx context.Context, w *writer, beat time.Duration) error {
	tick := time.NewTicker(beat)
	defer tick.Stop()
	var spare []byte
	for {
		out, ended := s.take(spare)
		switch {
		case len(out) > 0:
			if err := w.send(out); err != nil {
				return err
			}
			tick.Reset(beat)
		case ended:
			return nil
		}
		if spare = out; cap(spare) > 4*ahead { // after one large line; do not keep it
			spare = nil
		}
		if len(out) > 0 {
			continue
		}
		select {
		case <-s.wake:
		case <-tick.C:
			if err := w.send([]byte(": still here\n\n")); err != nil {
				return err
			}
		case <-ctx.Done():
			if out, _ := s.take(nil); len(out) > 0 { // a last word
				return w.send(out)
			}
			return nil
		}
	}
}

// writer writes batches to a reader, compressed if it understands that, each piece within a time.
type writer struct {
	to    io.Writer
	net   *http.ResponseController
	stall time.Duration
	zip   *gzip.Writer // nil: plain
}

// piece is what a reader has to take within the time of a stall: who reads slower than that is cut off.
const piece = 32 << 10

// zippers are shared, since each is large.
type zippers struct{ pool sync.Pool }

func (z *zippers) get(to io.Writer) *gzip.Writer {
	if old, ok := z.pool.Get().(*gzip.Writer); ok {
		old.Reset(to)
		return old
	}
	zip, _ := gzip.NewWriterLevel(to, gzip.BestSpeed) // the level is one
	return zip
}

// send writes a batch and flushes it, so that it arrives whole.
func (w *writer) send(batch []byte) error {
	for len(batch) > 0 {
		n := min(len(batch), piece)
		if err := w.hurry(); err != nil {
			return err
		}
		var err error
		if w.zip != nil {
			_, err = w.zip.Write(batch[:n])
		} else {
			_, err = w.to.Write(batch[:n])
		}
		if err != nil {
			return err
		}
		batch = batch[n:]
	}
	if w.zip != nil {
		if err := w.zip.Flush(); err != nil {
			return err
		}
	}
	return w.net.Flush()
}

// hurry gives the reader its time for the next piece.
func (w *writer) hurry() error { return w.net.SetWriteDeadline(time.Now().Add(w.stall)) }

// zips says whether a request accepts gzip.
func zips(r *http.Request) bool {
	for _, value := range r.Header.Values("Accept-Encoding") {
		for one := range strings.SplitSeq(value, ",") {
			name, weight, _ := strings.Cut(strings.TrimSpace(one), ";")
			if strings.EqualFold(strings.TrimSpace(name), "gzip") {
				weight = strings.ReplaceAll(weight, " ", "")
				return !strings.HasPrefix(weight, "q=0") || strings.Trim(weight, "q=0.") != ""
			}
		}
	}
	return false
}

package main

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far the weeks of all runs are: a bar on a terminal, elsewhere a line every few seconds. Its
// methods may be called from several goroutines.
type progress struct {
	mu    sync.Mutex
	bar   *progressbar.ProgressBar // nil where there is no terminal
	say   func(format string, args ...any)
	done  int
	total int
	next  time.Time // of the next line
}

// linesEvery is the time between two lines where there is no terminal.
const linesEvery = 5 * time.Second

// progress starts the display for some jobs; --quiet shows nothing.
func (a *app) progress(jobs []*job) *progress {
	p := &progress{say: a.say, next: time.Now().Add(linesEvery)}
	for _, j := range jobs {
		p.total += j.weeks()
	}
	if !a.quiet && isTerminal(a.stderr) {
		p.bar = progressbar.NewOptions(p.total, progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetDescription("weeks"),
			progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
			progressbar.OptionThrottle(100*time.Millisecond))
	}
	return p
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// add counts weeks that are done.
func (p *progress) add(weeks int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.done += weeks
	if p.bar != nil {
		_ = p.bar.Add(weeks) // a display that fails must not stop a run
		return
	}
	if p.done < p.total && time.Now().After(p.next) {
		p.next = time.Now().Add(linesEvery)
		p.say("%d of %d weeks", p.done, p.total)
	}
}

// finish takes the bar away.
func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

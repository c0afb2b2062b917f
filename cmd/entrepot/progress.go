package main

import (
	"io"
	"os"
	"sync"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress shows how far the weeks of all runs, or the runs of a study, are: a bar on a terminal, elsewhere a line every few seconds. Its
// methods may be called from several goroutines.
type progress struct {
	mu    sync.Mutex
	bar   *progressbar.ProgressBar // nil where there is no terminal
	say   func(format string, args ...any)
	unit  string // weeks, runs
	done  int
	total int
	now   func() time.Time
	last  time.Time     // when something was done or said last
	quiet time.Duration // since the last line
	took  time.Duration // all in all, as far as the clock went on steadily
}

// linesEvery is the time between two lines where there is no terminal.
const linesEvery = 5 * time.Second

// longest is what is believed between two steps: a clock that went on for longer was set anew, or the machine slept.
const longest = 24 * time.Hour

// progress starts the display for some jobs; --quiet shows nothing.
func (a *app) progress(jobs []*job) *progress {
	total := 0
	for _, j := range jobs {
		total += j.weeks()
	}
	return a.progressOf(total, "weeks")
}

// progressOf starts the display for a number of weeks or runs.
func (a *app) progressOf(total int, unit string) *progress {
	return newProgress(a, total, unit, time.Now)
}

// newProgress is progressOf under a clock.
func newProgress(a *app, total int, unit string, now func() time.Time) *progress {
	p := &progress{say: a.say, unit: unit, total: total, now: now, last: now()}
	if !a.quiet && isTerminal(a.stderr) {
		p.bar = progressbar.NewOptions(p.total, progressbar.OptionSetWriter(a.stderr), progressbar.OptionSetDescription(unit),
			progressbar.OptionShowCount(), progressbar.OptionSetPredictTime(true), progressbar.OptionClearOnFinish(),
			progressbar.OptionThrottle(100*time.Millisecond))
	}
	return p
}

func isTerminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// terminalWidth is how many characters a line has: of a terminal what it says, elsewhere what is readable.
func terminalWidth(w io.Writer) int {
	const readable = 100
	if file, ok := w.(*os.File); ok {
		if width, _, err := term.GetSize(int(file.Fd())); err == nil && width > 0 {
			return width
		}
	}
	return readable
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
	if p.passed(); p.done < p.total && p.quiet > linesEvery {
		p.quiet = 0
		left := time.Duration(float64(p.took) * float64(p.total-p.done) / float64(p.done))
		p.say("%d of %d %s, about %s to go", p.done, p.total, p.unit, left.Round(time.Second))
	}
}

// passed counts the time since the last step, unless the clock was set meanwhile.
func (p *progress) passed() {
	now := p.now()
	if step := now.Sub(p.last); step > 0 && step < longest {
		p.quiet += step
		p.took += step
	}
	p.last = now
}

// finish takes the bar away.
func (p *progress) finish() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

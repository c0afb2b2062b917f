package web

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// traced is an event of the browser's trace (Trace Event Format: complete events X with a length, instants, metadata M), microseconds.
type traced struct {
	Name, Ph string
	Pid, Tid int
	Ts, Dur  float64
	Tdur     float64 // of the processor's time
	Args     struct{ Name string }
}

// trace records what the browser does for a while.
func (p *page) trace(last time.Duration) (events []traced) {
	p.t.Helper()
	var lock sync.Mutex
	whole := make(chan bool, 1)
	err := chromedp.Listen(p.ctx, func(event any) {
		switch e := event.(type) {
		case *tracing.EventDataCollected:
			lock.Lock()
			defer lock.Unlock()
			for _, v := range e.Value {
				var one traced
				if json.Unmarshal(v, &one) == nil {
					events = append(events, one)
				}
			}
		case *tracing.EventTracingComplete:
			whole <- !e.DataLossOccurred
		}
	})
	if err != nil {
		p.t.Fatal(err)
	}
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, tracing.Start, tracing.StartParams{TraceConfig: &tracing.TraceConfig{
			IncludedCategories: []string{"toplevel", "devtools.timeline", "disabled-by-default-devtools.timeline", "devtools.timeline.frame"}}})
		return chromedp.Void{}, err
	})
	time.Sleep(last)
	p.do(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := cdp.Call(ctx, t, tracing.End, cdp.Empty{})
		return chromedp.Void{}, err
	})
	select {
	case ok := <-whole:
		if !ok {
			p.t.Error("the trace lacks events")
		}
	case <-time.After(patience):
		p.t.Fatal("the trace did not come")
	}
	lock.Lock()
	defer lock.Unlock()
	return events
}

// work is what the page's main thread did in each frame, milliseconds: the task that hands it to the compositor, and all before the next such.
type work struct{ clock, processor []float64 }

// under is the share of frames below so many milliseconds, in percent.
func under(ms float64, of []float64) float64 {
	n := 0
	for _, x := range of {
		if x < ms {
			n++
		}
	}
	return 100 * float64(n) / float64(max(1, len(of)))
}

// framesOf sums tasks by frame on the main thread that had most of them, which is the page's.
func framesOf(events []traced) (w work) {
	type thread struct{ pid, tid int }
	busy := map[thread]float64{}
	for _, e := range events {
		if e.Ph == "M" && e.Name == "thread_name" && e.Args.Name == "CrRendererMain" {
			busy[thread{e.Pid, e.Tid}] = 0
		}
	}
	for _, e := range events {
		if at := (thread{e.Pid, e.Tid}); e.Name == "RunTask" {
			if _, is := busy[at]; is {
				busy[at] += e.Dur
			}
		}
	}
	var main thread
	most := -1.0
	for at, sum := range busy {
		if sum > most || sum == most && at.pid > main.pid {
			main, most = at, sum
		}
	}
	events = slices.DeleteFunc(events, func(e traced) bool {
		return e.Pid != main.pid || e.Tid != main.tid || e.Name != "RunTask" && e.Name != "Commit"
	})
	slices.SortStableFunc(events, func(a, b traced) int { return cmp.Compare(a.Ts, b.Ts) })
	for i, e := range events {
		if e.Name != "RunTask" {
			continue
		}
		if i+1 < len(events) && events[i+1].Name == "Commit" && events[i+1].Ts < e.Ts+e.Dur {
			w.clock, w.processor = append(w.clock, 0), append(w.processor, 0)
		}
		if last := len(w.clock) - 1; last >= 0 {
			w.clock[last] += e.Dur / 1000
			w.processor[last] += e.Tdur / 1000
		}
	}
	return w
}

// play opens a room beside a historical run, plays it at ten weeks a second, and traces it.
func play(t testing.TB, room string, last time.Duration) work {
	t.Helper()
	p := visit(t, 1400, 900, fragment(map[string]any{"state": at("northern-mali", "1"), "view": map[string]any{"tick": 50, "tab": room, "hub": "gao"}}))
	p.ran()
	p.wait("the room", `document.querySelector('#room') && document.querySelector('[role=tab][aria-selected=true]').id === 'tab-`+room+`'`)
	if room == "hub" {
		p.wait("the market", `document.querySelector('#room svg')`)
	}
	value[bool](p, `([...document.querySelectorAll('button')].find((b) => b.innerText.includes('Play'))?.click(), true)`)
	week := func() float64 {
		return value[float64](p, `Number(document.querySelector('input[type=range][aria-label=Week]').value)`)
	}
	from := week()
	w := framesOf(p.trace(last))
	if passed := week() - from; passed < 5*last.Seconds() {
		t.Errorf("%s: %g weeks passed in %v, want ten a second", room, passed, last)
	}
	if len(w.clock) < 30 {
		t.Errorf("%s: the trace has %d frames", room, len(w.clock))
	}
	return w
}

// While a historical run plays at ten weeks a second, 95 % of frames cost the main thread less than 16 ms. By the time of a processor, since others use the
// machine too.
func TestFramesAreShortWhilePlaying(t *testing.T) {
	for _, room := range []string{"change", "hub", "actors"} {
		t.Run(room, func(t *testing.T) {
			w := play(t, room, 6*time.Second)
			t.Logf("%d frames: %.1f %% under 16 ms by the processor, %.1f %% by the clock; median %.2f ms, 95 %% %.1f ms", len(w.clock), under(16, w.processor), under(16, w.clock),
				quantile(w.processor, 0.5), quantile(w.processor, 0.95))
			if short := under(16, w.processor); short < 95 {
				t.Errorf("%.1f %% of frames are under 16 ms, want 95", short)
			}
		})
	}
}

func quantile(of []float64, q float64) float64 {
	sorted := slices.Sorted(slices.Values(of))
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

// Command wasm is the engine for a worker of the page: `make site` builds it for GOOS=js GOARCH=wasm. It puts an object `entrepot` into the
// worker's global scope:
//
//	entrepot.answer(name, json, onLine)  answers a question of package live, line by line; returns {done, cancel}
//
// where done is a promise that the answer settles (an answer that was called off rejects with an AbortError) and cancel() calls it off.
// Between weeks the worker's own messages are heard.
package main

import (
	"context"
	"errors"
	"runtime/debug"
	"syscall/js"

	"entrepot/web/live"
)

// version is that of the program; the linker fills it in.
var version = "devel"

func main() {
	debug.SetGCPercent(400) // a run needs a few megabytes: collecting less often is a fortieth faster

	p := newPump()
	desk := &live.Desk{Version: version, Turn: p.turn, Parts: true, Limits: live.Limits{Body: 16 << 20}} // parts of a comparison are large
	js.Global().Set("entrepot", map[string]any{
		"version": version,
		"answer": js.FuncOf(func(_ js.Value, args []js.Value) any {
			return answer(desk, args[0].String(), args[1].String(), args[2])
		}),
	})
	if ready := js.Global().Get("onentrepot"); ready.Type() == js.TypeFunction {
		ready.Invoke()
	}
	select {} // the worker's end is the program's
}

// answer begins an answer, which goes on after it returns.
func answer(desk *live.Desk, name, question string, onLine js.Value) map[string]any {
	ctx, cancel := context.WithCancel(context.Background())
	begin := js.FuncOf(func(_ js.Value, settle []js.Value) any {
		go func() {
			err := desk.Answer(ctx, name, []byte(question), func(line []byte) error {
				onLine.Invoke(string(line))
				return nil
			})
			cancel()
			if err == nil {
				settle[0].Invoke()
				return
			}
			settle[1].Invoke(jsError(err))
		}()
		return nil
	})
	defer begin.Release() // a promise calls it at once
	return map[string]any{
		"done":   js.Global().Get("Promise").New(begin),
		"cancel": js.FuncOf(func(js.Value, []js.Value) any { cancel(); return nil }),
	}
}

// jsError makes an Error of JavaScript.
func jsError(err error) js.Value {
	e := js.Global().Get("Error").New(err.Error())
	if errors.Is(err, context.Canceled) {
		e.Set("name", "AbortError")
	}
	return e
}

// pump lets the worker hear its messages: the program waits for a message that it sends itself, which comes after those that wait already.
// A timer would do too, but rests four milliseconds at least.
type pump struct {
	port js.Value
	came chan struct{}
}

// waiting is how many answers may wait at a time, more than a page asks.
const waiting = 1024

func newPump() *pump {
	channel := js.Global().Get("MessageChannel").New()
	p := &pump{port: channel.Get("port2"), came: make(chan struct{}, waiting)}
	channel.Get("port1").Set("onmessage", js.FuncOf(func(js.Value, []js.Value) any {
		p.came <- struct{}{}
		return nil
	}))
	return p
}

func (p *pump) turn(ctx context.Context) error {
	p.port.Call("postMessage", nil)
	<-p.came
	return ctx.Err()
}

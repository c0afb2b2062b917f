//go:build unix

package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"

	"entrepot/web"
)

// The server is ended by signals, which Windows has none of.
func TestServeShowsThePageAndEndsInGoodOrder(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		url, end := served(t, "--addr", "127.0.0.1:0", "--lang", "fr")
		if page := get(t, url); !strings.Contains(page, "./engine.js") {
			t.Errorf("the page is %.200q", page)
		}
		if script := get(t, url+"engine.js"); !strings.Contains(script, `ENTREPOT_LANGUAGE = "fr"`) {
			t.Errorf("engine.js is %q", script)
		}
		answer, err := http.Post(url+"api/run", "application/json", strings.NewReader(`{"state":{"scenario":"northern-mali","seed":"1"}}`))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if _, err := io.ReadFull(answer.Body, make([]byte, 1000)); err != nil { // it runs
			t.Error(err)
		}
		if code, talk := end(signal); code != 0 || strings.Contains(talk, "warning") || strings.Contains(talk, "goroutine") {
			t.Errorf("after %v it exits with %d: %s", signal, code, talk)
		}
	}
}

func TestServeOnAnotherAddressWarns(t *testing.T) {
	url, end := served(t, "--addr", "0.0.0.0:0")
	if !strings.HasPrefix(url, "http://127.0.0.1:") {
		t.Errorf("the first address is %s", url)
	}
	get(t, url)
	if _, talk := end(os.Interrupt); !strings.Contains(talk, "warning: other machines can reach this address") {
		t.Errorf("it says %q", talk)
	}
}

// What the server says it needs bounds what it then holds: with room for three questions it takes three, the others wait, and all are answered; with
// room for none it says so and does not begin.
func TestServeWithinMemory(t *testing.T) {
	const free = 150 << 20
	room := ofPage(load(t, usualScenario).Model(), 2)
	most := room.most(free)
	if most < 2 || most > 4 {
		t.Fatalf("%d questions fit into %d bytes, which tests little", most, free)
	}
	limited := func(limit int64) *exec.Cmd {
		cmd := command(t, t.TempDir(), "serve", "--addr", "127.0.0.1:0")
		cmd.Env = append(os.Environ(), "GOMAXPROCS=2", fmt.Sprintf("GOMEMLIMIT=%d", limit))
		return cmd
	}
	cmd := limited(free)
	url, end := serving(t, cmd)
	var all sync.WaitGroup
	for i := range 3 * most {
		all.Go(func() {
			question, body, last := "run", fmt.Sprintf(`{"state":{"scenario":"northern-mali","seed":"%d"}}`, i), `"kind":"end"`
			if i%2 == 0 {
				question, body, last = "compare", fmt.Sprintf(`{"a":{"scenario":"offensive","seed":"%d"},"b":{"scenario":"offensive","parameters":{"road.payment":"400000"}},"runs":4}`, i), `"kind":"compared"`
			}
			answer, err := http.Post(url+"api/"+question, "application/json", strings.NewReader(body))
			if err != nil {
				t.Error(err)
				return
			}
			defer answer.Body.Close()
			if lines, err := io.ReadAll(answer.Body); err != nil || !strings.Contains(string(lines), last) {
				t.Errorf("%s: %v, %.300q", question, err, lines[max(0, len(lines)-300):])
			}
		})
	}
	all.Wait()
	held := int64(highWater(fmt.Sprintf("/proc/%d/status", cmd.Process.Pid)))
	_, talk := end(os.Interrupt)
	if held == 0 && runtime.GOOS == "linux" || held > room.of(most) {
		t.Errorf("%d bytes were held of the %d that %d questions have", held, room.of(most), most)
	}
	t.Logf("%d questions at a time: %d MiB said, %d MiB held", most, room.of(most)>>20, held>>20)
	if want := fmt.Sprintf("%d runs at a time instead of %d, for want of memory", most, web.Usual().Questions); !strings.Contains(talk, want) {
		t.Errorf("it must say %q, got %q", want, talk)
	}
	none := limited(room.of(1) - 1)
	if out, err := none.CombinedOutput(); err == nil || none.ProcessState.ExitCode() != exitUsage || !strings.Contains(string(out), "must fit into memory") {
		t.Errorf("%v: %s", err, out)
	}
}

//go:build unix

package main

import (
	"io"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
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

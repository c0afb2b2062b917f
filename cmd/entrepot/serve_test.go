package main

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// served starts `entrepot serve` with some flags on a free port; end interrupts it and returns the exit code and what it said.
func served(t *testing.T, args ...string) (url string, end func(os.Signal) (code int, stderr string)) {
	t.Helper()
	return serving(t, command(t, t.TempDir(), append([]string{"serve"}, args...)...))
}

// serving is served with a command that is not started yet.
func serving(t *testing.T, cmd *exec.Cmd) (url string, end func(os.Signal) (code int, stderr string)) {
	t.Helper()
	var talk strings.Builder
	cmd.Stderr = &talk
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	url, err = bufio.NewReader(out).ReadString('\n')
	if err != nil {
		_ = cmd.Wait()
		t.Fatalf("it said no address: %v, %s", err, talk.String())
	}
	return strings.TrimSpace(url), func(signal os.Signal) (int, string) {
		t.Helper()
		if err := cmd.Process.Signal(signal); err != nil {
			t.Fatal(err)
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		select {
		case <-ended:
		case <-time.After(10 * time.Second):
			t.Fatal("it did not end")
		}
		return cmd.ProcessState.ExitCode(), talk.String()
	}
}

// get reads an address of the page.
func get(t *testing.T, url string) string {
	t.Helper()
	answer, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d, %v", url, answer.StatusCode, err)
	}
	return string(body)
}

func TestServeOnAPortThatIsTaken(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	code, talk := program(t, t.TempDir(), "serve", "--addr", l.Addr().String())
	if code != exitInternal || runtime.GOOS != "windows" && !strings.Contains(talk, "is taken, perhaps by another `entrepot serve`; --addr 127.0.0.1:0 takes a free port") {
		t.Errorf("it exits with %d: %s", code, talk)
	}
}

func TestServeOnNoAddress(t *testing.T) {
	for _, addr := range []string{"8420", "127.0.0.1:http", "127.0.0.1:70000", "127.0.0.1", "nowhere.invalid:8420", "192.0.2.1:8420", "[::1:8420"} {
		if code, talk := program(t, t.TempDir(), "serve", "--addr", addr); code != exitUsage || !strings.Contains(talk, "--addr must be") {
			t.Errorf("%s: it exits with %d: %s", addr, code, talk)
		}
	}
}

func TestServeUnderNoName(t *testing.T) {
	for _, name := range []string{"http://classroom.local", "classroom.local:8420", "*", "a b"} {
		if code, talk := program(t, t.TempDir(), "serve", "--addr", "127.0.0.1:0", "--host", name); code != exitUsage || !strings.Contains(talk, "--host must be a name such as classroom.local") {
			t.Errorf("%s: it exits with %d: %s", name, code, talk)
		}
	}
}

func TestPageURLs(t *testing.T) {
	for at, want := range map[string]string{"127.0.0.1:8420": "http://127.0.0.1:8420/", "[::1]:80": "http://[::1]:80/", "192.0.2.7:9000": "http://192.0.2.7:9000/"} {
		if got := pageURLs(netip.MustParseAddrPort(at)); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: got %v, want %s", at, got, want)
		}
	}
	if got := pageURLs(netip.MustParseAddrPort("[::]:8420")); got[0] != "http://127.0.0.1:8420/" {
		t.Errorf("all addresses: got %v, want this machine's own first", got)
	}
}

package web

import (
	"encoding/json"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"strings"
)

// hosts are the names under which the page may be asked for. A name of somebody else's that was made to lead here (DNS rebinding) is none of them.
type hosts map[string]bool

func newHosts(more []string) hosts {
	h := hosts{"localhost": true, "127.0.0.1": true, "::1": true}
	for _, name := range more {
		h[strings.ToLower(strings.Trim(name, "[]"))] = true
	}
	return h
}

// admit says whether a request names a host of ours: one of the list, or the address at which the connection arrived.
func (h hosts) admit(r *http.Request) bool {
	name := strings.ToLower(r.Host)
	if host, _, err := net.SplitHostPort(name); err == nil {
		name = host
	}
	name = strings.Trim(name, "[]")
	if h[name] {
		return true
	}
	address, err := netip.ParseAddr(name)
	if err != nil {
		return false
	}
	here, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok {
		return false
	}
	local, err := netip.ParseAddrPort(here.String())
	return err == nil && local.Addr().Unmap().WithZone("") == address.Unmap()
}

// foreign says whether another page has sent a request. Programs that are no browsers send neither header.
func foreign(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin":
	default:
		return true
	}
	origins := r.Header.Values("Origin")
	switch {
	case len(origins) == 0:
		return false
	case len(origins) > 1:
		return true
	}
	scheme, host, _ := strings.Cut(origins[0], "://")
	return scheme != "http" && scheme != "https" || !strings.EqualFold(host, r.Host)
}

// policy is what the page may load and do: its own files, and nothing of anybody else's.
const policy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; img-src 'self' data: blob:; " +
	"worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// protect sets the headers of every answer.
func protect(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
}

// isJSON says whether the body is said to be JSON, as it comes. A foreign page cannot say so without being asked for its origin first.
func isJSON(r *http.Request) bool {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	coding := r.Header.Get("Content-Encoding")
	return err == nil && kind == "application/json" && (coding == "" || coding == "identity")
}

// Problem is why a question is refused, as the engine tells problems of a state.
type Problem struct {
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// problems is the JSON of a refusal.
func problems(message, hint string) []byte {
	data, _ := json.Marshal(struct {
		Kind     string    `json:"kind"`
		Problems []Problem `json:"problems"`
	}{"problems", []Problem{{message, hint}}}) // texts can always be written
	return data
}

// later is after how many seconds somebody who was refused for want of room should ask again.
const later = 5

// refuse answers with a problem.
func refuse(w http.ResponseWriter, status int, message, hint string) {
	h := w.Header()
	if status == http.StatusTooManyRequests || status == http.StatusServiceUnavailable {
		h.Set("Retry-After", strconv.Itoa(later))
	}
	body := problems(message, hint)
	h.Set("Content-Type", "application/json")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(body) // who does not wait for it need not have it
}

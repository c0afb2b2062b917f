package main

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"strconv"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"entrepot/output/manifest"
	"entrepot/scenarios"
	"entrepot/web"
	"entrepot/web/live"
)

// serveFlags are those of serve.
type serveFlags struct {
	addr  string
	hosts []string
}

func (a *app) serveCommand() *cobra.Command {
	var f serveFlags
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Show the page: the market live, to be changed and compared",
		Long: `Show the page in a browser: the market live, to be changed and compared, and the lessons. It needs no network but this machine's own,
and only this machine sees it unless --addr says otherwise.

There is no log-in: on another address than 127.0.0.1 everybody who can reach it can use this machine's processors, within bounds, and
nothing else of it. An interrupt (Ctrl-C) ends it in good order, which is its usual end: exit code 0.`,
		Example: `  entrepot serve
  entrepot serve --addr 0.0.0.0:8420 --host classroom.local    # for a class in the same network`,
		Args: wants(0, 0, ""),
		RunE: func(cmd *cobra.Command, _ []string) error { return a.serve(cmd, &f) },
	}
	cmd.Flags().StringVar(&f.addr, "addr", "127.0.0.1:8420", "`HOST:PORT` to listen on; port 0 takes a free one")
	cmd.Flags().StringSliceVar(&f.hosts, "host", nil, "`NAMES` of this machine, parted by commas, under which the page may be asked for")
	return cmd
}

// serve listens and answers until it is interrupted.
func (a *app) serve(cmd *cobra.Command, f *serveFlags) error {
	host, err := listenOn(f.addr)
	if err == nil {
		err = namesOf(f.hosts)
	}
	if err != nil {
		return err
	}
	desk := &live.Desk{Version: manifest.Version(), Workers: runtime.GOMAXPROCS(0), Turn: web.Turn}
	config := web.Config{Desk: desk, Hosts: append(f.hosts, host), Build: manifest.Self().Build, Say: a.say}
	if cmd.Flags().Changed("lang") { // else the page goes by the browser
		config.Language = a.lang
	}
	if config.Limits.Questions, err = a.questions(); err != nil {
		return err
	}
	server, err := web.New(config)
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", f.addr)
	if err != nil {
		return notListening(f.addr, err)
	}
	if err := a.tellAddress(l.Addr().(*net.TCPAddr).AddrPort()); err != nil {
		_ = l.Close()
		return err
	}
	return server.Serve(cmd.Context(), l)
}

// questions is how many that run a model the page's server takes at a time: the usual number, or fewer for want of memory.
func (a *app) questions() (int, error) {
	s, err := scenarios.Load(usualScenario, nil)
	if err != nil {
		return 0, err
	}
	return a.fit(ofPage(s.Model(), runtime.GOMAXPROCS(0)), web.Usual().Questions, false)
}

// usualScenario has the largest world and the longest period of the library: what a question takes is reckoned by it.
const usualScenario = "northern-mali"

// listenOn checks an address and returns its host.
func listenOn(addr string) (host string, err error) {
	host, port, err := net.SplitHostPort(addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return "", usagef("--addr must be HOST:PORT such as 127.0.0.1:8420, got %q", addr)
	}
	return host, nil
}

// namesOf checks that names of this machine are names and not addresses of pages: one that never matched would be refused without a word.
func namesOf(hosts []string) error {
	for _, name := range hosts {
		_, err := netip.ParseAddr(strings.Trim(name, "[]"))
		if err != nil && (strings.ContainsAny(name, "/:*@ ") || name == "") {
			return usagef("--host must be a name such as classroom.local, without http:// and port, got %q", name)
		}
	}
	return nil
}

// notListening says why nobody can listen on an address.
func notListening(addr string, err error) error {
	var dns *net.DNSError
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is taken, perhaps by another `entrepot serve`; --addr 127.0.0.1:0 takes a free port", addr)
	case errors.Is(err, syscall.EADDRNOTAVAIL), errors.As(err, &dns):
		return usagef("--addr must be an address of this machine, got %s", addr)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("%s must not be listened on by this user: ports below 1024 are the administrator's", addr)
	}
	return fmt.Errorf("listening on %s: %w", addr, err)
}

// tellAddress prints where the page is, and warns where others can reach it.
func (a *app) tellAddress(at netip.AddrPort) error {
	urls := pageURLs(at)
	if !at.Addr().IsLoopback() {
		a.say("warning: other machines can reach this address; there is no log-in, and whoever reaches it can use this machine's processors")
	}
	if a.json {
		return a.printJSON(map[string]any{"url": urls[0], "urls": urls})
	}
	for _, url := range urls {
		if _, err := fmt.Fprintln(a.stdout, url); err != nil {
			return err
		}
	}
	a.say("open this in a browser; Ctrl-C ends")
	return nil
}

// pageURLs are where the page is: one, or if it listens on all addresses this machine's own first and then those for others.
func pageURLs(at netip.AddrPort) []string {
	url := func(ip netip.Addr) string { return "http://" + netip.AddrPortFrom(ip, at.Port()).String() + "/" }
	ip := at.Addr().Unmap()
	if !ip.IsUnspecified() {
		return []string{url(ip)}
	}
	urls := []string{url(netip.AddrFrom4([4]byte{127, 0, 0, 1}))}
	all, _ := net.InterfaceAddrs() // without them there is still this machine's own
	for _, one := range all {
		prefix, err := netip.ParsePrefix(one.String())
		if err == nil && prefix.Addr().IsGlobalUnicast() {
			urls = append(urls, url(prefix.Addr()))
		}
	}
	return urls
}

package web

import (
	"net"
	"net/netip"
	"strconv"
	"sync"
	"time"
)

// crowd is a listener that holds a bounded number of connections, and of one address only its share. Whoever comes too much is told so and let go.
type crowd struct {
	net.Listener
	most, share int

	lock    sync.Mutex
	here    int
	of      map[string]int // by address
	leaving int            // who are being told
}

// told is how many are told at once why they are not let in; in a flood the others are let go without a word.
const told = 32

func newCrowd(l net.Listener, most, share int) *crowd {
	return &crowd{Listener: l, most: most, share: share, of: map[string]int{}}
}

// Accept waits for the next connection that is let in.
func (c *crowd) Accept() (net.Conn, error) {
	for {
		conn, err := c.Listener.Accept()
		if err != nil {
			return nil, err
		}
		if one := c.admit(conn); one != nil {
			return one, nil
		}
		c.turnAway(conn)
	}
}

func (c *crowd) admit(conn net.Conn) *guest {
	c.lock.Lock()
	defer c.lock.Unlock()
	address := addressOf(conn.RemoteAddr().String())
	if c.here >= c.most || address != "" && c.of[address] >= c.share {
		return nil
	}
	c.here++
	c.of[address]++
	return &guest{Conn: conn, leave: sync.OnceFunc(func() { c.leave(address) })}
}

func (c *crowd) leave(address string) {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.here--
	if c.of[address]--; c.of[address] == 0 {
		delete(c.of, address)
	}
}

// turnAway tells a connection that there is no room.
func (c *crowd) turnAway(conn net.Conn) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if c.leaving >= told {
		_ = conn.Close()
		return
	}
	c.leaving++
	go func() {
		body := problems("the server has too many connections", "try again in a few seconds")
		_ = conn.SetDeadline(time.Now().Add(time.Second))
		_, _ = conn.Write([]byte("HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nRetry-After: " + strconv.Itoa(later) +
			"\r\nConnection: close\r\nContent-Length: " + strconv.Itoa(len(body)) + "\r\n\r\n" + string(body)))
		if half, ok := conn.(interface{ CloseWrite() error }); ok { // a close with the question unread would take the answer back
			_ = half.CloseWrite()
			_, _ = conn.Read(make([]byte, 4<<10))
		}
		_ = conn.Close()
		c.lock.Lock()
		defer c.lock.Unlock()
		c.leaving--
	}()
}

// guest is a connection that was let in.
type guest struct {
	net.Conn
	leave func()
}

// Close ends the connection and makes room.
func (g *guest) Close() error {
	defer g.leave()
	return g.Conn.Close()
}

// addressOf is an address without its port. This machine's own is empty: it has no share but everything, be it one person or a proxy.
func addressOf(remote string) string {
	at, err := netip.ParseAddrPort(remote)
	if err != nil || at.Addr().Unmap().IsLoopback() {
		return ""
	}
	return at.Addr().Unmap().String()
}

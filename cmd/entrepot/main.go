// Command entrepot runs scenarios of a simulated illicit arms market and shows what came out. This package only wires:
// it reads flags and settings, loads scenarios, runs models and hands rows to the writers.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

func main() { os.Exit(start(os.Args[1:], os.Stdout, os.Stderr)) }

// start runs one command line and returns the exit code. The first interrupt ends the work in good order, a second one
// ends the program at once. A panic is a bug in the program: Go's own exit code for it would be that of a wrong command line.
func start(args []string, stdout, stderr io.Writer) (code int) {
	defer func() {
		if bug := recover(); bug != nil {
			fmt.Fprintf(stderr, "entrepot: a bug in the program, please report it: %v\n%s", bug, debug.Stack())
			code = exitInternal
		}
	}()
	ctx, free := interruptible()
	defer free()
	out := &checked{to: stdout}
	a := &app{stdout: out, stderr: stderr}
	root := a.root()
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil && out.err != nil {
		err = fmt.Errorf("writing the answer: %w", out.err)
	}
	return a.report(cmd, err)
}

// interruptible returns a context that the first interrupt ends, and what gives the signals back.
func interruptible() (context.Context, func()) {
	ctx, cancel := context.WithCancel(context.Background())
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-signals
		cancel()
		<-signals
		os.Exit(exitInterrupted) // what was kept stays: nothing needs to be put in order
	}()
	return ctx, func() {
		signal.Stop(signals)
		cancel()
	}
}

// checked remembers the first error of a writer: an answer that did not arrive must not look like success.
type checked struct {
	to  io.Writer
	err error
}

func (c *checked) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	if c.err == nil {
		c.err = err
	}
	return n, err
}

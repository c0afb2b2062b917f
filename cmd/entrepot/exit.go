package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"entrepot/scenarios"
	"entrepot/sim"
	"entrepot/words"
)

// The exit codes, which scripts rely on.
const (
	exitDone        = 0
	exitInternal    = 1 // a bug, the disk, or a study with failed runs
	exitUsage       = 2 // the command line or a scenario
	exitUnbalanced  = 3 // goods or money did not add up
	exitInterrupted = 130
)

// usageError is a mistake on the command line or in the settings.
type usageError struct{ error }

func (u usageError) Unwrap() error { return u.error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

// mistakes are all that is wrong with a command line and the files it names.
type mistakes struct {
	usage    []error
	problems scenarios.Problems
}

// note keeps a mistake on the command line, or several that are joined.
func (m *mistakes) note(err error) { m.usage = append(m.usage, apart(err)...) }

// add keeps the problems of a file, or any other mistakes, or both.
func (m *mistakes) add(err error) {
	for _, one := range apart(err) {
		if problems := (scenarios.Problems)(nil); errors.As(one, &problems) {
			m.problems = append(m.problems, problems...)
		} else {
			m.note(usageError{one})
		}
	}
}

// apart lists errors that were joined, each by itself.
func apart(err error) (all []error) {
	if err == nil {
		return nil
	}
	wrapped, usage := err.(usageError)
	if usage {
		err = wrapped.error
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok && fmt.Sprint(errors.Join(joined.Unwrap()...)) == err.Error() { // and no more words
		for _, one := range joined.Unwrap() {
			all = append(all, apart(one)...)
		}
	} else {
		all = []error{err}
	}
	for i := range all {
		if usage {
			all[i] = usageError{all[i]}
		}
	}
	return all
}

// hinted ends a message with the known word nearest to what was written, if one is near.
func hinted(message, got string, known []string) error {
	if hint := scenarios.DidYouMean(got, known); hint != "" {
		message += "; " + hint
	}
	return usageError{errors.New(message)}
}

// ofFlag puts a flag's name before each of several mistakes.
func ofFlag(flag string, err error) error {
	var errs []error
	for _, one := range apart(err) {
		errs = append(errs, fmt.Errorf("--%s: %w", flag, one))
	}
	return errors.Join(errs...)
}

// err is nil, or the one mistake, or the problems alone, or all together.
func (m *mistakes) err() error {
	switch {
	case len(m.usage) == 0 && len(m.problems) == 0:
		return nil
	case len(m.usage) == 0:
		return m.problems
	case len(m.usage) == 1 && len(m.problems) == 0:
		return m.usage[0]
	}
	return m
}

// Unwrap lets errors.As find what is in there.
func (m *mistakes) Unwrap() []error { return append(slices.Clone(m.usage), m.problems) }

// Error lists everything, one a line, and then the number.
func (m *mistakes) Error() string { return m.in(fmt.Sprintf) }

// in is Error in another language, as far as it is about files: speak is F of package words.
func (m *mistakes) in(speak func(format string, args ...any) string) string {
	var b strings.Builder
	for _, err := range m.usage {
		fmt.Fprintf(&b, "entrepot: %v\n", err)
	}
	for _, p := range m.problems {
		b.WriteString(p.In(speak) + "\n")
	}
	b.WriteString(speak("%s problems; nothing was run", fmt.Sprint(len(m.usage)+len(m.problems))))
	return b.String()
}

// exitCode tells whose fault an error is. Errors from before a command began are cobra's, about the command line.
func exitCode(err error, began bool) int {
	var usage usageError
	var problems scenarios.Problems
	var unbalanced *sim.Unbalanced
	var over *sim.Overfull
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &unbalanced):
		return exitUnbalanced
	case errors.As(err, &problems), errors.As(err, &usage), errors.As(err, &over), !began:
		return exitUsage
	}
	return exitInternal
}

// report prints the error of a command and returns the exit code.
func (a *app) report(cmd *cobra.Command, err error) int {
	code := exitCode(err, a.began)
	if err == nil {
		return code
	}
	var problems scenarios.Problems
	var several *mistakes
	var over *sim.Overfull
	say, _ := words.In(a.lang) // of a language that there is not, English
	switch {
	case a.silent:
	case errors.As(err, &several):
		fmt.Fprintln(a.stderr, several.in(say.F))
	case errors.As(err, &over):
		fmt.Fprintf(a.stderr, "entrepot: %v; the numbers of the scenario or its world are too large, and nothing was written\n", err)
	case errors.As(err, &problems): // each line begins with its own file
		fmt.Fprintln(a.stderr, problems.In(say.F))
	case code == exitUsage:
		fmt.Fprintf(a.stderr, "entrepot: %v\nsee `%s --help`\n", err, cmd.CommandPath())
	case (errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)) && cmd.Flags().Lookup("out") != nil:
		fmt.Fprintf(a.stderr, "entrepot: %v; --out names another place, in which this user may write\n", err)
	default:
		fmt.Fprintf(a.stderr, "entrepot: %v\n", err)
	}
	return code
}

package main

import (
	"context"
	"errors"
	"fmt"

	"entrepot/scenarios"
	"entrepot/sim"
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

// exitCode tells whose fault an error is. Errors from before a command began are cobra's, about the command line.
func exitCode(err error, began bool) int {
	var usage usageError
	var problems scenarios.Problems
	var unbalanced *sim.Unbalanced
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled):
		return exitInterrupted
	case errors.As(err, &unbalanced):
		return exitUnbalanced
	case errors.As(err, &problems), errors.As(err, &usage), !began:
		return exitUsage
	}
	return exitInternal
}

// report prints the error of a command and returns the exit code.
func (a *app) report(command string, err error) int {
	code := exitCode(err, a.began)
	if err == nil {
		return code
	}
	var problems scenarios.Problems
	switch {
	case a.silent:
	case errors.As(err, &problems): // each line begins with its own file
		fmt.Fprintln(a.stderr, problems.Error())
	case code == exitUsage:
		fmt.Fprintf(a.stderr, "entrepot: %v\nsee `%s --help`\n", err, command)
	default:
		fmt.Fprintf(a.stderr, "entrepot: %v\n", err)
	}
	return code
}

package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// mostBytes bounds the tables that a study reads: what is larger, or has no end as /dev/zero, is none.
const mostBytes = 64 << 20

// readTable reads a file that is named on the command line.
func readTable(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, mostBytes+1))
	if err == nil && len(data) > mostBytes {
		err = fmt.Errorf("%s must be a file of at most %d bytes", path, mostBytes)
	}
	return data, err
}

// wants checks how many arguments a command got: between least and most (-1 = any number).
func wants(least, most int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			if len(args) == 0 {
				return usagef("%s must be given, got nothing", what)
			}
			return usagef("%s must be given, got %q alone", what, args)
		case most >= 0 && len(args) > most && most == 0:
			return usagef("there must be no arguments, got %q", args[0])
		case most >= 0 && len(args) > most:
			return usagef("%s must be one, got %q besides %q", what, args[most], args[0])
		}
		return nil
	}
}

package main

import (
	"io"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// mostBytes bounds the tables that a study reads: what is larger, or has no end as /dev/zero, is none.
const mostBytes = 64 << 20

// readTable reads a file that a flag names.
func readTable(flag, path string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", usagef("--%s must be a file that can be read: %w", flag, err)
	}
	defer file.Close()
	data, err := io.ReadAll(io.LimitReader(file, mostBytes+1))
	switch {
	case err != nil:
		err = usagef("--%s must be a file that can be read: %w", flag, err)
	case len(data) > mostBytes:
		err = usagef("--%s must be a file of at most %d bytes, got %s", flag, mostBytes, path)
	}
	return string(data), err
}

// emptyFlags refuses a flag that was typed without a value, as a shell does where a variable is not set: --posterior "$FILE" would
// otherwise do without a posterior and not say so.
func emptyFlags(cmd *cobra.Command) (err error) {
	cmd.Flags().Visit(func(f *pflag.Flag) {
		kind, value := f.Value.Type(), f.Value.String()
		if kind == "string" && value == "" || kind == "stringSlice" && value == "[]" {
			err = usagef("--%s must have a value, got nothing", f.Name)
		}
	})
	return err
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

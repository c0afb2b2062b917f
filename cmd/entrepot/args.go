package main

import (
	"github.com/spf13/cobra"
)

// wants checks how many arguments a command got: between least and most (-1 = any number).
func wants(least, most int, what string) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		switch {
		case len(args) < least:
			return usagef("%s must be given, got nothing", what)
		case most >= 0 && len(args) > most && most == 0:
			return usagef("there must be no arguments, got %q", args[0])
		case most >= 0 && len(args) > most:
			return usagef("%s must be one, got %q besides %q", what, args[most], args[0])
		}
		return nil
	}
}

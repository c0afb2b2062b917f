//go:build !man

package main

import "github.com/spf13/cobra"

// manCommand is there where the program is built with -tags man.
func (a *app) manCommand() *cobra.Command { return nil }

//go:build man

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"entrepot/output/manifest"
)

// manCommand writes the manual pages. It is in no program that is given away: `make release` builds it in for itself, with -tags man.
func (a *app) manCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "man DIR",
		Short:  "Write the manual pages",
		Hidden: true,
		Args:   wants(1, 1, "DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			day, err := sourceDate(os.Getenv("SOURCE_DATE_EPOCH"))
			if err != nil {
				return err
			}
			if err := os.MkdirAll(args[0], 0o777); err != nil {
				return fmt.Errorf("writing manual pages: %w", err)
			}
			root := cmd.Root()
			root.DisableAutoGenTag = true
			onPaper(root)
			unmarked(root)
			return doc.GenManTree(root, &doc.GenManHeader{Title: "ENTREPOT", Section: "1", Date: &day, Source: "entrepot " + manifest.Version(), Manual: "entrepot"}, args[0])
		},
	}
}

// unmarked keeps what stands in angle brackets: the pages are made of Markdown, which would take it for HTML.
func unmarked(cmd *cobra.Command) {
	keep := strings.NewReplacer("<", `\<`)
	cmd.Short, cmd.Long = keep.Replace(cmd.Short), keep.Replace(cmd.Long)
	for _, set := range []*pflag.FlagSet{cmd.Flags(), cmd.PersistentFlags()} {
		set.VisitAll(func(f *pflag.Flag) {
			if !strings.Contains(f.Usage, `\<`) {
				f.Usage = keep.Replace(f.Usage)
			}
		})
	}
	for _, sub := range cmd.Commands() {
		unmarked(sub)
	}
}

// sourceDate is the date of what is written: that of the commit, so that it is the same whenever it is written.
func sourceDate(seconds string) (time.Time, error) {
	n, err := strconv.ParseInt(seconds, 10, 64)
	if err != nil {
		return time.Time{}, usagef("SOURCE_DATE_EPOCH must be seconds since 1970, got %q", seconds)
	}
	return time.Unix(n, 0).UTC(), nil
}

package main

import (
	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/words"
)

func (a *app) discoverCommand() *cobra.Command {
	var where, out string
	var noPlots bool
	cmd := &cobra.Command{
		Use:   "discover DIR",
		Short: "Find the circumstances under which an outcome is frequent in a sweep",
		Long: `Find boxes in the space of a sweep's factors in which an outcome is frequent (PRIM). DIR is the folder of a finished sweep.

--where names the outcome: FIGURE>BOUND or FIGURE<BOUND. A bound such as 90% is the value that nine runs in ten lie below. The ids of
figures are columns of the table runs; columns.csv of the sweep lists them.`,
		Example: `  entrepot discover runs/sweep-offensive --where 'price_ak_gao_after>90%'`,
		Args:    wants(1, 1, "DIR"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if where == "" {
				return usagef("--where must be given, such as --where 'price_ak_gao_after>90%%'")
			}
			return a.discover(args[0], where, out, noPlots)
		},
	}
	cmd.Flags().StringVar(&where, "where", "", "the outcome: `FIGURE>BOUND` or FIGURE<BOUND")
	cmd.Flags().StringVar(&out, "out", "", "`DIR` of plots and report (default DIR/discover)")
	cmd.Flags().BoolVar(&noPlots, "no-plots", false, "print only")
	return cmd
}

func (a *app) discover(dir, where, out string, noPlots bool) error {
	q, v, err := reopen(dir)
	if err != nil {
		return err
	}
	if q.command != "sweep" {
		return usagef("%s must be the folder of a sweep, got one of the command %s", dir, q.command)
	}
	sweep, err := newSweep(q, q.Replicates, v.Study.Seed)
	if err != nil {
		return err
	}
	sample, err := sweep.Sample(v)
	if err != nil {
		return err
	}
	outcome, err := experiment.ParseOutcome(where, sample)
	if err != nil {
		var wrong mistakes
		wrong.add(ofFlag("where", err))
		return wrong.err()
	}
	f, sheets, err := a.findings(func(say *words.Words) (*experiment.Findings, error) {
		sweep.Words = say
		return sweep.Discover(sample, outcome)
	})
	if err != nil {
		return err
	}
	if out == "" {
		out = dir + "/discover"
	}
	page := ""
	if !noPlots {
		if page, err = writeFindings(out, f, sheets, q.origin()); err != nil {
			return err
		}
	}
	return a.printFindings(f, page, dir)
}

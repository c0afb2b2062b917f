package main

import (
	"github.com/spf13/cobra"

	"entrepot/experiment"
)

func (a *app) compareCommand() *cobra.Command {
	var f studyFlags
	cmd := &cobra.Command{
		Use:   "compare A B...",
		Short: "Compare scenarios with the first, pair by pair under the same luck",
		Long: `Compare scenarios with the first one. Every replicate gives all of them the same luck (common random numbers), so that what
differs is the scenarios' doing. Differences come with 95 % intervals; where there is none to be seen, that is said.`,
		Example: `  entrepot compare calm offensive --runs 200
  entrepot compare offensive leakage random-patrols --runs 100`,
		Args: wants(2, -1, "two scenarios or more"),
	}
	f.add(cmd, 100, "pairs, runs of each scenario")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.study(cmd.Context(), "compare", args, &f, settings{}, nil)
	}
	return cmd
}

func buildCompare(q *inquiry, replicates int, seed uint64) (err error) {
	if q.Study, err = experiment.NewCompare(q.scenarios, replicates, seed); err != nil {
		return err
	}
	q.find = func(r experiment.Results) (*experiment.Findings, error) {
		return experiment.CompareFindings(q.Study, r)
	}
	return nil
}

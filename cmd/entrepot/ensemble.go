package main

import (
	"github.com/spf13/cobra"

	"entrepot/experiment"
)

func (a *app) ensembleCommand() *cobra.Command {
	var f studyFlags
	cmd := &cobra.Command{
		Use:   "ensemble SCENARIO",
		Short: "Run a scenario many times: how far results depend on luck",
		Long: `Run a scenario many times, each time with other luck, and show how prices, flows and stocks are spread.

The study goes to runs/ensemble-<scenario>, or to --out. It may be broken off at any moment: the same command goes on where it was.
More runs than before are added to those that are there.`,
		Example: `  entrepot ensemble textbook --runs 50
  entrepot ensemble offensive --runs 200
  entrepot ensemble northern-mali --runs 1000 --shard 3/8 --out study`,
		Args: wants(1, 1, "SCENARIO"),
	}
	f.add(cmd, 100, "runs")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		q, shard, err := a.ask("ensemble", args, &f, settings{})
		if err != nil {
			return err
		}
		return a.conduct(cmd.Context(), q, &f, shard)
	}
	return cmd
}

func buildEnsemble(q *inquiry, replicates int, seed uint64) error {
	q.Study = experiment.NewEnsemble(q.scenarios[0], replicates, seed)
	q.find = func(r experiment.Results) (*experiment.Findings, error) {
		return experiment.EnsembleFindings(q.Study, r)
	}
	return nil
}

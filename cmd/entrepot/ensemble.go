package main

import (
	"strings"

	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/scenarios"
)

func (a *app) ensembleCommand() *cobra.Command {
	var f studyFlags
	var posterior string
	cmd := &cobra.Command{
		Use:   "ensemble SCENARIO",
		Short: "Run a scenario many times: how far results depend on luck",
		Long: `Run a scenario many times, each time with other luck, and show how prices, flows and stocks are spread.

The study goes to runs/ensemble-<scenario>, or to --out. It may be broken off at any moment: the same command goes on where it was.
More runs than before are added to those that are there.

With --posterior each run has the parameters of one draw from a posterior, as calibrate gives it, and luck of its own: the bands then hold
both. Another number of runs is then another study. ` + builtInPosteriors(),
		Example: `  entrepot ensemble textbook --runs 50
  entrepot ensemble offensive --runs 200
  entrepot ensemble northern-mali --runs 1000 --shard 3/8 --out study
  entrepot ensemble textbook --runs 100 --posterior runs/calibrate-textbook/posterior.csv`,
		Args: wants(1, 1, "SCENARIO"),
	}
	f.add(cmd, 100, "runs")
	cmd.Flags().StringVar(&posterior, "posterior", "", "draw parameters from a `POSTERIOR`: a built-in name, or a CSV file with its provenance beside it")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var set settings
		var unread error
		if posterior != "" {
			unread = readPosterior(posterior, &set)
			set.Draws = f.runs
		}
		return a.study(cmd.Context(), "ensemble", args, &f, set, unread)
	}
	return cmd
}

// builtInPosteriors says which posteriors come with the program.
func builtInPosteriors() string {
	if names := scenarios.Posteriors(); len(names) > 0 {
		return "Built-in posteriors: " + strings.Join(names, ", ") + "."
	}
	return "There are no built-in posteriors."
}

func buildEnsemble(q *inquiry, replicates int, seed uint64) error {
	if q.settings.Particles != "" {
		return buildPosteriorEnsemble(q, seed)
	}
	q.Study = experiment.NewEnsemble(q.scenarios[0], replicates, seed)
	q.find = func(r experiment.Results) (*experiment.Findings, error) {
		return experiment.EnsembleFindings(q.Study, r)
	}
	return nil
}

func buildPosteriorEnsemble(q *inquiry, seed uint64) error {
	fit, err := experiment.ReadFit([]byte(q.settings.Particles), []byte(q.settings.Provenance))
	if err != nil {
		return err
	}
	of := q.scenarios[0]
	if q.Study, err = experiment.NewPosteriorEnsemble(of, fit, q.settings.Draws, seed); err != nil {
		return err
	}
	q.find = func(r experiment.Results) (*experiment.Findings, error) {
		f, err := experiment.EnsembleFindings(q.Study, r)
		if why := fit.Stale(of); err == nil && why != nil { // beside the answer, for who reads no caveats
			f.Answer = append(f.Answer, f.F("Beware: %s.", why.In(f.Words)))
		}
		return f, err
	}
	return nil
}

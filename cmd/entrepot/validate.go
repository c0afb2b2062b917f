package main

import (
	"cmp"
	"errors"

	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/scenarios"
)

func (a *app) validateCommand() *cobra.Command {
	var f studyFlags
	var set settings
	var file string
	cmd := &cobra.Command{
		Use:   "validate SCENARIO",
		Short: "Hold a scenario against what is known",
		Long: `Hold an ensemble of a scenario against targets: for each the documented range, what exactly is measured, what the runs give, a
verdict, and what three naive rivals say (persistence, multiplicative, additive).

--targets names a CSV file (docs/targets.md); without it, the facts of the scenario's world are the targets. Its inputs are listed and
prove nothing.`,
		Example: `  entrepot validate northern-mali --runs 40
  entrepot validate northern-mali --targets my-targets.csv`,
		Args: wants(1, 1, "SCENARIO"),
	}
	f.add(cmd, 40, "runs")
	cmd.Flags().StringVar(&file, "targets", "", "CSV `FILE` of targets (default: the facts of the scenario's world)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var unread error
		if file != "" {
			set.targetsFile = file
			set.Targets, unread = readTable("targets", file)
		}
		return a.study(cmd.Context(), "validate", args, &f, set, unread)
	}
	return cmd
}

func buildValidation(q *inquiry, replicates int, seed uint64) error {
	of := q.scenarios[0]
	targets, err := targetsOf(q, of)
	if err != nil {
		return err
	}
	q.Study = experiment.NewValidate(of, targets, replicates, seed)
	q.find = func(r experiment.Results) (*experiment.Findings, error) {
		return experiment.ValidateFindings(q.Study, targets, r)
	}
	return nil
}

// ownTargets says whether a study has a targets file, which may be an empty one, and not the facts of the world.
func (s *settings) ownTargets() bool { return s.Targets != "" || s.targetsFile != "" }

// targetsOf reads the targets of a study: those of its file, or the facts of the world.
func targetsOf(q *inquiry, of *scenarios.Scenario) ([]experiment.Target, error) {
	if q.settings.ownTargets() {
		return experiment.ReadTargets(of, cmp.Or(q.settings.targetsFile, "targets.csv"), []byte(q.settings.Targets))
	}
	if len(of.Facts) == 0 {
		return nil, errors.New("--targets must be given, since the scenario's world has no facts: a CSV file as in docs/targets.md")
	}
	return experiment.Targets(of, of.Facts), nil
}

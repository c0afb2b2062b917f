package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"entrepot/experiment"
)

func (a *app) sensitivityCommand() *cobra.Command {
	var f studyFlags
	var set settings
	cmd := &cobra.Command{
		Use:   "sensitivity SCENARIO [POLICY...]",
		Short: "Find what drives a result, and whether a ranking of policies survives other rules",
		Long: `Screen factors by Morris' method, or divide a figure's variance among them by Sobol' indices. Without --vary, every number of the
scenario that no document gives is varied from half to twice its value.

With --structures, scenarios named after the first are policies: they are ranked by what they do to the figure against the first,
under each variant of the model's rules (what an interdiction does, why soldiers sell, how networks learn, how patrols are spread,
which tracks there are), and it is said whether the ranking flips.`,
		Example: `  entrepot sensitivity offensive --method morris --trajectories 10 --runs 1
  entrepot sensitivity offensive --method sobol --rows 64 --vary road.payment --vary trafficker.loss_owner --vary events.checks-north.value=0:1.2
  entrepot sensitivity calm stockpile-security salvador-interdiction ddr-2025 --structures --runs 20`,
		Args: wants(1, -1, "SCENARIO"),
	}
	f.add(cmd, 1, "replicates of every point")
	flags := cmd.Flags()
	flags.StringVar(&set.Method, "method", "morris", "morris or sobol")
	flags.StringArrayVar(&set.Vary, "vary", nil, "PATH=LOW:HIGH[:log], PATH=A,B,C or PATH (repeatable)")
	flags.IntVar(&set.Trajectories, "trajectories", 10, "trajectories of morris")
	flags.IntVar(&set.Rows, "rows", 64, "rows of sobol, a power of two")
	flags.StringSliceVar(&set.Figures, "figures", nil, "figures to explain (default: the main price in the first town after)")
	flags.BoolVar(&set.Structures, "structures", false, "rank policies under other rules of the model")
	flags.BoolVar(&set.Lower, "lower", false, "of the figure that policies are ranked by, less is better")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.study(cmd.Context(), "sensitivity", args, &f, set)
	}
	return cmd
}

func buildSensitivity(q *inquiry, replicates int, seed uint64) error {
	set := &q.settings
	if set.Structures {
		return buildRobustness(q, replicates, seed)
	}
	if len(q.scenarios) > 1 {
		return usagef("SCENARIO must be one, got %d; policies go with --structures", len(q.scenarios))
	}
	of := q.scenarios[0]
	factors := experiment.UsualFactors(of)
	if len(set.Vary) > 0 {
		var err error
		if factors, err = factorsOf(q); err != nil {
			return err
		}
	}
	var s *experiment.Sensitivity
	var err error
	switch set.Method {
	case "morris":
		s, err = experiment.NewMorris(of, factors, set.Trajectories, replicates, seed)
	case "sobol":
		s, err = experiment.NewSobol(of, factors, set.Rows, replicates, seed)
	default:
		return usagef("--method must be morris or sobol, got %q", set.Method)
	}
	if err != nil {
		return fmt.Errorf("--method %s: %w", set.Method, err)
	}
	if len(set.Figures) > 0 {
		if err := s.CheckFigures(set.Figures); err != nil {
			return fmt.Errorf("--figures: %w", err)
		}
		s.Shown = set.Figures
	}
	q.Study, q.find = s.Study, s.Findings
	return nil
}

func buildRobustness(q *inquiry, replicates int, seed uint64) error {
	if len(q.scenarios) < 3 {
		return usagef("--structures needs a scenario to measure against and at least two policies, got %d scenarios", len(q.scenarios))
	}
	goal := ""
	if len(q.settings.Figures) > 1 {
		return usagef("--figures must name one figure to rank policies by, got %d", len(q.settings.Figures))
	}
	if len(q.settings.Figures) == 1 {
		goal = q.settings.Figures[0]
	}
	r, err := experiment.NewRobustness(q.scenarios, experiment.Structures(q.scenarios[0]), goal, q.settings.Lower, replicates, seed)
	if err != nil {
		return err
	}
	q.Study, q.find = r.Study, r.Findings
	return nil
}

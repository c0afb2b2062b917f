package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/experiment/design"
	"entrepot/scenarios"
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
	flags.StringVar(&set.Method, "method", "morris", "`KIND`, morris or sobol")
	flags.StringArrayVar(&set.Vary, "vary", nil, "`PATH=LOW:HIGH`, with or without :log, PATH=A,B,C or PATH alone (repeatable)")
	flags.IntVar(&set.Trajectories, "trajectories", 10, "`N` trajectories of morris")
	flags.IntVar(&set.Rows, "rows", 64, "`N` rows of sobol, a power of two")
	flags.StringSliceVar(&set.Figures, "figures", nil, "`IDS` of the figures to explain, such as price_ak_gao_after (default: the main price in the first town after)")
	flags.BoolVar(&set.Structures, "structures", false, "rank policies under other rules of the model")
	flags.BoolVar(&set.Lower, "lower", false, "of the figure that policies are ranked by, less is better")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.study(cmd.Context(), "sensitivity", args, &f, set, nil)
	}
	return cmd
}

func buildSensitivity(q *inquiry, replicates int, seed uint64) error {
	if q.settings.Structures {
		return buildRobustness(q, replicates, seed)
	}
	of, set := q.scenarios[0], &q.settings
	var errs []error
	if len(q.scenarios) > 1 {
		errs = append(errs, fmt.Errorf("SCENARIO must be one, got %d; policies go with --structures", len(q.scenarios)))
	}
	factors := experiment.UsualFactors(of)
	if len(set.Vary) > 0 {
		var err error
		factors, err = factorsOf(q)
		errs = append(errs, err)
	}
	errs = append(errs, ofFlag("figures", experiment.CheckFigures(experiment.Figures(of), set.Figures)))
	s, err := newSensitivity(of, set, factors, replicates, seed)
	if err := errors.Join(append(errs, err)...); err != nil {
		return err
	}
	if len(set.Figures) > 0 {
		s.Shown = set.Figures
	}
	q.Study, q.find = s.Study, s.Findings
	return nil
}

// newSensitivity makes the study of a method; without factors it looks at the method alone.
func newSensitivity(of *scenarios.Scenario, set *settings, factors []design.Factor, replicates int, seed uint64) (s *experiment.Sensitivity, err error) {
	if factors == nil {
		factors = []design.Factor{{Name: "any", High: 1}}
	}
	switch set.Method {
	case "morris":
		s, err = experiment.NewMorris(of, factors, set.Trajectories, replicates, seed)
	case "sobol":
		s, err = experiment.NewSobol(of, factors, set.Rows, replicates, seed)
	default:
		return nil, fmt.Errorf("--method must be morris or sobol, got %q", set.Method)
	}
	return s, ofFlag("method "+set.Method, err)
}

func buildRobustness(q *inquiry, replicates int, seed uint64) error {
	var errs []error
	if n := len(q.scenarios); n < 3 {
		errs = append(errs, fmt.Errorf("--structures needs a scenario to measure against and at least two policies: three scenarios or more, got %d", n))
	}
	if n := len(q.settings.Figures); n > 1 {
		errs = append(errs, fmt.Errorf("--figures must name one figure to rank policies by, got %d", n))
	}
	of := q.scenarios[0]
	errs = append(errs, ofFlag("figures", experiment.CheckFigures(experiment.Figures(of), q.settings.Figures)))
	if err := errors.Join(errs...); err != nil {
		return err
	}
	goal := ""
	if len(q.settings.Figures) == 1 {
		goal = q.settings.Figures[0]
	}
	r, err := experiment.NewRobustness(q.scenarios, experiment.Structures(of), goal, q.settings.Lower, replicates, seed)
	if err != nil {
		return err
	}
	q.Study, q.find = r.Study, r.Findings
	return nil
}

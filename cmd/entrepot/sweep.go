package main

import (
	"cmp"
	"errors"

	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/experiment/design"
)

func (a *app) sweepCommand() *cobra.Command {
	var f studyFlags
	var set settings
	var list string
	cmd := &cobra.Command{
		Use:   "sweep SCENARIO",
		Short: "Run a scenario over the values of parameters",
		Long: `Run a scenario over a design: every combination (grid), one at a time (oat), a Latin hypercube (lhs), a scrambled Sobol' sequence
(sobol), or the rows of a CSV file whose columns are paths (list).

PATH is whatever --set takes ("entrepot explain" lists the parameters). PATH alone stands for all choices of a parameter, or for half to
twice its value. What the runs gave is kept for all figures, whatever the report speaks of: columns.csv lists their ids.`,
		Example: `  entrepot sweep textbook --vary trafficker.cost_per_km=100:900:5 --vary trafficker.margin=0.05:0.3:3 --runs 5
  entrepot sweep offensive --vary events.checks-north.value=0:1.2 --vary road.payment --design sobol --points 64 --runs 4`,
		Args: wants(1, 1, "SCENARIO"),
	}
	f.add(cmd, 10, "replicates of every point")
	flags := cmd.Flags()
	flags.StringArrayVar(&set.Vary, "vary", nil, "`PATH=LOW:HIGH`, PATH=LOW:HIGH:STEPS, either with :log at the end, PATH=A,B,C or PATH alone (repeatable)")
	flags.StringVar(&set.Design, "design", "grid", "`KIND` of design: grid, oat, lhs, sobol, or list")
	flags.IntVar(&set.Points, "points", 64, "`N` points of lhs or sobol (a power of two there)")
	flags.StringVar(&list, "list", "", "CSV `FILE` of a list design")
	flags.StringSliceVar(&set.Figures, "figures", nil, "`IDS` of the figures that the report speaks of, such as price_ak_gao_after (default: the main price in every town)")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		var unread error
		if list != "" {
			set.Design, set.listFile = "list", list
			set.List, unread = readTable("list", list)
		}
		return a.study(cmd.Context(), "sweep", args, &f, set, unread)
	}
	return cmd
}

func buildSweep(q *inquiry, replicates int, seed uint64) error {
	sweep, err := newSweep(q, replicates, seed)
	if err != nil {
		return err
	}
	q.Study, q.find = sweep.Study, sweep.Findings
	return nil
}

func newSweep(q *inquiry, replicates int, seed uint64) (*experiment.Sweep, error) {
	of, set := q.scenarios[0], &q.settings
	shown := ofFlag("figures", experiment.CheckFigures(experiment.Figures(of), set.Figures))
	d, err := layOut(q, seed)
	if err := errors.Join(err, shown); err != nil {
		return nil, err
	}
	sweep := experiment.NewSweep(of, set.Design, d, replicates, seed)
	if len(set.Figures) > 0 {
		sweep.Shown = set.Figures
	}
	return sweep, nil
}

// layOut makes the design of a sweep.
func layOut(q *inquiry, seed uint64) (*design.Design, error) {
	of, set := q.scenarios[0], &q.settings
	if set.Design == "list" {
		if set.List == "" && set.listFile == "" {
			return nil, errors.New("--list must name the file of a list design")
		}
		return experiment.ListDesign(cmp.Or(set.listFile, "design.csv"), []byte(set.List), of)
	}
	factors, err := factorsOf(q)
	if err != nil { // what else is wrong with the design can be told of any factor
		factors = []design.Factor{{Name: "any", High: 1}}
	}
	d, wrong := experiment.NewDesign(set.Design, factors, set.Points, of, seed)
	return d, errors.Join(err, ofFlag("design", wrong))
}

// factorsOf reads --vary, all mistakes at once.
func factorsOf(q *inquiry) ([]design.Factor, error) {
	if len(q.settings.Vary) == 0 {
		return nil, errors.New("--vary must be given, such as --vary trafficker.margin=0.05:0.3")
	}
	return experiment.ReadFactors(cmp.Or(q.settings.varied, "--vary"), q.settings.Vary, q.scenarios[0])
}

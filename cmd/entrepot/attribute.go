package main

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/experiment"
)

func (a *app) attributeCommand() *cobra.Command {
	var f studyFlags
	var set settings
	cmd := &cobra.Command{
		Use:   "attribute SCENARIO",
		Short: "Divide a price change among causes",
		Long: `Divide the change of a mean price from one period to another among the scenario's causes (events with one cause, the table of
violence), by Shapley values: every set of causes is run under the same luck. Causes that are not named stay on; what happens without
those that are is the rest. Unless --causes names some, they are all of a scenario's up to eight, else the main ones of its world (the
table scenarios/causes) or, where it names none, all of them by sampled orders.`,
		Example: `  entrepot attribute northern-mali --hub gao --good ak --from 2021 --to 2025-02
  entrepot attribute offensive --hub kidal --good ak --from 2022 --to 2024`,
		Args: wants(1, 1, "SCENARIO"),
	}
	f.add(cmd, 20, "replicates of every set of causes")
	flags := cmd.Flags()
	flags.StringVar(&set.Hub, "hub", "", "`ID` of a hub or zone (default: the first of the world's focus)")
	flags.StringVar(&set.Good, "good", "", "`ID` of a good (default: the world's first)")
	flags.StringVar(&set.From, "from", "", "`PERIOD` of the first price: YYYY, YYYY-MM or a day")
	flags.StringVar(&set.To, "to", "", "`PERIOD` of the second")
	flags.StringSliceVar(&set.Causes, "causes", nil, "`IDS` of causes, parted by commas (default: see above)")
	flags.IntVar(&set.Orders, "orders", 8, "`N` orders of causes to sample where there are more than eight")
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return a.study(cmd.Context(), "attribute", args, &f, set, nil)
	}
	return cmd
}

func buildAttribution(q *inquiry, replicates int, seed uint64) error {
	of, set := q.scenarios[0], &q.settings
	if set.Hub == "" {
		set.Hub = experiment.Towns(of)[0]
	}
	if set.Good == "" {
		set.Good = experiment.PricedGoods(of.Setup)[0]
	}
	var errs []error
	if set.From == "" || set.To == "" {
		errs = append(errs, errors.New("--from and --to must be given, such as --from 2021 --to 2025-02"))
	}
	if set.Orders < 1 {
		errs = append(errs, fmt.Errorf("--orders must be at least 1, got %d", set.Orders))
	}
	attribution, err := experiment.NewAttribution(of, set.Hub, set.Good, set.From, set.To, set.Causes, max(1, set.Orders), replicates, seed)
	for _, one := range apart(err) {
		if period := strings.HasPrefix(one.Error(), "from:") && set.From == "" || strings.HasPrefix(one.Error(), "to:") && set.To == ""; !period { // said above
			errs = append(errs, fmt.Errorf("--%w", one))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	q.Study, q.find = attribution.Study, attribution.Findings
	return nil
}

package main

import (
	"cmp"
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/output/store"
)

// shardOf reads I/N, or what a scheduler says to a task of an array.
func shardOf(text string, env func(string) string) (experiment.Shard, error) {
	if text == "" {
		return arrayTask(env)
	}
	part, of, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(part)
	n, err2 := strconv.Atoi(of)
	if !ok || err1 != nil || err2 != nil || i < 1 || i > n {
		return experiment.Shard{}, usagef("--shard must be I/N with 1 <= I <= N, such as 3/8, got %q", text)
	}
	return experiment.Shard{Part: i, Of: n}, nil
}

// array says by which variables a scheduler tells a task its number, the first number and how many there are.
type array struct {
	name, index, first, count string
	from                      int // the first number where no variable says it
}

func arrays() []array {
	return []array{
		{"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_COUNT", 1},
		{"Kubernetes", "JOB_COMPLETION_INDEX", "", "ENTREPOT_SHARDS", 0},
		{"PBS", "PBS_ARRAY_INDEX", "", "ENTREPOT_SHARDS", 1},
		{"Grid Engine", "SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", 1},
	}
}

// arrayTask is the shard of a scheduler's task: the whole where there is none. Of schedulers that do not say how many tasks there
// are, ENTREPOT_SHARDS must.
func arrayTask(env func(string) string) (whole experiment.Shard, err error) {
	for _, a := range arrays() {
		text := env(a.index)
		if text == "" || text == "undefined" { // Grid Engine says so outside of arrays
			continue
		}
		var wrong error
		number := func(name string, otherwise int) int {
			if name == "" || env(name) == "" {
				return otherwise
			}
			n, err := strconv.Atoi(env(name))
			if err != nil {
				wrong = usagef("%s must be a whole number, got %q", name, env(name))
			}
			return n
		}
		first := number(a.first, a.from)
		count := number(cmp.Or(a.count, "ENTREPOT_SHARDS"), number("ENTREPOT_SHARDS", 0))
		if a.count == "SGE_TASK_LAST" && count > 0 {
			count -= first - 1
		}
		shard := experiment.Shard{Part: number(a.index, 0) - first + 1, Of: count}
		switch {
		case wrong != nil:
			return whole, wrong
		case count < 1:
			return whole, usagef("this is task %s of an array of %s, but nothing says how many tasks there are: set ENTREPOT_SHARDS, or --shard I/N (1/1 for the whole study)", text, a.name)
		case shard.Part < 1 || shard.Part > count:
			return whole, usagef("%s=%s does not lie among the %d tasks of the array from %d on; set --shard I/N", a.index, text, count, first)
		}
		return shard, nil
	}
	return whole, nil
}

func (a *app) mergeCommand() *cobra.Command {
	var out string
	var force, noPlots bool
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "Put the shards of a study together",
		Long: `Put the shards of a study together: the bytes are those of a study that was never cut. DIR is the folder that the shards are
in, or each of them. Merging again changes nothing.`,
		Example: "  entrepot merge runs/ensemble-offensive\n  entrepot merge study/shard-1-of-2 study/shard-2-of-2 --out study",
		Args:    wants(1, -1, "DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				if len(args) > 1 {
					return usagef("--out must be given with several folders")
				}
				out = args[0]
			}
			if _, err := store.Merge(args, out, force); err != nil {
				return asUsage(err)
			}
			q, v, err := reopen(out)
			if err != nil {
				return err
			}
			return a.tell(q, v, out, !noPlots)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder of the whole study (default DIR)")
	cmd.Flags().BoolVar(&force, "force", false, "replace another study in the folder")
	cmd.Flags().BoolVar(&noPlots, "no-plots", false, "tables only: no plots, no report")
	return cmd
}

func (a *app) statusCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "status DIR",
		Short: "Say what is done, missing and failed of a study",
		Args:  wants(1, 1, "DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			parts, err := store.Status(args[0])
			if err != nil {
				return asUsage(err)
			}
			if a.json {
				return a.printJSON(map[string]any{"parts": parts})
			}
			for _, p := range parts {
				state := "unfinished"
				switch {
				case p.Trouble != "":
					state = p.Trouble
				case p.Finished:
					state = "finished"
				}
				fmt.Fprintf(a.stdout, "%s: %d runs: %d done, %d missing, %d failed; %s (%s)\n", p.Shard, p.Runs, p.Done, p.Missing, p.Failed, state, filepath.ToSlash(p.Dir))
			}
			return nil
		},
	}
}

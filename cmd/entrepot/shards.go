package main

import (
	"fmt"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/output/manifest"
	"entrepot/output/store"
)

// shardOf reads I/N, or what a scheduler says to a task of an array. shards is how many parts there are, or 0 where that is for
// the scheduler to say.
func shardOf(text string, shards int, env func(string) string) (whole experiment.Shard, err error) {
	if text == "" {
		return arrayTask(shards, env)
	}
	part, of, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(part)
	n, err2 := strconv.Atoi(of)
	if !ok || err1 != nil || err2 != nil || i < 1 || i > n {
		return whole, usagef("--shard must be I/N with 1 <= I <= N, such as 3/8, got %q", text)
	}
	if n > store.MostShards {
		return whole, usagef("--shard I/N must be of at most %d parts, got %q", store.MostShards, text)
	}
	return experiment.Shard{Part: i, Of: n}, nil
}

// array says by which variables a scheduler tells a task its number, the numbers of the first and the last task, the step between
// numbers, and how many tasks there are. What a scheduler does not tell is empty.
type array struct {
	name, index, first, last, step, count string
	from                                  int // the number of the first part, where somebody else says how many there are
}

// arrays are those of the manual pages: sbatch(1), Kubernetes "Indexed Job", qsub(1B) of PBS and of Torque, qsub(1) of Grid
// Engine.
func arrays() []array {
	return []array{
		{"Slurm", "SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_MAX", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT", 1},
		{"Kubernetes", "JOB_COMPLETION_INDEX", "", "", "", "", 0},
		{"PBS", "PBS_ARRAY_INDEX", "", "", "", "", 1},
		{"Torque", "PBS_ARRAYID", "", "", "", "", 1},
		{"Grid Engine", "SGE_TASK_ID", "SGE_TASK_FIRST", "SGE_TASK_LAST", "SGE_TASK_STEPSIZE", "", 1},
	}
}

// isSet says whether a variable has a value; Grid Engine says "undefined" outside of arrays.
func isSet(value string) bool { return value != "" && value != "undefined" }

// arrayTask is the shard of a scheduler's task: the whole where there is none. Where shards are given, a task's number is that of its
// part, whatever other tasks the array has: so the parts that are missing can be submitted alone. Otherwise the array must show what
// the parts are.
func arrayTask(shards int, env func(string) string) (whole experiment.Shard, err error) {
	for _, a := range arrays() {
		if !isSet(env(a.index)) {
			continue
		}
		t, err := a.read(env)
		if err != nil {
			return whole, err
		}
		if shards > 0 {
			return a.part(t.index-a.from+1, shards, t.index, a.from)
		}
		if !t.told {
			return whole, usagef("this is task %d of an array of %s, but nothing says how many tasks there are: set ENTREPOT_SHARDS, or --shard I/N (1/1 for the whole study)", t.index, a.name)
		}
		if t.first < 0 || t.first > 1 || t.count != t.parts() || (t.index-t.first)%t.step != 0 {
			return whole, usagef("the tasks of this array of %s must be numbered from 0 or 1 on without gaps to say which part each of them is, got %d tasks from %d to %d: set ENTREPOT_SHARDS to the number of parts (task %d is then part %d), or --shard I/N",
				a.name, t.count, t.first, t.last, t.index, t.index)
		}
		return a.part((t.index-t.first)/t.step+1, t.count, t.index, t.first)
	}
	return whole, nil
}

// part checks that a part is one.
func (a *array) part(part, of, index, from int) (experiment.Shard, error) {
	if part < 1 || part > of {
		return experiment.Shard{}, usagef("%s=%d must be one of %d parts, numbered from %d on; set --shard I/N", a.index, index, of, from)
	}
	return experiment.Shard{Part: part, Of: of}, nil
}

// task is what a scheduler says to a task.
type task struct {
	index, first, last, step, count int
	told                            bool // it says which tasks there are
}

// parts is how many tasks there are if no number is left out.
func (t *task) parts() int { return (t.last-t.first)/t.step + 1 }

// read reads the variables of a scheduler.
func (a *array) read(env func(string) string) (t task, err error) {
	number := func(name string, otherwise int) int {
		if name == "" || !isSet(env(name)) {
			return otherwise
		}
		n, wrong := strconv.Atoi(env(name))
		if wrong != nil {
			err = usagef("%s must be a whole number, got %q", name, env(name))
		}
		return n
	}
	t.index, t.first, t.step = number(a.index, 0), number(a.first, a.from), max(1, number(a.step, 1))
	if a.last != "" && isSet(env(a.last)) {
		t.told, t.last = true, number(a.last, 0)
		t.count = number(a.count, t.parts())
	}
	return t, err
}

func (a *app) mergeCommand() *cobra.Command {
	var out string
	var force, noPlots bool
	cmd := &cobra.Command{
		Use:   "merge DIR...",
		Short: "Put the shards of a study together",
		Long: `Put the shards of a study together: the bytes are those of a study that was never cut. DIR is the folder that the shards are
in, or each of them. Merging again changes nothing. DIR of a calibration puts the parts of its stages together, and says which stage is next,
or, when all are done, what was found.`,
		Example: "  entrepot merge runs/ensemble-offensive\n  entrepot merge study/shard-1-of-2 study/shard-2-of-2 --out study",
		Args:    wants(1, -1, "DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if what, err := manifest.Look(args[0]); err == nil && what == manifest.Calibration {
				if len(args) > 1 || out != "" {
					return usagef("DIR of a calibration must be alone and without --out: its stages are put together where they are")
				}
				w, err := reopenStages(a, args[0])
				if err != nil {
					return err
				}
				return w.conduct(w.together(force), !noPlots)
			}
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
			if q.settings.Stage != "" {
				return a.printStage(q, out)
			}
			return a.tell(q, v, out, !noPlots)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`DIR` of the whole study (default DIR)")
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
			parts, err := statusOf(args[0])
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
				if p.Note != "" {
					fmt.Fprintf(a.stdout, "%s\n", p.Note)
				}
			}
			return nil
		},
	}
}

// statusOf counts what there is of a study, or of all stages of a calibration that have begun.
func statusOf(dir string) (parts []store.Part, err error) {
	if what, err := manifest.Look(dir); err != nil || what != manifest.Calibration {
		return store.Status(dir)
	}
	for _, stage := range stageFolders(dir) {
		of, err := store.Status(stage)
		if err != nil {
			of = []store.Part{{Dir: stage, Shard: store.Shard{Part: 1, Of: 1}, Trouble: err.Error()}}
		}
		parts = append(parts, of...)
	}
	return parts, nil
}

// printStage says that a stage of a calibration is whole.
func (a *app) printStage(q *inquiry, dir string) error {
	if a.json {
		return a.printJSON(map[string]any{"folder": filepath.ToSlash(dir), "stage": q.settings.Stage, "runs": q.Runs()})
	}
	fmt.Fprintf(a.stdout, "%s is whole: %s\nWhat comes next is told by entrepot merge with the calibration's folder.\n", q.settings.Stage, filepath.ToSlash(dir))
	return nil
}

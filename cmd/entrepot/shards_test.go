package main

import (
	"strings"
	"testing"

	"entrepot/experiment"
)

func TestShardOfATask(t *testing.T) {
	slurm := func(id, first, last, step, count string) map[string]string {
		return map[string]string{"SLURM_ARRAY_TASK_ID": id, "SLURM_ARRAY_TASK_MIN": first, "SLURM_ARRAY_TASK_MAX": last, "SLURM_ARRAY_TASK_STEP": step, "SLURM_ARRAY_TASK_COUNT": count}
	}
	engine := func(id, first, last, step string) map[string]string {
		return map[string]string{"SGE_TASK_ID": id, "SGE_TASK_FIRST": first, "SGE_TASK_LAST": last, "SGE_TASK_STEPSIZE": step}
	}
	for _, c := range []struct {
		name   string
		flag   string
		shards int
		env    map[string]string
		want   experiment.Shard
		wrong  string // part of the message
	}{
		{name: "no scheduler: the whole"},
		{name: "said by hand", flag: "3/8", want: experiment.Shard{Part: 3, Of: 8}},
		{name: "said by hand within an array", flag: "3/8", env: slurm("2", "1", "4", "1", "4"), want: experiment.Shard{Part: 3, Of: 8}},
		{name: "the part above the whole", flag: "9/8", wrong: "must be I/N"},
		{name: "no number", flag: "a/8", wrong: "must be I/N"},
		{name: "one number", flag: "3", wrong: "must be I/N"},

		// What the variables are is seen on Slurm 22.05.
		{name: "Slurm, --array=1-8", env: slurm("3", "1", "8", "1", "8"), want: experiment.Shard{Part: 3, Of: 8}},
		{name: "Slurm, --array=0-7", env: slurm("0", "0", "7", "1", "8"), want: experiment.Shard{Part: 1, Of: 8}},
		{name: "Slurm, --array=1-7:2", env: slurm("7", "1", "7", "2", "4"), want: experiment.Shard{Part: 4, Of: 4}},
		{name: "Slurm, one task", env: slurm("1", "1", "1", "1", "1"), want: experiment.Shard{Part: 1, Of: 1}},
		{name: "Slurm, --array=1,3,5,7, which looks like a step of 1", env: slurm("3", "1", "7", "1", "4"), wrong: "got 4 tasks from 1 to 7"},
		{name: "Slurm, --array=3,5: parts of something that was cut elsewhere", env: slurm("3", "3", "5", "1", "2"), wrong: "got 2 tasks from 3 to 5"},
		{name: "Slurm, --array=3-5", env: slurm("3", "3", "5", "1", "3"), wrong: "without gaps"},
		{name: "Slurm, --array=3,5 of eight that are known", shards: 8, env: slurm("5", "3", "5", "1", "2"), want: experiment.Shard{Part: 5, Of: 8}},
		{name: "Slurm, the part above those that are known", shards: 4, env: slurm("5", "3", "5", "1", "2"), wrong: "SLURM_ARRAY_TASK_ID=5 must be one of 4 parts, numbered from 1 on"},
		{name: "Slurm, from 0 on, where parts go from 1 on", shards: 8, env: slurm("0", "0", "7", "1", "8"), wrong: "must be one of 8 parts"},
		{name: "Slurm, a step of a job that is no array", env: map[string]string{"SLURM_JOB_ID": "7", "SLURM_STEP_ID": "0", "SLURM_PROCID": "1", "SLURM_NTASKS": "2"}},
		{name: "no whole number", env: slurm("x", "1", "8", "1", "8"), wrong: `SLURM_ARRAY_TASK_ID must be a whole number, got "x"`},

		{name: "Kubernetes counts from 0", shards: 8, env: map[string]string{"JOB_COMPLETION_INDEX": "0"}, want: experiment.Shard{Part: 1, Of: 8}},
		{name: "Kubernetes, the last", shards: 8, env: map[string]string{"JOB_COMPLETION_INDEX": "7"}, want: experiment.Shard{Part: 8, Of: 8}},
		{name: "Kubernetes, more pods than parts", shards: 8, env: map[string]string{"JOB_COMPLETION_INDEX": "8"}, wrong: "numbered from 0 on"},
		{name: "Kubernetes does not say how many", env: map[string]string{"JOB_COMPLETION_INDEX": "0"}, wrong: "set ENTREPOT_SHARDS"},

		{name: "PBS, -J 1-8", shards: 8, env: map[string]string{"PBS_ARRAY_INDEX": "8"}, want: experiment.Shard{Part: 8, Of: 8}},
		{name: "PBS does not say how many", env: map[string]string{"PBS_ARRAY_INDEX": "8"}, wrong: "set ENTREPOT_SHARDS"},

		{name: "PBS, parts 3 and 5 of eight alone", shards: 8, env: map[string]string{"PBS_ARRAY_INDEX": "5", "PBS_JOBID": "41[5].head", "PBS_ENVIRONMENT": "PBS_BATCH"}, want: experiment.Shard{Part: 5, Of: 8}},
		{name: "PBS counts from 0 where it is told to, parts do not", shards: 8, env: map[string]string{"PBS_ARRAY_INDEX": "0"}, wrong: "PBS_ARRAY_INDEX=0 must be one of 8 parts, numbered from 1 on"},
		{name: "PBS, the number above the parts", shards: 8, env: map[string]string{"PBS_ARRAY_INDEX": "9"}, wrong: "must be one of 8 parts"},
		{name: "PBS, a job that is no array", shards: 0, env: map[string]string{"PBS_JOBID": "41.head", "PBS_ENVIRONMENT": "PBS_BATCH", "PBS_TASKNUM": "1"}},
		{name: "Torque, -t 1-8", shards: 8, env: map[string]string{"PBS_ARRAYID": "8", "PBS_JOBID": "41[8].head"}, want: experiment.Shard{Part: 8, Of: 8}},
		{name: "Torque does not say how many", env: map[string]string{"PBS_ARRAYID": "8"}, wrong: "task 8 of an array of Torque, but nothing says how many"},

		{name: "Grid Engine, -t 1-8", env: engine("8", "1", "8", "1"), want: experiment.Shard{Part: 8, Of: 8}},
		{name: "Grid Engine, -t 1-9:2", env: engine("9", "1", "9", "2"), want: experiment.Shard{Part: 5, Of: 5}},
		{name: "Grid Engine, -t 1-10:2, where the last number is no task", env: engine("9", "1", "10", "2"), want: experiment.Shard{Part: 5, Of: 5}},
		{name: "Grid Engine, -t 3-5", env: engine("3", "3", "5", "1"), wrong: "without gaps"},
		{name: "Grid Engine, parts 3 to 5 of eight that are known", shards: 8, env: engine("4", "3", "5", "1"), want: experiment.Shard{Part: 4, Of: 8}},
		{name: "Grid Engine, one task", env: engine("1", "1", "1", "1"), want: experiment.Shard{Part: 1, Of: 1}},
		{name: "Grid Engine outside of arrays, where parts are known", shards: 8, env: engine("undefined", "undefined", "undefined", "undefined")},
		{name: "Grid Engine outside of arrays", env: engine("undefined", "undefined", "undefined", "undefined")},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := shardOf(c.flag, c.shards, func(name string) string { return c.env[name] })
			switch {
			case c.wrong == "" && err != nil:
				t.Error(err)
			case c.wrong != "" && (err == nil || !strings.Contains(err.Error(), c.wrong)):
				t.Errorf("want an error with %q, got %v", c.wrong, err)
			case err == nil && got != c.want:
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

// An array's tasks are different parts, and all of them.
func TestTasksOfAnArrayAreAllParts(t *testing.T) {
	seen := map[experiment.Shard]bool{}
	for _, id := range []string{"1", "4", "7"} {
		env := map[string]string{"SGE_TASK_ID": id, "SGE_TASK_FIRST": "1", "SGE_TASK_LAST": "9", "SGE_TASK_STEPSIZE": "3"}
		s, err := shardOf("", 0, func(name string) string { return env[name] })
		if err != nil || s.Of != 3 || seen[s] {
			t.Errorf("task %s: got %v, %v", id, s, err)
		}
		seen[s] = true
	}
}

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"text/template"
	"unicode/utf8"

	"github.com/spf13/pflag"

	"entrepot/output/manifest"
)

// clusterJob is a study as a job of many tasks, each of which does one part, and of one that puts the parts together.
type clusterJob struct {
	Program string // absolute, or as it is called in the image
	Dir     string // where its relative paths begin
	Command string
	Runs    int  // at most so many, where there are stages
	Stages  bool // the parts are done again for each stage, until there is none
	Shards  int
	Workers int
	Image   string
	Study   []string // words of the command line that say what is studied, without its part and its workers
	Merge   []string
	Args    []string // scenarios
	Out     string
}

// checkEmit notes what is wrong with the flags of a job.
func (f *studyFlags) checkEmit(wrong *mistakes) {
	if f.emit != "slurm" && f.emit != "kubernetes" {
		wrong.note(usagef("--emit must be slurm or kubernetes, got %q", f.emit))
	}
	if f.shards < 1 {
		wrong.note(usagef("--shards must say how many parts --emit shall make, such as --shards 8, got %d", f.shards))
	}
	if f.shard != "" {
		wrong.note(usagef("--shard must not go with --emit: each task gets its own"))
	}
	if f.force {
		wrong.note(usagef("--force must not go with --emit: a part that is started again would lose what it has; remove the folder or name another"))
	}
}

// emit prints the job of a study that has been checked.
func (a *app) emit(q *inquiry, f *studyFlags) error {
	if f.shards > q.Runs() {
		return usagef("--shards must be at most the %d runs of the study, got %d", q.Runs(), f.shards)
	}
	return a.printJob(newClusterJob(q, f, q.Runs()), f.emit)
}

// emitStages prints the job of a calibration of at most so many runs, which does its parts stage by stage.
func (a *app) emitStages(q *inquiry, f *studyFlags, most int) error {
	j := newClusterJob(q, f, most)
	j.Stages = true
	j.Merge = slices.DeleteFunc(j.Merge, func(w string) bool { return strings.HasPrefix(w, "--json=") }) // its words are looked at
	return a.printJob(j, f.emit)
}

func (a *app) printJob(j *clusterJob, kind string) error {
	text, err := slurmJob, error(nil)
	if kind == "kubernetes" {
		text, err = kubernetesJob, j.contained()
	} else {
		err = j.located()
	}
	if err != nil {
		return err
	}
	return j.print(a.stdout, text)
}

// Finished is the file that is there when all stages are done.
func (j *clusterJob) Finished() string {
	path := filepath.Join(j.Out, manifest.Name)
	if !filepath.IsAbs(path) {
		path = filepath.Join(j.Dir, path)
	}
	return path
}

func (j *clusterJob) print(w io.Writer, text string) error {
	return template.Must(template.New("").Funcs(template.FuncMap{"sh": shellWords, "yaml": yamlWords}).Parse(text)).Execute(w, j)
}

func newClusterJob(q *inquiry, f *studyFlags, runs int) *clusterJob {
	j := &clusterJob{Command: q.command, Runs: runs, Shards: f.shards, Workers: 1, Image: f.image, Args: q.refs, Out: q.folder(f.out)}
	if f.typed.Changed("workers") {
		j.Workers = f.workers
	}
	j.Study = append([]string{q.command}, typedWords(f.typed, "emit", "shards", "image", "workers", "out")...)
	j.Study = append(j.Study, "--out="+j.Out)
	j.Merge = append([]string{"merge"}, typedWords(f.typed, studyOnly(f.typed)...)...)
	return j
}

// studyOnly lists the flags that merge does not take.
func studyOnly(flags *pflag.FlagSet) (names []string) {
	flags.VisitAll(func(f *pflag.Flag) {
		if !slices.Contains([]string{"json", "lang", "no-plots", "quiet"}, f.Name) {
			names = append(names, f.Name)
		}
	})
	return names
}

// typedWords are the flags that were given, on the command line or by settings, as words of a command line, but some. Those that were not
// are left to the program, which is the same one.
func typedWords(flags *pflag.FlagSet, but ...string) (out []string) {
	flags.Visit(func(f *pflag.Flag) {
		if slices.Contains(but, f.Name) {
			return
		}
		list, isList := f.Value.(pflag.SliceValue)
		switch {
		case isList && f.Value.Type() == "stringArray":
			for _, value := range list.GetSlice() {
				out = append(out, "--"+f.Name+"="+value)
			}
		case isList: // one value, parted by commas
			text := f.Value.String()
			out = append(out, "--"+f.Name+"="+text[1:len(text)-1]) // without the brackets
		default:
			out = append(out, "--"+f.Name+"="+f.Value.String())
		}
	})
	return out
}

// located finds the program and the folder that tasks shall find too, on a disk that all nodes share.
func (j *clusterJob) located() (err error) {
	if j.Program, err = os.Executable(); err != nil {
		return fmt.Errorf("finding the program: %w", err)
	}
	if inside := string(filepath.Separator) + "go-build"; strings.Contains(j.Program, inside) {
		return usagef("--emit slurm must name a program that stays where it is, and `go run` removes its own: make build, then bin/entrepot %s ...", j.Command)
	}
	if j.Dir, err = os.Getwd(); err != nil {
		return fmt.Errorf("finding the folder: %w", err)
	}
	return nil
}

// Placeholders are no names that a volume or an image can have, so that of a job in which one was forgotten nothing starts.
const (
	noImage     = "IMAGE"
	mountFolder = "/work"
)

// contained is for a program in a container, whose results must lie on the volume that is mounted.
func (j *clusterJob) contained() error {
	j.Program, j.Dir = "entrepot", mountFolder
	if j.Image == "" {
		j.Image = noImage
	}
	if !filepath.IsLocal(j.Out) {
		return usagef("--out must lead into the volume that is mounted at %s, as a relative path, got %s", mountFolder, j.Out)
	}
	for _, word := range slices.Concat(j.Study, j.Merge, j.Args, []string{j.Image}) {
		if !utf8.ValidString(word) {
			return usagef("--emit kubernetes must have words in UTF-8, got %q", word)
		}
	}
	return nil
}

// shellWords writes words for sh, one behind the other. What may mean anything to a shell is quoted.
func shellWords(words ...any) string {
	var out []string
	for _, w := range flat(words) {
		if !regexp.MustCompile(`^[A-Za-z0-9_./:,@%+=-]+$`).MatchString(w) {
			w = "'" + strings.ReplaceAll(w, "'", `'\''`) + "'"
		}
		out = append(out, w)
	}
	return strings.Join(out, " ")
}

// yamlWords writes words as a YAML list for Kubernetes, which takes $(NAME) for a variable and $$ for a dollar.
func yamlWords(words ...any) string {
	var out []string
	for _, w := range flat(words) {
		out = append(out, strconv.Quote(strings.ReplaceAll(w, "$", "$$"))) // whose escapes are those of YAML
	}
	return "[" + strings.Join(out, ", ") + "]"
}

// flat makes one list of words and lists of words.
func flat(words []any) (out []string) {
	for _, w := range words {
		if list, ok := w.([]string); ok {
			out = append(out, list...)
		} else {
			out = append(out, fmt.Sprint(w))
		}
	}
	return out
}

// slurmJob is a script in three parts: by hand it submits itself twice, as the array and as what follows it. The numbers of tasks are
// those of parts, so that any of them can be submitted alone. exec, so that signals reach the program and not the shell.
const slurmJob = `#!/bin/sh
{{- if .Stages}}
# At most {{.Runs}} runs of entrepot {{.Command}}, stage by stage, each in {{.Shards}} parts, by nodes that share this file system.
#
#   sh FILE                    submits the parts of the stage that is next, and a job that puts them together when all are
#                              done, and then submits those of the stage after it, until the outcome is there
#   sbatch --array=3,5 FILE    submits parts 3 and 5 of the stage that is next alone
{{- else}}
# {{.Runs}} runs of entrepot {{.Command}} in {{.Shards}} parts, by nodes that share this file system.
#
#   sh FILE                    submits the parts, and a job that puts them together when all are done
#   sbatch --array=3,5 FILE    submits parts 3 and 5 alone
{{- end}}
#
# A part that was broken off, by its node or by its time, goes on where it was: Slurm starts it again when a node is lost, and
# submitting FILE again does what is missing and nothing else.
#SBATCH --job-name=entrepot-{{.Command}}
#SBATCH --array=1-{{.Shards}}
#SBATCH --cpus-per-task={{.Workers}}
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:TERM@30
#
# What your cluster wants beside these, without the first #:
##SBATCH --time=01:00:00
##SBATCH --mem-per-cpu=500M
##SBATCH --partition=NAME

if [ -z "${SLURM_ARRAY_TASK_ID:-}" ]; then
	parts=$(sbatch --parsable "$0") || exit
	echo "Submitted batch job ${parts%%;*}, an array of {{.Shards}} parts"
	exec sbatch --array=1 --dependency="afterok:${parts%%;*}" --kill-on-invalid-dep=yes "$0" merge
fi
{{- if .Stages}}
if [ "${1:-}" = merge ]; then
	(cd -- {{sh .Dir}} && exec {{sh .Program .Merge "--" .Out}}) || exit
	[ ! -e {{sh .Finished}} ] || exit 0
	unset SLURM_ARRAY_TASK_ID
	exec sh "$0"
fi
cd -- {{sh .Dir}} || exit
{{- else}}
cd -- {{sh .Dir}} || exit
if [ "${1:-}" = merge ]; then
	exec {{sh .Program .Merge "--" .Out}}
fi
{{- end}}
exec {{sh .Program .Study}} \
	--shard="$SLURM_ARRAY_TASK_ID/{{.Shards}}" --workers="${SLURM_CPUS_PER_TASK:-{{.Workers}}}" {{sh "--" .Args}}
`

// kubernetesJob is an Indexed Job, and a suspended one that puts the parts together. Mistakes of who asked and books that do not
// balance end the job (exit codes 2 and 3); a node that is emptied does not count as a failure.
const kubernetesJob = `
{{- if .Stages -}}
# At most {{.Runs}} runs of entrepot {{.Command}}, stage by stage, each in {{.Shards}} parts. For every stage, until the second job says no more
# which stage is next:
#
#   next=next
#   while [ -n "$next" ]; do
#     kubectl apply -f FILE &&
#       kubectl wait --for=condition=complete --timeout=-1s job/entrepot-{{.Command}} &&
#       kubectl patch job/entrepot-{{.Command}}-merge --patch '{"spec":{"suspend":false}}' &&
#       kubectl wait --for=condition=complete --timeout=-1s job/entrepot-{{.Command}}-merge || break
#     next=$(kubectl logs job/entrepot-{{.Command}}-merge | grep '^Next: ')
#     kubectl delete -f FILE
#   done
#
{{- else -}}
# {{.Runs}} runs of entrepot {{.Command}} in {{.Shards}} parts.
#
#   kubectl apply -f FILE
#   kubectl wait --for=condition=complete --timeout=-1s job/entrepot-{{.Command}} &&
#     kubectl patch job/entrepot-{{.Command}}-merge --patch '{"spec":{"suspend":false}}'
#
{{- end}}
# Fill in CLAIM, a volume that all nodes may write to (ReadWriteMany){{if eq .Image "IMAGE"}}, and IMAGE, one with the program on its path{{end}}.
# Scenario files lie on the volume, results too.
# A part that was broken off goes on where it was.
{{- define "container"}}
          image: {{.}}
          workingDir: ` + mountFolder + `
{{- end}}
{{- define "volumes"}}
          volumeMounts:
            - {name: work, mountPath: ` + mountFolder + `}
      volumes:
        - name: work
          persistentVolumeClaim: {claimName: CLAIM}
{{- end}}
apiVersion: batch/v1
kind: Job
metadata:
  name: entrepot-{{.Command}}
spec:
  completionMode: Indexed
  completions: {{.Shards}}
  parallelism: {{.Shards}}
  backoffLimit: {{.Shards}}
  podFailurePolicy:
    rules:
      - action: FailJob
        onExitCodes: {containerName: entrepot, operator: In, values: [2, 3]}
      - action: Ignore
        onPodConditions: [{type: DisruptionTarget, status: "True"}]
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: entrepot
{{- template "container" printf "%q" .Image}}
          command: {{yaml .Program .Study (printf "--workers=%d" .Workers) "--" .Args}}
          env:
            - {name: ENTREPOT_SHARDS, value: "{{.Shards}}"}
          resources:
            requests: {cpu: "{{.Workers}}", memory: 500Mi}
            limits: {memory: 500Mi}
{{- template "volumes"}}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: entrepot-{{.Command}}-merge
spec:
  suspend: true
  backoffLimit: 2
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: entrepot
{{- template "container" printf "%q" .Image}}
          command: {{yaml .Program .Merge "--" .Out}}
          resources:
            requests: {cpu: "1", memory: 500Mi}
            limits: {memory: 500Mi}
{{- template "volumes"}}
`

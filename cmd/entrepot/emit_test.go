package main

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

func sampleJob() *clusterJob {
	return &clusterJob{
		Program: "/opt/entrepot/bin/entrepot", Dir: "/home/me/my study", Command: "ensemble", Runs: 4000, Shards: 8, Workers: 2, Image: noImage,
		Study: []string{"ensemble", "--runs=4000", "--set=trafficker.margin=0.2", "--out=runs/ensemble-textbook"},
		Merge: []string{"merge", "--quiet=true"}, Args: []string{"textbook"}, Out: "runs/ensemble-textbook",
	}
}

func printed(t *testing.T, j *clusterJob, text string) string {
	t.Helper()
	var b strings.Builder
	if err := j.print(&b, text); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestJobsAreAsTheyWereReviewed(t *testing.T) {
	for name, text := range map[string]string{"slurm.sh": slurmJob, "kubernetes.yaml": kubernetesJob, "stages-slurm.sh": slurmJob, "stages-kubernetes.yaml": kubernetesJob} {
		j := sampleJob()
		if strings.HasPrefix(name, "stages-") {
			j.Command, j.Stages = "calibrate", true
		}
		if strings.HasSuffix(name, ".yaml") {
			if err := j.contained(); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(filepath.Join("testdata", "emit", name))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), printed(t, j, text)); diff != "" {
			t.Errorf("testdata/emit/%s (-want +got):\n%s", name, diff)
		}
	}
}

// hostile words mean something to a shell, to YAML, to Kubernetes or to a parser of flags.
func hostile() []string {
	return []string{"plain.yaml", "", " ", "it's", `"`, `\`, `a\'b`, "$HOME", "$(touch hit)", "`touch hit`", "$$(HOME)", "$(HOME)", "; touch hit", "&& touch hit", "# no comment",
		"*", "~", "-x", "--", "a\nEND\n#SBATCH --array=1-9\ntouch hit", "\ttab", "a=b", "!!", "été", "{{.Dir}}", "'", "''", "' touch hit '", "%s", "a,b", "| x", "\u0085", "\x7f"}
}

// The command lines of a script must arrive as they are, whatever is in them, and nothing else must be done.
func TestWordsOfAScriptArriveAsTheyAre(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not run: windows has no sh")
	}
	dir := t.TempDir()
	place := filepath.Join(dir, "it's $(touch hit)\n`here`; #")
	if err := os.Mkdir(place, 0o777); err != nil {
		t.Fatal(err)
	}
	fake := filepath.Join(place, "entre pot")
	write(t, fake, "#!/bin/sh\nprintf '%s\\0' \"$PWD\" \"$@\"\n", 0o777)
	j := &clusterJob{Program: fake, Dir: place, Command: "sweep", Runs: 9, Shards: 3, Workers: 1, Study: append([]string{"sweep"}, hostile()...),
		Merge: append([]string{"merge"}, hostile()...), Args: hostile(), Out: "-it's $(touch hit)"}
	script := filepath.Join(dir, "job.sh")
	write(t, script, printed(t, j, slurmJob), 0o666)

	study := slices.Concat([]string{place}, j.Study, []string{"--shard=2/3", "--workers=5", "--"}, j.Args)
	merge := slices.Concat([]string{place}, j.Merge, []string{"--", j.Out})
	for _, c := range []struct {
		args []string
		want []string
	}{{nil, study}, {[]string{"merge"}, merge}} {
		cmd := exec.Command("sh", append([]string{script}, c.args...)...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "SLURM_ARRAY_TASK_ID=2", "SLURM_CPUS_PER_TASK=5")
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")); diff != "" {
			t.Errorf("words (-want +got):\n%s", diff)
		}
	}
	for _, at := range []string{dir, place} {
		if exists(filepath.Join(at, "hit")) {
			t.Errorf("something in the words was executed in %q", at)
		}
	}
}

// By hand, a script submits itself as an array and as what waits for it; inside a job that is no array too.
func TestAScriptSubmitsItselfAndItsMerge(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not run: windows has no sh")
	}
	for _, c := range []struct{ name, says, want string }{
		{"a cluster", "41", "--parsable job.sh\n--array=1 --dependency=afterok:41 --kill-on-invalid-dep=yes job.sh merge\n"},
		{"a cluster among several", "41;north", "--parsable job.sh\n--array=1 --dependency=afterok:41 --kill-on-invalid-dep=yes job.sh merge\n"},
		{"the array is refused", "", "--parsable job.sh\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			write(t, filepath.Join(dir, "job.sh"), printed(t, sampleJob(), slurmJob), 0o666)
			write(t, filepath.Join(dir, "sbatch"), "#!/bin/sh\necho \"$*\" >> calls\n[ -n '"+c.says+"' ] && echo '"+c.says+"'\n", 0o777)
			cmd := exec.Command("sh", "job.sh")
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"), "SLURM_JOB_ID=7", "SLURM_ARRAY_TASK_ID=")
			if err := cmd.Run(); (err != nil) != (c.says == "") {
				t.Errorf("the script ends with %v", err)
			}
			if got := read(t, filepath.Join(dir, "calls")); got != c.want {
				t.Errorf("sbatch was called with\n%swant\n%s", got, c.want)
			}
		})
	}
}

// The job that puts parts together submits the parts of the stage after it, until the outcome of all stages is there.
func TestAScriptOfStagesGoesOnUntilTheOutcomeIsThere(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("not run: windows has no sh")
	}
	for _, c := range []struct{ name, merge, want string }{
		{"a stage is next", "true", "--parsable job.sh\n--array=1 --dependency=afterok:41 --kill-on-invalid-dep=yes job.sh merge\n"},
		{"all are done", "mkdir out; touch out/manifest.json", ""},
		{"merge fails", "exit 2", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			place := filepath.Join(dir, "it's a $(place)")
			if err := os.Mkdir(place, 0o777); err != nil {
				t.Fatal(err)
			}
			j := sampleJob()
			j.Program, j.Dir, j.Stages, j.Out = filepath.Join(dir, "entrepot"), place, true, "out"
			write(t, filepath.Join(dir, "job.sh"), printed(t, j, slurmJob), 0o666)
			write(t, j.Program, "#!/bin/sh\n[ \"$1\" = merge ] || exit 9\n"+c.merge+"\n", 0o777)
			write(t, filepath.Join(dir, "sbatch"), "#!/bin/sh\n[ -z \"${SLURM_ARRAY_TASK_ID:-}\" ] || exit 9\necho \"$*\" >> calls\necho 41\n", 0o777)
			write(t, filepath.Join(dir, "calls"), "", 0o666)
			cmd := exec.Command("sh", "job.sh", "merge")
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "PATH="+dir+string(os.PathListSeparator)+os.Getenv("PATH"), "SLURM_ARRAY_TASK_ID=1")
			if err := cmd.Run(); (err != nil) != (c.merge == "exit 2") {
				t.Errorf("the script ends with %v", err)
			}
			if got := read(t, filepath.Join(dir, "calls")); got != c.want {
				t.Errorf("sbatch was called with\n%swant\n%s", got, c.want)
			}
		})
	}
}

// indexedJob has the fields of a Job (batch/v1) that a manifest uses, and no others: a new one must be looked up and put here. The manifests under
// testdata were accepted by the API server's own checks (k8s.io/kubernetes v1.34.1, registry/batch/job).
type indexedJob struct {
	APIVersion string `yaml:"apiVersion"`
	Kind       string
	Metadata   struct{ Name string }
	Spec       struct {
		Suspend          bool
		CompletionMode   string `yaml:"completionMode"`
		Completions      int
		Parallelism      int
		BackoffLimit     int `yaml:"backoffLimit"`
		PodFailurePolicy struct {
			Rules []struct {
				Action      string
				OnExitCodes *struct {
					ContainerName string `yaml:"containerName"`
					Operator      string
					Values        []int
				} `yaml:"onExitCodes"`
				OnPodConditions []struct{ Type, Status string } `yaml:"onPodConditions"`
			}
		} `yaml:"podFailurePolicy"`
		Template struct {
			Spec struct {
				RestartPolicy string `yaml:"restartPolicy"`
				Containers    []struct {
					Name, Image string
					WorkingDir  string `yaml:"workingDir"`
					Command     []string
					Env         []struct{ Name, Value string }
					Resources   struct{ Requests, Limits struct{ CPU, Memory string } }
					Mounts      []struct {
						Name string
						Path string `yaml:"mountPath"`
					} `yaml:"volumeMounts"`
				}
				Volumes []struct {
					Name  string
					Claim struct {
						Name string `yaml:"claimName"`
					} `yaml:"persistentVolumeClaim"`
				}
			}
		}
	}
}

// jobsOf reads a manifest, in which nothing unknown may stand.
func jobsOf(t *testing.T, text string) (parts, merge indexedJob) {
	t.Helper()
	d := yaml.NewDecoder(strings.NewReader(text))
	d.KnownFields(true)
	if err := errors.Join(d.Decode(&parts), d.Decode(&merge)); err != nil {
		t.Fatal(err)
	}
	if err := d.Decode(new(indexedJob)); !errors.Is(err, io.EOF) {
		t.Fatalf("want two jobs, got more, or %v", err)
	}
	return parts, merge
}

func TestAManifestIsAnIndexedJobAndASuspendedOne(t *testing.T) {
	j := sampleJob()
	if err := j.contained(); err != nil {
		t.Fatal(err)
	}
	parts, merge := jobsOf(t, printed(t, j, kubernetesJob))
	name := regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$`) // with a hyphen and an index it is still a host's name
	for _, job := range []indexedJob{parts, merge} {
		pod := job.Spec.Template.Spec
		c := pod.Containers[0]
		if job.APIVersion != "batch/v1" || job.Kind != "Job" || !name.MatchString(job.Metadata.Name) || len(pod.Containers) != 1 || pod.RestartPolicy != "Never" {
			t.Errorf("a job must be one of batch/v1 with one container that is never started again in its pod, got %+v", job)
		}
		if len(c.Mounts) != 1 || len(pod.Volumes) != 1 || c.Mounts[0].Name != pod.Volumes[0].Name || c.WorkingDir != c.Mounts[0].Path || pod.Volumes[0].Claim.Name != "CLAIM" {
			t.Errorf("relative paths must begin in the volume, got %+v and %+v", c, pod.Volumes)
		}
		if r := c.Resources; r.Requests.CPU == "" || r.Requests.Memory == "" || r.Limits.Memory != r.Requests.Memory || r.Limits.CPU != "" {
			t.Errorf("a container must ask for processors and memory, and memory alone be limited, got %+v", r)
		}
	}
	s := parts.Spec
	if s.CompletionMode != "Indexed" || s.Completions != 8 || s.Parallelism != 8 || s.BackoffLimit != 8 || s.Suspend {
		t.Errorf("the parts must be one job of 8 pods with numbers, all at a time, got %+v", s)
	}
	rules := s.PodFailurePolicy.Rules
	if len(rules) != 2 || rules[0].Action != "FailJob" || rules[1].Action != "Ignore" || rules[0].OnExitCodes == nil || rules[0].OnExitCodes.ContainerName != s.Template.Spec.Containers[0].Name ||
		rules[0].OnExitCodes.Operator != "In" || !slices.Equal(rules[0].OnExitCodes.Values, []int{exitUsage, exitUnbalanced}) || len(rules[1].OnPodConditions) != 1 || rules[1].OnPodConditions[0].Type != "DisruptionTarget" {
		t.Errorf("mistakes must end the job, and a node that is emptied must cost nothing, got %+v", rules)
	}
	if m := merge.Spec; !m.Suspend || m.CompletionMode != "" || m.Completions != 0 || m.BackoffLimit != 2 {
		t.Errorf("the merge must wait until it is called, got %+v", m)
	}
}

// kubelet does what a node does with a pod: the controller of an Indexed Job adds the number of the pod to its variables.
func kubelet(t *testing.T, dir string, job indexedJob, index int) string {
	t.Helper()
	c := job.Spec.Template.Spec.Containers[0]
	var words, env []string
	for _, w := range c.Command {
		words = append(words, expanded(w))
	}
	for _, v := range c.Env {
		env = append(env, v.Name+"="+v.Value)
	}
	if job.Spec.CompletionMode == "Indexed" {
		env = append(env, "JOB_COMPLETION_INDEX="+strconv.Itoa(index))
	}
	if words[0] != "entrepot" {
		t.Fatalf("the image has entrepot on its path, the command is %q", words[0])
	}
	return told(t, dir, env, words[1:]...)
}

// The pods of a manifest do what one machine does.
func TestPodsOfAManifestGiveTheBytesOfOneMachine(t *testing.T) {
	for _, c := range []struct {
		name   string
		rounds int // of pods and a merge
	}{{"ensemble", 1}, {"calibrate", 4}} {
		t.Run(c.name, func(t *testing.T) {
			volume := t.TempDir()
			study := smallCalibration(t, volume)
			if c.name == "ensemble" {
				study = strings.Fields("ensemble textbook --runs 10")
			}
			parts, merge := jobsOf(t, told(t, volume, nil, append(slices.Clone(study), "--out", "pods", "--emit", "kubernetes", "--shards", "3")...))
			rounds, next := 0, true
			for ; next; rounds++ { // the loop that the head of a manifest has
				for index := range parts.Spec.Completions {
					kubelet(t, volume, parts, parts.Spec.Completions-1-index)
				}
				next = strings.HasPrefix(kubelet(t, volume, merge, 0), "Next: ")
			}
			if rounds != c.rounds {
				t.Errorf("want %d rounds, got %d", c.rounds, rounds)
			}
			told(t, volume, nil, append(study, "--out", "one")...)
			sameData(t, dataFiles(t, filepath.Join(volume, "pods")), dataFiles(t, filepath.Join(volume, "one")))
		})
	}
}

func TestWordsOfAManifestArriveAsTheyAre(t *testing.T) {
	j := sampleJob()
	j.Study, j.Merge, j.Args, j.Out = append([]string{"ensemble"}, hostile()...), append([]string{"merge"}, hostile()...), hostile(), "it's $(HOME)"
	if err := j.contained(); err != nil {
		t.Fatal(err)
	}
	parts, merge := jobsOf(t, printed(t, j, kubernetesJob))
	jobs := []indexedJob{parts, merge}
	for i, want := range [][]string{
		slices.Concat([]string{"entrepot"}, j.Study, []string{"--workers=2", "--"}, j.Args),
		slices.Concat([]string{"entrepot"}, j.Merge, []string{"--", j.Out}),
	} {
		var got []string
		for _, w := range jobs[i].Spec.Template.Spec.Containers[0].Command {
			got = append(got, expanded(w))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("words of job %d (-want +got):\n%s", i+1, diff)
		}
	}
}

// expanded does to a word of a command what Kubernetes does to it: $(NAME) is a variable, $$ a dollar, any other dollar itself.
func expanded(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case strings.HasPrefix(s[i:], "$$"):
			b.WriteByte('$')
			i++
		case strings.HasPrefix(s[i:], "$(") && strings.Contains(s[i:], ")"):
			b.WriteString("[a variable]")
			i += strings.Index(s[i:], ")")
		default:
			b.WriteByte(s[i])
		}
	}
	return b.String()
}

// What was given by flags or settings is in the job; what was not, and the flags of the job itself, is not.
func TestFlagsOfAStudyGoIntoItsJob(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "entrepot.yaml"), "seed: 7\nquiet: true\n", 0o666)
	cmd := command(t, dir, "sweep", "textbook", "--vary", "trafficker.cost_per_km=100,500", "--vary", "trafficker.margin=0.1:0.2:2", "--figures", "price_ak_middle_after,price_ak_end_after",
		"--set", "road.payment=900", "--limit", "90s", "--workers", "3", "--emit", "slurm", "--shards", "2")
	cmd.Env = append(os.Environ(), "ENTREPOT_RUNS=5", "ENTREPOT_NO_PLOTS=true")
	var talk bytes.Buffer
	cmd.Stderr = &talk
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %s", err, talk.String())
	}
	_, last, _ := strings.Cut(string(out), "\nexec ")
	_, words, _ := strings.Cut(last, " ")
	want := `sweep --figures=price_ak_middle_after,price_ak_end_after --limit=1m30s --no-plots=true --quiet=true --runs=5 --seed=7 --set=road.payment=900 ` +
		`--vary=trafficker.cost_per_km=100,500 --vary=trafficker.margin=0.1:0.2:2 --out=runs/sweep-textbook \
	--shard="$SLURM_ARRAY_TASK_ID/2" --workers="${SLURM_CPUS_PER_TASK:-3}" -- textbook
`
	if words != want {
		t.Errorf("got\n%swant\n%s", words, want)
	}
	if !strings.Contains(string(out), " merge --no-plots=true --quiet=true -- runs/sweep-textbook\n") {
		t.Errorf("the flags of merge are missing in\n%s", out)
	}
	if exists(filepath.Join(dir, "runs")) {
		t.Error("something was run")
	}
}

func write(t *testing.T, path, text string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
}

func read(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

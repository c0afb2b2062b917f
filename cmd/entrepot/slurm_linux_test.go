package main

import (
	"context"
	"crypto/rand"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"entrepot/output/manifest"
	"entrepot/output/store"
)

// slurm is a cluster of two nodes on this machine, in a folder of its own.
type slurm struct {
	t       *testing.T
	dir     string
	daemons map[string]*exec.Cmd
}

// nodes of the cluster; each has as many processors as tasks shall run there at a time, whatever this machine has.
const (
	lost      = "n1"
	survivor  = "n2"
	tasksEach = 2
)

// startSlurm starts Debian's munged, slurmctld and two slurmd. Each daemon is the first process of a PID namespace, so that to kill
// it is to kill all that it started, as when a machine loses power, and nothing can be left behind.
func startSlurm(t *testing.T) *slurm {
	t.Helper()
	if os.Getuid() != 0 {
		notRun(t, "a Slurm of its own needs root")
	}
	var missing []string
	for _, tool := range []string{"munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol", "sinfo"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing = append(missing, tool)
		}
	}
	if len(missing) > 0 {
		notRun(t, "a Slurm of its own needs "+strings.Join(missing, ", ")+" (`make needs` installs slurm-wlm and munge on Debian)")
	}
	s := &slurm{t, t.TempDir(), map[string]*exec.Cmd{}}
	s.configure()
	runtime.LockOSThread() // the daemons end with the thread that started them, should this program be killed
	t.Cleanup(func() {
		for name := range s.daemons {
			s.kill(name)
		}
		runtime.UnlockOSThread()
		if t.Failed() {
			s.tellLogs()
		}
	})
	s.start("munged", "--foreground", "--force", "--key-file=key", "--socket=munge", "--pid-file=munge.pid", "--log-file=munged.log", "--seed-file=seed")
	until(t, time.Minute, 5*time.Millisecond, "munged", func() bool { return exists(filepath.Join(s.dir, "munge")) })
	s.start("slurmctld", "-D", "-c")
	for _, node := range []string{lost, survivor} {
		s.start(node)
	}
	until(t, time.Minute, 50*time.Millisecond, "two idle nodes", func() bool {
		out, err := s.try("sinfo", "--noheader", "--Node", "--format=%T")
		return err == nil && out == "idle\nidle"
	})
	return s
}

// configure writes what the daemons read. Settings are those of a small cluster but where a comment says why not.
func (s *slurm) configure() {
	host, err := os.Hostname()
	if err != nil {
		s.t.Fatal(err)
	}
	host, _, _ = strings.Cut(host, ".")
	key := make([]byte, 128)
	if _, err := rand.Read(key); err != nil {
		s.t.Fatal(err)
	}
	ports := freePorts(s.t, 3)
	write(s.t, filepath.Join(s.dir, "key"), string(key), 0o400)
	write(s.t, filepath.Join(s.dir, "cgroup.conf"), "CgroupPlugin=cgroup/v1\n", 0o666) // slurmd 22.05 ends with "disabled"; none is used
	write(s.t, filepath.Join(s.dir, "slurm.conf"), strings.NewReplacer("DIR", s.dir, "HOST", host, "PORT0", ports[0], "PORT1", ports[1], "PORT2", ports[2],
		"CPUS", strconv.Itoa(tasksEach)).Replace(`ClusterName=test
SlurmctldHost=HOST(127.0.0.1)
SlurmctldPort=PORT0
SlurmUser=root
AuthInfo=socket=DIR/munge
StateSaveLocation=DIR/state
SlurmdSpoolDir=DIR/%n
SlurmctldPidFile=DIR/slurmctld.pid
SlurmdPidFile=DIR/%n.pid
# Nodes have more processors than this machine.
SlurmdParameters=config_overrides
# Another PID namespace has other numbers than /proc.
ProctrackType=proctrack/pgid
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
MpiDefault=none
MailProg=/bin/true
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerParameters=bf_interval=1,sched_interval=1
# A node that is silent for so many seconds is lost, and its jobs are requeued.
SlurmdTimeout=10
JobRequeue=1
NodeName=n1 NodeHostname=HOST NodeAddr=127.0.0.1 Port=PORT1 CPUs=CPUS
NodeName=n2 NodeHostname=HOST NodeAddr=127.0.0.1 Port=PORT2 CPUs=CPUS
PartitionName=all Nodes=n1,n2 Default=YES MaxTime=INFINITE
`), 0o666)
}

// freePorts finds ports that nobody listens at.
func freePorts(t *testing.T, n int) (ports []string) {
	t.Helper()
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close() // when all are found, so that they differ
		_, port, err := net.SplitHostPort(l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		ports = append(ports, port)
	}
	return ports
}

// environment is that of the daemons and of whoever asks them, without what a cluster around this machine may have set.
func (s *slurm) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return regexp.MustCompile(`^(SLURM|SBATCH|SQUEUE|SINFO|ENTREPOT|SGE|PBS)_`).MatchString(v)
	})
	return append(env, "SLURM_CONF="+filepath.Join(s.dir, "slurm.conf"))
}

// start starts a daemon; a node's name is that of its slurmd.
func (s *slurm) start(name string, args ...string) {
	s.t.Helper()
	program := name
	if name == lost || name == survivor {
		program, args = "slurmd", []string{"-D", "-N", name}
	}
	log, err := os.Create(filepath.Join(s.dir, name+".out"))
	if err != nil {
		s.t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command(program, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.dir, s.environment(), log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWPID, Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		notRun(s.t, "this system gives a daemon no PID namespace: "+err.Error())
	}
	s.daemons[name] = cmd
}

// kill ends a daemon and all that it started, without a word to them, and waits until they are gone.
func (s *slurm) kill(name string) {
	cmd := s.daemons[name]
	delete(s.daemons, name)
	if err := cmd.Process.Kill(); err != nil {
		s.t.Errorf("killing %s: %v", name, err)
	}
	_ = cmd.Wait() // it was killed
}

// tellLogs shows the ends of what daemons and jobs said.
func (s *slurm) tellLogs() {
	logs, _ := filepath.Glob(filepath.Join(s.dir, "*.out"))
	more, _ := filepath.Glob(filepath.Join(s.dir, "*", "slurm-*.out"))
	for _, path := range append(logs, more...) {
		lines := strings.Split(strings.TrimSpace(read(s.t, path)), "\n")
		s.t.Logf("%s:\n%s", filepath.Base(path), strings.Join(lines[max(0, len(lines)-25):], "\n"))
	}
}

// try asks the cluster. A controller that is busy may not answer in time.
func (s *slurm) try(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env = s.dir, s.environment()
	out, err := cmd.Output()
	return strings.TrimSpace(string(out)), err
}

// queued is a line of the queue.
type queued struct{ id, task, name, state, reason, node string }

// queue lists the jobs that are not at their end, tasks of arrays one by one.
func (s *slurm) queue() (jobs []queued, err error) {
	out, err := s.try("squeue", "--noheader", "--array", "--format=%i|%K|%j|%T|%r|%N")
	for _, line := range strings.Split(out, "\n") {
		if f := strings.Split(line, "|"); err == nil && len(f) == 6 {
			jobs = append(jobs, queued{f[0], f[1], f[2], f[3], f[4], f[5]})
		}
	}
	return jobs, err
}

// A cluster loses a node in the middle of an array: its tasks are requeued, go on elsewhere, and what comes out is what one machine
// would have given.
func TestSlurmLosesANode(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	const shards, runs = 8, 800
	s := startSlurm(t)
	place := filepath.Join(s.dir, "it's a study")
	if err := os.Mkdir(place, 0o777); err != nil {
		t.Fatal(err)
	}
	study := []string{"ensemble", "textbook", "--runs", strconv.Itoa(runs), "--no-plots", "--out"}
	s.submit(place, append(study, "cluster", "--emit", "slurm", "--shards", strconv.Itoa(shards)))

	shard := func(task string) string {
		return filepath.Join(place, "cluster", "shard-"+task+"-of-"+strconv.Itoa(shards))
	}
	began := ""
	until(t, 2*time.Minute, 20*time.Millisecond, "a task in its middle on "+lost, func() bool {
		jobs, err := s.queue()
		for _, j := range jobs {
			if err == nil && j.node == lost && inMiddle(shard(j.task)) {
				began = j.task
			}
		}
		return began != ""
	})
	s.kill(lost)
	parts, err := store.Status(filepath.Join(place, "cluster"))
	if err != nil {
		t.Fatal(err)
	}
	killed := parts[slices.IndexFunc(parts, func(p store.Part) bool { return strconv.Itoa(p.Shard.Part) == began })]
	if killed.Finished || killed.Done == 0 || killed.Missing == 0 {
		t.Fatalf("task %s must have been killed in its middle, got %+v", began, killed)
	}

	// The other half of the proof is made while Slurm finds out.
	if code, talk := program(t, place, append(study, "one", "--quiet")...); code != 0 {
		t.Fatalf("one machine: exit code %d: %s", code, talk)
	}
	requeued := s.await(3 * time.Minute)
	if !slices.Contains(requeued, began) {
		t.Errorf("task %s must have been requeued, got %v", began, requeued)
	}
	t.Logf("task %s was killed with %d of %d runs done; requeued: %v", began, killed.Done, killed.Runs, requeued)
	sameData(t, dataFiles(t, filepath.Join(place, "cluster")), dataFiles(t, filepath.Join(place, "one")))
}

// A cluster does a calibration: each stage is an array, and what follows it submits the next.
func TestSlurmDoesACalibrationStageByStage(t *testing.T) {
	if testing.Short() {
		t.Skip("not run: -short")
	}
	s := startSlurm(t)
	place := filepath.Join(s.dir, "it's a calibration")
	if err := os.Mkdir(place, 0o777); err != nil {
		t.Fatal(err)
	}
	study := smallCalibration(t, place)
	s.submit(place, append(slices.Clone(study), "--out", "cluster", "--emit", "slurm", "--shards", "4"))
	told(t, place, nil, append(study, "--out", "one", "--quiet")...)
	s.await(5 * time.Minute)
	sameData(t, dataFiles(t, filepath.Join(place, "cluster")), dataFiles(t, filepath.Join(place, "one")))
	if parts, err := store.Shards(filepath.Join(place, "cluster", "check-2")); err != nil || len(parts) != 4 {
		t.Errorf("the last stage must have been done in 4 parts, got %d, %v", len(parts), err)
	}
}

// inMiddle says whether a task has begun and is far from its end.
func inMiddle(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, manifest.Journal))
	return err == nil && underWay(dir) && info.Size() < 1<<18
}

// submit has a script made for a study, and does what its head says.
func (s *slurm) submit(place string, study []string) {
	s.t.Helper()
	cmd := command(s.t, place, study...)
	cmd.Env = s.environment()
	script, err := cmd.Output()
	if err != nil {
		s.t.Fatal(err)
	}
	write(s.t, filepath.Join(place, "job.sh"), string(script), 0o666)
	sh := exec.Command("sh", "job.sh")
	sh.Dir, sh.Env = place, s.environment()
	if out, err := sh.CombinedOutput(); err != nil {
		s.t.Fatalf("submitting: %v: %s", err, out)
	}
}

// await waits until no job is left, and returns the tasks that were requeued. Slurm has a requeued job wait for two minutes, lest its
// node comes back with it; an administrator who knows better says so, and so does this test.
func (s *slurm) await(within time.Duration) []string {
	s.t.Helper()
	requeued := map[string]bool{}
	until(s.t, within, 250*time.Millisecond, "the end of all jobs", func() bool {
		jobs, err := s.queue()
		for _, j := range jobs {
			if j.state == "PENDING" && j.reason == "BeginTime" {
				requeued[j.task] = true
				if out, err := s.try("scontrol", "update", "JobId="+j.id, "StartTime=now"); err != nil {
					s.t.Logf("starting %s: %v: %s", j.id, err, out)
				}
			}
		}
		return err == nil && len(jobs) == 0
	})
	return slices.Sorted(maps.Keys(requeued))
}

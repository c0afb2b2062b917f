package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entrepot/experiment"
	"entrepot/output/manifest"
	"entrepot/output/plots"
	"entrepot/output/report"
	"entrepot/output/store"
	"entrepot/scenarios"
	"entrepot/words"
)

// studyFlags are the flags that all studies take.
type studyFlags struct {
	runs, workers  int
	seed           uint64
	sets           []string
	out, shard     string
	full           []string
	noPlots, force bool
	limit          time.Duration

	emit, image string
	shards      int
	typed       *pflag.FlagSet // all flags of the command
}

// mostRuns bounds the replicates of a study, mostInAll its runs: a kept run costs some bytes of memory while the study is at work.
const (
	mostRuns  = 10_000_000
	mostInAll = 100_000_000
)

// mostWorkers bounds the runs at a time, each of which has a world in memory.
const mostWorkers = 1024

func checkWorkers(n int) error {
	switch {
	case n < 1:
		return usagef("--workers must be at least 1, got %d", n)
	case n > mostWorkers:
		return usagef("--workers must be at most %d, got %d", mostWorkers, n)
	}
	return nil
}

func (f *studyFlags) add(cmd *cobra.Command, runs int, what string) {
	flags := cmd.Flags()
	flags.IntVar(&f.runs, "runs", runs, "`N` "+what)
	flags.IntVar(&f.workers, "workers", runtime.NumCPU(), "`N` runs at a time")
	flags.Uint64Var(&f.seed, "seed", 1, "`N`, the seed that the seeds of replicates are hashed from; 0 is a seed too")
	flags.StringArrayVar(&f.sets, "set", nil, "`PATH=VALUE` laid over every scenario (repeatable)")
	flags.StringVar(&f.out, "out", "", "`DIR` of the results (default runs/"+cmd.Name()+"-<scenario>)")
	flags.StringVar(&f.shard, "shard", "", "`I/N`: do part I of N, for merge to put together (default: what a scheduler's array says)")
	flags.StringSliceVar(&f.full, "full", nil, "`TABLES` to keep whole for every run, parted by commas: prices, flows, trades, costs, hubs, throughput, actors, ledger, events")
	flags.BoolVar(&f.noPlots, "no-plots", false, "tables only: no plots, no report")
	flags.BoolVar(&f.force, "force", false, "replace another study in the folder")
	flags.DurationVar(&f.limit, "limit", 10*time.Minute, "longest `TIME` of a run, or of a stretch of the past of several runs; what takes longer has failed")
	flags.StringVar(&f.emit, "emit", "", "`SYSTEM`, slurm or kubernetes: print a job that does the study in parts on a cluster, and run nothing")
	flags.IntVar(&f.shards, "shards", 0, "`N` parts that --emit shall make, or that a scheduler has that does not tell their number")
	flags.StringVar(&f.image, "image", "", "container `IMAGE` with the program, for --emit kubernetes")
	f.typed = flags
}

// check notes what is wrong with the flags and returns the shard.
func (f *studyFlags) check(wrong *mistakes) experiment.Shard {
	if f.runs < 1 || f.runs > mostRuns {
		wrong.note(usagef("--runs must be from 1 to %d, got %d", mostRuns, f.runs))
	}
	wrong.note(checkWorkers(f.workers))
	wrong.add(ofFlag("full", experiment.CheckFull(f.full)))
	if f.limit <= 0 {
		wrong.note(usagef("--limit must be above 0, got %s", f.limit))
	}
	if f.emit != "" {
		f.checkEmit(wrong)
		return experiment.Shard{}
	}
	shard, err := shardOf(f.shard, f.shards, os.Getenv)
	if err == nil && f.shards != 0 && shard.Of == 0 {
		err = usagef("--shards must go with --emit, or with a task of a scheduler's array, got %d; --shard I/N does one part here", f.shards)
	}
	wrong.note(err)
	return shard
}

// settings are what decides the results of a study beside its scenarios, its seed and the number of replicates. They stand in its
// manifest, from which the study can be made again.
type settings struct {
	Full []string `json:"full,omitempty"`

	Hub    string   `json:"hub,omitempty"`
	Good   string   `json:"good,omitempty"`
	From   string   `json:"from,omitempty"`
	To     string   `json:"to,omitempty"`
	Causes []string `json:"causes,omitempty"`
	Orders int      `json:"orders,omitempty"`

	Vary     []string `json:"vary,omitempty"`
	varied   string   // where that stands, if not in --vary
	Design   string   `json:"design,omitempty"`
	Points   int      `json:"points,omitempty"`
	List     string   `json:"list,omitempty"` // a design file, whole
	listFile string   // its name, for messages
	Figures  []string `json:"figures,omitempty"`

	Targets     string `json:"targets,omitempty"` // a targets file, whole
	targetsFile string // its name, for messages: the same file elsewhere is the same study

	Method       string `json:"method,omitempty"`
	Trajectories int    `json:"trajectories,omitempty"`
	Rows         int    `json:"rows,omitempty"`
	Structures   bool   `json:"structures,omitempty"`
	Lower        bool   `json:"lower,omitempty"`

	Stage      string `json:"stage,omitempty"`      // of a calibration
	Particles  string `json:"particles,omitempty"`  // a posterior, whole
	Provenance string `json:"provenance,omitempty"` // of it, whole
	Draws      int    `json:"draws,omitempty"`      // from it: other numbers are other draws
}

// inquiry is a question to the model, as a command line or a manifest puts it: a study, and how to tell what it found.
type inquiry struct {
	command   string
	settings  settings
	scenarios []*scenarios.Scenario
	refs      []string
	*experiment.Study
	find func(experiment.Results) (*experiment.Findings, error)
}

// builder makes the study of a command. Its errors are mistakes of who asked.
type builder func(q *inquiry, replicates int, seed uint64) error

// builders lists the commands that are studies.
func builders() map[string]builder {
	return map[string]builder{"ensemble": buildEnsemble, "compare": buildCompare, "sweep": buildSweep, "attribute": buildAttribution, "sensitivity": buildSensitivity,
		"validate": buildValidation, "calibrate": buildStage}
}

// ask checks everything that can be checked before the first run begins. unread is what is wrong with files that the settings need, or nil.
func (a *app) ask(command string, refs []string, f *studyFlags, set settings, unread error) (*inquiry, experiment.Shard, error) {
	var wrong mistakes
	wrong.add(unread)
	shard := f.check(&wrong)
	loaded, err := loadAll(refs, f.sets)
	if err != nil && !errors.As(err, &wrong.problems) {
		return nil, shard, err
	}
	set.Full = f.full
	q := &inquiry{command: command, settings: set, scenarios: loaded, refs: refs}
	if err == nil && unread == nil {
		wrong.add(q.build(min(max(f.runs, 1), mostRuns), f.seed))
	}
	return q, shard, wrong.err()
}

// build makes the study of the inquiry's command and settings.
func (q *inquiry) build(replicates int, seed uint64) error {
	build, known := builders()[q.command]
	if !known {
		return fmt.Errorf("no study of this program is made by the command %q", q.command)
	}
	if err := build(q, replicates, seed); err != nil {
		return err
	}
	if n := len(q.Points); n > mostInAll/max(1, replicates) {
		return usagef("a study must have at most %d runs in all, got %d points of %d each", mostInAll, n, replicates)
	}
	q.Full = q.settings.Full
	return nil
}

// study checks what is asked and conducts it.
func (a *app) study(ctx context.Context, command string, refs []string, f *studyFlags, set settings, unread error) error {
	q, shard, err := a.ask(command, refs, f, set, unread)
	if err != nil {
		return err
	}
	return a.conduct(ctx, q, f, shard)
}

// folder is where a study goes unless it is told.
func (q *inquiry) folder(out string) string {
	if out != "" {
		return filepath.Clean(out)
	}
	var names []string
	for _, s := range q.scenarios {
		names = append(names, s.Name)
	}
	return filepath.Join("runs", q.command+"-"+strings.Join(names, "-"))
}

// described is the study as its store describes it.
func (q *inquiry) described(seed uint64, shard experiment.Shard) (store.Study, error) {
	set, err := json.Marshal(q.settings)
	d := store.Study{Command: q.command, Settings: set, Seed: seed, Runs: q.Runs(), Shard: store.Shard(shard), Tables: q.Tables()}
	for i, s := range q.scenarios {
		d.Scenarios = append(d.Scenarios, store.Scenario{Name: s.Name, Ref: filepath.ToSlash(q.refs[i]), Hash: s.Hash})
	}
	return d, err
}

// collect is how much garbage a study lets gather, per cent of what it holds. That early collecting costs historical runs next to
// nothing, runs as short as those of textbook a seventh of their time, and keeps a third of memory from being garbage.
const collect = 25

// conduct does the runs that are missing and tells what the study found, or prints a job that will.
func (a *app) conduct(ctx context.Context, q *inquiry, f *studyFlags, shard experiment.Shard) (err error) {
	defer debug.SetGCPercent(debug.SetGCPercent(collect))
	if f.emit != "" {
		return a.emit(q, f)
	}
	dir := q.folder(f.out)
	if shard.Of > 1 {
		dir = filepath.Join(dir, fmt.Sprintf("shard-%d-of-%d", shard.Part, shard.Of))
	}
	described, err := q.described(f.seed, shard)
	if err != nil {
		return err
	}
	s, err := q.open(a, dir, described, f, shard)
	if err != nil {
		return asUsage(err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := q.execute(ctx, a, s, f, shard, dir); err != nil {
		return err
	}
	q.attach(s.Attach)
	table, rows := q.Parameters()
	if err := s.Finish(store.Extra{Table: table, Rows: rows}); err != nil {
		return err
	}
	if shard.Of > 1 {
		return a.printShard(dir, shard)
	}
	return a.tell(q, s, dir, !f.noPlots)
}

// open opens the folder of a study. What has no room in memory is refused before anything there is written or removed.
func (q *inquiry) open(a *app, dir string, d store.Study, f *studyFlags, shard experiment.Shard) (*store.Store, error) {
	silently := *a // that fewer runs have room is told when they begin
	silently.quiet = true
	return store.Open(dir, d, f.force, func() error {
		_, err := q.Room(experiment.Options{Workers: f.workers, Shard: shard, Fits: q.fits(&silently, f)})
		return err
	})
}

// asUsage makes a folder that cannot be used a mistake of who named it.
func asUsage(err error) error {
	var unusable *store.Unusable
	if errors.As(err, &unusable) {
		return usageError{err}
	}
	return err
}

// missing is how many runs of a shard are to be done.
func (q *inquiry) missing(s experiment.Store, shard experiment.Shard) (n int) {
	for run := range q.Runs() {
		if shard.Has(run) && !s.Kept(run) {
			n++
		}
	}
	return n
}

// grace is how long runs that are at work may go on when an interrupt asks for the end. It is less than the half minute between SIGTERM and the kill that
// schedulers leave, and that the scripts of --emit ask for.
const grace = 20 * time.Second

// inHand returns a context that outlives another by the grace.
func inHand(ctx context.Context) (context.Context, context.CancelFunc) {
	hard, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return hard, func() { stop(); cancel() }
}

// execute does the missing runs of a study. An interrupt lets those at work come to their end, within the grace, and begins no other.
func (q *inquiry) execute(ctx context.Context, a *app, s experiment.Store, f *studyFlags, shard experiment.Shard, dir string) error {
	missing := q.missing(s, shard)
	if missing == 0 {
		a.say("%s holds these runs already; none was done", dir)
		return nil
	}
	bar := a.progressOf(missing, "runs")
	done := 0
	hard, free := inHand(ctx)
	defer free()
	defer context.AfterFunc(ctx, func() {
		a.say("ending: the runs at work have %v to come to their end; another interrupt ends at once", grace)
	})()
	err := q.Execute(hard, s, experiment.Options{Workers: f.workers, Shard: shard, Limit: within(f.limit), Fits: q.fits(a, f), Until: ctx.Done(), Tell: func(int, int) {
		done++
		bar.add(1)
	}})
	bar.finish()
	if errors.Is(err, context.Canceled) {
		a.silent = true
		fmt.Fprintf(a.stderr, "entrepot: interrupted; %d runs were done and are kept, %d are missing; the same command goes on with them\n", done, missing-done)
	}
	return err
}

// fits says how many runs of a study have room at a time.
func (q *inquiry) fits(a *app, f *studyFlags) experiment.Fits {
	return func(workers int, each experiment.Needs) (int, error) {
		return a.fit(ofStudy(each, q.Runs(), !f.noPlots), workers, f.typed.Changed("workers"))
	}
}

// within gives every run its time.
func within(d time.Duration) experiment.Limit {
	return func(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, d) }
}

// attach puts the scenarios beside the results, so that the study can be made again from its folder alone.
func (q *inquiry) attach(put func(name string, data []byte)) {
	for i, x := range q.scenarios {
		dir := scenarioFolder(i)
		put(dir+"/scenario.yaml", x.Resolved)
		if x.WorldOwn {
			for name, data := range x.WorldFiles {
				put(dir+"/"+x.World+"/"+name, data)
			}
		}
	}
}

func scenarioFolder(i int) string { return fmt.Sprintf("scenarios/%d", i+1) }

// reopen makes the study of a finished folder again from its manifest, with its results.
func reopen(dir string) (*inquiry, *store.View, error) {
	v, err := store.Load(dir)
	if err != nil {
		return nil, nil, asUsage(err)
	}
	q := &inquiry{command: v.Study.Command}
	if err := json.Unmarshal(v.Study.Settings, &q.settings); err != nil {
		return nil, nil, fmt.Errorf("reading the settings of %s: %w", dir, err)
	}
	if len(v.Study.Scenarios) == 0 {
		return nil, nil, usagef("%s must hold a study of scenarios, got none in its %s", dir, manifest.Name)
	}
	for i, x := range v.Study.Scenarios {
		s, err := scenarios.Load(filepath.Join(dir, filepath.FromSlash(scenarioFolder(i)), "scenario.yaml"), nil)
		if err != nil {
			return nil, nil, fmt.Errorf("reading the scenario %s of %s: %w", x.Name, dir, err)
		}
		q.scenarios, q.refs = append(q.scenarios, s), append(q.refs, x.Ref)
	}
	if err := q.build(1, v.Study.Seed); err != nil {
		return nil, nil, fmt.Errorf("making the study of %s again: %w", dir, err)
	}
	q.Replicates = v.Study.Runs / len(q.Points)
	if v.Study.Runs != q.Replicates*len(q.Points) || !slices.EqualFunc(v.Study.Tables, q.Tables(), sameColumns) {
		return nil, nil, usagef("%s must hold the runs and tables of the study that its %s describes, got others", dir, manifest.Name)
	}
	return q, v, nil
}

// sameColumns compares what readers of a table go by.
func sameColumns(a, b experiment.Table) bool {
	return a.Name == b.Name && slices.EqualFunc(a.Columns, b.Columns, func(x, y experiment.Column) bool { return x.Name == y.Name && x.Kind == y.Kind })
}

// tell writes what a study found into its folder and prints it.
func (a *app) tell(q *inquiry, s experiment.Results, dir string, plotted bool) error {
	if first, err := q.AllFailed(s); err != nil || first != nil {
		return cmp.Or(err, fmt.Errorf("all %d of %d runs failed, so that there is nothing to tell; the first: %s; %s", q.Runs(), q.Runs(), first, again))
	}
	f, sheets, err := a.findings(func(say *words.Words) (*experiment.Findings, error) { return q.tellIn(say, s) })
	if err != nil {
		return q.blame(s, err)
	}
	page := ""
	if plotted {
		if page, err = writeFindings(dir, f, sheets, q.origin()); err != nil {
			return err
		}
	}
	if err := a.printFindings(f, page, dir); err != nil {
		return err
	}
	if n := len(f.Failed); n > 0 {
		return fmt.Errorf("%d of %d runs failed; the results are of the others; %s", n, q.Runs(), again)
	}
	return nil
}

// tellIn finds what a study says in a language.
func (q *inquiry) tellIn(say *words.Words, s experiment.Results) (*experiment.Findings, error) {
	q.Words = say
	return q.find(s)
}

// findings are what a study found in the reader's language, with its tables in English: files of data are the same in every language.
func (a *app) findings(in func(say *words.Words) (*experiment.Findings, error)) (f *experiment.Findings, sheets []experiment.Sheet, err error) {
	say, err := words.In(a.lang)
	if err != nil {
		return nil, nil, err
	}
	if f, err = in(say); err != nil || say.Lang() == "en" {
		return f, sheetsOf(f), err
	}
	english, err := in(nil)
	return f, sheetsOf(english), err
}

func sheetsOf(f *experiment.Findings) []experiment.Sheet {
	if f == nil {
		return nil
	}
	return f.Sheets
}

// again says how failed runs are done again.
const again = "--force does all runs again, with a longer --limit where it was time that they lacked"

// blame names failed runs as what may lie behind an error of who looks for findings.
func (q *inquiry) blame(s experiment.Results, err error) error {
	sample, readErr := q.Sample(s)
	if readErr != nil || len(sample.Failed) == 0 {
		return err
	}
	return fmt.Errorf("%w; %d of %d runs failed, the first: %s", err, len(sample.Failed), q.Runs(), sample.Failed[0].String())
}

// writeFindings writes plots, sheets (those of the findings in English) and the report of findings and returns the report's path.
func writeFindings(dir string, f *experiment.Findings, sheets []experiment.Sheet, from report.Origin) (string, error) {
	figures, err := plots.DrawCharts(f.Charts, f.Words, plots.Formats{PNG: true})
	if err != nil {
		return "", err
	}
	if err := writePlots(filepath.Join(dir, "plots"), figures); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Join(dir, "sheets"), 0o777); err != nil {
		return "", fmt.Errorf("writing sheets: %w", err)
	}
	for i := range sheets {
		var text bytes.Buffer
		if err := sheets[i].WriteCSV(&text); err != nil {
			return "", err
		}
		if err := writeFile(filepath.Join(dir, "sheets", sheets[i].Name+".csv"), text.Bytes()); err != nil {
			return "", err
		}
	}
	path := filepath.Join(dir, "report.html")
	var page bytes.Buffer
	if err := report.WriteStudy(&page, f, figures, from); err != nil {
		return "", err
	}
	return path, writeFile(path, page.Bytes())
}

// origin says what a study's report rests on.
func (q *inquiry) origin() report.Origin {
	o := report.Origin{Version: manifest.Version(), Files: true}
	for _, s := range q.scenarios {
		o.Scenarios = append(o.Scenarios, s.Name)
	}
	return o
}

// printFindings prints the answer.
func (a *app) printFindings(f *experiment.Findings, page, dir string) error {
	if a.json {
		return a.printJSON(map[string]any{"folder": filepath.ToSlash(dir), "report": filepath.ToSlash(page), "findings": f})
	}
	fmt.Fprint(a.stdout, f.Text(terminalWidth(a.stdout), page))
	if page == "" {
		fmt.Fprintf(a.stdout, "\n%s\n", f.F("tables: %s", dir))
	}
	return nil
}

// printShard says that a part is done.
func (a *app) printShard(dir string, shard experiment.Shard) error {
	if a.json {
		return a.printJSON(map[string]any{"folder": filepath.ToSlash(dir), "shard": shard.Part, "of": shard.Of})
	}
	fmt.Fprintf(a.stdout, "Shard %d of %d is done: %s\nWhen all are, put them together with: entrepot merge %s\n", shard.Part, shard.Of, dir, filepath.Dir(dir))
	return nil
}

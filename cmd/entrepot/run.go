package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"entrepot/agents"
	"entrepot/output/digest"
	"entrepot/output/manifest"
	"entrepot/output/record"
	"entrepot/output/summary"
	"entrepot/scenarios"
	"entrepot/sim"
)

func isNotExist(err error) bool { return errors.Is(err, fs.ErrNotExist) }

// runFlags are the flags of run as typed.
type runFlags struct {
	seed           uint64
	sets           []string
	out            string
	formats, books []string
	noPlots, force bool
	from, to       string
	workers        int
	typed          *pflag.FlagSet // all flags of the command
}

func (a *app) runCommand() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run SCENARIO...",
		Short: "Run scenarios: series, plots, report and a short answer",
		Long: `Run scenarios, one run each. SCENARIO is a built-in name (see "entrepot scenario list") or the path of a file.

The result goes to runs/<scenario>-seed<N>, or to --out; with several scenarios to --out/<scenario>-seed<N>. A folder
that holds another result is left alone unless --force is given.`,
		Example: `  entrepot run offensive
  entrepot run offensive calm --out results --seed 7
  entrepot run offensive --set trafficker.margin=0.2 --book gao/ak@2024-03-04`,
		Args: wants(1, -1, "SCENARIO"),
		RunE: func(cmd *cobra.Command, args []string) error { return a.run(cmd.Context(), args, f) },
	}
	flags := cmd.Flags()
	flags.Uint64Var(&f.seed, "seed", 1, "`N`, the seed of the run's luck; 0 is a seed too")
	flags.StringArrayVar(&f.sets, "set", nil, "`PATH=VALUE` laid over every scenario, e.g. trafficker.margin=0.2 (repeatable)")
	flags.StringVar(&f.out, "out", "", "`DIR` of the result (default runs/<scenario>-seed<N>)")
	flags.StringSliceVar(&f.formats, "format", []string{"csv"}, "`FORMATS` of the tables: csv, parquet")
	flags.StringArrayVar(&f.books, "book", nil, "`HUB/GOOD@DATE`: keep this order book (repeatable)")
	flags.BoolVar(&f.noPlots, "no-plots", false, "tables only: no plots, no report")
	flags.BoolVar(&f.force, "force", false, "replace an existing result")
	addWindow(cmd, &f.from, &f.to)
	flags.IntVar(&f.workers, "workers", runtime.NumCPU(), "`N` runs at a time")
	f.typed = flags
	return cmd
}

// job is one run to be done.
type job struct {
	ref      string
	scenario *scenarios.Scenario
	dir      string
	state    manifest.State
	old      *manifest.Manifest // of the result that stands there, or nil
	books    []record.Book
	formats  []string // of the tables
	show     window
	flags    *runFlags
	words    *digest.Words
	program  manifest.Manifest // the program's part of the manifest
	missing  []record.Book     // asked for, but nobody had an order there
}

// outcome is what became of a job.
type outcome struct {
	dir     string
	summary *summary.Summary
	report  string // path of report.html, or ""
	reused  bool   // the folder held this very run
	missing []record.Book
}

func (a *app) run(ctx context.Context, refs []string, f runFlags) error {
	jobs, err := a.plan(refs, &f)
	if err != nil {
		return err
	}
	workers, err := a.fit(ofJobs(jobs, !f.noPlots), min(f.workers, len(jobs)), f.typed.Changed("workers"))
	if err != nil {
		return err
	}
	bar := a.progress(jobs)
	results, err := runJobs(ctx, jobs, workers, bar)
	bar.finish()
	done := slices.DeleteFunc(results, func(o *outcome) bool { return o == nil })
	if printErr := a.printOutcomes(done); err == nil {
		err = printErr
	}
	if errors.Is(err, context.Canceled) {
		a.silent = true
		fmt.Fprintf(a.stderr, "entrepot: interrupted; %d of %d runs were finished and kept, nothing else was written\n", len(done), len(jobs))
	}
	return err
}

// ofJobs is what jobs need, each at most.
func ofJobs(jobs []*job, figures bool) (r room) {
	for _, j := range jobs {
		if one := ofRun(j.scenario.Model(), j.scenario.Recorded(), figures); one.each > r.each {
			r = one
		}
	}
	return r
}

// plan checks everything that can be checked before the first run begins.
func (a *app) plan(refs []string, f *runFlags) ([]*job, error) {
	words, err := a.words()
	if err != nil {
		return nil, err
	}
	var wrong mistakes
	wrong.note(checkFormats(f.formats))
	wrong.note(checkWorkers(f.workers))
	show, err := parseWindow(f.from, f.to)
	wrong.note(err)
	loaded, err := loadAll(refs, f.sets)
	if err != nil && !errors.As(err, &wrong.problems) {
		return nil, err
	}
	if err != nil { // a book can then be checked for its form only
		_ = parseBooks(f.books, nil, &wrong)
		return nil, wrong.err()
	}
	var jobs []*job
	program := manifest.New()
	for i, s := range loaded {
		j := &job{program: program, ref: refs[i], scenario: s, dir: outFolder(f, s.Name, len(refs)), formats: slices.Clone(f.formats), show: show, flags: f, words: words}
		j.books = parseBooks(f.books, s.Setup, &wrong)
		wrong.note(show.touches(s.Setup))
		jobs = append(jobs, j)
	}
	if err := wrong.err(); err != nil {
		return nil, err
	}
	if err := checkFolders(jobs); err != nil {
		return nil, err
	}
	a.tellLeftovers(jobs)
	return jobs, nil
}

// tellLeftovers names what a program that was ended by force left beside the results. It is not removed: whether a
// process of another machine still writes there cannot be known.
func (a *app) tellLeftovers(jobs []*job) {
	var told []string
	for _, j := range jobs {
		for _, path := range manifest.Leftovers(j.dir) {
			if !slices.Contains(told, path) {
				told = append(told, path)
				a.say("%s was left by a run that was ended by force; if no run is writing there, remove it", path)
			}
		}
	}
}

func checkFormats(formats []string) error {
	if len(formats) == 0 {
		return usagef("--format must be csv, parquet or both, got nothing")
	}
	for _, f := range formats {
		if f != "csv" && f != "parquet" {
			return usagef("--format must be csv, parquet or both, got %q", f)
		}
	}
	return nil
}

// lacks lists the formats asked for that a stored run does not have, and adds to those asked for what it has besides: the same
// run is then the same files.
func (j *job) lacks(old *manifest.Manifest) (missing []string) {
	for _, f := range []string{"csv", "parquet"} {
		has := slices.ContainsFunc(old.Files, func(file manifest.File) bool { return file.Name == "prices."+f })
		switch asked := slices.Contains(j.formats, f); {
		case asked && !has:
			missing = append(missing, f)
		case has && !asked:
			j.formats = append(j.formats, f)
		}
	}
	return missing
}

// loadAll loads every scenario and reports the problems of all of them together.
func loadAll(refs, sets []string) ([]*scenarios.Scenario, error) {
	var out []*scenarios.Scenario
	var all scenarios.Problems
	for _, ref := range refs {
		s, err := scenarios.Load(ref, sets)
		var problems scenarios.Problems
		switch {
		case errors.As(err, &problems):
			all = append(all, problems...)
		case err != nil:
			return nil, fmt.Errorf("loading %s: %w", ref, err)
		}
		out = append(out, s)
	}
	if len(all) > 0 {
		return nil, all
	}
	return out, nil
}

// outFolder returns where a run goes.
func outFolder(f *runFlags, name string, runs int) string {
	folder := fmt.Sprintf("%s-seed%d", name, f.seed)
	switch {
	case f.out == "":
		return filepath.Join("runs", folder)
	case runs == 1:
		return filepath.Clean(f.out)
	}
	return filepath.Join(f.out, folder)
}

// parseBooks reads HUB/GOOD@DATE and checks it against a world, or where there is none for its form.
func parseBooks(texts []string, s *agents.Setup, wrong *mistakes) []record.Book {
	var books []record.Book
	for _, text := range texts {
		book, err := parseBook(text)
		if err == nil && s != nil {
			err = bookIn(s, text, book)
		}
		wrong.note(err)
		books = append(books, book)
	}
	return books
}

func parseBook(text string) (book record.Book, err error) {
	market, day, ok := strings.Cut(text, "@")
	hub, good, ok2 := strings.Cut(market, "/")
	if !ok || !ok2 {
		return book, usagef("--book must be HUB/GOOD@DATE such as gao/ak@2024-03-04, got %q", text)
	}
	date, err := sim.ParseDate(day)
	if err != nil {
		return book, usagef("--book %s: the date must be a day such as 2024-03-04, got %q", text, day)
	}
	return record.Book{Hub: hub, Good: good, Date: date}, nil
}

// bookIn says what a world or a period lacks for a book.
func bookIn(s *agents.Setup, text string, b record.Book) error {
	var markets, goods []string
	for i := range s.Hubs {
		if s.Hubs[i].Market {
			markets = append(markets, s.Hubs[i].ID)
		}
	}
	for i := range s.Goods {
		goods = append(goods, s.Goods[i].ID)
	}
	switch {
	case b.Date < s.Start || b.Date > s.End+6:
		return usagef("--book %s: the date must lie within the run (%s to %s), got %s", text, s.Start, s.End+6, b.Date)
	case !slices.Contains(markets, b.Hub):
		return hinted(fmt.Sprintf("--book %s: the hub must be a market of the world, got %q", text, b.Hub), b.Hub, markets)
	case !slices.Contains(goods, b.Good):
		return hinted(fmt.Sprintf("--book %s: the good must be one of the world, got %q", text, b.Good), b.Good, goods)
	}
	return nil
}

// checkFolders looks at what stands where the results shall go.
func checkFolders(jobs []*job) error {
	taken := map[string]string{}
	for _, j := range jobs {
		if other, twice := taken[j.dir]; twice {
			return usagef("%s and %s would both be written to %s; run them apart, each with its own --out", other, j.ref, j.dir)
		}
		taken[j.dir] = j.ref
		if err := j.look(); err != nil {
			return err
		}
	}
	return nil
}

// look decides whether a job may write. A result of the same run by another program is decided once the new one is
// known: if the bytes are equal it is the same run.
func (j *job) look() (err error) {
	if j.state, err = manifest.Look(j.dir); err != nil {
		return err
	}
	switch j.state {
	case manifest.Foreign:
		return usagef("%s exists and is not a result of entrepot, so that not even --force replaces it; name another folder with --out", j.dir)
	case manifest.Study, manifest.Calibration:
		return usagef("%s holds a study, which a run never replaces, not even with --force; name another folder with --out", j.dir)
	case manifest.Results:
		if j.flags.force {
			return nil
		}
	default:
		return nil
	}
	old, err := manifest.Read(j.dir)
	if err != nil || !old.Complete(j.dir) {
		return usagef("%s holds an unfinished or damaged result; --force replaces it, --out names another folder", j.dir)
	}
	if !old.SameRun(j.manifest()) {
		return usagef("%s holds another result (%s, seed %d); --force replaces it, --out names another folder", j.dir, old.Scenario.Name, old.Run.Seed)
	}
	if missing := j.lacks(old); len(missing) > 0 {
		return usagef("%s holds this run already, but without %s tables; --force makes it anew with them, --out names another folder", j.dir, strings.Join(missing, " and "))
	}
	j.old = old
	return nil
}

// manifest returns what is known of a run before it begins.
func (j *job) manifest() *manifest.Manifest {
	m, s := j.program, j.scenario
	m.Scenario = manifest.Scenario{Name: s.Name, Ref: filepath.ToSlash(j.ref), World: s.World, Hash: s.Hash, Sets: j.flags.sets}
	m.Run = manifest.Run{Seed: j.flags.seed, Generator: manifest.Generator, Start: s.Setup.Start.String(), End: s.Setup.End.String(),
		Weeks: s.Setup.Weeks(), BurnIn: agents.BurnIn}
	for _, b := range j.books {
		m.Run.Books = append(m.Run.Books, fmt.Sprintf("%s/%s@%s", b.Hub, b.Good, b.Date.Monday()))
	}
	return &m
}

// runJobs does the jobs, some at a time. After the first error no further one begins; results are in the jobs' order,
// nil where a job was not finished.
func runJobs(ctx context.Context, jobs []*job, workers int, bar *progress) ([]*outcome, error) {
	inner, cancel := context.WithCancel(ctx)
	defer cancel()
	results := make([]*outcome, len(jobs))
	errs := make([]error, len(jobs))
	next := make(chan int)
	var wg sync.WaitGroup
	for range min(workers, len(jobs)) {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				if errs[i] = inner.Err(); errs[i] != nil {
					continue
				}
				if results[i], errs[i] = jobs[i].do(inner, bar); errs[i] != nil {
					cancel()
				}
			}
		}()
	}
	for i := range jobs {
		next <- i
	}
	close(next)
	wg.Wait()
	if ctx.Err() == nil { // the others were called off by the one that went wrong
		errs = slices.DeleteFunc(errs, func(err error) bool { return errors.Is(err, context.Canceled) })
	}
	return results, firstError(errs)
}

func firstError(errs []error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// printOutcomes prints the answers.
func (a *app) printOutcomes(done []*outcome) error {
	if a.json {
		return a.printJSON(jsonOutcomes(done))
	}
	words, err := a.words()
	if err != nil {
		return err
	}
	for i, o := range done {
		if i > 0 {
			fmt.Fprintln(a.stdout)
		}
		a.remark(o)
		fmt.Fprint(a.stdout, o.summary.Text(words))
		if o.report != "" {
			fmt.Fprintln(a.stdout, words.F("Report: %s", o.report))
		} else {
			fmt.Fprintln(a.stdout, words.F("Tables: %s", o.dir))
		}
	}
	return nil
}

// remark says on stderr what is special about an outcome.
func (a *app) remark(o *outcome) {
	if o.reused {
		a.say("%s holds this run already; nothing was written", o.dir)
	}
	for _, b := range o.missing {
		a.say("no book of %s/%s in the week of %s: nobody had an order there", b.Hub, b.Good, b.Date.Monday())
	}
}

// jsonOutcome is one run of `run --json`.
type jsonOutcome struct {
	Folder  string           `json:"folder"`
	Report  string           `json:"report,omitempty"`
	Reused  bool             `json:"reused"` // the folder held this run already
	Summary *summary.Summary `json:"summary"`
}

func jsonOutcomes(done []*outcome) map[string][]jsonOutcome {
	runs := []jsonOutcome{}
	for _, o := range done {
		runs = append(runs, jsonOutcome{filepath.ToSlash(o.dir), filepath.ToSlash(o.report), o.reused, o.summary})
	}
	return map[string][]jsonOutcome{"runs": runs}
}

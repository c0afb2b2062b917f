package main

import (
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/experiment/inference"
	"entrepot/scenarios"
)

// calibrateFlags are those of calibrate beside the ones of all studies.
type calibrateFlags struct {
	studyFlags
	vary            []string
	priors, targets string
	spec            experiment.CalibrationSpec
}

func (a *app) calibrateCommand() *cobra.Command {
	var f calibrateFlags
	cmd := &cobra.Command{
		Use:   "calibrate SCENARIO",
		Short: "Learn parameters from documented figures, and which of them the figures identify",
		Long: `Learn parameters from documented figures. First a recovery test on pseudo-data of known parameters that are made as bad as the figures
are; then history matching, which rules out what is implausible; then approximate Bayesian computation in what is left. The outcome is a
posterior, not a point: posterior.csv, with its provenance in posterior.json, for ` + "`ensemble --posterior`" + `.

What is unknown comes from --vary or --priors, or from a built-in table of the scenario or its world. The figures are those of the
scenario's world with use=calibrate, or those of --targets. Figures that contradict each other are fitted apart, each in a folder of its own,
with --without or --only; the ones left out are still shown against the posterior.

Every stage is a study in a folder within the results: wave-1, wave-2, abc-1 and so on, and check-9 after the ninth generation. It may be broken off at any
moment: the same command goes on where it was. A larger --max-runs adds generations to those that are there.

With --shard, or as a task of a scheduler's array, it does a part of the stage that is next. When all parts are done, entrepot merge puts them
together and says which stage follows, or what was found; --emit slurm prints a job that does so to the end.`,
		Example: `  entrepot calibrate northern-mali --without P01,P02
  entrepot calibrate northern-mali-unodc --without S01,D04 --out unodc
  entrepot calibrate textbook --vary trafficker.margin=0.05:0.3 --vary trafficker.cost_per_km=100:900:log --targets targets.csv`,
		Args: wants(1, 1, "SCENARIO"),
	}
	f.add(cmd, 2, "replicates of every point of the two waves")
	flags := cmd.Flags()
	flags.StringArrayVar(&f.vary, "vary", nil, "`PATH=LOW:HIGH`, with or without :log, or PATH=A,B,C: what is unknown (repeatable); PATH|PATH have the same value")
	flags.StringVar(&f.priors, "priors", "", "CSV `FILE` of what is unknown: path,low,high,scale,note")
	flags.StringVar(&f.targets, "targets", "", "CSV `FILE` of documented figures (default: those of the scenario's world)")
	flags.StringSliceVar(&f.spec.Only, "only", nil, "`IDS` of the figures to fit to")
	flags.StringSliceVar(&f.spec.Without, "without", nil, "`IDS` of figures that are not fitted to, only shown")
	flags.IntVar(&f.spec.Points, "points", 256, "`N` points of a wave, and particles: a power of two")
	flags.IntVar(&f.spec.MaxRuns, "max-runs", 2000, "`N` runs in all, at most")
	flags.IntVar(&f.spec.Trials, "trials", 200, "`N` pseudo-truths of the recovery test")
	flags.Float64Var(&f.spec.Cut, "cut", 3, "`X`, the implausibility above which a point is ruled out")
	flags.Float64Var(&f.spec.Noise, "noise", 0.05, "`X`, the error of a documented figure, a share of its size (beside its range)")
	flags.Float64Var(&f.spec.Bias, "bias", 0.05, "`X`, the error that figures of one source share")
	flags.Float64Var(&f.spec.Gap, "gap", 0.1, "`X`, the chance that a figure of the recovery test's pseudo-data is missing")
	flags.Float64Var(&f.spec.Discrepancy, "discrepancy", 0.1, "`X`, the error of the model even with the best parameters")
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.calibrate(cmd.Context(), args[0], &f) }
	return cmd
}

// calibrate checks everything, then does the stages one after the other, or a part of the next, or prints a job that will.
func (a *app) calibrate(ctx context.Context, ref string, f *calibrateFlags) error {
	defer debug.SetGCPercent(debug.SetGCPercent(collect))
	var wrong mistakes
	shard := f.check(&wrong)
	if shard.Of > 1 && f.force {
		wrong.note(usagef("--force must not go with a part: it would begin every stage anew; remove the folder or name another"))
	}
	loaded, err := loadAll([]string{ref}, f.sets)
	if err != nil && !errors.As(err, &wrong.problems) {
		return err
	}
	if err != nil {
		return wrong.err()
	}
	q := &inquiry{command: "calibrate", scenarios: loaded, refs: []string{ref}}
	c := newCalibration(q, f, &wrong)
	if parts := max(shard.Of, f.shards); c != nil && parts > c.LeastRuns() {
		wrong.note(usagef("parts must be at most the %d runs of the smallest stage, got %d", c.LeastRuns(), parts))
	}
	if err := wrong.err(); err != nil {
		return err
	}
	w := newStages(a, q, c, q.folder(f.out))
	switch {
	case f.emit != "":
		return a.emitStages(q, &f.studyFlags, c.MaxRuns)
	case shard.Of > 1:
		return w.partOnly(ctx, &f.studyFlags, shard)
	}
	return w.conduct(w.here(ctx, &f.studyFlags), !f.noPlots)
}

// newCalibration reads what is unknown and what is documented.
func newCalibration(q *inquiry, f *calibrateFlags, wrong *mistakes) *experiment.Calibration {
	q.settings.Vary, q.settings.Full = f.vary, f.full
	if len(f.vary) == 0 {
		vary, err := priorsOf(q.scenarios[0], f.priors)
		wrong.add(err)
		q.settings.Vary, q.settings.varied = vary, cmp.Or(f.priors, "built-in priors")+", row"
	} else if f.priors != "" {
		wrong.note(usagef("--vary and --priors must not both be given"))
	}
	var unread error
	if f.targets != "" {
		q.settings.targetsFile = f.targets
		q.settings.Targets, unread = readTable("targets", f.targets)
		wrong.add(unread)
	}
	if len(wrong.usage)+len(wrong.problems) > 0 { // what else is wrong is told too
		if unread == nil {
			_, err := fittedTo(q, q.scenarios[0])
			wrong.add(err)
		}
		if len(q.settings.Vary) > 0 {
			_, err := factorsOf(q)
			wrong.add(err)
		}
		return nil
	}
	spec := f.spec
	spec.Replicates, spec.Seed = f.runs, f.seed
	c, err := q.calibration(spec)
	wrong.add(err)
	return c
}

// calibration makes a calibration of the inquiry's settings.
func (q *inquiry) calibration(spec experiment.CalibrationSpec) (*experiment.Calibration, error) {
	var wrong, more error
	spec.Scenario = q.scenarios[0]
	spec.Targets, wrong = fittedTo(q, q.scenarios[0])
	spec.Factors, more = factorsOf(q)
	if err := errors.Join(wrong, more); err != nil {
		return nil, err
	}
	c, err := experiment.NewCalibration(spec)
	if err != nil {
		return nil, usageError{err}
	}
	return c, nil
}

// priorsOf reads a table of priors as --vary has them.
func priorsOf(of *scenarios.Scenario, file string) (vary []string, err error) {
	var data []byte
	if file != "" {
		text, err := readTable("priors", file)
		if err != nil {
			return nil, err
		}
		data = []byte(text)
	} else if file, data = of.Priors(); file == "" {
		return nil, usagef("--vary or --priors must say what is unknown: %s has no built-in priors", of.Name)
	}
	priors, err := scenarios.ReadPriors(file, data)
	for _, p := range priors {
		text := fmt.Sprintf("%s=%s:%s", p.Path, strconv.FormatFloat(p.Low, 'g', -1, 64), strconv.FormatFloat(p.High, 'g', -1, 64))
		if p.Log {
			text += ":log"
		}
		vary = append(vary, text)
	}
	if err == nil && len(vary) == 0 {
		err = usagef("%s must have at least one row", file)
	}
	return vary, err
}

// fittedTo reads the figures to fit to: those of a file whose use is not said or calibrate, or those of the world.
func fittedTo(q *inquiry, of *scenarios.Scenario) (all []experiment.Target, err error) {
	read, err := targetsOf(q, of)
	if err != nil {
		return nil, usageOrProblems(err)
	}
	for _, t := range read {
		if t.Fact.Use == "calibrate" || q.settings.ownTargets() && t.Fact.Use == "" {
			all = append(all, t)
		}
	}
	if len(all) == 0 {
		return nil, usagef("--targets must be given: %s documents no figure with use=calibrate", of.Name)
	}
	return all, nil
}

// usageOrProblems keeps problems of files what they are and makes all else a mistake of the command line.
func usageOrProblems(err error) error {
	var problems scenarios.Problems
	if errors.As(err, &problems) {
		return err
	}
	return usageError{err}
}

// buildStage makes the study of a stage again from the settings in its manifest.
func buildStage(q *inquiry, replicates int, seed uint64) error {
	factors, err := factorsOf(q)
	if err != nil {
		return err
	}
	prior, err := experiment.PriorOf(factors)
	if err != nil {
		return err
	}
	targets, err := fittedTo(q, q.scenarios[0])
	if err != nil {
		return err
	}
	values, err := readPoints(prior, q.settings.List)
	if err != nil {
		return err
	}
	q.Study = experiment.StageStudy(q.scenarios[0], prior, targets, values, replicates, seed)
	q.find = func(experiment.Results) (*experiment.Findings, error) {
		return nil, errors.New("what a stage of a calibration found is told by the calibration: entrepot report takes the folder that the stage is in")
	}
	return nil
}

// readPoints reads what Stage.List wrote.
func readPoints(prior inference.Prior, text string) (values [][]float64, err error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || len(rows) < 2 {
		return nil, fmt.Errorf("reading the points of a stage: must be a header and rows, got %d: %w", len(rows), err)
	}
	for _, row := range rows[1:] {
		point := make([]float64, len(prior))
		for j, q := range prior {
			if point[j], err = q.Parse(row[j]); err != nil {
				return nil, err
			}
		}
		values = append(values, point)
	}
	return values, nil
}

// readPosterior reads a posterior and its provenance into settings: a built-in one by its name, or a file with the provenance beside it.
func readPosterior(ref string, set *settings) (err error) {
	if filepath.Ext(ref) != ".csv" && !strings.ContainsAny(ref, `/\`) {
		particles, provenance, err := scenarios.Posterior(ref)
		set.Particles, set.Provenance = string(particles), string(provenance)
		return err
	}
	beside := strings.TrimSuffix(ref, filepath.Ext(ref)) + ".json"
	if set.Particles, err = readTable("posterior", ref); err == nil {
		set.Provenance, err = readTable("posterior", beside)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return usagef("--posterior must be a file with its provenance %s beside it: %w", beside, err)
	}
	return err
}

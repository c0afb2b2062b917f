package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"time"

	"entrepot/experiment"
	"entrepot/output/manifest"
	"entrepot/output/store"
	"entrepot/scenarios"
	"entrepot/words"
)

// stagesManifest is what the folder of a calibration says of it: calibration.json while there are stages to do, manifest.json when all are done.
type stagesManifest struct {
	manifest.Maker
	Calibration asked           `json:"calibration"`
	Files       []manifest.File `json:"files,omitempty"`
	Times       store.Times     `json:"times"`
}

// asked is all that a calibration can be made again from, beside its scenario, which lies in its folder too.
type asked struct {
	Scenario store.Scenario             `json:"scenario"`
	Settings settings                   `json:"settings"`
	Spec     experiment.CalibrationSpec `json:"spec"`
}

// stages is a calibration in its folder: each of its stages is a study in a folder within. What a stage asks for follows from the
// stages before it, so whoever looks at the folder works that out anew, which takes less time than a few runs.
type stages struct {
	*app
	*stagesManifest
	of  *inquiry
	c   *experiment.Calibration
	dir string
}

// newStages makes a calibration that was asked for on the command line.
func newStages(a *app, q *inquiry, c *experiment.Calibration, dir string) *stages {
	x := q.scenarios[0]
	r := &stagesManifest{Maker: manifest.Self(), Times: store.Times{Started: time.Now().UTC().Round(time.Second)},
		Calibration: asked{store.Scenario{Name: x.Name, Ref: filepath.ToSlash(q.refs[0]), Hash: x.Hash}, q.settings, c.CalibrationSpec}}
	return &stages{a, r, q, c, dir}
}

// reopenStages makes a calibration again from its folder.
func reopenStages(a *app, dir string) (*stages, error) {
	r, err := readRecord(dir)
	if err != nil {
		return nil, err
	}
	x, err := scenarios.Load(filepath.Join(dir, filepath.FromSlash(scenarioFolder(0)), "scenario.yaml"), nil)
	if err != nil {
		return nil, fmt.Errorf("reading the scenario of %s: %w", dir, err)
	}
	q := &inquiry{command: "calibrate", settings: r.Calibration.Settings, scenarios: []*scenarios.Scenario{x}, refs: []string{r.Calibration.Scenario.Ref}}
	c, err := q.calibration(r.Calibration.Spec)
	if err != nil {
		return nil, fmt.Errorf("making the calibration of %s again: %w", dir, err)
	}
	return &stages{a, r, q, c, dir}, nil
}

// readRecord reads what a folder says of its calibration.
func readRecord(dir string) (*stagesManifest, error) {
	name := manifest.Asked
	data, err := os.ReadFile(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) {
		name = manifest.Name
		data, err = os.ReadFile(filepath.Join(dir, name))
	}
	var r stagesManifest
	if err == nil {
		err = json.Unmarshal(data, &r)
	}
	if err != nil {
		return nil, usagef("%s must be the folder of a calibration, with a %s: %w", dir, name, err)
	}
	return &r, nil
}

// finished says whether the folder holds the outcome of all stages.
func (w *stages) finished() bool {
	_, err := os.Stat(filepath.Join(w.dir, manifest.Asked))
	return errors.Is(err, fs.ErrNotExist) && manifest.Of(filepath.Join(w.dir, manifest.Name)) == manifest.Calibration
}

// study is a stage as a study, as its store describes it, and its folder.
func (w *stages) study(s *experiment.Stage, shard experiment.Shard) (q *inquiry, d store.Study, folder string, err error) {
	own := *w.of
	q = &own
	q.Study, q.settings.Stage = s.Study, s.Name
	q.Full = q.settings.Full
	if q.settings.List, err = s.List(); err == nil {
		d, err = q.described(s.Seed, shard)
	}
	return q, d, filepath.Join(w.dir, s.Name), err
}

// do does the missing runs of a stage, or of a part of it, and hands on what is then there.
func (w *stages) do(ctx context.Context, s *experiment.Stage, f *studyFlags, shard experiment.Shard, read func(experiment.Results) error) (err error) {
	q, described, folder, err := w.study(s, shard)
	if err != nil {
		return err
	}
	if shard.Of > 1 {
		folder = filepath.Join(folder, manifest.ShardName(shard.Part, shard.Of))
	}
	kept, err := q.open(w.app, folder, described, f, shard)
	if err != nil {
		return asUsage(err)
	}
	defer func() { err = errors.Join(err, kept.Close()) }()
	if q.missing(kept, shard) > 0 {
		if err := w.begin(shard); err != nil {
			return err
		}
	}
	if err := q.execute(ctx, w.app, kept, f, shard, folder); err != nil {
		return err
	}
	q.attach(kept.Attach)
	table, rows := q.Parameters()
	if err := kept.Finish(store.Extra{Table: table, Rows: rows}); err != nil {
		return err
	}
	return read(kept)
}

// here does every stage whole.
func (w *stages) here(ctx context.Context, f *studyFlags) experiment.Keeper {
	return func(s *experiment.Stage, read func(experiment.Results) error) error {
		return w.do(ctx, s, f, experiment.Shard{}, read)
	}
}

// awaited ends a visit to a calibration at a stage whose runs are not all there.
type awaited struct {
	stage string
	runs  int
	part  string // folder of the part of it that was done; "" where none was
}

func (e *awaited) Error() string { return fmt.Sprintf("its %d runs are still to be done", e.runs) }

// part does a part of the first stage that is not whole.
func (w *stages) part(ctx context.Context, f *studyFlags, shard experiment.Shard) experiment.Keeper {
	return func(s *experiment.Stage, read func(experiment.Results) error) error {
		v, folder, err := w.whole(s)
		switch {
		case err != nil:
			return err
		case v != nil:
			return read(v)
		}
		done := &awaited{s.Name, s.Runs(), filepath.Join(folder, manifest.ShardName(shard.Part, shard.Of))}
		if err := w.do(ctx, s, f, shard, func(experiment.Results) error { return nil }); err != nil {
			return err
		}
		return done
	}
}

// whole opens a stage of which all runs are in one place, and returns nil where they are not.
func (w *stages) whole(s *experiment.Stage) (*store.View, string, error) {
	_, described, folder, err := w.study(s, experiment.Shard{})
	if err != nil {
		return nil, folder, err
	}
	v, err := store.Finished(folder, described)
	return v, folder, asUsage(err)
}

// together puts the parts of stages together, up to a stage of which nothing is there.
func (w *stages) together(force bool) experiment.Keeper {
	return func(s *experiment.Stage, read func(experiment.Results) error) error {
		v, folder, err := w.whole(s)
		if err == nil && v == nil {
			if parts, none := store.Shards(folder); none != nil || len(parts) == 0 {
				return &awaited{stage: s.Name, runs: s.Runs()}
			}
			if err = w.merge(s, folder, force); err == nil {
				v, _, err = w.whole(s)
			}
		}
		if err != nil {
			return err
		}
		return read(v)
	}
}

// merge puts the parts of one stage together, once they are known to be parts of it and not of another calibration's.
func (w *stages) merge(s *experiment.Stage, folder string, force bool) error {
	parts, err := store.Status(folder)
	if err != nil {
		return asUsage(err)
	}
	for _, p := range parts {
		_, described, _, err := w.study(s, experiment.Shard(p.Shard))
		if err == nil {
			_, err = store.Finished(p.Dir, described)
		}
		if err != nil {
			return asUsage(err)
		}
	}
	if _, err = store.Merge([]string{folder}, folder, force); err == nil {
		w.say("%s: the parts are together", folder)
	}
	return asUsage(err)
}

// stored reads stages as they stand in the folder, whatever version of the program did their runs, as long as the search went the same way.
func (w *stages) stored(s *experiment.Stage, read func(experiment.Results) error) error {
	q, _, folder, err := w.study(s, experiment.Shard{})
	if err != nil {
		return err
	}
	v, err := store.Load(folder)
	if err != nil {
		return asUsage(err)
	}
	var there settings
	if err := json.Unmarshal(v.Study.Settings, &there); err != nil {
		return fmt.Errorf("reading the settings of %s: %w", folder, err)
	}
	if there.List != q.settings.List || v.Study.Seed != s.Seed || v.Study.Runs < s.Runs() || !reflect.DeepEqual(v.Study.Tables, q.Tables()) {
		return usagef("%s must hold the runs that this program (%s) would ask for, got others, made by version %s: that version tells what they found", folder, manifest.Version(), v.Version)
	}
	return read(v)
}

// conduct goes through the stages and tells the outcome, or how far they are.
func (w *stages) conduct(keep experiment.Keeper, plotted bool) error {
	found, err := w.c.Conduct(keep, func(news string) { w.say("%s", news) })
	if err != nil {
		return w.stopped(err)
	}
	return w.tell(found, plotted)
}

// stopped tells which runs a search waits for, where that is why it stopped.
func (w *stages) stopped(err error) error {
	var next *awaited
	if errors.As(err, &next) {
		return w.printAwaited(next)
	}
	return err
}

// calibratedAgain tells from a folder alone what its calibration found.
func (a *app) calibratedAgain(dir string) (*inquiry, *experiment.Findings, error) {
	w, err := reopenStages(a, dir)
	if err != nil {
		return nil, nil, err
	}
	if !w.finished() {
		return nil, nil, usagef("%s must hold a calibration that is finished; entrepot status %[1]s tells how far it is, entrepot merge %[1]s what is to be done next", dir)
	}
	for _, f := range w.Files {
		if err := f.Check(dir); err != nil {
			return nil, nil, usagef("%s holds a calibration that is damaged: %w", dir, err)
		}
	}
	found, err := w.c.Conduct(w.stored, nil)
	if err != nil {
		return nil, nil, err
	}
	say, err := words.In(a.lang)
	if err != nil {
		return nil, nil, err
	}
	f, err := toldBy(found)(say)
	return w.of, f, err
}

// toldBy tells what a calibration found.
func toldBy(found *experiment.Calibrated) func(say *words.Words) (*experiment.Findings, error) {
	return func(say *words.Words) (*experiment.Findings, error) {
		found.Words = say
		return found.Findings(), nil
	}
}

// begin says in the folder what is asked for, before the first run that is missing is done. The outcome of fewer runs, should there be one,
// is no longer that of the folder. A part writes under a name of its own, since others do the same at the same time.
func (w *stages) begin(shard experiment.Shard) error {
	if there, err := readRecord(w.dir); err == nil && w.same(there) && !w.finished() {
		return nil
	}
	text, err := w.text()
	put := func(name string, data []byte) {
		path := filepath.Join(w.dir, filepath.FromSlash(name))
		if err == nil {
			err = os.MkdirAll(filepath.Dir(path), 0o777)
		}
		if err == nil {
			err = replaceFile(path, filepath.Join(filepath.Dir(path), fmt.Sprintf("%s%s-%d", manifest.Hidden, filepath.Base(path), shard.Part)), data)
		}
	}
	w.of.attach(put)
	put(manifest.Asked, text) // the last, since it says that the others are there
	if err != nil {
		return fmt.Errorf("saying what is asked for: %w", err)
	}
	if err := os.Remove(filepath.Join(w.dir, manifest.Name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// same says whether a record is of the same calibration by the same program.
func (w *stages) same(there *stagesManifest) bool {
	a, errA := json.Marshal(w.Calibration)
	b, errB := json.Marshal(there.Calibration)
	return errA == nil && errB == nil && bytes.Equal(a, b) && there.Version == w.Version && there.Build == w.Build
}

func (r *stagesManifest) text() ([]byte, error) {
	data, err := json.MarshalIndent(r, "", "  ")
	return append(data, '\n'), err
}

// seal says in the folder that all is done and what came out.
func (w *stages) seal(files map[string][]byte) error {
	if there, err := readRecord(w.dir); err == nil && w.same(there) {
		w.Times = there.Times
	}
	if w.Times.Finished.IsZero() {
		w.Times.Finished = time.Now().UTC().Round(time.Second)
	}
	w.Files = nil
	for _, name := range []string{"posterior.csv", "posterior.json"} {
		sum := sha256.Sum256(files[name])
		w.Files = append(w.Files, manifest.File{Name: name, Bytes: int64(len(files[name])), SHA256: hex.EncodeToString(sum[:])})
	}
	data, err := w.text()
	if err == nil {
		err = writeFile(filepath.Join(w.dir, manifest.Name), data)
	}
	if err == nil {
		if err = os.Remove(filepath.Join(w.dir, manifest.Asked)); errors.Is(err, fs.ErrNotExist) {
			err = nil
		}
	}
	return err
}

// tell writes the posterior and what is known of it.
func (w *stages) tell(found *experiment.Calibrated, plotted bool) error {
	provenance, err := found.Provenance(manifest.Version()).JSON()
	if err != nil {
		return err
	}
	files := map[string][]byte{"posterior.csv": []byte(found.Posterior.CSV()), "posterior.json": provenance}
	for name, data := range files {
		if err := writeFile(filepath.Join(w.dir, name), data); err != nil {
			return err
		}
	}
	findings, sheets, err := w.app.findings(toldBy(found))
	if err != nil {
		return err
	}
	page := ""
	if plotted {
		if page, err = writeFindings(w.dir, findings, sheets, w.of.origin()); err != nil {
			return err
		}
	}
	if err := w.seal(files); err != nil {
		return err
	}
	if err := w.printFindings(findings, page, w.dir); err != nil {
		return err
	}
	w.say("the posterior is in %s; runs drawn from it: entrepot ensemble %s --posterior %[1]s", filepath.Join(w.dir, "posterior.csv"), w.of.refs[0])
	if n := len(found.FailedRuns); n > 0 {
		return fmt.Errorf("%d runs failed; the results are of the others", n)
	}
	return nil
}

// printAwaited says which stage waits for runs, and how it gets them.
func (w *stages) printAwaited(next *awaited) error {
	dir := filepath.ToSlash(w.dir)
	switch {
	case w.app.json:
		return w.printJSON(map[string]any{"folder": dir, "next": next.stage, "runs": next.runs, "part": filepath.ToSlash(next.part)})
	case next.part != "":
		fmt.Fprintf(w.stdout, "Of %s, this part is done: %s\nWhen all are, put them together with: entrepot merge %s\n", next.stage, next.part, dir)
	default:
		fmt.Fprintf(w.stdout, "Next: %s, %d runs. Do its parts with the same commands as before, then: entrepot merge %s\n", next.stage, next.runs, dir)
	}
	return nil
}

// partOnly does a part of what is to be done, where anything is.
func (w *stages) partOnly(ctx context.Context, f *studyFlags, shard experiment.Shard) error {
	_, err := w.c.Conduct(w.part(ctx, f, shard), nil)
	switch {
	case err != nil:
		return w.stopped(err)
	case w.app.json:
		return w.printJSON(map[string]any{"folder": filepath.ToSlash(w.dir), "next": "", "runs": 0, "part": ""})
	}
	fmt.Fprintf(w.stdout, "All stages are done. Their outcome is told by: entrepot merge %s\n", filepath.ToSlash(w.dir))
	return nil
}

// stageFolders lists the folders of stages in the order in which they are done.
func stageFolders(dir string) (out []string) {
	entries, _ := os.ReadDir(dir) // none where there is no folder
	type place struct{ kind, number int }
	at := map[string]place{}
	for _, e := range entries {
		for kind, name := range []string{"wave", "abc", "check"} {
			p := place{kind: kind}
			if n, _ := fmt.Sscanf(e.Name(), name+"-%d", &p.number); n == 1 && e.IsDir() {
				at[e.Name()] = p
				out = append(out, e.Name())
			}
		}
	}
	slices.SortFunc(out, func(a, b string) int {
		if p, q := at[a], at[b]; p.kind != q.kind {
			return p.kind - q.kind
		} else if p.number != q.number {
			return p.number - q.number
		}
		return strings.Compare(a, b)
	})
	for i, name := range out {
		out[i] = filepath.Join(dir, name)
	}
	return out
}

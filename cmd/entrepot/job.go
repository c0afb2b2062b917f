package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"entrepot/agents"
	"entrepot/output/digest"
	"entrepot/output/manifest"
	"entrepot/output/parquet"
	"entrepot/output/plots"
	"entrepot/output/record"
	"entrepot/output/report"
	"entrepot/output/summary"
	"entrepot/output/tables"
)

// do runs a scenario and writes its folder. Whatever goes wrong, no half folder is left.
func (j *job) do(ctx context.Context, bar *progress) (*outcome, error) {
	m := j.manifest()
	if j.old != nil && j.old.SameProgram(m) {
		bar.add(j.weeks())
		return j.stored(ctx)
	}
	m.Times.Started = time.Now().UTC().Round(time.Second)
	run, seconds, err := j.simulate(ctx, bar)
	if err != nil {
		return nil, err
	}
	m.Times.Seconds = math.Round(seconds*1000) / 1000
	folder, err := manifest.Create(j.dir, j.state)
	if err != nil {
		return nil, err
	}
	defer folder.Abort()
	d := digest.Make(run, digestContext(j.scenario, j.flags.seed, j.show, digest.English()))
	sum := summary.Make(d)
	if err := j.writeData(folder, run, sum); err != nil {
		return nil, err
	}
	if j.old != nil { // made by another program: the same run if the bytes are the same
		m.Files = folder.Files()
		if m.SameFiles(j.old) {
			return j.stored(ctx)
		}
		return nil, usagef("%s holds this run as another version of the program made it (%s), with other results; --force replaces it", j.dir, j.old.Version)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if !j.flags.noPlots {
		if j.words.Lang() != "en" { // data are the same in every language, what is read is not
			d = digest.Make(run, digestContext(j.scenario, j.flags.seed, j.show, j.words))
		}
		if err := writeFigures(folder.Stage(), d); err != nil {
			return nil, err
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.Times.Finished = time.Now().UTC().Round(time.Second)
	if err := folder.Commit(m); err != nil {
		if j.overtaken(m) {
			return j.stored(ctx)
		}
		return nil, err
	}
	return &outcome{dir: j.dir, summary: sum, report: reportIn(j.dir), missing: j.missing}, nil
}

// overtaken says whether another program has meanwhile put this very run where it shall go.
func (j *job) overtaken(m *manifest.Manifest) bool {
	there, err := manifest.Read(j.dir)
	return err == nil && there.SameRun(m) && there.SameFiles(m) && there.Complete(j.dir)
}

// stored is the outcome of a run that stands in its folder already. If it was made without figures or speaks another language than
// is wanted now, they are drawn: the data stay as they are.
func (j *job) stored(ctx context.Context) (*outcome, error) {
	data, err := os.ReadFile(filepath.Join(j.dir, "summary.json"))
	if err != nil {
		return nil, fmt.Errorf("reading the summary: %w", err)
	}
	sum, err := summary.Parse(data)
	if err != nil {
		return nil, err
	}
	o := &outcome{dir: j.dir, summary: sum, reused: true}
	if spokenIn(j.dir) != j.words.Lang() && !j.flags.noPlots {
		d, err := loadRun(j.dir, j.show, j.words)
		if err != nil {
			return nil, err
		}
		if err := writeFigures(j.dir, d); err != nil {
			return nil, err
		}
		o.reused = false
	}
	o.report = reportIn(j.dir)
	return o, ctx.Err()
}

// reportIn returns the path of a folder's report, or "" where there is none.
func reportIn(dir string) string {
	path := filepath.Join(dir, "report.html")
	if _, err := os.Stat(path); err != nil {
		return ""
	}
	return path
}

// spokenIn returns the language of a folder's report, or "" where there is none.
func spokenIn(dir string) string {
	f, err := os.Open(filepath.Join(dir, "report.html"))
	if err != nil {
		return ""
	}
	defer f.Close()
	head := make([]byte, 64)
	n, _ := io.ReadFull(f, head) // a shorter report names no language
	_, rest, _ := bytes.Cut(head[:n], []byte(`<html lang="`))
	lang, _, _ := bytes.Cut(rest, []byte(`"`))
	return string(lang)
}

func (j *job) weeks() int { return agents.BurnIn + j.scenario.Setup.Weeks() }

// simulate runs the model and keeps its tables in memory. It returns the seconds that took.
func (j *job) simulate(ctx context.Context, bar *progress) (*tables.Run, float64, error) {
	began := time.Now()
	m, err := agents.New(j.scenario.Setup, j.flags.seed)
	if err != nil {
		return nil, 0, fmt.Errorf("building %s: %w", j.scenario.Name, err)
	}
	run := tables.NewRun(j.scenario.Setup.Start)
	before, after := digestContext(j.scenario, j.flags.seed, j.show, j.words).Periods(j.scenario.Setup.Start, j.scenario.Setup.End+6)
	watch := record.New(m, run.Recording(), run.Names, record.Options{Books: j.books, Focus: focus(j.scenario),
		Before: record.Period(before), After: record.Period(after)})
	err = m.Run(func(week int) error {
		watch.Week(week)
		bar.add(1)
		return ctx.Err()
	})
	if err != nil {
		return nil, 0, fmt.Errorf("running %s with seed %d: %w", j.scenario.Name, j.flags.seed, err)
	}
	watch.Close()
	j.missing = watch.Missing()
	return run, time.Since(began).Seconds(), nil
}

// writeData writes the files that the manifest lists: equal runs give equal bytes.
func (j *job) writeData(folder *manifest.Folder, run *tables.Run, sum *summary.Summary) error {
	if slices.Contains(j.formats, "parquet") {
		if err := parquet.WriteRun(folder, run); err != nil {
			return err
		}
	}
	write := run.Write
	if !slices.Contains(j.formats, "csv") {
		write = tables.WriteColumns
	}
	if err := write(folder); err != nil {
		return err
	}
	if err := folder.Write("scenario.yaml", j.scenario.Resolved); err != nil {
		return err
	}
	if j.scenario.WorldOwn { // scenario.yaml looks for it beside itself
		for _, name := range slices.Sorted(maps.Keys(j.scenario.WorldFiles)) {
			if err := folder.Write(j.scenario.World+"/"+name, j.scenario.WorldFiles[name]); err != nil {
				return err
			}
		}
	}
	data, err := sum.JSON()
	if err != nil {
		return err
	}
	return folder.Write("summary.json", data)
}

// writeFigures draws plots and report into a folder.
func writeFigures(dir string, d *digest.Digest) error {
	figures, err := plots.Draw(d, plots.Formats{PNG: true})
	if err != nil {
		return err
	}
	if err := writePlots(filepath.Join(dir, "plots"), figures); err != nil {
		return err
	}
	return writeReport(filepath.Join(dir, "report.html"), d, figures)
}

// writeReport writes the report of a digest and its figures.
func writeReport(path string, d *digest.Digest, figures []plots.Figure) error {
	var page bytes.Buffer
	if err := report.Write(&page, d, figures); err != nil {
		return err
	}
	return writeFile(path, page.Bytes())
}

// writePlots writes every figure as SVG and PNG.
func writePlots(dir string, figures []plots.Figure) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("writing plots: %w", err)
	}
	for _, f := range figures {
		if err := writeFile(filepath.Join(dir, f.Name+".svg"), f.SVG); err != nil {
			return err
		}
		if err := writeFile(filepath.Join(dir, f.Name+".png"), f.PNG); err != nil {
			return err
		}
	}
	return nil
}

// writeInto writes to what is there: /dev/stdout, a pipe.
func writeInto(path string, data []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if closeErr := f.Close(); err == nil {
		err = closeErr
	}
	return err
}

// writeFile writes a file whole or not at all.
func writeFile(path string, data []byte) error {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		if err := writeInto(path, data); err != nil { // a device or a pipe must not be replaced by a file
			return fmt.Errorf("writing %s: %w", path, err)
		}
		return nil
	}
	return replaceFile(path, filepath.Join(filepath.Dir(path), manifest.Hidden+filepath.Base(path)), data)
}

// replaceFile puts a file in place that was written under another name before.
func replaceFile(path, part string, data []byte) error {
	err := os.WriteFile(part, data, 0o666)
	if err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		os.Remove(part)
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}

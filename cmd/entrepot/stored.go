package main

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/output/manifest"
	"entrepot/output/plots"
	"entrepot/output/report"
	"entrepot/output/tables"
	"entrepot/scenarios"
	"entrepot/words"
)

// addWindow adds the flags that say which days are on the plots of a run.
func addWindow(cmd *cobra.Command, from, to *string) {
	cmd.Flags().StringVar(from, "from", "", "first `DAY` on the plots: YYYY, YYYY-MM or YYYY-MM-DD")
	cmd.Flags().StringVar(to, "to", "", "last `DAY` on the plots")
}

func (a *app) plotCommand() *cobra.Command {
	var out, from, to string
	cmd := &cobra.Command{
		Use:   "plot DIR",
		Short: "Draw the plots of a stored run or study again",
		Args:  wants(1, 1, "DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			_, figures, err := a.stored(args[0], from, to, plots.Formats{PNG: true})
			if err != nil {
				return err
			}
			dir := cmp.Or(out, filepath.Join(args[0], "plots"))
			if err := writePlots(dir, figures); err != nil {
				return err
			}
			return a.printPlots(dir, figures)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`DIR` of the plots (default DIR/plots)")
	addWindow(cmd, &from, &to)
	return cmd
}

func (a *app) reportCommand() *cobra.Command {
	var out, from, to string
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Write the report of a stored run or study again",
		Args:  wants(1, 1, "DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			path := cmp.Or(out, filepath.Join(args[0], "report.html"))
			if info, err := os.Stat(path); err == nil && info.IsDir() {
				return usagef("--out must be a file, got the folder %s", path)
			}
			write, figures, err := a.stored(args[0], from, to, plots.Formats{})
			if err != nil {
				return err
			}
			var page bytes.Buffer
			if err := write(&page, figures); err != nil {
				return err
			}
			if err := writeFile(path, page.Bytes()); err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]string{"report": filepath.ToSlash(path)})
			}
			fmt.Fprintln(a.stdout, path)
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "`FILE` of the report (default DIR/report.html)")
	addWindow(cmd, &from, &to)
	return cmd
}

// stored reads a folder back and draws its figures; write writes its report with them. A window is for runs.
func (a *app) stored(dir, from, to string, formats plots.Formats) (write func(io.Writer, []plots.Figure) error, figures []plots.Figure, err error) {
	what, err := kindOf(dir)
	if err != nil || what == manifest.Results { // what is neither is told of as a run
		d, err := a.loadRun(dir, from, to)
		if err != nil {
			return nil, nil, err
		}
		figures, err = plots.Draw(d, formats)
		return func(w io.Writer, figures []plots.Figure) error { return report.Write(w, d, figures) }, figures, err
	}
	if from+to != "" {
		return nil, nil, usagef("--from and --to are for the plots of a run; %s is a study", dir)
	}
	q, f, err := a.foundAgain(dir)
	if err != nil {
		return nil, nil, err
	}
	figures, err = plots.DrawCharts(f.Charts, f.Words, formats)
	return func(w io.Writer, figures []plots.Figure) error { return report.WriteStudy(w, f, figures, q.origin()) }, figures, err
}

// foundAgain makes the findings of a folder from what its runs gave.
func (a *app) foundAgain(dir string) (*inquiry, *experiment.Findings, error) {
	if what, err := kindOf(dir); err == nil && what == manifest.Calibration {
		return a.calibratedAgain(dir)
	}
	q, v, err := reopen(dir)
	if err != nil {
		return nil, nil, err
	}
	say, err := words.In(a.lang)
	if err != nil {
		return nil, nil, err
	}
	f, err := q.tellIn(say, v)
	return q, f, err
}

// printPlots lists the files of figures.
func (a *app) printPlots(dir string, figures []plots.Figure) error {
	type file struct {
		SVG   string `json:"svg"`
		PNG   string `json:"png"`
		Title string `json:"title"`
		Alt   string `json:"alt"`
	}
	files := []file{}
	for _, f := range figures {
		path := filepath.ToSlash(filepath.Join(dir, f.Name))
		files = append(files, file{path + ".svg", path + ".png", f.Title, f.Alt})
	}
	if a.json {
		return a.printJSON(files)
	}
	for _, f := range files {
		fmt.Fprintf(a.stdout, "%s  %s\n", f.SVG, f.Title)
	}
	return nil
}

// loadRun reads a run's folder back for a window as typed.
func (a *app) loadRun(dir, from, to string) (*digest.Digest, error) {
	words, err := a.words()
	if err != nil {
		return nil, err
	}
	show, err := parseWindow(from, to)
	if err != nil {
		return nil, err
	}
	return loadRun(dir, show, words)
}

// loadRun reads a run's folder back: its tables, and its scenario for names, places and dates.
func loadRun(dir string, show window, words *digest.Words) (*digest.Digest, error) {
	m, err := manifest.Read(dir)
	if err != nil {
		if info, statErr := os.Stat(dir); manifest.IsMissing(err) || statErr == nil && !info.IsDir() {
			return nil, usagef("%s must be the folder of a run or of a study, with a %s", dir, manifest.Name)
		}
		return nil, usageError{err}
	}
	s, err := scenarios.Load(filepath.Join(dir, "scenario.yaml"), nil)
	if err != nil {
		return nil, fmt.Errorf("reading the scenario of %s: %w", dir, err)
	}
	if err := show.touches(s.Setup); err != nil {
		return nil, err
	}
	if has := func(name string) bool {
		return slices.ContainsFunc(m.Files, func(f manifest.File) bool { return f.Name == name })
	}; has("prices.parquet") && !has("prices.csv") {
		return nil, usagef("%s must have its tables as CSV, got Parquet alone; run it again with --format csv,parquet", dir)
	}
	run, err := tables.Read(os.DirFS(dir))
	if err != nil {
		return nil, usageError{fmt.Errorf("reading %s: %w", dir, err)}
	}
	if changed := m.Changed(dir); len(changed) > 0 { // cut off between two lines, a table would read well
		return nil, usagef("%s must hold the files that its run wrote, got others or none: %s", dir, strings.Join(changed, ", "))
	}
	ctx := digestContext(s, m.Run.Seed, show, words)
	ctx.Version = m.Version
	return digest.Make(run, ctx), nil
}

package main

import (
	"bytes"
	"fmt"
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
)

func (a *app) plotCommand() *cobra.Command {
	var out, from, to string
	cmd := &cobra.Command{
		Use:   "plot DIR",
		Short: "Draw the plots of a stored run or study again",
		Args:  wants(1, 1, "DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				out = filepath.Join(args[0], "plots")
			}
			if what, err := kindOf(args[0]); err == nil && what != manifest.Results {
				return a.plotStudy(args[0], out, from+to)
			}
			d, err := a.loadRun(args[0], from, to)
			if err != nil {
				return err
			}
			figures, err := plots.Draw(d, plots.Formats{PNG: true})
			if err != nil {
				return err
			}
			if err := writePlots(out, figures); err != nil {
				return err
			}
			return a.printPlots(out, figures)
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "folder of the plots (default DIR/plots)")
	cmd.Flags().StringVar(&from, "from", "", "first day on the plots: YYYY, YYYY-MM or YYYY-MM-DD")
	cmd.Flags().StringVar(&to, "to", "", "last day on the plots")
	return cmd
}

func (a *app) reportCommand() *cobra.Command {
	var out, from, to string
	cmd := &cobra.Command{
		Use:   "report DIR",
		Short: "Write the report of a stored run or study again",
		Args:  wants(1, 1, "DIR"),
		RunE: func(_ *cobra.Command, args []string) error {
			if out == "" {
				out = filepath.Join(args[0], "report.html")
			}
			if info, err := os.Stat(out); err == nil && info.IsDir() {
				return usagef("--out must be a file, got the folder %s", out)
			}
			if what, err := kindOf(args[0]); err == nil && what != manifest.Results {
				return a.reportStudy(args[0], out, from+to)
			}
			d, err := a.loadRun(args[0], from, to)
			if err != nil {
				return err
			}
			figures, err := plots.Draw(d, plots.Formats{})
			if err != nil {
				return err
			}
			if err := writeReport(out, d, figures); err != nil {
				return err
			}
			if a.json {
				return a.printJSON(map[string]string{"report": filepath.ToSlash(out)})
			}
			fmt.Fprintln(a.stdout, out)
			return nil
		},
	}
	cmd.Flags().StringVar(&out, "out", "", "file of the report (default DIR/report.html)")
	cmd.Flags().StringVar(&from, "from", "", "first day on the plots: YYYY, YYYY-MM or YYYY-MM-DD")
	cmd.Flags().StringVar(&to, "to", "", "last day on the plots")
	return cmd
}

// found opens a finished study or calibration and tells again what it found. A window is for runs.
func (a *app) found(dir, window string) (*inquiry, *experiment.Findings, []plots.Figure, error) {
	if window != "" {
		return nil, nil, nil, usagef("--from and --to are for the plots of a run; %s is a study", dir)
	}
	q, f, err := a.foundAgain(dir)
	if err != nil {
		return nil, nil, nil, err
	}
	figures, err := plots.DrawCharts(f.Charts, plots.Formats{PNG: true})
	return q, f, figures, err
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
	f, err := q.find(v)
	return q, f, err
}

func (a *app) plotStudy(dir, out, window string) error {
	_, _, figures, err := a.found(dir, window)
	if err != nil {
		return err
	}
	if err := writePlots(out, figures); err != nil {
		return err
	}
	return a.printPlots(out, figures)
}

func (a *app) reportStudy(dir, out, window string) error {
	q, f, figures, err := a.found(dir, window)
	if err != nil {
		return err
	}
	var page bytes.Buffer
	if err := report.WriteStudy(&page, f, figures, q.origin()); err != nil {
		return err
	}
	if err := writeFile(out, page.Bytes()); err != nil {
		return err
	}
	if a.json {
		return a.printJSON(map[string]string{"report": filepath.ToSlash(out)})
	}
	fmt.Fprintln(a.stdout, out)
	return nil
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

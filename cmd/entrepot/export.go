package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"entrepot/internal/notices"
	"entrepot/output/crate"
	"entrepot/output/manifest"
	"entrepot/output/store"
	"entrepot/scenarios"
)

// exportFlags are the flags of export as typed.
type exportFlags struct {
	out, licence string
	people       []string
	crate, force bool
}

func (a *app) exportCommand() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export DIR --ro-crate",
		Short: "Package a finished run, study or calibration for an archive (RO-Crate)",
		Long: `Package a finished run, study or calibration as an RO-Crate: its files, and ro-crate-metadata.json, which says in the words of
archives what each file is, which program made it from which scenario, with which settings, and which data that rests on. What is unfinished,
or is not what the program wrote, is refused. The same folder gives the same bytes.`,
		Example: `  entrepot export runs/offensive-seed1 --ro-crate
  entrepot export runs/compare-calm-offensive --ro-crate --author "A. Author <https://orcid.org/0000-0002-1825-0097>" --out pairs.zip`,
		Args: wants(1, 1, "DIR"),
		RunE: func(_ *cobra.Command, args []string) error { return a.export(args[0], &f) },
	}
	flags := cmd.Flags()
	flags.BoolVar(&f.crate, "ro-crate", false, "as an RO-Crate, the one package there is")
	flags.StringVar(&f.out, "out", "", "`PATH` of the package: a file if it ends in .zip, else a folder (default DIR.crate.zip)")
	flags.StringArrayVar(&f.people, "author", nil, "`NAME` of who made this, or \"NAME <URL>\", best with an ORCID (repeatable)")
	flags.StringVar(&f.licence, "licence", "https://creativecommons.org/licenses/by/4.0/", "`URL` of the licence that you give to the results; coordinates of places come under CC BY 4.0")
	flags.BoolVar(&f.force, "force", false, "replace a package that is there")
	return cmd
}

func (a *app) export(dir string, f *exportFlags) error {
	var wrong mistakes
	if !f.crate {
		wrong.note(usagef("--ro-crate must be given: it is the one package there is"))
	}
	if !strings.HasPrefix(f.licence, "https://") && !strings.HasPrefix(f.licence, "http://") {
		wrong.note(usagef("--licence must be the address of a licence, https://..., got %q", f.licence))
	}
	people, err := authors(f.people)
	wrong.note(err)
	if err := wrong.err(); err != nil {
		return err
	}
	p, err := packed(dir)
	if err != nil {
		return err
	}
	p.Licence, p.People = f.licence, people
	out := filepath.Clean(cmp.Or(f.out, filepath.Clean(dir)+".crate.zip"))
	if within, err := inside(dir, out); err != nil || within {
		return cmp.Or(err, usagef("--out must not be within %s itself, got %s", dir, out))
	}
	if err := p.Write(out, f.force); err != nil {
		if taken := (*crate.Taken)(nil); errors.As(err, &taken) {
			return usageError{err}
		}
		return err
	}
	if a.json {
		return a.printJSON(map[string]any{"crate": filepath.ToSlash(out), "files": len(p.Files)})
	}
	fmt.Fprintln(a.stdout, out)
	return nil
}

// inside says whether a path lies in a folder.
func inside(dir, name string) (bool, error) {
	a, err1 := filepath.Abs(dir)
	b, err2 := filepath.Abs(name)
	if err := errors.Join(err1, err2); err != nil {
		return false, err
	}
	rel, err := filepath.Rel(a, b)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)), nil
}

// authors reads NAME or NAME <URL>.
func authors(typed []string) (people []crate.Person, err error) {
	for _, text := range typed {
		name, rest, has := strings.Cut(text, "<")
		address, end, closed := strings.Cut(rest, ">")
		p := crate.Person{Name: strings.TrimSpace(name), URL: strings.TrimSpace(address)}
		if p.Name == "" || has && (!closed || strings.TrimSpace(end) != "" || !strings.HasPrefix(p.URL, "http")) {
			return nil, usagef("--author must be a name, or a name and an address such as \"A. Author <https://orcid.org/...>\", got %q", text)
		}
		people = append(people, p)
	}
	return people, nil
}

// packing is a crate in the making, of one folder.
type packing struct {
	*crate.Crate
	dir string
}

// packed describes what a folder holds. Its errors say what is unfinished or altered there.
func packed(dir string) (*packing, error) {
	what, err := manifest.Look(dir)
	if err != nil {
		return nil, usageError{err}
	}
	p := &packing{&crate.Crate{}, dir}
	switch what {
	case manifest.Results:
		return p, p.ofRun()
	case manifest.Study:
		return p, p.ofStudy()
	case manifest.Calibration:
		return p, p.ofCalibration()
	}
	return nil, usagef("%s must be the folder of a finished run, study or calibration, with a %s", dir, manifest.Name)
}

// file adds a file of the folder.
func (p *packing) file(name string) {
	p.Files = append(p.Files, crate.File{Name: name, Path: filepath.Join(p.dir, filepath.FromSlash(name)), Text: meaning(name)})
}

// result adds what an action read and made: files that a manifest lists, the manifest, and under a folder of the crate ("" or ending in /) what readers get.
func (p *packing) result(under string, files []manifest.File, act crate.Action) error {
	names := []string{manifest.Name}
	for _, f := range files {
		names = append(names, f.Name)
	}
	for _, name := range []string{"report.html", "plots", "sheets"} {
		err := filepath.WalkDir(filepath.Join(p.dir, filepath.FromSlash(under), name), func(at string, d fs.DirEntry, err error) error {
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			if err == nil && d.Type().IsRegular() && !strings.HasPrefix(d.Name(), ".") {
				rel, _ := filepath.Rel(filepath.Join(p.dir, filepath.FromSlash(under)), at) // both begin with the folder
				names = append(names, filepath.ToSlash(rel))
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("looking at %s: %w", p.dir, err)
		}
	}
	for _, name := range names {
		p.file(under + name)
		if isInput(name) {
			act.Read = append(act.Read, under+name)
		} else {
			act.Made = append(act.Made, under+name)
		}
	}
	p.Actions = append(p.Actions, act)
	return nil
}

// isInput says whether a file is what was asked, not what came out: scenarios, and the tables of worlds beside them.
func isInput(name string) bool {
	base := path.Base(name)
	return base == "scenario.yaml" || strings.HasPrefix(name, "scenarios/") || !strings.HasPrefix(name, "plots/") && !strings.HasPrefix(name, "sheets/") && strings.Contains(name, "/")
}

// program says what made the results.
func (p *packing) program(m *manifest.Maker) {
	p.Program = crate.Program{Name: m.Program, Text: notices.Summary, Version: m.Version, Platform: m.GOOS + "/" + m.GOARCH + ", " + m.Go, Build: m.Build,
		Licence: "https://www.apache.org/licenses/LICENSE-2.0", Citation: notices.Citation(m.Version)}
}

// rests says what a scenario's numbers come from: data under a licence that its world names, and every source of a documented figure.
func (p *packing) rests(s *scenarios.Scenario) {
	all := s.WorldTitle + s.WorldSummary
	for _, data := range s.WorldFiles {
		all += string(data)
	}
	add := func(x crate.Source) {
		if x.Name != "" && !slices.ContainsFunc(p.Sources, func(y crate.Source) bool { return y.Name == x.Name }) {
			p.Sources = append(p.Sources, x)
		}
	}
	for _, d := range notices.Data() {
		if strings.Contains(all, d.Name) {
			add(crate.Source{Name: d.Name, Text: d.What + ": " + d.Terms, URL: d.URL, Licence: d.Licence})
		}
	}
	for _, f := range s.Facts {
		add(crate.Source{Name: f.Source, Text: "documented figures of " + s.World})
	}
}

func (p *packing) ofRun() error {
	m, err := manifest.Read(p.dir)
	if err != nil {
		return usagef("%s must hold a finished run: %w", p.dir, err)
	}
	if changed := m.Changed(p.dir); len(changed) > 0 {
		return usagef("%s must hold the files that its run wrote, got others or none: %s", p.dir, strings.Join(changed, ", "))
	}
	s, err := scenarios.Load(filepath.Join(p.dir, "scenario.yaml"), nil)
	if err != nil {
		return fmt.Errorf("reading the scenario of %s: %w", p.dir, err)
	}
	p.program(&m.Maker)
	p.rests(s)
	p.Published = m.Times.Finished
	p.Title = fmt.Sprintf("%s: one run of the scenario %s, seed %d", m.Program, m.Scenario.Name, m.Run.Seed)
	p.Text = strings.TrimSpace(s.Question + " A simulated run, not observed data: aggregate and stylised.")
	values := []crate.Value{{Name: "scenario", Value: m.Scenario.Ref}, {Name: "scenario_sha256", Value: m.Scenario.Hash}, {Name: "world", Value: m.Scenario.World},
		{Name: "seed", Value: strconv.FormatUint(m.Run.Seed, 10)}, {Name: "generator", Value: m.Run.Generator}}
	for _, set := range m.Scenario.Sets {
		values = append(values, crate.Value{Name: "set", Value: set})
	}
	for _, book := range m.Run.Books {
		values = append(values, crate.Value{Name: "book", Value: book})
	}
	return p.result("", m.Files, crate.Action{Title: "run " + m.Scenario.Name, Text: repeat(""), Started: m.Times.Started, Finished: m.Times.Finished, Values: values})
}

// repeat says how an action is done again.
func repeat(row string) string {
	return "With the same version of the program, `entrepot reproduce` on the folder of this crate does it again and compares the bytes" + row + "."
}

func (p *packing) ofStudy() error {
	q, v, err := reopen(p.dir)
	if err != nil {
		return err
	}
	if v.Study.Shard.Of > 1 {
		return usagef("%s must hold a whole study, got %s: entrepot merge puts the parts together", p.dir, v.Study.Shard)
	}
	p.program(&v.Maker)
	for _, s := range q.scenarios {
		p.rests(s)
	}
	p.Published = v.Times.Finished
	names := scenarioNames(v.Study.Scenarios)
	p.Title = fmt.Sprintf("%s: %s of %s, %d runs", v.Program, v.Study.Command, names, v.Study.Runs)
	p.Text = strings.TrimSpace(q.scenarios[0].Question + " Simulated runs, not observed data: aggregate and stylised.")
	return p.study("", v)
}

func scenarioNames(all []store.Scenario) string {
	var names []string
	for _, s := range all {
		names = append(names, s.Name)
	}
	return strings.Join(names, ", ")
}

// study adds a study's files and how they were made.
func (p *packing) study(under string, v *store.View) error {
	values := []crate.Value{}
	for _, s := range v.Study.Scenarios {
		values = append(values, crate.Value{Name: "scenario", Value: s.Ref}, crate.Value{Name: "scenario_sha256", Value: s.Hash})
	}
	values = append(values, crate.Value{Name: "settings", Value: string(v.Study.Settings)}, crate.Value{Name: "runs", Value: strconv.Itoa(v.Study.Runs)},
		crate.Value{Name: "seed", Value: strconv.FormatUint(v.Study.Seed, 10)}, crate.Value{Name: "generator", Value: v.Study.Generator},
		crate.Value{Name: "study_sha256", Value: v.Study.Hash})
	return p.result(under, v.Files, crate.Action{Title: strings.TrimSuffix(v.Study.Command+" "+under, "/"), Text: repeat(", run by run"),
		Started: v.Times.Started, Finished: v.Times.Finished, Values: values})
}

func (p *packing) ofCalibration() error {
	r, err := readRecord(p.dir)
	if err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(p.dir, manifest.Asked)); err == nil {
		return usagef("%s must hold a calibration that is finished; entrepot status %[1]s tells how far it is", p.dir)
	}
	for _, f := range r.Files {
		if err := f.Check(p.dir); err != nil {
			return usagef("%s holds a calibration that is damaged: %w", p.dir, err)
		}
	}
	s, err := scenarios.Load(filepath.Join(p.dir, filepath.FromSlash(scenarioFolder(0)), "scenario.yaml"), nil)
	if err != nil {
		return fmt.Errorf("reading the scenario of %s: %w", p.dir, err)
	}
	if s.Hash != r.Calibration.Scenario.Hash {
		return usagef("%s must hold the scenario of its calibration, got another (hash %.12s, not %.12s)", p.dir, s.Hash, r.Calibration.Scenario.Hash)
	}
	p.program(&r.Maker)
	p.rests(s)
	p.Published = r.Times.Finished
	p.Title = fmt.Sprintf("%s: calibration of %s", r.Program, r.Calibration.Scenario.Name)
	p.Text = "Which values of unknown parameters agree with documented figures: a posterior, and every simulated run that it was learned from."
	for _, folder := range stageFolders(p.dir) {
		v, err := store.Load(folder)
		if err != nil {
			return asUsage(err)
		}
		if err := p.study(filepath.Base(folder)+"/", v); err != nil {
			return err
		}
	}
	return p.calibrated(r)
}

// calibrated adds what the stages came to. The scenario is not in the manifest's list: its hash is.
func (p *packing) calibrated(r *stagesManifest) error {
	set, err1 := json.Marshal(r.Calibration.Settings)
	spec, err2 := json.Marshal(r.Calibration.Spec)
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	files := slices.Clone(r.Files)
	top := filepath.Join(p.dir, "scenarios")
	err := filepath.WalkDir(top, func(at string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			rel, _ := filepath.Rel(p.dir, at)
			files = append(files, manifest.File{Name: filepath.ToSlash(rel)})
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("looking at %s: %w", top, err)
	}
	act := crate.Action{Title: "calibrate " + r.Calibration.Scenario.Name, Text: "The stages are done again run by run: `entrepot reproduce wave-1`, for one.",
		Started: r.Times.Started, Finished: r.Times.Finished, Values: []crate.Value{{Name: "scenario", Value: r.Calibration.Scenario.Ref},
			{Name: "scenario_sha256", Value: r.Calibration.Scenario.Hash}, {Name: "settings", Value: string(set)}, {Name: "sizes", Value: string(spec)}}}
	for _, f := range p.Files {
		if strings.HasSuffix(f.Name, "/runs.parquet") {
			act.Read = append(act.Read, f.Name)
		}
	}
	return p.result("", files, act)
}

// meaning says what a file holds.
func meaning(name string) string {
	for _, k := range fileKinds() {
		for _, at := range []string{name, path.Base(name)} {
			if met, err := path.Match(k.pattern, at); err == nil && met {
				return k.text
			}
		}
	}
	return "a table of the world that was run, in the form of docs/formats.md"
}

type fileKind struct{ pattern, text string }

// fileKinds says what the files are that runs, studies and calibrations write. The first that fits counts; tables of a world of one's own fit none.
func fileKinds() []fileKind {
	return []fileKind{
		{"plots/*", "a figure, drawn from the tables"},
		{"*/plots/*", "a figure, drawn from the tables"},
		{"sheets/*", "a table of the report; words in English"},
		{"*/sheets/*", "a table of the report; words in English"},
		{manifest.Name, "where the files come from: program and its modules, scenario, seed, settings, size and SHA-256 of each data file, times"},
		{"scenario.yaml", "the scenario as it was run: layers merged, every parameter written out"},
		{"columns.csv", "every column of the tables, with type, unit and meaning"},
		{"summary.json", "prices before and after, what moved them, flows"},
		{"report.html", "the report, for people"},
		{"prices.*", "price, best quotes and units traded per week, hub and good"},
		{"flows.*", "units that entered and were lost on each road, per week, good and origin"},
		{"trades.*", "what kind of seller sold what to which kind of buyer, per week and hub"},
		{"costs.*", "what the price of a unit is made of, per week, hub and good"},
		{"hubs.*", "who held each hub, how trade was done there, violence and activity, per week"},
		{"throughput.*", "units arrived, sold and stored, per week, hub and good"},
		{"actors.*", "what groups, forces, networks and others held, used and did, per week"},
		{"ledger.*", "where all goods came from and went, per week, good and origin"},
		{"events.*", "what happened, and when"},
		{"books.*", "order books that were asked for"},
		{"runs.parquet", "one row a run: design point, replicate, seed, why it failed, and its figures"},
		{"series.parquet", "one row a run, series and month"},
		{"parameters.parquet", "one row a design point: scenario, what is laid over it, value of each factor"},
		{"posterior.csv", "one row a particle: parameters, weight, distance from the documented figures"},
		{"posterior.json", "provenance of the posterior: figures fitted to and set aside, priors, assumed errors, verdicts"},
	}
}

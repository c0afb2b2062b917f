package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"

	"github.com/spf13/cobra"

	"entrepot/experiment"
	"entrepot/output/digest"
	"entrepot/output/manifest"
	"entrepot/output/parquet"
	"entrepot/output/summary"
	"entrepot/scenarios"
)

func (a *app) reproduceCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "reproduce MANIFEST [ROW]",
		Short: "Do a run again and compare the bytes",
		Long: `Do a run again from what its folder holds, and compare what comes out with what stands there, byte by byte. MANIFEST is the
manifest.json of a run or of a finished study, or the folder that it is in; ROW is the number of a study's run (default 0).`,
		Example: "  entrepot reproduce runs/offensive-seed1\n  entrepot reproduce runs/ensemble-offensive/manifest.json 17",
		Args:    wants(1, 2, "MANIFEST and ROW"),
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := args[0]
			if filepath.Base(dir) == manifest.Name {
				dir = filepath.Dir(dir)
			}
			what, err := kindOf(dir)
			switch {
			case err != nil:
				return err
			case what == manifest.Calibration:
				return usagef("MANIFEST must be that of a run or a study, and a calibration is several studies: name one of its stages, such as %s", filepath.Join(dir, "wave-1"))
			case what == manifest.Study:
				row := "0"
				if len(args) > 1 {
					row = args[1]
				}
				return a.reproduceRow(cmd.Context(), dir, row)
			}
			if len(args) > 1 {
				return usagef("ROW must be left out for a single run, got %q", args[1])
			}
			return a.reproduceRun(cmd.Context(), dir)
		},
	}
}

// kindOf says what a folder is of: a run, a study or a calibration.
func kindOf(dir string) (manifest.State, error) {
	if state, err := manifest.Look(dir); err == nil && state == manifest.Calibration { // finished or not
		return state, nil
	}
	path := filepath.Join(dir, manifest.Name)
	state := manifest.Of(path)
	if state != manifest.Foreign {
		return state, nil
	}
	if _, err := os.Stat(path); err != nil {
		return state, usagef("MANIFEST must be that of a run or a study: %w", err)
	}
	return state, usagef("%s must be the manifest of a run or a study, as JSON", path)
}

// reproduceRow does a run of a study again.
func (a *app) reproduceRow(ctx context.Context, dir, row string) error {
	q, v, err := reopen(dir)
	if err != nil {
		return err
	}
	run, err := strconv.Atoi(row)
	if err != nil || run < 0 || run >= q.Runs() {
		return usagef("ROW must be the number of a run from 0 to %d, got %q", q.Runs()-1, row)
	}
	found, same := false, false
	differences := []string{}
	err = v.Each(func(r int, rows []experiment.Rows) error {
		if r != run {
			return nil
		}
		found = true
		if stage := rows[0].Text[slices.IndexFunc(q.Tables()[0].Columns, func(c experiment.Column) bool { return c.Name == "stage" })][0]; stage == "time" {
			return usagef("run %d of %s was ended by its limit of time, so that there is nothing to compare", run, dir)
		}
		differences = differing(q.Tables(), rows, q.Repeat(ctx, run))
		same = len(differences) == 0
		return ctx.Err()
	})
	switch {
	case err != nil:
		return err
	case !found:
		return usagef("%s must hold run %d, does not", dir, run)
	}
	return a.verdict(fmt.Sprintf("run %d of %s, seed %d", run, dir, q.SeedOf(run)), same, differences, &v.Maker)
}

// differing lists the columns in which rows differ, to the bit.
func differing(tables []experiment.Table, a, b []experiment.Rows) []string {
	columns := []string{}
	for t := range tables {
		for c, column := range tables[t].Columns {
			same := slices.Equal(a[t].Int[c], b[t].Int[c]) && slices.Equal(a[t].Text[c], b[t].Text[c]) &&
				slices.EqualFunc(a[t].Float[c], b[t].Float[c], func(x, y float64) bool {
					return math.Float64bits(x) == math.Float64bits(y) || math.IsNaN(x) && math.IsNaN(y)
				})
			if !same {
				columns = append(columns, tables[t].Name+"."+column.Name)
			}
		}
	}
	return columns
}

// hashed is a tables.Sink that keeps the hash of every file and nothing else.
type hashed struct {
	lock  sync.Mutex
	files map[string]string
}

type hashedFile struct {
	hash.Hash
	done func(sum string)
}

// Close notes the hash.
func (f hashedFile) Close() error {
	f.done(hex.EncodeToString(f.Sum(nil)))
	return nil
}

// Create makes a file.
func (h *hashed) Create(name string) (io.WriteCloser, error) {
	return hashedFile{sha256.New(), func(sum string) {
		h.lock.Lock()
		defer h.lock.Unlock()
		h.files[name] = sum
	}}, nil
}

// reproduceRun does a single run again and compares every table and the summary.
func (a *app) reproduceRun(ctx context.Context, dir string) error {
	old, err := manifest.Read(dir)
	if err != nil {
		return usageError{err}
	}
	s, err := scenarios.Load(filepath.Join(dir, "scenario.yaml"), nil)
	if err != nil {
		return fmt.Errorf("reading the scenario of %s: %w", dir, err)
	}
	var wrong mistakes
	books := parseBooks(old.Run.Books, s.Setup, &wrong)
	words, err := a.words()
	if err = errors.Join(wrong.err(), err); err != nil {
		return err
	}
	j := &job{ref: dir, scenario: s, dir: dir, flags: &runFlags{seed: old.Run.Seed}, words: words, books: books}
	bar := a.progress([]*job{j})
	run, _, err := j.simulate(ctx, bar)
	bar.finish()
	if err != nil {
		return err
	}
	sink := &hashed{files: map[string]string{}}
	if err := run.Write(sink); err != nil {
		return err
	}
	if slices.ContainsFunc(old.Files, func(f manifest.File) bool { return filepath.Ext(f.Name) == ".parquet" }) {
		if err := parquet.WriteRun(sink, run); err != nil {
			return err
		}
	}
	context := digestContext(s, old.Run.Seed, window{}, digest.English())
	context.Version = old.Version
	data, err := summary.Make(digest.Make(run, context)).JSON()
	if err != nil {
		return err
	}
	for name, data := range map[string][]byte{"summary.json": data, "scenario.yaml": s.Resolved} {
		sum := sha256.Sum256(data)
		sink.files[name] = hex.EncodeToString(sum[:])
	}
	differences := []string{}
	compared := 0
	for _, f := range old.Files {
		got, made := sink.files[f.Name]
		if !made {
			continue // the tables of a world are what was read
		}
		if compared++; got != f.SHA256 {
			differences = append(differences, f.Name)
		}
	}
	if compared == 0 {
		return errors.New("nothing to compare: the manifest lists no table")
	}
	return a.verdict(fmt.Sprintf("%s, seed %d, %d files", dir, old.Run.Seed, compared), len(differences) == 0, differences, &old.Maker)
}

// verdict says whether what came out again is the same, and where it is not by which program it was made, if by another.
func (a *app) verdict(what string, same bool, differences []string, by *manifest.Maker) error {
	self := manifest.Self()
	other := otherProgram(by, &self)
	if a.json {
		if err := a.printJSON(map[string]any{"what": what, "same": same, "differences": differences, "version": by.Version, "other_program": other}); err != nil || same {
			return err
		}
	} else if same {
		fmt.Fprintf(a.stdout, "the same bytes: %s\n", what)
		if other != "" {
			a.say("%s", other)
		}
		return nil
	}
	if other != "" {
		other = "; " + other
	}
	return fmt.Errorf("not the same: %s: %d differ, the first of them %s%s", what, len(differences), differences[0], other)
}

// otherProgram says how the program that made something differs from the one that runs, or "" if not.
func otherProgram(by, self *manifest.Maker) string {
	switch {
	case by.Version != self.Version:
		return fmt.Sprintf("it was made by version %s of the program (%s, %s/%s), and this is version %s", by.Version, by.Go, by.GOOS, by.GOARCH, self.Version)
	case by.Build != self.Build:
		return fmt.Sprintf("it was made by another build of version %s (%s, %s/%s, sha256 %.12s)", by.Version, by.Go, by.GOOS, by.GOARCH, by.Build)
	}
	return ""
}

package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"entrepot/output/manifest"
)

// smallCalibration writes figures to fit to and returns the words of a calibration to them: two waves of 32 runs, generations and a check of 8.
func smallCalibration(t *testing.T, dir string) []string {
	t.Helper()
	write(t, filepath.Join(dir, "targets.csv"), `id,kind,good,place,start,end,low,high,unit,source,use
T1,price,ak,middle,2022-01,2022-06,150000,200000,CFA,made up,calibrate
T2,price,ak,end,2022-01,2022-06,250000,330000,CFA,made up,calibrate
`, 0o666)
	return strings.Fields("calibrate textbook --vary trafficker.cost_per_km=100:900:log --vary trafficker.margin=0.03:0.3 --targets targets.csv --points 16 --max-runs 80 --trials 5 --workers 1")
}

// told runs the program, which must succeed, under some variables, and returns what it prints.
func told(t *testing.T, dir string, env []string, args ...string) string {
	t.Helper()
	cmd := command(t, dir, args...)
	cmd.Env = append(os.Environ(), env...)
	var talk strings.Builder
	cmd.Stderr = &talk
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("`%s`: %v: %s", strings.Join(args, " "), err, talk.String())
	}
	return string(out)
}

// One machine, three tasks of an array and two tasks of another give the same posterior, report and runs. Tasks are of schedulers that say
// their part in different ways, and one comes twice.
func TestACalibrationInPartsGivesTheBytesOfOneMachine(t *testing.T) {
	dir := t.TempDir()
	study := smallCalibration(t, dir)
	told(t, dir, nil, append(study, "--out", "one")...)
	arrays := [][]string{{"SGE_TASK_FIRST=1 SGE_TASK_LAST=5 SGE_TASK_STEPSIZE=2", "SGE_TASK_ID=1", "SGE_TASK_ID=5", "SGE_TASK_ID=3", "SGE_TASK_ID=3"}, {"ENTREPOT_SHARDS=2", "PBS_ARRAY_INDEX=2", "PBS_ARRAY_INDEX=1"}}
	for round, want := range []string{"Next: wave-2, 32 runs.", "Next: abc-1, 8 runs.", "Next: check-2, 8 runs.", "What the documented figures say"} {
		tasks := arrays[round%2]
		for _, task := range tasks[1:] {
			out := told(t, dir, append(strings.Fields(tasks[0]), task), append(study, "--out", "parts")...)
			if !strings.Contains(out, "this part is done: "+filepath.Join("parts", [...]string{"wave-1", "wave-2", "abc-1", "check-2"}[round], "shard-")) {
				t.Errorf("round %d: a task must do a part of the next stage alone, says\n%s", round+1, out)
			}
		}
		if exists(filepath.Join(dir, "parts", manifest.Name)) {
			t.Errorf("round %d: %s must not be there before all is done", round+1, manifest.Name)
		}
		if out := told(t, dir, nil, "merge", "parts"); !strings.HasPrefix(out, want) {
			t.Errorf("round %d: merge must say %q, says\n%s", round+1, want, out)
		}
	}
	sameData(t, dataFiles(t, filepath.Join(dir, "parts")), dataFiles(t, filepath.Join(dir, "one")))
	if !exists(filepath.Join(dir, "parts", manifest.Name)) || exists(filepath.Join(dir, "parts", manifest.Asked)) {
		t.Errorf("at the end %s must be there and %s must not", manifest.Name, manifest.Asked)
	}
	if out := told(t, dir, nil, append(study, "--out", "parts", "--shard", "1/2")...); !strings.HasPrefix(out, "All stages are done.") {
		t.Errorf("a task that comes when all is done must say so, says\n%s", out)
	}
}

// Report and charts come from the runs alone, of a calibration as of any study.
func TestReportAndPlotsOfACalibrationComeAgainWithTheSameBytes(t *testing.T) {
	dir := t.TempDir()
	told(t, dir, nil, append(smallCalibration(t, dir), "--out", "cal")...)
	cal := filepath.Join(dir, "cal")
	want := dataFiles(t, cal)
	for _, name := range []string{"report.html", "plots"} {
		if err := os.RemoveAll(filepath.Join(cal, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(filepath.Join(dir, "targets.csv")); err != nil { // the folder knows them
		t.Fatal(err)
	}
	told(t, dir, nil, "report", "cal")
	told(t, dir, nil, "plot", "cal")
	sameData(t, dataFiles(t, cal), want)
	if names := dataFiles(t, filepath.Join(cal, "plots")); len(names) < 6 {
		t.Errorf("charts as SVG and PNG must be there, got %d files", len(names))
	}
}

func TestAReportOfACalibrationIsRefusedWhereTheFolderIsNotWhole(t *testing.T) {
	dir := t.TempDir()
	study := smallCalibration(t, dir)
	told(t, dir, nil, append(study, "--out", "cal", "--no-plots")...)
	for _, c := range []struct {
		name, want string
		do         func(t *testing.T, cal string)
	}{
		{"another posterior", "is damaged", func(t *testing.T, cal string) { write(t, filepath.Join(cal, "posterior.csv"), "x\n", 0o666) }},
		{"another seed", "for, got others, made by version", func(t *testing.T, cal string) {
			replaceIn(t, filepath.Join(cal, manifest.Name), `"seed": 1`, `"seed": 2`)
		}},
		{"points that the search would not have taken", "for, got others, made by version", func(t *testing.T, cal string) {
			replaceIn(t, filepath.Join(cal, "abc-1", manifest.Name), `trafficker.margin\n`, `trafficker.margin\n1`)
		}},
		{"a stage that is gone", "must be the folder of a study", func(t *testing.T, cal string) {
			if err := os.RemoveAll(filepath.Join(cal, "check-2")); err != nil {
				t.Fatal(err)
			}
		}},
		{"more runs asked for, and one of two parts of them done", "must hold a calibration that is finished", func(t *testing.T, cal string) {
			more := append(slices.Clone(study), "--max-runs", "104", "--shard", "1/2", "--out", cal)
			told(t, dir, nil, more...)
			if exists(filepath.Join(cal, manifest.Name)) {
				t.Errorf("%s must go when more is to be done: jobs go on until it is there", manifest.Name)
			}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			cal := filepath.Join(t.TempDir(), "cal")
			if err := os.CopyFS(cal, os.DirFS(filepath.Join(dir, "cal"))); err != nil {
				t.Fatal(err)
			}
			c.do(t, cal)
			if code, talk := program(t, dir, "report", cal); code != exitUsage || !strings.Contains(talk, c.want) {
				t.Errorf("exit code %d, want %d and %q, got %s", code, exitUsage, c.want, talk)
			}
		})
	}
}

// Parts of another calibration must be found out before they are put together.
func TestPartsOfAnotherCalibrationAreNotPutTogether(t *testing.T) {
	dir := t.TempDir()
	study := smallCalibration(t, dir)
	told(t, dir, nil, append(study, "--out", "cal", "--shard", "1/2")...)
	told(t, dir, nil, append(study, "--out", "other", "--shard", "2/2", "--seed", "2")...)
	for _, c := range []struct {
		name, want string
		do         func() error
	}{
		{"one part is missing", "2 shards must be there, got 1: missing 2", func() error { return nil }},
		{"one part is of another seed", "holds another study", func() error {
			return os.Rename(filepath.Join(dir, "other", "wave-1", "shard-2-of-2"), filepath.Join(dir, "cal", "wave-1", "shard-2-of-2"))
		}},
		{"all parts are of another seed", "holds another study", func() error {
			replaceIn(t, filepath.Join(dir, "cal", manifest.Asked), `"seed": 1`, `"seed": 2`)
			return os.RemoveAll(filepath.Join(dir, "cal", "wave-1", "shard-2-of-2"))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := c.do(); err != nil {
				t.Fatal(err)
			}
			if code, talk := program(t, dir, "merge", "cal"); code != exitUsage || !strings.Contains(talk, c.want) {
				t.Errorf("exit code %d, want %d and %q, got %s", code, exitUsage, c.want, talk)
			}
			if exists(filepath.Join(dir, "cal", "wave-1", manifest.Name)) {
				t.Error("the parts were put together")
			}
		})
	}
}

// A calibration that is refused must leave what is there as it was.
func TestARefusedCalibrationLeavesTheOutcomeThatIsThere(t *testing.T) {
	dir := t.TempDir()
	study := smallCalibration(t, dir)
	told(t, dir, nil, append(study, "--out", "cal")...)
	before := read(t, filepath.Join(dir, "cal", manifest.Name))
	for _, more := range [][]string{{"--points", "32", "--max-runs", "200"}, {"--seed", "9"}, {"--seed", "9", "--shard", "1/2"}} {
		args := append(append(slices.Clone(study), more...), "--out", "cal")
		if code, talk := program(t, dir, args...); code != exitUsage || !strings.Contains(talk, "holds another study") {
			t.Errorf("%q must be refused, exit code %d: %s", more, code, talk)
		}
	}
	if after := read(t, filepath.Join(dir, "cal", manifest.Name)); after != before || exists(filepath.Join(dir, "cal", manifest.Asked)) {
		t.Error("the folder was changed")
	}
}

// replaceIn changes a text in a file, in which it must be.
func replaceIn(t *testing.T, path, old, by string) {
	t.Helper()
	text := read(t, path)
	if !strings.Contains(text, old) {
		t.Fatalf("%s has no %q", path, old)
	}
	write(t, path, strings.Replace(text, old, by, 1), 0o666)
}

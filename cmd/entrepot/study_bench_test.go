package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"
)

// The figures of studies, printed by `go test ./cmd/entrepot -run xxx -bench Study -benchtime 1x`. They are measured on the program
// as a user starts it, whole processes, so that start, store and tables are in them. ENTREPOT_RUNS is the number of historical
// runs (default 40).

// measured runs the program and returns how long it took and the most memory it held, MB.
func measured(b *testing.B, dir string, args ...string) (seconds, megabytes float64) {
	b.Helper()
	cmd := exec.Command(built(b), append(args, "--quiet", "--no-plots")...)
	cmd.Dir = dir
	began := time.Now()
	if out, err := cmd.CombinedOutput(); err != nil {
		b.Fatalf("entrepot %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return time.Since(began).Seconds(), mostMemory(cmd.ProcessState)
}

// built builds the program once a benchmark.
func built(b *testing.B) string {
	b.Helper()
	path := filepath.Join(b.TempDir(), "entrepot")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		b.Fatalf("building: %v\n%s", err, out)
	}
	return path
}

func BenchmarkStudyOfHistory(b *testing.B) {
	runs := 40
	if n, err := strconv.Atoi(os.Getenv("ENTREPOT_RUNS")); err == nil {
		runs = n
	}
	for range b.N {
		dir := b.TempDir()
		two, _ := measured(b, dir, "ensemble", "northern-mali", "--runs", fmt.Sprint(runs), "--workers", "2", "--out", "two")
		one, _ := measured(b, dir, "ensemble", "northern-mali", "--runs", fmt.Sprint(runs), "--workers", "1", "--out", "one")
		again, _ := measured(b, dir, "ensemble", "northern-mali", "--runs", fmt.Sprint(runs), "--out", "two")
		b.ReportMetric(two/float64(runs), "s/run")
		b.ReportMetric(1000*two/float64(runs), "s/1000runs")
		b.ReportMetric(one/(2*two), "efficiency")
		b.ReportMetric(100*again/two, "%resume")
		b.ReportMetric(0, "ns/op")
	}
}

func BenchmarkStudyMemory(b *testing.B) {
	if runtime.GOOS == "windows" {
		b.Skip("the system does not say how much memory a process held")
	}
	few, many := 100, 10_000
	for range b.N {
		dir := b.TempDir()
		took, small := measured(b, dir, "ensemble", "textbook", "--runs", fmt.Sprint(few), "--out", "few")
		_, large := measured(b, dir, "ensemble", "textbook", "--runs", fmt.Sprint(many), "--out", "many")
		b.ReportMetric(small, "MB/100runs")
		b.ReportMetric(large, "MB/10000runs")
		b.ReportMetric(large/small, "ratio")
		b.ReportMetric(took/float64(few)*1000, "ms/run")
		b.ReportMetric(0, "ns/op")
	}
}

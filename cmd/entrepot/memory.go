package main

import (
	"bufio"
	"bytes"
	"fmt"
	"math"
	"os"
	"path"
	"path/filepath"
	"runtime/debug"
	"strconv"
	"strings"

	"entrepot/experiment"
)

// What a program needs beside its runs, bytes, and how much of a model and of recorded rows gathers as garbage. They are measured (TestMemoryIsBounded).
const (
	ofProgram = 40 << 20
	ofFigures = 85 << 20 // while plots are drawn
	ofServer  = 48 << 20 // with the page, packed
	ofAnswer  = 4 << 20  // of a question: lines under way
	ofStored  = 100      // of a run of a study that is kept: where it is, and what is collected of it in the end
	ofModel   = 1.25     // times what the model holds
	ofRows    = 7.0      // times what is recorded: rows, names, and the tables that are made of them
)

// room bounds the memory of a command.
type room struct {
	fixed, each int64 // bytes: once, and of each run at a time
}

// of is what so many runs at a time take.
func (r room) of(workers int) int64 { return r.fixed + int64(workers)*r.each }

// most is how many runs at a time have room in so much memory.
func (r room) most(free int64) int { return int(max(0, free-r.fixed) / max(1, r.each)) }

// ofRun is what runs of a scenario need, each with all its tables in memory.
func ofRun(model, recorded int64, figures bool) room {
	r := room{ofProgram, int64(ofModel*float64(model) + ofRows*float64(recorded))}
	if figures {
		r.each += ofFigures
	}
	return r
}

// ofStudy is what a study of so many runs needs.
func ofStudy(m experiment.Needs, runs int, figures bool) room {
	r := room{ofProgram + int64(runs)*ofStored, int64(m.Lives) * int64(ofModel*float64(m.Model)+ofRows*float64(m.Recorded))}
	if figures {
		r.fixed += ofFigures
	}
	return r
}

// ofPage is what the page's server needs, and each question that runs a model: a comparison has as many models as processors.
func ofPage(model int64, processors int) room {
	return room{ofServer, ofAnswer + int64(processors)*int64(ofModel*float64(model))}
}

// fit returns how many runs at a time have room, at most as many as are wanted. Where that number was asked for and is too large, or there is no room for
// one, it refuses, before anything is run: a program that the system ends for want of memory says nothing.
func (a *app) fit(r room, wanted int, asked bool) (workers int, err error) {
	free, says, ok := freeMemory(string(filepath.Separator))
	if !ok || r.of(wanted) <= free {
		return wanted, nil
	}
	most := r.most(free)
	const claim = "GOMEMLIMIT=%dMiB claims so much all the same"
	switch {
	case most == 0:
		return 0, usagef("a run must fit into memory: it needs about %s, and %s are free (%s); a larger machine or a smaller world or period, or "+claim, mebibytes(r.of(1)), mebibytes(free), says, inMebibytes(r.of(1)))
	case asked:
		return 0, usagef("--workers must be at most %d for want of memory, got %d: they need about %s, and %s are free (%s); "+claim, most, wanted, mebibytes(r.of(wanted)), mebibytes(free), says, inMebibytes(r.of(wanted)))
	}
	a.say("%d runs at a time instead of %d, for want of memory: %s are free (%s)", most, wanted, mebibytes(free), says)
	return most, nil
}

func inMebibytes(bytes int64) int64 { return (bytes + 1<<20 - 1) >> 20 }

func mebibytes(bytes int64) string { return fmt.Sprintf("%d MiB", inMebibytes(bytes)) }

// freeMemory is how much memory the program may take, what it has already among it, and who says so: the user with GOMEMLIMIT, else the least of what the
// group of the process and the machine have left, where the system is one that tells (Linux). root is the folder in which its files are looked for.
func freeMemory(root string) (free int64, says string, ok bool) {
	if limit := debug.SetMemoryLimit(-1); limit < math.MaxInt64 {
		return limit, "GOMEMLIMIT", true
	}
	free = math.MaxInt64
	least := func(n int64, who string) {
		if n < free {
			free, says, ok = n, who, true
		}
	}
	own := field(filepath.Join(root, "proc/self/status"), "VmRSS:") << 10
	if left := field(filepath.Join(root, "proc/meminfo"), "MemAvailable:"); left > 0 {
		least(left<<10+own, "/proc/meminfo")
	}
	for _, g := range groups(root) {
		limit, used := number(filepath.Join(g.dir, g.limit)), number(filepath.Join(g.dir, g.used))
		if limit > 0 && limit < unbounded { // pages of files are given back when memory is wanted
			least(limit-used+min(used, field(filepath.Join(g.dir, "memory.stat"), g.files))+own, path.Join(filepath.ToSlash(g.dir), g.limit))
		}
	}
	return max(0, free), says, ok
}

// unbounded is less than what the older groups say of one without a bound: the largest number that they can, a page short of what overflows here.
const unbounded = 1 << 60

// group is a control group whose memory is bounded, and the names of its files (cgroups(7)).
type group struct{ dir, limit, used, files string }

// groups are those that the process is in, and those that they are in.
func groups(root string) (all []group) {
	text, _ := os.ReadFile(filepath.Join(root, "proc/self/cgroup"))
	for line := range strings.Lines(string(text)) {
		parts := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(parts) < 3 {
			continue
		}
		g := group{filepath.Join(root, "sys/fs/cgroup"), "memory.max", "memory.current", "file "}
		switch {
		case parts[1] == "memory":
			g = group{filepath.Join(root, "sys/fs/cgroup/memory"), "memory.limit_in_bytes", "memory.usage_in_bytes", "total_cache "}
		case parts[1] != "":
			continue
		}
		for at := parts[2]; ; at = path.Dir(at) { // within a container the path may be that outside, of which nothing is there but the end
			one := g
			one.dir = filepath.Join(g.dir, filepath.FromSlash(at))
			all = append(all, one)
			if at == "/" || at == "." {
				break
			}
		}
	}
	return all
}

// number reads a file that holds one; 0 where there is none, such as "max".
func number(name string) int64 {
	text, _ := os.ReadFile(name)
	n, _ := strconv.ParseInt(string(bytes.TrimSpace(text)), 10, 64)
	return n
}

// field reads the number behind a word at the beginning of a line; 0 where there is none.
func field(name, word string) int64 {
	text, _ := os.ReadFile(name)
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), word); ok {
			rest, _, _ = strings.Cut(strings.TrimSpace(rest), " ")
			n, _ := strconv.ParseInt(rest, 10, 64)
			return n
		}
	}
	return 0
}
